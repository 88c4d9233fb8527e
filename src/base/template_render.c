/* Mustache templates: from operations and a document tree to a page. Every page passes here, so
 * texts are copied straight into the output and memory is taken only to show numbers and days. */
#include "base/template.h"

#include "base/catalogue.h"
#include "base/template_ops.h"

#include <string.h>

enum { PARTIALS_MAX = 64 };

/* What names are looked up in, innermost first. */
struct scope {
    const struct doc *doc;
    const struct scope *outer;
};

/* One rendering of one template: the page itself or a partial in it. */
struct run {
    struct ctx *cx;
    struct buf *out;
    struct buf *missing;
    const struct template *template;
    const char *indentation; /* before each line */
    size_t indentation_length;
    int depth; /* of partials around it */
};

static void
note_missing(const struct run *run, const struct op *op)
{
    if (run->missing == NULL)
        return;
    buf_printf(run->missing, "%s: ", run->template->name);
    for (int i = 0; i < op->part_count; i++)
        buf_printf(run->missing, "%s%s", i > 0 ? "." : "", op->parts[i]);
    buf_char(run->missing, '\n');
}

/* The first part is looked for outwards, the others only inside what it names. NULL, and noted,
 * when it is not there. */
static const struct doc *
find(const struct run *run, const struct op *op, const struct scope *scope)
{
    if (op->part_count == 0)
        return scope->doc;
    const struct doc *doc = NULL;
    for (; scope != NULL && doc == NULL; scope = scope->outer)
        doc = doc_get(scope->doc, op->parts[0]);
    for (int i = 1; i < op->part_count && doc != NULL; i++)
        doc = doc_get(doc, op->parts[i]);
    if (doc == NULL)
        note_missing(run, op);
    return doc;
}

/* The line after a closing newline may turn out to be a tag's alone, so it is not indented here. */
static void
render_text(const struct run *run, const struct op *op)
{
    if (run->indentation_length == 0) {
        buf_add(run->out, op->text, op->length);
        return;
    }
    if (op->begins_line)
        buf_add(run->out, run->indentation, run->indentation_length);
    const char *from = op->text, *end = op->text + op->length;
    while (from < end) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *to = newline != NULL ? newline + 1 : end;
        buf_add(run->out, from, (size_t)(to - from));
        if (to < end)
            buf_add(run->out, run->indentation, run->indentation_length);
        from = to;
    }
}

static void
render_value(const struct run *run, const struct op *op, const struct scope *scope)
{
    const struct doc *doc = find(run, op, scope);
    if (doc == NULL)
        return;
    const char *text = doc_show(doc, run->cx->arena);
    if (doc->type == DOC_BOOL)
        text = tr(run->cx, text);
    if (op->kind == OP_RAW)
        buf_text(run->out, text);
    else
        buf_xml(run->out, text);
}

static enum status render(const struct run *, int from, int to, const struct scope *);

static enum status
render_section(const struct run *run, int at, const struct scope *scope)
{
    const struct op *op = &run->template->ops[at];
    const struct doc *doc = find(run, op, scope);
    if (doc_is_something(doc) != (op->kind == OP_SECTION))
        return OK;
    if (op->kind == OP_INVERTED)
        return render(run, at + 1, op->end, scope);
    if (doc->type != DOC_LIST)
        return render(run, at + 1, op->end, &(struct scope){doc, scope});
    for (const struct doc *item = doc->first; item != NULL; item = item->next)
        TRY(render(run, at + 1, op->end, &(struct scope){item, scope}));
    return OK;
}

/* A partial that is alone on its line takes its indentation over and adds it to the one around;
 * one inside a line has none. */
static void
indent(struct run *run, const struct op *partial)
{
    struct buf text = buf_new(run->cx->arena);
    if (partial->length > 0) {
        buf_add(&text, run->indentation, run->indentation_length);
        buf_add(&text, partial->text, partial->length);
    }
    run->indentation = buf_string(&text);
    run->indentation_length = text.length;
}

static enum status
render_partial(const struct run *outer, const struct op *op, const struct scope *scope)
{
    if (op->partial == NULL)
        return OK;
    if (outer->depth == PARTIALS_MAX)
        return fault_set(outer->cx, ERR_LIMIT, "Mẫu \"%s\" lồng nhau quá %d tầng.",
            op->partial->name, PARTIALS_MAX);
    struct run run = *outer;
    run.template = op->partial;
    run.depth++;
    indent(&run, op);
    return render(&run, 0, op->partial->count, scope);
}

static enum status
render(const struct run *run, int from, int to, const struct scope *scope)
{
    for (int i = from; i < to; i++) {
        const struct op *op = &run->template->ops[i];
        switch (op->kind) {
        case OP_TEXT:
            render_text(run, op);
            break;
        case OP_VALUE:
        case OP_RAW:
            render_value(run, op, scope);
            break;
        case OP_SECTION:
        case OP_INVERTED:
            TRY(render_section(run, i, scope));
            i = op->end - 1;
            break;
        case OP_PARTIAL:
            TRY(render_partial(run, op, scope));
            break;
        }
    }
    return OK;
}

enum status
template_render(struct ctx *cx, const struct template_set *set, const char *name,
    const struct doc *doc, struct buf *out, struct buf *missing)
{
    const struct template *template = map_get(set->templates, name);
    if (template == NULL)
        return fault_set(cx, ERR_NOT_FOUND, "Không có mẫu nào tên là \"%s\".", name);
    struct run run = {.cx = cx, .out = out, .missing = missing, .template = template};
    return render(&run, 0, template->count, &(struct scope){doc, NULL});
}
