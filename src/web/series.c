/* A figure through time: months, or longer stretches of them when there are many, as a table and a
 * chart. */
#include "web/figure_page.h"

#include "domain/report.h"
#include "web/chart.h"

enum { POINTS_MAX = 48, LINE_ABOVE = 12, TICKS_MAX = 12, YEARS_SHOWN = 200 };

/* Stretches of so many months, aligned to the year 0. */
static const int steps[] = {1, 3, 12, 60, 120};

struct series {
    const struct figure *figure;
    int first, last; /* months of the range, as month_number() counts */
    int step;
    int count;
    struct sum *sums; /* by stretch */
    struct chart_point *points;
};

static int
stretch_of(const struct series *series, int month)
{
    return month / series->step - series->first / series->step;
}

static void
choose_step(struct series *series)
{
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        series->step = steps[i];
        series->count = stretch_of(series, series->last) + 1;
        if (series->count <= POINTS_MAX)
            return;
    }
}

/* The first month of a stretch. */
static int
month_of(const struct series *series, int stretch)
{
    return (series->first / series->step + stretch) * series->step;
}

static const char *
label_of(const struct ctx *cx, const struct series *series, int stretch)
{
    int month = month_of(series, stretch), year = month / 12;
    if (series->step == 1)
        return arena_printf(cx->arena, tr(cx, "tháng %d/%d"), month % 12 + 1, year);
    if (series->step == 3)
        return arena_printf(cx->arena, tr(cx, "quý %d/%d"), month % 12 / 3 + 1, year);
    if (series->step == 12)
        return arena_printf(cx->arena, tr(cx, "năm %d"), year);
    return arena_printf(cx->arena, "%d–%d", year, year + series->step / 12 - 1);
}

/* Years stand below the first stretch of each; with few stretches of less than a year, each has its
 * own. */
static const char *
tick_of(struct arena *arena, const struct series *series, int stretch)
{
    int month = month_of(series, stretch);
    int skip = (series->count + TICKS_MAX - 1) / TICKS_MAX;
    if (series->step >= 12)
        return stretch % skip == 0 ? arena_printf(arena, "%d", month / 12) : NULL;
    if (series->count <= TICKS_MAX && series->step == 1)
        return arena_printf(arena, "%d/%d", month % 12 + 1, month / 12);
    if (series->count <= TICKS_MAX)
        return arena_printf(arena, "Q%d/%d", month % 12 / 3 + 1, month / 12 % 100);
    return month % 12 == 0 ? arena_printf(arena, "%d", month / 12) : NULL;
}

static enum status
read_sums(struct ctx *cx, struct series *series)
{
    int count;
    TRY(figure_series(cx, series->figure->query, series->step, &series->sums, &count));
    series->points = ARENA_ARRAY(cx->arena, struct chart_point, (size_t)series->count + 1);
    for (int i = 0; i < series->count; i++)
        series->points[i] = (struct chart_point){label_of(cx, series, i),
            tick_of(cx->arena, series, i), {series->sums[i].value}, false};
    return OK;
}

/* The days of a stretch inside the range. */
static struct figure_query
query_of(const struct series *series, int stretch)
{
    struct figure_query query = *series->figure->query;
    int32_t from = month_day(month_of(series, stretch));
    int32_t to = month_day(month_of(series, stretch) + series->step) - 1;
    query.from = from > query.from ? from : query.from;
    query.to = to < query.to ? to : query.to;
    return query;
}

static void
add_rows(struct page *page, const struct series *series)
{
    struct doc *list = doc_list(page->data, "series");
    for (int i = 0; i < series->count; i++) {
        struct figure_query query = query_of(series, i);
        struct doc *row = doc_object(list, NULL);
        doc_text(row, "label", series->points[i].label);
        doc_date(row, "from", query.from);
        doc_date(row, "to", query.to);
        doc_decimal(row, "value", series->points[i].values[0], query.indicator->scale);
        doc_integer(row, "n", series->sums[i].n);
        doc_text(row, "href", figure_href(page->cx->arena, page->cx->world, &query));
    }
}

static const struct chart_point *
highest(const struct series *series)
{
    const struct chart_point *best = &series->points[0];
    for (int i = 1; i < series->count; i++)
        best = series->points[i].values[0] > best->values[0] ? &series->points[i] : best;
    return best;
}

static const char *
grain_label(const struct ctx *cx, int step)
{
    return step == 1 ? tr(cx, "tháng")
        : step == 3  ? tr(cx, "quý")
        : step == 12 ? tr(cx, "năm")
                     : tr(cx, "nhiều năm");
}

/* The title says what the chart shows; when several stretches share the peak none is named. */
static void
add_chart(struct page *page, const struct series *series)
{
    struct arena *arena = page->cx->arena;
    const struct indicator *indicator = series->figure->query->indicator;
    const struct chart_point *best = highest(series);
    struct buf svg = buf_new(arena);
    int peaks = 0;
    for (int i = 0; i < series->count; i++)
        peaks += series->points[i].values[0] == best->values[0];
    const char *most = number_show(arena, best->values[0], indicator->scale);
    const char *title = peaks == 1
        ? arena_printf(arena, tr(page->cx, "Theo %s: nhiều nhất là %s với %s"),
              grain_label(page->cx, series->step), best->label, most)
        : arena_printf(arena, tr(page->cx, "Theo %s: nhiều nhất là %s, ở %d kỳ"),
              grain_label(page->cx, series->step), most, peaks);
    struct chart chart = {.title = title,
        .kind = series->count > LINE_ABOVE ? CHART_LINE : CHART_BAR,
        .key = "series",
        .points = series->points,
        .series_count = 1,
        .count = series->count,
        .scale = indicator->scale,
        .mark = page->cx->world->is_demo ? tr(page->cx, "DỮ LIỆU MÔ PHỎNG") : NULL,
        .missing = tr(page->cx, "chưa có"),
        .description =
            arena_printf(arena, tr(page->cx, "%s, %d kỳ; bảng số liệu ở ngay dưới biểu đồ."),
                label_text(page->cx, &indicator->label), series->count)};
    chart_svg(&svg, &chart);
    doc_text(page->data, "series_title", title);
    doc_text(page->data, "series_grain", grain_label(page->cx, series->step));
    doc_text(page->page, "chart", buf_string(&svg));
}

static void
add_nothing(struct page *page)
{
    doc_list(page->data, "series");
    doc_null(page->data, "series_title");
    doc_null(page->data, "series_grain");
    doc_text(page->page, "chart", "");
}

enum status
figure_page_series(struct page *page, const struct figure *figure)
{
    struct series series = {.figure = figure,
        .first = month_number(figure->query->from),
        .last = month_number(figure->query->to)};
    bool is_short = series.last - series.first < YEARS_SHOWN * 12;
    if (is_short)
        choose_step(&series);
    if (!is_short || figure->recorded.n == 0 || series.count < 2) {
        add_nothing(page);
        return OK;
    }
    TRY(read_sums(page->cx, &series));
    add_rows(page, &series);
    add_chart(page, &series);
    return OK;
}
