/* Backups, and databases made out of them or out of others. */
#include "cli/cli.h"

#include "domain/backup.h"

#include <stdio.h>

/* Say what is in it. Differences found in a copy are those of its origin: the copy stays. */
static int
tell(const struct args *args, const struct backup_result *result)
{
    int64_t differences = result->check.count + result->check.left_out;
    fprintf(stderr, "%s: %lld đơn vị, %lld dòng trong %lld bảng", result->path,
        (long long)result->units, (long long)result->count.rows, (long long)result->count.tables);
    if (result->bytes > 0)
        fprintf(stderr, ", %lld byte", (long long)result->bytes);
    if (arg_flag(args, "quick")) {
        fputs("; chưa đếm lại.\n", stderr);
        return EXIT_OK;
    }
    fprintf(stderr, "; đếm lại %lld hồ sơ, %lld dữ kiện, %lld người: %lld sai lệch.\n",
        (long long)result->check.records, (long long)result->check.facts,
        (long long)result->check.people, (long long)differences);
    if (differences > 0)
        fputs("Sai lệch có từ cơ sở dữ liệu gốc; xem bằng: chithi check\n", stderr);
    return differences > 0 ? EXIT_FAILED : EXIT_OK;
}

int
cmd_backup(struct ctx *cx, const struct args *args)
{
    struct backup_result result;
    struct backup_options options = {.from = args->db,
        .to = arg_value(args, "output"),
        .as_rows = arg_flag(args, "rows"),
        .is_quick = arg_flag(args, "quick")};
    if (args->word_count > 0 || options.to == NULL)
        return EXIT_USAGE;
    if (backup_make(cx, &options, &result) != OK)
        return cli_fail(cx);
    return tell(args, &result);
}

int
cmd_restore(struct ctx *cx, const struct args *args)
{
    struct backup_result result;
    struct backup_options options = {.to = args->db, .is_quick = arg_flag(args, "quick")};
    if (args->word_count != 1)
        return EXIT_USAGE;
    options.from = args->words[0];
    if (arg_distribute(cx, args, options.to, &options.distribute) != OK ||
        backup_restore(cx, &options, &result) != OK)
        return cli_fail(cx);
    return tell(args, &result);
}

int
cmd_copy(struct ctx *cx, const struct args *args)
{
    struct backup_result result;
    struct backup_options options = {.from = arg_value(args, "from"),
        .to = arg_value(args, "to"),
        .is_quick = arg_flag(args, "quick")};
    if (args->word_count > 0 || options.from == NULL || options.to == NULL)
        return EXIT_USAGE;
    if (arg_distribute(cx, args, options.to, &options.distribute) != OK ||
        backup_copy(cx, &options, &result) != OK)
        return cli_fail(cx);
    return tell(args, &result);
}
