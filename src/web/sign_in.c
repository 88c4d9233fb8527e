/* Signing in and out: the password, the one-time code, setting up an authenticator, and the link of
 * an invitation. Nothing here needs a script. */
#include "web/visitor.h"

#include "base/vi.h"
#include "domain/demo.h"
#include "domain/secret.h"
#include "domain/session.h"

#include <string.h>

static const char *
field(const struct page *page, const char *name)
{
    const char *value = request_form(page->request, name);
    return value == NULL ? "" : value;
}

/* Is it the page's to tell, or a failure of the machine? */
static bool
is_the_visitors(enum status status)
{
    return status != OK && status != ERR_STORE;
}

/* The password */

/* A demo says whom one may be. */
static enum status
add_demo(struct page *page)
{
    const char *password;
    struct doc *list = doc_list(page->data, "demo_accounts");
    TRY(demo_accounts_doc(list, page->cx, &password));
    doc_bool(page->data, "is_demo", list->first != NULL);
    doc_text(page->data, "demo_password", list->first != NULL ? password : NULL);
    return OK;
}

static enum status
show_sign_in(struct page *page, const char *login, enum status status)
{
    const char *done = request_query(page->request, "da");
    page->template = "sign_in";
    page_set_title(page, "Đăng nhập");
    page_form(page, "tai_khoan mat_khau", status);
    doc_text(page->data, "login", login);
    doc_text(page->data, "next", visitor_next(page));
    doc_bool(page->data, "has_password", done != NULL && strcmp(done, "mat_khau") == 0);
    doc_bool(page->data, "is_out", done != NULL && strcmp(done, "dang_xuat") == 0);
    return add_demo(page);
}

enum status
sign_in_show(struct page *page)
{
    if (page->visitor.is_known) {
        page_redirect(page, visitor_next(page));
        return OK;
    }
    return show_sign_in(page, "", OK);
}

static enum status
finish(struct page *page, const struct sign_in *attempt, const struct account *account)
{
    bool remembers = strcmp(field(page, "nho"), "1") == 0;
    sign_in_succeeded(page->cx, attempt);
    return visitor_begin(page, account, remembers);
}

static enum status
go_on(struct page *page, const struct sign_in *attempt, const struct account *account)
{
    TRY(finish(page, attempt, account));
    page_redirect(page, visitor_next(page));
    return OK;
}

static enum status
show_code(struct page *page, const char *hold, enum status status)
{
    page->template = "sign_in_code";
    page_set_title(page, "Mã xác thực");
    page_form(page, "so", status);
    doc_text(page->data, "hold", hold);
    doc_text(page->data, "next", visitor_next(page));
    doc_integer(page->data, "days", DEVICE_DAYS);
    return OK;
}

static enum status
show_set_up(struct page *page, const struct account *account, const char *hold, const char *secret,
    enum status status)
{
    page->template = "sign_in_set_up";
    page_set_title(page, "Thiết lập mã xác thực");
    page_form(page, "so", status);
    visitor_totp_doc(page, account->login, secret);
    doc_text(page->data, "hold", hold);
    doc_text(page->data, "next", visitor_next(page));
    return OK;
}

static enum status
ask_for_more(struct page *page, const struct account *account, enum sign_in_need need)
{
    const char *hold;
    TRY(sign_in_hold(page->cx, account, &hold));
    if (need == NEED_CODE)
        return show_code(page, hold, OK);
    return show_set_up(page, account, hold, totp_new(page->cx->arena), OK);
}

enum status
sign_in_do(struct page *page)
{
    struct ctx *cx = page->cx;
    struct sign_in attempt = visitor_attempt(page);
    const char *login = vi_lower(cx->arena, vi_clean(cx->arena, field(page, "tai_khoan")));
    struct account *account;
    enum sign_in_need need;
    if (page->visitor.is_known && page->visitor.session == NULL)
        return visitor_no_accounts(page);
    enum status status = sign_in_password(cx, &attempt, login, field(page, "mat_khau"), &account);
    visitor_tell_wait(page, &attempt);
    if (is_the_visitors(status))
        return show_sign_in(page, login, status);
    TRY(status);
    TRY(sign_in_need(cx, account, visitor_device(page), &need));
    if (need == NEED_NOTHING)
        return go_on(page, &attempt, account);
    sign_in_goes_on(cx, &attempt);
    return ask_for_more(page, account, need);
}

/* The code */

enum status
sign_in_do_code(struct page *page)
{
    struct sign_in attempt = visitor_attempt(page);
    const char *hold = field(page, "luot");
    const char *code = vi_clean(page->cx->arena, field(page, "so"));
    struct account *account;
    enum status status = sign_in_code(page->cx, &attempt, hold, code, &account);
    visitor_tell_wait(page, &attempt);
    if (status == ERR_NOT_FOUND)
        return show_sign_in(page, "", status);
    if (is_the_visitors(status))
        return show_code(page, hold, status);
    TRY(status);
    return go_on(page, &attempt, account);
}

enum status
sign_in_do_set_up(struct page *page)
{
    struct sign_in attempt = visitor_attempt(page);
    const char *hold = field(page, "luot"), *secret = field(page, "khoa");
    const char *code = vi_clean(page->cx->arena, field(page, "so"));
    struct account *account;
    const char **codes;
    enum status status = sign_in_set_up(page->cx, hold, secret, code, &account, &codes);
    if (status == ERR_NOT_FOUND)
        return show_sign_in(page, "", status);
    if (status == ERR_INVALID)
        return show_set_up(page, account, hold,
            totp_is_secret(secret) ? secret : totp_new(page->cx->arena), status);
    TRY(status);
    TRY(finish(page, &attempt, account));
    visitor_show_recovery(page, codes, visitor_next(page));
    return OK;
}

/* Out */

enum status
sign_in_out(struct page *page)
{
    const struct session *session = page->visitor.session;
    if (session != NULL)
        TRY(session_end(page->cx, session->account, session->digest));
    visitor_forget(page);
    page_redirect(page, "/dang_nhap?da=dang_xuat");
    return OK;
}

/* An invitation */

static enum status
show_invitation(struct page *page, const struct account *account, enum status status)
{
    page->template = "invitation";
    page_set_title(page, "Đặt mật khẩu");
    page_form(page, "moi lai", status);
    doc_text(page->data, "login", account->login);
    doc_text(page->data, "label", account->label);
    doc_integer(page->data, "least", PASSWORD_MIN);
    return OK;
}

enum status
invitation_show(struct page *page)
{
    struct account *account;
    TRY(account_of_link(page->cx, page->argument[0], &account));
    return show_invitation(page, account, OK);
}

enum status
invitation_do(struct page *page)
{
    struct ctx *cx = page->cx;
    const char *password = field(page, "moi");
    struct account *account;
    enum status status;
    TRY(account_of_link(cx, page->argument[0], &account));
    if (strcmp(password, field(page, "lai")) != 0)
        status = fault_at(cx, ERR_INVALID, (struct fault){.field = "lai"},
            "Hai lần nhập chưa giống nhau; hãy nhập lại mật khẩu mới.");
    else {
        cx->actor = account->id;
        status = account_use_link(cx, page->argument[0], password);
    }
    if (status == ERR_INVALID)
        return show_invitation(page, account, status);
    TRY(status);
    page_redirect(page, "/dang_nhap?da=mat_khau");
    return OK;
}
