/* What is asked of the engine's index of words, as an expression of the engine. Whoever asks speaks
 * of words made of [a-z0-9_] only: there is nothing to escape and no syntax to slip in. */
#ifndef STORE_FULLTEXT_H
#define STORE_FULLTEXT_H

#include "base/ctx.h"

/* One thing that must be there: a word written as a whole, or all of `words`, each the beginning of
 * a word. */
struct fulltext_term {
    const char *whole;  /* NULL: only `words` will do */
    const char **words; /* none: only `whole` will do */
    int count;
};

struct fulltext {
    const struct fulltext_term *terms; /* all of them, at least one */
    int count;
    const char **one_of; /* and one of these whole words; none: not asked */
    int one_of_count;
};

enum fulltext_part {
    FULLTEXT_ALL,
    FULLTEXT_EXACT, /* with every `whole` as it stands */
    FULLTEXT_REST   /* of all, those that are not exact */
};

/* The expression for :match of search_page, in the arena. */
const char *fulltext_match(const struct ctx *, const struct fulltext *, enum fulltext_part);

#endif
