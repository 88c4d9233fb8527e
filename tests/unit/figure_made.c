/* Different values, stocks, ratios, changes, directives and notices, each in a small example. Each
 * test runs twice, with no cells and with cells for every unit that has another below it. The pack
 * is that of variant.h. */
#include "domain/figure_change.h"
#include "domain/figure.h"

#include "domain/cell.h"
#include "domain/check.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/install.h"
#include "domain/unit.h"
#include "fixture.h"
#include "variant.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static struct fixture *
begin(const char *threshold)
{
    static const struct variant plain;
    struct fixture *fixture = fixture_new(NULL);
    struct ctx *cx = &fixture->cx;
    struct install_result result;
    int count;
    const struct pack_file *files = variant_files(cx->arena, &plain, &count);
    must(cx, pack_install(cx, files, count, &result));
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
    *state = begin("0");
    return 0;
}

/* Whatever a test did, the check agrees with it, before and after folding. */
static int
teardown(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    for (int i = 0; i < 2; i++) {
        fixture_next(cx);
        assert_int_equal(fixture_differences(cx), 0);
        must(cx, cell_fold_all(cx));
    }
    fixture_free(fixture);
    return 0;
}

/* Records: "ngay=05/02/2026; loai=mot; so=7". What is not named stays empty. */

static struct row
row_of(struct ctx *cx, const struct reg *reg, const char *text)
{
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    char *rest = arena_strdup(cx->arena, text), *pair;
    while ((pair = strsep(&rest, ";")) != NULL) {
        pair += strspn(pair, " ");
        char *value = strchr(pair, '=');
        *value++ = '\0';
        fixture_set(cx, reg, &fields, pair, value);
    }
    return fields;
}

static const char *
put_of(struct ctx *cx, const char *key, const char *unit, const char *state, const char *text,
    const char *directives)
{
    struct record_new wanted = {.reg = fixture_reg(cx, key),
        .unit = fixture_unit(cx, unit),
        .state = state};
    struct row fields = row_of(cx, wanted.reg, text);
    struct record *record;
    wanted.fields = &fields;
    assert_true(directive_parse(cx, wanted.reg, directives, (struct fault){0}, &wanted.directives));
    must(cx, record_create(cx, &wanted, &record));
    return record->code;
}

static const char *
put(struct ctx *cx, const char *unit, const char *text)
{
    return put_of(cx, "doi", unit, "xong", text, "");
}

/* Figures */

static struct figure_query
ask(struct ctx *cx, const char *indicator, const char *unit, const char *from, const char *to)
{
    struct figure_query query = {.unit = fixture_unit(cx, unit),
        .from = fixture_day(from),
        .to = fixture_day(to),
        .basis = DAY_THEN};
    must(cx, world_indicator(cx, indicator, &query.indicator));
    return query;
}

static struct figure
read_figure(struct ctx *cx, const struct figure_query *query)
{
    struct figure figure;
    must(cx, figure_read(cx, query, &figure));
    return figure;
}

/* In 2026. */
static struct figure
figure_of(struct ctx *cx, const char *indicator, const char *unit)
{
    struct figure_query *query = ARENA_NEW(cx->arena, struct figure_query);
    *query = ask(cx, indicator, unit, "01/01/2026", "31/12/2026");
    return read_figure(cx, query);
}

static int64_t
value_of(struct ctx *cx, const char *indicator, const char *unit)
{
    return figure_of(cx, indicator, unit).value;
}

static int64_t
value_where(struct ctx *cx, const char *indicator, const char *unit, const char *where)
{
    struct figure_query query = ask(cx, indicator, unit, "01/01/2026", "31/12/2026");
    must(cx, cut_filter_parse(cx, query.indicator, where, &query.where));
    return read_figure(cx, &query).value;
}

static struct declaration
tell(struct ctx *cx, struct declare input)
{
    struct declaration out;
    input.source = "Báo cáo năm";
    must(cx, declare(cx, &input, &out));
    return out;
}

static void
change_tree(struct ctx *cx, enum unit_event_kind kind, const char *code, const char *other,
    const char *on)
{
    struct unit_event event = {.kind = kind, .code = code, .other = other, .day = fixture_day(on)};
    must(cx, unit_change(cx, &event));
    fixture_next(cx);
}

/* Different values */

