/* An indicator: what is counted or summed, where, by which date and cuts; and the digest by which
 * the store sees that its facts have to be made anew. */
#include "pack/read.h"

#include "base/log.h"

#include <string.h>

enum { CUTS_MANY = 64 }; /* more combinations than this are worth a note */

struct counting {
    struct reader *rd;
    const struct reg *reg;
    struct indicator *indicator;
};

static const struct field *
refuse_field(struct counting *c, const struct node *node, const struct field *list)
{
    struct arena *arena = c->rd->cx->arena;
    const char *name = read_shown(arena, node->text);
    if (list != NULL)
        read_refuse(c->rd, node->place, "không có “%s”; cột của “%s”: %s", name, list->key,
            read_field_names(arena, list->fields, list->field_count));
    else
        read_refuse(c->rd, node->place, "không có trường “%s”; có: %s", name,
            read_field_names(arena, c->reg->fields, c->reg->field_count));
    return NULL;
}

/* The field that "key" or "list.key" names. */
static const struct field *
field_named(struct counting *c, const struct node *node)
{
    const char *point = strchr(node->text, '.');
    if (point == NULL) {
        const struct field *field = reg_field(c->reg, node->text);
        return field != NULL ? field : refuse_field(c, node, NULL);
    }
    const struct field *list = reg_field(c->reg,
        arena_strndup(c->rd->cx->arena, node->text, (size_t)(point - node->text)));
    if (list == NULL || list->kind != KIND_LIST)
        return refuse_field(c, node, NULL);
    const struct field *field = list_field(list, point + 1);
    return field != NULL ? field : refuse_field(c, node, list);
}

static void
count_read(struct counting *c, const struct node *node)
{
    c->indicator->aggregation = AGG_COUNT;
    if (node->type == NODE_TEXT && strcmp(node->text, "records") == 0)
        return;
    struct buf names = buf_new(c->rd->cx->arena);
    read_add_name(&names, "records");
    for (int i = 0; i < c->reg->field_count; i++) {
        const struct field *field = &c->reg->fields[i];
        if (field->kind != KIND_LIST)
            continue;
        read_add_name(&names, field->key);
        if (node->type == NODE_TEXT && strcmp(node->text, field->key) == 0) {
            c->indicator->list = field;
            return;
        }
    }
    read_refuse_value(c->rd, node,
        arena_printf(c->rd->cx->arena, "một trong: %s", buf_string(&names)));
}

static void
sum_read(struct counting *c, const struct node *node)
{
    struct indicator *indicator = c->indicator;
    indicator->aggregation = AGG_SUM;
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(c->rd, node, "một trường số");
        return;
    }
    const struct field *field = field_named(c, node);
    if (field == NULL || field->kind == KIND__COUNT)
        return;
    if (field->kind != KIND_INTEGER && field->kind != KIND_QUANTITY) {
        read_refuse(c->rd, node->place,
            "không cộng được “%s” (%s); chờ một trường integer hoặc quantity", node->text,
            kind_key(field->kind));
        return;
    }
    indicator->sum = field;
    indicator->list = field->list;
    indicator->scale = field->decimals;
    indicator->by_measure = field->measure_count > 1;
}

static void
where_read(struct counting *c, const struct node *node)
{
    const struct field *list = NULL;
    struct indicator *indicator = c->indicator;
    indicator->where = register_read_condition(c->rd, node, c->reg, &list);
    if (indicator->where != NULL)
        indicator->where_text = arena_strdup(c->rd->cx->arena, node->text);
    if (indicator->where == NULL || list == NULL || list == indicator->list)
        return;
    if (indicator->list == NULL)
        read_refuse(c->rd, node->place,
            "điều kiện đọc cột của danh sách “%s”, nhưng chỉ số không tính theo các dòng của nó",
            list->key);
    else
        read_refuse(c->rd, node->place, "điều kiện đọc cột của danh sách “%s”; chờ cột của “%s”",
            list->key, indicator->list->key);
}

