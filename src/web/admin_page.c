/* Administration: the list of units with its search, the table of rights, the settings. */
#include "web/admin_page.h"

#include "domain/admin.h"
#include "domain/rights.h"
#include "domain/search_words.h"
#include "web/plain_form.h"
#include "web/routes.h"
#include "web/words.h"

#include <string.h>

enum { UNITS_SHOWN = 100 };

void
admin_page_begin(struct page *page, const char *template, enum admin_tab shown)
{
    static const char *const tabs[][2] = {{"/quan_tri", N_("Đơn vị")},
        {"/quan_tri/nguoi_dung", N_("Người dùng")}, {"/quan_tri/vai_tro", N_("Vai trò")},
        {"/quan_tri/ky", N_("Kỳ")}, {"/quan_tri/he_thong", N_("Hệ thống")}};
    struct doc *list = doc_list(page->data, "tabs");
    page->template = template;
    page_set_title(page, "Quản trị: %s", tr(page->cx, tabs[shown][1]));
    for (size_t i = 0; i < COUNT_OF(tabs); i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "href", tabs[i][0]);
        doc_text(object, "label", tr(page->cx, tabs[i][1]));
        doc_bool(object, "is_shown", i == (size_t)shown);
    }
}

void
admin_unit_doc(struct doc *object, const struct ctx *cx, const struct unit *unit)
{
    const char *code = unit_code(object->arena, unit, cx->world->today);
    doc_text(object, "code", code);
    doc_text(object, "name", unit_named(unit, cx->world->today)->name);
    doc_printf(object, "href", "/quan_tri/don_vi/%s", code);
}

const char *
admin_link(const struct page *page, const char *token)
{
    const char *site = page->cx->world->site;
    return arena_printf(page->cx->arena, "%s/moi/%s", site == NULL ? page->origin : site, token);
}

bool
admin_is_told_in_form(enum status status)
{
    return status == ERR_INVALID || status == ERR_CONFLICT || status == ERR_NOT_FOUND ||
        status == ERR_LIMIT;
}

/* Units */

struct listing {
    struct page *page;
    struct doc *list;
    int count;
    bool more;
};

static void
add_unit(struct listing *listing, const struct unit *unit)
{
    const struct ctx *cx = listing->page->cx;
    int32_t today = cx->world->today;
    const struct span *span = unit_on(unit, today);
    const struct unit **children;
    if (span == NULL)
        return;
    listing->more = listing->count == UNITS_SHOWN;
    if (listing->more)
        return;
    listing->count++;
    struct doc *object = doc_object(listing->list, NULL);
    admin_unit_doc(object, cx, unit);
    doc_text(object, "level", words_level(cx, span->level));
    int below = tree_children(cx->arena, unit, today, today, today, &children);
    doc_integer(object, "children", below);
    doc_text(object, "children_href",
        below == 0 ? NULL : arena_printf(cx->arena, "/quan_tri?dv=%s", span->code));
    doc_text(object, "parent",
        span->parent == NULL || !may_know_unit(cx, span->parent)
            ? NULL
            : unit_named(span->parent, today)->name);
}

static bool
has_words(const char *words, const struct search_chunk *chunks, int count)
{
    for (int i = 0; i < count; i++) {
        for (int w = 0; w < chunks[i].count; w++) {
            if (!search_has(words, chunks[i].words[w], false))
                return false;
        }
    }
    return true;
}

/* Every unit of a subtree of today whose name or code has the words. */
static void
add_found(struct listing *listing, const struct unit *top, const char *text)
{
    const struct ctx *cx = listing->page->cx;
    const struct tree *tree = cx->world->tree;
    int count;
    struct search_chunk *chunks = search_chunks(cx->arena, text, &count);
    for (int i = 0; i < tree->count && !listing->more; i++) {
        const struct unit *unit = &tree->units[i];
        const struct span *span = unit_on(unit, cx->world->today);
        if (span != NULL && has_words(span->words, chunks, count) &&
            unit_inside(unit, top, cx->world->today))
            add_unit(listing, unit);
    }
}

static void
add_below(struct listing *listing, const struct unit *top)
{
    const struct ctx *cx = listing->page->cx;
    const struct unit **children;
    int32_t today = cx->world->today;
    int count = tree_children(cx->arena, top, today, today, today, &children);
    add_unit(listing, top);
    for (int i = 0; i < count && !listing->more; i++)
        add_unit(listing, children[i]);
}

/* What was done on the page before. */
static void
add_done(struct page *page)
{
    static const char *const done[][2] = {{"doi_ten", N_("Đã đổi tên đơn vị.")},
        {"chuyen", N_("Đã chuyển đơn vị.")}, {"ket_thuc", N_("Đã ghi ngày kết thúc của đơn vị.")},
        {"gop", N_("Đã gộp các đơn vị.")}};
    const char *what = page_param(page, "da"), *told = NULL;
    for (size_t i = 0; what != NULL && i < COUNT_OF(done); i++) {
        if (strcmp(what, done[i][0]) == 0)
            told = tr(page->cx, done[i][1]);
    }
    doc_text(page->data, "done", told);
}

