/* The parts of the web that need no page: routes, charts, definitions in words, where the server
 * may listen, and the folding beside it. */
#include "web/web.h"

#include "base/date.h"
#include "database.h"
#include "domain/account.h"
#include "domain/demo.h"
#include "domain/figure.h"
#include "domain/install.h"
#include "domain/maintain.h"
#include "domain/record.h"
#include "store/store.h"
#include "web/chart.h"
#include "web/routes.h"
#include "web/words.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct data {
    struct ctx cx;
    struct database *database;
};

static void
ok(struct ctx *cx, enum status status)
{
    for (int i = 0; status != OK && i < cx->faults.count; i++)
        print_error("fault: %s\n", cx->faults.items[i].message);
    assert_int_equal(status, OK);
}

static void
open_data(struct ctx *cx, const char *where)
{
    struct store_options options = {.where = where, .create = true, .volatile_ = true};
    *cx = (struct ctx){.arena = arena_new(), .worlds = worlds_new(), .now = INT64_C(1780000000000)};
    ok(cx, store_open(cx, &options, &cx->store));
}

static void
close_data(struct ctx *cx)
{
    world_end(cx);
    store_close(cx->store);
    worlds_free(cx->worlds);
    arena_free(cx->arena);
}

static void
load_demo(const char *where)
{
    struct ctx cx;
    struct install_result result;
    int count, steps;
    open_data(&cx, where);
    const struct pack_file *files = pack_builtin(cx.arena, &count);
    ok(&cx, store_migrate(&cx, &steps));
    ok(&cx, pack_install(&cx, files, count, &result));
    ok(&cx, world_begin(&cx));
    ok(&cx, demo_load(&cx));
    close_data(&cx);
}

static struct data *
data_new(void)
{
    struct data *data = calloc(1, sizeof(*data));
    assert_non_null(data);
    assert_true(sodium_init() >= 0);
    data->database = database_new(load_demo);
    open_data(&data->cx, database_where(data->database));
    ok(&data->cx, world_begin(&data->cx));
    return data;
}

static void
data_free(struct data *data)
{
    close_data(&data->cx);
    database_free(data->database);
    free(data);
}

/* Routes */

static void
test_web__routes_are_found_by_method_and_path(void **state)
{
    static const struct {
        const char *method, *path, *first, *second, *allow;
        page_handler *handler;
    } cases[] = {
        {"GET", "/", NULL, NULL, NULL, home_show},
        {"HEAD", "/", NULL, NULL, NULL, home_show},
        {"GET", "/dv/bt.tp", "bt.tp", NULL, NULL, unit_page_show},
        {"GET", "/bao_cao/ktgs.docx", "ktgs", NULL, NULL, report_page_docx},
        {"GET", "/bao_cao/ktgs", "ktgs", NULL, NULL, report_page_show},
        {"POST", "/hs/abc/huy", "abc", NULL, NULL, record_page_void},
        {"POST", "/hs/abc/ket_luan", "abc", "ket_luan", NULL, record_page_move},
        {"GET", "/hs/abc/ket_luan", NULL, NULL, "POST", NULL},
        {"POST", "/dv/bt", NULL, NULL, "GET, HEAD", NULL},
        {"GET", "/dv/", NULL, NULL, NULL, NULL},
        {"GET", "/dv", NULL, NULL, NULL, NULL},
        {"GET", "/dv/a/b", NULL, NULL, NULL, NULL},
        {"GET", "//", NULL, NULL, NULL, NULL},
        {"GET", "", NULL, NULL, NULL, NULL},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *argument[PATH_PARTS] = {NULL, NULL}, *allow;
        const struct route *route =
            route_find(arena, cases[i].method, cases[i].path, argument, &allow);
        if ((route == NULL ? NULL : route->handler) != cases[i].handler)
            fail_msg("%s %s leads elsewhere", cases[i].method, cases[i].path);
        if (cases[i].first != NULL)
            assert_string_equal(argument[0], cases[i].first);
        if (cases[i].second != NULL)
            assert_string_equal(argument[1], cases[i].second);
        if (route == NULL && cases[i].allow != NULL)
            assert_string_equal(allow, cases[i].allow);
        else if (route == NULL)
            assert_null(allow);
    }
    arena_free(arena);
}

