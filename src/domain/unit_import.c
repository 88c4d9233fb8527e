/* Importing a list of units: the whole list is read and checked in memory against the tree of the
 * day, then written in one go. */
#include "domain/unit_list.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/cell.h"

#include <ctype.h>
#include <string.h>

enum {
    COL_CODE,
    COL_PARENT,
    COL_LEVEL,
    COL_NAME,
    COL_KIND,
    COL_BLOC,
    COL_FROM,
    COL_TO,
    COL__COUNT
};
static const char *const column_names[COL__COUNT] = {"code", "parent_code", "level", "name", "kind",
    "bloc", "from", "to"};

struct line {
    int number;
    const char *cell[COL__COUNT]; /* "" where the list has no such column */
    int32_t from, to;
    int32_t probe;            /* the day on which the tree is asked for the code */
    struct line *parent;      /* in this list */
    const struct unit *known; /* the unit that bears the code on the day, or NULL */
    const struct unit *above; /* the parent when it is not in this list */
    int64_t id, shard;
    bool visiting, placed;
};

struct job {
    const struct unit_import *input;
    struct table table;
    int column[COL__COUNT];
    struct line **lines;
    int count;
    struct map *by_code;
    struct map *by_unit; /* lines of known units */
    struct line **order; /* parents before children */
    int ordered;
    bool cells_are_good;
    struct unit_import_result *result;
};

static struct fault
at(const struct job *job, const struct line *line, int column)
{
    return table_place(&job->table, line->number, job->column[column]);
}

/* Reading */

static enum status
find_columns(struct ctx *cx, struct job *job)
{
    struct fault where = {.file = job->input->file, .line = 1, .column = 1};
    for (int i = 0; i < COL__COUNT; i++) {
        job->column[i] = table_column(&job->table, column_names[i]);
        if (i <= COL_NAME && job->column[i] < 0)
            (void)fault_at(cx, ERR_INVALID, where,
                "Thiếu cột “%s”; danh sách đơn vị cần các cột code, parent_code, level, name.",
                column_names[i]);
    }
    return cx->faults.count > 0 ? ERR_INVALID : OK;
}

bool
unit_code_is_valid(const char *code)
{
    size_t length = strlen(code);
    if (length == 0 || length > UNIT_CODE_MAX)
        return false;
    for (; *code != '\0'; code++) {
        if (!isalnum((unsigned char)*code) && strchr("._-", *code) == NULL)
            return false;
    }
    return true;
}

const char *
unit_name_clean(struct arena *arena, const char *text)
{
    const char *name = vi_clean(arena, text);
    bool is_name =
        *name != '\0' && utf8_count(name) <= UNIT_NAME_MAX && strpbrk(name, "\n\t") == NULL;
    return is_name ? name : NULL;
}

const char *
unit_word(struct arena *arena, const char *text)
{
    char *key = arena_strdup(arena, text);
    for (char *c = key; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    return key;
}

static void
read_day(struct ctx *cx, struct job *job, const struct line *line, int column, int32_t absent,
    int32_t *out)
{
    *out = absent;
    if (*line->cell[column] != '\0' && !date_parse(line->cell[column], out))
        (void)fault_at(cx, ERR_INVALID, at(job, line, column),
            "“%s” không phải là ngày; cần dạng 05/09/2026 hoặc để trống.", line->cell[column]);
}

/* A kind or a bloc is one of the pack's, where the pack says which there are. */
static void
check_among(struct ctx *cx, const struct job *job, const struct line *line, int column,
    const struct choice *choices, int count)
{
    struct buf known = buf_new(cx->arena);
    const char *key = line->cell[column];
    if (count == 0 || !key_is_valid(key) || choice_among(choices, count, key) != NULL)
        return;
    for (int i = 0; i < count; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", choices[i].key);
    (void)fault_at(cx, ERR_INVALID, at(job, line, column), "Gói không có %s “%s”; có: %s.",
        column == COL_KIND ? "loại đơn vị" : "khối", key, buf_string(&known));
}

static void
check_cells(struct ctx *cx, struct job *job, struct line *line)
{
    const char *code = line->cell[COL_CODE];
    if (!unit_code_is_valid(code))
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_CODE),
            "Mã “%s” không hợp lệ; cần 1–%d chữ cái, chữ số, “.”, “-”, “_”.", code, UNIT_CODE_MAX);
    else if (map_get(job->by_code, code) != NULL)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_CODE), "Mã “%s” đã có ở dòng %d.", code,
            ((struct line *)map_get(job->by_code, code))->number);
    if (map_get(job->by_code, code) == NULL)
        map_set(job->by_code, code, line); /* a bad one too: its children are right */
    line->cell[COL_NAME] = unit_name_clean(cx->arena, line->cell[COL_NAME]);
    if (line->cell[COL_NAME] == NULL)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_NAME),
            "Tên đơn vị còn trống, có nhiều dòng, hoặc dài quá %d ký tự.", UNIT_NAME_MAX);
    for (int i = COL_LEVEL; i <= COL_BLOC; i++) {
        if (i == COL_NAME)
            continue;
        line->cell[i] = unit_word(cx->arena, line->cell[i]);
        bool may_be_empty = i != COL_LEVEL;
        if (!(may_be_empty && *line->cell[i] == '\0') && !key_is_valid(line->cell[i]))
            (void)fault_at(cx, ERR_INVALID, at(job, line, i),
                "“%s” không hợp lệ; cần một từ khóa như tinh, xa, co_so.", line->cell[i]);
    }
    const struct model *model = cx->world->model;
    check_among(cx, job, line, COL_KIND, model->unit_kinds, model->unit_kind_count);
    check_among(cx, job, line, COL_BLOC, model->blocs, model->bloc_count);
    read_day(cx, job, line, COL_FROM, job->input->from_day, &line->from);
    read_day(cx, job, line, COL_TO, DAY_MAX, &line->to);
    if (line->from > line->to)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_TO), "Ngày cuối đứng trước ngày đầu.");
}

