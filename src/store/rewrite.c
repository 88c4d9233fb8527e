/* :name parameters into the numbers of each engine. Used at build for the named queries and at run
 * time for the statements that store/sqlgen.c makes. */
#include "store/sql.h"

#include "base/buf.h"

#include <ctype.h>
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
