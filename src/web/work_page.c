/* The first page of whoever is signed in: what is to be done, first; then what can be begun, what
 * was recorded, and how the units below are doing. */
#include "web/routes.h"

#include "domain/contest.h"
#include "domain/draft.h"
#include "domain/figure.h"
#include "domain/inbox.h"
#include "domain/remark.h"
#include "domain/rights.h"
#include "domain/title.h"
#include "web/context.h"
#include "web/listing.h"
#include "web/submission_page.h"

#include <string.h>

enum {
    SOON_DAYS = 7,
    SHOWN_DUE_DAYS = 45,
    RETURNED_SHOWN = 5,
    WAITING_SHOWN = 3,
    REMINDERS_ON_HOME = 3,
    TILES_SHOWN = 6,
    EMPTY_SHOWN = 3,
    COLUMNS_SHOWN = 4
};

/* Tasks */

static struct doc *
add_task(struct page *page, const char *title, const char *href, const char *doing,
    const char *doing_href)
{
    struct doc *list = (struct doc *)doc_get(page->data, "tasks");
    struct doc *task = doc_object(list, NULL);
    doc_text(task, "title", title);
    doc_text(task, "href", href);
    doc_text(task, "doing", doing);
    doc_text(task, "doing_href", doing_href);
    doc_bool(task, "is_first", list->first == task);
    doc_list(task, "records");
    return task;
}

/* The title of a record; of one that is called by a person's name, which is not read here, the day.
 */
static const char *
told_as(const struct ctx *cx, const struct record *record)
{
    const char *title = title_of(record);
    if (strcmp(title, record->code) != 0)
        return title;
    return arena_printf(cx->arena, tr(cx, "ngày %s"),
        date_show(cx->arena, record_day(cx, record->reg, &record->fields)));
}

/* "quá hạn 2 ngày", "còn 5 ngày", in words and as a class. */
static void
add_due(struct page *page, struct doc *task, int32_t due)
{
    int32_t left = due - page->cx->world->today;
    if (left < 0)
        doc_printf(task, "due", tr(page->cx, "quá hạn %d ngày"), -left);
    else if (left == 0)
        doc_text(task, "due", tr(page->cx, "hạn hôm nay"));
    else
        doc_printf(task, "due", tr(page->cx, "còn %d ngày"), left);
    doc_text(task, "due_class", left < 0 ? "late" : left <= SOON_DAYS ? "soon" : "");
    doc_date(task, "due_on", due);
}

static void
add_no_due(struct doc *task)
{
    doc_null(task, "due");
    doc_null(task, "due_class");
    doc_null(task, "due_on");
}

static enum status
add_returned(struct page *page)
{
    struct ctx *cx = page->cx;
    struct record **records;
    int count;
    TRY(inbox_returned(cx, &records, &count));
    for (int i = 0; i < count && i < RETURNED_SHOWN; i++) {
        const struct record *record = records[i];
        const char *href = arena_printf(cx->arena, "/hs/%s", record->code);
        struct remark *remarks;
        int remark_count;
        TRY(remark_list(cx, record, &remarks, &remark_count));
        struct doc *task = add_task(page,
            arena_printf(cx->arena, tr(cx, "%s bị trả lại"), label_text(cx, &record->reg->label)),
            href, tr(cx, "Sửa"), arena_printf(cx->arena, "%s/sua", href));
        add_no_due(task);
        doc_text(task, "meta", told_as(cx, record));
        doc_text(task, "remark", remark_count > 0 && remarks[0].is_open ? remarks[0].text : NULL);
    }
    return OK;
}

/* The first of them are a tap away: whoever decides reads the whole record, and decides there. */
static void
add_waiting_records(struct page *page, struct doc *task, const struct inbox_part *parts, int count)
{
    struct doc *list = (struct doc *)doc_get(task, "records");
    int shown = 0;
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < parts[i].count && shown < WAITING_SHOWN; j++, shown++) {
            const struct record *record = parts[i].records[j];
            struct doc *item = doc_object(list, NULL);
            doc_printf(item, "href", "/hs/%s", record->code);
            doc_text(item, "register_label", label_text(page->cx, &parts[i].reg->label));
            doc_text(item, "title", told_as(page->cx, record));
            doc_text(item, "unit_name", unit_named(record->unit, page->cx->world->today)->name);
        }
    }
}

