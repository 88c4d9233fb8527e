/* Times what is written: approved records a second from 1, 8 and 64 writers at once, each record a
 * transaction on the disk before it counts; a figure that is read meanwhile; how long it takes from
 * an approval to the figure that shows it; and the folder. The records are copies of one study
 * meeting that the database has, put into branches by turns. Prints TSV.
 *     bench_write DATABASE [SECONDS] */
#include "bench.h"

#include "domain/cell.h"
#include "domain/figure.h"
#include "domain/record.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_WRITERS = 64, SECONDS = 5, MOST_READS = 100000, ROUNDS = 200, FOLD_CHUNK = 4096 };

#define REGISTER  "quan_triet"
#define APPROVED  "duyet"
#define INDICATOR "qt_so"

struct bench {
    struct store *store;
    struct worlds *worlds;
    const char *code; /* of the record that is copied */
    atomic_bool stopping;
    atomic_int failed;
};

struct writer {
    struct bench *bench;
    pthread_t thread;
    int number;
    int done;
};

/* A context as a request has it. */
static struct ctx
context(const struct bench *bench)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    return (struct ctx){.arena = arena_new(),
        .store = bench->store,
        .worlds = bench->worlds,
        .now = (int64_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000};
}

static void
done(struct ctx *cx)
{
    world_end(cx);
    arena_free(cx->arena);
}

/* A leaf of the tree, another one for each number. */
static const struct unit *
branch(const struct tree *tree, int number)
{
    int at = (int)((uint32_t)number * 2654435761U % (uint32_t)tree->count);
    while (tree->units[at].child_count > 0)
        at = (at + 1) % tree->count;
    return &tree->units[at];
}

/* One more approved record. */
static enum status
approve(struct ctx *cx, const struct bench *bench, const struct unit *unit)
{
    struct record *model, *made;
    TRY(record_load(cx, bench->code, &model));
    struct record_new wanted = {.reg = model->reg,
        .unit = unit,
        .fields = &model->fields,
        .state = APPROVED};
    return record_create(cx, &wanted, &made);
}

static void *
write_records(void *arg)
{
    struct writer *writer = arg;
    struct bench *bench = writer->bench;
    for (int i = 0; !bench->stopping; i++) {
        struct ctx cx = context(bench);
        enum status status = world_begin(&cx);
        if (status == OK)
            status = approve(&cx, bench, branch(cx.world->tree, writer->number + i * MOST_WRITERS));
        if (status == OK)
            writer->done++;
        else
            bench->failed++;
        done(&cx);
    }
    return NULL;
}

static struct figure_query
query_of(struct ctx *cx, const struct unit *unit)
{
    struct figure_query query = {.unit = unit, .to = cx->world->today, .basis = DAY_THEN};
    bench_must(cx, world_indicator(cx, INDICATOR, &query.indicator));
    query.from = year_start(query.to) - 366 * 5;
    return query;
}

/* The nation's figure, as a request reads it: how long it takes. */
static int64_t
read_figure(const struct bench *bench)
{
    struct ctx cx = context(bench);
    struct figure figure;
    int64_t start = bench_us();
    bench_must(&cx, world_begin(&cx));
    struct figure_query query = query_of(&cx, cx.world->tree->root);
    bench_must(&cx, figure_read(&cx, &query, &figure));
    int64_t spent = bench_us() - start;
    done(&cx);
    return spent;
}

