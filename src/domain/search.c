/* Asking. Records are found by the store's index of words; directives, units and indicators are few
 * and in memory. */
#include "domain/search.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/code.h"
#include "base/vi.h"
#include "domain/figure.h"
#include "domain/rights.h"
#include "domain/search_words.h"
#include "store/fulltext.h"

#include <string.h>

enum {
    NEAR_LENGTH_MAX = 24,   /* of a symbol that near ones are looked for */
    NARROW_UNITS_MAX = 1000 /* so many units are asked for by their words */
};

struct asking {
    struct ctx *cx;
    const struct search_query *query;
    const struct search_chunk *chunks; /* one for each term */
    struct fulltext wanted;
    struct fulltext_term *terms; /* those of `wanted` */
    bool has_symbol;
    const bool *inside; /* by index of the unit; NULL: everywhere */
    const char *units;  /* the same as a JSON list of ids */
};

/* What is asked */

static void
read_text(struct asking *asking, struct search_answer *out)
{
    struct arena *arena = asking->cx->arena;
    int count, words = 0;
    struct search_chunk *chunks = search_chunks(arena, asking->query->text, &count);
    asking->chunks = chunks;
    asking->terms =
        ARENA_ARRAY(arena, struct fulltext_term, (size_t)count + 1); /* and a register */
    for (int i = 0; i < count && words < SEARCH_WORDS_MAX; i++) {
        int room = SEARCH_WORDS_MAX - words;
        struct fulltext_term *term = &asking->terms[asking->wanted.count++];
        term->whole = chunks[i].whole;
        term->words = chunks[i].words;
        term->count = chunks[i].count < room ? chunks[i].count : room;
        words += chunks[i].count;
        asking->has_symbol = asking->has_symbol || term->whole != NULL;
    }
    asking->wanted.terms = asking->terms;
    out->is_cut = words > SEARCH_WORDS_MAX || asking->wanted.count < count;
    out->is_empty = count == 0;
}

/* Only records of these units. */
static void
use_scope(struct asking *asking, const struct scope *scope)
{
    const struct tree *tree = asking->cx->world->tree;
    struct arena *arena = asking->cx->arena;
    bool *inside = ARENA_ARRAY(arena, bool, (size_t)tree->count);
    struct buf units = buf_new(arena);
    for (int i = 0; i < scope->count; i++) {
        const struct unit *unit = scope->items[i].unit;
        if (inside[unit->index])
            continue;
        inside[unit->index] = true;
        buf_printf(&units, "%s%lld", units.length > 0 ? "," : "[", (long long)unit->id);
        *ARENA_PUSH(arena, asking->wanted.one_of, asking->wanted.one_of_count) =
            search_unit_word(arena, unit);
    }
    buf_text(&units, units.length > 0 ? "]" : "[]");
    asking->inside = inside;
    asking->units = buf_string(&units);
    if (asking->wanted.one_of_count > NARROW_UNITS_MAX)
        asking->wanted.one_of_count = 0;
}

/* The units of which the viewer may read something in some register; *whole: all of them. */
static struct scope
readable_scope(struct ctx *cx, const struct unit *unit, bool *whole)
{
    const struct model *model = cx->world->model;
    struct scope all = {0}, one;
    *whole = false;
    for (int r = 0; r < model->register_count && !*whole; r++) {
        rights_scope(cx, &model->registers[r], unit, &one, whole);
        for (int i = 0; i < one.count; i++)
            *ARENA_PUSH(cx->arena, all.items, all.count) = one.items[i];
    }
    return all;
}

static void
read_scope(struct asking *asking)
{
    struct ctx *cx = asking->cx;
    const struct tree *tree = cx->world->tree;
    const struct unit *unit = asking->query->unit == NULL ? tree->root : asking->query->unit;
    bool whole = true;
    struct scope scope = {0};
    if (unit != NULL && cx->viewer != NULL)
        scope = readable_scope(cx, unit, &whole);
    if (whole && unit == tree->root)
        return;
    if (whole)
        scope = tree_scope(cx->arena, tree, unit, DAY_MIN, DAY_MAX, tree->today);
    use_scope(asking, &scope);
}

