/* Records: loading, the five ways to change one, and the writing of a version. */
#include "domain/record.h"

#include "base/catalogue.h"
#include "base/code.h"
#include "base/plant.h"
#include "domain/audit.h"
#include "domain/directive.h"
#include "domain/fact.h"
#include "domain/form.h"
#include "domain/remark.h"
#include "domain/rights.h"
#include "domain/search_words.h"
#include "domain/stub.h"
#include "pack/expr.h"

#include <sodium.h>
#include <string.h>

const char *
record_code_new(struct arena *arena, int64_t shard)
{
    uint64_t random;
    randombytes_buf(&random, sizeof(random));
    return code_text(arena, code_make(shard, random));
}

const char *
record_state_key(const struct record *record)
{
    return record->state == STATE_IS_VOID ? STATE_VOID : record->reg->states[record->state].key;
}

const char *
record_state_label(const struct ctx *cx, const struct record *record)
{
    return record->state == STATE_IS_VOID
        ? tr(cx, "Đã hủy")
        : label_text(cx, &record->reg->states[record->state].label);
}

/* Loading */

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

enum status
record_load(struct ctx *cx, const char *code, struct record **out)
{
    struct query *q = query_new(cx, Q_RECORD_BY_CODE);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    return read_record(cx, q, out);
}

/* Inside a write: nobody else changes the record until this one ends. */
static enum status
load_for_change(struct ctx *cx, const char *code, struct record **out)
{
    struct query *q = query_new(cx, Q_RECORD_FOR_CHANGE);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    return read_record(cx, q, out);
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

/* Writing a version */

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

static const char *
body_json(struct ctx *cx, const struct record *record)
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
    query_text_at(q, 10, body_json(cx, record));
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
    bool same = strcmp(body_json(cx, before), body_json(cx, after)) == 0 &&
        strcmp(record_state_key(before), record_state_key(after)) == 0;
    TRY(write_fields(cx, after, true));
    if (same)
        return OK;
    after->version = before->version + 1;
    after->updated_at = cx->now;
    TRY(write_main(cx, after, false, NULL));
    return write_history(cx, after, &put);
}

/* Changes */

enum change_kind { CHANGE_FIELDS, CHANGE_MOVE, CHANGE_CORRECT, CHANGE_VOID };

static const char *const actions[] = {"change", "move", "correct", "void"};

struct change_job {
    enum change_kind kind;
    const char *code;
    const struct record_change *change;
    struct record *result;
};

/* Does a verb lead to the state with this key from anywhere? */
static bool
leads_to(const struct reg *reg, const char *verb, const char *state)
{
    for (int i = 0; verb != NULL && i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        if (strcmp(transition->key, verb) == 0 &&
            strcmp(reg->states[transition->to].key, state) == 0)
            return true;
    }
    return false;
}

static bool
same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* The entry dates are the program's: an edit leaves them as they are. */
static void
keep_entries(const struct record *before, struct record *after)
{
    const struct reg *reg = before->reg;
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].entered != NULL)
            after->fields.values[i] = before->fields.values[i];
    }
}

static void
take_fields(struct ctx *cx, const struct change_job *job, const struct record *before,
    struct record *after)
{
    const struct reg *reg = before->reg;
    if (job->change->fields == NULL || job->kind == CHANGE_VOID)
        return;
    after->fields = row_copy(cx->arena, reg->fields, reg->field_count, job->change->fields);
    if (job->kind != CHANGE_CORRECT)
        keep_entries(before, after);
}

/* Was this request answered before? Then *again, if it asked for the same (what it left open may
 * have been changed since); else ERR_CONFLICT. */
