/* A new unit, a new account, or both at once: the account's first role is on the new unit, or
 * without one on the unit that was named. What comes out shows the account's link, once. */
#include "web/admin_page.h"

#include "domain/admin.h"
#include "domain/rights.h"
#include "web/plain_form.h"
#include "web/routes.h"
#include "web/words.h"

#include <string.h>

enum { CODE_MAX_TYPED = 60, NAME_MAX_TYPED = 250 };

/* Showing */

/* The levels of today's tree, each once: words of spans are compared by their address. */
static const struct form_option *
level_options(struct ctx *cx, int *count)
{
    const struct tree *tree = cx->world->tree;
    struct form_option *options = NULL;
    *count = 0;
    for (int i = 0; i < tree->count; i++) {
        const struct span *span = &tree->units[i].spans[tree->units[i].span_count - 1];
        bool is_known = false;
        for (int o = 0; o < *count && !is_known; o++)
            is_known = options[o].value == span->level;
        if (!is_known)
            *ARENA_PUSH(cx->arena, options, *count) =
                (struct form_option){span->level, words_level(cx, span->level)};
    }
    return options;
}

/* What the units directly below are, which the new one most likely is too. */
static const struct span *
usual_span(const struct ctx *cx, const struct unit *parent)
{
    const struct span *found = NULL;
    for (int i = 0; parent != NULL && i < parent->child_count; i++) {
        if (parent->children[i]->to >= cx->world->today)
            found = parent->children[i];
    }
    return found;
}

static void
add_unit_fields(struct page *page, const struct unit *parent)
{
    struct ctx *cx = page->cx;
    const struct model *model = cx->world->model;
    const struct span *usual = usual_span(cx, parent);
    struct plain_field code = {.name = "code",
        .label = tr(cx, "Mã đơn vị mới"),
        .max = CODE_MAX_TYPED};
    struct plain_field name = {.name = "name",
        .label = tr(cx, "Tên đơn vị mới"),
        .max = NAME_MAX_TYPED};
    struct plain_field level = {.name = "level", .label = tr(cx, "Cấp"), .kind = PLAIN_CHOICE};
    struct plain_field kind = {.name = "kind",
        .label = tr(cx, "Loại đơn vị"),
        .kind = PLAIN_CHOICE};
    struct plain_field bloc = {.name = "bloc", .label = tr(cx, "Khối"), .kind = PLAIN_CHOICE};
    struct doc *list = doc_list(page->data, "unit_fields");
    code.hint = tr(cx, "Chữ cái, chữ số, “.”, “-”, “_”; bỏ trống khi chỉ thêm người dùng.");
    level.options = level_options(cx, &level.option_count);
    level.value = usual == NULL ? NULL : usual->level;
    kind.options = plain_options(cx, model->unit_kinds, model->unit_kind_count,
        tr(cx, "Không ghi loại"), &kind.option_count);
    kind.value = usual == NULL ? NULL : usual->kind;
    bloc.options = plain_options(cx, model->blocs, model->bloc_count,
        tr(cx, "Không thuộc khối nào"), &bloc.option_count);
    bloc.value = usual == NULL ? NULL : usual->bloc;
    plain_field_add(page, list, &code);
    plain_field_add(page, list, &name);
    plain_field_add(page, list, &level);
    plain_field_add(page, list, &kind);
    plain_field_add(page, list, &bloc);
}

const struct form_option *
admin_role_options(const struct ctx *cx, int *count)
{
    struct arena *arena = cx->arena;
    const struct model *model = cx->world->model;
    struct form_option *options = NULL;
    *count = 0;
    *ARENA_PUSH(arena, options, *count) = (struct form_option){"", tr(cx, "Chọn vai trò")};
    for (int i = 0; i < model->role_count; i++)
        *ARENA_PUSH(arena, options, *count) =
            (struct form_option){model->roles[i].key, role_label(cx, model->roles[i].key)};
    *ARENA_PUSH(arena, options, *count) =
        (struct form_option){ROLE_ADMIN, role_label(cx, ROLE_ADMIN)};
    *ARENA_PUSH(arena, options, *count) =
        (struct form_option){ROLE_AUDITOR, role_label(cx, ROLE_AUDITOR)};
    return options;
}

static void
add_account_fields(struct page *page)
{
    struct ctx *cx = page->cx;
    struct plain_field login = {.name = "login",
        .label = tr(cx, "Tên đăng nhập"),
        .max = LOGIN_MAX};
    struct plain_field label = {.name = "label", .label = tr(cx, "Họ và tên, hoặc chức vụ")};
    struct plain_field role = {.name = "role", .label = tr(cx, "Vai trò"), .kind = PLAIN_CHOICE};
    struct doc *list = doc_list(page->data, "account_fields");
    login.hint =
        tr(cx, "Chữ thường không dấu, chữ số, dấu chấm, gạch dưới; bỏ trống khi chỉ thêm đơn vị.");
    label.max = ACCOUNT_LABEL_MAX;
    role.options = admin_role_options(cx, &role.option_count);
    plain_field_add(page, list, &login);
    plain_field_add(page, list, &label);
    plain_field_add(page, list, &role);
}

