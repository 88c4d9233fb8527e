/* Statements on a connection to PostgreSQL: prepared under the number of their text, bound and read
 * in binary. A result is read whole, so that several can be open at the same time; a statement that
 * says that it is long goes through a cursor. */
#include "store/postgres.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/map.h"

#include <assert.h>
#include <ctype.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_FETCHED = 2000 };

/* Types of the server's catalog, which never change. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTES = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25
};

/* Preparing and binding */

static struct postgres_query *
find(struct postgres_db *db, const struct sql *sql)
{
    struct postgres_query *q = map_get_int(db->prepared, (int64_t)sql->id + 1);
    size_t count = (size_t)sql->parameter_count + 1;
    if (q != NULL)
        return q;
    q = ARENA_NEW(db->arena, struct postgres_query);
    q->db = db;
    q->what = arena_strdup(db->arena, sql->name);
    q->types = ARENA_ARRAY(db->arena, Oid, count);
    q->values = ARENA_ARRAY(db->arena, const char *, count);
    q->lengths = ARENA_ARRAY(db->arena, int, count);
    q->formats = ARENA_ARRAY(db->arena, int, count);
    q->numbers = ARENA_ARRAY(db->arena, int64_t, count);
    q->heard = ARENA_NEW(db->arena, PGresult *);
    q->heard_room = 1;
    map_set_int(db->prepared, (int64_t)sql->id + 1, q);
    db->prepared_count++;
    return q;
}

struct query *
postgres_query(struct ctx *cx, const struct sql *sql)
{
    struct postgres_db *db = (struct postgres_db *)cx->db;
    struct postgres_query *q = find(db, sql);
    assert(!q->in_use);
    q->base = query_begin(&engine_server, cx, sql, db->failure == FAILURE_NONE ? OK : db->status);
    memset(q->values, 0, (size_t)sql->parameter_count * sizeof(*q->values));
    q->has_cursor = false;
    q->base.which = -1;
    q->asked = 0;
    q->row = -1;
    q->rows = 0;
    q->in_use = true;
    q->next_in_use = db->in_use;
    db->in_use = q;
    return &q->base;
}

/* A parameter that was null when the statement was prepared has the type that the server made of
 * it; when it gets a value, the statement is prepared once more. */
static void
bind(struct postgres_query *q, int at, const char *value, size_t length, Oid type)
{
    q->values[at] = value;
    q->lengths[at] = (int)length;
    q->formats[at] = 1;
    if (value == NULL || q->types[at] == type)
        return;
    assert(q->types[at] == 0 || q->gathered.rows == 0);
    q->types[at] = type;
    q->prepared.is_ready = q->gathered.prepared.is_ready = false;
}

void
postgres_bind_int(struct query *query, int at, int64_t value)
{
    struct postgres_query *q = (struct postgres_query *)query;
    q->numbers[at] = (int64_t)htobe64((uint64_t)value);
    bind(q, at, (const char *)&q->numbers[at], sizeof(q->numbers[at]), TYPE_INT8);
}

void
postgres_bind_text(struct query *q, int at, const char *value)
{
    bind((struct postgres_query *)q, at, value, value == NULL ? 0 : strlen(value), TYPE_TEXT);
}

void
postgres_bind_blob(struct query *q, int at, const void *bytes, size_t length)
{
    bind((struct postgres_query *)q, at, length == 0 ? "" : bytes, length, TYPE_BYTES);
}

/* Asking */

void
postgres_send_prepared(struct ctx *cx, struct postgres_db *db, struct prepared *prepared,
    const struct bound *bound)
{
    PGconn *connection = db->connection;
    if (!prepared->is_ready) {
        snprintf(prepared->name, sizeof(prepared->name), "q%llu_%d_%d",
            (unsigned long long)bound->id, prepared->renamed++, bound->count);
        postgres_sent(cx, db, (struct sent){.what = bound->sent.what},
            PQsendPrepare(connection, prepared->name, bound->text, bound->count, bound->types));
        prepared->is_ready = true;
    }
    if (db->failure == FAILURE_NONE)
        postgres_sent(cx, db, bound->sent,
            PQsendQueryPrepared(connection, prepared->name, bound->count, bound->values,
                bound->lengths, bound->formats, 1));
}

