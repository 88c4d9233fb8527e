/* The course of a build: register by register and shard by shard, then the cells, then what was
 * written meanwhile. */
#include "domain/build.h"

#include "base/clock.h"

#include "domain/cell.h"
#include "domain/fact.h"
#include "domain/record_scan.h"
#include "store/lease.h"

#include <string.h>

enum {
    CHUNK_RECORDS = 4000, /* in one transaction */
    CHUNK_TOUCHED = 500,
    TOUCHED_FEW = 50, /* so few are left for the last transaction */
    TOUCHED_ROUNDS = 20,
    SWEEP_FACTS = 20000,
    SWEEP_UNITS = 2000,
    LEASE_MS = 20 * 1000
};

/* Numbers of indicator.active. */
enum { INDICATOR_GONE, INDICATOR_IN_FORCE, INDICATOR_MADE, INDICATOR_CLEARED };

static const char lease_name[] = "build", flag[] = "building";

/* The lease */

enum status
build_hold(struct ctx *cx, struct build_lease *out)
{
    bool is_ours;
    out->started = clock_steady();
    TRY(lease_take(cx, lease_name, cx->now, LEASE_MS, &is_ours));
    if (is_ours)
        return OK;
    return fault_set(cx, ERR_CONFLICT,
        "Một tiến trình khác đang áp dụng gói hoặc tính lại dữ kiện; hãy chờ nó xong. Nếu nó đã "
        "dừng giữa chừng: thử lại sau %d giây.",
        LEASE_MS / 1000);
}

/* The context's clock stands still, the lease's must not. Who slept past it and finds another
 * holder has lost. */
static enum status
go_on(struct ctx *cx, const struct build_lease *lease)
{
    bool is_ours;
    TRY(lease_renew(cx, lease_name, cx->now + clock_steady() - lease->started, LEASE_MS, &is_ours));
    if (is_ours)
        return OK;
    return fault_set(cx, ERR_CONFLICT, "Lần áp dụng này dừng quá lâu và đã bị bỏ; hãy làm lại.");
}

enum status
build_release(struct ctx *cx)
{
    return lease_drop(cx, lease_name);
}

/* Beginning */

static enum status
set_flag(struct ctx *cx, bool on)
{
    struct query *q = query_new(cx, on ? Q_META_PUT : Q_META_DROP);
    query_text(q, "key", flag);
    if (on)
        query_int(q, "value", cx->now);
    return query_run(q, NULL);
}

enum status
build_abandon(struct ctx *cx, const struct build_lease *lease)
{
    TRY(go_on(cx, lease));
    TRY(query_run(query_new(cx, Q_INDICATOR_ABANDON), NULL));
    TRY(query_run(query_new(cx, Q_TOUCHED_CLEAR), NULL));
    return set_flag(cx, false);
}

static enum status
give_number(struct ctx *cx, const struct indicator *indicator, int64_t *out)
{
    bool found;
    struct query *q = query_new(cx, Q_INDICATOR_INSERT);
    query_text(q, "key", indicator->key);
    query_text(q, "digest",
        arena_printf(cx->arena, "%016llx", (unsigned long long)indicator->digest));
    query_int(q, "active", INDICATOR_MADE);
    TRY(query_one(q, &found));
    *out = query_get_int(q, 0);
    return query_end(q);
}

enum status
build_begin(struct ctx *cx, const struct build_lease *lease, const struct plan *plan,
    struct build **out)
{
    struct arena *arena = cx->arena;
    const struct model *model = plan->after.model;
    struct build *build = ARENA_NEW(arena, struct build);
    size_t count = (size_t)model->indicator_count + 1;
    bool any = false; /* records could be written meanwhile */
    build->lease = lease;
    build->plan = plan;
    build->ids = ARENA_ARRAY(arena, int64_t, count);
    build->wanted = ARENA_ARRAY(arena, bool, count);
    build->scans = ARENA_ARRAY(arena, const struct scan_sql *, (size_t)model->register_count + 1);
    *out = build;
    TRY(build_abandon(cx, lease));
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        const struct reg_convert *convert = plan->converts[indicator->reg->index];
        build->ids[i] = plan->kept[i];
        if (!indicator_has_facts(indicator) || plan->kept[i] != 0)
            continue;
        TRY(give_number(cx, indicator, &build->ids[i]));
        build->wanted[i] = true;
        if (convert == NULL)
            continue;
        any = true;
        if (build->scans[indicator->reg->index] == NULL)
            build->scans[indicator->reg->index] = sqlgen_scan(arena, convert->before);
    }
    return any ? set_flag(cx, true) : OK;
}

