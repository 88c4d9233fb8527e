/* People: the rules of what is typed, the writing of a version, and changes of one person. */
#include "domain/person_write.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/contest.h"
#include "domain/headcount.h"
#include "domain/record.h"

#include <stdlib.h>
#include <string.h>

/* What people type */

static bool refuse(struct ctx *cx, struct fault where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool
refuse(struct ctx *cx, struct fault where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = arena_vprintf(cx->arena, format, arguments);
    va_end(arguments);
    (void)fault_at(cx, ERR_INVALID, where, "%s", message);
    return false;
}

/* The bytes of a blank, also of the no-break ones that come with pasted text; 0 for anything else.
 */
static size_t
blank_length(const char *c)
{
    static const char *const blanks[] = {" ", "\t", "\n", "\u00a0", "\u202f"};
    for (size_t i = 0; i < COUNT_OF(blanks); i++) {
        if (strncmp(c, blanks[i], strlen(blanks[i])) == 0)
            return strlen(blanks[i]);
    }
    return 0;
}

/* One line with single blanks, in the form that is stored. */
static const char *
one_line(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena);
    for (const char *c = vi_clean(arena, text); *c != '\0';) {
        size_t blank = blank_length(c);
        if (blank == 0)
            buf_char(&out, *c);
        else if (blank_length(c + blank) == 0)
            buf_char(&out, ' ');
        c += blank == 0 ? 1 : blank;
    }
    return buf_string(&out);
}

const char *const person_columns[PERSON_COLUMN__COUNT] = {"code", "origin", "name", "given", "unit",
    "from", "to", "status", "post"};

static struct fault
place(const struct person_cells *cells, enum person_column column)
{
    struct fault where = cells->where;
    where.column = cells->column[column];
    where.field = person_columns[column];
    return where;
}

static bool
fill_name(struct ctx *cx, const struct person_cells *cells, struct person *person)
{
    person->name = one_line(cx->arena, cells->cell[PERSON_NAME]);
    if (*person->name != '\0' && utf8_count(person->name) <= PERSON_NAME_MAX)
        return true;
    return refuse(cx, place(cells, PERSON_NAME),
        tr(cx, "Họ và tên còn trống hoặc dài quá %d ký tự."), PERSON_NAME_MAX);
}

static bool
fill_given(struct ctx *cx, const struct person_cells *cells, struct person *person)
{
    const char *text = cells->cell[PERSON_GIVEN];
    const char *last = strrchr(person->name, ' ');
    if (text != NULL)
        person->given = one_line(cx->arena, text);
    bool is_default = person->given == NULL || *person->given == '\0' ||
        (text == NULL && person_given_at(person->name, person->given) == NULL);
    if (is_default)
        person->given = last == NULL ? person->name : last + 1;
    if (person_given_at(person->name, person->given) != NULL)
        return true;
    return refuse(cx, place(cells, PERSON_GIVEN),
        tr(cx,
            "Tên “%s” không nằm trong họ và tên “%s”; cần một hay nhiều chữ liền nhau của họ và "
            "tên."),
        person->given, person->name);
}

static bool
fill_day(struct ctx *cx, const struct person_cells *cells, enum person_column column,
    int32_t absent, int32_t *out)
{
    const char *text = cells->cell[column];
    if (text == NULL)
        return true;
    *out = absent;
    if (*text == '\0' || date_parse(text, out))
        return true;
    return refuse(cx, place(cells, column),
        tr(cx, "“%s” không phải là ngày; cần dạng 05/09/2026 hoặc để trống."), text);
}

static bool
fill_status(struct ctx *cx, const struct person_cells *cells, struct membership *span)
{
    const char *text = cells->cell[PERSON_STATUS];
    int status = text == NULL ? (int)span->status : person_status_find(cx->arena, text);
    if (status < 0)
        return refuse(cx, place(cells, PERSON_STATUS),
            tr(cx, "“%s” không hợp lệ; cần chinh_thuc, du_bi hoặc ngoai_dang."), text);
    span->status = (enum person_status)status;
    return true;
}

static bool
fill_post(struct ctx *cx, const struct person_cells *cells, struct membership *span)
{
    if (cells->cell[PERSON_POST] == NULL)
        return true;
    span->post = one_line(cx->arena, cells->cell[PERSON_POST]);
    if (utf8_count(span->post) <= PERSON_POST_MAX)
        return true;
    return refuse(cx, place(cells, PERSON_POST), tr(cx, "Chức vụ dài quá %d ký tự."),
        PERSON_POST_MAX);
}

