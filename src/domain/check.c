/* The check and the rebuild. */
#include "domain/check.h"

#include "base/buf.h"
#include "base/number.h"
#include "domain/audit.h"
#include "domain/blob.h"
#include "domain/build.h"
#include "domain/cell.h"
#include "domain/check_parts.h"
#include "domain/fact.h"
#include "domain/form.h"
#include "domain/headcount.h"
#include "domain/record_scan.h"
#include "domain/search_words.h"
#include "domain/tally.h"

#include <string.h>

void
check_differ(struct ctx *cx, struct check_result *out, const char *kind, const char *where,
    const char *what)
{
    if (out->count == CHECK_DIFFERENCES_MAX)
        out->left_out++;
    else
        *ARENA_PUSH(cx->arena, out->differences, out->count) =
            (struct difference){kind, where, what};
}

/* Facts against the recount */

static const char *
code_of(struct ctx *cx, int64_t shard, int64_t id)
{
    const char *code = arena_printf(cx->arena, "#%lld/%lld", (long long)shard, (long long)id);
    bool found;
    struct query *q = query_new(cx, Q_RECORD_CODE);
    query_int(q, "shard", shard);
    query_int(q, "id", id);
    if (query_one(q, &found) != OK || !found)
        return code;
    code = query_get_text(q, 0);
    return query_end(q) == OK ? code : "";
}

struct odd_fact {
    bool counted; /* by the recount; else it is stored */
    const struct indicator *indicator;
    int64_t shard, record, day, seq, value;
};

static enum status
check_counted(struct ctx *cx, const struct sql *difference, int64_t shard, struct check_result *out)
{
    struct odd_fact *odd = NULL;
    int count = 0;
    struct query *q = query_sql(cx, difference);
    query_int(q, "shard", shard);
    while (query_next(q)) {
        struct odd_fact one = {strcmp(query_peek_text(q, 0), "recount") == 0,
            world_indicator_of(cx->world, query_get_int(q, 1)), query_get_int(q, 2),
            query_get_int(q, 5), query_get_int(q, 4), query_get_int(q, 6), query_get_int(q, 8)};
        if (count < CHECK_DIFFERENCES_MAX)
            *ARENA_PUSH(cx->arena, odd, count) = one;
        else
            out->left_out++;
    }
    TRY(query_end(q));
    for (int i = 0; i < count; i++)
        check_differ(cx, out, "fact",
            arena_printf(cx->arena, "%s %s dòng %lld", odd[i].indicator->key,
                code_of(cx, odd[i].shard, odd[i].record), (long long)odd[i].seq),
            arena_printf(cx->arena, "%s %s, ngày %s",
                odd[i].counted ? "hồ sơ cho, dữ kiện không có:" : "dữ kiện có, hồ sơ không cho:",
                number_show(cx->arena, odd[i].value, odd[i].indicator->scale),
                date_show(cx->arena, (int32_t)odd[i].day)));
    return OK;
}

static enum status
check_facts(struct ctx *cx, struct check_result *out)
{
    const struct world *world = cx->world;
    for (int i = 0; i < world->model->register_count; i++) {
        const struct sql *difference = sqlgen_difference(cx->arena, world->sql, world->model,
            &world->model->registers[i], world->indicator_ids);
        for (int s = 0; difference != NULL && s < world->tree->shard_count; s++)
            TRY(check_counted(cx, difference, world->tree->shards[s], out));
    }
    return OK;
}

static enum status
check_orphans(struct ctx *cx, struct check_result *out)
{
    struct query *q = query_new(cx, Q_FACT_ORPHANS);
    while (query_next(q))
        check_differ(cx, out, "fact",
            arena_printf(cx->arena, "#%lld", (long long)query_get_int(q, 0)),
            arena_printf(cx->arena, "%lld dữ kiện của một chỉ số không còn dùng",
                (long long)query_get_int(q, 1)));
    return query_end(q);
}

/* Cells and deltas against facts */

/* To every unit that keeps sums and stood above the bearer on that day; asked from above, where
 * domain/cell.c walks up from below. */
static void
tally_change(struct tally *tally, const struct unit **keepers, int count, const struct unit *bearer,
    struct tally_item item, int32_t day)
{
    for (int i = 0; i < count; i++) {
        if (!unit_inside(unit_place(bearer, day), keepers[i], day))
            continue;
        for (int grain = 0; grain < GRAIN__COUNT; grain++) {
            struct tally_item one = item;
            one.unit = keepers[i]->id;
            one.grain = grain;
            one.bucket = cell_bucket((enum grain)grain, day);
            if (cell_is_total((enum grain)grain))
                one.cut = 0;
            if (grain != GRAIN_DAY_CUT || keepers[i]->day_cells)
                tally_add(tally, &one);
        }
    }
}