static enum status
add_waiting(struct page *page)
{
    struct inbox_part *parts;
    int count, total = 0;
    bool more = false;
    TRY(inbox_waiting(page->cx, &parts, &count));
    for (int i = 0; i < count; i++) {
        total += parts[i].count;
        more = more || parts[i].more;
    }
    doc_integer(page->data, "waiting_count", total);
    if (total == 0)
        return OK;
    struct doc *task = add_task(page,
        arena_printf(page->cx->arena, tr(page->cx, "%s%d hồ sơ chờ đồng chí quyết định"),
            more ? tr(page->cx, "hơn ") : "", total),
        "/duyet", tr(page->cx, "Duyệt"), "/duyet");
    add_no_due(task);
    doc_null(task, "meta");
    doc_null(task, "remark");
    add_waiting_records(page, task, parts, count);
    return OK;
}

/* What those above have given the viewer's units to do. */
static enum status
add_assigned(struct page *page)
{
    struct ctx *cx = page->cx;
    struct assigned *assigned;
    int count;
    TRY(inbox_assigned(cx, &assigned, &count));
    for (int i = 0; i < count; i++) {
        const struct record *record = assigned[i].record;
        const char *href = arena_printf(cx->arena, "/hs/%s", record->code);
        struct doc *task =
            add_task(page, arena_printf(cx->arena, tr(cx, "Việc được giao: %s"), title_of(record)),
                href, tr(cx, "Mở"), href);
        add_due(page, task, assigned[i].due);
        doc_printf(task, "meta", tr(cx, "%s giao, %s"),
            unit_named(record->unit, cx->world->today)->name, record_state_label(cx, record));
        doc_null(task, "remark");
    }
    return OK;
}

/* What members say against what is kept about them: told to who keeps their list. */
static enum status
add_contests(struct page *page)
{
    struct ctx *cx = page->cx;
    struct contest *contests;
    int count;
    TRY(contest_list(cx, &contests, &count));
    for (int i = 0; i < count; i++) {
        const struct contest *contest = &contests[i];
        const struct unit *unit = unit_place(contest->unit, cx->world->today);
        const char *href = arena_printf(cx->arena, "/dv/%s/thanh_vien/%s",
            unit_code(cx->arena, unit, cx->world->today), contest->person);
        struct doc *task = add_task(page, tr(cx, "Đề nghị đính chính dữ liệu của một người"), href,
            tr(cx, "Xem"), href);
        add_no_due(task);
        doc_text(task, "meta", unit_named(unit, cx->world->today)->name);
        doc_null(task, "remark");
    }
    return OK;
}

static enum status
add_drafts(struct page *page)
{
    struct ctx *cx = page->cx;
    struct draft **drafts;
    int count;
    TRY(draft_list(cx, &drafts, &count));
    for (int i = 0; i < count; i++) {
        const struct draft *draft = drafts[i];
        const char *href = draft->version > 0
            ? arena_printf(cx->arena, "/hs/%s/sua", draft->key)
            : arena_printf(cx->arena, "/so/%s/moi?dv=%s", draft->reg->key,
                  unit_code(cx->arena, draft->unit, cx->world->today));
        struct doc *task = add_task(page,
            arena_printf(cx->arena, tr(cx, "Đang ghi dở: %s"), label_text(cx, &draft->reg->label)),
            href, tr(cx, "Ghi tiếp"), href);
        add_no_due(task);
        doc_text(task, "meta", unit_named(draft->unit, cx->world->today)->name);
        doc_null(task, "remark");
    }
    return OK;
}

/* Has it ended, and is its report due about now? */
static bool
is_due(const struct ctx *cx, const struct period *period, const struct unit *unit)
{
    int32_t today = cx->world->today, left = period->due - today;
    return period->to < today && left >= -SHOWN_DUE_DAYS && left <= SHOWN_DUE_DAYS &&
        period_is_of_unit(cx->world->calendar, period, unit, today);
}

