/* Accounts: who may sign in, and as what. Each change is one write with its audit row, whose action
 * begins with "account." and whose subject is the account. How somebody signs in is sign_in.h. */
#ifndef DOMAIN_ACCOUNT_H
#define DOMAIN_ACCOUNT_H

#include "base/doc.h"
#include "domain/viewer.h"
#include "store/store.h"

enum { LOGIN_MAX = 60, ACCOUNT_LABEL_MAX = 120, LINK_DAYS = 7 };

struct account {
    int64_t id;
    const char *login, *label;
    int64_t person;       /* the number of his or her code in the list of people; 0: nobody there */
    int64_t closed;       /* since when; 0: it is open */
    const char *password; /* its hash; NULL: invited, and has not come yet */
    const char *totp;     /* the secret of one-time codes, encrypted (data_key.h), or NULL */
    int64_t totp_step;    /* the half minute of the last code that was taken */
    int64_t created_at;
};

/* Is there any account, closed or not? Until there is, whoever reaches the machine is its operator.
 */
MUST_CHECK enum status account_any(struct ctx *, bool *out);
/* ERR_NOT_FOUND when there is none. */
MUST_CHECK enum status account_find(struct ctx *, const char *login, struct account **out);
MUST_CHECK enum status account_by_id(struct ctx *, int64_t id, struct account **out);
/* The same for whom it is no fault that there is none: NULL then. */
MUST_CHECK enum status account_look(struct ctx *, const char *login, struct account **out);

/* { login, label, state, roles } each; the state is "open", "invited" or "closed". */
MUST_CHECK enum status account_list_doc(struct doc *list, struct ctx *);
/* The same for one, with `person`, `has_totp`, `recovery` and `grants`; of another's account the
 * roles on units that the viewer sees to. */
MUST_CHECK enum status account_doc(struct doc *object, struct ctx *, const struct account *);

/* What a role is called, NULL for a role that there is not. */
const char *role_label(const struct ctx *, const char *role);
/* "Chi bộ – Chi bộ 01; Quản trị – Việt Nam": the roles of a viewer. */
const char *viewer_roles(const struct ctx *, const struct viewer *);

/* A role on a unit from a day to a day, both included. */
struct account_grant {
    const char *role;
    const struct unit *unit;
    int32_t from, to;
};

struct account_new {
    const char *login, *label;
    const char *password;              /* NULL: it comes by a link */
    const struct account_grant *grant; /* or NULL: no role yet */
};

/* All that is wrong with it but for the password: ERR_INVALID, or ERR_CONFLICT when the login is
 * taken. */
MUST_CHECK enum status account_check(struct ctx *, const struct account_new *);

/* With its role, or not at all: ERR_CONFLICT when the login is taken, ERR_INVALID with all that is
 * wrong. */
MUST_CHECK enum status account_create(struct ctx *, const struct account_new *,
    struct account **out);

/* The token of a link by which the account gets a (new) password, once, within seven days. Links
 * that were given before are void. */
MUST_CHECK enum status account_invite(struct ctx *, const struct account *, const char **token);
/* Whose link it is. ERR_NOT_FOUND for one that is used, void or too old. */
MUST_CHECK enum status account_of_link(struct ctx *, const char *token, struct account **out);
/* Use it: the account has this password, is signed out everywhere and no device is remembered. */
MUST_CHECK enum status account_use_link(struct ctx *, const char *token, const char *password);
/* A new password without a link. All sessions but the one of the digest `spared` (NULL: none) end,
 * no device is remembered. */
MUST_CHECK enum status account_set_password(struct ctx *, const struct account *,
    const char *password, const char *spared);

/* Nobody signs in with a closed account, and who was signed in is not any more. */
MUST_CHECK enum status account_close(struct ctx *, const struct account *);
MUST_CHECK enum status account_open(struct ctx *, const struct account *);
/* Tie it to a person in the list of people, by code or origin; NULL: to nobody. */
MUST_CHECK enum status account_link(struct ctx *, const struct account *, const char *person);

MUST_CHECK enum status account_add_grant(struct ctx *, const struct account *,
    const struct account_grant *);
/* End the account's grants of this role on this unit with the day `last`; one that begins later is
 * taken away. ERR_NOT_FOUND when it has none that goes on after it. */
MUST_CHECK enum status account_end_grant(struct ctx *, const struct account *, const char *role,
    const struct unit *, int32_t last);

/* One-time codes: begin to ask for them, with the half minute of the code that has shown that the
 * secret was taken over; *codes are RECOVERY_CODES texts to keep on paper, shown once.
 * ERR_CONFLICT where the process has no data key. */
MUST_CHECK enum status account_set_totp(struct ctx *, const struct account *, const char *secret,
    int64_t step, const char ***codes);
/* Ten new codes; those of before are void. */
MUST_CHECK enum status account_new_recovery(struct ctx *, const struct account *,
    const char ***codes);
MUST_CHECK enum status account_drop_totp(struct ctx *, const struct account *);
/* totp_step of a code that somebody gives for the account; -1 also where its secret cannot be read.
 */
int64_t account_totp_step(struct ctx *, const struct account *, const char *code);

/* The secrets of all accounts: how many an earlier version has left in clear, and how many the data
 * key of the process does not open. */
struct secrets_survey {
    int clear, lost;
    const char *first_lost; /* a login, or NULL */
};
MUST_CHECK enum status account_survey_secrets(struct ctx *, struct secrets_survey *);
/* Encrypt those in clear; the process has a data key. */
MUST_CHECK enum status account_encrypt_secrets(struct ctx *);
/* Drop the authenticators whose secrets are lost: their owners set up new ones. */
MUST_CHECK enum status account_drop_lost(struct ctx *, int *count);

/* A statement about one account: the parameter `id` or `account` is bound by its name. */
struct query *account_query(struct ctx *, enum query_name, const char *parameter, int64_t account);
/* Inside a write: the audit row of something that was done with an account (0: with none). */
MUST_CHECK enum status account_note(struct ctx *, const char *action, int64_t account,
    const char *detail);

#endif
