/* What a figure consists of by unit, as rows of its page and of a table for a spreadsheet: each
 * part with its share of the whole and with what has changed since the period before. */
#include "web/figure_page.h"

#include "domain/figure_change.h"
#include "web/routes.h"
#include "web/sheets.h"

/* Do the parts of its figures come to the whole, so that each has a share of it? */
static bool
adds_up(const struct indicator *indicator)
{
    return indicator->aggregation == AGG_COUNT || indicator->aggregation == AGG_SUM ||
        indicator->aggregation == AGG_STOCK;
}

static bool
has_share(const struct figure *whole, const struct figure *part)
{
    return adds_up(whole->query->indicator) && !whole->is_mixed && !part->is_mixed &&
        whole->value > 0;
}

static const char *
share_word(const struct figure *whole, const struct figure *part)
{
    bool is_exact = whole->qualifier == EXACT && part->qualifier == EXACT;
    return word_text(word_of(is_exact ? EXACT : ABOUT));
}

/* A figure with its parts and what changed since the period before. */
struct apart {
    struct page *page;
    const struct figure *whole;
    struct figure_part *parts;     /* those that the viewer may see */
    int count, hidden;             /* how many there are of these, and others */
    const struct period *before;   /* NULL: none that could be compared with */
    struct figure_change *changes; /* of the whole, then of each part; NULL without a period */
};

/* What the viewer may not see is left out. */
static void
drop_hidden(struct apart *apart)
{
    int kept = 0;
    for (int i = 0; i < apart->count; i++) {
        if (!apart->parts[i].is_hidden)
            apart->parts[kept++] = apart->parts[i];
    }
    apart->hidden = apart->count - kept;
    apart->count = kept;
}

static enum status
take_apart(struct page *page, const struct figure *whole, struct apart *out)
{
    struct ctx *cx = page->cx;
    *out = (struct apart){.page = page, .whole = whole};
    if (!whole->query->own)
        TRY(figure_parts(cx, whole, &out->parts, &out->count));
    drop_hidden(out);
    out->before = figure_period_before(cx, whole->query);
    if (out->before == NULL)
        return OK;
    out->changes = ARENA_ARRAY(cx->arena, struct figure_change, (size_t)out->count + 1);
    return figure_changes(cx, out->before, whole, out->parts, out->count, out->changes);
}

static const struct figure_change *
change_of(const struct apart *apart, int part)
{
    return apart->changes == NULL ? NULL : &apart->changes[part + 1];
}

/* Has it anything, or had it in the period before? */
static bool
is_listed(const struct apart *apart, int part)
{
    const struct figure_change *change = change_of(apart, part);
    return figure_holds(&apart->parts[part].figure) ||
        (change != NULL && change->is_known && change->value != 0);
}

static void
add_change(struct doc *in, const struct apart *apart, const struct figure_change *change)
{
    if (change == NULL) {
        doc_null(in, "change");
        return;
    }
    struct doc *object = doc_object(in, "change");
    doc_bool(object, "is_known", change->is_known);
    if (change->is_known)
        doc_decimal(object, "value", change->value, apart->whole->query->indicator->scale);
    else
        doc_null(object, "value");
    doc_bool(object, "rises", change->is_known && change->value > 0);
    doc_text(object, "word", word_text(word_of(change->qualifier)));
    figure_value_doc(object, "before", &change->before);
    doc_text(object, "href", figure_href(in->arena, apart->page->cx->world, change->before.query));
}

static void
add_before(const struct apart *apart)
{
    struct doc *data = apart->page->data;
    add_change(data, apart, change_of(apart, -1));
    if (apart->before == NULL) {
        doc_null(data, "period_before");
        return;
    }
    struct doc *object = doc_object(data, "period_before");
    doc_text(object, "period", apart->before->key);
    doc_text(object, "label", period_name(apart->page->cx, apart->before));
    doc_date(object, "from", apart->before->from);
    doc_date(object, "to", apart->before->to);
}

