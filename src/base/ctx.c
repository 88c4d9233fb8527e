/* The list of faults of a context. */
#include "base/ctx.h"

#include <stdarg.h>

__attribute__((format(printf, 4, 0))) static enum status
add(struct ctx *cx, enum status status, struct fault fault, const char *format, va_list arguments)
{
    fault.status = status;
    fault.message = arena_vprintf(cx->arena, format, arguments);
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
