/* The calendar: working days, the standard periods of a year, and what may be put into it. */
#include "domain/calendar.h"

#include "fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static enum status
import(struct ctx *cx,
    enum status (*reader)(struct ctx *, const struct calendar_file *, struct calendar_result *),
    const char *text, struct calendar_result *result)
{
    struct calendar_file file = {"lich.tsv", text, strlen(text)};
    return reader(cx, &file, result);
}

/* Thursday and Friday before a weekend, and the Monday after it. */
static const char holidays[] = "day\tname\tnote\n"
                               "2026-04-30\tNgày Chiến thắng\t\n"
                               "01/05/2026\t Quốc tế lao động \tkhông đọc\n"
                               "2026-05-04\tNghỉ bù\t\n";

static void
load_holidays(struct ctx *cx)
{
    struct calendar_result result;
    must(cx, import(cx, holiday_import, holidays, &result));
    assert_int_equal(result.created, 3);
}

static void
test_calendar__days_off_are_not_counted(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    assert_true(day_is_working(cx->world->calendar, fixture_day("30/04/2026")));
    assert_false(day_is_working(cx->world->calendar, fixture_day("02/05/2026"))); /* Saturday */
    assert_false(day_is_working(cx->world->calendar, fixture_day("03/05/2026")));
    load_holidays(cx);
    const struct calendar *calendar = cx->world->calendar;
    assert_int_equal(calendar->holiday_count, 3);
    assert_string_equal(holiday_on(calendar, fixture_day("01/05/2026"))->name, "Quốc tế lao động");
    assert_null(holiday_on(calendar, fixture_day("02/05/2026")));
    assert_true(day_is_working(calendar, fixture_day("29/04/2026")));
    assert_false(day_is_working(calendar, fixture_day("30/04/2026")));
    assert_false(day_is_working(calendar, fixture_day("04/05/2026")));
    assert_int_equal(workday_on_or_after(calendar, fixture_day("29/04/2026")),
        fixture_day("29/04/2026"));
    assert_int_equal(workday_on_or_after(calendar, fixture_day("30/04/2026")),
        fixture_day("05/05/2026"));
    assert_int_equal(workday_add(calendar, fixture_day("30/04/2026"), 0),
        fixture_day("05/05/2026"));
    assert_int_equal(workday_add(calendar, fixture_day("29/04/2026"), 0),
        fixture_day("29/04/2026"));
    assert_int_equal(workday_add(calendar, fixture_day("29/04/2026"), 1),
        fixture_day("05/05/2026"));
    assert_int_equal(workday_add(calendar, fixture_day("30/04/2026"), 1),
        fixture_day("05/05/2026"));
    assert_int_equal(workday_add(calendar, fixture_day("28/04/2026"), 5),
        fixture_day("08/05/2026"));
    assert_int_equal(workday_add(calendar, DAY_MAX - 1, 9), DAY_MAX);
}

static void
expect_period(struct ctx *cx, const char *key, const char *from, const char *to, const char *due)
{
    const struct period *period;
    must(cx, period_find(cx, key, &period));
    if (period->from != fixture_day(from) || period->to != fixture_day(to) ||
        period->due != fixture_day(due))
        fail_msg("%s: %s to %s, due %s", key, date_iso(cx->arena, period->from),
            date_iso(cx->arena, period->to), date_iso(cx->arena, period->due));
}

static void
make(struct ctx *cx, const char *year, const char *kind, const char *due, int created, int changed)
{
    struct period_make input = {year, kind, due};
    struct calendar_result result;
    must(cx, period_make(cx, &input, &result));
    assert_int_equal(result.created, created);
    assert_int_equal(result.changed, changed);
    assert_int_equal(result.unchanged, STANDARD_PERIODS - created - changed);
}

static void
test_calendar__periods_of_the_calendar(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    make(cx, "2024", "lich", "0", STANDARD_PERIODS, 0);
    expect_period(cx, "lich_2024_nam", "01/01/2024", "31/12/2024", "31/12/2024");
    expect_period(cx, "lich_2024_6_thang", "01/01/2024", "30/06/2024", "01/07/2024");
    expect_period(cx, "lich_2024_9_thang", "01/01/2024", "30/09/2024", "30/09/2024");
    expect_period(cx, "lich_2024_quy_1", "01/01/2024", "31/03/2024", "01/04/2024");
    expect_period(cx, "lich_2024_quy_4", "01/10/2024", "31/12/2024", "31/12/2024");
    expect_period(cx, "lich_2024_thang_02", "01/02/2024", "29/02/2024", "29/02/2024");
    expect_period(cx, "lich_2024_thang_12", "01/12/2024", "31/12/2024", "31/12/2024");
}

