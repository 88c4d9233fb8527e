/* Writing a record: the form of a register, empty, from a draft, from last time's values or from
 * the record; drafts on the way; saving, with the first step if wanted; and two people at one
 * record. */
#include "web/routes.h"

#include "base/code.h"
#include "base/vi.h"
#include "domain/blob.h"
#include "domain/directive.h"
#include "domain/draft.h"
#include "domain/form.h"
#include "domain/record_view.h"
#include "domain/rights.h"
#include "domain/title.h"
#include "domain/version.h"
#include "web/form_fields.h"
#include "web/listing.h"
#include "web/roster.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_SHOWN = 80 };

/* What is being written. */
struct writing {
    struct page *page;
    const struct reg *reg;
    const struct unit *unit;
    struct record *record; /* NULL: a new one */
    const char *key;       /* of the draft, and the origin of a new record */
    int64_t version;       /* that was opened; 0: a new one */
    struct row fields;     /* what is shown, then what is kept */
    struct typed typed;
    bool has_typed;
    int64_t drafted_at; /* when what is shown was kept as a draft; 0: it was not */
    int64_t directives;
    int64_t follows;     /* in a series: the number of the code of the person before; 0: none */
    struct record *last; /* of a new one: what the unit recorded last; NULL: nothing to be read */
    struct row theirs;   /* of a conflict */
    bool is_conflict;
};

/* Beginning */

static const char *
new_key(struct arena *arena)
{
    uint64_t random;
    randombytes_buf(&random, sizeof(random));
    return code_text(arena, code_make(0, random));
}

/* The unit that is asked for, else the first in which the viewer may make such records. */
static enum status
find_unit(struct writing *writing, const char *code)
{
    struct page *page = writing->page;
    struct ctx *cx = page->cx;
    struct range today = {cx->world->today, cx->world->today};
    writing->unit = cx->viewer == NULL ? page_home_unit(cx) : NULL;
    for (int i = 0; cx->viewer != NULL && i < cx->viewer->grant_count; i++) {
        if (writing->unit == NULL && may_make(cx, writing->reg, cx->viewer->grants[i].unit))
            writing->unit = cx->viewer->grants[i].unit;
    }
    if (code != NULL)
        TRY(page_unit(page, code, today, &writing->unit));
    if (writing->unit != NULL && may_make(cx, writing->reg, writing->unit))
        return OK;
    return fault_set(cx, ERR_FORBIDDEN, "Vai trò của đồng chí không ghi sổ %s%s%s.",
        label_text(cx, &writing->reg->label), writing->unit == NULL ? "" : tr(cx, " cho "),
        writing->unit == NULL ? "" : unit_named(writing->unit, cx->world->today)->name);
}

static enum status
begin_new(struct page *page, const char *code, struct writing *out)
{
    *out = (struct writing){.page = page};
    TRY(world_register(page->cx, page->argument[0], &out->reg));
    TRY(find_unit(out, code));
    out->fields = form_begin(page, out->reg);
    out->directives = directive_default(page->cx->world, out->reg);
    return OK;
}

static enum status
begin_edit(struct page *page, struct writing *out)
{
    *out = (struct writing){.page = page};
    TRY(record_load(page->cx, page->argument[0], &out->record));
    if (!may_record(page->cx, ACTION_RECORD, out->record))
        return fault_set(page->cx, ERR_FORBIDDEN,
            "Hồ sơ này do đơn vị khác ghi; đồng chí xem được nhưng không sửa được.");
    out->reg = out->record->reg;
    out->unit = out->record->unit;
    out->key = out->record->code;
    out->version = out->record->version;
    out->fields = out->record->fields;
    out->directives = out->record->directives;
    return OK;
}

static void
take_draft(struct writing *writing, const struct draft *draft)
{
    const struct reg *reg = writing->reg;
    writing->typed = typed_decode(writing->page, draft->body);
    writing->fields =
        row_copy(writing->page->cx->arena, reg->fields, reg->field_count, &writing->fields);
    form_show_files(writing->page, reg, &writing->typed, &writing->fields);
    writing->has_typed = true;
    writing->drafted_at = draft->at;
    writing->key = draft->key;
    writing->version = draft->version;
}

/* What the next record of a series has in common with the one before. */
static bool
is_kept(const struct field *field)
{
    return field->entered == NULL && !field_is_personal(field) && field->kind != KIND_LIST &&
        field->kind != KIND_FILES && field->kind != KIND_LONG_TEXT && field->kind != KIND_TEXT;
}

