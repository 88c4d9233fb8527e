/* The server over real sockets on the loopback: what reaches the handler, what is refused before
 * it, and how threads and the end of the server behave. Nothing sleeps: where an order matters, a
 * handler waits at a gate that the test opens. */
#include "http/server.h"

#include "base/buf.h"
#include "client.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORKERS = 4, BODY_LIMIT = 64 * 1024, LARGE = 3 * 1000 * 1000, CLIENTS = 16, EACH = 200 };

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

static void
wait_for_waiting(struct app *app, int count)
{
    pthread_mutex_lock(&app->lock);
    while (app->waiting < count)
        pthread_cond_wait(&app->changed, &app->lock);
    pthread_mutex_unlock(&app->lock);
}

static void
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

/* All that the handler was given, in words. */
static void
echo(const struct request *request, struct response *response)
{
    struct buf out = buf_new(request->arena);
    const char *mark = request_header(request, "x-mark");
    buf_printf(&out, "%s %s @%s\n", request->method, request->path, request->host);
    show_pairs(&out, "query", request->query, request->query_count);
    show_pairs(&out, "form", request->form, request->form_count);
    buf_printf(&out, "mark=%s\nbody %zu=", mark != NULL ? mark : "none", request->body_length);
    buf_add(&out, request->body, request->body_length);
    response->bytes = buf_string(&out);
    response->length = out.length;
}

static void
handle(void *argument, int worker, struct request *request, struct response *response)
{
    struct app *app = argument;
    app->clashes += app->busy[worker]++ != 0;
    app->calls++;
    if (strcmp(request->path, "/cham") == 0)
        wait_at_gate(app);
    if (strcmp(request->path, "/lon") == 0) {
        response->bytes = memset(arena_alloc(request->arena, LARGE), 'x', LARGE);
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
    } else if (strcmp(request->path, "/chi-doc") == 0) {
        response->code = 405;
        response->allow = "GET, HEAD";
    } else {
        echo(request, response);
    }
    app->busy[worker]--;
}

/* --- a server for each test --- */

static struct server_options
options_for(struct app *app, const char *address, int port)
{
    return (struct server_options){.address = address,
        .port = port,
        .workers = WORKERS,
        .handler = handle,
        .app = app,
        .body_limit = BODY_LIMIT};
}

static int
set_up(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);
    fixture->arena = arena;
    pthread_mutex_init(&fixture->app.lock, NULL);
    pthread_cond_init(&fixture->app.changed, NULL);
    struct server_options options = options_for(&fixture->app, "127.0.0.1", 0);
    const char *why = NULL;
    if (server_start(&options, &fixture->server, &why) != OK) {
        print_error("%s\n", why);
        return -1;
    }
    *state = fixture;
    return 0;
}

static int
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

static struct client *
connect_client(struct fixture *fixture)
{
    struct client *client = client_new(fixture->arena, server_port(fixture->server));
    assert_non_null(client);
    return client;
}

static struct reply
ask(struct client *client, const char *text)
{
    struct reply reply = {0};
    assert_true(client_say(client, text));
    assert_true(client_read(client, strncmp(text, "HEAD ", 5) != 0, &reply));
    return reply;
}

static struct reply
ask_new(struct fixture *fixture, const char *text)
{
    return ask(connect_client(fixture), text);
}

#define GET(target) "GET " target " HTTP/1.1\r\nHost: may\r\n\r\n"

/* --- what reaches the handler --- */

static void
test_server__get_is_decoded(void **state)
{
    struct reply reply = ask_new(*state,
        "GET /dv/%C4%91%E1%BA%A3ng%20b%E1%BB%99?ten=V%C4%83n+A&ten=&%62=1%2B1&trong HTTP/1.1\r\n"
        "Host: chithi.vn:8080\r\nX-Mark:  co \r\n\r\n");
    assert_int_equal(reply.code, 200);
    assert_string_equal(reply.body,
        "GET /dv/đảng bộ @chithi.vn:8080\nquery[ten]=[Văn A]\nquery[ten]=[]\nquery[b]=[1+1]\n"
        "query[trong]=[]\nmark=co \nbody 0=");
}

