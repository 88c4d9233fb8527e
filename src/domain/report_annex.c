/* The tables of a report: a row for each part of the unit, then the total. Parts in which all
 * columns are empty are left out, and the note says how many; so are tables with nothing in them.
 */
#include "domain/report_fill.h"

#include "base/vi.h"

#include <string.h>

/* The parts of a column's figure; its total. */
struct column {
    const struct figure *total;
    const struct fill_parts *parts;
};

static enum status
read_columns(struct fill *fill, const struct report_table *def, struct column **out)
{
    *out = ARENA_ARRAY(fill->cx->arena, struct column, (size_t)def->column_count);
    for (int c = 0; c < def->column_count; c++) {
        TRY(fill_figure(fill, def->columns[c].figure, &(*out)[c].total));
        TRY(fill_parts(fill, def->columns[c].figure, &(*out)[c].parts));
    }
    return OK;
}

static bool
row_is_empty(const struct report_table *def, const struct column *columns, int row)
{
    for (int c = 0; c < def->column_count; c++)
        if (figure_holds(&columns[c].parts->items[row].figure))
            return false;
    return true;
}

static void
add_cells(const struct fill *fill, struct doc *object, const struct report_table *def,
    const struct column *columns, int row)
{
    struct doc *cells = doc_list(object, "cells");
    for (int c = 0; c < def->column_count; c++) {
        const struct figure_part *part = row < 0 ? NULL : &columns[c].parts->items[row];
        figure_cell(doc_object(cells, NULL), fill->cx,
            part == NULL ? columns[c].total : &part->figure, def->columns[c].aspect,
            part != NULL && part->unknown);
    }
}

static void
add_row(const struct fill *fill, struct doc *rows, const struct report_table *def,
    const struct column *columns, int row, int number)
{
    const struct figure_part *part = &columns[0].parts->items[row];
    struct doc *object = doc_object(rows, NULL);
    doc_integer(object, "number", number);
    doc_printf(object, "name", "%s%s", unit_named(part->unit, fill->query->to)->name,
        part->is_own ? " (trực tiếp)" : "");
    doc_bool(object, "total", false);
    add_cells(fill, object, def, columns, row);
}

static void
add_total(const struct fill *fill, struct doc *rows, const struct report_table *def,
    const struct column *columns)
{
    struct doc *object = doc_object(rows, NULL);
    doc_null(object, "number");
    doc_text(object, "name", "Tổng cộng");
    doc_bool(object, "total", true);
    add_cells(fill, object, def, columns, -1);
}

/* The heads: a group stands once, over as many columns as follow each other in it. */
static void
add_heads(struct doc *annex, const struct report_table *def)
{
    struct doc *groups = doc_list(annex, "groups"), *columns = doc_list(annex, "columns");
    bool has_groups = false;
    for (int c = 0; c < def->column_count; c++)
        has_groups = has_groups || def->columns[c].group != NULL;
    for (int c = 0, end; c < def->column_count; c = end) {
        const char *group = def->columns[c].group;
        end = c + 1;
        while (group != NULL && end < def->column_count && def->columns[end].group != NULL &&
            strcmp(def->columns[end].group, group) == 0)
            end++;
        struct doc *object = doc_object(groups, NULL);
        doc_text(object, "title", group != NULL ? group : def->columns[c].title);
        doc_integer(object, "span", end - c);
        doc_bool(object, "is_group", group != NULL);
    }
    for (int c = 0; c < def->column_count; c++) {
        struct doc *object = doc_object(columns, NULL);
        doc_text(object, "title", def->columns[c].title);
        doc_bool(object, "is_grouped", def->columns[c].group != NULL);
    }
    doc_bool(annex, "has_groups", has_groups);
}

static void
add_note(const struct fill *fill, struct doc *annex, int empty)
{
    struct arena *arena = fill->cx->arena;
    const char *from = date_show(arena, fill->query->from), *to = date_show(arena, fill->query->to);
    if (empty > 0)
        doc_printf(annex, "note", "Số liệu từ %s đến %s; không liệt kê %d đơn vị không có số liệu.",
            from, to, empty);
    else
        doc_printf(annex, "note", "Số liệu từ %s đến %s.", from, to);
}

static bool
is_empty(const struct report_table *def, const struct column *columns)
{
    for (int c = 0; c < def->column_count; c++)
        if (figure_holds(columns[c].total))
            return false;
    return true;
}

static void
add_annex(const struct fill *fill, const struct report_table *def, const struct column *columns,
    int number, struct doc *list)
{
    struct arena *arena = fill->cx->arena;
    struct doc *annex = doc_object(list, NULL);
    int empty = 0, shown = 0;
    doc_text(annex, "label", pattern_text(arena, fill->layout->annex_label, number));
    doc_text(annex, "title", vi_upper(arena, def->title.vi));
    doc_printf(annex, "subtitle", "(Kèm theo %s số %s, %s)",
        vi_capital(arena, vi_lower(arena, fill->query->def->type_name)), fill_number(fill),
        fill_date(fill));
    add_heads(annex, def);
    struct doc *rows = doc_list(annex, "rows");
    for (int r = 0; r < columns[0].parts->count; r++) {
        if (row_is_empty(def, columns, r))
            empty++;
        else
            add_row(fill, rows, def, columns, r, ++shown);
    }
    add_total(fill, rows, def, columns);
    add_note(fill, annex, empty);
}

enum status
fill_annexes(struct fill *fill, struct doc *root)
{
    const struct report_def *def = fill->query->def;
    struct doc *list = doc_list(root, "annexes");
    for (int i = 0, number = 0; i < def->table_count; i++) {
        struct column *columns;
        TRY(read_columns(fill, &def->tables[i], &columns));
        if (!is_empty(&def->tables[i], columns))
            add_annex(fill, &def->tables[i], columns, ++number, list);
    }
    return OK;
}
