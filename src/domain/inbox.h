/* What waits for somebody: records that a viewer is to decide upon, and those that were returned to
 * him or her. */
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

#endif
