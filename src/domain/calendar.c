/* Reading the calendar, counting in working days, and the standard periods of a year. Changing it
 * is in calendar_change.c. */
#include "domain/calendar.h"

#include "base/catalogue.h"
#include "domain/world.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

static const char *const period_kinds[PERIOD__COUNT][2] = {
    [PERIOD_LICH] = {"lich", N_("theo lịch")},
    [PERIOD_CUT_OFF] = {"chot_14", N_("chốt ngày 14")},
    [PERIOD_RIENG] = {"rieng", N_("đặt riêng")},
};

static const char *const review_kinds[REVIEW__COUNT][2] = {
    [REVIEW_SO_KET] = {"so_ket", N_("sơ kết")},
    [REVIEW_TONG_KET] = {"tong_ket", N_("tổng kết")},
};

const char *
period_kind_key(enum period_kind kind)
{
    return period_kinds[kind][0];
}

const char *
period_kind_label(enum period_kind kind)
{
    return period_kinds[kind][1];
}

const char *
review_kind_key(enum review_kind kind)
{
    return review_kinds[kind][0];
}

const char *
review_kind_label(enum review_kind kind)
{
    return review_kinds[kind][1];
}

/* Reading */

/* The schema holds kinds to those above; the last stands for one of a later version. */
static int
kind_of(const char *const kinds[][2], int count, const char *key)
{
    int kind = 0;
    while (kind < count - 1 && strcmp(kinds[kind][0], key) != 0)
        kind++;
    return kind;
}

static enum status
load_holidays(struct ctx *cx, struct arena *home, struct calendar *calendar)
{
    struct query *q = query_new(cx, Q_HOLIDAY_LIST);
    while (query_next(q)) {
        struct holiday *holiday = ARENA_PUSH(home, calendar->holidays, calendar->holiday_count);
        holiday->day = (int32_t)query_get_int(q, 0);
        holiday->name = arena_strdup(home, query_peek_text(q, 1));
    }
    return query_end(q);
}

static enum status
load_periods(struct ctx *cx, struct arena *home, struct calendar *calendar)
{
    struct query *q = query_new(cx, Q_PERIOD_LIST);
    while (query_next(q)) {
        struct period *period = ARENA_PUSH(home, calendar->periods, calendar->period_count);
        period->key = arena_strdup(home, query_peek_text(q, 0));
        period->kind = kind_of(period_kinds, PERIOD__COUNT, query_peek_text(q, 1));
        period->label = arena_strdup(home, query_peek_text(q, 2));
        period->from = (int32_t)query_get_int(q, 3);
        period->to = (int32_t)query_get_int(q, 4);
        period->due = (int32_t)query_get_int(q, 5);
    }
    return query_end(q);
}

static enum status
load_reviews(struct ctx *cx, struct arena *home, struct calendar *calendar)
{
    struct query *q = query_new(cx, Q_REVIEW_LIST);
    while (query_next(q)) {
        struct review *review = ARENA_PUSH(home, calendar->reviews, calendar->review_count);
        review->key = arena_strdup(home, query_peek_text(q, 0));
        review->directive = arena_strdup(home, query_peek_text(q, 1));
        review->kind = kind_of(review_kinds, REVIEW__COUNT, query_peek_text(q, 2));
        review->due = (int32_t)query_get_int(q, 3);
        review->label = arena_strdup(home, query_peek_text(q, 4));
    }
    return query_end(q);
}

enum status
calendar_load(struct ctx *cx, struct arena *home, const struct calendar **out)
{
    struct calendar *calendar = ARENA_NEW(home, struct calendar);
    TRY(load_holidays(cx, home, calendar));
    TRY(load_periods(cx, home, calendar));
    TRY(load_reviews(cx, home, calendar));
    *out = calendar;
    return OK;
}

/* Working days */

static int
by_day(const void *key, const void *item)
{
    const int32_t *day = key;
    const struct holiday *holiday = item;
    return (*day > holiday->day) - (*day < holiday->day);
}

const struct holiday *
holiday_on(const struct calendar *calendar, int32_t day)
{
    if (calendar->holiday_count == 0)
        return NULL;
    return bsearch(&day, calendar->holidays, (size_t)calendar->holiday_count,
        sizeof(*calendar->holidays), by_day);
}

bool
day_is_working(const struct calendar *calendar, int32_t day)
{
    enum { SATURDAY = 5 };
    int weekday = (day - DAY_MIN) % 7; /* 0001-01-01 was a Monday */
    return weekday < SATURDAY && holiday_on(calendar, day) == NULL;
}

int32_t
workday_on_or_after(const struct calendar *calendar, int32_t day)
{
    while (day < DAY_MAX && !day_is_working(calendar, day))
        day++;
    return day;
}

int32_t
workday_add(const struct calendar *calendar, int32_t day, int count)
{
    if (count == 0)
        return workday_on_or_after(calendar, day);
    for (; count > 0 && day < DAY_MAX; count--)
        day = workday_on_or_after(calendar, day + 1);
    return day;
}

/* Periods */

const struct period *
period_named(const struct calendar *calendar, const char *key)
{
    for (int i = 0; i < calendar->period_count; i++) {
        if (strcmp(calendar->periods[i].key, key) == 0)
            return &calendar->periods[i];
    }
    return NULL;
}

const struct review *
review_named(const struct calendar *calendar, const char *key)
{
    for (int i = 0; i < calendar->review_count; i++) {
        if (strcmp(calendar->reviews[i].key, key) == 0)
            return &calendar->reviews[i];
    }
    return NULL;
}

