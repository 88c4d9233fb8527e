/* Importing a list of people. The file is read once; what it makes of the people who are known is
 * worked out twice: on a snapshot, where every fault is told and nobody waits, and again inside the
 * write, because others may have written meanwhile. */
#include "domain/person_write.h"

#include "base/code.h"
#include "base/map.h"
#include "base/table.h"
#include "domain/headcount.h"
#include "domain/record.h"

#include <string.h>

struct line {
    struct person_cells cells;
    struct line *next; /* of the same person */
};

/* The lines of one person and what they come to. */
struct item {
    struct line *first, *last;
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
    if ((job->column[PERSON_CODE] < 0) == (job->column[PERSON_ORIGIN] < 0))
        (void)fault_at(cx, ERR_INVALID, where,
            "Cần một trong hai cột: code (mã trong chithi) hoặc origin (mã ở nơi lập danh sách).");
    for (int i = 0; i < job->table.column_count; i++) {
        bool is_known = false;
        for (int c = 0; c < PERSON_COLUMN__COUNT; c++)
            is_known = is_known || job->column[c] == i;
        where.column = i + 1;
        if (!is_known)
            (void)fault_at(cx, ERR_INVALID, where,
                "Danh sách người không có cột “%s”; có: code hoặc origin, name, given, unit, from, "
                "to, status, post.",
                job->table.columns[i]);
    }
    return cx->faults.count > before ? ERR_INVALID : OK;
}

/* An empty given name or status says nothing; an empty name neither, but on a person's first line.
 */
static struct line *
read_line(struct ctx *cx, const struct job *job)
{
    struct line *line = ARENA_NEW(cx->arena, struct line);
    line->cells.where = (struct fault){.file = job->table.file, .line = job->table.line};
    for (int i = 0; i < PERSON_COLUMN__COUNT; i++) {
        if (job->column[i] < 0)
            continue;
        line->cells.column[i] = job->column[i] + 1;
        line->cells.cell[i] = arena_strdup(cx->arena, job->table.cells[job->column[i]]);
        bool may_be_silent = i == PERSON_GIVEN || i == PERSON_STATUS;
        if (may_be_silent && *line->cells.cell[i] == '\0')
            line->cells.cell[i] = NULL;
    }
    return line;
}

static enum person_column
key_column(const struct job *job)
{
    return job->column[PERSON_CODE] >= 0 ? PERSON_CODE : PERSON_ORIGIN;
}

static enum status
add_line(struct ctx *cx, struct job *job, struct map *by_key, struct line *line)
{
    enum person_column column = key_column(job);
    const char *key = line->cells.cell[column];
    struct fault where = line->cells.where;
    where.column = line->cells.column[column];
    if (*key == '\0' || strlen(key) > 120)
        return fault_at(cx, ERR_INVALID, where, "Cột %s còn trống hoặc dài quá 120 ký tự.",
            person_columns[column]);
    if (column == PERSON_CODE && code_number(key) < 0)
        return fault_at(cx, ERR_INVALID, where, "“%s” không phải là mã người; cần 12 ký tự.", key);
    const intptr_t at = (intptr_t)map_get(by_key, key);
    if (at == 0) {
        *ARENA_PUSH(cx->arena, job->items, job->count) = (struct item){.first = line, .last = line};
        map_set(by_key, key, (void *)(intptr_t)job->count);
        return OK;
    }
    struct item *item = &job->items[at - 1];
    item->last = item->last->next = line;
    if (*line->cells.cell[PERSON_NAME] == '\0')
        line->cells.cell[PERSON_NAME] = NULL;
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
        (void)add_line(cx, job, by_key, read_line(cx, job));
    }
    return cx->faults.count > before ? ERR_INVALID : status;
}

/* What the lines make of a person */

static enum status
find_before(struct ctx *cx, const struct job *job, struct item *item)
{
    enum person_column column = key_column(job);
    const char *key = item->first->cells.cell[column];
    struct person *found;
    struct query *q;
    if (column == PERSON_CODE) {
        q = query_new(cx, Q_PERSON_BY_CODE);
        query_int(q, "shard", code_shard(code_number(key)));
        query_text(q, "code", key);
    } else {
        q = query_new(cx, Q_PERSON_BY_ORIGIN);
        query_text(q, "origin", key);
    }
    TRY(person_read(cx, q, &found));
    item->before = found;
    return OK;
}

/* Everything said so far, with room for what the lines add. */
static struct person *
begin_after(struct arena *arena, const struct item *item)
{
    struct person *after = ARENA_NEW(arena, struct person);
    size_t room = 1;
    for (const struct line *line = item->first; line != NULL; line = line->next)
        room++;
    if (item->before != NULL)
        *after = *item->before;
    room += (size_t)after->span_count;
    after->spans = ARENA_ARRAY(arena, struct membership, room);
    for (int i = 0; i < after->span_count; i++)
        after->spans[i] = item->before->spans[i];
    return after;
}

