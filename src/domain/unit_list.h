/* What the two kinds of lists of units have in common: what their cells may hold, and where a list
 * through time is read. Inside domain only. */
#ifndef DOMAIN_UNIT_LIST_H
#define DOMAIN_UNIT_LIST_H

#include "base/table.h"
#include "domain/unit.h"

enum { UNIT_NAME_MAX = 250, UNIT_CODE_MAX = 40, UNIT_DEPTH_MAX = 20, UNIT_SHARD_MAX = 32 * 32 - 1 };

/* Letters, digits and ". - _". */
bool unit_code_is_valid(const char *);
/* A name as it is stored; NULL when it is empty, too long, or of several lines. */
const char *unit_name_clean(struct arena *, const char *);
/* A level, kind or bloc: hyphens of foreign lists are read as underscores. */
const char *unit_word(struct arena *, const char *);

/* One more span or event of a unit, inside a write. */
struct span_row {
    int64_t unit, parent; /* 0: none */
    int32_t from, to;
    const char *code, *name, *level, *kind, *bloc;
};
MUST_CHECK enum status unit_span_put(struct ctx *, const struct span_row *);
MUST_CHECK enum status unit_event_put(struct ctx *, const char *kind, int32_t day, int64_t unit,
    int64_t other, const char *decision);

/* A list through time: it has a column `unit`. */
MUST_CHECK enum status unit_import_spans(struct ctx *, const struct unit_import *, struct table *,
    struct unit_import_result *);

#endif
