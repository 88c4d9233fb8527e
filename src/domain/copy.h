/* All rows of a database on their way into another one or into a text, whichever engines keep the
 * two. Sums and facts go along as they are; the index of words is made anew. */
#ifndef DOMAIN_COPY_H
#define DOMAIN_COPY_H

#include "domain/world.h"
#include "store/rows.h"

struct copy_result {
    struct rows_count count;
    const char *digest; /* of the rows as text: equal content, equal digest */
};

/* Everything in the snapshot of cx to `sink`, as text; with NULL only what it comes to. */
MUST_CHECK enum status copy_out(struct ctx *, const struct sink *, struct copy_result *);

/* Is the text in a file what copy_out wrote there? */
MUST_CHECK enum status copy_check_text(struct ctx *, const char *file, const struct copy_result *);

/* Where rows come from: the snapshot of another database, or a text. */
struct copy_from {
    struct ctx *database; /* NULL: the text */
    const char *file;     /* its name, for faults */
    const char *text;
    size_t length;
    bool distribute; /* spread the database that is filled over the machines of a Citus cluster */
};

/* Fill the database of cx, which is brought to this program's version and must be empty: all in one
 * transaction, or nothing. cx is in no snapshot. */
MUST_CHECK enum status copy_in(struct ctx *, const struct copy_from *, struct copy_result *);

#endif
