/* Who belongs to a unit on the last day of the range, and keeping that list: adding somebody,
 * mending a name, status or post, moving on or ending. What registers say about one person is
 * joined on no page but that person's own. */
#include "web/routes.h"

#include "base/table.h"
#include "domain/contest.h"
#include "domain/person_write.h"
#include "domain/record.h"
#include "domain/rights.h"
#include "web/plain_form.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_PEOPLE = 200, CODE_MAX_TYPED = 60 };

static enum status
read_skip(struct page *page, int *out)
{
    const char *text = page_param(page, "bo_qua");
    char *end;
    *out = 0;
    if (text == NULL)
        return OK;
    long skip = strtol(text, &end, 10);
    if (*end != '\0' || skip < 0 || skip > 10000000)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "bo_qua"},
            "“%s” không hợp lệ; cần số người bỏ qua, ví dụ 200.", text);
    *out = (int)skip;
    return OK;
}

static void
add_pages(struct page *page, const struct person_query *query, const char *address, int total)
{
    doc_integer(page->data, "total", total);
    doc_bool(page->data, "is_first", query->skip == 0);
    doc_text(page->data, "first", address);
    if (total > query->skip + query->limit)
        doc_printf(page->data, "next", "%s&bo_qua=%d", address, query->skip + query->limit);
    else
        doc_null(page->data, "next");
}

/* Only who sees the people of a unit has this page of it. */
static enum status
find_unit(struct page *page, struct range range, const struct unit **out)
{
    TRY(page_unit(page, page->argument[0], range, out));
    return may_people(page->cx, *out) ? OK : rights_no_unit(page->cx, page->argument[0]);
}

/* Fields of a form */

static const struct form_option *
status_options(const struct ctx *cx)
{
    struct arena *arena = cx->arena;
    struct form_option *options = ARENA_ARRAY(arena, struct form_option, PERSON_STATUS__COUNT);
    for (int i = 0; i < PERSON_STATUS__COUNT; i++)
        options[i] = (struct form_option){person_status_key((enum person_status)i),
            person_status_label(cx, (enum person_status)i)};
    return options;
}

