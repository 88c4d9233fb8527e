/* Records of registers that use the whole language: dates of entry, what stays open behind a lock,
 * notices, references and people, decimals, times and files, several directives. */
#include "base/code.h"
#include "base/date.h"
#include "domain/blob.h"
#include "domain/check.h"
#include "domain/directive.h"
#include "domain/figure.h"
#include "domain/form.h"
#include "domain/import.h"
#include "domain/install.h"
#include "domain/own_data.h"
#include "domain/person.h"
#include "domain/record_view.h"
#include "domain/title.h"
#include "domain/viewer.h"
#include "fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static const char head[] = "pack: ngu\n"
                           "label: Gói ngữ\n"
                           "directive: 09-CT/TU\n"
                           "directives:\n"
                           "  nq: { symbol: 10-NQ/TU, label: Nghị quyết mười }\n";
/* A record may go back to `lai` and be approved again; `xong` locks. */
static const char viec_register[] =
    "register: viec\n"
    "label: Việc\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ten: { kind: text, label: Tên việc }\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  gio: { kind: time, label: Giờ }\n"
    "  ty_le: { kind: decimal, label: Tỷ lệ, min: -5, max: 100 }\n"
    "  tien: { kind: decimal, label: Tiền, decimals: 3, default: 1.5 }\n"
    "  nguoi: { kind: person, label: Người phụ trách,\n"
    "      personal: { purpose: Biết hỏi ai, viewers: Đơn vị, keep: 5 } }\n"
    "  cha: { kind: reference, register: viec, label: Thuộc việc }\n"
    "  mau: { kind: reference, register: mau, label: Theo mẫu }\n"
    "  tep: { kind: files, label: Tệp, open_after_lock: true }\n"
    "  ghi_chu: { kind: text, label: Ghi chú, open_after_lock: true }\n"
    "  du: { kind: list, label: Người dự, open_after_lock: true, fields: {\n"
    "      ai: { kind: person, label: Ai,\n"
    "        personal: { purpose: Mời họp, viewers: Đơn vị, keep: 1 } },\n"
    "      so: { kind: integer, label: Số } } }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n"
    "  duyet: { label: Đã duyệt, counts: true }\n"
    "  lai: { label: Làm lại, counts: false }\n"
    "  xong: { label: Xong, counts: true, locks: true }\n"
    "transitions:\n"
    "  - { do: duyet, label: Duyệt, from: [nhap, lai], to: duyet, by: [ubkt] }\n"
    "  - { do: tra_lai, label: Trả lại, from: duyet, to: lai, by: [ubkt] }\n"
    "  - { do: xong, label: Hoàn thành, from: duyet, to: xong, by: [ubkt] }\n"
    "checks:\n"
    "  - { that: \"ty_le <= 50.5 or ghi_chu is not null\", message: Tỷ lệ cao; xin ghi chú.,\n"
    "      notice: true }\n"
    "  - { that: \"du.so <= 9\", message: Số lớn hơn 9., notice: true }\n"
    "  - { that: \"gio >= '07:00'\", message: Giờ phải từ 07:00. }\n"
    "indicators:\n"
    "  viec_so: { label: Số việc, count: records }\n"
    "  viec_duyet: { label: Việc được duyệt, count: records, on: entered(duyet),\n"
    "      in: [duyet, xong] }\n"
    "  viec_xong: { label: Việc xong, count: records, on: entered(xong), in: xong }\n"
    "  viec_ai: { label: Người dự, distinct: du.ai }\n";
static const char mau_register[] =
    "register: mau\n"
    "label: Mẫu\n"
    "fields:\n"
    "  so: { kind: integer, label: Số }\n"
    "  rieng: { kind: text, label: Riêng, required: true,\n"
    "      personal: { purpose: Gọi tên, viewers: Đơn vị, keep: 5 } }\n"
    "  ten: { kind: text, label: Tên, required: true }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n";

static const char people[] = "origin\tname\tunit\n"
                             "an\tNguyễn Văn An\tbt.a.x.1\n"
                             "dao\tVõ Thị Đào\tkg.a.x\n";

static int
setup(void **state)
{
    static const struct pack_file files[] = {{"pack.yaml", head},
        {"registers/viec.yaml", viec_register}, {"registers/mau.yaml", mau_register}};
    struct fixture *fixture = fixture_new(NULL);
    struct ctx *cx = &fixture->cx;
    struct install_result result;
    struct person_import import = {"people.tsv", people, strlen(people)};
    struct person_import_result imported;
    *state = fixture;
    must(cx, pack_install(cx, files, COUNT_OF(files), &result));
    fixture_next(cx);
    must(cx, person_import(cx, &import, &imported));
    fixture_next(cx);
    return 0;
}

