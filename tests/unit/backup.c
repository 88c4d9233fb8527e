/* Backups and shipping: what comes back is what went in, and what was damaged is refused, or is
 * sound and a state that the database was in. */
#include "base/plant.h"
#include "domain/backup.h"
#include "domain/copy.h"
#include "fixture.h"
#include "store/backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILOBYTE = 1024, FLIPS = 400, SHIP_FLIPS = 40, PATH_MOST = 512, DIGEST = 65 };

struct scene {
    struct fixture *fixture;
    struct ctx *cx;
    char folder[PATH_MOST / 4];
    char file[PATH_MOST / 2], made[PATH_MOST / 2]; /* a backup, and a database out of one */
};

static void
empty_folder(const char *folder)
{
    char path[PATH_MOST];
    DIR *open = opendir(folder);
    struct dirent *entry;
    while (open != NULL && (entry = readdir(open)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_REG)
            unlink(path);
    }
    if (open != NULL)
        closedir(open);
}

static int
setup(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    const char *root = getenv("TMPDIR");
    assert_non_null(scene);
    scene->fixture = fixture_new(NULL);
    scene->cx = &scene->fixture->cx;
    snprintf(scene->folder, sizeof(scene->folder), "%s/chithi-backup-XXXXXX",
        root == NULL || *root == '\0' ? "/tmp" : root);
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->file, sizeof(scene->file), "%s/a.backup", scene->folder);
    snprintf(scene->made, sizeof(scene->made), "%s/made.db", scene->folder);
    *state = scene;
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;
    fixture_free(scene->fixture);
    empty_folder(scene->folder);
    rmdir(scene->folder);
    free(scene);
    return 0;
}

