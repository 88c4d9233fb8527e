/* A pack's head, pack.yaml: its names, roles and measures, the directives that its records may
 * serve, and the registers of other packs that it builds on. */
#include "pack/read.h"

#include <string.h>

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

/* A map of keys and labels, where the head has it. Returns whether it can be gone by. */
static bool
keys_read(struct reader *rd, const struct node *head, const char *name, struct choice **out,
    int *count)
{
    const struct node *node = node_get(head, name);
    if (node == NULL || !read_items(rd, node, NODE_MAP))
        return false;
    for (int i = 0; i < node->count; i++) {
        struct choice *choice = ARENA_PUSH(rd->cx->arena, *out, *count);
        choice->key = node->items[i].key;
        read_key(rd, choice->key, node->items[i].key_place);
        read_label_of(rd, &node->items[i], &choice->label);
    }
    return true;
}

/* Units are there for all packs: what each says of their kinds is put together, and where two say
 * the same key, the first pack's label stays. */
static void
kinds_read(struct reader *rd, const struct node *head, const char *name, struct choice **out,
    int *count)
{
    struct choice *own = NULL;
    int own_count = 0;
    (void)keys_read(rd, head, name, &own, &own_count);
    for (int i = 0; i < own_count; i++)
        if (choice_among(*out, *count, own[i].key) == NULL)
            *ARENA_PUSH(rd->cx->arena, *out, *count) = own[i];
}

/* Directives */

/* A symbol names one directive: people and files ask by it. */
static void
check_symbol(struct reader *rd, const struct directive *named)
{
    for (int i = 0; i < rd->model->directive_count; i++) {
        const struct directive *known = &rd->model->directives[i];
        if (strcmp(known->symbol, named->symbol) == 0 && strcmp(known->key, named->key) != 0)
            read_refuse(rd, named->place,
                "“%s” đã là chỉ thị “%s” ở %s dòng %d; một chỉ thị chỉ có một khóa", named->symbol,
                known->key, known->place.file, known->place.line);
    }
}

/* Several packs may name one directive, by one symbol; the pack whose own it is has the last word.
 */
static void
directive_enter(struct reader *rd, const struct directive *named)
{
    struct model *model = rd->model;
    const char *name = arena_printf(rd->cx->arena, "dir %s", named->key);
    struct directive *known = map_get(model->by_key, name);
    if (known == NULL && model->directive_count == DIRECTIVES_MAX) {
        read_refuse(rd, named->place, "có quá %d chỉ thị", DIRECTIVES_MAX);
        return;
    }
    check_symbol(rd, named);
    if (known == NULL) {
        known = &model->directives[model->directive_count++];
        *known = *named;
        map_set(model->by_key, name, known);
    }
    if (strcmp(known->symbol, named->symbol) != 0)
        read_refuse(rd, named->place, "chỉ thị “%s” là “%s” ở đây và “%s” ở %s dòng %d", named->key,
            named->symbol, known->symbol, known->place.file, known->place.line);
    if (strcmp(named->key, named->pack) == 0)
        *known = *named;
}

static void
directive_read(struct reader *rd, const struct node *node)
{
    static const char *const keys[] = {"symbol", "label", NULL};
    struct directive directive = {.key = node->key,
        .pack = rd->pack->key,
        .place = node->key_place};
    bool is_good = read_key(rd, node->key, node->key_place) != NULL;
    if (!read_closed(rd, node, keys))
        return;
    directive.symbol = read_text(rd, node, "symbol");
    is_good = read_label(rd, node, "label", &directive.label) && is_good;
    if (is_good && directive.symbol != NULL)
        directive_enter(rd, &directive);
}

static void
own_directive_read(struct reader *rd, const struct node *node, struct pack *pack)
{
    const char *symbol = read_text(rd, node, "directive");
    if (symbol == NULL)
        return;
    pack->directive = symbol;
    if (pack->key[0] != '\0')
        directive_enter(rd,
            &(struct directive){pack->key, symbol, pack->label, pack->key,
                node_get(node, "directive")->place});
}

/* What is used of other packs */

