/* What people say against what is kept about themselves: their names, units, posts. It comes to
 * those who keep the people of the unit, and is open until what is kept is changed. */
#ifndef DOMAIN_CONTEST_H
#define DOMAIN_CONTEST_H

#include "domain/person.h"

enum { CONTESTS_MAX = 100 }; /* of one unit */

struct contest {
    const struct unit *unit; /* to which the person belongs, or belonged last */
    const char *person;      /* a code */
    const char *text;
    int64_t at;
};

/* Inside a write, with its row of the audit. ERR_INVALID for a text that is too long. */
MUST_CHECK enum status contest_add(struct ctx *, const struct person *, const char *text);
/* Inside the write that changes the person: `before` is as it was. */
MUST_CHECK enum status contest_close(struct ctx *, const struct person *before);

/* The open ones of people whom the viewer's roles keep, unit by unit, the newest first. */
MUST_CHECK enum status contest_list(struct ctx *, struct contest **out, int *count);
/* Those of one person. */
MUST_CHECK enum status contest_of_person(struct ctx *, const struct person *, struct contest **out,
    int *count);

#endif
