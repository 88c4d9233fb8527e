/* The tree through time as a table: one line for each span and for each event. */
#include "domain/export.h"

#include <string.h>

static const char *const columns[] = {"unit", "shard", "code", "parent_code", "level", "name",
    "kind", "bloc", "from", "to", "event", "other", "decision"};

struct job {
    struct table_writer writer;
    const struct sink *sink;
    int64_t *lines;
};

static void
put_line(struct job *job, const char *const *cells, int count)
{
    for (int i = 0; i < (int)COUNT_OF(columns); i++)
        table_text(&job->writer, i < count ? cells[i] : NULL);
    table_end_row(&job->writer);
    buf_drain(job->writer.out, job->sink);
    ++*job->lines;
}

static void
put_span(struct ctx *cx, struct job *job, const struct span *span)
{
    struct arena *arena = cx->arena;
    const char *cells[] = {unit_key(arena, span->unit),
        arena_printf(arena, "%lld", (long long)span->unit->shard), span->code,
        span->parent == NULL ? NULL : unit_code(arena, span->parent, span->from), span->level,
        span->name, span->kind, span->bloc,
        span->from == DAY_MIN ? NULL : date_iso(arena, span->from),
        span->to == DAY_MAX ? NULL : date_iso(arena, span->to)};
    put_line(job, cells, (int)COUNT_OF(cells));
}

static enum status
put_events(struct ctx *cx, struct job *job, const struct unit *unit)
{
    struct query *q = query_new(cx, Q_UNIT_EVENTS);
    query_int(q, "unit", unit->id);
    while (query_next(q)) {
        int32_t day = (int32_t)query_get_int(q, 1);
        const struct unit *other =
            query_get_null(q, 2) ? NULL : tree_unit(cx->world->tree, query_get_int(q, 2));
        const char *cells[COUNT_OF(columns)] = {[0] = unit_key(cx->arena, unit),
            [8] = date_iso(cx->arena, day),
            [10] = query_get_text(q, 0),
            [11] = other == NULL ? NULL : unit_code(cx->arena, other, day),
            [12] = query_get_text(q, 3)};
        put_line(job, cells, (int)COUNT_OF(cells));
    }
    return query_end(q);
}

static enum status
put_unit(struct ctx *cx, struct job *job, const struct unit *unit)
{
    for (int s = 0; s < unit->span_count; s++)
        put_span(cx, job, &unit->spans[s]);
    return put_events(cx, job, unit);
}

enum status
unit_export(struct ctx *cx, enum table_format format, const struct sink *sink, int64_t *lines)
{
    const struct tree *tree = cx->world->tree;
    struct buf out = buf_new(cx->arena);
    struct job job = {.writer = table_begin(&out, format), .sink = sink, .lines = lines};
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    put_line(&job, columns, (int)COUNT_OF(columns));
    *lines = 0;
    for (int i = 0; i < tree->count && status == OK; i++) {
        struct arena_mark mark = arena_mark(scratch.arena);
        status = put_unit(&scratch, &job, &tree->units[i]);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    cx->faults = scratch.faults;
    return status;
}
