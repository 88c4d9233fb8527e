/* Changes of accounts. Passwords are hashed before the write begins: inside it nothing may take
 * time that others wait for. */
#include "domain/account.h"

#include "base/buf.h"
#include "base/code.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/person_write.h"
#include "domain/secret.h"
#include "store/store.h"

#include <string.h>

enum status
account_note(struct ctx *cx, const char *action, int64_t account, const char *detail)
{
    struct audit_note done = {.shard = audit_home(cx),
        .action = action,
        .subject = account,
        .detail = detail};
    return audit_note(cx, &done);
}

struct query *
account_query(struct ctx *cx, enum query_name name, const char *parameter, int64_t account)
{
    struct query *q = query_new(cx, name);
    query_int(q, parameter, account);
    return q;
}

/* Roles */

static const char *
grant_text(struct arena *arena, const struct account_grant *grant)
{
    return arena_printf(arena, "%s %s %s..%s", grant->role, unit_key(arena, grant->unit),
        grant->from == DAY_MIN ? "" : date_iso(arena, grant->from),
        grant->to == DAY_MAX ? "" : date_iso(arena, grant->to));
}

static enum status
insert_grant(struct ctx *cx, int64_t account, const struct account_grant *grant)
{
    struct query *q = account_query(cx, Q_GRANT_INSERT, "account", account);
    query_int(q, "id", store_id(cx));
    query_text(q, "role", grant->role);
    query_int(q, "unit", grant->unit->id);
    query_int(q, "from_day", grant->from);
    query_int(q, "to_day", grant->to);
    query_int(q, "at", cx->now);
    query_int(q, "actor", cx->actor);
    TRY(query_run(q, NULL));
    TRY(account_note(cx, "account.grant", account, grant_text(cx->arena, grant)));
    return world_changed(cx);
}

static enum status
check_role(struct ctx *cx, const char *role)
{
    const struct model *model = cx->world->model;
    struct buf known = buf_new(cx->arena);
    if (role_label(cx, role) != NULL)
        return OK;
    for (int i = 0; i < model->role_count; i++)
        buf_printf(&known, "%s, ", model->roles[i].key);
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "role"},
        "Không có vai trò “%s”; có: %s%s, %s.", role, buf_string(&known), ROLE_ADMIN, ROLE_AUDITOR);
}

static enum status
check_grant(struct ctx *cx, const struct account_grant *grant)
{
    TRY(check_role(cx, grant->role));
    if (grant->from <= grant->to)
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "to"},
        "Ngày cuối %s đứng trước ngày đầu %s.", date_show(cx->arena, grant->to),
        date_show(cx->arena, grant->from));
}

struct granting {
    int64_t account;
    const struct account_grant *grant;
};

static enum status
put_grant(struct ctx *cx, void *arg)
{
    const struct granting *job = arg;
    return insert_grant(cx, job->account, job->grant);
}

enum status
account_add_grant(struct ctx *cx, const struct account *account, const struct account_grant *grant)
{
    struct granting job = {account->id, grant};
    TRY(check_grant(cx, grant));
    return world_write(cx, put_grant, &job);
}

/* Creating */

struct creation {
    const struct account_new *wanted;
    const char *label, *hash;
    int64_t id;
};

static enum status
check_login(struct ctx *cx, const char *login)
{
    size_t length = strlen(login);
    if (length > 0 && length <= LOGIN_MAX && login[0] >= 'a' && login[0] <= 'z' &&
        strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789_.") == length)
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "login"},
        "Tên đăng nhập “%s” không hợp lệ; cần chữ thường không dấu ở đầu, rồi chữ thường, chữ số, "
        "dấu chấm hoặc gạch dưới, nhiều nhất %d ký tự, ví dụ lan.nguyen.",
        login, LOGIN_MAX);
}

static enum status
check_label(struct ctx *cx, const char *label)
{
    if (*label != '\0' && utf8_invalid_at(label) < 0 && utf8_count(label) <= ACCOUNT_LABEL_MAX &&
        strpbrk(label, "\n\t") == NULL)
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "label"},
        "Tên của tài khoản còn trống hoặc dài quá %d ký tự; cần họ và tên, hoặc chức vụ.",
        ACCOUNT_LABEL_MAX);
}

static enum status
check_free(struct ctx *cx, const char *login)
{
    struct account *other;
    TRY(account_look(cx, login, &other));
    if (other == NULL)
        return OK;
    return fault_at(cx, ERR_CONFLICT, (struct fault){.field = "login"},
        "Đã có tài khoản “%s”; hãy chọn tên đăng nhập khác.", login);
}

static enum status
insert_account(struct ctx *cx, void *arg)
{
    struct creation *job = arg;
    TRY(check_free(cx, job->wanted->login));
    job->id = store_id(cx);
    struct query *q = account_query(cx, Q_ACCOUNT_INSERT, "id", job->id);
    query_text(q, "login", job->wanted->login);
    query_text(q, "label", job->label);
    query_text(q, "password", job->hash);
    query_int(q, "at", cx->now);
    query_int(q, "actor", cx->actor);
    TRY(query_run(q, NULL));
    TRY(account_note(cx, "account.create", job->id, job->wanted->login));
    return job->wanted->grant == NULL ? OK : insert_grant(cx, job->id, job->wanted->grant);
}

