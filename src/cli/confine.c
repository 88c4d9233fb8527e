/* Which places a server goes on reading and writing when it gives up all others. */
#include "cli/cli.h"

#include "base/log.h"
#include "base/sandbox.h"
#include "store/store.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_on(const char *path, dev_t device)
{
    struct stat about;
    return stat(path, &about) == 0 && about.st_dev == device;
}

/* What the disk that a folder is on is mounted in: rights hang on what is there now, and a disk that
 * is taken away and mounted anew is found by what is around it. NULL: it is the system's own, or
 * that would be everything. */
static const char *
around(struct ctx *cx, const char *folder)
{
    struct stat about;
    char *real = realpath(folder, NULL);
    if (real == NULL || stat(real, &about) != 0)
        return NULL;
    char *path = arena_strdup(cx->arena, real), *parent = dirname(arena_strdup(cx->arena, path));
    free(real);
    while (strcmp(path, "/") != 0 && is_on(parent, about.st_dev)) {
        path = parent;
        parent = dirname(arena_strdup(cx->arena, path));
    }
    return strcmp(path, "/") == 0 || strcmp(parent, "/") == 0 ? NULL : parent;
}

static void
add(struct ctx *cx, const char ***paths, int *count, const char *path)
{
    if (path != NULL)
        *ARENA_PUSH(cx->arena, *paths, *count) = path;
}

/* Temporary files lie beside a database that is a file: there is no other place to write then. */
static void
settle_temporary(struct ctx *cx, const struct args *args, struct store_places *places)
{
    const char *folder = getenv("TMPDIR");
    if (store_is_file(args->db))
        (void)setenv("TMPDIR", places->writes[0], 1);
    else
        add(cx, &places->writes, &places->write_count, folder == NULL ? "/tmp" : folder);
}

static void
tell(int in_force)
{
    if ((in_force & SANDBOX_FILES) == 0)
        log_note("no sandbox of files: landlock is not there, or off");
    if ((in_force & SANDBOX_CALLS) == 0)
        log_note("no sandbox of system calls: seccomp is not there, or off");
    if (geteuid() == 0)
        log_note("runs as root; a user of its own can do less harm");
}

void
cli_confine(struct ctx *cx, const struct args *args, const char *ship)
{
    struct store_places places;
    store_find_places(cx->arena, args->db, &places);
    settle_temporary(cx, args, &places);
    add(cx, &places.reads, &places.read_count, arg_value(args, "certificate"));
    add(cx, &places.reads, &places.read_count, arg_value(args, "key"));
    add(cx, &places.writes, &places.write_count, ship);
    add(cx, &places.writes, &places.write_count, ship == NULL ? NULL : around(cx, ship));
    *ARENA_PUSH(cx->arena, places.reads, places.read_count) = NULL;
    *ARENA_PUSH(cx->arena, places.writes, places.write_count) = NULL;
    tell(sandbox_enter(&(struct sandbox){places.reads, places.writes}));
}
