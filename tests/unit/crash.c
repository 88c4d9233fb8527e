/* Whatever moment the power goes at: the database opens, is whole, and holds exactly what some
 * transaction committed, with all that was acknowledged. A run of usual work is done once on a disk
 * that writes everything down; then the power goes at moments all along its log, and what is left
 * is opened by the real store and compared with the contents that were committed. Each of those has
 * passed the check, so whatever is one of them passes it too.
 *
 * CHITHI_STATES sets how many crashes there are, CHITHI_SEED one seed; without it there is a fixed
 * one and one that is drawn and printed. */
#include "disk_inside.h"
#include "work.h"

#include "domain/check.h"
#include "store/store.h"

#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STATES = 20000, OPERATIONS = 150, GO_ON_EVERY = 49 };

/* The content of the database as it was committed, from a moment on. */
struct point {
    int64_t moment;
    uint64_t digest;
};

struct points {
    struct point *items;
    int count;
};

/* What a run proves to be found. */
struct defect {
    bool is_volatile;     /* the store does not sync */
    const char *unsynced; /* the disk does not sync files whose names end so, and says it did */
    bool by_sync;         /* a transaction is known by its sync */
    int64_t states;       /* of which one must tell */
};
static const struct defect no_defect = {.by_sync = true};

struct run {
    uint64_t seed;
    const struct defect *defect;
    struct work work;
    struct points told;      /* after each operation, as who did it saw it */
    struct points committed; /* as the log has it; neighbours differ */
    int *least;              /* by ack and then by `told`: the point that had it */
};

static void
points_add(struct points *points, int64_t moment, uint64_t digest)
{
    points->items = realloc(points->items, (size_t)(points->count + 1) * sizeof(*points->items));
    assert_non_null(points->items);
    points->items[points->count++] = (struct point){moment, digest};
}

/* The work */

static void
tell(struct run *run)
{
    points_add(&run->told, disk_moment(run->work.disk), fixture_digest(&run->work.fixture));
}

/* Outside of a snapshot, which all but the first would wait for. */
static void
checkpoint(struct work *work)
{
    static const char *const ways[] = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    world_end(&work->fixture.cx);
    fixture_sql(&work->fixture, "PRAGMA wal_checkpoint(%s)", ways[chance_below(&work->random, 4)]);
    fixture_next(&work->fixture.cx);
}

static void
do_work(struct run *run, uint64_t seed, const struct defect *defect, int operations)
{
    struct work *work = &run->work;
    run->seed = seed;
    run->defect = defect;
    work_new(work, seed, defect->is_volatile);
    disk_ignore_syncs(work->disk, defect->unsynced);
    tell(run);
    for (int i = 0; i < operations; i++) {
        enum work_kind kind = i < WORK__COUNT ? (enum work_kind)i : work_some(work);
        must(&work->fixture.cx, work_do(work, kind));
        fixture_next(&work->fixture.cx);
        tell(run);
        if (chance_below(&work->random, 100) < 3)
            work_restart(work);
        else if (chance_below(&work->random, 100) < 4)
            checkpoint(work);
    }
}

static void
run_free(struct run *run)
{
    work_free(&run->work);
    free(run->told.items);
    free(run->committed.items);
    free(run->least);
}

/* Looking at one disk */