/* Periods whose report the unit has to send. */
static enum status
add_periods(struct page *page, const struct unit *unit)
{
    struct ctx *cx = page->cx;
    const struct calendar *calendar = cx->world->calendar;
    const char *code = unit_code(cx->arena, unit, cx->world->today);
    for (int i = 0; i < calendar->period_count && may_submit(cx, unit); i++) {
        const struct period *period = &calendar->periods[i];
        struct submission submission;
        if (!is_due(cx, period, unit))
            continue;
        TRY(submission_read(cx, unit, period, &submission));
        bool is_returned = submission.state == SUBMISSION_RETURNED;
        if (submission.state != SUBMISSION_NONE && !is_returned)
            continue;
        const char *href = arena_printf(cx->arena, "/nop?dv=%s&ky=%s", code, period->key);
        struct doc *task = add_task(page,
            arena_printf(cx->arena, tr(cx, "Báo cáo %s%s"), period_name(cx, period),
                is_returned ? tr(cx, " bị trả lại") : ""),
            href, is_returned ? tr(cx, "Sửa báo cáo") : tr(cx, "Soạn báo cáo"), href);
        add_due(page, task, period->due);
        doc_null(task, "meta");
        doc_text(task, "remark", submission.reason);
    }
    return OK;
}

/* What those above wait for. */
static enum status
add_reminders(struct page *page)
{
    struct ctx *cx = page->cx;
    struct reminder *reminders;
    int count;
    struct doc *list = doc_list(page->data, "reminders");
    TRY(reminder_list(cx, &reminders, &count));
    for (int i = 0; i < count && i < REMINDERS_ON_HOME; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "text", reminders[i].text);
        doc_text(object, "who", reminders[i].who);
        doc_time(object, "at", reminders[i].at, cx->world->zone_offset);
    }
    return OK;
}

static void
add_reviews(struct page *page)
{
    struct ctx *cx = page->cx;
    const struct calendar *calendar = cx->world->calendar;
    for (int i = 0; i < calendar->review_count; i++) {
        const struct review *review = &calendar->reviews[i];
        int32_t left = review->due - cx->world->today;
        if (left < 0 || left > SHOWN_DUE_DAYS)
            continue;
        struct doc *task = add_task(page, review->label, "/lich", tr(cx, "Xem lịch"), "/lich");
        add_due(page, task, review->due);
        doc_null(task, "meta");
        doc_null(task, "remark");
    }
}

/* What can be begun */

static void
add_registers(struct page *page, const struct context *context)
{
    struct ctx *cx = page->cx;
    const struct model *model = cx->world->model;
    struct doc *list = doc_list(page->data, "registers");
    struct doc *new_list = doc_list(page->data, "new");
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        if (may_list(cx, reg) && context_has(cx, context, reg)) {
            struct doc *object = doc_object(list, NULL);
            doc_text(object, "label", label_text(cx, &reg->label));
            doc_printf(object, "href", "/so/%s?dv=%s%s", reg->key,
                unit_code(cx->arena, context->unit, cx->world->today),
                context_suffix(cx->arena, context->directive));
        }
        for (int g = 0; g < cx->viewer->grant_count; g++) {
            const struct unit *unit = cx->viewer->grants[g].unit;
            if (!may_make(cx, reg, unit))
                continue;
            struct doc *object = doc_object(new_list, NULL);
            doc_text(object, "label", label_text(cx, &reg->label));
            doc_printf(object, "href", "/so/%s/moi?dv=%s", reg->key,
                unit_code(cx->arena, unit, cx->world->today));
            break;
        }
    }
    doc_bool(page->data, "has_new", new_list->first != NULL);
}

/* What was recorded */

