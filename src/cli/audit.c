/* The audit on the command line: reading, sealing and verifying. */
#include "cli/cli.h"

#include "domain/audit.h"

#include <stdio.h>

enum { LIST_LIMIT = 1000 };

static enum status
read_query(struct ctx *cx, const struct args *args, struct audit_query *out)
{
    *out = (struct audit_query){.login = arg_value(args, "who"),
        .action = arg_value(args, "action"),
        .code = arg_value(args, "subject"),
        .limit = LIST_LIMIT};
    TRY(arg_day(cx, args, "from", DAY_MIN, &out->from));
    TRY(arg_day(cx, args, "to", DAY_MAX, &out->to));
    if (arg_value(args, "unit") != NULL)
        TRY(arg_unit(cx, args, "unit", cx->world->today, &out->unit));
    return OK;
}

static void
row_doc(struct doc *rows, const struct ctx *cx, const struct audit_row *row)
{
    struct doc *object = doc_object(rows, NULL);
    doc_time(object, "at", row->at, cx->world->zone_offset);
    doc_text(object, "login", row->login);
    doc_text(object, "who", row->who);
    doc_text(object, "roles", row->roles);
    doc_text(object, "action", row->action);
    doc_text(object, "label", row->label);
    doc_text(object, "code", row->code);
    doc_integer(object, "version", row->version);
    doc_text(object, "detail", row->detail);
}

int
cmd_audit_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    struct audit_query query;
    struct audit_page page;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (read_query(cx, args, &query) != OK || audit_note_read(cx, "audit.read") != OK ||
        audit_list(cx, &query, &page) != OK)
        return cli_fail(cx);
    for (int i = 0; i < page.count; i++)
        row_doc(rows, cx, &page.rows[i]);
    cli_show(args, rows, "at login who roles action label code version detail");
    if (page.more)
        fprintf(stderr, "Chỉ có %d dòng mới nhất; `chithi audit export` xuất tất cả.\n",
            page.count);
    return EXIT_OK;
}

int
cmd_audit_export(struct ctx *cx, const struct args *args)
{
    struct output output;
    struct audit_query query;
    int64_t lines;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (read_query(cx, args, &query) != OK || output_begin(cx, args, &output) != OK ||
        audit_note_read(cx, "audit.export") != OK ||
        output_end(cx, &output, audit_export(cx, &query, output.format, &output.sink, &lines)) !=
            OK)
        return cli_fail(cx);
    fprintf(stderr, "%lld dòng.\n", (long long)lines);
    return EXIT_OK;
}

static void
show_chains(struct doc *rows, const struct audit_result *result)
{
    for (int i = 0; i < result->chain_count; i++) {
        const struct audit_chain *chain = &result->chains[i];
        struct doc *row = doc_object(rows, NULL);
        doc_integer(row, "shard", chain->shard);
        doc_integer(row, "seals", chain->seals);
        doc_integer(row, "rows", chain->rows);
        doc_integer(row, "tail", chain->tail);
        doc_text(row, "digest", chain->digest);
    }
}

static void
tell_findings(const struct audit_result *result)
{
    for (int i = 0; i < result->count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        fprintf(stderr, "Phân vùng %lld, %s: %s.\n", (long long)finding->shard, finding->where,
            finding->what);
    }
    fprintf(stderr, "%lld sai lệch.\n", (long long)(result->count + result->left_out));
}

int
cmd_audit_verify(struct ctx *cx, const struct args *args)
{
    struct audit_result result;
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (audit_verify(cx, arg_value(args, "against"), &result) != OK)
        return cli_fail(cx);
    show_chains(rows, &result);
    cli_show(args, rows, "shard seals rows tail digest");
    tell_findings(&result);
    return result.count > 0 ? EXIT_FAILED : EXIT_OK;
}

int
cmd_audit_seal(struct ctx *cx, const struct args *args)
{
    if (args->word_count > 0)
        return EXIT_USAGE;
    world_end(cx); /* each round has a snapshot of its own */
    return cli_end(cx, audit_seal_all(cx));
}
