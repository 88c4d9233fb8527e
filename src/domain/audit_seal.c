/* Sealing. What waits is taken out and sealed in one transaction, so that it is done wholly or not
 * at all, however often a sealer is killed and however many there are: each locks the last seal
 * first, and its number is a key. */
#include "domain/audit_seal.h"

#include "base/plant.h"
#include "store/lease.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SEAL_ROWS = 4096, LEASE_MS = 10 * 1000 };

/* Digests */

static void
put_int(unsigned char *out, int64_t value)
{
    for (int i = ID_BYTES; i-- > 0; value = (int64_t)((uint64_t)value >> 8))
        out[i] = (unsigned char)value;
}

int64_t
audit_member_id(const unsigned char *member)
{
    uint64_t id = 0;
    for (int i = 0; i < ID_BYTES; i++)
        id = id << 8 | member[i];
    return (int64_t)id;
}

static void
add_int(crypto_hash_sha256_state *state, int64_t value)
{
    unsigned char bytes[ID_BYTES];
    put_int(bytes, value);
    crypto_hash_sha256_update(state, bytes, sizeof(bytes));
}

/* Null is no text of any length. */
static void
add_bytes(crypto_hash_sha256_state *state, const void *bytes, size_t length, bool is_null)
{
    add_int(state, is_null ? -1 : (int64_t)length);
    if (!is_null && length > 0)
        crypto_hash_sha256_update(state, bytes, length);
}

static void
add_text(crypto_hash_sha256_state *state, const struct query *q, int column)
{
    bool is_null = query_get_null(q, column);
    const char *text = is_null ? "" : query_peek_text(q, column);
    add_bytes(state, text, strlen(text), is_null);
}

void
audit_row_digest(const struct query *q, int64_t shard, unsigned char out[DIGEST_BYTES])
{
    enum { ID, AT, ACTOR, ACTION, SUBJECT, VERSION, DETAIL, SALT };
    static const int numbers[] = {ID, AT, ACTOR, SUBJECT, VERSION};
    crypto_hash_sha256_state state;
    size_t length;
    const void *salt = query_peek_blob(q, SALT, &length);
    crypto_hash_sha256_init(&state);
    add_bytes(&state, salt, length, query_get_null(q, SALT));
    add_int(&state, shard);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        add_int(&state, query_get_int(q, numbers[i]));
    add_text(&state, q, ACTION);
    if (!PLANTED("detail_not_sealed"))
        add_text(&state, q, DETAIL);
    crypto_hash_sha256_final(&state, out);
}

const char *
audit_seal_digest(struct arena *arena, const char *before, const struct audit_seal *seal)
{
    char *text = arena_alloc(arena, AUDIT_DIGEST_LENGTH + 1);
    unsigned char digest[DIGEST_BYTES];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    add_bytes(&state, before, strlen(before), false);
    add_int(&state, seal->shard);
    add_int(&state, seal->n);
    add_int(&state, seal->at);
    add_bytes(&state, seal->members, seal->length, false);
    crypto_hash_sha256_final(&state, digest);
    return sodium_bin2hex(text, AUDIT_DIGEST_LENGTH + 1, digest, sizeof(digest));
}

/* One seal */

struct ids {
    int64_t *items;
    int count;
};

struct job {
    int64_t shard;
    bool more; /* rows are left for the next seal */
};

static int
compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Take out the marks of a shard; the smallest is where rows may wait. */
static enum status
take_waits(struct ctx *cx, int64_t shard, int64_t *from)
{
    struct query *q = query_new(cx, Q_AUDIT_WAIT_TAKE);
    *from = INT64_MAX;
    query_int(q, "shard", shard);
    while (query_next(q)) {
        if (query_get_int(q, 0) < *from)
            *from = query_get_int(q, 0);
    }
    return query_end(q);
}

/* Rows from an id on that have their seal: some were committed before one of a smaller id. */
static enum status
read_sealed(struct ctx *cx, int64_t shard, int64_t from, struct ids *out)
{
    struct query *q = query_new(cx, Q_AUDIT_SEAL_SINCE);
    query_int(q, "shard", shard);
    query_int(q, "from", from);
    while (query_next(q)) {
        size_t length;
        const unsigned char *members = query_peek_blob(q, 0, &length);
        for (size_t at = 0; at + MEMBER_BYTES <= length; at += MEMBER_BYTES) {
            int64_t id = audit_member_id(members + at);
            if (id >= from)
                *ARENA_PUSH(cx->arena, out->items, out->count) = id;
        }
    }
    if (out->count > 0)
        qsort(out->items, (size_t)out->count, sizeof(*out->items), compare_ids);
    return query_end(q);
}

