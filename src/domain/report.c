/* Report content. A sentence is rendered once with a mark in the place of each figure and then cut
 * at the marks: that gives plain text for documents and linked numbers for pages. */
#include "domain/report.h"

#include "base/buf.h"
#include "base/template.h"
#include "base/vi.h"
#include "domain/fact.h"

#include <string.h>

enum { MARK_BEGIN = 1, MARK_END = 2 };

struct fill {
    const struct report_query *query;
    struct figure *figures; /* by place in def->indicators */
};

static struct figure_query *
ask(struct arena *arena, const struct report_query *query, const struct indicator *indicator,
    const struct unit *unit)
{
    struct figure_query *asked = ARENA_NEW(arena, struct figure_query);
    asked->indicator = indicator;
    asked->unit = unit;
    asked->from = query->from;
    asked->to = query->to;
    asked->basis = DAY_THEN;
    return asked;
}

static enum status
read_figures(struct ctx *cx, struct fill *fill)
{
    const struct report_def *def = fill->query->def;
    fill->figures = ARENA_ARRAY(cx->arena, struct figure, (size_t)def->indicator_count + 1);
    for (int i = 0; i < def->indicator_count; i++)
        TRY(figure_read(cx, ask(cx->arena, fill->query, def->indicators[i], fill->query->unit),
            &fill->figures[i]));
    return OK;
}

static const struct figure *
find_figure(const struct fill *fill, const char *key)
{
    for (int i = 0; i < fill->query->def->indicator_count; i++) {
        if (strcmp(fill->query->def->indicators[i]->key, key) == 0)
            return &fill->figures[i];
    }
    return NULL;
}

/* What sentences may name: the unit, its superior, the days, and each figure as a mark. */
static struct doc *
sentence_names(struct ctx *cx, const struct fill *fill)
{
    const struct report_query *query = fill->query;
    const struct span *span = unit_named(query->unit, query->to);
    struct doc *names = doc_new(cx->arena, DOC_OBJECT);
    doc_text(names, "unit", span->name);
    doc_text(names, "superior",
        span->parent == NULL ? "" : unit_named(span->parent, query->to)->name);
    doc_date(names, "from", query->from);
    doc_date(names, "to", query->to);
    for (int i = 0; i < query->def->indicator_count; i++) {
        const char *key = query->def->indicators[i]->key;
        doc_printf(names, key, "%c%s%c", MARK_BEGIN, key, MARK_END);
    }
    return names;
}

/* Sentences are plain text: the escaping that a template does for HTML is taken back by asking for
 * the raw value; a pack writes {{name}} all the same. */
static enum status
render(struct ctx *cx, const char *text, const struct doc *names, const char **out)
{
    struct template_set *set;
    struct buf result = buf_new(cx->arena), raw = buf_new(cx->arena);
    for (const char *c = text; *c != '\0'; c++) {
        if (strncmp(c, "{{", 2) == 0 && c[2] != '&' && c[2] != '{') {
            buf_text(&raw, "{{&");
            c++;
        } else {
            buf_char(&raw, *c);
        }
    }
    struct template_source source = {"sentence", buf_string(&raw)};
    TRY(template_compile(cx, &source, 1, true, &set));
    TRY(template_render(cx, set, "sentence", names, &result, NULL));
    *out = buf_string(&result);
    return OK;
}

static void
add_figure_run(struct ctx *cx, struct doc *runs, struct buf *plain, const struct figure *figure)
{
    struct doc *run = doc_object(runs, NULL);
    const char *shown = figure_text(cx->arena, figure);
    doc_text(run, "figure", figure->query->indicator->key);
    doc_null(run, "text");
    doc_text(run, "shown", shown);
    doc_text(run, "href", figure_href(cx->arena, cx->world, figure->query));
    doc_bool(run, "is_declared", figure->declaration_count > 0);
    buf_text(plain, shown);
}

static void
add_text_run(struct doc *runs, const char *words)
{
    struct doc *run = doc_object(runs, NULL);
    doc_null(run, "figure");
    doc_text(run, "text", words);
    doc_null(run, "shown");
    doc_null(run, "href");
    doc_bool(run, "is_declared", false);
}

