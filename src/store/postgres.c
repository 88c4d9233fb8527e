/* The PostgreSQL driver: the pool of connections, snapshots, and writing.
 *
 * Each write is one transaction on its caller's thread. All hold a lock that they share; who must
 * be alone holds it for himself, so that what is done under the rules of a world has ended before
 * the world changes. A commit whose answer does not arrive is settled by commit_mark: a row for
 * each connection, which the transaction itself has counted up. (The number of a transaction would
 * not do: after a crash it is given to another one.) */
#include "store/postgres.h"

#include "base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RERUNS = 5, PATIENCE_MS = 5000, SETTLE_MS = 30000 };

#define GATE "1128814665" /* any number; "CHI" and "I" in ASCII */

static const char own_schema[] = "-- local: of the server that commits.\n"
                                 "CREATE TABLE IF NOT EXISTS commit_mark (\n"
                                 "    connection BIGINT NOT NULL PRIMARY KEY,\n"
                                 "    serial BIGINT NOT NULL,\n"
                                 "    at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP\n"
                                 ")";

/* The pool */

static struct postgres_db *
take_free(struct postgres_store *store)
{
    pthread_mutex_lock(&store->lock);
    struct postgres_db *db = store->free;
    if (db != NULL)
        store->free = db->next_free;
    pthread_mutex_unlock(&store->lock);
    return db;
}

/* One that is lost is not used again, and neither are its neighbours: they were connected to the
 * same server. */
static void
give_back(struct postgres_store *store, struct postgres_db *db)
{
    bool lost = db->failure == FAILURE_LOST;
    postgres_reset(db);
    if (!lost) {
        postgres_forget_statements(db, db->failure != FAILURE_NONE);
        pthread_mutex_lock(&store->lock);
        db->next_free = store->free;
        store->free = db;
        pthread_mutex_unlock(&store->lock);
        return;
    }
    do
        postgres_disconnect(db);
    while ((db = take_free(store)) != NULL);
}

/* After a migration the table is there; it is asked for until it is, before the pipeline begins. */
static void
look_for_marks(struct postgres_store *store, struct postgres_db *db)
{
    if (store->has_marks)
        return;
    PGresult *result =
        PQexec(db->connection, "SELECT 1 WHERE to_regclass('commit_mark') IS NOT NULL");
    store->has_marks = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    PQclear(result);
}

static enum status
begin_on(struct ctx *cx, struct postgres_db *db, const char *command)
{
    db->failure = FAILURE_NONE;
    db->status = OK;
    TRY(postgres_command(cx, db, command));
    look_for_marks((struct postgres_store *)db->base.store, db);
    if (PQenterPipelineMode(db->connection) != 1)
        postgres_failed(cx, db, NULL, "pipeline");
    return db->failure == FAILURE_NONE ? OK : db->status;
}

/* A server that goes down lets one in and then closes; it is asked until it stays. */
static enum status
begin_anew(struct ctx *cx, struct postgres_store *store, const char *command,
    struct postgres_db **out)
{
    int faults = cx->faults.count;
    for (int tries = 0;; tries++) {
        TRY(postgres_connect(cx, store, PATIENCE_MS, out));
        enum status status = begin_on(cx, *out, command);
        bool was_lost = (*out)->failure == FAILURE_LOST;
        if (status == OK)
            return OK;
        give_back(store, *out);
        if (!was_lost || tries == RERUNS)
            return status;
        fault_forget(cx, faults);
    }
}

/* A connection that has died in the pool is noticed here, where nothing is lost with it. */
static enum status
begin(struct ctx *cx, struct postgres_store *store, const char *command, struct postgres_db **out)
{
    int faults = cx->faults.count;
    TRY(store_may_run(cx, &store->base));
    struct postgres_db *db = take_free(store);
    if (db != NULL && begin_on(cx, db, command) == OK) {
        *out = db;
        return OK;
    }
    if (db != NULL)
        give_back(store, db);
    fault_forget(cx, faults);
    return begin_anew(cx, store, command, out);
}

