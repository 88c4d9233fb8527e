/* The inside of shipping: what lies in the folder, and how it hangs together.
 *
 *     SERIES.base      all pages at one moment
 *     SERIES.NNNNNN    a segment: the write-ahead log from then on, one log a file, from 000001
 *
 * A segment is a run of blocks: a head of BLOCK_HEAD bytes (the length, then a digest), and bytes
 * of the log. Each digest is of the one before it and of the block; the first is of the base. So a
 * block that is missing, changed or out of order is found, and only the end of the last segment may
 * be incomplete: it was being written. */
#ifndef STORE_SHIP_H
#define STORE_SHIP_H

#include "base/arena.h"
#include "base/status.h"

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHAIN = crypto_hash_sha256_BYTES,
    BLOCK_LENGTH = 4, /* bytes of the length, and of what it is checked by */
    BLOCK_HEAD = 2 * BLOCK_LENGTH + CHAIN,
    BLOCK_MOST = 4 * 1024 * 1024,
    SERIES_LENGTH = 16 /* digits of a time in milliseconds */
};

const char *ship_base_path(struct arena *, const char *folder, const char *series);
const char *ship_segment_path(struct arena *, const char *folder, const char *series, int number);

/* The head of a block that follows what has the digest `chain`, which becomes its own. */
void ship_block_head(unsigned char *head, unsigned char *chain, const unsigned char *bytes,
    size_t length);
/* The length in a head that follows what has the digest `chain`; false when it is none. */
bool ship_block_length(const unsigned char *head, const unsigned char *chain, size_t *length);

/* Something that must go on while something long is done. */
struct ship_pause {
    void (*call)(void *thing);
    void *thing;
};

/* The digest of a whole file; ERR_STORE, with errno. */
MUST_CHECK enum status ship_file_digest(const char *path, const struct ship_pause *,
    unsigned char *chain);

#endif
