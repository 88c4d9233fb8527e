/* Rows of records, and taking a step of several. */
#include "web/listing.h"

#include "base/code.h"
#include "base/vi.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/rights.h"
#include "domain/title.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 2, COLUMNS_MAX = CHOICES_MAX + 2, TITLE_SHOWN = 120, PICKED_MAX = 200 };

/* What tells records apart at a glance. */
struct columns {
    const struct field *items[COLUMNS_MAX];
    int count;
};

static bool
is_number(const struct field *field)
{
    return (field->kind == KIND_INTEGER && !field_is_year(field)) || field->kind == KIND_QUANTITY;
}

/* The first required choices, the first reference, and the first number. */
static struct columns
pick_columns(const struct reg *reg)
{
    struct columns out = {0};
    const struct field *reference = NULL, *number = NULL;
    for (int i = 0; reg != NULL && i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_CHOICE && field->required && out.count < CHOICES_MAX)
            out.items[out.count++] = field;
        if (field->kind == KIND_REFERENCE && reference == NULL)
            reference = field;
        if (is_number(field) && number == NULL && !field_is_personal(field))
            number = field;
    }
    if (reference != NULL)
        out.items[out.count++] = reference;
    if (number != NULL)
        out.items[out.count++] = number;
    return out;
}

void
listing_columns(const struct ctx *cx, struct doc *list, const struct reg *reg)
{
    struct columns columns = pick_columns(reg);
    for (int i = 0; i < columns.count; i++) {
        struct doc *head = doc_object(list, NULL);
        doc_text(head, "label", label_text(cx, &columns.items[i]->label));
        doc_bool(head, "is_number", is_number(columns.items[i]));
    }
}

const char *
listing_tag(const struct record *record)
{
    if (record->state == STATE_IS_VOID)
        return "gone";
    if (state_waits(record->reg, record->state))
        return "wait";
    if (record->reg->states[record->state].counts || record->reg->states[record->state].locks)
        return "done";
    for (int i = 0; i < record->reg->transition_count; i++) {
        const struct transition *step = &record->reg->transitions[i];
        if (step->returns && step->to == record->state && step->to != record->reg->initial)
            return "back";
    }
    return record->state == record->reg->initial ? "draft" : "info";
}

struct rows {
    struct page *page;
    struct columns columns;
    struct titles *titles;
    struct record *const *records;
    int count;
    const char **names; /* of the people that records are about; NULL where there is none */
};

/* Names where the viewer may read them: one note for all. */
static enum status
read_names(struct rows *rows)
{
    struct ctx *cx = rows->page->cx;
    struct person **people = NULL;
    int count = 0;
    rows->names = ARENA_ARRAY(cx->arena, const char *, (size_t)rows->count + 1);
    for (int i = 0; i < rows->count; i++) {
        const struct record *record = rows->records[i];
        const struct field *field = reg_person(record->reg);
        const struct value *value = field == NULL ? NULL : &record->fields.values[field->index];
        struct person *person;
        int before = cx->faults.count;
        if (value == NULL || value->is_null || !may_record(cx, ACTION_PERSON, record))
            continue;
        enum status status = person_by_code(cx, code_text(cx->arena, value->number), &person);
        if (status == ERR_NOT_FOUND)
            fault_forget(cx, before);
        else
            TRY(status);
        if (status != OK)
            continue;
        rows->names[i] = person->name;
        *ARENA_PUSH(cx->arena, people, count) = person;
    }
    return count == 0 ? OK : person_note_read(cx, people, count, "list");
}

static void
add_cell(struct doc *cells, const struct rows *rows, const struct field *field,
    const struct value *value)
{
    struct page *page = rows->page;
    struct arena *arena = page->cx->arena;
    struct doc *cell = doc_object(cells, NULL);
    bool leads = field->kind == KIND_REFERENCE && !value->is_null;
    doc_bool(cell, "is_number", is_number(field));
    if (leads) {
        doc_text(cell, "href", titles_href(rows->titles, value->number));
        doc_text(cell, "shown",
            utf8_short(arena, titles_text(rows->titles, value->number), TITLE_SHOWN));
    } else {
        doc_null(cell, "href");
        doc_text(cell, "shown", value_show(page->cx, field, value));
    }
}

static const char *
title_for(const struct rows *rows, int i)
{
    const struct record *record = rows->records[i];
    const char *title = title_of(record);
    if (rows->names[i] != NULL)
        return rows->names[i];
    return title == record->code ? NULL : utf8_short(rows->page->cx->arena, title, TITLE_SHOWN);
}

static void
add_row(struct doc *list, const struct rows *rows, int i)
{
    struct page *page = rows->page;
    struct ctx *cx = page->cx;
    const struct record *record = rows->records[i];
    const struct reg *reg = record->reg;
    int32_t day = record_day(cx, reg, &record->fields);
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "code", record->code);
    doc_printf(object, "pick", "%s:%lld", record->code, (long long)record->version);
    doc_text(object, "title", title_for(rows, i));
    doc_printf(object, "href", "/hs/%s", record->code);
    page_unit_doc(page->cx, object, "unit", record->unit, (struct range){day, day});
    if (reg->counted_on == NULL || record->fields.values[reg->counted_on->index].is_null)
        doc_null(object, "day");
    else
        doc_date(object, "day", day);
    doc_text(object, "register", reg->key);
    doc_text(object, "register_label", label_text(cx, &reg->label));
    doc_time(object, "updated_at", record->updated_at, cx->world->zone_offset);
    doc_text(object, "state", record_state_key(record));
    doc_text(object, "state_label", record_state_label(page->cx, record));
    doc_text(object, "tag", listing_tag(record));
    doc_bool(object, "counts", record->state != STATE_IS_VOID && reg->states[record->state].counts);
    struct doc *cells = doc_list(object, "cells");
    for (int c = 0; c < rows->columns.count; c++)
        add_cell(cells, rows, rows->columns.items[c],
            &record->fields.values[rows->columns.items[c]->index]);
}

