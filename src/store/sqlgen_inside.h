/* What the files that generate SQL share. */
#ifndef STORE_SQLGEN_INSIDE_H
#define STORE_SQLGEN_INSIDE_H

#include "store/sqlgen.h"

/* Every name in generated SQL passes here: a key of the pack, checked when it was read. */
const char *sql_name(const char *key);
/* The table of a register, or of one of its lists. */
const char *sql_table(struct arena *, const struct reg *, const struct field *list);
/* The column of a field where the register's table is x and the list's l. */
const char *sql_column(struct arena *, const struct field *);

/* The facts that records make for an indicator, with the columns that sqlgen_difference compares;
 * NULL: it has none of its own. */
const char *sqlgen_recount(struct arena *, const struct indicator *);

#endif
