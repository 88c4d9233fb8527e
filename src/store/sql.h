/* SQL with named parameters, for whichever engine reads it. Queries are written with :name; each
 * engine numbers them in its own way. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES, DIALECT__COUNT };

/* One statement. A parameter's number is its place in `parameters`, from 0. */
struct sql {
    uint64_t id;      /* unique in the process: prepared statements are kept under it */
    const char *name; /* for the log */
    const char *text[DIALECT__COUNT];
    const char *const *parameters;
    int parameter_count;
    bool is_long;     /* it may bring more rows than memory should hold at once */
    bool every_shard; /* it asks more than one; a test demands `shard = …` of all others */
    bool
        is_gathered; /* an INSERT of one row, all of it parameters, whose rows may be written later,
                        many at once, but before anything else is asked. One for each table */
};

/* Rewrite the :names of `text` into ?n or $n, numbered by first appearance; names are collected
 * (in the arena) in that order. Texts in quotes, comments and :: are left alone. */
const char *sql_rewrite(struct arena *, enum dialect, const char *text, const char ***names,
    int *count);

/* An INSERT of one row for PostgreSQL, with `count` parameters, as one of several rows. */
const char *sql_of_rows(struct arena *, const char *text, int count, int rows);

/* Length of a quoted text or a comment that begins at `text`, or 0. */
size_t sql_opaque_length(const char *text);

/* A statement made at run time; it lives in the arena. */
const struct sql *sql_make(struct arena *, const char *name, const char *text);
/* The same of one that is long. */
const struct sql *sql_make_long(struct arena *, const char *name, const char *text);
/* The same of one that asks every shard. */
const struct sql *sql_make_every_shard(struct arena *, const char *name, const char *text);
/* The same of one that is gathered; it stays until the transaction has ended. */
const struct sql *sql_make_gathered(struct arena *, const char *name, const char *text);

#endif
