/* Accounts of the demo: one for each role that people want to try, all with one password that the
 * sign-in page shows. Nobody of these names exists. */
#include "domain/demo.h"

#include "domain/account.h"

#include <string.h>

static const char password[] = "thuyengiay05";

struct demo_account {
    const char *login, *label, *role;
    const char *units[2]; /* the role is held on each */
    const char *person;   /* the origin of somebody in the demo's list of people, or NULL */
};

static const struct demo_account accounts[] = {
    {"bi_thu", "Bí thư chi bộ (mô phỏng)", "chi_bo", {"bt.cl.cb01"}, "mp-001"},
    {"dang_vien", "Đảng viên (mô phỏng)", "dang_vien", {"bt.cl.cb01"}, "mp-004"},
    {"van_phong", "Văn phòng cấp ủy (mô phỏng)", "van_phong", {"bt.tp", "bt.cl"}, NULL},
    {"lanh_dao", "Bí thư cấp ủy (mô phỏng)", "cap_uy", {"bt.tp", "bt.cl"}, NULL},
    {"tuyen_giao", "Cán bộ tuyên giáo (mô phỏng)", "tuyen_giao", {"bt.tp", "bt.cl"}, NULL},
    {"ubkt", "Cán bộ kiểm tra (mô phỏng)", "ubkt", {"bt.tp", "bt.tp.db01"}, NULL},
    {"mttq", "Cán bộ Mặt trận (mô phỏng)", "mttq", {"bt.tp.mttq", "bt.cl.mttq"}, NULL},
    {"tinh", "Lãnh đạo cấp tỉnh (mô phỏng)", "cap_uy", {"bt"}, NULL},
    {"quan_tri", "Quản trị hệ thống (mô phỏng)", ROLE_ADMIN, {"vn"}, NULL},
    {"kiem_toan", "Kiểm toán (mô phỏng)", ROLE_AUDITOR, {"vn"}, NULL},
};

static enum status
find_grant(struct ctx *cx, const struct demo_account *wanted, int i, struct account_grant *out)
{
    *out = (struct account_grant){.role = wanted->role, .from = DAY_MIN, .to = DAY_MAX};
    return tree_by_code(cx, cx->world->tree, wanted->units[i], cx->world->today, &out->unit);
}

static enum status
make(struct ctx *cx, const struct demo_account *wanted)
{
    struct account_grant first, second;
    struct account_new new = {wanted->login, wanted->label, password, &first};
    struct account *account;
    TRY(account_look(cx, wanted->login, &account));
    if (account != NULL)
        return OK;
    TRY(find_grant(cx, wanted, 0, &first));
    TRY(account_create(cx, &new, &account));
    if (wanted->person != NULL)
        TRY(account_link(cx, account, wanted->person));
    if (wanted->units[1] == NULL)
        return OK;
    TRY(find_grant(cx, wanted, 1, &second));
    return account_add_grant(cx, account, &second);
}

enum status
demo_make_accounts(struct ctx *cx)
{
    TRY(setting_set(cx, "totp", "off"));
    TRY(world_renew(cx));
    for (size_t i = 0; i < COUNT_OF(accounts); i++)
        TRY(make(cx, &accounts[i]));
    return OK;
}

static enum status
add(struct doc *list, struct ctx *cx, const char *login)
{
    const struct viewer *viewer;
    struct account *account;
    TRY(account_look(cx, login, &account));
    if (account == NULL || account->closed != 0)
        return OK;
    TRY(viewer_load(cx, account->id, &viewer));
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "login", login);
    doc_text(object, "label", account->label);
    doc_text(object, "roles", viewer_roles(cx, viewer));
    return OK;
}

enum status
demo_accounts_doc(struct doc *list, struct ctx *cx, const char **out)
{
    *out = password;
    for (size_t i = 0; cx->world->is_demo && i < COUNT_OF(accounts); i++)
        TRY(add(list, cx, accounts[i].login));
    return OK;
}
