/* What disk.c and disk_crash.c share: the contents of files, and the log. */
#ifndef TEST_DISK_INSIDE_H
#define TEST_DISK_INSIDE_H

#include "disk.h"

enum { SECTOR = 4096 };

/* A sector is shared by copies of a content until one of them writes to it. */
struct sector {
    int references;
    unsigned char bytes[SECTOR];
};

struct content {
    struct sector **sectors; /* NULL: never written, reads as zeros */
    int64_t room;            /* of the array */
    int64_t size;            /* in bytes */
};

void content_read(const struct content *, int64_t at, void *out, int64_t length);
void content_write(struct content *, int64_t at, const void *bytes, int64_t length);
void content_truncate(struct content *, int64_t size);
struct content content_copy(const struct content *);
void content_free(struct content *);
/* The first part of a new sector, to be filled. */
struct sector *content_sector(struct content *, int64_t number);

enum entry_kind {
    ENTRY_MAKE,
    ENTRY_WRITE,
    ENTRY_TRUNCATE,
    ENTRY_SYNC,
    ENTRY_REMOVE,
    ENTRY_SYNC_NAMES /* of the folder: what was made and removed before */
};

struct entry {
    enum entry_kind kind;
    int file;             /* its number on the disk */
    int64_t at, length;   /* of a write; at: the new size of a truncation */
    unsigned char *bytes; /* of a write */
};

const struct entry *disk_entry(const struct disk *, int64_t number);
int disk_file_count(const struct disk *);
const char *disk_file_name(const struct disk *, int number);
/* What a file held before the log began; NULL when it was not there. */
const struct content *disk_first(const struct disk *, int number);
/* Put a file on a disk that nobody uses yet; the content is the disk's from then on. */
void disk_put(struct disk *, const char *name, struct content);

#endif
