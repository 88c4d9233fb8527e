/* The document tree: how its leaves are shown, found and sent as JSON. */
#include "base/doc.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int
setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
json(const struct doc *doc)
{
    struct buf out = buf_new(doc->arena);
    doc_json(doc, &out);
    return buf_string(&out);
}

/* The only value of a list, as it is shown and as it is sent. */
static void
expect(struct doc *list, const char *shown, const char *sent)
{
    assert_string_equal(doc_show(list->last, list->arena), shown);
    assert_string_equal(json(list->last), arena_printf(list->arena, "%s\n", sent));
}

static void
test_doc__numbers_have_a_vietnamese_and_a_raw_form(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_integer(list, NULL, 1400);
    expect(list, "1.400", "1400");
    doc_integer(list, NULL, -3);
    expect(list, "-3", "-3");
    doc_integer(list, NULL, INT64_MIN);
    expect(list, "-9.223.372.036.854.775.808", "-9223372036854775808");
    doc_decimal(list, NULL, 988, 1);
    expect(list, "98,8", "98.8");
    doc_decimal(list, NULL, 1234567, 2);
    expect(list, "12.345,67", "12345.67");
    doc_decimal(list, NULL, 1200, 2);
    expect(list, "12", "12");
}

static void
test_doc__a_percentage_is_sent_as_it_is_shown(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_percent(list, NULL, 988, 1000);
    expect(list, "98,8%", "98.8");
    doc_percent(list, NULL, 1, 16);
    expect(list, "6,3%", "6.3");
    doc_percent(list, NULL, 7, 7);
    expect(list, "100%", "100");
    doc_percent(list, NULL, 9999, 10000);
    expect(list, "99,9%", "99.9");
    doc_percent(list, NULL, 12345, 1000);
    expect(list, "1.234,5%", "1234.5");
    doc_percent(list, NULL, -1, 4);
    expect(list, "-25%", "-25");
}

static void
test_doc__a_percentage_of_nothing_is_null(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_percent(list, NULL, 0, 0);
    assert_int_equal(list->last->type, DOC_NULL);
    expect(list, "", "null");
}

static void
test_doc__a_quantity_is_shown_with_its_published_word(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_quantity(list, NULL, 1400, 0, "hơn");
    expect(list, "hơn 1.400", "1400");
    doc_quantity(list, NULL, 125, 1, "");
    expect(list, "12,5", "12.5");
}

static void
test_doc__days_and_instants_have_two_forms(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_date(list, NULL, 20701);
    expect(list, "05/09/2026", "\"2026-09-05\"");
    doc_time(list, NULL, INT64_C(1788568200123), 7 * 60);
    expect(list, "07:30 05/09/2026", "\"2026-09-05T00:30:00.123Z\"");
}

static void
test_doc__truth_nothing_and_trees_have_two_forms(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_bool(list, NULL, true);
    expect(list, "có", "true");
    doc_bool(list, NULL, false);
    expect(list, "không", "false");
    doc_null(list, NULL);
    expect(list, "", "null");
    doc_text(list, NULL, NULL);
    expect(list, "", "null");
    doc_object(list, NULL);
    expect(list, "", "{}");
    doc_list(list, NULL);
    expect(list, "", "[]");
}

static void
test_doc__json_escapes_what_it_must_and_nothing_else(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    doc_text(list, NULL, "Chỉ thị 05 </b> \x7f");
    expect(list, "Chỉ thị 05 </b> \x7f", "\"Chỉ thị 05 </b> \x7f\"");
    doc_text(list, NULL, "\"\\/\b\f\n\r\t\x01\x1f");
    expect(list, "\"\\/\b\f\n\r\t\x01\x1f", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\"");
}

static void
test_doc__json_keeps_order_and_indents_by_two(void **state)
{
    struct doc *root = doc_new(*state, DOC_OBJECT);
    struct doc *unit = doc_object(root, "unit");
    doc_printf(unit, "name", "Chi bộ %d", 3);
    doc_null(unit, "parent");
    struct doc *rows = doc_list(root, "rows");
    doc_integer(rows, NULL, 1);
    doc_object(rows, NULL);
    doc_text(root, "a\"b", "");
    assert_string_equal(json(root),
        "{\n"
        "  \"unit\": {\n"
        "    \"name\": \"Chi bộ 3\",\n"
        "    \"parent\": null\n"
        "  },\n"
        "  \"rows\": [\n"
        "    1,\n"
        "    {}\n"
        "  ],\n"
        "  \"a\\\"b\": \"\"\n"
        "}\n");
}

static void
test_doc__members_are_found_by_key_and_by_path(void **state)
{
    struct doc *root = doc_new(*state, DOC_OBJECT);
    struct doc *data = doc_object(root, "data");
    struct doc *unit = doc_object(data, "unit");
    struct doc *name = doc_text(unit, "name", "Tỉnh ủy");
    struct doc *longer = doc_text(unit, "name_short", "TU");
    assert_ptr_equal(doc_get(root, "data"), data);
    assert_null(doc_get(root, "dat"));
    assert_null(doc_get(root, "data.unit"));
    assert_null(doc_get(name, "name"));
    assert_ptr_equal(doc_at(root, "data"), data);
    assert_ptr_equal(doc_at(root, "data.unit.name"), name);
    assert_ptr_equal(doc_at(root, "data.unit.name_short"), longer);
    assert_null(doc_at(root, "data.unit.nam"));
    assert_null(doc_at(root, "data.unit.name.first"));
    assert_null(doc_at(root, "unit.name"));
}

static void
test_doc__only_null_false_and_empty_are_nothing(void **state)
{
    struct doc *list = doc_new(*state, DOC_LIST);
    assert_false(doc_is_something(NULL));
    assert_false(doc_is_something(doc_null(list, NULL)));
    assert_false(doc_is_something(doc_bool(list, NULL, false)));
    assert_false(doc_is_something(doc_text(list, NULL, "")));
    assert_false(doc_is_something(doc_list(list, NULL)));
    assert_true(doc_is_something(doc_object(list, NULL)));
    assert_true(doc_is_something(doc_bool(list, NULL, true)));
    assert_true(doc_is_something(doc_integer(list, NULL, 0)));
    assert_true(doc_is_something(doc_percent(list, NULL, 0, 5)));
    assert_true(doc_is_something(doc_text(list, NULL, " ")));
    assert_true(doc_is_something(list));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_doc__numbers_have_a_vietnamese_and_a_raw_form),
        TEST(test_doc__a_percentage_is_sent_as_it_is_shown),
        TEST(test_doc__a_percentage_of_nothing_is_null),
        TEST(test_doc__a_quantity_is_shown_with_its_published_word),
        TEST(test_doc__days_and_instants_have_two_forms),
        TEST(test_doc__truth_nothing_and_trees_have_two_forms),
        TEST(test_doc__json_escapes_what_it_must_and_nothing_else),
        TEST(test_doc__json_keeps_order_and_indents_by_two),
        TEST(test_doc__members_are_found_by_key_and_by_path),
        TEST(test_doc__only_null_false_and_empty_are_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
