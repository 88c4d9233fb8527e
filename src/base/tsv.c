/* Reading tab-separated files, one row at a time in a room that is used again. */
#include "base/tsv.h"

#include "base/vi.h"

#include <string.h>

/* Validity is asked line by line: the bytes need not end in a NUL as a whole. */
static enum status
check_line(struct ctx *cx, const struct tsv *tsv, const char *line, size_t length)
{
    long at = utf8_invalid_at(line);
    if (at < 0 && strlen(line) < length)
        at = (long)strlen(line);
    if (at < 0)
        return OK;
    return fault_at(cx, ERR_INVALID,
        (struct fault){.file = tsv->file, .line = tsv->line, .column = (int)at + 1},
        "Tệp có ký tự không phải UTF-8 (byte 0x%02x); hãy lưu lại tệp dạng UTF-8.",
        (unsigned char)line[at]);
}

/* The next line into the row's room. */
static char *
next_line(struct tsv *tsv, size_t *length)
{
    const char *line = tsv->at, *end = memchr(line, '\n', (size_t)(tsv->end - line));
    if (end == NULL)
        end = tsv->end;
    tsv->at = end < tsv->end ? end + 1 : end;
    tsv->line++;
    if (end > line && end[-1] == '\r')
        end--;
    *length = (size_t)(end - line);
    if (*length + 1 > tsv->room_size) {
        tsv->room_size = *length * 2 + 256;
        tsv->room = arena_alloc(tsv->arena, tsv->room_size);
    }
    memcpy(tsv->room, line, *length);
    tsv->room[*length] = '\0';
    return tsv->room;
}

/* Cut a line into cells; returns how many there are, also beyond the room. */
static int
cut_line(char *line, const char **cells)
{
    for (int count = 0;;) {
        char *tab = strchr(line, '\t');
        if (count < TSV_COLUMNS_MAX)
            cells[count] = line;
        count++;
        if (tab == NULL)
            return count;
        *tab = '\0';
        line = tab + 1;
    }
}

enum status
tsv_open(struct ctx *cx, struct tsv *tsv, const char *file, const char *text, size_t length)
{
    *tsv = (struct tsv){.file = file,
        .text = text,
        .at = text,
        .end = text + length,
        .arena = cx->arena};
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        tsv->at += 3;
    if (tsv->at == tsv->end)
        return fault_at(cx, ERR_INVALID, (struct fault){.file = file, .line = 1, .column = 1},
            "Tệp trống; dòng đầu phải là tên các cột.");
    size_t line_length;
    char *line = arena_strdup(cx->arena, next_line(tsv, &line_length));
    TRY(check_line(cx, tsv, line, line_length));
    int count = cut_line(line, tsv->columns);
    if (count > TSV_COLUMNS_MAX)
        return fault_at(cx, ERR_LIMIT, (struct fault){.file = file, .line = 1, .column = 1},
            "Tệp có %d cột; nhiều nhất là %d.", count, TSV_COLUMNS_MAX);
    tsv->column_count = count;
    for (int i = 0; i < count; i++) {
        if (tsv_column(tsv, tsv->columns[i]) != i)
            return fault_at(cx, ERR_INVALID,
                (struct fault){.file = file, .line = 1, .column = i + 1}, "Cột “%s” có hai lần.",
                tsv->columns[i]);
    }
    return OK;
}

bool
tsv_next(struct ctx *cx, struct tsv *tsv, enum status *status)
{
    while (tsv->at < tsv->end) {
        size_t length;
        char *line = next_line(tsv, &length);
        enum status valid = check_line(cx, tsv, line, length);
        if (valid != OK)
            *status = valid;
        if (valid != OK || length == 0)
            continue;
        int count = cut_line(line, tsv->cells);
        if (count > tsv->column_count) {
            *status = fault_at(cx, ERR_INVALID,
                (struct fault){.file = tsv->file,
                    .line = tsv->line,
                    .column = tsv->column_count + 1},
                "Dòng có %d ô, nhiều hơn %d cột của tệp.", count, tsv->column_count);
            continue;
        }
        for (; count < tsv->column_count; count++)
            tsv->cells[count] = "";
        return true;
    }
    return false;
}

int
tsv_column(const struct tsv *tsv, const char *name)
{
    for (int i = 0; i < tsv->column_count; i++) {
        if (strcmp(tsv->columns[i], name) == 0)
            return i;
    }
    return -1;
}
