/* Fields of forms that belong to no register, shown as html/form_field.html shows those of one. */
#ifndef WEB_PLAIN_FORM_H
#define WEB_PLAIN_FORM_H

#include "web/form_choices.h"
#include "web/page.h"

enum plain_kind { PLAIN_TEXT, PLAIN_DAY, PLAIN_NUMBER, PLAIN_CHOICE };

struct plain_field {
    const char *name, *label;
    const char *hint;  /* or NULL */
    const char *value; /* before anything was sent; NULL: "" */
    enum plain_kind kind;
    bool required;
    int max;                           /* characters; 0: any */
    const struct form_option *options; /* of a PLAIN_CHOICE */
    int option_count;
};

/* One more field into a list, with what was sent and its fault. */
void plain_field_add(struct page *, struct doc *list, const struct plain_field *);

/* The choices of a pack as options, the first with `none` (or NULL: without) as its label. */
const struct form_option *plain_options(const struct ctx *, const struct choice *, int count,
    const char *none, int *out);

#endif
