/* Readers of a restricted record: where there are any, nobody else reads it. */
#ifndef DOMAIN_READER_H
#define DOMAIN_READER_H

#include "base/doc.h"
#include "domain/record.h"

/* Each as { login, label, since, is_me } into a list, in the order in which they came. */
MUST_CHECK enum status reader_list_doc(struct doc *list, struct ctx *, const struct record *);

/* Make an account a reader, or take it out again. Whoever may edit the record may do so; the last
 * reader stays. ERR_INVALID for an account that is not known, or for a register that is not
 * restricted. */
MUST_CHECK enum status reader_add(struct ctx *, const char *code, const char *login);
MUST_CHECK enum status reader_remove(struct ctx *, const char *code, const char *login);

#endif
