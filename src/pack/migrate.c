/* The lines of `migrate:`, which say what becomes of data when a pack changes. The register that
 * they stand beside is the one that is wanted; what they name on the left is gone from it. */
#include "pack/read.h"

#include <string.h>

struct moving {
    struct reader *rd;
    const struct reg *reg;
    const struct node *node; /* the line */
    struct migration *out;
};

/* Each sort of line: the key by which it is known and the keys that go with it. */
static const struct {
    const char *key;
    const char *keys[5];
} sorts[] = {
    [MIGRATE_FIELD] = {"field", {"register", "field", "to", "drop", "kind"}},
    [MIGRATE_CHOICE] = {"choice", {"register", "choice", "to"}},
    [MIGRATE_STATE] = {"state", {"register", "state", "to"}},
    [MIGRATE_INDICATOR] = {"indicator", {"register", "indicator", "to"}},
};

static struct place
place_of(const struct moving *m, const char *key)
{
    return node_get(m->node, key)->place;
}

static void
refuse_still_there(struct moving *m, const char *what, const char *key)
{
    read_refuse(m->rd, place_of(m, sorts[m->out->sort].key),
        "%s “%s” vẫn còn trong sổ “%s”; bỏ nó, hoặc bỏ dòng “migrate” này", what, key, m->reg->key);
}

static void
refuse_unknown(struct moving *m, const char *what, const char *key, const char *names)
{
    read_refuse(m->rd, place_of(m, "to"), "không có %s “%s”; có: %s", what,
        read_shown(m->rd->cx->arena, key), names);
}

/* The part of a name before its first point, which is taken off *name; NULL when there is none. */
static const char *
take_part(struct arena *arena, const char **name)
{
    const char *point = strchr(*name, '.');
    if (point == NULL)
        return NULL;
    const char *part = arena_strndup(arena, *name, (size_t)(point - *name));
    *name = point + 1;
    return part;
}

/* The fields among which a line's field is: the register's, or a list's columns. */
static bool
find_fields(struct moving *m, const struct field **fields, int *count)
{
    const struct migration *line = m->out;
    *fields = m->reg->fields;
    *count = m->reg->field_count;
    if (line->list == NULL)
        return true;
    const struct field *list = reg_field(m->reg, line->list);
    if (list == NULL || list->kind != KIND_LIST) {
        read_refuse(m->rd, place_of(m, sorts[line->sort].key),
            "không có danh sách “%s” trong sổ “%s”", read_shown(m->rd->cx->arena, line->list),
            m->reg->key);
        return false;
    }
    *fields = list->fields;
    *count = list->field_count;
    return true;
}

