/* A proxy appends to X-Forwarded-For whom it was asked by: only the last entry is its own word, all
 * before that is what the client says of itself. */
#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

const char *
peer_text(struct arena *arena, const struct sockaddr *address)
{
    static const unsigned char mapped[12] = {[10] = 0xff, 0xff};
    char *text = arena_alloc(arena, INET6_ADDRSTRLEN);
    const struct sockaddr_in6 *v6 = (const void *)address;
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text,
            INET6_ADDRSTRLEN);
    else if (address->sa_family == AF_INET6 && memcmp(&v6->sin6_addr, mapped, sizeof(mapped)) == 0)
        inet_ntop(AF_INET, v6->sin6_addr.s6_addr + sizeof(mapped), text, INET6_ADDRSTRLEN);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, text, INET6_ADDRSTRLEN);
    return text;
}

/* What follows the last comma of the last header of that name, without blanks; "" without one. */
static const char *
last_entry(const struct request *request, const char *name)
{
    const char *value = "";
    for (int i = 0; i < request->header_count; i++) {
        if (strcmp(request->headers[i].name, name) == 0)
            value = request->headers[i].value;
    }
    const char *comma = strrchr(value, ',');
    value = comma == NULL ? value : comma + 1;
    value += strspn(value, " \t");
    return arena_strndup(request->arena, value, strcspn(value, " \t"));
}

/* NULL when it is none. */
static const char *
address_of(struct arena *arena, const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return peer_text(arena, (const void *)&v4);
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        return peer_text(arena, (const void *)&v6);
    return NULL;
}

void
peer_tell(struct request *request, const char *peer, const char *proxy, bool is_tls)
{
    request->address = peer;
    request->is_secure = is_tls;
    if (proxy == NULL || strcmp(peer, proxy) != 0)
        return;
    const char *client = address_of(request->arena, last_entry(request, "x-forwarded-for"));
    if (client != NULL)
        request->address = client;
    if (strcmp(last_entry(request, "x-forwarded-proto"), "https") == 0)
        request->is_secure = true;
}
