/* Values in and out as text, one row of the table below for each kind. */
#include "domain/form.h"

#include "base/catalogue.h"
#include "base/code.h"
#include "base/date.h"
#include "base/number.h"
#include "base/plant.h"
#include "base/vi.h"
#include "domain/blob.h"
#include "domain/person.h"
#include "domain/record.h"
#include "domain/rights.h"
#include "domain/title.h"

#include <stdio.h>
#include <string.h>

static void
wrong(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    const char *expected)
{
    where.field = where.field == NULL ? field->key : where.field;
    (void)fault_at(cx, ERR_INVALID, where, "%s: “%s” không hợp lệ; cần %s.",
        label_text(cx, &field->label), text, expected);
}

/* Reading */

static bool
parse_text(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    int length = utf8_count(text);
    out->text = text;
    if (field->kind == KIND_TEXT && strchr(text, '\n') != NULL) {
        wrong(cx, field, text, where, tr(cx, "một dòng"));
        return false;
    }
    if (length <= field->max_length)
        return true;
    where.field = where.field == NULL ? field->key : where.field;
    (void)fault_at(cx, ERR_INVALID, where, "%s: dài %d ký tự; nhiều nhất là %d.",
        label_text(cx, &field->label), length, field->max_length);
    return false;
}

/* No single value is larger than this: sums of millions of them stay far from 64 bits. */
static const int64_t largest_value = 1000000000000;

static bool
in_bounds(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    int64_t number)
{
    struct arena *arena = cx->arena;
    if (number > largest_value || number < -largest_value) {
        wrong(cx, field, text, where, tr(cx, "số không quá một nghìn tỷ"));
        return false;
    }
    if (number < field->min) {
        wrong(cx, field, text, where,
            arena_printf(arena, tr(cx, "từ %s trở lên"),
                number_show(arena, field->min, field->decimals)));
        return false;
    }
    if (number > field->max) {
        wrong(cx, field, text, where,
            arena_printf(arena, tr(cx, "nhiều nhất %s"),
                number_show(arena, field->max, field->decimals)));
        return false;
    }
    return true;
}

static bool
parse_number(struct ctx *cx, const struct field *field, const char *text, const char *number,
    struct fault where, struct value *out)
{
    const char *guess = NULL;
    switch (number_parse(cx->arena, number, field->decimals, &out->number, &guess)) {
    case NUMBER_OK:
        return in_bounds(cx, field, text, where, out->number);
    case NUMBER_AMBIGUOUS:
        wrong(cx, field, text, where,
            arena_printf(cx->arena, tr(cx, "số viết theo lối Việt Nam, có lẽ là “%s”"), guess));
        return false;
    case NUMBER_TOO_FINE:
        wrong(cx, field, text, where,
            field->decimals == 0
                ? tr(cx, "số nguyên")
                : arena_printf(cx->arena, tr(cx, "nhiều nhất %d chữ số sau dấu phẩy"),
                      field->decimals));
        return false;
    case NUMBER_TOO_LARGE:
        wrong(cx, field, text, where, tr(cx, "số nhỏ hơn"));
        return false;
    case NUMBER_NOT_ONE:
        break;
    }
    wrong(cx, field, text, where, tr(cx, "một số, ví dụ 1.400"));
    return false;
}

static bool
parse_plain(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    return parse_number(cx, field, text, text, where, out);
}

static bool
parse_date(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    int32_t day;
    if (!date_parse(text, &day)) {
        wrong(cx, field, text, where, tr(cx, "ngày theo dạng 05/09/2026"));
        return false;
    }
    out->number = day;
    return true;
}

static bool
parse_time(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    int minutes;
    if (!time_parse(text, &minutes)) {
        wrong(cx, field, text, where, tr(cx, "giờ theo dạng 14:30"));
        return false;
    }
    out->number = minutes;
    return true;
}