/* Facts and deltas come in the same columns but for the sums. */
static enum status
tally_rows(struct ctx *cx, struct tally *tally, const struct unit **keepers, int count,
    int64_t shard, bool deltas)
{
    struct query *q = query_new(cx, deltas ? Q_DELTA_ALL : Q_FACT_FOR_CHECK);
    query_int(q, "shard", shard);
    while (query_next(q)) {
        const struct unit *bearer = tree_unit(cx->world->tree, query_get_int(q, 1));
        struct tally_item item = {.shard = shard,
            .indicator = query_get_int(q, 0),
            .cut = query_get_int(q, 3)};
        struct sum sum = deltas ? (struct sum){query_get_int(q, 4), query_get_int(q, 5),
                                      query_get_int(q, 6), query_get_int(q, 7), query_get_int(q, 8)}
                                : sum_of_fact(query_get_int(q, 4), (int)query_get_int(q, 5));
        sum_add(&item.sum, &sum, deltas ? -1 : 1);
        if (bearer != NULL && world_keeps_sums(cx->world, item.indicator))
            tally_change(tally, keepers, count, bearer, item, (int32_t)query_get_int(q, 2));
    }
    return query_end(q);
}

static enum status
tally_cells(struct ctx *cx, struct tally *tally, int64_t shard, struct check_result *out)
{
    struct query *q = query_new(cx, Q_ROLL_ALL);
    query_int(q, "shard", shard);
    while (query_next(q)) {
        struct tally_item item = {.shard = shard,
            .unit = query_get_int(q, 0),
            .indicator = query_get_int(q, 1),
            .grain = query_get_int(q, 2),
            .bucket = query_get_int(q, 3),
            .cut = query_get_int(q, 4)};
        struct sum sum = {query_get_int(q, 5), query_get_int(q, 6), query_get_int(q, 7),
            query_get_int(q, 8), query_get_int(q, 9)};
        sum_add(&item.sum, &sum, -1);
        tally_add(tally, &item);
        out->cells++;
    }
    return query_end(q);
}

static void
report_cells(struct ctx *cx, struct tally *tally, struct check_result *out)
{
    static const struct sum zero;
    static const char *const grains[] = {"năm", "năm, chia", "tháng", "tháng, chia", "ngày, chia"};
    tally_sort(tally);
    for (int i = 0; i < tally->count; i++) {
        const struct tally_item *item = &tally->items[i];
        const struct unit *unit = tree_unit(cx->world->tree, item->unit);
        const struct indicator *indicator = world_indicator_of(cx->world, item->indicator);
        if (memcmp(&item->sum, &zero, sizeof(zero)) == 0)
            continue;
        check_differ(cx, out, "cell",
            arena_printf(cx->arena, "%s %s %s %s cắt %lld",
                indicator == NULL ? "?" : indicator->key,
                unit_named(unit, (int32_t)item->bucket)->code, grains[item->grain],
                date_show(cx->arena, (int32_t)item->bucket), (long long)item->cut),
            arena_printf(cx->arena,
                "dữ kiện trừ ô và biến động còn: giá trị %lld, số %lld, hơn %lld, gần %lld, khoảng "
                "%lld",
                (long long)item->sum.value, (long long)item->sum.n, (long long)item->sum.n_over,
                (long long)item->sum.n_under, (long long)item->sum.n_about));
    }
}

static enum status
check_cells(struct ctx *cx, struct check_result *out)
{
    const struct tree *tree = cx->world->tree;
    const struct unit **keepers = NULL;
    int count = 0;
    for (int i = 0; i < tree->count; i++) {
        if (tree->units[i].month_cells)
            *ARENA_PUSH(cx->arena, keepers, count) = &tree->units[i];
    }
    for (int i = 0; i < tree->shard_count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct tally tally = {.arena = cx->arena};
        int differences = out->count;
        TRY(tally_rows(cx, &tally, keepers, count, tree->shards[i], false));
        TRY(tally_rows(cx, &tally, keepers, count, tree->shards[i], true));
        TRY(tally_cells(cx, &tally, tree->shards[i], out));
        report_cells(cx, &tally, out);
        if (out->count == differences)
            arena_release(cx->arena, mark);
    }
    return OK;
}

/* Records against their history */

