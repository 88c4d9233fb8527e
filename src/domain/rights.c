/* The table of rights, and asking it. */
#include "domain/rights.h"

#include "base/catalogue.h"
#include "base/code.h"
#include "base/plant.h"
#include "domain/account.h"
#include "domain/person.h"
#include "store/store.h"

#include <string.h>

const char *const action_keys[ACTION__COUNT] = {"figure", "row", "read", "record", "step",
    "person"};
const char *const relation_keys[RELATION__COUNT] = {"self", "reader", "named", "own", "below",
    "above"};

enum {
    F = 1 << ACTION_FIGURE,
    W = 1 << ACTION_ROW,
    R = 1 << ACTION_READ,
    E = 1 << ACTION_RECORD,
    S = 1 << ACTION_STEP,
    P = 1 << ACTION_PERSON
};

/* What a role gives, by the visibility of the register: cong_khai, noi_bo, han_che. A role of a
 * pack that stands in no row has those of ROLE_OTHER. */
struct rule {
    const char *role;
    enum relation relation;
    int actions[VISIBILITY__COUNT];
};

#define ROLE_ANY   "*"
#define ROLE_OTHER ""

static const struct rule rules[] = {
    /* Whoever a record is about reads it, and writes it where the register is for that. */
    {ROLE_ANY, RELATION_SELF, {R | E | S | P, R | E | S | P, 0}},
    {ROLE_ANY, RELATION_READER, {0, 0, W | R | E | S | P}},
    /* A unit that a record names, as who does the work or takes part, reads it and takes its steps.
     */
    {ROLE_ANY, RELATION_NAMED, {W | R | S, W | R | S, 0}},
    /* Members see what their branch does; of restricted registers nothing, since a count of few
     * people is a name. */
    {"dang_vien", RELATION_OWN, {F | W | R, F | W | R, 0}},
    {"dang_vien", RELATION_ABOVE, {F | W | R, F, 0}},
    /* Those who do the work of a unit. */
    {"chi_bo", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F | W | R | E | S | P}},
    {"chi_bo", RELATION_ABOVE, {F | W | R, F, 0}},
    {"don_vi", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F | W}},
    {"don_vi", RELATION_ABOVE, {F | W | R, F, 0}},
    /* The office records for its own unit, reads and returns what comes from below. */
    {"van_phong", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F | W}},
    {"van_phong", RELATION_BELOW, {F | W | R | S, F | W | R | S, F | W}},
    {"van_phong", RELATION_ABOVE, {F | W | R, F, 0}},
    {"cap_uy", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F | W | R | E | S | P}},
    {"cap_uy", RELATION_BELOW, {F | W | R | S, F | W | R | S, F | W}},
    {"cap_uy", RELATION_ABOVE, {F | W | R, F, 0}},
    {"tuyen_giao", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F}},
    {"tuyen_giao", RELATION_BELOW, {F | W | R | S, F | W | R | S, F}},
    {"tuyen_giao", RELATION_ABOVE, {F | W | R, F, 0}},
    {"mttq", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, 0}},
    {"mttq", RELATION_BELOW, {F | W | R | S, F | W | R | S, 0}},
    {"mttq", RELATION_ABOVE, {F | W | R, F, 0}},
    {"ubnd", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, 0}},
    {"ubnd", RELATION_BELOW, {F | W | R | S, F | W | R | S, 0}},
    {"ubnd", RELATION_ABOVE, {F | W | R, F, 0}},
    /* Of units below inspectors see counts, unless they are readers of a case. */
    {"ubkt", RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, F | W | R | E | S | P}},
    {"ubkt", RELATION_BELOW, {F | W, F | W, F | W}},
    {"ubkt", RELATION_ABOVE, {F | W | R, F, F}},
    {ROLE_OTHER, RELATION_OWN, {F | W | R | E | S | P, F | W | R | E | S | P, 0}},
    {ROLE_OTHER, RELATION_ABOVE, {F | W | R, F, 0}},
    /* Who runs the machine, and who reads the log, read no records. */
    {ROLE_ADMIN, RELATION_OWN, {0, 0, 0}},
    {ROLE_AUDITOR, RELATION_OWN, {0, 0, 0}},
};