/* The unit that bore the code on the first day, or, where none is given, bears it on the last. */
static bool
fill_unit(struct ctx *cx, const struct person_cells *cells, struct membership *span)
{
    int before = cx->faults.count;
    int32_t today = cx->world->today;
    int32_t day = span->from != DAY_MIN ? span->from : span->to < today ? span->to : today;
    const char *code = cells->cell[PERSON_UNIT];
    if (code == NULL || tree_by_code(cx, cx->world->tree, code, day, &span->unit) == OK)
        return true;
    const char *why = cx->faults.items[before].message;
    fault_forget(cx, before);
    return refuse(cx, place(cells, PERSON_UNIT), "%s", why);
}

/* Rules */

static const char *
shown_day(const struct ctx *cx, int32_t day)
{
    return day == DAY_MIN ? tr(cx, "từ đầu")
        : day == DAY_MAX  ? tr(cx, "nay")
                          : date_show(cx->arena, day);
}

static bool
check_span(struct ctx *cx, const struct person_cells *cells, struct membership *span)
{
    if (span->from == DAY_MIN)
        span->from = span->unit->spans[0].from;
    if (span->from > span->to)
        return refuse(cx, place(cells, PERSON_TO), tr(cx, "Ngày cuối %s đứng trước ngày đầu %s."),
            shown_day(cx, span->to), shown_day(cx, span->from));
    if (unit_on(span->unit, span->from) != NULL)
        return true;
    return refuse(cx, place(cells, PERSON_FROM),
        tr(cx, "Ngày %s không có đơn vị %s; cần ngày đầu trong thời gian của đơn vị."),
        shown_day(cx, span->from), unit_named(span->unit, span->from)->name);
}

bool
person_fill(struct ctx *cx, const struct person_cells *cells, struct person *person,
    struct membership *span)
{
    int before = cx->faults.count;
    if (cells->cell[PERSON_NAME] == NULL || fill_name(cx, cells, person))
        (void)fill_given(cx, cells, person);
    bool days = fill_day(cx, cells, PERSON_FROM, DAY_MIN, &span->from);
    days = fill_day(cx, cells, PERSON_TO, DAY_MAX, &span->to) && days;
    (void)fill_status(cx, cells, span);
    (void)fill_post(cx, cells, span);
    if (days && fill_unit(cx, cells, span))
        (void)check_span(cx, cells, span);
    return cx->faults.count == before;
}

static int
compare_spans(const void *a, const void *b)
{
    const struct membership *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

bool
person_check_spans(struct ctx *cx, struct fault where, struct person *person)
{
    bool good = true;
    qsort(person->spans, (size_t)person->span_count, sizeof(*person->spans), compare_spans);
    for (int i = 1; i < person->span_count; i++) {
        const struct membership *last = &person->spans[i - 1], *span = &person->spans[i];
        if (span->from > last->to)
            continue;
        good = refuse(cx, where,
            tr(cx,
                "%s: thời gian ở %s (%s – %s) chồng lên thời gian ở %s (%s – %s); một người chỉ "
                "thuộc "
                "một đơn vị trong một ngày."),
            person->name, unit_named(last->unit, last->from)->name, shown_day(cx, last->from),
            shown_day(cx, last->to), unit_named(span->unit, span->from)->name,
            shown_day(cx, span->from), shown_day(cx, span->to));
    }
    return good;
}

bool
person_equal(const struct person *a, const struct person *b)
{
    if (strcmp(a->name, b->name) != 0 || strcmp(a->given, b->given) != 0 ||
        a->span_count != b->span_count)
        return false;
    for (int i = 0; i < a->span_count; i++) {
        const struct membership *x = &a->spans[i], *y = &b->spans[i];
        if (x->from != y->from || x->to != y->to || x->unit->id != y->unit->id ||
            x->status != y->status || strcmp(x->post, y->post) != 0)
            return false;
    }
    return true;
}

/* Writing a version */

const char *
person_json(struct ctx *cx, const struct person *person)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    doc_text(root, "name", person->name);
    doc_text(root, "given", person->given);
    struct doc *spans = doc_list(root, "spans");
    for (int i = 0; i < person->span_count; i++) {
        const struct membership *span = &person->spans[i];
        struct doc *object = doc_object(spans, NULL);
        doc_date(object, "from", span->from);
        doc_date(object, "to", span->to);
        doc_integer(object, "unit", span->unit->id);
        doc_text(object, "status", person_status_key(span->status));
        doc_text(object, "post", span->post);
    }
    doc_json(root, &out);
    return buf_string(&out);
}

