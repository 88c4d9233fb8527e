/* The server that tests talk to: a handler that says what it was given and can be held at a gate, a
 * server for each test, and its clients. */
#include "served.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- the handler --- */

static void
wait_at_gate(struct app *app)
{
    pthread_mutex_lock(&app->lock);
    app->waiting++;
    pthread_cond_broadcast(&app->changed);
    while (!app->is_open)
        pthread_cond_wait(&app->changed, &app->lock);
    pthread_mutex_unlock(&app->lock);
}

void
wait_for_waiting(struct app *app, int count)
{
    pthread_mutex_lock(&app->lock);
    while (app->waiting < count)
        pthread_cond_wait(&app->changed, &app->lock);
    pthread_mutex_unlock(&app->lock);
}

void
wait_for_slow(struct app *app, int count)
{
    pthread_mutex_lock(&app->lock);
    while (app->slow < count)
        pthread_cond_wait(&app->changed, &app->lock);
    pthread_mutex_unlock(&app->lock);
}

void
open_gate(struct app *app)
{
    pthread_mutex_lock(&app->lock);
    app->is_open = true;
    pthread_cond_broadcast(&app->changed);
    pthread_mutex_unlock(&app->lock);
}

static void
show_pairs(struct buf *out, const char *label, const struct pair *pairs, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(out, "%s[%s]=[%s]\n", label, pairs[i].name, pairs[i].value);
}

/* Read from its beginning, as handlers do. */
static void
show_uploads(struct buf *out, const struct request *request)
{
    for (int i = 0; i < request->upload_count; i++) {
        const struct upload *upload = &request->uploads[i];
        char *bytes = arena_alloc(request->arena, upload->length + 1);
        ssize_t length = read(upload->fd, bytes, upload->length + 1);
        buf_printf(out, "upload[%s]=[%s] %s %zu %zd ", upload->name, upload->filename, upload->type,
            upload->length, length);
        buf_add(out, bytes, length > 40 ? 40 : (size_t)length);
        buf_char(out, '\n');
    }
}

/* All that the handler was given, in words. */
static void
echo(const struct request *request, struct response *response)
{
    struct buf out = buf_new(request->arena);
    const char *mark = request_header(request, "x-mark");
    buf_printf(&out, "%s %s @%s\n", request->method, request->path, request->host);
    show_pairs(&out, "query", request->query, request->query_count);
    show_pairs(&out, "form", request->form, request->form_count);
    show_uploads(&out, request);
    buf_printf(&out, "mark=%s\nbody %zu=", mark != NULL ? mark : "none", request->body_length);
    buf_add(&out, request->body, request->body_length);
    response->bytes = buf_string(&out);
    response->length = out.length;
}

/* Who asks, and what two cookies of theirs are. */
static void
say_who(const struct request *request, struct response *response)
{
    const char *first = request_cookie(request, "a"), *second = request_cookie(request, "ab");
    response->bytes = arena_printf(request->arena, "%s %s a=%s ab=%s", request->address,
        request->is_secure ? "kín" : "hở", first != NULL ? first : "none",
        second != NULL ? second : "none");
    response->length = strlen(response->bytes);
}

static bool
is_slow(void *argument, const struct request *request)
{
    struct app *app = argument;
    bool is_it = strncmp(request->path, "/nang", strlen("/nang")) == 0;
    pthread_mutex_lock(&app->lock);
    app->slow += is_it;
    pthread_cond_broadcast(&app->changed);
    pthread_mutex_unlock(&app->lock);
    return is_it;
}

static size_t
upload_limit(void *app, const struct request *request)
{
    (void)app;
    return strcmp(request->path, "/tep-len") == 0 ? UPLOAD_LIMIT : 0;
}

static void
handle(void *argument, int worker, struct request *request, struct response *response)
{
    static const struct pair broken[] = {{"X-Mark", "a"}, {"X-Other", "a\r\nX-Third: b"}};
    static const struct pair cookies[] = {{"Set-Cookie", "a=1; Path=/"}, {"Set-Cookie", "b=2"}};
    struct app *app = argument;
    app->clashes += app->busy[worker]++ != 0;
    app->calls++;
    if (strcmp(request->path, "/cham") == 0 || strcmp(request->path, "/nang/cham") == 0)
        wait_at_gate(app);
    if (strcmp(request->path, "/lon") == 0) {
        response->bytes = app->large;
        response->length = LARGE;
    } else if (strcmp(request->path, "/chuyen") == 0) {
        response->code = 303;
        response->location = "/dich";
    } else if (strcmp(request->path, "/tep") == 0) {
        response->content_type = "text/csv";
        response->disposition = "attachment; filename=\"so.csv\"";
        response->cache = "private, max-age=60";
    } else if (strcmp(request->path, "/hong") == 0) {
        response->location = "/x\r\nSet-Cookie: a=b";
    } else if (strcmp(request->path, "/hong-them") == 0) {
        response->headers = broken;
        response->header_count = (int)COUNT_OF(broken);
    } else if (strcmp(request->path, "/banh") == 0) {
        response->headers = cookies;
        response->header_count = (int)COUNT_OF(cookies);
    } else if (strcmp(request->path, "/ai") == 0) {
        say_who(request, response);
    } else if (strcmp(request->path, "/chi-doc") == 0) {
        response->code = 405;
        response->allow = "GET, HEAD";
    } else {
        echo(request, response);
    }
    app->busy[worker]--;
}

/* --- a server for each test --- */

struct server_options
options_for(struct app *app, const char *address, int port)
{
    return (struct server_options){.address = address,
        .port = port,
        .workers = WORKERS,
        .upload_limit = upload_limit,
        .file_limit = FILE_LIMIT,
        .uploads = UPLOADS,
        .slow_workers = SLOW_WORKERS,
        .is_slow = is_slow,
        .slow_waiting = SLOW_WAITING,
        .handler = handle,
        .app = app,
        .body_limit = BODY_LIMIT};
}

int
set_up(void **state)
{
    return set_up_with(state, options_for(NULL, "127.0.0.1", 0));
}

int
set_up_with(void **state, struct server_options options)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    fixture->arena = arena;
    fixture->app.large = memset(arena_alloc(arena, LARGE), 'x', LARGE);
    pthread_mutex_init(&fixture->app.lock, NULL);
    pthread_cond_init(&fixture->app.changed, NULL);
    options.app = &fixture->app;
    const char *why = NULL;
    if (server_start(&options, &fixture->server, &why) != OK) {
        print_error("%s\n", why);
        return -1;
    }
    *state = fixture;
    return 0;
}

int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->server != NULL)
        server_stop(fixture->server);
    pthread_cond_destroy(&fixture->app.changed);
    pthread_mutex_destroy(&fixture->app.lock);
    arena_free(fixture->arena);
    return 0;
}

/* --- its clients --- */

struct client *
connect_client(struct fixture *fixture)
{
    struct client *client = client_new(fixture->arena, server_port(fixture->server));
    assert_non_null(client);
    return client;
}

struct reply
ask(struct client *client, const char *text)
{
    struct reply reply = {0};
    assert_true(client_say(client, text));
    assert_true(client_read(client, strncmp(text, "HEAD ", 5) != 0, &reply));
    return reply;
}

struct reply
ask_new(struct fixture *fixture, const char *text)
{
    return ask(connect_client(fixture), text);
}
