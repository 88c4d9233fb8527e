/* Reports and explanations on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "domain/report.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 99999 };

static enum status
write_file(struct ctx *cx, const char *path, const struct buf *bytes)
{
    FILE *out = fopen(path, "wb");
    bool written = out != NULL && fwrite(bytes->bytes, 1, bytes->length, out) == bytes->length;
    bool closed = out != NULL && fclose(out) == 0;
    if (!written || !closed)
        return fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", path);
    return OK;
}

static enum status
write_json(struct ctx *cx, const struct page_layout *layout, const struct doc *tree,
    struct buf *out)
{
    (void)cx;
    (void)layout;
    doc_json(tree, out);
    return OK;
}

static const struct format {
    const char *ending;
    enum status (
        *write)(struct ctx *, const struct page_layout *, const struct doc *, struct buf *out);
} formats[] = {{".docx", report_docx}, {".html", report_html}, {".json", write_json}};

static enum status
find_format(struct ctx *cx, const char *path, const struct format **out)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        *out = &formats[i];
        if (dot != NULL && strcmp(dot, formats[i].ending) == 0)
            return OK;
    }
    return fault_set(cx, ERR_INVALID, "Tệp %s cần đuôi .docx, .html hoặc .json.", path);
}

static enum status
make(struct ctx *cx, const struct report_query *query, const char *path)
{
    const struct format *format;
    const struct layout *layout;
    struct doc *tree = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    TRY(find_format(cx, path, &format));
    TRY(report_fill(cx, query, tree, &layout));
    TRY(format->write(cx, &layout->page, tree, &out));
    return write_file(cx, path, &out);
}

/* What a document gets at its release: its number and the day of signing. */
static enum status
read_release(struct ctx *cx, const struct args *args, struct report_query *out)
{
    const char *number = arg_value(args, "number");
    int64_t value = 0;
    if (number != NULL &&
        (number_parse(cx->arena, number, 0, &value, NULL) != NUMBER_OK || value < 1 ||
            value > NUMBER_MAX))
        return fault_set(cx, ERR_INVALID, "Số văn bản “%s” không hợp lệ; cần một số từ 1 đến %d.",
            number, NUMBER_MAX);
    out->number = (int)value;
    out->is_signed = arg_value(args, "date") != NULL;
    return arg_day(cx, args, "date", 0, &out->signed_on);
}

int
cmd_report(struct ctx *cx, const struct args *args)
{
    struct report_query query = {0};
    const char *path = arg_value(args, "output");
    bool has_range = arg_value(args, "period") != NULL ||
        (arg_value(args, "from") != NULL && arg_value(args, "to") != NULL);
    if (args->word_count != 1 || path == NULL || arg_value(args, "unit") == NULL || !has_range)
        return EXIT_USAGE;
    query.def = model_report(cx->world->model, args->words[0]);
    if (query.def == NULL)
        return cli_end(cx,
            fault_set(cx, ERR_NOT_FOUND, "Gói không có mẫu báo cáo “%s”.", args->words[0]));
    if (arg_range(cx, args, &query.from, &query.to) != OK ||
        arg_unit(cx, args, "unit", query.to, &query.unit) != OK ||
        read_release(cx, args, &query) != OK || make(cx, &query, path) != OK)
        return cli_fail(cx);
    return EXIT_OK;
}
