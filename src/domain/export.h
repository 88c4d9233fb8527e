/* What the store holds, written as files that the imports read again: records of a register,
 * declarations, and the tree of units through time. Bytes go to a sink as they are made, so that a
 * register of any size needs little memory. */
#ifndef DOMAIN_EXPORT_H
#define DOMAIN_EXPORT_H

#include "base/table.h"
#include "domain/world.h"

/* All records of a register with their codes, origins and states, void ones too; list rows on lines
 * of their own below their record. In administrative order of the units, and of one unit in the
 * order in which they were made. */
struct record_export {
    const struct reg *reg;
    const struct unit *unit; /* with all that is below it today, or that passed to it; NULL: all */
    enum table_format format;
    bool with_private; /* also the fields that are the person's and the branch's */
};

struct record_export_result {
    int64_t records, lines; /* without the head line */
};

MUST_CHECK enum status record_export(struct ctx *, const struct record_export *,
    const struct sink *, struct record_export_result *);

/* All declarations, by indicator, unit and days; *lines is how many. */
MUST_CHECK enum status declaration_export(struct ctx *, enum table_format, const struct sink *,
    int64_t *lines);

struct person_export_result {
    int64_t people, lines;
};

/* All people with their codes, one line for each span, as person_import reads them. That they were
 * read is noted of each before. */
MUST_CHECK enum status person_export(struct ctx *, enum table_format, const struct sink *,
    struct person_export_result *);

/* All units with all spans and events, as the list through time that unit_import reads; *lines is
 * without the head line. */
MUST_CHECK enum status unit_export(struct ctx *, enum table_format, const struct sink *,
    int64_t *lines);

/* The logical content of the database, for comparing two of them: units with spans and events,
 * people, records with fields and rows, declarations, calendar, settings and packs, one fact a line
 * in TSV without a head, in an order and by names that do not depend on ids. What is derived, the
 * history and the times of writing are left out. */
MUST_CHECK enum status dump_all(struct ctx *, const struct sink *);

#endif
