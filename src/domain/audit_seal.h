/* What sealing and verifying share: src/domain/audit*.c only. */
#ifndef DOMAIN_AUDIT_SEAL_H
#define DOMAIN_AUDIT_SEAL_H

#include "domain/audit.h"
#include "store/store.h"

enum {
    DIGEST_BYTES = AUDIT_DIGEST_LENGTH / 2,
    ID_BYTES = 8,
    MEMBER_BYTES = ID_BYTES + DIGEST_BYTES /* of one row in a seal's `members` */
};

struct audit_seal {
    int64_t shard, n, at;
    const unsigned char *members;
    size_t length; /* of the members, in bytes */
};

/* The digest of the row that stands in a query with the columns of audit_from: of every column and
 * the shard, each with its length, so that nothing can be moved from one to another. */
void audit_row_digest(const struct query *, int64_t shard, unsigned char out[DIGEST_BYTES]);

/* The digest of a seal upon the one before, in hexadecimal digits; `before` is "" for the first. */
const char *audit_seal_digest(struct arena *, const char *before, const struct audit_seal *);

int64_t audit_member_id(const unsigned char *member);

#endif
