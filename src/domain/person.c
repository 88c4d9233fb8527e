/* People: loading, lists, and the audit rows of reading. */
#include "domain/person.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/code.h"
#include "base/vi.h"
#include "domain/audit.h"
#include "domain/person_write.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)PERSON_STATUS__COUNT == (int)PEOPLE_STATUSES, "the statuses of pack/model.h");

const char *
person_status_key(enum person_status status)
{
    return people_statuses[status].key;
}

const char *
person_status_label(const struct ctx *cx, enum person_status status)
{
    return label_text(cx, &people_statuses[status].label);
}

enum person_status
person_status_of(const char *key)
{
    int i = PEOPLE_STATUSES - 1;
    while (i > 0 && strcmp(people_statuses[i].key, key) != 0)
        i--;
    return (enum person_status)i;
}

/* "du_bi", "dự bị", "Đảng viên dự bị" */
int
person_status_find(struct arena *arena, const char *text)
{
    const char *folded = vi_fold(arena, text);
    for (int i = 0; i < PEOPLE_STATUSES; i++) {
        if (strcmp(vi_fold(arena, people_statuses[i].key), folded) == 0 ||
            strcmp(vi_fold(arena, people_statuses[i].label.vi), folded) == 0)
            return i;
    }
    return -1;
}

/* Names */

