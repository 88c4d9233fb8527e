/* The server over real sockets on the loopback: what reaches the handler, what is sent, and what is
 * refused before the handler sees it. */
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void
test_server__first_cookie_of_a_name_is_found(void **state)
{
    static const struct {
        const char *headers, *expected;
    } cases[] = {
        {"", "a=none ab=none"},
        {"Cookie: a=1\r\n", "a=1 ab=none"},
        {"Cookie: ab=2; a=1; a=3\r\n", "a=1 ab=2"},
        {"Cookie: x=1;a=;ab=b=c\r\n", "a= ab=b=c"},
        {"Cookie: xa=1; A=2; a; ab\r\n", "a=none ab=none"},
        {"Cookie: ab=\"2\"\r\nCookie: a=1\r\nCookie: ab=3\r\n", "a=1 ab=\"2\""},
        {"Cookie: ;; a=1 ; x a=2\r\n", "a=1  ab=none"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[300], expected[100];
        snprintf(text, sizeof(text), "GET /ai HTTP/1.1\r\nHost: may\r\n%s\r\n", cases[i].headers);
        snprintf(expected, sizeof(expected), "127.0.0.1 hở %s", cases[i].expected);
        struct reply reply = ask_new(*state, text);
        assert_string_equal(reply.body, expected);
    }
}

/* Whose word is not taken may say of itself what it likes. */
static void
test_server__nobody_is_believed_without_a_proxy(void **state)
{
    struct reply reply = ask_new(*state,
        "GET /ai HTTP/1.1\r\nHost: may\r\nX-Forwarded-For: 192.0.2.1\r\n"
        "X-Forwarded-Proto: https\r\n\r\n");
    assert_string_equal(reply.body, "127.0.0.1 hở a=none ab=none");
}

static int
set_up_proxy(void **state)
{
    struct server_options options = options_for(NULL, "127.0.0.1", 0);
    options.proxy = "127.0.0.1";
    return set_up_with(state, options);
}

static void
test_server__proxy_is_believed_in_its_last_word(void **state)
{
    static const struct {
        const char *headers, *expected;
    } cases[] = {
        {"", "127.0.0.1 hở"},
        {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n", "192.0.2.1 kín"},
        {"X-Forwarded-For: 10.0.0.1, 192.0.2.1\r\n", "192.0.2.1 hở"},
        {"X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2,2001:DB8:0::1\r\n",
            "2001:db8::1 hở"},
        {"X-Forwarded-For: ::ffff:192.0.2.1\r\nX-Forwarded-Proto: http\r\n", "192.0.2.1 hở"},
        {"X-Forwarded-For: 192.0.2.1, may-la\r\nX-Forwarded-Proto: https, http\r\n",
            "127.0.0.1 hở"},
        {"X-Forwarded-Proto: HTTPS\r\n", "127.0.0.1 hở"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[300], expected[100];
        snprintf(text, sizeof(text), "GET /ai HTTP/1.1\r\nHost: may\r\n%s\r\n", cases[i].headers);
        snprintf(expected, sizeof(expected), "%s a=none ab=none", cases[i].expected);
        struct reply reply = ask_new(*state, text);
        assert_string_equal(reply.body, expected);
        assert_int_equal(header_is(&reply, "Strict-Transport-Security", "max-age=31536000"),
            strstr(expected, "kín") != NULL);
    }
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
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src "
            "'self' data:; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
        assert_true(header_is(&reply, "Cross-Origin-Opener-Policy", "same-origin"));
        assert_true(header_is(&reply, "Cross-Origin-Resource-Policy", "same-origin"));
        assert_true(header_is(&reply, "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"));
        assert_null(header_value(&reply, "Strict-Transport-Security"));
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

/* Neither in a header that every response may have nor in one of the handler's own. */
static void
test_server__header_with_a_line_break_is_never_sent(void **state)
{
    static const char *const requests[] = {GET("/hong"), GET("/hong-them")};
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct reply reply = ask_new(*state, requests[i]);
        assert_int_equal(reply.code, 503);
        assert_null(header_value(&reply, "Set-Cookie"));
        assert_null(header_value(&reply, "X-Mark"));
        assert_null(header_value(&reply, "X-Third"));
    }
}

static void
test_server__other_headers_are_sent_as_they_are(void **state)
{
    struct reply reply = ask_new(*state, GET("/banh"));
    assert_int_equal(reply.code, 200);
    assert_non_null(strstr(reply.head, "\r\nSet-Cookie: a=1; Path=/\r\n"));
    assert_non_null(strstr(reply.head, "\r\nSet-Cookie: b=2\r\n"));
}

/* --- what is refused --- */

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
        TEST(test_server__expecting_clients_are_told_to_go_on),
        TEST(test_server__head_is_get_without_body),
        TEST(test_server__connection_is_kept),
        TEST(test_server__pipelined_requests_are_answered_in_order),
        TEST(test_server__http_1_0_needs_no_host_and_is_closed),
        TEST(test_server__safe_headers_are_always_there),
        TEST(test_server__headers_of_the_handler_are_sent),
        TEST(test_server__large_responses_arrive_whole),
        TEST(test_server__header_with_a_line_break_is_never_sent),
        TEST(test_server__other_headers_are_sent_as_they_are),
        TEST(test_server__first_cookie_of_a_name_is_found),
        TEST(test_server__nobody_is_believed_without_a_proxy),
        cmocka_unit_test_setup_teardown(test_server__proxy_is_believed_in_its_last_word,
            set_up_proxy, tear_down),
        TEST(test_server__refusals_say_why_in_vietnamese),
        TEST(test_server__body_of_the_limit_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
