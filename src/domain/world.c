/* Loading and keeping the newest world. Readers take it by reference under a mutex; one that is out
 * of date is replaced by whoever notices first. */
#include "domain/world.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/map.h"
#include "domain/audit.h"
#include "domain/cell.h"
#include "domain/packs.h"
#include "domain/secret.h"
#include "pack/pack.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MONTH_UNITS = 256, DAY_UNITS = 4096, RENEWALS = 5 };
static const char default_zone[] = "Asia/Ho_Chi_Minh";

/* The model of some packs with its statements. Worlds of the same packs have one and the same, so
 * that what was found in one of them (a register, a field) holds in the next. */
struct shared_model {
    atomic_int references;
    struct arena *arena;
    uint64_t digest; /* of the packs' text: equal digests, equal models */
    const struct model *model;
    const struct model_sql *sql;
};

struct worlds {
    pthread_mutex_t lock;
    struct world *newest;       /* holds one reference */
    struct shared_model *model; /* the same; NULL: none was loaded yet */
    bool takes_registers;       /* worlds_take_registers */
    bool has_data_key;          /* given before the first thread begins, then only read */
    struct data_key data_key;
};

struct worlds *
worlds_new(void)
{
    struct worlds *worlds = calloc(1, sizeof(*worlds));
    if (worlds == NULL)
        abort();
    pthread_mutex_init(&worlds->lock, NULL);
    return worlds;
}

void
worlds_take_registers(struct worlds *worlds)
{
    worlds->takes_registers = true;
}

void
worlds_take_data_key(struct worlds *worlds, const struct data_key *key)
{
    worlds->data_key = *key;
    worlds->has_data_key = true;
}

const struct data_key *
worlds_data_key(const struct worlds *worlds)
{
    return worlds->has_data_key ? &worlds->data_key : NULL;
}

static void
drop(struct worlds *worlds, struct world *world)
{
    if (world == NULL)
        return;
    pthread_mutex_lock(&worlds->lock);
    bool last = --world->references == 0;
    pthread_mutex_unlock(&worlds->lock);
    if (last)
        arena_free(world->arena);
}

static void
drop_model(void *thing)
{
    struct shared_model *shared = thing;
    if (shared == NULL || atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    arena_free(shared->arena);
    free(shared);
}

void
worlds_free(struct worlds *worlds)
{
    if (worlds == NULL)
        return;
    drop(worlds, worlds->newest);
    drop_model(worlds->model);
    pthread_mutex_destroy(&worlds->lock);
    explicit_bzero(&worlds->data_key, sizeof(worlds->data_key));
    free(worlds);
}

/* Settings */

static bool
parse_limit(const char *text, int *out)
{
    char *end;
    if (strcmp(text, "none") == 0) {
        *out = INT32_MAX;
        return true;
    }
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < 0 || value > INT32_MAX)
        return false;
    *out = (int)value;
    return true;
}

static bool
parse_between(const char *text, int least, int most, int *out)
{
    int value;
    if (!parse_limit(text, &value) || value < least || value > most)
        return false;
    *out = value;
    return true;
}

/* An origin as browsers send it: lower case, no path. */
static bool
is_site(const char *text)
{
    static const char scheme[] = "https://";
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    if (strncmp(text, scheme, strlen(scheme)) != 0)
        return false;
    text += strlen(scheme);
    size_t name = strspn(text, allowed);
    size_t port = text[name] == ':' ? strspn(text + name + 1, "0123456789") : 0;
    return name > 0 && text[name + (port > 0 ? port + 1 : 0)] == '\0';
}

static bool
parse_site(struct arena *arena, const char *text, const char **out)
{
    bool is_none = strcmp(text, "none") == 0;
    *out = is_none ? NULL : arena_strdup(arena, text);
    return is_none || is_site(text);
}

