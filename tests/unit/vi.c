/* Vietnamese text. ICU is the second opinion about every code point that the program decides about
 * by itself. */
#include "base/vi.h"

#include "base/status.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

static struct arena *arena;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void
test_vi__invalid_utf8_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long at;
    } cases[] = {
        {"", -1}, {"abc", -1}, {"Chỉ thị số 05-CT/TW", -1}, {"\x7f", -1}, {"\xc2\x80", -1},
        {"\xdf\xbf", -1}, {"\xe0\xa0\x80", -1}, {"\xed\x9f\xbf", -1}, {"\xee\x80\x80", -1},
        {"\xef\xbf\xbf", -1}, {"\xf0\x90\x80\x80", -1}, {"\xf4\x8f\xbf\xbf", -1}, {"\x80", 0},
        {"a\xbf", 1}, {"\xc0\x80", 0},                                        /* overlong NUL */
        {"\xc1\xbf", 0},                                                      /* overlong */
        {"ab\xc0\xaf", 2},                                                    /* overlong slash */
        {"\xe0\x9f\xbf", 0},                                                  /* overlong */
        {"\xf0\x8f\xbf\xbf", 0},                                              /* overlong */
        {"ok\xed\xa0\x80", 2},                                                /* surrogates */
        {"\xed\xbf\xbf", 0}, {"\xf4\x90\x80\x80", 0},                         /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 0}, {"\xfe", 0}, {"\xff", 0}, {"th\xe1\xbb", 2}, /* cut off */
        {"th\xe1", 2}, {"th\xe1\xbbx", 2}, {"\xf0\x9f\x98", 0}, {"é\xc3", 2},
        {"Ng\xf4 Quy\xeamm", 2}, /* Latin-1 */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (utf8_invalid_at(cases[i].text) != cases[i].at)
            fail_msg("case %zu: %ld", i, utf8_invalid_at(cases[i].text));
}

static void
test_vi__code_points_are_counted(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(""), 0);
    assert_int_equal(utf8_count("abc"), 3);
    assert_int_equal(utf8_count("Ánh"), 3);
    assert_int_equal(utf8_count("A\u0301nh"), 4);
    assert_int_equal(utf8_count("đảng viên"), 9);
    assert_int_equal(utf8_count("\U0001f600\U0001f600"), 2);
}

static void
test_vi__outer_blanks_are_trimmed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *trimmed;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {" ", ""},
        {" \t\r\n\u00a0\u200b", ""},
        {"  a b  ", "a b"},
        {"\u00a0\u202fa\u2003", "a"},
        {"\ufeffa\u200b", "a"},
        {"\u3000ồ\u3000", "ồ"},
        {"a\n", "a"},
        {"ạ", "ạ"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t length = 99;
        const char *begin = utf8_trim(cases[i].text, &length);
        assert_int_equal(length, strlen(cases[i].trimmed));
        assert_memory_equal(begin, cases[i].trimmed, length);
    }
}

static void
test_vi__stored_text_is_composed_and_tidy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *clean;
    } cases[] = {
        {"", ""}, {"   ", ""}, {"\r\n", ""}, {"  Chi bộ  ", "Chi bộ"},
        {"Nguye\u0302\u0303n", "Nguyễn"}, {"Nguy\u1ec5n", "Nguyễn"},
        {"Nguy\u00ea\u0303n", "Nguyễn"}, {"N\u01b0\u01a1\u0301c", "Nước"}, {"a\u0323\u0302", "ậ"},
        {"a\u0302\u0323", "ậ"}, /* marks in the other order */
        {"o\u031b\u0323", "ợ"}, {"o\u0323\u031b", "ợ"}, {"D\u0111", "Dđ"},
        {"một\r\nhai", "một\nhai"}, {"một\thai\nba", "một\thai\nba"},
        {"a\x01"
         "b\x1f"
         "c\x7f",
            "abc"},
        {"x\xc2\x85y\xc2\x9fz", "xyz"}, {"\x01 a \x02", "a"},
        {"a\x01\u0301", "á"}, /* the mark meets its letter when the control is gone */
        {"\u00a0\u2003a\u202f", "a"}, {"\ufeffBáo cáo", "Báo cáo"}, {"a\u00a0b", "a\u00a0b"},
        {"a  b", "a  b"}, {"\u0301a", "\u0301a"}, {"\u212b\u212a", "ÅK"},
        {"\u2000a\u2001b", "a\u2003b"}, {"“Học tập” – làm theo…", "“Học tập” – làm theo…"},
        {"12 ₫ €", "12 ₫ €"}, {"\U0001f600 a\u0301", "\U0001f600 á"}, {"\u1100\u1161", "\uac00"},
        {"\U0001d15e", "\U0001d157\U0001d165"}, /* grows */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(vi_clean(arena, cases[i].text), cases[i].clean);
}

