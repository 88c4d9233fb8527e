/* Mapping files and putting them into place. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapping {
    void *bytes;
    size_t length;
};

static void
unmap(void *thing)
{
    struct mapping *mapping = thing;
    munmap(mapping->bytes, mapping->length);
}

enum status
file_map_open(struct ctx *cx, int fd, const char *name, const char **bytes, size_t *length)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fault_set(cx, ERR_INVALID, "%s không phải là một tệp thường.", name);
    *length = (size_t)about.st_size;
    *bytes = "";
    if (*length == 0)
        return OK;
    struct mapping *mapping = ARENA_NEW(cx->arena, struct mapping);
    mapping->length = *length;
    mapping->bytes = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapping->bytes == MAP_FAILED)
        return fault_set(cx, ERR_STORE, "Không đọc được tệp %s: %s.", name, strerror(errno));
    arena_defer(cx->arena, unmap, mapping);
    *bytes = mapping->bytes;
    return OK;
}

enum status
file_map(struct ctx *cx, const char *path, const char **bytes, size_t *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không đọc được tệp %s: %s.", path, strerror(errno));
    enum status status = file_map_open(cx, fd, path, bytes, length);
    close(fd);
    return status;
}

static bool
sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

bool
file_sync_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : arena_strndup(arena, path, (size_t)(slash - path));
    return sync_path(slash == path ? "/" : folder, O_DIRECTORY);
}

enum status
file_put(struct ctx *cx, const char *part, const char *path)
{
    if (sync_path(part, 0) && rename(part, path) == 0 && file_sync_folder(cx->arena, path))
        return OK;
    int why = errno;
    unlink(part);
    return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", path, strerror(why));
}