static void
add_part(struct doc *list, const struct apart *apart, int i)
{
    const struct figure_part *part = &apart->parts[i];
    const struct figure_query *query = apart->whole->query;
    struct doc *object = doc_object(list, NULL);
    page_unit_doc(apart->page->cx, object, "unit", part->unit,
        (struct range){query->from, query->to});
    doc_bool(object, "is_own", part->is_own);
    doc_bool(object, "is_unknown", part->unknown);
    doc_bool(object, "is_listed", is_listed(apart, i));
    page_figure_doc(object, apart->page->cx->world, &part->figure);
    doc_text(object, "share_word", share_word(apart->whole, &part->figure));
    if (has_share(apart->whole, &part->figure))
        doc_percent(object, "share", part->figure.value, apart->whole->value);
    else
        doc_null(object, "share");
    add_change(object, apart, change_of(apart, i));
}

static void
add_rows(const struct apart *apart)
{
    int empty = 0, unknown = 0;
    struct doc *data = apart->page->data, *list = doc_list(data, "parts");
    for (int i = 0; i < apart->count; i++) {
        add_part(list, apart, i);
        empty += !is_listed(apart, i);
        unknown += apart->parts[i].unknown;
    }
    doc_bool(data, "has_hidden_parts", apart->hidden > 0);
    doc_integer(data, "empty_parts", empty);
    doc_bool(data, "has_empty_parts", empty > 0);
    doc_bool(data, "has_unknown_parts", unknown > 0);
    doc_bool(data, "has_shares", has_share(apart->whole, apart->whole));
}

/* The sums of the parts; false: they did not stay within 64 bits. */
static bool
sum_parts(const struct apart *apart, int64_t *recorded, int64_t *declared)
{
    *recorded = *declared = 0;
    for (int i = 0; i < apart->count; i++) {
        const struct figure *figure = &apart->parts[i].figure;
        if (!add_checked(*recorded, figure->recorded.value, recorded) ||
            !add_checked(*declared, figure->declared, declared))
            return false;
    }
    return true;
}

/* The page's own check that the rows come to the number above them. */
static void
add_check(const struct apart *apart, bool has_parts)
{
    const struct figure *figure = apart->whole;
    const struct indicator *indicator = figure->query->indicator;
    int64_t recorded, declared;
    bool is_exact = sum_parts(apart, &recorded, &declared);
    bool is_distinct = indicator->aggregation == AGG_DISTINCT;
    bool is_made = !indicator_has_facts(indicator);
    bool is_whole = has_parts && apart->hidden == 0;
    int64_t overlap = recorded - figure->recorded.value;
    struct doc *check = doc_object(apart->page->data, "check");
    doc_decimal(check, "recorded", recorded, indicator->scale);
    doc_decimal(check, "declared", declared, indicator->scale);
    doc_bool(check, "is_asked", is_whole && !is_made);
    doc_bool(check, "has_overlap", is_whole && is_distinct && overlap > 0);
    doc_integer(check, "overlap", overlap);
    doc_bool(check, "adds_up",
        !is_whole || is_made ||
            (is_exact && declared == figure->declared &&
                (is_distinct ? overlap >= 0 : overlap == 0)));
}

enum status
figure_page_parts(struct page *page, const struct figure *figure)
{
    struct apart apart;
    TRY(take_apart(page, figure, &apart));
    add_before(&apart);
    add_rows(&apart);
    figure_page_parts_chart(page, figure, apart.parts, apart.count);
    bool has_parts = apart.count > 1 || (apart.count == 1 && !apart.parts[0].is_own);
    doc_bool(page->data, "has_parts", has_parts);
    add_check(&apart, has_parts);
    return OK;
}

/* The same as a table for a spreadsheet: what the number consists of. */

