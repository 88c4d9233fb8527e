/* Answers made smaller for readers who take gzip. */
#ifndef WEB_COMPRESS_H
#define WEB_COMPRESS_H

#include "web/page.h"

/* Compress the response's bytes where that is worth it, and say so in its headers. */
void compress_response(struct page *);

#endif
