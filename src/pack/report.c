/* A report's definition: its head, the sentences that figures are set into, and the tables. */
#include "pack/read.h"

#include "base/vi.h"

#include <string.h>

/* What a template may name besides indicators. */
static const char *const given_names[] = {"unit", "superior", "from", "to"};

struct drafting {
    struct reader *rd;
    struct report_def *report;
};

static void
collect(struct drafting *d, const struct indicator *indicator)
{
    struct report_def *report = d->report;
    for (int i = 0; i < report->indicator_count; i++)
        if (report->indicators[i] == indicator)
            return;
    *ARENA_PUSH(d->rd->cx->arena, report->indicators, report->indicator_count) = indicator;
}

static bool
is_given(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(given_names); i++)
        if (strcmp(name, given_names[i]) == 0)
            return true;
    return false;
}

/* An indicator by its key. When there is none, and no file is missing that could have it, a fault;
 * `others` says what else might stand here. */
static const struct indicator *
figure_named(struct drafting *d, const char *key, struct place place, const char *others)
{
    const struct model *model = d->rd->model;
    const struct indicator *indicator = model_indicator(model, key);
    if (indicator != NULL)
        read_check_use(d->rd, indicator->reg, place);
    if (indicator != NULL || d->rd->is_partial)
        return indicator;
    struct buf names = buf_new(d->rd->cx->arena);
    for (int i = 0; i < model->indicator_count; i++)
        if (pack_may_use(d->rd->pack, model->indicators[i].reg))
            read_add_name(&names, model->indicators[i].key);
    read_refuse(d->rd, place, "không có chỉ số “%s”; có: %s%s", read_shown(d->rd->cx->arena, key),
        buf_string(&names), others);
    return NULL;
}

/* One tag {{name}} of a template. */
static void
check_tag(struct drafting *d, const char *tag, size_t length, struct place place)
{
    const char *name = vi_clean(d->rd->cx->arena, arena_strndup(d->rd->cx->arena, tag, length));
    if (!key_is_valid(name)) {
        read_refuse(d->rd, place, "chờ {{tên}} của một chỉ số, gặp “{{%s}}”",
            read_shown(d->rd->cx->arena, name));
        return;
    }
    if (is_given(name))
        return;
    const struct indicator *indicator =
        figure_named(d, name, place, "; và unit, superior, from, to");
    if (indicator != NULL)
        collect(d, indicator);
}

static void
check_template(struct drafting *d, const struct node *node)
{
    struct arena *arena = d->rd->cx->arena;
    const char *open = strstr(node->text, "{{");
    while (open != NULL) {
        int offset = utf8_count(arena_strndup(arena, node->text, (size_t)(open - node->text)));
        const char *close = strstr(open, "}}");
        if (close == NULL) {
            read_refuse(d->rd, node_place(node, offset), "“{{” chưa được đóng bằng “}}”");
            return;
        }
        check_tag(d, open + 2, (size_t)(close - open - 2), node_place(node, offset));
        open = strstr(close + 2, "{{");
    }
}

static const char *
read_template(struct drafting *d, const struct node *map, const char *key)
{
    const char *text = read_text(d->rd, map, key);
    if (text != NULL)
        check_template(d, node_get(map, key));
    return text;
}

static void
paragraph_read(struct drafting *d, const struct node *node, struct report_paragraph *paragraph)
{
    static const char *const keys[] = {"heading", "level", "text", NULL};
    int64_t level = 1;
    paragraph->place = node->place;
    if (!read_closed(d->rd, node, keys))
        return;
    bool is_heading = node_get(node, "heading") != NULL;
    if (is_heading == (node_get(node, "text") != NULL)) {
        read_refuse(d->rd, node->place, "mỗi mục của “body” phải có một trong hai: heading, text");
        return;
    }
    if (!is_heading) {
        paragraph->text = read_template(d, node, "text");
        if (node_get(node, "level") != NULL)
            read_refuse(d->rd, node_get(node, "level")->key_place, "“level” chỉ đi với “heading”");
        return;
    }
    paragraph->heading = read_template(d, node, "heading");
    read_integer(d->rd, node, "level", 1, 2, &level);
    paragraph->level = (int)level;
}

static void
body_read(struct drafting *d, const struct node *node)
{
    struct report_def *report = d->report;
    if (!read_items(d->rd, node, NODE_LIST))
        return;
    report->paragraphs =
        ARENA_ARRAY(d->rd->cx->arena, struct report_paragraph, (size_t)node->count);
    report->paragraph_count = node->count;
    for (int i = 0; i < node->count; i++)
        paragraph_read(d, &node->items[i], &report->paragraphs[i]);
}

