/* Showing fields as inputs and reading them back. */
#include "web/form_fields.h"

#include "base/code.h"
#include "base/file.h"
#include "base/vi.h"
#include "domain/blob.h"
#include "domain/form.h"
#include "domain/rights.h"
#include "domain/stub.h"
#include "domain/version.h"
#include "web/form_choices.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 200, RADIOS_MAX = 5 };

struct row
form_begin(const struct page *page, const struct reg *reg)
{
    int32_t today = page->cx->world->today;
    struct row row = row_new(page->cx->arena, reg->fields, reg->field_count);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field == reg->counted_on)
            row.values[i] = (struct value){.number = today};
        else if (field->required && field_is_year(field) && row.values[i].is_null)
            row.values[i] = (struct value){.number = day_to_civil(today).year};
    }
    return row;
}

/* Does a record of the register take the field on this machine? */
static bool
is_held(const struct page *page, const struct reg *reg, const struct field *field)
{
    return !stub_only(page->cx->world, reg) || stub_holds(field);
}

/* What was typed */

const char *
typed_get(const struct typed *typed, const char *name)
{
    for (int i = 0; typed != NULL && i < typed->count; i++) {
        if (strcmp(typed->pairs[i].name, name) == 0)
            return typed->pairs[i].value;
    }
    return NULL;
}

static void
add_pair(struct arena *arena, struct typed *typed, const char *name, const char *value)
{
    *ARENA_PUSH(arena, typed->pairs, typed->count) = (struct pair){name, value};
}

/* The number of a row in a name of the list's cells; -1: it is no such name. */
static int
row_in_name(const char *name, const char *list)
{
    size_t length = strlen(list);
    if (strncmp(name, FIELD_PREFIX, strlen(FIELD_PREFIX)) != 0)
        return -1;
    name += strlen(FIELD_PREFIX);
    if (strncmp(name, list, length) != 0 || name[length] != '.')
        return -1;
    char *end;
    long row = strtol(name + length + 1, &end, 10);
    return end > name + length + 1 && *end == '.' && row >= 0 && row < 10 * ROWS_MAX ? (int)row
                                                                                     : -1;
}

/* The rows of a list that were sent, by their numbers, in the order in which they came. */
static int
rows_of(struct arena *arena, const struct typed *typed, const char *list, int **out)
{
    int count = 0;
    *out = NULL;
    for (int i = 0; i < typed->count; i++) {
        int row = row_in_name(typed->pairs[i].name, list);
        bool is_known = row < 0;
        for (int j = 0; j < count && !is_known; j++)
            is_known = (*out)[j] == row;
        if (!is_known && count < ROWS_MAX)
            *ARENA_PUSH(arena, *out, count) = row;
    }
    return count;
}

static const char *
cell_name(struct arena *arena, const struct field *list, int row, const struct field *column)
{
    return arena_printf(arena, FIELD_PREFIX "%s.%d.%s", list->key, row, column->key);
}

static void
add_row(struct arena *arena, struct typed *typed, const struct field *list)
{
    int *rows, next = 0;
    int count = rows_of(arena, typed, list->key, &rows);
    for (int i = 0; i < count; i++)
        next = rows[i] >= next ? rows[i] + 1 : next;
    add_pair(arena, typed, cell_name(arena, list, next, &list->fields[0]), "");
}

static void
remove_row(struct typed *typed, const char *list, int row)
{
    int kept = 0;
    for (int i = 0; i < typed->count; i++) {
        if (row_in_name(typed->pairs[i].name, list) != row)
            typed->pairs[kept++] = typed->pairs[i];
    }
    typed->count = kept;
}

