/* A report's definition: its head, the figures and lists that it names, the layouts that it may
 * have, and the tables. What stands between head and tables is read by report_body.c. */
#include "pack/drafting.h"

#include "base/vi.h"

#include <string.h>

/* -- figures -- */

/* An indicator that this pack may count. */
static const struct indicator *
indicator_found(struct drafting *d, const char *key, struct place place)
{
    const struct indicator *indicator = model_indicator(d->rd->model, key);
    if (indicator != NULL)
        read_check_use(d->rd, indicator->reg, place);
    return indicator;
}

static void
add_indicator_names(struct drafting *d, struct buf *names)
{
    const struct model *model = d->rd->model;
    for (int i = 0; i < model->indicator_count; i++)
        if (pack_may_use(d->rd->pack, model->indicators[i].reg))
            read_add_name(names, model->indicators[i].key);
}

static const struct indicator *
counted_named(struct drafting *d, const struct node *map)
{
    const char *key = read_text(d->rd, map, "indicator");
    struct buf names = buf_new(d->rd->cx->arena);
    if (key == NULL)
        return NULL;
    struct place place = node_get(map, "indicator")->place;
    const struct indicator *indicator = indicator_found(d, key, place);
    if (indicator != NULL || d->rd->is_partial)
        return indicator;
    add_indicator_names(d, &names);
    read_refuse(d->rd, place, "không có chỉ số “%s”; có: %s", read_shown(d->rd->cx->arena, key),
        buf_string(&names));
    return NULL;
}

static const char *
figure_names(struct drafting *d)
{
    struct buf names = buf_new(d->rd->cx->arena);
    for (int i = 0; i < d->report->figure_count; i++)
        if (d->report->figures[i].indicator != NULL &&
            strcmp(d->report->figures[i].key, d->report->figures[i].indicator->key) != 0)
            read_add_name(&names, d->report->figures[i].key);
    add_indicator_names(d, &names);
    return buf_string(&names);
}

int
drafting_figure(struct drafting *d, const char *key, struct place place, const char *others)
{
    struct report_def *report = d->report;
    for (int i = 0; i < report->figure_count; i++)
        if (strcmp(report->figures[i].key, key) == 0)
            return report->figures[i].indicator != NULL ? i : -1;
    const struct indicator *indicator = indicator_found(d, key, place);
    if (indicator != NULL) {
        *ARENA_PUSH(d->rd->cx->arena, report->figures, report->figure_count) =
            (struct report_figure){indicator->key, indicator, NULL};
        return report->figure_count - 1;
    }
    if (!d->rd->is_partial)
        read_refuse(d->rd, place, "không có số liệu “%s”; có: %s%s",
            read_shown(d->rd->cx->arena, key), figure_names(d), others);
    return -1;
}

const char *const aspect_keys[ASPECT__COUNT] = {[ASPECT_NUMERATOR] = "numerator",
    [ASPECT_DENOMINATOR] = "denominator",
    [ASPECT_OPENING] = "opening",
    [ASPECT_INCREASE] = "increase",
    [ASPECT_DECREASE] = "decrease",
    [ASPECT_DIRECTION] = "direction",
    [ASPECT_SIZE] = "size"};

/* The figures that have an aspect besides the value. */
static const enum aggregation aspect_of[ASPECT__COUNT] = {[ASPECT_NUMERATOR] = AGG_RATIO,
    [ASPECT_DENOMINATOR] = AGG_RATIO,
    [ASPECT_OPENING] = AGG_STOCK,
    [ASPECT_INCREASE] = AGG_STOCK,
    [ASPECT_DECREASE] = AGG_STOCK,
    [ASPECT_DIRECTION] = AGG_CHANGE,
    [ASPECT_SIZE] = AGG_CHANGE};

int
drafting_number(struct drafting *d, const char *name, struct place place, const char *others,
    enum aspect *out)
{
    struct arena *arena = d->rd->cx->arena;
    struct buf known = buf_new(arena);
    size_t length = strcspn(name, ".");
    int figure = drafting_figure(d, arena_strndup(arena, name, length), place, others);
    *out = ASPECT_VALUE;
    if (figure < 0 || name[length] == '\0')
        return figure;
    for (int i = ASPECT_VALUE + 1; i < ASPECT__COUNT; i++) {
        if (aspect_of[i] != d->report->figures[figure].indicator->aggregation)
            continue;
        read_add_name(&known, aspect_keys[i]);
        *out = (enum aspect)i;
        if (strcmp(name + length + 1, aspect_keys[i]) == 0)
            return figure;
    }
    read_refuse(d->rd, place, "“%.*s” không có phần “%s”; %s%s", (int)length, name,
        read_shown(arena, name + length + 1), known.length > 0 ? "có: " : "chỉ có chính số liệu",
        buf_string(&known));
    return -1;
}

