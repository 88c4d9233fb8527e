/* The data key of a command: where its file is, and what is said when it does not fit the database.
 */
#include "cli/cli.h"

#include "base/log.h"
#include "domain/account.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

/* --data-key, CHITHI_DATA_KEY, or beside a database that is a file; NULL: there is none. */
static const char *
path_of(struct ctx *cx, const struct args *args)
{
    const char *named = arg_value(args, "data-key");
    if (named == NULL)
        named = getenv("CHITHI_DATA_KEY");
    if (named != NULL && *named != '\0')
        return named;
    return store_is_file(args->db) ? arena_printf(cx->arena, "%s.key", args->db) : NULL;
}

enum status
cli_take_data_key(struct ctx *cx, const struct args *args, bool *found)
{
    const char *path = path_of(cx, args);
    struct data_key key;
    *found = false;
    if (path == NULL)
        return OK;
    TRY(data_key_read(cx, path, &key, found));
    if (*found)
        worlds_take_data_key(cx->worlds, &key);
    explicit_bzero(&key, sizeof(key));
    return OK;
}

enum status
cli_need_data_key(struct ctx *cx, const struct args *args)
{
    if (path_of(cx, args) != NULL)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Chưa nêu tệp khóa dữ liệu: --data-key TỆP hoặc CHITHI_DATA_KEY. Không có khóa thì mọi ứng "
        "dụng xác thực đều bị bỏ; nếu khóa đã mất, hãy nêu tệp sẽ chứa khóa mới.");
}

static enum status
tell_lost(struct ctx *cx, const struct secrets_survey *secrets, const char *path)
{
    return fault_set(cx, ERR_INVALID,
        "Khóa dữ liệu (%s) không có hoặc không mở được bí mật của ứng dụng xác thực của %d tài "
        "khoản, trước hết “%s”. Hãy đặt tệp khóa đã cất riêng vào chỗ ấy, hoặc nêu nó bằng "
        "--data-key. Nếu khóa đã mất: chithi user totp-off --lost, rồi chithi init; những người ấy "
        "thiết lập lại khi đăng nhập.",
        path == NULL ? "--data-key" : path, secrets->lost, secrets->first_lost);
}

enum status
cli_check_secrets(struct ctx *cx, const struct args *args)
{
    struct secrets_survey secrets;
    TRY(account_survey_secrets(cx, &secrets));
    if (secrets.lost > 0)
        return tell_lost(cx, &secrets, path_of(cx, args));
    if (secrets.clear > 0)
        return fault_set(cx, ERR_INVALID,
            "Bí mật của ứng dụng xác thực của %d tài khoản chưa được mã hóa; chạy: chithi init",
            secrets.clear);
    return OK;
}

static enum status
make(struct ctx *cx, const char *path)
{
    struct data_key key;
    data_key_new(&key);
    TRY(data_key_write(cx, path, &key));
    worlds_take_data_key(cx->worlds, &key);
    explicit_bzero(&key, sizeof(key));
    fprintf(stderr, "Khóa dữ liệu: %s. Hãy cất một bản ở nơi khác với bản sao lưu.\n", path);
    return OK;
}

static enum status
no_place(struct ctx *cx, const struct secrets_survey *secrets)
{
    return fault_set(cx, ERR_INVALID,
        "Bí mật của ứng dụng xác thực của %d tài khoản chưa được mã hóa; với cơ sở dữ liệu trên "
        "máy chủ cần nêu tệp khóa dữ liệu: --data-key TỆP hoặc CHITHI_DATA_KEY.",
        secrets->clear);
}

/* No key is made beside secrets of another one: nobody would know any more which is missing. */
enum status
cli_settle_data_key(struct ctx *cx, const struct args *args)
{
    struct secrets_survey secrets;
    const char *path = path_of(cx, args);
    bool found;
    TRY(cli_take_data_key(cx, args, &found));
    TRY(account_survey_secrets(cx, &secrets));
    if (secrets.lost > 0)
        return tell_lost(cx, &secrets, path);
    if (path == NULL)
        return secrets.clear > 0 ? no_place(cx, &secrets) : OK;
    if (!found)
        TRY(make(cx, path));
    return secrets.clear > 0 ? account_encrypt_secrets(cx) : OK;
}
