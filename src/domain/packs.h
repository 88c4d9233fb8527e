/* The packs of a database: their text, and the numbers of their directives. Each file is kept under
 * its pack's key, "chi_thi_05/registers/ktgs.yaml". Where packs come from is here too. */
#ifndef DOMAIN_PACKS_H
#define DOMAIN_PACKS_H

#include "domain/world.h"
#include "pack/pack.h"

/* The files of all packs of the database, in the order of their paths. */
MUST_CHECK enum status packs_read(struct ctx *, struct pack_file **out, int *count);

/* Inside a write: these are the files of all packs from now on. */
MUST_CHECK enum status packs_write(struct ctx *, const struct pack_file *, int count);

/* Inside a write: give a number to each directive of a model that has none. ERR_LIMIT when there
 * are none left. *changed: something was written. */
MUST_CHECK enum status packs_number_directives(struct ctx *, const struct model *, bool *changed);

/* The files of the pack that is part of the program. */
const struct pack_file *pack_builtin(struct arena *, int *count);
/* All .yaml files below a folder, in order of their names. ERR_NOT_FOUND when there is none. */
MUST_CHECK enum status pack_read_folder(struct ctx *, const char *folder, struct pack_file **out,
    int *count);

#endif
