/* The log on stderr. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
log_note(const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    for (char *at = strpbrk(line, "\r\n"); at != NULL; at = strpbrk(at, "\r\n"))
        *at = ' ';
    fprintf(stderr, "chithi: %s\n", line);
}
