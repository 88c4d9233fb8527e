/* The measures of a printed document: read from a pack's layout, used by whoever writes one. */
#ifndef BASE_PAGE_H
#define BASE_PAGE_H

/* Lengths in tenths of a millimetre, sizes and spacings in half points. */
struct page_layout {
    int top, bottom, left, right;
    int page_number_size, page_number_top; /* the number's distance from the page's edge */
    int motto_size, superior_size, issuer_size, number_size, date_size;
    int type_size, subject_size, body_size, heading_size, sign_size;
    int recipients_label_size, recipients_size, table_size;
    int first_line;                        /* tenths of a millimetre */
    int paragraph_before, paragraph_after; /* half points */
    int line_exact;                        /* half points; 0 is single spacing */
    const char *subject_rule;              /* "-----" */
    const char *issuer_rule;               /* "*" */
};

#endif