static bool
is_inside(const struct asking *asking, const struct unit *unit)
{
    return asking->inside == NULL || asking->inside[unit->index];
}

/* Below the unit that is asked for, and one of which the viewer may know. */
static bool
is_shown(const struct asking *asking, const struct unit *unit)
{
    const struct ctx *cx = asking->cx;
    const struct unit *asked = asking->query->unit;
    int32_t today = cx->world->today;
    return may_know_unit(cx, unit) &&
        (asked == NULL || asked == cx->world->tree->root ||
            unit_inside(unit_place(unit, today), asked, today));
}

/* What is in memory */

static bool
term_fits(const struct fulltext_term *term, const char *words)
{
    if (term->whole != NULL && search_has(words, term->whole, term->count == 0))
        return true;
    for (int i = 0; i < term->count; i++) {
        if (!search_has(words, term->words[i], false))
            return false;
    }
    return term->count > 0;
}

static bool
fits(const struct asking *asking, const char *words)
{
    for (int i = 0; i < asking->wanted.count; i++) {
        if (!term_fits(&asking->terms[i], words))
            return false;
    }
    return true;
}

static void
find_directives(struct asking *asking, struct search_answer *out)
{
    struct arena *arena = asking->cx->arena;
    const struct model *model = asking->cx->world->model;
    for (int i = 0; i < model->directive_count; i++) {
        const struct directive *directive = &model->directives[i];
        const char *text =
            arena_printf(arena, "Chỉ thị %s %s", directive->symbol, directive->label.vi);
        if (fits(asking, search_text_words(arena, text)))
            *ARENA_PUSH(arena, out->directives, out->directive_count) = directive;
    }
}

/* The last of a unit's spans that has the words, or NULL. */
static const struct span *
unit_fits(const struct asking *asking, const struct unit *unit)
{
    for (int i = unit->span_count - 1; i >= 0; i--) {
        if (fits(asking, unit->spans[i].words))
            return &unit->spans[i];
    }
    return NULL;
}

static bool
is_called(struct arena *arena, const struct span *span, const char *folded)
{
    return strcmp(vi_fold(arena, span->code), folded) == 0 ||
        strcmp(vi_fold(arena, span->name), folded) == 0;
}

/* First those whose code or whole name it is, then in administrative order. */
static void
find_units(struct asking *asking, struct search_answer *out)
{
    const struct tree *tree = asking->cx->world->tree;
    struct arena *arena = asking->cx->arena;
    const char *folded = vi_fold(arena, asking->query->text);
    const struct span *rest[SEARCH_OTHERS];
    int rest_count = 0;
    out->units = ARENA_ARRAY(arena, const struct span *, SEARCH_OTHERS);
    for (int i = 0; i < tree->count; i++) {
        const struct span *span =
            is_shown(asking, &tree->units[i]) ? unit_fits(asking, &tree->units[i]) : NULL;
        if (span == NULL)
            continue;
        bool is_first = is_called(arena, span, folded);
        if (is_first && out->unit_count < SEARCH_OTHERS)
            out->units[out->unit_count++] = span;
        else if (!is_first && rest_count < SEARCH_OTHERS)
            rest[rest_count++] = span;
        else
            out->more_units = true;
    }
    for (int i = 0; i < rest_count; i++) {
        if (out->unit_count < SEARCH_OTHERS)
            out->units[out->unit_count++] = rest[i];
        else
            out->more_units = true;
    }
}

/* Where the figures that are found are looked at: of the unit that is asked for, else of the
 * viewer's own, else of all. */
static const struct unit *
figures_unit(const struct asking *asking)
{
    const struct ctx *cx = asking->cx;
    if (asking->query->unit != NULL)
        return asking->query->unit;
    if (cx->viewer == NULL)
        return cx->world->tree->root;
    return cx->viewer->grant_count == 0 ? NULL : cx->viewer->grants[0].unit;
}

