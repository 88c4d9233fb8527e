/* My account: the password, the authenticator, the browsers that are signed in. Whoever changes how
 * he signs in gives the password that he has. */
#include "web/visitor.h"

#include "base/vi.h"
#include "domain/secret.h"
#include "domain/session.h"

#include <string.h>

static const char *
field(const struct page *page, const char *name)
{
    const char *value = request_form(page->request, name);
    return value == NULL ? "" : value;
}

/* The operator of a database without accounts has none either. */
static enum status
own_account(struct page *page, struct account **out)
{
    if (page->visitor.session == NULL)
        return visitor_no_accounts(page);
    return account_by_id(page->cx, page->visitor.session->account, out);
}

/* The page */

static enum status
show(struct page *page, const struct account *account, enum status status)
{
    static const char *const done[] = {"mat_khau", "thiet_bi", "tat_ma"};
    const char *what = request_query(page->request, "da");
    struct ctx *cx = page->cx;
    bool by_role;
    page->template = "account";
    page_set_title(page, "Tài khoản của tôi");
    page_form(page, "cu moi lai mat_khau", status);
    TRY(account_doc(page->data, cx, account));
    TRY(sign_in_role_needs_code(cx, account, &by_role));
    doc_bool(page->data, "needs_totp", by_role);
    doc_integer(page->data, "least", PASSWORD_MIN);
    struct doc *sessions = doc_list(page->data, "sessions");
    struct doc *devices = doc_list(page->data, "devices");
    struct doc *told = doc_object(page->data, "done");
    for (size_t i = 0; i < COUNT_OF(done); i++)
        doc_bool(told, done[i], what != NULL && strcmp(what, done[i]) == 0);
    TRY(session_list_doc(sessions, cx, account->id, page->visitor.session->digest));
    TRY(device_list_doc(devices, cx, account->id));
    doc_bool(page->data, "has_devices", devices->first != NULL);
    return OK;
}

enum status
account_page_show(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    return show(page, account, OK);
}

/* The form again, or the failure of the machine. */
static enum status
show_again(struct page *page, const struct account *account, enum status status)
{
    return status == ERR_STORE ? status : show(page, account, status);
}

static enum status
done(struct page *page, const char *what)
{
    page_redirect(page, arena_printf(page->cx->arena, "/tai_khoan?da=%s", what));
    return OK;
}

/* Who has found a signed-in browser must not guess the password there either. */
static enum status
check_password(struct page *page, const char *name, const struct account *account)
{
    struct sign_in attempt = visitor_attempt(page);
    struct account *same;
    enum status status =
        sign_in_password(page->cx, &attempt, account->login, field(page, name), &same);
    visitor_tell_wait(page, &attempt);
    if (status == ERR_FORBIDDEN) {
        fault_forget(page->cx, 0);
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = name},
            "Mật khẩu đang dùng chưa đúng.");
    }
    TRY(status);
    sign_in_succeeded(page->cx, &attempt);
    return OK;
}

/* The password */

static enum status
change_password(struct page *page, const struct account *account)
{
    TRY(check_password(page, "cu", account));
    if (strcmp(field(page, "moi"), field(page, "lai")) != 0)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "lai"},
            "Hai lần nhập chưa giống nhau; hãy nhập lại mật khẩu mới.");
    return account_set_password(page->cx, account, field(page, "moi"), NULL);
}

/* The browser goes on under a new token: whoever had the old one is out. */
enum status
account_page_password(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    enum status status = change_password(page, account);
    if (status != OK)
        return show_again(page, account, status);
    TRY(visitor_begin(page, account, false));
    return done(page, "mat_khau");
}

/* The authenticator */

static enum status
show_totp(struct page *page, const struct account *account, const char *secret, enum status status)
{
    page->template = "account_totp";
    page_set_title(page, "Ứng dụng xác thực");
    page_crumb(page, "/tai_khoan", tr(page->cx, "Tài khoản của tôi"));
    page_form(page, "so", status);
    visitor_totp_doc(page, account->login, secret);
    return OK;
}

enum status
account_page_totp(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    return show_totp(page, account, totp_new(page->cx->arena), OK);
}

static void
show_recovery(struct page *page, const char **codes)
{
    page_crumb(page, "/tai_khoan", tr(page->cx, "Tài khoản của tôi"));
    visitor_show_recovery(page, codes, "/tai_khoan");
}

enum status
account_page_set_totp(struct page *page)
{
    struct ctx *cx = page->cx;
    const char *secret = field(page, "khoa"), *code = vi_clean(cx->arena, field(page, "so"));
    const char **codes;
    struct account *account;
    TRY(own_account(page, &account));
    int64_t step = totp_is_secret(secret)
        ? totp_step(cx->arena, secret, code, cx->now, account->totp_step)
        : -1;
    if (account->totp != NULL)
        return fault_set(cx, ERR_CONFLICT, "Tài khoản này đã có ứng dụng xác thực.");
    if (step < 0) {
        enum status status = sign_in_wrong_set_up(cx);
        return show_totp(page, account, totp_is_secret(secret) ? secret : totp_new(cx->arena),
            status);
    }
    TRY(account_set_totp(cx, account, secret, step, &codes));
    show_recovery(page, codes);
    return OK;
}

static enum status
drop_totp(struct page *page, const struct account *account)
{
    TRY(check_password(page, "mat_khau", account));
    return account_drop_totp(page->cx, account);
}

enum status
account_page_drop_totp(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    enum status status = drop_totp(page, account);
    return status == OK ? done(page, "tat_ma") : show_again(page, account, status);
}

static enum status
new_recovery(struct page *page, const struct account *account, const char ***codes)
{
    TRY(check_password(page, "mat_khau", account));
    return account_new_recovery(page->cx, account, codes);
}

enum status
account_page_recovery(struct page *page)
{
    struct account *account;
    const char **codes;
    TRY(own_account(page, &account));
    if (account->totp == NULL)
        return fault_set(page->cx, ERR_CONFLICT, "Tài khoản này chưa có ứng dụng xác thực.");
    enum status status = new_recovery(page, account, &codes);
    if (status != OK)
        return show_again(page, account, status);
    show_recovery(page, codes);
    return OK;
}

/* Browsers */

enum status
account_page_end_session(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    TRY(session_end(page->cx, account->id, field(page, "khoa")));
    return done(page, "thiet_bi");
}

enum status
account_page_forget_device(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    TRY(device_forget(page->cx, account->id, field(page, "khoa")));
    return done(page, "thiet_bi");
}

enum status
account_page_end_all(struct page *page)
{
    struct account *account;
    TRY(own_account(page, &account));
    TRY(session_end_all(page->cx, account->id));
    visitor_forget(page);
    page_redirect(page, "/dang_nhap?da=dang_xuat");
    return OK;
}
