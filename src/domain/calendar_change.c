/* Changing the calendar: everything is read and checked first, with all faults at once; then one
 * transaction writes what differs from the calendar of the world that it runs in. */
#include "domain/calendar.h"

#include "base/buf.h"
#include "base/table.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/world.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 250, YEAR_FIRST = 1900, YEAR_LAST = 2999, DUE_MAX = 60, DUE_USUAL = 5 };

/* Writing */

struct change {
    const char *action; /* for the audit */
    const char *detail; /* a file's name, a year, a key */
    struct holiday *holidays;
    struct period *periods;
    struct review *reviews;
    int count; /* of the one that is there */
    struct calendar_result *result;
};

static enum status
put_audit(struct ctx *cx, const struct change *change)
{
    struct audit_note done = {.shard = audit_home(cx),
        .action = change->action,
        .detail = change->detail};
    return audit_note(cx, &done);
}

static enum status
note_change(struct ctx *cx, const struct change *change)
{
    TRY(world_changed(cx));
    return put_audit(cx, change);
}

/* Count what one thing comes to; is there something to write? */
static bool
is_news(struct calendar_result *result, bool is_known, bool is_same)
{
    result->created += !is_known;
    result->changed += is_known && !is_same;
    result->unchanged += is_same;
    return !is_same;
}

static enum status
put_holiday(struct ctx *cx, const struct holiday *wanted, struct calendar_result *result)
{
    const struct holiday *known = holiday_on(cx->world->calendar, wanted->day);
    if (!is_news(result, known != NULL, known != NULL && strcmp(known->name, wanted->name) == 0))
        return OK;
    struct query *q = query_new(cx, Q_HOLIDAY_PUT);
    query_int(q, "day", wanted->day);
    query_text(q, "name", wanted->name);
    return query_run(q, NULL);
}

static bool
same_period(const struct period *a, const struct period *b)
{
    return strcmp(a->label, b->label) == 0 && a->from == b->from && a->to == b->to &&
        a->due == b->due;
}

static enum status
put_period(struct ctx *cx, const struct period *wanted, struct calendar_result *result)
{
    const struct period *known = period_named(cx->world->calendar, wanted->key);
    if (known != NULL && known->kind != wanted->kind)
        return fault_set(cx, ERR_CONFLICT,
            "Kỳ %s đã có, loại “%s”; hãy bỏ kỳ ấy hoặc dùng khóa khác.", known->key,
            period_kind_label(known->kind));
    if (!is_news(result, known != NULL, known != NULL && same_period(known, wanted)))
        return OK;
    struct query *q = query_new(cx, Q_PERIOD_PUT);
    query_int(q, "id", store_id(cx));
    query_text(q, "key", wanted->key);
    query_text(q, "kind", period_kind_key(wanted->kind));
    query_text(q, "label", wanted->label);
    query_int(q, "from", wanted->from);
    query_int(q, "to", wanted->to);
    query_int(q, "due", wanted->due);
    return query_run(q, NULL);
}

static bool
same_review(const struct review *a, const struct review *b)
{
    return strcmp(a->label, b->label) == 0 && strcmp(a->directive, b->directive) == 0 &&
        a->kind == b->kind && a->due == b->due;
}

static enum status
put_review(struct ctx *cx, const struct review *wanted, struct calendar_result *result)
{
    const struct review *known = review_named(cx->world->calendar, wanted->key);
    if (!is_news(result, known != NULL, known != NULL && same_review(known, wanted)))
        return OK;
    struct query *q = query_new(cx, Q_REVIEW_PUT);
    query_text(q, "key", wanted->key);
    query_text(q, "directive", wanted->directive);
    query_text(q, "kind", review_kind_key(wanted->kind));
    query_int(q, "due", wanted->due);
    query_text(q, "label", wanted->label);
    return query_run(q, NULL);
}

static enum status
write_change(struct ctx *cx, void *arg)
{
    const struct change *change = arg;
    struct calendar_result *result = change->result;
    *result = (struct calendar_result){.bare_year = result->bare_year};
    for (int i = 0; i < change->count; i++) {
        if (change->holidays != NULL)
            TRY(put_holiday(cx, &change->holidays[i], result));
        else if (change->periods != NULL)
            TRY(put_period(cx, &change->periods[i], result));
        else
            TRY(put_review(cx, &change->reviews[i], result));
    }
    return result->created + result->changed == 0 ? OK : note_change(cx, change);
}

/* Reading files */

enum { COLUMNS_MAX = 5 };

