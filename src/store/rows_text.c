/* The stream of rows as text: a line for each row, its cells between tabs, numbers in decimal
 * digits, bytes in base64; in a text \t, \n and \\ stand for tab, line break and backslash, and \N
 * is null. Lines of the format itself begin with \#, which no row does. The last line has the
 * SHA-256 of all before it. */
#include "store/rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "\\#chithi\trows\t1\n"
#define TAIL "\\#sha256\t"

enum { DIGEST_DIGITS = 2 * crypto_hash_sha256_BYTES, ROOM = 256 * 1024, COLUMNS_MAX = 1000 };

/* Writing */

struct rows_text {
    struct buf out;
    const struct sink *sink;
    crypto_hash_sha256_state digest;
    const struct stored_table *table;
    char *room; /* for bytes in base64 */
    size_t room_size;
};

static const char *const types[] =
    {[CELL_NUMBER] = "BIGINT", [CELL_TEXT] = "TEXT", [CELL_BYTES] = "BYTEA"};

static void
hand_on(struct rows_text *text)
{
    struct buf *out = &text->out;
    crypto_hash_sha256_update(&text->digest, (const unsigned char *)buf_string(out), out->length);
    if (text->sink != NULL)
        buf_drain(out, text->sink);
    out->length = 0;
}

static void
put_escaped(struct buf *out, const char *text)
{
    for (size_t n; *text != '\0'; text += n) {
        n = strcspn(text, "\t\n\\");
        buf_add(out, text, n);
        if (text[n] == '\0')
            return;
        buf_text(out, text[n] == '\t' ? "\\t" : text[n] == '\n' ? "\\n" : "\\\\");
        n++;
    }
}

static void
put_bytes(struct rows_text *text, const struct cell *cell)
{
    size_t size = sodium_base64_ENCODED_LEN(cell->length, sodium_base64_VARIANT_ORIGINAL);
    if (size > text->room_size) {
        text->room = arena_alloc(text->out.arena, 2 * size);
        text->room_size = 2 * size;
    }
    sodium_bin2base64(text->room, size, (const unsigned char *)cell->bytes, cell->length,
        sodium_base64_VARIANT_ORIGINAL);
    buf_text(&text->out, text->room);
}

static enum status
text_begin(void *to, const struct stored_table *table)
{
    struct rows_text *text = to;
    text->table = table;
    buf_printf(&text->out, "\\#table\t%s\t%d", table->name, table->key_count);
    for (int i = 0; i < table->count; i++)
        buf_printf(&text->out, "\t%s\t%s", table->columns[i].name, types[table->columns[i].kind]);
    buf_char(&text->out, '\n');
    return OK;
}

static enum status
text_row(void *to, const struct cell *cells)
{
    struct rows_text *text = to;
    struct buf *out = &text->out;
    for (int i = 0; i < text->table->count; i++) {
        if (i > 0)
            buf_char(out, '\t');
        if (cells[i].kind == CELL_NULL)
            buf_text(out, "\\N");
        else if (cells[i].kind == CELL_NUMBER)
            buf_printf(out, "%lld", (long long)cells[i].number);
        else if (cells[i].kind == CELL_TEXT)
            put_escaped(out, cells[i].bytes);
        else
            put_bytes(text, &cells[i]);
    }
    buf_char(out, '\n');
    if (out->length >= ROOM)
        hand_on(text);
    return OK;
}

/* So that a table that was cut off is not taken for one that ends. */
static enum status
text_end(void *to)
{
    struct rows_text *text = to;
    buf_text(&text->out, "\\#end\n");
    return OK;
}

struct rows_text *
rows_text_new(struct arena *arena, const struct sink *sink)
{
    struct rows_text *text = ARENA_NEW(arena, struct rows_text);
    text->out = buf_new(arena);
    text->sink = sink;
    crypto_hash_sha256_init(&text->digest);
    buf_text(&text->out, HEAD);
    return text;
}

struct rows_to
rows_text_to(struct rows_text *text)
{
    return (struct rows_to){text_begin, text_row, text_end, text};
}

static const char *
hexadecimal(struct arena *arena, crypto_hash_sha256_state *state)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(arena, DIGEST_DIGITS + 1);
    crypto_hash_sha256_final(state, digest);
    return sodium_bin2hex(text, DIGEST_DIGITS + 1, digest, sizeof(digest));
}

const char *
rows_text_end(struct rows_text *text)
{
    struct arena *arena = text->out.arena;
    hand_on(text);
    const char *digest = hexadecimal(arena, &text->digest);
    const char *tail = arena_printf(arena, TAIL "%s\n", digest);
    if (text->sink != NULL)
        text->sink->put(text->sink->to, tail, strlen(tail));
    return digest;
}

/* Reading */

struct reading {
    struct ctx *cx;
    const char *file, *at, *end; /* what is not read yet, and the line with the digest */
    struct arena *scratch;       /* of one line */
    int64_t line;
    const char *cells[2 + 2 * COLUMNS_MAX]; /* of that line, as they stand there */
    int cell_count;
};

bool
rows_is_text(const char *text, size_t length)
{
    return length >= strlen(HEAD) && memcmp(text, HEAD, strlen(HEAD)) == 0;
}

/* Where the last line begins, when it is one of a digest; else NULL. */
static const char *
find_tail(const char *text, size_t length)
{
    size_t tail = strlen(TAIL) + DIGEST_DIGITS + 1;
    const char *at = text + length - tail;
    if (length < strlen(HEAD) + tail || memcmp(at, TAIL, strlen(TAIL)) != 0 ||
        text[length - 1] != '\n')
        return NULL;
    return at;
}

