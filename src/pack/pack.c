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
    enum part part;
    const struct node *root;
};

struct sources {
    struct source *items;
    int count;
};

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

static int
by_path(const void *a, const void *b)
{
    const struct source *left = a, *right = b;
    return strcmp(left->path, right->path);
}

static struct sources
sources_read(struct reader *rd, const struct pack_file *files, int count)
{
    struct sources sources = {ARENA_ARRAY(rd->cx->arena, struct source, (size_t)count), 0};
    for (int i = 0; i < count; i++) {
        struct source source = {.path = arena_strdup(rd->cx->arena, files[i].path)};
        if (!is_definition(source.path))
            continue;
        if (yaml_read(rd->cx, source.path, files[i].text, &source.root) == OK &&
            part_find(rd, source.path, source.root, &source.part))
            sources.items[sources.count++] = source;
        else
            rd->is_partial = true;
    }
    qsort(sources.items, (size_t)sources.count, sizeof(*sources.items), by_path);
    return sources;
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
    model->pack = model->directive = model->label.vi = model->label.en = "";
    model->registers = ARENA_ARRAY(arena, struct reg, (size_t)sources->count);
    model->layouts = ARENA_ARRAY(arena, struct layout, (size_t)sources->count);
    model->reports = ARENA_ARRAY(arena, struct report_def, (size_t)sources->count);
    model->indicators = ARENA_ARRAY(arena, struct indicator, indicators);
    model->measures = ARENA_ARRAY(arena, struct measure, MEASURES_MAX);
    model->by_key = map_new(arena);
}

static void
measures_read(struct reader *rd, const struct node *node)
{
    struct model *model = rd->model;
    rd->measures_declared = read_items(rd, node, NODE_MAP);
    if (!rd->measures_declared)
        return;
    if (node->count > MEASURES_MAX) {
        read_refuse(rd, node_head(node), "có %d đơn vị tính; nhiều nhất là %d", node->count,
            MEASURES_MAX);
        return;
    }
    for (int i = 0; i < node->count; i++) {
        struct measure *measure = &model->measures[model->measure_count++];
        measure->key = node->items[i].key;
        read_key(rd, measure->key, node->items[i].key_place);
        read_label_of(rd, &node->items[i], &measure->label);
    }
}

static void
roles_read(struct reader *rd, const struct node *node)
{
    struct model *model = rd->model;
    rd->roles_declared = read_items(rd, node, NODE_MAP);
    if (!rd->roles_declared)
        return;
    for (int i = 0; i < node->count; i++) {
        struct choice *role = ARENA_PUSH(rd->cx->arena, model->roles, model->role_count);
        role->key = node->items[i].key;
        read_key(rd, role->key, node->items[i].key_place);
        read_label_of(rd, &node->items[i], &role->label);
    }
}

static void
head_read(struct reader *rd, const struct node *node)
{
    static const char *const keys[] = {"pack", "label", "directive", "measures", "roles", NULL};
    const struct node *measures = node_get(node, "measures"), *roles = node_get(node, "roles");
    struct place *place = ARENA_NEW(rd->cx->arena, struct place);
    *place = node->place;
    pack_claim(rd, "tệp đầu gói", "pack", place);
    read_closed(rd, node, keys);
    const char *key = read_text(rd, node, "pack");
    if (key != NULL && read_key(rd, key, node_get(node, "pack")->place) != NULL)
        rd->model->pack = key;
    read_label(rd, node, "label", &rd->model->label);
    rd->model->directive = read_text(rd, node, "directive");
    if (measures != NULL)
        measures_read(rd, measures);
    if (roles != NULL)
        roles_read(rd, roles);
}

static void
part_read(struct reader *rd, const struct source *source)
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
        head_read(rd, source->root);
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

enum status
pack_load(struct ctx *cx, struct arena *home, const struct pack_file *files, int count,
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
    for (int part = 0; part < PART__COUNT; part++) {
        for (int i = 0; i < sources.count; i++)
            if ((int)sources.items[i].part == part)
                part_read(&rd, &sources.items[i]);
        if (part == PART_REGISTER)
            registers_resolve(&rd);
    }
    if (inner.faults.count > 0)
        return hand_over(cx, &inner.faults);
    *out = rd.model;
    return OK;
}
