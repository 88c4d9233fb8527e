/* Values in and out as text: what people type, what files carry, what pages and the history show.
 */
#ifndef DOMAIN_FORM_H
#define DOMAIN_FORM_H

#include "base/buf.h"
#include "base/doc.h"
#include "domain/world.h"
#include "pack/value.h"

/* Read one field as typed. An empty text is null or the field's default, and "-" is null where
 * there is a default. `where` places a fault; the fault names the field's label, the value, and
 * what would be right. False when it is wrong: go on with the next field. */
bool value_parse(struct ctx *, const struct field *, const char *text, struct fault where,
    struct value *out);

/* The value as files carry it and value_parse reads it back. NULL for null; not for lists. */
const char *value_text(struct arena *, const struct world *, const struct field *,
    const struct value *);
/* The same for a cell: "" for null, or "-" where an empty cell would mean a default. */
const char *value_cell(struct arena *, const struct world *, const struct field *,
    const struct value *);
/* The value for people: labels, Vietnamese numbers and dates. "" for null. */
const char *value_show(const struct ctx *, const struct field *, const struct value *);

/* An empty row: nulls, and defaults where the fields have any. */
struct row row_new(struct arena *, const struct field *, int count);
/* A copy whose values can be changed; rows of lists are copied too. */
struct row row_copy(struct arena *, const struct field *, int count, const struct row *);

/* The fields of a record as compact JSON, in the register's order, nulls left out: what the history
 * keeps and chithi check compares. */
void row_json(struct buf *out, const struct world *, const struct field *, int count,
    const struct row *);

/* The same as a document for pages: a list of { key, label, is_list, value (typed), shown, href,
 * columns, rows: list of { number, cells: the same again } }. With `with_personal` it shows people
 * by their names: who asks for it has told person_note_read; without, what is about people is left
 * out, and `hidden` says so. */
MUST_CHECK enum status row_doc(struct doc *list, struct ctx *, const struct reg *,
    const struct row *, bool with_personal);

#endif
