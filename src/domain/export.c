/* Records and declarations as tables. */
#include "domain/export.h"

#include "base/number.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/record.h"

#include <string.h>

/* One record of a unit, before it is read whole. */
struct known {
    int64_t id;
    const char *origin;
};

struct job {
    const struct record_export *input;
    const struct sink *sink;
    struct buf out;
    struct table_writer writer;
    struct record_export_result *result;
};

/* The table of a register */

/* Numbers stay numbers in a spreadsheet, days days; all else is a text. */
static bool
is_plain(const struct field *field)
{
    return field->kind == KIND_INTEGER || field->kind == KIND_DECIMAL || field->kind == KIND_DATE ||
        field->kind == KIND_TIME || (field->kind == KIND_QUANTITY && field->measure_count == 1);
}

/* What is private to a person and the branch leaves only when it is asked for. */
static bool
leaves(const struct job *job, const struct field *field)
{
    return job->input->with_private || !field->is_private;
}

static void
put_head(struct job *job)
{
    const struct reg *reg = job->input->reg;
    struct arena *arena = job->out.arena;
    table_plain(&job->writer, "code");
    table_plain(&job->writer, "origin");
    table_plain(&job->writer, "unit");
    table_plain(&job->writer, "state");
    table_plain(&job->writer, "directives");
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind != KIND_LIST && leaves(job, field))
            table_plain(&job->writer, field->key);
        for (int c = 0; c < field->field_count; c++) {
            if (leaves(job, field) && leaves(job, &field->fields[c]))
                table_plain(&job->writer,
                    arena_printf(arena, "%s.%s", field->key, field->fields[c].key));
        }
    }
    table_end_row(&job->writer);
}

static void
put_value(struct ctx *cx, struct job *job, const struct field *field, const struct value *value)
{
    const char *text = value_cell(cx->arena, cx->world, field, value);
    if (is_plain(field) || value->is_null)
        table_plain(&job->writer, text);
    else
        table_text(&job->writer, text);
}

static void
put_list(struct ctx *cx, struct job *job, const struct field *list, const struct value *value,
    int line)
{
    for (int c = 0; c < list->field_count; c++) {
        if (!leaves(job, &list->fields[c]))
            continue;
        if (line < value->row_count)
            put_value(cx, job, &list->fields[c], &value->rows[line].values[c]);
        else
            table_plain(&job->writer, NULL);
    }
}

static int
lines_of(const struct job *job, const struct record *record)
{
    int lines = 1;
    for (int i = 0; i < record->reg->field_count; i++) {
        const struct value *value = &record->fields.values[i];
        bool is_list = record->reg->fields[i].kind == KIND_LIST;
        if (is_list && leaves(job, &record->reg->fields[i]) && value->row_count > lines)
            lines = value->row_count;
    }
    return lines;
}

/* The record's own cells stand in its first line only. */
static void
put_line(struct ctx *cx, struct job *job, const struct record *record, const char *origin, int line)
{
    const struct reg *reg = record->reg;
    bool is_first = line == 0;
    int32_t day = record_day(cx, reg, &record->fields);
    table_text(&job->writer, is_first ? record->code : NULL);
    table_text(&job->writer, is_first ? origin : NULL);
    table_text(&job->writer, is_first ? unit_code(cx->arena, record->unit, day) : NULL);
    table_plain(&job->writer, is_first ? record_state_key(record) : NULL);
    table_plain(&job->writer,
        is_first ? directive_text(cx->arena, cx->world, record->directives) : NULL);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        const struct value *value = &record->fields.values[i];
        if (!leaves(job, field))
            continue;
        if (field->kind == KIND_LIST)
            put_list(cx, job, field, value, line);
        else if (is_first)
            put_value(cx, job, field, value);
        else
            table_plain(&job->writer, NULL);
    }
    table_end_row(&job->writer);
}

