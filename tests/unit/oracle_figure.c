/* What a whole figure must be, from recounts and declarations; and how what the program reads is
 * held against it. */
#include "oracle.h"

#include "domain/fact.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct expected {
    struct sum recorded;
    bool is_mixed, has_value, has_declared, overlap;
    int64_t declared, value;
    enum qualifier qualifier; /* of what has facts, and of changes */
    struct stock stock;
    int64_t numerator, denominator;
};

/* Declarations */

static int64_t
default_directive(const struct oracle *oracle, const struct reg *reg)
{
    const struct world *world = oracle->fixture->cx.world;
    for (int i = 0; i < world->model->directive_count; i++) {
        if (strcmp(world->model->directives[i].key, reg->pack) == 0)
            return INT64_C(1) << world->directive_ids[i];
    }
    return 0;
}

/* Is the declared cut one that the indicator still has? */
static bool
is_known_cut(const struct indicator *cuts, const struct oracle_declaration *declaration)
{
    int place = *declaration->field == '\0' ? -1 : cut_place(cuts, declaration->field);
    for (int part = 0; place >= 0 && part <= cut_value_count(cuts, place); part++) {
        if (strcmp(cut_value_key(cuts, place, part), declaration->part) == 0)
            return true;
    }
    return *declaration->field == '\0';
}

static bool
is_chosen(const struct oracle *oracle, const struct oracle_declaration *declaration,
    const struct figure_query *query)
{
    const struct indicator *cuts = indicator_of_cuts(query->indicator);
    int64_t asked = query->where.mask >> CUT_DIRECTIVES, own = declaration->directives;
    if (query->where.mask == 0)
        return true;
    if (!is_known_cut(cuts, declaration))
        return false;
    own = own == 0 ? default_directive(oracle, query->indicator->reg) : own;
    for (int i = 0; i < cut_places(cuts); i++) {
        int part = cut_filter_part(&query->where, i);
        bool fits = strcmp(cut_field_key(cuts, i), declaration->field) == 0 &&
            (part < 0 || strcmp(cut_value_key(cuts, i, part), declaration->part) == 0);
        if (part >= 0 && !fits)
            return false;
    }
    return (asked & ~own) == 0;
}

static bool
declaration_counts(const struct oracle *oracle, const struct oracle_declaration *declaration,
    const struct figure_query *query)
{
    bool is_stock = query->indicator->aggregation == AGG_STOCK;
    return strcmp(declaration->indicator, query->indicator->key) == 0 &&
        (is_stock || declaration->from >= query->from) && declaration->to <= query->to &&
        oracle_counts(oracle, query, -1, declaration->unit, declaration->to) &&
        is_chosen(oracle, declaration, query);
}

/* Of a stock the newest that a unit declared counts alone; of one day that which was said last. */
static bool
is_replaced(const struct oracle *oracle, const struct oracle_declaration *declaration,
    const struct figure_query *query)
{
    for (int i = 0; i < oracle->declaration_count; i++) {
        const struct oracle_declaration *other = &oracle->declarations[i];
        bool is_later = other->to > declaration->to ||
            (other->to == declaration->to && other->id > declaration->id);
        if (is_later && other->unit == declaration->unit &&
            strcmp(other->field, declaration->field) == 0 &&
            strcmp(other->part, declaration->part) == 0 &&
            other->directives == declaration->directives &&
            declaration_counts(oracle, other, query))
            return true;
    }
    return false;
}

/* The declarations that count, in the order in which they are kept. */
static int
find_declared(const struct oracle *oracle, const struct figure_query *query,
    const struct oracle_declaration **out)
{
    int count = 0;
    for (int i = 0; i < oracle->declaration_count; i++) {
        const struct oracle_declaration *declaration = &oracle->declarations[i];
        if (!declaration_counts(oracle, declaration, query))
            continue;
        if (query->indicator->aggregation == AGG_STOCK && is_replaced(oracle, declaration, query))
            continue;
        out[count++] = declaration;
    }
    return count;
}

/* Are there records of what is declared, in its unit and range? */
static bool
overlaps(struct oracle *oracle, const struct figure_query *query,
    const struct oracle_declaration *declaration)
{
    struct figure_query asked = {.indicator = indicator_of_cuts(query->indicator),
        .unit = tree_unit(oracle->fixture->cx.world->tree, oracle->units[declaration->unit].id),
        .from = declaration->from,
        .to = declaration->to,
        .basis = DAY_THEN};
    return oracle_recount(oracle, &asked, -1).sum.n > 0;
}

