/* Stocks, ratios and changes, put together from other figures at each read: nothing of them is
 * stored. */
#include "domain/figure_made.h"

#include "domain/figure_scan.h"
#include "domain/headcount.h"

#include <string.h>

/* Stocks */

struct flows {
    int place; /* of the flow among the cuts */
    int64_t in, out;
};

static void
visit_flow(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct flows *flows = arg;
    (void)day;
    if (cut_part(cut, flows->place) == FLOW_IN)
        flows->in += sum->value;
    else
        flows->out -= sum->value;
}

/* What came and went between two days, by one structure. */
static enum status
read_flows(struct ctx *cx, const struct figure_query *query, int32_t from, int32_t to,
    int32_t basis, struct flows *out)
{
    struct figure_query asked = *query;
    struct scan scan = {cx, &asked, true, false, visit_flow, out};
    asked.from = from;
    asked.to = to;
    asked.basis = basis;
    *out = (struct flows){.place = cut_place(query->indicator, CUT_FLOW)};
    return scan_run(&scan);
}

enum status
stock_read(struct ctx *cx, const struct figure_query *query, struct stock *out)
{
    int32_t eve = query->from - 1;
    bool is_fixed = query->basis != query->to; /* asked by one structure throughout */
    struct flows during, before, now;
    TRY(read_flows(cx, query, query->from, query->to, query->basis, &during));
    TRY(read_flows(cx, query, FIGURE_FIRST_DAY, eve, query->basis, &now));
    TRY(read_flows(cx, query, FIGURE_FIRST_DAY, eve, is_fixed ? query->basis : eve, &before));
    *out = (struct stock){.opening = before.in - before.out,
        .increase = during.in,
        .decrease = during.out,
        .transferred = (now.in - now.out) - (before.in - before.out)};
    return OK;
}

/* What ratios and changes are made of */

/* The figure of another indicator, asked as this one is. */
static enum status
read_base(struct ctx *cx, const struct figure_query *query, const struct indicator *indicator,
    struct figure_query *asked, struct figure **out)
{
    *asked = *query;
    asked->indicator = indicator;
    if (!cut_filter_translate(query->indicator, &query->where, indicator, &asked->where))
        return fault_set(cx, ERR_INVALID,
            "Chỉ số %s là tỷ lệ; mẫu số %s không chia theo các trường của điều kiện.",
            query->indicator->key, indicator->key);
    *out = ARENA_NEW(cx->arena, struct figure);
    return figures_read_bases(cx, asked, 1, *out);
}

static bool
is_among(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (words[i] == word)
            return true;
    }
    return false;
}

/* Units of the kinds, alive on the last day, and below the asked unit by the basis: how many, and a
 * mark for each in `marks` (by index of the unit), unless that is NULL. */
static int64_t
count_units(struct ctx *cx, const struct figure_query *query, const struct base *base, bool *marks)
{
    const struct tree *tree = cx->world->tree;
    int32_t day = query->basis == DAY_THEN ? query->to : query->basis;
    struct arena_mark mark = arena_mark(cx->arena);
    const char **kinds = ARENA_ARRAY(cx->arena, const char *, (size_t)base->key_count + 1);
    struct scope scope = query->own ? tree_scope_own(cx->arena, tree, query->unit, day, day, day)
                                    : tree_scope(cx->arena, tree, query->unit, day, day, day);
    int64_t count = 0;
    for (int k = 0; k < base->key_count; k++)
        kinds[k] = tree_word(tree, base->keys[k]);
    for (int i = 0; i < scope.count; i++) {
        const struct unit *unit = scope.items[i].unit;
        const struct span *span = unit_on(unit, query->to);
        if (span == NULL || !is_among(span->kind, kinds, base->key_count))
            continue;
        count++;
        if (marks != NULL)
            marks[unit->index] = true;
    }
    arena_release(cx->arena, mark);
    return count;
}

/* The units that have records, if they are among those that the denominator counts. */
struct sharing {
    const struct tree *tree;
    bool *marks; /* by index of the unit: counted by the denominator, and not met yet */
    int64_t count;
};

static void
visit_unit(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct sharing *sharing = arg;
    const struct unit *unit = tree_unit(sharing->tree, sum->value);
    (void)day;
    (void)cut;
    if (unit == NULL || !sharing->marks[unit->index])
        return;
    sharing->marks[unit->index] = false;
    sharing->count++;
}

static enum status
count_sharing(struct ctx *cx, const struct figure_query *above, bool *marks, int64_t *out)
{
    struct sharing sharing = {cx->world->tree, marks, 0};
    struct scan scan = {cx, above, true, false, visit_unit, &sharing};
    TRY(scan_run(&scan));
    *out = sharing.count;
    return OK;
}

/* People of the statuses on the last day; with `own`, without those of the units below. */
static enum status
count_people(struct ctx *cx, const struct figure_query *query, const struct base *base,
    int64_t *out)
{
    struct person_count asked = {.unit = query->unit, .day = query->to, .basis = query->basis};
    const struct unit **children;
    int count = 0;
    for (int i = 0; i < base->key_count; i++)
        asked.statuses |= 1U << person_status_of(base->keys[i]);
    TRY(person_count(cx, &asked, out));
    if (query->own)
        count =
            tree_children(cx->arena, query->unit, query->to, query->to, query->basis, &children);
    for (int i = 0; i < count; i++) {
        int64_t below;
        asked.unit = children[i];
        TRY(person_count(cx, &asked, &below));
        *out -= below;
    }
    return OK;
}

