/* Tables of pages as files for spreadsheets. */
#ifndef WEB_SHEETS_H
#define WEB_SHEETS_H

#include "report/sheet.h"
#include "web/page.h"

/* Cells. NULL and "" are empty. */
struct sheet_cell sheet_text(const char *);
struct sheet_cell sheet_number(int64_t value, int scale);
struct sheet_cell sheet_day(int32_t day);

/* Answer with the sheet: as CSV, or as XLSX when the address ends so. Time and address are added to
 * its sources, the demo's banner where it belongs. `name` is the file's without an ending. */
MUST_CHECK enum status sheet_send(struct page *, struct sheet *, const char *name);

#endif
