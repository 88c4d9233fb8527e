/* Verifying. The seals of a shard are followed from the first; then its rows and the members of its
 * seals are walked side by side in the order of their ids. Seals overlap a little where a row was
 * committed late, so only few are held at a time. */
#include "domain/audit_seal.h"

#include "base/plant.h"

#include <stdlib.h>
#include <string.h>

/* Findings */

static void
find(struct ctx *cx, struct audit_result *out, int64_t shard, const char *where, const char *what)
{
    if (out->count >= AUDIT_FINDINGS_MAX) {
        out->left_out++;
        return;
    }
    *ARENA_PUSH(cx->arena, out->findings, out->count) =
        (struct audit_finding){shard, where, arena_strdup(cx->arena, what)};
}

static void
find_row(struct ctx *cx, struct audit_result *out, int64_t shard, int64_t id, const char *what)
{
    find(cx, out, shard, arena_printf(cx->arena, "dòng %lld", (long long)id), what);
}

static void
find_seal(struct ctx *cx, struct audit_result *out, int64_t shard, int64_t n, const char *what)
{
    find(cx, out, shard, arena_printf(cx->arena, "niêm phong %lld", (long long)n), what);
}

/* The seals, one upon the other */

/* A text of the database that is to be a digest: a copy, cut where it is too long for one. */
static const char *
digest_text(struct arena *arena, const struct query *q, int column)
{
    return arena_strndup(arena, query_peek_text(q, column), AUDIT_DIGEST_LENGTH + 1);
}

static bool
is_in_order(const struct audit_seal *seal)
{
    for (size_t at = MEMBER_BYTES; at < seal->length; at += MEMBER_BYTES) {
        if (audit_member_id(seal->members + at) <=
            audit_member_id(seal->members + at - MEMBER_BYTES))
            return false;
    }
    return seal->length > 0 && seal->length % MEMBER_BYTES == 0;
}

/* What is wrong with the seal in the row of a query, NULL when nothing is. */
static const char *
fault_of_seal(struct ctx *cx, const struct query *q, const struct audit_seal *seal, int64_t wanted,
    const char *before, const char *digest)
{
    if (seal->n != wanted)
        return "thiếu niêm phong ngay trước nó";
    if (!is_in_order(seal))
        return "danh sách dòng bị sửa";
    if (query_get_int(q, 2) != audit_member_id(seal->members) ||
        query_get_int(q, 3) != audit_member_id(seal->members + seal->length - MEMBER_BYTES))
        return "dòng đầu hoặc dòng cuối bị sửa";
    if (strcmp(digest, audit_seal_digest(cx->arena, before, seal)) != 0 && !PLANTED("seal_unread"))
        return "không khớp với nội dung và niêm phong trước nó: bị sửa, bị đổi chỗ hoặc bị chèn";
    return NULL;
}

/* After a seal that is wrong the next is looked at upon what stands there, so that each is told. */
static enum status
follow_seals(struct ctx *cx, struct audit_chain *chain, struct audit_result *out)
{
    char before[AUDIT_DIGEST_LENGTH + 2] = "";
    int64_t wanted = 1;
    struct query *q = query_new(cx, Q_AUDIT_SEAL_ALL);
    query_int(q, "shard", chain->shard);
    while (query_next(q)) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct audit_seal seal = {.shard = chain->shard,
            .n = query_get_int(q, 0),
            .at = query_get_int(q, 1)};
        seal.members = query_peek_blob(q, 4, &seal.length);
        const char *digest = digest_text(cx->arena, q, 5);
        const char *fault = fault_of_seal(cx, q, &seal, wanted, before, digest);
        strcpy(before, digest);
        wanted = seal.n + 1;
        chain->seals++;
        arena_release(cx->arena, mark);
        if (fault != NULL)
            find_seal(cx, out, chain->shard, seal.n, fault);
    }
    chain->digest = arena_strdup(cx->arena, before);
    return query_end(q);
}

