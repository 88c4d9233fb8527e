/* Reading records, one or many together; what the viewer may not read is not there. */
#include "domain/record.h"

#include "base/code.h"
#include "domain/rights.h"
#include "store/store.h"

#include <string.h>

void
record_join_state(struct arena *arena, struct record *record, const char *state)
{
    if (strcmp(state, record->stored_state) != 0)
        record->stored_state = arena_printf(arena, "%s/%s", record->stored_state, state);
}

/* Records of one register whose fields are read together. */
struct alike {
    struct record **records;
    int count;
};

static void
bind_record(struct query *q, int i, void *arg)
{
    const struct alike *alike = arg;
    query_int(q, "shard", alike->records[i]->shard);
    query_int(q, "id", alike->records[i]->id);
}

static enum status
load_rows(struct ctx *cx, struct alike *alike, const struct field *list,
    const struct table_sql *sql)
{
    struct query *q = query_sql(cx, sql->load);
    query_each(q, alike->count, bind_record, alike);
    while (query_next(q)) {
        struct record *record = alike->records[query_which(q)];
        struct value *value = &record->fields.values[list->index];
        struct row *row = ARENA_PUSH(cx->arena, value->rows, value->row_count);
        row_read(q, 1, cx->arena, list->fields, list->field_count, row);
        value->is_null = false;
    }
    return query_end(q);
}

static enum status
load_columns(struct ctx *cx, struct alike *alike, const struct reg *reg, const struct sql *load)
{
    struct query *q = query_sql(cx, load);
    query_each(q, alike->count, bind_record, alike);
    while (query_next(q)) {
        struct record *record = alike->records[query_which(q)];
        record_join_state(cx->arena, record, query_peek_text(q, 0));
        row_read(q, 1, cx->arena, reg->fields, reg->field_count, &record->fields);
    }
    TRY(query_end(q));
    for (int i = 0; i < alike->count; i++) {
        if (alike->records[i]->fields.values == NULL)
            return fault_set(cx, ERR_STORE, "Hồ sơ %s thiếu phần nội dung; chạy: chithi check",
                alike->records[i]->code);
    }
    return OK;
}

static enum status
load_fields(struct ctx *cx, struct alike *alike)
{
    const struct reg *reg = alike->records[0]->reg;
    const struct reg_sql *sql = &cx->world->sql->registers[reg->index];
    TRY(load_columns(cx, alike, reg, sql->main.load));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            TRY(load_rows(cx, alike, &reg->fields[i], &sql->lists[i]));
    }
    return OK;
}

enum status
record_read_head(struct ctx *cx, struct query *q, const struct reg *reg, struct record *record)
{
    const struct state *state = NULL;
    record->shard = query_get_int(q, 0);
    record->id = query_get_int(q, 1);
    record->reg = reg;
    record->code = query_get_text(q, 3);
    record->unit = tree_unit(cx->world->tree, query_get_int(q, 4));
    record->stored_state = query_get_text(q, 5);
    if (reg != NULL)
        state = reg_state(reg, record->stored_state);
    record->state = state == NULL ? STATE_IS_VOID : state->index;
    record->version = query_get_int(q, 6);
    record->batch = query_get_int(q, 7);
    record->created_at = query_get_int(q, 8);
    record->updated_at = query_get_int(q, 9);
    record->directives = query_get_int(q, 10);
    if (reg == NULL || record->unit == NULL)
        return fault_set(cx, ERR_STORE, "Hồ sơ %s thuộc sổ hoặc đơn vị không còn được biết.",
            record->code);
    return OK;
}

/* The head of the record that stands in a query. */
static enum status
read_head(struct ctx *cx, struct query *q, struct record **out)
{
    *out = ARENA_NEW(cx->arena, struct record);
    return record_read_head(cx, q, model_register(cx->world->model, query_peek_text(q, 2)), *out);
}

static enum status
not_found(struct ctx *cx)
{
    return fault_set(cx, ERR_NOT_FOUND, "Không tìm thấy hồ sơ.");
}

static enum status
read_record(struct ctx *cx, struct query *q, struct record **out)
{
    struct alike alike = {out, 1};
    bool found;
    TRY(query_one(q, &found));
    if (!found)
        return not_found(cx);
    enum status status = read_head(cx, q, out);
    TRY(query_end(q));
    TRY(status);
    TRY(load_fields(cx, &alike));
    TRY(rights_read_readers(cx, out, 1));
    return may_record(cx, ACTION_READ, *out) ? OK : not_found(cx);
}

static enum status
load_by_code(struct ctx *cx, enum query_name name, const char *code, struct record **out)
{
    struct query *q = query_new(cx, name);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    return read_record(cx, q, out);
}

