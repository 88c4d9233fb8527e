/* Both engines do the same: of the same random operations (run.h) on a file and on a server every
 * outcome, figure, list, search answer and the whole logical dump are the same. Nothing is looked
 * up by ids, which differ; the random bytes that codes are made of are drawn again alike.
 *
 * Needs a server (cluster.py). CHITHI_STEPS sets how many operations, CHITHI_SEED the first seed.
 */
#include "run.h"

#include "base/date.h"
#include "domain/check.h"
#include "domain/export.h"
#include "domain/figure.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/record_view.h"
#include "domain/version.h"
#include "domain/search.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OPERATIONS = 2000, A_RUN = 1000, WHOLE_EVERY = 100, PEOPLE = 60, LOOKS_AT_A_PLANT = 400 };

/* Random bytes that are the same on both sides */

static uint64_t random_state;

static uint32_t
next_bytes(void)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(random_state >> 32);
}

static void
fill_bytes(void *out, const size_t length)
{
    unsigned char *bytes = out;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(next_bytes() >> 8);
}

static const char *
name_of_bytes(void)
{
    return "the same again";
}

static struct randombytes_implementation alike = {.implementation_name = name_of_bytes,
    .random = next_bytes,
    .buf = fill_bytes};

/* What a side says */

enum { FILE_SIDE, SERVER_SIDE, SIDES };

struct pair {
    struct run *sides[SIDES];
};

typedef void tell_fn(struct run *, struct buf *out);

static void
tell_doc(struct buf *out, const struct doc *doc)
{
    doc_json(doc, out);
    buf_char(out, '\n');
}

static void
tell_faults(const struct ctx *cx, struct buf *out)
{
    for (int i = 0; i < cx->faults.count; i++)
        buf_printf(out, "fault %s\n", cx->faults.items[i].message);
}

/* OK, or the faults are told. */
static bool
went_well(struct run *run, struct buf *out, enum status status)
{
    if (status == OK)
        return true;
    buf_printf(out, "status %d\n", (int)status);
    tell_faults(run->cx, out);
    return false;
}

static void
tell_sums(struct buf *out, const char *what, const struct sum *sums, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s %d: %lld %lld %lld %lld %lld\n", what, i, (long long)sums[i].value,
            (long long)sums[i].n, (long long)sums[i].n_over, (long long)sums[i].n_under,
            (long long)sums[i].n_about);
}

static void
tell_figure(struct run *run, const struct figure *figure, struct buf *out)
{
    struct doc *doc = doc_new(run->cx->arena, DOC_OBJECT);
    figure_doc(doc, run->cx, figure);
    tell_doc(out, doc);
    tell_sums(out, "recorded", &figure->recorded, 1);
}

static void
tell_parts(struct run *run, const struct figure *whole, struct buf *out)
{
    struct figure_part *parts;
    int count;
    if (!went_well(run, out, figure_parts(run->cx, whole, &parts, &count)))
        return;
    for (int i = 0; i < count; i++) {
        buf_printf(out, "part %d %d\n", parts[i].is_own, parts[i].unknown);
        tell_figure(run, &parts[i].figure, out);
    }
}

static void
tell_months_and_cuts(struct run *run, const struct figure_query *query, struct buf *out)
{
    struct sum *sums;
    int count;
    if (query->from > DAY_MIN && query->to < DAY_MAX &&
        went_well(run, out, figure_series(run->cx, query, 3, &sums, &count)))
        tell_sums(out, "quarter", sums, count);
    for (int i = 0; i < cut_places(query->indicator); i++) {
        if (went_well(run, out, figure_cuts(run->cx, query, i, &sums, &count)))
            tell_sums(out, "cut", sums, count);
    }
}

