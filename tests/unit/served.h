/* The server that tests talk to: a handler that says what it was given and can be held at a gate, a
 * server for each test, and its clients. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H

#include "client.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>

enum { UPLOAD_LIMIT = 1000 * 1000, FILE_LIMIT = 600 * 1000, UPLOADS = 2 };
enum {
    WORKERS = 4,
    SLOW_WORKERS = 2,
    SLOW_WAITING = 3,
    BODY_LIMIT = 64 * 1024,
    LARGE = 3 * 1000 * 1000
};

/* What the handlers of a test share. */
struct app {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting;  /* handlers at the gate */
    int slow;     /* requests for the slow lane */
    bool is_open; /* the gate */
    const char *large;
    atomic_int calls;
    atomic_int busy[WORKERS + SLOW_WORKERS];
    atomic_int clashes; /* a worker's number in use twice */
};

struct fixture {
    struct arena *arena;
    struct app app;
    struct server *server;
};

/* The paths that do not just say what came: /cham waits at the gate, /lon answers with LARGE bytes,
 * /chuyen, /tep, /hong, /banh and /chi-doc with headers of their own, /ai with who asks. Those that
 * begin with /nang go through the slow lane, and /nang/cham waits there. /tep-len
 * takes bodies of UPLOAD_LIMIT. */

/* Until so many handlers wait at the gate, or so many requests came for the slow lane; and let all
 * go. */
void wait_for_waiting(struct app *, int count);
void wait_for_slow(struct app *, int count);
void open_gate(struct app *);

struct server_options options_for(struct app *, const char *address, int port);
/* For cmocka: *state is a struct fixture with a server; with one that has these options, of which
 * `app` is filled in. */
int set_up(void **state);
int set_up_with(void **state, struct server_options);
int tear_down(void **state);

struct client *connect_client(struct fixture *);
/* Say it all and read the reply; on a connection of its own. */
struct reply ask(struct client *, const char *text);
struct reply ask_new(struct fixture *, const char *text);

#define GET(target) "GET " target " HTTP/1.1\r\nHost: may\r\n\r\n"

#endif