static void
test_calendar__periods_from_the_15th_to_the_14th(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    make(cx, "2019", "chot_14", "3", STANDARD_PERIODS, 0);
    expect_period(cx, "chot_14_2019_nam", "15/12/2018", "14/12/2019", "18/12/2019");
    expect_period(cx, "chot_14_2019_6_thang", "15/12/2018", "14/06/2019", "19/06/2019");
    expect_period(cx, "chot_14_2019_9_thang", "15/12/2018", "14/09/2019", "18/09/2019");
    expect_period(cx, "chot_14_2019_quy_1", "15/12/2018", "14/03/2019", "19/03/2019");
    expect_period(cx, "chot_14_2019_quy_2", "15/03/2019", "14/06/2019", "19/06/2019");
    expect_period(cx, "chot_14_2019_quy_3", "15/06/2019", "14/09/2019", "18/09/2019");
    expect_period(cx, "chot_14_2019_quy_4", "15/09/2019", "14/12/2019", "18/12/2019");
    expect_period(cx, "chot_14_2019_thang_01", "15/12/2018", "14/01/2019", "17/01/2019");
    expect_period(cx, "chot_14_2019_thang_03", "15/02/2019", "14/03/2019", "19/03/2019");
}

/* Whichever year: quarters and months follow each other without a gap, and the wholes begin with
 * the first of them. */
static void
test_calendar__parts_of_a_year_fit_together(void **state)
{
    enum { YEAR, SIX, NINE, QUARTERS, MONTHS = QUARTERS + 4 };
    struct fixture *fixture = *state;
    struct period p[STANDARD_PERIODS], next[STANDARD_PERIODS];
    for (int year = 1999; year <= 2030; year++) {
        for (enum period_kind kind = 0; kind < PERIOD_RIENG; kind++) {
            const struct calendar *calendar = fixture->cx.world->calendar;
            period_standard(fixture->cx.arena, calendar, year, kind, 5, p);
            period_standard(fixture->cx.arena, calendar, year + 1, kind, 5, next);
            for (int i = QUARTERS; i < QUARTERS + 3; i++)
                assert_int_equal(p[i + 1].from, p[i].to + 1);
            for (int i = MONTHS; i < MONTHS + 11; i++)
                assert_int_equal(p[i + 1].from, p[i].to + 1);
            assert_int_equal(p[YEAR].from, p[MONTHS].from);
            assert_int_equal(p[YEAR].to, p[MONTHS + 11].to);
            assert_int_equal(p[SIX].to, p[QUARTERS + 1].to);
            assert_int_equal(p[NINE].to, p[QUARTERS + 2].to);
            assert_int_equal(p[SIX].from, p[YEAR].from);
            assert_int_equal(p[NINE].from, p[YEAR].from);
            assert_int_equal(next[YEAR].from, p[YEAR].to + 1);
        }
    }
}

static void
test_calendar__a_period_is_what_stands_in_the_table(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    make(cx, "2026", "lich", "2", STANDARD_PERIODS, 0);
    expect_period(cx, "lich_2026_thang_04", "01/04/2026", "30/04/2026", "04/05/2026");
    load_holidays(cx);
    expect_period(cx, "lich_2026_thang_04", "01/04/2026", "30/04/2026", "04/05/2026");
    int64_t id = fixture_sql(fixture, "SELECT id FROM period WHERE key = 'lich_2026_thang_04'");
    make(cx, "2026", "lich", "2", 0, 1);
    expect_period(cx, "lich_2026_thang_04", "01/04/2026", "30/04/2026", "06/05/2026");
    make(cx, "2026", "lich", "2", 0, 0);
    make(cx, "2026", "lich", NULL, 0, STANDARD_PERIODS);
    expect_period(cx, "lich_2026_thang_06", "01/06/2026", "30/06/2026", "07/07/2026");
    assert_true(id ==
        fixture_sql(fixture,
            "SELECT id FROM period WHERE key = "
            "'lich_2026_thang_04'"));
}

