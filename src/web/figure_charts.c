/* The drawings of the figure page besides the series: its parts by unit and its first cut, as rows.
 * Their tables stand beside them on the page. */
#include "web/figure_page.h"

#include "domain/fact.h"
#include "domain/report.h"
#include "web/chart.h"

enum { ROWS_MIN = 2, ROWS_MAX = 40 };

static const char *
demo_mark(const struct page *page)
{
    return page->cx->world->is_demo ? tr(page->cx, "DỮ LIỆU MÔ PHỎNG") : NULL;
}

/* Rows with numbers below zero, or too many or few to see anything, are left to the table; a share
 * is worth seeing alone. */
static bool
can_be_drawn(const struct chart *chart)
{
    for (int i = 0; i < chart->count; i++)
        for (int s = 0; s < chart->series_count; s++)
            if (chart->points[i].values[s] < 0)
                return false;
    int least = chart->kind == CHART_PROGRESS ? 1 : ROWS_MIN;
    return chart->count >= least && chart->count <= ROWS_MAX;
}

static void
add_chart(struct page *page, const char *key, const struct chart *chart)
{
    struct buf svg = buf_new(page->cx->arena);
    if (can_be_drawn(chart))
        chart_svg(&svg, chart);
    doc_text(page->page, key, buf_string(&svg));
    doc_text(page->page, arena_printf(page->cx->arena, "%s_title", key), chart->title);
}

static const char *
part_name(const struct ctx *cx, const struct figure_part *part, int32_t day)
{
    const char *name = unit_named(part->unit, day)->name;
    return part->is_own ? arena_printf(cx->arena, tr(cx, "%s (trực tiếp)"), name) : name;
}

/* The share of the whole, then those of its parts. */
static void
add_shares(const struct ctx *cx, const struct figure *whole, const struct figure_part *parts,
    int count, struct chart *chart, struct chart_point *points)
{
    int32_t day = whole->query->to;
    for (int i = -1; i < count; i++) {
        const struct figure *figure = i < 0 ? whole : &parts[i].figure;
        if (!figure->has_value)
            continue;
        points[chart->count++] =
            (struct chart_point){.label = i < 0 ? unit_named(whole->query->unit, day)->name
                                                : part_name(cx, &parts[i], day),
                .values = {figure->numerator, figure->denominator}};
    }
    chart->kind = CHART_PROGRESS;
    chart->series_count = 2;
    chart->scale = 0; /* both sides are numbers of things, whatever the share is scaled by */
}

static void
add_sums(const struct ctx *cx, const struct figure *whole, const struct figure_part *parts,
    int count, struct chart *chart, struct chart_point *points)
{
    for (int i = 0; i < count && !whole->is_mixed; i++) {
        const struct figure *figure = &parts[i].figure;
        if (figure_holds(figure))
            points[chart->count++] =
                (struct chart_point){.label = part_name(cx, &parts[i], whole->query->to),
                    .values = {figure->recorded.value, figure->declared}};
    }
}

void
figure_page_parts_chart(struct page *page, const struct figure *whole,
    const struct figure_part *parts, int count)
{
    struct arena *arena = page->cx->arena;
    const struct figure_query *query = whole->query;
    struct chart_point *points = ARENA_ARRAY(arena, struct chart_point, (size_t)count + 2);
    struct chart chart = {.kind = CHART_STACKED,
        .key = "parts",
        .title = arena_printf(arena, tr(page->cx, "%s theo đơn vị"),
            label_text(page->cx, &query->indicator->label)),
        .description = tr(page->cx, "Mỗi hàng là một đơn vị; bảng số liệu ở ngay trên biểu đồ."),
        .mark = demo_mark(page),
        .missing = tr(page->cx, "chưa có"),
        .points = points,
        .series = {tr(page->cx, "Theo hồ sơ"), tr(page->cx, "Theo kê khai")},
        .series_count = whole->declaration_count > 0 ? 2 : 1,
        .scale = query->indicator->scale};
    if (query->indicator->aggregation == AGG_RATIO)
        add_shares(page->cx, whole, parts, count, &chart, points);
    else
        add_sums(page->cx, whole, parts, count, &chart, points);
    add_chart(page, "parts_chart", &chart);
}

enum status
figure_page_cut_chart(struct page *page, const struct figure *figure)
{
    struct arena *arena = page->cx->arena;
    const struct indicator *indicator = figure->query->indicator;
    struct chart_point points[CUT_MASK + 1];
    struct chart chart = {.kind = CHART_STACKED,
        .key = "cut",
        .description = tr(page->cx, "Mỗi hàng là một giá trị; bảng số liệu ở ngay dưới biểu đồ."),
        .mark = demo_mark(page),
        .missing = tr(page->cx, "chưa có"),
        .points = points,
        .series_count = 1,
        .scale = indicator->scale};
    bool is_drawn = figure->recorded.n != 0 && cut_places(indicator) > 0 && !figure->is_mixed;
    struct sum *sums;
    int count = 0;
    if (is_drawn)
        TRY(figure_cuts(page->cx, figure->query, 0, &sums, &count));
    for (int part = 0; part < count; part++)
        if (sums[part].n != 0)
            points[chart.count++] =
                (struct chart_point){.label = cut_value_label(page->cx, indicator, 0, part),
                    .values = {sums[part].value}};
    chart.title = is_drawn
        ? arena_printf(arena, tr(page->cx, "%s theo %s"), label_text(page->cx, &indicator->label),
              cut_field_label(page->cx, indicator, 0))
        : "";
    add_chart(page, "cut_chart", &chart);
    return OK;
}
