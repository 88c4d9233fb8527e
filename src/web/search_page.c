/* Search over everything that has words: one field, one page, four kinds of answers. */
#include "web/routes.h"

#include "domain/rights.h"
#include "domain/search.h"

static const char *
next_page(struct page *page, const struct search_answer *answer)
{
    const struct search_query *query = answer->query;
    struct buf out = buf_new(page->cx->arena);
    if (!answer->more_records)
        return NULL;
    buf_text(&out, "/tim?q=");
    page_url_text(&out, answer->instead != NULL ? answer->instead : query->text, true);
    if (query->unit != NULL) {
        buf_text(&out, "&dv=");
        page_url_text(&out, unit_named(query->unit, page->cx->world->today)->code, true);
    }
    buf_printf(&out, "&after=%s", answer->records[answer->record_count - 1]->code);
    return buf_string(&out);
}

enum status
search_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    const char *text = page_param(page, "q"), *code = page_param(page, "dv");
    struct search_query query = {.text = text == NULL ? "" : text,
        .after = page_param(page, "after"),
        .limit = PAGE_RECORDS};
    struct search_answer answer;
    if (code != NULL)
        TRY(rights_unit(cx, code, cx->world->today, &query.unit));
    TRY(search(cx, &query, &answer));
    page->template = "search";
    page->asked = query.text;
    page_set_title(page, *query.text == '\0' ? "Tìm%s" : "Tìm “%s”", query.text);
    search_doc(page->data, cx, &answer);
    doc_text(page->data, "next", next_page(page, &answer));
    doc_bool(page->data, "is_first", query.after == NULL);
    return OK;
}