static void
test_figure__a_value_counts_once_however_often_it_comes(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *source = put_of(cx, "nguon", "kg", "co", "ngay=01/01/2026", "");
    const char *other = put_of(cx, "nguon", "kg", "co", "ngay=01/01/2026", "");
    put(cx, "bt.a.x.1", arena_printf(cx->arena, "ngay=05/02/2026; goc=%s", source));
    put(cx, "bt.a.x.2", arena_printf(cx->arena, "ngay=05/02/2026; goc=%s", source));
    put(cx, "bt.b.z.1", arena_printf(cx->arena, "ngay=07/03/2026; goc=%s", source));
    put(cx, "bt.b.z.1", arena_printf(cx->arena, "ngay=08/03/2026; goc=%s", other));
    put(cx, "bt.b.z.1", "ngay=09/03/2026"); /* none at all */
    assert_int_equal(value_of(cx, "doi_goc", "bt"), 2);
    assert_int_equal(value_of(cx, "doi_goc", "bt.a"), 1);
    assert_int_equal(value_of(cx, "doi_goc", "bt.b"), 2);
    assert_int_equal(figure_of(cx, "doi_goc", "bt").recorded.n, 4);
    assert_int_equal(value_of(cx, "doi_noi", "bt"), 3); /* branches that have a record */
}

/* A fact keeps a choice by its place: another one before it makes the facts anew. */
static void
test_figure__different_choices_after_a_new_one_comes_first(void **state)
{
    static const struct variant more = {.has_choice = true};
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct install_result result;
    int count;
    const struct pack_file *files = variant_files(cx->arena, &more, &count);
    put(cx, "bt.a.x.1", "ngay=05/02/2026; loai=mot");
    must(cx, pack_install(cx, files, count, &result));
    fixture_next(cx);
    put(cx, "bt.a.x.1", "ngay=05/02/2026; loai=mot");
    assert_int_equal(value_of(cx, "doi_loai", "bt"), 1);
}

static void
test_figure__different_values_of_a_part_that_moved_away_and_back(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_part *parts;
    int count;
    put(cx, "bt.a.x.1", "ngay=05/02/2026; loai=mot");
    put(cx, "bt.a.x.1", "ngay=05/04/2026; loai=ba"); /* while it is elsewhere */
    put(cx, "bt.a.x.1", "ngay=05/06/2026; loai=mot");
    put(cx, "bt.a.x.1", "ngay=06/06/2026; loai=hai");
    change_tree(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/03/2026");
    change_tree(cx, UNIT_MOVE, "bt.a.x", "bt.a", "01/05/2026");
    struct figure whole = figure_of(cx, "doi_loai", "bt.a");
    assert_int_equal(whole.value, 2);
    must(cx, figure_parts(cx, &whole, &parts, &count));
    assert_int_equal(count, 2);
    assert_ptr_equal(parts[0].unit, fixture_unit(cx, "bt.a.x"));
    assert_int_equal(parts[0].figure.value, 2);
    assert_int_equal(value_of(cx, "doi_loai", "bt.b"), 1);
}

/* Stocks */

static void
expect_stock(const struct figure *figure, int64_t opening, int64_t increase, int64_t decrease,
    int64_t transferred, int64_t closing)
{
    assert_int_equal(figure->stock.opening, opening);
    assert_int_equal(figure->stock.increase, increase);
    assert_int_equal(figure->stock.decrease, decrease);
    assert_int_equal(figure->stock.transferred, transferred);
    assert_int_equal(figure->value, closing);
}

static void
test_figure__a_stock_opens_grows_shrinks_and_closes(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025");                 /* there before and after */
    put(cx, "bt.a.x.1", "ngay=05/02/2025; het=01/01/2026"); /* goes on the first day */
    put(cx, "bt.a.x.1", "ngay=01/01/2026; het=31/12/2026"); /* comes and goes */
    put(cx, "bt.a.x.1", "ngay=06/06/2026; het=01/01/2027"); /* stays beyond */
    put(cx, "bt.a.x.1", "ngay=01/01/2027");                 /* comes later */
    struct figure figure = figure_of(cx, "doi_con", "bt");
    expect_stock(&figure, 2, 2, 2, 0, 2);
    put(cx, "bt.a.x.1", "ngay=05/02/2026; so=-7");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; so=20; het=07/07/2026");
    figure = figure_of(cx, "doi_ton", "bt");
    expect_stock(&figure, 0, 20, 27, 0, -7);
}

/* "hơn 5" that came and went again leaves nothing that is "hơn". */
static void
test_figure__what_goes_out_takes_its_word_with_it(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025; luong=7 tan");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; luong=trên 5 tan; het=01/07/2026");
    struct figure figure = figure_of(cx, "doi_kho", "bt");
    assert_int_equal(figure.value, 700);
    assert_int_equal(figure.qualifier, EXACT);
    struct figure_query query = ask(cx, "doi_kho", "bt", "01/01/2026", "30/06/2026");
    figure = read_figure(cx, &query);
    assert_int_equal(figure.value, 1200);
    assert_string_equal(word_text(figure.word), "trên");
}