static void
cut_read(struct counting *c, const struct node *node)
{
    struct indicator *indicator = c->indicator;
    const struct field *field = field_named(c, node);
    if (field == NULL || field->kind == KIND__COUNT)
        return;
    if (field->kind != KIND_CHOICE && field->kind != KIND_BOOLEAN) {
        read_refuse(c->rd, node->place,
            "không chia được theo “%s” (%s); chờ một trường choice hoặc boolean", node->text,
            kind_key(field->kind));
        return;
    }
    if (field->list != NULL && field->list != indicator->list) {
        read_refuse(c->rd, node->place,
            "“%s” là cột của danh sách “%s”, nhưng chỉ số không tính theo các dòng của nó",
            node->text, field->list->key);
        return;
    }
    for (int i = 0; i < indicator->by_count; i++)
        if (strcmp(indicator->by[i]->key, field->key) == 0) {
            read_refuse(c->rd, node->place, "cách chia “%s” bị lặp", field->key);
            return;
        }
    if (field->choice_count > CUT_VALUES_MAX) {
        read_refuse(c->rd, node->place, "“%s” có %d lựa chọn; chia được theo nhiều nhất %d",
            node->text, field->choice_count, CUT_VALUES_MAX);
        return;
    }
    indicator->by[indicator->by_count++] = field;
}

static void
by_read(struct counting *c, const struct node *node)
{
    const struct node *names;
    int count = read_names(c->rd, node, &names);
    c->indicator->by = ARENA_ARRAY(c->rd->cx->arena, const struct field *, (size_t)count);
    for (int i = 0; i < count; i++)
        cut_read(c, &names[i]);
    int cuts = c->indicator->by_count + c->indicator->by_measure;
    if (cuts > CUTS_MAX)
        read_refuse(c->rd, node->place, "chỉ số có %d cách chia%s; nhiều nhất là %d", cuts,
            c->indicator->by_measure ? ", kể cả theo đơn vị tính" : "", CUTS_MAX);
}

/* Counted no further than it takes to see that they are many. */
static void
note_many_cuts(const struct indicator *indicator)
{
    int64_t cuts = indicator->by_measure ? indicator->sum->measure_count : 1;
    for (int i = 0; i < indicator->by_count && cuts <= CUTS_MANY; i++)
        cuts *= indicator->by[i]->kind == KIND_BOOLEAN ? 2 : indicator->by[i]->choice_count;
    if (cuts > CUTS_MANY)
        log_note("indicator \"%s\" has more than %d combinations of its cuts", indicator->key,
            CUTS_MANY);
}

static void
states_read(struct counting *c, const struct node *in)
{
    const struct node *names;
    int count = in != NULL ? read_names(c->rd, in, &names) : 0;
    for (int i = 0; i < count; i++) {
        const struct state *state = reg_state(c->reg, names[i].text);
        if (state != NULL)
            c->indicator->states |= UINT64_C(1) << state->index;
        else if (c->rd->flow_is_known)
            read_refuse(c->rd, names[i].place, "không có trạng thái “%s” trong sổ “%s”",
                read_shown(c->rd->cx->arena, names[i].text), c->reg->key);
    }
    for (int i = 0; in == NULL && i < c->reg->state_count; i++)
        if (c->reg->states[i].counts)
            c->indicator->states |= UINT64_C(1) << i;
    if (in == NULL && c->indicator->states == 0 && c->rd->flow_is_known)
        read_refuse(c->rd, c->indicator->place,
            "chỉ số “%s” không tính ở trạng thái nào; ghi “counts: true” ở một trạng thái, "
            "hoặc “in”",
            c->indicator->key);
}

/* The states in which the field cannot be null: it is required, or each way there from the initial
 * state leads through a transition that needs it. */
static uint64_t
never_null(const struct reg *reg, const struct field *field)
{
    uint64_t initial = UINT64_C(1) << reg->initial;
    uint64_t proved = ~initial, before;
    if (field->required)
        return proved;
    do {
        before = proved;
        for (int i = 0; i < reg->transition_count; i++) {
            const struct transition *transition = &reg->transitions[i];
            if (transition->needs != NULL && expr_excludes_null(transition->needs, field))
                continue;
            for (int j = 0; j < transition->from_count; j++)
                if ((proved >> transition->from[j] & 1) == 0)
                    proved &= ~(UINT64_C(1) << transition->to);
        }
    } while (proved != before);
    return proved;
}

static void
check_never_null(struct counting *c, struct place place)
{
    const struct field *on = c->indicator->on;
    uint64_t bad = c->indicator->states & ~never_null(c->reg, on);
    for (int s = 0; s < c->reg->state_count; s++)
        if ((bad >> s & 1) != 0) {
            read_refuse(c->rd, place,
                "“%s” có thể trống ở trạng thái “%s”, nơi chỉ số “%s” được tính; chờ "
                "“required: true”, hoặc “needs: %s is not null” ở mọi bước chuyển đến đó",
                on->key, c->reg->states[s].key, c->indicator->key, on->key);
            return;
        }
}

