/* A sheet for a whole branch: what its records have in common once, a tap for each member, and one
 * button. For registers that are about people, where one person records for all. */
#include "web/routes.h"

#include "base/code.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/record_view.h"
#include "domain/rights.h"
#include "web/form_fields.h"
#include "web/listing.h"
#include "web/roster.h"

#include <sodium.h>
#include <string.h>

enum { PEOPLE_MAX = 500 };

struct sheet {
    struct page *page;
    const struct reg *reg;
    const struct field *person;
    const struct unit *unit;
    const char *key; /* of the sheet: a record's origin is made of it and the person's code */
    struct row fields;
    struct typed typed;
    bool has_typed;
};

/* What all records of a sheet share: what must be there, what is yes or no, and a photo. */
static bool
is_common(const struct field *field)
{
    if (field->entered != NULL || field->kind == KIND_PERSON || field->kind == KIND_LIST)
        return false;
    return field->required || field->kind == KIND_BOOLEAN || field->kind == KIND_FILES;
}

static enum status
begin(struct page *page, const char *code, const char *key, struct sheet *out)
{
    struct ctx *cx = page->cx;
    struct range ever = {DAY_MIN, cx->world->today};
    *out = (struct sheet){.page = page};
    TRY(world_register(cx, page->argument[0], &out->reg));
    out->person = reg_person(out->reg);
    if (out->person == NULL)
        return fault_set(cx, ERR_NOT_FOUND, "Sổ %s không ghi theo người.",
            label_text(cx, &out->reg->label));
    TRY(page_unit(page, code, ever, &out->unit));
    if (!may_make(cx, out->reg, out->unit) || !may_people(cx, out->unit))
        return fault_set(cx, ERR_FORBIDDEN, "Đồng chí không ghi được sổ %s cho cả %s.",
            label_text(cx, &out->reg->label), unit_named(out->unit, cx->world->today)->name);
    uint64_t random;
    randombytes_buf(&random, sizeof(random));
    out->key =
        key != NULL && code_number(key) >= 0 ? key : code_text(cx->arena, code_make(0, random));
    out->fields = form_begin(page, out->reg);
    return OK;
}

static bool
is_picked(const struct page *page, const char *code)
{
    for (int i = 0; i < page->request->form_count; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strcmp(pair->name, "nguoi") == 0 && strcmp(pair->value, code) == 0)
            return true;
    }
    return false;
}

static enum status
add_people(const struct sheet *sheet)
{
    struct page *page = sheet->page;
    struct doc *found = doc_new(page->cx->arena, DOC_LIST);
    struct doc *list = doc_list(page->data, "people");
    struct person_query query = {.unit = sheet->unit,
        .day = page->cx->world->today,
        .limit = PEOPLE_MAX};
    struct map *recorded;
    int total, done = 0;
    TRY(person_list_doc(found, page->cx, &query, &total));
    TRY(roster_recorded(page->cx, sheet->reg, sheet->unit, &recorded));
    for (const struct doc *person = found->first; person != NULL; person = person->next) {
        const char *code = doc_get(person, "code")->text;
        const struct record *record = map_get_int(recorded, code_number(code));
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "code", code);
        doc_text(object, "name", doc_get(person, "name")->text);
        doc_text(object, "post", doc_get(person, "post")->text);
        doc_bool(object, "is_picked", is_picked(page, code));
        doc_text(object, "href",
            record == NULL ? NULL : arena_printf(page->cx->arena, "/hs/%s", record->code));
        doc_text(object, "state_label",
            record == NULL ? NULL : record_state_label(page->cx, record));
        done += record != NULL;
    }
    doc_integer(page->data, "total", total);
    doc_integer(page->data, "done", done);
    doc_bool(page->data, "has_people", total > 0);
    return OK;
}

/* The steps that a record made here may take at once; without any it stays as it is made. */
static void
add_steps(const struct sheet *sheet)
{
    struct page *page = sheet->page;
    struct doc *list = doc_list(page->data, "steps");
    for (int i = 0; i < sheet->reg->transition_count; i++) {
        const struct transition *step = &sheet->reg->transitions[i];
        if (reg_transition(sheet->reg, sheet->reg->initial, step->key) != step ||
            !may_make_and_step(page->cx, sheet->reg, step, sheet->unit))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "verb", step->key);
        doc_text(object, "label", label_text(page->cx, &step->label));
    }
}

