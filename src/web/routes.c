/* The routes, and finding one. The first row that fits is taken. */
#include "web/routes.h"

#include <string.h>

const struct route routes[] = {
    {"GET", "/", RIGHT_SIGNED_IN, home_show},
    {"GET", "/duyet", RIGHT_SIGNED_IN, review_page_show},
    {"POST", "/duyet", RIGHT_SIGNED_IN, review_page_steps},
    {"GET", "/nop", RIGHT_SIGNED_IN, submission_page_show},
    {"POST", "/nop/gui", RIGHT_SIGNED_IN, submission_page_send},
    {"POST", "/nop/nhan", RIGHT_SIGNED_IN, submission_page_receive},
    {"POST", "/nop/tra_lai", RIGHT_SIGNED_IN, submission_page_return},
    {"GET", "/nop/don_doc", RIGHT_SIGNED_IN, submission_page_missing},
    {"POST", "/nop/don_doc", RIGHT_SIGNED_IN, submission_page_remind},
    {"GET", "/dv/*", RIGHT_SIGNED_IN, unit_page_show},
    {"GET", "/dv/*/thanh_vien", RIGHT_SIGNED_IN, member_page_show},
    {"POST", "/dv/*/thanh_vien", RIGHT_SIGNED_IN, member_page_add},
    {"GET", "/dv/*/thanh_vien/*", RIGHT_SIGNED_IN, member_page_person},
    {"POST", "/dv/*/thanh_vien/*", RIGHT_SIGNED_IN, member_page_change},
    {"GET", "/cs/*.csv", RIGHT_SIGNED_IN, figure_page_table},
    {"GET", "/cs/*.xlsx", RIGHT_SIGNED_IN, figure_page_table, .is_slow = true},
    {"GET", "/cs/*", RIGHT_SIGNED_IN, figure_page_show},
    {"GET", "/so/*.csv", RIGHT_SIGNED_IN, register_page_table, .is_slow = true},
    {"GET", "/so/*.xlsx", RIGHT_SIGNED_IN, register_page_table, .is_slow = true},
    {"GET", "/so/*", RIGHT_SIGNED_IN, register_page_show},
    {"POST", "/so/*/buoc", RIGHT_SIGNED_IN, register_page_steps},
    {"POST", "/so/*/loc", RIGHT_SIGNED_IN, register_page_filter},
    {"GET", "/so/*/moi", RIGHT_SIGNED_IN, record_form_new},
    {"POST", "/so/*/moi", RIGHT_SIGNED_IN, record_form_create, .takes_files = true},
    {"GET", "/so/*/danh_sach", RIGHT_SIGNED_IN, sheet_page_show},
    {"POST", "/so/*/danh_sach", RIGHT_SIGNED_IN, sheet_page_make, .takes_files = true},
    {"GET", "/hs/*", RIGHT_SIGNED_IN, record_page_show},
    {"GET", "/hs/*/sua", RIGHT_SIGNED_IN, record_form_edit},
    {"POST", "/hs/*/sua", RIGHT_SIGNED_IN, record_form_change, .takes_files = true},
    {"GET", "/hs/*/tep/*", RIGHT_SIGNED_IN, record_page_file},
    {"POST", "/hs/*/huy", RIGHT_SIGNED_IN, record_page_void},
    {"POST", "/hs/*/nguoi_xem", RIGHT_SIGNED_IN, record_page_reader},
    {"POST", "/hs/*/*", RIGHT_SIGNED_IN, record_page_move},
    {"GET", "/chi_thi/*", RIGHT_SIGNED_IN, directive_page_show},
    {"GET", "/lich", RIGHT_SIGNED_IN, calendar_page_show},
    {"GET", "/tim", RIGHT_SIGNED_IN, search_page_show},
    {"GET", "/nhat_ky", RIGHT_SIGNED_IN, audit_page_show},
    {"GET", "/nhat_ky.csv", RIGHT_SIGNED_IN, audit_page_table, .is_slow = true},
    {"GET", "/thong_bao", RIGHT_SIGNED_IN, notification_page_show},
    {"GET", "/bao_cao/*.docx", RIGHT_SIGNED_IN, report_page_docx},
    {"GET", "/bao_cao/*", RIGHT_SIGNED_IN, report_page_show},
    {"POST", "/mo_phong/kiem_tra", RIGHT_SIGNED_IN, sample_create},
    {"GET", "/ket_qua", RIGHT_PUBLIC, public_page_show},
    {"POST", "/ket_qua/*", RIGHT_SIGNED_IN, public_page_publish},
    {"POST", "/ket_qua", RIGHT_SIGNED_IN, public_page_withdraw},
    {"GET", "/dang_nhap", RIGHT_PUBLIC, sign_in_show},
    {"POST", "/dang_nhap", RIGHT_PUBLIC, sign_in_do, true},
    {"POST", "/dang_nhap/ma", RIGHT_PUBLIC, sign_in_do_code},
    {"POST", "/dang_nhap/thiet_lap", RIGHT_PUBLIC, sign_in_do_set_up},
    {"POST", "/dang_xuat", RIGHT_SIGNED_IN, sign_in_out},
    {"GET", "/moi/*", RIGHT_PUBLIC, invitation_show},
    {"POST", "/moi/*", RIGHT_PUBLIC, invitation_do, true},
    {"GET", "/toi", RIGHT_SIGNED_IN, own_page_show},
    {"POST", "/toi", RIGHT_SIGNED_IN, own_page_contest},
    {"GET", "/tai_khoan", RIGHT_SIGNED_IN, account_page_show},
    {"POST", "/tai_khoan/mat_khau", RIGHT_SIGNED_IN, account_page_password, true},
    {"GET", "/tai_khoan/ung_dung", RIGHT_SIGNED_IN, account_page_totp},
    {"POST", "/tai_khoan/ung_dung", RIGHT_SIGNED_IN, account_page_set_totp},
    {"POST", "/tai_khoan/bo_ung_dung", RIGHT_SIGNED_IN, account_page_drop_totp, true},
    {"POST", "/tai_khoan/ma_du_phong", RIGHT_SIGNED_IN, account_page_recovery, true},
    {"POST", "/tai_khoan/thiet_bi", RIGHT_SIGNED_IN, account_page_end_session},
    {"POST", "/tai_khoan/quen_thiet_bi", RIGHT_SIGNED_IN, account_page_forget_device},
    {"POST", "/tai_khoan/moi_noi", RIGHT_SIGNED_IN, account_page_end_all},
    {"GET", "/quan_tri", RIGHT_ADMIN, admin_page_units},
    {"GET", "/quan_tri/vai_tro", RIGHT_ADMIN, admin_page_roles},
    {"GET", "/quan_tri/he_thong", RIGHT_ADMIN, admin_page_system},
    {"GET", "/quan_tri/them", RIGHT_ADMIN, admin_add_show},
    {"POST", "/quan_tri/them", RIGHT_ADMIN, admin_add_do},
    {"GET", "/quan_tri/gop", RIGHT_ADMIN, admin_merge_show},
    {"POST", "/quan_tri/gop", RIGHT_ADMIN, admin_merge_do},
    {"GET", "/quan_tri/don_vi/*", RIGHT_ADMIN, admin_unit_page_show},
    {"GET", "/quan_tri/don_vi/*/*", RIGHT_ADMIN, admin_unit_page_form},
    {"POST", "/quan_tri/don_vi/*/*", RIGHT_ADMIN, admin_unit_page_change},
    {"GET", "/quan_tri/nguoi_dung", RIGHT_ADMIN, admin_account_page_list},
    {"GET", "/quan_tri/nguoi_dung/*", RIGHT_ADMIN, admin_account_page_show},
    {"POST", "/quan_tri/nguoi_dung/*", RIGHT_ADMIN, admin_account_page_do},
    {"GET", "/quan_tri/ky", RIGHT_ADMIN, admin_calendar_page_show},
    {"POST", "/quan_tri/ky", RIGHT_ADMIN, admin_calendar_page_do},
    {"GET", "/he_thong/mau", RIGHT_PUBLIC, showcase_page_show},
    {"POST", "/he_thong/mau", RIGHT_PUBLIC, showcase_page_show},
    {"POST", "/he_thong/co_chu", RIGHT_NONE_NEEDED, text_size_choose},
    {"POST", "/he_thong/ngon_ngu", RIGHT_NONE_NEEDED, language_choose},
    {"GET", "/assets/*", RIGHT_NONE_NEEDED, asset_show},
};
const int routes_count = COUNT_OF(routes);