/* '%' that encodes nothing stands for itself in a query, as in browsers; a plus only there. */
static void
test_server__odd_queries_are_taken(void **state)
{
    struct reply reply = ask_new(*state, GET("/a+b??x=50%&&%zz=%4&=v&a=b=c"));
    assert_string_equal(reply.body,
        "GET /a+b @may\nquery[?x]=[50%]\nquery[%zz]=[%4]\nquery[]=[v]\nquery[a]=[b=c]\n"
        "mark=none\nbody 0=");
}

static void
test_server__queries_may_have_many_parts(void **state)
{
    struct fixture *fixture = *state;
    struct buf text = buf_new(fixture->arena);
    buf_text(&text, "GET /?");
    for (int i = 0; i < 2000; i++)
        buf_printf(&text, "&o=%d", i);
    buf_text(&text, " HTTP/1.1\r\nHost: may\r\n\r\n");
    struct reply reply = ask_new(fixture, text.bytes);
    assert_int_equal(reply.code, 200);
    assert_non_null(strstr(reply.body, "query[o]=[1998]\nquery[o]=[1999]\nmark"));
}

/* Headers of 20 KB, byte by byte, so that the library's buffer has to grow while it reads. */
static void
test_server__long_heads_may_come_in_pieces(void **state)
{
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    struct buf text = buf_new(fixture->arena);
    buf_text(&text, "GET /a?b HTTP/1.1\r\nHost:may\r\n");
    for (int i = 0; i < 20; i++)
        buf_printf(&text, "X-%d: %01000d\r\n", i, i);
    buf_text(&text, "x-mark:\t 1\r\n\r");
    for (size_t i = 0; i < text.length; i++)
        assert_true(client_send(client, text.bytes + i, 1));
    struct reply reply = ask(client, "\n");
    assert_string_equal(reply.body, "GET /a @may\nquery[b]=[]\nmark=1\nbody 0=");
}

static void
test_server__form_is_decoded_in_order(void **state)
{
    struct reply reply = ask_new(*state,
        "POST /ghi?x=1 HTTP/1.1\r\nHost: may\r\n"
        "Content-Type: Application/x-www-form-urlencoded; charset=UTF-8\r\n"
        "Content-Length: 38\r\n\r\nz=2&a=Chi+b%E1%BB%99%0D%0A&z=1&utf=%ff");
    assert_int_equal(reply.code, 200);
    assert_string_equal(reply.body,
        "POST /ghi @may\nquery[x]=[1]\nform[z]=[2]\nform[a]=[Chi bộ\r\n]\nform[z]=[1]\n"
        "form[utf]=[\xff]\nmark=none\nbody 0=");
}

static void
test_server__other_bodies_stay_bytes(void **state)
{
    static const char text[] = "POST /ghi HTTP/1.1\r\nHost: may\r\nContent-Length: 5\r\n"
                               "Content-Type: application/x-www-form-urlencodedx\r\n\r\n"
                               "a=\0b&";
    struct client *client = connect_client(*state);
    struct reply reply = {0};
    assert_true(client_send(client, text, sizeof(text) - 1));
    assert_true(client_read(client, true, &reply));
    static const char expected[] = "POST /ghi @may\nmark=none\nbody 5=a=\0b&";
    assert_int_equal(reply.length, sizeof(expected) - 1);
    assert_memory_equal(reply.body, expected, reply.length);
}

static void
test_server__chunks_are_joined(void **state)
{
    struct reply reply = ask_new(*state,
        "POST /ghi HTTP/1.1\r\nHost: may\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");
    assert_string_equal(reply.body, "POST /ghi @may\nmark=none\nbody 13=abc0123456789");
}

/* The body comes in two pieces: the second one only after the server has said that it wants it. */
static void
test_server__expecting_clients_are_told_to_go_on(void **state)
{
    struct client *client = connect_client(*state);
    struct reply reply = {0};
    assert_true(client_say(client,
        "POST /ghi HTTP/1.1\r\nHost: may\r\nContent-Length: 4\r\n"
        "Expect: 100-continue\r\n\r\n"));
    assert_true(client_read(client, false, &reply));
    assert_int_equal(reply.code, 100);
    reply = ask(client, "abcd");
    assert_string_equal(reply.body, "POST /ghi @may\nmark=none\nbody 4=abcd");
}

