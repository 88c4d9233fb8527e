/* Delays for whoever guesses passwords: by account and by network, in memory. Nothing is locked for
 * good, who has forgotten waits a minute at most, and guessing from elsewhere keeps nobody out of
 * an account on a device that it knows. */
#ifndef DOMAIN_THROTTLE_H
#define DOMAIN_THROTTLE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct throttle;

/* So many attempts may fail before there is a delay: for an account from one network, from one
 * network, behind which a whole office may sit, and for an account from anywhere. One of them is
 * forgiven every two minutes. */
enum { THROTTLE_HERE = 3, THROTTLE_NETWORK = 30, THROTTLE_ACCOUNT = 50 };

/* Who tries, and from where. */
struct attempt {
    const char *login;
    const char *network; /* throttle_network */
    bool is_known;       /* on a device that the account remembers: what others try is not its
                            concern */
};

/* Lives in the arena; used by all threads. */
struct throttle *throttle_new(struct arena *);

/* The network of an address: 24 bits of 203.0.113.7, 64 of 2001:db8::1. What is no address is a
 * network of its own. */
const char *throttle_network(struct arena *, const char *address);

/* May the attempt be made now? 0: yes, and it counts as failed until throttle_succeeded, so that
 * many at once are seen. Else the milliseconds to wait. */
int64_t throttle_begin(struct throttle *, const struct attempt *, int64_t now);
/* The attempt was right: the account has no failures any more, the network one less. */
void throttle_succeeded(struct throttle *, const struct attempt *, int64_t now);
/* The attempt was neither right nor wrong. */
void throttle_taken_back(struct throttle *, const struct attempt *, int64_t now);

#endif