static void
test_figure__a_stock_is_brought_along_and_taken_away(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025");
    put(cx, "bt.a.x.1", "ngay=05/02/2026");
    put(cx, "bt.b.z.1", "ngay=05/02/2025");
    change_tree(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/03/2026");
    struct figure from = figure_of(cx, "doi_con", "bt.a"), to = figure_of(cx, "doi_con", "bt.b");
    expect_stock(&from, 1, 0, 0, -1, 0);
    expect_stock(&to, 1, 1, 0, 1, 3);
    struct figure all = figure_of(cx, "doi_con", "bt");
    expect_stock(&all, 2, 1, 0, 0, 3);
}

/* What a unit has goes over to its heir, also to one in another shard, and goes out there. */
static void
test_figure__an_heir_has_the_stock_until_it_goes_out(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025; het=01/10/2026");
    put(cx, "bt.a.x.1", "ngay=05/02/2025; het=01/10/2027");
    must(cx, cell_fold_all(cx));
    change_tree(cx, UNIT_MERGE, "bt.a.x.1", "kg.a.x", "01/07/2026");
    struct figure heir = figure_of(cx, "doi_con", "kg.a"), old = figure_of(cx, "doi_con", "bt.a");
    expect_stock(&heir, 0, 0, 1, 2, 1);
    expect_stock(&old, 2, 0, 0, -2, 0);
    struct figure_query query = ask(cx, "doi_con", "bt", "01/01/2026", "30/06/2026");
    struct figure before = read_figure(cx, &query);
    expect_stock(&before, 2, 0, 0, 0, 2);
}

/* Whoever the heir of an heir stands under has it in the end: cells are made anew there too. */
static void
test_figure__the_heir_of_an_heir_has_the_stock(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025; het=01/10/2026");
    must(cx, cell_fold_all(cx));
    change_tree(cx, UNIT_MERGE, "bt.a.x.2", "kg.a.x", "01/09/2026");
    change_tree(cx, UNIT_MERGE, "bt.a.x.1", "bt.a.x.2", "01/03/2026");
    struct figure heir = figure_of(cx, "doi_con", "kg");
    expect_stock(&heir, 0, 0, 1, 1, 0);
    assert_int_equal(value_of(cx, "doi_con", "bt"), 0);
}

static void
test_figure__an_heir_passes_on_what_it_succeeded_to(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025; het=01/10/2026");
    must(cx, cell_fold_all(cx));
    change_tree(cx, UNIT_MERGE, "bt.a.x.1", "bt.a.x.2", "01/03/2026");
    change_tree(cx, UNIT_MERGE, "bt.a.x.2", "kg.a.x", "01/09/2026");
    struct figure heir = figure_of(cx, "doi_con", "kg");
    expect_stock(&heir, 0, 0, 1, 1, 0);
    assert_int_equal(value_of(cx, "doi_con", "bt"), 0);
}

static void
test_figure__a_record_that_counts_later_keeps_its_unit_from_ending(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct unit_event event = {.kind = UNIT_ABOLISH,
        .code = "bt.a.x.1",
        .day = fixture_day("01/07/2026")};
    put(cx, "bt.a.x.1", "ngay=05/08/2026; het=01/10/2026");
    must_be(cx, ERR_INVALID, unit_change(cx, &event));
    assert_true(fixture_said(cx, "có hồ sơ tính từ ngày 01/07/2026"));
}

/* Also what is not in the cells yet. */
static void
test_figure__the_parent_has_the_stock_until_it_goes_out(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    change_tree(cx, UNIT_ABOLISH, "bt.a.x.1", NULL, "01/07/2026");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; het=01/10/2026");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; het=01/10/2027");
    struct figure figure = figure_of(cx, "doi_con", "bt.a");
    expect_stock(&figure, 0, 2, 1, 0, 1);
}

