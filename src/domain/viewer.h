/* Who looks: an account with the roles that it has today. A context without one (cx->viewer is
 * NULL) is the operator's, who is at the machine and may do anything. */
#ifndef DOMAIN_VIEWER_H
#define DOMAIN_VIEWER_H

#include "domain/world.h"

/* A role on a unit. The unit is the one that has taken the place of the granted one by today. */
struct grant {
    const char *role; /* a key of the packs' roles, or ROLE_ADMIN or ROLE_AUDITOR */
    const struct unit *unit;
};

struct viewer {
    int64_t account;
    const char *login, *label;
    int64_t person; /* the number of his or her code in the list of people; 0: nobody there */
    struct grant *grants;
    int grant_count;
};

/* The roles that every database knows besides those of its packs. */
#define ROLE_ADMIN   "quan_tri"
#define ROLE_AUDITOR "kiem_toan"

/* Read an account with its roles of today. ERR_NOT_FOUND when there is none, or it is closed. */
MUST_CHECK enum status viewer_load(struct ctx *, int64_t account, const struct viewer **out);

/* Does the viewer have the role anywhere? The operator has every role. */
bool viewer_has_role(const struct ctx *, const char *role);

#endif