/* The cut of that key: a field, or for the measures of a sum the summed field itself. */
static const struct field *
cut_named(const struct indicator *indicator, const char *key, struct buf *known)
{
    for (int i = 0; i < indicator->by_count; i++) {
        read_add_name(known, indicator->by[i]->key);
        if (strcmp(indicator->by[i]->key, key) == 0)
            return indicator->by[i];
    }
    if (indicator->by_measure)
        read_add_name(known, CUT_MEASURE);
    return indicator->by_measure && strcmp(key, CUT_MEASURE) == 0 ? indicator->sum : NULL;
}

static const char *
cut_value(const struct field *field, int place)
{
    static const char *const booleans[] = {"khong", "co"};
    if (field->kind == KIND_CHOICE)
        return place < field->choice_count ? field->choices[place].key : NULL;
    if (field->kind == KIND_QUANTITY)
        return place < field->measure_count ? field->measures[place]->key : NULL;
    return place < (int)COUNT_OF(booleans) ? booleans[place] : NULL;
}

static bool
has_value(const struct field *field, const char *value, struct buf *known)
{
    const char *key = "null";
    for (int i = 0; key != NULL; key = cut_value(field, i++)) {
        read_add_name(known, key);
        if (strcmp(key, value) == 0)
            return true;
    }
    return false;
}

static void
check_pair(struct drafting *d, const struct indicator *indicator, char *pair, struct place place)
{
    struct buf keys = buf_new(d->rd->cx->arena), values = keys;
    const struct indicator *cut = indicator_of_cuts(indicator);
    char *value = strchr(pair, '=');
    if (value == NULL) {
        read_refuse(d->rd, place, "“where” của số liệu viết như “nhom=kinh_te,loai=khac”");
        return;
    }
    *value++ = '\0';
    if (strcmp(pair, "directive") == 0) {
        if (model_directive(d->rd->model, value) == NULL)
            read_refuse(d->rd, place, "không có chỉ thị “%s” trong gói",
                read_shown(d->rd->cx->arena, value));
        return;
    }
    const struct field *field = cut == NULL ? NULL : cut_named(cut, pair, &keys);
    if (field == NULL)
        read_refuse(d->rd, place, "chỉ số “%s” không chia theo “%s”; chia theo: %s", indicator->key,
            read_shown(d->rd->cx->arena, pair),
            keys.length > 0 ? buf_string(&keys) : "không trường nào");
    else if (!has_value(field, value, &values))
        read_refuse(d->rd, place, "“%s” không có giá trị “%s”; có: %s", pair,
            read_shown(d->rd->cx->arena, value), buf_string(&values));
}

/* "nhom=kinh_te,…": are its fields cuts of the indicator, and its values theirs? */
static void
check_where(struct drafting *d, const struct indicator *indicator, const struct node *node)
{
    if (node->type != NODE_TEXT || node_is_nothing(node)) {
        read_refuse_value(d->rd, node, "một dòng chữ");
        return;
    }
    char *rest, *text = arena_strdup(d->rd->cx->arena, node->text);
    for (char *pair = strtok_r(text, ",", &rest); pair; pair = strtok_r(NULL, ",", &rest))
        check_pair(d, indicator, pair, node->place);
}

/* `indicator` and `where`, which a figure and a list of names both have. */
static struct report_figure
counted_read(struct drafting *d, const struct node *map)
{
    struct report_figure figure = {.indicator = counted_named(d, map)};
    const struct node *where = node_get(map, "where");
    if (where == NULL || figure.indicator == NULL)
        return figure;
    check_where(d, figure.indicator, where);
    figure.where = where->text;
    return figure;
}

/* Is a key free for a name of the report? */
static bool
key_is_free(struct drafting *d, const struct node *node)
{
    if (read_key(d->rd, node->key, node->key_place) == NULL)
        return false;
    bool is_taken = model_indicator(d->rd->model, node->key) != NULL;
    for (int i = 0; i < d->report->figure_count; i++)
        is_taken = is_taken || strcmp(d->report->figures[i].key, node->key) == 0;
    if (is_taken)
        read_refuse(d->rd, node->key_place, "“%s” đã là khóa của một chỉ số hay số liệu khác",
            node->key);
    return !is_taken;
}

