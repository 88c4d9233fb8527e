/* The server: one I/O thread of libmicrohttpd, and workers with queues between them (lane.c). A
 * job, the request in its arena, belongs to the I/O thread until it is queued, to one worker until
 * it is answered, and to the I/O thread again until it is sent. */
#include "http/job.h"

#include "base/clock.h"
#include "http/listen.h"
#include "http/tls.h"
#include <assert.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_LIMIT = 1000,
    CONNECTION_MEMORY = 32 * 1024, /* what a request's line and headers fit into */
    UPLOADS_AT_ONCE = 64,
    THROWN_AWAY = 32 * 1024 * 1024, /* bytes of a body that is read only to tell of its refusal */
    DRAIN_SECONDS = 5,              /* for what is under way when the server stops */
    FAREWELL_SECONDS = 1,           /* for sending the last answers after that */
    OVERRUN = 4 /* a body without a length is read to this many limits, to be told 413 */
};

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

static enum MHD_Result
on_accept(void *argument, const struct sockaddr *address, socklen_t length)
{
    const struct server *server = argument;
    struct peer peer;
    (void)length;
    peer_of_socket(address, &peer);
    return guard_lets_in(server->guard, &peer) ? MHD_YES : MHD_NO;
}

/* A connection came or goes. */
static void
on_connection(void *argument, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    const struct server *server = argument;
    struct peer peer;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        guard_leave(server->guard, *context);
        return;
    }
    peer_of_socket(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                       ->client_addr,
        &peer);
    *context = guard_enter(server->guard,
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, &peer);
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
    job->link =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    guard_phase(server->guard, job->link, PHASE_HEAD);
    job->line.target = arena_strdup(arena, target);
    drop_query(target);
    job->request.arena = arena;
    job->request.is_secure = server->is_tls;
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

/* The disk has room for so many at once. */
static const struct refusal *
count_upload(struct job *job)
{
    struct server *server = job->server;
    int limit = server->options.uploads > 0 ? server->options.uploads : UPLOADS_AT_ONCE;
    if (request_length(&job->request) <= server->options.body_limit)
        return NULL;
    if (server->uploads >= limit)
        return &refusal_busy;
    job->is_upload = true;
    server->uploads++;
    return NULL;
}

/* Whose request it is, and whether there is room for it and its body. */
static const struct refusal *
admit(struct job *job)
{
    const struct server *server = job->server;
    struct peer client;
    peer_tell(&job->request, &job->link->peer, server->options.proxy, server->is_tls, &client);
    if (!guard_begin(server->guard, job->link, &client))
        return &refusal_crowd;
    const struct refusal *refusal = body_begin(&job->request, &server->options, &job->body);
    return refusal != NULL ? refusal : count_upload(job);
}

/* Whoever sends a body hears nothing before its end, and a connection that is closed meanwhile is
 * reset: the refusal would be lost. Who expects to be told first, is. */
static bool
hears_at_the_end(const struct request *request)
{
    size_t length = request_length(request);
    return length > 0 && length <= THROWN_AWAY && request_header(request, "expect") == NULL;
}

static enum MHD_Result
read_head(struct job *job, const char *method, const char *version)
{
    job->line.method = method;
    job->line.version = version;
    MHD_get_connection_values_n(job->connection, MHD_HEADER_KIND, on_header, job);
    job->request.headers = job->headers;
    if (!is_understood(job))
        return job_refuse(job, &refusal_unclear);
    const struct refusal *refusal = request_read_head(&job->request, &job->line);
    if (refusal == NULL)
        refusal = job->refusal = admit(job);
    if (refusal != NULL && (job->refusal == NULL || !hears_at_the_end(&job->request)))
        return job_refuse(job, refusal);
    guard_phase(job->server->guard, job->link, PHASE_BODY);
    job->stage = READING_BODY;
    return MHD_YES;
}

static enum MHD_Result
read_body(struct job *job, const char *bytes, size_t length)
{
    guard_received(job->server->guard, job->link, length);
    if (job->refusal == NULL)
        body_feed(job->body, bytes, length);
    return MHD_YES;
}

static enum MHD_Result
end_body(struct job *job)
{
    const struct refusal *refusal = job->refusal != NULL ? job->refusal : body_end(job->body);
    if (refusal != NULL)
        return job_refuse(job, refusal);
    refusal = lanes_take(job);
    return refusal == NULL ? MHD_YES : job_refuse(job, refusal);
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
        return job_send(job, is_draining);
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
    guard_phase(server->guard, job->link, PHASE_IDLE);
    server->uploads -= job->is_upload;
    arena_free(job->request.arena);
    pthread_mutex_lock(&server->lock);
    if (--server->under_way == 0)
        pthread_cond_signal(&server->idle);
    pthread_mutex_unlock(&server->lock);
}

/* --- start and stop --- */

static const char *
start_daemon(struct server *server)
{
    const struct server_options *options = &server->options;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
        (server->is_tls ? (unsigned)MHD_USE_TLS : 0);
    server->daemon = MHD_start_daemon(flags, 0, on_accept, server, on_request, server,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTION_LIMIT, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
        on_line, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_ARRAY,
        server->is_tls ? tls : &tls[COUNT_OF(tls) - 1], MHD_OPTION_END);
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
    const char *why = guard_start(server->guard);
    if (why == NULL)
        why = lanes_start(server);
    if (why == NULL)
        why = start_daemon(server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return why;
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
    lanes_close(server);
    if (server->daemon != NULL) {
        wait_until_idle(server, FAREWELL_SECONDS);
        MHD_stop_daemon(server->daemon);
    }
    guard_stop(server->guard);
    if (server->socket >= 0)
        close(server->socket);
    pthread_cond_destroy(&server->idle);
    pthread_mutex_destroy(&server->lock);
    arena_free(server->arena);
}

static struct server *
server_new(const struct server_options *options)
{
    assert(options->workers > 0 && (options->slow_workers == 0 || options->is_slow != NULL));
    struct arena *arena = arena_new();
    struct server *server = ARENA_NEW(arena, struct server);
    server->arena = arena;
    server->options = *options;
    server->options.address = arena_strdup(arena, options->address);
    if (options->spool != NULL)
        server->options.spool = arena_strdup(arena, options->spool);
    if (options->proxy != NULL)
        server->options.proxy = arena_strdup(arena, options->proxy);
    server->guard = guard_new(arena, &options->limits, server->options.proxy);
    server->is_tls = options->certificate != NULL;
    server->socket = -1;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&server->lock, NULL);
    lanes_open(server);
    pthread_cond_init(&server->idle, &attributes);
    pthread_condattr_destroy(&attributes);
    return server;
}

enum status
server_start(const struct server_options *options, struct server **out, const char **why)
{
    struct server *server = server_new(options);
    *why = server->is_tls ? tls_check(options->certificate, options->key) : NULL;
    if (*why == NULL)
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
