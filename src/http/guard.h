/* The guard: how long a connection may take for what it does, and how much one address may have at
 * once. A thread of its own cuts those that are late; the server tells it what each is doing. */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "http/peer.h"

#include <stdint.h>

/* What a connection is doing, and which deadline holds. */
enum phase {
    PHASE_IDLE, /* nothing was asked yet, or not again */
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_WORK, /* a worker has it: none */
    PHASE_SEND
};

/* One connection. It belongs to the guard. */
struct link {
    struct link *previous, *next;
    int fd;
    struct peer peer;
    struct peer client; /* of the request under way: the peer, or whom the proxy speaks for */
    bool is_under_way;  /* a request is, from its head to its completion */
    bool is_cut;
    enum phase phase;
    int64_t since;  /* clock_steady of the phase's beginning */
    uint64_t bytes; /* of the body, come so far; of the socket, taken when the phase began */
};

struct guard;

/* In the arena. Limits that are 0 are the usual ones. */
struct guard *guard_new(struct arena *, const struct server_limits *, const char *proxy);
/* NULL, or why the thread cannot be had. */
MUST_CHECK const char *guard_start(struct guard *);
/* All connections have left. Also of a guard that was not started. */
void guard_stop(struct guard *);

/* May another connection come from there? With a proxy, from nowhere but it and this machine. */
bool guard_lets_in(struct guard *, const struct peer *);
/* A connection came, which must send its first head at once; and it goes, before its socket is
 * closed. */
struct link *guard_enter(struct guard *, int fd, const struct peer *);
void guard_leave(struct guard *, struct link *);

void guard_phase(struct guard *, struct link *, enum phase);
/* So many bytes of the body came. */
void guard_received(struct guard *, struct link *, size_t length);
/* A request's head is there. False when the client has as many requests under way as it may. */
bool guard_begin(struct guard *, struct link *, const struct peer *client);

#endif
