/* Forms with files: the parser by itself, fed in pieces of all sizes and with what is malformed;
 * and over real sockets, what reaches the handler and what is left of it afterwards. */
#include "served.h"

#include "http/multipart.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- the parser --- */

#define RAW(text)   text, sizeof(text) - 1
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_OF(name, as)                                                                          \
    "Content-Disposition: form-data; name=\"" name "\"; filename=\"" as "\"\r\n"

static const char type[] = "multipart/form-data; boundary=--x-1";

static const struct refusal *
tell_begin(void *to, const struct part *part)
{
    buf_printf(to, "{%s", part->name);
    if (part->filename != NULL)
        buf_printf(to, " <%s>", part->filename);
    buf_printf(to, " %s:", part->type != NULL ? part->type : "-");
    return NULL;
}

static const struct refusal *
tell_bytes(void *to, const char *bytes, size_t length)
{
    buf_add(to, bytes, length);
    return NULL;
}

static const struct refusal *
tell_end(void *to)
{
    buf_text(to, "}");
    return NULL;
}

/* What is read from bytes that come in pieces of that size. */
static const struct refusal *
read_parts(struct arena *arena, const char *bytes, size_t length, size_t piece, struct buf *out)
{
    struct receiver receiver = {tell_begin, tell_bytes, tell_end, out};
    struct multipart *reader;
    *out = buf_new(arena);
    const struct refusal *refusal = multipart_new(arena, type, &receiver, &reader);
    for (size_t i = 0; i < length && refusal == NULL; i += piece) {
        size_t rest = length - i < piece ? length - i : piece;
        /* A copy of its own, so that reading past the piece is seen. */
        char *copy = memcpy(malloc(rest), bytes + i, rest);
        refusal = multipart_feed(reader, copy, rest);
        free(copy);
    }
    return refusal != NULL ? refusal : multipart_end(reader);
}

static const struct {
    const char *bytes;
    size_t length;
    const char *expected;
} taken[] = {
    {RAW("----x-1--\r\n"), ""},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1--"), "{a -:1}"},
    {RAW("----x-1\r\n" FIELD("a") "\r\n----x-1\r\n" FIELD("a") "2\r\n\r\n----x-1--\r\n"),
        "{a -:}{a -:2\r\n}"},
    {RAW("----x-1\r\n" FILE_OF("t", "Báo cáo.pdf") "Content-Type: application/pdf\r\n\r\n"
                                                   "%PDF\r\n----x-1--\r\n"),
        "{t <Báo cáo.pdf> application/pdf:%PDF}"},
    /* what only looks like a delimiter */
    {RAW("----x-1\r\n" FIELD("a") "\r\r\n\r\n--\r\n----x-\r\n----x-2\n----x-1--\r\n----x-1--\r\n"),
        "{a -:\r\r\n\r\n--\r\n----x-\r\n----x-2\n----x-1--}"},
    /* heads */
    {RAW("----x-1\r\ncontent-type:text/plain\r\nX-Other: ;;\r\nContent-Transfer-Encoding: 8BIT\r\n"
         "CONTENT-DISPOSITION:  Form-Data ;  Name=a ;other=\"b;c\"\r\n\r\n1\r\n----x-1--\r\n"),
        "{a text/plain:1}"},
    {RAW("----x-1\r\n" FILE_OF("%22a%0D%0A%41", "C:\\thu muc\\%22b;c%22.txt") "\r\n1\r\n----x-1--"),
        "{\"a\r\n%41 <\"b;c\".txt> -:1}"},
    {RAW("----x-1\r\n" FILE_OF("t", "../../etc/a") "\r\n1\r\n----x-1--"), "{t <a> -:1}"},
    /* no file was chosen */
    {RAW("----x-1\r\n" FILE_OF("t", "") "Content-Type: application/octet-stream\r\n\r\n\r\n"
                                        "----x-1\r\n" FIELD("a") "1\r\n----x-1--\r\n"),
        "{a -:1}"},
};

