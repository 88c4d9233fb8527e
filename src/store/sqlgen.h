/* SQL that depends on a register's fields: its tables, the statements that read and write them,
 * and the recount of each indicator. Made here and nowhere else.
 *
 * The tables of register R: r_R (shard, id, state, columns) and r_R_LIST (shard, id, row, columns).
 * A field has one column of its own name; a quantity has also NAME__word (base/number.h) and, when
 * it takes several measures, NAME__unit before it; a person and a reference, stored as their codes,
 * have NAME__shard. Choices are stored as their keys. */
#ifndef STORE_SQLGEN_H
#define STORE_SQLGEN_H

#include "pack/value.h"
#include "store/store.h"

struct table_sql {
    const struct sql *insert;  /* shard, id, state | row, columns: bound by place */
    const struct sql *load;    /* :shard, :id -> columns; a list: row, columns, in order of rows */
    const struct sql *update;  /* the main table: state and columns of :shard, :id, by place */
    const struct sql *remove;  /* a list: all rows of :shard, :id */
    const struct sql *discard; /* all rows of records of :batch */
};

struct reg_sql {
    struct table_sql main;
    struct table_sql *lists; /* by field index; empty where the field is no list */
};

struct model_sql {
    struct reg_sql *registers; /* by index of the register */
    /* By index of the indicator, as text to be set into a larger statement: shard, unit, day,
     * record, seq, cut, value, word, batch of every fact that the records make, told by SQL alone.
     */
    const char **recount;
};

const struct model_sql *sqlgen_model(struct arena *, const struct model *);

/* CREATE statements of a register's tables and its view v_R. */
const char *sqlgen_create(struct arena *, const struct reg *);
/* Statements that take them away again. */
const char *sqlgen_drop(struct arena *, const struct reg *);
/* Statements that bring the tables of `before` to the shape of `after`, data kept. Every column of
 * `before` must be in `after` with the same kind. */
const char *sqlgen_alter(struct arena *, const struct reg *before, const struct reg *after);

/* Comparison of stored facts with the recount of an indicator: rows that are in one only.
 *     in: indicator (its number in the store)
 *     out: side ('recount' or 'fact'), shard, unit, day, record, seq, cut, value, word */
const struct sql *sqlgen_difference(struct arena *, const struct model_sql *, int indicator);

/* How many columns a field has, and which ones. */
int field_columns(const struct field *);
bool field_has_measure(const struct field *);
bool field_is_code(const struct field *);

/* Bind the values of a row from place `at` on; returns the place after them. Units are bound by
 * their ids. The arena lasts until the statement has run. */
int row_bind(struct query *, int at, struct arena *, const struct field *, int count,
    const struct row *);
/* Read them from column `at` on into an empty row; texts go into the arena. */
int row_read(struct query *, int at, struct arena *, const struct field *, int count, struct row *);

#endif
