/* Look-ups in a model. */
#include "pack/model.h"

#include <stdio.h>
#include <string.h>

const char *const visibility_keys[VISIBILITY__COUNT] = {
    [VISIBILITY_CONG_KHAI] = "cong_khai",
    [VISIBILITY_NOI_BO] = "noi_bo",
    [VISIBILITY_HAN_CHE] = "han_che",
};

const char *const aggregation_keys[AGG__COUNT + 1] = {
    [AGG_COUNT] = "count",
    [AGG_SUM] = "sum",
    [AGG_DISTINCT] = "distinct",
    [AGG_STOCK] = "stock",
    [AGG_RATIO] = "ratio",
    [AGG_CHANGE] = "change",
};

const struct choice people_statuses[PEOPLE_STATUSES] = {
    {"chinh_thuc", {"Đảng viên chính thức", "Full member"}},
    {"du_bi", {"Đảng viên dự bị", "Probationary member"}},
    {"ngoai_dang", {"Ngoài Đảng", "Not a party member"}},
};

const char *
label_text(const struct ctx *cx, const struct label *label)
{
    return cx->language == NULL ? label->vi : label->en;
}

enum { KEY_MAX = 60 };

bool
key_is_valid(const char *key)
{
    size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return key[length] == '\0' && length <= KEY_MAX && key[0] >= 'a' && key[0] <= 'z';
}

static const void *
find(const struct model *model, const char *sort, const char *key)
{
    char name[KEY_MAX + 8];
    if (!key_is_valid(key))
        return NULL;
    snprintf(name, sizeof(name), "%s %s", sort, key);
    return map_get(model->by_key, name);
}

const struct reg *
model_register(const struct model *model, const char *key)
{
    return find(model, "reg", key);
}

const struct indicator *
model_indicator(const struct model *model, const char *key)
{
    return find(model, "ind", key);
}

const struct report_def *
model_report(const struct model *model, const char *key)
{
    return find(model, "rep", key);
}

const struct layout *
model_layout(const struct model *model, const char *key)
{
    return find(model, "lay", key);
}

bool
indicator_has_facts(const struct indicator *indicator)
{
    return indicator->aggregation <= AGG_STOCK;
}

bool
indicator_keeps_sums(const struct indicator *indicator)
{
    return indicator_has_facts(indicator) && indicator->aggregation != AGG_DISTINCT;
}

bool
indicator_is_share(const struct indicator *indicator)
{
    const struct base *bases = indicator->bases;
    return indicator->aggregation == AGG_RATIO && bases[1].kind == BASE_UNITS &&
        bases[0].indicator->aggregation == AGG_DISTINCT && bases[0].indicator->distinct == NULL;
}

const struct indicator *
indicator_of_cuts(const struct indicator *indicator)
{
    while (indicator != NULL && !indicator_has_facts(indicator))
        indicator = indicator->bases[0].indicator;
    return indicator;
}

const struct directive *
model_directive(const struct model *model, const char *key)
{
    return find(model, "dir", key);
}

const struct pack *
model_pack(const struct model *model, const char *key)
{
    for (int i = 0; i < model->pack_count; i++)
        if (strcmp(model->packs[i].key, key) == 0)
            return &model->packs[i];
    return NULL;
}

bool
pack_may_use(const struct pack *pack, const struct reg *reg)
{
    bool may = strcmp(pack->key, reg->pack) == 0;
    for (int i = 0; i < pack->use_count && !may; i++)
        may =
            strcmp(pack->uses[i].pack, reg->pack) == 0 && strcmp(pack->uses[i].reg, reg->key) == 0;
    return may;
}

static const struct field *
field_among(const struct field *fields, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

const struct field *
reg_field(const struct reg *reg, const char *key)
{
    return field_among(reg->fields, reg->field_count, key);
}

const struct field *
list_field(const struct field *list, const char *key)
{
    return field_among(list->fields, list->field_count, key);
}

const struct field *
reg_title(const struct reg *reg)
{
    for (int i = 0; i < reg->field_count && reg->visibility != VISIBILITY_HAN_CHE; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_TEXT && field->required && field->personal == NULL)
            return field;
    }
    return NULL;
}

const struct field *
reg_person(const struct reg *reg)
{
    for (int i = 0; i < reg->field_count; i++) {
        if (reg->fields[i].kind == KIND_PERSON)
            return &reg->fields[i];
    }
    return NULL;
}

static bool
names_units(const struct field *fields, int count)
{
    for (int i = 0; i < count; i++) {
        if (fields[i].kind == KIND_UNIT || names_units(fields[i].fields, fields[i].field_count))
            return true;
    }
    return false;
}

const struct field *
reg_due(const struct reg *reg)
{
    bool assigns =
        reg->visibility != VISIBILITY_HAN_CHE && names_units(reg->fields, reg->field_count);
    for (int i = 0; i < reg->field_count && assigns; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_DATE && field->required && field != reg->counted_on)
            return field;
    }
    return NULL;
}

bool
field_is_year(const struct field *field)
{
    return field->kind == KIND_INTEGER && field->min >= 1000 && field->max <= 9999;
}

bool
field_is_personal(const struct field *field)
{
    return field->is_private || field->personal != NULL || field->kind == KIND_PERSON;
}

const struct state *
reg_state(const struct reg *reg, const char *key)
{
    for (int i = 0; i < reg->state_count; i++)
        if (strcmp(reg->states[i].key, key) == 0)
            return &reg->states[i];
    return NULL;
}

bool
transition_leads_from(const struct transition *transition, int state)
{
    for (int i = 0; i < transition->from_count; i++) {
        if (transition->from[i] == state)
            return true;
    }
    return false;
}

const struct transition *
reg_transition(const struct reg *reg, int state, const char *verb)
{
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        if (strcmp(transition->key, verb) == 0 && transition_leads_from(transition, state))
            return transition;
    }
    return NULL;
}

int
choice_find(const struct field *field, const char *key)
{
    for (int i = 0; i < field->choice_count; i++)
        if (strcmp(field->choices[i].key, key) == 0)
            return i;
    return -1;
}

const struct choice *
choice_among(const struct choice *choices, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(choices[i].key, key) == 0)
            return &choices[i];
    return NULL;
}

const char *
choice_label(const struct ctx *cx, const struct choice *choices, int count, const char *key)
{
    const struct choice *choice = choice_among(choices, count, key);
    return choice != NULL ? label_text(cx, &choice->label) : key;
}
