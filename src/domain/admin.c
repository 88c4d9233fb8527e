/* The limits of administration: which units, accounts and roles somebody sees to. */
#include "domain/admin.h"

#include "base/catalogue.h"
#include "base/plant.h"
#include "base/vi.h"
#include "domain/headcount.h"
#include "domain/person.h"
#include "domain/rights.h"
#include "store/store.h"

#include <string.h>

/* Units */

int
admin_tops(struct ctx *cx, const struct unit ***out)
{
    const struct viewer *viewer = cx->viewer;
    int count = 0, grants = viewer == NULL ? 0 : viewer->grant_count;
    int32_t today = cx->world->today;
    *out = ARENA_ARRAY(cx->arena, const struct unit *, (size_t)grants + 1);
    if (viewer == NULL && cx->world->tree->root != NULL)
        (*out)[count++] = cx->world->tree->root;
    for (int i = 0; i < grants; i++) {
        const struct grant *grant = &viewer->grants[i];
        bool is_covered = strcmp(grant->role, ROLE_ADMIN) != 0;
        for (int j = 0; j < grants && !is_covered; j++) {
            const struct grant *other = &viewer->grants[j];
            is_covered = strcmp(other->role, ROLE_ADMIN) == 0 &&
                unit_inside(grant->unit, other->unit, today) &&
                (other->unit != grant->unit || j < i);
        }
        if (!is_covered)
            (*out)[count++] = grant->unit;
    }
    return count;
}

static void
name_faults(struct ctx *cx, int before, const char *field)
{
    for (int i = before; i < cx->faults.count; i++)
        cx->faults.items[i].field = field;
}

enum status
admin_unit(struct ctx *cx, const char *field, const char *code, int32_t day,
    const struct unit **out)
{
    int before = cx->faults.count;
    enum status status = rights_unit(cx, code, day, out);
    if (status == OK && !may_administer(cx, *out) && !PLANTED("unit_not_administered"))
        status = rights_no_unit(cx, code);
    name_faults(cx, before, field);
    return status;
}

/* Does the viewer see to what is above the unit as well? */
static bool
is_below_own(const struct ctx *cx, const struct unit *unit, int32_t day)
{
    const struct span *span = unit_named(unit, day);
    return span->parent != NULL && may_administer(cx, span->parent);
}

enum status
admin_unit_create(struct ctx *cx, const struct unit_new *wanted, const struct unit **out)
{
    bool may = wanted->parent == NULL ? cx->viewer == NULL : may_administer(cx, wanted->parent);
    if (!may)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "parent_code"},
            "Cần đơn vị cấp trên trong phạm vi quản trị.");
    return unit_create(cx, wanted, out);
}

enum status
admin_unit_change(struct ctx *cx, const struct unit_event *event)
{
    const struct unit *unit, *other = NULL;
    const struct tree *tree = cx->world->tree;
    int32_t before = event->day - 1;
    TRY(admin_unit(cx, NULL, event->code, before, &unit));
    if (event->kind == UNIT_MOVE || event->kind == UNIT_MERGE)
        TRY(admin_unit(cx, "other", event->other == NULL ? "" : event->other, event->day, &other));
    bool is_of_all = unit == tree->root && event->kind == UNIT_RENAME;
    if (!is_of_all && !is_below_own(cx, unit, before))
        return fault_set(cx, ERR_INVALID,
            "%s là đơn vị cao nhất trong phạm vi quản trị này; việc này do người quản trị cấp trên "
            "làm.",
            unit_named(unit, before)->name);
    return unit_change(cx, event);
}

static enum status
count_rows(struct query *q, struct doc *object, const char *key)
{
    bool found;
    TRY(query_one(q, &found));
    doc_integer(object, key, found ? query_get_int(q, 0) : 0);
    return found ? query_end(q) : OK;
}

