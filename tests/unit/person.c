/* People: lists of them, their order, changes with their history, the audit of writing and reading,
 * and how many there are by trees that change. The count is compared with one that walks over every
 * membership and asks the tree of each. */
#include "domain/headcount.h"

#include "domain/check.h"
#include "domain/unit.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ALL = 7, PARTY = 1U << PERSON_CHINH_THUC | 1U << PERSON_DU_BI };

#define HEAD "origin\tname\tgiven\tunit\tfrom\tto\tstatus\tpost\n"

static struct person_import_result
import_as(struct ctx *cx, const char *list, enum status wanted)
{
    struct person_import input = {"people.tsv", list, strlen(list)};
    struct person_import_result result = {0};
    must_be(cx, wanted, person_import(cx, &input, &result));
    return result;
}

static void
import(struct ctx *cx, const char *list)
{
    (void)import_as(cx, list, OK);
    fixture_next(cx);
}

/* The code of the person with an origin. */
static const char *
code_of(struct fixture *fixture, const char *origin)
{
    static char code[16];
    int64_t found = fixture_sql(fixture, "SELECT COUNT(*) FROM person WHERE origin = '%s'", origin);
    assert_int_equal(found, 1);
    struct ctx *cx = &fixture->cx;
    struct query *q = query_new(cx, Q_PERSON_BY_ORIGIN);
    bool is_there;
    query_text(q, "origin", origin);
    must(cx, query_one(q, &is_there));
    assert_true(is_there);
    snprintf(code, sizeof(code), "%s", query_peek_text(q, 2));
    must(cx, query_end(q));
    return code;
}

static int64_t
count(struct ctx *cx, const char *unit, const char *on, unsigned statuses, int32_t basis)
{
    struct person_count query = {fixture_unit(cx, unit), fixture_day(on), statuses, basis};
    int64_t out = -1;
    must(cx, person_count(cx, &query, &out));
    return out;
}

/* Lists */

static void
test_person__names_sort_by_given_family_and_middle_names(void **state)
{
    static const char *const wanted[] = {"Bùi An", "Bùi Văn An", "Nguyễn An", "Nguyễn Thị An",
        "Nguyễn Văn An", "Lê Ánh", "Đặng Ân", "Trần Bình", "Phan Dũng", "Phan Đào", "Đỗ Minh Anh"};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    import(cx,
        HEAD "1\tĐỗ Minh Anh\tMinh Anh\tbt.a.x.1\n"
             "2\tPhan Đào\t\tbt.a.x.1\n"
             "3\tNguyễn Văn An\t\tbt.a.x.1\n"
             "4\tĐặng Ân\t\tbt.a.x.1\n"
             "5\tNguyễn An\t\tbt.a.x.1\n"
             "6\tTrần Bình\t\tbt.a.x.1\n"
             "7\tLê Ánh\t\tbt.a.x.1\n"
             "8\tNguyễn  Thị\u00a0An\t\tbt.a.x.1\n"
             "9\tPhan Dũng\t\tbt.a.x.1\n"
             "10\tBùi An\t\tbt.a.x.1\n"
             "11\tBùi Văn An\t\tbt.a.x.1\n");
    struct person_query query = {fixture_unit(cx, "bt.a.x.1"), fixture_day("01/01/2026"), 0, 100};
    struct doc *list = doc_new(cx->arena, DOC_LIST);
    int total, i = 0;
    must(cx, person_list_doc(list, cx, &query, &total));
    assert_int_equal(total, COUNT_OF(wanted));
    for (const struct doc *row = list->first; row != NULL; row = row->next)
        assert_string_equal(doc_get(row, "name")->text, wanted[i++]);
    query.skip = 3;
    query.limit = 2;
    list = doc_new(cx->arena, DOC_LIST);
    must(cx, person_list_doc(list, cx, &query, &total));
    assert_int_equal(total, COUNT_OF(wanted));
    assert_string_equal(doc_get(list->first, "name")->text, wanted[3]);
    assert_ptr_equal(list->first->next, list->last);
    assert_int_equal(fixture_differences(cx), 0);
}

static void
test_person__a_given_name_is_whole_words_of_the_name(void **state)
{
    struct arena *arena = ((struct fixture *)*state)->cx.arena;
    const char *both = person_sort_key(arena, "Anh Lan An", "An");
    assert_string_equal(both, person_sort_key(arena, "Anh An Lan", "An"));
    assert_string_not_equal(both, person_sort_key(arena, "Lan An Anh", "An"));
    import_as(&((struct fixture *)*state)->cx, HEAD "1\tLê Lan Anh\tAn\tbt.a.x.1\n", ERR_INVALID);
    assert_true(fixture_said(&((struct fixture *)*state)->cx, "Tên “An” không nằm trong"));
}