/* Reading */

static const char begin_reading[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

static enum status
read_begin(struct ctx *cx)
{
    struct postgres_db *db;
    TRY(begin(cx, (struct postgres_store *)cx->store, begin_reading, &db));
    db->base.writing = false;
    cx->db = &db->base;
    return OK;
}

/* End the transaction on the server; its statements stay. */
static void
finish(struct ctx *cx, struct postgres_db *db, const char *command)
{
    enum failure before = db->failure;
    postgres_send(cx, db, command, 0, NULL);
    postgres_sync(cx, db);
    if (db->failure == FAILURE_NONE || db->failure == FAILURE_LOST)
        return;
    PGresult *result = PQexec(db->connection, "ROLLBACK");
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        db->failure = FAILURE_LOST;
    else if (before == FAILURE_NONE)
        log_note("a transaction could not be ended");
    PQclear(result);
}

static void
read_end(struct ctx *cx)
{
    struct postgres_db *db = (struct postgres_db *)cx->db;
    int faults = cx->faults.count;
    cx->db = NULL;
    finish(cx, db, "COMMIT");
    fault_forget(cx, faults); /* who has read what was wanted need not know */
    give_back((struct postgres_store *)cx->store, db);
}

/* Writing */

/* Which commit was the last of a connection that is lost? The statement waits for one that is still
 * going on. */
static enum status
last_serial(struct ctx *cx, struct postgres_store *store, int64_t number, int64_t *serial)
{
    struct postgres_db *db;
    char key[24];
    const char *values[] = {key};
    snprintf(key, sizeof(key), "%lld", (long long)number);
    TRY(postgres_connect(cx, store, SETTLE_MS, &db));
    PGresult *result = PQexecParams(db->connection,
        "INSERT INTO commit_mark AS m (connection, serial) VALUES ($1, 0) "
        "ON CONFLICT (connection) DO UPDATE SET serial = m.serial RETURNING serial",
        1, NULL, values, NULL, NULL, 0);
    enum status status = PQresultStatus(result) == PGRES_TUPLES_OK ? OK : ERR_STORE;
    if (status == OK)
        *serial = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    db->failure = status == OK ? FAILURE_NONE : FAILURE_LOST;
    give_back(store, db);
    return status;
}

/* The connection was lost while it committed. OK: it is on the disk; ERR_STALE: it is not. */
static enum status
settle(struct ctx *cx, struct postgres_store *store, const struct postgres_db *db)
{
    int64_t serial = -1;
    int faults = cx->faults.count;
    for (int tries = 0; store->has_marks && tries <= RERUNS; tries++) {
        enum status status = last_serial(cx, store, db->number, &serial);
        fault_forget(cx, faults);
        if (status != OK)
            continue;
        log_note("a commit whose answer was lost is %s",
            serial == db->serial ? "there" : "not there");
        return serial == db->serial ? OK : ERR_STALE;
    }
    return fault_set(cx, ERR_STORE,
        "Mất kết nối với máy chủ dữ liệu đúng lúc ghi; chưa biết đã ghi hay chưa. Hãy xem lại "
        "trước khi làm lại.");
}

static void
send_mark(struct ctx *cx, struct postgres_db *db)
{
    char number[24], serial[24];
    const char *values[] = {number, serial};
    snprintf(number, sizeof(number), "%lld", (long long)db->number);
    snprintf(serial, sizeof(serial), "%lld", (long long)++db->serial);
    postgres_send(cx, db,
        "INSERT INTO commit_mark (connection, serial) VALUES ($1, $2) "
        "ON CONFLICT (connection) DO UPDATE SET serial = excluded.serial, at = excluded.at",
        2, values);
}

/* What is still on the way, the mark and the commit go together: when one fails, the server skips
 * the rest. */
static enum status
commit(struct ctx *cx, struct postgres_store *store, struct postgres_db *db, enum failure *failure)
{
    postgres_gather_send(cx, db);
    if (store->has_marks)
        send_mark(cx, db);
    *failure = db->failure;
    finish(cx, db, "COMMIT");
    if (*failure == FAILURE_NONE && db->failure == FAILURE_LOST) {
        enum status status = settle(cx, store, db);
        *failure = status == ERR_STALE ? FAILURE_LOST : FAILURE_FINAL;
        return status;
    }
    *failure = db->failure;
    return db->failure == FAILURE_NONE ? OK : db->status;
}

static const char *
begin_writing(bool alone)
{
    return alone ? "BEGIN; SELECT pg_advisory_xact_lock(" GATE ")"
                 : "BEGIN; SELECT pg_advisory_xact_lock_shared(" GATE ")";
}

/* One run of a job, and what it came to. */
struct attempt {
    bool alone; /* nobody else may write meanwhile */
    enum failure failure;
    bool wants_alone; /* store_alone was called, and it was not */
};

static enum status
run_once(struct ctx *cx, write_fn *fn, void *arg, struct attempt *attempt)
{
    struct postgres_store *store = (struct postgres_store *)cx->store;
    struct postgres_db *db;
    attempt->failure = FAILURE_NONE;
    attempt->wants_alone = false;
    TRY(begin(cx, store, begin_writing(attempt->alone), &db));
    db->base.writing = true;
    db->is_alone = attempt->alone;
    db->wants_alone = false;
    cx->db = &db->base;
    enum status status = fn(cx, arg);
    cx->db = NULL;
    attempt->wants_alone = db->wants_alone;
    if (status == OK)
        status = store_may_run(cx, &store->base);
    if (status == OK) {
        status = commit(cx, store, db, &attempt->failure);
    } else {
        finish(cx, db, "ROLLBACK");
        attempt->failure = db->failure;
    }
    give_back(store, db);
    return status;
}

static bool
is_worth_another(const struct attempt *attempt, int run)
{
    if (attempt->failure == FAILURE_CONFLICT)
        return run == 0;
    return attempt->failure == FAILURE_AGAIN || attempt->failure == FAILURE_LOST;
}

static enum status
run_job(struct ctx *cx, write_fn *fn, void *arg, struct attempt *attempt)
{
    int faults = cx->faults.count;
    for (int run = 0;; run++) {
        enum status status = run_once(cx, fn, arg, attempt);
        if (status == OK || attempt->wants_alone || run == RERUNS ||
            !is_worth_another(attempt, run))
            return status;
        fault_forget(cx, faults);
    }
}

static enum status
alone(struct ctx *cx)
{
    struct postgres_db *db = (struct postgres_db *)cx->db;
    db->wants_alone = !db->is_alone;
    return db->wants_alone ? ERR_STALE : OK;
}

/* Who changes tables waits for all who read them, so that the caller's own snapshot makes way; it
 * goes on with a newer one. */
static enum status
run_alone(struct ctx *cx, struct db *reader, write_fn *fn, void *arg)
{
    struct postgres_db *paused = (struct postgres_db *)reader;
    struct attempt attempt = {.alone = true};
    if (paused != NULL) {
        postgres_reset(paused);
        finish(cx, paused, "COMMIT");
    }
    enum status status = run_job(cx, fn, arg, &attempt);
    if (paused != NULL && paused->failure != FAILURE_LOST)
        (void)!begin_on(cx, paused, begin_reading); /* who reads on is told */
    return status;
}

struct slot_job {
    struct ids *ids;
};

/* Marks of connections that are gone: nobody asks for one a day after its transaction began, and a
 * connection that has only been idle makes its own anew. */
static void
clear_marks(struct ctx *cx, struct postgres_db *db)
{
    const struct postgres_store *store = (const struct postgres_store *)db->base.store;
    if (store->has_marks)
        postgres_send(cx, db,
            "DELETE FROM commit_mark WHERE at < CURRENT_TIMESTAMP - INTERVAL '1 day'", 0, NULL);
}

/* Seldom, so that the marks are cleared with it. */
static enum status
hold_slot(struct ctx *cx, void *arg)
{
    struct slot_job *job = arg;
    TRY(ids_hold(cx, job->ids));
    clear_marks(cx, (struct postgres_db *)cx->db);
    return OK;
}

/* Threads that find no slot wait for the first of them. */
static enum status
take_slot(struct ctx *cx, struct postgres_store *store)
{
    struct slot_job job = {&store->base.ids};
    struct attempt attempt = {.alone = true};
    enum status status = OK;
    if (!ids_are_due(&store->base.ids))
        return OK;
    pthread_mutex_lock(&store->slot_lock);
    if (ids_are_due(&store->base.ids))
        status = run_job(cx, hold_slot, &job, &attempt);
    if (status != OK)
        ids_lost(&store->base.ids);
    pthread_mutex_unlock(&store->slot_lock);
    return status;
}

static enum status
write_job(struct ctx *cx, write_fn *fn, void *arg)
{
    struct db *reader = cx->db;
    struct attempt attempt = {0};
    int faults = cx->faults.count;
    TRY(take_slot(cx, (struct postgres_store *)cx->store));
    enum status status = run_job(cx, fn, arg, &attempt);
    if (!attempt.wants_alone)
        return status;
    fault_forget(cx, faults);
    return run_alone(cx, reader, fn, arg);
}

/* Opening and closing */

static enum status
drop_slot(struct ctx *cx, void *arg)
{
    struct slot_job *job = arg;
    return ids_drop(cx, job->ids);
}

/* Give back what others would wait for. */
static void
leave(struct postgres_store *store)
{
    struct ctx own = {.arena = arena_new(), .store = &store->base};
    struct slot_job job = {&store->base.ids};
    struct attempt attempt = {0};
    if (store->base.ids.slot >= 0 && run_job(&own, drop_slot, &job, &attempt) != OK)
        log_note("slot %d could not be given back", store->base.ids.slot);
    arena_free(own.arena);
}

static void
close_store(struct store *closed)
{
    struct postgres_store *store = (struct postgres_store *)closed;
    struct postgres_db *db;
    leave(store);
    while ((db = take_free(store)) != NULL)
        postgres_disconnect(db);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->slot_lock);
    ids_end(&store->base.ids);
    free(store->address);
    free(store);
}