static enum status
put_main(struct ctx *cx, const struct person *person, bool is_new)
{
    const char *sort_key = person_sort_key(cx->arena, person->name, person->given);
    if (!is_new) {
        struct query *q = query_new(cx, Q_PERSON_UPDATE);
        query_int(q, "shard", person->shard);
        query_int(q, "id", person->id);
        query_text(q, "name", person->name);
        query_text(q, "given", person->given);
        query_text(q, "sort_key", sort_key);
        query_int(q, "version", person->version);
        query_int(q, "now", cx->now);
        return query_run(q, NULL);
    }
    struct query *q = query_new(cx, Q_PERSON_INSERT);
    query_int_at(q, 0, person->shard);
    query_int_at(q, 1, person->id);
    query_text_at(q, 2, person->code);
    query_text_at(q, 3, person->origin);
    query_text_at(q, 4, person->name);
    query_text_at(q, 5, person->given);
    query_text_at(q, 6, sort_key);
    query_int_at(q, 7, person->version);
    query_int_at(q, 8, cx->now);
    query_int_at(q, 9, cx->actor);
    return query_run(q, NULL);
}

static enum status
put_spans(struct ctx *cx, const struct person *before, const struct person *after,
    struct tally *tally)
{
    struct query *q = query_new(cx, Q_MEMBER_CLEAR);
    query_int(q, "shard", after->shard);
    query_int(q, "person", after->id);
    TRY(query_run(q, NULL));
    for (int i = 0; before != NULL && i < before->span_count; i++)
        headcount_add(tally, &before->spans[i], -1);
    for (int i = 0; i < after->span_count; i++) {
        const struct membership *span = &after->spans[i];
        q = query_new(cx, Q_MEMBER_INSERT);
        query_int_at(q, 0, after->shard);
        query_int_at(q, 1, after->id);
        query_int_at(q, 2, span->from);
        query_int_at(q, 3, span->to);
        query_int_at(q, 4, span->unit->id);
        query_text_at(q, 5, person_status_key(span->status));
        query_text_at(q, 6, span->post);
        TRY(query_run(q, NULL));
        headcount_add(tally, span, 1);
    }
    return OK;
}

static enum status
put_history(struct ctx *cx, const struct person *person, const char *action, const char *reason)
{
    struct query *q = query_new(cx, Q_PERSON_HISTORY_INSERT);
    query_int_at(q, 0, person->shard);
    query_int_at(q, 1, person->id);
    query_int_at(q, 2, person->version);
    query_int_at(q, 3, cx->now);
    query_int_at(q, 4, cx->actor);
    query_text_at(q, 5, action);
    query_text_at(q, 6, reason);
    query_text_at(q, 7, person_json(cx, person));
    TRY(query_run(q, NULL));
    struct audit_note done = {.shard = person->shard,
        .action = action,
        .subject = person->id,
        .version = person->version,
        .detail = reason};
    return audit_note(cx, &done);
}

enum status
person_put(struct ctx *cx, const struct person *before, struct person *after, const char *action,
    const char *reason, struct tally *tally)
{
    after->version = before == NULL ? 1 : before->version + 1;
    after->updated_at = cx->now;
    if (before == NULL) {
        after->id = store_id(cx);
        after->created_at = cx->now;
    }
    TRY(put_main(cx, after, before == NULL));
    TRY(put_spans(cx, before, after, tally));
    return put_history(cx, after, action, reason);
}

/* Changes of one person */

struct change {
    const char *code, *action, *reason;
    enum status (*apply)(struct ctx *, const struct change *, struct person *);
    const struct person_field *fields; /* person_set */
    int field_count;
    const struct person_move *move; /* person_move */
    int32_t day;                    /* person_end */
    struct person *result;
};

