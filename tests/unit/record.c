/* The rules of records: what may be done to one, by whom it is told, and what stays. */
#include "base/code.h"
#include "domain/record.h"

#include "domain/form.h"
#include "domain/unit.h"
#include "fixture.h"
#include "store/store.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static struct row
copy_fields(struct ctx *cx, const struct record *record)
{
    return row_copy(cx->arena, record->reg->fields, record->reg->field_count, &record->fields);
}

static struct record *
load(struct ctx *cx, const char *code)
{
    struct record *record;
    must(cx, record_load(cx, code, &record));
    return record;
}

/* A record of the register `thu`, in a state. */
static struct record *
create_thu(struct ctx *cx, const char *state, const char *day)
{
    const struct reg *reg = fixture_reg(cx, "thu");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg,
        .unit = fixture_unit(cx, "bt.a.x"),
        .fields = &fields,
        .state = state};
    struct record *record;
    fixture_set(cx, reg, &fields, "ngay", day);
    must(cx, record_create(cx, &wanted, &record));
    return record;
}

static void
test_record__every_fault_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const struct reg *reg = fixture_reg(cx, "ktgs");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg,
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields,
        .state = "ket_luan"};
    struct record *record;
    uint64_t before = fixture_digest(fixture);
    struct row *row = fixture_add_row(cx, reg, &fields, "doi_tuong");
    fixture_set_row(cx, reg_field(reg, "doi_tuong"), row, "so_luong", "");
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_int_equal(cx->faults.count, 6);
    assert_string_equal(cx->faults.items[0].field, "loai");
    assert_string_equal(cx->faults.items[0].message, "Loại còn trống.");
    assert_string_equal(cx->faults.items[1].field, "chu_the");
    assert_string_equal(cx->faults.items[2].field, "cap");
    assert_string_equal(cx->faults.items[3].field, "ngay_ket_luan");
    assert_string_equal(cx->faults.items[4].message, "Đối tượng, dòng 1: Kiểu còn trống.");
    assert_string_equal(cx->faults.items[5].field, "doi_tuong.0.so_luong");
    assert_true(before == fixture_digest(fixture));
}

static void
test_record__a_draft_may_be_empty(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const struct reg *reg = fixture_reg(cx, "ktgs");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg, .unit = fixture_unit(cx, "bt"), .fields = &fields};
    struct record_change conclude = {.verb = "ket_luan"};
    struct record *record, *after;
    must(cx, record_create(cx, &wanted, &record));
    assert_string_equal(record_state_key(record), "nhap");
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &conclude, &after));
    assert_int_equal(cx->faults.count, 6); /* the list is empty too, and the act needs more */
}

static void
test_record__checks_name_what_is_wrong(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record *record;
    fixture_set(cx, wanted.reg, &fields, "ngay_bat_dau", "06/02/2026");
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_int_equal(cx->faults.count, 1);
    assert_string_equal(cx->faults.items[0].message, "Ngày bắt đầu phải không sau ngày kết luận.");
    fixture_next(cx);
    fixture_add_register(cx);
    const struct reg *reg = fixture_reg(cx, "thu");
    fields = row_new(cx->arena, reg->fields, reg->field_count);
    wanted = (struct record_new){.reg = reg, .unit = fixture_unit(cx, "bt"), .fields = &fields};
    fixture_set_row(cx, reg_field(reg, "muc"), fixture_add_row(cx, reg, &fields, "muc"), "n", "6");
    fixture_set_row(cx, reg_field(reg, "muc"), fixture_add_row(cx, reg, &fields, "muc"), "n", "7");
    fixture_set(cx, reg, &fields, "so", "13");
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_int_equal(cx->faults.count, 2);
    assert_string_equal(cx->faults.items[0].message, "Số không được là 13.");
    assert_string_equal(cx->faults.items[1].message, "Mục, dòng 2: Mục không được là 7.");
}

