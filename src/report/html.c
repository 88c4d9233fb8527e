/* An HTML file that stands alone: the sheet of the pages, the measures of the layout for print, and
 * the paper itself by the template that the pages use. */
#include "report/report.h"

#include "base/embed.h"
#include "base/template.h"

#include <string.h>

static const char *
text_of(const struct doc *tree, const char *key)
{
    const struct doc *leaf = doc_get(tree, key);
    return leaf == NULL || leaf->type != DOC_TEXT ? "" : leaf->text;
}

/* A length of the layout. */
static void
add_mm(struct buf *out, const char *before, int tenths)
{
    buf_printf(out, "%s%d.%dmm", before, tenths / 10, tenths % 10);
}

/* A size or spacing of the layout. */
static void
add_pt(struct buf *out, const char *before, int halves)
{
    buf_printf(out, "%s%d.%dpt", before, halves / 2, halves % 2 * 5);
}

/* A text in a style sheet: what could end the string or the element is written as a number. */
static void
add_string(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("\"\\<>\n", *c) != NULL)
            buf_printf(out, "\\%x ", (unsigned)*c);
        else
            buf_char(out, *c);
    }
    buf_char(out, '"');
}

/* The sheet and its page numbers, which the first page does not show; the mark of simulated data
 * stands on every page. */
static void
add_page_rules(struct buf *out, const struct page_layout *layout, const char *banner)
{
    add_mm(out, "@page { size: A4; margin:", layout->top);
    add_mm(out, " ", layout->right);
    add_mm(out, " ", layout->bottom);
    add_mm(out, " ", layout->left);
    add_pt(out, "; @top-center { content: counter(page); font-family: serif; font-size: ",
        layout->page_number_size);
    buf_text(out, " } @bottom-center { font: 10pt serif; content: ");
    add_string(out, banner);
    buf_text(out,
        " } }\n@page :first { @top-center { content: none } }\n"
        "@page annex { size: A4 landscape }\n.annex, .annex ~ .source { page: annex }\n");
}

static void
add_print_rules(struct buf *out, const struct page_layout *layout)
{
    add_pt(out, ".paper { font-size: ", layout->body_size);
    add_pt(out, " }\n.paper h2 { font-size: ", layout->heading_size);
    add_pt(out, " }\n.paper .type { font-size: ", layout->type_size);
    add_pt(out, " }\n.paper .type + .subject { font-size: ", layout->subject_size);
    add_pt(out,
        " }\n.paper .letterhead.end > div:first-child { font-size: ", layout->recipients_size);
    add_pt(out, " }\n.annex table { font-size: ", layout->table_size);
    add_mm(out, " }\n.paper .body { text-align: justify; text-indent: ", layout->first_line);
    add_pt(out, "; margin: ", layout->paragraph_before);
    add_pt(out, " 0 ", layout->paragraph_after);
    buf_text(out, "; line-height: ");
    if (layout->line_exact > 0)
        add_pt(out, "", layout->line_exact);
    else
        buf_text(out, "normal");
    buf_text(out, " }\n");
}

static void
add_head(struct buf *out, const struct page_layout *layout, const struct doc *tree)
{
    const struct embedded *style = embed_find("assets/style.css");
    const char *banner = text_of(tree, "banner");
    buf_text(out,
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>");
    buf_xml(out, text_of(tree, "type_name"));
    buf_text(out, " – ");
    buf_xml(out, text_of(tree, "issuer"));
    buf_text(out, *banner == '\0' ? "" : " – ");
    buf_xml(out, banner);
    buf_text(out, "</title>\n<style>\n");
    buf_add(out, style->bytes, style->size);
    buf_text(out, "@media print {\n");
    add_page_rules(out, layout, banner);
    add_print_rules(out, layout);
    buf_text(out, "}\n</style>\n</head>\n<body>\n<main class=\"wrap\">\n");
}

enum status
report_html(struct ctx *cx, const struct page_layout *layout, const struct doc *tree,
    struct buf *out)
{
    struct template_source source = {"paper", embed_find("html/paper.html")->bytes};
    struct template_set *templates;
    TRY(template_compile(cx, &source, 1, false, &templates));
    add_head(out, layout, tree);
    TRY(template_render(cx, templates, "paper", tree, out, NULL));
    buf_text(out, "</main>\n</body>\n</html>\n");
    return OK;
}
