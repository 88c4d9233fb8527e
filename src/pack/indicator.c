/* An indicator: what is counted or summed, where, by which date and cuts; and the digest by which
 * the store sees that its facts have to be made anew. */
#include "pack/read.h"

#include "base/log.h"
#include "base/vi.h"

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

/* "records" or the key of a list: what is counted one by one. False, without a fault, when the text
 * is neither. */
static bool
counted_find(struct counting *c, const char *text)
{
    const struct field *field = reg_field(c->reg, text);
    if (strcmp(text, "records") == 0)
        return true;
    if (field == NULL || field->kind != KIND_LIST)
        return false;
    c->indicator->list = field;
    return true;
}

static void
count_read(struct counting *c, const struct node *node)
{
    struct buf names = buf_new(c->rd->cx->arena);
    if (node->type == NODE_TEXT && counted_find(c, node->text))
        return;
    read_add_name(&names, "records");
    for (int i = 0; i < c->reg->field_count; i++)
        if (c->reg->fields[i].kind == KIND_LIST)
            read_add_name(&names, c->reg->fields[i].key);
    read_refuse_value(c->rd, node,
        arena_printf(c->rd->cx->arena, "một trong: %s", buf_string(&names)));
}

static void
sum_read(struct counting *c, const struct node *node)
{
    struct indicator *indicator = c->indicator;
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(c->rd, node, "một trường số");
        return;
    }
    const struct field *field = field_named(c, node);
    if (field == NULL || field->kind == KIND__COUNT)
        return;
    if (field->kind != KIND_INTEGER && field->kind != KIND_DECIMAL &&
        field->kind != KIND_QUANTITY) {
        read_refuse(c->rd, node->place,
            "không cộng được “%s” (%s); chờ %smột trường integer, decimal hoặc quantity",
            node->text, kind_key(field->kind),
            indicator->aggregation == AGG_STOCK ? "“records”, một danh sách, hoặc " : "");
        return;
    }
    indicator->sum = field;
    indicator->list = field->list;
    indicator->scale = field->decimals;
    indicator->by_measure = field->measure_count > 1;
}

static void
distinct_read(struct counting *c, const struct node *node)
{
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(c->rd, node, "“unit” hoặc một trường");
        return;
    }
    if (strcmp(node->text, "unit") == 0)
        return;
    const struct field *field = field_named(c, node);
    if (field == NULL || field->kind == KIND__COUNT)
        return;
    if (field->kind != KIND_UNIT && field->kind != KIND_PERSON && field->kind != KIND_REFERENCE &&
        field->kind != KIND_CHOICE) {
        read_refuse(c->rd, node->place,
            "không đếm giá trị khác nhau của “%s” (%s); chờ một trường unit, person, reference "
            "hoặc choice",
            node->text, kind_key(field->kind));
        return;
    }
    c->indicator->distinct = field;
    c->indicator->list = field->list;
}

static void
stock_read(struct counting *c, const struct node *node)
{
    if (node->type != NODE_TEXT || !counted_find(c, node->text))
        sum_read(c, node);
}

static void
until_read(struct counting *c, const struct node *node)
{
    size_t length;
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(c->rd, node, "một trường ngày");
        return;
    }
    if (entered_state(node, &length) != NULL) {
        read_refuse(c->rd, node->place,
            "“until”: chờ một trường ngày; “entered(…)” chỉ dùng ở “on”");
        return;
    }
    const struct field *field = field_named(c, node);
    if (field == NULL || field->kind == KIND__COUNT)
        return;
    if (field->kind != KIND_DATE || (field->list != NULL && field->list != c->indicator->list))
        read_refuse(c->rd, node->place,
            "“until”: chờ một trường ngày của sổ hoặc của danh sách được tính, gặp “%s”",
            node->text);
    else
        c->indicator->until = field;
}

/* What a ratio or a change names may be of a register that is read later. */
static void
base_read(struct counting *c, int place, const struct node *node)
{
    struct reader *rd = c->rd;
    if (node->type != NODE_TEXT || node_is_nothing(node))
        read_refuse_value(rd, node, "khóa của một chỉ số");
    else
        *ARENA_PUSH(rd->cx->arena, rd->bases, rd->base_count) =
            (struct pending_base){c->indicator, &c->indicator->bases[place], node, rd->pack};
}

static void
ratio_read(struct counting *c, const struct node *node)
{
    c->indicator->scale = RATIO_SCALE;
    if (node->type != NODE_LIST) {
        read_refuse_value(c->rd, node, "hai vế: [tử số, mẫu số]");
        return;
    }
    if (node->count != 2) {
        read_refuse(c->rd, node->place, "“ratio” có %d vế; chờ hai: [tử số, mẫu số]", node->count);
        return;
    }
    base_read(c, 0, &node->items[0]);
    base_read(c, 1, &node->items[1]);
}

