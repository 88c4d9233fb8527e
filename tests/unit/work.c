/* The work that crashes and failing disks interrupt. */
#include "work.h"

#include "domain/cell.h"
#include "domain/figure.h"
#include "domain/form.h"
#include "domain/import.h"
#include "domain/install.h"
#include "domain/unit.h"
#include "store/store.h"

#include <pthread.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GROUP = 6, IMPORTED = 12 };

const char work_path[] = "/disk/chithi.db";
const char *const work_names[WORK__COUNT] = {"create", "change", "move", "correct", "void",
    "declare", "import", "fold", "unit", "apply", "group"};

static const char head[] = "pack: viec\n"
                           "label: Việc\n"
                           "directive: 01-CT/TU\n"
                           "roles: { ubkt: Ủy ban kiểm tra }\n";

/* The third choice is there in every other version; it comes first, so that all cuts change. */
static const char reg[] =
    "register: viec\n"
    "label: Sổ việc\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  ten: { kind: text, label: Tên }\n"
    "  loai: { kind: choice, label: Loại, choices: { %smot: Một, hai: Hai } }\n"
    "  so: { kind: integer, label: Số }\n"
    "  muc: { kind: list, label: Mục, fields: {\n"
    "      n: { kind: integer, label: N, required: true } } }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n"
    "  xong: { label: Xong, counts: true }\n"
    "  dong: { label: Đóng, locks: true }\n"
    "transitions:\n"
    "  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [ubkt] }\n"
    "  - { do: dong, label: Đóng sổ, from: xong, to: dong, by: [ubkt] }\n"
    "indicators:\n"
    "  viec_so: { label: Tổng số, sum: so, by: [loai] }\n"
    "  viec_dem: { label: Số việc, count: records, by: [loai] }\n"
    "  viec_muc: { label: Tổng mục, sum: muc.n }\n";

static const char tree[] = "code\tparent_code\tlevel\tname\n"
                           "vn\t\tquoc_gia\tViệt Nam\n"
                           "bt\tvn\ttinh\tTỉnh Bến Tre\n"
                           "kg\tvn\ttinh\tTỉnh Kiên Giang\n"
                           "bt.a\tbt\txa\tXã An\n"
                           "bt.b\tbt\txa\tXã Bình\n"
                           "kg.a\tkg\txa\tXã Đảo\n";
static const char *const places[] = {"bt.a", "bt.b", "kg.a"};

/* Opening */

enum status
work_open(struct ctx *cx, bool make, bool is_volatile)
{
    struct store_options options = {.where = work_path, .create = make, .volatile_ = is_volatile};
    *cx = (struct ctx){.arena = arena_new(),
        .now = (int64_t)1781499600000, /* noon of 15/06/2026 in Vietnam */
        .worlds = worlds_new()};
    return store_open(cx, &options, &cx->store);
}

void
work_close(struct ctx *cx)
{
    world_end(cx);
    store_close(cx->store);
    worlds_free(cx->worlds);
    arena_free(cx->arena);
}

static const struct pack_file *
pack_files(struct arena *arena, bool has_third, int *count)
{
    struct pack_file *files = arena_alloc(arena, 2 * sizeof(*files));
    files[0] = (struct pack_file){"pack.yaml", head};
    files[1] = (struct pack_file){"registers/viec.yaml",
        arena_printf(arena, reg, has_third ? "ba: Ba, " : "")};
    *count = 2;
    return files;
}

enum status
work_make(struct ctx *cx)
{
    struct install_result installed;
    struct unit_import_result imported;
    int steps, count;
    const struct pack_file *files = pack_files(cx->arena, false, &count);
    TRY(store_migrate(cx, &steps));
    TRY(pack_install(cx, files, count, &installed));
    TRY(world_begin(cx));
    struct unit_import units = {.file = "units.tsv",
        .text = tree,
        .length = strlen(tree),
        .day = cx->world->today,
        .from_day = DAY_MIN};
    TRY(unit_import(cx, &units, &imported));
    TRY(setting_set(cx, "cell_month_units", "1"));
    TRY(setting_set(cx, "cell_day_units", "1"));
    world_end(cx);
    return world_begin(cx);
}

void
work_new(struct work *work, uint64_t seed, bool is_volatile)
{
    struct ctx *cx = &work->fixture.cx;
    *work = (struct work){.disk = disk_new(seed), .random = seed, .is_volatile = is_volatile};
    work->fixture.database = database_at(work_path);
    disk_use(work->disk);
    must(cx, work_open(cx, true, is_volatile));
    must(cx, work_make(cx));
}

static void
leave_database(struct work *work)
{
    database_free(work->fixture.database);
    work->fixture.database = database_at(work_path);
    work_close(&work->fixture.cx);
}

