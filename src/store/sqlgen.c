/* SQL out of the model: names through sql_name, which takes nothing but keys; texts of a pack's
 * conditions as quoted literals; values of records always bound. */
#include "store/sqlgen.h"

#include "base/buf.h"
#include "base/code.h"
#include "pack/expr.h"

#include <assert.h>
#include <string.h>

/* A number that is calculated with: some engines take a short one for 32 bits. */
#define BIG "CAST(%lld AS BIGINT)"

/* Every name in generated SQL passes here: a key of the pack, checked when it was read. */
static const char *
sql_name(const char *key)
{
    assert(key_is_valid(key));
    return key;
}

/* The columns of a field, in order, each with what comes before and after its name. */
static void
add_columns(struct buf *out, const struct field *field, const char *before, const char *after)
{
    const char *name = sql_name(field->key);
    if (field->kind == KIND_LIST)
        return;
    buf_printf(out, "%s%s%s", before, name, after);
    if (field_has_measure(field))
        buf_printf(out, "%s%s__unit%s", before, name, after);
    if (field->kind == KIND_QUANTITY)
        buf_printf(out, "%s%s__word%s", before, name, after);
    if (field_is_code(field))
        buf_printf(out, "%s%s__shard%s", before, name, after);
}

static void
add_all_columns(struct buf *out, const struct field *fields, int count, const char *before,
    const char *after)
{
    for (int i = 0; i < count; i++)
        add_columns(out, &fields[i], before, after);
}

static const char *
table_name(struct arena *arena, const struct reg *reg, const struct field *list)
{
    if (list == NULL)
        return arena_printf(arena, "r_%s", sql_name(reg->key));
    return arena_printf(arena, "r_%s_%s", sql_name(reg->key), sql_name(list->key));
}

/* Tables */

static void
add_bounds(struct buf *out, const struct field *field)
{
    if (field->min != INT64_MIN)
        buf_printf(out, ",\n    CHECK (%s >= %lld)", field->key, (long long)field->min);
    if (field->max != INT64_MAX)
        buf_printf(out, ",\n    CHECK (%s <= %lld)", field->key, (long long)field->max);
}

/* Comparisons and not IN: SQLite makes a temporary index for the list of an IN whenever a row is
 * written (measured: a fifth of an import). */
static void
add_keys_check(struct buf *out, const char *column, const char *const *keys, int count)
{
    buf_text(out, ",\n    CHECK (");
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s%s = '%s'", i > 0 ? " OR " : "", column, sql_name(keys[i]));
    buf_text(out, ")");
}

