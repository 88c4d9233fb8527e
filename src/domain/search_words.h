/* The words by which things are found: texts taken apart into folded words and symbols, the words
 * of a record, and how they are kept in step with it. Asking is domain/search.h. */
#ifndef DOMAIN_SEARCH_WORDS_H
#define DOMAIN_SEARCH_WORDS_H

#include "domain/record.h"

/* Of a longer word only so much counts, here and in a question. */
enum { SEARCH_WORD_MAX = 64 };

/* A run of letters, digits and the joints between them. One that begins with a digit and has a
 * letter is a symbol (số ký hiệu), and is also one word: however it is written, 05-CT/TW is
 * "5cttw". */
struct search_chunk {
    const char *text;  /* folded, with its joints: "05-ct/tw" */
    const char *whole; /* a symbol in one word, without zeros before it; else NULL */
    const char **words;
    int count;
};
struct search_chunk *search_chunks(struct arena *, const char *text, int *count);

/* What a symbol may have been meant for: two letters of a part swapped, one letter another, one too
 * many, or one missing; chunks' texts, in this order. */
const char **search_near(struct arena *, const char *chunk, int *count);
/* A chunk's text as one word. */
const char *search_whole(struct arena *, const char *chunk);
/* A symbol as a text writes it ("05-CT/TW"), or NULL when it is not in there. */
const char *search_written(struct arena *, const char *text, const char *whole);

/* The words of a text, each after a blank; not those that are the beginning of another. */
const char *search_text_words(struct arena *, const char *text);
/* Is there a word that begins so (or is it, when `is_whole`)? */
bool search_has(const char *words, const char *word, bool is_whole);

/* The texts by which a record is found. None that is private; of a register of restricted
 * visibility only the symbol that a one-line text begins with (the number of a decision). */
const char **search_texts(struct arena *, const struct record *, int *count);
/* The words of these, in order, and those that name its unit and its register; "" when there are
 * none, and for a record that is void. */
const char *search_words(struct arena *, const struct record *);
/* The word that names a unit. */
const char *search_unit_word(struct arena *, const struct unit *);
/* The word that names a register. */
const char *search_register_word(struct arena *, const struct reg *);

/* Inside a write: bring the stored words in step with a record. */
MUST_CHECK enum status search_update(struct ctx *, const struct record *, bool is_new);
/* The words that are stored for a record, "" when there are none. */
MUST_CHECK enum status search_stored(struct ctx *, const struct record *, const char **out);

/* Would a record have other words by `after`, though nobody changed it? */
bool search_differs(const struct reg *before, const struct reg *after);
/* Inside a write: the words of a register's records, or with NULL of all, anew. */
MUST_CHECK enum status search_refresh(struct ctx *, const struct reg *);
/* The same of all records in a database where no words are stored yet: nothing is asked first,
 * which on a server is waited for. */
MUST_CHECK enum status search_fill(struct ctx *);

#endif
