/* The SQLite driver's inside: a connection, its statements, and the writer thread. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

struct query {
    struct db *db;
    struct ctx *cx;
    const struct sql *sql;
    sqlite3_stmt *statement;
    enum status status; /* of the first thing that went wrong */
    bool in_use;
    struct query *next_in_use;
    struct query *next_prepared;
};

struct db {
    struct store *store;
    sqlite3 *handle;
    struct arena *arena; /* the connection's: prepared queries */
    struct arena_mark before_prepared;
    struct map *prepared; /* sql id -> struct query */
    struct query *first_prepared;
    int prepared_count;
    struct query *in_use; /* those to reset at the end of the transaction */
    bool writing;
    struct db *next_free;
};

struct job {
    struct ctx *cx;
    write_fn *fn;
    void *arg;
    enum status status;
    bool done;
    struct job *next;
};

struct store {
    char *path;
    bool is_volatile;
    pthread_mutex_t lock; /* of everything below but the writer's own */
    pthread_cond_t work, finished;
    struct db *free_readers;
    struct job *first, *last; /* the queue of the writer */
    bool stopping, writer_started;
    pthread_t writer_thread;
    struct db *writer;
    /* ids, used by the writer thread only */
    int64_t last_id;
    int slot; /* -1: none is held */
    int64_t slot_until;
    atomic_llong statements;
    atomic_llong fail_at; /* the statement that fails; 0 none */
};

MUST_CHECK enum status db_open(struct ctx *, struct store *, bool create, bool writing,
    struct db **out);
void db_close(struct db *);
/* Run one statement without parameters ("BEGIN"). */
MUST_CHECK enum status db_command(struct ctx *, struct db *, const char *text);
/* Reset all statements in use. */
void db_reset(struct db *);
/* Statements of models that are gone would pile up: when there are many, all of them go. Between
 * transactions only. */
void db_forget_statements(struct db *);
/* Say what SQLite said last, as a fault and in the log. */
enum status db_fault(struct ctx *, struct db *, const char *what);

void *sqlite_writer(void *store);

#endif
