/* :name parameters into the numbers of each engine. Used at build for the named queries and at run
 * time for the statements that store/sqlgen.c makes. */
#include "store/sql.h"

#include "base/buf.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

size_t
sql_opaque_length(const char *text)
{
    const char *end = NULL;
    if (*text == '\'' || *text == '"') {
        for (end = text + 1; *end != '\0' && *end != *text; end++)
            ;
        return (size_t)(end - text) + (*end != '\0');
    }
    if (strncmp(text, "--", 2) == 0)
        return strcspn(text, "\n");
    if (strncmp(text, "/*", 2) == 0) {
        end = strstr(text, "*/");
        return end == NULL ? strlen(text) : (size_t)(end - text) + 2;
    }
    return 0;
}

static int
number_of(struct arena *arena, const char *name, size_t length, const char ***names, int *count)
{
    for (int i = 0; i < *count; i++) {
        if (strlen((*names)[i]) == length && memcmp((*names)[i], name, length) == 0)
            return i + 1;
    }
    *ARENA_PUSH(arena, *names, *count) = arena_strndup(arena, name, length);
    return *count;
}

/* A function that goes by another name. */
static size_t
renamed_length(enum dialect dialect, const char *text, struct buf *out)
{
    static const char theirs[] = "INSTR(";
    if (dialect != DIALECT_POSTGRES || strncmp(text, theirs, strlen(theirs)) != 0)
        return 0;
    buf_text(out, "STRPOS(");
    return strlen(theirs);
}

const char *
sql_rewrite(struct arena *arena, enum dialect dialect, const char *text, const char ***names,
    int *count)
{
    struct buf out = buf_new(arena);
    *names = NULL;
    *count = 0;
    while (*text != '\0') {
        size_t length = sql_opaque_length(text);
        if (length == 0 && strncmp(text, "::", 2) == 0)
            length = 2;
        if (length == 0 && *text == ':' && isalpha((unsigned char)text[1])) {
            const char *name = ++text;
            while (isalnum((unsigned char)*text) || *text == '_')
                text++;
            int number = number_of(arena, name, (size_t)(text - name), names, count);
            buf_printf(&out, "%c%d", dialect == DIALECT_SQLITE ? '?' : '$', number);
            continue;
        }
        if (length == 0 && (length = renamed_length(dialect, text, &out)) > 0) {
            text += length;
            continue;
        }
        if (length == 0)
            length = 1;
        buf_add(&out, text, length);
        text += length;
    }
    return buf_string(&out);
}

/* The place behind a parenthesis that closes. */
static const char *
closing(const char *text)
{
    int depth = 0;
    do
        depth += (*text == '(') - (*text == ')');
    while (depth > 0 && *++text != '\0');
    return text + (*text == ')');
}

/* One letter, or one parameter by a number that is larger. */
static const char *
add_renumbered(struct buf *out, const char *at, int by)
{
    char *after;
    if (*at != '$') {
        buf_char(out, *at);
        return at + 1;
    }
    buf_printf(out, "$%ld", strtol(at + 1, &after, 10) + by);
    return after;
}

const char *
sql_of_rows(struct arena *arena, const char *text, int count, int rows)
{
    static const char before[] = " VALUES (";
    const char *begin = strstr(text, before);
    struct buf out = buf_new(arena);
    assert(begin != NULL);
    begin += strlen(before) - 1;
    const char *end = closing(begin);
    buf_add(&out, text, (size_t)(begin - text));
    for (int row = 0; row < rows; row++) {
        buf_text(&out, row == 0 ? "" : ", ");
        for (const char *at = begin; at < end;)
            at = add_renumbered(&out, at, row * count);
    }
    buf_text(&out, end);
    return buf_string(&out);
}