/* Roles and registers */

static bool
names_role(const struct transition *step, const char *role)
{
    for (int i = 0; i < step->by_count; i++) {
        if (strcmp(step->by[i], role) == 0)
            return true;
    }
    return false;
}

/* Does the role make records of the register: may it take a step out of the initial state? */
static bool
makes(const struct reg *reg, const char *role)
{
    for (int i = 0; i < reg->transition_count; i++) {
        if (transition_leads_from(&reg->transitions[i], reg->initial) &&
            names_role(&reg->transitions[i], role))
            return true;
    }
    return false;
}

static bool
takes_part(const struct reg *reg, const char *role)
{
    for (int i = 0; i < reg->transition_count; i++) {
        if (names_role(&reg->transitions[i], role))
            return true;
    }
    return false;
}

/* A step that none who makes such records may take. */
static bool
is_for_others(const struct reg *reg, const struct transition *step)
{
    for (int i = 0; i < step->by_count; i++) {
        if (makes(reg, step->by[i]))
            return false;
    }
    return true;
}

bool
state_waits(const struct reg *reg, int state)
{
    if (state == STATE_IS_VOID || state == reg->initial)
        return false;
    bool is_settled = reg->states[state].counts;
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *step = &reg->transitions[i];
        if (transition_leads_from(step, state) &&
            (step->returns || (!is_settled && is_for_others(reg, step))))
            return true;
    }
    return false;
}

bool
state_is_assigned(const struct reg *reg, int state)
{
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *step = &reg->transitions[i];
        if (transition_leads_from(step, state) && !step->returns && is_for_others(reg, step))
            return true;
    }
    return false;
}

/* Asking the table */

static bool
has_rules(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (strcmp(rules[i].role, role) == 0)
            return true;
    }
    return false;
}

/* What a role gives in a relation, as a set of actions. */
static int
actions_of(const char *role, enum relation relation, enum visibility visibility)
{
    const char *known = has_rules(role) ? role : ROLE_OTHER;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (rules[i].relation == relation && strcmp(rules[i].role, known) == 0)
            return rules[i].actions[visibility];
    }
    return 0;
}

/* The same in a register: what the pack does not give to the role falls out. Whoever takes no part
 * in it is not told of people; in a restricted register only those read who do. */
static int
actions_in(const struct reg *reg, const char *role, enum relation relation)
{
    int actions = actions_of(role, relation, reg->visibility);
    if (!makes(reg, role))
        actions &= ~E;
    if (!takes_part(reg, role))
        actions &= reg->visibility == VISIBILITY_HAN_CHE ? F | W : ~(S | P);
    return actions;
}

/* A viewer is read once for a request, whose writes may begin a newer world: the unit as it is
 * there. */
static const struct unit *
unit_now(const struct tree *tree, const struct unit *unit)
{
    bool is_of_tree = unit >= tree->units && unit < tree->units + tree->count;
    return is_of_tree ? unit : tree_unit(tree, unit->id);
}

/* The relation of a role's unit to another unit; RELATION__COUNT: none. */
static enum relation
relation_of(const struct ctx *cx, const struct unit *granted, const struct unit *unit)
{
    int32_t today = cx->world->today;
    const struct unit *own = unit_now(cx->world->tree, granted);
    const struct unit *place = unit_place(unit, today);
    if (own == NULL)
        return RELATION__COUNT;
    if (place == own)
        return RELATION_OWN;
    if (place != NULL && unit_inside(place, own, today))
        return RELATION_BELOW;
    if (place != NULL && unit_inside(own, place, today))
        return RELATION_ABOVE;
    return RELATION__COUNT;
}

bool
may_unit(const struct ctx *cx, enum action action, const struct reg *reg, const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        const struct grant *grant = &viewer->grants[i];
        enum relation relation = relation_of(cx, grant->unit, unit);
        if (relation != RELATION__COUNT &&
            (actions_in(reg, grant->role, relation) >> action & 1) != 0)
            return true;
    }
    return viewer == NULL;
}

/* Work with units */

/* What a role does with a unit as a whole. A report is received, returned and asked for by those
 * who put the reports of the units below together. */
