/* Signing in, step by step. Hashing is done outside of writes, and also for whom there is no
 * account. */
#include "domain/sign_in.h"

#include "base/catalogue.h"
#include "base/vi.h"
#include "domain/secret.h"
#include "domain/session.h"
#include "store/store.h"

#include <string.h>

/* Failures */

/* The device is asked for also where there is no account: it takes the same time. */
static enum status
begin_attempt(struct ctx *cx, struct sign_in *attempt, const char *login, int64_t account)
{
    attempt->attempt = (struct attempt){.login = login, .network = attempt->network};
    TRY(device_is_known(cx, account, attempt->device, &attempt->attempt.is_known));
    attempt->wait_ms = throttle_begin(attempt->throttle, &attempt->attempt, cx->now);
    if (attempt->wait_ms == 0)
        return OK;
    return fault_set(cx, ERR_LIMIT, "Đã thử sai nhiều lần; hãy thử lại sau %lld giây.",
        (long long)(attempt->wait_ms + 999) / 1000);
}

void
sign_in_succeeded(const struct ctx *cx, const struct sign_in *attempt)
{
    throttle_succeeded(attempt->throttle, &attempt->attempt, cx->now);
}

void
sign_in_goes_on(const struct ctx *cx, const struct sign_in *attempt)
{
    throttle_taken_back(attempt->throttle, &attempt->attempt, cx->now);
}

struct failure {
    int64_t account; /* 0: there is none */
    const char *detail;
};

static enum status
note_failure(struct ctx *cx, void *arg)
{
    const struct failure *failure = arg;
    return account_note(cx, "account.failed", failure->account, failure->detail);
}

/* The row of a failure names the network and never what was typed: it may be a password. */
static enum status
fail(struct ctx *cx, const struct sign_in *attempt, int64_t account, const char *message)
{
    struct failure failure = {account, attempt->network};
    TRY(world_write(cx, note_failure, &failure));
    return fault_set(cx, ERR_FORBIDDEN, "%s", message);
}

/* The password */

struct rehash {
    int64_t account;
    const char *hash;
};

static enum status
put_hash(struct ctx *cx, void *arg)
{
    const struct rehash *job = arg;
    struct query *q = query_new(cx, Q_ACCOUNT_PUT_PASSWORD);
    query_int(q, "id", job->account);
    query_text(q, "password", job->hash);
    return query_run(q, NULL);
}

static enum status
rehash(struct ctx *cx, const struct account *account, const char *password)
{
    struct rehash job = {account->id, NULL};
    if (!secret_needs_rehash(cx, account->password))
        return OK;
    TRY(secret_hash(cx, password, &job.hash));
    return world_write(cx, put_hash, &job);
}

enum status
sign_in_password(struct ctx *cx, struct sign_in *attempt, const char *login, const char *password,
    struct account **out)
{
    struct account *account;
    bool is_right;
    TRY(account_look(cx, login, &account));
    TRY(begin_attempt(cx, attempt, login, account == NULL ? 0 : account->id));
    bool may = account != NULL && account->closed == 0;
    TRY(secret_verify(cx, may ? account->password : NULL, password, &is_right));
    if (!is_right)
        return fail(cx, attempt, account == NULL ? 0 : account->id,
            tr(cx,
                "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra chữ hoa, dấu tiếng Việt của bàn "
                "phím, "
                "rồi nhập lại."));
    TRY(rehash(cx, account, password));
    *out = account;
    return OK;
}

/* What else is asked */

static const char *const roles_with_code[] = {"cap_uy", "ubkt", ROLE_ADMIN, ROLE_AUDITOR};

static bool
needs_code(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(roles_with_code); i++) {
        if (strcmp(role, roles_with_code[i]) == 0)
            return true;
    }
    return false;
}

enum status
sign_in_role_needs_code(struct ctx *cx, const struct account *account, bool *out)
{
    const struct viewer *viewer;
    *out = false;
    if (cx->world->is_totp_off)
        return OK;
    TRY(viewer_load(cx, account->id, &viewer));
    for (int i = 0; i < viewer->grant_count; i++)
        *out = *out || needs_code(viewer->grants[i].role);
    return OK;
}

enum status
sign_in_need(struct ctx *cx, const struct account *account, const char *device,
    enum sign_in_need *out)
{
    bool is_known, by_role;
    TRY(device_is_known(cx, account->id, device, &is_known));
    TRY(sign_in_role_needs_code(cx, account, &by_role));
    *out = NEED_NOTHING;
    if (account->totp != NULL)
        *out = is_known ? NEED_NOTHING : NEED_CODE;
    else if (by_role)
        *out = NEED_SET_UP;
    return OK;
}

