/* Reports for a period: reading, sending, returning, receiving; and reminders. */
#include "domain/submission.h"

#include "base/catalogue.h"
#include "base/plant.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/rights.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *key, *label, *tag;
} states[SUBMISSION_STATE__COUNT] = {
    [SUBMISSION_NONE] = {"", N_("Chưa gửi"), "draft"},
    [SUBMISSION_SENT] = {"gui", N_("Chờ nhận"), "wait"},
    [SUBMISSION_RETURNED] = {"tra_lai", N_("Bị trả lại"), "back"},
    [SUBMISSION_RECEIVED] = {"nhan", N_("Đã nhận"), "done"},
};

const char *
submission_state_label(const struct ctx *cx, enum submission_state state)
{
    return tr(cx, states[state].label);
}

const char *
submission_state_tag(enum submission_state state)
{
    return states[state].tag;
}

static enum submission_state
state_of(const char *key)
{
    int state = 0;
    while (state < SUBMISSION_STATE__COUNT - 1 && strcmp(states[state].key, key) != 0)
        state++;
    return (enum submission_state)state;
}

/* Rights */

bool
may_submit(const struct ctx *cx, const struct unit *unit)
{
    return may_work(cx, WORK_SEND, unit);
}

bool
may_receive(const struct ctx *cx, const struct unit *unit)
{
    return may_work(cx, WORK_RECEIVE, unit);
}

/* Reading */

static void
read_row(struct query *q, struct submission *out)
{
    out->state = state_of(query_peek_text(q, 0));
    out->note = query_get_text(q, 1);
    out->reason = query_get_null(q, 2) ? NULL : query_get_text(q, 2);
    out->version = query_get_int(q, 3);
    out->sent_at = query_get_int(q, 4);
}

static void
bind_unit(struct query *q, int i, void *arg)
{
    const struct unit *const *units = arg;
    query_int(q, "shard", units[i]->shard);
    query_int(q, "unit", units[i]->id);
}

enum status
submissions_read(struct ctx *cx, const struct unit *const *units, int count,
    const struct period *period, struct submission *out)
{
    for (int i = 0; i < count; i++)
        out[i] = (struct submission){.unit = units[i], .period = period, .note = ""};
    if (count == 0)
        return OK;
    struct query *q = query_new(cx, Q_SUBMISSION_GET);
    query_text(q, "period", period->key);
    query_each(q, count, bind_unit, (void *)units);
    while (query_next(q))
        read_row(q, &out[query_which(q)]);
    return query_end(q);
}

enum status
submission_read(struct ctx *cx, const struct unit *unit, const struct period *period,
    struct submission *out)
{
    return submissions_read(cx, &unit, 1, period, out);
}

bool
period_is_of_unit(const struct calendar *calendar, const struct period *period,
    const struct unit *unit, int32_t day)
{
    bool is_office = strcmp(unit_named(unit, day)->bloc, "chinh_quyen") == 0;
    enum period_kind wanted = is_office ? PERIOD_CUT_OFF : PERIOD_LICH;
    bool has_such = false;
    for (int i = 0; i < calendar->period_count; i++)
        has_such = has_such || calendar->periods[i].kind == wanted;
    return !has_such || period->kind == wanted || period->kind == PERIOD_RIENG;
}

/* Changing */

struct job {
    const struct submission_change *change;
    enum submission_state to;
};

static enum status
load_for_change(struct ctx *cx, const struct submission_change *change, struct submission *out)
{
    bool found;
    struct query *q = query_new(cx, Q_SUBMISSION_FOR_CHANGE);
    query_int(q, "shard", change->unit->shard);
    query_int(q, "unit", change->unit->id);
    query_text(q, "period", change->period->key);
    *out = (struct submission){.unit = change->unit, .period = change->period, .note = ""};
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    read_row(q, out);
    return query_end(q);
}

static enum status
check(struct ctx *cx, const struct job *job, const struct submission *before)
{
    const char *name = unit_named(before->unit, cx->world->today)->name;
    const char *period = period_name(cx, before->period);
    if (job->change->version != before->version)
        return fault_set(cx, ERR_STALE,
            "Báo cáo %s của %s vừa có thay đổi khác; mở lại trang để xem.", period, name);
    if (job->to == SUBMISSION_SENT && before->state == SUBMISSION_RECEIVED)
        return fault_set(cx, ERR_INVALID,
            "Báo cáo %s của %s đã được nhận; muốn gửi lại thì đề nghị trả lại trước.", period,
            name);
    if (job->to != SUBMISSION_SENT && before->state == SUBMISSION_NONE)
        return fault_set(cx, ERR_INVALID, "%s chưa gửi báo cáo %s.", name, period);
    if (job->to == SUBMISSION_RETURNED && *job->change->text == '\0')
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ly_do"},
            "Lý do còn trống; đơn vị cần biết vì sao báo cáo bị trả lại.");
    if (utf8_count(job->change->text) > SUBMISSION_NOTE_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "nhan_xet"},
            "Nhận xét: dài quá %d ký tự.", SUBMISSION_NOTE_MAX);
    return OK;
}

