/* Figures: what was recorded and declared, put together and taken apart again. */
#include "domain/figure.h"

#include "base/buf.h"
#include "domain/fact.h"
#include "domain/figure_scan.h"

#include <string.h>

/* Filters and bases */

bool
cut_filter_takes(const struct cut_filter *filter, int64_t cut)
{
    for (int i = 0; !filter->any && i < CUT_PLACES; i++) {
        if (filter->part[i] >= 0 && filter->part[i] != cut_part(cut, i))
            return false;
    }
    return true;
}

static const char *
known_fields(struct arena *arena, const struct indicator *indicator)
{
    struct buf known = buf_new(arena);
    for (int i = 0; i < cut_places(indicator); i++)
        buf_printf(&known, "%s%s", i > 0 ? ", " : "", cut_field_key(indicator, i));
    return known.length == 0 ? "không chia theo gì" : buf_string(&known);
}

static enum status
parse_part(struct ctx *cx, const struct indicator *indicator, const char *key, const char *value,
    struct cut_filter *out)
{
    int place = cut_place(indicator, key);
    struct buf known = buf_new(cx->arena);
    if (place < 0)
        return fault_set(cx, ERR_INVALID, "Chỉ số %s không chia theo “%s”; chia theo: %s.",
            indicator->key, key, known_fields(cx->arena, indicator));
    for (int part = 0; part <= cut_value_count(indicator, place); part++) {
        const char *name = cut_value_key(indicator, place, part);
        buf_printf(&known, "%s%s", part > 0 ? ", " : "", name);
        if (strcmp(name, value) == 0) {
            out->part[place] = part;
            out->any = false;
            return OK;
        }
    }
    return fault_set(cx, ERR_INVALID, "“%s” không có giá trị “%s”; có: %s.", key, value,
        buf_string(&known));
}

enum status
cut_filter_parse(struct ctx *cx, const struct indicator *indicator, const char *text,
    struct cut_filter *out)
{
    out->any = true;
    for (int i = 0; i < CUT_PLACES; i++)
        out->part[i] = -1;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        char *pair = arena_strndup(cx->arena, text, length);
        char *value = strchr(pair, '=');
        if (value == NULL)
            return fault_set(cx, ERR_INVALID, "Điều kiện “%s” cần dạng TRƯỜNG=GIÁ_TRỊ.", pair);
        *value++ = '\0';
        TRY(parse_part(cx, indicator, pair, value, out));
        text += length + (text[length] == ',');
    }
    return OK;
}

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

/* Totals */

static void
visit_total(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    (void)day;
    (void)cut;
    sum_add(arg, sum, 1);
}

static enum qualifier
qualifier_of(const struct sum *sum)
{
    enum qualifier qualifier = EXACT;
    if (sum->n_over > 0)
        qualifier = qualifier_add(qualifier, OVER);
    if (sum->n_under > 0)
        qualifier = qualifier_add(qualifier, UNDER);
    if (sum->n_about > 0)
        qualifier = qualifier_add(qualifier, ABOUT);
    return qualifier;
}

/* The word that all qualified parts agree on, else the first word of the sum's qualifier. */
struct words {
    int word; /* -1: none yet, -2: several */
};

static int
known_word(int64_t stored)
{
    return word_is_known(stored) ? (int)stored : 0;
}

static void
words_add(struct words *words, int64_t word)
{
    if (known_word(word) != 0)
        words->word = words->word == -1 || words->word == word ? (int)word : -2;
}

static enum status
recorded_words(struct ctx *cx, const struct figure_query *query, struct words *words)
{
    struct scope scope = figure_scope(cx, query, query->from, query->to);
    for (int i = 0, end; i < scope.count; i = end) {
        end = scope_stretch(&scope, i);
        struct query *q = query_new(cx, Q_FACT_WORDS);
        stretch_bind(q, cx, query, &scope, i, end);
        while (query_next(q)) {
            if (cut_filter_takes(&query->where, query_get_int(q, 1)))
                words_add(words, query_get_int(q, 0));
        }
        TRY(query_end(q));
    }
    return OK;
}

/* Declarations */

static bool
takes_declared_cut(struct ctx *cx, const struct figure_query *query, const char *cut)
{
    struct cut_filter own;
    if (query->where.any)
        return true;
    int before = cx->faults.count;
    if (cut_filter_parse(cx, query->indicator, cut, &own) != OK) {
        fault_forget(cx, before);
        return false; /* a cut that the indicator no longer has */
    }
    for (int i = 0; i < CUT_PLACES; i++) {
        if (query->where.part[i] >= 0 && query->where.part[i] != own.part[i])
            return false;
    }
    return true;
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
    struct figure_query query = {.indicator = declaration->indicator,
        .unit = declaration->unit,
        .from = declaration->from,
        .to = declaration->to,
        .basis = DAY_THEN};
    struct scope scope = figure_scope(cx, &query, query.from, query.to);
    for (int i = 0, end; i < scope.count && !*out; i = end) {
        bool found;
        end = scope_stretch(&scope, i);
        struct query *q = query_new(cx, Q_FACT_EXISTS);
        stretch_bind(q, cx, &query, &scope, i, end);
        TRY(query_one(q, &found));
        if (found)
            TRY(query_end(q));
        *out = found;
    }
    return OK;
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
        .at = query_get_int(q, 9)};
}

