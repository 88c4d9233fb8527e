/* Vietnamese text. What every imported text goes through (cleaning, folding) looks at the letters
 * itself and asks ICU only about text that is out of the ordinary; sort keys are always ICU's.
 * It knows letters, not words: names, codes and search terms are made of them elsewhere. */
#include "base/vi.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

/* The code point at text[*at], behind which *at then stands; below 0 when it is not valid. The
 * macro knows NUL-terminated text by a length of -1 and never reads past the NUL. */
static UChar32
next(const char *text, int32_t *at)
{
    const uint8_t *bytes = (const uint8_t *)text;
    UChar32 c;
    U8_NEXT(bytes, *at, -1, c);
    return c;
}

static int32_t
size_of(const char *text)
{
    size_t size = strlen(text);
    assert(size < INT32_MAX / 4);
    return (int32_t)size;
}

long
utf8_invalid_at(const char *text)
{
    for (int32_t at = 0; text[at] != '\0';) {
        int32_t begin = at;
        if (next(text, &at) < 0)
            return begin;
    }
    return -1;
}

int
utf8_count(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += !U8_IS_TRAIL((uint8_t)*text);
    return count;
}

const char *
utf8_short(struct arena *arena, const char *text, int max)
{
    const char *end = text;
    for (int count = 0; *end != '\0'; end++) {
        count += !U8_IS_TRAIL((uint8_t)*end);
        if (count > max)
            return arena_printf(arena, "%.*s…", (int)(end - text), text);
    }
    return text;
}

static bool
is_blank(UChar32 c)
{
    if (c > ' ' && c < 0x80)
        return false;
    return u_isUWhiteSpace(c) || c == 0x200b || c == 0xfeff;
}

const char *
utf8_trim(const char *text, size_t *length)
{
    const uint8_t *bytes = (const uint8_t *)text;
    int32_t begin = 0;
    int32_t end = size_of(text);
    for (int32_t at = 0; begin < end && is_blank(next(text, &at));)
        begin = at;
    for (int32_t at = end; begin < end; end = at) {
        UChar32 c;
        U8_PREV(bytes, begin, at, c);
        if (!is_blank(c))
            break;
    }
    *length = (size_t)(end - begin);
    return text + begin;
}

static bool
is_dropped(UChar32 c)
{
    return (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

/* Text with control characters comes from browsers (every line of a textarea ends in CR LF) and
 * from Word, so it is ordinary. */
static const char *
without_controls(struct arena *arena, const char *text)
{
    int32_t at = 0;
    int32_t begin = 0;
    while (text[at] != '\0' && !is_dropped(next(text, &at)))
        begin = at;
    if (text[begin] == '\0')
        return text;
    char *clean = arena_strdup(arena, text);
    int32_t size = begin;
    for (at = begin; text[begin] != '\0'; begin = at)
        if (!is_dropped(next(text, &at)))
            for (int32_t i = begin; i < at; i++)
                clean[size++] = text[i];
    clean[size] = '\0';
    return clean;
}

/* Code points that are their own NFC and start anew, so that text made of them alone is in NFC: up
 * to U+02FF, all of Latin Extended Additional (the Vietnamese letters), punctuation and currency
 * signs. The tests hold this against ICU. */
static bool
is_settled(UChar32 c)
{
    return c < 0x300 || (c >= 0x1e00 && c < 0x1f00) || (c >= 0x2002 && c < 0x20d0);
}

/* The text in UTF-16 and its length in *length. What is not valid becomes U+FFFD. */
static UChar *
widen(struct arena *arena, const char *text, int32_t *length)
{
    int32_t size = size_of(text);
    UErrorCode fault = U_ZERO_ERROR;
    UChar *wide = ARENA_ARRAY(arena, UChar, size + 1);
    u_strFromUTF8WithSub(wide, size + 1, length, text, size, 0xfffd, NULL, &fault);
    assert(U_SUCCESS(fault));
    return wide;
}

static const char *
narrow(struct arena *arena, const UChar *wide, int32_t length)
{
    int32_t size = 0;
    UErrorCode fault = U_ZERO_ERROR;
    u_strToUTF8(NULL, 0, &size, wide, length, &fault);
    fault = U_ZERO_ERROR;
    char *text = arena_alloc(arena, (size_t)size + 1);
    u_strToUTF8(text, size + 1, NULL, wide, length, &fault);
    assert(U_SUCCESS(fault));
    return text;
}

static const char *
compose(struct arena *arena, const char *text)
{
    enum { GROWTH = 3 }; /* no code point has more UTF-16 units of NFC for one of its own */
    UErrorCode fault = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&fault);
    struct arena *scratch = arena_new();
    int32_t length = 0;
    UChar *wide = widen(scratch, text, &length);
    int32_t room = length * GROWTH + 1;
    UChar *composed = ARENA_ARRAY(scratch, UChar, room);
    length = unorm2_normalize(nfc, wide, length, composed, room, &fault);
    assert(U_SUCCESS(fault));
    const char *result = narrow(arena, composed, length);
    arena_free(scratch);
    return result;
}

static const char *
in_nfc(struct arena *arena, const char *text)
{
    for (int32_t at = 0; text[at] != '\0';)
        if (!is_settled(next(text, &at)))
            return compose(arena, text);
    return text;
}

const char *
vi_clean(struct arena *arena, const char *text)
{
    size_t length;
    /* Controls go first: a letter and its mark may meet where one stood between them. */
    text = in_nfc(arena, without_controls(arena, text));
    text = utf8_trim(text, &length);
    return text[length] == '\0' ? text : arena_strndup(arena, text, length);
}

/* The letter under the marks, a blank for what has none: by Unicode's canonical decompositions,
 * which never change, and with đ as d, which has no decomposition. */
static const char under_latin[] = /* from U+00C0 */
    "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghh  iiiiiiiii   jjkk llllll "
    "   nnnnnn   oooooo  rrrrrrsssssssstttt  uuuuuuuuuuuuwwyyyzzzzzz "
    "                                oo             uu               "
    "             aaiioouuuuuuuuuu aaaa    ggkkoooo  j   gg  nnaa    "
    "aaaaeeeeiiiioooorrrruuuusstt  hh      aaeeooooooooyy";
static const char under_additional[] = /* from U+1E00 */
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy      aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

/* [a-z0-9], a blank, or NUL for a combining mark, which leaves no trace. */
static char
folded(UChar32 c)
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return (char)c;
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    if (c >= 0xc0 && c < 0xc0 + (UChar32)sizeof(under_latin) - 1)
        return under_latin[c - 0xc0];
    if (c >= 0x1e00 && c < 0x1e00 + (UChar32)sizeof(under_additional) - 1)
        return under_additional[c - 0x1e00];
    if (c >= 0x300 && c < 0x370)
        return '\0';
    if (c == 0x212a) /* the Kelvin sign is a K, the Ångström sign an Å */
        return 'k';
    return c == 0x212b ? 'a' : ' ';
}

