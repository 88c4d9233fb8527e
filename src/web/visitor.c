/* Sessions as the web sees them. The cookies carry the prefix __Host-, so that no other host and no
 * other path sets them. */
#include "web/visitor.h"

#include "domain/rights.h"
#include "domain/secret.h"
#include "domain/session.h"
#include "web/qr.h"

#include <string.h>

static const char session_cookie[] = "__Host-chithi", device_cookie[] = "__Host-thiet_bi";

/* Cookies */

static bool
is_token(const char *text)
{
    enum { TOKEN_LENGTH = 43 };
    return text != NULL && strlen(text) == TOKEN_LENGTH &&
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        TOKEN_LENGTH;
}

static const char *
token_of(const struct page *page, const char *cookie)
{
    const char *value = request_cookie(page->request, cookie);
    return is_token(value) ? value : NULL;
}

const char *
visitor_device(const struct page *page)
{
    return token_of(page, device_cookie);
}

/* Who */

/* What a page asks by itself, over and over, is no sign that anybody sits before it. */
static bool
is_somebodys(const struct page *page)
{
    return !page->is_json || strcmp(page->request->method, "POST") == 0;
}

static enum status
take_session(struct page *page, const char *token, const struct session *session)
{
    struct ctx *cx = page->cx;
    const struct viewer *viewer;
    int faults = cx->faults.count;
    enum status status = viewer_load(cx, session->account, &viewer);
    if (status == ERR_NOT_FOUND) { /* closed a moment ago */
        fault_forget(cx, faults);
        return OK;
    }
    TRY(status);
    cx->viewer = viewer;
    cx->actor = viewer->account;
    page->visitor = (struct visitor){true, session, secret_proof(cx->arena, token, "form")};
    if (is_somebodys(page))
        seen_note(page->app->seen, session, cx->now);
    return OK;
}

enum status
visitor_find(struct page *page)
{
    struct session *session = NULL;
    const char *token = token_of(page, session_cookie);
    bool has_accounts;
    page->visitor = (struct visitor){.token = ""};
    if (token != NULL)
        TRY(session_find(page->cx, token, &session));
    if (session != NULL)
        TRY(take_session(page, token, session));
    if (page->visitor.is_known)
        return OK;
    TRY(account_any(page->cx, &has_accounts));
    page->visitor.is_known = !has_accounts;
    return OK;
}

/* May he */

static enum status
send_to_sign_in(struct page *page)
{
    struct buf out = buf_new(page->cx->arena);
    const char *here = page_address(page, "");
    bool is_read = strcmp(page->request->method, "POST") != 0;
    if (page->is_json || !is_read) {
        page->code = 401;
        return fault_set(page->cx, ERR_FORBIDDEN, "Chưa đăng nhập, hoặc phiên làm việc đã hết.");
    }
    buf_text(&out, "/dang_nhap");
    if (strcmp(here, "/") != 0) {
        buf_text(&out, "?tiep=");
        page_url_text(&out, here, true);
    }
    page_redirect(page, buf_string(&out));
    return OK;
}

static enum status
check_token(struct page *page)
{
    const char *sent = request_form(page->request, "ma");
    if (page->visitor.session == NULL || strcmp(page->request->method, "POST") != 0)
        return OK;
    if (sent != NULL && secret_equal(sent, page->visitor.token))
        return OK;
    return fault_set(page->cx, ERR_FORBIDDEN,
        "Biểu mẫu này không thuộc phiên đăng nhập hiện tại, nên không được thực hiện.");
}

enum status
visitor_check(struct page *page, const struct route *route)
{
    if (route->right < RIGHT_SIGNED_IN)
        return OK;
    if (!page->visitor.is_known)
        return send_to_sign_in(page);
    if (route->right == RIGHT_ADMIN && !may_administer(page->cx, NULL))
        return fault_set(page->cx, ERR_NOT_FOUND, "Không có trang này.");
    return check_token(page);
}

/* Signing in and out */

struct word {
    const char *in_header, *label;
};

static const char *
first_word(const char *text, const struct word *words, size_t count, const char *other)
{
    for (size_t i = 0; i < count; i++) {
        if (strstr(text, words[i].in_header) != NULL)
            return words[i].label;
    }
    return other;
}

