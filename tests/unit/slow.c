/* Clients that are slow on purpose, and addresses that want too much. Nothing is said about how
 * fast ordinary requests are answered, only that they are, while the slow ones are there; and that
 * these are gone in the end. */
#include "served.h"

#include "base/clock.h"
#include "http/guard.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Deadlines that a test can wait for, and that an ordinary client meets on a busy machine too. */
enum { DEADLINE_MS = 2000, SLOW_CLIENTS = 500, ROUND_MS = 100, ORDINARY = 5 };

static struct server_options
hasty_options(void)
{
    struct server_options options = options_for(NULL, "127.0.0.1", 0);
    options.limits = (struct server_limits){.head_ms = DEADLINE_MS,
        .idle_ms = DEADLINE_MS,
        .body_ms = DEADLINE_MS,
        .send_ms = DEADLINE_MS};
    return options;
}

static int
set_up_hasty(void **state)
{
    return set_up_with(state, hasty_options());
}

/* What the system takes for a reader counts as read: at the usual rate that lasts a minute. */
static int
set_up_crowd(void **state)
{
    struct server_options options = hasty_options();
    options.limits.rate = 64 * 1024;
    return set_up_with(state, options);
}

/* --- slow clients --- */

/* Heads and bodies that never end, and an answer that is hardly read. */
static const struct {
    const char *beginning;
    const char *more; /* sent byte by byte */
    bool reads;
} manners[] = {
    {"", "GET / HTTP/1.1\r\nHost: may\r\nX-Mark: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        false},
    {"GET /a HTTP/1.1\r\n", "X-Mark: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        false},
    {"POST /than HTTP/1.1\r\nHost: may\r\nContent-Length: 60000\r\n\r\n",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    {GET("/lon"), "", true},
};

struct slow {
    int fd;
    int manner;
    size_t sent; /* of `more` */
    bool is_gone;
};

static void
connect_slow(struct slow *slow, int port, int manner)
{
    static const int small = 4096;
    slow->manner = manner;
    slow->fd = client_connect(port);
    assert_true(slow->fd >= 0);
    setsockopt(slow->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    const char *beginning = manners[manner].beginning;
    assert_int_equal(send(slow->fd, beginning, strlen(beginning), MSG_NOSIGNAL), strlen(beginning));
}

/* One byte more; has the server had enough? */
static bool
go_on(struct slow *slow)
{
    char byte;
    const char *more = manners[slow->manner].more + slow->sent;
    if (*more != '\0') {
        slow->sent++;
        if (send(slow->fd, more, 1, MSG_NOSIGNAL) != 1)
            return false;
    }
    ssize_t got = recv(slow->fd, &byte, 1, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN;
    return got > 0 && manners[slow->manner].reads;
}

/* What the system holds for a reader is not read byte by byte when the connection has ended. */
static bool
has_ended(const struct slow *slow)
{
    struct pollfd ended = {.fd = slow->fd, .events = POLLRDHUP};
    return poll(&ended, 1, 0) == 1 && (ended.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static int
count_left(struct slow *slow, int count)
{
    int left = 0;
    for (int i = 0; i < count; i++) {
        slow[i].is_gone = slow[i].is_gone || !go_on(&slow[i]) || has_ended(&slow[i]);
        left += !slow[i].is_gone;
    }
    return left;
}

static void
allow_files(void)
{
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

static void
ask_ordinary(struct fixture *fixture)
{
    for (int i = 0; i < ORDINARY; i++)
        assert_int_equal(ask_new(fixture, GET("/thuong")).code, 200);
}

static void
test_slow__five_hundred_are_cut_and_hold_nobody_up(void **state)
{
    struct fixture *fixture = *state;
    struct slow *slow = ARENA_ARRAY(fixture->arena, struct slow, SLOW_CLIENTS);
    allow_files();
    for (int i = 0; i < SLOW_CLIENTS; i++)
        connect_slow(&slow[i], server_port(fixture->server), i % (int)COUNT_OF(manners));
    ask_ordinary(fixture);
    int most = count_left(slow, SLOW_CLIENTS), rounds = 0;
    while (count_left(slow, SLOW_CLIENTS) > 0) {
        ask_ordinary(fixture);
        poll(NULL, 0, ROUND_MS);
        assert_true(++rounds < 600);
    }
    assert_int_equal(most, SLOW_CLIENTS);
    for (int i = 0; i < SLOW_CLIENTS; i++)
        close(slow[i].fd);
    ask_ordinary(fixture);
    /* The ordinary ones and the slow readers; no body of a slow one came to its end. */
    assert_int_equal(fixture->app.calls,
        (rounds + 2) * ORDINARY + SLOW_CLIENTS / (int)COUNT_OF(manners));
}

/* --- deadlines --- */

/* Each client does this, says no more, and waits for the end, which must come at the deadline. */
static void
test_slow__silence_ends_a_connection(void **state)
{
    static const char *const beginnings[] = {"", "GET", "GET / HTTP/1.1\r\nHost: may\r\n",
        "POST / HTTP/1.1\r\nHost: may\r\nContent-Length: 5\r\n\r\nab", GET("/"),
        GET("/") "GET / HTTP/1.1\r\n"};
    struct fixture *fixture = *state;
    struct client *clients[COUNT_OF(beginnings)];
    int64_t before = clock_steady();
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        clients[i] = connect_client(fixture);
        assert_true(client_say(clients[i], beginnings[i]));
    }
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        assert_true(client_drain(clients[i]));
        assert_in_range(clock_steady() - before, DEADLINE_MS, INT64_MAX);
    }
}

/* A body that takes several deadlines, but comes at more than the least rate. */
static void
test_slow__steady_body_is_waited_for(void **state)
{
    enum { PIECE = 4096, PIECES = 14 };
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    char piece[PIECE];
    memset(piece, 'x', sizeof(piece));
    int64_t end = clock_steady() + 2 * DEADLINE_MS;
    assert_true(
        client_say(client, "POST / HTTP/1.1\r\nHost: may\r\nContent-Length: 57344\r\n\r\n"));
    for (int i = 0; i < PIECES; i++) {
        assert_true(client_send(client, piece, sizeof(piece)));
        int64_t rest = end - clock_steady();
        if (rest > 0)
            poll(NULL, 0, (int)(rest / (PIECES - i)));
    }
    struct reply reply = {0};
    assert_true(client_read(client, true, &reply));
    assert_int_equal(reply.code, 200);
}

/* Likewise a response that is read slowly, and not too slowly. */
static void
test_slow__steady_reader_is_waited_for(void **state)
{
    enum { PIECES = 30 };
    struct fixture *fixture = *state;
    struct client *client = connect_client(fixture);
    int64_t end = clock_steady() + 2 * DEADLINE_MS;
    size_t wanted = LARGE;
    assert_true(client_say(client, GET("/lon")));
    for (int i = 1; i <= PIECES; i++) {
        while (client->in.length < wanted * (size_t)i / PIECES)
            assert_true(client_receive(client));
        int64_t rest = end - clock_steady();
        if (rest > 0)
            poll(NULL, 0, (int)(rest / (PIECES - i + 1)));
    }
    struct reply reply = {0};
    assert_true(client_read(client, true, &reply));
    assert_int_equal(reply.length, LARGE);
}

/* --- addresses --- */

static struct guard *
guard_for(struct arena *arena, const char *proxy)
{
    static const struct server_limits limits = {.connections = 3};
    return guard_new(arena, &limits, proxy);
}

static struct peer
peer_for(const char *text)
{
    struct peer peer;
    assert_true(peer_of_text(text, &peer));
    return peer;
}

static void
test_slow__one_address_has_its_connections(void **state)
{
    static const struct {
        const char *first, *next;
        bool is_let_in;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", false},
        {"192.0.2.1", "192.0.2.2", true},
        {"192.0.2.1", "::ffff:192.0.2.1", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.8.0.1", "127.8.0.1", true},
        {"::1", "::1", true},
        {"2001:db8:0:1::1", "2001:db8:0:1::2", false}, /* one network of IPv6 */
        {"2001:db8:0:1::1", "2001:db8:0:2::1", true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_new();
        struct guard *guard = guard_for(arena, NULL);
        struct peer first = peer_for(cases[i].first), next = peer_for(cases[i].next);
        struct link *links[3];
        for (size_t j = 0; j < COUNT_OF(links); j++) {
            assert_true(guard_lets_in(guard, &first));
            links[j] = guard_enter(guard, -1, &first);
        }
        assert_int_equal(guard_lets_in(guard, &next), cases[i].is_let_in);
        guard_leave(guard, links[1]);
        assert_true(guard_lets_in(guard, &next));
        guard_stop(guard);
        arena_free(arena);
    }
}

/* Past a proxy nobody comes from elsewhere, and it brings as many as it likes. */
static void
test_slow__with_a_proxy_nobody_else_is_let_in(void **state)
{
    struct arena *arena = arena_new();
    struct guard *guard = guard_for(arena, "192.0.2.9");
    struct peer proxy = peer_for("192.0.2.9"), other = peer_for("192.0.2.1"),
                local = peer_for("127.0.0.1");
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(guard_lets_in(guard, &proxy));
        guard_enter(guard, -1, &proxy);
    }
    assert_true(guard_lets_in(guard, &local));
    assert_false(guard_lets_in(guard, &other));
    guard_stop(guard);
    arena_free(arena);
}

static int
set_up_proxy(void **state)
{
    struct server_options options = options_for(NULL, "127.0.0.1", 0);
    options.proxy = "127.0.0.1";
    options.limits.requests = 2;
    return set_up_with(state, options);
}

#define FROM(address, path)                                                                        \
    "GET " path " HTTP/1.1\r\nHost: may\r\nX-Forwarded-For: " address "\r\n\r\n"

/* Whom the proxy speaks for has a limit of its own; the proxy and programs of the machine have
 * none. */
static void
test_slow__one_address_has_its_requests(void **state)
{
    struct fixture *fixture = *state;
    struct client *waiting[2];
    for (int i = 0; i < 2; i++) {
        waiting[i] = connect_client(fixture);
        assert_true(client_say(waiting[i], FROM("192.0.2.1", "/cham")));
        wait_for_waiting(&fixture->app, i + 1);
    }
    struct reply reply = ask_new(fixture, FROM("192.0.2.1", "/"));
    assert_int_equal(reply.code, 429);
    assert_true(header_is(&reply, "Retry-After", "5"));
    assert_int_equal(ask_new(fixture, FROM("192.0.2.2", "/")).code, 200);
    assert_int_equal(ask_new(fixture, GET("/")).code, 200);
    open_gate(&fixture->app);
    for (int i = 0; i < 2; i++) {
        assert_true(client_read(waiting[i], true, &reply));
        assert_int_equal(reply.code, 200);
    }
    assert_int_equal(ask(waiting[0], FROM("192.0.2.1", "/")).code, 200);
}

#define HASTY(name) cmocka_unit_test_setup_teardown(name, set_up_hasty, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_slow__five_hundred_are_cut_and_hold_nobody_up,
            set_up_crowd, tear_down),
        HASTY(test_slow__silence_ends_a_connection),
        HASTY(test_slow__steady_body_is_waited_for),
        HASTY(test_slow__steady_reader_is_waited_for),
        cmocka_unit_test(test_slow__one_address_has_its_connections),
        cmocka_unit_test(test_slow__with_a_proxy_nobody_else_is_let_in),
        cmocka_unit_test_setup_teardown(test_slow__one_address_has_its_requests, set_up_proxy,
            tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
