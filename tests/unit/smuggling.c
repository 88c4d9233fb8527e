/* Requests that two readers could understand differently, so that a second one could be hidden in
 * them from a proxy; and those that are no HTTP at all. Each is refused, and what follows it on the
 * connection is never read as a request. */
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RAW(text) text, sizeof(text) - 1
#define CHUNKED(chunks)                                                                            \
    RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" chunks)

static const struct {
    const char *bytes;
    size_t length;
    int code; /* 0: closed without a word */
} refused[] = {
    /* where the body ends */
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 1\r\nCONTENT-LENGTH: 1\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
         "Transfer-Encoding: chunked\r\n\r\n"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
         "0\r\n\r\n"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nabcde"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n 6\r\n\r\nabcde"), 400},
    /* chunks: whole, with an extension, with a size that is none, without CRLF, hidden, of HTTP/1.0
     */
    {CHUNKED("5\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("5;a=b\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("5;a=\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("x\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("-5\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("0x5\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("10000000000000005\r\nabcde\r\n0\r\n\r\n"), 411},
    {CHUNKED("5\nabcde\n0\n\n"), 411},
    {CHUNKED("5\r\nabcdefg\r\n0\r\n\r\n"), 411},
    {CHUNKED("0\r\nHost: b\r\n\r\n"), 411},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 411},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"), 411},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:\tchUnked\r\n\r\n"), 411},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\r\n : chunked\r\n\r\n"), 400},
    {RAW("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 411},
    /* whom it is for, and names and values of headers */
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
    /* the first line */
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
    {RAW("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET //b/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400},
    {RAW("GET / HTTP/1.1\nHost: a\n\n"), 400},
    {RAW("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505},
    {RAW("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505},
    {RAW("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505},
    {RAW("GET / HTTP/1.10\r\nHost: a\r\n\r\n"), 400},
    {RAW("GET / http/1.1\r\nHost: a\r\n\r\n"), 400},
    {RAW("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {RAW("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n"), 0},
    {RAW("GET /\r\n\r\n"), 400},
    {RAW("GET \r\nHost: a\r\n\r\n"), 400},
    /* the body of a form */
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 5\r\n\r\na=%00"),
        400},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 3\r\n\r\na\0b"),
        400},
    /* methods and sizes */
    {RAW("PUT / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 405},
    {RAW("DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {RAW("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"), 405},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33554433\r\n\r\n"), 413},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n"), 413},
    {RAW("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n"), 413},
};

/* Hidden behind the refused one: must never be answered. */
static const char hidden[] = GET("/an");

/* Refused with the code, and with the connection's end. The library tells some of it in two
 * breaths, so what is said after the reply is not looked at. */
static void
check_refused(struct fixture *fixture, const char *bytes, size_t length, int code)
{
    struct client *client = connect_client(fixture);
    struct reply reply = {0};
    struct buf text = buf_new(fixture->arena);
    buf_add(&text, bytes, length);
    buf_text(&text, hidden);
    (void)client_send(client, text.bytes, text.length);
    if (!client_read(client, true, &reply) != (code == 0) || reply.code != code)
        fail_msg("answered %d in place of %d: %s", reply.code, code, bytes);
    if (!client_drain(client))
        fail_msg("not closed after %d: %s", code, bytes);
    if (fixture->app.calls != 0)
        fail_msg("reached the handler: %s", bytes);
}

static void
test_smuggling__dubious_requests_are_refused_and_closed(void **state)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        check_refused(*state, refused[i].bytes, refused[i].length, refused[i].code);
}

/* A head of so many headers, each as long as that, and a target. */
static void
check_large(struct fixture *fixture, int target, int headers, int each, int code)
{
    struct buf text = buf_new(fixture->arena);
    buf_printf(&text, "GET /%0*d HTTP/1.1\r\nHost: a\r\n", target, 0);
    for (int i = 0; i < headers; i++)
        buf_printf(&text, "X-%d: %0*d\r\n", i, each, 0);
    buf_text(&text, "\r\n");
    check_refused(fixture, text.bytes, text.length, code);
}

static void
test_smuggling__large_heads_are_refused_and_closed(void **state)
{
    check_large(*state, 1, 100, 1, 431); /* and Host */
    check_large(*state, 1, 5000, 1, 431);
    check_large(*state, 1, 1, 40000, 431);
    check_large(*state, 40000, 0, 0, 414);
}

static void
test_smuggling__as_many_headers_as_may_be_are_taken(void **state)
{
    struct fixture *fixture = *state;
    struct buf text = buf_new(fixture->arena);
    buf_text(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 99; i++)
        buf_printf(&text, "X-%d: 1\r\n", i);
    buf_text(&text, "\r\n");
    assert_int_equal(ask_new(fixture, text.bytes).code, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_smuggling__dubious_requests_are_refused_and_closed),
        TEST(test_smuggling__large_heads_are_refused_and_closed),
        TEST(test_smuggling__as_many_headers_as_may_be_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
