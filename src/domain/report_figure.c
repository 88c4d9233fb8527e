/* The figures and names that a report's sentences and tables ask for, and how paper prints them. */
#include "domain/report_fill.h"

#include "domain/record.h"

#include <string.h>

enum { NAMES_MAX = 60 };

/* Reading */

void
fill_begin(struct fill *fill, struct ctx *cx, const struct report_query *query)
{
    size_t count = (size_t)query->def->figure_count + 1;
    *fill = (struct fill){.cx = cx, .query = query};
    fill->figures = ARENA_ARRAY(cx->arena, const struct figure *, count);
    fill->parts = ARENA_ARRAY(cx->arena, struct fill_parts, count);
}

enum status
fill_figure(struct fill *fill, int index, const struct figure **out)
{
    struct ctx *cx = fill->cx;
    const struct report_query *query = fill->query;
    const struct report_figure *named = &query->def->figures[index];
    if (fill->figures[index] == NULL) {
        struct figure_query *asked = ARENA_NEW(cx->arena, struct figure_query);
        struct figure *figure = ARENA_NEW(cx->arena, struct figure);
        *asked = (struct figure_query){.indicator = named->indicator,
            .unit = query->unit,
            .from = query->from,
            .to = query->to,
            .basis = DAY_THEN};
        TRY(cut_filter_parse(cx, named->indicator, named->where, &asked->where));
        TRY(figure_read(cx, asked, figure));
        fill->figures[index] = figure;
    }
    *out = fill->figures[index];
    return OK;
}

enum status
fill_parts(struct fill *fill, int index, const struct fill_parts **out)
{
    struct fill_parts *parts = &fill->parts[index];
    const struct figure *whole;
    TRY(fill_figure(fill, index, &whole));
    if (parts->items == NULL)
        TRY(figure_all_parts(fill->cx, whole, &parts->items, &parts->count));
    *out = parts;
    return OK;
}

/* Names */

static enum status
add_record_name(struct ctx *cx, const struct report_list *list, struct record_key key,
    struct buf *out)
{
    struct record *record;
    TRY(record_load_id(cx, key.shard, key.id, &record));
    const struct value *value = &record->fields.values[list->show->index];
    if (!value->is_null)
        buf_printf(out, "%s%s", out->length > 0 ? "; " : "", value->text);
    return OK;
}

enum status
fill_names(struct fill *fill, int index, const char **names, int64_t *count)
{
    struct ctx *cx = fill->cx;
    const struct report_list *list = &fill->query->def->lists[index];
    const struct figure *figure;
    struct figure_record *records;
    struct buf out = buf_new(cx->arena);
    int found = 0, named = 0;
    bool more = false;
    TRY(fill_figure(fill, list->figure, &figure));
    if (figure_has_rows(cx, figure->query))
        TRY(figure_records(cx, figure->query, 0, NAMES_MAX, &records, &found, &more));
    for (int i = 0; i < found; i++) {
        if (!records[i].is_readable)
            continue;
        TRY(add_record_name(cx, list, records[i].key, &out));
        named++;
    }
    *count = figure->recorded.n;
    if (more || named < found || *count > found)
        buf_printf(&out, "%s%s hồ sơ khác", out.length > 0 ? " và " : "",
            count_text(cx->arena, *count - named));
    *names = buf_string(&out);
    return OK;
}

/* Showing */

const char *
count_text(struct arena *arena, int64_t count)
{
    return arena_printf(arena, "%s%s", count > 0 && count < 10 ? "0" : "",
        number_show(arena, count, 0));
}

/* A part of a figure as a whole number in some scale. */
static int64_t
aspect_number(const struct figure *figure, enum aspect aspect)
{
    switch (aspect) {
    case ASPECT_NUMERATOR:
        return figure->numerator;
    case ASPECT_DENOMINATOR:
        return figure->denominator;
    case ASPECT_OPENING:
        return figure->stock.opening;
    case ASPECT_INCREASE:
        return figure->stock.increase;
    case ASPECT_DECREASE:
        return figure->stock.decrease;
    case ASPECT_SIZE:
        return figure->value < 0 ? -figure->value : figure->value;
    default:
        return figure->value;
    }
}

