/* What pages share: parameters, the usual range, breadcrumbs, the small documents of units and
 * figures. */
#include "web/page.h"

#include "base/vi.h"
#include "domain/report.h"
#include "domain/rights.h"
#include "domain/viewer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Parameters */

const char *
page_param(const struct page *page, const char *name)
{
    const char *value = request_query(page->request, name);
    if (value == NULL)
        return NULL;
    value = vi_clean(page->cx->arena, value);
    return *value == '\0' ? NULL : value;
}

struct range
page_usual_range(const struct ctx *cx)
{
    int year = day_to_civil(cx->world->today).year;
    if (cx->world->is_demo)
        return (struct range){day_from_civil((struct civil){2016, 5, 15}),
            day_from_civil((struct civil){2019, 6, 30})};
    return (struct range){day_from_civil((struct civil){year, 1, 1}),
        day_from_civil((struct civil){year, 12, 31})};
}

static enum status
read_day(struct page *page, const char *name, const char *label, int32_t *out)
{
    const char *text = page_param(page, name);
    if (text == NULL || date_parse(text, out))
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = name},
        "%s: “%s” không hợp lệ; cần ngày theo dạng 05/09/2026.", label, text);
}

static enum status
read_days(struct page *page, struct range *out)
{
    enum status from = read_day(page, "tu", tr(page->cx, "Từ ngày"), &out->from);
    enum status to = read_day(page, "den", tr(page->cx, "Đến ngày"), &out->to);
    TRY(from);
    TRY(to);
    if (out->from <= out->to)
        return OK;
    struct arena *arena = page->cx->arena;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "den"},
        "Đến ngày: %s đứng trước ngày đầu %s; ngày cuối phải không sớm hơn ngày đầu.",
        date_show(arena, out->to), date_show(arena, out->from));
}

/* "2016-05-15_2019-06-30": days where a period's key stands. */
static bool
read_span(struct arena *arena, const char *key, struct range *out)
{
    const char *line = strchr(key, '_');
    return line != NULL &&
        date_parse(arena_strndup(arena, key, (size_t)(line - key)), &out->from) &&
        date_parse(line + 1, &out->to) && out->from <= out->to;
}

static enum status
read_period(struct page *page, const char *key, struct range *out)
{
    const struct period *period;
    if (page_param(page, "tu") != NULL || page_param(page, "den") != NULL)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "ky"},
            "Kỳ “%s” đã nêu ngày; hãy chọn một kỳ, hoặc nhập ngày đầu và ngày cuối.", key);
    if (read_span(page->cx->arena, key, out))
        return OK;
    TRY(period_find(page->cx, key, &period));
    *out = (struct range){period->from, period->to};
    return OK;
}

enum status
page_range(struct page *page, struct range *out)
{
    const char *key = page_param(page, "ky");
    *out = page_usual_range(page->cx);
    return key == NULL ? read_days(page, out) : read_period(page, key, out);
}

const char *
page_range_query(struct arena *arena, struct range range)
{
    return arena_printf(arena, "tu=%s&den=%s", date_iso(arena, range.from),
        date_iso(arena, range.to));
}

/* Units */

enum status
page_unit(struct page *page, const char *code, struct range range, const struct unit **out)
{
    struct ctx *cx = page->cx;
    int before = cx->faults.count;
    if (code == NULL)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "dv"},
            "Thiếu mã đơn vị (dv), ví dụ dv=vn.");
    enum status status = rights_unit(cx, code, range.to, out);
    if (status != ERR_NOT_FOUND)
        return status;
    /* One that ended before the range did still has figures in it. */
    *out = tree_bearer(cx->world->tree, code, range.from, range.to);
    if (*out == NULL || !may_know_unit(cx, *out))
        return status;
    fault_forget(cx, before);
    return OK;
}

const struct unit *
page_home_unit(struct ctx *cx)
{
    const struct unit *unit;
    int before = cx->faults.count;
    if (cx->viewer != NULL)
        return cx->viewer->grant_count > 0 ? cx->viewer->grants[0].unit : NULL;
    if (cx->world->is_demo &&
        tree_by_code(cx, cx->world->tree, "bt.tp", page_usual_range(cx).to, &unit) == OK)
        return unit;
    fault_forget(cx, before);
    return cx->world->tree->root;
}

void
page_unit_doc(const struct ctx *cx, struct doc *in, const char *key, const struct unit *unit,
    struct range range)
{
    const struct span *span = unit_named(unit, range.to);
    struct doc *object = doc_object(in, key);
    doc_text(object, "code", span->code);
    doc_text(object, "name", span->name);
    if (may_know_unit(cx, unit))
        doc_printf(object, "href", "/dv/%s?%s", span->code, page_range_query(in->arena, range));
    else
        doc_null(object, "href");
}

/* The way to the page */

void
page_set_title(struct page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    page->title = arena_vprintf(page->cx->arena, tr(page->cx, format), arguments);
    va_end(arguments);
}

void
page_crumb(struct page *page, const char *href, const char *label)
{
    struct doc *crumb = doc_object(page->crumbs, NULL);
    doc_text(crumb, "href", href);
    doc_text(crumb, "label", label);
}