static void
add_checks(struct buf *out, const struct field *field)
{
    struct arena *arena = out->arena;
    int count = field->kind == KIND_CHOICE ? field->choice_count : field->measure_count;
    const char **keys = ARENA_ARRAY(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        keys[i] = field->kind == KIND_CHOICE ? field->choices[i].key : field->measures[i]->key;
    if (field->kind == KIND_CHOICE)
        add_keys_check(out, field->key, keys, count);
    if (field->kind == KIND_BOOLEAN)
        buf_printf(out, ",\n    CHECK (%s BETWEEN 0 AND 1)", field->key);
    if (field_has_measure(field))
        add_keys_check(out, arena_printf(arena, "%s__unit", field->key), keys, count);
    if (field->kind == KIND_TIME)
        buf_printf(out, ",\n    CHECK (%s BETWEEN 0 AND 1439)", field->key);
    if (field->kind == KIND_INTEGER || field->kind == KIND_DECIMAL || field->kind == KIND_QUANTITY)
        add_bounds(out, field);
}

static void
add_column_types(struct buf *out, const struct field *field)
{
    bool is_text = field->kind == KIND_TEXT || field->kind == KIND_LONG_TEXT ||
        field->kind == KIND_CHOICE || field->kind == KIND_FILES || field_is_code(field);
    if (field->kind == KIND_LIST)
        return;
    buf_printf(out, "    %s %s,\n", sql_name(field->key), is_text ? "TEXT" : "BIGINT");
    if (field_has_measure(field))
        buf_printf(out, "    %s__unit TEXT,\n", field->key);
    if (field->kind == KIND_QUANTITY)
        buf_printf(out, "    %s__word BIGINT,\n", field->key);
    if (field_is_code(field))
        buf_printf(out, "    %s__shard BIGINT,\n", field->key);
}

/* A list has no state of its own, so that its required columns are the rules' business alone. */
static void
add_table(struct buf *out, const struct reg *reg, const struct field *list)
{
    const struct field *fields = list == NULL ? reg->fields : list->fields;
    int count = list == NULL ? reg->field_count : list->field_count;
    buf_printf(out,
        "-- sharded: made of a register.\nCREATE TABLE %s (\n    shard BIGINT NOT NULL,\n    id "
        "BIGINT NOT NULL,\n    %s NOT "
        "NULL,\n",
        table_name(out->arena, reg, list), list == NULL ? "state TEXT" : "row BIGINT");
    for (int i = 0; i < count; i++)
        add_column_types(out, &fields[i]);
    buf_text(out,
        list == NULL ? "    PRIMARY KEY (shard, id)" : "    PRIMARY KEY (shard, id, row)");
    for (int i = 0; i < count; i++) {
        add_checks(out, &fields[i]);
        if (list == NULL && fields[i].required && fields[i].kind != KIND_LIST)
            buf_printf(out, ",\n    CHECK (state = '%s' OR state = '%s' OR %s IS NOT NULL)",
                sql_name(reg->states[reg->initial].key), STATE_VOID, fields[i].key);
    }
    buf_text(out, "\n) /* clustered */;\n");
}

static void
add_view(struct buf *out, const struct reg *reg)
{
    buf_printf(out,
        "CREATE VIEW v_%s AS\nSELECT r.shard, r.id, r.code, r.unit, r.state, r.version, "
        "r.visibility",
        sql_name(reg->key));
    add_all_columns(out, reg->fields, reg->field_count, ", x.", "");
    buf_printf(out, "\nFROM record r JOIN r_%s x ON x.shard = r.shard AND x.id = r.id;\n",
        reg->key);
}

const char *
sqlgen_create(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    add_table(&out, reg, NULL);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            add_table(&out, reg, &reg->fields[i]);
    }
    add_view(&out, reg);
    return buf_string(&out);
}

const char *
sqlgen_drop(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    buf_printf(&out, "DROP VIEW v_%s;\nDROP TABLE %s;\n", sql_name(reg->key),
        table_name(arena, reg, NULL));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            buf_printf(&out, "DROP TABLE %s;\n", table_name(arena, reg, &reg->fields[i]));
    }
    return buf_string(&out);
}

/* The old table's rows go into a new one; that is the same on both engines and also renews CHECKs.
 */
static void
add_move(struct buf *out, const struct reg *before, const struct reg *after,
    const struct field *old_list, const struct field *new_list)
{
    const char *name = table_name(out->arena, after, new_list);
    struct buf columns = buf_new(out->arena);
    buf_text(&columns, old_list == NULL ? "shard, id, state" : "shard, id, row");
    if (old_list == NULL)
        add_all_columns(&columns, before->fields, before->field_count, ", ", "");
    else
        add_all_columns(&columns, old_list->fields, old_list->field_count, ", ", "");
    buf_printf(out, "ALTER TABLE %s RENAME TO old_%s;\n", name, name);
    add_table(out, after, new_list);
    buf_printf(out, "INSERT INTO %s (%s) SELECT %s FROM old_%s;\nDROP TABLE old_%s;\n", name,
        buf_string(&columns), buf_string(&columns), name, name);
}

const char *
sqlgen_alter(struct arena *arena, const struct reg *before, const struct reg *after)
{
    struct buf out = buf_new(arena);
    buf_printf(&out, "DROP VIEW v_%s;\n", sql_name(before->key));
    add_move(&out, before, after, NULL, NULL);
    for (int i = 0; i < after->field_count; i++) {
        const struct field *list = &after->fields[i], *old = reg_field(before, list->key);
        if (list->kind == KIND_LIST && old != NULL)
            add_move(&out, before, after, old, list);
        else if (list->kind == KIND_LIST)
            add_table(&out, after, list);
    }
    add_view(&out, after);
    return buf_string(&out);
}

/* Statements */

