/* Many at once: a statement that is asked several times, and rows that are gathered. On a server
 * the one is asked ahead and the other sent together; what comes of it is the same. */
#include "store/store.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct sql *insert, *add, *by_key, *counted, *raise_all;

static void
make_statements(struct arena *arena)
{
    insert = sql_make_gathered(arena, "insert",
        "INSERT INTO trial (shard, key, word, n) VALUES (:shard, :key, :word, :shard)");
    add = sql_make_gathered(arena, "add",
        "INSERT INTO trial_sum (shard, key, n) VALUES (:shard, :key, :n) "
        "ON CONFLICT (shard, key) DO UPDATE SET n = trial_sum.n + excluded.n");
    by_key = sql_make(arena, "by_key",
        "SELECT key, word, n FROM trial WHERE key >= :from AND key < :end ORDER BY key");
    counted = sql_make(arena, "counted", "SELECT COUNT(*), COUNT(word) FROM trial");
    raise_all = sql_make(arena, "raise", "UPDATE trial SET n = n + 1");
}

static enum status
make_tables(struct ctx *cx, void *arg)
{
    (void)arg;
    return store_script(cx,
        "-- local: of this test.\n"
        "CREATE TABLE trial (shard BIGINT NOT NULL, key BIGINT NOT NULL PRIMARY KEY, word TEXT, "
        "n BIGINT NOT NULL);\n"
        "-- local: of this test.\n"
        "CREATE TABLE trial_sum (shard BIGINT NOT NULL, key BIGINT NOT NULL, n BIGINT NOT NULL, "
        "PRIMARY KEY (shard, key))");
}

static enum status
put(struct ctx *cx, int64_t key, const char *word)
{
    struct query *q = query_sql(cx, insert);
    query_int(q, "shard", 7);
    query_int(q, "key", key);
    query_text(q, "word", word);
    return query_run(q, NULL);
}

/* Asking */

enum { ROWS = 300 };

static enum status
put_rows(struct ctx *cx, void *arg)
{
    (void)arg;
    for (int i = 0; i < ROWS; i++)
        TRY(put(cx, i, i % 3 == 0 ? NULL : "từ"));
    return OK;
}

static void
prepare(struct ctx *cx)
{
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    must(cx, store_write(cx, put_rows, NULL));
    must(cx, world_renew(cx));
}

/* The i-th time i % 4 rows, from place 2 * i on. */
static void
bind_range(struct query *q, int i, void *arg)
{
    int *bound = arg;
    assert_int_equal(i, (*bound)++);
    query_int(q, "from", 2 * i);
    query_int(q, "end", 2 * i + i % 4);
}

static int64_t
count_rows(struct ctx *cx, int64_t *words)
{
    bool found;
    struct query *q = query_sql(cx, counted);
    must(cx, query_one(q, &found));
    int64_t count = query_get_int(q, 0);
    if (words != NULL)
        *words = query_get_int(q, 1);
    must(cx, query_end(q));
    return count;
}

/* Also when others are asked in between, and whichever number of times. */
static void
test_store__each_answer_has_its_place(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    prepare(cx);
    for (int times = 0; times <= 140; times = times * 2 + 5) {
        int bound = 0, seen = 0, wanted = 0;
        struct query *q = query_sql(cx, by_key);
        query_each(q, times, bind_range, &bound);
        while (query_next(q)) {
            int which = query_which(q);
            assert_true(2 * which <= query_get_int(q, 0));
            assert_true(query_get_int(q, 0) < 2 * which + which % 4);
            if (seen++ % 10 == 0)
                assert_int_equal(count_rows(cx, NULL), ROWS);
        }
        must(cx, query_end(q));
        for (int i = 0; i < times; i++)
            wanted += i % 4;
        assert_int_equal(seen, wanted);
        assert_int_equal(bound, times);
    }
}

/* Answers that nobody reads are not taken for those of the next. */
static void
test_store__who_stops_early_is_in_nobodys_way(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    prepare(cx);
    for (int i = 0; i < 3; i++) {
        int bound = 0;
        bool found;
        struct query *q = query_sql(cx, by_key);
        query_each(q, 100, bind_range, &bound);
        must(cx, query_one(q, &found));
        assert_true(found);
        assert_int_equal(query_which(q), 1);
        must(cx, query_end(q));
        assert_int_equal(count_rows(cx, NULL), ROWS);
    }
}

/* A failure in the middle is told at the end. */
static void
test_store__one_of_several_that_fails_is_told(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    int bound = 0;
    prepare(cx);
    struct query *q = query_sql(cx, by_key);
    query_each(q, 100, bind_range, &bound);
    store_fail_after(cx->store, 40);
    while (query_next(q))
        assert_true(query_which(q) < 40);
    must_be(cx, ERR_STORE, query_end(q));
    store_fail_after(cx->store, 0);
}

/* Gathering */

