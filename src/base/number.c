/* Numbers: reading what offices write, showing it back, and the words that make a figure vague.
 * No double comes near a figure, and no text is read as a number that a person may have meant
 * otherwise. */
#include "base/number.h"

#include "base/status.h"
#include "base/vi.h"

#include <assert.h>
#include <string.h>

#include <unicode/unorm.h>
#include <unicode/ustring.h>

enum { SCALE_MAX = 18 };

typedef unsigned __int128 wide;

/* A written number without its outer blanks. */
struct writing {
    bool is_negative;
    const char *whole;    /* digits and group marks */
    const char *decimals; /* digits only */
    const char *end;      /* of the text, and where `decimals` stands when there are none */
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the mark between two groups of digits, or 0. A tab is none: it parts two cells. */
static size_t
group_mark(const char *text, const char *end, bool is_dotted)
{
    static const char *const blanks[] = {" ", "\u00a0", "\u2009", "\u202f"};
    if (is_dotted)
        return text < end && *text == '.';
    for (size_t i = 0; i < COUNT_OF(blanks); i++) {
        size_t length = strlen(blanks[i]);
        if ((size_t)(end - text) >= length && memcmp(text, blanks[i], length) == 0)
            return length;
    }
    return 0;
}

static int
count_digits(const char *text, const char *end)
{
    int count = 0;
    while (text + count < end && is_digit(text[count]))
        count++;
    return count;
}

/* Behind the digits and their groups; NULL when they are not well grouped. "0.500" is not: a group
 * of thousands does not begin with 0. */
static const char *
skip_whole(const char *text, const char *end)
{
    int digits = count_digits(text, end);
    const char *at = text + digits;
    bool is_dotted = at < end && *at == '.';
    size_t mark = group_mark(at, end, is_dotted);
    if (digits == 0 || (mark > 0 && (digits > 3 || *text == '0')))
        return NULL;
    for (; mark > 0; mark = group_mark(at, end, is_dotted)) {
        if (count_digits(at + mark, end) != 3)
            return NULL;
        at += mark + 3;
    }
    return at;
}

static bool
read_writing(const char *text, size_t length, struct writing *out)
{
    out->end = text + length;
    out->is_negative = length > 0 && *text == '-';
    out->whole = text + out->is_negative;
    text = skip_whole(out->whole, out->end);
    if (text == NULL)
        return false;
    out->decimals = out->end;
    if (text == out->end)
        return true;
    if (*text != ',')
        return false;
    out->decimals = text + 1;
    int digits = count_digits(out->decimals, out->end);
    return digits > 0 && out->decimals + digits == out->end;
}

static bool
push_digit(int64_t *value, int digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
        !__builtin_sub_overflow(*value, digit, value);
}

static enum number_fault
value_of(const struct writing *writing, int scale, int64_t *out)
{
    int64_t value = 0; /* below zero, where there is room for one more */
    const char *decimal = writing->decimals;
    for (const char *at = writing->whole; at < writing->decimals; at++)
        if (is_digit(*at) && !push_digit(&value, *at - '0'))
            return NUMBER_TOO_LARGE;
    for (int i = 0; i < scale; i++)
        if (!push_digit(&value, decimal < writing->end ? *decimal++ - '0' : 0))
            return NUMBER_TOO_LARGE;
    for (; decimal < writing->end; decimal++)
        if (*decimal != '0')
            return NUMBER_TOO_FINE;
    if (!writing->is_negative && __builtin_sub_overflow(0, value, &value))
        return NUMBER_TOO_LARGE;
    *out = value;
    return NUMBER_OK;
}

/* The same with dots for commas and commas for dots: what somebody meant who writes as in English,
 * or on a keyboard whose decimal key is a dot. NULL when that is no number either. */
static const char *
swap_marks(struct arena *arena, const char *text, size_t length)
{
    struct writing ignored;
    char *swapped = arena_strndup(arena, text, length);
    for (char *at = swapped; *at != '\0'; at++)
        if (*at == '.' || *at == ',')
            *at = *at == '.' ? ',' : '.';
    return read_writing(swapped, length, &ignored) ? swapped : NULL;
}

/* "12,000" where 12 fits only because the zeros can go: it may be 12.000, if that is well grouped.
 * With room for three decimals it is what it says. */
static bool
may_be_thousands(const struct writing *writing, int scale)
{
    return scale < 3 && writing->end - writing->decimals == 3;
}

enum number_fault
number_parse(struct arena *arena, const char *text, int scale, int64_t *out, const char **guess)
{
    assert(scale >= 0 && scale <= SCALE_MAX);
    struct writing writing;
    int64_t value = 0;
    size_t length;
    text = utf8_trim(text, &length);
    if (guess != NULL)
        *guess = NULL;
    bool is_written = read_writing(text, length, &writing);
    enum number_fault fault = is_written ? value_of(&writing, scale, &value) : NUMBER_NOT_ONE;
    if (!is_written || (fault == NUMBER_OK && may_be_thousands(&writing, scale))) {
        const char *other = swap_marks(arena, text, length);
        if (other != NULL && guess != NULL)
            *guess = other;
        if (other != NULL)
            return NUMBER_AMBIGUOUS;
    }
    if (fault == NUMBER_OK)
        *out = value;
    return fault;
}

/* Written from its end. */
static const char *
show(struct arena *arena, bool is_negative, wide magnitude, int scale, const char *marks)
{
    assert(scale >= 0 && scale <= SCALE_MAX);
    char text[64]; /* 39 digits, 12 dots, a comma, a sign */
    char *at = text + sizeof(text);
    *--at = '\0';
    for (; scale > 0 && magnitude % 10 == 0; scale--)
        magnitude /= 10;
    for (int i = 0; i < scale; i++, magnitude /= 10)
        *--at = (char)('0' + magnitude % 10);
    if (scale > 0)
        *--at = marks[0];
    for (int i = 0; i == 0 || magnitude > 0; i++, magnitude /= 10) {
        if (i > 0 && i % 3 == 0 && marks[1] != '\0')
            *--at = marks[1];
        *--at = (char)('0' + magnitude % 10);
    }
    if (is_negative)
        *--at = '-';
    return arena_strdup(arena, at);
}

static wide
magnitude_of(int64_t value)
{
    return value < 0 ? -(wide)value : (wide)value;
}

const char *
number_show(struct arena *arena, int64_t value, int scale)
{
    return show(arena, value < 0, magnitude_of(value), scale, ",.");
}

const char *
number_plain(struct arena *arena, int64_t value, int scale)
{
    return show(arena, value < 0, magnitude_of(value), scale, ".");
}

const char *
number_comma(struct arena *arena, int64_t value, int scale)
{
    char *text = arena_strdup(arena, number_plain(arena, value, scale));
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '.' ? ',' : *c;
    return text;
}

static wide
tenths_of(int64_t numerator, int64_t denominator)
{
    enum { NONE = 0, WHOLE = 1000 }; /* in tenths of a percent */
    assert(denominator > 0);
    wide part = magnitude_of(numerator);
    wide whole = magnitude_of(denominator);
    wide tenths = (part * 2 * WHOLE + whole) / (whole * 2);
    if (tenths == NONE && part > 0)
        tenths = NONE + 1;
    if (tenths == WHOLE && part != whole)
        tenths = part < whole ? WHOLE - 1 : WHOLE + 1;
    return tenths;
}

int64_t
percent_tenths(int64_t numerator, int64_t denominator)
{
    wide tenths = tenths_of(numerator, denominator);
    int64_t most = tenths > INT64_MAX ? INT64_MAX : (int64_t)tenths;
    return numerator < 0 ? -most : most;
}

const char *
percent_show(struct arena *arena, int64_t numerator, int64_t denominator)
{
    return arena_printf(arena, "%s%%",
        show(arena, numerator < 0, tenths_of(numerator, denominator), 1, ",."));
}

bool
add_checked(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}

bool
multiply_checked(int64_t a, int64_t b, int64_t *out)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}

