/* Attached files: what is taken and refused, what a record says of them, and what the check finds
 * when their bytes are not those that were kept. */
#include "domain/blob.h"

#include "domain/check.h"
#include "domain/form.h"
#include "domain/install.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char head[] = "pack: thu_tep\nlabel: Gói thử\ndirective: thử\n";
static const char with_files[] =
    "register: tep\n"
    "label: Sổ tệp\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  tep: { kind: files, label: Tệp }\n"
    "  sau: { kind: files, label: Tệp sau khi khóa, open_after_lock: true }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n"
    "  xong: { label: Xong, counts: true, locks: true }\n"
    "transitions:\n"
    "  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [ubkt] }\n"
    "indicators:\n"
    "  tep_so: { label: Số hồ sơ, count: records }\n";

static int
setup(void **state)
{
    static const struct pack_file files[] = {{"pack.yaml", head},
        {"registers/tep.yaml", with_files}};
    struct install_result result;
    struct fixture *fixture = *state = fixture_new(NULL);
    must(&fixture->cx, pack_install(&fixture->cx, files, COUNT_OF(files), &result));
    fixture_next(&fixture->cx);
    return 0;
}

static int
teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

static struct record *
new_record(struct ctx *cx, const char *unit)
{
    const struct reg *reg = fixture_reg(cx, "tep");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg, .unit = fixture_unit(cx, unit), .fields = &fields};
    struct record *record;
    fixture_set(cx, reg, &fields, "ngay", "05/05/2026");
    must(cx, record_create(cx, &wanted, &record));
    return record;
}

/* A text of so many bytes, no two parts of which are the same. */
static struct blob_file
text_file(struct arena *arena, const char *name, size_t length)
{
    char *bytes = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)('a' + (i / 7 + i / BLOB_PART) % 26);
    return (struct blob_file){name, bytes, length};
}

static struct record *
attach(struct ctx *cx, const char *code, const char *field, const struct blob_file *file,
    enum status wanted)
{
    struct blob_attach one = {.code = code, .field = field, .files = file, .count = 1};
    struct record *record;
    must_be(cx, wanted, blob_attach(cx, &one, &record));
    return record;
}

static const char *
text_of(const struct record *record, const char *field)
{
    return record->fields.values[reg_field(record->reg, field)->index].text;
}

/* The kinds of the differences that the check finds, one after another. */
static const char *
found_by_check(struct ctx *cx)
{
    struct check_result result;
    struct buf out = buf_new(cx->arena);
    must(cx, check_all(cx, &result));
    for (int i = 0; i < result.count; i++)
        buf_printf(&out, "%s %s\n", result.differences[i].kind, result.differences[i].what);
    return buf_string(&out);
}

static void
test_blob__bytes_come_back_as_they_were(void **state)
{
    static const size_t lengths[] = {1, BLOB_PART - 1, BLOB_PART, BLOB_PART + 1, 3 * BLOB_PART + 5};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    char code[16];
    strcpy(code, new_record(cx, "bt.a.x")->code);
    int64_t parts = 0;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct blob_file file = text_file(cx->arena, "ghi chú.txt", lengths[i]);
        struct record *record = attach(cx, code, "tep", &file, OK);
        struct blob blob;
        must(cx, blob_read(cx, record, blob_digest(cx->arena, file.bytes, file.length), &blob));
        assert_int_equal(blob.length, file.length);
        assert_memory_equal(blob.bytes, file.bytes, file.length);
        assert_string_equal(blob.name, "ghi chú.txt");
        parts += (int64_t)((lengths[i] + BLOB_PART - 1) / BLOB_PART);
        assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM blob"), parts);
        assert_int_equal(record->version, i + 2);
        fixture_next(cx);
    }
    assert_int_equal(fixture_sql(fixture, "SELECT MAX(LENGTH(body)) FROM blob"), BLOB_PART);
    assert_string_equal(found_by_check(cx), "");
}