static void
test_record__a_locked_one_is_corrected_with_a_reason(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3"),
                  *after;
    struct row fields = copy_fields(cx, record);
    struct record_change change = {.fields = &fields};
    fixture_set(cx, record->reg, &fields, "ngay_ket_luan", "07/03/2026");
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "đã khóa"));
    must_be(cx, ERR_INVALID, record_correct(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "Cần ghi lý do điều chỉnh"));
    change.reason = "Ghi nhầm ngày";
    must(cx, record_correct(cx, record->code, &change, &after));
    assert_int_equal(after->version, 2);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM fact WHERE day = %d",
                         day_from_civil((struct civil){2026, 3, 7})),
        fixture_sql(fixture, "SELECT COUNT(*) FROM fact"));
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM history WHERE version = 2 AND action = 'correct' "
                         "AND reason = 'Ghi nhầm ngày'"),
        1);
}

/* Filing is a transition of a locked record: it takes no other fields with it. */
static void
test_record__a_transition_does_not_unlock(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3"),
                  *after;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "999");
    struct record_change file = {.fields = &fields, .verb = "luu"};
    uint64_t before = fixture_digest(fixture);
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &file, &after));
    assert_true(fixture_said(cx, "đã khóa"));
    file = (struct record_change){.unit = fixture_unit(cx, "bt.a.x.2"), .verb = "luu"};
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &file, &after));
    assert_true(before == fixture_digest(fixture));
    file.unit = NULL;
    must(cx, record_move(cx, record->code, &file, &after));
    assert_string_equal(record_state_key(after), "luu");
}

static void
test_record__a_void_one_counts_nothing_and_stays(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3"),
                  *after;
    const char *code = record->code;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "4");
    struct record_change change = {.fields = &fields};
    struct record_change remove = {0};
    must_be(cx, ERR_INVALID, record_void(cx, code, &remove, &after));
    assert_true(fixture_said(cx, "Cần ghi lý do hủy"));
    assert_true(fixture_sql(fixture, "SELECT COUNT(*) FROM fact") > 0);
    remove.reason = "Nhập hai lần";
    remove.fields = &fields; /* voiding edits nothing */
    must(cx, record_void(cx, code, &remove, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM fact"), 0);
    assert_int_equal(fixture_sql(fixture, "SELECT SUM(n) FROM delta"), 0);
    after = load(cx, code);
    assert_int_equal(after->state, STATE_IS_VOID);
    assert_string_equal(record_state_label(cx, after), "Đã hủy");
    assert_int_equal(after->fields.values[reg_field(after->reg, "doi_tuong")->index]
                         .rows[0]
                         .values[1]
                         .number,
        3);
    change.reason = "Lý do";
    change.verb = "luu";
    must_be(cx, ERR_INVALID, record_change(cx, code, &change, &after));
    must_be(cx, ERR_INVALID, record_correct(cx, code, &change, &after));
    must_be(cx, ERR_INVALID, record_move(cx, code, &change, &after));
    must_be(cx, ERR_INVALID, record_void(cx, code, &change, &after));
    assert_int_equal(cx->faults.count, 5);
    assert_int_equal(load(cx, code)->version, 2);
}

/* The row of a void record keeps its code, and the table takes no code twice. */
static void
test_record__a_code_is_never_used_again(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = fixture_record(cx, "bt", "kiem_tra_dhvp", "05/02/2026", "3"), *after;
    struct record_change remove = {.reason = "Nhập hai lần"};
    must(cx, record_void(cx, record->code, &remove, &after));
    const char *again = arena_printf(cx->arena,
        "INSERT INTO record SELECT shard, id + 1, register, code, unit, state, version, "
        "visibility, batch, origin, created_at, created_by, updated_at, directives FROM record "
        "WHERE code = '%s'",
        record->code);
    assert_false(database_keeps(fixture->database, again));
    for (int i = 0; i < 50; i++) {
        const char *code = record_code_new(cx->arena, record->shard);
        assert_int_equal(code_shard(code_number(code)), record->shard);
        assert_string_not_equal(code, record->code);
    }
    assert_int_equal(code_number("khong la ma"), -1);
    assert_int_equal(code_number("00abcdefghil"), -1); /* has letters that codes have not */
    must_be(cx, ERR_NOT_FOUND, record_load(cx, "0100000000", &after));
}

static void
test_record__a_stale_change_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record *record, *after;
    struct record_change change = {.fields = &fields, .version = 1};
    must(cx, record_create(cx, &wanted, &record));
    fixture_set(cx, wanted.reg, &fields, "cap", "tinh");
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(after->version, 2);
    uint64_t before = fixture_digest(fixture);
    fixture_set(cx, wanted.reg, &fields, "cap", "tw");
    must_be(cx, ERR_STALE, record_change(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "bản 2"));
    assert_true(before == fixture_digest(fixture));
    change.version = 2;
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(load(cx, record->code)->version, 3);
}

