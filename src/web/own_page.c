/* The page of one's own: what is kept about the signed-in person, who was shown it, and a request
 * to correct a record. Whoever has no account, or one that names nobody, finds out why it is empty.
 */
#include "web/visitor.h"

#include "domain/own_data.h"
#include "domain/person.h"
#include "domain/rights.h"
#include "web/listing.h"

#include <string.h>

enum { READS_SHOWN = 200 };

/* How somebody was shown, in words. */
static const char *
how_label(const struct ctx *cx, const char *how)
{
    static const struct {
        const char *how, *label;
    } labels[] = {
        {"list", N_("trong một danh sách")},
        {"show", N_("một mình")},
        {"record", N_("trên một hồ sơ")},
        {"export", N_("khi xuất danh sách")},
    };
    for (size_t i = 0; how != NULL && i < COUNT_OF(labels); i++) {
        if (strcmp(labels[i].how, how) == 0)
            return tr(cx, labels[i].label);
    }
    return how;
}

static enum status
add_reads(struct page *page)
{
    struct ctx *cx = page->cx;
    struct doc *list = doc_list(page->data, "reads");
    struct audit_page found;
    TRY(own_reads(cx, READS_SHOWN, &found));
    for (int i = 0; i < found.count; i++) {
        const struct audit_row *row = &found.rows[i];
        struct doc *object = doc_object(list, NULL);
        doc_time(object, "at", row->at, cx->world->zone_offset);
        doc_text(object, "who", row->who);
        doc_text(object, "roles", row->roles);
        doc_text(object, "how", how_label(cx, row->detail));
    }
    doc_bool(page->data, "has_reads", found.count > 0);
    doc_bool(page->data, "has_more_reads", found.more);
    doc_integer(page->data, "reads_shown", found.count);
    return OK;
}

static enum status
add_records(struct page *page)
{
    struct record **records;
    struct doc *list = doc_list(page->data, "records");
    int count;
    TRY(own_records(page->cx, &records, &count));
    doc_bool(page->data, "has_records", count > 0);
    return listing_doc(list, page, records, count, NULL);
}

static enum status
show(struct page *page, const char *text, enum status status)
{
    const char *code = own_code(page->cx);
    page->template = "me";
    page_set_title(page, "Dữ liệu về tôi");
    page_crumb(page, "/tai_khoan", tr(page->cx, "Tài khoản của tôi"));
    page_form(page, "noi_dung", status);
    doc_text(page->data, "text", text);
    doc_text(page->data, "code", code);
    doc_bool(page->data, "done", page_param(page, "xong") != NULL);
    struct doc *person = doc_object(page->data, "person");
    if (code != NULL)
        TRY(person_doc(person, page->cx, code));
    TRY(add_records(page));
    return add_reads(page);
}

enum status
own_page_show(struct page *page)
{
    if (page->visitor.session == NULL)
        return visitor_no_accounts(page);
    return show(page, "", OK);
}

enum status
own_page_contest(struct page *page)
{
    const char *code = request_form(page->request, "ho_so");
    const char *text = request_form(page->request, "noi_dung");
    if (page->visitor.session == NULL)
        return visitor_no_accounts(page);
    text = text == NULL ? "" : text;
    bool is_of_record = code != NULL && *code != '\0';
    enum status status = own_contest(page->cx, is_of_record ? code : NULL, text);
    if (status == ERR_INVALID)
        return show(page, text, status);
    TRY(status);
    page_redirect(page, "/toi?xong=1");
    return OK;
}
