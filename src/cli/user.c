/* chithi user …: accounts, their roles and sessions, for whoever is at the machine. The first
 * administrator is made here. */
#include "cli/cli.h"

#include "base/buf.h"
#include "domain/account.h"
#include "domain/secret.h"
#include "domain/session.h"

#include <string.h>

/* What commands share */

static enum status
find(struct ctx *cx, const struct args *args, struct account **out)
{
    return account_find(cx, args->words[0], out);
}

static enum status
show_link(struct ctx *cx, const struct account *account)
{
    const char *token, *site = cx->world->site;
    TRY(account_invite(cx, account, &token));
    fprintf(stderr, "Gửi riêng cho %s đường dẫn dưới đây%s; dùng được một lần, trong %d ngày.\n",
        account->login, site == NULL ? ", ghép sau địa chỉ của máy chủ" : "", LINK_DAYS);
    printf("%s/moi/%s\n", site == NULL ? "" : site, token);
    return OK;
}

/* The first line of standard input. */
static enum status
read_password(struct ctx *cx, const char **out)
{
    enum { ROOM = PASSWORD_MAX * 4 + 2 };
    char *line = arena_alloc(cx->arena, ROOM);
    if (fgets(line, ROOM, stdin) == NULL)
        return fault_set(cx, ERR_INVALID,
            "--password-stdin cần mật khẩu ở dòng đầu của đầu vào chuẩn.");
    line[strcspn(line, "\r\n")] = '\0';
    *out = line;
    return OK;
}

/* --role, --unit, --from and --to. */
static enum status
read_grant(struct ctx *cx, const struct args *args, struct account_grant *out)
{
    int32_t day = cx->world->today;
    *out = (struct account_grant){.role = arg_value(args, "role"), .to = DAY_MAX};
    TRY(arg_day(cx, args, "from", day, &out->from));
    TRY(arg_day(cx, args, "to", DAY_MAX, &out->to));
    if (out->role == NULL)
        return fault_set(cx, ERR_INVALID, "Cần --role và vai trò, cùng --unit và mã đơn vị.");
    return arg_unit(cx, args, "unit", out->from > day ? out->from : day, &out->unit);
}

/* Making and showing */

static enum status
add(struct ctx *cx, const struct args *args)
{
    struct account_new wanted = {.login = args->words[0], .label = arg_value(args, "name")};
    bool has_role = arg_value(args, "role") != NULL || arg_value(args, "unit") != NULL;
    struct account_grant grant;
    struct account *account;
    if (has_role) {
        TRY(read_grant(cx, args, &grant));
        wanted.grant = &grant;
    }
    if (arg_flag(args, "password-stdin"))
        TRY(read_password(cx, &wanted.password));
    TRY(account_create(cx, &wanted, &account));
    return wanted.password == NULL ? show_link(cx, account) : OK;
}

int
cmd_user_add(struct ctx *cx, const struct args *args)
{
    if (args->word_count != 1 || arg_value(args, "name") == NULL)
        return EXIT_USAGE;
    return cli_end(cx, add(cx, args));
}

int
cmd_user_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (account_list_doc(rows, cx) != OK)
        return cli_fail(cx);
    cli_show(args, rows, "login label state roles");
    return EXIT_OK;
}

int
cmd_user_show(struct ctx *cx, const struct args *args)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    struct account *account;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (find(cx, args, &account) != OK || account_doc(root, cx, account) != OK)
        return cli_fail(cx);
    doc_json(root, &out);
    fwrite(out.bytes, 1, out.length, stdout);
    return EXIT_OK;
}

int
cmd_user_sessions(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    struct account *account;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (find(cx, args, &account) != OK || session_list_doc(rows, cx, account->id, NULL) != OK)
        return cli_fail(cx);
    cli_show(args, rows, "label created_at seen_at");
    return EXIT_OK;
}

/* Roles */

static enum status
grant(struct ctx *cx, const struct args *args)
{
    struct account_grant wanted;
    struct account *account;
    TRY(find(cx, args, &account));
    TRY(read_grant(cx, args, &wanted));
    return account_add_grant(cx, account, &wanted);
}

int
cmd_user_grant(struct ctx *cx, const struct args *args)
{
    if (args->word_count != 1)
        return EXIT_USAGE;
    return cli_end(cx, grant(cx, args));
}

static enum status
revoke(struct ctx *cx, const struct args *args)
{
    const struct unit *unit;
    struct account *account;
    int32_t last;
    TRY(find(cx, args, &account));
    TRY(arg_day(cx, args, "to", cx->world->today - 1, &last));
    TRY(arg_unit(cx, args, "unit", cx->world->today, &unit));
    return account_end_grant(cx, account, arg_value(args, "role"), unit, last);
}

int
cmd_user_revoke(struct ctx *cx, const struct args *args)
{
    if (args->word_count != 1 || arg_value(args, "role") == NULL)
        return EXIT_USAGE;
    return cli_end(cx, revoke(cx, args));
}

/* Acts on one account */

typedef enum status account_act(struct ctx *, const struct account *);

static int
run_act(struct ctx *cx, const struct args *args, account_act *act)
{
    struct account *account;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (find(cx, args, &account) != OK)
        return cli_fail(cx);
    return cli_end(cx, act(cx, account));
}

static enum status
sign_out(struct ctx *cx, const struct account *account)
{
    return session_end_all(cx, account->id);
}

int
cmd_user_invite(struct ctx *cx, const struct args *args)
{
    return run_act(cx, args, show_link);
}

int
cmd_user_close(struct ctx *cx, const struct args *args)
{
    return run_act(cx, args, account_close);
}

int
cmd_user_open(struct ctx *cx, const struct args *args)
{
    return run_act(cx, args, account_open);
}

int
cmd_user_sign_out(struct ctx *cx, const struct args *args)
{
    return run_act(cx, args, sign_out);
}

/* Of everybody whose secret the data key at hand does not open. */
static enum status
drop_lost(struct ctx *cx, const struct args *args)
{
    bool found;
    int count;
    TRY(cli_need_data_key(cx, args));
    TRY(cli_take_data_key(cx, args, &found));
    TRY(account_drop_lost(cx, &count));
    fprintf(stderr, "Đã bỏ ứng dụng xác thực của %d tài khoản.\n", count);
    return OK;
}

int
cmd_user_totp_off(struct ctx *cx, const struct args *args)
{
    if (arg_flag(args, "lost"))
        return args->word_count > 0 ? EXIT_USAGE : cli_end(cx, drop_lost(cx, args));
    return run_act(cx, args, account_drop_totp);
}

int
cmd_user_link(struct ctx *cx, const struct args *args)
{
    struct account *account;
    if (args->word_count < 1 || args->word_count > 2)
        return EXIT_USAGE;
    if (find(cx, args, &account) != OK)
        return cli_fail(cx);
    return cli_end(cx, account_link(cx, account, args->word_count == 2 ? args->words[1] : NULL));
}
