/* A small database that is worked on in all usual ways, on a disk of its own (disk.h), durably; and
 * what was acknowledged, when. */
#ifndef TEST_WORK_H
#define TEST_WORK_H

#include "disk.h"
#include "fixture.h"

enum work_kind {
    WORK_CREATE,
    WORK_CHANGE,
    WORK_MOVE,
    WORK_CORRECT,
    WORK_VOID,
    WORK_DECLARE,
    WORK_IMPORT,
    WORK_FOLD,
    WORK_UNIT,
    WORK_APPLY,
    WORK_GROUP, /* several threads create a record each */
    WORK__COUNT
};
extern const char *const work_names[WORK__COUNT];

/* From this moment on this version of a record was said to be on the disk. */
struct work_ack {
    int64_t moment;
    char code[16];
    int64_t version;
};

struct work {
    struct fixture fixture; /* of the database on the disk */
    struct disk *disk;
    bool is_volatile;
    uint64_t random;
    struct work_ack *acks;
    int ack_count, ack_room;
    int done[WORK__COUNT];
    int number;     /* of the operation, so that no two are alike */
    bool has_third; /* of the choices: which version of the pack is in force */
};

/* Make the database and its pack and units. */
void work_new(struct work *, uint64_t seed, bool is_volatile);
void work_free(struct work *);
/* End the process that works, as it should end, and start it again. */
void work_restart(struct work *);

/* One operation. OK also where it found nothing to do. */
MUST_CHECK enum status work_do(struct work *, enum work_kind);
enum work_kind work_some(struct work *);

/* Open a database of the work on a disk that is in use; with `make` it may be there in part or not
 * at all, and is made. */
MUST_CHECK enum status work_open(struct ctx *, bool make, bool is_volatile);
/* Make what is not there yet: tables, pack, units. */
MUST_CHECK enum status work_make(struct ctx *);
void work_close(struct ctx *);
extern const char work_path[];

#endif