/* Whatever a test did, the second way of counting agrees with it. */
static int
teardown(void **state)
{
    struct fixture *fixture = *state;
    fixture_next(&fixture->cx);
    assert_int_equal(fixture_differences(&fixture->cx), 0);
    fixture_free(fixture);
    return 0;
}

/* What the tests do */

static const char *
person_code(struct ctx *cx, const char *origin)
{
    struct query *q = query_new(cx, Q_PERSON_BY_ORIGIN);
    bool is_there;
    query_text(q, "origin", origin);
    must(cx, query_one(q, &is_there));
    assert_true(is_there);
    const char *code = query_get_text(q, 2);
    must(cx, query_end(q));
    return code;
}

/* A later day: what was written stays, today is another. */
static void
pass_days(struct ctx *cx, int days)
{
    cx->now += days * INT64_C(86400000);
    fixture_next(cx);
}

static struct row
work(struct ctx *cx, const char *counted_on)
{
    const struct reg *reg = fixture_reg(cx, "viec");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    fixture_set(cx, reg, &fields, "ten", "Trồng cây");
    fixture_set(cx, reg, &fields, "ngay", counted_on);
    return fields;
}

static struct record *
create(struct ctx *cx, const char *unit, const char *state, const struct row *fields)
{
    struct record_new wanted = {.reg = fixture_reg(cx, "viec"),
        .unit = fixture_unit(cx, unit),
        .fields = fields,
        .state = state};
    struct record *record;
    must(cx, record_create(cx, &wanted, &record));
    return record;
}

static struct record *
load(struct ctx *cx, const char *code)
{
    struct record *record;
    must(cx, record_load(cx, code, &record));
    return record;
}

static struct row
copy_fields(struct ctx *cx, const struct record *record)
{
    return row_copy(cx->arena, record->reg->fields, record->reg->field_count, &record->fields);
}

static void
move(struct ctx *cx, const char *code, const char *verb)
{
    struct record_change change = {.verb = verb};
    struct record *after;
    must(cx, record_move(cx, code, &change, &after));
}

static const struct value *
value_of(const struct record *record, const char *key)
{
    const struct field *field = reg_field(record->reg, key);
    assert_non_null(field);
    return &record->fields.values[field->index];
}

/* A field as it is stored now, in the writing of files; "" for null. */
static const char *
stored(struct ctx *cx, const char *code, const char *key)
{
    const struct record *record = load(cx, code);
    const char *text =
        value_text(cx->arena, cx->world, reg_field(record->reg, key), value_of(record, key));
    return text == NULL ? "" : text;
}

/* Read one field as somebody types it; true when it is taken, the faults stay. */
static bool
typed(struct ctx *cx, const char *key, const char *text, struct value *out)
{
    const struct field *field = reg_field(fixture_reg(cx, "viec"), key);
    return value_parse(cx, field, text, (struct fault){0}, out);
}

/* A member of the document of one field. */
static const char *
shown(const struct doc *record, const char *key, const char *member)
{
    for (const struct doc *field = doc_get(record, "fields")->first; field != NULL;
         field = field->next) {
        if (strcmp(doc_get(field, "key")->text, key) == 0)
            return doc_get(field, member)->text;
    }
    fail_msg("no field %s", key);
    return NULL;
}

static struct doc *
document(struct ctx *cx, const char *code)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    must(cx, record_doc(root, cx, load(cx, code)));
    return root;
}

static int
import(struct ctx *cx, const char *reg, const char *text, enum status wanted)
{
    struct record_import file = {.reg = reg, .file = "tep.tsv", .text = text};
    struct record_import_result result = {0};
    file.length = strlen(text);
    must_be(cx, wanted, record_import(cx, &file, &result));
    return (int)result.records;
}

static const char *
code_of_origin(struct ctx *cx, const char *origin)
{
    int64_t code;
    must(cx, record_find(cx, fixture_reg(cx, "viec"), origin, &code));
    assert_true(code >= 0);
    return code_text(cx->arena, code);
}

/* Dates of entry */