const char *
person_given_at(const char *name, const char *given)
{
    size_t length = strlen(given);
    for (const char *at = strstr(name, given); at != NULL; at = strstr(at + 1, given)) {
        if ((at == name || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return at;
    }
    return NULL;
}

/* A word that ends a key is no prefix of a longer one: the blank between keys sorts before every
 * digit of theirs. */
const char *
person_sort_key(struct arena *arena, const char *name, const char *given)
{
    const char *at = person_given_at(name, given), *after = at + strlen(given);
    bool has_before = at > name, has_after = *after == ' ';
    const char *before = arena_strndup(arena, name, (size_t)(at - name) - has_before);
    const char *rest = arena_printf(arena, "%s%s%s", before, has_before && has_after ? " " : "",
        after + has_after);
    size_t family = strcspn(rest, " ");
    return arena_printf(arena, "%s %s %s", vi_sort_key(arena, given),
        vi_sort_key(arena, arena_strndup(arena, rest, family)),
        vi_sort_key(arena, rest + family + (rest[family] == ' ')));
}

/* Loading */

static enum status
read_spans(struct ctx *cx, struct person *person)
{
    struct query *q = query_new(cx, Q_PERSON_SPANS);
    query_int(q, "shard", person->shard);
    query_int(q, "person", person->id);
    while (query_next(q)) {
        struct membership *span = ARENA_PUSH(cx->arena, person->spans, person->span_count);
        span->from = (int32_t)query_get_int(q, 0);
        span->to = (int32_t)query_get_int(q, 1);
        span->unit = tree_unit(cx->world->tree, query_get_int(q, 2));
        span->status = person_status_of(query_peek_text(q, 3));
        span->post = query_get_text(q, 4);
    }
    TRY(query_end(q));
    for (int i = 0; i < person->span_count; i++) {
        if (person->spans[i].unit == NULL)
            return fault_set(cx, ERR_STORE, "Người mang mã %s thuộc đơn vị không còn được biết.",
                person->code);
    }
    return OK;
}

enum status
person_read(struct ctx *cx, struct query *q, struct person **out)
{
    bool found;
    *out = NULL;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    struct person *person = ARENA_NEW(cx->arena, struct person);
    person->shard = query_get_int(q, 0);
    person->id = query_get_int(q, 1);
    person->code = query_get_text(q, 2);
    person->origin = query_get_null(q, 3) ? NULL : query_get_text(q, 3);
    person->name = query_get_text(q, 4);
    person->given = query_get_text(q, 5);
    person->version = query_get_int(q, 6);
    person->created_at = query_get_int(q, 7);
    person->updated_at = query_get_int(q, 8);
    TRY(query_end(q));
    *out = person;
    return read_spans(cx, person);
}

static enum status
not_found(struct ctx *cx, const char *code)
{
    return fault_set(cx, ERR_NOT_FOUND, "Không có người mang mã “%s”.", code);
}

enum status
person_by_code(struct ctx *cx, const char *code, struct person **out)
{
    struct query *q = query_new(cx, Q_PERSON_BY_CODE);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    TRY(person_read(cx, q, out));
    return *out == NULL ? not_found(cx, code) : OK;
}

enum status
person_for_change(struct ctx *cx, const char *code, struct person **out)
{
    struct query *q = query_new(cx, Q_PERSON_FOR_CHANGE);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    TRY(person_read(cx, q, out));
    return *out == NULL ? not_found(cx, code) : OK;
}

static enum status
find_name(struct ctx *cx, const char *code, const char **out)
{
    bool found;
    struct query *q = query_new(cx, Q_PERSON_NAME);
    query_int(q, "shard", code_shard(code_number(code)));
    query_text(q, "code", code);
    *out = NULL;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = query_get_text(q, 0);
    return query_end(q);
}

enum status
person_exists(struct ctx *cx, const char *code, bool *out)
{
    const char *name;
    TRY(find_name(cx, code, &name));
    *out = name != NULL;
    return OK;
}

enum status
person_find(struct ctx *cx, const char *text, int64_t *code)
{
    bool found = false;
    *code = code_number(text);
    if (*code >= 0)
        TRY(person_exists(cx, text, &found));
    if (found)
        return OK;
    *code = -1;
    struct query *q = query_new(cx, Q_PERSON_CODE_BY_ORIGIN);
    query_text(q, "origin", text);
    TRY(query_one(q, &found));
    if (query_get_int(q, 1) == 1)
        *code = code_number(query_peek_text(q, 0));
    return query_end(q);
}

enum status
person_name(struct ctx *cx, const char *code, const char **out)
{
    TRY(find_name(cx, code, out));
    return *out == NULL ? not_found(cx, code) : OK;
}

/* Reading is noted */

struct note {
    struct person *const *people;
    int count;
    const char *how;
};

static enum status
write_note(struct ctx *cx, void *arg)
{
    const struct note *note = arg;
    for (int i = 0; i < note->count; i++) {
        struct audit_note done = {.shard = note->people[i]->shard,
            .action = "person.read",
            .subject = note->people[i]->id,
            .version = note->people[i]->version,
            .detail = note->how};
        TRY(audit_note(cx, &done));
    }
    return OK;
}

enum status
person_note_read(struct ctx *cx, struct person *const *people, int count, const char *how)
{
    struct note note = {people, count, how};
    return count == 0 ? OK : store_write(cx, write_note, &note);
}

/* Documents */

static void
span_doc(struct doc *object, const struct ctx *cx, const struct membership *span)
{
    const struct span *named = unit_named(span->unit, span->from);
    doc_text(object, "unit", named->code);
    doc_text(object, "unit_name", named->name);
    if (span->from == DAY_MIN)
        doc_null(object, "from");
    else
        doc_date(object, "from", span->from);
    if (span->to == DAY_MAX)
        doc_null(object, "to");
    else
        doc_date(object, "to", span->to);
    doc_text(object, "status", person_status_key(span->status));
    doc_text(object, "status_label", person_status_label(cx, span->status));
    doc_text(object, "post", span->post);
}

static const char *
action_label(const struct ctx *cx, const char *action)
{
    static const char *const labels[][2] = {{"person.import", N_("Nhập từ tệp")},
        {"person.set", N_("Sửa")}, {"person.move", N_("Chuyển")}, {"person.end", N_("Kết thúc")}};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (strcmp(labels[i][0], action) == 0)
            return tr(cx, labels[i][1]);
    }
    return action;
}

static enum status
history_doc(struct doc *list, struct ctx *cx, const struct person *person)
{
    struct query *q = query_new(cx, Q_PERSON_HISTORY_LIST);
    query_int(q, "shard", person->shard);
    query_int(q, "person", person->id);
    while (query_next(q)) {
        struct doc *object = doc_object(list, NULL);
        doc_integer(object, "version", query_get_int(q, 0));
        doc_time(object, "at", query_get_int(q, 1), cx->world->zone_offset);
        doc_integer(object, "actor", query_get_int(q, 2));
        doc_text(object, "action", query_get_text(q, 3));
        doc_text(object, "action_label", action_label(cx, query_peek_text(q, 3)));
        doc_text(object, "reason", query_get_null(q, 4) ? NULL : query_get_text(q, 4));
    }
    return query_end(q);
}

enum status
person_doc(struct doc *object, struct ctx *cx, const char *code)
{
    struct person *person;
    TRY(person_by_code(cx, code, &person));
    TRY(person_note_read(cx, &person, 1, "show"));
    doc_text(object, "code", person->code);
    doc_text(object, "name", person->name);
    doc_text(object, "given", person->given);
    doc_text(object, "origin", person->origin);
    doc_integer(object, "version", person->version);
    doc_time(object, "created_at", person->created_at, cx->world->zone_offset);
    doc_time(object, "updated_at", person->updated_at, cx->world->zone_offset);
    struct doc *spans = doc_list(object, "spans");
    for (int i = 0; i < person->span_count; i++)
        span_doc(doc_object(spans, NULL), cx, &person->spans[i]);
    return history_doc(doc_list(object, "history"), cx, person);
}

/* Lists */

struct entry {
    int64_t shard, id;
    const char *code, *sort_key;
};

struct entries {
    struct entry *items;
    int count;
};

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->sort_key, y->sort_key);
    return order != 0 ? order : strcmp(x->code, y->code);
}

