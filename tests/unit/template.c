/* The template engine: the core files of the public Mustache suite, and what the suite leaves open:
 * typed leaves, faults, missing names, the limit. Without the shared folder the suite is skipped,
 * the rest still runs. */
#include "base/template.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOURCES_MAX = 8, SKIPPED = 77 };

static char suite[4096]; /* the folder of the suite */

static void
find_suite(void)
{
    const char *shared = getenv("CHITHI_SHARED");
    const char *source = getenv("CHITHI_SOURCE");
    if (shared != NULL)
        snprintf(suite, sizeof(suite), "%s/data/mustache-spec", shared);
    else
        snprintf(suite, sizeof(suite), "%s/../shared/data/mustache-spec",
            source != NULL ? source : ".");
}

static int
setup(void **state)
{
    struct arena *arena = arena_new();
    struct ctx *cx = ARENA_NEW(arena, struct ctx);
    cx->arena = arena;
    *state = cx;
    return 0;
}

static int
teardown(void **state)
{
    arena_free(((struct ctx *)*state)->arena);
    return 0;
}

/* The page "page" of `sources`, with the names that were missing. */
static const char *
render_with(struct ctx *cx, const struct template_source *sources, int count, const struct doc *doc,
    struct buf *missing)
{
    struct template_set *set;
    struct buf out = buf_new(cx->arena);
    assert_int_equal(template_compile(cx, sources, count, true, &set), OK);
    assert_int_equal(template_render(cx, set, "page", doc, &out, missing), OK);
    return buf_string(&out);
}

static const char *
render(struct ctx *cx, const char *text, const struct doc *doc)
{
    return render_with(cx, &(struct template_source){"page", text}, 1, doc, NULL);
}

/* Every fault as "file:line:column message" on a line. */
static const char *
faults(struct ctx *cx, const struct template_source *sources, int count)
{
    struct template_set *set = NULL;
    struct buf out = buf_new(cx->arena);
    assert_int_equal(template_compile(cx, sources, count, false, &set), ERR_INVALID);
    assert_null(set);
    for (int i = 0; i < cx->faults.count; i++) {
        const struct fault *fault = &cx->faults.items[i];
        assert_int_equal(fault->status, ERR_INVALID);
        buf_printf(&out, "%s:%d:%d %s\n", fault->file, fault->line, fault->column, fault->message);
    }
    return buf_string(&out);
}

static const char *
fault_of(void **state, const char *text)
{
    return faults(*state, &(struct template_source){"page", text}, 1);
}

/* The public suite. */

static void
add_json(struct doc *in, const char *key, json_t *value)
{
    const char *name;
    json_t *child;
    size_t i;
    struct doc *doc;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        doc = doc_object(in, key);
        json_object_foreach(value, name, child) add_json(doc, name, child);
        break;
    case JSON_ARRAY:
        doc = doc_list(in, key);
        json_array_foreach(value, i, child) add_json(doc, NULL, child);
        break;
    case JSON_STRING:
        doc_text(in, key, json_string_value(value));
        break;
    case JSON_INTEGER:
        doc_integer(in, key, json_integer_value(value));
        break;
    case JSON_REAL: /* as a text, because the suite wants a decimal point */
        doc_printf(in, key, "%.15g", json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        doc_bool(in, key, json_is_true(value));
        break;
    case JSON_NULL:
        doc_null(in, key);
        break;
    }
}

static bool
case_passes(struct ctx *cx, const json_t *test)
{
    struct template_source sources[SOURCES_MAX] = {
        {"page", json_string_value(json_object_get(test, "template"))}};
    int count = 1;
    const char *name;
    json_t *partial;
    json_object_foreach(json_object_get(test, "partials"), name, partial)
    {
        assert_true(count < SOURCES_MAX);
        sources[count++] = (struct template_source){name, json_string_value(partial)};
    }
    struct doc *around = doc_new(cx->arena, DOC_LIST);
    add_json(around, NULL, json_object_get(test, "data"));
    const char *page = render_with(cx, sources, count, around->first, NULL);
    const char *expected = json_string_value(json_object_get(test, "expected"));
    if (strcmp(page, expected) == 0)
        return true;
    print_error("%s\n  expected: %s\n  rendered: %s\n",
        json_string_value(json_object_get(test, "name")), expected, page);
    return false;
}

static void
run_suite(void **state, const char *name, size_t count)
{
    if (access(suite, R_OK) != 0)
        skip();
    struct ctx *cx = *state;
    json_error_t error;
    json_t *file = json_load_file(arena_printf(cx->arena, "%s/%s.json", suite, name), 0, &error);
    assert_non_null(file);
    const json_t *tests = json_object_get(file, "tests");
    size_t passed = 0;
    for (size_t i = 0; i < json_array_size(tests); i++)
        passed += case_passes(cx, json_array_get(tests, i));
    assert_int_equal(passed, json_array_size(tests));
    assert_int_equal(passed, count);
    json_decref(file);
}

