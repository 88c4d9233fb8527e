/* Which field goes where, and the conversion of records in memory. */
#include "domain/convert.h"

#include "base/date.h"
#include "base/number.h"

#include <string.h>

static bool
same_key(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* The line about a key of a register, or NULL; `list` and `field` as in struct migration. */
static const struct migration *
line_of(const struct model *model, enum migration_sort sort, const struct reg *reg,
    const char *list, const char *field, const char *key)
{
    for (int i = 0; i < model->migration_count; i++) {
        const struct migration *line = model->migrations[i];
        if (line->sort == sort && strcmp(line->reg, reg->key) == 0 && same_key(line->list, list) &&
            same_key(line->field, field) && strcmp(line->key, key) == 0)
            return line;
    }
    return NULL;
}

static bool
is_scaled(enum kind kind)
{
    return kind == KIND_INTEGER || kind == KIND_DECIMAL || kind == KIND_QUANTITY;
}

static bool
has_measure_of(const struct field *field, const struct field *before)
{
    for (int i = 0; before->kind == KIND_QUANTITY && i < before->measure_count; i++) {
        for (int k = 0; k < field->measure_count; k++) {
            if (strcmp(field->measures[k]->key, before->measures[i]->key) == 0)
                return true;
        }
    }
    return before->kind != KIND_QUANTITY;
}

/* The same kind of value in the same columns. */
static bool
same_shape(const struct field *before, const struct field *after)
{
    return before->kind == after->kind && before->decimals == after->decimals &&
        (before->measure_count > 1) == (after->measure_count > 1) &&
        (before->measure_count != 1 || has_measure_of(after, before)) &&
        same_key(before->target == NULL ? NULL : before->target->key,
            after->target == NULL ? NULL : after->target->key);
}

/* Every value of the one is a value of the other. */
static bool
is_lossless(const struct field *before, const struct field *after)
{
    if (before->kind == KIND_TEXT && after->kind == KIND_LONG_TEXT)
        return before->max_length <= after->max_length;
    return is_scaled(before->kind) && is_scaled(after->kind) && before->kind <= after->kind &&
        before->decimals <= after->decimals && has_measure_of(after, before);
}

static const struct field *
among(const struct field *fields, int count, const char *key)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    }
    return NULL;
}

struct making {
    struct arena *arena;
    const struct model *model;
    struct reg_convert *out;
};

/* The old field that a new one continues. */
static const struct field *
find_source(struct making *m, const struct field *after, const struct field *fields, int count)
{
    const char *list = after->list == NULL ? NULL : after->list->key;
    const struct field *same = among(fields, count, after->key);
    if (same != NULL && same_shape(same, after))
        return same;
    for (int i = 0; i < count; i++) {
        const struct migration *line =
            line_of(m->model, MIGRATE_FIELD, m->out->after, list, NULL, fields[i].key);
        if (line == NULL)
            continue;
        bool is_named = line->is_retyped ? &fields[i] == same : same_key(line->to, after->key);
        bool is_same = same_shape(&fields[i], after);
        if (!is_named || !(is_same || is_lossless(&fields[i], after)))
            continue;
        m->out->values_change = m->out->values_change || !is_same;
        return &fields[i];
    }
    return NULL;
}

static const int *
map_choices(struct making *m, const struct field *before, const struct field *after)
{
    int *map = ARENA_ARRAY(m->arena, int, (size_t)before->choice_count + 1);
    const char *list = after->list == NULL ? NULL : after->list->key;
    for (int i = 0; i < before->choice_count; i++) {
        const char *key = before->choices[i].key;
        map[i] = choice_find(after, key);
        const struct migration *line =
            line_of(m->model, MIGRATE_CHOICE, m->out->after, list, after->key, key);
        if (map[i] >= 0 || line == NULL)
            continue;
        map[i] = choice_find(after, line->to);
        m->out->values_change = true;
    }
    return map;
}

