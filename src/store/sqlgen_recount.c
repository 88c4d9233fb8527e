/* The facts counted once more, in SQL and from the rows alone: what the check compares with those
 * that domain/fact.c has derived. Conditions of a pack become conditions of a statement. */
#include "store/sqlgen_inside.h"

#include "base/buf.h"
#include "base/code.h"
#include "pack/expr.h"

#include <string.h>

/* A number that is calculated with: some engines take a short one for 32 bits. */
#define BIG "CAST(%lld AS BIGINT)"

/* Conditions */

static const char *const operators[EXPR__COUNT] = {[EXPR_EQ] = "=",
    [EXPR_NE] = "<>",
    [EXPR_LT] = "<",
    [EXPR_LE] = "<=",
    [EXPR_GT] = ">",
    [EXPR_GE] = ">=",
    [EXPR_ADD] = "+",
    [EXPR_SUB] = "-",
    [EXPR_MUL] = "*",
    [EXPR_AND] = "AND",
    [EXPR_OR] = "OR",
    [EXPR_IN] = "IN"};

static void
add_literal(struct buf *out, const char *text)
{
    buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_char(out, '\'');
        buf_char(out, *text);
    }
    buf_char(out, '\'');
}

static void add_condition(struct buf *, const struct expr *);

static void
add_number(struct buf *out, const struct expr *expr)
{
    if (expr->type == TYPE_CHOICE)
        buf_printf(out, "'%s'", sql_name(expr->field->choices[expr->number].key));
    else if (expr->type == TYPE_BOOLEAN)
        buf_text(out, expr->number ? "(1 = 1)" : "(1 = 0)");
    else
        buf_printf(out, BIG, (long long)expr->number);
}

static void
add_in(struct buf *out, const struct expr *expr)
{
    add_condition(out, expr->items[0]);
    for (int i = 1; i < expr->item_count; i++) {
        buf_text(out, i == 1 ? " IN (" : ", ");
        add_condition(out, expr->items[i]);
    }
    buf_text(out, ")");
}

/* A condition as SQL over x (the register's table) and l (the list's). Everything is in
 * parentheses, so that neither engine's precedence matters. */
static void
add_condition(struct buf *out, const struct expr *expr)
{
    const char *column;
    buf_char(out, '(');
    switch (expr->op) {
    case EXPR_FIELD:
        column = sql_column(out->arena, expr->field);
        buf_printf(out, expr->type == TYPE_BOOLEAN ? "%s = 1" : "%s", column);
        break;
    case EXPR_NUMBER:
        add_number(out, expr);
        break;
    case EXPR_TEXT:
        add_literal(out, expr->text);
        break;
    case EXPR_NEG:
    case EXPR_NOT:
        buf_text(out, expr->op == EXPR_NEG ? "- " : "NOT ");
        add_condition(out, expr->items[0]);
        break;
    case EXPR_IN:
        add_in(out, expr);
        break;
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        add_condition(out, expr->items[0]);
        buf_text(out, expr->op == EXPR_IS_NULL ? " IS NULL" : " IS NOT NULL");
        break;
    default:
        add_condition(out, expr->items[0]);
        buf_printf(out, " %s ", operators[expr->op]);
        add_condition(out, expr->items[1]);
    }
    buf_char(out, ')');
}

/* The recount */

/* A choice as the number of its key, the first being `first`; 0 for null when that is 1. */
static void
add_choice_number(struct buf *out, const struct field *field, const char *column, int first)
{
    buf_printf(out, "CASE %s", column);
    for (int c = 0; c < field->choice_count; c++)
        buf_printf(out, " WHEN '%s' THEN %d", field->choices[c].key, c + first);
    buf_text(out, " ELSE 0 END");
}

/* The number of a code: five bits for each character, the first highest (base/code.h). */
static void
add_code_number(struct buf *out, const char *column)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    buf_text(out, "(0");
    for (int i = 0; i < CODE_LENGTH; i++)
        buf_printf(out, " + " BIG " * (INSTR('%s', SUBSTR(%s, %d, 1)) - 1)",
            1LL << (5 * (CODE_LENGTH - 1 - i)), alphabet, column, i + 1);
    buf_text(out, ")");
}

/* The cut as domain/fact.c packs it: eight bits for each field, 0 for null, from the lowest, and
 * the directives above. */
static void
add_cut(struct buf *out, const struct indicator *indicator, bool goes_out)
{
    int64_t unit = 1;
    buf_printf(out, "(r.directives * " BIG, 1LL << (8 * CUTS_MAX));
    for (int i = 0; i < indicator->by_count; i++, unit *= 256) {
        const struct field *field = indicator->by[i];
        const char *column = sql_column(out->arena, field);
        buf_printf(out, " + " BIG " * ", (long long)unit);
        if (field->kind == KIND_BOOLEAN)
            buf_printf(out, "COALESCE(%s + 1, 0)", column);
        else
            add_choice_number(out, field, column, 1);
    }
    if (indicator->by_measure) {
        buf_printf(out, " + " BIG " * CASE %s__unit", (long long)unit,
            sql_column(out->arena, indicator->sum));
        for (int m = 0; m < indicator->sum->measure_count; m++)
            buf_printf(out, " WHEN '%s' THEN %d", indicator->sum->measures[m]->key, m + 1);
        buf_text(out, " ELSE 0 END");
        unit *= 256;
    }
    if (indicator->aggregation == AGG_STOCK) {
        const char *column = indicator->sum == NULL ? "1" : sql_column(out->arena, indicator->sum);
        buf_printf(out, " + " BIG " * CASE WHEN %s%s < 0 THEN 2 ELSE 1 END", (long long)unit,
            goes_out ? "-" : "", column);
    }
    buf_text(out, ")");
}

