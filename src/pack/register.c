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
    static const char *const keys[] = {"that", "message", "notice", NULL};
    check->place = node->place;
    if (!read_closed(rd, node, keys))
        return;
    const struct node *that = read_member(rd, node, "that");
    if (that != NULL)
        check->that = register_read_condition(rd, that, reg, &check->list);
    read_label(rd, node, "message", &check->message);
    read_bool(rd, node, "notice", &check->is_notice);
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

/* A rule between two figures: that one is at most the other. */
static void
notice_read(struct reader *rd, const struct node *node, struct notice *notice)
{
    static const char *const keys[] = {"indicator", "at_most", "message", NULL};
    notice->place = node->place;
    if (!read_closed(rd, node, keys))
        return;
    read_label(rd, node, "message", &notice->message);
    if (read_text(rd, node, "indicator") != NULL && read_text(rd, node, "at_most") != NULL)
        *ARENA_PUSH(rd->cx->arena, rd->notices, rd->notice_count) = (struct pending_notice){notice,
            node_get(node, "indicator"), node_get(node, "at_most"), rd->pack};
}

static void
notices_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    if (!read_items(rd, node, NODE_LIST))
        return;
    reg->notices = ARENA_ARRAY(rd->cx->arena, struct notice, (size_t)node->count);
    reg->notice_count = node->count;
    for (int i = 0; i < node->count; i++)
        notice_read(rd, &node->items[i], &reg->notices[i]);
}

void
notice_resolve(struct reader *rd)
{
    for (int i = 0; i < rd->notice_count; i++) {
        const struct pending_notice *pending = &rd->notices[i];
        struct notice *notice = pending->notice;
        rd->pack = pending->pack;
        notice->indicator = indicator_named(rd, pending->indicator);
        notice->at_most = indicator_named(rd, pending->at_most);
        if (notice->indicator != NULL && notice->at_most != NULL &&
            notice->indicator->scale != notice->at_most->scale)
            read_refuse(rd, pending->at_most->place,
                "“%s” có %d chữ số thập phân, “%s” có %d; chờ hai chỉ số có cùng số chữ số",
                pending->indicator->text, notice->indicator->scale, pending->at_most->text,
                notice->at_most->scale);
    }
}

const char *
entered_state(const struct node *node, size_t *length)
{
    static const char word[] = "entered(";
    const char *text = node->type == NODE_TEXT ? node->text : "";
    if (strncmp(text, word, sizeof(word) - 1) != 0)
        return NULL;
    text += sizeof(word) - 1;
    *length = strcspn(text, ")");
    if (strcmp(text + *length, ")") != 0)
        *length = 0;
    return text;
}

/* The date of the last entry into a state is a field like any other, which the program fills in: it
 * is stored, exported, corrected and recounted as such. */
static void
entry_add(struct reader *rd, struct reg *reg, const struct state *state, struct place place)
{
    struct arena *arena = rd->cx->arena;
    const char *key = arena_printf(arena, "%s" ENTERED_SUFFIX, state->key);
    if (reg_field(reg, key) != NULL)
        return;
    struct field *field = &reg->fields[reg->field_count];
    *field = (struct field){.key = key,
        .kind = KIND_DATE,
        .index = reg->field_count++,
        .entered = state,
        .min = INT64_MIN,
        .max = INT64_MAX,
        .place = place};
    field->label.vi = arena_printf(arena, "Ngày chuyển sang “%s”", state->label.vi);
    field->label.en = arena_printf(arena, "Date of “%s”", state->label.en);
    field->known_in = field_never_null(reg, field);
}

static const char *
names_of_entered(struct reader *rd, const struct reg *reg)
{
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; i < reg->state_count; i++)
        if (!reg->states[i].initial)
            read_add_name(&names, reg->states[i].key);
    return buf_string(&names);
}

/* For each "on: entered(STATE)" among the indicators. */
static void
entries_add(struct reader *rd, const struct node *indicators, struct reg *reg)
{
    for (int i = 0; indicators->type == NODE_MAP && i < indicators->count; i++) {
        const struct node *on = node_get(&indicators->items[i], "on");
        size_t length;
        const char *named = on == NULL ? NULL : entered_state(on, &length);
        if (named == NULL)
            continue;
        const struct state *state = reg_state(reg, arena_strndup(rd->cx->arena, named, length));
        if (state != NULL && !state->initial)
            entry_add(rd, reg, state, on->place);
        else if (rd->flow_is_known)
            read_refuse(rd, on->place, "“%s”: chờ entered(…) với một trạng thái để chuyển sang: %s",
                read_shown(rd->cx->arena, on->text), names_of_entered(rd, reg));
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
        "states", "transitions", "checks", "notices", "indicators", "migrate", NULL};
    const struct node *visibility = node_get(node, "visibility");
    const struct node *counted_on = node_get(node, "counted_on");
    const struct node *checks = node_get(node, "checks");
    const struct node *notices = node_get(node, "notices");
    const struct node *indicators = node_get(node, "indicators");
    int entries = indicators == NULL ? 0 : indicators->count;
    const struct node *migrate = node_get(node, "migrate");
    reg->pack = rd->pack->key;
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
        kind_read_fields(rd, fields, NULL, entries, &reg->fields, &reg->field_count);
    if (counted_on != NULL)
        counted_on_read(rd, counted_on, reg);
    rd->date_is_known = (counted_on == NULL) == (reg->counted_on == NULL);
    workflow_read(rd, node, reg);
    if (indicators != NULL && reg->fields != NULL)
        entries_add(rd, indicators, reg);
    if (checks != NULL)
        checks_read(rd, checks, reg);
    if (notices != NULL)
        notices_read(rd, notices, reg);
    if (indicators != NULL)
        indicators_read(rd, indicators, reg);
    if (migrate != NULL)
        migrate_read(rd, migrate, reg);
    if (reg->key[0] != '\0' && pack_enter(rd, "reg", "sổ", reg->key, reg, &reg->place))
        check_tables(rd, reg);
}
