/* Drafts: what an account is typing, as it was typed. A draft is kept before anything of it is
 * understood, so that nothing is lost by a mistake, a lost connection or a closed lid; it goes when
 * what it says is kept in the register. */
#ifndef DOMAIN_DRAFT_H
#define DOMAIN_DRAFT_H

#include "domain/world.h"

enum { DRAFT_BODY_MAX = 64 * 1024, DRAFTS_SHOWN = 20 };

struct draft {
    const char *key; /* a record's code; of a new record the origin that it is going to have */
    const struct reg *reg;
    const struct unit *unit; /* for which it is written */
    int64_t version;         /* of the record that was opened; 0: a new one */
    const char *body;        /* the form, encoded as a browser sends it */
    int64_t at;
};

/* Keep a draft in place of the one of this key; cx->actor's. */
MUST_CHECK enum status draft_put(struct ctx *, const struct draft *);
/* That of a key, by the unit that it is written for; *out is NULL when there is none. */
MUST_CHECK enum status draft_find(struct ctx *, const struct unit *, const char *key,
    struct draft **out);
/* The newest of a new record in a register and unit, or NULL. */
MUST_CHECK enum status draft_newest(struct ctx *, const struct reg *, const struct unit *,
    struct draft **out);
/* All of cx->actor's, the newest first, at most DRAFTS_SHOWN. */
MUST_CHECK enum status draft_list(struct ctx *, struct draft ***out, int *count);
/* Take it away; harmless when there is none. */
MUST_CHECK enum status draft_remove(struct ctx *, const struct unit *, const char *key);

#endif
