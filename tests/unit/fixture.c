/* The database of a domain test. */
#include "fixture.h"

#include "base/date.h"
#include "domain/check.h"
#include "domain/form.h"
#include "domain/install.h"
#include "domain/unit.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char small_tree[] = "code\tparent_code\tlevel\tname\n"
                                 "vn\t\tquoc_gia\tViệt Nam\n"
                                 "bt\tvn\ttinh\tTỉnh Bến Tre\n"
                                 "kg\tvn\ttinh\tTỉnh Kiên Giang\n"
                                 "bt.a\tbt\thuyen\tHuyện An\n"
                                 "bt.b\tbt\thuyen\tHuyện Bình\n"
                                 "bt.a.x\tbt.a\txa\tXã Xuân\n"
                                 "bt.a.y\tbt.a\txa\tXã Yên\n"
                                 "bt.b.z\tbt.b\txa\tXã Dừa\n"
                                 "bt.a.x.1\tbt.a.x\tchi_bo\tChi bộ 1\n"
                                 "bt.a.x.2\tbt.a.x\tchi_bo\tChi bộ 2\n"
                                 "bt.b.z.1\tbt.b.z\tchi_bo\tChi bộ 3\n"
                                 "kg.a\tkg\thuyen\tHuyện Đảo\n"
                                 "kg.a.x\tkg.a\txa\tXã Biển\n";

/* Two dates, a condition on a transition, a boolean cut, sums of an integer that may be negative,
 * of a quantity in two measures and of a list that may be empty, a rule for each row, a counting
 * state that does not lock. */
static const char more_head[] = "pack: thu\n"
                                "label: Gói thử\n"
                                "directive: 01-CT/TU\n";
static const char more_register[] =
    "register: thu\n"
    "label: Sổ thử\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  hen: { kind: date, label: Hẹn }\n"
    "  loai: { kind: choice, label: Loại, choices: { mot: Một, hai: Hai, ba: Ba } }\n"
    "  gap: { kind: boolean, label: Gấp }\n"
    "  so: { kind: integer, label: Số, min: -100, max: 100 }\n"
    "  luong: { kind: quantity, label: Lượng, units: [tan, met], decimals: 2 }\n"
    "  muc: { kind: list, label: Mục,\n"
    "      fields: { n: { kind: integer, label: N, required: true } } }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n"
    "  xong: { label: Xong, counts: true }\n"
    "  dong: { label: Đóng, locks: true }\n"
    "transitions:\n"
    "  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [ubkt] }\n"
    "  - { do: dong, label: Đóng sổ, from: xong, to: dong, by: [ubkt],\n"
    "      needs: \"hen >= ngay and so > 0\" }\n"
    "checks:\n"
    "  - { that: \"so <> 13\", message: Số không được là 13. }\n"
    "  - { that: \"muc.n <> 7\", message: Mục không được là 7. }\n"
    "indicators:\n"
    "  thu_luong: { label: Lượng, sum: luong, by: [gap] }\n"
    "  thu_so: { label: Tổng số, sum: so, by: [loai, gap],\n"
    "      where: \"not gap or loai is null or so * 2 <= 50\" }\n"
    "  thu_muc: { label: Tổng mục, sum: muc.n, by: [gap] }\n"
    "  thu_hen: { label: Hẹn, count: records, on: hen, in: dong, by: [loai] }\n";

/* Contexts */

void
fixture_want(struct ctx *cx, enum status wanted, enum status status, const char *file, int line)
{
    if (status == wanted)
        return;
    for (int i = 0; i < cx->faults.count; i++)
        print_error("fault: %s\n", cx->faults.items[i].message);
    print_error("%s:%d: status %d instead of %d\n", file, line, (int)status, (int)wanted);
    _fail(file, line);
}

bool
fixture_said(const struct ctx *cx, const char *text)
{
    for (int i = 0; i < cx->faults.count; i++) {
        if (strstr(cx->faults.items[i].message, text) != NULL)
            return true;
    }
    return false;
}

static int64_t
fake_clock(void)
{
    int32_t day = day_from_civil((struct civil){2026, 6, 15});
    return (day * 24 + 5) * (int64_t)3600 * 1000; /* noon in Vietnam */
}

static void
open_store(struct ctx *cx, const char *path, bool create)
{
    struct store_options options = {.where = path, .create = create, .volatile_ = true};
    *cx = (struct ctx){.arena = arena_new(), .now = fake_clock(), .worlds = worlds_new()};
    worlds_take_data_key(cx->worlds, &(struct data_key){"the data key of the tests"});
    must(cx, store_open(cx, &options, &cx->store));
}

static void
close_store(struct ctx *cx)
{
    world_end(cx);
    store_close(cx->store);
    worlds_free(cx->worlds);
    arena_free(cx->arena);
}

void
fixture_next(struct ctx *cx)
{
    world_end(cx);
    arena_free(cx->arena);
    cx->arena = arena_new();
    cx->faults = (struct faults){0};
    must(cx, world_begin(cx));
}

struct ctx *
fixture_open(const struct fixture *fixture)
{
    struct ctx *cx = malloc(sizeof(*cx));
    open_store(cx, database_where(fixture->database), false);
    must(cx, world_begin(cx));
    return cx;
}

void
fixture_close(struct ctx *cx)
{
    close_store(cx);
    free(cx);
}

/* The database */

static void
install_pack(const char *where)
{
    struct ctx cx;
    struct install_result result;
    int count, steps;
    open_store(&cx, where, true);
    const struct pack_file *files = pack_builtin(cx.arena, &count);
    must(&cx, store_migrate(&cx, &steps));
    must(&cx, pack_install(&cx, files, count, &result));
    must(&cx, world_begin(&cx));
    must(&cx, setting_set(&cx, "restricted_content", "full"));
    close_store(&cx);
}