void
work_free(struct work *work)
{
    disk_use(work->disk);
    leave_database(work);
    disk_use(NULL);
    disk_free(work->disk);
    database_free(work->fixture.database);
    free(work->acks);
}

void
work_restart(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    int64_t now = cx->now;
    leave_database(work);
    must(cx, work_open(cx, false, work->is_volatile));
    cx->now = now;
    must(cx, world_begin(cx));
}

/* Acknowledged */

static void
acknowledge(struct work *work, const struct record *record)
{
    if (work->ack_count == work->ack_room) {
        work->ack_room = work->ack_room == 0 ? 256 : work->ack_room * 2;
        work->acks = realloc(work->acks, (size_t)work->ack_room * sizeof(*work->acks));
        assert_non_null(work->acks);
    }
    struct work_ack *ack = &work->acks[work->ack_count++];
    *ack = (struct work_ack){.moment = disk_moment(work->disk), .version = record->version};
    strncpy(ack->code, record->code, sizeof(ack->code) - 1);
}

/* Records */

static const struct unit *
some_place(struct work *work)
{
    size_t place = (size_t)chance_below(&work->random, COUNT_OF(places));
    return fixture_unit(&work->fixture.cx, places[place]);
}

static struct row
fields_of(struct ctx *cx, int number)
{
    const struct reg *viec = fixture_reg(cx, "viec");
    struct row fields = row_new(cx->arena, viec->fields, viec->field_count);
    fixture_set(cx, viec, &fields, "ngay",
        arena_printf(cx->arena, "%02d/%02d/2025", number % 28 + 1, number % 12 + 1));
    fixture_set(cx, viec, &fields, "ten", arena_printf(cx->arena, "Việc số %d", number));
    fixture_set(cx, viec, &fields, "loai", number % 2 == 0 ? "mot" : "hai");
    fixture_set(cx, viec, &fields, "so", arena_printf(cx->arena, "%d", number));
    for (int i = 0; i < number % 4; i++)
        fixture_set_row(cx, reg_field(viec, "muc"), fixture_add_row(cx, viec, &fields, "muc"), "n",
            arena_printf(cx->arena, "%d", number + i));
    return fields;
}

static enum status
create(struct ctx *cx, const struct unit *unit, int number, struct record **out)
{
    struct row fields = fields_of(cx, number);
    struct record_new wanted = {.reg = fixture_reg(cx, "viec"),
        .unit = unit,
        .fields = &fields,
        .state = number % 3 == 0 ? "nhap" : "xong"};
    return record_create(cx, &wanted, out);
}

static enum status
work_create(struct work *work)
{
    struct record *record;
    TRY(create(&work->fixture.cx, some_place(work), work->number, &record));
    acknowledge(work, record);
    return OK;
}

/* Any record for which `fits` holds, or NULL. */
static enum status
some_record(struct work *work, bool (*fits)(const struct record *), struct record **out)
{
    int64_t from = work->ack_count == 0 ? 0 : chance_below(&work->random, work->ack_count);
    for (int i = 0; i < work->ack_count; i++) {
        const struct work_ack *ack = &work->acks[(from + i) % work->ack_count];
        TRY(record_load(&work->fixture.cx, ack->code, out));
        if (fits(*out))
            return OK;
    }
    *out = NULL;
    return OK;
}

static bool
is_open(const struct record *record)
{
    return record->state != STATE_IS_VOID && !record->reg->states[record->state].locks;
}

static bool
is_locked(const struct record *record)
{
    return record->state != STATE_IS_VOID && record->reg->states[record->state].locks;
}

static bool
is_there(const struct record *record)
{
    return record->state != STATE_IS_VOID;
}

typedef enum status take_fn(struct ctx *, const char *, const struct record_change *,
    struct record **);

static enum status
take(struct work *work, const struct record *record, const struct record_change *change,
    take_fn *fn)
{
    struct record *after;
    TRY(fn(&work->fixture.cx, record->code, change, &after));
    acknowledge(work, after);
    return OK;
}

static enum status
work_change(struct work *work)
{
    struct record *record;
    TRY(some_record(work, is_open, &record));
    if (record == NULL)
        return OK;
    struct row fields = fields_of(&work->fixture.cx, work->number);
    struct record_change change = {.fields = &fields};
    return take(work, record, &change, record_change);
}

static enum status
work_move(struct work *work)
{
    struct record *record;
    TRY(some_record(work, is_open, &record));
    if (record == NULL)
        return OK;
    struct record_change change = {
        .verb = strcmp(record_state_key(record), "nhap") == 0 ? "xong" : "dong"};
    return take(work, record, &change, record_move);
}

