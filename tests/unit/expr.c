/* Conditions: what they mean on a record, in three values. How wrong ones are refused is shown by
 * the golden definitions. */
#include "pack/expr.h"

#include "base/date.h"
#include "pack/pack.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char register_text[] = "register: so\n"
                                    "label: Sổ\n"
                                    "fields:\n"
                                    "  loai: { kind: choice, choices: { a: A, b: B, c: C } }\n"
                                    "  ngay: { kind: date }\n"
                                    "  so: { kind: integer, label: Số việc }\n"
                                    "  ty_le: { kind: quantity, units: [phan_tram], decimals: 2 }\n"
                                    "  ten: { kind: text }\n"
                                    "  co: { kind: boolean }\n"
                                    "  noi: { kind: unit }\n"
                                    "  dong:\n"
                                    "    kind: list\n"
                                    "    fields:\n"
                                    "      kieu: { kind: choice, choices: { x: X, y: Y } }\n"
                                    "      sl: { kind: quantity, units: [luot], decimals: 1 }\n"
                                    "states:\n"
                                    "  nhap: { label: Nháp, initial: true }\n";

enum { LOAI, NGAY, SO, TY_LE, TEN, CO, NOI, FIELDS };
enum { KIEU, SL, COLUMNS };

struct fixture {
    struct ctx cx;
    const struct reg *reg;
    struct value fields[FIELDS];
    struct value columns[COLUMNS];
};

static struct fixture fixture;

static int
setup(void **state)
{
    const struct pack_file file = {"so.yaml", register_text};
    const struct model *model;
    (void)state;
    fixture = (struct fixture){.cx.arena = arena_new()};
    if (pack_load(&fixture.cx, fixture.cx.arena, &file, 1, &model) != OK)
        return -1;
    fixture.reg = model_register(model, "so");
    for (int i = 0; i < FIELDS; i++)
        fixture.fields[i].is_null = true;
    for (int i = 0; i < COLUMNS; i++)
        fixture.columns[i].is_null = true;
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(fixture.cx.arena);
    return 0;
}

static void
set(int field, int64_t number)
{
    fixture.fields[field] = (struct value){.number = number};
}

static const struct expr *
parse(const char *text)
{
    const struct expr *e = NULL;
    const struct field *list;
    if (expr_parse(&fixture.cx, fixture.reg, text, (struct place){"so.yaml", 7, 10}, &e, &list) !=
        OK)
        fail_msg("%s: %s", text, fixture.cx.faults.items[0].message);
    return e;
}

static enum truth
truth(const char *text)
{
    struct row fields = {fixture.fields}, row = {fixture.columns};
    enum truth out;
    if (expr_evaluate(&fixture.cx, parse(text), &fields, &row, &out) != OK)
        fail_msg("%s: %s", text, fixture.cx.faults.items[0].message);
    return out;
}

static const char *
printed(const char *text)
{
    struct buf out = buf_new(fixture.cx.arena);
    expr_print(&out, parse(text));
    return buf_string(&out);
}

static void
test_expr__or_binds_weakest_then_and_then_not(void **state)
{
    (void)state;
    assert_string_equal(printed("not co or co and so = 1"), "(or (not co) (and co (= so 1)))");
    assert_string_equal(printed("not (co or co) and co"), "(and (not (or co co)) co)");
    assert_string_equal(printed("so - 1 - 2 * so < -so + 4"),
        "(< (- (- so 1) (* 2 so)) (+ (neg so) 4))");
    assert_string_equal(printed("not loai in ('a', 'c')"), "(not (in loai a c))");
}

static void
test_expr__two_ways_to_write_it_are_one_condition(void **state)
{
    (void)state;
    assert_string_equal(printed("(loai != 'a')  and\n((so)) >= 2"),
        printed("loai <> 'a' and so>=2"));
}

static void
test_expr__null_is_not_true_and_not_false(void **state)
{
    (void)state;
    assert_int_equal(truth("so = 1"), IS_NULL);
    assert_int_equal(truth("not so = 1"), IS_NULL);
    assert_int_equal(truth("so + 1 > 0"), IS_NULL);
    assert_int_equal(truth("so in (1, 2)"), IS_NULL);
    assert_int_equal(truth("co"), IS_NULL);
    assert_int_equal(truth("ten = 'x'"), IS_NULL);
    assert_int_equal(truth("so is null"), IS_TRUE);
    assert_int_equal(truth("so is not null"), IS_FALSE);
    assert_int_equal(truth("noi is null"), IS_TRUE);
}

