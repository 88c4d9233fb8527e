/* The second opinion. Nothing here asks domain/tree.c who stood where, nor reads a fact or a cell.
 */
#include "oracle.h"

#include "domain/fact.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The tree */

int
oracle_add_unit(struct oracle *oracle, int parent, const char *suffix, int32_t born)
{
    int index = oracle->unit_count++;
    struct oracle_unit *unit = &oracle->units[index];
    assert_true(index < ORACLE_UNITS);
    *unit = (struct oracle_unit){.born = born, .ended = DAY_MAX, .heir = -1, .change_count = 1};
    unit->changes[0].day = born;
    unit->changes[0].parent = parent;
    unit->depth = parent < 0 ? 0 : oracle->units[parent].depth + 1;
    snprintf(unit->code, sizeof(unit->code), "%.12s%s",
        parent < 0 ? "" : oracle->units[parent].code, suffix);
    return index;
}

/* Below a unit stand `wide` of the next level, each with one fewer below, and so on. */
static void
grow(struct oracle *oracle, int parent, int wide, int levels)
{
    for (int i = 0; i < wide && levels > 0; i++) {
        char suffix[16];
        snprintf(suffix, sizeof(suffix), ".%d", i + 1);
        grow(oracle, oracle_add_unit(oracle, parent, suffix, DAY_MIN), wide - 1, levels - 1);
    }
}

