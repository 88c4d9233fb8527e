/* Reading and changing who reads a record. */
#include "domain/reader.h"

#include "domain/audit.h"
#include "domain/rights.h"
#include "store/store.h"

enum status
reader_list_doc(struct doc *list, struct ctx *cx, const struct record *record)
{
    struct query *q = query_new(cx, Q_READER_ACCOUNTS);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    while (query_next(q)) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "login", query_get_text(q, 0));
        doc_text(object, "label", query_get_text(q, 1));
        doc_time(object, "since", query_get_int(q, 2), cx->world->zone_offset);
        doc_bool(object, "is_me", cx->viewer != NULL && query_get_int(q, 3) == cx->viewer->account);
    }
    return query_end(q);
}

struct reader_job {
    const char *code, *login;
    bool is_new;
};

static enum status
find_account(struct ctx *cx, const char *login, int64_t *out)
{
    bool found;
    struct query *q = query_new(cx, Q_ACCOUNT_OPEN_BY_LOGIN);
    query_text(q, "login", login);
    TRY(query_one(q, &found));
    if (!found)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "tai_khoan"},
            "Không có tài khoản “%s” đang dùng được; cần đúng tên đăng nhập.", login);
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
note(struct ctx *cx, const struct record *record, const struct reader_job *job)
{
    struct audit_note done = {.shard = record->shard,
        .action = job->is_new ? "reader.add" : "reader.remove",
        .subject = record->id,
        .version = record->version,
        .detail = job->login};
    return audit_note(cx, &done);
}

static enum status
put(struct ctx *cx, const struct record *record, int64_t account)
{
    struct query *q = query_new(cx, Q_READER_INSERT);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_int(q, "account", account);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}

/* Without its last reader a record would be open to all of its unit again. */
static enum status
take_out(struct ctx *cx, const struct record *record, int64_t account)
{
    int64_t changed;
    struct query *q = query_new(cx, Q_READER_DELETE);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_int(q, "account", account);
    TRY(query_run(q, &changed));
    if (changed > 0)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Không rút được: tài khoản này không phải người xem, hoặc là người xem cuối cùng của hồ "
        "sơ.");
}

static enum status
change(struct ctx *cx, void *arg)
{
    const struct reader_job *job = arg;
    struct record *record;
    int64_t account = 0;
    TRY(record_load(cx, job->code, &record));
    if (record->reg->visibility != VISIBILITY_HAN_CHE)
        return fault_set(cx, ERR_INVALID, "Sổ %s không hạn chế người xem.",
            label_text(cx, &record->reg->label));
    if (!may_record(cx, ACTION_RECORD, record))
        return fault_set(cx, ERR_FORBIDDEN, "Đồng chí không được đổi người xem của hồ sơ này.");
    TRY(find_account(cx, job->login, &account));
    TRY(job->is_new ? put(cx, record, account) : take_out(cx, record, account));
    return note(cx, record, job);
}

enum status
reader_add(struct ctx *cx, const char *code, const char *login)
{
    struct reader_job job = {code, login, true};
    return world_write(cx, change, &job);
}

enum status
reader_remove(struct ctx *cx, const char *code, const char *login)
{
    struct reader_job job = {code, login, false};
    return world_write(cx, change, &job);
}
