/* The server: one I/O thread of libmicrohttpd and a pool of workers with a queue between them. A
 * job, the request in its arena, belongs to the I/O thread until it is queued, to one worker until
 * it is answered, and to the I/O thread again until it is sent. */
#include "http/server.h"

#include "base/buf.h"
#include "base/clock.h"
#include "http/listen.h"
#include "http/request.h"

#include <assert.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_LIMIT = 1000,
    CONNECTIONS_PER_ADDRESS = 200, /* a proxy on this machine is one address: not on loopback */
    CONNECTION_SECONDS = 15,       /* without a byte in either direction */
    CONNECTION_MEMORY = 32 * 1024, /* what a request's line and headers fit into */
    DRAIN_SECONDS = 5,             /* for what is under way when the server stops */
    FAREWELL_SECONDS = 1,          /* for sending the last answers after that */
    OVERRUN = 4 /* a body without a length is read to this many limits, to be told 413 */
};

enum stage { READING_HEAD, READING_BODY, QUEUED, ANSWERED };

/* A request on its way. It lies in the request's own arena. */
struct job {
    struct server *server;
    struct MHD_Connection *connection;
    struct request_line line;
    size_t head_length; /* bytes of the headers, as far as understood */
    enum stage stage;   /* from QUEUED on under the server's lock */
    size_t received;    /* bytes of the body, kept or not */
    struct buf body;
    struct request request;
    struct response response;
    struct pair *headers; /* what request.headers points at */
    struct job *next;     /* in the queue */
};

struct worker {
    struct server *server;
    int number;
    pthread_t thread;
};

struct server {
    struct arena *arena; /* this struct and the workers */
    struct server_options options;
    int port;
    int socket;
    struct MHD_Daemon *daemon;
    struct worker *workers;
    int worker_count;
    pthread_mutex_t lock;     /* of all that follows */
    pthread_cond_t queued;    /* a job came, or the end */
    pthread_cond_t idle;      /* no request is under way */
    struct job *first, *last; /* the queue */
    int under_way;            /* from a request's first line to its completion */
    bool is_draining;         /* answers close their connection */
    bool is_closed;           /* nothing enters the queue */
};

/* --- answers, in the I/O thread --- */

static const char policy[] = "default-src 'none'; style-src 'self'; script-src 'self'; "
                             "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
                             "base-uri 'none'";

static bool
add_headers(struct MHD_Response *out, const struct response *response, bool is_last)
{
    const struct pair headers[] = {
        {"Content-Type", response->content_type},
        {"Cache-Control", response->cache != NULL ? response->cache : "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Content-Security-Policy", policy},
        {"Location", response->location},
        {"Content-Disposition", response->disposition},
        {"Allow", response->allow},
        {"Connection", is_last ? "close" : NULL},
    };
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        if (headers[i].value != NULL &&
            MHD_add_response_header(out, headers[i].name, headers[i].value) != MHD_YES)
            return false;
    }
    return true;
}

/* MHD_NO, which cuts the connection, when the response cannot be sent: no memory, or a line break
 * in a header. */
