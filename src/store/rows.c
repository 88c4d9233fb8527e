/* Rows out of a database and into one. The catalog of the engine says which tables there are, so
 * that none is forgotten when the schema grows. */
#include "store/rows.h"

#include "base/plant.h"

#include <string.h>

/* Tables */

static enum cell_kind
kind_of(const char *type)
{
    if (strcmp(type, "BIGINT") == 0)
        return CELL_NUMBER;
    return strcmp(type, "BYTEA") == 0 ? CELL_BYTES : CELL_TEXT;
}

enum status
rows_tables(struct ctx *cx, struct stored_table **out, int *count)
{
    struct query *q = query_new(cx, Q_TABLE_COLUMNS);
    struct stored_table *table = NULL;
    *out = NULL;
    *count = 0;
    while (query_next(q)) {
        const char *name = query_peek_text(q, 0);
        if (table == NULL || strcmp(table->name, name) != 0) {
            table = ARENA_PUSH(cx->arena, *out, *count);
            table->name = arena_strdup(cx->arena, name);
        }
        *ARENA_PUSH(cx->arena, table->columns, table->count) =
            (struct stored_column){query_get_text(q, 1), kind_of(query_peek_text(q, 2))};
        table->key_count += query_get_int(q, 3) > 0;
    }
    return query_end(q);
}

/* Names of the catalog are this program's own; some of them are words of SQL. */
static void
add_columns(struct buf *out, const struct stored_table *table, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", table->columns[i].name);
}

/* Reading */

static const struct sql *
sql_read(struct arena *arena, const struct stored_table *table)
{
    struct buf text = buf_new(arena);
    buf_text(&text, "SELECT ");
    add_columns(&text, table, table->count);
    buf_printf(&text, " FROM \"%s\" ORDER BY ", table->name);
    add_columns(&text, table, table->key_count);
    return sql_make_long(arena, table->name, buf_string(&text));
}

static struct cell
read_cell(const struct query *q, int column, enum cell_kind kind)
{
    struct cell cell = {.kind = kind};
    if (query_get_null(q, column)) {
        cell.kind = CELL_NULL;
    } else if (kind == CELL_NUMBER) {
        cell.number = query_get_int(q, column);
    } else if (kind == CELL_TEXT) {
        cell.bytes = query_peek_text(q, column);
        cell.length = strlen(cell.bytes);
    } else {
        cell.bytes = query_peek_blob(q, column, &cell.length);
    }
    return cell;
}

/* Ids that are given out (store_id) stand in columns of this name; what else does is smaller. */
void
rows_note_id(const struct stored_table *table, const struct cell *cells, struct rows_count *count)
{
    for (int i = 0; i < table->key_count; i++) {
        if (strcmp(table->columns[i].name, "id") == 0 && cells[i].number > count->last_id)
            count->last_id = cells[i].number;
    }
}

static enum status
read_table(struct ctx *cx, const struct stored_table *table, const struct rows_to *to,
    struct rows_count *count)
{
    struct cell *cells = ARENA_ARRAY(cx->arena, struct cell, (size_t)table->count);
    struct query *q = query_sql(cx, sql_read(cx->arena, table));
    enum status status = to->begin(to->to, table);
    while (status == OK && query_next(q)) {
        for (int i = 0; i < table->count; i++)
            cells[i] = read_cell(q, i, table->columns[i].kind);
        rows_note_id(table, cells, count);
        count->rows++;
        status = to->row(to->to, cells);
    }
    enum status end = query_end(q);
    TRY(status != OK ? status : end);
    count->tables++;
    return to->end(to->to);
}

enum status
rows_of_store(struct ctx *cx, const struct rows_to *to, struct rows_count *count)
{
    struct stored_table *tables;
    int table_count;
    *count = (struct rows_count){0};
    TRY(rows_tables(cx, &tables, &table_count));
    for (int i = 0; i < table_count; i++)
        TRY(read_table(cx, &tables[i], to, count));
    return OK;
}