/* The first sum or count of each register that the viewer may see. */
static int
find_tiles(struct page *page, const struct context *context, struct figure_query **out)
{
    struct ctx *cx = page->cx;
    const struct unit *unit = context->unit;
    const struct model *model = cx->world->model;
    const struct reg *last = NULL;
    int count = 0;
    *out = NULL;
    for (int i = 0; i < model->indicator_count; i++) {
        const struct indicator *indicator = &model->indicators[i];
        bool adds = indicator->aggregation == AGG_COUNT || indicator->aggregation == AGG_SUM;
        if (indicator->reg == last || !adds || !may_unit(cx, ACTION_FIGURE, indicator->reg, unit) ||
            !context_has(cx, context, indicator->reg))
            continue;
        last = indicator->reg;
        *ARENA_PUSH(cx->arena, *out, count) = context_query(cx, context, indicator);
    }
    return count;
}

/* Those that hold anything; where nothing does, a few to begin with. */
static int
keep_tiles(struct figure *figures, int count)
{
    int kept = 0;
    for (int i = 0; i < count && kept < TILES_SHOWN; i++) {
        if (figure_holds(&figures[i]))
            figures[kept++] = figures[i];
    }
    return kept > 0 ? kept : count < EMPTY_SHOWN ? count : EMPTY_SHOWN;
}

/* What was recorded over the range: each number opens what makes it. */
static enum status
add_tiles(struct page *page, const struct context *context, struct figure **out, int *out_count)
{
    struct ctx *cx = page->cx;
    struct figure_query *asked;
    int count = find_tiles(page, context, &asked);
    struct figure *figures = ARENA_ARRAY(cx->arena, struct figure, (size_t)count + 1);
    TRY(figures_read(cx, asked, count, figures));
    count = keep_tiles(figures, count);
    struct doc *list = doc_list(page->data, "tiles");
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", label_text(cx, &figures[i].query->indicator->label));
        page_figure_doc(object, cx->world, &figures[i]);
    }
    doc_date(page->data, "from", context->range.from);
    doc_date(page->data, "to", context->range.to);
    *out = figures;
    *out_count = count;
    return OK;
}

/* The newest period that has ended and is reported for, or NULL. */
static const struct period *
newest_period(const struct ctx *cx, const struct unit *unit)
{
    const struct calendar *calendar = cx->world->calendar;
    const struct period *found = NULL;
    for (int i = 0; i < calendar->period_count; i++) {
        const struct period *period = &calendar->periods[i];
        if (is_due(cx, period, unit) && (found == NULL || period->to > found->to))
            found = period;
    }
    return found;
}