static void
change_read(struct counting *c, const struct node *node)
{
    static const char *const keys[] = {"of", "against", NULL};
    if (!read_closed(c->rd, node, keys))
        return;
    const struct node *of = read_member(c->rd, node, "of");
    const struct node *against = read_member(c->rd, node, "against");
    if (of != NULL)
        base_read(c, 0, of);
    if (against != NULL &&
        (against->type != NODE_TEXT || strcmp(against->text, "year_before") != 0))
        read_refuse_value(c->rd, against, "year_before");
}

const struct indicator *
indicator_named(struct reader *rd, const struct node *node)
{
    const struct indicator *indicator = model_indicator(rd->model, node->text);
    struct buf names = buf_new(rd->cx->arena);
    if (indicator != NULL)
        read_check_use(rd, indicator->reg, node->place);
    if (indicator != NULL || rd->is_partial)
        return indicator;
    for (int i = 0; i < rd->model->indicator_count; i++)
        read_add_name(&names, rd->model->indicators[i].key);
    read_refuse(rd, node->place, "không có chỉ số “%s”; có: %s",
        read_shown(rd->cx->arena, node->text), buf_string(&names));
    return NULL;
}

/* One of the keys in "units(chi_bo, dang_uy)"; where the pack declares none, any key will do. */
static void
counted_key(struct reader *rd, const struct pending_base *pending, const char *word,
    const char *key, const struct choice *known, int known_count)
{
    struct arena *arena = rd->cx->arena;
    struct base *base = pending->base;
    bool is_good =
        known_count > 0 ? choice_among(known, known_count, key) != NULL : key_is_valid(key);
    if (!is_good)
        read_refuse(rd, pending->named->place, "“%s(…)”: chờ %s%s giữa các dấu phẩy, gặp “%s”",
            word, known_count > 0 ? "một trong: " : "khóa của loại đơn vị",
            known_count > 0 ? read_choice_names(arena, known, known_count) : "",
            read_shown(arena, key));
    for (int i = 0; i < base->key_count && is_good; i++)
        if (strcmp(base->keys[i], key) == 0)
            read_refuse(rd, pending->named->place,
                "“%s(…)” có “%s” hai lần; mỗi loại chỉ ghi một lần", word, key);
    *ARENA_PUSH(arena, base->keys, base->key_count) = key;
}

/* "units(chi_bo, dang_uy)": the keys between the brackets. False when the text has another form. */
static bool
counted_base(struct reader *rd, const struct pending_base *pending, const char *word,
    enum base_kind kind, const struct choice *known, int known_count)
{
    struct arena *arena = rd->cx->arena;
    const char *text = pending->named->text;
    size_t length = strlen(text), start = strlen(word);
    if (strncmp(text, word, start) != 0 || text[start] != '(')
        return false;
    if (text[length - 1] != ')') {
        read_refuse(rd, pending->named->place, "“%s” chưa đóng; chờ “)” ở cuối",
            read_shown(arena, text));
        return true;
    }
    if (pending->base != &pending->indicator->bases[1])
        read_refuse(rd, pending->named->place,
            "“%s(…)” chỉ đứng ở mẫu số của “ratio”; chờ khóa của một chỉ số", word);
    char *inner = arena_strndup(arena, text + start + 1, length - start - 2);
    pending->base->kind = kind;
    for (char *rest = inner, *item; (item = strsep(&rest, ",")) != NULL;)
        counted_key(rd, pending, word, vi_clean(arena, item), known, known_count);
    return true;
}

/* A ratio divides what is counted; it is no part of another one. */
static void
base_resolve(struct reader *rd, const struct pending_base *pending)
{
    const struct model *model = rd->model;
    rd->pack = pending->pack;
    if (counted_base(rd, pending, "units", BASE_UNITS, model->unit_kinds, model->unit_kind_count) ||
        counted_base(rd, pending, "people", BASE_PEOPLE, people_statuses, PEOPLE_STATUSES))
        return;
    pending->base->indicator = indicator_named(rd, pending->named);
    if (pending->base->indicator != NULL && !indicator_has_facts(pending->base->indicator))
        read_refuse(rd, pending->named->place,
            "“%s” là một tỷ lệ hay biến động; chờ một chỉ số được đếm hoặc cộng",
            pending->named->text);
}

