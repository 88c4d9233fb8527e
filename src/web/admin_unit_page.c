/* Administration of one unit: what it is and who has which role on it; its renaming, moving and
 * ending, and merging several, each with what it would do before it is done. */
#include "web/admin_page.h"

#include "domain/admin.h"
#include "domain/rights.h"
#include "web/plain_form.h"
#include "web/routes.h"
#include "web/words.h"

#include <string.h>

enum { MERGED_MAX = 20, DECISION_MAX = 120, NAME_MAX_TYPED = 250, CODE_MAX_TYPED = 60 };

/* The last word of an address and what it does. */
static const struct change {
    const char *word, *title, *verb, *effect;
    enum unit_event_kind kind;
} changes[] = {
    {"doi_ten", N_("Đổi tên đơn vị"), N_("Đổi tên"),
        N_("Từ ngày ấy đơn vị mang tên mới; trước đó vẫn hiện tên cũ. Con số không thay đổi."),
        UNIT_RENAME},
    {"chuyen", N_("Chuyển đơn vị"), N_("Chuyển"),
        N_("Từ ngày ấy đơn vị cùng mọi đơn vị trực thuộc và hồ sơ của chúng tính cho đơn vị cấp "
           "trên "
           "mới; số liệu trước đó vẫn tính cho đơn vị cấp trên cũ."),
        UNIT_MOVE},
    {"ket_thuc", N_("Kết thúc đơn vị"), N_("Kết thúc"),
        N_("Từ ngày ấy đơn vị không còn hoạt động. Hồ sơ đã ghi vẫn giữ nguyên, con số của chúng "
           "tính "
           "cho đơn vị cấp trên. Đơn vị còn đơn vị trực thuộc thì chưa kết thúc được."),
        UNIT_ABOLISH},
};

static enum status
find_unit(struct page *page, const struct unit **out)
{
    return admin_unit(page->cx, NULL, page->argument[0], page->cx->world->today, out);
}

static void
add_crumb(struct page *page, const struct unit *unit)
{
    const struct ctx *cx = page->cx;
    page_crumb(page, "/quan_tri", tr(cx, "Quản trị"));
    if (unit != NULL)
        page_crumb(page,
            arena_printf(cx->arena, "/quan_tri/don_vi/%s",
                unit_code(cx->arena, unit, cx->world->today)),
            unit_named(unit, cx->world->today)->name);
}

/* The page of a unit */

static void
add_span(struct page *page, const struct unit *unit)
{
    const struct ctx *cx = page->cx;
    const struct model *model = cx->world->model;
    const struct span *span = unit_named(unit, cx->world->today);
    doc_text(page->data, "level", words_level(cx, span->level));
    doc_text(page->data, "kind",
        *span->kind == '\0'
            ? NULL
            : choice_label(cx, model->unit_kinds, model->unit_kind_count, span->kind));
    doc_text(page->data, "bloc",
        *span->bloc == '\0' ? NULL : choice_label(cx, model->blocs, model->bloc_count, span->bloc));
    if (span->parent != NULL && may_know_unit(cx, span->parent))
        doc_text(page->data, "parent", unit_named(span->parent, cx->world->today)->name);
    else
        doc_null(page->data, "parent");
}

enum status
admin_unit_page_show(struct page *page)
{
    struct ctx *cx = page->cx;
    const struct unit *unit;
    TRY(find_unit(page, &unit));
    const char *code = unit_code(cx->arena, unit, cx->world->today);
    admin_page_begin(page, "admin_unit", ADMIN_UNITS);
    page_set_title(page, "Quản trị: %s", unit_named(unit, cx->world->today)->name);
    page_crumb(page, "/quan_tri", tr(cx, "Quản trị"));
    admin_unit_doc(doc_object(page->data, "unit"), cx, unit);
    add_span(page, unit);
    struct doc *list = doc_list(page->data, "changes");
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "label", tr(page->cx, changes[i].title));
        doc_printf(object, "href", "/quan_tri/don_vi/%s/%s", code, changes[i].word);
    }
    doc_printf(page->data, "merge_href", "/quan_tri/gop?dv=%s", code);
    doc_printf(page->data, "new_href", "/quan_tri/them?dv=%s", code);
    TRY(admin_effect_doc(doc_object(page->data, "effect"), cx, unit, cx->world->today));
    struct doc *grants = doc_list(page->data, "grants"), *events = doc_list(page->data, "events");
    TRY(admin_grants_of_unit(grants, cx, unit));
    TRY(admin_events_doc(events, cx, unit));
    doc_bool(page->data, "has_grants", grants->first != NULL);
    doc_bool(page->data, "has_events", events->first != NULL);
    return OK;
}

/* One event */

static enum status
find_change(struct page *page, const struct change **out)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        *out = &changes[i];
        if (strcmp(page->argument[1], changes[i].word) == 0)
            return OK;
    }
    return fault_set(page->cx, ERR_NOT_FOUND, "Không có trang này.");
}