static void
find_indicators(struct asking *asking, struct search_answer *out)
{
    const struct model *model = asking->cx->world->model;
    const struct unit *unit = figures_unit(asking);
    out->figures_of = unit;
    struct arena *arena = asking->cx->arena;
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        const char *text = arena_printf(arena, "%s %s", indicator->key, indicator->label.vi);
        if (!fits(asking, search_text_words(arena, text)) ||
            (unit != NULL && !figure_is_visible(asking->cx, indicator, unit)))
            continue;
        if (out->indicator_count == SEARCH_OTHERS) {
            out->more_indicators = true;
            return;
        }
        *ARENA_PUSH(arena, out->indicators, out->indicator_count) = indicator;
    }
}

/* Records */

static enum status
read_page(struct asking *asking, enum fulltext_part part, int64_t before, int limit,
    struct record_key **out, int *count)
{
    struct ctx *cx = asking->cx;
    struct query *q = query_new(cx, Q_SEARCH_PAGE);
    query_text(q, "match", fulltext_match(cx, &asking->wanted, part));
    query_int(q, "before", before);
    query_int(q, "anywhere", asking->inside == NULL);
    query_text(q, "units", asking->units);
    query_int(q, "limit", limit - *count);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct record_key){query_get_int(q, 0), query_get_int(q, 1)};
    return query_end(q);
}

/* A record by its code, as a directory would: not one that is void or of another unit. */
static enum status
find_code(struct asking *asking, struct search_answer *out)
{
    struct ctx *cx = asking->cx;
    struct record *record;
    int before = cx->faults.count;
    if (asking->wanted.count != 1 || code_number(asking->chunks[0].text) < 0)
        return OK;
    enum status status = record_load(cx, asking->chunks[0].text, &record);
    if (status == ERR_NOT_FOUND) {
        fault_forget(cx, before);
        return OK;
    }
    TRY(status);
    if (record->state != STATE_IS_VOID && is_inside(asking, record->unit))
        *ARENA_PUSH(cx->arena, out->records, out->record_count) = record;
    return OK;
}

static bool
has_exact(const struct asking *asking, const char *words)
{
    for (int i = 0; i < asking->wanted.count; i++) {
        if (asking->terms[i].whole != NULL && !search_has(words, asking->terms[i].whole, true))
            return false;
    }
    return true;
}

/* Where the page before ended: in which part, and with which record. */
static enum status
find_begin(struct asking *asking, enum fulltext_part *part, int64_t *before)
{
    struct record *record;
    *part = asking->has_symbol ? FULLTEXT_EXACT : FULLTEXT_ALL;
    *before = INT64_MAX;
    if (asking->query->after == NULL)
        return OK;
    TRY(record_load(asking->cx, asking->query->after, &record));
    *before = record->id;
    if (asking->has_symbol && !has_exact(asking, search_words(asking->cx->arena, record)))
        *part = FULLTEXT_REST;
    return OK;
}

static enum status
load_found(struct ctx *cx, struct record_key *found, int count, struct search_answer *out)
{
    const char *first = out->record_count == 0 ? NULL : out->records[0]->code;
    struct record **records;
    int readable;
    TRY(record_load_readable(cx, found, count, &records, &readable));
    for (int i = 0; i < readable; i++) {
        if (first == NULL || strcmp(first, records[i]->code) != 0)
            *ARENA_PUSH(cx->arena, out->records, out->record_count) = records[i];
    }
    return OK;
}

/* One part of the answer, until there are `limit` that the viewer may read: in a unit some
 * registers may be read and others not. */
static enum status
read_part(struct asking *asking, enum fulltext_part part, int64_t before, int limit,
    struct search_answer *out)
{
    bool is_end = false;
    while (!is_end && out->record_count < limit) {
        struct record_key *found = NULL;
        int count = 0, wanted = limit - out->record_count;
        TRY(read_page(asking, part, before, wanted, &found, &count));
        TRY(load_found(asking->cx, found, count, out));
        is_end = count < wanted;
        before = count > 0 ? found[count - 1].id : before;
    }
    return OK;
}

