/* From a request to its response: who may ask, which route, the document around what the handler
 * says, its two faces, and faults as pages. */
#include "web/page.h"

#include "base/clock.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/notification.h"
#include "domain/rights.h"
#include "domain/session.h"
#include "domain/throttle.h"
#include "web/compress.h"
#include "web/frame.h"
#include "web/language.h"
#include "web/routes.h"
#include "web/visitor.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Who may ask */

static bool
is_loopback_name(struct arena *arena, const char *host)
{
    struct in_addr address;
    if (strncmp(host, "[::1]", 5) == 0)
        host += 5;
    else {
        size_t length = strcspn(host, ":");
        const char *name = arena_strndup(arena, host, length);
        bool is_v4 = inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
        if (!is_v4 && strcmp(name, "localhost") != 0)
            return false;
        host += length;
    }
    size_t digits = *host == ':' ? strspn(host + 1, "0123456789") : 0;
    return *host == '\0' || (digits > 0 && host[1 + digits] == '\0');
}

/* Is it the host of an origin of https, with its port or without the usual one? */
static bool
is_host_of(const char *host, const char *origin)
{
    const char *own = origin + strlen("https://");
    size_t length = strlen(own);
    return strncasecmp(host, own, length) == 0 &&
        (host[length] == '\0' || strcmp(host + length, ":443") == 0);
}

static enum status
load_world(struct page *page)
{
    enum status status = page->cx->world != NULL ? OK : world_begin(page->cx);
    if (status != OK)
        page->code = 503; /* whatever it is, it is not the visitor's to mend */
    return status;
}

/* A page of another site that has bent its name to this machine sends that name. */
static enum status
check_host(struct page *page)
{
    const struct request *request = page->request;
    struct ctx *cx = page->cx;
    page->origin =
        arena_printf(cx->arena, "%s://%s", request->is_secure ? "https" : "http", request->host);
    if (is_loopback_name(cx->arena, request->host))
        return OK;
    TRY(load_world(page));
    const char *site = cx->world->site;
    if (site != NULL && is_host_of(request->host, site)) {
        page->origin = site;
        return OK;
    }
    page->code = 421;
    return fault_set(cx, ERR_FORBIDDEN,
        "Máy chủ này chỉ trả lời khi được mở bằng tên của chính máy: 127.0.0.1, localhost hoặc "
        "[::1]%s%s.",
        site != NULL ? tr(cx, "; hoặc bằng ") : "", site != NULL ? site : "");
}

static enum status
check_origin(struct page *page)
{
    const char *site = request_header(page->request, "sec-fetch-site");
    const char *origin = request_header(page->request, "origin");
    bool is_ours = site != NULL ? strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0
                                : origin != NULL && strcmp(origin, page->origin) == 0;
    if (is_ours || strcmp(page->request->method, "POST") != 0)
        return OK;
    return fault_set(page->cx, ERR_FORBIDDEN,
        "Thao tác này không đến từ một trang của chính máy chủ, nên không được thực hiện.");
}

/* What is echoed on pages and in JSON is UTF-8. */
static enum status
check_text(struct page *page, const struct pair *pairs, int count)
{
    for (int i = 0; i < count; i++) {
        if (utf8_invalid_at(pairs[i].name) >= 0 || utf8_invalid_at(pairs[i].value) >= 0)
            return fault_set(page->cx, ERR_INVALID,
                "Địa chỉ trang hoặc dữ liệu gửi lên có chỗ không phải văn bản UTF-8.");
    }
    return OK;
}

static enum status
check_request(struct page *page)
{
    const struct request *request = page->request;
    TRY(check_host(page));
    TRY(check_origin(page));
    TRY(check_text(page, request->query, request->query_count));
    return check_text(page, request->form, request->form_count);
}

