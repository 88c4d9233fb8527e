/* What an engine is to the rest of this folder: a table of functions, and the heads of the structs
 * that it completes with its own. store.c is what everybody calls; it keeps what is the same for
 * all engines and hands on the rest. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/fulltext.h"
#include "store/ids.h"
#include "store/store.h"

#include <stdatomic.h>

struct engine {
    enum dialect dialect;
    const char *own_schema; /* tables that only the engine itself knows, made at every migration;
                               or NULL */
    void (*find_places)(struct arena *, const char *where, struct store_places *);
    enum status (*open)(struct ctx *, const struct store_options *, struct store **out);
    void (*close)(struct store *);
    enum status (*read_begin)(struct ctx *);
    void (*read_end)(struct ctx *);
    enum status (*write)(struct ctx *, write_fn *, void *arg);
    enum status (*alone)(struct ctx *);
    enum status (*script)(struct ctx *, const char *text);
    const char *(*match)(struct arena *, const struct fulltext *, enum fulltext_part);
    struct query *(*query)(struct ctx *, const struct sql *);
    void (*bind_int)(struct query *, int at, int64_t);
    void (*bind_text)(struct query *, int at, const char *); /* NULL binds null */
    void (*bind_blob)(struct query *, int at, const void *bytes, size_t length);
    bool (*next)(struct query *);
    enum status (*end)(struct query *);
    enum status (*run)(struct query *, int64_t *changed);
    int64_t (*get_int)(const struct query *, int column);
    bool (*get_null)(const struct query *, int column);
    const char *(*peek_text)(const struct query *, int column);
    const void *(*peek_blob)(const struct query *, int column, size_t *length);
};

/* The one that keeps a database in a file, and the one that asks a server. */
extern const struct engine engine_file, engine_server;

/* Does the database lie on one machine, or are its tables spread over several (distribute.h)? */
enum spread { SPREAD_UNKNOWN, SPREAD_WHOLE, SPREAD_DISTRIBUTED };

struct store {
    const struct engine *engine;
    bool is_volatile;
    _Atomic enum spread spread;
    struct ids ids;
    atomic_llong statements;
    atomic_llong fail_at; /* the statement that fails; 0 none */
};

struct db {
    struct store *store;
    bool writing;
    bool has_shard; /* of the write that is going on, for store_shard_is_new */
    int64_t shard;
};

struct query {
    const struct engine *engine;
    struct ctx *cx;
    const struct sql *sql;
    enum status status;  /* of the first thing that went wrong */
    int count, which;    /* how often it is asked, and whose rows come */
    query_bind_fn *bind; /* what is bound before each time, or NULL */
    void *bind_arg;
};

/* What begins a use of a statement. */
struct query query_begin(const struct engine *, struct ctx *, const struct sql *, enum status);
/* Bind what it asks the i-th time. */
void query_bind(struct query *, int i);

/* How many bytes of a statement stand in a note: its first line, and not all of a very long one. */
int statement_head(const char *text);

/* Every statement asks this first: it counts them, and lets the one fail that a test has chosen. */
MUST_CHECK enum status store_may_run(struct ctx *, struct store *);

#endif