static int64_t
percent_of(int64_t numerator, int64_t denominator)
{
    bool below = numerator < 0;
    int64_t n = below ? -numerator : numerator;
    int64_t tenths = (2000 * n + denominator) / (2 * denominator);
    if (tenths == 1000 && n != denominator)
        tenths = n < denominator ? 999 : 1001;
    if (tenths == 0 && n != 0)
        tenths = 1;
    return below ? -tenths : tenths;
}

/* What it must be */

static void expect(struct oracle *, const struct figure_query *, int under, struct expected *);

static enum qualifier
mixture(bool over, bool under, bool about)
{
    return about || (over && under) ? ABOUT : over ? OVER : under ? UNDER : EXACT;
}

static void
expect_summed(struct oracle *oracle, const struct figure_query *query, int under,
    const struct oracle_declaration **told, int told_count, struct expected *out)
{
    struct recount counted = oracle_recount(oracle, query, under);
    const struct sum *sum = &counted.sum;
    bool over = sum->n_over != 0, less = sum->n_under != 0, about = sum->n_about != 0;
    out->recorded = *sum;
    out->is_mixed = counted.is_mixed;
    out->has_value = true;
    for (int i = 0; i < told_count; i++) {
        out->declared += told[i]->value;
        over = over || word_qualifier(told[i]->word) == OVER;
        less = less || word_qualifier(told[i]->word) == UNDER;
        about = about || word_qualifier(told[i]->word) == ABOUT;
    }
    out->has_declared = told_count > 0;
    out->qualifier = mixture(over, less, about);
    out->value = sum->value + out->declared;
}

/* What was there on a day by a structure, of one flow: FLOW_IN, FLOW_OUT. */
static int64_t
flow_until(struct oracle *oracle, const struct figure_query *query, int32_t to, int32_t basis,
    int flow)
{
    struct figure_query asked = *query;
    int place = cut_place(query->indicator, CUT_FLOW);
    int asked_flow = cut_filter_part(&query->where, place);
    asked.to = to;
    asked.basis = basis;
    cut_filter_set(&asked.where, place, flow);
    return asked_flow >= 0 && asked_flow != flow ? 0 : oracle_recount(oracle, &asked, -1).sum.value;
}

static void
expect_stock(struct oracle *oracle, const struct figure_query *asked, struct expected *out)
{
    struct figure_query query = oracle_settled(asked);
    int32_t eve = query.from - 1, last = query.basis, first = last == query.to ? eve : last;
    int64_t brought = 0;
    for (int flow = FLOW_IN; flow <= FLOW_OUT; flow++) {
        int64_t before = flow_until(oracle, &query, eve, last, flow);
        int64_t during = flow_until(oracle, &query, query.to, last, flow) - before;
        out->stock.opening += flow_until(oracle, &query, eve, first, flow);
        brought += before;
        if (flow == FLOW_IN)
            out->stock.increase = during;
        else
            out->stock.decrease = -during;
    }
    out->stock.transferred = brought - out->stock.opening;
}

/* `above`: only those with something that counts for this question; NULL: all. */
static int64_t
count_units(struct oracle *oracle, const struct figure_query *query, const struct base *base,
    const struct figure_query *above)
{
    struct figure_query asked = *query;
    int64_t count = 0;
    if (asked.basis == DAY_THEN)
        asked.basis = asked.to;
    for (int i = 0; i < oracle->unit_count; i++) {
        bool is_of_kind = false;
        for (int k = 0; k < base->key_count; k++)
            is_of_kind =
                is_of_kind || strcmp(base->keys[k], oracle_kind(oracle->units[i].depth)) == 0;
        count += is_of_kind && oracle_lives(oracle, i, query->to) &&
            oracle_counts(oracle, &asked, -1, i, query->to) &&
            (above == NULL || oracle_bears(oracle, above, i));
    }
    return count;
}

static void
declare_ratio(const struct figure_query *query, const struct oracle *oracle,
    const struct oracle_declaration **told, int count, struct expected *out)
{
    int64_t above = 0, below = 0;
    bool all = true;
    for (int i = 0; i < count; i++) {
        above += told[i]->numerator;
        below += told[i]->denominator;
        all = all && told[i]->has_fraction;
    }
    bool is_own = count == 1 && told[0]->unit == oracle_find(oracle, query->unit->id);
    out->has_declared = is_own || (all && below > 0);
    if (is_own)
        out->declared = told[0]->value;
    else if (out->has_declared)
        out->declared = percent_of(above, below);
}

