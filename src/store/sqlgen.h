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
    const struct sql *update;  /* the main table: state, columns, shard, id: bound by place */
    const struct sql *remove;  /* a list: all rows of :shard, :id */
    const struct sql *discard; /* all rows of records of :batch */
};

/* What so many records of one shard are called (domain/title.h):
 *     in: shard, codes, by place; those that are not needed are null
 *     out: code, title, unit */
enum { TITLES_AT_ONCE = 50 };

/* A page of records, the newest first, from below an id: of one shard, by what the set of flags
 * asks for besides. In a restricted register those that have readers come to their readers only.
 *     in: shard, before, limit, directives (0: any); with the flags unit, state, from and to (days
 *         of counted_on); of a restricted register account (-1: the operator)
 *     out: id */
enum page_flag { PAGE_UNIT = 1, PAGE_STATE = 2, PAGE_DAYS = 4, PAGE__COUNT = 8 };

struct reg_sql {
    struct table_sql main;
    struct table_sql *lists;  /* by field index; empty where the field is no list */
    const struct sql *titles; /* NULL where records are called by their codes */
    const struct sql
        *page[PAGE__COUNT]; /* with PAGE_DAYS: NULL where nothing is counted by a day */
    /* The records of :shard that name the person of a code (:person), by their ids; NULL where the
     * register has no field for a person. */
    const struct sql *about;
    /* The records of :shard in :state that name :unit in a field or a list, what is due first
     * first, at most :limit, by their ids; NULL where nothing is to be done by a day (reg_due). */
    const struct sql *assigned;
};

struct model_sql {
    struct reg_sql *registers; /* by index of the register */
    /* By index of the indicator, as text to be set into a larger statement: shard, unit, day,
     * record, seq, cut, value, word, batch of every fact that the records make, told by SQL alone;
     * NULL for an indicator that has no facts. */
    const char **recount;
};

const struct model_sql *sqlgen_model(struct arena *, const struct model *);

/* Reading many records of a register in the order of their ids (domain/record_scan.h):
 *     in: shard, after, last (ids in between, `last` included)
 *     main: the columns of the query record_by_id, loading (0 or 1), state, columns
 *     a list: id, row, columns */
struct scan_sql {
    const struct sql *main;
    const struct sql **lists; /* by field index; NULL where the field is no list */
};
const struct scan_sql *sqlgen_scan(struct arena *, const struct reg *);
/* The same of tables that sqlgen_set_aside has put aside. */
const struct scan_sql *sqlgen_scan_aside(struct arena *, const struct reg *);

/* Statements that put a register's tables aside under other names, and that drop those. */
const char *sqlgen_set_aside(struct arena *, const struct reg *);
const char *sqlgen_drop_aside(struct arena *, const struct reg *);

/* Statements that make the indexes of a register that are not there yet: of the fields that name a
 * person, and of those that name who has to do something. "" when there are none to make. */
const char *sqlgen_indexes(struct arena *, const struct reg *);

/* How many records a register has, void ones and those of loading imports included. */
const struct sql *sqlgen_count(struct arena *, const struct reg *);

/* Which records of a register have something that another version of it would not take:
 *     in: value (SOME_TEXT, SOME_MEASURE, SOME_STATE), number (SOME_BELOW, SOME_ABOVE)
 *     out: code, in the order of shards and ids */
enum some {
    SOME_VALUE,   /* the field, or the list, is not empty */
    SOME_TEXT,    /* the field is this choice */
    SOME_MEASURE, /* its unit of measure is this one */
    SOME_BELOW,
    SOME_ABOVE,
    SOME_NULL,  /* the field is empty although the record has left its initial state */
    SOME_LEFT,  /* the record has left its initial state; no field */
    SOME_STATE, /* it is in this state; no field */
    SOME_ANY    /* any record; no field */
};
const struct sql *sqlgen_some(struct arena *, const struct reg *, const struct field *, enum some);

/* CREATE statements of a register's tables and its view v_R. */
const char *sqlgen_create(struct arena *, const struct reg *);
/* Statements that take them away again. */
const char *sqlgen_drop(struct arena *, const struct reg *);
/* Statements that bring the tables of `before` to the shape of `after`, data kept. Every column of
 * `before` must be in `after` with the same kind. */
const char *sqlgen_alter(struct arena *, const struct reg *before, const struct reg *after);

/* Comparison of the stored facts of a register's indicators with their recount, a shard at a time:
 * rows that are in one only. `numbers`: those of the indicators in the store, by index. NULL when
 * no indicator of the register has facts.
 *     in: shard
 *     out: side ('recount' or 'fact'), indicator (its number), shard, unit, day, record, seq, cut,
 *     value, word; in the order of indicator, record, seq */
const struct sql *sqlgen_difference(struct arena *, const struct model_sql *, const struct model *,
    const struct reg *, const int64_t *numbers);

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
