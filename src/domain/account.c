/* Accounts as they are: finding, listing, what their roles are called. */
#include "domain/account.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/code.h"
#include "domain/person_write.h"
#include "domain/rights.h"
#include "store/store.h"

#include <string.h>

static struct account *
read_account(struct ctx *cx, struct query *q)
{
    struct account *account = ARENA_NEW(cx->arena, struct account);
    account->id = query_get_int(q, 0);
    account->login = query_get_text(q, 1);
    account->label = query_get_text(q, 2);
    account->person = query_get_int(q, 3);
    account->closed = query_get_int(q, 4);
    account->password = query_get_null(q, 5) ? NULL : query_get_text(q, 5);
    account->totp = query_get_null(q, 6) ? NULL : query_get_text(q, 6);
    account->totp_step = query_get_int(q, 7);
    account->created_at = query_get_int(q, 8);
    return account;
}

static enum status
read_one(struct ctx *cx, struct query *q, struct account **out)
{
    bool found;
    *out = NULL;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = read_account(cx, q);
    return query_end(q);
}

enum status
account_any(struct ctx *cx, bool *out)
{
    struct query *q = query_new(cx, Q_ACCOUNT_ANY);
    TRY(query_one(q, out));
    return *out ? query_end(q) : OK;
}

enum status
account_look(struct ctx *cx, const char *login, struct account **out)
{
    struct query *q = query_new(cx, Q_ACCOUNT_BY_LOGIN);
    query_text(q, "login", login);
    return read_one(cx, q, out);
}

enum status
account_find(struct ctx *cx, const char *login, struct account **out)
{
    TRY(account_look(cx, login, out));
    if (*out != NULL)
        return OK;
    return fault_set(cx, ERR_NOT_FOUND,
        "Không có tài khoản “%s”; chithi user list cho biết có những tài khoản nào.", login);
}

enum status
account_by_id(struct ctx *cx, int64_t id, struct account **out)
{
    struct query *q = query_new(cx, Q_ACCOUNT_BY_ID);
    query_int(q, "id", id);
    TRY(read_one(cx, q, out));
    if (*out != NULL)
        return OK;
    return fault_set(cx, ERR_NOT_FOUND, "Không có tài khoản này.");
}

/* Roles */

const char *
role_label(const struct ctx *cx, const char *role)
{
    const struct model *model = cx->world->model;
    if (strcmp(role, ROLE_ADMIN) == 0)
        return tr(cx, "Quản trị hệ thống");
    if (strcmp(role, ROLE_AUDITOR) == 0)
        return tr(cx, "Kiểm toán");
    for (int i = 0; i < model->role_count; i++) {
        if (strcmp(model->roles[i].key, role) == 0)
            return label_text(cx, &model->roles[i].label);
    }
    return NULL;
}

static void
add_role(struct buf *out, const struct ctx *cx, const char *role, const struct unit *unit)
{
    const char *label = role_label(cx, role);
    buf_printf(out, "%s%s – %s", out->length > 0 ? "; " : "", label == NULL ? role : label,
        unit_named(unit, cx->world->today)->name);
}

const char *
viewer_roles(const struct ctx *cx, const struct viewer *viewer)
{
    struct buf out = buf_new(cx->arena);
    for (int i = 0; i < viewer->grant_count; i++)
        add_role(&out, cx, viewer->grants[i].role, viewer->grants[i].unit);
    return buf_string(&out);
}

/* Documents */

static const char *
state_of(const struct account *account)
{
    if (account->closed != 0)
        return "closed";
    return account->password == NULL ? "invited" : "open";
}

static void
grant_doc(struct doc *list, const struct ctx *cx, struct query *q)
{
    const struct world *world = cx->world;
    const char *role = query_get_text(q, 1), *label = role_label(cx, role);
    const struct unit *unit = tree_unit(world->tree, query_get_int(q, 2));
    int32_t from = (int32_t)query_get_int(q, 3), to = (int32_t)query_get_int(q, 4);
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "role", role);
    doc_text(object, "label", label);
    doc_text(object, "unit", unit == NULL ? NULL : unit_code(list->arena, unit, world->today));
    doc_text(object, "unit_name", unit == NULL ? NULL : unit_named(unit, cx->world->today)->name);
    if (from == DAY_MIN)
        doc_null(object, "from");
    else
        doc_date(object, "from", from);
    if (to == DAY_MAX)
        doc_null(object, "to");
    else
        doc_date(object, "to", to);
    doc_bool(object, "in_force", from <= world->today && world->today <= to);
}

/* May the viewer know of a role of this account? */
static bool
may_know_grant(const struct ctx *cx, const struct account *account, const struct unit *unit)
{
    bool is_own = cx->viewer != NULL && cx->viewer->account == account->id;
    return is_own || cx->viewer == NULL || (unit != NULL && may_administer(cx, unit));
}

/* Every grant, of today or not; `roles`, a text of those in force. */
static enum status
add_grants(struct doc *object, struct ctx *cx, const struct account *account, struct doc *list)
{
    struct buf roles = buf_new(cx->arena);
    struct query *q = query_new(cx, Q_GRANT_LIST);
    query_int(q, "account", account->id);
    while (query_next(q)) {
        const struct unit *unit = tree_unit(cx->world->tree, query_get_int(q, 2));
        bool is_now =
            query_get_int(q, 3) <= cx->world->today && query_get_int(q, 4) >= cx->world->today;
        if (!may_know_grant(cx, account, unit))
            continue;
        if (list != NULL)
            grant_doc(list, cx, q);
        if (is_now && unit != NULL)
            add_role(&roles, cx, query_get_text(q, 1), unit);
    }
    doc_text(object, "roles", buf_string(&roles));
    return query_end(q);
}

static void
head_doc(struct doc *object, const struct account *account)
{
    doc_text(object, "login", account->login);
    doc_text(object, "label", account->label);
    doc_text(object, "state", state_of(account));
}

enum status
account_list_doc(struct doc *list, struct ctx *cx)
{
    struct account **accounts = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_ACCOUNT_LIST);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, accounts, count) = read_account(cx, q);
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        head_doc(object, accounts[i]);
        TRY(add_grants(object, cx, accounts[i], NULL));
    }
    return OK;
}

static enum status
add_recovery(struct doc *object, struct ctx *cx, const struct account *account)
{
    bool found;
    struct query *q = query_new(cx, Q_PASS_COUNT);
    query_int(q, "account", account->id);
    query_text(q, "kind", "recovery");
    query_int(q, "now", cx->now);
    TRY(query_one(q, &found));
    doc_integer(object, "recovery", found ? query_get_int(q, 0) : 0);
    return query_end(q);
}

enum status
account_doc(struct doc *object, struct ctx *cx, const struct account *account)
{
    head_doc(object, account);
    doc_text(object, "person", account->person == 0 ? NULL : code_text(cx->arena, account->person));
    doc_time(object, "created_at", account->created_at, cx->world->zone_offset);
    doc_bool(object, "has_totp", account->totp != NULL);
    TRY(add_recovery(object, cx, account));
    return add_grants(object, cx, account, doc_list(object, "grants"));
}
