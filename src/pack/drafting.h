/* What the readers of a report's parts share: the definition being filled, and the figures that it
 * has named so far. Inside src/pack only. */
#ifndef PACK_DRAFTING_H
#define PACK_DRAFTING_H

#include "pack/read.h"

struct drafting {
    struct reader *rd;
    struct report_def *report;
};

/* The place in report->figures of a figure that has a name there, or of an indicator, which is
 * added. -1 when there is neither; a fault, unless a file that could have it is missing: `others`
 * says what else might stand here. */
int drafting_figure(struct drafting *, const char *key, struct place, const char *others);
/* The same of KEY or KEY.ASPECT: "ct_pct.numerator". */
int drafting_number(struct drafting *, const char *name, struct place, const char *others,
    enum aspect *out);

/* Cut a template into pieces (sentence.c); a fault at the place of each bad name. */
void sentence_read(struct drafting *, const struct node *, struct sentence *out);

/* The items of `body` (report_body.c). */
void report_body_read(struct drafting *, const struct node *);

#endif