static enum status
answered_before(struct ctx *cx, const struct record *record, const struct change_job *job,
    bool *again)
{
    const struct record_change *wanted = job->change;
    struct record asked = *record;
    bool found;
    *again = false;
    if (wanted->request == NULL)
        return OK;
    take_fields(cx, job, record, &asked);
    struct query *q = query_new(cx, Q_HISTORY_BY_REQUEST);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_text(q, "request", wanted->request);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    bool same = strcmp(query_peek_text(q, 0), actions[job->kind]) == 0 &&
        (wanted->unit == NULL || query_get_int(q, 1) == wanted->unit->id) &&
        (job->kind != CHANGE_MOVE || leads_to(record->reg, wanted->verb, query_peek_text(q, 2))) &&
        (wanted->fields == NULL || strcmp(query_peek_text(q, 3), body_json(cx, &asked)) == 0) &&
        same_text(query_peek_text(q, 4), wanted->reason) &&
        (wanted->directives == 0 || query_get_int(q, 5) == wanted->directives);
    TRY(query_end(q));
    if (!same)
        return fault_set(cx, ERR_CONFLICT, "Khóa yêu cầu này đã dùng cho một thay đổi khác.");
    *again = true;
    return OK;
}

/* Does a record differ from another one in fields only that stay open when it is locked? */
static bool
only_open_differ(struct ctx *cx, const struct record *before, const struct record *after)
{
    const struct reg *reg = before->reg;
    struct record closed = *after;
    closed.fields = row_copy(cx->arena, reg->fields, reg->field_count, &after->fields);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].open_after_lock)
            closed.fields.values[i] = before->fields.values[i];
    }
    return after->unit == before->unit && after->directives == before->directives &&
        strcmp(body_json(cx, &closed), body_json(cx, before)) == 0;
}

/* What an account may do with the record as it stands. Where a change takes a step, whatever else
 * it says is an edit of its own. */
static enum status
check_rights(struct ctx *cx, const struct change_job *job, const struct record *before,
    const struct transition *step)
{
    const struct record_change *change = job->change;
    bool edits = job->kind != CHANGE_MOVE || change->fields != NULL || change->unit != NULL ||
        change->directives != 0;
    if (step != NULL && !may_step(cx, step, before))
        return fault_set(cx, ERR_FORBIDDEN,
            "Vai trò của đồng chí không “%s” được hồ sơ này ở sổ %s.", label_text(cx, &step->label),
            label_text(cx, &before->reg->label));
    if (edits && !may_record(cx, ACTION_RECORD, before))
        return fault_set(cx, ERR_FORBIDDEN,
            "Hồ sơ %s do %s ghi; đồng chí xem được nhưng không sửa được.", before->code,
            unit_named(before->unit, cx->world->today)->name);
    if (change->unit != NULL && !may_make(cx, before->reg, change->unit))
        return fault_set(cx, ERR_FORBIDDEN, "Đồng chí không ghi được sổ %s cho %s.",
            label_text(cx, &before->reg->label), unit_named(change->unit, cx->world->today)->name);
    if (edits && cx->viewer != NULL && state_waits(before->reg, before->state) &&
        job->kind == CHANGE_FIELDS)
        return fault_set(cx, ERR_INVALID,
            "Hồ sơ %s đang ở trạng thái “%s”, chờ quyết định; muốn sửa thì đề nghị trả lại trước.",
            before->code, record_state_label(cx, before));
    return OK;
}

static bool
is_blank(const char *text)
{
    return text == NULL || *text == '\0';
}

static enum status
check_state(struct ctx *cx, const struct change_job *job, const struct record *before,
    const struct record *after)
{
    if (before->state == STATE_IS_VOID)
        return fault_set(cx, ERR_INVALID, "Hồ sơ %s đã hủy; không thay đổi được nữa.",
            before->code);
    bool locked = before->reg->states[before->state].locks;
    bool edits = job->kind == CHANGE_FIELDS ||
        (job->kind == CHANGE_MOVE &&
            (job->change->fields != NULL || job->change->unit != NULL ||
                job->change->directives != 0));
    if (edits && locked && !only_open_differ(cx, before, after))
        return fault_set(cx, ERR_INVALID,
            "Hồ sơ %s ở trạng thái “%s” đã khóa; muốn sửa phải điều chỉnh, có ghi lý do.",
            before->code, record_state_label(cx, before));
    bool needs_reason = job->kind == CHANGE_CORRECT || job->kind == CHANGE_VOID;
    if (needs_reason && is_blank(job->change->reason))
        return fault_set(cx, ERR_INVALID, "Cần ghi lý do %s.",
            job->kind == CHANGE_VOID ? tr(cx, "hủy hồ sơ") : tr(cx, "điều chỉnh"));
    return OK;
}

