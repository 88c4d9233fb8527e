/* The document tree: what a handler fills, a template shows and the API sends. A tree of objects,
 * lists and typed leaves; a leaf keeps its raw value, so that a template prints 1.400 and JSON
 * 1400. Nodes live in the arena that the root was made in; texts are not copied. */
#ifndef BASE_DOC_H
#define BASE_DOC_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum doc_type {
    DOC_OBJECT,
    DOC_LIST,
    DOC_NULL,
    DOC_BOOL,
    DOC_INTEGER,  /* number */
    DOC_DECIMAL,  /* number / 10^scale */
    DOC_PERCENT,  /* number / denominator; JSON: the percentage as it is shown, 98.8 */
    DOC_DATE,     /* number: day */
    DOC_TIME,     /* number: instant; scale: the zone's offset in minutes */
    DOC_QUANTITY, /* like DOC_DECIMAL, shown with its published word: "hơn 1.400" */
    DOC_TEXT
};

struct doc {
    enum doc_type type;
    int scale;
    int64_t number;
    int64_t denominator;
    const char *text;  /* DOC_TEXT; the word of DOC_QUANTITY ("" when exact) */
    const char *key;   /* in the object around it; NULL in a list and at the root */
    struct doc *first; /* children of an object or a list, in the order they were added */
    struct doc *last;
    struct doc *next;
    struct arena *arena;
};

struct doc *doc_new(struct arena *, enum doc_type);

/* Add to `in`: an object takes a key that it has not got yet, a list takes NULL. Each returns the
 * node added; doc_text with a NULL text and doc_percent without a denominator above 0 add a
 * DOC_NULL. */
struct doc *doc_object(struct doc *in, const char *key);
struct doc *doc_list(struct doc *in, const char *key);
struct doc *doc_null(struct doc *in, const char *key);
struct doc *doc_bool(struct doc *in, const char *key, bool);
struct doc *doc_integer(struct doc *in, const char *key, int64_t);
struct doc *doc_decimal(struct doc *in, const char *key, int64_t value, int scale);
struct doc *doc_percent(struct doc *in, const char *key, int64_t numerator, int64_t denominator);
struct doc *doc_date(struct doc *in, const char *key, int32_t day);
struct doc *doc_time(struct doc *in, const char *key, int64_t instant, int offset_minutes);
struct doc *doc_quantity(struct doc *in, const char *key, int64_t value, int scale,
    const char *word);
struct doc *doc_text(struct doc *in, const char *key, const char *text);
/* The text made up in the tree's arena. */
struct doc *doc_printf(struct doc *in, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The member of an object, or NULL; at a path of keys ("data.unit.name"). */
const struct doc *doc_get(const struct doc *object, const char *key);
const struct doc *doc_at(const struct doc *root, const char *path);

/* Is it something: there, not null, not false, not an empty list or text. An object and a 0 always
 * are. What a template's section asks. */
bool doc_is_something(const struct doc *);

/* The leaf in its Vietnamese form, "" for null, objects and lists; true is "có", false "không". */
const char *doc_show(const struct doc *, struct arena *);

/* The tree as JSON, UTF-8, with two blanks of indentation; every key that was set is there. */
void doc_json(const struct doc *, struct buf *out);

#endif
