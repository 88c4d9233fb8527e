/* A pack as a whole: which file is what, in which order they are read, what may stand once only,
 * and the handing over of the faults. */
#include "pack/pack.h"

#include "pack/read.h"

#include <stdlib.h>
#include <string.h>

/* What a file holds is said by its first key, in the order in which the parts need each other. */
enum part { PART_PACK, PART_REGISTER, PART_LAYOUT, PART_REPORT, PART__COUNT };

static const char *const part_keys[PART__COUNT] = {"pack", "register", "layout", "report"};

struct source {
    const char *path;
    const char *folder, *pack; /* of the pack that it belongs to: its folder and its key */
    enum part part;
    const struct node *root;
};

struct sources {
    struct source *items;
    int count;
};

static const char head_name[] = "pack.yaml";

bool
pack_claim(struct reader *rd, const char *what, const char *name, struct place *place)
{
    const struct place *before = map_set(rd->places, name, place);
    if (before == NULL)
        return true;
    const char *key = strrchr(name, ' ');
    read_refuse(rd, *place, "%s “%s” bị lặp; đã có ở %s dòng %d", what,
        key != NULL ? key + 1 : name, before->file, before->line);
    return false;
}

bool
pack_enter(struct reader *rd, const char *sort, const char *what, const char *key, void *thing,
    struct place *place)
{
    const char *name = arena_printf(rd->cx->arena, "%s %s", sort, key);
    map_set(rd->model->by_key, name, thing);
    return pack_claim(rd, what, name, place);
}

static bool
is_definition(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".yaml") == 0;
}

static bool
part_find(struct reader *rd, const char *path, const struct node *root, enum part *out)
{
    const char *key = root->type == NODE_MAP && root->count > 0 ? root->items[0].key : NULL;
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < PART__COUNT; i++) {
        read_add_name(&names, part_keys[i]);
        *out = (enum part)i;
        if (key != NULL && strcmp(key, part_keys[i]) == 0)
            return true;
    }
    read_refuse(rd, (struct place){path, root->place.line, root->place.column},
        "tệp phải bắt đầu bằng một trong các khóa: %s", buf_string(&names));
    return false;
}

/* The length of the folder, "/" included, that a pack.yaml makes a pack; -1 for other files. */
static int
head_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return strcmp(name, head_name) == 0 ? (int)(name - path) : -1;
}

/* The folder of the pack that a file is of, without the "/". */
static const char *
folder_of(struct arena *arena, const struct pack_file *files, int count, const char *path)
{
    int longest = 0;
    for (int i = 0; i < count; i++) {
        int length = head_folder(files[i].path);
        if (length > longest && strncmp(files[i].path, path, (size_t)length) == 0)
            longest = length;
    }
    return arena_strndup(arena, path, (size_t)(longest > 0 ? longest - 1 : 0));
}

/* The key that a head gives, "" when it gives none. */
static const char *
key_of(const struct node *head)
{
    const struct node *key = node_get(head, part_keys[PART_PACK]);
    return key->type == NODE_TEXT && key_is_valid(key->text) ? key->text : "";
}

static int
by_pack_and_path(const void *a, const void *b)
{
    const struct source *left = a, *right = b;
    int order = strcmp(left->pack, right->pack);
    if (order == 0)
        order = strcmp(left->folder, right->folder);
    return order != 0 ? order : strcmp(left->path, right->path);
}

static void
sources_sort(struct sources *sources)
{
    for (int i = 0; i < sources->count; i++) {
        const struct source *head = &sources->items[i];
        for (int k = 0; head->part == PART_PACK && k < sources->count; k++)
            if (strcmp(sources->items[k].folder, head->folder) == 0)
                sources->items[k].pack = key_of(head->root);
    }
    qsort(sources->items, (size_t)sources->count, sizeof(*sources->items), by_pack_and_path);
}

static struct sources
sources_read(struct reader *rd, const struct pack_file *files, int count)
{
    struct arena *arena = rd->cx->arena;
    struct sources sources = {ARENA_ARRAY(arena, struct source, (size_t)count), 0};
    for (int i = 0; i < count; i++) {
        struct source source = {.path = arena_strdup(arena, files[i].path),
            .folder = folder_of(arena, files, count, files[i].path),
            .pack = ""};
        if (!is_definition(source.path))
            continue;
        if (yaml_read(rd->cx, source.path, files[i].text, &source.root) == OK &&
            part_find(rd, source.path, source.root, &source.part))
            sources.items[sources.count++] = source;
        else
            rd->is_partial = true;
    }
    sources_sort(&sources);
    return sources;
}

/* The packs, from sources that stand pack by pack. */
static void
packs_prepare(struct reader *rd, const struct sources *sources)
{
    struct model *model = rd->model;
    model->packs = ARENA_ARRAY(rd->cx->arena, struct pack, (size_t)sources->count);
    for (int i = 0; i < sources->count; i++) {
        const struct source *source = &sources->items[i];
        if (i > 0 && strcmp(source->folder, sources->items[i - 1].folder) == 0)
            continue;
        model->packs[model->pack_count++] = (struct pack){.key = source->pack,
            .folder = source->folder,
            .label = {"", ""},
            .directive = ""};
    }
}

