/* The check: a change by hand in any derived or recorded row is found and named; what is not
 * damaged is not complained about. */
#include "domain/check.h"

#include "domain/cell.h"
#include "domain/figure.h"
#include "fixture.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

/* Three records, two of them in the cells, the last only in deltas. */
struct scene {
    struct fixture *fixture;
    struct ctx *cx;
    const char *folded, *waiting; /* codes; kept by the file's arena until the next request */
};

static void
begin(struct scene *scene)
{
    scene->fixture = fixture_new(NULL);
    struct ctx *cx = scene->cx = &scene->fixture->cx;
    must(cx, setting_set(cx, "cell_month_units", "0"));
    must(cx, setting_set(cx, "cell_day_units", "0"));
    fixture_next(cx);
    scene->folded = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/02/2026", "hơn 3")->code;
    fixture_record(cx, "bt.b.z.1", "kiem_tra_tai_chinh", "06/02/2026", "4");
    must(cx, cell_fold_all(cx));
    scene->waiting = fixture_record(cx, "bt.a.x.1", "kiem_tra_dhvp", "05/03/2026", "gần 5")->code;
}

static void
look(struct scene *scene, struct check_result *result)
{
    must(scene->cx, world_renew(scene->cx));
    must(scene->cx, check_all(scene->cx, result));
}

static bool
names(const struct check_result *result, const char *kind, const char *where)
{
    for (int i = 0; i < result->count; i++) {
        if (strcmp(result->differences[i].kind, kind) == 0 &&
            strstr(result->differences[i].where, where) != NULL)
            return true;
    }
    return false;
}

static void
test_check__finds_nothing_in_what_is_right(void **state)
{
    struct scene scene;
    struct check_result result;
    (void)state;
    begin(&scene);
    look(&scene, &result);
    assert_int_equal(result.count, 0);
    assert_int_equal(result.records, 3);
    assert_int_equal(result.facts, fixture_sql(scene.fixture, "SELECT COUNT(*) FROM fact"));
    assert_int_equal(result.cells, fixture_sql(scene.fixture, "SELECT COUNT(*) FROM roll"));
    assert_true(result.cells > 0);
    assert_true(fixture_sql(scene.fixture, "SELECT COUNT(*) FROM delta") > 0);
    must(scene.cx, cell_fold_all(scene.cx));
    look(&scene, &result);
    assert_int_equal(result.count, 0);
    assert_int_equal(fixture_sql(scene.fixture, "SELECT COUNT(*) FROM delta"), 0);
    must(scene.cx, rebuild_all(scene.cx));
    look(&scene, &result);
    assert_int_equal(result.count, 0);
    fixture_free(scene.fixture);
}

/* In the SQL, KT is the number of the indicator kt_dv, BT_A the unit's id, REC the folded record,
 * LATE the one that waits. */
