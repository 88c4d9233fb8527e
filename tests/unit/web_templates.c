/* Every template with every handler's document: nothing that a template asks for is missing, raw
 * values are those of html/RAW, and a figure whose parts do not add up says so. */
#include "web/page.h"

#include "base/embed.h"
#include "database.h"
#include "domain/account.h"
#include "domain/demo.h"
#include "domain/install.h"
#include "domain/record.h"
#include "domain/secret.h"
#include "domain/session.h"
#include "store/store.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct site {
    struct ctx cx;
    struct database *database;
    struct arena *arena; /* of the templates and of what is found missing */
    struct app app;
    struct buf missing;
    const char *cookie; /* of the browser, or NULL */
    const char *token;  /* of the session's forms, or NULL */
};

static void
ok(struct ctx *cx, enum status status)
{
    for (int i = 0; status != OK && i < cx->faults.count; i++)
        print_error("fault: %s\n", cx->faults.items[i].message);
    assert_int_equal(status, OK);
}

static void
open_site(struct ctx *cx, const char *where)
{
    struct store_options options = {.where = where, .create = true, .volatile_ = true};
    *cx = (struct ctx){.arena = arena_new(),
        .now = (int64_t)time(NULL) * 1000,
        .worlds = worlds_new()};
    worlds_take_data_key(cx->worlds, &(struct data_key){"the data key of the tests"});
    ok(cx, store_open(cx, &options, &cx->store));
}

static void
close_site(struct ctx *cx)
{
    world_end(cx);
    store_close(cx->store);
    worlds_free(cx->worlds);
    arena_free(cx->arena);
}

static void
install(const char *where, bool is_demo)
{
    struct ctx cx;
    struct install_result result;
    int count, steps;
    open_site(&cx, where);
    const struct pack_file *files = pack_builtin(cx.arena, &count);
    ok(&cx, store_migrate(&cx, &steps));
    ok(&cx, pack_install(&cx, files, count, &result));
    ok(&cx, world_begin(&cx));
    if (is_demo)
        ok(&cx, demo_load(&cx));
    close_site(&cx);
}

static void
install_empty(const char *where)
{
    install(where, false);
}

static void
install_demo(const char *where)
{
    install(where, true);
}

static struct site *
site_new(bool is_demo)
{
    struct site *site = calloc(1, sizeof(*site));
    assert_non_null(site);
    assert_true(sodium_init() >= 0);
    site->database = database_new(is_demo ? install_demo : install_empty);
    open_site(&site->cx, database_where(site->database));
    site->arena = arena_new();
    struct ctx own = {.arena = site->arena};
    ok(&own, app_open(&own, site->cx.store, site->cx.worlds, &site->app));
    site->missing = buf_new(site->arena);
    site->app.missing = &site->missing;
    return site;
}

static void
site_free(struct site *site)
{
    close_site(&site->cx);
    arena_free(site->arena);
    database_free(site->database);
    free(site);
}

/* Asking without a socket */

struct answer {
    struct arena *arena;
    struct response response;
};

/* "a=1&b=2", not encoded, as pairs. */
static const struct pair *
pairs(struct arena *arena, const char *text, int *count)
{
    struct pair *list = NULL;
    *count = 0;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "&"), name = strcspn(text, "=");
        struct pair *pair = ARENA_PUSH(arena, list, *count);
        pair->name = arena_strndup(arena, text, name);
        pair->value = arena_strndup(arena, text + name + 1, length - name - 1);
        text += length + (text[length] == '&');
    }
    return list;
}

static struct answer
ask(struct site *site, const char *method, const char *target, const char *form)
{
    struct answer answer = {.arena = arena_new(),
        .response = {.code = 200, .content_type = "text/plain", .bytes = ""}};
    size_t path = strcspn(target, "?");
    const struct pair headers[] = {{"sec-fetch-site", "same-origin"}, {"cookie", site->cookie}};
    struct request request = {.arena = answer.arena,
        .method = method,
        .host = "localhost",
        .address = "127.0.0.1",
        .path = arena_strndup(answer.arena, target, path),
        .headers = headers,
        .header_count = site->cookie == NULL ? 1 : 2};
    request.query =
        pairs(answer.arena, target[path] == '?' ? target + path + 1 : NULL, &request.query_count);
    request.form = pairs(answer.arena, form, &request.form_count);
    app_answer(&site->app, 0, &request, &answer.response);
    return answer;
}

