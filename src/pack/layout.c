/* A layout: how an office's documents look between two days. Lengths are written in millimetres,
 * sizes and spacings in points. */
#include "pack/read.h"

#include "base/date.h"

#include <stddef.h>

enum measured {
    MILLIMETRES, /* kept in tenths */
    POINTS       /* kept in halves */
};

enum { LENGTH_MAX = 2970, TENTHS_MAX = 720 };

#define MEASURE(name, in)                                                                          \
    {                                                                                              \
#name, in, offsetof(struct page_layout, name)                                              \
    }

static const struct {
    const char *key;
    enum measured in;
    size_t offset;
} measures[] = {
    MEASURE(top, MILLIMETRES),
    MEASURE(bottom, MILLIMETRES),
    MEASURE(left, MILLIMETRES),
    MEASURE(right, MILLIMETRES),
    MEASURE(page_number_size, POINTS),
    MEASURE(page_number_top, MILLIMETRES),
    MEASURE(motto_size, POINTS),
    MEASURE(superior_size, POINTS),
    MEASURE(issuer_size, POINTS),
    MEASURE(number_size, POINTS),
    MEASURE(date_size, POINTS),
    MEASURE(type_size, POINTS),
    MEASURE(subject_size, POINTS),
    MEASURE(body_size, POINTS),
    MEASURE(heading_size, POINTS),
    MEASURE(sign_size, POINTS),
    MEASURE(recipients_label_size, POINTS),
    MEASURE(recipients_size, POINTS),
    MEASURE(table_size, POINTS),
    MEASURE(first_line, MILLIMETRES),
    MEASURE(paragraph_before, POINTS),
    MEASURE(paragraph_after, POINTS),
    MEASURE(line_exact, POINTS),
};

static void
measure_read(struct reader *rd, const struct node *page, const char *key, enum measured in,
    int *out)
{
    int64_t tenths = 0;
    int faults = rd->cx->faults.count;
    const struct node *node = read_member(rd, page, key);
    if (node == NULL)
        return;
    read_scaled(rd, page, key, 1, &tenths);
    if (faults != rd->cx->faults.count)
        return;
    if (in == MILLIMETRES && (tenths < 0 || tenths > LENGTH_MAX))
        read_refuse_value(rd, node, "một độ dài từ 0 đến 297 milimét");
    else if (in == POINTS && (tenths < 0 || tenths > TENTHS_MAX || tenths % 5 != 0))
        read_refuse_value(rd, node, "một cỡ từ 0 đến 72 điểm, chẵn nửa điểm");
    else
        *out = (int)(in == POINTS ? tenths / 5 : tenths);
}

static void
page_read(struct reader *rd, const struct node *page, struct page_layout *out)
{
    const char *keys[COUNT_OF(measures) + 3] = {"subject_rule", "issuer_rule"};
    for (size_t i = 0; i < COUNT_OF(measures); i++)
        keys[2 + i] = measures[i].key;
    if (!read_closed(rd, page, keys))
        return;
    for (size_t i = 0; i < COUNT_OF(measures); i++)
        measure_read(rd, page, measures[i].key, measures[i].in,
            (int *)((char *)out + measures[i].offset));
    out->subject_rule = read_text(rd, page, "subject_rule");
    out->issuer_rule = read_text(rd, page, "issuer_rule");
}

/* A text whose outer blanks count: "Số ". */
static const char *
read_affix(struct reader *rd, const struct node *map, const char *key)
{
    const struct node *node = read_member(rd, map, key);
    if (node == NULL)
        return NULL;
    if (node->type == NODE_TEXT && !node_is_nothing(node))
        return node->text;
    read_refuse_value(rd, node, "một chữ, trong ngoặc kép nếu có dấu cách ở cuối");
    return NULL;
}

void
layout_read(struct reader *rd, const struct node *node, struct layout *layout)
{
    static const char *const keys[] = {"layout", "label", "from", "to", "motto", "number_prefix",
        "number_infix", "page", NULL};
    layout->place = node->place;
    layout->from = DAY_MIN;
    layout->to = DAY_MAX;
    read_closed(rd, node, keys);
    layout->key = read_text(rd, node, "layout");
    if (layout->key != NULL && read_key(rd, layout->key, node_get(node, "layout")->place) != NULL)
        pack_enter(rd, "lay", "mẫu trình bày", layout->key, layout, &layout->place);
    read_label(rd, node, "label", &layout->label);
    read_date(rd, node, "from", &layout->from);
    read_date(rd, node, "to", &layout->to);
    if (layout->from > layout->to)
        read_refuse(rd, node_get(node, "from")->place, "“from” phải không sau “to”");
    layout->motto = read_text(rd, node, "motto");
    layout->number_prefix = read_affix(rd, node, "number_prefix");
    layout->number_infix = read_affix(rd, node, "number_infix");
    const struct node *page = read_member(rd, node, "page");
    if (page != NULL)
        page_read(rd, page, &layout->page);
}
