/* Declarations: figures stated without records, with their source and their published word. */
#include "domain/declaration.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/fact.h"

#include <string.h>

static enum status
put_audit(struct ctx *cx, const struct declaration *declaration, const char *action)
{
    struct audit_note done = {.shard = declaration->shard,
        .action = action,
        .subject = declaration->id,
        .version = declaration->version,
        .detail = declaration->source};
    return audit_note(cx, &done);
}

static void
bind_stated(struct query *q, const struct ctx *cx, const struct declaration *wanted)
{
    query_int(q, "shard", wanted->shard);
    query_int(q, "id", wanted->id);
    query_int(q, "value", wanted->value);
    query_int(q, "word", wanted->word);
    query_text(q, "source", wanted->source);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    if (wanted->has_fraction) {
        query_int(q, "numerator", wanted->numerator);
        query_int(q, "denominator", wanted->denominator);
    } else { /* a statement keeps what was bound the last time */
        query_text(q, "numerator", NULL);
        query_text(q, "denominator", NULL);
    }
}

static enum status
replace(struct ctx *cx, struct declaration *wanted)
{
    struct query *q = query_new(cx, Q_DECLARED_REPLACE);
    bind_stated(q, cx, wanted);
    TRY(query_run(q, NULL));
    return put_audit(cx, wanted, "redeclare");
}

static enum status
insert(struct ctx *cx, struct declaration *wanted)
{
    struct query *q = query_new(cx, Q_DECLARED_INSERT);
    wanted->id = store_id(cx);
    wanted->version = 1;
    bind_stated(q, cx, wanted);
    query_text(q, "indicator", wanted->indicator->key);
    query_text(q, "cut", wanted->cut);
    query_int(q, "unit", wanted->unit->id);
    query_int(q, "from", wanted->from);
    query_int(q, "to", wanted->to);
    TRY(query_run(q, NULL));
    return put_audit(cx, wanted, "declare");
}

enum status
declaration_put(struct ctx *cx, struct declaration *wanted, enum declaration_fate *fate)
{
    bool found;
    struct query *q = query_new(cx, Q_DECLARED_SAME);
    query_int(q, "shard", wanted->shard);
    query_text(q, "indicator", wanted->indicator->key);
    query_int(q, "unit", wanted->unit->id);
    query_text(q, "cut", wanted->cut);
    query_int(q, "from", wanted->from);
    query_int(q, "to", wanted->to);
    TRY(query_one(q, &found));
    *fate = DECLARATION_NEW;
    if (!found)
        return insert(cx, wanted);
    bool same = query_get_int(q, 1) == wanted->value && query_get_int(q, 2) == wanted->word &&
        strcmp(query_peek_text(q, 3), wanted->source) == 0 &&
        query_get_null(q, 5) == !wanted->has_fraction && query_get_int(q, 5) == wanted->numerator &&
        query_get_int(q, 6) == wanted->denominator;
    wanted->id = query_get_int(q, 0);
    wanted->version = query_get_int(q, 4) + !same;
    TRY(query_end(q));
    *fate = same ? DECLARATION_SAME : DECLARATION_CHANGED;
    return same ? OK : replace(cx, wanted);
}

static enum status
put(struct ctx *cx, void *arg)
{
    enum declaration_fate fate;
    return declaration_put(cx, arg, &fate);
}

static void
parse_value(struct ctx *cx, const char *text, int scale, int64_t *out)
{
    const char *guess = NULL;
    enum number_fault fault =
        text == NULL ? NUMBER_NOT_ONE : number_parse(cx->arena, text, scale, out, &guess);
    struct fault where = {.field = "value"};
    if (fault == NUMBER_AMBIGUOUS)
        (void)fault_at(cx, ERR_INVALID, where, "“%s” không rõ; có lẽ là “%s”.", text, guess);
    else if (fault != NUMBER_OK || *out < 0 || *out > 1000000000000)
        (void)fault_at(cx, ERR_INVALID, where, "“%s” không hợp lệ; cần một số như 1.400%s.",
            text == NULL ? "" : text, scale > 0 ? tr(cx, " hoặc 98,8") : "");
}

/* Faults of what is asked everywhere get the field that was asked about. */
static void
name_faults(struct ctx *cx, int from, const char *field)
{
    for (int i = from; i < cx->faults.count; i++)
        cx->faults.items[i].field = field;
}