/* The same question about what a ratio or a change is made of. */
static struct figure_query
ask_base(const struct figure_query *query, const struct indicator *indicator)
{
    struct figure_query asked = *query;
    asked.indicator = indicator;
    assert_true(cut_filter_translate(query->indicator, &query->where, indicator, &asked.where));
    return asked;
}

static void
expect_ratio(struct oracle *oracle, const struct figure_query *query, struct expected *out)
{
    static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    const struct base *bases = query->indicator->bases;
    struct figure_query asked = ask_base(query, bases[0].indicator);
    struct recount above = oracle_recount(oracle, &asked, -1);
    int scales[2] = {bases[0].indicator->scale, 0};
    bool is_share = bases[0].indicator->aggregation == AGG_DISTINCT &&
        bases[0].indicator->distinct == NULL && bases[1].kind == BASE_UNITS;
    out->recorded.n = above.sum.n;
    out->numerator = is_share ? count_units(oracle, query, &bases[1], &asked) : above.sum.value;
    if (bases[1].kind == BASE_UNITS) {
        out->denominator = count_units(oracle, query, &bases[1], NULL);
    } else {
        asked = ask_base(query, bases[1].indicator);
        struct recount below = oracle_recount(oracle, &asked, -1);
        out->recorded.n += below.sum.n;
        out->denominator = below.sum.value;
        scales[1] = bases[1].indicator->scale;
    }
    int scale = scales[0] > scales[1] ? scales[0] : scales[1];
    out->numerator *= tens[scale - scales[0]];
    out->denominator *= tens[scale - scales[1]];
    out->has_value = out->denominator > 0 && out->recorded.n > 0;
    if (out->has_value)
        out->value = out->recorded.value = percent_of(out->numerator, out->denominator);
}

static int32_t
a_year_before(int32_t day)
{
    struct civil civil = day_to_civil(day);
    bool leap_day = civil.month == 2 && civil.day == 29;
    return day_from_civil((struct civil){civil.year - 1, civil.month, civil.day - leap_day});
}

static void
expect_change(struct oracle *oracle, const struct figure_query *query, struct expected *out)
{
    struct figure_query asked = ask_base(query, query->indicator->bases[0].indicator);
    struct expected now, before;
    expect(oracle, &asked, -1, &now);
    asked.basis = query->basis == DAY_THEN ? query->to : query->basis;
    asked.from = a_year_before(query->from);
    asked.to = a_year_before(query->to);
    expect(oracle, &asked, -1, &before);
    out->recorded.n = now.recorded.n + before.recorded.n;
    out->recorded.value = now.recorded.value - before.recorded.value;
    out->value = now.value - before.value;
    out->has_value = out->recorded.n > 0 || now.has_declared || before.has_declared;
    out->is_mixed = now.is_mixed || before.is_mixed;
    out->qualifier = now.qualifier == EXACT && before.qualifier == EXACT ? EXACT : ABOUT;
}

static void
expect(struct oracle *oracle, const struct figure_query *query, int under, struct expected *out)
{
    const struct oracle_declaration *told[ORACLE_DECLARATIONS];
    struct figure_query settled = oracle_settled(query);
    enum aggregation aggregation = query->indicator->aggregation;
    int count = find_declared(oracle, &settled, told);
    *out = (struct expected){0};
    if (indicator_has_facts(query->indicator))
        expect_summed(oracle, &settled, under, told, count, out);
    if (aggregation == AGG_STOCK)
        expect_stock(oracle, &settled, out);
    if (aggregation == AGG_RATIO) {
        expect_ratio(oracle, query, out);
        declare_ratio(query, oracle, told, count, out);
    }
    if (aggregation == AGG_CHANGE) {
        expect_change(oracle, query, out);
        for (int i = 0; i < count; i++)
            out->declared += told[i]->value;
        out->has_declared = count > 0;
    }
    for (int i = 0; i < count; i++)
        out->overlap = out->overlap || overlaps(oracle, &settled, told[i]);
}

/* Comparing */

static const char *
show_sum(struct arena *arena, const struct sum *sum)
{
    return arena_printf(arena, "%lld (n %lld, over %lld, under %lld, about %lld)",
        (long long)sum->value, (long long)sum->n, (long long)sum->n_over, (long long)sum->n_under,
        (long long)sum->n_about);
}

static const char *
unless_same(struct arena *arena, const char *what, const struct sum *wanted, const struct sum *got)
{
    if (memcmp(wanted, got, sizeof(*wanted)) == 0)
        return NULL;
    return arena_printf(arena, "%s: %s instead of %s", what, show_sum(arena, got),
        show_sum(arena, wanted));
}

/* The first of some numbers that is not what it should be. */
struct pair {
    const char *what;
    int64_t wanted, got;
};

