/* SQL out of the model: names through sql_name, which takes nothing but keys; texts of a pack's
 * conditions as quoted literals; values of records always bound. */
#include "store/sqlgen_inside.h"

#include "base/buf.h"
#include "base/code.h"
#include "pack/expr.h"

#include <assert.h>
#include <string.h>

const char *
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

const char *
sql_table(struct arena *arena, const struct reg *reg, const struct field *list)
{
    if (list == NULL)
        return arena_printf(arena, "r_%s", sql_name(reg->key));
    return arena_printf(arena, "r_%s_%s", sql_name(reg->key), sql_name(list->key));
}

const char *
sql_column(struct arena *arena, const struct field *field)
{
    return arena_printf(arena, "%s.%s", field->list == NULL ? "x" : "l", sql_name(field->key));
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
        sql_table(out->arena, reg, list), list == NULL ? "state TEXT" : "row BIGINT");
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
        sql_table(arena, reg, NULL));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            buf_printf(&out, "DROP TABLE %s;\n", sql_table(arena, reg, &reg->fields[i]));
    }
    return buf_string(&out);
}

/* The old table's rows go into a new one; that is the same on both engines and also renews CHECKs.
 */
static void
add_move(struct buf *out, const struct reg *before, const struct reg *after,
    const struct field *old_list, const struct field *new_list)
{
    const char *name = sql_table(out->arena, after, new_list);
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
    const char *name = sql_table(arena, reg, list), *third = list == NULL ? "state" : "row";
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
        prefix, sql_table(arena, reg, NULL), reg->key);
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
        sql_table(arena, reg, list));
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
    const char *name = sql_table(arena, reg, NULL);
    buf_printf(&out, "DROP VIEW v_%s;\nALTER TABLE %s RENAME TO %s%s;\n", reg->key, name, aside,
        name);
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind != KIND_LIST)
            continue;
        name = sql_table(arena, reg, &reg->fields[i]);
        buf_printf(&out, "ALTER TABLE %s RENAME TO %s%s;\n", name, aside, name);
    }
    return buf_string(&out);
}

const char *
sqlgen_drop_aside(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    buf_printf(&out, "DROP TABLE %s%s;\n", aside, sql_table(arena, reg, NULL));
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_LIST)
            buf_printf(&out, "DROP TABLE %s%s;\n", aside, sql_table(arena, reg, &reg->fields[i]));
    }
    return buf_string(&out);
}

const struct sql *
sqlgen_count(struct arena *arena, const struct reg *reg)
{
    return sql_make_every_shard(arena, "count",
        arena_printf(arena, "SELECT COUNT(*) FROM %s", sql_table(arena, reg, NULL)));
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
    const char *column = field == NULL ? "" : sql_column(out->arena, field);
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
        sql_table(arena, reg, NULL));
    if (list != NULL)
        buf_printf(&out, "EXISTS (SELECT 1 FROM %s l WHERE l.shard = x.shard AND l.id = x.id%s",
            sql_table(arena, reg, list), is_list ? "" : " AND ");
    if (!is_list)
        add_some(&out, reg, field, some);
    buf_text(&out, list != NULL ? ") ORDER BY r.shard, r.id" : " ORDER BY r.shard, r.id");
    return sql_make_every_shard(arena, "some", buf_string(&out));
}

/* What a record must be to be found: not of an import that is not published. */
static const char published[] =
    " AND (r.batch = 0 OR r.batch NOT IN (SELECT b.id FROM batch b WHERE b.state = 'loading'))";

static const struct sql *
titles(struct arena *arena, const struct reg *reg)
{
    const struct field *title = reg_title(reg);
    struct buf out = buf_new(arena);
    if (title == NULL)
        return NULL;
    buf_printf(&out,
        "SELECT r.code, x.%s, r.unit FROM record r JOIN %s x ON x.shard = r.shard AND x.id = r.id "
        "WHERE r.shard = :shard AND r.register = '%s'%s AND r.code IN (",
        sql_name(title->key), sql_table(arena, reg, NULL), reg->key, published);
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
            sql_table(arena, reg, NULL));
    buf_printf(&out,
        " WHERE r.shard = :shard AND r.register = '%s' AND r.id < :before AND %s%s AND "
        "(r.directives & :directives) = :directives",
        reg->key, (flags & PAGE_STATE) != 0 ? "r.state = :state" : "r.state <> 'void'", published);
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
            add_index(&out, sql_table(arena, reg, NULL), field);
        for (int c = 0; c < field->field_count; c++) {
            if (field->fields[c].kind == KIND_UNIT && assigns)
                add_index(&out, sql_table(arena, reg, field), &field->fields[c]);
        }
    }
    return buf_string(&out);
}

static const struct sql *
about(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    bool any = false;
    buf_printf(&out,
        "SELECT x.id FROM %s x JOIN record r ON r.shard = x.shard AND r.id = x.id WHERE "
        "x.shard = :shard AND (",
        sql_table(arena, reg, NULL));
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
        out->length > 0 ? " UNION " : "", sql_name(reg_due(reg)->key), sql_table(arena, reg, list),
        sql_table(arena, reg, NULL), sql_name(field->key), published);
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
        sql->recount[i] = sqlgen_recount(arena, &model->indicators[i]);
    return sql;
}
