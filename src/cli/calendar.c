/* Days off, periods and reviews on the command line. */
#include "cli/cli.h"

#include "base/file.h"
#include "domain/calendar.h"

#include <stdio.h>

static int
tell(const struct calendar_result *result)
{
    fprintf(stderr, "%d mới, %d thay đổi, %d giữ nguyên.\n", result->created, result->changed,
        result->unchanged);
    if (result->bare_year != 0)
        fprintf(stderr,
            "Bảng ngày nghỉ chưa có ngày nào của năm %d; hạn trong năm ấy chỉ tránh thứ bảy, chủ "
            "nhật.\n",
            result->bare_year);
    return EXIT_OK;
}

static int
import(struct ctx *cx, const struct args *args,
    enum status (*reader)(struct ctx *, const struct calendar_file *, struct calendar_result *))
{
    struct calendar_file file = {0};
    struct calendar_result result;
    if (args->word_count != 1)
        return EXIT_USAGE;
    file.file = args->words[0];
    if (file_map(cx, file.file, &file.text, &file.length) != OK || reader(cx, &file, &result) != OK)
        return cli_fail(cx);
    return tell(&result);
}

static int
remove_one(struct ctx *cx, const struct args *args,
    enum status (*remover)(struct ctx *, const char *))
{
    return args->word_count == 1 ? cli_end(cx, remover(cx, args->words[0])) : EXIT_USAGE;
}

int
cmd_holiday_import(struct ctx *cx, const struct args *args)
{
    return import(cx, args, holiday_import);
}

int
cmd_holiday_remove(struct ctx *cx, const struct args *args)
{
    return remove_one(cx, args, holiday_remove);
}

int
cmd_holiday_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct calendar *calendar = cx->world->calendar;
    if (args->word_count > 0)
        return EXIT_USAGE;
    for (int i = 0; i < calendar->holiday_count; i++) {
        struct doc *row = doc_object(rows, NULL);
        doc_date(row, "day", calendar->holidays[i].day);
        doc_text(row, "name", calendar->holidays[i].name);
    }
    cli_show(args, rows, "day name");
    return EXIT_OK;
}

int
cmd_period_make(struct ctx *cx, const struct args *args)
{
    struct period_make input = {.kind = arg_value(args, "kind"),
        .due_days = arg_value(args, "due")};
    struct calendar_result result;
    if (args->word_count != 1 || input.kind == NULL)
        return EXIT_USAGE;
    input.year = args->words[0];
    return period_make(cx, &input, &result) == OK ? tell(&result) : cli_fail(cx);
}

int
cmd_period_add(struct ctx *cx, const struct args *args)
{
    struct period_add input = {.from = arg_value(args, "from"),
        .to = arg_value(args, "to"),
        .due = arg_value(args, "due")};
    struct calendar_result result;
    if (args->word_count != 2 || input.from == NULL || input.to == NULL)
        return EXIT_USAGE;
    input.key = args->words[0];
    input.label = args->words[1];
    return period_add(cx, &input, &result) == OK ? tell(&result) : cli_fail(cx);
}

int
cmd_period_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct calendar *calendar = cx->world->calendar;
    if (args->word_count > 0)
        return EXIT_USAGE;
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *period = &calendar->periods[i];
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "period", period->key);
        doc_text(row, "kind", period_kind_key(period->kind));
        doc_date(row, "from", period->from);
        doc_date(row, "to", period->to);
        doc_date(row, "due", period->due);
        doc_text(row, "label", period->label);
    }
    cli_show(args, rows, "period kind from to due label");
    return EXIT_OK;
}

int
cmd_period_remove(struct ctx *cx, const struct args *args)
{
    return remove_one(cx, args, period_remove);
}

int
cmd_review_import(struct ctx *cx, const struct args *args)
{
    return import(cx, args, review_import);
}

int
cmd_review_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct calendar *calendar = cx->world->calendar;
    if (args->word_count > 0)
        return EXIT_USAGE;
    for (int i = 0; i < calendar->review_count; i++) {
        const struct review *review = &calendar->reviews[i];
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "review", review->key);
        doc_text(row, "directive", review->directive);
        doc_text(row, "kind", review_kind_key(review->kind));
        doc_date(row, "due", review->due);
        doc_text(row, "label", review->label);
    }
    cli_show(args, rows, "review directive kind due label");
    return EXIT_OK;
}

int
cmd_review_remove(struct ctx *cx, const struct args *args)
{
    return remove_one(cx, args, review_remove);
}