static void
add_day_and_decision(struct page *page, struct doc *list)
{
    const struct plain_field day = {.name = "day",
        .label = tr(page->cx, "Từ ngày"),
        .hint = tr(page->cx, "Ngày đầu tiên có hiệu lực, theo quyết định."),
        .value = date_show(page->cx->arena, page->cx->world->today),
        .kind = PLAIN_DAY,
        .required = true};
    const struct plain_field decision = {.name = "decision",
        .label = tr(page->cx, "Số quyết định"),
        .hint = tr(page->cx, "Ví dụ 1234/NQ-UBTVQH15."),
        .max = DECISION_MAX};
    plain_field_add(page, list, &day);
    plain_field_add(page, list, &decision);
}

static enum status
show_change(struct page *page, const struct unit *unit, const struct change *change,
    enum status status)
{
    struct ctx *cx = page->cx;
    const char *name = unit_named(unit, cx->world->today)->name;
    const struct plain_field rename = {.name = "name",
        .label = tr(cx, "Tên mới"),
        .value = name,
        .max = NAME_MAX_TYPED,
        .required = true};
    const struct plain_field move = {.name = "other",
        .label = tr(cx, "Mã đơn vị cấp trên mới"),
        .max = CODE_MAX_TYPED,
        .required = true};
    admin_page_begin(page, "admin_change", ADMIN_UNITS);
    page_set_title(page, "%s: %s", tr(page->cx, change->title), name);
    add_crumb(page, unit);
    admin_unit_doc(doc_object(page->data, "unit"), cx, unit);
    doc_text(page->data, "title", tr(page->cx, change->title));
    doc_text(page->data, "verb", tr(page->cx, change->verb));
    doc_text(page->data, "effect_text", tr(page->cx, change->effect));
    page_form(page, "", status);
    struct doc *fields = doc_list(page->data, "fields");
    if (change->kind == UNIT_RENAME)
        plain_field_add(page, fields, &rename);
    if (change->kind == UNIT_MOVE)
        plain_field_add(page, fields, &move);
    add_day_and_decision(page, fields);
    return admin_effect_doc(doc_object(page->data, "effect"), cx, unit, cx->world->today);
}

enum status
admin_unit_page_form(struct page *page)
{
    const struct change *change;
    const struct unit *unit;
    TRY(find_change(page, &change));
    TRY(find_unit(page, &unit));
    return show_change(page, unit, change, OK);
}

static enum status
take_change(struct page *page, const struct unit *unit, const struct change *change)
{
    struct ctx *cx = page->cx;
    struct unit_event event = {.kind = change->kind,
        .other = page_sent(page, "other"),
        .name = page_sent(page, "name"),
        .decision = page_sent_or_null(page, "decision")};
    if (!date_read(cx, "day", page_sent(page, "day"), &event.day))
        return ERR_INVALID;
    event.code = arena_strdup(cx->arena, unit_code(cx->arena, unit, event.day - 1));
    return admin_unit_change(cx, &event);
}

enum status
admin_unit_page_change(struct page *page)
{
    const struct change *change;
    const struct unit *unit;
    TRY(find_change(page, &change));
    TRY(find_unit(page, &unit));
    enum status status = take_change(page, unit, change);
    if (admin_is_told_in_form(status)) {
        TRY(find_unit(page, &unit)); /* the world may be a newer one */
        return show_change(page, unit, change, status);
    }
    TRY(status);
    page_redirect(page, arena_printf(page->cx->arena, "/quan_tri?da=%s", change->word));
    return OK;
}

/* Merging */

/* What is asked: the units by their codes of today, and who takes their place. */
struct merging {
    const struct unit *units[MERGED_MAX];
    const char *codes[MERGED_MAX];
    int count;
    const char *heir;
    int32_t day;
    const char *decision;
};

static enum status
read_units(struct page *page, const struct pair *pairs, int count, struct merging *out)
{
    struct ctx *cx = page->cx;
    *out = (struct merging){0};
    for (int i = 0; i < count && out->count < MERGED_MAX; i++) {
        if (strcmp(pairs[i].name, "dv") != 0 || *pairs[i].value == '\0')
            continue;
        const struct unit **unit = &out->units[out->count];
        TRY(admin_unit(cx, NULL, pairs[i].value, cx->world->today, unit));
        out->codes[out->count++] =
            arena_strdup(cx->arena, unit_code(cx->arena, *unit, cx->world->today));
    }
    if (out->count > 0)
        return OK;
    return fault_set(cx, ERR_INVALID, "Chưa chọn đơn vị nào để gộp.");
}