enum status
account_check(struct ctx *cx, const struct account_new *wanted)
{
    enum status login = check_login(cx, wanted->login);
    enum status label = check_label(cx, vi_clean(cx->arena, wanted->label));
    enum status grant = wanted->grant == NULL ? OK : check_grant(cx, wanted->grant);
    TRY(login);
    TRY(label);
    TRY(grant);
    return check_free(cx, wanted->login);
}

enum status
account_create(struct ctx *cx, const struct account_new *wanted, struct account **out)
{
    struct creation job = {.wanted = wanted, .label = vi_clean(cx->arena, wanted->label)};
    enum status account = account_check(cx, wanted);
    enum status password = wanted->password == NULL
        ? OK
        : secret_check_password(cx, "password", wanted->password, wanted->login);
    TRY(account);
    TRY(password);
    if (wanted->password != NULL)
        TRY(secret_hash(cx, wanted->password, &job.hash));
    TRY(world_write(cx, insert_account, &job));
    return account_by_id(cx, job.id, out);
}

/* Passwords and links */

struct password_change {
    int64_t account;
    const char *hash, *spared;
    const char *link; /* digest of the link that is used up, or NULL */
};

static enum status
end_sessions(struct ctx *cx, int64_t account, const char *spared)
{
    struct query *q = account_query(cx, Q_SESSION_DELETE_OTHERS, "account", account);
    query_text(q, "spared", spared);
    TRY(query_run(q, NULL));
    return query_run(account_query(cx, Q_DEVICE_DELETE_ALL, "account", account), NULL);
}

static enum status
use_up(struct ctx *cx, const struct password_change *job)
{
    int64_t taken;
    struct query *q = account_query(cx, Q_PASS_TAKE, "account", job->account);
    query_text(q, "digest", job->link);
    query_text(q, "kind", "link");
    query_int(q, "now", cx->now);
    TRY(query_run(q, &taken));
    if (taken == 1)
        return OK;
    return fault_set(cx, ERR_NOT_FOUND, "Đường liên kết này vừa được dùng rồi.");
}

static enum status
put_password(struct ctx *cx, void *arg)
{
    const struct password_change *job = arg;
    if (job->link != NULL)
        TRY(use_up(cx, job));
    struct query *q = account_query(cx, Q_ACCOUNT_PUT_PASSWORD, "id", job->account);
    query_text(q, "password", job->hash);
    TRY(query_run(q, NULL));
    TRY(end_sessions(cx, job->account, job->spared));
    return account_note(cx, "account.password", job->account, job->link == NULL ? NULL : "link");
}

static enum status
change_password(struct ctx *cx, const struct account *account, const char *password,
    struct password_change *job)
{
    job->account = account->id;
    TRY(secret_check_password(cx, "moi", password, account->login));
    TRY(secret_hash(cx, password, &job->hash));
    return world_write(cx, put_password, job);
}

enum status
account_set_password(struct ctx *cx, const struct account *account, const char *password,
    const char *spared)
{
    struct password_change job = {.spared = spared};
    return change_password(cx, account, password, &job);
}

struct invitation {
    int64_t account;
    const char *digest;
};

static enum status
put_link(struct ctx *cx, void *arg)
{
    const struct invitation *job = arg;
    struct query *q = account_query(cx, Q_PASS_DELETE_KIND, "account", job->account);
    query_text(q, "kind", "link");
    TRY(query_run(q, NULL));
    q = account_query(cx, Q_PASS_INSERT, "account", job->account);
    query_text(q, "digest", job->digest);
    query_text(q, "kind", "link");
    query_int(q, "until", cx->now + LINK_DAYS * INT64_C(86400000));
    TRY(query_run(q, NULL));
    return account_note(cx, "account.invite", job->account, NULL);
}

enum status
account_invite(struct ctx *cx, const struct account *account, const char **token)
{
    *token = secret_token(cx->arena);
    struct invitation job = {account->id, secret_digest(cx->arena, *token)};
    if (account->closed != 0)
        return fault_set(cx, ERR_INVALID,
            "Tài khoản “%s” đã đóng; hãy mở lại (chithi user open) trước khi mời.", account->login);
    return world_write(cx, put_link, &job);
}