/* A hyphen, a slash, or one of the dashes that word processors make of a hyphen; else a blank. */
static char
folded_joint(UChar32 c)
{
    if (c == '/' || c == '-')
        return (char)c;
    return c >= 0x2010 && c <= 0x2014 ? '-' : ' ';
}

static const char *
fold(struct arena *arena, const char *text, bool keeps_joints)
{
    char *fold = arena_alloc(arena, strlen(text) + 1); /* no letter becomes longer */
    char *end = fold;
    bool is_apart = false;
    for (int32_t at = 0; text[at] != '\0';) {
        UChar32 c = next(text, &at);
        char letter = folded(c);
        if (letter == '\0')
            continue;
        if (letter == ' ' && keeps_joints)
            letter = folded_joint(c);
        if (letter == ' ') {
            is_apart = end > fold;
            continue;
        }
        if (is_apart)
            *end++ = ' ';
        is_apart = false;
        *end++ = letter;
    }
    *end = '\0';
    return fold;
}

const char *
vi_fold(struct arena *arena, const char *text)
{
    return fold(arena, text, false);
}

const char *
vi_fold_symbols(struct arena *arena, const char *text)
{
    return fold(arena, text, true);
}

/* The first `count` letters in another case, the rest as it is. */
static const char *
cased(struct arena *arena, const char *text, UChar32 (*change)(UChar32), size_t count)
{
    size_t length = strlen(text);
    char *out = arena_alloc(arena, length * U8_MAX_LENGTH + 1);
    int32_t end = 0;
    for (int32_t at = 0; text[at] != '\0' && count > 0; count--) {
        UChar32 letter = change(next(text, &at));
        U8_APPEND_UNSAFE(out, end, letter);
        if (count == 1 || text[at] == '\0')
            strcpy(out + end, text + at);
    }
    return out;
}

const char *
vi_upper(struct arena *arena, const char *text)
{
    return cased(arena, text, u_toupper, SIZE_MAX);
}

const char *
vi_lower(struct arena *arena, const char *text)
{
    return cased(arena, text, u_tolower, SIZE_MAX);
}

const char *
vi_capital(struct arena *arena, const char *text)
{
    return cased(arena, text, u_toupper, 1);
}

const char *
vi_uncapital(struct arena *arena, const char *text)
{
    return cased(arena, text, u_tolower, 1);
}

/* One collator for all threads: ICU allows that for functions that take it as const. It is never
 * closed, because a thread may still be sorting while the process ends. */
static UCollator *vietnamese;

static void
collator_open(void)
{
    UErrorCode fault = U_ZERO_ERROR;
    vietnamese = ucol_open("vi", &fault);
    if (U_FAILURE(fault) || fault == U_USING_DEFAULT_WARNING) {
        fputs("chithi: icu has no vietnamese collation\n", stderr);
        abort();
    }
}

static const UCollator *
collator(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, collator_open);
    return vietnamese;
}

const char *
vi_sort_key(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t fitting[512];
    uint8_t *key = fitting;
    int32_t length = 0;
    UChar *wide = widen(arena, text, &length);
    int32_t size = ucol_getSortKey(collator(), wide, length, key, sizeof(fitting));
    if (size > (int32_t)sizeof(fitting)) {
        key = arena_alloc(arena, (size_t)size);
        size = ucol_getSortKey(collator(), wide, length, key, size);
    }
    assert(size > 0);
    size--; /* the NUL at its end, which sorts as the end of the text does */
    char *hex = arena_alloc(arena, (size_t)size * 2 + 1);
    for (int32_t i = 0; i < size; i++) {
        hex[2 * i] = digits[key[i] >> 4];
        hex[2 * i + 1] = digits[key[i] & 15];
    }
    return hex;
}