static void
find_face(struct page *page)
{
    const char *path = page->request->path, *accept = request_header(page->request, "accept");
    size_t length = strlen(path);
    bool by_name = length > 5 && strcmp(path + length - 5, ".json") == 0;
    page->path = by_name ? arena_strndup(page->cx->arena, path, length - 5) : path;
    page->is_json = by_name ||
        (accept != NULL && strstr(accept, "application/json") != NULL &&
            strstr(accept, "text/html") == NULL);
}

/* The document around the data */

static void
add_menu_item(const struct page *page, struct doc *menu, const char *path, const char *query,
    const char *label)
{
    struct doc *item = doc_object(menu, NULL);
    doc_printf(item, "href", "%s%s", path, query);
    doc_text(item, "label", label);
    doc_bool(item, "is_current", strcmp(page->path, path) == 0);
    doc_bool(item, "is_counted", strcmp(path, "/thong_bao") == 0);
    doc_text(item, "count", page->unread);
}

static void
add_menu(const struct page *page, struct doc *menu)
{
    struct ctx *cx = page->cx;
    const struct unit *unit =
        cx->world == NULL || !page->visitor.is_known ? NULL : page_home_unit(cx);
    add_menu_item(page, menu, "/", "",
        cx->viewer == NULL ? tr(cx, "Trang chủ") : tr(cx, "Việc cần làm"));
    if (page->visitor.session != NULL)
        add_menu_item(page, menu, "/thong_bao", "", tr(cx, "Thông báo"));
    if (cx->world != NULL && page->visitor.is_known && may_administer(cx, NULL))
        add_menu_item(page, menu, "/quan_tri", "", tr(cx, "Quản trị"));
    if (unit == NULL)
        return;
    if (cx->viewer != NULL)
        add_menu_item(page, menu, "/duyet", "", tr(cx, "Duyệt"));
    const struct model *model = cx->world->model;
    const char *code = unit_named(unit, page_usual_range(cx).to)->code;
    const char *query = arena_printf(cx->arena, "?dv=%s", code);
    add_menu_item(page, menu, arena_printf(cx->arena, "/dv/%s", code), "", tr(cx, "Đơn vị"));
    if (model->register_count > 0)
        add_menu_item(page, menu, arena_printf(cx->arena, "/so/%s", model->registers[0].key), query,
            tr(cx, "Sổ"));
    for (int i = 0; i < model->report_count; i++)
        add_menu_item(page, menu, arena_printf(cx->arena, "/bao_cao/%s", model->reports[i].key),
            query, i == 0 ? tr(cx, "Báo cáo") : label_text(cx, &model->reports[i].label));
    if (may_audit(cx))
        add_menu_item(page, menu, "/nhat_ky", "", tr(cx, "Nhật ký"));
}

/* No page fails for want of a number in its frame. */
static void
count_unread(struct page *page)
{
    struct ctx *cx = page->cx;
    int count = 0, faults = cx->faults.count;
    page->unread = NULL;
    if (cx->world == NULL || page->visitor.session == NULL)
        return;
    if (notification_count(cx, page->visitor.session->digest, &count) != OK)
        fault_forget(cx, faults);
    if (count > 0)
        page->unread = arena_printf(cx->arena, "%d", count);
}

static void
begin_document(struct page *page)
{
    page->root = doc_new(page->cx->arena, DOC_OBJECT);
    page->page = doc_object(page->root, "page");
    page->data = doc_object(page->root, "data");
    page->crumbs = doc_list(page->page, "breadcrumb");
    page->title = "chithi";
    page->asked = "";
}

static void
end_document(struct page *page)
{
    const struct world *world = page->cx->world;
    bool is_demo = world != NULL && world->is_demo;
    doc_text(page->page, "title", page->title);
    doc_bool(page->page, "has_breadcrumb", page->crumbs->first != NULL);
    doc_bool(page->page, "is_demo", is_demo);
    doc_text(page->page, "directive", world == NULL ? "" : world->model->packs[0].directive);
    doc_text(page->page, "style", page->app->style);
    doc_text(page->page, "icon", page->app->icon);
    doc_text(page->page, "version", CHITHI_VERSION);
    doc_text(page->page, "json", page_address(page, ".json"));
    doc_text(page->page, "asked", page->asked);
    count_unread(page);
    add_menu(page, doc_list(page->page, "menu"));
    visitor_doc(page, page->page);
    frame_add(page);
}