/* Lines of cells, as a table program puts them on the clipboard. */
static void
paste_rows(struct page *page, const struct reg *reg, struct typed *typed, const struct field *list,
    const char *text)
{
    struct arena *arena = page->cx->arena;
    int *rows, next = 0;
    int count = rows_of(arena, typed, list->key, &rows);
    for (int i = 0; i < count; i++)
        next = rows[i] >= next ? rows[i] + 1 : next;
    while (*text != '\0' && next < 10 * ROWS_MAX) {
        size_t line = strcspn(text, "\r\n");
        const char *cell = text, *end = text + line;
        for (int c = 0; line > 0 && c < list->field_count; c++) {
            if (!is_held(page, reg, &list->fields[c]))
                continue;
            const char *tab = memchr(cell, '\t', (size_t)(end - cell));
            const char *stop = tab == NULL ? end : tab;
            add_pair(arena, typed, cell_name(arena, list, next, &list->fields[c]),
                arena_strndup(arena, cell, (size_t)(stop - cell)));
            if (tab == NULL)
                break;
            cell = tab + 1;
        }
        next += line > 0;
        text = end + strspn(end, "\r\n");
    }
}

static void
press_buttons(struct page *page, const struct reg *reg, struct typed *typed)
{
    struct arena *arena = page->cx->arena;
    const char *more = request_form(page->request, "them");
    const char *less = request_form(page->request, "bot");
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *list = &reg->fields[i];
        if (list->kind != KIND_LIST)
            continue;
        const char *name = arena_printf(arena, FIELD_PREFIX "%s", list->key);
        const char *pasted = request_form(page->request, arena_printf(arena, "dan.%s", name));
        if (pasted != NULL)
            paste_rows(page, reg, typed, list, pasted);
        if (more != NULL && strcmp(more, name) == 0)
            add_row(arena, typed, list);
        if (less != NULL && row_in_name(arena_printf(arena, "%s.", less), list->key) >= 0)
            remove_row(typed, list->key, row_in_name(arena_printf(arena, "%s.", less), list->key));
    }
}

/* The field that a name of the form is of; NULL: none. */
static const struct field *
field_named(const struct reg *reg, const char *name)
{
    const char *key = name + strlen(FIELD_PREFIX);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *list = &reg->fields[i];
        if (strcmp(key, list->key) == 0)
            return list;
        if (list->kind == KIND_LIST && row_in_name(name, list->key) >= 0)
            return list_field(list, strrchr(name, '.') + 1);
    }
    return NULL;
}

/* A form that shows no such field is not answered with one: it would stand in a draft. */
static void
drop_unheld(const struct page *page, const struct reg *reg, struct typed *typed)
{
    int kept = 0;
    for (int i = 0; i < typed->count; i++) {
        const struct field *field = field_named(reg, typed->pairs[i].name);
        if (field == NULL || is_held(page, reg, field))
            typed->pairs[kept++] = typed->pairs[i];
    }
    typed->count = kept;
}

struct typed
typed_of_request(struct page *page, const struct reg *reg)
{
    struct typed typed = {0};
    for (int i = 0; i < page->request->form_count; i++) {
        const struct pair *pair = &page->request->form[i];
        if (strncmp(pair->name, FIELD_PREFIX, strlen(FIELD_PREFIX)) == 0)
            add_pair(page->cx->arena, &typed, pair->name, pair->value);
    }
    press_buttons(page, reg, &typed);
    if (stub_only(page->cx->world, reg))
        drop_unheld(page, reg, &typed);
    return typed;
}

const char *
typed_encode(struct arena *arena, const struct typed *typed)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < typed->count; i++) {
        if (i > 0)
            buf_char(&out, '&');
        page_url_text(&out, typed->pairs[i].name, true);
        buf_char(&out, '=');
        page_url_text(&out, typed->pairs[i].value, true);
    }
    return buf_string(&out);
}

struct typed
typed_decode(struct page *page, const char *body)
{
    struct typed typed = {0};
    const struct pair *pairs;
    int count;
    if (!request_decode_form(page->cx->arena, body, strlen(body), &pairs, &count))
        return typed;
    for (int i = 0; i < count; i++)
        add_pair(page->cx->arena, &typed, pairs[i].name, pairs[i].value);
    return typed;
}

