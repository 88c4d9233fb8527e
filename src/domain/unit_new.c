/* One unit that somebody fills in: a list of one line, so that the rules of lists are those of
 * forms too. */
#include "domain/unit.h"

#include "base/table.h"

#include <string.h>

static const char *const columns[] = {"code", "parent_code", "level", "name", "kind", "bloc"};

/* The faults of the line as those of a form, which has no lines. */
static void
name_faults(struct ctx *cx, int before)
{
    for (int i = before; i < cx->faults.count; i++) {
        struct fault *fault = &cx->faults.items[i];
        if (fault->column >= 1 && fault->column <= (int)COUNT_OF(columns))
            fault->field = columns[fault->column - 1];
        fault->file = NULL;
        fault->line = fault->column = 0;
    }
}

static enum status
check(struct ctx *cx, const struct unit_new *wanted)
{
    const struct unit *bearer = tree_bearer(cx->world->tree, wanted->code, wanted->from, DAY_MAX);
    if (bearer != NULL)
        return fault_at(cx, ERR_CONFLICT, (struct fault){.field = "code"},
            "Mã “%s” là của %s; hãy chọn mã khác.", wanted->code,
            unit_named(bearer, wanted->from)->name);
    if (wanted->parent == NULL || unit_on(wanted->parent, wanted->from) != NULL)
        return OK;
    return fault_at(cx, ERR_INVALID, (struct fault){.field = "parent_code"},
        "Ngày %s không có đơn vị %s; cần ngày đầu trong thời gian của đơn vị cấp trên.",
        date_show(cx->arena, wanted->from), unit_named(wanted->parent, wanted->from)->name);
}

enum status
unit_create(struct ctx *cx, const struct unit_new *wanted, const struct unit **out)
{
    struct buf text = buf_new(cx->arena);
    struct table_writer writer = table_begin(&text, TABLE_TSV);
    struct unit_import input = {.day = wanted->from, .from_day = wanted->from};
    struct unit_import_result result;
    int before = cx->faults.count;
    TRY(check(cx, wanted));
    const char *parent = wanted->parent == NULL ? "" : unit_on(wanted->parent, wanted->from)->code;
    const char *const cells[] = {wanted->code, parent, wanted->level, wanted->name, wanted->kind,
        wanted->bloc};
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        table_plain(&writer, columns[i]);
    table_end_row(&writer);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        table_text(&writer, cells[i]);
    table_end_row(&writer);
    input.file = wanted->code;
    input.text = buf_string(&text);
    input.length = text.length;
    enum status status = unit_import(cx, &input, &result);
    name_faults(cx, before);
    TRY(status);
    return tree_by_code(cx, cx->world->tree, wanted->code, wanted->from, out);
}
