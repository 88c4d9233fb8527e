/* Search: which directives, units, indicators and records have all the words that somebody types.
 * Marks, capitals and tone placement say nothing; every word typed is the beginning of a word that
 * is there. A symbol (05-CT/TW) is found however its parts are joined, and when there is none such,
 * one that differs by a slip of the hand is shown, and said so. */
#ifndef DOMAIN_SEARCH_H
#define DOMAIN_SEARCH_H

#include "base/doc.h"
#include "domain/record_query.h"

enum {
    SEARCH_WORDS_MAX = 16, /* of a question; what comes after them is left out, and said so */
    SEARCH_LIMIT = 50,     /* records, when nothing else is asked */
    SEARCH_LIMIT_MAX = 1000,
    SEARCH_OTHERS = 10 /* units, and indicators */
};

struct search_query {
    const char *text;
    const struct unit *unit; /* with all below it today; NULL: everywhere */
    const char *after;       /* code of the last record of the page before, or NULL */
    int limit;               /* 0: the usual one */
};

struct search_answer {
    const struct search_query *query;
    int limit;
    bool is_empty;                 /* nothing was asked: no letter and no digit */
    bool is_cut;                   /* more words were asked than are looked for */
    const char *missing, *instead; /* a symbol that there is none of, and the one shown; or NULL */
    const struct directive **directives;
    int directive_count;
    const struct span **units; /* as each was called when it was called so, the last time */
    int unit_count;
    bool more_units;
    const struct indicator **indicators;
    int indicator_count;
    bool more_indicators;
    const struct unit *figures_of; /* where the indicators lead to; NULL: nowhere */
    struct record **records; /* those that have a symbol as it was asked, then the newest first */
    int record_count;
    bool more_records;
};

/* On the snapshot of cx. Finding nothing is no failure; ERR_NOT_FOUND when there is no record
 * `after`. All but records come with the first page only. */
MUST_CHECK enum status search(struct ctx *, const struct search_query *, struct search_answer *out);

/* Keys of the records of one register that have all words of the question's text, the newest first,
 * from below an id; the other parts of the question hold too. */
MUST_CHECK enum status search_register(struct ctx *, const struct record_query *, int64_t before,
    int limit, struct record_key **out, int *count);

/* The answer for pages and JSON, into an object. */
void search_doc(struct doc *object, const struct ctx *, const struct search_answer *);

#endif