static const struct {
    const char *role;
    enum relation relation;
    int works;
} duties[] = {
    {"cap_uy", RELATION_OWN, 1 << WORK_SEND | 1 << WORK_PUBLISH},
    {"cap_uy", RELATION_BELOW, 1 << WORK_RECEIVE},
    {"van_phong", RELATION_OWN, 1 << WORK_SEND},
    {"van_phong", RELATION_BELOW, 1 << WORK_RECEIVE},
    {"ubnd", RELATION_OWN, 1 << WORK_SEND},
    {"ubnd", RELATION_BELOW, 1 << WORK_RECEIVE},
    {"chi_bo", RELATION_OWN, 1 << WORK_SEND},
    {"don_vi", RELATION_OWN, 1 << WORK_SEND},
    {"tuyen_giao", RELATION_OWN, 1 << WORK_SEND},
    {"mttq", RELATION_OWN, 1 << WORK_SEND},
    {"ubkt", RELATION_OWN, 1 << WORK_SEND},
    {ROLE_OTHER, RELATION_OWN, 1 << WORK_SEND},
    {ROLE_ADMIN, RELATION_OWN, 1 << WORK_ADMINISTER},
    {ROLE_ADMIN, RELATION_BELOW, 1 << WORK_ADMINISTER},
};

static bool
does(const char *role, enum relation relation, enum work work)
{
    const char *known = has_rules(role) ? role : ROLE_OTHER;
    for (size_t i = 0; i < COUNT_OF(duties); i++) {
        if (duties[i].relation == relation && strcmp(duties[i].role, known) == 0)
            return (duties[i].works >> work & 1) != 0;
    }
    return false;
}

bool
may_work(const struct ctx *cx, enum work work, const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        const struct grant *grant = &viewer->grants[i];
        if (does(grant->role, relation_of(cx, grant->unit, unit), work))
            return true;
    }
    return viewer == NULL;
}

bool
may_administer(const struct ctx *cx, const struct unit *unit)
{
    return unit != NULL ? may_work(cx, WORK_ADMINISTER, unit) : viewer_has_role(cx, ROLE_ADMIN);
}

bool
may_list(const struct ctx *cx, const struct reg *reg)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        for (int relation = 0; relation < RELATION__COUNT; relation++) {
            if ((actions_in(reg, viewer->grants[i].role, (enum relation)relation) >> ACTION_READ &
                    1) != 0)
                return true;
        }
    }
    return viewer == NULL;
}

bool
may_know_unit(const struct ctx *cx, const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        if (relation_of(cx, viewer->grants[i].unit, unit) != RELATION__COUNT)
            return true;
    }
    return viewer == NULL;
}

enum status
rights_no_unit(struct ctx *cx, const char *code)
{
    return fault_set(cx, ERR_NOT_FOUND, "Không có đơn vị mang mã “%s”.", code);
}

/* Whom a message about the code would name. */
static bool
may_know_bearers(const struct ctx *cx, const char *code)
{
    const struct span *span = map_get(cx->world->tree->by_code, code);
    while (span != NULL && may_know_unit(cx, span->unit))
        span = span->namesake;
    return span == NULL;
}

enum status
rights_unit(struct ctx *cx, const char *code, int32_t day, const struct unit **out)
{
    int before = cx->faults.count;
    const char *plain = arena_strndup(cx->arena, code, strcspn(code, "@"));
    enum status status = tree_by_code(cx, cx->world->tree, code, day, out);
    if (status == OK ? may_know_unit(cx, *out) : may_know_bearers(cx, plain))
        return status;
    fault_forget(cx, before);
    return rights_no_unit(cx, plain);
}

/* People */

static bool
gives_people(const struct ctx *cx, const char *role, enum relation relation)
{
    const struct model *model = cx->world->model;
    for (int i = 0; i < model->register_count; i++) {
        if ((actions_in(&model->registers[i], role, relation) & P) != 0)
            return true;
    }
    return false;
}

bool
may_people(const struct ctx *cx, const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        const struct grant *grant = &viewer->grants[i];
        enum relation relation = relation_of(cx, grant->unit, unit);
        if (relation != RELATION__COUNT && gives_people(cx, grant->role, relation))
            return true;
    }
    return viewer == NULL;
}

