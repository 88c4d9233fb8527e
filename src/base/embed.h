/* Files that are part of the program: templates, style sheet, pack, schema. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded {
    const char *path;  /* relative to the root of the source: "html/unit.html" */
    const char *bytes; /* closed by a NUL that `size` does not count */
    size_t size;
};

extern const struct embedded resources[]; /* html/, assets/, packs/ */
extern const int resources_count;
extern const struct embedded schema[]; /* sql/schema/, in order of their numbers */
extern const int schema_count;
extern const struct embedded schema_second[]; /* sql/schema/NNNN_name.pg.sql */
extern const int schema_second_count;

/* One of `resources`, or NULL. */
const struct embedded *embed_find(const char *path);

#endif