static int
column_count(const struct field *fields, int count)
{
    int columns = 0;
    for (int i = 0; i < count; i++)
        columns += field_columns(&fields[i]);
    return columns;
}

/* ", a = :c0, b = :c1": the columns in the order of an insert. */
static void
add_assignments(struct buf *out, const struct field *fields, int count)
{
    struct buf names = buf_new(out->arena);
    add_all_columns(&names, fields, count, "", " ");
    const char *name = buf_string(&names);
    for (int i = 0; *name != '\0'; i++) {
        int length = (int)strcspn(name, " ");
        buf_printf(out, ", %.*s = :c%d", length, name, i);
        name += length + 1;
    }
}

static struct table_sql
table_statements(struct arena *arena, const struct reg *reg, const struct field *list)
{
    const struct field *fields = list == NULL ? reg->fields : list->fields;
    int count = list == NULL ? reg->field_count : list->field_count;
    const char *name = table_name(arena, reg, list), *third = list == NULL ? "state" : "row";
    struct table_sql table = {0};
    struct buf out = buf_new(arena);
    buf_printf(&out, "INSERT INTO %s (shard, id, %s", name, third);
    add_all_columns(&out, fields, count, ", ", "");
    buf_text(&out, ") VALUES (:shard, :id, :third");
    for (int i = 0; i < column_count(fields, count); i++)
        buf_printf(&out, ", :c%d", i);
    buf_text(&out, ")");
    table.insert = sql_make_gathered(arena, name, buf_string(&out));
    out = buf_new(arena);
    buf_printf(&out, "SELECT %s", third);
    add_all_columns(&out, fields, count, ", ", "");
    buf_printf(&out, " FROM %s WHERE shard = :shard AND id = :id", name);
    if (list != NULL)
        buf_text(&out, " ORDER BY row");
    table.load = sql_make(arena, name, buf_string(&out));
    table.discard = sql_make_every_shard(arena, name,
        arena_printf(arena,
            "DELETE FROM %s WHERE (shard, id) IN (SELECT r.shard, r.id FROM record r WHERE r.batch "
            "= :batch)",
            name));
    if (list != NULL) {
        table.remove = sql_make(arena, name,
            arena_printf(arena, "DELETE FROM %s WHERE shard = :shard AND id = :id", name));
        return table;
    }
    out = buf_new(arena);
    buf_printf(&out, "UPDATE %s SET state = :third", name);
    add_assignments(&out, fields, count);
    buf_text(&out, " WHERE shard = :shard AND id = :id");
    table.update = sql_make(arena, name, buf_string(&out));
    return table;
}

/* Conditions */

static const char *const operators[EXPR__COUNT] = {[EXPR_EQ] = "=",
    [EXPR_NE] = "<>",
    [EXPR_LT] = "<",
    [EXPR_LE] = "<=",
    [EXPR_GT] = ">",
    [EXPR_GE] = ">=",
    [EXPR_ADD] = "+",
    [EXPR_SUB] = "-",
    [EXPR_MUL] = "*",
    [EXPR_AND] = "AND",
    [EXPR_OR] = "OR",
    [EXPR_IN] = "IN"};

static void
add_literal(struct buf *out, const char *text)
{
    buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_char(out, '\'');
        buf_char(out, *text);
    }
    buf_char(out, '\'');
}

static const char *
column_of(struct arena *arena, const struct field *field)
{
    return arena_printf(arena, "%s.%s", field->list == NULL ? "x" : "l", sql_name(field->key));
}

static void add_condition(struct buf *, const struct expr *);

static void
add_number(struct buf *out, const struct expr *expr)
{
    if (expr->type == TYPE_CHOICE)
        buf_printf(out, "'%s'", sql_name(expr->field->choices[expr->number].key));
    else if (expr->type == TYPE_BOOLEAN)
        buf_text(out, expr->number ? "(1 = 1)" : "(1 = 0)");
    else
        buf_printf(out, BIG, (long long)expr->number);
}

static void
add_in(struct buf *out, const struct expr *expr)
{
    add_condition(out, expr->items[0]);
    for (int i = 1; i < expr->item_count; i++) {
        buf_text(out, i == 1 ? " IN (" : ", ");
        add_condition(out, expr->items[i]);
    }
    buf_text(out, ")");
}

