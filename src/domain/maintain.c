/* Folding in rounds. The lease keeps two processes from doing the same work; it is taken only when
 * there is something to do, because each taking is a write. */
#include "domain/maintain.h"

#include "domain/audit.h"
#include "domain/cell.h"
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
take_lease(struct ctx *cx, void *arg)
{
    struct query *q = query_new(cx, Q_LEASE_TAKE);
    query_text(q, "name", "fold");
    query_text(q, "holder", store_holder(cx));
    query_int(q, "now", cx->now);
    query_int(q, "until", cx->now + LEASE_MS);
    return query_run(q, arg);
}

static enum status
fold(struct ctx *cx, bool *more)
{
    bool waiting;
    int64_t held;
    int folded;
    TRY(anything_waits(cx, &waiting));
    if (!waiting)
        return OK;
    TRY(store_write(cx, take_lease, &held));
    if (held == 0)
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
