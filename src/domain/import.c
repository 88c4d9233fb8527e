/* Records from files, in two passes over the mapped text. The first keeps of each record only where
 * it stands; the second reads it again, in the order of shards and units, which is the order in
 * which the tables keep their rows. */
#include "domain/import.h"

#include "base/tsv.h"
#include "domain/batch.h"
#include "domain/cell.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/record.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where a record stands in the file. */
struct entry {
    const char *at;           /* its first line */
    int line;                 /* of it, from 1 */
    int unit;                 /* index in the tree */
    uint64_t key;             /* hash of its origin or content */
    int twin;                 /* line of an earlier record with the same key, or 0 */
    uint32_t is_good : 1;     /* nothing is wrong with it so far */
    uint32_t is_named : 1;    /* the file gives it an origin */
    uint32_t occurrence : 30; /* among records of the same content, from 0 */
};

struct column {
    const struct field *list;  /* NULL: a field of the record */
    const struct field *field; /* NULL: not a field */
};

struct job {
    const struct record_import *input;
    const struct reg *reg;
    struct tsv tsv;
    int unit_column, state_column, origin_column; /* -1: absent */
    struct column columns[TSV_COLUMNS_MAX];
    struct entry *entries;
    int64_t count;
    int64_t faults_left_out;
    bool has_records; /* the register has any */
    struct record_import_result *result;
    /* the second pass */
    int64_t next, end; /* the chunk */
    bool is_single;    /* all in one transaction */
    int64_t started;   /* on the monotonic clock, milliseconds */
};

/* One record as it is read. */
struct item {
    const char *at;
    int line;
    const struct unit *unit;
    int state;
    const char *origin; /* given by the file, or NULL */
    struct row fields;
    crypto_generichash_state hash;
};

/* Columns */

static const struct field *
find_field(const struct reg *reg, const char *name, const struct field **list)
{
    const char *dot = strchr(name, '.');
    char key[64];
    *list = NULL;
    if (dot == NULL)
        return reg_field(reg, name);
    if ((size_t)(dot - name) >= sizeof(key))
        return NULL;
    memcpy(key, name, (size_t)(dot - name));
    key[dot - name] = '\0';
    *list = reg_field(reg, key);
    return *list == NULL || (*list)->kind != KIND_LIST ? NULL : list_field(*list, dot + 1);
}

static const char *
known_columns(struct arena *arena, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    buf_text(&out, "unit, origin, state");
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind != KIND_LIST)
            buf_printf(&out, ", %s", field->key);
        for (int c = 0; c < field->field_count; c++)
            buf_printf(&out, ", %s.%s", field->key, field->fields[c].key);
    }
    return buf_string(&out);
}

static enum status
find_columns(struct ctx *cx, struct job *job)
{
    int before = cx->faults.count;
    job->unit_column = tsv_column(&job->tsv, "unit");
    job->state_column = tsv_column(&job->tsv, "state");
    job->origin_column = tsv_column(&job->tsv, "origin");
    for (int i = 0; i < job->tsv.column_count; i++) {
        struct column *column = &job->columns[i];
        struct fault where = {.file = job->tsv.file, .line = 1, .column = i + 1};
        if (i == job->unit_column || i == job->state_column || i == job->origin_column)
            continue;
        column->field = find_field(job->reg, job->tsv.columns[i], &column->list);
        if (column->field == NULL || column->field->kind == KIND_LIST)
            (void)fault_at(cx, ERR_INVALID, where, "Sổ %s không có cột “%s”; có: %s.",
                job->reg->key, job->tsv.columns[i], known_columns(cx->arena, job->reg));
    }
    if (job->unit_column < 0)
        (void)fault_at(cx, ERR_INVALID,
            (struct fault){.file = job->tsv.file, .line = 1, .column = 1},
            "Thiếu cột “unit” (mã đơn vị của hồ sơ).");
    return cx->faults.count > before ? ERR_INVALID : OK;
}

