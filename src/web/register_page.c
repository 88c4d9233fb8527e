/* A register: the records of a unit and of what stands below it today, the newest first, fifty a
 * page, by what the address asks for; steps that are taken of several at once. */
#include "web/routes.h"

#include "base/vi.h"
#include "domain/directive.h"
#include "domain/record_query.h"
#include "domain/rights.h"
#include "domain/form.h"
#include "domain/saved_filter.h"
#include "web/context.h"
#include "web/listing.h"
#include "web/sheets.h"

#include <string.h>

enum { COUNTED_MAX = 100000 };

/* What is asked */

struct asked {
    struct record_query query;
    const struct span *span; /* of the unit, today */
    const char *text, *state;
    struct range range;
    bool has_range;
    const struct directive *directive;
};

static const struct unit *
usual_unit(struct ctx *cx)
{
    if (cx->viewer != NULL && cx->viewer->grant_count > 0)
        return cx->viewer->grants[0].unit;
    return page_home_unit(cx);
}

static enum status
read_unit(struct page *page, struct asked *asked)
{
    struct ctx *cx = page->cx;
    struct range ever = {DAY_MIN, cx->world->today};
    const char *code = page_param(page, "dv");
    asked->query.unit = usual_unit(cx);
    if (code != NULL || asked->query.unit == NULL)
        TRY(page_unit(page, code, asked->has_range ? asked->range : ever, &asked->query.unit));
    asked->span = unit_named(asked->query.unit, cx->world->today);
    return OK;
}

static enum status
read_state(struct page *page, struct asked *asked)
{
    asked->state = page_param(page, "tt");
    if (asked->state == NULL || reg_state(asked->query.reg, asked->state) != NULL ||
        strcmp(asked->state, STATE_VOID) == 0)
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "tt"},
        "Trạng thái: sổ %s không có “%s”.", label_text(page->cx, &asked->query.reg->label),
        asked->state);
}

static enum status
read_asked(struct page *page, struct asked *out)
{
    *out = (struct asked){0};
    TRY(world_register(page->cx, page->argument[0], &out->query.reg));
    out->has_range = page_param(page, "ky") != NULL || page_param(page, "tu") != NULL ||
        page_param(page, "den") != NULL;
    enum status range = page_range(page, &out->range);
    enum status unit = read_unit(page, out);
    enum status state = read_state(page, out);
    enum status directive = context_directive(page, out->query.reg, &out->directive);
    TRY(range);
    TRY(unit);
    TRY(state);
    TRY(directive);
    if (out->directive != NULL)
        out->query.directives = directive_bit(page->cx->world, out->directive);
    out->text = page_param(page, "tim");
    out->query.text = out->text;
    out->query.state = out->state;
    out->query.has_days = out->has_range;
    out->query.from = out->range.from;
    out->query.to = out->range.to;
    out->query.after = page_param(page, "after");
    out->query.limit = PAGE_RECORDS;
    return OK;
}

/* The address with some of what is asked left out or changed. */
static const char *
address_without(struct page *page, const char *const *left_out, const char *more)
{
    struct buf out = buf_new(page->cx->arena);
    page_url_text(&out, page->path, false);
    int count = 0;
    for (int i = 0; i < page->request->query_count; i++) {
        const struct pair *pair = &page->request->query[i];
        bool is_kept = *pair->value != '\0';
        for (int n = 0; left_out[n] != NULL && is_kept; n++)
            is_kept = strcmp(pair->name, left_out[n]) != 0;
        if (!is_kept)
            continue;
        buf_char(&out, count++ == 0 ? '?' : '&');
        page_url_text(&out, pair->name, true);
        buf_char(&out, '=');
        page_url_text(&out, pair->value, true);
    }
    if (more != NULL)
        buf_printf(&out, "%c%s", count == 0 ? '?' : '&', more);
    return buf_string(&out);
}

#define PAGING "after", "da_lam", "loi", "dem"

/* What is shown around the rows */

static void
add_chip(struct page *page, struct doc *list, const char *label, const char *const *without)
{
    struct doc *chip = doc_object(list, NULL);
    doc_text(chip, "label", label);
    doc_text(chip, "href", address_without(page, without, NULL));
}