static enum status
work_correct(struct work *work)
{
    struct record *record;
    TRY(some_record(work, is_locked, &record));
    if (record == NULL)
        return OK;
    struct row fields = fields_of(&work->fixture.cx, work->number);
    struct record_change change = {.fields = &fields, .reason = "Đếm lại"};
    return take(work, record, &change, record_correct);
}

static enum status
work_void(struct work *work)
{
    struct record *record;
    TRY(some_record(work, is_there, &record));
    if (record == NULL)
        return OK;
    struct record_change change = {.reason = "Ghi nhầm"};
    return take(work, record, &change, record_void);
}

/* The others */

static enum status
work_declare(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    struct declaration declaration;
    struct declare wanted = {.indicator = "viec_so",
        .unit = places[work->number % (int)COUNT_OF(places)],
        .value = arena_printf(cx->arena, "%d", work->number),
        .source = "Báo cáo năm",
        .from = "2020-01-01",
        .to = arena_printf(cx->arena, "2020-%02d-%02d", work->number % 12 + 1,
            work->number % 28 + 1)};
    return declare(cx, &wanted, &declaration);
}

static enum status
work_import(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    struct record_import_result result;
    const char *text = "unit\torigin\tstate\tngay\tloai\tso\tmuc.n\n";
    for (int i = 0; i < IMPORTED; i++)
        text = arena_printf(cx->arena, "%s%s\t%d-%d\txong\t2024-05-%02d\tmot\t%d\t%d\n", text,
            places[i % (int)COUNT_OF(places)], work->number, i, i + 1, i, work->number);
    struct record_import input = {.reg = "viec",
        .file = "viec.tsv",
        .text = text,
        .length = strlen(text)};
    return record_import(cx, &input, &result);
}

static enum status
work_unit(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    struct unit_event event = {.kind = UNIT_RENAME,
        .code = places[work->number % (int)COUNT_OF(places)],
        .name = arena_printf(cx->arena, "Xã số %d", work->number),
        .day = cx->world->today - 5000 + work->number};
    return unit_change(cx, &event);
}

/* The choice can go again: no record has it. */
static enum status
work_apply(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    struct install_result result;
    int count;
    const struct pack_file *files = pack_files(cx->arena, !work->has_third, &count);
    TRY(pack_install(cx, files, count, &result));
    work->has_third = !work->has_third;
    return OK;
}

/* Several at once */

struct member {
    struct ctx cx;
    pthread_t thread;
    struct work *work;
    pthread_mutex_t *lock;
    const char *place;
    int number;
    enum status status;
};

static void *
run_member(void *arg)
{
    struct member *member = arg;
    struct record *record;
    member->status = world_begin(&member->cx);
    if (member->status == OK)
        member->status =
            create(&member->cx, fixture_unit(&member->cx, member->place), member->number, &record);
    if (member->status == OK) {
        pthread_mutex_lock(member->lock);
        acknowledge(member->work, record);
        pthread_mutex_unlock(member->lock);
    }
    world_end(&member->cx);
    return NULL;
}

static enum status
work_group(struct work *work)
{
    struct ctx *cx = &work->fixture.cx;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct member members[GROUP];
    enum status status = OK;
    for (int i = 0; i < GROUP; i++) {
        members[i] = (struct member){.work = work,
            .lock = &lock,
            .place = places[i % (int)COUNT_OF(places)],
            .number = work->number + i,
            .cx = {.arena = arena_new(), .store = cx->store, .now = cx->now, .worlds = cx->worlds}};
        assert_int_equal(pthread_create(&members[i].thread, NULL, run_member, &members[i]), 0);
    }
    for (int i = 0; i < GROUP; i++) {
        pthread_join(members[i].thread, NULL);
        status = members[i].status == OK ? status : members[i].status;
        arena_free(members[i].cx.arena);
    }
    return status;
}

static enum status
work_fold(struct work *work)
{
    return cell_fold_all(&work->fixture.cx);
}

enum status
work_do(struct work *work, enum work_kind kind)
{
    static enum status (*const operations[])(struct work *) = {work_create, work_change, work_move,
        work_correct, work_void, work_declare, work_import, work_fold, work_unit, work_apply,
        work_group};
    work->number++;
    TRY(operations[kind](work));
    work->done[kind]++;
    return OK;
}

/* A process creates more than it corrects, and seldom changes units or pack. */
enum work_kind
work_some(struct work *work)
{
    static const int weights[WORK__COUNT] = {25, 10, 15, 6, 3, 6, 3, 10, 2, 2, 6};
    int total = 0, kind = 0;
    for (int i = 0; i < WORK__COUNT; i++)
        total += weights[i];
    int64_t at = chance_below(&work->random, total);
    for (; at >= weights[kind]; kind++)
        at -= weights[kind];
    return (enum work_kind)kind;
}
