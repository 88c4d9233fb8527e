/* Catalogues, and what is said by them: faults, templates, the script; and that po/en.po has every
 * text of every template of the program, as the translator itself reads them. */
#include "base/catalogue.h"

#include "base/embed.h"
#include "base/template.h"
#include "base/vi.h"
#include "web/language.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static const char small[] = "# a comment\n"
                            "msgid \"\"\n"
                            "msgstr \"Language: en\\n\"\n"
                            "\n"
                            "#, c-format\n"
                            "msgid \"Không có %s ở %s.\"\n"
                            "msgstr \"At %2$s there is no %1$s.\"\n"
                            "\n"
                            "msgid \"\"\n"
                            "\"{{count}} hồ sơ \"\n"
                            "\"của {{unit.name}}\"\n"
                            "msgstr \"\"\n"
                            "\"{{unit.name}}: \"\n"
                            "\"{{count}} records\"\n"
                            "\n"
                            "msgid \"Hồ sơ\"\n"
                            "msgstr \"Record\"\n"
                            "\n"
                            "msgid \"Bỏ lọc {{label}}\"\n"
                            "msgstr \"Remove {{label}}\"\n"
                            "\n"
                            "msgid \"a \\\"b\\\"\\n\"\n"
                            "msgstr \"c\\\\d\"\n"
                            "\n"
                            "msgid \"\\\\n\"\n"
                            "msgstr \"\\\\\\n\"\n"
                            "\n"
                            "msgid \"chưa dịch\"\n"
                            "msgstr \"\"\n";

static struct ctx
context(void)
{
    return (struct ctx){.arena = arena_new()};
}

static struct catalogue *
read_text(struct ctx *cx, const char *text)
{
    struct catalogue *catalogue;
    assert_int_equal(catalogue_read(cx, "thu.po", text, &catalogue), OK);
    return catalogue;
}

static void
test_catalogue__finds_what_it_has(void **state)
{
    struct ctx cx = context();
    struct catalogue *catalogue = read_text(&cx, small);
    (void)state;
    assert_string_equal(catalogue_find(catalogue, "Hồ sơ"), "Record");
    assert_string_equal(catalogue_find(catalogue, "a \"b\"\n"), "c\\d");
    assert_string_equal(catalogue_find(catalogue, "\\n"), "\\\n");
    assert_null(catalogue_find(catalogue, "chưa dịch"));
    assert_null(catalogue_find(catalogue, ""));
    assert_string_equal(tr(&cx, "Hồ sơ"), "Hồ sơ");
    cx.language = catalogue;
    assert_string_equal(tr(&cx, "Hồ sơ"), "Record");
    assert_string_equal(tr(&cx, "Không có ở đó"), "Không có ở đó");
    arena_free(cx.arena);
}

static void
test_catalogue__faults_name_their_line(void **state)
{
    static const struct {
        const char *text;
        int line;
    } bad[] = {{"msgid \"a\"\nmsgstr \"b\n", 2}, {"\"a\"\n", 1}, {"msgstr \"a\"\n", 1},
        {"msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n", 3}, {"msgid \"a\" b\n", 1},
        {"msgctxt \"a\"\n", 1}, {"msgid \"a\\", 1}, {"#\n\nmsgid a\n", 3}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct ctx cx = context();
        struct catalogue *catalogue;
        assert_int_equal(catalogue_read(&cx, "thu.po", bad[i].text, &catalogue), ERR_INVALID);
        assert_int_equal(cx.faults.items[0].line, bad[i].line);
        assert_string_equal(cx.faults.items[0].file, "thu.po");
        arena_free(cx.arena);
    }
}

/* The order of the values is the language's. */
static void
test_catalogue__faults_are_told_in_it(void **state)
{
    struct ctx cx = context();
    (void)state;
    (void)fault_set(&cx, ERR_INVALID, "Không có %s ở %s.", "A", "B");
    cx.language = read_text(&cx, small);
    (void)fault_set(&cx, ERR_INVALID, "Không có %s ở %s.", "A", "B");
    assert_string_equal(cx.faults.items[0].message, "Không có A ở B.");
    assert_string_equal(cx.faults.items[1].message, "At B there is no A.");
    arena_free(cx.arena);
}