static void
test_multipart__parts_are_read_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        for (size_t piece = 1; piece <= taken[i].length; piece++) {
            struct arena *arena = arena_new();
            struct buf out;
            const struct refusal *refusal =
                read_parts(arena, taken[i].bytes, taken[i].length, piece, &out);
            if (refusal != NULL)
                fail_msg("taken[%zu] by %zu: %s", i, piece, refusal->text);
            assert_string_equal(buf_string(&out), taken[i].expected);
            arena_free(arena);
        }
    }
}

static const struct {
    const char *bytes;
    size_t length;
} malformed[] = {
    {RAW("")},
    {RAW("----x-1")},
    {RAW("----x-1-")},
    {RAW("----x-1\r\n")},
    {RAW("----x-1\r\n" FIELD("a") "1")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1--\r")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1--\r\n\r\n")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1--x")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1-\r\n")},
    {RAW("----x-1\r\n" FIELD("a") "1\r\n----x-1 \r\n")},
    {RAW("----x-1\n" FIELD("a") "1\r\n----x-1--\r\n")},
    {RAW("\r\n----x-1\r\n" FIELD("a") "1\r\n----x-1--\r\n")},
    {RAW("lời đầu\r\n----x-1\r\n" FIELD("a") "1\r\n----x-1--\r\n")},
    {RAW("----x-2\r\n" FIELD("a") "1\r\n----x-2--\r\n")},
    {RAW("----x-1\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-datax; name=a\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=a; x\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=a\r\n"
         "Content-Disposition: form-data; name=b\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data; name=\"a\nb\"\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\n1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nContent-Transfer-Encoding: base64\r\n" FIELD("a") "1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\nx\r\n" FIELD("a") "1\r\n----x-1--\r\n")},
    {RAW("----x-1\r\n" FILE_OF("t", "") "\r\n1\r\n----x-1--\r\n")},
};

static void
test_multipart__what_is_malformed_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        for (size_t piece = 1; piece < 100; piece += 33) {
            struct arena *arena = arena_new();
            struct buf out;
            const struct refusal *refusal =
                read_parts(arena, malformed[i].bytes, malformed[i].length, piece, &out);
            if (refusal == NULL)
                fail_msg("malformed[%zu] by %zu gave %s", i, piece, buf_string(&out));
            assert_int_equal(refusal->code, 400);
            arena_free(arena);
        }
    }
}

/* Lines, heads, and all heads together, at their limits and one beyond. */
static bool
takes_heads(int parts, int lines, int length)
{
    struct arena *arena = arena_new();
    struct buf text = buf_new(arena), out;
    for (int i = 0; i < parts; i++) {
        buf_text(&text, "----x-1\r\n");
        for (int j = 1; j < lines; j++)
            buf_printf(&text, "X: %0*d\r\n", length - 3, 0);
        buf_text(&text, FIELD("a") "\r\n");
    }
    buf_text(&text, "----x-1--");
    bool takes = read_parts(arena, text.bytes, text.length, 1000, &out) == NULL;
    arena_free(arena);
    return takes;
}

static void
test_multipart__heads_have_limits(void **state)
{
    (void)state;
    assert_true(takes_heads(1, 8, 1023));
    assert_false(takes_heads(1, 9, 100));
    assert_false(takes_heads(1, 2, 1024));
    assert_true(takes_heads(60, 2, 1000));
    assert_false(takes_heads(64, 2, 1000));
}

