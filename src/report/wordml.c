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

/* The width of a bold text, about: Times New Roman's advance widths in thousandths of its size.
 * Marks do not widen a letter, so letters are measured in their folded form, all else as it stands;
 * among small letters a capital is taken to be as much wider as capitals are on the whole. */
static int
bold_width(struct arena *arena, const char *text, int size)
{
    static const short advances[2][26] = {{500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556,
                                              278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500,
                                              722, 500, 500, 444},
        {722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722,
            556, 667, 722, 722, 1000, 722, 722, 667}};
    const char *small = vi_lower(arena, text);
    bool is_capital = strcmp(vi_upper(arena, text), text) == 0;
    int sum = 0;
    for (const char *c = vi_fold(arena, text); *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            sum += advances[is_capital][*c - 'a'];
    for (size_t i = 0; text[i] != '\0' && small[i] != '\0'; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (text[i] == ' ' || strchr(".,;:", text[i]) != NULL)
            sum += 250;
        else if (is_digit || strchr("-/()", text[i]) != NULL)
            sum += is_digit ? 500 : 333;
        else if (!is_capital && text[i] != small[i])
            sum += 200;
    }
    return sum * size / 100;
}

/* A solid line of some width in the middle of a column: the border of an empty paragraph. On the
 * text's own paragraph the indents would break it wherever a reader's font runs a little wider. */
static void
rule(struct buf *out, int column, int width)
{
    int indent = width < column ? (column - width) / 2 : 0;
    if (width == 0)
        return;
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
 * page; the tables lie on their side and count on, or each from 1 where the layout says so. */
static const char *
section(const struct docx *docx, bool is_annex)
{
    const struct page_layout *layout = docx->layout;
    int width = is_annex ? SHEET_HEIGHT : SHEET_WIDTH;
    int height = is_annex ? SHEET_WIDTH : SHEET_HEIGHT;
    bool restarts = is_annex && layout->annex_pages_restart;
    return arena_printf(docx->cx->arena,
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"" HEADER_ID "\"/>"
        "<w:headerReference w:type=\"first\" r:id=\"" HEADER_FIRST_ID "\"/>"
        "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>"
        "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"%d\" "
        "w:footer=\"%d\" w:gutter=\"0\"/>%s<w:cols w:space=\"720\"/>%s</w:sectPr>",
        width, height, is_annex ? " w:orient=\"landscape\"" : "", docx_twips(layout->top),
        docx_twips(layout->right), docx_twips(layout->bottom), docx_twips(layout->left),
        docx_twips(layout->page_number_top), docx_twips(layout->page_number_top),
        restarts ? "<w:pgNumType w:start=\"1\"/>" : "",
        is_annex && !restarts ? "" : "<w:titlePg/>");
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

/* What stands under the issuer or the subject: letters, or a line of a part of the text's width. */
static void
mark(const struct docx *docx, const char *style, const char *letters, const char *under, int size,
    int column, int percent, struct buf *out)
{
    int width = bold_width(docx->cx->arena, under, size);
    given(out, style, letters);
    rule(out, column, (width < column ? width : column) * percent / 100);
}

static void
motto(const struct docx *docx, int column, struct buf *out)
{
    const struct page_layout *layout = docx->layout;
    const char *first = docx_text(docx, docx->tree, "motto");
    const char *second = docx_text(docx, docx->tree, "submotto");
    bool has_second = *second != '\0';
    given(out, "Motto", first);
    given(out, "Submotto", second);
    rule(out, column,
        bold_width(docx->cx->arena, has_second ? second : first,
            has_second ? layout->submotto_size : layout->motto_size));
}

/* Two rows, so that the number and the date stand on one line however long the issuer's name. */
static void
head(const struct docx *docx, struct buf *out)
{
    const struct page_layout *layout = docx->layout;
    int width = text_width(layout), left = width * 42 / 100, right = width - left;
    table_begin(out, INVISIBLE, (int[]){left, right}, 2);
    buf_text(out, "<w:tr>" WHOLE_ROW);
    cell_begin(out, left, "");
    member(docx, "Superior", "superior", out);
    member(docx, "Issuer", "issuer", out);
    mark(docx, "IssuerRule", layout->issuer_rule, docx_text(docx, docx->tree, "issuer"),
        layout->issuer_size, left, layout->issuer_line, out);
    cell_end(out);
    cell_begin(out, right, "");
    motto(docx, right, out);
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
    const struct page_layout *layout = docx->layout;
    member(docx, "TypeName", "type_name", out);
    member(docx, "Subject", "subject", out);
    mark(docx, "SubjectRule", layout->subject_rule, docx_text(docx, docx->tree, "subject"),
        layout->subject_size, text_width(layout), layout->subject_line, out);
}

/* Those below the first line stand under its colon. */
static void
addressees(const struct docx *docx, struct buf *out)
{
    const struct doc *first = first_of(docx->tree, "addressees");
    for (const struct doc *node = first; node != NULL; node = node->next)
        given(out, node == first ? "Addressee" : "AddresseeLine", docx_text(docx, node, "text"));
}

/* Where a clerk writes: a control of Word's that shows what is asked and two dotted lines, and is
 * gone with the first letter typed. In print it cannot be taken for finished text. */
static void
slot(const struct docx *docx, const char *hint, const char *keep, struct buf *out)
{
    static const char dots[] = "<w:r><w:tab/></w:r>";
    if (*hint == '\0')
        return;
    buf_printf(out,
        "<w:p><w:pPr><w:pStyle w:val=\"BodyText\"/>%s<w:tabs><w:tab w:val=\"right\" "
        "w:leader=\"dot\" w:pos=\"%d\"/></w:tabs><w:jc w:val=\"left\"/></w:pPr><w:sdt><w:sdtPr>"
        "<w:alias w:val=\"Cơ quan soạn thảo viết\"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>",
        keep != NULL ? keep : "", text_width(docx->layout));
    run(out, "<w:i/><w:iCs/><w:color w:val=\"595959\"/>",
        arena_printf(docx->cx->arena, "(%s) ", hint));
    buf_printf(out, "%s<w:r><w:br/></w:r>%s</w:sdtContent></w:sdt></w:p>\n", dots, dots);
}

/* The last block stays with the signature, which never stands alone on a page. */
static void
block(const struct docx *docx, const struct doc *node, struct buf *out)
{
    static const char *const styles[] = {"Heading1", "Heading2", "Heading3"};
    const struct doc *level = doc_get(node, "level");
    int64_t place = level != NULL && level->number >= 1 && level->number <= 3 ? level->number : 1;
    const char *keep = node->next == NULL ? "<w:keepNext/>" : NULL;
    given(out, styles[place - 1], docx_text(docx, node, "heading"));
    slot(docx, docx_text(docx, node, "slot"), keep, out);
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

enum { FIRST_COLUMNS = 2, NUMBER_WIDTH = 624 };

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
        int cells = count_of(first_of(row, "cells"));
        count = cells > count ? cells : count;
    }
    return count + FIRST_COLUMNS;
}

/* Figures get 40 mm at most, so that few columns do not drift apart; names get the rest, but not
 * less than their share. */
static int *
column_widths(const struct docx *docx, int count)
{
    int *widths = ARENA_ARRAY(docx->cx->arena, int, (size_t)count);
    int total = text_width_turned(docx->layout) - NUMBER_WIDTH, widest = docx_twips(400);
    int share = total * (count <= 10 ? 28 : 20) / 100, figures = count - FIRST_COLUMNS;
    int each = figures > 0 ? (total - share) / figures : 0;
    if (each > widest)
        each = widest;
    for (int i = FIRST_COLUMNS; i < count; i++)
        widths[i] = each;
    widths[0] = NUMBER_WIDTH;
    widths[1] = total - each * figures;
    return widths;
}

/* A cell over `span` columns; `merge` is the w:vMerge of one that goes on below, or "". */
static void
cell(struct buf *out, int width, int span, const char *merge, struct para para)
{
    const char *over = span > 1 ? arena_printf(out->arena, "<w:gridSpan w:val=\"%d\"/>", span) : "";
    cell_begin(out, width, arena_printf(out->arena, "%s%s" CENTRED, over, merge));
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
    cell(out, widths[0], 1, "",
        (struct para){"TableNumber", .run = bold, .text = docx_text(docx, row, "number")});
    cell(out, widths[1], 1, "",
        (struct para){"TableText", .run = bold, .text = docx_text(docx, row, "name")});
    for (int i = FIRST_COLUMNS; i < count; i++, node = node == NULL ? NULL : node->next) {
        const struct doc *leaf = node == NULL ? NULL : doc_get(node, "value");
        cell(out, widths[i], 1, "",
            (struct para){"TableNumber", .run = bold, .text = leaf_text(docx, leaf)});
    }
    buf_text(out, "</w:tr>\n");
}

static bool
is_true(const struct doc *object, const char *key)
{
    const struct doc *value = object == NULL ? NULL : doc_get(object, key);
    return value != NULL && doc_is_something(value);
}

#define MERGE_BEGIN "<w:vMerge w:val=\"restart\"/>"
#define MERGE_ON    "<w:vMerge/>"

/* The upper row of a head with groups: a group over its columns, all others down to the second. */
static void
group_row(const struct docx *docx, const struct doc *annex, const int *widths, int count,
    struct buf *out)
{
    int place = FIRST_COLUMNS;
    buf_text(out, "<w:tr>" HEAD_ROW);
    cell(out, widths[0], 1, MERGE_BEGIN, (struct para){"TableHead", .text = "TT"});
    cell(out, widths[1], 1, MERGE_BEGIN, (struct para){"TableHead", .text = "Đơn vị"});
    for (const struct doc *group = first_of(annex, "groups"); group != NULL; group = group->next) {
        const struct doc *span = doc_get(group, "span");
        int end = place + (span != NULL ? (int)span->number : 1), width = 0;
        for (int i = place; i < end && i < count; i++)
            width += widths[i];
        cell(out, width, end - place, is_true(group, "is_group") ? "" : MERGE_BEGIN,
            (struct para){"TableHead", .text = docx_text(docx, group, "title")});
        place = end;
    }
    buf_text(out, "</w:tr>\n");
}

static void
head_row(const struct docx *docx, const struct doc *annex, const int *widths, int count,
    struct buf *out)
{
    bool is_second = is_true(annex, "has_groups");
    const char *merge = is_second ? MERGE_ON : "";
    const struct doc *column = first_of(annex, "columns");
    buf_text(out, "<w:tr>" HEAD_ROW);
    cell(out, widths[0], 1, merge, (struct para){"TableHead", .text = is_second ? NULL : "TT"});
    cell(out, widths[1], 1, merge, (struct para){"TableHead", .text = is_second ? NULL : "Đơn vị"});
    for (int i = FIRST_COLUMNS; i < count; i++, column = column == NULL ? NULL : column->next) {
        bool is_merged = is_second && !is_true(column, "is_grouped");
        const char *text = column == NULL || is_merged ? NULL : docx_text(docx, column, "title");
        cell(out, widths[i], 1, is_merged ? MERGE_ON : "",
            (struct para){"TableHead", .text = text});
    }
    buf_text(out, "</w:tr>\n");
}

static void
table(const struct docx *docx, const struct doc *annex, int count, struct buf *out)
{
    const int *widths = column_widths(docx, count);
    table_begin(out, RULED, widths, count);
    if (is_true(annex, "has_groups"))
        group_row(docx, annex, widths, count, out);
    head_row(docx, annex, widths, count, out);
    for (const struct doc *row = first_of(annex, "rows"); row != NULL; row = row->next)
        table_row(docx, row, widths, count, out);
    buf_text(out, "</w:tbl>\n");
}

static void
annex(const struct docx *docx, const struct doc *node, struct buf *out)
{
    given(out, "AnnexLabel", docx_text(docx, node, "label"));
    given(out, "AnnexTitle", docx_text(docx, node, "title"));
    given(out, "AnnexSubtitle", docx_text(docx, node, "subtitle"));
    paragraph(out, (struct para){"Space", .properties = "<w:keepNext/>"});
    if (first_of(node, "rows") != NULL)
        table(docx, node, column_count(node), out);
    given(out, "TableNote", docx_text(docx, node, "note"));
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
    addressees(docx, out);
    for (const struct doc *node = first_of(docx->tree, "blocks"); node != NULL; node = node->next)
        block(docx, node, out);
    signature(docx, out);
    annexes(docx, out);
    paragraph(out, (struct para){*source != '\0' ? "Source" : "Rule", .text = source});
    buf_text(out, section(docx, has_annex));
    buf_text(out, "\n</w:body></w:document>\n");
}