/* Import */

static void
test_person__the_same_list_again_changes_nothing(void **state)
{
    static const char list[] = HEAD "1\tNguyễn Văn An\t\tbt.a.x.1\t2010-01-01\t\t\tBí thư\n"
                                    "2\tTrần Thị Đào\t\tbt.a.x.1\t2012-05-06\t31/12/2014\tdự bị\n"
                                    "2\t\t\tbt.b.z.1\t2015-01-01\t\tchinh_thuc\n"
                                    "3\tLê Bình\t\tkg.a.x\t\t\tngoai_dang\n";
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct person_import_result result = import_as(cx, list, OK);
    assert_int_equal(result.lines, 4);
    assert_int_equal(result.created, 3);
    fixture_next(cx);
    uint64_t before = fixture_digest(fixture);
    result = import_as(cx, list, OK);
    assert_int_equal(result.unchanged, 3);
    assert_int_equal(result.created + result.changed, 0);
    assert_true(before == fixture_digest(fixture));
    assert_int_equal(fixture_differences(cx), 0);
    result = import_as(cx,
        HEAD "3\tLê Thanh Bình\tThanh Bình\tkg.a.x\t\t2020-12-31\t\t\n"
             "1\tNguyễn Văn An\t\tbt.a.x.1\t2010-01-01\t\t\tBí thư\n",
        OK);
    assert_int_equal(result.changed, 1);
    assert_int_equal(result.unchanged, 1);
    fixture_next(cx);
    assert_int_equal(fixture_sql(fixture, "SELECT version FROM person WHERE origin = '3'"), 2);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM member WHERE status = "
                         "'ngoai_dang' AND to_day = %d",
                         fixture_day("31/12/2020")),
        1);
    assert_int_equal(count(cx, "kg", "31/12/2020", ALL, DAY_THEN), 1);
    assert_int_equal(count(cx, "kg", "01/01/2021", ALL, DAY_THEN), 0);
    assert_int_equal(fixture_differences(cx), 0);
}

struct bad_line {
    const char *list;
    int line, column;
    const char *said;
};

static void
test_person__bad_lists_change_nothing(void **state)
{
    static const struct bad_line lines[] = {
        {"origin\tname\n", 1, 1, "Thiếu cột “unit”"},
        {"name\tunit\n", 1, 1, "code"},
        {"name\tunit\n", 1, 1, "Cần một trong hai"},
        {"origin\tname\tunit\ttuoi\n", 1, 4, "không có cột “tuoi”"},
        {HEAD "1\t\t\tbt.a.x.1\n", 2, 2, "Họ và tên còn trống"},
        {HEAD "1\tLê An\tBình\tbt.a.x.1\n", 2, 3, "“Bình” không nằm trong"},
        {HEAD "1\tLê An\t\tbt.c\n", 2, 4, "“bt.c”"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t31/02/2020\n", 2, 5, "“31/02/2020”"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t2020-01-02\tmai\n", 2, 6, "“mai”"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t2020-01-02\t2020-01-01\n", 2, 6, "đứng trước ngày đầu"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t\t\tkhac\n", 2, 7, "“khac”"},
        {HEAD "\tLê An\t\tbt.a.x.1\n", 2, 1, "còn trống"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t2010-01-01\n1\t\t\tbt.b.z.1\t2012-01-01\n", 2, 0, "chồng lên"},
        {HEAD "1\tLê An\t\tbt.a.x.1\t2010-01-01\t2010-01-02\n"
              "1\t\t\tbt.b.z.1\t2010-01-01\t2010-01-02\n",
            3, 0, "dòng 2"},
        {"code\tname\tunit\nabc\tLê An\tbt.a.x.1\n", 2, 1, "“abc” không phải là mã"},
        {"code\tname\tunit\n000123456789\tLê An\tbt.a.x.1\n", 2, 1, "dùng cột origin"},
    };
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        uint64_t before = fixture_digest(fixture);
        import_as(cx, lines[i].list, ERR_INVALID);
        if (!fixture_said(cx, lines[i].said))
            fail_msg("“%s”, not “%s”", cx->faults.items[0].message, lines[i].said);
        assert_int_equal(cx->faults.items[0].line, lines[i].line);
        assert_int_equal(cx->faults.items[0].column, lines[i].column);
        assert_true(before == fixture_digest(fixture));
        fixture_next(cx);
    }
    import_as(cx, HEAD "1\t\t\tbt.a.x.1\tmai\n2\tLê An\t\tnobody\n", ERR_INVALID);
    assert_int_equal(cx->faults.count, 3); /* all at once */
}

