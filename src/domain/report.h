/* The content of reports: sentences with figures set into them, and tables by child unit. One
 * document tree, shown as DOCX (report/report.h), HTML and JSON, and in part on the home page. */
#ifndef DOMAIN_REPORT_H
#define DOMAIN_REPORT_H

#include "domain/figure.h"

struct report_query {
    const struct report_def *def;
    const struct unit *unit;
    int32_t from, to;
    int number;     /* given at release; 0: not yet */
    bool is_signed; /* is there a day of signing? */
    int32_t signed_on;
};

/* May the viewer see every figure that the report says of the unit, and of its parts? Its writers
 * do not ask as a whole: without this they fail at the first figure that may not be seen. */
bool report_is_visible(const struct ctx *, const struct report_query *);

/* Fill `root`, an object, with all that report/report.h describes. A block of text also has `runs`:
 * { figure, text, shown, href, is_declared }, where either figure or text is null, so that a page
 * can underline each number and open it. is_declared: of a count or sum, that some of it is; of a
 * ratio, that this is the declared percentage and not the recorded one, which then follows.
 * *layout: how it is to look (may be NULL). ERR_INVALID when none of the report's layouts is in
 * force. */
MUST_CHECK enum status report_fill(struct ctx *, const struct report_query *, struct doc *root,
    const struct layout **layout);

/* Only the paragraphs of text, as `runs`, into a list. */
MUST_CHECK enum status report_paragraphs(struct ctx *, const struct report_query *,
    struct doc *list);

#endif
