/* Sessions and remembered devices. A session's row is read with each request and written at most
 * once a minute, by the thread of maintenance. */
#include "domain/session.h"

#include "base/map.h"
#include "domain/secret.h"
#include "store/store.h"

#include <pthread.h>

static const int64_t minute = INT64_C(60000), day_ms = INT64_C(86400000);

/* Later than these: both ends are open. */
static void
bind_limits(struct query *q, const struct ctx *cx)
{
    query_int(q, "idle", cx->now - SESSION_IDLE_MINUTES * minute);
    query_int(q, "oldest", cx->now - SESSION_HOURS * 60 * minute);
}

enum status
session_find(struct ctx *cx, const char *token, struct session **out)
{
    bool found;
    struct session *session = ARENA_NEW(cx->arena, struct session);
    struct query *q = query_new(cx, Q_SESSION_FIND);
    session->digest = secret_digest(cx->arena, token);
    query_text(q, "digest", session->digest);
    bind_limits(q, cx);
    *out = NULL;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    session->account = query_get_int(q, 0);
    session->created_at = query_get_int(q, 1);
    session->seen_at = query_get_int(q, 2);
    *out = session;
    return query_end(q);
}

/* Beginning */

struct beginning {
    const struct session_new *wanted;
    const char *digest, *device; /* digests; the device's is NULL when none is remembered */
};

static enum status
delete_session(struct ctx *cx, int64_t account, const char *digest)
{
    struct query *q = query_new(cx, Q_SESSION_DELETE);
    query_text(q, "digest", digest);
    query_int(q, "account", account);
    return query_run(q, NULL);
}

static enum status
delete_replaced(struct ctx *cx, const char *token)
{
    struct session *session;
    TRY(session_find(cx, token, &session));
    return session == NULL ? OK : delete_session(cx, session->account, session->digest);
}

static enum status
insert_device(struct ctx *cx, const struct beginning *job)
{
    struct query *q = query_new(cx, Q_DEVICE_INSERT);
    query_text(q, "digest", job->device);
    query_int(q, "account", job->wanted->account);
    query_text(q, "label", job->wanted->label);
    query_int(q, "at", cx->now);
    query_int(q, "until", cx->now + DEVICE_DAYS * day_ms);
    return query_run(q, NULL);
}

static enum status
begin(struct ctx *cx, void *arg)
{
    const struct beginning *job = arg;
    if (job->wanted->replaced != NULL)
        TRY(delete_replaced(cx, job->wanted->replaced));
    struct query *q = query_new(cx, Q_SESSION_INSERT);
    query_text(q, "digest", job->digest);
    query_int(q, "account", job->wanted->account);
    query_text(q, "label", job->wanted->label);
    query_int(q, "at", cx->now);
    TRY(query_run(q, NULL));
    if (job->device != NULL)
        TRY(insert_device(cx, job));
    return account_note(cx, "account.sign_in", job->wanted->account, job->wanted->label);
}

enum status
session_begin(struct ctx *cx, const struct session_new *wanted, const char **token,
    const char **device)
{
    *token = secret_token(cx->arena);
    *device = wanted->remembers ? secret_token(cx->arena) : NULL;
    struct beginning job = {wanted, secret_digest(cx->arena, *token),
        *device == NULL ? NULL : secret_digest(cx->arena, *device)};
    return world_write(cx, begin, &job);
}

/* Ending */

struct ending {
    int64_t account;
    const char *digest; /* NULL: all */
};

static enum status
end_one(struct ctx *cx, void *arg)
{
    const struct ending *job = arg;
    TRY(delete_session(cx, job->account, job->digest));
    return account_note(cx, "account.sign_out", job->account, NULL);
}

enum status
session_end(struct ctx *cx, int64_t account, const char *digest)
{
    struct ending job = {account, digest};
    return world_write(cx, end_one, &job);
}

static enum status
end_all(struct ctx *cx, void *arg)
{
    const struct ending *job = arg;
    struct query *q = query_new(cx, Q_SESSION_DELETE_OTHERS);
    query_int(q, "account", job->account);
    TRY(query_run(q, NULL));
    q = query_new(cx, Q_DEVICE_DELETE_ALL);
    query_int(q, "account", job->account);
    TRY(query_run(q, NULL));
    return account_note(cx, "account.sign_out", job->account, "all");
}

enum status
session_end_all(struct ctx *cx, int64_t account)
{
    struct ending job = {account, NULL};
    return world_write(cx, end_all, &job);
}

/* Devices */