static void
test_record_language__a_state_keeps_the_day_of_the_last_entry(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = work(cx, "05/02/2026");
    char code[16];
    strcpy(code, create(cx, "bt.a.x", NULL, &fields)->code);
    assert_string_equal(stored(cx, code, "duyet__on"), "");
    move(cx, code, "duyet");
    assert_string_equal(stored(cx, code, "duyet__on"), "2026-06-15");
    pass_days(cx, 3);
    move(cx, code, "tra_lai");
    assert_string_equal(stored(cx, code, "duyet__on"), "2026-06-15"); /* leaving is no entry */
    pass_days(cx, 1);
    move(cx, code, "duyet");
    assert_string_equal(stored(cx, code, "duyet__on"), "2026-06-19");
    pass_days(cx, 1);
    move(cx, code, "xong");
    assert_string_equal(stored(cx, code, "duyet__on"), "2026-06-19");
    assert_string_equal(stored(cx, code, "xong__on"), "2026-06-20");
}

/* What a form or a file says of such a date is not taken, until somebody corrects it. */
static void
test_record_language__an_entry_is_changed_by_a_correction_only(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = work(cx, "05/02/2026");
    const char *code = create(cx, "bt.a.x", NULL, &fields)->code;
    move(cx, code, "duyet");
    struct record *record = load(cx, code), *after;
    fields = copy_fields(cx, record);
    struct record_change change = {.fields = &fields};
    fixture_set(cx, record->reg, &fields, "ten", "Trồng rừng");
    fixture_set(cx, record->reg, &fields, "duyet__on", "01/01/2020");
    must(cx, record_change(cx, code, &change, &after));
    assert_string_equal(stored(cx, code, "ten"), "Trồng rừng");
    assert_string_equal(stored(cx, code, "duyet__on"), "2026-06-15");
    change.reason = "Theo quyết định duyệt";
    must(cx, record_correct(cx, code, &change, &after));
    assert_string_equal(stored(cx, code, "duyet__on"), "2020-01-01");
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM fact f JOIN indicator i ON i.id = f.indicator "
                         "WHERE i.key = 'viec_duyet' AND f.day = %d",
                         fixture_day("01/01/2020")),
        1);
}

/* One that must be there is not emptied. */
static void
test_record_language__an_entry_that_counts_is_not_taken_away(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = work(cx, "05/02/2026");
    const char *code = create(cx, "bt.a.x", "duyet", &fields)->code;
    struct record *record = load(cx, code), *after;
    fields = copy_fields(cx, record);
    struct record_change change = {.fields = &fields, .reason = "Thử"};
    fixture_set(cx, record->reg, &fields, "duyet__on", "");
    must_be(cx, ERR_INVALID, record_correct(cx, code, &change, &after));
    assert_true(fixture_said(cx, "Ngày chuyển sang “Đã duyệt” còn trống"));
}

static void
test_record_language__an_import_enters_on_the_counting_day(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    assert_int_equal(import(cx, "viec",
                         "origin\tunit\tstate\tngay\n"
                         "a\tbt.a.x\txong\t05/02/2026\n"
                         "b\tbt.a.x\tlai\t06/02/2026\n"
                         "c\tbt.a.x\t\t07/02/2026\n",
                         OK),
        3);
    assert_string_equal(stored(cx, code_of_origin(cx, "a"), "duyet__on"), "2026-02-05");
    assert_string_equal(stored(cx, code_of_origin(cx, "a"), "xong__on"), "2026-02-05");
    assert_string_equal(stored(cx, code_of_origin(cx, "b"), "duyet__on"), "2026-02-06");
    assert_string_equal(stored(cx, code_of_origin(cx, "b"), "xong__on"), "");
    assert_string_equal(stored(cx, code_of_origin(cx, "c"), "duyet__on"), "");
    assert_int_equal(import(cx, "viec",
                         "origin\tunit\tstate\tngay\tduyet__on\txong__on\n"
                         "d\tbt.a.x\txong\t05/02/2026\t07/02/2026\t\n",
                         OK),
        1);
    assert_string_equal(stored(cx, code_of_origin(cx, "d"), "duyet__on"), "2026-02-07");
    assert_string_equal(stored(cx, code_of_origin(cx, "d"), "xong__on"), "2026-02-05");
}

/* Behind the lock */

static void
test_record_language__a_lock_leaves_open_what_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = work(cx, "05/02/2026");
    struct record *record = create(cx, "bt.a.x", "xong", &fields), *after;
    struct record_change change = {.fields = &fields};
    fields = copy_fields(cx, record);
    fixture_set(cx, record->reg, &fields, "ghi_chu", "Đã nhân rộng");
    fixture_set_row(cx, reg_field(record->reg, "du"),
        fixture_add_row(cx, record->reg, &fields, "du"), "so", "3");
    must(cx, record_change(cx, record->code, &change, &after));
    assert_string_equal(stored(cx, record->code, "ghi_chu"), "Đã nhân rộng");
    assert_int_equal(value_of(load(cx, record->code), "du")->row_count, 1);
    uint64_t before = fixture_digest(fixture);
    fixture_set(cx, record->reg, &fields, "ghi_chu", "Khác");
    fixture_set(cx, record->reg, &fields, "ten", "Khác"); /* closed: nothing is taken */
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "đã khóa"));
    fields = copy_fields(cx, load(cx, record->code));
    change.unit = fixture_unit(cx, "bt.a.y");
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &after));
    change.unit = NULL;
    must(cx,
        directive_parse(cx, record->reg, "nq", (struct fault){0}, &change.directives)
            ? OK
            : ERR_INVALID);
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &after));
    assert_true(before == fixture_digest(fixture));
}