static void
test_multipart__boundary_is_looked_at(void **state)
{
    static const struct {
        const char *type;
        bool is_taken;
    } cases[] = {
        {"multipart/form-data; boundary=x", true},
        {"Multipart/Form-Data;charset=utf-8 ; Boundary=\"x'()+_,-./:=?1\"", true},
        {"multipart/form-data; boundary="
         "0123456789012345678901234567890123456789012345678901234567890123456789",
            true},
        {"multipart/form-data; boundary="
         "01234567890123456789012345678901234567890123456789012345678901234567890",
            false},
        {"multipart/form-data", false},
        {"multipart/form-data; boundary=", false},
        {"multipart/form-data; boundary=\"\"", false},
        {"multipart/form-data; boundary=\"a b\"", false},
        {"multipart/form-data; boundary=\"a", false},
        {"multipart/form-data; boundary=a; boundary=b", false},
        {"multipart/form-data; boundary=a b", false},
    };
    struct arena *arena = arena_new();
    struct receiver receiver = {0};
    struct multipart *reader;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(multipart_is_type(cases[i].type));
        if ((multipart_new(arena, cases[i].type, &receiver, &reader) == NULL) != cases[i].is_taken)
            fail_msg("%s", cases[i].type);
    }
    assert_false(multipart_is_type("multipart/form-datax; boundary=a"));
    arena_free(arena);
}

/* Any bytes, in any pieces: nothing is read that is not there, and the pieces make no difference.
 */
static void
test_multipart__random_bytes_do_no_harm(void **state)
{
    static const char alphabet[] = "----x-1\r\n\r\n: ;\"=aname";
    unsigned seed = 1;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct arena *arena = arena_new();
        struct buf out[2];
        const size_t from = (size_t)rand_r(&seed) % COUNT_OF(taken);
        size_t length = taken[from].length;
        char *bytes = memcpy(arena_alloc(arena, length + 1), taken[from].bytes, length);
        for (int j = rand_r(&seed) % 4; j > 0; j--)
            bytes[(size_t)rand_r(&seed) % length] =
                alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
        length -= (size_t)rand_r(&seed) % 3;
        const struct refusal *whole = read_parts(arena, bytes, length, length, &out[0]);
        const struct refusal *pieces =
            read_parts(arena, bytes, length, 1 + (size_t)rand_r(&seed) % 9, &out[1]);
        assert_ptr_equal(whole, pieces);
        assert_string_equal(buf_string(&out[0]), buf_string(&out[1]));
        arena_free(arena);
    }
}

/* --- the server --- */

/* A spool of its own for each test. */
struct spooled {
    struct fixture *fixture;
    char folder[40];
};

static int
set_up_spooled(void **state)
{
    static struct spooled spooled;
    struct server_options options = options_for(NULL, "127.0.0.1", 0);
    strcpy(spooled.folder, "/tmp/chithi-spool-XXXXXX");
    if (mkdtemp(spooled.folder) == NULL)
        return -1;
    options.spool = spooled.folder;
    if (set_up_with((void **)&spooled.fixture, options) != 0)
        return -1;
    *state = &spooled;
    return 0;
}

static int
tear_down_spooled(void **state)
{
    struct spooled *spooled = *state;
    rmdir(spooled->folder);
    return tear_down((void **)&spooled->fixture);
}

static int
count_entries(const char *folder)
{
    DIR *directory = opendir(folder);
    int count = 0;
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* Files of this process that lie in the spool, under a name or not. */
static int
count_spooled(const struct spooled *spooled)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++) {
        char link[40], target[200] = "";
        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        if (readlink(link, target, sizeof(target) - 1) > 0)
            count += strncmp(target, spooled->folder, strlen(spooled->folder)) == 0;
    }
    return count;
}

static void
say_head(struct client *client, const char *path, size_t length)
{
    char *head = arena_printf(client->arena,
        "POST %s HTTP/1.1\r\nHost: may\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", path,
        type, length);
    assert_true(client_say(client, head));
}

static struct reply
post(struct spooled *spooled, const char *path, const char *bytes, size_t length)
{
    struct client *client = connect_client(spooled->fixture);
    struct reply reply = {0};
    say_head(client, path, length);
    assert_true(client_send(client, bytes, length));
    assert_true(client_read(client, true, &reply));
    return reply;
}