static void
column_read(struct drafting *d, const struct node *node, struct report_table *table, int column)
{
    static const char *const keys[] = {"indicator", "title", NULL};
    if (!read_closed(d->rd, node, keys))
        return;
    const char *key = read_text(d->rd, node, "indicator");
    if (key != NULL)
        table->columns[column] = figure_named(d, key, node_get(node, "indicator")->place, "");
    if (node_get(node, "title") != NULL)
        table->column_titles[column] = read_text(d->rd, node, "title");
    else if (table->columns[column] != NULL)
        table->column_titles[column] = table->columns[column]->label.vi;
}

static void
table_read(struct drafting *d, const struct node *node, struct report_table *table)
{
    static const char *const keys[] = {"title", "columns", NULL};
    struct arena *arena = d->rd->cx->arena;
    table->place = node->place;
    if (!read_closed(d->rd, node, keys))
        return;
    read_label(d->rd, node, "title", &table->title);
    const struct node *columns = read_member(d->rd, node, "columns");
    if (columns == NULL || !read_items(d->rd, columns, NODE_LIST))
        return;
    table->columns = ARENA_ARRAY(arena, const struct indicator *, (size_t)columns->count);
    table->column_titles = ARENA_ARRAY(arena, const char *, (size_t)columns->count);
    table->column_count = columns->count;
    for (int i = 0; i < columns->count; i++)
        column_read(d, &columns->items[i], table, i);
}

static void
annexes_read(struct drafting *d, const struct node *node)
{
    struct report_def *report = d->report;
    if (!read_items(d->rd, node, NODE_LIST))
        return;
    report->tables = ARENA_ARRAY(d->rd->cx->arena, struct report_table, (size_t)node->count);
    report->table_count = node->count;
    for (int i = 0; i < node->count; i++)
        table_read(d, &node->items[i], &report->tables[i]);
}

static void
recipients_read(struct drafting *d, const struct node *node)
{
    struct arena *arena = d->rd->cx->arena;
    const struct node *names;
    int count = read_names(d->rd, node, &names);
    d->report->recipients = ARENA_ARRAY(arena, const char *, (size_t)count);
    d->report->recipient_count = count;
    for (int i = 0; i < count; i++)
        d->report->recipients[i] = vi_clean(arena, names[i].text);
}

static void
check_layout(struct drafting *d, const struct node *node)
{
    const struct model *model = d->rd->model;
    if (d->report->layout == NULL || model_layout(model, d->report->layout) != NULL ||
        d->rd->is_partial)
        return;
    struct buf names = buf_new(d->rd->cx->arena);
    for (int i = 0; i < model->layout_count; i++)
        if (model->layouts[i].key != NULL)
            read_add_name(&names, model->layouts[i].key);
    read_refuse(d->rd, node_get(node, "layout")->place, "không có mẫu trình bày “%s”; có: %s",
        read_shown(d->rd->cx->arena, d->report->layout), buf_string(&names));
}

void
report_read(struct reader *rd, const struct node *node, struct report_def *report)
{
    static const char *const keys[] = {"report", "label", "layout", "type_name", "type_code",
        "subject", "sign_for", "sign_title", "recipients", "body", "annexes", NULL};
    struct drafting d = {rd, report};
    report->place = node->place;
    read_closed(rd, node, keys);
    report->key = read_text(rd, node, "report");
    if (report->key != NULL && read_key(rd, report->key, node_get(node, "report")->place) != NULL)
        pack_enter(rd, "rep", "báo cáo", report->key, report, &report->place);
    read_label(rd, node, "label", &report->label);
    report->layout = read_text(rd, node, "layout");
    check_layout(&d, node);
    report->type_name = read_text(rd, node, "type_name");
    report->type_code = read_text(rd, node, "type_code");
    report->subject = read_template(&d, node, "subject");
    report->sign_for = read_text(rd, node, "sign_for");
    report->sign_title = read_text(rd, node, "sign_title");
    const struct node *recipients = read_member(rd, node, "recipients");
    const struct node *body = read_member(rd, node, "body");
    const struct node *annexes = node_get(node, "annexes");
    if (recipients != NULL)
        recipients_read(&d, recipients);
    if (body != NULL)
        body_read(&d, body);
    if (annexes != NULL)
        annexes_read(&d, annexes);
}