static void
write_with(struct bench *bench, int count, int seconds)
{
    static struct writer writers[MOST_WRITERS];
    static int64_t reads[MOST_READS];
    int64_t start = bench_us(), end = start + (int64_t)seconds * 1000000;
    int read = 0, records = 0;
    bench->stopping = false;
    for (int i = 0; i < count; i++) {
        writers[i] = (struct writer){.bench = bench, .number = i};
        if (pthread_create(&writers[i].thread, NULL, write_records, &writers[i]) != 0)
            exit(1);
    }
    while (bench_us() < end && read < MOST_READS) {
        const struct timespec pause = {.tv_nsec = 5000000};
        reads[read++] = read_figure(bench);
        nanosleep(&pause, NULL);
    }
    bench->stopping = true;
    for (int i = 0; i < count; i++) {
        pthread_join(writers[i].thread, NULL);
        records += writers[i].done;
    }
    double spent = (double)(bench_us() - start) / 1e6;
    qsort(reads, (size_t)read, sizeof(*reads), bench_compare);
    printf("%d writers\t%.0f records/s\tthe nation's figure meanwhile: median %.2f ms, 99 of 100 "
           "in "
           "%.2f ms\n",
        count, records / spent, (double)reads[read / 2] / 1e3,
        (double)reads[read * 99 / 100] / 1e3);
    fflush(stdout);
}

/* From the approval to the figure of the branch and of the nation that have it. */
static void
approval_to_figure(struct bench *bench)
{
    int64_t times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        struct ctx cx = context(bench);
        struct figure before, after;
        bench_must(&cx, world_begin(&cx));
        struct figure_query nation = query_of(&cx, cx.world->tree->root);
        bench_must(&cx, figure_read(&cx, &nation, &before));
        int64_t start = bench_us();
        bench_must(&cx, approve(&cx, bench, branch(cx.world->tree, -i)));
        bench_must(&cx, figure_read(&cx, &nation, &after));
        times[i] = bench_us() - start;
        if (after.value != before.value + 1)
            printf("the nation's figure DIFFERS: %lld after %lld\n", (long long)after.value,
                (long long)before.value);
        done(&cx);
    }
    qsort(times, ROUNDS, sizeof(*times), bench_compare);
    printf("approval to the nation's figure\t%.2f ms\t99 of 100 in %.2f ms\n",
        (double)times[ROUNDS / 2] / 1e3, (double)times[ROUNDS * 99 / 100] / 1e3);
}

static void
fold(struct bench *bench)
{
    struct ctx cx = context(bench);
    int64_t start = bench_us(), total = 0;
    int folded;
    bench_must(&cx, world_begin(&cx));
    do {
        struct arena_mark mark = arena_mark(cx.arena);
        bench_must(&cx, cell_fold(&cx, FOLD_CHUNK, &folded));
        total += folded;
        arena_release(cx.arena, mark);
    } while (folded > 0);
    double spent = (double)(bench_us() - start) / 1e6;
    printf("folding\t%.0f deltas/s\t%lld in all\n", (double)total / spent, (long long)total);
    done(&cx);
}

/* The code of a record that can be copied: the first that counts for the nation's figure. */
static void
find_model(struct bench *bench, struct arena *arena)
{
    struct ctx cx = context(bench);
    struct figure_record *records;
    int count;
    bool more;
    bench_must(&cx, world_begin(&cx));
    struct figure_query query = query_of(&cx, cx.world->tree->root);
    bench_must(&cx, figure_records(&cx, &query, 0, 1, &records, &count, &more));
    if (count == 0) {
        fprintf(stderr, "no record of %s\n", INDICATOR);
        exit(1);
    }
    bench->code = arena_strdup(arena, records[0].code);
    done(&cx);
}

int
main(int argc, char **argv)
{
    struct bench bench = {.worlds = worlds_new()};
    struct ctx cx = {.arena = arena_new()};
    struct store_options options = {.where = argc > 1 ? argv[1] : ""};
    int seconds = argc > 2 ? atoi(argv[2]) : SECONDS;
    bench_must(&cx, store_open(&cx, &options, &bench.store));
    find_model(&bench, cx.arena);
    approval_to_figure(&bench);
    write_with(&bench, 1, seconds);
    write_with(&bench, 8, seconds);
    write_with(&bench, MOST_WRITERS, seconds);
    fold(&bench);
    store_close(bench.store);
    worlds_free(bench.worlds);
    arena_free(cx.arena);
    if (bench.failed > 0)
        fprintf(stderr, "%d writes failed\n", bench.failed);
    return bench.failed > 0;
}