void
form_forget(struct page *page, struct typed *typed, const struct field *field)
{
    const char *name = arena_printf(page->cx->arena, FIELD_PREFIX "%s", field->key);
    size_t length = strlen(name);
    int kept = 0;
    for (int i = 0; i < typed->count; i++) {
        const char *other = typed->pairs[i].name;
        bool is_its =
            strncmp(other, name, length) == 0 && (other[length] == '\0' || other[length] == '.');
        if (!is_its)
            typed->pairs[kept++] = typed->pairs[i];
    }
    typed->count = kept;
}

/* Reading */

/* As it stands in an input: what value_parse reads back. */
const char *
form_text(struct page *page, const struct field *field, const struct value *value)
{
    struct arena *arena = page->cx->arena;
    if (value->is_null)
        return "";
    switch (field->kind) {
    case KIND_CHOICE:
        return field->choices[value->number].key;
    case KIND_BOOLEAN:
        return value->number != 0 ? "co" : "khong";
    case KIND_DATE:
    case KIND_INTEGER:
    case KIND_DECIMAL:
    case KIND_QUANTITY:
        return value_show(page->cx, field, value);
    default:
        return value_text(arena, page->cx->world, field, value);
    }
}

static bool
is_shown(struct page *page, const struct reg *reg, const struct field *field, bool with_personal)
{
    return field->entered == NULL && (with_personal || !field_is_personal(field)) &&
        is_held(page, reg, field);
}

static bool
is_blank_row(const struct typed *typed, struct arena *arena, const struct field *list, int row)
{
    for (int c = 0; c < list->field_count; c++) {
        const struct field *column = &list->fields[c];
        const char *text = typed_get(typed, cell_name(arena, list, row, column));
        size_t length;
        if (text == NULL)
            continue;
        (void)utf8_trim(text, &length);
        if (length > 0 && column->kind != KIND_CHOICE && column->kind != KIND_BOOLEAN)
            return false;
        if (length > 0 && !column->has_default)
            return false;
    }
    return true;
}

/* What names a thing is taken as it is where it was so before: whoever edits a record need not know
 * everybody whom it names. */
static bool
is_as_before(struct page *page, const struct field *field, const struct value *before,
    const char *text)
{
    bool is_name =
        field->kind == KIND_UNIT || field->kind == KIND_PERSON || field->kind == KIND_REFERENCE;
    return is_name && !before->is_null && strcmp(form_text(page, field, before), text) == 0;
}

static bool
take_before(struct page *page, const struct field *list, const struct value *before, int column,
    const char *text, struct value *out)
{
    for (int r = 0; r < before->row_count; r++) {
        const struct value *value = &before->rows[r].values[column];
        if (!is_as_before(page, &list->fields[column], value, text))
            continue;
        *out = *value;
        return true;
    }
    return false;
}

/* A fault names the row by its place among those that are kept, since that is how it is shown. */
static void
read_list(struct page *page, const struct reg *reg, const struct field *list,
    const struct typed *typed, struct value *value)
{
    struct ctx *cx = page->cx;
    struct value before = *value;
    int *rows;
    int count = rows_of(cx->arena, typed, list->key, &rows);
    value->rows = ARENA_ARRAY(cx->arena, struct row, (size_t)count + 1);
    value->row_count = 0;
    for (int r = 0; r < count; r++) {
        if (is_blank_row(typed, cx->arena, list, rows[r]))
            continue;
        int at = value->row_count++;
        value->rows[at] = row_new(cx->arena, list->fields, list->field_count);
        for (int c = 0; c < list->field_count; c++) {
            const struct field *column = &list->fields[c];
            const char *text = typed_get(typed, cell_name(cx->arena, list, rows[r], column));
            struct fault where = {
                .field = arena_printf(cx->arena, "%s.%d.%s", list->key, at, column->key)};
            struct value *cell = &value->rows[at].values[c];
            text = text == NULL ? NULL : vi_clean(cx->arena, text);
            if (!is_held(page, reg, column) && at < before.row_count)
                *cell = before.rows[at].values[c];
            else if (text != NULL && column->kind != KIND_FILES &&
                !take_before(page, list, &before, c, text, cell))
                (void)value_parse(cx, column, text, where, cell);
        }
    }
    value->is_null = false;
}