static void
cut_runs(struct ctx *cx, const struct fill *fill, const char *text, struct doc *block)
{
    struct doc *runs = doc_list(block, "runs");
    struct buf plain = buf_new(cx->arena);
    while (*text != '\0') {
        size_t length = strcspn(text, "\x01");
        if (length > 0) {
            const char *words = arena_strndup(cx->arena, text, length);
            add_text_run(runs, words);
            buf_text(&plain, words);
        }
        text += length;
        if (*text != MARK_BEGIN)
            break;
        const char *end = strchr(text, MARK_END);
        const char *key = arena_strndup(cx->arena, text + 1, (size_t)(end - text) - 1);
        add_figure_run(cx, runs, &plain, find_figure(fill, key));
        text = end + 1;
    }
    doc_text(block, "text", buf_string(&plain));
}

static enum status
fill_blocks(struct ctx *cx, const struct fill *fill, struct doc *list, bool headings)
{
    const struct report_def *def = fill->query->def;
    const struct doc *names = sentence_names(cx, fill);
    for (int i = 0; i < def->paragraph_count; i++) {
        const struct report_paragraph *paragraph = &def->paragraphs[i];
        const char *text;
        if (paragraph->heading != NULL && headings) {
            struct doc *block = doc_object(list, NULL);
            doc_text(block, "heading", paragraph->heading);
            doc_integer(block, "level", paragraph->level);
            doc_list(block, "runs");
            doc_null(block, "text");
        }
        if (paragraph->text == NULL)
            continue;
        struct doc *block = doc_object(list, NULL);
        doc_null(block, "heading");
        doc_null(block, "level");
        TRY(render(cx, paragraph->text, names, &text));
        cut_runs(cx, fill, text, block);
    }
    return OK;
}

enum status
report_paragraphs(struct ctx *cx, const struct report_query *query, struct doc *list)
{
    struct fill fill = {.query = query};
    TRY(read_figures(cx, &fill));
    return fill_blocks(cx, &fill, list, false);
}

/* The head. An organ prints its superior above itself (DOMAIN 2.1); numbers are given at release.
 */
static void
fill_head(struct ctx *cx, const struct report_query *query, const struct layout *layout,
    const char *subject, struct doc *root)
{
    const struct report_def *def = query->def;
    const struct span *span = unit_named(query->unit, query->to);
    struct civil day = day_to_civil(query->to);
    doc_text(root, "motto", layout->motto);
    doc_text(root, "superior",
        span->parent == NULL ? NULL : unit_named(span->parent, query->to)->name);
    doc_text(root, "issuer", span->name);
    doc_printf(root, "number_line", "%s      %s%s/…", layout->number_prefix, layout->number_infix,
        def->type_code);
    doc_printf(root, "place_date", "…, ngày      tháng %s%d năm %d", day.month < 3 ? "0" : "",
        day.month, day.year);
    doc_text(root, "type_name", def->type_name);
    doc_text(root, "subject", subject);
    if (cx->world->is_demo)
        doc_text(root, "banner", "DỮ LIỆU MÔ PHỎNG – không phải số liệu của cơ quan nào");
    else
        doc_null(root, "banner");
}

static void
fill_sign(const struct report_def *def, struct doc *root)
{
    doc_text(root, "sign_for", def->sign_for);
    doc_text(root, "sign_title", def->sign_title);
    doc_text(root, "sign_name", "");
    struct doc *recipients = doc_list(root, "recipients");
    for (int i = 0; i < def->recipient_count; i++)
        doc_text(doc_object(recipients, NULL), "text", def->recipients[i]);
}

/* Annex tables: a row for each part of the unit, then the total. Parts in which all columns are
 * empty are left out, and the note says how many. */

struct table {
    struct figure *totals;
    struct figure_part **parts; /* by column */
    int rows;
};

static enum status
read_table(struct ctx *cx, const struct report_query *query, const struct report_table *def,
    struct table *table)
{
    size_t columns = (size_t)def->column_count + 1;
    table->totals = ARENA_ARRAY(cx->arena, struct figure, columns);
    table->parts = ARENA_ARRAY(cx->arena, struct figure_part *, columns);
    for (int c = 0; c < def->column_count; c++) {
        struct figure_query *asked = ask(cx->arena, query, def->columns[c], query->unit);
        TRY(figure_read(cx, asked, &table->totals[c]));
        TRY(figure_all_parts(cx, &table->totals[c], &table->parts[c], &table->rows));
    }
    return OK;
}

