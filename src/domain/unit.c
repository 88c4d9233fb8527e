/* One unit's events: renaming, moving, ending, merging. */
#include "domain/unit.h"

#include "base/plant.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/cell.h"
#include "domain/fact.h"

#include <string.h>

static const char *const kind_keys[] = {"rename", "move", "abolish", "merge"};

struct job {
    const struct unit_event *event;
    const struct unit *unit;
    const struct span *span; /* the one that ends or goes on */
    const struct unit *other;
    const char *name;
};

/* Does a unit stand below another on some day of a stretch? */
static bool
inside_some_day(const struct unit *unit, const struct unit *ancestor, int32_t from, int32_t to)
{
    if (unit == ancestor)
        return true;
    for (int i = 0; i < unit->span_count; i++) {
        const struct span *span = &unit->spans[i];
        int32_t begin = span->from > from ? span->from : from, end = span->to < to ? span->to : to;
        if (begin <= end && span->parent != NULL &&
            inside_some_day(span->parent, ancestor, begin, end))
            return true;
    }
    return false;
}

/* The new parent must be there as long as the unit is, the heir when it takes over; and neither may
 * stand below the unit, then or by a change that is known for later. */
static enum status
check_other(struct ctx *cx, const struct job *job)
{
    const struct unit *other = job->other;
    int32_t day = job->event->day, end = other->spans[other->span_count - 1].to;
    if (unit_on(other, day) == NULL)
        return fault_set(cx, ERR_INVALID, "Ngày %s không có đơn vị %s.", date_show(cx->arena, day),
            unit_named(other, day)->name);
    if (inside_some_day(other, job->unit, day, job->span->to))
        return fault_set(cx, ERR_INVALID, "%s nằm trong chính %s.", unit_named(other, day)->name,
            job->span->name);
    if (job->event->kind == UNIT_MOVE && end < job->span->to)
        return fault_set(cx, ERR_INVALID, "%s chỉ có đến ngày %s.", unit_named(other, day)->name,
            date_show(cx->arena, end));
    return OK;
}

static enum status
check(struct ctx *cx, struct job *job)
{
    const struct unit_event *event = job->event;
    const struct tree *tree = cx->world->tree;
    TRY(tree_by_code(cx, tree, event->code, event->day - 1, &job->unit));
    job->span = unit_on(job->unit, event->day - 1);
    if (job->span == NULL) /* a code may say its own day */
        return fault_set(cx, ERR_INVALID, "Ngày %s không có đơn vị %s.",
            date_show(cx->arena, event->day - 1), unit_named(job->unit, event->day - 1)->name);
    bool needs_other = event->kind == UNIT_MOVE || event->kind == UNIT_MERGE;
    if (needs_other)
        TRY(tree_by_code(cx, tree, event->other == NULL ? "" : event->other, event->day,
            &job->other));
    if (job->unit == tree->root && event->kind != UNIT_RENAME)
        return fault_set(cx, ERR_INVALID, "Đơn vị gốc chỉ đổi tên được.");
    if (job->unit->spans[job->unit->span_count - 1].from >= event->day)
        return fault_set(cx, ERR_INVALID,
            "Đơn vị %s đã có thay đổi từ ngày %s; hãy ghi các thay đổi theo thứ tự thời gian.",
            job->span->name,
            date_show(cx->arena, job->unit->spans[job->unit->span_count - 1].from));
    return needs_other ? check_other(cx, job) : OK;
}

/* Is there a record of the unit that counts on or after a day? What goes out of a stock later does
 * not: the successor has it until then. */
static enum status
has_record_after(struct ctx *cx, const struct unit *unit, int32_t day, bool *out)
{
    const struct world *world = cx->world;
    struct query *q = query_new(cx, Q_UNIT_FACT_AFTER);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    query_int(q, "day", day);
    *out = false;
    while (!*out && query_next(q)) {
        const struct indicator *indicator = world_indicator_of(world, query_get_int(q, 0));
        *out = indicator != NULL && !fact_goes_out(indicator, query_get_int(q, 1));
    }
    return query_end(q);
}

/* A unit ends once; nobody stands under it then, and no record counts from that day on. */
static enum status
check_end(struct ctx *cx, const struct job *job)
{
    const struct unit *unit = job->unit;
    bool found;
    if (job->span->to != DAY_MAX)
        return fault_set(cx, ERR_INVALID, "%s đã được ghi là kết thúc ngày %s.", job->span->name,
            date_show(cx->arena, job->span->to));
    for (int i = 0; i < unit->child_count; i++) {
        if (unit->children[i]->to >= job->event->day)
            return fault_set(cx, ERR_INVALID,
                "Dưới %s còn đơn vị %s; hãy chuyển hoặc kết thúc nó trước.", job->span->name,
                unit->children[i]->name);
    }
    TRY(has_record_after(cx, unit, job->event->day, &found));
    if (!found)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "%s có hồ sơ tính từ ngày %s trở đi; hãy điều chỉnh chúng trước.", job->span->name,
        date_show(cx->arena, job->event->day));
}

static enum status
close_span(struct ctx *cx, const struct job *job)
{
    struct query *q = query_new(cx, Q_UNIT_SPAN_CLOSE);
    query_int(q, "unit", job->unit->id);
    query_int(q, "from", job->span->from);
    query_int(q, "to", job->event->day - 1);
    return query_run(q, NULL);
}

