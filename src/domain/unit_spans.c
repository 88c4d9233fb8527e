/* Importing the tree through time: spans and events of whole units, as they were exported. All of
 * it is put together and checked in memory, then written in one go. */
#include "domain/unit_list.h"

#include "base/map.h"
#include "domain/cell.h"

#include <stdlib.h>
#include <string.h>

enum {
    COL_UNIT,
    COL_CODE,
    COL_PARENT,
    COL_LEVEL,
    COL_NAME,
    COL_REQUIRED, /* those before it must be there */
    COL_KIND = COL_REQUIRED,
    COL_BLOC,
    COL_FROM,
    COL_TO,
    COL_SHARD,
    COL_EVENT,
    COL_OTHER,
    COL_DECISION,
    COL__COUNT
};
static const char *const column_names[COL__COUNT] = {"unit", "code", "parent_code", "level", "name",
    "kind", "bloc", "from", "to", "shard", "event", "other", "decision"};

/* A unit, of the list or of the tree: one of the two is set. */
struct who {
    struct body *body;
    const struct unit *unit;
};

struct line {
    int number;
    const char *cell[COL__COUNT]; /* "" where the list has no such column */
    int32_t from, to;
    struct body *body;
    struct who other; /* the parent of a span, or whom an event names */
};

/* What the list says of one unit. */
struct body {
    struct line **spans, **events;
    int span_count, event_count;
    const struct unit *known; /* the same in the tree, or NULL */
    int64_t id, shard;
};

/* Spans that bear one code. */
struct bearers {
    struct line **items;
    int count;
};

struct job {
    const struct unit_import *input;
    struct table *table;
    int column[COL__COUNT];
    struct body **bodies; /* in the order of the list */
    int count;
    struct map *by_key, *by_code;
    struct unit_import_result *result;
};

static struct fault
at(const struct job *job, const struct line *line, int column)
{
    return table_place(job->table, line->number, job->column[column]);
}

/* Reading */

static enum status
find_columns(struct ctx *cx, struct job *job)
{
    struct fault where = {.file = job->input->file, .line = 1, .column = 1};
    for (int i = 0; i < COL__COUNT; i++) {
        job->column[i] = table_column(job->table, column_names[i]);
        if (i < COL_REQUIRED && job->column[i] < 0)
            (void)fault_at(cx, ERR_INVALID, where,
                "Thiếu cột “%s”; danh sách qua thời gian cần các cột unit, code, parent_code, "
                "level, name.",
                column_names[i]);
    }
    return cx->faults.count > 0 ? ERR_INVALID : OK;
}

static void
read_day(struct ctx *cx, const struct job *job, const struct line *line, int column, int32_t absent,
    int32_t *out)
{
    *out = absent;
    if (*line->cell[column] != '\0' && !date_parse(line->cell[column], out))
        (void)fault_at(cx, ERR_INVALID, at(job, line, column),
            "“%s” không phải là ngày; cần dạng 05/09/2026 hoặc để trống.", line->cell[column]);
}

static void
check_words(struct ctx *cx, const struct job *job, struct line *line)
{
    static const int columns[] = {COL_LEVEL, COL_KIND, COL_BLOC};
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        const char **cell = &line->cell[columns[i]];
        *cell = unit_word(cx->arena, *cell);
        if ((columns[i] == COL_LEVEL || **cell != '\0') && !key_is_valid(*cell))
            (void)fault_at(cx, ERR_INVALID, at(job, line, columns[i]),
                "“%s” không hợp lệ; cần một từ khóa như tinh, xa, co_so.", *cell);
    }
}

static void
check_span(struct ctx *cx, const struct job *job, struct line *line)
{
    if (!unit_code_is_valid(line->cell[COL_CODE]))
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_CODE),
            "Mã “%s” không hợp lệ; cần 1–%d chữ cái, chữ số, “.”, “-”, “_”.", line->cell[COL_CODE],
            UNIT_CODE_MAX);
    line->cell[COL_NAME] = unit_name_clean(cx->arena, line->cell[COL_NAME]);
    if (line->cell[COL_NAME] == NULL)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_NAME),
            "Tên đơn vị còn trống, có nhiều dòng, hoặc dài quá %d ký tự.", UNIT_NAME_MAX);
    check_words(cx, job, line);
    if (line->from > line->to)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_TO), "Ngày cuối đứng trước ngày đầu.");
}