static void
test_server__head_is_get_without_body(void **state)
{
    struct client *client = connect_client(*state);
    struct reply reply = ask(client, "HEAD /a HTTP/1.1\r\nHost: may\r\n\r\n");
    assert_int_equal(reply.code, 200);
    assert_true(header_is(&reply, "Content-Length", "30"));
    reply = ask(client, GET("/b"));
    assert_string_equal(reply.body, "GET /b @may\nmark=none\nbody 0=");
}

static void
test_server__connection_is_kept(void **state)
{
    struct client *client = connect_client(*state);
    for (int i = 0; i < 50; i++) {
        char text[100], expected[100];
        snprintf(text, sizeof(text), GET("/lan/%d"), i);
        snprintf(expected, sizeof(expected), "GET /lan/%d @may\nmark=none\nbody 0=", i);
        struct reply reply = ask(client, text);
        assert_int_equal(reply.code, 200);
        assert_string_equal(reply.body, expected);
        assert_null(header_value(&reply, "Connection"));
    }
}

static void
test_server__pipelined_requests_are_answered_in_order(void **state)
{
    struct client *client = connect_client(*state);
    struct reply first = {0}, second = {0};
    assert_true(client_say(client,
        "POST /1 HTTP/1.1\r\nHost: may\r\nContent-Length: 1\r\n\r\nx" GET("/2")));
    assert_true(client_read(client, true, &first));
    assert_true(client_read(client, true, &second));
    assert_string_equal(first.body, "POST /1 @may\nmark=none\nbody 1=x");
    assert_string_equal(second.body, "GET /2 @may\nmark=none\nbody 0=");
}

static void
test_server__http_1_0_needs_no_host_and_is_closed(void **state)
{
    struct client *client = connect_client(*state);
    struct reply reply = ask(client, "GET /cu HTTP/1.0\r\n\r\n");
    assert_string_equal(reply.body, "GET /cu @\nmark=none\nbody 0=");
    assert_true(client_is_at_end(client));
}

/* --- what goes out --- */

static void
test_server__safe_headers_are_always_there(void **state)
{
    static const char *const requests[] = {GET("/"), "GET / HTTP/1.1\r\n\r\n"};
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct reply reply = ask_new(*state, requests[i]);
        assert_int_equal(reply.code, i == 0 ? 200 : 400);
        assert_true(header_is(&reply, "Content-Type", "text/plain; charset=utf-8"));
        assert_true(header_is(&reply, "Cache-Control", "no-store"));
        assert_true(header_is(&reply, "X-Content-Type-Options", "nosniff"));
        assert_true(header_is(&reply, "Referrer-Policy", "same-origin"));
        assert_true(header_is(&reply, "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
        assert_null(header_value(&reply, "Location"));
        assert_null(header_value(&reply, "Content-Disposition"));
        assert_null(header_value(&reply, "Allow"));
    }
}

static void
test_server__headers_of_the_handler_are_sent(void **state)
{
    struct reply reply = ask_new(*state, GET("/chuyen"));
    assert_int_equal(reply.code, 303);
    assert_true(header_is(&reply, "Location", "/dich"));
    reply = ask_new(*state, GET("/tep"));
    assert_true(header_is(&reply, "Content-Type", "text/csv"));
    assert_true(header_is(&reply, "Content-Disposition", "attachment; filename=\"so.csv\""));
    assert_true(header_is(&reply, "Cache-Control", "private, max-age=60"));
    reply = ask_new(*state, GET("/chi-doc"));
    assert_int_equal(reply.code, 405);
    assert_true(header_is(&reply, "Allow", "GET, HEAD"));
}

static void
test_server__large_responses_arrive_whole(void **state)
{
    struct reply reply = ask_new(*state, GET("/lon"));
    assert_int_equal(reply.length, LARGE);
    assert_int_equal(strspn(reply.body, "x"), LARGE);
}

static void
test_server__header_with_a_line_break_is_never_sent(void **state)
{
    struct client *client = connect_client(*state);
    assert_true(client_say(client, GET("/hong")));
    assert_true(client_is_at_end(client));
    assert_int_equal(client->in.length, 0);
}

/* --- what is refused --- */

#define RAW(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    int code;
} refused[] = {
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 1\r\nCONTENT-LENGTH: 1\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
         "Transfer-Encoding: chunked\r\n\r\n"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark : 1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX Mark: 1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark\t: 1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark: a\rb\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark: a\0b\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark\0: a\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\n:\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\n: 1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\nX-Mark: a\r\n b\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400},
    {RAW("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), 400},
    {RAW("GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a?b\0 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a?b=%00 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a?\x7f HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%0Ab HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%7fb HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%4?b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%ff HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a%c0%af HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /a\xc3 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET a HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET /\r\n\r\n"), 400},
    {RAW("GET \r\nHost: a\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 5\r\n\r\na=%00"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 3\r\n\r\na\0b"),
        400},
    {RAW("PUT / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"), 405},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n"), 413},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n"), 413},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"), 413},
};