static bool
parse_boolean(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    static const char *const yes[] = {"co", "1", "true", "x", "yes"};
    static const char *const no[] = {"khong", "0", "false", "no"};
    const char *folded = vi_fold(cx->arena, text);
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcmp(folded, yes[i]) == 0) {
            out->number = 1;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(no); i++) {
        if (strcmp(folded, no[i]) == 0)
            return true;
    }
    wrong(cx, field, text, where, tr(cx, "“có” hoặc “không”"));
    return false;
}

/* A choice by its key, or by its label in any writing ("kiểm tra chấp hành"). */
static bool
parse_choice(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    struct buf known = buf_new(cx->arena);
    out->number = choice_find(field, text);
    if (out->number >= 0)
        return true;
    const char *folded = vi_fold(cx->arena, text);
    for (int i = 0; i < field->choice_count; i++) {
        if (strcmp(folded, vi_fold(cx->arena, field->choices[i].label.vi)) == 0) {
            out->number = i;
            return true;
        }
        buf_printf(&known, "%s%s (%s)", i > 0 ? ", " : "", field->choices[i].key,
            label_text(cx, &field->choices[i].label));
    }
    wrong(cx, field, text, where,
        arena_printf(cx->arena, tr(cx, "một trong: %s"), buf_string(&known)));
    return false;
}

static bool
parse_unit(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    const struct unit *unit;
    int before = cx->faults.count;
    if (rights_unit(cx, text, cx->world->today, &unit) == OK) {
        out->number = unit->id;
        return true;
    }
    const char *why = cx->faults.items[before].message;
    fault_forget(cx, before);
    where.field = where.field == NULL ? field->key : where.field;
    (void)fault_at(cx, ERR_INVALID, where, "%s: %s", label_text(cx, &field->label), why);
    return false;
}

/* A record of the register that the field names, by its code or its origin. */
static bool
parse_reference(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    if (record_find(cx, field->target, text, &out->number) != OK)
        return false;
    if (out->number >= 0)
        return true;
    wrong(cx, field, text, where,
        arena_printf(cx->arena, tr(cx, "mã hoặc khóa gốc của một hồ sơ trong sổ “%s”"),
            label_text(cx, &field->target->label)));
    return false;
}

/* Somebody of whom the viewer may know. */
static bool
parse_person(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    struct person *person;
    if (person_find(cx, text, &out->number) != OK)
        return false;
    if (out->number >= 0 && cx->viewer == NULL)
        return true;
    if (out->number >= 0 && person_by_code(cx, code_text(cx->arena, out->number), &person) != OK)
        return false;
    if (out->number >= 0 && may_person(cx, person))
        return true;
    wrong(cx, field, text, where,
        tr(cx, "mã hoặc khóa gốc của một người (xem: chithi person list)"));
    return false;
}

static bool
parse_files(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    where.field = where.field == NULL ? field->key : where.field;
    out->text = text;
    return attachments_check(cx, where, text);
}

/* "hơn 1.400 lượt": a word, a number and a measure, of which only the number must be there. */
static bool
parse_quantity(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    const char *number = text;
    size_t letters = strcspn(text, "0123456789-");
    while (letters > 0 && text[letters - 1] == ' ')
        letters--;
    if (letters > 0) {
        out->word = word_find(text, letters);
        if (out->word < 0) {
            out->word = 0;
            wrong(cx, field, text, where,
                tr(cx, "một số, có thể đứng sau hơn, trên, gần, dưới, khoảng"));
            return false;
        }
        number = text + letters + strspn(text + letters, " ");
    }
    size_t digits = strspn(number, "-0123456789., ");
    const char *measure = number + digits;
    while (digits > 0 && number[digits - 1] == ' ')
        digits--;
    if (*measure != '\0') {
        const char *folded = vi_fold(cx->arena, measure);
        out->measure = -1;
        for (int i = 0; i < field->measure_count; i++) {
            const struct measure *known = field->measures[i];
            if (strcmp(known->key, measure) == 0 ||
                strcmp(vi_fold(cx->arena, known->label.vi), folded) == 0)
                out->measure = i;
        }
        if (out->measure < 0) {
            out->measure = 0;
            wrong(cx, field, text, where,
                arena_printf(cx->arena, tr(cx, "đơn vị tính như %s"),
                    label_text(cx, &field->measures[0]->label)));
            return false;
        }
    }
    return parse_number(cx, field, text, arena_strndup(cx->arena, number, digits), where, out);
}