static const char *
unless_equal(struct arena *arena, const struct pair *pairs, int count)
{
    for (int i = 0; i < count; i++) {
        if (pairs[i].wanted != pairs[i].got)
            return arena_printf(arena, "%s: %lld instead of %lld", pairs[i].what,
                (long long)pairs[i].got, (long long)pairs[i].wanted);
    }
    return NULL;
}

/* What records make of a figure, declarations aside. */
static const char *
check_recorded(struct arena *arena, const struct expected *wanted, const struct figure *figure)
{
    const struct stock *a = &wanted->stock, *b = &figure->stock;
    const char *why = unless_same(arena, "recorded", &wanted->recorded, &figure->recorded);
    struct pair pairs[] = {
        {"several measures", wanted->is_mixed, figure->is_mixed},
        {"opening", a->opening, b->opening},
        {"increase", a->increase, b->increase},
        {"decrease", a->decrease, b->decrease},
        {"transferred", a->transferred, b->transferred},
        {"numerator", wanted->numerator, figure->numerator},
        {"denominator", wanted->denominator, figure->denominator},
        {"has a value", wanted->has_value, figure->has_value},
    };
    if (why == NULL)
        why = unless_equal(arena, pairs, COUNT_OF(pairs));
    if (why == NULL && figure->query->indicator->aggregation == AGG_STOCK &&
        b->opening + b->increase - b->decrease + b->transferred != figure->recorded.value)
        why = "opening, increase, decrease and transferred do not give the stock";
    return why;
}

static const char *
check_whole(struct arena *arena, const struct expected *wanted, const struct figure *figure)
{
    bool is_ratio = figure->query->indicator->aggregation == AGG_RATIO;
    struct pair pairs[] = {
        {"value", wanted->value, figure->value},
        {"declared", wanted->declared, figure->declared},
        {"has a declaration", wanted->has_declared, figure->has_declared},
        {"overlap", wanted->overlap, figure->overlap},
        {"qualifier", (int64_t)wanted->qualifier, (int64_t)figure->qualifier},
        {"qualifier of the word", (int64_t)wanted->qualifier,
            is_ratio ? (int64_t)wanted->qualifier : (int64_t)word_qualifier(figure->word)},
    };
    const char *why = check_recorded(arena, wanted, figure);
    return why != NULL ? why : unless_equal(arena, pairs, COUNT_OF(pairs));
}

/* Each part is what it should be, and what can be added up is the whole. */
static const char *
check_parts(struct oracle *oracle, const struct figure *whole)
{
    struct ctx *cx = &oracle->fixture->cx;
    const struct figure_query *query = whole->query;
    bool has_facts = indicator_has_facts(query->indicator);
    struct figure_part *parts;
    struct sum total = {0};
    const char *why = NULL;
    int64_t declared = 0;
    int count, asked = oracle_find(oracle, query->unit->id);
    must(cx, figure_parts(cx, whole, &parts, &count));
    for (int i = 0; i < count && why == NULL; i++) {
        const struct figure *part = &parts[i].figure;
        struct expected wanted;
        /* By the structure of then, a child counts on the days on which it was one. */
        bool is_then = has_facts && query->basis == DAY_THEN && !parts[i].is_own;
        expect(oracle, part->query, is_then ? asked : -1, &wanted);
        why = check_recorded(cx->arena, &wanted, part);
        if (why != NULL)
            why = arena_printf(cx->arena, "the part %s: %s",
                oracle->units[oracle_find(oracle, part->query->unit->id)].code, why);
        sum_add(&total, &part->recorded, 1);
        declared += part->declared;
    }
    if (why != NULL || !indicator_keeps_sums(query->indicator))
        return why;
    if (declared != whole->declared)
        return arena_printf(cx->arena, "parts declare %lld instead of %lld", (long long)declared,
            (long long)whole->declared);
    return unless_same(cx->arena, "parts", &whole->recorded, &total);
}

/* Stretches of some months: some of them are what the recount gives, and all together the figure.
 */