/* Today is the day on which the record entered the state that it is in now. */
static void
enter(struct ctx *cx, struct record *record)
{
    const struct reg *reg = record->reg;
    record->fields = row_copy(cx->arena, reg->fields, reg->field_count, &record->fields);
    for (int i = 0; i < reg->field_count; i++) {
        const struct state *entered = reg->fields[i].entered;
        if (entered != NULL && entered->index == record->state)
            record->fields.values[i] = (struct value){.number = cx->world->today};
    }
}

/* The verb's transition out of the record's state; its `needs` is asked with the other rules. */
static enum status
take_transition(struct ctx *cx, const struct record *before, struct record *after,
    const struct record_change *change, const struct transition **out)
{
    const char *verb = change->verb, *reason = change->reason;
    *out = reg_transition(before->reg, before->state, verb);
    if (*out == NULL)
        return fault_set(cx, ERR_INVALID, "Không “%s” được một hồ sơ ở trạng thái “%s”.", verb,
            record_state_label(cx, before));
    if ((*out)->returns && is_blank(reason))
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ly_do"},
            "Lý do còn trống; người ghi cần biết vì sao hồ sơ bị trả lại.");
    after->state = (*out)->to;
    enter(cx, after);
    return OK;
}

static enum status
check_needs(struct ctx *cx, const struct transition *transition, const struct record *record)
{
    enum truth truth = IS_TRUE;
    if (transition == NULL || transition->needs == NULL)
        return OK;
    TRY(expr_evaluate(cx, transition->needs, &record->fields, NULL, &truth));
    if (truth == IS_TRUE)
        return OK;
    return fault_set(cx, ERR_INVALID, "Chưa đủ điều kiện để “%s”.",
        label_text(cx, &transition->label));
}

/* Nothing is a part, a copy or a leg of itself. A new record has no code yet that it could name. */
static void
refuse_itself(struct ctx *cx, const struct field *fields, int count, const struct row *row,
    int64_t code)
{
    for (int i = 0; i < count; i++) {
        const struct value *value = &row->values[i];
        if (fields[i].kind == KIND_REFERENCE && !value->is_null && value->number == code)
            (void)fault_at(cx, ERR_INVALID, (struct fault){.field = fields[i].key},
                "%s: “%s” là chính hồ sơ này; cần một hồ sơ khác.",
                label_text(cx, &fields[i].label), code_text(cx->arena, code));
        for (int r = 0; r < value->row_count; r++)
            refuse_itself(cx, fields[i].fields, fields[i].field_count, &value->rows[r], code);
    }
}

static enum status
check_references(struct ctx *cx, const struct record *record)
{
    const struct reg *reg = record->reg;
    int faults = cx->faults.count;
    refuse_itself(cx, reg->fields, reg->field_count, &record->fields, code_number(record->code));
    return cx->faults.count == faults ? OK : ERR_INVALID;
}

static enum status
check_unit(struct ctx *cx, const struct record *before, const struct record *after)
{
    if (after->unit->shard == before->shard)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Hồ sơ không chuyển sang đơn vị thuộc tỉnh khác được; hãy hủy và lập hồ sơ mới ở đó.");
}

/* What was said before is answered by the step; why a record is returned is said with it. */
static enum status
note_step(struct ctx *cx, const struct record *record, const struct transition *step,
    const struct record_change *change)
{
    TRY(remark_close(cx, record));
    return step->returns ? remark_add(cx, record, change->field, change->reason) : OK;
}