static enum status
read_lines(struct ctx *cx, struct job *job)
{
    enum status status = OK;
    while (table_next(cx, &job->table, &status)) {
        struct line *line = ARENA_NEW(cx->arena, struct line);
        line->number = job->table.line;
        for (int i = 0; i < COL__COUNT; i++)
            line->cell[i] =
                job->column[i] < 0 ? "" : arena_strdup(cx->arena, job->table.cells[job->column[i]]);
        check_cells(cx, job, line);
        *ARENA_PUSH(cx->arena, job->lines, job->count) = line;
    }
    job->cells_are_good = cx->faults.count == 0;
    return status;
}

/* Placing: who is whose parent, who is known, no cycle, one root */

static const struct unit *
known_unit(struct ctx *cx, const char *code, int32_t day)
{
    const struct unit *unit = NULL;
    int before = cx->faults.count;
    if (tree_by_code(cx, cx->world->tree, code, day, &unit) != OK)
        unit = NULL;
    fault_forget(cx, before);
    return unit;
}

static void
find_parent(struct ctx *cx, struct job *job, struct line *line, struct line **root)
{
    const char *code = line->cell[COL_PARENT];
    const struct unit *tree_root = cx->world->tree->root;
    line->probe = job->input->day > line->to ? line->to : job->input->day;
    line->known = known_unit(cx, line->cell[COL_CODE], line->probe);
    if (line->known != NULL)
        map_set_int(job->by_unit, line->known->id, line);
    if (*code == '\0') {
        if (*root != NULL)
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
                "Đã có đơn vị gốc “%s” ở dòng %d; cần mã đơn vị cấp trên.", (*root)->cell[COL_CODE],
                (*root)->number);
        else if (tree_root != NULL && line->known != tree_root)
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
                "Cây đã có gốc là %s; cần mã đơn vị cấp trên.",
                unit_named(tree_root, job->input->day)->code);
        else
            *root = line;
        return;
    }
    line->parent = map_get(job->by_code, code);
    if (line->parent == NULL)
        line->above = known_unit(cx, code, job->input->day);
    if (line->parent == NULL && line->above == NULL)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Không có đơn vị cấp trên “%s” trong tệp hay trong cây.", code);
}

/* The line that says where the next unit above stands from now on: that of the parent, or of the
 * nearest unit above it in the tree that the list names. */
static struct line *
line_above(const struct job *job, const struct line *line)
{
    const struct unit *unit = line->above;
    struct line *found = line->parent;
    while (found == NULL && unit != NULL) {
        const struct span *span = unit_on(unit, job->input->day);
        found = map_get_int(job->by_unit, unit->id);
        unit = span == NULL ? NULL : span->parent;
    }
    return found;
}

/* A unit must not be there on a day on which its parent is not: what it counts then would be in no
 * sum. */