static const char *
check_series(struct oracle *oracle, const struct figure *whole, int step)
{
    struct ctx *cx = &oracle->fixture->cx;
    const struct figure_query *query = whole->query;
    struct sum *sums, total = {0};
    const char *why = NULL;
    int count, first = month_number(query->from) / step;
    if (month_number(query->to) - month_number(query->from) >= 2000)
        return NULL;
    must(cx, figure_series(cx, query, step, &sums, &count));
    for (int i = 0; i < count; i++)
        sum_add(&total, &sums[i], 1);
    for (int i = 0; i < count && why == NULL; i += 1 + count / 3) {
        struct figure_query stretch = *query;
        stretch.from = i == 0 ? query->from : month_day((first + i) * step);
        stretch.to = i == count - 1 ? query->to : month_day((first + i + 1) * step) - 1;
        struct sum wanted = oracle_recount(oracle, &stretch, -1).sum;
        why = unless_same(cx->arena, arena_printf(cx->arena, "one of %d months", step), &wanted,
            &sums[i]);
    }
    if (why != NULL || query->indicator->aggregation == AGG_DISTINCT)
        return why;
    if (query->indicator->aggregation == AGG_STOCK)
        total = sums[count - 1];
    return unless_same(cx->arena, "all stretches", &whole->recorded, &total);
}

static const char *
check_cuts(struct oracle *oracle, const struct figure *whole, int place)
{
    struct ctx *cx = &oracle->fixture->cx;
    const struct figure_query *query = whole->query;
    struct sum *sums, total = {0};
    const char *why = NULL;
    int count;
    must(cx, figure_cuts(cx, query, place, &sums, &count));
    for (int i = 0; i < count; i++)
        sum_add(&total, &sums[i], 1);
    for (int i = 0; i < count && why == NULL; i += 1 + count / 2) {
        struct figure_query part = *query;
        int asked = cut_filter_part(&query->where, place);
        static const struct sum nothing;
        cut_filter_set(&part.where, place, i);
        struct sum wanted =
            asked < 0 || asked == i ? oracle_recount(oracle, &part, -1).sum : nothing;
        why = unless_same(cx->arena, "one cut", &wanted, &sums[i]);
    }
    if (why != NULL || !indicator_keeps_sums(query->indicator))
        return why;
    return unless_same(cx->arena, "cuts", &whole->recorded, &total);
}

/* The records behind a figure add up to it; where each value counts once, they are as many as gave
 * one. */
static const char *
check_records(struct ctx *cx, const struct figure *whole)
{
    struct figure_record *records;
    struct sum total = {0}, wanted = whole->recorded;
    bool more = true, goes_out = whole->query->indicator->aggregation == AGG_STOCK;
    if (whole->query->indicator->aggregation == AGG_DISTINCT)
        wanted.value = wanted.n;
    for (int skip = 0, count; more; skip += count) {
        must(cx, figure_records(cx, whole->query, skip, 50, &records, &count, &more));
        for (int i = 0; i < count; i++) {
            int word = goes_out && records[i].seq % 2 == 1 ? -records[i].word : records[i].word;
            struct sum one = sum_of_fact(records[i].value, word);
            sum_add(&total, &one, 1);
        }
    }
    return unless_same(cx->arena, "records", &wanted, &total);
}

static const char *
name_query(struct oracle *oracle, const struct figure_query *query, const char *why)
{
    struct ctx *cx = &oracle->fixture->cx;
    struct arena *arena = cx->arena;
    if (why == NULL)
        return NULL;
    return arena_printf(arena, "%s of %s, %s to %s, basis %s, where \"%s\": %s",
        query->indicator->key, oracle->units[oracle_find(oracle, query->unit->id)].code,
        date_iso(arena, query->from), date_iso(arena, query->to),
        query->basis == DAY_THEN ? "then" : date_iso(arena, query->basis),
        cut_filter_text(arena, cx->world, query->indicator, &query->where), why);
}

const char *
oracle_differs(struct oracle *oracle, const struct figure_query *query)
{
    struct ctx *cx = &oracle->fixture->cx;
    struct figure figure;
    struct expected wanted;
    must(cx, figure_read(cx, query, &figure));
    expect(oracle, query, -1, &wanted);
    return name_query(oracle, query, check_whole(cx->arena, &wanted, &figure));
}

const char *
oracle_falls_apart(struct oracle *oracle, const struct figure_query *query)
{
    static const int steps[] = {1, 3, 12};
    struct ctx *cx = &oracle->fixture->cx;
    bool has_facts = indicator_has_facts(query->indicator);
    struct figure figure;
    must(cx, figure_read(cx, query, &figure));
    const char *why = check_parts(oracle, &figure);
    for (size_t i = 0; has_facts && why == NULL && i < COUNT_OF(steps); i++)
        why = check_series(oracle, &figure, steps[i]);
    for (int i = 0; has_facts && why == NULL && i < cut_places(query->indicator); i++)
        why = check_cuts(oracle, &figure, i);
    if (has_facts && why == NULL)
        why = check_records(cx, &figure);
    return name_query(oracle, query, why);
}