/* A condition as SQL over x (the register's table) and l (the list's). Everything is in
 * parentheses, so that neither engine's precedence matters. */
static void
add_condition(struct buf *out, const struct expr *expr)
{
    const char *column;
    buf_char(out, '(');
    switch (expr->op) {
    case EXPR_FIELD:
        column = column_of(out->arena, expr->field);
        buf_printf(out, expr->type == TYPE_BOOLEAN ? "%s = 1" : "%s", column);
        break;
    case EXPR_NUMBER:
        add_number(out, expr);
        break;
    case EXPR_TEXT:
        add_literal(out, expr->text);
        break;
    case EXPR_NEG:
    case EXPR_NOT:
        buf_text(out, expr->op == EXPR_NEG ? "- " : "NOT ");
        add_condition(out, expr->items[0]);
        break;
    case EXPR_IN:
        add_in(out, expr);
        break;
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        add_condition(out, expr->items[0]);
        buf_text(out, expr->op == EXPR_IS_NULL ? " IS NULL" : " IS NOT NULL");
        break;
    default:
        add_condition(out, expr->items[0]);
        buf_printf(out, " %s ", operators[expr->op]);
        add_condition(out, expr->items[1]);
    }
    buf_char(out, ')');
}

/* The recount */

/* A choice as the number of its key, the first being `first`; 0 for null when that is 1. */
static void
add_choice_number(struct buf *out, const struct field *field, const char *column, int first)
{
    buf_printf(out, "CASE %s", column);
    for (int c = 0; c < field->choice_count; c++)
        buf_printf(out, " WHEN '%s' THEN %d", field->choices[c].key, c + first);
    buf_text(out, " ELSE 0 END");
}

/* The number of a code: five bits for each character, the first highest (base/code.h). */
static void
add_code_number(struct buf *out, const char *column)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    buf_text(out, "(0");
    for (int i = 0; i < CODE_LENGTH; i++)
        buf_printf(out, " + " BIG " * (INSTR('%s', SUBSTR(%s, %d, 1)) - 1)",
            1LL << (5 * (CODE_LENGTH - 1 - i)), alphabet, column, i + 1);
    buf_text(out, ")");
}

/* The cut as domain/fact.c packs it: eight bits for each field, 0 for null, from the lowest, and
 * the directives above. */
static void
add_cut(struct buf *out, const struct indicator *indicator, bool goes_out)
{
    int64_t unit = 1;
    buf_printf(out, "(r.directives * " BIG, 1LL << (8 * CUTS_MAX));
    for (int i = 0; i < indicator->by_count; i++, unit *= 256) {
        const struct field *field = indicator->by[i];
        const char *column = column_of(out->arena, field);
        buf_printf(out, " + " BIG " * ", (long long)unit);
        if (field->kind == KIND_BOOLEAN)
            buf_printf(out, "COALESCE(%s + 1, 0)", column);
        else
            add_choice_number(out, field, column, 1);
    }
    if (indicator->by_measure) {
        buf_printf(out, " + " BIG " * CASE %s__unit", (long long)unit,
            column_of(out->arena, indicator->sum));
        for (int m = 0; m < indicator->sum->measure_count; m++)
            buf_printf(out, " WHEN '%s' THEN %d", indicator->sum->measures[m]->key, m + 1);
        buf_text(out, " ELSE 0 END");
        unit *= 256;
    }
    if (indicator->aggregation == AGG_STOCK) {
        const char *column = indicator->sum == NULL ? "1" : column_of(out->arena, indicator->sum);
        buf_printf(out, " + " BIG " * CASE WHEN %s%s < 0 THEN 2 ELSE 1 END", (long long)unit,
            goes_out ? "-" : "", column);
    }
    buf_text(out, ")");
}

/* What is added up, or the key of what is told apart, as a number. */
static void
add_value(struct buf *out, const struct indicator *indicator, bool goes_out)
{
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    const char *column = field == NULL ? "1" : column_of(out->arena, field);
    buf_text(out, goes_out ? ", -" : ", ");
    if (indicator->aggregation != AGG_DISTINCT)
        buf_text(out, column);
    else if (field == NULL)
        buf_text(out, "r.unit");
    else if (field->kind == KIND_CHOICE)
        add_choice_number(out, field, column, 0);
    else if (field_is_code(field))
        add_code_number(out, column);
    else
        buf_text(out, column);
    if (field != NULL && field->kind == KIND_QUANTITY)
        buf_printf(out, " AS value, %sCOALESCE(%s__word, 0) AS word", goes_out ? "-" : "", column);
    else
        buf_text(out, " AS value, 0 AS word");
}