static const struct field *
find_field(const struct field *fields, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

/* Another kind: one that holds every value of some other kind. */
static void
kind_line(struct moving *m, const struct field *field)
{
    const struct node *kind = node_get(m->node, "kind");
    const char *text = read_text(m->rd, m->node, "kind");
    m->out->is_retyped = true;
    if (text == NULL)
        return;
    if (field == NULL)
        read_refuse(m->rd, place_of(m, "field"), "không có trường “%s” trong sổ “%s”",
            read_shown(m->rd->cx->arena, m->out->key), m->reg->key);
    else if (field->kind != KIND__COUNT && strcmp(kind_key(field->kind), text) != 0)
        read_refuse(m->rd, kind->place, "trường “%s” bây giờ có kiểu %s, không phải “%s”",
            field->key, kind_key(field->kind), read_shown(m->rd->cx->arena, text));
    else if (field->kind != KIND__COUNT && !kind_takes_others(field->kind))
        read_refuse(m->rd, kind->place,
            "không có kiểu nào đổi sang %s mà giữ nguyên giá trị; chỉ đổi được sang decimal, "
            "quantity hoặc long_text",
            text);
}

static void
field_line(struct moving *m)
{
    struct migration *line = m->out;
    const struct field *fields, *old;
    bool drops = false;
    int count,
        ways = (node_get(m->node, "to") != NULL) + (node_get(m->node, "drop") != NULL) +
        (node_get(m->node, "kind") != NULL);
    line->list = take_part(m->rd->cx->arena, &line->key);
    if (ways != 1) {
        read_refuse(m->rd, m->node->place, "chờ một trong: to, drop, kind");
        return;
    }
    read_bool(m->rd, m->node, "drop", &drops);
    if (node_get(m->node, "drop") != NULL && !drops)
        read_refuse_value(m->rd, node_get(m->node, "drop"), "true");
    if (!find_fields(m, &fields, &count))
        return;
    old = find_field(fields, count, line->key);
    if (node_get(m->node, "kind") != NULL)
        kind_line(m, old);
    else if (old != NULL)
        refuse_still_there(m, "trường", line->key);
    if (line->to != NULL && find_field(fields, count, line->to) == NULL)
        refuse_unknown(m, "trường", line->to, read_field_names(m->rd->cx->arena, fields, count));
}

static void
choice_line(struct moving *m)
{
    struct arena *arena = m->rd->cx->arena;
    struct migration *line = m->out;
    const struct field *fields, *field;
    int count;
    line->field = take_part(arena, &line->key);
    if (strchr(line->key, '.') != NULL) {
        line->list = line->field;
        line->field = take_part(arena, &line->key);
    }
    if (line->field == NULL) {
        read_refuse(m->rd, place_of(m, "choice"), "chờ “trường.lựa_chọn”, gặp “%s”",
            read_shown(arena, line->key));
        return;
    }
    if (!find_fields(m, &fields, &count))
        return;
    field = find_field(fields, count, line->field);
    if (field == NULL || (field->kind != KIND_CHOICE && field->kind != KIND__COUNT)) {
        read_refuse(m->rd, place_of(m, "choice"), "không có trường choice “%s” trong sổ “%s”",
            read_shown(arena, line->field), m->reg->key);
        return;
    }
    if (choice_find(field, line->key) >= 0)
        refuse_still_there(m, "lựa chọn", line->key);
    if (line->to != NULL && choice_find(field, line->to) < 0)
        refuse_unknown(m, "lựa chọn", line->to,
            read_choice_names(arena, field->choices, field->choice_count));
}

static void
state_line(struct moving *m)
{
    struct migration *line = m->out;
    struct buf names = buf_new(m->rd->cx->arena);
    for (int i = 0; i < m->reg->state_count; i++)
        read_add_name(&names, m->reg->states[i].key);
    if (reg_state(m->reg, line->key) != NULL)
        refuse_still_there(m, "trạng thái", line->key);
    if (line->to != NULL && reg_state(m->reg, line->to) == NULL)
        refuse_unknown(m, "trạng thái", line->to, buf_string(&names));
}

static const struct indicator *
indicator_of(const struct moving *m, const char *key)
{
    const struct indicator *indicator = model_indicator(m->rd->model, key);
    return indicator != NULL && indicator->reg == m->reg ? indicator : NULL;
}

static void
indicator_line(struct moving *m)
{
    struct migration *line = m->out;
    const struct model *model = m->rd->model;
    struct buf names = buf_new(m->rd->cx->arena);
    for (int i = 0; i < model->indicator_count; i++)
        if (model->indicators[i].reg == m->reg)
            read_add_name(&names, model->indicators[i].key);
    if (indicator_of(m, line->key) != NULL)
        refuse_still_there(m, "chỉ số", line->key);
    if (line->to != NULL && indicator_of(m, line->to) == NULL)
        refuse_unknown(m, "chỉ số", line->to, buf_string(&names));
}

/* Which sort a line is: exactly one of their keys stands in it. */
static bool
sort_find(struct moving *m)
{
    int found = 0;
    struct buf names = buf_new(m->rd->cx->arena);
    for (size_t i = 0; i < COUNT_OF(sorts); i++) {
        read_add_name(&names, sorts[i].key);
        if (m->node->type != NODE_MAP || node_get(m->node, sorts[i].key) == NULL)
            continue;
        m->out->sort = (enum migration_sort)i;
        found++;
    }
    if (found != 1)
        read_refuse(m->rd, m->node->place, "mỗi dòng “migrate” phải có một trong: %s",
            buf_string(&names));
    return found == 1;
}

/* A line of pack.yaml says which register it is about. */
static bool
reg_find(struct moving *m)
{
    const struct node *named = node_get(m->node, "register");
    if (m->reg != NULL && named != NULL)
        read_refuse(m->rd, named->key_place, "“register” chỉ ghi ở pack.yaml");
    if (m->reg != NULL)
        return named == NULL;
    const char *key = read_text(m->rd, m->node, "register");
    m->reg = key != NULL ? model_register(m->rd->model, key) : NULL;
    if (m->reg != NULL && strcmp(m->reg->pack, m->rd->pack->key) != 0)
        m->reg = NULL;
    if (key != NULL && m->reg == NULL && !m->rd->is_partial)
        read_refuse(m->rd, named->place, "gói này không có sổ “%s”",
            read_shown(m->rd->cx->arena, key));
    return m->reg != NULL;
}

static void
line_read(struct moving *m)
{
    static void (*const readers[])(struct moving *) = {[MIGRATE_FIELD] = field_line,
        [MIGRATE_CHOICE] = choice_line,
        [MIGRATE_STATE] = state_line,
        [MIGRATE_INDICATOR] = indicator_line};
    struct migration *line = m->out;
    const char *keys[COUNT_OF(sorts[0].keys) + 1] = {NULL};
    line->place = m->node->place;
    if (!sort_find(m))
        return;
    memcpy(keys, sorts[line->sort].keys, sizeof(sorts[line->sort].keys));
    if (!read_closed(m->rd, m->node, keys) || !reg_find(m))
        return;
    line->reg = m->reg->key;
    line->key = read_text(m->rd, m->node, sorts[line->sort].key);
    if (line->sort != MIGRATE_FIELD || node_get(m->node, "to") != NULL)
        line->to = read_text(m->rd, m->node, "to");
    if (line->key == NULL)
        return;
    pack_claim(m->rd, "dòng migrate",
        arena_printf(m->rd->cx->arena, "migrate %s %s %s", sorts[line->sort].key, line->reg,
            line->key),
        &line->place);
    readers[line->sort](m);
}

void
migrate_read(struct reader *rd, const struct node *node, const struct reg *reg)
{
    struct model *model = rd->model;
    if (!read_items(rd, node, NODE_LIST))
        return;
    for (int i = 0; i < node->count; i++) {
        struct migration *line = ARENA_NEW(rd->cx->arena, struct migration);
        struct moving m = {rd, reg, &node->items[i], line};
        line_read(&m);
        *ARENA_PUSH(rd->cx->arena, model->migrations, model->migration_count) = line;
    }
}