/* Ask for a page; what it says must have been there for its template. */
static void
show_answer(struct site *site, const char *target, struct answer answer, int code, const char *text)
{
    if (answer.response.code != code || site->missing.length > 0 ||
        strstr(answer.response.bytes, text) == NULL)
        fail_msg("%s: %d instead of %d, missing: %s\n%s", target, answer.response.code, code,
            buf_string(&site->missing), answer.response.bytes);
    arena_free(answer.arena);
}

static void
show(struct site *site, const char *target, int code, const char *text)
{
    show_answer(site, target, ask(site, "GET", target, NULL), code, text);
}

/* The same of the answer to a form. */
static void
show_post(struct site *site, const char *target, const char *form, int code, const char *text)
{
    char whole[400];
    snprintf(whole, sizeof(whole), "%s&ma=%s", form, site->token == NULL ? "" : site->token);
    show_answer(site, target, ask(site, "POST", target, whole), code, text);
}

/* Post; where it leads to, the caller's to free. */
static char *
post(struct site *site, const char *target, const char *form)
{
    struct answer answer = ask(site, "POST", target, form);
    if (answer.response.code != 303)
        fail_msg("%s: %d\n%s", target, answer.response.code, answer.response.bytes);
    char *location = strdup(answer.response.location);
    arena_free(answer.arena);
    return location;
}

static void
step(struct site *site, const char *record, const char *verb, int version)
{
    char target[80], form[40];
    snprintf(target, sizeof(target), "%s/%s", record, verb);
    snprintf(form, sizeof(form), "version=%d", version);
    free(post(site, target, form));
}

static void
test_web_templates__nothing_is_missing(void **state)
{
    struct site *site = site_new(true);
    (void)state;
    show(site, "/", 200, "Thành phố Bến Tre");
    show(site, "/dv/vn", 200, "cả nước");
    show(site, "/dv/bt.tp", 200, "Đơn vị trực thuộc");
    show(site, "/dv/bt.tp.db01", 200, "Không có đơn vị trực thuộc");
    show(site, "/dv/bt.tp.p1?tu=2020-01-01&den=2020-12-31", 200, "không còn hoạt động");
    show(site, "/dv/bt.tp?ky=lich_2018_nam&ct=chi_thi_05", 200, "Chọn ngày khác");
    show(site, "/cs/kt_tcd?dv=bt.tp&ky=lich_2018_quy_1", 200, "So với kỳ trước");
    show(site, "/cs/kt_tcd?dv=bt.tp", 200, "cộng lại bằng con số trên");
    show(site, "/cs/kt_tcd?dv=bt.tp&trang=2", 200, "Trang trước");
    show(site, "/cs/kt_tcd?dv=bt.tp&co_cau=end&dieu_kien=loai=kiem_tra_dhvp", 200, "Bỏ lọc");
    show(site, "/cs/kt_tcd?dv=bt.tp&co_cau=2018-01-01&rieng=1", 200, "riêng phần");
    show(site, "/cs/kt_cuoc?dv=vn", 200, "đếm số hồ sơ");
    show(site, "/cs/kt_dv?dv=bt.tp", 200, "không có hồ sơ chi tiết; hệ thống không tự chia");
    show(site, "/cs/kt_dv?dv=bt.tp&tu=2017-01-01&den=2017-12-31", 200, "chưa cộng vào");
    show(site, "/cs/kl_quyet_dinh?dv=bt.tp", 200, "Kỷ luật");
    show(site, "/cs/kl_tcd?dv=kg", 200, "chưa có");
    show(site, "/so/ktgs?dv=bt.tp", 200, "50 hồ sơ tiếp");
    show(site, "/so/ky_luat?dv=kg", 200, "Chưa có hồ sơ nào");
    show(site, "/bao_cao/ktgs?dv=bt.tp", 200, "Phụ lục 1");
    show(site, "/bao_cao/ktgs?dv=vn", 200, "BÁO CÁO");
    show(site, "/bao_cao/ktgs?dv=bt.tp&tu=x&den=y", 400, "Đến ngày");
    show(site, "/tim", 200, "Gõ số ký hiệu");
    show(site, "/tim?q=05-CT/WT", 200, "đang hiện kết quả cho");
    show(site, "/tim?q=qd", 200, "còn nữa");
    show(site, "/tim?q=kiem &dv=bt", 200, "Chỉ số");
    show(site, "/tim?q=khongtimthaygi&dv=bt", 200, "Hoặc tìm ngoài");
    show(site, "/lich", 200, "Các kỳ của năm");
    show(site, "/lich?nam=1990", 200, "Chưa có kỳ nào");
    show(site, "/chi_thi/chi_thi_05", 200, "Học tập và làm theo");
    show(site, "/chi_thi/nq_tw4", 200, "không có sổ riêng");
    show(site, "/he_thong/mau", 200, "Mẫu giao diện");
    show(site, "/khong-co", 404, "Không có trang này");
    site_free(site);
}

