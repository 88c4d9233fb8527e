/* Figures: the value of an indicator for a unit and a range of days. Recorded facts and
 * declarations are kept apart and both shown; every figure can be taken apart into children,
 * months, cuts and records that add up to it. */
#ifndef DOMAIN_FIGURE_H
#define DOMAIN_FIGURE_H

#include "base/doc.h"
#include "base/number.h"
#include "domain/cell.h"
#include "domain/cut.h"
#include "domain/record.h"
#include "domain/world.h"

struct figure_query {
    const struct indicator *indicator;
    const struct unit *unit;
    int32_t from, to; /* both included */
    int32_t basis;    /* DAY_THEN or a day */
    struct cut_filter where;
    bool own; /* without what is below the unit */
};

struct declaration {
    int64_t shard, id;
    const struct indicator *indicator;
    const struct unit *unit;
    int32_t from, to;
    const char *cut; /* "loai=…,chu_the=…" or "" */
    int64_t value;
    int word;
    const char *source;
    int64_t version;
    int64_t at;
    bool has_fraction; /* a percentage with what it was divided from */
    int64_t numerator, denominator;
};

/* A stock through a range. What is there at the beginning is placed by the structure of the day
 * before, all else by that of the last day: `transferred` is what units brought along or took away.
 */
struct stock {
    int64_t opening, increase, decrease, transferred; /* decrease as a positive number */
};

struct figure {
    const struct figure_query *query;
    struct sum recorded; /* .value: how many different ones, the stock, the percentage */
    int64_t declared;    /* the sum of `declarations`; of a ratio one percentage */
    bool has_declared;   /* false also where declared percentages cannot be put together */
    struct declaration *declarations;
    int declaration_count;
    struct declaration *outside; /* those that only touch the range: listed, not counted */
    int outside_count;
    int64_t value;  /* recorded + declared; of ratios and changes the recorded one */
    bool has_value; /* false: a ratio of nothing */
    enum qualifier qualifier;
    int word;      /* the published word to print */
    bool overlap;  /* a counted declaration's unit and range also hold recorded facts */
    bool is_mixed; /* several units of measure: the value says nothing, see the cuts */
    struct stock stock;
    struct figure *bases[2]; /* of a ratio; of a change now and before; NULL: units or people */
    int64_t numerator, denominator; /* of a ratio, in one scale */
};

/* Is there anything recorded or declared? */
bool figure_holds(const struct figure *);

/* Read a basis: "then", "end", "now" or a date. */
MUST_CHECK enum status basis_parse(struct ctx *, const char *text, int32_t to, int32_t *out);

/* May the viewer see figures of the indicator, and of those that it is made of, for the unit? */
bool figure_is_visible(const struct ctx *, const struct indicator *, const struct unit *);

/* One figure, on the snapshot of cx. ERR_NOT_FOUND when the viewer may not see it: here and in all
 * that take a figure apart. */
MUST_CHECK enum status figure_read(struct ctx *, const struct figure_query *, struct figure *out);
/* Several, for a page or a table of them: a server is asked for all of them together. */
MUST_CHECK enum status figures_read(struct ctx *, const struct figure_query *, int count,
    struct figure *out);

/* The recorded part by stretches of `step` months, which are counted from the year 0: sums[i] is
 * stretch month_number(from) / step + i. A stock is that of the end of the stretch. ERR_LIMIT
 * beyond 200 years. Not of ratios and changes. */
MUST_CHECK enum status figure_series(struct ctx *, const struct figure_query *, int step,
    struct sum **out, int *count);

/* The recorded part by the value of one cut: sums[part], part 0 for null. */
MUST_CHECK enum status figure_cuts(struct ctx *, const struct figure_query *, int place,
    struct sum **out, int *count);

/* What a figure is made of: the unit's own records and declarations, then each child's, in
 * administrative order. The parts of sums and stocks add up to the figure; of different values they
 * come to more, by those that several parts have. */
struct figure_part {
    const struct unit *unit;
    struct figure figure;
    bool is_own;    /* the unit's own records and declarations */
    bool unknown;   /* nothing recorded, and the unit above declares: "chưa có số liệu" */
    bool is_hidden; /* the viewer may not see it: nothing but the unit is filled */
};
MUST_CHECK enum status figure_parts(struct ctx *, const struct figure *whole,
    struct figure_part **out, int *count);
/* The same with the unit's own part always first, so that the parts of several indicators stand
 * side by side. */
MUST_CHECK enum status figure_all_parts(struct ctx *, const struct figure *whole,
    struct figure_part **out, int *count);

/* One record behind a figure. */
struct figure_record {
    const struct unit *unit;
    const char *code, *state;
    int32_t day;
    int seq;
    int64_t cut, value;
    int word;
    struct record_key key;
    bool is_readable; /* by the viewer, as a record */
};

/* May the viewer see the rows of the records behind the figure? */
bool figure_has_rows(const struct ctx *, const struct figure_query *);

/* The records behind the recorded part, from `skip` on, at most `limit`, in the order of units and
 * days. *more: there are others after them. What a distinct indicator tells apart stays inside:
 * each of its records is one. ERR_NOT_FOUND where figure_has_rows says no. */
MUST_CHECK enum status figure_records(struct ctx *, const struct figure_query *, int skip,
    int limit, struct figure_record **out, int *count, bool *more);

/* Declare. ERR_INVALID for a word, range or unit that cannot be. The same declaration again changes
 * nothing; another value for the same unit, range and cut replaces it. */
struct declare {
    const char *indicator, *unit, *cut, *value, *word, *source;
    const char *from, *to;
    const char *numerator, *denominator; /* of a ratio: both or none */
};
MUST_CHECK enum status declare(struct ctx *, const struct declare *, struct declaration *out);
MUST_CHECK enum status declaration_withdraw(struct ctx *, int64_t shard, int64_t id);

/* What is to be explained about a figure: rules of the pack between figures that do not hold here,
 * and percentages that nothing stands behind. */
struct figure_notice {
    const char *message;
    const struct figure *figure, *other; /* of a rule: the two; else NULL */
};
MUST_CHECK enum status figure_notices(struct ctx *, const struct figure *,
    struct figure_notice **out, int *count);

/* The address of a figure's page. */
const char *figure_href(struct arena *, const struct world *, const struct figure_query *);

/* The number as it is printed, with its published word: "hơn 1.400", "98,8%"; "" when there is
 * none. */
const char *figure_text(struct arena *, const struct figure *);

/* Its value as a leaf of a document: a quantity, a percentage, or null. */
void figure_value_doc(struct doc *d, const char *key, const struct figure *);
/* The recorded and the declared part likewise. */
void figure_recorded_doc(struct doc *d, const char *key, const struct figure *);
void figure_declared_doc(struct doc *d, const char *key, const struct figure *);

/* The figure as a document, with the fields of figure --json. `d` is an object. */
void figure_doc(struct doc *d, const struct ctx *, const struct figure *);

#endif