static void
test_template__suite_comments(void **state)
{
    run_suite(state, "comments", 12);
}

static void
test_template__suite_delimiters(void **state)
{
    run_suite(state, "delimiters", 14);
}

static void
test_template__suite_interpolation(void **state)
{
    run_suite(state, "interpolation", 42);
}

static void
test_template__suite_inverted(void **state)
{
    run_suite(state, "inverted", 22);
}

static void
test_template__suite_partials(void **state)
{
    run_suite(state, "partials", 12);
}

static void
test_template__suite_sections(void **state)
{
    run_suite(state, "sections", 34);
}

/* Rendering. */

static void
test_template__leaves_show_in_their_vietnamese_form(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_integer(doc, "n", 1400);
    doc_percent(doc, "share", 988, 1000);
    doc_date(doc, "day", 20701);
    doc_quantity(doc, "about", 1400, 0, "hơn");
    assert_string_equal(render(cx, "{{n}} {{share}} {{day}} {{{about}}}", doc),
        "1.400 98,8% 05/09/2026 hơn 1.400");
}

static void
test_template__values_are_escaped_unless_raw(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_text(doc, "t", "<a href=\"x\">&'</a>");
    assert_string_equal(render(cx, "{{t}}|{{{t}}}|{{&t}}", doc),
        "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;|"
        "<a href=\"x\">&'</a>|<a href=\"x\">&'</a>");
}

static void
test_template__a_section_over_a_leaf_renders_once_with_it(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_text(doc, "note", "có hai");
    doc_text(doc, "empty", "");
    doc_integer(doc, "zero", 0);
    doc_object(doc, "object");
    assert_string_equal(render(cx, "{{#note}}[{{.}}]{{/note}}{{^note}}không{{/note}}", doc),
        "[có hai]");
    assert_string_equal(render(cx, "{{#empty}}[{{.}}]{{/empty}}{{^empty}}trống{{/empty}}", doc),
        "trống");
    assert_string_equal(render(cx, "{{#zero}}[{{.}}]{{/zero}}{{^zero}}không{{/zero}}", doc), "[0]");
    assert_string_equal(render(cx, "{{#object}}[{{.}}]{{/object}}", doc), "[]");
}

static void
test_template__lists_of_texts_and_dotted_names(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    struct doc *unit = doc_object(doc_object(doc, "data"), "unit");
    struct doc *names = doc_list(unit, "names");
    doc_text(names, NULL, "An");
    doc_text(names, NULL, "Bình");
    doc_text(unit, "code", "05");
    assert_string_equal(render(cx,
                            "{{#data.unit.names}}{{.}}-{{data.unit.code}};{{/data.unit.names}}",
                            doc),
        "An-05;Bình-05;");
}

static void
test_template__inner_names_hide_outer_ones_also_with_null(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_text(doc, "name", "ngoài");
    doc_text(doc, "far", "xa");
    struct doc *inner = doc_object(doc, "inner");
    doc_null(inner, "name");
    assert_string_equal(render(cx, "{{#inner}}[{{name}}{{far}}]{{/inner}}{{name}}", doc),
        "[xa]ngoài");
}

static void
test_template__indentation_reaches_every_line_of_nested_partials(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_text(doc, "v", "1\n2");
    doc_bool(doc, "yes", true);
    const struct template_source sources[] = {
        {"page", "<\n  {{>outer}}\n>\n"},
        {"outer", "{{v}}\n{{#yes}}\na {{v}}\n{{/yes}}\n {{>inner}}\n{{#yes}}b\n{{/yes}} c\n"},
        {"inner", "x\ny {{>line}}"},
        {"line", "l\nm\n"},
    };
    assert_string_equal(render_with(cx, sources, COUNT_OF(sources), doc, NULL),
        "<\n  1\n2\n  a 1\n2\n   x\n   y l\nm\n  b\n   c\n>\n");
}

static void
test_template__missing_names_are_noted_with_their_template(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    struct doc *unit = doc_object(doc, "unit");
    doc_null(unit, "name");
    doc_text(doc, "text", "x");
    const struct template_source sources[] = {
        {"page", "{{a}}{{unit.code}}{{unit.name}}{{unit.name.x}}{{#b}}{{c}}{{/b}}{{>part/head}}"},
        {"part/head", "{{^d}}{{#text}}{{.}}{{e.f}}{{/text}}{{/d}}"},
    };
    struct buf missing = buf_new(cx->arena);
    assert_string_equal(render_with(cx, sources, COUNT_OF(sources), doc, &missing), "x");
    assert_string_equal(buf_string(&missing),
        "page: a\npage: unit.code\npage: unit.name.x\npage: b\npart/head: d\npart/head: e.f\n");
}

