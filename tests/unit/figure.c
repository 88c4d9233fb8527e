/* Figures: words, declarations, cuts, bases, and how they fall apart. Each test runs twice, with no
 * cells and with cells for every unit that has another below it. */
#include "domain/figure.h"

#include "domain/cell.h"
#include "domain/check.h"
#include "domain/fact.h"
#include "domain/figure_change.h"
#include "domain/unit.h"
#include "fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static struct fixture *
begin(const char *threshold)
{
    struct fixture *fixture = fixture_new(NULL);
    struct ctx *cx = &fixture->cx;
    fixture_add_register(cx);
    must(cx, setting_set(cx, "cell_month_units", threshold));
    must(cx, setting_set(cx, "cell_day_units", threshold));
    fixture_next(cx);
    return fixture;
}

static int
setup_facts(void **state)
{
    *state = begin("none");
    return 0;
}

static int
setup_cells(void **state)
{
    struct fixture *fixture = begin("0");
    assert_true(fixture_sql(fixture, "SELECT COUNT(*) FROM cell_unit WHERE days = 1") > 4);
    *state = fixture;
    return 0;
}

/* Whatever a test did, the check agrees with it. */
static int
teardown(void **state)
{
    struct fixture *fixture = *state;
    fixture_next(&fixture->cx);
    assert_int_equal(fixture_differences(&fixture->cx), 0);
    fixture_free(fixture);
    return 0;
}

static struct figure_query
ask(struct ctx *cx, const char *indicator, const char *unit, const char *from, const char *to)
{
    struct figure_query query = {.unit = fixture_unit(cx, unit),
        .from = fixture_day(from),
        .to = fixture_day(to),
        .basis = DAY_THEN};
    must(cx, world_indicator(cx, indicator, &query.indicator));
    must(cx, cut_filter_parse(cx, query.indicator, "", &query.where));
    return query;
}

static struct figure
read_figure(struct ctx *cx, const struct figure_query *query)
{
    struct figure figure;
    must(cx, figure_read(cx, query, &figure));
    return figure;
}

/* The recorded value of kt_dv in 2026. */
static int64_t
value_of(struct ctx *cx, const char *unit, int32_t basis)
{
    struct figure_query query = ask(cx, "kt_dv", unit, "01/01/2026", "31/12/2026");
    query.basis = basis;
    return read_figure(cx, &query).value;
}

static void
record(struct ctx *cx, const char *unit, const char *on, const char *number)
{
    fixture_record(cx, unit, "kiem_tra_dhvp", on, number);
}

static struct declaration
tell(struct ctx *cx, const char *unit, const char *from, const char *to, const char *value,
    const char *word, const char *cut)
{
    struct declare input = {.indicator = "kt_dv",
        .unit = unit,
        .from = from,
        .to = to,
        .value = value,
        .word = word,
        .cut = cut,
        .source = "Báo cáo năm"};
    struct declaration out;
    must(cx, declare(cx, &input, &out));
    return out;
}

static void
change(struct ctx *cx, enum unit_event_kind kind, const char *code, const char *other,
    const char *on)
{
    struct unit_event event = {.kind = kind, .code = code, .other = other, .day = fixture_day(on)};
    must(cx, unit_change(cx, &event));
    fixture_next(cx);
}

/* Words */

static void
test_figure__is_as_exact_as_its_parts(void **state)
{
    static const struct {
        const char *recorded[3], *declared, *qualifier, *word;
    } cases[] = {
        {{"5", "6"}, NULL, "exact", ""},
        {{"5", "hơn 6"}, NULL, "over", "hơn"},
        {{"5", "trên 6"}, NULL, "over", "trên"},
        {{"hơn 5", "trên 6"}, NULL, "over", "hơn"}, /* two words: the first of the list */
        {{"trên 5", "trên 6"}, NULL, "over", "trên"},
        {{"gần 5", "6"}, NULL, "under", "gần"},
        {{"dưới 5", "6"}, NULL, "under", "dưới"},
        {{"hơn 5", "gần 6"}, NULL, "about", "khoảng"},
        {{"chừng 5", "6"}, NULL, "about", "chừng"},
        {{"chừng 5", "hơn 6"}, NULL, "about", "khoảng"},
        {{"5", "6"}, "trên", "over", "trên"},
        {{"gần 5", "6"}, "trên", "about", "khoảng"},
        {{"dưới 5", "6"}, "", "under", "dưới"},
        {{NULL}, "chừng", "about", "chừng"},
        {{NULL}, NULL, "exact", ""},
    };
    struct ctx *cx = &((struct fixture *)*state)->cx;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *on = arena_printf(cx->arena, "10/%02d/2025", (int)(i % 12) + 1);
        const char *unit = i < 12 ? "bt.a.x.1" : "kg.a.x";
        for (int r = 0; cases[i].recorded[r] != NULL; r++)
            record(cx, unit, on, cases[i].recorded[r]);
        if (cases[i].declared != NULL)
            tell(cx, unit, on, on, "100", cases[i].declared, NULL);
        struct figure_query query = ask(cx, "kt_dv", i < 12 ? "bt" : "kg", on, on);
        struct figure figure = read_figure(cx, &query);
        assert_string_equal(qualifier_key(figure.qualifier), cases[i].qualifier);
        assert_string_equal(word_text(figure.word), cases[i].word);
        int64_t sum =
            (cases[i].recorded[0] != NULL ? 11 : 0) + (cases[i].declared != NULL ? 100 : 0);
        assert_int_equal(figure.value, sum);
    }
}