/* The facts that records make by one of their dates: `on`, or of a stock also `until`. */
static void
add_recount(struct buf *out, const struct indicator *indicator, const struct field *date)
{
    const struct reg *reg = indicator->reg;
    struct arena *arena = out->arena;
    bool is_stock = indicator->aggregation == AGG_STOCK, goes_out = date == indicator->until;
    const struct field *counted = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    buf_printf(out,
        "SELECT r.shard AS shard, r.unit AS unit, %s AS day, r.id AS record, %s%s%s AS seq, ",
        column_of(arena, date), is_stock ? "2 * " : "", indicator->list != NULL ? "l.row" : "0",
        goes_out ? " + 1" : "");
    add_cut(out, indicator, goes_out);
    buf_text(out, " AS cut");
    add_value(out, indicator, goes_out);
    buf_printf(out,
        ", r.batch AS batch, %d AS is_key FROM r_%s x JOIN record r ON r.shard = x.shard AND r.id ="
        " x.id",
        indicator->aggregation == AGG_DISTINCT, reg->key);
    if (indicator->list != NULL)
        buf_printf(out, " JOIN %s l ON l.shard = x.shard AND l.id = x.id",
            table_name(arena, reg, indicator->list));
    buf_text(out, " WHERE r.state IN (''");
    for (int i = 0; i < reg->state_count; i++) {
        if (indicator->states >> i & 1)
            buf_printf(out, ", '%s'", sql_name(reg->states[i].key));
    }
    buf_text(out, ")");
    if (counted != NULL)
        buf_printf(out, " AND %s IS NOT NULL", column_of(arena, counted));
    if (goes_out)
        buf_printf(out, " AND %s IS NOT NULL AND %s IS NOT NULL", column_of(arena, date),
            column_of(arena, indicator->on));
    if (indicator->where != NULL) {
        buf_text(out, " AND ");
        add_condition(out, indicator->where);
    }
}

static const char *
recount(struct arena *arena, const struct indicator *indicator)
{
    struct buf out = buf_new(arena);
    if (!indicator_has_facts(indicator))
        return NULL;
    add_recount(&out, indicator, indicator->on);
    if (indicator->until != NULL) {
        buf_text(&out, " UNION ALL ");
        add_recount(&out, indicator, indicator->until);
    }
    return buf_string(&out);
}

/* Both sides are read once from either end: EXCEPT sorts what it compares, so that a shard at a
 * time is what fits into memory. */
const struct sql *
sqlgen_difference(struct arena *arena, const struct model_sql *sql, const struct model *model,
    const struct reg *reg, const int64_t *numbers)
{
    static const char columns[] =
        "indicator, shard, unit, day, record, seq, cut, value, word, batch, is_key";
    struct buf counted = buf_new(arena), stored = buf_new(arena), out = buf_new(arena);
    buf_printf(&stored, "SELECT %s FROM fact WHERE shard = :shard AND indicator IN (0", columns);
    for (int i = 0; i < model->indicator_count; i++) {
        if (model->indicators[i].reg != reg || sql->recount[i] == NULL)
            continue;
        buf_printf(&counted,
            "%sSELECT %lld AS indicator, c.* FROM (%s) AS c WHERE c.shard = :shard",
            counted.length == 0 ? "" : " UNION ALL ", (long long)numbers[i], sql->recount[i]);
        buf_printf(&stored, ", %lld", (long long)numbers[i]);
    }
    buf_text(&stored, ")");
    if (counted.length == 0)
        return NULL;
    buf_printf(&out,
        "SELECT side, indicator, shard, unit, day, record, seq, cut, value, word FROM ("
        "SELECT 'recount' AS side, d.* FROM (SELECT %s FROM (%s) AS a EXCEPT %s) AS d UNION ALL "
        "SELECT 'fact' AS side, d.* FROM (%s EXCEPT SELECT %s FROM (%s) AS a) AS d) AS e "
        "ORDER BY indicator, record, seq, side",
        columns, buf_string(&counted), buf_string(&stored), buf_string(&stored), columns,
        buf_string(&counted));
    return sql_make_long(arena, "difference", buf_string(&out));
}