/* What the unit recorded last in the register, as far as the viewer may read it; else NULL. */
static enum status
find_last(struct writing *writing)
{
    struct record **newest;
    int count;
    TRY(record_newest(writing->page->cx, writing->reg, writing->unit, 1, &newest, &count));
    writing->last = count > 0 ? newest[0] : NULL;
    return OK;
}

/* Not what is about people, nor what the program or an upload filled in. */
static bool
is_repeated(const struct field *field)
{
    return field->entered == NULL && !field_is_personal(field) && field->kind != KIND_FILES;
}

/* Fields of `from` as a form begins with them again, also those inside of rows. */
static void
repeat_fields(struct arena *arena, const struct field *fields, int count, const struct row *from,
    struct row *to)
{
    struct row copy = row_copy(arena, fields, count, from);
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        struct value *value = &copy.values[i];
        if (!is_repeated(field))
            continue;
        for (int r = 0; field->kind == KIND_LIST && r < value->row_count; r++) {
            struct row bare = row_new(arena, field->fields, field->field_count);
            repeat_fields(arena, field->fields, field->field_count, &value->rows[r], &bare);
            value->rows[r] = bare;
        }
        to->values[i] = *value;
    }
}

/* All of the last one but its day: that of the form stays. */
static void
take_last(struct writing *writing)
{
    const struct reg *reg = writing->reg;
    struct value day = {.is_null = true};
    if (reg->counted_on != NULL)
        day = writing->fields.values[reg->counted_on->index];
    repeat_fields(writing->page->cx->arena, reg->fields, reg->field_count, &writing->last->fields,
        &writing->fields);
    if (reg->counted_on != NULL)
        writing->fields.values[reg->counted_on->index] = day;
    writing->directives = writing->last->directives;
}

/* "giu": values that go on from the record just saved; "lan_truoc": those of the last one. */
static enum status
take_values(struct writing *writing)
{
    struct page *page = writing->page;
    const struct reg *reg = writing->reg;
    const char *series = page_param(page, "giu");
    struct record *from = NULL;
    if (series == NULL && writing->last != NULL && page_param(page, "lan_truoc") != NULL)
        take_last(writing);
    if (series != NULL)
        TRY(record_load(page->cx, series, &from));
    if (from == NULL || from->reg != reg)
        return OK;
    for (int i = 0; i < reg->field_count; i++) {
        if (is_kept(&reg->fields[i]))
            writing->fields.values[i] = from->fields.values[i];
    }
    writing->directives = from->directives;
    const struct field *person = reg_person(reg);
    if (person != NULL && !from->fields.values[person->index].is_null)
        writing->follows = from->fields.values[person->index].number;
    return OK;
}

/* A series goes on with the next member of the unit. The names are looked for once: those that the
 * form offers. */
static enum status
choose_next(struct writing *writing, const struct form_view *view)
{
    const struct field *person = reg_person(writing->reg);
    struct form_choices choices = {.view = view, .field = person};
    const char *next;
    if (writing->follows == 0)
        return OK;
    TRY(form_choices_find(&choices));
    TRY(roster_next(&choices, writing->follows, &next));
    if (next != NULL)
        (void)value_parse(writing->page->cx, person, next, (struct fault){0},
            &writing->fields.values[person->index]);
    return OK;
}

/* Showing */

static void
add_steps(struct writing *writing)
{
    struct page *page = writing->page;
    const struct reg *reg = writing->reg;
    struct record shown = {.reg = reg, .unit = writing->unit, .state = reg->initial};
    const struct record *record = writing->record;
    struct doc *list = doc_list(page->data, "steps");
    shown.fields = writing->fields;
    record = record == NULL ? &shown : record;
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *step = &reg->transitions[i];
        bool is_open = reg_transition(reg, record->state, step->key) == step;
        if (!is_open || step->returns ||
            (writing->record != NULL && !may_step(page->cx, step, record)))
            continue;
        if (writing->record == NULL && !may_make_and_step(page->cx, reg, step, writing->unit))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_printf(object, "value", "buoc.%s", step->key);
        doc_text(object, "label", label_text(writing->page->cx, &step->label));
        doc_bool(object, "is_first", list->first == object);
    }
    doc_bool(page->data, "has_steps", list->first != NULL);
}

