/* Installing and bringing up to date a pack. */
#include "domain/install.h"

#include "base/embed.h"
#include "base/file.h"
#include "domain/cell.h"
#include "domain/fact.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char builtin[] = "packs/chi-thi-05/";

struct job {
    const struct pack_file *files;
    int count;
    const struct model *before; /* NULL: there is no pack yet */
    const struct model *after;
    struct install_result *result;
};

/* What may not happen to a register that has records */

static void
refuse(struct ctx *cx, const struct place *place, const char *what, const char *key)
{
    (void)fault_at(cx, ERR_INVALID,
        (struct fault){.file = place->file, .line = place->line, .column = place->column},
        "Sổ đã có hồ sơ: %s “%s” không bỏ hay đổi loại được.", what, key);
}

static void
compare_choices(struct ctx *cx, const struct field *before, const struct field *after)
{
    for (int i = 0; i < before->choice_count; i++) {
        if (choice_find(after, before->choices[i].key) < 0)
            refuse(cx, &after->place, "giá trị", before->choices[i].key);
    }
}

static void
compare_fields(struct ctx *cx, const struct field *before, int before_count,
    const struct field *after, int after_count, const struct place *place)
{
    for (int i = 0; i < before_count; i++) {
        const struct field *now = NULL;
        for (int k = 0; k < after_count; k++) {
            if (strcmp(after[k].key, before[i].key) == 0)
                now = &after[k];
        }
        if (now == NULL) {
            refuse(cx, place, "trường", before[i].key);
            continue;
        }
        bool same = now->kind == before[i].kind && now->decimals == before[i].decimals &&
            (now->measure_count > 1) == (before[i].measure_count > 1);
        if (!same)
            refuse(cx, &now->place, "trường", before[i].key);
        else if (now->kind == KIND_CHOICE)
            compare_choices(cx, &before[i], now);
        else if (now->kind == KIND_LIST)
            compare_fields(cx, before[i].fields, before[i].field_count, now->fields,
                now->field_count, &now->place);
    }
}

static void
compare_states(struct ctx *cx, const struct reg *before, const struct reg *after)
{
    for (int i = 0; i < before->state_count; i++) {
        if (reg_state(after, before->states[i].key) == NULL)
            refuse(cx, &after->place, "trạng thái", before->states[i].key);
    }
}

