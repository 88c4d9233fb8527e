/* Writing and reading requests to correct what is kept about people. */
#include "domain/contest.h"

#include "base/vi.h"
#include "domain/audit.h"
#include "domain/remark.h"
#include "domain/rights.h"
#include "store/store.h"

#include <string.h>

static const struct unit *
last_unit(const struct person *person)
{
    return person->spans[person->span_count - 1].unit;
}

enum status
contest_add(struct ctx *cx, const struct person *person, const char *text)
{
    const struct unit *unit = last_unit(person);
    struct audit_note done = {.shard = person->shard,
        .action = "person.contest",
        .subject = person->id,
        .version = person->version};
    if (utf8_count(text) > REMARK_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "noi_dung"},
            "Nội dung đề nghị: dài quá %d ký tự; hãy viết gọn lại.", REMARK_MAX);
    struct query *q = query_new(cx, Q_CONTEST_INSERT);
    query_int(q, "shard", unit->shard);
    query_int(q, "id", store_id(cx));
    query_int(q, "unit", unit->id);
    query_text(q, "person", person->code);
    query_text(q, "text", text);
    query_int(q, "now", cx->now);
    TRY(query_run(q, NULL));
    return audit_note(cx, &done);
}

enum status
contest_close(struct ctx *cx, const struct person *before)
{
    const struct unit *unit = last_unit(before);
    struct query *q = query_new(cx, Q_CONTEST_CLOSE);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    query_text(q, "person", before->code);
    return query_run(q, NULL);
}

static void
bind_unit(struct query *q, int i, void *arg)
{
    const struct unit **units = arg;
    query_int(q, "shard", units[i]->shard);
    query_int(q, "unit", units[i]->id);
}

static enum status
read_open(struct ctx *cx, const struct unit **units, int unit_count, struct contest **out,
    int *count)
{
    *out = NULL;
    *count = 0;
    if (unit_count == 0)
        return OK;
    struct query *q = query_new(cx, Q_CONTEST_OPEN);
    query_int(q, "limit", CONTESTS_MAX);
    query_each(q, unit_count, bind_unit, units);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) = (struct contest){.unit = units[query_which(q)],
            .person = query_get_text(q, 0),
            .text = query_get_text(q, 1),
            .at = query_get_int(q, 2)};
    return query_end(q);
}

static bool
is_among(const struct unit *const *units, int count, const struct unit *unit)
{
    for (int i = 0; i < count; i++) {
        if (units[i] == unit)
            return true;
    }
    return false;
}

enum status
contest_list(struct ctx *cx, struct contest **out, int *count)
{
    const struct viewer *viewer = cx->viewer;
    const struct unit **units = NULL;
    int unit_count = 0;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        struct scope own = tree_scope_own(cx->arena, cx->world->tree, viewer->grants[i].unit,
            DAY_MIN, DAY_MAX, cx->world->today);
        for (int j = 0; j < own.count; j++) {
            const struct unit *unit = own.items[j].unit;
            if (may_people(cx, unit) && !is_among(units, unit_count, unit))
                *ARENA_PUSH(cx->arena, units, unit_count) = unit;
        }
    }
    return read_open(cx, units, unit_count, out, count);
}

enum status
contest_of_person(struct ctx *cx, const struct person *person, struct contest **out, int *count)
{
    const struct unit *unit = last_unit(person);
    int found, kept = 0;
    TRY(read_open(cx, &unit, 1, out, &found));
    for (int i = 0; i < found; i++) {
        if (strcmp((*out)[i].person, person->code) == 0)
            (*out)[kept++] = (*out)[i];
    }
    *count = kept;
    return OK;
}
