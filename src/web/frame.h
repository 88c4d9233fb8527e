/* What stands around the data of every page besides its menu. */
#ifndef WEB_FRAME_H
#define WEB_FRAME_H

#include "web/page.h"

/* Into "page": the script and icons, the items at the bottom of a phone's screen, the size of text
 * and where its choice leads back to. */
void frame_add(struct page *);

/* Keep what was chosen in the frame for a year, and go back to the page that it was chosen on. */
void frame_cookie(struct page *, const char *name, const char *value);

#endif
