/* A unit: where it stands, all its figures in a range, the units below it, its registers and
 * reports. */
#include "web/routes.h"

#include "domain/report.h"
#include "domain/rights.h"
#include "web/context.h"
#include "web/words.h"

#include <string.h>

static void
add_day(struct doc *in, const char *key, int32_t day, int32_t open)
{
    if (day == open)
        doc_null(in, key);
    else
        doc_date(in, key, day);
}

/* A key with the pack's label for it; both null when the unit has none. */
static void
add_labelled(struct doc *in, const struct ctx *cx, const char *key, const char *value,
    const struct choice *choices, int count)
{
    bool is_known = *value != '\0';
    doc_text(in, key, is_known ? value : NULL);
    doc_text(in, arena_printf(cx->arena, "%s_label", key),
        is_known ? choice_label(cx, choices, count, value) : NULL);
}

static void
add_kind(struct doc *in, const struct ctx *cx, const struct span *span)
{
    const struct model *model = cx->world->model;
    add_labelled(in, cx, "kind", span->kind, model->unit_kinds, model->unit_kind_count);
    add_labelled(in, cx, "bloc", span->bloc, model->blocs, model->bloc_count);
}

/* Every name and place that the unit has had. */
static void
add_spans(struct page *page, const struct unit *unit, struct range range)
{
    struct doc *list = doc_list(page->data, "spans");
    for (int i = 0; i < unit->span_count; i++) {
        const struct span *span = &unit->spans[i];
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "code", span->code);
        doc_text(object, "name", span->name);
        doc_text(object, "level", words_level(page->cx, span->level));
        add_kind(object, page->cx, span);
        add_day(object, "from", span->from, DAY_MIN);
        add_day(object, "to", span->to, DAY_MAX);
        if (span->parent == NULL || !may_know_unit(page->cx, span->parent))
            doc_null(object, "parent");
        else
            page_unit_doc(page->cx, object, "parent", span->parent, range);
    }
}

/* Who took it over, and whom it took over. */
static void
add_heirs(struct page *page, const struct unit *unit, struct range range)
{
    const struct tree *tree = page->cx->world->tree;
    if (unit->heir == NULL)
        doc_null(page->data, "heir");
    else
        page_unit_doc(page->cx, page->data, "heir", unit->heir, range);
    struct doc *list = doc_list(page->data, "predecessors");
    for (int i = 0; i < tree->passing_count; i++) {
        if (tree->passing[i]->heir == unit)
            page_unit_doc(page->cx, list, NULL, tree->passing[i], range);
    }
}

static void
add_figure(struct page *page, struct doc *list, const struct figure *figure, bool *is_empty)
{
    const struct indicator *indicator = figure->query->indicator;
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "indicator", indicator->key);
    doc_text(object, "label", label_text(page->cx, &indicator->label));
    doc_bool(object, "is_ratio", indicator->aggregation == AGG_RATIO);
    doc_bool(object, "has_value", figure->has_value);
    page_figure_doc(object, page->cx->world, figure);
    *is_empty = *is_empty && !figure_holds(figure);
}

/* Figures of all indicators that may be seen, in the order of the model. */
struct figures {
    struct figure *items;
    int count;
};

static enum status
read_figures(struct page *page, const struct context *context, struct figures *out)
{
    struct ctx *cx = page->cx;
    const struct model *model = cx->world->model;
    size_t most = (size_t)model->indicator_count + 1;
    struct figure_query *asked = ARENA_ARRAY(cx->arena, struct figure_query, most);
    *out = (struct figures){ARENA_ARRAY(cx->arena, struct figure, most), 0};
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        if (figure_is_visible(cx, indicator, context->unit) &&
            context_has(cx, context, indicator->reg))
            asked[out->count++] = context_query(cx, context, indicator);
    }
    return figures_read(cx, asked, out->count, out->items);
}

static bool
has_figures(const struct figures *figures, const struct reg *reg)
{
    for (int i = 0; i < figures->count; i++) {
        if (figures->items[i].query->indicator->reg == reg)
            return true;
    }
    return false;
}

/* One register; false: none of its figures says anything. */
static bool
add_register(struct page *page, struct doc *list, const struct figures *figures,
    const struct reg *reg, const char *asks)
{
    struct arena *arena = page->cx->arena;
    struct doc *object = doc_object(list, NULL);
    bool is_empty = true;
    doc_text(object, "key", reg->key);
    doc_text(object, "label", label_text(page->cx, &reg->label));
    doc_text(object, "href",
        may_list(page->cx, reg) ? arena_printf(arena, "/so/%s?%s", reg->key, asks) : NULL);
    struct doc *shown = doc_list(object, "figures");
    for (int i = 0; i < figures->count; i++) {
        if (figures->items[i].query->indicator->reg == reg)
            add_figure(page, shown, &figures->items[i], &is_empty);
    }
    doc_bool(object, "is_empty", is_empty);
    return !is_empty;
}

