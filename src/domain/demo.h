/* The demo data of the pack: the calendar, places, simulated party bodies, simulated records, and
 * the declarations that published texts made. */
#ifndef DOMAIN_DEMO_H
#define DOMAIN_DEMO_H

#include "base/doc.h"
#include "domain/world.h"

/* Load it into a database that has the pack. Again: nothing is doubled. */
MUST_CHECK enum status demo_load(struct ctx *);

/* Accounts for trying it, one for each role, all with one password; no one-time codes are asked.
 * Again: those that are there stay as they are. */
MUST_CHECK enum status demo_make_accounts(struct ctx *);
/* { login, label, roles } of those that are there, none where nothing is simulated; and their
 * password. */
MUST_CHECK enum status demo_accounts_doc(struct doc *list, struct ctx *, const char **password);

#endif
