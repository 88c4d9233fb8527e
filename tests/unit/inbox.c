/* What waits for somebody: tasks that name a unit, for who works there. */
#include "domain/inbox.h"

#include "domain/account.h"
#include "domain/form.h"
#include "domain/unit.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
set(struct ctx *cx, const struct reg *reg, struct row *fields, const char *const (*values)[2])
{
    for (; (*values)[0] != NULL; values++)
        fixture_set(cx, reg, fields, (*values)[0], (*values)[1]);
}

static struct record *
make(struct ctx *cx, const char *reg_key, const char *unit, const char *state, struct row *fields)
{
    struct record_new wanted = {.reg = fixture_reg(cx, reg_key),
        .unit = fixture_unit(cx, unit),
        .fields = fields,
        .state = state};
    struct record *record = NULL;
    must(cx, record_create(cx, &wanted, &record));
    return record;
}

/* A task of a unit that another one leads, by a document of its own. */
static const char *
task(struct ctx *cx, const char *unit, const char *leads, const char *helps, const char *due)
{
    static const char *const said[][2] = {{"vai_tro", "ban_hanh"}, {"loai", "kh"},
        {"so_ky_hieu", "01-KH/TU"}, {"ngay", "01/02/2026"}, {"co_quan", "Tỉnh ủy"},
        {"trich_yeu", "thực hiện"}, {NULL, NULL}};
    const struct reg *documents = fixture_reg(cx, "van_ban"), *reg = fixture_reg(cx, "nhiem_vu");
    struct row fields = row_new(cx->arena, documents->fields, documents->field_count);
    set(cx, documents, &fields, said);
    const struct record *document = make(cx, "van_ban", unit, "duyet", &fields);
    const char *const asked[][2] = {{"ten", "Xây dựng mô hình"}, {"van_ban", document->code},
        {"chu_tri", leads}, {"ngay_giao", "01/03/2026"}, {"han", due}, {NULL, NULL}};
    fields = row_new(cx->arena, reg->fields, reg->field_count);
    set(cx, reg, &fields, asked);
    if (helps != NULL) {
        const struct field *list = reg_field(reg, "phoi_hop");
        fixture_set_row(cx, list, fixture_add_row(cx, reg, &fields, "phoi_hop"), "don_vi", helps);
    }
    return strdup(make(cx, "nhiem_vu", unit, "giao", &fields)->code);
}

static int64_t
worker(struct ctx *cx, const char *login, const char *role, const char *unit)
{
    struct account_new wanted = {.login = login,
        .label = "Cán bộ",
        .password = "bốn con thuyền giấy"};
    struct account_grant grant = {role, fixture_unit(cx, unit), DAY_MIN, DAY_MAX};
    struct account *account;
    must(cx, account_create(cx, &wanted, &account));
    must(cx, account_add_grant(cx, account, &grant));
    int64_t id = account->id;
    fixture_next(cx);
    return id;
}

/* What the account has to do: codes in order, with a blank between. */
static const char *
assigned_to(struct ctx *cx, int64_t account)
{
    static char codes[200];
    struct assigned *assigned;
    int count;
    fixture_next(cx);
    must(cx, viewer_load(cx, account, &cx->viewer));
    must(cx, inbox_assigned(cx, &assigned, &count));
    codes[0] = '\0';
    for (int i = 0; i < count; i++)
        snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), "%s%s", i > 0 ? " " : "",
            assigned[i].record->code);
    cx->viewer = NULL;
    return codes;
}

static void
move(struct ctx *cx, int64_t account, const char *code, const char *verb)
{
    struct record *record;
    fixture_next(cx);
    cx->viewer = NULL;
    if (account != 0)
        must(cx, viewer_load(cx, account, &cx->viewer));
    must(cx, record_load(cx, code, &record));
    struct record_change change = {.verb = verb, .version = record->version, .reason = "Chưa đủ"};
    must(cx, record_move(cx, code, &change, &record));
    cx->viewer = NULL;
}

