/* One record after the other out of a table. A record with several rows of lists takes several rows
 * of the table. */
#include "domain/import_read.h"

#include "base/code.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/record.h"
#include "domain/stub.h"

#include <string.h>

/* Columns */

static const struct field *
find_field(const struct reg *reg, const char *name, const struct field **list)
{
    const char *dot = strchr(name, '.');
    char key[64];
    *list = NULL;
    if (dot == NULL)
        return reg_field(reg, name);
    if ((size_t)(dot - name) >= sizeof(key))
        return NULL;
    memcpy(key, name, (size_t)(dot - name));
    key[dot - name] = '\0';
    *list = reg_field(reg, key);
    return *list == NULL || (*list)->kind != KIND_LIST ? NULL : list_field(*list, dot + 1);
}

static const char *
known_columns(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    buf_text(&out, "unit, code, origin, state, directives");
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind != KIND_LIST)
            buf_printf(&out, ", %s", field->key);
        for (int c = 0; c < field->field_count; c++)
            buf_printf(&out, ", %s.%s", field->key, field->fields[c].key);
    }
    return buf_string(&out);
}

static enum status
find_columns(struct ctx *cx, struct reader *rd)
{
    int before = cx->faults.count;
    rd->unit_column = table_column(&rd->table, "unit");
    rd->state_column = table_column(&rd->table, "state");
    rd->origin_column = table_column(&rd->table, "origin");
    rd->code_column = table_column(&rd->table, "code");
    rd->directives_column = table_column(&rd->table, "directives");
    for (int i = 0; i < rd->table.column_count; i++) {
        struct import_column *column = &rd->columns[i];
        struct fault where = {.file = rd->table.file, .line = 1, .column = i + 1};
        if (i == rd->unit_column || i == rd->state_column || i == rd->origin_column ||
            i == rd->code_column || i == rd->directives_column)
            continue;
        column->field = find_field(rd->reg, rd->table.columns[i], &column->list);
        if (column->field == NULL || column->field->kind == KIND_LIST)
            (void)fault_at(cx, ERR_INVALID, where, "Sổ %s không có cột “%s”; có: %s.", rd->reg->key,
                rd->table.columns[i], known_columns(cx->arena, rd->reg));
    }
    if (rd->unit_column < 0)
        (void)fault_at(cx, ERR_INVALID,
            (struct fault){.file = rd->table.file, .line = 1, .column = 1},
            "Thiếu cột “unit” (mã đơn vị của hồ sơ).");
    return cx->faults.count > before ? ERR_INVALID : OK;
}

/* Reading one record */

static const char *
cell(const struct table *table, int column)
{
    return column < 0 ? "" : table->cells[column];
}

/* Does the row that was just read go on with the record before it? */
static bool
continues(const struct reader *rd, const struct item *item)
{
    const char *origin = cell(&rd->table, rd->origin_column);
    const char *code = cell(&rd->table, rd->code_column);
    if (*origin != '\0')
        return item->origin != NULL && strcmp(origin, item->origin) == 0;
    if (*code != '\0')
        return item->code != NULL && strcmp(code, item->code) == 0;
    return *cell(&rd->table, rd->unit_column) == '\0';
}

/* May a cell name another record of the file? */
static bool
is_inside(const struct reader *rd, const struct field *field)
{
    return field != NULL && field->kind == KIND_REFERENCE && field->target == rd->reg;
}

/* A reference to another record of the file, which is not in the database yet: by its code, or by
 * its origin. */
static bool
read_inside(struct reader *rd, const struct item *item, int column, const char *text,
    struct value *out)
{
    struct named *to = names_find(rd->names, name_of_code(text));
    if (to == NULL) {
        to = names_find(rd->names, name_of_origin(text));
        if (to != NULL && item->named != NULL && rd->is_first)
            names_refer(rd->names, item->named, to, rd->table.line, column + 1);
    }
    if (to == NULL)
        return false;
    *out = (struct value){.number = to->code};
    return true;
}

static void
read_cell(struct ctx *cx, struct reader *rd, const struct item *item, int column, struct value *out)
{
    const struct field *field = rd->columns[column].field;
    const char *text = arena_strdup(cx->arena, rd->table.cells[column]);
    struct fault where = {.file = rd->table.file,
        .line = rd->table.line,
        .column = column + 1,
        .field = rd->columns[column].list == NULL ? NULL : rd->table.columns[column]};
    if (rd->names != NULL && is_inside(rd, field) && read_inside(rd, item, column, text, out))
        return;
    (void)value_parse(cx, field, text, where, out);
}