enum status
admin_page_units(struct page *page)
{
    struct ctx *cx = page->cx;
    const char *text = page_param(page, "tim"), *code = page_param(page, "dv");
    const struct unit **tops, *top = NULL;
    int count = admin_tops(cx, &tops);
    if (code != NULL)
        TRY(admin_unit(cx, "dv", code, cx->world->today, &top));
    admin_page_begin(page, "admin", ADMIN_UNITS);
    struct listing listing = {page, doc_list(page->data, "units"), 0, false};
    for (int i = 0; i < count && (top == NULL || i == 0); i++) {
        const struct unit *unit = top == NULL ? tops[i] : top;
        if (text == NULL)
            add_below(&listing, unit);
        else
            add_found(&listing, unit, text);
    }
    doc_text(page->data, "text", text == NULL ? "" : text);
    doc_bool(page->data, "has_units", listing.count > 0);
    doc_bool(page->data, "more", listing.more);
    doc_integer(page->data, "most", UNITS_SHOWN);
    doc_text(page->data, "new_href",
        code == NULL ? "/quan_tri/them" : arena_printf(cx->arena, "/quan_tri/them?dv=%s", code));
    add_done(page);
    return OK;
}

/* Rights */

/* The rows of one role, and of what every account may. */
static enum status
add_rights(struct page *page, const char *role)
{
    struct doc *all = doc_new(page->cx->arena, DOC_OBJECT);
    struct doc *list = doc_list(page->data, "rights");
    TRY(rights_doc(all, page->cx, role));
    const struct doc *rows = doc_get(all, "rights");
    for (const struct doc *row = rows->first; row != NULL; row = row->next) {
        if (strcmp(doc_get(row, "role")->text, role) != 0)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "registers", doc_get(row, "registers_label")->text);
        doc_text(object, "relation", doc_get(row, "relation_label")->text);
        doc_text(object, "actions", doc_get(row, "actions_label")->text);
    }
    doc_bool(page->data, "reads", list->first != NULL);
    const struct doc *works = doc_get(all, "works");
    for (const struct doc *row = works->first; row != NULL; row = row->next) {
        struct doc *object = doc_object(list, NULL);
        doc_null(object, "registers");
        doc_text(object, "relation", doc_get(row, "relation_label")->text);
        doc_text(object, "actions", doc_get(row, "works_label")->text);
    }
    doc_bool(page->data, "has_rights", list->first != NULL);
    return OK;
}

enum status
admin_page_roles(struct page *page)
{
    const struct model *model = page->cx->world->model;
    const char *role = page_param(page, "vai_tro");
    admin_page_begin(page, "admin_roles", ADMIN_ROLES);
    struct doc *list = doc_list(page->data, "roles");
    if (role == NULL)
        role = model->role_count > 0 ? model->roles[0].key : ROLE_ADMIN;
    for (int i = 0; i < model->role_count + 2; i++) {
        int extra = i - model->role_count;
        const char *key = extra < 0 ? model->roles[i].key : extra == 0 ? ROLE_ADMIN : ROLE_AUDITOR;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", key);
        doc_text(object, "label", role_label(page->cx, key));
        doc_bool(object, "is_chosen", strcmp(key, role) == 0);
    }
    if (role_label(page->cx, role) == NULL)
        return fault_at(page->cx, ERR_NOT_FOUND, (struct fault){.field = "vai_tro"},
            "Không có vai trò “%s”.", role);
    doc_text(page->data, "role_label", role_label(page->cx, role));
    struct buf href = buf_new(page->cx->arena);
    buf_text(&href, "/quan_tri/nguoi_dung?tim=");
    page_url_text(&href, role_label(page->cx, role), true);
    doc_text(page->data, "accounts_href", buf_string(&href));
    return add_rights(page, role);
}

/* The system */

static void
add_setting(struct doc *list, const char *key, const char *label, const char *value)
{
    struct doc *object = doc_object(list, NULL);
    doc_text(object, "key", key);
    doc_text(object, "label", label);
    doc_text(object, "value", value);
}

enum status
admin_page_system(struct page *page)
{
    const struct world *world = page->cx->world;
    struct arena *arena = page->cx->arena;
    admin_page_begin(page, "admin_system", ADMIN_SYSTEM);
    struct doc *list = doc_list(page->data, "settings");
    add_setting(list, "site", tr(page->cx, "Địa chỉ của trang"),
        world->site == NULL ? tr(page->cx, "chưa đặt; chỉ mở được trên chính máy chủ")
                            : world->site);
    add_setting(list, "zone", tr(page->cx, "Lệch so với giờ quốc tế"),
        arena_printf(arena, tr(page->cx, "%+d phút"), world->zone_offset));
    add_setting(list, "totp", tr(page->cx, "Mã xác thực khi đăng nhập"),
        world->is_totp_off ? tr(page->cx, "tắt: không vai trò nào cần")
                           : tr(page->cx,
                                 "cần với vai trò quyết định, kiểm tra, "
                                 "quản trị"));
    add_setting(list, "demo", tr(page->cx, "Dữ liệu"),
        world->is_demo ? tr(page->cx, "mô phỏng") : tr(page->cx, "thật"));
    add_setting(list, "argon2_kib", tr(page->cx, "Bộ nhớ để băm mật khẩu"),
        arena_printf(arena, tr(page->cx, "%d KiB, %d lượt"), world->argon2_kib,
            world->argon2_passes));
    doc_integer(page->data, "generation", world->generation);
    doc_integer(page->data, "units", world->tree->count);
    return OK;
}
