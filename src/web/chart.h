/* Bar charts as SVG, drawn by the server. Nothing in them is styled inline: the style sheet does it
 * by class. */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct bar {
    const char *label; /* "tháng 6/2018" */
    const char *tick;  /* below the axis, or NULL */
    int64_t value;     /* scaled as the chart says */
};

struct chart {
    const char *title;       /* what it shows: also its accessible name */
    const char *description; /* read out after the name */
    const char *mark;        /* printed across its top, or NULL */
    const struct bar *bars;
    int count;
    int scale; /* of the values */
};

/* Texts are escaped; values above and below zero are drawn from the zero line. */
void chart_svg(struct buf *out, const struct chart *);

#endif