/* Does an earlier line of the file speak of the span that begins on this day? */
static const struct line *
twin_of(const struct item *item, const struct line *line, const int32_t *days, int32_t day)
{
    int i = 0;
    for (const struct line *other = item->first; other != line; other = other->next) {
        if (days[i++] == day)
            return other;
    }
    return NULL;
}

static void
apply_line(struct ctx *cx, struct item *item, const struct line *line, int32_t *days, int number)
{
    struct person *after = item->after;
    struct membership span = {.from = DAY_MIN, .to = DAY_MAX, .post = ""};
    int at = 0;
    bool good = person_fill(cx, &line->cells, after, &span);
    days[number] = span.from;
    if (!good)
        return;
    const struct line *twin = twin_of(item, line, days, span.from);
    if (twin != NULL) {
        (void)fault_at(cx, ERR_INVALID, line->cells.where,
            "Người này đã có ở dòng %d với cùng ngày đầu.", twin->cells.where.line);
        return;
    }
    while (at < after->span_count && after->spans[at].from != span.from)
        at++;
    if (at == after->span_count) {
        after->spans[after->span_count++] = span;
        return;
    }
    span = after->spans[at]; /* what the line does not say stays */
    (void)person_fill(cx, &line->cells, after, &span);
    after->spans[at] = span;
}

static enum status
check_code(struct ctx *cx, const struct job *job, const struct item *item)
{
    const struct person_cells *cells = &item->first->cells;
    const char *code = cells->cell[PERSON_CODE];
    struct fault where = cells->where;
    if (item->before != NULL || job->column[PERSON_CODE] < 0 ||
        code_shard(code_number(code)) == item->after->shard)
        return OK;
    where.column = cells->column[PERSON_CODE];
    return fault_at(cx, ERR_INVALID, where,
        "Mã “%s” chưa có, và không phải là mã của người thuộc %s; người mới thì dùng cột origin.",
        code, unit_named(item->after->spans[0].unit, cx->world->today)->name);
}

static enum status
plan_item(struct ctx *cx, const struct job *job, struct item *item)
{
    int before = cx->faults.count, lines = 0;
    TRY(find_before(cx, job, item));
    item->after = begin_after(cx->arena, item);
    for (const struct line *line = item->first; line != NULL; line = line->next)
        lines++;
    int32_t *days = ARENA_ARRAY(cx->arena, int32_t, (size_t)lines);
    lines = 0;
    for (const struct line *line = item->first; line != NULL; line = line->next)
        apply_line(cx, item, line, days, lines++);
    if (cx->faults.count > before)
        return OK; /* told, and the file goes on */
    (void)person_check_spans(cx, item->first->cells.where, item->after);
    if (item->before == NULL)
        item->after->shard = item->after->spans[0].unit->shard;
    (void)check_code(cx, job, item);
    return OK;
}

static enum status
plan(struct ctx *cx, struct job *job)
{
    int before = cx->faults.count;
    for (int i = 0; i < job->count; i++)
        TRY(plan_item(cx, job, &job->items[i]));
    if (cx->faults.count == before)
        return OK;
    fault_sort(cx);
    return ERR_INVALID;
}

/* Writing */

static void
name_new(struct ctx *cx, const struct job *job, struct item *item)
{
    const struct person_cells *cells = &item->first->cells;
    item->after->code = job->column[PERSON_CODE] >= 0
        ? cells->cell[PERSON_CODE]
        : record_code_new(cx->arena, item->after->shard);
    item->after->origin = cells->cell[PERSON_ORIGIN];
}

static enum status
write_items(struct ctx *cx, struct job *job, struct tally *tally)
{
    struct person_import_result *result = job->result;
    *result = (struct person_import_result){.lines = job->lines};
    for (int i = 0; i < job->count; i++) {
        struct item *item = &job->items[i];
        struct arena_mark mark = arena_mark(cx->arena);
        if (item->before != NULL && person_equal(item->before, item->after)) {
            result->unchanged++;
            continue;
        }
        if (item->before == NULL)
            name_new(cx, job, item);
        result->created += item->before == NULL;
        result->changed += item->before != NULL;
        TRY(person_put(cx, item->before, item->after, "person.import", job->input->file, tally));
        arena_release(cx->arena, mark);
    }
    return headcount_write(cx, tally);
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    struct tally tally = {.arena = arena_new()};
    enum status status = plan(cx, job);
    if (status == OK)
        status = write_items(cx, job, &tally);
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
    TRY(plan(cx, &job));
    return world_write(cx, write_all, &job);
}
