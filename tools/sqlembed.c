/* Build tool: sql/query/NAME.sql into an enum and a table of statements.
 *     sqlembed queries.h queries.c FILE...
 * A query begins with "-- name: record_load" and ends at the next or at the end of its file. A file
 * NAME.pg.sql gives second bodies for PostgreSQL, under the same names. Lines after the name
 * say what a query is: "-- long" that it may bring more rows than memory should hold at once, "--
 * every shard" that it asks more than one, "-- gathered" that its rows may be written later with
 * others. What follows a colon on such a line is for the reader.
 */
#include "base/buf.h"
#include "store/sql.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name;
    const char *text[DIALECT__COUNT];
    bool is_long, every_shard, is_gathered;
};

static struct entry *entries;
static int entry_count;

static struct entry *
entry_find(const char *name)
{
    for (int i = 0; i < entry_count; i++) {
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    }
    return NULL;
}

static void
fail(const char *file, const char *name, const char *why)
{
    fprintf(stderr, "%s: query \"%s\" %s\n", file, name, why);
    exit(1);
}

static const char *
read_text(struct arena *arena, const char *path)
{
    struct buf text = buf_new(arena);
    char chunk[65536];
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        perror(path);
        exit(1);
    }
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), in)) > 0;)
        buf_add(&text, chunk, n);
    fclose(in);
    return buf_string(&text);
}

/* Is there a line "-- MARK" or "-- MARK: …" among the comments that a query begins with? */
static bool
has_mark(const char *text, const char *mark)
{
    size_t length = strlen(mark);
    while (strncmp(text, "\n-- ", 4) == 0) {
        const char *after = text + 4 + length;
        if (strncmp(text + 4, mark, length) == 0 && (*after == '\n' || *after == ':'))
            return true;
        text += 1 + strcspn(text + 1, "\n");
    }
    return false;
}

static void
add_query(struct arena *arena, const char *file, const char *name, const char *text, bool second)
{
    struct entry *entry = entry_find(name);
    if (second) {
        if (entry == NULL)
            fail(file, name, "has no first body");
        entry->text[DIALECT_POSTGRES] = text;
        return;
    }
    if (entry != NULL)
        fail(file, name, "is there twice");
    *ARENA_PUSH(arena, entries, entry_count) = (struct entry){name, {text, text},
        has_mark(text, "long"), has_mark(text, "every shard"), has_mark(text, "gathered")};
}

static void
read_queries(struct arena *arena, const char *file)
{
    static const char mark[] = "-- name: ";
    bool second = strlen(file) > 7 && strcmp(file + strlen(file) - 7, ".pg.sql") == 0;
    const char *at = strstr(read_text(arena, file), mark);
    while (at != NULL) {
        at += strlen(mark);
        size_t length = strcspn(at, "\n");
        const char *name = arena_strndup(arena, at, length);
        const char *next = strstr(at, mark);
        const char *end = next == NULL ? at + strlen(at) : next;
        while (end > at && (isspace((unsigned char)end[-1]) || end[-1] == ';'))
            end--;
        add_query(arena, file, name, arena_strndup(arena, at + length, (size_t)(end - at) - length),
            second);
        at = next;
    }
}

/* A C string literal; comment lines of the query are left out. */
static void
write_literal(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t line = strcspn(text, "\n");
        const char *from = text + strspn(text, " ");
        if (strncmp(from, "--", 2) != 0 && from < text + line) {
            fputs("\n        \"", out);
            for (; from < text + line; from++)
                fprintf(out, *from == '"' || *from == '\\' ? "\\%c" : "%c", *from);
            fputs(" \"", out);
        }
        text += line + (text[line] == '\n');
    }
}

static void
write_entry(struct arena *arena, FILE *out, int number)
{
    const struct entry *entry = &entries[number];
    const char **names[DIALECT__COUNT];
    const char *text[DIALECT__COUNT];
    int count[DIALECT__COUNT];
    for (int i = 0; i < DIALECT__COUNT; i++)
        text[i] = sql_rewrite(arena, (enum dialect)i, entry->text[i], &names[i], &count[i]);
    if (count[0] != count[1])
        fail("", entry->name, "has other parameters in its second body");
    fprintf(out, "    {%d, \"%s\", {", number, entry->name);
    for (int i = 0; i < DIALECT__COUNT; i++) {
        write_literal(out, text[i]);
        fputs(i + 1 < DIALECT__COUNT ? "," : "}, ", out);
    }
    fputs("(const char *const[]){", out);
    for (int i = 0; i < count[0]; i++) {
        if (strcmp(names[0][i], names[1][i]) != 0)
            fail("", entry->name, "has its parameters in another order in its second body");
        fprintf(out, "\"%s\", ", names[0][i]);
    }
    fprintf(out, "NULL}, %d, %s, %s, %s},\n", count[0], entry->is_long ? "true" : "false",
        entry->every_shard ? "true" : "false", entry->is_gathered ? "true" : "false");
}

static void
write_header(FILE *out)
{
    fputs("/* Made by tools/sqlembed.c from sql/query. */\n#ifndef STORE_QUERIES_H\n"
          "#define STORE_QUERIES_H\n\n#include \"store/sql.h\"\n\nenum query_name {\n",
        out);
    for (int i = 0; i < entry_count; i++) {
        fputs("    Q_", out);
        for (const char *c = entries[i].name; *c != '\0'; c++)
            fputc(toupper((unsigned char)*c), out);
        fputs(",\n", out);
    }
    fputs("    Q__COUNT\n};\n\nextern const struct sql queries[Q__COUNT];\n\n#endif\n", out);
}

int
main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    struct arena *arena = arena_new();
    for (int i = 3; i < argc; i++)
        read_queries(arena, argv[i]);
    FILE *header = fopen(argv[1], "w"), *source = fopen(argv[2], "w");
    if (header == NULL || source == NULL) {
        perror(argv[header == NULL ? 1 : 2]);
        return 1;
    }
    write_header(header);
    fputs("/* Made by tools/sqlembed.c from sql/query. */\n#include \"queries.h\"\n\n"
          "const struct sql queries[Q__COUNT] = {\n",
        source);
    for (int i = 0; i < entry_count; i++)
        write_entry(arena, source, i);
    fputs("};\n", source);
    arena_free(arena);
    return fclose(header) == 0 && fclose(source) == 0 ? 0 : 1;
}
