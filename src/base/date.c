/* Days, instants and zones. The calendar is arithmetic of our own, proleptic Gregorian throughout;
 * ICU is asked for one thing only: how far a zone is from UTC at an instant. */
#include "base/date.h"

#include "base/vi.h"

#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { DAYS_IN_400_YEARS = 146097, DAYS_IN_100_YEARS = 36524, DAYS_IN_4_YEARS = 1461 };

static const int64_t MS_IN_DAY = 86400000;
static const int64_t MS_IN_MINUTE = 60000;

/* Rounded down also below zero; the divisor is above it. */
static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool
is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of a year that lie before a month; month 13 ends the year. */
static int
days_before_month(int year, int month)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return before[month - 1] + (month > 2 && is_leap(year));
}

static int64_t
days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return past * 365 + floor_divide(past, 4) - floor_divide(past, 100) + floor_divide(past, 400);
}

int32_t
day_from_civil(struct civil civil)
{
    int64_t day = days_before_year(civil.year);
    day += days_before_month(civil.year, civil.month) + civil.day - 1;
    return (int32_t)(day + DAY_MIN);
}

static int
at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

struct civil
day_to_civil(int32_t day)
{
    int64_t since = (int64_t)day - DAY_MIN;
    int64_t cycles = floor_divide(since, DAYS_IN_400_YEARS);
    int rest = (int)(since - cycles * DAYS_IN_400_YEARS);
    /* The last century of a cycle and the last year of four are a day longer than the others. */
    int centuries = at_most(rest / DAYS_IN_100_YEARS, 3);
    rest -= centuries * DAYS_IN_100_YEARS;
    int fours = rest / DAYS_IN_4_YEARS;
    rest -= fours * DAYS_IN_4_YEARS;
    int years = at_most(rest / 365, 3);
    rest -= years * 365;

    struct civil civil = {.year = (int)(cycles * 400) + centuries * 100 + fours * 4 + years + 1};
    civil.month = rest / 29 + 1; /* the right one or the one after */
    if (days_before_month(civil.year, civil.month) > rest)
        civil.month--;
    civil.day = rest - days_before_month(civil.year, civil.month) + 1;
    return civil;
}

bool
civil_is_valid(struct civil civil)
{
    if (civil.year < 1 || civil.year > 9999 || civil.month < 1 || civil.month > 12)
        return false;
    int days = days_before_month(civil.year, civil.month + 1);
    days -= days_before_month(civil.year, civil.month);
    return civil.day >= 1 && civil.day <= days;
}

int32_t
month_start(int32_t day)
{
    return day - day_to_civil(day).day + 1;
}

int32_t
month_next(int32_t day)
{
    return month_day(month_number(day) + 1);
}

int32_t
year_start(int32_t day)
{
    return day_from_civil((struct civil){day_to_civil(day).year, 1, 1});
}

int32_t
year_next(int32_t day)
{
    return day_from_civil((struct civil){day_to_civil(day).year + 1, 1, 1});
}

int32_t
month_number(int32_t day)
{
    struct civil civil = day_to_civil(day);
    return civil.year * 12 + civil.month - 1;
}

int32_t
month_day(int32_t number)
{
    int year = (int)floor_divide(number, 12);
    return day_from_civil((struct civil){year, number - year * 12 + 1, 1});
}

/* Take a number of `least` to `most` digits off the front of *text; how many it had, else 0. */
static int
take_digits(const char **text, const char *end, int least, int most, int *number)
{
    int count = 0;
    *number = 0;
    for (; *text < end && **text >= '0' && **text <= '9'; (*text)++, count++)
        if (count < most)
            *number = *number * 10 + (**text - '0');
    return count >= least && count <= most ? count : 0;
}

static bool
take_mark(const char **text, const char *end, char mark)
{
    if (*text == end || **text != mark)
        return false;
    (*text)++;
    return true;
}

static bool
parse_iso(const char *text, const char *end, struct civil *out)
{
    return take_digits(&text, end, 4, 4, &out->year) && take_mark(&text, end, '-') &&
        take_digits(&text, end, 2, 2, &out->month) && take_mark(&text, end, '-') &&
        take_digits(&text, end, 2, 2, &out->day) && text == end;
}

static bool
parse_local(const char *text, const char *end, struct civil *out)
{
    if (!take_digits(&text, end, 1, 2, &out->day) || text == end || !strchr("/-.", *text))
        return false;
    char mark = *text++; /* the same in both places: 5/9-2026 is a slip, not a date */
    if (!take_digits(&text, end, 1, 2, &out->month) || !take_mark(&text, end, mark))
        return false;
    int digits = take_digits(&text, end, 2, 4, &out->year);
    if (digits == 2)
        out->year += out->year < 70 ? 2000 : 1900;
    return (digits == 2 || digits == 4) && text == end;
}

bool
date_parse(const char *text, int32_t *out)
{
    struct civil civil;
    size_t length;
    const char *begin = utf8_trim(text, &length);
    const char *end = begin + length;
    if (!parse_local(begin, end, &civil) && !parse_iso(begin, end, &civil))
        return false;
    if (!civil_is_valid(civil))
        return false;
    *out = day_from_civil(civil);
    return true;
}

