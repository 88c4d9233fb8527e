/* Reading whole files, and putting new ones into their place. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/ctx.h"

#include <stddef.h>

/* A file's bytes, mapped for as long as the context's arena lives: they are not in memory of ours,
 * however large the file is. ERR_NOT_FOUND, or ERR_INVALID when it is no plain file. */
MUST_CHECK enum status file_map(struct ctx *, const char *path, const char **bytes, size_t *length);

/* The same of a file that is open; `name` is for what goes wrong. */
MUST_CHECK enum status file_map_open(struct ctx *, int fd, const char *name, const char **bytes,
    size_t *length);

/* Put a file that was written beside `path` into its place, when its bytes are on the disk; what
 * stood there before is gone then. ERR_STORE: the one is as it was, the other is taken away. */
MUST_CHECK enum status file_put(struct ctx *, const char *part, const char *path);
/* Make sure that the names in the folder of a file are on the disk. */
bool file_sync_folder(struct arena *, const char *path);

#endif
