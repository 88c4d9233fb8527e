/* "Kết quả thực hiện": what anybody may see, without an account; and publishing it. */
#include "web/routes.h"

#include "base/vi.h"
#include "domain/publication.h"
#include "domain/rights.h"

enum status
public_page_show(struct page *page)
{
    page->template = "public";
    page_set_title(page, "Kết quả thực hiện");
    struct doc *list = doc_list(page->data, "figures");
    TRY(publication_doc(list, page->cx));
    doc_bool(page->data, "has_figures", list->first != NULL);
    return OK;
}

enum status
public_page_publish(struct page *page)
{
    struct publication wanted = {.decision = page_sent(page, "quyet_dinh")};
    struct range range = {DAY_MIN, page->cx->world->today};
    TRY(world_indicator(page->cx, page->argument[0], &wanted.indicator));
    TRY(page_unit(page, request_form(page->request, "dv"), range, &wanted.unit));
    if (!date_parse(page_sent(page, "tu"), &wanted.from) ||
        !date_parse(page_sent(page, "den"), &wanted.to))
        return fault_set(page->cx, ERR_INVALID,
            "Khoảng thời gian không hợp lệ; cần ngày theo dạng 05/09/2026.");
    TRY(publish(page->cx, &wanted));
    page_redirect(page, "/ket_qua");
    return OK;
}

enum status
public_page_withdraw(struct page *page)
{
    TRY(publication_withdraw(page->cx, page_sent(page, "cong_bo")));
    page_redirect(page, "/ket_qua");
    return OK;
}