/* SHA-256 of "abc", as FIPS 180-4 has it. */
static void
test_blob__a_digest_is_sha_256(void **state)
{
    assert_string_equal(blob_digest(((struct fixture *)*state)->cx.arena, "abc", 3),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_blob__the_same_file_is_kept_once(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct blob_file file = {"a.txt", "abc", 3}, other = {"b.txt", "abc", 3};
    struct record *one = new_record(cx, "bt.a.x"), *two = new_record(cx, "bt.b.z");
    struct record *after = attach(cx, one->code, "tep", &file, OK);
    assert_int_equal(attach(cx, one->code, "tep", &file, OK)->version, after->version);
    after = attach(cx, one->code, "tep", &other, OK);
    assert_string_equal(text_of(after, "tep"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad a.txt\n"
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad b.txt");
    attach(cx, two->code, "tep", &file, OK);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM blob"), 1);
    attach(cx, new_record(cx, "kg.a.x")->code, "tep", &file, OK); /* another shard has its own */
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM blob"), 2);
    fixture_next(cx);
    assert_string_equal(found_by_check(cx), "");
}

static void
test_blob__what_is_refused(void **state)
{
    static const struct {
        struct blob_file file;
        enum status status;
        const char *said;
    } cases[] = {
        {{"a.exe", "MZ", 2}, ERR_INVALID, "Không nhận tệp a.exe"},
        {{"a.html", "<html>", 6}, ERR_INVALID, "Không nhận tệp"},
        {{"a", "abc", 3}, ERR_INVALID, "Không nhận tệp"},
        {{"a.txt", "", 0}, ERR_INVALID, "trống"},
        {{"a.txt", "a\0b", 3}, ERR_INVALID, "không phải là txt"},
        {{"a.pdf", "<script>", 8}, ERR_INVALID, "không phải là pdf"},
        {{"a.PDF", "%PD", 3}, ERR_INVALID, "không phải là pdf"},
        {{"a.docx", "PK\x03\x04 word/vbaProject.bin", 24}, ERR_INVALID, "macro"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = new_record(cx, "bt.a.x");
    char code[16];
    strcpy(code, record->code);
    uint64_t before = fixture_digest(fixture);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        attach(cx, code, "tep", &cases[i].file, cases[i].status);
        if (!fixture_said(cx, cases[i].said))
            fail_msg("“%s”, not “%s”", cx->faults.items[0].message, cases[i].said);
        fixture_next(cx);
    }
    struct blob_file large = text_file(cx->arena, "a.txt", BLOB_MAX + 1);
    attach(cx, code, "tep", &large, ERR_LIMIT);
    fixture_next(cx);
    const struct blob_file good = {"a.pdf", "%PDF-1.7", 8};
    attach(cx, code, "ngay", &good, ERR_INVALID);
    attach(cx, code, "khac", &good, ERR_INVALID);
    assert_true(before == fixture_digest(fixture));
    large = text_file(cx->arena, "a.txt", BLOB_MAX);
    attach(cx, code, "tep", &large, OK);
    assert_ptr_equal(blob_name(cx->arena, "/a/"), NULL);
    assert_string_equal(blob_name(cx->arena, "/a/b c.pdf"), "b c.pdf");
    assert_string_equal(blob_name(cx->arena, "a\nb.pdf"), "a b.pdf");
    assert_ptr_equal(blob_name(cx->arena, "\xff.pdf"), NULL);
}

/* A locked record takes files only where it stays open, or by a correction. */
static void
test_blob__a_locked_record_stays_locked(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct blob_file file = {"a.txt", "abc", 3};
    struct record *record = new_record(cx, "bt.a.x"), *after;
    struct record_change done = {.verb = "xong"};
    must(cx, record_move(cx, record->code, &done, &after));
    attach(cx, record->code, "tep", &file, ERR_INVALID);
    attach(cx, record->code, "sau", &file, OK);
    struct blob_attach corrected = {.code = record->code,
        .field = "tep",
        .files = &file,
        .count = 1,
        .reason = "Bổ sung"};
    must(cx, blob_attach(cx, &corrected, &after));
    assert_int_equal(after->version, 4);
    fixture_next(cx);
    assert_string_equal(found_by_check(cx), "");
}

static void
test_blob__a_record_gives_out_its_own_files_only(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct blob_file file = {"a.txt", "abc", 3};
    const char *digest = blob_digest(cx->arena, "abc", 3);
    struct record *one = attach(cx, new_record(cx, "bt.a.x")->code, "tep", &file, OK);
    struct record *two = new_record(cx, "bt.a.x");
    struct blob blob;
    must(cx, blob_read(cx, one, digest, &blob));
    must_be(cx, ERR_NOT_FOUND, blob_read(cx, two, digest, &blob));
    must_be(cx, ERR_NOT_FOUND, blob_read(cx, one, "abc", &blob));
}

static void
test_blob__the_check_finds_files_that_are_gone_or_other(void **state)
{
    static const struct {
        const char *sql, *said;
    } damages[] = {
        {"DELETE FROM blob WHERE part = 1", "không khớp dấu băm"},
        {"UPDATE blob SET body = CAST('x' AS BYTEA) WHERE part = 0",
            "không khớp dấu băm"},
        {"DELETE FROM blob", "không có trong cơ sở dữ liệu"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct blob_file file = text_file(cx->arena, "a.txt", 2 * BLOB_PART);
    struct record *record = attach(cx, new_record(cx, "bt.a.x")->code, "tep", &file, OK);
    char code[16], digest[BLOB_DIGEST + 1];
    strcpy(code, record->code);
    strcpy(digest, blob_digest(cx->arena, file.bytes, file.length));
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct blob blob;
        fixture_sql(fixture, "%s", damages[i].sql);
        fixture_next(cx);
        const char *found = found_by_check(cx);
        assert_non_null(strstr(found, "blob "));
        assert_non_null(strstr(found, damages[i].said));
        assert_non_null(strstr(found, digest));
        must(cx, record_load(cx, code, &record));
        must_be(cx, ERR_STORE, blob_read(cx, record, digest, &blob));
    }
}

static void
test_blob__lines_are_read_back_as_they_are_written(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *digest = blob_digest(cx->arena, "abc", 3);
    const char *good = arena_printf(cx->arena, "%s một hai.pdf\n%s b", digest, digest);
    const char *bad[] = {"abc x.pdf", digest, arena_printf(cx->arena, "%s ", digest),
        arena_printf(cx->arena, "%s\n", good), arena_printf(cx->arena, "A%s x", digest + 1),
        arena_printf(cx->arena, "%s0 x", digest)};
    assert_true(attachments_check(cx, (struct fault){0}, good));
    assert_string_equal(attachments_names(cx->arena, good), "một hai.pdf; b");
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(attachments_check(cx, (struct fault){0}, bad[i]));
    assert_string_equal(blob_plain_name(cx->arena, "Biên bản\r\n\"số 5\".PDF"),
        "bien-ban-so-5.pdf");
    assert_string_equal(blob_plain_name(cx->arena, "?.png"), "tep.png");
    assert_string_equal(blob_type("a.PDF"), "application/pdf");
    assert_string_equal(blob_type("a.html"), "application/octet-stream");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_blob__##name, setup, teardown)
        TEST(bytes_come_back_as_they_were),
        TEST(a_digest_is_sha_256),
        TEST(the_same_file_is_kept_once),
        TEST(what_is_refused),
        TEST(a_locked_record_stays_locked),
        TEST(a_record_gives_out_its_own_files_only),
        TEST(the_check_finds_files_that_are_gone_or_other),
        TEST(lines_are_read_back_as_they_are_written),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