/* Between the password and the code */

struct holding {
    int64_t account;
    const char *digest;
};

static enum status
put_hold(struct ctx *cx, void *arg)
{
    const struct holding *job = arg;
    struct query *q = query_new(cx, Q_PASS_INSERT);
    query_text(q, "digest", job->digest);
    query_int(q, "account", job->account);
    query_text(q, "kind", "code");
    query_int(q, "until", cx->now + CODE_MINUTES * INT64_C(60000));
    return query_run(q, NULL);
}

enum status
sign_in_hold(struct ctx *cx, const struct account *account, const char **token)
{
    *token = secret_token(cx->arena);
    struct holding job = {account->id, secret_digest(cx->arena, *token)};
    return world_write(cx, put_hold, &job);
}

static enum status
too_late(struct ctx *cx)
{
    return fault_set(cx, ERR_NOT_FOUND,
        "Đã quá %d phút từ khi nhập mật khẩu, hoặc lần đăng nhập này đã xong; hãy đăng nhập lại.",
        CODE_MINUTES);
}

enum status
sign_in_held(struct ctx *cx, const char *token, struct account **out)
{
    bool found;
    struct query *q = query_new(cx, Q_PASS_FIND);
    query_text(q, "digest", secret_digest(cx->arena, token));
    query_text(q, "kind", "code");
    query_int(q, "now", cx->now);
    TRY(query_one(q, &found));
    if (!found)
        return too_late(cx);
    int64_t id = query_get_int(q, 0);
    TRY(query_end(q));
    TRY(account_by_id(cx, id, out));
    return (*out)->closed == 0 ? OK : too_late(cx);
}

/* Taking */

struct taking {
    int64_t account, step; /* of the code; -1: a recovery code is taken */
    const char *hold, *recovery;
    bool is_wrong; /* out: somebody was quicker */
};

static enum status
take_pass(struct ctx *cx, int64_t account, const char *kind, const char *digest, int64_t *taken)
{
    struct query *q = query_new(cx, Q_PASS_TAKE);
    query_text(q, "digest", digest);
    query_text(q, "kind", kind);
    query_int(q, "account", account);
    query_int(q, "now", cx->now);
    return query_run(q, taken);
}

static enum status
take_step(struct ctx *cx, const struct taking *job, int64_t *taken)
{
    struct query *q = query_new(cx, Q_ACCOUNT_TAKE_STEP);
    query_int(q, "id", job->account);
    query_int(q, "step", job->step);
    return query_run(q, taken);
}

static enum status
take(struct ctx *cx, void *arg)
{
    struct taking *job = arg;
    int64_t held, taken;
    TRY(take_pass(cx, job->account, "code", job->hold, &held));
    TRY(job->step >= 0 ? take_step(cx, job, &taken)
                       : take_pass(cx, job->account, "recovery", job->recovery, &taken));
    job->is_wrong = held == 0 || taken == 0;
    if (job->is_wrong)
        return ERR_FORBIDDEN;
    return job->step >= 0 ? OK : account_note(cx, "account.recovered", job->account, NULL);
}

enum status
sign_in_code(struct ctx *cx, struct sign_in *attempt, const char *token, const char *code,
    struct account **out)
{
    struct taking job = {.hold = secret_digest(cx->arena, token)};
    TRY(sign_in_held(cx, token, out));
    const struct account *account = *out;
    TRY(begin_attempt(cx, attempt, account->login, account->id));
    job.account = account->id;
    job.recovery = secret_digest(cx->arena, recovery_clean(cx->arena, code));
    job.step = account_totp_step(cx, account, code);
    enum status status = world_write(cx, take, &job);
    if (!job.is_wrong)
        return status;
    return fail(cx, attempt, account->id,
        tr(cx,
            "Mã chưa đúng, đã hết hạn hoặc đã dùng rồi; cần mã 6 chữ số đang hiện trong ứng dụng "
            "xác "
            "thực, hoặc một mã dự phòng chưa dùng."));
}

enum status
sign_in_wrong_set_up(struct ctx *cx)
{
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "so"},
        "Mã chưa khớp; cần mã 6 chữ số mà ứng dụng xác thực đang hiện cho chithi.");
}

enum status
sign_in_set_up(struct ctx *cx, const char *token, const char *secret, const char *code,
    struct account **out, const char ***codes)
{
    TRY(sign_in_held(cx, token, out));
    int64_t step = totp_is_secret(secret) ? totp_step(cx->arena, secret, code, cx->now, 0) : -1;
    if ((*out)->totp != NULL)
        return too_late(cx);
    if (step < 0)
        return sign_in_wrong_set_up(cx);
    return account_set_totp(cx, *out, secret, step, codes);
}
