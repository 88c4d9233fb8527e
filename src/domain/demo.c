/* Loading the demo through the same doors as anybody's data. */
#include "domain/demo.h"

#include "base/embed.h"
#include "domain/cell.h"
#include "domain/declaration.h"
#include "domain/import.h"
#include "domain/person.h"
#include "domain/unit.h"

static const struct embedded *
file(const char *name, struct arena *arena)
{
    return embed_find(arena_printf(arena, "packs/chi-thi-05/demo/%s.tsv", name));
}

static enum status
load_units(struct ctx *cx)
{
    const struct embedded *list = file("units", cx->arena);
    struct unit_import_result result;
    struct unit_import import = {.file = list->path,
        .text = list->bytes,
        .length = list->size,
        .day = cx->world->today,
        .from_day = DAY_MIN};
    return unit_import(cx, &import, &result);
}

static enum status
load_people(struct ctx *cx)
{
    const struct embedded *list = file("people", cx->arena);
    struct person_import_result result;
    struct person_import import = {.file = list->path, .text = list->bytes, .length = list->size};
    return person_import(cx, &import, &result);
}

/* A register of which the demo has no file stays empty. */
static enum status
load_records(struct ctx *cx, const char *reg)
{
    const struct embedded *list = file(reg, cx->arena);
    struct record_import_result result;
    if (list == NULL)
        return OK;
    struct record_import import = {.reg = reg,
        .file = list->path,
        .text = list->bytes,
        .length = list->size};
    return record_import(cx, &import, &result);
}

/* Does a field refer to records of another register that are still to come? */
static bool
points_ahead(const struct reg *reg, const struct field *fields, int count, const bool *is_loaded)
{
    for (int i = 0; i < count; i++) {
        const struct reg *target = fields[i].target;
        if (target != NULL && target != reg && !is_loaded[target->index])
            return true;
        if (points_ahead(reg, fields[i].fields, fields[i].field_count, is_loaded))
            return true;
    }
    return false;
}

/* A register comes after those that it refers to. Registers that wait for each other are taken in
 * the order of the pack; what does not find its target is then a fault of the file. */
static const struct reg *
next_register(const struct model *model, const bool *is_loaded)
{
    const struct reg *waiting = NULL;
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        if (is_loaded[i])
            continue;
        if (!points_ahead(reg, reg->fields, reg->field_count, is_loaded))
            return reg;
        waiting = waiting == NULL ? reg : waiting;
    }
    return waiting;
}

static enum status
load_registers(struct ctx *cx)
{
    const struct reg *reg;
    bool *is_loaded =
        arena_alloc(cx->arena, (size_t)cx->world->model->register_count * sizeof(*is_loaded));
    while ((reg = next_register(cx->world->model, is_loaded)) != NULL) {
        is_loaded[reg->index] = true;
        TRY(load_records(cx, reg->key));
    }
    return OK;
}

typedef enum status calendar_import(struct ctx *, const struct calendar_file *,
    struct calendar_result *);

static enum status
load_calendar(struct ctx *cx, const char *name, calendar_import *import)
{
    const struct embedded *list = file(name, cx->arena);
    struct calendar_file input = {list->path, list->bytes, list->size};
    struct calendar_result result;
    return import(cx, &input, &result);
}

/* The years that the published figures and the first demo days lie in, in both countings. */
static enum status
load_periods(struct ctx *cx)
{
    static const char *const years[] = {"2016", "2017", "2018", "2019", "2020", "2021", "2026"};
    for (size_t i = 0; i < COUNT_OF(years); i++) {
        for (enum period_kind kind = 0; kind < PERIOD_RIENG; kind++) {
            struct period_make make = {years[i], period_kind_key(kind), NULL};
            struct calendar_result result;
            TRY(period_make(cx, &make, &result));
        }
    }
    return OK;
}

static enum status
load_declarations(struct ctx *cx)
{
    const struct embedded *list = file("declarations", cx->arena);
    struct declaration_import_result result;
    return declaration_import(cx, list->path, list->bytes, list->size, &result);
}

enum status
demo_load(struct ctx *cx)
{
    TRY(setting_set(cx, "demo", "1"));
    TRY(setting_set(cx, "restricted_content", "full"));
    TRY(world_renew(cx));
    TRY(load_calendar(cx, "holidays", holiday_import));
    TRY(load_calendar(cx, "reviews", review_import));
    TRY(load_periods(cx));
    TRY(load_units(cx));
    TRY(load_people(cx));
    TRY(load_registers(cx));
    TRY(load_declarations(cx));
    return cell_fold_all(cx);
}
