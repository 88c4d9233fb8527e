/* Remarks: what was said about a record, to one of its fields or to the whole, most of all why it
 * was returned. A remark is open until the record takes its next step. */
#ifndef DOMAIN_REMARK_H
#define DOMAIN_REMARK_H

#include "domain/record.h"

enum { REMARK_MAX = 1000 }; /* characters */

struct remark {
    const char *field; /* key, or NULL: the whole */
    const char *text;
    int64_t at, actor;
    const char *who; /* the account's label; NULL: the operator */
    bool is_open;
};

/* All of a record, the newest first. */
MUST_CHECK enum status remark_list(struct ctx *, const struct record *, struct remark **out,
    int *count);

/* Inside a write, with the step of a record: close those that were open, and add one when there is
 * a text. ERR_INVALID for a field that the register does not have, or a text that is too long. */
MUST_CHECK enum status remark_close(struct ctx *, const struct record *);
MUST_CHECK enum status remark_add(struct ctx *, const struct record *, const char *field,
    const char *text);

#endif
