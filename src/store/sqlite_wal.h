/* The format of SQLite's write-ahead log, as far as shipping reads it: a head of 32 bytes, then
 * frames of 24 bytes and a page, each with a checksum of all before it. */
#ifndef STORE_SQLITE_WAL_H
#define STORE_SQLITE_WAL_H

#include <stdbool.h>
#include <stdint.h>

enum { WAL_HEAD = 32, WAL_FRAME_HEAD = 24 };

/* A place in a log. */
struct wal {
    bool is_big;      /* checksums are of words whose first byte is the highest */
    int page;         /* bytes */
    uint32_t salt[2]; /* changes whenever the log begins anew */
    uint32_t sum[2];  /* of everything before this place */
    int64_t frames;   /* before this place */
};

/* The place after the head; false when it is none. */
bool wal_begin(const unsigned char *head, struct wal *);
/* Go on behind a frame; false, and the place stays, when it is not the next one of this log.
 * *commits: a transaction ends with it. */
bool wal_next(struct wal *, const unsigned char *frame, bool *commits);
/* Where in the file the place is. */
int64_t wal_offset(const struct wal *);
/* Of the same log? */
bool wal_is_same(const struct wal *, const struct wal *);

#endif
