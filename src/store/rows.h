/* All rows of all tables in one stream, table by table in the order of their names and row by row
 * in the order of their keys: out of a database, out of a text, into a text, into a database. Both
 * engines have the same stream for the same content. What is left out belongs to a process (slot,
 * lease) or to the engine (the index of words). */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "base/buf.h"
#include "store/store.h"

enum cell_kind { CELL_NULL, CELL_NUMBER, CELL_TEXT, CELL_BYTES };

/* A value, for as long as its row lasts. */
struct cell {
    enum cell_kind kind;
    int64_t number;
    const char *bytes; /* of a text, which ends in a NUL that is not counted, and of bytes */
    size_t length;
};

struct stored_column {
    const char *name;
    enum cell_kind kind;
};

struct stored_table {
    const char *name;
    struct stored_column *columns; /* the key first */
    int count, key_count;
};

/* Who takes a stream. `row` has a cell for each column of the table that was begun last. */
struct rows_to {
    enum status (*begin)(void *to, const struct stored_table *);
    enum status (*row)(void *to, const struct cell *);
    enum status (*end)(void *to);
    void *to;
};

struct rows_count {
    int64_t tables, rows;
    int64_t last_id; /* the largest that was given out to anything in the stream */
};

/* The tables of the open transaction, in the order of the stream. */
MUST_CHECK enum status rows_tables(struct ctx *, struct stored_table **out, int *count);

/* Everything in the snapshot of cx. */
MUST_CHECK enum status rows_of_store(struct ctx *, const struct rows_to *, struct rows_count *);

/* How much there is in the snapshot of cx, without reading it all; last_id stays 0. */
MUST_CHECK enum status rows_count(struct ctx *, struct rows_count *);

/* Count the ids of a row in; for those who make a stream. */
void rows_note_id(const struct stored_table *, const struct cell *, struct rows_count *);

/* Everything in a text (rows_text_begin made it). It is believed only at its end: ERR_INVALID, with
 * the line, when it is cut off or is not as it was written. `file` is its name, for faults. */
MUST_CHECK enum status rows_of_text(struct ctx *, const char *file, const char *text, size_t length,
    const struct rows_to *, struct rows_count *);
/* Does it begin like one? */
bool rows_is_text(const char *text, size_t length);

/* Into a database, inside a write: rows take the place of what its tables hold. A table that the
 * database does not have, or has with other columns, is ERR_INVALID. Tables may be made meanwhile.
 */
struct rows_insert;
struct rows_insert *rows_insert_new(struct ctx *);
struct rows_to rows_insert_to(struct rows_insert *);

/* Into a text, with a digest at its end; `sink` may be NULL when only the digest is asked. */
struct rows_text;
struct rows_text *rows_text_new(struct arena *, const struct sink *);
struct rows_to rows_text_to(struct rows_text *);
/* Write the end; the digest in hexadecimal digits. */
const char *rows_text_end(struct rows_text *);

/* Inside a write, when rows of another database were put into this one: ids go on above that one's
 * last, whichever slot they are given out under. */
MUST_CHECK enum status store_ids_above(struct ctx *, int64_t last_id);

#endif
