/* A layout: how an office's documents look between two days. Lengths are written in millimetres,
 * sizes and spacings in points. */
#include "pack/read.h"

#include "base/date.h"

#include <stddef.h>
#include <string.h>

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
    MEASURE(submotto_size, POINTS),
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
    MEASURE(annex_label_size, POINTS),
    MEASURE(annex_title_size, POINTS),
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

static const char *const look_keys[LOOK__COUNT] = {"plain", "bold", "italic", "bold_italic",
    "underlined"};

static void
look_read(struct reader *rd, const struct node *page, const char *key, enum look *out)
{
    const char *text = read_text(rd, page, key);
    struct buf names = buf_new(rd->cx->arena);
    for (int i = 0; text != NULL && i < LOOK__COUNT; i++) {
        read_add_name(&names, look_keys[i]);
        *out = (enum look)i;
        if (strcmp(text, look_keys[i]) == 0)
            return;
    }
    if (text != NULL)
        read_refuse(rd, node_get(page, key)->place, "“%s”: chờ một trong: %s, gặp “%s”", key,
            buf_string(&names), read_shown(rd->cx->arena, text));
}

/* What stands under a text: letters, or a line so many percent as wide as it, or nothing. */
static void
rule_read(struct reader *rd, const struct node *page, const char *rule_key, const char *line_key,
    const char **rule, int *line)
{
    int64_t percent = 0;
    if (node_get(page, rule_key) != NULL && node_get(page, line_key) != NULL)
        read_refuse(rd, node_get(page, line_key)->key_place, "chỉ có một trong hai: %s, %s",
            rule_key, line_key);
    if (node_get(page, rule_key) != NULL)
        *rule = read_text(rd, page, rule_key);
    read_integer(rd, page, line_key, 1, 100, &percent);
    *line = (int)percent;
}

static void
page_read(struct reader *rd, const struct node *page, struct page_layout *out)
{
    static const char *const others[] = {"subject_rule", "subject_line", "issuer_rule",
        "issuer_line", "sign_title_look", "recipients_label_look", "annex_pages_restart"};
    const char *keys[COUNT_OF(measures) + COUNT_OF(others) + 1] = {NULL};
    for (size_t i = 0; i < COUNT_OF(measures); i++)
        keys[i] = measures[i].key;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        keys[COUNT_OF(measures) + i] = others[i];
    if (!read_closed(rd, page, keys))
        return;
    for (size_t i = 0; i < COUNT_OF(measures); i++)
        measure_read(rd, page, measures[i].key, measures[i].in,
            (int *)((char *)out + measures[i].offset));
    rule_read(rd, page, "issuer_rule", "issuer_line", &out->issuer_rule, &out->issuer_line);
    rule_read(rd, page, "subject_rule", "subject_line", &out->subject_rule, &out->subject_line);
    look_read(rd, page, "sign_title_look", &out->sign_title_look);
    look_read(rd, page, "recipients_label_look", &out->recipients_label_look);
    read_bool(rd, page, "annex_pages_restart", &out->annex_pages_restart);
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

/* A text with one place for a running number: "{I}- ", "{1}. ", "{a}) ". */
static const char *
pattern_of(struct reader *rd, const struct node *node)
{
    static const char *const numbers[] = {"{I}", "{1}", "{a}"};
    for (size_t i = 0; node->type == NODE_TEXT && i < COUNT_OF(numbers); i++)
        if (strstr(node->text, numbers[i]) != NULL)
            return node->text;
    read_refuse_value(rd, node, "một chữ có chỗ cho số thứ tự: {I}, {1} hoặc {a}");
    return NULL;
}

static void
headings_read(struct reader *rd, const struct node *node, struct layout *layout)
{
    const struct node *items = node_get(node, "headings");
    if (items == NULL || items->type != NODE_LIST || items->count != HEADING_LEVELS) {
        read_refuse(rd, items != NULL ? items->place : node->place,
            "“headings” cần đúng %d mẫu, từ mục lớn đến mục nhỏ", HEADING_LEVELS);
        return;
    }
    for (int i = 0; i < HEADING_LEVELS; i++)
        layout->headings[i] = pattern_of(rd, &items->items[i]);
}

static void
affixes_read(struct reader *rd, const struct node *node, struct layout *layout)
{
    int64_t digits = 1;
    const struct node *annex = read_member(rd, node, "annex_label");
    layout->motto = read_text(rd, node, "motto");
    if (node_get(node, "submotto") != NULL)
        layout->submotto = read_text(rd, node, "submotto");
    layout->number_prefix = read_affix(rd, node, "number_prefix");
    layout->number_infix = read_affix(rd, node, "number_infix");
    layout->organ_infix = read_affix(rd, node, "organ_infix");
    read_integer(rd, node, "number_digits", 1, 6, &digits);
    layout->number_digits = (int)digits;
    layout->sign_prefix = read_affix(rd, node, "sign_prefix");
    if (node_get(node, "addressee_label") != NULL)
        layout->addressee_label = read_affix(rd, node, "addressee_label");
    layout->text_end = read_text(rd, node, "text_end");
    read_bool(rd, node, "subject_capital", &layout->subject_capital);
    headings_read(rd, node, layout);
    if (annex != NULL)
        layout->annex_label = pattern_of(rd, annex);
}

void
layout_read(struct reader *rd, const struct node *node, struct layout *layout)
{
    static const char *const keys[] = {"layout", "label", "from", "to", "motto", "submotto",
        "number_prefix", "number_infix", "organ_infix", "number_digits", "sign_prefix",
        "addressee_label", "text_end", "subject_capital", "headings", "annex_label", "page", NULL};
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
    affixes_read(rd, node, layout);
    const struct node *page = read_member(rd, node, "page");
    if (page != NULL)
        page_read(rd, page, &layout->page);
}
