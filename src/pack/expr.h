/* Conditions: small expressions, typed when the pack is read. Two independent implementations read
 * the same tree: the evaluator here runs on a record in memory, store/sqlgen.c compiles it to SQL
 * for lists and for the recount. Both follow SQL's logic of three values: null is not true.
 *
 *     or > and > not > comparison (= <> != < <= > >=), in (...), is null, is not null > + - > * > -
 *
 * Names are fields ("loai") and columns of one list ("doi_tuong.kieu"). Literals are integers and
 * decimals (12, 1.5), texts in single quotes ('tcd', '' for a quote inside), true, false. A text
 * beside a choice must be one of its keys, beside a date a date (2019-06-30). No functions, no
 * division, no loops. */
#ifndef PACK_EXPR_H
#define PACK_EXPR_H

#include "base/buf.h"
#include "base/ctx.h"
#include "pack/value.h"

enum expr_op {
    EXPR_FIELD,  /* .field */
    EXPR_NUMBER, /* .number: integers, days, booleans, choice indexes, scaled quantities */
    EXPR_TEXT,   /* .text */
    EXPR_EQ,
    EXPR_NE,
    EXPR_LT,
    EXPR_LE,
    EXPR_GT,
    EXPR_GE,
    EXPR_ADD,
    EXPR_SUB,
    EXPR_MUL,
    EXPR_NEG,
    EXPR_AND,
    EXPR_OR,
    EXPR_NOT,
    EXPR_IN, /* .items[0] in the rest */
    EXPR_IS_NULL,
    EXPR_IS_NOT_NULL,
    EXPR__COUNT
};

enum expr_type {
    TYPE_BOOLEAN,
    TYPE_NUMBER,
    TYPE_DATE,
    TYPE_TIME,
    TYPE_TEXT,
    TYPE_CHOICE,
    TYPE_UNIT,
    TYPE_CODE /* of a person or a record: asked only whether it is there */
};

struct expr {
    enum expr_op op;
    enum expr_type type;
    const struct field *field; /* EXPR_FIELD; on a literal: the choice field that it was read for */
    int64_t number;
    const char *text;
    int scale; /* of a TYPE_NUMBER: both sides of a comparison and of + - are brought to one */
    const struct expr **items; /* operands */
    int item_count;
    struct place place;
};

/* Read and type a condition over a register's fields. On success *list is the list that it reads
 * columns of, or NULL. Faults carry the place: `place` is where the text begins in its file
 * (columns are counted on from it), and say what was expected. */
MUST_CHECK enum status expr_parse(struct ctx *, const struct reg *, const char *text,
    struct place place, const struct expr **out, const struct field **list);

enum truth { IS_FALSE, IS_TRUE, IS_NULL };

/* Run a condition on a record's fields and, where it reads a list, one of its rows (else NULL).
 * ERR_INVALID when a number grows beyond 64 bits. */
MUST_CHECK enum status expr_evaluate(struct ctx *, const struct expr *, const struct row *fields,
    const struct row *row, enum truth *out);

/* Does the condition, being true, rule out that this field is null? (`f is not null` or any
 * comparison of f, joined by `and`.) */
bool expr_excludes_null(const struct expr *, const struct field *);

/* The condition in one form, however it was written: (and (= loai tcd) (> so_luong 5)). */
void expr_print(struct buf *, const struct expr *);

#endif
