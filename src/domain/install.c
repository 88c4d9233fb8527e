/* Installing, bringing up to date and removing a pack. */
#include "domain/install.h"

#include "base/log.h"
#include "domain/build.h"
#include "domain/declared_cut.h"
#include "domain/record_scan.h"
#include "domain/search_words.h"

#include <string.h>

struct job {
    const char *key; /* of the pack */
    const struct pack_file *files;
    int count;             /* 0: it is removed */
    struct pack_file *all; /* of all packs, as they will be in the database */
    int all_count;
    bool is_first; /* there was no pack in the database */
    bool is_held;  /* the lease is ours: there is something to do */
    struct build_lease lease;
    struct plan plan;
    struct build *build;
    struct install_result *result;
};

/* The two versions */

/* Is a file of the database one of this pack's? */
static bool
is_of_pack(const char *key, const char *path)
{
    size_t length = strlen(key);
    return strncmp(path, key, length) == 0 && path[length] == '/';
}

/* The files as they will be, and whether they are so already. */
static void
gather_files(struct ctx *cx, struct job *job, const struct pack_file *stored, int count)
{
    int same = 0, own = 0;
    job->all = NULL;
    job->all_count = 0;
    for (int i = 0; i < job->count; i++) {
        const char *path = arena_printf(cx->arena, "%s/%s", job->key, job->files[i].path);
        *ARENA_PUSH(cx->arena, job->all, job->all_count) =
            (struct pack_file){path, job->files[i].text};
        for (int k = 0; k < count; k++)
            same += strcmp(stored[k].path, path) == 0 &&
                strcmp(stored[k].text, job->files[i].text) == 0;
    }
    for (int i = 0; i < count; i++) {
        if (is_of_pack(job->key, stored[i].path))
            own++;
        else
            *ARENA_PUSH(cx->arena, job->all, job->all_count) = stored[i];
    }
    job->result->unchanged = own == job->count && same == job->count;
}

/* What an older version of the program has taken need not be taken whole any more. */
static enum status
load_before(struct ctx *cx, struct plan_side *before)
{
    int faults = cx->faults.count;
    if (pack_load(cx, cx->arena, before->files, before->count, &before->model) == OK)
        return OK;
    fault_forget(cx, faults);
    return pack_load_registers(cx, cx->arena, before->files, before->count, &before->model);
}

/* Faults name the files of this pack as they stand in its folder. */
static enum status
load_sides(struct ctx *cx, struct job *job, struct plan_side *before, struct plan_side *after)
{
    struct pack_file *stored, *named;
    int count;
    TRY(packs_read(cx, &stored, &count));
    gather_files(cx, job, stored, count);
    named = arena_grow(cx->arena, job->all, (size_t)job->all_count * sizeof(*named),
        (size_t)job->all_count * sizeof(*named));
    for (int i = 0; i < job->count; i++)
        named[i].path = job->files[i].path;
    *before = (struct plan_side){stored, count, NULL};
    *after = (struct plan_side){named, job->all_count, NULL};
    job->is_first = count == 0;
    if (job->all_count == 0)
        return fault_set(cx, ERR_INVALID, "Không bỏ được gói duy nhất của cơ sở dữ liệu.");
    TRY(pack_load(cx, cx->arena, after->files, after->count, &after->model));
    return count == 0 ? OK : load_before(cx, before);
}

static enum status
make_plan(struct ctx *cx, struct job *job)
{
    struct plan_side before, after;
    TRY(load_sides(cx, job, &before, &after));
    if (job->count == 0 && (before.model == NULL || model_pack(before.model, job->key) == NULL))
        return fault_set(cx, ERR_NOT_FOUND, "Không có gói “%s” trong cơ sở dữ liệu này.", job->key);
    TRY(plan_make(cx, &before, &after, &job->plan));
    job->result->unchanged = job->result->unchanged && job->plan.count == 0;
    return OK;
}

enum status
pack_plan(struct ctx *cx, const char *key, const struct pack_file *files, int count,
    struct plan *out)
{
    struct install_result result;
    struct job job = {.key = key, .files = files, .count = count, .result = &result};
    TRY(make_plan(cx, &job));
    *out = job.plan;
    return OK;
}

/* Tables */

static const char *
reason_of(struct ctx *cx, const struct job *job)
{
    return arena_printf(cx->arena, "Áp dụng gói %s", job->key);
}

static enum status
convert_shard(struct ctx *cx, struct job *job, const struct reg_convert *convert,
    const struct scan_sql *sql, int64_t shard)
{
    struct record_range range = {convert->before, sql, shard, 0, INT64_MAX, true};
    struct record_scan *scan = record_scan_begin(cx, &range);
    struct record *record, *made;
    enum status status = OK;
    while (status == OK) {
        struct arena_mark mark = arena_mark(cx->arena);
        if (!record_scan_next(scan, &record))
            break;
        status = convert_record(cx, convert, record, &made);
        if (status == OK)
            status = record_migrate(cx, record, made, reason_of(cx, job));
        if (status == OK)
            arena_release(cx->arena, mark);
    }
    enum status end = record_scan_end(scan);
    return status != OK ? status : end;
}