struct reading {
    const char *const *names; /* of the columns that must be there */
    int count;
    struct table table;
    int place[COLUMNS_MAX];
    const char *cell[COLUMNS_MAX]; /* of the line at hand, cleaned, in the arena */
    struct map *lines;             /* by what identifies a line: its number, as an int * */
};

static struct fault
at(const struct reading *reading, int column)
{
    return table_place(&reading->table, reading->table.line, reading->place[column]);
}

static enum status
reading_open(struct ctx *cx, struct reading *reading, const struct calendar_file *file)
{
    struct fault where = {.file = file->file, .line = 1, .column = 1};
    enum status status = OK;
    TRY(table_open(cx, &reading->table, file->file, file->text, file->length));
    reading->lines = map_new(cx->arena);
    for (int i = 0; i < reading->count; i++) {
        reading->place[i] = table_column(&reading->table, reading->names[i]);
        if (reading->place[i] < 0)
            status = fault_at(cx, ERR_INVALID, where, "Thiếu cột “%s”.", reading->names[i]);
    }
    return status;
}

static bool
reading_next(struct ctx *cx, struct reading *reading, enum status *status)
{
    if (!table_next(cx, &reading->table, status))
        return false;
    for (int i = 0; i < reading->count; i++)
        reading->cell[i] =
            vi_clean(cx->arena, arena_strdup(cx->arena, reading->table.cells[reading->place[i]]));
    return true;
}

static void
read_day(struct ctx *cx, const struct reading *reading, int column, int32_t *out)
{
    if (!date_parse(reading->cell[column], out))
        (void)fault_at(cx, ERR_INVALID, at(reading, column),
            "“%s” không phải là ngày; cần dạng 05/09/2026.", reading->cell[column]);
}

static bool
text_is_valid(const char *text)
{
    return *text != '\0' && utf8_count(text) <= TEXT_MAX;
}

static void
read_text(struct ctx *cx, const struct reading *reading, int column, const char **out)
{
    *out = reading->cell[column];
    if (!text_is_valid(*out))
        (void)fault_at(cx, ERR_INVALID, at(reading, column), "Tên còn trống hoặc dài quá %d ký tự.",
            TEXT_MAX);
}

/* What identifies a line stands once in a file. */
static void
claim(struct ctx *cx, const struct reading *reading, int column, const char *name)
{
    int *line = ARENA_NEW(cx->arena, int);
    *line = reading->table.line;
    const int *before = map_set(reading->lines, name, line);
    if (before != NULL)
        (void)fault_at(cx, ERR_INVALID, at(reading, column), "“%s” đã có ở dòng %d.",
            reading->cell[column], *before);
}

static enum status
end_reading(struct ctx *cx, enum status status, int faults_before, struct change *change)
{
    if (cx->faults.count == faults_before && status == OK)
        return world_write(cx, write_change, change);
    fault_sort(cx);
    return ERR_INVALID;
}

enum status
holiday_import(struct ctx *cx, const struct calendar_file *file, struct calendar_result *result)
{
    enum { DAY, NAME };
    static const char *const names[] = {"day", "name"};
    struct reading reading = {.names = names, .count = COUNT_OF(names)};
    struct change change = {"holiday import", file->file, .result = result};
    enum status status = OK;
    int before = cx->faults.count;
    *result = (struct calendar_result){0};
    TRY(reading_open(cx, &reading, file));
    while (reading_next(cx, &reading, &status)) {
        struct holiday *holiday = ARENA_PUSH(cx->arena, change.holidays, change.count);
        int faults = cx->faults.count;
        read_day(cx, &reading, DAY, &holiday->day);
        if (cx->faults.count == faults)
            claim(cx, &reading, DAY, date_iso(cx->arena, holiday->day));
        read_text(cx, &reading, NAME, &holiday->name);
    }
    return end_reading(cx, status, before, &change);
}

enum status
holiday_add(struct ctx *cx, const char *day, const char *name, struct calendar_result *result)
{
    struct holiday holiday = {.name = vi_clean(cx->arena, name)};
    struct change change = {"holiday add", day, .holidays = &holiday, .count = 1, .result = result};
    bool has_day = date_read(cx, "day", day, &holiday.day);
    *result = (struct calendar_result){0};
    if (!text_is_valid(holiday.name))
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "name"},
            "Tên còn trống hoặc dài quá %d ký tự.", TEXT_MAX);
    return has_day ? world_write(cx, write_change, &change) : ERR_INVALID;
}

