/* One group of jobs. Looks into the writer's queue, to know when all of them are there. */
#include "together.h"

#include "store/sqlite.h"

#include <sched.h>
#include <setjmp.h>

#include <cmocka.h>

struct member {
    struct store *store;
    int number;
    enum status status;
};

static int
queue_length(struct sqlite_store *store)
{
    int length = 0;
    pthread_mutex_lock(&store->lock);
    for (const struct job *job = store->first; job != NULL; job = job->next)
        length++;
    pthread_mutex_unlock(&store->lock);
    return length;
}

static enum status
wait_for_all(struct ctx *cx, void *arg)
{
    atomic_bool *has_begun = arg;
    *has_begun = true;
    while (queue_length((struct sqlite_store *)cx->store) < TOGETHER_JOBS)
        sched_yield();
    return OK;
}

static enum status
write_number(struct ctx *cx, void *arg)
{
    const struct member *member = arg;
    struct query *q = query_new(cx, Q_META_PUT);
    query_text(q, "key", arena_printf(cx->arena, "number_%d", member->number));
    query_int(q, "value", member->number);
    TRY(query_run(q, NULL));
    if (member->number == TOGETHER_FAILING)
        return fault_set(cx, ERR_INVALID, "Việc này không được.");
    return OK;
}

static void *
run_member(void *arg)
{
    struct member *member = arg;
    struct ctx cx = {.arena = arena_new(), .store = member->store};
    member->status = store_write(&cx, write_number, member);
    arena_free(cx.arena);
    return NULL;
}

struct waiter {
    struct store *store;
    atomic_bool has_begun;
    enum status status;
};

static void *
run_waiter(void *arg)
{
    struct waiter *waiter = arg;
    struct ctx cx = {.arena = arena_new(), .store = waiter->store};
    waiter->status = store_write(&cx, wait_for_all, &waiter->has_begun);
    arena_free(cx.arena);
    return NULL;
}

int64_t
together_run(struct fixture *fixture, enum status statuses[TOGETHER_JOBS])
{
    struct store *store = fixture->cx.store;
    struct waiter waiter = {.store = store};
    struct member members[TOGETHER_JOBS];
    pthread_t first, threads[TOGETHER_JOBS];
    assert_int_equal(pthread_create(&first, NULL, run_waiter, &waiter), 0);
    while (!waiter.has_begun)
        sched_yield();
    for (int i = 0; i < TOGETHER_JOBS; i++) {
        members[i] = (struct member){store, i, OK};
        assert_int_equal(pthread_create(&threads[i], NULL, run_member, &members[i]), 0);
    }
    for (int i = 0; i < TOGETHER_JOBS; i++) {
        pthread_join(threads[i], NULL);
        statuses[i] = members[i].status;
    }
    pthread_join(first, NULL);
    assert_int_equal(waiter.status, OK);
    return fixture_sql(fixture, "SELECT COUNT(*) FROM meta WHERE key LIKE 'number_%%'");
}
