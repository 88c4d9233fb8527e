/* Figures: what was recorded and declared, put together and taken apart again. */
#include "domain/figure.h"

#include "base/plant.h"
#include "base/buf.h"
#include "domain/directive.h"
#include "domain/fact.h"
#include "domain/figure_made.h"
#include "domain/figure_scan.h"
#include "domain/rights.h"

#include <string.h>

/* Bases */

enum status
basis_parse(struct ctx *cx, const char *text, int32_t to, int32_t *out)
{
    if (text == NULL || *text == '\0' || strcmp(text, "then") == 0)
        *out = DAY_THEN;
    else if (strcmp(text, "end") == 0)
        *out = to;
    else if (strcmp(text, "now") == 0)
        *out = cx->world->today;
    else if (!date_parse(text, out))
        return fault_set(cx, ERR_INVALID,
            "Cơ cấu “%s” không hợp lệ; cần then, end, now hoặc một ngày như 05/09/2026.", text);
    return OK;
}

/* Questions */

struct figure_query
query_of_facts(const struct figure_query *query)
{
    struct figure_query all = *query;
    if (query->indicator->aggregation == AGG_STOCK)
        all.from = FIGURE_FIRST_DAY;
    return all;
}

const struct figure_query *
query_settled(struct ctx *cx, const struct figure_query *query)
{
    if (query->indicator->aggregation != AGG_STOCK || query->basis != DAY_THEN)
        return query;
    struct figure_query *asked = arena_grow(cx->arena, query, sizeof(*query), sizeof(*query));
    asked->basis = query->to;
    return asked;
}

/* Totals */

static enum qualifier
qualifier_of(const struct sum *sum)
{
    enum qualifier qualifier = EXACT;
    if (sum->n_over != 0)
        qualifier = qualifier_add(qualifier, OVER);
    if (sum->n_under != 0)
        qualifier = qualifier_add(qualifier, UNDER);
    if (sum->n_about != 0)
        qualifier = qualifier_add(qualifier, ABOUT);
    return qualifier;
}

/* The word that all qualified parts agree on, else the first word of the sum's qualifier. */
struct words {
    int word; /* -1: none yet, -2: several */
};

int
known_word(int64_t stored)
{
    int64_t word = stored < 0 ? -stored : stored; /* of what goes out */
    return word_is_known(word) ? (int)word : 0;
}

static void
words_add(struct words *words, int64_t word)
{
    int known = known_word(word);
    if (known != 0)
        words->word = words->word == -1 || words->word == known ? known : -2;
}

static enum status
recorded_words(struct ctx *cx, const struct figure_query *query, struct words *words)
{
    struct scope scope = figure_scope(cx, query, query->from, query->to);
    struct query *q = scope_query(cx, Q_FACT_WORDS, query, scope);
    while (query_next(q))
        words_add(words, query_get_int(q, 0));
    return query_end(q);
}

/* Declarations */

/* A declaration is of its register's own directive unless it says another. */
static bool
takes_declared_cut(struct ctx *cx, const struct figure_query *query, const char *cut)
{
    struct cut_filter own;
    int64_t fields = ((int64_t)1 << CUT_DIRECTIVES) - 1;
    int before = cx->faults.count;
    if (query->where.mask == 0)
        return true;
    if (cut_filter_parse(cx, query->indicator, cut, &own) != OK) {
        fault_forget(cx, before);
        return false; /* a cut that the indicator no longer has */
    }
    if (own.mask >> CUT_DIRECTIVES == 0)
        own.want |= directive_default(cx->world, query->indicator->reg) << CUT_DIRECTIVES;
    own.mask |= ~fields;
    return (query->where.mask & ~own.mask) == 0 &&
        (own.want & query->where.mask) == query->where.want;
}

/* Does a declaration's unit lie in the asked subtree? By the declaration's last day or the basis.
 */
static bool
declared_inside(const struct figure_query *query, const struct unit *unit, int32_t to)
{
    int32_t day = query->basis == DAY_THEN ? to : query->basis;
    if (query->basis != DAY_THEN)
        unit = unit_place(unit, day);
    if (unit == NULL)
        return false;
    return query->own ? unit == query->unit : unit_inside(unit, query->unit, day);
}

