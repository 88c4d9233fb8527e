/* The database of a domain test. */
#include "fixture.h"

#include "base/date.h"
#include "domain/form.h"
#include "domain/install.h"
#include "domain/unit.h"

#include <dirent.h>
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    open_store(cx, fixture->path, false);
    must(cx, world_begin(cx));
    return cx;
}

void
fixture_close(struct ctx *cx)
{
    close_store(cx);
    free(cx);
}

/* The file */

static char *
path_new(const char *folder, const char *name)
{
    char *path;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

static void
remove_folder(const char *folder)
{
    DIR *open = opendir(folder);
    struct dirent *entry;
    while (open != NULL && (entry = readdir(open)) != NULL) {
        char *path = path_new(folder, entry->d_name);
        if (entry->d_type != DT_DIR)
            unlink(path);
        free(path);
    }
    if (open != NULL)
        closedir(open);
    rmdir(folder);
}

static void
install_pack(struct ctx *cx)
{
    struct install_result result;
    int count, steps;
    const struct pack_file *files = pack_builtin(cx->arena, &count);
    must(cx, store_migrate(cx, &steps));
    must(cx, pack_install(cx, files, count, &result));
    must(cx, world_begin(cx));
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

struct fixture *
fixture_new(const char *units)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    const char *root = getenv("TMPDIR");
    assert_non_null(fixture);
    assert_true(sodium_init() >= 0);
    fixture->folder = path_new(root != NULL && *root != '\0' ? root : "/tmp", "chithi-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->path = path_new(fixture->folder, "chithi.db");
    open_store(&fixture->cx, fixture->path, true);
    install_pack(&fixture->cx);
    import_units(&fixture->cx, units == NULL ? small_tree : units);
    fixture_next(&fixture->cx);
    return fixture;
}

void
fixture_free(struct fixture *fixture)
{
    sqlite3_close(fixture->raw);
    close_store(&fixture->cx);
    remove_folder(fixture->folder);
    free(fixture->folder);
    free(fixture->path);
    free(fixture);
}

/* Records */

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

struct sqlite3 *
fixture_raw(struct fixture *fixture)
{
    if (fixture->raw == NULL) {
        assert_int_equal(sqlite3_open(fixture->path, &fixture->raw), SQLITE_OK);
        sqlite3_busy_timeout(fixture->raw, 30000);
    }
    return fixture->raw;
}

int64_t
fixture_sql(struct fixture *fixture, const char *format, ...)
{
    va_list arguments;
    sqlite3_stmt *statement;
    int64_t number = 0;
    int code;
    va_start(arguments, format);
    const char *text = arena_vprintf(fixture->cx.arena, format, arguments);
    va_end(arguments);
    if (sqlite3_prepare_v2(fixture_raw(fixture), text, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(fixture->raw), text);
    for (bool first = true; (code = sqlite3_step(statement)) == SQLITE_ROW; first = false) {
        if (first)
            number = sqlite3_column_int64(statement, 0);
    }
    if (code != SQLITE_DONE)
        fail_msg("%s: %s", sqlite3_errmsg(fixture->raw), text);
    sqlite3_finalize(statement);
    return number;
}

/* FNV-1a over the values as text, each closed by a byte that no text holds. */
static uint64_t
digest_rows(struct fixture *fixture, uint64_t digest, const char *table)
{
    sqlite3_stmt *statement;
    const char *text = arena_printf(fixture->cx.arena, "SELECT * FROM %s", table);
    assert_int_equal(sqlite3_prepare_v2(fixture->raw, text, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *at = sqlite3_column_text(statement, i);
            for (; at != NULL && *at != '\0'; at++)
                digest = (digest ^ *at) * 0x100000001b3U;
            digest = (digest ^ (at == NULL ? 0xfe : 0xff)) * 0x100000001b3U;
        }
    }
    sqlite3_finalize(statement);
    return digest;
}

uint64_t
fixture_digest(struct fixture *fixture)
{
    static const char list[] = "SELECT name FROM sqlite_master WHERE type = 'table' "
                               "AND name NOT IN ('slot', 'lease') ORDER BY name";
    sqlite3_stmt *statement;
    uint64_t digest = 0xcbf29ce484222325U;
    assert_int_equal(sqlite3_prepare_v2(fixture_raw(fixture), list, -1, &statement, NULL),
        SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        digest = digest_rows(fixture, digest, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return digest;
}