/* The word of what was chosen, not of what was left out. */
static void
test_figure__takes_the_word_of_its_cut(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "trên 5");
    fixture_record(cx, "bt.a.x.1", "kiem_tra_tai_chinh", "05/02/2026", "hơn 7");
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/02/2026", "28/02/2026");
    struct figure figure = read_figure(cx, &query);
    assert_string_equal(word_text(figure.word), "hơn");
    must(cx, cut_filter_parse(cx, query.indicator, "loai=kiem_tra_dhvp", &query.where));
    figure = read_figure(cx, &query);
    assert_int_equal(figure.value, 5);
    assert_string_equal(word_text(figure.word), "trên");
}

/* Declarations */

static void
test_figure__counts_a_declaration_inside_its_range(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    tell(cx, "bt.a", "01/01/2026", "31/03/2026", "1.400", "hơn", NULL);
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/01/2026", "31/03/2026");
    struct figure figure = read_figure(cx, &query);
    assert_int_equal(figure.value, 1400);
    assert_int_equal(figure.declared, 1400);
    assert_int_equal(figure.declaration_count, 1);
    assert_string_equal(figure.declarations[0].source, "Báo cáo năm");
    assert_false(figure.overlap);
    query.to = fixture_day("30/03/2026"); /* a day less: it only touches the range */
    figure = read_figure(cx, &query);
    assert_int_equal(figure.value, 0);
    assert_int_equal(figure.declaration_count, 0);
    assert_int_equal(figure.outside_count, 1);
    query = ask(cx, "kt_dv", "bt", "01/04/2026", "30/04/2026");
    assert_int_equal(read_figure(cx, &query).outside_count, 0);
    query = ask(cx, "kt_dv", "kg", "01/01/2026", "31/12/2026");
    assert_int_equal(read_figure(cx, &query).value, 0);
    query = ask(cx, "kt_dv", "vn", "01/01/2026", "31/12/2026");
    assert_int_equal(read_figure(cx, &query).value, 1400);
}

static void
test_figure__tells_that_a_declaration_overlaps_records(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    tell(cx, "bt.a", "01/01/2026", "31/03/2026", "10", "", NULL);
    record(cx, "bt.b.z.1", "05/02/2026", "3"); /* elsewhere */
    record(cx, "bt.a.x.1", "05/04/2026", "3"); /* later */
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/01/2026", "31/12/2026");
    assert_false(read_figure(cx, &query).overlap);
    record(cx, "bt.a.x.1", "31/03/2026", "3");
    struct figure figure = read_figure(cx, &query);
    assert_true(figure.overlap);
    assert_int_equal(figure.value, 19);
}

static void
test_figure__a_declaration_is_replaced_and_withdrawn(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct declaration first = tell(cx, "bt", "01/01/2026", "31/03/2026", "10", "", NULL);
    struct declaration again = tell(cx, "bt", "01/01/2026", "31/03/2026", "10", "", NULL);
    assert_int_equal(again.id, first.id);
    assert_int_equal(again.version, 1);
    again = tell(cx, "bt", "01/01/2026", "31/03/2026", "12", "hơn", NULL);
    assert_int_equal(again.id, first.id);
    assert_int_equal(again.version, 2);
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 12);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM declared"), 1);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM audit WHERE action NOT IN ('unit.import', "
                         "'setting.set')"),
        2);
    must(cx, declaration_withdraw(cx, first.shard, first.id));
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 0);
    must_be(cx, ERR_NOT_FOUND, declaration_withdraw(cx, first.shard, first.id));
}

