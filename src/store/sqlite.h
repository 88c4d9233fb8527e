/* The SQLite driver's inside: a connection, its statements, and the writer thread. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/engine.h"

#include "store/ship.h"

#include <pthread.h>
#include <sqlite3.h>

struct sqlite_query {
    struct query base;
    struct sqlite_db *db;
    sqlite3_stmt *statement;
    int asked; /* how often so far */
    bool in_use;
    struct sqlite_query *next_in_use;
    struct sqlite_query *next_prepared;
};

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    struct arena *arena; /* the connection's: prepared queries */
    struct arena_mark before_prepared;
    struct map *prepared; /* sql id -> struct sqlite_query */
    struct sqlite_query *first_prepared;
    int prepared_count;
    struct sqlite_query *in_use; /* those to reset at the end of the transaction */
    struct sqlite_db *next_free;
};

struct job {
    struct ctx *cx;
    write_fn *fn;
    void *arg;
    enum status status;
    bool done;
    struct job *next;
};

struct sqlite_store {
    struct store base;
    char *path;
    pthread_mutex_t lock; /* of everything below but the writer's own */
    pthread_cond_t work, finished;
    struct sqlite_db *free_readers;
    struct job *first, *last; /* the queue of the writer */
    bool stopping, writer_started;
    pthread_t writer_thread;
    struct sqlite_db *writer;
    struct ship *ship; /* NULL: what is written is not shipped */
};

MUST_CHECK enum status db_open(struct ctx *, struct sqlite_store *, bool create, bool writing,
    struct sqlite_db **out);
void db_close(struct sqlite_db *);
/* Run one statement without parameters ("BEGIN"). */
MUST_CHECK enum status db_command(struct ctx *, struct sqlite_db *, const char *text);
/* Reset all statements in use. */
void db_reset(struct sqlite_db *);
/* Statements of models that are gone would pile up: when there are many, all of them go. Between
 * transactions only. */
void db_forget_statements(struct sqlite_db *);
/* Say what SQLite said last, as a fault and in the log. */
enum status db_fault(struct ctx *, struct sqlite_db *, const char *what);

/* The writer's thread, and what hands it a job and waits. */
void *sqlite_writer(void *store);
enum status sqlite_write(struct ctx *, write_fn *, void *arg);

/* The pages of a connection's snapshot into a new file, with a pause now and then. */
MUST_CHECK enum status sqlite_copy_pages(struct ctx *, struct sqlite_db *,
    const struct ship_pause *, const char *path);

/* On the writer's thread, between two groups: let the log come round when it is long. */
void ship_turn(struct ship *);
/* Ship the rest. No more writes. NULL is nothing. */
void ship_end(struct ship *);

const char *sqlite_match(struct arena *, const struct fulltext *, enum fulltext_part);

#endif
