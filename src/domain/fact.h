/* Facts: what one record contributes to each indicator. Derived from the record, kept in step with
 * it, and summed by domain/figure.c. */
#ifndef DOMAIN_FACT_H
#define DOMAIN_FACT_H

#include "domain/record.h"

struct fact {
    const struct indicator *indicator;
    int32_t day;
    int seq; /* the row of the list, 0 for the record itself; of a stock twice that, + 1 for going
                out */
    int64_t cut;
    int64_t value;
    int word; /* base/number.h */
};

/* What a record in its state contributes. ERR_INVALID when a condition's number overflows. */
MUST_CHECK enum status fact_derive(struct ctx *, const struct record *, struct fact **out,
    int *count);

/* Inside a write: bring the stored facts of a record in step with what it now contributes, and
 * leave a delta for each change unless `no_delta`. `is_new`: there are no stored ones. */
MUST_CHECK enum status fact_update(struct ctx *, const struct record *, bool is_new, bool no_delta);

/* A cut packs the choices of an indicator's `by` fields: eight bits each, the first lowest; 0 is
 * null, else the choice's index + 1 (a boolean: 1 no, 2 yes); after them the measure when the
 * indicator breaks down by it, and of a stock whether it came or went. Above them lies the set of
 * the record's directives. */
enum {
    CUT_BITS = 8,
    CUT_MASK = 255,
    CUT_DIRECTIVES = CUTS_MAX * CUT_BITS,
    FLOW_IN = 1,
    FLOW_OUT = 2
};
int64_t cut_part(int64_t cut, int place);
/* The place of a cut's field by key among the indicator's `by`, also CUT_MEASURE; -1: none. */
int cut_place(const struct indicator *, const char *key);
int cut_places(const struct indicator *);
/* Key and label of the field at a place, and of the value that a part stands for (0: null). */
const char *cut_field_key(const struct indicator *, int place);
const char *cut_field_label(const struct indicator *, int place);
const char *cut_value_key(const struct indicator *, int place, int64_t part);
const char *cut_value_label(const struct indicator *, int place, int64_t part);
/* How many values a place has besides null. */
int cut_value_count(const struct indicator *, int place);

#endif
