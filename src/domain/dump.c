/* The logical content, fact by fact. Lines of what is small are put into order here; records come
 * in the order of their codes. */
#include "domain/export.h"

#include "base/number.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/record.h"

#include <stdlib.h>
#include <string.h>

struct job {
    const struct sink *sink;
    struct buf out;
    struct table_writer writer;
};

/* A line of cells, NULL after the last. */
static void
put(struct job *job, const char *const *cells)
{
    for (; *cells != NULL; cells++)
        table_plain(&job->writer, *cells);
    table_end_row(&job->writer);
    buf_drain(&job->out, job->sink);
}

#define PUT(job, ...) put((job), (const char *const[]){__VA_ARGS__, NULL})

static const char *
or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static const char *
number(struct ctx *cx, int64_t value)
{
    return number_plain(cx->arena, value, 0);
}

static const char *
key_of(struct ctx *cx, int64_t id)
{
    const struct unit *unit = tree_unit(cx->world->tree, id);
    return unit == NULL ? "?" : unit_key(cx->arena, unit);
}

/* Units, in administrative order */

static enum status
dump_events(struct ctx *cx, struct job *job, const struct unit *unit)
{
    struct query *q = query_new(cx, Q_UNIT_EVENTS);
    query_int(q, "unit", unit->id);
    while (query_next(q)) {
        const char *other = query_get_null(q, 2) ? "" : key_of(cx, query_get_int(q, 2));
        PUT(job, "event", unit_key(cx->arena, unit),
            date_iso(cx->arena, (int32_t)query_get_int(q, 1)), query_get_text(q, 0), other,
            or_empty(query_get_text(q, 3)));
    }
    return query_end(q);
}

static enum status
dump_unit(struct ctx *cx, struct job *job, const struct unit *unit)
{
    const char *key = unit_key(cx->arena, unit);
    PUT(job, "unit", number(cx, unit->index + 1), key, number(cx, unit->shard));
    for (int s = 0; s < unit->span_count; s++) {
        const struct span *span = &unit->spans[s];
        PUT(job, "span", key, date_iso(cx->arena, span->from), date_iso(cx->arena, span->to),
            span->code, span->level, span->name, span->kind, span->bloc,
            span->parent == NULL ? "" : unit_key(cx->arena, span->parent));
    }
    return dump_events(cx, job, unit);
}

static enum status
dump_units(struct ctx *cx, struct job *job)
{
    const struct tree *tree = cx->world->tree;
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    for (int i = 0; i < tree->count && status == OK; i++) {
        struct arena_mark mark = arena_mark(scratch.arena);
        status = dump_unit(&scratch, job, &tree->units[i]);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    cx->faults = scratch.faults;
    return status;
}

/* Records */

static const char *
value_dump(struct ctx *cx, const struct field *field, const struct value *value)
{
    if (field->kind == KIND_UNIT)
        return key_of(cx, value->number);
    return value_text(cx->arena, cx->world, field, value);
}

static void
dump_fields(struct ctx *cx, struct job *job, const char *code, const struct field *fields,
    int count, const struct row *row, const char *place)
{
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        const struct value *value = &row->values[i];
        for (int r = 0; r < value->row_count; r++)
            dump_fields(cx, job, code, field->fields, field->field_count, &value->rows[r],
                arena_printf(cx->arena, "%s.%d.", field->key, r));
        if (field->kind != KIND_LIST && !value->is_null)
            PUT(job, "value", code, arena_printf(cx->arena, "%s%s", place, field->key),
                value_dump(cx, field, value));
    }
}

struct known {
    int64_t shard, id;
    const char *visibility, *origin;
};

static enum status
dump_record(struct ctx *cx, struct job *job, const struct known *known)
{
    struct record *record;
    TRY(record_load_id(cx, known->shard, known->id, &record));
    PUT(job, "record", record->reg->key, record->code, unit_key(cx->arena, record->unit),
        record_state_key(record), known->visibility,
        directive_text(cx->arena, cx->world, record->directives), known->origin);
    dump_fields(cx, job, record->code, record->reg->fields, record->reg->field_count,
        &record->fields, "");
    return OK;
}

static enum status
dump_register(struct ctx *cx, struct job *job, const struct reg *reg)
{
    struct known *known = NULL;
    int64_t count = 0;
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    struct query *q = query_new(cx, Q_RECORD_BY_CODES);
    query_text(q, "register", reg->key);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, known, count) = (struct known){query_get_int(q, 0),
            query_get_int(q, 1), query_get_text(q, 2), or_empty(query_get_text(q, 3))};
    TRY(query_end(q));
    for (int64_t i = 0; i < count && status == OK; i++) {
        struct arena_mark mark = arena_mark(scratch.arena);
        status = dump_record(&scratch, job, &known[i]);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    cx->faults = scratch.faults;
    return status;
}

