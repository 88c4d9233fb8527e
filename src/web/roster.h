/* Who of a unit stands in a register about people already: what sheets and series of records go by.
 */
#ifndef WEB_ROSTER_H
#define WEB_ROSTER_H

#include "base/map.h"
#include "web/form_choices.h"

/* This year's records of the unit by the number of the person's code, as struct record *. */
MUST_CHECK enum status roster_recorded(struct ctx *, const struct reg *, const struct unit *,
    struct map **out);

/* Of those offered the first after a person who has no record this year, around the end of the
 * list; NULL: everybody has one. Its text is a code. */
MUST_CHECK enum status roster_next(const struct form_choices *, int64_t after, const char **out);

#endif
