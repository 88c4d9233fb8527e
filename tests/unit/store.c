/* The store: jobs that share a transaction, snapshots, several processes on one file, and a disk
 * that fails at any statement. Two stores on one file stand for two processes. */
#include "store/store.h"

#include "base/clock.h"
#include "domain/unit.h"
#include "fixture.h"
#include "together.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WRITERS = 8, RECORDS_EACH = 25 };

/* Groups */

static void
test_store__a_job_that_fails_takes_no_other_with_it(void **state)
{
    enum status statuses[TOGETHER_JOBS];
    if (database_on_server())
        skip(); /* there each job is a transaction */
    assert_int_equal(together_run(*state, statuses), TOGETHER_JOBS - 1);
    for (int i = 0; i < TOGETHER_JOBS; i++)
        assert_int_equal(statuses[i], i == TOGETHER_FAILING ? ERR_INVALID : OK);
    assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM meta WHERE key = 'number_%d'",
                         TOGETHER_FAILING),
        0);
}

static enum status
write_number(struct ctx *cx, void *arg)
{
    const int64_t *number = arg;
    struct query *q = query_new(cx, Q_META_PUT);
    query_text(q, "key", "number");
    query_int(q, "value", *number);
    return query_run(q, NULL);
}

/* After a transaction that failed the next one takes a slot again, which is statements of its own.
 */
static void
settle(struct ctx *cx)
{
    int64_t zero = 0;
    store_fail_after(cx->store, 0);
    must(cx, store_write(cx, write_number, &zero));
}

/* Whichever statement fails, also that which commits: the job is told so, and nothing is there. */
static void
test_store__a_transaction_that_fails_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    int64_t number = 7;
    settle(cx);
    uint64_t before = fixture_digest(fixture);
    /* BEGIN, it, COMMIT; in a file also SAVEPOINT and RELEASE */
    int statements = database_on_server() ? 3 : 5;
    for (int statement = 1; statement <= statements; statement++) {
        settle(cx);
        cx->faults.count = 0;
        store_fail_after(cx->store, statement);
        must_be(cx, ERR_STORE, store_write(cx, write_number, &number));
        assert_int_equal(cx->faults.count, 1);
        assert_true(before == fixture_digest(fixture));
    }
    settle(cx);
    store_fail_after(cx->store, statements + 1);
    must(cx, store_write(cx, write_number, &number));
    assert_true(before != fixture_digest(fixture));
}

/* Snapshots */

static int64_t
count_records(struct ctx *cx)
{
    bool found;
    struct query *q = query_new(cx, Q_RECORD_COUNT);
    query_text(q, "register", "ktgs");
    must(cx, query_one(q, &found));
    int64_t count = query_get_int(q, 0);
    must(cx, query_end(q));
    return count;
}

/* Also in a statement that was bound and run before. */
static void
test_store__what_is_not_bound_is_null(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    bool found;
    fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3");
    assert_int_equal(count_records(cx), 1);
    struct query *q = query_new(cx, Q_RECORD_COUNT);
    must(cx, query_one(q, &found));
    assert_int_equal(query_get_int(q, 0), 0);
    must(cx, query_end(q));
}

