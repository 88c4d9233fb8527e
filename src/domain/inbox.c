/* Looking for what waits: each state of a register out of which one of the viewer's roles leads;
 * and for what units were given to do. */
#include "domain/inbox.h"

#include "domain/record_query.h"
#include "domain/rights.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

/* Could one of the viewer's roles take a step out of the state at all? */
static bool
may_decide(const struct ctx *cx, const struct reg *reg, int state)
{
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *step = &reg->transitions[i];
        if (reg_transition(reg, state, step->key) != step)
            continue;
        for (int r = 0; r < step->by_count; r++) {
            if (viewer_has_role(cx, step->by[r]))
                return true;
        }
    }
    return false;
}

/* Each unit on which the viewer has a role, without those below another one. */
static int
find_tops(const struct ctx *cx, const struct unit ***out)
{
    const struct viewer *viewer = cx->viewer;
    int count = 0;
    *out = ARENA_ARRAY(cx->arena, const struct unit *, (size_t)viewer->grant_count + 1);
    for (int i = 0; i < viewer->grant_count; i++) {
        const struct unit *unit = viewer->grants[i].unit;
        bool is_covered = false;
        for (int j = 0; j < viewer->grant_count && !is_covered; j++) {
            const struct unit *other = viewer->grants[j].unit;
            is_covered = (other != unit && unit_inside(unit, other, cx->world->today)) ||
                (other == unit && j < i);
        }
        if (!is_covered)
            (*out)[count++] = unit;
    }
    return count;
}

static enum status
add_state(struct ctx *cx, const struct unit *unit, const char *state, struct inbox_part *part)
{
    struct record_query query = {.reg = part->reg,
        .unit = unit,
        .state = state,
        .limit = INBOX_MAX};
    struct record_page page;
    TRY(record_page_read(cx, &query, &page));
    part->more = part->more || page.more;
    for (int i = 0; i < page.count; i++) {
        if (may_record(cx, ACTION_STEP, page.records[i]))
            *ARENA_PUSH(cx->arena, part->records, part->count) = page.records[i];
    }
    return OK;
}

static int
newest_first(const void *a, const void *b)
{
    const struct record *left = *(struct record *const *)a, *right = *(struct record *const *)b;
    return (left->updated_at < right->updated_at) - (left->updated_at > right->updated_at);
}

static void
sort_and_cut(struct record **records, int *count, bool *more)
{
    if (*count > 1)
        qsort(records, (size_t)*count, sizeof(*records), newest_first);
    *more = *more || *count > INBOX_MAX;
    *count = *count > INBOX_MAX ? INBOX_MAX : *count;
}

enum status
inbox_waiting(struct ctx *cx, struct inbox_part **out, int *count)
{
    const struct model *model = cx->world->model;
    const struct unit **tops;
    *out = NULL;
    *count = 0;
    if (cx->viewer == NULL)
        return OK;
    int top_count = find_tops(cx, &tops);
    for (int r = 0; r < model->register_count; r++) {
        struct inbox_part part = {.reg = &model->registers[r]};
        for (int s = 0; s < part.reg->state_count; s++) {
            if (!state_waits(part.reg, s) || !may_decide(cx, part.reg, s))
                continue;
            for (int i = 0; i < top_count; i++)
                TRY(add_state(cx, tops[i], part.reg->states[s].key, &part));
        }
        sort_and_cut(part.records, &part.count, &part.more);
        if (part.count > 0)
            *ARENA_PUSH(cx->arena, *out, *count) = part;
    }
    return OK;
}

/* Returned */

static void
bind_unit(struct query *q, int i, void *arg)
{
    const struct unit **units = arg;
    query_int(q, "shard", units[i]->shard);
    query_int(q, "unit", units[i]->id);
}

