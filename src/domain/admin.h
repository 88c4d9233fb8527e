/* Administration within its limits: an administrator sees to the units, accounts and roles below
 * the units on which he or she has that role, the operator to all. What lies outside is answered
 * like what is not there; nobody changes his or her own account or roles here. */
#ifndef DOMAIN_ADMIN_H
#define DOMAIN_ADMIN_H

#include "base/doc.h"
#include "domain/account.h"
#include "domain/unit.h"

/* The units on which the viewer is an administrator, without those below another; the operator's
 * is the root. */
int admin_tops(struct ctx *, const struct unit ***out);
/* The unit that bears a code on a day and that the viewer sees to. The fault names `field` (or
 * NULL). */
MUST_CHECK enum status admin_unit(struct ctx *, const char *field, const char *code, int32_t day,
    const struct unit **out);

/* Units: a new one below one of his or hers, and events of those below the own one; who sees to the
 * whole tree renames also its root. */
MUST_CHECK enum status admin_unit_create(struct ctx *, const struct unit_new *,
    const struct unit **out);
MUST_CHECK enum status admin_unit_change(struct ctx *, const struct unit_event *);

/* What an event would do: { records, people, children, grants } of a unit on a day, as numbers. */
MUST_CHECK enum status admin_effect_doc(struct doc *object, struct ctx *, const struct unit *,
    int32_t day);

/* What happened to a unit: { label, day, decision }. */
MUST_CHECK enum status admin_events_doc(struct doc *list, struct ctx *, const struct unit *);

/* An account and what may be done with it. */
struct admin_account {
    struct account *account;
    bool is_own;   /* the viewer's: nothing here */
    bool is_whole; /* all its roles are seen to: it may be closed, invited and so on */
};
/* ERR_NOT_FOUND for one that has no role on a unit of the viewer's. */
MUST_CHECK enum status admin_account_find(struct ctx *, const char *login,
    struct admin_account *out);

/* With its first role, which it must have unless the viewer sees to everything. */
MUST_CHECK enum status admin_account_create(struct ctx *, const struct account_new *,
    struct account **out);
/* What would be wrong with it, without making it. */
MUST_CHECK enum status admin_account_check(struct ctx *, const struct account_new *);
MUST_CHECK enum status admin_grant(struct ctx *, const struct admin_account *,
    const struct account_grant *);
MUST_CHECK enum status admin_end_grant(struct ctx *, const struct admin_account *, const char *role,
    const struct unit *, int32_t last);
/* Before anything else is done with an account: may it be? */
MUST_CHECK enum status admin_check_whole(struct ctx *, const struct admin_account *);

/* Accounts with a role on a unit of the viewer's, by login behind `after` (or NULL), that have the
 * words of `text` (NULL: any): { login, label, state, state_label, tag, roles, href }. *next is the
 * last login when there are more. */
struct admin_query {
    const char *text, *after;
    int limit;
};
MUST_CHECK enum status admin_account_list(struct doc *list, struct ctx *,
    const struct admin_query *, const char **next);

/* Who has which role on a unit, today or later: { login, label, role, from, to, href }. */
MUST_CHECK enum status admin_grants_of_unit(struct doc *list, struct ctx *, const struct unit *);

#endif
