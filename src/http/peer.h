/* Who sent a request, and whether it came through TLS: the client itself, or what the proxy in
 * front says about it. */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H

#include "http/server.h"

#include <sys/socket.h>

/* "192.0.2.1", "2001:db8::1"; an IPv4 address in IPv6's form in its own. "" for what has none. */
const char *peer_text(struct arena *, const struct sockaddr *);

/* Fill in address and is_secure. `peer` is the text of the connection's other end, `is_tls` whether
 * the connection itself is. What a header says is believed of `proxy` (or NULL) only. */
void peer_tell(struct request *, const char *peer, const char *proxy, bool is_tls);

#endif
