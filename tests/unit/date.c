/* Days, dates and zones. The C library's timegm and gmtime_r are the second opinion about the
 * calendar. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena *arena;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static int32_t
day_of(int year, int month, int day)
{
    return day_from_civil((struct civil){year, month, day});
}

static void
test_date__days_are_counted_from_1970(void **state)
{
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1970, 1, 2), 1);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2026, 9, 5), 20701);
    assert_int_equal(day_of(1, 1, 1), DAY_MIN);
    assert_int_equal(day_of(9999, 12, 31), DAY_MAX);
}

static void
test_date__every_day_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int32_t day = DAY_MIN; day <= DAY_MAX; day++) {
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct civil civil = day_to_civil(day);
        if (civil.year != tm.tm_year + 1900 || civil.month != tm.tm_mon + 1 ||
            civil.day != tm.tm_mday || day_from_civil(civil) != day || !civil_is_valid(civil))
            fail_msg("day %d is not %d-%d-%d", day, civil.year, civil.month, civil.day);
    }
}

static void
test_date__days_beyond_the_range_are_still_days(void **state)
{
    (void)state;
    static const int32_t days[] = {INT32_MIN, DAY_MIN - 366, DAY_MIN - 1, DAY_MAX + 1, INT32_MAX};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        time_t seconds = (time_t)days[i] * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct civil civil = day_to_civil(days[i]);
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal(day_from_civil(civil), days[i]);
    }
}

static void
test_date__impossible_days_are_invalid(void **state)
{
    (void)state;
    static const struct {
        struct civil civil;
        bool is_valid;
    } cases[] = {
        {{2024, 2, 29}, true},
        {{2023, 2, 29}, false},
        {{1900, 2, 29}, false},
        {{2000, 2, 29}, true},
        {{2100, 2, 29}, false},
        {{2024, 2, 30}, false},
        {{2026, 4, 31}, false},
        {{2026, 4, 30}, true},
        {{2026, 12, 31}, true},
        {{2026, 12, 32}, false},
        {{2026, 1, 0}, false},
        {{2026, 0, 1}, false},
        {{2026, 13, 1}, false},
        {{0, 1, 1}, false},
        {{1, 1, 1}, true},
        {{9999, 12, 31}, true},
        {{10000, 1, 1}, false},
        {{2026, -1, 1}, false},
        {{2026, 1, -1}, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (civil_is_valid(cases[i].civil) != cases[i].is_valid)
            fail_msg("%d-%d-%d", cases[i].civil.year, cases[i].civil.month, cases[i].civil.day);
}

static void
test_date__months_begin_and_follow(void **state)
{
    (void)state;
    assert_int_equal(month_start(day_of(2024, 2, 29)), day_of(2024, 2, 1));
    assert_int_equal(month_start(day_of(2024, 2, 1)), day_of(2024, 2, 1));
    assert_int_equal(month_next(day_of(2024, 2, 29)), day_of(2024, 3, 1));
    assert_int_equal(month_next(day_of(2026, 12, 1)), day_of(2027, 1, 1));
    assert_int_equal(month_start(DAY_MIN), DAY_MIN);
    assert_int_equal(month_next(DAY_MIN), day_of(1, 2, 1));
    assert_int_equal(month_start(DAY_MAX), day_of(9999, 12, 1));
    assert_int_equal(month_next(DAY_MAX), DAY_MAX + 1);
}

static void
test_date__months_have_numbers(void **state)
{
    (void)state;
    assert_int_equal(month_number(day_of(2026, 1, 31)), 2026 * 12);
    assert_int_equal(month_number(day_of(2026, 12, 1)), 2026 * 12 + 11);
    assert_int_equal(month_number(DAY_MIN), 12);
    for (int32_t number = 12; number < 10000 * 12; number++) {
        int32_t first = month_day(number);
        assert_int_equal(month_number(first), number);
        assert_int_equal(month_number(first - 1), number - 1);
        assert_int_equal(month_next(first), month_day(number + 1));
    }
}

static void
test_date__reads_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct civil civil;
    } cases[] = {
        {"5/9/2026", {2026, 9, 5}},
        {"05-09-26", {2026, 9, 5}},
        {"5.9.2026", {2026, 9, 5}},
        {"05/09/2026", {2026, 9, 5}},
        {"2026-09-05", {2026, 9, 5}},
        {"  5/9/2026\t\n", {2026, 9, 5}},
        {"\u00a005/09/2026\u00a0", {2026, 9, 5}},
        {"\ufeff2026-09-05", {2026, 9, 5}},
        {"13/12/2026", {2026, 12, 13}},
        {"29/02/2024", {2024, 2, 29}},
        {"29-2-00", {2000, 2, 29}},
        {"1/1/69", {2069, 1, 1}},
        {"1/1/70", {1970, 1, 1}},
        {"31/12/99", {1999, 12, 31}},
        {"01/01/0001", {1, 1, 1}},
        {"0001-01-01", {1, 1, 1}},
        {"31/12/9999", {9999, 12, 31}},
        {"9999-12-31", {9999, 12, 31}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t day = 0;
        if (!date_parse(cases[i].text, &day) || day != day_from_civil(cases[i].civil))
            fail_msg("\"%s\" is read as %s", cases[i].text, date_iso(arena, day));
    }
}

static void
test_date__refuses_anything_else(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "x", "31/02/2026", "29/02/2023", "29/02/1900",
        "31/4/2026", "0/9/2026", "5/0/2026", "5/13/2026", "9/25/2026", "32/1/2026", "5/9", "5/9/",
        "5/9/6", "5/9/026", "5/9/02026", "005/9/2026", "5/009/2026", "5/9-2026", "5.9/2026",
        "5//9/2026", "/5/9/2026", "5/9/2026/", "5/9/2026 x", "5/9/2026 07:30", "5 / 9 / 2026",
        "5,9,2026", "05092026", "20260905", "2026-9-5", "2026-09-5", "2026/09/05", "2026.09.05",
        "2026-02-30", "0000-01-01", "1/1/0000", "10000-01-01", "-5/9/2026", "+5/9/2026",
        "5/-9/2026", "99999999999999999999/1/1", "1/1/99999999999999999999", "2026-09-05T00:00",
        "٥/٩/٢٠٢٦"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int32_t day = 12345;
        if (date_parse(texts[i], &day) || day != 12345)
            fail_msg("\"%s\" is read as %s", texts[i], date_iso(arena, day));
    }
}

static void
test_date__is_shown_for_people_machines_and_documents(void **state)
{
    (void)state;
    int32_t day = day_of(2026, 9, 5);
    assert_string_equal(date_show(arena, day), "05/09/2026");
    assert_string_equal(date_iso(arena, day), "2026-09-05");
    assert_string_equal(date_document(arena, day), "ngày 05 tháng 9 năm 2026");
    assert_string_equal(date_show(arena, DAY_MIN), "01/01/0001");
    assert_string_equal(date_iso(arena, DAY_MIN), "0001-01-01");
    assert_string_equal(date_show(arena, DAY_MAX), "31/12/9999");
    assert_string_equal(date_iso(arena, DAY_MAX), "9999-12-31");
}

static void
test_date__documents_write_a_zero_before_small_days_and_months(void **state)
{
    (void)state;
    assert_string_equal(date_document(arena, day_of(2026, 1, 9)), "ngày 09 tháng 01 năm 2026");
    assert_string_equal(date_document(arena, day_of(2026, 2, 10)), "ngày 10 tháng 02 năm 2026");
    assert_string_equal(date_document(arena, day_of(2026, 3, 31)), "ngày 31 tháng 3 năm 2026");
    assert_string_equal(date_document(arena, day_of(2025, 12, 1)), "ngày 01 tháng 12 năm 2025");
}

static void
test_date__what_is_shown_can_be_read(void **state)
{
    (void)state;
    for (int32_t day = day_of(1, 1, 1); day <= DAY_MAX; day += 97) {
        struct arena_mark mark = arena_mark(arena);
        int32_t again = 0;
        assert_true(date_parse(date_show(arena, day), &again));
        assert_int_equal(again, day);
        assert_true(date_parse(date_iso(arena, day), &again));
        assert_int_equal(again, day);
        arena_release(arena, mark);
    }
}

static void
test_date__zones_are_known_by_name(void **state)
{
    (void)state;
    char name_too_long[200] = "Asia/";
    memset(name_too_long + strlen("Asia/"), 'x', sizeof(name_too_long) - strlen("Asia/") - 1);
    const char *const none[] = {"", "Hanoi", "Asia/Hanoi/", "Asia/Ha_Noi", "Etc/Unknown", "GMT+7",
        "GMT+07:00", "+07:00", "asia/ho_chi_minh", "Asia/Ho_Chi_Minh ", "Việt Nam", "\xff",
        name_too_long};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        if (zone_open(arena, none[i]) != NULL)
            fail_msg("there is no zone \"%s\"", none[i]);
    assert_non_null(zone_open(arena, "Asia/Ho_Chi_Minh"));
    assert_non_null(zone_open(arena, "Asia/Saigon"));
    assert_non_null(zone_open(arena, "UTC"));
    assert_non_null(zone_open(arena, "Etc/GMT-7"));
}

static void
test_date__zones_have_offsets(void **state)
{
    (void)state;
    const struct zone *hanoi = zone_open(arena, "Asia/Ho_Chi_Minh");
    const struct zone *berlin = zone_open(arena, "Europe/Berlin");
    const struct zone *utc = zone_open(arena, "UTC");
    const struct zone *delhi = zone_open(arena, "Asia/Kolkata");
    int64_t turn = 1774746000000; /* 2026-03-29T01:00:00Z, when Berlin's summer time begins */
    assert_int_equal(zone_offset(hanoi, turn), 7 * 60);
    assert_int_equal(zone_offset(hanoi, -60000000000), 8 * 60); /* Saigon's clock in early 1968 */
    assert_int_equal(zone_offset(hanoi, INT64_MIN), 7 * 60 + 6);
    assert_int_equal(zone_offset(hanoi, INT64_MAX), 7 * 60);
    assert_int_equal(zone_offset(berlin, turn - 1), 60);
    assert_int_equal(zone_offset(berlin, turn), 120);
    assert_int_equal(zone_offset(berlin, turn - 1), 60);
    assert_int_equal(zone_offset(utc, turn), 0);
    assert_int_equal(zone_offset(delhi, turn), 5 * 60 + 30);
    assert_int_equal(zone_offset(zone_open(arena, "America/New_York"), 0), -5 * 60);
}

