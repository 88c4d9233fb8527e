/* Leases as rows of their table: the statement says whether it has changed one. */
#include "store/lease.h"

#include "store/store.h"

static enum status
run(struct query *q, const struct ctx *cx, const char *name, bool *is_ours)
{
    int64_t changed;
    query_text(q, "name", name);
    query_text(q, "holder", store_holder(cx));
    TRY(query_run(q, &changed));
    *is_ours = changed > 0;
    return OK;
}

enum status
lease_take(struct ctx *cx, const char *name, int64_t now, int64_t milliseconds, bool *is_ours)
{
    struct query *q = query_new(cx, Q_LEASE_TAKE);
    query_int(q, "now", now);
    query_int(q, "until", now + milliseconds);
    return run(q, cx, name, is_ours);
}

enum status
lease_renew(struct ctx *cx, const char *name, int64_t now, int64_t milliseconds, bool *is_ours)
{
    struct query *q = query_new(cx, Q_LEASE_RENEW);
    query_int(q, "until", now + milliseconds);
    return run(q, cx, name, is_ours);
}

enum status
lease_drop(struct ctx *cx, const char *name)
{
    bool was_ours;
    return run(query_new(cx, Q_LEASE_DROP), cx, name, &was_ours);
}
