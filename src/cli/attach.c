/* Attached files on the command line. */
#include "cli/cli.h"

#include "base/file.h"
#include "domain/blob.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int
cmd_record_attach(struct ctx *cx, const struct args *args)
{
    int count = args->word_count - 2;
    struct record *record;
    if (count < 1)
        return EXIT_USAGE;
    struct blob_file *files = ARENA_ARRAY(cx->arena, struct blob_file, (size_t)count);
    for (int i = 0; i < count; i++) {
        const char *path = args->words[i + 2];
        files[i].name = blob_name(cx->arena, path);
        if (files[i].name == NULL)
            (void)fault_set(cx, ERR_INVALID, "Tên tệp %s trống hoặc dài quá %d ký tự.", path,
                BLOB_NAME_MAX);
        if (file_map(cx, path, &files[i].bytes, &files[i].length) != OK)
            continue; /* told with the others */
    }
    if (cx->faults.count > 0)
        return cli_fail(cx);
    struct blob_attach attach = {.code = args->words[0],
        .field = args->words[1],
        .files = files,
        .count = count,
        .reason = arg_value(args, "why")};
    return cli_end(cx, blob_attach(cx, &attach, &record));
}

static enum status
save(struct ctx *cx, const char *path, const struct blob *blob)
{
    FILE *out = fopen(path, "wbx");
    if (out == NULL)
        return fault_set(cx, ERR_INVALID, "Không tạo được tệp %s: %s.", path, strerror(errno));
    bool written = fwrite(blob->bytes, 1, blob->length, out) == blob->length;
    if (fclose(out) == 0 && written)
        return OK;
    return fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", path);
}

int
cmd_record_file(struct ctx *cx, const struct args *args)
{
    struct record *record;
    struct blob blob;
    if (args->word_count != 2 || arg_value(args, "output") == NULL)
        return EXIT_USAGE;
    if (record_load(cx, args->words[0], &record) != OK ||
        blob_read(cx, record, args->words[1], &blob) != OK)
        return cli_fail(cx);
    return cli_end(cx, save(cx, arg_value(args, "output"), &blob));
}
