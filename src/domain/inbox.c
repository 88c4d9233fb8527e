/* Looking for what waits: each state of a register out of which one of the viewer's roles leads. */
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
