/* Records as documents. */
#include "domain/record_view.h"

#include "base/code.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/person.h"
#include "domain/rights.h"

#include <string.h>

static enum status
after_id(struct ctx *cx, const char *after, int64_t *out)
{
    struct record *record;
    *out = 0;
    if (after == NULL || *after == '\0')
        return OK;
    TRY(record_load(cx, after, &record));
    *out = record->id;
    return OK;
}

enum status
record_list(struct ctx *cx, const struct reg *reg, const struct unit *unit, const char *after,
    int limit, struct record ***out, int *count)
{
    struct record_key *keys = NULL;
    int64_t first;
    *out = NULL;
    *count = 0;
    TRY(after_id(cx, after, &first));
    struct query *q = query_new(cx, Q_RECORD_LIST);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    query_text(q, "register", reg->key);
    query_int(q, "after", first);
    query_int(q, "limit", limit);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, keys, *count) =
            (struct record_key){unit->shard, query_get_int(q, 0)};
    TRY(query_end(q));
    return record_load_keys(cx, keys, *count, out);
}

enum status
record_newest(struct ctx *cx, const struct reg *reg, const struct unit *unit, int limit,
    struct record ***out, int *count)
{
    struct record_key *keys = NULL;
    int found = 0;
    struct query *q = query_new(cx, Q_RECORD_NEWEST);
    query_int(q, "shard", unit->shard);
    query_int(q, "unit", unit->id);
    query_text(q, "register", reg->key);
    query_int(q, "limit", limit);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, keys, found) = (struct record_key){unit->shard, query_get_int(q, 0)};
    TRY(query_end(q));
    return record_load_readable(cx, keys, found, out, count);
}

/* The steps that the viewer may take now. */
static void
transitions_doc(struct doc *list, const struct ctx *cx, const struct record *record)
{
    const struct reg *reg = record->reg;
    for (int i = 0; i < reg->transition_count && record->state != STATE_IS_VOID; i++) {
        const struct transition *transition = &reg->transitions[i];
        for (int f = 0; f < transition->from_count; f++) {
            if (transition->from[f] != record->state || !may_step(cx, transition, record))
                continue;
            struct doc *object = doc_object(list, NULL);
            doc_text(object, "verb", transition->key);
            doc_text(object, "label", label_text(cx, &transition->label));
            doc_text(object, "to", label_text(cx, &reg->states[transition->to].label));
            doc_bool(object, "returns", transition->returns);
        }
    }
}

/* What the record is to be explained for. */
static void
notices_doc(struct doc *list, struct ctx *cx, const struct record *record)
{
    const char **notices;
    int count = record->state == STATE_IS_VOID ? 0 : record_notices(cx, record, &notices);
    for (int i = 0; i < count; i++)
        doc_text(doc_object(list, NULL), "message", notices[i]);
}

/* People whom a record names */

struct people {
    struct person **items;
    int count;
};

/* Each once; one who is not in the list any more is nobody's data. */
static enum status
add_person(struct ctx *cx, int64_t number, struct people *people)
{
    const char *code = code_text(cx->arena, number);
    struct person *person;
    int faults = cx->faults.count;
    for (int i = 0; i < people->count; i++) {
        if (strcmp(people->items[i]->code, code) == 0)
            return OK;
    }
    enum status status = person_by_code(cx, code, &person);
    if (status == OK)
        *ARENA_PUSH(cx->arena, people->items, people->count) = person;
    if (status != ERR_NOT_FOUND)
        return status;
    fault_forget(cx, faults);
    return OK;
}

static enum status
find_people(struct ctx *cx, const struct field *fields, int count, const struct row *row,
    struct people *people)
{
    for (int i = 0; i < count; i++) {
        const struct value *value = &row->values[i];
        if (fields[i].kind == KIND_PERSON && !value->is_null)
            TRY(add_person(cx, value->number, people));
        for (int r = 0; r < value->row_count; r++)
            TRY(find_people(cx, fields[i].fields, fields[i].field_count, &value->rows[r], people));
    }
    return OK;
}

static enum status
note_people(struct ctx *cx, const struct record *record)
{
    struct people people = {0};
    TRY(find_people(cx, record->reg->fields, record->reg->field_count, &record->fields, &people));
    return person_note_read(cx, people.items, people.count, "record");
}

enum status
record_doc(struct doc *object, struct ctx *cx, const struct record *record)
{
    const struct reg *reg = record->reg;
    const struct span *span = unit_named(record->unit, record_day(cx, reg, &record->fields));
    bool is_void = record->state == STATE_IS_VOID;
    bool with_personal = may_record(cx, ACTION_PERSON, record);
    if (with_personal)
        TRY(note_people(cx, record));
    doc_text(object, "code", record->code);
    doc_text(object, "register", reg->key);
    doc_text(object, "register_label", label_text(cx, &reg->label));
    doc_text(object, "unit", span->code);
    doc_text(object, "unit_name", span->name);
    doc_text(object, "state", record_state_key(record));
    doc_text(object, "state_label", record_state_label(cx, record));
    doc_bool(object, "counts", !is_void && reg->states[record->state].counts);
    doc_bool(object, "locked", is_void || reg->states[record->state].locks);
    doc_bool(object, "is_void", is_void);
    directive_doc(cx, doc_list(object, "directives"), record->directives);
    doc_integer(object, "version", record->version);
    doc_time(object, "created_at", record->created_at, cx->world->zone_offset);
    doc_time(object, "updated_at", record->updated_at, cx->world->zone_offset);
    TRY(row_doc(doc_list(object, "fields"), cx, reg, &record->fields, with_personal));
    transitions_doc(doc_list(object, "transitions"), cx, record);
    notices_doc(doc_list(object, "notices"), cx, record);
    return OK;
}