static void
test_figure__a_declaration_names_what_is_wrong(void **state)
{
    static const struct {
        struct declare input;
        const char *said;
    } cases[] = {
        {{"kt_dv", "bt", NULL, "98.8", NULL, "s", "01/01/2026", "31/01/2026"}, "có lẽ là “98,8”"},
        {{"kt_dv", "bt", NULL, "-1", NULL, "s", "01/01/2026", "31/01/2026"}, "cần một số"},
        {{"kt_dv", "bt", NULL, "1", "tầm", "s", "01/01/2026", "31/01/2026"}, "“tầm” không hợp lệ"},
        {{"kt_dv", "bt", NULL, "1", NULL, " ", "01/01/2026", "31/01/2026"}, "Cần ghi nguồn"},
        {{"kt_dv", "bt", NULL, "1", NULL, "s", "31/02/2026", "31/01/2026"},
            "“31/02/2026” không phải"},
        {{"kt_dv", "bt", NULL, "1", NULL, "s", "02/02/2026", "01/02/2026"}, "thời gian ngược"},
        {{"kt_dv", "xx", NULL, "1", NULL, "s", "01/01/2026", "31/01/2026"}, "“xx”"},
        {{"khong", "bt", NULL, "1", NULL, "s", "01/01/2026", "31/01/2026"}, "Không có chỉ số"},
        {{"kt_dv", "bt", "loai=x", "1", NULL, "s", "01/01/2026", "31/01/2026"},
            "không có giá trị “x”"},
        {{"kt_dv", "bt", "mau=x", "1", NULL, "s", "01/01/2026", "31/01/2026"},
            "không chia theo “mau”"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct declaration out;
        assert_true(declare(cx, &cases[i].input, &out) != OK);
        if (!fixture_said(cx, cases[i].said))
            fail_msg("“%s”, not “%s”", cx->faults.items[0].message, cases[i].said);
        assert_int_equal(cx->faults.count, 1);
        fixture_next(cx);
    }
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM declared"), 0);
}

static void
test_figure__a_declaration_has_its_cut(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    tell(cx, "bt", "01/01/2026", "31/03/2026", "10", "", "chu_the=ubkt,loai=kiem_tra_dhvp");
    tell(cx, "bt", "01/01/2026", "31/03/2026", "11", "",
        "loai=kiem_tra_dhvp,chu_the=ubkt"); /* the same */
    tell(cx, "bt", "01/01/2026", "31/03/2026", "100", "", NULL);
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 111);
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/01/2026", "31/12/2026");
    must(cx, cut_filter_parse(cx, query.indicator, "loai=kiem_tra_dhvp", &query.where));
    assert_int_equal(read_figure(cx, &query).value, 11);
    must(cx, cut_filter_parse(cx, query.indicator, "loai=kiem_tra_tai_chinh", &query.where));
    assert_int_equal(read_figure(cx, &query).value, 0);
}

/* Cuts and measures */

static void
test_figure__falls_apart_into_cuts(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct sum *sums;
    int count;
    fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "5");
    fixture_record(cx, "bt.a.x.2", "kiem_tra_dhvp", "06/02/2026", "6");
    fixture_record(cx, "bt.b.z.1", "kiem_tra_tai_chinh", "07/02/2026", "7");
    must(cx, cell_fold_all(cx));
    fixture_record(cx, "bt.b.z.1", "kiem_tra_tai_chinh", "08/03/2026", "8");
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/01/2026", "31/12/2026");
    int place = cut_place(query.indicator, "loai");
    must(cx, figure_cuts(cx, &query, place, &sums, &count));
    assert_int_equal(count, 11);
    for (int i = 0; i < count; i++) {
        const char *key = cut_value_key(query.indicator, place, i);
        int wanted = strcmp(key, "kiem_tra_dhvp") == 0 ? 11
            : strcmp(key, "kiem_tra_tai_chinh") == 0   ? 15
                                                       : 0;
        assert_int_equal(sums[i].value, wanted);
    }
    must(cx,
        cut_filter_parse(cx, query.indicator, "loai=kiem_tra_tai_chinh,chu_the=ubkt",
            &query.where));
    assert_int_equal(read_figure(cx, &query).value, 15);
    must(cx, figure_series(cx, &query, 1, &sums, &count));
    assert_int_equal(count, 12);
    assert_int_equal(sums[1].value, 7);
    assert_int_equal(sums[2].value, 8);
    must_be(cx, ERR_INVALID, cut_filter_parse(cx, query.indicator, "loai", &query.where));
    must_be(cx, ERR_INVALID, cut_filter_parse(cx, query.indicator, "loai=dhvp", &query.where));
    assert_true(fixture_said(cx, "có: null, kiem_tra_chap_hanh"));
    must_be(cx, ERR_INVALID, cut_filter_parse(cx, query.indicator, "cap=tw", &query.where));
    assert_true(fixture_said(cx, "chia theo: loai, chu_the, directive."));
}

