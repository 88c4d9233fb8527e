/* Installing and bringing up to date a pack. */
#include "domain/install.h"

#include "domain/cell.h"
#include "domain/fact.h"
#include "domain/search_words.h"

#include <stdlib.h>
#include <string.h>

struct job {
    const char *key; /* of the pack */
    const struct pack_file *files;
    int count;
    struct pack_file *all; /* of all packs, as they will be in the database */
    int all_count;
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

/* Words of records whose fields are searched in another way than before. */
static enum status
refresh_words(struct ctx *cx, const struct job *job)
{
    for (int i = 0; job->before != NULL && i < job->before->register_count; i++) {
        const struct reg *before = &job->before->registers[i];
        const struct reg *after = model_register(cx->world->model, before->key);
        if (after != NULL && search_differs(before, after))
            TRY(search_refresh(cx, after));
    }
    return OK;
}

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

/* The models before and after. Faults name the files of this pack as they stand in its folder. */
static enum status
load_models(struct ctx *cx, struct job *job)
{
    struct pack_file *stored, *named;
    int count;
    TRY(packs_read(cx, &stored, &count));
    gather_files(cx, job, stored, count);
    named = arena_grow(cx->arena, job->all, (size_t)job->all_count * sizeof(*named),
        (size_t)job->all_count * sizeof(*named));
    for (int i = 0; i < job->count; i++)
        named[i].path = job->files[i].path;
    job->before = NULL;
    TRY(pack_load(cx, cx->arena, named, job->all_count, &job->after));
    return count == 0 ? OK : pack_load(cx, cx->arena, stored, count, &job->before);
}

static enum status
install(struct ctx *cx, void *arg)
{
    struct job *job = arg;
    const struct world *old = cx->world, *after;
    bool numbered;
    *job->result = (struct install_result){0};
    TRY(load_models(cx, job));
    TRY(packs_number_directives(cx, job->after, &numbered));
    if (job->result->unchanged)
        return numbered ? world_changed(cx) : OK;
    bool *changed = ARENA_ARRAY(cx->arena, bool, (size_t)job->after->indicator_count + 1);
    TRY(bring_tables(cx, job));
    TRY(bring_indicators(cx, job, changed));
    TRY(packs_write(cx, job->all, job->all_count));
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &after));
    cx->world = after;
    enum status status = derive(cx, changed);
    if (status == OK)
        status = refresh_words(cx, job);
    cx->world = old;
    return status;
}

enum status
pack_install(struct ctx *cx, const struct pack_file *files, int count,
    struct install_result *result)
{
    struct job job = {.files = files, .count = count, .result = result};
    TRY(pack_key(cx, files, count, &job.key));
    return store_write(cx, install, &job);
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
