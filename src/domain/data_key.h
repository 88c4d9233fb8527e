/* The data key: what the secrets of authenticators are encrypted with in the database, so that who
 * gets hold of the database, or of a backup, can make no codes. It lies in a file of its own, and
 * neither in the database nor in its backups. */
#ifndef DOMAIN_DATA_KEY_H
#define DOMAIN_DATA_KEY_H

#include "base/ctx.h"

#include <stdbool.h>

struct data_key {
    unsigned char bytes[32];
};

/* A new one, of random bytes. */
void data_key_new(struct data_key *);
/* Put it into a file that there is not yet, which only its owner may read: 64 hexadecimal digits.
 * ERR_CONFLICT when there is one already. */
MUST_CHECK enum status data_key_write(struct ctx *, const char *path, const struct data_key *);
/* *found: is there such a file? ERR_INVALID when it holds no key, or when everybody may read it. */
MUST_CHECK enum status data_key_read(struct ctx *, const char *path, struct data_key *,
    bool *found);

/* A secret as it stands in the row `owner`, and nowhere else can be read. */
const char *data_key_encrypt(struct arena *, const struct data_key *, int64_t owner,
    const char *secret);
/* The secret; NULL for what this key did not encrypt for this row. */
const char *data_key_decrypt(struct arena *, const struct data_key *, int64_t owner,
    const char *encrypted);

#endif
