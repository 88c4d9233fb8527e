/* Changing the tree: importing a list, renaming, moving, ending and merging units on a date. Every
 * change is one transaction that also brings the cells of the units concerned up to date. */
#ifndef DOMAIN_UNIT_H
#define DOMAIN_UNIT_H

#include "domain/world.h"

/* A list of units as a table: columns code, parent_code, level, name, and, if there, kind, bloc,
 * from, to; parents may come after their children. What a list leaves out stays as it is. A unit
 * whose code is known on `day` and whose name, level, kind, bloc or parent differ is renamed or
 * moved from that day; an unknown code is a new unit, from `from` on (0001-01-01 when the row gives
 * none; with `from_day` given, that day). The whole list is checked first: every bad line is
 * reported with line, column, value and reason, and nothing is changed then.
 *
 * A list with a column `unit` is one through time, as unit_export writes it: each line is a span,
 * or, with `event`, an event of the unit that its cell `unit` names within the file. Parents are
 * codes on the first day of the span. It brings whole units: one that is known must be there as the
 * list says.
 */
struct unit_import {
    const char *file; /* its name, for the faults */
    const char *text;
    size_t length;
    int32_t day;      /* when the list was read */
    int32_t from_day; /* DAY_MIN unless new units begin on a day */
};

struct unit_import_result {
    int rows, created, changed, unchanged;
};

MUST_CHECK enum status unit_import(struct ctx *, const struct unit_import *,
    struct unit_import_result *);

/* One new unit from a day on. ERR_CONFLICT when its code is borne on that day or later; ERR_INVALID
 * with all that is wrong, each fault with the key of what it is about. */
struct unit_new {
    const char *code, *name, *level, *kind, *bloc;
    const struct unit *parent; /* NULL: it is the root */
    int32_t from;
};
MUST_CHECK enum status unit_create(struct ctx *, const struct unit_new *, const struct unit **out);

/* One event on a day. The unit must live on the day before or on the day; its facts of later days
 * keep their unit, and a move makes them count under the new parent from the day on. */
enum unit_event_kind { UNIT_RENAME, UNIT_MOVE, UNIT_ABOLISH, UNIT_MERGE };
struct unit_event {
    enum unit_event_kind kind;
    int32_t day;          /* the first day on which it is so */
    const char *code;     /* of the unit, on the day before */
    const char *other;    /* the new parent, or the heir: a code on the day; or NULL */
    const char *name;     /* of a rename */
    const char *decision; /* number of the decision, or NULL */
};
MUST_CHECK enum status unit_change(struct ctx *, const struct unit_event *);

#endif
