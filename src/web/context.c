/* The form of unit, period and directive: only what the viewer may know is offered. */
#include "web/context.h"

#include "domain/directive.h"
#include "domain/rights.h"

enum { UNITS_NEAR = 60 };

/* Units */

struct units {
    struct page *page;
    const struct context *context;
    struct doc *list;
    const struct unit **items; /* those that are there already */
    int count;
};

static bool
is_offered_unit(const struct units *units, const struct unit *unit)
{
    for (int i = 0; i < units->count; i++) {
        if (units->items[i] == unit)
            return true;
    }
    return false;
}

static void
add_unit(struct units *units, const struct unit *unit)
{
    struct arena *arena = units->page->cx->arena;
    int32_t day = units->context->range.to;
    if (is_offered_unit(units, unit) || !may_know_unit(units->page->cx, unit))
        return;
    *ARENA_PUSH(arena, units->items, units->count) = unit;
    struct doc *object = doc_object(units->list, NULL);
    doc_text(object, "code", unit_code(arena, unit, day));
    doc_text(object, "name", unit_named(unit, day)->name);
    doc_bool(object, "is_chosen", unit == units->context->unit);
}

static void
add_upward(struct units *units, const struct unit *unit)
{
    const struct unit *above = unit_named(unit, units->context->range.to)->parent;
    if (above != NULL)
        add_upward(units, above);
    add_unit(units, unit);
}

/* How many there are. */
static int
add_below(struct units *units, const struct unit *unit)
{
    const struct unit **children;
    int32_t day = units->context->range.to;
    int count = tree_children(units->page->cx->arena, unit, day, day, day, &children);
    for (int i = 0; i < count && i < UNITS_NEAR; i++)
        add_unit(units, children[i]);
    return count;
}

/* Those above, the unit itself, those right below it, or where there is none beside it; and where
 * the viewer has a role. */
static void
add_units(struct page *page, const struct context *context, struct doc *object)
{
    struct units units = {.page = page, .context = context, .list = doc_list(object, "units")};
    const struct viewer *viewer = page->cx->viewer;
    const struct unit *above = unit_named(context->unit, context->range.to)->parent;
    add_upward(&units, context->unit);
    if (add_below(&units, context->unit) == 0 && above != NULL)
        add_below(&units, above);
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++)
        add_unit(&units, viewer->grants[i].unit);
}

/* Periods */

/* Those of the year in which the range ends; and whole years and longer ones, by which one comes to
 * another year. */
static bool
is_offered_period(const struct period *period, struct range range)
{
    enum { YEAR = 365 };
    return period->to - period->from + 1 >= YEAR ||
        (period->to >= year_start(range.to) && period->to < year_next(range.to));
}

static void
add_choice(struct doc *list, const char *key, const char *label, bool is_chosen)
{
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "key", key);
    doc_text(object, "label", label);
    doc_bool(object, "is_chosen", is_chosen);
}

static void
add_periods(struct page *page, const struct context *context, struct doc *object)
{
    struct arena *arena = page->cx->arena;
    const struct calendar *calendar = page->cx->world->calendar;
    struct range range = context->range;
    const struct period *shown =
        context->is_ever ? NULL : period_of(calendar, range.from, range.to);
    struct doc *list = doc_list(object, "periods");
    if (context->may_be_ever)
        add_choice(list, "", tr(page->cx, "Mọi ngày"), context->is_ever);
    if (shown == NULL && !context->is_ever)
        add_choice(list,
            arena_printf(arena, "%s_%s", date_iso(arena, range.from), date_iso(arena, range.to)),
            arena_printf(arena, "%s – %s", date_show(arena, range.from),
                date_show(arena, range.to)),
            true);
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *period = &calendar->periods[i];
        if (is_offered_period(period, range))
            add_choice(list, period->key,
                arena_printf(arena, "%s: %s – %s", period_name(page->cx, period),
                    date_show(arena, period->from), date_show(arena, period->to)),
                period == shown);
    }
}

/* Directives */

static bool
suits(const struct world *world, const struct reg *reg, const struct directive *directive)
{
    return reg == NULL || directive_suits(world, directive, reg);
}

enum status
context_directive(struct page *page, const struct reg *reg, const struct directive **out)
{
    const struct world *world = page->cx->world;
    const char *key = page_param(page, "ct");
    *out = key == NULL ? NULL : model_directive(world->model, key);
    if (key == NULL || (*out != NULL && suits(world, reg, *out)))
        return OK;
    return fault_at(page->cx, ERR_NOT_FOUND, (struct fault){.field = "ct"},
        "Chỉ thị: không có “%s” ở đây; chọn một chỉ thị trong danh sách.", key);
}

bool
context_has(const struct ctx *cx, const struct context *context, const struct reg *reg)
{
    return context->directive == NULL || directive_suits(cx->world, context->directive, reg);
}

struct figure_query
context_query(const struct ctx *cx, const struct context *context,
    const struct indicator *indicator)
{
    struct figure_query query = {.indicator = indicator,
        .unit = context->unit,
        .from = context->range.from,
        .to = context->range.to,
        .basis = DAY_THEN};
    cut_filter_set_directive(&query.where, cx->world, context->directive);
    return query;
}

const char *
context_suffix(struct arena *arena, const struct directive *directive)
{
    return directive == NULL ? "" : arena_printf(arena, "&ct=%s", directive->key);
}

/* A choice where there are several, else the only one as a text. */
static void
add_directives(struct page *page, const struct context *context, struct doc *object)
{
    const struct world *world = page->cx->world;
    const struct model *model = world->model;
    const struct directive *only = context->directive;
    struct doc *list = doc_list(object, "directives");
    int count = 0;
    for (int i = 0; i < model->directive_count && !context->is_fixed; i++) {
        const struct directive *directive = &model->directives[i];
        if (!suits(world, context->reg, directive))
            continue;
        if (count++ == 0)
            add_choice(list, "", tr(page->cx, "Mọi chỉ thị"), context->directive == NULL);
        add_choice(list, directive->key, directive->symbol, directive == context->directive);
        only = only == NULL ? directive : only;
    }
    doc_bool(object, "has_directives", count > 1);
    doc_text(object, "directive", only == NULL ? NULL : only->symbol);
}

/* The form */

static void
add_kept(const struct context *context, struct doc *object)
{
    struct doc *list = doc_list(object, "kept");
    for (int i = 0; i < context->kept_count; i++) {
        const struct pair *pair = &context->kept[i];
        if (pair->value == NULL || *pair->value == '\0')
            continue;
        struct doc *one = doc_object(list, NULL);
        doc_text(one, "name", pair->name);
        doc_text(one, "value", pair->value);
    }
}

void
context_show(struct page *page, const struct context *context)
{
    struct doc *object = doc_object(page->page, "context");
    doc_text(object, "action", context->action);
    add_units(page, context, object);
    add_periods(page, context, object);
    add_directives(page, context, object);
    add_kept(context, object);
}