/* A record may serve several directives: which, when there are any to choose from. */
static void
add_directives(struct writing *writing)
{
    struct page *page = writing->page;
    const struct world *world = page->cx->world;
    struct doc *list = doc_list(page->data, "directives");
    int count = 0;
    for (int i = 0; i < world->model->directive_count; i++) {
        const struct directive *directive = &world->model->directives[i];
        if (!directive_suits(world, directive, writing->reg))
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", directive->key);
        doc_text(object, "symbol", directive->symbol);
        doc_text(object, "label", label_text(writing->page->cx, &directive->label));
        doc_bool(object, "is_chosen", (writing->directives & directive_bit(world, directive)) != 0);
        count++;
    }
    doc_bool(page->data, "has_directives", count > 1);
}

/* The place of the field that a fault is about; what is about none comes last. */
static int
place_of(const struct reg *reg, const struct fault *fault)
{
    size_t length = fault->field == NULL ? 0 : strcspn(fault->field, ".");
    int i = 0;
    while (i < reg->field_count &&
        (length == 0 || strncmp(reg->fields[i].key, fault->field, length) != 0 ||
            reg->fields[i].key[length] != '\0'))
        i++;
    return i;
}

/* Into the order of the fields; faults of one field stay in theirs. */
static void
sort_faults(struct writing *writing)
{
    struct faults *faults = &writing->page->cx->faults;
    for (int i = 1; i < faults->count; i++) {
        struct fault moved = faults->items[i];
        int at = i;
        for (; at > 0 &&
             place_of(writing->reg, &faults->items[at - 1]) > place_of(writing->reg, &moved);
             at--)
            faults->items[at] = faults->items[at - 1];
        faults->items[at] = moved;
    }
}

/* What each fault says, and the input that it leads to: of a rule between fields none. */
static void
add_faults(struct writing *writing)
{
    const struct faults *faults = &writing->page->cx->faults;
    struct doc *list = doc_list(writing->page->data, "faults");
    sort_faults(writing);
    for (int i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "message", fault->message);
        if (fault->field != NULL)
            doc_printf(object, "href", "#" FIELD_PREFIX "%s", fault->field);
        else
            doc_null(object, "href");
    }
    doc_integer(writing->page->data, "fault_count", faults->count);
    doc_bool(writing->page->data, "has_faults", faults->count > 0 && !writing->is_conflict);
}

static void
add_whole_remarks(struct page *page, const struct remark *remarks, int count)
{
    struct doc *list = doc_list(page->data, "remarks");
    for (int i = 0; i < count; i++) {
        if (!remarks[i].is_open || remarks[i].field != NULL)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "text", remarks[i].text);
        doc_text(object, "who", remarks[i].who);
        doc_time(object, "at", remarks[i].at, page->cx->world->zone_offset);
    }
}

static bool
shows_personal(const struct writing *writing)
{
    return writing->record == NULL || may_record(writing->page->cx, ACTION_PERSON, writing->record);
}

/* What was recorded last time, to be read or to be taken over. */
static void
add_last(struct writing *writing)
{
    struct ctx *cx = writing->page->cx;
    const struct record *last = writing->last;
    if (last == NULL) {
        doc_null(writing->page->data, "last");
        return;
    }
    struct doc *object = doc_object(writing->page->data, "last");
    doc_text(object, "title",
        title_of(last) == last->code ? NULL : utf8_short(cx->arena, title_of(last), LAST_SHOWN));
    doc_time(object, "at", last->created_at, cx->world->zone_offset);
    doc_text(object, "state_label", record_state_label(cx, last));
    doc_text(object, "tag", listing_tag(last));
    doc_printf(object, "href", "/hs/%s", last->code);
    doc_printf(object, "again", "/so/%s/moi?dv=%s&lan_truoc=1", writing->reg->key,
        unit_code(cx->arena, writing->unit, cx->world->today));
    doc_bool(object, "is_taken", page_param(writing->page, "lan_truoc") != NULL);
}