static enum status
show(struct sheet *sheet, enum status status)
{
    struct page *page = sheet->page;
    struct ctx *cx = page->cx;
    struct range today = {cx->world->today, cx->world->today};
    struct form_offers offers = {0};
    struct form_view view = {.page = page,
        .reg = sheet->reg,
        .unit = sheet->unit,
        .fields = &sheet->fields,
        .typed = sheet->has_typed ? &sheet->typed : NULL,
        .shows_personal = true,
        .wants = is_common,
        .offers = &offers};
    page->template = "sheet";
    page_set_title(page, "Cả chi bộ: %s", label_text(cx, &sheet->reg->label));
    page_crumb(page, arena_printf(cx->arena, "/so/%s", sheet->reg->key),
        label_text(cx, &sheet->reg->label));
    doc_text(page->data, "register", sheet->reg->key);
    doc_text(page->data, "register_label", label_text(cx, &sheet->reg->label));
    page_unit_doc(page->cx, page->data, "unit", sheet->unit, today);
    doc_text(page->data, "unit_code", unit_code(cx->arena, sheet->unit, cx->world->today));
    doc_text(page->data, "key", sheet->key);
    page_form(page, "", status);
    add_steps(sheet);
    TRY(form_doc(doc_list(page->data, "fields"), &view));
    return add_people(sheet);
}

enum status
sheet_page_show(struct page *page)
{
    struct sheet sheet;
    TRY(begin(page, page_param(page, "dv"), NULL, &sheet));
    return show(&sheet, OK);
}

/* Keeping */

static enum status
make_record(const struct sheet *sheet, const char *person, const char *verb)
{
    struct ctx *cx = sheet->page->cx;
    const struct reg *reg = sheet->reg;
    struct row fields = row_copy(cx->arena, reg->fields, reg->field_count, &sheet->fields);
    struct record_new wanted = {.reg = reg,
        .unit = sheet->unit,
        .fields = &fields,
        .origin = arena_printf(cx->arena, "%s.%s", sheet->key, person),
        .verb = verb};
    struct record *record;
    if (!value_parse(cx, sheet->person, person, (struct fault){0},
            &fields.values[sheet->person->index]))
        return ERR_INVALID;
    return record_create(cx, &wanted, &record);
}

/* The first that cannot be made stops the others: what is wrong with one is wrong with all. */
static enum status
make_records(const struct sheet *sheet, int *made)
{
    struct page *page = sheet->page;
    const char *verb = request_form(page->request, "buoc");
    *made = 0;
    for (int i = 0; i < page->request->form_count && *made < PEOPLE_MAX; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strcmp(pair->name, "nguoi") != 0)
            continue;
        TRY(make_record(sheet, pair->value, verb != NULL && *verb != '\0' ? verb : NULL));
        ++*made;
    }
    if (*made > 0)
        return OK;
    return fault_set(page->cx, ERR_INVALID, "Chưa đánh dấu đồng chí nào.");
}

enum status
sheet_page_make(struct page *page)
{
    struct sheet sheet;
    struct typed nothing = {0};
    int made;
    TRY(begin(page, request_form(page->request, "dv"), request_form(page->request, "khoa"),
        &sheet));
    sheet.typed = typed_of_request(page, sheet.reg);
    sheet.has_typed = true;
    enum status files = form_read_files(page, sheet.reg, sheet.unit->shard, &nothing, true,
        &sheet.fields, &sheet.typed);
    enum status status = form_read(page, sheet.reg, &sheet.typed, true, &sheet.fields);
    status = status == OK ? files : status;
    if (status == OK)
        status = make_records(&sheet, &made);
    if (status == ERR_INVALID || status == ERR_LIMIT)
        return show(&sheet, status);
    TRY(status);
    page_redirect(page,
        arena_printf(page->cx->arena, "/so/%s?dv=%s&da_lam=%d", sheet.reg->key,
            unit_code(page->cx->arena, sheet.unit, page->cx->world->today), made));
    return OK;
}
