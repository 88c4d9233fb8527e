/* The inside of shipping: what lies in the folder, and how it hangs together.
 *
 *     SERIES.base      all pages at one moment; its tail says where to go on in the segments
 *     SERIES.NNNNNN    a segment: frames of the write-ahead log, from 000001 on
 *
 * A segment is a run of blocks: a head of BLOCK_HEAD bytes (the length, a check of it, a digest),
 * and whole frames. Each digest is of the one before it and of the block, through all segments. So
 * a block that is missing, changed or out of order is found, and only the end of the last segment
 * may be incomplete: it was being written. A transaction lies in one segment. */
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
    SERIES_LENGTH = 16, /* digits of a time in milliseconds */
    TAIL_LENGTH = 256   /* of a base */
};

/* Between two blocks. */
struct ship_place {
    int segment;
    int64_t offset;
    unsigned char chain[CHAIN]; /* the digest of the block before it; zeros at the beginning */
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

/* Write the tail of a base: from where on segments are to be taken in, and a digest of the whole
 * file. ERR_STORE, with errno. */
MUST_CHECK enum status ship_put_tail(const char *path, const struct ship_pause *,
    const struct ship_place *);
/* Read it, and take it off *length; false when it is not there or the base was changed. */
bool ship_take_tail(const char *bytes, size_t *length, struct ship_place *);

#endif
