/* Tables in files, read and written: a head line of column names, then rows.
 *
 * TSV: tabs between the cells, one row a line; within a cell \n is a line break, \t a tab, \\ a
 * backslash. CSV: `;` or `,` between the cells, quotes by RFC 4180, so that a quoted cell may hold
 * line breaks. Which of them it is, the head line tells. A text that a spreadsheet would take for a
 * formula is written with an apostrophe before it, which reading takes off again. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/buf.h"
#include "base/ctx.h"

#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 200 };

struct table {
    const char *file;            /* its name, for faults */
    const char *text, *at, *end; /* the whole, what is not read yet, and its end */
    const char *row;             /* where the row that was read last begins */
    int line, last_line;         /* the first and the last line of that row, from 1 */
    char separator;              /* a tab: TSV */
    int column_count;
    const char *columns[TABLE_COLUMNS_MAX]; /* the head */
    const char *cells[TABLE_COLUMNS_MAX];   /* the row, until the next; short ones are filled up */
    struct arena *arena;                    /* of the context that opened it: holds the room */
    char *room;                             /* where the row is cut into cells */
    size_t room_size;
};

/* Begin on `text`, which is not changed and need not end in a NUL; a byte-order mark and CR at line
 * ends are passed over. ERR_INVALID, with faults, when it is empty, is not UTF-8 (line and column
 * of the first bad byte), or names a column twice. */
MUST_CHECK enum status table_open(struct ctx *, struct table *, const char *file, const char *text,
    size_t length);

/* The next row that says something; false at the end. A row with more cells than columns, a quote
 * that is not closed, a text behind a closing quote and what is no UTF-8 are faults, told in
 * *status, and such rows are passed over. */
bool table_next(struct ctx *, struct table *, enum status *status);

/* Go back to a row that was read before (`row` and `line` of then); table_next reads it again. */
void table_back(struct table *, const char *row, int line);

/* The index of a column, or -1. */
int table_column(const struct table *, const char *name);

/* Where a cell stands, for a fault; a column below 0 is none. */
struct fault table_place(const struct table *, int line, int column);

/* Tables being written, a cell after the other. */
enum table_format { TABLE_TSV, TABLE_CSV };

struct table_writer {
    struct buf *out; /* where it goes; whoever empties it between two rows does no harm */
    enum table_format format;
    bool in_row;
};

/* Begin; CSV with a byte-order mark and, as Vietnamese spreadsheets have it, `;`. */
struct table_writer table_begin(struct buf *out, enum table_format);
/* A cell; NULL is empty. A text is what people wrote, which must not become a formula; a plain cell
 * is a number, a day or a key, which cannot be one. */
void table_text(struct table_writer *, const char *);
void table_plain(struct table_writer *, const char *);
void table_end_row(struct table_writer *);

#endif