/* Reading one record */

static const char *
cell(const struct tsv *tsv, int column)
{
    return column < 0 ? "" : tsv->cells[column];
}

/* Does the row that was just read go on with the record before it? */
static bool
continues(const struct job *job, const struct item *item)
{
    const char *origin = cell(&job->tsv, job->origin_column);
    if (*origin != '\0')
        return item->origin != NULL && strcmp(origin, item->origin) == 0;
    return *cell(&job->tsv, job->unit_column) == '\0';
}

static struct row *
list_row(struct ctx *cx, struct item *item, const struct field *list, bool *is_new)
{
    struct value *value = &item->fields.values[list->index];
    if (*is_new) {
        *ARENA_PUSH(cx->arena, value->rows, value->row_count) =
            row_new(cx->arena, list->fields, list->field_count);
        value->is_null = false;
        *is_new = false;
    }
    return &value->rows[value->row_count - 1];
}

/* A list's columns in one line make one row, if any of them says something. */
static bool
list_is_filled(const struct job *job, const struct field *list)
{
    for (int i = 0; i < job->tsv.column_count; i++) {
        if (job->columns[i].list == list && *job->tsv.cells[i] != '\0')
            return true;
    }
    return false;
}

static void
read_list(struct ctx *cx, struct job *job, struct item *item, const struct field *list)
{
    bool is_new = true;
    if (!list_is_filled(job, list))
        return;
    for (int i = 0; i < job->tsv.column_count; i++) {
        const struct column *column = &job->columns[i];
        struct fault where = {.file = job->tsv.file,
            .line = job->tsv.line,
            .column = i + 1,
            .field = job->tsv.columns[i]};
        if (column->list != list)
            continue;
        struct row *row = list_row(cx, item, list, &is_new);
        const char *text = arena_strdup(cx->arena, job->tsv.cells[i]);
        (void)value_parse(cx, column->field, text, where, &row->values[column->field->index]);
    }
}

static void
read_lists(struct ctx *cx, struct job *job, struct item *item)
{
    for (int i = 0; i < job->reg->field_count; i++) {
        if (job->reg->fields[i].kind == KIND_LIST)
            read_list(cx, job, item, &job->reg->fields[i]);
    }
}

static void
hash_text(struct item *item, const char *text)
{
    crypto_generichash_update(&item->hash, (const unsigned char *)text, strlen(text) + 1);
}

/* Names and cells of what is filled: a column that is empty throughout makes no other content. */
static void
hash_row(const struct job *job, struct item *item)
{
    for (int i = 0; i < job->tsv.column_count; i++) {
        if (*job->tsv.cells[i] == '\0')
            continue;
        hash_text(item, job->tsv.columns[i]);
        hash_text(item, job->tsv.cells[i]);
    }
    hash_text(item, "");
}

static void
read_state(struct ctx *cx, struct job *job, struct item *item)
{
    const char *key = cell(&job->tsv, job->state_column);
    struct buf known = buf_new(cx->arena);
    item->state = job->reg->initial;
    if (*key == '\0')
        return;
    for (int i = 0; i < job->reg->state_count; i++) {
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", job->reg->states[i].key);
        if (strcmp(job->reg->states[i].key, key) == 0) {
            item->state = i;
            return;
        }
    }
    (void)fault_at(cx, ERR_INVALID,
        (struct fault){.file = job->tsv.file,
            .line = item->line,
            .column = job->state_column + 1,
            .field = "state"},
        "Trạng thái “%s” không hợp lệ; cần một trong: %s.", key, buf_string(&known));
}

/* The unit that bears the code on the record's counting day; until that is known, today. */
static void
read_unit(struct ctx *cx, struct job *job, struct item *item, const char *code)
{
    int before = cx->faults.count;
    int32_t day = record_day(cx, job->reg, &item->fields);
    if (tree_by_code(cx, cx->world->tree, code, day, &item->unit) == OK)
        return;
    const char *why = cx->faults.items[before].message;
    fault_forget(cx, before);
    (void)fault_at(cx, ERR_INVALID,
        (struct fault){.file = job->tsv.file,
            .line = item->line,
            .column = job->unit_column + 1,
            .field = "unit"},
        "%s", why);
}