static enum status
open_span(struct ctx *cx, const struct job *job)
{
    const struct span *span = job->span;
    const struct unit *parent = job->event->kind == UNIT_MOVE ? job->other : span->parent;
    struct query *q = query_new(cx, Q_UNIT_SPAN_INSERT);
    query_int(q, "unit", job->unit->id);
    query_int(q, "from", job->event->day);
    query_int(q, "to", span->to);
    query_text(q, "code", span->code);
    query_text(q, "name", job->name);
    query_text(q, "sort_key", vi_sort_key(cx->arena, job->name));
    query_text(q, "level", span->level);
    query_text(q, "kind", span->kind);
    query_text(q, "bloc", span->bloc);
    if (parent == NULL)
        query_text(q, "parent", NULL);
    else
        query_int(q, "parent", parent->id);
    return query_run(q, NULL);
}

/* "unit.merge", and which, with whom, when and by which decision. */
static enum status
put_audit(struct ctx *cx, const struct job *job)
{
    const struct unit_event *event = job->event;
    struct arena *arena = cx->arena;
    const char *other = job->other == NULL ? "" : unit_key(arena, job->other);
    const char *detail = arena_printf(arena, "%s %s %s %s", unit_key(arena, job->unit), other,
        date_iso(arena, event->day), event->decision == NULL ? "" : event->decision);
    struct audit_note done = {.shard = audit_home(cx),
        .action = arena_printf(arena, "unit.%s", kind_keys[event->kind]),
        .detail = detail};
    return audit_note(cx, &done);
}

static enum status
put_event(struct ctx *cx, const struct job *job)
{
    struct query *q = query_new(cx, Q_UNIT_EVENT_INSERT);
    query_int(q, "id", store_id(cx));
    query_text(q, "kind", kind_keys[job->event->kind]);
    query_int(q, "day", job->event->day);
    query_int(q, "unit", job->unit->id);
    if (job->other == NULL)
        query_text(q, "other", NULL);
    else
        query_int(q, "other", job->other->id);
    query_text(q, "decision", job->event->decision);
    query_int(q, "at", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}

/* The cells of all that a unit counts for on some day of a stretch, itself included: whoever stands
 * above it, and when one of them ends, its heir. */
static void
touch_above(struct ctx *cx, const struct unit *unit, int32_t from, int32_t to,
    const struct unit ***touched, int *count)
{
    if (unit == NULL || from > to)
        return;
    *ARENA_PUSH(cx->arena, *touched, *count) = unit;
    for (int i = 0; i < unit->span_count; i++) {
        const struct span *span = &unit->spans[i];
        bool is_last = i == unit->span_count - 1;
        int32_t begin = span->from > from ? span->from : from;
        int32_t end = span->to < to ? span->to : to;
        touch_above(cx, span->parent, begin, is_last && unit->heir == NULL ? to : end, touched,
            count);
        if (is_last && unit->heir != NULL && span->to < to)
            touch_above(cx, unit->heir, span->to + 1 > from ? span->to + 1 : from, to, touched,
                count);
    }
}

/* Does anything count after a day for a unit that ends on it? What it has in a stock itself, or has
 * from those that it succeeded, goes out later. */
static enum status
bears_after(struct ctx *cx, const struct unit *unit, int32_t day, bool *out)
{
    const struct tree *tree = cx->world->tree;
    *out = false;
    for (int i = 0; i < tree->count && !*out; i++) {
        const struct unit *bearer = &tree->units[i];
        if (unit_place(bearer, DAY_MAX) != unit)
            continue;
        struct query *q = query_new(cx, Q_UNIT_FACT_AFTER);
        query_int(q, "shard", bearer->shard);
        query_int(q, "unit", bearer->id);
        query_int(q, "day", day);
        TRY(query_one(q, out));
        if (*out)
            TRY(query_end(q));
    }
    return OK;
}

static enum status
write_event(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    const struct unit_event *event = job->event;
    const struct unit **touched = NULL, *none[1] = {NULL};
    const struct world *after;
    int count = 0;
    bool ends = event->kind == UNIT_ABOLISH || event->kind == UNIT_MERGE;
    bool counts_else = event->kind == UNIT_MOVE; /* is anything counted differently? */
    TRY(store_alone(cx));
    TRY(check(cx, job));
    job->name = event->kind == UNIT_RENAME ? event->name : job->span->name;
    if (ends) {
        TRY(check_end(cx, job));
        TRY(bears_after(cx, job->unit, event->day, &counts_else));
    }
    TRY(close_span(cx, job));
    if (!ends)
        TRY(open_span(cx, job));
    TRY(put_event(cx, job));
    TRY(put_audit(cx, job));
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &after));
    if (!counts_else || (ends && PLANTED("end_keeps_cells")))
        return cell_refresh(cx, after, none, 0);
    touch_above(cx, job->unit, event->day, DAY_MAX, &touched, &count);
    touch_above(cx, job->other, event->day, DAY_MAX, &touched, &count);
    return cell_refresh(cx, after, touched, count);
}

enum status
unit_change(struct ctx *cx, const struct unit_event *event)
{
    struct unit_event clean = *event;
    struct job job = {.event = &clean};
    if (event->kind == UNIT_RENAME) {
        clean.name = event->name == NULL ? "" : vi_clean(cx->arena, event->name);
        if (*clean.name == '\0' || utf8_count(clean.name) > 250)
            return fault_set(cx, ERR_INVALID, "Tên mới còn trống hoặc dài quá 250 ký tự.");
    }
    return world_write(cx, write_event, &job);
}
