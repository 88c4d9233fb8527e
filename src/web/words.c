/* From the model to sentences. */
#include "web/words.h"

#include "base/date.h"
#include "base/number.h"

#include <string.h>

const char *
words_level(const char *level)
{
    static const char *const labels[][2] = {{"quoc_gia", "cả nước"}, {"tinh", "cấp tỉnh"},
        {"huyen", "cấp huyện"}, {"xa", "cấp xã"}, {"co_so", "cấp cơ sở"}, {"chi_bo", "chi bộ"}};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], level) == 0)
            return labels[i][1];
    }
    return level;
}

const char *
words_counted(struct arena *arena, const struct indicator *indicator)
{
    static const char *const verbs[AGG__COUNT] = {[AGG_COUNT] = "đếm số",
        [AGG_SUM] = "cộng",
        [AGG_DISTINCT] = "đếm mỗi giá trị một lần:",
        [AGG_STOCK] = "hiện có đến ngày cuối:",
        [AGG_RATIO] = "tử số chia cho mẫu số",
        [AGG_CHANGE] = "kỳ này trừ cùng kỳ năm trước"};
    const char *verb = verbs[indicator->aggregation];
    const char *list = indicator->list == NULL ? NULL : indicator->list->label.vi;
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    if (!indicator_has_facts(indicator))
        return verb;
    const char *what = field != NULL             ? arena_printf(arena, "“%s”", field->label.vi)
        : indicator->aggregation == AGG_DISTINCT ? "đơn vị"
        : list == NULL                           ? "hồ sơ"
                                                 : arena_printf(arena, "dòng “%s”", list);
    if (list != NULL && field != NULL)
        return arena_printf(arena, "%s %s ở từng dòng “%s” của các hồ sơ", verb, what, list);
    if (list != NULL || field != NULL)
        return arena_printf(arena, "%s %s của các hồ sơ", verb, what);
    return arena_printf(arena, "%s %s", verb, what);
}

static const char *
label_of(const struct choice *choices, int count, const char *key)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(choices[i].key, key) == 0)
            return choices[i].label.vi;
    }
    return key;
}

const char *
words_base(struct arena *arena, const struct world *world, const struct base *base)
{
    const struct model *model = world->model;
    struct buf out = buf_new(arena);
    if (base->kind == BASE_INDICATOR)
        return base->indicator->label.vi;
    bool is_units = base->kind == BASE_UNITS;
    buf_text(&out, is_units ? "Số đơn vị ngày cuối kỳ: " : "Số người ngày cuối kỳ: ");
    for (int i = 0; i < base->key_count; i++)
        buf_printf(&out, "%s%s", i > 0 ? ", " : "",
            is_units ? label_of(model->unit_kinds, model->unit_kind_count, base->keys[i])
                     : label_of(people_statuses, PEOPLE_STATUSES, base->keys[i]));
    return buf_string(&out);
}

const char *
words_states(struct arena *arena, const struct indicator *indicator)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < indicator->reg->state_count; i++) {
        if (indicator->states >> i & 1)
            buf_printf(&out, "%s%s", out.length > 0 ? ", " : "",
                indicator->reg->states[i].label.vi);
    }
    return buf_string(&out);
}

struct words {
    struct buf *out;
    const struct world *world;
};

static void add_expr(const struct words *, const struct expr *);

static void
add_field(const struct words *words, const struct field *field)
{
    if (field->list != NULL)
        buf_printf(words->out, "%s – ", field->list->label.vi);
    buf_text(words->out, field->label.vi);
}

static void
add_number(const struct words *words, const struct expr *expr)
{
    struct arena *arena = words->out->arena;
    const struct unit *unit = NULL;
    switch (expr->type) {
    case TYPE_CHOICE:
        buf_text(words->out, expr->field->choices[expr->number].label.vi);
        break;
    case TYPE_DATE:
        buf_text(words->out, date_show(arena, (int32_t)expr->number));
        break;
    case TYPE_BOOLEAN:
        buf_text(words->out, expr->number != 0 ? "có" : "không");
        break;
    case TYPE_UNIT:
        unit = tree_unit(words->world->tree, expr->number);
        buf_text(words->out, unit == NULL ? "đơn vị" : unit_named(unit, words->world->today)->name);
        break;
    default:
        buf_text(words->out, number_show(arena, expr->number, expr->scale));
    }
}

static void
add_between(const struct words *words, const struct expr *expr, const char *between)
{
    for (int i = 0; i < expr->item_count; i++) {
        if (i > 0)
            buf_text(words->out, between);
        add_expr(words, expr->items[i]);
    }
}

/* In brackets when something of another kind stands around it. */
static void
add_group(const struct words *words, const struct expr *expr, const char *between)
{
    buf_char(words->out, '(');
    add_between(words, expr, between);
    buf_char(words->out, ')');
}

static void
add_in(const struct words *words, const struct expr *expr)
{
    add_expr(words, expr->items[0]);
    buf_text(words->out, expr->item_count > 2 ? " là một trong: " : " là ");
    for (int i = 1; i < expr->item_count; i++) {
        if (i > 1)
            buf_text(words->out, ", ");
        add_expr(words, expr->items[i]);
    }
}

static void
add_around(const struct words *words, const char *before, const struct expr *expr,
    const char *after)
{
    buf_text(words->out, before);
    add_expr(words, expr->items[0]);
    buf_text(words->out, after);
}

static void
add_expr(const struct words *words, const struct expr *expr)
{
    static const char *const between[EXPR__COUNT] = {[EXPR_EQ] = " là ",
        [EXPR_NE] = " khác ",
        [EXPR_LT] = " < ",
        [EXPR_LE] = " ≤ ",
        [EXPR_GT] = " > ",
        [EXPR_GE] = " ≥ ",
        [EXPR_AND] = "; và "};
    static const char *const grouped[EXPR__COUNT] =
        {[EXPR_ADD] = " + ", [EXPR_SUB] = " − ", [EXPR_MUL] = " × ", [EXPR_OR] = " hoặc "};
    switch (expr->op) {
    case EXPR_FIELD:
        add_field(words, expr->field);
        break;
    case EXPR_NUMBER:
        add_number(words, expr);
        break;
    case EXPR_TEXT:
        buf_printf(words->out, "“%s”", expr->text);
        break;
    case EXPR_IN:
        add_in(words, expr);
        break;
    case EXPR_NOT:
        add_around(words, "không phải (", expr, ")");
        break;
    case EXPR_NEG:
        add_around(words, "−", expr, "");
        break;
    case EXPR_IS_NULL:
        add_around(words, "", expr, " còn trống");
        break;
    case EXPR_IS_NOT_NULL:
        add_around(words, "", expr, " đã ghi");
        break;
    default:
        if (grouped[expr->op] != NULL)
            add_group(words, expr, grouped[expr->op]);
        else
            add_between(words, expr, between[expr->op]);
    }
}

const char *
words_condition(struct arena *arena, const struct world *world, const struct expr *expr)
{
    struct buf out = buf_new(arena);
    struct words words = {&out, world};
    if (expr != NULL)
        add_expr(&words, expr);
    return buf_string(&out);
}
