/* A proxy appends to X-Forwarded-For whom it was asked by: only the last entry is its own word, all
 * before that is what the client says of itself. */
#include "http/peer.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char mapped[12] = {[10] = 0xff, 0xff};

static void
fill_v4(const struct in_addr *address, struct peer *out)
{
    inet_ntop(AF_INET, address, out->text, sizeof(out->text));
    memcpy(out->net, mapped, sizeof(mapped));
    memcpy(out->net + sizeof(mapped), address, sizeof(*address));
    out->is_local = ntohl(address->s_addr) >> 24 == IN_LOOPBACKNET;
}

static void
fill_v6(const struct in6_addr *address, struct peer *out)
{
    struct in_addr v4;
    if (memcmp(address, mapped, sizeof(mapped)) == 0) {
        memcpy(&v4, address->s6_addr + sizeof(mapped), sizeof(v4));
        fill_v4(&v4, out);
        return;
    }
    inet_ntop(AF_INET6, address, out->text, sizeof(out->text));
    memcpy(out->net, address, sizeof(out->net) / 2);
    out->is_local = IN6_IS_ADDR_LOOPBACK(address);
}

void
peer_of_socket(const struct sockaddr *address, struct peer *out)
{
    *out = (struct peer){0};
    if (address->sa_family == AF_INET)
        fill_v4(&((const struct sockaddr_in *)(const void *)address)->sin_addr, out);
    else if (address->sa_family == AF_INET6)
        fill_v6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, out);
}

bool
peer_of_text(const char *text, struct peer *out)
{
    struct in_addr v4;
    struct in6_addr v6;
    *out = (struct peer){0};
    if (inet_pton(AF_INET, text, &v4) == 1)
        fill_v4(&v4, out);
    else if (inet_pton(AF_INET6, text, &v6) == 1)
        fill_v6(&v6, out);
    return out->text[0] != '\0';
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

void
peer_tell(struct request *request, const struct peer *peer, const char *proxy, bool is_tls,
    struct peer *client)
{
    bool is_proxy = proxy != NULL && strcmp(peer->text, proxy) == 0;
    request->is_secure =
        is_tls || (is_proxy && strcmp(last_entry(request, "x-forwarded-proto"), "https") == 0);
    if (!is_proxy || !peer_of_text(last_entry(request, "x-forwarded-for"), client))
        *client = *peer;
    request->address = arena_strdup(request->arena, client->text);
}
