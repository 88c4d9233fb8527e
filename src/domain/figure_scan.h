/* The scan under every figure: the recorded sums of a unit and a range, from cells and deltas where
 * sums are kept, else from facts. What is done with the sums is domain/figure.c's. */
#ifndef DOMAIN_FIGURE_SCAN_H
#define DOMAIN_FIGURE_SCAN_H

#include "domain/figure.h"
#include "domain/rights.h"
#include "store/store.h"

/* May the viewer see the figure? ERR_NOT_FOUND if not. */
MUST_CHECK enum status figure_check_right(struct ctx *, const struct figure_query *);

/* Every recorded sum that makes a figure, with a day inside its bucket and its cut. When
 * only totals are asked the cut is 0. */

typedef void visit_fn(void *arg, int32_t day, int64_t cut, const struct sum *);

struct scan {
    struct ctx *cx;
    const struct figure_query *query;
    bool by_cut;   /* each visit has one cut; else totals will do */
    bool by_month; /* no visit holds more than a month */
    visit_fn *visit;
    void *arg;
};
MUST_CHECK enum status scan_run(struct scan *);
/* Several, one after the other; what cells answer of them is asked ahead. */
MUST_CHECK enum status scan_run_all(struct scan *, int count);
/* Are there cells that answer it, but for days at its ends? */
bool scan_has_cells(const struct ctx *, const struct figure_query *);

/* The days whose facts make a figure: of a stock all until the last. */
struct figure_query query_of_facts(const struct figure_query *);
/* A stock is asked by the structure of its last day, unless another one is named. */
const struct figure_query *query_settled(struct ctx *, const struct figure_query *);
/* The published word of a fact or declaration: that of what goes out is stored negative; 0 none. */
int known_word(int64_t stored);

/* What visits add up to, in buckets: sums, or how many different values there are. */
struct gathered {
    struct arena *arena;
    bool is_distinct;
    struct sum *sums;
    struct map **keys; /* by bucket: the values that have been seen */
};
struct gathered gathered_new(struct arena *, const struct indicator *, int buckets);
void gather(struct gathered *, int bucket, const struct sum *);

/* Which units' facts of which days count for a question. */
struct scope figure_scope(struct ctx *, const struct figure_query *, int32_t from, int32_t to);
/* In which shards they may lie. */
const int64_t *figure_shards(const struct ctx *, const struct figure_query *, int *count);

/* Bind a stretch of a scope (scope_stretch) as :shard, :indicator, :units (a JSON list), :first,
 * :end, :mask and :want. */
void stretch_bind(struct query *, struct ctx *, const struct figure_query *, const struct scope *,
    int i, int end);
/* A query that takes these, asked for each stretch of a scope. */
struct query *scope_query(struct ctx *, enum query_name, const struct figure_query *, struct scope);

#endif
