/* Charts of rows: a label on the left, then the parts side by side, or the share that a first
 * number is of a second. Long Vietnamese labels have their place here, which upright bars have not.
 */
#include "web/chart.h"

#include "base/number.h"
#include "base/vi.h"

enum {
    WIDTH = 760,
    LABELS = 250, /* the column of labels */
    NUMBERS = 76, /* that of the numbers at the end */
    ROW = 26,
    BAR = 16,
    TOP = 8,
    LEGEND = 26,
    LABEL_MAX = 38 /* characters */
};

/* What the longest row amounts to; rows beyond 64 bits count as the largest number. */
static int64_t
total_of(const struct chart *chart, const struct chart_point *point)
{
    int64_t total = 0;
    for (int i = 0; i < chart->series_count; i++)
        if (!add_checked(total, point->values[i], &total))
            return INT64_MAX;
    return total;
}

static int64_t
largest_of(const struct chart *chart)
{
    int64_t largest = 1;
    for (int i = 0; i < chart->count; i++) {
        int64_t total = total_of(chart, &chart->points[i]);
        largest = total > largest ? total : largest;
    }
    return largest;
}

/* Tenths of the width of a bar. */
static int
width_of(int64_t value, int64_t largest)
{
    return (int)((double)value / (double)largest * (WIDTH - LABELS - NUMBERS) * 10);
}

static void
add_rect(struct buf *out, const char *class, int x, int y, int width)
{
    buf_printf(out, "<rect class=\"%s\" height=\"%d\"", class, BAR);
    chart_number(out, "x", x);
    chart_number(out, "y", y);
    chart_number(out, "width", width);
    buf_text(out, "/>");
}

static const char *
part_class(struct arena *arena, int series)
{
    return arena_printf(arena, "part part-%d", series + 1);
}

static void
add_legend(struct buf *out, const struct chart *chart, int y)
{
    int x = LABELS * 10;
    for (int i = 0; i < chart->series_count; i++) {
        buf_printf(out, "<rect class=\"part part-%d\" width=\"12\" height=\"12\"", i + 1);
        chart_number(out, "x", x);
        chart_number(out, "y", y - 100);
        buf_text(out, "/>");
        chart_text(out, "legend", x + 180, y, chart->series[i]);
        x += 180 + utf8_count(chart->series[i]) * 75 + 200;
    }
}

/* As much of a label as has room; the whole stands in the hint. */
static const char *
short_label(struct arena *arena, const char *label)
{
    size_t length = 0;
    if (utf8_count(label) <= LABEL_MAX)
        return label;
    for (int i = 0; i < LABEL_MAX - 1; i++)
        do
            length++;
        while (((unsigned char)label[length] & 0xc0) == 0x80);
    return arena_printf(arena, "%.*s…", (int)length, label);
}

static void
add_parts(struct buf *out, const struct chart *chart, const struct chart_point *point,
    int64_t largest, int y)
{
    int x = LABELS * 10;
    for (int i = 0; i < chart->series_count; i++) {
        int width = width_of(point->values[i], largest);
        if (point->values[i] > 0)
            add_rect(out, part_class(out->arena, i), x, y, width);
        x += width;
    }
    chart_text(out, "end", x + 60, y + 130,
        number_show(out->arena, total_of(chart, point), chart->scale));
}

/* The share with what it is of. */
static const char *
share_text(struct arena *arena, const struct chart *chart, const struct chart_point *point)
{
    return arena_printf(arena, "%s (%s/%s)",
        percent_show(arena, point->values[0], point->values[1]),
        number_show(arena, point->values[0], chart->scale),
        number_show(arena, point->values[1], chart->scale));
}

static void
add_share(struct buf *out, const struct chart_point *point, int y)
{
    int64_t whole = point->values[1], part = point->values[0] < whole ? point->values[0] : whole;
    add_rect(out, "whole", LABELS * 10, y, width_of(1, 1));
    add_rect(out, "part part-1", LABELS * 10, y, width_of(part, whole));
    chart_text(out, "end", (WIDTH - NUMBERS) * 10 + 60, y + 130,
        percent_show(out->arena, point->values[0], whole));
}

static const char *
shown(struct arena *arena, const struct chart *chart, const struct chart_point *point)
{
    if (point->is_missing)
        return chart->missing;
    return chart->kind == CHART_PROGRESS ? share_text(arena, chart, point)
                                         : number_show(arena, total_of(chart, point), chart->scale);
}

static void
add_row(struct buf *out, const struct chart *chart, const struct chart_point *point,
    int64_t largest, int y)
{
    buf_text(out, "<g>");
    chart_hint(out, point->label, shown(out->arena, chart, point));
    chart_text(out, "label", (LABELS - 8) * 10, y + 130, short_label(out->arena, point->label));
    if (point->is_missing) {
        add_rect(out, "missing", LABELS * 10, y, width_of(1, 1));
        chart_text(out, "end", (WIDTH - NUMBERS) * 10 + 60, y + 130, chart->missing);
    } else if (chart->kind == CHART_PROGRESS) {
        add_share(out, point, y);
    } else {
        add_parts(out, chart, point, largest, y);
    }
    buf_text(out, "</g>");
}

void
chart_rows(struct buf *out, const struct chart *chart)
{
    bool has_legend = chart->kind == CHART_STACKED && chart->series_count > 1;
    int y = TOP + (chart->mark != NULL) * LEGEND + has_legend * LEGEND;
    int64_t largest = chart->kind == CHART_STACKED ? largest_of(chart) : 1;
    chart_begin(out, chart, WIDTH, y + chart->count * ROW + TOP);
    if (chart->mark != NULL)
        chart_text(out, "mark", LABELS * 10, 160, chart->mark);
    if (has_legend)
        add_legend(out, chart, (y - 12) * 10);
    for (int i = 0; i < chart->count; i++)
        add_row(out, chart, &chart->points[i], largest, (y + i * ROW) * 10);
    chart_end(out);
}
