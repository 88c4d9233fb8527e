/* Gathering sums: append, and sort and merge when there are many new ones. */
#include "domain/tally.h"

#include "base/number.h"

#include <stdlib.h>

enum { MERGE_AT = 1 << 17 };

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
    enum qualifier qualifier = word_qualifier(word);
    return (struct sum){value, 1, qualifier == OVER, qualifier == UNDER, qualifier == ABOUT};
}

static int
compare_items(const void *a, const void *b)
{
    const struct tally_item *x = a, *y = b;
    const int64_t p[] = {x->shard, x->unit, x->indicator, x->grain, x->bucket, x->cut};
    const int64_t q[] = {y->shard, y->unit, y->indicator, y->grain, y->bucket, y->cut};
    for (int i = 0; i < 6; i++) {
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    }
    return 0;
}

void
tally_merge(struct tally *tally)
{
    int kept = 0;
    if (tally->count > 1)
        qsort(tally->items, (size_t)tally->count, sizeof(*tally->items), compare_items);
    for (int i = 0; i < tally->count; i++) {
        if (kept > 0 && compare_items(&tally->items[kept - 1], &tally->items[i]) == 0)
            sum_add(&tally->items[kept - 1].sum, &tally->items[i].sum, 1);
        else
            tally->items[kept++] = tally->items[i];
    }
    tally->count = kept;
}

/* A full room is first merged; it grows when merging did not halve it. */
void
tally_add(struct tally *tally, const struct tally_item *item)
{
    if (tally->count == tally->room) {
        if (tally->room >= MERGE_AT)
            tally_merge(tally);
        if (tally->count > tally->room / 2 || tally->room == 0) {
            size_t size = sizeof(*tally->items), count = (size_t)tally->count;
            tally->room = tally->room == 0 ? 64 : tally->room * 2;
            tally->items = arena_grow(tally->arena, tally->items, count * size,
                (size_t)tally->room * size);
        }
    }
    tally->items[tally->count++] = *item;
}
