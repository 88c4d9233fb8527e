/* The arena: a chain of blocks, each twice the one before up to a limit. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096 - 64, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *previous;
    size_t size; /* of the bytes below */
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *previous;
    void (*call)(void *);
    void *thing;
};

struct arena {
    struct arena_block *block; /* the newest */
    struct arena_block *spare; /* the last one that was given back: loops that release to a mark
                                  near a block's end would else ask the system in every round */
    struct arena_cleanup *cleanup;
};

static void *
must(void *memory)
{
    if (memory == NULL) {
        fputs("chithi: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static struct arena_block *
block_new(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->spare;
    if (block == NULL || block->size < size) {
        block = must(malloc(sizeof(*block) + size));
        block->size = size;
    } else {
        arena->spare = NULL;
    }
    block->previous = arena->block;
    block->used = 0;
    return block;
}

static void
block_return(struct arena *arena, struct arena_block *block)
{
    if (block->size > LARGEST_BLOCK ||
        (arena->spare != NULL && arena->spare->size >= block->size)) {
        free(block);
        return;
    }
    free(arena->spare);
    arena->spare = block;
}

struct arena *
arena_new(void)
{
    struct arena *arena = must(calloc(1, sizeof(*arena)));
    arena->block = block_new(arena, FIRST_BLOCK);
    return arena;
}

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    arena_release(arena, (struct arena_mark){0});
    free(arena->spare);
    free(arena);
}

static size_t
aligned(size_t size)
{
    size_t unit = alignof(max_align_t);
    return (size + unit - 1) & ~(unit - 1);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->block;
    assert(size < SIZE_MAX / 4);
    size = aligned(size > 0 ? size : 1);
    if (block->size - block->used < size) {
        size_t next = block->size * 2 < LARGEST_BLOCK ? block->size * 2 : LARGEST_BLOCK;
        arena->block = block = block_new(arena, size > next ? size : next);
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

void *
arena_calloc(struct arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count < SIZE_MAX / 4 / size);
    return arena_alloc(arena, count * size);
}

void *
arena_grow(struct arena *arena, const void *old, size_t size, size_t room)
{
    void *memory = arena_alloc(arena, room > size ? room : size);
    if (size > 0)
        memcpy(memory, old, size);
    return memory;
}

void *
arena_room(struct arena *arena, void *items, size_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return items;
    return arena_grow(arena, items, count * size, (count == 0 ? 1 : count * 2) * size);
}

char *
arena_strndup(struct arena *arena, const char *text, size_t length)
{
    return arena_grow(arena, text, length, length + 1);
}

char *
arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strndup(arena, text, strlen(text));
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

void
arena_defer(struct arena *arena, void (*call)(void *), void *thing)
{
    struct arena_cleanup *cleanup = ARENA_NEW(arena, struct arena_cleanup);
    cleanup->previous = arena->cleanup;
    cleanup->call = call;
    cleanup->thing = thing;
    arena->cleanup = cleanup;
}

struct arena_mark
arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->block, arena->block->used, arena->cleanup};
}

void
arena_release(struct arena *arena, struct arena_mark mark)
{
    while (arena->cleanup != mark.cleanup) {
        struct arena_cleanup *cleanup = arena->cleanup;
        arena->cleanup = cleanup->previous;
        cleanup->call(cleanup->thing);
    }
    while (arena->block != mark.block) {
        struct arena_block *block = arena->block;
        arena->block = block->previous;
        block_return(arena, block);
    }
    if (arena->block != NULL)
        arena->block->used = mark.used;
}