static void
create_thu(struct ctx *cx, const char *amount, const char *gap)
{
    const struct reg *reg = fixture_reg(cx, "thu");
    struct row fields = {ARENA_ARRAY(cx->arena, struct value, (size_t)reg->field_count)};
    struct record_new wanted = {.reg = reg,
        .unit = fixture_unit(cx, "bt.a.x"),
        .fields = &fields,
        .state = "xong"};
    struct record *out;
    for (int i = 0; i < reg->field_count; i++)
        fields.values[i].is_null = true;
    fixture_set(cx, reg, &fields, "ngay", "05/02/2026");
    fixture_set(cx, reg, &fields, "luong", amount);
    fixture_set(cx, reg, &fields, "gap", gap);
    must(cx, record_create(cx, &wanted, &out));
}

/* Tonnes and metres make no figure; each of them does, and so do the parts that have one only. */
static void
test_figure__does_not_add_two_measures(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    create_thu(cx, "1,25 tan", "có");
    create_thu(cx, "hơn 2,5 tan", "");
    struct figure_query query = ask(cx, "thu_luong", "bt", "01/01/2026", "31/12/2026");
    struct figure figure = read_figure(cx, &query);
    assert_false(figure.is_mixed);
    assert_int_equal(figure.value, 375);
    create_thu(cx, "10 met", "không");
    figure = read_figure(cx, &query);
    assert_true(figure.is_mixed);
    must(cx, cut_filter_parse(cx, query.indicator, "don_vi_tinh=tan", &query.where));
    figure = read_figure(cx, &query);
    assert_false(figure.is_mixed);
    assert_int_equal(figure.value, 375);
    must(cx, cut_filter_parse(cx, query.indicator, "gap=null,don_vi_tinh=tan", &query.where));
    assert_int_equal(read_figure(cx, &query).value, 250);
    must(cx, cut_filter_parse(cx, query.indicator, "gap=khong", &query.where));
    assert_int_equal(read_figure(cx, &query).value, 1000);
}

/* Bases */

/* A commune moves from one district to another on 1 March. */
static void
test_figure__then_and_now_after_a_move(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    int32_t before = fixture_day("28/02/2026"), end = fixture_day("31/12/2026");
    record(cx, "bt.a.x.1", "05/02/2026", "3");
    record(cx, "bt.a.x.1", "05/03/2026", "10");
    record(cx, "bt.a.y", "05/02/2026", "100");
    must(cx, cell_fold_all(cx));
    change(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/03/2026");
    assert_int_equal(value_of(cx, "bt.a", DAY_THEN), 103);
    assert_int_equal(value_of(cx, "bt.b", DAY_THEN), 10);
    assert_int_equal(value_of(cx, "bt.a", end), 100);
    assert_int_equal(value_of(cx, "bt.b", end), 13);
    assert_int_equal(value_of(cx, "bt.a", before), 113);
    assert_int_equal(value_of(cx, "bt.b", before), 0);
    assert_int_equal(value_of(cx, "bt.a.x", DAY_THEN), 13);
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 113);
    assert_int_equal(value_of(cx, "bt", end), 113);
    must_be(cx, ERR_INVALID, basis_parse(cx, "hôm qua", end, &end));
    must(cx, basis_parse(cx, "end", 77, &end));
    assert_int_equal(end, 77);
    must(cx, basis_parse(cx, "now", 77, &end));
    assert_int_equal(end, cx->world->today);
    must(cx, basis_parse(cx, "then", 77, &end));
    assert_int_equal(end, DAY_THEN);
}

/* A branch merges into a commune of another district, another one is abolished: what they counted
 * lies with the heir and with the parent. */
