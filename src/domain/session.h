/* Sessions: browsers that are signed in, and devices that need not give a code again. The token is
 * in the browser's cookie only; here is its digest. */
#ifndef DOMAIN_SESSION_H
#define DOMAIN_SESSION_H

#include "base/doc.h"
#include "domain/account.h"

enum { SESSION_IDLE_MINUTES = 30, SESSION_HOURS = 12, DEVICE_DAYS = 90 };

struct session {
    const char *digest;
    int64_t account, created_at, seen_at;
};

/* The session of a token; NULL when there is none, or it is over: nobody asked with it for 30
 * minutes, or it is 12 hours old. */
MUST_CHECK enum status session_find(struct ctx *, const char *token, struct session **out);

struct session_new {
    int64_t account;
    const char *label;    /* what the browser is: "Firefox trên Windows" */
    const char *replaced; /* the token that the browser came with, or NULL: it is worth nothing
                             afterwards */
    bool remembers;       /* make the browser a remembered device too */
};

/* Sign in: the token of the new session, and when it is to be remembered that of the device. */
MUST_CHECK enum status session_begin(struct ctx *, const struct session_new *, const char **token,
    const char **device);
/* End one of an account by its digest, as session_list_doc gives it; no fault when it is over. */
MUST_CHECK enum status session_end(struct ctx *, int64_t account, const char *digest);
/* End all of an account, and forget its devices. */
MUST_CHECK enum status session_end_all(struct ctx *, int64_t account);

/* Is the browser that sends this token (NULL: none) a remembered one of the account? */
MUST_CHECK enum status device_is_known(struct ctx *, int64_t account, const char *token, bool *out);
MUST_CHECK enum status device_forget(struct ctx *, int64_t account, const char *digest);

/* { key, label, created_at, seen_at, is_this } and { key, label, created_at, until } each; `own` is
 * the digest of the session that asks, or NULL. */
MUST_CHECK enum status session_list_doc(struct doc *list, struct ctx *, int64_t account,
    const char *own);
MUST_CHECK enum status device_list_doc(struct doc *list, struct ctx *, int64_t account);

/* When sessions were last used, gathered until somebody writes it: no request waits for that. */
struct seen;
/* Lives in the arena; used by all threads. */
struct seen *seen_new(struct arena *);
/* A request came with this session. Noted once a minute. */
void seen_note(struct seen *, const struct session *, int64_t now);
/* Write what was noted; what is over goes, every ten minutes. Nothing when nothing was noted. */
MUST_CHECK enum status seen_write(struct ctx *, struct seen *);

#endif
