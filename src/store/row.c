/* The values of a row into a statement and out of it, column for column as store/sqlgen.c lays them
 * out. */
#include "store/sqlgen.h"

#include "base/number.h"

#include <string.h>

static int
bind_quantity(struct query *q, int at, const struct field *field, const struct value *value)
{
    query_int_at(q, at++, value->number);
    if (field->measure_count > 1)
        query_text_at(q, at++, field->measures[value->measure]->key);
    query_int_at(q, at++, value->word);
    return at;
}

static int
bind_nulls(struct query *q, int at, const struct field *field)
{
    int columns = field->kind != KIND_QUANTITY ? 1 : field->measure_count > 1 ? 3 : 2;
    for (int i = 0; i < columns; i++)
        query_null_at(q, at++);
    return at;
}

static int
bind_value(struct query *q, int at, const struct field *field, const struct value *value)
{
    if (value->is_null)
        return bind_nulls(q, at, field);
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_LONG_TEXT:
        query_text_at(q, at, value->text);
        return at + 1;
    case KIND_CHOICE:
        query_text_at(q, at, field->choices[value->number].key);
        return at + 1;
    case KIND_QUANTITY:
        return bind_quantity(q, at, field, value);
    default:
        query_int_at(q, at, value->number);
        return at + 1;
    }
}

int
row_bind(struct query *q, int at, const struct field *fields, int count, const struct row *row)
{
    for (int i = 0; i < count; i++) {
        if (fields[i].kind != KIND_LIST)
            at = bind_value(q, at, &fields[i], &row->values[i]);
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

/* A choice, measure or word that the pack does not know reads as null: chithi check tells. */
static int
read_quantity(struct query *q, int at, const struct field *field, struct value *value)
{
    value->number = query_get_int(q, at++);
    if (field->measure_count > 1)
        value->measure = find_measure(field, query_peek_text(q, at++));
    int64_t word = query_get_int(q, at++);
    value->word = word_is_known(word) ? (int)word : -1;
    if (value->measure < 0 || value->word < 0)
        *value = (struct value){.is_null = true};
    return at;
}

static int
read_value(struct query *q, int at, struct arena *arena, const struct field *field,
    struct value *value)
{
    value->is_null = query_get_null(q, at);
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_LONG_TEXT:
        value->text = arena_strdup(arena, query_peek_text(q, at));
        return at + 1;
    case KIND_CHOICE:
        if (!value->is_null)
            value->number = choice_find(field, query_peek_text(q, at));
        if (value->number < 0)
            *value = (struct value){.is_null = true};
        return at + 1;
    case KIND_QUANTITY:
        return read_quantity(q, at, field, value);
    default:
        value->number = query_get_int(q, at);
        return at + 1;
    }
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
            at = read_value(q, at, arena, &fields[i], &row->values[i]);
    }
    return at;
}