/* `marks`, of a share: the units that are counted, by index; else NULL. */
static enum status
read_denominator(struct ctx *cx, const struct figure_query *query, bool *marks, struct figure *out)
{
    const struct base *base = &query->indicator->bases[1];
    if (base->kind == BASE_UNITS) {
        out->denominator = count_units(cx, query, base, marks);
        return OK;
    }
    if (base->kind == BASE_PEOPLE)
        return count_people(cx, query, base, &out->denominator);
    struct figure_query *asked = ARENA_NEW(cx->arena, struct figure_query);
    TRY(read_base(cx, query, base->indicator, asked, &out->bases[1]));
    out->denominator = out->bases[1]->recorded.value;
    return OK;
}

/* Numerator and denominator in one scale, so that they can be divided. */
static bool
level_scales(const struct indicator *indicator, struct figure *out)
{
    int above = indicator->bases[0].indicator->scale;
    int below =
        indicator->bases[1].kind == BASE_INDICATOR ? indicator->bases[1].indicator->scale : 0;
    for (; above < below; above++)
        if (!multiply_checked(out->numerator, 10, &out->numerator))
            return false;
    for (; below < above; below++)
        if (!multiply_checked(out->denominator, 10, &out->denominator))
            return false;
    return true;
}

/* Ratios */

/* One percentage out of what is declared: at its own unit as it was published; further up only when
 * each comes with what it was divided from. */
static void
declare_ratio(struct figure *out)
{
    int64_t above = 0, below = 0;
    bool all = true;
    for (int i = 0; i < out->declaration_count; i++) {
        const struct declaration *declaration = &out->declarations[i];
        above += declaration->numerator;
        below += declaration->denominator;
        all = all && declaration->has_fraction;
    }
    const struct declaration *only = out->declaration_count == 1 ? out->declarations : NULL;
    if (only != NULL && only->unit == out->query->unit) {
        out->declared = only->value;
        out->word = only->word;
        out->has_declared = true;
    } else if (all && below > 0) {
        out->declared = percent_tenths(above, below);
        out->has_declared = true;
    }
}

static enum status
make_ratio(struct ctx *cx, struct figure *out)
{
    const struct indicator *indicator = out->query->indicator;
    struct figure_query *above = ARENA_NEW(cx->arena, struct figure_query);
    bool *marks = NULL;
    TRY(read_base(cx, out->query, indicator->bases[0].indicator, above, &out->bases[0]));
    if (indicator_is_share(indicator))
        marks = ARENA_ARRAY(cx->arena, bool, (size_t)cx->world->tree->count);
    TRY(read_denominator(cx, out->query, marks, out));
    out->numerator = out->bases[0]->recorded.value;
    if (marks != NULL)
        TRY(count_sharing(cx, above, marks, &out->numerator));
    if (!level_scales(indicator, out))
        return fault_set(cx, ERR_LIMIT, "Tỷ lệ %s vượt quá giới hạn.", indicator->key);
    out->recorded.n = out->bases[0]->recorded.n;
    if (out->bases[1] != NULL)
        out->recorded.n += out->bases[1]->recorded.n;
    out->has_value = out->denominator > 0 && out->recorded.n > 0;
    if (out->has_value)
        out->value = out->recorded.value = percent_tenths(out->numerator, out->denominator);
    declare_ratio(out);
    return OK;
}

/* Changes */

static int32_t
year_before(int32_t day)
{
    struct civil civil = day_to_civil(day);
    civil.year--;
    if (civil.month == 2 && civil.day == 29)
        civil.day = 28;
    return day_from_civil(civil);
}

/* The range a year before, by the same structure as the range itself has at its end. */
static enum status
make_change(struct ctx *cx, struct figure *out)
{
    const struct figure_query *query = out->query;
    const struct indicator *indicator = query->indicator->bases[0].indicator;
    struct figure_query *now = ARENA_NEW(cx->arena, struct figure_query);
    struct figure_query *then = ARENA_NEW(cx->arena, struct figure_query);
    struct figure_query earlier = *query;
    earlier.from = year_before(query->from);
    earlier.to = year_before(query->to);
    earlier.basis = query->basis == DAY_THEN ? query->to : query->basis;
    TRY(read_base(cx, query, indicator, now, &out->bases[0]));
    TRY(read_base(cx, &earlier, indicator, then, &out->bases[1]));
    const struct figure *a = out->bases[0], *b = out->bases[1];
    out->recorded.n = a->recorded.n + b->recorded.n;
    out->recorded.value = a->recorded.value - b->recorded.value;
    out->value = a->value - b->value;
    out->has_value = out->recorded.n > 0 || a->declaration_count > 0 || b->declaration_count > 0;
    out->is_mixed = a->is_mixed || b->is_mixed;
    out->qualifier = a->qualifier == EXACT && b->qualifier == EXACT ? EXACT : ABOUT;
    out->word = word_of(out->qualifier);
    for (int i = 0; i < out->declaration_count; i++)
        out->declared += out->declarations[i].value;
    out->has_declared = out->declaration_count > 0;
    return OK;
}

enum status
figure_make(struct ctx *cx, struct figure *out)
{
    if (out->query->indicator->aggregation == AGG_RATIO)
        return make_ratio(cx, out);
    return make_change(cx, out);
}
