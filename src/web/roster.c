/* The newest records of a unit are looked through: a branch has some tens of members. */
#include "web/roster.h"

#include "base/code.h"
#include "domain/form.h"
#include "domain/record_view.h"

enum { RECORDS_MAX = 1000 };

enum status
roster_recorded(struct ctx *cx, const struct reg *reg, const struct unit *unit, struct map **out)
{
    const struct field *person = reg_person(reg);
    struct record **records;
    int count, year = day_to_civil(cx->world->today).year;
    *out = map_new(cx->arena);
    TRY(record_newest(cx, reg, unit, RECORDS_MAX, &records, &count));
    for (int i = 0; i < count; i++) {
        const struct value *who = &records[i]->fields.values[person->index];
        int32_t day = record_day(cx, reg, &records[i]->fields);
        if (!who->is_null && day_to_civil(day).year == year)
            map_set_int(*out, who->number, records[i]);
    }
    return OK;
}

enum status
roster_next(const struct form_choices *choices, int64_t after, const char **out)
{
    const struct form_view *view = choices->view;
    struct map *recorded;
    int place = 0;
    *out = NULL;
    TRY(roster_recorded(view->page->cx, view->reg, view->unit, &recorded));
    for (int i = 0; i < choices->count; i++) {
        if (code_number(choices->items[i].value) == after)
            place = i;
    }
    for (int i = 1; i <= choices->count && *out == NULL; i++) {
        const char *code = choices->items[(place + i) % choices->count].value;
        if (*code != '\0' && map_get_int(recorded, code_number(code)) == NULL)
            *out = code;
    }
    return OK;
}
