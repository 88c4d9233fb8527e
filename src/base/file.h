/* Reading whole files. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/ctx.h"

#include <stddef.h>

/* A file's bytes, mapped for as long as the context's arena lives: they are not in memory of ours,
 * however large the file is. ERR_NOT_FOUND, or ERR_INVALID when it is no plain file. */
MUST_CHECK enum status file_map(struct ctx *, const char *path, const char **bytes, size_t *length);

#endif