static void
check_event(struct ctx *cx, const struct job *job, const struct line *line)
{
    static const char *const kinds[] = {"rename", "move", "merge", "abolish"};
    bool is_known = false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        is_known = is_known || strcmp(line->cell[COL_EVENT], kinds[i]) == 0;
    if (!is_known)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_EVENT),
            "Sự kiện “%s” không hợp lệ; cần rename, move, merge hoặc abolish.",
            line->cell[COL_EVENT]);
    if (*line->cell[COL_FROM] == '\0')
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_FROM), "Sự kiện cần có ngày ở cột from.");
    if (strcmp(line->cell[COL_EVENT], "merge") == 0 && *line->cell[COL_OTHER] == '\0')
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_OTHER),
            "Việc sáp nhập cần có đơn vị kế thừa ở cột other.");
}

/* A code belongs to one unit on one day, in the list and in the tree. */
static void
index_code(struct ctx *cx, struct job *job, struct line *line)
{
    struct bearers *bearers = map_get(job->by_code, line->cell[COL_CODE]);
    if (bearers == NULL) {
        bearers = ARENA_NEW(cx->arena, struct bearers);
        map_set(job->by_code, line->cell[COL_CODE], bearers);
    }
    for (int i = 0; i < bearers->count; i++) {
        const struct line *other = bearers->items[i];
        if (other->body != line->body && other->from <= line->to && line->from <= other->to)
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_CODE),
                "Mã “%s” cùng lúc là của đơn vị ở dòng %d.", line->cell[COL_CODE], other->number);
    }
    *ARENA_PUSH(cx->arena, bearers->items, bearers->count) = line;
}

static struct body *
body_of(struct ctx *cx, struct job *job, const char *key)
{
    struct body *body = map_get(job->by_key, key);
    if (body != NULL)
        return body;
    body = ARENA_NEW(cx->arena, struct body);
    map_set(job->by_key, key, body);
    *ARENA_PUSH(cx->arena, job->bodies, job->count) = body;
    return body;
}

static void
add_span(struct ctx *cx, struct job *job, struct line *line)
{
    struct body *body = line->body;
    check_span(cx, job, line);
    if (body->span_count > 0 && body->spans[body->span_count - 1]->to >= line->from)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_FROM),
            "Quãng này phải bắt đầu sau khi quãng ở dòng %d kết thúc.",
            body->spans[body->span_count - 1]->number);
    *ARENA_PUSH(cx->arena, body->spans, body->span_count) = line;
    index_code(cx, job, line);
}

static enum status
read_lines(struct ctx *cx, struct job *job)
{
    enum status status = OK;
    while (table_next(cx, job->table, &status)) {
        struct line *line = ARENA_NEW(cx->arena, struct line);
        line->number = job->table->line;
        for (int i = 0; i < COL__COUNT; i++)
            line->cell[i] = job->column[i] < 0
                ? ""
                : arena_strdup(cx->arena, job->table->cells[job->column[i]]);
        if (*line->cell[COL_UNIT] == '\0')
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_UNIT), "Cột unit còn trống.");
        read_day(cx, job, line, COL_FROM, job->input->from_day, &line->from);
        read_day(cx, job, line, COL_TO, DAY_MAX, &line->to);
        line->body = body_of(cx, job, line->cell[COL_UNIT]);
        if (*line->cell[COL_EVENT] == '\0') {
            add_span(cx, job, line);
            continue;
        }
        check_event(cx, job, line);
        *ARENA_PUSH(cx->arena, line->body->events, line->body->event_count) = line;
    }
    return cx->faults.count > 0 ? ERR_INVALID : status;
}

/* Putting together */

static struct who
find_who(struct ctx *cx, const struct job *job, const char *code, int32_t day)
{
    const struct bearers *bearers = map_get(job->by_code, code);
    struct who found = {0};
    int before = cx->faults.count;
    for (int i = 0; bearers != NULL && i < bearers->count; i++) {
        if (bearers->items[i]->from <= day && day <= bearers->items[i]->to)
            return (struct who){.body = bearers->items[i]->body};
    }
    if (tree_by_code(cx, cx->world->tree, code, day, &found.unit) != OK)
        found.unit = NULL;
    fault_forget(cx, before);
    return found;
}