static void
test_person__a_list_with_codes_brings_the_same_people(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    bool exists;
    const char *name;
    struct person *person;
    import(cx, HEAD "1\tLê An\t\tbt.a.x.1\n");
    const char *known = arena_printf(cx->arena, "code\tname\tunit\n%s\tLê Thị An\tbt.a.x.1\n",
        code_of(fixture, "1"));
    assert_int_equal(import_as(cx, known, OK).changed, 1);
    char *code = strdup(code_of(fixture, "1"));
    fixture_next(cx);
    must(cx, person_name(cx, code, &name));
    assert_string_equal(name, "Lê Thị An");
    code[11] = code[11] == '0' ? '1' : '0'; /* nobody's yet, of the same shard */
    must(cx, person_exists(cx, code, &exists));
    assert_false(exists);
    must_be(cx, ERR_NOT_FOUND, person_by_code(cx, code, &person));
    fixture_next(cx);
    import(cx, arena_printf(cx->arena, "code\tname\tunit\n%s\tLê Bình\tbt.a.x.1\n", code));
    must(cx, person_exists(cx, code, &exists));
    assert_true(exists);
    must_be(cx, ERR_NOT_FOUND, person_name(cx, "lime", &name));
    free(code);
}

/* Changes */

static void
test_person__every_change_is_a_version_and_an_audit_row(void **state)
{
    static const struct person_field name[] = {{"name", "Lê Thị Bình"}, {"post", "Phó bí thư"}};
    static const struct person_field bad[] = {{"name", ""}, {"status", "khac"}, {"to", "mai"}};
    static const struct person_field post = {"post", "Bí thư"};
    static const struct person_field unknown[] = {{"age", "50"}};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct person *person;
    import(cx, HEAD "1\tLê An\t\tbt.a.x.1\t2010-01-01\t\tdu_bi\n");
    char *code = strdup(code_of(fixture, "1"));
    must(cx, person_set(cx, code, name, COUNT_OF(name), "Ghi nhầm", &person));
    assert_string_equal(person->given, "Bình");
    assert_int_equal(person->version, 2);
    fixture_next(cx);
    must(cx, person_set(cx, code, name, COUNT_OF(name), NULL, &person)); /* says nothing new */
    assert_int_equal(person->version, 2);
    fixture_next(cx);
    must(cx, person_set(cx, code, &post, 1, NULL, &person));
    assert_int_equal(person->version, 3);
    fixture_next(cx);
    must_be(cx, ERR_INVALID, person_set(cx, code, bad, COUNT_OF(bad), NULL, &person));
    assert_int_equal(cx->faults.count, 3);
    fixture_next(cx);
    must_be(cx, ERR_INVALID, person_set(cx, code, unknown, 1, NULL, &person));
    fixture_next(cx);
    struct person_move move = {.day = fixture_day("01/07/2011"), .status = "chinh_thuc"};
    must(cx, person_move(cx, code, &move, &person));
    assert_int_equal(person->span_count, 2);
    assert_string_equal(person->spans[1].post, "Bí thư");
    fixture_next(cx);
    move = (struct person_move){.day = fixture_day("01/07/2015"), .unit = "kg.a.x", .post = ""};
    must(cx, person_move(cx, code, &move, &person));
    fixture_next(cx);
    must_be(cx, ERR_INVALID, person_move(cx, code, &move, &person)); /* not twice */
    fixture_next(cx);
    must(cx, person_end(cx, code, fixture_day("01/01/2020"), "Từ trần", &person));
    assert_int_equal(person->spans[2].to, fixture_day("31/12/2019"));
    fixture_next(cx);
    must_be(cx, ERR_INVALID, person_end(cx, code, fixture_day("01/01/2021"), NULL, &person));
    fixture_next(cx);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM person_history"), 6);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM audit a JOIN person p ON p.id = "
                         "a.subject AND p.shard = a.shard WHERE a.action LIKE "
                         "'person.%%' AND a.version BETWEEN 1 AND 6"),
        6);
    assert_int_equal(count(cx, "bt", "30/06/2011", 1U << PERSON_DU_BI, DAY_THEN), 1);
    assert_int_equal(count(cx, "bt", "01/07/2011", 1U << PERSON_DU_BI, DAY_THEN), 0);
    assert_int_equal(count(cx, "bt", "30/06/2015", 1U << PERSON_CHINH_THUC, DAY_THEN), 1);
    assert_int_equal(count(cx, "bt", "01/07/2015", ALL, DAY_THEN), 0);
    assert_int_equal(count(cx, "kg", "31/12/2019", ALL, DAY_THEN), 1);
    assert_int_equal(count(cx, "vn", "01/01/2020", ALL, DAY_THEN), 0);
    move =
        (struct person_move){.day = fixture_day("01/01/2024"), .unit = "bt.a.x.2"}; /* comes back */
    must(cx, person_move(cx, code, &move, &person));
    assert_int_equal(person->span_count, 4);
    assert_int_equal(fixture_differences(cx), 0);
    free(code);
}

