/* The one writer of an SQLite file in this process. Jobs that arrive together share a transaction
 * and its fsync; each runs in a savepoint, so that one that fails takes nothing from the others.
 * Measured: 5,100 twenty-fact forms a second against 3,100 with a transaction each. */
#include "store/sqlite.h"

#include "base/log.h"
#include "base/plant.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
    GROUP_JOBS = 64,
    GROUP_MS = 5,
    SLOTS = 256,
    SLOT_MS = 60 * 60 * 1000, /* how long a slot is held; renewed at half time */
    COUNTER_BITS = 14,
    SLOT_BITS = 8
};

static const int64_t epoch_2016 = 1451606400000; /* 2016-01-01T00:00:00Z */

static int64_t
clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ids */

/* An id of this process that is larger than all before it: normally of this millisecond, else the
 * next of a millisecond that has not come yet. */
int64_t
store_id(struct ctx *cx)
{
    struct store *store = cx->store;
    assert(cx->db != NULL && cx->db->writing && store->slot >= 0);
    int64_t counter_mask = (1 << COUNTER_BITS) - 1;
    int64_t slot = (int64_t)store->slot << COUNTER_BITS;
    int64_t ms = clock_ms(CLOCK_REALTIME) - epoch_2016;
    int64_t last_ms = store->last_id >> (COUNTER_BITS + SLOT_BITS);
    if (ms > last_ms)
        store->last_id = ms << (COUNTER_BITS + SLOT_BITS) | slot;
    else if ((store->last_id & counter_mask) < counter_mask)
        store->last_id =
            (store->last_id & counter_mask) + 1 + (last_ms << (COUNTER_BITS + SLOT_BITS) | slot);
    else
        store->last_id = (last_ms + 1) << (COUNTER_BITS + SLOT_BITS) | slot;
    return store->last_id;
}

/* The slot is this process's alone, so its number with the process id is a name that no other
 * process has, now or after a restart. */
const char *
store_holder(const struct ctx *cx)
{
    return arena_printf(cx->arena, "pid %ld slot %d", (long)getpid(), cx->store->slot);
}

static enum status
free_slot(struct ctx *cx, int64_t now, int *slot, int64_t *last_id)
{
    bool taken[SLOTS] = {false};
    struct query *q = query_new(cx, Q_SLOT_LIST);
    *slot = -1;
    *last_id = 0;
    while (query_next(q)) {
        int64_t id = query_get_int(q, 0);
        if (id < 0 || id >= SLOTS)
            continue;
        taken[id] = true;
        if (query_get_int(q, 1) < now && *slot < 0) {
            *slot = (int)id;
            *last_id = query_get_int(q, 2);
        }
    }
    TRY(query_end(q));
    for (int i = 0; i < SLOTS && *slot < 0; i++) {
        if (!taken[i])
            *slot = i;
    }
    if (*slot < 0)
        return fault_set(cx, ERR_LIMIT, "Đã có %d tiến trình cùng ghi vào cơ sở dữ liệu này.",
            SLOTS);
    return OK;
}

static enum status
put_slot(struct ctx *cx, int slot, int64_t until, int64_t last_id)
{
    struct query *q = query_new(cx, Q_SLOT_PUT);
    query_int(q, "id", slot);
    query_text(q, "holder", arena_printf(cx->arena, "pid %ld", (long)getpid()));
    query_int(q, "until", until);
    query_int(q, "last_id", last_id);
    return query_run(q, NULL);
}

/* Hold a slot for the transaction that is open; a longer hold on one that is ours. A database
 * without the table is one that is being made: it gives out no ids yet. */
static enum status
hold_slot(struct ctx *cx, struct store *store)
{
    int64_t now = clock_ms(CLOCK_REALTIME), last_id = store->last_id;
    int slot = store->slot;
    bool has_table;
    if (slot >= 0 && store->slot_until - now > SLOT_MS / 2)
        return OK;
    struct query *q = query_new(cx, Q_SLOT_TABLE);
    TRY(query_one(q, &has_table));
    if (has_table)
        TRY(query_end(q));
    if (!has_table)
        return OK;
    if (slot < 0 || store->slot_until < now)
        TRY(free_slot(cx, now, &slot, &last_id));
    TRY(put_slot(cx, slot, now + SLOT_MS, last_id));
    store->slot = slot;
    store->slot_until = now + SLOT_MS;
    store->last_id = last_id > store->last_id ? last_id : store->last_id;
    return OK;
}

/* Give the slot back: the next holder's ids begin above the last of ours. */
static void
drop_slot(struct ctx *cx, struct store *store)
{
    if (store->slot < 0)
        return;
    if (db_command(cx, cx->db, "BEGIN IMMEDIATE") != OK)
        return;
    enum status status = put_slot(cx, store->slot, 0, store->last_id);
    db_reset(cx->db);
    if (db_command(cx, cx->db, status == OK ? "COMMIT" : "ROLLBACK") != OK)
        log_note("slot %d could not be given back", store->slot);
}

/* Jobs */

