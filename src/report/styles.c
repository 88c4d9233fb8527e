/* How each sort of paragraph looks, as named styles: an office that wants its number line larger
 * changes one style in Word. The measures come from the layout; what a paragraph says, and the
 * indents that depend on its text, are written in wordml.c. */
#include "report/docx.h"

enum {
    BOLD = 1,
    ITALIC = 2,
    CAPS = 4,
    UNDERLINED = 8,
    KEEP_NEXT = 16 /* stays on the page of what follows */
};

/* Twips unless said otherwise. */
struct style {
    const char *id;
    const char *name; /* what Word's list of styles shows */
    int size;         /* half points */
    unsigned look;
    const char *align; /* w:jc */
    int before, after;
    int line;       /* exact height; 0 is single spacing */
    int indent;     /* of every line on the left, in a box also on the right */
    int first_line; /* added for the first line; negative hangs out */
    int outline;    /* level in the navigation from 1; 0 for text */
    const char *color;
    const char *borders; /* w:pBdr */
};

#define FONT "Times New Roman"
#define FONTS                                                                                      \
    "<w:rFonts w:ascii=\"" FONT "\" w:hAnsi=\"" FONT "\" w:eastAsia=\"" FONT "\" w:cs=\"" FONT     \
    "\"/>"

#define RED            "C00000"
#define RED_LINE(side) "<w:" side " w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"" RED "\"/>"
#define RED_BOX                                                                                    \
    "<w:pBdr>" RED_LINE("top") RED_LINE("left") RED_LINE("bottom") RED_LINE("right") "</w:pBdr>"

enum {
    POINT = 20,               /* twips */
    SMALL = 20,               /* half points: the source line */
    HEADER_BANNER = 16,       /* half points: fits under the page number, inside the top margin */
    HEADER_BANNER_LINE = 190, /* twips */
    HANGING = 170,            /* the dash before a recipient */
    ADDRESSEE = 1701,         /* 30 mm */
    ADDRESSEE_LINE = 2948,    /* 52 mm: behind "Kính gửi:" */
    SIGNATURE_ROOM = 4 * 18   /* points: about four lines, for the hand and the seal */
};

/* What the element of a style says besides its id. The first styles are Word's own and keep its
 * names, and so its menus and its navigation; the very first is the default. */
#define DEFAULT " w:default=\"1\""
#define CUSTOM  " w:customStyle=\"1\""
enum { BUILT_IN = 6 };

static const unsigned looks[LOOK__COUNT] = {[LOOK_PLAIN] = 0,
    [LOOK_BOLD] = BOLD,
    [LOOK_ITALIC] = ITALIC,
    [LOOK_BOLD_ITALIC] = BOLD | ITALIC,
    [LOOK_UNDERLINED] = UNDERLINED};

static void
look(struct buf *out, const struct style *style)
{
    buf_text(out, "<w:rPr>" FONTS);
    if (style->look & BOLD)
        buf_text(out, "<w:b/><w:bCs/>");
    if (style->look & ITALIC)
        buf_text(out, "<w:i/><w:iCs/>");
    if (style->look & CAPS)
        buf_text(out, "<w:caps/>");
    buf_printf(out, "<w:color w:val=\"%s\"/>", style->color != NULL ? style->color : "000000");
    buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", style->size, style->size);
    if (style->look & UNDERLINED)
        buf_text(out, "<w:u w:val=\"single\"/>");
    buf_text(out, "</w:rPr>");
}

static void
indents(struct buf *out, const struct style *style)
{
    int right = style->borders != NULL ? style->indent : 0;
    buf_printf(out, "<w:ind w:left=\"%d\" w:right=\"%d\" ", style->indent, right);
    if (style->first_line < 0)
        buf_printf(out, "w:hanging=\"%d\"/>", -style->first_line);
    else
        buf_printf(out, "w:firstLine=\"%d\"/>", style->first_line);
}

static void
shape(struct buf *out, const struct style *style)
{
    buf_text(out, "<w:pPr>");
    if (style->look & KEEP_NEXT)
        buf_text(out, "<w:keepNext/>");
    buf_text(out, "<w:widowControl/>");
    if (style->borders != NULL)
        buf_text(out, style->borders);
    buf_printf(out, "<w:spacing w:before=\"%d\" w:after=\"%d\" w:line=\"%d\" w:lineRule=\"%s\"/>",
        style->before, style->after, style->line > 0 ? style->line : 240,
        style->line > 0 ? "exact" : "auto");
    indents(out, style);
    buf_printf(out, "<w:jc w:val=\"%s\"/>", style->align);
    if (style->outline > 0)
        buf_printf(out, "<w:outlineLvl w:val=\"%d\"/>", style->outline - 1);
    buf_text(out, "</w:pPr>");
}

static void
style_add(struct buf *out, const struct style *style, const char *sort)
{
    buf_printf(out, "<w:style w:type=\"paragraph\"%s w:styleId=\"%s\"><w:name w:val=\"%s\"/>", sort,
        style->id, style->name);
    if (style->outline > 0)
        buf_text(out, "<w:next w:val=\"BodyText\"/>");
    buf_text(out, "<w:qFormat/>");
    shape(out, style);
    look(out, style);
    buf_text(out, "</w:style>\n");
}

