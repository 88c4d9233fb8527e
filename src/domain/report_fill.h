/* What the writers of a report's parts share while one is put together: report.c (head, body),
 * report_figure.c (the figures and names that sentences and tables ask for), report_annex.c. */
#ifndef DOMAIN_REPORT_FILL_H
#define DOMAIN_REPORT_FILL_H

#include "domain/report.h"

struct fill_parts {
    struct figure_part *items; /* NULL: not read yet */
    int count;
};

struct fill {
    struct ctx *cx;
    const struct report_query *query;
    const struct layout *layout;   /* NULL: nothing of it is asked */
    const char *organ;             /* the issuer's code in the number */
    const struct figure **figures; /* by place in def->figures; NULL: not read yet */
    struct fill_parts *parts;      /* the same, by the unit's parts */
};

void fill_begin(struct fill *, struct ctx *, const struct report_query *);

/* Each figure is read once, when it is first asked for. */
MUST_CHECK enum status fill_figure(struct fill *, int index, const struct figure **out);
/* The same by the unit's own part and its children. */
MUST_CHECK enum status fill_parts(struct fill *, int index, const struct fill_parts **out);
/* As a sentence prints it: with its published word, a count below 10 as "06". */
const char *aspect_text(struct arena *, const struct figure *, enum aspect);
/* A whole number in a sentence: 6 is "06". */
const char *count_text(struct arena *, int64_t count);
/* As a table prints it, into a cell: `value`, `word`, `is_declared`, `href`. `unknown`: declared
 * above, and nothing is known here. */
void figure_cell(struct doc *cell, const struct ctx *, const struct figure *, enum aspect,
    bool unknown);

/* The names of a list, "A; B; C", and how many there are. */
MUST_CHECK enum status fill_names(struct fill *, int index, const char **names, int64_t *count);

/* "{I}- " with the third number: "III- ". */
const char *pattern_text(struct arena *, const char *pattern, int number);

/* The tables into `root`. */
MUST_CHECK enum status fill_annexes(struct fill *, struct doc *root);
/* "15-BC/TU", or with blanks where the number will stand. */
const char *fill_number(const struct fill *);
/* "ngày      tháng 6 năm 2019", or the day of signing. */
const char *fill_date(const struct fill *);

#endif
