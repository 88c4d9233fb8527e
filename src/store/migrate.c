/* Bringing the schema to the program's version. Migrations only go forward; each is one file of
 * sql/schema and runs once, in the order of the numbers. */
#include "store/store.h"

#include "base/embed.h"
#include "store/engine.h"

#include <string.h>

static enum status
version(struct ctx *cx, int64_t *out)
{
    bool has_table, found;
    *out = 0;
    struct query *q = query_new(cx, Q_SLOT_TABLE);
    TRY(query_one(q, &has_table));
    if (!has_table)
        return OK;
    TRY(query_end(q));
    q = query_new(cx, Q_META_GET);
    query_text(q, "key", "schema");
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
too_new(struct ctx *cx)
{
    return fault_set(cx, ERR_INVALID,
        "Cơ sở dữ liệu này do một bản chithi mới hơn tạo ra; hãy dùng bản đó.");
}

/* A step that an engine takes in another way stands beside the first as NNNN_name.pg.sql. */
static const char *
step_text(struct ctx *cx, const struct embedded *step)
{
    if (cx->store->engine->dialect != DIALECT_POSTGRES)
        return step->bytes;
    const char *second = arena_printf(cx->arena, "%.*s.pg.sql",
        (int)(strlen(step->path) - strlen(".sql")), step->path);
    for (int i = 0; i < schema_second_count; i++) {
        if (strcmp(schema_second[i].path, second) == 0)
            return schema_second[i].bytes;
    }
    return step->bytes;
}

static enum status
migrate(struct ctx *cx, void *arg)
{
    int *steps = arg;
    int64_t now;
    *steps = 0;
    TRY(version(cx, &now));
    if (now > schema_count)
        return too_new(cx);
    TRY(store_alone(cx));
    if (cx->store->engine->own_schema != NULL)
        TRY(store_script(cx, cx->store->engine->own_schema));
    for (; now < schema_count; now++, ++*steps)
        TRY(store_script(cx, step_text(cx, &schema[now])));
    struct query *q = query_new(cx, Q_META_PUT);
    query_text(q, "key", "schema");
    query_int(q, "value", schema_count);
    return query_run(q, NULL);
}

enum status
store_migrate(struct ctx *cx, int *steps)
{
    return store_write(cx, migrate, steps);
}

enum status
store_check_version(struct ctx *cx)
{
    int64_t now;
    TRY(version(cx, &now));
    if (now > schema_count)
        return too_new(cx);
    if (now < schema_count)
        return fault_set(cx, ERR_INVALID,
            "Cơ sở dữ liệu chưa được khởi tạo cho bản này; chạy: chithi init");
    return OK;
}