static void
test_catalogue__templates_are_translated_text_by_text(void **state)
{
    static const char *const texts[][2] = {
        {"<p>Hồ sơ</p>", "<p>Record</p>"},
        {"<p> {{count}} hồ sơ\n  của {{unit.name}} </p>",
            "<p> {{unit.name}}: {{count}} records </p>"},
        {"{{#a}}Hồ sơ{{/a}}{{^a}} Hồ sơ{{/a}}", "{{#a}}Record{{/a}}{{^a}} Record{{/a}}"},
        {"{{> Hồ sơ}}{{! Hồ sơ }}", "{{> Hồ sơ}}{{! Hồ sơ }}"},
        {"<a title=\"Hồ sơ\" href=\"Hồ sơ\" aria-label=\"Bỏ lọc {{label}}\">×</a>",
            "<a title=\"Record\" href=\"Hồ sơ\" aria-label=\"Remove {{label}}\">×</a>"},
        {"<i{{#a}} class=\"x>y\"{{/a}} alt=\"{{#a}}Hồ sơ{{/a}}\">Hồ sơ",
            "<i{{#a}} class=\"x>y\"{{/a}} alt=\"{{#a}}Record{{/a}}\">Record"},
        {"<b lang=\"vi\" translate=\"no\"><i>Hồ sơ</i></b>Hồ sơ",
            "<b lang=\"vi\" translate=\"no\"><i>Hồ sơ</i></b>Record"},
        {"<input value=\"Hồ sơ\" placeholder=\"Hồ sơ\">",
            "<input value=\"Hồ sơ\" placeholder=\"Record\">"},
        {"{{{Hồ sơ}}} Hồ sơ", "{{{Hồ sơ}}} Hồ sơ"},
        {"chưa dịch", "chưa dịch"},
        {"<p title=\"Hồ sơ", "<p title=\"Record"},
        {"Hồ sơ {{", "Record {{"},
    };
    struct ctx cx = context();
    struct catalogue *catalogue = read_text(&cx, small);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_string_equal(template_translate(cx.arena, catalogue, texts[i][0], NULL),
            texts[i][1]);
    arena_free(cx.arena);
}

static void
test_catalogue__the_script_is_translated_in_its_quotes(void **state)
{
    struct ctx cx = context();
    struct catalogue *catalogue = read_text(&cx, small);
    (void)state;
    assert_string_equal(script_translate(cx.arena, catalogue,
                            "f(\"Hồ sơ\", `Hồ sơ`, Hồ sơ, \"x\") // \"", NULL),
        "f(\"Record\", `Record`, Hồ sơ, \"x\") // \"");
    arena_free(cx.arena);
}

/* Vietnamese letters outside of the names of values. */
static bool
has_words(struct arena *arena, const char *text)
{
    struct buf rest = buf_new(arena);
    for (const char *at = text; *at != '\0';) {
        const char *end = strncmp(at, "{{", 2) == 0 ? strstr(at, "}}") : NULL;
        if (end != NULL)
            at = end + 2;
        else
            buf_char(&rest, *at++);
    }
    const char *folded = vi_fold(arena, buf_string(&rest));
    return strpbrk(folded, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

static void
assert_all_said(struct arena *arena, const char *path, const struct buf *missing)
{
    char *lines = arena_strdup(arena, buf_string(missing));
    for (char *line; (line = strsep(&lines, "\n")) != NULL;) {
        if (has_words(arena, line))
            fail_msg("%s: po/en.po lacks “%s”", path, line);
    }
}

static void
test_catalogue__english_has_every_text_of_the_templates(void **state)
{
    struct ctx cx = context();
    const struct embedded *file = embed_find("po/en.po");
    struct catalogue *catalogue = read_text(&cx, file->bytes);
    int count = 0;
    (void)state;
    for (int i = 0; i < resources_count; i++) {
        struct buf missing = buf_new(cx.arena);
        if (strncmp(resources[i].path, "html/", 5) != 0)
            continue;
        (void)template_translate(cx.arena, catalogue, resources[i].bytes, &missing);
        assert_all_said(cx.arena, resources[i].path, &missing);
        count++;
    }
    assert_true(count > 30);
    arena_free(cx.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue__finds_what_it_has),
        cmocka_unit_test(test_catalogue__faults_name_their_line),
        cmocka_unit_test(test_catalogue__faults_are_told_in_it),
        cmocka_unit_test(test_catalogue__templates_are_translated_text_by_text),
        cmocka_unit_test(test_catalogue__the_script_is_translated_in_its_quotes),
        cmocka_unit_test(test_catalogue__english_has_every_text_of_the_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
