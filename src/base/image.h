/* Pictures without what their makers did not mean to tell: place, camera, owner, time. */
#ifndef BASE_IMAGE_H
#define BASE_IMAGE_H

#include "base/arena.h"

/* The same picture without metadata: of a JPEG the segments APP1 to APP15 but for the colour
 * profile (ICC) and Adobe's, and comments (ISO/IEC 10918-1); of a PNG the chunks eXIf, tEXt, zTXt,
 * iTXt and tIME (PNG 1.2, Exif extension). How a JPEG is to be turned is kept, as the only entry of
 * an Exif segment of our own. What is no such picture is given back
 * as it is; NULL: it is one and broken, so that nobody can say what it tells. The result is `bytes`
 * itself or lies in the arena. */
const char *image_strip(struct arena *, const char *bytes, size_t length, size_t *out_length);

#endif