enum status
account_of_link(struct ctx *cx, const char *token, struct account **out)
{
    bool found;
    struct query *q = query_new(cx, Q_PASS_FIND);
    query_text(q, "digest", secret_digest(cx->arena, token));
    query_text(q, "kind", "link");
    query_int(q, "now", cx->now);
    TRY(query_one(q, &found));
    int64_t id = found ? query_get_int(q, 0) : 0;
    if (found)
        TRY(query_end(q));
    if (found)
        TRY(account_by_id(cx, id, out));
    if (found && (*out)->closed == 0)
        return OK;
    return fault_set(cx, ERR_NOT_FOUND,
        "Đường liên kết này không còn dùng được: đã dùng một lần, đã thay bằng liên kết khác, hoặc "
        "quá %d ngày. Hãy xin người quản trị một liên kết mới.",
        LINK_DAYS);
}

enum status
account_use_link(struct ctx *cx, const char *token, const char *password)
{
    struct password_change job = {.link = secret_digest(cx->arena, token)};
    struct account *account;
    TRY(account_of_link(cx, token, &account));
    return change_password(cx, account, password, &job);
}

/* Closing and opening, the person */

struct closing {
    int64_t account, since;
};

static enum status
put_closed(struct ctx *cx, void *arg)
{
    const struct closing *job = arg;
    struct query *q = account_query(cx, Q_ACCOUNT_PUT_CLOSED, "id", job->account);
    query_int(q, "closed", job->since);
    TRY(query_run(q, NULL));
    TRY(end_sessions(cx, job->account, NULL));
    TRY(account_note(cx, job->since == 0 ? "account.open" : "account.close", job->account, NULL));
    return world_changed(cx);
}

enum status
account_close(struct ctx *cx, const struct account *account)
{
    struct closing job = {account->id, cx->now};
    return world_write(cx, put_closed, &job);
}

enum status
account_open(struct ctx *cx, const struct account *account)
{
    struct closing job = {account->id, 0};
    return world_write(cx, put_closed, &job);
}

struct person_link {
    int64_t account;
    const char *code; /* NULL: nobody any more */
};

static enum status
put_person(struct ctx *cx, void *arg)
{
    const struct person_link *job = arg;
    struct query *q = account_query(cx, Q_ACCOUNT_PUT_PERSON, "id", job->account);
    if (job->code != NULL)
        query_int(q, "person", code_number(job->code));
    TRY(query_run(q, NULL));
    TRY(account_note(cx, "account.person", job->account, job->code));
    return world_changed(cx);
}

static enum status
find_person(struct ctx *cx, const char *text, struct person_link *job)
{
    int64_t code;
    TRY(person_find(cx, text, &code));
    if (code < 0)
        return fault_set(cx, ERR_NOT_FOUND,
            "Không có (hoặc có nhiều hơn một) người mang mã hay khóa gốc “%s” trong danh sách.",
            text);
    job->code = code_text(cx->arena, code);
    return OK;
}

enum status
account_link(struct ctx *cx, const struct account *account, const char *person)
{
    struct person_link job = {.account = account->id};
    if (person != NULL)
        TRY(find_person(cx, person, &job));
    return world_write(cx, put_person, &job);
}

/* Ending roles */

struct ending {
    int64_t account;
    const char *role;
    const struct unit *unit;
    int32_t last;
};

struct kept_grant {
    int64_t id;
    int32_t from;
};

static enum status
grants_to_end(struct ctx *cx, const struct ending *job, struct kept_grant **out, int *count)
{
    struct query *q = account_query(cx, Q_GRANT_LIST, "account", job->account);
    *out = NULL;
    *count = 0;
    while (query_next(q)) {
        if (query_get_int(q, 2) == job->unit->id && query_get_int(q, 4) > job->last &&
            strcmp(query_peek_text(q, 1), job->role) == 0)
            *ARENA_PUSH(cx->arena, *out, *count) =
                (struct kept_grant){query_get_int(q, 0), (int32_t)query_get_int(q, 3)};
    }
    return query_end(q);
}

static enum status
end_one(struct ctx *cx, const struct kept_grant *grant, int32_t last)
{
    if (grant->from > last)
        return query_run(account_query(cx, Q_GRANT_DELETE, "id", grant->id), NULL);
    struct query *q = account_query(cx, Q_GRANT_END, "id", grant->id);
    query_int(q, "to_day", last);
    return query_run(q, NULL);
}

static enum status
end_grants(struct ctx *cx, void *arg)
{
    const struct ending *job = arg;
    struct kept_grant *grants;
    int count;
    struct account_grant told = {job->role, job->unit, DAY_MIN, job->last};
    TRY(grants_to_end(cx, job, &grants, &count));
    if (count == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Tài khoản này không có vai trò %s ở %s sau ngày %s.",
            job->role, unit_named(job->unit, job->last)->name, date_show(cx->arena, job->last));
    for (int i = 0; i < count; i++)
        TRY(end_one(cx, &grants[i], job->last));
    TRY(account_note(cx, "account.revoke", job->account, grant_text(cx->arena, &told)));
    return world_changed(cx);
}

enum status
account_end_grant(struct ctx *cx, const struct account *account, const char *role,
    const struct unit *unit, int32_t last)
{
    struct ending job = {account->id, role, unit, last};
    return world_write(cx, end_grants, &job);
}