static void
test_vi__clean_text_is_not_copied(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "Bao cao quy III", "Báo cáo quý III",
        "“Đảng viên”"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_ptr_equal(vi_clean(arena, texts[i]), texts[i]);
}

static void
write_utf8(char *text, const UChar32 *points, int count)
{
    int32_t at = 0;
    for (int i = 0; i < count; i++)
        U8_APPEND_UNSAFE((uint8_t *)text, at, points[i]);
    text[at] = '\0';
}

static const char *
icu_nfc(const UChar32 *points, int count)
{
    UChar wide[16], composed[48];
    UErrorCode fault = U_ZERO_ERROR;
    int32_t length = 0;
    for (int i = 0; i < count; i++)
        U16_APPEND_UNSAFE(wide, length, points[i]);
    length = unorm2_normalize(unorm2_getNFCInstance(&fault), wide, length, composed, 48, &fault);
    assert_true(U_SUCCESS(fault));
    char *text = arena_alloc(arena, 3 * 48 + 1);
    u_strToUTF8(text, 3 * 48 + 1, NULL, composed, length, &fault);
    return text;
}

static void
check_clean(const UChar32 *points, int count)
{
    char text[64];
    struct arena_mark mark = arena_mark(arena);
    write_utf8(text, points, count);
    if (strcmp(vi_clean(arena, text), icu_nfc(points, count)) != 0)
        fail_msg("not in NFC: U+%04X U+%04X", points[1], points[2]);
    arena_release(arena, mark);
}

static void
test_vi__every_code_point_is_stored_in_nfc(void **state)
{
    (void)state;
    for (UChar32 c = 0xa0; c <= 0x10ffff; c++)
        if (!U_IS_SURROGATE(c))
            check_clean((UChar32[]){'a', c, 'x'}, 3);
}

static void
test_vi__every_letter_composes_with_every_mark(void **state)
{
    (void)state;
    static const UChar32 marks[] = {0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31b, 0x323, 0x338};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        for (UChar32 c = 0x21; c < 0x20d0; c++)
            if (c < 0x7f || c > 0x9f)
                check_clean((UChar32[]){'(', c, marks[i], ')'}, 4);
}