/* A percentage may come with what it was divided from, which then must give it. */
static void
parse_fraction(struct ctx *cx, const struct declare *input, struct declaration *out)
{
    struct fault where = {.field = "numerator"};
    int faults = cx->faults.count;
    if (input->numerator == NULL && input->denominator == NULL)
        return;
    if (out->indicator->aggregation != AGG_RATIO) {
        (void)fault_at(cx, ERR_INVALID, where, "Chỉ một tỷ lệ mới có tử số và mẫu số.");
        return;
    }
    parse_value(cx, input->numerator, 0, &out->numerator);
    name_faults(cx, faults, "numerator");
    int good = cx->faults.count;
    parse_value(cx, input->denominator, 0, &out->denominator);
    name_faults(cx, good, "denominator");
    if (cx->faults.count > faults)
        return;
    out->has_fraction = true;
    if (out->denominator == 0)
        (void)fault_at(cx, ERR_INVALID, where, "Mẫu số phải lớn hơn 0.");
    else if (percent_tenths(out->numerator, out->denominator) != out->value)
        (void)fault_at(cx, ERR_INVALID, where, "%s trên %s là %s, không phải %s%%.",
            number_show(cx->arena, out->numerator, 0), number_show(cx->arena, out->denominator, 0),
            percent_show(cx->arena, out->numerator, out->denominator), input->value);
}

static void
parse_word(struct ctx *cx, const char *text, int *out)
{
    *out = text == NULL ? 0 : word_find(text, strlen(text));
    if (*out < 0)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "word"},
            "“%s” không hợp lệ; cần hơn, trên, gần, dưới, khoảng hoặc để trống.", text);
}

static void
check_span(struct ctx *cx, const struct declaration *wanted)
{
    if (wanted->from > wanted->to)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "to"},
            "Khoảng thời gian ngược: từ %s đến %s.", date_show(cx->arena, wanted->from),
            date_show(cx->arena, wanted->to));
    else if (unit_on(wanted->unit, wanted->to) == NULL)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "unit"},
            "Ngày %s không có đơn vị này.", date_show(cx->arena, wanted->to));
}

static void
parse_indicator(struct ctx *cx, const struct declare *input, struct declaration *out)
{
    struct cut_filter filter;
    int before = cx->faults.count;
    if (world_indicator(cx, input->indicator, &out->indicator) != OK) {
        name_faults(cx, before, "indicator");
        return;
    }
    parse_value(cx, input->value, out->indicator->scale, &out->value);
    parse_fraction(cx, input, out);
    before = cx->faults.count;
    if (cut_filter_parse(cx, out->indicator, input->cut, &filter) == OK)
        out->cut = cut_filter_text(cx->arena, cx->world, out->indicator, &filter);
    name_faults(cx, before, "where");
}

static void
parse_unit(struct ctx *cx, const struct declare *input, struct declaration *out)
{
    int before = cx->faults.count;
    if (tree_by_code(cx, cx->world->tree, input->unit, out->to, &out->unit) == OK)
        check_span(cx, out);
    else
        name_faults(cx, before, "unit");
}

enum status
declaration_read(struct ctx *cx, const struct declare *input, struct declaration *out)
{
    int before = cx->faults.count;
    *out = (struct declaration){.version = 1};
    parse_indicator(cx, input, out);
    bool has_from = date_read(cx, "from", input->from, &out->from);
    bool has_to = date_read(cx, "to", input->to, &out->to);
    parse_word(cx, input->word, &out->word);
    out->source = input->source == NULL ? "" : vi_clean(cx->arena, input->source);
    if (*out->source == '\0')
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "source"},
            "Cần ghi nguồn của số liệu kê khai.");
    if (has_from && has_to)
        parse_unit(cx, input, out);
    if (cx->faults.count > before)
        return cx->faults.items[before].status;
    out->shard = out->unit->shard;
    return OK;
}

enum status
declare(struct ctx *cx, const struct declare *input, struct declaration *out)
{
    TRY(declaration_read(cx, input, out));
    return world_write(cx, put, out);
}

static enum status
withdraw(struct ctx *cx, void *arg)
{
    const struct declaration *declaration = arg;
    int64_t changed;
    struct query *q = query_new(cx, Q_DECLARED_DELETE);
    query_int(q, "shard", declaration->shard);
    query_int(q, "id", declaration->id);
    TRY(query_run(q, &changed));
    if (changed == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không tìm thấy kê khai.");
    return put_audit(cx, declaration, "withdraw");
}

enum status
declaration_withdraw(struct ctx *cx, int64_t shard, int64_t id)
{
    struct declaration declaration = {.shard = shard, .id = id, .source = "", .version = 0};
    return world_write(cx, withdraw, &declaration);
}