static void
test_web_templates__of_administration(void **state)
{
    struct site *site = site_new(true);
    (void)state;
    show(site, "/quan_tri?tim=xa", 200, "Gộp các đơn vị đã chọn");
    show(site, "/quan_tri?da=gop&tim=khongcogi", 200, "Không có đơn vị nào như vậy");
    show(site, "/quan_tri/don_vi/bt.tp", 200, "Chưa giao vai trò nào");
    show(site, "/quan_tri/don_vi/bt.tp/doi_ten", 200, "Tên mới");
    show(site, "/quan_tri/don_vi/bt.tp/chuyen", 200, "cấp trên mới");
    show(site, "/quan_tri/gop?dv=bt.tp&dv=bt.cl", 200, "Đơn vị kế thừa");
    show(site, "/quan_tri/them?dv=bt.tp", 200, "Mã đơn vị mới");
    show(site, "/quan_tri/nguoi_dung", 200, "Không có người dùng nào");
    show(site, "/quan_tri/vai_tro", 200, "Ai có vai trò này");
    show(site, "/quan_tri/he_thong", 200, "chithi set");
    show(site, "/quan_tri/ky?nam=2019", 200, "Lập kỳ");
    show(site, "/quan_tri/ky?nam=1990&lam=them", 200, "chưa có kỳ nào");
    show(site, "/quan_tri/ky?lam=nghi", 200, "Tên ngày nghỉ");
    show(site, "/dv/bt.cl.cb01/thanh_vien?da=1", 200, "Thêm thành viên");
    show_post(site, "/quan_tri/don_vi/bt.tp/doi_ten", "name=&day=2031-01-01", 422, "Tên mới còn");
    show_post(site, "/quan_tri/them", "parent_code=bt.tp&from=2019-01-01", 422, "Cần mã và tên");
    show_post(site, "/quan_tri/them",
        "parent_code=bt.tp&from=2019-01-01&code=bt.m&name=Xã Mới&level=xa&login=moi&label=Mới"
        "&role=van_phong",
        200, "Đã thêm tài khoản moi");
    site_free(site);
}

static void
test_web_templates__records_in_every_state(void **state)
{
    struct site *site = site_new(true);
    char *sample = post(site, "/mo_phong/kiem_tra", "token=5");
    (void)state;
    show(site, sample, 200, "Chưa tính vào con số nào");
    step(site, sample, "ket_luan", 1);
    show(site, sample, 200, "góp 1, tính vào ngày 28/06/2019");
    step(site, sample, "luu", 2);
    show(site, sample, 200, "Đã lưu hồ sơ");
    step(site, sample, "huy", 3);
    show(site, sample, 200, "Hồ sơ đã hủy");
    free(sample);
    site_free(site);
}