static void
test_store__a_snapshot_stays_while_others_write(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *reader = fixture_open(fixture);
    fixture_record(&fixture->cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3");
    assert_int_equal(count_records(reader), 0);
    fixture_record(&fixture->cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "3");
    assert_int_equal(count_records(reader), 0);
    assert_int_equal(count_records(&fixture->cx), 2); /* who wrote sees it */
    must(reader, world_renew(reader));
    assert_int_equal(count_records(reader), 2);
    fixture_close(reader);
}

/* Processes */

static void
test_store__a_change_of_units_is_seen_by_the_next_request(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    struct unit_event event = {.kind = UNIT_RENAME,
        .code = "bt.a",
        .name = "Huyện Mới",
        .day = fixture->cx.world->today};
    must(&fixture->cx, unit_change(&fixture->cx, &event));
    assert_string_equal(unit_named(fixture_unit(other, "bt.a"), other->world->today)->name,
        "Huyện An");
    fixture_next(other);
    assert_string_equal(unit_named(fixture_unit(other, "bt.a"), other->world->today)->name,
        "Huyện Mới");
    fixture_close(other);
}

static void
test_store__a_change_of_the_pack_is_seen_by_the_next_request(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    fixture_add_register(&fixture->cx);
    assert_null(model_register(other->world->model, "thu"));
    fixture_next(other);
    assert_non_null(model_register(other->world->model, "thu"));
    fixture_close(other);
}

/* A write by the rules of an older world is not done by them: the tree is renewed first, and when
 * the pack itself is another one it is refused. */
static void
test_store__a_write_meets_the_newest_world(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    struct unit_event end = {.kind = UNIT_ABOLISH,
        .code = "bt.a.x.1",
        .day = fixture->cx.world->today - 30};
    struct row fields = fixture_inspection(other, "kiem_tra_dhvp", "10/06/2026", "3");
    struct record_new wanted = {.reg = fixture_reg(other, "ktgs"),
        .fields = &fields,
        .unit = fixture_unit(other, "bt.a.x.1"),
        .state = "ket_luan"};
    struct record *record;
    must(&fixture->cx, unit_change(&fixture->cx, &end));
    must_be(other, ERR_INVALID, record_create(other, &wanted, &record));
    assert_true(fixture_said(other, "không có đơn vị “Chi bộ 1”"));
    wanted.unit = fixture_unit(other, "bt.a.x.2");
    must(other, record_create(other, &wanted, &record));
    fixture_add_register(&fixture->cx);
    must_be(other, ERR_STALE, record_create(other, &wanted, &record));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM record"), 1);
    fixture_close(other);
}

/* Ids and lost writes */

struct writer {
    struct ctx cx;
    pthread_t thread;
    int number;
    int created;
    int64_t ids[RECORDS_EACH];
};

static void *
write_records(void *arg)
{
    static const char *const units[] = {"bt.a.x.1", "kg.a.x"};
    struct writer *writer = arg;
    struct ctx *cx = &writer->cx;
    if (world_begin(cx) != OK)
        return NULL;
    for (int i = 0; i < RECORDS_EACH; i++) {
        /* Now and then there is a new world, which all others have to take up. */
        if (writer->number == 0 && i % 8 == 7 && setting_set(cx, "demo", "0") != OK)
            break;
        struct row fields = fixture_inspection(cx, "kiem_tra_dhvp", "05/02/2026", "2");
        struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
            .fields = &fields,
            .unit = fixture_unit(cx, units[i % 2]),
            .state = "ket_luan",
            .origin = arena_printf(cx->arena, "%d.%d", writer->number, i)};
        struct record *record;
        if (record_create(cx, &wanted, &record) != OK)
            break;
        writer->ids[writer->created++] = record->id;
    }
    world_end(cx);
    return NULL;
}

static void
test_store__writers_of_two_processes_lose_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    struct writer *writers = calloc(WRITERS, sizeof(*writers));
    assert_non_null(writers);
    for (int i = 0; i < WRITERS; i++) {
        const struct ctx *process = i % 2 == 0 ? &fixture->cx : other;
        writers[i].number = i;
        writers[i].cx = (struct ctx){.arena = arena_new(),
            .store = process->store,
            .worlds = process->worlds,
            .now = process->now};
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_records, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        assert_int_equal(writers[i].created, RECORDS_EACH);
        for (int r = 0; r < RECORDS_EACH; r++)
            assert_int_equal(fixture_sql(fixture,
                                 "SELECT COUNT(*) FROM record WHERE id = %lld AND origin = '%d.%d'",
                                 (long long)writers[i].ids[r], i, r),
                1);
        arena_free(writers[i].cx.arena);
    }
    enum { ALL = WRITERS * RECORDS_EACH };
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(DISTINCT id) FROM record"), ALL);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(DISTINCT code) FROM record"), ALL);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(DISTINCT id) FROM audit WHERE action NOT IN ('unit.import', "
                         "'setting.set')"),
        ALL);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT SUM(value) FROM fact f JOIN indicator i "
                         "ON i.id = f.indicator WHERE i.key = 'kt_dv'"),
        2 * ALL);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(DISTINCT id >> 14 & 255) FROM record"), 2);
    free(writers);
    fixture_close(other);
}