static bool (*const parsers[KIND__COUNT])(struct ctx *, const struct field *, const char *,
    struct fault, struct value *) = {
    [KIND_TEXT] = parse_text,
    [KIND_LONG_TEXT] = parse_text,
    [KIND_INTEGER] = parse_plain,
    [KIND_DECIMAL] = parse_plain,
    [KIND_DATE] = parse_date,
    [KIND_TIME] = parse_time,
    [KIND_BOOLEAN] = parse_boolean,
    [KIND_CHOICE] = parse_choice,
    [KIND_UNIT] = parse_unit,
    [KIND_PERSON] = parse_person,
    [KIND_REFERENCE] = parse_reference,
    [KIND_FILES] = parse_files,
    [KIND_QUANTITY] = parse_quantity,
};

static struct value
empty_value(const struct field *field)
{
    return (struct value){.is_null = !field->has_default,
        .number = field->has_default ? field->default_value : 0};
}

bool
value_parse(struct ctx *cx, const struct field *field, const char *text, struct fault where,
    struct value *out)
{
    *out = empty_value(field);
    if (text == NULL || *text == '\0')
        return true;
    if (utf8_invalid_at(text) >= 0) {
        wrong(cx, field, "?", where, tr(cx, "văn bản UTF-8"));
        return false;
    }
    text = vi_clean(cx->arena, text);
    if (*text == '\0')
        return true;
    *out = (struct value){.is_null = field->has_default && strcmp(text, "-") == 0};
    if (out->is_null || parsers[field->kind](cx, field, text, where, out))
        return true;
    out->is_null = true;
    return false;
}

/* Writing */

static const char *
quantity_text(struct arena *arena, const struct field *field, const struct value *value,
    const char *measure)
{
    const char *number = number_show(arena, value->number, field->decimals);
    const char *word = word_text(value->word);
    return arena_printf(arena, "%s%s%s%s%s", word, *word != '\0' ? " " : "", number,
        *measure != '\0' ? " " : "", measure);
}

static const char *
unit_text(struct arena *arena, const struct world *world, int64_t id, bool shown)
{
    const struct unit *unit = tree_unit(world->tree, id);
    if (unit == NULL)
        return arena_printf(arena, "#%lld", (long long)id);
    return shown ? unit_named(unit, world->today)->name : unit_code(arena, unit, world->today);
}

const char *
value_text(struct arena *arena, const struct world *world, const struct field *field,
    const struct value *value)
{
    if (value->is_null)
        return NULL;
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_LONG_TEXT:
    case KIND_FILES:
        return value->text;
    case KIND_DECIMAL:
        return number_show(arena, value->number, field->decimals);
    case KIND_TIME:
        return time_text(arena, value->number);
    case KIND_PERSON:
    case KIND_REFERENCE:
        return code_text(arena, value->number);
    case KIND_DATE:
        return date_iso(arena, (int32_t)value->number);
    case KIND_BOOLEAN:
        return value->number ? "có" : "không";
    case KIND_CHOICE:
        return field->choices[value->number].key;
    case KIND_UNIT:
        return unit_text(arena, world, value->number, false);
    case KIND_QUANTITY:
        return quantity_text(arena, field, value,
            field->measure_count == 1 ? "" : field->measures[value->measure]->key);
    default:
        return number_plain(arena, value->number, 0);
    }
}

const char *
value_cell(struct arena *arena, const struct world *world, const struct field *field,
    const struct value *value)
{
    if (value->is_null)
        return field->has_default ? "-" : "";
    return value_text(arena, world, field, value);
}

