/* Administration of accounts: who there is, one account with its roles, and what is done with it. A
 * link is shown once, in the answer to the form that asked for it. */
#include "web/admin_page.h"

#include "base/vi.h"
#include "domain/admin.h"
#include "domain/rights.h"
#include "domain/session.h"
#include "web/plain_form.h"
#include "web/routes.h"

#include <string.h>

enum { ACCOUNTS_SHOWN = 50, CODE_MAX_TYPED = 60 };

enum status
admin_account_page_list(struct page *page)
{
    struct admin_query query = {.text = page_param(page, "tim"),
        .after = page_param(page, "sau"),
        .limit = ACCOUNTS_SHOWN};
    const char *next;
    admin_page_begin(page, "admin_accounts", ADMIN_ACCOUNTS);
    struct doc *list = doc_list(page->data, "accounts");
    TRY(admin_account_list(list, page->cx, &query, &next));
    doc_text(page->data, "text", query.text == NULL ? "" : query.text);
    doc_bool(page->data, "has_accounts", list->first != NULL);
    doc_bool(page->data, "is_first", query.after == NULL);
    struct buf href = buf_new(page->cx->arena);
    buf_printf(&href, "/quan_tri/nguoi_dung?sau=%s&tim=", next == NULL ? "" : next);
    page_url_text(&href, query.text == NULL ? "" : query.text, true);
    doc_text(page->data, "next", next == NULL ? NULL : buf_string(&href));
    return OK;
}

/* One account */

static void
add_fields(struct page *page)
{
    struct ctx *cx = page->cx;
    const struct unit **tops;
    struct plain_field role = {.name = "role", .label = tr(cx, "Vai trò"), .kind = PLAIN_CHOICE};
    struct plain_field unit = {.name = "unit", .label = tr(cx, "Mã đơn vị"), .max = CODE_MAX_TYPED};
    struct plain_field from = {.name = "from", .label = tr(cx, "Từ ngày"), .kind = PLAIN_DAY};
    struct plain_field to = {.name = "to", .label = tr(cx, "Đến ngày"), .kind = PLAIN_DAY};
    struct doc *list = doc_list(page->data, "fields");
    role.options = admin_role_options(cx, &role.option_count);
    if (admin_tops(cx, &tops) > 0)
        unit.value = unit_code(cx->arena, tops[0], cx->world->today);
    from.value = date_show(cx->arena, cx->world->today);
    to.hint = tr(cx, "Bỏ trống khi không có hạn.");
    role.required = unit.required = from.required = true;
    plain_field_add(page, list, &role);
    plain_field_add(page, list, &unit);
    plain_field_add(page, list, &from);
    plain_field_add(page, list, &to);
}

static void
add_person_field(struct page *page)
{
    struct plain_field person = {.name = "person",
        .label = tr(page->cx, "Mã người trong danh sách"),
        .hint = tr(page->cx, "Nối với người mang mã này; bỏ trống để không nối với ai."),
        .max = CODE_MAX_TYPED};
    plain_field_add(page, doc_list(page->data, "person_fields"), &person);
}

static void
add_done(struct page *page)
{
    static const char *const done[][2] = {{"dong", N_("Đã đóng tài khoản.")},
        {"mo", N_("Đã mở lại tài khoản.")}, {"dang_xuat", N_("Đã đăng xuất tài khoản ở mọi nơi.")},
        {"giao", N_("Đã giao vai trò.")}, {"thoi", N_("Đã ghi ngày cuối của vai trò.")},
        {"noi", N_("Đã ghi người của tài khoản.")}};
    const char *what = page_param(page, "da"), *told = NULL;
    for (size_t i = 0; what != NULL && i < COUNT_OF(done); i++) {
        if (strcmp(what, done[i][0]) == 0)
            told = tr(page->cx, done[i][1]);
    }
    doc_text(page->data, "done", told);
}

