/* Batches: what one import brings. Its records and facts are there for nobody until the batch is
 * published. All of this, but for the undoing, happens inside a write. */
#ifndef DOMAIN_BATCH_H
#define DOMAIN_BATCH_H

#include "domain/import.h"

/* Take or renew the lease of imports: one at a time. ERR_CONFLICT when another process holds it. It
 * lasts for a few chunks, so that a process that died is not waited for long. */
MUST_CHECK enum status batch_hold(struct ctx *, int64_t now);
MUST_CHECK enum status batch_release(struct ctx *);

/* Holding the lease: take away what a process that died has left half loaded. */
MUST_CHECK enum status batch_discard_left(struct ctx *);

MUST_CHECK enum status batch_begin(struct ctx *, const struct record_import *, int64_t *id);
/* ERR_CONFLICT when another import has discarded it, because this process slept past its lease. */
MUST_CHECK enum status batch_go_on(struct ctx *, int64_t id);
/* One that brought nothing leaves no row. */
MUST_CHECK enum status batch_publish(struct ctx *, int64_t id, int64_t records);

#endif
