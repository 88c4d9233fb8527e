/* Rows of records on a page: a register's, and those that wait for a decision. */
#ifndef WEB_LISTING_H
#define WEB_LISTING_H

#include "domain/record.h"
#include "web/page.h"

/* Each record as { code, pick, title, href, unit, day, state, state_label, tag, register_label,
 * cells, steps } into a list. The columns are those of the register that `columns_of` names; NULL:
 * no cells. Names of people stand in for titles where the viewer may read them, which is noted. */
MUST_CHECK enum status listing_doc(struct doc *list, struct page *, struct record *const *,
    int count, const struct reg *columns_of);

/* The heads of these cells, a list of { label, is_number }. */
void listing_columns(const struct ctx *, struct doc *list, const struct reg *);

/* The sums of the cells that are numbers, for a row below: a list of { label, value, is_number }
 * for each column, null where there is nothing to add. False when no column is a number. */
bool listing_totals(const struct ctx *, struct doc *list, struct record *const *, int count,
    const struct reg *);

/* The class of a state's tag: draft, wait, back, done or gone. */
const char *listing_tag(const struct record *);

/* What was picked on a page and the step to take of it: each field `hs` is CODE:VERSION. Takes the
 * step `buoc` of each, with the reason `ly_do`, one by one, and says on the page it goes back to
 * how many were done; those that could not be are named with why. */
MUST_CHECK enum status listing_take_steps(struct page *, const char *back);
/* On that page: how many were `done`, and what was `wrong`; each null when there is none. */
void listing_outcome(struct page *);

#endif
