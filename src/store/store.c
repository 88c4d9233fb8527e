/* What everybody calls: the choice of the engine, named queries, parameters by name, and the count
 * of statements. The rest is handed on. */
#include "store/store.h"

#include "base/log.h"
#include "store/distribute.h"
#include "store/engine.h"

#include <assert.h>
#include <string.h>

/* Opening */

static bool
is_address(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

bool
store_is_file(const char *where)
{
    return !is_address(where);
}

static const struct engine *
engine_of(const char *where)
{
    return is_address(where) ? &engine_server : &engine_file;
}

void
store_find_places(struct arena *arena, const char *where, struct store_places *out)
{
    *out = (struct store_places){0};
    engine_of(where)->find_places(arena, where, out);
}

enum status
store_open(struct ctx *cx, const struct store_options *options, struct store **out)
{
    const struct engine *engine = engine_of(options->where);
    TRY(engine->open(cx, options, out));
    cx->store = *out;
    return OK;
}

void
store_close(struct store *store)
{
    if (store != NULL)
        store->engine->close(store);
}

/* Transactions */

enum status
store_read_begin(struct ctx *cx)
{
    assert(cx->db == NULL);
    return cx->store->engine->read_begin(cx);
}

void
store_read_end(struct ctx *cx)
{
    if (cx->db != NULL)
        cx->store->engine->read_end(cx);
}

struct attempt {
    write_fn *fn;
    void *arg;
};

static enum status
begin_attempt(struct ctx *cx, void *arg)
{
    const struct attempt *attempt = arg;
    cx->db->has_shard = false;
    return attempt->fn(cx, attempt->arg);
}

enum status
store_write(struct ctx *cx, write_fn *fn, void *arg)
{
    struct db *before = cx->db;
    struct attempt attempt = {fn, arg};
    assert(before == NULL || !before->writing);
    enum status status = cx->store->engine->write(cx, begin_attempt, &attempt);
    cx->db = before;
    return status;
}

bool
store_shard_is_new(struct ctx *cx, int64_t shard)
{
    struct db *db = cx->db;
    bool is_new = !db->has_shard || db->shard != shard;
    assert(db->writing);
    db->has_shard = true;
    db->shard = shard;
    return is_new;
}

enum status
store_alone(struct ctx *cx)
{
    assert(cx->db != NULL && cx->db->writing);
    return cx->store->engine->alone(cx);
}

enum status
store_script(struct ctx *cx, const char *text)
{
    assert(cx->db != NULL && cx->db->writing);
    if (*text == '\0')
        return OK; /* a server would take no statement for a failure */
    if (cx->store->spread == SPREAD_DISTRIBUTED)
        text = distribute_script(cx->arena, text);
    return cx->store->engine->script(cx, text);
}

/* Statements */

int
statement_head(const char *text)
{
    enum { LONGEST = 200 };
    size_t length = strcspn(text, "\r\n");
    return length < LONGEST ? (int)length : LONGEST;
}

enum status
store_may_run(struct ctx *cx, struct store *store)
{
    long long now = atomic_fetch_add_explicit(&store->statements, 1, memory_order_relaxed) + 1;
    long long at = atomic_load_explicit(&store->fail_at, memory_order_relaxed);
    if (at == 0 || now != at)
        return OK;
    return fault_set(cx, ERR_STORE, "Lỗi đĩa do phép thử đặt ra.");
}

void
store_fail_after(struct store *store, int statements)
{
    atomic_store(&store->fail_at,
        statements == 0 ? 0 : atomic_load(&store->statements) + statements);
}

int64_t
store_statement_count(const struct store *store)
{
    return atomic_load(&store->statements);
}

const char *
fulltext_match(const struct ctx *cx, const struct fulltext *wanted, enum fulltext_part part)
{
    return cx->store->engine->match(cx->arena, wanted, part);
}

struct query *
query_sql(struct ctx *cx, const struct sql *sql)
{
    assert(cx->db != NULL);
    return cx->store->engine->query(cx, sql);
}

struct query *
query_new(struct ctx *cx, enum query_name name)
{
    return query_sql(cx, &queries[name]);
}

static int
parameter(const struct query *q, const char *name)
{
    for (int i = 0; i < q->sql->parameter_count; i++) {
        if (strcmp(q->sql->parameters[i], name) == 0)
            return i;
    }
    log_note("query \"%s\" has no parameter \"%s\"", q->sql->name, name);
    assert(!"unknown parameter");
    return -1;
}

void
query_int_at(struct query *q, int at, int64_t value)
{
    q->engine->bind_int(q, at, value);
}

void
query_text_at(struct query *q, int at, const char *value)
{
    q->engine->bind_text(q, at, value);
}

void
query_null_at(struct query *q, int at)
{
    q->engine->bind_text(q, at, NULL);
}

void
query_blob_at(struct query *q, int at, const void *bytes, size_t length)
{
    q->engine->bind_blob(q, at, bytes, length);
}

void
query_int(struct query *q, const char *name, int64_t value)
{
    query_int_at(q, parameter(q, name), value);
}

void
query_text(struct query *q, const char *name, const char *value)
{
    query_text_at(q, parameter(q, name), value);
}

void
query_blob(struct query *q, const char *name, const void *bytes, size_t length)
{
    query_blob_at(q, parameter(q, name), bytes, length);
}

struct query
query_begin(const struct engine *engine, struct ctx *cx, const struct sql *sql, enum status status)
{
    return (struct query){.engine = engine, .cx = cx, .sql = sql, .status = status, .count = 1};
}

void
query_each(struct query *q, int count, query_bind_fn *bind, void *arg)
{
    assert(!q->sql->is_long);
    q->count = count;
    q->bind = bind;
    q->bind_arg = arg;
}

struct numbers {
    int at;
    const int64_t *values;
};

static void
bind_number(struct query *q, int i, void *arg)
{
    const struct numbers *numbers = arg;
    query_int_at(q, numbers->at, numbers->values[i]);
}

void
query_each_int(struct query *q, const char *name, const int64_t *values, int count)
{
    struct numbers *numbers = ARENA_NEW(q->cx->arena, struct numbers);
    *numbers = (struct numbers){parameter(q, name), values};
    query_each(q, count, bind_number, numbers);
}

void
query_bind(struct query *q, int i)
{
    if (q->bind != NULL)
        q->bind(q, i, q->bind_arg);
}

int
query_which(const struct query *q)
{
    return q->which;
}

bool
query_next(struct query *q)
{
    return q->engine->next(q);
}

enum status
query_end(struct query *q)
{
    return q->engine->end(q);
}

enum status
query_run(struct query *q, int64_t *changed)
{
    return q->engine->run(q, changed);
}

enum status
query_one(struct query *q, bool *found)
{
    *found = query_next(q);
    return *found ? OK : query_end(q);
}

int64_t
query_get_int(const struct query *q, int column)
{
    return q->engine->get_int(q, column);
}

bool
query_get_null(const struct query *q, int column)
{
    return q->engine->get_null(q, column);
}

const char *
query_peek_text(const struct query *q, int column)
{
    return q->engine->peek_text(q, column);
}

const void *
query_peek_blob(const struct query *q, int column, size_t *length)
{
    return q->engine->peek_blob(q, column, length);
}

const char *
query_get_text(struct query *q, int column)
{
    return arena_strdup(q->cx->arena, query_peek_text(q, column));
}