/* Faults of the record's rules get its first line, and the column of the field if there is one. */
static void
place_faults(struct ctx *cx, const struct job *job, const struct item *item, int from)
{
    for (int i = from; i < cx->faults.count; i++) {
        struct fault *fault = &cx->faults.items[i];
        int column = fault->field == NULL ? -1 : tsv_column(&job->tsv, fault->field);
        fault->file = job->tsv.file;
        fault->line = item->line;
        fault->column = column + 1;
    }
}

/* Read the record whose first row is in job->tsv and the rows that go on with it. *more: the next
 * record's first row has been read. */
static void
read_record(struct ctx *cx, struct job *job, struct item *item, bool *more, enum status *status)
{
    const struct reg *reg = job->reg;
    char unit[64];
    int before = cx->faults.count;
    *item = (struct item){.line = job->tsv.line,
        .fields = row_new(cx->arena, reg->fields, reg->field_count)};
    crypto_generichash_init(&item->hash, NULL, 0, 16);
    if (*cell(&job->tsv, job->origin_column) != '\0')
        item->origin = arena_strdup(cx->arena, cell(&job->tsv, job->origin_column));
    snprintf(unit, sizeof(unit), "%s", cell(&job->tsv, job->unit_column));
    read_state(cx, job, item);
    for (int i = 0; i < job->tsv.column_count; i++) {
        const struct column *column = &job->columns[i];
        struct fault where = {.file = job->tsv.file, .line = job->tsv.line, .column = i + 1};
        if (column->field == NULL || column->list != NULL)
            continue;
        const char *text = arena_strdup(cx->arena, job->tsv.cells[i]);
        (void)value_parse(cx, column->field, text, where,
            &item->fields.values[column->field->index]);
    }
    bool values_are_good = cx->faults.count == before;
    do {
        read_lists(cx, job, item);
        hash_row(job, item);
        *more = tsv_next(cx, &job->tsv, status);
    } while (*more && continues(job, item));
    record_enter(reg, item->state, &item->fields);
    read_unit(cx, job, item, unit);
    int rules = cx->faults.count;
    if (values_are_good && rules == before &&
        record_validate(cx, reg, item->unit, item->state, &item->fields) != OK)
        place_faults(cx, job, item, rules);
}

/* The first pass */

/* The start of the line that tsv has read last. */
static const char *
line_start(const struct tsv *tsv)
{
    const char *at = tsv->at;
    if (at > tsv->text && at[-1] == '\n')
        at--;
    while (at > tsv->text && at[-1] != '\n')
        at--;
    return at;
}

static uint64_t
finish_hash(struct item *item, char text[33])
{
    unsigned char bytes[16];
    uint64_t key;
    crypto_generichash_final(&item->hash, bytes, sizeof(bytes));
    if (text != NULL)
        sodium_bin2hex(text, 33, bytes, sizeof(bytes));
    memcpy(&key, bytes, sizeof(key));
    return key;
}

static uint64_t
origin_key(const char *origin)
{
    unsigned char bytes[16];
    uint64_t key;
    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)origin, strlen(origin), NULL,
        0);
    memcpy(&key, bytes, sizeof(key));
    return key;
}

static void
add_entry(struct ctx *cx, struct job *job, struct item *item, bool is_good)
{
    struct entry *entry = ARENA_PUSH(cx->arena, job->entries, job->count);
    entry->at = item->at;
    entry->line = item->line;
    entry->unit = item->unit == NULL ? -1 : item->unit->index;
    entry->is_good = is_good;
    entry->is_named = item->origin != NULL;
    entry->key = item->origin != NULL ? origin_key(item->origin) : finish_hash(item, NULL);
}

