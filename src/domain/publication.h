/* Figures that anybody may see: each was published by a decision, and stays live until it is
 * withdrawn. What they are made of stays inside. */
#ifndef DOMAIN_PUBLICATION_H
#define DOMAIN_PUBLICATION_H

#include "base/doc.h"
#include "domain/figure.h"

enum { DECISION_MAX = 120, PUBLICATIONS_MAX = 500 }; /* characters; figures of one page */

/* Below so many the public sees "dưới 5" instead of the number (TRUST.md, people, 5), unless the
 * register is open itself. */
enum { PUBLIC_LEAST = 5 };

struct publication {
    const char *code; /* what it is called by; a new one has none yet */
    const struct indicator *indicator;
    const struct unit *unit;
    int32_t from, to;
    const char *decision; /* "Quyết định số 12-QĐ/TU ngày 05/9/2026" */
    int64_t at;
};

/* Those in force whose indicator and unit are still known, in the order of their publication. */
MUST_CHECK enum status publication_list(struct ctx *, struct publication **out, int *count);

/* ERR_FORBIDDEN unless the viewer is of the unit's committee or the operator. ERR_INVALID without a
 * decision, for an indicator of a restricted register, or for a range that ends before it begins.
 */
MUST_CHECK enum status publish(struct ctx *, const struct publication *);
/* ERR_NOT_FOUND when there is none of this code in force. */
MUST_CHECK enum status publication_withdraw(struct ctx *, const char *code);

/* What the public sees of them: code, label, unit, from, to, decision, value (a leaf), `is_few`
 * where there are too few to be told, numerator and denominator of ratios. Read without a viewer's
 * rights. */
MUST_CHECK enum status publication_doc(struct doc *list, struct ctx *);

#endif
