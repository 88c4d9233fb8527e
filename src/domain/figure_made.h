/* Figures that are made of others: a stock of what came and went, ratios, changes. For
 * domain/figure.c only. */
#ifndef DOMAIN_FIGURE_MADE_H
#define DOMAIN_FIGURE_MADE_H

#include "domain/figure.h"

/* Before every fact: stocks begin here. */
enum { FIGURE_FIRST_DAY = -719162 }; /* 0001-01-01 */

/* What a stock went through in the range of the query, whose basis is a day. */
MUST_CHECK enum status stock_read(struct ctx *, const struct figure_query *, struct stock *out);

/* What a figure is made of goes with it: read without asking for rights once more. */
MUST_CHECK enum status figures_read_bases(struct ctx *, const struct figure_query *, int count,
    struct figure *out);

/* Make a ratio or a change whose query and declarations are there already. */
MUST_CHECK enum status figure_make(struct ctx *, struct figure *);

#endif
