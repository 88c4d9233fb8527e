/* Facts: what one record contributes to each indicator. Derived from the record, kept in step with
 * it, and summed by domain/figure.c. */
#ifndef DOMAIN_FACT_H
#define DOMAIN_FACT_H

#include "domain/cut.h"
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

#endif