/* Whoever adds a route for everybody says so here too. */
static void
test_web__few_routes_are_for_everybody(void **state)
{
    static const char *const open[] = {"GET /dang_nhap", "POST /dang_nhap", "POST /dang_nhap/ma",
        "POST /dang_nhap/thiet_lap", "GET /moi/*", "POST /moi/*", "GET /ket_qua",
        "GET /he_thong/mau", "POST /he_thong/mau", "POST /he_thong/co_chu",
        "POST /he_thong/ngon_ngu", "GET /assets/*"};
    size_t count = 0;
    (void)state;
    for (int i = 0; i < routes_count; i++) {
        char name[100];
        bool is_known = routes[i].right >= RIGHT_SIGNED_IN;
        snprintf(name, sizeof(name), "%s %s", routes[i].method, routes[i].path);
        count += !is_known;
        for (size_t n = 0; n < COUNT_OF(open); n++)
            is_known = is_known || strcmp(name, open[n]) == 0;
        if (!is_known)
            fail_msg("%s is open to everybody", name);
    }
    assert_int_equal(count, COUNT_OF(open));
}

static void
test_web__what_hashes_a_password_waits_in_a_lane_of_its_own(void **state)
{
    static const struct {
        const char *method, *path;
        bool is_slow;
    } cases[] = {
        {"POST", "/dang_nhap", true},
        {"POST", "/dang_nhap.json", true},
        {"POST", "/moi/abc", true},
        {"POST", "/tai_khoan/mat_khau", true},
        {"POST", "/tai_khoan/ma_du_phong", true},
        {"POST", "/tai_khoan/bo_ung_dung", true},
        {"GET", "/dang_nhap", false},
        {"GET", "/", false},
        {"POST", "/dang_xuat", false},
        {"POST", "/khong_co", false},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct request request = {.arena = arena, .method = cases[i].method, .path = cases[i].path};
        if (app_is_slow(NULL, &request) != cases[i].is_slow)
            fail_msg("%s %s is in the wrong lane", cases[i].method, cases[i].path);
    }
    arena_free(arena);
}

/* Charts */

static int
count_of(const char *text, const char *part)
{
    int count = 0;
    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

static void
test_web__charts_escape_and_keep_every_bar(void **state)
{
    static const struct chart_point points[] = {{"<b>", "&", {3}, false},
        {"two", NULL, {-7}, false}, {"none", NULL, {0}, false}};
    struct arena *arena = arena_new();
    struct buf out = buf_new(arena);
    struct chart chart = {.title = "\"<script>",
        .description = "a & b",
        .mark = "MÔ PHỎNG",
        .points = points,
        .series_count = 1,
        .count = COUNT_OF(points)};
    (void)state;
    chart_svg(&out, &chart);
    assert_null(strstr(out.bytes, "<script>"));
    assert_null(strstr(out.bytes, "<b>"));
    assert_non_null(strstr(out.bytes, "&lt;script&gt;"));
    assert_non_null(strstr(out.bytes, "MÔ PHỎNG"));
    assert_int_equal(count_of(out.bytes, "<rect"), COUNT_OF(points));
    assert_int_equal(count_of(out.bytes, "class=\"axis\""), 1);
    assert_non_null(strstr(out.bytes, ">-7<"));
    assert_null(strstr(out.bytes, "style="));
    arena_free(arena);
}

/* Whatever the values, no bar leaves the drawing and the lines are few. */
static void
test_web__charts_hold_the_largest_numbers(void **state)
{
    static const struct chart_point extremes[][2] = {
        {{"a", NULL, {INT64_MAX}, false}, {"b", NULL, {1}, false}},
        {{"a", NULL, {INT64_MIN}, false}, {"b", NULL, {INT64_MAX}, false}},
        {{"a", NULL, {0}, false}, {"b", NULL, {0}, false}},
        {{"a", NULL, {4}, false}, {"b", NULL, {8}, false}},
    };
    struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(extremes); i++) {
        struct chart chart = {.title = "",
            .description = "",
            .points = extremes[i],
            .count = 2,
            .series_count = 1};
        for (chart.kind = CHART_BAR; chart.kind <= CHART_LINE; chart.kind++) {
            struct buf out = buf_new(arena);
            chart_svg(&out, &chart);
            assert_null(strstr(out.bytes, "\"-"));
            assert_null(strstr(out.bytes, "\"M-"));
            assert_true(count_of(out.bytes, "class=\"grid\"") <= 10);
            assert_true(count_of(out.bytes, "class=\"grid\"") >= 1);
        }
    }
    arena_free(arena);
}

