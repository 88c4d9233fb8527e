/* Gathering sums: a dense list of items and a table that finds the item of a key. */
#include "domain/tally.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_NUMBERS = 6, FIRST_ROOM = 64 };

/* Values are at most 10^12 (domain/form.c), so that nine million of the largest fit. */
void
sum_add(struct sum *to, const struct sum *from, int sign)
{
    to->value += sign * from->value;
    to->n += sign * from->n;
    to->n_over += sign * from->n_over;
    to->n_under += sign * from->n_under;
    to->n_about += sign * from->n_about;
}

struct sum
sum_of_fact(int64_t value, int word)
{
    int sign = word < 0 ? -1 : 1, known = word_is_known(sign * word) ? sign * word : 0;
    enum qualifier qualifier = word_qualifier(known);
    return (struct sum){value, 1, sign * (qualifier == OVER), sign * (qualifier == UNDER),
        sign * (qualifier == ABOUT)};
}

/* Multiply and fold, number by number; the keys are ours, so nobody can choose collisions. */
static uint64_t
hash(const struct tally_item *item)
{
    const int64_t key[KEY_NUMBERS] = {item->shard, item->unit, item->indicator, item->grain,
        item->bucket, item->cut};
    uint64_t hash = 0;
    for (int i = 0; i < KEY_NUMBERS; i++) {
        hash = (hash ^ (uint64_t)key[i]) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 32;
    }
    return hash;
}

static bool
same_key(const struct tally_item *a, const struct tally_item *b)
{
    return a->shard == b->shard && a->unit == b->unit && a->indicator == b->indicator &&
        a->grain == b->grain && a->bucket == b->bucket && a->cut == b->cut;
}

/* The place of a key in the table: that of its item, or a free one. */
static int *
find(const struct tally *tally, const struct tally_item *item)
{
    uint64_t mask = (uint64_t)tally->room * 2 - 1;
    for (uint64_t i = hash(item) & mask;; i = (i + 1) & mask) {
        int *place = &tally->table[i];
        if (*place == 0 || same_key(&tally->items[*place - 1], item))
            return place;
    }
}

static void
grow(struct tally *tally)
{
    size_t size = sizeof(*tally->items), count = (size_t)tally->count;
    tally->room = tally->room == 0 ? FIRST_ROOM : tally->room * 2;
    tally->items = arena_grow(tally->arena, tally->items, count * size, (size_t)tally->room * size);
    tally->table = ARENA_ARRAY(tally->arena, int, (size_t)tally->room * 2);
    for (int i = 0; i < tally->count; i++)
        *find(tally, &tally->items[i]) = i + 1;
}

void
tally_add(struct tally *tally, const struct tally_item *item)
{
    if (tally->count == tally->room)
        grow(tally);
    int *place = find(tally, item);
    if (*place != 0) {
        sum_add(&tally->items[*place - 1].sum, &item->sum, 1);
        return;
    }
    tally->items[tally->count++] = *item;
    *place = tally->count;
}

static int
compare_items(const void *a, const void *b)
{
    const struct tally_item *x = a, *y = b;
    if (x->shard != y->shard)
        return x->shard < y->shard ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->indicator != y->indicator)
        return x->indicator < y->indicator ? -1 : 1;
    if (x->grain != y->grain)
        return x->grain < y->grain ? -1 : 1;
    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    return (x->cut > y->cut) - (x->cut < y->cut);
}

void
tally_sort(struct tally *tally)
{
    if (tally->count > 1)
        qsort(tally->items, (size_t)tally->count, sizeof(*tally->items), compare_items);
}