/* The world by which facts of the new version are derived, on the tree of now. */
static const struct world *
world_of(struct ctx *cx, const struct build *build)
{
    return world_with_model(cx->arena, cx->world, build->plan->after.model, build->ids,
        build->wanted);
}

/* Records */

struct chunk {
    const struct build *build;
    int reg; /* index of the new register */
    int64_t shard, after;
    int64_t reached; /* the last id that was done */
    bool more;
};

static enum status
derive_range(struct ctx *cx, const struct record_range *range, const struct reg_convert *convert,
    struct chunk *chunk)
{
    struct record_scan *scan = record_scan_begin(cx, range);
    struct record *record, *made;
    enum status status = OK;
    int count = 0;
    while (status == OK && count < CHUNK_RECORDS) {
        struct arena_mark mark = arena_mark(cx->arena);
        if (!record_scan_next(scan, &record))
            break;
        status = convert_record(cx, convert, record, &made);
        if (status == OK)
            status = fact_update(cx, made, true, true);
        chunk->reached = record->id;
        count++;
        if (status == OK)
            arena_release(cx->arena, mark);
    }
    chunk->more = count == CHUNK_RECORDS;
    enum status end = record_scan_end(scan);
    return status != OK ? status : end;
}

static enum status
derive_chunk(struct ctx *cx, void *arg)
{
    struct chunk *chunk = arg;
    const struct build *build = chunk->build;
    const struct reg_convert *convert = build->plan->converts[chunk->reg];
    const struct world *world = cx->world;
    struct record_range range = {convert->before, build->scans[chunk->reg], chunk->shard,
        chunk->after, INT64_MAX, true};
    TRY(go_on(cx, build->lease));
    cx->world = world_of(cx, build);
    enum status status = derive_range(cx, &range, convert, chunk);
    cx->world = world;
    return status;
}

static enum status
derive_shard(struct ctx *cx, const struct build *build, int reg, int64_t shard)
{
    struct chunk chunk = {.build = build, .reg = reg, .shard = shard, .more = true};
    while (chunk.more) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(world_step(cx, derive_chunk, &chunk));
        arena_release(cx->arena, mark);
        chunk.after = chunk.reached;
    }
    return OK;
}

/* Are there records of a register whose facts are made? */
static bool
has_records(const struct build *build, int reg)
{
    return build->scans[reg] != NULL && build->plan->records[reg] > 0;
}

/* The units that are there at the beginning know all shards: a record of a new one is written
 * afterwards and therefore noted. */
static enum status
derive_all(struct ctx *cx, const struct build *build)
{
    int count = cx->world->tree->shard_count;
    int64_t *shards = ARENA_ARRAY(cx->arena, int64_t, (size_t)count + 1);
    memcpy(shards, cx->world->tree->shards, (size_t)count * sizeof(*shards));
    for (int r = 0; r < build->plan->after.model->register_count; r++) {
        for (int i = 0; has_records(build, r) && i < count; i++)
            TRY(derive_shard(cx, build, r, shards[i]));
    }
    return OK;
}

/* Cells */

struct cells {
    const struct build *build;
    int64_t shard;
};

static int
wanted_ids(struct ctx *cx, const struct build *build, int64_t **out)
{
    int count = 0;
    *out = NULL;
    for (int i = 0; i < build->plan->after.model->indicator_count; i++) {
        if (build->wanted[i])
            *ARENA_PUSH(cx->arena, *out, count) = build->ids[i];
    }
    return count;
}

static enum status
make_cells(struct ctx *cx, void *arg)
{
    const struct cells *cells = arg;
    const struct world *world = cx->world;
    int64_t *ids;
    int count = wanted_ids(cx, cells->build, &ids);
    TRY(go_on(cx, cells->build->lease));
    cx->world = world_of(cx, cells->build);
    enum status status = cell_rebuild_indicators(cx, cells->shard, ids, count);
    cx->world = world;
    return status;
}

