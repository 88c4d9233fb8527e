/* The frame of every page: what is at the bottom of a phone's screen, and the size of text, which
 * is kept in a cookie so that the server writes it and no page jumps. */
#include "web/frame.h"

#include "base/vi.h"
#include "web/language.h"
#include "web/routes.h"

#include <string.h>

/* The size of text */

static const struct {
    const char *value, *sign, *label;
} sizes[] = {{"0", "A", N_("Cỡ chữ thường")}, {"1", "A+", N_("Cỡ chữ lớn")},
    {"2", "A++", N_("Cỡ chữ rất lớn")}};

enum { A_YEAR = 365 * 86400 };

static const char size_cookie[] = "__Host-co_chu";

/* One of the values; anything else is the usual size. */
static const char *
size_named(const char *value)
{
    for (size_t i = 1; value != NULL && i < COUNT_OF(sizes); i++) {
        if (strcmp(value, sizes[i].value) == 0)
            return sizes[i].value;
    }
    return sizes[0].value;
}

static void
add_sizes(struct page *page)
{
    const char *size = size_named(request_cookie(page->request, size_cookie));
    struct doc *list = doc_list(page->page, "sizes");
    doc_text(page->page, "size", size);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "value", sizes[i].value);
        doc_text(object, "sign", sizes[i].sign);
        doc_text(object, "label", tr(page->cx, sizes[i].label));
        doc_text(object, "pressed", strcmp(size, sizes[i].value) == 0 ? "true" : "false");
    }
}

/* Where this page can be seen again: the answer to a form may have no address of its own. */
static const char *
here(const struct page *page)
{
    const char *argument[PATH_PARTS], *allow;
    struct arena *arena = page->cx->arena;
    if (route_find(arena, "GET", page->path, argument, &allow) == NULL)
        return "/";
    return page_address(page, "");
}

/* An address of ours; another site's begins with two slashes, which a browser also writes "\". */
static bool
is_own_address(const char *address)
{
    return address != NULL && address[0] == '/' && address[1] != '/' &&
        strpbrk(address, "\\\r\n\t") == NULL;
}

void
frame_cookie(struct page *page, const char *name, const char *value)
{
    const char *back = request_form(page->request, "tiep");
    page_cookie(page, name, value, A_YEAR);
    page_redirect(page, is_own_address(back) ? back : "/");
}

enum status
text_size_choose(struct page *page)
{
    frame_cookie(page, size_cookie, size_named(request_form(page->request, "co_chu")));
    return OK;
}

/* The bottom of a phone's screen */

static void
add_nav_item(struct page *page, struct doc *nav, const char *icon, const char *href,
    const char *label, bool is_current)
{
    bool is_menu =
        href[0] == '#' && page->visitor.session != NULL; /* where the notifications are */
    struct doc *item = doc_object(nav, NULL);
    doc_text(item, "icon", icon);
    doc_text(item, "href", href);
    doc_text(item, "label", label);
    doc_bool(item, "is_current", is_current);
    doc_bool(item, "is_counted", is_menu);
    doc_text(item, "count", page->unread);
}

static bool
begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void
add_nav(struct page *page)
{
    struct ctx *cx = page->cx;
    bool is_known = cx->world != NULL && page->visitor.is_known;
    const struct unit *unit = is_known ? page_home_unit(cx) : NULL;
    struct doc *nav = doc_list(page->page, "nav");
    doc_bool(page->page, "has_nav", unit != NULL);
    if (unit == NULL)
        return;
    const struct model *model = cx->world->model;
    const char *code = unit_named(unit, page_usual_range(cx).to)->code;
    add_nav_item(page, nav, "viec", "/", tr(cx, "Việc"), strcmp(page->path, "/") == 0);
    if (model->register_count > 0)
        add_nav_item(page, nav, "so",
            arena_printf(cx->arena, "/so/%s?dv=%s", model->registers[0].key, code), tr(cx, "Sổ"),
            begins(page->path, "/so/"));
    if (cx->viewer != NULL)
        add_nav_item(page, nav, "duyet", "/duyet", tr(cx, "Duyệt"),
            strcmp(page->path, "/duyet") == 0);
    else
        add_nav_item(page, nav, "don_vi", arena_printf(cx->arena, "/dv/%s", code), tr(cx, "Đơn vị"),
            begins(page->path, "/dv/"));
    add_nav_item(page, nav, "them", "#them", tr(cx, "Thêm"), false);
}

void
frame_add(struct page *page)
{
    doc_text(page->page, "script", page->language->script_address);
    doc_text(page->page, "icons", page->app->icons);
    doc_text(page->page, "here", here(page));
    add_sizes(page);
    language_add(page);
    add_nav(page);
}