static struct row *
list_row(struct ctx *cx, struct item *item, const struct field *list, bool *is_new)
{
    struct value *value = &item->fields.values[list->index];
    if (*is_new) {
        *ARENA_PUSH(cx->arena, value->rows, value->row_count) =
            row_new(cx->arena, list->fields, list->field_count);
        value->is_null = false;
        *is_new = false;
    }
    return &value->rows[value->row_count - 1];
}

/* A list's columns in one line make one row, if any of them says something. */
static bool
list_is_filled(const struct reader *rd, const struct field *list)
{
    for (int i = 0; i < rd->table.column_count; i++) {
        if (rd->columns[i].list == list && *rd->table.cells[i] != '\0')
            return true;
    }
    return false;
}

static void
read_list(struct ctx *cx, struct reader *rd, struct item *item, const struct field *list)
{
    bool is_new = true;
    if (!list_is_filled(rd, list))
        return;
    for (int i = 0; i < rd->table.column_count; i++) {
        const struct import_column *column = &rd->columns[i];
        if (column->list != list)
            continue;
        struct row *row = list_row(cx, item, list, &is_new);
        read_cell(cx, rd, item, i, &row->values[column->field->index]);
    }
}

static void
read_lists(struct ctx *cx, struct reader *rd, struct item *item)
{
    for (int i = 0; i < rd->reg->field_count; i++) {
        if (rd->reg->fields[i].kind == KIND_LIST)
            read_list(cx, rd, item, &rd->reg->fields[i]);
    }
}

static void
hash_text(struct item *item, const char *text)
{
    crypto_generichash_update(&item->hash, (const unsigned char *)text, strlen(text) + 1);
}

/* Names and cells of what is filled: a column that is empty throughout makes no other content. */
static void
hash_row(const struct reader *rd, struct item *item)
{
    for (int i = 0; i < rd->table.column_count; i++) {
        if (*rd->table.cells[i] == '\0')
            continue;
        hash_text(item, rd->table.columns[i]);
        hash_text(item, rd->table.cells[i]);
    }
    hash_text(item, "");
}

static void
read_state(struct ctx *cx, struct reader *rd, struct item *item)
{
    const char *key = cell(&rd->table, rd->state_column);
    struct buf known = buf_new(cx->arena);
    item->state = rd->reg->initial;
    if (*key == '\0')
        return;
    for (int i = 0; i < rd->reg->state_count; i++) {
        buf_printf(&known, "%s, ", rd->reg->states[i].key);
        if (strcmp(rd->reg->states[i].key, key) == 0) {
            item->state = i;
            return;
        }
    }
    item->state = STATE_IS_VOID;
    if (strcmp(key, STATE_VOID) != 0)
        (void)fault_at(cx, ERR_INVALID, table_place(&rd->table, item->line, rd->state_column),
            "Trạng thái “%s” không hợp lệ; cần một trong: %s%s.", key, buf_string(&known),
            STATE_VOID);
}

/* The unit that bears the code on the record's counting day; until that is known, today. */
static void
read_unit(struct ctx *cx, struct reader *rd, struct item *item, const char *code)
{
    int before = cx->faults.count;
    int32_t day = record_day(cx, rd->reg, &item->fields);
    if (tree_by_code(cx, cx->world->tree, code, day, &item->unit) == OK)
        return;
    const char *why = cx->faults.items[before].message;
    fault_forget(cx, before);
    (void)fault_at(cx, ERR_INVALID, table_place(&rd->table, item->line, rd->unit_column), "%s",
        why);
}

/* A code says which shard its record is in. */
static void
check_code(struct ctx *cx, const struct reader *rd, const struct item *item)
{
    int64_t code = item->code == NULL ? 0 : code_number(item->code);
    if (item->code == NULL)
        return;
    if (code < 0)
        (void)fault_at(cx, ERR_INVALID, table_place(&rd->table, item->line, rd->code_column),
            "“%s” không phải là mã hồ sơ; cần 12 ký tự như bản xuất có, hoặc để trống.",
            item->code);
    else if (item->unit != NULL && item->unit->shard != code_shard(code))
        (void)fault_at(cx, ERR_INVALID, table_place(&rd->table, item->line, rd->code_column),
            "Mã %s thuộc phân vùng khác với đơn vị của hồ sơ; hãy để trống ô này để hồ sơ nhận mã "
            "mới.",
            item->code);
}