struct last_id {
    int64_t id;
    bool grew;
};

static enum status
take_ids(struct ctx *cx, void *arg)
{
    struct last_id *last = arg;
    last->grew = true;
    for (int i = 0; i < 100000; i++) { /* more than one millisecond has */
        int64_t id = store_id(cx);
        last->grew = last->grew && id > last->id;
        last->id = id;
    }
    return OK;
}

/* Ids grow, also beyond what the clock has come to, and go on after those of a process that ended.
 */
static void
test_store__ids_grow(void **state)
{
    struct fixture *fixture = *state;
    struct last_id last = {0};
    struct ctx *other = fixture_open(fixture);
    for (int i = 0; i < 20; i++) {
        must(other, store_write(other, take_ids, &last));
        assert_true(last.grew);
    }
    fixture_close(other);
    other = fixture_open(fixture);
    must(other, store_write(other, take_ids, &last));
    assert_true(last.grew);
    fixture_close(other);
}

/* A failing disk */

static void
test_store__nothing_is_half_written(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    uint64_t before = fixture_digest(fixture);
    enum status status = ERR_STORE;
    int statement, failed = 0;
    fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026",
        "3"); /* prepares what is cached */
    for (statement = 1; status != OK; statement++) {
        fixture_next(cx);
        struct row fields = fixture_inspection(cx, "kiem_tra_chap_hanh", "06/02/2026", "hơn 4");
        struct record_new wanted = {.reg = fixture_reg(cx, "ktgs"),
            .fields = &fields,
            .unit = fixture_unit(cx, "bt.a.x.1"),
            .state = "ket_luan"};
        struct record *record;
        settle(cx);
        before = fixture_digest(fixture);
        store_fail_after(cx->store, statement);
        status = record_create(cx, &wanted, &record);
        store_fail_after(cx->store, 0);
        if (status == OK || fixture_said(cx, "Đã ghi"))
            continue;
        assert_int_equal(status, ERR_STORE);
        assert_true(before == fixture_digest(fixture));
        failed++;
    }
    assert_true(failed > 10); /* three tables, history, audit, facts, deltas, and what is around */
    fixture_next(cx);
    assert_true(count_records(cx) > 1);
}

static enum status
insert_twice(struct ctx *cx, void *arg)
{
    (void)arg;
    TRY(store_script(cx, "CREATE TABLE trial (n BIGINT NOT NULL PRIMARY KEY) /* clustered */"));
    TRY(query_run(query_sql(cx, sql_make(cx->arena, "trial", "INSERT INTO trial VALUES (1)")),
        NULL));
    return query_run(query_sql(cx, sql_make(cx->arena, "trial", "INSERT INTO trial VALUES (1)")),
        NULL);
}

static void
test_store__a_broken_constraint_is_a_conflict(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    must_be(cx, ERR_CONFLICT, store_write(cx, insert_twice, NULL));
    assert_int_equal(database_tables(fixture->database, "trial"), 0);
}

