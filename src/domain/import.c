/* Records from files, in two passes over the mapped text. The first keeps of each record only where
 * it stands; the second reads it again, in the order of shards and units, which is the order in
 * which the tables keep their rows. */
#include "domain/import.h"

#include "base/clock.h"
#include "base/code.h"
#include "domain/batch.h"
#include "domain/cell.h"
#include "domain/form.h"
#include "domain/import_read.h"
#include "domain/record.h"

#include <stdlib.h>
#include <string.h>

/* Where a record stands in the file: few bytes, for there may be millions. */
struct entry {
    uint64_t at : 40;         /* its first row, from the beginning of the text */
    uint64_t unit : 24;       /* index in the tree */
    uint64_t key;             /* hash of its origin, code or content */
    uint32_t line;            /* its first, from 1 */
    uint32_t occurrence : 29; /* among records of the same content, from 0 */
    uint32_t is_good : 1;     /* nothing is wrong with it so far */
    uint32_t is_named : 1;    /* the file gives it an origin or a code */
    uint32_t is_known : 1;    /* the database has it, as it is */
};

/* A code that the file gives, and where. */
struct coded {
    uint64_t key;
    uint32_t line;
};

struct job {
    const struct record_import *input;
    const struct reg *reg;
    struct reader reader;
    struct entry *entries;
    int64_t count;
    int64_t faults_left_out;
    struct coded *codes; /* that the file gives */
    int64_t code_count;
    bool register_has_any, store_has_any; /* records, when the import began */
    struct record_import_result *result;
    /* the second pass */
    int64_t next, end; /* the chunk */
    bool is_single;    /* all in one transaction */
    int64_t started;   /* on the monotonic clock, milliseconds */
};

/* The first pass */

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

static void
add_entry(struct job *job, struct item *item, bool is_good)
{
    struct entry *entry = &job->entries[job->count++];
    entry->at = (uint64_t)(item->at - job->reader.table.text);
    entry->line = (uint32_t)item->line;
    entry->unit = item->unit == NULL ? 0 : (uint32_t)item->unit->index;
    entry->is_good = is_good;
    entry->is_named = item->origin != NULL || item->code != NULL;
    if (item->code != NULL)
        job->codes[job->code_count++] =
            (struct coded){name_of_code(item->code), (uint32_t)item->line};
    if (item->origin != NULL)
        entry->key = name_of_origin(item->origin);
    else
        entry->key = item->code != NULL ? name_of_code(item->code) : finish_hash(item, NULL);
}

/* No file has more records than line breaks, the last line aside. */
static void
make_room(struct ctx *cx, struct job *job)
{
    size_t lines = 1;
    for (const char *at = job->reader.table.at; at < job->reader.table.end; at++, lines++) {
        at = memchr(at, '\n', (size_t)(job->reader.table.end - at));
        if (at == NULL)
            break;
    }
    job->entries = ARENA_ARRAY(cx->arena, struct entry, lines);
    if (job->reader.code_column >= 0)
        job->codes = ARENA_ARRAY(cx->arena, struct coded, lines);
}

static void
limit_faults(struct ctx *cx, struct job *job)
{
    if (cx->faults.count <= IMPORT_FAULTS_MAX)
        return;
    job->faults_left_out += cx->faults.count - IMPORT_FAULTS_MAX;
    fault_forget(cx, IMPORT_FAULTS_MAX);
}

/* What the file is to be explained for; it is taken all the same. */
static void
note_notices(struct ctx *cx, struct ctx *row, struct job *job, const struct item *item)
{
    struct record_import_result *result = job->result;
    struct record record = {.reg = job->reg, .fields = item->fields};
    const char **messages;
    int count = item->state == STATE_IS_VOID ? 0 : record_notices(row, &record, &messages);
    result->to_explain += count > 0;
    for (int i = 0; i < count && result->notice_count < IMPORT_NOTICES_MAX; i++)
        *ARENA_PUSH(cx->arena, result->notices, result->notice_count) =
            arena_printf(cx->arena, "%s:%d %s", job->input->file, item->line, messages[i]);
}

/* The arena of a row is emptied after each record that is right, and kept as it is after one that
 * is wrong, because the faults are in it. */
