/* The text of the packs in the database, and where it comes from. */
#include "domain/packs.h"

#include "base/embed.h"
#include "base/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char builtin[] = "packs/chi-thi-05/";

/* Files that a database of the first schema has stand under no key: it had one pack only. */
static enum status
put_under_key(struct ctx *cx, struct pack_file *files, int count)
{
    const char *key = NULL;
    for (int i = 0; i < count && key == NULL; i++) {
        if (strchr(files[i].path, '/') == NULL)
            TRY(pack_key(cx, files, count, &key));
    }
    for (int i = 0; i < count && key != NULL; i++)
        files[i].path = arena_printf(cx->arena, "%s/%s", key, files[i].path);
    return OK;
}

enum status
packs_read(struct ctx *cx, struct pack_file **out, int *count)
{
    struct query *q = query_new(cx, Q_PACK_FILE_LIST);
    *out = NULL;
    *count = 0;
    while (query_next(q)) {
        struct pack_file *file = ARENA_PUSH(cx->arena, *out, *count);
        *file = (struct pack_file){query_get_text(q, 0), query_get_text(q, 1)};
    }
    TRY(query_end(q));
    return put_under_key(cx, *out, *count);
}

enum status
packs_write(struct ctx *cx, const struct pack_file *files, int count)
{
    TRY(query_run(query_new(cx, Q_PACK_FILE_CLEAR), NULL));
    for (int i = 0; i < count; i++) {
        struct query *q = query_new(cx, Q_PACK_FILE_INSERT);
        query_text(q, "path", files[i].path);
        query_text(q, "body", files[i].text);
        TRY(query_run(q, NULL));
    }
    return OK;
}

/* Directives */

struct numbered {
    int64_t id;
    const char *key, *symbol;
};

static const struct numbered *
numbered_as(const struct numbered *known, int count, const char *key)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(known[i].key, key) == 0)
            return &known[i];
    }
    return NULL;
}

static enum status
number_directive(struct ctx *cx, const struct directive *directive, int64_t id, bool *changed)
{
    if (id >= DIRECTIVES_MAX)
        return fault_set(cx, ERR_LIMIT,
            "Cơ sở dữ liệu đã có đủ %d chỉ thị, kể cả những chỉ thị đã thôi dùng; không thêm “%s” "
            "được.",
            DIRECTIVES_MAX, directive->key);
    struct query *q = query_new(cx, Q_DIRECTIVE_PUT);
    query_int(q, "id", id);
    query_text(q, "key", directive->key);
    query_text(q, "symbol", directive->symbol);
    *changed = true;
    return query_run(q, NULL);
}

enum status
packs_number_directives(struct ctx *cx, const struct model *model, bool *changed)
{
    struct numbered *known = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_DIRECTIVE_LIST);
    *changed = false;
    while (query_next(q))
        *ARENA_PUSH(cx->arena, known, count) =
            (struct numbered){query_get_int(q, 0), query_get_text(q, 1), query_get_text(q, 2)};
    TRY(query_end(q));
    int64_t next = count;
    for (int i = 0; i < model->directive_count; i++) {
        const struct directive *directive = &model->directives[i];
        const struct numbered *before = numbered_as(known, count, directive->key);
        if (before == NULL)
            TRY(number_directive(cx, directive, next++, changed));
        else if (strcmp(before->symbol, directive->symbol) != 0)
            TRY(number_directive(cx, directive, before->id, changed));
    }
    return OK;
}

/* Where packs come from */

static bool
ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

const struct pack_file *
pack_builtin(struct arena *arena, int *count)
{
    struct pack_file *files = NULL;
    *count = 0;
    for (int i = 0; i < resources_count; i++) {
        const struct embedded *file = &resources[i];
        if (strncmp(file->path, builtin, strlen(builtin)) == 0 && ends_in(file->path, ".yaml"))
            *ARENA_PUSH(arena, files, *count) =
                (struct pack_file){file->path + strlen(builtin), file->bytes};
    }
    return files;
}

static enum status
read_folder(struct ctx *cx, const char *folder, const char *prefix, struct pack_file **out,
    int *count)
{
    struct dirent **names;
    const char *path = arena_printf(cx->arena, "%s/%s", folder, prefix);
    int found = scandir(path, &names, NULL, alphasort);
    enum status status = OK;
    for (int i = 0; i < found; i++) {
        const char *name = names[i]->d_name, *bytes;
        const char *inner = arena_printf(cx->arena, "%s%s", prefix, name);
        size_t length;
        struct stat about;
        if (name[0] != '.' && status == OK &&
            stat(arena_printf(cx->arena, "%s/%s", folder, inner), &about) == 0) {
            if (S_ISDIR(about.st_mode) && *prefix == '\0') {
                status = read_folder(cx, folder, arena_printf(cx->arena, "%s/", name), out, count);
            } else if (ends_in(name, ".yaml")) {
                status =
                    file_map(cx, arena_printf(cx->arena, "%s/%s", folder, inner), &bytes, &length);
                if (status == OK)
                    *ARENA_PUSH(cx->arena, *out, *count) =
                        (struct pack_file){inner, arena_strndup(cx->arena, bytes, length)};
            }
        }
        free(names[i]);
    }
    if (found >= 0)
        free(names);
    return status;
}

enum status
pack_read_folder(struct ctx *cx, const char *folder, struct pack_file **out, int *count)
{
    *out = NULL;
    *count = 0;
    TRY(read_folder(cx, folder, "", out, count));
    if (*count == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không có tệp .yaml nào trong thư mục %s.", folder);
    return OK;
}