bool
may_person(const struct ctx *cx, const struct person *person)
{
    const struct viewer *viewer = cx->viewer;
    if (viewer == NULL || (viewer->person != 0 && viewer->person == code_number(person->code)))
        return true;
    for (int i = 0; i < person->span_count; i++) {
        if (may_people(cx, person->spans[i].unit))
            return true;
    }
    return false;
}

/* Single records */

static bool
is_about(const struct viewer *viewer, const struct record *record)
{
    const struct reg *reg = record->reg;
    for (int i = 0; viewer->person != 0 && i < reg->field_count; i++) {
        const struct value *value = &record->fields.values[i];
        if (reg->fields[i].kind == KIND_PERSON && !value->is_null &&
            value->number == viewer->person)
            return true;
    }
    return false;
}

static bool
names_unit(const struct ctx *cx, const struct field *fields, int count, const struct row *row,
    const struct unit *unit)
{
    for (int i = 0; i < count; i++) {
        const struct value *value = &row->values[i];
        if (fields[i].kind == KIND_UNIT && !value->is_null) {
            const struct unit *named = tree_unit(cx->world->tree, value->number);
            if (named != NULL && unit_place(named, cx->world->today) == unit)
                return true;
        }
        for (int r = 0; r < value->row_count; r++) {
            if (names_unit(cx, fields[i].fields, fields[i].field_count, &value->rows[r], unit))
                return true;
        }
    }
    return false;
}

/* What a role gives for a record. Where a record has readers, they alone have more than its row. */
static int
actions_for(const struct ctx *cx, const struct grant *grant, const struct record *record,
    bool is_about)
{
    const struct reg *reg = record->reg;
    enum relation relation = relation_of(cx, grant->unit, record->unit);
    int actions = relation == RELATION__COUNT ? 0 : actions_in(reg, grant->role, relation);
    if (record->readership == READERSHIP_CLOSED)
        actions &= F | W;
    if (names_unit(cx, reg->fields, reg->field_count, &record->fields, grant->unit))
        actions |= actions_of(ROLE_ANY, RELATION_NAMED, reg->visibility);
    if (record->readership == READERSHIP_READER)
        actions |= actions_of(ROLE_ANY, RELATION_READER, reg->visibility);
    if (is_about) {
        int self = actions_of(ROLE_ANY, RELATION_SELF, reg->visibility);
        actions |= makes(reg, grant->role) ? self : self & ~E;
    }
    return actions;
}

static bool
is_granted(const struct ctx *cx, enum action action, const struct record *record,
    const struct transition *step)
{
    const struct viewer *viewer = cx->viewer;
    bool about = is_about(viewer, record);
    for (int i = 0; i < viewer->grant_count; i++) {
        const struct grant *grant = &viewer->grants[i];
        if ((actions_for(cx, grant, record, about) >> action & 1) != 0 &&
            (step == NULL || names_role(step, grant->role)))
            return true;
    }
    return false;
}

bool
may_step(const struct ctx *cx, const struct transition *step, const struct record *record)
{
    return cx->viewer == NULL || is_granted(cx, ACTION_STEP, record, step);
}

bool
may_record(const struct ctx *cx, enum action action, const struct record *record)
{
    const struct reg *reg = record->reg;
    if (cx->viewer == NULL || PLANTED("right_not_asked"))
        return true;
    if (action != ACTION_STEP)
        return is_granted(cx, action, record, NULL);
    for (int i = 0; i < reg->transition_count && record->state != STATE_IS_VOID; i++) {
        if (transition_leads_from(&reg->transitions[i], record->state) &&
            may_step(cx, &reg->transitions[i], record))
            return true;
    }
    return false;
}

/* A role that makes such records in its own unit, of others or only of who has it. */
static bool
may_make_by(const struct ctx *cx, const struct reg *reg, const struct grant *grant,
    const struct unit *unit)
{
    int actions = actions_in(reg, grant->role, RELATION_OWN);
    return makes(reg, grant->role) && relation_of(cx, grant->unit, unit) == RELATION_OWN &&
        ((actions & E) != 0 || reg_person(reg) != NULL);
}

