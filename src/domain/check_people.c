/* The check of people. What came and went is told by SQL from the memberships, and put together
 * here without the code that keeps the sums. */
#include "domain/check_parts.h"

#include "domain/headcount.h"
#include "domain/person_write.h"

#include <string.h>

/* Sums */

static void
take_off(struct tally *tally, struct tally_item item, int64_t unit, enum headcount_grain grain,
    int32_t bucket)
{
    item.unit = unit;
    item.grain = grain;
    item.bucket = bucket;
    tally_add(tally, &item);
}

static enum status
tally_changes(struct ctx *cx, struct tally *tally)
{
    struct query *q = query_new(cx, Q_MEMBER_CHANGES);
    query_int(q, "open", DAY_MAX);
    while (query_next(q)) {
        int64_t unit = query_get_int(q, 1);
        int32_t day = (int32_t)query_get_int(q, 2);
        struct civil civil = day_to_civil(day);
        struct tally_item item = {.shard = query_get_int(q, 0),
            .cut = person_status_of(query_peek_text(q, 3)),
            .sum = {.value = query_get_int(q, 4)}};
        take_off(tally, item, 0, HEADCOUNT_ALL, 0);
        take_off(tally, item, 0, HEADCOUNT_YEAR, day_from_civil((struct civil){civil.year, 1, 1}));
        take_off(tally, item, 0, HEADCOUNT_MONTH, day - civil.day + 1);
        take_off(tally, item, 0, HEADCOUNT_DAY, day);
        take_off(tally, item, unit, HEADCOUNT_ALL, 0);
        take_off(tally, item, unit, HEADCOUNT_DAY, day);
    }
    return query_end(q);
}

static enum status
tally_stored(struct ctx *cx, struct tally *tally)
{
    struct query *q = query_new(cx, Q_HEADCOUNT_ALL);
    while (query_next(q)) {
        struct tally_item item = {.shard = query_get_int(q, 0),
            .unit = query_get_int(q, 1),
            .grain = query_get_int(q, 2),
            .bucket = query_get_int(q, 3),
            .cut = person_status_of(query_peek_text(q, 4)),
            .sum = {.value = -query_get_int(q, 5)}};
        tally_add(tally, &item);
    }
    return query_end(q);
}

static void
report_sums(struct ctx *cx, struct tally *tally, struct check_result *out)
{
    static const char *const grains[] = {"tất cả", "năm", "tháng", "ngày"};
    tally_sort(tally);
    for (int i = 0; i < tally->count; i++) {
        const struct tally_item *item = &tally->items[i];
        const struct unit *unit = tree_unit(cx->world->tree, item->unit);
        if (item->sum.value == 0)
            continue;
        check_differ(cx, out, "headcount",
            arena_printf(cx->arena, "phân vùng %lld %s %s %s %s", (long long)item->shard,
                unit == NULL ? "" : unit_named(unit, cx->world->today)->code, grains[item->grain],
                item->grain == HEADCOUNT_ALL ? "" : date_show(cx->arena, (int32_t)item->bucket),
                person_status_key((enum person_status)item->cut)),
            arena_printf(cx->arena, "số người từ các lần sinh hoạt trừ số đã lưu: %lld",
                (long long)item->sum.value));
    }
}

/* People */

static enum status
compare_history(struct ctx *cx, const struct person *person, struct check_result *out)
{
    bool found;
    struct query *q = query_new(cx, Q_PERSON_HISTORY_LAST);
    query_int(q, "shard", person->shard);
    query_int(q, "person", person->id);
    TRY(query_one(q, &found));
    if (!found) {
        check_differ(cx, out, "person", person->code, "không có lịch sử");
        return OK;
    }
    if (query_get_int(q, 0) != person->version)
        check_differ(cx, out, "person", person->code, "phiên bản khác với lịch sử");
    else if (strcmp(query_peek_text(q, 1), person_json(cx, person)) != 0)
        check_differ(cx, out, "person", person->code, "nội dung khác với lịch sử");
    return query_end(q);
}

static enum status
check_person(struct ctx *cx, int64_t shard, int64_t id, const char *sort_key,
    struct check_result *out)
{
    int before = cx->faults.count;
    struct person *person;
    struct query *q = query_new(cx, Q_PERSON_BY_ID);
    query_int(q, "shard", shard);
    query_int(q, "id", id);
    enum status status = person_read(cx, q, &person);
    if (status != OK && cx->faults.count > before) {
        check_differ(cx, out, "person", person == NULL ? "" : person->code,
            cx->faults.items[before].message);
        fault_forget(cx, before);
        return OK;
    }
    if (person->span_count == 0)
        check_differ(cx, out, "person", person->code, "không thuộc đơn vị nào");
    if (person_given_at(person->name, person->given) == NULL ||
        strcmp(sort_key, person_sort_key(cx->arena, person->name, person->given)) != 0)
        check_differ(cx, out, "person", person->code, "khóa sắp xếp khác với tên");
    return compare_history(cx, person, out);
}

struct identity {
    int64_t id;
    const char *sort_key;
};

static enum status
check_shard(struct ctx *cx, int64_t shard, struct check_result *out)
{
    struct identity *items = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_PERSON_LIST);
    query_int(q, "shard", shard);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, items, count) =
            (struct identity){query_get_int(q, 0), query_get_text(q, 1)};
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        int known = out->count;
        TRY(check_person(cx, shard, items[i].id, items[i].sort_key, out));
        if (out->count == known)
            arena_release(cx->arena, mark);
    }
    out->people += count;
    return OK;
}

static enum status
check_overlaps(struct ctx *cx, struct check_result *out)
{
    struct query *q = query_new(cx, Q_MEMBER_OVERLAPS);
    while (query_next(q))
        check_differ(cx, out, "person",
            arena_printf(cx->arena, "#%lld/%lld", (long long)query_get_int(q, 0),
                (long long)query_get_int(q, 1)),
            "thuộc hai đơn vị trong một ngày");
    return query_end(q);
}

enum status
check_people(struct ctx *cx, struct check_result *out)
{
    const struct tree *tree = cx->world->tree;
    struct tally tally = {.arena = cx->arena};
    TRY(tally_changes(cx, &tally));
    TRY(tally_stored(cx, &tally));
    report_sums(cx, &tally, out);
    TRY(check_overlaps(cx, out));
    for (int i = 0; i < tree->shard_count; i++)
        TRY(check_shard(cx, tree->shards[i], out));
    return OK;
}
