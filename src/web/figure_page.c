/* A figure: what it is, how it is counted, and everything that makes it: cuts, records,
 * declarations. Its parts by unit are in figure_parts.c, the series is in series.c, the other
 * drawings are in figure_charts.c. */
#include "web/figure_page.h"

#include "domain/fact.h"
#include "domain/report.h"
#include "domain/rights.h"
#include "pack/expr.h"
#include "web/context.h"
#include "web/routes.h"
#include "web/words.h"

#include <stdlib.h>
#include <string.h>

enum { PAGES_MAX = 1000000 };

/* What is asked */

enum status
figure_page_query(struct page *page, struct figure_query *out)
{
    struct ctx *cx = page->cx;
    struct range range;
    const struct directive *directive;
    const char *own = page_param(page, "rieng");
    *out = (struct figure_query){.own = own != NULL && strcmp(own, "1") == 0};
    TRY(world_indicator(cx, page->argument[0], &out->indicator));
    enum status days = page_range(page, &range);
    out->from = range.from;
    out->to = range.to;
    enum status unit = page_unit(page, page_param(page, "dv"), range, &out->unit);
    enum status basis = basis_parse(cx, page_param(page, "co_cau"), range.to, &out->basis);
    enum status where =
        cut_filter_parse(cx, out->indicator, page_param(page, "dieu_kien"), &out->where);
    TRY(days);
    TRY(unit);
    TRY(basis);
    TRY(where);
    TRY(context_directive(page, out->indicator->reg, &directive));
    if (directive != NULL)
        cut_filter_set_directive(&out->where, cx->world, directive);
    return OK;
}

/* The condition without the directive, which has a field of its own. */
static const char *
other_filters(const struct page *page, const struct figure_query *query)
{
    struct cut_filter others = query->where;
    cut_filter_set_directive(&others, page->cx->world, NULL);
    return cut_filter_text(page->cx->arena, page->cx->world, query->indicator, &others);
}

static void
add_context(struct page *page, const struct figure_query *query)
{
    const struct pair kept[] = {{"co_cau", page_param(page, "co_cau")},
        {"dieu_kien", other_filters(page, query)}, {"rieng", query->own ? "1" : NULL}};
    struct context context = {.unit = query->unit,
        .range = {query->from, query->to},
        .reg = query->indicator->reg,
        .directive = cut_filter_directive(&query->where, page->cx->world),
        .action = arena_printf(page->cx->arena, "/cs/%s", query->indicator->key),
        .kept = kept,
        .kept_count = COUNT_OF(kept)};
    context_show(page, &context);
    doc_text(page->data, "directive", context.directive == NULL ? NULL : context.directive->key);
}

/* The figure for another question, in the arena so that its address can be made. */
static const char *
href_of(struct page *page, const struct figure_query *query, int place, int part)
{
    struct figure_query changed = *query;
    cut_filter_set(&changed.where, place, part);
    return figure_href(page->cx->arena, page->cx->world, &changed);
}

static void
add_filters(struct page *page, const struct figure_query *query)
{
    const struct indicator *indicator = indicator_of_cuts(query->indicator);
    struct doc *list = doc_list(page->data, "filters");
    for (int i = 0; i < cut_places(indicator); i++) {
        int part = cut_filter_part(&query->where, i);
        if (part < 0)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", cut_field_label(page->cx, indicator, i));
        doc_text(object, "value", cut_value_label(page->cx, indicator, i, part));
        doc_text(object, "without", href_of(page, query, i, -1));
    }
    doc_text(page->data, "where", other_filters(page, query));
}

/* The choices of the context bar. */
static void
add_bases(struct page *page, const struct figure_query *query)
{
    static const char *const bases[][2] = {{"then", N_("Đơn vị như tại từng thời điểm")},
        {"end", N_("Đơn vị như ngày cuối kỳ")}, {"now", N_("Đơn vị như hôm nay")}};
    const char *asked = page_param(page, "co_cau");
    bool is_listed = false;
    struct doc *list = doc_list(page->data, "bases");
    for (size_t i = 0; i < COUNT_OF(bases); i++) {
        bool is_chosen = strcmp(asked == NULL ? "then" : asked, bases[i][0]) == 0;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", bases[i][0]);
        doc_text(object, "label", tr(page->cx, bases[i][1]));
        doc_bool(object, "is_chosen", is_chosen);
        is_listed = is_listed || is_chosen;
    }
    if (is_listed)
        return;
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "key", date_iso(page->cx->arena, query->basis));
    doc_printf(object, "label", tr(page->cx, "Đơn vị như ngày %s"),
        date_show(page->cx->arena, query->basis));
    doc_bool(object, "is_chosen", true);
}

