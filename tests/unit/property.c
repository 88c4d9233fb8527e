/* The property that everything leans on: whatever is done in whatever order, every figure is what a
 * recount of the registers gives, its parts add up to it, and the check finds nothing.
 *
 * CHITHI_STEPS sets how many operations are done in total, CHITHI_SEED one seed for
 * all runs; without it there are the fixed ones and one that is drawn anew each time and printed.
 */
#include "run.h"

#include "domain/check.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OPERATIONS = 10000, CHECK_EVERY = 50, FIGURES_A_STEP = 2 };

static void
compare(struct run *run, int step)
{
    for (int i = 0; i < FIGURES_A_STEP; i++) {
        struct figure_query query = run_query(run);
        const char *why = oracle_differs(&run->oracle, &query);
        if (why == NULL && i == 0 && !query.own)
            why = oracle_falls_apart(&run->oracle, &query);
        if (why != NULL)
            fail_msg("seed %llu, step %d: %s", (unsigned long long)run->seed, step, why);
    }
}

static void
check(struct run *run, int step)
{
    struct check_result result;
    must(run->cx, check_all(run->cx, &result));
    for (int i = 0; i < result.count; i++)
        print_error("%s %s: %s\n", result.differences[i].kind, result.differences[i].where,
            result.differences[i].what);
    if (result.count > 0)
        fail_msg("seed %llu, step %d: the check finds %d differences",
            (unsigned long long)run->seed, step, result.count);
    assert_true(result.records == run->record_count);
}

static void
look(struct run *run, int step)
{
    check(run, step);
    compare(run, step);
}

/* Also what `chithi rebuild` makes from the records alone is the same. */
static void
rebuild(struct run *run, int step)
{
    must(run->cx, rebuild_all(run->cx));
    check(run, step);
    for (int i = 0; i < 10; i++)
        compare(run, step);
}

/* So many operations; what is refused or killed comes on top. */
static void
run_all(struct run *run, int operations_wanted)
{
    int step = 0;
    for (int done = 0; done < operations_wanted; step++) {
        done += run_act(run, step, NULL);
        fixture_next(run->cx);
        if (run_chance(run, 20))
            run_fold(run);
        compare(run, step);
        if (step % CHECK_EVERY == 0)
            check(run, step);
    }
    rebuild(run, step);
}

static const char *const thresholds[][2] = {{"1", "1"}, {"16", "16"}, {"none", "none"},
    {"1", "none"}};
static const uint64_t seeds[] = {5, 1954, 20160515};

static int
number_from(const char *name, int otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : atoi(text);
}

/* Which runs there are: the fixed seeds with the first thresholds each, and one that is drawn with
 * the last; or, when CHITHI_SEED names one, that with all thresholds. */
struct planned_run {
    uint64_t seed;
    const char *const *threshold;
};

static int
plan_runs(struct planned_run *out)
{
    const char *named = getenv("CHITHI_SEED");
    int fixed = (int)COUNT_OF(thresholds) - 1, count = 0;
    for (size_t i = 0; named != NULL && i < COUNT_OF(thresholds); i++)
        out[count++] = (struct planned_run){strtoull(named, NULL, 10), thresholds[i]};
    for (int i = 0; named == NULL && i < (int)COUNT_OF(seeds) * fixed; i++)
        out[count++] = (struct planned_run){seeds[i / fixed], thresholds[i % fixed]};
    if (named == NULL)
        out[count++] = (struct planned_run){randombytes_random(), thresholds[fixed]};
    return count;
}

static void
test_property__every_figure_is_the_recount(void **state)
{
    struct planned_run plan[COUNT_OF(seeds) * COUNT_OF(thresholds)];
    int done[OPERATION__COUNT] = {0}, killed = 0;
    (void)state;
    assert_true(sodium_init() >= 0);
    int count = plan_runs(plan);
    int wanted = (number_from("CHITHI_STEPS", OPERATIONS) + count - 1) / count;
    for (int i = 0; i < count; i++) {
        struct run *run = calloc(1, sizeof(*run));
        assert_non_null(run);
        struct run_plan begun = {.make = fixture_new,
            .seed = plan[i].seed,
            .month_units = plan[i].threshold[0],
            .day_units = plan[i].threshold[1],
            .kills = true};
        run_begin(run, &begun);
        run->look = look;
        if (i == count - 1)
            print_message("the last seed: CHITHI_SEED=%llu\n", (unsigned long long)run->seed);
        run_all(run, wanted);
        for (int k = 0; k < OPERATION__COUNT; k++)
            done[k] += run->done[k];
        killed += run->killed;
        run_end(run);
        free(run);
    }
    for (int k = 0; k < OPERATION__COUNT; k++) {
        print_message("%d %s\n", done[k], operation_names[k]);
        assert_true(wanted < 100 || done[k] > 0);
    }
    print_message("%d were killed\n", killed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_property__every_figure_is_the_recount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
