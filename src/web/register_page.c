/* A register: the records of a unit and of what stands below it today, fifty a page. */
#include "web/routes.h"

#include "base/code.h"
#include "base/vi.h"
#include "domain/form.h"
#include "domain/record_view.h"
#include "domain/title.h"

enum { CHOICES_MAX = 2, COLUMNS_MAX = CHOICES_MAX + 1, TITLE_SHOWN = 120 };

/* What tells records apart at a glance. People are not among it: whoever reads a name opens the
 * record, which notes it. */
struct columns {
    const struct field *items[COLUMNS_MAX];
    int count;
    struct titles *titles; /* of the records that a reference among them names */
};

/* The first required choices and the first reference. */
static void
pick_columns(const struct reg *reg, struct columns *out)
{
    const struct field *reference = NULL;
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_CHOICE && field->required && out->count < CHOICES_MAX)
            out->items[out->count++] = field;
        if (field->kind == KIND_REFERENCE && reference == NULL)
            reference = field;
    }
    if (reference != NULL)
        out->items[out->count++] = reference;
}

static void
add_cell(struct page *page, struct doc *cells, const struct columns *columns,
    const struct field *field, const struct value *value)
{
    struct arena *arena = page->cx->arena;
    struct doc *cell = doc_object(cells, NULL);
    if (field->kind == KIND_REFERENCE && !value->is_null) {
        doc_printf(cell, "href", "/hs/%s", code_text(arena, value->number));
        doc_text(cell, "shown",
            utf8_short(arena, titles_text(columns->titles, value->number), TITLE_SHOWN));
    } else {
        doc_null(cell, "href");
        doc_text(cell, "shown", value_show(arena, page->cx->world, field, value));
    }
}

static void
add_record(struct page *page, struct doc *list, const struct record *record,
    const struct columns *columns)
{
    struct ctx *cx = page->cx;
    const struct reg *reg = record->reg;
    int32_t day = record_day(cx, reg, &record->fields);
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "code", record->code);
    const char *title = title_of(record);
    doc_text(object, "title",
        title == record->code ? NULL : utf8_short(cx->arena, title, TITLE_SHOWN));
    doc_printf(object, "href", "/hs/%s", record->code);
    page_unit_doc(object, "unit", record->unit, (struct range){day, day});
    if (reg->counted_on == NULL || record->fields.values[reg->counted_on->index].is_null)
        doc_null(object, "day");
    else
        doc_date(object, "day", day);
    doc_text(object, "state", record_state_key(record));
    doc_text(object, "state_label", record_state_label(record));
    doc_bool(object, "counts", record->state != STATE_IS_VOID && reg->states[record->state].counts);
    struct doc *cells = doc_list(object, "cells");
    for (int i = 0; i < columns->count; i++)
        add_cell(page, cells, columns, columns->items[i],
            &record->fields.values[columns->items[i]->index]);
}

struct listing {
    const struct reg *reg;
    struct scope scope;
    struct record **records; /* one more than a page when there are others after it */
    int count;
};

/* Where the page before ended: the place of its last record's unit, or 0. */
static enum status
find_begin(struct page *page, const struct listing *listing, const char *after, int *place)
{
    struct record *record;
    *place = 0;
    if (after == NULL)
        return OK;
    TRY(record_load(page->cx, after, &record));
    while (*place < listing->scope.count && listing->scope.items[*place].unit != record->unit)
        ++*place;
    return OK;
}

static enum status
read_records(struct page *page, struct listing *listing)
{
    const char *after = page_param(page, "after");
    int place;
    TRY(find_begin(page, listing, after, &place));
    for (; place < listing->scope.count && listing->count <= PAGE_RECORDS; place++) {
        struct record **found;
        int count;
        TRY(record_list(page->cx, listing->reg, listing->scope.items[place].unit, after,
            PAGE_RECORDS + 1 - listing->count, &found, &count));
        for (int i = 0; i < count; i++)
            *ARENA_PUSH(page->cx->arena, listing->records, listing->count) = found[i];
        after = NULL;
    }
    return OK;
}

/* All registers, to go from one to another. */
static void
add_registers(struct page *page, const struct reg *shown, const char *code)
{
    const struct model *model = page->cx->world->model;
    struct doc *list = doc_list(page->data, "registers");
    for (int i = 0; i < model->register_count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", model->registers[i].key);
        doc_text(object, "label", model->registers[i].label.vi);
        doc_printf(object, "href", "/so/%s?dv=%s", model->registers[i].key, code);
        doc_bool(object, "is_shown", &model->registers[i] == shown);
    }
}

/* The titles of a page's references are read together. */
static enum status
read_titles(struct page *page, const struct listing *listing, struct columns *columns)
{
    columns->titles = titles_new(page->cx);
    for (int i = 0; i < listing->count && i < PAGE_RECORDS; i++) {
        for (int c = 0; c < columns->count; c++)
            titles_want_value(columns->titles, columns->items[c],
                &listing->records[i]->fields.values[columns->items[c]->index]);
    }
    return titles_read(columns->titles);
}

static enum status
add_listing(struct page *page, const struct listing *listing, const char *code)
{
    struct columns columns = {0};
    bool more = listing->count > PAGE_RECORDS;
    pick_columns(listing->reg, &columns);
    TRY(read_titles(page, listing, &columns));
    struct doc *heads = doc_list(page->data, "columns");
    for (int i = 0; i < columns.count; i++)
        doc_text(doc_object(heads, NULL), "label", columns.items[i]->label.vi);
    struct doc *list = doc_list(page->data, "records");
    for (int i = 0; i < listing->count && i < PAGE_RECORDS; i++)
        add_record(page, list, listing->records[i], &columns);
    doc_bool(page->data, "has_records", listing->count > 0);
    doc_bool(page->data, "is_first", page_param(page, "after") == NULL);
    doc_printf(page->data, "first", "/so/%s?dv=%s", listing->reg->key, code);
    if (more)
        doc_printf(page->data, "next", "/so/%s?dv=%s&after=%s", listing->reg->key, code,
            listing->records[PAGE_RECORDS - 1]->code);
    else
        doc_null(page->data, "next");
    return OK;
}

enum status
register_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    struct range range = page_usual_range(cx);
    struct listing listing = {0};
    const struct unit *unit;
    TRY(world_register(cx, page->argument[0], &listing.reg));
    TRY(page_unit(page, page_param(page, "dv"), range, &unit));
    const struct span *span = unit_named(unit, range.to);
    listing.scope = tree_scope(cx->arena, cx->world->tree, unit, DAY_MIN, DAY_MAX, range.to);
    TRY(read_records(page, &listing));
    page->template = "register";
    page_set_title(page, "Sổ %s – %s", listing.reg->label.vi, span->name);
    page_unit_crumbs(page, unit, range, false);
    doc_text(page->data, "register", listing.reg->key);
    doc_text(page->data, "label", listing.reg->label.vi);
    page_unit_doc(page->data, "unit", unit, range);
    doc_text(page->data, "day_label",
        listing.reg->counted_on == NULL ? "Ngày" : listing.reg->counted_on->label.vi);
    add_registers(page, listing.reg, span->code);
    return add_listing(page, &listing, span->code);
}
