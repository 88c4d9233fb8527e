/* Writers that count, for tests/suite/failover.py: each thread adds one to a number of its own in a
 * write of its own, until the standard input ends, and then tells how often it was told that it is
 * done. Not a test by itself.
 *     hammer DATABASE THREADS */
#include "base/log.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct writer {
    struct store *store;
    pthread_t thread;
    int number;
    int64_t done, failed, longest; /* milliseconds between two that were done */
};

static atomic_bool stopping;

static int64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Not the same when it is done twice. */
static enum status
add_one(struct ctx *cx, void *arg)
{
    static const char text[] = "INSERT INTO meta (key, value) VALUES (:key, 1) "
                               "ON CONFLICT (key) DO UPDATE SET value = meta.value + 1";
    const struct writer *writer = arg;
    struct query *q = query_sql(cx, sql_make(cx->arena, "add", text));
    query_text(q, "key", arena_printf(cx->arena, "hammer_%d", writer->number));
    return query_run(q, NULL);
}

static void *
hammer(void *arg)
{
    struct writer *writer = arg;
    int64_t last = now_ms();
    while (!stopping) {
        struct ctx cx = {.arena = arena_new(), .store = writer->store};
        if (store_write(&cx, add_one, writer) == OK) {
            int64_t now = now_ms();
            writer->longest = now - last > writer->longest ? now - last : writer->longest;
            last = now;
            writer->done++;
        } else {
            writer->failed++;
            for (int i = 0; i < cx.faults.count; i++)
                log_note("writer %d: %s", writer->number, cx.faults.items[i].message);
        }
        arena_free(cx.arena);
    }
    return NULL;
}

int
main(int argc, char **argv)
{
    struct ctx cx = {.arena = arena_new()};
    struct store_options options = {.where = argc > 2 ? argv[1] : ""};
    int count = argc > 2 ? atoi(argv[2]) : 0;
    struct writer *writers = calloc((size_t)count + 1, sizeof(*writers));
    char byte;
    if (writers == NULL || store_open(&cx, &options, &cx.store) != OK)
        return 1;
    for (int i = 0; i < count; i++) {
        writers[i].store = cx.store;
        writers[i].number = i;
        if (pthread_create(&writers[i].thread, NULL, hammer, &writers[i]) != 0)
            return 1;
    }
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    stopping = true;
    for (int i = 0; i < count; i++) {
        pthread_join(writers[i].thread, NULL);
        printf("%d\t%lld\t%lld\t%lld\n", i, (long long)writers[i].done,
            (long long)writers[i].failed, (long long)writers[i].longest);
    }
    store_close(cx.store);
    arena_free(cx.arena);
    free(writers);
    return 0;
}