static void
tell_records(struct run *run, const struct figure_query *query, struct buf *out)
{
    struct figure_record *records;
    int count, skip = run_below(run, 3) * 10;
    bool more;
    if (!went_well(run, out, figure_records(run->cx, query, skip, 20, &records, &count, &more)))
        return;
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s %s %s %d %d %lld %d\n", records[i].code, records[i].state,
            date_iso(run->cx->arena, records[i].day), records[i].seq, records[i].word,
            (long long)records[i].value, more);
}

static void
tell_some_figure(struct run *run, struct buf *out)
{
    struct figure_query query = run_query(run);
    struct figure figure;
    enum aggregation aggregation = query.indicator->aggregation;
    if (!went_well(run, out, figure_read(run->cx, &query, &figure)))
        return;
    tell_figure(run, &figure, out);
    if (!query.own)
        tell_parts(run, &figure, out);
    if (aggregation == AGG_RATIO || aggregation == AGG_CHANGE)
        return;
    tell_months_and_cuts(run, &query, out);
    tell_records(run, &query, out);
}

static void
tell_record(struct run *run, const struct record *record, struct buf *out)
{
    struct doc *doc = doc_new(run->cx->arena, DOC_OBJECT);
    struct doc *history = doc_new(run->cx->arena, DOC_LIST);
    if (went_well(run, out, record_doc(doc, run->cx, record)))
        tell_doc(out, doc);
    if (went_well(run, out, record_history_doc(history, run->cx, record)))
        tell_doc(out, history);
}

/* The records of a register and unit, of which there are some. */
static void
tell_some_list(struct run *run, struct buf *out)
{
    struct record *of, **records;
    int count;
    if (run->record_count == 0)
        return;
    const char *code = run->codes[run_below(run, run->record_count)];
    const char *after = run_chance(run, 30) ? code : NULL;
    if (!went_well(run, out, record_load(run->cx, code, &of)))
        return;
    tell_record(run, of, out);
    if (!went_well(run, out,
            record_list(run->cx, of->reg, of->unit, after, 1 + run_below(run, 40), &records,
                &count)))
        return;
    for (int i = 0; i < count; i++)
        buf_printf(out, "%d %s %s %lld\n", i, records[i]->code, record_state_key(records[i]),
            (long long)records[i]->version);
}

static void
tell_some_people(struct run *run, struct buf *out)
{
    struct doc *doc = doc_new(run->cx->arena, DOC_LIST);
    struct person_query query = {.unit = tree_unit(run->cx->world->tree, run->oracle.units[1].id),
        .day = run->cx->world->today,
        .skip = run_below(run, 20),
        .limit = 30};
    int total = 0;
    if (!went_well(run, out, person_list_doc(doc, run->cx, &query, &total)))
        return;
    buf_printf(out, "of %d\n", total);
    tell_doc(out, doc);
}

static void
tell_some_search(struct run *run, struct buf *out)
{
    struct search_query query = {.text = run_words(run),
        .unit = run_chance(run, 30) ? run_unit(run) : NULL,
        .limit = 1 + run_below(run, 60)};
    struct search_answer answer;
    struct doc *doc = doc_new(run->cx->arena, DOC_OBJECT);
    if (run->record_count > 0 && run_chance(run, 20))
        query.after = run->codes[run_below(run, run->record_count)];
    if (!went_well(run, out, search(run->cx, &query, &answer)))
        return;
    search_doc(doc, run->cx, &answer);
    tell_doc(out, doc);
}

static void
put_bytes(void *to, const char *bytes, size_t length)
{
    buf_add(to, bytes, length);
}

static void
tell_dump(struct run *run, struct buf *out)
{
    struct sink sink = {put_bytes, out};
    must(run->cx, dump_all(run->cx, &sink));
}

static void
tell_check(struct run *run, struct buf *out)
{
    struct check_result result;
    must(run->cx, check_all(run->cx, &result));
    buf_printf(out, "%lld records, %lld facts, %lld people, %d differences\n",
        (long long)result.records, (long long)result.facts, (long long)result.people, result.count);
    assert_true(result.count == 0);
}

static int step_now; /* of both sides */

