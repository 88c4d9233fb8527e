/* A client that says what a test wants it to say, byte by byte. Clients of several threads are in
 * use at once, so these functions return their failures. */
#ifndef TEST_CLIENT_H
#define TEST_CLIENT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct client {
    struct arena *arena;
    int fd;
    struct buf in;
    size_t used; /* of `in`: replies already taken */
};

struct reply {
    int code;
    const char *head; /* with the status line */
    const char *body;
    size_t length;
};

/* A bare socket, which the caller closes; -1 when nobody listens. */
int client_connect(int port);
/* Connected until the arena goes; NULL when nobody listens. */
struct client *client_new(struct arena *, int port);
/* False when the server does not want any more. */
bool client_send(const struct client *, const char *bytes, size_t length);
bool client_say(const struct client *, const char *text);
/* False at the end of the connection. */
bool client_receive(struct client *);
/* The next reply; `has_body`: not the answer to a HEAD. */
bool client_read(struct client *, bool has_body, struct reply *);
/* Has the server closed the connection, with nothing more to say? */
bool client_is_at_end(struct client *);
/* Wait for the end of the connection, whatever comes before it. False when it does not end. */
bool client_drain(struct client *);

/* Of the first such header, from its value on; NULL when there is none. */
const char *header_value(const struct reply *, const char *name);
bool header_is(const struct reply *, const char *name, const char *value);

#endif
