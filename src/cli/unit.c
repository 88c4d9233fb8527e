/* Units on the command line. */
#include "cli/cli.h"

#include "base/file.h"
#include "domain/unit.h"
#include "store/store.h"

#include <stdio.h>

int
cmd_unit_import(struct ctx *cx, const struct args *args)
{
    struct unit_import import = {0};
    struct unit_import_result result;
    if (args->word_count != 1)
        return EXIT_USAGE;
    import.file = args->words[0];
    if (arg_day(cx, args, "date", cx->world->today, &import.day) != OK ||
        arg_day(cx, args, "from", DAY_MIN, &import.from_day) != OK ||
        file_map(cx, import.file, &import.text, &import.length) != OK ||
        unit_import(cx, &import, &result) != OK)
        return cli_fail(cx);
    fprintf(stderr, "%d dòng: %d đơn vị mới, %d thay đổi, %d giữ nguyên.\n", result.rows,
        result.created, result.changed, result.unchanged);
    return EXIT_OK;
}

static void
span_row(struct doc *row, const struct span *span)
{
    doc_text(row, "code", span->code);
    doc_text(row, "name", span->name);
    doc_text(row, "level", span->level);
    doc_text(row, "kind", span->kind);
    if (span->from == DAY_MIN)
        doc_null(row, "from");
    else
        doc_date(row, "from", span->from);
    if (span->to == DAY_MAX)
        doc_null(row, "to");
    else
        doc_date(row, "to", span->to);
}

static void
list_below(struct doc *rows, const struct unit *unit, int32_t day, int depth)
{
    struct doc *row = doc_object(rows, NULL);
    const struct span *span = unit_on(unit, day);
    span_row(row, span);
    doc_integer(row, "depth", depth);
    doc_text(row, "parent", span->parent == NULL ? NULL : unit_named(span->parent, day)->code);
    for (int i = 0; i < unit->child_count; i++) {
        if (unit->children[i]->from <= day && day <= unit->children[i]->to)
            list_below(rows, unit->children[i]->unit, day, depth + 1);
    }
}

int
cmd_unit_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct unit *top = cx->world->tree->root;
    int32_t day;
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", cx->world->today, &day) != OK ||
        (arg_value(args, "under") != NULL && arg_unit(cx, args, "under", day, &top) != OK))
        return cli_fail(cx);
    if (top != NULL && unit_on(top, day) != NULL)
        list_below(rows, top, day, 0);
    cli_show(args, rows, "code parent level name kind from to");
    return EXIT_OK;
}

int
cmd_unit_show(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct unit *unit;
    int32_t day;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", cx->world->today, &day) != OK ||
        tree_by_code(cx, cx->world->tree, args->words[0], day, &unit) != OK)
        return cli_fail(cx);
    for (int i = 0; i < unit->span_count; i++) {
        struct doc *row = doc_object(rows, NULL);
        const struct span *span = &unit->spans[i];
        span_row(row, span);
        doc_text(row, "parent",
            span->parent == NULL ? NULL : unit_named(span->parent, span->from)->name);
        doc_text(row, "heir",
            unit->heir == NULL || i + 1 < unit->span_count
                ? NULL
                : unit_named(unit->heir, span->to == DAY_MAX ? day : span->to + 1)->name);
    }
    cli_show(args, rows, "code name level kind from to parent heir");
    return EXIT_OK;
}

static int
change(struct ctx *cx, const struct args *args, enum unit_event_kind kind, int words)
{
    struct unit_event event = {.kind = kind, .decision = arg_value(args, "decision")};
    if (args->word_count != words || arg_value(args, "date") == NULL)
        return EXIT_USAGE;
    if (arg_day(cx, args, "date", 0, &event.day) != OK)
        return cli_fail(cx);
    event.code = args->words[0];
    event.other = words > 1 ? args->words[1] : NULL;
    event.name = words > 1 ? args->words[1] : NULL;
    return cli_end(cx, unit_change(cx, &event));
}

int
cmd_unit_rename(struct ctx *cx, const struct args *args)
{
    return change(cx, args, UNIT_RENAME, 2);
}

int
cmd_unit_move(struct ctx *cx, const struct args *args)
{
    return change(cx, args, UNIT_MOVE, 2);
}

int
cmd_unit_abolish(struct ctx *cx, const struct args *args)
{
    return change(cx, args, UNIT_ABOLISH, 1);
}

int
cmd_unit_merge(struct ctx *cx, const struct args *args)
{
    return change(cx, args, UNIT_MERGE, 2);
}