static int64_t
read_count(struct fixture *fixture, const char *origin)
{
    return fixture_sql(fixture,
        "SELECT COUNT(*) FROM audit a JOIN person p ON p.id = a.subject AND p.shard = a.shard "
        "WHERE a.action = 'person.read' AND a.actor = 0 AND p.origin = '%s'",
        origin);
}

static void
test_person__every_reading_for_people_is_an_audit_row(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct doc *object = doc_new(cx->arena, DOC_OBJECT), *list = doc_new(cx->arena, DOC_LIST);
    struct person_query query = {.limit = 2, .day = fixture_day("01/01/2026")};
    int total;
    import(cx, HEAD "1\tLê An\t\tbt.a.x.1\n2\tLê Bình\t\tbt.a.x.1\n3\tLê Cúc\t\tbt.a.x.1\n");
    object = doc_new(cx->arena, DOC_OBJECT);
    list = doc_new(cx->arena, DOC_LIST);
    must(cx, person_doc(object, cx, code_of(fixture, "2")));
    query.unit = fixture_unit(cx, "bt.a.x.1");
    must(cx, person_list_doc(list, cx, &query, &total));
    assert_int_equal(read_count(fixture, "1"), 1);
    assert_int_equal(read_count(fixture, "2"), 2);
    assert_int_equal(read_count(fixture, "3"), 0); /* was not shown */
}

/* What cannot be noted is not read. */
static void
test_person__a_reading_that_cannot_be_noted_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    import(cx, HEAD "1\tLê An\t\tbt.a.x.1\n");
    struct doc *object = doc_new(cx->arena, DOC_OBJECT);
    const char *code = code_of(fixture, "1");
    fixture_sql(fixture, "DROP TABLE audit");
    assert_int_not_equal(person_doc(object, cx, code), OK);
    assert_ptr_equal(object->first, NULL);
}

/* Counting */

static void
change_unit(struct ctx *cx, enum unit_event_kind kind, const char *code, const char *other,
    const char *on)
{
    struct unit_event event = {.kind = kind, .day = fixture_day(on), .code = code, .other = other};
    must(cx, unit_change(cx, &event));
    fixture_next(cx);
}

static void
test_person__a_member_counts_where_the_units_place_is(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    import(cx,
        HEAD "1\tLê An\t\tbt.a.x.1\t2010-01-01\n2\tLê Bình\t\tbt.a.x.2\t2010-01-01\n"
             "3\tLê Cúc\t\tbt.b.z.1\t2010-01-01\n4\tLê Dung\t\tkg.a.x\t2010-01-01\n");
    change_unit(cx, UNIT_MERGE, "bt.a.x.1", "bt.a.x.2", "01/07/2020");
    change_unit(cx, UNIT_MOVE, "bt.a.x", "bt.b", "01/01/2021");
    change_unit(cx, UNIT_ABOLISH, "bt.b.z.1", NULL, "01/02/2022");
    change_unit(cx, UNIT_MOVE, "kg.a", "bt", "01/03/2023");
    assert_int_equal(count(cx, "bt.a.x.1", "30/06/2020", ALL, DAY_THEN), 1);
    assert_int_equal(count(cx, "bt.a.x.1", "01/07/2020", ALL, DAY_THEN), 0);
    assert_int_equal(count(cx, "bt.a.x.2", "01/07/2020", ALL, DAY_THEN), 2);
    assert_int_equal(count(cx, "bt.a.x.2", "30/06/2020", ALL, fixture_day("01/07/2020")), 2);
    assert_int_equal(count(cx, "bt.a", "31/12/2020", ALL, DAY_THEN), 2);
    assert_int_equal(count(cx, "bt.a", "01/01/2021", ALL, DAY_THEN), 0);
    assert_int_equal(count(cx, "bt.b", "01/01/2021", ALL, DAY_THEN), 3);
    assert_int_equal(count(cx, "bt.b.z", "01/02/2022", ALL, DAY_THEN), 1);
    assert_int_equal(count(cx, "bt", "01/03/2023", ALL, DAY_THEN), 4);
    assert_int_equal(count(cx, "kg", "01/03/2023", ALL, DAY_THEN), 0);
    assert_int_equal(count(cx, "kg", "01/03/2023", ALL, fixture_day("28/02/2023")), 1);
    struct person_query query = {fixture_unit(cx, "bt.a.x.2"), fixture_day("01/07/2020"), 0, 10};
    struct doc *list = doc_new(cx->arena, DOC_LIST);
    int total;
    must(cx, person_list_doc(list, cx, &query, &total));
    assert_int_equal(total, 2); /* as many as are counted */
    assert_int_equal(fixture_differences(cx), 0);
}

