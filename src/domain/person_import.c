/* Importing a list of people. The file is read once; what it makes of the people who are known is
 * thought out twice: on a snapshot, where every fault is told and nobody waits, and again inside
 * the write, because others may have written meanwhile. */
#include "domain/person_write.h"

#include "base/code.h"
#include "base/map.h"
#include "base/table.h"
#include "domain/headcount.h"
#include "domain/record.h"

#include <string.h>

enum { KEY_LENGTH = 120 };

/* What the file said, kept small because there may be hundreds of thousands: the cells that
 * matter, one behind the other, each closed by a NUL. */
struct line {
    const char *text;
    int number;
    struct line *next; /* of the same person */
};

/* The lines of one person. */
struct item {
    struct line *first, *last;
};

/* What they come to. */
struct plan {
    const struct person *before; /* as stored, or NULL */
    struct person *after;
};

struct job {
    const struct person_import *input;
    struct table table;
    int column[PERSON_COLUMN__COUNT]; /* in the file, or -1 */
    struct item *items;
    int count, lines;
    struct person_import_result *result;
};

/* Reading */

static enum status
find_columns(struct ctx *cx, struct job *job)
{
    int before = cx->faults.count;
    struct fault where = {.file = job->table.file, .line = 1, .column = 1};
    for (int i = 0; i < PERSON_COLUMN__COUNT; i++) {
        job->column[i] = table_column(&job->table, person_columns[i]);
        if (job->column[i] < 0 && (i == PERSON_NAME || i == PERSON_UNIT))
            (void)fault_at(cx, ERR_INVALID, where, "Thiếu cột “%s”.", person_columns[i]);
    }
    if (job->column[PERSON_CODE] < 0 && job->column[PERSON_ORIGIN] < 0)
        (void)fault_at(cx, ERR_INVALID, where,
            "Cần một trong hai cột: code (mã trong chithi) hoặc origin (mã ở nơi lập danh sách).");
    for (int i = 0; i < job->table.column_count; i++) {
        bool is_known = false;
        for (int c = 0; c < PERSON_COLUMN__COUNT; c++)
            is_known = is_known || job->column[c] == i;
        where.column = i + 1;
        if (!is_known)
            (void)fault_at(cx, ERR_INVALID, where,
                "Danh sách người không có cột “%s”; có: code, origin, name, given, unit, from, "
                "to, status, post.",
                job->table.columns[i]);
    }
    return cx->faults.count > before ? ERR_INVALID : OK;
}

static struct line *
read_line(struct ctx *cx, const struct job *job)
{
    struct line *line = ARENA_NEW(cx->arena, struct line);
    size_t length = 0, size;
    for (int i = 0; i < PERSON_COLUMN__COUNT; i++)
        length += job->column[i] < 0 ? 0 : strlen(job->table.cells[job->column[i]]) + 1;
    char *to = arena_alloc(cx->arena, length);
    line->text = to;
    line->number = job->table.line;
    for (int i = 0; i < PERSON_COLUMN__COUNT; i++) {
        if (job->column[i] < 0)
            continue;
        size = strlen(job->table.cells[job->column[i]]) + 1;
        memcpy(to, job->table.cells[job->column[i]], size);
        to += size;
    }
    return line;
}

/* The cells of a line. An empty code, origin, given name or status says nothing, and an empty name
 * neither, but on a person's first line. */
static struct person_cells
cells_of(const struct job *job, const struct item *item, const struct line *line)
{
    struct person_cells cells = {.where = {.file = job->table.file, .line = line->number}};
    const char *at = line->text;
    for (int i = 0; i < PERSON_COLUMN__COUNT; i++) {
        if (job->column[i] < 0)
            continue;
        bool may_be_silent = i == PERSON_CODE || i == PERSON_ORIGIN || i == PERSON_GIVEN ||
            i == PERSON_STATUS || (i == PERSON_NAME && line != item->first);
        cells.column[i] = job->column[i] + 1;
        cells.cell[i] = may_be_silent && *at == '\0' ? NULL : at;
        at += strlen(at) + 1;
    }
    return cells;
}

/* A person is known by the code, or where a line gives none, by the origin. These are the first of
 * the cells that are kept. */
static enum person_column
key_column(const struct job *job, const struct line *line)
{
    bool has_code = job->column[PERSON_CODE] >= 0 && *line->text != '\0';
    return has_code || job->column[PERSON_ORIGIN] < 0 ? PERSON_CODE : PERSON_ORIGIN;
}

