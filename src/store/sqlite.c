/* The SQLite driver: connections, snapshots and statements. The writer thread is next door. Readers
 * have connections of their own (write-ahead logging: they never wait for the writer). */
#include "store/sqlite.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STATEMENTS_KEPT = 400, BUSY_TIMEOUT_MS = 30000 };

enum status
db_fault(struct ctx *cx, struct sqlite_db *db, const char *what)
{
    int code = sqlite3_errcode(db->handle);
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
        log_note("constraint broken in \"%.*s\": %s", statement_head(what), what,
            sqlite3_errmsg(db->handle));
        return fault_set(cx, ERR_CONFLICT, "Dữ liệu trái với ràng buộc của cơ sở dữ liệu.");
    }
    log_note("store failed in \"%.*s\": %s (code %d)", statement_head(what), what,
        sqlite3_errmsg(db->handle), sqlite3_extended_errcode(db->handle));
    if ((code & 0xff) == SQLITE_FULL)
        return fault_set(cx, ERR_STORE, "Ổ đĩa đã đầy; chưa ghi gì. Giải phóng chỗ rồi thử lại.");
    return fault_set(cx, ERR_STORE, "Cơ sở dữ liệu không đọc hoặc ghi được; chưa thay đổi gì.");
}

enum status
db_command(struct ctx *cx, struct sqlite_db *db, const char *text)
{
    TRY(store_may_run(cx, db->base.store));
    if (sqlite3_exec(db->handle, text, NULL, NULL, NULL) != SQLITE_OK)
        return db_fault(cx, db, text);
    return OK;
}

/* Page size 8192 and small caches were measured (doc/performance.md); no memory map, because an
 * I/O error under a map is a signal and not a status. */