static void
first_pass(struct ctx *cx, struct job *job)
{
    enum status status = OK;
    struct ctx row = ctx_scratch(cx);
    make_room(cx, job);
    bool more = table_next(&row, &job->reader.table, &status);
    while (more) {
        struct item item;
        struct arena_mark mark = arena_mark(row.arena);
        int before = row.faults.count;
        reader_record(&row, &job->reader, &item, &more, &status);
        add_entry(job, &item, row.faults.count == before);
        if (row.faults.count == before)
            note_notices(cx, &row, job, &item);
        if (row.faults.count == before)
            arena_release(row.arena, mark);
        limit_faults(&row, job);
    }
    cx->faults = row.faults;
    job->reader.is_first = false;
    if (job->reader.names != NULL)
        names_check_circles(cx, job->reader.names, job->input->file);
}

/* Keys. The same content again is another record of its own; the same origin or code again is a
 * fault in one file, and in a later file must come with the same content. */

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

static int
compare_codes(const void *a, const void *b)
{
    const struct coded *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Records with the same origin, and the numbers of those with the same content. */
static void
compare_entries(struct ctx *cx, struct job *job)
{
    if (job->count > 1)
        qsort(job->entries, (size_t)job->count, sizeof(*job->entries), compare_keys);
    for (int64_t i = 1; i < job->count; i++) {
        struct entry *entry = &job->entries[i];
        if (entry->key != entry[-1].key)
            continue;
        entry->occurrence = entry[-1].occurrence + 1;
        entry->is_good &= !entry->is_named;
        if (entry->is_named && job->reader.origin_column >= 0)
            (void)fault_at(cx, ERR_INVALID,
                table_place(&job->reader.table, (int)entry->line, job->reader.origin_column),
                "Khóa “origin” của dòng này trùng với dòng %u.", entry[-1].line);
    }
    limit_faults(cx, job);
}

static void
compare_given_codes(struct ctx *cx, struct job *job)
{
    if (job->code_count > 1)
        qsort(job->codes, (size_t)job->code_count, sizeof(*job->codes), compare_codes);
    for (int64_t i = 1; i < job->code_count; i++) {
        const struct coded *coded = &job->codes[i];
        if (coded->key == coded[-1].key)
            (void)fault_at(cx, ERR_INVALID,
                table_place(&job->reader.table, (int)coded->line, job->reader.code_column),
                "Mã của dòng này trùng với dòng %u.", coded[-1].line);
    }
    limit_faults(cx, job);
}

/* Go back to the first row of a record. */
static enum status
go_back(struct ctx *cx, struct job *job, const struct entry *entry)
{
    return reader_back(cx, &job->reader, job->reader.table.text + entry->at, (int)entry->line);
}

/* Go back to a record and read it again; what was right stays right. */
static enum status
read_again(struct ctx *cx, struct job *job, const struct entry *entry, struct item *item)
{
    enum status status = OK;
    bool more;
    TRY(go_back(cx, job, entry));
    reader_record(cx, &job->reader, item, &more, &status);
    return OK;
}

/* The record that has an origin, or 0. */
static enum status
find_origin(struct ctx *cx, const struct job *job, int64_t shard, const char *origin, int64_t *id)
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

/* The record that bears a code, or 0; *is_ours: it is of this register. */
static enum status
find_code(struct ctx *cx, const struct job *job, const char *code, int64_t *id, bool *is_ours)
{
    bool found;
    struct query *q = query_new(cx, Q_RECORD_BY_CODE);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    TRY(query_one(q, &found));
    *id = found ? query_get_int(q, 1) : 0;
    *is_ours = found && strcmp(query_peek_text(q, 2), job->reg->key) == 0;
    return found ? query_end(q) : OK;
}

static const char *
item_state(const struct job *job, const struct item *item)
{
    return item->state == STATE_IS_VOID ? STATE_VOID : job->reg->states[item->state].key;
}

/* Does a version of a record say what the file says? */
static enum status
compare_version(struct ctx *cx, const struct job *job, const struct item *item, int64_t id,
    enum query_name version, int first_column, bool *same)
{
    struct buf body = buf_new(cx->arena);
    bool found;
    row_json(&body, cx->world, job->reg->fields, job->reg->field_count, &item->fields);
    struct query *q = query_new(cx, version);
    query_int(q, "shard", item->unit->shard);
    query_int(q, "record", id);
    TRY(query_one(q, &found));
    *same = found && query_get_int(q, first_column) == item->unit->id &&
        strcmp(query_peek_text(q, first_column + 1), item_state(job, item)) == 0 &&
        strcmp(query_peek_text(q, first_column + 2), buf_string(&body)) == 0 &&
        query_get_int(q, first_column + 3) == item->directives;
    return found ? query_end(q) : OK;
}

/* Does the file say of a record what it was first written with, or what it is now? */
static enum status
compare_known(struct ctx *cx, const struct job *job, const struct item *item, int64_t id)
{
    bool same;
    TRY(compare_version(cx, job, item, id, Q_HISTORY_FIRST, 0, &same));
    if (!same)
        TRY(compare_version(cx, job, item, id, Q_HISTORY_LAST, 1, &same));
    if (!same && item->origin != NULL)
        (void)fault_at(cx, ERR_INVALID,
            table_place(&job->reader.table, item->line, job->reader.origin_column),
            "Khóa “%s” đã dùng cho một hồ sơ có nội dung khác.", item->origin);
    else if (!same)
        (void)fault_at(cx, ERR_INVALID,
            table_place(&job->reader.table, item->line, job->reader.code_column),
            "Mã %s đã là của một hồ sơ có nội dung khác.", item->code);
    return OK;
}

/* Does the database have a record by its origin, or without one by its code? *id is 0 when not. */
static enum status
find_known(struct ctx *cx, const struct job *job, const struct item *item, int64_t *id)
{
    int64_t bearer = 0;
    bool is_ours = false;
    *id = 0;
    if (item->origin != NULL && job->register_has_any)
        TRY(find_origin(cx, job, item->unit->shard, item->origin, id));
    if (*id != 0 || item->code == NULL)
        return OK;
    TRY(find_code(cx, job, item->code, &bearer, &is_ours));
    if (bearer != 0 && is_ours && item->origin == NULL)
        *id = bearer;
    else if (bearer != 0)
        (void)fault_at(cx, ERR_INVALID,
            table_place(&job->reader.table, item->line, job->reader.code_column),
            "Mã %s đã là của một hồ sơ khác; hãy để trống ô này để hồ sơ nhận mã mới.", item->code);
    return OK;
}

/* Only the names of the record are read, unless the database knows it. */
static enum status
check_entry(struct ctx *cx, struct job *job, struct entry *entry)
{
    struct item item;
    int64_t id;
    if (!entry->is_named || !entry->is_good)
        return OK;
    TRY(go_back(cx, job, entry));
    reader_name(cx, &job->reader, &item);
    item.unit = &cx->world->tree->units[entry->unit];
    TRY(find_known(cx, job, &item, &id));
    if (id == 0)
        return OK;
    entry->is_known = 1;
    TRY(read_again(cx, job, entry, &item));
    return compare_known(cx, job, &item, id);
}

/* The code that others of the file refer to a record by: that of the database, of the file, or the
 * one that it will have. */
static enum status
code_entry(struct ctx *cx, struct job *job, struct entry *entry)
{
    struct item item;
    int64_t id;
    bool found;
    int before = cx->faults.count;
    if (!entry->is_named || !entry->is_good)
        return OK;
    TRY(go_back(cx, job, entry));
    reader_name(cx, &job->reader, &item);
    item.unit = &cx->world->tree->units[entry->unit];
    TRY(find_known(cx, job, &item, &id));
    fault_forget(cx, before); /* check_entry tells */
    if (id == 0) {
        const char *code =
            item.code != NULL ? item.code : record_code_new(cx->arena, item.unit->shard);
        item.named->code = code_number(code);
        return OK;
    }
    struct query *q = query_new(cx, Q_RECORD_CODE);
    query_int(q, "shard", item.unit->shard);
    query_int(q, "id", id);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    item.named->code = code_number(query_peek_text(q, 0));
    return query_end(q);
}

/* Has the database records at all, and of this register? */
static enum status
look_for_any(struct ctx *cx, struct job *job)
{
    struct query *q = query_new(cx, Q_RECORD_ANY_REGISTER);
    TRY(query_one(q, &job->store_has_any));
    if (!job->store_has_any)
        return OK;
    TRY(query_end(q));
    q = query_new(cx, Q_RECORD_ANY);
    query_text(q, "register", job->reg->key);
    TRY(query_one(q, &job->register_has_any));
    return job->register_has_any ? query_end(q) : OK;
}

/* Do something with each entry, in the order of the file. */
static enum status
for_entries(struct ctx *cx, struct job *job,
    enum status (*look)(struct ctx *, struct job *, struct entry *))
{
    struct ctx row = ctx_scratch(cx);
    enum status status = OK;
    for (int64_t i = 0; i < job->count && status == OK; i++) {
        struct arena_mark mark = arena_mark(row.arena);
        int before = row.faults.count;
        status = look(&row, job, &job->entries[i]);
        if (status == OK && row.faults.count == before)
            arena_release(row.arena, mark);
        limit_faults(&row, job);
    }
    cx->faults = row.faults;
    return status;
}

static enum status
check_entries(struct ctx *cx, struct job *job)
{
    const struct reader *rd = &job->reader;
    bool may_be_known = job->register_has_any || (job->store_has_any && rd->code_column >= 0);
    if (job->count > 1)
        qsort(job->entries, (size_t)job->count, sizeof(*job->entries), compare_lines);
    if (rd->origin_column < 0 && rd->code_column < 0)
        return OK;
    if (rd->names != NULL)
        TRY(for_entries(cx, job, code_entry));
    return may_be_known ? for_entries(cx, job, check_entry) : OK;
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

/* What the record is told again by: the file's origin, or a key of its content. None when the file
 * gives a code instead. */
static const char *
origin_text(struct arena *arena, struct item *item, const struct entry *entry)
{
    char hash[33];
    if (entry->is_named)
        return item->origin;
    (void)finish_hash(item, hash);
    return arena_printf(arena, "#%s.%u", hash, entry->occurrence);
}

static enum status
write_entry(struct ctx *cx, struct job *job, const struct entry *entry)
{
    struct item item;
    int64_t known = 0;
    job->result->known += entry->is_known;
    if (entry->is_known)
        return OK;
    TRY(read_again(cx, job, entry, &item));
    if (item.code == NULL && item.named != NULL)
        item.code = code_text(cx->arena, item.named->code);
    struct record record = {.reg = job->reg,
        .unit = item.unit,
        .shard = item.unit->shard,
        .code = item.code,
        .state = item.state,
        .directives = item.directives,
        .fields = item.fields,
        .batch = job->result->batch};
    struct record_put put = {.action = "import", .no_delta = !job->is_single};
    put.origin = origin_text(cx->arena, &item, entry);
    if (!entry->is_named && job->register_has_any)
        TRY(find_origin(cx, job, record.shard, put.origin, &known));
    if (known != 0) {
        job->result->known++;
        return OK;
    }
    job->result->records++;
    return record_write(cx, NULL, &record, &put);
}

/* The context's clock stands still, the lease's must not. */
static enum status
hold(struct ctx *cx, const struct job *job)
{
    return batch_hold(cx, cx->now + clock_steady() - job->started);
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
    TRY(world_step(cx, begin, job));
    for (job->next = 0; job->next < job->count; job->next = job->end) {
        if (cx->world->tree != tree)
            return fault_set(cx, ERR_STALE, "Cây đơn vị thay đổi trong lúc nhập; hãy nhập lại.");
        job->end = job->next + IMPORT_CHUNK < job->count ? job->next + IMPORT_CHUNK : job->count;
        TRY(job->is_single ? world_write(cx, write_chunk, job) : world_step(cx, write_chunk, job));
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
    job->started = clock_steady();
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
    TRY(reader_open(cx, &job.reader, job.reg, input->file, input->text, input->length));
    first_pass(cx, &job);
    result->lines = job.reader.table.last_line;
    TRY(look_for_any(cx, &job));
    compare_entries(cx, &job);
    compare_given_codes(cx, &job);
    TRY(check_entries(cx, &job));
    TRY(all_faults(cx, &job));
    if (input->dry_run) {
        result->records = job.count;
        return OK;
    }
    return job.count == 0 ? OK : second_pass(cx, &job);
}