static void
tell_operation(struct run *run, struct buf *out)
{
    enum status status;
    int before = run->record_count;
    random_state = run->seed ^ (uint64_t)step_now << 20;
    bool done = run_act(run, step_now, &status);
    buf_printf(out, "done %d, status %d\n", done, (int)status);
    tell_faults(run->cx, out);
    if (run->record_count > before)
        buf_printf(out, "record %s\n", run->codes[before]);
}

/* Comparing */

/* The first line that differs, for the message. */
static void
show_difference(const char *a, const char *b)
{
    const char *line = a, *other = b;
    for (; *a != '\0' && *a == *b; a++, b++) {
        if (*a == '\n') {
            line = a + 1;
            other = b + 1;
        }
    }
    print_error("file:   %.*s\nserver: %.*s\n", (int)strcspn(line, "\n"), line,
        (int)strcspn(other, "\n"), other);
}

/* Let both tell; are they the same, and did they take the same chances? Begins a new request. */
static bool
agree(struct pair *pair, tell_fn *tell)
{
    struct arena *arena = arena_new();
    struct buf said[SIDES];
    for (int i = 0; i < SIDES; i++) {
        said[i] = buf_new(arena);
        tell(pair->sides[i], &said[i]);
        fixture_next(pair->sides[i]->cx);
    }
    const char *a = buf_string(&said[FILE_SIDE]), *b = buf_string(&said[SERVER_SIDE]);
    bool is_same =
        strcmp(a, b) == 0 && pair->sides[FILE_SIDE]->random == pair->sides[SERVER_SIDE]->random;
    if (!is_same)
        show_difference(a, b);
    arena_free(arena);
    return is_same;
}

static void
want_same(struct pair *pair, tell_fn *tell, const char *what)
{
    if (!agree(pair, tell))
        fail_msg("seed %llu, step %d: %s differ", (unsigned long long)pair->sides[0]->seed,
            step_now, what);
}

/* Sides */

static void
add_people(struct run *run)
{
    static const char *const names[] = {"Ân", "An", "Ánh", "Đức", "Dũng", "Em", "Ê", "Ơn", "Oanh",
        "Ước", "Út", "Y", "Ý", "quý", "Quy", "Thuỷ", "Thủy"};
    struct buf list = buf_new(run->cx->arena);
    struct person_import_result result;
    buf_text(&list, "name\tunit\torigin\n");
    for (int i = 0; i < PEOPLE; i++)
        buf_printf(&list, "%s %s %s\t%s\tp%d\n", names[run_below(run, COUNT_OF(names))],
            names[run_below(run, COUNT_OF(names))], names[run_below(run, COUNT_OF(names))],
            run->oracle.units[1].code, i);
    struct person_import input = {.file = "people.tsv",
        .text = buf_string(&list),
        .length = list.length};
    must(run->cx, person_import(run->cx, &input, &result));
    fixture_next(run->cx);
}

static struct pair
pair_new(uint64_t seed, const char *month_units, const char *day_units)
{
    struct fixture *(*const makers[SIDES])(const char *) = {fixture_new_file, fixture_new};
    struct pair pair;
    for (int i = 0; i < SIDES; i++) {
        struct run_plan plan = {.make = makers[i],
            .seed = seed,
            .month_units = month_units,
            .day_units = day_units};
        pair.sides[i] = calloc(1, sizeof(*pair.sides[i]));
        assert_non_null(pair.sides[i]);
        run_begin(pair.sides[i], &plan);
        random_state = seed;
        add_people(pair.sides[i]);
    }
    return pair;
}

static void
pair_free(struct pair *pair)
{
    for (int i = 0; i < SIDES; i++) {
        run_end(pair->sides[i]);
        free(pair->sides[i]);
    }
}

static void
pair_fold(struct pair *pair)
{
    for (int i = 0; i < SIDES; i++) {
        if (run_chance(pair->sides[i], 20))
            run_fold(pair->sides[i]);
    }
}