static void
test_expr__and_or_follow_the_tables_of_three_values(void **state)
{
    static const char *const names[] = {"1 = 0", "1 = 1", "so = 1"}; /* false, true, null */
    static const enum truth ands[3][3] = {{IS_FALSE, IS_FALSE, IS_FALSE},
        {IS_FALSE, IS_TRUE, IS_NULL}, {IS_FALSE, IS_NULL, IS_NULL}};
    static const enum truth ors[3][3] = {{IS_FALSE, IS_TRUE, IS_NULL}, {IS_TRUE, IS_TRUE, IS_TRUE},
        {IS_NULL, IS_TRUE, IS_NULL}};
    char text[64];
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            snprintf(text, sizeof(text), "%s and %s", names[i], names[j]);
            assert_int_equal(truth(text), ands[i][j]);
            snprintf(text, sizeof(text), "%s or %s", names[i], names[j]);
            assert_int_equal(truth(text), ors[i][j]);
        }
}

static void
test_expr__comparisons_hold_as_written(void **state)
{
    static const char *const signs[] = {"=", "<>", "!=", "<", "<=", ">", ">="};
    static const char *const when[] = {"010", "101", "101", "100", "110", "001", "011"};
    char text[64];
    (void)state;
    for (int value = 4; value <= 6; value++)
        for (size_t i = 0; i < COUNT_OF(signs); i++) {
            set(SO, value);
            snprintf(text, sizeof(text), "so %s 5", signs[i]);
            assert_int_equal(truth(text), when[i][value - 4] == '1' ? IS_TRUE : IS_FALSE);
        }
}

static void
test_expr__numbers_of_different_scale_are_compared_by_value(void **state)
{
    (void)state;
    set(TY_LE, 150); /* 1.50 */
    set(SO, 2);
    fixture.columns[SL] = (struct value){.number = 15}; /* 1.5 */
    assert_int_equal(truth("ty_le = 1.5"), IS_TRUE);
    assert_int_equal(truth("1.500 = ty_le"), IS_TRUE);
    assert_int_equal(truth("ty_le < so"), IS_TRUE);
    assert_int_equal(truth("dong.sl = ty_le"), IS_TRUE);
    assert_int_equal(truth("so in (1.5, 2.0)"), IS_TRUE);
    assert_int_equal(truth("ty_le in (1, 1.5)"), IS_TRUE);
    assert_int_equal(truth("ty_le * 2 = so + 1"), IS_TRUE);
    assert_int_equal(truth("ty_le * ty_le = 2.25"), IS_TRUE);
    assert_int_equal(truth("so - 3.5 = -ty_le"), IS_TRUE);
}

static void
test_expr__texts_choices_dates_and_booleans_are_read_for_their_field(void **state)
{
    int32_t day = day_from_civil((struct civil){2019, 6, 30});
    (void)state;
    set(LOAI, 2);
    set(NGAY, day);
    set(CO, 1);
    fixture.fields[TEN] = (struct value){.text = "ông 'A'"};
    fixture.columns[KIEU] = (struct value){.number = 1};
    assert_int_equal(truth("loai = 'c'"), IS_TRUE);
    assert_int_equal(truth("'b' = loai"), IS_FALSE);
    assert_int_equal(truth("loai in ('a', 'c')"), IS_TRUE);
    assert_int_equal(truth("dong.kieu = 'y'"), IS_TRUE);
    assert_int_equal(truth("ngay >= '2019-06-30' and ngay < '2019-07-01'"), IS_TRUE);
    assert_int_equal(truth("ten = 'ông ''A'''"), IS_TRUE);
    assert_int_equal(truth("ten in ('A', 'B')"), IS_FALSE);
    assert_int_equal(truth("co and co = true and co <> false"), IS_TRUE);
}

static void
test_expr__a_number_beyond_64_bits_is_a_fault_that_names_the_field(void **state)
{
    static const char *const texts[] = {"so + 1 > 0", "so * 2 > 0", "-1 - so - 2 < 0", "so > 1.5"};
    struct row fields = {fixture.fields};
    enum truth out;
    (void)state;
    set(SO, INT64_MAX);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        fault_forget(&fixture.cx, 0);
        assert_int_equal(expr_evaluate(&fixture.cx, parse(texts[i]), &fields, NULL, &out),
            ERR_INVALID);
        assert_string_equal(fixture.cx.faults.items[0].field, "so");
        assert_string_equal(fixture.cx.faults.items[0].message,
            "Số việc: số quá lớn, không tính được.");
    }
    set(SO, INT64_MIN);
    assert_int_equal(expr_evaluate(&fixture.cx, parse("-so > 0"), &fields, NULL, &out),
        ERR_INVALID);
}

