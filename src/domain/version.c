/* Reading versions from their JSON, and what changed from one to the next. */
#include "domain/version.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/code.h"
#include "domain/form.h"
#include "domain/rights.h"
#include "domain/title.h"
#include "store/store.h"

#include <jansson.h>
#include <string.h>

/* Reading */

/* Codes are kept as they are: whoever they named may be gone. */
static void
read_leaf(struct ctx *cx, const struct field *field, const json_t *node, struct value *out)
{
    int before = cx->faults.count;
    *out = (struct value){0};
    if (json_is_integer(node) || json_is_boolean(node)) {
        out->number = json_is_integer(node) ? json_integer_value(node) : json_is_true(node);
        return;
    }
    const char *text = json_string_value(node);
    if (text == NULL)
        out->is_null = true;
    else if (field->kind == KIND_PERSON || field->kind == KIND_REFERENCE)
        out->number = code_number(text);
    else if (!value_parse(cx, field, arena_strdup(cx->arena, text), (struct fault){0}, out))
        *out = (struct value){.is_null = true};
    fault_forget(cx, before);
}

static void read_object(struct ctx *, const struct field *, int count, const json_t *,
    struct row *);

static void
read_value(struct ctx *cx, const struct field *field, const json_t *node, struct value *out)
{
    if (field->kind != KIND_LIST) {
        read_leaf(cx, field, node, out);
        return;
    }
    size_t count = json_array_size(node);
    *out = (struct value){.rows = ARENA_ARRAY(cx->arena, struct row, count + 1),
        .row_count = (int)count};
    for (size_t r = 0; r < count; r++)
        read_object(cx, field->fields, field->field_count, json_array_get(node, r), &out->rows[r]);
}

static void
read_object(struct ctx *cx, const struct field *fields, int count, const json_t *object,
    struct row *out)
{
    out->values = ARENA_ARRAY(cx->arena, struct value, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        const json_t *node = json_object_get(object, fields[i].key);
        out->values[i] = (struct value){.is_null = true};
        if (node != NULL)
            read_value(cx, &fields[i], node, &out->values[i]);
    }
}

static void
drop_json(void *node)
{
    json_decref(node);
}

enum status
version_read(struct ctx *cx, const struct reg *reg, const char *body, struct row *out)
{
    json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    if (root == NULL)
        return fault_set(cx, ERR_STORE,
            "Một bản trong lịch sử không đọc được; báo người vận hành chạy: chithi check");
    arena_defer(cx->arena, drop_json, root);
    read_object(cx, reg->fields, reg->field_count, root, out);
    return OK;
}

enum status
version_at(struct ctx *cx, const struct record *record, int64_t number, struct row *out)
{
    bool found;
    struct query *q = query_new(cx, Q_HISTORY_BODY);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_int(q, "version", number);
    TRY(query_one(q, &found));
    if (!found)
        return fault_set(cx, ERR_NOT_FOUND, "Hồ sơ %s không có bản %lld.", record->code,
            (long long)number);
    const char *body = query_get_text(q, 0);
    TRY(query_end(q));
    return version_read(cx, record->reg, body, out);
}

bool
version_same(struct ctx *cx, const struct field *field, const struct value *a,
    const struct value *b)
{
    struct row left = {(struct value *)a}, right = {(struct value *)b};
    struct buf first = buf_new(cx->arena), second = buf_new(cx->arena);
    row_json(&first, cx->world, field, 1, &left);
    row_json(&second, cx->world, field, 1, &right);
    return strcmp(buf_string(&first), buf_string(&second)) == 0;
}

/* Side by side */

struct telling {
    struct ctx *cx;
    struct titles *titles;
};

static const char *
leaf_text(const struct telling *telling, const struct field *field, const struct value *value)
{
    struct ctx *cx = telling->cx;
    if (value->is_null)
        return "";
    if (field->kind == KIND_REFERENCE)
        return titles_text(telling->titles, value->number);
    return value_show(cx, field, value);
}

/* A list as lines, a row each. */
static const char *
told(const struct telling *telling, const struct field *field, const struct value *value)
{
    struct buf out = buf_new(telling->cx->arena);
    if (field->kind != KIND_LIST)
        return leaf_text(telling, field, value);
    for (int r = 0; r < value->row_count; r++) {
        buf_printf(&out, "%s%d. ", r > 0 ? "\n" : "", r + 1);
        for (int c = 0, parts = 0; c < field->field_count; c++) {
            const char *text = leaf_text(telling, &field->fields[c], &value->rows[r].values[c]);
            if (*text != '\0')
                buf_printf(&out, "%s%s", parts++ > 0 ? "; " : "", text);
        }
    }
    return buf_string(&out);
}

