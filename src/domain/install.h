/* Putting a pack into a database, beside others: its text, its tables, its indicators. */
#ifndef DOMAIN_INSTALL_H
#define DOMAIN_INSTALL_H

#include "domain/packs.h"

struct install_result {
    int registers_created, registers_altered, indicators_rebuilt;
    bool unchanged;
};

/* Install a pack, or bring the one of the same key to this text, in one transaction: tables are
 * made or widened, facts of new and changed indicators derived from the records. What would lose
 * data (a register, field, choice or state that records use is gone or another kind) is refused and
 * named. Works on a database without a pack; cx needs no world. */
MUST_CHECK enum status pack_install(struct ctx *, const struct pack_file *, int count,
    struct install_result *);

/* The same with the pack that is part of the program, unless the database has other packs only. */
MUST_CHECK enum status pack_install_builtin(struct ctx *, struct install_result *);

#endif