/* A copy whose spans can be changed, with room for one more. */
static struct person *
copy(struct arena *arena, const struct person *person)
{
    struct person *out = arena_grow(arena, person, sizeof(*person), sizeof(*person));
    size_t size = (size_t)person->span_count * sizeof(*person->spans);
    out->spans = arena_grow(arena, person->spans, size, size + sizeof(*person->spans));
    return out;
}

static enum status
change(struct ctx *cx, void *arg)
{
    struct change *job = arg;
    struct tally tally = {.arena = cx->arena};
    struct person *before;
    TRY(person_for_change(cx, job->code, &before));
    struct person *after = copy(cx->arena, before);
    job->result = after;
    TRY(job->apply(cx, job, after));
    if (!person_check_spans(cx, (struct fault){0}, after))
        return ERR_INVALID;
    if (person_equal(before, after))
        return OK;
    TRY(person_put(cx, before, after, job->action, job->reason, &tally));
    TRY(contest_close(cx, before));
    return headcount_write(cx, &tally);
}

static enum status
run(struct ctx *cx, struct change *job, struct person **out)
{
    enum status status = world_write(cx, change, job);
    *out = job->result;
    return status;
}

static struct membership *
last_span(struct person *person)
{
    return &person->spans[person->span_count - 1];
}

static enum status
apply_set(struct ctx *cx, const struct change *job, struct person *person)
{
    struct person_cells cells = {0};
    for (int i = 0; i < job->field_count; i++) {
        int column = PERSON_NAME;
        while (column < PERSON_COLUMN__COUNT &&
            strcmp(person_columns[column], job->fields[i].key) != 0)
            column++;
        if (column == PERSON_COLUMN__COUNT)
            return fault_set(cx, ERR_INVALID,
                "Không có mục “%s”; có: name, given, unit, from, to, status, post.",
                job->fields[i].key);
        cells.cell[column] = job->fields[i].value;
    }
    return person_fill(cx, &cells, person, last_span(person)) ? OK : ERR_INVALID;
}

enum status
person_set(struct ctx *cx, const char *code, const struct person_field *fields, int count,
    const char *reason, struct person **out)
{
    struct change job = {.code = code,
        .action = "person.set",
        .reason = reason,
        .apply = apply_set,
        .fields = fields,
        .field_count = count};
    return run(cx, &job, out);
}

/* The last span ends on the day before. */
static enum status
close_last(struct ctx *cx, struct person *person, int32_t day)
{
    struct membership *span = last_span(person);
    if (span->from >= day)
        return fault_set(cx, ERR_INVALID,
            "%s thuộc %s từ ngày %s; cần một ngày sau đó. Nếu ngày ấy ghi sai: chithi person set",
            person->name, unit_named(span->unit, span->from)->name, shown_day(cx, span->from));
    if (span->to >= day)
        span->to = day - 1;
    return OK;
}

static enum status
apply_move(struct ctx *cx, const struct change *job, struct person *person)
{
    const struct person_move *move = job->move;
    struct membership next = *last_span(person);
    struct person_cells cells = {.cell = {[PERSON_UNIT] = move->unit,
                                     [PERSON_STATUS] = move->status,
                                     [PERSON_POST] = move->post}};
    TRY(close_last(cx, person, move->day));
    next.from = move->day;
    next.to = DAY_MAX;
    if (!person_fill(cx, &cells, person, &next))
        return ERR_INVALID;
    person->spans[person->span_count++] = next;
    return OK;
}

enum status
person_move(struct ctx *cx, const char *code, const struct person_move *move, struct person **out)
{
    struct change job = {.code = code,
        .action = "person.move",
        .reason = move->reason,
        .apply = apply_move,
        .move = move};
    return run(cx, &job, out);
}

static enum status
apply_end(struct ctx *cx, const struct change *job, struct person *person)
{
    const struct membership *span = last_span(person);
    if (span->to < job->day - 1)
        return fault_set(cx, ERR_INVALID, "%s đã kết thúc ở %s ngày %s.", person->name,
            unit_named(span->unit, span->from)->name, date_show(cx->arena, span->to));
    return close_last(cx, person, job->day);
}

enum status
person_end(struct ctx *cx, const char *code, int32_t day, const char *reason, struct person **out)
{
    struct change job = {.code = code,
        .action = "person.end",
        .reason = reason,
        .apply = apply_end,
        .day = day};
    return run(cx, &job, out);
}
