/* Names, heads of blocks and digests in a folder of shipping. */
#include "store/ship.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *
ship_base_path(struct arena *arena, const char *folder, const char *series)
{
    return arena_printf(arena, "%s/%s.base", folder, series);
}

const char *
ship_segment_path(struct arena *arena, const char *folder, const char *series, int number)
{
    return arena_printf(arena, "%s/%s.%06d", folder, series, number);
}

/* A digest of the chain and more. */
static void
follow(unsigned char *digest, const unsigned char *chain, const unsigned char *length,
    const unsigned char *bytes, size_t count)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, chain, CHAIN);
    crypto_hash_sha256_update(&state, length, BLOCK_LENGTH);
    crypto_hash_sha256_update(&state, bytes, count);
    crypto_hash_sha256_final(&state, digest);
}

void
ship_block_head(unsigned char *head, unsigned char *chain, const unsigned char *bytes,
    size_t length)
{
    unsigned char digest[CHAIN];
    for (int i = 0; i < BLOCK_LENGTH; i++)
        head[i] = (unsigned char)(length >> (24 - 8 * i));
    follow(digest, chain, head, NULL, 0);
    memcpy(head + BLOCK_LENGTH, digest, BLOCK_LENGTH);
    follow(digest, chain, head, bytes, length);
    memcpy(head + 2 * BLOCK_LENGTH, digest, CHAIN);
    memcpy(chain, digest, CHAIN);
}

bool
ship_block_length(const unsigned char *head, const unsigned char *chain, size_t *length)
{
    unsigned char digest[CHAIN];
    *length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    follow(digest, chain, head, NULL, 0);
    return memcmp(head + BLOCK_LENGTH, digest, BLOCK_LENGTH) == 0;
}

/* The tail: a line of TAIL_LENGTH bytes, blanks at its end, with the digest of all before it and of
 * its own first part. */

enum { HEX = 2 * CHAIN, WHERE_LENGTH = 120 };

static void
where_text(const struct ship_place *place, char *to)
{
    char chain[HEX + 1];
    sodium_bin2hex(chain, sizeof(chain), place->chain, CHAIN);
    snprintf(to, WHERE_LENGTH + 1, "\nchithi base 1 %06d %020lld %s", place->segment,
        (long long)place->offset, chain);
}

static void
tail_text(const struct ship_place *place, crypto_hash_sha256_state *state, char *to)
{
    unsigned char digest[CHAIN];
    char where[WHERE_LENGTH + 1], hex[HEX + 1];
    where_text(place, where);
    crypto_hash_sha256_update(state, (const unsigned char *)where, strlen(where));
    crypto_hash_sha256_final(state, digest);
    snprintf(to, TAIL_LENGTH + 1, "%s %-*s\n", where, (int)(TAIL_LENGTH - strlen(where) - 2),
        sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest)));
}

static bool
add_file(int file, const struct ship_pause *pause, crypto_hash_sha256_state *state)
{
    unsigned char room[64 * 1024];
    ssize_t n;
    while ((n = read(file, room, sizeof(room))) > 0) {
        crypto_hash_sha256_update(state, room, (unsigned long long)n);
        pause->call(pause->thing);
    }
    return n == 0;
}

enum status
ship_put_tail(const char *path, const struct ship_pause *pause, const struct ship_place *place)
{
    char tail[TAIL_LENGTH + 1];
    crypto_hash_sha256_state state;
    int file = open(path, O_RDWR | O_CLOEXEC);
    crypto_hash_sha256_init(&state);
    bool done = file >= 0 && add_file(file, pause, &state);
    tail_text(place, &state, tail);
    done = done && write(file, tail, TAIL_LENGTH) == TAIL_LENGTH && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return done ? OK : ERR_STORE;
}

bool
ship_take_tail(const char *bytes, size_t *length, struct ship_place *place)
{
    char wanted[TAIL_LENGTH + 1], chain[HEX + 1];
    long long offset;
    crypto_hash_sha256_state state;
    if (*length <= TAIL_LENGTH)
        return false;
    *length -= TAIL_LENGTH;
    const char *tail = bytes + *length;
    char *copy = memcpy(wanted, tail, TAIL_LENGTH);
    copy[TAIL_LENGTH] = '\0';
    if (sscanf(copy, "\nchithi base 1 %6d %20lld %64[0-9a-f]", &place->segment, &offset, chain) !=
            3 ||
        sodium_hex2bin(place->chain, CHAIN, chain, strlen(chain), NULL, NULL, NULL) != 0)
        return false;
    place->offset = offset;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)bytes, *length);
    tail_text(place, &state, wanted);
    return memcmp(wanted, tail, TAIL_LENGTH) == 0;
}
