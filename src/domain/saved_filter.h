/* What somebody asks of a register again and again: the query of its page under a name of one's
 * own. */
#ifndef DOMAIN_SAVED_FILTER_H
#define DOMAIN_SAVED_FILTER_H

#include "domain/world.h"

enum { SAVED_FILTERS_MAX = 20, FILTER_NAME_MAX = 60, FILTER_QUERY_MAX = 1000 };

struct saved_filter {
    const char *name, *query; /* "tim=hoc+tap&tt=nhap" */
};

/* The viewer's of a register, by name; none for the operator. */
MUST_CHECK enum status saved_filter_list(struct ctx *, const struct reg *,
    struct saved_filter **out, int *count);
/* Keep one, or give a name another query. ERR_INVALID for a name or a query that is empty or too
 * long, ERR_LIMIT for one too many; ERR_NOT_FOUND for the operator, who has no account. */
MUST_CHECK enum status saved_filter_put(struct ctx *, const struct reg *,
    const struct saved_filter *);
/* No fault when there is none. */
MUST_CHECK enum status saved_filter_remove(struct ctx *, const struct reg *, const char *name);

#endif
