/* The report of a unit for a period: what it says by its records, the unit's note, and sending,
 * receiving or returning it; and reminding those who have not sent theirs. */
#include "web/routes.h"

#include "base/vi.h"
#include "domain/rights.h"
#include "domain/submission.h"
#include "web/submission_page.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 1000 };

/* What is asked: from the address or from the form. */
struct asked {
    const struct unit *unit;
    const struct period *period;
};

static enum status
read_asked(struct page *page, const char *code, const char *key, struct asked *out)
{
    struct range ever = {DAY_MIN, page->cx->world->today};
    if (key == NULL)
        return fault_at(page->cx, ERR_INVALID, (struct fault){.field = "ky"},
            "Thiếu kỳ báo cáo (ky).");
    TRY(period_find(page->cx, key, &out->period));
    return page_unit(page, code, ever, &out->unit);
}

static const char *
address_of(struct arena *arena, const struct asked *asked)
{
    return arena_printf(arena, "/nop?dv=%s&ky=%s", unit_code(arena, asked->unit, asked->period->to),
        asked->period->key);
}

/* Showing */

void
submission_doc(struct doc *object, const struct ctx *cx, const struct submission *submission)
{
    doc_text(object, "state_label", submission_state_label(cx, submission->state));
    doc_text(object, "tag", submission_state_tag(submission->state));
    doc_bool(object, "is_sent", submission->sent_at != 0);
    if (submission->sent_at != 0)
        doc_time(object, "sent_at", submission->sent_at, cx->world->zone_offset);
    else
        doc_null(object, "sent_at");
    doc_text(object, "note", submission->note);
    doc_text(object, "reason", submission->reason);
    doc_integer(object, "version", submission->version);
}

/* What the records say, register by register; empty figures are left out. */
static enum status
add_figures(struct page *page, const struct asked *asked)
{
    struct ctx *cx = page->cx;
    const struct model *model = cx->world->model;
    struct figure_query *asked_all =
        ARENA_ARRAY(cx->arena, struct figure_query, (size_t)model->indicator_count + 1);
    int count = 0;
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        if (indicator_has_facts(indicator) &&
            may_unit(cx, ACTION_FIGURE, indicator->reg, asked->unit))
            asked_all[count++] = (struct figure_query){.indicator = indicator,
                .unit = asked->unit,
                .from = asked->period->from,
                .to = asked->period->to,
                .basis = DAY_THEN};
    }
    struct figure *figures = ARENA_ARRAY(cx->arena, struct figure, (size_t)count + 1);
    TRY(figures_read(cx, asked_all, count, figures));
    struct doc *list = doc_list(page->data, "figures");
    for (int i = 0; i < count; i++) {
        if (!figure_holds(&figures[i]))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", label_text(cx, &asked_all[i].indicator->label));
        page_figure_doc(object, cx->world, &figures[i]);
    }
    doc_bool(page->data, "has_figures", list->first != NULL);
    return OK;
}

static enum status
show(struct page *page, const struct asked *asked, const char *typed, enum status status)
{
    struct ctx *cx = page->cx;
    struct submission submission;
    struct range range = {asked->period->from, asked->period->to};
    TRY(submission_read(cx, asked->unit, asked->period, &submission));
    page->template = "submission";
    page_set_title(page, "Báo cáo %s – %s", period_name(page->cx, asked->period),
        unit_named(asked->unit, asked->period->to)->name);
    page_unit_doc(page->cx, page->data, "unit", asked->unit, range);
    doc_text(page->data, "unit_code", unit_code(cx->arena, asked->unit, asked->period->to));
    doc_text(page->data, "period", asked->period->key);
    doc_text(page->data, "period_label", period_name(page->cx, asked->period));
    doc_date(page->data, "from", asked->period->from);
    doc_date(page->data, "to", asked->period->to);
    doc_date(page->data, "due", asked->period->due);
    submission_doc(doc_object(page->data, "submission"), cx, &submission);
    doc_text(page->data, "typed", typed != NULL ? typed : submission.note);
    bool is_received = submission.state == SUBMISSION_RECEIVED;
    doc_bool(page->data, "can_send", may_submit(cx, asked->unit) && !is_received);
    doc_bool(page->data, "can_receive",
        may_receive(cx, asked->unit) && submission.state == SUBMISSION_SENT);
    doc_bool(page->data, "can_return",
        may_receive(cx, asked->unit) && (submission.state == SUBMISSION_SENT || is_received));
    doc_bool(page->data, "is_done", page_param(page, "xong") != NULL);
    page_form(page, "", status);
    return add_figures(page, asked);
}

/* Whoever may neither send nor receive it sees the figures of the unit and no report. */
static enum status
check_right(struct page *page, const struct asked *asked)
{
    if (may_submit(page->cx, asked->unit) || may_receive(page->cx, asked->unit))
        return OK;
    return fault_set(page->cx, ERR_NOT_FOUND, "Không có báo cáo này.");
}

