/* The text of a report as WordprocessingML: head, blocks, signature and annexes, and the headers
 * of the pages. Word demands the children of every element in the order of its schema; each
 * function here writes whole elements, so that the order is kept in one place. */
#include "report/docx.h"

#include "base/vi.h"

#include <string.h>

/* A sheet of A4 in twips. */
enum { SHEET_WIDTH = 11906, SHEET_HEIGHT = 16838 };

struct para {
    const char *style;
    const char *properties; /* what follows the style in w:pPr, or NULL */
    const char *run;        /* the w:rPr of its text, or NULL */
    const char *text;       /* a newline breaks the line; NULL: an empty paragraph */
};

int
docx_twips(int tenths)
{
    return (tenths * 720 + 63) / 127; /* 1440 twips are 254 tenths of a millimetre */
}

/* The width between the margins of an upright page, and of a page on its side. */
static int
text_width(const struct page_layout *layout)
{
    return SHEET_WIDTH - docx_twips(layout->left) - docx_twips(layout->right);
}

static int
text_width_turned(const struct page_layout *layout)
{
    return SHEET_HEIGHT - docx_twips(layout->left) - docx_twips(layout->right);
}

/* The length of the character at `text` when XML or a reader cannot take it: ASCII and C1 controls,
 * U+FFFE and U+FFFF. */
static size_t
unfit(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    if ((c[0] < ' ' && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7f)
        return 1;
    if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
        return 2;
    return c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe ? 3 : 0;
}

static const char *
clean(struct arena *arena, const char *text)
{
    char *kept = arena_alloc(arena, strlen(text) + 1);
    for (char *end = kept; *text != '\0'; text++) {
        size_t length = unfit(text);
        if (length > 0)
            text += length - 1;
        else
            *end++ = *text == '\t' ? ' ' : *text;
    }
    return kept;
}

static const char *
leaf_text(const struct docx *docx, const struct doc *leaf)
{
    return leaf == NULL ? "" : clean(docx->cx->arena, doc_show(leaf, docx->cx->arena));
}

const char *
docx_text(const struct docx *docx, const struct doc *object, const char *key)
{
    return leaf_text(docx, doc_get(object, key));
}

static const struct doc *
first_of(const struct doc *object, const char *key)
{
    const struct doc *list = doc_get(object, key);
    return list == NULL ? NULL : list->first;
}

/* -- paragraphs -- */

static void
run(struct buf *out, const char *properties, const char *text)
{
    buf_text(out, "<w:r>");
    if (properties != NULL)
        buf_printf(out, "<w:rPr>%s</w:rPr>", properties);
    for (;;) {
        size_t line = strcspn(text, "\n");
        buf_text(out, "<w:t xml:space=\"preserve\">");
        buf_xml(out, arena_strndup(out->arena, text, line));
        buf_text(out, "</w:t>");
        text += line;
        if (*text == '\0')
            break;
        buf_text(out, "<w:br/>");
        text++;
    }
    buf_text(out, "</w:r>");
}

static void
paragraph(struct buf *out, struct para para)
{
    buf_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", para.style,
        para.properties != NULL ? para.properties : "");
    if (para.text != NULL && *para.text != '\0')
        run(out, para.run, para.text);
    buf_text(out, "</w:p>\n");
}

/* A paragraph of a text that may be missing. */
static void
given(struct buf *out, const char *style, const char *text)
{
    if (text != NULL && *text != '\0')
        paragraph(out, (struct para){.style = style, .text = text});
}

static void
member(const struct docx *docx, const char *style, const char *key, struct buf *out)
{
    given(out, style, docx_text(docx, docx->tree, key));
}

/* The width of a text in bold capitals, about: Times New Roman's advance widths in thousandths of
 * its size. Marks do not widen a letter, so its folded form is measured. */
static int
capitals_width(struct arena *arena, const char *text, int size)
{
    static const short advance[] = {722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
        722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667};
    int sum = 0;
    for (const char *c = vi_fold(arena, text); *c != '\0'; c++)
        sum += *c >= 'a' && *c <= 'z' ? advance[*c - 'a'] : *c >= '0' && *c <= '9' ? 500 : 250;
    return sum * size / 100;
}