static void
import_units(struct ctx *cx, const char *list)
{
    struct unit_import_result result;
    struct unit_import input = {.file = "units.tsv",
        .text = list,
        .length = strlen(list),
        .day = cx->world->today,
        .from_day = DAY_MIN};
    must(cx, unit_import(cx, &input, &result));
}

void
fixture_add_register(struct ctx *cx)
{
    static const struct pack_file files[] = {{"pack.yaml", more_head},
        {"registers/thu.yaml", more_register}};
    struct install_result result;
    must(cx, pack_install(cx, files, COUNT_OF(files), &result));
    must(cx, world_renew(cx));
}

static struct fixture *
fixture_on(struct database *database)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    assert_true(sodium_init() >= 0);
    fixture->database = database;
    open_store(&fixture->cx, database_where(database), false);
    must(&fixture->cx, world_begin(&fixture->cx));
    return fixture;
}

static struct fixture *
with_units(struct fixture *fixture, const char *units)
{
    import_units(&fixture->cx, units == NULL ? small_tree : units);
    fixture_next(&fixture->cx);
    return fixture;
}

struct fixture *
fixture_new(const char *units)
{
    return with_units(fixture_on(database_new(install_pack)), units);
}

struct fixture *
fixture_new_file(const char *units)
{
    return with_units(fixture_on(database_new_file(install_pack)), units);
}

struct fixture *
fixture_at(const char *where)
{
    return fixture_on(database_at(where));
}

void
fixture_free(struct fixture *fixture)
{
    close_store(&fixture->cx);
    database_free(fixture->database);
    free(fixture);
}

int
fixture_setup(void **state)
{
    *state = fixture_new(NULL);
    return 0;
}

int
fixture_teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

/* Records */

int
fixture_differences(struct ctx *cx)
{
    struct check_result result;
    must(cx, check_all(cx, &result));
    for (int i = 0; i < result.count; i++)
        print_error("%s %s: %s\n", result.differences[i].kind, result.differences[i].where,
            result.differences[i].what);
    return result.count;
}

int32_t
fixture_day(const char *text)
{
    int32_t out;
    assert_true(date_parse(text, &out));
    return out;
}

const struct reg *
fixture_reg(struct ctx *cx, const char *key)
{
    const struct reg *reg = NULL;
    must(cx, world_register(cx, key, &reg));
    return reg;
}

const struct unit *
fixture_unit(struct ctx *cx, const char *code)
{
    const struct tree *tree = cx->world->tree;
    for (int i = 0; i < tree->count; i++) {
        for (int s = 0; s < tree->units[i].span_count; s++) {
            if (strcmp(tree->units[i].spans[s].code, code) == 0)
                return &tree->units[i];
        }
    }
    fail_msg("no unit %s", code);
    return NULL;
}

void
fixture_set(struct ctx *cx, const struct reg *reg, struct row *fields, const char *key,
    const char *text)
{
    const struct field *field = reg_field(reg, key);
    assert_non_null(field);
    assert_true(value_parse(cx, field, text, (struct fault){0}, &fields->values[field->index]));
    if (*text == '\0')
        fields->values[field->index] = (struct value){.is_null = true};
}

void
fixture_set_row(struct ctx *cx, const struct field *list, struct row *row, const char *key,
    const char *text)
{
    const struct field *field = list_field(list, key);
    assert_non_null(field);
    assert_true(value_parse(cx, field, text, (struct fault){0}, &row->values[field->index]));
    if (*text == '\0')
        row->values[field->index] = (struct value){.is_null = true};
}

struct row *
fixture_add_row(struct ctx *cx, const struct reg *reg, struct row *fields, const char *list)
{
    const struct field *field = reg_field(reg, list);
    assert_non_null(field);
    struct value *value = &fields->values[field->index];
    *ARENA_PUSH(cx->arena, value->rows, value->row_count) =
        row_new(cx->arena, field->fields, field->field_count);
    value->is_null = false;
    return &value->rows[value->row_count - 1];
}

struct row
fixture_inspection(struct ctx *cx, const char *loai, const char *day, const char *number)
{
    const struct reg *reg = fixture_reg(cx, "ktgs");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    fixture_set(cx, reg, &fields, "so_quyet_dinh", "12-QĐ/UBKT");
    fixture_set(cx, reg, &fields, "loai", loai);
    fixture_set(cx, reg, &fields, "chu_the", "ubkt");
    fixture_set(cx, reg, &fields, "cap", "co_so");
    fixture_set(cx, reg, &fields, "ngay_ket_luan", day);
    struct row *row = fixture_add_row(cx, reg, &fields, "doi_tuong");
    fixture_set_row(cx, reg_field(reg, "doi_tuong"), row, "kieu", "dv");
    fixture_set_row(cx, reg_field(reg, "doi_tuong"), row, "so_luong", number);
    return fields;
}

struct record *
fixture_record(struct ctx *cx, const char *unit, const char *loai, const char *day,
    const char *number)
{
    struct row fields = fixture_inspection(cx, loai, day, number);
    struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
        .unit = fixture_unit(cx, unit),
        .fields = &fields,
        .state = "ket_luan"};
    struct record *record = NULL;
    must(cx, record_create(cx, &wanted, &record));
    return record;
}

/* Raw SQL */

int64_t
fixture_sql(struct fixture *fixture, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_vprintf(fixture->cx.arena, format, arguments);
    va_end(arguments);
    return database_number(fixture->database, text);
}

uint64_t
fixture_digest(struct fixture *fixture)
{
    return database_digest(fixture->database);
}
