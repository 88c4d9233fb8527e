/* The fields of a register as a form: shown from a record or from what somebody has typed, and read
 * back. A field is sent under "f." and its key, a cell of a list under "f.LIST.ROW.COLUMN" with
 * rows from 0; whatever else the form sends has no such beginning. */
#ifndef WEB_FORM_FIELDS_H
#define WEB_FORM_FIELDS_H

#include "domain/record.h"
#include "domain/remark.h"
#include "web/page.h"

#define FIELD_PREFIX "f."

/* What was typed, as it was sent. */
struct typed {
    struct pair *pairs;
    int count;
};

/* The fields of a request's form, with the rows that its buttons add and take away and those that
 * were pasted ("dan.f.LIST": lines of cells between tabs). */
struct typed typed_of_request(struct page *, const struct reg *);
/* The same as one text, as a browser sends it, and back. */
const char *typed_encode(struct arena *, const struct typed *);
struct typed typed_decode(struct page *, const char *body);
/* The first of a name, or NULL. */
const char *typed_get(const struct typed *, const char *name);

struct form_choices;
struct form_offers {
    struct form_choices *items;
    int count;
};

struct form_view {
    struct page *page;
    const struct reg *reg;
    const struct unit *unit;   /* for which it is filled in */
    const struct row *fields;  /* what is shown where nothing was typed */
    const struct typed *typed; /* or NULL */
    const struct row *theirs;  /* of a conflict: what is stored by now; or NULL */
    const struct remark *remarks;
    int remark_count;
    bool shows_personal;
    bool (*wants)(const struct field *); /* which are shown; NULL: all */
    struct form_offers *offers;          /* filled on the way */
};

/* An empty form: defaults, the date by which it counts as today, and years that must be there as this
 * year. */
struct row form_begin(const struct page *, const struct reg *);

/* The fields as html/form_field.html shows them, with the faults of cx beside those that they
 * belong to. */
MUST_CHECK enum status form_doc(struct doc *list, const struct form_view *);

/* Read what was typed over the fields that are there; a field that was not sent stays. Every fault
 * is told; ERR_INVALID if any. */
MUST_CHECK enum status form_read(struct page *, const struct reg *, const struct typed *,
    bool with_personal, struct row *fields);

/* Take in the files of a request's form: those that the field has already, that came with the draft
 * before, and that come now, without those that are to be taken off. What the fields have then is
 * also put into `typed`, under a name that no form sends. ERR_INVALID with all faults. */
MUST_CHECK enum status form_read_files(struct page *, const struct reg *, int64_t shard,
    const struct typed *before, bool with_personal, struct row *fields, struct typed *typed);
/* The same from a draft, for showing. */
void form_show_files(struct page *, const struct reg *, const struct typed *, struct row *fields);

/* Forget what was typed into a field. */
void form_forget(struct page *, struct typed *, const struct field *);

/* A field's value as it stands in an input. */
const char *form_text(struct page *, const struct field *, const struct value *);

#endif