/* The slow way: every membership, and where its unit's place is. */
static int64_t
count_slowly(struct ctx *cx, const struct person_count *query)
{
    static const char *const keys[] = {"chinh_thuc", "du_bi", "ngoai_dang"};
    const struct tree *tree = cx->world->tree;
    int32_t basis = query->basis == DAY_THEN ? query->day : query->basis;
    int64_t sum = 0;
    for (int s = 0; s < tree->shard_count; s++) {
        struct query *q = query_new(cx, Q_MEMBER_ALL);
        query_int(q, "shard", tree->shards[s]);
        while (query_next(q)) {
            const struct unit *place = unit_place(tree_unit(tree, query_get_int(q, 2)), basis);
            bool is_there = query_get_int(q, 0) <= query->day && query->day <= query_get_int(q, 1);
            if (!is_there || place == NULL || !unit_inside(place, query->unit, basis))
                continue;
            for (int i = 0; i < 3; i++)
                sum +=
                    (query->statuses & 1U << i) != 0 && strcmp(query_peek_text(q, 3), keys[i]) == 0;
        }
        must(cx, query_end(q));
    }
    return sum;
}

static const char *const some_units[] = {"vn", "bt", "kg", "bt.a", "bt.b", "bt.a.x", "bt.a.y",
    "bt.b.z", "bt.a.x.1", "bt.a.x.2", "bt.b.z.1", "kg.a", "kg.a.x"};

static void
compare_counts(struct ctx *cx)
{
    static const int32_t bases[] = {DAY_THEN, 0, 1, 2};
    for (int i = 0; i < 400; i++) {
        struct person_count query = {.unit = fixture_unit(cx,
                                         some_units[(size_t)rand() % COUNT_OF(some_units)]),
            .day = fixture_day("01/01/2014") + rand() % 4500,
            .statuses = (unsigned)rand() % 8,
            .basis = bases[rand() % 4]};
        if (query.basis != DAY_THEN)
            query.basis = fixture_day("01/01/2014") + rand() % 4500;
        int64_t found;
        must(cx, person_count(cx, &query, &found));
        assert_int_equal(found, count_slowly(cx, &query));
    }
}

static void
test_person__the_count_is_that_of_every_membership(void **state)
{
    static const char *const statuses[] = {"chinh_thuc", "du_bi", "ngoai_dang"};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct buf list = buf_new(cx->arena);
    srand(5);
    buf_text(&list, HEAD);
    for (int i = 0; i < 300; i++) {
        int32_t from = fixture_day("01/01/2014") + rand() % 3000, to = from + rand() % 1500;
        bool goes_on = rand() % 3 == 0;
        buf_printf(&list, "%d\tNgười %d\t\t%s\t%s\t%s\t%s\n", i, i,
            some_units[1 + (size_t)rand() % (COUNT_OF(some_units) - 1)], date_iso(cx->arena, from),
            goes_on ? "" : date_iso(cx->arena, to), statuses[rand() % 3]);
        if (!goes_on && rand() % 2 == 0)
            buf_printf(&list, "%d\t\t\t%s\t%s\n", i, some_units[(size_t)rand() % 13],
                date_iso(cx->arena, to + 1 + rand() % 50));
    }
    char *text = strdup(buf_string(&list));
    import(cx, text);
    free(text);
    compare_counts(cx);
    change_unit(cx, UNIT_MERGE, "bt.a.x.1", "bt.b.z.1", "01/07/2016");
    change_unit(cx, UNIT_MOVE, "bt.b", "kg", "01/05/2018");
    change_unit(cx, UNIT_ABOLISH, "kg.a.x", NULL, "15/06/2019");
    change_unit(cx, UNIT_MOVE, "kg.a", "bt.a", "01/07/2020");
    compare_counts(cx);
    assert_int_equal(fixture_differences(cx), 0);
    int64_t sums = fixture_sql(fixture,
        "SELECT SUM(n * (grain + 1) * (bucket %% 97 + 1)) FROM "
        "headcount");
    must(cx, rebuild_all(cx));
    fixture_next(cx);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT SUM(n * (grain + 1) * (bucket %% 97 + 1)) FROM "
                         "headcount"),
        sums);
    compare_counts(cx);
}