/* Reading whole registers */

static const struct sql *
scan_main(struct arena *arena, const struct reg *reg, const char *prefix)
{
    struct buf out = buf_new(arena);
    buf_text(&out,
        "SELECT r.shard, r.id, r.register, r.code, r.unit, r.state, r.version, r.batch, "
        "r.created_at, r.updated_at, r.directives, CASE WHEN r.batch = 0 THEN 0 WHEN r.batch IN "
        "(SELECT b.id FROM "
        "batch b WHERE b.state = 'loading') THEN 1 ELSE 0 END, x.state");
    add_all_columns(&out, reg->fields, reg->field_count, ", x.", "");
    /* A cross join, so that the register's own table is outside: others' records are not visited.
     */
    buf_printf(&out,
        " FROM %s%s x CROSS JOIN record r WHERE r.shard = x.shard AND r.id = x.id AND "
        "r.register = '%s' AND x.shard = :shard AND x.id > :after AND x.id <= :last ORDER BY x.id",
        prefix, table_name(arena, reg, NULL), reg->key);
    return sql_make_long(arena, "scan", buf_string(&out));
}

static const struct sql *
scan_list(struct arena *arena, const struct reg *reg, const struct field *list, const char *prefix)
{
    struct buf out = buf_new(arena);
    buf_text(&out, "SELECT id, row");
    add_all_columns(&out, list->fields, list->field_count, ", ", "");
    buf_printf(&out,
        " FROM %s%s WHERE shard = :shard AND id > :after AND id <= :last ORDER BY id, row", prefix,
        table_name(arena, reg, list));
    return sql_make_long(arena, "scan", buf_string(&out));
}

static const struct scan_sql *
scan(struct arena *arena, const struct reg *reg, const char *prefix)
{
    struct scan_sql *sql = ARENA_NEW(arena, struct scan_sql);
    sql->main = scan_main(arena, reg, prefix);
    sql->lists = ARENA_ARRAY(arena, const struct sql *, (size_t)reg->field_count + 1);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            sql->lists[i] = scan_list(arena, reg, &reg->fields[i], prefix);
    }
    return sql;
}

const struct scan_sql *
sqlgen_scan(struct arena *arena, const struct reg *reg)
{
    return scan(arena, reg, "");
}

static const char aside[] = "old_";

const struct scan_sql *
sqlgen_scan_aside(struct arena *arena, const struct reg *reg)
{
    return scan(arena, reg, aside);
}

const char *
sqlgen_set_aside(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    const char *name = table_name(arena, reg, NULL);
    buf_printf(&out, "DROP VIEW v_%s;\nALTER TABLE %s RENAME TO %s%s;\n", reg->key, name, aside,
        name);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind != KIND_LIST)
            continue;
        name = table_name(arena, reg, &reg->fields[i]);
        buf_printf(&out, "ALTER TABLE %s RENAME TO %s%s;\n", name, aside, name);
    }
    return buf_string(&out);
}

const char *
sqlgen_drop_aside(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    buf_printf(&out, "DROP TABLE %s%s;\n", aside, table_name(arena, reg, NULL));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            buf_printf(&out, "DROP TABLE %s%s;\n", aside, table_name(arena, reg, &reg->fields[i]));
    }
    return buf_string(&out);
}

const struct sql *
sqlgen_count(struct arena *arena, const struct reg *reg)
{
    return sql_make_every_shard(arena, "count",
        arena_printf(arena, "SELECT COUNT(*) FROM %s", table_name(arena, reg, NULL)));
}

/* Void records have left the initial state too, but are asked for nothing. */
static void
add_left(struct buf *out, const struct reg *reg)
{
    buf_printf(out, "x.state <> '%s' AND x.state <> '%s'", sql_name(reg->states[reg->initial].key),
        STATE_VOID);
}