static void
find_other(struct ctx *cx, const struct job *job, struct line *line, int column, int32_t day)
{
    const char *code = line->cell[column];
    if (*code == '\0')
        return;
    line->other = find_who(cx, job, code, day);
    if (line->other.body == NULL && line->other.unit == NULL)
        (void)fault_at(cx, ERR_INVALID, at(job, line, column),
            "Ngày %s không có đơn vị “%s” trong tệp hay trong cây.", date_show(cx->arena, day),
            code);
}

/* The unit of the tree that begins as this one does. Any other that bears one of its codes at the
 * same time is in the way. */
static void
find_known(struct ctx *cx, const struct job *job, struct body *body)
{
    const struct line *first = body->spans[0];
    const struct unit *unit =
        tree_bearer(cx->world->tree, first->cell[COL_CODE], first->from, first->from);
    if (unit != NULL && unit->spans[0].from == first->from)
        body->known = unit;
    for (int i = 0; i < body->span_count; i++) {
        const struct line *line = body->spans[i];
        unit = tree_bearer(cx->world->tree, line->cell[COL_CODE], line->from, line->to);
        if (unit != NULL && unit != body->known)
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_CODE),
                "Mã “%s” trong thời gian này đã là của %s.", line->cell[COL_CODE],
                unit_named(unit, line->from)->name);
    }
}

static bool
is_same(struct who who, const struct unit *unit)
{
    return unit == (who.body != NULL ? who.body->known : who.unit);
}

static bool
span_differs(const struct line *line, const struct span *span)
{
    return line->from != span->from || line->to != span->to ||
        strcmp(line->cell[COL_CODE], span->code) != 0 ||
        strcmp(line->cell[COL_NAME], span->name) != 0 ||
        strcmp(line->cell[COL_LEVEL], span->level) != 0 ||
        strcmp(line->cell[COL_KIND], span->kind) != 0 ||
        strcmp(line->cell[COL_BLOC], span->bloc) != 0 || !is_same(line->other, span->parent);
}

static void
check_known(struct ctx *cx, const struct job *job, const struct body *body)
{
    bool differs = body->known->span_count != body->span_count;
    for (int i = 0; i < body->span_count && !differs; i++)
        differs = span_differs(body->spans[i], &body->known->spans[i]);
    if (differs)
        (void)fault_at(cx, ERR_INVALID, at(job, body->spans[0], COL_UNIT),
            "%s đã có nhưng khác với danh sách; danh sách qua thời gian chỉ thêm đơn vị mới, thay "
            "đổi thì dùng unit rename, move, merge, abolish.",
            body->known->spans[0].name);
}

/* When a unit begins and ends. */
static void
life(struct who who, int32_t *from, int32_t *to)
{
    if (who.body != NULL) {
        *from = who.body->spans[0]->from;
        *to = who.body->spans[who.body->span_count - 1]->to;
    } else {
        *from = who.unit->spans[0].from;
        *to = who.unit->spans[who.unit->span_count - 1].to;
    }
}

/* Whom a unit stood under on a day; nobody: the root. */
static struct who
above(struct who who, int32_t day)
{
    if (who.body == NULL) {
        const struct span *span = unit_on(who.unit, day);
        return (struct who){.unit = span == NULL ? NULL : span->parent};
    }
    for (int i = 0; i < who.body->span_count; i++) {
        const struct line *line = who.body->spans[i];
        if (line->from <= day && day <= line->to)
            return line->other;
    }
    return (struct who){0};
}

/* A parent lives as long as the span, and on its first day the way up ends. That is enough: the
 * units of a circle all stand in it on the first day of the youngest of their spans. */