static enum status
show(struct page *page, const struct admin_account *shown, const char *token, enum status status)
{
    struct ctx *cx = page->cx;
    const struct account *account = shown->account;
    admin_page_begin(page, "admin_account", ADMIN_ACCOUNTS);
    page_set_title(page, "Tài khoản %s", account->login);
    page_crumb(page, "/quan_tri/nguoi_dung", tr(cx, "Người dùng"));
    page_form(page, "", status);
    TRY(account_doc(page->data, cx, account));
    doc_printf(page->data, "address", "/quan_tri/nguoi_dung/%s", account->login);
    doc_bool(page->data, "is_closed", account->closed != 0);
    doc_bool(page->data, "is_own", shown->is_own);
    doc_bool(page->data, "may_change", !shown->is_own);
    doc_bool(page->data, "may_whole", shown->is_whole && !shown->is_own);
    doc_text(page->data, "today", date_show(cx->arena, cx->world->today));
    doc_bool(page->data, "has_link", token != NULL);
    if (token == NULL)
        doc_null(page->data, "link");
    else
        doc_text(page->data, "link", admin_link(page, token));
    doc_integer(page->data, "days", LINK_DAYS);
    add_fields(page);
    add_person_field(page);
    add_done(page);
    return OK;
}

enum status
admin_account_page_show(struct page *page)
{
    struct admin_account shown;
    TRY(admin_account_find(page->cx, page->argument[0], &shown));
    return show(page, &shown, NULL, OK);
}

/* Doing */

static enum status
close_account(struct page *page, const struct admin_account *wanted)
{
    TRY(admin_check_whole(page->cx, wanted));
    return account_close(page->cx, wanted->account);
}

static enum status
open_account(struct page *page, const struct admin_account *wanted)
{
    TRY(admin_check_whole(page->cx, wanted));
    return account_open(page->cx, wanted->account);
}

static enum status
sign_out(struct page *page, const struct admin_account *wanted)
{
    TRY(admin_check_whole(page->cx, wanted));
    return session_end_all(page->cx, wanted->account->id);
}

static enum status
link_person(struct page *page, const struct admin_account *wanted)
{
    const char *person = page_sent(page, "person");
    TRY(admin_check_whole(page->cx, wanted));
    return account_link(page->cx, wanted->account, *person == '\0' ? NULL : person);
}

static enum status
read_days(struct page *page, struct account_grant *grant)
{
    const char *to = page_sent(page, "to");
    bool good = date_read(page->cx, "from", page_sent(page, "from"), &grant->from);
    grant->to = DAY_MAX;
    if (*to != '\0')
        good = date_read(page->cx, "to", to, &grant->to) && good;
    return good ? OK : ERR_INVALID;
}

static enum status
give(struct page *page, const struct admin_account *wanted)
{
    struct account_grant grant = {.role = page_sent(page, "role")};
    int32_t today = page->cx->world->today;
    TRY(read_days(page, &grant));
    TRY(admin_unit(page->cx, "unit", page_sent(page, "unit"),
        grant.from > today ? grant.from : today, &grant.unit));
    return admin_grant(page->cx, wanted, &grant);
}

static enum status
end(struct page *page, const struct admin_account *wanted)
{
    const struct unit *unit;
    int32_t last;
    if (!date_read(page->cx, NULL, page_sent(page, "last"), &last))
        return ERR_INVALID;
    TRY(admin_unit(page->cx, NULL, page_sent(page, "unit"), page->cx->world->today, &unit));
    return admin_end_grant(page->cx, wanted, page_sent(page, "role"), unit, last);
}

static const struct act {
    const char *word;
    enum status (*run)(struct page *, const struct admin_account *);
} acts[] = {{"dong", close_account}, {"mo", open_account}, {"dang_xuat", sign_out}, {"giao", give},
    {"thoi", end}, {"noi", link_person}};

/* A new link is in the answer itself: it is kept nowhere and shown once. */
static enum status
invite(struct page *page, const struct admin_account *wanted)
{
    const char *token = NULL;
    enum status status = admin_check_whole(page->cx, wanted);
    if (status == OK)
        status = account_invite(page->cx, wanted->account, &token);
    return status == ERR_STORE ? status : show(page, wanted, token, status);
}

enum status
admin_account_page_do(struct page *page)
{
    const char *word = page_sent(page, "lam");
    struct admin_account wanted;
    TRY(admin_account_find(page->cx, page->argument[0], &wanted));
    if (strcmp(word, "moi") == 0)
        return invite(page, &wanted);
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        if (strcmp(word, acts[i].word) != 0)
            continue;
        enum status status = acts[i].run(page, &wanted);
        if (admin_is_told_in_form(status))
            return show(page, &wanted, NULL, status);
        TRY(status);
        page_redirect(page,
            arena_printf(page->cx->arena, "/quan_tri/nguoi_dung/%s?da=%s", wanted.account->login,
                word));
        return OK;
    }
    return fault_set(page->cx, ERR_INVALID, "Không có việc “%s”.", word);
}