/* Numerator and denominator are kept in the finer of their scales. */
static int
aspect_scale(const struct indicator *indicator, enum aspect aspect)
{
    int scale = indicator->scale;
    if (aspect != ASPECT_NUMERATOR && aspect != ASPECT_DENOMINATOR)
        return scale;
    scale = 0;
    for (int i = 0; i < 2; i++)
        if (indicator->bases[i].indicator != NULL && indicator->bases[i].indicator->scale > scale)
            scale = indicator->bases[i].indicator->scale;
    return scale;
}

static const char *
number_text(struct arena *arena, int64_t number, int scale)
{
    return scale == 0 ? count_text(arena, number) : number_show(arena, number, scale);
}

const char *
aspect_text(struct arena *arena, const struct figure *figure, enum aspect aspect)
{
    const struct indicator *indicator = figure->query->indicator;
    bool is_whole = aspect != ASPECT_VALUE;
    const char *word = is_whole ? "" : word_text(figure->word);
    if (aspect == ASPECT_DIRECTION)
        return figure->value < 0 ? "giảm" : "tăng";
    if (!is_whole &&
        (figure->is_mixed || !figure->has_value || indicator->aggregation == AGG_RATIO)) {
        const char *text = figure_text(arena, figure);
        return *text != '\0' ? text : "chưa có";
    }
    return arena_printf(arena, "%s%s%s", word, *word == '\0' ? "" : " ",
        number_text(arena, aspect_number(figure, aspect), aspect_scale(indicator, aspect)));
}

/* "98,8% (kê khai), 91,3% (hồ sơ)" */
static const char *
declared_cell_text(struct arena *arena, const struct figure *figure)
{
    const char *declared = figure_text(arena, figure);
    if (!figure->has_value)
        return arena_printf(arena, "%s (kê khai)", declared);
    return arena_printf(arena, "%s (kê khai), %s (hồ sơ)", declared,
        percent_show(arena, figure->numerator, figure->denominator));
}

/* A declared percentage is printed as such; nothing is not 0. */
static void
value_cell(struct doc *cell, const struct figure *figure, const char *word)
{
    const struct indicator *indicator = figure->query->indicator;
    bool is_ratio = indicator->aggregation == AGG_RATIO;
    if (is_ratio && figure->has_declared)
        doc_text(cell, "value", declared_cell_text(cell->arena, figure));
    else if (figure->is_mixed || !figure->has_value)
        doc_text(cell, "value",
            figure_holds(figure) ? figure_text(cell->arena, figure)
                : is_ratio       ? "–"
                                 : "");
    else if (is_ratio)
        doc_percent(cell, "value", figure->numerator, figure->denominator);
    else
        doc_quantity(cell, "value", figure->value, indicator->scale, word);
}

void
figure_cell(struct doc *cell, const struct ctx *cx, const struct figure *figure, enum aspect aspect,
    bool unknown)
{
    bool is_value = aspect == ASPECT_VALUE && !unknown;
    const char *word = is_value && !figure->is_mixed ? word_text(figure->word) : "";
    if (unknown)
        doc_text(cell, "value", "chưa có");
    else if (is_value)
        value_cell(cell, figure, word);
    else if (aspect == ASPECT_DIRECTION)
        doc_text(cell, "value", aspect_text(cell->arena, figure, aspect));
    else
        doc_decimal(cell, "value", aspect_number(figure, aspect),
            aspect_scale(figure->query->indicator, aspect));
    doc_text(cell, "word", word);
    doc_bool(cell, "is_declared", !unknown && figure->declaration_count > 0);
    doc_text(cell, "href", figure_href(cell->arena, cx->world, figure->query));
}