enum status
rows_count(struct ctx *cx, struct rows_count *count)
{
    struct stored_table *tables;
    int table_count;
    *count = (struct rows_count){0};
    TRY(rows_tables(cx, &tables, &table_count));
    for (int i = 0; i < table_count; i++) {
        const char *text = arena_printf(cx->arena, "SELECT COUNT(*) FROM \"%s\"", tables[i].name);
        struct query *q = query_sql(cx, sql_make(cx->arena, tables[i].name, text));
        bool found;
        TRY(query_one(q, &found));
        count->rows += query_get_int(q, 0);
        TRY(query_end(q));
    }
    count->tables = table_count;
    return OK;
}

/* Inserting */

struct rows_insert {
    struct ctx *cx;
    const struct stored_table *table; /* of the database itself */
    const struct sql *insert;
};

static const struct sql *
sql_insert(struct arena *arena, const struct stored_table *table)
{
    struct buf text = buf_new(arena);
    buf_printf(&text, "INSERT INTO \"%s\" (", table->name);
    add_columns(&text, table, table->count);
    buf_text(&text, ") VALUES (");
    for (int i = 0; i < table->count; i++)
        buf_printf(&text, "%s:c%d", i == 0 ? "" : ", ", i);
    buf_text(&text, ")");
    return sql_make_gathered(arena, table->name, buf_string(&text));
}

static bool
same_table(const struct stored_table *a, const struct stored_table *b)
{
    if (strcmp(a->name, b->name) != 0 || a->count != b->count || a->key_count != b->key_count)
        return false;
    for (int i = 0; i < a->count; i++) {
        if (strcmp(a->columns[i].name, b->columns[i].name) != 0 ||
            a->columns[i].kind != b->columns[i].kind)
            return false;
    }
    return true;
}

/* The catalog is asked again for each table: those of the registers are made on the way. */
static enum status
insert_begin(void *to, const struct stored_table *table)
{
    struct rows_insert *insert = to;
    struct ctx *cx = insert->cx;
    struct stored_table *tables;
    int count;
    insert->table = NULL;
    TRY(rows_tables(cx, &tables, &count));
    for (int i = 0; i < count; i++) {
        if (same_table(&tables[i], table))
            insert->table = &tables[i];
    }
    if (insert->table == NULL)
        return fault_set(cx, ERR_INVALID,
            "Bảng “%s” không có trong cơ sở dữ liệu mới, hoặc có các cột khác: dữ liệu này do một "
            "bản chithi khác ghi ra.",
            table->name);
    insert->insert = sql_insert(cx->arena, insert->table);
    const char *clear = arena_printf(cx->arena, "DELETE FROM \"%s\"", table->name);
    return query_run(query_sql(cx, sql_make(cx->arena, table->name, clear)), NULL);
}

static enum status
insert_row(void *to, const struct cell *cells)
{
    struct rows_insert *insert = to;
    struct query *q = query_sql(insert->cx, insert->insert);
    for (int i = 0; i < insert->table->count; i++) {
        if (cells[i].kind == CELL_NUMBER)
            query_int_at(q, i, cells[i].number);
        else if (cells[i].kind == CELL_TEXT)
            query_text_at(q, i, cells[i].bytes);
        else if (cells[i].kind == CELL_BYTES)
            query_blob_at(q, i, cells[i].bytes, cells[i].length);
        else
            query_null_at(q, i);
    }
    if (PLANTED("row_not_copied") && strcmp(insert->table->name, "audit") == 0)
        return query_end(q);
    return query_run(q, NULL);
}

static enum status
insert_end(void *to)
{
    (void)to;
    return OK;
}

struct rows_insert *
rows_insert_new(struct ctx *cx)
{
    struct rows_insert *insert = ARENA_NEW(cx->arena, struct rows_insert);
    insert->cx = cx;
    return insert;
}

struct rows_to
rows_insert_to(struct rows_insert *insert)
{
    return (struct rows_to){insert_begin, insert_row, insert_end, insert};
}
