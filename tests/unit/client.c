/* HTTP/1.1 over a socket of the loopback, as little of it as the tests of the server need. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
client_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval patience = {.tv_sec = 60};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
close_socket(void *client)
{
    close(((struct client *)client)->fd);
}

struct client *
client_new(struct arena *arena, int port)
{
    struct client *client = ARENA_NEW(arena, struct client);
    client->arena = arena;
    client->in = buf_new(arena);
    client->fd = client_connect(port);
    if (client->fd < 0)
        return NULL;
    arena_defer(arena, close_socket, client);
    return client;
}

bool
client_send(const struct client *client, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool
client_say(const struct client *client, const char *text)
{
    return client_send(client, text, strlen(text));
}

bool
client_receive(struct client *client)
{
    char bytes[16 * 1024];
    errno = 0;
    ssize_t length = recv(client->fd, bytes, sizeof(bytes), 0);
    if (length <= 0)
        return false;
    buf_add(&client->in, bytes, (size_t)length);
    return true;
}

const char *
header_value(const struct reply *reply, const char *name)
{
    char line[80];
    snprintf(line, sizeof(line), "\r\n%s: ", name);
    const char *found = strcasestr(reply->head, line);
    return found == NULL ? NULL : found + strlen(line);
}

bool
header_is(const struct reply *reply, const char *name, const char *value)
{
    const char *found = header_value(reply, name);
    return found != NULL && strncmp(found, value, strlen(value)) == 0 &&
        strncmp(found + strlen(value), "\r\n", 2) == 0;
}

static bool
read_head(struct client *client, struct reply *reply)
{
    const char *end;
    while ((end = strstr(buf_string(&client->in) + client->used, "\r\n\r\n")) == NULL) {
        if (!client_receive(client))
            return false;
    }
    const char *start = client->in.bytes + client->used;
    reply->head = arena_strndup(client->arena, start, (size_t)(end - start) + 2);
    client->used += (size_t)(end - start) + 4;
    return sscanf(reply->head, "HTTP/1.1 %d", &reply->code) == 1;
}

bool
client_read(struct client *client, bool has_body, struct reply *reply)
{
    if (!read_head(client, reply))
        return false;
    const char *length = header_value(reply, "Content-Length");
    reply->length = has_body && length != NULL ? strtoul(length, NULL, 10) : 0;
    while (client->in.length - client->used < reply->length) {
        if (!client_receive(client))
            return false;
    }
    reply->body = reply->length == 0
        ? ""
        : arena_strndup(client->arena, client->in.bytes + client->used, reply->length);
    client->used += reply->length;
    return true;
}

bool
client_is_at_end(struct client *client)
{
    return client->used == client->in.length && !client_receive(client);
}

bool
client_drain(struct client *client)
{
    while (client_receive(client))
        continue;
    return errno != EAGAIN;
}
