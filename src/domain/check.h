/* Does everything that is derived agree with what it is derived from? Facts are counted again by
 * SQL from the register tables, which shares no code with the evaluator that made them; cells and
 * deltas are added up against the facts; records and people are compared with their last history,
 * the sums of memberships with the memberships, attached files with their digests, the last seals
 * of the audit with what is noted of them. */
#ifndef DOMAIN_CHECK_H
#define DOMAIN_CHECK_H

#include "domain/world.h"

struct difference {
    const char *kind;  /* "fact", "cell", "record", "batch", "person", "headcount",
                        * "blob", "search", "audit" */
    const char *where; /* the row: a record's code, a cell's key */
    const char *what;  /* Vietnamese: what stands there and what should */
};

struct check_result {
    int64_t records, facts, cells, people;
    struct difference *differences; /* at most CHECK_DIFFERENCES_MAX are listed */
    int count;
    int64_t left_out; /* found beyond those */
};

enum { CHECK_DIFFERENCES_MAX = 200 };

/* On the snapshot of cx. Differences are no failure of the call. */
MUST_CHECK enum status check_all(struct ctx *, struct check_result *out);

/* Throw away facts, deltas and cells and make them anew from the records, in one transaction. */
MUST_CHECK enum status rebuild_all(struct ctx *);

#endif