static void
test_expr__a_side_that_decides_spares_the_other(void **state)
{
    (void)state;
    set(SO, INT64_MAX);
    assert_int_equal(truth("so < 0 and so + 1 > 0"), IS_FALSE);
    assert_int_equal(truth("so > 0 or so + 1 > 0"), IS_TRUE);
}

static void
test_expr__a_true_condition_excludes_null_of_what_it_compares(void **state)
{
    static const struct {
        const char *text;
        bool excludes;
    } cases[] = {
        {"ngay is not null", true},
        {"ngay is null", false},
        {"not ngay is null", true},
        {"not ngay is not null", false},
        {"ngay > '2019-01-01'", true},
        {"'2019-01-01' <> ngay", true},
        {"not ngay > '2019-01-01'", true},
        {"ngay in ('2019-01-01')", true},
        {"co and ngay is not null", true},
        {"co or ngay is not null", false},
        {"ngay > '2019-01-01' or ngay is not null", true},
        {"not (co and ngay > '2019-01-01')", false},
        {"not (co or ngay > '2019-01-01')", false},
        {"co", false},
    };
    const struct field *ngay = reg_field(fixture.reg, "ngay");
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (expr_excludes_null(parse(cases[i].text), ngay) != cases[i].excludes)
            fail_msg("%s", cases[i].text);
    assert_true(expr_excludes_null(parse("so * 2 + 1 > 0"), reg_field(fixture.reg, "so")));
    assert_true(expr_excludes_null(parse("co"), reg_field(fixture.reg, "co")));
    assert_true(expr_excludes_null(parse("not co"), reg_field(fixture.reg, "co")));
}

static void
test_expr__the_list_that_is_read_is_given_back(void **state)
{
    const struct expr *e;
    const struct field *list;
    struct place place = {"so.yaml", 1, 1};
    (void)state;
    assert_int_equal(expr_parse(&fixture.cx, fixture.reg, "dong.sl > so", place, &e, &list), OK);
    assert_ptr_equal(list, reg_field(fixture.reg, "dong"));
    assert_int_equal(expr_parse(&fixture.cx, fixture.reg, "so > 1", place, &e, &list), OK);
    assert_null(list);
}

static void
test_expr__columns_of_faults_count_characters_from_the_place(void **state)
{
    const struct expr *e;
    const struct field *list;
    struct place place = {"so.yaml", 7, 10};
    (void)state;
    assert_int_equal(expr_parse(&fixture.cx, fixture.reg, "ten = 'ấy' and x", place, &e, &list),
        ERR_INVALID);
    assert_int_equal(fixture.cx.faults.count, 1);
    assert_int_equal(fixture.cx.faults.items[0].line, 7);
    assert_int_equal(fixture.cx.faults.items[0].column, 10 + 15);
}

static void
test_expr__a_condition_has_a_largest_length(void **state)
{
    struct buf text = buf_new(fixture.cx.arena);
    const struct expr *e;
    const struct field *list;
    (void)state;
    buf_text(&text, "co");
    while (text.length < 3990)
        buf_text(&text, " and co");
    assert_int_equal(truth(text.bytes), IS_NULL);
    buf_text(&text, " and co and co");
    assert_int_equal(expr_parse(&fixture.cx, fixture.reg, text.bytes,
                         (struct place){"so.yaml", 1, 1}, &e, &list),
        ERR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_expr__or_binds_weakest_then_and_then_not),
        TEST(test_expr__two_ways_to_write_it_are_one_condition),
        TEST(test_expr__null_is_not_true_and_not_false),
        TEST(test_expr__and_or_follow_the_tables_of_three_values),
        TEST(test_expr__comparisons_hold_as_written),
        TEST(test_expr__numbers_of_different_scale_are_compared_by_value),
        TEST(test_expr__texts_choices_dates_and_booleans_are_read_for_their_field),
        TEST(test_expr__a_number_beyond_64_bits_is_a_fault_that_names_the_field),
        TEST(test_expr__a_side_that_decides_spares_the_other),
        TEST(test_expr__a_true_condition_excludes_null_of_what_it_compares),
        TEST(test_expr__the_list_that_is_read_is_given_back),
        TEST(test_expr__columns_of_faults_count_characters_from_the_place),
        TEST(test_expr__a_condition_has_a_largest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
