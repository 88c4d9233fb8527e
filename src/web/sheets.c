/* Sending sheets. */
#include "web/sheets.h"

#include "base/date.h"

#include <ctype.h>
#include <string.h>

struct sheet_cell
sheet_text(const char *text)
{
    if (text == NULL || *text == '\0')
        return (struct sheet_cell){.kind = SHEET_EMPTY};
    return (struct sheet_cell){.kind = SHEET_TEXT, .text = text};
}

struct sheet_cell
sheet_number(int64_t value, int scale)
{
    return (struct sheet_cell){.kind = SHEET_NUMBER, .number = value, .scale = scale};
}

struct sheet_cell
sheet_day(int32_t day)
{
    return (struct sheet_cell){.kind = SHEET_DATE, .number = day};
}

/* Bytes that every system takes in a file's name and every browser in a header. */
static const char *
plain_name(struct arena *arena, const char *name, const char *ending)
{
    char *out = arena_printf(arena, "%s%s", name, ending);
    for (char *c = out; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-')
            *c = '_';
    }
    return out;
}

static void
add_sources(struct page *page, struct sheet *sheet)
{
    struct arena *arena = page->cx->arena;
    struct doc *made = doc_new(arena, DOC_OBJECT);
    doc_time(made, "at", page->cx->now, page->cx->world->zone_offset);
    *ARENA_PUSH(arena, sheet->sources, sheet->source_count) =
        arena_printf(arena, "Lập lúc %s", doc_show(doc_get(made, "at"), arena));
    *ARENA_PUSH(arena, sheet->sources, sheet->source_count) =
        arena_printf(arena, "Địa chỉ: %s", page_address(page, ""));
    *ARENA_PUSH(arena, sheet->sources, sheet->source_count) =
        arena_printf(arena, "Số dòng: %d", sheet->row_count);
}

enum status
sheet_send(struct page *page, struct sheet *sheet, const char *name)
{
    struct arena *arena = page->cx->arena;
    struct buf out = buf_new(arena);
    size_t length = strlen(page->path);
    bool is_xlsx = length > 5 && strcmp(page->path + length - 5, ".xlsx") == 0;
    const char *bytes, *type = "text/csv; charset=utf-8";
    if (page->cx->world->is_demo)
        sheet->banner = "DỮ LIỆU MÔ PHỎNG";
    add_sources(page, sheet);
    if (is_xlsx) {
        type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        TRY(sheet_xlsx(page->cx, sheet, &bytes, &length));
    } else {
        sheet_csv(arena, sheet, &out);
        bytes = buf_string(&out);
        length = out.length;
    }
    page_send_file(page, type, bytes, length);
    page->response->disposition = arena_printf(arena, "attachment; filename=\"%s\"",
        plain_name(arena, name, is_xlsx ? ".xlsx" : ".csv"));
    return OK;
}
