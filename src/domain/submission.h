/* The report that a unit sends up for a period. Its figures are those of the records at any moment;
 * what is sent is that they are complete, and a note. Whoever is above receives or returns it, and
 * reminds those who have not sent theirs. */
#ifndef DOMAIN_SUBMISSION_H
#define DOMAIN_SUBMISSION_H

#include "domain/world.h"

enum submission_state {
    SUBMISSION_NONE,     /* not sent yet */
    SUBMISSION_SENT,     /* waits for whoever is above */
    SUBMISSION_RETURNED, /* with a reason */
    SUBMISSION_RECEIVED,
    SUBMISSION_STATE__COUNT
};
const char *submission_state_label(const struct ctx *, enum submission_state);
/* The class of its tag on pages. */
const char *submission_state_tag(enum submission_state);

struct submission {
    const struct unit *unit;
    const struct period *period;
    enum submission_state state;
    const char *note;
    const char *reason;       /* why it was returned, or NULL */
    int64_t version, sent_at; /* 0: never */
};

enum { SUBMISSION_NOTE_MAX = 4000, REMINDER_MAX = 500, REMINDERS_SHOWN = 20 }; /* characters */

/* May the viewer send reports of the unit; may he or she receive and return them? */
bool may_submit(const struct ctx *, const struct unit *);
bool may_receive(const struct ctx *, const struct unit *);

/* That of one unit and period. */
MUST_CHECK enum status submission_read(struct ctx *, const struct unit *, const struct period *,
    struct submission *out);
/* Of several units: out[i] is that of units[i]. */
MUST_CHECK enum status submissions_read(struct ctx *, const struct unit *const *, int count,
    const struct period *, struct submission *out);

/* The periods that a unit reports for: those of its bloc (offices of the state close on the 14th,
 * 09/2019/ND-CP; others by the calendar) where there are such, else all. */
bool period_is_of_unit(const struct calendar *, const struct period *, const struct unit *,
    int32_t day);

/* Send, return, receive. `version` is the one that was seen; ERR_STALE when there is another. */
struct submission_change {
    const struct unit *unit;
    const struct period *period;
    int64_t version;
    const char *text; /* the note, or the reason */
};
MUST_CHECK enum status submission_send(struct ctx *, const struct submission_change *);
MUST_CHECK enum status submission_return(struct ctx *, const struct submission_change *);
MUST_CHECK enum status submission_receive(struct ctx *, const struct submission_change *);

/* Remind units, in one transaction. The period may be NULL. */
MUST_CHECK enum status remind(struct ctx *, const struct unit *const *, int count,
    const struct period *, const char *text);

struct reminder {
    const struct unit *unit;
    const struct period *period; /* or NULL */
    const char *text, *who;      /* who: NULL for the operator */
    int64_t at;
};
/* Those of the units on which the viewer has roles, the newest first. */
MUST_CHECK enum status reminder_list(struct ctx *, struct reminder **out, int *count);

#endif