/* The check */

static void
test_person__the_check_finds_what_was_changed_behind_its_back(void **state)
{
    static const struct {
        const char *sql, *kind;
    } damages[] = {
        {"UPDATE headcount SET n = n + 1 WHERE unit = 0 AND grain = 2", "headcount"},
        {"DELETE FROM headcount WHERE grain = 3 AND unit <> 0", "headcount"},
        {"UPDATE member SET post = 'x'", "person"},
        {"UPDATE member SET to_day = to_day - 1 WHERE to_day < 100000", "headcount"},
        {"UPDATE member SET from_day = 14000 WHERE from_day > 15000", "person"},
        {"UPDATE person SET name = 'Ai đó An'", "person"},
        {"UPDATE person SET sort_key = ''", "person"},
        {"UPDATE person SET version = 7", "person"},
        {"DELETE FROM person_history", "person"},
        {"DELETE FROM member", "person"},
        {"UPDATE member SET unit = 999", "person"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct ctx *cx = &fixture->cx;
        struct check_result result;
        bool found = false;
        import(cx,
            HEAD "1\tLê An\t\tbt.a.x.1\t2008-01-01\t2012-01-01\n"
                 "1\t\t\tbt.b.z.1\t2014-01-01\n");
        fixture_sql(fixture, "%s", damages[i].sql);
        fixture_next(cx);
        must(cx, check_all(cx, &result));
        for (int d = 0; d < result.count; d++)
            found = found || strcmp(result.differences[d].kind, damages[i].kind) == 0;
        if (!found)
            fail_msg("not found: %s", damages[i].sql);
        fixture_free(fixture);
        *state = fixture = fixture_new(NULL);
    }
}

/* A few rows for each year, month and day after the one that is asked, however many people. */
static void
test_person__a_count_of_everybody_reads_few_rows(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct buf list = buf_new(cx->arena);
    buf_text(&list, HEAD);
    for (int i = 0; i < 3000; i++)
        buf_printf(&list, "%d\tNgười %d\t\tbt.a.x.%d\t%s\n", i, i, 1 + i % 2,
            date_iso(cx->arena, fixture_day("01/01/1980") + i * 5));
    char *text = strdup(buf_string(&list));
    import(cx, text);
    free(text);
    int64_t rows = fixture_sql(fixture,
        "SELECT COUNT(*) FROM headcount WHERE unit = 0 AND (grain = 0 OR grain = 1 AND bucket >= "
        "%d OR grain = 2 AND bucket >= %d AND bucket < %d OR grain = 3 AND bucket > %d AND bucket "
        "< %d)",
        fixture_day("01/01/2016"), fixture_day("01/07/2015"), fixture_day("01/01/2016"),
        fixture_day("15/06/2015"), fixture_day("01/07/2015"));
    assert_true(rows < 60);
    assert_int_equal(count(cx, "vn", "15/06/2015", ALL, DAY_THEN),
        (fixture_day("15/06/2015") - fixture_day("01/01/1980")) / 5 + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(test_person__##name, fixture_setup, fixture_teardown)
        TEST(names_sort_by_given_family_and_middle_names),
        TEST(a_given_name_is_whole_words_of_the_name),
        TEST(the_same_list_again_changes_nothing),
        TEST(bad_lists_change_nothing),
        TEST(a_list_with_codes_brings_the_same_people),
        TEST(every_change_is_a_version_and_an_audit_row),
        TEST(every_reading_for_people_is_an_audit_row),
        TEST(a_reading_that_cannot_be_noted_is_refused),
        TEST(a_member_counts_where_the_units_place_is),
        TEST(the_count_is_that_of_every_membership),
        TEST(the_check_finds_what_was_changed_behind_its_back),
        TEST(a_count_of_everybody_reads_few_rows),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
