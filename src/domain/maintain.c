/* Folding in rounds. The lease keeps two processes from doing the same work; it is taken only when
 * there is something to do, because each taking is a write. */
#include "domain/maintain.h"

#include "domain/audit.h"
#include "domain/cell.h"
#include "store/lease.h"
#include "store/store.h"

enum { ROUND_DELTAS = 4096, LEASE_MS = 10 * 1000 };

static enum status
anything_waits(struct ctx *cx, bool *out)
{
    const struct tree *tree = cx->world->tree;
    struct query *q = query_new(cx, Q_DELTA_ANY);
    query_each_int(q, "shard", tree->shards, tree->shard_count);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

static enum status
take_lease(struct ctx *cx, void *is_ours)
{
    return lease_take(cx, "fold", cx->now, LEASE_MS, is_ours);
}

static enum status
fold(struct ctx *cx, bool *more)
{
    bool waiting, is_ours;
    int folded;
    TRY(anything_waits(cx, &waiting));
    if (!waiting)
        return OK;
    TRY(store_write(cx, take_lease, &is_ours));
    if (!is_ours)
        return OK;
    TRY(cell_fold(cx, ROUND_DELTAS, &folded));
    *more = folded == ROUND_DELTAS;
    return OK;
}

enum status
maintain_round(struct ctx *cx, bool *more)
{
    bool more_to_seal;
    *more = false;
    TRY(audit_seal_round(cx, &more_to_seal));
    TRY(world_begin(cx));
    enum status status = fold(cx, more);
    world_end(cx);
    *more = *more || more_to_seal;
    return status;
}
