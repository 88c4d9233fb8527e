/* Numbers: what is read, what is asked back, what is shown, and the words around a figure. */
#include "base/number.h"

#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
test_number__reads_what_offices_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int scale;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"7", 0, 7},
        {"1.400", 0, 1400},
        {"1400", 0, 1400},
        {"1 400", 0, 1400},
        {"1\u00a0400", 0, 1400},
        {"1\u202f400", 0, 1400},
        {"1\u2009400", 0, 1400},
        {"1 400\u00a0000", 0, 1400000},
        {"12.345.678", 0, 12345678},
        {"999.999", 0, 999999},
        {"  1.400\t", 0, 1400},
        {"\u00a01400\n", 0, 1400},
        {"-3", 0, -3},
        {"-1.400,5", 1, -14005},
        {"-0", 0, 0},
        {"007", 0, 7},
        {"000", 0, 0},
        {"1400000", 0, 1400000},
        {"98,8", 1, 988},
        {"98,80", 1, 988},
        {"98,8", 2, 9880},
        {"98", 1, 980},
        {"98,0", 0, 98},
        {"98,00", 0, 98},
        {"98,0000", 0, 98},
        {"1.400,5", 1, 14005},
        {"1 400,5", 1, 14005},
        {"1400,5", 1, 14005},
        {"0,5", 1, 5},
        {"-0,5", 1, -5},
        {"0,05", 2, 5},
        {"0,500", 1, 5},
        {"1.400,000", 0, 1400},
        {"1400,000", 0, 1400},
        {"12,000", 3, 12000},
        {"12,345", 3, 12345},
        {"0", 18, 0},
        {"9,223372036854775807", 18, INT64_MAX},
        {"9.223.372.036.854.775.807", 0, INT64_MAX},
        {"-9.223.372.036.854.775.808", 0, INT64_MIN},
        {"-922337203685477580,8", 1, INT64_MIN},
        {"000000000000000000000000000000000000001", 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        const char *guess = "";
        enum number_fault fault =
            number_parse(arena, cases[i].text, cases[i].scale, &value, &guess);
        if (fault != NUMBER_OK || value != cases[i].value || guess != NULL)
            fail_msg("\"%s\": fault %d, value %lld", cases[i].text, fault, (long long)value);
    }
}

static void
test_number__asks_back_what_could_be_two_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int scale;
        const char *guess;
    } cases[] = {
        {"98.8", 0, "98,8"},
        {"98.8", 1, "98,8"},
        {" 98.8 ", 1, "98,8"},
        {"-98.8", 1, "-98,8"},
        {"1.40", 0, "1,40"},
        {"1.4000", 0, "1,4000"},
        {"0.5", 1, "0,5"},
        {"0.500", 1, "0,500"},
        {"0.400", 0, "0,400"},
        {"1400.5", 1, "1400,5"},
        {"1400.500", 0, "1400,500"},
        {"1 400.5", 1, "1 400,5"},
        {"1,400.5", 1, "1.400,5"},
        {"1,400.50", 2, "1.400,50"},
        {"1,400,000", 0, "1.400.000"},
        {"1,400,000.25", 2, "1.400.000,25"},
        {"12,000", 0, "12.000"},
        {"12,000", 2, "12.000"},
        {"12,500", 1, "12.500"},
        {"-12,000", 0, "-12.000"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = -77;
        const char *guess = NULL;
        enum number_fault fault =
            number_parse(arena, cases[i].text, cases[i].scale, &value, &guess);
        if (fault != NUMBER_AMBIGUOUS || value != -77)
            fail_msg("\"%s\": fault %d", cases[i].text, fault);
        assert_non_null(guess);
        assert_string_equal(guess, cases[i].guess);
        assert_int_equal(number_parse(arena, cases[i].text, cases[i].scale, &value, NULL),
            NUMBER_AMBIGUOUS);
    }
}