static void
add_some(struct buf *out, const struct reg *reg, const struct field *field, enum some some)
{
    const char *column = field == NULL ? "" : column_of(out->arena, field);
    switch (some) {
    case SOME_VALUE:
        buf_printf(out, "%s IS NOT NULL", column);
        break;
    case SOME_TEXT:
        buf_printf(out, "%s = :value", column);
        break;
    case SOME_MEASURE:
        buf_printf(out, "%s__unit = :value", column);
        break;
    case SOME_BELOW:
    case SOME_ABOVE:
        buf_printf(out, "%s %s :number", column, some == SOME_BELOW ? "<" : ">");
        break;
    case SOME_NULL:
        buf_printf(out, "%s IS NULL AND ", column);
        add_left(out, reg);
        break;
    case SOME_LEFT:
        add_left(out, reg);
        break;
    case SOME_STATE:
        buf_text(out, "x.state = :value");
        break;
    case SOME_ANY:
        buf_text(out, "1 = 1");
    }
}

const struct sql *
sqlgen_some(struct arena *arena, const struct reg *reg, const struct field *field, enum some some)
{
    struct buf out = buf_new(arena);
    bool is_list = field != NULL && field->kind == KIND_LIST;
    const struct field *list = is_list ? field : field != NULL ? field->list : NULL;
    buf_printf(&out,
        "SELECT r.code FROM %s x CROSS JOIN record r WHERE r.shard = x.shard AND r.id = x.id AND ",
        table_name(arena, reg, NULL));
    if (list != NULL)
        buf_printf(&out, "EXISTS (SELECT 1 FROM %s l WHERE l.shard = x.shard AND l.id = x.id%s",
            table_name(arena, reg, list), is_list ? "" : " AND ");
    if (!is_list)
        add_some(&out, reg, field, some);
    buf_text(&out, list != NULL ? ") ORDER BY r.shard, r.id" : " ORDER BY r.shard, r.id");
    return sql_make_every_shard(arena, "some", buf_string(&out));
}

static const struct sql *
titles(struct arena *arena, const struct reg *reg)
{
    const struct field *title = reg_title(reg);
    struct buf out = buf_new(arena);
    if (title == NULL)
        return NULL;
    buf_printf(&out,
        "SELECT r.code, x.%s, r.unit FROM record r JOIN %s x ON x.shard = r.shard AND x.id = r.id "
        "WHERE "
        "r.shard = :shard AND r.register = '%s' AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id "
        "FROM batch b WHERE b.state = 'loading')) AND r.code IN (",
        sql_name(title->key), table_name(arena, reg, NULL), reg->key);
    for (int i = 0; i < TITLES_AT_ONCE; i++)
        buf_printf(&out, "%s:c%d", i == 0 ? "" : ", ", i);
    buf_text(&out, ")");
    return sql_make(arena, "titles", buf_string(&out));
}

static const struct sql *
page_of(struct arena *arena, const struct reg *reg, unsigned flags)
{
    struct buf out = buf_new(arena);
    if ((flags & PAGE_DAYS) != 0 && reg->counted_on == NULL)
        return NULL;
    buf_text(&out, "SELECT r.id FROM record r");
    if ((flags & PAGE_DAYS) != 0)
        buf_printf(&out, " JOIN %s x ON x.shard = r.shard AND x.id = r.id",
            table_name(arena, reg, NULL));
    buf_printf(&out,
        " WHERE r.shard = :shard AND r.register = '%s' AND r.id < :before AND %s AND (r.batch = 0 "
        "OR "
        "r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading')) AND (r.directives & "
        ":directives) = :directives",
        reg->key, (flags & PAGE_STATE) != 0 ? "r.state = :state" : "r.state <> 'void'");
    if ((flags & PAGE_UNIT) != 0)
        buf_text(&out, " AND r.unit = :unit");
    if ((flags & PAGE_DAYS) != 0)
        buf_printf(&out, " AND x.%s BETWEEN :from AND :to", sql_name(reg->counted_on->key));
    if (reg->visibility == VISIBILITY_HAN_CHE)
        buf_text(&out,
            " AND (:account = -1 OR EXISTS (SELECT 1 FROM reader a WHERE a.shard = r.shard AND "
            "a.record = r.id AND a.account = :account) OR NOT EXISTS (SELECT 1 FROM reader a WHERE "
            "a.shard = r.shard AND a.record = r.id))");
    buf_text(&out, " ORDER BY r.id DESC LIMIT :limit");
    return sql_make(arena, "page", buf_string(&out));
}

