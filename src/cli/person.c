/* People on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/file.h"
#include "domain/figure.h"
#include "domain/headcount.h"
#include "domain/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_LIMIT = 1000 };

int
cmd_person_import(struct ctx *cx, const struct args *args)
{
    struct person_import import = {0};
    struct person_import_result result;
    if (args->word_count != 1)
        return EXIT_USAGE;
    import.file = args->words[0];
    if (file_map(cx, import.file, &import.text, &import.length) != OK ||
        person_import(cx, &import, &result) != OK) {
        cli_fail(cx);
        fputs("Chưa ghi gì.\n", stderr);
        return EXIT_FAILED;
    }
    fprintf(stderr, "%d dòng: %d người mới, %d thay đổi, %d giữ nguyên.\n", result.lines,
        result.created, result.changed, result.unchanged);
    return EXIT_OK;
}

static enum status
arg_number(struct ctx *cx, const struct args *args, const char *name, int absent, int *out)
{
    const char *text = arg_value(args, name);
    char *end;
    *out = absent;
    if (text == NULL)
        return OK;
    long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || number < 0 || number > INT32_MAX)
        return fault_set(cx, ERR_INVALID, "--%s “%s” không phải là một số từ 0 trở lên.", name,
            text);
    *out = (int)number;
    return OK;
}

int
cmd_person_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    struct person_query query = {0};
    int total;
    if (args->word_count > 0 || arg_value(args, "unit") == NULL)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", cx->world->today, &query.day) != OK ||
        arg_unit(cx, args, "unit", query.day, &query.unit) != OK ||
        arg_number(cx, args, "skip", 0, &query.skip) != OK ||
        arg_number(cx, args, "limit", LIST_LIMIT, &query.limit) != OK ||
        person_list_doc(rows, cx, &query, &total) != OK)
        return cli_fail(cx);
    cli_show(args, rows, "code name given unit from to status post");
    if (total > query.skip + query.limit || query.skip > 0)
        fprintf(stderr, "Có tất cả %d người.\n", total);
    return EXIT_OK;
}

/* "chinh_thuc,du_bi"; both when nothing is said: the members of the party. */
static enum status
arg_statuses(struct ctx *cx, const struct args *args, unsigned *out)
{
    const char *at = arg_value(args, "status");
    *out = at == NULL ? 1U << PERSON_CHINH_THUC | 1U << PERSON_DU_BI : 0;
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, ",");
        const char *text = arena_strndup(cx->arena, at, length);
        int status = person_status_find(cx->arena, text);
        if (status < 0)
            return fault_set(cx, ERR_INVALID,
                "--status “%s” không hợp lệ; cần chinh_thuc, du_bi hoặc ngoai_dang.", text);
        *out |= 1U << status;
        at += length + (at[length] == ',');
    }
    return OK;
}

int
cmd_person_count(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST), *row = doc_object(rows, NULL);
    struct person_count query = {0};
    int64_t count;
    if (args->word_count > 0 || arg_value(args, "unit") == NULL)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", cx->world->today, &query.day) != OK ||
        basis_parse(cx, arg_value(args, "basis"), query.day, &query.basis) != OK ||
        arg_unit(cx, args, "unit", query.basis == DAY_THEN ? query.day : query.basis,
            &query.unit) != OK ||
        arg_statuses(cx, args, &query.statuses) != OK || person_count(cx, &query, &count) != OK)
        return cli_fail(cx);
    doc_text(row, "unit", arg_value(args, "unit"));
    doc_date(row, "day", query.day);
    doc_integer(row, "count", count);
    cli_show(args, rows, "unit day count");
    return EXIT_OK;
}

int
cmd_person_show(struct ctx *cx, const struct args *args)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (person_doc(root, cx, args->words[0]) != OK)
        return cli_fail(cx);
    doc_json(root, &out);
    fwrite(out.bytes, 1, out.length, stdout);
    return EXIT_OK;
}

int
cmd_person_set(struct ctx *cx, const struct args *args)
{
    struct person_field *fields = NULL;
    struct person *person;
    int count = 0;
    if (args->word_count < 2)
        return EXIT_USAGE;
    for (int i = 1; i < args->word_count; i++) {
        const char *word = args->words[i];
        size_t length = strcspn(word, "=");
        if (word[length] != '=')
            return EXIT_USAGE;
        *ARENA_PUSH(cx->arena, fields, count) =
            (struct person_field){arena_strndup(cx->arena, word, length), word + length + 1};
    }
    return cli_end(cx,
        person_set(cx, args->words[0], fields, count, arg_value(args, "why"), &person));
}

int
cmd_person_move(struct ctx *cx, const struct args *args)
{
    struct person_move move = {.unit = arg_value(args, "unit"),
        .status = arg_value(args, "status"),
        .post = arg_value(args, "post"),
        .reason = arg_value(args, "why")};
    bool says_something = move.unit != NULL || move.status != NULL || move.post != NULL;
    struct person *person;
    if (args->word_count != 1 || arg_value(args, "date") == NULL || !says_something)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", 0, &move.day) != OK)
        return cli_fail(cx);
    return cli_end(cx, person_move(cx, args->words[0], &move, &person));
}

int
cmd_person_end(struct ctx *cx, const struct args *args)
{
    struct person *person;
    int32_t day;
    if (args->word_count != 1 || arg_value(args, "date") == NULL)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", 0, &day) != OK)
        return cli_fail(cx);
    return cli_end(cx, person_end(cx, args->words[0], day, arg_value(args, "why"), &person));
}
