/* Connections to PostgreSQL: how they are made and set up, and what their failures mean. */
#include "store/postgres.h"

#include "base/log.h"
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { STATEMENTS_KEPT = 400, OLDEST_VERSION = 150000, RETRY_MS = 100 };

/* Failures */

static bool
is_state(const char *state, const char *of)
{
    return state != NULL && strncmp(state, of, strlen(of)) == 0;
}

/* Class 57 with P: the server is shutting down, has crashed, or is not up yet. */
static enum failure
failure_of(const struct postgres_db *db, const char *state)
{
    if (PQstatus(db->connection) == CONNECTION_BAD || state == NULL || is_state(state, "57P"))
        return FAILURE_LOST;
    if (is_state(state, "40001") || is_state(state, "40P01"))
        return FAILURE_AGAIN;
    if (is_state(state, "23505"))
        return FAILURE_CONFLICT;
    return FAILURE_FINAL;
}

static enum status
fault_of(struct ctx *cx, const char *state)
{
    if (is_state(state, "23"))
        return fault_set(cx, ERR_CONFLICT, "Dữ liệu trái với ràng buộc của cơ sở dữ liệu.");
    if (is_state(state, "53100"))
        return fault_set(cx, ERR_STORE,
            "Ổ đĩa của máy chủ dữ liệu đã đầy; chưa ghi gì. Giải phóng chỗ rồi thử lại.");
    return fault_set(cx, ERR_STORE, "Cơ sở dữ liệu không đọc hoặc ghi được; chưa thay đổi gì.");
}

void
postgres_failed(struct ctx *cx, struct postgres_db *db, const PGresult *result, const char *what)
{
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (db->failure != FAILURE_NONE)
        return;
    db->failure = failure_of(db, state);
    log_note("store failed in \"%.*s\": %s (%s)", statement_head(what), what,
        message != NULL ? message : PQerrorMessage(db->connection),
        state == NULL ? "no state" : state);
    db->status = fault_of(cx, state);
}

/* Statements outside the pipeline */

enum status
postgres_command(struct ctx *cx, struct postgres_db *db, const char *text)
{
    PGresult *result = PQexec(db->connection, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        postgres_failed(cx, db, result, text);
    PQclear(result);
    return db->failure == FAILURE_NONE ? OK : db->status;
}

/* Statements that are kept */

void
postgres_reset(struct postgres_db *db)
{
    while (db->in_use != NULL)
        postgres_let_go(db->in_use);
    postgres_gather_drop(db);
}

void
postgres_forget_statements(struct postgres_db *db, bool all)
{
    if (!all && db->prepared_count <= STATEMENTS_KEPT)
        return;
    assert(db->in_use == NULL);
    PQclear(PQexec(db->connection, "DEALLOCATE ALL"));
    arena_release(db->arena, db->before_prepared);
    db->prepared = map_new(db->arena);
    db->prepared_count = 0;
}

/* Files of the client library */

static bool
is_file_option(const char *keyword)
{
    static const char *const keys[] = {"passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl",
        "sslcrldir"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(keyword, keys[i]) == 0)
            return true;
    }
    return false;
}

static void
add_read(struct arena *arena, struct store_places *out, const char *path)
{
    *ARENA_PUSH(arena, out->reads, out->read_count) = arena_strdup(arena, path);
}

static void
add_options(struct arena *arena, struct store_places *out, PQconninfoOption *options)
{
    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
        if (o->val != NULL && *o->val != '\0' && is_file_option(o->keyword))
            add_read(arena, out, o->val);
    }
    PQconninfoFree(options);
}

/* Named by the address, by the environment, or not at all: then they lie in the home folder. */
void
postgres_find_places(struct arena *arena, const char *where, struct store_places *out)
{
    static const char *const at_home[] = {".pgpass", ".pg_service.conf", ".postgresql"};
    const char *home = getenv("HOME"), *services = getenv("PGSERVICEFILE");
    add_options(arena, out, PQconninfoParse(where, NULL));
    add_options(arena, out, PQconndefaults());
    for (size_t i = 0; home != NULL && i < COUNT_OF(at_home); i++)
        add_read(arena, out, arena_printf(arena, "%s/%s", home, at_home[i]));
    if (services != NULL)
        add_read(arena, out, services);
}