static void
test_record__a_request_is_done_once(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct row other = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "4");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record *record, *after;
    struct record_change change = {.fields = &other, .version = 1, .request = "k1"};
    must(cx, record_create(cx, &wanted, &record));
    must(cx, record_change(cx, record->code, &change, &after));
    must(cx, record_change(cx, record->code, &change, &after)); /* not stale: it is the same one */
    assert_int_equal(after->version, 2);
    change.fields = &fields;
    must_be(cx, ERR_CONFLICT, record_change(cx, record->code, &change, &after));
    change.fields = &other;
    change.unit = fixture_unit(cx, "bt.a");
    must_be(cx, ERR_CONFLICT, record_change(cx, record->code, &change, &after));
    change.unit = NULL;
    change.reason = "Một lý do";
    must_be(cx, ERR_CONFLICT, record_correct(cx, record->code, &change, &after));
    struct record_change explained = {.fields = &other, .request = "k0", .reason = "Vì sao"};
    must(cx, record_change(cx, record->code, &explained, &after));
    must_be(cx, ERR_CONFLICT, record_correct(cx, record->code, &explained, &after));
    change.reason = NULL;
    struct record_change conclude = {.verb = "ket_luan", .request = "k2"};
    must(cx, record_move(cx, record->code, &conclude, &after));
    must(cx, record_move(cx, record->code, &conclude, &after));
    assert_int_equal(after->version, 4);
    conclude.verb = "luu";
    must_be(cx, ERR_CONFLICT, record_move(cx, record->code, &conclude, &after));
    conclude.request = "k1";
    must_be(cx, ERR_CONFLICT, record_move(cx, record->code, &conclude, &after));
    must(cx, record_change(cx, record->code, &change, &after)); /* asked again after the move */
    assert_int_equal(after->version, 4);
    assert_string_equal(record_state_key(after), "ket_luan");
    struct record_change remove = {.reason = "Nhầm", .request = "k3"};
    must(cx, record_void(cx, record->code, &remove, &after));
    must(cx, record_void(cx, record->code, &remove, &after));
    remove.reason = "Lý do khác";
    must_be(cx, ERR_CONFLICT, record_void(cx, record->code, &remove, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM history"), 5);
}

static void
test_record__an_origin_is_one_record(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct row other = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "4");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields,
        .origin = "tep-1"};
    struct record *first, *again;
    must(cx, record_create(cx, &wanted, &first));
    must(cx, record_create(cx, &wanted, &again));
    assert_string_equal(again->code, first->code);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM record"), 1);
    wanted.fields = &other;
    must_be(cx, ERR_CONFLICT, record_create(cx, &wanted, &again));
    assert_true(fixture_said(cx, first->code));
    wanted.fields = &fields;
    wanted.unit = fixture_unit(cx, "bt.a");
    must_be(cx, ERR_CONFLICT, record_create(cx, &wanted, &again));
    wanted.unit = fixture_unit(cx, "bt");
    wanted.state = "ket_luan";
    must_be(cx, ERR_CONFLICT, record_create(cx, &wanted, &again));
    wanted.state = NULL;
    wanted.unit = fixture_unit(cx, "kg"); /* another shard keeps its own keys */
    must(cx, record_create(cx, &wanted, &again));
    assert_string_not_equal(again->code, first->code);
    wanted.unit = fixture_unit(cx, "bt");
    struct record_change change = {.fields = &other}, remove = {.reason = "Nhầm"};
    must(cx, record_change(cx, first->code, &change, &again));
    must(cx, record_create(cx, &wanted, &again)); /* what it was made from, not what it is */
    assert_int_equal(again->version, 2);
    must(cx, record_void(cx, first->code, &remove, &again));
    must(cx, record_create(cx, &wanted, &again));
    assert_int_equal(again->state, STATE_IS_VOID);
}

