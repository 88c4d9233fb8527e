/* What a record of a restricted register holds on an install that can be reached from outside: a
 * stub, that is numbers, days and choices. Part of what such registers are about is a state secret,
 * which stays on a machine or a network of its own, unless the operator has decided otherwise. */
#ifndef DOMAIN_STUB_H
#define DOMAIN_STUB_H

#include "domain/record.h"

/* Are records of the register stubs here? By the settings `mode` and `restricted_content`. */
bool stub_only(const struct world *, const struct reg *);
/* Does a stub hold such a field? Not texts, files and people. */
bool stub_holds(const struct field *);

/* ERR_INVALID for each value that a stub does not hold and that was not there before (NULL: a new
 * record). Reads no database. */
MUST_CHECK enum status stub_check(struct ctx *, const struct reg *, const struct row *before,
    const struct row *after);

#endif
