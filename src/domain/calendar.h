/* The calendar: days off, periods and reviews, and counting in working days. A period is what
 * stands in the table, from its first day to the day on which its report is due; nothing of it is
 * computed when it is read. */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include "base/ctx.h"
#include "base/date.h"

#include <stddef.h>

struct holiday {
    int32_t day;
    const char *name;
};

/* How a period came to its days. */
enum period_kind {
    PERIOD_LICH,    /* whole months of the calendar */
    PERIOD_CUT_OFF, /* from the 15th of the month before to the 14th of the last month */
    PERIOD_RIENG,   /* set by hand */
    PERIOD__COUNT
};

struct period {
    const char *key, *label;
    enum period_kind kind;
    int32_t from, to; /* both included */
    int32_t due;      /* the last day on which its report is in time */
};

enum review_kind { REVIEW_SO_KET, REVIEW_TONG_KET, REVIEW__COUNT };

/* A directive that is to be reviewed by a day. */
struct review {
    const char *key, *label;
    const char *directive; /* its key in the model */
    enum review_kind kind;
    int32_t due;
};

/* Immutable; part of a world (domain/world.h). */
struct calendar {
    struct holiday *holidays; /* by day */
    int holiday_count;
    struct period *periods; /* by key */
    int period_count;
    struct review *reviews; /* by the day on which they are due */
    int review_count;
};

/* Read the calendar on cx->db into `home`. */
MUST_CHECK enum status calendar_load(struct ctx *, struct arena *home, const struct calendar **out);

/* What a day or a key names, or NULL. */
const struct holiday *holiday_on(const struct calendar *, int32_t day);
const struct period *period_named(const struct calendar *, const char *key);
const struct review *review_named(const struct calendar *, const char *key);
/* The period of exactly these days, or NULL. */
const struct period *period_of(const struct calendar *, int32_t from, int32_t to);
/* The last period of the same kind and length that had ended when this one began, not more than a
 * year before; or NULL. */
const struct period *period_before(const struct calendar *, const struct period *);
/* A period of cx's world by its key, or ERR_NOT_FOUND with a message that says what keys look like.
 */
MUST_CHECK enum status period_find(struct ctx *, const char *key, const struct period **out);

/* Working days are neither Saturdays, Sundays nor holidays. */
bool day_is_working(const struct calendar *, int32_t day);
/* The day itself, or the next that is worked. */
int32_t workday_on_or_after(const struct calendar *, int32_t day);
/* The `count`-th working day after `day`; 0: workday_on_or_after. */
int32_t workday_add(const struct calendar *, int32_t day, int count);

/* "lich", "so_ket" in files and SQL; "theo lịch", "sơ kết" for people. */
const char *period_kind_key(enum period_kind);
const char *period_kind_label(enum period_kind);
const char *review_kind_key(enum review_kind);
const char *review_kind_label(enum review_kind);
/* What a period is called, in the language in which people are spoken to. */
const char *period_name(const struct ctx *, const struct period *);

/* The standard periods of a year, of kind PERIOD_LICH or PERIOD_CUT_OFF, into `periods`: the year,
 * six and nine months, quarters, months; each due `due_days` working days after its last day. */
enum { STANDARD_PERIODS = 19 };
void period_standard(struct arena *, const struct calendar *, int year, enum period_kind,
    int due_days, struct period periods[STANDARD_PERIODS]);

/* What a change of the calendar came to. */
struct calendar_result {
    int created, changed, unchanged;
    int bare_year; /* of a due day, of which the calendar knows no holiday; or 0 */
};

/* A file to be imported, as TSV. The whole is checked first: every bad line is told with line,
 * column, value and reason, and nothing is changed then. What a file leaves out stays. */
struct calendar_file {
    const char *file; /* its name, for the faults */
    const char *text;
    size_t length;
};

/* Columns `day` and `name`. */
MUST_CHECK enum status holiday_import(struct ctx *, const struct calendar_file *,
    struct calendar_result *);
/* Columns `key`, `directive` (a symbol or a key of the model), `kind` (so_ket or tong_ket),
 * `due`, `label`. */
MUST_CHECK enum status review_import(struct ctx *, const struct calendar_file *,
    struct calendar_result *);

/* Make the standard periods of a year, as text: the year, the kind's key, and after how many
 * working days they are due (NULL: 5). Again with other due days, these are changed. */
struct period_make {
    const char *year, *kind, *due_days;
};
MUST_CHECK enum status period_make(struct ctx *, const struct period_make *,
    struct calendar_result *);

/* Add a period by hand, or change one that was; `due` is a day (NULL: 5 working days after). */
struct period_add {
    const char *key, *label, *from, *to, *due;
};
MUST_CHECK enum status period_add(struct ctx *, const struct period_add *,
    struct calendar_result *);

/* One day off, or another name for it. */
MUST_CHECK enum status holiday_add(struct ctx *, const char *day, const char *name,
    struct calendar_result *);

/* Take out what a day or a key names. ERR_NOT_FOUND when there is nothing, ERR_CONFLICT for a
 * period for which reports were sent. */
MUST_CHECK enum status holiday_remove(struct ctx *, const char *day);
MUST_CHECK enum status period_remove(struct ctx *, const char *key);
MUST_CHECK enum status review_remove(struct ctx *, const char *key);

#endif