static void
test_figure__an_heir_and_a_parent_take_over(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    int32_t before = fixture_day("28/02/2026"), end = fixture_day("31/12/2026");
    record(cx, "bt.a.x.1", "05/02/2026", "3");
    record(cx, "bt.a.x.2", "05/02/2026", "10");
    change(cx, UNIT_MERGE, "bt.a.x.1", "bt.b.z", "01/03/2026");
    change(cx, UNIT_ABOLISH, "bt.a.x.2", NULL, "01/03/2026");
    assert_int_equal(value_of(cx, "bt.a", DAY_THEN), 13);
    assert_int_equal(value_of(cx, "bt.b", DAY_THEN), 0);
    assert_int_equal(value_of(cx, "bt.a", end), 10);
    assert_int_equal(value_of(cx, "bt.a.x", end), 10);
    assert_int_equal(value_of(cx, "bt.b.z", end), 3);
    assert_int_equal(value_of(cx, "bt.a.x.1", end), 0);
    assert_int_equal(value_of(cx, "bt.a.x.1", before), 3);
    assert_int_equal(value_of(cx, "bt.b.z", before), 0);
    change(cx, UNIT_MERGE, "bt.b.z.1", "bt.a.y", "01/04/2026");
    change(cx, UNIT_MERGE, "bt.b.z", "bt.a.y", "01/05/2026"); /* the heir has an heir */
    assert_int_equal(value_of(cx, "bt.a.y", end), 3);
    assert_int_equal(value_of(cx, "bt.a", end), 13);
    assert_int_equal(value_of(cx, "bt.b.z", fixture_day("30/04/2026")), 3);
    assert_int_equal(value_of(cx, "vn", end), 13);
}

/* Before its birth a unit's place is with its first parent, not with the one it has today. */
static void
test_figure__before_its_birth_a_unit_lies_with_its_first_parent(void **state)
{
    static const char list[] = "code\tparent_code\tlevel\tname\tfrom\n"
                               "bt.a.n\tbt.a\txa\tXã Mới\t2026-01-01\n";
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct unit_import_result result;
    struct unit_import input = {.file = "x.tsv",
        .text = list,
        .length = strlen(list),
        .day = fixture_day("01/01/2026"),
        .from_day = DAY_MIN};
    must(cx, unit_import(cx, &input, &result));
    fixture_next(cx);
    record(cx, "bt.a.n", "05/02/2026", "3");
    change(cx, UNIT_MOVE, "bt.a.n", "bt.b", "01/03/2026");
    assert_int_equal(value_of(cx, "bt.a", fixture_day("01/01/2020")), 3);
    assert_int_equal(value_of(cx, "bt.b", fixture_day("01/01/2020")), 0);
    assert_int_equal(value_of(cx, "bt.b", fixture_day("01/04/2026")), 3);
}

/* The cells of whoever stands above on a later day are made anew too: the commune's district went
 * to the other province first, by an event that was recorded earlier. */
static void
test_figure__a_move_reaches_all_who_stand_above_later(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    record(cx, "bt.a.x.1", "05/05/2026", "3");
    record(cx, "bt.a.x.1", "05/02/2026", "10");
    record(cx, "bt.a.x.1", "05/01/2026", "100");
    tell(cx, "bt.a.x.1", "02/05/2026", "03/05/2026", "1.000", "", NULL);
    change(cx, UNIT_MOVE, "bt.a", "kg", "01/04/2026");
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 110);
    assert_int_equal(value_of(cx, "kg", DAY_THEN), 1003);
    change(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/02/2026");
    assert_int_equal(value_of(cx, "bt.a", DAY_THEN), 100);
    assert_int_equal(value_of(cx, "bt.b", DAY_THEN), 1013);
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 1113);
    assert_int_equal(value_of(cx, "kg", DAY_THEN), 0);
}

/* A district becomes a unit directly under the root, in the shard of its old province. */
static void
test_figure__two_units_under_the_root_may_share_a_shard(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    record(cx, "bt.b.z.1", "05/02/2026", "3");
    record(cx, "bt.b.z.1", "05/04/2026", "10");
    record(cx, "bt.a.x.1", "05/04/2026", "100");
    must(cx, cell_fold_all(cx));
    change(cx, UNIT_MOVE, "bt.b", "vn", "01/03/2026");
    assert_int_equal(value_of(cx, "bt", DAY_THEN), 103);
    assert_int_equal(value_of(cx, "bt.b", DAY_THEN), 13);
    assert_int_equal(value_of(cx, "vn", DAY_THEN), 113);
    assert_int_equal(value_of(cx, "bt", fixture_day("31/12/2026")), 100);
}

