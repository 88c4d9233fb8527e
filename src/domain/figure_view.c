/* Figures in words and documents: one way to print each kind, for pages, reports and the command
 * line. */
#include "domain/figure.h"

#include "base/catalogue.h"
#include "base/buf.h"

enum { TENTHS = 1000 }; /* of a percent in a whole */

const char *
figure_href(struct arena *arena, const struct world *world, const struct figure_query *query)
{
    struct buf out = buf_new(arena);
    buf_printf(&out, "/cs/%s?dv=%s&tu=%s&den=%s", query->indicator->key,
        unit_named(query->unit, query->to)->code, date_iso(arena, query->from),
        date_iso(arena, query->to));
    if (query->basis != DAY_THEN)
        buf_printf(&out, "&co_cau=%s",
            query->basis == query->to ? "end" : date_iso(arena, query->basis));
    if (query->where.mask != 0)
        buf_printf(&out, "&dieu_kien=%s",
            cut_filter_text(arena, world, query->indicator, &query->where));
    if (query->own)
        buf_text(&out, "&rieng=1");
    return buf_string(&out);
}

bool
figure_holds(const struct figure *figure)
{
    bool is_change = figure->query->indicator->aggregation == AGG_CHANGE;
    return figure->recorded.n != 0 || figure->declaration_count > 0 ||
        (is_change && figure->has_value);
}

const char *
figure_text(struct arena *arena, const struct figure *figure)
{
    const char *word = word_text(figure->word);
    const struct indicator *indicator = figure->query->indicator;
    if (figure->is_mixed)
        return "(nhiều đơn vị tính)";
    if (indicator->aggregation == AGG_RATIO) {
        if (figure->has_declared)
            return arena_printf(arena, "%s%s%s", word, *word == '\0' ? "" : " ",
                percent_show(arena, figure->declared, TENTHS));
        return figure->has_value ? percent_show(arena, figure->numerator, figure->denominator) : "";
    }
    if (!figure->has_value)
        return figure->has_declared ? number_show(arena, figure->declared, indicator->scale) : "";
    return arena_printf(arena, "%s%s%s", word, *word == '\0' ? "" : " ",
        number_show(arena, figure->value, indicator->scale));
}

void
figure_value_doc(struct doc *d, const char *key, const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    if (figure->is_mixed || !figure->has_value)
        doc_null(d, key);
    else if (indicator->aggregation == AGG_RATIO)
        doc_percent(d, key, figure->numerator, figure->denominator);
    else
        doc_quantity(d, key, figure->value, indicator->scale, word_text(figure->word));
}

void
figure_declared_doc(struct doc *d, const char *key, const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    if (!figure->has_declared)
        doc_null(d, key);
    else if (indicator->aggregation == AGG_RATIO)
        doc_percent(d, key, figure->declared, TENTHS);
    else
        doc_decimal(d, key, figure->declared, indicator->scale);
}

void
figure_recorded_doc(struct doc *d, const char *key, const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    if (!figure->has_value)
        doc_null(d, key);
    else if (indicator->aggregation == AGG_RATIO)
        doc_percent(d, key, figure->numerator, figure->denominator);
    else
        doc_decimal(d, key, figure->recorded.value, indicator->scale);
}

static void
declarations_doc(struct doc *list, const struct ctx *cx, const struct declaration *items, int count)
{
    for (int i = 0; i < count; i++) {
        const struct declaration *item = &items[i];
        if (!figure_is_visible(cx, item->indicator, item->unit))
            continue;
        const struct span *span = unit_named(item->unit, item->to);
        int scale = item->indicator->scale;
        struct doc *d = doc_object(list, NULL);
        doc_text(d, "unit", span->code);
        doc_text(d, "unit_name", span->name);
        doc_date(d, "from", item->from);
        doc_date(d, "to", item->to);
        doc_text(d, "where", item->cut);
        if (item->indicator->aggregation == AGG_RATIO)
            doc_percent(d, "value", item->value, TENTHS);
        else
            doc_quantity(d, "value", item->value, scale, word_text(item->word));
        doc_text(d, "qualifier", qualifier_key(word_qualifier(item->word)));
        doc_text(d, "word", word_text(item->word));
        doc_text(d, "source", item->source);
        doc_bool(d, "has_fraction", item->has_fraction);
        doc_integer(d, "numerator", item->numerator);
        doc_integer(d, "denominator", item->denominator);
        doc_integer(d, "version", item->version);
        doc_time(d, "at", item->at, cx->world->zone_offset);
    }
}

/* What a ratio divides, and what a change compares. */
static void
bases_doc(struct doc *d, const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    if (indicator->aggregation == AGG_RATIO) {
        doc_integer(d, "numerator", figure->numerator);
        doc_integer(d, "denominator", figure->denominator);
    } else if (indicator->aggregation == AGG_CHANGE) {
        figure_value_doc(d, "now", figure->bases[0]);
        figure_value_doc(d, "before", figure->bases[1]);
    }
}

static void
stock_doc(struct doc *d, const struct figure *figure)
{
    int scale = figure->query->indicator->scale;
    if (figure->query->indicator->aggregation != AGG_STOCK)
        return;
    doc_decimal(d, "opening", figure->stock.opening, scale);
    doc_decimal(d, "increase", figure->stock.increase, scale);
    doc_decimal(d, "decrease", figure->stock.decrease, scale);
    doc_decimal(d, "transferred", figure->stock.transferred, scale);
    doc_decimal(d, "closing", figure->recorded.value, scale);
}

void
figure_doc(struct doc *d, const struct ctx *cx, const struct figure *figure)
{
    const struct figure_query *query = figure->query;
    doc_text(d, "indicator", query->indicator->key);
    doc_text(d, "label", label_text(cx, &query->indicator->label));
    doc_text(d, "unit", unit_named(query->unit, query->to)->code);
    doc_date(d, "from", query->from);
    doc_date(d, "to", query->to);
    if (query->basis == DAY_THEN)
        doc_text(d, "basis", "then");
    else
        doc_date(d, "basis", query->basis);
    figure_value_doc(d, "value", figure);
    doc_text(d, "qualifier", qualifier_key(figure->qualifier));
    doc_text(d, "word", word_text(figure->word));
    figure_recorded_doc(d, "recorded", figure);
    figure_declared_doc(d, "declared", figure);
    bases_doc(d, figure);
    stock_doc(d, figure);
    declarations_doc(doc_list(d, "declarations"), cx, figure->declarations,
        figure->declaration_count);
    declarations_doc(doc_list(d, "declared_outside"), cx, figure->outside, figure->outside_count);
    doc_bool(d, "overlap", figure->overlap);
    doc_integer(d, "n", figure->recorded.n);
}
