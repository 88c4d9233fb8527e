/* Reading pages of registers. A question is put to each unit, or where the whole of a shard is
 * asked to each state of it, so that every one of them runs along an index from the newest down and
 * stops; what they give is merged here. */
#include "domain/record_query.h"

#include "domain/rights.h"
#include "domain/search.h"
#include "store/store.h"

#include <stdlib.h>

/* One question. */
struct probe {
    int64_t shard, unit;
    const char *state;
};

struct probes {
    const struct record_query *query;
    struct ctx *cx;
    int64_t before;
    int limit;
    unsigned flags;
    struct probe *items;
    int count;
};

static void
add_probe(struct probes *probes, int64_t shard, int64_t unit, const char *state)
{
    *ARENA_PUSH(probes->cx->arena, probes->items, probes->count) =
        (struct probe){shard, unit, state};
}

/* A shard as a whole: state by state, which is how its index is sorted. */
static void
add_shard(struct probes *probes, int64_t shard)
{
    const struct reg *reg = probes->query->reg;
    if (probes->query->state != NULL) {
        add_probe(probes, shard, 0, probes->query->state);
        return;
    }
    for (int i = 0; i < reg->state_count; i++)
        add_probe(probes, shard, 0, reg->states[i].key);
}

static void
add_units(struct probes *probes, const struct scope *scope)
{
    probes->flags |= PAGE_UNIT;
    for (int i = 0; i < scope->count; i++)
        add_probe(probes, scope->items[i].unit->shard, scope->items[i].unit->id,
            probes->query->state);
}

/* The whole subtree of a unit that is no shard's head has so many units as it has. */
static void
find_probes(struct probes *probes)
{
    const struct tree *tree = probes->cx->world->tree;
    const struct unit *unit = probes->query->unit;
    struct scope scope;
    bool whole;
    rights_scope(probes->cx, probes->query->reg, unit, &scope, &whole);
    probes->flags = probes->query->has_days ? PAGE_DAYS : 0;
    if (whole && unit == tree->root) {
        for (int i = 0; i < tree->shard_count; i++)
            add_shard(probes, tree->shards[i]);
    } else if (whole && unit->is_head && !tree->has_strays) {
        add_shard(probes, unit->shard);
    } else {
        if (whole)
            scope = tree_scope(probes->cx->arena, tree, unit, DAY_MIN, DAY_MAX, tree->today);
        add_units(probes, &scope);
    }
    if ((probes->flags & PAGE_UNIT) == 0 || probes->query->state != NULL)
        probes->flags |= PAGE_STATE;
}

static void
bind_probe(struct query *q, int i, void *arg)
{
    const struct probes *probes = arg;
    query_int(q, "shard", probes->items[i].shard);
    if ((probes->flags & PAGE_UNIT) != 0)
        query_int(q, "unit", probes->items[i].unit);
    if ((probes->flags & PAGE_STATE) != 0)
        query_text(q, "state", probes->items[i].state);
}

static int
newest_first(const void *a, const void *b)
{
    int64_t left = ((const struct record_key *)a)->id, right = ((const struct record_key *)b)->id;
    return (left < right) - (left > right);
}

static enum status
run_probes(struct probes *probes, struct record_key **out, int *count)
{
    struct ctx *cx = probes->cx;
    const struct record_query *query = probes->query;
    const struct sql *sql = cx->world->sql->registers[query->reg->index].page[probes->flags];
    *out = NULL;
    *count = 0;
    if (sql == NULL || probes->count == 0)
        return OK;
    struct query *q = query_sql(cx, sql);
    query_int(q, "before", probes->before);
    query_int(q, "limit", probes->limit);
    query_int(q, "directives", query->directives);
    if (query->has_days) {
        query_int(q, "from", query->from);
        query_int(q, "to", query->to);
    }
    if (query->reg->visibility == VISIBILITY_HAN_CHE)
        query_int(q, "account", cx->viewer == NULL ? -1 : cx->viewer->account);
    query_each(q, probes->count, bind_probe, probes);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct record_key){probes->items[query_which(q)].shard, query_get_int(q, 0)};
    TRY(query_end(q));
    if (*count > 1)
        qsort(*out, (size_t)*count, sizeof(**out), newest_first);
    return OK;
}

static enum status
find_keys(struct ctx *cx, const struct record_query *query, int64_t before, int limit,
    struct record_key **out, int *count)
{
    struct probes probes = {.query = query, .cx = cx, .before = before, .limit = limit};
    if (query->text != NULL)
        return search_register(cx, query, before, limit, out, count);
    find_probes(&probes);
    TRY(run_probes(&probes, out, count));
    *count = *count > limit ? limit : *count;
    return OK;
}

static enum status
before_of(struct ctx *cx, const char *after, int64_t *out)
{
    struct record *record;
    *out = INT64_MAX;
    if (after == NULL)
        return OK;
    TRY(record_load(cx, after, &record));
    *out = record->id;
    return OK;
}

enum status
record_page_read(struct ctx *cx, const struct record_query *query, struct record_page *out)
{
    struct record_key *keys;
    int64_t before;
    int count;
    TRY(before_of(cx, query->after, &before));
    TRY(find_keys(cx, query, before, query->limit + 1, &keys, &count));
    out->more = count > query->limit;
    return record_load_readable(cx, keys, out->more ? query->limit : count, &out->records,
        &out->count);
}

enum status
record_page_count(struct ctx *cx, const struct record_query *query, int limit, int *out, bool *more)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct record_key *keys;
    TRY(find_keys(cx, query, INT64_MAX, limit + 1, &keys, out));
    arena_release(cx->arena, mark);
    *more = *out > limit;
    *out = *more ? limit : *out;
    return OK;
}
