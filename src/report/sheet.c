/* Sheets as CSV, and what both faces share. */
#include "report/sheet.h"

#include "base/date.h"
#include "base/number.h"
#include "base/table.h"

struct sheet_cell *
sheet_row(struct arena *arena, struct sheet *sheet)
{
    struct sheet_cell *row = ARENA_ARRAY(arena, struct sheet_cell, (size_t)sheet->column_count + 1);
    *ARENA_PUSH(arena, sheet->rows, sheet->row_count) = row;
    return row;
}

static void
put_cell(struct arena *arena, struct table_writer *writer, const struct sheet_cell *cell)
{
    switch (cell->kind) {
    case SHEET_EMPTY:
        table_plain(writer, NULL);
        break;
    case SHEET_TEXT:
        table_text(writer, cell->text);
        break;
    case SHEET_NUMBER:
        table_plain(writer, number_comma(arena, cell->number, cell->scale));
        break;
    case SHEET_DATE:
        table_plain(writer, date_show(arena, (int32_t)cell->number));
        break;
    }
}

void
sheet_csv(struct arena *arena, const struct sheet *sheet, struct buf *out)
{
    struct table_writer writer = table_begin(out, TABLE_CSV);
    for (int c = 0; c < sheet->column_count; c++)
        table_text(&writer, sheet->columns[c].title);
    table_end_row(&writer);
    for (int r = 0; r < sheet->row_count; r++) {
        for (int c = 0; c < sheet->column_count; c++)
            put_cell(arena, &writer, &sheet->rows[r][c]);
        table_end_row(&writer);
    }
}