static struct job *
take(struct store *store, bool wait)
{
    pthread_mutex_lock(&store->lock);
    while (wait && store->first == NULL && !store->stopping)
        pthread_cond_wait(&store->work, &store->lock);
    struct job *job = store->first;
    if (job != NULL) {
        store->first = job->next;
        if (store->first == NULL)
            store->last = NULL;
        job->next = NULL;
    }
    pthread_mutex_unlock(&store->lock);
    return job;
}

/* What is done on the way out of a failure; one more failure is only noted. */
static void
attempt(struct ctx *cx, struct db *db, const char *command)
{
    if (db_command(cx, db, command) != OK)
        log_note("could not \"%s\"", command);
}

/* Keep or undo what the job did. When even that fails, nothing of the group is to be trusted: the
 * whole transaction goes, and run_group finds it gone. */
static enum status
end_savepoint(struct ctx *cx, struct db *db, bool keep)
{
    if ((keep || db_command(cx, db, "ROLLBACK TO job") == OK) &&
        db_command(cx, db, "RELEASE job") == OK)
        return OK;
    attempt(cx, db, "ROLLBACK");
    return ERR_STORE;
}

static enum status
run_in_savepoint(struct job *job, struct db *db)
{
    struct ctx *cx = job->cx;
    TRY(db_command(cx, db, "SAVEPOINT job"));
    cx->db = db;
    enum status status = job->fn(cx, job->arg);
    cx->db = NULL;
    db_reset(db);
    if (status == OK)
        return end_savepoint(cx, db, true);
    if (PLANTED("group_rollback")) {
        attempt(cx, db, "ROLLBACK");
        attempt(cx, db, "BEGIN IMMEDIATE");
        return status;
    }
    if (sqlite3_get_autocommit(db->handle))
        return status; /* SQLite has undone the whole transaction: a full disk or an I/O error */
    TRY(end_savepoint(cx, db, false));
    return status;
}

/* Nothing of the group is on the disk; a slot that was taken in it neither. */
static void
fail_group(struct store *store, struct job *group)
{
    store->slot_until = 0;
    for (struct job *job = group; job != NULL; job = job->next) {
        if (job->status == OK)
            job->status = fault_set(job->cx, ERR_STORE,
                "Không ghi được vào đĩa; chưa thay đổi gì. Hãy thử lại.");
    }
}

static void
run_group(struct ctx *own, struct store *store, struct job *first)
{
    struct db *db = store->writer;
    struct job **end = &first->next;
    int64_t start = clock_ms(CLOCK_MONOTONIC);
    int count = 0;
    own->db = db;
    if (db_command(own, db, "BEGIN IMMEDIATE") != OK || hold_slot(own, store) != OK) {
        db_reset(db);
        if (!sqlite3_get_autocommit(db->handle))
            attempt(own, db, "ROLLBACK");
        fail_group(store, first);
        return;
    }
    db_reset(db);
    for (struct job *job = first; job != NULL;) {
        job->status = run_in_savepoint(job, db);
        if (sqlite3_get_autocommit(db->handle)) {
            fail_group(store, first);
            return;
        }
        job = NULL;
        if (++count < GROUP_JOBS && clock_ms(CLOCK_MONOTONIC) - start < GROUP_MS)
            job = take(store, false);
        if (job != NULL) {
            *end = job;
            end = &job->next;
        }
    }
    if (db_command(own, db, "COMMIT") != OK) {
        if (!sqlite3_get_autocommit(db->handle))
            attempt(own, db, "ROLLBACK");
        fail_group(store, first);
    }
}

static void
acknowledge(struct store *store, struct job *first)
{
    pthread_mutex_lock(&store->lock);
    for (struct job *job = first, *next; job != NULL; job = next) {
        next = job->next; /* the job is its caller's again once it is done */
        job->done = true;
    }
    pthread_cond_broadcast(&store->finished);
    pthread_mutex_unlock(&store->lock);
}

void *
sqlite_writer(void *argument)
{
    struct store *store = argument;
    struct ctx own = {.arena = arena_new(), .store = store};
    struct arena_mark mark = arena_mark(own.arena);
    struct job *job;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* signals are the main thread's */
    while ((job = take(store, true)) != NULL) {
        run_group(&own, store, job);
        acknowledge(store, job);
        db_forget_statements(store->writer);
        own.faults = (struct faults){0};
        arena_release(own.arena, mark);
    }
    own.db = store->writer;
    drop_slot(&own, store);
    arena_free(own.arena);
    return NULL;
}

enum status
store_write(struct ctx *cx, write_fn *fn, void *arg)
{
    struct store *store = cx->store;
    struct db *before = cx->db;
    struct job job = {.cx = cx, .fn = fn, .arg = arg};
    assert(before == NULL || !before->writing);
    pthread_mutex_lock(&store->lock);
    if (store->last != NULL)
        store->last->next = &job;
    else
        store->first = &job;
    store->last = &job;
    pthread_cond_signal(&store->work);
    while (!job.done)
        pthread_cond_wait(&store->finished, &store->lock);
    pthread_mutex_unlock(&store->lock);
    cx->db = before;
    return job.status;
}