static void
add_index(struct buf *out, const char *table, const struct field *field)
{
    buf_printf(out, "CREATE INDEX IF NOT EXISTS %s__%s ON %s (shard, %s) WHERE %s IS NOT NULL;\n",
        table, field->key, table, sql_name(field->key), sql_name(field->key));
}

const char *
sqlgen_indexes(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    bool assigns = reg_due(reg) != NULL;
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_PERSON || (field->kind == KIND_UNIT && assigns))
            add_index(&out, table_name(arena, reg, NULL), field);
        for (int c = 0; c < field->field_count; c++) {
            if (field->fields[c].kind == KIND_UNIT && assigns)
                add_index(&out, table_name(arena, reg, field), &field->fields[c]);
        }
    }
    return buf_string(&out);
}

/* What a record must be to be found by what it names: not of an import that is not published. */
static const char published[] =
    " AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))";

static const struct sql *
about(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    bool any = false;
    buf_printf(&out,
        "SELECT x.id FROM %s x JOIN record r ON r.shard = x.shard AND r.id = x.id WHERE "
        "x.shard = :shard AND (",
        table_name(arena, reg, NULL));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind != KIND_PERSON)
            continue;
        buf_printf(&out, "%sx.%s = :person", any ? " OR " : "", sql_name(reg->fields[i].key));
        any = true;
    }
    buf_printf(&out, ")%s ORDER BY x.id", published);
    return any ? sql_make(arena, "about", buf_string(&out)) : NULL;
}

/* The rows that name the unit first, by their index alone, then what they belong to: CROSS JOIN
 * keeps SQLite to that order. */
static void
add_assigned(struct buf *out, const struct reg *reg, const struct field *list,
    const struct field *field)
{
    struct arena *arena = out->arena;
    buf_printf(out,
        "%sSELECT x.id AS id, x.%s AS due FROM %s l CROSS JOIN %s x CROSS JOIN record r WHERE "
        "l.shard = :shard AND l.%s = :unit AND x.shard = l.shard AND x.id = l.id AND "
        "r.shard = x.shard AND r.id = x.id AND x.state = :state%s",
        out->length > 0 ? " UNION " : "", sql_name(reg_due(reg)->key), table_name(arena, reg, list),
        table_name(arena, reg, NULL), sql_name(field->key), published);
}

static const struct sql *
assigned(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < reg->field_count && reg_due(reg) != NULL; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_UNIT)
            add_assigned(&out, reg, NULL, field);
        for (int c = 0; c < field->field_count; c++) {
            if (field->fields[c].kind == KIND_UNIT)
                add_assigned(&out, reg, field, &field->fields[c]);
        }
    }
    buf_text(&out, " ORDER BY due, id LIMIT :limit");
    return reg_due(reg) == NULL ? NULL : sql_make(arena, "assigned", buf_string(&out));
}

const struct model_sql *
sqlgen_model(struct arena *arena, const struct model *model)
{
    struct model_sql *sql = ARENA_NEW(arena, struct model_sql);
    sql->registers = ARENA_ARRAY(arena, struct reg_sql, (size_t)model->register_count);
    sql->recount = ARENA_ARRAY(arena, const char *, (size_t)model->indicator_count);
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        struct reg_sql *made = &sql->registers[i];
        made->main = table_statements(arena, reg, NULL);
        made->titles = titles(arena, reg);
        made->about = about(arena, reg);
        made->assigned = assigned(arena, reg);
        for (unsigned flags = 0; flags < PAGE__COUNT; flags++)
            made->page[flags] = page_of(arena, reg, flags);
        made->lists = ARENA_ARRAY(arena, struct table_sql, (size_t)reg->field_count);
        for (int f = 0; f < reg->field_count; f++) {
            if (reg->fields[f].kind == KIND_LIST)
                made->lists[f] = table_statements(arena, reg, &reg->fields[f]);
        }
    }
    for (int i = 0; i < model->indicator_count; i++)
        sql->recount[i] = recount(arena, &model->indicators[i]);
    return sql;
}
