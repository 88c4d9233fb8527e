/* Making, filling, checking and setting up a database. */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/embed.h"
#include "domain/cell.h"
#include "domain/check.h"
#include "domain/demo.h"
#include "domain/install.h"
#include "domain/search_words.h"
#include "domain/secret.h"
#include "store/store.h"

#include <stdio.h>

static void
tell_install(const struct install_result *result)
{
    if (result->unchanged)
        fputs("Gói không thay đổi.\n", stderr);
    else
        fprintf(stderr, "Gói đã cài: %d sổ mới, %d sổ thay đổi, %d chỉ số tính lại.\n",
            result->registers_created, result->registers_altered, result->indicators_rebuilt);
}

static enum status
refresh(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(install_indexes(cx, cx->world->model));
    return search_refresh(cx, NULL);
}

/* What a password's hash costs is measured where the database is made, and stays. */
static enum status
settle_cost(struct ctx *cx)
{
    int passes;
    TRY(secret_calibrate(cx, &passes));
    if (passes == ARGON2_PASSES)
        return OK;
    return setting_set(cx, "argon2_passes", arena_printf(cx->arena, "%d", passes));
}

/* After so many steps of the schema. A database of an earlier version lacks words and indexes, and
 * has secrets in clear. */
static enum status
settle(struct ctx *cx, const struct args *args, int steps)
{
    TRY(world_begin(cx));
    enum status status = steps == schema_count ? settle_cost(cx) : OK;
    if (status == OK && steps > 0)
        status = world_write(cx, refresh, NULL);
    if (status == OK)
        status = cli_settle_data_key(cx, args);
    world_end(cx);
    return status;
}

static enum status
migrate(struct ctx *cx, const struct args *args, int *steps)
{
    bool distribute;
    TRY(arg_distribute(cx, args, args->db, &distribute));
    TRY(cli_open(cx, args, true));
    return distribute ? store_migrate_distributed(cx, steps) : store_migrate(cx, steps);
}

static enum status
init(struct ctx *cx, const struct args *args)
{
    struct install_result result;
    struct pack_file *files = NULL;
    int count, steps;
    const char *folder = arg_value(args, "pack");
    if (folder != NULL)
        TRY(pack_read_folder(cx, folder, &files, &count));
    TRY(migrate(cx, args, &steps));
    if (folder != NULL)
        TRY(pack_install(cx, files, count, &result));
    else
        TRY(pack_install_builtin(cx, &result));
    tell_install(&result);
    return settle(cx, args, steps);
}

int
cmd_init(struct ctx *cx, const struct args *args)
{
    if (args->word_count > 0)
        return EXIT_USAGE;
    return cli_end(cx, init(cx, args));
}

/* Whom one may sign in as. */
static enum status
make_accounts(struct ctx *cx, const struct args *args)
{
    const char *password;
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    TRY(demo_make_accounts(cx));
    TRY(demo_accounts_doc(rows, cx, &password));
    cli_show(args, rows, "login label roles");
    fprintf(stderr, "Mật khẩu của mọi tài khoản mô phỏng: %s\n", password);
    return OK;
}

int
cmd_demo(struct ctx *cx, const struct args *args)
{
    if (args->word_count > 0)
        return EXIT_USAGE;
    enum status status = init(cx, args);
    if (status == OK)
        status = world_begin(cx);
    if (status == OK)
        status = demo_load(cx);
    if (status == OK && arg_flag(args, "accounts"))
        status = make_accounts(cx, args);
    if (status == OK)
        fprintf(stderr, "DỮ LIỆU MÔ PHỎNG đã nạp vào %s.\n", args->db);
    return cli_end(cx, status);
}

int
cmd_check(struct ctx *cx, const struct args *args)
{
    struct check_result result;
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (check_all(cx, &result) != OK)
        return cli_fail(cx);
    for (int i = 0; i < result.count; i++) {
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "kind", result.differences[i].kind);
        doc_text(row, "where", result.differences[i].where);
        doc_text(row, "what", result.differences[i].what);
    }
    if (args->json || result.count > 0)
        cli_show(args, rows, "kind where what");
    fprintf(stderr, "%lld hồ sơ, %lld dữ kiện, %lld ô, %lld người: %lld sai lệch.\n",
        (long long)result.records, (long long)result.facts, (long long)result.cells,
        (long long)result.people, (long long)(result.count + result.left_out));
    return result.count > 0 ? EXIT_FAILED : EXIT_OK;
}