/* Notices */

static void
test_record_language__a_notice_refuses_nothing(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = work(cx, "05/02/2026");
    const struct reg *reg = fixture_reg(cx, "viec");
    const char **notices;
    fixture_set(cx, reg, &fields, "ty_le", "50,51");
    const struct field *list = reg_field(reg, "du");
    fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "du"), "so", "9");
    fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "du"), "so", "10");
    struct record *record = create(cx, "bt.a.x", "xong", &fields), *after;
    assert_int_equal(record_notices(cx, record, &notices), 2);
    assert_string_equal(notices[0], "Tỷ lệ cao; xin ghi chú.");
    assert_string_equal(notices[1], "Người dự, dòng 2: Số lớn hơn 9.");
    assert_int_equal(cx->faults.count, 0);
    const struct doc *told = doc_get(document(cx, record->code), "notices")->first;
    assert_string_equal(doc_get(told, "message")->text, "Tỷ lệ cao; xin ghi chú.");
    assert_string_equal(doc_get(told->next, "message")->text, "Người dự, dòng 2: Số lớn hơn 9.");
    assert_null(told->next->next);
    fields = copy_fields(cx, record);
    fixture_set(cx, reg, &fields, "ghi_chu", "Vì lũ");
    struct record_change explain = {.fields = &fields, .reason = "Giải trình"};
    must(cx, record_correct(cx, record->code, &explain, &after));
    assert_int_equal(record_notices(cx, after, &notices), 1);
    struct record_change remove = {.reason = "Nhầm"};
    must(cx, record_void(cx, record->code, &remove, &after));
    assert_null(doc_get(document(cx, record->code), "notices")->first);
}

/* References */

static void
test_record_language__a_reference_is_a_record_of_its_register(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct value value;
    import(cx, "viec", "origin\tunit\tngay\tten\nxa-1\tbt.a.x\t05/02/2026\tXây cầu\n", OK);
    import(cx, "viec", "origin\tunit\tngay\nkg-1\tkg.a.x\t05/02/2026\n", OK);
    import(cx, "mau", "origin\tunit\tso\nmau-1\tbt.a.x\t1\n", OK);
    const char *code = code_of_origin(cx, "xa-1");
    assert_true(typed(cx, "cha", code, &value));
    assert_string_equal(code_text(cx->arena, value.number), code);
    assert_true(typed(cx, "cha", "xa-1", &value)); /* the key in its file */
    assert_string_equal(code_text(cx->arena, value.number), code);
    assert_true(typed(cx, "cha", "kg-1", &value)); /* in another shard */
    assert_int_not_equal(code_shard(value.number), code_shard(code_number(code)));
    assert_false(typed(cx, "mau", code, &value));
    assert_true(value.is_null);
    assert_true(fixture_said(cx, "Theo mẫu: “"));
    assert_true(fixture_said(cx, "cần mã hoặc khóa gốc của một hồ sơ trong sổ “Mẫu”"));
    assert_false(typed(cx, "cha", "mau-1", &value));
    assert_false(
        typed(cx, "cha", record_code_new(cx->arena, code_shard(code_number(code))), &value));
    assert_false(typed(cx, "cha", "cầu", &value));
    fault_forget(cx, 0);
    /* The same key in two shards says nothing. */
    import(cx, "viec", "origin\tunit\tngay\nxa-1\tkg.a.x\t05/02/2026\n", OK);
    assert_false(typed(cx, "cha", "xa-1", &value));
}

