/* Charts as SVG, drawn by the server: bars and lines through time, rows of one or several parts,
 * and the share that a ratio is. Nothing in them is styled inline: the style sheet does it by
 * class. Beside each stands a table of the same numbers. */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum chart_kind {
    CHART_BAR,     /* upright bars over a grid, of the first series */
    CHART_LINE,    /* the same as a line */
    CHART_STACKED, /* a row for each point, its series side by side */
    CHART_PROGRESS /* of each point, how much the first series is of the second */
};

enum { CHART_SERIES_MAX = 4 };

struct chart_point {
    const char *label;                /* "tháng 6/2018" */
    const char *tick;                 /* below the axis, or NULL */
    int64_t values[CHART_SERIES_MAX]; /* scaled as the chart says */
    bool is_missing;                  /* nothing is known: hatched */
};

struct chart {
    enum chart_kind kind;
    const char *key;         /* tells charts of one page apart */
    const char *title;       /* what it shows: also its accessible name */
    const char *description; /* read out after the name */
    const char *missing;     /* what a point says of which nothing is known: "chưa có" */
    const char *mark;        /* printed across its top, or NULL */
    const struct chart_point *points;
    int count;
    const char *series[CHART_SERIES_MAX]; /* names; one only needs none */
    int series_count;
    int scale; /* of the values */
};

/* Texts are escaped. Upright bars and lines go below zero from the zero line; rows and shares have
 * no values below zero. */
void chart_svg(struct buf *out, const struct chart *);

/* For the files that draw: an element's head with its name and description, and its parts.
 * Coordinates are tenths. */
void chart_begin(struct buf *out, const struct chart *, int width, int height);
void chart_end(struct buf *out);
void chart_number(struct buf *out, const char *name, int tenths);
void chart_text(struct buf *out, const char *class, int x, int y, const char *text);
/* "label: value" as what a mark says when it is pointed at. */
void chart_hint(struct buf *out, const char *label, const char *value);

/* CHART_STACKED and CHART_PROGRESS (chart_rows.c). */
void chart_rows(struct buf *out, const struct chart *);

#endif