static void
end_unit(struct ctx *cx, enum unit_event_kind kind, const char *code, const char *other, int month)
{
    struct unit_event event = {.kind = kind,
        .code = code,
        .other = other,
        .day = day_from_civil((struct civil){2026, month, 1})};
    must(cx, unit_change(cx, &event));
    fixture_next(cx);
}

static enum status
try_to_file(struct ctx *cx, const char *unit, const char *day)
{
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", day, "3");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, unit),
        .fields = &fields,
        .state = "ket_luan"};
    struct record *record;
    return record_create(cx, &wanted, &record);
}

static void
test_record__its_unit_is_there_on_the_counting_day(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    end_unit(cx, UNIT_ABOLISH, "bt.a.x.1", NULL, 3);
    end_unit(cx, UNIT_MERGE, "bt.a.x.2", "bt.a.y", 4);
    must(cx, try_to_file(cx, "bt.a.x.1", "28/02/2026"));
    must_be(cx, ERR_INVALID, try_to_file(cx, "bt.a.x.1", "01/03/2026"));
    assert_true(
        fixture_said(cx, "Ngày 01/03/2026 không có đơn vị “Chi bộ 1” (chỉ có đến 28/02/2026)"));
    assert_true(fixture_said(cx, "ngày đó thuộc về Xã Xuân"));
    assert_string_equal(cx->faults.items[0].field, "ngay_ket_luan");
    fixture_next(cx);
    must(cx, try_to_file(cx, "bt.a.x.2", "31/03/2026"));
    must_be(cx, ERR_INVALID, try_to_file(cx, "bt.a.x.2", "01/04/2026"));
    assert_true(fixture_said(cx, "ngày đó thuộc về Xã Yên"));
}

/* Not only by the register's date, but by every one that something is counted on. */
static void
test_record__its_unit_is_there_on_every_day_it_counts_on(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    fixture_add_register(cx);
    end_unit(cx, UNIT_MERGE, "bt.a.y", "bt.a.x", 4);
    const struct reg *reg = fixture_reg(cx, "thu");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg,
        .unit = fixture_unit(cx, "bt.a.y"),
        .fields = &fields,
        .state = "dong"};
    struct record *record;
    fixture_set(cx, reg, &fields, "ngay", "05/02/2026");
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_true(fixture_said(cx, "Hẹn còn trống"));
    fixture_set(cx, reg, &fields, "hen", "01/04/2026");
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_string_equal(cx->faults.items[cx->faults.count - 1].field, "hen");
    fixture_set(cx, reg, &fields, "hen", "31/03/2026");
    must(cx, record_create(cx, &wanted, &record));
}

