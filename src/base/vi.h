/* Vietnamese text: one form on input, folding for search, keys for sorting. */
#ifndef BASE_VI_H
#define BASE_VI_H

#include "base/arena.h"

#include <stddef.h>

/* The byte offset of the first byte that is not valid UTF-8, or -1: where the broken sequence
 * begins. NUL ends the text. Overlong forms, surrogates and code points above U+10FFFF are
 * invalid. */
long utf8_invalid_at(const char *text);

/* Number of code points of valid UTF-8. */
int utf8_count(const char *text);

/* The text, or when it is longer its first `max` code points and "…". */
const char *utf8_short(struct arena *, const char *text, int max);

/* Where the text behind its outer blanks begins, and its length without those at the end. Blanks
 * are also tabs, newlines, no-break and narrow spaces, and the invisible U+200B and U+FEFF that
 * come with pasted text. */
const char *utf8_trim(const char *text, size_t *length);

/* What is stored: NFC (TCVN 6909:2001 also allows combining marks), outer blanks gone. Control
 * characters other than tab and newline are dropped. The input must be valid UTF-8. A text that
 * needs no change is not copied. */
const char *vi_clean(struct arena *, const char *text);

/* What is searched: lower case, marks gone, đ as d, every run of anything else than [a-z0-9] one
 * blank: "Chỉ thị 05-CT/TW" -> "chi thi 05 ct tw". */
const char *vi_fold(struct arena *, const char *text);
/* The same with the joints of symbols, - and /, kept as they stand: "Chỉ thị 05–CT/TW" ->
 * "chi thi 05-ct/tw". */
const char *vi_fold_symbols(struct arena *, const char *text);

/* In capitals, in small letters, and with the first letter a capital or a small one. */
const char *vi_upper(struct arena *, const char *text);
const char *vi_lower(struct arena *, const char *text);
const char *vi_capital(struct arena *, const char *text);
const char *vi_uncapital(struct arena *, const char *text);

/* What is sorted by: an ICU sort key of the `vi` collation in hexadecimal, so that a plain byte
 * comparison of the stored text sorts An, Ánh, Ân, Bình, Dũng, Đào. */
const char *vi_sort_key(struct arena *, const char *text);

#endif