bool
may_make_and_step(const struct ctx *cx, const struct reg *reg, const struct transition *step,
    const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        const struct grant *grant = &viewer->grants[i];
        if (may_make_by(cx, reg, grant, unit) && (step == NULL || names_role(step, grant->role)))
            return true;
    }
    return viewer == NULL;
}

bool
may_make(const struct ctx *cx, const struct reg *reg, const struct unit *unit)
{
    return may_make_and_step(cx, reg, NULL, unit);
}

/* Lists */

/* Does a role give the action for a unit and for all that is below it? */
static bool
gives_subtree(const struct ctx *cx, const struct reg *reg, const struct grant *grant,
    enum action action, const struct unit *unit)
{
    bool own = (actions_in(reg, grant->role, RELATION_OWN) >> action & 1) != 0;
    bool below = (actions_in(reg, grant->role, RELATION_BELOW) >> action & 1) != 0;
    enum relation relation = relation_of(cx, grant->unit, unit);
    return below && (relation == RELATION_BELOW || (relation == RELATION_OWN && own));
}

bool
may_subtree(const struct ctx *cx, enum action action, const struct reg *reg,
    const struct unit *unit)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        if (gives_subtree(cx, reg, &viewer->grants[i], action, unit))
            return true;
    }
    return viewer == NULL || (unit->child_count == 0 && may_unit(cx, action, reg, unit));
}

/* The own records of the units above one, up to another. */
static void
add_above(const struct ctx *cx, const struct unit *from, const struct unit *to, struct scope *scope)
{
    int32_t today = cx->world->today;
    while (from != to) {
        from = unit_on(from, today)->parent;
        struct scope part =
            tree_scope_own(cx->arena, cx->world->tree, from, DAY_MIN, DAY_MAX, today);
        for (int i = 0; i < part.count; i++)
            *ARENA_PUSH(cx->arena, scope->items, scope->count) = part.items[i];
    }
}

/* One role: all of the unit's subtree (true), or what of it comes into the scope. */
static bool
add_grant(const struct ctx *cx, const struct reg *reg, const struct grant *grant,
    const struct unit *unit, struct scope *scope)
{
    int32_t today = cx->world->today;
    bool own = (actions_in(reg, grant->role, RELATION_OWN) >> ACTION_READ & 1) != 0;
    bool below = (actions_in(reg, grant->role, RELATION_BELOW) >> ACTION_READ & 1) != 0;
    bool above = (actions_in(reg, grant->role, RELATION_ABOVE) >> ACTION_READ & 1) != 0;
    struct scope part = {0};
    if (grant->unit == unit && own && below)
        return true;
    if (grant->unit != unit && unit_inside(unit, grant->unit, today))
        return below;
    if (unit_inside(grant->unit, unit, today)) {
        if (below)
            part = tree_scope(cx->arena, cx->world->tree, grant->unit, DAY_MIN, DAY_MAX, today);
        else if (own)
            part = tree_scope_own(cx->arena, cx->world->tree, grant->unit, DAY_MIN, DAY_MAX, today);
        for (int i = 0; i < part.count; i++) {
            if (own || unit_place(part.items[i].unit, today) != grant->unit)
                *ARENA_PUSH(cx->arena, scope->items, scope->count) = part.items[i];
        }
        if (above && grant->unit != unit)
            add_above(cx, grant->unit, unit, scope);
    }
    return false;
}

static void
drop_repeated(const struct ctx *cx, struct scope *scope)
{
    bool *seen = ARENA_ARRAY(cx->arena, bool, (size_t)cx->world->tree->count);
    int kept = 0;
    for (int i = 0; i < scope->count; i++) {
        const struct unit *unit = scope->items[i].unit;
        if (!seen[unit->index])
            scope->items[kept++] = scope->items[i];
        seen[unit->index] = true;
    }
    scope->count = kept;
}

