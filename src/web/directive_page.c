/* A directive: the registers whose records serve it unless they say otherwise, and its
 * reviews. */
#include "web/routes.h"

#include "domain/rights.h"

#include <string.h>

static void
add_registers(struct page *page, const struct directive *directive, const char *code)
{
    const struct model *model = page->cx->world->model;
    struct doc *list = doc_list(page->data, "registers");
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        if (strcmp(reg->pack, directive->key) != 0 || !may_list(page->cx, reg))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", reg->key);
        doc_text(object, "label", label_text(page->cx, &reg->label));
        doc_printf(object, "href", "/so/%s?dv=%s", reg->key, code);
    }
}

enum status
directive_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    const struct unit *unit = page_home_unit(cx);
    const struct directive *directive = model_directive(cx->world->model, page->argument[0]);
    if (directive == NULL)
        return fault_set(cx, ERR_NOT_FOUND, "Không có chỉ thị “%s”.", page->argument[0]);
    page->template = "directive";
    page_set_title(page, "%s", directive->symbol);
    doc_text(page->data, "directive", directive->key);
    doc_text(page->data, "symbol", directive->symbol);
    doc_text(page->data, "label", label_text(cx, &directive->label));
    add_registers(page, directive,
        unit == NULL ? "" : unit_named(unit, page_usual_range(cx).to)->code);
    page_add_reviews(page, directive);
    return OK;
}