static void
test_number__refuses_the_rest(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int scale;
        enum number_fault fault;
    } cases[] = {
        {"", 0, NUMBER_NOT_ONE},
        {"   ", 0, NUMBER_NOT_ONE},
        {"-", 0, NUMBER_NOT_ONE},
        {"--3", 0, NUMBER_NOT_ONE},
        {"- 3", 0, NUMBER_NOT_ONE},
        {"+3", 0, NUMBER_NOT_ONE},
        {"3-", 0, NUMBER_NOT_ONE},
        {".", 0, NUMBER_NOT_ONE},
        {",", 0, NUMBER_NOT_ONE},
        {",5", 1, NUMBER_NOT_ONE},
        {".5", 1, NUMBER_NOT_ONE},
        {"5,", 1, NUMBER_NOT_ONE},
        {"5.", 1, NUMBER_NOT_ONE},
        {"1..400", 0, NUMBER_NOT_ONE},
        {"1  400", 0, NUMBER_NOT_ONE},
        {"1\t400", 0, NUMBER_NOT_ONE},
        {"1\n400", 0, NUMBER_NOT_ONE},
        {"14 00", 0, NUMBER_NOT_ONE},
        {"1 40", 0, NUMBER_NOT_ONE},
        {"0 400", 0, NUMBER_NOT_ONE},
        {"1400 000", 0, NUMBER_NOT_ONE},
        {"1.400 000", 0, NUMBER_NOT_ONE},
        {"1 400.000", 3, NUMBER_AMBIGUOUS},
        {"5.9.2026", 0, NUMBER_NOT_ONE},
        {"05/09/2026", 0, NUMBER_NOT_ONE},
        {"1.40.000", 0, NUMBER_NOT_ONE},
        {"98,8%", 1, NUMBER_NOT_ONE},
        {"12 triệu", 0, NUMBER_NOT_ONE},
        {"hơn 1.400", 0, NUMBER_NOT_ONE},
        {"1e3", 0, NUMBER_NOT_ONE},
        {"0x10", 0, NUMBER_NOT_ONE},
        {"١٢", 0, NUMBER_NOT_ONE},
        {"１２", 0, NUMBER_NOT_ONE},
        {"98,8", 0, NUMBER_TOO_FINE},
        {"98,85", 1, NUMBER_TOO_FINE},
        {"98,805", 2, NUMBER_TOO_FINE},
        {"0,001", 2, NUMBER_TOO_FINE},
        {"9223372036854775808", 0, NUMBER_TOO_LARGE},
        {"-9223372036854775809", 0, NUMBER_TOO_LARGE},
        {"922337203685477580,8", 1, NUMBER_TOO_LARGE},
        {"9223372036854775807", 1, NUMBER_TOO_LARGE},
        {"10", 18, NUMBER_TOO_LARGE},
        {"99999999999999999999999999999999999999999", 0, NUMBER_TOO_LARGE},
        {"99.999.999.999.999.999.999.999.999", 0, NUMBER_TOO_LARGE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = -77;
        enum number_fault fault = number_parse(arena, cases[i].text, cases[i].scale, &value, NULL);
        if (fault != cases[i].fault || value != -77)
            fail_msg("\"%s\": fault %d instead of %d", cases[i].text, fault, cases[i].fault);
    }
}

static void
test_number__is_shown_for_people_and_machines(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int scale;
        const char *shown, *plain;
    } cases[] = {
        {0, 0, "0", "0"},
        {0, 3, "0", "0"},
        {7, 0, "7", "7"},
        {999, 0, "999", "999"},
        {1000, 0, "1.000", "1000"},
        {1400, 0, "1.400", "1400"},
        {-1400, 0, "-1.400", "-1400"},
        {-999, 0, "-999", "-999"},
        {1234567, 0, "1.234.567", "1234567"},
        {988, 1, "98,8", "98.8"},
        {980, 1, "98", "98"},
        {14005, 1, "1.400,5", "1400.5"},
        {5, 1, "0,5", "0.5"},
        {-5, 1, "-0,5", "-0.5"},
        {5, 3, "0,005", "0.005"},
        {1050, 3, "1,05", "1.05"},
        {1000000, 6, "1", "1"},
        {1, 18, "0,000000000000000001", "0.000000000000000001"},
        {INT64_MAX, 0, "9.223.372.036.854.775.807", "9223372036854775807"},
        {INT64_MIN, 0, "-9.223.372.036.854.775.808", "-9223372036854775808"},
        {INT64_MIN, 18, "-9,223372036854775808", "-9.223372036854775808"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(number_show(arena, cases[i].value, cases[i].scale), cases[i].shown);
        assert_string_equal(number_plain(arena, cases[i].value, cases[i].scale), cases[i].plain);
    }
}

