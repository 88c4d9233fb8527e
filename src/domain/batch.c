/* The rows of batches, the lease of imports, and undoing. */
#include "domain/batch.h"

#include "base/log.h"
#include "domain/audit.h"
#include "domain/record.h"
#include "store/lease.h"

#include <sodium.h>
#include <string.h>

enum { LEASE_MINUTES = 2 };

static const char lease_name[] = "import";

enum status
batch_hold(struct ctx *cx, int64_t now)
{
    bool is_ours;
    TRY(lease_take(cx, lease_name, now, LEASE_MINUTES * 60 * 1000, &is_ours));
    if (is_ours)
        return OK;
    return fault_set(cx, ERR_CONFLICT,
        "Đang có một lần nhập khác; hãy chờ nó xong. Nếu nó đã dừng giữa chừng: thử lại sau %d "
        "phút.",
        LEASE_MINUTES);
}

enum status
batch_release(struct ctx *cx)
{
    return lease_drop(cx, lease_name);
}

/* Beginning and publishing */

enum status
batch_begin(struct ctx *cx, const struct record_import *input, int64_t *id)
{
    unsigned char hash[16];
    char digest[33];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)input->text, input->length, NULL,
        0);
    *id = store_id(cx);
    struct query *q = query_new(cx, Q_BATCH_INSERT);
    query_int(q, "id", *id);
    query_text(q, "register", input->reg);
    query_text(q, "file", input->file);
    query_text(q, "digest", sodium_bin2hex(digest, sizeof(digest), hash, sizeof(hash)));
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}

/* The batch that is being loaded; *id is 0 when there is none. */
static enum status
find_loading(struct ctx *cx, int64_t *id, const char **reg)
{
    bool found;
    struct query *q = query_new(cx, Q_BATCH_LOADING);
    *id = 0;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *id = query_get_int(q, 0);
    *reg = query_get_text(q, 1);
    return query_end(q);
}

enum status
batch_go_on(struct ctx *cx, int64_t id)
{
    const char *reg;
    int64_t loading;
    TRY(find_loading(cx, &loading, &reg));
    if (loading == id)
        return OK;
    return fault_set(cx, ERR_CONFLICT, "Lần nhập này dừng quá lâu và đã bị bỏ; hãy nhập lại.");
}

enum status
batch_publish(struct ctx *cx, int64_t id, int64_t records)
{
    TRY(batch_go_on(cx, id));
    struct query *q = query_new(cx, records > 0 ? Q_BATCH_PUBLISH : Q_BATCH_DELETE);
    if (records == 0) {
        query_int(q, "batch", id);
        return query_run(q, NULL);
    }
    query_int(q, "id", id);
    query_int(q, "records", records);
    return query_run(q, NULL);
}

/* Discarding */

static enum status
discard_rows(struct query *q, int64_t batch)
{
    query_int(q, "batch", batch);
    return query_run(q, NULL);
}

static enum status
discard_fields(struct ctx *cx, const struct reg *reg, int64_t batch)
{
    const struct reg_sql *sql = &cx->world->sql->registers[reg->index];
    TRY(discard_rows(query_sql(cx, sql->main.discard), batch));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            TRY(discard_rows(query_sql(cx, sql->lists[i].discard), batch));
    }
    return OK;
}

/* The audit keeps what was written, and says that it is gone. */
static enum status
note_discarded(struct ctx *cx, int64_t batch)
{
    struct audit_note done = {.shard = audit_home(cx),
        .action = "import.discard",
        .subject = batch};
    return audit_note(cx, &done);
}

enum status
batch_discard_left(struct ctx *cx)
{
    static const enum query_name rest[] = {Q_BATCH_DISCARD_FACTS, Q_BATCH_DISCARD_HISTORY,
        Q_SEARCH_DISCARD, Q_BATCH_DISCARD_RECORDS, Q_BATCH_DELETE};
    for (;;) {
        int64_t batch;
        const char *key;
        TRY(find_loading(cx, &batch, &key));
        if (batch == 0)
            return OK;
        log_note("discarding batch %lld, which was left half loaded", (long long)batch);
        const struct reg *reg = model_register(cx->world->model, key);
        if (reg != NULL)
            TRY(discard_fields(cx, reg, batch));
        for (size_t i = 0; i < COUNT_OF(rest); i++)
            TRY(discard_rows(query_new(cx, rest[i]), batch));
        TRY(note_discarded(cx, batch));
    }
}

/* Undoing */

struct undo {
    int64_t batch;
    int64_t voided, kept;
};

struct member {
    int64_t shard, id;
    const char *code;
    bool is_void; /* so it came in the file */
};

static enum status
find_members(struct ctx *cx, struct undo *undo, struct member **out, int *count)
{
    bool found;
    struct query *q = query_new(cx, Q_BATCH_FIND);
    query_int(q, "id", undo->batch);
    TRY(query_one(q, &found));
    if (!found)
        return fault_set(cx, ERR_NOT_FOUND, "Không có lô nhập %lld.", (long long)undo->batch);
    TRY(query_end(q));
    q = query_new(cx, Q_RECORD_OF_BATCH);
    query_int(q, "batch", undo->batch);
    while (query_next(q)) {
        if (query_get_int(q, 3) == 1)
            *ARENA_PUSH(cx->arena, *out, *count) =
                (struct member){query_get_int(q, 0), query_get_int(q, 1), query_get_text(q, 2),
                    strcmp(query_peek_text(q, 4), STATE_VOID) == 0};
        else
            undo->kept++;
    }
    return query_end(q);
}

/* The origin is free again: a file that was undone may come in once more, as it was or
 * corrected. */
static enum status
undo_member(struct ctx *cx, const struct member *member)
{
    if (!member->is_void)
        TRY(record_void_inside(cx, member->code, "Hoàn tác lô nhập"));
    struct query *q = query_new(cx, Q_RECORD_FREE_ORIGIN);
    query_int(q, "shard", member->shard);
    query_int(q, "id", member->id);
    return query_run(q, NULL);
}

static enum status
undo_batch(struct ctx *cx, void *arg)
{
    struct undo *undo = arg;
    struct member *members = NULL;
    int count = 0;
    undo->voided = undo->kept = 0;
    TRY(find_members(cx, undo, &members, &count));
    for (int i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(undo_member(cx, &members[i]));
        arena_release(cx->arena, mark);
        undo->voided++;
    }
    struct query *q = query_new(cx, Q_BATCH_UNDONE);
    query_int(q, "id", undo->batch);
    return query_run(q, NULL);
}

enum status
record_import_undo(struct ctx *cx, int64_t batch, int64_t *voided, int64_t *kept)
{
    struct undo undo = {.batch = batch};
    TRY(world_write(cx, undo_batch, &undo));
    *voided = undo.voided;
    *kept = undo.kept;
    return OK;
}
