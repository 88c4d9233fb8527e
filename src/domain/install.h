/* Putting a pack into a database, beside others: its text, its tables, its indicators. While the
 * facts of changed indicators are made, the old version serves (domain/build.h); one transaction
 * takes the new one into force. */
#ifndef DOMAIN_INSTALL_H
#define DOMAIN_INSTALL_H

#include "domain/packs.h"
#include "domain/plan.h"

struct install_result {
    int registers_created, registers_altered, indicators_rebuilt;
    bool unchanged;
};

/* Install a pack, or bring the one of the same key to this text. What would lose data is refused,
 * with the records that would lose it (plan.h). Works on a database without a pack; cx needs no
 * world, but if it has one it is renewed. ERR_CONFLICT while another process does the same. */
MUST_CHECK enum status pack_install(struct ctx *, const struct pack_file *, int count,
    struct install_result *);

/* The same with the pack that is part of the program, unless the database has other packs only. */
MUST_CHECK enum status pack_install_builtin(struct ctx *, struct install_result *);

/* Take a pack out whose registers are empty and which no other one uses. */
MUST_CHECK enum status pack_remove(struct ctx *, const char *key, struct install_result *);

/* On the snapshot of cx: what pack_install, or pack_remove (`files` NULL), would do. */
MUST_CHECK enum status pack_plan(struct ctx *, const char *key, const struct pack_file *files,
    int count, struct plan *out);

/* Inside a write: the indexes of a model's tables that are not there yet. A database of an earlier
 * version lacks those that the program has come to want. */
MUST_CHECK enum status install_indexes(struct ctx *, const struct model *);

#endif