static enum status
check_digest(struct ctx *cx, const char *file, const char *text, size_t length)
{
    crypto_hash_sha256_state state;
    const char *tail = find_tail(text, length);
    if (tail == NULL)
        return fault_set(cx, ERR_INVALID,
            "Bản sao lưu %s không trọn vẹn: thiếu phần cuối. Hãy dùng bản khác.", file);
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, (size_t)(tail - text));
    if (memcmp(hexadecimal(cx->arena, &state), tail + strlen(TAIL), DIGEST_DIGITS) == 0)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Bản sao lưu %s đã bị thay đổi sau khi ghi: dấu băm không khớp. Hãy dùng bản khác.", file);
}

static enum status
bad_line(struct reading *reading)
{
    return fault_set(reading->cx, ERR_INVALID,
        "Dòng %lld của %s không phải là dòng của bản sao lưu.", (long long)reading->line,
        reading->file);
}

/* Cut the next line into cells; false at the end. */
static bool
next_line(struct reading *reading)
{
    if (reading->at >= reading->end)
        return false;
    const char *stop = memchr(reading->at, '\n', (size_t)(reading->end - reading->at));
    size_t length = (size_t)((stop == NULL ? reading->end : stop) - reading->at);
    char *at = arena_strndup(reading->scratch, reading->at, length);
    reading->at += length + 1;
    reading->line++;
    reading->cell_count = 0;
    while (at != NULL && reading->cell_count < (int)COUNT_OF(reading->cells)) {
        reading->cells[reading->cell_count++] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    return true;
}

static bool
is_line(const struct reading *reading, const char *word)
{
    return strcmp(reading->cells[0], word) == 0;
}

static enum status
read_head(struct reading *reading, struct arena *arena, struct stored_table *table)
{
    if (!is_line(reading, "\\#table") || reading->cell_count < 5 || reading->cell_count % 2 == 0)
        return bad_line(reading);
    *table = (struct stored_table){.name = arena_strdup(arena, reading->cells[1]),
        .key_count = atoi(reading->cells[2])};
    for (int i = 3; i < reading->cell_count; i += 2) {
        enum cell_kind kind = CELL_NUMBER;
        while (kind < CELL_BYTES && strcmp(types[kind], reading->cells[i + 1]) != 0)
            kind++;
        *ARENA_PUSH(arena, table->columns, table->count) =
            (struct stored_column){arena_strdup(arena, reading->cells[i]), kind};
    }
    return table->key_count >= 0 && table->key_count <= table->count ? OK : bad_line(reading);
}

/* Take the escapes out of a text, in its own place; false when there is one that is not written. */
static bool
unescape(char *text, size_t *length)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        char c = *at;
        if (c == '\\') {
            at++;
            if (*at != 't' && *at != 'n' && *at != '\\')
                return false;
            c = *at == 't' ? '\t' : *at == 'n' ? '\n' : '\\';
        }
        *to++ = c;
    }
    *to = '\0';
    *length = (size_t)(to - text);
    return true;
}

static bool
parse_cell(struct arena *arena, enum cell_kind kind, const char *text, struct cell *cell)
{
    *cell = (struct cell){.kind = kind, .length = strlen(text)};
    if (strcmp(text, "\\N") == 0) {
        cell->kind = CELL_NULL;
        return true;
    }
    char *end = arena_strdup(arena, text);
    cell->bytes = end;
    if (kind == CELL_TEXT)
        return unescape(end, &cell->length);
    if (kind == CELL_NUMBER) {
        cell->number = strtoll(text, &end, 10);
        return end != cell->bytes && *end == '\0';
    }
    return sodium_base642bin((unsigned char *)end, cell->length, text, cell->length, NULL,
               &cell->length, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
}

static enum status
read_row(struct reading *reading, const struct stored_table *table, struct cell *cells)
{
    if (reading->cell_count != table->count)
        return bad_line(reading);
    for (int i = 0; i < table->count; i++) {
        if (!parse_cell(reading->scratch, table->columns[i].kind, reading->cells[i], &cells[i]))
            return bad_line(reading);
    }
    return OK;
}

/* The rows of one table and the line that ends it. */
static enum status
read_rows(struct reading *reading, const struct stored_table *table, struct cell *cells,
    const struct rows_to *to, struct rows_count *count)
{
    for (;;) {
        struct arena_mark mark = arena_mark(reading->scratch);
        if (!next_line(reading))
            return bad_line(reading);
        if (is_line(reading, "\\#end"))
            return OK;
        TRY(read_row(reading, table, cells));
        rows_note_id(table, cells, count);
        count->rows++;
        TRY(to->row(to->to, cells));
        arena_release(reading->scratch, mark);
    }
}

static enum status
read_tables(struct reading *reading, const struct rows_to *to, struct rows_count *count)
{
    struct arena *arena = reading->cx->arena;
    while (next_line(reading)) {
        struct stored_table table;
        TRY(read_head(reading, arena, &table));
        struct cell *cells = ARENA_ARRAY(arena, struct cell, (size_t)table.count);
        TRY(to->begin(to->to, &table));
        TRY(read_rows(reading, &table, cells, to, count));
        TRY(to->end(to->to));
        count->tables++;
    }
    return OK;
}

enum status
rows_of_text(struct ctx *cx, const char *file, const char *text, size_t length,
    const struct rows_to *to, struct rows_count *count)
{
    struct reading reading = {.cx = cx, .file = file, .line = 1};
    *count = (struct rows_count){0};
    if (!rows_is_text(text, length))
        return fault_set(cx, ERR_INVALID, "%s không phải là bản sao lưu của chithi.", file);
    TRY(check_digest(cx, file, text, length));
    reading.at = text + strlen(HEAD);
    reading.end = find_tail(text, length);
    reading.scratch = arena_new();
    enum status status = read_tables(&reading, to, count);
    arena_free(reading.scratch);
    return status;
}
