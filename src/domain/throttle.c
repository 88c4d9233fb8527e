/* A table of failures with a fixed number of places: a key has a few places that it may be in, and
 * pushes out the one that has failed least there. */
#include "domain/throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

enum { PLACES = 8192, WAYS = 8, FIRST_MS = 1000, LAST_MS = 60 * 1000, FORGIVE_MS = 120 * 1000 };
enum { FAILURES_MAX = 100 }; /* more are not told apart */

struct failures {
    uint64_t key; /* 0: nobody */
    int count;
    int64_t at; /* of the last that was counted or forgiven */
};

struct throttle {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* nobody picks keys that meet */
    struct failures places[PLACES];
};

static void
destroy(void *thing)
{
    struct throttle *throttle = thing;
    pthread_mutex_destroy(&throttle->lock);
}

struct throttle *
throttle_new(struct arena *arena)
{
    struct throttle *throttle = ARENA_NEW(arena, struct throttle);
    pthread_mutex_init(&throttle->lock, NULL);
    arena_defer(arena, destroy, throttle);
    randombytes_buf(throttle->secret, sizeof(throttle->secret));
    return throttle;
}

const char *
throttle_network(struct arena *arena, const char *address)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, address, bytes) == 1)
        return arena_printf(arena, "%d.%d.%d.0/24", bytes[0], bytes[1], bytes[2]);
    if (inet_pton(AF_INET6, address, bytes) != 1)
        return address;
    return arena_printf(arena, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", bytes[0], bytes[1],
        bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}

/* Failures, of which some have been forgiven meanwhile */

static void
forgive(struct failures *failures, int64_t now)
{
    int64_t times = now > failures->at ? (now - failures->at) / FORGIVE_MS : 0;
    failures->count = times >= failures->count ? 0 : failures->count - (int)times;
    failures->at += times * FORGIVE_MS;
}

/* By two names, of which one may be NULL. */
static struct failures *
find(struct throttle *throttle, const char *one, const char *other, int64_t now)
{
    uint64_t key = 0;
    char text[512];
    int length = snprintf(text, sizeof(text), "%s%c%s", one == NULL ? "" : one,
        one == NULL         ? 1
            : other == NULL ? 2
                            : 3,
        other == NULL ? "" : other);
    size_t used = (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1;
    crypto_shorthash((unsigned char *)&key, (const unsigned char *)text, used, throttle->secret);
    key |= 1;
    struct failures *first = &throttle->places[key / 2 % (PLACES / WAYS) * WAYS], *least = first;
    for (int i = 0; i < WAYS; i++) {
        forgive(&first[i], now);
        if (first[i].key == key)
            return &first[i];
        least = first[i].count < least->count ? &first[i] : least;
    }
    *least = (struct failures){.key = key, .at = now};
    return least;
}

/* 1, 2, 4… seconds after the last failure beyond those that are free. */
static int64_t
wait_of(const struct failures *failures, int is_free, int64_t now)
{
    int64_t wait = FIRST_MS;
    if (failures->count < is_free)
        return 0;
    for (int i = is_free; i < failures->count && wait < LAST_MS; i++)
        wait *= 2;
    wait = wait < LAST_MS ? wait : LAST_MS;
    return failures->at + wait > now ? failures->at + wait - now : 0;
}

static void
add(struct failures *failures, int64_t now)
{
    failures->count += failures->count < FAILURES_MAX;
    failures->at = now;
}

/* The three that an attempt is counted in. */
struct counted {
    struct failures *here, *network, *account;
};

static struct counted
find_all(struct throttle *throttle, const struct attempt *attempt, int64_t now)
{
    return (struct counted){find(throttle, attempt->login, attempt->network, now),
        find(throttle, NULL, attempt->network, now), find(throttle, attempt->login, NULL, now)};
}

static int64_t
longest_wait(const struct counted *counted, const struct attempt *attempt, int64_t now)
{
    int64_t wait = wait_of(counted->here, THROTTLE_HERE, now);
    int64_t network = wait_of(counted->network, THROTTLE_NETWORK, now);
    int64_t account = attempt->is_known ? 0 : wait_of(counted->account, THROTTLE_ACCOUNT, now);
    wait = network > wait ? network : wait;
    return account > wait ? account : wait;
}

int64_t
throttle_begin(struct throttle *throttle, const struct attempt *attempt, int64_t now)
{
    pthread_mutex_lock(&throttle->lock);
    struct counted counted = find_all(throttle, attempt, now);
    int64_t wait = longest_wait(&counted, attempt, now);
    if (wait == 0) {
        add(counted.here, now);
        add(counted.network, now);
        add(counted.account, now);
    }
    pthread_mutex_unlock(&throttle->lock);
    return wait;
}

static void
take(struct failures *failures, int count)
{
    failures->count = count >= failures->count ? 0 : failures->count - count;
}

static void
take_all(struct throttle *throttle, const struct attempt *attempt, int of_account, int64_t now)
{
    pthread_mutex_lock(&throttle->lock);
    struct counted counted = find_all(throttle, attempt, now);
    take(counted.here, of_account);
    take(counted.network, 1);
    take(counted.account, of_account);
    pthread_mutex_unlock(&throttle->lock);
}

void
throttle_succeeded(struct throttle *throttle, const struct attempt *attempt, int64_t now)
{
    take_all(throttle, attempt, FAILURES_MAX, now);
}

void
throttle_taken_back(struct throttle *throttle, const struct attempt *attempt, int64_t now)
{
    take_all(throttle, attempt, 1, now);
}