/* A solid line as wide as the text above it, in a column: the border of an empty paragraph. On the
 * text's own paragraph the indents would break it wherever a reader's font runs a little wider. */
static void
rule(struct buf *out, int column, int width)
{
    int indent = width < column ? (column - width) / 2 : 0;
    const char *properties = arena_printf(out->arena,
        "<w:pBdr><w:top w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"000000\"/></w:pBdr>"
        "<w:ind w:left=\"%d\" w:right=\"%d\"/>",
        indent, indent);
    paragraph(out, (struct para){.style = "Rule", .properties = properties});
}

/* -- tables -- */

#define INVISIBLE                                                                                  \
    "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/>"              \
    "<w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar>"
#define LINE(side) "<w:" side " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"
#define RULED                                                                                      \
    "<w:tblBorders>" LINE("top") LINE("left") LINE("bottom") LINE("right") LINE("insideH")         \
        LINE("insideV") "</w:tblBorders><w:tblLayout w:type=\"fixed\"/>"                           \
                        "<w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"85\" "    \
                        "w:type=\"dxa\"/>"                                                         \
                        "</w:tblCellMar>"
#define WHOLE_ROW "<w:trPr><w:cantSplit/></w:trPr>"
#define HEAD_ROW  "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
#define CENTRED   "<w:vAlign w:val=\"center\"/>"

