/* Records of one version of a register as records of the next: fields find each other by their keys
 * or by a line of `migrate:`. What becomes of the tables and of the history follows from it. */
#ifndef DOMAIN_CONVERT_H
#define DOMAIN_CONVERT_H

#include "domain/record.h"

/* Where one field of the new version comes from. */
struct field_convert {
    const struct field *before;    /* NULL: nowhere, it is empty */
    const int *choices;            /* by index in `before`: index in the new field, -1 none */
    const int *measures;           /* the same of units of measure */
    int scale_up;                  /* decimals that a number gains */
    struct field_convert *columns; /* of a list, by index in the new one */
};

struct reg_convert {
    const struct reg *before, *after;
    struct field_convert *fields; /* by index in `after` */
    const int *states;            /* by index in `before`: index in `after`, -1 none */
    bool values_change;           /* what a condition reads may be another value than before */
    bool is_plain; /* the values stay as they are: whole columns can be copied, and no record
                      becomes another one */
};

/* `model` is the new one, for its lines of `migrate:`. */
const struct reg_convert *convert_new(struct arena *, const struct model *,
    const struct reg *before, const struct reg *after);

/* The field of the new version that a field of the old one goes to, or NULL. */
const struct field *convert_target(const struct reg_convert *, const struct field *before);
/* Where a field of the new version comes from. */
const struct field_convert *convert_source(const struct reg_convert *, const struct field *after);
/* Does a line of `migrate:` say that an old field, with its data, is dropped? */
bool convert_drops(const struct model *, const struct reg *after, const struct field *before);

/* A record as the new version has it, in the arena; its state STATE_IS_VOID stays. ERR_INVALID when
 * a number grows too large. */
MUST_CHECK enum status convert_record(struct ctx *, const struct reg_convert *,
    const struct record *, struct record **out);

#endif