static void
uses_read(struct reader *rd, const struct node *node, struct pack *pack)
{
    if (!read_items(rd, node, NODE_MAP))
        return;
    for (int i = 0; i < node->count; i++) {
        const struct node *names, *item = &node->items[i];
        int count = read_names(rd, item, &names);
        if (strcmp(item->key, pack->key) == 0)
            read_refuse(rd, item->key_place, "gói không “use” chính nó");
        for (int k = 0; k < count; k++)
            *ARENA_PUSH(rd->cx->arena, pack->uses, pack->use_count) =
                (struct use){item->key, names[k].text, names[k].place};
    }
}

static const char *
names_of_packs(struct reader *rd)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < rd->model->pack_count; i++)
        if (&rd->model->packs[i] != rd->pack)
            read_add_name(&names, rd->model->packs[i].key);
    if (names.length == 0)
        return "chỉ có gói này";
    return arena_printf(rd->cx->arena, "có: %s", buf_string(&names));
}

static const char *
names_of_registers(struct reader *rd, const char *pack)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < rd->model->register_count; i++)
        if (strcmp(rd->model->registers[i].pack, pack) == 0)
            read_add_name(&names, rd->model->registers[i].key);
    return buf_string(&names);
}

void
head_check_uses(struct reader *rd, const struct pack *pack)
{
    for (int i = 0; i < pack->use_count; i++) {
        const struct use *use = &pack->uses[i];
        const struct reg *reg = model_register(rd->model, use->reg);
        if (rd->is_partial)
            return;
        if (model_pack(rd->model, use->pack) == NULL)
            read_refuse(rd, use->place, "không có gói “%s” ở đây; %s",
                read_shown(rd->cx->arena, use->pack), names_of_packs(rd));
        else if (reg == NULL || strcmp(reg->pack, use->pack) != 0)
            read_refuse(rd, use->place, "gói “%s” không có sổ “%s”; có: %s", use->pack,
                read_shown(rd->cx->arena, use->reg), names_of_registers(rd, use->pack));
    }
}

void
read_check_use(struct reader *rd, const struct reg *reg, struct place place)
{
    if (!pack_may_use(rd->pack, reg))
        read_refuse(rd, place,
            "sổ “%s” là của gói “%s”; muốn dựa vào nó, ghi “use: { %s: [%s] }” ở pack.yaml",
            reg->key, reg->pack, reg->pack, reg->key);
}

void
head_read(struct reader *rd, const struct node *node, struct pack *pack)
{
    static const char *const keys[] = {"pack", "label", "directive", "directives", "use",
        "unit_kinds", "blocs", "measures", "roles", "migrate", NULL};
    struct model *model = rd->model;
    const struct node *measures = node_get(node, "measures");
    const struct node *directives = node_get(node, "directives"), *use = node_get(node, "use");
    struct place *place = ARENA_NEW(rd->cx->arena, struct place);
    *place = pack->place = node->place;
    pack_claim(rd, "tệp đầu gói", arena_printf(rd->cx->arena, "%s pack", pack->folder), place);
    read_closed(rd, node, keys);
    const char *key = read_text(rd, node, "pack");
    if (key != NULL && read_key(rd, key, node_get(node, "pack")->place) != NULL)
        pack_claim(rd, "gói", arena_printf(rd->cx->arena, "goi %s", key), place);
    read_label(rd, node, "label", &pack->label);
    own_directive_read(rd, node, pack);
    if (directives != NULL && read_items(rd, directives, NODE_MAP))
        for (int i = 0; i < directives->count; i++)
            directive_read(rd, &directives->items[i]);
    rd->migrate = node_get(node, "migrate");
    if (use != NULL)
        uses_read(rd, use, pack);
    if (measures != NULL)
        measures_read(rd, measures);
    rd->roles_declared = keys_read(rd, node, "roles", &model->roles, &model->role_count);
    kinds_read(rd, node, "unit_kinds", &model->unit_kinds, &model->unit_kind_count);
    kinds_read(rd, node, "blocs", &model->blocs, &model->bloc_count);
}