static void
test_figure__by_the_structure_of_a_day_nothing_counts_for_who_is_no_more(void **state)
{
    static const char *const codes[] = {"bt.a.x.1", "bt.a.x.2", "bt.a.x"};
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2026");
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        change_tree(cx, UNIT_ABOLISH, codes[i], NULL, "01/07/2026");
    assert_int_equal(value_of(cx, "doi_con", "bt.a.x"), 0);
    assert_int_equal(value_of(cx, "doi_con", "bt.a"), 1);
}

/* Two offices change places: neither a walk up nor the cells go in a circle. */
static void
test_figure__two_units_that_stood_above_each_other(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.b.z", "ngay=05/02/2025; het=01/12/2027");
    change_tree(cx, UNIT_MOVE, "bt.b", "bt.a", "01/02/2026");
    change_tree(cx, UNIT_MOVE, "bt.b", "bt", "01/03/2026");
    change_tree(cx, UNIT_MOVE, "bt.a", "bt.b", "01/04/2026");
    change_tree(cx, UNIT_MOVE, "bt.b.z", "bt.a", "15/01/2026");
    assert_int_equal(value_of(cx, "doi_con", "bt.a"), 1);
    assert_int_equal(value_of(cx, "doi_con", "bt.b"), 1);
    assert_int_equal(value_of(cx, "doi_con", "kg"), 0);
}

/* Of one indicator in Xã Xuân between two quarters. */
static struct figure_change
since_quarter(struct ctx *cx, const char *indicator, const char *from, const char *to)
{
    struct figure_query *query = ARENA_NEW(cx->arena, struct figure_query);
    struct figure_change change;
    *query = ask(cx, indicator, "bt.a.x", from, to);
    struct figure now = read_figure(cx, query);
    const struct period *before = figure_period_before(cx, query);
    assert_non_null(before);
    must(cx, figure_changes(cx, before, &now, NULL, 0, &change));
    return change;
}

/* Stocks of 1 and 3 on the last days; 1 of 3 urgent is 33,3%, 2 of 3 is 66,7%; what came to 3 has
 * nothing to be divided by in the third quarter. */
static void
test_figure__stocks_and_ratios_change_by_their_difference(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct period_make input = {"2026", "lich", NULL};
    struct calendar_result result;
    must(cx, period_make(cx, &input, &result));
    put(cx, "bt.a.x.1", "ngay=05/02/2026; gap=có; het=01/03/2026");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; gap=không; het=01/03/2026");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; gap=không");
    put(cx, "bt.a.x.2", "ngay=05/05/2026; gap=có");
    put(cx, "bt.a.x.2", "ngay=05/05/2026; gap=có");
    put(cx, "bt.a.x.2", "ngay=05/05/2026; gap=không; het=01/06/2026");
    fixture_next(cx);
    struct figure_change change = since_quarter(cx, "doi_con", "01/04/2026", "30/06/2026");
    assert_int_equal(change.before.value, 1);
    assert_int_equal(change.value, 2);
    change = since_quarter(cx, "doi_ty_le", "01/04/2026", "30/06/2026");
    assert_int_equal(change.before.value, 333);
    assert_int_equal(change.value, 334); /* tenths of a point, as the two are shown */
    change = since_quarter(cx, "doi_ty_le", "01/07/2026", "30/09/2026");
    assert_false(change.is_known);
}

/* A declared stock is what there was on its last day, until another one is declared. */
static void
test_figure__of_declared_stocks_the_newest_counts(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_con", .unit = "bt.a", .value = "32"};
    put(cx, "bt.a.x.1", "ngay=05/02/2024");
    input.from = input.to = "31/12/2024";
    tell(cx, input);
    assert_int_equal(value_of(cx, "doi_con", "bt"), 33);
    assert_false(figure_of(cx, "doi_con", "bt.b").has_declared);
    input.from = input.to = "30/06/2026";
    input.value = "40";
    tell(cx, input);
    struct figure figure = figure_of(cx, "doi_con", "bt");
    assert_int_equal(figure.value, 41);
    assert_int_equal(figure.declaration_count, 1);
    assert_true(figure.overlap); /* with the record of 2024 */
    input.cut = "loai=mot";      /* another question */
    input.value = "5";
    tell(cx, input);
    assert_int_equal(value_of(cx, "doi_con", "bt"), 46);
    struct figure_query before = ask(cx, "doi_con", "bt", "01/01/2026", "29/06/2026");
    assert_int_equal(read_figure(cx, &before).value, 33);
}

