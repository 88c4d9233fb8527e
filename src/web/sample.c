/* The sample inspection of the demo: one more draft, for whoever wants to see a figure rise. */
#include "web/routes.h"

#include "domain/form.h"
#include "domain/record.h"

#include <string.h>

/* Where and when: within the range that the demo's pages show. */
static const char sample_register[] = "ktgs", sample_unit[] = "bt.tp.db01";

static const char *const sample_fields[][2] = {
    {"loai", "kiem_tra_chap_hanh"},
    {"chu_the", "ubkt"},
    {"cap", "co_so"},
    {"noi_dung", "Cuộc kiểm tra mẫu, thêm từ trang chủ (mô phỏng)"},
    {"ngay_ket_luan", "28/06/2019"},
};
static const char *const sample_row[][2] = {{"kieu", "tcd"}, {"so_luong", "1"}};

static enum status
set_value(struct ctx *cx, const struct field *field, const char *key, const char *text,
    struct row *row)
{
    if (field == NULL)
        return fault_set(cx, ERR_INVALID, "Sổ của cuộc kiểm tra mẫu không có trường “%s”.", key);
    if (!value_parse(cx, field, text, (struct fault){0}, &row->values[field->index]))
        return ERR_INVALID;
    return OK;
}

static enum status
add_row(struct ctx *cx, const struct field *list, struct row *fields)
{
    struct value *value = &fields->values[list->index];
    value->rows = ARENA_NEW(cx->arena, struct row);
    value->rows[0] = row_new(cx->arena, list->fields, list->field_count);
    value->row_count = 1;
    value->is_null = false;
    for (size_t i = 0; i < COUNT_OF(sample_row); i++)
        TRY(set_value(cx, list_field(list, sample_row[i][0]), sample_row[i][0], sample_row[i][1],
            &value->rows[0]));
    return OK;
}

static enum status
fill(struct ctx *cx, const struct reg *reg, struct row *fields)
{
    const struct field *list = reg_field(reg, "doi_tuong");
    *fields = row_new(cx->arena, reg->fields, reg->field_count);
    for (size_t i = 0; i < COUNT_OF(sample_fields); i++)
        TRY(set_value(cx, reg_field(reg, sample_fields[i][0]), sample_fields[i][0],
            sample_fields[i][1], fields));
    if (list == NULL || list->kind != KIND_LIST)
        return fault_set(cx, ERR_INVALID, "Sổ của cuộc kiểm tra mẫu không có danh sách đối tượng.");
    return add_row(cx, list, fields);
}

/* A form sent twice makes one record: its token is the record's origin. */
static const char *
origin_of(const struct page *page)
{
    const char *token = request_form(page->request, "token");
    if (token == NULL || *token == '\0' || strspn(token, "0123456789") != strlen(token))
        return NULL;
    return arena_printf(page->cx->arena, "mau-%s", token);
}

enum status
sample_create(struct page *page)
{
    struct ctx *cx = page->cx;
    struct row fields;
    struct record_new wanted = {.fields = &fields, .origin = origin_of(page)};
    struct record *record;
    if (!cx->world->is_demo)
        return fault_set(cx, ERR_NOT_FOUND, "Chỉ dữ liệu mô phỏng mới có cuộc kiểm tra mẫu.");
    TRY(world_register(cx, sample_register, &wanted.reg));
    TRY(tree_by_code(cx, cx->world->tree, sample_unit, page_usual_range(cx).to, &wanted.unit));
    TRY(fill(cx, wanted.reg, &fields));
    TRY(record_create(cx, &wanted, &record));
    page_redirect(page, arena_printf(cx->arena, "/hs/%s", record->code));
    return OK;
}