/* One operation that takes place, and what is refused before it. */
static void
operate(struct pair *pair)
{
    const struct run *run = pair->sides[FILE_SIDE];
    int before, after;
    do {
        step_now++;
        before = after = 0;
        for (int i = 0; i < OPERATION__COUNT; i++)
            before += run->done[i];
        want_same(pair, tell_operation, "outcomes");
        for (int i = 0; i < OPERATION__COUNT; i++)
            after += run->done[i];
    } while (after == before);
}

static void
compare_whole(struct pair *pair)
{
    want_same(pair, tell_dump, "dumps");
    want_same(pair, tell_check, "checks");
}

/* A seed says everything, its cells too: that of a failing run is enough to see it again. */
static void
run_pair(uint64_t seed, int operations, int *done)
{
    static const char *const thresholds[][2] = {{"1", "16"}, {"16", "1"}, {"none", "none"}};
    const char *const *cells = thresholds[seed % COUNT_OF(thresholds)];
    struct pair pair = pair_new(seed, cells[0], cells[1]);
    for (int i = 1; i <= operations; i++) {
        operate(&pair);
        pair_fold(&pair);
        want_same(&pair, tell_some_figure, "figures");
        want_same(&pair, tell_some_list, "lists");
        want_same(&pair, tell_some_search, "answers");
        want_same(&pair, tell_some_people, "people");
        if (i % WHOLE_EVERY == 0)
            compare_whole(&pair);
    }
    compare_whole(&pair);
    for (int i = 0; i < OPERATION__COUNT; i++)
        done[i] += pair.sides[FILE_SIDE]->done[i];
    pair_free(&pair);
}

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void
test_differential__both_engines_do_the_same(void **state)
{
    int left = (int)number_from("CHITHI_STEPS", OPERATIONS), done[OPERATION__COUNT] = {0};
    uint64_t seed = number_from("CHITHI_SEED", 20160515);
    (void)state;
    if (!database_on_server())
        skip();
    for (; left > 0; seed++, left -= A_RUN) {
        run_pair(seed, left < A_RUN ? left : A_RUN, done);
        print_message("seed %llu: no difference\n", (unsigned long long)seed);
    }
    for (int i = 0; i < OPERATION__COUNT; i++)
        print_message("%d %s\n", done[i], operation_names[i]);
}

/* Planted differences: a change by hand on the server, and what must see it. */

static const struct plant {
    const char *name, *sql;
    tell_fn *seen_by;
} plants[] = {
    {"a field", "UPDATE r_doi SET ngay = ngay + 1", tell_dump},
    {"a state", "UPDATE record SET version = version + 1", tell_some_list},
    {"a fact", "UPDATE fact SET value = value + 1", tell_some_figure},
    {"a delta", "DELETE FROM delta", tell_some_figure},
    {"a word", "UPDATE search SET words = ''", tell_some_search},
};

static bool
is_seen(const struct plant *plant)
{
    static const int operations = 60;
    struct pair pair = pair_new(7, "1", "none");
    bool is_same = true;
    for (int i = 0; i < operations; i++)
        operate(&pair);
    assert_true(database_keeps(pair.sides[SERVER_SIDE]->fixture->database, plant->sql));
    fixture_next(pair.sides[SERVER_SIDE]->cx);
    for (int i = 0; is_same && i < LOOKS_AT_A_PLANT; i++)
        is_same = agree(&pair, plant->seen_by);
    pair_free(&pair);
    return !is_same;
}

static void
test_differential__a_difference_is_seen(void **state)
{
    (void)state;
    if (!database_on_server())
        skip();
    for (size_t i = 0; i < COUNT_OF(plants); i++) {
        print_message("planted: %s\n", plants[i].name);
        assert_true(is_seen(&plants[i]));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differential__both_engines_do_the_same),
        cmocka_unit_test(test_differential__a_difference_is_seen),
    };
    randombytes_set_implementation(&alike);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
