/* Rows on the way out: a table for a terminal, TSV for a pipe, JSON when asked. */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/vi.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS_MAX = 200 };

static int
split(struct arena *arena, const char *columns, const char **keys)
{
    int count = 0;
    while (*columns != '\0' && count < COLUMNS_MAX) {
        size_t length = strcspn(columns, " ");
        keys[count++] = arena_strndup(arena, columns, length);
        columns += length + strspn(columns + length, " ");
    }
    return count;
}

static bool
is_number(const struct doc *leaf)
{
    return leaf != NULL &&
        (leaf->type == DOC_INTEGER || leaf->type == DOC_DECIMAL || leaf->type == DOC_QUANTITY ||
            leaf->type == DOC_PERCENT);
}

static const char *
cell(const struct doc *row, const char *key, struct arena *arena)
{
    const struct doc *leaf = doc_get(row, key);
    return leaf == NULL ? "" : doc_show(leaf, arena);
}

static void
pad(int width)
{
    for (; width > 0; width--)
        putchar(' ');
}

static void
show_table(const struct doc *rows, const char *const *keys, int count, struct arena *arena)
{
    int width[COLUMNS_MAX];
    for (int i = 0; i < count; i++)
        width[i] = (int)strlen(keys[i]);
    for (const struct doc *row = rows->first; row != NULL; row = row->next) {
        for (int i = 0; i < count; i++) {
            int length = utf8_count(cell(row, keys[i], arena));
            width[i] = length > width[i] ? length : width[i];
        }
    }
    for (int i = 0; i < count; i++)
        printf("%-*s%s", width[i], keys[i], i + 1 < count ? "  " : "\n");
    for (const struct doc *row = rows->first; row != NULL; row = row->next) {
        for (int i = 0; i < count; i++) {
            const char *text = cell(row, keys[i], arena);
            int gap = width[i] - utf8_count(text);
            bool right = is_number(doc_get(row, keys[i]));
            pad(right ? gap : 0);
            fputs(text, stdout);
            pad(right || i + 1 == count ? 0 : gap);
            fputs(i + 1 < count ? "  " : "\n", stdout);
        }
    }
}

/* A tab or a newline in a text would be another cell or row: they become blanks. */
static void
put_plain(const char *text)
{
    for (; *text != '\0'; text++)
        putchar(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void
show_tsv(const struct doc *rows, const char *const *keys, int count, struct arena *arena)
{
    for (int i = 0; i < count; i++)
        printf("%s%s", keys[i], i + 1 < count ? "\t" : "\n");
    for (const struct doc *row = rows->first; row != NULL; row = row->next) {
        for (int i = 0; i < count; i++) {
            put_plain(cell(row, keys[i], arena));
            putchar(i + 1 < count ? '\t' : '\n');
        }
    }
}

void
cli_show(const struct args *args, const struct doc *rows, const char *columns)
{
    struct arena *arena = rows->arena;
    const char *keys[COLUMNS_MAX];
    int count = split(arena, columns, keys);
    if (args->json) {
        struct buf out = buf_new(arena);
        doc_json(rows, &out);
        fwrite(out.bytes, 1, out.length, stdout);
    } else if (isatty(STDOUT_FILENO)) {
        show_table(rows, keys, count, arena);
    } else {
        show_tsv(rows, keys, count, arena);
    }
}
