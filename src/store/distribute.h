/* Spreading the tables of a server's database over several machines with Citus. The comment before
 * each CREATE TABLE begins with the table's mark: "-- reference: …", "-- sharded: …" or, of what
 * only the server that is asked knows, "-- local: …". In a database that is distributed every table
 * is handed to Citus by the script that makes it, before anything is in it. That it is distributed
 * stands in the catalog and not in a row, so that it does not go along when the rows are copied. */
#ifndef STORE_DISTRIBUTE_H
#define STORE_DISTRIBUTE_H

#include "store/store.h"

enum mark { MARK_NONE, MARK_REFERENCE, MARK_SHARDED, MARK_LOCAL, MARK__COUNT };

struct marked_table {
    const char *name;
    enum mark mark;
    const char *end; /* behind the `;` of its CREATE TABLE, in the script */
};

/* The tables that a script makes, in order. */
struct marked_table *distribute_tables(struct arena *, const char *script, int *count);
/* As it stands in the comment; "" for none. */
const char *mark_key(enum mark);

/* The script with what hands its tables over. */
const char *distribute_script(struct arena *, const char *script);

/* Learn whether the database of the open transaction is distributed, if that is not known yet. */
MUST_CHECK enum status distribute_look(struct ctx *);
/* Inside a write: note that it is. */
MUST_CHECK enum status distribute_note(struct ctx *);

/* ERR_INVALID, with what is missing, where the database cannot be distributed. */
MUST_CHECK enum status distribute_is_possible(struct ctx *);

#endif
