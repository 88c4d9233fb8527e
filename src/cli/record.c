/* Records on the command line. */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/file.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/import.h"
#include "domain/record_view.h"
#include "domain/version.h"
#include "domain/title.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Only for what takes more than a moment. */
static void
progress(int64_t done, int64_t of)
{
    if (of <= IMPORT_CHUNK)
        return;
    fprintf(stderr, "%s%lld / %lld hồ sơ%s", isatty(STDERR_FILENO) ? "\r" : "", (long long)done,
        (long long)of, isatty(STDERR_FILENO) && done < of ? "" : "\n");
}

static int
undo(struct ctx *cx, const char *text)
{
    int64_t voided, kept;
    if (record_import_undo(cx, atoll(text), &voided, &kept) != OK)
        return cli_fail(cx);
    fprintf(stderr, "Đã hủy %lld hồ sơ; giữ %lld hồ sơ đã thay đổi sau khi nhập.\n",
        (long long)voided, (long long)kept);
    return EXIT_OK;
}

static void
show_notices(const struct record_import_result *result)
{
    for (int i = 0; i < result->notice_count; i++)
        fprintf(stderr, "Cần giải trình: %s\n", result->notices[i]);
    if (result->notice_count == IMPORT_NOTICES_MAX)
        fprintf(stderr, "Tất cả %lld hồ sơ cần giải trình.\n", (long long)result->to_explain);
}

int
cmd_record_import(struct ctx *cx, const struct args *args)
{
    struct record_import import = {.dry_run = arg_flag(args, "dry-run"), .progress = progress};
    struct record_import_result result;
    if (arg_value(args, "undo") != NULL)
        return undo(cx, arg_value(args, "undo"));
    if (args->word_count != 2)
        return EXIT_USAGE;
    import.reg = args->words[0];
    import.file = args->words[1];
    if (file_map(cx, import.file, &import.text, &import.length) != OK ||
        record_import(cx, &import, &result) != OK) {
        cli_fail(cx);
        fputs("Chưa ghi gì.\n", stderr);
        return EXIT_FAILED;
    }
    show_notices(&result);
    if (import.dry_run)
        fprintf(stderr, "Tệp đúng: %lld hồ sơ trong %lld dòng. Chưa ghi gì.\n",
            (long long)result.records, (long long)result.lines);
    else if (result.batch == 0)
        fprintf(stderr, "0 hồ sơ mới, %lld đã có.\n", (long long)result.known);
    else
        fprintf(stderr, "Lô %lld: %lld hồ sơ mới, %lld đã có.\n", (long long)result.batch,
            (long long)result.records, (long long)result.known);
    return EXIT_OK;
}

/* A reference has a second column, with what the record is called that its code names. People are
 * codes here: whoever reads a name opens the record, which notes it. */
static const char *
title_key(struct arena *arena, const struct field *field)
{
    return arena_printf(arena, "%s.title", field->key);
}

static void
add_field(struct doc *row, const struct ctx *cx, const struct titles *titles,
    const struct field *field, const struct value *value)
{
    if (field->kind == KIND_LIST)
        return;
    doc_text(row, field->key, value_text(cx->arena, cx->world, field, value));
    if (field->kind == KIND_REFERENCE)
        doc_text(row, title_key(cx->arena, field),
            value->is_null ? NULL : titles_text(titles, value->number));
}

static void
add_listed(struct doc *rows, const struct ctx *cx, const struct titles *titles,
    const struct record *record)
{
    const struct reg *reg = record->reg;
    struct doc *row = doc_object(rows, NULL);
    doc_text(row, "code", record->code);
    doc_text(row, "state", record_state_key(record));
    doc_integer(row, "version", record->version);
    doc_text(row, "title", title_of(record));
    doc_date(row, "day", record_day(cx, reg, &record->fields));
    for (int f = 0; f < reg->field_count; f++)
        add_field(row, cx, titles, &reg->fields[f], &record->fields.values[f]);
}

static const char *
columns_of(struct arena *arena, const struct reg *reg)
{
    struct buf columns = buf_new(arena);
    buf_text(&columns, "code state version title");
    for (int f = 0; f < reg->field_count; f++) {
        const struct field *field = &reg->fields[f];
        if (field->kind != KIND_LIST)
            buf_printf(&columns, " %s", field->key);
        if (field->kind == KIND_REFERENCE)
            buf_printf(&columns, " %s", title_key(arena, field));
    }
    return buf_string(&columns);
}

