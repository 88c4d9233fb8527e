/* Cuts and filters: from fields to bits and back. */
#include "domain/cut.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "domain/directive.h"

#include <string.h>

static const char directive_key[] = "directive";

int64_t
cut_part(int64_t cut, int place)
{
    return cut >> (place * CUT_BITS) & CUT_MASK;
}

/* The places behind the `by` fields: the measure, then the flow. */
static bool
is_measure(const struct indicator *indicator, int place)
{
    return indicator->by_measure && place == indicator->by_count;
}

static bool
is_flow(const struct indicator *indicator, int place)
{
    return indicator->aggregation == AGG_STOCK &&
        place == indicator->by_count + indicator->by_measure;
}

int
cut_places(const struct indicator *indicator)
{
    return indicator->by_count + indicator->by_measure + (indicator->aggregation == AGG_STOCK);
}

const char *
cut_field_key(const struct indicator *indicator, int place)
{
    if (place < indicator->by_count)
        return indicator->by[place]->key;
    return is_measure(indicator, place) ? CUT_MEASURE : CUT_FLOW;
}

const char *
cut_field_label(const struct ctx *cx, const struct indicator *indicator, int place)
{
    if (place < indicator->by_count)
        return label_text(cx, &indicator->by[place]->label);
    return is_measure(indicator, place) ? tr(cx, "Đơn vị tính") : tr(cx, "Tăng, giảm");
}

int
cut_place(const struct indicator *indicator, const char *key)
{
    for (int i = 0; i < cut_places(indicator); i++) {
        if (strcmp(cut_field_key(indicator, i), key) == 0)
            return i;
    }
    return -1;
}

/* The two values that a boolean and a flow have. */
static const struct choice *
pair_of(const struct indicator *indicator, int place)
{
    static const struct choice booleans[] = {{"khong", {"Không", "No"}}, {"co", {"Có", "Yes"}}};
    static const struct choice flows[] = {
        [FLOW_IN - 1] = {"tang", {"Tăng", "In"}},
        [FLOW_OUT - 1] = {"giam", {"Giảm", "Out"}},
    };
    if (is_flow(indicator, place))
        return flows;
    return place < indicator->by_count && indicator->by[place]->kind == KIND_BOOLEAN ? booleans
                                                                                     : NULL;
}

int
cut_value_count(const struct indicator *indicator, int place)
{
    if (pair_of(indicator, place) != NULL)
        return 2;
    if (is_measure(indicator, place))
        return indicator->sum->measure_count;
    return indicator->by[place]->choice_count;
}

const char *
cut_value_key(const struct indicator *indicator, int place, int64_t part)
{
    const struct choice *pair = pair_of(indicator, place);
    if (part == 0)
        return "null";
    if (pair != NULL)
        return pair[part - 1].key;
    if (is_measure(indicator, place))
        return indicator->sum->measures[part - 1]->key;
    return indicator->by[place]->choices[part - 1].key;
}

const char *
cut_value_label(const struct ctx *cx, const struct indicator *indicator, int place, int64_t part)
{
    const struct choice *pair = pair_of(indicator, place);
    if (part == 0)
        return tr(cx, "Chưa ghi");
    if (pair != NULL)
        return label_text(cx, &pair[part - 1].label);
    if (is_measure(indicator, place))
        return label_text(cx, &indicator->sum->measures[part - 1]->label);
    return label_text(cx, &indicator->by[place]->choices[part - 1].label);
}

/* Filters */

int
cut_filter_part(const struct cut_filter *filter, int place)
{
    return cut_part(filter->mask, place) == 0 ? -1 : (int)cut_part(filter->want, place);
}

void
cut_filter_set(struct cut_filter *filter, int place, int part)
{
    int64_t bits = (int64_t)CUT_MASK << (place * CUT_BITS);
    filter->mask &= ~bits;
    filter->want &= ~bits;
    if (part < 0)
        return;
    filter->mask |= bits;
    filter->want |= (int64_t)part << (place * CUT_BITS);
}

void
cut_filter_set_directive(struct cut_filter *filter, const struct world *world,
    const struct directive *directive)
{
    int64_t fields = ((int64_t)1 << CUT_DIRECTIVES) - 1;
    int64_t bit = directive == NULL ? 0 : directive_bit(world, directive) << CUT_DIRECTIVES;
    filter->mask = (filter->mask & fields) | bit;
    filter->want = (filter->want & fields) | bit;
}

