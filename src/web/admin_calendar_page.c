/* Administration of the calendar: periods and days off of a year. They are the same for every unit,
 * so that only who sees to the whole tree changes them. */
#include "web/admin_page.h"

#include "domain/rights.h"
#include "web/plain_form.h"
#include "web/routes.h"

#include <string.h>

enum { KEY_MAX_TYPED = 60, LABEL_MAX_TYPED = 120 };

static bool
may_change(const struct ctx *cx)
{
    return may_administer(cx, cx->world->tree->root);
}

/* Showing */

static void
add_periods(struct page *page, int year)
{
    const struct calendar *calendar = page->cx->world->calendar;
    struct doc *list = doc_list(page->data, "periods");
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *period = &calendar->periods[i];
        if (day_to_civil(period->to).year != year)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "period", period->key);
        doc_text(object, "label", period_name(page->cx, period));
        doc_text(object, "kind_label", tr(page->cx, period_kind_label(period->kind)));
        doc_date(object, "from", period->from);
        doc_date(object, "to", period->to);
        doc_date(object, "due", period->due);
    }
    doc_bool(page->data, "has_periods", list->first != NULL);
}

static void
add_holidays(struct page *page, int year)
{
    const struct calendar *calendar = page->cx->world->calendar;
    struct doc *list = doc_list(page->data, "holidays");
    for (int i = 0; i < calendar->holiday_count; i++) {
        const struct holiday *holiday = &calendar->holidays[i];
        if (day_to_civil(holiday->day).year != year)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_date(object, "day", holiday->day);
        doc_text(object, "name", holiday->name);
    }
    doc_bool(page->data, "has_holidays", list->first != NULL);
}

static void
add_standard_fields(struct page *page, int year)
{
    const struct form_option kinds[] = {{"lich", tr(page->cx, "theo lịch")},
        {"chot_14", tr(page->cx, "chốt ngày 14: từ ngày 15 tháng trước")}};
    const struct plain_field fields[] = {
        {.name = "year",
            .label = tr(page->cx, "Năm"),
            .value = arena_printf(page->cx->arena, "%d", year),
            .kind = PLAIN_NUMBER,
            .required = true},
        {.name = "kind",
            .label = tr(page->cx, "Cách lập"),
            .kind = PLAIN_CHOICE,
            .options = kinds,
            .option_count = COUNT_OF(kinds)},
        {.name = "due",
            .label = tr(page->cx, "Hạn báo cáo, số ngày làm việc sau ngày cuối kỳ"),
            .value = "5",
            .kind = PLAIN_NUMBER},
    };
    struct doc *list = doc_list(page->data, "standard_fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        plain_field_add(page, list, &fields[i]);
}

static void
add_own_fields(struct page *page)
{
    const struct plain_field fields[] = {
        {.name = "key",
            .label = tr(page->cx, "Khóa"),
            .hint = tr(page->cx, "a-z, 0-9 và _, ví dụ giai_doan_2016_2020."),
            .max = KEY_MAX_TYPED,
            .required = true},
        {.name = "label", .label = tr(page->cx, "Tên"), .max = LABEL_MAX_TYPED, .required = true},
        {.name = "from", .label = tr(page->cx, "Từ ngày"), .kind = PLAIN_DAY, .required = true},
        {.name = "to", .label = tr(page->cx, "Đến ngày"), .kind = PLAIN_DAY, .required = true},
        {.name = "due",
            .label = tr(page->cx, "Hạn báo cáo"),
            .hint = tr(page->cx, "Bỏ trống: 5 ngày làm việc sau ngày cuối."),
            .kind = PLAIN_DAY},
    };
    struct doc *list = doc_list(page->data, "own_fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        plain_field_add(page, list, &fields[i]);
}

static void
add_holiday_fields(struct page *page)
{
    const struct plain_field fields[] = {
        {.name = "day", .label = tr(page->cx, "Ngày nghỉ"), .kind = PLAIN_DAY, .required = true},
        {.name = "name",
            .label = tr(page->cx, "Tên ngày nghỉ"),
            .max = LABEL_MAX_TYPED,
            .required = true},
    };
    struct doc *list = doc_list(page->data, "holiday_fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        plain_field_add(page, list, &fields[i]);
}

static int
shown_year(const struct page *page)
{
    const char *text = page_param(page, "nam");
    bool is_year = text != NULL && strlen(text) == 4 && strspn(text, "0123456789") == 4;
    int32_t day;
    if (is_year && date_parse(arena_printf(page->cx->arena, "%s-01-01", text), &day))
        return day_to_civil(day).year;
    return day_to_civil(page->cx->world->today).year;
}

/* Which form is shown: that of standard periods, of one of one's own, or of a day off. */
static enum status
show(struct page *page, const char *form, enum status status)
{
    int year = shown_year(page);
    bool is_own = strcmp(form, "them") == 0, is_holiday = strcmp(form, "nghi") == 0;
    admin_page_begin(page, "admin_calendar", ADMIN_PERIODS);
    page_form(page, "", status);
    doc_printf(page->data, "year", "%d", year);
    doc_printf(page->data, "before_href", "/quan_tri/ky?nam=%d", year - 1);
    doc_printf(page->data, "before", "%d", year - 1);
    doc_printf(page->data, "after_href", "/quan_tri/ky?nam=%d", year + 1);
    doc_printf(page->data, "after", "%d", year + 1);
    doc_bool(page->data, "may_change", may_change(page->cx));
    doc_bool(page->data, "shows_own", is_own);
    doc_bool(page->data, "shows_holiday", is_holiday);
    doc_bool(page->data, "shows_standard", !is_own && !is_holiday);
    doc_bool(page->data, "is_done", page_param(page, "da") != NULL);
    add_periods(page, year);
    add_holidays(page, year);
    add_standard_fields(page, year);
    add_own_fields(page);
    add_holiday_fields(page);
    return OK;
}

enum status
admin_calendar_page_show(struct page *page)
{
    const char *form = page_param(page, "lam");
    return show(page, form == NULL ? "" : form, OK);
}

/* Changing */

static enum status
take(struct page *page, const char *word)
{
    struct ctx *cx = page->cx;
    struct calendar_result result;
    if (strcmp(word, "lap") == 0) {
        struct period_make make = {page_sent(page, "year"), page_sent(page, "kind"),
            page_sent_or_null(page, "due")};
        return period_make(cx, &make, &result);
    }
    if (strcmp(word, "them") == 0) {
        struct period_add add = {page_sent(page, "key"), page_sent(page, "label"),
            page_sent(page, "from"), page_sent(page, "to"), page_sent_or_null(page, "due")};
        return period_add(cx, &add, &result);
    }
    if (strcmp(word, "nghi") == 0)
        return holiday_add(cx, page_sent(page, "day"), page_sent(page, "name"), &result);
    if (strcmp(word, "bo_ky") == 0)
        return period_remove(cx, page_sent(page, "ky"));
    if (strcmp(word, "bo_nghi") == 0)
        return holiday_remove(cx, page_sent(page, "ngay"));
    return fault_set(cx, ERR_INVALID, "Không có việc “%s”.", word);
}

enum status
admin_calendar_page_do(struct page *page)
{
    const char *word = page_sent(page, "lam");
    if (!may_change(page->cx))
        return fault_set(page->cx, ERR_NOT_FOUND, "Không có trang này.");
    enum status status = take(page, word);
    if (admin_is_told_in_form(status))
        return show(page, word, status);
    TRY(status);
    page_redirect(page,
        arena_printf(page->cx->arena, "/quan_tri/ky?nam=%d&da=1", shown_year(page)));
    return OK;
}