/* "Firefox trên Windows": enough for people to tell their browsers apart. */
static const char *
browser_label(const struct page *page)
{
    static const struct word browsers[] = {{"coc_coc", "Cốc Cốc"}, {"Edg", "Edge"},
        {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"},
        {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}};
    static const struct word systems[] = {{"iPhone", "iPhone"}, {"iPad", "iPad"},
        {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS", "máy Mac"}, {"Linux", "Linux"}};
    const char *agent = request_header(page->request, "user-agent");
    agent = agent == NULL ? "" : agent;
    return arena_printf(page->cx->arena, "%s trên %s",
        first_word(agent, browsers, COUNT_OF(browsers), "Trình duyệt"),
        first_word(agent, systems, COUNT_OF(systems), "máy khác"));
}

enum status
visitor_begin(struct page *page, const struct account *account, bool remembers)
{
    struct session_new wanted = {.account = account->id,
        .label = browser_label(page),
        .replaced = token_of(page, session_cookie),
        .remembers = remembers};
    const char *token, *device;
    page->cx->actor = account->id;
    TRY(session_begin(page->cx, &wanted, &token, &device));
    page_cookie(page, session_cookie, token, -1);
    if (device != NULL)
        page_cookie(page, device_cookie, device, DEVICE_DAYS * 86400);
    return OK;
}

enum status
visitor_no_accounts(struct page *page)
{
    return fault_set(page->cx, ERR_NOT_FOUND,
        "Cơ sở dữ liệu chưa có tài khoản nào; tạo bằng chithi user add trên máy chủ.");
}

void
visitor_forget(struct page *page)
{
    page_cookie(page, session_cookie, "", 0);
}

/* A path that a browser takes for another site's, or that is no page of ours, leads home. */
static bool
is_ours(struct arena *arena, const char *path)
{
    const char *argument[PATH_PARTS], *allow;
    for (const char *c = path; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || *c == '\\')
            return false;
    }
    const char *plain = arena_strndup(arena, path, strcspn(path, "?#"));
    const struct route *route = route_find(arena, "GET", plain, argument, &allow);
    return route != NULL && route->right >= RIGHT_SIGNED_IN;
}

const char *
visitor_next(const struct page *page)
{
    bool is_form = strcmp(page->request->method, "POST") == 0;
    const char *next =
        is_form ? request_form(page->request, "tiep") : request_query(page->request, "tiep");
    return next != NULL && is_ours(page->cx->arena, next) ? next : "/";
}

struct sign_in
visitor_attempt(const struct page *page)
{
    return (struct sign_in){.throttle = page->app->throttle,
        .network = throttle_network(page->cx->arena, page->request->address),
        .device = visitor_device(page)};
}

void
visitor_tell_wait(struct page *page, const struct sign_in *attempt)
{
    if (attempt->wait_ms > 0)
        page_header(page, "Retry-After",
            arena_printf(page->cx->arena, "%lld", (long long)(attempt->wait_ms + 999) / 1000));
}

/* What is shown once */

void
visitor_totp_doc(struct page *page, const char *login, const char *secret)
{
    const char *address = totp_address(page->cx->arena, secret, login);
    struct buf groups = buf_new(page->cx->arena);
    struct qr code;
    for (int i = 0; secret[i] != '\0'; i++)
        buf_printf(&groups, "%s%c", i > 0 && i % 4 == 0 ? " " : "", secret[i]);
    doc_text(page->data, "secret", secret);
    doc_text(page->data, "secret_shown", buf_string(&groups));
    doc_text(page->data, "address", address);
    if (!qr_draw(page->cx->arena, address, &code)) {
        doc_null(page->data, "qr");
        return;
    }
    struct doc *out = doc_object(page->data, "qr");
    doc_integer(out, "side", code.side);
    doc_text(out, "path", code.path);
}

void
visitor_show_recovery(struct page *page, const char **codes, const char *next)
{
    page->template = "recovery_codes";
    page_set_title(page, "Mã dự phòng");
    struct doc *list = doc_list(page->data, "codes");
    for (int i = 0; i < RECOVERY_CODES; i++)
        doc_text(doc_object(list, NULL), "code", codes[i]);
    doc_text(page->data, "next", next);
}

/* In how many seconds the session ends unless something is asked for until then. */
static void
add_session_end(const struct page *page, struct doc *out)
{
    const struct session *session = page->visitor.session;
    if (session == NULL) {
        doc_null(out, "session_end");
        return;
    }
    int64_t idle = SESSION_IDLE_MINUTES * INT64_C(60);
    int64_t left = (session->created_at - page->cx->now) / 1000 + SESSION_HOURS * INT64_C(3600);
    doc_printf(out, "session_end", "%lld", (long long)(left < idle ? left : idle));
}

void
visitor_doc(const struct page *page, struct doc *out)
{
    const struct viewer *viewer = page->cx->viewer;
    const char *token = page->visitor.token;
    doc_text(out, "token", token == NULL ? "" : token);
    add_session_end(page, out);
    if (viewer == NULL) {
        doc_null(out, "user");
        return;
    }
    struct doc *user = doc_object(out, "user");
    doc_text(user, "label", viewer->label);
    doc_text(user, "login", viewer->login);
    doc_text(user, "roles", viewer_roles(page->cx, viewer));
}