static void
test_web_templates__without_units_and_demo(void **state)
{
    struct site *site = site_new(false);
    (void)state;
    show(site, "/", 200, "chithi unit import");
    show(site, "/dv/vn", 404, "Không có đơn vị");
    site_free(site);
}

/* An account with a session, which the site's browser has from then on; its link and its secret. */
static void
sign_in(struct site *site, const char **link, const char **secret)
{
    struct ctx *cx = &site->cx;
    struct account_new wanted = {.login = "lan", .label = "Lan", .password = "bốn con thuyền giấy"};
    struct session_new session = {.label = "Thử", .remembers = true};
    struct account *account;
    const char *token, *device, **codes;
    ok(cx, world_begin(cx));
    ok(cx, account_create(cx, &wanted, &account));
    ok(cx, account_invite(cx, account, link));
    session.account = account->id;
    ok(cx, session_begin(cx, &session, &token, &device));
    *secret = totp_new(cx->arena);
    ok(cx, account_set_totp(cx, account, *secret, 0, &codes));
    world_end(cx);
    site->cookie = arena_printf(site->arena, "__Host-chithi=%s", token);
    site->token = secret_proof(site->arena, token, "form");
}

static void
test_web_templates__of_signing_in_and_of_ones_account(void **state)
{
    struct site *site = site_new(true);
    const char *link, *secret;
    (void)state;
    sign_in(site, &link, &secret);
    show(site, "/tai_khoan", 200, "10 mã dự phòng");
    show(site, "/tai_khoan?da=mat_khau", 200, "Đã đổi mật khẩu");
    show(site, "/tai_khoan/ung_dung", 200, "otpauth://totp/");
    show_post(site, "/tai_khoan/mat_khau", "cu=sai&moi=a&lai=b", 422, "Mật khẩu đang dùng");
    show_post(site, "/tai_khoan/ma_du_phong", "mat_khau=bốn con thuyền giấy", 200, "Mã dự phòng");
    show_post(site, "/tai_khoan/bo_ung_dung", "mat_khau=sai", 422, "Mật khẩu đang dùng");
    show(site, "/khong_co", 404, "Đăng xuất");
    show(site, "/thong_bao", 200, "Thông báo");
    site->cookie = NULL;
    show(site, "/dang_nhap?da=dang_xuat", 200, "Đã đăng xuất");
    show(site, "/khong_co", 404, "Không có trang này");
    show_post(site, "/dang_nhap", "tai_khoan=lan&mat_khau=sai", 422, "chưa đúng");
    show_post(site, "/dang_nhap", "tai_khoan=lan&mat_khau=bốn con thuyền giấy", 200,
        "Nhớ thiết bị");
    show_post(site, "/tai_khoan/mat_khau", "cu=sai", 401, "Cần đăng nhập");
    show(site, arena_printf(site->arena, "/moi/%s", link), 200, "Đặt mật khẩu");
    show_post(site, arena_printf(site->arena, "/moi/%s", link), "moi=ngắn&lai=khác", 422,
        "chưa giống nhau");
    site_free(site);
}

/* When the session was used, after what was noted is written. */
static int64_t
seen_at(struct site *site)
{
    ok(&site->cx, seen_write(&site->cx, site->app.seen));
    return database_number(site->database, "SELECT seen_at FROM session");
}

static void
test_web_templates__what_a_page_asks_by_itself_keeps_no_session(void **state)
{
    struct site *site = site_new(true);
    const char *link, *secret;
    (void)state;
    sign_in(site, &link, &secret);
    assert_true(database_keeps(site->database, "UPDATE session SET seen_at = seen_at - 120000"));
    int64_t before = seen_at(site);
    show(site, "/tai_khoan.json", 200, "\"login\": \"lan\"");
    assert_int_equal(seen_at(site), before);
    show(site, "/tai_khoan", 200, "Tài khoản của tôi");
    assert_true(seen_at(site) > before);
    site_free(site);
}