/* Counted as its own: nobody is named. */
static enum status
count_people(struct ctx *cx, const struct unit *unit, int32_t day, struct doc *object)
{
    struct person_count query = {.unit = unit, .day = day, .basis = DAY_THEN};
    int64_t count;
    query.statuses = (1U << PERSON_STATUS__COUNT) - 1;
    TRY(person_count(cx, &query, &count));
    doc_integer(object, "people", count);
    return OK;
}

enum status
admin_effect_doc(struct doc *object, struct ctx *cx, const struct unit *unit, int32_t day)
{
    const struct unit **children;
    int64_t grants = 0;
    struct query *q = query_new(cx, Q_UNIT_RECORDS);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    TRY(count_rows(q, object, "records"));
    q = query_new(cx, Q_UNIT_GRANTS);
    query_int(q, "unit", unit->id);
    query_int(q, "day", day);
    while (query_next(q))
        grants++;
    TRY(query_end(q));
    doc_integer(object, "grants", grants);
    doc_integer(object, "children", tree_children(cx->arena, unit, day, day, day, &children));
    return count_people(cx, unit, day, object);
}

static const char *
event_label(const struct ctx *cx, const char *kind)
{
    static const char *const labels[][2] = {{"rename", N_("Đổi tên")}, {"move", N_("Chuyển")},
        {"abolish", N_("Kết thúc")}, {"merge", N_("Gộp")}};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (strcmp(kind, labels[i][0]) == 0)
            return tr(cx, labels[i][1]);
    }
    return kind;
}

enum status
admin_events_doc(struct doc *list, struct ctx *cx, const struct unit *unit)
{
    struct query *q = query_new(cx, Q_UNIT_EVENTS);
    query_int(q, "unit", unit->id);
    while (query_next(q)) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", event_label(cx, query_get_text(q, 0)));
        doc_date(object, "day", (int32_t)query_get_int(q, 1));
        doc_text(object, "decision", query_get_null(q, 3) ? NULL : query_get_text(q, 3));
    }
    return query_end(q);
}

/* Accounts */

/* A role that an account has or had; `unit` is the one that has its place today. */
struct held {
    const struct unit *unit;
    bool has_ended;
};

struct holder {
    struct held *held;
    int count;
};

static void
hold(struct ctx *cx, struct holder *holder, int64_t unit_id, int32_t to)
{
    int32_t today = cx->world->today;
    const struct unit *unit = tree_unit(cx->world->tree, unit_id);
    const struct unit *place = unit == NULL ? NULL : unit_place(unit, today);
    *ARENA_PUSH(cx->arena, holder->held, holder->count) = (struct held){place, to < today};
}

/* Is there a role on a unit that is seen to; are all of them? What has ended counts only for who
 * has nothing else. */
static void
judge(const struct ctx *cx, const struct holder *holder, bool *is_seen, bool *is_whole)
{
    bool has_any = false,
         sees_all = cx->viewer == NULL || may_administer(cx, cx->world->tree->root);
    for (int i = 0; i < holder->count; i++)
        has_any = has_any || !holder->held[i].has_ended;
    *is_seen = sees_all;
    *is_whole = holder->count > 0 || sees_all;
    for (int i = 0; i < holder->count; i++) {
        const struct held *held = &holder->held[i];
        if (has_any && held->has_ended)
            continue;
        bool is_his = sees_all || (held->unit != NULL && may_administer(cx, held->unit));
        *is_seen = *is_seen || is_his;
        *is_whole = *is_whole && is_his;
    }
}

static enum status
read_holder(struct ctx *cx, int64_t account, struct holder *out)
{
    struct query *q = query_new(cx, Q_GRANT_LIST);
    query_int(q, "account", account);
    *out = (struct holder){0};
    while (query_next(q))
        hold(cx, out, query_get_int(q, 2), (int32_t)query_get_int(q, 4));
    return query_end(q);
}

static enum status
no_account(struct ctx *cx, const char *login)
{
    return fault_set(cx, ERR_NOT_FOUND, "Không có tài khoản “%s” trong phạm vi quản trị này.",
        login);
}

