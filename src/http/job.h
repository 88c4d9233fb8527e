/* What the files of the server share: a request on its way, the lanes of workers, and the server
 * itself. Nobody outside http includes it. */
#ifndef HTTP_JOB_H
#define HTTP_JOB_H

#include "http/body.h"
#include "http/guard.h"
#include "http/request.h"

#include <microhttpd.h>
#include <pthread.h>

enum stage { READING_HEAD, READING_BODY, QUEUED, ANSWERED };

/* A request on its way. It lies in the request's own arena. */
struct job {
    struct server *server;
    struct MHD_Connection *connection;
    struct link *link; /* the guard's of the connection */
    struct request_line line;
    size_t head_length; /* bytes of the headers, as far as understood */
    enum stage stage;   /* from QUEUED on under the server's lock */
    struct body *body;
    const struct refusal *refusal; /* to be told when the body has come, which is thrown away */
    bool is_upload;                /* longer than an ordinary body */
    struct request request;
    struct response response;
    struct pair *headers; /* what request.headers points at */
    struct job *next;     /* in its lane */
};

/* Jobs that wait, in order, and the workers that take them. All of it under the server's lock but
 * for what is written at the start. */
struct lane {
    pthread_cond_t queued; /* a job came, or the end */
    struct job *first, *last;
    int waiting;
    int limit; /* of those that wait; 0: none */
};

struct worker {
    struct server *server;
    struct lane *lane;
    int number;
    pthread_t thread;
};

enum { LANE_PAGES, LANE_SLOW, LANE__COUNT };

struct server {
    struct arena *arena; /* this struct and the workers */
    struct server_options options;
    int port;
    int socket;
    struct MHD_Daemon *daemon;
    struct guard *guard;
    bool is_tls;
    int uploads; /* under way; the I/O thread's */
    struct worker *workers;
    int worker_count;
    pthread_mutex_t lock;          /* of all that follows */
    pthread_cond_t idle;           /* no request is under way */
    struct lane lane[LANE__COUNT]; /* the slow one has no workers when none are asked for */
    int under_way;                 /* from a request's first line to its completion */
    bool is_draining;              /* answers close their connection */
    bool is_closed;                /* nothing enters a lane */
};

/* send.c: answers, in the I/O thread. MHD_NO cuts the connection. */
enum MHD_Result job_send(struct job *, bool is_last);
/* Answer in place of the handler. */
void job_set_refusal(struct job *, const struct refusal *);
enum MHD_Result job_refuse(struct job *, const struct refusal *);

/* lane.c: the queues and the workers. */
void lanes_open(struct server *);
/* NULL, or why a thread cannot be had. */
MUST_CHECK const char *lanes_start(struct server *);
/* Suspend the job's connection and give the job to its lane's workers. NULL, or why it cannot be.
 */
MUST_CHECK const struct refusal *lanes_take(struct job *);
/* Nothing enters from here on; what no worker has begun is refused, the workers are waited for. */
void lanes_close(struct server *);

#endif
