/* Putting a pack into a database: its text, its tables, its indicators. */
#ifndef DOMAIN_INSTALL_H
#define DOMAIN_INSTALL_H

#include "domain/world.h"
#include "pack/pack.h"

struct install_result {
    int registers_created, registers_altered, indicators_rebuilt;
    bool unchanged;
};

/* Install a pack, or bring the one that is there to this text, in one transaction: tables are made
 * or widened, facts of new and changed indicators derived from the records. What would lose data
 * (a register, field, choice or state that records use is gone or another kind) is refused and
 * named. Works on a database without a pack; cx needs no world. */
MUST_CHECK enum status pack_install(struct ctx *, const struct pack_file *, int count,
    struct install_result *);

/* The files of the pack that is part of the program. */
const struct pack_file *pack_builtin(struct arena *, int *count);
/* All .yaml files below a folder, in order of their names. ERR_NOT_FOUND when there is none. */
MUST_CHECK enum status pack_read_folder(struct ctx *, const char *folder, struct pack_file **out,
    int *count);

#endif