enum status
admin_account_find(struct ctx *cx, const char *login, struct admin_account *out)
{
    struct holder holder;
    bool is_seen;
    TRY(account_look(cx, login, &out->account));
    if (out->account == NULL)
        return no_account(cx, login);
    TRY(read_holder(cx, out->account->id, &holder));
    judge(cx, &holder, &is_seen, &out->is_whole);
    out->is_own = cx->viewer != NULL && cx->viewer->account == out->account->id;
    return is_seen ? OK : no_account(cx, login);
}

static enum status
check_not_own(struct ctx *cx, const struct admin_account *wanted)
{
    if (!wanted->is_own)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Không ai tự sửa tài khoản và vai trò của chính mình; hãy nhờ một người quản trị khác.");
}

enum status
admin_check_whole(struct ctx *cx, const struct admin_account *wanted)
{
    TRY(check_not_own(cx, wanted));
    if (wanted->is_whole)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Tài khoản %s còn vai trò ở đơn vị ngoài phạm vi quản trị này; việc này do người quản trị "
        "cấp trên làm.",
        wanted->account->login);
}

static enum status
check_unit(struct ctx *cx, const struct unit *unit)
{
    if (may_administer(cx, unit))
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "unit"},
        "Vai trò chỉ giao được ở đơn vị trong phạm vi quản trị.");
}

static enum status
check_new(struct ctx *cx, const struct account_new *wanted)
{
    if (wanted->grant != NULL)
        return check_unit(cx, wanted->grant->unit);
    if (may_administer(cx, cx->world->tree->root))
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "role"},
        "Cần một vai trò: tài khoản không có vai trò nào thì không thuộc phạm vi của ai.");
}

enum status
admin_account_check(struct ctx *cx, const struct account_new *wanted)
{
    enum status status = check_new(cx, wanted), account = account_check(cx, wanted);
    return status == OK ? account : status;
}

enum status
admin_account_create(struct ctx *cx, const struct account_new *wanted, struct account **out)
{
    TRY(check_new(cx, wanted));
    return account_create(cx, wanted, out);
}

enum status
admin_grant(struct ctx *cx, const struct admin_account *wanted, const struct account_grant *grant)
{
    TRY(check_not_own(cx, wanted));
    TRY(check_unit(cx, grant->unit));
    return account_add_grant(cx, wanted->account, grant);
}

enum status
admin_end_grant(struct ctx *cx, const struct admin_account *wanted, const char *role,
    const struct unit *unit, int32_t last)
{
    TRY(check_not_own(cx, wanted));
    TRY(check_unit(cx, unit));
    return account_end_grant(cx, wanted->account, role, unit, last);
}

/* Lists */

/* One account of the list, gathered from its rows. */
struct listed {
    struct account account;
    bool is_invited;
    struct holder holder;
    struct buf roles;
};

static bool
has_words(struct arena *arena, const struct listed *listed, const char *text)
{
    const char *whole = vi_fold(arena,
        arena_printf(arena, "%s %s %s", listed->account.login, listed->account.label,
            buf_string(&listed->roles)));
    const char *at = text == NULL ? "" : vi_fold(arena, text);
    while (*(at += strspn(at, " ")) != '\0') {
        size_t length = strcspn(at, " ");
        if (strstr(whole, arena_strndup(arena, at, length)) == NULL)
            return false;
        at += length;
    }
    return true;
}

static void
listed_doc(struct doc *list, const struct ctx *cx, const struct listed *listed)
{
    const struct account *account = &listed->account;
    struct doc *object = doc_object(list, NULL);
    bool is_closed = account->closed != 0;
    doc_text(object, "login", account->login);
    doc_text(object, "label", account->label);
    doc_text(object, "state", is_closed ? "closed" : listed->is_invited ? "invited" : "open");
    doc_text(object, "state_label",
        is_closed                ? tr(cx, "Đã đóng")
            : listed->is_invited ? tr(cx, "Chờ đặt mật khẩu")
                                 : tr(cx, "Đang dùng"));
    doc_text(object, "tag", is_closed ? "gone" : listed->is_invited ? "wait" : "done");
    doc_text(object, "roles", buf_string(&listed->roles));
    doc_printf(object, "href", "/quan_tri/nguoi_dung/%s", account->login);
}