/* Indexes are stored: a new word goes to the end. */
static const struct {
    const char *text;
    enum qualifier qualifier;
} words[] = {
    {"", EXACT},
    {"hơn", OVER},
    {"trên", OVER},
    {"gần", UNDER},
    {"dưới", UNDER},
    {"khoảng", ABOUT},
    {"chừng", ABOUT},
};

static const char *const keys[QUALIFIER__COUNT] =
    {[EXACT] = "exact", [OVER] = "over", [UNDER] = "under", [ABOUT] = "about"};

int
word_count(void)
{
    return (int)COUNT_OF(words);
}

bool
word_is_known(int64_t number)
{
    return number >= 0 && number < word_count();
}

const char *
word_text(int word)
{
    assert(word >= 0 && word < word_count());
    return words[word].text;
}

enum qualifier
word_qualifier(int word)
{
    assert(word >= 0 && word < word_count());
    return words[word].qualifier;
}

int
word_find(const char *text, size_t length)
{
    UChar asked[32]; /* the longest word has 6 letters, in NFD 8 */
    UChar known[32];
    int32_t asked_length, known_length;
    UErrorCode fault = U_ZERO_ERROR;
    if (length > COUNT_OF(asked) * 2)
        return -1;
    u_strFromUTF8(asked, COUNT_OF(asked), &asked_length, text, (int32_t)length, &fault);
    for (int word = 0; U_SUCCESS(fault) && word < word_count(); word++) {
        u_strFromUTF8(known, COUNT_OF(known), &known_length, words[word].text, -1, &fault);
        if (unorm_compare(asked, asked_length, known, known_length, U_COMPARE_IGNORE_CASE,
                &fault) == 0)
            return word;
    }
    return -1;
}

int
word_of(enum qualifier qualifier)
{
    int word = 0;
    assert(qualifier < QUALIFIER__COUNT);
    while (words[word].qualifier != qualifier)
        word++;
    return word;
}

const char *
qualifier_key(enum qualifier qualifier)
{
    assert(qualifier < QUALIFIER__COUNT);
    return keys[qualifier];
}

enum qualifier
qualifier_add(enum qualifier a, enum qualifier b)
{
    if (a == b || b == EXACT)
        return a;
    return a == EXACT ? b : ABOUT;
}
