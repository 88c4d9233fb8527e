/* What others did that concerns an account: reminders to its units, reports that were returned or
 * received, changes of records that it made, browsers that were signed in. Nothing is stored for
 * it but until when it was seen: it is read from where it happened. */
#ifndef DOMAIN_NOTIFICATION_H
#define DOMAIN_NOTIFICATION_H

#include "domain/record.h"
#include "domain/submission.h"

enum { NOTIFICATIONS_MAX = 100, NOTIFICATION_DAYS = 90 };

enum notification_kind {
    NOTIFICATION_REMINDER,
    NOTIFICATION_REPORT, /* returned or received */
    NOTIFICATION_RECORD, /* returned, decided upon or otherwise changed */
    NOTIFICATION_SESSION /* somebody signed in with the account elsewhere */
};

struct notification {
    enum notification_kind kind;
    int64_t at;
    bool is_new;                 /* since the account has looked */
    const struct unit *unit;     /* of reminders and reports */
    const struct period *period; /* the same; or NULL */
    enum submission_state state; /* of a report */
    const struct record *record;
    const char *text; /* of a reminder; why something was returned; what browser; or NULL */
    const char *who;  /* or NULL */
};

/* The viewer's, the newest first. `own` is the digest of the session that asks, or NULL: it is not
 * told of itself. Nothing for the operator. */
MUST_CHECK enum status notification_list(struct ctx *, const char *own, struct notification **out,
    int *count);
/* How many came since the viewer has looked: what is asked for each page. */
MUST_CHECK enum status notification_count(struct ctx *, const char *own, int *out);
/* The viewer has looked. */
MUST_CHECK enum status notification_seen(struct ctx *);

#endif