static enum status
has_facts(struct ctx *cx, const struct declaration *declaration, bool *out)
{
    struct figure_query query = {.indicator = indicator_of_cuts(declaration->indicator),
        .unit = declaration->unit,
        .from = declaration->from,
        .to = declaration->to,
        .basis = DAY_THEN};
    query = query_of_facts(query_settled(cx, &query));
    struct scope scope = figure_scope(cx, &query, query.from, query.to);
    struct query *q = scope_query(cx, Q_FACT_EXISTS, &query, scope);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

static struct declaration
read_declaration(struct query *q, const struct ctx *cx, const struct indicator *indicator,
    int64_t shard)
{
    return (struct declaration){.shard = shard,
        .id = query_get_int(q, 0),
        .indicator = indicator,
        .unit = tree_unit(cx->world->tree, query_get_int(q, 1)),
        .cut = query_get_text(q, 2),
        .from = (int32_t)query_get_int(q, 3),
        .to = (int32_t)query_get_int(q, 4),
        .value = query_get_int(q, 5),
        .word = known_word(query_get_int(q, 6)),
        .source = query_get_text(q, 7),
        .version = query_get_int(q, 8),
        .at = query_get_int(q, 9),
        .has_fraction = !query_get_null(q, 10),
        .numerator = query_get_int(q, 10),
        .denominator = query_get_int(q, 11)};
}

/* A declared stock stays until another one is declared. */
static int32_t
declared_from(const struct figure_query *query)
{
    return query->indicator->aggregation == AGG_STOCK ? DAY_MIN : query->from;
}

/* Is there a later one about the same? Of two that end on one day the one that was said last. */
static bool
is_outdated(const struct figure *figure, const struct declaration *declaration)
{
    for (int i = 0; i < figure->declaration_count; i++) {
        const struct declaration *other = &figure->declarations[i];
        bool is_later = other->to > declaration->to ||
            (other->to == declaration->to &&
                (other->at > declaration->at ||
                    (other->at == declaration->at && other->id > declaration->id)));
        if (other->unit == declaration->unit && strcmp(other->cut, declaration->cut) == 0 &&
            is_later)
            return true;
    }
    return false;
}

static void
keep_newest(struct figure *figure)
{
    int kept = 0;
    for (int i = 0; i < figure->declaration_count; i++) {
        if (!is_outdated(figure, &figure->declarations[i]))
            figure->declarations[kept++] = figure->declarations[i];
    }
    figure->declaration_count = kept;
}

/* What is asked about declarations: one figure, one shard. */
struct declared_in {
    struct figure *figure;
    int64_t shard;
};

struct declared_list {
    struct declared_in *items;
    int count;
};

static void
bind_declared(struct query *q, int i, void *arg)
{
    const struct declared_list *list = arg;
    const struct figure_query *query = list->items[i].figure->query;
    query_int(q, "shard", list->items[i].shard);
    query_text(q, "indicator", query->indicator->key);
    query_int(q, "from", declared_from(query));
    query_int(q, "to", query->to);
}

static void
add_declaration(struct ctx *cx, struct figure *out, struct declaration found)
{
    const struct figure_query *query = out->query;
    if (found.unit == NULL || !declared_inside(query, found.unit, found.to) ||
        !takes_declared_cut(cx, query, found.cut))
        return;
    if (declared_from(query) <= found.from && found.to <= query->to)
        *ARENA_PUSH(cx->arena, out->declarations, out->declaration_count) = found;
    else
        *ARENA_PUSH(cx->arena, out->outside, out->outside_count) = found;
}

static enum status
find_declarations(struct ctx *cx, struct figure *figures, int count)
{
    struct declared_list list = {0};
    for (int i = 0; i < count; i++) {
        int shard_count;
        const int64_t *shards = figure_shards(cx, figures[i].query, &shard_count);
        for (int k = 0; k < shard_count; k++)
            *ARENA_PUSH(cx->arena, list.items, list.count) =
                (struct declared_in){&figures[i], shards[k]};
    }
    struct query *q = query_new(cx, Q_DECLARED_SCAN);
    query_each(q, list.count, bind_declared, &list);
    while (query_next(q)) {
        const struct declared_in *in = &list.items[query_which(q)];
        add_declaration(cx, in->figure,
            read_declaration(q, cx, in->figure->query->indicator, in->shard));
    }
    return query_end(q);
}

static enum status
read_declarations(struct ctx *cx, struct figure *figures, int count)
{
    TRY(find_declarations(cx, figures, count));
    for (int i = 0; i < count; i++) {
        struct figure *figure = &figures[i];
        if (figure->query->indicator->aggregation == AGG_STOCK)
            keep_newest(figure);
        for (int d = 0; d < figure->declaration_count; d++) {
            if (!figure->overlap)
                TRY(has_facts(cx, &figure->declarations[d], &figure->overlap));
        }
    }
    return OK;
}

/* The recorded part */

/* What is gathered of the recorded part, stretch after stretch of days. */
struct recorded {
    struct gathered total;
    struct words words;
    int place;                      /* of the unit of measure among the cuts */
    int64_t measures[CUT_MASK + 1]; /* how many facts there are of each */
};

static void
visit_total(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct recorded *recorded = arg;
    (void)day;
    (void)cut;
    gather(&recorded->total, 0, sum);
}

static void
visit_measure(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct recorded *recorded = arg;
    (void)day;
    recorded->measures[cut_part(cut, recorded->place)] += sum->n;
}

static struct recorded
recorded_new(struct ctx *cx, const struct indicator *indicator)
{
    return (struct recorded){.total = gathered_new(cx->arena, indicator, 1), .words = {-1}};
}

static struct scan
scan_of_totals(struct ctx *cx, const struct figure_query *query, struct recorded *recorded)
{
    return (struct scan){cx, query, query->where.mask != 0, false, visit_total, recorded};
}

/* What is to be known besides the total of a stretch of days. */
static enum status
add_details(struct ctx *cx, const struct figure_query *query, struct figure *out,
    struct recorded *recorded)
{
    struct scan measures = {cx, query, true, false, visit_measure, recorded};
    out->recorded = recorded->total.sums[0];
    recorded->place = query->indicator->by_count;
    if (out->recorded.n != 0 && query->indicator->by_measure)
        TRY(scan_run(&measures));
    return qualifier_of(&out->recorded) == EXACT ? OK : recorded_words(cx, query, &recorded->words);
}

/* Add what was recorded in a stretch of days to a figure. */
static enum status
add_recorded(struct ctx *cx, const struct figure_query *query, struct figure *out,
    struct recorded *recorded)
{
    struct scan totals = scan_of_totals(cx, query, recorded);
    TRY(scan_run(&totals));
    return add_details(cx, query, out, recorded);
}

/* Sums of one unit of measure only are a figure. */
static bool
is_mixed(const struct recorded *recorded)
{
    int kinds = 0;
    for (int i = 0; i <= CUT_MASK; i++)
        kinds += recorded->measures[i] != 0;
    return kinds > 1;
}

/* The qualifier, value and word of a figure whose recorded sum and declarations are known. */
static enum status
conclude(struct ctx *cx, struct figure *out, const struct recorded *recorded)
{
    struct words words = recorded->words;
    out->is_mixed = is_mixed(recorded);
    out->has_value = true;
    out->has_declared = out->declaration_count > 0;
    out->qualifier = qualifier_of(&out->recorded);
    out->value = out->recorded.value;
    for (int i = 0; i < out->declaration_count; i++) {
        const struct declaration *declaration = &out->declarations[i];
        if (!add_checked(out->declared, declaration->value, &out->declared) ||
            !add_checked(out->value, declaration->value, &out->value))
            return fault_set(cx, ERR_LIMIT, "Tổng của chỉ số %s vượt quá giới hạn.",
                out->query->indicator->key);
        out->qualifier = qualifier_add(out->qualifier, word_qualifier(declaration->word));
        words_add(&words, declaration->word);
    }
    out->word = words.word > 0 && word_qualifier(words.word) == out->qualifier
        ? words.word
        : word_of(out->qualifier);
    return OK;
}

/* The recorded parts of figures that have one: all totals together, then what depends on them. */
static enum status
read_totals(struct ctx *cx, struct figure **figures, int count)
{
    struct recorded *recorded = ARENA_ARRAY(cx->arena, struct recorded, (size_t)count + 1);
    struct figure_query *asked = ARENA_ARRAY(cx->arena, struct figure_query, (size_t)count + 1);
    struct scan *scans = ARENA_ARRAY(cx->arena, struct scan, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        const struct figure_query *query = figures[i]->query;
        asked[i] = query_of_facts(query);
        recorded[i] = recorded_new(cx, query->indicator);
        scans[i] = scan_of_totals(cx, &asked[i], &recorded[i]);
        if (query->indicator->aggregation == AGG_STOCK)
            TRY(stock_read(cx, query, &figures[i]->stock));
    }
    TRY(scan_run_all(scans, count));
    for (int i = 0; i < count; i++) {
        TRY(add_details(cx, &asked[i], figures[i], &recorded[i]));
        TRY(conclude(cx, figures[i], &recorded[i]));
    }
    return OK;
}

bool
figure_is_visible(const struct ctx *cx, const struct indicator *indicator, const struct unit *unit)
{
    for (int i = 0; i < 2; i++) {
        const struct indicator *base = indicator->bases[i].indicator;
        if (base != NULL && !figure_is_visible(cx, base, unit))
            return false;
    }
    return may_unit(cx, ACTION_FIGURE, indicator->reg, unit);
}

enum status
figure_check_right(struct ctx *cx, const struct figure_query *query)
{
    if (figure_is_visible(cx, query->indicator, query->unit) || PLANTED("figure_not_asked"))
        return OK;
    return fault_set(cx, ERR_NOT_FOUND, "Không có số liệu “%s” của đơn vị này.",
        label_text(cx, &query->indicator->label));
}

enum status
figures_read(struct ctx *cx, const struct figure_query *asked, int count, struct figure *out)
{
    for (int i = 0; i < count; i++)
        TRY(figure_check_right(cx, &asked[i]));
    return figures_read_bases(cx, asked, count, out);
}

enum status
figures_read_bases(struct ctx *cx, const struct figure_query *asked, int count, struct figure *out)
{
    struct figure **with_facts = ARENA_ARRAY(cx->arena, struct figure *, (size_t)count + 1);
    int fact_count = 0;
    for (int i = 0; i < count; i++)
        out[i] = (struct figure){.query = query_settled(cx, &asked[i])};
    TRY(read_declarations(cx, out, count));
    for (int i = 0; i < count; i++) {
        if (indicator_has_facts(out[i].query->indicator))
            with_facts[fact_count++] = &out[i];
        else
            TRY(figure_make(cx, &out[i]));
    }
    struct arena_mark mark = arena_mark(cx->arena);
    TRY(read_totals(cx, with_facts, fact_count));
    arena_release(cx->arena, mark);
    return OK;
}

enum status
figure_read(struct ctx *cx, const struct figure_query *query, struct figure *out)
{
    return figures_read(cx, query, 1, out);
}

/* Taking apart */

struct series {
    struct gathered gathered;
    int step, first; /* months of a stretch, and the number of the first one */
};

static void
visit_stretch(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct series *series = arg;
    (void)cut;
    gather(&series->gathered, month_number(day) / series->step - series->first, sum);
}

/* What there was before, carried through the stretches. */
static enum status
carry_stock(struct ctx *cx, const struct figure_query *query, struct sum *sums, int count)
{
    struct figure_query before = *query;
    struct recorded recorded = recorded_new(cx, query->indicator);
    struct scan scan = {cx, &before, query->where.mask != 0, false, visit_total, &recorded};
    before.from = FIGURE_FIRST_DAY;
    before.to = query->from - 1;
    TRY(scan_run(&scan));
    for (int i = 0; i < count; i++)
        sum_add(&sums[i], i == 0 ? &recorded.total.sums[0] : &sums[i - 1], 1);
    return OK;
}

enum status
figure_series(struct ctx *cx, const struct figure_query *query, int step, struct sum **out,
    int *count)
{
    struct series series = {.step = step, .first = month_number(query->from) / step};
    TRY(figure_check_right(cx, query));
    if (month_number(query->to) - month_number(query->from) >= 12 * 200)
        return fault_set(cx, ERR_LIMIT, "Khoảng thời gian dài quá 200 năm.");
    *count = month_number(query->to) / step - series.first + 1;
    query = query_settled(cx, query);
    series.gathered = gathered_new(cx->arena, query->indicator, *count);
    *out = series.gathered.sums;
    struct scan scan = {cx, query, query->where.mask != 0, true, visit_stretch, &series};
    TRY(scan_run(&scan));
    if (query->indicator->aggregation == AGG_STOCK)
        return carry_stock(cx, query, *out, *count);
    return OK;
}

struct cuts {
    struct gathered gathered;
    int place;
};

static void
visit_cut(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct cuts *cuts = arg;
    (void)day;
    gather(&cuts->gathered, (int)cut_part(cut, cuts->place), sum);
}

enum status
figure_cuts(struct ctx *cx, const struct figure_query *query, int place, struct sum **out,
    int *count)
{
    struct figure_query all = query_of_facts(query_settled(cx, query));
    struct cuts cuts = {gathered_new(cx->arena, query->indicator, CUT_MASK + 1), place};
    struct scan scan = {cx, &all, true, false, visit_cut, &cuts};
    TRY(figure_check_right(cx, query));
    *count = cut_value_count(query->indicator, place) + 1;
    *out = cuts.gathered.sums;
    return scan_run(&scan);
}

/* Does a declaration of the whole belong to this part? To one part only: a child that stood deeper
 * on the declaration's day is not the part that it counts in. */
static bool
belongs_to(const struct declaration *declaration, const struct figure *whole,
    const struct figure_query *part)
{
    int32_t day = part->basis == DAY_THEN ? declaration->to : part->basis;
    const struct span *span = unit_on(part->unit, day);
    return declared_inside(part, declaration->unit, declaration->to) &&
        (part->own || (span != NULL && span->parent == whole->query->unit));
}

static void
share_declarations(struct ctx *cx, const struct figure *whole, struct figure *part)
{
    for (int i = 0; i < whole->declaration_count; i++) {
        if (belongs_to(&whole->declarations[i], whole, part->query))
            *ARENA_PUSH(cx->arena, part->declarations, part->declaration_count) =
                whole->declarations[i];
    }
    for (int i = 0; i < whole->outside_count; i++) {
        if (belongs_to(&whole->outside[i], whole, part->query))
            *ARENA_PUSH(cx->arena, part->outside, part->outside_count) = whole->outside[i];
    }
}

/* A part counts on the days on which it was part: a unit that moved here or away is added up over
 * its days under the parent. */
static enum status
read_stretches(struct ctx *cx, const struct figure_query *whole, struct figure *out)
{
    const struct figure_query *asked = out->query;
    struct recorded recorded = recorded_new(cx, asked->indicator);
    for (int i = 0; i < asked->unit->span_count; i++) {
        const struct span *span = &asked->unit->spans[i];
        struct figure_query stretch = *asked;
        stretch.from = span->from > whole->from ? span->from : whole->from;
        stretch.to = span->to < whole->to ? span->to : whole->to;
        if (span->parent == whole->unit && stretch.from <= stretch.to)
            TRY(add_recorded(cx, &stretch, out, &recorded));
    }
    return conclude(cx, out, &recorded);
}

static enum status
read_part(struct ctx *cx, const struct figure *whole, const struct unit *unit, bool own,
    struct figure_part *part)
{
    const struct figure_query *query = whole->query;
    struct figure_query *asked = arena_grow(cx->arena, query, sizeof(*query), sizeof(*query));
    asked->unit = unit;
    asked->own = own;
    part->unit = unit;
    part->is_own = own;
    part->figure = (struct figure){.query = asked};
    share_declarations(cx, whole, &part->figure);
    if (!indicator_has_facts(query->indicator))
        return figure_make(cx, &part->figure);
    struct arena_mark mark = arena_mark(cx->arena);
    struct figure *figure = &part->figure;
    if (own || query->basis != DAY_THEN)
        TRY(read_totals(cx, &figure, 1));
    else
        TRY(read_stretches(cx, query, figure));
    arena_release(cx->arena, mark);
    return OK;
}

enum status
figure_all_parts(struct ctx *cx, const struct figure *whole, struct figure_part **out, int *count)
{
    const struct figure_query *query = whole->query;
    const struct unit **children;
    int children_count =
        tree_children(cx->arena, query->unit, query->from, query->to, query->basis, &children);
    *out = ARENA_ARRAY(cx->arena, struct figure_part, (size_t)children_count + 1);
    TRY(read_part(cx, whole, query->unit, true, &(*out)[0]));
    const struct figure *own = &(*out)[0].figure;
    for (int i = 0; i < children_count; i++) {
        struct figure_part *part = &(*out)[i + 1];
        part->unit = children[i];
        part->is_hidden = !figure_is_visible(cx, query->indicator, children[i]);
        if (part->is_hidden)
            continue;
        TRY(read_part(cx, whole, children[i], false, part));
        part->unknown = own->declaration_count > 0 && part->figure.recorded.n == 0 &&
            part->figure.declaration_count == 0;
    }
    *count = children_count + 1;
    return OK;
}

enum status
figure_parts(struct ctx *cx, const struct figure *whole, struct figure_part **out, int *count)
{
    TRY(figure_all_parts(cx, whole, out, count));
    const struct figure *own = &(*out)[0].figure;
    if (*count > 1 && own->recorded.n == 0 && own->declaration_count == 0) {
        ++*out;
        --*count;
    }
    return OK;
}