/* `of`: whom it is about; NULL: somebody new. */
static void
add_person_fields(struct page *page, struct doc *list, const struct person *of)
{
    const struct membership *span = of == NULL ? NULL : &of->spans[of->span_count - 1];
    const struct plain_field fields[] = {
        {.name = "name",
            .label = tr(page->cx, "Họ và tên"),
            .value = of == NULL ? NULL : of->name,
            .max = PERSON_NAME_MAX,
            .required = true},
        {.name = "given",
            .label = tr(page->cx, "Tên để xếp danh sách"),
            .hint = tr(page->cx, "Bỏ trống: chữ cuối của họ và tên."),
            .value = of == NULL ? NULL : of->given,
            .max = PERSON_NAME_MAX},
        {.name = "status",
            .label = tr(page->cx, "Tư cách"),
            .value = span == NULL ? NULL : person_status_key(span->status),
            .kind = PLAIN_CHOICE,
            .options = status_options(page->cx),
            .option_count = PERSON_STATUS__COUNT},
        {.name = "post",
            .label = tr(page->cx, "Chức vụ"),
            .value = span == NULL ? NULL : span->post,
            .max = PERSON_POST_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        plain_field_add(page, list, &fields[i]);
}

static void
add_new_fields(struct page *page)
{
    struct doc *list = doc_list(page->data, "fields");
    const struct plain_field from = {.name = "from",
        .label = tr(page->cx, "Từ ngày"),
        .value = date_show(page->cx->arena, page->cx->world->today),
        .kind = PLAIN_DAY,
        .required = true};
    add_person_fields(page, list, NULL);
    plain_field_add(page, list, &from);
}

static void
add_hrefs(struct doc *people, const char *address)
{
    for (struct doc *row = people->first; row != NULL; row = row->next)
        doc_printf(row, "href", "%s/%s", address, doc_get(row, "code")->text);
}

static enum status
show(struct page *page, const struct unit *unit, struct range range, enum status status)
{
    struct ctx *cx = page->cx;
    struct person_query query = {.unit = unit, .day = range.to, .limit = PAGE_PEOPLE};
    const struct span *span = unit_named(unit, range.to);
    const char *address = arena_printf(cx->arena, "/dv/%s/thanh_vien", span->code);
    int total;
    TRY(read_skip(page, &query.skip));
    page->template = "members";
    page_set_title(page, "Thành viên: %s", span->name);
    page_unit_crumbs(page, unit, range, false);
    page_unit_doc(page->cx, page->data, "unit", unit, range);
    page_form(page, "", status);
    doc_date(page->data, "day", query.day);
    doc_text(page->data, "action", address);
    doc_bool(page->data, "is_done", page_param(page, "da") != NULL);
    struct doc *people = doc_list(page->data, "people");
    TRY(person_list_doc(people, cx, &query, &total));
    add_hrefs(people, address);
    add_new_fields(page);
    add_pages(page, &query,
        arena_printf(cx->arena, "%s?%s", address, page_range_query(cx->arena, range)), total);
    return OK;
}

enum status
member_page_show(struct page *page)
{
    const struct unit *unit;
    struct range range;
    TRY(page_range(page, &range));
    TRY(find_unit(page, range, &unit));
    return show(page, unit, range, OK);
}

/* Adding */

static struct range
until_today(const struct page *page)
{
    return (struct range){DAY_MIN, page->cx->world->today};
}

/* A list of one line. */
static enum status
add(struct page *page, const struct unit *unit)
{
    struct ctx *cx = page->cx;
    static const char *const keys[] = {"name", "given", "status", "post", "from"};
    struct buf text = buf_new(cx->arena);
    struct table_writer writer = table_begin(&text, TABLE_TSV);
    struct person_import input = {.file = unit_code(cx->arena, unit, cx->world->today)};
    struct person_import_result result;
    int32_t from;
    if (!date_read(cx, "from", page_sent(page, "from"), &from))
        return ERR_INVALID;
    table_plain(&writer, "code");
    table_plain(&writer, "unit");
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        table_plain(&writer, keys[i]);
    table_end_row(&writer);
    table_plain(&writer, record_code_new(cx->arena, unit->shard));
    table_plain(&writer, unit_code(cx->arena, unit, from));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        table_text(&writer, page_sent(page, keys[i]));
    table_end_row(&writer);
    input.text = buf_string(&text);
    input.length = text.length;
    return person_import(cx, &input, &result);
}

static bool
is_told_in_form(enum status status)
{
    return status == ERR_INVALID || status == ERR_NOT_FOUND || status == ERR_CONFLICT;
}

static enum status
go_back(struct page *page)
{
    page_redirect(page, arena_printf(page->cx->arena, "/dv/%s/thanh_vien?da=1", page->argument[0]));
    return OK;
}

enum status
member_page_add(struct page *page)
{
    const struct unit *unit;
    TRY(find_unit(page, until_today(page), &unit));
    enum status status = add(page, unit);
    if (!is_told_in_form(status))
        return status == OK ? go_back(page) : status;
    struct range range;
    TRY(page_range(page, &range));
    return show(page, unit, range, status);
}

/* One of them */

/* Who belongs to the unit now, or did last. */
static enum status
find_person(struct page *page, const struct unit *unit, struct person **out)
{
    struct ctx *cx = page->cx;
    int before = cx->faults.count;
    enum status status = person_by_code(cx, page->argument[1], out);
    if (status == OK) {
        const struct membership *last = &(*out)->spans[(*out)->span_count - 1];
        if (unit_place(last->unit, cx->world->today) == unit_place(unit, cx->world->today))
            return OK;
    }
    if (status == ERR_STORE)
        return status;
    fault_forget(cx, before);
    return fault_set(cx, ERR_NOT_FOUND, "Không có người mang mã “%s” ở đơn vị này.",
        page->argument[1]);
}

static void
add_leaving_fields(struct page *page)
{
    const struct plain_field fields[] = {
        {.name = "day",
            .label = tr(page->cx, "Ngày đầu tiên không còn ở đây"),
            .value = date_show(page->cx->arena, page->cx->world->today),
            .kind = PLAIN_DAY,
            .required = true},
        {.name = "unit",
            .label = tr(page->cx, "Mã đơn vị chuyển đến"),
            .hint = tr(page->cx, "Bỏ trống: kết thúc, không chuyển đến đơn vị nào trong hệ thống."),
            .max = CODE_MAX_TYPED},
        {.name = "reason",
            .label = tr(page->cx, "Lý do, số giấy giới thiệu"),
            .max = PERSON_POST_MAX},
    };
    struct doc *list = doc_list(page->data, "leaving_fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        plain_field_add(page, list, &fields[i]);
}

/* What the person says against it. */
static enum status
add_contests(struct page *page, const struct person *person)
{
    struct doc *list = doc_list(page->data, "contests");
    struct contest *contests;
    int count;
    TRY(contest_of_person(page->cx, person, &contests, &count));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "text", contests[i].text);
        doc_time(object, "at", contests[i].at, page->cx->world->zone_offset);
    }
    return OK;
}

static enum status
show_person(struct page *page, const struct unit *unit, const struct person *person,
    enum status status)
{
    struct ctx *cx = page->cx;
    struct range range = until_today(page);
    struct person *const shown[] = {(struct person *)person};
    TRY(person_note_read(cx, shown, 1, "form"));
    page->template = "member";
    page_set_title(page, "Thành viên: %s", person->name);
    page_unit_crumbs(page, unit, range, false);
    page_form(page, "", status);
    page_unit_doc(page->cx, page->data, "unit", unit, range);
    doc_text(page->data, "name", person->name);
    doc_printf(page->data, "list_href", "/dv/%s/thanh_vien", page->argument[0]);
    doc_printf(page->data, "action", "/dv/%s/thanh_vien/%s", page->argument[0], person->code);
    add_person_fields(page, doc_list(page->data, "fields"), person);
    add_leaving_fields(page);
    return add_contests(page, person);
}

enum status
member_page_person(struct page *page)
{
    const struct unit *unit;
    struct person *person;
    TRY(find_unit(page, until_today(page), &unit));
    TRY(find_person(page, unit, &person));
    return show_person(page, unit, person, OK);
}

static enum status
mend(struct page *page, const struct person *person)
{
    static const char *const keys[] = {"name", "given", "status", "post"};
    struct person_field fields[COUNT_OF(keys)];
    struct person *after;
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        fields[i] = (struct person_field){keys[i], page_sent(page, keys[i])};
    return person_set(page->cx, person->code, fields, COUNT_OF(keys), NULL, &after);
}

/* To a unit that the viewer knows of: of others not even the code is confirmed. */
static enum status
leave(struct page *page, const struct person *person)
{
    struct ctx *cx = page->cx;
    struct person_move move = {.reason = page_sent(page, "reason")};
    const char *code = page_sent(page, "unit");
    const struct unit *unit;
    struct person *after;
    if (!date_read(cx, "day", page_sent(page, "day"), &move.day))
        return ERR_INVALID;
    if (*code == '\0')
        return person_end(cx, person->code, move.day, move.reason, &after);
    TRY(rights_unit(cx, code, move.day, &unit));
    move.unit = code;
    return person_move(cx, person->code, &move, &after);
}

enum status
member_page_change(struct page *page)
{
    const struct unit *unit;
    struct person *person;
    TRY(find_unit(page, until_today(page), &unit));
    TRY(find_person(page, unit, &person));
    bool leaves = strcmp(page_sent(page, "lam"), "thoi") == 0;
    enum status status = leaves ? leave(page, person) : mend(page, person);
    if (is_told_in_form(status))
        return show_person(page, unit, person, status);
    return status == OK ? go_back(page) : status;
}
