/* From the model to sentences. */
#include "web/words.h"

#include "base/catalogue.h"
#include "base/date.h"
#include "base/number.h"

#include <string.h>

const char *
words_level(const struct ctx *cx, const char *level)
{
    static const char *const labels[][2] = {{"quoc_gia", N_("cả nước")}, {"tinh", N_("cấp tỉnh")},
        {"huyen", N_("cấp huyện")}, {"xa", N_("cấp xã")}, {"co_so", N_("cấp cơ sở")},
        {"chi_bo", N_("chi bộ")}};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], level) == 0)
            return tr(cx, labels[i][1]);
    }
    return level;
}

const char *
words_counted(const struct ctx *cx, const struct indicator *indicator)
{
    static const char *const verbs[AGG__COUNT] = {[AGG_COUNT] = N_("đếm số"),
        [AGG_SUM] = N_("cộng"),
        [AGG_DISTINCT] = N_("đếm mỗi giá trị một lần:"),
        [AGG_STOCK] = N_("hiện có đến ngày cuối:"),
        [AGG_RATIO] = N_("tử số chia cho mẫu số"),
        [AGG_CHANGE] = N_("kỳ này trừ cùng kỳ năm trước")};
    const char *verb = tr(cx, verbs[indicator->aggregation]);
    const char *list = indicator->list == NULL ? NULL : label_text(cx, &indicator->list->label);
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    if (!indicator_has_facts(indicator))
        return verb;
    const char *what = field != NULL
        ? arena_printf(cx->arena, "“%s”", label_text(cx, &field->label))
        : indicator->aggregation == AGG_DISTINCT ? tr(cx, "đơn vị")
        : list == NULL                           ? tr(cx, "hồ sơ")
                       : arena_printf(cx->arena, tr(cx, "dòng “%s”"), list);
    if (list != NULL && field != NULL)
        return arena_printf(cx->arena, tr(cx, "%s %s ở từng dòng “%s” của các hồ sơ"), verb, what,
            list);
    if (list != NULL || field != NULL)
        return arena_printf(cx->arena, tr(cx, "%s %s của các hồ sơ"), verb, what);
    return arena_printf(cx->arena, "%s %s", verb, what);
}

const char *
words_base(const struct ctx *cx, const struct base *base)
{
    const struct model *model = cx->world->model;
    struct buf out = buf_new(cx->arena);
    if (base->kind == BASE_INDICATOR)
        return label_text(cx, &base->indicator->label);
    bool is_units = base->kind == BASE_UNITS;
    buf_text(&out,
        is_units ? tr(cx, "Số đơn vị ngày cuối kỳ: ") : tr(cx, "Số người ngày cuối kỳ: "));
    for (int i = 0; i < base->key_count; i++)
        buf_printf(&out, "%s%s", i > 0 ? ", " : "",
            is_units ? choice_label(cx, model->unit_kinds, model->unit_kind_count, base->keys[i])
                     : choice_label(cx, people_statuses, PEOPLE_STATUSES, base->keys[i]));
    return buf_string(&out);
}

const char *
words_states(const struct ctx *cx, const struct indicator *indicator)
{
    struct buf out = buf_new(cx->arena);
    for (int i = 0; i < indicator->reg->state_count; i++) {
        if (indicator->states >> i & 1)
            buf_printf(&out, "%s%s", out.length > 0 ? ", " : "",
                label_text(cx, &indicator->reg->states[i].label));
    }
    return buf_string(&out);
}

struct words {
    struct buf *out;
    const struct ctx *cx;
};

static void add_expr(const struct words *, const struct expr *);

static void
add_field(const struct words *words, const struct field *field)
{
    if (field->list != NULL)
        buf_printf(words->out, "%s – ", label_text(words->cx, &field->list->label));
    buf_text(words->out, label_text(words->cx, &field->label));
}

static void
add_number(const struct words *words, const struct expr *expr)
{
    struct arena *arena = words->out->arena;
    const struct unit *unit = NULL;
    switch (expr->type) {
    case TYPE_CHOICE:
        buf_text(words->out, label_text(words->cx, &expr->field->choices[expr->number].label));
        break;
    case TYPE_DATE:
        buf_text(words->out, date_show(arena, (int32_t)expr->number));
        break;
    case TYPE_BOOLEAN:
        buf_text(words->out, expr->number != 0 ? tr(words->cx, "có") : tr(words->cx, "không"));
        break;
    case TYPE_UNIT:
        unit = tree_unit(words->cx->world->tree, expr->number);
        buf_text(words->out,
            unit == NULL ? tr(words->cx, "đơn vị")
                         : unit_named(unit, words->cx->world->today)->name);
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
    buf_text(words->out,
        expr->item_count > 2 ? tr(words->cx, " là một trong: ") : tr(words->cx, " là "));
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
    static const char *const between[EXPR__COUNT] = {[EXPR_EQ] = N_(" là "),
        [EXPR_NE] = N_(" khác "),
        [EXPR_LT] = " < ",
        [EXPR_LE] = " ≤ ",
        [EXPR_GT] = " > ",
        [EXPR_GE] = " ≥ ",
        [EXPR_AND] = N_("; và ")};
    static const char *const grouped[EXPR__COUNT] =
        {[EXPR_ADD] = " + ", [EXPR_SUB] = " − ", [EXPR_MUL] = " × ", [EXPR_OR] = N_(" hoặc ")};
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
        add_around(words, tr(words->cx, "không phải ("), expr, ")");
        break;
    case EXPR_NEG:
        add_around(words, "−", expr, "");
        break;
    case EXPR_IS_NULL:
        add_around(words, "", expr, tr(words->cx, " còn trống"));
        break;
    case EXPR_IS_NOT_NULL:
        add_around(words, "", expr, tr(words->cx, " đã ghi"));
        break;
    default:
        if (grouped[expr->op] != NULL)
            add_group(words, expr, tr(words->cx, grouped[expr->op]));
        else
            add_between(words, expr, tr(words->cx, between[expr->op]));
    }
}

const char *
words_condition(const struct ctx *cx, const struct expr *expr)
{
    struct buf out = buf_new(cx->arena);
    struct words words = {&out, cx};
    if (expr != NULL)
        add_expr(&words, expr);
    return buf_string(&out);
}