static bool
row_is_empty(const struct report_table *def, const struct table *table, int row)
{
    for (int c = 0; c < def->column_count; c++) {
        const struct figure *figure = &table->parts[c][row].figure;
        if (figure->recorded.n != 0 || figure->declaration_count > 0)
            return false;
    }
    return true;
}

static void
add_cell(struct ctx *cx, struct doc *cells, const struct figure *figure, bool unknown)
{
    struct doc *cell = doc_object(cells, NULL);
    if (unknown)
        doc_text(cell, "value", "chưa có");
    else if (figure->is_mixed)
        doc_text(cell, "value", figure_text(cx->arena, figure));
    else
        doc_quantity(cell, "value", figure->value, figure->query->indicator->scale,
            word_text(figure->word));
    doc_text(cell, "word", unknown || figure->is_mixed ? "" : word_text(figure->word));
    doc_bool(cell, "is_declared", !unknown && figure->declaration_count > 0);
    doc_text(cell, "href", figure_href(cx->arena, cx->world, figure->query));
}

static void
add_row(struct ctx *cx, struct doc *rows, const struct report_table *def, const struct table *table,
    int row)
{
    struct doc *object = doc_object(rows, NULL);
    const struct figure_part *part = row < 0 ? NULL : &table->parts[0][row];
    const struct figure_query *query = table->totals[0].query;
    if (part == NULL)
        doc_text(object, "name", "Tổng cộng");
    else if (part->is_own)
        doc_printf(object, "name", "%s (trực tiếp)", unit_named(part->unit, query->to)->name);
    else
        doc_text(object, "name", unit_named(part->unit, query->to)->name);
    doc_bool(object, "total", part == NULL);
    struct doc *cells = doc_list(object, "cells");
    for (int c = 0; c < def->column_count; c++) {
        const struct figure *figure =
            part == NULL ? &table->totals[c] : &table->parts[c][row].figure;
        add_cell(cx, cells, figure, part != NULL && table->parts[c][row].unknown);
    }
}

static enum status
fill_annexes(struct ctx *cx, const struct report_query *query, struct doc *root)
{
    const struct report_def *def = query->def;
    struct doc *list = doc_list(root, "annexes");
    for (int i = 0; i < def->table_count; i++) {
        const struct report_table *table_def = &def->tables[i];
        struct table table = {0};
        struct doc *annex = doc_object(list, NULL);
        int empty = 0;
        TRY(read_table(cx, query, table_def, &table));
        doc_printf(annex, "title", "Phụ lục %d: %s", i + 1, table_def->title.vi);
        struct doc *columns = doc_list(annex, "columns");
        doc_text(doc_object(columns, NULL), "title", "Đơn vị");
        for (int c = 0; c < table_def->column_count; c++)
            doc_text(doc_object(columns, NULL), "title", table_def->column_titles[c]);
        struct doc *rows = doc_list(annex, "rows");
        for (int r = 0; r < table.rows; r++) {
            if (row_is_empty(table_def, &table, r))
                empty++;
            else
                add_row(cx, rows, table_def, &table, r);
        }
        add_row(cx, rows, table_def, &table, -1);
        doc_printf(annex, "subtitle", "(từ %s đến %s; %d đơn vị không có số liệu không liệt kê)",
            date_show(cx->arena, query->from), date_show(cx->arena, query->to), empty);
    }
    return OK;
}

enum status
report_fill(struct ctx *cx, const struct report_query *query, struct doc *root)
{
    struct fill fill = {.query = query};
    const struct layout *layout = model_layout(cx->world->model, query->def->layout);
    const char *subject;
    TRY(read_figures(cx, &fill));
    TRY(render(cx, query->def->subject, sentence_names(cx, &fill), &subject));
    fill_head(cx, query, layout, subject, root);
    TRY(fill_blocks(cx, &fill, doc_list(root, "blocks"), true));
    fill_sign(query->def, root);
    TRY(fill_annexes(cx, query, root));
    doc_printf(root, "source_line", "Nguồn: các sổ và kê khai trong chithi; lập lúc %s.",
        instant_show(cx->arena, cx->now, cx->world->zone_offset));
    return OK;
}
