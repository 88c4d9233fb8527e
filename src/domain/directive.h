/* The directives that a record serves: a set of bits, one for each number in the store. A record
 * counts once in each of them and once in the total. */
#ifndef DOMAIN_DIRECTIVE_H
#define DOMAIN_DIRECTIVE_H

#include "base/doc.h"
#include "domain/world.h"

/* The bit of a directive of the model. */
int64_t directive_bit(const struct world *, const struct directive *);
/* The directive of the pack that a register comes from: what a new record serves. */
int64_t directive_default(const struct world *, const struct reg *);
/* May records of a register serve a directive? Its own pack's, and those of packs that use it. */
bool directive_suits(const struct world *, const struct directive *, const struct reg *);

/* Read "chi_thi_05, 04-NQ/TW": keys or symbols between commas. An empty text is the default.
 * `where` places a fault; false when one was found. */
bool directive_parse(struct ctx *, const struct reg *, const char *text, struct fault where,
    int64_t *out);
/* The keys of a set, as files carry them: "chi_thi_05,nq_tw4". */
const char *directive_text(struct arena *, const struct world *, int64_t set);

/* A list of { key, symbol, label } for pages. */
void directive_doc(struct ctx *, struct doc *list, int64_t set);

#endif
