/* The server that tests talk to: a handler that says what it was given and can be held at a gate, a
 * server for each test, and its clients. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H

#include "client.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WORKERS = 4, BODY_LIMIT = 64 * 1024, LARGE = 3 * 1000 * 1000 };

/* What the handlers of a test share. */
struct app {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting;  /* handlers at the gate */
    bool is_open; /* the gate */
    atomic_int calls;
    atomic_int busy[WORKERS];
    atomic_int clashes; /* a worker's number in use twice */
};

struct fixture {
    struct arena *arena;
    struct app app;
    struct server *server;
};

/* The paths that do not just say what came: /cham waits at the gate, /lon answers with LARGE bytes,
 * /chuyen, /tep, /hong and /chi-doc with headers of their own. */

/* Until so many handlers wait at the gate; and let them go. */
void wait_for_waiting(struct app *, int count);
void open_gate(struct app *);

struct server_options options_for(struct app *, const char *address, int port);
/* For cmocka: *state is a struct fixture with a server. */
int set_up(void **state);
int tear_down(void **state);

struct client *connect_client(struct fixture *);
/* Say it all and read the reply; on a connection of its own. */
struct reply ask(struct client *, const char *text);
struct reply ask_new(struct fixture *, const char *text);

#define GET(target) "GET " target " HTTP/1.1\r\nHost: may\r\n\r\n"

#endif
