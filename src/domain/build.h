/* Making the facts and cells of new versions of indicators while the old ones serve: in short
 * transactions, under numbers that nobody reads yet. What is written meanwhile is noted by the
 * writers and looked at again; the transaction that takes the new numbers into force does the rest.
 * A process that is killed leaves rows under numbers that mean nothing, which the next one clears.
 *
 * None is missed: from the transaction on that sets meta 'building', each write of a record notes
 * it in the same transaction; whoever wrote before that one ended has been seen, because records
 * are read after it. That transaction is alone: it has waited for those that had begun, and whoever
 * begins later sees its mark in the question that world_write asks, once, at the beginning. */
#ifndef DOMAIN_BUILD_H
#define DOMAIN_BUILD_H

#include "domain/plan.h"

/* The lease of those who change what facts are made of: one at a time. It is held under the name
 * that the process had when it began, and for some seconds only, so that one that died is not
 * waited for long. */
struct build_lease {
    int64_t started; /* on the monotonic clock, milliseconds */
};

struct build {
    const struct build_lease *lease;
    const struct plan *plan;
    int64_t *ids;                  /* by index of the new indicator: its number */
    bool *wanted;                  /* the same: its facts are made */
    const struct scan_sql **scans; /* by index of the new register; NULL: none of it is wanted */
};

/* Inside a write: take the lease. ERR_CONFLICT when another holds it. */
MUST_CHECK enum status build_hold(struct ctx *, struct build_lease *out);
/* Inside a write: give it back. Harmless when it is another's by now. */
MUST_CHECK enum status build_release(struct ctx *);

/* Inside a write, holding the lease: give numbers to the indicators that are to be made; what
 * another process left half made is given up. */
MUST_CHECK enum status build_begin(struct ctx *, const struct build_lease *, const struct plan *,
    struct build **out);

/* Make the facts and cells, in transactions of their own. */
MUST_CHECK enum status build_run(struct ctx *, struct build *);

/* Inside the write that puts the new version into force, before anything else in it changes: what
 * was written since; then the numbers are in force, and those before are not. */
MUST_CHECK enum status build_end(struct ctx *, struct build *);

/* Inside a write: give up whatever is half made. ERR_CONFLICT when the lease is another's. */
MUST_CHECK enum status build_abandon(struct ctx *, const struct build_lease *);

/* Inside a write: is there anything that a process has left half made or half cleared? */
MUST_CHECK enum status build_is_left(struct ctx *, bool *out);

/* Clear facts and cells of numbers that are no longer in force, in transactions of their own. */
MUST_CHECK enum status build_sweep(struct ctx *, const struct build_lease *);

#endif
