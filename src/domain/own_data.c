/* Reading one's own data, and asking for a correction. */
#include "domain/own_data.h"

#include "base/code.h"
#include "domain/contest.h"
#include "domain/person.h"
#include "domain/remark.h"
#include "domain/viewer.h"
#include "store/sqlgen.h"
#include "store/store.h"

#include <string.h>

const char *
own_code(const struct ctx *cx)
{
    if (cx->viewer == NULL || cx->viewer->person == 0)
        return NULL;
    return code_text(cx->arena, cx->viewer->person);
}

/* Records */

static enum status
find_about(struct ctx *cx, const struct reg *reg, const char *person, struct record_key **keys,
    int *count)
{
    const struct tree *tree = cx->world->tree;
    const struct sql *sql = cx->world->sql->registers[reg->index].about;
    if (sql == NULL || reg->visibility == VISIBILITY_HAN_CHE)
        return OK;
    struct query *q = query_sql(cx, sql);
    query_text(q, "person", person);
    query_each_int(q, "shard", tree->shards, tree->shard_count);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *keys, *count) =
            (struct record_key){tree->shards[query_which(q)], query_get_int(q, 0)};
    return query_end(q);
}

enum status
own_records(struct ctx *cx, struct record ***out, int *count)
{
    const struct model *model = cx->world->model;
    const char *person = own_code(cx);
    struct record_key *keys = NULL;
    int key_count = 0;
    *out = NULL;
    *count = 0;
    for (int i = 0; person != NULL && i < model->register_count; i++)
        TRY(find_about(cx, &model->registers[i], person, &keys, &key_count));
    return key_count == 0 ? OK : record_load_readable(cx, keys, key_count, out, count);
}

/* Who has looked */

enum status
own_reads(struct ctx *cx, int limit, struct audit_page *out)
{
    const char *code = own_code(cx);
    struct person *person;
    *out = (struct audit_page){0};
    if (code == NULL)
        return OK;
    TRY(person_by_code(cx, code, &person));
    return audit_reads(cx, person->shard, person->id, limit, out);
}

/* A word against it */

struct request {
    const char *code, *text; /* code NULL: what is kept about the person */
};

static bool
names(const struct record *record, int64_t person)
{
    for (int i = 0; i < record->reg->field_count; i++) {
        const struct value *value = &record->fields.values[i];
        if (record->reg->fields[i].kind == KIND_PERSON && !value->is_null &&
            value->number == person)
            return true;
    }
    return false;
}

static enum status
no_record(struct ctx *cx, const char *code)
{
    return fault_set(cx, ERR_NOT_FOUND, "Không có hồ sơ %s về đồng chí.", code);
}

/* One that is not about the viewer, and one that there is not, are told alike. */
static enum status
load_own(struct ctx *cx, const char *code, struct record **out)
{
    int before = cx->faults.count;
    enum status status = record_load(cx, code, out);
    if (status == OK && (*out)->reg->visibility != VISIBILITY_HAN_CHE &&
        names(*out, cx->viewer->person))
        return OK;
    if (status != OK && status != ERR_NOT_FOUND)
        return status;
    fault_forget(cx, before);
    return no_record(cx, code);
}

static enum status
contest_person(struct ctx *cx, const char *text)
{
    struct person *person;
    TRY(person_by_code(cx, own_code(cx), &person));
    return contest_add(cx, person, text);
}

static enum status
write_contest(struct ctx *cx, void *arg)
{
    const struct request *request = arg;
    struct record *record;
    if (request->code == NULL)
        return contest_person(cx, request->text);
    TRY(load_own(cx, request->code, &record));
    TRY(remark_add(cx, record, NULL, request->text));
    struct audit_note done = {.shard = record->shard,
        .action = "record.contest",
        .subject = record->id,
        .version = record->version};
    return audit_note(cx, &done);
}

enum status
own_contest(struct ctx *cx, const char *code, const char *text)
{
    struct request request = {code, text};
    if (own_code(cx) == NULL)
        return code == NULL
            ? fault_set(cx, ERR_NOT_FOUND, "Tài khoản này chưa gắn với người nào trong danh sách.")
            : no_record(cx, code);
    if (*text == '\0')
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "noi_dung"},
            "Nội dung đề nghị còn trống; hãy viết điều gì sai và phải là gì.");
    return world_write(cx, write_contest, &request);
}