static void
check_life(struct ctx *cx, const struct job *job, const struct line *line)
{
    const struct unit *above = line->parent != NULL ? line->parent->known : line->above;
    bool is_new = line->known == NULL;
    int32_t from, to, begin = is_new ? line->from : job->input->day;
    int32_t end = is_new ? line->to : line->known->spans[line->known->span_count - 1].to;
    if (line->parent == NULL && above == NULL)
        return; /* the root, or told already */
    from = above == NULL ? line->parent->from : above->spans[0].from;
    to = above == NULL ? line->parent->to : above->spans[above->span_count - 1].to;
    if (from > begin)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_FROM),
            "Đơn vị cấp trên chỉ có từ %s; cần ghi from từ ngày đó trở đi.",
            date_show(cx->arena, from));
    if (to < end)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_TO),
            "Đơn vị cấp trên chỉ có đến %s; cần ghi to không sau ngày đó.",
            date_show(cx->arena, to));
}

/* Depth first, so that parents come before children whatever the order of lines. */
static void
place(struct ctx *cx, struct job *job, struct line *line, int depth)
{
    if (line->placed)
        return;
    if (depth > UNIT_DEPTH_MAX) {
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT), "Cây sâu quá %d cấp.",
            UNIT_DEPTH_MAX);
        return;
    }
    if (line->visiting) {
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Vòng lặp: “%s” là cấp trên của chính nó.", line->cell[COL_CODE]);
        return;
    }
    struct line *above = line_above(job, line);
    line->visiting = true;
    if (above != NULL)
        place(cx, job, above, depth + 1);
    if (job->cells_are_good)
        check_life(cx, job, line);
    line->visiting = false;
    line->placed = true;
    job->order[job->ordered++] = line;
}

static enum status
place_all(struct ctx *cx, struct job *job)
{
    struct line *root = NULL;
    for (int i = 0; i < job->count; i++)
        find_parent(cx, job, job->lines[i], &root);
    job->order = ARENA_ARRAY(cx->arena, struct line *, (size_t)job->count + 1);
    for (int i = 0; i < job->count; i++)
        place(cx, job, job->lines[i], 1);
    if (root == NULL && cx->world->tree->root == NULL && cx->faults.count == 0)
        return fault_at(cx, ERR_INVALID, (struct fault){.file = job->input->file, .line = 1},
            "Danh sách không có đơn vị gốc (dòng có parent_code trống).");
    fault_sort(cx);
    return cx->faults.count > 0 ? ERR_INVALID : OK;
}

/* Writing */

enum status
unit_span_put(struct ctx *cx, const struct span_row *row)
{
    struct query *q = query_new(cx, Q_UNIT_SPAN_INSERT);
    query_int_at(q, 0, row->unit);
    query_int_at(q, 1, row->from);
    query_int_at(q, 2, row->to);
    query_text_at(q, 3, row->code);
    query_text_at(q, 4, row->name);
    query_text_at(q, 5, vi_sort_key(cx->arena, row->name));
    query_text_at(q, 6, row->level);
    query_text_at(q, 7, row->kind);
    query_text_at(q, 8, row->bloc);
    if (row->parent == 0)
        query_null_at(q, 9);
    else
        query_int_at(q, 9, row->parent);
    return query_run(q, NULL);
}

