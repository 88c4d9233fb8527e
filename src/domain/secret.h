/* What nobody may know: passwords and their hashes, tokens and their digests, the codes of an
 * authenticator. Who they belong to is not known here. */
#ifndef DOMAIN_SECRET_H
#define DOMAIN_SECRET_H

#include "base/ctx.h"

#include <stdbool.h>

/* What a hash costs; never less than the first values. */
enum {
    ARGON2_KIB = 19456,
    ARGON2_PASSES = 2,
    ARGON2_KIB_MAX = 1024 * 1024,
    ARGON2_PASSES_MAX = 64
};
enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200 }; /* characters */

/* Measure how many passes a hash of ARGON2_KIB may take on this machine: ARGON2_PASSES, doubled as
 * long as that is at most 25 ms of CPU, so that two measurements on one machine agree. */
MUST_CHECK enum status secret_calibrate(struct ctx *, int *passes);

/* The hash of a password by the settings of the world, with all that checking it needs. */
MUST_CHECK enum status secret_hash(struct ctx *, const char *password, const char **out);
/* Is it the password of the hash? NULL, of whom there is none, takes as long and is not. */
MUST_CHECK enum status secret_verify(struct ctx *, const char *hash, const char *password,
    bool *out);
/* Does the hash cost another amount than the settings say? */
bool secret_needs_rehash(const struct ctx *, const char *hash);

/* May this be the password of whoever signs in as `login`? A fault of the field `field` says what
 * would be right. */
MUST_CHECK enum status secret_check_password(struct ctx *, const char *field, const char *password,
    const char *login);

/* 32 random bytes as 43 letters, digits, - and _. */
const char *secret_token(struct arena *);
/* What is kept of a token, or of a recovery code: it does not lead back. */
const char *secret_digest(struct arena *, const char *token);
/* A text for which who has the token shows that he has it: `purpose` tells them apart. */
const char *secret_proof(struct arena *, const char *token, const char *purpose);
/* Compare without telling by the time how much was right. */
bool secret_equal(const char *, const char *);

/* One-time codes of half a minute (TOTP, RFC 6238). The secret is 32 letters and digits. */
const char *totp_new(struct arena *);
bool totp_is_secret(const char *);
/* What an authenticator is set up by: "otpauth://totp/chithi:lan?secret=…". */
const char *totp_address(struct arena *, const char *secret, const char *login);
/* The half minute that a code is of: now, the one before or the one after, and later than `last`;
 * -1 when it is of none. */
int64_t totp_step(struct arena *, const char *secret, const char *code, int64_t now, int64_t last);
/* The code of a half minute, as the authenticator shows it. */
const char *totp_code(struct arena *, const char *secret, int64_t step);

enum { RECOVERY_CODES = 10 };
/* A code to keep on paper: "k7qm-2xfa-9vtz-c41d". */
const char *recovery_code(struct arena *);
/* As it was given out, however it was typed. */
const char *recovery_clean(struct arena *, const char *typed);

#endif