/* What is read, changed or counted has in it what was written before, however many that were. */
static enum status
write_and_look(struct ctx *cx, void *arg)
{
    const int *count = arg;
    int64_t words, changed;
    TRY(store_script(cx, "DELETE FROM trial"));
    for (int i = 0; i < *count; i++)
        TRY(put(cx, 1000 + i, i % 2 == 0 ? NULL : "từ"));
    assert_int_equal(count_rows(cx, &words), *count);
    assert_int_equal(words, *count / 2);
    TRY(put(cx, 1, "một"));
    TRY(query_run(query_sql(cx, raise_all), &changed));
    assert_int_equal(changed, *count + 1);
    TRY(put(cx, 2, NULL));
    TRY(query_run(query_sql(cx, raise_all), NULL));
    TRY(put(cx, 3, NULL));
    TRY(store_script(cx, "UPDATE trial SET n = n + 100"));
    return put(cx, 4, "bốn");
}

static void
test_store__what_is_gathered_is_there_when_it_could_be_missed(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    static const int counts[] = {1, 63, 64, 65, 200};
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        static const int64_t wanted[] = {7 + 1 + 1 + 100, 7 + 1 + 100, 7 + 100, 7};
        int count = counts[i];
        must(cx, store_write(cx, write_and_look, &count));
        must(cx, world_renew(cx));
        struct query *q = query_sql(cx, by_key);
        query_int(q, "from", 1);
        query_int(q, "end", 5);
        for (int n = 0; n < 4; n++) {
            assert_true(query_next(q));
            assert_int_equal(query_get_int(q, 2), wanted[n]);
        }
        assert_string_equal(query_peek_text(q, 1), "bốn");
        must(cx, query_end(q));
        assert_int_equal(count_rows(cx, NULL), count + 4);
    }
}

/* Longer together than what is kept. */
static enum status
put_long(struct ctx *cx, void *arg)
{
    for (int i = 0; i < 100; i++)
        TRY(put(cx, i, arg));
    return OK;
}

static void
test_store__long_rows_are_gathered_whole(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    enum { LENGTH = 50000 };
    char *word = arena_alloc(cx->arena, LENGTH + 1);
    memset(word, 'x', LENGTH);
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    must(cx, store_write(cx, put_long, word));
    assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM trial WHERE LENGTH(word) = %d",
                         LENGTH),
        100);
}

static enum status
add_numbers(struct ctx *cx, void *arg)
{
    const int *first = arg;
    for (int i = *first; i < *first + 100; i++) {
        struct query *q = query_sql(cx, add);
        query_int(q, "shard", i % 5);
        query_int(q, "key", i);
        query_int(q, "n", i);
        TRY(query_run(q, NULL));
    }
    return OK;
}

/* Some of the rows are there already, some are not. */
static void
test_store__what_is_added_is_gathered_too(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    for (int first = 0; first < 100; first += 20)
        must(cx, store_write(cx, add_numbers, &first));
    assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM trial_sum"), 180);
    assert_int_equal(fixture_sql(*state, "SELECT SUM(n) FROM trial_sum"),
        5 * 4950 + 100 * (20 + 40 + 60 + 80));
}

/* The same key again, in the same statement, in another one, or as the last of the job. */
static enum status
put_twice(struct ctx *cx, void *arg)
{
    const int *at = arg;
    for (int i = 0; i < 150; i++)
        TRY(put(cx, i == *at ? 0 : i, "từ"));
    return OK;
}

static void
test_store__a_gathered_row_that_is_there_is_a_conflict(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    static const int places[] = {1, 63, 64, 100, 149};
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        int at = places[i];
        must_be(cx, ERR_CONFLICT, store_write(cx, put_twice, &at));
        assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM trial"), 0);
    }
    must(cx, store_write(cx, put_rows, NULL));
    assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM trial"), ROWS);
}

/* A job that gives up leaves nothing to the next one. */
static enum status
put_and_give_up(struct ctx *cx, void *arg)
{
    TRY(put_rows(cx, arg));
    return fault_set(cx, ERR_INVALID, "Thôi.");
}

static enum status
put_one(struct ctx *cx, void *arg)
{
    (void)arg;
    return put(cx, ROWS, "một");
}

static void
test_store__what_was_gathered_in_vain_is_gone(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    make_statements(cx->arena);
    must(cx, store_write(cx, make_tables, NULL));
    must_be(cx, ERR_INVALID, store_write(cx, put_and_give_up, NULL));
    must(cx, store_write(cx, put_one, NULL));
    assert_int_equal(fixture_sql(*state, "SELECT COUNT(*) FROM trial"), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_store__each_answer_has_its_place),
        TEST(test_store__who_stops_early_is_in_nobodys_way),
        TEST(test_store__one_of_several_that_fails_is_told),
        TEST(test_store__what_is_gathered_is_there_when_it_could_be_missed),
        TEST(test_store__long_rows_are_gathered_whole),
        TEST(test_store__what_is_added_is_gathered_too),
        TEST(test_store__a_gathered_row_that_is_there_is_a_conflict),
        TEST(test_store__what_was_gathered_in_vain_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
