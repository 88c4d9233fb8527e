/* Figures, the facts behind them, and declarations on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "domain/fact.h"
#include "domain/figure.h"
#include "domain/publication.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

/* Options that every question shares. Without a range it is this year. */
static enum status
read_query(struct ctx *cx, const struct args *args, struct figure_query *query)
{
    query->from = year_start(cx->world->today);
    query->to = year_next(cx->world->today) - 1;
    TRY(arg_range(cx, args, &query->from, &query->to));
    TRY(basis_parse(cx, arg_value(args, "basis"), query->to, &query->basis));
    return arg_unit(cx, args, "unit", query->to, &query->unit);
}

static enum status
add_months(struct ctx *cx, struct doc *rows, const struct figure_query *query)
{
    struct sum *sums;
    int count;
    TRY(figure_series(cx, query, 1, &sums, &count));
    for (int i = 0; i < count; i++) {
        struct civil month = day_to_civil(month_day(month_number(query->from) + i));
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "indicator", query->indicator->key);
        doc_printf(row, "month", "%04d-%02d", month.year, month.month);
        doc_decimal(row, "value", sums[i].value, query->indicator->scale);
        doc_integer(row, "n", sums[i].n);
    }
    return OK;
}

static enum status
add_units(struct ctx *cx, struct doc *rows, const struct figure_query *query)
{
    struct figure whole;
    struct figure_part *parts;
    int count;
    TRY(figure_read(cx, query, &whole));
    TRY(figure_parts(cx, &whole, &parts, &count));
    for (int i = 0; i < count; i++) {
        struct doc *row = doc_object(rows, NULL);
        figure_doc(row, cx, &parts[i].figure);
        doc_text(row, "name", unit_named(parts[i].unit, query->to)->name);
        doc_bool(row, "own", parts[i].is_own);
        doc_bool(row, "unknown", parts[i].unknown);
    }
    return OK;
}

static enum status
add_cuts(struct ctx *cx, struct doc *rows, const struct figure_query *query, const char *key)
{
    struct cut_filter unused;
    struct sum *sums;
    int count, place = cut_place(query->indicator, key);
    if (place < 0)
        return cut_filter_parse(cx, query->indicator, arena_printf(cx->arena, "%s=", key), &unused);
    TRY(figure_cuts(cx, query, place, &sums, &count));
    for (int part = 0; part < count; part++) {
        if (sums[part].n == 0)
            continue;
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "indicator", query->indicator->key);
        doc_text(row, key, cut_value_key(query->indicator, place, part));
        doc_text(row, "label", cut_value_label(cx, query->indicator, place, part));
        doc_decimal(row, "value", sums[part].value, query->indicator->scale);
        doc_integer(row, "n", sums[part].n);
    }
    return OK;
}

static enum status
add_figure(struct ctx *cx, const struct args *args, struct doc *rows, struct figure_query *query)
{
    const char *by = arg_value(args, "by");
    struct figure figure;
    TRY(cut_filter_parse(cx, query->indicator, arg_value(args, "where"), &query->where));
    if (by != NULL && strcmp(by, "month") == 0)
        return add_months(cx, rows, query);
    if (by != NULL && strcmp(by, "unit") == 0)
        return add_units(cx, rows, query);
    if (by != NULL)
        return add_cuts(cx, rows, query, by);
    TRY(figure_read(cx, query, &figure));
    figure_doc(doc_object(rows, NULL), cx, &figure);
    return OK;
}

static const char *
columns(struct arena *arena, const struct args *args)
{
    const char *by = arg_value(args, "by");
    if (by == NULL)
        return "indicator unit from to value recorded declared n label";
    if (strcmp(by, "month") == 0)
        return "indicator month value n";
    if (strcmp(by, "unit") == 0)
        return "indicator unit name value recorded declared n";
    return arena_printf(arena, "indicator %s label value n", by);
}

int
cmd_figure(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct model *model = cx->world->model;
    struct figure_query query = {0};
    int count = args->word_count > 0 ? args->word_count : model->indicator_count;
    if (arg_value(args, "unit") == NULL)
        return EXIT_USAGE;
    if (read_query(cx, args, &query) != OK)
        return cli_fail(cx);
    for (int i = 0; i < count; i++) {
        if (args->word_count == 0)
            query.indicator = &model->indicators[i];
        else if (world_indicator(cx, args->words[i], &query.indicator) != OK)
            return cli_fail(cx);
        if (add_figure(cx, args, rows, &query) != OK)
            return cli_fail(cx);
    }
    cli_show(args, rows, columns(cx->arena, args));
    return EXIT_OK;
}

