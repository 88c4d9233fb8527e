/* What a serving process does beside its requests: deltas are folded into cells, so that reading
 * large units stays fast, and rows of the audit are sealed. Nothing that anybody reads depends on
 * when it happens. */
#ifndef DOMAIN_MAINTAIN_H
#define DOMAIN_MAINTAIN_H

#include "domain/world.h"

/* One round, with a snapshot of its own: nothing must be begun in cx. Does nothing when nothing
 * waits, or while another process holds the lease. A backlog is taken in several rounds; *more says
 * that there is one. */
MUST_CHECK enum status maintain_round(struct ctx *, bool *more);

#endif
