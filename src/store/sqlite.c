/* The SQLite driver: connections, snapshots and statements. The writer thread is next door. Readers
 * have connections of their own (write-ahead logging: they never wait for the writer). */
#include "store/sqlite.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_KEPT = 400, BUSY_TIMEOUT_MS = 30000 };

enum status
db_fault(struct ctx *cx, struct db *db, const char *what)
{
    int code = sqlite3_errcode(db->handle);
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
        log_note("constraint broken in \"%s\": %s", what, sqlite3_errmsg(db->handle));
        return fault_set(cx, ERR_CONFLICT, "Dữ liệu trái với ràng buộc của cơ sở dữ liệu.");
    }
    log_note("store failed in \"%s\": %s (code %d)", what, sqlite3_errmsg(db->handle),
        sqlite3_extended_errcode(db->handle));
    if ((code & 0xff) == SQLITE_FULL)
        return fault_set(cx, ERR_STORE, "Ổ đĩa đã đầy; chưa ghi gì. Giải phóng chỗ rồi thử lại.");
    return fault_set(cx, ERR_STORE, "Cơ sở dữ liệu không đọc hoặc ghi được; chưa thay đổi gì.");
}

/* Tests let a chosen statement fail as a disk would. */
static enum status
must_not_fail(struct ctx *cx, struct store *store)
{
    long long now = atomic_fetch_add_explicit(&store->statements, 1, memory_order_relaxed) + 1;
    long long at = atomic_load_explicit(&store->fail_at, memory_order_relaxed);
    if (at == 0 || now != at)
        return OK;
    return fault_set(cx, ERR_STORE, "Lỗi đĩa do phép thử đặt ra.");
}

enum status
db_command(struct ctx *cx, struct db *db, const char *text)
{
    TRY(must_not_fail(cx, db->store));
    if (sqlite3_exec(db->handle, text, NULL, NULL, NULL) != SQLITE_OK)
        return db_fault(cx, db, text);
    return OK;
}

/* Page size 8192 and small caches were measured (doc/performance.md); no memory map, because an
 * I/O error under a map is a signal and not a status. */