/* The library itself refuses some of them, a wrong Content-Length in two breaths: so what follows
 * the reply is not looked at. */
static void
test_server__dubious_requests_are_refused_and_closed(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct client *client = connect_client(fixture);
        struct reply reply = {0};
        assert_true(client_send(client, refused[i].bytes, refused[i].length));
        bool is_answered = client_read(client, true, &reply);
        client_drain(client);
        if (!is_answered || reply.code != refused[i].code)
            fail_msg("refused[%zu] was answered %d: %s", i, reply.code, refused[i].bytes);
    }
    assert_int_equal(fixture->app.calls, 0);
}

static void
test_server__refusals_say_why_in_vietnamese(void **state)
{
    struct reply reply = ask_new(*state, "GET / HTTP/1.1\r\n\r\n");
    assert_string_equal(reply.body, "Yêu cầu phải có đúng một tiêu đề Host.\n");
    assert_true(header_is(&reply, "Connection", "close"));
    reply = ask_new(*state, "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_string_equal(reply.body, "Máy chủ chỉ nhận các phương thức GET, HEAD và POST.\n");
    assert_true(header_is(&reply, "Allow", "GET, HEAD, POST"));
}

/* Send one chunk of `size` bytes. */
static bool
say_chunk(struct client *client, size_t size)
{
    char *text = arena_printf(client->arena, "%zx\r\n", size);
    char *bytes = memset(arena_alloc(client->arena, size), 'x', size);
    return client_say(client, text) && client_send(client, bytes, size) &&
        client_say(client, "\r\n");
}

static void
test_server__body_of_the_limit_is_taken(void **state)
{
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    char *body = memset(arena_alloc(fixture->arena, BODY_LIMIT + 1), 'x', BODY_LIMIT);
    assert_true(
        client_say(client, "POST / HTTP/1.1\r\nHost: may\r\nContent-Length: 65536\r\n\r\n"));
    struct reply reply = ask(client, body);
    assert_int_equal(reply.code, 200);
    assert_non_null(strstr(reply.body, "body 65536=xxxx"));
}

static void
test_server__chunks_beyond_the_limit_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    assert_true(
        client_say(client, "POST / HTTP/1.1\r\nHost: may\r\nTransfer-Encoding: chunked\r\n\r\n"));
    assert_true(say_chunk(client, BODY_LIMIT));
    assert_true(say_chunk(client, 1));
    struct reply reply = ask(client, "0\r\n\r\n");
    assert_int_equal(reply.code, 413);
    assert_true(client_is_at_end(client));
    assert_int_equal(fixture->app.calls, 0);
}

static void
test_server__endless_chunks_are_cut_off(void **state)
{
    struct client *client = connect_client(*state);
    assert_true(
        client_say(client, "POST / HTTP/1.1\r\nHost: may\r\nTransfer-Encoding: chunked\r\n\r\n"));
    int chunks = 0;
    while (chunks < 1000 && say_chunk(client, BODY_LIMIT))
        chunks++;
    assert_in_range(chunks, 3, 999);
}

/* --- threads --- */

static void
test_server__slow_page_does_not_hold_up_a_fast_one(void **state)
{
    struct fixture *fixture = *state;
    struct client *slow = connect_client(fixture);
    assert_true(client_say(slow, GET("/cham")));
    wait_for_waiting(&fixture->app, 1);
    struct reply fast = ask_new(fixture, GET("/nhanh"));
    assert_int_equal(fast.code, 200);
    assert_int_equal(slow->in.length, 0);
    open_gate(&fixture->app);
    struct reply reply = {0};
    assert_true(client_read(slow, true, &reply));
    assert_string_equal(reply.body, "GET /cham @may\nmark=none\nbody 0=");
}