static void
test_number__what_is_shown_can_be_read(void **state)
{
    (void)state;
    int64_t value = 1;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(arena);
        int scale = i % 19;
        int64_t again = 0;
        value = (int64_t)((uint64_t)value * 6364136223846793005U + 1442695040888963407U);
        int64_t asked = value >> (i % 64);
        const char *shown = number_show(arena, asked, scale);
        if (number_parse(arena, shown, scale, &again, NULL) != NUMBER_OK || again != asked)
            fail_msg("\"%s\" with scale %d", shown, scale);
        arena_release(arena, mark);
    }
}

static void
test_number__percents_are_whole_only_when_exact(void **state)
{
    (void)state;
    static const struct {
        int64_t numerator, denominator;
        const char *shown;
    } cases[] = {
        {0, 5, "0%"},
        {5, 5, "100%"},
        {988, 1000, "98,8%"},
        {1, 2, "50%"},
        {1, 3, "33,3%"},
        {2, 3, "66,7%"},
        {1, 8, "12,5%"},
        {12345, 100000, "12,3%"},
        {1235, 10000, "12,4%"}, /* half goes up */
        {12349, 100000, "12,3%"},
        {999, 1000, "99,9%"},
        {9994, 10000, "99,9%"},
        {9995, 10000, "99,9%"}, /* would be 100% */
        {99999999, 100000000, "99,9%"},
        {INT64_MAX - 1, INT64_MAX, "99,9%"},
        {INT64_MAX, INT64_MAX, "100%"},
        {1, INT64_MAX, "0,1%"},
        {1, 1000, "0,1%"},
        {1, 2001, "0,1%"}, /* would be 0% */
        {1, 100000, "0,1%"},
        {10001, 10000, "100,1%"}, /* would be 100% */
        {3, 2, "150%"},
        {100, 1, "10.000%"},
        {-1, 2, "-50%"},
        {-1, 3, "-33,3%"},
        {-1235, 10000, "-12,4%"},
        {-1, 100000, "-0,1%"},
        {-9999, 10000, "-99,9%"},
        {-5, 5, "-100%"},
        {INT64_MAX, 1, "922.337.203.685.477.580.700%"},
        {INT64_MIN, 1, "-922.337.203.685.477.580.800%"},
        {INT64_MIN, INT64_MAX, "-100,1%"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(percent_show(arena, cases[i].numerator, cases[i].denominator),
            cases[i].shown);
}

static void
test_number__sums_refuse_to_overflow(void **state)
{
    (void)state;
    int64_t out = 0;
    assert_true(add_checked(2, 3, &out));
    assert_int_equal(out, 5);
    assert_true(add_checked(INT64_MAX, INT64_MIN, &out));
    assert_int_equal(out, -1);
    assert_true(add_checked(INT64_MAX - 1, 1, &out));
    assert_true(out == INT64_MAX);
    out = 42;
    assert_false(add_checked(INT64_MAX, 1, &out));
    assert_false(add_checked(INT64_MIN, -1, &out));
    assert_int_equal(out, 42);
}

static void
test_number__products_refuse_to_overflow(void **state)
{
    (void)state;
    int64_t out = 0;
    assert_true(multiply_checked(-6, 7, &out));
    assert_int_equal(out, -42);
    assert_true(multiply_checked(INT64_MAX, -1, &out));
    assert_true(out == -INT64_MAX);
    assert_true(multiply_checked(INT64_MIN, 1, &out));
    assert_true(out == INT64_MIN);
    out = 42;
    assert_false(multiply_checked(INT64_MIN, -1, &out));
    assert_false(multiply_checked(INT64_MAX, 2, &out));
    assert_false(multiply_checked(INT64_C(1) << 32, INT64_C(1) << 31, &out));
    assert_int_equal(out, 42);
}

/* The indexes are in databases. */
static void
test_number__words_keep_their_indexes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum qualifier qualifier;
    } words[] = {{"", EXACT}, {"hơn", OVER}, {"trên", OVER}, {"gần", UNDER}, {"dưới", UNDER},
        {"khoảng", ABOUT}, {"chừng", ABOUT}};
    assert_true(word_count() >= (int)COUNT_OF(words));
    for (int word = 0; word < (int)COUNT_OF(words); word++) {
        assert_string_equal(word_text(word), words[word].text);
        assert_int_equal(word_qualifier(word), words[word].qualifier);
        assert_int_equal(word_find(words[word].text, strlen(words[word].text)), word);
    }
}

