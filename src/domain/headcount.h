/* How many people there are: stored sums of those who came and went, kept up to date with every
 * change of a membership. A shard's own sums do not depend on the tree, so that moving units costs
 * nothing, and the whole nation is read from a few rows a shard. */
#ifndef DOMAIN_HEADCOUNT_H
#define DOMAIN_HEADCOUNT_H

#include "domain/person.h"
#include "domain/tally.h"

/* headcount.grain: the whole of time, and what happened in a year, a month, on a day. */
enum headcount_grain { HEADCOUNT_ALL, HEADCOUNT_YEAR, HEADCOUNT_MONTH, HEADCOUNT_DAY };

/* People of some statuses (bits: 1 << PERSON_DU_BI) who belong, on a day, to a unit whose place
 * lies in the subtree; `basis` is the day whose tree is asked, DAY_THEN for that of the day. */
struct person_count {
    const struct unit *unit;
    int32_t day;
    unsigned statuses;
    int32_t basis;
};
MUST_CHECK enum status person_count(struct ctx *, const struct person_count *, int64_t *out);

/* Add what a membership makes, or with sign -1 take it away. */
void headcount_add(struct tally *, const struct membership *, int sign);
/* Inside a write: into the table. */
MUST_CHECK enum status headcount_write(struct ctx *, struct tally *);
/* Inside a write: all of it anew from the memberships. */
MUST_CHECK enum status headcount_rebuild(struct ctx *);

#endif