/* One part of a path between slashes; a star stands for at least one byte. */
static bool
part_fits(struct arena *arena, const char *pattern, size_t pattern_length, const char *part,
    size_t length, const char **argument, int *count)
{
    const char *star = memchr(pattern, '*', pattern_length);
    if (star == NULL)
        return length == pattern_length && memcmp(part, pattern, length) == 0;
    size_t before = (size_t)(star - pattern), after = pattern_length - before - 1;
    if (length <= before + after || memcmp(part, pattern, before) != 0 ||
        memcmp(part + length - after, star + 1, after) != 0)
        return false;
    argument[(*count)++] = arena_strndup(arena, part + before, length - before - after);
    return true;
}

static bool
path_fits(struct arena *arena, const char *pattern, const char *path, const char **argument)
{
    int count = 0;
    while (*pattern == '/' && *path == '/') {
        size_t pattern_length = strcspn(++pattern, "/"), length = strcspn(++path, "/");
        if (!part_fits(arena, pattern, pattern_length, path, length, argument, &count))
            return false;
        pattern += pattern_length;
        path += length;
    }
    return *pattern == '\0' && *path == '\0';
}

const struct route *
route_find(struct arena *arena, const char *method, const char *path, const char **argument,
    const char **allow)
{
    bool is_read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    *allow = NULL;
    for (int i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        if (!path_fits(arena, route->path, path, argument))
            continue;
        if (strcmp(route->method, is_read ? "GET" : method) == 0) {
            *allow = NULL;
            return route;
        }
        *allow = strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method;
    }
    return NULL;
}