/* Of several one remains; a single one goes into another, whose code is typed. */
static void
add_heir(struct page *page, struct doc *list, const struct merging *merging)
{
    struct form_option options[MERGED_MAX];
    struct plain_field field = {.name = "other", .required = true};
    for (int i = 0; i < merging->count; i++)
        options[i] = (struct form_option){merging->codes[i],
            unit_named(merging->units[i], page->cx->world->today)->name};
    if (merging->count > 1) {
        field.label = tr(page->cx, "Đơn vị kế thừa");
        field.hint = tr(page->cx, "Đơn vị còn lại; các đơn vị kia gộp vào đơn vị này.");
        field.kind = PLAIN_CHOICE;
        field.options = options;
        field.option_count = merging->count;
    } else {
        field.label = tr(page->cx, "Mã đơn vị kế thừa");
        field.hint = tr(page->cx, "Đơn vị này gộp vào đơn vị mang mã ấy.");
        field.max = CODE_MAX_TYPED;
    }
    plain_field_add(page, list, &field);
}

static enum status
show_merge(struct page *page, const struct merging *merging, enum status status)
{
    struct ctx *cx = page->cx;
    admin_page_begin(page, "admin_merge", ADMIN_UNITS);
    page_set_title(page, "Gộp đơn vị");
    add_crumb(page, NULL);
    page_form(page, "", status);
    struct doc *fields = doc_list(page->data, "fields");
    add_heir(page, fields, merging);
    add_day_and_decision(page, fields);
    struct doc *list = doc_list(page->data, "units");
    for (int i = 0; i < merging->count; i++) {
        struct doc *object = doc_object(list, NULL);
        admin_unit_doc(object, cx, merging->units[i]);
        TRY(admin_effect_doc(object, cx, merging->units[i], cx->world->today));
    }
    return OK;
}

enum status
admin_merge_show(struct page *page)
{
    struct merging merging;
    TRY(read_units(page, page->request->query, page->request->query_count, &merging));
    return show_merge(page, &merging, OK);
}

/* The codes of those directly below a unit on a day, which go along: the tree that they are read
 * from is gone after the first of them. */
static int
codes_below(struct ctx *cx, const struct unit *unit, int32_t day, const char ***out)
{
    const struct unit **children;
    int count = tree_children(cx->arena, unit, day, day, day, &children);
    *out = ARENA_ARRAY(cx->arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        (*out)[i] = arena_strdup(cx->arena, unit_code(cx->arena, children[i], day - 1));
    return count;
}

/* What stands below a unit goes to the heir, then the unit itself. Done again after a fault in the
 * middle, it goes on where it stopped. */
static enum status
merge_one(struct ctx *cx, const struct merging *merging, const char *code)
{
    struct unit_event event = {.kind = UNIT_MOVE,
        .day = merging->day,
        .other = merging->heir,
        .decision = merging->decision};
    const struct unit *unit;
    const char **below;
    TRY(admin_unit(cx, NULL, code, cx->world->today, &unit));
    event.code = arena_strdup(cx->arena, unit_code(cx->arena, unit, merging->day - 1));
    const char *own = event.code;
    int count = codes_below(cx, unit, merging->day, &below);
    for (int i = 0; i < count; i++) {
        event.code = below[i];
        TRY(admin_unit_change(cx, &event));
    }
    event.kind = UNIT_MERGE;
    event.code = own;
    return admin_unit_change(cx, &event);
}

static enum status
merge(struct page *page, struct merging *merging)
{
    struct ctx *cx = page->cx;
    const struct unit *heir;
    const char *typed = page_sent(page, "other");
    merging->decision = page_sent_or_null(page, "decision");
    if (!date_read(cx, "day", page_sent(page, "day"), &merging->day))
        return ERR_INVALID;
    TRY(admin_unit(cx, "other", typed, cx->world->today, &heir));
    merging->heir = arena_strdup(cx->arena, unit_code(cx->arena, heir, merging->day));
    for (int i = 0; i < merging->count; i++) {
        if (strcmp(merging->codes[i], typed) != 0)
            TRY(merge_one(cx, merging, merging->codes[i]));
    }
    return OK;
}

/* After a fault in the middle some are merged already: the form shows the others. */
static void
keep_living(struct ctx *cx, struct merging *merging)
{
    int kept = 0;
    for (int i = 0; i < merging->count; i++) {
        const struct unit *unit =
            tree_bearer(cx->world->tree, merging->codes[i], cx->world->today, cx->world->today);
        if (unit == NULL)
            continue;
        merging->codes[kept] = merging->codes[i];
        merging->units[kept++] = unit;
    }
    merging->count = kept;
}

enum status
admin_merge_do(struct page *page)
{
    struct merging merging;
    struct ctx *cx = page->cx;
    TRY(read_units(page, page->request->form, page->request->form_count, &merging));
    enum status status = merge(page, &merging);
    if (admin_is_told_in_form(status)) {
        keep_living(cx, &merging);
        return show_merge(page, &merging, status);
    }
    TRY(status);
    page_redirect(page, "/quan_tri?da=gop");
    return OK;
}