static const char *
key_of(const struct job *job, const struct line *line)
{
    bool is_second = job->column[PERSON_CODE] >= 0 && key_column(job, line) == PERSON_ORIGIN;
    return is_second ? line->text + 1 : line->text; /* an empty code is before it */
}

static enum status
check_key(struct ctx *cx, const struct job *job, const struct line *line)
{
    enum person_column column = key_column(job, line);
    const char *key = key_of(job, line);
    struct fault where = {.file = job->table.file,
        .line = job->table.line,
        .column = job->column[column] + 1,
        .field = person_columns[column]};
    if (*key == '\0' || strlen(key) > KEY_LENGTH)
        return fault_at(cx, ERR_INVALID, where, "Cột %s còn trống hoặc dài quá %d ký tự.",
            person_columns[column], KEY_LENGTH);
    if (column == PERSON_CODE && code_number(key) < 0)
        return fault_at(cx, ERR_INVALID, where, "“%s” không phải là mã người; cần 12 ký tự.", key);
    return OK;
}

static enum status
add_line(struct ctx *cx, struct job *job, struct map *by_key)
{
    struct line *line = read_line(cx, job);
    TRY(check_key(cx, job, line));
    const char *key = key_of(job, line);
    intptr_t at = (intptr_t)map_get(by_key, key);
    if (at == 0) {
        *ARENA_PUSH(cx->arena, job->items, job->count) = (struct item){line, line};
        map_set(by_key, key, (void *)(intptr_t)job->count);
        return OK;
    }
    struct item *item = &job->items[at - 1];
    item->last = item->last->next = line;
    return OK;
}

static enum status
read_lines(struct ctx *cx, struct job *job)
{
    struct map *by_key = map_new(cx->arena);
    int before = cx->faults.count;
    enum status status = OK;
    while (table_next(cx, &job->table, &status)) {
        if (++job->lines > PERSON_IMPORT_LINES)
            return fault_at(cx, ERR_LIMIT,
                (struct fault){.file = job->table.file, .line = job->table.line},
                "Tệp có hơn %d dòng; hãy chia thành nhiều tệp.", PERSON_IMPORT_LINES);
        (void)add_line(cx, job, by_key);
    }
    return cx->faults.count > before ? ERR_INVALID : status;
}

/* What the lines make of a person */

static enum status
find_by(struct ctx *cx, bool by_code, const char *key, const struct person **out)
{
    struct query *q = query_new(cx, by_code ? Q_PERSON_BY_CODE : Q_PERSON_BY_ORIGIN);
    struct person *found;
    if (by_code)
        query_int(q, "shard", code_shard(code_number(key)));
    query_text(q, by_code ? "code" : "origin", key);
    TRY(person_read(cx, q, &found));
    *out = found;
    return OK;
}

/* A new code with an origin that is known is the same person, who keeps the code of here. */
static enum status
find_before(struct ctx *cx, const struct person_cells *first, const struct person **out)
{
    const char *code = first->cell[PERSON_CODE], *origin = first->cell[PERSON_ORIGIN];
    *out = NULL;
    if (code != NULL)
        TRY(find_by(cx, true, code, out));
    return *out != NULL || origin == NULL ? OK : find_by(cx, false, origin, out);
}

/* Everything known so far, with room for what the lines add. */
static struct person *
begin_after(struct arena *arena, const struct item *item, const struct person *before)
{
    struct person *after = ARENA_NEW(arena, struct person);
    size_t room = 1;
    for (const struct line *line = item->first; line != NULL; line = line->next)
        room++;
    if (before != NULL)
        *after = *before;
    room += (size_t)after->span_count;
    after->spans = ARENA_ARRAY(arena, struct membership, room);
    for (int i = 0; i < after->span_count; i++)
        after->spans[i] = before->spans[i];
    return after;
}

/* The line that has spoken of the span with this first day, or NULL; else it is noted down. */
struct spoken {
    int32_t from;
    const struct line *line;
};

static const struct line *
spoken_by(struct spoken *spoken, int *count, int32_t from, const struct line *line)
{
    for (int i = 0; i < *count; i++) {
        if (spoken[i].from == from)
            return spoken[i].line;
    }
    spoken[(*count)++] = (struct spoken){from, line};
    return NULL;
}

static struct membership *
span_from(struct person *person, int32_t from)
{
    for (int i = 0; i < person->span_count; i++) {
        if (person->spans[i].from == from)
            return &person->spans[i];
    }
    return NULL;
}