static const struct damage {
    const char *sql;
    const char *kind;
    const char *where; /* NULL: the code of the folded record, "": of the one that waits */
    bool rebuilt;      /* made good by the rebuild */
} damages[] = {
    {"UPDATE fact SET value = value + 1 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET value = value + 1 WHERE record = REC AND indicator = KT", "cell", "kt_dv vn",
        true},
    {"UPDATE fact SET cut = cut + 1 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET cut = cut + 1 WHERE record = REC AND indicator = KT", "cell", "kt_dv bt.a",
        true},
    {"UPDATE fact SET word = 0 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET word = 99 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET day = day + 1 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET day = day + 1 WHERE record = REC AND indicator = KT", "cell", "06/02/2026",
        true},
    {"UPDATE fact SET unit = BT_A WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET batch = 5 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET is_key = 1 WHERE record = REC AND indicator = KT", "fact", NULL, true},
    {"UPDATE fact SET seq = 7 WHERE record = LATE AND indicator = KT", "fact", "", true},
    {"DELETE FROM fact WHERE record = LATE AND indicator = KT", "fact", "", true},
    {"INSERT INTO fact SELECT shard, unit, indicator, day, record + 1, seq, cut, value, word, "
     "batch, is_key FROM fact WHERE record = REC AND indicator = KT",
        "fact", "kt_dv #", true},
    {"INSERT INTO fact SELECT shard, unit, 777, day, record, seq, cut, value, word, batch, is_key "
     "FROM fact WHERE record = REC AND indicator = KT",
        "fact", "#777", true},
    {"UPDATE roll SET value = value + 1 WHERE unit = BT_A AND indicator = KT AND grain = 0", "cell",
        "kt_dv bt.a năm 01/01/2026", true},
    {"UPDATE roll SET n = n - 1 WHERE unit = BT_A AND indicator = KT AND grain = 1", "cell",
        "kt_dv bt.a năm, chia", true},
    {"UPDATE roll SET n_over = 0 WHERE unit = BT_A AND indicator = KT AND grain = 2", "cell",
        "kt_dv bt.a tháng 01/02/2026", true},
    {"UPDATE roll SET n_under = 1 WHERE unit = BT_A AND indicator = KT AND grain = 3", "cell",
        "kt_dv bt.a tháng, chia", true},
    {"UPDATE roll SET n_about = 1 WHERE unit = BT_A AND indicator = KT AND grain = 4", "cell",
        "kt_dv bt.a ngày, chia 05/02/2026", true},
    {"DELETE FROM roll WHERE unit = BT_A AND indicator = KT AND grain = 4", "cell", "kt_dv bt.a",
        true},
    {"INSERT INTO roll SELECT shard, unit, indicator, grain, bucket + 1, cut, value, n, n_over, "
     "n_under, n_about FROM roll WHERE unit = BT_A AND indicator = KT AND grain = 4",
        "cell", "06/02/2026", true},
    {"UPDATE roll SET shard = 77 WHERE unit = BT_A AND indicator = KT AND grain = 4", "cell",
        "kt_dv bt.a", true},
    {"UPDATE delta SET value = value + 1 WHERE indicator = KT", "cell", "kt_dv bt.a", true},
    {"UPDATE delta SET n_under = 0 WHERE indicator = KT", "cell", "kt_dv bt.a", true},
    {"UPDATE delta SET day = day + 31 WHERE indicator = KT", "cell", "kt_dv bt.a", true},
    {"DELETE FROM delta WHERE indicator = KT", "cell", "kt_dv vn", true},
    {"INSERT INTO delta SELECT shard, indicator, id + 1, unit, day, cut, value, n, n_over, "
     "n_under, n_about FROM delta WHERE indicator = KT",
        "cell", "kt_dv bt.a", true},
    {"UPDATE search SET words = '_1 khac' WHERE ROW_ID = REC", "search", NULL, true},
    {"UPDATE search SET shard = shard + 1 WHERE ROW_ID = REC", "search", NULL, true},
    {"DELETE FROM search WHERE ROW_ID = REC", "search", NULL, true},
    {"INSERT INTO search (ROW_ID, shard, words) VALUES (5, 1, 'la')", "search", "#5", true},
    {"UPDATE search_content SET c0 = c0 || ' la' WHERE id = REC", "search", "#", true},
    {"UPDATE r_ktgs_doi_tuong SET so_luong = so_luong + 1 WHERE id = REC", "record", NULL, false},
    {"UPDATE r_ktgs_doi_tuong SET so_luong = so_luong + 1 WHERE id = REC", "fact", NULL, false},
    {"UPDATE r_ktgs_doi_tuong SET so_luong__word = 99 WHERE id = REC", "record", NULL, false},
    {"UPDATE r_ktgs_doi_tuong SET ket_luan = 'tot' WHERE id = REC", "record", NULL, false},
    {"DELETE FROM r_ktgs_doi_tuong WHERE id = REC", "record", NULL, false},
    {"INSERT INTO r_ktgs_doi_tuong (shard, id, row, kieu) SELECT shard, id, 1, kieu "
     "FROM r_ktgs_doi_tuong WHERE id = LATE",
        "record", "", false},
    {"UPDATE r_ktgs SET cap = 'tw' WHERE id = REC", "record", NULL, false},
    {"UPDATE r_ktgs SET noi_dung = 'khác' WHERE id = REC", "record", NULL, false},
    {"UPDATE r_ktgs SET trong_chuong_trinh = NULL WHERE id = REC", "record", NULL, false},
    {"UPDATE r_ktgs SET ngay_ket_luan = ngay_ket_luan + 1 WHERE id = REC", "fact", NULL, false},
    {"UPDATE r_ktgs SET state = 'luu' WHERE id = REC", "record", NULL, false},
    {"DELETE FROM r_ktgs WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET state = 'luu' WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET state = 'nhap' WHERE id = REC", "fact", NULL, false},
    {"UPDATE record SET state = 'bay' WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET unit = BT_A WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET unit = 9999 WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET version = 2 WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET register = 'ky_luat' WHERE id = REC", "record", NULL, false},
    {"UPDATE record SET register = 'khong' WHERE id = REC", "record", NULL, false},
    {"DELETE FROM record WHERE id = REC", "fact", "kt_dv #", false},
    {"UPDATE history SET body = replace(body, 'ubkt', 'cap_uy') WHERE record = REC", "record", NULL,
        false},
    {"UPDATE history SET version = 2 WHERE record = REC", "record", NULL, false},
    {"UPDATE history SET unit = BT_A WHERE record = REC", "record", NULL, false},
    {"UPDATE history SET state = 'luu' WHERE record = REC", "record", NULL, false},
    {"DELETE FROM history WHERE record = LATE", "record", "", false},
};

