/* A text as a QR code that a phone reads off the screen: one path of SVG. */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "base/arena.h"

#include <stdbool.h>

enum { QR_MARGIN = 4 }; /* modules on each side that stay white, as the standard asks */

struct qr {
    int side;         /* of the whole, in modules, with its margin */
    const char *path; /* of all dark modules */
};

/* false for a text that is too long for one, some 2,300 bytes. */
bool qr_draw(struct arena *, const char *text, struct qr *out);

#endif
