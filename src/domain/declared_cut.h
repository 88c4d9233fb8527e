/* Declarations name their indicator and the choices of its cuts by keys: what becomes of these when
 * the packs change. */
#ifndef DOMAIN_DECLARED_CUT_H
#define DOMAIN_DECLARED_CUT_H

#include "domain/plan.h"

/* The key that an indicator of the old version has in the new one. */
const char *declared_key_now(const struct model *after, const char *key);

/* The cut of a declaration ("loai=x,chu_the=y") in the keys of the new version; false when these
 * have no word for it. */
bool declared_cut_now(struct arena *, const struct plan *, const struct indicator *now,
    const char *cut, const char **out);

/* Inside a write: bring all declarations to the new version; none is refused by the plan. */
MUST_CHECK enum status declared_bring(struct ctx *, const struct plan *);

#endif
