/* A register, from one file: its head and checks; what is larger has a file of its own. */
#include "pack/read.h"

#include <string.h>

/* Longest name of a table in PostgreSQL is 63 bytes; an index adds to it. */
enum { TABLE_NAME_MAX = 54 };

const struct expr *
register_read_condition(struct reader *rd, const struct node *node, const struct reg *reg,
    const struct field **list)
{
    const struct expr *that;
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(rd, node, "một điều kiện");
        return NULL;
    }
    struct place start = node_place(node, 0);
    int faults = rd->cx->faults.count;
    if (expr_parse(rd->cx, reg, node->text, start, &that, list) == OK)
        return that;
    /* What the parser counts on from the start, the file may have written in more columns. */
    for (; faults < rd->cx->faults.count; faults++) {
        struct fault *fault = &rd->cx->faults.items[faults];
        fault->column = node_place(node, fault->column - start.column).column;
    }
    return NULL;
}

static void
check_read(struct reader *rd, const struct node *node, const struct reg *reg, struct check *check)
{
    static const char *const keys[] = {"that", "message", NULL};
    check->place = node->place;
    if (!read_closed(rd, node, keys))
        return;
    const struct node *that = read_member(rd, node, "that");
    if (that != NULL)
        check->that = register_read_condition(rd, that, reg, &check->list);
    read_label(rd, node, "message", &check->message);
}

static void
checks_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    if (!read_items(rd, node, NODE_LIST))
        return;
    reg->checks = ARENA_ARRAY(rd->cx->arena, struct check, (size_t)node->count);
    reg->check_count = node->count;
    for (int i = 0; i < node->count; i++)
        check_read(rd, &node->items[i], reg, &reg->checks[i]);
}

static void
indicators_read(struct reader *rd, const struct node *node, const struct reg *reg)
{
    if (!read_items(rd, node, NODE_MAP))
        return;
    for (int i = 0; i < node->count; i++) {
        struct indicator *indicator = &rd->model->indicators[rd->model->indicator_count];
        indicator->index = rd->model->indicator_count++;
        indicator_read(rd, &node->items[i], reg, indicator);
    }
}

static void
visibility_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < VISIBILITY__COUNT; i++) {
        read_add_name(&names, visibility_keys[i]);
        if (node->type == NODE_TEXT && strcmp(node->text, visibility_keys[i]) == 0) {
            reg->visibility = (enum visibility)i;
            return;
        }
    }
    read_refuse_value(rd, node, arena_printf(rd->cx->arena, "một trong: %s", buf_string(&names)));
}

static void
counted_on_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    struct buf dates = buf_new(rd->cx->arena);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        bool is_named = node->type == NODE_TEXT && strcmp(node->text, field->key) == 0;
        if (is_named && (field->kind == KIND_DATE || field->kind == KIND__COUNT)) {
            reg->counted_on = field;
            return;
        }
        if (field->kind == KIND_DATE)
            read_add_name(&dates, field->key);
    }
    read_refuse_value(rd, node,
        arena_printf(rd->cx->arena, "một trường ngày của sổ (có: %s)", buf_string(&dates)));
}

/* Registers and their lists become tables, r_REGISTER and r_REGISTER_LIST: "a_b" and the list "b"
 * of "a" would be one. */
static void
check_table(struct reader *rd, const char *name, struct place *place)
{
    if (strlen(name) > TABLE_NAME_MAX)
        read_refuse(rd, *place, "tên bảng “%s” dài quá %d ký tự; chọn khóa ngắn hơn", name,
            TABLE_NAME_MAX);
    pack_claim(rd, "bảng", name, place);
}

static void
check_tables(struct reader *rd, struct reg *reg)
{
    check_table(rd, arena_printf(rd->cx->arena, "r_%s", reg->key), &reg->place);
    for (int i = 0; i < reg->field_count; i++)
        if (reg->fields[i].kind == KIND_LIST)
            check_table(rd, arena_printf(rd->cx->arena, "r_%s_%s", reg->key, reg->fields[i].key),
                &reg->fields[i].place);
}

void
register_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    static const char *const keys[] = {"register", "label", "visibility", "counted_on", "fields",
        "states", "transitions", "checks", "indicators", NULL};
    const struct node *visibility = node_get(node, "visibility");
    const struct node *counted_on = node_get(node, "counted_on");
    const struct node *checks = node_get(node, "checks");
    const struct node *indicators = node_get(node, "indicators");
    reg->visibility = VISIBILITY_NOI_BO;
    reg->place = node->place;
    read_closed(rd, node, keys);
    reg->key = read_text(rd, node, "register");
    if (reg->key == NULL || read_key(rd, reg->key, node_get(node, "register")->place) == NULL)
        reg->key = "";
    read_label(rd, node, "label", &reg->label);
    if (visibility != NULL)
        visibility_read(rd, visibility, reg);
    const struct node *fields = read_member(rd, node, "fields");
    if (fields != NULL)
        kind_read_fields(rd, fields, NULL, &reg->fields, &reg->field_count);
    if (counted_on != NULL)
        counted_on_read(rd, counted_on, reg);
    rd->date_is_known = (counted_on == NULL) == (reg->counted_on == NULL);
    workflow_read(rd, node, reg);
    if (checks != NULL)
        checks_read(rd, checks, reg);
    if (indicators != NULL)
        indicators_read(rd, indicators, reg);
    if (reg->key[0] != '\0' && pack_enter(rd, "reg", "sổ", reg->key, reg, &reg->place))
        check_tables(rd, reg);
}
