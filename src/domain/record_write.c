/* Writing a version of a record: its rows, its history, its words, its facts. */
#include "domain/record.h"

#include "base/plant.h"
#include "domain/audit.h"
#include "domain/directive.h"
#include "domain/fact.h"
#include "domain/form.h"
#include "domain/search_words.h"

#include <string.h>

static enum status
write_main(struct ctx *cx, const struct record *record, bool is_new, const char *origin)
{
    struct query *q;
    if (!is_new) {
        q = query_new(cx, Q_RECORD_UPDATE);
        query_int(q, "shard", record->shard);
        query_int(q, "id", record->id);
        query_int(q, "unit", record->unit->id);
        query_text(q, "state", record_state_key(record));
        query_int(q, "version", record->version);
        query_int(q, "now", cx->now);
        query_int(q, "directives", record->directives);
        return query_run(q, NULL);
    }
    q = query_new(cx, Q_RECORD_INSERT);
    query_int_at(q, 0, record->shard);
    query_int_at(q, 1, record->id);
    query_text_at(q, 2, record->reg->key);
    query_text_at(q, 3, record->code);
    query_int_at(q, 4, record->unit->id);
    query_text_at(q, 5, record_state_key(record));
    query_int_at(q, 6, record->version);
    query_text_at(q, 7, visibility_keys[record->reg->visibility]);
    query_int_at(q, 8, record->batch);
    query_text_at(q, 9, origin);
    query_int_at(q, 10, cx->now);
    query_int_at(q, 11, cx->actor);
    query_int_at(q, 12, record->directives);
    return query_run(q, NULL);
}

static enum status
write_rows(struct ctx *cx, const struct record *record, const struct field *list,
    const struct table_sql *sql, bool is_new)
{
    const struct value *value = &record->fields.values[list->index];
    if (!is_new) {
        struct query *q = query_sql(cx, sql->remove);
        query_int(q, "shard", record->shard);
        query_int(q, "id", record->id);
        TRY(query_run(q, NULL));
    }
    for (int r = 0; r < value->row_count; r++) {
        struct query *q = query_sql(cx, sql->insert);
        query_int_at(q, 0, record->shard);
        query_int_at(q, 1, record->id);
        query_int_at(q, 2, r);
        row_bind(q, 3, cx->arena, list->fields, list->field_count, &value->rows[r]);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static int
bind_key(struct query *q, int at, const struct record *record)
{
    query_int_at(q, at, record->shard);
    query_int_at(q, at + 1, record->id);
    return at + 2;
}

/* An insert has the key first, an update last. */
static enum status
write_columns(struct ctx *cx, const struct record *record, const struct table_sql *sql, bool is_new)
{
    const struct reg *reg = record->reg;
    struct query *q = query_sql(cx, is_new ? sql->insert : sql->update);
    int at = is_new ? bind_key(q, 0, record) : 0;
    query_text_at(q, at, record_state_key(record));
    at = row_bind(q, at + 1, cx->arena, reg->fields, reg->field_count, &record->fields);
    if (!is_new)
        bind_key(q, at, record);
    return query_run(q, NULL);
}

static enum status
write_fields(struct ctx *cx, const struct record *record, bool is_new)
{
    const struct reg *reg = record->reg;
    const struct reg_sql *sql = &cx->world->sql->registers[reg->index];
    TRY(write_columns(cx, record, &sql->main, is_new));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            TRY(write_rows(cx, record, &reg->fields[i], &sql->lists[i], is_new));
    }
    return OK;
}

const char *
record_body(struct ctx *cx, const struct record *record)
{
    struct buf out = buf_new(cx->arena);
    row_json(&out, cx->world, record->reg->fields, record->reg->field_count, &record->fields);
    return buf_string(&out);
}

static enum status
write_history(struct ctx *cx, const struct record *record, const struct record_put *put)
{
    struct query *q = query_new(cx, Q_HISTORY_INSERT);
    query_int_at(q, 0, record->shard);
    query_int_at(q, 1, record->id);
    query_int_at(q, 2, record->version);
    query_int_at(q, 3, cx->now);
    query_int_at(q, 4, cx->actor);
    query_text_at(q, 5, put->action);
    query_int_at(q, 6, record->unit->id);
    query_text_at(q, 7, record_state_key(record));
    query_text_at(q, 8, put->reason);
    query_text_at(q, 9, put->request);
    query_text_at(q, 10, record_body(cx, record));
    query_int_at(q, 11, record->directives);
    TRY(query_run(q, NULL));
    struct audit_note done = {.shard = record->shard,
        .action = put->action,
        .subject = record->id,
        .version = record->version,
        .detail = put->reason};
    return audit_note(cx, &done);
}

/* For a pack that is being applied meanwhile (domain/build.h). */
static enum status
note_touched(struct ctx *cx, const struct record *record)
{
    if (!cx->notes_touched || PLANTED("touched_not_noted"))
        return OK;
    struct query *q = query_new(cx, Q_TOUCHED_NOTE);
    query_int_at(q, 0, record->shard);
    query_int_at(q, 1, record->id);
    return query_run(q, NULL);
}

enum status
record_write(struct ctx *cx, const struct record *before, struct record *after,
    const struct record_put *put)
{
    bool is_new = before == NULL;
    after->updated_at = cx->now;
    after->version = is_new ? 1 : before->version + 1;
    if (is_new) {
        after->id = store_id(cx);
        after->created_at = cx->now;
        if (after->code == NULL)
            after->code = record_code_new(cx->arena, after->shard);
    }
    TRY(write_main(cx, after, is_new, put->origin));
    TRY(write_fields(cx, after, is_new));
    TRY(write_history(cx, after, put));
    TRY(search_update(cx, after, is_new));
    TRY(note_touched(cx, after));
    return fact_update(cx, after, is_new, put->no_delta);
}

enum status
record_migrate(struct ctx *cx, const struct record *before, struct record *after,
    const char *reason)
{
    struct record_put put = {.action = "migrate", .reason = reason};
    bool same = strcmp(record_body(cx, before), record_body(cx, after)) == 0 &&
        strcmp(record_state_key(before), record_state_key(after)) == 0;
    TRY(write_fields(cx, after, true));
    if (same)
        return OK;
    after->version = before->version + 1;
    after->updated_at = cx->now;
    TRY(write_main(cx, after, false, NULL));
    return write_history(cx, after, &put);
}