static void
test_inbox__a_named_unit_has_a_task_until_it_has_reported(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *code = task(cx, "bt", "bt.a", NULL, "30/06/2026");
    int64_t does = worker(cx, "huyen", "don_vi", "bt.a");
    assert_string_equal(assigned_to(cx, does), code);
    move(cx, does, code, "thuc_hien");
    assert_string_equal(assigned_to(cx, does), code);
    move(cx, does, code, "bao_cao");
    assert_string_equal(assigned_to(cx, does), "");
    move(cx, 0, code, "tra_lai");
    assert_string_equal(assigned_to(cx, does), code);
    free((char *)code);
}

static void
test_inbox__what_is_due_first_comes_first_from_every_level_above(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *late = task(cx, "vn", "bt.a", NULL, "31/12/2026");
    const char *soon = task(cx, "bt", "bt.b", "bt.a", "20/06/2026");
    const char *other = task(cx, "bt", "bt.b", NULL, "20/06/2026");
    int64_t does = worker(cx, "huyen", "don_vi", "bt.a");
    int64_t decides = worker(cx, "huyen_uy", "cap_uy", "bt.a");
    int64_t below = worker(cx, "xa", "don_vi", "bt.a.x");
    char both[60];
    snprintf(both, sizeof(both), "%s %s", soon, late);
    assert_string_equal(assigned_to(cx, does), both);
    assert_string_equal(assigned_to(cx, decides), both);
    assert_string_equal(assigned_to(cx, below), "");
    free((char *)late);
    free((char *)soon);
    free((char *)other);
}

static void
test_inbox__who_takes_a_units_place_takes_its_tasks(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *code = task(cx, "bt.a", "bt.a.y", NULL, "30/06/2026");
    int64_t does = worker(cx, "xa", "don_vi", "bt.a.x");
    struct unit_event merge = {.kind = UNIT_MERGE,
        .code = "bt.a.y",
        .other = "bt.a.x",
        .day = fixture_day("01/06/2026")};
    assert_string_equal(assigned_to(cx, does), "");
    cx->viewer = NULL;
    must(cx, unit_change(cx, &merge));
    assert_string_equal(assigned_to(cx, does), code);
    free((char *)code);
}

/* An import that is not published, or was broken off, is nobody's task and hides none. */
static void
test_inbox__what_is_being_imported_waits_for_nobody(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const char *other = task(cx, "bt", "bt.a", NULL, "20/06/2026");
    const char *code = task(cx, "bt", "bt.a", NULL, "30/06/2026");
    int64_t does = worker(cx, "huyen", "don_vi", "bt.a");
    fixture_sql(fixture,
        "INSERT INTO batch (id, register, file, digest, records, state, at, actor) VALUES "
        "(7, 'nhiem_vu', 'x.tsv', '', 1, 'loading', 0, 0)");
    fixture_sql(fixture, "UPDATE record SET batch = 7 WHERE code = '%s'", other);
    assert_string_equal(assigned_to(cx, does), code);
    free((char *)other);
    free((char *)code);
}

/* The limit leaves out what is due last, however new it is. */
static void
test_inbox__what_is_due_first_is_never_left_out(void **state)
{
    struct ctx *cx = &((struct fixture *)*state)->cx;
    const char *first = task(cx, "bt", "bt.a", NULL, "10/06/2026");
    struct assigned *assigned;
    int count;
    for (int i = 0; i < INBOX_MAX; i++)
        free((char *)task(cx, "bt", "bt.a", NULL, "30/06/2026"));
    int64_t does = worker(cx, "huyen", "don_vi", "bt.a");
    fixture_next(cx);
    must(cx, viewer_load(cx, does, &cx->viewer));
    must(cx, inbox_assigned(cx, &assigned, &count));
    assert_int_equal(count, INBOX_MAX);
    assert_string_equal(assigned[0].record->code, first);
    free((char *)first);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inbox__a_named_unit_has_a_task_until_it_has_reported,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_inbox__what_is_due_first_comes_first_from_every_level_above, fixture_setup,
            fixture_teardown),
        cmocka_unit_test_setup_teardown(test_inbox__who_takes_a_units_place_takes_its_tasks,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_inbox__what_is_being_imported_waits_for_nobody,
            fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_inbox__what_is_due_first_is_never_left_out,
            fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