static bool
apply_setting(struct ctx *cx, struct world *world, const char *key, const char *value)
{
    if (strcmp(key, "zone") == 0) {
        struct zone *zone = zone_open(cx->arena, value);
        if (zone != NULL)
            world->zone_offset = zone_offset(zone, cx->now);
        return zone != NULL;
    }
    if (strcmp(key, "cell_month_units") == 0)
        return parse_limit(value, &world->month_units);
    if (strcmp(key, "cell_day_units") == 0)
        return parse_limit(value, &world->day_units);
    if (strcmp(key, "argon2_kib") == 0)
        return parse_between(value, ARGON2_KIB, ARGON2_KIB_MAX, &world->argon2_kib);
    if (strcmp(key, "argon2_passes") == 0)
        return parse_between(value, ARGON2_PASSES, ARGON2_PASSES_MAX, &world->argon2_passes);
    if (strcmp(key, "totp") == 0) {
        world->is_totp_off = strcmp(value, "off") == 0;
        return world->is_totp_off || strcmp(value, "on") == 0;
    }
    if (strcmp(key, "demo") == 0) {
        world->is_demo = strcmp(value, "1") == 0;
        return world->is_demo || strcmp(value, "0") == 0;
    }
    if (strcmp(key, "mode") == 0) {
        world->is_isolated = strcmp(value, "lan_doc_lap") == 0;
        return world->is_isolated || strcmp(value, "internet") == 0;
    }
    if (strcmp(key, "restricted_content") == 0) {
        world->has_restricted_content = strcmp(value, "full") == 0;
        return world->has_restricted_content || strcmp(value, "stubs") == 0;
    }
    if (strcmp(key, "site") == 0)
        return parse_site(world->arena, value, &world->site);
    return false;
}

static enum status
load_settings(struct ctx *cx, struct world *world)
{
    world->month_units = MONTH_UNITS;
    world->day_units = DAY_UNITS;
    world->argon2_kib = ARGON2_KIB;
    world->argon2_passes = ARGON2_PASSES;
    (void)apply_setting(cx, world, "zone", default_zone);
    struct query *q = query_new(cx, Q_SETTING_LIST);
    while (query_next(q)) {
        if (!apply_setting(cx, world, query_peek_text(q, 0), query_peek_text(q, 1)))
            log_note("setting \"%s\" is not understood", query_peek_text(q, 0));
    }
    world->today = instant_day(cx->now, world->zone_offset);
    return query_end(q);
}

struct setting {
    const char *key, *value;
};

/* Which units have cells is decided anew at once, by the world that the setting makes. */
static enum status
refresh_cells(struct ctx *cx)
{
    const struct unit *none[1] = {NULL};
    const struct world *before = cx->world, *after;
    TRY(world_load(cx, cx->arena, &after));
    cx->world = after;
    enum status status = cell_refresh(cx, after, none, 0);
    cx->world = before;
    return status;
}

/* What may be recorded at all hangs on some of them. */
static enum status
note_setting(struct ctx *cx, const struct setting *setting)
{
    struct audit_note done = {.shard = audit_home(cx),
        .action = "setting.set",
        .detail = arena_printf(cx->arena, "%s = %s", setting->key, setting->value)};
    return audit_note(cx, &done);
}

static enum status
put_setting(struct ctx *cx, void *arg)
{
    const struct setting *setting = arg;
    TRY(store_alone(cx));
    struct query *q = query_new(cx, Q_SETTING_PUT);
    query_text(q, "key", setting->key);
    query_text(q, "value", setting->value);
    TRY(query_run(q, NULL));
    TRY(world_changed(cx));
    TRY(note_setting(cx, setting));
    return strncmp(setting->key, "cell_", 5) == 0 ? refresh_cells(cx) : OK;
}

enum status
setting_set(struct ctx *cx, const char *key, const char *value)
{
    struct world trial = {.arena = cx->arena};
    struct setting setting = {key, value};
    if (!apply_setting(cx, &trial, key, value))
        return fault_set(cx, ERR_INVALID,
            "Không có thiết lập %s = %s; có: zone, cell_month_units, cell_day_units, "
            "argon2_kib, argon2_passes, totp, mode, restricted_content, demo, và site có dạng "
            "https://chithi.example.vn (none: không có).",
            key, value);
    return store_write(cx, put_setting, &setting);
}