enum status
record_load(struct ctx *cx, const char *code, struct record **out)
{
    return load_by_code(cx, Q_RECORD_BY_CODE, code, out);
}

enum status
record_load_for_change(struct ctx *cx, const char *code, struct record **out)
{
    return load_by_code(cx, Q_RECORD_FOR_CHANGE, code, out);
}

enum status
record_load_id(struct ctx *cx, int64_t shard, int64_t id, struct record **out)
{
    struct query *q = query_new(cx, Q_RECORD_BY_ID);
    query_int(q, "shard", shard);
    query_int(q, "id", id);
    return read_record(cx, q, out);
}

enum status
record_is_readable(struct ctx *cx, const char *code, bool *out)
{
    struct record *record;
    int before = cx->faults.count;
    *out = true;
    if (cx->viewer == NULL)
        return OK;
    enum status status = record_load(cx, code, &record);
    *out = status == OK;
    if (status != ERR_NOT_FOUND)
        return status;
    fault_forget(cx, before);
    return OK;
}

static void
bind_key_of(struct query *q, int i, void *arg)
{
    const struct record_key *keys = arg;
    query_int(q, "shard", keys[i].shard);
    query_int(q, "id", keys[i].id);
}

static enum status
read_heads(struct ctx *cx, struct record_key *keys, int count, struct record **records)
{
    enum status status = OK;
    int found = 0;
    struct query *q = query_new(cx, Q_RECORD_BY_ID);
    query_each(q, count, bind_key_of, keys);
    while (status == OK && query_next(q)) {
        status = read_head(cx, q, &records[query_which(q)]);
        found++;
    }
    enum status end = query_end(q);
    TRY(status != OK ? status : end);
    return found == count ? OK : not_found(cx);
}

static enum status
load_keys(struct ctx *cx, struct record_key *keys, int count, struct record ***out)
{
    *out = ARENA_ARRAY(cx->arena, struct record *, (size_t)count + 1);
    TRY(read_heads(cx, keys, count, *out));
    for (int r = 0; r < cx->world->model->register_count; r++) {
        struct alike alike = {0};
        for (int i = 0; i < count; i++) {
            if ((*out)[i]->reg->index == r)
                *ARENA_PUSH(cx->arena, alike.records, alike.count) = (*out)[i];
        }
        if (alike.count > 0)
            TRY(load_fields(cx, &alike));
    }
    return rights_read_readers(cx, *out, count);
}

enum status
record_load_keys(struct ctx *cx, struct record_key *keys, int count, struct record ***out)
{
    int readable;
    TRY(record_load_readable(cx, keys, count, out, &readable));
    return readable == count ? OK : not_found(cx);
}

enum status
record_load_readable(struct ctx *cx, struct record_key *keys, int count, struct record ***out,
    int *out_count)
{
    TRY(load_keys(cx, keys, count, out));
    *out_count = 0;
    for (int i = 0; i < count; i++) {
        if (may_record(cx, ACTION_READ, (*out)[i]))
            (*out)[(*out_count)++] = (*out)[i];
    }
    return OK;
}

static enum status
find_origin(struct ctx *cx, const struct reg *reg, const char *origin, int64_t *code)
{
    const struct tree *tree = cx->world->tree;
    int count = 0;
    struct query *q = query_new(cx, Q_RECORD_CODE_BY_ORIGIN);
    query_each_int(q, "shard", tree->shards, tree->shard_count);
    query_text(q, "register", reg->key);
    query_text(q, "origin", origin);
    for (; query_next(q); count++)
        *code = code_number(query_peek_text(q, 0));
    if (count != 1)
        *code = -1;
    return query_end(q);
}

static enum status
find(struct ctx *cx, const struct reg *reg, const char *text, int64_t *code)
{
    bool found;
    *code = code_number(text);
    if (*code < 0)
        return find_origin(cx, reg, text, code);
    struct query *q = query_new(cx, Q_RECORD_BY_CODE);
    query_int(q, "shard", code_shard(*code));
    query_text(q, "code", text);
    TRY(query_one(q, &found));
    if (!found)
        return find_origin(cx, reg, text, code);
    if (strcmp(query_peek_text(q, 2), reg->key) != 0)
        *code = -1;
    return query_end(q);
}

enum status
record_find(struct ctx *cx, const struct reg *reg, const char *text, int64_t *code)
{
    bool is_readable = true;
    TRY(find(cx, reg, text, code));
    if (*code >= 0)
        TRY(record_is_readable(cx, code_text(cx->arena, *code), &is_readable));
    if (!is_readable)
        *code = -1;
    return OK;
}
