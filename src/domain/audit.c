/* Writing a row. Once in a write and shard it leaves a mark where rows wait for their seal. */
#include "domain/audit.h"

#include "base/plant.h"
#include "store/store.h"

#include <sodium.h>

enum { SALT_LENGTH = 16 };

int64_t
audit_home(const struct ctx *cx)
{
    const struct unit *root = cx->world->tree->root;
    return root == NULL ? 0 : root->shard;
}

static enum status
wait_for_seal(struct ctx *cx, int64_t shard, int64_t id)
{
    if (!store_shard_is_new(cx, shard))
        return OK;
    struct query *q = query_new(cx, Q_AUDIT_WAIT_INSERT);
    query_int_at(q, 0, shard);
    query_int_at(q, 1, id);
    return query_run(q, NULL);
}

enum status
audit_note(struct ctx *cx, const struct audit_note *note)
{
    unsigned char salt[SALT_LENGTH];
    int64_t id = store_id(cx);
    TRY(wait_for_seal(cx, note->shard, id));
    randombytes_buf(salt, sizeof(salt));
    struct query *q = query_new(cx, Q_AUDIT_INSERT);
    query_int_at(q, 0, note->shard);
    query_int_at(q, 1, id);
    query_int_at(q, 2, cx->now);
    query_int_at(q, 3, cx->actor);
    query_text_at(q, 4, note->action);
    query_int_at(q, 5, note->subject);
    query_int_at(q, 6, note->version);
    query_text_at(q, 7, note->detail);
    query_blob_at(q, 8, salt, sizeof(salt));
    return query_run(q, NULL);
}