static enum status
check_files(struct ctx *cx, const struct record *record, struct check_result *out)
{
    for (int f = 0; f < record->reg->field_count; f++) {
        const struct value *value = &record->fields.values[f];
        struct attachment *items = NULL;
        int count = record->reg->fields[f].kind != KIND_FILES || value->is_null
            ? 0
            : attachments_read(cx->arena, value->text, &items);
        for (int i = 0; i < count; i++) {
            const char *fault;
            TRY(blob_fault(cx, record->shard, items[i].digest, &fault));
            if (fault != NULL)
                check_differ(cx, out, "blob", record->code,
                    arena_printf(cx->arena, "tệp %s (%s): %s", items[i].name, items[i].digest,
                        fault));
        }
    }
    return OK;
}

static enum status
check_history(struct ctx *cx, const struct record *record, struct check_result *out)
{
    bool found;
    TRY(check_files(cx, record, out));
    TRY(check_words(cx, record, out));
    struct query *q = query_new(cx, Q_HISTORY_LAST);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    TRY(query_one(q, &found));
    if (!found) {
        check_differ(cx, out, "record", record->code, "không có lịch sử");
        return OK;
    }
    int64_t version = query_get_int(q, 0), unit = query_get_int(q, 1);
    const char *state = query_get_text(q, 2), *body = query_get_text(q, 3);
    int64_t directives = query_get_int(q, 4);
    TRY(query_end(q));
    struct buf now = buf_new(cx->arena);
    row_json(&now, cx->world, record->reg->fields, record->reg->field_count, &record->fields);
    if (directives != record->directives)
        check_differ(cx, out, "record", record->code, "các chỉ thị khác với lịch sử");
    if (version != record->version || unit != record->unit->id)
        check_differ(cx, out, "record", record->code, "phiên bản hoặc đơn vị khác với lịch sử");
    if (strcmp(state, record->stored_state) != 0)
        check_differ(cx, out, "record", record->code,
            arena_printf(cx->arena, "trạng thái “%s” khác với lịch sử “%s”", record->stored_state,
                state));
    if (strcmp(body, buf_string(&now)) != 0)
        check_differ(cx, out, "record", record->code,
            arena_printf(cx->arena, "nội dung khác với lịch sử: %s thay vì %s", buf_string(&now),
                body));
    return OK;
}

/* One that may not even be readable. */
static enum status
check_record(struct ctx *cx, int64_t shard, int64_t id, struct check_result *out)
{
    struct record *record = NULL;
    int before = cx->faults.count;
    enum status status = record_load_id(cx, shard, id, &record);
    if (status == OK || cx->faults.count == before)
        return status != OK ? status : check_history(cx, record, out);
    check_differ(cx, out, "record", code_of(cx, shard, id), cx->faults.items[before].message);
    fault_forget(cx, before);
    return OK;
}

struct identity {
    int64_t shard, id;
};

static enum status
list_records(struct ctx *cx, int64_t shard, struct identity **out, int *count)
{
    struct query *q = query_new(cx, Q_RECORD_ALL);
    query_int(q, "shard", shard);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct identity){query_get_int(q, 0), query_get_int(q, 1)};
    return query_end(q);
}

/* One by one: what cannot be read in a row is found and named. */
static enum status
check_singly(struct ctx *cx, int64_t shard, struct check_result *out)
{
    struct identity *ids = NULL;
    int count = 0;
    TRY(list_records(cx, shard, &ids, &count));
    for (int r = 0; r < count; r++) {
        struct arena_mark row = arena_mark(cx->arena);
        int known = out->count;
        TRY(check_record(cx, ids[r].shard, ids[r].id, out));
        if (out->count == known)
            arena_release(cx->arena, row);
    }
    return OK;
}

static enum status
check_register(struct ctx *cx, const struct record_range *range, struct check_result *out,
    int64_t *seen)
{
    struct record_scan *scan = record_scan_begin(cx, range);
    struct record *record;
    enum status status = OK;
    while (status == OK) {
        struct arena_mark row = arena_mark(cx->arena);
        int known = out->count;
        if (!record_scan_next(scan, &record))
            break;
        ++*seen;
        status = check_history(cx, record, out);
        if (out->count == known)
            arena_release(cx->arena, row);
    }
    enum status end = record_scan_end(scan);
    return status != OK ? status : end;
}

