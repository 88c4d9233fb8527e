/* Lists of records: a page of a register, the newest first, of a unit with all below it, as far as
 * the viewer may read; by state, days of counting, and words. */
#ifndef DOMAIN_RECORD_QUERY_H
#define DOMAIN_RECORD_QUERY_H

#include "domain/record.h"

struct record_query {
    const struct reg *reg;
    const struct unit *unit; /* with all below it today, and those whose place is there */
    const char *state;       /* key; NULL: all but void ones */
    bool has_days;           /* counted between two days, both included */
    int32_t from, to;
    int64_t directives; /* that they serve (domain/directive.h); 0: not asked */
    const char *text;   /* words that must be there, each the beginning of one; NULL: not asked */
    const char *after;  /* code of the last record of the page before; NULL: the first page */
    int limit;
};

struct record_page {
    struct record **records;
    int count;
    bool more; /* there are others after them */
};

/* On the snapshot of cx. ERR_NOT_FOUND when there is no record `after`. */
MUST_CHECK enum status record_page_read(struct ctx *, const struct record_query *,
    struct record_page *out);

/* How many there are, counted up to a limit (beyond it *more); of words too. */
MUST_CHECK enum status record_page_count(struct ctx *, const struct record_query *, int limit,
    int *out, bool *more);

#endif
