/* Eight processes do random operations (run.h) on one database, the first of them also changes of
 * the tree, while this one folds all the time. Twenty hot records are everybody's: each process
 * reads one and writes its number back one higher, from the version that it read; or gives it
 * other directives, whichever version is there. In the end the number is that of the increments
 * that were acknowledged, each acknowledged change is a version, and the check finds nothing.
 *
 * CHITHI_STEPS sets how many operations each process does. The processes are this program again:
 *     test_crowd DATABASE NUMBER STEPS CODE... */
#include "run.h"

#include "base/code.h"
#include "domain/cell.h"
#include "domain/check.h"
#include "domain/form.h"
#include "domain/unit.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORKERS = 8, STEPS = 125, HOT = 20, HOT_PERCENT = 40, HOTTEST_PERCENT = 50 };

/* What happened to the hot records, as one process or all were told. */
struct told {
    int increments[HOT], changes[HOT]; /* changes: with the increments */
    int stale, records;
};

/* A process */

static enum status
add_one(struct run *run, const struct record *record)
{
    const struct reg *reg = record->reg;
    struct row fields = row_copy(run->cx->arena, reg->fields, reg->field_count, &record->fields);
    struct value *value = &fields.values[reg_field(reg, "so_kien_nghi")->index];
    struct record_change change = {.fields = &fields,
        .version = record->version,
        .reason = "Thêm một"};
    struct record *after;
    *value = (struct value){.number = value->is_null ? 1 : value->number + 1};
    return reg->states[record->state].locks ? record_correct(run->cx, record->code, &change, &after)
                                            : record_change(run->cx, record->code, &change, &after);
}

static enum status
serve_others(struct run *run, const struct record *record)
{
    struct record_change change = {.directives = run_directives(run, record->reg),
        .reason = "Thêm chỉ thị"};
    struct record *after;
    return record->reg->states[record->state].locks
        ? record_correct(run->cx, record->code, &change, &after)
        : record_change(run->cx, record->code, &change, &after);
}

/* Only what was made from an older version may be refused, and only as such. */
static void
change_hot(struct run *run, char **codes, struct told *told)
{
    int hot = run_chance(run, HOTTEST_PERCENT) ? 0 : run_below(run, HOT);
    bool is_increment = run_chance(run, 60);
    struct record *record;
    must(run->cx, record_load(run->cx, codes[hot], &record));
    enum status status = is_increment ? add_one(run, record) : serve_others(run, record);
    fixture_want(run->cx, is_increment && status != OK ? ERR_STALE : OK, status, __FILE__,
        __LINE__);
    told->stale += status == ERR_STALE;
    told->increments[hot] += is_increment && status == OK;
    told->changes[hot] += status == OK;
}

/* Packs are not changed meanwhile, and the tree by one process: each knows its own changes only. */
static enum operation
some_operation(struct run *run, int number)
{
    enum operation operation = run_operation(run);
    while (operation == APPLY || (operation == TREE && number != 0))
        operation = run_operation(run);
    return operation;
}

static int
work(const char *where, int number, int steps, char **codes)
{
    struct run *run = calloc(1, sizeof(*run));
    struct told told = {0};
    if (run == NULL)
        return 1;
    run_join(run, where, (uint64_t)number + 1);
    for (int done = 0; done < steps; fixture_next(run->cx)) {
        if (run_chance(run, HOT_PERCENT)) {
            change_hot(run, codes, &told);
            done++;
        } else {
            done += run_do(run, some_operation(run, number), done, NULL);
        }
    }
    for (int i = 0; i < HOT; i++)
        printf("%d %d\n", told.increments[i], told.changes[i]);
    printf("%d %d\n", told.stale, run->record_count);
    run_end(run);
    free(run);
    return 0;
}

/* All of them */

struct worker {
    pid_t pid;
    FILE *output;
};

static const char *program; /* this one's path */

static struct worker
start(const char *where, int number, int steps, char *const *codes)
{
    char number_text[12], steps_text[12];
    char *words[HOT + 5] = {(char *)program, (char *)where, number_text, steps_text};
    struct worker worker;
    int ends[2];
    snprintf(number_text, sizeof(number_text), "%d", number);
    snprintf(steps_text, sizeof(steps_text), "%d", steps);
    memcpy(words + 4, codes, HOT * sizeof(*codes));
    assert_int_equal(pipe(ends), 0);
    worker.pid = fork();
    assert_true(worker.pid >= 0);
    if (worker.pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(program, words);
        _exit(127);
    }
    close(ends[1]);
    worker.output = fdopen(ends[0], "r");
    assert_non_null(worker.output);
    return worker;
}

