/* Records as documents: what pages, JSON and the command line show of one, and lists of them. */
#ifndef DOMAIN_RECORD_VIEW_H
#define DOMAIN_RECORD_VIEW_H

#include "base/doc.h"
#include "domain/record.h"

/* The records of one unit and register made after the record `after` (a code, or NULL), at most
 * `limit`, in the order of their making. */
MUST_CHECK enum status record_list(struct ctx *, const struct reg *, const struct unit *,
    const char *after, int limit, struct record ***out, int *count);

/* The newest of one unit and register that the viewer may read, at most `limit`. */
MUST_CHECK enum status record_newest(struct ctx *, const struct reg *, const struct unit *,
    int limit, struct record ***out, int *count);

/* code, register, unit, state, version, times, directives, fields (row_doc), `transitions` that its
 * state allows, and the messages of its `notices`, into an object. The reading of people whom it
 * names is noted first; not inside a write. */
MUST_CHECK enum status record_doc(struct doc *object, struct ctx *, const struct record *);

#endif