static enum status
make_all_cells(struct ctx *cx, const struct build *build)
{
    struct cells cells = {.build = build};
    for (int i = 0; i < cx->world->tree->shard_count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        cells.shard = cx->world->tree->shards[i];
        TRY(world_step(cx, make_cells, &cells));
        arena_release(cx->arena, mark);
    }
    return OK;
}

/* What was written meanwhile */

struct touched {
    int64_t shard, record;
    const char *reg; /* NULL: the record is gone with its import */
};

struct rest {
    const struct build *build;
    int limit, found;
};

/* Bring the facts of one record up to date, leaving deltas; those of an import that is not
 * published yet go to the cells with it. */
static enum status
derive_again(struct ctx *cx, const struct build *build, const struct touched *touched)
{
    const struct reg *reg =
        touched->reg == NULL ? NULL : model_register(build->plan->after.model, touched->reg);
    struct record *record, *made;
    if (reg == NULL || build->scans[reg->index] == NULL)
        return OK;
    const struct reg_convert *convert = build->plan->converts[reg->index];
    struct record_range range = {convert->before, build->scans[reg->index], touched->shard,
        touched->record - 1, touched->record, true};
    struct record_scan *scan = record_scan_begin(cx, &range);
    bool found = record_scan_next(scan, &record), loading = record_scan_is_loading(scan);
    TRY(record_scan_end(scan));
    if (!found)
        return OK;
    TRY(convert_record(cx, convert, record, &made));
    return fact_update(cx, made, false, loading);
}

static enum status
take_touched(struct ctx *cx, int limit, struct touched **out, int *count)
{
    struct query *q = query_new(cx, Q_TOUCHED_LIST);
    query_int(q, "limit", limit);
    *out = NULL;
    *count = 0;
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct touched){query_get_int(q, 0), query_get_int(q, 1), query_get_text(q, 2)};
    return query_end(q);
}