/* Numbers of documents are written in several ways: "05-ct/tw" is 05-CT/TW. */
static bool
is_same_text(struct arena *arena, const char *a, const char *b)
{
    return strcmp(vi_fold(arena, a), vi_fold(arena, b)) == 0;
}

static void
read_directive(struct ctx *cx, const struct reading *reading, int column, const char **out)
{
    const struct model *model = cx->world->model;
    const char *text = reading->cell[column];
    struct buf known = buf_new(cx->arena);
    for (int i = 0; i < model->directive_count; i++) {
        const struct directive *directive = &model->directives[i];
        *out = directive->key;
        if (strcmp(text, directive->key) == 0 || is_same_text(cx->arena, text, directive->symbol))
            return;
        buf_printf(&known, "%s%s (%s)", i > 0 ? ", " : "", directive->symbol, directive->key);
    }
    (void)fault_at(cx, ERR_INVALID, at(reading, column), "Không có chỉ thị “%s”; có: %s.", text,
        buf_string(&known));
}

static void
read_review_kind(struct ctx *cx, const struct reading *reading, int column, enum review_kind *out)
{
    for (*out = 0; *out < REVIEW__COUNT; ++*out) {
        if (strcmp(reading->cell[column], review_kind_key(*out)) == 0)
            return;
    }
    (void)fault_at(cx, ERR_INVALID, at(reading, column),
        "“%s” không hợp lệ; cần so_ket hoặc tong_ket.", reading->cell[column]);
}

enum status
review_import(struct ctx *cx, const struct calendar_file *file, struct calendar_result *result)
{
    enum { KEY, DIRECTIVE, KIND, DUE, LABEL };
    static const char *const names[] = {"key", "directive", "kind", "due", "label"};
    struct reading reading = {.names = names, .count = COUNT_OF(names)};
    struct change change = {"review import", file->file, .result = result};
    enum status status = OK;
    int before = cx->faults.count;
    *result = (struct calendar_result){0};
    TRY(reading_open(cx, &reading, file));
    while (reading_next(cx, &reading, &status)) {
        struct review *review = ARENA_PUSH(cx->arena, change.reviews, change.count);
        review->key = reading.cell[KEY];
        if (!key_is_valid(review->key))
            (void)fault_at(cx, ERR_INVALID, at(&reading, KEY),
                "Khóa “%s” không hợp lệ; cần a-z, 0-9 và _, như ct05_3_nam.", review->key);
        else
            claim(cx, &reading, KEY, review->key);
        read_directive(cx, &reading, DIRECTIVE, &review->directive);
        read_review_kind(cx, &reading, KIND, &review->kind);
        read_day(cx, &reading, DUE, &review->due);
        read_text(cx, &reading, LABEL, &review->label);
    }
    return end_reading(cx, status, before, &change);
}

/* Periods */

static void
parse_number(struct ctx *cx, const char *field, const char *text, int first, int last, int *out)
{
    size_t digits = strspn(text, "0123456789");
    *out = digits > 0 && digits <= 4 && text[digits] == '\0' ? atoi(text) : first - 1;
    if (*out < first || *out > last)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = field},
            "“%s” không hợp lệ; cần một số từ %d đến %d.", text, first, last);
}

static void
parse_kind(struct ctx *cx, const char *text, enum period_kind *out)
{
    for (*out = 0; *out < PERIOD_RIENG; ++*out) {
        if (strcmp(text, period_kind_key(*out)) == 0)
            return;
    }
    (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "kind"},
        "Không có loại kỳ “%s”; có: lich (theo lịch), chot_14 (từ ngày 15 đến ngày 14).", text);
}

/* A year in which a due day lies while no holiday of it is known: the day may be a feast. */
static int
bare_year(const struct calendar *calendar, const struct period *periods, int count)
{
    for (int i = 0; i < count; i++) {
        int32_t first = year_start(periods[i].due), last = year_next(periods[i].due) - 1;
        bool is_known = false;
        for (int h = 0; h < calendar->holiday_count; h++)
            is_known = is_known ||
                (calendar->holidays[h].day >= first && calendar->holidays[h].day <= last);
        if (!is_known)
            return day_to_civil(first).year;
    }
    return 0;
}

