/* The parts of a DOCX file, for the files of this folder that write them: docx.c packs, styles.c
 * says how each sort of paragraph looks, wordml.c writes the paragraphs and tables themselves. */
#ifndef REPORT_DOCX_H
#define REPORT_DOCX_H

#include "report/report.h"

struct docx {
    struct ctx *cx;
    const struct page_layout *layout;
    const struct doc *tree;
};

/* By these ids the sections name their headers; docx.c relates them to the parts. */
#define HEADER_ID       "rIdHeader"
#define HEADER_FIRST_ID "rIdHeaderFirst"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define WORD_NAMESPACES                                                                            \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "                    \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""

/* word/document.xml, the headers of all pages and of the first one, word/styles.xml. */
void docx_document(const struct docx *, struct buf *out);
void docx_header(const struct docx *, struct buf *out);
void docx_header_first(const struct docx *, struct buf *out);
void docx_styles(const struct docx *, struct buf *out);

/* The text of a member of an object as it may stand in XML: newlines stay, a tab is a blank, all
 * other control characters are gone. "" when there is no such member. Not escaped yet. */
const char *docx_text(const struct docx *, const struct doc *object, const char *key);

/* Tenths of a millimetre in twips, to the nearest. */
int docx_twips(int tenths);

#endif
