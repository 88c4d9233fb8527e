/* Reports: on screen as the paper will look, and as a Word file. */
#include "web/routes.h"

#include "domain/report.h"
#include "report/report.h"
#include "web/context.h"

#include <ctype.h>

static enum status
no_report(struct page *page)
{
    return fault_set(page->cx, ERR_NOT_FOUND, "Gói chỉ thị không có mẫu báo cáo “%s”.",
        page->argument[0]);
}

static enum status
read_query(struct page *page, struct report_query *out, struct range *range)
{
    struct ctx *cx = page->cx;
    *out = (struct report_query){0};
    out->def = model_report(cx->world->model, page->argument[0]);
    if (out->def == NULL)
        return no_report(page);
    TRY(page_range(page, range));
    TRY(page_unit(page, page_param(page, "dv"), *range, &out->unit));
    out->from = range->from;
    out->to = range->to;
    return report_is_visible(cx, out) ? OK : no_report(page);
}

/* What the report says is Vietnamese on every page, as it is on paper. */
static enum status
fill_paper(struct page *page, const struct report_query *query)
{
    page->cx->language = NULL;
    enum status status = report_fill(page->cx, query, doc_object(page->data, "report"), NULL);
    page->cx->language = page->language->catalogue;
    return status;
}

/* A report speaks of the directive whose registers its figures are from. */
static void
add_context(struct page *page, const struct report_query *query, struct range range)
{
    const struct report_def *def = query->def;
    struct context context = {.unit = query->unit,
        .range = range,
        .is_fixed = true,
        .action = arena_printf(page->cx->arena, "/bao_cao/%s", def->key)};
    if (def->figure_count > 0)
        context.directive =
            model_directive(page->cx->world->model, def->figures[0].indicator->reg->pack);
    context_show(page, &context);
}

enum status
report_page_show(struct page *page)
{
    struct report_query query;
    struct range range;
    TRY(read_query(page, &query, &range));
    const struct span *span = unit_named(query.unit, range.to);
    page->template = "report";
    page_set_title(page, "%s – %s", label_text(page->cx, &query.def->label), span->name);
    page_unit_crumbs(page, query.unit, range, false);
    doc_text(page->data, "label", label_text(page->cx, &query.def->label));
    doc_date(page->data, "from", range.from);
    doc_date(page->data, "to", range.to);
    page_unit_doc(page->cx, page->data, "unit", query.unit, range);
    doc_printf(page->data, "docx", "/bao_cao/%s.docx?dv=%s&%s", query.def->key, span->code,
        page_range_query(page->cx->arena, range));
    doc_printf(page->data, "address", "/bao_cao/%s", query.def->key);
    doc_bool(page->page, "is_linked", true);
    add_context(page, &query, range);
    return fill_paper(page, &query);
}

/* Bytes that every system takes in a file's name and every browser in a header. */
static const char *
file_name(struct arena *arena, const struct report_query *query, struct range range)
{
    char *name = arena_printf(arena, "bao-cao-%s-%s-%s-%s.docx", query->def->key,
        unit_named(query->unit, range.to)->code, date_iso(arena, range.from),
        date_iso(arena, range.to));
    for (char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-')
            *c = '_';
    }
    return name;
}

enum status
report_page_docx(struct page *page)
{
    struct report_query query;
    struct range range;
    const struct layout *layout;
    struct ctx *cx = page->cx;
    struct doc *tree = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    TRY(read_query(page, &query, &range));
    TRY(report_fill(cx, &query, tree, &layout));
    TRY(report_docx(cx, &layout->page, tree, &out));
    page_send_file(page, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        out.bytes, out.length);
    page->response->disposition =
        arena_printf(cx->arena, "attachment; filename=\"%s\"", file_name(cx->arena, &query, range));
    return OK;
}
