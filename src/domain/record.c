/* Records: making one, and the four ways to change it. */
#include "domain/record.h"

#include "base/catalogue.h"
#include "base/code.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/remark.h"
#include "domain/rights.h"
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
        (wanted->fields == NULL || strcmp(query_peek_text(q, 3), record_body(cx, &asked)) == 0) &&
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
        strcmp(record_body(cx, &closed), record_body(cx, before)) == 0;
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
    TRY(record_load_for_change(cx, job->code, &before));
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
        strcmp(query_peek_text(q, 2), record_body(cx, wanted)) == 0 &&
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
        wanted->directives != 0 ? wanted->directives : directive_default(cx->world, record->reg);
    record->state =
        wanted->state == NULL ? record->reg->initial : reg_state(record->reg, wanted->state)->index;
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