/* A number of an attribute after the first place of a text, in tenths. */
static int
tenths_after(const char *svg, const char *place, const char *name)
{
    int whole, tenth;
    const char *at = strstr(strstr(svg, place), name);
    assert_non_null(at);
    assert_int_equal(sscanf(at + strlen(name), "=\"%d.%d\"", &whole, &tenth), 2);
    return whole * 10 + tenth;
}

static void
test_web__a_line_breaks_where_nothing_is_known(void **state)
{
    static const struct chart_point points[] = {{"a", NULL, {1}, false}, {"b", NULL, {2}, false},
        {"c", NULL, {0}, true}, {"d", NULL, {3}, false}};
    struct arena *arena = arena_new();
    struct buf out = buf_new(arena);
    struct chart chart = {.kind = CHART_LINE,
        .missing = "chưa có",
        .title = "t",
        .description = "d",
        .points = points,
        .count = 4,
        .series_count = 1};
    (void)state;
    chart_svg(&out, &chart);
    const char *path = strstr(out.bytes, " d=\"M");
    assert_non_null(path);
    char *line = arena_strndup(arena, path, strcspn(path, "/"));
    assert_int_equal(count_of(line, "M"), 2);
    assert_int_equal(count_of(line, "L"), 1);
    assert_int_equal(count_of(out.bytes, "<circle"), 3);
    assert_int_equal(count_of(out.bytes, "class=\"missing\""), 1);
    assert_non_null(strstr(out.bytes, "<title>c: chưa có</title>"));
    arena_free(arena);
}

static void
test_web__rows_stack_their_parts(void **state)
{
    static const struct chart_point points[] = {{"Phường <1>", NULL, {30, 10}, false},
        {"Phường 2", NULL, {0, 20}, false}, {"Phường 3", NULL, {0, 0}, true},
        {"Đảng bộ cơ sở có một cái tên dài hơn chỗ dành cho nó", NULL, {INT64_MAX, 1}, false}};
    struct arena *arena = arena_new();
    struct buf out = buf_new(arena);
    struct chart chart = {.kind = CHART_STACKED,
        .missing = "chưa có",
        .title = "t",
        .description = "d",
        .mark = "DỮ LIỆU MÔ PHỎNG",
        .points = points,
        .count = 3,
        .series = {"Theo hồ sơ", "Theo kê khai"},
        .series_count = 2};
    (void)state;
    chart_svg(&out, &chart);
    int first = tenths_after(out.bytes, "Phường &lt;1&gt;: 40</title>", " width");
    int second = tenths_after(out.bytes, "Phường 2: 20</title>", " width");
    assert_in_range(first, second * 3 / 2 - 2, second * 3 / 2 + 2);
    assert_int_equal(count_of(out.bytes, "class=\"part part-2\""), 3); /* one is the legend's */
    assert_int_equal(count_of(out.bytes, "chưa có"), 2);
    assert_non_null(strstr(out.bytes, "DỮ LIỆU MÔ PHỎNG"));
    chart.points = &points[3];
    chart.count = 1;
    out = buf_new(arena);
    chart_svg(&out, &chart);
    assert_non_null(strstr(out.bytes, ">Đảng bộ cơ sở có một cái tên dài hơn …<"));
    assert_null(strstr(out.bytes, "\"-"));
    arena_free(arena);
}

