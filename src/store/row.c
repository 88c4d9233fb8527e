/* The values of a row into a statement and out of it, column for column as store/sqlgen.c lays them
 * out. */
#include "store/sqlgen.h"

#include "base/code.h"
#include "base/number.h"

#include <string.h>

bool
field_has_measure(const struct field *field)
{
    return field->kind == KIND_QUANTITY && field->measure_count > 1;
}

bool
field_is_code(const struct field *field)
{
    return field->kind == KIND_PERSON || field->kind == KIND_REFERENCE;
}

int
field_columns(const struct field *field)
{
    if (field->kind == KIND_LIST)
        return 0;
    return 1 + field_has_measure(field) + (field->kind == KIND_QUANTITY) + field_is_code(field);
}

static void
bind_quantity(struct query *q, int at, const struct field *field, const struct value *value)
{
    query_int_at(q, at++, value->number);
    if (field_has_measure(field))
        query_text_at(q, at++, field->measures[value->measure]->key);
    query_int_at(q, at, value->word);
}

static void
bind_value(struct query *q, int at, struct arena *arena, const struct field *field,
    const struct value *value)
{
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_LONG_TEXT:
    case KIND_FILES:
        query_text_at(q, at, value->text);
        break;
    case KIND_CHOICE:
        query_text_at(q, at, field->choices[value->number].key);
        break;
    case KIND_QUANTITY:
        bind_quantity(q, at, field, value);
        break;
    case KIND_PERSON:
    case KIND_REFERENCE:
        query_text_at(q, at, code_text(arena, value->number));
        query_int_at(q, at + 1, code_shard(value->number));
        break;
    default:
        query_int_at(q, at, value->number);
    }
}

int
row_bind(struct query *q, int at, struct arena *arena, const struct field *fields, int count,
    const struct row *row)
{
    for (int i = 0; i < count; i++) {
        int end = at + field_columns(&fields[i]);
        if (fields[i].kind != KIND_LIST && !row->values[i].is_null)
            bind_value(q, at, arena, &fields[i], &row->values[i]);
        else
            for (int k = at; k < end; k++)
                query_null_at(q, k);
        at = end;
    }
    return at;
}

static int
find_measure(const struct field *field, const char *key)
{
    for (int i = 0; key != NULL && i < field->measure_count; i++) {
        if (strcmp(field->measures[i]->key, key) == 0)
            return i;
    }
    return -1;
}

/* A choice, code, measure or word that is none reads as null: chithi check tells. */
static void
read_quantity(struct query *q, int at, const struct field *field, struct value *value)
{
    value->number = query_get_int(q, at++);
    if (field_has_measure(field))
        value->measure = find_measure(field, query_peek_text(q, at++));
    int64_t word = query_get_int(q, at);
    value->word = word_is_known(word) ? (int)word : -1;
    value->is_null = value->is_null || value->measure < 0 || value->word < 0;
}

static void
read_value(struct query *q, int at, struct arena *arena, const struct field *field,
    struct value *value)
{
    value->is_null = query_get_null(q, at);
    if (value->is_null)
        return;
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_LONG_TEXT:
    case KIND_FILES:
        value->text = arena_strdup(arena, query_peek_text(q, at));
        break;
    case KIND_CHOICE:
        value->number = choice_find(field, query_peek_text(q, at));
        value->is_null = value->number < 0;
        break;
    case KIND_PERSON:
    case KIND_REFERENCE:
        value->number = code_number(query_peek_text(q, at));
        value->is_null = value->number < 0;
        break;
    case KIND_QUANTITY:
        read_quantity(q, at, field, value);
        break;
    default:
        value->number = query_get_int(q, at);
    }
    if (value->is_null)
        *value = (struct value){.is_null = true};
}

int
row_read(struct query *q, int at, struct arena *arena, const struct field *fields, int count,
    struct row *row)
{
    row->values = ARENA_ARRAY(arena, struct value, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        if (fields[i].kind == KIND_LIST)
            row->values[i].is_null = true;
        else
            read_value(q, at, arena, &fields[i], &row->values[i]);
        at += field_columns(&fields[i]);
    }
    return at;
}
