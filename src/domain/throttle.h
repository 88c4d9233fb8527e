/* Delays for whoever guesses passwords: by account and by network, in memory. Nothing is locked for
 * good, and who has forgotten waits a minute at most. */
#ifndef DOMAIN_THROTTLE_H
#define DOMAIN_THROTTLE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct throttle;

/* So many attempts may fail before there is a delay: by one account, by one network, behind which a
 * whole office may sit. One of them is forgiven every two minutes. */
enum { THROTTLE_ACCOUNT = 3, THROTTLE_NETWORK = 30 };

/* Lives in the arena; used by all threads. */
struct throttle *throttle_new(struct arena *);

/* The network of an address: 24 bits of 203.0.113.7, 64 of 2001:db8::1. What is no address is a
 * network of its own. */
const char *throttle_network(struct arena *, const char *address);

/* May an attempt for `who`, an account, from a network be made now? 0: yes, and it counts as failed
 * until throttle_succeeded, so that many at once are seen. Else the milliseconds to wait. */
int64_t throttle_begin(struct throttle *, const char *who, const char *network, int64_t now);
/* The attempt was right: the account has no failures any more, the network one less. */
void throttle_succeeded(struct throttle *, const char *who, const char *network, int64_t now);
/* The attempt was neither right nor wrong. */
void throttle_taken_back(struct throttle *, const char *who, const char *network, int64_t now);

#endif