static void
test_date__the_zone_of_the_process_is_never_read(void **state)
{
    (void)state;
    setenv("TZ", "America/New_York", 1);
    tzset();
    assert_int_equal(zone_offset(zone_open(arena, "Asia/Ho_Chi_Minh"), 0), 8 * 60);
    assert_string_equal(instant_iso(arena, 0), "1970-01-01T00:00:00.000Z");
    assert_string_equal(instant_show(arena, 0, 0), "00:00 01/01/1970");
    unsetenv("TZ");
    tzset();
}

static void
test_date__instants_fall_on_the_day_of_their_zone(void **state)
{
    (void)state;
    int64_t day = 86400000;
    assert_int_equal(instant_day(0, 0), 0);
    assert_int_equal(instant_day(-1, 0), -1);
    assert_int_equal(instant_day(day - 1, 0), 0);
    assert_int_equal(instant_day(day, 0), 1);
    assert_int_equal(instant_day(17 * 3600000 - 1, 7 * 60), 0);
    assert_int_equal(instant_day(17 * 3600000, 7 * 60), 1);
    assert_int_equal(instant_day(0, -1), -1);
    assert_int_equal(instant_day(DAY_MIN * day, 0), DAY_MIN);
    assert_int_equal(instant_day(DAY_MIN * day, -60), DAY_MIN);
    assert_int_equal(instant_day((DAY_MAX + 1) * day - 1, 0), DAY_MAX);
    assert_int_equal(instant_day((DAY_MAX + 1) * day - 1, 60), DAY_MAX);
    assert_int_equal(instant_day(INT64_MIN, -840), DAY_MIN);
    assert_int_equal(instant_day(INT64_MAX, 840), DAY_MAX);
}

