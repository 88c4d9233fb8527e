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
    int word; /* base/number.h; stored below zero where it goes out of a stock (sum_of_fact) */
};

/* Is it what goes out of a stock on its last day? */
bool fact_goes_out(const struct indicator *, int64_t seq);

/* What a record in its state contributes. ERR_INVALID when a condition's number overflows. */
MUST_CHECK enum status fact_derive(struct ctx *, const struct record *, struct fact **out,
    int *count);

/* Inside a write: bring the stored facts of a record in step with what it now contributes, and
 * leave a delta for each change unless `no_delta`. `is_new`: there are no stored ones. */
MUST_CHECK enum status fact_update(struct ctx *, const struct record *, bool is_new, bool no_delta);

#endif