static void
figures_read(struct drafting *d, const struct node *node)
{
    static const char *const keys[] = {"indicator", "where", NULL};
    struct report_def *report = d->report;
    if (!read_items(d->rd, node, NODE_MAP))
        return;
    for (int i = 0; i < node->count; i++) {
        const struct node *item = &node->items[i];
        if (!key_is_free(d, item) || !read_closed(d->rd, item, keys))
            continue;
        struct report_figure figure = counted_read(d, item);
        figure.key = item->key;
        *ARENA_PUSH(d->rd->cx->arena, report->figures, report->figure_count) = figure;
    }
}

/* -- lists of names -- */

/* What a list shows is a line of text that is about nobody. */
static const struct field *
shown_read(struct drafting *d, const struct node *map, const struct reg *reg)
{
    const char *key = read_text(d->rd, map, "show");
    if (key == NULL)
        return NULL;
    const struct field *field = reg_field(reg, key);
    struct place place = node_get(map, "show")->place;
    if (field == NULL)
        read_refuse(d->rd, place, "sổ “%s” không có trường “%s”; có: %s", reg->key,
            read_shown(d->rd->cx->arena, key),
            read_field_names(d->rd->cx->arena, reg->fields, reg->field_count));
    else if (field->is_private || field->personal != NULL)
        read_refuse(d->rd, place, "“%s” là thông tin về cá nhân, báo cáo không liệt kê", key);
    else if (field->kind != KIND_TEXT)
        read_refuse(d->rd, place, "“show” chờ một trường kiểu text, “%s” là %s", key,
            kind_key(field->kind));
    else
        return field;
    return NULL;
}

static void
list_read(struct drafting *d, const struct node *node)
{
    static const char *const keys[] = {"indicator", "where", "show", NULL};
    struct report_def *report = d->report;
    struct report_list list = {.key = node->key, .place = node->key_place};
    if (!key_is_free(d, node) || !read_closed(d->rd, node, keys))
        return;
    struct report_figure figure = counted_read(d, node);
    if (figure.indicator == NULL)
        return;
    if (figure.indicator->aggregation != AGG_COUNT || figure.indicator->list != NULL)
        read_refuse(d->rd, node_get(node, "indicator")->place,
            "danh sách cần một chỉ số đếm hồ sơ (count: records), “%s” thì không",
            figure.indicator->key);
    if (figure.indicator->reg->visibility == VISIBILITY_HAN_CHE)
        read_refuse(d->rd, node_get(node, "indicator")->place,
            "sổ “%s” hạn chế tiếp cận: báo cáo chỉ in số liệu của sổ này, không in từng hồ sơ",
            figure.indicator->reg->key);
    list.show = shown_read(d, node, figure.indicator->reg);
    figure.key = node->key;
    list.figure = report->figure_count;
    *ARENA_PUSH(d->rd->cx->arena, report->figures, report->figure_count) = figure;
    *ARENA_PUSH(d->rd->cx->arena, report->lists, report->list_count) = list;
}

/* -- tables -- */

static void
column_read(struct drafting *d, const struct node *node, struct report_column *column)
{
    static const char *const keys[] = {"figure", "title", "group", NULL};
    column->figure = -1;
    if (!read_closed(d->rd, node, keys))
        return;
    const char *key = read_text(d->rd, node, "figure");
    if (key != NULL)
        column->figure =
            drafting_number(d, key, node_get(node, "figure")->place, "", &column->aspect);
    if (node_get(node, "title") != NULL)
        column->title = read_text(d->rd, node, "title");
    else if (column->figure >= 0)
        column->title = d->report->figures[column->figure].indicator->label.vi;
    if (node_get(node, "group") != NULL)
        column->group = read_text(d->rd, node, "group");
}

