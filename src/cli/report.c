/* Reports and explanations on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "domain/report.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

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
make(struct ctx *cx, const struct report_query *query, const char *path)
{
    const char *dot = strrchr(path, '.');
    const struct layout *layout = model_layout(cx->world->model, query->def->layout);
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    TRY(report_fill(cx, query, root));
    if (dot != NULL && strcmp(dot, ".docx") == 0)
        TRY(report_docx(cx, &layout->page, root, &out));
    else if (dot != NULL && strcmp(dot, ".json") == 0)
        doc_json(root, &out);
    else
        return fault_set(cx, ERR_INVALID, "Tệp %s cần đuôi .docx hoặc .json.", path);
    return write_file(cx, path, &out);
}

int
cmd_report(struct ctx *cx, const struct args *args)
{
    struct report_query query = {0};
    const char *path = arg_value(args, "output");
    if (args->word_count != 1 || path == NULL || arg_value(args, "unit") == NULL ||
        arg_value(args, "from") == NULL || arg_value(args, "to") == NULL)
        return EXIT_USAGE;
    query.def = model_report(cx->world->model, args->words[0]);
    if (query.def == NULL)
        return cli_end(cx,
            fault_set(cx, ERR_NOT_FOUND, "Gói không có mẫu báo cáo “%s”.", args->words[0]));
    if (arg_day(cx, args, "from", 0, &query.from) != OK ||
        arg_day(cx, args, "to", 0, &query.to) != OK ||
        arg_unit(cx, args, "unit", query.to, &query.unit) != OK || make(cx, &query, path) != OK)
        return cli_fail(cx);
    return EXIT_OK;
}

static const char *const kind_names[KIND__COUNT] = {"text", "long_text", "integer", "date",
    "boolean", "choice", "unit", "quantity", "list"};

static void
explain_fields(const struct field *fields, int count, int indent)
{
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        printf("%*s%s: %s%s – %s", indent, "", field->key, kind_names[field->kind],
            field->required ? ", bắt buộc" : "", field->label.vi);
        for (int c = 0; c < field->choice_count; c++)
            printf("%s%s", c == 0 ? " [" : ", ", field->choices[c].key);
        printf("%s\n", field->choice_count > 0 ? "]" : "");
        explain_fields(field->fields, field->field_count, indent + 2);
    }
}

static void
explain_indicator(const struct indicator *indicator)
{
    printf("  %s – %s: ", indicator->key, indicator->label.vi);
    if (indicator->sum == NULL)
        printf("đếm %s", indicator->list == NULL ? "hồ sơ" : indicator->list->key);
    else
        printf("cộng %s%s%s", indicator->list == NULL ? "" : indicator->list->key,
            indicator->list == NULL ? "" : ".", indicator->sum->key);
    if (indicator->where != NULL)
        printf(", khi %s", indicator->where_text);
    printf("; theo ngày %s", indicator->on->key);
    for (int i = 0; i < indicator->by_count; i++)
        printf("%s%s", i == 0 ? "; chia theo " : ", ", indicator->by[i]->key);
    putchar('\n');
}

int
cmd_explain(struct ctx *cx, const struct args *args)
{
    const struct reg *reg;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (world_register(cx, args->words[0], &reg) != OK)
        return cli_fail(cx);
    printf("%s – %s (%s)\n\nTrường\n", reg->key, reg->label.vi, visibility_keys[reg->visibility]);
    explain_fields(reg->fields, reg->field_count, 2);
    puts("\nTrạng thái");
    for (int i = 0; i < reg->state_count; i++)
        printf("  %s – %s%s%s\n", reg->states[i].key, reg->states[i].label.vi,
            reg->states[i].counts ? ", được tính" : "", reg->states[i].locks ? ", khóa" : "");
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        for (int f = 0; f < transition->from_count; f++)
            printf("  %s: %s → %s\n", transition->key, reg->states[transition->from[f]].key,
                reg->states[transition->to].key);
    }
    puts("\nChỉ số");
    for (int i = 0; i < cx->world->of_register[reg->index].count; i++)
        explain_indicator(cx->world->of_register[reg->index].items[i]);
    return EXIT_OK;
}
