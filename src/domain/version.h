/* Versions of a record as the history keeps them, read back and set side by side. */
#ifndef DOMAIN_VERSION_H
#define DOMAIN_VERSION_H

#include "base/doc.h"
#include "domain/record.h"

/* The fields of a version from the text that the history has (row_json). What the register does not
 * know any more is left out. ERR_STORE when it is no such text. */
MUST_CHECK enum status version_read(struct ctx *, const struct reg *, const char *body,
    struct row *out);

/* Those of one version by its number. ERR_NOT_FOUND when there is no such version. */
MUST_CHECK enum status version_at(struct ctx *, const struct record *, int64_t number,
    struct row *out);

/* Do two values of a field say the same? */
bool version_same(struct ctx *, const struct field *, const struct value *, const struct value *);

/* The fields that differ between two versions: a list of { key, label, before, after }, null where
 * there is nothing; personal ones only with `with_personal`. `before` NULL: an empty record. */
MUST_CHECK enum status version_differences(struct doc *list, struct ctx *, const struct reg *,
    const struct row *before, const struct row *after, bool with_personal);

/* All versions, the newest first: version, at, who, action, action_label, unit_name, state,
 * state_label, reason, and what changed (`changes`). */
MUST_CHECK enum status record_history_doc(struct doc *list, struct ctx *, const struct record *);

/* What a decision is about: the version that was last sent back or decided upon against the one
 * that is there now; false when there is none to compare with, which is when it was sent for the
 * first time. */
MUST_CHECK enum status version_before_return(struct ctx *, const struct record *, struct row *out,
    bool *found);

#endif