/* With every worker at the gate the others wait in the queue, and none is lost. */
static void
test_server__requests_wait_for_a_worker(void **state)
{
    struct fixture *fixture = *state;
    struct client *clients[WORKERS * 3];
    for (int i = 0; i < WORKERS * 3; i++) {
        clients[i] = connect_client(fixture);
        assert_true(client_say(clients[i], GET("/cham")));
    }
    wait_for_waiting(&fixture->app, WORKERS);
    assert_int_equal(fixture->app.calls, WORKERS);
    open_gate(&fixture->app);
    for (int i = 0; i < WORKERS * 3; i++) {
        struct reply reply = {0};
        assert_true(client_read(clients[i], true, &reply));
        assert_int_equal(reply.code, 200);
    }
    assert_int_equal(fixture->app.clashes, 0);
}

static void
test_server__client_may_leave_before_the_answer(void **state)
{
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    assert_true(client_say(client, GET("/cham")));
    wait_for_waiting(&fixture->app, 1);
    assert_int_equal(shutdown(client->fd, SHUT_RDWR), 0);
    open_gate(&fixture->app);
    struct reply reply = ask_new(fixture, GET("/khac"));
    assert_int_equal(reply.code, 200);
}

struct crowd_member {
    pthread_t thread;
    int number;
    int port;
    int right; /* answers that were as expected */
};

static bool
ask_own(struct client *client, int member, int turn)
{
    struct reply reply = {0};
    char *body = arena_printf(client->arena, "ai=%d&lan=%d", member, turn);
    char *text = arena_printf(client->arena,
        "POST /%d HTTP/1.1\r\nHost: may\r\nContent-Length: %zu\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n%s",
        turn, strlen(body), body);
    char *expected = arena_printf(client->arena,
        "POST /%d @may\nform[ai]=[%d]\nform[lan]=[%d]\nmark=none\nbody 0=", turn, member, turn);
    return client_say(client, text) && client_read(client, true, &reply) && reply.code == 200 &&
        strcmp(reply.body, expected) == 0;
}

/* A new connection for every tenth request. */
static void *
be_one_of_crowd(void *argument)
{
    struct crowd_member *member = argument;
    struct arena *arena = NULL;
    struct client *client = NULL;
    for (int i = 0; i < EACH; i++) {
        if (i % 10 == 0) {
            arena_free(arena);
            arena = arena_new();
            client = client_new(arena, member->port);
        }
        if (client != NULL)
            member->right += ask_own(client, member->number, i);
    }
    arena_free(arena);
    return NULL;
}