static enum status
declarations_of_shard(struct ctx *cx, const struct figure_query *query, int64_t shard,
    struct figure *out)
{
    struct query *q = query_new(cx, Q_DECLARED_SCAN);
    query_int(q, "shard", shard);
    query_text(q, "indicator", query->indicator->key);
    query_int(q, "from", query->from);
    query_int(q, "to", query->to);
    while (query_next(q)) {
        struct declaration found = read_declaration(q, cx, query->indicator, shard);
        if (found.unit == NULL || !declared_inside(query, found.unit, found.to) ||
            !takes_declared_cut(cx, query, found.cut))
            continue;
        if (query->from <= found.from && found.to <= query->to)
            *ARENA_PUSH(cx->arena, out->declarations, out->declaration_count) = found;
        else
            *ARENA_PUSH(cx->arena, out->outside, out->outside_count) = found;
    }
    return query_end(q);
}

static enum status
read_declarations(struct ctx *cx, const struct figure_query *query, struct figure *out)
{
    int count;
    const int64_t *shards = figure_shards(cx, query, &count);
    for (int i = 0; i < count; i++)
        TRY(declarations_of_shard(cx, query, shards[i], out));
    for (int i = 0; i < out->declaration_count; i++) {
        if (!out->overlap)
            TRY(has_facts(cx, &out->declarations[i], &out->overlap));
    }
    return OK;
}

/* What is known of the recorded part besides its sum. */
struct recorded {
    struct words words;
    int place;                      /* of the unit of measure among the cuts */
    int64_t measures[CUT_MASK + 1]; /* how many facts there are of each */
};

static void
visit_measure(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct recorded *recorded = arg;
    (void)day;
    recorded->measures[cut_part(cut, recorded->place)] += sum->n;
}

