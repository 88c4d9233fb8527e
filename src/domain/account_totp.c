/* One-time codes of accounts: their secrets stand in the database encrypted with the data key, and
 * here alone are they read. */
#include "domain/account.h"

#include "base/log.h"
#include "domain/data_key.h"
#include "domain/secret.h"
#include "store/store.h"

#include <string.h>

/* The secret in clear, or NULL: there is no key, it is another, or the row is another's. */
static const char *
secret_of(struct ctx *cx, int64_t account, const char *encrypted)
{
    const struct data_key *key = worlds_data_key(cx->worlds);
    return key == NULL ? NULL : data_key_decrypt(cx->arena, key, account, encrypted);
}

/* Codes on paper still open an account whose secret cannot be read. */
int64_t
account_totp_step(struct ctx *cx, const struct account *account, const char *code)
{
    if (account->totp == NULL)
        return -1;
    const char *secret = secret_of(cx, account->id, account->totp);
    if (secret != NULL)
        return totp_step(cx->arena, secret, code, cx->now, account->totp_step);
    log_note("the secret of \"%s\" cannot be decrypted with this data key", account->login);
    return -1;
}

/* Beginning and ending */

struct totp_change {
    int64_t account, step;
    const char *secret;                  /* encrypted; NULL: codes are not asked for any more */
    bool keeps_secret;                   /* only the codes on paper change */
    const char *digests[RECOVERY_CODES]; /* of the codes on paper, when there is a secret */
};

static enum status
put_recovery(struct ctx *cx, const struct totp_change *job)
{
    struct query *q = account_query(cx, Q_PASS_DELETE_KIND, "account", job->account);
    query_text(q, "kind", "recovery");
    TRY(query_run(q, NULL));
    for (int i = 0; i < RECOVERY_CODES && job->digests[i] != NULL; i++) {
        q = account_query(cx, Q_PASS_INSERT, "account", job->account);
        query_text(q, "digest", job->digests[i]);
        query_text(q, "kind", "recovery");
        query_int(q, "until", INT64_MAX);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static enum status
put_totp(struct ctx *cx, void *arg)
{
    const struct totp_change *job = arg;
    TRY(put_recovery(cx, job));
    if (job->keeps_secret)
        return account_note(cx, "account.recovery", job->account, NULL);
    struct query *q = account_query(cx, Q_ACCOUNT_PUT_TOTP, "id", job->account);
    query_text(q, "totp", job->secret);
    query_int(q, "step", job->step);
    TRY(query_run(q, NULL));
    TRY(query_run(account_query(cx, Q_DEVICE_DELETE_ALL, "account", job->account), NULL));
    return account_note(cx, job->secret == NULL ? "account.totp_off" : "account.totp_on",
        job->account, NULL);
}

static const char **
make_codes(struct ctx *cx, struct totp_change *job)
{
    const char **codes = ARENA_ARRAY(cx->arena, const char *, RECOVERY_CODES);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        codes[i] = recovery_code(cx->arena);
        job->digests[i] = secret_digest(cx->arena, codes[i]);
    }
    return codes;
}

enum status
account_set_totp(struct ctx *cx, const struct account *account, const char *secret, int64_t step,
    const char ***codes)
{
    const struct data_key *key = worlds_data_key(cx->worlds);
    struct totp_change job = {.account = account->id, .step = step};
    *codes = make_codes(cx, &job);
    if (key == NULL)
        return fault_set(cx, ERR_CONFLICT,
            "Máy chủ chưa có khóa dữ liệu nên chưa bật được ứng dụng xác thực. Hãy báo người vận "
            "hành: khóa do lệnh chithi init tạo ra.");
    job.secret = data_key_encrypt(cx->arena, key, account->id, secret);
    return world_write(cx, put_totp, &job);
}

enum status
account_new_recovery(struct ctx *cx, const struct account *account, const char ***codes)
{
    struct totp_change job = {.account = account->id, .keeps_secret = true};
    *codes = make_codes(cx, &job);
    return world_write(cx, put_totp, &job);
}

enum status
account_drop_totp(struct ctx *cx, const struct account *account)
{
    struct totp_change job = {.account = account->id};
    return world_write(cx, put_totp, &job);
}

/* All of them */

struct kept_secret {
    int64_t account;
    const char *login, *text; /* as it stands in the database */
};

struct kept_secrets {
    struct kept_secret *items;
    int count;
};

static enum status
read_kept(struct ctx *cx, struct kept_secrets *out)
{
    struct query *q = query_new(cx, Q_ACCOUNT_SECRETS);
    *out = (struct kept_secrets){0};
    while (query_next(q)) {
        struct kept_secret *kept = ARENA_PUSH(cx->arena, out->items, out->count);
        kept->account = query_get_int(q, 0);
        kept->login = query_get_text(q, 1);
        kept->text = query_get_text(q, 2);
    }
    return query_end(q);
}

/* Those in clear, of an earlier version of the program. */
static enum status
encrypt_clear(struct ctx *cx, void *arg)
{
    const struct data_key *key = arg;
    struct kept_secrets all;
    TRY(read_kept(cx, &all));
    for (int i = 0; i < all.count; i++) {
        const struct kept_secret *kept = &all.items[i];
        if (!totp_is_secret(kept->text))
            continue;
        struct query *q = account_query(cx, Q_ACCOUNT_PUT_SECRET, "id", kept->account);
        query_text(q, "clear", kept->text);
        query_text(q, "totp", data_key_encrypt(cx->arena, key, kept->account, kept->text));
        TRY(query_run(q, NULL));
    }
    return OK;
}

enum status
account_encrypt_secrets(struct ctx *cx)
{
    struct data_key key = *worlds_data_key(cx->worlds);
    return world_write(cx, encrypt_clear, &key);
}

static bool
is_lost(struct ctx *cx, const struct kept_secret *kept)
{
    return !totp_is_secret(kept->text) && secret_of(cx, kept->account, kept->text) == NULL;
}

enum status
account_survey_secrets(struct ctx *cx, struct secrets_survey *out)
{
    struct kept_secrets all;
    *out = (struct secrets_survey){0};
    TRY(read_kept(cx, &all));
    for (int i = 0; i < all.count; i++) {
        out->clear += totp_is_secret(all.items[i].text);
        if (is_lost(cx, &all.items[i]) && out->lost++ == 0)
            out->first_lost = all.items[i].login;
    }
    return OK;
}

static enum status
drop_lost(struct ctx *cx, void *arg)
{
    int *count = arg;
    struct kept_secrets all;
    TRY(read_kept(cx, &all));
    *count = 0;
    for (int i = 0; i < all.count; i++) {
        struct totp_change job = {.account = all.items[i].account};
        if (!is_lost(cx, &all.items[i]))
            continue;
        TRY(put_totp(cx, &job));
        ++*count;
    }
    return OK;
}

enum status
account_drop_lost(struct ctx *cx, int *count)
{
    return world_write(cx, drop_lost, count);
}