static void
add_definition(struct page *page, const struct indicator *indicator)
{
    struct arena *arena = page->cx->arena;
    struct buf source = buf_new(arena);
    struct doc *object = doc_object(page->data, "definition");
    doc_text(object, "label", label_text(page->cx, &indicator->label));
    doc_text(object, "register", indicator->reg->key);
    doc_text(object, "register_label", label_text(page->cx, &indicator->reg->label));
    doc_text(object, "counted", words_counted(page->cx, indicator));
    doc_text(object, "condition", words_condition(page->cx, indicator->where));
    if (indicator->where != NULL)
        expr_print(&source, indicator->where);
    doc_text(object, "condition_source", buf_string(&source));
    bool has_facts = indicator_has_facts(indicator);
    doc_bool(object, "has_facts", has_facts);
    doc_text(object, "day_label", has_facts ? label_text(page->cx, &indicator->on->label) : "");
    doc_text(object, "until_label",
        indicator->until != NULL ? label_text(page->cx, &indicator->until->label) : "");
    doc_text(object, "states", has_facts ? words_states(page->cx, indicator) : "");
}

/* What the number counts: "lượt"; of several measures, the one that is asked for. */
static const char *
measure_of(const struct ctx *cx, const struct figure_query *query)
{
    const struct indicator *indicator = query->indicator;
    if (!indicator_has_facts(indicator) || indicator->aggregation == AGG_DISTINCT)
        return "";
    if (indicator->sum == NULL)
        return indicator->list == NULL ? tr(cx, "hồ sơ") : tr(cx, "dòng");
    if (indicator->sum->kind != KIND_QUANTITY)
        return "";
    if (!indicator->by_measure)
        return label_text(cx, &indicator->sum->measures[0]->label);
    int place = cut_place(indicator, CUT_MEASURE);
    int part = cut_filter_part(&query->where, place);
    return part < 0 ? "" : cut_value_label(cx, indicator, place, part);
}

static void
add_figure(struct page *page, const struct figure *figure)
{
    struct doc *object = doc_object(page->data, "figure");
    figure_doc(object, page->cx, figure);
    doc_text(object, "measure", measure_of(page->cx, figure->query));
    doc_bool(object, "is_mixed", figure->is_mixed);
    doc_bool(object, "is_declared", figure->declaration_count > 0);
    doc_bool(object, "is_empty", figure->recorded.n == 0 && figure->declaration_count == 0);
    enum aggregation aggregation = figure->query->indicator->aggregation;
    doc_bool(object, "is_ratio", aggregation == AGG_RATIO);
    doc_bool(object, "is_change", aggregation == AGG_CHANGE);
    doc_bool(object, "is_stock", aggregation == AGG_STOCK);
    doc_bool(object, "has_value", figure->has_value);
}

/* One side of a ratio or a change: "Tử số", what it is, its value and page. */
static void
add_base(struct page *page, struct doc *list, const struct figure *figure, int side)
{
    static const char *const names[2][2] = {{N_("Tử số"), N_("Mẫu số")},
        {N_("Kỳ này"), N_("Cùng kỳ năm trước")}};
    const struct indicator *indicator = figure->query->indicator;
    const struct base *base = &indicator->bases[indicator->aggregation == AGG_CHANGE ? 0 : side];
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "name", tr(page->cx, names[indicator->aggregation == AGG_CHANGE][side]));
    doc_text(object, "label", words_base(page->cx, base));
    if (side == 0 && indicator_is_share(indicator))
        doc_integer(object, "shared", figure->numerator);
    else
        doc_null(object, "shared");
    if (figure->bases[side] != NULL) {
        page_figure_doc(object, page->cx->world, figure->bases[side]);
        return;
    }
    doc_integer(object, "value", figure->denominator);
    doc_text(object, "href", "");
}

