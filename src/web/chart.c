/* One series of bars over a grid of round numbers. */
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
        most = chart->bars[i].value > most ? chart->bars[i].value : most;
        least = chart->bars[i].value < least ? chart->bars[i].value : least;
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

static void
add_tenths(struct buf *out, const char *name, int tenths)
{
    buf_printf(out, " %s=\"%d.%d\"", name, tenths / 10, tenths % 10);
}

static void
add_text(struct buf *out, const char *class, int x, int y, const char *text)
{
    buf_printf(out, "<text class=\"%s\"", class);
    add_tenths(out, "x", x);
    add_tenths(out, "y", y);
    buf_char(out, '>');
    buf_xml(out, text);
    buf_text(out, "</text>");
}

static void
add_line(struct buf *out, const char *class, int y)
{
    buf_printf(out, "<line class=\"%s\" x1=\"%d\" x2=\"%d\"", class, LEFT, WIDTH - RIGHT);
    add_tenths(out, "y1", y);
    add_tenths(out, "y2", y);
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
        add_text(out, "y", (LEFT - 6) * 10, y + 40, number_show(out->arena, value, chart->scale));
    }
}

static void
add_bar(struct buf *out, const struct chart *chart, const struct axis *axis, int place)
{
    const struct bar *bar = &chart->bars[place];
    int slot = PLOT_WIDTH * 10 / chart->count, left = LEFT * 10 + slot * place;
    int width = slot * 7 / 10 < BAR_MAX * 10 ? slot * 7 / 10 : BAR_MAX * 10;
    int zero = height_at(axis, 0), end = height_at(axis, bar->value);
    const char *value = number_show(out->arena, bar->value, chart->scale);
    bool fits = (int)strlen(value) * DIGIT_WIDTH * 10 <= slot + 40;
    buf_text(out, "<g><title>");
    buf_xml(out, bar->label);
    buf_text(out, ": ");
    buf_text(out, value);
    buf_text(out, "</title><rect class=\"bar\"");
    add_tenths(out, "x", left + (slot - width) / 2);
    add_tenths(out, "y", end < zero ? end : zero);
    add_tenths(out, "width", width);
    add_tenths(out, "height", end < zero ? zero - end : end - zero);
    buf_text(out, "/>");
    if (bar->value != 0 && fits)
        add_text(out, "v", left + slot / 2, bar->value > 0 ? end - 40 : end + 120, value);
    if (bar->tick != NULL)
        add_text(out, "x", left + slot / 2, (HEIGHT - 8) * 10, bar->tick);
    buf_text(out, "</g>");
}

void
chart_svg(struct buf *out, const struct chart *chart)
{
    struct axis axis = axis_of(chart);
    buf_printf(out,
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "aria-labelledby=\"chart-title chart-desc\"><title id=\"chart-title\">",
        WIDTH, HEIGHT);
    buf_xml(out, chart->title);
    buf_text(out, "</title><desc id=\"chart-desc\">");
    buf_xml(out, chart->description);
    buf_text(out, "</desc>");
    if (chart->mark != NULL)
        add_text(out, "mark", LEFT * 10, 160, chart->mark);
    add_grid(out, chart, &axis);
    for (int i = 0; i < chart->count; i++)
        add_bar(out, chart, &axis, i);
    buf_text(out, "</svg>");
}