/* Behind it comes more than is sent without hearing of it. */
static enum status
insert_twice_and_on(struct ctx *cx, void *arg)
{
    TRY(insert_twice(cx, arg));
    for (int i = 2; i < 2000; i++) {
        struct query *q =
            query_sql(cx, sql_make(cx->arena, "trial_more", "INSERT INTO trial VALUES (:value)"));
        query_int(q, "value", i);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static void
test_store__a_broken_constraint_long_ago_is_a_conflict(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    must_be(cx, ERR_CONFLICT, store_write(cx, insert_twice_and_on, NULL));
    assert_int_equal(database_tables(fixture->database, "trial"), 0);
}

/* Slots */

struct slots {
    int64_t until, last_id; /* of all 256 */
};

static enum status
hold_all_slots(struct ctx *cx, void *arg)
{
    struct slots *slots = arg;
    slots->last_id = store_id(cx) + ((int64_t)3600 * 1000 << 22); /* a clock that was ahead */
    for (int i = 0; i < 256; i++) {
        struct query *q = query_new(cx, Q_SLOT_PUT);
        query_int(q, "id", i);
        query_text(q, "holder", "killed");
        query_int(q, "until", slots->until);
        query_int(q, "last_id", slots->last_id);
        TRY(query_run(q, NULL));
    }
    return OK;
}

/* Processes that were killed gave nothing back: while they may be alive nobody gets their slots,
 * afterwards who comes goes on above their ids. */
static void
test_store__slots_of_killed_processes_come_free(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *other = fixture_open(fixture);
    struct slots slots = {.until = clock_now() + 60000};
    struct last_id last = {0};
    must(&fixture->cx, store_write(&fixture->cx, hold_all_slots, &slots));
    must_be(other, ERR_LIMIT, store_write(other, take_ids, &last));
    slots.until = clock_now() - 1;
    must(&fixture->cx, store_write(&fixture->cx, hold_all_slots, &slots));
    fixture_next(other);
    last.id = slots.last_id;
    must(other, store_write(other, take_ids, &last));
    assert_true(last.grew);
    assert_true(fixture_sql(fixture, "SELECT until FROM slot WHERE holder <> 'killed'") <=
        clock_now() + (int64_t)10 * 60 * 1000);
    fixture_close(other);
}

/* Scripts */

/* A failed script is named by its beginning, in one line: it is not tried again. */
static enum status
fail_in_a_script(struct ctx *cx, void *arg)
{
    (void)arg;
    return store_script(cx, "CREATE TABLE trial (a BIGINT,\n    b BIGINT);\nnot a statement;\n");
}

static void
test_store__a_note_names_the_first_line_of_a_script(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    char said[4000];
    int before = dup(STDERR_FILENO);
    FILE *notes = tmpfile();
    assert_true(notes != NULL && before >= 0 && dup2(fileno(notes), STDERR_FILENO) >= 0);
    must_be(cx, ERR_STORE, store_write(cx, fail_in_a_script, NULL));
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    rewind(notes);
    said[fread(said, 1, sizeof(said) - 1, notes)] = '\0';
    fclose(notes);
    close(before);
    assert_non_null(strstr(said, "failed in \"CREATE TABLE trial (a BIGINT,\": "));
    assert_true(strchr(said, '\n') == said + strlen(said) - 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_store__a_job_that_fails_takes_no_other_with_it),
        TEST(test_store__a_transaction_that_fails_leaves_nothing),
        TEST(test_store__what_is_not_bound_is_null),
        TEST(test_store__a_snapshot_stays_while_others_write),
        TEST(test_store__a_change_of_units_is_seen_by_the_next_request),
        TEST(test_store__a_change_of_the_pack_is_seen_by_the_next_request),
        TEST(test_store__a_write_meets_the_newest_world),
        TEST(test_store__writers_of_two_processes_lose_nothing),
        TEST(test_store__ids_grow),
        TEST(test_store__nothing_is_half_written),
        TEST(test_store__a_broken_constraint_is_a_conflict),
        TEST(test_store__a_broken_constraint_long_ago_is_a_conflict),
        TEST(test_store__slots_of_killed_processes_come_free),
        TEST(test_store__a_note_names_the_first_line_of_a_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