/* Add what was recorded in a stretch of days to a figure. */
static enum status
add_recorded(struct ctx *cx, const struct figure_query *query, struct figure *out,
    struct recorded *recorded)
{
    struct sum sum = {0};
    struct scan totals = {cx, query, !query->where.any, false, visit_total, &sum};
    struct scan measures = {cx, query, true, false, visit_measure, recorded};
    TRY(scan_run(&totals));
    sum_add(&out->recorded, &sum, 1);
    recorded->place = query->indicator->by_count;
    if (sum.n != 0 && query->indicator->by_measure)
        TRY(scan_run(&measures));
    return qualifier_of(&sum) == EXACT ? OK : recorded_words(cx, query, &recorded->words);
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

/* Taking apart */

struct months {
    struct sum *sums;
    int32_t first;
};

static void
visit_month(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct months *months = arg;
    (void)cut;
    sum_add(&months->sums[month_number(day) - months->first], sum, 1);
}

enum status
figure_months(struct ctx *cx, const struct figure_query *query, struct sum **out, int *count)
{
    struct months months = {.first = month_number(query->from)};
    *count = month_number(query->to) - months.first + 1;
    if (*count > 12 * 200)
        return fault_set(cx, ERR_LIMIT, "Khoảng thời gian dài quá 200 năm.");
    *out = months.sums = ARENA_ARRAY(cx->arena, struct sum, (size_t)*count);
    struct scan scan = {cx, query, !query->where.any, true, visit_month, &months};
    return scan_run(&scan);
}

struct cuts {
    struct sum *sums;
    int place;
};

static void
visit_cut(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    struct cuts *cuts = arg;
    (void)day;
    sum_add(&cuts->sums[cut_part(cut, cuts->place)], sum, 1);
}

enum status
figure_cuts(struct ctx *cx, const struct figure_query *query, int place, struct sum **out,
    int *count)
{
    struct cuts cuts = {.place = place};
    *count = cut_value_count(query->indicator, place) + 1;
    *out = cuts.sums = ARENA_ARRAY(cx->arena, struct sum, (size_t)CUT_MASK + 1);
    struct scan scan = {cx, query, true, false, visit_cut, &cuts};
    return scan_run(&scan);
}

/* The qualifier, value and word of a figure whose recorded sum and declarations are known. */
static enum status
conclude(struct ctx *cx, struct figure *out, const struct recorded *recorded)
{
    struct words words = recorded->words;
    out->is_mixed = is_mixed(recorded);
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

enum status
figure_read(struct ctx *cx, const struct figure_query *query, struct figure *out)
{
    struct recorded recorded = {.words = {-1}};
    *out = (struct figure){.query = query};
    TRY(add_recorded(cx, query, out, &recorded));
    TRY(read_declarations(cx, query, out));
    return conclude(cx, out, &recorded);
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
read_part(struct ctx *cx, const struct figure *whole, const struct unit *unit, bool own,
    struct figure_part *part)
{
    const struct figure_query *query = whole->query;
    struct figure_query *asked = arena_grow(cx->arena, query, sizeof(*query), sizeof(*query));
    struct recorded recorded = {.words = {-1}};
    asked->unit = unit;
    asked->own = own;
    part->unit = unit;
    part->is_own = own;
    part->figure = (struct figure){.query = asked};
    if (own || query->basis != DAY_THEN)
        TRY(add_recorded(cx, asked, &part->figure, &recorded));
    for (int i = 0; !own && query->basis == DAY_THEN && i < unit->span_count; i++) {
        const struct span *span = &unit->spans[i];
        struct figure_query stretch = *asked;
        stretch.from = span->from > query->from ? span->from : query->from;
        stretch.to = span->to < query->to ? span->to : query->to;
        if (span->parent == query->unit && stretch.from <= stretch.to)
            TRY(add_recorded(cx, &stretch, &part->figure, &recorded));
    }
    share_declarations(cx, whole, &part->figure);
    return conclude(cx, &part->figure, &recorded);
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

struct page {
    int skip, limit;
    struct figure_record *items;
    int count;
    bool more;
};

static enum status
records_of_unit(struct ctx *cx, const struct figure_query *query, const struct scope_item *item,
    struct page *page)
{
    struct query *q = query_new(cx, Q_FACT_ROWS);
    query_int(q, "shard", item->unit->shard);
    query_int(q, "unit", item->unit->id);
    query_int(q, "indicator", cx->world->indicator_ids[query->indicator->index]);
    query_int(q, "first", item->from);
    query_int(q, "end", (int64_t)item->to + 1);
    while (!page->more && query_next(q)) {
        int64_t cut = query_get_int(q, 3);
        if (!cut_filter_takes(&query->where, cut))
            continue;
        if (page->skip > 0) {
            page->skip--;
            continue;
        }
        page->more = page->count == page->limit;
        if (page->more)
            break;
        *ARENA_PUSH(cx->arena, page->items, page->count) =
            (struct figure_record){.unit = item->unit,
                .code = query_get_text(q, 6),
                .state = query_get_text(q, 7),
                .day = (int32_t)query_get_int(q, 0),
                .seq = (int)query_get_int(q, 2),
                .cut = cut,
                .value = query_get_int(q, 4),
                .word = known_word(query_get_int(q, 5))};
    }
    return query_end(q);
}

enum status
figure_records(struct ctx *cx, const struct figure_query *query, int skip, int limit,
    struct figure_record **out, int *count, bool *more)
{
    struct page page = {.skip = skip, .limit = limit};
    struct scope scope = figure_scope(cx, query, query->from, query->to);
    for (int i = 0; i < scope.count && !page.more; i++)
        TRY(records_of_unit(cx, query, &scope.items[i], &page));
    *out = page.items;
    *count = page.count;
    *more = page.more;
    return OK;
}

/* Showing */

static void
declarations_doc(struct doc *list, const struct ctx *cx, const struct declaration *items, int count,
    int scale)
{
    for (int i = 0; i < count; i++) {
        const struct declaration *item = &items[i];
        const struct span *span = unit_named(item->unit, item->to);
        struct doc *d = doc_object(list, NULL);
        doc_text(d, "unit", span->code);
        doc_text(d, "unit_name", span->name);
        doc_date(d, "from", item->from);
        doc_date(d, "to", item->to);
        doc_text(d, "where", item->cut);
        doc_quantity(d, "value", item->value, scale, word_text(item->word));
        doc_text(d, "qualifier", qualifier_key(word_qualifier(item->word)));
        doc_text(d, "word", word_text(item->word));
        doc_text(d, "source", item->source);
        doc_integer(d, "version", item->version);
        doc_time(d, "at", item->at, cx->world->zone_offset);
    }
}

void
figure_doc(struct doc *d, const struct ctx *cx, const struct figure *figure)
{
    const struct figure_query *query = figure->query;
    int scale = query->indicator->scale;
    doc_text(d, "indicator", query->indicator->key);
    doc_text(d, "label", query->indicator->label.vi);
    doc_text(d, "unit", unit_named(query->unit, query->to)->code);
    doc_date(d, "from", query->from);
    doc_date(d, "to", query->to);
    if (query->basis == DAY_THEN)
        doc_text(d, "basis", "then");
    else
        doc_date(d, "basis", query->basis);
    if (figure->is_mixed)
        doc_null(d, "value");
    else
        doc_quantity(d, "value", figure->value, scale, word_text(figure->word));
    doc_text(d, "qualifier", qualifier_key(figure->qualifier));
    doc_text(d, "word", word_text(figure->word));
    doc_decimal(d, "recorded", figure->recorded.value, scale);
    if (figure->declaration_count > 0)
        doc_decimal(d, "declared", figure->declared, scale);
    else
        doc_null(d, "declared");
    declarations_doc(doc_list(d, "declarations"), cx, figure->declarations,
        figure->declaration_count, scale);
    declarations_doc(doc_list(d, "declared_outside"), cx, figure->outside, figure->outside_count,
        scale);
    doc_bool(d, "overlap", figure->overlap);
    doc_integer(d, "n", figure->recorded.n);
}
