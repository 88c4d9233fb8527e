/* Reading a catalogue. Only what tools/po.py writes is known: no plural forms, no contexts. */
#include "base/catalogue.h"

#include "base/buf.h"
#include "base/map.h"

#include <string.h>

struct catalogue {
    struct map *texts;
};

struct reading {
    struct ctx *cx;
    struct catalogue *catalogue;
    struct fault where;
    struct buf id, text;
    struct buf *now; /* what a line in quotes is added to; NULL at the beginning */
};

/* The header is the text of "". */
static void
end_entry(struct reading *r)
{
    if (r->id.length > 0 && r->text.length > 0)
        (void)map_set(r->catalogue->texts, buf_string(&r->id), r->text.bytes);
    r->id = buf_new(r->cx->arena);
    r->text = buf_new(r->cx->arena);
}

/* `at` is behind the opening quote. */
static bool
add_quoted(struct buf *out, const char *at, const char *end)
{
    for (; at < end && *at != '"'; at++) {
        bool is_escaped = *at == '\\';
        if (is_escaped && ++at == end)
            return false;
        buf_char(out, is_escaped && *at == 'n' ? '\n' : *at);
    }
    return at + 1 == end;
}

static bool
begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

static bool
read_line(struct reading *r, const char *line, const char *end)
{
    static const char id[] = "msgid \"", text[] = "msgstr \"";
    if (line == end || *line == '#')
        return true;
    if (begins(line, id)) {
        end_entry(r);
        r->now = &r->id;
        line += strlen(id);
    } else if (begins(line, text) && r->now == &r->id) {
        r->now = &r->text;
        line += strlen(text);
    } else if (*line == '"' && r->now != NULL) {
        line++;
    } else {
        return false;
    }
    return add_quoted(r->now, line, end);
}

enum status
catalogue_read(struct ctx *cx, const char *file, const char *text, struct catalogue **out)
{
    struct reading reading = {.cx = cx,
        .catalogue = ARENA_NEW(cx->arena, struct catalogue),
        .where = {.file = file, .line = 1}};
    reading.catalogue->texts = map_new(cx->arena);
    for (; *text != '\0'; reading.where.line++) {
        const char *end = text + strcspn(text, "\n");
        if (!read_line(&reading, text, end))
            return fault_at(cx, ERR_INVALID, reading.where,
                "Cần msgid, msgstr hoặc một đoạn trong ngoặc kép.");
        text = *end == '\n' ? end + 1 : end;
    }
    end_entry(&reading);
    *out = reading.catalogue;
    return OK;
}

const char *
catalogue_find(const struct catalogue *catalogue, const char *text)
{
    return map_get(catalogue->texts, text);
}

const char *
tr_other(const struct ctx *cx, const char *text)
{
    const char *found = catalogue_find(cx->language, text);
    return found == NULL ? text : found;
}
