/* The routes, and finding one. The first row that fits is taken. */
#include "web/routes.h"

#include <string.h>

const struct route routes[] = {
    {"GET", "/", RIGHT_LOOPBACK, home_show},
    {"GET", "/dv/*", RIGHT_LOOPBACK, unit_page_show},
    {"GET", "/dv/*/thanh_vien", RIGHT_LOOPBACK, member_page_show},
    {"GET", "/cs/*", RIGHT_LOOPBACK, figure_page_show},
    {"GET", "/so/*", RIGHT_LOOPBACK, register_page_show},
    {"GET", "/so/*/moi", RIGHT_LOOPBACK, record_form_new},
    {"POST", "/so/*/moi", RIGHT_LOOPBACK, record_form_create},
    {"GET", "/hs/*", RIGHT_LOOPBACK, record_page_show},
    {"GET", "/hs/*/sua", RIGHT_LOOPBACK, record_form_edit},
    {"POST", "/hs/*/sua", RIGHT_LOOPBACK, record_form_change},
    {"GET", "/hs/*/tep/*", RIGHT_LOOPBACK, record_page_file},
    {"POST", "/hs/*/huy", RIGHT_LOOPBACK, record_page_undo},
    {"POST", "/hs/*/*", RIGHT_LOOPBACK, record_page_move},
    {"GET", "/chi_thi/*", RIGHT_LOOPBACK, directive_page_show},
    {"GET", "/lich", RIGHT_LOOPBACK, calendar_page_show},
    {"GET", "/tim", RIGHT_LOOPBACK, search_page_show},
    {"GET", "/bao_cao/*.docx", RIGHT_LOOPBACK, report_page_docx},
    {"GET", "/bao_cao/*", RIGHT_LOOPBACK, report_page_show},
    {"POST", "/mo_phong/kiem_tra", RIGHT_LOOPBACK, sample_create},
    {"GET", "/he_thong/mau", RIGHT_LOOPBACK, showcase_page_show},
    {"POST", "/he_thong/co_chu", RIGHT_NONE_NEEDED, text_size_choose},
    {"GET", "/assets/*", RIGHT_NONE_NEEDED, asset_show},
};
const int routes_count = COUNT_OF(routes);

/* One part of a path between slashes; a star stands for at least one byte. */
static bool
part_fits(struct arena *arena, const char *pattern, size_t pattern_length, const char *part,
    size_t length, const char **argument, int *count)
{
    const char *star = memchr(pattern, '*', pattern_length);
    if (star == NULL)
        return length == pattern_length && memcmp(part, pattern, length) == 0;
    size_t before = (size_t)(star - pattern), after = pattern_length - before - 1;
    if (length <= before + after || memcmp(part, pattern, before) != 0 ||
        memcmp(part + length - after, star + 1, after) != 0)
        return false;
    argument[(*count)++] = arena_strndup(arena, part + before, length - before - after);
    return true;
}

static bool
path_fits(struct arena *arena, const char *pattern, const char *path, const char **argument)
{
    int count = 0;
    while (*pattern == '/' && *path == '/') {
        size_t pattern_length = strcspn(++pattern, "/"), length = strcspn(++path, "/");
        if (!part_fits(arena, pattern, pattern_length, path, length, argument, &count))
            return false;
        pattern += pattern_length;
        path += length;
    }
    return *pattern == '\0' && *path == '\0';
}

const struct route *
route_find(struct arena *arena, const char *method, const char *path, const char **argument,
    const char **allow)
{
    bool is_read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    *allow = NULL;
    for (int i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        if (!path_fits(arena, route->path, path, argument))
            continue;
        if (strcmp(route->method, is_read ? "GET" : method) == 0)
            return route;
        *allow = strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method;
    }
    return NULL;
}