static void
test_vi__text_is_folded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fold;
    } cases[] = {
        {"", ""},
        {" ", ""},
        {"-–…", ""},
        {"abc", "abc"},
        {"ABC xyz 019", "abc xyz 019"},
        {"Chỉ thị 05-CT/TW", "chi thi 05 ct tw"},
        {"42/2022/NĐ-CP", "42 2022 nd cp"},
        {"Nguyễn Văn Ân", "nguyen van an"},
        {"NGUYỄN VĂN ÂN", "nguyen van an"},
        {"Nguye\u0302\u0303n Va\u0306n A\u0302n", "nguyen van an"},
        {"Đào Đình đường", "dao dinh duong"},
        {"Trước  --  sau", "truoc sau"},
        {"  (ngoặc)  ", "ngoac"},
        {"một\nhai\tba", "mot hai ba"},
        {"a\u00a0b", "a b"},
        {"1.400,5", "1 400 5"},
        {"Quý III/2026", "quy iii 2026"},
        {"ỨỪỬỮỰ ứừửữự", "uuuuu uuuuu"},
        {"ỚỜỞỠỢ Ỳýỷỹỵ", "ooooo yyyyy"},
        {"a_b", "a b"},
        {"\u0301a", "a"},
        {"a \u0301 b", "a b"},
        {"a\u0301\u0302b", "ab"},
        {"Straße", "stra e"},
        {"Łódź œuvre", "odz uvre"},
        {"\u212a\u212b", "ka"},
        {"中文 abc", "abc"},
        {"abc 中文", "abc"},
        {"\U0001f600ok", "ok"},
        {"a\u200bb", "a b"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(vi_fold(arena, cases[i].text), cases[i].fold);
}

/* What folding one code point leaves, by ICU: its canonical decomposition in lower case without
 * the marks U+0300-U+036F; a blank unless that is one of [a-z0-9]; đ is d by our own rule. */
static const char *
icu_fold(const UNormalizer2 *nfd, UChar32 c)
{
    static char fold[2];
    UChar parts[32] = {0};
    UErrorCode fault = U_ZERO_ERROR;
    int32_t length = unorm2_getDecomposition(nfd, c, parts, 32, &fault);
    assert_true(U_SUCCESS(fault));
    UChar32 base = length < 0 ? c : parts[0];
    if (c == 0x110 || c == 0x111)
        base = 'd';
    if (base >= 0x300 && base < 0x370)
        return "";
    base = base < 0x80 ? u_tolower(base) : ' ';
    for (int32_t i = 1; i < length; i++)
        if (parts[i] < 0x300 || parts[i] >= 0x370)
            base = ' ';
    fold[0] = base < 0x80 && u_isalnum(base) ? (char)base : ' ';
    return fold;
}

static void
test_vi__every_code_point_folds_as_icu_decomposes(void **state)
{
    (void)state;
    UErrorCode fault = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&fault);
    for (UChar32 c = 1; c <= 0x10ffff; c++) {
        struct arena_mark mark = arena_mark(arena);
        char text[16], expected[16];
        if (U_IS_SURROGATE(c))
            continue;
        write_utf8(text, (UChar32[]){'x', c, 'x'}, 3);
        snprintf(expected, sizeof(expected), "x%sx", icu_fold(nfd, c));
        if (strcmp(vi_fold(arena, text), expected) != 0)
            fail_msg("U+%04X is folded to \"%s\"", c, vi_fold(arena, text));
        arena_release(arena, mark);
    }
}

static void
check_order(const char *const *texts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *before = vi_sort_key(arena, texts[i - 1]);
        const char *after = vi_sort_key(arena, texts[i]);
        if (strcmp(before, after) >= 0)
            fail_msg("\"%s\" is not before \"%s\"", texts[i - 1], texts[i]);
    }
}

static void
test_vi__names_sort_as_in_vietnamese(void **state)
{
    (void)state;
    static const char *const names[] = {"", "An", "Ánh", "Ân", "Bình", "Dũng", "Đào", "Em", "Ê",
        "Giang", "Hà", "Hạnh", "Hoa", "Kim", "Lan", "Minh", "Nga", "Oanh", "Ôn", "Ơn", "Phúc",
        "Quý", "Sơn", "Tâm", "Thảo", "Trang", "Uyên", "Ước", "Vân", "Xuân", "Yến"};
    check_order(names, COUNT_OF(names));
}

static void
test_vi__tones_sort_in_their_order(void **state)
{
    (void)state;
    static const char *const tones[] = {"la", "là", "lả", "lã", "lá", "lạ", "lă", "lằ", "lẳ", "lẵ",
        "lắ", "lặ", "lâ", "lầ", "lẩ", "lẫ", "lấ", "lậ"};
    check_order(tones, COUNT_OF(tones));
    static const char *const phrases[] = {"an", "An", "an 1", "an 2", "an ba", "ánh", "ăn", "đ",
        "e"};
    check_order(phrases, COUNT_OF(phrases));
}

static void
test_vi__sort_keys_are_hexadecimal(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "An", "Nguyễn Thị Ánh", "中文", "\U0001f600", "\n"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *key = vi_sort_key(arena, texts[i]);
        assert_int_equal(strlen(key) % 2, 0);
        assert_int_equal(strspn(key, "0123456789abcdef"), strlen(key));
    }
}

static void
test_vi__both_normal_forms_have_one_key(void **state)
{
    (void)state;
    assert_string_equal(vi_sort_key(arena, "Nguyễn"), vi_sort_key(arena, "Nguye\u0302\u0303n"));
    assert_string_equal(vi_sort_key(arena, "Ậ"), vi_sort_key(arena, "A\u0323\u0302"));
    assert_string_not_equal(vi_sort_key(arena, "Ân"), vi_sort_key(arena, "An"));
    assert_string_not_equal(vi_sort_key(arena, "An"), vi_sort_key(arena, "AN"));
}