int
cmd_rebuild(struct ctx *cx, const struct args *args)
{
    if (args->word_count > 0)
        return EXIT_USAGE;
    return cli_end(cx, rebuild_all(cx));
}

int
cmd_fold(struct ctx *cx, const struct args *args)
{
    if (args->word_count > 0)
        return EXIT_USAGE;
    return cli_end(cx, cell_fold_all(cx));
}

int
cmd_set(struct ctx *cx, const struct args *args)
{
    if (args->word_count != 2)
        return EXIT_USAGE;
    return cli_end(cx, setting_set(cx, args->words[0], args->words[1]));
}

/* The files of one pack, or of several; then their paths begin with the folders as they were given.
 */
static enum status
read_folders(struct ctx *cx, const struct args *args, struct pack_file **out, int *count)
{
    if (args->word_count == 1)
        return pack_read_folder(cx, args->words[0], out, count);
    *out = NULL;
    *count = 0;
    for (int i = 0; i < args->word_count; i++) {
        struct pack_file *files;
        int found;
        TRY(pack_read_folder(cx, args->words[i], &files, &found));
        for (int k = 0; k < found; k++)
            *ARENA_PUSH(cx->arena, *out, *count) =
                (struct pack_file){arena_printf(cx->arena, "%s/%s", args->words[i], files[k].path),
                    files[k].text};
    }
    return OK;
}

int
cmd_pack_check(struct ctx *cx, const struct args *args)
{
    struct pack_file *files;
    const struct model *model;
    struct buf names = buf_new(cx->arena);
    int count;
    if (args->word_count == 0)
        return EXIT_USAGE;
    if (read_folders(cx, args, &files, &count) != OK ||
        pack_load(cx, cx->arena, files, count, &model) != OK)
        return cli_fail(cx);
    for (int i = 0; i < model->pack_count; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", model->packs[i].key);
    fprintf(stderr, "Gói %s hợp lệ: %d sổ, %d chỉ số.\n", buf_string(&names), model->register_count,
        model->indicator_count);
    return EXIT_OK;
}

/* The table of a plan: what there is to do, and what is refused. */
static void
show_plan(struct ctx *cx, const struct args *args, const struct plan *plan)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    for (int i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "change", plan_change_key(line->change));
        doc_text(row, "kind", line->kind);
        doc_text(row, "name", line->name);
        if (line->records < 0)
            doc_null(row, "records");
        else
            doc_integer(row, "records", line->records);
        doc_text(row, "detail", line->detail);
    }
    if (args->json || plan->count > 0)
        cli_show(args, rows, "change kind name records detail");
}

static enum status
plan_folder(struct ctx *cx, const struct args *args, struct pack_file **files, int *count,
    struct plan *plan)
{
    const char *key;
    TRY(pack_read_folder(cx, args->words[0], files, count));
    TRY(pack_key(cx, *files, *count, &key));
    TRY(pack_plan(cx, key, *files, *count, plan));
    show_plan(cx, args, plan);
    return plan_refusals(cx, plan);
}

int
cmd_pack_diff(struct ctx *cx, const struct args *args)
{
    struct pack_file *files;
    struct plan plan;
    int count;
    if (args->word_count != 1)
        return EXIT_USAGE;
    return cli_end(cx, plan_folder(cx, args, &files, &count, &plan));
}

int
cmd_pack_apply(struct ctx *cx, const struct args *args)
{
    struct install_result result;
    struct pack_file *files;
    struct plan plan;
    int count;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (plan_folder(cx, args, &files, &count, &plan) != OK ||
        pack_install(cx, files, count, &result) != OK)
        return cli_fail(cx);
    tell_install(&result);
    return EXIT_OK;
}

int
cmd_pack_remove(struct ctx *cx, const struct args *args)
{
    struct install_result result;
    struct plan plan;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (pack_plan(cx, args->words[0], NULL, 0, &plan) != OK)
        return cli_fail(cx);
    show_plan(cx, args, &plan);
    return cli_end(cx, pack_remove(cx, args->words[0], &result));
}
