/* What is to be explained about a figure. Nothing here refuses or corrects: published figures may
 * well break these rules, and a reader should be told. */
#include "domain/figure.h"

#include "base/catalogue.h"
static bool
may_see(const struct ctx *cx, const struct figure_query *query, const struct notice *rule)
{
    return figure_is_visible(cx, rule->indicator, query->unit) &&
        figure_is_visible(cx, rule->at_most, query->unit);
}

/* A rule holds as long as one of its sides is not known. */
static enum status
ask_rule(struct ctx *cx, const struct figure *figure, const struct notice *rule,
    struct figure_notice **out, int *count)
{
    struct figure_query *query = ARENA_NEW(cx->arena, struct figure_query);
    struct figure_query *other_query = ARENA_NEW(cx->arena, struct figure_query);
    struct figure *left = ARENA_NEW(cx->arena, struct figure);
    struct figure *right = ARENA_NEW(cx->arena, struct figure);
    *query = *figure->query;
    query->where = (struct cut_filter){0};
    *other_query = *query;
    query->indicator = rule->indicator;
    other_query->indicator = rule->at_most;
    TRY(figure_read(cx, query, left));
    TRY(figure_read(cx, other_query, right));
    bool is_known = left->has_value && right->has_value && !left->is_mixed && !right->is_mixed;
    if (is_known && left->value > right->value)
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct figure_notice){label_text(cx, &rule->message), left, right};
    return OK;
}

/* A percentage alone says little, and 100% without a record says nothing. */
static void
ask_fraction(struct ctx *cx, const struct figure *figure, struct figure_notice **out, int *count)
{
    enum { WHOLE = 1000 };
    bool has_fraction = false;
    if (figure->query->indicator->aggregation != AGG_RATIO || !figure->has_declared)
        return;
    for (int i = 0; i < figure->declaration_count; i++)
        has_fraction = has_fraction || figure->declarations[i].has_fraction;
    if (!has_fraction)
        *ARENA_PUSH(cx->arena, *out, *count) = (struct figure_notice){figure->declared == WHOLE
                ? tr(cx, "100% chưa có minh chứng: không có tử số và mẫu số kê khai.")
                : tr(cx, "Chỉ có số kê khai, không có tử số và mẫu số."),
            NULL, NULL};
}

enum status
figure_notices(struct ctx *cx, const struct figure *figure, struct figure_notice **out, int *count)
{
    const struct model *model = cx->world->model;
    *out = NULL;
    *count = 0;
    ask_fraction(cx, figure, out, count);
    for (int r = 0; r < model->register_count; r++) {
        const struct reg *reg = &model->registers[r];
        for (int i = 0; i < reg->notice_count; i++) {
            const struct notice *rule = &reg->notices[i];
            bool is_about = rule->indicator == figure->query->indicator ||
                rule->at_most == figure->query->indicator;
            if (is_about && may_see(cx, figure->query, rule))
                TRY(ask_rule(cx, figure, rule, out, count));
        }
    }
    return OK;
}