enum status
form_read(struct page *page, const struct reg *reg, const struct typed *typed, bool with_personal,
    struct row *fields)
{
    struct ctx *cx = page->cx;
    int before = cx->faults.count;
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        const char *name = arena_printf(cx->arena, FIELD_PREFIX "%s", field->key);
        const char *text = typed_get(typed, name);
        if (!is_shown(page, reg, field, with_personal) || text == NULL || field->kind == KIND_FILES)
            continue;
        text = vi_clean(cx->arena, text);
        if (field->kind == KIND_LIST)
            read_list(page, reg, field, typed, &fields->values[i]);
        else if (!is_as_before(page, field, &fields->values[i], text))
            (void)value_parse(cx, field, text, (struct fault){0}, &fields->values[i]);
    }
    return cx->faults.count == before ? OK : ERR_INVALID;
}

/* Files */

/* What a draft keeps of the files of a field. */
static const char *
kept_name(struct arena *arena, const struct field *field)
{
    return arena_printf(arena, "tep.%s", field->key);
}

void
form_show_files(struct page *page, const struct reg *reg, const struct typed *typed,
    struct row *fields)
{
    for (int i = 0; i < reg->field_count; i++) {
        const char *text = typed_get(typed, kept_name(page->cx->arena, &reg->fields[i]));
        if (reg->fields[i].kind == KIND_FILES && text != NULL)
            fields->values[i] = (struct value){.is_null = *text == '\0', .text = text};
    }
}

/* The files that came for a field. */
static enum status
find_uploads(struct page *page, const struct field *field, struct blob_file **out, int *count)
{
    struct arena *arena = page->cx->arena;
    const char *name = arena_printf(arena, FIELD_PREFIX "%s", field->key);
    *out = NULL;
    *count = 0;
    for (int i = 0; i < page->request->upload_count; i++) {
        const struct upload *upload = &page->request->uploads[i];
        struct blob_file file = {.name = blob_name(arena, upload->filename)};
        if (strcmp(upload->name, name) != 0)
            continue;
        if (file.name == NULL)
            return fault_at(page->cx, ERR_INVALID, (struct fault){.field = field->key},
                "%s: tên tệp dài quá %d ký tự hoặc không đọc được; hãy đổi tên ngắn hơn.",
                label_text(page->cx, &field->label), BLOB_NAME_MAX);
        TRY(file_map_open(page->cx, upload->fd, file.name, &file.bytes, &file.length));
        *ARENA_PUSH(arena, *out, *count) = file;
    }
    return OK;
}

/* Those of a text whose digests are not to be taken off. */
static const char *
without_removed(struct page *page, const struct field *field, const char *text)
{
    struct arena *arena = page->cx->arena;
    const char *name = arena_printf(arena, "bo_tep." FIELD_PREFIX "%s", field->key);
    struct attachment *items;
    int count = attachments_read(arena, text, &items), kept = 0;
    for (int i = 0; i < count; i++) {
        bool is_removed = false;
        for (int p = 0; p < page->request->form_count; p++) {
            const struct pair *pair = &page->request->form[p];
            is_removed = is_removed ||
                (strcmp(pair->name, name) == 0 && strcmp(pair->value, items[i].digest) == 0);
        }
        if (!is_removed)
            items[kept++] = items[i];
    }
    return attachments_text(arena, items, kept);
}