/* Two of one day are two words about one thing: the later word holds. */
static void
test_figure__of_two_stocks_of_one_day_the_last_declared_counts(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_con",
        .unit = "bt.a",
        .value = "32",
        .from = "01/01/2026",
        .to = "30/06/2026"};
    tell(cx, input);
    input.from = "01/04/2026";
    input.value = "30";
    tell(cx, input);
    assert_int_equal(value_of(cx, "doi_con", "bt"), 30);
}

/* Ratios */

/* So much of `diem` over so much of `so`: 2,5 over 40. */
static struct figure
ratio_of(struct ctx *cx, const char *unit, const char *above, const char *below)
{
    char *rest = arena_strdup(cx->arena, below), *one;
    put(cx, unit, arena_printf(cx->arena, "ngay=05/02/2026; diem=%s", above));
    while ((one = strsep(&rest, "+")) != NULL)
        put(cx, unit, arena_printf(cx->arena, "ngay=05/02/2026; so=%s", one));
    return figure_of(cx, "doi_ty_so", unit);
}

static void
test_figure__a_ratio_has_what_it_was_divided_from(void **state)
{
    static const struct {
        const char *unit, *above, *below;
        int64_t numerator, denominator, tenths;
    } cases[] = {
        {"bt.a.x.1", "2,5", "40", 25, 400, 63},                /* 6,25: half up */
        {"bt.a.x.2", "299,9", "100+100+100", 2999, 3000, 999}, /* 99,97 is not 100 */
        {"bt.b.z.1", "300", "100+100+100", 3000, 3000, 1000},
        {"kg.a.x", "0,1", "100+100+100+100", 1, 4000, 1}, /* 0,025 is not 0 */
        {"kg.a", "0", "50", 0, 500, 0},
        {"bt.a.y", "150", "100", 1500, 1000, 1500},
    };
    struct ctx *cx = &((struct fixture *)*state)->cx;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct figure figure = ratio_of(cx, cases[i].unit, cases[i].above, cases[i].below);
        assert_true(figure.has_value);
        if (strcmp(cases[i].unit, "kg.a") == 0)
            continue; /* also has what is below it */
        assert_int_equal(figure.numerator, cases[i].numerator);
        assert_int_equal(figure.denominator, cases[i].denominator);
        assert_int_equal(figure.value, cases[i].tenths);
    }
    struct figure above = figure_of(cx, "doi_ty_so", "bt"); /* never a mean of percentages */
    assert_int_equal(above.numerator, 25 + 2999 + 3000 + 1500);
    assert_int_equal(above.denominator, 400 + 3000 + 3000 + 1000);
    assert_int_equal(above.value, 1017);
}

static void
test_figure__a_ratio_of_nothing_has_no_value(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure figure = figure_of(cx, "doi_ty_le", "bt");
    assert_false(figure.has_value);
    assert_string_equal(figure_text(cx->arena, &figure), "");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; diem=3"); /* something over nothing */
    assert_false(figure_of(cx, "doi_ty_so", "bt").has_value);
    assert_int_equal(value_of(cx, "doi_ty_le", "bt"), 0);
    assert_true(figure_of(cx, "doi_ty_le", "bt").has_value);
}

