/* What the parts of the check share: src/domain/check*.c only. */
#ifndef DOMAIN_CHECK_PARTS_H
#define DOMAIN_CHECK_PARTS_H

#include "domain/check.h"
#include "domain/record.h"

/* Note a difference, or that there is one more than are listed. */
void check_differ(struct ctx *, struct check_result *, const char *kind, const char *where,
    const char *what);

/* Memberships against their sums, and people against their history. */
MUST_CHECK enum status check_people(struct ctx *, struct check_result *);

/* The words of one record; then all words against the index. */
MUST_CHECK enum status check_words(struct ctx *, const struct record *, struct check_result *);
MUST_CHECK enum status check_search(struct ctx *, struct check_result *);

#endif