static void
check_parent(struct ctx *cx, const struct job *job, const struct line *line)
{
    int32_t from, to;
    int depth = 1;
    struct who who = line->other;
    life(who, &from, &to);
    if (from > line->from || to < line->to)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Đơn vị cấp trên chỉ có từ %s đến %s.", date_show(cx->arena, from),
            date_show(cx->arena, to));
    for (; who.body != NULL || who.unit != NULL; who = above(who, line->from)) {
        if (++depth <= UNIT_DEPTH_MAX)
            continue;
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Cây sâu quá %d cấp, hoặc đơn vị là cấp trên của chính nó.", UNIT_DEPTH_MAX);
        return;
    }
}

/* One unit stands under nobody, always the same. */
static void
check_root(struct ctx *cx, const struct job *job, const struct line *line, const struct body **root)
{
    const struct unit *tree_root = cx->world->tree->root;
    if (*root != NULL && *root != line->body)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Đã có đơn vị gốc ở dòng %d; cần mã đơn vị cấp trên.", (*root)->spans[0]->number);
    else if (tree_root != NULL && line->body->known != tree_root)
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_PARENT),
            "Cây đã có gốc là %s; cần mã đơn vị cấp trên.",
            unit_named(tree_root, line->from)->code);
    *root = line->body;
}

/* The shard of a new unit: what the list says, else its own below the root, else that of its first
 * parent. */
static int64_t
shard_of(const struct ctx *cx, struct body *body, int64_t *last)
{
    struct who parent = body->spans[0]->other, grand = {0};
    const char *given = body->spans[0]->cell[COL_SHARD];
    if (body->known != NULL)
        return body->known->shard;
    if (body->shard != 0)
        return body->shard;
    if (*given != '\0')
        return body->shard = atoll(given);
    if (parent.body != NULL)
        grand = above(parent, body->spans[0]->from);
    if (parent.unit != NULL && parent.unit != cx->world->tree->root)
        return body->shard = parent.unit->shard;
    if (grand.body != NULL || grand.unit != NULL)
        return body->shard = shard_of(cx, parent.body, last);
    return body->shard = ++*last;
}

/* A shard that the tree has already takes no unit of another parent. */
static void
check_shard(struct ctx *cx, const struct job *job, const struct body *body)
{
    const struct line *line = body->spans[0];
    const char *text = line->cell[COL_SHARD];
    const struct tree *tree = cx->world->tree;
    int64_t shard = atoll(text);
    if (body->known != NULL || *text == '\0')
        return;
    if (strspn(text, "0123456789") != strlen(text) || shard < 1 || shard > UNIT_SHARD_MAX) {
        (void)fault_at(cx, ERR_INVALID, at(job, line, COL_SHARD),
            "Phân vùng “%s” không hợp lệ; cần số từ 1 đến %d.", text, UNIT_SHARD_MAX);
        return;
    }
    for (int i = 0; i < tree->shard_count; i++) {
        if (tree->shards[i] == shard &&
            !(line->other.unit != NULL && line->other.unit->shard == shard) &&
            !(line->other.body != NULL && line->other.body->known != NULL &&
                line->other.body->known->shard == shard))
            (void)fault_at(cx, ERR_INVALID, at(job, line, COL_SHARD),
                "Phân vùng %s đã là của đơn vị khác; hãy để trống ô này.", text);
    }
}

static void
resolve(struct ctx *cx, const struct job *job, struct body *body)
{
    for (int i = 0; i < body->span_count; i++)
        find_other(cx, job, body->spans[i], COL_PARENT, body->spans[i]->from);
    for (int i = 0; i < body->event_count; i++)
        find_other(cx, job, body->events[i], COL_OTHER, body->events[i]->from);
    find_known(cx, job, body);
}

static enum status
put_together(struct ctx *cx, struct job *job)
{
    const struct body *root = NULL;
    for (int i = 0; i < job->count; i++) {
        if (job->bodies[i]->span_count == 0)
            (void)fault_at(cx, ERR_INVALID, at(job, job->bodies[i]->events[0], COL_UNIT),
                "Đơn vị này không có dòng nào ngoài sự kiện.");
    }
    for (int i = 0; i < job->count && cx->faults.count == 0; i++)
        resolve(cx, job, job->bodies[i]);
    if (cx->faults.count > 0)
        return ERR_INVALID;
    for (int i = 0; i < job->count; i++) {
        struct body *body = job->bodies[i];
        for (int s = 0; s < body->span_count; s++) {
            if (body->spans[s]->other.body == NULL && body->spans[s]->other.unit == NULL)
                check_root(cx, job, body->spans[s], &root);
            else
                check_parent(cx, job, body->spans[s]);
        }
        if (body->known != NULL)
            check_known(cx, job, body);
        check_shard(cx, job, body);
    }
    if (root == NULL && cx->world->tree->root == NULL && cx->faults.count == 0)
        return fault_at(cx, ERR_INVALID, (struct fault){.file = job->input->file, .line = 1},
            "Danh sách không có đơn vị gốc (dòng có parent_code trống).");
    return cx->faults.count > 0 ? ERR_INVALID : OK;
}