/* The next rows that have no seal, as members; *left is the id of one that has no room any more. */
static enum status
read_members(struct ctx *cx, int64_t shard, int64_t from, struct audit_seal *seal, int64_t *left)
{
    struct ids sealed = {0};
    int at = 0;
    TRY(read_sealed(cx, shard, from, &sealed));
    unsigned char *members = arena_alloc(cx->arena, (size_t)SEAL_ROWS * MEMBER_BYTES);
    struct query *q = query_new(cx, Q_AUDIT_FROM);
    query_int(q, "shard", shard);
    query_int(q, "from", from);
    query_int(q, "limit", SEAL_ROWS + 1 + sealed.count);
    while (query_next(q)) {
        int64_t id = query_get_int(q, 0);
        while (at < sealed.count && sealed.items[at] < id)
            at++;
        if (at < sealed.count && sealed.items[at] == id)
            continue;
        if (seal->length == (size_t)SEAL_ROWS * MEMBER_BYTES) {
            *left = id;
            break;
        }
        put_int(members + seal->length, id);
        audit_row_digest(q, shard, members + seal->length + ID_BYTES);
        seal->length += MEMBER_BYTES;
    }
    seal->members = members;
    return query_end(q);
}

static enum status
read_head(struct ctx *cx, int64_t shard, int64_t *n, const char **digest)
{
    bool found;
    struct query *q = query_new(cx, Q_AUDIT_HEAD_FOR_CHANGE);
    *n = 0;
    *digest = "";
    query_int(q, "shard", shard);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *n = query_get_int(q, 0);
    *digest = query_get_text(q, 1);
    return query_end(q);
}

static enum status
put_seal(struct ctx *cx, const struct audit_seal *seal, const char *digest)
{
    struct query *q = query_new(cx, Q_AUDIT_SEAL_INSERT);
    query_int(q, "shard", seal->shard);
    query_int(q, "n", seal->n);
    query_int(q, "at", seal->at);
    query_int(q, "first", audit_member_id(seal->members));
    query_int(q, "last", audit_member_id(seal->members + seal->length - MEMBER_BYTES));
    query_blob(q, "members", seal->members, seal->length);
    query_text(q, "digest", digest);
    TRY(query_run(q, NULL));
    q = query_new(cx, Q_AUDIT_HEAD_PUT);
    query_int(q, "shard", seal->shard);
    query_int(q, "n", seal->n);
    query_text(q, "digest", digest);
    return query_run(q, NULL);
}

static enum status
leave_wait(struct ctx *cx, int64_t shard, int64_t id)
{
    struct query *q = query_new(cx, Q_AUDIT_WAIT_INSERT);
    query_int_at(q, 0, shard);
    query_int_at(q, 1, id);
    return query_run(q, NULL);
}

static enum status
seal_next(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    struct audit_seal seal = {.shard = job->shard, .at = cx->now};
    const char *before;
    int64_t from, left = 0;
    job->more = false;
    TRY(read_head(cx, job->shard, &seal.n, &before));
    TRY(take_waits(cx, job->shard, &from));
    TRY(read_members(cx, job->shard, from, &seal, &left));
    if (seal.length == 0)
        return OK;
    seal.n++;
    TRY(put_seal(cx, &seal, audit_seal_digest(cx->arena, before, &seal)));
    job->more = left != 0;
    return left == 0 ? OK : leave_wait(cx, job->shard, left);
}

/* Rounds */

static enum status
take_lease(struct ctx *cx, void *is_ours)
{
    return lease_take(cx, "seal", cx->now, LEASE_MS, is_ours);
}

/* The shards in which something waits; 0 is that of a database which had no units yet. */
static enum status
waiting_shards(struct ctx *cx, struct ids *out)
{
    const struct tree *tree = cx->world->tree;
    struct ids all = {0};
    *ARENA_PUSH(cx->arena, all.items, all.count) = 0;
    for (int i = 0; i < tree->shard_count; i++) {
        if (tree->shards[i] != 0)
            *ARENA_PUSH(cx->arena, all.items, all.count) = tree->shards[i];
    }
    struct query *q = query_new(cx, Q_AUDIT_WAITS);
    query_each_int(q, "shard", all.items, all.count);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, out->items, out->count) = all.items[query_which(q)];
    return query_end(q);
}

static enum status
seal_round(struct ctx *cx, bool *more, bool *is_ours)
{
    struct ids shards = {0};
    *is_ours = true;
    TRY(waiting_shards(cx, &shards));
    if (shards.count == 0)
        return OK;
    TRY(store_write(cx, take_lease, is_ours));
    for (int i = 0; *is_ours && i < shards.count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct job job = {.shard = shards.items[i]};
        enum status status = store_write(cx, seal_next, &job);
        if (status != OK)
            return status;
        arena_release(cx->arena, mark);
        *more = *more || job.more;
    }
    return OK;
}

static enum status
round_of(struct ctx *cx, bool *more, bool *is_ours)
{
    *more = false;
    TRY(world_begin(cx));
    enum status status = seal_round(cx, more, is_ours);
    world_end(cx);
    return status;
}

enum status
audit_seal_round(struct ctx *cx, bool *more)
{
    bool is_ours;
    return round_of(cx, more, &is_ours);
}

enum status
audit_seal_all(struct ctx *cx)
{
    bool more = true, is_ours = true;
    while (more && is_ours)
        TRY(round_of(cx, &more, &is_ours));
    return is_ours ? OK
                   : fault_set(cx, ERR_CONFLICT,
                         "Một tiến trình khác đang niêm phong nhật ký; hãy thử lại sau 10 giây.");
}