void
indicator_resolve(struct reader *rd)
{
    for (int i = 0; i < rd->base_count; i++) {
        struct indicator *indicator = rd->bases[i].indicator;
        base_resolve(rd, &rd->bases[i]);
        if (indicator->aggregation == AGG_CHANGE && indicator->bases[0].indicator != NULL)
            indicator->scale = indicator->bases[0].indicator->scale;
    }
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
    if (field->is_private) {
        read_refuse(c->rd, node->place, "“%s” là trường riêng tư; không chia số liệu theo nó",
            node->text);
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
    int cuts = c->indicator->by_count + c->indicator->by_measure +
        (c->indicator->aggregation == AGG_STOCK);
    if (cuts > CUTS_MAX)
        read_refuse(c->rd, node->place, "chỉ số có %d cách chia%s; nhiều nhất là %d", cuts,
            cuts > c->indicator->by_count ? ", kể cả theo đơn vị tính và tăng, giảm" : "",
            CUTS_MAX);
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

uint64_t
field_never_null(const struct reg *reg, const struct field *field)
{
    uint64_t initial = UINT64_C(1) << reg->initial;
    uint64_t proved = ~initial, before;
    if (field->required)
        return proved;
    do {
        before = proved;
        for (int i = 0; i < reg->transition_count; i++) {
            const struct transition *transition = &reg->transitions[i];
            if (field->entered != NULL && field->entered->index == transition->to)
                continue;
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
    uint64_t bad = c->indicator->states & ~field_never_null(c->reg, on);
    for (int s = 0; s < c->reg->state_count; s++)
        if ((bad >> s & 1) != 0 && on->entered != NULL) {
            read_refuse(c->rd, place,
                "hồ sơ có thể đến trạng thái “%s” mà chưa qua “%s”; chờ “in” chỉ gồm các trạng "
                "thái từ “%s” trở đi",
                c->reg->states[s].key, on->entered->key, on->entered->key);
            return;
        } else if ((bad >> s & 1) != 0) {
            read_refuse(c->rd, place,
                "“%s” có thể trống ở trạng thái “%s”, nơi chỉ số “%s” được tính; chờ "
                "“required: true”, hoặc “needs: %s is not null” ở mọi bước chuyển đến đó",
                on->key, c->reg->states[s].key, c->indicator->key, on->key);
            return;
        }
}

/* A field, or the date that the program keeps for "entered(STATE)": register.c made it. */
static const struct field *
date_named(struct counting *c, const struct node *node)
{
    size_t length;
    const char *state = entered_state(node, &length);
    if (state == NULL)
        return field_named(c, node);
    return reg_field(c->reg,
        arena_printf(c->rd->cx->arena, "%.*s" ENTERED_SUFFIX, (int)length, state));
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
        const struct field *field = date_named(c, node);
        if (field == NULL || field->kind == KIND__COUNT)
            return;
        if (field->kind != KIND_DATE || field->list != NULL) {
            read_refuse(c->rd, node->place, "“on”: chờ một trường ngày của sổ, gặp %s“%s” (%s)",
                field->list != NULL ? "cột " : "", node->text, kind_key(field->kind));
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

/* Facts keep a choice by its place among all. */
static void
name_choices(struct buf *out, const struct field *field)
{
    for (int i = 0; i < field->choice_count; i++)
        buf_printf(out, " %s", field->choices[i].key);
}

/* Fowler, Noll, Vo: 64 bits over a text that says, in one form, all that decides the facts. */
static uint64_t
digest_of(struct arena *arena, const struct indicator *indicator)
{
    struct buf text = buf_new(arena);
    const struct reg *reg = indicator->reg;
    buf_printf(&text, "%s %s ", reg->key, aggregation_keys[indicator->aggregation]);
    if (indicator->sum != NULL)
        name_field(&text, indicator->sum);
    else if (indicator->distinct != NULL) {
        name_field(&text, indicator->distinct);
        name_choices(&text, indicator->distinct);
    } else if (indicator->aggregation == AGG_DISTINCT)
        buf_text(&text, "unit");
    else
        buf_text(&text, indicator->list != NULL ? indicator->list->key : "records");
    if (indicator->aggregation == AGG_DISTINCT)
        buf_text(&text, " key"); /* since schema 0007 */
    buf_printf(&text, " scale %d where ", indicator->scale);
    if (indicator->where != NULL)
        expr_print(&text, indicator->where);
    buf_printf(&text, " on %s in", indicator->on->key);
    if (indicator->until != NULL) {
        buf_text(&text, " until ");
        name_field(&text, indicator->until);
    }
    for (int s = 0; s < reg->state_count; s++)
        if ((indicator->states >> s & 1) != 0)
            buf_printf(&text, " %s", reg->states[s].key);
    for (int i = 0; i < indicator->by_count; i++) {
        buf_text(&text, " by ");
        name_field(&text, indicator->by[i]);
        name_choices(&text, indicator->by[i]);
    }
    for (int i = 0; indicator->by_measure && i < indicator->sum->measure_count; i++)
        buf_printf(&text, " measure %s", indicator->sum->measures[i]->key);
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.length; i++)
        digest = (digest ^ (unsigned char)text.bytes[i]) * UINT64_C(0x100000001b3);
    return digest;
}

/* The key that says how it is made, and what reads its value; in the order of the enum. */
static const struct {
    void (*read)(struct counting *, const struct node *);
    const char *keys[8]; /* that go with it besides "label" */
} aggregations[AGG__COUNT] = {
    [AGG_COUNT] = {count_read, {"where", "by", "on", "in"}},
    [AGG_SUM] = {sum_read, {"where", "by", "on", "in"}},
    [AGG_DISTINCT] = {distinct_read, {"where", "by", "on", "in"}},
    [AGG_STOCK] = {stock_read, {"where", "by", "on", "in", "until"}},
    [AGG_RATIO] = {ratio_read, {NULL}},
    [AGG_CHANGE] = {change_read, {NULL}},
};

/* Which of the aggregations a map names; exactly one must be there. AGG__COUNT after a fault. */
static enum aggregation
aggregation_find(struct reader *rd, const struct node *node, struct place place)
{
    enum aggregation found = AGG__COUNT;
    struct buf names = buf_new(rd->cx->arena);
    int count = 0;
    for (int i = 0; i < AGG__COUNT; i++) {
        read_add_name(&names, aggregation_keys[i]);
        if (node_get(node, aggregation_keys[i]) == NULL)
            continue;
        found = (enum aggregation)i;
        count++;
    }
    if (count == 1)
        return found;
    read_refuse(rd, place, "chỉ số “%s” phải có đúng một trong: %s", node->key, buf_string(&names));
    return AGG__COUNT;
}

/* Keys of the wrong aggregation are told with what this one takes. */
static void
check_keys(struct reader *rd, const struct node *node, enum aggregation aggregation)
{
    const char *keys[COUNT_OF(aggregations[0].keys) + AGG__COUNT + 2] = {"label"};
    int count = 1;
    if (aggregation == AGG__COUNT)
        for (int i = 0; i < AGG__COUNT; i++)
            keys[count++] = aggregation_keys[i];
    else
        keys[count++] = aggregation_keys[aggregation];
    const char *const *more =
        aggregations[aggregation == AGG__COUNT ? AGG_STOCK : aggregation].keys;
    for (int i = 0; more[i] != NULL; i++)
        keys[count++] = more[i];
    read_closed(rd, node, keys);
}

/* What makes facts: which, when and in which cuts. */
static void
facts_read(struct counting *c, const struct node *node)
{
    const struct node *where = node_get(node, "where"), *by = node_get(node, "by");
    const struct node *until = node_get(node, "until");
    if (where != NULL)
        where_read(c, where);
    if (by != NULL)
        by_read(c, by);
    if (until != NULL)
        until_read(c, until);
    states_read(c, node_get(node, "in"));
    on_read(c, node_get(node, "on"));
}

void
indicator_read(struct reader *rd, const struct node *node, const struct reg *reg,
    struct indicator *indicator)
{
    struct counting c = {rd, reg, indicator};
    int faults = rd->cx->faults.count;
    indicator->key = node->key;
    indicator->reg = reg;
    indicator->place = node->key_place;
    if (read_key(rd, node->key, node->key_place) != NULL)
        pack_enter(rd, "ind", "chỉ số", node->key, indicator, &indicator->place);
    if (node->type != NODE_MAP) {
        read_closed(rd, node, aggregation_keys);
        return;
    }
    enum aggregation aggregation = aggregation_find(rd, node, indicator->place);
    check_keys(rd, node, aggregation);
    read_label(rd, node, "label", &indicator->label);
    indicator->aggregation = aggregation == AGG__COUNT ? AGG_COUNT : aggregation;
    if (aggregation != AGG__COUNT)
        aggregations[aggregation].read(&c, node_get(node, aggregation_keys[aggregation]));
    if (!indicator_has_facts(indicator))
        return;
    facts_read(&c, node);
    if (rd->cx->faults.count == faults && indicator->on != NULL) {
        note_many_cuts(indicator);
        indicator->digest = digest_of(rd->cx->arena, indicator);
    }
}
