/* Report content: the head, the body with figures set into its sentences, and the signature, by
 * the layout that is in force on the last day. Sentences come in pieces from the pack; joined they
 * are plain text for documents and linked numbers for pages. */
#include "domain/report.h"

#include "base/vi.h"
#include "domain/report_fill.h"

#include <string.h>

/* Which layout */

static enum status
find_layout(struct ctx *cx, const struct report_query *query, const struct layout **out)
{
    struct buf known = buf_new(cx->arena);
    for (int i = 0; i < query->def->layout_count; i++) {
        const struct layout *layout = query->def->layouts[i];
        *out = layout;
        if (layout->from <= query->to && query->to <= layout->to)
            return OK;
        buf_printf(&known, "%s%s từ %s đến %s", i > 0 ? "; " : "", layout->key,
            date_show(cx->arena, layout->from), date_show(cx->arena, layout->to));
    }
    return fault_set(cx, ERR_INVALID,
        "Không có mẫu trình bày nào có hiệu lực vào %s, ngày cuối của báo cáo; báo cáo “%s” có: "
        "%s.",
        date_show(cx->arena, query->to), query->def->label.vi, buf_string(&known));
}

/* Numerals */

static const char *
roman(struct arena *arena, int number)
{
    static const struct {
        int value;
        const char *letters;
    } steps[] = {{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"},
        {4, "IV"}, {1, "I"}};
    struct buf out = buf_new(arena);
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        for (; number >= steps[i].value; number -= steps[i].value)
            buf_text(&out, steps[i].letters);
    return buf_string(&out);
}

/* The letters by which Vietnamese lists count, đ among them. */
static const char *
letter(struct arena *arena, int number)
{
    static const char *const letters[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l",
        "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"};
    return number <= (int)COUNT_OF(letters) ? letters[number - 1]
                                            : arena_printf(arena, "%d", number);
}

const char *
pattern_text(struct arena *arena, const char *pattern, int number)
{
    const char *open = strchr(pattern, '{');
    const char *shown = open[1] == 'I' ? roman(arena, number)
        : open[1] == 'a'               ? letter(arena, number)
                                       : arena_printf(arena, "%d", number);
    return arena_printf(arena, "%.*s%s%s", (int)(open - pattern), pattern, shown, open + 3);
}

/* A day inside a sentence: 05/02/2026, 15/5/2016; only the months that could be mistaken for others
 * get a 0. */
static const char *
day_text(struct arena *arena, int32_t day)
{
    struct civil civil = day_to_civil(day);
    return arena_printf(arena, "%02d/%s%d/%d", civil.day, civil.month < 3 ? "0" : "", civil.month,
        civil.year);
}

/* Names of units */

/* "Bến Tre" of "Thành phố Bến Tre", whose kind is thanh_pho; what begins with a digit is named in
 * full: "Phường 7". */
static const char *
place_name(struct arena *arena, const struct span *span)
{
    const char *kind = vi_fold(arena, span->kind), *name = span->name;
    for (const char *blank = strchr(name, ' '); blank != NULL; blank = strchr(blank + 1, ' ')) {
        const char *first = arena_strndup(arena, name, (size_t)(blank - name));
        if (strcmp(vi_fold(arena, first), kind) == 0)
            return blank[1] >= '0' && blank[1] <= '9' ? name : blank + 1;
    }
    return name;
}

static const char *
superior_name(const struct span *span, int32_t day)
{
    return span->parent == NULL ? "" : unit_named(span->parent, day)->name;
}

/* Sentences */

/* What is being written: runs for pages, `plain` for documents, and the text since the last run. */
struct writing {
    struct fill *fill;
    const struct span *span; /* of the unit that the sentence is about */
    struct doc *runs;        /* NULL: only the text is wanted */
    struct buf plain, words;
};

static void
end_words(struct writing *w)
{
    if (w->runs == NULL || w->words.length == 0)
        return;
    struct doc *run = doc_object(w->runs, NULL);
    doc_null(run, "figure");
    doc_text(run, "text", buf_string(&w->words));
    doc_null(run, "shown");
    doc_null(run, "href");
    doc_bool(run, "is_declared", false);
    w->words = buf_new(w->words.arena);
}

static void
write_words(struct writing *w, const char *text)
{
    buf_text(&w->plain, text);
    buf_text(&w->words, text);
}

static void
write_number(struct writing *w, int index, const struct figure *figure, const char *shown,
    bool is_declared)
{
    end_words(w);
    buf_text(&w->plain, shown);
    if (w->runs == NULL)
        return;
    struct doc *run = doc_object(w->runs, NULL);
    doc_text(run, "figure", w->fill->query->def->figures[index].key);
    doc_null(run, "text");
    doc_text(run, "shown", shown);
    doc_text(run, "href", figure_href(w->fill->cx->arena, w->fill->cx->world, figure->query));
    doc_bool(run, "is_declared", is_declared);
}

/* A declared percentage replaces the recorded one and is not added to it, so the words say which is
 * which: "98,8% (theo kê khai; theo hồ sơ 83,3%)". */
static void
write_declared_ratio(struct writing *w, int index, const struct figure *figure)
{
    struct arena *arena = w->fill->cx->arena;
    write_number(w, index, figure, figure_text(arena, figure), true);
    write_words(w, " (theo kê khai");
    if (figure->has_value) {
        write_words(w, "; theo hồ sơ ");
        write_number(w, index, figure, percent_show(arena, figure->numerator, figure->denominator),
            false);
    }
    write_words(w, ")");
}

static void
write_figure(struct writing *w, int index, const struct figure *figure, enum aspect aspect)
{
    bool is_ratio = figure->query->indicator->aggregation == AGG_RATIO;
    if (is_ratio && aspect == ASPECT_VALUE && figure->has_declared)
        write_declared_ratio(w, index, figure);
    else
        write_number(w, index, figure, aspect_text(w->fill->cx->arena, figure, aspect),
            !is_ratio && figure->declaration_count > 0);
}

static enum status
write_list(struct writing *w, const struct piece *piece)
{
    struct fill *fill = w->fill;
    int index = fill->query->def->lists[piece->index].figure;
    const struct figure *figure;
    const char *names;
    int64_t count;
    TRY(fill_figure(fill, index, &figure));
    TRY(fill_names(fill, piece->index, &names, &count));
    if (piece->kind == PIECE_COUNT)
        write_number(w, index, figure, count_text(fill->cx->arena, count), false);
    else
        write_words(w, names);
    return OK;
}

static enum status
write_piece(struct writing *w, const struct piece *piece)
{
    const struct report_query *query = w->fill->query;
    struct arena *arena = w->fill->cx->arena;
    const struct figure *figure;
    switch (piece->kind) {
    case PIECE_FIGURE:
        TRY(fill_figure(w->fill, piece->index, &figure));
        write_figure(w, piece->index, figure, piece->aspect);
        return OK;
    case PIECE_NAMES:
    case PIECE_COUNT:
        return write_list(w, piece);
    case PIECE_UNIT:
        write_words(w, w->span->name);
        return OK;
    case PIECE_PLACE:
        write_words(w, place_name(arena, w->span));
        return OK;
    case PIECE_SUPERIOR:
        write_words(w, superior_name(w->span, query->to));
        return OK;
    case PIECE_FROM:
    case PIECE_TO:
        write_words(w, day_text(arena, piece->kind == PIECE_FROM ? query->from : query->to));
        return OK;
    default:
        write_words(w, piece->text);
        return OK;
    }
}

/* The text of a sentence; `end` stands instead of its full stop, NULL keeps it. */
static enum status
write_sentence(struct fill *fill, const struct span *span, const struct sentence *sentence,
    const char *end, struct doc *runs, const char **out)
{
    struct arena *arena = fill->cx->arena;
    struct writing w = {.fill = fill,
        .span = span,
        .runs = runs,
        .plain = buf_new(arena),
        .words = buf_new(arena)};
    for (int i = 0; i < sentence->count; i++) {
        struct piece piece = sentence->pieces[i];
        size_t length = piece.kind == PIECE_TEXT ? strlen(piece.text) : 0;
        bool is_last = i == sentence->count - 1;
        if (end != NULL && is_last && length > 0 && piece.text[length - 1] == '.')
            piece.text = arena_printf(arena, "%.*s%s", (int)length - 1, piece.text, end);
        TRY(write_piece(&w, &piece));
    }
    end_words(&w);
    *out = buf_string(&w.plain);
    return OK;
}

/* The body */

struct body {
    struct fill *fill;
    const struct span *span;
    struct doc *list;
    int last;                    /* the last block that is printed */
    int numbers[HEADING_LEVELS]; /* of the headings so far */
};

static enum status
is_printed(struct fill *fill, const struct report_block *block, bool *out)
{
    *out = block->need_count == 0;
    for (int i = 0; i < block->need_count && !*out; i++) {
        const struct figure *figure;
        TRY(fill_figure(fill, block->needs[i], &figure));
        *out = figure_holds(figure);
    }
    return OK;
}

static enum status
add_heading(struct body *body, const struct report_block *block, struct doc *object)
{
    struct fill *fill = body->fill;
    struct arena *arena = fill->cx->arena;
    const char *text;
    int *number = &body->numbers[block->level - 1];
    TRY(write_sentence(fill, body->span, &block->text, NULL, NULL, &text));
    ++*number;
    for (int i = block->level; i < HEADING_LEVELS; i++)
        body->numbers[i] = 0;
    doc_printf(object, "heading", "%s%s",
        pattern_text(arena, fill->layout->headings[block->level - 1], *number),
        block->level == 1 ? vi_upper(arena, text) : text);
    doc_integer(object, "level", block->level);
    doc_null(object, "slot");
    doc_list(object, "runs");
    doc_null(object, "text");
    return OK;
}

static enum status
add_block(struct body *body, const struct report_block *block, const char *end)
{
    struct doc *object = doc_object(body->list, NULL);
    const char *text;
    if (block->kind == BLOCK_HEADING)
        return add_heading(body, block, object);
    doc_null(object, "heading");
    doc_null(object, "level");
    bool is_slot = block->kind == BLOCK_SLOT;
    struct doc *runs = is_slot ? NULL : doc_list(object, "runs");
    TRY(write_sentence(body->fill, body->span, &block->text, is_slot ? NULL : end, runs, &text));
    if (is_slot)
        doc_list(object, "runs");
    doc_text(object, "slot", is_slot ? text : NULL);
    doc_text(object, "text", is_slot ? NULL : text);
    return OK;
}

static enum status
fill_body(struct fill *fill, const struct span *span, struct doc *list)
{
    const struct report_def *def = fill->query->def;
    struct body body = {.fill = fill, .span = span, .list = list, .last = -1};
    bool *printed = ARENA_ARRAY(fill->cx->arena, bool, (size_t)def->block_count + 1);
    for (int i = 0; i < def->block_count; i++) {
        TRY(is_printed(fill, &def->blocks[i], &printed[i]));
        if (printed[i])
            body.last = i;
    }
    for (int i = 0; i < def->block_count; i++)
        if (printed[i])
            TRY(add_block(&body, &def->blocks[i], i == body.last ? fill->layout->text_end : NULL));
    return OK;
}

enum status
report_paragraphs(struct ctx *cx, const struct report_query *query, struct doc *list)
{
    struct fill fill;
    const struct span *span = unit_named(query->unit, query->to);
    fill_begin(&fill, cx, query);
    for (int i = 0; i < query->def->block_count; i++) {
        const struct report_block *block = &query->def->blocks[i];
        const char *text;
        bool printed;
        TRY(is_printed(&fill, block, &printed));
        if (!printed || block->kind != BLOCK_TEXT)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_null(object, "heading");
        doc_null(object, "level");
        TRY(write_sentence(&fill, span, &block->text, NULL, doc_list(object, "runs"), &text));
        doc_text(object, "text", text);
    }
    return OK;
}

/* The head and the end */

/* The line for a unit's kind; `otherwise` when the pack has none for it. */
static enum status
write_line(struct fill *fill, const struct report_line *line, const struct span *span,
    const char *otherwise, const char **out)
{
    *out = otherwise;
    for (int i = 0; i < line->count; i++) {
        const char *kind = line->items[i].kind;
        if (kind != NULL && strcmp(kind, span->kind) != 0)
            continue;
        TRY(write_sentence(fill, span, &line->items[i].text, NULL, NULL, out));
        if (kind != NULL)
            break;
    }
    return OK;
}

const char *
fill_date(const struct fill *fill)
{
    const struct report_query *query = fill->query;
    struct civil day = day_to_civil(query->to);
    if (query->is_signed)
        return date_document(fill->cx->arena, query->signed_on);
    return arena_printf(fill->cx->arena, "ngày      tháng %s%d năm %d", day.month < 3 ? "0" : "",
        day.month, day.year);
}

const char *
fill_number(const struct fill *fill)
{
    const struct layout *layout = fill->layout;
    struct arena *arena = fill->cx->arena;
    const char *number = fill->query->number == 0
        ? "     "
        : arena_printf(arena, "%0*d", layout->number_digits, fill->query->number);
    return arena_printf(arena, "%s%s%s%s%s", number, layout->number_infix,
        fill->query->def->type_code, layout->organ_infix, fill->organ);
}

/* One addressee stands on the line of the label, several each on a line below it. An office that
 * nobody stands above sends its report to nobody. */
static enum status
fill_addressees(struct fill *fill, const struct span *span, struct doc *root)
{
    const struct report_def *def = fill->query->def;
    const char *label = fill->layout->addressee_label;
    struct doc *list = doc_list(root, "addressees");
    bool one = def->addressee_count == 1;
    if (label == NULL || span->parent == NULL || def->addressee_count == 0)
        return OK;
    if (!one)
        doc_text(doc_object(list, NULL), "text", label);
    for (int i = 0; i < def->addressee_count; i++) {
        const char *name, *end = i == def->addressee_count - 1 ? "." : ";";
        TRY(write_sentence(fill, span, &def->addressees[i], NULL, NULL, &name));
        doc_printf(doc_object(list, NULL), "text", "%s%s%s", one ? label : "- ", name,
            one ? "" : end);
    }
    return OK;
}

/* An organ prints its superior above itself; numbers are given at release. */
static enum status
fill_head(struct fill *fill, const struct span *span, struct doc *root)
{
    const struct report_def *def = fill->query->def;
    const struct layout *layout = fill->layout;
    struct arena *arena = fill->cx->arena;
    const char *superior = NULL, *issuer, *subject;
    if (span->parent != NULL) {
        const struct span *above = unit_named(span->parent, fill->query->to);
        TRY(write_line(fill, &def->superior, above, def->superior.count == 0 ? above->name : NULL,
            &superior));
    }
    TRY(write_line(fill, &def->issuer, span, span->name, &issuer));
    TRY(write_line(fill, &def->organ, span, "…", &fill->organ));
    TRY(write_sentence(fill, span, &def->subject, NULL, NULL, &subject));
    doc_text(root, "motto", layout->motto);
    doc_text(root, "submotto", layout->submotto);
    doc_text(root, "superior", superior == NULL ? NULL : vi_upper(arena, superior));
    doc_text(root, "issuer", vi_upper(arena, issuer));
    doc_printf(root, "number_line", "%s%s", layout->number_prefix, fill_number(fill));
    doc_printf(root, "place_date", "%s, %s", place_name(arena, span), fill_date(fill));
    doc_text(root, "type_name", def->type_name);
    doc_text(root, "subject",
        layout->subject_capital ? vi_capital(arena, subject) : vi_uncapital(arena, subject));
    doc_text(root, "banner",
        fill->cx->world->is_demo ? "DỮ LIỆU MÔ PHỎNG – không phải số liệu của cơ quan nào" : NULL);
    return fill_addressees(fill, span, root);
}

static void
fill_sign(const struct fill *fill, struct doc *root)
{
    const struct report_def *def = fill->query->def;
    doc_printf(root, "sign_for", "%s%s", fill->layout->sign_prefix, def->sign_for);
    doc_text(root, "sign_title", def->sign_title);
    doc_text(root, "sign_name", "");
    struct doc *recipients = doc_list(root, "recipients");
    for (int i = 0; i < def->recipient_count; i++)
        doc_text(doc_object(recipients, NULL), "text", def->recipients[i]);
}

bool
report_is_visible(const struct ctx *cx, const struct report_query *query)
{
    const struct report_def *def = query->def;
    const struct unit **children;
    int count = def->table_count == 0 || cx->viewer == NULL
        ? 0
        : tree_children(cx->arena, query->unit, query->from, query->to, DAY_THEN, &children);
    for (int i = 0; i < def->figure_count; i++) {
        const struct indicator *indicator = def->figures[i].indicator;
        if (!figure_is_visible(cx, indicator, query->unit))
            return false;
        for (int c = 0; c < count; c++) {
            if (!figure_is_visible(cx, indicator, children[c]))
                return false;
        }
    }
    return true;
}

enum status
report_fill(struct ctx *cx, const struct report_query *query, struct doc *root,
    const struct layout **layout)
{
    struct fill fill;
    const struct span *span = unit_named(query->unit, query->to);
    fill_begin(&fill, cx, query);
    TRY(find_layout(cx, query, &fill.layout));
    if (layout != NULL)
        *layout = fill.layout;
    TRY(fill_head(&fill, span, root));
    TRY(fill_body(&fill, span, doc_list(root, "blocks")));
    fill_sign(&fill, root);
    TRY(fill_annexes(&fill, root));
    doc_printf(root, "source_line", "Nguồn: các sổ và kê khai trong chithi; lập lúc %s.",
        instant_show(cx->arena, cx->now, cx->world->zone_offset));
    return OK;
}
