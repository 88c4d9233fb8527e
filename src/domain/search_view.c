/* Answers of a search as documents. */
#include "domain/search.h"

#include "base/catalogue.h"
#include "base/vi.h"
#include "domain/rights.h"
#include "domain/search_words.h"

enum { TEXT_SHOWN = 160 }; /* characters of a record's text */

/* A unit that is called otherwise today is shown as of the last day of its name. */
static void
unit_href(struct doc *object, const struct ctx *cx, const struct span *span)
{
    struct arena *arena = cx->arena;
    int32_t last = span->to < cx->world->today ? span->to : cx->world->today;
    int32_t first = year_start(last) > span->from ? year_start(last) : span->from;
    if (span->from == DAY_MIN && span->to == DAY_MAX)
        doc_printf(object, "href", "/dv/%s", span->code);
    else
        doc_printf(object, "href", "/dv/%s?tu=%s&den=%s", span->code, date_iso(arena, first),
            date_iso(arena, last));
}

static void
add_unit(struct doc *object, const struct ctx *cx, const struct span *span)
{
    doc_text(object, "code", span->code);
    doc_text(object, "name", span->name);
    unit_href(object, cx, span);
}

static void
add_units(struct doc *root, const struct ctx *cx, const struct search_answer *answer)
{
    struct doc *list = doc_list(root, "units");
    for (int i = 0; i < answer->unit_count; i++) {
        const struct span *span = answer->units[i];
        const struct span *parent = span->parent == NULL || !may_know_unit(cx, span->parent)
            ? NULL
            : unit_named(span->parent, span->to);
        struct doc *object = doc_object(list, NULL);
        add_unit(object, cx, span);
        doc_text(object, "parent_name", parent == NULL ? NULL : parent->name);
        if (span->to < cx->world->today)
            doc_date(object, "to", span->to);
        else
            doc_null(object, "to");
    }
    doc_bool(root, "has_units", answer->unit_count > 0);
    doc_bool(root, "more_units", answer->more_units);
}

static void
add_directives(struct doc *root, const struct ctx *cx, const struct search_answer *answer)
{
    struct doc *list = doc_list(root, "directives");
    for (int i = 0; i < answer->directive_count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "symbol", answer->directives[i]->symbol);
        doc_text(object, "label", label_text(cx, &answer->directives[i]->label));
        doc_printf(object, "href", "/chi_thi/%s", answer->directives[i]->key);
    }
    doc_bool(root, "has_directives", answer->directive_count > 0);
}

static void
add_indicators(struct doc *root, const struct ctx *cx, const struct search_answer *answer)
{
    struct doc *list = doc_list(root, "indicators");
    const struct unit *unit = answer->figures_of;
    for (int i = 0; i < answer->indicator_count; i++) {
        const struct indicator *indicator = answer->indicators[i];
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", indicator->key);
        doc_text(object, "label", label_text(cx, &indicator->label));
        doc_text(object, "register_label", label_text(cx, &indicator->reg->label));
        if (unit == NULL)
            doc_null(object, "href");
        else
            doc_printf(object, "href", "/cs/%s?dv=%s", indicator->key,
                unit_named(unit, cx->world->today)->code);
    }
    doc_bool(root, "has_indicators", answer->indicator_count > 0);
    doc_bool(root, "more_indicators", answer->more_indicators);
}

/* The first of the texts by which a record is found: so it shows nothing that is not searched. */
static const char *
first_text(struct arena *arena, const struct record *record)
{
    int count;
    const char **texts = search_texts(arena, record, &count);
    return count == 0 ? NULL : utf8_short(arena, texts[0], TEXT_SHOWN);
}

static void
add_record(struct doc *object, const struct ctx *cx, const struct record *record)
{
    const struct reg *reg = record->reg;
    int32_t day = record_day(cx, reg, &record->fields);
    bool is_dated =
        reg->counted_on != NULL && !record->fields.values[reg->counted_on->index].is_null;
    doc_text(object, "code", record->code);
    doc_printf(object, "href", "/hs/%s", record->code);
    doc_text(object, "register", reg->key);
    doc_text(object, "register_label", label_text(cx, &reg->label));
    add_unit(doc_object(object, "unit"), cx, unit_named(record->unit, day));
    if (is_dated)
        doc_date(object, "day", day);
    else
        doc_null(object, "day");
    doc_text(object, "state", record_state_key(record));
    doc_text(object, "state_label", record_state_label(cx, record));
    doc_text(object, "text", first_text(cx->arena, record));
}

static void
add_records(struct doc *root, const struct ctx *cx, const struct search_answer *answer)
{
    struct doc *list = doc_list(root, "records");
    for (int i = 0; i < answer->record_count; i++)
        add_record(doc_object(list, NULL), cx, answer->records[i]);
    doc_bool(root, "has_records", answer->record_count > 0);
    doc_text(root, "after",
        answer->more_records ? answer->records[answer->record_count - 1]->code : NULL);
}

static void
add_question(struct doc *root, const struct ctx *cx, const struct search_answer *answer)
{
    const struct search_query *query = answer->query;
    doc_text(root, "query", query->text);
    if (query->unit == NULL)
        doc_null(root, "unit");
    else
        add_unit(doc_object(root, "unit"), cx, unit_named(query->unit, cx->world->today));
    doc_bool(root, "is_empty", answer->is_empty);
    doc_text(root, "missing", answer->missing);
    doc_text(root, "instead", answer->instead);
    doc_text(root, "cut",
        !answer->is_cut ? NULL
                        : arena_printf(cx->arena,
                              tr(cx, "Câu hỏi dài: chỉ tìm theo %d từ đầu, các từ sau bỏ qua."),
                              SEARCH_WORDS_MAX));
    doc_integer(root, "limit", answer->limit);
}

void
search_doc(struct doc *object, const struct ctx *cx, const struct search_answer *answer)
{
    int found = answer->directive_count + answer->unit_count + answer->indicator_count +
        answer->record_count;
    add_question(object, cx, answer);
    add_directives(object, cx, answer);
    add_units(object, cx, answer);
    add_indicators(object, cx, answer);
    add_records(object, cx, answer);
    doc_bool(object, "is_nothing", found == 0 && !answer->is_empty);
}
