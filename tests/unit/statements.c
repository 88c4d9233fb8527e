/* What the store sends to a database, for tests/suite/lint.py: a line of JSON for each table that a
 * script of the program makes, with its mark, and for each statement, as PostgreSQL gets it: those
 * of sql/query and those that are made for the registers of the database; of one that is gathered
 * also as it is with two rows. Not a test by itself.
 *     statements DATABASE */
#include "base/embed.h"
#include "domain/world.h"
#include "store/distribute.h"
#include "store/engine.h"
#include "store/sqlgen.h"

#include <jansson.h>
#include <stdio.h>

static void
tell(json_t *line)
{
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static void
tell_tables(struct ctx *cx, const char *script)
{
    int count;
    const struct marked_table *tables = distribute_tables(cx->arena, script, &count);
    for (int i = 0; i < count; i++)
        tell(json_pack("{s:s, s:s}", "table", tables[i].name, "mark", mark_key(tables[i].mark)));
}

static void
tell_statement(const struct sql *sql)
{
    if (sql == NULL || sql->text[DIALECT_POSTGRES] == NULL)
        return;
    json_t *line = json_pack("{s:s, s:s, s:i, s:b}", "statement", sql->name, "text",
        sql->text[DIALECT_POSTGRES], "parameters", sql->parameter_count, "every_shard",
        (int)sql->every_shard);
    struct arena *arena = arena_new();
    if (sql->is_gathered)
        json_object_set_new(line, "two_rows",
            json_string(sql_of_rows(arena, sql->text[DIALECT_POSTGRES], sql->parameter_count, 2)));
    arena_free(arena);
    tell(line);
}

/* Made at run time */

static void
tell_table_sql(const struct table_sql *table)
{
    tell_statement(table->insert);
    tell_statement(table->load);
    tell_statement(table->update);
    tell_statement(table->remove);
    tell_statement(table->discard);
}

static void
tell_scan(const struct reg *reg, const struct scan_sql *scan)
{
    tell_statement(scan->main);
    for (int i = 0; i < reg->field_count; i++)
        tell_statement(scan->lists[i]);
}

/* Every question that a field of this kind takes; a list is only asked whether it is empty. */
static void
tell_some(struct ctx *cx, const struct reg *reg, const struct field *field)
{
    tell_statement(sqlgen_some(cx->arena, reg, field, SOME_VALUE));
    for (int i = 0; field->kind == KIND_LIST && i < field->field_count; i++)
        tell_some(cx, reg, &field->fields[i]);
    if (field->kind == KIND_LIST)
        return;
    tell_statement(sqlgen_some(cx->arena, reg, field, SOME_NULL));
    if (field->kind == KIND_CHOICE)
        tell_statement(sqlgen_some(cx->arena, reg, field, SOME_TEXT));
    if (field_has_measure(field))
        tell_statement(sqlgen_some(cx->arena, reg, field, SOME_MEASURE));
    if (field->kind != KIND_INTEGER && field->kind != KIND_DECIMAL && field->kind != KIND_QUANTITY)
        return;
    tell_statement(sqlgen_some(cx->arena, reg, field, SOME_BELOW));
    tell_statement(sqlgen_some(cx->arena, reg, field, SOME_ABOVE));
}

static void
tell_register(struct ctx *cx, const struct reg *reg)
{
    const struct model *model = cx->world->model;
    const struct reg_sql *sql = &cx->world->sql->registers[reg->index];
    int64_t *numbers = ARENA_ARRAY(cx->arena, int64_t, (size_t)model->indicator_count + 1);
    tell_tables(cx, sqlgen_create(cx->arena, reg));
    tell_table_sql(&sql->main);
    tell_statement(sql->titles);
    tell_statement(sql->about);
    tell_statement(sql->assigned);
    tell_statement(sqlgen_count(cx->arena, reg));
    tell_statement(sqlgen_difference(cx->arena, cx->world->sql, model, reg, numbers));
    tell_scan(reg, sqlgen_scan(cx->arena, reg));
    for (enum some some = SOME_LEFT; some <= SOME_ANY; some++)
        tell_statement(sqlgen_some(cx->arena, reg, NULL, some));
    for (int i = 0; i < reg->field_count; i++) {
        tell_some(cx, reg, &reg->fields[i]);
        if (reg->fields[i].kind == KIND_LIST)
            tell_table_sql(&sql->lists[i]);
    }
}

/* A second body of a step makes the tables that a server has. */
static void
tell_schema(struct ctx *cx)
{
    tell_tables(cx, cx->store->engine->own_schema == NULL ? "" : cx->store->engine->own_schema);
    for (int i = 0; i < schema_count; i++)
        tell_tables(cx, schema[i].bytes);
    for (int i = 0; i < schema_second_count; i++)
        tell_tables(cx, schema_second[i].bytes);
}

int
main(int argc, char **argv)
{
    struct ctx cx = {.arena = arena_new(), .worlds = worlds_new()};
    struct store_options options = {.where = argc > 1 ? argv[1] : ""};
    if (store_open(&cx, &options, &cx.store) != OK || world_begin(&cx) != OK)
        return 1;
    tell_schema(&cx);
    for (int i = 0; i < Q__COUNT; i++)
        tell_statement(&queries[i]);
    for (int i = 0; i < cx.world->model->register_count; i++)
        tell_register(&cx, &cx.world->model->registers[i]);
    world_end(&cx);
    store_close(cx.store);
    worlds_free(cx.worlds);
    arena_free(cx.arena);
    return 0;
}
