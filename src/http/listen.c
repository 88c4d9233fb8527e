/* Opening the socket that the server listens on, apart from the library: only so the operator can
 * be told why an address cannot be had. */
#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum {
    BACKLOG = 512,
    SEND_ROOM = 256 * 1024, /* of the system's memory for a client that does not read */
    STUCK_MS = 60 * 1000    /* after which it is given back, also when we have closed already */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool
parse_address(const char *text, int port, union address *out, socklen_t *length)
{
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        *length = sizeof(out->v4);
        return true;
    }
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *length = sizeof(out->v6);
        return true;
    }
    return false;
}

bool
listen_is_loopback(const char *text)
{
    return strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0;
}

const char *
listen_reason(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "một chương trình khác đang dùng địa chỉ và cổng này";
    case EADDRNOTAVAIL:
        return "máy này không có địa chỉ đó";
    case EACCES:
        return "không đủ quyền dùng cổng này; cổng dưới 1024 cần quyền riêng";
    case EAFNOSUPPORT:
        return "máy này không dùng loại địa chỉ đó";
    default:
        return strerrordesc_np(error);
    }
}

static int
port_of(int socket)
{
    union address address;
    socklen_t length = sizeof(address);
    if (getsockname(socket, &address.any, &length) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

const char *
listen_open(const char *text, int port, int *out, int *out_port)
{
    static const int on = 1, room = SEND_ROOM, stuck = STUCK_MS;
    union address address;
    socklen_t length;
    if (!parse_address(text, port, &address, &length))
        return "không phải địa chỉ IPv4 hay IPv6";
    int fd = *out = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return listen_reason(errno);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    /* What follows its connections inherit. */
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &stuck, sizeof(stuck));
    if (bind(fd, &address.any, length) != 0 || listen(fd, BACKLOG) != 0)
        return listen_reason(errno);
    *out_port = port_of(fd);
    return NULL;
}