/* Until none is left; what is told stays in the pipes meanwhile. */
static void
fold_meanwhile(struct run *run)
{
    int running = WORKERS, state, folded;
    while (running > 0) {
        must(run->cx, cell_fold(run->cx, 50, &folded));
        fixture_next(run->cx);
        while (running > 0 && waitpid(-1, &state, WNOHANG) > 0) {
            assert_true(WIFEXITED(state) && WEXITSTATUS(state) == 0);
            running--;
        }
    }
}

static void
hear(struct worker *worker, struct told *told)
{
    int first, second;
    for (int i = 0; i <= HOT; i++) {
        assert_int_equal(fscanf(worker->output, "%d %d", &first, &second), 2);
        *(i < HOT ? &told->increments[i] : &told->stale) += first;
        *(i < HOT ? &told->changes[i] : &told->records) += second;
    }
    fclose(worker->output);
}

/* Half of them in a state that is corrected, half in one that is changed. */
static void
make_hot(struct run *run, char **codes)
{
    for (int i = 0; i < HOT; i++) {
        struct row fields = fixture_inspection(run->cx, "giam_sat_chuyen_de", "15/01/2025", "1");
        struct record_new wanted = {.reg = fixture_reg(run->cx, "ktgs"),
            .unit = tree_unit(run->cx->world->tree, run->oracle.units[1].id),
            .fields = &fields,
            .state = i % 2 == 0 ? "ket_luan" : NULL};
        struct record *record;
        must(run->cx, record_create(run->cx, &wanted, &record));
        codes[i] = strdup(record->code);
        fixture_next(run->cx);
    }
}

static void
expect_hot(struct run *run, char **codes, const struct told *told)
{
    for (int i = 0; i < HOT; i++) {
        struct record *record;
        must(run->cx, record_load(run->cx, codes[i], &record));
        const struct field *field = reg_field(record->reg, "so_kien_nghi");
        const struct value *value = &record->fields.values[field->index];
        assert_int_equal(value->is_null ? 0 : value->number, told->increments[i]);
        assert_int_equal(record->version, 1 + told->changes[i]);
        assert_int_equal(fixture_sql(run->fixture,
                             "SELECT COUNT(*) FROM history WHERE shard = %lld AND record = %lld",
                             (long long)record->shard, (long long)record->id),
            record->version);
    }
}

/* All versions of the record that a difference names, for whoever looks for the reason. */
static void
tell_history(struct run *run, const char *where)
{
    struct record *record;
    struct query *q;
    bool found = true;
    const char *code = where;
    while (*code != '\0' && code_number(code = arena_strndup(run->cx->arena, where, 12)) < 0)
        where++;
    if (record_load(run->cx, code, &record) != OK)
        return;
    for (int64_t version = 1; found; version++) {
        q = query_new(run->cx, Q_HISTORY_BODY);
        query_int(q, "shard", record->shard);
        query_int(q, "record", record->id);
        query_int(q, "version", version);
        must(run->cx, query_one(q, &found));
        if (!found)
            break;
        print_error("  %lld: %s\n", (long long)version, query_peek_text(q, 0));
        must(run->cx, query_end(q));
    }
}

static void
expect_whole(struct run *run, const struct told *told)
{
    struct check_result result;
    must(run->cx, check_all(run->cx, &result));
    for (int i = 0; i < result.count; i++) {
        print_error("%s %s: %s\n", result.differences[i].kind, result.differences[i].where,
            result.differences[i].what);
        tell_history(run, result.differences[i].where);
    }
    assert_int_equal(result.count, 0);
    assert_int_equal(result.records, HOT + told->records);
}

static void
test_crowd__nothing_is_lost(void **state)
{
    static const struct run_plan plan = {.make = fixture_new,
        .seed = 1,
        .month_units = "1",
        .day_units = "16"};
    const char *named = getenv("CHITHI_STEPS");
    struct run *run = calloc(1, sizeof(*run));
    struct worker workers[WORKERS];
    struct told told = {0};
    char *codes[HOT];
    (void)state;
    assert_non_null(run);
    run_begin(run, &plan);
    make_hot(run, codes);
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(database_where(run->fixture->database), i,
            named == NULL ? STEPS : atoi(named), codes);
    fold_meanwhile(run);
    for (int i = 0; i < WORKERS; i++)
        hear(&workers[i], &told);
    print_message("%d records made, %d stale changes refused\n", told.records, told.stale);
    expect_hot(run, codes, &told);
    expect_whole(run, &told);
    for (int i = 0; i < HOT; i++)
        free(codes[i]);
    run_end(run);
    free(run);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crowd__nothing_is_lost),
    };
    program = argv[0];
    if (argc == HOT + 4)
        return work(argv[1], atoi(argv[2]), atoi(argv[3]), argv + 4);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