enum status
submission_page_show(struct page *page)
{
    struct asked asked;
    TRY(read_asked(page, page_param(page, "dv"), page_param(page, "ky"), &asked));
    TRY(check_right(page, &asked));
    return show(page, &asked, NULL, OK);
}

/* Changing */

static enum status
change(struct page *page, const char *text,
    enum status (*take)(struct ctx *, const struct submission_change *))
{
    struct asked asked;
    struct submission_change wanted = {.text = text};
    TRY(read_asked(page, request_form(page->request, "dv"), request_form(page->request, "ky"),
        &asked));
    TRY(check_right(page, &asked));
    wanted.unit = asked.unit;
    wanted.period = asked.period;
    wanted.version = strtoll(page_sent(page, "version"), NULL, 10);
    enum status status = take(page->cx, &wanted);
    if (status == ERR_INVALID || status == ERR_STALE)
        return show(page, &asked, text, status);
    TRY(status);
    page_redirect(page,
        arena_printf(page->cx->arena, "%s&xong=1", address_of(page->cx->arena, &asked)));
    return OK;
}

enum status
submission_page_send(struct page *page)
{
    return change(page, page_sent(page, "nhan_xet"), submission_send);
}

enum status
submission_page_receive(struct page *page)
{
    return change(page, "", submission_receive);
}

enum status
submission_page_return(struct page *page)
{
    return change(page, page_sent(page, "ly_do"), submission_return);
}

/* Reminding */

/* The units directly below that have not sent theirs. */
static enum status
find_missing(struct ctx *cx, const struct asked *asked, const struct unit ***out, int *count)
{
    const struct unit **children;
    int32_t today = cx->world->today;
    int child_count = tree_children(cx->arena, asked->unit, today, today, today, &children);
    struct submission *found = ARENA_ARRAY(cx->arena, struct submission, (size_t)child_count + 1);
    *out = ARENA_ARRAY(cx->arena, const struct unit *, (size_t)child_count + 1);
    *count = 0;
    TRY(submissions_read(cx, children, child_count, asked->period, found));
    for (int i = 0; i < child_count; i++) {
        bool is_missing =
            found[i].state == SUBMISSION_NONE || found[i].state == SUBMISSION_RETURNED;
        if (is_missing && may_receive(cx, children[i]))
            (*out)[(*count)++] = children[i];
    }
    return OK;
}

static enum status
show_reminder(struct page *page, const struct asked *asked, const char *typed, enum status status)
{
    struct ctx *cx = page->cx;
    const struct unit **units;
    int count;
    struct range range = {asked->period->from, asked->period->to};
    TRY(find_missing(cx, asked, &units, &count));
    page->template = "reminder";
    page_set_title(page, "Đôn đốc: báo cáo %s", period_name(page->cx, asked->period));
    page_unit_doc(page->cx, page->data, "unit", asked->unit, range);
    doc_text(page->data, "unit_code", unit_code(cx->arena, asked->unit, cx->world->today));
    doc_text(page->data, "period", asked->period->key);
    doc_text(page->data, "period_label", period_name(page->cx, asked->period));
    doc_date(page->data, "due", asked->period->due);
    doc_integer(page->data, "count", count);
    doc_bool(page->data, "has_units", count > 0);
    doc_text(page->data, "typed",
        typed != NULL ? typed
                      : arena_printf(cx->arena, "Đề nghị gửi báo cáo %s; hạn %s.",
                            asked->period->label, date_show(cx->arena, asked->period->due)));
    struct doc *list = doc_list(page->data, "units");
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "code", unit_code(cx->arena, units[i], cx->world->today));
        doc_text(object, "name", unit_named(units[i], cx->world->today)->name);
    }
    page_form(page, "", status);
    return OK;
}

enum status
submission_page_missing(struct page *page)
{
    struct asked asked;
    TRY(read_asked(page, page_param(page, "dv"), page_param(page, "ky"), &asked));
    return show_reminder(page, &asked, NULL, OK);
}

enum status
submission_page_remind(struct page *page)
{
    struct ctx *cx = page->cx;
    struct asked asked;
    const struct unit **units = NULL;
    const char *text = page_sent(page, "loi_nhac");
    struct range ever = {DAY_MIN, cx->world->today};
    int count = 0;
    TRY(read_asked(page, request_form(page->request, "dv"), request_form(page->request, "ky"),
        &asked));
    for (int i = 0; i < page->request->form_count && count < UNITS_MAX; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strcmp(pair->name, "don_vi") == 0)
            TRY(page_unit(page, pair->value, ever, ARENA_PUSH(cx->arena, units, count)));
    }
    enum status status = count == 0 ? fault_set(cx, ERR_INVALID, "Chưa chọn đơn vị nào để đôn đốc.")
                                    : remind(cx, units, count, asked.period, text);
    if (status == ERR_INVALID)
        return show_reminder(page, &asked, text, status);
    TRY(status);
    page_redirect(page, arena_printf(cx->arena, "/?don_doc=%d", count));
    return OK;
}
