/* Documents out of a document tree. A report is one tree (see below) with three faces: DOCX here,
 * HTML by the template html/paper.html, JSON by base/doc.h. Where the figures in it came from is
 * not known here.
 *
 * The tree that report_docx reads; every text is UTF-8, a missing one is left out:
 *   motto          "ĐẢNG CỘNG SẢN VIỆT NAM"
 *   submotto       "Độc lập - Tự do - Hạnh phúc" of a state office, or null
 *   superior       "ĐẢNG BỘ TỈNH BẾN TRE"        left head, line 1
 *   issuer         "THÀNH ỦY BẾN TRE"            left head, line 2
 *   number_line    "Số      -BC/TU"              blank number: it is given at release
 *   place_date     "Bến Tre, ngày      tháng 6 năm 2019"
 *   type_name      "BÁO CÁO"
 *   subject        "kết quả kiểm tra, giám sát …"
 *   addressees     list of { text }: "Kính gửi: Ủy ban nhân dân tỉnh", or the label and a line for
 *                  each; empty where the layout has none
 *   banner         "DỮ LIỆU MÔ PHỎNG …" or null  printed in a box above the head and in the header
 *   blocks         list of objects, one of:
 *       { heading, level }                       level 1 to 3; the text has its number already
 *       { text }                                 a paragraph
 *       { slot }                                 what a clerk is to write there
 *   sign_for, sign_title, sign_name              "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", ""
 *   recipients     list of { text }
 *   annexes        list of { label, title, subtitle, note, has_groups, groups: list of { title,
 *                  span, is_group }, columns: list of { title, is_grouped }, rows: list of
 *                  { number, name, cells: list of typed leaves under `value`, total: bool } };
 *                  before the columns come those of the running number and of the names
 *   source_line    "Nguồn: …; lập lúc …"
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/doc.h"
#include "base/page.h"

/* Write the tree as a DOCX file into `out` (bytes). ERR_STORE when libzip fails. */
MUST_CHECK enum status report_docx(struct ctx *, const struct page_layout *, const struct doc *,
    struct buf *out);

/* The same as an HTML file that needs no other: the style is inside, numbers are no links, since
 * whose server they would open is not known. It prints by the measures of the layout. */
MUST_CHECK enum status report_html(struct ctx *, const struct page_layout *, const struct doc *,
    struct buf *out);

#endif
