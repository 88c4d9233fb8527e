/* Bars and lines over a grid of round numbers. */
#include "web/chart.h"

#include "base/number.h"

#include <string.h>

enum {
    WIDTH = 760,
    HEIGHT = 276,
    LEFT = 56,
    RIGHT = 8,
    TOP = 46,
    BOTTOM = 30,
    PLOT_WIDTH = WIDTH - LEFT - RIGHT,
    PLOT_HEIGHT = HEIGHT - TOP - BOTTOM,
    LINES = 4,       /* at most so many steps on each side of zero */
    DIGIT_WIDTH = 8, /* of the numbers above the bars */
    BAR_MAX = 44
};

struct axis {
    int64_t step;         /* between two lines */
    int64_t above, below; /* so many steps up and down */
};

/* 1, 2 or 5 times a power of ten, so that LINES steps reach `largest`. */
static int64_t
round_step(int64_t largest)
{
    static const int64_t steps[] = {1, 2, 5};
    for (int64_t power = 1; power <= INT64_MAX / 100; power *= 10) {
        for (int i = 0; i < 3; i++) {
            if (largest / LINES < steps[i] * power ||
                (largest % LINES == 0 && largest / LINES == steps[i] * power))
                return steps[i] * power;
        }
    }
    return INT64_MAX / LINES;
}

static struct axis
axis_of(const struct chart *chart)
{
    int64_t most = 0, least = 0;
    for (int i = 0; i < chart->count; i++) {
        int64_t value = chart->points[i].values[0];
        most = value > most ? value : most;
        least = value < least ? value : least;
    }
    int64_t largest = most > -(least + 1) ? most : -(least + 1);
    struct axis axis = {.step = round_step(largest > 0 ? largest : 1)};
    axis.above = most / axis.step + (most % axis.step != 0);
    axis.below = -(least / axis.step) + (least % axis.step != 0);
    if (axis.above + axis.below == 0)
        axis.above = 1;
    return axis;
}

/* Tenths of a unit below the top, for a value of the axis. */
static int
height_at(const struct axis *axis, int64_t value)
{
    double whole = (double)(axis->above + axis->below) * (double)axis->step;
    double from_top = (double)axis->above * (double)axis->step - (double)value;
    return TOP * 10 + (int)(from_top / whole * PLOT_HEIGHT * 10 + 0.5);
}

void
chart_number(struct buf *out, const char *name, int tenths)
{
    buf_printf(out, " %s=\"%d.%d\"", name, tenths / 10, tenths % 10);
}

void
chart_text(struct buf *out, const char *class, int x, int y, const char *text)
{
    buf_printf(out, "<text class=\"%s\"", class);
    chart_number(out, "x", x);
    chart_number(out, "y", y);
    buf_char(out, '>');
    buf_xml(out, text);
    buf_text(out, "</text>");
}

void
chart_hint(struct buf *out, const char *label, const char *value)
{
    buf_text(out, "<title>");
    buf_xml(out, label);
    buf_text(out, ": ");
    buf_text(out, value);
    buf_text(out, "</title>");
}

static void
add_line(struct buf *out, const char *class, int y)
{
    buf_printf(out, "<line class=\"%s\" x1=\"%d\" x2=\"%d\"", class, LEFT, WIDTH - RIGHT);
    chart_number(out, "y1", y);
    chart_number(out, "y2", y);
    buf_text(out, "/>");
}

static void
add_grid(struct buf *out, const struct chart *chart, const struct axis *axis)
{
    for (int64_t i = -axis->below; i <= axis->above; i++) {
        int64_t value;
        if (!multiply_checked(i, axis->step, &value))
            continue; /* beyond the numbers that there are */
        int y = height_at(axis, value);
        add_line(out, i == 0 ? "axis" : "grid", y);
        chart_text(out, "y", (LEFT - 6) * 10, y + 40, number_show(out->arena, value, chart->scale));
    }
}

static void
add_missing(struct buf *out, int middle, int width)
{
    buf_text(out, "<rect class=\"missing\"");
    chart_number(out, "x", middle - width / 2);
    chart_number(out, "y", TOP * 10);
    chart_number(out, "width", width);
    chart_number(out, "height", PLOT_HEIGHT * 10);
    buf_text(out, "/>");
}

