/* What records are called where others name them: by the first text of theirs that is about nobody,
 * else by their code; by the code also where the viewer may not read the record. Of a register of
 * the visibility han_che only codes are shown. The titles that a page needs are read together, so
 * many at a time, not one by one. */
#ifndef DOMAIN_TITLE_H
#define DOMAIN_TITLE_H

#include "domain/record.h"

/* Of a record that is at hand; its code when it has no title. */
const char *title_of(const struct record *);

struct titles;

struct titles *titles_new(struct ctx *);
/* Those of the records that a field, or all fields of a row, name; lists included. */
void titles_want_value(struct titles *, const struct field *, const struct value *);
void titles_want(struct titles *, const struct field *, int count, const struct row *);
/* Read what is wanted; once. */
MUST_CHECK enum status titles_read(struct titles *);
/* The title of a record that was wanted, by the number of its code; the code also when the record
 * is not there any more. */
/* The address of the record, or NULL where the viewer may not read it. */
const char *titles_href(const struct titles *, int64_t code);
const char *titles_text(const struct titles *, int64_t code);

#endif
