/* The store: one database behind one interface, whichever engine keeps it. No word of an engine
 * leaves this folder.
 *
 * Reading happens in a snapshot (store_read_begin), writing only through store_write. Inside
 * either, `cx->db` is the open transaction and queries run on it:
 *
 *     struct query *q = query_new(cx, Q_UNIT_SPANS);
 *     query_int(q, "unit", id);
 *     while (query_next(q))
 *         use(query_get_int(q, 0));
 *     TRY(query_end(q));
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/ctx.h"
#include "queries.h"
#include "store/sql.h"

struct store;
struct query;

struct store_options {
    const char *where; /* a file name, or the address of a server's database: postgresql://… */
    bool create;       /* make the file when there is none; else ERR_NOT_FOUND. What is on a server
                          must be there */
    bool volatile_;    /* no fsync: for tests only */
};

/* Open a database; migrations are run by store_migrate. Used by all threads of the process. */
MUST_CHECK enum status store_open(struct ctx *, const struct store_options *, struct store **out);
void store_close(struct store *);

/* Bring the schema to this program's version; says how many steps were taken. ERR_INVALID when the
 * database is of a later version. */
MUST_CHECK enum status store_migrate(struct ctx *, int *steps);
/* The same, so that the tables are spread over the machines of a Citus cluster (distribute.h). Only
 * a database without tables becomes so; one that is so stays so. ERR_INVALID, with nothing changed,
 * where it cannot be. */
MUST_CHECK enum status store_migrate_distributed(struct ctx *, int *steps);
/* ERR_INVALID, with advice, unless the schema is of this program's version. */
MUST_CHECK enum status store_check_version(struct ctx *);

/* A snapshot for reading: sets cx->db. Each thread has its own at a time; end it soon. */
MUST_CHECK enum status store_read_begin(struct ctx *);
void store_read_end(struct ctx *);

/* The only way to write. `fn` runs inside one transaction, touches cx->db and memory of cx->arena
 * only, and may run more than once; what it returns decides: OK commits, anything else undoes all
 * that it did. On OK the data is on the disk. In a file, jobs of several threads share a
 * transaction and its fsync, each in a savepoint of its own; on a server each is a transaction
 * beside others, so that what is read in order to be changed is locked (the queries
 * NAME_for_change) before it is read. Not inside another store_write. */
typedef enum status write_fn(struct ctx *, void *arg);
MUST_CHECK enum status store_write(struct ctx *, write_fn *fn, void *arg);

/* Inside a write: from here on nobody else writes until this one ends, and what it has read so far
 * still holds. For what changes the ground that others stand on (units, packs, settings), and for
 * what is made anew from everything. To wait for the others `fn` may be run again from its
 * beginning: hand up what this returns. */
MUST_CHECK enum status store_alone(struct ctx *);

/* Fresh ids, only inside store_write: 41 bits of milliseconds since 2016, an 8-bit slot that no
 * other process holds, a 14-bit counter. They grow within a process. */
int64_t store_id(struct ctx *);

/* Inside a write: is it the first time that it asks this of the shard, or the first since it asked
 * it of another? For what a write leaves once in a shard, whatever it does there. */
bool store_shard_is_new(struct ctx *, int64_t shard);

/* The name under which this process holds leases. */
const char *store_holder(const struct ctx *);

/* Run DDL or other statements made at run time, `;` between them, only inside store_write; ""
 * and what is only a comment are none. */
MUST_CHECK enum status store_script(struct ctx *, const char *text);

/* A prepared statement on cx->db, ready to be bound; what is not bound is null. Never NULL: what
 * goes wrong on the way is told by query_end, query_run or query_one. One statement is not used
 * twice at the same time. */
struct query *query_new(struct ctx *, enum query_name);
struct query *query_sql(struct ctx *, const struct sql *);

/* Bind by name, or by place (`at` from 0) for generated statements. A text is not copied: it stays
 * until the query has run. */
void query_int(struct query *, const char *name, int64_t);
void query_text(struct query *, const char *name, const char *); /* NULL binds null */
void query_int_at(struct query *, int at, int64_t);
void query_text_at(struct query *, int at, const char *);
void query_null_at(struct query *, int at);
void query_blob_at(struct query *, int at, const void *bytes, size_t length);
/* Bytes; like a text, they are not copied. */
void query_blob(struct query *, const char *name, const void *bytes, size_t length);

/* Ask `count` times, one after the other: before the i-th time `bind` binds what is another than
 * before, by a text of its own until it is called again. The rows come in this order. A server is
 * asked ahead, so that all of them together cost one way there and back and not `count`; a file is
 * asked for each when its turn comes. So what is written meanwhile may be seen or not. Before the
 * first query_next, and not of a statement that is long. */
typedef void query_bind_fn(struct query *, int i, void *arg);
void query_each(struct query *, int count, query_bind_fn *bind, void *arg);
/* The same where it is one number that differs; the numbers stay until the end. */
void query_each_int(struct query *, const char *name, const int64_t *values, int count);
/* Whose rows come: the i of the last row. */
int query_which(const struct query *);

/* Step to the next row; false at the end or on failure. */
bool query_next(struct query *);
/* What the steps came to. Call it once after the last query_next. */
MUST_CHECK enum status query_end(struct query *);
/* Run to the end; *changed (may be NULL) is the number of rows that were changed. ERR_CONFLICT when
 * a constraint of the schema is broken. */
MUST_CHECK enum status query_run(struct query *, int64_t *changed);
/* The first row, if there is one; its columns can be read until query_end or the next use. */
MUST_CHECK enum status query_one(struct query *, bool *found);

int64_t query_get_int(const struct query *, int column);
bool query_get_null(const struct query *, int column);
/* A copy in the arena, or NULL. */
const char *query_get_text(struct query *, int column);
/* The text until the next step, not copied: for long loops. */
const char *query_peek_text(const struct query *, int column);
/* Bytes and how many, until the next step; "" when there are none. */
const void *query_peek_blob(const struct query *, int column, size_t *length);

/* Is the database one file, or at the address of a server? */
bool store_is_file(const char *where);

/* The files and folders that serving a database reads, and writes, beside those of the system's
 * libraries: for whoever shuts out the rest. In the arena; there is room for more behind. */
struct store_places {
    const char **reads, **writes;
    int read_count, write_count;
};
void store_find_places(struct arena *, const char *where, struct store_places *);

/* For tests of crash safety: let the n-th statement from now, those that begin and end a
 * transaction included, fail as a disk would (0: never). */
void store_fail_after(struct store *, int statements);
/* Statements that have run since the store was opened. */
int64_t store_statement_count(const struct store *);

#endif