void
rights_scope(const struct ctx *cx, const struct reg *reg, const struct unit *unit,
    struct scope *out, bool *whole)
{
    const struct viewer *viewer = cx->viewer;
    *out = (struct scope){0};
    *whole = viewer == NULL || PLANTED("list_not_scoped");
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++)
        *whole = add_grant(cx, reg, &viewer->grants[i], unit, out) || *whole;
    if (*whole)
        out->count = 0;
    else if (viewer->grant_count > 1) /* a role alone gives each unit once */
        drop_repeated(cx, out);
}

/* Readers */

static void
bind_record(struct query *q, int i, void *arg)
{
    struct record **records = arg;
    query_int(q, "shard", records[i]->shard);
    query_int(q, "record", records[i]->id);
}

enum status
rights_read_readers(struct ctx *cx, struct record **records, int count)
{
    struct record **restricted = NULL;
    int restricted_count = 0;
    for (int i = 0; i < count && cx->viewer != NULL; i++) {
        if (records[i]->reg->visibility == VISIBILITY_HAN_CHE)
            *ARENA_PUSH(cx->arena, restricted, restricted_count) = records[i];
    }
    if (restricted_count == 0)
        return OK;
    struct query *q = query_new(cx, Q_READER_LIST);
    query_each(q, restricted_count, bind_record, restricted);
    while (query_next(q)) {
        struct record *record = restricted[query_which(q)];
        if (query_get_int(q, 0) == cx->viewer->account)
            record->readership = READERSHIP_READER;
        else if (record->readership == READERSHIP_OPEN)
            record->readership = READERSHIP_CLOSED;
    }
    return query_end(q);
}

/* The table for people */

static const char *const action_labels[ACTION__COUNT] = {N_("xem số liệu"),
    N_("xem dòng hồ sơ sau số liệu"), N_("đọc hồ sơ"), N_("ghi, sửa, hủy hồ sơ"),
    N_("thực hiện bước chuyển"), N_("xem phần về người")};
static const char *const relation_labels[RELATION__COUNT] = {N_("hồ sơ về chính mình"),
    N_("hồ sơ hạn chế mà mình là người xem"), N_("hồ sơ nêu tên đơn vị mình"), N_("đơn vị mình"),
    N_("đơn vị trực thuộc"), N_("đơn vị cấp trên")};

static const char *
label_of(const struct ctx *cx, const char *role)
{
    return strcmp(role, ROLE_ANY) == 0 ? tr(cx, "Mọi tài khoản") : role_label(cx, role);
}

static struct doc *
add_row(struct doc *list, const struct ctx *cx, const char *role, enum relation relation)
{
    struct doc *row = doc_object(list, NULL);
    doc_text(row, "role", role);
    doc_text(row, "role_label", label_of(cx, role));
    doc_text(row, "relation", relation_keys[relation]);
    doc_text(row, "relation_label", tr(cx, relation_labels[relation]));
    return row;
}

static void
add_actions(struct doc *row, const struct ctx *cx, int actions)
{
    struct buf keys = buf_new(row->arena), labels = buf_new(row->arena);
    for (int a = 0; a < ACTION__COUNT; a++) {
        if ((actions >> a & 1) == 0)
            continue;
        buf_printf(&keys, "%s%s", keys.length > 0 ? " " : "", action_keys[a]);
        buf_printf(&labels, "%s%s", labels.length > 0 ? ", " : "", tr(cx, action_labels[a]));
    }
    doc_text(row, "actions", buf_string(&keys));
    doc_text(row, "actions_label", buf_string(&labels));
}

static int
actions_shown(const struct reg *reg, const char *role, enum relation relation)
{
    return strcmp(role, ROLE_ANY) == 0 ? actions_of(role, relation, reg->visibility)
                                       : actions_in(reg, role, relation);
}

/* One row for the registers from the i-th on of which the role may do the same. */
static void
add_alike(struct doc *list, const struct ctx *cx, const char *role, enum relation relation, int i,
    bool *is_told)
{
    const struct model *model = cx->world->model;
    int actions = actions_shown(&model->registers[i], role, relation);
    struct buf registers = buf_new(list->arena), labels = buf_new(list->arena);
    for (int r = i; r < model->register_count; r++) {
        if (is_told[r] || actions_shown(&model->registers[r], role, relation) != actions)
            continue;
        is_told[r] = true;
        buf_printf(&registers, "%s%s", registers.length > 0 ? ", " : "", model->registers[r].key);
        buf_printf(&labels, "%s%s", labels.length > 0 ? "; " : "",
            label_text(cx, &model->registers[r].label));
    }
    if (actions == 0)
        return;
    struct doc *row = add_row(list, cx, role, relation);
    add_actions(row, cx, actions);
    doc_text(row, "registers", buf_string(&registers));
    doc_text(row, "registers_label", buf_string(&labels));
}