/* One more than are shown tells whether there are others. */
static enum status
find_records(struct asking *asking, struct search_answer *out)
{
    enum fulltext_part part;
    int64_t before;
    int limit = out->limit + 1;
    TRY(find_begin(asking, &part, &before));
    TRY(read_part(asking, part, before, limit, out));
    if (part == FULLTEXT_EXACT)
        TRY(read_part(asking, FULLTEXT_REST, INT64_MAX, limit, out));
    out->more_records = out->record_count > out->limit;
    out->record_count = out->more_records ? out->limit : out->record_count;
    return OK;
}

static enum status
find_all(struct asking *asking, struct search_answer *out)
{
    if (asking->query->after == NULL) {
        find_directives(asking, out);
        find_units(asking, out);
        find_indicators(asking, out);
        TRY(find_code(asking, out));
    }
    return find_records(asking, out);
}

/* Near symbols */

static bool
is_nothing(const struct search_answer *out)
{
    return out->directive_count + out->unit_count + out->indicator_count + out->record_count == 0;
}

/* Is there a directive or a record by what is asked now? Its writing of the symbol. */
static enum status
ask_near(struct asking *asking, const char *whole, bool records, const char **written)
{
    struct ctx *cx = asking->cx;
    struct search_answer found = {0};
    int text_count = 0;
    *written = NULL;
    if (!records) {
        find_directives(asking, &found);
        if (found.directive_count > 0)
            *written = search_written(cx->arena, found.directives[0]->symbol, whole);
        return OK;
    }
    TRY(read_part(asking, FULLTEXT_ALL, INT64_MAX, 1, &found));
    if (found.record_count == 0)
        return OK;
    const char **texts = search_texts(cx->arena, found.records[0], &text_count);
    for (int i = 0; i < text_count && *written == NULL; i++)
        *written = search_written(cx->arena, texts[i], whole);
    *written = *written == NULL ? whole : *written;
    return OK;
}

/* Put a near symbol in the place of a term; directives are asked before records. */
static enum status
replace_term(struct asking *asking, int place, const char *chunk, const char **instead)
{
    struct arena *arena = asking->cx->arena;
    struct fulltext_term kept = asking->terms[place];
    int count;
    const char **forms = search_near(arena, chunk, &count);
    *instead = NULL;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < count && *instead == NULL; i++) {
            const char *whole = search_whole(arena, forms[i]);
            asking->terms[place] = (struct fulltext_term){.whole = whole};
            TRY(ask_near(asking, whole, pass == 1, instead));
        }
    }
    if (*instead == NULL)
        asking->terms[place] = kept;
    return OK;
}

/* "05 ct wt" may be one symbol: the whole question as one chunk. */
static const char *
join_chunks(struct asking *asking)
{
    struct buf out = buf_new(asking->cx->arena);
    for (int i = 0; i < asking->wanted.count; i++)
        buf_printf(&out, "%s%s", i > 0 ? "-" : "", asking->chunks[i].text);
    return buf_string(&out);
}

static bool
may_be_symbol(const char *chunk)
{
    return strlen(chunk) <= NEAR_LENGTH_MAX && *chunk >= '0' && *chunk <= '9';
}

static enum status
find_near(struct asking *asking, struct search_answer *out)
{
    const char *text = asking->query->text, *joined = join_chunks(asking);
    for (int i = 0; i < asking->wanted.count && out->instead == NULL; i++) {
        const char *whole = asking->terms[i].whole;
        if (whole == NULL || !may_be_symbol(asking->chunks[i].text))
            continue;
        TRY(replace_term(asking, i, asking->chunks[i].text, &out->instead));
        out->missing = search_written(asking->cx->arena, text, whole);
    }
    if (out->instead == NULL && asking->wanted.count > 1 && may_be_symbol(joined)) {
        int count = asking->wanted.count;
        asking->wanted.count = 1;
        TRY(replace_term(asking, 0, joined, &out->instead));
        if (out->instead == NULL)
            asking->wanted.count = count;
        out->missing = NULL;
    }
    if (out->instead == NULL) {
        out->missing = NULL;
        return OK;
    }
    out->missing = out->missing == NULL ? text : out->missing;
    return find_all(asking, out);
}

