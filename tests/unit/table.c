/* Tables: the same cells out of TSV and CSV, what is no table with line and column, and whatever is
 * written read again as it was. */
#include "base/table.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int
setup(void **state)
{
    struct ctx *cx = test_malloc(sizeof(*cx));
    *cx = (struct ctx){.arena = arena_new()};
    *state = cx;
    return 0;
}

static int
teardown(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->arena);
    test_free(cx);
    return 0;
}

/* The rows of a text, cells between |, rows between /; faults as (line:column). */
static const char *
read_bytes(struct ctx *cx, const char *text, size_t length)
{
    struct buf out = buf_new(cx->arena);
    struct table table;
    enum status status = OK;
    cx->faults = (struct faults){0};
    if (table_open(cx, &table, "x", text, length) == OK) {
        while (table_next(cx, &table, &status)) {
            buf_text(&out, out.length > 0 ? "/" : "");
            for (int i = 0; i < table.column_count; i++)
                buf_printf(&out, "%s%s", i > 0 ? "|" : "", table.cells[i]);
        }
        assert_true((status == OK) == (cx->faults.count == 0));
    }
    for (int i = 0; i < cx->faults.count; i++)
        buf_printf(&out, " (%d:%d)", cx->faults.items[i].line, cx->faults.items[i].column);
    return buf_string(&out);
}

static const char *
read_text(struct ctx *cx, const char *text)
{
    return read_bytes(cx, text, strlen(text));
}

static void
test_table__the_head_says_what_it_is(void **state)
{
    assert_string_equal(read_text(*state, "a\tb;c\n1\t2;3\n"), "1|2;3");
    assert_string_equal(read_text(*state, "a;b,c\n1;2,3\n"), "1|2,3");
    assert_string_equal(read_text(*state, "a,b\n1,2\n"), "1|2");
    assert_string_equal(read_text(*state, "a\n1;2,3\n"), "1;2,3");
    assert_string_equal(read_text(*state, "\xef\xbb\xbf\"a\";b\r\n1;\"2\"\r\n"), "1|2");
}

static void
test_table__short_and_empty_rows(void **state)
{
    assert_string_equal(read_text(*state, "a\tb\tc\n\n1\n\t\t\n\t2\n"), "1||/|2|");
    assert_string_equal(read_text(*state, "a;b;c\r\n;;\r\n1\r\n\r\n;2\r\n;;"), "1||/|2|");
    assert_string_equal(read_text(*state, "a;b\n"), "");
}

static void
test_table__quotes(void **state)
{
    assert_string_equal(read_text(*state, "a;b\n\"x;y\";\"\"\"z\"\"\"\n"), "x;y|\"z\"");
    assert_string_equal(read_text(*state, "a;b\n\"x\r\ny\n\";2\n3;4\n"), "x\ny\n|2/3|4");
    assert_string_equal(read_text(*state, "a;b\n\"\";\"\"\"\"\n"), "|\"");
    /* A quote inside a cell that does not begin with one is a quote. */
    assert_string_equal(read_text(*state, "a;b\nx\"y;z\"\n"), "x\"y|z\"");
    /* Quotes mean nothing in TSV. */
    assert_string_equal(read_text(*state, "a\tb\n\"x\t\"\n"), "\"x|\"");
}

static void
test_table__escapes_of_tsv(void **state)
{
    assert_string_equal(read_text(*state, "a\tb\n1\\n2\t\\\\n\\t\\x\\\n"), "1\n2|\\n\t\\x\\");
    assert_string_equal(read_text(*state, "a;b\n1\\n2;\\\\\n"), "1\\n2|\\\\");
}

static void
test_table__faults(void **state)
{
    assert_string_equal(read_text(*state, ""), " (1:1)");
    assert_string_equal(read_text(*state, "a;b;a\n1;2;3\n"), " (1:3)");
    assert_string_equal(read_text(*state, "a;b\n1;2;3\n4;5\n6;7;\n"), "4|5 (2:3) (4:3)");
    assert_string_equal(read_text(*state, "a;b\n1;\"2\"3\n\"4\"5;6\n7;8\n"), "7|8 (2:2) (3:1)");
    assert_string_equal(read_text(*state, "a;b\n\"1\n2\";\"3\n4\n"), " (3:2)");
    assert_string_equal(read_text(*state, "a;\"b\n1;2\n"), " (1:2)");
    assert_string_equal(read_text(*state, "a;b\n\"x\ny\xff\";2\n3;4\n"), "3|4 (3:2)");
    assert_string_equal(read_bytes(*state, "a\tb\n1\0\t2\n3\t4", 12), "3|4 (2:2)");
}

static void
test_table__lines_of_rows(void **state)
{
    static const char text[] = "a;b\n\"1\n2\n3\";x\n\n4;y\n";
    struct table table;
    enum status status = OK;
    assert_int_equal(table_open(*state, &table, "x", text, strlen(text)), OK);
    assert_true(table_next(*state, &table, &status));
    assert_int_equal(table.line, 2);
    assert_int_equal(table.last_line, 4);
    const char *row = table.row;
    assert_true(table_next(*state, &table, &status));
    assert_int_equal(table.line, 6);
    table_back(&table, row, 2);
    assert_true(table_next(*state, &table, &status));
    assert_string_equal(table.cells[0], "1\n2\n3");
    assert_int_equal(table.last_line, 4);
    assert_true(table_next(*state, &table, &status));
    assert_string_equal(table.cells[1], "y");
    assert_int_equal(table.line, 6);
}

static void
test_table__too_many_columns(void **state)
{
    struct buf text = buf_new(((struct ctx *)*state)->arena);
    for (int i = 0; i <= TABLE_COLUMNS_MAX; i++)
        buf_printf(&text, "%sc%d", i > 0 ? ";" : "", i);
    assert_string_equal(read_text(*state, buf_string(&text)), " (1:1)");
}

/* What is written is read again, and no cell begins as a formula does. */
static void
test_table__what_is_written_is_read_again(void **state)
{
    static const char *const texts[] = {"", "Bến Tre", "a;b", "a,b", "a\tb", "a\nb", "\"", "\"a\"b",
        "\\", "\\n", "\\\\t\\", "=1+1", "'=1+1", "''-x", "'x", "''", "-3", "+84", "@SUM(A1)",
        "=a;\"b\"\n-c", "'"};
    static const enum table_format formats[] = {TABLE_TSV, TABLE_CSV};
    struct ctx *cx = *state;
    for (size_t f = 0; f < COUNT_OF(formats); f++) {
        struct buf out = buf_new(cx->arena);
        struct table_writer writer = table_begin(&out, formats[f]);
        struct table table;
        enum status status = OK;
        table_text(&writer, "a");
        table_plain(&writer, "b");
        table_end_row(&writer);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            table_text(&writer, texts[i]);
            table_plain(&writer, "-1");
            table_end_row(&writer);
        }
        assert_int_equal(table_open(cx, &table, "x", out.bytes, out.length), OK);
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            assert_true(table_next(cx, &table, &status));
            assert_string_equal(table.cells[0], texts[i]);
            assert_string_equal(table.cells[1], "-1");
            assert_null(memchr("=+-@", *table.row, 4));
            if (*table.row == '"')
                assert_null(memchr("=+-@", table.row[1], 4));
        }
        assert_false(table_next(cx, &table, &status));
        assert_int_equal(status, OK);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_table__the_head_says_what_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__short_and_empty_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__quotes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__escapes_of_tsv, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__faults, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__lines_of_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__too_many_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table__what_is_written_is_read_again, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
