/* Scanning. A large unit is read from its cells where whole years, months or days lie in the range,
 * everything else from facts; which way is taken never changes the result. */
#include "domain/figure_scan.h"

#include "base/plant.h"
#include "domain/fact.h"

static int64_t
indicator_id(const struct ctx *cx, const struct indicator *indicator)
{
    return cx->world->indicator_ids[indicator->index];
}

static void
bind_filter(struct query *q, const struct cut_filter *filter)
{
    query_int(q, "mask", filter->mask);
    query_int(q, "want", filter->want);
}

void
stretch_bind(struct query *q, struct ctx *cx, const struct figure_query *query,
    const struct scope *scope, int i, int end)
{
    query_int(q, "shard", scope->items[i].unit->shard);
    query_int(q, "indicator", indicator_id(cx, query->indicator));
    query_text(q, "units", scope_units(cx->arena, scope, i, end));
    query_int(q, "first", scope->items[i].from);
    query_int(q, "end", (int64_t)scope->items[i].to + 1);
    bind_filter(q, &query->where);
}

struct stretches {
    struct ctx *cx;
    const struct figure_query *query;
    struct scope scope;
    int *ends; /* the places after the last items */
    int count;
};

static void
bind_stretch(struct query *q, int i, void *arg)
{
    const struct stretches *stretches = arg;
    stretch_bind(q, stretches->cx, stretches->query, &stretches->scope,
        i == 0 ? 0 : stretches->ends[i - 1], stretches->ends[i]);
}

struct query *
scope_query(struct ctx *cx, enum query_name name, const struct figure_query *query,
    struct scope scope)
{
    struct stretches *stretches = ARENA_NEW(cx->arena, struct stretches);
    *stretches = (struct stretches){.cx = cx, .query = query, .scope = scope};
    for (int i = 0; i < scope.count; i = stretches->ends[stretches->count - 1])
        *ARENA_PUSH(cx->arena, stretches->ends, stretches->count) = scope_stretch(&scope, i);
    struct query *q = query_new(cx, name);
    query_each(q, stretches->count, bind_stretch, stretches);
    return q;
}

struct gathered
gathered_new(struct arena *arena, const struct indicator *indicator, int buckets)
{
    return (struct gathered){.arena = arena,
        .is_distinct = indicator->aggregation == AGG_DISTINCT,
        .sums = ARENA_ARRAY(arena, struct sum, (size_t)buckets),
        .keys = ARENA_ARRAY(arena, struct map *, (size_t)buckets)};
}

void
gather(struct gathered *gathered, int bucket, const struct sum *sum)
{
    struct sum *total = &gathered->sums[bucket];
    struct map **keys = &gathered->keys[bucket];
    if (!gathered->is_distinct) {
        sum_add(total, sum, 1);
        return;
    }
    if (*keys == NULL)
        *keys = map_new(gathered->arena);
    bool is_new = map_set_int(*keys, sum->value, total) == NULL;
    total->value += is_new || PLANTED("distinct_counts_facts");
    total->n += sum->n;
}

/* The rows of fact_scan. */
static enum status
visit_facts(struct scan *scan, struct query *q)
{
    while (query_next(q)) {
        struct sum sum = sum_of_fact(query_get_int(q, 2), (int)query_get_int(q, 3));
        scan->visit(scan->arg, (int32_t)query_get_int(q, 0), query_get_int(q, 1), &sum);
    }
    return query_end(q);
}

struct scope
figure_scope(struct ctx *cx, const struct figure_query *query, int32_t from, int32_t to)
{
    const struct tree *tree = cx->world->tree;
    if (query->own)
        return tree_scope_own(cx->arena, tree, query->unit, from, to, query->basis);
    return tree_scope(cx->arena, tree, query->unit, from, to, query->basis);
}

static enum status
scan_facts(struct scan *scan, int32_t from, int32_t to)
{
    if (from > to)
        return OK;
    struct scope scope = figure_scope(scan->cx, scan->query, from, to);
    return visit_facts(scan, scope_query(scan->cx, Q_FACT_SCAN, scan->query, scope));
}

/* Is it the same question as by the structure of then? */
static bool
is_as_then(const struct figure_query *query)
{
    return query->basis == DAY_THEN ||
        (query->unit->is_settled && unit_on(query->unit, query->basis) != NULL);
}

/* In which shards may facts lie that count for a unit? */
const int64_t *
figure_shards(const struct ctx *cx, const struct figure_query *query, int *count)
{
    const struct tree *tree = cx->world->tree;
    bool one = query->unit != tree->root && !tree->has_strays && is_as_then(query);
    *count = one ? 1 : tree->shard_count;
    return one ? &query->unit->shard : tree->shards;
}

/* How a range falls apart: [days, months) and [months_end, days_end) in days, [months, years) and
 * [years_end, months_end) in months, [years, years_end) in years. Any stretch may be empty. */
struct division {
    int32_t days, months, years, years_end, months_end, days_end;
};

/* The whole buckets inside [*from, *end); none: both are *end. */
static void
whole_buckets(int32_t (*start)(int32_t), int32_t (*next)(int32_t), int32_t from, int32_t end,
    int32_t *first, int32_t *last)
{
    *first = start(from) == from ? from : next(from);
    *last = start(end);
    if (*first >= *last)
        *first = *last = end;
}

