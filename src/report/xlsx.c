/* Sheets as XLSX, by libxlsxwriter, which wants a file: it gets one without a name for long. */
#include "report/sheet.h"

#include "base/date.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* Rows above the table: title, about, banner, a blank one. */
enum { HEAD_ROW = 4, A4 = 9, WIDTH_MIN = 10, WIDTH_MAX = 48, NUMBER_WIDTH = 14 };

struct writing {
    const struct sheet *sheet;
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *title, *head, *text, *number, *decimal, *day, *total;
};

static lxw_format *
format_new(lxw_workbook *book, const char *number, bool is_bold)
{
    lxw_format *format = workbook_add_format(book);
    format_set_font_name(format, "Times New Roman");
    format_set_font_size(format, 12);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (number != NULL)
        format_set_num_format(format, number);
    if (is_bold)
        format_set_bold(format);
    return format;
}

static void
make_formats(struct writing *w)
{
    w->title = format_new(w->book, NULL, true);
    w->head = format_new(w->book, NULL, true);
    format_set_text_wrap(w->head);
    format_set_border(w->head, LXW_BORDER_THIN);
    w->text = format_new(w->book, NULL, false);
    format_set_text_wrap(w->text);
    w->number = format_new(w->book, "#,##0", false);
    w->decimal = format_new(w->book, "#,##0.###", false);
    w->day = format_new(w->book, "dd/mm/yyyy", false);
    w->total = format_new(w->book, "#,##0.###", true);
}

static double
number_of(const struct sheet_cell *cell)
{
    double value = (double)cell->number;
    for (int i = 0; i < cell->scale; i++)
        value /= 10;
    return value;
}

static void
put_day(struct writing *w, lxw_row_t row, lxw_col_t column, int32_t day)
{
    struct civil civil = day_to_civil(day);
    lxw_datetime when = {.year = civil.year, .month = civil.month, .day = civil.day};
    worksheet_write_datetime(w->page, row, column, &when, w->day);
}

static void
put_cell(struct writing *w, lxw_row_t row, lxw_col_t column, const struct sheet_cell *cell)
{
    switch (cell->kind) {
    case SHEET_EMPTY:
        break;
    case SHEET_TEXT:
        worksheet_write_string(w->page, row, column, cell->text, w->text);
        break;
    case SHEET_NUMBER:
        worksheet_write_number(w->page, row, column, number_of(cell),
            cell->scale > 0 ? w->decimal : w->number);
        break;
    case SHEET_DATE:
        put_day(w, row, column, (int32_t)cell->number);
        break;
    }
}

/* As wide as what stands in it, within reason. */
static void
set_widths(struct writing *w)
{
    const struct sheet *sheet = w->sheet;
    for (int c = 0; c < sheet->column_count; c++) {
        size_t width = WIDTH_MIN;
        for (int r = 0; r < sheet->row_count; r++) {
            const struct sheet_cell *cell = &sheet->rows[r][c];
            size_t length = cell->kind == SHEET_TEXT ? strlen(cell->text) : 0;
            width = length > width ? length : width;
        }
        if (sheet->columns[c].is_number)
            width = NUMBER_WIDTH;
        width = width > WIDTH_MAX ? WIDTH_MAX : width;
        worksheet_set_column(w->page, (lxw_col_t)c, (lxw_col_t)c, (double)width, NULL);
    }
}

static void
put_totals(struct writing *w)
{
    const struct sheet *sheet = w->sheet;
    lxw_row_t first = HEAD_ROW + 1, last = HEAD_ROW + (lxw_row_t)sheet->row_count;
    bool any = false;
    for (int c = 0; c < sheet->column_count; c++) {
        char formula[64], from[16], to[16];
        double sum = 0;
        if (!sheet->columns[c].is_summed || sheet->row_count == 0)
            continue;
        for (int r = 0; r < sheet->row_count; r++)
            sum += sheet->rows[r][c].kind == SHEET_NUMBER ? number_of(&sheet->rows[r][c]) : 0;
        lxw_rowcol_to_cell(from, first, (lxw_col_t)c);
        lxw_rowcol_to_cell(to, last, (lxw_col_t)c);
        snprintf(formula, sizeof(formula), "=SUM(%s:%s)", from, to);
        worksheet_write_formula_num(w->page, last + 1, (lxw_col_t)c, formula, w->total, sum);
        any = true;
    }
    if (any && !sheet->columns[0].is_summed)
        worksheet_write_string(w->page, last + 1, 0, "Tổng cộng", w->total);
}

static void
put_table(struct writing *w)
{
    const struct sheet *sheet = w->sheet;
    worksheet_write_string(w->page, 0, 0, sheet->title, w->title);
    worksheet_write_string(w->page, 1, 0, sheet->about, format_new(w->book, NULL, false));
    if (sheet->banner != NULL)
        worksheet_write_string(w->page, 2, 0, sheet->banner, w->title);
    for (int c = 0; c < sheet->column_count; c++)
        worksheet_write_string(w->page, HEAD_ROW, (lxw_col_t)c, sheet->columns[c].title, w->head);
    for (int r = 0; r < sheet->row_count; r++) {
        for (int c = 0; c < sheet->column_count; c++)
            put_cell(w, HEAD_ROW + 1 + (lxw_row_t)r, (lxw_col_t)c, &sheet->rows[r][c]);
    }
    put_totals(w);
    set_widths(w);
    worksheet_freeze_panes(w->page, HEAD_ROW + 1, 0);
    if (sheet->row_count > 0)
        worksheet_autofilter(w->page, HEAD_ROW, 0, HEAD_ROW + (lxw_row_t)sheet->row_count,
            (lxw_col_t)(sheet->column_count - 1));
    worksheet_repeat_rows(w->page, HEAD_ROW, HEAD_ROW);
    worksheet_set_landscape(w->page);
    worksheet_set_paper(w->page, A4);
    worksheet_fit_to_pages(w->page, 1, 0);
}

static void
put_sources(struct writing *w)
{
    lxw_worksheet *page = workbook_add_worksheet(w->book, "Nguồn");
    for (int i = 0; i < w->sheet->source_count; i++)
        worksheet_write_string(page, (lxw_row_t)i, 0, w->sheet->sources[i], w->text);
    worksheet_set_column(page, 0, 0, 100, NULL);
}

static enum status
failed(struct ctx *cx)
{
    return fault_set(cx, ERR_STORE, "Không lập được tệp Excel; thử lại sau ít phút.");
}

/* The library keeps rows in files beside the one that it makes. */
static enum status
write_book(struct ctx *cx, const struct sheet *sheet, char *folder, const char *path)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = folder};
    struct writing w = {.sheet = sheet, .book = workbook_new_opt(path, &options)};
    if (w.book == NULL)
        return failed(cx);
    make_formats(&w);
    w.page = workbook_add_worksheet(w.book, "Số liệu");
    put_table(&w);
    put_sources(&w);
    return workbook_close(w.book) == LXW_NO_ERROR ? OK : failed(cx);
}

enum status
sheet_xlsx(struct ctx *cx, const struct sheet *sheet, const char **bytes, size_t *length)
{
    const char *named = getenv("TMPDIR");
    char *folder = arena_strdup(cx->arena, named == NULL ? "/tmp" : named);
    char *path = arena_printf(cx->arena, "%s/chithi-XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd < 0)
        return failed(cx);
    close(fd);
    enum status status = write_book(cx, sheet, folder, path);
    if (status == OK)
        status = file_map(cx, path, bytes, length);
    unlink(path);
    return status;
}
