/* The second opinion: units through time, and what the registers give. Nothing here asks
 * domain/tree.c who stood where, nor reads a fact or a cell. */
#include "oracle.h"

#include "domain/cut.h"

#include <setjmp.h>
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
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    oracle->unit_count = 0;
    int root = oracle_add_unit(oracle, -1, "vn", DAY_MIN);
    grow(oracle, oracle_add_unit(oracle, root, ".a", DAY_MIN), 4, 2);
    grow(oracle, oracle_add_unit(oracle, root, ".b", DAY_MIN), 4, 3);
    fputs("code\tparent_code\tlevel\tkind\tname\n", out);
    for (int i = 0; i < oracle->unit_count; i++) {
        const struct oracle_unit *unit = &oracle->units[i];
        int parent = unit->changes[0].parent;
        const char *kind = oracle_kind(unit->depth);
        fprintf(out, "%s\t%s\t%s\t%s\tĐơn vị %s\n", unit->code,
            parent < 0 ? "" : oracle->units[parent].code, kind, kind, unit->code);
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

const char *
oracle_kind(int depth)
{
    static const char *const kinds[] = {"quoc_gia", "tinh", "huyen", "xa"};
    return depth < (int)COUNT_OF(kinds) ? kinds[depth] : "chi_bo";
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

int
oracle_place(const struct oracle *oracle, int unit, int32_t day)
{
    if (unit < 0 || oracle_lives(oracle, unit, day))
        return unit;
    if (day > oracle->units[unit].ended && oracle->units[unit].heir >= 0)
        return oracle_place(oracle, oracle->units[unit].heir, day);
    return oracle_place(oracle, last_parent(oracle, unit, day), day);
}

bool
oracle_counts(const struct oracle *oracle, const struct figure_query *query, int under, int unit,
    int32_t day)
{
    int asked = oracle_find(oracle, query->unit->id);
    if (query->basis != DAY_THEN) {
        day = query->basis;
        unit = oracle_place(oracle, unit, day);
    }
    if (under >= 0 && oracle_parent(oracle, asked, day) != under)
        return false;
    return query->own ? unit == asked : oracle_inside(oracle, unit, asked, day);
}

void
oracle_follow(struct oracle *oracle, const struct unit_event *event, int index, int other)
{
    struct oracle_unit *unit = &oracle->units[index];
    if (event->kind == UNIT_ABOLISH || event->kind == UNIT_MERGE)
        unit->ended = event->day - 1;
    if (event->kind == UNIT_MERGE)
        unit->heir = other;
    if (event->kind != UNIT_MOVE)
        return;
    unit->changes[unit->change_count].day = event->day;
    unit->changes[unit->change_count++].parent = other;
}

/* What the registers give */

struct reading {
    struct oracle *oracle;
    struct oracle_rows *rows;
};

static int
take_row(void *argument, int count, char **values, char **names)
{
    struct reading *reading = argument;
    struct oracle_rows *rows = reading->rows;
    (void)count;
    (void)names;
    if (rows->count == rows->room) {
        rows->room = rows->room * 2 + 64;
        rows->items = realloc(rows->items, (size_t)rows->room * sizeof(*rows->items));
        assert_non_null(rows->items);
    }
    rows->items[rows->count++] =
        (struct oracle_row){oracle_find(reading->oracle, strtoll(values[0], NULL, 10)),
            atoi(values[1]), strtoll(values[2], NULL, 10), strtoll(values[3], NULL, 10),
            atoi(values[4])};
    return 0;
}

static void
read_rows(struct oracle *oracle, const struct indicator *indicator, struct oracle_rows *rows)
{
    struct ctx *cx = &oracle->fixture->cx;
    struct reading reading = {oracle, rows};
    const char **names;
    int count;
    const char *text = arena_printf(cx->arena, "SELECT unit, day, cut, value, word FROM (%s) AS c",
        cx->world->sql->recount[indicator->index]);
    if (database_on_server())
        text = sql_rewrite(cx->arena, DIALECT_POSTGRES, text, &names, &count);
    rows->count = 0;
    database_each(oracle->fixture->database, text, take_row, &reading);
}

/* They are read once as long as nobody writes. */
static const struct oracle_rows *
rows_of(struct oracle *oracle, const struct indicator *indicator)
{
    int64_t version = database_version(oracle->fixture->database);
    for (int i = 0; i < ORACLE_MEMORY; i++) {
        if (oracle->rows[i].version == version &&
            strcmp(oracle->rows[i].indicator, indicator->key) == 0)
            return &oracle->rows[i];
    }
    struct oracle_rows *rows = &oracle->rows[oracle->next_rows++ % ORACLE_MEMORY];
    snprintf(rows->indicator, sizeof(rows->indicator), "%s", indicator->key);
    rows->version = version;
    read_rows(oracle, indicator, rows);
    return rows;
}

/* The fields that are asked have the values that are asked, and all directives are there. */
static bool
takes_cut(const struct cut_filter *where, int64_t cut)
{
    for (int i = 0; i < CUTS_MAX; i++, cut /= 256) {
        int part = cut_filter_part(where, i);
        if (part >= 0 && cut % 256 != part)
            return false;
    }
    int64_t directives = where->mask >> CUT_DIRECTIVES;
    return (cut & directives) == directives;
}

static int
compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int
count_different(int64_t *numbers, int count)
{
    int different = 0;
    qsort(numbers, (size_t)count, sizeof(*numbers), compare_numbers);
    for (int i = 0; i < count; i++)
        different += i == 0 || numbers[i] != numbers[i - 1];
    return different;
}

struct figure_query
oracle_settled(const struct figure_query *query)
{
    struct figure_query settled = *query;
    if (query->indicator->aggregation == AGG_STOCK && query->basis == DAY_THEN)
        settled.basis = query->to;
    return settled;
}

struct recount
oracle_recount(struct oracle *oracle, const struct figure_query *asked, int under)
{
    const struct indicator *indicator = asked->indicator;
    const struct oracle_rows *rows = rows_of(oracle, indicator);
    struct figure_query query = oracle_settled(asked);
    bool is_distinct = indicator->aggregation == AGG_DISTINCT;
    int64_t measure = -1, *keys = malloc((size_t)(rows->count + 1) * sizeof(*keys));
    struct recount out = {0};
    assert_non_null(keys);
    if (indicator->aggregation == AGG_STOCK)
        query.from = INT32_MIN;
    for (int i = 0; i < rows->count; i++) {
        const struct oracle_row *row = &rows->items[i];
        int sign = row->word < 0 ? -1 : 1; /* what goes out takes its word with it */
        enum qualifier qualifier = is_distinct ? EXACT : word_qualifier(sign * row->word);
        if (row->day < query.from || row->day > query.to || !takes_cut(&query.where, row->cut) ||
            !oracle_counts(oracle, &query, under, row->unit, row->day))
            continue;
        keys[out.sum.n++] = row->value;
        out.sum.value += is_distinct ? 0 : row->value;
        out.sum.n_over += sign * (qualifier == OVER);
        out.sum.n_under += sign * (qualifier == UNDER);
        out.sum.n_about += sign * (qualifier == ABOUT);
        if (!indicator->by_measure)
            continue;
        int64_t own = row->cut >> (8 * indicator->by_count) & 255;
        out.is_mixed = out.is_mixed || (measure >= 0 && measure != own);
        measure = own;
    }
    if (is_distinct)
        out.sum.value = count_different(keys, (int)out.sum.n);
    free(keys);
    return out;
}

bool
oracle_bears(struct oracle *oracle, const struct figure_query *query, int unit)
{
    const struct oracle_rows *rows = rows_of(oracle, query->indicator);
    for (int i = 0; i < rows->count; i++) {
        const struct oracle_row *row = &rows->items[i];
        if (row->unit == unit && row->day >= query->from && row->day <= query->to &&
            takes_cut(&query->where, row->cut) && oracle_counts(oracle, query, -1, unit, row->day))
            return true;
    }
    return false;
}

void
oracle_close(struct oracle *oracle)
{
    for (int i = 0; i < ORACLE_MEMORY; i++)
        free(oracle->rows[i].items);
}