static enum status
check_shard(struct ctx *cx, const struct scan_sql **scans, int64_t shard, struct check_result *out)
{
    const struct model *model = cx->world->model;
    struct check_result before = *out;
    int faults = cx->faults.count;
    int64_t seen = 0, all;
    bool found;
    enum status status = OK;
    struct query *q = query_new(cx, Q_RECORD_COUNT_SHARD);
    query_int(q, "shard", shard);
    TRY(query_one(q, &found));
    all = query_get_int(q, 0);
    TRY(query_end(q));
    for (int i = 0; i < model->register_count && status == OK; i++) {
        struct record_range range = {&model->registers[i], scans[i], shard, 0, INT64_MAX, false};
        status = check_register(cx, &range, out, &seen);
    }
    if (status != OK || seen != all) {
        fault_forget(cx, faults);
        *out = before;
        TRY(check_singly(cx, shard, out));
    }
    out->records += all;
    return OK;
}

static const struct scan_sql **
scans_of(struct ctx *cx)
{
    const struct model *model = cx->world->model;
    const struct scan_sql **scans =
        ARENA_ARRAY(cx->arena, const struct scan_sql *, (size_t)model->register_count + 1);
    for (int i = 0; i < model->register_count; i++)
        scans[i] = sqlgen_scan(cx->arena, &model->registers[i]);
    return scans;
}

static enum status
check_records(struct ctx *cx, struct check_result *out)
{
    const struct tree *tree = cx->world->tree;
    const struct scan_sql **scans = scans_of(cx);
    for (int i = 0; i < tree->shard_count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        int differences = out->count;
        TRY(check_shard(cx, scans, tree->shards[i], out));
        if (out->count == differences)
            arena_release(cx->arena, mark);
    }
    return OK;
}

static enum status
check_audit(struct ctx *cx, struct check_result *out)
{
    struct audit_result result;
    TRY(audit_verify_heads(cx, &result));
    for (int i = 0; i < result.count; i++) {
        const struct audit_finding *finding = &result.findings[i];
        check_differ(cx, out, "audit",
            arena_printf(cx->arena, "phân vùng %lld %s", (long long)finding->shard, finding->where),
            finding->what);
    }
    return OK;
}

enum status
check_all(struct ctx *cx, struct check_result *out)
{
    bool found;
    *out = (struct check_result){0};
    TRY(check_facts(cx, out));
    TRY(check_orphans(cx, out));
    struct query *q = query_new(cx, Q_FACT_COUNT);
    TRY(query_one(q, &found));
    out->facts = query_get_int(q, 0);
    TRY(query_end(q));
    TRY(check_cells(cx, out));
    TRY(check_people(cx, out));
    TRY(check_search(cx, out));
    TRY(check_audit(cx, out));
    return check_records(cx, out);
}

/* Rebuilding */

static enum status
derive_register(struct ctx *cx, const struct record_range *range)
{
    struct record_scan *scan = record_scan_begin(cx, range);
    struct record *record;
    enum status status = OK;
    while (status == OK) {
        struct arena_mark row = arena_mark(cx->arena);
        if (!record_scan_next(scan, &record))
            break;
        status = fact_update(cx, record, true, true);
        if (status == OK)
            status = search_update(cx, record, false);
        arena_release(cx->arena, row);
    }
    enum status end = record_scan_end(scan);
    return status != OK ? status : end;
}

static enum status
derive_all(struct ctx *cx)
{
    const struct tree *tree = cx->world->tree;
    const struct model *model = cx->world->model;
    const struct scan_sql **scans = scans_of(cx);
    for (int i = 0; i < tree->shard_count; i++) {
        for (int r = 0; r < model->register_count; r++) {
            struct record_range range = {&model->registers[r], scans[r], tree->shards[i], 0,
                INT64_MAX, false};
            TRY(derive_register(cx, &range));
        }
    }
    return OK;
}

/* Not while a pack is being applied: its facts would go too. */
static enum status
rebuild(struct ctx *cx, void *arg)
{
    const struct world *fresh;
    struct build_lease lease;
    (void)arg;
    TRY(store_alone(cx));
    TRY(build_hold(cx, &lease));
    TRY(query_run(query_new(cx, Q_FACT_CLEAR), NULL));
    TRY(query_run(query_new(cx, Q_DELTA_CLEAR), NULL));
    TRY(query_run(query_new(cx, Q_ROLL_CLEAR), NULL));
    TRY(query_run(query_new(cx, Q_SEARCH_ORPHANS_DELETE), NULL));
    TRY(query_run(query_new(cx, Q_SEARCH_REBUILD), NULL));
    TRY(derive_all(cx));
    TRY(world_changed(cx));
    TRY(world_load(cx, cx->arena, &fresh));
    TRY(headcount_rebuild(cx));
    TRY(cell_refresh(cx, fresh, NULL, 0));
    return build_release(cx);
}

enum status
rebuild_all(struct ctx *cx)
{
    return world_write(cx, rebuild, NULL);
}