static void
test_web__progress_shows_the_share(void **state)
{
    static const struct chart_point points[] = {{"Đã triển khai", NULL, {79, 80}, false},
        {"Quá", NULL, {9, 8}, false}};
    struct arena *arena = arena_new();
    struct buf out = buf_new(arena);
    struct chart chart = {.kind = CHART_PROGRESS,
        .title = "t",
        .description = "d",
        .points = points,
        .count = 2};
    (void)state;
    chart_svg(&out, &chart);
    int whole = tenths_after(out.bytes, "class=\"whole\"", " width");
    int part = tenths_after(out.bytes, "class=\"part part-1\"", " width");
    assert_in_range(part, whole * 79 / 80 - 1, whole * 79 / 80 + 1);
    assert_non_null(strstr(out.bytes, "<title>Đã triển khai: 98,8% (79/80)</title>"));
    assert_int_equal(tenths_after(strstr(out.bytes, "Quá:"), "part-1", " width"), whole);
    arena_free(arena);
}

/* Words */

static void
test_web__definitions_are_told_in_words(void **state)
{
    struct data *data = data_new();
    struct ctx *cx = &data->cx;
    const struct indicator *sum = model_indicator(cx->world->model, "kt_dhvp_tcd");
    const struct indicator *count = model_indicator(cx->world->model, "kl_quyet_dinh");
    (void)state;
    assert_string_equal(words_counted(cx, sum),
        "cộng “Số lượng” ở từng dòng “Đối tượng” của các hồ sơ");
    assert_string_equal(words_condition(cx, sum->where),
        "Loại là Kiểm tra khi có dấu hiệu vi phạm; và Đối tượng – Kiểu là Tổ chức đảng");
    assert_string_equal(words_states(cx, sum),
        "Đã kết luận, Theo dõi khắc phục, Đã duyệt (giám sát thường xuyên), Đã lưu hồ sơ");
    assert_string_equal(words_counted(cx, count), "đếm số hồ sơ");
    assert_string_equal(words_condition(cx, count->where), "");
    data_free(data);
}

static const char *
told(struct ctx *cx, const char *text)
{
    const struct expr *expr;
    const struct field *list;
    ok(cx,
        expr_parse(cx, model_register(cx->world->model, "ktgs"), text, (struct place){0}, &expr,
            &list));
    return words_condition(cx, expr);
}

static void
test_web__every_kind_of_condition_has_words(void **state)
{
    struct data *data = data_new();
    struct ctx *cx = &data->cx;
    (void)state;
    assert_string_equal(told(cx, "loai in ('giam_sat_chuyen_de', 'kiem_diem_sau')"),
        "Loại là một trong: Giám sát chuyên đề, Kiểm điểm sâu");
    assert_string_equal(told(cx, "ngay_bat_dau >= '2019-06-30' or not trong_chuong_trinh"),
        "(Ngày bắt đầu ≥ 30/06/2019 hoặc không phải (Trong chương trình năm))");
    assert_string_equal(told(cx, "so_kien_nghi * 2 + 1 <> 1400"),
        "((Số kiến nghị × 2) + 1) khác 1.400");
    assert_string_equal(told(cx, "noi_dung is null and so_quyet_dinh is not null"),
        "Nội dung còn trống; và Số quyết định đã ghi");
    assert_string_equal(told(cx, "so_quyet_dinh = 'a' and trong_chuong_trinh = true"),
        "Số quyết định là “a”; và Trong chương trình năm là có");
    data_free(data);
}

/* Listening */

static void
refuse(struct data *data, const char *listen, enum status wanted, const char *text)
{
    struct ctx cx = {.arena = data->cx.arena};
    struct web *web;
    struct web_options options = {.listen = listen};
    enum status status = web_start(&cx, data->cx.store, data->cx.worlds, &options, &web);
    if (status != wanted || strstr(cx.faults.items[0].message, text) == NULL)
        fail_msg("%s: status %d: %s", listen, (int)status,
            cx.faults.count > 0 ? cx.faults.items[0].message : "");
}

