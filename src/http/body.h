/* Where the bytes of a body go as they come: into memory as they are or as a form, or, of
 * multipart/form-data, texts into the form and files into the spool. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/request.h"

struct body;

/* Begin with a request whose head is there. NULL, or why its body is not taken. */
MUST_CHECK const struct refusal *body_begin(struct request *, const struct server_options *,
    struct body **out);
/* The library takes no answer in the middle of a body: of one that is refused the rest is thrown
 * away. */
void body_feed(struct body *, const char *bytes, size_t length);
/* That was all; the request has it now. NULL, or what was wrong. */
MUST_CHECK const struct refusal *body_end(struct body *);

#endif