static enum status
add_made(struct page *page, const struct figure *figure)
{
    struct figure_notice *notices;
    int count;
    struct doc *bases = doc_list(page->data, "bases_of");
    for (int side = 0; !indicator_has_facts(figure->query->indicator) && side < 2; side++)
        add_base(page, bases, figure, side);
    struct doc *list = doc_list(page->data, "notices");
    TRY(figure_notices(page->cx, figure, &notices, &count));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "message", notices[i].message);
        struct doc *sides = doc_list(object, "figures");
        const struct figure *both[] = {notices[i].figure, notices[i].other};
        for (int side = 0; side < 2 && both[side] != NULL; side++) {
            struct doc *one = doc_object(sides, NULL);
            doc_text(one, "label", label_text(page->cx, &both[side]->query->indicator->label));
            page_figure_doc(one, page->cx->world, both[side]);
        }
    }
    return OK;
}

/* Cuts */

static enum status
add_cut(struct page *page, const struct figure_query *query, int place, struct doc *list)
{
    const struct indicator *indicator = query->indicator;
    struct sum *sums;
    int count;
    TRY(figure_cuts(page->cx, query, place, &sums, &count));
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "field", cut_field_key(indicator, place));
    doc_text(object, "label", cut_field_label(page->cx, indicator, place));
    doc_bool(object, "is_chosen", cut_filter_part(&query->where, place) >= 0);
    struct doc *rows = doc_list(object, "rows");
    for (int part = 0; part < count; part++) {
        if (sums[part].n == 0)
            continue;
        struct doc *row = doc_object(rows, NULL);
        doc_text(row, "key", cut_value_key(indicator, place, part));
        doc_text(row, "label", cut_value_label(page->cx, indicator, place, part));
        doc_decimal(row, "value", sums[part].value, indicator->scale);
        doc_integer(row, "n", sums[part].n);
        doc_text(row, "href", href_of(page, query, place, part));
    }
    return OK;
}

static enum status
add_cuts(struct page *page, const struct figure *figure)
{
    struct doc *list = doc_list(page->data, "cuts");
    bool any = figure->recorded.n != 0 && indicator_has_facts(figure->query->indicator);
    for (int i = 0; any && i < cut_places(figure->query->indicator); i++)
        TRY(add_cut(page, figure->query, i, list));
    doc_bool(page->data, "has_cuts", list->first != NULL);
    return figure_page_cut_chart(page, figure);
}

/* Records */

static const char *
state_label(const struct ctx *cx, const struct reg *reg, const char *key)
{
    const struct state *state = reg_state(reg, key);
    return state == NULL ? key : label_text(cx, &state->label);
}

/* Of a restricted record whoever is not its reader sees the month and how far it has come in
 * counting, no more. */
static void
add_day_and_state(struct doc *object, const struct ctx *cx, const struct reg *reg,
    const struct figure_record *record)
{
    bool is_veiled = !record->is_readable && reg->visibility == VISIBILITY_HAN_CHE;
    struct civil civil = day_to_civil(record->day);
    if (is_veiled) {
        doc_null(object, "day");
        doc_printf(object, "month", "%02d/%d", civil.month, civil.year);
    } else {
        doc_date(object, "day", record->day);
        doc_null(object, "month");
    }
    doc_text(object, "state", is_veiled ? NULL : record->state);
    doc_text(object, "state_label", is_veiled ? NULL : state_label(cx, reg, record->state));
}

static void
add_record(struct doc *list, const struct ctx *cx, const struct indicator *indicator,
    const struct figure_record *record)
{
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "code", record->code);
    if (record->is_readable)
        doc_printf(object, "href", "/hs/%s", record->code);
    else
        doc_null(object, "href");
    page_unit_doc(cx, object, "unit", record->unit, (struct range){record->day, record->day});
    add_day_and_state(object, cx, indicator->reg, record);
    doc_quantity(object, "value", record->value, indicator->scale, word_text(record->word));
    struct doc *cells = doc_list(object, "cells");
    for (int i = 0; i < cut_places(indicator); i++)
        doc_text(doc_object(cells, NULL), "shown",
            cut_value_label(cx, indicator, i, cut_part(record->cut, i)));
}

