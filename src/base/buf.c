/* A growing run of bytes in an arena. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

struct buf
buf_new(struct arena *arena)
{
    return (struct buf){.arena = arena};
}

static void
make_room(struct buf *buf, size_t more)
{
    size_t need = buf->length + more + 1;
    if (need <= buf->room)
        return;
    size_t room = buf->room < 128 ? 128 : buf->room * 2;
    if (room < need)
        room = need;
    buf->bytes = arena_grow(buf->arena, buf->bytes, buf->length, room);
    buf->room = room;
}

void
buf_add(struct buf *buf, const void *bytes, size_t length)
{
    make_room(buf, length);
    if (length > 0)
        memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    buf->bytes[buf->length] = '\0';
}

void
buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void
buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void
buf_int(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    buf_add(buf, digits + at, sizeof(digits) - at);
}

void
buf_drain(struct buf *buf, const struct sink *sink)
{
    if (buf->length > 0)
        sink->put(sink->to, buf->bytes, buf->length);
    buf->length = 0;
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    make_room(buf, (size_t)length);
    vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, arguments);
    buf->length += (size_t)length;
    va_end(arguments);
}

const char *
buf_string(const struct buf *buf)
{
    return buf->length > 0 ? buf->bytes : "";
}

void
buf_xml(struct buf *buf, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");
        buf_add(buf, text, plain);
        text += plain;
        switch (*text++) {
        case '\0':
            return;
        case '&':
            buf_text(buf, "&amp;");
            break;
        case '<':
            buf_text(buf, "&lt;");
            break;
        case '>':
            buf_text(buf, "&gt;");
            break;
        case '"':
            buf_text(buf, "&quot;");
            break;
        case '\'':
            buf_text(buf, "&#39;");
            break;
        }
    }
}
