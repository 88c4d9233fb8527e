/* A record: what it says, which figures it makes, all its versions, and the steps that its state
 * allows. */
#include "web/routes.h"

#include "base/vi.h"
#include "domain/blob.h"
#include "domain/fact.h"
#include "domain/record_view.h"
#include "domain/title.h"
#include "domain/version.h"
#include "web/listing.h"
#include "domain/reader.h"
#include "domain/remark.h"
#include "domain/report.h"
#include "domain/rights.h"

#include <stdlib.h>
#include <string.h>

/* What it makes */

/* The figures of one indicator are asked where people look: over the usual range when the day lies
 * in it, else over the day's year. */
static struct range
range_around(const struct ctx *cx, int32_t day)
{
    struct range range = page_usual_range(cx);
    int year = day_to_civil(day).year;
    if (range.from <= day && day <= range.to)
        return range;
    return (struct range){day_from_civil((struct civil){year, 1, 1}),
        day_from_civil((struct civil){year, 12, 31})};
}

/* The same figure of the unit and of what is above it on the day, as it stands now: up to the head
 * of its shard, since a figure of the root reads every shard, which was four fifths of a page. */
static enum status
add_figures(struct page *page, struct doc *list, const struct fact *fact, const struct unit *unit)
{
    struct range range = range_around(page->cx, fact->day);
    while (unit != NULL) {
        const struct span *span = unit_named(unit, fact->day);
        if (!figure_is_visible(page->cx, fact->indicator, unit))
            break;
        struct figure_query *query = ARENA_NEW(page->cx->arena, struct figure_query);
        struct figure figure;
        *query = (struct figure_query){.indicator = fact->indicator,
            .unit = unit,
            .from = range.from,
            .to = range.to,
            .basis = DAY_THEN};
        TRY(figure_read(page->cx, query, &figure));
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "unit", span->code);
        doc_text(object, "name", span->name);
        page_figure_doc(object, page->cx->world, &figure);
        unit = unit->is_head ? NULL : span->parent;
    }
    return OK;
}

static bool
is_first_of_key(const struct fact *facts, int i)
{
    int same = 0;
    while (facts[same].value != facts[i].value)
        same++;
    return same == i;
}

/* What several facts of one record are together: their sum, or how many keys there are. */
static enum status
contribution(struct ctx *cx, const struct fact *facts, int count, int64_t *out)
{
    bool has_keys = facts->indicator->aggregation == AGG_DISTINCT;
    *out = 0;
    for (int i = 0; i < count; i++) {
        int64_t value = has_keys ? is_first_of_key(facts, i) : facts[i].value;
        if (!add_checked(*out, value, out))
            return fault_set(cx, ERR_LIMIT, "Tổng vượt quá giới hạn.");
    }
    return OK;
}

static enum status
add_contribution(struct page *page, struct doc *list, const struct record *record,
    const struct fact *facts, int count)
{
    struct range range = range_around(page->cx, facts->day);
    int64_t value;
    int word = 0;
    TRY(contribution(page->cx, facts, count, &value));
    for (int i = 0; i < count && word == 0; i++)
        word = facts[i].word;
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "indicator", facts->indicator->key);
    doc_text(object, "label", label_text(page->cx, &facts->indicator->label));
    doc_quantity(object, "value", value, facts->indicator->scale, word_text(word));
    doc_date(object, "day", facts->day);
    doc_date(object, "from", range.from);
    doc_date(object, "to", range.to);
    return add_figures(page, doc_list(object, "figures"), facts, record->unit);
}

/* Facts come indicator by indicator; those of one share the day, but for a stock, which goes out on
 * another one. */
static enum status
add_contributions(struct page *page, const struct record *record)
{
    struct doc *list = doc_list(page->data, "contributions");
    struct fact *facts;
    int count;
    TRY(fact_derive(page->cx, record, &facts, &count));
    for (int i = 0, end; i < count; i = end) {
        end = i + 1;
        while (end < count && facts[end].indicator == facts[i].indicator &&
            facts[end].day == facts[i].day)
            end++;
        TRY(add_contribution(page, list, record, facts + i, end - i));
    }
    return OK;
}

/* A sample was made on a page; what an import brought is the demo's own and stays. */
static bool
is_sample(const struct page *page, const struct record *record)
{
    return page->cx->world->is_demo && record->batch == 0;
}