static void
send_json(struct page *page)
{
    struct buf out = buf_new(page->cx->arena);
    doc_json(page->data, &out);
    page->response->content_type = "application/json; charset=utf-8";
    page->response->bytes = buf_string(&out);
    page->response->length = out.length;
}

static enum status
send_html(struct page *page)
{
    struct buf out = buf_new(page->cx->arena);
    end_document(page);
    TRY(template_render(page->cx, page->language->templates, page->template, page->root, &out,
        page->app->missing));
    page->response->content_type = "text/html; charset=utf-8";
    page->response->bytes = buf_string(&out);
    page->response->length = out.length;
    return OK;
}

static enum status
send_document(struct page *page)
{
    if (!page->is_json)
        return send_html(page);
    send_json(page);
    return OK;
}

/* Faults as pages */

static int
http_code(enum status status)
{
    switch (status) {
    case OK:
        return 200;
    case ERR_INVALID:
    case ERR_LIMIT:
        return 400;
    case ERR_FORBIDDEN:
        return 403;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_STALE:
    case ERR_CONFLICT:
        return 409;
    case ERR_STORE:
        break;
    }
    return 503;
}

struct failure {
    int code;
    const char *title, *advice;
};

static const struct failure failures[] = {
    {400, N_("Yêu cầu chưa đúng"), N_("Sửa những mục nêu trên rồi thử lại.")},
    {401, N_("Cần đăng nhập"), N_("Đăng nhập rồi làm lại.")},
    {403, N_("Không được thực hiện"), N_("Mở lại trang này rồi bấm nút lần nữa.")},
    {404, N_("Không tìm thấy"),
        N_("Kiểm tra lại mã trong địa chỉ, hoặc bắt đầu lại từ trang chủ.")},
    {405, N_("Không dùng được cách này"), N_("Mở trang bằng đường liên kết hoặc nút trên trang.")},
    {409, N_("Đã có thay đổi khác"), N_("Mở lại trang để xem bản mới nhất rồi làm lại.")},
    {421, N_("Sai tên máy chủ"),
        N_("Mở bằng địa chỉ mà người vận hành đã báo; trên chính máy chủ: http://127.0.0.1 và cổng "
           "của nó.")},
    {503, N_("Tạm thời chưa trả lời được"),
        N_("Dữ liệu không bị thay đổi. Thử lại sau ít phút; nếu vẫn vậy, báo người vận hành máy "
           "chủ.")},
};

static const struct failure *
failure_of(int code)
{
    size_t i = 0;
    while (i < COUNT_OF(failures) - 1 && failures[i].code != code)
        i++;
    return &failures[i];
}

static void
fill_failure(struct page *page, const struct failure *failure)
{
    const struct faults *faults = &page->cx->faults;
    begin_document(page);
    page->template = "error";
    page->title = tr(page->cx, failure->title);
    doc_integer(page->data, "code", failure->code);
    doc_text(page->data, "title", page->title);
    struct doc *list = doc_list(page->data, "faults");
    for (int i = 0; i < faults->count; i++) {
        struct doc *fault = doc_object(list, NULL);
        doc_text(fault, "message", faults->items[i].message);
        doc_text(fault, "field", faults->items[i].field);
    }
    doc_text(page->data, "advice", tr(page->cx, failure->advice));
}

/* The banner and the menu stand on pages of faults too, when there is a world to be had. */
static void
begin_failure(struct page *page)
{
    struct ctx *cx = page->cx;
    int before = cx->faults.count;
    if (cx->world != NULL)
        return;
    if (world_begin(cx) != OK || visitor_find(page) != OK)
        fault_forget(cx, before);
}

