/* A template in another language: its source with the texts replaced, before it is compiled. A text
 * is what stands between two tags of HTML, or the value of an attribute that people read; sections
 * and partials end it too, values stay in it: "{{count}} hồ sơ" is one text.
 * An element that says translate="no" is left alone. */
#include "base/template.h"

#include "base/catalogue.h"

#include <string.h>

struct translation {
    struct arena *arena;
    const struct catalogue *catalogue;
    struct buf out, *missing;
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A tag of Mustache that shows a value. */
static bool
is_value(const char *at)
{
    return strchr("#^/>!=", at[2]) == NULL;
}

/* Behind a tag of Mustache; the end when it is not closed, which the compiler will tell. */
static const char *
mustache_end(const char *at)
{
    const char *end = strstr(at, at[2] == '{' ? "}}}" : "}}");
    return end == NULL ? at + strlen(at) : end + (at[2] == '{' ? 3 : 2);
}

/* The end of the text that begins at `at`: the next `stop`, section or partial. */
static const char *
text_end(const char *at, char stop)
{
    while (*at != '\0' && *at != stop) {
        if (strncmp(at, "{{", 2) != 0) {
            at++;
        } else if (is_value(at)) {
            at = mustache_end(at);
        } else {
            break;
        }
    }
    return at;
}

/* As the catalogue has it: each run of blanks is one. */
static const char *
on_one_line(struct arena *arena, const char *from, const char *to)
{
    struct buf text = buf_new(arena);
    for (; from < to; from++) {
        if (!is_blank(*from))
            buf_char(&text, *from);
        else if (!is_blank(from[-1]))
            buf_char(&text, ' ');
    }
    return buf_string(&text);
}

/* Blanks around a text stay as they are. */
static void
add_text(struct translation *t, const char *from, const char *to)
{
    const char *first = from, *last = to;
    while (first < last && is_blank(*first))
        first++;
    while (last > first && is_blank(last[-1]))
        last--;
    const char *text = on_one_line(t->arena, first, last);
    const char *found = catalogue_find(t->catalogue, text);
    if (found == NULL && t->missing != NULL && *text != '\0')
        buf_printf(t->missing, "%s\n", text);
    buf_add(&t->out, from, (size_t)(first - from));
    if (found != NULL)
        buf_text(&t->out, found);
    else
        buf_add(&t->out, first, (size_t)(last - first));
    buf_add(&t->out, last, (size_t)(to - last));
}

/* All up to `stop`, texts and what is between them; returns where it stands. */
static const char *
add_texts(struct translation *t, const char *at, char stop)
{
    while (*at != '\0' && *at != stop) {
        const char *end = text_end(at, stop);
        add_text(t, at, end);
        at = end;
        if (strncmp(at, "{{", 2) == 0) {
            end = mustache_end(at);
            buf_add(&t->out, at, (size_t)(end - at));
            at = end;
        }
    }
    return at;
}

/* Does the name of an attribute that people read end at `at`, where its value's quote stands? */
static bool
is_read(const char *tag, const char *at)
{
    static const char *const names[] = {" title=", " aria-label=", " placeholder=", " alt=",
        " data-confirm=", " data-confirm-yes="};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = strlen(names[i]);
        if ((size_t)(at - tag) > length && memcmp(at - length, names[i], length) == 0)
            return true;
    }
    return false;
}

/* A tag of HTML with its attributes; returns what is behind it. */
static const char *
add_tag(struct translation *t, const char *tag)
{
    const char *at = tag;
    while (*at != '\0' && *at != '>') {
        const char *end = strncmp(at, "{{", 2) == 0 ? mustache_end(at) : at + 1;
        buf_add(&t->out, at, (size_t)(end - at));
        if (*at == '"' && is_read(tag, at)) {
            end = add_texts(t, end, '"');
        } else if (*at == '"') {
            const char *closing = strchr(end, '"');
            closing = closing == NULL ? end + strlen(end) : closing;
            buf_add(&t->out, end, (size_t)(closing - end));
            end = closing;
        }
        if (*at == '"' && *end == '"')
            buf_char(&t->out, *end++);
        at = end;
    }
    if (*at == '>')
        buf_char(&t->out, *at++);
    return at;
}

/* Behind an element with translate="no", which is copied as it stands; `tag` when it is none. None
 * of its own kind is inside it. */
static const char *
add_kept(struct translation *t, const char *tag)
{
    const char *end = strchr(tag, '>'), *no = strstr(tag, " translate=\"no\"");
    size_t name = strcspn(tag + 1, " >");
    if (end == NULL || no == NULL || no > end)
        return tag;
    end = strstr(end, arena_printf(t->arena, "</%.*s>", (int)name, tag + 1));
    if (end == NULL)
        return tag;
    buf_add(&t->out, tag, (size_t)(end - tag));
    return end;
}

const char *
template_translate(struct arena *arena, const struct catalogue *catalogue, const char *source,
    struct buf *missing)
{
    struct translation t = {.arena = arena,
        .catalogue = catalogue,
        .out = buf_new(arena),
        .missing = missing};
    while (*source != '\0') {
        source = add_texts(&t, source, '<');
        source = *source == '<' ? add_kept(&t, source) : source;
        if (*source == '<')
            source = add_tag(&t, source);
    }
    return buf_string(&t.out);
}
