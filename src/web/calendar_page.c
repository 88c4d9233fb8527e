/* The calendar: periods and days off of one year, and the reviews that are due. */
#include "web/routes.h"

#include <stdlib.h>

static int
year_of(int32_t day)
{
    return day_to_civil(day).year;
}

/* The year that is asked, else the last one that has a period. */
static enum status
read_year(struct page *page, int *out)
{
    enum { YEARS = 10000 };
    const struct calendar *calendar = page->cx->world->calendar;
    const char *text = page_param(page, "nam");
    char *end;
    *out = calendar->period_count > 0 ? 0 : year_of(page->cx->world->today);
    for (int i = 0; i < calendar->period_count; i++) {
        int year = year_of(calendar->periods[i].to);
        *out = year > *out ? year : *out;
    }
    if (text == NULL)
        return OK;
    long year = strtol(text, &end, 10);
    if (*end != '\0' || year < 1 || year >= YEARS)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "nam"},
            "Năm “%s” không hợp lệ; cần một năm như 2019.", text);
    *out = (int)year;
    return OK;
}

static bool
has_period(const struct calendar *calendar, int year)
{
    for (int i = 0; i < calendar->period_count; i++) {
        if (year_of(calendar->periods[i].to) == year)
            return true;
    }
    return false;
}

static void
add_years(struct page *page, int shown)
{
    const struct calendar *calendar = page->cx->world->calendar;
    struct doc *list = doc_list(page->data, "years");
    int first = shown, last = shown;
    for (int i = 0; i < calendar->period_count; i++) {
        int year = year_of(calendar->periods[i].to);
        first = year < first ? year : first;
        last = year > last ? year : last;
    }
    for (int year = first; year <= last; year++) {
        if (year != shown && !has_period(calendar, year))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_printf(object, "year", "%d", year);
        doc_printf(object, "href", "/lich?nam=%d", year);
        doc_bool(object, "is_shown", year == shown);
    }
}

/* A period leads to the figures of the home unit in it. */
static void
add_periods(struct page *page, int year)
{
    const struct calendar *calendar = page->cx->world->calendar;
    const struct unit *unit = page_home_unit(page->cx);
    struct doc *list = doc_list(page->data, "periods");
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *period = &calendar->periods[i];
        if (year_of(period->to) != year)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "period", period->key);
        doc_text(object, "label", period_name(page->cx, period));
        doc_text(object, "kind", period_kind_key(period->kind));
        doc_text(object, "kind_label", tr(page->cx, period_kind_label(period->kind)));
        doc_date(object, "from", period->from);
        doc_date(object, "to", period->to);
        doc_date(object, "due", period->due);
        if (unit == NULL || unit_on(unit, period->to) == NULL)
            doc_null(object, "href");
        else
            doc_printf(object, "href", "/dv/%s?ky=%s", unit_on(unit, period->to)->code,
                period->key);
    }
}

static void
add_holidays(struct page *page, int year)
{
    const struct calendar *calendar = page->cx->world->calendar;
    struct doc *list = doc_list(page->data, "holidays");
    for (int i = 0; i < calendar->holiday_count; i++) {
        if (year_of(calendar->holidays[i].day) != year)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_date(object, "day", calendar->holidays[i].day);
        doc_text(object, "name", calendar->holidays[i].name);
    }
}

void
page_add_reviews(struct page *page, const struct directive *only)
{
    const struct world *world = page->cx->world;
    struct doc *list = doc_list(page->data, "reviews");
    for (int i = 0; i < world->calendar->review_count; i++) {
        const struct review *review = &world->calendar->reviews[i];
        const struct directive *directive = model_directive(world->model, review->directive);
        if (only != NULL && directive != only)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "review", review->key);
        doc_text(object, "label", review->label);
        doc_text(object, "kind_label", tr(page->cx, review_kind_label(review->kind)));
        doc_text(object, "symbol", directive == NULL ? review->directive : directive->symbol);
        doc_text(object, "href",
            directive == NULL ? NULL
                              : arena_printf(page->cx->arena, "/chi_thi/%s", directive->key));
        doc_date(object, "due", review->due);
    }
}

enum status
calendar_page_show(struct page *page)
{
    int year;
    TRY(read_year(page, &year));
    page->template = "calendar";
    page_set_title(page, "Kỳ, ngày nghỉ, sơ kết và tổng kết");
    doc_printf(page->data, "year", "%d", year);
    add_years(page, year);
    add_periods(page, year);
    add_holidays(page, year);
    page_add_reviews(page, NULL);
    return OK;
}