enum status
search(struct ctx *cx, const struct search_query *query, struct search_answer *out)
{
    struct asking asking = {.cx = cx, .query = query};
    *out = (struct search_answer){.query = query,
        .limit = query->limit == 0 ? SEARCH_LIMIT : query->limit};
    read_text(&asking, out);
    if (out->is_empty)
        return OK;
    read_scope(&asking);
    TRY(find_all(&asking, out));
    if (!is_nothing(out) || query->after != NULL)
        return OK;
    return find_near(&asking, out);
}

/* One register */

/* Of the units that may be read, those below the asked one. */
static bool
use_rights(struct asking *asking, const struct record_query *query)
{
    struct ctx *cx = asking->cx;
    const struct tree *tree = cx->world->tree;
    struct scope scope;
    bool whole;
    rights_scope(cx, query->reg, query->unit, &scope, &whole);
    if (whole && query->unit == tree->root)
        return true;
    if (whole)
        scope = tree_scope(cx->arena, tree, query->unit, DAY_MIN, DAY_MAX, tree->today);
    use_scope(asking, &scope);
    return scope.count > 0;
}

static enum status
read_register(struct asking *asking, const struct record_query *query, int64_t before, int limit,
    struct record_key **out, int *count)
{
    struct ctx *cx = asking->cx;
    struct query *q = query_new(cx, Q_SEARCH_REGISTER);
    query_text(q, "match", fulltext_match(cx, &asking->wanted, FULLTEXT_ALL));
    query_int(q, "before", before);
    query_text(q, "register", query->reg->key);
    query_text(q, "state", query->state == NULL ? "" : query->state);
    query_int(q, "anywhere", asking->inside == NULL);
    query_text(q, "units", asking->units);
    query_int(q, "limit", limit);
    *out = NULL;
    for (*count = 0; query_next(q);)
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct record_key){query_get_int(q, 0), query_get_int(q, 1)};
    return query_end(q);
}

static bool
is_wanted(const struct ctx *cx, const struct record_query *query, const struct record *record)
{
    int32_t day = record_day(cx, query->reg, &record->fields);
    bool is_inside = !query->has_days || (query->from <= day && day <= query->to);
    return is_inside && (record->directives & query->directives) == query->directives;
}

/* Those of some that are counted within the days and serve the directives. */
static enum status
keep_wanted(struct ctx *cx, const struct record_query *query, struct record_key *keys, int found,
    struct record_key **out, int *count)
{
    struct record **records;
    int readable;
    TRY(record_load_readable(cx, keys, found, &records, &readable));
    for (int i = 0; i < readable; i++) {
        if (is_wanted(cx, query, records[i]))
            *ARENA_PUSH(cx->arena, *out, *count) =
                (struct record_key){records[i]->shard, records[i]->id};
    }
    return OK;
}

enum status
search_register(struct ctx *cx, const struct record_query *query, int64_t before, int limit,
    struct record_key **out, int *count)
{
    enum { AT_ONCE = 200 };
    struct search_query words = {.text = query->text};
    struct asking asking = {.cx = cx, .query = &words};
    struct search_answer answer;
    struct record_key *keys;
    int found = AT_ONCE;
    *out = NULL;
    *count = 0;
    read_text(&asking, &answer);
    if (answer.is_empty || !use_rights(&asking, query))
        return OK;
    asking.terms[asking.wanted.count++] =
        (struct fulltext_term){.whole = search_register_word(cx->arena, query->reg)};
    if (!query->has_days && query->directives == 0)
        return read_register(&asking, query, before, limit, out, count);
    while (found == AT_ONCE && *count < limit) {
        TRY(read_register(&asking, query, before, AT_ONCE, &keys, &found));
        TRY(keep_wanted(cx, query, keys, found, out, count));
        if (found > 0)
            before = keys[found - 1].id;
    }
    *count = *count > limit ? limit : *count;
    return OK;
}
