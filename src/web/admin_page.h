/* What the pages of administration share: their tabs. */
#ifndef WEB_ADMIN_PAGE_H
#define WEB_ADMIN_PAGE_H

#include "web/form_choices.h"
#include "web/page.h"

enum admin_tab { ADMIN_UNITS, ADMIN_ACCOUNTS, ADMIN_ROLES, ADMIN_PERIODS, ADMIN_SYSTEM };

/* Begin a page under a tab. */
void admin_page_begin(struct page *, const char *template, enum admin_tab);
/* { code, name, href } of a unit of today, leading to its page of administration. */
void admin_unit_doc(struct doc *object, const struct ctx *, const struct unit *);
/* The whole address of an account's link. */
const char *admin_link(const struct page *, const char *token);
/* All roles to choose from, behind one that says so. */
const struct form_option *admin_role_options(const struct ctx *, int *count);
/* Is it a failure that the form is shown again with? */
bool admin_is_told_in_form(enum status);

#endif