static int
compare_registers(const void *a, const void *b)
{
    const struct reg *const *x = a, *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

static enum status
dump_records(struct ctx *cx, struct job *job)
{
    const struct model *model = cx->world->model;
    size_t count = (size_t)model->register_count;
    const struct reg **registers = ARENA_ARRAY(cx->arena, const struct reg *, count + 1);
    for (size_t i = 0; i < count; i++)
        registers[i] = &model->registers[i];
    qsort(registers, count, sizeof(*registers), compare_registers);
    for (size_t i = 0; i < count; i++)
        TRY(dump_register(cx, job, registers[i]));
    return OK;
}

/* People */

static enum status
dump_person(struct ctx *cx, struct job *job, const char *code)
{
    struct person *person;
    TRY(person_by_code(cx, code, &person));
    PUT(job, "person", code, person->name, person->given, or_empty(person->origin));
    for (int i = 0; i < person->span_count; i++) {
        const struct membership *span = &person->spans[i];
        PUT(job, "member", code, date_iso(cx->arena, span->from), date_iso(cx->arena, span->to),
            unit_key(cx->arena, span->unit), person_status_key(span->status), span->post);
    }
    return OK;
}

static enum status
dump_people(struct ctx *cx, struct job *job)
{
    const char **codes = NULL;
    int64_t count = 0;
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    struct query *q = query_new(cx, Q_PERSON_CODES);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, codes, count) = query_get_text(q, 1);
    TRY(query_end(q));
    for (int64_t i = 0; i < count && status == OK; i++) {
        struct arena_mark mark = arena_mark(scratch.arena);
        status = dump_person(&scratch, job, codes[i]);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    cx->faults = scratch.faults;
    return status;
}

/* The rest */

static enum status
dump_declarations(struct ctx *cx, struct job *job)
{
    struct query *q = query_new(cx, Q_DECLARED_ALL);
    while (query_next(q))
        PUT(job, "declaration", query_get_text(q, 0), key_of(cx, query_get_int(q, 2)),
            query_get_text(q, 1), date_iso(cx->arena, (int32_t)query_get_int(q, 3)),
            date_iso(cx->arena, (int32_t)query_get_int(q, 4)), number(cx, query_get_int(q, 5)),
            query_get_null(q, 8) ? "" : number(cx, query_get_int(q, 8)),
            query_get_null(q, 9) ? "" : number(cx, query_get_int(q, 9)),
            word_text((int)query_get_int(q, 6)), query_get_text(q, 7));
    return query_end(q);
}

static enum status
dump_calendar(struct ctx *cx, struct job *job)
{
    struct query *q = query_new(cx, Q_HOLIDAY_LIST);
    while (query_next(q))
        PUT(job, "holiday", date_iso(cx->arena, (int32_t)query_get_int(q, 0)),
            query_get_text(q, 1));
    TRY(query_end(q));
    q = query_new(cx, Q_PERIOD_LIST);
    while (query_next(q))
        PUT(job, "period", query_get_text(q, 0), query_get_text(q, 1), query_get_text(q, 2),
            date_iso(cx->arena, (int32_t)query_get_int(q, 3)),
            date_iso(cx->arena, (int32_t)query_get_int(q, 4)),
            date_iso(cx->arena, (int32_t)query_get_int(q, 5)));
    TRY(query_end(q));
    q = query_new(cx, Q_REVIEW_LIST);
    while (query_next(q))
        PUT(job, "review", query_get_text(q, 0), query_get_text(q, 1), query_get_text(q, 2),
            date_iso(cx->arena, (int32_t)query_get_int(q, 3)), query_get_text(q, 4));
    return query_end(q);
}

/* Rows of a name and a text. */
static enum status
dump_texts(struct ctx *cx, struct job *job, const char *kind, enum query_name name)
{
    struct query *q = query_new(cx, name);
    while (query_next(q))
        PUT(job, kind, query_get_text(q, 0), query_get_text(q, 1));
    return query_end(q);
}

enum status
dump_all(struct ctx *cx, const struct sink *sink)
{
    struct job job = {.sink = sink, .out = buf_new(cx->arena)};
    job.writer = table_begin(&job.out, TABLE_TSV);
    TRY(dump_texts(cx, &job, "pack", Q_PACK_FILE_LIST));
    TRY(dump_texts(cx, &job, "setting", Q_SETTING_LIST));
    TRY(dump_calendar(cx, &job));
    TRY(dump_units(cx, &job));
    TRY(dump_people(cx, &job));
    TRY(dump_records(cx, &job));
    return dump_declarations(cx, &job);
}