enum status
period_make(struct ctx *cx, const struct period_make *input, struct calendar_result *result)
{
    struct period periods[STANDARD_PERIODS];
    enum period_kind kind;
    int year, due_days = DUE_USUAL, before = cx->faults.count;
    const struct calendar *calendar = cx->world->calendar;
    *result = (struct calendar_result){0};
    parse_number(cx, "year", input->year, YEAR_FIRST, YEAR_LAST, &year);
    parse_kind(cx, input->kind, &kind);
    if (input->due_days != NULL)
        parse_number(cx, "due", input->due_days, 0, DUE_MAX, &due_days);
    if (cx->faults.count > before)
        return ERR_INVALID;
    period_standard(cx->arena, calendar, year, kind, due_days, periods);
    result->bare_year = bare_year(calendar, periods, STANDARD_PERIODS);
    struct change change = {"period make",
        arena_printf(cx->arena, "%d %s", year, period_kind_key(kind)), .periods = periods,
        .count = STANDARD_PERIODS, .result = result};
    return world_write(cx, write_change, &change);
}

static void
check_order(struct ctx *cx, const struct period *period)
{
    if (period->from > period->to)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "to"},
            "Khoảng thời gian ngược: từ %s đến %s.", date_show(cx->arena, period->from),
            date_show(cx->arena, period->to));
    if (period->due < period->to)
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "due"},
            "Hạn %s đứng trước ngày cuối kỳ %s.", date_show(cx->arena, period->due),
            date_show(cx->arena, period->to));
}

static enum status
check_period(struct ctx *cx, const struct period_add *input, struct period *period)
{
    int before = cx->faults.count;
    if (!key_is_valid(input->key))
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "key"},
            "Khóa “%s” không hợp lệ; cần a-z, 0-9 và _, như giai_doan_2016_2020.", input->key);
    if (!text_is_valid(period->label))
        (void)fault_at(cx, ERR_INVALID, (struct fault){.field = "label"},
            "Tên còn trống hoặc dài quá %d ký tự.", TEXT_MAX);
    bool has_days = date_read(cx, "from", input->from, &period->from);
    has_days = date_read(cx, "to", input->to, &period->to) && has_days;
    if (input->due != NULL)
        has_days = date_read(cx, "due", input->due, &period->due) && has_days;
    else if (has_days)
        period->due = workday_add(cx->world->calendar, period->to, DUE_USUAL);
    if (has_days)
        check_order(cx, period);
    return cx->faults.count > before ? ERR_INVALID : OK;
}

enum status
period_add(struct ctx *cx, const struct period_add *input, struct calendar_result *result)
{
    struct period period = {.key = input->key,
        .label = vi_clean(cx->arena, input->label),
        .kind = PERIOD_RIENG};
    struct change change = {"period add", input->key, .periods = &period, .count = 1,
        .result = result};
    *result = (struct calendar_result){0};
    TRY(check_period(cx, input, &period));
    return world_write(cx, write_change, &change);
}

/* Taking out */

struct removal {
    struct change change;
    enum query_name query;
    int32_t day;     /* of a holiday */
    const char *key; /* else; NULL: a day */
};

/* What a report was sent for stays. */
static enum status
check_unused(struct ctx *cx, const struct removal *removal)
{
    bool found;
    struct query *q = query_new(cx, Q_SUBMISSION_OF_PERIOD);
    query_text(q, "period", removal->key);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    TRY(query_end(q));
    return fault_set(cx, ERR_CONFLICT, "Kỳ %s đã có báo cáo gửi lên nên không bỏ được.",
        removal->key);
}

static enum status
write_removal(struct ctx *cx, void *arg)
{
    const struct removal *removal = arg;
    int64_t changed;
    if (removal->query == Q_PERIOD_DELETE)
        TRY(check_unused(cx, removal));
    struct query *q = query_new(cx, removal->query);
    if (removal->key == NULL)
        query_int(q, "day", removal->day);
    else
        query_text(q, "key", removal->key);
    TRY(query_run(q, &changed));
    if (changed == 0)
        return fault_set(cx, ERR_NOT_FOUND, "Không có “%s” trong lịch.", removal->change.detail);
    return note_change(cx, &removal->change);
}

enum status
holiday_remove(struct ctx *cx, const char *day)
{
    struct removal removal = {{"holiday remove", day}, Q_HOLIDAY_DELETE, 0, NULL};
    if (!date_read(cx, "day", day, &removal.day))
        return ERR_INVALID;
    return world_write(cx, write_removal, &removal);
}

enum status
period_remove(struct ctx *cx, const char *key)
{
    struct removal removal = {{"period remove", key}, Q_PERIOD_DELETE, 0, key};
    return world_write(cx, write_removal, &removal);
}

enum status
review_remove(struct ctx *cx, const char *key)
{
    struct removal removal = {{"review remove", key}, Q_REVIEW_DELETE, 0, key};
    return world_write(cx, write_removal, &removal);
}