static void
test_record__another_shard_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct record *record = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3"),
                  *after;
    struct record_change change = {.unit = fixture_unit(cx, "kg.a.x"), .reason = "Nhầm đơn vị"};
    must_be(cx, ERR_INVALID, record_correct(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "tỉnh khác"));
    change.unit = fixture_unit(cx, "bt.b.z");
    must(cx, record_correct(cx, record->code, &change, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(DISTINCT unit) FROM fact"), 1);
    assert_int_equal(fixture_sql(fixture, "SELECT unit FROM fact"), fixture_unit(cx, "bt.b.z")->id);
}

static void
test_record__moves_by_its_verbs(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record_change change = {.verb = "luu"};
    struct record *record, *after;
    must(cx, record_create(cx, &wanted, &record));
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &change, &after));
    assert_true(fixture_said(cx, "Không “luu” được một hồ sơ ở trạng thái “Nháp”."));
    change.verb = "bay";
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &change, &after));
    change.verb = "ket_luan";
    must(cx, record_move(cx, record->code, &change, &after));
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &change, &after));
    change.verb = "luu";
    must(cx, record_move(cx, record->code, &change, &after));
    assert_string_equal(load(cx, record->code)->stored_state, "luu");
}

static void
test_record__a_transition_has_its_needs(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    fixture_add_register(cx);
    struct record *record = create_thu(cx, "xong", "05/02/2026"), *after;
    struct row fields = copy_fields(cx, record);
    struct record_change close = {.verb = "dong", .fields = &fields};
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &close, &after));
    assert_true(fixture_said(cx, "Chưa đủ điều kiện để “Đóng sổ”."));
    assert_true(fixture_said(cx, "Hẹn còn trống")); /* both are told */
    fixture_set(cx, record->reg, &fields, "hen", "04/02/2026");
    fixture_set(cx, record->reg, &fields, "so", "5");
    must_be(cx, ERR_INVALID, record_move(cx, record->code, &close, &after));
    fixture_set(cx, record->reg, &fields, "hen", "05/02/2026");
    must(cx, record_move(cx, record->code, &close, &after));
    assert_string_equal(record_state_key(after), "dong");
}

/* A counting state that does not lock: its facts follow an ordinary change. */
static void
test_record__facts_follow_a_change(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    fixture_add_register(cx);
    struct record *record = create_thu(cx, "xong", "05/02/2026"), *after;
    struct row fields = copy_fields(cx, record);
    struct record_change change = {.fields = &fields};
    fixture_set(cx, record->reg, &fields, "so", "-4");
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT SUM(value) FROM fact"), -4);
    fixture_set(cx, record->reg, &fields, "so", "9");
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT SUM(value) FROM fact"), 9);
    assert_int_equal(fixture_sql(fixture, "SELECT SUM(value) FROM delta"), 9);
    fixture_set(cx, record->reg, &fields, "so", "");
    must(cx, record_change(cx, record->code, &change, &after));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM fact"), 0);
    fixture_set(cx, record->reg, &fields, "ngay", "");
    must_be(cx, ERR_INVALID, record_change(cx, record->code, &change, &after));
}

static void
test_record__each_version_is_kept(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "3");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record *record, *after;
    struct record_change change = {.fields = &fields}, conclude = {.verb = "ket_luan"};
    struct record_change remove = {.reason = "Nhầm"};
    cx->actor = 7;
    must(cx, record_create(cx, &wanted, &record));
    cx->now += 1000;
    fixture_set(cx, wanted.reg, &fields, "noi_dung", "Nói “thẳng”\nvà \"thật\"");
    must(cx, record_change(cx, record->code, &change, &after));
    must(cx, record_move(cx, record->code, &conclude, &after));
    must(cx, record_void(cx, record->code, &remove, &after));
    static const char *const actions[] = {"create", "change", "move", "void"};
    static const char *const states[] = {"nhap", "nhap", "ket_luan", "void"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(fixture_sql(fixture,
                             "SELECT COUNT(*) FROM history WHERE version = %d AND action = '%s' "
                             "AND state = '%s' AND actor = 7 AND at - %lld = %d",
                             i + 1, actions[i], states[i], (long long)record->created_at,
                             i > 0 ? 1000 : 0),
            1);
        assert_int_equal(fixture_sql(fixture,
                             "SELECT COUNT(*) FROM audit WHERE version = %d AND action = '%s' "
                             "AND subject = %lld AND actor = 7",
                             i + 1, actions[i], (long long)record->id),
            1);
    }
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM history WHERE version = 2 AND body LIKE "
                         "'%%\"noi_dung\":\"Nói “thẳng”\\u000avà \\\"thật\\\"\"%%' ESCAPE '~'"),
        1);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM history"), 4);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM audit WHERE action NOT IN ('unit.import', "
                         "'setting.set')"),
        4);
}