static enum MHD_Result
send_response(struct job *job, bool is_last)
{
    const struct response *response = &job->response;
    /* The library takes a pointer to what it may change; persistent bytes it only reads. */
    struct MHD_Response *out = MHD_create_response_from_buffer(response->length,
        (void *)response->bytes, MHD_RESPMEM_PERSISTENT);
    if (out == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_NO;
    if (add_headers(out, response, is_last))
        result = MHD_queue_response(job->connection, (unsigned)response->code, out);
    MHD_destroy_response(out);
    return result;
}

/* Answer in place of the handler. */
static void
set_refusal(struct job *job, const struct refusal *refusal)
{
    job->response.code = refusal->code;
    job->response.bytes = refusal->text;
    job->response.length = strlen(refusal->text);
    job->response.allow = refusal->allow;
}

static enum MHD_Result
refuse(struct job *job, const struct refusal *refusal)
{
    set_refusal(job, refusal);
    return send_response(job, true);
}

/* --- the queue --- */

static void
push(struct server *server, struct job *job)
{
    if (server->first == NULL)
        server->first = job;
    else
        server->last->next = job;
    server->last = job;
}

static struct job *
pop(struct server *server)
{
    struct job *job = server->first;
    if (job != NULL)
        server->first = job->next;
    return job;
}

/* Give the job to the workers; false when there are none any more. The connection is suspended
 * under the lock: the library must not be stopped while one is. */
static bool
hand_over(struct job *job)
{
    struct server *server = job->server;
    pthread_mutex_lock(&server->lock);
    bool is_taken = !server->is_closed;
    if (is_taken) {
        job->stage = QUEUED;
        MHD_suspend_connection(job->connection);
        push(server, job);
        pthread_cond_signal(&server->queued);
    }
    pthread_mutex_unlock(&server->lock);
    return is_taken;
}

/* Give the job back to the I/O thread, which calls on_request with it again. */
static void
hand_back(struct job *job)
{
    struct server *server = job->server;
    pthread_mutex_lock(&server->lock);
    job->stage = ANSWERED;
    pthread_mutex_unlock(&server->lock);
    MHD_resume_connection(job->connection);
}

/* The next job, or NULL when the server is closed. */
static struct job *
next_job(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    while (server->first == NULL && !server->is_closed)
        pthread_cond_wait(&server->queued, &server->lock);
    struct job *job = pop(server);
    pthread_mutex_unlock(&server->lock);
    return job;
}

static void *
work(void *argument)
{
    const struct worker *worker = argument;
    const struct server_options *options = &worker->server->options;
    struct job *job;
    while ((job = next_job(worker->server)) != NULL) {
        options->handler(options->app, worker->number, &job->request, &job->response);
        hand_back(job);
    }
    return NULL;
}

/* --- what the library calls, in the I/O thread --- */

/* Cut the query off the library's copy of the target. It would decode it for itself, and when that
 * takes more memory than the connection has, version 0.9.75 neither answers nor closes it. */
static void
drop_query(const char *target)
{
    char *mark = strchr(target, '?');
    if (mark != NULL)
        mark[1] = '\0';
}

/* The first line was read. */
static void *
on_line(void *argument, const char *target, struct MHD_Connection *connection)
{
    struct server *server = argument;
    struct arena *arena = arena_new();
    struct job *job = ARENA_NEW(arena, struct job);
    job->server = server;
    job->connection = connection;
    job->line.target = arena_strdup(arena, target);
    drop_query(target);
    job->body = buf_new(arena);
    job->request.arena = arena;
    job->response =
        (struct response){.code = 200, .content_type = "text/plain; charset=utf-8", .bytes = ""};
    pthread_mutex_lock(&server->lock);
    server->under_way++;
    pthread_mutex_unlock(&server->lock);
    return job;
}

static enum MHD_Result
on_header(void *argument, enum MHD_ValueKind kind, const char *name, size_t name_length,
    const char *value, size_t value_length)
{
    (void)kind;
    struct job *job = argument;
    struct arena *arena = job->request.arena;
    char *lower = arena_strndup(arena, name, name_length);
    for (char *c = lower; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c |= 0x20;
    }
    *ARENA_PUSH(arena, job->headers, job->request.header_count) =
        (struct pair){lower, arena_strndup(arena, value, value_length)};
    /* Both point into the line, with the colon and blanks between them. */
    job->head_length += (size_t)(value - name) + value_length + strlen("\r\n");
    return MHD_YES;
}

/* Was every byte of the head understood? The library ends texts at a NUL and the headers at a line
 * ": x", joins folded lines and takes LF for CRLF. Whoever reads it otherwise, a proxy perhaps,
 * sees another request, or two. */
static bool
is_understood(const struct job *job)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(job->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    size_t line = strlen(job->line.method) + strlen(" ") + strlen(job->line.target) + strlen(" ") +
        strlen(job->line.version) + strlen("\r\n");
    return info != NULL && info->header_size == line + job->head_length + strlen("\r\n");
}

static enum MHD_Result
read_head(struct job *job, const char *method, const char *version)
{
    job->line.method = method;
    job->line.version = version;
    MHD_get_connection_values_n(job->connection, MHD_HEADER_KIND, on_header, job);
    job->request.headers = job->headers;
    if (!is_understood(job))
        return refuse(job, &refusal_unclear);
    const struct refusal *refusal =
        request_read_head(&job->request, &job->line, job->server->options.body_limit);
    if (refusal != NULL)
        return refuse(job, refusal);
    job->stage = READING_BODY;
    return MHD_YES;
}

/* The library takes no answer in the middle of a body: one that grows beyond the limit is thrown
 * away until it ends, or cut off when it does not. */
static enum MHD_Result
read_body(struct job *job, const char *bytes, size_t length)
{
    size_t limit = job->server->options.body_limit;
    job->received += length;
    if (job->received <= limit)
        buf_add(&job->body, bytes, length);
    return job->received / OVERRUN <= limit ? MHD_YES : MHD_NO;
}

static enum MHD_Result
end_body(struct job *job)
{
    if (job->received > job->server->options.body_limit)
        return refuse(job, &refusal_too_large);
    const struct refusal *refusal =
        request_read_body(&job->request, buf_string(&job->body), job->body.length);
    if (refusal != NULL)
        return refuse(job, refusal);
    return hand_over(job) ? MHD_YES : refuse(job, &refusal_stopping);
}

/* Called when the headers are read, for every piece of the body, at its end, and when a worker has
 * answered. */
static enum MHD_Result
on_request(void *argument, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length, void **context)
{
    (void)connection;
    (void)url;
    struct server *server = argument;
    struct job *job = *context;
    pthread_mutex_lock(&server->lock);
    enum stage stage = job->stage;
    bool is_draining = server->is_draining;
    pthread_mutex_unlock(&server->lock);
    if (stage == READING_HEAD)
        return read_head(job, method, version);
    if (stage == ANSWERED)
        return send_response(job, is_draining);
    assert(stage == READING_BODY);
    size_t length = *upload_length;
    *upload_length = 0;
    return length > 0 ? read_body(job, upload, length) : end_body(job);
}

/* The response was sent, or the connection was lost. */
static void
on_completed(void *argument, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct server *server = argument;
    struct job *job = *context;
    *context = NULL;
    arena_free(job->request.arena);
    pthread_mutex_lock(&server->lock);
    if (--server->under_way == 0)
        pthread_cond_signal(&server->idle);
    pthread_mutex_unlock(&server->lock);
}

/* --- start and stop --- */

static const char *
start_workers(struct server *server)
{
    int count = server->options.workers;
    server->workers = ARENA_ARRAY(server->arena, struct worker, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct worker *worker = &server->workers[i];
        worker->server = server;
        worker->number = i;
        int error = pthread_create(&worker->thread, NULL, work, worker);
        if (error != 0)
            return listen_reason(error);
        server->worker_count++;
    }
    return NULL;
}

static const char *
start_daemon(struct server *server)
{
    unsigned per_address =
        listen_is_loopback(server->options.address) ? 0 : CONNECTIONS_PER_ADDRESS;
    server->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0,
        NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
        on_line, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
    if (server->daemon != NULL)
        return NULL;
    server->socket = -1; /* the library has closed it in some of its failures: left to the exit */
    return "hệ thống không cấp đủ tài nguyên cho máy chủ";
}

/* Signals are the business of the thread that starts the server: its threads block them all. */
static const char *
start_threads(struct server *server)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const char *why = start_workers(server);
    if (why == NULL)
        why = start_daemon(server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return why;
}

/* Nothing enters the queue from here on; what no worker has begun is refused. */
static void
close_queue(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    server->is_closed = true;
    struct job *job = server->first;
    server->first = NULL;
    pthread_cond_broadcast(&server->queued);
    pthread_mutex_unlock(&server->lock);
    while (job != NULL) {
        struct job *next = job->next;
        set_refusal(job, &refusal_stopping);
        hand_back(job);
        job = next;
    }
}

static void
wait_until_idle(struct server *server, int seconds)
{
    struct timespec until = clock_steady_after(seconds * INT64_C(1000));
    pthread_mutex_lock(&server->lock);
    while (
        server->under_way > 0 && pthread_cond_timedwait(&server->idle, &server->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&server->lock);
}

/* Also of a server that came up in part. */
static void
tear_down(struct server *server)
{
    close_queue(server);
    for (int i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i].thread, NULL);
    if (server->daemon != NULL) {
        wait_until_idle(server, FAREWELL_SECONDS);
        MHD_stop_daemon(server->daemon);
    }
    if (server->socket >= 0)
        close(server->socket);
    pthread_cond_destroy(&server->idle);
    pthread_cond_destroy(&server->queued);
    pthread_mutex_destroy(&server->lock);
    arena_free(server->arena);
}

static struct server *
server_new(const struct server_options *options)
{
    assert(options->workers > 0);
    struct arena *arena = arena_new();
    struct server *server = ARENA_NEW(arena, struct server);
    server->arena = arena;
    server->options = *options;
    server->options.address = arena_strdup(arena, options->address);
    server->socket = -1;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->queued, NULL);
    pthread_cond_init(&server->idle, &attributes);
    pthread_condattr_destroy(&attributes);
    return server;
}

enum status
server_start(const struct server_options *options, struct server **out, const char **why)
{
    struct server *server = server_new(options);
    *why = listen_open(options->address, options->port, &server->socket, &server->port);
    if (*why == NULL)
        *why = start_threads(server);
    if (*why != NULL) {
        tear_down(server);
        return ERR_STORE;
    }
    *out = server;
    return OK;
}

int
server_port(const struct server *server)
{
    return server->port;
}

void
server_stop(struct server *server)
{
    MHD_quiesce_daemon(server->daemon);
    pthread_mutex_lock(&server->lock);
    server->is_draining = true;
    pthread_mutex_unlock(&server->lock);
    wait_until_idle(server, DRAIN_SECONDS);
    tear_down(server);
}
