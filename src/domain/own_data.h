/* One's own data: what is kept about the person whom the viewer's account names, who was shown it,
 * and a word against what is wrong in it. No other page joins what registers say about one person.
 */
#ifndef DOMAIN_OWN_DATA_H
#define DOMAIN_OWN_DATA_H

#include "base/doc.h"
#include "domain/audit.h"
#include "domain/record.h"

/* The code of the viewer's person in the list of people; NULL: the account names nobody. */
const char *own_code(const struct ctx *);

/* The records that name that person, by register, as far as rights go; without those of registers
 * of the visibility han_che, where nothing is proven until a case is closed. */
MUST_CHECK enum status own_records(struct ctx *, struct record ***out, int *count);

/* Who else was shown that person's data, the newest first; `how` of each row is its detail. */
MUST_CHECK enum status own_reads(struct ctx *, int limit, struct audit_page *out);

/* Ask for a correction of a record that names that person: a remark, open until the record takes
 * its next step. With NULL for the code, of what is kept about the person (domain/contest.h).
 * ERR_INVALID for an empty text, ERR_NOT_FOUND for a record that does not name the person. */
MUST_CHECK enum status own_contest(struct ctx *, const char *code, const char *text);

#endif
