/* Open addressing with linear probing, at most half full. One map holds keys of one sort only. */
#include "base/map.h"

#include <stdbool.h>
#include <string.h>

struct entry {
    const char *text; /* NULL when the key is an integer */
    int64_t number;   /* the key, or the hash of the text */
    void *value;      /* NULL: the place is free */
};

struct map {
    struct arena *arena;
    struct entry *entries;
    size_t room; /* a power of two */
    size_t count;
};

struct map *
map_new(struct arena *arena)
{
    return map_new_for(arena, 0);
}

struct map *
map_new_for(struct arena *arena, int count)
{
    struct map *map = ARENA_NEW(arena, struct map);
    map->arena = arena;
    map->room = 16;
    while (map->room / 2 < (size_t)count + 1)
        map->room *= 2;
    map->entries = ARENA_ARRAY(arena, struct entry, map->room);
    return map;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo). Keys come from definitions and unit files, which the operator
 * chooses, so a seeded hash is not needed. */
static int64_t
hash_text(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    return (int64_t)hash;
}

static struct entry *
find(struct entry *entries, size_t room, const char *text, int64_t number)
{
    uint64_t mixed = (uint64_t)number * 0x9e3779b97f4a7c15U;
    for (size_t i = (mixed >> 32) & (room - 1);; i = (i + 1) & (room - 1)) {
        struct entry *entry = &entries[i];
        if (entry->value == NULL)
            return entry;
        if (entry->number == number && (text == NULL || strcmp(entry->text, text) == 0))
            return entry;
    }
}

static void
make_room(struct map *map)
{
    if (map->count * 2 < map->room)
        return;
    size_t room = map->room * 2;
    struct entry *entries = ARENA_ARRAY(map->arena, struct entry, room);
    for (size_t i = 0; i < map->room; i++) {
        const struct entry *old = &map->entries[i];
        if (old->value != NULL)
            *find(entries, room, old->text, old->number) = *old;
    }
    map->entries = entries;
    map->room = room;
}

static void *
set(struct map *map, const char *text, int64_t number, void *value)
{
    make_room(map);
    struct entry *entry = find(map->entries, map->room, text, number);
    void *before = entry->value;
    if (before == NULL)
        map->count++;
    *entry = (struct entry){text, number, value};
    return before;
}

void *
map_get(const struct map *map, const char *key)
{
    return find(map->entries, map->room, key, hash_text(key))->value;
}

void *
map_get_int(const struct map *map, int64_t key)
{
    return find(map->entries, map->room, NULL, key)->value;
}

void *
map_set(struct map *map, const char *key, void *value)
{
    return set(map, key, hash_text(key), value);
}

void *
map_set_int(struct map *map, int64_t key, void *value)
{
    return set(map, NULL, key, value);
}
