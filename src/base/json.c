/* The document tree as JSON: what the API sends. Only written here; what clients send is read by a
 * library where it arrives. */
#include "base/doc.h"

#include "base/date.h"
#include "base/number.h"
#include "base/status.h"

#include <inttypes.h>
#include <stdio.h>

static bool
must_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static void
write_escape(char c, struct buf *out)
{
    static const char named[][2] = {{'"', '"'}, {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'},
        {'\r', 'r'}, {'\t', 't'}};
    for (size_t i = 0; i < COUNT_OF(named); i++)
        if (named[i][0] == c) {
            buf_add(out, (char[]){'\\', named[i][1]}, 2);
            return;
        }
    buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

static void
write_text(const char *text, struct buf *out)
{
    buf_char(out, '"');
    for (;;) {
        size_t plain = 0;
        while (!must_escape(text[plain]))
            plain++;
        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        write_escape(*text++, out);
    }
    buf_char(out, '"');
}

static void
write_integer(int64_t value, struct buf *out)
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), "%" PRId64, value);
    buf_add(out, digits, (size_t)length);
}

/* The number that the page shows, so that the two never differ: "1.098,8%" is 1098.8. */
static void
write_percent(const struct doc *doc, struct buf *out)
{
    for (const char *c = percent_show(out->arena, doc->number, doc->denominator); *c != '%'; c++)
        if (*c != '.')
            buf_char(out, *c == ',' ? '.' : *c);
}

static void
write_line(int depth, struct buf *out)
{
    buf_char(out, '\n');
    for (int i = 0; i < depth; i++)
        buf_add(out, "  ", 2);
}

static void write_value(const struct doc *, int depth, struct buf *out);

static void
write_children(const struct doc *doc, int depth, struct buf *out)
{
    buf_char(out, doc->type == DOC_LIST ? '[' : '{');
    for (const struct doc *child = doc->first; child != NULL; child = child->next) {
        write_line(depth + 1, out);
        if (child->key != NULL) {
            write_text(child->key, out);
            buf_add(out, ": ", 2);
        }
        write_value(child, depth + 1, out);
        if (child->next != NULL)
            buf_char(out, ',');
    }
    if (doc->first != NULL)
        write_line(depth, out);
    buf_char(out, doc->type == DOC_LIST ? ']' : '}');
}

static void
write_value(const struct doc *doc, int depth, struct buf *out)
{
    switch (doc->type) {
    case DOC_OBJECT:
    case DOC_LIST:
        write_children(doc, depth, out);
        break;
    case DOC_NULL:
        buf_text(out, "null");
        break;
    case DOC_BOOL:
        buf_text(out, doc->number != 0 ? "true" : "false");
        break;
    case DOC_INTEGER:
        write_integer(doc->number, out);
        break;
    case DOC_DECIMAL:
    case DOC_QUANTITY:
        buf_text(out, number_plain(out->arena, doc->number, doc->scale));
        break;
    case DOC_PERCENT:
        write_percent(doc, out);
        break;
    case DOC_DATE:
        write_text(date_iso(out->arena, (int32_t)doc->number), out);
        break;
    case DOC_TIME:
        write_text(instant_iso(out->arena, doc->number), out);
        break;
    case DOC_TEXT:
        write_text(doc->text, out);
        break;
    }
}

void
doc_json(const struct doc *doc, struct buf *out)
{
    write_value(doc, 0, out);
    buf_char(out, '\n');
}
