/* gzip, for what is text and longer than a packet. A request that another site has caused is
 * answered as it is: whoever can have pages asked for and see how long the answers are could guess
 * at what stands in them. */
#include "web/compress.h"

#define ZLIB_CONST /* what is read is not written to */
#include <string.h>
#include <zlib.h>

enum {
    WORTH_IT = 1024,  /* bytes; less fits in one packet either way */
    WINDOW_GZIP = 31, /* zlib's number for its largest window and gzip's head */
    LEVEL_PAGE = 1,   /* made for one reader: three times as fast as the usual level */
    LEVEL_KEPT = 9    /* kept by the reader for good */
};

static bool
is_text(const char *type)
{
    return strncmp(type, "text/", 5) == 0 || strncmp(type, "application/json", 16) == 0 ||
        strcmp(type, "image/svg+xml") == 0;
}

/* "gzip", "gzip, br", "br;q=1.0, gzip;q=0.8"; not "gzip;q=0". */
static bool
takes_gzip(const struct page *page)
{
    const char *accept = request_header(page->request, "accept-encoding");
    const char *gzip = accept == NULL ? NULL : strstr(accept, "gzip");
    return gzip != NULL && strncmp(gzip + 4, ";q=0", 4) != 0;
}

static bool
is_from_another_site(const struct page *page)
{
    const char *site = request_header(page->request, "sec-fetch-site");
    return site != NULL && strcmp(site, "cross-site") == 0;
}

static void *
allocate(void *arena, unsigned count, unsigned size)
{
    return arena_alloc(arena, (size_t)count * size);
}

static void
release(void *arena, void *bytes)
{
    (void)arena; /* goes with the request */
    (void)bytes;
}

/* NULL when it would not be shorter. */
static const char *
gzip(struct arena *arena, const char *bytes, size_t length, int level, size_t *out_length)
{
    z_stream stream = {.zalloc = allocate, .zfree = release, .opaque = arena};
    if (deflateInit2(&stream, level, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    char *out = arena_alloc(arena, length);
    stream.next_in = (const Bytef *)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)length;
    bool is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *out_length = stream.total_out;
    return is_whole ? out : NULL;
}

void
compress_response(struct page *page)
{
    struct response *response = page->response;
    if (!is_text(response->content_type) || response->length < WORTH_IT ||
        response->length > UINT32_MAX)
        return;
    page_header(page, "Vary", "Accept-Encoding, Sec-Fetch-Site");
    if (!takes_gzip(page) || is_from_another_site(page))
        return;
    size_t length;
    const char *bytes = gzip(page->cx->arena, response->bytes, response->length,
        response->cache != NULL ? LEVEL_KEPT : LEVEL_PAGE, &length);
    if (bytes == NULL)
        return;
    response->bytes = bytes;
    response->length = length;
    page_header(page, "Content-Encoding", "gzip");
}
