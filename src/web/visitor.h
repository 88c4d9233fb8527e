/* Who asks: the session that a request's cookie names, what a form must bring along, the cookies
 * that are sent, and the way to the sign-in page. */
#ifndef WEB_VISITOR_H
#define WEB_VISITOR_H

#include "domain/sign_in.h"
#include "web/routes.h"

/* Find out who asks. With a session, cx->viewer and cx->actor are its account from then on. Needs a
 * world. */
MUST_CHECK enum status visitor_find(struct page *);

/* May the visitor have this route? Whoever must sign in first gets the way there, and the page is
 * answered. ERR_FORBIDDEN for who cannot be sent there, and for a form that does not come from the
 * session's own page. */
MUST_CHECK enum status visitor_check(struct page *, const struct route *);

/* Sign in: a new session, under a new cookie whatever came before, and go on to `next`. */
MUST_CHECK enum status visitor_begin(struct page *, const struct account *, bool remembers);
/* The fault of who asks for an account where there are none: he is the operator. */
enum status visitor_no_accounts(struct page *);
/* The browser keeps no session. */
void visitor_forget(struct page *);
/* The token of the remembered device, or NULL. */
const char *visitor_device(const struct page *);

/* Where to go after signing in: the path of ours that the parameter or field `tiep` names, else
 * "/". */
const char *visitor_next(const struct page *);

/* An attempt to sign in, or to give a password once more; and after one that came too early the
 * header that says how long to wait. */
struct sign_in visitor_attempt(const struct page *);
void visitor_tell_wait(struct page *, const struct sign_in *);

/* `secret`, `secret_shown` in groups of four, `address` for an authenticator, and the same as `qr`,
 * as html/totp.html shows them. */
void visitor_totp_doc(struct page *, const char *login, const char *secret);
/* The page that shows the codes to keep on paper, from which one goes on to `next`. */
void visitor_show_recovery(struct page *, const char **codes, const char *next);

/* `user` (null: nobody) and `token`, for the frame and the forms of a page. */
void visitor_doc(const struct page *, struct doc *);

#endif