/* Record by record into new tables. The world is for the statements that write. */
static enum status
convert_register(struct ctx *cx, struct job *job, const struct reg_convert *convert,
    const struct model_sql *sql)
{
    const struct world *world = cx->world;
    const struct scan_sql *scan = sqlgen_scan_aside(cx->arena, convert->before);
    struct world after = *world;
    enum status status = OK;
    TRY(store_script(cx, sqlgen_set_aside(cx->arena, convert->before)));
    TRY(store_script(cx, sqlgen_create(cx->arena, convert->after)));
    after.model = job->plan.after.model;
    after.sql = sql;
    cx->world = &after;
    for (int i = 0; i < world->tree->shard_count && status == OK; i++)
        status = convert_shard(cx, job, convert, scan, world->tree->shards[i]);
    cx->world = world;
    TRY(status);
    return store_script(cx, sqlgen_drop_aside(cx->arena, convert->before));
}

static enum status
bring_table(struct ctx *cx, struct job *job, const struct reg *after, const struct model_sql *sql)
{
    const struct reg_convert *convert = job->plan.converts[after->index];
    if (convert == NULL)
        return store_script(cx, sqlgen_create(cx->arena, after));
    switch (job->plan.tables[after->index]) {
    case TABLE_STAYS:
        return OK;
    case TABLE_RENEWED:
        TRY(store_script(cx, sqlgen_drop(cx->arena, convert->before)));
        return store_script(cx, sqlgen_create(cx->arena, after));
    case TABLE_COPIED:
        return store_script(cx, sqlgen_alter(cx->arena, convert->before, after));
    case TABLE_CONVERTED:
        return convert_register(cx, job, convert, sql);
    }
    return OK;
}

enum status
install_indexes(struct ctx *cx, const struct model *model)
{
    for (int i = 0; i < model->register_count; i++)
        TRY(store_script(cx, sqlgen_indexes(cx->arena, &model->registers[i])));
    return OK;
}

static enum status
bring_tables(struct ctx *cx, struct job *job)
{
    const struct model *before = job->plan.before.model, *after = job->plan.after.model;
    const struct model_sql *sql = sqlgen_model(cx->arena, after);
    for (int i = 0; before != NULL && i < before->register_count; i++) {
        if (model_register(after, before->registers[i].key) == NULL)
            TRY(store_script(cx, sqlgen_drop(cx->arena, &before->registers[i])));
    }
    for (int i = 0; i < after->register_count; i++)
        TRY(bring_table(cx, job, &after->registers[i], sql));
    return install_indexes(cx, after);
}

/* Words of records whose fields are searched in another way than before. */
static enum status
refresh_words(struct ctx *cx, struct job *job)
{
    for (int i = 0; i < job->plan.after.model->register_count; i++) {
        const struct reg_convert *convert = job->plan.converts[i];
        if (convert == NULL || job->plan.records[i] == 0)
            continue;
        if (job->plan.tables[i] == TABLE_CONVERTED ||
            search_differs(convert->before, convert->after))
            TRY(search_refresh(cx, model_register(cx->world->model, convert->after->key)));
    }
    return OK;
}

/* By the world as it will be. */
static enum status
refresh_all_words(struct ctx *cx, struct job *job)
{
    const struct world *before = cx->world, *after;
    if (job->is_first)
        return OK;
    TRY(world_load(cx, cx->arena, &after));
    cx->world = after;
    enum status status = refresh_words(cx, job);
    cx->world = before;
    return status;
}

/* The course */

static void
tell_result(struct job *job)
{
    const struct plan *plan = &job->plan;
    struct install_result *result = job->result;
    *result = (struct install_result){0};
    for (int i = 0; i < plan->after.model->register_count; i++) {
        result->registers_created += plan->converts[i] == NULL;
        result->registers_altered += plan->tables[i] != TABLE_STAYS;
    }
    for (int i = 0; i < plan->after.model->indicator_count; i++)
        result->indicators_rebuilt += job->build->wanted[i];
}

/* What takes the new version into force, all at once. */
static enum status
put_into_force(struct ctx *cx, struct job *job)
{
    bool numbered;
    TRY(build_end(cx, job->build));
    TRY(bring_tables(cx, job));
    TRY(declared_bring(cx, &job->plan));
    TRY(packs_write(cx, job->all, job->all_count));
    TRY(packs_number_directives(cx, job->plan.after.model, &numbered));
    tell_result(job);
    TRY(world_changed(cx));
    return refresh_all_words(cx, job);
}

