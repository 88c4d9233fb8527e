/* People as a table. They are read some at a time: what is read is noted first, then written. */
#include "domain/export.h"

#include "domain/person.h"

enum { AT_A_TIME = 500 };

static const char *const columns[] = {"code", "origin", "name", "given", "unit", "from", "to",
    "status", "post"};

static void
put_span(struct ctx *cx, struct table_writer *writer, const struct person *person,
    const struct membership *span)
{
    int32_t today = cx->world->today;
    int32_t day = span->from != DAY_MIN ? span->from : span->to < today ? span->to : today;
    table_text(writer, person->code);
    table_text(writer, person->origin);
    table_text(writer, person->name);
    table_text(writer, person->given);
    table_text(writer, unit_code(cx->arena, span->unit, day)); /* the day that the import asks */
    table_plain(writer, date_iso(cx->arena, span->from));
    table_plain(writer, span->to == DAY_MAX ? NULL : date_iso(cx->arena, span->to));
    table_plain(writer, person_status_key(span->status));
    table_text(writer, span->post);
    table_end_row(writer);
}

static enum status
put_some(struct ctx *cx, struct table_writer *writer, const char *const *codes, int count,
    struct person_export_result *result)
{
    struct person **people = ARENA_ARRAY(cx->arena, struct person *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        TRY(person_by_code(cx, codes[i], &people[i]));
    TRY(person_note_read(cx, people, count, "export"));
    for (int i = 0; i < count; i++) {
        for (int s = 0; s < people[i]->span_count; s++)
            put_span(cx, writer, people[i], &people[i]->spans[s]);
        result->lines += people[i]->span_count;
    }
    result->people += count;
    return OK;
}

enum status
person_export(struct ctx *cx, enum table_format format, const struct sink *sink,
    struct person_export_result *result)
{
    struct buf out = buf_new(cx->arena);
    struct table_writer writer = table_begin(&out, format);
    struct ctx scratch = ctx_scratch(cx);
    const char **codes = NULL;
    int count = 0;
    enum status status = OK;
    *result = (struct person_export_result){0};
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        table_plain(&writer, columns[i]);
    table_end_row(&writer);
    struct query *q = query_new(cx, Q_PERSON_CODES);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, codes, count) = query_get_text(q, 1);
    TRY(query_end(q));
    for (int done = 0; done < count && status == OK; done += AT_A_TIME) {
        struct arena_mark mark = arena_mark(scratch.arena);
        int some = count - done < AT_A_TIME ? count - done : AT_A_TIME;
        status = put_some(&scratch, &writer, codes + done, some, result);
        buf_drain(&out, sink);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    buf_drain(&out, sink);
    cx->faults = scratch.faults;
    return status;
}
