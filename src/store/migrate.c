/* Bringing the schema to the program's version. Migrations only go forward; each is one file of
 * sql/schema and runs once, in the order of the numbers. */
#include "store/store.h"

#include "base/embed.h"
#include "store/distribute.h"
#include "store/engine.h"

#include <string.h>

/* A number of `meta`, 0 when it is not there. */
static enum status
number(struct ctx *cx, const char *key, int64_t *out)
{
    bool found;
    struct query *q = query_new(cx, Q_META_GET);
    query_text(q, "key", key);
    *out = 0;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
version(struct ctx *cx, int64_t *out)
{
    bool has_table;
    *out = 0;
    struct query *q = query_new(cx, Q_SLOT_TABLE);
    TRY(query_one(q, &has_table));
    if (!has_table)
        return OK;
    TRY(query_end(q));
    TRY(distribute_look(cx));
    return number(cx, "schema", out);
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
put_number(struct ctx *cx, const char *key, int64_t value)
{
    struct query *q = query_new(cx, Q_META_PUT);
    query_text(q, "key", key);
    query_int(q, "value", value);
    return query_run(q, NULL);
}

static enum status
take_steps(struct ctx *cx, int64_t from)
{
    if (cx->store->engine->own_schema != NULL)
        TRY(store_script(cx, cx->store->engine->own_schema));
    for (int64_t now = from; now < schema_count; now++)
        TRY(store_script(cx, step_text(cx, &schema[now])));
    return put_number(cx, "schema", schema_count);
}

static enum status
migrate(struct ctx *cx, void *arg)
{
    int *steps = arg;
    int64_t now;
    TRY(version(cx, &now));
    if (now > schema_count)
        return too_new(cx);
    TRY(store_alone(cx));
    *steps = (int)(schema_count - now);
    return take_steps(cx, now);
}

enum status
store_migrate(struct ctx *cx, int *steps)
{
    return store_write(cx, migrate, steps);
}

/* Tables that hold something already are not handed over: chithi copy brings their content into new
 * ones, and can be done again when it is interrupted. */
static enum status
not_new(struct ctx *cx)
{
    return fault_set(cx, ERR_INVALID,
        "Cơ sở dữ liệu này đã có bảng và không chia ra nhiều máy; chỉ chia được khi mới tạo. Hãy "
        "tạo một cơ sở dữ liệu trống rồi chép sang: chithi copy --from … --to … --distribute. Chưa "
        "thay đổi gì.");
}

static enum status
migrate_distributed(struct ctx *cx, void *arg)
{
    int *steps = arg;
    int64_t now;
    TRY(version(cx, &now));
    if (now > 0 && cx->store->spread == SPREAD_DISTRIBUTED)
        return migrate(cx, arg);
    if (now > 0)
        return not_new(cx);
    TRY(distribute_is_possible(cx));
    TRY(store_alone(cx));
    cx->store->spread = SPREAD_DISTRIBUTED;
    *steps = schema_count;
    TRY(take_steps(cx, 0));
    return distribute_note(cx);
}

enum status
store_migrate_distributed(struct ctx *cx, int *steps)
{
    enum status status = store_write(cx, migrate_distributed, steps);
    if (status != OK)
        cx->store->spread = SPREAD_UNKNOWN;
    return status;
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
