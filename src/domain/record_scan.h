/* Many records of one register, one after the other, with one query for the register and one for
 * each of its lists: for whoever goes over all of them (rebuild, check, apply). */
#ifndef DOMAIN_RECORD_SCAN_H
#define DOMAIN_RECORD_SCAN_H

#include "domain/record.h"

struct record_range {
    const struct reg *reg;
    const struct scan_sql *sql; /* of that register; kept as long as the caller scans */
    int64_t shard;
    int64_t after, last; /* ids in between, `last` included */
    bool with_loading;   /* also records of an import that is not published yet */
};

struct record_scan;

/* Begin; the records come in the order of their ids. Nothing else may use the same statements
 * meanwhile. */
struct record_scan *record_scan_begin(struct ctx *, const struct record_range *);
/* The next record, in cx->arena, or false at the end or on failure. */
bool record_scan_next(struct record_scan *, struct record **out);
/* Is the record that was read last of an import that is not published yet? */
bool record_scan_is_loading(const struct record_scan *);
/* What it came to; once, after the last record_scan_next that is wanted. */
MUST_CHECK enum status record_scan_end(struct record_scan *);

#endif
