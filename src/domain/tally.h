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
    struct tally_item *items;
    int count;
    int room; /* for so many */
};

/* Add one item. Items of the same key are merged now and then, so that the tally stays as small as
 * its number of keys allows. */
void tally_add(struct tally *, const struct tally_item *);
/* One item for each key, in their order. */
void tally_merge(struct tally *);

#endif
