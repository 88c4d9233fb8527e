/* Reading multipart/form-data as it comes, in pieces of any size: where each part begins and ends.
 * As browsers write it and no freer: nothing before the first delimiter, CRLF everywhere, nothing
 * after the last. Where the bytes go is the receiver's. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/request.h"

/* The head of a part. */
struct part {
    const char *name;
    const char *filename; /* without folders; NULL: the part is no file */
    const char *type;     /* Content-Type, or NULL */
};

/* Whom the parts are told to, in order. A refusal ends the reading. */
struct receiver {
    const struct refusal *(*begin)(void *to, const struct part *);
    const struct refusal *(*bytes)(void *to, const char *bytes, size_t length);
    const struct refusal *(*end)(void *to);
    void *to;
};

struct multipart;

/* Is it the type of such a body? */
bool multipart_is_type(const char *content_type);
/* Begin, in the arena. NULL, or what is wrong with the boundary that the type tells. */
MUST_CHECK const struct refusal *multipart_new(struct arena *, const char *content_type,
    const struct receiver *, struct multipart **out);
/* Read on. NULL, or what is wrong: then nothing may follow. */
MUST_CHECK const struct refusal *multipart_feed(struct multipart *, const char *bytes,
    size_t length);
/* That was all. */
MUST_CHECK const struct refusal *multipart_end(const struct multipart *);

#endif