static enum status
read_files_of(struct page *page, const struct field *field, int64_t shard, struct row *fields,
    struct typed *typed)
{
    struct value *value = &fields->values[field->index];
    struct blob_file *files;
    int count;
    const char *text = without_removed(page, field, value->is_null ? NULL : value->text);
    struct value before = {.is_null = *text == '\0', .text = text};
    enum status status = find_uploads(page, field, &files, &count);
    if (status == OK && count > 0)
        status = blob_add(page->cx, shard, field, &before, files, count, &text);
    *value = (struct value){.is_null = *text == '\0', .text = text};
    add_pair(page->cx->arena, typed, kept_name(page->cx->arena, field), text);
    return status;
}

enum status
form_read_files(struct page *page, const struct reg *reg, int64_t shard, const struct typed *before,
    bool with_personal, struct row *fields, struct typed *typed)
{
    enum status status = OK;
    form_show_files(page, reg, before, fields);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind != KIND_FILES || !is_shown(page, reg, field, with_personal))
            continue;
        enum status one = read_files_of(page, field, shard, fields, typed);
        if (one == ERR_STORE)
            return one;
        status = status == OK ? one : status;
    }
    return status;
}

/* Showing */

static const char *
error_at(const struct form_view *view, const char *path)
{
    const struct faults *faults = &view->page->cx->faults;
    for (int i = 0; i < faults->count; i++) {
        if (faults->items[i].field != NULL && strcmp(faults->items[i].field, path) == 0)
            return faults->items[i].message;
    }
    return NULL;
}

static void
add_remarks(struct doc *object, const struct form_view *view, const char *key)
{
    struct doc *list = doc_list(object, "remarks");
    for (int i = 0; key != NULL && i < view->remark_count; i++) {
        const struct remark *remark = &view->remarks[i];
        if (!remark->is_open || remark->field == NULL || strcmp(remark->field, key) != 0)
            continue;
        struct doc *one = doc_object(list, NULL);
        doc_text(one, "text", remark->text);
        doc_text(one, "who", remark->who);
    }
}

/* What to type, where the label does not say it. */
static const char *
hint_of(const struct ctx *cx, const struct field *field)
{
    struct arena *arena = cx->arena;
    switch (field->kind) {
    case KIND_DATE:
        return tr(cx, "Ngày theo dạng 05/09/2026.");
    case KIND_TIME:
        return tr(cx, "Giờ theo dạng 07:30.");
    case KIND_LONG_TEXT:
        return arena_printf(arena, tr(cx, "Nhiều nhất %d ký tự."), field->max_length);
    case KIND_QUANTITY:
        return field->measure_count > 1
            ? arena_printf(arena, tr(cx, "Số kèm đơn vị tính, ví dụ: 12,5 %s."),
                  label_text(cx, &field->measures[1]->label))
            : arena_printf(arena, tr(cx, "Tính bằng %s; ghi được cả “hơn 1.400”."),
                  label_text(cx, &field->measures[0]->label));
    default:
        return NULL;
    }
}

static void
add_input(struct doc *object, const struct field *field, bool has_options)
{
    static const char *const inputs[KIND__COUNT] = {[KIND_INTEGER] = "numeric",
        [KIND_DECIMAL] = "decimal",
        [KIND_DATE] = "numeric",
        [KIND_TIME] = "numeric"};
    bool is_long = field->kind == KIND_LONG_TEXT;
    bool is_choice = field->kind == KIND_CHOICE || field->kind == KIND_BOOLEAN || has_options;
    bool is_radio = field->kind == KIND_BOOLEAN ||
        (field->kind == KIND_CHOICE && field->choice_count <= RADIOS_MAX && field->list == NULL);
    doc_bool(object, "is_long", is_long);
    doc_bool(object, "is_radio", is_radio);
    doc_bool(object, "is_select", is_choice && !is_radio);
    doc_bool(object, "is_input", !is_long && !is_choice && field->kind != KIND_LIST);
    doc_text(object, "inputmode", inputs[field->kind] == NULL ? "text" : inputs[field->kind]);
    doc_bool(object, "is_number",
        field->kind == KIND_INTEGER || field->kind == KIND_DECIMAL || field->kind == KIND_QUANTITY);
    doc_bool(object, "is_short", field->kind == KIND_DATE || field->kind == KIND_TIME);
    if (field->max_length > 0)
        doc_printf(object, "max", "%d", field->max_length);
    else
        doc_null(object, "max");
}