static void
test_record_language__a_reference_is_shown_by_its_title(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const struct reg *reg = fixture_reg(cx, "viec");
    import(cx, "viec", "origin\tunit\tngay\tten\nkg-1\tkg.a.x\t05/02/2026\tXây cầu\n", OK);
    import(cx, "mau", "origin\tunit\trieng\tten\nmau-1\tkg.a.x\tKín\tMẫu cầu\n", OK);
    struct row fields = work(cx, "05/02/2026");
    fixture_set(cx, reg, &fields, "cha", "kg-1");
    fixture_set(cx, reg, &fields, "mau", "mau-1");
    const char *code = create(cx, "bt.a.x", NULL, &fields)->code;
    const char *plain = stored(cx, code, "cha"), *other = stored(cx, code, "mau");
    const struct doc *object = document(cx, code);
    assert_string_equal(shown(object, "mau", "shown"), "Mẫu cầu");
    assert_string_equal(shown(object, "mau", "value"), other);
    assert_string_equal(shown(object, "mau", "href"), arena_printf(cx->arena, "/hs/%s", other));
    assert_string_equal(shown(object, "cha", "shown"), plain); /* no text is required: its code */
    assert_string_equal(shown(object, "ten", "href"), "");
}

/* More than one statement takes, in two shards, one of them without a title. */
static void
test_record_language__many_titles_are_read_together(void **state)
{
    enum { MANY = 2 * TITLES_AT_ONCE + 7 };
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const struct reg *reg = fixture_reg(cx, "viec");
    struct buf file = buf_new(cx->arena);
    struct row rows[MANY];
    buf_text(&file, "origin\tunit\tten\n");
    for (int i = 0; i < MANY; i++)
        buf_printf(&file, "mau-%d\t%s\t%s\n", i, i % 3 == 0 ? "kg.a.x" : "bt.a.x",
            i == 5 ? "" : arena_printf(cx->arena, "Mẫu số %d", i));
    import(cx, "mau", buf_string(&file), OK);
    struct titles *titles = titles_new(cx);
    for (int i = 0; i < MANY; i++) {
        rows[i] = row_new(cx->arena, reg->fields, reg->field_count);
        fixture_set(cx, reg, &rows[i], "mau", arena_printf(cx->arena, "mau-%d", i));
        titles_want(titles, reg->fields, reg->field_count, &rows[i]);
    }
    must(cx, titles_read(titles));
    for (int i = 0; i < MANY; i++) {
        int64_t code = rows[i].values[reg_field(reg, "mau")->index].number;
        assert_string_equal(titles_text(titles, code),
            i == 5 ? code_text(cx->arena, code) : arena_printf(cx->arena, "Mẫu số %d", i));
    }
}

/* People */

static void
test_record_language__a_person_is_somebody(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct value value;
    const char *an = person_code(cx, "an");
    assert_true(typed(cx, "nguoi", an, &value));
    assert_string_equal(code_text(cx->arena, value.number), an);
    assert_true(typed(cx, "nguoi", person_code(cx, "dao"), &value)); /* of another shard */
    assert_false(
        typed(cx, "nguoi", record_code_new(cx->arena, code_shard(code_number(an))), &value));
    assert_true(value.is_null);
    assert_true(fixture_said(cx, "Người phụ trách: “"));
    assert_true(fixture_said(cx, "cần mã hoặc khóa gốc của một người"));
    assert_true(typed(cx, "nguoi", "an", &value)); /* the key in their list */
    assert_string_equal(code_text(cx->arena, value.number), an);
    assert_false(typed(cx, "nguoi", "Nguyễn Văn An", &value)); /* names are no keys */
    import(cx, "viec", "unit\tngay\tnguoi\nbt.a.x\t05/02/2026\t000000000000\n", ERR_INVALID);
    assert_true(fixture_said(cx, "“000000000000” không hợp lệ"));
}

static int64_t
readings(struct fixture *fixture)
{
    return fixture_sql(fixture,
        "SELECT COUNT(*) FROM audit WHERE action = 'person.read' AND detail = 'record'");
}

/* Each reading of the record notes once whose name it showed. */
static void
test_record_language__a_name_is_shown_and_the_reading_noted(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct reg *reg = fixture_reg(cx, "viec");
    struct row fields = work(cx, "05/02/2026");
    const char *an = person_code(cx, "an"), *dao = person_code(cx, "dao");
    fixture_set(cx, reg, &fields, "nguoi", an);
    const struct field *list = reg_field(reg, "du");
    fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "du"), "ai", dao);
    fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "du"), "ai", an);
    fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "du"), "so", "1");
    char code[16];
    strcpy(code, create(cx, "bt.a.x", "duyet", &fields)->code);
    assert_int_equal(readings(fixture), 0);
    const struct doc *object = document(cx, code);
    assert_int_equal(readings(fixture), 2);
    assert_string_equal(shown(object, "nguoi", "shown"), "Nguyễn Văn An");
    assert_string_equal(shown(object, "nguoi", "value"), an);
    assert_string_equal(shown(object, "nguoi", "href"), "");
    struct buf json = buf_new(cx->arena);
    doc_json(object, &json);
    assert_non_null(strstr(buf_string(&json), "Võ Thị Đào"));
    struct row nobody = work(cx, "05/02/2026");
    document(cx, create(cx, "bt.a.x", NULL, &nobody)->code);
    assert_int_equal(readings(fixture), 2);
    /* One who is not kept any more leaves the code. */
    fixture_sql(fixture, "DELETE FROM person WHERE origin = 'an'");
    fixture_next(cx);
    object = document(cx, code);
    assert_string_equal(shown(object, "nguoi", "shown"), shown(object, "nguoi", "value"));
    assert_int_equal(readings(fixture), 3);
    assert_int_equal(cx->faults.count, 0);
}

