/* Importing lists of units: what a list may do to the tree that is there. */
#include "domain/unit.h"

#include "fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static enum status
import(struct ctx *cx, const char *list, const char *on, struct unit_import_result *result)
{
    struct unit_import input = {.file = "units.tsv",
        .text = list,
        .length = strlen(list),
        .day = fixture_day(on),
        .from_day = DAY_MIN};
    return unit_import(cx, &input, result);
}

/* A list that is refused: what is said, on which line, and that nothing is changed. */
static void
refuse(struct fixture *fixture, const char *list, int line, const char *said)
{
    struct ctx *cx = &fixture->cx;
    struct unit_import_result result;
    uint64_t before = fixture_digest(fixture);
    must_be(cx, ERR_INVALID, import(cx, list, "01/06/2026", &result));
    if (!fixture_said(cx, said))
        fail_msg("“%s”, not “%s”", cx->faults.items[0].message, said);
    assert_int_equal(cx->faults.items[0].line, line);
    assert_string_equal(cx->faults.items[0].file, "units.tsv");
    assert_true(before == fixture_digest(fixture));
    fixture_next(cx);
}

#define HEAD  "code\tparent_code\tlevel\tname\n"
#define DATED "code\tparent_code\tlevel\tname\tfrom\tto\n"

static void
test_unit__the_same_list_again_changes_nothing(void **state)
{
    static const char list[] = HEAD "bt.n\tbt\thuyen\tHuyện Mới\n"
                                    "bt.n.1\tbt.n\txa\tXã Một\n"
                                    "bt.a\tbt\thuyen\tHuyện An Đổi Tên\n";
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct unit_import_result result;
    must(cx, import(cx, list, "01/06/2026", &result));
    assert_int_equal(result.created, 2);
    assert_int_equal(result.changed, 1);
    uint64_t before = fixture_digest(fixture);
    must(cx, import(cx, list, "02/06/2026", &result));
    assert_int_equal(result.unchanged, 3);
    assert_true(before == fixture_digest(fixture));
    fixture_next(cx);
    const struct unit *unit = fixture_unit(cx, "bt.a");
    assert_string_equal(unit_on(unit, fixture_day("31/05/2026"))->name, "Huyện An");
    assert_string_equal(unit_on(unit, fixture_day("01/06/2026"))->name, "Huyện An Đổi Tên");
    assert_int_equal(fixture_unit(cx, "bt.n.1")->shard, fixture_unit(cx, "bt")->shard);
}

static void
test_unit__a_list_names_its_first_bad_line(void **state)
{
    refuse(*state, HEAD "bt.n\tbt\thuyen\tA\nbt.m\tkhong\thuyen\tB\n", 3,
        "Không có đơn vị cấp trên");
    refuse(*state, HEAD "bt.n\tbt\thuyen\tA\nbt.n\tbt\thuyen\tB\n", 3, "đã có ở dòng 2");
    refuse(*state, HEAD "x\ty\txa\tX\ny\tz\txa\tY\nz\tx\txa\tZ\n", 2, "Vòng lặp");
    refuse(*state, HEAD "khac\t\ttinh\tGốc khác\n", 2, "Cây đã có gốc");
    refuse(*state, HEAD "bt.n\tbt\tHUYỆN\tA\n", 2, "cần một từ khóa");
    refuse(*state, HEAD "bt.n\tbt\thuyen\t\xff\n", 2, "");
}

/* The list names one end of the circle only; the tree closes it. */
static void
test_unit__a_circle_through_the_tree_is_refused(void **state)
{
    refuse(*state, HEAD "bt.a\tbt.a.x\thuyen\tHuyện An\n", 2, "Vòng lặp");
    refuse(*state, HEAD "bt.a\tbt.b.z\thuyen\tHuyện An\nbt.b\tbt.a.y\thuyen\tHuyện Bình\n", 2,
        "Vòng lặp");
}

/* A parent that the same list moves out of the way makes no circle. */
static void
test_unit__units_may_change_places(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct unit_import_result result;
    must(cx,
        import(cx, HEAD "bt.a\tbt.a.x\thuyen\tHuyện An\nbt.a.x\tbt\txa\tXã Xuân\n", "01/06/2026",
            &result));
    fixture_next(cx);
    assert_true(unit_inside(fixture_unit(cx, "bt.a.y"), fixture_unit(cx, "bt.a.x"),
        fixture_day("01/06/2026")));
    assert_false(unit_inside(fixture_unit(cx, "bt.a.y"), fixture_unit(cx, "bt.a.x"),
        fixture_day("31/05/2026")));
}

/* What a unit counts on a day on which its parent is not there would be in no sum. */
static void
test_unit__a_unit_lives_no_longer_than_its_parent(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct unit_event end = {.kind = UNIT_ABOLISH,
        .code = "bt.a.y",
        .day = fixture_day("01/09/2026")};
    struct unit_import_result result;
    must(cx,
        import(cx, DATED "bt.n\tbt\thuyen\tMới\t2026-03-01\t2026-12-31\n", "01/06/2026", &result));
    must(cx, unit_change(cx, &end));
    refuse(*state, HEAD "bt.n.1\tbt.n\txa\tXã Một\n", 2, "chỉ có từ 01/03/2026");
    refuse(*state, DATED "bt.n.1\tbt.n\txa\tXã Một\t2026-03-01\t\n", 2, "chỉ có đến 31/12/2026");
    refuse(*state,
        DATED "m\tbt\txa\tM\t2026-03-01\t2026-04-01\nm.1\tm\txa\tM1\t2026-03-01\t2026-04-02\n", 3,
        "chỉ có đến 01/04/2026");
    refuse(*state, HEAD "bt.b.z\tbt.a.y\txa\tXã Dừa\n", 2, "chỉ có đến 31/08/2026");
    must(cx,
        import(cx, DATED "bt.n.1\tbt.n\txa\tXã Một\t2026-03-01\t2026-12-31\n", "01/06/2026",
            &result));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_unit__the_same_list_again_changes_nothing),
        TEST(test_unit__a_list_names_its_first_bad_line),
        TEST(test_unit__a_circle_through_the_tree_is_refused),
        TEST(test_unit__units_may_change_places),
        TEST(test_unit__a_unit_lives_no_longer_than_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