static void
table_begin(struct buf *out, const char *properties, const int *widths, int count)
{
    int total = 0;
    for (int i = 0; i < count; i++)
        total += widths[i];
    buf_printf(out, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/>%s</w:tblPr><w:tblGrid>",
        total, properties);
    for (int i = 0; i < count; i++)
        buf_printf(out, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    buf_text(out, "</w:tblGrid>\n");
}

static void
cell_begin(struct buf *out, int width, const char *properties)
{
    buf_printf(out, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>%s</w:tcPr>", width,
        properties);
}

/* A cell must hold a paragraph; Word calls the file damaged otherwise. */
static void
cell_end(struct buf *out)
{
    static const char end[] = "</w:p>\n";
    size_t length = sizeof(end) - 1;
    if (out->length < length || strcmp(out->bytes + out->length - length, end) != 0)
        paragraph(out, (struct para){.style = "Normal"});
    buf_text(out, "</w:tc>");
}

/* -- the page around the text -- */

/* A section's closing: its headers, sheet and margins. The main text hides the number on its first
 * page; the tables lie on their side and count on. */
static const char *
section(const struct docx *docx, bool is_annex)
{
    const struct page_layout *layout = docx->layout;
    int width = is_annex ? SHEET_HEIGHT : SHEET_WIDTH;
    int height = is_annex ? SHEET_WIDTH : SHEET_HEIGHT;
    return arena_printf(docx->cx->arena,
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"" HEADER_ID "\"/>"
        "<w:headerReference w:type=\"first\" r:id=\"" HEADER_FIRST_ID "\"/>"
        "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>"
        "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"%d\" "
        "w:footer=\"%d\" w:gutter=\"0\"/><w:cols w:space=\"720\"/>%s</w:sectPr>",
        width, height, is_annex ? " w:orient=\"landscape\"" : "", docx_twips(layout->top),
        docx_twips(layout->right), docx_twips(layout->bottom), docx_twips(layout->left),
        docx_twips(layout->page_number_top), docx_twips(layout->page_number_top),
        is_annex ? "" : "<w:titlePg/>");
}

static void
header(const struct docx *docx, const char *number, struct buf *out)
{
    const char *banner = docx_text(docx, docx->tree, "banner");
    buf_text(out, XML_HEAD "<w:hdr " WORD_NAMESPACES ">\n");
    buf_text(out, number);
    given(out, "HeaderBanner", banner);
    if (*number == '\0' && *banner == '\0')
        paragraph(out, (struct para){.style = "Header"});
    buf_text(out, "</w:hdr>\n");
}

void
docx_header(const struct docx *docx, struct buf *out)
{
    header(docx,
        "<w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr><w:fldSimple w:instr=\" PAGE \">"
        "<w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>\n",
        out);
}

void
docx_header_first(const struct docx *docx, struct buf *out)
{
    header(docx, "", out);
}

/* -- the text -- */

/* Two rows, so that the number and the date stand on one line however long the issuer's name. */
static void
head(const struct docx *docx, struct buf *out)
{
    const struct page_layout *layout = docx->layout;
    int width = text_width(layout), left = width * 42 / 100, right = width - left;
    const char *motto = docx_text(docx, docx->tree, "motto");
    table_begin(out, INVISIBLE, (int[]){left, right}, 2);
    buf_text(out, "<w:tr>" WHOLE_ROW);
    cell_begin(out, left, "");
    member(docx, "Superior", "superior", out);
    member(docx, "Issuer", "issuer", out);
    given(out, "IssuerRule", layout->issuer_rule);
    cell_end(out);
    cell_begin(out, right, "");
    given(out, "Motto", motto);
    if (*motto != '\0')
        rule(out, right, capitals_width(docx->cx->arena, motto, layout->motto_size));
    cell_end(out);
    buf_text(out, "</w:tr>\n<w:tr>" WHOLE_ROW);
    cell_begin(out, left, "");
    member(docx, "Number", "number_line", out);
    cell_end(out);
    cell_begin(out, right, "");
    member(docx, "PlaceDate", "place_date", out);
    cell_end(out);
    buf_text(out, "</w:tr></w:tbl>\n");
}

static void
title(const struct docx *docx, struct buf *out)
{
    member(docx, "TypeName", "type_name", out);
    member(docx, "Subject", "subject", out);
    given(out, "SubjectRule", docx->layout->subject_rule);
}

/* The last block stays with the signature, which never stands alone on a page. */
static void
block(const struct docx *docx, const struct doc *node, struct buf *out)
{
    const struct doc *level = doc_get(node, "level");
    const char *style = level != NULL && level->number > 1 ? "Heading2" : "Heading1";
    const char *keep = node->next == NULL ? "<w:keepNext/>" : NULL;
    given(out, style, docx_text(docx, node, "heading"));
    char *rest, *text = arena_strdup(docx->cx->arena, docx_text(docx, node, "text"));
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        paragraph(out, (struct para){"BodyText", .properties = keep, .text = line});
}

static void
recipients(const struct docx *docx, struct buf *out)
{
    const struct doc *node = first_of(docx->tree, "recipients");
    if (node != NULL)
        given(out, "RecipientsLabel", "Nơi nhận:");
    for (; node != NULL; node = node->next) {
        const char *text = docx_text(docx, node, "text");
        const char *dash = *text == '-' ? "" : "- ";
        given(out, "Recipient", arena_printf(docx->cx->arena, "%s%s", dash, text));
    }
}

/* The room for the hand and the seal is there whether the name is known yet or not. */
static void
signature(const struct docx *docx, struct buf *out)
{
    int width = text_width(docx->layout), left = width * 42 / 100, right = width - left;
    paragraph(out, (struct para){"Space", .properties = "<w:keepNext/>"});
    table_begin(out, INVISIBLE, (int[]){left, right}, 2);
    buf_text(out, "<w:tr>" WHOLE_ROW);
    cell_begin(out, left, "");
    recipients(docx, out);
    cell_end(out);
    cell_begin(out, right, "");
    member(docx, "SignFor", "sign_for", out);
    member(docx, "SignTitle", "sign_title", out);
    paragraph(out, (struct para){"SignName", .text = docx_text(docx, docx->tree, "sign_name")});
    cell_end(out);
    buf_text(out, "</w:tr></w:tbl>\n");
}

/* -- annexes -- */

static int
count_of(const struct doc *node)
{
    int count = 0;
    for (; node != NULL; node = node->next)
        count++;
    return count;
}

/* As many columns as the longest row has: a short row or head is filled up with empty cells. */
static int
column_count(const struct doc *annex)
{
    int count = count_of(first_of(annex, "columns"));
    for (const struct doc *row = first_of(annex, "rows"); row != NULL; row = row->next) {
        int cells = 1 + count_of(first_of(row, "cells"));
        count = cells > count ? cells : count;
    }
    return count;
}

/* Figures get 40 mm at most, so that few columns do not drift apart; names get the rest, but not
 * less than their share. */
static int *
column_widths(const struct docx *docx, int count)
{
    int *widths = ARENA_ARRAY(docx->cx->arena, int, (size_t)count);
    int total = text_width_turned(docx->layout), widest = docx_twips(400);
    int share = total * (count <= 9 ? 28 : 20) / 100;
    int each = count > 1 ? (total - share) / (count - 1) : 0;
    if (each > widest)
        each = widest;
    for (int i = 1; i < count; i++)
        widths[i] = each;
    widths[0] = total - each * (count - 1);
    return widths;
}

static void
cell(struct buf *out, int width, struct para para)
{
    cell_begin(out, width, CENTRED);
    paragraph(out, para);
    cell_end(out);
}

static void
table_row(const struct docx *docx, const struct doc *row, const int *widths, int count,
    struct buf *out)
{
    const struct doc *total = doc_get(row, "total"), *node = first_of(row, "cells");
    const char *bold = total != NULL && doc_is_something(total) ? "<w:b/><w:bCs/>" : NULL;
    buf_text(out, "<w:tr>" WHOLE_ROW);
    cell(out, widths[0],
        (struct para){"TableText", .run = bold, .text = docx_text(docx, row, "name")});
    for (int i = 1; i < count; i++, node = node == NULL ? NULL : node->next) {
        const struct doc *leaf = node == NULL ? NULL : doc_get(node, "value");
        bool is_text = leaf != NULL && leaf->type == DOC_TEXT;
        cell(out, widths[i],
            (struct para){is_text ? "TableText" : "TableNumber", .run = bold,
                .text = leaf_text(docx, leaf)});
    }
    buf_text(out, "</w:tr>\n");
}

static void
table(const struct docx *docx, const struct doc *annex, int count, struct buf *out)
{
    const int *widths = column_widths(docx, count);
    const struct doc *column = first_of(annex, "columns");
    table_begin(out, RULED, widths, count);
    buf_text(out, "<w:tr>" HEAD_ROW);
    for (int i = 0; i < count; i++, column = column == NULL ? NULL : column->next)
        cell(out, widths[i],
            (struct para){"TableHead",
                .text = column == NULL ? NULL : docx_text(docx, column, "title")});
    buf_text(out, "</w:tr>\n");
    for (const struct doc *row = first_of(annex, "rows"); row != NULL; row = row->next)
        table_row(docx, row, widths, count, out);
    buf_text(out, "</w:tbl>\n");
}

static void
annex(const struct docx *docx, const struct doc *node, struct buf *out)
{
    int count = column_count(node);
    given(out, "AnnexTitle", docx_text(docx, node, "title"));
    given(out, "AnnexSubtitle", docx_text(docx, node, "subtitle"));
    paragraph(out, (struct para){"Space", .properties = "<w:keepNext/>"});
    if (count > 0)
        table(docx, node, count, out);
}

/* -- the whole -- */

/* A section ends with the paragraph that holds its measures; here one too low to be seen, so that
 * a full page does not run over into an empty one. */
static void
annexes(const struct docx *docx, struct buf *out)
{
    const struct doc *first = first_of(docx->tree, "annexes");
    for (const struct doc *node = first; node != NULL; node = node->next) {
        paragraph(out, (struct para){"Rule", .properties = section(docx, node != first)});
        annex(docx, node, out);
    }
}

void
docx_document(const struct docx *docx, struct buf *out)
{
    bool has_annex = first_of(docx->tree, "annexes") != NULL;
    const char *source = docx_text(docx, docx->tree, "source_line");
    buf_text(out, XML_HEAD "<w:document " WORD_NAMESPACES "><w:body>\n");
    member(docx, "Banner", "banner", out);
    head(docx, out);
    title(docx, out);
    for (const struct doc *node = first_of(docx->tree, "blocks"); node != NULL; node = node->next)
        block(docx, node, out);
    signature(docx, out);
    annexes(docx, out);
    paragraph(out, (struct para){*source != '\0' ? "Source" : "Rule", .text = source});
    buf_text(out, section(docx, has_annex));
    buf_text(out, "\n</w:body></w:document>\n");
}