static void
add_chips(struct page *page, const struct asked *asked)
{
    struct arena *arena = page->cx->arena;
    struct doc *list = doc_list(page->data, "chips");
    static const char *const text[] = {"tim", PAGING, NULL}, *const state[] = {"tt", PAGING, NULL},
                             *const days[] = {"tu", "den", "ky", PAGING, NULL},
                             *const directive[] = {"ct", PAGING, NULL};
    if (asked->text != NULL)
        add_chip(page, list, arena_printf(arena, "“%s”", asked->text), text);
    if (asked->state != NULL) {
        const struct state *known = reg_state(asked->query.reg, asked->state);
        add_chip(page, list,
            known == NULL ? tr(page->cx, "Đã hủy") : label_text(page->cx, &known->label), state);
    }
    if (asked->has_range)
        add_chip(page, list,
            arena_printf(arena, "%s – %s", date_show(arena, asked->range.from),
                date_show(arena, asked->range.to)),
            days);
    if (asked->directive != NULL)
        add_chip(page, list, asked->directive->symbol, directive);
    doc_bool(page->data, "is_filtered", list->first != NULL);
}

static void
add_states(struct page *page, const struct asked *asked)
{
    const struct reg *reg = asked->query.reg;
    struct doc *list = doc_list(page->data, "states");
    for (int i = 0; i <= reg->state_count; i++) {
        bool is_void = i == reg->state_count;
        const char *key = is_void ? STATE_VOID : reg->states[i].key;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", key);
        doc_text(object, "label",
            is_void ? tr(page->cx, "Đã hủy") : label_text(page->cx, &reg->states[i].label));
        doc_bool(object, "is_chosen", asked->state != NULL && strcmp(asked->state, key) == 0);
    }
}

/* The fields of the context stand in the form that filters the register. */
static void
add_context(struct page *page, const struct asked *asked)
{
    int32_t today = page->cx->world->today;
    struct context context = {.unit = asked->query.unit,
        .range = asked->has_range ? asked->range : (struct range){today, today},
        .may_be_ever = true,
        .is_ever = !asked->has_range,
        .reg = asked->query.reg,
        .directive = asked->directive,
        .action = ""};
    context_show(page, &context);
}

/* All registers, to go from one to another; of restricted ones those that the viewer takes part in.
 */
static void
add_registers(struct page *page, const struct asked *asked)
{
    const struct model *model = page->cx->world->model;
    struct doc *list = doc_list(page->data, "registers");
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        if (!may_list(page->cx, reg))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", reg->key);
        doc_text(object, "label", label_text(page->cx, &reg->label));
        doc_printf(object, "href", "/so/%s?dv=%s", reg->key, asked->span->code);
        doc_bool(object, "is_shown", reg == asked->query.reg);
    }
}

/* Steps that may be taken of several records at once: those out of the state that is shown. */
static void
add_steps(struct page *page, const struct asked *asked, const struct record_page *found)
{
    const struct reg *reg = asked->query.reg;
    struct doc *list = doc_list(page->data, "steps");
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *step = &reg->transitions[i];
        bool is_possible = false;
        for (int r = 0; r < found->count && !is_possible && !step->returns; r++) {
            const struct record *record = found->records[r];
            is_possible = record->state != STATE_IS_VOID &&
                reg_transition(reg, record->state, step->key) == step &&
                may_step(page->cx, step, record);
        }
        if (!is_possible)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "verb", step->key);
        doc_text(object, "label", label_text(page->cx, &step->label));
    }
    doc_bool(page->data, "has_steps", list->first != NULL);
}

static enum status
add_count(struct page *page, const struct asked *asked, const struct record_page *found)
{
    static const char *const kept[] = {PAGING, NULL};
    bool more = found->more;
    int count = found->count;
    bool is_asked = page_param(page, "dem") != NULL;
    bool is_whole = asked->query.after == NULL && !found->more;
    if (!is_whole && is_asked)
        TRY(record_page_count(page->cx, &asked->query, COUNTED_MAX, &count, &more));
    doc_bool(page->data, "is_counted", is_whole || is_asked);
    doc_integer(page->data, "count", count);
    doc_bool(page->data, "has_more", more && is_asked);
    doc_text(page->data, "count_href", address_without(page, kept, "dem=1"));
    return OK;
}

/* The sums of the page's columns of numbers; of everything when it is on one page. */
static void
add_totals(struct page *page, const struct asked *asked, const struct record_page *found)
{
    struct doc *list = doc_list(page->data, "totals");
    bool any = listing_totals(page->cx, list, found->records, found->count, asked->query.reg);
    doc_bool(page->data, "has_totals", any && found->count > 0);
    doc_bool(page->data, "is_whole", asked->query.after == NULL && !found->more);
}

/* Saved filters: what the address asks, but for paging and outcomes, under a name */

static const char *const filter_keys[] = {"dv", "tim", "tt", "ky", "tu", "den", "ct"};

