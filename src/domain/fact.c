/* Deriving facts from records and keeping the stored ones in step. */
#include "domain/fact.h"

#include "base/number.h"
#include "base/plant.h"
#include "domain/cell.h"
#include "pack/expr.h"

#include <string.h>

static const struct value *
value_of(const struct field *field, const struct row *fields, const struct row *row)
{
    return &(field->list == NULL ? fields : row)->values[field->index];
}

static int64_t
cut_of(const struct indicator *indicator, const struct row *fields, const struct row *row)
{
    int64_t cut = 0;
    for (int i = 0; i < indicator->by_count; i++) {
        const struct value *value = value_of(indicator->by[i], fields, row);
        if (!value->is_null)
            cut |= (value->number + 1) << (i * CUT_BITS);
    }
    if (indicator->by_measure)
        cut |= (int64_t)(value_of(indicator->sum, fields, row)->measure + 1)
            << (indicator->by_count * CUT_BITS);
    return cut;
}

/* Deriving */

/* What is derived from one record: the facts so far, and one row of a list while it is looked at.
 */
struct deriving {
    struct ctx *cx;
    const struct record *record;
    const struct row *row;
    int seq;
    struct fact **facts;
    int *count;
};

static void
push_fact(struct deriving *d, struct fact fact)
{
    *ARENA_PUSH(d->cx->arena, *d->facts, *d->count) = fact;
}

/* A stock is changed twice: by what comes, and on another day by the same going out again. */
static void
push_stock(struct deriving *d, struct fact fact)
{
    const struct indicator *indicator = fact.indicator;
    int place = indicator->by_count + indicator->by_measure;
    int64_t cut = fact.cut;
    fact.seq = 2 * d->seq;
    fact.cut = cut | (int64_t)(fact.value < 0 ? FLOW_OUT : FLOW_IN) << (place * CUT_BITS);
    push_fact(d, fact);
    if (indicator->until == NULL || PLANTED("stock_never_goes_out"))
        return;
    const struct value *until = value_of(indicator->until, &d->record->fields, d->row);
    if (until->is_null)
        return;
    fact.seq++;
    fact.day = (int32_t)until->number;
    fact.value = -fact.value;
    fact.cut = cut | (int64_t)(fact.value < 0 ? FLOW_OUT : FLOW_IN) << (place * CUT_BITS);
    push_fact(d, fact);
}

/* The number that is counted, summed or told apart; false when there is none. */
static bool
value_counted(const struct deriving *d, const struct indicator *indicator, struct fact *fact)
{
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    fact->value = 1;
    if (field == NULL) {
        if (indicator->aggregation == AGG_DISTINCT)
            fact->value = d->record->unit->id;
        return true;
    }
    const struct value *value = value_of(field, &d->record->fields, d->row);
    fact->value = value->number;
    fact->word = field->kind == KIND_QUANTITY ? value->word : 0;
    return !value->is_null;
}

static enum status
derive_row(struct deriving *d, const struct indicator *indicator)
{
    const struct row *fields = &d->record->fields;
    const struct value *day = &fields->values[indicator->on->index];
    struct fact fact = {.indicator = indicator, .seq = d->seq, .day = (int32_t)day->number};
    enum truth truth = IS_TRUE;
    if (indicator->where != NULL)
        TRY(expr_evaluate(d->cx, indicator->where, fields, d->row, &truth));
    if (truth != IS_TRUE || day->is_null || !value_counted(d, indicator, &fact))
        return OK;
    fact.cut = cut_of(indicator, fields, d->row) | d->record->directives << CUT_DIRECTIVES;
    if (indicator->aggregation == AGG_STOCK)
        push_stock(d, fact);
    else
        push_fact(d, fact);
    return OK;
}

bool
fact_goes_out(const struct indicator *indicator, int64_t seq)
{
    return indicator->aggregation == AGG_STOCK && seq % 2 == 1;
}

enum status
fact_derive(struct ctx *cx, const struct record *record, struct fact **out, int *count)
{
    const struct reg_indicators *group = &cx->world->of_register[record->reg->index];
    struct deriving d = {.cx = cx, .record = record, .facts = out, .count = count};
    *out = NULL;
    *count = 0;
    for (int i = 0; i < group->count && record->state != STATE_IS_VOID; i++) {
        const struct indicator *indicator = group->items[i];
        const struct value *list =
            indicator->list == NULL ? NULL : &record->fields.values[indicator->list->index];
        if (!(indicator->states >> record->state & 1))
            continue;
        for (int r = 0; r < (list == NULL ? 1 : list->row_count); r++) {
            d.row = list == NULL ? NULL : &list->rows[r];
            d.seq = r;
            TRY(derive_row(&d, indicator));
        }
    }
    return OK;
}

/* Storing */

/* A fact as it is stored: the indicator is a number there. */
struct stored {
    int64_t unit, indicator, day, seq, cut, value, word, is_key;
};

/* Is a number one of this world's indicators? While a pack is applied, facts of the versions before
 * and after stand beside those in force; they are looked after by domain/build.c. */
