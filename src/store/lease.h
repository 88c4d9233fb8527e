/* Leases: work that one process does at a time. Whoever takes one again renews it; one whose time
 * has passed is anybody's. Each is called inside a write, and each taking is a write. `now` is
 * given apart: in a long piece of work cx->now stands still. */
#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "base/ctx.h"

/* Take or renew it until now + milliseconds. Not *is_ours: another process has it. */
MUST_CHECK enum status lease_take(struct ctx *, const char *name, int64_t now, int64_t milliseconds,
    bool *is_ours);
/* The same, but only when nobody has taken it since we did. */
MUST_CHECK enum status lease_renew(struct ctx *, const char *name, int64_t now,
    int64_t milliseconds, bool *is_ours);
/* Harmless when it is another's by now. */
MUST_CHECK enum status lease_drop(struct ctx *, const char *name);

#endif