/* One file of so many bytes, and a text of so many. */
static struct reply
post_sizes(struct spooled *spooled, const char *path, int file, int text)
{
    struct buf body = buf_new(spooled->fixture->arena);
    buf_text(&body, "----x-1\r\n" FILE_OF("tep", "a.bin") "Content-Type: a/b\r\n\r\n");
    buf_printf(&body, "%0*d\r\n----x-1\r\n" FIELD("chu"), file, 0);
    buf_printf(&body, "%0*d\r\n----x-1--\r\n", text, 0);
    return post(spooled, path, body.bytes, body.length);
}

static void
test_upload__texts_and_files_reach_the_handler(void **state)
{
    static const char body[] = "----x-1\r\n" FIELD("a") "Chi bộ\r\n\r\n----x-1\r\n" FILE_OF("tep",
        "ảnh.png") "Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n----x-1\r\n" FILE_OF("tep",
        "trống") "\r\n\r\n----x-1\r\n" FIELD("a") "\r\n----x-1--\r\n";
    struct spooled *spooled = *state;
    struct reply reply = post(spooled, "/ghi", body, sizeof(body) - 1);
    assert_int_equal(reply.code, 200);
    assert_string_equal(reply.body,
        "POST /ghi @may\nform[a]=[Chi bộ\r\n]\nform[a]=[]\n"
        "upload[tep]=[ảnh.png] image/png 6 6 \x89PNG\r\n\n"
        "upload[tep]=[trống]  0 0 \nmark=none\nbody 0=");
}

/* The whole may be longer where the application says so; a file and the texts have limits too. */
static void
test_upload__sizes_have_limits(void **state)
{
    static const struct {
        const char *path;
        int file, text, code;
    } cases[] = {
        {"/ghi", 60000, 100, 200},
        {"/ghi", BODY_LIMIT, 100, 413},
        {"/tep-len", FILE_LIMIT, BODY_LIMIT, 200},
        {"/tep-len", FILE_LIMIT + 1, 1, 413},
        {"/tep-len", 1, BODY_LIMIT + 1, 413},
        {"/tep-len", UPLOAD_LIMIT, 1, 413},
        {"/ghi", 30 * 1000 * 1000, 1, 413},
    };
    struct spooled *spooled = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = post_sizes(spooled, cases[i].path, cases[i].file, cases[i].text);
        if (reply.code != cases[i].code)
            fail_msg("case %zu was answered %d: %s", i, reply.code, reply.body);
    }
}

/* Of a form of the other type, which is kept in memory, no more comes than anywhere. */
static void
test_upload__other_bodies_keep_their_limit(void **state)
{
    struct spooled *spooled = *state;
    struct reply reply = ask_new(spooled->fixture,
        "POST /tep-len HTTP/1.1\r\nHost: may\r\nContent-Length: 65537\r\n"
        "Expect: 100-continue\r\n\r\n");
    assert_int_equal(reply.code, 413);
}

static struct reply
post_parts(struct spooled *spooled, int count, const char *part)
{
    struct buf body = buf_new(spooled->fixture->arena);
    for (int i = 0; i < count; i++)
        buf_text(&body, part);
    buf_text(&body, "----x-1--\r\n");
    return post(spooled, "/tep-len", body.bytes, body.length);
}

static void
test_upload__parts_have_a_limit(void **state)
{
    struct spooled *spooled = *state;
    static const char file[] = "----x-1\r\n" FILE_OF("t", "a") "\r\n1\r\n";
    static const char text[] = "----x-1\r\n" FIELD("t") "1\r\n";
    assert_int_equal(post_parts(spooled, 16, file).code, 200);
    assert_int_equal(post_parts(spooled, 17, file).code, 400);
    assert_int_equal(post_parts(spooled, 256, text).code, 200);
    assert_int_equal(post_parts(spooled, 257, text).code, 400);
}