static void
add_role(struct doc *list, const struct ctx *cx, const char *role)
{
    const struct model *model = cx->world->model;
    for (int relation = 0; relation < RELATION__COUNT; relation++) {
        bool *is_told = ARENA_ARRAY(list->arena, bool, (size_t)model->register_count + 1);
        for (int r = 0; r < model->register_count; r++) {
            if (!is_told[r])
                add_alike(list, cx, role, (enum relation)relation, r, is_told);
        }
    }
}

/* What the role does with whole units that stand so to its own. */
static void
add_works(struct doc *list, const struct ctx *cx, const char *role)
{
    static const char *const keys[WORK__COUNT] = {"send", "receive", "publish", "administer"};
    static const char *const labels[WORK__COUNT] = {N_("gửi báo cáo"),
        N_("nhận, trả lại, đôn đốc báo cáo"), N_("công bố số liệu"),
        N_("quản trị đơn vị, tài khoản, vai trò")};
    for (int relation = RELATION_OWN; relation < RELATION__COUNT; relation++) {
        struct buf works = buf_new(list->arena), work_labels = buf_new(list->arena);
        for (int i = 0; i < WORK__COUNT; i++) {
            if (!does(role, (enum relation)relation, (enum work)i))
                continue;
            buf_printf(&works, "%s%s", works.length > 0 ? " " : "", keys[i]);
            buf_printf(&work_labels, "%s%s", work_labels.length > 0 ? ", " : "", tr(cx, labels[i]));
        }
        if (works.length == 0)
            continue;
        struct doc *row = add_row(list, cx, role, (enum relation)relation);
        doc_text(row, "works", buf_string(&works));
        doc_text(row, "works_label", buf_string(&work_labels));
    }
}

static void
add_step(struct doc *list, const struct reg *reg, const struct transition *step)
{
    struct buf roles = buf_new(list->arena);
    struct doc *row = doc_object(list, NULL);
    for (int i = 0; i < step->by_count; i++)
        buf_printf(&roles, "%s%s", i > 0 ? ", " : "", step->by[i]);
    doc_text(row, "register", reg->key);
    doc_text(row, "register_label", reg->label.vi);
    doc_text(row, "visibility", visibility_keys[reg->visibility]);
    doc_text(row, "verb", step->key);
    doc_text(row, "label", step->label.vi);
    doc_text(row, "roles", buf_string(&roles));
}

static void
add_steps(struct doc *list, const struct model *model, const char *role)
{
    for (int r = 0; r < model->register_count; r++) {
        const struct reg *reg = &model->registers[r];
        for (int i = 0; i < reg->transition_count; i++) {
            if (role == NULL || names_role(&reg->transitions[i], role))
                add_step(list, reg, &reg->transitions[i]);
        }
    }
}

enum status
rights_doc(struct doc *object, struct ctx *cx, const char *role)
{
    const struct model *model = cx->world->model;
    struct doc *list = doc_list(object, "rights");
    if (role != NULL && role_label(cx, role) == NULL)
        return fault_set(cx, ERR_NOT_FOUND, "Không có vai trò “%s”; bỏ --role để xem mọi vai trò.",
            role);
    struct doc *works = doc_list(object, "works");
    add_role(list, cx, ROLE_ANY);
    for (int i = 0; i < model->role_count; i++) {
        if (role != NULL && strcmp(role, model->roles[i].key) != 0)
            continue;
        add_role(list, cx, model->roles[i].key);
        add_works(works, cx, model->roles[i].key);
    }
    if (role == NULL || strcmp(role, ROLE_ADMIN) == 0)
        add_works(works, cx, ROLE_ADMIN);
    add_steps(doc_list(object, "steps"), model, role);
    return OK;
}