static bool
is_sound(void)
{
    sqlite3 *file;
    sqlite3_stmt *statement = NULL;
    bool sound = sqlite3_open(work_path, &file) == SQLITE_OK &&
        sqlite3_prepare_v2(file, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    sqlite3_close(file);
    return sound;
}

/* The content of a disk on which nothing is lost; it is clean, once it was made. */
static uint64_t
digest_of(struct disk *disk, bool is_made)
{
    struct fixture fixture = {.database = database_at(work_path)};
    disk_use(disk);
    must(&fixture.cx, work_open(&fixture.cx, !is_made, false));
    uint64_t digest = fixture_digest(&fixture);
    if (is_made) {
        must(&fixture.cx, world_begin(&fixture.cx));
        assert_int_equal(fixture_differences(&fixture.cx), 0);
    }
    database_free(fixture.database);
    work_close(&fixture.cx);
    return digest;
}

static bool
has_version(struct disk *disk, const struct work_ack *ack)
{
    struct fixture fixture = {.database = database_at(work_path), .cx = {.arena = arena_new()}};
    disk_use(disk);
    int64_t found = fixture_sql(&fixture,
        "SELECT COUNT(*) FROM record r JOIN history h ON h.shard = r.shard AND h.record = r.id "
        "JOIN audit a ON a.shard = h.shard AND a.subject = h.record AND a.version = h.version "
        "WHERE r.code = '%s' AND h.version = %lld AND r.version >= h.version",
        ack->code, (long long)ack->version);
    database_free(fixture.database);
    arena_free(fixture.cx.arena);
    return found == 1;
}

/* What was committed when */

/* What the disk held at the last sync. */
struct synced {
    struct disk *disk; /* NULL: the database was not made yet */
    int point;
};

/* The first of the two points that are at hand which has an acknowledged version. While somebody
 * is told, the next transaction may be on its way to the disk already: it was not promised. */
static int
point_of(const struct run *run, const struct work_ack *ack, const struct synced *last,
    struct disk *disk)
{
    if (last->disk != NULL && has_version(last->disk, ack))
        return last->point;
    assert_true(has_version(disk, ack));
    return run->committed.count - 1;
}

/* The log followed with nothing lost: at each sync, and whenever something was acknowledged, the
 * content is looked at. Where nothing is ever synced, at every moment. */
static void
follow(struct run *run)
{
    struct work *work = &run->work;
    struct crash *crash = crash_new(work->disk);
    struct synced last = {0};
    int ack = 0, told = 0;
    bool synced = true, more = true;
    run->least = calloc((size_t)(work->ack_count + run->told.count), sizeof(*run->least));
    assert_non_null(run->least);
    for (; more; more = crash_step(crash, &synced)) {
        int64_t moment = crash_moment(crash);
        bool acked = (ack < work->ack_count && work->acks[ack].moment <= moment) ||
            (told < run->told.count && run->told.items[told].moment <= moment);
        if (!synced && !acked && run->defect->by_sync)
            continue;
        struct disk *disk = crash_disk(crash, FATE_KEPT, run->seed);
        bool is_made = moment >= run->told.items[0].moment;
        uint64_t digest = digest_of(disk, is_made);
        int count = run->committed.count;
        if (count == 0 || run->committed.items[count - 1].digest != digest)
            points_add(&run->committed, moment, digest);
        for (; ack < work->ack_count && work->acks[ack].moment <= moment; ack++)
            run->least[ack] = point_of(run, &work->acks[ack], &last, disk);
        for (; told < run->told.count && run->told.items[told].moment <= moment; told++) {
            assert_true(run->told.items[told].digest == digest);
            run->least[work->ack_count + told] = run->committed.count - 1;
        }
        if (synced && is_made) {
            struct disk *older = last.disk;
            last = (struct synced){disk, run->committed.count - 1};
            disk = older;
        }
        if (disk != NULL)
            disk_free(disk);
    }
    if (last.disk != NULL)
        disk_free(last.disk);
    assert_int_equal(ack, work->ack_count);
    assert_int_equal(told, run->told.count);
    crash_free(crash);
}

/* The point that must have been reached by a moment: the last that was acknowledged. */
static int
least_at(const struct run *run, int64_t moment)
{
    int least = 0, acks = run->work.ack_count;
    for (int i = 0; i < acks && run->work.acks[i].moment <= moment; i++)
        least = run->least[i] > least ? run->least[i] : least;
    for (int i = 0; i < run->told.count && run->told.items[i].moment <= moment; i++)
        least = run->least[acks + i] > least ? run->least[acks + i] : least;
    return least;
}

/* Crashes */

static bool
is_expected(const struct run *run, int64_t moment, uint64_t digest)
{
    for (int i = least_at(run, moment); i < run->committed.count; i++) {
        if (run->committed.items[i].digest == digest)
            return true;
        if (run->committed.items[i].moment > moment)
            return false; /* that was the one being committed at the time */
    }
    return false;
}

/* Which content is there instead, told by the number of its transaction. */
static const char *
tell_found(const struct run *run, int64_t moment, uint64_t digest)
{
    static char text[120];
    int found = run->committed.count - 1;
    while (found >= 0 && run->committed.items[found].digest != digest)
        found--;
    if (found < 0)
        return "something is there in part";
    snprintf(text, sizeof(text),
        "transaction %d of moment %lld is the last that is there, and %d was acknowledged", found,
        (long long)run->committed.items[found].moment, least_at(run, moment));
    return text;
}

/* Work goes on where it ended: what is not made yet is made, and records are taken. */
static const char *
go_on(struct work *next, bool is_made)
{
    struct ctx *cx = &next->fixture.cx;
    if (!is_made && work_make(cx) != OK)
        return "it cannot be made";
    if (is_made && world_begin(cx) != OK)
        return "it cannot be read";
    if (work_do(next, WORK_CREATE) != OK || work_do(next, WORK_GROUP) != OK ||
        work_do(next, WORK_FOLD) != OK)
        return "it cannot be written";
    fixture_next(cx);
    return fixture_differences(cx) == 0 ? NULL : "the check finds differences after it was written";
}

static const char *
look(const struct run *run, int64_t moment, struct work *next, bool goes_on)
{
    struct fixture *fixture = &next->fixture;
    bool is_made = moment >= run->told.items[0].moment;
    if (work_open(&fixture->cx, !is_made, false) != OK)
        return "it does not open";
    if (!is_sound())
        return "it is corrupt";
    uint64_t digest = fixture_digest(fixture);
    if (!is_expected(run, moment, digest))
        return tell_found(run, moment, digest);
    return goes_on ? go_on(next, is_made) : NULL;
}

/* A second crash while work went on after the first: what it acknowledged is there as well. */
static const char *
crash_again(struct work *next)
{
    struct work last = {0};
    struct ctx *cx = &last.fixture.cx;
    struct crash *crash = crash_new(next->disk);
    int64_t moment = chance_below(&next->random, disk_moment(next->disk) + 1);
    const char *wrong = NULL;
    while (crash_moment(crash) < moment && crash_step(crash, NULL))
        ;
    last.disk = crash_disk(crash, FATE_ANY, next->random);
    disk_use(last.disk);
    if (work_open(cx, false, false) != OK || world_begin(cx) != OK)
        wrong = "it does not open after a second crash";
    else if (fixture_differences(cx) > 0)
        wrong = "the check finds differences after a second crash";
    for (int i = 0; i < next->ack_count && wrong == NULL; i++) {
        if (next->acks[i].moment <= moment && !has_version(last.disk, &next->acks[i]))
            wrong = "something acknowledged is lost in a second crash";
    }
    work_close(cx);
    crash_free(crash);
    disk_free(last.disk);
    return wrong;
}

/* NULL, or what is wrong with the disk. */
static const char *
look_at(const struct run *run, int64_t moment, struct disk *disk, bool goes_on)
{
    struct work next = {.disk = disk, .random = run->seed + (uint64_t)moment, .number = 1000};
    next.fixture.database = database_at(work_path);
    disk_use(disk);
    const char *wrong = look(run, moment, &next, goes_on);
    database_free(next.fixture.database);
    work_close(&next.fixture.cx);
    if (wrong == NULL && goes_on && moment >= run->told.items[0].moment)
        wrong = crash_again(&next);
    free(next.acks);
    return wrong;
}

/* What was done to the disk before a moment, as far as somebody who looks for the reason wants to
 * know. */
static void
tell_log(const struct disk *disk, int64_t moment)
{
    enum { ENTRIES_TOLD = 200 };
    static const char *const kinds[] = {"make", "write", "truncate", "sync", "remove",
        "sync names"};
    for (int64_t i = moment < ENTRIES_TOLD ? 0 : moment - ENTRIES_TOLD; i < moment; i++) {
        const struct entry *entry = disk_entry(disk, i);
        print_message("  %lld: %s of file %d (%s) at %lld, %lld bytes\n", (long long)i,
            kinds[entry->kind], entry->file, disk_file_name(disk, entry->file),
            (long long)entry->at, (long long)entry->length);
    }
}

/* One crash; NULL, or what is wrong then. */
static const char *
crash_once(struct run *run, struct crash *crash, int64_t number, uint64_t seed)
{
    static const char *const fates[FATE__COUNT] = {"lost", "kept", "first", "last", "any"};
    enum fate fate = (enum fate)(number % FATE__COUNT);
    struct disk *disk = crash_disk(crash, fate, seed);
    const char *wrong = look_at(run, crash_moment(crash), disk, number % GO_ON_EVERY == 0);
    if (wrong != NULL)
        print_message("CHITHI_SEED=%llu: crash %lld at moment %lld of %lld, unsynced: %s: %s\n",
            (unsigned long long)run->seed, (long long)number, (long long)crash_moment(crash),
            (long long)disk_moment(run->work.disk), fates[fate], wrong);
    if (wrong != NULL && run->defect == &no_defect)
        tell_log(run->work.disk, crash_moment(crash));
    disk_free(disk);
    return wrong;
}

/* So many crashes, spread over the log; how many there were until the first that left something
 * wrong, or 0 when there is none. */
static int64_t
crash_all(struct run *run, int64_t states)
{
    struct crash *crash = crash_new(run->work.disk);
    int64_t moments = disk_moment(run->work.disk) + 1, number = 0, found = 0;
    uint64_t random = run->seed;
    do {
        int64_t until =
            (int64_t)((double)states * (double)(crash_moment(crash) + 1) / (double)moments);
        for (; number < until && found == 0; number++) {
            if (crash_once(run, crash, number, chance_next(&random)) != NULL)
                found = number + 1;
        }
    } while (found == 0 && crash_step(crash, NULL));
    crash_free(crash);
    assert_true(found > 0 || number == states);
    return found;
}

/* The tests */

static int64_t
wanted_states(void)
{
    const char *text = getenv("CHITHI_STATES");
    return text == NULL ? STATES : atoll(text);
}

static void
crash_seed(uint64_t seed, int64_t states)
{
    struct run run = {0};
    do_work(&run, seed, &no_defect, OPERATIONS);
    follow(&run);
    print_message("CHITHI_SEED=%llu: %lld writes and syncs, %d acknowledged, %d transactions\n",
        (unsigned long long)seed, (long long)disk_moment(run.work.disk),
        run.work.ack_count + run.told.count, run.committed.count);
    for (int i = 0; i < WORK__COUNT; i++)
        assert_true(run.work.done[i] > 0);
    assert_int_equal(crash_all(&run, states), 0);
    run_free(&run);
}

static void
test_crash__what_was_acknowledged_is_there_and_nothing_by_half(void **state)
{
    const char *named = getenv("CHITHI_SEED");
    (void)state;
    if (named != NULL) {
        crash_seed(strtoull(named, NULL, 10), wanted_states());
        return;
    }
    crash_seed(5, wanted_states() / 2);
    crash_seed(randombytes_random(), wanted_states() - wanted_states() / 2);
}

static void
find(const struct defect *defect)
{
    struct run run = {0};
    do_work(&run, 5, defect, OPERATIONS / 4);
    follow(&run);
    assert_in_range(crash_all(&run, defect->states), 1, defect->states);
    run_free(&run);
}

static void
test_crash__a_store_that_does_not_sync_is_found(void **state)
{
    static const struct defect defect = {.is_volatile = true, .states = 100};
    (void)state;
    find(&defect);
}

static void
test_crash__a_log_that_is_not_synced_is_found(void **state)
{
    static const struct defect defect = {.unsynced = "-wal", .states = 100};
    (void)state;
    find(&defect);
}

/* Only who loses the file after the log has begun anew finds it. */
static void
test_crash__a_file_that_is_not_synced_is_found(void **state)
{
    static const struct defect defect = {.unsynced = ".db", .by_sync = true, .states = 1000};
    (void)state;
    find(&defect);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crash__a_store_that_does_not_sync_is_found),
        cmocka_unit_test(test_crash__a_log_that_is_not_synced_is_found),
        cmocka_unit_test(test_crash__a_file_that_is_not_synced_is_found),
        cmocka_unit_test(test_crash__what_was_acknowledged_is_there_and_nothing_by_half),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