static enum status
change(struct ctx *cx, void *arg)
{
    struct change_job *job = arg;
    const struct record_change *wanted = job->change;
    const struct transition *transition = NULL;
    struct record *before;
    bool again;
    TRY(load_for_change(cx, job->code, &before));
    job->result = before;
    TRY(answered_before(cx, before, job, &again));
    if (again)
        return OK;
    struct record *after = arena_grow(cx->arena, before, sizeof(*before), sizeof(*before));
    job->result = after;
    if (job->kind == CHANGE_VOID)
        after->state = STATE_IS_VOID;
    if (wanted->unit != NULL && job->kind != CHANGE_VOID)
        after->unit = tree_unit(cx->world->tree, wanted->unit->id);
    if (wanted->directives != 0 && job->kind != CHANGE_VOID)
        after->directives = wanted->directives;
    take_fields(cx, job, before, after);
    if (wanted->version != 0 && wanted->version != before->version)
        return fault_set(cx, ERR_STALE, "Hồ sơ đã có bản mới (bản %lld); bản đang sửa là %lld.",
            (long long)before->version, (long long)wanted->version);
    TRY(check_state(cx, job, before, after));
    if (job->kind == CHANGE_MOVE)
        TRY(take_transition(cx, before, after, wanted, &transition));
    TRY(check_rights(cx, job, before, transition));
    TRY(check_unit(cx, before, after));
    if (job->kind != CHANGE_VOID) {
        enum status rules =
            record_validate(cx, after->reg, after->unit, after->state, &after->fields);
        enum status stub = stub_check(cx, after->reg, &before->fields, &after->fields);
        enum status references = check_references(cx, after);
        enum status needs = check_needs(cx, transition, after);
        TRY(rules);
        TRY(stub);
        TRY(references);
        TRY(needs);
    }
    struct record_put put = {.action = actions[job->kind],
        .request = wanted->request,
        .reason = wanted->reason};
    TRY(record_write(cx, before, after, &put));
    return transition == NULL ? OK : note_step(cx, after, transition, wanted);
}

static enum status
run(struct ctx *cx, enum change_kind kind, const char *code, const struct record_change *wanted,
    struct record **out)
{
    struct change_job job = {.kind = kind, .code = code, .change = wanted};
    enum status status = world_write(cx, change, &job);
    *out = job.result;
    return status;
}

enum status
record_change(struct ctx *cx, const char *code, const struct record_change *wanted,
    struct record **out)
{
    return run(cx, CHANGE_FIELDS, code, wanted, out);
}

enum status
record_move(struct ctx *cx, const char *code, const struct record_change *wanted,
    struct record **out)
{
    return run(cx, CHANGE_MOVE, code, wanted, out);
}

enum status
record_correct(struct ctx *cx, const char *code, const struct record_change *wanted,
    struct record **out)
{
    return run(cx, CHANGE_CORRECT, code, wanted, out);
}

enum status
record_void(struct ctx *cx, const char *code, const struct record_change *wanted,
    struct record **out)
{
    return run(cx, CHANGE_VOID, code, wanted, out);
}

enum status
record_void_inside(struct ctx *cx, const char *code, const char *reason)
{
    struct record_change wanted = {.reason = reason};
    struct change_job job = {.kind = CHANGE_VOID, .code = code, .change = &wanted};
    return change(cx, &job);
}

/* Creating */

struct create_job {
    const struct record_new *wanted;
    struct record *result;
};