static struct sheet_cell
sheet_figure(const struct figure *figure, bool is_recorded)
{
    const struct indicator *indicator = figure->query->indicator;
    if (is_recorded)
        return figure->recorded.n == 0 ? sheet_text(NULL)
                                       : sheet_number(figure->recorded.value, indicator->scale);
    return figure->declaration_count == 0 || !figure->has_declared
        ? sheet_text(NULL)
        : sheet_number(figure->declared, indicator->scale);
}

static struct sheet_cell
sheet_change(const struct apart *apart, int i)
{
    const struct figure_change *change = change_of(apart, i);
    return change == NULL || !change->is_known
        ? sheet_text(NULL)
        : sheet_number(change->value, apart->whole->query->indicator->scale);
}

/* What is compared with what, or why nothing is. */
static const char *
before_text(const struct apart *apart)
{
    struct arena *arena = apart->page->cx->arena;
    const struct period *before = apart->before;
    if (before == NULL)
        return "So với kỳ trước: chưa có kỳ trước";
    return arena_printf(arena, "Kỳ trước: %s, từ %s đến %s", before->label,
        date_show(arena, before->from), date_show(arena, before->to));
}

static void
add_sheet_row(const struct apart *apart, struct sheet *sheet, int i)
{
    struct page *page = apart->page;
    const struct figure_part *part = &apart->parts[i];
    const struct figure *figure = &part->figure;
    const struct span *span = unit_named(part->unit, figure->query->to);
    struct sheet_cell *row = sheet_row(page->cx->arena, sheet);
    row[0] = sheet_text(span->code);
    row[1] = sheet_text(part->is_own
            ? arena_printf(page->cx->arena, tr(page->cx, "%s (trực tiếp)"), span->name)
            : span->name);
    row[2] = sheet_figure(figure, true);
    row[3] = sheet_figure(figure, false);
    row[4] = figure->has_value && !figure->is_mixed
        ? sheet_number(figure->value, figure->query->indicator->scale)
        : sheet_text(NULL);
    row[5] = has_share(apart->whole, figure)
        ? sheet_number(percent_tenths(figure->value, apart->whole->value), 1)
        : sheet_text(NULL);
    row[6] = sheet_change(apart, i);
}

enum status
figure_page_table(struct page *page)
{
    struct figure_query query;
    struct figure figure;
    struct apart apart;
    struct arena *arena = page->cx->arena;
    TRY(figure_page_query(page, &query));
    TRY(figure_read(page->cx, &query, &figure));
    TRY(take_apart(page, &figure, &apart));
    bool is_summed = adds_up(query.indicator);
    bool is_ratio = query.indicator->aggregation == AGG_RATIO;
    struct sheet_column columns[] = {{"Mã đơn vị", false, false}, {"Đơn vị", false, false},
        {"Theo hồ sơ", true, is_summed}, {"Theo kê khai", true, is_summed},
        {"Cộng", true, is_summed}, {"Góp bao nhiêu %", true, false},
        {is_ratio ? "So với kỳ trước (điểm %)" : "So với kỳ trước", true, false}};
    struct sheet sheet = {.title = label_text(page->cx, &query.indicator->label),
        .about = arena_printf(arena, "%s, từ %s đến %s", unit_named(query.unit, query.to)->name,
            date_show(arena, query.from), date_show(arena, query.to)),
        .columns = columns,
        .column_count = COUNT_OF(columns)};
    for (int i = 0; i < apart.count; i++)
        add_sheet_row(&apart, &sheet, i);
    *ARENA_PUSH(arena, sheet.sources, sheet.source_count) =
        arena_printf(arena, "Nguồn: Sổ %s; con số: %s",
            label_text(page->cx, &query.indicator->reg->label), figure_text(arena, &figure));
    *ARENA_PUSH(arena, sheet.sources, sheet.source_count) = before_text(&apart);
    return sheet_send(page, &sheet,
        arena_printf(arena, "%s-%s", query.indicator->key, unit_named(query.unit, query.to)->code));
}