static void
free_arena(void *arena)
{
    arena_free(arena);
}

/* A context for reading rows: its arena is emptied after each record that is right, and kept as it
 * is after one that is wrong, because the faults are in it. */
static struct ctx
row_context(struct ctx *cx)
{
    struct ctx row = *cx;
    row.arena = arena_new();
    arena_defer(cx->arena, free_arena, row.arena);
    return row;
}

static void
limit_faults(struct ctx *cx, struct job *job)
{
    if (cx->faults.count <= IMPORT_FAULTS_MAX)
        return;
    job->faults_left_out += cx->faults.count - IMPORT_FAULTS_MAX;
    fault_forget(cx, IMPORT_FAULTS_MAX);
}

static void
first_pass(struct ctx *cx, struct job *job)
{
    enum status status = OK;
    struct ctx row = row_context(cx);
    bool more = tsv_next(&row, &job->tsv, &status);
    const char *at = line_start(&job->tsv);
    while (more) {
        struct item item;
        struct arena_mark mark = arena_mark(row.arena);
        int before = row.faults.count;
        read_record(&row, job, &item, &more, &status);
        item.at = at;
        at = line_start(&job->tsv);
        add_entry(cx, job, &item, row.faults.count == before);
        if (row.faults.count == before)
            arena_release(row.arena, mark);
        limit_faults(&row, job);
    }
    cx->faults = row.faults;
}

/* Keys. The same content again is another record of its own; the same origin again is a fault in
 * one file, and in a later file must come with the same content. */

