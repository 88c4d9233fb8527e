/* The rules of a register, asked of a record in memory: what is required, the pack's checks, and
 * that the unit existed on the counting day. No database is read, so that a dry run, an import and
 * a form ask the same. */
#include "domain/record.h"

#include "base/catalogue.h"
#include "pack/expr.h"

static void
require(struct ctx *cx, const struct field *field, const struct value *value, int row)
{
    bool empty = field->kind == KIND_LIST ? value->row_count == 0 : value->is_null;
    struct fault where = {.field = field->key};
    if (!field->required || !empty)
        return;
    if (row > 0)
        where.field = arena_printf(cx->arena, "%s.%d.%s", field->list->key, row - 1, field->key);
    if (row > 0)
        (void)fault_at(cx, ERR_INVALID, where, "%s, dòng %d: %s còn trống.",
            label_text(cx, &field->list->label), row, label_text(cx, &field->label));
    else
        (void)fault_at(cx, ERR_INVALID, where, "%s còn trống.", label_text(cx, &field->label));
}

static void
require_columns(struct ctx *cx, const struct field *list, const struct value *value)
{
    for (int r = 0; r < value->row_count; r++)
        for (int i = 0; i < list->field_count; i++)
            require(cx, &list->fields[i], &value->rows[r].values[i], r + 1);
}

static void
ask(struct ctx *cx, const struct check *check, const struct row *fields, const struct row *row,
    int number)
{
    enum truth truth;
    if (expr_evaluate(cx, check->that, fields, row, &truth) != OK || truth != IS_FALSE)
        return;
    if (row == NULL)
        (void)fault_set(cx, ERR_INVALID, "%s", label_text(cx, &check->message));
    else
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = check->list->key},
            "%s, dòng %d: %s", label_text(cx, &check->list->label), number,
            label_text(cx, &check->message));
}

/* Either the rules that refuse or those that only ask for an explanation. */
static void
ask_checks(struct ctx *cx, const struct reg *reg, const struct row *fields, bool notices)
{
    for (int i = 0; i < reg->check_count; i++) {
        const struct check *check = &reg->checks[i];
        if (check->is_notice != notices)
            continue;
        if (check->list == NULL) {
            ask(cx, check, fields, NULL, 0);
            continue;
        }
        const struct value *list = &fields->values[check->list->index];
        for (int r = 0; r < list->row_count; r++)
            ask(cx, check, fields, &list->rows[r], r + 1);
    }
}

int
record_notices(struct ctx *cx, const struct record *record, const char ***out)
{
    int before = cx->faults.count, count = 0;
    ask_checks(cx, record->reg, &record->fields, true);
    *out = NULL;
    for (int i = before; i < cx->faults.count; i++)
        *ARENA_PUSH(cx->arena, *out, count) = cx->faults.items[i].message;
    fault_forget(cx, before);
    return count;
}

void
record_enter(const struct reg *reg, int state, struct row *fields)
{
    const struct field *date = reg->counted_on;
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        bool is_due = field->entered != NULL && (field->known_in >> state & 1) != 0;
        if (is_due && date != NULL && fields->values[i].is_null)
            fields->values[i] = fields->values[date->index];
    }
}

int32_t
record_day(const struct ctx *cx, const struct reg *reg, const struct row *fields)
{
    const struct value *day =
        reg->counted_on == NULL ? NULL : &fields->values[reg->counted_on->index];
    return day == NULL || day->is_null ? cx->world->today : (int32_t)day->number;
}

/* Who stood there on that day instead: the heir after the end, else nobody is named. */
static void
require_unit(struct ctx *cx, const struct field *date, const struct unit *unit, int32_t day)
{
    struct fault where = {.field = date == NULL ? "unit" : date->key};
    if (unit_on(unit, day) != NULL)
        return;
    int32_t from = unit->spans[0].from, to = unit->spans[unit->span_count - 1].to;
    const struct unit *place = unit_place(unit, day);
    const struct span *instead = place == NULL ? NULL : unit_on(place, day);
    (void)fault_at(cx, ERR_INVALID, where, "Ngày %s không có đơn vị “%s” (chỉ có%s%s%s%s)%s%s.",
        date_show(cx->arena, day), unit_named(unit, day)->name,
        from != DAY_MIN ? tr(cx, " từ ") : "", from != DAY_MIN ? date_show(cx->arena, from) : "",
        to != DAY_MAX ? tr(cx, " đến ") : "", to != DAY_MAX ? date_show(cx->arena, to) : "",
        instead == NULL ? "" : tr(cx, "; ngày đó thuộc về "), instead == NULL ? "" : instead->name);
}

/* Is a date one by which something counts in a state? */
static bool
counts_on(const struct reg_indicators *group, int state, const struct field *date)
{
    for (int i = 0; i < group->count; i++) {
        if (group->items[i]->on == date && (group->items[i]->states >> state & 1))
            return true;
    }
    return false;
}

/* What is not empty in a state. A record that counts has the dates by which it counts: the loader
 * proved it for the way into a state, and an edit in that state must not undo it. */
static void
require_fields(struct ctx *cx, const struct reg *reg, int state, const struct row *fields)
{
    const struct reg_indicators *group = &cx->world->of_register[reg->index];
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        const struct value *value = &fields->values[i];
        if (!field->required && value->is_null && counts_on(group, state, field))
            (void)fault_at(cx, ERR_INVALID, (struct fault){.field = field->key},
                "%s còn trống; hồ sơ ở trạng thái này được tính theo ngày đó.",
                label_text(cx, &field->label));
        if (state == reg->initial)
            continue;
        require(cx, field, value, 0);
        if (field->kind == KIND_LIST)
            require_columns(cx, field, value);
    }
}

/* On each day by which a record counts its unit was there. */
static void
require_counting_units(struct ctx *cx, const struct reg *reg, const struct unit *unit, int state,
    const struct row *fields)
{
    const struct reg_indicators *group = &cx->world->of_register[reg->index];
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *on = &reg->fields[i];
        const struct value *day = &fields->values[i];
        if (!day->is_null && on != reg->counted_on && counts_on(group, state, on))
            require_unit(cx, on, unit, (int32_t)day->number);
    }
}

enum status
record_validate(struct ctx *cx, const struct reg *reg, const struct unit *unit, int state,
    const struct row *fields)
{
    int before = cx->faults.count;
    require_fields(cx, reg, state, fields);
    require_counting_units(cx, reg, unit, state, fields);
    ask_checks(cx, reg, fields, false);
    require_unit(cx, reg->counted_on, unit, record_day(cx, reg, fields));
    return cx->faults.count > before ? ERR_INVALID : OK;
}
