/* Tab-separated files: a header line of column names, then rows. A byte-order mark and CR at line
 * ends are taken off; empty lines are skipped. No quoting: a cell holds no tab and no newline. */
#ifndef BASE_TSV_H
#define BASE_TSV_H

#include "base/ctx.h"

#include <stddef.h>

enum { TSV_COLUMNS_MAX = 200 };

struct tsv {
    const char *file;            /* its name, for faults */
    const char *text, *at, *end; /* the whole, what is not read yet, and its end */
    int line;                    /* of the row that was read last, from 1 */
    int column_count;
    const char *columns[TSV_COLUMNS_MAX]; /* the header */
    const char *cells[TSV_COLUMNS_MAX]; /* the row, until the next; short ones are filled with "" */
    struct arena *arena;                /* of the context that opened it: holds the room */
    char *room;                         /* where the row is cut into cells */
    size_t room_size;
};

/* Begin on `text`, which is not changed and need not end in a NUL. ERR_INVALID, with faults, when
 * it is empty, is not UTF-8 (line and column of the first bad byte), or names a column twice. */
MUST_CHECK enum status tsv_open(struct ctx *, struct tsv *, const char *file, const char *text,
    size_t length);

/* The next row; false at the end. A row with more cells than columns is a fault, told in *status,
 * and is passed over. */
bool tsv_next(struct ctx *, struct tsv *, enum status *status);

/* The index of a column, or -1. */
int tsv_column(const struct tsv *, const char *name);

#endif