static void
test_date__instants_are_shown(void **state)
{
    (void)state;
    int64_t instant = day_of(2026, 9, 5) * INT64_C(86400000) + 30 * 60000 + 123;
    assert_string_equal(instant_show(arena, instant, 7 * 60), "07:30 05/09/2026");
    assert_string_equal(instant_show(arena, instant, -60), "23:30 04/09/2026");
    assert_string_equal(instant_iso(arena, instant), "2026-09-05T00:30:00.123Z");
    assert_string_equal(instant_iso(arena, -1), "1969-12-31T23:59:59.999Z");
    assert_string_equal(instant_show(arena, -1, 0), "23:59 31/12/1969");
    assert_string_equal(instant_iso(arena, INT64_MIN), "0001-01-01T00:00:00.000Z");
    assert_string_equal(instant_iso(arena, INT64_MAX), "9999-12-31T23:59:59.999Z");
    assert_string_equal(instant_show(arena, INT64_MAX, 420), "23:59 31/12/9999");
    assert_string_equal(instant_show(arena, INT64_MIN, 420), "07:00 01/01/0001");
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_date__##name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(days_are_counted_from_1970),
        TEST(every_day_agrees_with_the_c_library),
        TEST(days_beyond_the_range_are_still_days),
        TEST(impossible_days_are_invalid),
        TEST(months_begin_and_follow),
        TEST(months_have_numbers),
        TEST(reads_what_people_write),
        TEST(refuses_anything_else),
        TEST(is_shown_for_people_machines_and_documents),
        TEST(documents_write_a_zero_before_small_days_and_months),
        TEST(what_is_shown_can_be_read),
        TEST(zones_are_known_by_name),
        TEST(zones_have_offsets),
        TEST(the_zone_of_the_process_is_never_read),
        TEST(instants_fall_on_the_day_of_their_zone),
        TEST(instants_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