/* What is added up, or the key of what is told apart, as a number. */
static void
add_value(struct buf *out, const struct indicator *indicator, bool goes_out)
{
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    const char *column = field == NULL ? "1" : sql_column(out->arena, field);
    buf_text(out, goes_out ? ", -" : ", ");
    if (indicator->aggregation != AGG_DISTINCT)
        buf_text(out, column);
    else if (field == NULL)
        buf_text(out, "r.unit");
    else if (field->kind == KIND_CHOICE)
        add_choice_number(out, field, column, 0);
    else if (field_is_code(field))
        add_code_number(out, column);
    else
        buf_text(out, column);
    if (field != NULL && field->kind == KIND_QUANTITY)
        buf_printf(out, " AS value, %sCOALESCE(%s__word, 0) AS word", goes_out ? "-" : "", column);
    else
        buf_text(out, " AS value, 0 AS word");
}

/* The facts that records make by one of their dates: `on`, or of a stock also `until`. */
static void
add_recount(struct buf *out, const struct indicator *indicator, const struct field *date)
{
    const struct reg *reg = indicator->reg;
    struct arena *arena = out->arena;
    bool is_stock = indicator->aggregation == AGG_STOCK, goes_out = date == indicator->until;
    const struct field *counted = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    buf_printf(out,
        "SELECT r.shard AS shard, r.unit AS unit, %s AS day, r.id AS record, %s%s%s AS seq, ",
        sql_column(arena, date), is_stock ? "2 * " : "", indicator->list != NULL ? "l.row" : "0",
        goes_out ? " + 1" : "");
    add_cut(out, indicator, goes_out);
    buf_text(out, " AS cut");
    add_value(out, indicator, goes_out);
    buf_printf(out,
        ", r.batch AS batch, %d AS is_key FROM r_%s x JOIN record r ON r.shard = x.shard AND r.id ="
        " x.id",
        indicator->aggregation == AGG_DISTINCT, reg->key);
    if (indicator->list != NULL)
        buf_printf(out, " JOIN %s l ON l.shard = x.shard AND l.id = x.id",
            sql_table(arena, reg, indicator->list));
    buf_text(out, " WHERE r.state IN (''");
    for (int i = 0; i < reg->state_count; i++) {
        if (indicator->states >> i & 1)
            buf_printf(out, ", '%s'", sql_name(reg->states[i].key));
    }
    buf_text(out, ")");
    if (counted != NULL)
        buf_printf(out, " AND %s IS NOT NULL", sql_column(arena, counted));
    if (goes_out)
        buf_printf(out, " AND %s IS NOT NULL AND %s IS NOT NULL", sql_column(arena, date),
            sql_column(arena, indicator->on));
    if (indicator->where != NULL) {
        buf_text(out, " AND ");
        add_condition(out, indicator->where);
    }
}

const char *
sqlgen_recount(struct arena *arena, const struct indicator *indicator)
{
    struct buf out = buf_new(arena);
    if (!indicator_has_facts(indicator))
        return NULL;
    add_recount(&out, indicator, indicator->on);
    if (indicator->until != NULL) {
        buf_text(&out, " UNION ALL ");
        add_recount(&out, indicator, indicator->until);
    }
    return buf_string(&out);
}

/* Both sides are read once from either end: EXCEPT sorts what it compares, so that a shard at a
 * time is what fits into memory. */
const struct sql *
sqlgen_difference(struct arena *arena, const struct model_sql *sql, const struct model *model,
    const struct reg *reg, const int64_t *numbers)
{
    static const char columns[] =
        "indicator, shard, unit, day, record, seq, cut, value, word, batch, is_key";
    struct buf counted = buf_new(arena), stored = buf_new(arena), out = buf_new(arena);
    buf_printf(&stored, "SELECT %s FROM fact WHERE shard = :shard AND indicator IN (0", columns);
    for (int i = 0; i < model->indicator_count; i++) {
        if (model->indicators[i].reg != reg || sql->recount[i] == NULL)
            continue;
        buf_printf(&counted,
            "%sSELECT %lld AS indicator, c.* FROM (%s) AS c WHERE c.shard = :shard",
            counted.length == 0 ? "" : " UNION ALL ", (long long)numbers[i], sql->recount[i]);
        buf_printf(&stored, ", %lld", (long long)numbers[i]);
    }
    buf_text(&stored, ")");
    if (counted.length == 0)
        return NULL;
    buf_printf(&out,
        "SELECT side, indicator, shard, unit, day, record, seq, cut, value, word FROM ("
        "SELECT 'recount' AS side, d.* FROM (SELECT %s FROM (%s) AS a EXCEPT %s) AS d UNION ALL "
        "SELECT 'fact' AS side, d.* FROM (%s EXCEPT SELECT %s FROM (%s) AS a) AS d) AS e "
        "ORDER BY indicator, record, seq, side",
        columns, buf_string(&counted), buf_string(&stored), buf_string(&stored), columns,
        buf_string(&counted));
    return sql_make_long(arena, "difference", buf_string(&out));
}