/* A cell that is wrong makes a figure that its parts do not add up to. */
static void
spoil_cells(struct site *site)
{
    ok(&site->cx, world_begin(&site->cx));
    ok(&site->cx, setting_set(&site->cx, "cell_month_units", "1"));
    world_end(&site->cx);
    show(site, "/cs/kt_tcd?dv=bt.tp", 200, "Các dòng cộng lại bằng con số trên");
    assert_true(database_number(site->database, "SELECT COUNT(*) FROM roll") > 0);
    assert_true(database_keeps(site->database, "UPDATE roll SET value = value + 1"));
}

static void
test_web_templates__a_figure_that_does_not_add_up_says_so(void **state)
{
    struct site *site = site_new(true);
    (void)state;
    spoil_cells(site);
    show(site, "/cs/kt_tcd?dv=bt.tp", 200, "các dòng cộng lại không bằng con số trên");
    site_free(site);
}

/* The templates' texts */

static bool
is_template(const struct embedded *file)
{
    return strncmp(file->path, "html/", 5) == 0;
}

/* html/RAW, each name between two newlines. */
static char *
read_raw_list(void)
{
    char path[1000], *list = calloc(1, 10000);
    snprintf(path, sizeof(path), "%s/html/RAW", getenv("CHITHI_SOURCE"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    list[0] = '\n';
    assert_true(fread(list + 1, 1, 9000, file) > 0);
    fclose(file);
    return list;
}

/* The name of a raw value: {{{name}}} or {{&name}}. */
static void
raw_name(const char *tag, char *out, size_t room)
{
    tag += strspn(tag, "{& ");
    snprintf(out, room, "\n%.*s\n", (int)strcspn(tag, "} "), tag);
}

static void
test_web_templates__raw_values_are_listed(void **state)
{
    char *list = read_raw_list();
    int used = 0, listed = 0;
    (void)state;
    for (int i = 0; i < resources_count; i++) {
        const char *at = is_template(&resources[i]) ? resources[i].bytes : "";
        while ((at = strstr(at, "{{")) != NULL) {
            char name[100];
            const char *tag = at + 2 + strspn(at + 2, " ");
            raw_name(tag, name, sizeof(name));
            if ((*tag == '{' || *tag == '&') && strstr(list, name) == NULL)
                fail_msg("%s shows%sraw, which html/RAW does not list", resources[i].path, name);
            used += *tag == '{' || *tag == '&';
            at = tag + (*tag == '{');
        }
    }
    for (const char *at = list + 1; *at != '\0'; at++)
        listed += *at == '\n';
    assert_int_equal(used, listed);
    free(list);
}

static void
test_web_templates__nothing_is_inline(void **state)
{
    static const char *const refused[] = {" style=", "<style", "<script>",
        "javascript:", " onclick", " onchange", " onload", "http://", "https://", "<base"};
    (void)state;
    for (int i = 0; i < resources_count; i++) {
        for (size_t r = 0; is_template(&resources[i]) && r < COUNT_OF(refused); r++) {
            if (strstr(resources[i].bytes, refused[r]) != NULL)
                fail_msg("%s contains %s", resources[i].path, refused[r]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_web_templates__nothing_is_missing),
        cmocka_unit_test(test_web_templates__of_administration),
        cmocka_unit_test(test_web_templates__records_in_every_state),
        cmocka_unit_test(test_web_templates__of_signing_in_and_of_ones_account),
        cmocka_unit_test(test_web_templates__what_a_page_asks_by_itself_keeps_no_session),
        cmocka_unit_test(test_web_templates__without_units_and_demo),
        cmocka_unit_test(test_web_templates__a_figure_that_does_not_add_up_says_so),
        cmocka_unit_test(test_web_templates__raw_values_are_listed),
        cmocka_unit_test(test_web_templates__nothing_is_inline),
    };
    return cmocka_run_group_tests_name("web_templates", tests, NULL, NULL);
}