static void
add_record(struct scene *scene, const char *number)
{
    fixture_record(scene->cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", number);
}

/* The digest of all rows in the snapshot of a context. */
static void
digest_here(struct ctx *cx, char *to)
{
    struct copy_result result;
    must(cx, copy_out(cx, NULL, &result));
    snprintf(to, DIGEST, "%s", result.digest);
}

/* Of the database that was made, which is then taken away. */
static void
digest_made(struct scene *scene, char *to)
{
    struct ctx cx = {.arena = arena_new(), .worlds = worlds_new(), .now = scene->cx->now};
    struct store_options options = {.where = scene->made};
    must(&cx, store_open(&cx, &options, &cx.store));
    must(&cx, world_begin(&cx));
    digest_here(&cx, to);
    world_end(&cx);
    store_close(cx.store);
    worlds_free(cx.worlds);
    arena_free(cx.arena);
    unlink(scene->made);
}

static void
make_backup(struct scene *scene, bool as_rows)
{
    struct backup_result result;
    struct backup_options options = {.from = database_where(scene->fixture->database),
        .to = scene->file,
        .as_rows = as_rows};
    must(scene->cx, backup_make(scene->cx, &options, &result));
    assert_int_equal(result.check.count, 0);
}

/* *found: what the check that ends it complains about. */
static enum status
restore_and_check(struct scene *scene, const char *from, int64_t *found)
{
    struct backup_result result = {0};
    struct backup_options options = {.from = from, .to = scene->made};
    struct ctx cx = {.arena = arena_new(), .now = scene->cx->now};
    enum status status = backup_restore(&cx, &options, &result);
    *found = result.check.count;
    if (status != OK)
        assert_true(cx.faults.count > 0);
    assert_true((access(scene->made, F_OK) == 0) == (status == OK));
    arena_free(cx.arena);
    return status;
}

static enum status
restore(struct scene *scene, const char *from)
{
    int64_t found;
    enum status status = restore_and_check(scene, from, &found);
    assert_int_equal(found, 0);
    return status;
}

/* Backups */

static void
comes_back(struct scene *scene, bool as_rows)
{
    char before[DIGEST], after[DIGEST];
    add_record(scene, "3");
    add_record(scene, "hơn 12");
    digest_here(scene->cx, before);
    make_backup(scene, as_rows);
    assert_int_equal(restore(scene, scene->file), OK);
    digest_made(scene, after);
    assert_string_equal(before, after);
}

static void
test_backup__pages_come_back(void **state)
{
    if (database_on_server())
        skip();
    comes_back(*state, false);
}

static void
test_backup__rows_come_back(void **state)
{
    comes_back(*state, true);
}

static void
test_backup__a_database_is_not_written_over(void **state)
{
    struct scene *scene = *state;
    make_backup(scene, true);
    assert_int_equal(restore(scene, scene->file), OK);
    struct backup_result result;
    struct backup_options options = {.from = scene->file, .to = scene->made};
    must_be(scene->cx, ERR_CONFLICT, backup_restore(scene->cx, &options, &result));
    assert_int_equal(access(scene->made, F_OK), 0);
}

/* Texts with all that the format itself uses. */
static void
test_backup__rows_keep_every_character(void **state)
{
    struct scene *scene = *state;
    char before[DIGEST], after[DIGEST];
    (void)fixture_sql(scene->fixture,
        "INSERT INTO setting (key, value) VALUES ('odd', '\\N \\#end\t\\\n\\t ệ')");
    (void)fixture_sql(scene->fixture, "INSERT INTO setting (key, value) VALUES ('void', '')");
    fixture_next(scene->cx);
    digest_here(scene->cx, before);
    make_backup(scene, true);
    assert_int_equal(restore(scene, scene->file), OK);
    digest_made(scene, after);
    assert_string_equal(before, after);
}

/* Damage */

static char *
read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    *length = (size_t)about.st_size;
    char *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

static void
write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* How many of those with a changed bit were taken. */
static int
take_flips(struct scene *scene, char *bytes, size_t length, int flips)
{
    int taken = 0;
    srand(7);
    for (int i = 0; i < flips; i++) {
        size_t at = (size_t)rand() % length;
        char bit = (char)(1 << rand() % 8);
        bytes[at] ^= bit;
        write_file(scene->file, bytes, length);
        taken += restore(scene, scene->file) != ERR_INVALID;
        unlink(scene->made);
        bytes[at] ^= bit;
    }
    return taken;
}

/* How many damaged ones were taken. */
static int
take_damaged(struct scene *scene, bool as_rows)
{
    size_t length;
    int taken = 0;
    make_backup(scene, as_rows);
    char *bytes = read_file(scene->file, &length);
    for (size_t n = 0; n < length; n += KILOBYTE) {
        write_file(scene->file, bytes, n);
        taken += restore(scene, scene->file) != ERR_INVALID;
        unlink(scene->made);
    }
    taken += take_flips(scene, bytes, length, FLIPS);
    free(bytes);
    return taken;
}

static void
test_backup__damaged_pages_are_refused(void **state)
{
    if (database_on_server())
        skip();
    assert_int_equal(take_damaged(*state, false), 0);
}

static void
test_backup__damaged_rows_are_refused(void **state)
{
    assert_int_equal(take_damaged(*state, true), 0);
}

/* Shipping */

enum { STATES = 4, LONG = 4 * 1024 * 1024 };

struct shipped {
    char states[STATES + 1][DIGEST]; /* that the database was in when it was shipped */
    int count;
    char segment[PATH_MOST]; /* the last one */
};

static void
ship_state(struct scene *scene, struct shipped *shipped)
{
    assert_true(store_ship_now(scene->cx->store));
    digest_here(scene->cx, shipped->states[shipped->count++]);
}

/* The file in the folder whose name ends so, the first or the last one. */
static void
find_file(const struct scene *scene, const char *ending, bool last, char *path)
{
    DIR *open = opendir(scene->folder);
    struct dirent *entry;
    path[0] = '\0';
    while ((entry = readdir(open)) != NULL) {
        const char *dot = strchr(entry->d_name, '.');
        char name[PATH_MOST];
        if (strspn(entry->d_name, "0123456789") < 16 || strstr(dot, ending) != dot)
            continue;
        snprintf(name, sizeof(name), "%s/%s", scene->folder, entry->d_name);
        if (path[0] == '\0' || (strcmp(name, path) > 0) == last)
            snprintf(path, PATH_MOST, "%s", name);
    }
    closedir(open);
}

/* The base, the state that it is in, and more of them. */
static void
ship_some(struct scene *scene, struct shipped *shipped)
{
    static const char *const numbers[STATES] = {"1", "2", "hơn 3", "4"};
    *shipped = (struct shipped){0};
    must(scene->cx, store_ship_begin(scene->cx, scene->folder));
    ship_state(scene, shipped);
    for (int i = 0; i < STATES; i++) {
        add_record(scene, numbers[i]);
        ship_state(scene, shipped);
    }
    find_file(scene, ".000", true, shipped->segment);
}

/* Which state the restored database is in; -1: none of them. */
static int
state_made(struct scene *scene, const struct shipped *shipped)
{
    char made[DIGEST];
    digest_made(scene, made);
    for (int i = shipped->count - 1; i >= 0; i--) {
        if (strcmp(made, shipped->states[i]) == 0)
            return i;
    }
    return -1;
}

static bool
all_comes_back(struct scene *scene)
{
    struct shipped shipped;
    ship_some(scene, &shipped);
    return restore(scene, scene->folder) == OK && state_made(scene, &shipped) == STATES;
}

static void
test_ship__what_was_shipped_comes_back(void **state)
{
    if (database_on_server())
        skip();
    assert_true(all_comes_back(*state));
}

/* Wherever it was cut off, what comes back is whole, and the more there is, the later it is. */
static void
test_ship__an_end_that_is_missing_is_left_out(void **state)
{
    struct scene *scene = *state;
    struct shipped shipped;
    size_t length;
    int before = 0;
    if (database_on_server())
        skip();
    ship_some(scene, &shipped);
    char *bytes = read_file(shipped.segment, &length);
    for (size_t n = length % KILOBYTE; n <= length;
         n += KILOBYTE * (1 + length / (64 * KILOBYTE))) {
        write_file(shipped.segment, bytes, n);
        assert_int_equal(restore(scene, scene->folder), OK);
        int found = state_made(scene, &shipped);
        assert_true(found >= before);
        before = found;
    }
    assert_true(before > 0);
    free(bytes);
}

/* Another process writes and would begin the log anew. */
static void
write_beside(struct scene *scene)
{
    sqlite3 *handle;
    const char *where = database_where(scene->fixture->database);
    assert_int_equal(sqlite3_open(where, &handle), SQLITE_OK);
    for (int i = 0; i < 3; i++) {
        char text[128];
        snprintf(text, sizeof(text), "INSERT INTO setting (key, value) VALUES ('beside_%d', 'x')",
            rand());
        assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    sqlite3_close(handle);
}

static bool
nothing_is_passed_over(struct scene *scene)
{
    struct shipped shipped = {0};
    must(scene->cx, store_ship_begin(scene->cx, scene->folder));
    world_end(scene->cx); /* a reader would hold the log too */
    for (int i = 0; i < 3; i++) {
        write_beside(scene);
        assert_true(store_ship_now(scene->cx->store));
    }
    must(scene->cx, world_begin(scene->cx));
    ship_state(scene, &shipped);
    return restore(scene, scene->folder) == OK && state_made(scene, &shipped) == 0;
}

static void
test_ship__nothing_is_passed_over_when_others_write(void **state)
{
    if (database_on_server())
        skip();
    assert_true(nothing_is_passed_over(*state));
}

static enum status
write_long(struct ctx *cx, void *arg)
{
    struct query *q = query_new(cx, Q_LEASE_TAKE);
    query_text(q, "name", "long");
    query_text(q, "holder", arg);
    query_int(q, "now", 2);
    query_int(q, "until", 1);
    return query_run(q, NULL);
}

/* So that there are several segments: the log comes round when nobody reads what is old. */
static void
ship_long(struct scene *scene, struct shipped *shipped)
{
    char last[PATH_MOST] = "", *text = calloc(1, LONG + 1);
    assert_non_null(text);
    *shipped = (struct shipped){0};
    must(scene->cx, store_ship_begin(scene->cx, scene->folder));
    world_end(scene->cx);
    for (int i = 0; strstr(last, ".000003") == NULL; i++) {
        assert_true(i < 500);
        memset(text, 'a' + i % 2, LONG); /* the same bytes would not be written */
        must(scene->cx, store_write(scene->cx, write_long, text));
        assert_true(store_ship_now(scene->cx->store));
        find_file(scene, ".000", true, last);
    }
    free(text);
    must(scene->cx, world_begin(scene->cx));
    add_record(scene, "7");
    ship_state(scene, shipped);
}

static void
test_ship__logs_follow_each_other(void **state)
{
    struct scene *scene = *state;
    struct shipped shipped;
    char first[PATH_MOST];
    size_t length;
    if (database_on_server())
        skip();
    ship_long(scene, &shipped);
    assert_int_equal(restore(scene, scene->folder), OK);
    assert_int_equal(state_made(scene, &shipped), 0);
    find_file(scene, ".000", false, first);
    char *bytes = read_file(first, &length);
    write_file(first, bytes, length - KILOBYTE); /* what follows does not fit any more */
    assert_int_equal(restore(scene, scene->folder), ERR_INVALID);
    unlink(first);
    assert_int_not_equal(restore(scene, scene->folder), OK);
    free(bytes);
}

/* Was one of so many taken that is not what was shipped up to some moment? */
static bool
take_flipped(struct scene *scene, int flips)
{
    struct shipped shipped;
    size_t length;
    bool wrong = false;
    ship_some(scene, &shipped);
    char *bytes = read_file(shipped.segment, &length);
    srand(11);
    for (int i = 0; i < flips && !wrong; i++) {
        size_t at = (size_t)rand() % length;
        bytes[at] ^= 1;
        write_file(shipped.segment, bytes, length);
        int64_t found;
        if (restore_and_check(scene, scene->folder, &found) ==
            OK) /* only the last block may miss */
            wrong = found > 0 || state_made(scene, &shipped) < STATES - 1;
        bytes[at] ^= 1;
    }
    write_file(shipped.segment, bytes, length);
    free(bytes);
    return wrong;
}

static void
test_ship__changed_bytes_are_refused(void **state)
{
    if (database_on_server())
        skip();
    assert_false(take_flipped(*state, SHIP_FLIPS));
}

static void
test_ship__a_folder_that_is_away_comes_back(void **state)
{
    struct scene *scene = *state;
    struct shipped shipped;
    char aside[PATH_MOST / 2];
    if (database_on_server())
        skip();
    ship_some(scene, &shipped);
    assert_int_equal(store_ship_failing_since(scene->cx->store), 0);
    snprintf(aside, sizeof(aside), "%s.aside", scene->folder);
    assert_int_equal(rename(scene->folder, aside), 0);
    add_record(scene, "5");
    (void)store_ship_now(scene->cx->store); /* may still have the file open */
    add_record(scene, "6");
    assert_int_equal(rename(aside, scene->folder), 0);
    shipped.count = 0;
    ship_state(scene, &shipped);
    assert_int_equal(store_ship_failing_since(scene->cx->store), 0);
    assert_int_equal(restore(scene, scene->folder), OK);
    assert_int_equal(state_made(scene, &shipped), 0);
}

#ifdef CHITHI_PLANT

static void
test_backup__a_seal_that_is_not_checked_is_found(void **state)
{
    struct scene *scene = *state;
    size_t length;
    if (database_on_server())
        skip();
    make_backup(scene, false);
    char *bytes = read_file(scene->file, &length);
    plant_name = "seal_not_checked";
    assert_true(take_flips(scene, bytes, length, 20) > 0);
    plant_name = "";
    free(bytes);
}

static void
test_backup__a_row_that_is_not_copied_is_found(void **state)
{
    struct scene *scene = *state;
    add_record(scene, "3");
    make_backup(scene, true);
    plant_name = "row_not_copied";
    assert_int_equal(restore(scene, scene->file), ERR_STORE);
    plant_name = "";
}

static void
test_ship__frames_that_are_left_out_are_found(void **state)
{
    if (database_on_server())
        skip();
    plant_name = "frames_not_shipped";
    assert_false(all_comes_back(*state));
    plant_name = "";
}

static void
test_ship__a_log_that_is_not_held_is_found(void **state)
{
    if (database_on_server())
        skip();
    plant_name = "log_not_held";
    assert_false(nothing_is_passed_over(*state));
    plant_name = "";
}

static void
test_ship__a_chain_that_is_not_checked_is_found(void **state)
{
    if (database_on_server())
        skip();
    plant_name = "chain_not_checked";
    assert_true(take_flipped(*state, 50 * SHIP_FLIPS)); /* most bytes are of no record */
    plant_name = "";
}

#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_backup__pages_come_back),
        TEST(test_backup__rows_come_back),
        TEST(test_backup__a_database_is_not_written_over),
        TEST(test_backup__rows_keep_every_character),
        TEST(test_backup__damaged_pages_are_refused),
        TEST(test_backup__damaged_rows_are_refused),
        TEST(test_ship__what_was_shipped_comes_back),
        TEST(test_ship__an_end_that_is_missing_is_left_out),
        TEST(test_ship__nothing_is_passed_over_when_others_write),
        TEST(test_ship__logs_follow_each_other),
        TEST(test_ship__changed_bytes_are_refused),
        TEST(test_ship__a_folder_that_is_away_comes_back),
#ifdef CHITHI_PLANT
        TEST(test_backup__a_seal_that_is_not_checked_is_found),
        TEST(test_backup__a_row_that_is_not_copied_is_found),
        TEST(test_ship__frames_that_are_left_out_are_found),
        TEST(test_ship__a_log_that_is_not_held_is_found),
        TEST(test_ship__a_chain_that_is_not_checked_is_found),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
