/* Ids: 41 bits of milliseconds since 2016, an 8-bit slot, a 14-bit counter. A slot is a row that
 * one process holds for ten minutes at a time, so that no two give out the same id. Whoever takes a
 * slot is alone in the database: a transaction under way may last longer than the hold. */
#include "store/ids.h"

#include "base/clock.h"

#include "store/engine.h"
#include "store/rows.h"

#include <assert.h>
#include <unistd.h>

enum {
    SLOTS = 256,
    SLOT_MS = 10 * 60 * 1000, /* how long a slot is held; renewed at half time. So long stays that
                                 of a killed process; clocks may differ by half of it */
    COUNTER_BITS = 14,
    SLOT_BITS = 8
};

static const int64_t epoch_2016 = 1451606400000; /* 2016-01-01T00:00:00Z */

void
ids_begin(struct ids *ids)
{
    pthread_mutex_init(&ids->lock, NULL);
    ids->slot = -1;
}

void
ids_end(struct ids *ids)
{
    pthread_mutex_destroy(&ids->lock);
}

/* An id of this process that is larger than all before it: normally of this millisecond, else the
 * next of a millisecond that has not come yet. */
static int64_t
next_id(struct ids *ids)
{
    int64_t counter_mask = (1 << COUNTER_BITS) - 1;
    int64_t slot = (int64_t)ids->slot << COUNTER_BITS;
    int64_t ms = clock_now() - epoch_2016;
    int64_t last_ms = ids->last_id >> (COUNTER_BITS + SLOT_BITS);
    if (ms > last_ms)
        return ms << (COUNTER_BITS + SLOT_BITS) | slot;
    if ((ids->last_id & counter_mask) < counter_mask)
        return (ids->last_id & counter_mask) + 1 + (last_ms << (COUNTER_BITS + SLOT_BITS) | slot);
    return (last_ms + 1) << (COUNTER_BITS + SLOT_BITS) | slot;
}

int64_t
store_id(struct ctx *cx)
{
    struct ids *ids = &cx->store->ids;
    assert(cx->db != NULL && cx->db->writing);
    pthread_mutex_lock(&ids->lock);
    assert(ids->slot >= 0);
    int64_t id = ids->last_id = next_id(ids);
    pthread_mutex_unlock(&ids->lock);
    return id;
}

/* The slot is this process's alone, so its number with the process id is a name that no other
 * process has, now or after a restart. */
const char *
store_holder(const struct ctx *cx)
{
    struct ids *ids = &cx->store->ids;
    pthread_mutex_lock(&ids->lock);
    int slot = ids->slot;
    pthread_mutex_unlock(&ids->lock);
    return arena_printf(cx->arena, "pid %ld slot %d", (long)getpid(), slot);
}

bool
ids_are_due(struct ids *ids)
{
    pthread_mutex_lock(&ids->lock);
    bool due = ids->slot < 0 || ids->slot_until - clock_now() <= SLOT_MS / 2;
    pthread_mutex_unlock(&ids->lock);
    return due;
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
        return fault_set(cx, ERR_LIMIT,
            "Đã có %d tiến trình cùng ghi vào cơ sở dữ liệu này. Suất ghi của tiến trình bị dừng "
            "đột ngột trống lại sau 10 phút; lúc ấy hãy thử lại.",
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

static enum status
hold(struct ctx *cx, struct ids *ids)
{
    int64_t now = clock_now(), last_id = ids->last_id;
    int slot = ids->slot;
    bool has_table;
    struct query *q = query_new(cx, Q_SLOT_TABLE);
    TRY(query_one(q, &has_table));
    if (!has_table)
        return OK;
    TRY(query_end(q));
    if (slot < 0 || ids->slot_until < now)
        TRY(free_slot(cx, now, &slot, &last_id));
    TRY(put_slot(cx, slot, now + SLOT_MS, last_id));
    ids->slot = slot;
    ids->slot_until = now + SLOT_MS;
    ids->last_id = last_id > ids->last_id ? last_id : ids->last_id;
    return OK;
}

enum status
ids_hold(struct ctx *cx, struct ids *ids)
{
    pthread_mutex_lock(&ids->lock);
    enum status status = hold(cx, ids);
    pthread_mutex_unlock(&ids->lock);
    return status;
}

void
ids_lost(struct ids *ids)
{
    pthread_mutex_lock(&ids->lock);
    ids->slot_until = 0;
    pthread_mutex_unlock(&ids->lock);
}

enum status
ids_drop(struct ctx *cx, struct ids *ids)
{
    return put_slot(cx, ids->slot, 0, ids->last_id);
}

/* Any process of the database may come to hold any of the slots. */
enum status
store_ids_above(struct ctx *cx, int64_t last_id)
{
    struct ids *ids = &cx->store->ids;
    enum status status = OK;
    pthread_mutex_lock(&ids->lock);
    for (int i = 0; i < SLOTS && status == OK; i++) {
        if (i != ids->slot)
            status = put_slot(cx, i, 0, last_id);
    }
    ids->last_id = last_id > ids->last_id ? last_id : ids->last_id;
    pthread_mutex_unlock(&ids->lock);
    return status;
}