static void
apply_line(struct ctx *cx, const struct person_cells *cells, const struct line *line,
    struct person *after, struct spoken *spoken, int *spoken_count)
{
    struct membership span = {.from = DAY_MIN, .to = DAY_MAX, .post = ""};
    if (!person_fill(cx, cells, after, &span))
        return;
    const struct line *twin = spoken_by(spoken, spoken_count, span.from, line);
    if (twin != NULL) {
        (void)fault_at(cx, ERR_INVALID, cells->where,
            "Người này đã có ở dòng %d với cùng ngày đầu.", twin->number);
        return;
    }
    struct membership *known = span_from(after, span.from);
    if (known != NULL)
        (void)person_fill(cx, cells, after, known); /* what is not said stays */
    else
        after->spans[after->span_count++] = span;
}

static void
check_code(struct ctx *cx, const struct person_cells *cells, const struct plan *plan)
{
    const char *code = cells->cell[PERSON_CODE];
    struct fault where = cells->where;
    if (plan->before != NULL || code == NULL || code_shard(code_number(code)) == plan->after->shard)
        return;
    where.column = cells->column[PERSON_CODE];
    (void)fault_at(cx, ERR_INVALID, where,
        "Mã “%s” chưa có, và không phải là mã của người thuộc %s; người mới thì dùng cột origin.",
        code, unit_named(plan->after->spans[0].unit, cx->world->today)->name);
}

/* Its faults are told and the file goes on; who writes looks at their number. */
static enum status
make_plan(struct ctx *cx, const struct job *job, const struct item *item, struct plan *plan)
{
    struct person_cells first = cells_of(job, item, item->first);
    int before = cx->faults.count, spoken_count = 0, lines = 0;
    TRY(find_before(cx, &first, &plan->before));
    plan->after = begin_after(cx->arena, item, plan->before);
    for (const struct line *line = item->first; line != NULL; line = line->next)
        lines++;
    struct spoken *spoken = ARENA_ARRAY(cx->arena, struct spoken, (size_t)lines);
    for (const struct line *line = item->first; line != NULL; line = line->next) {
        struct person_cells cells = cells_of(job, item, line);
        apply_line(cx, &cells, line, plan->after, spoken, &spoken_count);
    }
    if (cx->faults.count > before || !person_check_spans(cx, first.where, plan->after))
        return OK;
    if (plan->before == NULL)
        plan->after->shard = plan->after->spans[0].unit->shard;
    check_code(cx, &first, plan);
    return OK;
}

/* Writing */

static enum status
write_plan(struct ctx *cx, const struct job *job, const struct item *item, struct plan *plan,
    struct tally *tally)
{
    const struct person_cells cells = cells_of(job, item, item->first);
    struct person_import_result *result = job->result;
    if (plan->before != NULL && person_equal(plan->before, plan->after)) {
        result->unchanged++;
        return OK;
    }
    if (plan->before == NULL) {
        plan->after->code = cells.cell[PERSON_CODE];
        plan->after->origin = cells.cell[PERSON_ORIGIN];
    }
    if (plan->after->code == NULL)
        plan->after->code = record_code_new(cx->arena, plan->after->shard);
    result->created += plan->before == NULL;
    result->changed += plan->before != NULL;
    return person_put(cx, plan->before, plan->after, "person.import", job->input->file, tally);
}

/* All of it is thought out, and with a tally written. A fault stops the writing and not the
 * telling. */
static enum status
run(struct ctx *cx, const struct job *job, struct tally *tally)
{
    int before = cx->faults.count;
    *job->result = (struct person_import_result){.lines = job->lines};
    for (int i = 0; i < job->count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct plan plan;
        TRY(make_plan(cx, job, &job->items[i], &plan));
        if (cx->faults.count > before)
            continue; /* the faults are in the arena */
        if (tally != NULL)
            TRY(write_plan(cx, job, &job->items[i], &plan, tally));
        arena_release(cx->arena, mark);
    }
    if (cx->faults.count == before)
        return tally == NULL ? OK : headcount_write(cx, tally);
    fault_sort(cx);
    return ERR_INVALID;
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    struct tally tally = {.arena = arena_new()};
    enum status status = run(cx, arg, &tally);
    arena_free(tally.arena);
    return status;
}

enum status
person_import(struct ctx *cx, const struct person_import *input,
    struct person_import_result *result)
{
    struct job job = {.input = input, .result = result};
    TRY(table_open(cx, &job.table, input->file, input->text, input->length));
    TRY(find_columns(cx, &job));
    TRY(read_lines(cx, &job));
    TRY(run(cx, &job, NULL));
    return world_write(cx, write_all, &job);
}
