/* What a page speaks of: a unit, a range of days, a directive. The three stand in the address
 * (`dv`, `ky`, `ct`) and on the page as one form, which is the same on all pages that have them. */
#ifndef WEB_CONTEXT_H
#define WEB_CONTEXT_H

#include "web/page.h"

struct context {
    const struct unit *unit;
    struct range range;
    bool may_be_ever, is_ever;         /* a range need not be asked; it is not */
    const struct reg *reg;             /* whose records the page is about; NULL: of several */
    const struct directive *directive; /* NULL: any */
    bool is_fixed;                     /* the page is about the directive and nothing else */
    const char *action;                /* the address without what is asked */
    const struct pair *kept;           /* what else is asked and goes on; without a value: not */
    int kept_count;
};

/* The directive `ct` of the address, NULL when none is asked. ERR_NOT_FOUND when there is none of
 * the key, or none that records of the register (NULL: of any) may serve. */
MUST_CHECK enum status context_directive(struct page *, const struct reg *,
    const struct directive **out);

/* Fill what html/context_bar.html and html/context_fields.html show. */
void context_show(struct page *, const struct context *);

/* Does the page speak of the register: may its records serve the directive? */
bool context_has(const struct ctx *, const struct context *, const struct reg *);
/* An indicator's figure of the unit, the days and the directive. */
struct figure_query context_query(const struct ctx *, const struct context *,
    const struct indicator *);

/* "&ct=chi_thi_05" to be added to an address, or "". */
const char *context_suffix(struct arena *, const struct directive *);

#endif
