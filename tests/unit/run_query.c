/* Questions about figures, of all kinds. */
#include "run.h"

#include "base/date.h"

/* Asking */

static void
some_range(struct run *run, int32_t *from, int32_t *to)
{
    *from = run_day(run);
    *to = *from + run_below(run, RUN_DAYS / 2);
    switch (run_below(run, 7)) {
    case 0: /* a day */
        *to = *from;
        break;
    case 1: /* some days of a month */
        *to = month_next(*from) - 1 - run_below(run, 3);
        *to = *to < *from ? *from : *to;
        break;
    case 2: /* whole months */
        *from = month_start(*from);
        *to = month_next(*to) - 1;
        break;
    case 3: /* from the first of a month, or to the last, only */
        *from = month_start(*from);
        break;
    case 4:
        *to = month_next(*to) - 1;
        break;
    case 5: /* all that is known */
        *from = run_chance(run, 50) ? DAY_MIN : *from;
        *to = DAY_MAX;
        break;
    }
}

static struct cut_filter
some_cut(struct run *run, const struct indicator *indicator)
{
    const struct indicator *cuts = indicator_of_cuts(indicator);
    struct cut_filter where = {0};
    for (int i = 0; i < cut_places(cuts); i++) {
        if (run_chance(run, 70))
            continue;
        cut_filter_set(&where, i, run_below(run, cut_value_count(cuts, i) + 1));
    }
    if (run_chance(run, 25)) {
        int64_t set = run_directives(run, indicator->reg) << CUT_DIRECTIVES;
        where.mask |= set;
        where.want |= set;
    }
    return where;
}

/* Can the cuts be chosen in all that the figure is made of? */
static bool
can_be_asked(const struct indicator *indicator, const struct cut_filter *where)
{
    struct cut_filter translated;
    for (int i = 0; i < 2; i++) {
        const struct indicator *base = indicator->bases[i].indicator;
        if (base != NULL && !cut_filter_translate(indicator, where, base, &translated))
            return false;
    }
    return true;
}

struct figure_query
run_query(struct run *run)
{
    struct figure_query query = {.indicator = run_indicator(run),
        .unit = run_unit(run),
        .basis = DAY_THEN};
    some_range(run, &query.from, &query.to);
    query.where = some_cut(run, query.indicator);
    if (!can_be_asked(query.indicator, &query.where))
        query.where = (struct cut_filter){0};
    query.own = run_chance(run, 5);
    if (run_chance(run, 30))
        query.basis = run_chance(run, 50) ? run_day(run) : query.to;
    for (int up = run_below(run, 4); up > 0; up--) {
        const struct span *span = unit_named(query.unit, query.from);
        query.unit = span->parent == NULL ? query.unit : span->parent;
    }
    return query;
}