static enum status
put_record(struct ctx *cx, struct job *job, int64_t shard, const struct known *known)
{
    struct record *record;
    TRY(record_load_id(cx, shard, known->id, &record));
    int lines = lines_of(job, record);
    for (int line = 0; line < lines; line++)
        put_line(cx, job, record, known->origin, line);
    buf_drain(&job->out, job->sink);
    job->result->records++;
    job->result->lines += lines;
    return OK;
}

static enum status
put_unit(struct ctx *cx, struct job *job, const struct unit *unit)
{
    struct known *known = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_RECORD_OF_UNIT);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    query_text(q, "register", job->input->reg->key);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, known, count) =
            (struct known){query_get_int(q, 0), query_get_text(q, 1)};
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(put_record(cx, job, unit->shard, &known[i]));
        arena_release(cx->arena, mark);
    }
    return OK;
}

static bool
is_wanted(const struct job *job, const struct unit *unit, int32_t today)
{
    const struct unit *top = job->input->unit;
    const struct unit *place = top == NULL ? NULL : unit_place(unit, today);
    return top == NULL || (place != NULL && unit_inside(place, top, today));
}

enum status
record_export(struct ctx *cx, const struct record_export *input, const struct sink *sink,
    struct record_export_result *result)
{
    const struct tree *tree = cx->world->tree;
    struct ctx scratch = ctx_scratch(cx);
    struct job job = {.input = input, .sink = sink, .out = buf_new(cx->arena), .result = result};
    enum status status = OK;
    *result = (struct record_export_result){0};
    job.writer = table_begin(&job.out, input->format);
    put_head(&job);
    for (int i = 0; i < tree->count && status == OK; i++) {
        struct arena_mark mark = arena_mark(scratch.arena);
        if (is_wanted(&job, &tree->units[i], tree->today))
            status = put_unit(&scratch, &job, &tree->units[i]);
        if (status == OK)
            arena_release(scratch.arena, mark);
    }
    buf_drain(&job.out, sink);
    cx->faults = scratch.faults;
    return status;
}

/* Declarations */

static enum status
put_declaration(struct ctx *cx, struct query *q, struct table_writer *writer)
{
    const char *key = query_get_text(q, 0);
    const struct indicator *indicator = model_indicator(cx->world->model, key);
    const struct unit *unit = tree_unit(cx->world->tree, query_get_int(q, 2));
    int32_t to = (int32_t)query_get_int(q, 4);
    if (unit == NULL)
        return fault_set(cx, ERR_STORE, "Một kê khai của %s thuộc đơn vị không còn được biết.",
            key);
    table_plain(writer, key);
    table_text(writer, unit_code(cx->arena, unit, to));
    table_text(writer, query_get_text(q, 1));
    table_plain(writer, date_iso(cx->arena, (int32_t)query_get_int(q, 3)));
    table_plain(writer, date_iso(cx->arena, to));
    table_plain(writer,
        number_show(cx->arena, query_get_int(q, 5), indicator == NULL ? 0 : indicator->scale));
    for (int column = 8; column <= 9; column++)
        table_plain(writer,
            query_get_null(q, column) ? NULL : number_show(cx->arena, query_get_int(q, column), 0));
    table_plain(writer, word_text((int)query_get_int(q, 6)));
    table_text(writer, query_get_text(q, 7));
    table_end_row(writer);
    return OK;
}

enum status
declaration_export(struct ctx *cx, enum table_format format, const struct sink *sink,
    int64_t *lines)
{
    static const char *const columns[] = {"indicator", "unit", "where", "from", "to", "value",
        "numerator", "denominator", "word", "source"};
    struct buf out = buf_new(cx->arena);
    struct table_writer writer = table_begin(&out, format);
    enum status status = OK;
    *lines = 0;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        table_plain(&writer, columns[i]);
    table_end_row(&writer);
    struct query *q = query_new(cx, Q_DECLARED_ALL);
    while (status == OK && query_next(q)) {
        status = put_declaration(cx, q, &writer);
        ++*lines;
    }
    buf_drain(&out, sink);
    enum status end = query_end(q);
    return status == OK ? end : status;
}
