/* What has changed since the period before: figures against the same ones of the period of the
 * calendar that came before theirs, all by the structure of the later one. */
#ifndef DOMAIN_FIGURE_CHANGE_H
#define DOMAIN_FIGURE_CHANGE_H

#include "domain/calendar.h"
#include "domain/figure.h"

struct figure_change {
    struct figure before;
    bool is_known; /* false: one of the two has no value */
    int64_t value; /* in the indicator's scale; of a ratio tenths of a percentage point */
    enum qualifier qualifier;
};

/* The period before the one that has the query's days, or NULL: it is none, or there is none
 * before it. */
const struct period *figure_period_before(const struct ctx *, const struct figure_query *);

/* The changes of a figure (out[0]) and of its parts (out[1 + i]) since a period, in one read. Of
 * hidden parts nothing is read. */
MUST_CHECK enum status figure_changes(struct ctx *, const struct period *, const struct figure *,
    const struct figure_part *, int count, struct figure_change *out);

#endif