static enum status
open_store(struct ctx *cx, const struct store_options *options, struct store **out)
{
    struct postgres_store *store = calloc(1, sizeof(*store));
    struct postgres_db *db;
    if (store == NULL)
        abort();
    store->base.engine = &engine_server;
    store->base.is_volatile = options->volatile_;
    store->address = strdup(options->where);
    ids_begin(&store->base.ids);
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->slot_lock, NULL);
    enum status status = postgres_connect(cx, store, 0, &db);
    if (status != OK) {
        close_store(&store->base);
        return status;
    }
    give_back(store, db);
    *out = &store->base;
    return OK;
}

const struct engine engine_server = {
    .dialect = DIALECT_POSTGRES,
    .find_places = postgres_find_places,
    .own_schema = own_schema,
    .open = open_store,
    .close = close_store,
    .read_begin = read_begin,
    .read_end = read_end,
    .write = write_job,
    .alone = alone,
    .script = postgres_script,
    .match = postgres_match,
    .query = postgres_query,
    .bind_int = postgres_bind_int,
    .bind_text = postgres_bind_text,
    .bind_blob = postgres_bind_blob,
    .next = postgres_next,
    .end = postgres_end,
    .run = postgres_run,
    .get_int = postgres_get_int,
    .get_null = postgres_get_null,
    .peek_text = postgres_peek_text,
    .peek_blob = postgres_peek_blob,
};
