/* Who belongs to a unit on the last day of the range. Names lead nowhere: what registers say about
 * one person is joined on no page but that person's own. */
#include "web/routes.h"

#include "domain/person.h"
#include "domain/rights.h"

#include <stdlib.h>

enum { PAGE_PEOPLE = 200 };

static enum status
read_skip(struct page *page, int *out)
{
    const char *text = page_param(page, "bo_qua");
    char *end;
    *out = 0;
    if (text == NULL)
        return OK;
    long skip = strtol(text, &end, 10);
    if (*end != '\0' || skip < 0 || skip > 10000000)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "bo_qua"},
            "“%s” không hợp lệ; cần số người bỏ qua, ví dụ 200.", text);
    *out = (int)skip;
    return OK;
}

static void
add_pages(struct page *page, const struct person_query *query, const char *address, int total)
{
    doc_integer(page->data, "total", total);
    doc_bool(page->data, "is_first", query->skip == 0);
    doc_text(page->data, "first", address);
    if (total > query->skip + query->limit)
        doc_printf(page->data, "next", "%s&bo_qua=%d", address, query->skip + query->limit);
    else
        doc_null(page->data, "next");
}

enum status
member_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    struct person_query query = {.limit = PAGE_PEOPLE};
    struct range range;
    int total;
    TRY(page_range(page, &range));
    TRY(page_unit(page, page->argument[0], range, &query.unit));
    if (!may_people(cx, query.unit))
        return rights_no_unit(cx, page->argument[0]);
    TRY(read_skip(page, &query.skip));
    const struct span *span = unit_named(query.unit, range.to);
    query.day = range.to;
    page->template = "members";
    page_set_title(page, "Thành viên: %s", span->name);
    page_unit_crumbs(page, query.unit, range, false);
    page_unit_doc(page->data, "unit", query.unit, range);
    doc_date(page->data, "day", query.day);
    TRY(person_list_doc(doc_list(page->data, "people"), cx, &query, &total));
    add_pages(page, &query,
        arena_printf(cx->arena, "/dv/%s/thanh_vien?%s", span->code,
            page_range_query(cx->arena, range)),
        total);
    return OK;
}