/* Those that are asked, as hidden fields of the form that keeps them. */
static void
add_filter_fields(struct page *page)
{
    struct doc *list = doc_list(page->data, "asked");
    for (size_t i = 0; i < COUNT_OF(filter_keys); i++) {
        const char *value = page_param(page, filter_keys[i]);
        if (value == NULL)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", filter_keys[i]);
        doc_text(object, "value", value);
    }
}

static enum status
add_filters(struct page *page, const struct reg *reg)
{
    struct saved_filter *filters;
    int count;
    struct doc *list = doc_list(page->data, "filters");
    TRY(saved_filter_list(page->cx, reg, &filters, &count));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "name", filters[i].name);
        doc_printf(object, "href", "/so/%s?%s", reg->key, filters[i].query);
    }
    doc_bool(page->data, "has_filters", count > 0);
    doc_bool(page->data, "may_save", page->cx->viewer != NULL);
    doc_integer(page->data, "filter_name_max", FILTER_NAME_MAX);
    add_filter_fields(page);
    return OK;
}

/* The query that the form has brought along: only what a register's page asks. */
static const char *
sent_query(struct page *page)
{
    struct buf out = buf_new(page->cx->arena);
    for (size_t i = 0; i < COUNT_OF(filter_keys); i++) {
        const char *value = page_sent(page, filter_keys[i]);
        if (*value == '\0')
            continue;
        buf_printf(&out, "%s%s=", out.length > 0 ? "&" : "", filter_keys[i]);
        page_url_text(&out, value, true);
    }
    return buf_string(&out);
}

enum status
register_page_filter(struct page *page)
{
    const struct reg *reg;
    TRY(world_register(page->cx, page->argument[0], &reg));
    struct saved_filter filter = {page_sent(page, "ten"), sent_query(page)};
    bool is_removal = strcmp(page_sent(page, "lam"), "bo") == 0;
    TRY(is_removal ? saved_filter_remove(page->cx, reg, filter.name)
                   : saved_filter_put(page->cx, reg, &filter));
    page_redirect(page,
        arena_printf(page->cx->arena, "/so/%s%s%s", reg->key, is_removal ? "" : "?",
            is_removal ? "" : filter.query));
    return OK;
}

static enum status
show(struct page *page, const struct asked *asked)
{
    static const char *const paging[] = {PAGING, NULL};
    struct ctx *cx = page->cx;
    const struct reg *reg = asked->query.reg;
    struct record_page found;
    struct range today = {cx->world->today, cx->world->today};
    TRY(record_page_read(cx, &asked->query, &found));
    page->template = "register";
    page_set_title(page, "Sổ %s – %s", label_text(cx, &reg->label), asked->span->name);
    page_unit_crumbs(page, asked->query.unit, today, false);
    doc_text(page->data, "register", reg->key);
    doc_text(page->data, "label", label_text(cx, &reg->label));
    page_unit_doc(page->cx, page->data, "unit", asked->query.unit, today);
    doc_text(page->data, "day_label",
        reg->counted_on == NULL ? tr(cx, "Ngày") : label_text(cx, &reg->counted_on->label));
    doc_text(page->data, "text", asked->text == NULL ? "" : asked->text);
    const char *back = address_without(page, paging, NULL);
    const char *asks = strchr(back, '?');
    doc_text(page->data, "back", back);
    doc_printf(page->data, "xlsx_href", "/so/%s.xlsx%s", reg->key, asks == NULL ? "" : asks);
    doc_printf(page->data, "csv_href", "/so/%s.csv%s", reg->key, asks == NULL ? "" : asks);
    bool makes = may_make(cx, reg, asked->query.unit);
    doc_text(page->data, "new_href",
        makes ? arena_printf(cx->arena, "/so/%s/moi?dv=%s", reg->key, asked->span->code) : NULL);
    bool has_sheet = makes && reg_person(reg) != NULL && may_people(cx, asked->query.unit);
    doc_text(page->data, "sheet_href",
        has_sheet ? arena_printf(cx->arena, "/so/%s/danh_sach?dv=%s", reg->key, asked->span->code)
                  : NULL);
    add_chips(page, asked);
    add_states(page, asked);
    add_context(page, asked);
    add_registers(page, asked);
    add_steps(page, asked, &found);
    listing_outcome(page);
    TRY(add_filters(page, reg));
    TRY(add_count(page, asked, &found));
    listing_columns(page->cx, doc_list(page->data, "columns"), reg);
    TRY(listing_doc(doc_list(page->data, "records"), page, found.records, found.count, reg));
    add_totals(page, asked, &found);
    doc_bool(page->data, "has_records", found.count > 0);
    doc_bool(page->data, "is_first", asked->query.after == NULL);
    doc_text(page->data, "first", address_without(page, paging, NULL));
    doc_text(page->data, "next",
        found.more && found.count > 0
            ? address_without(page, paging,
                  arena_printf(cx->arena, "after=%s", found.records[found.count - 1]->code))
            : NULL);
    return OK;
}

