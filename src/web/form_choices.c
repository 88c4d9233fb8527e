/* Finding what a field may be set to. */
#include "web/form_choices.h"

#include "base/code.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/record_view.h"
#include "domain/rights.h"
#include "domain/title.h"

#include <string.h>

enum { PEOPLE_OFFERED = 500, UNITS_OFFERED = 200, RECORDS_OFFERED = 30 };

static void
offer(struct form_choices *choices, const char *value, const char *label)
{
    struct arena *arena = choices->view->page->cx->arena;
    *ARENA_PUSH(arena, choices->items, choices->count) = (struct form_option){value, label};
}

/* In whose language the labels are. */
static const struct ctx *
cx_of(const struct form_choices *choices)
{
    return choices->view->page->cx;
}

static void
offer_choices(struct form_choices *choices)
{
    const struct field *field = choices->field;
    if (!field->required || !field->has_default)
        offer(choices, field->has_default ? "-" : "",
            field->required ? tr(cx_of(choices), "Chọn…") : tr(cx_of(choices), "Không ghi"));
    for (int i = 0; i < field->choice_count; i++)
        offer(choices, field->choices[i].key, label_text(cx_of(choices), &field->choices[i].label));
}

static void
offer_boolean(struct form_choices *choices)
{
    offer(choices, "co", tr(cx_of(choices), "Có"));
    offer(choices, "khong", tr(cx_of(choices), "Không"));
    if (!choices->field->required && !choices->field->has_default)
        offer(choices, "", tr(cx_of(choices), "Chưa rõ"));
}

/* Whoever writes only about himself or herself is not told who else is there. */
static enum status
offer_oneself(struct form_choices *choices)
{
    struct ctx *cx = choices->view->page->cx;
    const char *code = code_text(cx->arena, cx->viewer->person), *name;
    if (cx->viewer->person == 0)
        return OK;
    TRY(person_name(cx, code, &name));
    offer(choices, code, name);
    return OK;
}

static enum status
offer_people(struct form_choices *choices)
{
    struct page *page = choices->view->page;
    struct doc *people = doc_new(page->cx->arena, DOC_LIST);
    struct person_query query = {.unit = choices->view->unit,
        .day = page->cx->world->today,
        .limit = PEOPLE_OFFERED};
    int total;
    offer(choices, "",
        choices->field->required ? tr(cx_of(choices), "Chọn…") : tr(cx_of(choices), "Không ghi"));
    if (!may_people(page->cx, query.unit))
        return offer_oneself(choices);
    TRY(person_list_doc(people, page->cx, &query, &total));
    for (const struct doc *person = people->first; person != NULL; person = person->next)
        offer(choices, doc_get(person, "code")->text, doc_get(person, "name")->text);
    return OK;
}

static void
offer_unit(struct form_choices *choices, const struct unit *unit)
{
    struct ctx *cx = choices->view->page->cx;
    int32_t today = cx->world->today;
    if (may_know_unit(cx, unit))
        offer(choices, unit_code(cx->arena, unit, today), unit_named(unit, today)->name);
}

/* The unit, those above it and those below, as they stand today. */
static void
offer_units(struct form_choices *choices)
{
    struct ctx *cx = choices->view->page->cx;
    int32_t today = cx->world->today;
    struct scope scope =
        tree_scope(cx->arena, cx->world->tree, choices->view->unit, today, today, DAY_THEN);
    if (scope.count > UNITS_OFFERED)
        return;
    offer(choices, "", choices->field->required ? tr(cx, "Chọn…") : tr(cx, "Không ghi"));
    for (int i = 0; i < scope.count; i++)
        offer_unit(choices, scope.items[i].unit);
    const struct span *span = unit_on(choices->view->unit, today);
    for (const struct unit *above = span == NULL ? NULL : span->parent; above != NULL;
         above = unit_named(above, today)->parent)
        offer_unit(choices, above);
}

/* The newest records of the unit and of those above it that the viewer may read. */
static enum status
offer_records(struct form_choices *choices)
{
    struct ctx *cx = choices->view->page->cx;
    const struct unit *unit = choices->view->unit;
    offer(choices, "", choices->field->required ? tr(cx, "Chọn…") : tr(cx, "Không ghi"));
    while (unit != NULL) {
        struct record **records;
        int count;
        TRY(record_newest(cx, choices->field->target, unit, RECORDS_OFFERED, &records, &count));
        for (int i = 0; i < count; i++)
            offer(choices, records[i]->code, title_of(records[i]));
        unit = unit_named(unit, cx->world->today)->parent;
    }
    return OK;
}

static enum status
offer_all(struct form_choices *choices)
{
    switch (choices->field->kind) {
    case KIND_CHOICE:
        offer_choices(choices);
        return OK;
    case KIND_BOOLEAN:
        offer_boolean(choices);
        return OK;
    case KIND_PERSON:
        return offer_people(choices);
    case KIND_UNIT:
        offer_units(choices);
        return OK;
    case KIND_REFERENCE:
        return offer_records(choices);
    default:
        return OK;
    }
}

/* Rows of a list have the same choices: they are looked for once. */
enum status
form_choices_find(struct form_choices *choices)
{
    struct form_offers *offers = choices->view->offers;
    for (int i = 0; i < offers->count; i++) {
        if (offers->items[i].field == choices->field) {
            choices->items = offers->items[i].items;
            choices->count = offers->items[i].count;
            return OK;
        }
    }
    TRY(offer_all(choices));
    *ARENA_PUSH(choices->view->page->cx->arena, offers->items, offers->count) = *choices;
    return OK;
}

void
form_choices_doc(struct doc *list, const struct form_choices *choices)
{
    bool is_found = choices->count == 0;
    for (int i = 0; i <= choices->count; i++) {
        bool is_other = i == choices->count;
        if (is_other && is_found)
            break;
        const struct form_option *option = &choices->items[i];
        const char *value = is_other ? choices->chosen : option->value;
        bool is_chosen = !is_found && strcmp(value, choices->chosen) == 0;
        is_found = is_found || is_chosen;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "value", value);
        doc_text(object, "label", is_other ? value : option->label);
        doc_integer(object, "place", i);
        doc_bool(object, "is_chosen", is_chosen);
    }
}