static enum status
catch_up(struct ctx *cx, const struct build *build, int limit, int *found)
{
    struct touched *all;
    TRY(take_touched(cx, limit, &all, found));
    for (int i = 0; i < *found; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(derive_again(cx, build, &all[i]));
        arena_release(cx->arena, mark);
        struct query *q = query_new(cx, Q_TOUCHED_DROP);
        query_int(q, "shard", all[i].shard);
        query_int(q, "record", all[i].record);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static enum status
catch_up_rest(struct ctx *cx, void *arg)
{
    struct rest *rest = arg;
    const struct world *world = cx->world;
    TRY(store_alone(cx));
    TRY(go_on(cx, rest->build->lease));
    cx->world = world_of(cx, rest->build);
    enum status status = catch_up(cx, rest->build, rest->limit, &rest->found);
    cx->world = world;
    return status;
}

/* Until few are left, or writers are as fast as this. */
static enum status
catch_up_most(struct ctx *cx, const struct build *build)
{
    struct rest rest = {build, CHUNK_TOUCHED, CHUNK_TOUCHED};
    for (int i = 0; i < TOUCHED_ROUNDS && rest.found > TOUCHED_FEW; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(world_step(cx, catch_up_rest, &rest));
        arena_release(cx->arena, mark);
    }
    return OK;
}

static bool
has_work(const struct build *build)
{
    bool any = false;
    for (int r = 0; r < build->plan->after.model->register_count; r++)
        any = any || has_records(build, r);
    return any;
}

enum status
build_run(struct ctx *cx, struct build *build)
{
    if (!has_work(build))
        return OK;
    TRY(derive_all(cx, build));
    TRY(make_all_cells(cx, build));
    return catch_up_most(cx, build);
}

/* The end */

static enum status
put_state(struct ctx *cx, int64_t id, int active)
{
    struct query *q = query_new(cx, Q_INDICATOR_STATE);
    query_int(q, "id", id);
    query_int(q, "active", active);
    return query_run(q, NULL);
}

/* Distinct values are not added up; a publication or a change of units meanwhile has done so. */
static enum status
drop_sums(struct ctx *cx, int64_t id)
{
    struct query *q = query_new(cx, Q_INDICATOR_FORGET_CELLS);
    query_int(q, "indicator", id);
    TRY(query_run(q, NULL));
    q = query_new(cx, Q_INDICATOR_FORGET_DELTAS);
    query_int(q, "indicator", id);
    return query_run(q, NULL);
}

static enum status
put_into_force(struct ctx *cx, const struct build *build)
{
    const struct plan *plan = build->plan;
    const struct model *model = plan->after.model;
    for (int i = 0; i < plan->given_count; i++)
        TRY(put_state(cx, plan->given[i], INDICATOR_CLEARED));
    for (int i = 0; i < model->indicator_count; i++) {
        struct query *q = query_new(cx, Q_INDICATOR_RENAME);
        query_int(q, "id", build->ids[i]);
        query_text(q, "key", model->indicators[i].key);
        TRY(query_run(q, NULL));
        if (build->wanted[i])
            TRY(put_state(cx, build->ids[i], INDICATOR_IN_FORCE));
        if (build->wanted[i] && !indicator_keeps_sums(&model->indicators[i]))
            TRY(drop_sums(cx, build->ids[i]));
    }
    return OK;
}

enum status
build_end(struct ctx *cx, struct build *build)
{
    struct rest rest = {build, INT32_MAX, 0};
    if (build->plan->before.model != NULL)
        TRY(catch_up_rest(cx, &rest));
    TRY(put_into_force(cx, build));
    return set_flag(cx, false);
}

/* Sweeping */

struct bearer {
    int64_t shard, unit;
};

/* The units of the beginning: those that come later never had such facts. */
struct sweep {
    const struct build_lease *lease;
    int64_t id;
    const struct bearer *bearers;
    int count, reached, next;
};

static enum status
sweep_rest(struct ctx *cx, const struct sweep *sweep)
{
    TRY(drop_sums(cx, sweep->id));
    return put_state(cx, sweep->id, INDICATOR_GONE);
}

/* Unit by unit, because the facts are kept in that order. */
static enum status
sweep_chunk(struct ctx *cx, void *arg)
{
    struct sweep *sweep = arg;
    int64_t gone, all = 0;
    int i = sweep->reached, end = i + SWEEP_UNITS;
    TRY(go_on(cx, sweep->lease));
    for (; i < sweep->count && i < end && all < SWEEP_FACTS; i++, all += gone) {
        struct query *q = query_new(cx, Q_INDICATOR_FORGET_UNIT);
        query_int(q, "shard", sweep->bearers[i].shard);
        query_int(q, "unit", sweep->bearers[i].unit);
        query_int(q, "indicator", sweep->id);
        TRY(query_run(q, &gone));
    }
    sweep->next = i;
    return i < sweep->count ? OK : sweep_rest(cx, sweep);
}

enum status
build_is_left(struct ctx *cx, bool *out)
{
    struct query *q = query_new(cx, Q_INDICATOR_HALF_MADE);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

static enum status
list_left(struct ctx *cx, int64_t **out, int *count)
{
    struct query *q = query_new(cx, Q_INDICATOR_LEFT);
    *out = NULL;
    *count = 0;
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) = query_get_int(q, 0);
    return query_end(q);
}

enum status
build_sweep(struct ctx *cx, const struct build_lease *lease)
{
    const struct tree *tree = cx->world->tree;
    struct bearer *bearers = ARENA_ARRAY(cx->arena, struct bearer, (size_t)tree->count + 1);
    int bearer_count = tree->count, count;
    int64_t *ids;
    for (int i = 0; i < bearer_count; i++)
        bearers[i] = (struct bearer){tree->units[i].shard, tree->units[i].id};
    TRY(list_left(cx, &ids, &count));
    for (int i = 0; i < count; i++) {
        struct sweep sweep = {lease, ids[i], bearers, bearer_count, 0, 0};
        do {
            struct arena_mark mark = arena_mark(cx->arena);
            sweep.reached = sweep.next;
            TRY(world_step(cx, sweep_chunk, &sweep));
            arena_release(cx->arena, mark);
        } while (sweep.next < bearer_count);
    }
    return OK;
}