static enum status
field_doc(struct doc *list, const struct form_view *view, const struct field *field,
    const char *path, const char *text, const char *theirs)
{
    const char *error = error_at(view, path);
    struct form_choices choices = {.view = view, .field = field, .chosen = text};
    struct doc *object = doc_object(list, NULL);
    TRY(form_choices_find(&choices));
    doc_printf(object, "id", FIELD_PREFIX "%s", path);
    doc_text(object, "label", label_text(view->page->cx, &field->label));
    doc_bool(object, "required", field->required);
    doc_text(object, "hint", hint_of(view->page->cx, field));
    doc_text(object, "error", error);
    doc_text(object, "value", text);
    doc_text(object, "theirs", theirs);
    doc_bool(object, "is_list", false);
    doc_bool(object, "is_files", false);
    add_remarks(object, view, field->list == NULL ? field->key : NULL);
    add_input(object, field, choices.count > 0);
    form_choices_doc(doc_list(object, "options"), &choices);
    return OK;
}

static const char *
shown_list(const struct ctx *cx, const struct field *list, const struct value *value)
{
    struct buf out = buf_new(cx->arena);
    for (int r = 0; r < value->row_count; r++) {
        buf_text(&out, r > 0 ? "; " : "");
        for (int c = 0, told = 0; c < list->field_count; c++) {
            const char *text = value_show(cx, &list->fields[c], &value->rows[r].values[c]);
            if (*text != '\0')
                buf_printf(&out, "%s%s", told++ > 0 ? ", " : "", text);
        }
    }
    return buf_string(&out);
}

/* What is stored by now, where it is not what is shown. */
static const char *
theirs_of(const struct form_view *view, const struct field *field, const char *text)
{
    struct page *page = view->page;
    if (view->theirs == NULL)
        return NULL;
    const struct value *value = &view->theirs->values[field->index];
    if (field->kind == KIND_LIST)
        return version_same(page->cx, field, value, &view->fields->values[field->index])
            ? NULL
            : shown_list(page->cx, field, value);
    if (strcmp(form_text(page, field, value), text) == 0)
        return NULL;
    return value->is_null ? tr(page->cx, "(trống)") : value_show(page->cx, field, value);
}

/* One row: its cells from what was typed, from a stored row, or empty. `at` NULL is the row that
 * the script copies. */
static enum status
row_of_list(struct doc *rows, const struct form_view *view, const struct field *list,
    const char *at, int typed_row, const struct row *stored)
{
    struct arena *arena = view->page->cx->arena;
    struct doc *row = doc_object(rows, NULL);
    doc_text(row, "index", at);
    doc_integer(row, "number", strcmp(at, "N") == 0 ? 0 : atoi(at) + 1);
    doc_printf(row, "name", FIELD_PREFIX "%s.%s", list->key, at);
    struct doc *cells = doc_list(row, "cells");
    for (int c = 0; c < list->field_count; c++) {
        const struct field *column = &list->fields[c];
        const char *text = NULL;
        if (column->kind == KIND_FILES || !is_held(view->page, view->reg, column))
            continue;
        if (typed_row >= 0)
            text = typed_get(view->typed, cell_name(arena, list, typed_row, column));
        else if (stored != NULL)
            text = form_text(view->page, column, &stored->values[c]);
        TRY(field_doc(cells, view, column,
            arena_printf(arena, "%s.%s.%s", list->key, at, column->key), text == NULL ? "" : text,
            NULL));
    }
    return OK;
}

