/* Mapping files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
file_map(struct ctx *cx, const char *path, const char **bytes, size_t *length)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không đọc được tệp %s: %s.", path, strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        return fault_set(cx, ERR_INVALID, "%s không phải là một tệp thường.", path);
    }
    *length = (size_t)about.st_size;
    *bytes = "";
    if (*length > 0) {
        struct mapping *mapping = ARENA_NEW(cx->arena, struct mapping);
        mapping->length = *length;
        mapping->bytes = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, fd, 0);
        if (mapping->bytes == MAP_FAILED) {
            close(fd);
            return fault_set(cx, ERR_STORE, "Không đọc được tệp %s: %s.", path, strerror(errno));
        }
        arena_defer(cx->arena, unmap, mapping);
        *bytes = mapping->bytes;
    }
    close(fd);
    return OK;
}