static enum status
note_audit(struct ctx *cx, const struct submission *after, const char *action)
{
    struct audit_note done = {.shard = after->unit->shard,
        .action = action,
        .subject = after->unit->id,
        .version = after->version,
        .detail = after->period->key};
    return audit_note(cx, &done);
}

static enum status
put(struct ctx *cx, void *arg)
{
    static const char *const actions[SUBMISSION_STATE__COUNT] = {"", "submission.send",
        "submission.return", "submission.receive"};
    const struct job *job = arg;
    struct submission after;
    TRY(load_for_change(cx, job->change, &after));
    TRY(check(cx, job, &after));
    after.version++;
    if (job->to == SUBMISSION_SENT) {
        after.note = job->change->text;
        after.sent_at = cx->now;
    }
    after.reason = job->to == SUBMISSION_RETURNED ? job->change->text : NULL;
    after.state = job->to;
    struct query *q = query_new(cx, Q_SUBMISSION_PUT);
    query_int(q, "shard", after.unit->shard);
    query_int(q, "unit", after.unit->id);
    query_text(q, "period", after.period->key);
    query_text(q, "state", states[after.state].key);
    query_text(q, "note", after.note);
    query_text(q, "reason", after.reason);
    query_int(q, "version", after.version);
    query_int(q, "sent_at", after.sent_at);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    TRY(query_run(q, NULL));
    return note_audit(cx, &after, actions[job->to]);
}

static enum status
refuse(struct ctx *cx, const struct unit *unit, const char *what)
{
    return fault_set(cx, ERR_FORBIDDEN, "Đồng chí không %s báo cáo của %s.", what,
        unit_named(unit, cx->world->today)->name);
}

enum status
submission_send(struct ctx *cx, const struct submission_change *change)
{
    struct job job = {change, SUBMISSION_SENT};
    if (!may_submit(cx, change->unit))
        return refuse(cx, change->unit, tr(cx, "gửi"));
    return world_write(cx, put, &job);
}

enum status
submission_return(struct ctx *cx, const struct submission_change *change)
{
    struct job job = {change, SUBMISSION_RETURNED};
    if (!may_receive(cx, change->unit))
        return refuse(cx, change->unit, tr(cx, "trả lại"));
    return world_write(cx, put, &job);
}

enum status
submission_receive(struct ctx *cx, const struct submission_change *change)
{
    struct job job = {change, SUBMISSION_RECEIVED};
    if (!may_receive(cx, change->unit) && !PLANTED("receiver_not_asked"))
        return refuse(cx, change->unit, tr(cx, "nhận"));
    return world_write(cx, put, &job);
}

/* Reminders */

struct reminding {
    const struct unit *const *units;
    int count;
    const struct period *period;
    const char *text;
};

static enum status
put_reminders(struct ctx *cx, void *arg)
{
    const struct reminding *job = arg;
    for (int i = 0; i < job->count; i++) {
        struct query *q = query_new(cx, Q_REMINDER_INSERT);
        query_int(q, "shard", job->units[i]->shard);
        query_int(q, "id", store_id(cx));
        query_int(q, "unit", job->units[i]->id);
        query_text(q, "period", job->period == NULL ? NULL : job->period->key);
        query_text(q, "text", job->text);
        query_int(q, "now", cx->now);
        query_int(q, "actor", cx->actor);
        TRY(query_run(q, NULL));
        struct audit_note done = {.shard = job->units[i]->shard,
            .action = "submission.remind",
            .subject = job->units[i]->id,
            .detail = job->period == NULL ? NULL : job->period->key};
        TRY(audit_note(cx, &done));
    }
    return OK;
}

enum status
remind(struct ctx *cx, const struct unit *const *units, int count, const struct period *period,
    const char *text)
{
    struct reminding job = {units, count, period, text};
    for (int i = 0; i < count; i++) {
        if (!may_receive(cx, units[i]))
            return refuse(cx, units[i], tr(cx, "đôn đốc"));
    }
    if (*text == '\0' || utf8_count(text) > REMINDER_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "loi_nhac"},
            "Lời đôn đốc: cần có, và nhiều nhất %d ký tự.", REMINDER_MAX);
    return world_write(cx, put_reminders, &job);
}

enum status
reminder_list(struct ctx *cx, struct reminder **out, int *count)
{
    const struct viewer *viewer = cx->viewer;
    *out = NULL;
    *count = 0;
    if (viewer == NULL || viewer->grant_count == 0)
        return OK;
    const struct unit **units =
        ARENA_ARRAY(cx->arena, const struct unit *, (size_t)viewer->grant_count);
    for (int i = 0; i < viewer->grant_count; i++)
        units[i] = viewer->grants[i].unit;
    struct query *q = query_new(cx, Q_REMINDER_OF_UNIT);
    query_int(q, "limit", REMINDERS_SHOWN);
    query_each(q, viewer->grant_count, bind_unit, (void *)units);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) = (struct reminder){.unit = units[query_which(q)],
            .period = query_get_null(q, 0)
                ? NULL
                : period_named(cx->world->calendar, query_peek_text(q, 0)),
            .text = query_get_text(q, 1),
            .at = query_get_int(q, 2),
            .who = query_get_text(q, 3)};
    return query_end(q);
}
