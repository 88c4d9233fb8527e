/* Reading tables one row at a time in a room that is used again, and writing them. */
#include "base/table.h"

#include "base/vi.h"

#include <string.h>

static const char mark[] = "\xef\xbb\xbf";

/* Would a spreadsheet take it for a formula, or for one behind the apostrophes that keep it from
 * being one? */
static bool
looks_like_formula(const char *text)
{
    text += strspn(text, "'");
    return *text != '\0' && strchr("=+-@", *text) != NULL;
}

/* Reading */

static enum status
fault_in_row(struct ctx *cx, const struct table *table, int line, int column, const char *message)
{
    return fault_at(cx, ERR_INVALID,
        (struct fault){.file = table->file, .line = line, .column = column}, "%s", message);
}

/* Validity is asked row by row: the bytes need not end in a NUL as a whole. */
static enum status
check_bytes(struct ctx *cx, const struct table *table, size_t length)
{
    const char *row = table->room, *start = row;
    int line = table->line;
    long at = utf8_invalid_at(row);
    if (at < 0 && strlen(row) < length)
        at = (long)strlen(row);
    if (at < 0)
        return OK;
    for (const char *c = row; c < row + at; c++) {
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    }
    return fault_in_row(cx, table, line, (int)(row + at - start) + 1,
        arena_printf(cx->arena,
            "Tệp có ký tự không phải UTF-8 (byte 0x%02x); hãy lưu lại tệp dạng UTF-8.",
            (unsigned char)row[at]));
}

/* Where a row of CSV ends: at the first line break outside quotes. A quote opens only at the
 * beginning of a cell. NULL: one is not closed; *column and *line say which. */
static const char *
quoted_end(const struct table *table, int *line, int *column)
{
    enum { BEGIN, PLAIN, QUOTED, CLOSED } state = BEGIN;
    int opened = *line;
    *column = 1;
    for (const char *at = table->at; at < table->end; at++) {
        if (state == QUOTED) {
            *line += *at == '\n';
            state = *at == '"' ? CLOSED : QUOTED;
        } else if (*at == '\n') {
            return at;
        } else if (*at == table->separator) {
            state = BEGIN;
            ++*column;
        } else if (*at == '"' && state != PLAIN) {
            opened = state == BEGIN ? *line : opened;
            state = QUOTED;
        } else {
            state = PLAIN;
        }
    }
    if (state != QUOTED)
        return table->end;
    *line = opened;
    return NULL;
}

static const char *
row_end(const struct table *table, int *line, int *column)
{
    if (table->separator != '\t')
        return quoted_end(table, line, column);
    const char *end = memchr(table->at, '\n', (size_t)(table->end - table->at));
    return end == NULL ? table->end : end;
}

/* The next row's bytes into the room. */
static enum status
take_row(struct ctx *cx, struct table *table, size_t *length)
{
    int column, line = table->last_line + 1;
    const char *end = row_end(table, &line, &column);
    table->row = table->at;
    table->line = table->last_line + 1;
    if (end == NULL) {
        table->at = table->end;
        return fault_in_row(cx, table, line, column,
            "Dấu ngoặc kép mở ô này không được đóng; từ đây đến cuối tệp chưa đọc được.");
    }
    table->last_line = line;
    table->at = end < table->end ? end + 1 : end;
    if (end > table->row && end[-1] == '\r')
        end--;
    *length = (size_t)(end - table->row);
    if (*length + 1 > table->room_size) {
        table->room_size = *length * 2 + 256;
        table->room = arena_alloc(table->arena, table->room_size);
    }
    memcpy(table->room, table->row, *length);
    table->room[*length] = '\0';
    return check_bytes(cx, table, *length);
}

