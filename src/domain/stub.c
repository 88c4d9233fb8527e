/* Refusing what a stub does not hold. */
#include "domain/stub.h"

#include <string.h>

bool
stub_only(const struct world *world, const struct reg *reg)
{
    return reg->visibility == VISIBILITY_HAN_CHE && !world->is_isolated &&
        !world->has_restricted_content;
}

bool
stub_holds(const struct field *field)
{
    return field->kind != KIND_TEXT && field->kind != KIND_LONG_TEXT && field->kind != KIND_FILES &&
        field->kind != KIND_PERSON;
}

static bool
is_same(const struct value *a, const struct value *b)
{
    if (a->is_null || b->is_null)
        return false;
    return a->text == NULL || b->text == NULL ? a->text == b->text && a->number == b->number
                                              : strcmp(a->text, b->text) == 0;
}

/* In any row: what stays may move up when a row goes. */
static bool
was_there(const struct field *column, const struct value *list, const struct value *value)
{
    for (int r = 0; list != NULL && r < list->row_count; r++) {
        if (is_same(&list->rows[r].values[column->index], value))
            return true;
    }
    return false;
}

static void
refuse(struct ctx *cx, const struct reg *reg, const struct field *field, const char *path)
{
    (void)fault_at(cx, ERR_INVALID, (struct fault){.field = path},
        "%s: sổ %s trên máy có nối mạng chỉ giữ số liệu và phần tóm lược, vì nội dung có thể là bí "
        "mật "
        "nhà nước (Luật Bảo vệ bí mật nhà nước 117/2025/QH15); hãy để trống và lưu hồ sơ ngoài hệ "
        "thống. Người vận hành đổi được bằng thiết lập mode hoặc restricted_content.",
        label_text(cx, &field->label), label_text(cx, &reg->label));
}

static void
check_rows(struct ctx *cx, const struct reg *reg, const struct field *list,
    const struct value *before, const struct value *after)
{
    for (int r = 0; r < after->row_count; r++) {
        for (int c = 0; c < list->field_count; c++) {
            const struct field *column = &list->fields[c];
            const struct value *value = &after->rows[r].values[c];
            if (!stub_holds(column) && !value->is_null && !was_there(column, before, value))
                refuse(cx, reg, column,
                    arena_printf(cx->arena, "%s.%d.%s", list->key, r, column->key));
        }
    }
}

enum status
stub_check(struct ctx *cx, const struct reg *reg, const struct row *before, const struct row *after)
{
    int faults = cx->faults.count;
    for (int i = 0; stub_only(cx->world, reg) && i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        const struct value *old = before == NULL ? NULL : &before->values[i];
        const struct value *value = &after->values[i];
        if (field->kind == KIND_LIST)
            check_rows(cx, reg, field, old, value);
        else if (!stub_holds(field) && !value->is_null && (old == NULL || !is_same(old, value)))
            refuse(cx, reg, field, field->key);
    }
    return cx->faults.count == faults ? OK : ERR_INVALID;
}
