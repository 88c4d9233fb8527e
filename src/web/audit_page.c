/* The audit for the auditor: who did what and saw what, the newest first, by what the address asks
 * for; the same as a file. Nothing can be changed here, and records are named by their codes only.
 */
#include "web/routes.h"

#include "domain/audit.h"
#include "web/sheets.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 50, SKIP_MAX = 10000, EXPORTED_MAX = 50000 };

static enum status
read_day(struct page *page, const char *name, int32_t absent, int32_t *out)
{
    const char *text = page_param(page, name);
    *out = absent;
    return text == NULL || date_read(page->cx, name, text, out) ? OK : ERR_INVALID;
}

static enum status
read_skip(struct page *page, int *out)
{
    const char *text = page_param(page, "bo_qua");
    char *end;
    *out = 0;
    if (text == NULL)
        return OK;
    long skip = strtol(text, &end, 10);
    if (*end != '\0' || skip < 0 || skip > SKIP_MAX)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "bo_qua"},
            "“%s” không hợp lệ; cần số dòng bỏ qua, nhiều nhất %d. Xa hơn, hãy lọc theo ngày.",
            text, SKIP_MAX);
    *out = (int)skip;
    return OK;
}

/* Whoever may not read it learns as little as of an address that there is not. */
static enum status
read_asked(struct page *page, struct audit_query *out)
{
    struct ctx *cx = page->cx;
    const char *code = page_param(page, "dv");
    struct range ever = {DAY_MIN, cx->world->today};
    *out = (struct audit_query){.login = page_param(page, "tai_khoan"),
        .action = page_param(page, "viec"),
        .code = page_param(page, "ma_so"),
        .limit = PAGE_ROWS};
    if (!may_audit(cx))
        return fault_set(cx, ERR_NOT_FOUND, "Không có trang này.");
    TRY(read_day(page, "tu", DAY_MIN, &out->from));
    TRY(read_day(page, "den", DAY_MAX, &out->to));
    TRY(read_skip(page, &out->skip));
    return code == NULL ? OK : page_unit(page, code, ever, &out->unit);
}

/* What was asked as an address of this page, or of the file. */
static const char *
address(const struct page *page, const char *path)
{
    static const char *const names[] = {"tu", "den", "tai_khoan", "viec", "ma_so", "dv"};
    struct buf out = buf_new(page->cx->arena);
    buf_printf(&out, "%s?", path);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = page_param(page, names[i]);
        if (value == NULL)
            continue;
        buf_printf(&out, "%s=", names[i]);
        page_url_text(&out, value, true);
        buf_char(&out, '&');
    }
    return arena_strndup(page->cx->arena, buf_string(&out), out.length - 1);
}

static void
add_row(struct page *page, struct doc *list, const struct audit_row *row)
{
    struct doc *object = doc_object(list, NULL);
    doc_time(object, "at", row->at, page->cx->world->zone_offset);
    doc_text(object, "login", row->login);
    doc_text(object, "who", row->who);
    doc_text(object, "roles", row->roles);
    doc_text(object, "action", row->action);
    doc_text(object, "label", row->label);
    doc_text(object, "code", row->code);
    doc_text(object, "detail", row->detail);
}

/* What the form holds. */
static void
add_asked(struct page *page)
{
    struct doc *asked = doc_object(page->data, "asked");
    doc_text(asked, "from", page_param(page, "tu"));
    doc_text(asked, "to", page_param(page, "den"));
    doc_text(asked, "login", page_param(page, "tai_khoan"));
    doc_text(asked, "code", page_param(page, "ma_so"));
    doc_text(asked, "unit", page_param(page, "dv"));
    audit_actions_doc(doc_list(page->data, "actions"), page->cx, page_param(page, "viec"));
}

static void
add_pages(struct page *page, const struct audit_query *query, bool more)
{
    const char *here = address(page, "/nhat_ky");
    bool is_bare = strchr(here, '?') == NULL;
    doc_bool(page->data, "is_first", query->skip == 0);
    doc_text(page->data, "first", here);
    doc_text(page->data, "csv_href", address(page, "/nhat_ky.csv"));
    if (more && query->skip + query->limit <= SKIP_MAX)
        doc_printf(page->data, "next", "%s%sbo_qua=%d", here, is_bare ? "?" : "&",
            query->skip + query->limit);
    else
        doc_null(page->data, "next");
}

enum status
audit_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    struct audit_query query;
    struct audit_page found;
    TRY(read_asked(page, &query));
    TRY(audit_note_read(cx, "audit.read"));
    TRY(audit_list(cx, &query, &found));
    page->template = "audit";
    page_set_title(page, "Nhật ký");
    struct doc *rows = doc_list(page->data, "rows");
    for (int i = 0; i < found.count; i++)
        add_row(page, rows, &found.rows[i]);
    doc_bool(page->data, "has_rows", found.count > 0);
    add_asked(page);
    add_pages(page, &query, found.more);
    return OK;
}

static void
add_exported(struct page *page, struct sheet *sheet, const struct audit_row *row)
{
    struct sheet_cell *cell = sheet_row(page->cx->arena, sheet);
    *cell++ = sheet_text(instant_show(page->cx->arena, row->at, page->cx->world->zone_offset));
    *cell++ = sheet_text(row->login);
    *cell++ = sheet_text(row->who);
    *cell++ = sheet_text(row->roles);
    *cell++ = sheet_text(row->label);
    *cell++ = sheet_text(row->code);
    *cell++ = sheet_text(row->detail);
}

enum status
audit_page_table(struct page *page)
{
    static struct sheet_column columns[] = {{.title = "Lúc"}, {.title = "Tên đăng nhập"},
        {.title = "Ai"}, {.title = "Vai trò khi ấy"}, {.title = "Việc"}, {.title = "Mã"},
        {.title = "Chi tiết"}};
    struct ctx *cx = page->cx;
    struct sheet sheet = {.title = "Nhật ký",
        .about = "",
        .columns = columns,
        .column_count = COUNT_OF(columns)};
    struct audit_query query;
    struct audit_page found;
    TRY(read_asked(page, &query));
    query.skip = 0;
    query.limit = EXPORTED_MAX;
    TRY(audit_note_read(cx, "audit.export"));
    TRY(audit_list(cx, &query, &found));
    if (found.more)
        return fault_set(cx, ERR_LIMIT,
            "Có hơn %d dòng nhật ký như vậy; hãy lọc bớt theo ngày, hoặc xuất bằng `chithi audit "
            "export`.",
            EXPORTED_MAX);
    for (int i = 0; i < found.count; i++)
        add_exported(page, &sheet, &found.rows[i]);
    return sheet_send(page, &sheet, "nhat-ky");
}