/* Attached files */

static void
add_attachments(struct page *page, const struct record *record)
{
    struct doc *list = doc_list(page->data, "attachments");
    bool with_personal = may_record(page->cx, ACTION_PERSON, record);
    for (int f = 0; f < record->reg->field_count; f++) {
        const struct value *value = &record->fields.values[f];
        struct attachment *items;
        if (record->reg->fields[f].kind != KIND_FILES || value->is_null ||
            (field_is_personal(&record->reg->fields[f]) && !with_personal))
            continue;
        int count = attachments_read(page->cx->arena, value->text, &items);
        for (int i = 0; i < count; i++) {
            struct doc *object = doc_object(list, NULL);
            doc_text(object, "label", label_text(page->cx, &record->reg->fields[f].label));
            doc_text(object, "name", items[i].name);
            doc_text(object, "digest", items[i].digest);
            doc_printf(object, "href", "/hs/%s/tep/%s", record->code, items[i].digest);
        }
    }
    doc_bool(page->data, "has_attachments", list->first != NULL);
}

enum status
record_page_file(struct page *page)
{
    struct ctx *cx = page->cx;
    struct record *record;
    struct blob blob;
    TRY(record_load(cx, page->argument[0], &record));
    TRY(blob_read(cx, record, page->argument[1], &blob));
    page_send_file(page, blob_type(blob.name), blob.bytes, blob.length);
    page->response->disposition = arena_printf(cx->arena, "attachment; filename=\"%s\"",
        blob_plain_name(cx->arena, blob.name));
    return OK;
}

/* What can be done with it besides its steps. */
static void
add_doings(struct page *page, const struct record *record)
{
    struct ctx *cx = page->cx;
    bool is_void = record->state == STATE_IS_VOID;
    bool may_edit = !is_void && may_record(cx, ACTION_RECORD, record);
    bool waits = cx->viewer != NULL && !is_void && state_waits(record->reg, record->state);
    bool is_locked = !is_void && record->reg->states[record->state].locks;
    doc_text(page->data, "edit_href",
        may_edit && !waits ? arena_printf(cx->arena, "/hs/%s/sua", record->code) : NULL);
    doc_text(page->data, "edit_label", is_locked ? tr(cx, "Điều chỉnh") : tr(cx, "Sửa"));
    doc_bool(page->data, "can_void", may_edit);
    doc_bool(page->data, "can_undo", is_sample(page, record) && may_edit);
    doc_text(page->data, "tag", listing_tag(record));
    doc_bool(page->data, "is_done", page_param(page, "xong") != NULL);
}

static enum status
add_remarks(struct page *page, const struct record *record)
{
    struct doc *list = doc_list(page->data, "remarks");
    struct remark *remarks;
    int count;
    TRY(remark_list(page->cx, record, &remarks, &count));
    for (int i = 0; i < count; i++) {
        const struct field *field =
            remarks[i].field == NULL ? NULL : reg_field(record->reg, remarks[i].field);
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "text", remarks[i].text);
        doc_text(object, "field_label", field == NULL ? NULL : label_text(page->cx, &field->label));
        doc_text(object, "who", remarks[i].who);
        doc_time(object, "at", remarks[i].at, page->cx->world->zone_offset);
        doc_bool(object, "is_open", remarks[i].is_open);
    }
    return OK;
}

/* For whoever decides: what was changed since the record was here before; and to which fields a
 * reason may belong. */
static enum status
add_review(struct page *page, const struct record *record)
{
    struct ctx *cx = page->cx;
    struct doc *changes = doc_list(page->data, "changes");
    struct doc *fields = doc_list(page->data, "fields_to_name");
    bool decides = record->state != STATE_IS_VOID && state_waits(record->reg, record->state) &&
        may_record(cx, ACTION_STEP, record);
    bool found = false;
    struct row before;
    if (decides)
        TRY(version_before_return(cx, record, &before, &found));
    if (found)
        TRY(version_differences(changes, cx, record->reg, &before, &record->fields,
            may_record(cx, ACTION_PERSON, record)));
    for (int i = 0; decides && i < record->reg->field_count; i++) {
        if (record->reg->fields[i].entered != NULL)
            continue;
        struct doc *object = doc_object(fields, NULL);
        doc_text(object, "key", record->reg->fields[i].key);
        doc_text(object, "label", label_text(cx, &record->reg->fields[i].label));
    }
    doc_bool(page->data, "has_changes", changes->first != NULL);
    return OK;
}