static const int *
map_measures(struct making *m, const struct field *before, const struct field *after)
{
    int *map = ARENA_ARRAY(m->arena, int, (size_t)before->measure_count + 1);
    for (int i = 0; i < before->measure_count; i++) {
        map[i] = -1;
        for (int k = 0; k < after->measure_count; k++) {
            if (strcmp(after->measures[k]->key, before->measures[i]->key) == 0)
                map[i] = k;
        }
    }
    return map;
}

static const int *
map_states(struct making *m)
{
    const struct reg *before = m->out->before, *after = m->out->after;
    int *map = ARENA_ARRAY(m->arena, int, (size_t)before->state_count + 1);
    for (int i = 0; i < before->state_count; i++) {
        const char *key = before->states[i].key;
        const struct migration *line = line_of(m->model, MIGRATE_STATE, after, NULL, NULL, key);
        const struct state *state = reg_state(after, key);
        if (state == NULL && line != NULL) {
            state = reg_state(after, line->to);
            m->out->values_change = true;
        }
        map[i] = state == NULL ? -1 : state->index;
    }
    return map;
}

static struct field_convert *
map_fields(struct making *m, const struct field *before, int before_count,
    const struct field *after, int after_count)
{
    struct field_convert *map =
        ARENA_ARRAY(m->arena, struct field_convert, (size_t)after_count + 1);
    for (int i = 0; i < after_count; i++) {
        struct field_convert *one = &map[i];
        const struct field *source = find_source(m, &after[i], before, before_count);
        one->before = source;
        if (source == NULL)
            continue;
        one->scale_up = after[i].decimals - source->decimals;
        one->choices = map_choices(m, source, &after[i]);
        one->measures = map_measures(m, source, &after[i]);
        if (source->kind == KIND_LIST)
            one->columns = map_fields(m, source->fields, source->field_count, after[i].fields,
                after[i].field_count);
    }
    return map;
}

/* Do the old fields stand in the new version, all of them, in the same order and shape? Then the
 * history reads as if it had been written by the new one. */
static bool
fields_stay(const struct field_convert *map, const struct field *before, int before_count,
    const struct field *after, int after_count)
{
    int next = 0;
    for (int i = 0; i < after_count; i++) {
        const struct field *source = map[i].before;
        if (source == NULL && after[i].entered != NULL)
            return false;
        if (source == NULL)
            continue;
        if (next == before_count || source != &before[next] ||
            strcmp(source->key, after[i].key) != 0 || !same_shape(source, &after[i]))
            return false;
        if (source->kind == KIND_LIST &&
            !fields_stay(map[i].columns, source->fields, source->field_count, after[i].fields,
                after[i].field_count))
            return false;
        next++;
    }
    return next == before_count;
}

const struct reg_convert *
convert_new(struct arena *arena, const struct model *model, const struct reg *before,
    const struct reg *after)
{
    struct reg_convert *out = ARENA_NEW(arena, struct reg_convert);
    struct making m = {arena, model, out};
    out->before = before;
    out->after = after;
    out->fields =
        map_fields(&m, before->fields, before->field_count, after->fields, after->field_count);
    out->states = map_states(&m);
    out->is_plain = !out->values_change &&
        fields_stay(out->fields, before->fields, before->field_count, after->fields,
            after->field_count);
    return out;
}

const struct field_convert *
convert_source(const struct reg_convert *convert, const struct field *after)
{
    if (after->list == NULL)
        return &convert->fields[after->index];
    const struct field_convert *list = &convert->fields[after->list->index];
    static const struct field_convert nowhere;
    return list->columns == NULL ? &nowhere : &list->columns[after->index];
}

const struct field *
convert_target(const struct reg_convert *convert, const struct field *before)
{
    const struct reg *after = convert->after;
    for (int i = 0; i < after->field_count; i++) {
        const struct field *field = &after->fields[i];
        if (convert->fields[i].before == before)
            return field;
        for (int c = 0; convert->fields[i].columns != NULL && c < field->field_count; c++) {
            if (convert->fields[i].columns[c].before == before)
                return &field->fields[c];
        }
    }
    return NULL;
}

bool
convert_drops(const struct model *model, const struct reg *after, const struct field *before)
{
    const struct migration *line = line_of(model, MIGRATE_FIELD, after,
        before->list == NULL ? NULL : before->list->key, NULL, before->key);
    return line != NULL && line->to == NULL && !line->is_retyped;
}