enum status
inbox_returned(struct ctx *cx, struct record ***out, int *count)
{
    const struct viewer *viewer = cx->viewer;
    struct record_key *keys = NULL;
    struct record **records;
    int found = 0, readable;
    bool more = false;
    *out = NULL;
    *count = 0;
    if (viewer == NULL || viewer->grant_count == 0)
        return OK;
    const struct unit **units =
        ARENA_ARRAY(cx->arena, const struct unit *, (size_t)viewer->grant_count);
    for (int i = 0; i < viewer->grant_count; i++)
        units[i] = viewer->grants[i].unit;
    struct query *q = query_new(cx, Q_REMARK_OPEN);
    query_int(q, "limit", INBOX_MAX);
    query_each(q, viewer->grant_count, bind_unit, units);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, keys, found) =
            (struct record_key){query_get_int(q, 0), query_get_int(q, 1)};
    TRY(query_end(q));
    TRY(record_load_readable(cx, keys, found, &records, &readable));
    for (int i = 0; i < readable; i++) {
        bool is_known = false;
        for (int j = 0; j < *count; j++)
            is_known = is_known || (*out)[j]->id == records[i]->id;
        if (!is_known && may_record(cx, ACTION_RECORD, records[i]))
            *ARENA_PUSH(cx->arena, *out, *count) = records[i];
    }
    sort_and_cut(*out, count, &more);
    return OK;
}

/* Assigned */

struct asking {
    struct ctx *cx;
    int64_t root_shard;
    const struct unit **units; /* of the viewer's roles, with those whose place they took */
    int unit_count;
    struct record_key *keys;
    int key_count;
};

static void
find_named(struct ctx *cx, struct asking *out)
{
    const struct tree *tree = cx->world->tree;
    for (int i = 0; i < cx->viewer->grant_count; i++) {
        struct scope own = tree_scope_own(cx->arena, tree, cx->viewer->grants[i].unit, DAY_MIN,
            DAY_MAX, cx->world->today);
        for (int j = 0; j < own.count; j++)
            *ARENA_PUSH(cx->arena, out->units, out->unit_count) = own.items[j].unit;
    }
    out->root_shard = tree->root->shard;
}

/* Each unit twice: in its own shard, and in that of the root. */
static void
bind_named(struct query *q, int i, void *arg)
{
    const struct asking *asking = arg;
    const struct unit *unit = asking->units[i / 2];
    query_int(q, "shard", i % 2 == 0 ? unit->shard : asking->root_shard);
    query_int(q, "unit", unit->id);
}

static bool
is_known(const struct asking *asking, struct record_key key)
{
    for (int i = 0; i < asking->key_count; i++) {
        if (asking->keys[i].shard == key.shard && asking->keys[i].id == key.id)
            return true;
    }
    return false;
}

static enum status
ask_state(struct asking *asking, const struct reg *reg, int state)
{
    struct ctx *cx = asking->cx;
    struct query *q = query_sql(cx, cx->world->sql->registers[reg->index].assigned);
    query_text(q, "state", reg->states[state].key);
    query_int(q, "limit", INBOX_MAX);
    query_each(q, 2 * asking->unit_count, bind_named, asking);
    while (query_next(q)) {
        int which = query_which(q);
        struct record_key key = {which % 2 == 0 ? asking->units[which / 2]->shard
                                                : asking->root_shard,
            query_get_int(q, 0)};
        if (!is_known(asking, key))
            *ARENA_PUSH(cx->arena, asking->keys, asking->key_count) = key;
    }
    return query_end(q);
}

static int
due_first(const void *a, const void *b)
{
    const struct assigned *left = a, *right = b;
    return (left->due > right->due) - (left->due < right->due);
}

enum status
inbox_assigned(struct ctx *cx, struct assigned **out, int *count)
{
    const struct model *model = cx->world->model;
    struct asking asking = {.cx = cx};
    struct record **records;
    int readable;
    *out = NULL;
    *count = 0;
    if (cx->viewer == NULL || cx->viewer->grant_count == 0)
        return OK;
    find_named(cx, &asking);
    for (int r = 0; r < model->register_count; r++) {
        const struct reg *reg = &model->registers[r];
        for (int s = 0; s < reg->state_count && reg_due(reg) != NULL; s++) {
            if (state_is_assigned(reg, s))
                TRY(ask_state(&asking, reg, s));
        }
    }
    TRY(record_load_readable(cx, asking.keys, asking.key_count, &records, &readable));
    for (int i = 0; i < readable; i++)
        *ARENA_PUSH(cx->arena, *out, *count) = (struct assigned){records[i],
            (int32_t)records[i]->fields.values[reg_due(records[i]->reg)->index].number};
    if (*count > 1)
        qsort(*out, (size_t)*count, sizeof(**out), due_first);
    *count = *count > INBOX_MAX ? INBOX_MAX : *count;
    return OK;
}
