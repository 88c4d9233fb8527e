/* Going through the segments of a JPEG and the chunks of a PNG. */
#include "base/image.h"

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static unsigned
big16(const char *at)
{
    return (unsigned)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static uint32_t
big32(const char *at)
{
    return (uint32_t)big16(at) << 16 | big16(at + 2);
}

/* JPEG */

enum {
    SOI = 0xd8,
    SOS = 0xda,
    APP0 = 0xe0,
    APP1 = 0xe1,
    APP2 = 0xe2,
    APP14 = 0xee,
    APP15 = 0xef,
    COM = 0xfe
};

static bool
is_kept(int marker, const char *content, size_t length)
{
    static const char profile[] = "ICC_PROFILE";
    if (marker == COM)
        return false;
    if (marker < APP1 || marker > APP15)
        return true;
    if (marker == APP2)
        return length >= sizeof(profile) && memcmp(content, profile, sizeof(profile)) == 0;
    return marker == APP14;
}

/* A number of two bytes in the order that the Exif block has. */
static unsigned
exif16(const char *at, bool is_big)
{
    return is_big ? big16(at) : (unsigned)(unsigned char)at[1] << 8 | (unsigned char)at[0];
}

/* The entry Orientation (0x0112) of the first directory of an Exif block; 1, as it stands, when
 * there is none. */
static unsigned
orientation_of(const char *content, size_t length)
{
    enum { HEAD = 6, FIRST = 8, ENTRY = 12, TAG = 0x0112 };
    if (length < HEAD + FIRST + 2 || memcmp(content, "Exif\0", HEAD) != 0)
        return 1;
    const char *tiff = content + HEAD;
    size_t rest = length - HEAD;
    bool is_big = tiff[0] == 'M';
    /* Nobody writes the first directory anywhere but behind the head. */
    unsigned count = exif16(tiff + FIRST, is_big);
    for (unsigned i = 0; i < count && FIRST + 2 + (i + 1) * (size_t)ENTRY <= rest; i++) {
        const char *entry = tiff + FIRST + 2 + i * (size_t)ENTRY;
        unsigned value = exif16(entry + 8, is_big);
        if (exif16(entry, is_big) == TAG)
            return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

static void
add_orientation(struct buf *out, unsigned orientation)
{
    static const char segment[] = "\xff\xe1\x00\x22"
                                  "Exif\0\0"
                                  "MM\0\x2a\0\0\0\x08"
                                  "\0\x01"
                                  "\x01\x12\0\x03\0\0\0\x01\0";
    buf_add(out, segment, sizeof(segment) - 1);
    buf_char(out, (char)orientation);
    buf_add(out, "\0\0\0\0\0\0", 6);
}

static const char *
strip_jpeg(struct arena *arena, const char *bytes, size_t length, size_t *out_length)
{
    struct buf out = buf_new(arena);
    size_t at = 2;
    buf_add(&out, bytes, 2);
    while (at + 4 <= length && (unsigned char)bytes[at] == 0xff) {
        if ((unsigned char)bytes[at + 1] == 0xff) { /* a fill byte */
            at++;
            continue;
        }
        int marker = (unsigned char)bytes[at + 1];
        size_t size = big16(bytes + at + 2);
        if (marker == SOS)
            break;
        if (marker < 0xc0 || size < 2 || at + 2 + size > length)
            return NULL;
        const char *content = bytes + at + 4;
        unsigned orientation = marker == APP1 ? orientation_of(content, size - 2) : 1;
        if (is_kept(marker, content, size - 2))
            buf_add(&out, bytes + at, size + 2);
        else if (orientation != 1)
            add_orientation(&out, orientation);
        at += 2 + size;
    }
    if (at + 4 > length || (unsigned char)bytes[at] != 0xff)
        return NULL;
    buf_add(&out, bytes + at, length - at);
    *out_length = out.length;
    return out.bytes;
}

/* PNG */

static bool
tells(const char *type)
{
    static const char told[][5] = {"eXIf", "tEXt", "zTXt", "iTXt", "tIME"};
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (memcmp(type, told[i], 4) == 0)
            return true;
    }
    return false;
}

static const char *
strip_png(struct arena *arena, const char *bytes, size_t length, size_t *out_length)
{
    enum { HEAD = 8, AROUND = 12 };
    struct buf out = buf_new(arena);
    size_t at = HEAD;
    buf_add(&out, bytes, HEAD);
    while (at + AROUND <= length) {
        size_t size = big32(bytes + at);
        const char *type = bytes + at + 4;
        if (size > length - at - AROUND)
            return NULL;
        if (!tells(type))
            buf_add(&out, bytes + at, size + AROUND);
        at += size + AROUND;
        if (memcmp(type, "IEND", 4) == 0) {
            *out_length = out.length;
            return out.bytes;
        }
    }
    return NULL;
}

const char *
image_strip(struct arena *arena, const char *bytes, size_t length, size_t *out_length)
{
    static const char png[] = "\x89PNG\r\n\x1a\n";
    *out_length = length;
    if (length > 4 && (unsigned char)bytes[0] == 0xff && (unsigned char)bytes[1] == SOI)
        return strip_jpeg(arena, bytes, length, out_length);
    if (length > 8 && memcmp(bytes, png, 8) == 0)
        return strip_png(arena, bytes, length, out_length);
    return bytes;
}