/* Everything that is missing is told, and nothing else. */
static void
refuse_public(struct data *data, const struct web_options *options, const char *const *missing)
{
    struct ctx cx = {.arena = data->cx.arena};
    struct web *web;
    int count = 0;
    assert_int_equal(web_start(&cx, data->cx.store, data->cx.worlds, options, &web), ERR_FORBIDDEN);
    for (; missing[count] != NULL; count++) {
        if (count >= cx.faults.count ||
            strstr(cx.faults.items[count].message, missing[count]) == NULL)
            fail_msg("%s: not told: %s", options->listen, missing[count]);
    }
    assert_int_equal(cx.faults.count, count);
}

/* Where others could come, also through a proxy, there are accounts, TLS and a name. */
static void
test_web__others_are_let_in_only_with_accounts_and_tls(void **state)
{
    static const char account[] = "chưa có tài khoản", tls[] = "chưa có TLS",
                      site[] = "chithi set site";
    static const char *const bare[] = {account, tls, site, NULL};
    static const char *const proxied[] = {account, site, NULL};
    static const char *const with_account[] = {tls, site, NULL};
    static const char *const with_site[] = {tls, NULL};
    struct data *data = data_new();
    struct account_new wanted = {.login = "an", .label = "Nguyễn Văn An"};
    struct account *made;
    (void)state;
    refuse_public(data, &(struct web_options){.listen = "0.0.0.0:0"}, bare);
    refuse_public(data, &(struct web_options){.listen = "192.168.1.1:8080"}, bare);
    refuse_public(data, &(struct web_options){.listen = "[::]:0"}, bare);
    refuse_public(data, &(struct web_options){.listen = "chithi.example:80"}, bare);
    refuse_public(data, &(struct web_options){.listen = "127.0.0.1:0", .proxy = "127.0.0.1"},
        proxied);
    ok(&data->cx, account_create(&data->cx, &wanted, &made));
    refuse_public(data, &(struct web_options){.listen = "0.0.0.0:0"}, with_account);
    ok(&data->cx, setting_set(&data->cx, "site", "https://chithi.example.vn"));
    refuse_public(data, &(struct web_options){.listen = "0.0.0.0:0"}, with_site);
    data_free(data);
}

static void
test_web__site_is_an_origin(void **state)
{
    static const char *const wrong[] = {"", "chithi.example.vn", "http://chithi.example.vn",
        "https://", "https://chithi.example.vn/", "https://chithi.example.vn:", "https://A.vn",
        "https://a.vn:8443x", "https://a@b.vn"};
    struct data *data = data_new();
    struct ctx *cx = &data->cx;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(setting_set(cx, "site", wrong[i]), ERR_INVALID);
    fault_forget(cx, 0);
    ok(cx, setting_set(cx, "site", "https://chithi.example.vn:8443"));
    ok(cx, world_renew(cx));
    assert_string_equal(cx->world->site, "https://chithi.example.vn:8443");
    ok(cx, setting_set(cx, "site", "none"));
    ok(cx, world_renew(cx));
    assert_null(cx->world->site);
    data_free(data);
}

static void
test_web__address_is_looked_at(void **state)
{
    struct data *data = data_new();
    (void)state;
    refuse(data, "8080", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.0.0.1", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.0.0.1:", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.0.0.1:65536", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.0.0.1:80x", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.0.0.1:-1", ERR_INVALID, "127.0.0.1:8080");
    refuse(data, "127.x:0", ERR_STORE, "không phải địa chỉ");
    data_free(data);
}

static void
test_web__starts_and_stops_at_once(void **state)
{
    static const char *const addresses[] = {"127.0.0.1:0", "localhost:0", "127.1.2.3:0"};
    struct data *data = data_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        struct web *web = NULL;
        struct web_options options = {.listen = addresses[i]};
        ok(&data->cx, web_start(&data->cx, data->cx.store, data->cx.worlds, &options, &web));
        assert_true(web_port(web) > 0);
        web_stop(web);
    }
    data_free(data);
}

