/* Signing in: a password, then for some roles a one-time code. Whoever is refused is told the same
 * and waits as long, whether or not there is such an account. */
#ifndef DOMAIN_SIGN_IN_H
#define DOMAIN_SIGN_IN_H

#include "domain/account.h"
#include "domain/throttle.h"

enum { CODE_MINUTES = 10 }; /* between the password and the code */

struct sign_in {
    struct throttle *throttle;
    const char *network;    /* throttle_network */
    const char *device;     /* the token of the browser's device, or NULL */
    struct attempt attempt; /* out */
    int64_t wait_ms;        /* out: after ERR_LIMIT, how long until the next attempt */
};

/* What was begun is done: nothing is held against the account. Or it goes on with a code: this step
 * is held against nobody. */
void sign_in_succeeded(const struct ctx *, const struct sign_in *);
void sign_in_goes_on(const struct ctx *, const struct sign_in *);

/* The account of a login and its password. ERR_FORBIDDEN when they do not fit, ERR_LIMIT when it is
 * too early to try; neither tells whether there is such an account. */
MUST_CHECK enum status sign_in_password(struct ctx *, struct sign_in *, const char *login,
    const char *password, struct account **out);

/* What is asked besides the password: nothing, a code, or first that an authenticator is set up.
 * Roles that decide, inspect or administer need a code unless the setting `totp` is off; who has
 * set up an authenticator is asked in any case. `device`: the remembered browser's token, or NULL.
 */
enum sign_in_need { NEED_NOTHING, NEED_CODE, NEED_SET_UP };
MUST_CHECK enum status sign_in_need(struct ctx *, const struct account *, const char *device,
    enum sign_in_need *out);
/* Does one of the account's roles need codes? */
MUST_CHECK enum status sign_in_role_needs_code(struct ctx *, const struct account *, bool *out);

/* The password was right and a code is awaited: a token for the form that asks for it. */
MUST_CHECK enum status sign_in_hold(struct ctx *, const struct account *, const char **token);
/* Whose it is. ERR_NOT_FOUND when it is too old. */
MUST_CHECK enum status sign_in_held(struct ctx *, const char *token, struct account **out);
/* Take a code, or a recovery code, and the token of sign_in_hold with it: neither is taken twice.
 * ERR_FORBIDDEN for a wrong one, ERR_LIMIT when it is too early to try. */
MUST_CHECK enum status sign_in_code(struct ctx *, struct sign_in *, const char *token,
    const char *code, struct account **out);
/* The fault of a code that does not show that an authenticator has the secret. */
enum status sign_in_wrong_set_up(struct ctx *);
/* The authenticator was set up with this secret and shows this code. ERR_INVALID for a wrong one.
 */
MUST_CHECK enum status sign_in_set_up(struct ctx *, const char *token, const char *secret,
    const char *code, struct account **out, const char ***codes);

#endif
