/* The socket that the server listens on. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "base/status.h"

#include <stdbool.h>

/* Listen on an IPv4 or IPv6 address. NULL, or why it cannot be had, in Vietnamese. *out is the
 * socket, the caller's to close also on failure; -1 when there is none. */
MUST_CHECK const char *listen_open(const char *address, int port, int *out, int *out_port);

/* Can only programs of this machine reach the address? */
bool listen_is_loopback(const char *address);

/* What an errno means for whoever starts the server. */
const char *listen_reason(int error);

#endif