/* Connecting */

static void
ignore_notice(void *argument, const PGresult *result)
{
    (void)argument;
    (void)result;
}

/* What stands before the address, the address may say otherwise: the server that can be written to,
 * and no waiting without end for a machine that is gone. */
static PGconn *
dial(const struct postgres_store *store)
{
    static const char *const keys[] = {"connect_timeout", "target_session_attrs", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "fallback_application_name",
        "dbname", "client_encoding", NULL};
    const char *values[] = {"5", "read-write", "10", "5", "3", "20000", "chithi", store->address,
        "UTF8", NULL};
    return PQconnectdbParams(keys, values, 1);
}

/* Plans are short-lived and small: compiling them never pays. An acknowledged write is on the
 * disk, whatever the server's default is. */
static enum status
configure(struct ctx *cx, struct postgres_db *db)
{
    const char *encoding = PQparameterStatus(db->connection, "server_encoding");
    PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    if (PQserverVersion(db->connection) < OLDEST_VERSION)
        return fault_set(cx, ERR_INVALID, "Cần PostgreSQL 15 trở lên; máy chủ dùng bản %d.",
            PQserverVersion(db->connection) / 10000);
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return fault_set(cx, ERR_INVALID,
            "Cơ sở dữ liệu cần bảng mã UTF8, không phải %s; tạo bằng: createdb -E UTF8 -T "
            "template0",
            encoding == NULL ? "?" : encoding);
    TRY(postgres_command(cx, db,
        "SET jit = off; SET cursor_tuple_fraction = 1; SET standard_conforming_strings = on; "
        "SET default_transaction_read_only = off"));
    return postgres_command(cx, db,
        db->base.store->is_volatile ? "SET synchronous_commit = off"
                                    : "SELECT set_config('synchronous_commit', 'on', false) "
                                      "WHERE current_setting('synchronous_commit') = 'off'");
}

/* The address without what is secret in it. */
static const char *
place_of(struct ctx *cx, const PGconn *connection)
{
    const char *host = PQhost(connection), *name = PQdb(connection);
    return arena_printf(cx->arena, "%s/%s", host == NULL ? "" : host, name == NULL ? "" : name);
}

static enum status
connect_once(struct ctx *cx, struct postgres_store *store, struct postgres_db **out)
{
    struct arena *arena = arena_new();
    struct postgres_db *db = ARENA_NEW(arena, struct postgres_db);
    db->arena = arena;
    db->base.store = &store->base;
    db->before_prepared = arena_mark(arena);
    db->prepared = map_new(arena);
    db->connection = dial(store);
    enum status status = OK;
    if (db->connection == NULL)
        abort();
    if (PQstatus(db->connection) != CONNECTION_OK) {
        log_note("no connection: %s", PQerrorMessage(db->connection));
        status = fault_set(cx, ERR_NOT_FOUND,
            "Không nối được với cơ sở dữ liệu %s. Xem máy chủ có chạy, tên và mật khẩu có đúng.",
            place_of(cx, db->connection));
    } else if (getrandom(&db->number, sizeof(db->number), 0) != (ssize_t)sizeof(db->number)) {
        status = fault_set(cx, ERR_STORE, "Hệ điều hành không cho số ngẫu nhiên.");
    } else {
        status = configure(cx, db);
    }
    if (status != OK) {
        postgres_disconnect(db);
        return status;
    }
    *out = db;
    return OK;
}

enum status
postgres_connect(struct ctx *cx, struct postgres_store *store, int patience,
    struct postgres_db **out)
{
    int faults = cx->faults.count;
    for (int waited = 0;; waited += RETRY_MS) {
        enum status status = connect_once(cx, store, out);
        if (status == OK || status == ERR_INVALID || waited >= patience)
            return status;
        fault_forget(cx, faults);
        nanosleep(&(struct timespec){.tv_nsec = RETRY_MS * 1000000L}, NULL);
    }
}

void
postgres_disconnect(struct postgres_db *db)
{
    if (db == NULL)
        return;
    postgres_reset(db);
    PQfinish(db->connection);
    arena_free(db->arena);
}