void
docx_styles(const struct docx *docx, struct buf *out)
{
    const struct page_layout *at = docx->layout;
    int before = at->paragraph_before * POINT / 2, after = at->paragraph_after * POINT / 2;
    int line = at->line_exact * POINT / 2, first = docx_twips(at->first_line);
    const struct style styles[] = {
        {"Normal", "Normal", at->body_size, 0, "left"},
        {"BodyText", "Body Text", at->body_size, 0, "both", before, after, line, 0, first},
        {"Heading1", "heading 1", at->heading_size, BOLD | CAPS | KEEP_NEXT, "both", before, after,
            line, 0, first, 1},
        {"Heading2", "heading 2", at->heading_size, BOLD | KEEP_NEXT, "both", before, after, line,
            0, first, 2},
        {"Heading3", "heading 3", at->heading_size, KEEP_NEXT, "both", before, after, line, 0,
            first, 3},
        {"Header", "header", at->page_number_size, 0, "center", 0, 0,
            at->page_number_size * POINT / 2},
        {"HeaderBanner", "Dấu ở đầu trang", HEADER_BANNER, BOLD, "center", 0, 0, HEADER_BANNER_LINE,
            .color = RED},
        {"Banner", "Dấu trên văn bản", at->recipients_size, BOLD, "center", 4 * POINT, 14 * POINT,
            .indent = 5 * POINT, .color = RED, .borders = RED_BOX},
        {"Motto", "Tiêu đề trên", at->motto_size, BOLD | CAPS, "center"},
        {"Submotto", "Tiêu ngữ", at->submotto_size, BOLD, "center"},
        {"Rule", "Đường kẻ", 2, 0, "center", POINT, 0, 3 * POINT},
        {"Space", "Khoảng trống", 2, 0, "center", 0, 0, 10 * POINT},
        {"Superior", "Cơ quan cấp trên", at->superior_size, CAPS, "center"},
        {"Issuer", "Cơ quan ban hành", at->issuer_size, BOLD | CAPS, "center"},
        {"IssuerRule", "Dấu dưới cơ quan ban hành", at->issuer_size, 0, "center"},
        {"Number", "Số văn bản", at->number_size, 0, "center", 3 * POINT},
        {"PlaceDate", "Địa danh, ngày tháng", at->date_size, ITALIC, "center", 3 * POINT},
        {"TypeName", "Tên loại văn bản", at->type_size, BOLD | CAPS | KEEP_NEXT, "center",
            20 * POINT, 2 * POINT},
        {"Subject", "Trích yếu", at->subject_size, BOLD | KEEP_NEXT, "center"},
        {"SubjectRule", "Dấu dưới trích yếu", at->subject_size, KEEP_NEXT, "center", 0, 8 * POINT},
        {"Addressee", "Kính gửi", at->body_size, KEEP_NEXT, "left", 6 * POINT, 6 * POINT,
            .indent = ADDRESSEE},
        {"AddresseeLine", "Dòng kính gửi", at->body_size, KEEP_NEXT, "left", 0, 6 * POINT,
            .indent = ADDRESSEE_LINE},
        {"SignFor", "Thay mặt", at->sign_size, BOLD | CAPS | KEEP_NEXT, "center"},
        {"SignTitle", "Chức vụ người ký", at->sign_size,
            CAPS | KEEP_NEXT | looks[at->sign_title_look], "center"},
        {"SignName", "Họ tên người ký", at->sign_size, BOLD, "center", SIGNATURE_ROOM * POINT},
        {"RecipientsLabel", "Nơi nhận", at->recipients_label_size,
            KEEP_NEXT | looks[at->recipients_label_look], "left"},
        {"Recipient", "Dòng nơi nhận", at->recipients_size, 0, "left", .indent = HANGING,
            .first_line = -HANGING},
        {"AnnexLabel", "Số phụ lục", at->annex_label_size, BOLD | KEEP_NEXT, "center",
            .outline = 1},
        {"AnnexTitle", "Tên phụ lục", at->annex_title_size, BOLD | CAPS | KEEP_NEXT, "center"},
        {"AnnexSubtitle", "Ghi chú dưới tên phụ lục", at->body_size, ITALIC | KEEP_NEXT, "center",
            2 * POINT},
        {"TableHead", "Bảng: đầu cột", at->table_size, BOLD | KEEP_NEXT, "center", 3 * POINT,
            3 * POINT},
        {"TableText", "Bảng: chữ", at->table_size, 0, "left", 2 * POINT, 2 * POINT},
        {"TableNumber", "Bảng: số", at->table_size, 0, "right", 2 * POINT, 2 * POINT},
        {"TableNote", "Bảng: ghi chú", at->table_size, ITALIC, "left", 4 * POINT},
        {"Source", "Nguồn số liệu", SMALL, ITALIC, "left", 10 * POINT},
    };
    buf_text(out,
        XML_HEAD "<w:styles " WORD_NAMESPACES ">\n<w:docDefaults><w:rPrDefault><w:rPr>" FONTS
                 "<w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"vi-VN\"/></w:rPr>"
                 "</w:rPrDefault><w:pPrDefault/></w:docDefaults>\n");
    for (size_t i = 0; i < COUNT_OF(styles); i++)
        style_add(out, &styles[i], i == 0 ? DEFAULT : i < BUILT_IN ? "" : CUSTOM);
    buf_text(out, "</w:styles>\n");
}