static void
on_read(struct counting *c, const struct node *node)
{
    struct indicator *indicator = c->indicator;
    struct place place = node != NULL ? node->place : indicator->place;
    indicator->on = c->reg->counted_on;
    if (node != NULL) {
        indicator->on = NULL;
        if (node->type != NODE_TEXT || node_is_nothing(node)) {
            read_refuse_value(c->rd, node, "một trường ngày của sổ");
            return;
        }
        const struct field *field = field_named(c, node);
        if (field == NULL || field->kind == KIND__COUNT)
            return;
        if (field->kind != KIND_DATE || field->list != NULL) {
            read_refuse(c->rd, node->place, "“on”: chờ một trường ngày của sổ, gặp “%s” (%s)",
                node->text, kind_key(field->kind));
            return;
        }
        indicator->on = field;
    }
    if (indicator->on == NULL && c->rd->date_is_known)
        read_refuse(c->rd, place,
            "chỉ số “%s” không có ngày để tính; ghi “on”, hoặc “counted_on” của sổ",
            indicator->key);
    else if (indicator->on != NULL && indicator->on->kind == KIND_DATE && c->rd->flow_is_known)
        check_never_null(c, place);
}

static void
name_field(struct buf *out, const struct field *field)
{
    if (field->list != NULL)
        buf_printf(out, "%s.", field->list->key);
    buf_text(out, field->key);
}

/* Fowler, Noll, Vo: 64 bits over a text that says, in one form, all that decides the facts. */
static uint64_t
digest_of(struct arena *arena, const struct indicator *indicator)
{
    struct buf text = buf_new(arena);
    const struct reg *reg = indicator->reg;
    buf_printf(&text, "%s %s ", reg->key, indicator->aggregation == AGG_SUM ? "sum" : "count");
    if (indicator->sum != NULL)
        name_field(&text, indicator->sum);
    else
        buf_text(&text, indicator->list != NULL ? indicator->list->key : "records");
    buf_printf(&text, " scale %d where ", indicator->scale);
    if (indicator->where != NULL)
        expr_print(&text, indicator->where);
    buf_printf(&text, " on %s in", indicator->on->key);
    for (int s = 0; s < reg->state_count; s++)
        if ((indicator->states >> s & 1) != 0)
            buf_printf(&text, " %s", reg->states[s].key);
    for (int i = 0; i < indicator->by_count; i++) {
        buf_text(&text, " by ");
        name_field(&text, indicator->by[i]);
        for (int j = 0; j < indicator->by[i]->choice_count; j++)
            buf_printf(&text, " %s", indicator->by[i]->choices[j].key);
    }
    for (int i = 0; indicator->by_measure && i < indicator->sum->measure_count; i++)
        buf_printf(&text, " measure %s", indicator->sum->measures[i]->key);
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.length; i++)
        digest = (digest ^ (unsigned char)text.bytes[i]) * UINT64_C(0x100000001b3);
    return digest;
}

void
indicator_read(struct reader *rd, const struct node *node, const struct reg *reg,
    struct indicator *indicator)
{
    static const char *const keys[] = {"label", "count", "sum", "where", "by", "on", "in", NULL};
    struct counting c = {rd, reg, indicator};
    int faults = rd->cx->faults.count;
    indicator->key = node->key;
    indicator->reg = reg;
    indicator->place = node->key_place;
    if (read_key(rd, node->key, node->key_place) != NULL)
        pack_enter(rd, "ind", "chỉ số", node->key, indicator, &indicator->place);
    if (!read_closed(rd, node, keys))
        return;
    const struct node *count = node_get(node, "count"), *sum = node_get(node, "sum");
    const struct node *where = node_get(node, "where"), *by = node_get(node, "by");
    read_label(rd, node, "label", &indicator->label);
    if ((count == NULL) == (sum == NULL))
        read_refuse(rd, indicator->place, "chỉ số “%s” phải có một trong hai: count, sum",
            node->key);
    else if (count != NULL)
        count_read(&c, count);
    else
        sum_read(&c, sum);
    if (where != NULL)
        where_read(&c, where);
    if (by != NULL)
        by_read(&c, by);
    states_read(&c, node_get(node, "in"));
    on_read(&c, node_get(node, "on"));
    if (rd->cx->faults.count == faults && indicator->on != NULL) {
        note_many_cuts(indicator);
        indicator->digest = digest_of(rd->cx->arena, indicator);
    }
}
