/* The server's threads and its end, over real sockets on the loopback. Nothing sleeps: where an
 * order matters, a handler waits at a gate that the test opens. */
#include "served.h"

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

enum { CLIENTS = 16, EACH = 200 };

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

/* Slow requests fill their own workers and their own queue; what comes after is refused, other
 * pages are answered, and those that wait get their turn. */
static void
test_server__slow_lane_never_holds_up_pages(void **state)
{
    enum { TAKEN = SLOW_WORKERS + SLOW_WAITING };
    struct fixture *fixture = *state;
    struct client *slow[TAKEN];
    for (int i = 0; i < TAKEN; i++) {
        slow[i] = connect_client(fixture);
        assert_true(client_say(slow[i], GET("/nang/cham")));
        if (i < SLOW_WORKERS)
            wait_for_waiting(&fixture->app, i + 1);
    }
    wait_for_slow(&fixture->app, TAKEN);
    struct reply reply = ask_new(fixture, GET("/nang"));
    assert_int_equal(reply.code, 429);
    assert_true(header_is(&reply, "Retry-After", "5"));
    for (int i = 0; i < WORKERS * 3; i++)
        assert_int_equal(ask_new(fixture, GET("/nhanh")).code, 200);
    open_gate(&fixture->app);
    for (int i = 0; i < TAKEN; i++) {
        assert_true(client_read(slow[i], true, &reply));
        assert_int_equal(reply.code, 200);
    }
    assert_int_equal(ask_new(fixture, GET("/nang")).code, 200);
    assert_int_equal(fixture->app.clashes, 0);
}

static int
set_up_proxy(void **state)
{
    struct server_options options = options_for(NULL, "127.0.0.1", 0);
    options.proxy = "127.0.0.1";
    options.slow_waiting = 8;
    return set_up_with(state, options);
}

#define SLOW_FROM(address)                                                                         \
    "GET /nang/cham HTTP/1.1\r\nHost: may\r\nX-Forwarded-For: " address "\r\n\r\n"

/* One address has a quarter of the places to wait; others find room beside it. */
static void
test_server__slow_lane_is_not_one_address_s(void **state)
{
    enum { OWN = SLOW_WORKERS + 2 };
    struct fixture *fixture = *state;
    struct client *own[OWN], *other = connect_client(fixture);
    for (int i = 0; i < OWN; i++) {
        own[i] = connect_client(fixture);
        assert_true(client_say(own[i], SLOW_FROM("192.0.2.1")));
        wait_for_waiting(&fixture->app, i < SLOW_WORKERS ? i + 1 : SLOW_WORKERS);
    }
    wait_for_slow(&fixture->app, OWN);
    int refused = ask_new(fixture, SLOW_FROM("192.0.2.1")).code;
    assert_true(client_say(other, SLOW_FROM("192.0.2.2")));
    wait_for_slow(&fixture->app, OWN + 2);
    open_gate(&fixture->app);
    struct reply reply = {0};
    assert_int_equal(refused, 429);
    assert_true(client_read(other, true, &reply));
    assert_int_equal(reply.code, 200);
    for (int i = 0; i < OWN; i++) {
        assert_true(client_read(own[i], true, &reply));
        assert_int_equal(reply.code, 200);
    }
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
        TEST(test_server__slow_page_does_not_hold_up_a_fast_one),
        TEST(test_server__requests_wait_for_a_worker),
        TEST(test_server__slow_lane_never_holds_up_pages),
        cmocka_unit_test_setup_teardown(test_server__slow_lane_is_not_one_address_s, set_up_proxy,
            tear_down),
        TEST(test_server__client_may_leave_before_the_answer),
        TEST(test_server__crowd_gets_its_own_answers),
        TEST(test_server__threads_leave_signals_alone),
        TEST(test_server__address_that_cannot_be_had_says_why),
        TEST(test_server__stop_answers_what_is_under_way),
        TEST(test_server__stop_closes_idle_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
