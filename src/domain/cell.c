/* Cells and the folder. What facts and deltas add to cells is tallied first (domain/tally.h) and
 * then written, because thousands of them meet in few cells. */
#include "domain/cell.h"

#include "base/plant.h"
#include "domain/tally.h"

enum { FOLD_CHUNK = 4096 };

int32_t
cell_bucket(enum grain grain, int32_t day)
{
    if (grain == GRAIN_DAY_CUT)
        return day;
    return grain == GRAIN_MONTH || grain == GRAIN_MONTH_CUT ? month_start(day) : year_start(day);
}

bool
cell_is_total(enum grain grain)
{
    return grain == GRAIN_YEAR || grain == GRAIN_MONTH;
}

/* The cells of one unit that a change on a day falls into. */
static void
push_cells(struct tally *all, const struct unit *unit, struct tally_item change, int32_t day)
{
    change.unit = unit->id;
    for (int grain = 0; grain < GRAIN__COUNT; grain++) {
        struct tally_item cell = change;
        if (grain == GRAIN_DAY_CUT && !unit->day_cells)
            continue;
        cell.grain = grain;
        cell.bucket = cell_bucket((enum grain)grain, day);
        if (cell_is_total((enum grain)grain))
            cell.cut = 0;
        tally_add(all, &cell);
    }
}

/* The cells of all units above (and of) the unit that bore the change, by the tree of its day (a
 * stock may change after the unit's end: then of the unit in its place); `wanted` (by index of the
 * unit) leaves some out, NULL none. */
static void
push_change(struct tally *all, const struct tree *tree, const bool *wanted,
    struct tally_item change, int32_t day)
{
    const struct unit *bearer = tree_unit(tree, change.unit);
    const struct unit *unit = bearer == NULL ? NULL : unit_place(bearer, day);
    while (unit != NULL) {
        const struct span *span = unit_on(unit, day);
        if (unit->month_cells && (wanted == NULL || wanted[unit->index]))
            push_cells(all, unit, change, day);
        unit = span == NULL ? NULL : span->parent;
    }
}

/* A cell that nothing is in any more goes. */
static enum status
drop_empty(struct ctx *cx, const struct tally_item *cell)
{
    struct query *q = query_new(cx, Q_ROLL_DROP_EMPTY);
    query_int_at(q, 0, cell->shard);
    query_int_at(q, 1, cell->unit);
    query_int_at(q, 2, cell->indicator);
    query_int_at(q, 3, cell->grain);
    query_int_at(q, 4, cell->bucket);
    query_int_at(q, 5, cell->cut);
    return query_run(q, NULL);
}

/* All are added before any is dropped, so that the rows can be gathered. */
static enum status
write_cells(struct ctx *cx, struct tally *all)
{
    tally_sort(all);
    for (int i = 0; i < all->count; i++) {
        const struct tally_item *cell = &all->items[i];
        struct query *q = query_new(cx, Q_ROLL_ADD);
        query_int_at(q, 0, cell->shard);
        query_int_at(q, 1, cell->unit);
        query_int_at(q, 2, cell->indicator);
        query_int_at(q, 3, cell->grain);
        query_int_at(q, 4, cell->bucket);
        query_int_at(q, 5, cell->cut);
        query_int_at(q, 6, cell->sum.value);
        query_int_at(q, 7, cell->sum.n);
        query_int_at(q, 8, cell->sum.n_over);
        query_int_at(q, 9, cell->sum.n_under);
        query_int_at(q, 10, cell->sum.n_about);
        TRY(query_run(q, NULL));
    }
    for (int i = 0; i < all->count; i++) {
        if (all->items[i].sum.n <= 0)
            TRY(drop_empty(cx, &all->items[i]));
    }
    return OK;
}

/* Folding */

struct fold_job {
    int64_t shard;
    int limit;
    int folded;
};