/* Values in every writing */

struct writing {
    const char *key, *text;
    int64_t number;    /* of the value */
    const char *filed; /* as files carry it; NULL: refused */
    const char *shown; /* or why it is refused */
};

static const struct writing writings[] = {
    {"ty_le", "12", 1200, "12", "12"},
    {"ty_le", "12,5", 1250, "12,5", "12,5"},
    {"ty_le", "12,50", 1250, "12,5", "12,5"},
    {"ty_le", "0,05", 5, "0,05", "0,05"},
    {"ty_le", "-0,25", -25, "-0,25", "-0,25"},
    {"ty_le", " 99,99 ", 9999, "99,99", "99,99"},
    {"ty_le", "12.5", 0, NULL, "có lẽ là “12,5”"},
    {"ty_le", "12,345", 0, NULL, "nhiều nhất 2 chữ số"},
    {"ty_le", "0,125", 0, NULL, "nhiều nhất 2 chữ số sau dấu phẩy"},
    {"ty_le", "100,01", 0, NULL, "nhiều nhất 100"},
    {"ty_le", "-5,01", 0, NULL, "từ -5 trở lên"},
    {"ty_le", "nhiều", 0, NULL, "cần một số"},
    {"ty_le", "12%", 0, NULL, "cần một số"},
    {"tien", "1.234,567", 1234567, "1.234,567", "1.234,567"},
    {"tien", "1 234,5", 1234500, "1.234,5", "1.234,5"},
    {"tien", "1000000000,001", 0, NULL, "một nghìn tỷ"},
    {"gio", "14:30", 870, "14:30", "14:30"},
    {"gio", "7:05", 425, "07:05", "07:05"},
    {"gio", "14h30", 870, "14:30", "14:30"},
    {"gio", "14 giờ 30", 870, "14:30", "14:30"},
    {"gio", "8h", 480, "08:00", "08:00"},
    {"gio", "8 giờ", 480, "08:00", "08:00"},
    {"gio", "14g05", 845, "14:05", "14:05"},
    {"gio", "0:00", 0, "00:00", "00:00"},
    {"gio", "23:59", 1439, "23:59", "23:59"},
    {"gio", "24:00", 0, NULL, "giờ theo dạng 14:30"},
    {"gio", "12:60", 0, NULL, "giờ theo dạng 14:30"},
    {"gio", "14:3", 0, NULL, "giờ theo dạng 14:30"},
    {"gio", "1430", 0, NULL, "giờ theo dạng 14:30"},
    {"gio", "chiều", 0, NULL, "giờ theo dạng 14:30"},
};

static void
check_writing(struct ctx *cx, const struct writing *writing)
{
    const struct field *field = reg_field(fixture_reg(cx, "viec"), writing->key);
    struct value value, again;
    int before = cx->faults.count;
    bool taken = typed(cx, writing->key, writing->text, &value);
    if (taken != (writing->filed != NULL))
        fail_msg("%s: “%s” %s", writing->key, writing->text, taken ? "is taken" : "is refused");
    if (!taken) {
        assert_true(value.is_null);
        if (!fixture_said(cx, writing->shown))
            fail_msg("%s: “%s” is refused so: %s", writing->key, writing->text,
                cx->faults.items[before].message);
        assert_string_equal(cx->faults.items[before].field, writing->key);
        fault_forget(cx, before);
        return;
    }
    const char *filed = value_text(cx->arena, cx->world, field, &value);
    assert_int_equal(value.number, writing->number);
    assert_string_equal(filed, writing->filed);
    assert_string_equal(value_show(cx, field, &value), writing->shown);
    assert_true(typed(cx, writing->key, filed, &again));
    assert_int_equal(again.number, value.number);
}