static void
send_failure(struct page *page, enum status status)
{
    const struct failure *failure = failure_of(page->code != 0 ? page->code : http_code(status));
    if (failure->code == 503)
        log_note("a request failed with status %d", (int)status);
    fill_failure(page, failure);
    if (failure->code != 503)
        begin_failure(page);
    page->response->code = failure->code;
    page->response->location = NULL;
    page->response->disposition = NULL;
    page->response->cache = NULL;
    page->response->header_count = 0;
    if (send_document(page) == OK)
        return;
    log_note("the page of a failure could not be shown");
    page->response->bytes = page->title;
    page->response->length = strlen(page->title);
}

/* Answering */

static enum status
find_route(struct page *page, const struct route **out)
{
    *out = route_find(page->cx->arena, page->request->method, page->path, page->argument,
        &page->response->allow);
    if (*out != NULL)
        return OK;
    page->code = page->response->allow != NULL ? 405 : 404;
    return fault_set(page->cx, ERR_NOT_FOUND,
        page->code == 405 ? "Trang này không nhận phương thức đó." : "Không có trang này.");
}

/* A table or document, which others read on: its language is not the reader's. */
static bool
is_file(const struct route *route)
{
    return strchr(route->path, '.') != NULL;
}

static enum status
begin_world(struct page *page)
{
    TRY(load_world(page));
    enum status status = visitor_find(page);
    if (status != OK)
        page->code = 503;
    return status;
}

static enum status
answer(struct page *page)
{
    const struct route *route;
    TRY(check_request(page));
    TRY(find_route(page, &route));
    if (is_file(route))
        language_set(page, NULL);
    if (route->right != RIGHT_NONE_NEEDED)
        TRY(begin_world(page));
    TRY(visitor_check(page, route));
    if (page->is_answered)
        return OK;
    begin_document(page);
    TRY(route->handler(page));
    return page->is_answered ? OK : send_document(page);
}

/* The route of a request that is not answered yet, or NULL. */
static const struct route *
route_of(void *app, const struct request *request)
{
    struct ctx cx = {.arena = request->arena};
    struct page page = {.app = app, .cx = &cx, .request = (struct request *)request};
    const char *allow;
    find_face(&page);
    return route_find(cx.arena, request->method, page.path, page.argument, &allow);
}

bool
app_is_slow(void *app, const struct request *request)
{
    const struct route *route = route_of(app, request);
    return route != NULL && route->is_slow;
}

size_t
app_upload_limit(void *app, const struct request *request)
{
    const struct route *route = route_of(app, request);
    return route != NULL && route->takes_files ? UPLOAD_LIMIT : 0;
}

void
app_answer(void *argument, int worker, struct request *request, struct response *response)
{
    const struct app *app = argument;
    struct ctx cx = {.arena = request->arena,
        .store = app->store,
        .worlds = app->worlds,
        .now = clock_now()};
    struct page page = {.app = app, .cx = &cx, .request = request, .response = response};
    (void)worker;
    find_face(&page);
    language_set(&page, page.is_json ? NULL : request_cookie(request, language_cookie));
    enum status status = answer(&page);
    if (status != OK)
        send_failure(&page, status);
    compress_response(&page);
    world_end(&cx);
}

/* Templates and assets */

enum status
app_open(struct ctx *cx, struct store *store, struct worlds *worlds, struct app *out)
{
    *out = (struct app){.store = store, .worlds = worlds};
    out->throttle = throttle_new(cx->arena);
    out->seen = seen_new(cx->arena);
    out->style = asset_address(cx->arena, "style.css");
    out->icon = asset_address(cx->arena, "icon.svg");
    out->icons = asset_address(cx->arena, "icons.svg");
    return languages_open(cx, out->languages);
}
