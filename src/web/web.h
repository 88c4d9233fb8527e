/* The web server of one process: pages for people and the same documents as JSON. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/ctx.h"

struct web;
struct worlds;

struct web_options {
    const char *listen;            /* "ADDRESS:PORT"; port 0: any free one */
    const char *certificate, *key; /* files, both or neither: TLS */
    const char *proxy;             /* the address of the proxy in front that ends TLS, or NULL */
    const char *spool;             /* the folder for files that come, NULL: the system's */
};

/* Serve the store's data, and fold deltas beside it. Where others than programs of this machine
 * could come, themselves or through the proxy, there must be accounts, TLS and the setting `site`:
 * ERR_FORBIDDEN says what is missing. ERR_INVALID for what is no address or file, ERR_STORE when it
 * cannot be had. The store and the worlds must outlive the server. */
MUST_CHECK enum status web_start(struct ctx *, struct store *, struct worlds *,
    const struct web_options *, struct web **out);
int web_port(const struct web *);
/* "http://127.0.0.1:8080/" */
const char *web_address(const struct web *);
/* Answers what is under way first. */
void web_stop(struct web *);

#endif