static void
test_record_language__decimals_and_times_in_every_writing(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct value value;
    for (size_t i = 0; i < COUNT_OF(writings); i++)
        check_writing(cx, &writings[i]);
    assert_true(typed(cx, "tien", "", &value)); /* its default */
    assert_int_equal(value.number, 1500);
    assert_true(typed(cx, "tien", "-", &value));
    assert_true(value.is_null);
    assert_true(typed(cx, "gio", "", &value));
    assert_true(value.is_null);
}

/* Through the database, the history and the rules. */
static void
test_record_language__decimals_and_times_come_back(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct reg *reg = fixture_reg(cx, "viec");
    struct row fields = work(cx, "05/02/2026");
    fixture_set(cx, reg, &fields, "ty_le", "-0,25");
    fixture_set(cx, reg, &fields, "gio", "7h30");
    struct record *record = create(cx, "bt.a.x", NULL, &fields);
    assert_string_equal(stored(cx, record->code, "ty_le"), "-0,25");
    assert_string_equal(stored(cx, record->code, "tien"), "1,5");
    assert_string_equal(stored(cx, record->code, "gio"), "07:30");
    assert_int_equal(fixture_sql(fixture, "SELECT gio FROM r_viec"), 450);
    assert_int_equal(fixture_sql(fixture, "SELECT ty_le FROM r_viec"), -25);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM history WHERE body LIKE "
                         "'%%\"gio\":\"07:30\",\"ty_le\":\"-0,25\",\"tien\":\"1,5\"%%'"),
        1);
    fixture_set(cx, reg, &fields, "gio", "06:59");
    struct record_change change = {.fields = &fields};
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &record));
    assert_true(fixture_said(cx, "Giờ phải từ 07:00."));
}

static void
test_record_language__files_are_lines(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const struct reg *reg = fixture_reg(cx, "viec");
    const char *digest = blob_digest(cx->arena, "abc", 3);
    struct value value;
    assert_true(typed(cx, "tep",
        arena_printf(cx->arena, "%s biên bản.pdf\n%s ảnh 1.jpg", digest, digest), &value));
    assert_string_equal(value_show(cx, reg_field(reg, "tep"), &value), "biên bản.pdf; ảnh 1.jpg");
    static const char *const wrong[] = {"biên bản.pdf", "0123 biên bản.pdf", "%s", "%s\n%s x.pdf"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct buf text = buf_new(cx->arena);
        for (const char *at = wrong[i]; *at != '\0'; at += strncmp(at, "%s", 2) == 0 ? 2 : 1) {
            if (strncmp(at, "%s", 2) == 0)
                buf_text(&text, digest);
            else
                buf_char(&text, *at);
        }
        int before = cx->faults.count;
        if (typed(cx, "tep", buf_string(&text), &value))
            fail_msg("“%s” is taken", wrong[i]);
        assert_string_equal(cx->faults.items[before].field, "tep");
        assert_true(fixture_said(cx, "chithi record attach"));
        fault_forget(cx, before);
    }
}

/* Directives */

static int64_t
set_of(struct ctx *cx, const char *text)
{
    int64_t out = -1;
    assert_true(directive_parse(cx, fixture_reg(cx, "viec"), text, (struct fault){0}, &out));
    return out;
}

static int64_t
figure_of(struct ctx *cx, const char *where)
{
    struct figure_query query = {.unit = fixture_unit(cx, "bt"),
        .from = fixture_day("01/01/2026"),
        .to = fixture_day("31/12/2026"),
        .basis = DAY_THEN};
    struct figure figure;
    must(cx, world_indicator(cx, "viec_so", &query.indicator));
    must(cx, cut_filter_parse(cx, query.indicator, where, &query.where));
    must(cx, figure_read(cx, &query, &figure));
    return figure.value;
}