static void
test_template__nothing_missing_notes_nothing(void **state)
{
    struct ctx *cx = *state;
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_null(doc, "a");
    doc_list(doc, "b");
    struct buf missing = buf_new(cx->arena);
    const struct template_source page = {"page", "{{a}}{{#b}}{{c}}{{/b}}{{^a}}!{{/a}}"};
    assert_string_equal(render_with(cx, &page, 1, doc, &missing), "!");
    assert_string_equal(buf_string(&missing), "");
}

static void
test_template__an_unknown_page_is_not_found(void **state)
{
    struct ctx *cx = *state;
    struct template_set *set;
    struct buf out = buf_new(cx->arena);
    const struct template_source page = {"page", ""};
    assert_int_equal(template_compile(cx, &page, 1, false, &set), OK);
    assert_int_equal(template_render(cx, set, "other", doc_new(cx->arena, DOC_OBJECT), &out, NULL),
        ERR_NOT_FOUND);
    assert_string_equal(cx->faults.items[0].message, "Không có mẫu nào tên là \"other\".");
}

/* A chain of `depth` objects under the key "in". */
static const struct doc *
chain(struct ctx *cx, int depth)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT), *doc = root;
    for (int i = 0; i < depth; i++)
        doc = doc_object(doc, "in");
    doc_null(doc, "in");
    return root;
}

static void
test_template__partials_nest_up_to_the_limit(void **state)
{
    struct ctx *cx = *state;
    struct template_set *set;
    struct buf out = buf_new(cx->arena);
    const struct template_source page = {"page", ".{{#in}}{{>page}}{{/in}}"};
    assert_int_equal(template_compile(cx, &page, 1, false, &set), OK);
    assert_int_equal(template_render(cx, set, "page", chain(cx, 64), &out, NULL), OK);
    assert_int_equal(strlen(buf_string(&out)), 65);
    assert_int_equal(template_render(cx, set, "page", chain(cx, 65), &out, NULL), ERR_LIMIT);
    assert_int_equal(cx->faults.count, 1);
    assert_int_equal(cx->faults.items[0].status, ERR_LIMIT);
    assert_string_equal(cx->faults.items[0].message, "Mẫu \"page\" lồng nhau quá 64 tầng.");
}

static void
test_template__a_partial_without_end_stops_at_the_limit(void **state)
{
    struct ctx *cx = *state;
    struct template_set *set;
    struct buf out = buf_new(cx->arena);
    const struct template_source page = {"page", "{{>page}}{{>page}}"};
    assert_int_equal(template_compile(cx, &page, 1, false, &set), OK);
    assert_int_equal(template_render(cx, set, "page", doc_new(cx->arena, DOC_NULL), &out, NULL),
        ERR_LIMIT);
}

/* Faults. */

static void
test_template__an_unclosed_tag_is_a_fault(void **state)
{
    assert_string_equal(fault_of(state, "đầu\nchỉ {{name"),
        "page:2:5 Thẻ mở ở đây chưa đóng: thiếu \"}}\".\n");
}

static void
test_template__an_unclosed_raw_tag_is_one_fault(void **state)
{
    assert_string_equal(fault_of(state, "{{#a}}{{{name}} {{/a}}"),
        "page:1:7 Thẻ mở ở đây chưa đóng: thiếu \"}}}\".\n");
}

static void
test_template__an_unclosed_section_is_a_fault(void **state)
{
    assert_string_equal(fault_of(state, "a\n {{# rows }}x\n{{^b}}{{/b}}"),
        "page:2:2 Mục \"rows\" chưa đóng: thiếu \"{{/rows}}\".\n");
}

static void
test_template__a_mismatched_close_is_one_fault(void **state)
{
    assert_string_equal(fault_of(state, "{{#a}}\n{{#b}}\n  {{/a}}\n{{#c}}{{/d}}"),
        "page:3:3 Đóng nhầm mục \"a\": mục đang mở là \"b\" ở dòng 2, phải đóng mục ấy trước.\n"
        "page:4:7 Đóng nhầm mục \"d\": mục đang mở là \"c\" ở dòng 4, phải đóng mục ấy trước.\n");
}

static void
test_template__a_misspelt_close_ends_the_innermost_section(void **state)
{
    assert_string_equal(fault_of(state, "{{#a}}{{#b}}{{/bb}}{{/a}}"),
        "page:1:13 Đóng nhầm mục \"bb\": mục đang mở là \"b\" ở dòng 1, phải đóng mục ấy trước.\n");
}

static void
test_template__a_close_of_nothing_is_a_fault(void **state)
{
    assert_string_equal(fault_of(state, "x{{/a}}"),
        "page:1:2 Thẻ đóng mục \"a\", nhưng không có mục nào đang mở.\n");
}

