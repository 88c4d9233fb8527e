/* Changes since the period before. */
#include "domain/figure_change.h"

const struct period *
figure_period_before(const struct ctx *cx, const struct figure_query *query)
{
    const struct calendar *calendar = cx->world->calendar;
    const struct period *period = period_of(calendar, query->from, query->to);
    return period == NULL ? NULL : period_before(calendar, period);
}

/* Who merged since then is compared with all that it took over, as an indicator of the kind
 * `change` does. */
static struct figure_query
query_before(const struct figure_query *query, const struct period *period)
{
    struct figure_query before = *query;
    before.from = period->from;
    before.to = period->to;
    before.basis = query->basis == DAY_THEN ? query->to : query->basis;
    return before;
}

/* Did the unit itself declare for all below it, so that nobody knows what was theirs? */
static bool
is_declared_above(const struct figure *whole)
{
    for (int i = 0; i < whole->declaration_count; i++) {
        if (whole->declarations[i].unit == whole->query->unit)
            return true;
    }
    return false;
}

static void
compare(const struct figure *now, struct figure_change *change)
{
    const struct figure *before = &change->before;
    bool is_one = now->has_value && before->has_value && !now->is_mixed && !before->is_mixed;
    bool is_exact = now->qualifier == EXACT && before->qualifier == EXACT;
    change->qualifier = is_exact ? EXACT : ABOUT;
    change->is_known = is_one && before->value != INT64_MIN &&
        add_checked(now->value, -before->value, &change->value);
}

enum status
figure_changes(struct ctx *cx, const struct period *period, const struct figure *whole,
    const struct figure_part *parts, int count, struct figure_change *out)
{
    size_t most = (size_t)count + 1;
    struct figure_query *asked = ARENA_ARRAY(cx->arena, struct figure_query, most);
    struct figure *found = ARENA_ARRAY(cx->arena, struct figure, most);
    int asked_count = 0, next = 1;
    asked[asked_count++] = query_before(whole->query, period);
    for (int i = 0; i < count; i++) {
        if (!parts[i].is_hidden)
            asked[asked_count++] = query_before(parts[i].figure.query, period);
    }
    TRY(figures_read(cx, asked, asked_count, found));
    out[0] = (struct figure_change){.before = found[0]};
    compare(whole, &out[0]);
    bool is_above = is_declared_above(&found[0]);
    for (int i = 0; i < count; i++) {
        out[i + 1] = (struct figure_change){0};
        if (parts[i].is_hidden)
            continue;
        out[i + 1].before = found[next++];
        const struct figure *before = &out[i + 1].before;
        bool is_unknown =
            parts[i].unknown || (is_above && !parts[i].is_own && !figure_holds(before));
        if (!is_unknown)
            compare(&parts[i].figure, &out[i + 1]);
    }
    return OK;
}