/* The model */

/* FNV-1a; the closing NUL counts, so that "a", "bc" and "ab", "c" differ. */
static uint64_t
digest_add(uint64_t digest, const char *text)
{
    do
        digest = (digest ^ (unsigned char)*text) * 0x100000001b3U;
    while (*text++ != '\0');
    return digest;
}

/* The newest model if it is of this digest, one reference the more; else NULL. */
static struct shared_model *
take_model(struct worlds *worlds, uint64_t digest)
{
    pthread_mutex_lock(&worlds->lock);
    struct shared_model *shared = worlds->model;
    if (shared != NULL && shared->digest == digest)
        atomic_fetch_add(&shared->references, 1);
    else
        shared = NULL;
    pthread_mutex_unlock(&worlds->lock);
    return shared;
}

static void
keep_model(struct worlds *worlds, struct shared_model *shared)
{
    atomic_fetch_add(&shared->references, 1);
    pthread_mutex_lock(&worlds->lock);
    struct shared_model *before = worlds->model;
    worlds->model = shared;
    pthread_mutex_unlock(&worlds->lock);
    drop_model(before);
}

static enum status
make_model(struct ctx *cx, const struct pack_file *files, int count, struct shared_model *out)
{
    int faults = cx->faults.count;
    enum status status = pack_load(cx, out->arena, files, count, &out->model);
    if (status != OK && cx->worlds->takes_registers) {
        fault_forget(cx, faults);
        status = pack_load_registers(cx, out->arena, files, count, &out->model);
    }
    TRY(status);
    out->sql = sqlgen_model(out->arena, out->model);
    return OK;
}

static enum status
load_model(struct ctx *cx, struct world *world)
{
    struct pack_file *files;
    int count;
    uint64_t digest = 0;
    TRY(packs_read(cx, &files, &count));
    for (int i = 0; i < count; i++)
        digest = digest_add(digest_add(digest, files[i].path), files[i].text);
    struct shared_model *shared = take_model(cx->worlds, digest);
    bool is_new = shared == NULL;
    if (is_new) {
        shared = malloc(sizeof(*shared));
        if (shared == NULL)
            abort();
        *shared = (struct shared_model){.references = 1, .arena = arena_new(), .digest = digest};
    }
    arena_defer(world->arena, drop_model, shared);
    if (is_new) {
        TRY(make_model(cx, files, count, shared));
        keep_model(cx->worlds, shared);
    }
    world->model = shared->model;
    world->sql = shared->sql;
    return OK;
}

static enum status
load_indicator_ids(struct ctx *cx, struct world *world)
{
    const struct model *model = world->model;
    int64_t *ids = ARENA_ARRAY(world->arena, int64_t, (size_t)model->indicator_count + 1);
    struct query *q = query_new(cx, Q_INDICATOR_LIST);
    while (query_next(q)) {
        const struct indicator *indicator = model_indicator(model, query_peek_text(q, 1));
        if (indicator != NULL)
            ids[indicator->index] = query_get_int(q, 0);
    }
    world->indicator_ids = ids;
    return query_end(q);
}

/* They are few, and asked for each fact that is written. */
static void
note_sumless(struct world *world)
{
    int64_t *ids = NULL;
    for (int i = 0; i < world->model->indicator_count; i++) {
        if (!indicator_keeps_sums(&world->model->indicators[i]))
            *ARENA_PUSH(world->arena, ids, world->sumless_count) = world->indicator_ids[i];
    }
    world->sumless_ids = ids;
}

bool
world_keeps_sums(const struct world *world, int64_t indicator)
{
    for (int i = 0; i < world->sumless_count; i++) {
        if (world->sumless_ids[i] == indicator)
            return false;
    }
    return true;
}

const struct indicator *
world_indicator_of(const struct world *world, int64_t id)
{
    for (int i = 0; i < world->model->indicator_count; i++) {
        const struct indicator *indicator = &world->model->indicators[i];
        if (indicator_has_facts(indicator) && world->indicator_ids[i] == id)
            return indicator;
    }
    return NULL;
}