static void
test_vi__long_texts_have_whole_keys(void **state)
{
    (void)state;
    char *one = arena_alloc(arena, 6002);
    memset(one, 'x', 6000);
    char *other = arena_strdup(arena, one);
    char *longer = arena_printf(arena, "%sa", one);
    one[5999] = 'a';
    other[5999] = 'b';
    assert_true(strcmp(vi_sort_key(arena, one), vi_sort_key(arena, other)) < 0);
    assert_true(strlen(vi_sort_key(arena, other)) > 2 * 6000);
    assert_true(strcmp(vi_sort_key(arena, other), vi_sort_key(arena, longer)) < 0);
}

struct worker {
    pthread_t thread;
    struct arena *arena;
    const char *key;
    bool is_right;
};

static void *
work(void *argument)
{
    struct worker *worker = argument;
    worker->key = vi_sort_key(worker->arena, "Nguyễn Thị Ánh");
    worker->is_right = true;
    for (int i = 0; i < 2000 && worker->is_right; i++) {
        struct arena_mark mark = arena_mark(worker->arena);
        const char *clean = vi_clean(worker->arena, "Nguye\u0302\u0303n Thị A\u0301nh ");
        worker->is_right = strcmp(clean, "Nguyễn Thị Ánh") == 0 &&
            strcmp(vi_fold(worker->arena, clean), "nguyen thi anh") == 0 &&
            strcmp(vi_sort_key(worker->arena, clean), worker->key) == 0;
        arena_release(worker->arena, mark);
    }
    return NULL;
}

/* Runs first, so that the threads race for opening the collator, too. */
static void
test_vi__threads_do_not_meet(void **state)
{
    (void)state;
    struct worker workers[4] = {0};
    for (size_t i = 0; i < COUNT_OF(workers); i++) {
        workers[i].arena = arena_new();
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(workers); i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < COUNT_OF(workers); i++) {
        assert_true(workers[i].is_right);
        assert_string_equal(workers[i].key, vi_sort_key(arena, "Nguyễn Thị Ánh"));
        arena_free(workers[i].arena);
    }
}

static void
test_vi__letters_change_case(void **state)
{
    static const struct {
        const char *text, *upper, *lower, *capital, *uncapital;
    } cases[] = {
        {"", "", "", "", ""},
        {"đảng ủy xã Ướt", "ĐẢNG ỦY XÃ ƯỚT", "đảng ủy xã ướt", "Đảng ủy xã Ướt", "đảng ủy xã Ướt"},
        {"ỦY BAN", "ỦY BAN", "ủy ban", "ỦY BAN", "ủY BAN"},
        {"05-CT/TW", "05-CT/TW", "05-ct/tw", "05-CT/TW", "05-CT/TW"},
        {"ɐ", "Ɐ", "ɐ", "Ɐ", "ɐ"}, /* two bytes become three */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(vi_upper(arena, cases[i].text), cases[i].upper);
        assert_string_equal(vi_lower(arena, cases[i].text), cases[i].lower);
        assert_string_equal(vi_capital(arena, cases[i].text), cases[i].capital);
        assert_string_equal(vi_uncapital(arena, cases[i].text), cases[i].uncapital);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_vi__##name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(threads_do_not_meet),
        TEST(invalid_utf8_is_found),
        TEST(code_points_are_counted),
        TEST(outer_blanks_are_trimmed),
        TEST(stored_text_is_composed_and_tidy),
        TEST(clean_text_is_not_copied),
        TEST(every_code_point_is_stored_in_nfc),
        TEST(every_letter_composes_with_every_mark),
        TEST(text_is_folded),
        TEST(every_code_point_folds_as_icu_decomposes),
        TEST(names_sort_as_in_vietnamese),
        TEST(tones_sort_in_their_order),
        TEST(sort_keys_are_hexadecimal),
        TEST(both_normal_forms_have_one_key),
        TEST(long_texts_have_whole_keys),
        TEST(letters_change_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
