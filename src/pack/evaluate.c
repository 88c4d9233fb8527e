/* Conditions at work: on a record in memory, in three values as in SQL; what a condition proves
 * about null; and the one form in which it is printed. */
#include "pack/expr.h"

#include "base/catalogue.h"
#include "base/date.h"
#include "base/number.h"

#include <assert.h>
#include <string.h>

/* A record's fields, the row of the list that is read, and whom to tell. */
struct subject {
    struct ctx *cx;
    const struct row *fields;
    const struct row *row;
};

struct result {
    bool is_null;
    int64_t number;
    const char *text;
};

static const struct result null_result = {.is_null = true};

static enum status run(const struct subject *, const struct expr *, struct result *out);

/* Some field of an expression, to name in a message; NULL when it reads none. */
static const struct field *
some_field(const struct expr *e)
{
    const struct field *field = e->op == EXPR_FIELD ? e->field : NULL;
    for (int i = 0; field == NULL && i < e->item_count; i++)
        field = some_field(e->items[i]);
    return field;
}

static enum status
refuse_size(const struct subject *on, const struct expr *e)
{
    const struct field *field = some_field(e);
    struct fault where = {.field = field != NULL ? field->key : NULL};
    return fault_at(on->cx, ERR_INVALID, where, "%s: số quá lớn, không tính được.",
        field != NULL ? label_text(on->cx, &field->label) : tr(on->cx, "Điều kiện"));
}

static struct result
field_result(const struct subject *on, const struct field *field)
{
    const struct row *row = field->list != NULL ? on->row : on->fields;
    assert(row != NULL);
    const struct value *value = &row->values[field->index];
    return (struct result){value->is_null, value->number, value->text};
}

static int
order(enum expr_type type, struct result left, struct result right)
{
    if (type == TYPE_TEXT)
        return strcmp(left.text, right.text);
    return (left.number > right.number) - (left.number < right.number);
}

static bool
holds(enum expr_op op, int order_of_sides)
{
    switch (op) {
    case EXPR_EQ:
        return order_of_sides == 0;
    case EXPR_NE:
        return order_of_sides != 0;
    case EXPR_LT:
        return order_of_sides < 0;
    case EXPR_LE:
        return order_of_sides <= 0;
    case EXPR_GT:
        return order_of_sides > 0;
    default:
        return order_of_sides >= 0;
    }
}

/* Comparison, sum, difference or product: null when either side is. */
static enum status
run_pair(const struct subject *on, const struct expr *e, struct result *out)
{
    struct result left, right;
    TRY(run(on, e->items[0], &left));
    TRY(run(on, e->items[1], &right));
    *out = null_result;
    if (left.is_null || right.is_null)
        return OK;
    out->is_null = false;
    bool fits = true;
    if (e->op == EXPR_ADD)
        fits = add_checked(left.number, right.number, &out->number);
    else if (e->op == EXPR_SUB)
        fits = !__builtin_sub_overflow(left.number, right.number, &out->number);
    else if (e->op == EXPR_MUL)
        fits = multiply_checked(left.number, right.number, &out->number);
    else
        out->number = holds(e->op, order(e->items[0]->type, left, right));
    return fits ? OK : refuse_size(on, e);
}

/* One side that decides ("false and …", "true or …") decides, even beside null. */
static enum status
run_joined(const struct subject *on, const struct expr *e, struct result *out)
{
    bool decisive = e->op == EXPR_OR;
    bool is_null = false;
    for (int i = 0; i < e->item_count; i++) {
        TRY(run(on, e->items[i], out));
        if (!out->is_null && (out->number != 0) == decisive)
            return OK;
        is_null |= out->is_null;
    }
    *out = (struct result){.is_null = is_null, .number = !decisive};
    return OK;
}

static enum status
run_in(const struct subject *on, const struct expr *e, struct result *out)
{
    struct result left, item;
    TRY(run(on, e->items[0], &left));
    *out = (struct result){.is_null = left.is_null};
    for (int i = 1; i < e->item_count && !left.is_null && out->number == 0; i++) {
        TRY(run(on, e->items[i], &item));
        out->number = order(e->items[0]->type, left, item) == 0;
    }
    return OK;
}

static enum status
run_single(const struct subject *on, const struct expr *e, struct result *out)
{
    struct result item;
    TRY(run(on, e->items[0], &item));
    if (e->op == EXPR_IS_NULL || e->op == EXPR_IS_NOT_NULL) {
        *out = (struct result){.number = item.is_null == (e->op == EXPR_IS_NULL)};
        return OK;
    }
    *out = (struct result){.is_null = item.is_null};
    if (item.is_null)
        return OK;
    if (e->op == EXPR_NOT)
        out->number = item.number == 0;
    else if (__builtin_sub_overflow(0, item.number, &out->number))
        return refuse_size(on, e);
    return OK;
}

