/* The languages of pages: compiled at start, chosen by a cookie. */
#ifndef WEB_LANGUAGE_H
#define WEB_LANGUAGE_H

#include "web/page.h"

extern const char language_cookie[];

/* Compile the templates and the script in each language, in the context's arena. */
MUST_CHECK enum status languages_open(struct ctx *, struct language[LANGUAGES]);

/* Speak the language with the code; Vietnamese for NULL and for what is none. */
void language_set(struct page *, const char *code);

/* Into "page": the languages to choose from. */
void language_add(struct page *);

/* A script with its texts replaced where the catalogue has them; what it has not is added to
 * `missing`, when that is given, on a line of its own. */
const char *script_translate(struct arena *, const struct catalogue *, const char *source,
    struct buf *missing);

#endif