/* Writing */

static int64_t
id_of(struct who who)
{
    return who.body != NULL ? who.body->id : who.unit != NULL ? who.unit->id : 0;
}

static enum status
write_body(struct ctx *cx, const struct body *body)
{
    for (int i = 0; i < body->span_count; i++) {
        const struct line *line = body->spans[i];
        struct span_row row = {.unit = body->id,
            .parent = id_of(line->other),
            .from = line->from,
            .to = line->to,
            .code = line->cell[COL_CODE],
            .name = line->cell[COL_NAME],
            .level = line->cell[COL_LEVEL],
            .kind = line->cell[COL_KIND],
            .bloc = line->cell[COL_BLOC]};
        TRY(unit_span_put(cx, &row));
    }
    for (int i = 0; i < body->event_count; i++) {
        const struct line *line = body->events[i];
        const char *decision = line->cell[COL_DECISION];
        TRY(unit_event_put(cx, line->cell[COL_EVENT], line->from, body->id, id_of(line->other),
            *decision == '\0' ? NULL : decision));
    }
    return OK;
}

/* Numbers for what is new, in the order of the list, which becomes the administrative order. */
static enum status
number_bodies(struct ctx *cx, struct job *job)
{
    bool found;
    struct query *q = query_new(cx, Q_UNIT_LAST);
    TRY(query_one(q, &found));
    int64_t id = query_get_int(q, 0), shard = query_get_int(q, 1), ordinal = query_get_int(q, 2);
    TRY(query_end(q));
    for (int i = 0; i < job->count; i++) {
        int64_t given = atoll(job->bodies[i]->spans[0]->cell[COL_SHARD]);
        job->bodies[i]->shard = 0;
        shard = given > shard ? given : shard;
    }
    for (int i = 0; i < job->count; i++) {
        struct body *body = job->bodies[i];
        body->id = body->known != NULL ? body->known->id : ++id;
        if (body->known != NULL)
            continue;
        if (shard_of(cx, body, &shard) > UNIT_SHARD_MAX)
            return fault_set(cx, ERR_LIMIT, "Quá nhiều đơn vị ngay dưới gốc: nhiều nhất %d.",
                UNIT_SHARD_MAX - 1);
        q = query_new(cx, Q_UNIT_INSERT);
        query_int(q, "id", body->id);
        query_int(q, "shard", body->shard);
        query_int(q, "ordinal", ++ordinal);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    const struct world *after;
    const struct unit *none[1] = {NULL};
    TRY(store_alone(cx));
    *job->result = (struct unit_import_result){.rows = job->table->last_line - 1};
    TRY(number_bodies(cx, job));
    for (int i = 0; i < job->count; i++) {
        const struct body *body = job->bodies[i];
        job->result->unchanged += body->known != NULL;
        job->result->created += body->known == NULL;
        if (body->known == NULL)
            TRY(write_body(cx, body));
    }
    if (job->result->created == 0)
        return OK;
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &after));
    return cell_refresh(cx, after, none, 0); /* new units bring no facts with them */
}

enum status
unit_import_spans(struct ctx *cx, const struct unit_import *input, struct table *table,
    struct unit_import_result *result)
{
    struct job job = {.input = input,
        .table = table,
        .by_key = map_new(cx->arena),
        .by_code = map_new(cx->arena),
        .result = result};
    TRY(find_columns(cx, &job));
    enum status status = read_lines(cx, &job);
    if (status == OK)
        status = put_together(cx, &job);
    fault_sort(cx);
    return status == OK ? world_write(cx, write_all, &job) : status;
}
