/* Names, heads of blocks and digests in a folder of shipping. */
#include "store/ship.h"

#include <fcntl.h>
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

enum status
ship_file_digest(const char *path, const struct ship_pause *pause, unsigned char *chain)
{
    unsigned char room[64 * 1024];
    crypto_hash_sha256_state state;
    ssize_t n;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return ERR_STORE;
    crypto_hash_sha256_init(&state);
    while ((n = read(file, room, sizeof(room))) > 0) {
        crypto_hash_sha256_update(&state, room, (unsigned long long)n);
        pause->call(pause->thing);
    }
    close(file);
    crypto_hash_sha256_final(&state, chain);
    return n == 0 ? OK : ERR_STORE;
}
