/* The PostgreSQL driver's inside: a connection, its statements, and the pool. Statements are sent
 * in libpq's pipeline mode: one that only writes is not waited for, and what it came to is known
 * when something is read or at the commit. Rows of a statement that is gathered are sent many at
 * once. */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/engine.h"

#include <libpq-fe.h>

/* What became of a transaction. */
enum failure {
    FAILURE_NONE,
    FAILURE_FINAL,    /* it would fail again */
    FAILURE_CONFLICT, /* a unique key was taken: perhaps by somebody who was faster, once more tells
                       */
    FAILURE_AGAIN,    /* others were in the way: it may succeed the next time */
    FAILURE_LOST      /* the connection is gone */
};

enum {
    PENDING_MOST = 256, /* statements on the way */
    AHEAD_MOST = 64     /* of them, those of one query that is asked several times */
};

/* One that the server has. */
struct prepared {
    char name[40];
    int renamed; /* how often it was prepared with other types */
    bool is_ready;
};

/* Rows that are not sent yet, each parameter as its length (-1: null) and its bytes. */
struct gathered {
    struct prepared prepared; /* of many rows */
    const char *text;         /* of it, or NULL */
    int rows_at_once, rows;
    char *bytes;
    size_t length, room;
    bool is_listed;
    struct postgres_query *next; /* of those of the connection that may have rows */
};

struct postgres_query {
    struct query base;
    struct postgres_db *db;
    const char *what; /* its name, for the log */
    struct prepared prepared;
    struct gathered gathered;
    /* parameters, by place */
    Oid *types;
    const char **values;
    int *lengths, *formats;
    int64_t *numbers; /* integers in the order of the network */
    /* rows */
    PGresult *result;
    int row, rows;
    PGresult **heard; /* of the next times that it was asked: a ring */
    int heard_room, first_heard, heard_count;
    int on_way; /* answers that are still to come */
    int asked;  /* how often so far */
    bool has_cursor;
    bool in_use;
    struct postgres_query *next_in_use;
};

/* A statement on the way. */
struct sent {
    const char *what;             /* for the log */
    struct postgres_query *owner; /* who wants the answer, or NULL */
};

struct postgres_db {
    struct db base;
    PGconn *connection;
    int64_t number; /* of the connection, by chance: its row in commit_mark */
    int64_t serial; /* of its last commit */
    bool is_alone, wants_alone;
    enum failure failure;           /* the first of the transaction */
    enum status status;             /* what those are told who ask for more */
    struct sent sent[PENDING_MOST]; /* what was sent and not heard of, a ring */
    int first_sent, pending;
    bool is_flushed;                  /* the server was told to answer all of it */
    struct postgres_query *gathering; /* those that may have rows to be sent */
    struct arena *arena;              /* the connection's: prepared queries */
    struct arena_mark before_prepared;
    struct map *prepared; /* sql id -> struct postgres_query */
    int prepared_count;
    struct postgres_query *in_use; /* those to let go at the end of the transaction */
    struct postgres_db *next_free;
};

struct postgres_store {
    struct store base;
    char *address;
    pthread_mutex_t lock; /* of the pool */
    struct postgres_db *free;
    atomic_bool has_marks;     /* the table commit_mark is there */
    pthread_mutex_t slot_lock; /* held by the thread that takes a slot */
};

/* Connecting. `patience` is how long, in milliseconds, a server is waited for that is down. */
MUST_CHECK enum status postgres_connect(struct ctx *, struct postgres_store *, int patience,
    struct postgres_db **out);
void postgres_disconnect(struct postgres_db *);

/* Statements without parameters and results, `;` between, before the pipeline and after it. */
MUST_CHECK enum status postgres_command(struct ctx *, struct postgres_db *, const char *text);
/* Note the first failure of a transaction: into the log, and as a fault. */
void postgres_failed(struct ctx *, struct postgres_db *, const PGresult *, const char *what);
/* The pipeline (postgres_pipe.c). `accepted` is what libpq said of a statement that was sent; its
 * answer is kept for the owner, if there is one. */
void postgres_sent(struct ctx *, struct postgres_db *, struct sent, int accepted);
/* Send a statement of the driver's own, with parameters as texts, and do not wait. */
void postgres_send(struct ctx *, struct postgres_db *, const char *text, int count,
    const char *const *values);
/* Hear of the oldest that was sent; false when anything failed. */
bool postgres_hear(struct ctx *, struct postgres_db *);
/* The oldest answer of those that were kept. */
PGresult *postgres_take(struct postgres_query *);
/* Hear of all that was sent and leave the pipeline. */
void postgres_sync(struct ctx *, struct postgres_db *);
/* The end of a use; answers that are still to come are for nobody. */
void postgres_let_go(struct postgres_query *);
/* Let go of all queries, and of rows that were not sent. */
void postgres_reset(struct postgres_db *);

/* Rows (postgres_gather.c). Keep what is bound, and send when it is much. */
void postgres_gather(struct postgres_query *);
/* Send all rows; before anything that could see them. */
void postgres_gather_send(struct ctx *, struct postgres_db *);
/* Forget them. */
void postgres_gather_drop(struct postgres_db *);

/* Send a statement under its name, which the server is told before if it does not know it. */
struct bound {
    uint64_t id; /* of the statement */
    struct sent sent;
    const char *text;
    int count;
    const Oid *types;
    const char *const *values;
    const int *lengths, *formats;
};
void postgres_send_prepared(struct ctx *, struct postgres_db *, struct prepared *,
    const struct bound *);
/* Statements of models that are gone would pile up: when there are many, or when it is not known
 * which the server has, all of them go. Between transactions only. */
void postgres_forget_statements(struct postgres_db *, bool all);

enum status postgres_script(struct ctx *, const char *text);
const char *postgres_match(struct arena *, const struct fulltext *, enum fulltext_part);

struct query *postgres_query(struct ctx *, const struct sql *);
void postgres_bind_int(struct query *, int at, int64_t);
void postgres_bind_text(struct query *, int at, const char *);
void postgres_bind_blob(struct query *, int at, const void *bytes, size_t length);
bool postgres_next(struct query *);
enum status postgres_end(struct query *);
enum status postgres_run(struct query *, int64_t *changed);
int64_t postgres_get_int(const struct query *, int column);
bool postgres_get_null(const struct query *, int column);
const char *postgres_peek_text(const struct query *, int column);
const void *postgres_peek_blob(const struct query *, int column, size_t *length);

/* Of engine.h: passwords and certificates that the client library reads at each connection. */
void postgres_find_places(struct arena *, const char *where, struct store_places *);

#endif