char *
oracle_plant_tree(struct oracle *oracle)
{
    static const char *const levels[] = {"quoc_gia", "tinh", "huyen", "xa", "chi_bo"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    oracle->unit_count = 0;
    int root = oracle_add_unit(oracle, -1, "vn", DAY_MIN);
    grow(oracle, oracle_add_unit(oracle, root, ".a", DAY_MIN), 4, 2);
    grow(oracle, oracle_add_unit(oracle, root, ".b", DAY_MIN), 4, 3);
    fputs("code\tparent_code\tlevel\tname\n", out);
    for (int i = 0; i < oracle->unit_count; i++) {
        const struct oracle_unit *unit = &oracle->units[i];
        int parent = unit->changes[0].parent;
        fprintf(out, "%s\t%s\t%s\tĐơn vị %s\n", unit->code,
            parent < 0 ? "" : oracle->units[parent].code, levels[unit->depth], unit->code);
    }
    fclose(out);
    return text;
}

void
oracle_learn_ids(struct oracle *oracle)
{
    for (int i = 0; i < oracle->unit_count; i++)
        oracle->units[i].id = fixture_sql(oracle->fixture,
            "SELECT unit FROM unit_span WHERE code = '%s'", oracle->units[i].code);
}

bool
oracle_lives(const struct oracle *oracle, int unit, int32_t day)
{
    return oracle->units[unit].born <= day && day <= oracle->units[unit].ended;
}

/* Whom it stood under last, its end aside. */
static int
last_parent(const struct oracle *oracle, int unit, int32_t day)
{
    const struct oracle_unit *u = &oracle->units[unit];
    int parent = u->changes[0].parent;
    for (int i = 1; i < u->change_count; i++) {
        if (u->changes[i].day <= day)
            parent = u->changes[i].parent;
    }
    return parent;
}

int
oracle_parent(const struct oracle *oracle, int unit, int32_t day)
{
    return oracle_lives(oracle, unit, day) ? last_parent(oracle, unit, day) : -1;
}

bool
oracle_inside(const struct oracle *oracle, int unit, int ancestor, int32_t day)
{
    while (unit >= 0 && unit != ancestor)
        unit = oracle_parent(oracle, unit, day);
    return unit >= 0;
}

int
oracle_shard(const struct oracle *oracle, int unit)
{
    int parent = oracle->units[unit].changes[0].parent;
    if (parent < 0)
        return 0;
    return parent == 0 ? unit : oracle_shard(oracle, parent);
}

int
oracle_find(const struct oracle *oracle, int64_t id)
{
    int unit = 0;
    while (unit < oracle->unit_count && oracle->units[unit].id != id)
        unit++;
    assert_true(unit < oracle->unit_count);
    return unit;
}

/* Where its facts count on a date. */
static int
place_of(const struct oracle *oracle, int unit, int32_t day)
{
    if (unit < 0 || oracle_lives(oracle, unit, day))
        return unit;
    if (day > oracle->units[unit].ended && oracle->units[unit].heir >= 0)
        return place_of(oracle, oracle->units[unit].heir, day);
    return place_of(oracle, last_parent(oracle, unit, day), day);
}

static bool
counts_for(const struct oracle *oracle, int unit, int ancestor, int32_t day, int32_t basis)
{
    if (basis == DAY_THEN)
        return oracle_inside(oracle, unit, ancestor, day);
    return oracle_inside(oracle, place_of(oracle, unit, basis), ancestor, basis);
}

/* The recount */

static sqlite3_stmt *
recount_statement(struct oracle *oracle, const struct indicator *indicator)
{
    sqlite3_stmt **statement = &oracle->recounts[indicator->index];
    struct ctx *cx = &oracle->fixture->cx;
    const char *text = arena_printf(cx->arena, "SELECT unit, day, cut, value, word FROM (%s)",
        cx->world->sql->recount[indicator->index]);
    assert_true(indicator->index < ORACLE_INDICATORS);
    if (*statement == NULL &&
        sqlite3_prepare_v2(fixture_raw(oracle->fixture), text, -1, statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(oracle->fixture->raw), text);
    return *statement;
}

static bool
takes_cut(const struct cut_filter *where, int64_t cut)
{
    for (int i = 0; i < CUTS_MAX; i++, cut /= 256) {
        int part = cut_filter_part(where, i);
        if (part >= 0 && cut % 256 != part)
            return false;
    }
    return true;
}

struct sum
oracle_recount(struct oracle *oracle, const struct figure_query *query, bool *is_mixed)
{
    sqlite3_stmt *statement = recount_statement(oracle, query->indicator);
    int asked = oracle_find(oracle, query->unit->id);
    int64_t measure = -1;
    struct sum sum = {0};
    *is_mixed = false;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int unit = oracle_find(oracle, sqlite3_column_int64(statement, 0));
        int32_t day = sqlite3_column_int(statement, 1);
        int64_t cut = sqlite3_column_int64(statement, 2);
        enum qualifier qualifier = word_qualifier(sqlite3_column_int(statement, 4));
        if (day < query->from || day > query->to || !takes_cut(&query->where, cut) ||
            !counts_for(oracle, unit, asked, day, query->basis))
            continue;
        sum.value += sqlite3_column_int64(statement, 3);
        sum.n++;
        sum.n_over += qualifier == OVER;
        sum.n_under += qualifier == UNDER;
        sum.n_about += qualifier == ABOUT;
        cut >>= 8 * query->indicator->by_count; /* what is left is the unit of measure, or 0 */
        *is_mixed = *is_mixed || (measure >= 0 && measure != cut);
        measure = cut;
    }
    assert_int_equal(sqlite3_reset(statement), SQLITE_OK);
    return sum;
}

void
oracle_close(struct oracle *oracle)
{
    for (int i = 0; i < ORACLE_INDICATORS; i++)
        sqlite3_finalize(oracle->recounts[i]);
}

/* Comparing */

static bool
same_sum(const struct sum *a, const struct sum *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

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
    if (same_sum(wanted, got))
        return NULL;
    return arena_printf(arena, "%s: %s instead of %s", what, show_sum(arena, got),
        show_sum(arena, wanted));
}

static bool
declaration_counts(const struct oracle *oracle, const struct oracle_declaration *declaration,
    const struct figure_query *query)
{
    int asked = oracle_find(oracle, query->unit->id);
    if (declaration->indicator != query->indicator->index || declaration->from < query->from ||
        declaration->to > query->to ||
        !counts_for(oracle, declaration->unit, asked, declaration->to, query->basis))
        return false;
    for (int i = 0; i < CUTS_MAX; i++) {
        int part = cut_filter_part(&query->where, i);
        bool fits = declaration->has_cut && declaration->place == i && declaration->part == part;
        if (part >= 0 && !fits)
            return false;
    }
    return true;
}

/* The whole figure from its recorded sum: what was declared, and how exact the two together are. */
static const char *
check_whole(struct oracle *oracle, const struct figure *figure)
{
    struct arena *arena = oracle->fixture->cx.arena;
    const struct sum *sum = &figure->recorded;
    int64_t declared = 0;
    bool over = sum->n_over > 0, under = sum->n_under > 0, about = sum->n_about > 0;
    for (int i = 0; i < oracle->declaration_count; i++) {
        const struct oracle_declaration *declaration = &oracle->declarations[i];
        if (!declaration_counts(oracle, declaration, figure->query))
            continue;
        declared += declaration->value;
        over = over || word_qualifier(declaration->word) == OVER;
        under = under || word_qualifier(declaration->word) == UNDER;
        about = about || word_qualifier(declaration->word) == ABOUT;
    }
    enum qualifier qualifier = about || (over && under) ? ABOUT
        : over                                          ? OVER
        : under                                         ? UNDER
                                                        : EXACT;
    if (figure->declared != declared)
        return arena_printf(arena, "declared: %lld instead of %lld", (long long)figure->declared,
            (long long)declared);
    if (figure->value != declared + sum->value)
        return arena_printf(arena, "value: %lld instead of %lld", (long long)figure->value,
            (long long)(declared + sum->value));
    if (figure->qualifier != qualifier || word_qualifier(figure->word) != qualifier)
        return arena_printf(arena, "qualifier: %s (%s) instead of %s",
            qualifier_key(figure->qualifier), word_text(figure->word), qualifier_key(qualifier));
    return NULL;
}

static const char *
check_parts(struct ctx *cx, const struct figure *whole)
{
    struct figure_part *parts;
    struct sum total = {0};
    int64_t declared = 0;
    int count;
    must(cx, figure_parts(cx, whole, &parts, &count));
    for (int i = 0; i < count; i++) {
        sum_add(&total, &parts[i].figure.recorded, 1);
        declared += parts[i].figure.declared;
    }
    if (declared != whole->declared)
        return arena_printf(cx->arena, "parts declare %lld instead of %lld", (long long)declared,
            (long long)whole->declared);
    return unless_same(cx->arena, "parts", &whole->recorded, &total);
}

/* All months together are the figure, and some of them what the recount gives for the month. */
static const char *
check_months(struct oracle *oracle, const struct figure *whole)
{
    struct ctx *cx = &oracle->fixture->cx;
    const struct figure_query *query = whole->query;
    struct sum *sums, total = {0};
    const char *why = NULL;
    int count, first = month_number(query->from);
    if (month_number(query->to) - first >= 2000)
        return NULL;
    must(cx, figure_series(cx, query, 1, &sums, &count));
    for (int i = 0; i < count; i++)
        sum_add(&total, &sums[i], 1);
    for (int i = 0; i < count && why == NULL; i += 1 + count / 3) {
        struct figure_query month = *query;
        bool is_mixed;
        month.from = i == 0 ? query->from : month_day(first + i);
        month.to = i == count - 1 ? query->to : month_day(first + i + 1) - 1;
        struct sum wanted = oracle_recount(oracle, &month, &is_mixed);
        why = unless_same(cx->arena, "a month", &wanted, &sums[i]);
    }
    return why != NULL ? why : unless_same(cx->arena, "months", &whole->recorded, &total);
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
    for (int i = 0; i < count && why == NULL && query->where.mask == 0; i += 1 + count / 2) {
        struct figure_query part = *query;
        bool is_mixed;
        cut_filter_set(&part.where, place, i);
        struct sum wanted = oracle_recount(oracle, &part, &is_mixed);
        why = unless_same(cx->arena, "one cut", &wanted, &sums[i]);
    }
    return why != NULL ? why : unless_same(cx->arena, "cuts", &whole->recorded, &total);
}

static const char *
check_records(struct ctx *cx, const struct figure *whole)
{
    struct figure_record *records;
    struct sum total = {0};
    bool more = true;
    for (int skip = 0, count; more; skip += count) {
        must(cx, figure_records(cx, whole->query, skip, 50, &records, &count, &more));
        for (int i = 0; i < count; i++) {
            struct sum one = sum_of_fact(records[i].value, records[i].word);
            sum_add(&total, &one, 1);
        }
    }
    return unless_same(cx->arena, "records", &whole->recorded, &total);
}

static const char *
name_query(struct oracle *oracle, const struct figure_query *query, const char *why)
{
    struct arena *arena = oracle->fixture->cx.arena;
    if (why == NULL)
        return NULL;
    return arena_printf(arena, "%s of %s, %s to %s, basis %s%s: %s", query->indicator->key,
        oracle->units[oracle_find(oracle, query->unit->id)].code, date_iso(arena, query->from),
        date_iso(arena, query->to),
        query->basis == DAY_THEN ? "then" : date_iso(arena, query->basis),
        query->where.mask == 0 ? "" : ", a cut", why);
}

const char *
oracle_differs(struct oracle *oracle, const struct figure_query *query)
{
    struct ctx *cx = &oracle->fixture->cx;
    struct figure figure;
    must(cx, figure_read(cx, query, &figure));
    bool is_mixed;
    struct sum wanted = oracle_recount(oracle, query, &is_mixed);
    const char *why = unless_same(cx->arena, "recorded", &wanted, &figure.recorded);
    if (why == NULL && figure.is_mixed != is_mixed)
        why = is_mixed ? "several measures are not noticed" : "one measure is taken for several";
    return name_query(oracle, query, why == NULL ? check_whole(oracle, &figure) : why);
}

const char *
oracle_falls_apart(struct oracle *oracle, const struct figure_query *query)
{
    struct ctx *cx = &oracle->fixture->cx;
    struct figure figure;
    must(cx, figure_read(cx, query, &figure));
    const char *why = check_parts(cx, &figure);
    if (why == NULL)
        why = check_months(oracle, &figure);
    for (int place = 0; why == NULL && place < cut_places(query->indicator); place++)
        why = check_cuts(oracle, &figure, place);
    if (why == NULL)
        why = check_records(cx, &figure);
    return name_query(oracle, query, why);
}