static enum status
fold_shard(struct ctx *cx, void *arg)
{
    struct fold_job *job = arg;
    struct tally all = {.arena = cx->arena};
    job->folded = 0;
    struct query *q = query_new(cx, PLANTED("fold_without_delete") ? Q_DELTA_PEEK : Q_DELTA_TAKE);
    query_int(q, "shard", job->shard);
    query_int(q, "limit", job->limit);
    while (query_next(q)) {
        struct tally_item change = {.shard = job->shard,
            .indicator = query_get_int(q, 0),
            .unit = query_get_int(q, 1),
            .cut = query_get_int(q, 3),
            .sum = {query_get_int(q, 4), query_get_int(q, 5), query_get_int(q, 6),
                query_get_int(q, 7), query_get_int(q, 8)}};
        push_change(&all, cx->world->tree, NULL, change, (int32_t)query_get_int(q, 2));
        job->folded++;
    }
    TRY(query_end(q));
    return write_cells(cx, &all);
}

static enum status
find_waiting(struct ctx *cx, int64_t **shards, int *count)
{
    const struct tree *tree = cx->world->tree;
    struct query *q = query_new(cx, Q_DELTA_ANY);
    query_each_int(q, "shard", tree->shards, tree->shard_count);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *shards, *count) = tree->shards[query_which(q)];
    return query_end(q);
}

enum status
cell_fold(struct ctx *cx, int limit, int *folded)
{
    int64_t *shards = NULL;
    int count = 0;
    *folded = 0;
    TRY(find_waiting(cx, &shards, &count));
    for (int i = 0; i < count && *folded < limit; i++) {
        struct fold_job job = {.shard = shards[i], .limit = limit - *folded};
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(world_step(cx, fold_shard, &job));
        arena_release(cx->arena, mark);
        *folded += job.folded;
    }
    return OK;
}

enum status
cell_fold_all(struct ctx *cx)
{
    int folded;
    do
        TRY(cell_fold(cx, FOLD_CHUNK, &folded));
    while (folded > 0 && !PLANTED("fold_without_delete"));
    return OK;
}

/* Making anew */

/* Add the fact that stands in a query: shard, indicator, unit, day, cut, value, word. */
static void
add_fact(struct ctx *cx, struct query *q, const struct tree *tree, const bool *wanted,
    struct tally *all)
{
    struct tally_item change = {.shard = query_get_int(q, 0),
        .indicator = query_get_int(q, 1),
        .unit = query_get_int(q, 2),
        .cut = query_get_int(q, 4),
        .sum = sum_of_fact(query_get_int(q, 5), (int)query_get_int(q, 6))};
    if (world_keeps_sums(cx->world, change.indicator))
        push_change(all, tree, wanted, change, (int32_t)query_get_int(q, 3));
}

/* Shard by shard, because no cell has parts in two: the tally stays as small as the largest. */
static enum status
add_by_shard(struct ctx *cx, enum query_name facts, const char *key, int64_t value,
    const bool *wanted, const struct tree *tree)
{
    for (int i = 0; i < tree->shard_count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct tally all = {.arena = cx->arena};
        struct query *q = query_new(cx, facts);
        query_int(q, "shard", tree->shards[i]);
        if (key != NULL)
            query_int(q, key, value);
        while (query_next(q))
            add_fact(cx, q, tree, wanted, &all);
        TRY(query_end(q));
        TRY(write_cells(cx, &all));
        arena_release(cx->arena, mark);
    }
    return OK;
}

/* The cells that a unit has go: in every shard, because what was merged into it brings its own. */
static enum status
clear_unit(struct ctx *cx, const struct tree *tree, const struct unit *unit)
{
    for (int i = 0; i < tree->shard_count; i++) {
        struct query *q = query_new(cx, Q_ROLL_CLEAR_UNIT);
        query_int(q, "shard", tree->shards[i]);
        query_int(q, "unit", unit->id);
        TRY(query_run(q, NULL));
    }
    return OK;
}

