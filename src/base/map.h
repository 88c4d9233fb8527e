/* A hash map from texts or integers to pointers, in an arena. Keys are not copied. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

#include <stdint.h>

struct map;

struct map *map_new(struct arena *);
/* The same with room for so many keys, which then need not be moved. */
struct map *map_new_for(struct arena *, int count);
/* The value of a key, or NULL. */
void *map_get(const struct map *, const char *key);
void *map_get_int(const struct map *, int64_t key);
/* Set a key; returns the value that it had before, or NULL. */
void *map_set(struct map *, const char *key, void *value);
void *map_set_int(struct map *, int64_t key, void *value);

#endif