/* The last seal stands once more in the head. */
static enum status
compare_head(struct ctx *cx, int64_t shard, struct audit_result *out)
{
    bool has_seal, has_head;
    int64_t last = 0, seals = 0;
    const char *digest = "";
    struct query *q = query_new(cx, Q_AUDIT_SEAL_LAST);
    query_int(q, "shard", shard);
    TRY(query_one(q, &has_seal));
    if (has_seal) {
        last = query_get_int(q, 0);
        digest = query_get_text(q, 1);
        seals = query_get_int(q, 2);
        TRY(query_end(q));
    }
    q = query_new(cx, Q_AUDIT_HEAD_GET);
    query_int(q, "shard", shard);
    TRY(query_one(q, &has_head));
    int64_t n = has_head ? query_get_int(q, 0) : 0;
    bool is_same =
        n == last && seals == last && strcmp(has_head ? query_peek_text(q, 1) : "", digest) == 0;
    if (!is_same && !PLANTED("head_unread"))
        find(cx, out, shard, "đầu chuỗi",
            arena_printf(cx->arena,
                "phải có %lld niêm phong nhưng tìm thấy %lld, cái cuối là số %lld; hoặc mã của cái "
                "cuối bị sửa",
                (long long)n, (long long)seals, (long long)last));
    return has_head ? query_end(q) : OK;
}

/* Rows beside members */

struct member {
    int64_t id, n; /* of the row, of the seal */
    unsigned char digest[DIGEST_BYTES];
};

struct walk {
    struct ctx *cx;
    struct audit_chain *chain;
    struct audit_result *out;
    struct query *seals;    /* in the order of their first rows */
    struct member *members; /* of the seals that were begun, by id, from `at` on */
    int at, count, room;
    int64_t next;  /* the first row of the seal in `seals`; INT64_MAX: none is left */
    int64_t waits; /* from this id on rows may wait for their seal */
};

static int
compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : (x->n > y->n) - (x->n < y->n);
}

static void
step_seals(struct walk *walk)
{
    size_t length;
    bool found = query_next(walk->seals);
    const unsigned char *members = found ? query_peek_blob(walk->seals, 0, &length) : NULL;
    walk->next = !found ? INT64_MAX : length < MEMBER_BYTES ? INT64_MIN : audit_member_id(members);
}

static void
make_room(struct walk *walk, int more)
{
    int left = walk->count - walk->at;
    if (left > 0)
        memmove(walk->members, walk->members + walk->at, (size_t)left * sizeof(struct member));
    walk->at = 0;
    walk->count = left;
    if (left + more <= walk->room)
        return;
    walk->room = 2 * (left + more);
    walk->members = arena_grow(walk->cx->arena, walk->members, (size_t)left * sizeof(struct member),
        (size_t)walk->room * sizeof(struct member));
}

/* The members of all seals that begin up to an id. */
static void
begin_seals(struct walk *walk, int64_t id)
{
    bool any = false;
    while (walk->next <= id && walk->next != INT64_MAX) {
        size_t length;
        const unsigned char *members = query_peek_blob(walk->seals, 0, &length);
        int64_t n = query_get_int(walk->seals, 1);
        make_room(walk, (int)(length / MEMBER_BYTES));
        for (size_t at = 0; at + MEMBER_BYTES <= length; at += MEMBER_BYTES) {
            struct member *member = &walk->members[walk->count++];
            member->id = audit_member_id(members + at);
            member->n = n;
            memcpy(member->digest, members + at + ID_BYTES, DIGEST_BYTES);
        }
        any = true;
        step_seals(walk);
    }
    if (any)
        qsort(walk->members + walk->at, (size_t)(walk->count - walk->at), sizeof(struct member),
            compare_members);
}

/* Members before an id have no row. */
static void
find_removed(struct walk *walk, int64_t id, bool all)
{
    for (; walk->at < walk->count && (all || walk->members[walk->at].id < id); walk->at++)
        find_row(walk->cx, walk->out, walk->chain->shard, walk->members[walk->at].id,
            arena_printf(walk->cx->arena, "bị xóa sau khi niêm phong %lld",
                (long long)walk->members[walk->at].n));
}