int
cmd_record_list(struct ctx *cx, const struct args *args)
{
    struct doc *rows = doc_new(cx->arena, DOC_LIST);
    const struct reg *reg;
    const struct unit *unit;
    struct record **records;
    int count;
    const char *limit = arg_value(args, "limit");
    if (args->word_count != 1 || arg_value(args, "unit") == NULL)
        return EXIT_USAGE;
    if (world_register(cx, args->words[0], &reg) != OK ||
        arg_unit(cx, args, "unit", cx->world->today, &unit) != OK ||
        record_list(cx, reg, unit, arg_value(args, "after"), limit == NULL ? 1000 : atoi(limit),
            &records, &count) != OK)
        return cli_fail(cx);
    struct titles *titles = titles_new(cx);
    for (int i = 0; i < count; i++)
        titles_want(titles, reg->fields, reg->field_count, &records[i]->fields);
    if (titles_read(titles) != OK)
        return cli_fail(cx);
    for (int i = 0; i < count; i++)
        add_listed(rows, cx, titles, records[i]);
    cli_show(args, rows, columns_of(cx->arena, reg));
    return EXIT_OK;
}

int
cmd_record_show(struct ctx *cx, const struct args *args)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct record *record;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (record_load(cx, args->words[0], &record) != OK)
        return cli_fail(cx);
    if (record_doc(root, cx, record) != OK)
        return cli_fail(cx);
    if (record_history_doc(doc_list(root, "history"), cx, record) != OK)
        return cli_fail(cx);
    struct buf out = buf_new(cx->arena);
    doc_json(root, &out);
    fwrite(out.bytes, 1, out.length, stdout);
    return EXIT_OK;
}

/* What a change is to be explained for is told, and the change stands. */
static int
end_change(struct ctx *cx, enum status status, const struct record *record)
{
    const char **notices;
    int count =
        status == OK && record->state != STATE_IS_VOID ? record_notices(cx, record, &notices) : 0;
    for (int i = 0; i < count; i++)
        fprintf(stderr, "Cần giải trình: %s\n", notices[i]);
    return cli_end(cx, status);
}

int
cmd_record_do(struct ctx *cx, const struct args *args)
{
    struct record *record;
    if (args->word_count != 2)
        return EXIT_USAGE;
    struct record_change change = {.verb = args->words[0], .reason = arg_value(args, "why")};
    enum status status = record_move(cx, args->words[1], &change, &record);
    return end_change(cx, status, record);
}

int
cmd_record_void(struct ctx *cx, const struct args *args)
{
    struct record *record;
    struct record_change change = {.reason = arg_value(args, "why")};
    if (args->word_count != 1)
        return EXIT_USAGE;
    return cli_end(cx, record_void(cx, args->words[0], &change, &record));
}

/* FIELD=VALUE into a copy of the record's fields; `unit=CODE` moves it, `directives=KEY,KEY` says
 * anew which ones it serves. */
static enum status
read_assignment(struct ctx *cx, const struct record *record, const char *word, struct row *fields,
    struct record_change *change)
{
    const struct reg *reg = record->reg;
    size_t length = strcspn(word, "=");
    const char *key = arena_strndup(cx->arena, word, length);
    const struct field *field = reg_field(reg, key);
    if (word[length] != '=')
        return fault_set(cx, ERR_INVALID, "“%s” cần dạng TRƯỜNG=GIÁ_TRỊ.", word);
    if (strcmp(key, "unit") == 0)
        return tree_by_code(cx, cx->world->tree, word + length + 1, record_day(cx, reg, fields),
            &change->unit);
    if (strcmp(key, "directives") == 0)
        return directive_parse(cx, reg, word + length + 1, (struct fault){.field = key},
                   &change->directives)
            ? OK
            : ERR_INVALID;
    if (field == NULL || field->kind == KIND_LIST)
        return fault_set(cx, ERR_INVALID,
            "Sổ %s không có trường “%s” sửa được ở đây; xem: chithi explain %s", reg->key, key,
            reg->key);
    if (!value_parse(cx, field, word + length + 1, (struct fault){0},
            &fields->values[field->index]))
        return ERR_INVALID;
    return OK;
}

/* What is open needs no reason: the fields of a record that is not locked, and those that stay open
 * behind a lock. */
int
cmd_record_correct(struct ctx *cx, const struct args *args)
{
    struct record_change change = {.reason = arg_value(args, "why")};
    struct record *record;
    enum status status = OK;
    if (args->word_count < 2)
        return EXIT_USAGE;
    if (record_load(cx, args->words[0], &record) != OK)
        return cli_fail(cx);
    struct row fields =
        row_copy(cx->arena, record->reg->fields, record->reg->field_count, &record->fields);
    change.fields = &fields;
    change.version = record->version;
    for (int i = 1; i < args->word_count; i++) {
        enum status one = read_assignment(cx, record, args->words[i], &fields, &change);
        status = status == OK ? one : status;
    }
    if (status != OK)
        return cli_fail(cx);
    status = change.reason == NULL ? record_change(cx, args->words[0], &change, &record)
                                   : record_correct(cx, args->words[0], &change, &record);
    return end_change(cx, status, record);
}