static enum status
run(const struct subject *on, const struct expr *e, struct result *out)
{
    switch (e->op) {
    case EXPR_FIELD:
        *out = field_result(on, e->field);
        return OK;
    case EXPR_NUMBER:
    case EXPR_TEXT:
        *out = (struct result){.number = e->number, .text = e->text};
        return OK;
    case EXPR_AND:
    case EXPR_OR:
        return run_joined(on, e, out);
    case EXPR_IN:
        return run_in(on, e, out);
    case EXPR_NOT:
    case EXPR_NEG:
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        return run_single(on, e, out);
    default:
        return run_pair(on, e, out);
    }
}

enum status
expr_evaluate(struct ctx *cx, const struct expr *e, const struct row *fields, const struct row *row,
    enum truth *out)
{
    struct subject on = {cx, fields, row};
    struct result result;
    TRY(run(&on, e, &result));
    *out = result.is_null ? IS_NULL : result.number != 0 ? IS_TRUE : IS_FALSE;
    return OK;
}

/* Is the expression null whenever the field is? */
static bool
is_null_with(const struct expr *e, const struct field *field)
{
    if (e->op == EXPR_FIELD)
        return e->field == field;
    if (e->op == EXPR_IS_NULL || e->op == EXPR_IS_NOT_NULL || e->item_count == 0)
        return false;
    bool is_joined = e->op == EXPR_AND || e->op == EXPR_OR;
    for (int i = 0; i < e->item_count; i++)
        if (is_null_with(e->items[i], field) != is_joined)
            return !is_joined;
    return is_joined;
}

bool
expr_excludes_null(const struct expr *e, const struct field *field)
{
    switch (e->op) {
    case EXPR_AND:
        return expr_excludes_null(e->items[0], field) || expr_excludes_null(e->items[1], field);
    case EXPR_OR:
        return expr_excludes_null(e->items[0], field) && expr_excludes_null(e->items[1], field);
    case EXPR_IS_NOT_NULL:
        return is_null_with(e->items[0], field);
    case EXPR_NOT:
        if (e->items[0]->op == EXPR_IS_NULL)
            return is_null_with(e->items[0]->items[0], field);
        return is_null_with(e, field);
    default:
        return is_null_with(e, field);
    }
}

static void
print_leaf(struct buf *out, const struct expr *e)
{
    if (e->op == EXPR_FIELD && e->field->list != NULL)
        buf_printf(out, "%s.%s", e->field->list->key, e->field->key);
    else if (e->op == EXPR_FIELD)
        buf_text(out, e->field->key);
    else if (e->op == EXPR_TEXT)
        buf_printf(out, "%zu'%s'", strlen(e->text), e->text);
    else if (e->type == TYPE_CHOICE)
        buf_text(out, e->field->choices[e->number].key);
    else if (e->type == TYPE_DATE)
        buf_text(out, date_iso(out->arena, (int32_t)e->number));
    else if (e->type == TYPE_TIME)
        buf_text(out, time_text(out->arena, e->number));
    else if (e->type == TYPE_BOOLEAN)
        buf_text(out, e->number != 0 ? "true" : "false");
    else
        buf_text(out, number_plain(out->arena, e->number, e->scale));
}

void
expr_print(struct buf *out, const struct expr *e)
{
    static const char *const signs[EXPR__COUNT] = {
        [EXPR_EQ] = "=",
        [EXPR_NE] = "<>",
        [EXPR_LT] = "<",
        [EXPR_LE] = "<=",
        [EXPR_GT] = ">",
        [EXPR_GE] = ">=",
        [EXPR_ADD] = "+",
        [EXPR_SUB] = "-",
        [EXPR_MUL] = "*",
        [EXPR_NEG] = "neg",
        [EXPR_AND] = "and",
        [EXPR_OR] = "or",
        [EXPR_NOT] = "not",
        [EXPR_IN] = "in",
        [EXPR_IS_NULL] = "null",
        [EXPR_IS_NOT_NULL] = "some",
    };
    if (signs[e->op] == NULL) {
        print_leaf(out, e);
        return;
    }
    buf_printf(out, "(%s", signs[e->op]);
    for (int i = 0; i < e->item_count; i++) {
        buf_char(out, ' ');
        expr_print(out, e->items[i]);
    }
    buf_char(out, ')');
}
