/* The meaning of a request's bytes: what is refused, how path, query and form are decoded. It
 * knows neither sockets nor threads; the server hands it what the library has read. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/server.h"

/* An answer given without asking the handler; the connection is closed after it. */
struct refusal {
    int code;
    const char *text;   /* Vietnamese, for whoever sees it */
    struct pair header; /* to be sent with it; no name: none */
};

/* The first line of a request, as it was sent. */
struct request_line {
    const char *method;
    const char *target;  /* "/dv/bt.tp?ky=q1" */
    const char *version; /* "HTTP/1.1" */
};

/* Check a request whose line and headers are there and whose body is not, and fill in method, path,
 * host and query. What two readers could understand differently is refused, so that a proxy in
 * front never sees other requests than we do. NULL when all is well. */
MUST_CHECK const struct refusal *request_read_head(struct request *, const struct request_line *);
/* Of the body of such a request, as it was told. */
size_t request_length(const struct request *);

/* Take the whole body: decoded into `form`, or as it is. `body` lives as long as the request. NULL
 * when all is well. */
MUST_CHECK const struct refusal *request_read_body(struct request *, const char *body,
    size_t length);

/* The refusals that the server itself finds. */
extern const struct refusal refusal_unclear; /* a head with bytes that nobody would expect */
extern const struct refusal refusal_stopping;
extern const struct refusal refusal_busy;   /* as many as may wait do */
extern const struct refusal refusal_crowd;  /* one address has as many under way as it may */
extern const struct refusal refusal_broken; /* the handler's answer cannot be sent */

#endif
