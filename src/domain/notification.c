/* Gathering what concerns an account, unit by unit of its roles. */
#include "domain/notification.h"

#include "domain/session.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    struct ctx *cx;
    const char *own;           /* the digest of the session that asks */
    int64_t seen, since;       /* until when it was seen; from when on it is gathered */
    const struct unit **units; /* of the viewer's roles, each once */
    int unit_count;
    struct notification *items;
    int count;
};

static const struct unit **
units_of(struct ctx *cx, int *count)
{
    const struct viewer *viewer = cx->viewer;
    const struct unit **units =
        ARENA_ARRAY(cx->arena, const struct unit *, (size_t)viewer->grant_count + 1);
    *count = 0;
    for (int i = 0; i < viewer->grant_count; i++) {
        bool is_known = false;
        for (int j = 0; j < *count; j++)
            is_known = is_known || units[j] == viewer->grants[i].unit;
        if (!is_known)
            units[(*count)++] = viewer->grants[i].unit;
    }
    return units;
}

static enum status
begin(struct ctx *cx, const char *own, struct gathering *out)
{
    bool found;
    int64_t oldest = cx->now - NOTIFICATION_DAYS * INT64_C(86400000);
    *out = (struct gathering){.cx = cx, .own = own};
    struct query *q = query_new(cx, Q_NOTIFICATION_SEEN_GET);
    query_int(q, "account", cx->viewer->account);
    TRY(query_one(q, &found));
    out->seen = found ? query_get_int(q, 0) : 0;
    if (found)
        TRY(query_end(q));
    out->since = oldest;
    out->units = units_of(cx, &out->unit_count);
    return OK;
}

static struct notification *
add(struct gathering *gathering, enum notification_kind kind, int64_t at)
{
    struct notification *item =
        ARENA_PUSH(gathering->cx->arena, gathering->items, gathering->count);
    item->kind = kind;
    item->at = at;
    item->is_new = at > gathering->seen;
    return item;
}

/* Reminders */

static enum status
add_reminders(struct gathering *gathering)
{
    struct reminder *reminders;
    int count;
    TRY(reminder_list(gathering->cx, &reminders, &count));
    for (int i = 0; i < count; i++) {
        bool is_known = false; /* two roles on one unit */
        for (int j = 0; j < i; j++)
            is_known = is_known ||
                (reminders[j].unit == reminders[i].unit && reminders[j].at == reminders[i].at &&
                    strcmp(reminders[j].text, reminders[i].text) == 0);
        if (is_known || reminders[i].at <= gathering->since)
            continue;
        struct notification *item = add(gathering, NOTIFICATION_REMINDER, reminders[i].at);
        item->unit = reminders[i].unit;
        item->period = reminders[i].period;
        item->text = reminders[i].text;
        item->who = reminders[i].who;
    }
    return OK;
}

/* Reports */

static void
bind_unit(struct query *q, int i, void *arg)
{
    const struct gathering *gathering = arg;
    query_int(q, "shard", gathering->units[i]->shard);
    query_int(q, "unit", gathering->units[i]->id);
}

static enum status
add_reports(struct gathering *gathering)
{
    struct ctx *cx = gathering->cx;
    struct query *q = query_new(cx, Q_NOTIFICATION_REPORTS);
    query_int(q, "since", gathering->since);
    query_int(q, "limit", NOTIFICATIONS_MAX);
    query_each(q, gathering->unit_count, bind_unit, gathering);
    while (query_next(q)) {
        const struct unit *unit = gathering->units[query_which(q)];
        if (!may_submit(cx, unit))
            continue;
        struct notification *item = add(gathering, NOTIFICATION_REPORT, query_get_int(q, 3));
        item->unit = unit;
        item->period = period_named(cx->world->calendar, query_peek_text(q, 0));
        item->state =
            strcmp(query_peek_text(q, 1), "nhan") == 0 ? SUBMISSION_RECEIVED : SUBMISSION_RETURNED;
        item->text = query_get_null(q, 2) ? NULL : query_get_text(q, 2);
    }
    return query_end(q);
}

/* Records */

struct changed {
    int64_t id, at;
    const char *reason, *who;
};

static const struct changed *
changed_of(const struct changed *changed, int count, int64_t id)
{
    for (int i = 0; i < count; i++) {
        if (changed[i].id == id)
            return &changed[i];
    }
    return NULL;
}

