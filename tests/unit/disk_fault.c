/* A disk that fails at any call, once or from then on, and one that is full, under all usual work:
 * nobody is told of a success that is none, nothing is there by half, reading goes on meanwhile,
 * and work goes on when the disk is well again. */
#include "work.h"

#include "domain/check.h"
#include "store/store.h"

#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RECORDS = 8, CALLS_MAX = 2000, LEASE_MS = 5 * 60 * 1000 };

struct trouble {
    const char *name;
    int calls;  /* that fail */
    bool stays; /* all of them from then on */
};
static const struct trouble troubles[] = {
    {"a read", DISK_READ, false},
    {"all reads", DISK_READ, true},
    {"a write", DISK_WRITE, false},
    {"all writes", DISK_WRITE, true},
    {"a sync", DISK_SYNC, false},
    {"all syncs", DISK_SYNC, true},
    {"a full disk", DISK_GROW, true},
    {"an opening", DISK_OPEN, false},
};

/* Is all of it one transaction? A pack, cells and several threads take some. */
static bool
is_one_transaction(enum work_kind kind)
{
    return kind != WORK_APPLY && kind != WORK_FOLD && kind != WORK_GROUP;
}

static bool
has_acked(struct work *work)
{
    const struct work_ack *ack = &work->acks[work->ack_count - 1];
    struct record *record;
    must(&work->fixture.cx, record_load(&work->fixture.cx, ack->code, &record));
    return record->version >= ack->version;
}

/* So that each operation finds something to do: records in all states, the last of them new. */
static void
prepare(struct work *work)
{
    for (int i = 0; i < RECORDS; i++)
        must(&work->fixture.cx, work_do(work, WORK_CREATE));
    for (int i = 0; i < RECORDS; i++)
        must(&work->fixture.cx, work_do(work, WORK_MOVE));
    fixture_next(&work->fixture.cx);
}

/* With what fails still failing, unless that is reading itself. */
static void
read_meanwhile(struct work *work, const struct trouble *trouble)
{
    if ((trouble->calls & (DISK_READ | DISK_OPEN)) != 0)
        return;
    fixture_next(&work->fixture.cx);
    assert_true(has_acked(work));
}

/* One operation of which the n-th call fails; false when it had none so many. */
static bool
try_once(struct work *work, enum work_kind kind, const struct trouble *trouble, int nth)
{
    struct ctx *cx = &work->fixture.cx;
    cx->now += LEASE_MS;                  /* what an operation that failed still held has ended */
    must(cx, work_do(work, WORK_CREATE)); /* work goes on after the last failure */
    if ((trouble->calls & (DISK_READ | DISK_OPEN)) != 0)
        work_restart(work); /* nothing is in memory or open */
    fixture_next(cx);
    uint64_t before = fixture_digest(&work->fixture);
    disk_fail(work->disk, trouble->calls, nth, trouble->stays);
    enum status status = work_do(work, kind);
    bool is_told = status == OK || fixture_said(cx, "Đã ghi");
    read_meanwhile(work, trouble);
    bool has_failed = disk_heal(work->disk) > 0;
    fixture_next(cx);
    uint64_t after = fixture_digest(&work->fixture);
    assert_true(is_told || has_failed);
    assert_true(!is_told || after != before);
    assert_true(is_told || after == before || !is_one_transaction(kind));
    assert_true(has_acked(work));
    assert_true(after == before || fixture_differences(cx) == 0);
    return has_failed;
}

/* What is there is also there after the power went. */
static void
lose_power(struct work *work)
{
    struct fixture fixture = {.database = database_at(work_path)};
    struct crash *crash = crash_new(work->disk);
    must(&work->fixture.cx, work_do(work, WORK_CREATE));
    uint64_t digest = fixture_digest(&work->fixture);
    while (crash_step(crash, NULL))
        ;
    struct disk *disk = crash_disk(crash, FATE_LOST, 1);
    disk_use(disk);
    must(&fixture.cx, work_open(&fixture.cx, false, false));
    assert_true(fixture_digest(&fixture) == digest);
    database_free(fixture.database);
    work_close(&fixture.cx);
    crash_free(crash);
    disk_free(disk);
}

static int
fail_at_every_call(enum work_kind kind, const struct trouble *trouble)
{
    struct work work;
    int nth = 1;
    work_new(&work, 5, false);
    prepare(&work);
    while (try_once(&work, kind, trouble, nth)) {
        nth++;
        assert_in_range(nth, 1, CALLS_MAX);
    }
    lose_power(&work);
    work_free(&work);
    return nth - 1;
}

static void
fail_in(enum work_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(troubles); i++) {
        int count = fail_at_every_call(kind, &troubles[i]);
        print_message("%s: %s: %d places\n", work_names[kind], troubles[i].name, count);
    }
}

static void
test_disk_fault__in_create(void **state)
{
    (void)state;
    fail_in(WORK_CREATE);
}

static void
test_disk_fault__in_change(void **state)
{
    (void)state;
    fail_in(WORK_CHANGE);
}

static void
test_disk_fault__in_move(void **state)
{
    (void)state;
    fail_in(WORK_MOVE);
}

static void
test_disk_fault__in_correct(void **state)
{
    (void)state;
    fail_in(WORK_CORRECT);
}

static void
test_disk_fault__in_void(void **state)
{
    (void)state;
    fail_in(WORK_VOID);
}

static void
test_disk_fault__in_declare(void **state)
{
    (void)state;
    fail_in(WORK_DECLARE);
}

static void
test_disk_fault__in_import(void **state)
{
    (void)state;
    fail_in(WORK_IMPORT);
}

static void
test_disk_fault__in_fold(void **state)
{
    (void)state;
    fail_in(WORK_FOLD);
}

static void
test_disk_fault__in_unit(void **state)
{
    (void)state;
    fail_in(WORK_UNIT);
}

static void
test_disk_fault__in_apply(void **state)
{
    (void)state;
    fail_in(WORK_APPLY);
}

static void
test_disk_fault__in_group(void **state)
{
    (void)state;
    fail_in(WORK_GROUP);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disk_fault__in_create),
        cmocka_unit_test(test_disk_fault__in_change),
        cmocka_unit_test(test_disk_fault__in_move),
        cmocka_unit_test(test_disk_fault__in_correct),
        cmocka_unit_test(test_disk_fault__in_void),
        cmocka_unit_test(test_disk_fault__in_declare),
        cmocka_unit_test(test_disk_fault__in_import),
        cmocka_unit_test(test_disk_fault__in_fold),
        cmocka_unit_test(test_disk_fault__in_unit),
        cmocka_unit_test(test_disk_fault__in_apply),
        cmocka_unit_test(test_disk_fault__in_group),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