/* What is wrong in the middle is told at the end, and the connection is closed. */
static void
test_upload__malformed_forms_are_refused(void **state)
{
    static const char body[] = "----x-1\r\n" FILE_OF("t", "a") "\r\n1\r\n----x-1 \r\nvà nữa";
    static const char with_nul[] = "----x-1\r\n" FIELD("a") "1\0"
                                                            "2\r\n----x-1--\r\n";
    struct spooled *spooled = *state;
    struct reply reply = post(spooled, "/ghi", body, sizeof(body) - 1);
    assert_int_equal(reply.code, 400);
    assert_true(header_is(&reply, "Connection", "close"));
    assert_string_equal(reply.body,
        "Nội dung multipart/form-data viết sai ở chỗ ngăn giữa các phần.\n");
    assert_int_equal(post(spooled, "/ghi", with_nul, sizeof(with_nul) - 1).code, 400);
    reply = ask_new(spooled->fixture,
        "POST / HTTP/1.1\r\nHost: may\r\nContent-Type: multipart/form-data\r\n"
        "Content-Length: 0\r\n\r\n");
    assert_int_equal(reply.code, 400);
    assert_int_equal(spooled->fixture->app.calls, 0);
}

/* Files have no name while they are there, and are gone with the request, however that ends. */
static void
test_upload__nothing_is_left(void **state)
{
    static const char begun[] = "----x-1\r\n" FILE_OF("t", "a") "\r\n1";
    struct spooled *spooled = *state;
    struct client *client = connect_client(spooled->fixture);
    int empty = count_entries(spooled->folder);
    say_head(client, "/cham", sizeof(begun) - 1 + strlen("\r\n----x-1--"));
    assert_true(client_say(client, begun));
    assert_true(client_say(client, "\r\n----x-1--"));
    wait_for_waiting(&spooled->fixture->app, 1);
    assert_int_equal(count_entries(spooled->folder), empty);
    assert_int_equal(count_spooled(spooled), 1);
    open_gate(&spooled->fixture->app);
    struct reply reply = {0};
    assert_true(client_read(client, true, &reply));
    say_head(client, "/ghi", 1000);
    assert_true(client_say(client, begun));
    server_stop(spooled->fixture->server);
    spooled->fixture->server = NULL;
    assert_int_equal(count_spooled(spooled), 0);
    assert_int_equal(count_entries(spooled->folder), empty);
}

static void
test_upload__as_many_come_as_the_disk_has_room_for(void **state)
{
    struct spooled *spooled = *state;
    for (int i = 0; i < UPLOADS; i++) {
        say_head(connect_client(spooled->fixture), "/tep-len", BODY_LIMIT + 1);
        (void)ask_new(spooled->fixture, GET("/"));
    }
    struct reply reply = post_sizes(spooled, "/tep-len", BODY_LIMIT, 1);
    assert_int_equal(reply.code, 429);
    assert_int_equal(post_sizes(spooled, "/ghi", 1, 1).code, 200);
}

static void
test_upload__spool_that_is_gone_is_told(void **state)
{
    struct spooled *spooled = *state;
    assert_int_equal(rmdir(spooled->folder), 0);
    assert_int_equal(post_sizes(spooled, "/ghi", 1, 1).code, 503);
    assert_int_equal(ask_new(spooled->fixture, GET("/")).code, 200);
}

#define SPOOLED(name) cmocka_unit_test_setup_teardown(name, set_up_spooled, tear_down_spooled)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multipart__parts_are_read_in_pieces_of_any_size),
        cmocka_unit_test(test_multipart__what_is_malformed_is_refused),
        cmocka_unit_test(test_multipart__heads_have_limits),
        cmocka_unit_test(test_multipart__boundary_is_looked_at),
        cmocka_unit_test(test_multipart__random_bytes_do_no_harm),
        SPOOLED(test_upload__texts_and_files_reach_the_handler),
        SPOOLED(test_upload__sizes_have_limits),
        SPOOLED(test_upload__other_bodies_keep_their_limit),
        SPOOLED(test_upload__parts_have_a_limit),
        SPOOLED(test_upload__malformed_forms_are_refused),
        SPOOLED(test_upload__nothing_is_left),
        SPOOLED(test_upload__as_many_come_as_the_disk_has_room_for),
        SPOOLED(test_upload__spool_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