static void
send_bound(struct postgres_query *q, struct postgres_query *owner)
{
    const struct sql *sql = q->base.sql;
    struct bound bound = {.id = sql->id,
        .sent = {q->what, owner},
        .text = sql->text[DIALECT_POSTGRES],
        .count = sql->parameter_count,
        .types = q->types,
        .values = q->values,
        .lengths = q->lengths,
        .formats = q->formats};
    postgres_send_prepared(q->base.cx, q->db, &q->prepared, &bound);
}

static void
send_fetch(struct postgres_query *q, const char *verb, struct postgres_query *owner)
{
    char text[64];
    snprintf(text, sizeof(text), "%s c%llu", verb, (unsigned long long)q->base.sql->id);
    postgres_sent(q->base.cx, q->db, (struct sent){q->what, owner},
        PQsendQueryParams(q->db->connection, text, 0, NULL, NULL, NULL, NULL, 1));
}

static void
send_cursor(struct postgres_query *q)
{
    const struct sql *sql = q->base.sql;
    const char *text = arena_printf(q->base.cx->arena, "DECLARE c%llu NO SCROLL CURSOR FOR %s",
        (unsigned long long)sql->id, sql->text[DIALECT_POSTGRES]);
    postgres_sent(q->base.cx, q->db, (struct sent){.what = q->what},
        PQsendQueryParams(q->db->connection, text, sql->parameter_count, q->types, q->values,
            q->lengths, q->formats, 1));
    q->has_cursor = true;
    if (q->db->failure == FAILURE_NONE)
        send_fetch(q, "FETCH 2000 FROM", q);
}

/* One more time. */
static bool
may_ask(struct postgres_query *q)
{
    q->asked++;
    if (q->base.status == OK)
        q->base.status = store_may_run(q->base.cx, q->db->base.store);
    return q->base.status == OK;
}

/* Ask ahead, when the half of what may be ahead has been heard. */
static void
ask(struct postgres_query *q)
{
    if (q->on_way + q->heard_count > AHEAD_MOST / 2)
        return;
    if (q->base.count > 1 && q->heard_room == 1) {
        q->heard_room = AHEAD_MOST;
        q->heard = ARENA_ARRAY(q->db->arena, PGresult *, AHEAD_MOST);
    }
    postgres_gather_send(q->base.cx, q->db);
    while (q->asked < q->base.count && q->on_way + q->heard_count < q->heard_room) {
        query_bind(&q->base, q->asked);
        if (!may_ask(q))
            return;
        if (q->base.sql->is_long)
            send_cursor(q);
        else
            send_bound(q, q);
        if (q->db->failure != FAILURE_NONE)
            return;
    }
}

/* Rows */

/* The next answer, or nothing when anything failed. */
static void
take_result(struct postgres_query *q)
{
    struct postgres_db *db = q->db;
    PQclear(q->result);
    q->result = NULL;
    while (q->base.status == OK && q->heard_count == 0) {
        if (!postgres_hear(q->base.cx, db))
            q->base.status = db->status;
    }
    if (q->base.status == OK)
        q->result = postgres_take(q);
    q->row = -1;
    q->rows = q->result == NULL ? 0 : PQntuples(q->result);
}

/* Go on to the next rows, if there may be any. */
static bool
more(struct postgres_query *q)
{
    if (q->base.status != OK)
        return false;
    if (q->has_cursor) {
        if (q->rows < ROWS_FETCHED)
            return false;
        send_fetch(q, "FETCH 2000 FROM", q);
    } else {
        if (q->base.which + 1 == q->base.count)
            return false;
        q->base.which++;
        ask(q);
    }
    take_result(q);
    return true;
}

bool
postgres_next(struct query *query)
{
    struct postgres_query *q = (struct postgres_query *)query;
    while (q->row + 1 >= q->rows) {
        if (!more(q))
            return false;
    }
    q->row++;
    return true;
}

