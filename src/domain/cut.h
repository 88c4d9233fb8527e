/* Cuts: the choices by which an indicator's facts are told apart, packed into one number, and
 * filters that choose among them. */
#ifndef DOMAIN_CUT_H
#define DOMAIN_CUT_H

#include "domain/world.h"

/* A cut packs the choices of an indicator's `by` fields: eight bits each, the first lowest; 0 is
 * null, else the choice's index + 1 (a boolean: 1 no, 2 yes); after them the measure when the
 * indicator breaks down by it, and of a stock whether it came or went. Above them lies the set of
 * the record's directives. */
enum {
    CUT_BITS = 8,
    CUT_MASK = 255,
    CUT_DIRECTIVES = CUTS_MAX * CUT_BITS,
    FLOW_IN = 1,
    FLOW_OUT = 2
};
int64_t cut_part(int64_t cut, int place);
/* The place of a cut's field by key among the indicator's `by`, also CUT_MEASURE; -1: none. */
int cut_place(const struct indicator *, const char *key);
int cut_places(const struct indicator *);
/* Key and label of the field at a place, and of the value that a part stands for (0: null). */
const char *cut_field_key(const struct indicator *, int place);
const char *cut_field_label(const struct ctx *, const struct indicator *, int place);
const char *cut_value_key(const struct indicator *, int place, int64_t part);
const char *cut_value_label(const struct ctx *, const struct indicator *, int place, int64_t part);
/* How many values a place has besides null. */
int cut_value_count(const struct indicator *, int place);

/* A choice among cuts: those are taken for which (cut & mask) = want. All zero takes every cut. */
struct cut_filter {
    int64_t mask, want;
};

/* Read "loai=kiem_tra_dhvp,chu_the=ubkt" (NULL or "": all); "directive=KEY" asks for the records
 * that serve a directive. ERR_INVALID names what there is. Of a ratio or a change it chooses among
 * the cuts of indicator_of_cuts(). */
MUST_CHECK enum status cut_filter_parse(struct ctx *, const struct indicator *, const char *text,
    struct cut_filter *out);
/* The filter in the one spelling that cut_filter_parse reads: fields in the indicator's order. */
const char *cut_filter_text(struct arena *, const struct world *, const struct indicator *,
    const struct cut_filter *);
/* The part that is asked at a place, or -1; and a filter that asks for another one there. */
int cut_filter_part(const struct cut_filter *, int place);
void cut_filter_set(struct cut_filter *, int place, int part);
/* Of one directive besides, or (NULL) of any; and the one that is asked, NULL when none or several
 * are. */
void cut_filter_set_directive(struct cut_filter *, const struct world *, const struct directive *);
const struct directive *cut_filter_directive(const struct cut_filter *, const struct world *);
/* The same choice among the cuts of another indicator, by the keys of its fields; false when it
 * does not break down by one of them. */
bool cut_filter_translate(const struct indicator *from, const struct cut_filter *,
    const struct indicator *to, struct cut_filter *out);

#endif