static void
table_read(struct drafting *d, const struct node *node, struct report_table *table)
{
    static const char *const keys[] = {"title", "columns", NULL};
    table->place = node->place;
    if (!read_closed(d->rd, node, keys))
        return;
    read_label(d->rd, node, "title", &table->title);
    const struct node *columns = read_member(d->rd, node, "columns");
    if (columns == NULL || !read_items(d->rd, columns, NODE_LIST))
        return;
    table->columns = ARENA_ARRAY(d->rd->cx->arena, struct report_column, (size_t)columns->count);
    table->column_count = columns->count;
    for (int i = 0; i < columns->count; i++)
        column_read(d, &columns->items[i], &table->columns[i]);
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

/* -- the head -- */

/* A line is one template, or a map of templates by the kind of unit. */
static void
line_read(struct drafting *d, const struct node *map, const char *key, struct report_line *line)
{
    const struct node *node = node_get(map, key);
    if (node == NULL)
        return;
    bool is_map = node->type == NODE_MAP;
    line->count = is_map ? node->count : 1;
    line->items = ARENA_ARRAY(d->rd->cx->arena, struct kind_sentence, (size_t)line->count);
    for (int i = 0; i < line->count; i++) {
        const struct node *item = is_map ? &node->items[i] : node;
        if (is_map && strcmp(item->key, "other") != 0)
            line->items[i].kind = read_key(d->rd, item->key, item->key_place);
        sentence_read(d, item, &line->items[i].text);
    }
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
addressees_read(struct drafting *d, const struct node *node)
{
    const struct node *items;
    int count = read_names(d->rd, node, &items);
    d->report->addressees = ARENA_ARRAY(d->rd->cx->arena, struct sentence, (size_t)count);
    d->report->addressee_count = count;
    for (int i = 0; i < count; i++)
        sentence_read(d, &items[i], &d->report->addressees[i]);
}

/* Two layouts of one report are never in force on the same day. */
static void
add_layout(struct drafting *d, const struct layout *layout, const struct node *node)
{
    struct report_def *report = d->report;
    for (int i = 0; i < report->layout_count; i++) {
        const struct layout *other = report->layouts[i];
        if (layout->from <= other->to && other->from <= layout->to)
            read_refuse(d->rd, node->place,
                "mẫu trình bày “%s” và “%s” cùng có hiệu lực trong một ngày", other->key,
                layout->key);
    }
    *ARENA_PUSH(d->rd->cx->arena, report->layouts, report->layout_count) = layout;
}

static void
layouts_read(struct drafting *d, const struct node *node)
{
    const struct model *model = d->rd->model;
    const struct node *keys;
    int count = read_names(d->rd, node, &keys);
    struct buf names = buf_new(d->rd->cx->arena);
    for (int i = 0; i < model->layout_count; i++)
        if (model->layouts[i].key != NULL)
            read_add_name(&names, model->layouts[i].key);
    for (int i = 0; i < count; i++) {
        const struct layout *layout = model_layout(model, keys[i].text);
        if (layout != NULL)
            add_layout(d, layout, &keys[i]);
        else if (!d->rd->is_partial)
            read_refuse(d->rd, keys[i].place, "không có mẫu trình bày “%s”; có: %s",
                read_shown(d->rd->cx->arena, keys[i].text), buf_string(&names));
    }
}

static void
opening_read(struct drafting *d, const struct node *node)
{
    struct report_def *report = d->report;
    const struct node *layouts = read_member(d->rd, node, "layout");
    const struct node *subject = read_member(d->rd, node, "subject");
    const struct node *recipients = read_member(d->rd, node, "recipients");
    const struct node *addressees = node_get(node, "addressees");
    if (layouts != NULL)
        layouts_read(d, layouts);
    report->type_name = read_text(d->rd, node, "type_name");
    report->type_code = read_text(d->rd, node, "type_code");
    line_read(d, node, "superior", &report->superior);
    line_read(d, node, "issuer", &report->issuer);
    line_read(d, node, "organ", &report->organ);
    if (subject != NULL)
        sentence_read(d, subject, &report->subject);
    report->sign_for = read_text(d->rd, node, "sign_for");
    report->sign_title = read_text(d->rd, node, "sign_title");
    if (addressees != NULL)
        addressees_read(d, addressees);
    if (recipients != NULL)
        recipients_read(d, recipients);
}

void
report_read(struct reader *rd, const struct node *node, struct report_def *report)
{
    static const char *const keys[] = {"report", "label", "layout", "type_name", "type_code",
        "superior", "issuer", "organ", "subject", "sign_for", "sign_title", "addressees",
        "recipients", "figures", "lists", "body", "annexes", NULL};
    struct drafting d = {rd, report};
    const struct node *figures = node_get(node, "figures"), *lists = node_get(node, "lists");
    report->place = node->place;
    read_closed(rd, node, keys);
    report->key = read_text(rd, node, "report");
    if (report->key != NULL && read_key(rd, report->key, node_get(node, "report")->place) != NULL)
        pack_enter(rd, "rep", "báo cáo", report->key, report, &report->place);
    read_label(rd, node, "label", &report->label);
    if (figures != NULL)
        figures_read(&d, figures);
    if (lists != NULL && read_items(rd, lists, NODE_MAP))
        for (int i = 0; i < lists->count; i++)
            list_read(&d, &lists->items[i]);
    opening_read(&d, node);
    const struct node *body = read_member(rd, node, "body"), *annexes = node_get(node, "annexes");
    if (body != NULL)
        report_body_read(&d, body);
    if (annexes != NULL)
        annexes_read(&d, annexes);
}