static void
add_head(struct writing *writing)
{
    struct page *page = writing->page;
    struct ctx *cx = page->cx;
    struct doc *data = page->data;
    int32_t today = cx->world->today;
    const char *unit = unit_code(cx->arena, writing->unit, today);
    const char *reg = writing->reg->key;
    bool is_new = writing->record == NULL;
    doc_text(data, "register", reg);
    doc_text(data, "register_label", label_text(cx, &writing->reg->label));
    page_unit_doc(page->cx, data, "unit", writing->unit, (struct range){today, today});
    doc_text(data, "unit_code", unit);
    doc_bool(data, "is_new", is_new);
    doc_text(data, "key", writing->key);
    doc_integer(data, "version", writing->version);
    doc_bool(data, "is_conflict", writing->is_conflict);
    if (is_new)
        doc_printf(data, "action", "/so/%s/moi", reg);
    else
        doc_printf(data, "action", "/hs/%s/sua", writing->record->code);
    /* Two people at one machine do not find each other's words, and two units are two forms. */
    doc_printf(data, "kept_as", "%s %s %s", cx->viewer == NULL ? "" : cx->viewer->login,
        doc_get(data, "action")->text, unit);
    doc_text(data, "code", is_new ? NULL : writing->record->code);
    if (writing->drafted_at != 0)
        doc_time(data, "drafted_at", writing->drafted_at, cx->world->zone_offset);
    else
        doc_null(data, "drafted_at");
    add_last(writing);
    doc_printf(data, "back_href", is_new ? "/so/%s?dv=%s" : "/hs/%s",
        is_new ? reg : writing->record->code, unit);
}

static enum status
show(struct writing *writing)
{
    struct page *page = writing->page;
    struct form_offers offers = {0};
    struct form_view view = {.page = page,
        .reg = writing->reg,
        .unit = writing->unit,
        .fields = &writing->fields,
        .typed = writing->has_typed ? &writing->typed : NULL,
        .theirs = writing->is_conflict ? &writing->theirs : NULL,
        .shows_personal = shows_personal(writing),
        .offers = &offers};
    struct remark *remarks = NULL;
    int remark_count = 0;
    if (writing->record != NULL)
        TRY(remark_list(page->cx, writing->record, &remarks, &remark_count));
    view.remarks = remarks;
    view.remark_count = remark_count;
    page->template = "record_form";
    page_set_title(page, "%s: %s",
        writing->record == NULL ? tr(writing->page->cx, "Ghi") : tr(writing->page->cx, "Sửa"),
        label_text(writing->page->cx, &writing->reg->label));
    page_crumb(page, arena_printf(page->cx->arena, "/so/%s", writing->reg->key),
        label_text(writing->page->cx, &writing->reg->label));
    add_faults(writing);
    add_head(writing);
    add_steps(writing);
    add_directives(writing);
    add_whole_remarks(page, remarks, remark_count);
    TRY(choose_next(writing, &view));
    return form_doc(doc_list(page->data, "fields"), &view);
}

enum status
record_form_new(struct page *page)
{
    struct writing writing;
    struct draft *draft = NULL;
    TRY(begin_new(page, page_param(page, "dv"), &writing));
    TRY(find_last(&writing));
    TRY(take_values(&writing));
    bool is_fresh = page_param(page, "giu") != NULL || page_param(page, "lan_truoc") != NULL;
    if (!is_fresh)
        TRY(draft_newest(page->cx, writing.reg, writing.unit, &draft));
    writing.key = new_key(page->cx->arena);
    if (draft != NULL)
        take_draft(&writing, draft);
    return show(&writing);
}

enum status
record_form_edit(struct page *page)
{
    struct writing writing;
    struct draft *draft;
    TRY(begin_edit(page, &writing));
    TRY(draft_find(page->cx, writing.unit, writing.key, &draft));
    if (draft != NULL)
        take_draft(&writing, draft);
    return show(&writing);
}

/* Keeping */

static enum status
keep_draft(struct writing *writing)
{
    struct draft draft = {.key = writing->key,
        .reg = writing->reg,
        .unit = writing->unit,
        .version = writing->version,
        .body = typed_encode(writing->page->cx->arena, &writing->typed)};
    TRY(draft_put(writing->page->cx, &draft));
    writing->drafted_at = writing->page->cx->now;
    return OK;
}

/* The form again, with what was typed, and 422 when something is wrong with it. */
static enum status
show_again(struct writing *writing)
{
    writing->page->response->code = writing->page->cx->faults.count > 0 ? 422 : 200;
    return show(writing);
}

static enum status
read_directives(struct writing *writing)
{
    struct page *page = writing->page;
    struct buf out = buf_new(page->cx->arena);
    for (int i = 0; i < page->request->form_count; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strcmp(pair->name, "chi_thi") == 0 && *pair->value != '\0')
            buf_printf(&out, "%s%s", out.length > 0 ? "," : "", pair->value);
    }
    if (out.length == 0)
        return OK;
    return directive_parse(page->cx, writing->reg, buf_string(&out),
               (struct fault){.field = "chi_thi"}, &writing->directives)
        ? OK
        : ERR_INVALID;
}