/* `trang`, from 1. */
static enum status
read_page_number(struct page *page, int *out)
{
    const char *text = page_param(page, "trang");
    char *end = NULL;
    long number = text == NULL ? 1 : strtol(text, &end, 10);
    *out = (int)number;
    if (text == NULL || (*end == '\0' && number >= 1 && number <= PAGES_MAX))
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "trang"},
        "Trang: “%s” không hợp lệ; cần số từ 1.", text);
}

static void
add_page_links(struct page *page, const struct figure *figure, int number, bool more)
{
    const char *href = figure_href(page->cx->arena, page->cx->world, figure->query);
    int64_t pages = (figure->recorded.n + PAGE_RECORDS - 1) / PAGE_RECORDS;
    doc_integer(page->data, "page_number", number);
    doc_integer(page->data, "pages", pages > 0 ? pages : 1);
    doc_bool(page->data, "has_pages", number > 1 || more);
    if (number > 1)
        doc_printf(page->data, "previous", "%s&trang=%d#ho-so", href, number - 1);
    else
        doc_null(page->data, "previous");
    if (more)
        doc_printf(page->data, "next", "%s&trang=%d#ho-so", href, number + 1);
    else
        doc_null(page->data, "next");
}

static enum status
add_records(struct page *page, const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    struct figure_record *records = NULL;
    int64_t sum = 0;
    int number, count = 0;
    bool more = false;
    bool has_rows = figure_has_rows(page->cx, figure->query);
    TRY(read_page_number(page, &number));
    if (has_rows)
        TRY(figure_records(page->cx, figure->query, (number - 1) * PAGE_RECORDS, PAGE_RECORDS,
            &records, &count, &more));
    doc_bool(page->data, "shows_records", has_rows && indicator_has_facts(indicator));
    struct doc *columns = doc_list(page->data, "columns");
    for (int i = 0; i < cut_places(indicator); i++)
        doc_text(doc_object(columns, NULL), "label", cut_field_label(page->cx, indicator, i));
    struct doc *list = doc_list(page->data, "records");
    for (int i = 0; i < count; i++) {
        add_record(list, page->cx, indicator, &records[i]);
        if (!add_checked(sum, records[i].value, &sum))
            return fault_set(page->cx, ERR_LIMIT, "Tổng của trang vượt quá giới hạn.");
    }
    doc_integer(page->data, "column_count", cut_places(indicator) + 4);
    doc_bool(page->data, "is_summed", indicator->aggregation != AGG_DISTINCT);
    doc_decimal(page->data, "records_sum", sum, indicator->scale);
    doc_bool(page->data, "has_records", count > 0);
    add_page_links(page, figure, number, more);
    return OK;
}

enum status
figure_page_show(struct page *page)
{
    struct figure_query query;
    struct figure figure;
    TRY(figure_page_query(page, &query));
    TRY(figure_read(page->cx, &query, &figure));
    struct range range = {query.from, query.to};
    bool is_open = query.indicator->reg->visibility != VISIBILITY_HAN_CHE;
    doc_bool(page->data, "can_publish",
        page->cx->viewer != NULL && is_open && may_work(page->cx, WORK_PUBLISH, query.unit));
    doc_text(page->page, "xlsx", page_address(page, ".xlsx"));
    doc_text(page->page, "csv", page_address(page, ".csv"));
    page->template = "figure";
    page_set_title(page, "%s – %s", label_text(page->cx, &query.indicator->label),
        unit_named(query.unit, query.to)->name);
    page_unit_crumbs(page, query.unit, range, false);
    page_unit_doc(page->cx, page->data, "unit", query.unit, range);
    doc_printf(page->data, "address", "/cs/%s", query.indicator->key);
    doc_bool(page->data, "is_own", query.own);
    add_context(page, &query);
    add_bases(page, &query);
    add_filters(page, &query);
    add_figure(page, &figure);
    add_definition(page, query.indicator);
    TRY(add_made(page, &figure));
    TRY(figure_page_parts(page, &figure));
    TRY(figure_page_series(page, &figure));
    TRY(add_cuts(page, &figure));
    return add_records(page, &figure);
}
