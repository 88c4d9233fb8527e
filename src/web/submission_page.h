/* A report for a period as pages show it. */
#ifndef WEB_SUBMISSION_PAGE_H
#define WEB_SUBMISSION_PAGE_H

#include "domain/submission.h"
#include "web/page.h"

/* state_label, tag, sent_at, note, reason, version into an object. */
void submission_doc(struct doc *object, const struct ctx *, const struct submission *);

#endif