static void
test_figure__a_ratio_of_units_counts_those_of_the_last_day(void **state)
{
    static const char more[] = "code\tparent_code\tlevel\tkind\tname\n"
                               "bt.a.x.1\tbt.a.x\tchi_bo\tchi_bo\tChi bộ 1\n"
                               "bt.a.x.2\tbt.a.x\tchi_bo\tchi_bo\tChi bộ 2\n"
                               "bt.b.z.1\tbt.b.z\tchi_bo\tchi_bo\tChi bộ 3\n";
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct unit_import_result result;
    struct unit_import input = {.file = "units.tsv",
        .text = more,
        .length = sizeof(more) - 1,
        .day = fixture_day("01/01/2025"),
        .from_day = DAY_MIN};
    must(cx, unit_import(cx, &input, &result));
    fixture_next(cx);
    put(cx, "bt.a.x.1", "ngay=05/02/2026");
    put(cx, "bt.a.x.1", "ngay=06/02/2026");
    struct figure figure = figure_of(cx, "doi_tren_chi_bo", "bt");
    assert_int_equal(figure.numerator, 1);
    assert_int_equal(figure.denominator, 3);
    assert_int_equal(figure.value, 333);
    assert_int_equal(figure_of(cx, "doi_tren_chi_bo", "bt.a").denominator, 2);
    put(cx, "bt.a", "ngay=05/02/2026"); /* of another kind: no part of the share */
    put(cx, "bt.a.x.2", "ngay=05/02/2026");
    assert_int_equal(value_of(cx, "doi_noi", "bt"), 3);
    assert_int_equal(figure_of(cx, "doi_tren_chi_bo", "bt").numerator, 2);
    change_tree(cx, UNIT_ABOLISH, "bt.a.x.2", NULL, "31/12/2026");
    figure = figure_of(cx, "doi_tren_chi_bo", "bt");
    assert_int_equal(figure.numerator, 1);
    assert_int_equal(figure.denominator, 2);
    struct figure_query before = ask(cx, "doi_tren_chi_bo", "bt", "01/01/2026", "30/12/2026");
    figure = read_figure(cx, &before);
    assert_int_equal(figure.numerator, 2);
    assert_int_equal(figure.denominator, 3);
}

static void
test_figure__a_declared_percentage_stays_at_its_unit(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_ty_le",
        .unit = "bt.a",
        .value = "98,8",
        .word = "trên",
        .from = "01/01/2026",
        .to = "30/06/2026"};
    tell(cx, input);
    struct figure own = figure_of(cx, "doi_ty_le", "bt.a"),
                  above = figure_of(cx, "doi_ty_le", "bt");
    assert_true(own.has_declared);
    assert_int_equal(own.declared, 988);
    assert_string_equal(word_text(own.word), "trên");
    assert_false(own.has_value); /* the recorded one beside it */
    assert_false(above.has_declared);
    assert_int_equal(above.declaration_count, 1);
}

static void
test_figure__declared_fractions_are_added_before_they_are_divided(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_ty_le",
        .unit = "bt.a",
        .value = "50",
        .numerator = "1",
        .denominator = "2",
        .from = "01/01/2026",
        .to = "30/06/2026"};
    tell(cx, input);
    input.unit = "bt.b";
    input.value = "90";
    input.numerator = "90";
    input.denominator = "100";
    tell(cx, input);
    struct figure above = figure_of(cx, "doi_ty_le", "bt");
    assert_true(above.has_declared);
    assert_int_equal(above.declared, 892);      /* 91 over 102 */
    input.numerator = input.denominator = NULL; /* one that says no more what it was */
    tell(cx, input);
    assert_false(figure_of(cx, "doi_ty_le", "bt").has_declared);
    assert_int_equal(figure_of(cx, "doi_ty_le", "bt.b").declared, 900);
}

/* Changes */

static void
test_figure__a_change_is_against_the_same_days_a_year_before(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=01/01/2025");
    put(cx, "bt.a.x.1", "ngay=30/06/2025");
    put(cx, "bt.a.x.1", "ngay=01/07/2025"); /* after the range */
    put(cx, "bt.a.x.1", "ngay=31/12/2024"); /* before it */
    put(cx, "bt.a.x.1", "ngay=30/06/2026");
    struct figure_query query = ask(cx, "doi_hon", "bt", "01/01/2026", "30/06/2026");
    struct figure figure = read_figure(cx, &query);
    assert_int_equal(figure.value, 1 - 2);
    assert_int_equal(figure.bases[0]->value, 1);
    assert_int_equal(figure.bases[1]->value, 2);
    assert_false(figure_of(cx, "doi_hon", "kg").has_value);
}

static void
test_figure__a_year_before_the_29th_is_the_28th_of_february(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=28/02/2023");
    put(cx, "bt.a.x.1", "ngay=01/03/2023");
    struct figure_query query = ask(cx, "doi_hon", "bt", "29/02/2024", "29/02/2024");
    struct figure figure = read_figure(cx, &query);
    assert_int_equal(figure.value, -1);
    assert_int_equal(figure.bases[1]->query->from, fixture_day("28/02/2023"));
    assert_int_equal(figure.bases[1]->query->to, fixture_day("28/02/2023"));
}