static void
add_rect(struct buf *out, int middle, int width, int zero, int end)
{
    buf_text(out, "<rect class=\"bar\"");
    chart_number(out, "x", middle - width / 2);
    chart_number(out, "y", end < zero ? end : zero);
    chart_number(out, "width", width);
    chart_number(out, "height", end < zero ? zero - end : end - zero);
    buf_text(out, "/>");
}

static void
add_dot(struct buf *out, int middle, int end)
{
    buf_text(out, "<circle class=\"dot\" r=\"3\"");
    chart_number(out, "cx", middle);
    chart_number(out, "cy", end);
    buf_text(out, "/>");
}

static int
middle_of(const struct chart *chart, int place)
{
    int slot = PLOT_WIDTH * 10 / chart->count;
    return LEFT * 10 + slot * place + slot / 2;
}

/* Is a number beside the mark worth its room? On a line only where it turns down. */
static bool
is_labelled(const struct chart *chart, int place)
{
    const struct chart_point *points = chart->points;
    int64_t value = points[place].values[0];
    if (chart->kind != CHART_LINE)
        return true;
    return (place == 0 || points[place - 1].values[0] <= value) &&
        (place == chart->count - 1 || points[place + 1].values[0] < value);
}

static void
add_point(struct buf *out, const struct chart *chart, const struct axis *axis, int place)
{
    const struct chart_point *point = &chart->points[place];
    int slot = PLOT_WIDTH * 10 / chart->count, middle = middle_of(chart, place);
    int width = slot * 7 / 10 < BAR_MAX * 10 ? slot * 7 / 10 : BAR_MAX * 10;
    int64_t value = point->values[0];
    int zero = height_at(axis, 0), end = height_at(axis, value);
    const char *shown = number_show(out->arena, value, chart->scale);
    bool fits = (int)strlen(shown) * DIGIT_WIDTH * 10 <= slot + 40;
    buf_text(out, "<g>");
    chart_hint(out, point->label, point->is_missing ? chart->missing : shown);
    if (point->is_missing)
        add_missing(out, middle, width);
    else if (chart->kind == CHART_LINE)
        add_dot(out, middle, end);
    else
        add_rect(out, middle, width, zero, end);
    if (value != 0 && fits && is_labelled(chart, place))
        chart_text(out, "v", middle, value > 0 ? end - 60 : end + 140, shown);
    if (point->tick != NULL)
        chart_text(out, "x", middle, (HEIGHT - 8) * 10, point->tick);
    buf_text(out, "</g>");
}

/* The line breaks where nothing is known. */
static void
add_path(struct buf *out, const struct chart *chart, const struct axis *axis)
{
    bool is_open = false;
    buf_text(out, "<path class=\"line\" d=\"");
    for (int i = 0; i < chart->count; i++) {
        const struct chart_point *point = &chart->points[i];
        int x = middle_of(chart, i), y = height_at(axis, point->values[0]);
        if (!point->is_missing)
            buf_printf(out, "%s%d.%d %d.%d", is_open ? "L" : "M", x / 10, x % 10, y / 10, y % 10);
        is_open = !point->is_missing;
    }
    buf_text(out, "\"/>");
}

void
chart_begin(struct buf *out, const struct chart *chart, int width, int height)
{
    const char *key = chart->key != NULL ? chart->key : "chart";
    buf_printf(out,
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "aria-labelledby=\"%s-title %s-desc\"><title id=\"%s-title\">",
        width, height, key, key, key);
    buf_xml(out, chart->title);
    buf_printf(out, "</title><desc id=\"%s-desc\">", key);
    buf_xml(out, chart->description);
    buf_text(out, "</desc>");
}

void
chart_end(struct buf *out)
{
    buf_text(out, "</svg>");
}

void
chart_svg(struct buf *out, const struct chart *chart)
{
    if (chart->kind == CHART_STACKED || chart->kind == CHART_PROGRESS) {
        chart_rows(out, chart);
        return;
    }
    struct axis axis = axis_of(chart);
    chart_begin(out, chart, WIDTH, HEIGHT);
    if (chart->mark != NULL)
        chart_text(out, "mark", LEFT * 10, 160, chart->mark);
    add_grid(out, chart, &axis);
    if (chart->kind == CHART_LINE)
        add_path(out, chart, &axis);
    for (int i = 0; i < chart->count; i++)
        add_point(out, chart, &axis, i);
    chart_end(out);
}