const struct period *
period_of(const struct calendar *calendar, int32_t from, int32_t to)
{
    for (int i = 0; i < calendar->period_count; i++) {
        if (calendar->periods[i].from == from && calendar->periods[i].to == to)
            return &calendar->periods[i];
    }
    return NULL;
}

/* Give or take a tenth: months have 28 to 31 days. */
static bool
is_as_long(const struct period *a, const struct period *b)
{
    int32_t first = a->to - a->from + 1, second = b->to - b->from + 1;
    int32_t longer = first > second ? first : second;
    return (longer - first) * 10 <= longer && (longer - second) * 10 <= longer;
}

const struct period *
period_before(const struct calendar *calendar, const struct period *period)
{
    enum { YEAR = 366 };
    const struct period *found = NULL;
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *other = &calendar->periods[i];
        if (other->kind == period->kind && is_as_long(other, period) && other->to < period->from &&
            other->to >= period->from - YEAR && (found == NULL || other->to > found->to))
            found = other;
    }
    return found;
}

enum status
period_find(struct ctx *cx, const char *key, const struct period **out)
{
    const struct calendar *calendar = cx->world->calendar;
    *out = period_named(calendar, key);
    if (*out != NULL)
        return OK;
    if (calendar->period_count == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không có kỳ “%s”; bảng kỳ còn trống.", key);
    return fault_set(cx, ERR_NOT_FOUND,
        "Không có kỳ “%s”; trong %d kỳ hiện có, khóa được viết như %s.", key,
        calendar->period_count, calendar->periods[calendar->period_count - 1].key);
}

/* Parts of a year that are reported for: its months `first` to `last`. */
static const struct part {
    const char *key, *label;
    int first, last;
} parts[STANDARD_PERIODS] = {
    {"nam", N_("Năm"), 1, 12},
    {"6_thang", N_("6 tháng đầu năm"), 1, 6},
    {"9_thang", N_("9 tháng đầu năm"), 1, 9},
    {"quy_1", N_("Quý I năm"), 1, 3},
    {"quy_2", N_("Quý II năm"), 4, 6},
    {"quy_3", N_("Quý III năm"), 7, 9},
    {"quy_4", N_("Quý IV năm"), 10, 12},
    {"thang_01", N_("Tháng 1 năm"), 1, 1},
    {"thang_02", N_("Tháng 2 năm"), 2, 2},
    {"thang_03", N_("Tháng 3 năm"), 3, 3},
    {"thang_04", N_("Tháng 4 năm"), 4, 4},
    {"thang_05", N_("Tháng 5 năm"), 5, 5},
    {"thang_06", N_("Tháng 6 năm"), 6, 6},
    {"thang_07", N_("Tháng 7 năm"), 7, 7},
    {"thang_08", N_("Tháng 8 năm"), 8, 8},
    {"thang_09", N_("Tháng 9 năm"), 9, 9},
    {"thang_10", N_("Tháng 10 năm"), 10, 10},
    {"thang_11", N_("Tháng 11 năm"), 11, 11},
    {"thang_12", N_("Tháng 12 năm"), 12, 12},
};

/* Nghị định 09/2019/NĐ-CP: a period of the state's offices ends on the 14th and begins on the 15th
 * of the month before its first. */
enum { CUT_OFF = 14 };

/* What a standard period is called in the language of `cx`. */
static const char *
standard_name(const struct ctx *cx, const struct part *part, int year, bool is_cut_off)
{
    return arena_printf(cx->arena, "%s %d%s", tr(cx, part->label), year,
        is_cut_off ? tr(cx, " (chốt ngày 14)") : "");
}

/* The names are stored, and the operator may choose others; those stay as they are. */
const char *
period_name(const struct ctx *cx, const struct period *period)
{
    const struct ctx stored = {.arena = cx->arena};
    int year = day_to_civil(period->to).year;
    bool is_cut_off = period->kind == PERIOD_CUT_OFF;
    for (int i = 0; cx->language != NULL && i < STANDARD_PERIODS; i++) {
        size_t length = strlen(period->key), end = strlen(parts[i].key);
        if (length > end && strcmp(period->key + length - end, parts[i].key) == 0 &&
            strcmp(period->label, standard_name(&stored, &parts[i], year, is_cut_off)) == 0)
            return standard_name(cx, &parts[i], year, is_cut_off);
    }
    return period->label;
}

void
period_standard(struct arena *arena, const struct calendar *calendar, int year,
    enum period_kind kind, int due_days, struct period periods[STANDARD_PERIODS])
{
    const struct ctx stored = {.arena = arena};
    bool is_cut_off = kind == PERIOD_CUT_OFF;
    for (int i = 0; i < STANDARD_PERIODS; i++) {
        const struct part *part = &parts[i];
        int32_t first = year * 12 + part->first - 1, last = year * 12 + part->last - 1;
        struct period *period = &periods[i];
        period->kind = kind;
        period->key = arena_printf(arena, "%s_%d_%s", period_kind_key(kind), year, part->key);
        period->label = standard_name(&stored, part, year, is_cut_off);
        period->from = is_cut_off ? month_day(first - 1) + CUT_OFF : month_day(first);
        period->to = is_cut_off ? month_day(last) + CUT_OFF - 1 : month_day(last + 1) - 1;
        period->due = workday_add(calendar, period->to, due_days);
    }
}
