/* Ids, and the slot that makes them this process's own. Used by the engines. */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "base/ctx.h"

#include <pthread.h>

struct ids {
    pthread_mutex_t lock;
    int64_t last_id;
    int slot; /* -1: none is held */
    int64_t slot_until;
};

void ids_begin(struct ids *);
void ids_end(struct ids *);

/* Must a slot be taken, or the hold on it be renewed, before the next write? */
bool ids_are_due(struct ids *);
/* Do it, inside a transaction that no other process writes beside. A database without the table is
 * one that is being made: it gives out no ids yet. */
MUST_CHECK enum status ids_hold(struct ctx *, struct ids *);
/* The transaction in which the slot was taken came to nothing. */
void ids_lost(struct ids *);
/* Give the slot back, inside a transaction: the next holder's ids begin above the last of ours. */
MUST_CHECK enum status ids_drop(struct ctx *, struct ids *);

#endif