/* The first pack of a database finds no records and no units. */
static enum status
install_first(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    struct pack_file *stored;
    int count;
    TRY(packs_read(cx, &stored, &count));
    TRY(store_alone(cx));
    job->is_first = count == 0;
    if (!job->is_first)
        return OK;
    TRY(make_plan(cx, job));
    TRY(build_hold(cx, &job->lease));
    TRY(build_begin(cx, &job->lease, &job->plan, &job->build));
    TRY(put_into_force(cx, job));
    return build_release(cx);
}

static enum status
begin(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    bool numbered, left;
    TRY(store_alone(cx));
    TRY(make_plan(cx, job));
    TRY(packs_number_directives(cx, job->plan.before.model, &numbered));
    if (numbered)
        TRY(world_changed(cx));
    TRY(build_is_left(cx, &left));
    job->is_held = left || !job->result->unchanged;
    if (!job->is_held)
        return OK;
    TRY(plan_refusals(cx, &job->plan));
    TRY(build_hold(cx, &job->lease));
    if (job->result->unchanged)
        return build_abandon(cx, &job->lease);
    return build_begin(cx, &job->lease, &job->plan, &job->build);
}

/* The rows that would be lost are looked for again: records have been written since. */
static enum status
finish(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    struct plan now;
    TRY(store_alone(cx));
    TRY(plan_make(cx, &job->plan.before, &job->plan.after, &now));
    TRY(plan_refusals(cx, &now));
    job->plan.tables = now.tables;
    job->plan.records = now.records;
    return put_into_force(cx, job);
}

static enum status
give_up(struct ctx *cx, void *arg)
{
    const struct job *job = arg;
    TRY(build_abandon(cx, &job->lease));
    return build_release(cx);
}

static enum status
release(struct ctx *cx, void *arg)
{
    (void)arg;
    return build_release(cx);
}

/* What cannot be given up now is given up by the next who applies a pack. */
static void
undo(struct ctx *cx, struct job *job)
{
    int faults = cx->faults.count;
    if (store_write(cx, give_up, job) != OK)
        log_note("what was half made of a pack could not be given up");
    fault_forget(cx, faults);
}

/* What others have left is cleared first, what this one replaces afterwards. */
static enum status
run_held(struct ctx *cx, struct job *job)
{
    TRY(build_sweep(cx, &job->lease));
    if (job->result->unchanged)
        return OK;
    TRY(build_run(cx, job->build));
    TRY(world_write(cx, finish, job));
    enum status status = build_sweep(cx, &job->lease);
    if (status == OK)
        return OK;
    return fault_set(cx, status,
        "Đã ghi gói mới; dữ kiện cũ chưa dọn hết sẽ được dọn ở lần áp dụng sau.");
}

static enum status
run(struct ctx *cx, struct job *job)
{
    TRY(world_step(cx, begin, job));
    if (!job->is_held)
        return OK;
    enum status status = run_held(cx, job);
    if (status != OK) {
        undo(cx, job);
        return status;
    }
    int faults = cx->faults.count;
    if (store_write(cx, release, job) != OK)
        log_note("the lease of the build could not be given back; it ends by itself");
    fault_forget(cx, faults);
    return OK;
}

static enum status
change(struct ctx *cx, struct job *job)
{
    bool is_begun = cx->world != NULL;
    TRY(store_write(cx, install_first, job));
    if (job->is_first)
        return is_begun ? world_renew(cx) : OK;
    if (!is_begun) {
        worlds_take_registers(cx->worlds);
        TRY(world_begin(cx));
    }
    enum status status = run(cx, job);
    if (!is_begun)
        world_end(cx);
    return status;
}

enum status
pack_install(struct ctx *cx, const struct pack_file *files, int count,
    struct install_result *result)
{
    struct job job = {.files = files, .count = count, .result = result};
    TRY(pack_key(cx, files, count, &job.key));
    return change(cx, &job);
}

enum status
pack_remove(struct ctx *cx, const char *key, struct install_result *result)
{
    struct job job = {.key = key, .result = result};
    return change(cx, &job);
}

/* Does the database have other packs, but not this one? */
static enum status
has_others_only(struct ctx *cx, const char *key, bool *out)
{
    struct pack_file *files;
    int count;
    TRY(store_read_begin(cx));
    enum status status = packs_read(cx, &files, &count);
    store_read_end(cx);
    *out = count > 0;
    for (int i = 0; i < count; i++)
        *out = *out && !is_of_pack(key, files[i].path);
    return status;
}

enum status
pack_install_builtin(struct ctx *cx, struct install_result *result)
{
    int count;
    const char *key;
    bool others_only;
    const struct pack_file *files = pack_builtin(cx->arena, &count);
    TRY(pack_key(cx, files, count, &key));
    TRY(has_others_only(cx, key, &others_only));
    if (!others_only)
        return pack_install(cx, files, count, result);
    *result = (struct install_result){.unchanged = true};
    return OK;
}