static enum status
show(struct page *page, const struct unit *parent, enum status status)
{
    struct ctx *cx = page->cx;
    int32_t today = cx->world->today;
    struct plain_field code = {.name = "parent_code", .label = tr(cx, "Mã đơn vị cấp trên")};
    struct plain_field from = {.name = "from", .label = tr(cx, "Từ ngày"), .kind = PLAIN_DAY};
    admin_page_begin(page, "admin_add", ADMIN_UNITS);
    page_set_title(page, "Thêm đơn vị, người dùng");
    page_crumb(page, "/quan_tri", tr(cx, "Quản trị"));
    page_form(page, "", status);
    code.hint = tr(cx,
        "Đơn vị mới nằm dưới đơn vị này; không thêm đơn vị thì người dùng thuộc đơn vị này.");
    code.max = CODE_MAX_TYPED;
    code.value = parent == NULL ? NULL : unit_code(cx->arena, parent, today);
    code.required = cx->world->tree->root != NULL;
    from.value = date_show(cx->arena, today);
    from.required = true;
    struct doc *list = doc_list(page->data, "fields");
    plain_field_add(page, list, &code);
    plain_field_add(page, list, &from);
    doc_text(page->data, "parent", parent == NULL ? NULL : unit_named(parent, today)->name);
    add_unit_fields(page, parent);
    add_account_fields(page);
    return OK;
}

enum status
admin_add_show(struct page *page)
{
    struct ctx *cx = page->cx;
    const char *code = page_param(page, "dv");
    const struct unit **tops, *parent = NULL;
    if (code != NULL)
        TRY(admin_unit(cx, NULL, code, cx->world->today, &parent));
    else if (admin_tops(cx, &tops) > 0)
        parent = tops[0];
    return show(page, parent, OK);
}

/* Adding */

struct addition {
    struct unit_new unit;
    struct account_new account;
    struct account_grant grant;
    bool has_unit, has_account;
    /* what came of it */
    const struct unit *made;
    struct account *added;
    const char *token;
};

static enum status
read_place(struct page *page, struct addition *out)
{
    struct ctx *cx = page->cx;
    const char *code = page_sent(page, "parent_code");
    enum status day =
        date_read(cx, "from", page_sent(page, "from"), &out->unit.from) ? OK : ERR_INVALID;
    int32_t from = day == OK ? out->unit.from : cx->world->today;
    if (*code != '\0' || cx->world->tree->root != NULL)
        TRY(admin_unit(cx, "parent_code", code, from, &out->unit.parent));
    return day;
}

static enum status
read_addition(struct page *page, struct addition *out)
{
    out->unit.code = page_sent(page, "code");
    out->unit.name = page_sent(page, "name");
    out->unit.level = page_sent(page, "level");
    out->unit.kind = page_sent(page, "kind");
    out->unit.bloc = page_sent(page, "bloc");
    out->account.login = page_sent(page, "login");
    out->account.label = page_sent(page, "label");
    out->grant.role = page_sent(page, "role");
    out->has_unit = *out->unit.code != '\0' || *out->unit.name != '\0';
    out->has_account = *out->account.login != '\0' || *out->account.label != '\0';
    TRY(read_place(page, out));
    out->grant.unit = out->unit.parent;
    out->grant.from = out->unit.from;
    out->grant.to = DAY_MAX;
    out->account.grant = &out->grant;
    if (out->has_unit || out->has_account)
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "code"},
        "Cần mã và tên của đơn vị mới, hoặc tên đăng nhập và họ tên của người dùng mới.");
}

static enum status
check_has_parent(struct page *page, const struct addition *wanted)
{
    if (wanted->grant.unit != NULL || !wanted->has_account)
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "parent_code"},
        "Chưa có đơn vị nào để giao vai trò; hãy thêm đơn vị gốc trước.");
}

/* The account is looked at before the unit is made: a unit alone is not what was asked for. */
static enum status
add(struct page *page, struct addition *wanted)
{
    struct ctx *cx = page->cx;
    TRY(read_addition(page, wanted));
    TRY(check_has_parent(page, wanted));
    if (wanted->has_account)
        TRY(admin_account_check(cx, &wanted->account));
    if (wanted->has_unit)
        TRY(admin_unit_create(cx, &wanted->unit, &wanted->made));
    if (!wanted->has_account)
        return OK;
    if (wanted->made != NULL)
        wanted->grant.unit = wanted->made;
    TRY(admin_account_create(cx, &wanted->account, &wanted->added));
    return account_invite(cx, wanted->added, &wanted->token);
}

/* The new unit stands in a newer world by now; it is found again by its code. */
static enum status
show_added(struct page *page, const struct addition *added)
{
    struct ctx *cx = page->cx;
    const struct unit *unit;
    admin_page_begin(page, "admin_added", ADMIN_UNITS);
    page_set_title(page, "Đã thêm");
    page_crumb(page, "/quan_tri", tr(cx, "Quản trị"));
    doc_bool(page->data, "has_unit", added->has_unit);
    doc_bool(page->data, "has_account", added->has_account);
    if (added->has_unit) {
        TRY(admin_unit(cx, NULL, added->unit.code, added->unit.from, &unit));
        admin_unit_doc(doc_object(page->data, "unit"), cx, unit);
    } else {
        doc_null(page->data, "unit");
    }
    if (added->has_account) {
        doc_text(page->data, "login", added->added->login);
        doc_text(page->data, "label", added->added->label);
        doc_text(page->data, "link", admin_link(page, added->token));
    }
    doc_integer(page->data, "days", LINK_DAYS);
    return OK;
}

enum status
admin_add_do(struct page *page)
{
    struct addition wanted = {0};
    enum status status = add(page, &wanted);
    if (admin_is_told_in_form(status))
        return show(page, NULL, status); /* the world may be a newer one */
    TRY(status);
    return show_added(page, &wanted);
}
