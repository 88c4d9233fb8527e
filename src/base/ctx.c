/* The list of faults of a context. */
#include "base/ctx.h"

#include "base/catalogue.h"

#include <stdlib.h>

#include <stdarg.h>

static void
free_arena(void *arena)
{
    arena_free(arena);
}

struct ctx
ctx_scratch(struct ctx *cx)
{
    struct ctx scratch = *cx;
    scratch.arena = arena_new();
    arena_defer(cx->arena, free_arena, scratch.arena);
    return scratch;
}

__attribute__((format(printf, 4, 0))) static enum status
add(struct ctx *cx, enum status status, struct fault fault, const char *format, va_list arguments)
{
    fault.status = status;
    fault.message = arena_vprintf(cx->arena, tr(cx, format), arguments);
    *ARENA_PUSH(cx->arena, cx->faults.items, cx->faults.count) = fault;
    return status;
}

enum status
fault_set(struct ctx *cx, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(cx, status, (struct fault){0}, format, arguments);
    va_end(arguments);
    return status;
}

enum status
fault_at(struct ctx *cx, enum status status, struct fault where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(cx, status, where, format, arguments);
    va_end(arguments);
    return status;
}

void
fault_forget(struct ctx *cx, int count)
{
    if (cx->faults.count > count)
        cx->faults.count = count;
}

static int
compare_places(const void *a, const void *b)
{
    const struct fault *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

void
fault_sort(struct ctx *cx)
{
    if (cx->faults.count > 1)
        qsort(cx->faults.items, (size_t)cx->faults.count, sizeof(*cx->faults.items),
            compare_places);
}
