/* Memory with one lifetime. Everything that a request allocates comes from one arena and goes
 * with it; nothing is freed singly. The idea is PostgreSQL's memory contexts, small. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A place in an arena to go back to: what was allocated or deferred after it is gone then. */
struct arena_mark {
    struct arena_block *block;
    size_t used;
    struct arena_cleanup *cleanup;
};

/* A fresh arena of the process's memory. Ends the process when there is none left: the limits on
 * input come first, so running out is the machine's fault and not a request's. */
struct arena *arena_new(void);
void arena_free(struct arena *);

/* Zeroed, aligned for any type, never NULL. */
void *arena_alloc(struct arena *, size_t size) __attribute__((malloc, alloc_size(2)));
void *arena_calloc(struct arena *, size_t count, size_t size);
/* A copy of `size` bytes, at least `room` large. */
void *arena_grow(struct arena *, const void *old, size_t size, size_t room);
char *arena_strdup(struct arena *, const char *);
char *arena_strndup(struct arena *, const char *, size_t length);
char *arena_printf(struct arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
char *arena_vprintf(struct arena *, const char *format, va_list)
    __attribute__((format(printf, 2, 0), nonnull(2)));

/* Call `cleanup(thing)` when the arena, or the part since a mark, goes; last in, first out. */
void arena_defer(struct arena *, void (*cleanup)(void *), void *thing);

struct arena_mark arena_mark(const struct arena *);
void arena_release(struct arena *, struct arena_mark);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

/* Append one zeroed element to the array `items` of `count` elements in an arena and point at it.
 * The capacity is the next power of two, so it is not kept. */
#define ARENA_PUSH(arena, items, count)                                                            \
    ((items) = arena_room((arena), (items), (size_t)(count), sizeof(*(items))), &(items)[(count)++])
void *arena_room(struct arena *, void *items, size_t count, size_t size);

#endif