enum status
register_page_show(struct page *page)
{
    struct asked asked;
    TRY(read_asked(page, &asked));
    return show(page, &asked);
}

enum status
register_page_steps(struct page *page)
{
    const struct reg *reg;
    const char *back = request_form(page->request, "ve");
    TRY(world_register(page->cx, page->argument[0], &reg));
    const char *own = arena_printf(page->cx->arena, "/so/%s", reg->key);
    bool is_own = back != NULL && strncmp(back, own, strlen(own)) == 0 &&
        (back[strlen(own)] == '\0' || back[strlen(own)] == '?');
    return listing_take_steps(page, is_own ? back : own);
}

/* The same as a table for a spreadsheet */

enum { EXPORTED_MAX = 20000, EXPORTED_AT_ONCE = 500 };

/* What a column shows: everything but lists, files and what is about people. */
static bool
is_exported(const struct field *field)
{
    return field->kind != KIND_LIST && field->kind != KIND_FILES && !field_is_personal(field);
}

static struct sheet
sheet_of(struct page *page, const struct asked *asked)
{
    struct arena *arena = page->cx->arena;
    const struct reg *reg = asked->query.reg;
    static const char *const heads[] = {"Mã hồ sơ", "Đơn vị", "Trạng thái"};
    struct sheet sheet = {.title = arena_printf(arena, "Sổ %s", label_text(page->cx, &reg->label)),
        .about = asked->span->name};
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        *ARENA_PUSH(arena, sheet.columns, sheet.column_count) =
            (struct sheet_column){.title = heads[i]};
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        bool is_number = field->kind == KIND_INTEGER || field->kind == KIND_DECIMAL ||
            field->kind == KIND_QUANTITY;
        if (is_exported(field))
            *ARENA_PUSH(arena, sheet.columns, sheet.column_count) =
                (struct sheet_column){.title = label_text(page->cx, &field->label),
                    .is_number = is_number,
                    .is_summed = is_number && !field_is_year(field) && field->measure_count <= 1};
    }
    return sheet;
}

static struct sheet_cell
cell_of(struct page *page, const struct field *field, const struct value *value)
{
    if (value->is_null)
        return sheet_text(NULL);
    if (field->kind == KIND_INTEGER || field->kind == KIND_DECIMAL ||
        (field->kind == KIND_QUANTITY && field->measure_count <= 1 && value->word == 0))
        return sheet_number(value->number, field->decimals);
    if (field->kind == KIND_DATE)
        return sheet_day((int32_t)value->number);
    return sheet_text(value_show(page->cx, field, value));
}

static void
add_exported(struct page *page, struct sheet *sheet, const struct record *record)
{
    const struct reg *reg = record->reg;
    int32_t day = record_day(page->cx, reg, &record->fields);
    struct sheet_cell *cell = sheet_row(page->cx->arena, sheet);
    *cell++ = sheet_text(record->code);
    *cell++ = sheet_text(unit_named(record->unit, day)->name);
    *cell++ = sheet_text(record_state_label(page->cx, record));
    for (int i = 0; i < reg->field_count; i++) {
        if (is_exported(&reg->fields[i]))
            *cell++ = cell_of(page, &reg->fields[i], &record->fields.values[i]);
    }
}

enum status
register_page_table(struct page *page)
{
    struct asked asked;
    struct record_page found = {.more = true};
    TRY(read_asked(page, &asked));
    struct sheet sheet = sheet_of(page, &asked);
    asked.query.after = NULL;
    asked.query.limit = EXPORTED_AT_ONCE;
    while (found.more && sheet.row_count < EXPORTED_MAX) {
        TRY(record_page_read(page->cx, &asked.query, &found));
        for (int i = 0; i < found.count; i++)
            add_exported(page, &sheet, found.records[i]);
        if (found.count == 0)
            break;
        asked.query.after = found.records[found.count - 1]->code;
    }
    if (found.more)
        *ARENA_PUSH(page->cx->arena, sheet.sources, sheet.source_count) =
            arena_printf(page->cx->arena, "Chỉ có %d hồ sơ mới nhất; lọc bớt để tải phần còn lại.",
                sheet.row_count);
    return sheet_send(page, &sheet,
        arena_printf(page->cx->arena, "so-%s-%s", asked.query.reg->key, asked.span->code));
}
