/* What the program says in another language: a catalogue of texts in gettext's format (.po), by
 * the Vietnamese text that stands in the source. Vietnamese itself has none. */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

#include "base/ctx.h"

struct catalogue;

/* Read po/en.po or another into the context's arena. Comments are passed over; what is neither
 * msgid, msgstr nor a text in quotes is a fault with its line. An empty msgstr is none. */
MUST_CHECK enum status catalogue_read(struct ctx *, const char *file, const char *text,
    struct catalogue **out);

/* The text in the catalogue's language, or NULL. */
const char *catalogue_find(const struct catalogue *, const char *text);

/* The text, or format, in the context's language: a literal, or one that N_ marks where it stands.
 * One that the catalogue lacks stays Vietnamese. Costs nothing in Vietnamese. */
const char *tr_other(const struct ctx *, const char *text) __attribute__((format_arg(2)));

__attribute__((format_arg(2))) static inline const char *
tr(const struct ctx *cx, const char *text)
{
    return cx->language == NULL ? text : tr_other(cx, text);
}

/* Marks a text in a table for tools/po.py; what shows it calls tr. */
#define N_(text) (text)

#endif