static enum status
add_readers(struct page *page, const struct record *record)
{
    bool is_restricted = record->reg->visibility == VISIBILITY_HAN_CHE;
    struct doc *list = doc_list(page->data, "readers");
    int count = 0;
    if (is_restricted)
        TRY(reader_list_doc(list, page->cx, record));
    for (const struct doc *reader = list->first; reader != NULL; reader = reader->next)
        count++;
    doc_integer(page->data, "reader_count", count);
    doc_bool(page->data, "has_readers", count > 0);
    doc_bool(page->data, "is_restricted", is_restricted);
    doc_bool(page->data, "can_add_reader",
        is_restricted && may_record(page->cx, ACTION_RECORD, record));
    return OK;
}

/* The list of the record's unit; of the viewer's own where a record names it that is another's. */
static const char *
register_href(const struct page *page, const struct record *record, struct range range)
{
    struct arena *arena = page->cx->arena;
    if (!may_know_unit(page->cx, record->unit))
        return arena_printf(arena, "/so/%s", record->reg->key);
    return arena_printf(arena, "/so/%s?dv=%s", record->reg->key,
        unit_named(record->unit, range.to)->code);
}

enum status
record_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    struct record *record;
    TRY(record_load(cx, page->argument[0], &record));
    int32_t day = record_day(cx, record->reg, &record->fields);
    struct range range = range_around(cx, day);
    const char *title = title_of(record);
    page->template = "record";
    page_set_title(page, "Hồ sơ %s", record->code);
    page_unit_crumbs(page, record->unit, range, false);
    page_crumb(page, register_href(page, record, range),
        arena_printf(cx->arena, tr(cx, "Sổ %s"), label_text(cx, &record->reg->label)));
    TRY(record_doc(doc_object(page->data, "record"), cx, record));
    doc_text(page->data, "title", title == record->code ? NULL : title);
    page_unit_doc(page->cx, page->data, "unit", record->unit, range);
    add_doings(page, record);
    TRY(add_remarks(page, record));
    TRY(add_review(page, record));
    TRY(add_readers(page, record));
    add_attachments(page, record);
    TRY(record_history_doc(doc_list(page->data, "history"), cx, record));
    return add_contributions(page, record);
}

/* Steps */

/* The request's key names the step and the version it was taken from, so that a button pressed
 * twice does it once. */
static enum status
take_step(struct page *page, struct record_change *change, const char *step,
    enum status (*take)(struct ctx *, const char *, const struct record_change *, struct record **))
{
    struct ctx *cx = page->cx;
    struct record *record;
    TRY(page_version(page, &change->version));
    change->request = arena_printf(cx->arena, "%s:%lld", step, (long long)change->version);
    TRY(take(cx, page->argument[0], change, &record));
    page_redirect(page, arena_printf(cx->arena, "/hs/%s?xong=1", record->code));
    return OK;
}

enum status
record_page_move(struct page *page)
{
    struct record_change change = {.verb = page->argument[1],
        .reason = page_sent_or_null(page, "ly_do"),
        .field = page_sent_or_null(page, "o")};
    return take_step(page, &change, change.verb, record_move);
}

enum status
record_page_reader(struct page *page)
{
    const char *login = page_sent_or_null(page, "tai_khoan"),
               *removed = page_sent_or_null(page, "rut");
    const char *code = page->argument[0];
    if (login == NULL && removed == NULL)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "tai_khoan"},
            "Tên đăng nhập của người xem còn trống.");
    TRY(removed != NULL ? reader_remove(page->cx, code, removed)
                        : reader_add(page->cx, code, login));
    page_redirect(page, arena_printf(page->cx->arena, "/hs/%s?xong=1", code));
    return OK;
}

/* With a reason; of a sample the page gives it. */
enum status
record_page_void(struct page *page)
{
    struct record_change change = {.reason = page_sent_or_null(page, "ly_do")};
    struct record *record;
    TRY(record_load(page->cx, page->argument[0], &record));
    if (change.reason == NULL && is_sample(page, record))
        change.reason = "Hoàn tác: hồ sơ mẫu trên dữ liệu mô phỏng.";
    return take_step(page, &change, "huy", record_void);
}
