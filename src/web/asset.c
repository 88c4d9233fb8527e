/* Files that pages refer to. Their addresses carry a hash of the content, so that browsers keep
 * them for good and a new version is another address. */
#include "web/routes.h"

#include "base/embed.h"

#include <string.h>

/* FNV-1a. */
static uint64_t
hash_of(const struct embedded *file)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < file->size; i++)
        hash = (hash ^ (unsigned char)file->bytes[i]) * 0x100000001b3U;
    return hash;
}

const char *
asset_address_of(struct arena *arena, const struct embedded *file)
{
    return arena_printf(arena, "/%s?v=%016llx", file->path, (unsigned long long)hash_of(file));
}

const char *
asset_address(struct arena *arena, const char *name)
{
    return asset_address_of(arena, embed_find(arena_printf(arena, "assets/%s", name)));
}

/* A script in another language is made at start and no resource. */
static const struct embedded *
find(const struct page *page, const char *name)
{
    const char *path = arena_printf(page->cx->arena, "assets/%s", name);
    for (int i = 0; i < LANGUAGES; i++) {
        if (strcmp(page->app->languages[i].script.path, path) == 0)
            return &page->app->languages[i].script;
    }
    return embed_find(path);
}

enum status
asset_show(struct page *page)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"}};
    const char *name = page->argument[0], *asked = page_param(page, "v");
    const struct embedded *file = find(page, name);
    const char *ending = strrchr(name, '.');
    if (file == NULL || ending == NULL)
        return fault_set(page->cx, ERR_NOT_FOUND, "Không có tệp này.");
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(ending, types[i][0]) == 0)
            page_send_file(page, types[i][1], file->bytes, file->size);
    }
    const char *address = asset_address_of(page->cx->arena, file);
    bool is_current = asked != NULL && strcmp(strrchr(address, '=') + 1, asked) == 0;
    page->response->cache = is_current ? "public, max-age=31536000, immutable" : "no-cache";
    return OK;
}