static const char *
put_name(struct arena *arena, const char *text, const char *name, const char *wanted)
{
    struct buf out = buf_new(arena);
    const char *at;
    while ((at = strstr(text, name)) != NULL) {
        buf_add(&out, text, (size_t)(at - text));
        buf_text(&out, wanted);
        text = at + strlen(name);
    }
    buf_text(&out, text);
    return buf_string(&out);
}

static const char *
put_number(struct arena *arena, const char *text, const char *name, int64_t number)
{
    return put_name(arena, text, name, arena_printf(arena, "%lld", (long long)number));
}

/* Only one engine keeps the words twice; there, the row of words has another name for its id. */
static bool
is_of_file(const struct damage *damage)
{
    return strstr(damage->sql, "search_content") != NULL;
}

static int64_t
id_of(struct fixture *fixture, const char *code)
{
    return fixture_sql(fixture, "SELECT id FROM record WHERE code = '%s'", code);
}

static void
do_damage(struct scene *scene, const struct damage *damage)
{
    struct fixture *fixture = scene->fixture;
    struct arena *arena = scene->cx->arena;
    const char *sql = damage->sql;
    sql = put_number(arena, sql, "KT",
        fixture_sql(fixture, "SELECT id FROM indicator WHERE key = 'kt_dv'"));
    sql = put_number(arena, sql, "BT_A", fixture_unit(scene->cx, "bt.a")->id);
    sql = put_number(arena, sql, "REC", id_of(fixture, scene->folded));
    sql = put_number(arena, sql, "LATE", id_of(fixture, scene->waiting));
    sql = put_name(arena, sql, "ROW_ID", database_on_server() ? "id" : "rowid");
    uint64_t before = fixture_digest(fixture);
    fixture_sql(fixture, "%s", sql);
    assert_true(before != fixture_digest(fixture));
}

static void
test_check__names_the_row_that_was_changed_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        const struct damage *damage = &damages[i];
        struct scene scene;
        struct check_result result;
        if (is_of_file(damage) && database_on_server())
            continue;
        begin(&scene);
        do_damage(&scene, damage);
        look(&scene, &result);
        const char *where = damage->where == NULL ? scene.folded
            : *damage->where == '\0'              ? scene.waiting
                                                  : damage->where;
        if (!names(&result, damage->kind, where)) {
            for (int d = 0; d < result.count; d++)
                print_error("%s %s: %s\n", result.differences[d].kind, result.differences[d].where,
                    result.differences[d].what);
            fail_msg("no %s %s after: %s", damage->kind, where, damage->sql);
        }
        if (damage->rebuilt) {
            must(scene.cx, rebuild_all(scene.cx));
            look(&scene, &result);
            assert_int_equal(result.count, 0);
        }
        fixture_free(scene.fixture);
    }
}

/* A word that no list knows: the figure is read without it, and nothing falls over. */
static void
test_check__a_figure_survives_damage(void **state)
{
    struct scene scene;
    struct figure figure;
    (void)state;
    begin(&scene);
    struct ctx *cx = scene.cx;
    fixture_sql(scene.fixture, "UPDATE fact SET word = 99");
    fixture_sql(scene.fixture, "UPDATE r_ktgs_doi_tuong SET so_luong__word = -3");
    fixture_next(cx);
    struct figure_query query = {.unit = fixture_unit(cx, "bt.a.x.1"),
        .from = DAY_MIN,
        .to = DAY_MAX,
        .basis = cx->world->today};
    must(cx, world_indicator(cx, "kt_dv", &query.indicator));
    must(cx, figure_read(cx, &query, &figure));
    assert_int_equal(figure.value, 8);
    assert_int_equal(figure.qualifier, EXACT);
    fixture_free(scene.fixture);
}

/* Of very many differences the first are listed and the others counted. */
static void
test_check__counts_what_it_does_not_list(void **state)
{
    struct scene scene;
    struct check_result result;
    (void)state;
    begin(&scene);
    fixture_sql(scene.fixture,
        "WITH RECURSIVE s(n) AS (VALUES (100) UNION ALL SELECT n + 1 FROM s WHERE n < 399) "
        "INSERT INTO fact SELECT shard, unit, indicator, day, record, s.n, cut, value, word, batch, "
        "is_key FROM fact CROSS JOIN s WHERE value = 3 AND record = (SELECT id FROM record WHERE code = "
        "'%s') "
        "AND indicator = (SELECT id FROM indicator WHERE key = 'kt_dv')",
        scene.folded);
    look(&scene, &result);
    assert_int_equal(result.count, CHECK_DIFFERENCES_MAX);
    assert_true(result.left_out >= 100);
    fixture_free(scene.fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check__finds_nothing_in_what_is_right),
        cmocka_unit_test(test_check__names_the_row_that_was_changed_by_hand),
        cmocka_unit_test(test_check__a_figure_survives_damage),
        cmocka_unit_test(test_check__counts_what_it_does_not_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