static enum status
configure(struct ctx *cx, struct sqlite_db *db)
{
    TRY(db_command(cx, db, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"));
    TRY(db_command(cx, db, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"));
    TRY(db_command(cx, db,
        db->base.store->is_volatile ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=FULL"));
    if (!db->base.writing)
        return db_command(cx, db, "PRAGMA cache_size=-4000; PRAGMA query_only=ON;");
    return db_command(cx, db, "PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=2000;");
}

enum status
db_open(struct ctx *cx, struct sqlite_store *store, bool create, bool writing,
    struct sqlite_db **out)
{
    struct arena *arena = arena_new();
    struct sqlite_db *db = ARENA_NEW(arena, struct sqlite_db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    db->arena = arena;
    db->base = (struct db){&store->base, writing};
    db->before_prepared = arena_mark(arena);
    db->prepared = map_new(arena);
    enum status status = OK;
    if (sqlite3_open_v2(store->path, &db->handle, flags, NULL) != SQLITE_OK)
        status = fault_set(cx, ERR_NOT_FOUND,
            "Không mở được cơ sở dữ liệu %s. Tạo mới bằng: chithi init", store->path);
    if (status == OK) {
        sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
        status = configure(cx, db);
    }
    if (status != OK) {
        db_close(db);
        return status;
    }
    *out = db;
    return OK;
}

/* Ours only: the index of words has statements of its own on the connection. */
static void
finalize_statements(struct sqlite_db *db)
{
    for (struct sqlite_query *q = db->first_prepared; q != NULL; q = q->next_prepared)
        sqlite3_finalize(q->statement);
    db->first_prepared = NULL;
}

void
db_close(struct sqlite_db *db)
{
    if (db == NULL)
        return;
    finalize_statements(db);
    sqlite3_close(db->handle);
    arena_free(db->arena);
}

void
db_reset(struct sqlite_db *db)
{
    for (struct sqlite_query *q = db->in_use; q != NULL; q = q->next_in_use) {
        sqlite3_reset(q->statement);
        q->in_use = false;
    }
    db->in_use = NULL;
}

void
db_forget_statements(struct sqlite_db *db)
{
    if (db->prepared_count <= STATEMENTS_KEPT)
        return;
    assert(db->in_use == NULL);
    finalize_statements(db);
    arena_release(db->arena, db->before_prepared);
    db->prepared = map_new(db->arena);
    db->prepared_count = 0;
}

/* Counting its memory would take SQLite a process-wide lock at every allocation. */
static void
configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void
close_store(struct store *closed)
{
    struct sqlite_store *store = (struct sqlite_store *)closed;
    pthread_mutex_lock(&store->lock);
    store->stopping = true;
    pthread_cond_broadcast(&store->work);
    pthread_mutex_unlock(&store->lock);
    if (store->writer_started)
        pthread_join(store->writer_thread, NULL);
    ship_end(store->ship);
    while (store->free_readers != NULL) {
        struct sqlite_db *db = store->free_readers;
        store->free_readers = db->next_free;
        db_close(db);
    }
    db_close(store->writer);
    pthread_cond_destroy(&store->work);
    pthread_cond_destroy(&store->finished);
    pthread_mutex_destroy(&store->lock);
    ids_end(&store->base.ids);
    free(store->path);
    free(store);
}

/* The folder of a database that is to be made; one level, as with the default var/. */
static void
make_folder(struct ctx *cx, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash != NULL && slash != path)
        (void)mkdir(arena_strndup(cx->arena, path, (size_t)(slash - path)), 0700);
}

static enum status
open_store(struct ctx *cx, const struct store_options *options, struct store **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    struct sqlite_store *store = calloc(1, sizeof(*store));
    if (store == NULL)
        abort();
    store->base.engine = &engine_file;
    store->base.is_volatile = options->volatile_;
    ids_begin(&store->base.ids);
    store->path = strdup(options->where);
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->work, NULL);
    pthread_cond_init(&store->finished, NULL);
    if (options->create)
        make_folder(cx, store->path);
    enum status status = db_open(cx, store, options->create, true, &store->writer);
    if (status == OK) {
        store->writer_started =
            pthread_create(&store->writer_thread, NULL, sqlite_writer, store) == 0;
        if (!store->writer_started)
            status = fault_set(cx, ERR_STORE, "Hệ điều hành không cho tạo thêm luồng.");
    }
    if (status != OK) {
        close_store(&store->base);
        return status;
    }
    *out = &store->base;
    return OK;
}

static enum status
read_begin(struct ctx *cx)
{
    struct sqlite_store *store = (struct sqlite_store *)cx->store;
    pthread_mutex_lock(&store->lock);
    struct sqlite_db *db = store->free_readers;
    if (db != NULL)
        store->free_readers = db->next_free;
    pthread_mutex_unlock(&store->lock);
    if (db == NULL)
        TRY(db_open(cx, store, false, false, &db));
    enum status status = db_command(cx, db, "BEGIN");
    if (status != OK) {
        db_close(db);
        return status;
    }
    cx->db = &db->base;
    return OK;
}

static void
read_end(struct ctx *cx)
{
    struct sqlite_store *store = (struct sqlite_store *)cx->store;
    struct sqlite_db *db = (struct sqlite_db *)cx->db;
    cx->db = NULL;
    db_reset(db);
    if (sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        db_close(db);
        return;
    }
    db_forget_statements(db);
    pthread_mutex_lock(&store->lock);
    db->next_free = store->free_readers;
    store->free_readers = db;
    pthread_mutex_unlock(&store->lock);
}

/* The one writer is always alone; so is a process that writes: BEGIN IMMEDIATE waits for it. */
static enum status
alone(struct ctx *cx)
{
    (void)cx;
    return OK;
}

/* Statements */

static struct sqlite_query *
prepared(struct sqlite_db *db, const struct sql *sql)
{
    struct sqlite_query *q = map_get_int(db->prepared, (int64_t)sql->id + 1);
    if (q != NULL)
        return q;
    q = ARENA_NEW(db->arena, struct sqlite_query);
    q->db = db;
    q->next_prepared = db->first_prepared;
    db->first_prepared = q;
    map_set_int(db->prepared, (int64_t)sql->id + 1, q);
    db->prepared_count++;
    return q;
}

static struct query *
query(struct ctx *cx, const struct sql *sql)
{
    struct sqlite_db *db = (struct sqlite_db *)cx->db;
    struct sqlite_query *q = prepared(db, sql);
    assert(!q->in_use);
    q->base = query_begin(&engine_file, cx, sql, OK);
    q->asked = 0;
    if (q->statement == NULL &&
        sqlite3_prepare_v3(db->handle, sql->text[DIALECT_SQLITE], -1, SQLITE_PREPARE_PERSISTENT,
            &q->statement, NULL) != SQLITE_OK)
        q->base.status = db_fault(cx, db, sql->name);
    if (q->statement != NULL)
        sqlite3_clear_bindings(q->statement);
    q->in_use = true;
    q->next_in_use = db->in_use;
    db->in_use = q;
    return &q->base;
}

static sqlite3_stmt *
statement(const struct query *q)
{
    return ((const struct sqlite_query *)q)->statement;
}

static void
bind_int(struct query *q, int at, int64_t value)
{
    sqlite3_bind_int64(statement(q), at + 1, value);
}

static void
bind_text(struct query *q, int at, const char *value)
{
    if (value == NULL)
        sqlite3_bind_null(statement(q), at + 1);
    else
        sqlite3_bind_text(statement(q), at + 1, value, -1, SQLITE_STATIC);
}

/* An empty one is no null: SQLite tells them apart by the pointer. */
static void
bind_blob(struct query *q, int at, const void *bytes, size_t length)
{
    sqlite3_bind_blob64(statement(q), at + 1, length == 0 ? "" : bytes, length, SQLITE_STATIC);
}

static void
release(struct sqlite_query *q)
{
    sqlite3_reset(q->statement);
    if (!q->in_use)
        return;
    q->in_use = false;
    struct sqlite_query **at = &q->db->in_use;
    while (*at != q)
        at = &(*at)->next_in_use;
    *at = q->next_in_use;
}

static bool
step(struct sqlite_query *q)
{
    if (q->base.status != OK)
        return false;
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        q->base.status = db_fault(q->base.cx, q->db, q->base.sql->name);
    return false;
}

static void
first_step(struct sqlite_query *q)
{
    if (q->base.status == OK)
        q->base.status = store_may_run(q->base.cx, q->db->base.store);
}

/* Ask once more, if it is to be asked more often. */
static bool
ask(struct sqlite_query *q)
{
    if (q->base.status != OK || q->asked == q->base.count)
        return false;
    sqlite3_reset(q->statement);
    query_bind(&q->base, q->asked);
    q->base.which = q->asked++;
    first_step(q);
    return true;
}

static bool
next(struct query *query)
{
    struct sqlite_query *q = (struct sqlite_query *)query;
    if (sqlite3_stmt_busy(q->statement) && step(q))
        return true;
    while (ask(q)) {
        if (step(q))
            return true;
    }
    return false;
}

static enum status
end(struct query *q)
{
    release((struct sqlite_query *)q);
    return q->status;
}

static enum status
run(struct query *query, int64_t *changed)
{
    struct sqlite_query *q = (struct sqlite_query *)query;
    first_step(q);
    while (step(q))
        ;
    if (changed != NULL)
        *changed = sqlite3_changes64(q->db->handle);
    return end(query);
}

static int64_t
get_int(const struct query *q, int column)
{
    return sqlite3_column_int64(statement(q), column);
}

static bool
get_null(const struct query *q, int column)
{
    return sqlite3_column_type(statement(q), column) == SQLITE_NULL;
}

static const char *
peek_text(const struct query *q, int column)
{
    return (const char *)sqlite3_column_text(statement(q), column);
}

static const void *
peek_blob(const struct query *q, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(statement(q), column);
    *length = (size_t)sqlite3_column_bytes(statement(q), column);
    return bytes == NULL ? "" : bytes;
}

/* The driver's dress for DDL: a table in the order of its primary key is WITHOUT ROWID here. */
static enum status
script(struct ctx *cx, const char *text)
{
    static const char mark[] = "/* clustered */";
    struct buf out = buf_new(cx->arena);
    const char *at;
    while ((at = strstr(text, mark)) != NULL) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, "WITHOUT ROWID");
        text = at + strlen(mark);
    }
    buf_text(&out, text);
    return db_command(cx, (struct sqlite_db *)cx->db, buf_string(&out));
}

static void
add_folder_of(struct arena *arena, const char *path, struct store_places *out)
{
    const char *slash = strrchr(path, '/');
    *ARENA_PUSH(arena, out->writes, out->write_count) =
        slash == NULL ? "." : arena_strndup(arena, path, (size_t)(slash - path) + 1);
}

/* The log of changes lies beside the file itself, whatever name leads to it. */
static void
find_places(struct arena *arena, const char *where, struct store_places *out)
{
    char *path = realpath(where, NULL);
    add_folder_of(arena, where, out);
    if (path != NULL)
        add_folder_of(arena, path, out);
    free(path);
}

const struct engine engine_file = {
    .dialect = DIALECT_SQLITE,
    .find_places = find_places,
    .open = open_store,
    .close = close_store,
    .read_begin = read_begin,
    .read_end = read_end,
    .write = sqlite_write,
    .alone = alone,
    .script = script,
    .match = sqlite_match,
    .query = query,
    .bind_int = bind_int,
    .bind_text = bind_text,
    .bind_blob = bind_blob,
    .next = next,
    .end = end,
    .run = run,
    .get_int = get_int,
    .get_null = get_null,
    .peek_text = peek_text,
    .peek_blob = peek_blob,
};