static const char *
or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

enum status
version_differences(struct doc *list, struct ctx *cx, const struct reg *reg,
    const struct row *before, const struct row *after, bool with_personal)
{
    struct telling telling = {cx, titles_new(cx)};
    struct row empty = {ARENA_ARRAY(cx->arena, struct value, (size_t)reg->field_count + 1)};
    for (int i = 0; i < reg->field_count; i++)
        empty.values[i].is_null = true;
    before = before == NULL ? &empty : before;
    titles_want(telling.titles, reg->fields, reg->field_count, before);
    titles_want(telling.titles, reg->fields, reg->field_count, after);
    TRY(titles_read(telling.titles));
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (!with_personal && field_is_personal(field))
            continue;
        const char *old = told(&telling, field, &before->values[i]);
        const char *new = told(&telling, field, &after->values[i]);
        if (strcmp(old, new) == 0)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", field->key);
        doc_text(object, "label", label_text(cx, &field->label));
        doc_text(object, "before", or_null(old));
        doc_text(object, "after", or_null(new));
    }
    return OK;
}

/* The history */

struct version {
    int64_t number, at;
    const char *action, *state, *reason, *body, *who;
    const struct unit *unit;
};

static enum status
load_versions(struct ctx *cx, const struct record *record, struct version **out, int *count)
{
    struct query *q = query_new(cx, Q_HISTORY_LIST);
    *out = NULL;
    *count = 0;
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) = (struct version){.number = query_get_int(q, 0),
            .at = query_get_int(q, 1),
            .action = query_get_text(q, 3),
            .unit = tree_unit(cx->world->tree, query_get_int(q, 4)),
            .state = query_get_text(q, 5),
            .reason = query_get_text(q, 6),
            .body = query_get_text(q, 7),
            .who = query_get_text(q, 9)};
    return query_end(q);
}

static const char *
action_label(const struct ctx *cx, const char *action)
{
    static const char *const labels[][2] = {{"create", N_("Lập")}, {"import", N_("Nhập từ tệp")},
        {"change", N_("Sửa")}, {"move", N_("Chuyển trạng thái")}, {"correct", N_("Điều chỉnh")},
        {"void", N_("Hủy")}, {"migrate", N_("Theo gói mới")}};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], action) == 0)
            return tr(cx, labels[i][1]);
    }
    return action;
}

static void
version_head(struct doc *object, const struct ctx *cx, const struct record *record,
    const struct version *version)
{
    const struct state *state = reg_state(record->reg, version->state);
    doc_integer(object, "version", version->number);
    doc_time(object, "at", version->at, cx->world->zone_offset);
    doc_text(object, "who", version->who);
    doc_text(object, "action", version->action);
    doc_text(object, "action_label", action_label(cx, version->action));
    doc_text(object, "unit_name",
        version->unit == NULL ? NULL : unit_named(version->unit, cx->world->today)->name);
    doc_text(object, "state", version->state);
    doc_text(object, "state_label",
        state == NULL ? tr(cx, "Đã hủy") : label_text(cx, &state->label));
    doc_text(object, "reason", version->reason);
}

enum status
record_history_doc(struct doc *list, struct ctx *cx, const struct record *record)
{
    struct version *versions;
    int count;
    bool with_personal = may_record(cx, ACTION_PERSON, record);
    TRY(load_versions(cx, record, &versions, &count));
    struct row *rows = ARENA_ARRAY(cx->arena, struct row, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        TRY(version_read(cx, record->reg, versions[i].body, &rows[i]));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        version_head(object, cx, record, &versions[i]);
        TRY(version_differences(doc_list(object, "changes"), cx, record->reg,
            i + 1 < count ? &rows[i + 1] : NULL, &rows[i], with_personal));
    }
    return OK;
}

/* The newest version before this one that was in another state than those since. */
enum status
version_before_return(struct ctx *cx, const struct record *record, struct row *out, bool *found)
{
    struct version *versions;
    int count, i = 0;
    *found = false;
    TRY(load_versions(cx, record, &versions, &count));
    while (i < count && strcmp(versions[i].state, record_state_key(record)) == 0)
        i++;
    /* What lies between is what was changed after the return; before it the state is this one. */
    while (i < count && strcmp(versions[i].state, record_state_key(record)) != 0)
        i++;
    if (i == count)
        return OK;
    *found = true;
    return version_read(cx, record->reg, versions[i].body, out);
}
