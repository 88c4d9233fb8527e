/* Fields of forms that belong to no register. */
#include "web/plain_form.h"

#include <string.h>

static void
add_options(struct doc *object, const struct plain_field *field, const char *value)
{
    struct doc *list = doc_list(object, "options");
    for (int i = 0; i < field->option_count; i++) {
        const struct form_option *option = &field->options[i];
        struct doc *item = doc_object(list, NULL);
        doc_text(item, "value", option->value);
        doc_text(item, "label", option->label);
        doc_bool(item, "is_chosen", strcmp(option->value, value) == 0);
    }
}

void
plain_field_add(struct page *page, struct doc *list, const struct plain_field *field)
{
    const char *sent = request_form(page->request, field->name);
    const char *value = sent != NULL ? sent : field->value == NULL ? "" : field->value;
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "id", field->name);
    doc_text(object, "label", field->label);
    doc_text(object, "hint", field->hint);
    doc_text(object, "value", value);
    doc_text(object, "error", page_fault(page, field->name));
    doc_text(object, "theirs", NULL);
    doc_bool(object, "required", field->required);
    doc_bool(object, "is_list", false);
    doc_bool(object, "is_files", false);
    doc_bool(object, "is_radio", false);
    doc_bool(object, "is_long", false);
    doc_bool(object, "is_select", field->kind == PLAIN_CHOICE);
    doc_bool(object, "is_input", field->kind != PLAIN_CHOICE);
    doc_bool(object, "is_number", field->kind == PLAIN_NUMBER);
    doc_bool(object, "is_short", field->kind == PLAIN_DAY);
    doc_text(object, "inputmode", field->kind == PLAIN_NUMBER ? "numeric" : "text");
    doc_text(object, "max",
        field->max > 0 ? arena_printf(page->cx->arena, "%d", field->max) : NULL);
    doc_list(object, "remarks");
    add_options(object, field, value);
}

const struct form_option *
plain_options(const struct ctx *cx, const struct choice *choices, int count, const char *none,
    int *out)
{
    struct form_option *options = NULL;
    *out = 0;
    if (none != NULL)
        *ARENA_PUSH(cx->arena, options, *out) = (struct form_option){"", none};
    for (int i = 0; i < count; i++)
        *ARENA_PUSH(cx->arena, options, *out) =
            (struct form_option){choices[i].key, label_text(cx, &choices[i].label)};
    return options;
}