const char *
value_show(const struct ctx *cx, const struct field *field, const struct value *value)
{
    struct arena *arena = cx->arena;
    if (value->is_null)
        return "";
    switch (field->kind) {
    case KIND_DATE:
        return date_show(arena, (int32_t)value->number);
    case KIND_BOOLEAN:
        return value->number != 0 ? tr(cx, "có") : tr(cx, "không");
    case KIND_CHOICE:
        return label_text(cx, &field->choices[value->number].label);
    case KIND_UNIT:
        return unit_text(arena, cx->world, value->number, true);
    case KIND_QUANTITY:
        return quantity_text(arena, field, value,
            label_text(cx, &field->measures[value->measure]->label));
    case KIND_INTEGER:
        return field_is_year(field) ? arena_printf(arena, "%lld", (long long)value->number)
                                    : number_show(arena, value->number, 0);
    case KIND_FILES:
        return attachments_names(arena, value->text);
    default:
        return value_text(arena, cx->world, field, value);
    }
}

struct row
row_new(struct arena *arena, const struct field *fields, int count)
{
    struct row row = {ARENA_ARRAY(arena, struct value, (size_t)count + 1)};
    for (int i = 0; i < count; i++)
        row.values[i] = empty_value(&fields[i]);
    return row;
}

struct row
row_copy(struct arena *arena, const struct field *fields, int count, const struct row *from)
{
    struct row row = {ARENA_ARRAY(arena, struct value, (size_t)count + 1)};
    for (int i = 0; i < count; i++) {
        struct value *value = &row.values[i];
        *value = from->values[i];
        if (fields[i].kind != KIND_LIST)
            continue;
        value->rows = ARENA_ARRAY(arena, struct row, (size_t)value->row_count + 1);
        for (int r = 0; r < value->row_count; r++)
            value->rows[r] =
                row_copy(arena, fields[i].fields, fields[i].field_count, &from->values[i].rows[r]);
    }
    return row;
}

static void
json_text(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (;;) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
            plain++;
        buf_add(out, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        if (*text == '"' || *text == '\\')
            buf_char(out, '\\');
        if ((unsigned char)*text < 0x20)
            buf_printf(out, "\\u%04x", (unsigned char)*text);
        else
            buf_char(out, *text);
        text++;
    }
    buf_char(out, '"');
}

/* Integers are written by hand: this runs for every imported record. */
static void
json_integer(struct buf *out, int64_t number)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0)
        *--at = '-';
    buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

static void
json_value(struct buf *out, const struct world *world, const struct field *field,
    const struct value *value)
{
    switch (field->kind) {
    case KIND_LIST:
        buf_char(out, '[');
        for (int r = 0; r < value->row_count; r++) {
            if (r > 0)
                buf_char(out, ',');
            row_json(out, world, field->fields, field->field_count, &value->rows[r]);
        }
        buf_char(out, ']');
        break;
    case KIND_BOOLEAN:
        buf_text(out, value->number ? "true" : "false");
        break;
    case KIND_INTEGER:
    case KIND_UNIT:
        json_integer(out, value->number); /* a unit by its id: its code may pass to another */
        break;
    case KIND_QUANTITY:
        if (value->word == 0 && field->measure_count == 1 && field->decimals == 0) {
            json_integer(out, value->number);
            break;
        }
        /* fall through */
    default:
        json_text(out, value_text(out->arena, world, field, value));
    }
}

void
row_json(struct buf *out, const struct world *world, const struct field *fields, int count,
    const struct row *row)
{
    bool first = true;
    buf_char(out, '{');
    for (int i = 0; i < count; i++) {
        const struct value *value = &row->values[i];
        bool empty = fields[i].kind == KIND_LIST ? value->row_count == 0 : value->is_null;
        if (empty)
            continue;
        buf_text(out, first ? "\"" : ",\"");
        buf_text(out, fields[i].key);
        buf_text(out, "\":");
        json_value(out, world, &fields[i], value);
        first = false;
    }
    buf_char(out, '}');
}