static enum status
add_records(struct gathering *gathering)
{
    struct ctx *cx = gathering->cx;
    struct record_key *keys = NULL;
    struct changed *changed = NULL;
    struct record **records;
    int count = 0, changed_count = 0, readable;
    struct query *q = query_new(cx, Q_NOTIFICATION_RECORDS);
    query_int(q, "account", cx->viewer->account);
    query_int(q, "since", gathering->since);
    query_int(q, "limit", NOTIFICATIONS_MAX);
    query_each(q, gathering->unit_count, bind_unit, gathering);
    while (query_next(q)) {
        *ARENA_PUSH(cx->arena, keys, count) =
            (struct record_key){query_get_int(q, 0), query_get_int(q, 1)};
        *ARENA_PUSH(cx->arena, changed, changed_count) = (struct changed){.id = query_get_int(q, 1),
            .at = query_get_int(q, 2),
            .reason = query_get_null(q, 4) ? NULL : query_get_text(q, 4),
            .who = query_get_null(q, 5) ? NULL : query_get_text(q, 5)};
    }
    TRY(query_end(q));
    TRY(record_load_readable(cx, keys, count, &records, &readable));
    for (int i = 0; i < readable; i++) {
        const struct changed *last = changed_of(changed, changed_count, records[i]->id);
        struct notification *item = add(gathering, NOTIFICATION_RECORD, last->at);
        item->record = records[i];
        item->text = last->reason;
        item->who = last->who;
    }
    return OK;
}

/* Sessions */

static struct query *
sessions_of(struct gathering *gathering, int64_t since)
{
    struct ctx *cx = gathering->cx;
    struct query *q = query_new(cx, Q_NOTIFICATION_SESSIONS);
    query_int(q, "account", cx->viewer->account);
    query_int(q, "since", since);
    query_int(q, "idle", cx->now - SESSION_IDLE_MINUTES * INT64_C(60000));
    query_int(q, "oldest", cx->now - SESSION_HOURS * INT64_C(3600000));
    query_text(q, "own", gathering->own);
    query_int(q, "limit", NOTIFICATIONS_MAX);
    return q;
}

static enum status
add_sessions(struct gathering *gathering)
{
    struct query *q = sessions_of(gathering, gathering->since);
    while (query_next(q)) {
        struct notification *item = add(gathering, NOTIFICATION_SESSION, query_get_int(q, 1));
        item->text = query_get_text(q, 0);
    }
    return query_end(q);
}

/* All of it */

static int
newest_first(const void *a, const void *b)
{
    const struct notification *left = a, *right = b;
    return (left->at < right->at) - (left->at > right->at);
}

enum status
notification_list(struct ctx *cx, const char *own, struct notification **out, int *count)
{
    struct gathering gathering;
    *out = NULL;
    *count = 0;
    if (cx->viewer == NULL)
        return OK;
    TRY(begin(cx, own, &gathering));
    if (gathering.unit_count > 0) {
        TRY(add_reminders(&gathering));
        TRY(add_reports(&gathering));
        TRY(add_records(&gathering));
    }
    TRY(add_sessions(&gathering));
    if (gathering.count > 1)
        qsort(gathering.items, (size_t)gathering.count, sizeof(*gathering.items), newest_first);
    *out = gathering.items;
    *count = gathering.count > NOTIFICATIONS_MAX ? NOTIFICATIONS_MAX : gathering.count;
    return OK;
}

static void
bind_count(struct query *q, int i, void *arg)
{
    const struct gathering *gathering = arg;
    bind_unit(q, i, arg);
    query_int(q, "sends", may_submit(gathering->cx, gathering->units[i]));
}

static enum status
count_of_units(struct gathering *gathering, int64_t since, int *out)
{
    struct query *q = query_new(gathering->cx, Q_NOTIFICATION_COUNT);
    query_int(q, "account", gathering->cx->viewer->account);
    query_int(q, "since", since);
    query_each(q, gathering->unit_count, bind_count, gathering);
    while (query_next(q))
        *out += (int)query_get_int(q, 0);
    return query_end(q);
}

enum status
notification_count(struct ctx *cx, const char *own, int *out)
{
    struct gathering gathering;
    *out = 0;
    if (cx->viewer == NULL)
        return OK;
    TRY(begin(cx, own, &gathering));
    int64_t since = gathering.seen > gathering.since ? gathering.seen : gathering.since;
    if (gathering.unit_count > 0)
        TRY(count_of_units(&gathering, since, out));
    struct query *q = sessions_of(&gathering, since);
    while (query_next(q))
        ++*out;
    return query_end(q);
}

static enum status
put_seen(struct ctx *cx, void *arg)
{
    (void)arg;
    struct query *q = query_new(cx, Q_NOTIFICATION_SEEN_PUT);
    query_int(q, "account", cx->viewer->account);
    query_int(q, "now", cx->now);
    return query_run(q, NULL);
}

enum status
notification_seen(struct ctx *cx)
{
    return world_write(cx, put_seen, NULL);
}
