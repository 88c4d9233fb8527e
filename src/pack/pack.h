/* Reading a pack: text files in, one immutable model out. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "base/ctx.h"
#include "pack/model.h"

/* One file of a pack: its path inside the pack ("registers/ktgs.yaml") and its text. */
struct pack_file {
    const char *path;
    const char *text;
};

/* Read all .yaml files of a pack and check them as a whole. What a file holds is said by its first
 * key: pack, register, layout or report. The model lives in `home`, which the caller keeps as
 * long as the model. ERR_INVALID with every fault of every file, in the order of file and line;
 * nothing is half loaded. */
MUST_CHECK enum status pack_load(struct ctx *, struct arena *home, const struct pack_file *,
    int count, const struct model **out);

#endif
