/* What the two files of a figure's page share. */
#ifndef WEB_FIGURE_PAGE_H
#define WEB_FIGURE_PAGE_H

#include "web/page.h"

/* The recorded part through time: `series` in the data, and the chart in `page`. */
MUST_CHECK enum status figure_page_series(struct page *, const struct figure *);

#endif
