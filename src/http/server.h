/* HTTP: the library's threads do I/O only; each request is suspended, answered by one of the
 * workers, and resumed, so a slow page never holds up a fast one. What a request means is not
 * known here. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* One request, read whole. All of it lives until the response has been sent. */
struct request {
    struct arena *arena;
    const char *method;       /* "GET", "HEAD", "POST" */
    const char *path;         /* decoded, without the query: "/dv/bt.tp" */
    const char *host;         /* the Host header, "" when absent */
    const struct pair *query; /* decoded, in order */
    int query_count;
    const struct pair *form; /* of a form, as either type: the parts that are texts */
    int form_count;
    const struct pair *headers; /* names in lower case */
    int header_count;
    const struct upload *uploads; /* the parts that are files, in order */
    int upload_count;
    const char *body; /* bytes of any other body */
    size_t body_length;
    const char *address; /* of the client, as far as known: "192.0.2.1", "2001:db8::1" */
    bool is_secure;      /* between the client and us, or the proxy, there is TLS */
};

struct pair {
    const char *name;
    const char *value;
};

/* A file that came with a form. It has no name in any folder and goes with the request. */
struct upload {
    const char *name;     /* of the field */
    const char *filename; /* on the sender's side, without folders; never empty */
    const char *type;     /* what the sender says it is, "" when nothing */
    int fd;               /* at its beginning */
    size_t length;
};

/* The first value of a name, or NULL. */
const char *request_query(const struct request *, const char *name);
const char *request_form(const struct request *, const char *name);
const char *request_header(const struct request *, const char *name); /* lower case */
/* Of a cookie, as it was sent. */
const char *request_cookie(const struct request *, const char *name);

/* Decode "a=1&b=2" as a form's body is; false when it is none. */
bool request_decode_form(struct arena *, const char *text, size_t length, const struct pair **out,
    int *count);

struct response {
    int code;                 /* 200 */
    const char *content_type; /* "text/html; charset=utf-8" */
    const char *bytes;        /* in the request's arena, or static */
    size_t length;
    const char *location;       /* of a redirect, or NULL */
    const char *disposition;    /* Content-Disposition, or NULL */
    const char *cache;          /* Cache-Control; "no-store" when NULL */
    const char *allow;          /* Allow, of a 405: "GET, HEAD" */
    const struct pair *headers; /* others, sent as they are; with a line break in one: 503 */
    int header_count;
};

/* Answers one request, in a worker thread. `worker` is 0 to workers + slow_workers - 1: at any
 * moment each number is in use by one thread only. The response is set to an empty 200 of plain
 * text. Other methods, long bodies, and whatever two readers could understand differently never
 * come here. */
typedef void http_handler(void *app, int worker, struct request *, struct response *);

/* How long a client may take, and how much one address may have at once. A limit of 0 is the usual
 * one, which stands beside it. Programs of this machine and the proxy are not limited in number,
 * whom the proxy speaks for is. Of IPv6 a /64 is one address. */
struct server_limits {
    int head_ms;     /* 10 s: a request's line and headers */
    int idle_ms;     /* 15 s: until the next request of a connection begins */
    int body_ms;     /* 10 s, and as long as the least rate takes */
    int send_ms;     /* 30 s, and as long as the least rate takes: for the response */
    int rate;        /* 1024 bytes a second */
    int connections; /* 200 from one address; more are closed */
    int requests;    /* 64 under way of one address; more are 429 */
};

struct server_options {
    const char *address; /* "127.0.0.1" or "::1" */
    int port;            /* 0: any free one */
    int workers;
    http_handler *handler;
    void *app;
    size_t body_limit; /* longer bodies are 413 */
    /* What a body of multipart/form-data may be here; less than body_limit: no more than that.
     * Asked in the I/O thread, as is_slow. NULL: nowhere more. */
    size_t (*upload_limit)(void *app, const struct request *);
    size_t file_limit; /* of one file; 0: 20 MiB */
    int uploads;       /* as many bodies beyond body_limit come at once, more are 429; 0: 64 */
    const char *spool; /* the folder for files that come; NULL: TMPDIR, or /tmp */
    int slow_workers;  /* for what is_slow picks, which never holds up the rest; 0: no such lane */
    /* Asked in the I/O thread when the request was read: must not wait for anything. */
    bool (*is_slow)(void *app, const struct request *);
    int slow_waiting; /* as many wait there, a quarter from one address; more are 429; 0: 64 */
    struct server_limits limits;
    /* Whose word about its clients is taken: "127.0.0.1". But for programs of this machine nobody
     * else is let in then. NULL: nobody's, and everybody is. */
    const char *proxy;
    const char *certificate, *key; /* PEM, until the server has started: TLS; NULL: none */
};

struct server;

/* Listen and answer. ERR_STORE when the address cannot be had; *why, a static text, says so in
 * Vietnamese for the operator. */
MUST_CHECK enum status server_start(const struct server_options *, struct server **out,
    const char **why);
int server_port(const struct server *);
/* Take no more connections, answer what is under way, free everything. What no worker has begun
 * within five seconds is refused with 503; a handler that runs is waited for. */
void server_stop(struct server *);

#endif
