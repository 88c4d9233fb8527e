/* A growing run of bytes in an arena; what writers write into. Always closed by a NUL that is not
 * counted, so `bytes` is a C string once anything was added. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

#include <stdint.h>

struct buf {
    struct arena *arena;
    char *bytes;
    size_t length;
    size_t room;
};

struct buf buf_new(struct arena *);
void buf_add(struct buf *, const void *bytes, size_t length);
void buf_text(struct buf *, const char *text);
void buf_char(struct buf *, char);
void buf_int(struct buf *, int64_t);
void buf_printf(struct buf *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text so far, "" when nothing was added. */
const char *buf_string(const struct buf *);
/* Where bytes go as they are made. What goes wrong there, the receiver keeps. */
struct sink {
    void (*put)(void *to, const char *bytes, size_t length);
    void *to;
};
/* Give all of it away; the room is used again. */
void buf_drain(struct buf *, const struct sink *);
/* Text as the content of an XML or HTML element or of a double-quoted attribute: & < > " '. */
void buf_xml(struct buf *, const char *text);

#endif
