/* The audit on the command line: sealing and verifying. */
#include "cli/cli.h"

#include "domain/audit.h"

#include <stdio.h>

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