static enum status
has_records(struct ctx *cx, const char *reg, bool *out)
{
    struct query *q = query_new(cx, Q_RECORD_ANY);
    query_text(q, "register", reg);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

/* Tables */

static enum status
change_tables(struct ctx *cx, struct job *job, const struct reg *before, const struct reg *after)
{
    bool used;
    int faults = cx->faults.count;
    if (strcmp(sqlgen_create(cx->arena, before), sqlgen_create(cx->arena, after)) == 0)
        return OK;
    TRY(has_records(cx, before->key, &used));
    job->result->registers_altered++;
    if (!used) {
        TRY(store_script(cx, sqlgen_drop(cx->arena, before)));
        return store_script(cx, sqlgen_create(cx->arena, after));
    }
    compare_fields(cx, before->fields, before->field_count, after->fields, after->field_count,
        &after->place);
    if (cx->faults.count > faults)
        return ERR_INVALID;
    return store_script(cx, sqlgen_alter(cx->arena, before, after));
}

static enum status
drop_register(struct ctx *cx, const struct reg *reg)
{
    bool used;
    TRY(has_records(cx, reg->key, &used));
    if (used)
        return fault_set(cx, ERR_INVALID, "Sổ “%s” đã có hồ sơ; không bỏ khỏi gói được.", reg->key);
    return store_script(cx, sqlgen_drop(cx->arena, reg));
}

static enum status
bring_tables(struct ctx *cx, struct job *job)
{
    enum status status = OK;
    for (int i = 0; job->before != NULL && i < job->before->register_count; i++) {
        const struct reg *before = &job->before->registers[i];
        const struct reg *after = model_register(job->after, before->key);
        bool used;
        TRY(has_records(cx, before->key, &used));
        enum status one =
            after == NULL ? drop_register(cx, before) : change_tables(cx, job, before, after);
        if (after != NULL && used)
            compare_states(cx, before, after);
        status = status == OK ? one : status;
    }
    for (int i = 0; i < job->after->register_count; i++) {
        const struct reg *after = &job->after->registers[i];
        if (job->before != NULL && model_register(job->before, after->key) != NULL)
            continue;
        TRY(store_script(cx, sqlgen_create(cx->arena, after)));
        job->result->registers_created++;
    }
    return cx->faults.count > 0 && status == OK ? ERR_INVALID : status;
}

/* Indicators */

struct version {
    int64_t id;
    const char *key, *digest;
};

static enum status
retire(struct ctx *cx, int64_t id)
{
    static const enum query_name forget[] = {Q_INDICATOR_FORGET_FACTS, Q_INDICATOR_FORGET_DELTAS,
        Q_INDICATOR_FORGET_CELLS};
    for (size_t i = 0; i < COUNT_OF(forget); i++) {
        struct query *q = query_new(cx, forget[i]);
        query_int(q, "indicator", id);
        TRY(query_run(q, NULL));
    }
    struct query *q = query_new(cx, Q_INDICATOR_RETIRE);
    query_int(q, "id", id);
    return query_run(q, NULL);
}

static const char *
digest_text(struct arena *arena, const struct indicator *indicator)
{
    return arena_printf(arena, "%016llx", (unsigned long long)indicator->digest);
}

/* Retire what is gone or changed, register what is new; *changed[i]: indicator i needs its facts.
 */
static enum status
bring_indicators(struct ctx *cx, struct job *job, bool *changed)
{
    struct version *versions = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_INDICATOR_LIST);
    for (int i = 0; i < job->after->indicator_count; i++)
        changed[i] = indicator_has_facts(&job->after->indicators[i]);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, versions, count) =
            (struct version){query_get_int(q, 0), query_get_text(q, 1), query_get_text(q, 2)};
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        const struct indicator *now = model_indicator(job->after, versions[i].key);
        if (now != NULL && strcmp(versions[i].digest, digest_text(cx->arena, now)) == 0)
            changed[now->index] = false;
        else
            TRY(retire(cx, versions[i].id));
    }
    for (int i = 0; i < job->after->indicator_count; i++) {
        bool found;
        if (!changed[i])
            continue;
        q = query_new(cx, Q_INDICATOR_INSERT);
        query_text(q, "key", job->after->indicators[i].key);
        query_text(q, "digest", digest_text(cx->arena, &job->after->indicators[i]));
        TRY(query_one(q, &found));
        TRY(query_end(q));
        job->result->indicators_rebuilt++;
    }
    return OK;
}

static enum status
derive_register(struct ctx *cx, const struct reg *reg)
{
    int64_t *ids = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_RECORD_OF_REGISTER);
    query_text(q, "register", reg->key);
    while (query_next(q)) {
        *ARENA_PUSH(cx->arena, ids, count) = query_get_int(q, 0);
        *ARENA_PUSH(cx->arena, ids, count) = query_get_int(q, 1);
    }
    TRY(query_end(q));
    for (int i = 0; i < count; i += 2) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct record *record;
        TRY(record_load_id(cx, ids[i], ids[i + 1], &record));
        TRY(fact_update(cx, record, false, true));
        arena_release(cx->arena, mark);
    }
    return OK;
}

/* Facts and cells of what is new, by the world as it will be. */
static enum status
derive(struct ctx *cx, const bool *changed)
{
    const struct model *model = cx->world->model;
    for (int r = 0; r < model->register_count; r++) {
        const struct reg_indicators *group = &cx->world->of_register[r];
        bool any = false;
        for (int i = 0; i < group->count; i++)
            any = any || changed[group->items[i]->index];
        if (any)
            TRY(derive_register(cx, &model->registers[r]));
    }
    for (int i = 0; i < model->indicator_count; i++) {
        if (changed[i])
            TRY(cell_rebuild_indicator(cx, cx->world->indicator_ids[i]));
    }
    return OK;
}

static enum status
put_files(struct ctx *cx, const struct job *job)
{
    TRY(query_run(query_new(cx, Q_PACK_FILE_CLEAR), NULL));
    for (int i = 0; i < job->count; i++) {
        struct query *q = query_new(cx, Q_PACK_FILE_INSERT);
        query_text(q, "path", job->files[i].path);
        query_text(q, "body", job->files[i].text);
        TRY(query_run(q, NULL));
    }
    return OK;
}

