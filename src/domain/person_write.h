/* What the writers of people share: src/domain/person*.c only. */
#ifndef DOMAIN_PERSON_WRITE_H
#define DOMAIN_PERSON_WRITE_H

#include "domain/person.h"
#include "domain/tally.h"

enum { PERSON_NAME_MAX = 120, PERSON_POST_MAX = 120 };

/* One person out of person_by_code, _by_id or _by_origin, spans and all; NULL when there is none.
 */
MUST_CHECK enum status person_read(struct ctx *, struct query *, struct person **out);

/* What a list of people says in a line, and what `person set` sets. */
enum person_column {
    PERSON_CODE,
    PERSON_ORIGIN,
    PERSON_NAME,
    PERSON_GIVEN,
    PERSON_UNIT,
    PERSON_FROM,
    PERSON_TO,
    PERSON_STATUS,
    PERSON_POST,
    PERSON_COLUMN__COUNT
};
extern const char *const person_columns[PERSON_COLUMN__COUNT];

struct person_cells {
    const char *cell[PERSON_COLUMN__COUNT]; /* as typed; NULL: nothing is said */
    struct fault where;                     /* of the line */
    int column[PERSON_COLUMN__COUNT];       /* of the cells, from 1; 0 where there is no file */
};

/* Where the given name stands in a name, as whole words, or NULL. */
const char *person_given_at(const char *name, const char *given);

/* Put what is said into a person and one of the spans; a name that no longer has the given name in
 * it gets its last word. An empty `from` is the first day of the unit. False after a fault, of
 * which all are told. */
bool person_fill(struct ctx *, const struct person_cells *, struct person *, struct membership *);

/* Put the spans into order; a fault for each two that share a day. */
bool person_check_spans(struct ctx *, struct fault where, struct person *);

bool person_equal(const struct person *, const struct person *);

/* Inside a write: store a checked person as a new version with history and audit row. `before` is
 * NULL for a new one. What it does to the headcount is added to the tally, for the caller to write
 * (headcount_write) in the end. */
MUST_CHECK enum status person_put(struct ctx *, const struct person *before, struct person *after,
    const char *action, const char *reason, struct tally *);

/* The body of a version. */
const char *person_json(struct ctx *, const struct person *);

#endif
