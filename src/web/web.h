/* The web server of one process: pages for people and the same documents as JSON. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/ctx.h"

struct web;
struct worlds;

/* Serve the store's data at "ADDRESS:PORT" (port 0: any free one), and fold deltas beside it. Only
 * loopback addresses are taken: ERR_FORBIDDEN says why. ERR_INVALID for no address at all,
 * ERR_STORE when it cannot be had. The store and the worlds must outlive the server. */
MUST_CHECK enum status web_start(struct ctx *, struct store *, struct worlds *, const char *listen,
    struct web **out);
int web_port(const struct web *);
/* Answers what is under way first. */
void web_stop(struct web *);

#endif