static enum status
load_directive_ids(struct ctx *cx, struct world *world)
{
    const struct model *model = world->model;
    int *ids = ARENA_ARRAY(world->arena, int, DIRECTIVES_MAX);
    struct query *q = query_new(cx, Q_DIRECTIVE_LIST);
    while (query_next(q)) {
        const struct directive *directive = model_directive(model, query_peek_text(q, 1));
        if (directive != NULL)
            ids[directive - model->directives] = (int)query_get_int(q, 0);
    }
    world->directive_ids = ids;
    return query_end(q);
}

static void
group_indicators(struct world *world, const bool *wanted)
{
    const struct model *model = world->model;
    struct reg_indicators *groups =
        ARENA_ARRAY(world->arena, struct reg_indicators, (size_t)model->register_count + 1);
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        struct reg_indicators *group = &groups[indicator->reg->index];
        if (indicator_has_facts(indicator) && (wanted == NULL || wanted[i]))
            *ARENA_PUSH(world->arena, group->items, group->count) = indicator;
    }
    world->of_register = groups;
}

static enum status
generation(struct ctx *cx, int64_t *out)
{
    bool found;
    struct query *q = query_new(cx, Q_META_GET);
    query_text(q, "key", "generation");
    TRY(query_one(q, &found));
    *out = 0;
    if (!found)
        return OK;
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
load_into(struct ctx *cx, struct world *world)
{
    TRY(generation(cx, &world->generation));
    TRY(load_settings(cx, world));
    TRY(load_model(cx, world));
    TRY(load_indicator_ids(cx, world));
    note_sumless(world);
    TRY(load_directive_ids(cx, world));
    group_indicators(world, NULL);
    TRY(calendar_load(cx, world->arena, &world->calendar));
    return tree_load(cx, world->arena, world->today, &world->tree);
}

enum status
world_load(struct ctx *cx, struct arena *home, const struct world **out)
{
    struct world *world = ARENA_NEW(home, struct world);
    world->arena = home;
    TRY(load_into(cx, world));
    *out = world;
    return OK;
}

const struct world *
world_with_model(struct arena *arena, const struct world *base, const struct model *model,
    const int64_t *ids, const bool *wanted)
{
    struct world *world = arena_grow(arena, base, sizeof(*base), sizeof(*base));
    world->arena = arena;
    world->model = model;
    world->sql = NULL;
    world->indicator_ids = ids;
    world->sumless_count = 0;
    note_sumless(world);
    group_indicators(world, wanted);
    return world;
}

/* Keeping */

/* The newest world if it is of this generation and day, one reference the more. */
static struct world *
take(struct worlds *worlds, int64_t wanted, int64_t now)
{
    pthread_mutex_lock(&worlds->lock);
    struct world *world = worlds->newest;
    if (world != NULL && world->generation == wanted &&
        world->today == instant_day(now, world->zone_offset))
        world->references++;
    else
        world = NULL;
    pthread_mutex_unlock(&worlds->lock);
    return world;
}

static void
keep(struct worlds *worlds, struct world *world)
{
    pthread_mutex_lock(&worlds->lock);
    struct world *before = worlds->newest;
    worlds->newest = world;
    world->references++;
    pthread_mutex_unlock(&worlds->lock);
    drop(worlds, before);
}

/* A context keeps every world that it has seen until world_end, so that what it found in one (a
 * register, a unit) stays valid while it goes on with a newer one. */
struct world_held {
    struct world *world;
    struct world_held *previous;
};

static void
hold(struct ctx *cx, struct world *world)
{
    if (cx->world == world) {
        drop(cx->worlds, world); /* held already */
        return;
    }
    struct world_held *held = malloc(sizeof(*held));
    if (held == NULL)
        abort();
    *held = (struct world_held){world, cx->held};
    cx->held = held;
    cx->world = world;
}

static enum status
take_or_load(struct ctx *cx)
{
    int64_t wanted;
    TRY(generation(cx, &wanted));
    struct world *world = take(cx->worlds, wanted, cx->now);
    if (world == NULL) {
        const struct world *loaded;
        struct arena *home = arena_new();
        enum status status = world_load(cx, home, &loaded);
        if (status != OK) {
            arena_free(home);
            return status;
        }
        world = (struct world *)loaded;
        world->references = 1;
        keep(cx->worlds, world);
    }
    hold(cx, world);
    return OK;
}

enum status
world_begin(struct ctx *cx)
{
    TRY(store_read_begin(cx));
    enum status status = store_check_version(cx);
    if (status == OK)
        status = take_or_load(cx);
    if (status != OK)
        store_read_end(cx);
    return status;
}

void
world_end(struct ctx *cx)
{
    store_read_end(cx);
    while (cx->held != NULL) {
        struct world_held *held = cx->held;
        cx->held = held->previous;
        drop(cx->worlds, held->world);
        free(held);
    }
    cx->world = NULL;
}

enum status
world_renew(struct ctx *cx)
{
    store_read_end(cx);
    return world_begin(cx);
}

struct guarded {
    write_fn *fn;
    void *arg;
    bool outdated;
};

static enum status
ask_guard(struct ctx *cx, struct guarded *guarded)
{
    bool found;
    struct query *q = query_new(cx, Q_WORLD_GUARD);
    TRY(query_one(q, &found));
    guarded->outdated = query_get_int(q, 0) != cx->world->generation;
    cx->notes_touched = query_get_int(q, 1) != 0;
    return query_end(q);
}

static enum status
write_guarded(struct ctx *cx, void *arg)
{
    struct guarded *guarded = arg;
    TRY(ask_guard(cx, guarded));
    return guarded->outdated ? ERR_STALE : guarded->fn(cx, guarded->arg);
}

static enum status
write_and_renew(struct ctx *cx, write_fn *fn, void *arg, bool *written)
{
    enum status status = OK;
    const struct model *model = cx->world->model;
    *written = false;
    for (int i = 0; i < RENEWALS && cx->world->model == model; i++) {
        struct guarded guarded = {fn, arg, false};
        status = store_write(cx, write_guarded, &guarded);
        *written = status == OK;
        if (status != OK && !guarded.outdated)
            return status;
        TRY(world_renew(cx));
        if (*written)
            return OK;
    }
    return fault_set(cx, ERR_STALE, "Đơn vị hoặc gói chỉ thị đang được thay đổi; hãy thử lại.");
}

/* Who cannot read any more must not think that nothing was written. */
enum status
world_write(struct ctx *cx, write_fn *fn, void *arg)
{
    bool written;
    int faults = cx->faults.count;
    enum status status = write_and_renew(cx, fn, arg, &written);
    if (status == OK || !written)
        return status;
    fault_forget(cx, faults);
    return fault_set(cx, status, "Đã ghi, nhưng chưa đọc lại được; hãy tải lại trang.");
}

enum status
world_step(struct ctx *cx, write_fn *fn, void *arg)
{
    bool written;
    return write_and_renew(cx, fn, arg, &written);
}

enum status
world_changed(struct ctx *cx)
{
    TRY(store_alone(cx));
    return query_run(query_new(cx, Q_GENERATION_RAISE), NULL);
}

enum status
world_indicator(struct ctx *cx, const char *key, const struct indicator **out)
{
    const struct model *model = cx->world->model;
    struct buf known = buf_new(cx->arena);
    *out = model_indicator(model, key);
    if (*out != NULL)
        return OK;
    for (int i = 0; i < model->indicator_count; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", model->indicators[i].key);
    return fault_set(cx, ERR_NOT_FOUND, "Không có chỉ số “%s”; có: %s.", key, buf_string(&known));
}

enum status
world_register(struct ctx *cx, const char *key, const struct reg **out)
{
    const struct model *model = cx->world->model;
    struct buf known = buf_new(cx->arena);
    *out = model_register(model, key);
    if (*out != NULL)
        return OK;
    for (int i = 0; i < model->register_count; i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", model->registers[i].key);
    return fault_set(cx, ERR_NOT_FOUND, "Không có sổ “%s”; có: %s.", key, buf_string(&known));
}