/* The titles of a page's references are read together. */
static enum status
read_titles(struct rows *rows)
{
    rows->titles = titles_new(rows->page->cx);
    for (int i = 0; i < rows->count; i++) {
        for (int c = 0; c < rows->columns.count; c++)
            titles_want_value(rows->titles, rows->columns.items[c],
                &rows->records[i]->fields.values[rows->columns.items[c]->index]);
    }
    return titles_read(rows->titles);
}

enum status
listing_doc(struct doc *list, struct page *page, struct record *const *records, int count,
    const struct reg *columns_of)
{
    struct rows rows = {.page = page,
        .columns = pick_columns(columns_of),
        .records = records,
        .count = count};
    TRY(read_titles(&rows));
    TRY(read_names(&rows));
    for (int i = 0; i < count; i++)
        add_row(list, &rows, i);
    return OK;
}

/* A quantity of several measures cannot be added up in one cell. */
static bool
add_up(const struct field *field, struct record *const *records, int count, int64_t *sum)
{
    *sum = 0;
    if (!is_number(field) || field->measure_count > 1)
        return false;
    for (int i = 0; i < count; i++) {
        const struct value *value = &records[i]->fields.values[field->index];
        if (!value->is_null && !add_checked(*sum, value->number, sum))
            return false;
    }
    return true;
}

bool
listing_totals(const struct ctx *cx, struct doc *list, struct record *const *records, int count,
    const struct reg *reg)
{
    struct columns columns = pick_columns(reg);
    bool any = false;
    for (int c = 0; c < columns.count; c++) {
        const struct field *field = columns.items[c];
        struct doc *cell = doc_object(list, NULL);
        int64_t sum;
        bool is_summed = add_up(field, records, count, &sum);
        doc_text(cell, "label", label_text(cx, &field->label));
        doc_bool(cell, "is_number", is_number(field));
        if (is_summed)
            doc_decimal(cell, "value", sum, field->decimals);
        else
            doc_null(cell, "value");
        any = any || is_summed;
    }
    return any;
}

/* Several at once */

struct outcome {
    int done;
    struct buf *failed; /* "CODE: why", a line each */
};

static enum status
take_step(struct page *page, const char *picked, struct outcome *outcome)
{
    struct ctx *cx = page->cx;
    const char *colon = strchr(picked, ':'), *verb = request_form(page->request, "buoc");
    size_t length = colon == NULL ? strlen(picked) : (size_t)(colon - picked);
    const char *code = arena_strndup(cx->arena, picked, length);
    long long version = colon == NULL ? 0 : strtoll(colon + 1, NULL, 10);
    struct record_change change = {.verb = verb,
        .version = version,
        .request = arena_printf(cx->arena, "%s:%lld", verb, version),
        .reason = request_form(page->request, "ly_do")};
    struct record *record;
    int before = cx->faults.count;
    enum status status = record_move(cx, code, &change, &record);
    if (status == ERR_STORE)
        return status;
    if (status == OK) {
        outcome->done++;
        return OK;
    }
    buf_printf(outcome->failed, "%s%s: %s", outcome->failed->length > 0 ? " " : "", code,
        cx->faults.items[before].message);
    fault_forget(cx, before);
    return OK;
}

enum status
listing_take_steps(struct page *page, const char *back)
{
    struct arena *arena = page->cx->arena;
    struct buf failed = buf_new(arena), query = buf_new(arena);
    struct outcome outcome = {.failed = &failed};
    int picked = 0;
    if (request_form(page->request, "buoc") == NULL)
        return fault_set(page->cx, ERR_INVALID, "Thiếu việc cần làm với những hồ sơ đã chọn.");
    for (int i = 0; i < page->request->form_count; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strcmp(pair->name, "hs") != 0)
            continue;
        if (++picked > PICKED_MAX)
            return fault_set(page->cx, ERR_LIMIT, "Một lần chọn được nhiều nhất %d hồ sơ.",
                PICKED_MAX);
        TRY(take_step(page, pair->value, &outcome));
    }
    buf_printf(&query, "%s%cda_lam=%d", back, strchr(back, '?') == NULL ? '?' : '&', outcome.done);
    if (picked == 0)
        buf_text(&query, "&loi=chua_chon");
    if (failed.length > 0) {
        buf_text(&query, "&loi=");
        page_url_text(&query, utf8_short(arena, buf_string(&failed), 600), true);
    }
    page_redirect(page, buf_string(&query));
    return OK;
}

void
listing_outcome(struct page *page)
{
    const char *done = page_param(page, "da_lam"), *wrong = page_param(page, "loi");
    bool is_none = wrong != NULL && strcmp(wrong, "chua_chon") == 0;
    doc_text(page->data, "done", done != NULL && strcmp(done, "0") != 0 ? done : NULL);
    doc_text(page->data, "wrong", is_none ? tr(page->cx, "Chưa chọn hồ sơ nào.") : wrong);
}
