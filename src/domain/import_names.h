/* What the records of one file are called in it, by origin and by code, and which of them refer to
 * which: a reference may name a record that comes later in the same file. Inside domain only. */
#ifndef DOMAIN_IMPORT_NAMES_H
#define DOMAIN_IMPORT_NAMES_H

#include "base/ctx.h"

#include <stdint.h>

/* Keys of names, from either side of one order; 63 bits of a hash, or a code's number. */
uint64_t name_of_origin(const char *origin);
uint64_t name_of_code(const char *code);

/* A record of the file that has a name. */
struct named {
    uint32_t line; /* its first */
    int64_t code;  /* that it has or will have; 0 until names_code was asked */
    int64_t edge;  /* its first reference to another one of the file */
    int64_t edge_count;
    enum { NAMED_NEW, NAMED_OPEN, NAMED_DONE } mark; /* of the search for circles */
};

struct names;
struct names *names_new(struct arena *);
/* Add a record by its origin, its code or both (NULL: none); when all are there, close. */
void names_add(struct names *, const char *origin, const char *code, int line);
void names_close(struct names *);

/* The record that is meant, or NULL. */
struct named *names_find(const struct names *, uint64_t name);

/* A record refers to another one by its origin; all references of one come together. */
void names_refer(struct names *, struct named *from, const struct named *to, int line, int column);

/* A fault for each reference that closes a circle. */
void names_check_circles(struct ctx *, struct names *, const char *file);

#endif