/* Pointers go into the model's arrays while it is read, so they get their size first. */
static void
model_prepare(struct reader *rd, const struct sources *sources)
{
    struct arena *arena = rd->cx->arena;
    struct model *model = rd->model;
    size_t indicators = 0;
    for (int i = 0; i < sources->count; i++) {
        const struct node *counted = node_get(sources->items[i].root, "indicators");
        indicators += counted != NULL ? (size_t)counted->count : 0;
    }
    packs_prepare(rd, sources);
    model->directives = ARENA_ARRAY(arena, struct directive, DIRECTIVES_MAX);
    model->registers = ARENA_ARRAY(arena, struct reg, (size_t)sources->count);
    model->layouts = ARENA_ARRAY(arena, struct layout, (size_t)sources->count);
    model->reports = ARENA_ARRAY(arena, struct report_def, (size_t)sources->count);
    model->indicators = ARENA_ARRAY(arena, struct indicator, indicators);
    model->measures = ARENA_ARRAY(arena, struct measure, (size_t)model->pack_count * MEASURES_MAX);
    model->by_key = map_new(arena);
}

static void
part_read(struct reader *rd, const struct source *source, struct pack *pack)
{
    struct model *model = rd->model;
    switch (source->part) {
    case PART_REGISTER: {
        struct reg *reg = &model->registers[model->register_count];
        reg->index = model->register_count++;
        register_read(rd, source->root, reg);
        break;
    }
    case PART_LAYOUT:
        layout_read(rd, source->root, &model->layouts[model->layout_count++]);
        break;
    case PART_REPORT:
        report_read(rd, source->root, &model->reports[model->report_count++]);
        break;
    default:
        head_read(rd, source->root, pack);
        break;
    }
}

/* What a register names of another one. */
static void
registers_resolve(struct reader *rd)
{
    kind_resolve(rd);
    indicator_resolve(rd);
    notice_resolve(rd);
}

/* The parts of one sort, of one pack. */
static void
parts_read(struct reader *rd, const struct sources *sources, enum part part, struct pack *pack)
{
    rd->pack = pack;
    for (int i = 0; i < sources->count; i++) {
        const struct source *source = &sources->items[i];
        if (source->part == part && strcmp(source->folder, pack->folder) == 0)
            part_read(rd, source, pack);
    }
}

/* Heads and registers pack by pack, because what one head declares is for its own registers; then
 * what may build on the registers of all. */
static void
model_read(struct reader *rd, const struct sources *sources, enum part last)
{
    struct model *model = rd->model;
    for (int i = 0; i < model->pack_count; i++) {
        rd->roles_declared = rd->measures_declared = false;
        rd->role_first = model->role_count;
        rd->measure_first = model->measure_count;
        rd->migrate = NULL;
        parts_read(rd, sources, PART_PACK, &model->packs[i]);
        parts_read(rd, sources, PART_REGISTER, &model->packs[i]);
        if (rd->migrate != NULL)
            migrate_read(rd, rd->migrate, NULL);
    }
    registers_resolve(rd);
    for (int i = 0; i < model->pack_count && last >= PART_LAYOUT; i++)
        parts_read(rd, sources, PART_LAYOUT, &model->packs[i]);
    for (int i = 0; i < model->pack_count; i++) {
        rd->pack = &model->packs[i];
        head_check_uses(rd, rd->pack);
        if (last >= PART_REPORT)
            parts_read(rd, sources, PART_REPORT, &model->packs[i]);
    }
}

static int
by_place(const void *a, const void *b)
{
    const struct fault *left = a, *right = b;
    const char *left_file = left->file != NULL ? left->file : "";
    int order = strcmp(left_file, right->file != NULL ? right->file : "");
    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    if (order == 0)
        order = (left->column > right->column) - (left->column < right->column);
    return order != 0 ? order : strcmp(left->message, right->message);
}

/* The faults so far are in the model's home, which goes when loading has failed. */
static enum status
hand_over(struct ctx *cx, struct faults *faults)
{
    qsort(faults->items, (size_t)faults->count, sizeof(*faults->items), by_place);
    for (int i = 0; i < faults->count; i++) {
        struct fault where = faults->items[i];
        where.file = arena_strdup(cx->arena, where.file);
        fault_at(cx, where.status, where, "%s", where.message);
    }
    return ERR_INVALID;
}

static enum status
load(struct ctx *cx, struct arena *home, const struct pack_file *files, int count, enum part last,
    const struct model **out)
{
    struct ctx inner = {.arena = home, .now = cx->now};
    struct reader rd = {.cx = &inner,
        .model = ARENA_NEW(home, struct model),
        .places = map_new(home)};
    struct sources sources = sources_read(&rd, files, count);
    if (sources.count == 0 && inner.faults.count == 0)
        return fault_set(cx, ERR_INVALID, "Gói không có tệp .yaml nào.");
    model_prepare(&rd, &sources);
    model_read(&rd, &sources, last);
    if (inner.faults.count > 0)
        return hand_over(cx, &inner.faults);
    *out = rd.model;
    return OK;
}

enum status
pack_load(struct ctx *cx, struct arena *home, const struct pack_file *files, int count,
    const struct model **out)
{
    return load(cx, home, files, count, PART_REPORT, out);
}

enum status
pack_load_registers(struct ctx *cx, struct arena *home, const struct pack_file *files, int count,
    const struct model **out)
{
    return load(cx, home, files, count, PART_REGISTER, out);
}

enum status
pack_key(struct ctx *cx, const struct pack_file *files, int count, const char **out)
{
    const struct node *root;
    for (int i = 0; i < count; i++) {
        if (strcmp(files[i].path, head_name) != 0)
            continue;
        TRY(yaml_read(cx, files[i].path, files[i].text, &root));
        const struct node *key = root->type == NODE_MAP ? node_get(root, "pack") : NULL;
        *out = key != NULL ? key_of(root) : "";
        if (**out != '\0')
            return OK;
        return fault_at(cx, ERR_INVALID, place_fault(root->place),
            "chờ khóa của gói, như “pack: chi_thi_05”");
    }
    return fault_set(cx, ERR_INVALID, "Gói thiếu tệp %s.", head_name);
}
