/* What stands between the head of a report and its tables: headings, sentences, and the places
 * where a clerk writes. */
#include "pack/drafting.h"

/* The figures of which one must hold something for the item to be printed. */
static void
needs_read(struct drafting *d, const struct node *node, struct report_block *block)
{
    const struct node *keys;
    int count = read_names(d->rd, node, &keys);
    for (int i = 0; i < count; i++) {
        int figure = drafting_figure(d, keys[i].text, keys[i].place, "");
        if (figure >= 0)
            *ARENA_PUSH(d->rd->cx->arena, block->needs, block->need_count) = figure;
    }
}

/* The key of an item's text, which says what the item is; NULL after a fault. */
static const struct node *
text_of(struct drafting *d, const struct node *node, struct report_block *block)
{
    static const char *const kinds[] =
        {[BLOCK_HEADING] = "heading", [BLOCK_TEXT] = "text", [BLOCK_SLOT] = "slot"};
    const struct node *found = NULL;
    int count = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct node *member = node_get(node, kinds[i]);
        if (member == NULL)
            continue;
        found = member;
        block->kind = (enum block_kind)i;
        count++;
    }
    if (count == 1)
        return found;
    read_refuse(d->rd, node->place, "mỗi mục của “body” phải có một trong ba: heading, text, slot");
    return NULL;
}

static void
block_read(struct drafting *d, const struct node *node, struct report_block *block)
{
    static const char *const keys[] = {"heading", "level", "text", "slot", "if", NULL};
    int64_t level = 1;
    block->place = node->place;
    if (!read_closed(d->rd, node, keys))
        return;
    const struct node *text = text_of(d, node, block);
    if (text == NULL)
        return;
    sentence_read(d, text, &block->text);
    if (block->kind == BLOCK_HEADING) {
        read_integer(d->rd, node, "level", 1, HEADING_LEVELS, &level);
        block->level = (int)level;
    } else if (node_get(node, "level") != NULL) {
        read_refuse(d->rd, node_get(node, "level")->key_place, "“level” chỉ đi với “heading”");
    }
    if (node_get(node, "if") != NULL)
        needs_read(d, node_get(node, "if"), block);
}

void
report_body_read(struct drafting *d, const struct node *node)
{
    struct report_def *report = d->report;
    if (!read_items(d->rd, node, NODE_LIST))
        return;
    report->blocks = ARENA_ARRAY(d->rd->cx->arena, struct report_block, (size_t)node->count);
    report->block_count = node->count;
    for (int i = 0; i < node->count; i++)
        block_read(d, &node->items[i], &report->blocks[i]);
}