static void
test_server__crowd_gets_its_own_answers(void **state)
{
    struct fixture *fixture = *state;
    struct crowd_member crowd[CLIENTS] = {0};
    for (int i = 0; i < CLIENTS; i++) {
        crowd[i].number = i;
        crowd[i].port = server_port(fixture->server);
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, be_one_of_crowd, &crowd[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(crowd[i].thread, NULL);
        assert_int_equal(crowd[i].right, EACH);
    }
    assert_int_equal(fixture->app.calls, CLIENTS * EACH);
    assert_int_equal(fixture->app.clashes, 0);
}

/* A signal sent to the process waits for the thread that started the server, whose own mask is as
 * before. */
static void
test_server__threads_leave_signals_alone(void **state)
{
    struct fixture *fixture = *state;
    struct server *second = NULL;
    const char *why = NULL;
    struct server_options options = options_for(&fixture->app, "127.0.0.1", 0);
    sigset_t usr1, now;
    siginfo_t info;
    struct timespec patience = {.tv_sec = 60};
    assert_int_equal(server_start(&options, &second, &why), OK);
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    assert_false(sigismember(&now, SIGUSR1));
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, NULL);
    kill(getpid(), SIGUSR1); /* ends the process in any thread that does not block it */
    assert_int_equal(sigtimedwait(&usr1, &info, &patience), SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
    server_stop(second);
}

/* --- start and stop --- */

static void
test_server__address_that_cannot_be_had_says_why(void **state)
{
    struct fixture *fixture = *state;
    struct server *second = NULL;
    const char *why = NULL;
    int port = server_port(fixture->server);
    struct server_options options = options_for(&fixture->app, "127.0.0.1", port);
    assert_int_equal(server_start(&options, &second, &why), ERR_STORE);
    assert_string_equal(why, "một chương trình khác đang dùng địa chỉ và cổng này");
    options.address = "192.0.2.1"; /* of nobody: RFC 5737 */
    assert_int_equal(server_start(&options, &second, &why), ERR_STORE);
    assert_string_equal(why, "máy này không có địa chỉ đó");
    options.address = "may-chu";
    assert_int_equal(server_start(&options, &second, &why), ERR_STORE);
    assert_string_equal(why, "không phải địa chỉ IPv4 hay IPv6");
    assert_null(second);
}

static void *
stop(void *argument)
{
    server_stop(argument);
    return NULL;
}

/* The client that keeps asking sees its connection closed: then the stop has begun for certain. */
static void
wait_until_stopping(struct client *client)
{
    for (;;) {
        struct reply reply = ask(client, GET("/con"));
        assert_int_equal(reply.code, 200);
        if (header_value(&reply, "Connection") != NULL)
            break;
    }
    assert_true(client_is_at_end(client));
}

/* A client that comes too late gets no answer, though the system still takes its connection. */
static void
test_server__stop_answers_what_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct client *slow[2], *late, *idle = connect_client(fixture);
    int port = server_port(fixture->server);
    pthread_t thread;
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        slow[i] = connect_client(fixture);
        assert_true(client_say(slow[i], GET("/cham")));
    }
    wait_for_waiting(&fixture->app, (int)COUNT_OF(slow));
    assert_int_equal(pthread_create(&thread, NULL, stop, fixture->server), 0);
    wait_until_stopping(idle);
    late = connect_client(fixture);
    fixture->server = NULL;
    assert_true(client_say(late, GET("/muon")));
    open_gate(&fixture->app);
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        struct reply reply = {0};
        assert_true(client_read(slow[i], true, &reply));
        assert_int_equal(reply.code, 200);
        assert_true(header_is(&reply, "Connection", "close"));
    }
    pthread_join(thread, NULL);
    assert_true(client_is_at_end(late));
    assert_int_equal(client_connect(port), -1);
}

static void
test_server__stop_closes_idle_connections(void **state)
{
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    struct reply reply = ask(client, GET("/"));
    assert_int_equal(reply.code, 200);
    server_stop(fixture->server);
    fixture->server = NULL;
    assert_true(client_is_at_end(client));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_server__get_is_decoded),
        TEST(test_server__odd_queries_are_taken),
        TEST(test_server__queries_may_have_many_parts),
        TEST(test_server__long_heads_may_come_in_pieces),
        TEST(test_server__form_is_decoded_in_order),
        TEST(test_server__other_bodies_stay_bytes),
        TEST(test_server__chunks_are_joined),
        TEST(test_server__expecting_clients_are_told_to_go_on),
        TEST(test_server__head_is_get_without_body),
        TEST(test_server__connection_is_kept),
        TEST(test_server__pipelined_requests_are_answered_in_order),
        TEST(test_server__http_1_0_needs_no_host_and_is_closed),
        TEST(test_server__safe_headers_are_always_there),
        TEST(test_server__headers_of_the_handler_are_sent),
        TEST(test_server__large_responses_arrive_whole),
        TEST(test_server__header_with_a_line_break_is_never_sent),
        TEST(test_server__dubious_requests_are_refused_and_closed),
        TEST(test_server__refusals_say_why_in_vietnamese),
        TEST(test_server__body_of_the_limit_is_taken),
        TEST(test_server__chunks_beyond_the_limit_are_refused),
        TEST(test_server__endless_chunks_are_cut_off),
        TEST(test_server__slow_page_does_not_hold_up_a_fast_one),
        TEST(test_server__requests_wait_for_a_worker),
        TEST(test_server__client_may_leave_before_the_answer),
        TEST(test_server__crowd_gets_its_own_answers),
        TEST(test_server__threads_leave_signals_alone),
        TEST(test_server__address_that_cannot_be_had_says_why),
        TEST(test_server__stop_answers_what_is_under_way),
        TEST(test_server__stop_closes_idle_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
