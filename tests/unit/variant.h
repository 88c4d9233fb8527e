/* The pack that the property test works on and changes meanwhile: every kind of field and indicator
 * that figures can be made of, in several versions. */
#ifndef TEST_VARIANT_H
#define TEST_VARIANT_H

#include "base/arena.h"
#include "pack/pack.h"

enum { VARIANT_RULES = 4 };

/* One version of it. */
struct variant {
    int rules;         /* 0 to VARIANT_RULES - 1: by which conditions, days and cuts it counts */
    bool has_field;    /* one field and its indicator more */
    bool has_choice;   /* one choice more, before the others */
    bool has_register; /* one register more */
};

/* Its files, in the arena. It uses a register of the pack that ships and names two directives. */
const struct pack_file *variant_files(struct arena *, const struct variant *, int *count);

/* The keys of its registers; the last of them is there only with `has_register`. */
enum { VARIANT_REGISTERS = 3 };
extern const char *const variant_registers[VARIANT_REGISTERS];

#endif
