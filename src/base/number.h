/* Numbers as Vietnamese offices write them: 1.400 · 98,8% · 12,5. A number is a 64-bit integer
 * scaled by a power of ten, never a double. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum number_fault {
    NUMBER_OK,
    NUMBER_NOT_ONE,   /* no number at all */
    NUMBER_AMBIGUOUS, /* "98.8": asked back, never read as 988; "12,000": never as 12 */
    NUMBER_TOO_FINE,  /* more decimals than `scale`, zeros at the end aside */
    NUMBER_TOO_LARGE  /* does not fit into 64 bits */
};

/* Read "1.400", "1400", "1 400", "-3", "98,8" as an integer times 10^scale. Dots and blanks group
 * thousands and must stand in groups of three; the comma is the decimal mark. `guess` (may be NULL)
 * receives what an ambiguous text probably meant ("98,8"), in the arena, to ask back with, and NULL
 * otherwise. A fault leaves *out untouched. */
enum number_fault number_parse(struct arena *, const char *text, int scale, int64_t *out,
    const char **guess);

/* 1400, scale 0 -> "1.400"; 988, scale 1 -> "98,8". Trailing zeros after the comma are kept off. */
const char *number_show(struct arena *, int64_t value, int scale);
/* The same for machines: 1400, 98.8. */
const char *number_plain(struct arena *, int64_t value, int scale);

/* The same with a comma, as a Vietnamese spreadsheet reads it: 1400, 98,8. */
const char *number_comma(struct arena *, int64_t value, int scale);

/* numerator / denominator in percent with one decimal, half up: "98,8%". 100% and 0% only when
 * exact; what would round to them is "99,9%" or "0,1%" (and "100,1%"). Below zero it is the mirror
 * image. Denominator above 0. */
const char *percent_show(struct arena *, int64_t numerator, int64_t denominator);
/* The same in tenths of a percent: 988. */
int64_t percent_tenths(int64_t numerator, int64_t denominator);

/* Sums that refuse to overflow: false, and *out untouched. */
bool add_checked(int64_t a, int64_t b, int64_t *out);
bool multiply_checked(int64_t a, int64_t b, int64_t *out);

/* How exact a published figure is, and the word that says so ("hơn 1.400", "trên 1.200"). */
enum qualifier { EXACT, OVER, UNDER, ABOUT, QUALIFIER__COUNT };

/* Words are a closed list; a word's index is what is stored. Word 0 is "" (exact). An index out of
 * the list is our own mistake: who reads one from a database asks word_is_known() first. */
int word_count(void);
bool word_is_known(int64_t number);
const char *word_text(int word);
enum qualifier word_qualifier(int word);
/* Index of a word in whatever case and normal form ("Hơn"), or -1. */
int word_find(const char *text, size_t length);
/* The first word of a qualifier: what a sum prints when its parts used several. */
int word_of(enum qualifier);
/* "exact", "over", "under", "about": as in files and JSON. */
const char *qualifier_key(enum qualifier);
/* exact + over = over, exact + under = under, any other mixture = about. */
enum qualifier qualifier_add(enum qualifier, enum qualifier);

#endif