/* Registers that hold nothing in the range are named after the others, without their figures; those
 * of which nothing may be seen are not named. */
static enum status
add_registers(struct page *page, const struct context *context)
{
    struct arena *arena = page->cx->arena;
    const struct model *model = page->cx->world->model;
    struct doc *list = doc_list(page->data, "registers");
    struct figures figures;
    const char *asks =
        arena_printf(arena, "dv=%s%s", unit_named(context->unit, context->range.to)->code,
            context_suffix(arena, context->directive));
    int empty = 0;
    TRY(read_figures(page, context, &figures));
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        bool is_known = has_figures(&figures, reg) || may_list(page->cx, reg);
        if (is_known && context_has(page->cx, context, reg))
            empty += !add_register(page, list, &figures, reg, asks);
    }
    doc_integer(page->data, "empty_registers", empty);
    doc_bool(page->data, "has_empty_registers", empty > 0);
    return OK;
}

static void
add_children(struct page *page, const struct unit *unit, struct range range)
{
    const struct unit **children;
    int count = tree_children(page->cx->arena, unit, range.to, range.to, range.to, &children);
    struct doc *list = doc_list(page->data, "children");
    int shown = 0;
    for (int i = 0; i < count; i++) {
        if (!may_know_unit(page->cx, children[i]))
            continue;
        page_unit_doc(page->cx, list, NULL, children[i], range);
        shown++;
    }
    doc_integer(page->data, "child_count", shown);
}

static void
add_reports(struct page *page, const struct unit *unit, struct range range)
{
    const struct model *model = page->cx->world->model;
    const char *code = unit_named(unit, range.to)->code;
    const char *days = page_range_query(page->cx->arena, range);
    struct doc *list = doc_list(page->data, "reports");
    for (int i = 0; i < model->report_count; i++) {
        struct report_query query = {.def = &model->reports[i],
            .unit = unit,
            .from = range.from,
            .to = range.to};
        if (!report_is_visible(page->cx, &query))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", label_text(page->cx, &model->reports[i].label));
        doc_printf(object, "href", "/bao_cao/%s?dv=%s&%s", model->reports[i].key, code, days);
        doc_printf(object, "docx", "/bao_cao/%s.docx?dv=%s&%s", model->reports[i].key, code, days);
    }
}

static void
add_identity(struct page *page, const struct unit *unit, struct range range)
{
    const struct span *span = unit_named(unit, range.to);
    doc_text(page->data, "code", span->code);
    doc_text(page->data, "name", span->name);
    doc_text(page->data, "level", words_level(page->cx, span->level));
    add_kind(page->data, page->cx, span);
    doc_bool(page->data, "is_alive", unit_on(unit, range.to) != NULL);
    doc_date(page->data, "from", range.from);
    doc_date(page->data, "to", range.to);
    doc_text(page->data, "members_href",
        may_people(page->cx, unit) ? arena_printf(page->cx->arena, "/dv/%s/thanh_vien?%s",
                                         span->code, page_range_query(page->cx->arena, range))
                                   : NULL);
    doc_bool(page->data, "has_history",
        unit->span_count > 1 || span->from != DAY_MIN || span->to != DAY_MAX);
    add_spans(page, unit, range);
}

/* The form of the page names another unit beside the one in the path: go there. */
static bool
leads_elsewhere(struct page *page)
{
    struct arena *arena = page->cx->arena;
    struct buf out = buf_new(arena);
    const char *code = page_param(page, "dv");
    if (code == NULL)
        return false;
    buf_text(&out, "/dv/");
    page_url_text(&out, code, true);
    for (int i = 0, count = 0; i < page->request->query_count; i++) {
        const struct pair *pair = &page->request->query[i];
        if (strcmp(pair->name, "dv") == 0 || *pair->value == '\0')
            continue;
        buf_printf(&out, "%c%s=", count++ == 0 ? '?' : '&', pair->name);
        page_url_text(&out, pair->value, true);
    }
    page_redirect(page, buf_string(&out));
    return true;
}

enum status
unit_page_show(struct page *page)
{
    struct context context = {0};
    if (leads_elsewhere(page))
        return OK;
    TRY(page_range(page, &context.range));
    TRY(page_unit(page, page->argument[0], context.range, &context.unit));
    TRY(context_directive(page, NULL, &context.directive));
    const struct unit *unit = context.unit;
    struct range range = context.range;
    context.action = arena_printf(page->cx->arena, "/dv/%s", unit_named(unit, range.to)->code);
    context_show(page, &context);
    page->template = "unit";
    page_set_title(page, "%s", unit_named(unit, range.to)->name);
    page_unit_crumbs(page, unit, range, true);
    add_identity(page, unit, range);
    add_heirs(page, unit, range);
    TRY(add_registers(page, &context));
    add_children(page, unit, range);
    add_reports(page, unit, range);
    return OK;
}