static enum status
read_form(struct writing *writing)
{
    struct page *page = writing->page;
    const struct reg *reg = writing->reg;
    writing->fields = row_copy(page->cx->arena, reg->fields, reg->field_count, &writing->fields);
    enum status directives = read_directives(writing);
    TRY(form_read(page, reg, &writing->typed, shows_personal(writing), &writing->fields));
    return directives;
}

/* "buoc.VERB": the step that a button takes, or NULL. */
static const char *
verb_of(const char *button)
{
    static const char prefix[] = "buoc.";
    bool is_step = button != NULL && strncmp(button, prefix, strlen(prefix)) == 0;
    return is_step ? button + strlen(prefix) : NULL;
}

/* What else is wrong when something could not be read: the rules of the state that is aimed at, but
 * for fields that have a fault already. */
static void
tell_other_faults(struct writing *writing, const char *verb)
{
    struct ctx *cx = writing->page->cx;
    const struct reg *reg = writing->reg;
    int state = writing->record == NULL ? reg->initial : writing->record->state;
    const struct transition *step =
        verb == NULL || state == STATE_IS_VOID ? NULL : reg_transition(reg, state, verb);
    int before = cx->faults.count, kept = before;
    if (state == STATE_IS_VOID)
        return;
    (void)!record_validate(cx, reg, writing->unit, step == NULL ? state : step->to,
        &writing->fields);
    for (int i = before; i < cx->faults.count; i++) {
        const char *field = cx->faults.items[i].field;
        bool is_told = false;
        for (int j = 0; j < before && field != NULL; j++)
            is_told = is_told ||
                (cx->faults.items[j].field != NULL &&
                    strcmp(cx->faults.items[j].field, field) == 0);
        if (!is_told)
            cx->faults.items[kept++] = cx->faults.items[i];
    }
    cx->faults.count = kept;
}

/* The same form sent twice is one request; another person's, or another text, is another one. */
static const char *
request_key(const struct writing *writing, const char *verb)
{
    enum { SHORT = 24 };
    struct ctx *cx = writing->page->cx;
    const char *typed = typed_encode(cx->arena, &writing->typed);
    const char *said = arena_printf(cx->arena, "%lld %lld %s %s", (long long)cx->actor,
        (long long)writing->version, verb == NULL ? "" : verb, typed);
    return arena_printf(cx->arena, "sua:%.*s", SHORT, blob_digest(cx->arena, said, strlen(said)));
}

static enum status
save(struct writing *writing, const char *verb, struct record **out)
{
    struct ctx *cx = writing->page->cx;
    if (writing->record == NULL) {
        struct record_new wanted = {.reg = writing->reg,
            .unit = writing->unit,
            .fields = &writing->fields,
            .directives = writing->directives,
            .origin = writing->key,
            .verb = verb};
        return record_create(cx, &wanted, out);
    }
    struct record_change wanted = {.fields = &writing->fields,
        .directives = writing->directives,
        .verb = verb,
        .version = writing->version,
        .request = request_key(writing, verb),
        .reason = request_form(writing->page->request, "ly_do")};
    if (verb != NULL)
        return record_move(cx, writing->record->code, &wanted, out);
    if (writing->record->state != STATE_IS_VOID &&
        writing->reg->states[writing->record->state].locks)
        return record_correct(cx, writing->record->code, &wanted, out);
    return record_change(cx, writing->record->code, &wanted, out);
}

/* Fields that only the other one has changed are taken as they are now; what both changed stays as
 * it was typed. */
static enum status
merge(struct writing *writing, const struct record *now)
{
    struct ctx *cx = writing->page->cx;
    struct row base;
    TRY(version_at(cx, now, writing->version, &base));
    for (int i = 0; i < writing->reg->field_count; i++) {
        const struct field *field = &writing->reg->fields[i];
        if (!version_same(cx, field, &writing->fields.values[i], &base.values[i]))
            continue;
        writing->fields.values[i] = now->fields.values[i];
        form_forget(writing->page, &writing->typed, field);
    }
    return OK;
}

/* Somebody else was faster: what was typed stays, what is stored stands beside it, and the next
 * press of the button is meant for the version that is shown now. */