static int
find(const char *text)
{
    return word_find(text, strlen(text));
}

static void
test_number__words_are_found_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(find(""), 0);
    assert_int_equal(find("Hơn"), 1);
    assert_int_equal(find("HƠN"), 1);
    assert_int_equal(find("Ho\u031bn"), 1);
    assert_int_equal(find("TRÊN"), 2);
    assert_int_equal(find("GẦN"), 3);
    assert_int_equal(find("ga\u0302\u0300n"), 3);
    assert_int_equal(find("DƯỚI"), 4);
    assert_int_equal(find("Khoảng"), 5);
    assert_int_equal(find("CHỪNG"), 6);
    assert_int_equal(word_find("hơn 1.400", strlen("hơn")), 1);
}

static void
test_number__other_words_are_not_found(void **state)
{
    (void)state;
    static const char *const texts[] = {"hon", "hờn", "hơ", "hơn ", " hơn", "hơnn", "tren", "can",
        "gân", "\xff", "h\xc6", "khoảng chừng",
        "khoảng khoảng khoảng khoảng khoảng khoảng khoảng khoảng khoảng khoảng"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (find(texts[i]) != -1)
            fail_msg("\"%s\" is word %d", texts[i], find(texts[i]));
}

static void
test_number__a_sum_prints_the_first_word_of_its_qualifier(void **state)
{
    (void)state;
    assert_string_equal(word_text(word_of(EXACT)), "");
    assert_string_equal(word_text(word_of(OVER)), "hơn");
    assert_string_equal(word_text(word_of(UNDER)), "gần");
    assert_string_equal(word_text(word_of(ABOUT)), "khoảng");
}

static void
test_number__qualifiers_have_keys(void **state)
{
    (void)state;
    assert_string_equal(qualifier_key(EXACT), "exact");
    assert_string_equal(qualifier_key(OVER), "over");
    assert_string_equal(qualifier_key(UNDER), "under");
    assert_string_equal(qualifier_key(ABOUT), "about");
}

static void
test_number__qualifiers_add_up(void **state)
{
    (void)state;
    static const enum qualifier sums[QUALIFIER__COUNT][QUALIFIER__COUNT] = {
        [EXACT] = {EXACT, OVER, UNDER, ABOUT},
        [OVER] = {OVER, OVER, ABOUT, ABOUT},
        [UNDER] = {UNDER, ABOUT, UNDER, ABOUT},
        [ABOUT] = {ABOUT, ABOUT, ABOUT, ABOUT},
    };
    for (int a = 0; a < QUALIFIER__COUNT; a++)
        for (int b = 0; b < QUALIFIER__COUNT; b++)
            assert_int_equal(qualifier_add((enum qualifier)a, (enum qualifier)b), sums[a][b]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_number__##name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_what_offices_write),
        TEST(asks_back_what_could_be_two_numbers),
        TEST(refuses_the_rest),
        TEST(is_shown_for_people_and_machines),
        TEST(what_is_shown_can_be_read),
        TEST(percents_are_whole_only_when_exact),
        TEST(sums_refuse_to_overflow),
        TEST(products_refuse_to_overflow),
        TEST(words_keep_their_indexes),
        TEST(words_are_found_in_any_case),
        TEST(other_words_are_not_found),
        TEST(a_sum_prints_the_first_word_of_its_qualifier),
        TEST(qualifiers_have_keys),
        TEST(qualifiers_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