/* Of the roles, those on units that are seen to are told. */
static void
take_row(struct ctx *cx, struct listed *listed, struct query *q)
{
    if (query_get_null(q, 5))
        return;
    int64_t unit_id = query_get_int(q, 6);
    int32_t to = (int32_t)query_get_int(q, 8);
    const struct unit *unit = tree_unit(cx->world->tree, unit_id);
    hold(cx, &listed->holder, unit_id, to);
    if (unit == NULL || to < cx->world->today || !may_administer(cx, unit))
        return;
    const char *role = query_get_text(q, 5), *label = role_label(cx, role);
    buf_printf(&listed->roles, "%s%s – %s", listed->roles.length > 0 ? "; " : "",
        label == NULL ? role : label, unit_named(unit, cx->world->today)->name);
}

static bool
is_wanted(struct ctx *cx, const struct listed *listed, const struct admin_query *query)
{
    bool is_seen, is_whole;
    judge(cx, &listed->holder, &is_seen, &is_whole);
    return is_seen && has_words(cx->arena, listed, query->text);
}

/* False when the page is full. */
static bool
finish(struct ctx *cx, struct doc *list, const struct listed *listed,
    const struct admin_query *query, int *count, const char **last)
{
    if (listed->account.id == 0 || !is_wanted(cx, listed, query))
        return true;
    if (*count == query->limit)
        return false;
    listed_doc(list, cx, listed);
    *last = listed->account.login;
    ++*count;
    return true;
}

enum status
admin_account_list(struct doc *list, struct ctx *cx, const struct admin_query *query,
    const char **next)
{
    struct listed listed = {.roles = buf_new(cx->arena)};
    const char *last = NULL;
    bool has_room = true;
    int count = 0;
    struct query *q = query_new(cx, Q_ACCOUNT_GRANTS);
    query_text(q, "after", query->after == NULL ? "" : query->after);
    while (has_room && query_next(q)) {
        if (query_get_int(q, 0) != listed.account.id) {
            has_room = finish(cx, list, &listed, query, &count, &last);
            listed = (struct listed){.roles = buf_new(cx->arena)};
            listed.account.id = query_get_int(q, 0);
            listed.account.login = query_get_text(q, 1);
            listed.account.label = query_get_text(q, 2);
            listed.account.closed = query_get_int(q, 3);
            listed.is_invited = query_get_int(q, 4) != 0;
        }
        take_row(cx, &listed, q);
    }
    TRY(query_end(q));
    has_room = has_room && finish(cx, list, &listed, query, &count, &last);
    *next = has_room ? NULL : last;
    return OK;
}

enum status
admin_grants_of_unit(struct doc *list, struct ctx *cx, const struct unit *unit)
{
    struct query *q = query_new(cx, Q_UNIT_GRANTS);
    query_int(q, "unit", unit->id);
    query_int(q, "day", cx->world->today);
    while (query_next(q)) {
        const char *role = query_get_text(q, 2), *label = role_label(cx, role);
        int32_t from = (int32_t)query_get_int(q, 3), to = (int32_t)query_get_int(q, 4);
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "login", query_get_text(q, 0));
        doc_text(object, "label", query_get_text(q, 1));
        doc_text(object, "role", label == NULL ? role : label);
        doc_text(object, "from", from == DAY_MIN ? NULL : date_show(cx->arena, from));
        doc_text(object, "to", to == DAY_MAX ? NULL : date_show(cx->arena, to));
        doc_printf(object, "href", "/quan_tri/nguoi_dung/%s", query_peek_text(q, 0));
    }
    return query_end(q);
}