/* \n, \t and \\ become what they mean; a backslash before anything else is itself. */
static void
unescape(char *cell)
{
    char *to = cell;
    for (const char *from = cell; *from != '\0'; from++) {
        const char *known = from[0] == '\\' && from[1] != '\0' ? strchr("nt\\", from[1]) : NULL;
        *to++ = known == NULL ? *from : "\n\t\\"[known - "nt\\"];
        from += known != NULL;
    }
    *to = '\0';
}

/* Cut a line into cells; returns how many there are, also beyond the room. */
static int
cut_line(char *line, const char **cells)
{
    bool has_escapes = strchr(line, '\\') != NULL;
    for (int count = 0;;) {
        char *tab = strchr(line, '\t');
        if (tab != NULL)
            *tab = '\0';
        if (has_escapes)
            unescape(line);
        if (count < TABLE_COLUMNS_MAX)
            cells[count] = line;
        count++;
        if (tab == NULL)
            return count;
        line = tab + 1;
    }
}

/* Take the quotes off the cell that begins at `from`, in place; CR before a line break goes. Points
 * behind the closing quote. */
static char *
unquote(char *from)
{
    char *to = from;
    for (from++;; from++) {
        if (from[0] == '"' && from[1] != '"')
            break;
        if (from[0] == '\r' && from[1] == '\n')
            continue;
        from += *from == '"';
        *to++ = *from;
    }
    *to = '\0';
    return from + 1;
}

/* The same as cut_line for CSV. *bad: the cell with a text behind its closing quote, from 1. */
static int
cut_quoted(char *row, char separator, const char **cells, int *bad)
{
    for (int count = 0;;) {
        bool is_quoted = *row == '"';
        char *end = is_quoted ? unquote(row) : row;
        char *next = strchr(end, separator);
        if (count < TABLE_COLUMNS_MAX)
            cells[count] = row;
        count++;
        if (is_quoted && *end != '\0' && end != next && *bad == 0)
            *bad = count;
        if (next == NULL)
            return count;
        *next = '\0';
        row = next + 1;
    }
}

static int
cut(const struct table *table, const char **cells, int *bad)
{
    *bad = 0;
    if (table->separator == '\t')
        return cut_line(table->room, cells);
    return cut_quoted(table->room, table->separator, cells, bad);
}

static char
find_separator(const char *head, const char *end)
{
    static const char separators[] = "\t;,";
    const char *line_end = memchr(head, '\n', (size_t)(end - head));
    size_t length = (size_t)((line_end == NULL ? end : line_end) - head);
    for (const char *c = separators; *c != '\0'; c++) {
        if (memchr(head, *c, length) != NULL)
            return *c;
    }
    return '\t';
}

enum status
table_open(struct ctx *cx, struct table *table, const char *file, const char *text, size_t length)
{
    size_t row_length;
    int bad;
    *table = (struct table){.file = file,
        .text = text,
        .at = text,
        .end = text + length,
        .arena = cx->arena};
    if (length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0)
        table->at += strlen(mark);
    if (table->at == table->end)
        return fault_in_row(cx, table, 1, 1, "Tệp trống; dòng đầu phải là tên các cột.");
    table->separator = find_separator(table->at, table->end);
    TRY(take_row(cx, table, &row_length));
    int count = cut(table, table->columns, &bad);
    table->room = NULL; /* the names stay in it */
    table->room_size = 0;
    if (bad > 0)
        return fault_in_row(cx, table, 1, bad, "Tên cột có chữ đứng sau dấu ngoặc kép đóng.");
    if (count > TABLE_COLUMNS_MAX)
        return fault_at(cx, ERR_LIMIT, (struct fault){.file = file, .line = 1, .column = 1},
            "Tệp có %d cột; nhiều nhất là %d.", count, TABLE_COLUMNS_MAX);
    table->column_count = count;
    for (int i = 0; i < count; i++) {
        if (table_column(table, table->columns[i]) != i)
            return fault_at(cx, ERR_INVALID,
                (struct fault){.file = file, .line = 1, .column = i + 1}, "Cột “%s” có hai lần.",
                table->columns[i]);
    }
    return OK;
}