/* The model that is in the database now; NULL when there is none. */
static enum status
load_before(struct ctx *cx, struct job *job)
{
    struct pack_file *files = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_PACK_FILE_LIST);
    while (query_next(q)) {
        struct pack_file *file = ARENA_PUSH(cx->arena, files, count);
        *file = (struct pack_file){query_get_text(q, 0), query_get_text(q, 1)};
    }
    TRY(query_end(q));
    job->result->unchanged = count == job->count;
    for (int i = 0; i < count && i < job->count; i++) {
        if (strcmp(files[i].path, job->files[i].path) != 0 ||
            strcmp(files[i].text, job->files[i].text) != 0)
            job->result->unchanged = false;
    }
    return count == 0 ? OK : pack_load(cx, cx->arena, files, count, &job->before);
}

static enum status
install(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    const struct world *old = cx->world, *after;
    *job->result = (struct install_result){0};
    job->before = NULL;
    TRY(load_before(cx, job));
    if (job->result->unchanged)
        return OK;
    bool *changed = ARENA_ARRAY(cx->arena, bool, (size_t)job->after->indicator_count + 1);
    TRY(bring_tables(cx, job));
    TRY(bring_indicators(cx, job, changed));
    TRY(put_files(cx, job));
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &after));
    cx->world = after;
    enum status status = derive(cx, changed);
    cx->world = old;
    return status;
}

static int
compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct pack_file *)a)->path, ((const struct pack_file *)b)->path);
}

enum status
pack_install(struct ctx *cx, const struct pack_file *files, int count,
    struct install_result *result)
{
    struct pack_file *sorted = arena_grow(cx->arena, files, (size_t)count * sizeof(*files),
        (size_t)count * sizeof(*files));
    struct job job = {.files = sorted, .count = count, .result = result};
    if (count > 1)
        qsort(sorted, (size_t)count, sizeof(*sorted), compare_paths);
    TRY(pack_load(cx, cx->arena, sorted, count, &job.after));
    return store_write(cx, install, &job);
}

/* Where packs come from */

static bool
ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

const struct pack_file *
pack_builtin(struct arena *arena, int *count)
{
    struct pack_file *files = NULL;
    *count = 0;
    for (int i = 0; i < resources_count; i++) {
        const struct embedded *file = &resources[i];
        if (strncmp(file->path, builtin, strlen(builtin)) == 0 && ends_in(file->path, ".yaml"))
            *ARENA_PUSH(arena, files, *count) =
                (struct pack_file){file->path + strlen(builtin), file->bytes};
    }
    return files;
}

static enum status
read_folder(struct ctx *cx, const char *folder, const char *prefix, struct pack_file **out,
    int *count)
{
    struct dirent **names;
    const char *path = arena_printf(cx->arena, "%s/%s", folder, prefix);
    int found = scandir(path, &names, NULL, alphasort);
    enum status status = OK;
    for (int i = 0; i < found; i++) {
        const char *name = names[i]->d_name, *bytes;
        const char *inner = arena_printf(cx->arena, "%s%s", prefix, name);
        size_t length;
        struct stat about;
        if (name[0] != '.' && status == OK &&
            stat(arena_printf(cx->arena, "%s/%s", folder, inner), &about) == 0) {
            if (S_ISDIR(about.st_mode) && *prefix == '\0') {
                status = read_folder(cx, folder, arena_printf(cx->arena, "%s/", name), out, count);
            } else if (ends_in(name, ".yaml")) {
                status =
                    file_map(cx, arena_printf(cx->arena, "%s/%s", folder, inner), &bytes, &length);
                if (status == OK)
                    *ARENA_PUSH(cx->arena, *out, *count) =
                        (struct pack_file){inner, arena_strndup(cx->arena, bytes, length)};
            }
        }
        free(names[i]);
    }
    if (found >= 0)
        free(names);
    return status;
}

enum status
pack_read_folder(struct ctx *cx, const char *folder, struct pack_file **out, int *count)
{
    *out = NULL;
    *count = 0;
    TRY(read_folder(cx, folder, "", out, count));
    if (*count == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không có tệp .yaml nào trong thư mục %s.", folder);
    return OK;
}