/* Faults of the record's rules get its first line, and the column of the field if there is one. */
static void
place_faults(struct ctx *cx, const struct reader *rd, const struct item *item, int from)
{
    for (int i = from; i < cx->faults.count; i++) {
        struct fault *fault = &cx->faults.items[i];
        int column = fault->field == NULL ? -1 : table_column(&rd->table, fault->field);
        fault->file = rd->table.file;
        fault->line = item->line;
        fault->column = column + 1;
    }
}

static void
read_directives(struct ctx *cx, const struct reader *rd, struct item *item)
{
    struct fault where = {.file = rd->table.file,
        .line = item->line,
        .column = rd->directives_column + 1,
        .field = "directives"};
    (void)directive_parse(cx, rd->reg, cell(&rd->table, rd->directives_column), where,
        &item->directives);
}

/* The record's own fields, from its first row. */
static void
read_fields(struct ctx *cx, struct reader *rd, struct item *item)
{
    item->fields = row_new(cx->arena, rd->reg->fields, rd->reg->field_count);
    for (int i = 0; i < rd->table.column_count; i++) {
        const struct import_column *column = &rd->columns[i];
        if (column->field != NULL && column->list == NULL)
            read_cell(cx, rd, item, i, &item->fields.values[column->field->index]);
    }
}

static const char *
filled(struct arena *arena, const struct table *table, int column)
{
    const char *text = cell(table, column);
    return *text == '\0' ? NULL : arena_strdup(arena, text);
}

void
reader_name(struct ctx *cx, const struct reader *rd, struct item *item)
{
    *item = (struct item){.at = rd->table.row,
        .line = rd->table.line,
        .origin = filled(cx->arena, &rd->table, rd->origin_column),
        .code = filled(cx->arena, &rd->table, rd->code_column)};
    if (rd->names != NULL && item->origin != NULL)
        item->named = names_find(rd->names, name_of_origin(item->origin));
    else if (rd->names != NULL && item->code != NULL)
        item->named = names_find(rd->names, name_of_code(item->code));
}

void
reader_record(struct ctx *cx, struct reader *rd, struct item *item, bool *more, enum status *status)
{
    int before = cx->faults.count;
    reader_name(cx, rd, item);
    crypto_generichash_init(&item->hash, NULL, 0, 16);
    const char *unit = arena_strdup(cx->arena, cell(&rd->table, rd->unit_column));
    read_state(cx, rd, item);
    read_directives(cx, rd, item);
    read_fields(cx, rd, item);
    do {
        read_lists(cx, rd, item);
        hash_row(rd, item);
        *more = table_next(cx, &rd->table, status);
    } while (*more && continues(rd, item));
    bool is_void = item->state == STATE_IS_VOID;
    if (!is_void)
        record_enter(rd->reg, item->state, &item->fields);
    read_unit(cx, rd, item, unit);
    check_code(cx, rd, item);
    int rules = cx->faults.count;
    if (rules == before && !is_void &&
        record_validate(cx, rd->reg, item->unit, item->state, &item->fields) != OK)
        place_faults(cx, rd, item, rules);
    int stub = cx->faults.count;
    if (stub == before && stub_check(cx, rd->reg, NULL, &item->fields) != OK)
        place_faults(cx, rd, item, stub);
}

enum status
reader_back(struct ctx *cx, struct reader *rd, const char *at, int line)
{
    enum status status = OK;
    table_back(&rd->table, at, line);
    return table_next(cx, &rd->table, &status) ? OK : status;
}

/* Opening */

/* Before anything is read, all names are known: a reference may point forward. What is wrong with a
 * row is told when it is read. */
static void
find_names(struct ctx *cx, struct reader *rd)
{
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    struct item item = {0};
    const char *first = rd->table.at;
    int line = rd->table.last_line + 1;
    rd->names = names_new(cx->arena);
    while (table_next(&scratch, &rd->table, &status)) {
        if (item.at != NULL && continues(rd, &item))
            continue;
        reader_name(&scratch, rd, &item);
        names_add(rd->names, item.origin, item.code, item.line);
    }
    names_close(rd->names);
    table_back(&rd->table, first, line);
}

enum status
reader_open(struct ctx *cx, struct reader *rd, const struct reg *reg, const char *file,
    const char *text, size_t length)
{
    *rd = (struct reader){.reg = reg, .is_first = true};
    TRY(table_open(cx, &rd->table, file, text, length));
    TRY(find_columns(cx, rd));
    for (int i = 0; i < rd->table.column_count && rd->names == NULL; i++) {
        if (is_inside(rd, rd->columns[i].field))
            find_names(cx, rd);
    }
    return OK;
}