const struct directive *
cut_filter_directive(const struct cut_filter *filter, const struct world *world)
{
    const struct model *model = world->model;
    for (int i = 0; i < model->directive_count; i++) {
        if (filter->mask >> CUT_DIRECTIVES == directive_bit(world, &model->directives[i]))
            return &model->directives[i];
    }
    return NULL;
}

static const char *
known_fields(struct arena *arena, const struct indicator *indicator)
{
    struct buf known = buf_new(arena);
    for (int i = 0; i < cut_places(indicator); i++)
        buf_printf(&known, "%s, ", cut_field_key(indicator, i));
    buf_text(&known, directive_key);
    return buf_string(&known);
}

static enum status
parse_directive(struct ctx *cx, const struct indicator *indicator, const char *value,
    struct cut_filter *out)
{
    int64_t set;
    if (!directive_parse(cx, indicator->reg, value, (struct fault){.field = directive_key}, &set))
        return ERR_INVALID;
    out->mask |= set << CUT_DIRECTIVES;
    out->want |= set << CUT_DIRECTIVES;
    return OK;
}

static enum status
parse_part(struct ctx *cx, const struct indicator *indicator, const char *key, const char *value,
    struct cut_filter *out)
{
    int place = cut_place(indicator, key);
    struct buf known = buf_new(cx->arena);
    if (strcmp(key, directive_key) == 0)
        return parse_directive(cx, indicator, value, out);
    if (place < 0)
        return fault_set(cx, ERR_INVALID, "Chỉ số %s không chia theo “%s”; chia theo: %s.",
            indicator->key, key, known_fields(cx->arena, indicator));
    for (int part = 0; part <= cut_value_count(indicator, place); part++) {
        const char *name = cut_value_key(indicator, place, part);
        buf_printf(&known, "%s%s", part > 0 ? ", " : "", name);
        if (strcmp(name, value) == 0) {
            cut_filter_set(out, place, part);
            return OK;
        }
    }
    return fault_set(cx, ERR_INVALID, "“%s” không có giá trị “%s”; có: %s.", key, value,
        buf_string(&known));
}

enum status
cut_filter_parse(struct ctx *cx, const struct indicator *indicator, const char *text,
    struct cut_filter *out)
{
    *out = (struct cut_filter){0};
    indicator = indicator_of_cuts(indicator);
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        char *pair = arena_strndup(cx->arena, text, length);
        char *value = strchr(pair, '=');
        if (value == NULL)
            return fault_set(cx, ERR_INVALID, "Điều kiện “%s” cần dạng TRƯỜNG=GIÁ_TRỊ.", pair);
        *value++ = '\0';
        TRY(parse_part(cx, indicator, pair, value, out));
        text += length + (text[length] == ',');
    }
    return OK;
}

const char *
cut_filter_text(struct arena *arena, const struct world *world, const struct indicator *indicator,
    const struct cut_filter *filter)
{
    struct buf out = buf_new(arena);
    const struct model *model = world->model;
    indicator = indicator_of_cuts(indicator);
    for (int i = 0; i < cut_places(indicator); i++) {
        int part = cut_filter_part(filter, i);
        if (part >= 0)
            buf_printf(&out, "%s%s=%s", out.length > 0 ? "," : "", cut_field_key(indicator, i),
                cut_value_key(indicator, i, part));
    }
    for (int i = 0; i < model->directive_count; i++) {
        if (filter->mask >> CUT_DIRECTIVES & directive_bit(world, &model->directives[i]))
            buf_printf(&out, "%s%s=%s", out.length > 0 ? "," : "", directive_key,
                model->directives[i].key);
    }
    return buf_string(&out);
}

bool
cut_filter_translate(const struct indicator *from, const struct cut_filter *filter,
    const struct indicator *to, struct cut_filter *out)
{
    int64_t directives = filter->mask >> CUT_DIRECTIVES << CUT_DIRECTIVES;
    *out = (struct cut_filter){directives, directives};
    from = indicator_of_cuts(from);
    for (int i = 0; i < cut_places(from); i++) {
        int part = cut_filter_part(filter, i);
        int place = part < 0 ? -1 : cut_place(to, cut_field_key(from, i));
        if (part < 0)
            continue;
        if (place < 0)
            return false;
        for (int p = 0; p <= cut_value_count(to, place); p++) {
            if (strcmp(cut_value_key(to, place, p), cut_value_key(from, i, part)) == 0)
                cut_filter_set(out, place, p);
        }
        if (cut_filter_part(out, place) < 0)
            return false;
    }
    return true;
}
