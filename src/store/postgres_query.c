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

enum { ROWS_FETCHED = 2000, PENDING_MOST = 256, PENDING_KEPT = 128 };

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
    q->types = ARENA_ARRAY(db->arena, Oid, count);
    q->values = ARENA_ARRAY(db->arena, const char *, count);
    q->lengths = ARENA_ARRAY(db->arena, int, count);
    q->formats = ARENA_ARRAY(db->arena, int, count);
    q->numbers = ARENA_ARRAY(db->arena, int64_t, count);
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
    q->base =
        (struct query){&engine_server, cx, sql, db->failure == FAILURE_NONE ? OK : db->status};
    memset(q->values, 0, (size_t)sql->parameter_count * sizeof(*q->values));
    q->has_started = q->has_cursor = false;
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
    q->types[at] = type;
    q->is_prepared = false;
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

/* Sending and hearing */

static void
sent(struct postgres_query *q, int accepted)
{
    if (accepted == 1)
        q->db->pending++;
    else
        postgres_failed(q->base.cx, q->db, NULL, q->base.sql->name);
}

static void
send_prepared(struct postgres_query *q)
{
    PGconn *connection = q->db->connection;
    const struct sql *sql = q->base.sql;
    if (!q->is_prepared) {
        snprintf(q->name, sizeof(q->name), "q%llu_%d", (unsigned long long)sql->id, q->renamed++);
        sent(q,
            PQsendPrepare(connection, q->name, sql->text[DIALECT_POSTGRES], sql->parameter_count,
                q->types));
        q->is_prepared = true;
    }
    sent(q,
        PQsendQueryPrepared(connection, q->name, sql->parameter_count, q->values, q->lengths,
            q->formats, 1));
}

static void
send_cursor(struct postgres_query *q)
{
    const struct sql *sql = q->base.sql;
    const char *text = arena_printf(q->base.cx->arena, "DECLARE c%llu NO SCROLL CURSOR FOR %s",
        (unsigned long long)sql->id, sql->text[DIALECT_POSTGRES]);
    sent(q,
        PQsendQueryParams(q->db->connection, text, sql->parameter_count, q->types, q->values,
            q->lengths, q->formats, 1));
    q->has_cursor = true;
}

static void
send_fetch(struct postgres_query *q, const char *verb)
{
    char text[64];
    snprintf(text, sizeof(text), "%s c%llu", verb, (unsigned long long)q->base.sql->id);
    postgres_send(q->base.cx, q->db, text, 0, NULL);
}

/* What one statement came to; NULL when it failed. */
static PGresult *
hear(struct postgres_query *q)
{
    struct postgres_db *db = q->db;
    PGresult *kept = NULL, *result;
    while ((result = PQgetResult(db->connection)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            PQclear(kept);
            kept = result;
            continue;
        }
        if (status != PGRES_PIPELINE_ABORTED)
            postgres_failed(q->base.cx, db, result, q->base.sql->name);
        PQclear(result);
    }
    db->pending--;
    if (PQstatus(db->connection) == CONNECTION_BAD)
        postgres_failed(q->base.cx, db, NULL, q->base.sql->name);
    if (db->failure == FAILURE_NONE)
        return kept;
    PQclear(kept);
    return NULL;
}

/* Wait until so many are left of what was sent; the last result, or NULL when anything failed. */
static PGresult *
hear_until(struct postgres_query *q, int left)
{
    struct postgres_db *db = q->db;
    PGresult *last = NULL;
    if (db->failure == FAILURE_NONE && PQsendFlushRequest(db->connection) != 1)
        postgres_failed(q->base.cx, db, NULL, q->base.sql->name);
    while (db->pending > left && db->failure == FAILURE_NONE) {
        PQclear(last);
        last = hear(q);
    }
    if (db->failure != FAILURE_NONE)
        q->base.status = db->status;
    return last;
}

static bool
may_start(struct postgres_query *q)
{
    q->has_started = true;
    if (q->base.status == OK)
        q->base.status = store_may_run(q->base.cx, q->db->base.store);
    return q->base.status == OK;
}

/* Rows */

static void
take_result(struct postgres_query *q)
{
    PQclear(q->result);
    q->result = hear_until(q, 0);
    q->row = -1;
    q->rows = q->result == NULL ? 0 : PQntuples(q->result);
}

static void
start(struct postgres_query *q)
{
    if (!may_start(q))
        return;
    if (q->base.sql->is_long) {
        send_cursor(q);
        send_fetch(q, "FETCH 2000 FROM");
    } else {
        send_prepared(q);
    }
    take_result(q);
}

bool
postgres_next(struct query *query)
{
    struct postgres_query *q = (struct postgres_query *)query;
    if (!q->has_started)
        start(q);
    if (q->has_cursor && q->row + 1 == ROWS_FETCHED && q->base.status == OK) {
        send_fetch(q, "FETCH 2000 FROM");
        take_result(q);
    }
    if (q->row + 1 >= q->rows)
        return false;
    q->row++;
    return true;
}

enum status
postgres_end(struct query *query)
{
    struct postgres_query *q = (struct postgres_query *)query;
    PQclear(q->result);
    q->result = NULL;
    if (!q->in_use)
        return query->status;
    if (q->has_cursor && q->db->failure == FAILURE_NONE)
        send_fetch(q, "CLOSE");
    q->in_use = false;
    struct postgres_query **at = &q->db->in_use;
    while (*at != q)
        at = &(*at)->next_in_use;
    *at = q->next_in_use;
    return query->status;
}

/* Who writes and does not ask how many rows it were need not wait. Of what is on the way, the older
 * half is heard now and then, so that it stays little, while the server goes on with the newer. */
enum status
postgres_run(struct query *query, int64_t *changed)
{
    struct postgres_query *q = (struct postgres_query *)query;
    if (changed != NULL)
        *changed = 0;
    if (may_start(q)) {
        send_prepared(q);
        if (changed != NULL || !q->db->base.writing)
            take_result(q);
        else if (q->db->pending >= PENDING_MOST)
            PQclear(hear_until(q, PENDING_KEPT));
    }
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

/* Several statements in one text are outside the pipeline's protocol. */
enum status
postgres_script(struct ctx *cx, const char *text)
{
    struct postgres_db *db = (struct postgres_db *)cx->db;
    TRY(store_may_run(cx, db->base.store));
    if (db->failure != FAILURE_NONE)
        return db->status;
    postgres_sync(cx, db);
    if (db->failure == FAILURE_NONE && postgres_command(cx, db, dress(cx->arena, text)) == OK &&
        PQenterPipelineMode(db->connection) != 1)
        postgres_failed(cx, db, NULL, "pipeline");
    return db->failure == FAILURE_NONE ? OK : db->status;
}