/* The row in the room into cells. */
static enum status
cut_row(struct ctx *cx, struct table *table)
{
    int bad, count = cut(table, table->cells, &bad);
    if (bad > 0)
        return fault_in_row(cx, table, table->line, bad,
            "Ô này có chữ đứng sau dấu ngoặc kép đóng; dấu ngoặc kép trong ô phải viết hai lần "
            "(\"\").");
    if (count > table->column_count)
        return fault_in_row(cx, table, table->line, table->column_count + 1,
            arena_printf(cx->arena, "Dòng có %d ô, nhiều hơn %d cột của tệp.", count,
                table->column_count));
    for (int i = 0; i < count; i++) {
        if (table->cells[i][0] == '\'' && looks_like_formula(table->cells[i]))
            table->cells[i]++;
    }
    for (; count < table->column_count; count++)
        table->cells[count] = ""; /* spreadsheets leave off what is empty at the end */
    return OK;
}

static bool
says_something(const struct table *table)
{
    for (int i = 0; i < table->column_count; i++) {
        if (*table->cells[i] != '\0')
            return true;
    }
    return false;
}

bool
table_next(struct ctx *cx, struct table *table, enum status *status)
{
    while (table->at < table->end) {
        size_t length;
        enum status valid = take_row(cx, table, &length);
        if (valid == OK && length == 0)
            continue;
        if (valid == OK)
            valid = cut_row(cx, table);
        if (valid != OK)
            *status = valid;
        else if (says_something(table))
            return true;
    }
    return false;
}

void
table_back(struct table *table, const char *row, int line)
{
    table->at = row;
    table->last_line = line - 1;
}

int
table_column(const struct table *table, const char *name)
{
    for (int i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i], name) == 0)
            return i;
    }
    return -1;
}

struct fault
table_place(const struct table *table, int line, int column)
{
    return (struct fault){.file = table->file,
        .line = line,
        .column = column + 1,
        .field = column < 0 ? NULL : table->columns[column]};
}

/* Writing */

struct table_writer
table_begin(struct buf *out, enum table_format format)
{
    if (format == TABLE_CSV)
        buf_text(out, mark);
    return (struct table_writer){.out = out, .format = format};
}

static void
put_escaped(struct buf *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "\n\t\\");
        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        buf_char(out, '\\');
        buf_char(out, *text == '\n' ? 'n' : *text == '\t' ? 't' : '\\');
        text++;
    }
}

static void
put_doubled(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_char(out, '"');
        buf_char(out, *text);
    }
}

/* A cell, with an apostrophe before it or "". Whatever any spreadsheet may take for a separator is
 * quoted, so that no part of a cell stands by itself where another one is set. */
static void
put_cell(struct table_writer *writer, const char *apostrophe, const char *text)
{
    struct buf *out = writer->out;
    bool is_tsv = writer->format == TABLE_TSV;
    if (writer->in_row)
        buf_char(out, is_tsv ? '\t' : ';');
    writer->in_row = true;
    if (text == NULL)
        return;
    bool is_quoted = !is_tsv && text[strcspn(text, "\";,\t\r\n")] != '\0';
    buf_text(out, is_quoted ? "\"" : "");
    buf_text(out, apostrophe);
    if (is_tsv)
        put_escaped(out, text);
    else
        put_doubled(out, text);
    buf_text(out, is_quoted ? "\"" : "");
}

void
table_text(struct table_writer *writer, const char *text)
{
    put_cell(writer, text != NULL && looks_like_formula(text) ? "'" : "", text);
}

void
table_plain(struct table_writer *writer, const char *text)
{
    put_cell(writer, "", text);
}

void
table_end_row(struct table_writer *writer)
{
    buf_text(writer->out, writer->format == TABLE_TSV ? "\n" : "\r\n");
    writer->in_row = false;
}
