/* Merging a register's rows with the rows of its lists: all come in the order of ids. */
#include "domain/record_scan.h"

/* Where the columns of the register begin, after those of the record and "loading" and "state". */
enum { COLUMN_LOADING = 11, COLUMN_STATE, COLUMN_FIELDS };

struct list_cursor {
    const struct field *field;
    struct query *q;
    bool has_row; /* a row stands in the query that no record has taken yet */
};

struct record_scan {
    struct ctx *cx;
    struct record_range range;
    struct query *main;
    struct list_cursor *lists;
    int list_count;
    bool is_loading;
    enum status status;
};

static struct query *
range_query(struct ctx *cx, const struct sql *sql, const struct record_range *range)
{
    struct query *q = query_sql(cx, sql);
    query_int(q, "shard", range->shard);
    query_int(q, "after", range->after);
    query_int(q, "last", range->last);
    return q;
}

struct record_scan *
record_scan_begin(struct ctx *cx, const struct record_range *range)
{
    struct record_scan *scan = ARENA_NEW(cx->arena, struct record_scan);
    const struct reg *reg = range->reg;
    scan->cx = cx;
    scan->range = *range;
    scan->lists = ARENA_ARRAY(cx->arena, struct list_cursor, (size_t)reg->field_count + 1);
    scan->main = range_query(cx, range->sql->main, range);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind != KIND_LIST)
            continue;
        struct list_cursor *list = &scan->lists[scan->list_count++];
        list->field = &reg->fields[i];
        list->q = range_query(cx, range->sql->lists[i], range);
        list->has_row = query_next(list->q);
    }
    return scan;
}

static void
take_rows(struct record_scan *scan, struct list_cursor *list, struct record *record)
{
    struct arena *arena = scan->cx->arena;
    struct value *value = &record->fields.values[list->field->index];
    for (; list->has_row && query_get_int(list->q, 0) <= record->id;
         list->has_row = query_next(list->q)) {
        if (query_get_int(list->q, 0) < record->id)
            continue; /* of a record that was left out */
        struct row *row = ARENA_PUSH(arena, value->rows, value->row_count);
        row_read(list->q, 2, arena, list->field->fields, list->field->field_count, row);
    }
    value->is_null = value->row_count == 0;
}

static void
read_one(struct record_scan *scan, struct record *record)
{
    struct ctx *cx = scan->cx;
    const struct reg *reg = scan->range.reg;
    const char *state = query_peek_text(scan->main, COLUMN_STATE);
    scan->status = record_read_head(cx, scan->main, reg, record);
    if (scan->status != OK)
        return;
    record_join_state(cx->arena, record, state);
    row_read(scan->main, COLUMN_FIELDS, cx->arena, reg->fields, reg->field_count, &record->fields);
    for (int i = 0; i < scan->list_count; i++)
        take_rows(scan, &scan->lists[i], record);
}

bool
record_scan_next(struct record_scan *scan, struct record **out)
{
    while (scan->status == OK && query_next(scan->main)) {
        scan->is_loading = query_get_int(scan->main, COLUMN_LOADING) != 0;
        if (scan->is_loading && !scan->range.with_loading)
            continue;
        *out = ARENA_NEW(scan->cx->arena, struct record);
        read_one(scan, *out);
        return scan->status == OK;
    }
    return false;
}

bool
record_scan_is_loading(const struct record_scan *scan)
{
    return scan->is_loading;
}

enum status
record_scan_end(struct record_scan *scan)
{
    enum status status = query_end(scan->main);
    for (int i = 0; i < scan->list_count; i++) {
        enum status one = query_end(scan->lists[i].q);
        status = status == OK ? one : status;
    }
    return scan->status != OK ? scan->status : status;
}