static void
test_record__what_is_loaded_is_what_was_written(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "hơn 1.400");
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, "bt"),
        .fields = &fields};
    struct record *record;
    struct buf before = buf_new(cx->arena), after = buf_new(cx->arena);
    fixture_set(cx, wanted.reg, &fields, "don_vi_phoi_hop", "kg.a");
    fixture_set(cx, wanted.reg, &fields, "trong_chuong_trinh", "không");
    fixture_set(cx, wanted.reg, &fields, "so_kien_nghi", "12");
    fixture_set_row(cx, reg_field(wanted.reg, "doi_tuong"),
        fixture_add_row(cx, wanted.reg, &fields, "doi_tuong"), "kieu", "tcd");
    must(cx, record_create(cx, &wanted, &record));
    row_json(&before, cx->world, wanted.reg->fields, wanted.reg->field_count, &fields);
    record = load(cx, record->code);
    row_json(&after, cx->world, wanted.reg->fields, wanted.reg->field_count, &record->fields);
    assert_string_equal(buf_string(&before), buf_string(&after));
    assert_int_equal(record->fields.values[reg_field(record->reg, "doi_tuong")->index].row_count,
        2);
}

static enum status
raise_generation(struct ctx *cx, void *arg)
{
    (void)arg;
    return world_changed(cx);
}

/* A unit was changed by somebody else since the form was opened: the write sees a world of its own,
 * with the same pack. */
static void
test_record__rules_hold_in_a_world_that_is_renewed(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    fixture_add_register(cx);
    const struct reg *reg = fixture_reg(cx, "thu");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg,
        .unit = fixture_unit(cx, "bt.a.x"),
        .fields = &fields,
        .state = "dong"};
    struct record *record;
    fixture_set(cx, reg, &fields, "ngay", "05/01/2025");
    must(cx, store_write(cx, raise_generation, NULL));
    must_be(cx, ERR_INVALID, record_create(cx, &wanted, &record));
    assert_true(fixture_said(cx, "Hẹn còn trống"));
    fixture_set(cx, reg, &fields, "hen", "06/01/2025");
    must(cx, store_write(cx, raise_generation, NULL));
    must(cx, record_create(cx, &wanted, &record));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_record__every_fault_is_told_at_once),
        TEST(test_record__a_draft_may_be_empty),
        TEST(test_record__checks_name_what_is_wrong),
        TEST(test_record__a_locked_one_is_corrected_with_a_reason),
        TEST(test_record__a_transition_does_not_unlock),
        TEST(test_record__a_void_one_counts_nothing_and_stays),
        TEST(test_record__a_code_is_never_used_again),
        TEST(test_record__a_stale_change_is_refused),
        TEST(test_record__a_request_is_done_once),
        TEST(test_record__an_origin_is_one_record),
        TEST(test_record__its_unit_is_there_on_the_counting_day),
        TEST(test_record__its_unit_is_there_on_every_day_it_counts_on),
        TEST(test_record__rules_hold_in_a_world_that_is_renewed),
        TEST(test_record__another_shard_is_refused),
        TEST(test_record__moves_by_its_verbs),
        TEST(test_record__a_transition_has_its_needs),
        TEST(test_record__facts_follow_a_change),
        TEST(test_record__each_version_is_kept),
        TEST(test_record__what_is_loaded_is_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