static enum status
rows_doc(struct doc *object, const struct form_view *view, const struct field *list)
{
    struct arena *arena = view->page->cx->arena;
    const struct value *value = &view->fields->values[list->index];
    const char *sent = typed_get(view->typed, arena_printf(arena, FIELD_PREFIX "%s", list->key));
    struct row empty = row_new(arena, list->fields, list->field_count);
    struct doc *rows = doc_list(object, "rows");
    int *numbers, count = 0;
    if (sent != NULL) {
        count = rows_of(arena, view->typed, list->key, &numbers);
        for (int r = 0; r < count; r++)
            TRY(row_of_list(rows, view, list, arena_printf(arena, "%d", r), numbers[r], NULL));
    } else {
        for (; count < value->row_count; count++)
            TRY(row_of_list(rows, view, list, arena_printf(arena, "%d", count), -1,
                &value->rows[count]));
    }
    if (count == 0 && list->required)
        TRY(row_of_list(rows, view, list, "0", -1, &empty));
    TRY(row_of_list(doc_list(object, "pattern"), view, list, "N", -1, &empty));
    struct buf columns = buf_new(arena), labels = buf_new(arena);
    for (int c = 0; c < list->field_count; c++) {
        if (!is_held(view->page, view->reg, &list->fields[c]))
            continue;
        buf_printf(&columns, "%s%s", columns.length > 0 ? " " : "", list->fields[c].key);
        buf_printf(&labels, "%s%s", labels.length > 0 ? ", " : "",
            label_text(view->page->cx, &list->fields[c].label));
    }
    doc_text(object, "columns", buf_string(&columns));
    doc_text(object, "column_labels", buf_string(&labels));
    return OK;
}

static enum status
list_doc(struct doc *out, const struct form_view *view, const struct field *list)
{
    struct doc *object = doc_object(out, NULL);
    doc_printf(object, "id", FIELD_PREFIX "%s", list->key);
    doc_text(object, "label", label_text(view->page->cx, &list->label));
    doc_bool(object, "required", list->required);
    doc_text(object, "error", error_at(view, list->key));
    doc_text(object, "theirs", theirs_of(view, list, ""));
    doc_bool(object, "is_list", true);
    doc_bool(object, "is_files", false);
    add_remarks(object, view, list->key);
    return rows_doc(object, view, list);
}

static void
files_doc(struct doc *out, const struct form_view *view, const struct field *field)
{
    const struct value *value = &view->fields->values[field->index];
    struct doc *object = doc_object(out, NULL);
    struct attachment *items;
    int count =
        attachments_read(view->page->cx->arena, value->is_null ? NULL : value->text, &items);
    doc_printf(object, "id", FIELD_PREFIX "%s", field->key);
    doc_text(object, "label", label_text(view->page->cx, &field->label));
    doc_bool(object, "required", field->required);
    doc_text(object, "error", error_at(view, field->key));
    doc_text(object, "theirs", NULL);
    doc_bool(object, "is_list", false);
    doc_bool(object, "is_files", true);
    add_remarks(object, view, field->key);
    struct doc *list = doc_list(object, "files");
    for (int i = 0; i < count; i++) {
        struct doc *file = doc_object(list, NULL);
        doc_text(file, "name", items[i].name);
        doc_text(file, "digest", items[i].digest);
    }
}

enum status
form_doc(struct doc *list, const struct form_view *view)
{
    struct arena *arena = view->page->cx->arena;
    for (int i = 0; i < view->reg->field_count; i++) {
        const struct field *field = &view->reg->fields[i];
        if (!is_shown(view->page, view->reg, field, view->shows_personal) ||
            (view->wants != NULL && !view->wants(field)))
            continue;
        if (field->kind == KIND_FILES) {
            files_doc(list, view, field);
            continue;
        }
        if (field->kind == KIND_LIST) {
            TRY(list_doc(list, view, field));
            continue;
        }
        const char *text =
            typed_get(view->typed, arena_printf(arena, FIELD_PREFIX "%s", field->key));
        if (text == NULL)
            text = form_text(view->page, field, &view->fields->values[i]);
        TRY(field_doc(list, view, field, field->key, text, theirs_of(view, field, text)));
    }
    return OK;
}
