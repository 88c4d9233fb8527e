/* A disk in memory that SQLite takes for the machine's own, for tests of what a crash or a failing
 * disk leaves behind. It writes down everything that is done to its files. From that log it tells
 * what may be found after the power went at any moment (disk_crash.c): what was written since a
 * file's last sync may be lost, torn or there in any order; what was synced is there. */
#ifndef TEST_DISK_H
#define TEST_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct disk;

struct disk *disk_new(uint64_t seed);
void disk_free(struct disk *);
/* Files are opened on this disk from now on; NULL: on the machine's own again. */
void disk_use(struct disk *);

/* Failing */

enum {
    DISK_READ = 1,
    DISK_WRITE = 2,
    DISK_SYNC = 4,
    DISK_OPEN = 8,
    DISK_GROW = 16 /* a write that makes a file larger: the disk is full */
};

/* Let the n-th of these calls from now on fail, and, if it stays so, all that follow. */
void disk_fail(struct disk *, int calls, int64_t nth, bool stays);
/* Nothing fails any more; how many calls have failed. */
int64_t disk_heal(struct disk *);
/* A disk that lies: it says that files whose names end so are synced, and has done nothing. */
void disk_ignore_syncs(struct disk *, const char *ending);

/* The log. A moment is the number of its entries before it. */

int64_t disk_moment(struct disk *);

struct crash;
/* Begins at moment 0: nothing is on the disk, or what crash_disk put there. */
struct crash *crash_new(struct disk *);
void crash_free(struct crash *);
/* On to the next moment; false at the end of the log. *synced (may be NULL): it was a sync. */
bool crash_step(struct crash *, bool *synced);
int64_t crash_moment(const struct crash *);

/* What happens to that which is not synced. */
enum fate {
    FATE_LOST,
    FATE_KEPT,
    FATE_FIRST, /* what came first is there, the last of it torn */
    FATE_LAST,  /* what came last is there */
    FATE_ANY,   /* any sectors of any writes, torn ones among them */
    FATE__COUNT
};
/* A disk as it may be found after a crash at this moment. */
struct disk *crash_disk(struct crash *, enum fate, uint64_t seed);

/* Chance, the same again for the same seed. */
uint64_t chance_next(uint64_t *state);
int64_t chance_below(uint64_t *state, int64_t limit);

#endif