static enum status
configure(struct ctx *cx, struct db *db)
{
    TRY(db_command(cx, db, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"));
    TRY(db_command(cx, db, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"));
    TRY(db_command(cx, db,
        db->store->is_volatile ? "PRAGMA synchronous=OFF" : "PRAGMA synchronous=FULL"));
    if (!db->writing)
        return db_command(cx, db, "PRAGMA cache_size=-4000; PRAGMA query_only=ON;");
    return db_command(cx, db, "PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=2000;");
}

enum status
db_open(struct ctx *cx, struct store *store, bool create, bool writing, struct db **out)
{
    struct arena *arena = arena_new();
    struct db *db = ARENA_NEW(arena, struct db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    db->arena = arena;
    db->store = store;
    db->writing = writing;
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
finalize_statements(struct db *db)
{
    for (struct query *q = db->first_prepared; q != NULL; q = q->next_prepared)
        sqlite3_finalize(q->statement);
    db->first_prepared = NULL;
}

void
db_close(struct db *db)
{
    if (db == NULL)
        return;
    finalize_statements(db);
    sqlite3_close(db->handle);
    arena_free(db->arena);
}

void
db_reset(struct db *db)
{
    for (struct query *q = db->in_use; q != NULL; q = q->next_in_use) {
        sqlite3_reset(q->statement);
        q->in_use = false;
    }
    db->in_use = NULL;
}

void
db_forget_statements(struct db *db)
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

enum status
store_open(struct ctx *cx, const struct store_options *options, struct store **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    if (strncmp(options->where, "postgres", 8) == 0)
        return fault_set(cx, ERR_INVALID,
            "Bản này chỉ dùng SQLite: --db cần tên tệp, không phải %s.", options->where);
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL)
        abort();
    store->path = strdup(options->where);
    store->is_volatile = options->volatile_;
    store->slot = -1;
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->work, NULL);
    pthread_cond_init(&store->finished, NULL);
    enum status status = db_open(cx, store, options->create, true, &store->writer);
    if (status == OK) {
        store->writer_started =
            pthread_create(&store->writer_thread, NULL, sqlite_writer, store) == 0;
        if (!store->writer_started)
            status = fault_set(cx, ERR_STORE, "Hệ điều hành không cho tạo thêm luồng.");
    }
    if (status != OK) {
        store_close(store);
        return status;
    }
    cx->store = *out = store;
    return OK;
}

void
store_close(struct store *store)
{
    if (store == NULL)
        return;
    pthread_mutex_lock(&store->lock);
    store->stopping = true;
    pthread_cond_broadcast(&store->work);
    pthread_mutex_unlock(&store->lock);
    if (store->writer_started)
        pthread_join(store->writer_thread, NULL);
    while (store->free_readers != NULL) {
        struct db *db = store->free_readers;
        store->free_readers = db->next_free;
        db_close(db);
    }
    db_close(store->writer);
    pthread_cond_destroy(&store->work);
    pthread_cond_destroy(&store->finished);
    pthread_mutex_destroy(&store->lock);
    free(store->path);
    free(store);
}

enum status
store_read_begin(struct ctx *cx)
{
    struct store *store = cx->store;
    assert(cx->db == NULL);
    pthread_mutex_lock(&store->lock);
    struct db *db = store->free_readers;
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
    cx->db = db;
    return OK;
}

void
store_read_end(struct ctx *cx)
{
    struct db *db = cx->db;
    if (db == NULL)
        return;
    cx->db = NULL;
    db_reset(db);
    if (sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        db_close(db);
        return;
    }
    db_forget_statements(db);
    pthread_mutex_lock(&db->store->lock);
    db->next_free = db->store->free_readers;
    db->store->free_readers = db;
    pthread_mutex_unlock(&db->store->lock);
}

/* Statements */

struct query *
query_sql(struct ctx *cx, const struct sql *sql)
{
    struct db *db = cx->db;
    assert(db != NULL);
    struct query *q = map_get_int(db->prepared, (int64_t)sql->id + 1);
    if (q == NULL) {
        q = ARENA_NEW(db->arena, struct query);
        q->db = db;
        q->next_prepared = db->first_prepared;
        db->first_prepared = q;
        map_set_int(db->prepared, (int64_t)sql->id + 1, q);
        db->prepared_count++;
    }
    assert(!q->in_use);
    q->cx = cx;
    q->sql = sql;
    q->status = OK;
    if (q->statement == NULL &&
        sqlite3_prepare_v3(db->handle, sql->text[DIALECT_SQLITE], -1, SQLITE_PREPARE_PERSISTENT,
            &q->statement, NULL) != SQLITE_OK)
        q->status = db_fault(cx, db, sql->name);
    if (q->statement != NULL)
        sqlite3_clear_bindings(q->statement);
    q->in_use = true;
    q->next_in_use = db->in_use;
    db->in_use = q;
    return q;
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
    sqlite3_bind_int64(q->statement, at + 1, value);
}

void
query_text_at(struct query *q, int at, const char *value)
{
    if (value == NULL)
        sqlite3_bind_null(q->statement, at + 1);
    else
        sqlite3_bind_text(q->statement, at + 1, value, -1, SQLITE_STATIC);
}

void
query_null_at(struct query *q, int at)
{
    sqlite3_bind_null(q->statement, at + 1);
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

/* An empty one is no null: SQLite tells them apart by the pointer. */
void
query_blob(struct query *q, const char *name, const void *bytes, size_t length)
{
    sqlite3_bind_blob64(q->statement, parameter(q, name) + 1, length == 0 ? "" : bytes, length,
        SQLITE_STATIC);
}

static void
release(struct query *q)
{
    sqlite3_reset(q->statement);
    if (!q->in_use)
        return;
    q->in_use = false;
    struct query **at = &q->db->in_use;
    while (*at != q)
        at = &(*at)->next_in_use;
    *at = q->next_in_use;
}

static bool
step(struct query *q)
{
    if (q->status != OK)
        return false;
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        q->status = db_fault(q->cx, q->db, q->sql->name);
    return false;
}

static void
first_step(struct query *q)
{
    if (q->status == OK)
        q->status = must_not_fail(q->cx, q->db->store);
}

bool
query_next(struct query *q)
{
    if (!sqlite3_stmt_busy(q->statement))
        first_step(q);
    return step(q);
}

enum status
query_end(struct query *q)
{
    release(q);
    return q->status;
}

enum status
query_run(struct query *q, int64_t *changed)
{
    first_step(q);
    while (step(q))
        ;
    if (changed != NULL)
        *changed = sqlite3_changes64(q->db->handle);
    return query_end(q);
}

enum status
query_one(struct query *q, bool *found)
{
    first_step(q);
    *found = step(q);
    if (!*found)
        return query_end(q);
    return OK;
}

int64_t
query_get_int(const struct query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

bool
query_get_null(const struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

const char *
query_peek_text(const struct query *q, int column)
{
    return (const char *)sqlite3_column_text(q->statement, column);
}

const void *
query_peek_blob(const struct query *q, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(q->statement, column);
    *length = (size_t)sqlite3_column_bytes(q->statement, column);
    return bytes == NULL ? "" : bytes;
}

const char *
query_get_text(struct query *q, int column)
{
    return arena_strdup(q->cx->arena, query_peek_text(q, column));
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

/* The driver's dress for DDL: a table in the order of its primary key is WITHOUT ROWID here. */
enum status
store_script(struct ctx *cx, const char *text)
{
    static const char mark[] = "/* clustered */";
    struct buf out = buf_new(cx->arena);
    const char *at;
    assert(cx->db != NULL && cx->db->writing);
    while ((at = strstr(text, mark)) != NULL) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, "WITHOUT ROWID");
        text = at + strlen(mark);
    }
    buf_text(&out, text);
    return db_command(cx, cx->db, buf_string(&out));
}
