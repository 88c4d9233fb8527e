/* Records out of a table: which columns there are, and one record with all its rows. Inside domain
 * only. */
#ifndef DOMAIN_IMPORT_READ_H
#define DOMAIN_IMPORT_READ_H

#include "base/table.h"
#include "domain/import_names.h"
#include "domain/world.h"
#include "pack/value.h"

#include <sodium.h>

/* What stands in a column of the table. */
struct import_column {
    const struct field *list;  /* NULL: a field of the record */
    const struct field *field; /* NULL: not a field */
};

struct reader {
    const struct reg *reg;
    struct table table;
    int unit_column, state_column, origin_column, code_column, directives_column; /* -1: absent */
    struct import_column columns[TABLE_COLUMNS_MAX];
    struct names *names; /* NULL: records of the register do not refer to each other here */
    bool is_first;       /* the first reading: references are taken down */
};

/* One record as it is read. */
struct item {
    const char *at; /* its first row */
    int line;       /* of it, from 1 */
    const struct unit *unit;
    int state;                 /* STATE_IS_VOID too */
    const char *origin, *code; /* given by the file, or NULL */
    struct named *named;       /* by which others of the file may refer to it, or NULL */
    int64_t directives;
    struct row fields;
    crypto_generichash_state hash; /* of what is filled, names and cells */
};

/* Open a table of records; all faults of its head at once. */
MUST_CHECK enum status reader_open(struct ctx *, struct reader *, const struct reg *,
    const char *file, const char *text, size_t length);

/* Read the record whose first row has been read, and the rows that go on with it. *more: the next
 * record's first row has been read. What is wrong is among the faults. */
void reader_record(struct ctx *, struct reader *, struct item *, bool *more, enum status *status);
/* Only what names the record that begins with the row that has been read; the rest of the item is
 * empty. */
void reader_name(struct ctx *, const struct reader *, struct item *);

/* Go back to a record, whose first row is read then. */
MUST_CHECK enum status reader_back(struct ctx *, struct reader *, const char *at, int line);

#endif
