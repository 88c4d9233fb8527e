/* The document tree: building, looking up and showing in the Vietnamese form. What the API sends
 * is in json.c. */
#include "base/doc.h"

#include "base/catalogue.h"
#include "base/date.h"
#include "base/number.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

struct doc *
doc_new(struct arena *arena, enum doc_type type)
{
    struct doc *doc = ARENA_NEW(arena, struct doc);
    doc->type = type;
    doc->arena = arena;
    return doc;
}

static struct doc *
add(struct doc *in, const char *key, enum doc_type type)
{
    assert(in->type == DOC_OBJECT ? key != NULL && doc_get(in, key) == NULL
                                  : in->type == DOC_LIST && key == NULL);
    struct doc *doc = doc_new(in->arena, type);
    doc->key = key;
    if (in->last != NULL)
        in->last->next = doc;
    else
        in->first = doc;
    in->last = doc;
    return doc;
}

static struct doc *
add_number(struct doc *in, const char *key, enum doc_type type, int64_t number, int scale)
{
    struct doc *doc = add(in, key, type);
    doc->number = number;
    doc->scale = scale;
    return doc;
}

struct doc *
doc_object(struct doc *in, const char *key)
{
    return add(in, key, DOC_OBJECT);
}

struct doc *
doc_list(struct doc *in, const char *key)
{
    return add(in, key, DOC_LIST);
}

struct doc *
doc_null(struct doc *in, const char *key)
{
    return add(in, key, DOC_NULL);
}

struct doc *
doc_bool(struct doc *in, const char *key, bool is_true)
{
    return add_number(in, key, DOC_BOOL, is_true, 0);
}

struct doc *
doc_integer(struct doc *in, const char *key, int64_t value)
{
    return add_number(in, key, DOC_INTEGER, value, 0);
}

struct doc *
doc_decimal(struct doc *in, const char *key, int64_t value, int scale)
{
    return add_number(in, key, DOC_DECIMAL, value, scale);
}

struct doc *
doc_percent(struct doc *in, const char *key, int64_t numerator, int64_t denominator)
{
    if (denominator <= 0)
        return doc_null(in, key);
    struct doc *doc = add_number(in, key, DOC_PERCENT, numerator, 0);
    doc->denominator = denominator;
    return doc;
}

struct doc *
doc_date(struct doc *in, const char *key, int32_t day)
{
    return add_number(in, key, DOC_DATE, day, 0);
}

struct doc *
doc_time(struct doc *in, const char *key, int64_t instant, int offset_minutes)
{
    return add_number(in, key, DOC_TIME, instant, offset_minutes);
}

struct doc *
doc_quantity(struct doc *in, const char *key, int64_t value, int scale, const char *word)
{
    struct doc *doc = add_number(in, key, DOC_QUANTITY, value, scale);
    doc->text = word;
    return doc;
}

struct doc *
doc_text(struct doc *in, const char *key, const char *text)
{
    if (text == NULL)
        return doc_null(in, key);
    struct doc *doc = add(in, key, DOC_TEXT);
    doc->text = text;
    return doc;
}

struct doc *
doc_printf(struct doc *in, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_vprintf(in->arena, format, arguments);
    va_end(arguments);
    return doc_text(in, key, text);
}

/* Objects have a dozen members, so a walk is faster than any index that would have to be built. */
static const struct doc *
member(const struct doc *object, const char *key, size_t length)
{
    if (object->type != DOC_OBJECT)
        return NULL;
    for (const struct doc *child = object->first; child != NULL; child = child->next)
        if (child->key[0] == key[0] && strncmp(child->key, key, length) == 0 &&
            child->key[length] == '\0')
            return child;
    return NULL;
}

const struct doc *
doc_get(const struct doc *object, const char *key)
{
    return member(object, key, strlen(key));
}

const struct doc *
doc_at(const struct doc *root, const char *path)
{
    const struct doc *doc = root;
    for (;;) {
        size_t length = strcspn(path, ".");
        doc = member(doc, path, length);
        if (doc == NULL || path[length] == '\0')
            return doc;
        path += length + 1;
    }
}

bool
doc_is_something(const struct doc *doc)
{
    if (doc == NULL)
        return false;
    switch (doc->type) {
    case DOC_NULL:
        return false;
    case DOC_BOOL:
        return doc->number != 0;
    case DOC_LIST:
        return doc->first != NULL;
    case DOC_TEXT:
        return doc->text[0] != '\0';
    default:
        return true;
    }
}

static const char *
show_quantity(const struct doc *doc, struct arena *arena)
{
    const char *number = number_show(arena, doc->number, doc->scale);
    return doc->text[0] == '\0' ? number : arena_printf(arena, "%s %s", doc->text, number);
}

const char *
doc_show(const struct doc *doc, struct arena *arena)
{
    switch (doc->type) {
    case DOC_OBJECT:
    case DOC_LIST:
    case DOC_NULL:
        return "";
    case DOC_BOOL:
        return doc->number != 0 ? N_("có") : N_("không");
    case DOC_INTEGER:
    case DOC_DECIMAL:
        return number_show(arena, doc->number, doc->scale);
    case DOC_PERCENT:
        return percent_show(arena, doc->number, doc->denominator);
    case DOC_DATE:
        return date_show(arena, (int32_t)doc->number);
    case DOC_TIME:
        return instant_show(arena, doc->number, doc->scale);
    case DOC_QUANTITY:
        return show_quantity(doc, arena);
    case DOC_TEXT:
        return doc->text;
    }
    return "";
}
