/* Sums gathered under a key of six numbers: what goes into cells, and what the check finds missing
 * there. */
#ifndef DOMAIN_TALLY_H
#define DOMAIN_TALLY_H

#include "base/arena.h"
#include "domain/cell.h"

struct tally_item {
    int64_t shard, unit, indicator, grain, bucket, cut; /* the key */
    struct sum sum;
};

struct tally {
    struct arena *arena;
    struct tally_item *items; /* one for each key */
    int count;
    int room;   /* for so many */
    int *table; /* room * 2 places: index + 1 of the item whose key hashes there, 0 free */
};

/* Add to the sum of the item's key. */
void tally_add(struct tally *, const struct tally_item *);
/* Put the items into the order of their keys; the last thing that is done with a tally. */
void tally_sort(struct tally *);

#endif
