/* What can be chosen in a field: its choices, members of the unit, units, and records that it may
 * refer to. Asked once for a form, however many rows have the field. */
#ifndef WEB_FORM_CHOICES_H
#define WEB_FORM_CHOICES_H

#include "web/form_fields.h"

struct form_option {
    const char *value, *label;
};

struct form_choices {
    const struct form_view *view;
    const struct field *field;
    const char *chosen; /* the text of the option that is chosen, or another one */
    struct form_option *items;
    int count; /* 0: the field is typed */
};

MUST_CHECK enum status form_choices_find(struct form_choices *);
/* A list of { value, label, is_chosen }. What is chosen and stands in no option is one more. */
void form_choices_doc(struct doc *list, const struct form_choices *);

#endif