/* Records */

static enum status
too_large(struct ctx *cx, const struct field *field)
{
    return fault_set(cx, ERR_INVALID, "Một giá trị của “%s” quá lớn để có thêm chữ số thập phân.",
        field->label.vi);
}

static enum status convert_row(struct ctx *, const struct field_convert *, const struct field *,
    int count, const struct row *, struct row *out);

static enum status
convert_list(struct ctx *cx, const struct field_convert *map, const struct field *after,
    const struct value *from, struct value *to)
{
    *to = (struct value){.is_null = from->row_count == 0, .row_count = from->row_count};
    to->rows = ARENA_ARRAY(cx->arena, struct row, (size_t)from->row_count + 1);
    for (int i = 0; i < from->row_count; i++)
        TRY(convert_row(cx, map->columns, after->fields, after->field_count, &from->rows[i],
            &to->rows[i]));
    return OK;
}

static enum status
convert_value(struct ctx *cx, const struct field_convert *map, const struct field *after,
    const struct value *from, struct value *to)
{
    *to = (struct value){.is_null = true};
    if (map->before == NULL)
        return OK;
    if (after->kind == KIND_LIST)
        return convert_list(cx, map, after, from, to);
    if (from->is_null)
        return OK;
    *to = *from;
    if (after->kind == KIND_CHOICE)
        to->number = map->choices[from->number];
    else if (after->kind == KIND_QUANTITY && map->before->kind == KIND_QUANTITY)
        to->measure = map->measures[from->measure];
    for (int i = 0; i < map->scale_up; i++) {
        if (!multiply_checked(to->number, 10, &to->number))
            return too_large(cx, after);
    }
    to->is_null = (after->kind == KIND_CHOICE && to->number < 0) || to->measure < 0;
    return OK;
}

static enum status
convert_row(struct ctx *cx, const struct field_convert *map, const struct field *after, int count,
    const struct row *from, struct row *to)
{
    to->values = ARENA_ARRAY(cx->arena, struct value, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        const struct value *value =
            map[i].before == NULL ? NULL : &from->values[map[i].before->index];
        TRY(convert_value(cx, &map[i], &after[i], value, &to->values[i]));
    }
    return OK;
}

static int
state_of_key(const struct reg_convert *convert, const char *key)
{
    const struct state *state = reg_state(convert->before, key);
    return state == NULL ? STATE_IS_VOID : convert->states[state->index];
}

/* A date that the program keeps, from the history; empty when it was made right in that state. */
static enum status
recall_entry(struct ctx *cx, const struct reg_convert *convert, const struct record *record,
    const struct field *field, struct value *out)
{
    int state = STATE_IS_VOID;
    bool is_first = true;
    struct query *q = query_new(cx, Q_HISTORY_STATES);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    for (; query_next(q); is_first = false) {
        int now = state_of_key(convert, query_peek_text(q, 1));
        if (!is_first && now != state && now == field->entered->index)
            *out =
                (struct value){.number = instant_day(query_get_int(q, 0), cx->world->zone_offset)};
        state = now;
    }
    return query_end(q);
}

enum status
convert_record(struct ctx *cx, const struct reg_convert *convert, const struct record *record,
    struct record **out)
{
    const struct reg *after = convert->after;
    struct record *made = arena_grow(cx->arena, record, sizeof(*record), sizeof(*record));
    *out = made;
    made->reg = after;
    if (record->state != STATE_IS_VOID)
        made->state = convert->states[record->state];
    TRY(convert_row(cx, convert->fields, after->fields, after->field_count, &record->fields,
        &made->fields));
    for (int i = 0; i < after->field_count; i++) {
        const struct field *field = &after->fields[i];
        if (field->entered != NULL && convert->fields[i].before == NULL)
            TRY(recall_entry(cx, convert, record, field, &made->fields.values[i]));
    }
    if (made->state != STATE_IS_VOID)
        record_enter(after, made->state, &made->fields);
    return OK;
}