static enum status
show_conflict(struct writing *writing)
{
    struct ctx *cx = writing->page->cx;
    fault_forget(cx, 0);
    TRY(record_load(cx, writing->record->code, &writing->record));
    TRY(merge(writing, writing->record));
    writing->is_conflict = true;
    writing->theirs = writing->record->fields;
    writing->version = writing->record->version;
    writing->page->response->code = 409;
    return show(writing);
}

static enum status
go_on(struct writing *writing, const struct record *record, bool wants_more)
{
    struct arena *arena = writing->page->cx->arena;
    TRY(draft_remove(writing->page->cx, writing->unit, writing->key));
    const char *unit = unit_code(arena, writing->unit, writing->page->cx->world->today);
    page_redirect(writing->page,
        wants_more
            ? arena_printf(arena, "/so/%s/moi?dv=%s&giu=%s", writing->reg->key, unit, record->code)
            : arena_printf(arena, "/hs/%s?xong=1", record->code));
    return OK;
}

/* Files are kept before anything else is looked at, so that they need not be chosen again. */
static enum status
read_files(struct writing *writing)
{
    struct page *page = writing->page;
    const struct reg *reg = writing->reg;
    struct typed before = {0};
    struct draft *draft;
    TRY(draft_find(page->cx, writing->unit, writing->key, &draft));
    if (draft != NULL)
        before = typed_decode(page, draft->body);
    writing->fields = row_copy(page->cx->arena, reg->fields, reg->field_count, &writing->fields);
    return form_read_files(page, reg, writing->unit->shard, &before, shows_personal(writing),
        &writing->fields, &writing->typed);
}

static enum status
keep_record(struct writing *writing, const char *button, enum status files)
{
    struct ctx *cx = writing->page->cx;
    struct record *record;
    enum status form = read_form(writing), status = form == OK ? files : form;
    if (status == OK)
        status = save(writing, verb_of(button), &record);
    else if (status == ERR_INVALID)
        tell_other_faults(writing, verb_of(button));
    if (status == OK)
        return go_on(writing, record, button != NULL && strcmp(button, "tiep") == 0);
    if (status != ERR_STALE && status != ERR_INVALID && status != ERR_LIMIT)
        return status;
    int told = cx->faults.count;
    if (keep_draft(writing) != OK) /* what is typed stands in the answer all the same */
        fault_forget(cx, told);
    return status == ERR_STALE ? show_conflict(writing) : show_again(writing);
}

static enum status
answer_saved(struct writing *writing)
{
    struct page *page = writing->page;
    TRY(keep_draft(writing));
    if (!page->is_json) {
        writing->has_typed = true;
        return show(writing);
    }
    doc_time(page->data, "saved_at", page->cx->now, page->cx->world->zone_offset);
    return OK;
}

static enum status
drop_draft(struct writing *writing)
{
    struct page *page = writing->page;
    struct arena *arena = page->cx->arena;
    TRY(draft_remove(page->cx, writing->unit, writing->key));
    page_redirect(page,
        writing->record != NULL ? arena_printf(arena, "/hs/%s", writing->record->code)
                                : arena_printf(arena, "/so/%s/moi?dv=%s", writing->reg->key,
                                      unit_code(arena, writing->unit, page->cx->world->today)));
    return OK;
}

static enum status
take_form(struct writing *writing)
{
    struct page *page = writing->page;
    const char *button = request_form(page->request, "lam");
    bool edits_rows =
        request_form(page->request, "them") != NULL || request_form(page->request, "bot") != NULL;
    writing->typed = typed_of_request(page, writing->reg);
    writing->has_typed = true;
    if (button != NULL && strcmp(button, "bo") == 0)
        return drop_draft(writing);
    enum status files = read_files(writing);
    if (files != OK && files != ERR_INVALID && files != ERR_LIMIT)
        return files;
    if (edits_rows || (button != NULL && strcmp(button, "nhap") == 0))
        return answer_saved(writing);
    return keep_record(writing, button, files);
}

enum status
record_form_create(struct page *page)
{
    struct writing writing;
    const char *key = request_form(page->request, "khoa");
    TRY(begin_new(page, request_form(page->request, "dv"), &writing));
    if (key == NULL || code_number(key) < 0)
        return fault_set(page->cx, ERR_INVALID, "Biểu mẫu thiếu khóa; hãy mở lại trang ghi sổ.");
    writing.key = key;
    return take_form(&writing);
}

enum status
record_form_change(struct page *page)
{
    struct writing writing;
    TRY(begin_edit(page, &writing));
    TRY(page_version(page, &writing.version));
    return take_form(&writing);
}