static void
test_calendar__a_year_without_holidays_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct period_make input = {"2026", "chot_14", "3"};
    struct calendar_result result;
    must(cx, period_make(cx, &input, &result));
    assert_int_equal(result.bare_year, 2026);
    load_holidays(cx);
    must(cx, period_make(cx, &input, &result));
    assert_int_equal(result.bare_year, 0);
}

/* A change that must fail: what is said, and that nothing is changed. */
static void
refused(struct fixture *fixture, enum status status, uint64_t before, const char *said)
{
    if (status == OK || !fixture_said(&fixture->cx, said))
        fail_msg("status %d, not “%s”", (int)status, said);
    fixture_next(&fixture->cx);
    assert_true(before == fixture_digest(fixture));
}

static void
test_calendar__periods_that_cannot_be(void **state)
{
    static const struct {
        struct period_add input;
        const char *said;
    } adds[] = {
        {{"gd", "", "2016-01-01", "2020-12-31", NULL}, "Tên còn trống"},
        {{"Gd", "Giai đoạn", "2016-01-01", "2020-12-31", NULL}, "Khóa “Gd”"},
        {{"gd", "Giai đoạn", "2016-01-32", "2020-12-31", NULL}, "“2016-01-32”"},
        {{"gd", "Giai đoạn", "2016-01-01", "31/31/2020", NULL}, "“31/31/2020”"},
        {{"gd", "Giai đoạn", "2016-01-01", "2020-12-31", "x"}, "“x”"},
        {{"gd", "Giai đoạn", "2021-01-01", "2020-12-31", NULL}, "từ 01/01/2021 đến 31/12/2020"},
        {{"gd", "Giai đoạn", "2016-01-01", "2020-12-31", "2020-12-30"}, "Hạn 30/12/2020"},
        {{"lich_2019_nam", "Năm", "2019-01-01", "2019-12-31", NULL}, "theo lịch"},
    };
    static const struct {
        struct period_make input;
        const char *said;
    } makes[] = {
        {{"1899", "lich", NULL}, "“1899”"},
        {{"20190", "lich", NULL}, "“20190”"},
        {{"2019", "rieng", NULL}, "“rieng”"},
        {{"2019", "lich", "61"}, "“61”"},
        {{"2019", "lich", "-1"}, "“-1”"},
        {{"2020", "lich", NULL}, "đặt riêng"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct calendar_result result;
    struct period_add own = {"lich_2020_quy_4", "Quý", "2020-10-01", "2020-12-31", NULL};
    make(cx, "2019", "lich", NULL, STANDARD_PERIODS, 0);
    must(cx, period_add(cx, &own, &result));
    fixture_next(cx);
    uint64_t before = fixture_digest(fixture);
    for (size_t i = 0; i < COUNT_OF(adds); i++)
        refused(fixture, period_add(cx, &adds[i].input, &result), before, adds[i].said);
    for (size_t i = 0; i < COUNT_OF(makes); i++)
        refused(fixture, period_make(cx, &makes[i].input, &result), before, makes[i].said);
}

static void
test_calendar__reviews_are_of_the_directives_of_the_pack(void **state)
{
    static const char good[] = "key\tdirective\tkind\tdue\tlabel\n"
                               "b\t05-ct/tw\ttong_ket\t2026-05-15\tTổng kết\n"
                               "a\tchi_thi_05\tso_ket\t15/05/2019\tSơ kết\n";
    static const char other[] = "key\tdirective\tkind\tdue\tlabel\n"
                                "a\t01-CT/TW\tso_ket\t15/05/2019\tSơ kết\n";
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct calendar_result result;
    must(cx, import(cx, review_import, good, &result));
    assert_int_equal(result.created, 2);
    const struct calendar *calendar = cx->world->calendar;
    assert_string_equal(calendar->reviews[0].key, "a");
    assert_string_equal(calendar->reviews[1].directive, "chi_thi_05");
    assert_int_equal(calendar->reviews[1].kind, REVIEW_TONG_KET);
    assert_int_equal(calendar->reviews[1].due, fixture_day("15/05/2026"));
    must(cx, import(cx, review_import, good, &result));
    assert_int_equal(result.unchanged, 2);
    uint64_t before = fixture_digest(fixture);
    refused(fixture, import(cx, review_import, other, &result), before, "05-CT/TW (chi_thi_05)");
}

/* Another process on the same database sees the change with its next request. */
static void
expect_before(struct ctx *cx, const char *key, const char *wanted)
{
    const struct calendar *calendar = cx->world->calendar;
    const struct period *period;
    must(cx, period_find(cx, key, &period));
    assert_ptr_equal(period_of(calendar, period->from, period->to), period);
    const struct period *before = period_before(calendar, period);
    assert_string_equal(before == NULL ? "none" : before->key, wanted);
}

static void
test_calendar__the_period_before_is_of_the_same_kind_and_length(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct period_add adds[] = {{"tuan_1", "Tuần 1", "2025-09-01", "2025-09-07", NULL},
        {"tuan_2", "Tuần 2", "2025-09-08", "2025-09-14", NULL},
        {"dot_1", "Đợt 1", "2025-08-01", "2025-08-31", NULL},
        {"dot_3", "Đợt 3", "2026-10-01", "2026-10-31", NULL}};
    struct calendar_result result;
    make(cx, "2025", "lich", NULL, STANDARD_PERIODS, 0);
    make(cx, "2026", "lich", NULL, STANDARD_PERIODS, 0);
    make(cx, "2026", "chot_14", NULL, STANDARD_PERIODS, 0);
    for (size_t i = 0; i < COUNT_OF(adds); i++)
        must(cx, period_add(cx, &adds[i], &result));
    fixture_next(cx);
    expect_before(cx, "lich_2026_thang_03", "lich_2026_thang_02");
    expect_before(cx, "lich_2026_thang_01", "lich_2025_thang_12");
    expect_before(cx, "lich_2026_quy_1", "lich_2025_quy_4");
    expect_before(cx, "lich_2026_quy_3", "lich_2026_quy_2");
    expect_before(cx, "lich_2026_6_thang", "lich_2025_6_thang");
    expect_before(cx, "lich_2026_9_thang", "lich_2025_9_thang");
    expect_before(cx, "lich_2026_nam", "lich_2025_nam");
    expect_before(cx, "lich_2025_nam", "none");
    expect_before(cx, "chot_14_2026_quy_2", "chot_14_2026_quy_1");
    expect_before(cx, "chot_14_2026_quy_1", "none"); /* that of the calendar is of another kind */
    expect_before(cx, "tuan_2", "tuan_1");
    expect_before(cx, "tuan_1", "none");
    expect_before(cx, "dot_3", "none"); /* more than a year after the first */
    assert_null(
        period_of(cx->world->calendar, fixture_day("01/02/2026"), fixture_day("01/03/2026")));
}

static void
test_calendar__a_change_is_a_new_generation(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    int64_t before = fixture_sql(fixture, "SELECT COUNT(*) FROM audit");
    load_holidays(&fixture->cx);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM audit"), before + 1);
    fixture_next(other);
    assert_int_equal(other->world->calendar->holiday_count, 3);
    must(other, holiday_remove(other, "01/05/2026"));
    must_be(other, ERR_NOT_FOUND, holiday_remove(other, "01/05/2026"));
    must_be(other, ERR_NOT_FOUND, period_remove(other, "lich_2019_nam"));
    must_be(other, ERR_NOT_FOUND, review_remove(other, "a"));
    must_be(other, ERR_INVALID, holiday_remove(other, "mai"));
    fixture_close(other);
    fixture_next(&fixture->cx);
    assert_true(day_is_working(fixture->cx.world->calendar, fixture_day("01/05/2026")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_calendar__days_off_are_not_counted, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__periods_of_the_calendar, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__periods_from_the_15th_to_the_14th,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__parts_of_a_year_fit_together, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__a_period_is_what_stands_in_the_table,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__a_year_without_holidays_is_told,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__periods_that_cannot_be, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__reviews_are_of_the_directives_of_the_pack,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_calendar__the_period_before_is_of_the_same_kind_and_length, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_calendar__a_change_is_a_new_generation, fixture_setup,
            fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