bool
date_read(struct ctx *cx, const char *field, const char *text, int32_t *out)
{
    if (text != NULL && date_parse(text, out))
        return true;
    (void)fault_at(cx, ERR_INVALID, (struct fault){.field = field},
        "“%s” không phải là ngày; cần dạng 05/09/2026.", text == NULL ? "" : text);
    return false;
}

const char *
date_show(struct arena *arena, int32_t day)
{
    struct civil civil = day_to_civil(day);
    return arena_printf(arena, "%02d/%02d/%04d", civil.day, civil.month, civil.year);
}

const char *
date_iso(struct arena *arena, int32_t day)
{
    struct civil civil = day_to_civil(day);
    return arena_printf(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

const char *
date_document(struct arena *arena, int32_t day)
{
    struct civil civil = day_to_civil(day);
    const char *zero = civil.month <= 2 ? "0" : "";
    return arena_printf(arena, "ngày %02d tháng %s%d năm %d", civil.day, zero, civil.month,
        civil.year);
}

bool
time_parse(const char *text, int *out)
{
    static const char *const marks[] = {":", "h", "g", "giờ"};
    const char *end = text + strlen(text);
    int hour, minute = 0;
    if (!take_digits(&text, end, 1, 2, &hour))
        return false;
    text += strspn(text, " ");
    const char *after = NULL;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            after = text + strlen(marks[i]);
    if (after == NULL)
        return false;
    bool may_end = *text != ':';
    text = after + strspn(after, " ");
    if (!(may_end && text == end) && (!take_digits(&text, end, 2, 2, &minute) || text != end))
        return false;
    *out = hour * 60 + minute;
    return hour < 24 && minute < 60;
}

const char *
time_text(struct arena *arena, int64_t minutes)
{
    return arena_printf(arena, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

struct zone {
    UCalendar *calendar; /* set to the instant that is asked about */
};

static void
calendar_close(void *calendar)
{
    ucal_close(calendar);
}

/* ICU reads a zone that it does not know as UTC and takes "GMT+7" for one; neither will do. */
static bool
is_known(const UChar *name, int32_t length)
{
    UChar canonical[128];
    UBool is_system = false;
    UErrorCode fault = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(name, length, canonical, COUNT_OF(canonical), &is_system, &fault);
    return U_SUCCESS(fault) && is_system;
}

struct zone *
zone_open(struct arena *arena, const char *name)
{
    UChar wide[128];
    int32_t length = 0;
    UErrorCode fault = U_ZERO_ERROR;
    u_strFromUTF8(wide, COUNT_OF(wide), &length, name, -1, &fault);
    if (U_FAILURE(fault) || !is_known(wide, length))
        return NULL;
    UCalendar *calendar = ucal_open(wide, length, "", UCAL_GREGORIAN, &fault);
    if (U_FAILURE(fault))
        return NULL;
    arena_defer(arena, calendar_close, calendar);
    struct zone *zone = ARENA_NEW(arena, struct zone);
    zone->calendar = calendar;
    return zone;
}

static int64_t
within_years(int64_t instant)
{
    int64_t first = DAY_MIN * MS_IN_DAY;
    int64_t last = (DAY_MAX + 1) * MS_IN_DAY - 1;
    if (instant < first)
        return first;
    return instant < last ? instant : last;
}

int
zone_offset(const struct zone *zone, int64_t instant)
{
    UErrorCode fault = U_ZERO_ERROR;
    ucal_setMillis(zone->calendar, (UDate)within_years(instant), &fault);
    int64_t offset = ucal_get(zone->calendar, UCAL_ZONE_OFFSET, &fault);
    offset += ucal_get(zone->calendar, UCAL_DST_OFFSET, &fault);
    return (int)floor_divide(offset, MS_IN_MINUTE);
}

/* What the clock on the wall shows, as if it were UTC. */
static int64_t
on_the_wall(int64_t instant, int offset_minutes)
{
    return within_years(within_years(instant) + offset_minutes * MS_IN_MINUTE);
}

int32_t
instant_day(int64_t instant, int offset_minutes)
{
    return (int32_t)floor_divide(on_the_wall(instant, offset_minutes), MS_IN_DAY);
}

const char *
instant_show(struct arena *arena, int64_t instant, int offset_minutes)
{
    int64_t wall = on_the_wall(instant, offset_minutes);
    int32_t day = instant_day(instant, offset_minutes);
    int minutes = (int)((wall - day * MS_IN_DAY) / MS_IN_MINUTE);
    return arena_printf(arena, "%02d:%02d %s", minutes / 60, minutes % 60, date_show(arena, day));
}

const char *
instant_iso(struct arena *arena, int64_t instant)
{
    int64_t wall = on_the_wall(instant, 0);
    int32_t day = instant_day(instant, 0);
    int ms = (int)(wall - day * MS_IN_DAY);
    return arena_printf(arena, "%sT%02d:%02d:%02d.%03dZ", date_iso(arena, day), ms / 3600000,
        ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}
