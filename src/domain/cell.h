/* Cells: stored sums of large units, so that a figure of the nation need not read every fact below
 * it. Facts and cells are kept apart by deltas: each change of a fact leaves one, the folder takes
 * them into the cells, and readers add cells and deltas (domain/figure.c). */
#ifndef DOMAIN_CELL_H
#define DOMAIN_CELL_H

#include "domain/world.h"

/* The kinds of cells; roll.grain. Years and months have a total besides a cell for each cut; a day
 * has so few cuts that its total is not worth a row. */
enum grain {
    GRAIN_YEAR,
    GRAIN_YEAR_CUT,
    GRAIN_MONTH,
    GRAIN_MONTH_CUT,
    GRAIN_DAY_CUT,
    GRAIN__COUNT
};

/* The first day of the cell of a kind that a day falls into. */
int32_t cell_bucket(enum grain, int32_t day);
/* Is it a total, whatever the cut? */
bool cell_is_total(enum grain);

/* What is added up. `n` counts facts; the others those with a qualifier, so that one that goes can
 * be taken off again. What goes out of a stock takes its qualifier with it: there these may be
 * below zero. */
struct sum {
    int64_t value, n, n_over, n_under, n_about;
};

void sum_add(struct sum *, const struct sum *, int sign);
/* The sum that one fact is, by the word as it is stored: below zero, it is taken away. */
struct sum sum_of_fact(int64_t value, int word);

/* Take up to `limit` deltas into the cells, in one transaction a shard; *folded is how many. A
 * process that is killed meanwhile has folded a delta wholly or not at all. */
MUST_CHECK enum status cell_fold(struct ctx *, int limit, int *folded);
/* Until none is left. */
MUST_CHECK enum status cell_fold_all(struct ctx *);

/* Inside a write, after units or settings changed: decide anew which units have cells, and make
 * those of `touched` (and of units that have them from now on) anew from the facts. `touched` may
 * be NULL: all. The world is what cx->db holds now. */
MUST_CHECK enum status cell_refresh(struct ctx *, const struct world *, const struct unit **touched,
    int count);

/* Inside a write: add the facts of a batch to the cells, when it is published. */
MUST_CHECK enum status cell_add_batch(struct ctx *, int64_t batch);

/* Inside a write: the cells of some indicators (their numbers in the store) in one shard anew from
 * the facts, which take in what waits in deltas. */
MUST_CHECK enum status cell_rebuild_indicators(struct ctx *, int64_t shard, const int64_t *ids,
    int count);

#endif
