/* The guard: deadlines and limits by address. The library knows one time-out, which each byte puts
 * off; a client that sends one every ten seconds would stay for ever. Here a head has one deadline,
 * bodies and responses have a least rate. A late connection's socket is shut down, which the I/O
 * thread sees as the client's leaving. */
#include "http/guard.h"

#include "base/clock.h"
#include "http/listen.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>

enum { ROUNDS_A_SECOND = 4 };

static const struct server_limits usual = {.head_ms = 10000,
    .idle_ms = 15000,
    .body_ms = 10000,
    .send_ms = 30000,
    .rate = 1024,
    .connections = 200,
    .requests = 64};

struct guard {
    struct arena *arena;
    struct server_limits limits;
    const char *proxy;
    pthread_t thread;
    bool is_started;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    struct link *links;
    struct link *spare; /* of connections that are gone */
    bool is_stopping;
};

static int
or_usual(int limit, int usual_limit)
{
    return limit > 0 ? limit : usual_limit;
}

struct guard *
guard_new(struct arena *arena, const struct server_limits *limits, const char *proxy)
{
    struct guard *guard = ARENA_NEW(arena, struct guard);
    pthread_condattr_t attributes;
    guard->arena = arena;
    guard->proxy = proxy;
    guard->limits = (struct server_limits){.head_ms = or_usual(limits->head_ms, usual.head_ms),
        .idle_ms = or_usual(limits->idle_ms, usual.idle_ms),
        .body_ms = or_usual(limits->body_ms, usual.body_ms),
        .send_ms = or_usual(limits->send_ms, usual.send_ms),
        .rate = or_usual(limits->rate, usual.rate),
        .connections = or_usual(limits->connections, usual.connections),
        .requests = or_usual(limits->requests, usual.requests)};
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&guard->lock, NULL);
    pthread_cond_init(&guard->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return guard;
}

/* --- deadlines --- */

/* Bytes that the other end has taken from this socket. */
static uint64_t
bytes_taken(int fd)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof(info);
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_bytes_acked : 0;
}

/* What so many bytes may take at the least rate. */
static int64_t
time_for(const struct guard *guard, uint64_t bytes)
{
    return (int64_t)(bytes * 1000 / (uint64_t)guard->limits.rate);
}

static bool
is_late(const struct guard *guard, const struct link *link, int64_t now)
{
    const struct server_limits *limits = &guard->limits;
    int64_t age = now - link->since;
    switch (link->phase) {
    case PHASE_IDLE:
        return age > limits->idle_ms;
    case PHASE_HEAD:
        return age > limits->head_ms;
    case PHASE_BODY:
        return age > limits->body_ms + time_for(guard, link->bytes);
    case PHASE_WORK:
        return false;
    case PHASE_SEND:
        break;
    }
    return age > limits->send_ms &&
        age > limits->send_ms + time_for(guard, bytes_taken(link->fd) - link->bytes);
}

static void
set_phase(struct link *link, enum phase phase)
{
    link->phase = phase;
    link->since = clock_steady();
    link->bytes = phase == PHASE_SEND ? bytes_taken(link->fd) : 0;
    link->is_under_way = link->is_under_way && phase != PHASE_IDLE;
}

/* What the library has sent may still lie here, for a client that does not fetch it. */
static bool
has_unread(int fd)
{
    int unread = 0;
    return ioctl(fd, SIOCOUTQ, &unread) == 0 && unread > 0;
}

/* With a time of zero to linger in, nothing is kept for a client that does not read. */
static void
cut(struct link *link)
{
    static const struct linger at_once = {.l_onoff = 1};
    link->is_cut = true;
    if (link->phase != PHASE_IDLE)
        setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    shutdown(link->fd, SHUT_RDWR);
}

/* The socket is ours to name under the lock: a connection leaves before it is closed. */
static void
cut_late(struct guard *guard)
{
    int64_t now = clock_steady();
    for (struct link *link = guard->links; link != NULL; link = link->next) {
        if (link->is_cut || !is_late(guard, link, now))
            continue;
        if (link->phase == PHASE_IDLE && has_unread(link->fd))
            set_phase(link, PHASE_SEND);
        else
            cut(link);
    }
}

