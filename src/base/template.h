/* Mustache templates (the language of the public specification: variables, sections, inverted
 * sections, comments, partials, set-delimiters). A set is compiled once and shared by all threads;
 * rendering shows a document tree. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/doc.h"

struct catalogue;
struct template_set;

/* One source: the name that partials use ("unit", "part/head") and its text. */
struct template_source {
    const char *name;
    const char *text;
};

/* Compile all sources into the context's arena; their texts are not copied. Every fault of every
 * source is reported with its name as file, line and column: an unclosed tag, an unclosed or
 * mismatched section, sections nested beyond 32, a malformed name or change of delimiters, a
 * partial that is not in the set unless `partials_may_be_absent` (the specification renders those
 * as ""), two sources of one name. */
MUST_CHECK enum status template_compile(struct ctx *, const struct template_source *, int count,
    bool partials_may_be_absent, struct template_set **out);

/* A template's source in the language of a catalogue: what stands between tags, and in attributes
 * that people read, is replaced where the catalogue has it. What it has not is added to `missing`,
 * when that is given, on a line of its own, signs and values included. */
const char *template_translate(struct arena *, const struct catalogue *, const char *source,
    struct buf *missing);

/* Render one template. A name that is not found shows "" and, when `missing` is given, is added
 * there as "template: name" on a line of its own, each time anew: the tests fail on any.
 * ERR_NOT_FOUND when there is no such template; ERR_LIMIT beyond 64 nested partials. */
MUST_CHECK enum status template_render(struct ctx *, const struct template_set *, const char *name,
    const struct doc *, struct buf *out, struct buf *missing);

#endif
