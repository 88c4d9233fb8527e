/* Search on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/vi.h"
#include "domain/search.h"

#include <stdio.h>
#include <stdlib.h>

static struct doc *
add_row(struct doc *rows, const char *kind, const char *key, const char *text)
{
    struct doc *row = doc_object(rows, NULL);
    doc_text(row, "kind", kind);
    doc_text(row, "key", key);
    doc_text(row, "text", text);
    return row;
}

static void
fill_rows(struct doc *rows, const struct search_answer *answer)
{
    for (int i = 0; i < answer->directive_count; i++)
        add_row(rows, "chỉ thị", answer->directives[i]->symbol, answer->directives[i]->label.vi);
    for (int i = 0; i < answer->unit_count; i++)
        add_row(rows, "đơn vị", answer->units[i]->code, answer->units[i]->name);
    for (int i = 0; i < answer->indicator_count; i++)
        add_row(rows, "chỉ số", answer->indicators[i]->key, answer->indicators[i]->label.vi);
}

/* The records' lines are taken from the document, which knows what may be shown of them. */
static void
fill_records(struct doc *rows, const struct doc *answer)
{
    for (const struct doc *one = doc_get(answer, "records")->first; one != NULL; one = one->next) {
        struct doc *row =
            add_row(rows, "hồ sơ", doc_get(one, "code")->text, doc_get(one, "text")->text);
        doc_text(row, "register", doc_get(one, "register")->text);
        doc_text(row, "unit", doc_at(one, "unit.code")->text);
        doc_text(row, "state", doc_get(one, "state")->text);
    }
}

static void
tell(const struct search_answer *answer, const struct doc *root)
{
    if (answer->instead != NULL)
        fprintf(stderr, "Không có %s; đang hiện kết quả cho %s.\n", answer->missing,
            answer->instead);
    if (answer->is_cut)
        fprintf(stderr, "%s\n", doc_get(root, "cut")->text);
    if (answer->more_units || answer->more_indicators)
        fprintf(stderr, "Còn đơn vị hoặc chỉ số khác; thêm từ để thu hẹp.\n");
    if (answer->more_records)
        fprintf(stderr, "Đã hiện %d hồ sơ; còn nữa: --after %s\n", answer->record_count,
            doc_get(root, "after")->text);
    if (doc_is_something(doc_get(root, "is_nothing")))
        fputs("Không tìm thấy gì.\n", stderr);
}

static enum status
read_query(struct ctx *cx, const struct args *args, struct search_query *query)
{
    struct buf text = buf_new(cx->arena);
    const char *limit = arg_value(args, "limit");
    for (int i = 0; i < args->word_count; i++)
        buf_printf(&text, "%s%s", i > 0 ? " " : "", args->words[i]);
    if (utf8_invalid_at(buf_string(&text)) >= 0)
        return fault_set(cx, ERR_INVALID, "Từ cần tìm không phải văn bản UTF-8.");
    *query = (struct search_query){.text = vi_clean(cx->arena, buf_string(&text)),
        .after = arg_value(args, "after"),
        .limit = limit == NULL ? SEARCH_LIMIT : atoi(limit)};
    if (query->limit < 1 || query->limit > SEARCH_LIMIT_MAX)
        return fault_set(cx, ERR_INVALID, "--limit “%s” cần là số từ 1 đến %d.", limit,
            SEARCH_LIMIT_MAX);
    if (arg_value(args, "unit") == NULL)
        return OK;
    return arg_unit(cx, args, "unit", cx->world->today, &query->unit);
}

int
cmd_search(struct ctx *cx, const struct args *args)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT), *rows = doc_new(cx->arena, DOC_LIST);
    struct search_query query;
    struct search_answer answer;
    if (args->word_count == 0)
        return EXIT_USAGE;
    if (read_query(cx, args, &query) != OK || search(cx, &query, &answer) != OK)
        return cli_fail(cx);
    if (answer.is_empty)
        return cli_end(cx,
            fault_set(cx, ERR_INVALID, "“%s” không có chữ hay số nào để tìm.", query.text));
    search_doc(root, cx, &answer);
    if (args->json) {
        struct buf out = buf_new(cx->arena);
        doc_json(root, &out);
        fwrite(out.bytes, 1, out.length, stdout);
        return EXIT_OK;
    }
    fill_rows(rows, &answer);
    fill_records(rows, root);
    tell(&answer, root);
    cli_show(args, rows, "kind key text register unit state");
    return EXIT_OK;
}