static void *
watch(void *argument)
{
    struct guard *guard = argument;
    pthread_mutex_lock(&guard->lock);
    while (!guard->is_stopping) {
        struct timespec next = clock_steady_after(1000 / ROUNDS_A_SECOND);
        if (guard->links == NULL)
            pthread_cond_wait(&guard->changed, &guard->lock);
        else
            pthread_cond_timedwait(&guard->changed, &guard->lock, &next);
        cut_late(guard);
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

const char *
guard_start(struct guard *guard)
{
    int error = pthread_create(&guard->thread, NULL, watch, guard);
    guard->is_started = error == 0;
    return error == 0 ? NULL : listen_reason(error);
}

void
guard_stop(struct guard *guard)
{
    pthread_mutex_lock(&guard->lock);
    guard->is_stopping = true;
    pthread_cond_signal(&guard->changed);
    pthread_mutex_unlock(&guard->lock);
    if (guard->is_started)
        pthread_join(guard->thread, NULL);
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->lock);
}

/* --- limits by address --- */

/* Whoever is at this machine could do worse; and a proxy is one address for all of its clients. */
static bool
is_limited(const struct guard *guard, const struct peer *peer)
{
    return !peer->is_local && (guard->proxy == NULL || strcmp(peer->text, guard->proxy) != 0);
}

static bool
is_same(const struct peer *a, const struct peer *b)
{
    return memcmp(a->net, b->net, sizeof(a->net)) == 0;
}

bool
guard_lets_in(struct guard *guard, const struct peer *peer)
{
    int count = 0;
    if (guard->proxy != NULL && is_limited(guard, peer))
        return false;
    pthread_mutex_lock(&guard->lock);
    if (is_limited(guard, peer)) {
        for (const struct link *link = guard->links; link != NULL; link = link->next)
            count += is_same(&link->peer, peer);
    }
    pthread_mutex_unlock(&guard->lock);
    return count < guard->limits.connections;
}

bool
guard_begin(struct guard *guard, struct link *own, const struct peer *client)
{
    int count = 0;
    pthread_mutex_lock(&guard->lock);
    if (is_limited(guard, client)) {
        for (const struct link *link = guard->links; link != NULL; link = link->next)
            count += link->is_under_way && is_same(&link->client, client);
    }
    own->client = *client;
    own->is_under_way = true;
    pthread_mutex_unlock(&guard->lock);
    return count < guard->limits.requests;
}

/* --- what a connection does --- */

struct link *
guard_enter(struct guard *guard, int fd, const struct peer *peer)
{
    pthread_mutex_lock(&guard->lock);
    struct link *link = guard->spare;
    if (link != NULL)
        guard->spare = link->next;
    else
        link = ARENA_NEW(guard->arena, struct link);
    *link = (struct link){.next = guard->links, .fd = fd, .peer = *peer};
    set_phase(link, PHASE_HEAD);
    if (guard->links != NULL)
        guard->links->previous = link;
    else
        pthread_cond_signal(&guard->changed);
    guard->links = link;
    pthread_mutex_unlock(&guard->lock);
    return link;
}

void
guard_leave(struct guard *guard, struct link *link)
{
    pthread_mutex_lock(&guard->lock);
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        guard->links = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    link->next = guard->spare;
    guard->spare = link;
    pthread_mutex_unlock(&guard->lock);
}

/* The first head's time begins with the connection, whatever of it has come. */
void
guard_phase(struct guard *guard, struct link *link, enum phase phase)
{
    pthread_mutex_lock(&guard->lock);
    if (phase != link->phase)
        set_phase(link, phase);
    pthread_mutex_unlock(&guard->lock);
}

void
guard_received(struct guard *guard, struct link *link, size_t length)
{
    pthread_mutex_lock(&guard->lock);
    link->bytes += length;
    pthread_mutex_unlock(&guard->lock);
}
