/* The measures of a printed document: read from a pack's layout, used by whoever writes one. */
#ifndef BASE_PAGE_H
#define BASE_PAGE_H

#include <stdbool.h>

/* How letters look where layouts differ. */
enum look { LOOK_PLAIN, LOOK_BOLD, LOOK_ITALIC, LOOK_BOLD_ITALIC, LOOK_UNDERLINED, LOOK__COUNT };

/* Lengths in tenths of a millimetre, sizes and spacings in half points. */
struct page_layout {
    int top, bottom, left, right;
    int page_number_size, page_number_top; /* the number's distance from the page's edge */
    int motto_size, submotto_size, superior_size, issuer_size, number_size, date_size;
    int type_size, subject_size, body_size, heading_size, sign_size;
    int recipients_label_size, recipients_size;
    int annex_label_size, annex_title_size, table_size;
    int first_line;                        /* tenths of a millimetre */
    int paragraph_before, paragraph_after; /* half points */
    int line_exact;                        /* half points; 0 is single spacing */
    const char *issuer_rule;               /* "*" under the issuer, or NULL */
    const char *subject_rule;              /* "-----" under the subject, or NULL */
    int issuer_line, subject_line;         /* a line there, in percent of the text above it; or 0 */
    enum look sign_title_look;
    enum look recipients_label_look;
    bool annex_pages_restart; /* each annex counts its pages from 1 */
};

#endif
