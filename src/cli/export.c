/* Tables on their way out, and declarations also on their way in. */
#include "cli/cli.h"

#include "base/file.h"
#include "domain/declaration.h"
#include "domain/export.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Where they go */

static void
put(void *to, const char *bytes, size_t length)
{
    FILE *file = to;
    fwrite(bytes, 1, length, file); /* ferror remembers */
}

enum status
output_begin(struct ctx *cx, const struct args *args, struct output *output)
{
    const char *path = arg_value(args, "output");
    const char *dot = path == NULL ? NULL : strrchr(path, '.');
    *output = (struct output){.file = stdout, .path = path, .sink = {put, stdout}};
    if (path == NULL)
        return OK;
    if (dot != NULL && strcmp(dot, ".csv") == 0)
        output->format = TABLE_CSV;
    else if (dot == NULL || strcmp(dot, ".tsv") != 0)
        return fault_set(cx, ERR_INVALID, "Tệp %s cần đuôi .tsv hoặc .csv.", path);
    output->part = arena_printf(cx->arena, "%s.part", path);
    output->file = output->sink.to = fopen(output->part, "wb");
    if (output->file == NULL)
        return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", path, strerror(errno));
    return OK;
}

enum status
output_end(struct ctx *cx, struct output *output, enum status status)
{
    bool failed = fflush(output->file) != 0 || ferror(output->file);
    if (output->path == NULL)
        return status; /* cli_main looks at standard output */
    failed = fclose(output->file) != 0 || failed;
    if (status == OK && !failed)
        failed = rename(output->part, output->path) != 0;
    if (status == OK && !failed)
        return OK;
    unlink(output->part);
    return status != OK ? status : fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", output->path);
}

/* Commands */

int
cmd_unit_export(struct ctx *cx, const struct args *args)
{
    struct output output;
    int64_t lines;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (output_begin(cx, args, &output) != OK ||
        output_end(cx, &output, unit_export(cx, output.format, &output.sink, &lines)) != OK)
        return cli_fail(cx);
    fprintf(stderr, "%d đơn vị trong %lld dòng.\n", cx->world->tree->count, (long long)lines);
    return EXIT_OK;
}

int
cmd_record_export(struct ctx *cx, const struct args *args)
{
    struct output output;
    struct record_export export = {.with_private = arg_flag(args, "private")};
    struct record_export_result result;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (world_register(cx, args->words[0], &export.reg) != OK ||
        (arg_value(args, "unit") != NULL &&
            arg_unit(cx, args, "unit", cx->world->today, &export.unit) != OK) ||
        output_begin(cx, args, &output) != OK)
        return cli_fail(cx);
    export.format = output.format;
    if (output_end(cx, &output, record_export(cx, &export, &output.sink, &result)) != OK)
        return cli_fail(cx);
    fprintf(stderr, "%lld hồ sơ trong %lld dòng.\n", (long long)result.records,
        (long long)result.lines);
    return EXIT_OK;
}

int
cmd_person_export(struct ctx *cx, const struct args *args)
{
    struct output output;
    struct person_export_result result;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (output_begin(cx, args, &output) != OK ||
        output_end(cx, &output, person_export(cx, output.format, &output.sink, &result)) != OK)
        return cli_fail(cx);
    fprintf(stderr, "%lld người trong %lld dòng.\n", (long long)result.people,
        (long long)result.lines);
    return EXIT_OK;
}

int
cmd_declaration_export(struct ctx *cx, const struct args *args)
{
    struct output output;
    int64_t lines;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (output_begin(cx, args, &output) != OK ||
        output_end(cx, &output, declaration_export(cx, output.format, &output.sink, &lines)) != OK)
        return cli_fail(cx);
    fprintf(stderr, "%lld kê khai.\n", (long long)lines);
    return EXIT_OK;
}

int
cmd_declaration_import(struct ctx *cx, const struct args *args)
{
    struct declaration_import_result result;
    const char *text;
    size_t length;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (file_map(cx, args->words[0], &text, &length) != OK ||
        declaration_import(cx, args->words[0], text, length, &result) != OK) {
        cli_fail(cx);
        fputs("Chưa ghi gì.\n", stderr);
        return EXIT_FAILED;
    }
    fprintf(stderr, "%d kê khai mới, %d thay đổi, %d giữ nguyên.\n", result.created, result.changed,
        result.unchanged);
    return EXIT_OK;
}

int
cmd_dump(struct ctx *cx, const struct args *args)
{
    struct sink sink = {put, stdout};
    if (args->word_count > 0)
        return EXIT_USAGE;
    return cli_end(cx, dump_all(cx, &sink));
}