static void
look_at_row(struct walk *walk, const struct query *q)
{
    int64_t id = query_get_int(q, 0), shard = walk->chain->shard;
    unsigned char digest[DIGEST_BYTES];
    begin_seals(walk, id);
    find_removed(walk, id, false);
    if (walk->at == walk->count || walk->members[walk->at].id != id) {
        if (id < walk->waits)
            find_row(walk->cx, walk->out, shard, id, "được chèn vào, không qua chương trình");
        else
            walk->chain->tail++;
        return;
    }
    audit_row_digest(q, shard, digest);
    walk->chain->rows++;
    if (memcmp(digest, walk->members[walk->at].digest, DIGEST_BYTES) != 0)
        find_row(walk->cx, walk->out, shard, id, "bị sửa sau khi niêm phong");
    walk->at++;
    for (; walk->at < walk->count && walk->members[walk->at].id == id; walk->at++)
        find_row(walk->cx, walk->out, shard, id, "có trong hai niêm phong");
}

static enum status
first_wait(struct ctx *cx, int64_t shard, int64_t *out)
{
    bool found;
    struct query *q = query_new(cx, Q_AUDIT_WAITS);
    query_int(q, "shard", shard);
    TRY(query_one(q, &found));
    *out = found ? query_get_int(q, 0) : INT64_MAX;
    return found ? query_end(q) : OK;
}

static enum status
walk_rows(struct ctx *cx, struct audit_chain *chain, struct audit_result *out)
{
    struct walk walk = {.cx = cx, .chain = chain, .out = out};
    TRY(first_wait(cx, chain->shard, &walk.waits));
    walk.seals = query_new(cx, Q_AUDIT_SEAL_BY_FIRST);
    query_int(walk.seals, "shard", chain->shard);
    step_seals(&walk);
    struct query *rows = query_new(cx, Q_AUDIT_ALL);
    query_int(rows, "shard", chain->shard);
    while (query_next(rows))
        look_at_row(&walk, rows);
    begin_seals(&walk, INT64_MAX);
    find_removed(&walk, 0, true);
    enum status status = query_end(walk.seals);
    enum status end = query_end(rows);
    return status != OK ? status : end;
}

/* All shards */

static enum status
list_chains(struct ctx *cx, enum query_name which, struct audit_result *out)
{
    struct query *q = query_new(cx, which);
    *out = (struct audit_result){0};
    while (query_next(q))
        *ARENA_PUSH(cx->arena, out->chains, out->chain_count) =
            (struct audit_chain){.shard = query_get_int(q, 0), .digest = ""};
    return query_end(q);
}

/* A seal that somebody has noted must still be there. */
static enum status
look_for(struct ctx *cx, const char *digest, struct audit_result *out)
{
    if (strlen(digest) != AUDIT_DIGEST_LENGTH ||
        strspn(digest, "0123456789abcdef") != AUDIT_DIGEST_LENGTH)
        return fault_set(cx, ERR_INVALID,
            "“%s” không phải là mã niêm phong; cần đủ %d ký tự 0–9, a–f như `chithi audit verify` "
            "đã in ra.",
            digest, AUDIT_DIGEST_LENGTH);
    for (int i = 0; i < out->chain_count; i++) {
        bool found;
        struct query *q = query_new(cx, Q_AUDIT_SEAL_FIND);
        query_int(q, "shard", out->chains[i].shard);
        query_text(q, "digest", digest);
        TRY(query_one(q, &found));
        if (found)
            return query_end(q);
    }
    find(cx, out, 0, digest,
        "mã đã ghi lại không còn trong chuỗi nào: phần cuối bị cắt đi hoặc bị làm lại");
    return OK;
}

enum status
audit_verify(struct ctx *cx, const char *against, struct audit_result *out)
{
    TRY(list_chains(cx, Q_AUDIT_SHARDS, out));
    if (against != NULL)
        TRY(look_for(cx, against, out));
    for (int i = 0; i < out->chain_count; i++) {
        TRY(follow_seals(cx, &out->chains[i], out));
        TRY(compare_head(cx, out->chains[i].shard, out));
        TRY(walk_rows(cx, &out->chains[i], out));
    }
    return OK;
}

enum status
audit_verify_heads(struct ctx *cx, struct audit_result *out)
{
    TRY(list_chains(cx, Q_AUDIT_HEAD_SHARDS, out));
    for (int i = 0; i < out->chain_count; i++)
        TRY(compare_head(cx, out->chains[i].shard, out));
    return OK;
}