/* Folding */

static int64_t
waiting(struct data *data)
{
    bool found;
    struct ctx *cx = &data->cx;
    ok(cx, world_begin(cx));
    struct query *q = query_new(cx, Q_DELTA_COUNT);
    ok(cx, query_one(q, &found));
    int64_t count = query_get_int(q, 0);
    ok(cx, query_end(q));
    world_end(cx);
    return count;
}

/* Void a record that counts, so that deltas wait. */
static void
leave_deltas(struct data *data)
{
    struct ctx *cx = &data->cx;
    struct record_change change = {.reason = "thử"};
    struct record *record;
    struct figure_record *rows;
    struct figure_query query = {.indicator = model_indicator(cx->world->model, "kt_tcd"),
        .unit = cx->world->tree->root,
        .from = 0,
        .to = DAY_MAX,
        .basis = DAY_THEN};
    int count;
    bool more;
    ok(cx, figure_records(cx, &query, 0, 1, &rows, &count, &more));
    assert_int_equal(count, 1);
    ok(cx, record_void(cx, rows[0].code, &change, &record));
    world_end(cx);
}

/* Another process takes the lease for a second; *taken is 0 when it cannot. */
static enum status
lend(struct ctx *cx, void *taken)
{
    struct query *q = query_new(cx, Q_LEASE_TAKE);
    query_text(q, "name", "fold");
    query_text(q, "holder", "another");
    query_int(q, "now", cx->now);
    query_int(q, "until", cx->now + 1000);
    return query_run(q, taken);
}

static void
test_web__deltas_are_folded_unless_another_process_does(void **state)
{
    struct data *data = data_new();
    struct ctx *cx = &data->cx;
    int64_t taken;
    bool more;
    (void)state;
    leave_deltas(data);
    assert_true(waiting(data) > 0);
    ok(cx, store_write(cx, lend, &taken));
    assert_int_equal(taken, 1);
    ok(cx, maintain_round(cx, &more));
    assert_true(waiting(data) > 0);
    cx->now += 2000; /* the lease has ended */
    ok(cx, maintain_round(cx, &more));
    assert_false(more);
    assert_int_equal(waiting(data), 0);
    data_free(data);
}

/* A round that finds nothing to fold takes no lease: an idle server leaves the disk alone. */
static void
test_web__an_idle_round_writes_nothing(void **state)
{
    struct data *data = data_new();
    struct ctx *cx = &data->cx;
    int64_t taken;
    bool more;
    (void)state;
    world_end(cx);
    ok(cx, maintain_round(cx, &more));
    ok(cx, store_write(cx, lend, &taken));
    assert_int_equal(taken, 1);
    data_free(data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_web__routes_are_found_by_method_and_path),
        cmocka_unit_test(test_web__few_routes_are_for_everybody),
        cmocka_unit_test(test_web__what_hashes_a_password_waits_in_a_lane_of_its_own),
        cmocka_unit_test(test_web__charts_escape_and_keep_every_bar),
        cmocka_unit_test(test_web__charts_hold_the_largest_numbers),
        cmocka_unit_test(test_web__a_line_breaks_where_nothing_is_known),
        cmocka_unit_test(test_web__rows_stack_their_parts),
        cmocka_unit_test(test_web__progress_shows_the_share),
        cmocka_unit_test(test_web__definitions_are_told_in_words),
        cmocka_unit_test(test_web__every_kind_of_condition_has_words),
        cmocka_unit_test(test_web__others_are_let_in_only_with_accounts_and_tls),
        cmocka_unit_test(test_web__site_is_an_origin),
        cmocka_unit_test(test_web__address_is_looked_at),
        cmocka_unit_test(test_web__starts_and_stops_at_once),
        cmocka_unit_test(test_web__deltas_are_folded_unless_another_process_does),
        cmocka_unit_test(test_web__an_idle_round_writes_nothing),
    };
    return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
