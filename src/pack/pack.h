/* Reading a pack: text files in, one immutable model out. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "base/ctx.h"
#include "pack/model.h"

/* One file: its path, as faults name it, and its text. A folder with a pack.yaml is a pack, and all
 * below it is of that pack ("chi_thi_05/pack.yaml", "chi_thi_05/registers/ktgs.yaml"); files in no
 * such folder make up one pack together ("pack.yaml", "registers/ktgs.yaml"). */
struct pack_file {
    const char *path;
    const char *text;
};

/* Read all .yaml files of one or several packs and check them as a whole. What a file holds is said
 * by its first key: pack, register, layout or report. The model lives in `home`, which the caller
 * keeps as long as the model. ERR_INVALID with every fault of every file, in the order of file and
 * line; nothing is half loaded. */
MUST_CHECK enum status pack_load(struct ctx *, struct arena *home, const struct pack_file *,
    int count, const struct model **out);

/* The same without layouts and reports, which an older version of the program may have taken in
 * another form: what is needed to replace such a pack. */
MUST_CHECK enum status pack_load_registers(struct ctx *, struct arena *home,
    const struct pack_file *, int count, const struct model **out);

/* The key that pack.yaml among these files gives; a fault when there is no such file or key. */
MUST_CHECK enum status pack_key(struct ctx *, const struct pack_file *, int count,
    const char **out);

#endif
