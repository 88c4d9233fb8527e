/* A table on its way into a spreadsheet: rows of typed cells under one head, with a sum below and
 * the source beside. Where the rows came from is not known here. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/buf.h"
#include "base/ctx.h"

enum sheet_kind { SHEET_EMPTY, SHEET_TEXT, SHEET_NUMBER, SHEET_DATE };

struct sheet_cell {
    enum sheet_kind kind;
    const char *text;
    int64_t number; /* scaled; a day */
    int scale;
};

struct sheet_column {
    const char *title;
    bool is_number;
    bool is_summed; /* its sum stands in the last row */
};

struct sheet {
    const char *title;  /* "Sổ đăng ký, cam kết" */
    const char *about;  /* "Chi bộ 01 · 15/06/2026 – 14/09/2026" */
    const char *banner; /* "DỮ LIỆU MÔ PHỎNG", or NULL */
    struct sheet_column *columns;
    int column_count;
    struct sheet_cell **rows; /* each of so many cells as there are columns */
    int row_count;
    const char **sources; /* lines: where the rows came from, when, under which address */
    int source_count;
};

/* An empty row of the sheet, to be filled. */
struct sheet_cell *sheet_row(struct arena *, struct sheet *);

/* As CSV: UTF-8 with a byte-order mark, `;` between cells, decimal commas; the rows only, their
 * sums and sources are left to who reads it. */
void sheet_csv(struct arena *, const struct sheet *, struct buf *out);

/* As XLSX: numbers and days as such, the head frozen and filtered, sums as formulas, a second sheet
 * "Nguồn", printed on A4 across. A text never becomes a formula. *bytes live as long as the arena.
 * ERR_STORE when the file cannot be made. */
MUST_CHECK enum status sheet_xlsx(struct ctx *, const struct sheet *, const char **bytes,
    size_t *length);

#endif
