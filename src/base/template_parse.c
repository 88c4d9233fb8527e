/* Mustache templates: from the source to operations. Every fault is met in one pass, with its line
 * and column; after one the parser goes on where the author most likely meant. */
#include "base/template.h"

#include "base/template_ops.h"

#include <string.h>

enum { SECTIONS_MAX = 32 };

/* A tag as it stands in the source. */
struct tag {
    char sigil;        /* one of # ^ / > ! = { & or 0 for a plain value */
    const char *start; /* the opening delimiter */
    const char *end;   /* after the closing one */
    const char *name;  /* what is inside, without blanks around */
    int length;
};

/* A section that is still open. */
struct opened {
    struct tag tag;
    int op;
};

struct parser {
    struct ctx *cx;
    const struct template_set *set;
    struct template *template;
    const char *source;
    const char *at;           /* what is before has become operations */
    const char *open, *close; /* the delimiters in force */
    struct opened stack[SECTIONS_MAX];
    int depth; /* sections that are open */
    bool partials_may_be_absent;
};

/* Where a fault is: columns count characters, as editors do. */
static struct fault
place(const struct parser *p, const char *at)
{
    struct fault where = {.file = p->template->name, .line = 1, .column = 1};
    for (const char *c = p->source; c < at; c++) {
        if (*c == '\n') {
            where.line++;
            where.column = 1;
        } else if (((unsigned char)*c & 0xc0) != 0x80) {
            where.column++;
        }
    }
    return where;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
begins_line(const struct parser *p, const char *at)
{
    return at == p->source || at[-1] == '\n';
}

/* The beginning of the line when nothing but blanks stands between it and `at`, else NULL. */
static const char *
blank_before(const struct parser *p, const char *at)
{
    while (at > p->source && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return begins_line(p, at) ? at : NULL;
}

/* The beginning of the next line when nothing but blanks stands before it, else NULL. */
static const char *
blank_after(const char *at)
{
    at += strspn(at, " \t");
    if (*at == '\0')
        return at;
    if (at[0] == '\r' && at[1] == '\n')
        at++;
    return *at == '\n' ? at + 1 : NULL;
}

/* A tag that shows nothing itself takes its line with it when it stands alone there. */
static bool
may_stand_alone(const struct tag *tag)
{
    return tag->sigil != '\0' && strchr("#^/>!=", tag->sigil) != NULL;
}

static struct op *
add_op(struct parser *p, enum op_kind kind)
{
    struct op *op = ARENA_PUSH(p->cx->arena, p->template->ops, p->template->count);
    op->kind = kind;
    return op;
}

static void
add_text(struct parser *p, const char *from, const char *to)
{
    struct op *op = add_op(p, OP_TEXT);
    op->begins_line = begins_line(p, from);
    op->text = from;
    op->length = (size_t)(to - from);
}

/* After a tag without its end go on behind the next plain one: "{{{name}}" is one fault. */
static void
skip_unclosed(struct parser *p, const struct tag *tag, const char *close)
{
    fault_at(p->cx, ERR_INVALID, place(p, tag->start), "Thẻ mở ở đây chưa đóng: thiếu \"%s\".",
        close);
    const char *end = strstr(tag->start, p->close);
    p->at = end != NULL ? end + strlen(p->close) : tag->start + strlen(tag->start);
}

/* Read the tag at `start`; false, and the parser is past it, when it has no end. */
static bool
read_tag(struct parser *p, const char *start, struct tag *tag)
{
    const char *inside = start + strlen(p->open);
    *tag = (struct tag){.start = start};
    if (*inside != '\0' && strchr("#^/>!={&", *inside) != NULL)
        tag->sigil = *inside++;
    const char *close = p->close;
    if (tag->sigil == '{' || tag->sigil == '=')
        close = arena_printf(p->cx->arena, "%c%s", tag->sigil == '{' ? '}' : '=', close);
    const char *end = strstr(inside, close);
    if (end == NULL) {
        skip_unclosed(p, tag, close);
        return false;
    }
    tag->end = end + strlen(close);
    while (inside < end && is_blank(*inside))
        inside++;
    while (end > inside && is_blank(end[-1]))
        end--;
    tag->name = inside;
    tag->length = (int)(end - inside);
    return true;
}

/* A name is one word; a dotted one has no empty part. */
static bool
name_is_valid(const struct tag *tag)
{
    for (int i = 0; i < tag->length; i++)
        if (is_blank(tag->name[i]))
            return false;
    if (tag->sigil == '>')
        return tag->length > 0;
    bool is_empty = true;
    for (int i = 0; i < tag->length; i++) {
        if (tag->name[i] == '.' && is_empty)
            return tag->length == 1;
        is_empty = tag->name[i] == '.';
    }
    return !is_empty;
}

static void
split_name(struct parser *p, const struct tag *tag, struct op *op)
{
    if (tag->length == 1 && tag->name[0] == '.')
        return;
    char *name = arena_strndup(p->cx->arena, tag->name, (size_t)tag->length);
    for (char *part; (part = strsep(&name, ".")) != NULL;)
        *ARENA_PUSH(p->cx->arena, op->parts, op->part_count) = part;
}

static void
add_named(struct parser *p, enum op_kind kind, const struct tag *tag)
{
    split_name(p, tag, add_op(p, kind));
}

static void
open_section(struct parser *p, enum op_kind kind, const struct tag *tag)
{
    if (p->depth == SECTIONS_MAX) {
        fault_at(p->cx, ERR_INVALID, place(p, tag->start), "Các mục lồng nhau quá %d tầng.",
            SECTIONS_MAX);
        return;
    }
    p->stack[p->depth++] = (struct opened){*tag, p->template->count};
    add_named(p, kind, tag);
}

/* How many sections are open up to the innermost one that `tag` may close, 0 when none is. */
static int
opened_as(const struct parser *p, const struct tag *tag)
{
    for (int i = p->depth; i > 0; i--) {
        const struct tag *opened = &p->stack[i - 1].tag;
        if (opened->length == tag->length &&
            memcmp(opened->name, tag->name, (size_t)tag->length) == 0)
            return i;
    }
    return 0;
}

/* After a mismatch go on as if the right section had been closed, so that one slip is one fault. */
static void
close_section(struct parser *p, const struct tag *tag)
{
    if (p->depth == 0) {
        fault_at(p->cx, ERR_INVALID, place(p, tag->start),
            "Thẻ đóng mục \"%.*s\", nhưng không có mục nào đang mở.", tag->length, tag->name);
        return;
    }
    int depth = opened_as(p, tag);
    if (depth != p->depth) {
        const struct tag *inner = &p->stack[p->depth - 1].tag;
        fault_at(p->cx, ERR_INVALID, place(p, tag->start),
            "Đóng nhầm mục \"%.*s\": mục đang mở là \"%.*s\" ở dòng %d, phải đóng mục ấy trước.",
            tag->length, tag->name, inner->length, inner->name, place(p, inner->start).line);
        if (depth == 0)
            depth = p->depth;
    }
    p->depth = depth - 1;
    p->template->ops[p->stack[p->depth].op].end = p->template->count;
}

/* `indentation` is what stands before a tag that is alone on its line. */
static void
add_partial(struct parser *p, const struct tag *tag, const char *indentation)
{
    const char *name = arena_strndup(p->cx->arena, tag->name, (size_t)tag->length);
    struct op *op = add_op(p, OP_PARTIAL);
    op->partial = map_get(p->set->templates, name);
    op->text = indentation;
    op->length = (size_t)(tag->start - indentation);
    if (op->partial == NULL && !p->partials_may_be_absent)
        fault_at(p->cx, ERR_INVALID, place(p, tag->start), "Không có mẫu nào tên là \"%s\".", name);
}

/* "<% %>": two words without "=". */
static void
set_delimiters(struct parser *p, const struct tag *tag)
{
    char *rest = arena_strndup(p->cx->arena, tag->name, (size_t)tag->length);
    const char *open = strsep(&rest, " \t\r\n");
    const char *close = rest == NULL ? "" : rest + strspn(rest, " \t\r\n");
    if (*open == '\0' || *close == '\0' || strpbrk(close, " \t\r\n=") != NULL ||
        strchr(open, '=') != NULL) {
        fault_at(p->cx, ERR_INVALID, place(p, tag->start),
            "Thẻ đổi dấu phải có hai dấu cách nhau một khoảng trống, không chứa \"=\", "
            "như \"{{=<%% %%>=}}\".");
        return;
    }
    p->open = open;
    p->close = close;
}

static void
add_tag(struct parser *p, const struct tag *tag, const char *indentation)
{
    if (tag->sigil == '!')
        return;
    if (tag->sigil == '=') {
        set_delimiters(p, tag);
        return;
    }
    if (!name_is_valid(tag)) {
        fault_at(p->cx, ERR_INVALID, place(p, tag->start),
            "Tên trong thẻ phải là một từ liền, các phần cách nhau một dấu chấm, "
            "như \"unit.name\".");
        return;
    }
    switch (tag->sigil) {
    case '#':
        open_section(p, OP_SECTION, tag);
        break;
    case '^':
        open_section(p, OP_INVERTED, tag);
        break;
    case '/':
        close_section(p, tag);
        break;
    case '>':
        add_partial(p, tag, indentation);
        break;
    case '{':
    case '&':
        add_named(p, OP_RAW, tag);
        break;
    default:
        add_named(p, OP_VALUE, tag);
    }
}

/* The text before a tag, and the tag. Where a line begins with a tag, an empty text holds the place
 * for the indentation of a partial. */
static void
parse_tag(struct parser *p, const struct tag *tag)
{
    const char *line = may_stand_alone(tag) ? blank_before(p, tag->start) : NULL;
    const char *next = line != NULL ? blank_after(tag->end) : NULL;
    const char *text_end = next != NULL ? line : tag->start;
    if (text_end > p->at)
        add_text(p, p->at, text_end);
    if (next == NULL && begins_line(p, tag->start))
        add_text(p, tag->start, tag->start);
    p->at = next != NULL ? next : tag->end;
    add_tag(p, tag, text_end);
}

static void
parse(struct parser *p)
{
    const char *start;
    struct tag tag;
    while ((start = strstr(p->at, p->open)) != NULL)
        if (read_tag(p, start, &tag))
            parse_tag(p, &tag);
    if (*p->at != '\0')
        add_text(p, p->at, p->at + strlen(p->at));
    for (int i = 0; i < p->depth; i++) {
        const struct tag *opened = &p->stack[i].tag;
        fault_at(p->cx, ERR_INVALID, place(p, opened->start),
            "Mục \"%.*s\" chưa đóng: thiếu \"%s/%.*s%s\".", opened->length, opened->name, p->open,
            opened->length, opened->name, p->close);
    }
}

enum status
template_compile(struct ctx *cx, const struct template_source *sources, int count,
    bool partials_may_be_absent, struct template_set **out)
{
    int faults = cx->faults.count;
    struct template_set *set = ARENA_NEW(cx->arena, struct template_set);
    struct template *templates = ARENA_ARRAY(cx->arena, struct template, (size_t)count);
    set->templates = map_new(cx->arena);
    for (int i = 0; i < count; i++) {
        templates[i].name = sources[i].name;
        if (map_set(set->templates, sources[i].name, &templates[i]) != NULL)
            fault_at(cx, ERR_INVALID, (struct fault){.file = sources[i].name},
                "Có hai mẫu cùng tên \"%s\".", sources[i].name);
    }
    for (int i = 0; i < count; i++) {
        struct parser parser = {.cx = cx,
            .set = set,
            .template = &templates[i],
            .source = sources[i].text,
            .at = sources[i].text,
            .open = "{{",
            .close = "}}",
            .partials_may_be_absent = partials_may_be_absent};
        parse(&parser);
    }
    if (cx->faults.count > faults)
        return ERR_INVALID;
    *out = set;
    return OK;
}
