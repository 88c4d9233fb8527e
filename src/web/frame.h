/* What stands around the data of every page besides its menu. */
#ifndef WEB_FRAME_H
#define WEB_FRAME_H

#include "web/page.h"

/* Into "page": the script and icons, the items at the bottom of a phone's screen, the size of text
 * and where its choice leads back to. */
void frame_add(struct page *);

#endif
