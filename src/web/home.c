/* The first page. On the demo: one paragraph about one city, every figure in it a link. Elsewhere:
 * the top of the tree, its registers, or how to begin. Before all of it, what whoever runs the
 * server has to know. */
#include "web/routes.h"

#include "domain/report.h"
#include "store/backup.h"

/* As html/unshipped.html shows it. */
static void
add_unshipped(struct page *page)
{
    int64_t since = store_ship_failing_since(page->cx->store);
    if (since == 0)
        doc_null(page->data, "unshipped_since");
    else
        doc_time(page->data, "unshipped_since", since, page->cx->world->zone_offset);
}

static void
add_registers(struct page *page, const struct unit *unit, struct range range)
{
    const struct model *model = page->cx->world->model;
    const char *code = unit == NULL ? "" : unit_named(unit, range.to)->code;
    struct doc *list = doc_list(page->data, "registers");
    for (int i = 0; i < model->register_count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", model->registers[i].key);
        doc_text(object, "label", label_text(page->cx, &model->registers[i].label));
        doc_printf(object, "href", "/so/%s?dv=%s", model->registers[i].key, code);
    }
}

/* The unit and all above it, the top first. */
static void
add_units(const struct ctx *cx, struct doc *list, const struct unit *unit, struct range range)
{
    const struct span *span = unit_named(unit, range.to);
    if (span->parent != NULL)
        add_units(cx, list, span->parent, range);
    page_unit_doc(cx, list, NULL, unit, range);
}

static void
add_report(struct page *page, const struct report_query *query, struct range range)
{
    const char *code = unit_named(query->unit, range.to)->code;
    const char *days = page_range_query(page->cx->arena, range);
    struct doc *report = doc_object(page->data, "report");
    doc_text(report, "label", label_text(page->cx, &query->def->label));
    doc_text(report, "subject", query->def->subject.source);
    doc_printf(report, "href", "/bao_cao/%s?dv=%s&%s", query->def->key, code, days);
    doc_printf(report, "docx", "/bao_cao/%s.docx?dv=%s&%s", query->def->key, code, days);
}

/* The first page says one thing. */
static void
keep_first(struct doc *list)
{
    list->last = list->first;
    if (list->first != NULL)
        list->first->next = NULL;
}

static enum status
show_demo(struct page *page, const struct unit *unit, struct range range)
{
    struct report_query query = {.def = model_report(page->cx->world->model, "ktgs"),
        .unit = unit,
        .from = range.from,
        .to = range.to};
    page->template = "home_demo";
    page_unit_doc(page->cx, page->data, "unit", unit, range);
    doc_date(page->data, "from", range.from);
    doc_date(page->data, "to", range.to);
    add_units(page->cx, doc_list(page->data, "units"), unit, range);
    add_registers(page, unit, range);
    doc_printf(page->page, "origin", "%lld", (long long)page->cx->now);
    struct doc *paragraphs = doc_list(page->data, "paragraphs");
    if (query.def == NULL)
        return fault_set(page->cx, ERR_NOT_FOUND,
            "Gói của dữ liệu mô phỏng thiếu mẫu báo cáo ktgs.");
    add_report(page, &query, range);
    TRY(report_paragraphs(page->cx, &query, paragraphs));
    keep_first(paragraphs);
    return OK;
}

static void
show_start(struct page *page, const struct unit *root, struct range range)
{
    page->template = "home";
    page_set_title(page, "%s",
        root == NULL ? tr(page->cx, "Bắt đầu") : unit_named(root, range.to)->name);
    doc_bool(page->data, "has_units", root != NULL);
    if (root == NULL)
        doc_null(page->data, "unit");
    else
        page_unit_doc(page->cx, page->data, "unit", root, range);
    add_registers(page, root, range);
}

enum status
home_show(struct page *page)
{
    struct range range = page_usual_range(page->cx);
    const struct unit *unit = page_home_unit(page->cx);
    add_unshipped(page);
    if (page->cx->viewer != NULL)
        return work_page_show(page);
    if (unit != NULL && page->cx->world->is_demo) {
        page_set_title(page, "%s", unit_named(unit, range.to)->name);
        return show_demo(page, unit, range);
    }
    show_start(page, unit, range);
    return OK;
}