/* How far the units below are with their reports. */
static enum status
add_progress(struct page *page, const struct unit *unit, const struct figure_part *children,
    int count, struct submission *out)
{
    struct ctx *cx = page->cx;
    const struct period *period = newest_period(cx, unit);
    int counts[SUBMISSION_STATE__COUNT] = {0}, asked = 0;
    doc_bool(page->data, "has_progress", period != NULL);
    if (period == NULL)
        return OK;
    const struct unit **units = ARENA_ARRAY(cx->arena, const struct unit *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        units[i] = children[i].unit;
    TRY(submissions_read(cx, units, count, period, out));
    for (int i = 0; i < count; i++) {
        if (!may_receive(cx, units[i]))
            continue;
        counts[out[i].state]++;
        asked++;
    }
    struct doc *object = doc_object(page->data, "progress");
    doc_text(object, "label", period_name(cx, period));
    doc_integer(object, "asked", asked);
    doc_integer(object, "received", counts[SUBMISSION_RECEIVED]);
    doc_integer(object, "sent", counts[SUBMISSION_SENT]);
    doc_integer(object, "missing", counts[SUBMISSION_NONE] + counts[SUBMISSION_RETURNED]);
    doc_bool(object, "has_missing", counts[SUBMISSION_NONE] + counts[SUBMISSION_RETURNED] > 0);
    doc_bool(object, "is_asked", asked > 0);
    doc_printf(object, "remind_href", "/nop/don_doc?dv=%s&ky=%s",
        unit_code(cx->arena, unit, cx->world->today), period->key);
    return OK;
}

static void
add_child_report(struct page *page, struct doc *object, const struct submission *submission)
{
    struct ctx *cx = page->cx;
    bool is_shown = submission->period != NULL && may_receive(cx, submission->unit);
    doc_bool(object, "has_report", is_shown);
    if (!is_shown)
        return;
    bool is_late =
        submission->state == SUBMISSION_NONE && submission->period->due < cx->world->today;
    doc_text(object, "report_label",
        is_late ? tr(cx, "Quá hạn") : submission_state_label(cx, submission->state));
    doc_text(object, "report_tag", is_late ? "late" : submission_state_tag(submission->state));
    doc_printf(object, "report_href", "/nop?dv=%s&ky=%s",
        unit_code(cx->arena, submission->unit, cx->world->today), submission->period->key);
}

/* The units below, in administrative order, with their reports and the same figures: never a
 * ranking. */
static enum status
add_children(struct page *page, const struct unit *unit, const struct figure *figures, int count,
    struct range range)
{
    struct ctx *cx = page->cx;
    struct figure_part *parts[COLUMNS_SHOWN];
    int part_count = 1;
    struct doc *columns = doc_list(page->data, "columns");
    struct doc *list = doc_list(page->data, "children");
    count = count > COLUMNS_SHOWN ? COLUMNS_SHOWN : count;
    for (int c = 0; c < count; c++) {
        TRY(figure_all_parts(cx, &figures[c], &parts[c], &part_count));
        doc_text(doc_object(columns, NULL), "label",
            label_text(cx, &figures[c].query->indicator->label));
    }
    struct submission *reports = ARENA_ARRAY(cx->arena, struct submission, (size_t)part_count);
    TRY(add_progress(page, unit, count == 0 ? NULL : parts[0] + 1, part_count - 1, reports));
    for (int i = 1; i < part_count; i++) {
        if (parts[0][i].is_hidden)
            continue;
        struct doc *object = doc_object(list, NULL);
        page_unit_doc(page->cx, object, "unit", parts[0][i].unit, range);
        add_child_report(page, object, &reports[i - 1]);
        struct doc *cells = doc_list(object, "cells");
        for (int c = 0; c < count; c++) {
            struct doc *cell = doc_object(cells, NULL);
            doc_bool(cell, "is_hidden", parts[c][i].is_hidden);
            if (!parts[c][i].is_hidden)
                page_figure_doc(cell, cx->world, &parts[c][i].figure);
        }
    }
    doc_bool(page->data, "has_children", list->first != NULL);
    return OK;
}

/* The unit that the page is about: the one asked for, else that of the first role. */
static enum status
find_unit(struct page *page, const struct unit **out)
{
    struct ctx *cx = page->cx;
    struct range ever = {DAY_MIN, cx->world->today};
    const char *code = page_param(page, "dv");
    *out = cx->viewer->grants[0].unit;
    return code == NULL ? OK : page_unit(page, code, ever, out);
}

/* Of what is done in the unit itself or below it. */
static enum status
add_figures(struct page *page, const struct context *context)
{
    struct figure *figures;
    int count;
    TRY(add_tiles(page, context, &figures, &count));
    return add_children(page, context->unit, figures, count, context->range);
}

enum status
work_page_show(struct page *page)
{
    struct context context = {.action = "/"};
    page->template = "work";
    page_set_title(page, "Việc cần làm");
    doc_bool(page->data, "has_roles", page->cx->viewer->grant_count > 0);
    doc_text(page->data, "reminded", page_param(page, "don_doc"));
    if (page->cx->viewer->grant_count == 0)
        return OK;
    TRY(page_range(page, &context.range));
    TRY(find_unit(page, &context.unit));
    TRY(context_directive(page, NULL, &context.directive));
    context_show(page, &context);
    page_unit_doc(page->cx, page->data, "unit", context.unit, context.range);
    struct doc *tasks = doc_list(page->data, "tasks");
    TRY(add_returned(page));
    TRY(add_waiting(page));
    TRY(add_assigned(page));
    TRY(add_contests(page));
    TRY(add_periods(page, context.unit));
    TRY(add_reminders(page));
    TRY(add_drafts(page));
    add_reviews(page);
    doc_bool(page->data, "has_tasks", tasks->first != NULL);
    add_registers(page, &context);
    return add_figures(page, &context);
}