static void
crumb_upward(struct page *page, const struct unit *unit, struct range range)
{
    const struct span *span = unit_named(unit, range.to);
    if (span->parent != NULL)
        crumb_upward(page, span->parent, range);
    if (!may_know_unit(page->cx, unit))
        return;
    page_crumb(page,
        arena_printf(page->cx->arena, "/dv/%s?%s", span->code,
            page_range_query(page->cx->arena, range)),
        span->name);
}

void
page_unit_crumbs(struct page *page, const struct unit *unit, struct range range, bool above_only)
{
    const struct unit *first = above_only ? unit_named(unit, range.to)->parent : unit;
    if (first != NULL)
        crumb_upward(page, first, range);
}

/* Forms */

const char *
page_fault(const struct page *page, const char *field)
{
    const struct faults *faults = &page->cx->faults;
    for (int i = 0; i < faults->count; i++) {
        if (faults->items[i].field != NULL && strcmp(faults->items[i].field, field) == 0)
            return faults->items[i].message;
    }
    return NULL;
}

const char *
page_sent(const struct page *page, const char *name)
{
    const char *text = request_form(page->request, name);
    return text == NULL ? "" : vi_clean(page->cx->arena, text);
}

const char *
page_sent_or_null(const struct page *page, const char *name)
{
    const char *text = page_sent(page, name);
    return *text == '\0' ? NULL : text;
}

void
page_form(struct page *page, const char *fields, enum status status)
{
    struct arena *arena = page->cx->arena;
    const struct faults *faults = &page->cx->faults;
    struct doc *list = doc_list(page->data, "faults");
    struct doc *errors = doc_object(page->data, "errors");
    doc_bool(page->data, "has_faults", faults->count > 0);
    for (int i = 0; i < faults->count; i++) {
        struct doc *fault = doc_object(list, NULL);
        doc_text(fault, "message", faults->items[i].message);
        doc_text(fault, "field", faults->items[i].field);
    }
    while (*fields != '\0') {
        size_t length = strcspn(fields, " ");
        const char *field = arena_strndup(arena, fields, length);
        doc_text(errors, field, page_fault(page, field));
        fields += length + strspn(fields + length, " ");
    }
    if (status != OK)
        page->response->code = status == ERR_LIMIT ? 429 : status == ERR_STALE ? 409 : 422;
}

/* Figures */

void
page_figure_doc(struct doc *object, const struct world *world, const struct figure *figure)
{
    bool is_declared = figure->declaration_count > 0;
    figure_value_doc(object, "value", figure);
    doc_text(object, "qualifier", qualifier_key(figure->qualifier));
    figure_recorded_doc(object, "recorded", figure);
    figure_declared_doc(object, "declared", figure);
    doc_integer(object, "n", figure->recorded.n);
    doc_bool(object, "is_declared", is_declared);
    doc_bool(object, "is_mixed", figure->is_mixed);
    doc_bool(object, "is_empty", figure->recorded.n == 0 && !is_declared);
    doc_text(object, "href", figure_href(object->arena, world, figure->query));
}

enum status
page_version(struct page *page, int64_t *out)
{
    const char *text = request_form(page->request, "version");
    char *end = NULL;
    *out = text == NULL ? 0 : strtoll(text, &end, 10);
    if (*out > 0 && *end == '\0')
        return OK;
    return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "version"},
        "Thiếu số bản của hồ sơ; hãy mở lại trang hồ sơ rồi bấm nút.");
}

/* Addresses, and answers that are no document */

void
page_url_text(struct buf *out, const char *text, bool is_value)
{
    static const char plain[] =
        "/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text != '\0'; text++) {
        if (strchr(plain + is_value, *text) != NULL)
            buf_char(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

const char *
page_address(const struct page *page, const char *ending)
{
    struct buf out = buf_new(page->cx->arena);
    page_url_text(&out, page->path, false);
    buf_text(&out, ending);
    for (int i = 0; i < page->request->query_count; i++) {
        buf_char(&out, i == 0 ? '?' : '&');
        page_url_text(&out, page->request->query[i].name, true);
        buf_char(&out, '=');
        page_url_text(&out, page->request->query[i].value, true);
    }
    return buf_string(&out);
}

void
page_header(struct page *page, const char *name, const char *value)
{
    struct response *response = page->response;
    *ARENA_PUSH(page->cx->arena, page->headers, response->header_count) =
        (struct pair){name, value};
    response->headers = page->headers;
}

void
page_cookie(struct page *page, const char *name, const char *value, int seconds)
{
    struct arena *arena = page->cx->arena;
    const char *age = seconds < 0 ? "" : arena_printf(arena, "; Max-Age=%d", seconds);
    page_header(page, "Set-Cookie",
        arena_printf(arena, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s", name, value, age));
}

void
page_redirect(struct page *page, const char *location)
{
    page->is_answered = true;
    page->response->code = 303;
    page->response->location = location;
}

void
page_send_file(struct page *page, const char *type, const char *bytes, size_t length)
{
    page->is_answered = true;
    page->response->content_type = type;
    page->response->bytes = bytes;
    page->response->length = length;
}
