/* Days and instants. A date is a day number (0 is 1970-01-01, proleptic Gregorian), an instant UTC
 * milliseconds since then. The process's TZ is never read: a zone is always named. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/arena.h"
#include "base/ctx.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define DAY_MIN ((int32_t)-719162) /* 0001-01-01: the beginning of every first span */
#define DAY_MAX ((int32_t)2932896) /* 9999-12-31: no end */

struct civil {
    int year, month, day; /* month and day from 1 */
};

int32_t day_from_civil(struct civil);
struct civil day_to_civil(int32_t day);
bool civil_is_valid(struct civil);

/* The first day of the month `day` lies in, and of the month after it. */
int32_t month_start(int32_t day);
int32_t month_next(int32_t day);
int32_t year_start(int32_t day);
int32_t year_next(int32_t day);
/* Months since year 0, for buckets: year * 12 + month - 1; and the first day of such a month. */
int32_t month_number(int32_t day);
int32_t month_day(int32_t month_number);

/* Read what people write: 5/9/2026, 05-09-26, 5.9.2026, 05/09/2026 (day first) or 2026-09-05, with
 * blanks around. Two-digit years are 1970-2069. False for anything else, also for 31/02/2026. */
bool date_parse(const char *text, int32_t *out);

/* The same for what a person must fill in, NULL and "" included: a fault of this field when it will
 * not do. */
bool date_read(struct ctx *, const char *field, const char *text, int32_t *out);

/* 05/09/2026 for people, 2026-09-05 for machines, "ngày 05 tháng 9 năm 2026" for documents (a
 * leading 0 for days below 10 and for months 1 and 2: Nghị định 30/2020/NĐ-CP, Phụ lục I). */
const char *date_show(struct arena *, int32_t day);
const char *date_iso(struct arena *, int32_t day);
const char *date_document(struct arena *, int32_t day);

/* Times of day in minutes since midnight: 14:30, 14h30, 14 giờ 30, 14h; and back as 14:30. */
bool time_parse(const char *text, int *out);
const char *time_text(struct arena *, int64_t minutes);

/* A time zone by its IANA name, with ICU's rules. */
struct zone;
/* NULL when there is no such zone. Lives in the arena. Not for two threads at once. */
struct zone *zone_open(struct arena *, const char *name);
/* Minutes east of UTC at an instant, rounded down (before 1911 Hanoi kept 7:06:30). An instant
 * outside the years 1 to 9999 is taken, here and below, as the first or last of them. */
int zone_offset(const struct zone *, int64_t instant);
int32_t instant_day(int64_t instant, int offset_minutes);
/* "07:30 05/09/2026" for people, 2026-09-05T00:30:00.123Z for machines. */
const char *instant_show(struct arena *, int64_t instant, int offset_minutes);
const char *instant_iso(struct arena *, int64_t instant);

#endif