static struct division
fall_apart(const struct scan *scan)
{
    const struct figure_query *query = scan->query;
    struct division out = {.days = query->from, .days_end = query->to + 1};
    whole_buckets(month_start, month_next, out.days, out.days_end, &out.months, &out.months_end);
    out.years = out.years_end = out.months_end;
    if (!scan->by_month)
        whole_buckets(year_start, year_next, out.months, out.months_end, &out.years,
            &out.years_end);
    return out;
}

/* Are all facts of the shards that are asked those of the unit and of units below it? */
static bool
is_whole(const struct ctx *cx, const struct figure_query *query)
{
    const struct tree *tree = cx->world->tree;
    return !query->own && is_as_then(query) &&
        (query->unit == tree->root || (query->unit->is_head && !tree->has_strays));
}

/* What cells answer of a scan, a shard at a time. */
struct asked {
    const struct scan *scan;
    const struct unit *keeper;
    struct division range;
    bool is_whole;
    int64_t shard;
};

struct asked_list {
    struct asked *items;
    int count;
};

static void
push_cells(struct asked_list *list, struct scan *scan, const struct unit *keeper,
    const struct division *range)
{
    int count;
    const int64_t *shards = figure_shards(scan->cx, scan->query, &count);
    bool whole = is_whole(scan->cx, scan->query);
    for (int i = 0; i < count; i++)
        *ARENA_PUSH(scan->cx->arena, list->items, list->count) =
            (struct asked){scan, keeper, *range, whole, shards[i]};
}

static void
bind_cells(struct query *q, int i, void *arg)
{
    const struct asked_list *list = arg;
    const struct asked *asked = &list->items[i];
    const struct scan *scan = asked->scan;
    query_int(q, "shard", asked->shard);
    query_int(q, "unit", asked->keeper->id);
    query_int(q, "indicator", indicator_id(scan->cx, scan->query->indicator));
    query_int(q, "year", scan->by_cut ? GRAIN_YEAR_CUT : GRAIN_YEAR);
    query_int(q, "month", scan->by_cut ? GRAIN_MONTH_CUT : GRAIN_MONTH);
    query_int(q, "day", GRAIN_DAY_CUT);
    query_int(q, "years_from", asked->range.years);
    query_int(q, "years_end", asked->range.years_end);
    query_int(q, "months_from", asked->range.months);
    query_int(q, "months_end", asked->range.months_end);
    query_int(q, "days_from", asked->range.days);
    query_int(q, "days_end", asked->range.days_end);
    bind_filter(q, &scan->query->where);
}

/* Cells, and the deltas that they do not have yet. */
static enum status
scan_cells(struct ctx *cx, struct asked_list *list)
{
    struct query *q = query_new(cx, Q_ROLL_SCAN);
    query_each(q, list->count, bind_cells, list);
    while (query_next(q)) {
        const struct asked *asked = &list->items[query_which(q)];
        const struct scan *scan = asked->scan;
        int64_t unit = query_get_int(q, 0), cut = query_get_int(q, 2);
        int32_t day = (int32_t)query_get_int(q, 1);
        struct sum sum = {query_get_int(q, 3), query_get_int(q, 4), query_get_int(q, 5),
            query_get_int(q, 6), query_get_int(q, 7)};
        const struct unit *bearer =
            asked->is_whole || unit == 0 ? NULL : tree_unit(cx->world->tree, unit);
        if (bearer == NULL || unit_inside(unit_place(bearer, day), scan->query->unit, day))
            scan->visit(scan->arg, day, cut, &sum);
    }
    return query_end(q);
}

/* Keys of whole shards, from their index. */
static enum status
scan_keys(struct scan *scan)
{
    const struct figure_query *query = scan->query;
    int count;
    const int64_t *shards = figure_shards(scan->cx, query, &count);
    struct query *q = query_new(scan->cx, Q_FACT_KEYS);
    query_each_int(q, "shard", shards, count);
    query_int(q, "indicator", indicator_id(scan->cx, query->indicator));
    query_int(q, "first", query->from);
    query_int(q, "end", (int64_t)query->to + 1);
    bind_filter(q, &query->where);
    return visit_facts(scan, q);
}

bool
scan_has_cells(const struct ctx *cx, const struct figure_query *query)
{
    return tree_keeper(cx->world->tree, query->unit) != NULL &&
        indicator_keeps_sums(query->indicator) && !query->own && is_as_then(query);
}

/* From cells what they hold, which is asked for later; the odd days at both ends from day cells
 * where the unit has them, else from facts. */
static enum status
scan_one(struct scan *scan, struct asked_list *later)
{
    const struct figure_query *query = scan->query;
    const struct unit *keeper = tree_keeper(scan->cx->world->tree, query->unit);
    struct division range = fall_apart(scan);
    struct division whole = range;
    if (query->indicator->aggregation == AGG_DISTINCT && is_whole(scan->cx, query))
        return scan_keys(scan);
    if (!scan_has_cells(scan->cx, query) ||
        (range.months == range.months_end && !keeper->day_cells))
        return scan_facts(scan, query->from, query->to);
    if (!keeper->day_cells) {
        whole.days = range.months;
        whole.days_end = range.months_end;
        TRY(scan_facts(scan, range.days, range.months - 1));
        TRY(scan_facts(scan, range.months_end, range.days_end - 1));
    }
    push_cells(later, scan, keeper, &whole);
    return OK;
}

enum status
scan_run_all(struct scan *scans, int count)
{
    struct asked_list later = {0};
    for (int i = 0; i < count; i++)
        TRY(scan_one(&scans[i], &later));
    return later.count == 0 ? OK : scan_cells(scans[0].cx, &later);
}

enum status
scan_run(struct scan *scan)
{
    return scan_run_all(scan, 1);
}
