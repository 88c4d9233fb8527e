/* Declarations from files. */
#include "domain/declaration.h"

#include "base/map.h"
#include "base/table.h"

#include <stdio.h>
#include <string.h>

enum {
    COL_INDICATOR,
    COL_UNIT,
    COL_FROM,
    COL_TO,
    COL_VALUE,
    COL_SOURCE,
    COL_WHERE,
    COL_WORD,
    COL_NUMERATOR,
    COL_DENOMINATOR,
    COL__COUNT,
    COL_OPTIONAL = COL_WHERE
};
static const char *const column_names[COL__COUNT] = {"indicator", "unit", "from", "to", "value",
    "source", "where", "word", "numerator", "denominator"};

struct job {
    struct table table;
    int column[COL__COUNT];
    struct declaration *items;
    int count;
    struct map *lines; /* what is declared -> the line that does, as text */
    struct declaration_import_result *result;
};

static enum status
find_columns(struct ctx *cx, struct job *job)
{
    int before = cx->faults.count;
    struct fault where = {.file = job->table.file, .line = 1, .column = 1};
    for (int i = 0; i < COL__COUNT; i++) {
        job->column[i] = table_column(&job->table, column_names[i]);
        if (job->column[i] < 0 && i < COL_OPTIONAL)
            (void)fault_at(cx, ERR_INVALID, where,
                "Thiếu cột “%s”; tệp kê khai cần các cột indicator, unit, from, to, value, source.",
                column_names[i]);
    }
    for (int i = 0; i < job->table.column_count; i++) {
        bool is_known = false;
        for (int c = 0; c < COL__COUNT; c++)
            is_known = is_known || job->column[c] == i;
        where.column = i + 1;
        if (!is_known)
            (void)fault_at(cx, ERR_INVALID, where, "Tệp kê khai không có cột “%s”.",
                job->table.columns[i]);
    }
    return cx->faults.count > before ? ERR_INVALID : OK;
}

static const char *
cell(struct ctx *cx, const struct job *job, int column)
{
    return job->column[column] < 0 ? ""
                                   : arena_strdup(cx->arena, job->table.cells[job->column[column]]);
}

static const char *
filled(struct ctx *cx, const struct job *job, int column)
{
    const char *text = cell(cx, job, column);
    return *text == '\0' ? NULL : text;
}

static void
place_faults(struct ctx *cx, const struct job *job, int from)
{
    for (int i = from; i < cx->faults.count; i++) {
        struct fault *fault = &cx->faults.items[i];
        int column = fault->field == NULL ? -1 : table_column(&job->table, fault->field);
        fault->file = job->table.file;
        fault->line = job->table.line;
        fault->column = column + 1;
    }
}

/* One thing is declared once in a file. */
static void
refuse_twice(struct ctx *cx, struct job *job, const struct declaration *item)
{
    char *line = arena_printf(cx->arena, "%d", job->table.line);
    const char *before = map_set(job->lines,
        arena_printf(cx->arena, "%s %s %lld %d %d", item->indicator->key, item->cut,
            (long long)item->unit->id, item->from, item->to),
        line);
    if (before != NULL)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = column_names[COL_INDICATOR]},
            "Dòng này kê khai cùng một số liệu với dòng %s.", before);
}

static void
read_line(struct ctx *cx, struct job *job)
{
    int before = cx->faults.count;
    struct declaration item;
    struct declare input = {.indicator = cell(cx, job, COL_INDICATOR),
        .unit = cell(cx, job, COL_UNIT),
        .cut = cell(cx, job, COL_WHERE),
        .value = cell(cx, job, COL_VALUE),
        .word = cell(cx, job, COL_WORD),
        .source = cell(cx, job, COL_SOURCE),
        .from = cell(cx, job, COL_FROM),
        .to = cell(cx, job, COL_TO),
        .numerator = filled(cx, job, COL_NUMERATOR),
        .denominator = filled(cx, job, COL_DENOMINATOR)};
    if (declaration_read(cx, &input, &item) == OK)
        refuse_twice(cx, job, &item);
    if (cx->faults.count == before)
        *ARENA_PUSH(cx->arena, job->items, job->count) = item;
    place_faults(cx, job, before);
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    *job->result = (struct declaration_import_result){0};
    for (int i = 0; i < job->count; i++) {
        enum declaration_fate fate;
        TRY(declaration_put(cx, &job->items[i], &fate));
        job->result->created += fate == DECLARATION_NEW;
        job->result->changed += fate == DECLARATION_CHANGED;
        job->result->unchanged += fate == DECLARATION_SAME;
    }
    return OK;
}

enum status
declaration_import(struct ctx *cx, const char *file, const char *text, size_t length,
    struct declaration_import_result *result)
{
    enum status status = OK;
    struct job job = {.lines = map_new(cx->arena), .result = result};
    int before = cx->faults.count;
    TRY(table_open(cx, &job.table, file, text, length));
    TRY(find_columns(cx, &job));
    while (table_next(cx, &job.table, &status))
        read_line(cx, &job);
    if (cx->faults.count > before)
        return cx->faults.items[before].status;
    return world_write(cx, write_all, &job);
}