enum status
device_is_known(struct ctx *cx, int64_t account, const char *token, bool *out)
{
    *out = false;
    if (token == NULL)
        return OK;
    struct query *q = query_new(cx, Q_DEVICE_FIND);
    query_text(q, "digest", secret_digest(cx->arena, token));
    query_int(q, "account", account);
    query_int(q, "now", cx->now);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

static enum status
forget(struct ctx *cx, void *arg)
{
    const struct ending *job = arg;
    struct query *q = query_new(cx, Q_DEVICE_DELETE);
    query_text(q, "digest", job->digest);
    query_int(q, "account", job->account);
    TRY(query_run(q, NULL));
    return account_note(cx, "account.forget_device", job->account, NULL);
}

enum status
device_forget(struct ctx *cx, int64_t account, const char *digest)
{
    struct ending job = {account, digest};
    return world_write(cx, forget, &job);
}

/* Lists */

enum status
session_list_doc(struct doc *list, struct ctx *cx, int64_t account, const char *own)
{
    struct query *q = query_new(cx, Q_SESSION_LIST);
    query_int(q, "account", account);
    bind_limits(q, cx);
    while (query_next(q)) {
        const char *digest = query_get_text(q, 0);
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", digest);
        doc_text(object, "label", query_get_text(q, 1));
        doc_time(object, "created_at", query_get_int(q, 2), cx->world->zone_offset);
        doc_time(object, "seen_at", query_get_int(q, 3), cx->world->zone_offset);
        doc_bool(object, "is_this", own != NULL && secret_equal(digest, own));
    }
    return query_end(q);
}

enum status
device_list_doc(struct doc *list, struct ctx *cx, int64_t account)
{
    struct query *q = query_new(cx, Q_DEVICE_LIST);
    query_int(q, "account", account);
    query_int(q, "now", cx->now);
    while (query_next(q)) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", query_get_text(q, 0));
        doc_text(object, "label", query_get_text(q, 1));
        doc_time(object, "created_at", query_get_int(q, 2), cx->world->zone_offset);
        doc_time(object, "until", query_get_int(q, 3), cx->world->zone_offset);
    }
    return query_end(q);
}

/* When they were used */

enum { SEEN_MAX = 20000 }; /* more in a second are noted with their next request */

struct sighting {
    const char *digest;
    int64_t at;
};

struct seen {
    pthread_mutex_t lock;
    struct arena *arena; /* what was noted since the last writing; NULL: nothing */
    struct map *known;   /* by digest */
    struct sighting *sightings;
    int count;
    int64_t swept_at;
};

static void
destroy(void *thing)
{
    struct seen *seen = thing;
    if (seen->arena != NULL)
        arena_free(seen->arena);
    pthread_mutex_destroy(&seen->lock);
}

struct seen *
seen_new(struct arena *arena)
{
    struct seen *seen = ARENA_NEW(arena, struct seen);
    pthread_mutex_init(&seen->lock, NULL);
    arena_defer(arena, destroy, seen);
    return seen;
}

static void
note(struct seen *seen, const char *digest, int64_t now)
{
    if (seen->arena == NULL) {
        seen->arena = arena_new();
        seen->known = map_new(seen->arena);
    }
    if (seen->count >= SEEN_MAX || map_get(seen->known, digest) != NULL)
        return;
    const char *own = arena_strdup(seen->arena, digest);
    map_set(seen->known, own, seen);
    *ARENA_PUSH(seen->arena, seen->sightings, seen->count) = (struct sighting){own, now};
}

void
seen_note(struct seen *seen, const struct session *session, int64_t now)
{
    if (now - session->seen_at < minute)
        return;
    pthread_mutex_lock(&seen->lock);
    note(seen, session->digest, now);
    pthread_mutex_unlock(&seen->lock);
}

/* What was noted, with the arena that it is in, and a place for more. */
static struct seen
take(struct seen *seen)
{
    pthread_mutex_lock(&seen->lock);
    struct seen taken = {.arena = seen->arena, .sightings = seen->sightings, .count = seen->count};
    seen->arena = NULL;
    seen->known = NULL;
    seen->sightings = NULL;
    seen->count = 0;
    pthread_mutex_unlock(&seen->lock);
    return taken;
}

struct writing {
    const struct sighting *sightings;
    int count;
    bool sweeps;
};

static enum status
sweep(struct ctx *cx)
{
    struct query *q = query_new(cx, Q_SESSION_SWEEP);
    bind_limits(q, cx);
    TRY(query_run(q, NULL));
    q = query_new(cx, Q_DEVICE_SWEEP);
    query_int(q, "now", cx->now);
    TRY(query_run(q, NULL));
    q = query_new(cx, Q_PASS_SWEEP);
    query_int(q, "now", cx->now);
    return query_run(q, NULL);
}

static enum status
write_all(struct ctx *cx, void *arg)
{
    const struct writing *job = arg;
    for (int i = 0; i < job->count; i++) {
        struct query *q = query_new(cx, Q_SESSION_SEEN);
        query_text(q, "digest", job->sightings[i].digest);
        query_int(q, "at", job->sightings[i].at);
        TRY(query_run(q, NULL));
    }
    return job->sweeps ? sweep(cx) : OK;
}

enum status
seen_write(struct ctx *cx, struct seen *seen)
{
    struct seen taken = take(seen);
    if (taken.arena == NULL)
        return OK;
    struct writing job = {taken.sightings, taken.count, cx->now - seen->swept_at >= 10 * minute};
    enum status status = store_write(cx, write_all, &job);
    if (status == OK && job.sweeps)
        seen->swept_at = cx->now;
    arena_free(taken.arena);
    return status;
}
