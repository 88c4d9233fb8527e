/* Who is at the other end: of a connection, and of a request that came through the proxy in front,
 * by its word. */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H

#include "http/server.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct peer {
    char text[INET6_ADDRSTRLEN]; /* "192.0.2.1", "2001:db8::1"; "" for what has no address */
    unsigned char net[16];       /* what limits count by: an IPv4 address, a /64 of IPv6 */
    bool is_local;               /* a program of this machine */
};

/* An IPv4 address in IPv6's form is the IPv4 address. */
void peer_of_socket(const struct sockaddr *, struct peer *out);
/* False when the text is no address. */
bool peer_of_text(const char *text, struct peer *out);

/* Fill in address and is_secure of a request that came from `peer`, through TLS or not, and make
 * *client whoever asks. What headers say is believed of `proxy` (or NULL) only. */
void peer_tell(struct request *, const struct peer *peer, const char *proxy, bool is_tls,
    struct peer *client);

#endif
