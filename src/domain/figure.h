/* Figures: the value of an indicator for a unit and a range of days. Recorded facts and
 * declarations are kept apart and both shown; every figure can be taken apart into children,
 * months, cuts and records that add up to it. */
#ifndef DOMAIN_FIGURE_H
#define DOMAIN_FIGURE_H

#include "base/doc.h"
#include "base/number.h"
#include "domain/cell.h"
#include "domain/world.h"

/* A choice among an indicator's cuts: part[place] is the value wanted, -1 any (domain/fact.h). */
enum { CUT_PLACES = CUTS_MAX };
struct cut_filter {
    bool any; /* nothing is asked: totals serve */
    int part[CUT_PLACES];
};

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
};

struct figure {
    const struct figure_query *query;
    struct sum recorded;
    int64_t declared; /* the sum of `declarations` */
    struct declaration *declarations;
    int declaration_count;
    struct declaration *outside; /* those that only touch the range: listed, not counted */
    int outside_count;
    int64_t value; /* recorded + declared */
    enum qualifier qualifier;
    int word;      /* the published word to print */
    bool overlap;  /* a counted declaration's unit and range also hold recorded facts */
    bool is_mixed; /* several units of measure: the value says nothing, see the cuts */
};

/* Read "loai=kiem_tra_dhvp,chu_the=ubkt" (NULL or "": all). ERR_INVALID names what there is. */
MUST_CHECK enum status cut_filter_parse(struct ctx *, const struct indicator *, const char *text,
    struct cut_filter *out);
bool cut_filter_takes(const struct cut_filter *, int64_t cut);

/* Read a basis: "then", "end", "now" or a date. */
MUST_CHECK enum status basis_parse(struct ctx *, const char *text, int32_t to, int32_t *out);

/* One figure, on the snapshot of cx. */
MUST_CHECK enum status figure_read(struct ctx *, const struct figure_query *, struct figure *out);

/* The recorded part by month: sums[i] is month_number(from) + i; as many as the range has. */
MUST_CHECK enum status figure_months(struct ctx *, const struct figure_query *, struct sum **out,
    int *count);

/* The recorded part by the value of one cut: sums[part], part 0 for null. */
MUST_CHECK enum status figure_cuts(struct ctx *, const struct figure_query *, int place,
    struct sum **out, int *count);

/* What a figure is made of: the unit's own records and declarations, then each child's, in
 * administrative order. The parts add up to the figure; check_parts of the page says so. */
struct figure_part {
    const struct unit *unit;
    struct figure figure;
    bool is_own;  /* the unit's own records and declarations */
    bool unknown; /* nothing recorded, and the unit above declares: "chưa có số liệu" */
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
};

/* The records behind the recorded part, from `skip` on, at most `limit`, in the order of units and
 * days. *more: there are others after them. */
MUST_CHECK enum status figure_records(struct ctx *, const struct figure_query *, int skip,
    int limit, struct figure_record **out, int *count, bool *more);

/* Declare. ERR_INVALID for a word, range or unit that cannot be. The same declaration again changes
 * nothing; another value for the same unit, range and cut replaces it. */
struct declare {
    const char *indicator, *unit, *cut, *value, *word, *source;
    const char *from, *to;
};
MUST_CHECK enum status declare(struct ctx *, const struct declare *, struct declaration *out);
MUST_CHECK enum status declaration_withdraw(struct ctx *, int64_t shard, int64_t id);

/* The figure as a document, with the fields of figure --json. `d` is an object. */
void figure_doc(struct doc *d, const struct ctx *, const struct figure *);

#endif