static const char *
cut_shown(struct arena *arena, const struct indicator *indicator, int64_t cut)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < cut_places(indicator); i++)
        buf_printf(&out, "%s%s=%s", i > 0 ? "," : "", cut_field_key(indicator, i),
            cut_value_key(indicator, i, cut_part(cut, i)));
    return buf_string(&out);
}

static int
number_option(const struct args *args, const char *name, int absent)
{
    const char *text = arg_value(args, name);
    return text == NULL ? absent : atoi(text);
}

int
cmd_facts(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    struct figure_query query = {0};
    struct figure_record *records;
    bool more;
    int count, skip = number_option(args, "skip", 0), limit = number_option(args, "limit", 1000000);
    if (args->word_count != 1 || arg_value(args, "unit") == NULL || skip < 0 || limit < 1)
        return EXIT_USAGE;
    if (read_query(cx, args, &query) != OK ||
        world_indicator(cx, args->words[0], &query.indicator) != OK ||
        cut_filter_parse(cx, query.indicator, arg_value(args, "where"), &query.where) != OK ||
        figure_records(cx, &query, skip, limit, &records, &count, &more) != OK)
        return cli_fail(cx);
    for (int i = 0; i < count; i++) {
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "record", records[i].code);
        doc_text(row, "unit", unit_named(records[i].unit, records[i].day)->code);
        doc_date(row, "day", records[i].day);
        doc_integer(row, "row", records[i].seq);
        doc_quantity(row, "value", records[i].value, query.indicator->scale,
            word_text(records[i].word));
        doc_text(row, "word", word_text(records[i].word));
        doc_text(row, "cut", cut_shown(cx->arena, query.indicator, records[i].cut));
        doc_text(row, "state", records[i].state);
    }
    cli_show(args, rows, "record unit day row value cut state");
    return EXIT_OK;
}

/* The days of a period, as --from and --to would say them. */
static enum status
use_period(struct ctx *cx, const struct args *args, struct declare *input)
{
    int32_t from = 0, to = 0;
    TRY(arg_range(cx, args, &from, &to));
    input->from = date_iso(cx->arena, from);
    input->to = date_iso(cx->arena, to);
    return OK;
}

int
cmd_declare(struct ctx *cx, const struct args *args)
{
    struct declaration done;
    struct declare input = {.unit = arg_value(args, "unit"),
        .cut = arg_value(args, "where"),
        .word = arg_value(args, "word"),
        .source = arg_value(args, "source"),
        .from = arg_value(args, "from"),
        .to = arg_value(args, "to"),
        .numerator = arg_value(args, "num"),
        .denominator = arg_value(args, "den")};
    if (args->word_count != 2 || input.unit == NULL)
        return EXIT_USAGE;
    input.indicator = args->words[0];
    input.value = args->words[1];
    if (arg_value(args, "period") != NULL && use_period(cx, args, &input) != OK)
        return cli_fail(cx);
    return cli_end(cx, declare(cx, &input, &done));
}

/* Publishing */

int
cmd_publish(struct ctx *cx, const struct args *args)
{
    const char *decision = arg_value(args, "decision");
    struct publication wanted = {.from = DAY_MIN, .to = DAY_MAX, .decision = decision};
    if (args->word_count != 1 || arg_value(args, "unit") == NULL || decision == NULL)
        return EXIT_USAGE;
    if (world_indicator(cx, args->words[0], &wanted.indicator) != OK ||
        arg_range(cx, args, &wanted.from, &wanted.to) != OK ||
        arg_unit(cx, args, "unit", wanted.to == DAY_MAX ? cx->world->today : wanted.to,
            &wanted.unit) != OK)
        return cli_fail(cx);
    if (wanted.from == DAY_MIN || wanted.to == DAY_MAX)
        return EXIT_USAGE;
    return cli_end(cx, publish(cx, &wanted));
}

int
cmd_publication_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    if (args->word_count > 0)
        return EXIT_USAGE;
    if (publication_doc(rows, cx) != OK)
        return cli_fail(cx);
    cli_show(args, rows, "code label unit from to value decision");
    return EXIT_OK;
}

int
cmd_publication_withdraw(struct ctx *cx, const struct args *args)
{
    if (args->word_count != 1)
        return EXIT_USAGE;
    return cli_end(cx, publication_withdraw(cx, args->words[0]));
}