static void
test_figure__a_change_of_the_tree_that_cannot_be_is_refused(void **state)
{
    static const struct {
        struct unit_event event;
        const char *said;
    } cases[] = {
        {{UNIT_MOVE, 0, "bt.a", "bt.a.x", NULL, NULL}, "nằm trong chính"},
        {{UNIT_MOVE, 0, "bt.b", "bt.a.y", NULL, NULL}, "nằm trong chính"}, /* from 1 May on */
        {{UNIT_MOVE, 0, "bt.b.z", "bt.a.x", NULL, NULL}, "Xã Xuân chỉ có đến ngày 30/06/2026"},
        {{UNIT_MERGE, 0, "kg.a.x", "kg.a.x", NULL, NULL}, "nằm trong chính"},
        {{UNIT_ABOLISH, 0, "bt.a", NULL, NULL, NULL}, "Dưới Huyện An còn đơn vị"},
        {{UNIT_ABOLISH, 0, "bt.b.z.1", NULL, NULL, NULL}, "có hồ sơ tính từ ngày"},
        {{UNIT_MERGE, 0, "bt.a.x", "bt.b", NULL, NULL}, "đã được ghi là kết thúc ngày 30/06/2026"},
        {{UNIT_ABOLISH, 0, "vn", NULL, NULL, NULL}, "Đơn vị gốc"},
        {{UNIT_RENAME, 0, "bt.a.y", NULL, "Khác", NULL}, "đã có thay đổi từ ngày 01/05/2026"},
        {{UNIT_RENAME, 0, "bt.a.y", NULL, " ", NULL}, "Tên mới còn trống"},
        {{UNIT_MOVE, 0, "bt.a.z", "bt.b", NULL, NULL}, "bt.a.z"},
        {{UNIT_MOVE, 0, "bt.b.z", "bt.x", NULL, NULL}, "bt.x"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    record(cx, "bt.b.z.1", "05/05/2026", "3");
    change(cx, UNIT_MOVE, "bt.a.x.1", "bt.a.y", "01/02/2026");
    change(cx, UNIT_MOVE, "bt.a.x.2", "bt.a.y", "01/02/2026");
    change(cx, UNIT_ABOLISH, "bt.a.x", NULL, "01/07/2026");
    change(cx, UNIT_MOVE, "bt.a.y", "bt.b.z", "01/05/2026");
    uint64_t before = fixture_digest(fixture);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct unit_event event = cases[i].event;
        event.day = fixture_day("01/04/2026");
        assert_true(unit_change(cx, &event) != OK);
        if (!fixture_said(cx, cases[i].said))
            fail_msg("“%s”, not “%s”", cx->faults.items[0].message, cases[i].said);
        assert_int_equal(cx->faults.count, 1);
        fixture_next(cx);
    }
    assert_true(before == fixture_digest(fixture));
}

/* Parts */

static int64_t
sum_of_parts(struct ctx *cx, const struct figure *whole, struct figure_part **parts, int *count)
{
    int64_t sum = 0;
    must(cx, figure_parts(cx, whole, parts, count));
    for (int i = 0; i < *count; i++)
        sum += (*parts)[i].figure.value;
    return sum;
}

/* District An moves under district Ba in the year: its declaration is then Ba's part and no longer
 * one of its own. */
static void
test_figure__a_declaration_belongs_to_one_part(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    int64_t declared = 0;
    change(cx, UNIT_MOVE, "bt.a", "bt.b", "01/03/2026");
    tell(cx, "bt.a.y", "01/04/2026", "30/04/2026", "8", NULL, NULL);
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/01/2026", "31/12/2026");
    struct figure whole = read_figure(cx, &query);
    must(cx, figure_parts(cx, &whole, &parts, &count));
    for (int i = 0; i < count; i++)
        declared += parts[i].figure.declared;
    assert_int_equal(whole.declared, 8);
    assert_int_equal(declared, 8);
}

static void
test_figure__parts_add_up_when_a_unit_moved_meanwhile(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    record(cx, "bt.a.x.1", "05/02/2026", "trên 3");
    record(cx, "bt.a.x.1", "05/03/2026", "hơn 10");
    record(cx, "bt.b.z.1", "05/03/2026", "100");
    record(cx, "bt.b", "05/03/2026", "1000");
    change(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/03/2026");
    struct figure_query query = ask(cx, "kt_dv", "bt.b", "01/01/2026", "31/12/2026");
    struct figure whole = read_figure(cx, &query);
    assert_int_equal(whole.value, 1110);
    assert_int_equal(sum_of_parts(cx, &whole, &parts, &count), 1110);
    assert_int_equal(count, 3);
    assert_true(parts[0].is_own);
    assert_int_equal(parts[0].figure.value, 1000);
    assert_ptr_equal(parts[1].unit, fixture_unit(cx, "bt.a.x"));
    assert_int_equal(parts[1].figure.value, 10);
    assert_string_equal(word_text(parts[1].figure.word), "hơn"); /* that of its days here */
    query.unit = fixture_unit(cx, "bt.a");
    whole = read_figure(cx, &query);
    assert_int_equal(whole.value, 3);
    assert_int_equal(sum_of_parts(cx, &whole, &parts, &count), 3);
    assert_string_equal(word_text(parts[0].figure.word), "trên");
    assert_int_equal(count, 2); /* it has no records of its own: no line for them */
    query.basis = fixture_day("31/12/2026");
    query.unit = fixture_unit(cx, "bt.b");
    whole = read_figure(cx, &query);
    assert_int_equal(whole.value, 1113);
    assert_int_equal(sum_of_parts(cx, &whole, &parts, &count), 1113);
}

static void
test_figure__children_of_who_declares_are_unknown(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    tell(cx, "bt.a", "01/01/2026", "31/03/2026", "10", "hơn", NULL);
    record(cx, "bt.a.x.1", "05/02/2026", "3");
    struct figure_query query = ask(cx, "kt_dv", "bt.a", "01/01/2026", "31/12/2026");
    struct figure whole = read_figure(cx, &query);
    assert_int_equal(sum_of_parts(cx, &whole, &parts, &count), 13);
    assert_int_equal(count, 3);
    assert_true(parts[0].is_own);
    assert_int_equal(parts[0].figure.declared, 10);
    assert_false(parts[1].unknown); /* Xã Xuân has records */
    assert_true(parts[2].unknown);
    query.unit = fixture_unit(cx, "bt");
    whole = read_figure(cx, &query);
    assert_int_equal(sum_of_parts(cx, &whole, &parts, &count), 13);
    assert_false(parts[1].unknown);
}

/* Since the period before */

static void
make_periods(struct ctx *cx, const char *year)
{
    struct period_make input = {year, "lich", NULL};
    struct calendar_result result;
    must(cx, period_make(cx, &input, &result));
    fixture_next(cx);
}

/* Of the figure and its parts since the period before. */
static struct figure_change *
changes_of(struct ctx *cx, const struct figure_query *query, struct figure_part **parts, int *count)
{
    struct figure *whole = ARENA_NEW(cx->arena, struct figure);
    const struct period *before = figure_period_before(cx, query);
    assert_non_null(before);
    must(cx, figure_read(cx, query, whole));
    must(cx, figure_parts(cx, whole, parts, count));
    struct figure_change *changes =
        ARENA_ARRAY(cx->arena, struct figure_change, (size_t)*count + 1);
    must(cx, figure_changes(cx, before, whole, *parts, *count, changes));
    return changes;
}

/* Xã Xuân had 12 in the first quarter and 7 in the second; Xã Yên none, then 4. What the year
 * before had does not matter. */
static void
test_figure__changes_since_the_quarter_before(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    make_periods(cx, "2026");
    record(cx, "bt.a.x.1", "31/12/2025", "100");
    record(cx, "bt.a.x.1", "05/02/2026", "10");
    record(cx, "bt.a.x.2", "31/03/2026", "2");
    record(cx, "bt.a.x.1", "01/04/2026", "7");
    record(cx, "bt.a.y", "05/05/2026", "4");
    struct figure_query query = ask(cx, "kt_dv", "bt.a", "01/04/2026", "30/06/2026");
    struct figure_change *changes = changes_of(cx, &query, &parts, &count);
    assert_int_equal(count, 2);
    assert_int_equal(changes[0].before.value, 12);
    assert_int_equal(changes[0].value, -1);
    assert_int_equal(changes[1].value, -5);
    assert_int_equal(changes[2].value, 4);
    assert_true(changes[2].is_known);
    query.from = fixture_day("01/01/2026");
    query.to = fixture_day("31/03/2026");
    assert_null(figure_period_before(cx, &query)); /* the calendar begins there */
    query.to--;
    assert_null(figure_period_before(cx, &query)); /* no period */
}

static void
test_figure__a_change_is_as_exact_as_what_it_compares(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    make_periods(cx, "2026");
    record(cx, "bt.a.x.1", "05/02/2026", "hơn 10");
    record(cx, "bt.a.y", "05/02/2026", "3");
    record(cx, "bt.a.x.1", "05/05/2026", "7");
    record(cx, "bt.a.y", "05/05/2026", "4");
    struct figure_query query = ask(cx, "kt_dv", "bt.a", "01/04/2026", "30/06/2026");
    struct figure_change *changes = changes_of(cx, &query, &parts, &count);
    assert_int_equal(changes[0].qualifier, ABOUT);
    assert_int_equal(changes[1].qualifier, ABOUT);
    assert_int_equal(changes[2].qualifier, EXACT);
}

/* Xã Xuân moves to district Ba in the second quarter: what it did in the first is compared there,
 * and of An nothing is missing. */
static void
test_figure__a_change_compares_the_same_structure(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    make_periods(cx, "2026");
    record(cx, "bt.a.x.1", "05/02/2026", "10");
    record(cx, "bt.a.y", "05/02/2026", "3");
    record(cx, "bt.b.z.1", "05/02/2026", "1");
    change(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/04/2026");
    record(cx, "bt.a.x.1", "05/05/2026", "12");
    struct figure_query query = ask(cx, "kt_dv", "bt", "01/04/2026", "30/06/2026");
    struct figure_change *changes = changes_of(cx, &query, &parts, &count);
    assert_int_equal(changes[0].value, 12 - 14);
    assert_int_equal(changes[1].value, 0 - 3);
    assert_int_equal(changes[2].value, 12 - 11);
}

/* An declared 10 for all below it in the first quarter: nobody knows what was whose. */
static void
test_figure__below_who_declared_no_change_is_known(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    make_periods(cx, "2026");
    tell(cx, "bt.a", "01/01/2026", "31/03/2026", "10", NULL, NULL);
    record(cx, "bt.a.x.1", "05/02/2026", "2");
    record(cx, "bt.a.x.1", "05/05/2026", "3");
    record(cx, "bt.a.y", "05/05/2026", "4");
    struct figure_query query = ask(cx, "kt_dv", "bt.a", "01/04/2026", "30/06/2026");
    struct figure_change *changes = changes_of(cx, &query, &parts, &count);
    assert_int_equal(count, 2);
    assert_int_equal(changes[0].value, 7 - 12);
    assert_true(changes[1].is_known); /* Xã Xuân has records */
    assert_int_equal(changes[1].value, 1);
    assert_false(changes[2].is_known);
}

static void
test_figure__opens_its_records(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_record *records;
    int count, seen = 0;
    bool more = true;
    for (int i = 0; i < 7; i++)
        record(cx, i % 2 == 0 ? "bt.a.x.1" : "kg.a.x", arena_printf(cx->arena, "%d/02/2026", 9 - i),
            "2");
    struct figure_query query = ask(cx, "kt_dv", "vn", "01/02/2026", "28/02/2026");
    const char *last = "";
    while (more) {
        must(cx, figure_records(cx, &query, seen, 3, &records, &count, &more));
        assert_true(count == 3 || (count == 1 && !more));
        for (int i = 0; i < count; i++) {
            assert_string_not_equal(records[i].code, last);
            assert_int_equal(records[i].value, 2);
            assert_string_equal(records[i].state, "ket_luan");
            last = records[i].code;
        }
        seen += count;
    }
    assert_int_equal(seen, 7);
    must(cx, figure_records(cx, &query, 0, 7, &records, &count, &more));
    assert_false(more);
    assert_true(records[0].day < records[1].day); /* in the order of units and days */
    assert_ptr_equal(records[3].unit, fixture_unit(cx, "bt.a.x.1"));
    assert_ptr_equal(records[4].unit, fixture_unit(cx, "kg.a.x"));
}

int
main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, setup_facts, teardown),                                  \
        cmocka_unit_test_setup_teardown(name, setup_cells, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_figure__is_as_exact_as_its_parts),
        TEST(test_figure__takes_the_word_of_its_cut),
        TEST(test_figure__counts_a_declaration_inside_its_range),
        TEST(test_figure__tells_that_a_declaration_overlaps_records),
        TEST(test_figure__a_declaration_is_replaced_and_withdrawn),
        TEST(test_figure__a_declaration_names_what_is_wrong),
        TEST(test_figure__a_declaration_has_its_cut),
        TEST(test_figure__falls_apart_into_cuts),
        TEST(test_figure__does_not_add_two_measures),
        TEST(test_figure__then_and_now_after_a_move),
        TEST(test_figure__an_heir_and_a_parent_take_over),
        TEST(test_figure__before_its_birth_a_unit_lies_with_its_first_parent),
        TEST(test_figure__a_move_reaches_all_who_stand_above_later),
        TEST(test_figure__two_units_under_the_root_may_share_a_shard),
        TEST(test_figure__a_change_of_the_tree_that_cannot_be_is_refused),
        TEST(test_figure__a_declaration_belongs_to_one_part),
        TEST(test_figure__parts_add_up_when_a_unit_moved_meanwhile),
        TEST(test_figure__children_of_who_declares_are_unknown),
        TEST(test_figure__changes_since_the_quarter_before),
        TEST(test_figure__a_change_is_as_exact_as_what_it_compares),
        TEST(test_figure__a_change_compares_the_same_structure),
        TEST(test_figure__below_who_declared_no_change_is_known),
        TEST(test_figure__opens_its_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