/* The same origin again is the same record; with other content, a conflict. */
static enum status
created_before(struct ctx *cx, const struct record *wanted, const char *origin,
    struct record **result, bool *again)
{
    bool found;
    *again = false;
    if (origin == NULL)
        return OK;
    struct query *q = query_new(cx, Q_RECORD_BY_ORIGIN);
    query_int(q, "shard", wanted->shard);
    query_text(q, "register", wanted->reg->key);
    query_text(q, "origin", origin);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    int64_t id = query_get_int(q, 0);
    TRY(query_end(q));
    TRY(record_load_id(cx, wanted->shard, id, result));
    q = query_new(cx, Q_HISTORY_FIRST);
    query_int(q, "shard", wanted->shard);
    query_int(q, "record", id);
    TRY(query_one(q, &found));
    bool same = found && query_get_int(q, 0) == wanted->unit->id &&
        strcmp(query_peek_text(q, 1), record_state_key(wanted)) == 0 &&
        strcmp(query_peek_text(q, 2), body_json(cx, wanted)) == 0 &&
        query_get_int(q, 3) == wanted->directives;
    if (found)
        TRY(query_end(q));
    if (!same)
        return fault_set(cx, ERR_CONFLICT, "Khóa “%s” đã dùng cho một hồ sơ khác (%s).", origin,
            (*result)->code);
    *again = true;
    return OK;
}

/* Whoever makes a restricted record is its first reader. */
static enum status
add_reader(struct ctx *cx, const struct record *record)
{
    if (cx->viewer == NULL || record->reg->visibility != VISIBILITY_HAN_CHE)
        return OK;
    struct query *q = query_new(cx, Q_READER_INSERT);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_int(q, "account", cx->viewer->account);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}

/* The step belongs to the creation: sent again, neither happens twice. */
static enum status
take_first_step(struct ctx *cx, struct create_job *job)
{
    struct record_change step = {.verb = job->wanted->verb, .request = "create"};
    struct change_job change_job = {.kind = CHANGE_MOVE,
        .code = job->result->code,
        .change = &step};
    TRY(change(cx, &change_job));
    job->result = change_job.result;
    return OK;
}

static enum status
check_make(struct ctx *cx, const struct record *record)
{
    if (may_record(cx, ACTION_RECORD, record))
        return OK;
    return fault_set(cx, ERR_FORBIDDEN, "Đồng chí không ghi được sổ %s cho %s%s.",
        label_text(cx, &record->reg->label), unit_named(record->unit, cx->world->today)->name,
        may_make(cx, record->reg, record->unit) ? tr(cx, " thay cho người khác") : "");
}

static enum status
create(struct ctx *cx, void *arg)
{
    struct create_job *job = arg;
    const struct record_new *wanted = job->wanted;
    struct record *record = ARENA_NEW(cx->arena, struct record);
    bool again;
    record->reg = wanted->reg;
    record->unit = tree_unit(cx->world->tree, wanted->unit->id);
    record->shard = record->unit->shard;
    record->directives =
        wanted->directives != 0 ? wanted->directives : directive_default(cx->world, wanted->reg);
    record->state =
        wanted->state == NULL ? wanted->reg->initial : reg_state(wanted->reg, wanted->state)->index;
    record->fields =
        row_copy(cx->arena, record->reg->fields, record->reg->field_count, wanted->fields);
    record_enter(record->reg, record->state, &record->fields);
    TRY(check_make(cx, record));
    TRY(created_before(cx, record, wanted->origin, &job->result, &again));
    if (again)
        return OK;
    enum status rules =
        record_validate(cx, record->reg, record->unit, record->state, &record->fields);
    TRY(stub_check(cx, record->reg, NULL, &record->fields));
    TRY(rules);
    job->result = record;
    struct record_put put = {.action = "create", .origin = wanted->origin};
    TRY(record_write(cx, NULL, record, &put));
    TRY(add_reader(cx, record));
    return wanted->verb == NULL ? OK : take_first_step(cx, job);
}

enum status
record_create(struct ctx *cx, const struct record_new *wanted, struct record **out)
{
    struct create_job job = {.wanted = wanted};
    enum status status = world_write(cx, create, &job);
    *out = job.result;
    return status;
}