static int
compare_lines(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static int
compare_keys(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return compare_lines(a, b);
}

static void
number_occurrences(struct job *job)
{
    if (job->count > 1)
        qsort(job->entries, (size_t)job->count, sizeof(*job->entries), compare_keys);
    for (int64_t i = 1; i < job->count; i++) {
        struct entry *entry = &job->entries[i];
        if (entry->key != entry[-1].key)
            continue;
        entry->occurrence = entry[-1].occurrence + 1;
        entry->twin = entry[-1].line;
    }
}

/* Go back to a record and read it again; what was right stays right. */
static void
read_again(struct ctx *row, struct job *job, const struct entry *entry, struct item *item)
{
    enum status status = OK;
    bool more;
    job->tsv.at = entry->at;
    job->tsv.line = entry->line - 1;
    if (!tsv_next(row, &job->tsv, &status))
        return;
    read_record(row, job, item, &more, &status);
}

/* The record that has an origin, or 0. */
static enum status
find_known(struct ctx *cx, const struct job *job, int64_t shard, const char *origin, int64_t *id)
{
    bool found;
    struct query *q = query_new(cx, Q_RECORD_BY_ORIGIN);
    query_int(q, "shard", shard);
    query_text(q, "register", job->reg->key);
    query_text(q, "origin", origin);
    TRY(query_one(q, &found));
    *id = found ? query_get_int(q, 0) : 0;
    return found ? query_end(q) : OK;
}

/* Was a record first written with what the file says now? */
static enum status
compare_known(struct ctx *cx, const struct job *job, const struct item *item, int64_t id)
{
    struct buf body = buf_new(cx->arena);
    bool found;
    row_json(&body, cx->world, job->reg->fields, job->reg->field_count, &item->fields);
    struct query *q = query_new(cx, Q_HISTORY_FIRST);
    query_int(q, "shard", item->unit->shard);
    query_int(q, "record", id);
    TRY(query_one(q, &found));
    bool same = found && query_get_int(q, 0) == item->unit->id &&
        strcmp(query_peek_text(q, 1), job->reg->states[item->state].key) == 0 &&
        strcmp(query_peek_text(q, 2), buf_string(&body)) == 0;
    if (found)
        TRY(query_end(q));
    if (same)
        return OK;
    return fault_at(cx, ERR_CONFLICT,
        (struct fault){.file = job->tsv.file,
            .line = item->line,
            .column = job->origin_column + 1,
            .field = "origin"},
        "Khóa “%s” đã dùng cho một hồ sơ có nội dung khác.", item->origin);
}

/* Only the cell of the origin is read, unless the database knows it. */
static enum status
check_origin(struct ctx *cx, struct job *job, const struct entry *entry)
{
    enum status status = OK;
    struct item item;
    int64_t id;
    if (entry->is_named && entry->twin > 0)
        return fault_at(cx, ERR_INVALID,
            (struct fault){.file = job->tsv.file,
                .line = entry->line,
                .column = job->origin_column + 1,
                .field = "origin"},
            "Khóa “origin” của dòng này trùng với dòng %d.", entry->twin);
    if (!job->has_records || !entry->is_named || !entry->is_good)
        return OK;
    job->tsv.at = entry->at;
    job->tsv.line = entry->line - 1;
    if (!tsv_next(cx, &job->tsv, &status))
        return status;
    TRY(find_known(cx, job, cx->world->tree->units[entry->unit].shard,
        cell(&job->tsv, job->origin_column), &id));
    if (id == 0)
        return OK;
    read_again(cx, job, entry, &item);
    return compare_known(cx, job, &item, id);
}

static enum status
check_origins(struct ctx *cx, struct job *job)
{
    if (job->origin_column < 0)
        return OK;
    struct query *q = query_new(cx, Q_RECORD_ANY);
    query_text(q, "register", job->reg->key);
    TRY(query_one(q, &job->has_records));
    if (job->has_records)
        TRY(query_end(q));
    if (job->count > 1)
        qsort(job->entries, (size_t)job->count, sizeof(*job->entries), compare_lines);
    struct ctx row = row_context(cx);
    enum status status = OK;
    for (int64_t i = 0; i < job->count && status != ERR_STORE; i++) {
        struct arena_mark mark = arena_mark(row.arena);
        status = check_origin(&row, job, &job->entries[i]);
        if (status == OK)
            arena_release(row.arena, mark);
        limit_faults(&row, job);
    }
    cx->faults = row.faults;
    return OK;
}

/* What both looks at the file have found, in the order of the file. */
static enum status
all_faults(struct ctx *cx, const struct job *job)
{
    if (cx->faults.count == 0)
        return OK;
    fault_sort(cx);
    enum status status = cx->faults.items[0].status;
    if (job->faults_left_out > 0)
        (void)fault_set(cx, status, "… và %lld lỗi nữa không liệt kê ở đây.",
            (long long)job->faults_left_out);
    return status;
}

static int
compare_places(const void *a, const void *b, void *tree)
{
    const struct entry *x = a, *y = b;
    const struct unit *units = ((const struct tree *)tree)->units;
    const struct unit *u = &units[x->unit], *v = &units[y->unit];
    if (u->shard != v->shard)
        return u->shard < v->shard ? -1 : 1;
    if (u->id != v->id)
        return u->id < v->id ? -1 : 1;
    return x->line < y->line ? -1 : 1;
}

/* The second pass */

static const char *
origin_text(struct arena *arena, struct item *item, const struct entry *entry)
{
    char hash[33];
    if (item->origin != NULL)
        return item->origin;
    (void)finish_hash(item, hash);
    return arena_printf(arena, "#%s.%d", hash, entry->occurrence);
}

static enum status
write_entry(struct ctx *cx, struct job *job, const struct entry *entry)
{
    struct item item = {.line = entry->line};
    int64_t known;
    read_again(cx, job, entry, &item);
    struct record record = {.reg = job->reg,
        .unit = item.unit,
        .shard = item.unit->shard,
        .state = item.state,
        .directives = directive_default(cx->world, job->reg),
        .fields = item.fields,
        .batch = job->result->batch};
    struct record_put put = {.action = "import", .no_delta = !job->is_single};
    put.origin = origin_text(cx->arena, &item, entry);
    TRY(find_known(cx, job, record.shard, put.origin, &known));
    if (known != 0) {
        job->result->known++;
        return item.origin == NULL ? OK : compare_known(cx, job, &item, known);
    }
    job->result->records++;
    return record_write(cx, NULL, &record, &put);
}

static int64_t
monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The context's clock stands still, the lease's must not. */
static enum status
hold(struct ctx *cx, const struct job *job)
{
    return batch_hold(cx, cx->now + monotonic_ms() - job->started);
}

static enum status
begin(struct ctx *cx, void *arg)
{
    TRY(hold(cx, arg));
    return batch_discard_left(cx);
}

static enum status
publish(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    TRY(hold(cx, job));
    TRY(batch_publish(cx, job->result->batch, job->result->records));
    return job->is_single ? OK : cell_add_batch(cx, job->result->batch);
}

static enum status
write_entries(struct ctx *cx, struct job *job)
{
    for (int64_t i = job->next; i < job->end; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(write_entry(cx, job, &job->entries[i]));
        arena_release(cx->arena, mark);
    }
    return job->is_single ? publish(cx, job) : OK;
}

static enum status
write_chunk(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    struct record_import_result before = *job->result;
    enum status status = hold(cx, job);
    if (status == OK && job->next == 0)
        status = batch_begin(cx, job->input, &job->result->batch);
    else if (status == OK)
        status = batch_go_on(cx, job->result->batch);
    if (status == OK)
        status = write_entries(cx, job);
    if (status != OK)
        *job->result = before; /* the chunk may be run again */
    return status;
}

static enum status
write_chunks(struct ctx *cx, struct job *job)
{
    const struct tree *tree = cx->world->tree;
    TRY(world_write(cx, begin, job));
    for (job->next = 0; job->next < job->count; job->next = job->end) {
        if (cx->world->tree != tree)
            return fault_set(cx, ERR_STALE, "Cây đơn vị thay đổi trong lúc nhập; hãy nhập lại.");
        job->end = job->next + IMPORT_CHUNK < job->count ? job->next + IMPORT_CHUNK : job->count;
        TRY(world_write(cx, write_chunk, job));
        if (job->input->progress != NULL)
            job->input->progress(job->end, job->count);
    }
    return job->is_single ? OK : world_write(cx, publish, job);
}

/* Whatever came of it: nothing half loaded is left behind, and the next import may begin. */
static enum status
finish(struct ctx *cx, void *arg)
{
    TRY(begin(cx, arg));
    return batch_release(cx);
}

static enum status
second_pass(struct ctx *cx, struct job *job)
{
    if (job->count > 1)
        qsort_r(job->entries, (size_t)job->count, sizeof(*job->entries), compare_places,
            (void *)cx->world->tree);
    job->is_single = job->count <= IMPORT_CHUNK;
    job->started = monotonic_ms();
    enum status status = write_chunks(cx, job);
    int faults = cx->faults.count;
    if (world_write(cx, finish, job) != OK)
        fault_forget(cx, faults); /* another holds the lease, or the next import has it to do */
    if (status != OK || job->result->records == 0)
        job->result->batch = 0;
    return status;
}

enum status
record_import(struct ctx *cx, const struct record_import *input,
    struct record_import_result *result)
{
    struct job job = {.input = input, .result = result};
    *result = (struct record_import_result){0};
    TRY(world_register(cx, input->reg, &job.reg));
    TRY(tsv_open(cx, &job.tsv, input->file, input->text, input->length));
    TRY(find_columns(cx, &job));
    first_pass(cx, &job);
    result->lines = job.tsv.line;
    number_occurrences(&job);
    TRY(check_origins(cx, &job));
    TRY(all_faults(cx, &job));
    if (input->dry_run) {
        result->records = job.count;
        return OK;
    }
    return job.count == 0 ? OK : second_pass(cx, &job);
}
