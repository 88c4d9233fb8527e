/* The sums of memberships and the count of a subtree. A count on a day is all that ever came, less
 * what happened after the day: of the days that people ask about, few rows lie behind. */
#include "domain/headcount.h"

#include <string.h>

/* Writing */

static void
add(struct tally *tally, const struct unit *unit, enum person_status status, int32_t day, int n)
{
    const struct {
        int64_t unit;
        enum headcount_grain grain;
        int32_t bucket;
    } rows[] = {{0, HEADCOUNT_ALL, 0}, {0, HEADCOUNT_YEAR, year_start(day)},
        {0, HEADCOUNT_MONTH, month_start(day)}, {0, HEADCOUNT_DAY, day},
        {unit->id, HEADCOUNT_ALL, 0}, {unit->id, HEADCOUNT_DAY, day}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct tally_item item = {.shard = unit->shard,
            .unit = rows[i].unit,
            .grain = rows[i].grain,
            .bucket = rows[i].bucket,
            .cut = status,
            .sum = {.value = n}};
        tally_add(tally, &item);
    }
}

void
headcount_add(struct tally *tally, const struct membership *span, int sign)
{
    add(tally, span->unit, span->status, span->from, sign);
    if (span->to != DAY_MAX)
        add(tally, span->unit, span->status, span->to + 1, -sign);
}

enum status
headcount_write(struct ctx *cx, struct tally *tally)
{
    tally_sort(tally);
    for (int i = 0; i < tally->count; i++) {
        const struct tally_item *item = &tally->items[i];
        if (item->sum.value == 0)
            continue;
        struct query *q = query_new(cx, Q_HEADCOUNT_ADD);
        query_int_at(q, 0, item->shard);
        query_int_at(q, 1, item->unit);
        query_int_at(q, 2, item->grain);
        query_int_at(q, 3, item->bucket);
        query_text_at(q, 4, person_status_key((enum person_status)item->cut));
        query_int_at(q, 5, item->sum.value);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static enum status
add_shard(struct ctx *cx, int64_t shard, struct tally *tally)
{
    struct query *q = query_new(cx, Q_MEMBER_ALL);
    query_int(q, "shard", shard);
    while (query_next(q)) {
        struct membership span = {.from = (int32_t)query_get_int(q, 0),
            .to = (int32_t)query_get_int(q, 1),
            .unit = tree_unit(cx->world->tree, query_get_int(q, 2)),
            .status = person_status_of(query_peek_text(q, 3))};
        if (span.unit != NULL)
            headcount_add(tally, &span, 1);
    }
    return query_end(q);
}

enum status
headcount_rebuild(struct ctx *cx)
{
    const struct tree *tree = cx->world->tree;
    struct tally tally = {.arena = arena_new()};
    enum status status = query_run(query_new(cx, Q_HEADCOUNT_CLEAR), NULL);
    for (int i = 0; i < tree->shard_count && status == OK; i++)
        status = add_shard(cx, tree->shards[i], &tally);
    if (status == OK)
        status = headcount_write(cx, &tally);
    arena_free(tally.arena);
    return status;
}

/* Counting */

struct count {
    const struct person_count *query;
    int64_t sum;
};

static enum status
add_rows(struct count *count, struct query *q)
{
    while (query_next(q)) {
        if ((count->query->statuses & 1U << person_status_of(query_peek_text(q, 0))) != 0)
            count->sum += query_get_int(q, 1);
    }
    return query_end(q);
}

/* A sum over whole shards. */
static enum status
add_whole(struct ctx *cx, struct count *count, const int64_t *shards, int shard_count)
{
    struct query *q = query_new(cx, Q_HEADCOUNT_OF_SHARD);
    query_each_int(q, "shard", shards, shard_count);
    query_int(q, "next_year", year_next(count->query->day));
    query_int(q, "next_month", month_next(count->query->day));
    query_int(q, "day", count->query->day);
    return add_rows(count, q);
}

/* Units of a shard that are asked together: scope items begins[i] to ends[i] - 1. */
struct some_units {
    struct arena *arena;
    const struct scope *scope;
    int *begins, *ends;
    int begin_count, count;
};

static void
bind_some(struct query *q, int i, void *arg)
{
    const struct some_units *some = arg;
    query_int(q, "shard", some->scope->items[some->begins[i]].unit->shard);
    query_text(q, "units", scope_units(some->arena, some->scope, some->begins[i], some->ends[i]));
}

/* The sums of some units of each shard. */
static enum status
add_some(struct ctx *cx, struct count *count, struct some_units *some)
{
    struct query *q = query_new(cx, Q_HEADCOUNT_OF_UNITS);
    query_int(q, "day", count->query->day);
    query_each(q, some->count, bind_some, some);
    return add_rows(count, q);
}

static int
units_of_shard(const struct tree *tree, int64_t shard)
{
    for (int i = 0; i < tree->shard_count; i++) {
        if (tree->shards[i] == shard)
            return tree->shard_units[i];
    }
    return 0;
}

/* A shard all of whose units lie inside is read as a whole, so that a province costs one statement,
 * also one that others were merged into. */
enum status
person_count(struct ctx *cx, const struct person_count *query, int64_t *out)
{
    const struct tree *tree = cx->world->tree;
    struct arena_mark mark = arena_mark(cx->arena);
    struct count count = {.query = query};
    int32_t basis = query->basis == DAY_THEN ? query->day : query->basis;
    struct scope scope = tree_scope(cx->arena, tree, query->unit, query->day, query->day, basis);
    struct some_units some = {.arena = cx->arena, .scope = &scope};
    int64_t *whole = NULL;
    int whole_count = 0;
    for (int i = 0, end; i < scope.count; i = end) {
        int64_t shard = scope.items[i].unit->shard;
        end = scope_stretch(&scope, i);
        if (end - i == units_of_shard(tree, shard)) {
            *ARENA_PUSH(cx->arena, whole, whole_count) = shard;
        } else {
            *ARENA_PUSH(cx->arena, some.begins, some.begin_count) = i;
            *ARENA_PUSH(cx->arena, some.ends, some.count) = end;
        }
    }
    TRY(add_whole(cx, &count, whole, whole_count));
    TRY(add_some(cx, &count, &some));
    *out = count.sum;
    arena_release(cx->arena, mark);
    return OK;
}