static void
test_record_language__a_record_serves_its_directives(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = work(cx, "05/02/2026");
    struct record_new wanted = {.reg = fixture_reg(cx, "viec"),
        .unit = fixture_unit(cx, "bt.a.x"),
        .fields = &fields,
        .state = "xong",
        .directives = set_of(cx, "nq")};
    struct record *only, *both, *after;
    create(cx, "bt.a.x", "xong", &fields); /* the register's own directive */
    must(cx, record_create(cx, &wanted, &only));
    wanted.directives = set_of(cx, " 09-CT/TU ; nq ");
    must(cx, record_create(cx, &wanted, &both));
    assert_int_equal(import(cx, "viec",
                         "unit\tstate\tngay\tdirectives\n"
                         "bt.a.x\txong\t05/02/2026\tnq,ngu\n"
                         "bt.a.x\txong\t05/02/2026\t\n",
                         OK),
        2);
    assert_int_equal(figure_of(cx, ""), 5); /* each once in the total */
    assert_int_equal(figure_of(cx, "directive=ngu"), 4);
    assert_int_equal(figure_of(cx, "directive=10-NQ/TU"), 3);
    assert_int_equal(figure_of(cx, "directive=ngu,directive=nq"), 2);
    struct record_change change = {.directives = set_of(cx, "nq,ngu"),
        .reason = "Thực hiện cả hai"};
    must(cx, record_correct(cx, only->code, &change, &after));
    assert_int_equal(figure_of(cx, "directive=ngu"), 5);
    assert_int_equal(figure_of(cx, ""), 5);
    const struct doc *list = doc_get(document(cx, only->code), "directives")->first;
    assert_string_equal(doc_get(list, "symbol")->text, "09-CT/TU");
    assert_string_equal(doc_get(list->next, "key")->text, "nq");
    assert_string_equal(doc_get(list->next, "label")->text, "Nghị quyết mười");
    assert_null(list->next->next);
    assert_string_equal(directive_text(cx->arena, cx->world, load(cx, only->code)->directives),
        "ngu,nq");
    change = (struct record_change){.reason = "Ghi chú"};
    must(cx, record_correct(cx, only->code, &change, &after)); /* 0 keeps them */
    assert_int_equal(figure_of(cx, "directive=ngu,directive=nq"), 3);
}

static void
test_record_language__a_draft_changes_its_directives(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = work(cx, "05/02/2026");
    struct record *record = create(cx, "bt.a.x", NULL, &fields), *after;
    struct record_change change = {.directives = set_of(cx, "nq")};
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(load(cx, record->code)->directives, set_of(cx, "nq"));
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(DISTINCT directives) FROM history WHERE record = %lld",
                         (long long)record->id),
        2);
    int64_t set;
    assert_false(
        directive_parse(cx, record->reg, "nq, chi_thi_05", (struct fault){.field = "directives"},
            &set)); /* of a pack that does not use the register */
    assert_true(fixture_said(cx, "“Việc” không gắn với chỉ thị “chi_thi_05” được; có: "));
    assert_true(fixture_said(cx, "nq (10-NQ/TU)"));
    import(cx, "viec", "unit\tngay\tdirectives\nbt.a.x\t05/02/2026\t11-CT/TU\n", ERR_INVALID);
    assert_true(fixture_said(cx, "“11-CT/TU”"));
}

/* How many records are about a person who works for a branch. */
static int
own_count(struct ctx *cx, const char *origin, const char *unit)
{
    struct grant grant = {.role = "chi_bo", .unit = fixture_unit(cx, unit)};
    struct viewer viewer = {.person = code_number(person_code(cx, origin)),
        .grants = &grant,
        .grant_count = 1};
    struct record **records;
    int count;
    cx->viewer = &viewer;
    must(cx, own_records(cx, &records, &count));
    cx->viewer = NULL;
    return count;
}

/* One's own page is there while an import is loading records about one. */
static void
test_record_language__ones_own_records_are_those_that_are_published(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    import(cx, "viec", "origin\tunit\tngay\tnguoi\na\tbt.a.x.1\t05/02/2026\tan\n", OK);
    fixture_sql(fixture, "UPDATE batch SET state = 'loading'");
    fixture_next(cx);
    assert_int_equal(own_count(cx, "an", "bt.a.x.1"), 0);
    fixture_sql(fixture, "UPDATE batch SET state = 'published'");
    fixture_next(cx);
    assert_int_equal(own_count(cx, "an", "bt.a.x.1"), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_record_language__a_state_keeps_the_day_of_the_last_entry),
        TEST(test_record_language__an_entry_is_changed_by_a_correction_only),
        TEST(test_record_language__an_entry_that_counts_is_not_taken_away),
        TEST(test_record_language__an_import_enters_on_the_counting_day),
        TEST(test_record_language__a_lock_leaves_open_what_says_so),
        TEST(test_record_language__a_notice_refuses_nothing),
        TEST(test_record_language__a_reference_is_a_record_of_its_register),
        TEST(test_record_language__a_reference_is_shown_by_its_title),
        TEST(test_record_language__many_titles_are_read_together),
        TEST(test_record_language__a_person_is_somebody),
        TEST(test_record_language__ones_own_records_are_those_that_are_published),
        TEST(test_record_language__a_name_is_shown_and_the_reading_noted),
        TEST(test_record_language__decimals_and_times_in_every_writing),
        TEST(test_record_language__decimals_and_times_come_back),
        TEST(test_record_language__files_are_lines),
        TEST(test_record_language__a_record_serves_its_directives),
        TEST(test_record_language__a_draft_changes_its_directives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