static bool
is_ours(const struct world *world, const struct reg *reg, int64_t indicator)
{
    const struct reg_indicators *group = &world->of_register[reg->index];
    for (int i = 0; i < group->count; i++) {
        if (world->indicator_ids[group->items[i]->index] == indicator)
            return true;
    }
    return false;
}

static enum status
load_stored(struct ctx *cx, const struct record *record, struct stored **out, int *count)
{
    struct query *q = query_new(cx, Q_FACT_OF_RECORD);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    while (query_next(q)) {
        if (!is_ours(cx->world, record->reg, query_get_int(q, 1)))
            continue;
        *ARENA_PUSH(cx->arena, *out, *count) = (struct stored){query_get_int(q, 0),
            query_get_int(q, 1), query_get_int(q, 2), query_get_int(q, 3), query_get_int(q, 4),
            query_get_int(q, 5), query_get_int(q, 6), query_get_int(q, 7)};
    }
    return query_end(q);
}

static enum status
put_delta(struct ctx *cx, int64_t shard, const struct stored *fact, int sign)
{
    struct sum sum = sum_of_fact(fact->value, (int)fact->word);
    int qualified = sign;
    if (!world_keeps_sums(cx->world, fact->indicator))
        return OK;
    if (PLANTED("missing_delta") && sign > 0)
        return OK;
    if (PLANTED("qualifier_not_subtracted") && sign < 0)
        qualified = 0;
    struct query *q = query_new(cx, Q_DELTA_INSERT);
    query_int_at(q, 0, shard);
    query_int_at(q, 1, fact->indicator);
    query_int_at(q, 2, store_id(cx));
    query_int_at(q, 3, fact->unit);
    query_int_at(q, 4, fact->day);
    query_int_at(q, 5, fact->cut);
    query_int_at(q, 6, sign * sum.value);
    query_int_at(q, 7, PLANTED("n_moved_on_update") && sign < 0 ? 0 : sign);
    query_int_at(q, 8, qualified * sum.n_over);
    query_int_at(q, 9, qualified * sum.n_under);
    query_int_at(q, 10, qualified * sum.n_about);
    return query_run(q, NULL);
}

static enum status
remove_fact(struct ctx *cx, const struct record *record, const struct stored *fact)
{
    struct query *q = query_new(cx, Q_FACT_DELETE);
    query_int(q, "shard", record->shard);
    query_int(q, "unit", fact->unit);
    query_int(q, "indicator", fact->indicator);
    query_int(q, "day", fact->day);
    query_int(q, "record", record->id);
    query_int(q, "seq", fact->seq);
    TRY(query_run(q, NULL));
    return put_delta(cx, record->shard, fact, -1);
}

static enum status
insert_fact(struct ctx *cx, const struct record *record, const struct stored *fact, bool no_delta)
{
    struct query *q = query_new(cx, Q_FACT_INSERT);
    query_int_at(q, 0, record->shard);
    query_int_at(q, 1, fact->unit);
    query_int_at(q, 2, fact->indicator);
    query_int_at(q, 3, fact->day);
    query_int_at(q, 4, record->id);
    query_int_at(q, 5, fact->seq);
    query_int_at(q, 6, fact->cut);
    query_int_at(q, 7, fact->value);
    query_int_at(q, 8, fact->word);
    query_int_at(q, 9, record->batch);
    query_int_at(q, 10, fact->is_key);
    TRY(query_run(q, NULL));
    return no_delta ? OK : put_delta(cx, record->shard, fact, 1);
}

/* Is this very fact among those, and not matched yet? Marks it by a negative sequence. */
static bool
take_equal(struct stored *facts, int count, const struct stored *wanted)
{
    for (int i = 0; i < count; i++) {
        if (memcmp(&facts[i], wanted, sizeof(*wanted)) == 0) {
            facts[i].seq = -1;
            return true;
        }
    }
    return false;
}

enum status
fact_update(struct ctx *cx, const struct record *record, bool is_new, bool no_delta)
{
    struct fact *derived;
    struct stored *before = NULL, *after;
    int count, before_count = 0;
    TRY(fact_derive(cx, record, &derived, &count));
    if (!is_new)
        TRY(load_stored(cx, record, &before, &before_count));
    after = ARENA_ARRAY(cx->arena, struct stored, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        struct fact *fact = &derived[i];
        if (PLANTED("directives_lost_on_update") && !is_new)
            fact->cut &= ((int64_t)1 << CUT_DIRECTIVES) - 1;
        after[i] = (struct stored){record->unit->id,
            cx->world->indicator_ids[fact->indicator->index], fact->day, fact->seq, fact->cut,
            fact->value, fact_goes_out(fact->indicator, fact->seq) ? -fact->word : fact->word,
            fact->indicator->aggregation == AGG_DISTINCT};
        if (take_equal(before, before_count, &after[i]))
            after[i].seq = -1;
    }
    for (int i = 0; i < before_count; i++) {
        if (before[i].seq >= 0)
            TRY(remove_fact(cx, record, &before[i]));
    }
    for (int i = 0; i < count; i++) {
        if (after[i].seq >= 0)
            TRY(insert_fact(cx, record, &after[i], no_delta));
    }
    return OK;
}
