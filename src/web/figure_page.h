/* What the files of a figure's page share. Drawings go into `page`, beside the data. */
#ifndef WEB_FIGURE_PAGE_H
#define WEB_FIGURE_PAGE_H

#include "web/page.h"

/* What the address asks. */
MUST_CHECK enum status figure_page_query(struct page *, struct figure_query *out);

/* What the figure consists of by unit, with what changed since the period before: `parts`,
 * `period_before`, `check`. */
MUST_CHECK enum status figure_page_parts(struct page *, const struct figure *);

/* The recorded part through time: `series` in the data, and the chart in `page`. */
MUST_CHECK enum status figure_page_series(struct page *, const struct figure *);
/* The parts as rows: `parts_chart`; the values of the first cut: `cut_chart`. "" when there is not
 * enough to draw. */
void figure_page_parts_chart(struct page *, const struct figure *whole, const struct figure_part *,
    int count);
MUST_CHECK enum status figure_page_cut_chart(struct page *, const struct figure *);

#endif