enum status
postgres_end(struct query *query)
{
    struct postgres_query *q = (struct postgres_query *)query;
    if (q->has_cursor && q->in_use && q->db->failure == FAILURE_NONE)
        send_fetch(q, "CLOSE", NULL);
    if (q->in_use)
        postgres_let_go(q);
    return query->status;
}

/* Who writes and does not ask how many rows it were need not wait. */
enum status
postgres_run(struct query *query, int64_t *changed)
{
    struct postgres_query *q = (struct postgres_query *)query;
    bool waits = changed != NULL || !q->db->base.writing;
    if (changed != NULL)
        *changed = 0;
    if (!may_ask(q))
        return postgres_end(query);
    if (query->sql->is_gathered && !waits) {
        postgres_gather(q);
        return postgres_end(query);
    }
    postgres_gather_send(query->cx, q->db);
    send_bound(q, waits ? q : NULL);
    if (waits)
        take_result(q);
    if (changed != NULL && q->result != NULL)
        *changed = strtoll(PQcmdTuples(q->result), NULL, 10);
    return postgres_end(query);
}

/* Values */

static const unsigned char *
value(const struct query *query, int column, size_t *length)
{
    const struct postgres_query *q = (const struct postgres_query *)query;
    *length = (size_t)PQgetlength(q->result, q->row, column);
    return (const unsigned char *)PQgetvalue(q->result, q->row, column);
}

int64_t
postgres_get_int(const struct query *query, int column)
{
    const struct postgres_query *q = (const struct postgres_query *)query;
    size_t length;
    const unsigned char *at = value(query, column, &length);
    Oid type = PQftype(q->result, column);
    if (length == 0)
        return 0; /* null */
    if (type == TYPE_INT8) {
        uint64_t number;
        memcpy(&number, at, sizeof(number));
        return (int64_t)be64toh(number);
    }
    if (type == TYPE_INT4) {
        uint32_t number;
        memcpy(&number, at, sizeof(number));
        return (int32_t)be32toh(number);
    }
    if (type == TYPE_BOOL)
        return *at;
    log_note("column %d of query \"%s\" is no integer but of type %u", column, query->sql->name,
        type);
    assert(!"no integer");
    return 0;
}

bool
postgres_get_null(const struct query *query, int column)
{
    const struct postgres_query *q = (const struct postgres_query *)query;
    return PQgetisnull(q->result, q->row, column) == 1;
}

const char *
postgres_peek_text(const struct query *query, int column)
{
    size_t length;
    if (postgres_get_null(query, column))
        return NULL;
    return (const char *)value(query, column, &length);
}

const void *
postgres_peek_blob(const struct query *query, int column, size_t *length)
{
    return value(query, column, length);
}

/* DDL */

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The driver's dress for DDL: texts are compared by their bytes. */
static const char *
dress(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena);
    for (const char *at = text; *at != '\0'; at++) {
        buf_char(&out, *at);
        bool is_type = at - text >= 3 && strncmp(at - 3, "TEXT", 4) == 0 && !is_word(at[1]) &&
            (at - text == 3 || !is_word(at[-4]));
        if (is_type)
            buf_text(&out, " COLLATE \"C\"");
    }
    return buf_string(&out);
}

/* Several statements in one text are outside the pipeline's protocol. Whatever they come to, the
 * pipeline goes on behind them: without it the end of the transaction would look like a connection
 * that is lost, and the job would run again. */
enum status
postgres_script(struct ctx *cx, const char *text)
{
    struct postgres_db *db = (struct postgres_db *)cx->db;
    TRY(store_may_run(cx, db->base.store));
    postgres_gather_send(cx, db);
    if (db->failure != FAILURE_NONE)
        return db->status;
    postgres_sync(cx, db);
    enum status status =
        db->failure == FAILURE_NONE ? postgres_command(cx, db, dress(cx->arena, text)) : db->status;
    if (db->failure == FAILURE_LOST || PQenterPipelineMode(db->connection) == 1)
        return status;
    postgres_failed(cx, db, NULL, "pipeline");
    return db->status;
}