enum status
unit_event_put(struct ctx *cx, const char *kind, int32_t day, int64_t unit, int64_t other,
    const char *decision)
{
    struct query *q = query_new(cx, Q_UNIT_EVENT_INSERT);
    query_int(q, "id", store_id(cx));
    query_text(q, "kind", kind);
    query_int(q, "day", day);
    query_int(q, "unit", unit);
    if (other == 0)
        query_text(q, "other", NULL);
    else
        query_int(q, "other", other);
    query_text(q, "decision", decision);
    query_int(q, "at", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}

static enum status
insert_span(struct ctx *cx, const struct line *line, int32_t from, int32_t to, int64_t parent)
{
    struct span_row row = {.unit = line->id,
        .parent = parent,
        .from = from,
        .to = to,
        .code = line->cell[COL_CODE],
        .name = line->cell[COL_NAME],
        .level = line->cell[COL_LEVEL],
        .kind = line->cell[COL_KIND],
        .bloc = line->cell[COL_BLOC]};
    return unit_span_put(cx, &row);
}

/* The shard of a new unit: its own below the root, that of its parent further down. */
static int64_t
shard_of(const struct ctx *cx, const struct line *line, int64_t *last)
{
    const struct unit *root = cx->world->tree->root;
    if (line->parent != NULL && *line->parent->cell[COL_PARENT] != '\0')
        return line->parent->shard;
    if (line->above != NULL && line->above != root)
        return line->above->shard;
    return ++*last;
}

static int64_t
parent_id(const struct line *line)
{
    return line->parent != NULL ? line->parent->id : line->above != NULL ? line->above->id : 0;
}

static bool
differs(const struct line *line, const struct span *span)
{
    int64_t parent = span->parent == NULL ? 0 : span->parent->id;
    return strcmp(span->name, line->cell[COL_NAME]) != 0 ||
        strcmp(span->level, line->cell[COL_LEVEL]) != 0 ||
        strcmp(span->kind, line->cell[COL_KIND]) != 0 ||
        strcmp(span->bloc, line->cell[COL_BLOC]) != 0 || parent != parent_id(line);
}

/* The span goes on to the day before, a new one begins on the day. */
static enum status
renew(struct ctx *cx, struct job *job, struct line *line, const struct span *span)
{
    int32_t day = job->input->day;
    bool moved = (span->parent == NULL ? 0 : span->parent->id) != parent_id(line);
    struct query *q;
    if (span->from == day) {
        q = query_new(cx, Q_UNIT_SPAN_DELETE);
    } else {
        q = query_new(cx, Q_UNIT_SPAN_CLOSE);
        query_int(q, "to", day - 1);
    }
    query_int(q, "unit", line->id);
    query_int(q, "from", span->from);
    TRY(query_run(q, NULL));
    TRY(insert_span(cx, line, day, span->to, parent_id(line)));
    job->result->changed++;
    return unit_event_put(cx, moved ? "move" : "rename", day, line->id, 0, NULL);
}

static enum status
write_line(struct ctx *cx, struct job *job, struct line *line, int64_t *last_id,
    int64_t *last_shard, int64_t *last_ordinal)
{
    if (line->known != NULL) {
        const struct span *span = unit_on(line->known, line->probe);
        line->id = line->known->id;
        line->shard = line->known->shard;
        if (differs(line, span))
            return renew(cx, job, line, span);
        job->result->unchanged++;
        return OK;
    }
    line->id = ++*last_id;
    line->shard = shard_of(cx, line, last_shard);
    if (line->shard > UNIT_SHARD_MAX)
        return fault_set(cx, ERR_LIMIT, "Quá nhiều đơn vị ngay dưới gốc: nhiều nhất 1.022.");
    struct query *q = query_new(cx, Q_UNIT_INSERT);
    query_int(q, "id", line->id);
    query_int(q, "shard", line->shard);
    query_int(q, "ordinal", ++*last_ordinal);
    TRY(query_run(q, NULL));
    job->result->created++;
    return insert_span(cx, line, line->from, line->to, parent_id(line));
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    bool found;
    const struct world *after;
    TRY(store_alone(cx));
    *job->result = (struct unit_import_result){.rows = job->count};
    struct query *q = query_new(cx, Q_UNIT_LAST);
    TRY(query_one(q, &found));
    int64_t last_id = query_get_int(q, 0), last_shard = query_get_int(q, 1);
    int64_t last_ordinal = query_get_int(q, 2);
    TRY(query_end(q));
    for (int i = 0; i < job->count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(write_line(cx, job, job->order[i], &last_id, &last_shard, &last_ordinal));
        arena_release(cx->arena, mark);
    }
    if (job->result->created + job->result->changed == 0)
        return OK;
    struct audit_note done = {.shard = audit_home(cx),
        .action = "unit.import",
        .detail = job->input->file};
    TRY(audit_note(cx, &done));
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &after));
    /* New units bring no facts with them: then only those whose cells begin are made. */
    const struct unit *none[1] = {NULL};
    return cell_refresh(cx, after, job->result->changed > 0 ? NULL : none, 0);
}

enum status
unit_import(struct ctx *cx, const struct unit_import *input, struct unit_import_result *result)
{
    struct job job = {.input = input,
        .result = result,
        .by_code = map_new(cx->arena),
        .by_unit = map_new(cx->arena)};
    TRY(table_open(cx, &job.table, input->file, input->text, input->length));
    if (table_column(&job.table, "unit") >= 0)
        return unit_import_spans(cx, input, &job.table, result);
    TRY(find_columns(cx, &job));
    TRY(read_lines(cx, &job));
    TRY(place_all(cx, &job));
    return world_write(cx, write_all, &job);
}