static void
test_template__an_unknown_partial_is_a_fault(void **state)
{
    assert_string_equal(fault_of(state, "x\n\n  {{> part/head }}"),
        "page:3:3 Không có mẫu nào tên là \"part/head\".\n");
}

static void
test_template__malformed_names_are_faults(void **state)
{
    assert_string_equal(fault_of(state, "{{}}{{a b}}{{#a.}}{{.a}}{{a..b}}{{..}}{{>}}{{.}}"),
        "page:1:1 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:5 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:12 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:19 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:25 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:33 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n"
        "page:1:39 Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
        "như \"unit.name\".\n");
}

static void
test_template__malformed_delimiters_are_faults(void **state)
{
    static const char *const wrong[] = {"{{=| =}}", "{{= =}}", "{{=a b c=}}", "{{= <= > =}}",
        "{{= < => =}}"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        ((struct ctx *)*state)->faults.count = 0;
        assert_string_equal(fault_of(state, wrong[i]),
            "page:1:1 Thẻ đổi dấu phải có hai dấu cách nhau một khoảng trống, "
            "không chứa \"=\", như \"{{=<% %>=}}\".\n");
    }
}

static void
test_template__sections_nest_up_to_the_limit(void **state)
{
    struct ctx *cx = *state;
    struct buf open = buf_new(cx->arena), close = buf_new(cx->arena);
    struct doc *doc = doc_new(cx->arena, DOC_OBJECT);
    doc_bool(doc, "a", true);
    for (int i = 0; i < 32; i++) {
        buf_text(&open, "{{#a}}");
        buf_text(&close, "{{/a}}");
    }
    assert_string_equal(render(cx, arena_printf(cx->arena, "%sx%s", open.bytes, close.bytes), doc),
        "x");
    assert_string_equal(fault_of(state,
                            arena_printf(cx->arena, "%s\n{{#a}}%s", open.bytes, close.bytes)),
        "page:2:1 Các mục lồng nhau quá 32 tầng.\n");
}

static void
test_template__all_faults_of_all_sources_come_at_once(void **state)
{
    const struct template_source sources[] = {
        {"first", "{{#a}}{{>nowhere}}\n{{x"},
        {"second", "{{>first}}"},
        {"third", "{{/z}}"},
        {"third", ""},
    };
    assert_string_equal(faults(*state, sources, COUNT_OF(sources)),
        "third:0:0 Có hai mẫu cùng tên \"third\".\n"
        "first:1:7 Không có mẫu nào tên là \"nowhere\".\n"
        "first:2:1 Thẻ mở ở đây chưa đóng: thiếu \"}}\".\n"
        "first:1:1 Mục \"a\" chưa đóng: thiếu \"{{/a}}\".\n"
        "third:1:1 Thẻ đóng mục \"z\", nhưng không có mục nào đang mở.\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_template__suite_comments),
        TEST(test_template__suite_delimiters),
        TEST(test_template__suite_interpolation),
        TEST(test_template__suite_inverted),
        TEST(test_template__suite_partials),
        TEST(test_template__suite_sections),
        TEST(test_template__leaves_show_in_their_vietnamese_form),
        TEST(test_template__values_are_escaped_unless_raw),
        TEST(test_template__a_section_over_a_leaf_renders_once_with_it),
        TEST(test_template__lists_of_texts_and_dotted_names),
        TEST(test_template__inner_names_hide_outer_ones_also_with_null),
        TEST(test_template__indentation_reaches_every_line_of_nested_partials),
        TEST(test_template__missing_names_are_noted_with_their_template),
        TEST(test_template__nothing_missing_notes_nothing),
        TEST(test_template__an_unknown_page_is_not_found),
        TEST(test_template__partials_nest_up_to_the_limit),
        TEST(test_template__a_partial_without_end_stops_at_the_limit),
        TEST(test_template__an_unclosed_tag_is_a_fault),
        TEST(test_template__an_unclosed_raw_tag_is_one_fault),
        TEST(test_template__an_unclosed_section_is_a_fault),
        TEST(test_template__a_mismatched_close_is_one_fault),
        TEST(test_template__a_misspelt_close_ends_the_innermost_section),
        TEST(test_template__a_close_of_nothing_is_a_fault),
        TEST(test_template__an_unknown_partial_is_a_fault),
        TEST(test_template__malformed_names_are_faults),
        TEST(test_template__malformed_delimiters_are_faults),
        TEST(test_template__sections_nest_up_to_the_limit),
        TEST(test_template__all_faults_of_all_sources_come_at_once),
    };
    find_suite();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (failed == 0 && access(suite, R_OK) != 0) {
        printf("the Mustache suite is not there: \"%s\"\n", suite);
        return SKIPPED;
    }
    return failed;
}
