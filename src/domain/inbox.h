/* What waits for somebody: records that a viewer is to decide upon, those that were returned to him
 * or her, and tasks that his or her units were given. */
#ifndef DOMAIN_INBOX_H
#define DOMAIN_INBOX_H

#include "domain/record.h"

enum { INBOX_MAX = 100 }; /* of one register */

struct inbox_part {
    const struct reg *reg;
    struct record **records; /* the newest first, at most INBOX_MAX */
    int count;
    bool more;
};

/* Of each register in which something waits for a step that the viewer may take: which records. */
MUST_CHECK enum status inbox_waiting(struct ctx *, struct inbox_part **out, int *count);

/* Records with open remarks that the viewer may edit, the newest first, at most INBOX_MAX. */
MUST_CHECK enum status inbox_returned(struct ctx *, struct record ***out, int *count);

/* Records that name one of the viewer's units to do something by a day, as long as that unit is to
 * go on with them; what is due first comes first, at most INBOX_MAX. Units are given tasks by those
 * above them: the own shard and that of the root are asked. */
struct assigned {
    const struct record *record;
    int32_t due;
};
MUST_CHECK enum status inbox_assigned(struct ctx *, struct assigned **out, int *count);

#endif