/* One pass over all facts for all the units whose cells are made anew. */
static enum status
make_cells(struct ctx *cx, const struct tree *tree, const bool *wanted)
{
    bool any = false;
    for (int i = 0; i < tree->count && !any; i++)
        any = wanted[i] && tree->units[i].month_cells;
    return any ? add_by_shard(cx, Q_FACT_OF_SHARD, NULL, 0, wanted, tree) : OK;
}

/* Deltas that wait would be counted again on top of cells that were made from facts. */
static enum status
fold_waiting(struct ctx *cx, const struct tree *tree)
{
    for (int i = 0; i < tree->shard_count; i++) {
        struct fold_job job = {.shard = tree->shards[i], .limit = INT32_MAX};
        TRY(fold_shard(cx, &job));
    }
    return OK;
}

static bool
is_among(const struct unit *unit, const struct unit **units, int count)
{
    for (int i = 0; i < count; i++) {
        if (units[i]->id == unit->id)
            return true;
    }
    return units == NULL;
}

/* A unit keeps its cells when it shrinks or ends: its past is asked for as before. The head of a
 * shard needs none where the root has them (tree_keeper). */
static void
decide(const struct world *world, struct unit *unit)
{
    const struct tree *tree = world->tree;
    int below = unit->last - unit->pos;
    bool keeps = unit->month_cells && world->month_units != INT32_MAX;
    bool keeps_days = unit->day_cells && world->day_units != INT32_MAX;
    bool root_serves = unit->is_head && !tree->has_strays &&
        tree->root->last - tree->root->pos > world->month_units;
    unit->month_cells = !root_serves && (below > world->month_units || keeps);
    unit->day_cells = unit->month_cells && (below > world->day_units || keeps_days);
}

enum status
cell_refresh(struct ctx *cx, const struct world *world, const struct unit **touched, int count)
{
    const struct tree *tree = world->tree;
    bool *wanted = ARENA_ARRAY(cx->arena, bool, (size_t)tree->count + 1);
    TRY(fold_waiting(cx, cx->world->tree));
    TRY(query_run(query_new(cx, Q_CELL_UNIT_CLEAR), NULL));
    for (int i = 0; i < tree->count; i++) {
        struct unit *unit = &tree->units[i];
        bool had = unit->month_cells, had_days = unit->day_cells;
        decide(world, unit);
        if (unit->month_cells) {
            struct query *q = query_new(cx, Q_CELL_UNIT_INSERT);
            query_int(q, "unit", unit->id);
            query_int(q, "days", unit->day_cells);
            TRY(query_run(q, NULL));
        }
        bool changed = had != unit->month_cells || had_days != unit->day_cells;
        wanted[i] = changed || (unit->month_cells && is_among(unit, touched, count));
        if (wanted[i] && had)
            TRY(clear_unit(cx, tree, unit));
    }
    return make_cells(cx, tree, wanted);
}

enum status
cell_add_batch(struct ctx *cx, int64_t batch)
{
    return add_by_shard(cx, Q_FACT_OF_BATCH, "batch", batch, NULL, cx->world->tree);
}

static bool
is_number_among(int64_t id, const int64_t *ids, int count)
{
    for (int i = 0; i < count; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

enum status
cell_rebuild_indicators(struct ctx *cx, int64_t shard, const int64_t *ids, int count)
{
    static const enum query_name forget[] = {Q_INDICATOR_FORGET_SHARD_DELTAS,
        Q_INDICATOR_FORGET_SHARD_CELLS};
    struct tally all = {.arena = cx->arena};
    for (int i = 0; i < 2 * count; i++) {
        struct query *q = query_new(cx, forget[i % 2]);
        query_int(q, "shard", shard);
        query_int(q, "indicator", ids[i / 2]);
        TRY(query_run(q, NULL));
    }
    struct query *q = query_new(cx, Q_FACT_OF_SHARD);
    query_int(q, "shard", shard);
    while (query_next(q)) {
        if (!is_number_among(query_get_int(q, 1), ids, count))
            continue;
        add_fact(cx, q, cx->world->tree, NULL, &all);
    }
    TRY(query_end(q));
    return write_cells(cx, &all);
}