static enum status
find_members(struct ctx *cx, const struct unit *unit, int32_t day, struct entries *out)
{
    const struct tree *tree = cx->world->tree;
    struct query *q = query_new(cx, Q_MEMBER_OF_UNIT);
    query_each_int(q, "shard", tree->shards, tree->shard_count);
    query_int(q, "unit", unit->id);
    query_int(q, "day", day);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, out->items, out->count) =
            (struct entry){tree->shards[query_which(q)], query_get_int(q, 0), query_get_text(q, 1),
                query_get_text(q, 2)};
    return query_end(q);
}

/* Everybody, in order; a person stays in the first unit's shard, so all of them are asked. */
static enum status
find_all(struct ctx *cx, const struct person_query *query, struct entries *out)
{
    const struct tree *tree = cx->world->tree;
    struct scope scope =
        tree_scope_own(cx->arena, tree, query->unit, query->day, query->day, query->day);
    for (int i = 0; i < scope.count; i++)
        TRY(find_members(cx, scope.items[i].unit, query->day, out));
    if (out->count > 1)
        qsort(out->items, (size_t)out->count, sizeof(*out->items), compare_entries);
    return OK;
}

static const struct membership *
membership_on(const struct person *person, int32_t day)
{
    int i = person->span_count - 1;
    while (i > 0 && person->spans[i].from > day)
        i--;
    return &person->spans[i];
}

enum status
person_list_doc(struct doc *list, struct ctx *cx, const struct person_query *query, int *total)
{
    struct entries entries = {0};
    struct person **people = NULL;
    int count = 0;
    TRY(find_all(cx, query, &entries));
    *total = entries.count;
    for (int i = query->skip; i < entries.count && i - query->skip < query->limit; i++) {
        struct query *q = query_new(cx, Q_PERSON_BY_ID);
        query_int(q, "shard", entries.items[i].shard);
        query_int(q, "id", entries.items[i].id);
        TRY(person_read(cx, q, ARENA_PUSH(cx->arena, people, count)));
    }
    TRY(person_note_read(cx, people, count, "list"));
    for (int i = 0; i < count; i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "code", people[i]->code);
        doc_text(object, "name", people[i]->name);
        doc_text(object, "given", people[i]->given);
        span_doc(object, cx, membership_on(people[i], query->day));
    }
    return OK;
}