/* The year before is asked by the structure of this year's last day. */
static void
test_figure__a_change_compares_one_structure(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put(cx, "bt.a.x.1", "ngay=05/02/2025");
    put(cx, "bt.a.x.1", "ngay=05/03/2026");
    change_tree(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/01/2026");
    assert_int_equal(value_of(cx, "doi_hon", "bt.b"), 0);
    assert_false(figure_of(cx, "doi_hon", "bt.a").has_value);
}

/* Directives */

static void
test_figure__a_record_counts_once_in_each_of_its_directives(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    put_of(cx, "doi", "bt.a.x.1", "xong", "ngay=05/02/2026; loai=mot", "doi");
    put_of(cx, "doi", "bt.a.x.1", "xong", "ngay=05/02/2026; loai=mot", "03-NQ/TU");
    const char *code = put_of(cx, "doi", "bt.a.x.1", "xong", "ngay=06/02/2026", "doi, doi_hai");
    struct record_change change = {.reason = "Gắn nhầm"};
    struct record *record;
    assert_int_equal(value_of(cx, "doi_dem", "bt"), 3);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi"), 2);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi_hai"), 2);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi,directive=doi_hai"), 1);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "loai=mot,directive=doi_hai"), 1);
    must(cx, record_load(cx, code, &record));
    assert_true(directive_parse(cx, record->reg, "doi", (struct fault){0}, &change.directives));
    must(cx, record_change(cx, code, &change, &record));
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi_hai"), 1);
    assert_int_equal(value_of(cx, "doi_dem", "bt"), 3);
}

static void
test_figure__a_filter_by_directive_is_read_back(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure_query query = ask(cx, "doi_dem", "bt", "01/01/2026", "31/12/2026");
    must(cx, cut_filter_parse(cx, query.indicator, "directive=03-NQ/TU,gap=co", &query.where));
    const char *text = cut_filter_text(cx->arena, cx->world, query.indicator, &query.where);
    assert_string_equal(text, "gap=co,directive=doi_hai");
    must_be(cx, ERR_INVALID,
        cut_filter_parse(cx, query.indicator, "directive=99-CT/TU", &query.where));
    assert_true(fixture_said(cx, "doi_hai (03-NQ/TU)"));
}

/* The denominator is asked for the same choice, or not at all. */
static void
test_figure__a_ratio_is_filtered_on_both_sides(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct figure figure;
    put(cx, "bt.a.x.1", "ngay=05/02/2026; loai=mot; gap=có");
    put(cx, "bt.a.x.1", "ngay=05/02/2026; loai=mot; gap=không");
    put_of(cx, "doi", "bt.a.x.1", "xong", "ngay=05/02/2026; loai=hai; gap=không", "doi_hai");
    assert_int_equal(value_where(cx, "doi_ty_le", "bt", "loai=mot"), 500);
    assert_int_equal(value_of(cx, "doi_ty_le", "bt"), 333);
    assert_int_equal(value_where(cx, "doi_ty_le", "bt", "directive=doi"), 500);
    assert_int_equal(value_where(cx, "doi_ty_le", "bt", "directive=doi_hai"), 0);
    struct figure_query query = ask(cx, "doi_ton_tren", "bt", "01/01/2026", "31/12/2026");
    must(cx, cut_filter_parse(cx, query.indicator, "gap=co", &query.where));
    must_be(cx, ERR_INVALID, figure_read(cx, &query, &figure));
    assert_true(fixture_said(cx, "mẫu số doi_kho không chia theo"));
}

/* A declaration is of its register's directive unless it names another. */
static void
test_figure__a_declaration_has_its_directive(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_dem",
        .unit = "bt",
        .value = "5",
        .from = "01/01/2026",
        .to = "30/06/2026"};
    tell(cx, input);
    input.cut = "directive=doi_hai";
    input.value = "3";
    tell(cx, input);
    assert_int_equal(value_of(cx, "doi_dem", "bt"), 8);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi"), 5);
    assert_int_equal(value_where(cx, "doi_dem", "bt", "directive=doi_hai"), 3);
}

/* Notices */