static void
leaf_doc(struct doc *object, const struct world *world, const struct field *field,
    const struct value *value)
{
    if (value->is_null || field->kind == KIND_LIST)
        doc_null(object, "value");
    else if (field->kind == KIND_INTEGER)
        doc_integer(object, "value", value->number);
    else if (field->kind == KIND_DECIMAL)
        doc_decimal(object, "value", value->number, field->decimals);
    else if (field->kind == KIND_BOOLEAN)
        doc_bool(object, "value", value->number != 0);
    else if (field->kind == KIND_DATE)
        doc_date(object, "value", (int32_t)value->number);
    else if (field->kind == KIND_QUANTITY)
        doc_quantity(object, "value", value->number, field->decimals, word_text(value->word));
    else
        doc_text(object, "value", value_text(object->arena, world, field, value));
}

/* Fields on their way to a page. */
struct showing {
    struct ctx *cx;
    struct titles *titles;
    bool hides; /* what is about people */
};

/* What a code is shown as: a record's title, a person's name; the code itself when there is no such
 * thing any more. */
static enum status
find_shown(const struct showing *showing, const struct field *field, const struct value *value,
    const char **out)
{
    struct ctx *cx = showing->cx;
    int faults = cx->faults.count;
    *out = field->kind == KIND_LIST ? "" : value_show(cx, field, value);
    if (field->kind == KIND_REFERENCE && !value->is_null)
        *out = titles_text(showing->titles, value->number);
    if (field->kind != KIND_PERSON || value->is_null)
        return OK;
    enum status status = person_name(cx, *out, out);
    if (status != ERR_NOT_FOUND)
        return status;
    fault_forget(cx, faults);
    *out = code_text(cx->arena, value->number);
    return OK;
}

/* A record that another one names also says where it is; a name leads nowhere. */
static enum status
shown_doc(struct doc *object, const struct showing *showing, const struct field *field,
    const struct value *value)
{
    const char *shown;
    bool leads = field->kind == KIND_REFERENCE && !value->is_null;
    TRY(find_shown(showing, field, value, &shown));
    const char *href = leads ? titles_href(showing->titles, value->number) : NULL;
    doc_text(object, "href", href == NULL ? "" : href);
    doc_text(object, "shown", shown);
    return OK;
}

static enum status
fields_doc(struct doc *list, const struct showing *showing, const struct field *fields, int count,
    const struct row *row)
{
    static const struct value nothing = {.is_null = true};
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        bool is_hidden = showing->hides && field_is_personal(field);
        const struct value *value = is_hidden ? &nothing : &row->values[i];
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", field->key);
        doc_text(object, "label", label_text(showing->cx, &field->label));
        doc_bool(object, "hidden", is_hidden);
        doc_bool(object, "is_list", field->kind == KIND_LIST);
        leaf_doc(object, showing->cx->world, field, value);
        TRY(shown_doc(object, showing, field, value));
        struct doc *columns = doc_list(object, "columns");
        for (int c = 0; c < field->field_count; c++)
            doc_text(doc_object(columns, NULL), "label",
                label_text(showing->cx, &field->fields[c].label));
        struct doc *rows = doc_list(object, "rows");
        for (int r = 0; r < value->row_count; r++) {
            struct doc *line = doc_object(rows, NULL);
            doc_integer(line, "number", r + 1);
            TRY(fields_doc(doc_list(line, "cells"), showing, field->fields, field->field_count,
                &value->rows[r]));
        }
    }
    return OK;
}

enum status
row_doc(struct doc *list, struct ctx *cx, const struct reg *reg, const struct row *row,
    bool with_personal)
{
    struct showing showing = {cx, titles_new(cx), !with_personal && !PLANTED("mask_not_applied")};
    titles_want(showing.titles, reg->fields, reg->field_count, row);
    TRY(titles_read(showing.titles));
    return fields_doc(list, &showing, reg->fields, reg->field_count, row);
}