static void
test_figure__a_percentage_without_a_fraction_is_to_be_explained(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.indicator = "doi_ty_le",
        .unit = "bt",
        .value = "100",
        .from = "01/01/2026",
        .to = "30/06/2026"};
    struct figure_notice *notices;
    int count;
    tell(cx, input);
    struct figure figure = figure_of(cx, "doi_ty_le", "bt");
    must(cx, figure_notices(cx, &figure, &notices, &count));
    assert_int_equal(count, 1);
    assert_string_equal(notices[0].message,
        "100% chưa có minh chứng: không có tử số và mẫu số kê khai.");
    input.value = "98,8";
    tell(cx, input);
    figure = figure_of(cx, "doi_ty_le", "bt");
    must(cx, figure_notices(cx, &figure, &notices, &count));
    assert_string_equal(notices[0].message, "Chỉ có số kê khai, không có tử số và mẫu số.");
    input.value = "50";
    input.numerator = "1";
    input.denominator = "2";
    tell(cx, input);
    figure = figure_of(cx, "doi_ty_le", "bt");
    must(cx, figure_notices(cx, &figure, &notices, &count));
    assert_int_equal(count, 0);
}

/* 8 to be disciplined, 5 in violation: the figures are both shown, and the rule told at each. */
static void
test_figure__a_rule_between_figures_is_told_at_both(void **state)
{
    static const char *const sides[] = {"kt_phai_kl_dv", "kt_vi_pham_dv"};
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct declare input = {.unit = "bt", .from = "01/01/2026", .to = "30/06/2026"};
    struct figure_notice *notices;
    int count;
    input.indicator = sides[0];
    input.value = "8";
    tell(cx, input);
    for (int more = 0; more < 2; more++) {
        input.indicator = sides[1];
        input.value = more ? "8" : "5";
        tell(cx, input);
        for (size_t i = 0; i < COUNT_OF(sides); i++) {
            struct figure figure = figure_of(cx, sides[i], "bt");
            must(cx, figure_notices(cx, &figure, &notices, &count));
            assert_int_equal(count, more ? 0 : 1);
            if (more)
                continue;
            assert_int_equal(notices[0].figure->value, 8);
            assert_int_equal(notices[0].other->value, 5);
        }
    }
}

int
main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, setup_facts, teardown),                                  \
        cmocka_unit_test_setup_teardown(name, setup_cells, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_figure__a_value_counts_once_however_often_it_comes),
        TEST(test_figure__different_choices_after_a_new_one_comes_first),
        TEST(test_figure__different_values_of_a_part_that_moved_away_and_back),
        TEST(test_figure__a_stock_opens_grows_shrinks_and_closes),
        TEST(test_figure__what_goes_out_takes_its_word_with_it),
        TEST(test_figure__a_stock_is_brought_along_and_taken_away),
        TEST(test_figure__an_heir_has_the_stock_until_it_goes_out),
        TEST(test_figure__the_heir_of_an_heir_has_the_stock),
        TEST(test_figure__an_heir_passes_on_what_it_succeeded_to),
        TEST(test_figure__a_record_that_counts_later_keeps_its_unit_from_ending),
        TEST(test_figure__the_parent_has_the_stock_until_it_goes_out),
        TEST(test_figure__by_the_structure_of_a_day_nothing_counts_for_who_is_no_more),
        TEST(test_figure__two_units_that_stood_above_each_other),
        TEST(test_figure__stocks_and_ratios_change_by_their_difference),
        TEST(test_figure__of_declared_stocks_the_newest_counts),
        TEST(test_figure__of_two_stocks_of_one_day_the_last_declared_counts),
        TEST(test_figure__a_ratio_has_what_it_was_divided_from),
        TEST(test_figure__a_ratio_of_nothing_has_no_value),
        TEST(test_figure__a_ratio_of_units_counts_those_of_the_last_day),
        TEST(test_figure__a_declared_percentage_stays_at_its_unit),
        TEST(test_figure__declared_fractions_are_added_before_they_are_divided),
        TEST(test_figure__a_change_is_against_the_same_days_a_year_before),
        TEST(test_figure__a_year_before_the_29th_is_the_28th_of_february),
        TEST(test_figure__a_change_compares_one_structure),
        TEST(test_figure__a_record_counts_once_in_each_of_its_directives),
        TEST(test_figure__a_filter_by_directive_is_read_back),
        TEST(test_figure__a_ratio_is_filtered_on_both_sides),
        TEST(test_figure__a_declaration_has_its_directive),
        TEST(test_figure__a_percentage_without_a_fraction_is_to_be_explained),
        TEST(test_figure__a_rule_between_figures_is_told_at_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
