/* Reading the audit: the auditor of a whole shard, or of everything, and nobody else but each
 * person of his or her own data. Shown are codes and words for what was done; the reasons that
 * people give for a record are its content, and stay with it. */
#include "domain/audit.h"

#include "base/catalogue.h"
#include "base/code.h"
#include "domain/account.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { MS_OF_MINUTE = 60 * 1000, MS_OF_DAY = 24 * 60 * MS_OF_MINUTE };

/* What there is, in words */

struct action {
    const char *key, *label;
    bool shows_detail; /* it is a name, a period or a role, and no reason of a record */
};

static const struct action actions[] = {
    {"create", N_("Lập hồ sơ")},
    {"change", N_("Sửa hồ sơ")},
    {"move", N_("Chuyển bước hồ sơ")},
    {"correct", N_("Điều chỉnh hồ sơ")},
    {"void", N_("Hủy hồ sơ")},
    {"import", N_("Nhập hồ sơ từ tệp")},
    {"migrate", N_("Chuyển hồ sơ sang bản mới của gói")},
    {"import.discard", N_("Bỏ một lần nhập dở dang")},
    {"reader.add", N_("Thêm người xem hồ sơ"), true},
    {"reader.remove", N_("Rút người xem hồ sơ"), true},
    {"declare", N_("Kê khai số liệu")},
    {"redeclare", N_("Sửa kê khai")},
    {"withdraw", N_("Rút kê khai")},
    {"publication.add", N_("Công bố số liệu")},
    {"publication.withdraw", N_("Thôi công bố số liệu")},
    {"submission.send", N_("Gửi báo cáo lên"), true},
    {"submission.receive", N_("Nhận báo cáo"), true},
    {"submission.return", N_("Trả lại báo cáo"), true},
    {"submission.remind", N_("Đôn đốc báo cáo"), true},
    {"person.import", N_("Nhập danh sách người"), true},
    {"person.set", N_("Sửa dữ liệu một người")},
    {"person.move", N_("Chuyển sinh hoạt một người")},
    {"person.end", N_("Kết thúc sinh hoạt một người")},
    {"person.read", N_("Xem dữ liệu một người"), true},
    {"record.contest", N_("Đề nghị đính chính hồ sơ")},
    {"person.contest", N_("Đề nghị đính chính dữ liệu về mình")},
    {"audit.read", N_("Xem nhật ký")},
    {"audit.export", N_("Xuất nhật ký"), true},
    {"account.create", N_("Lập tài khoản"), true},
    {"account.close", N_("Khóa tài khoản"), true},
    {"account.open", N_("Mở lại tài khoản"), true},
    {"account.invite", N_("Cấp liên kết đặt mật khẩu"), true},
    {"account.person", N_("Gắn tài khoản với một người")},
    {"account.grant", N_("Giao vai trò"), true},
    {"account.revoke", N_("Thôi giao vai trò"), true},
    {"account.password", N_("Đổi mật khẩu"), true},
    {"account.sign_in", N_("Đăng nhập"), true},
    {"account.sign_out", N_("Đăng xuất"), true},
    {"account.failed", N_("Đăng nhập không thành"), true},
    {"account.forget_device", N_("Quên thiết bị đã nhớ"), true},
    {"account.recovered", N_("Dùng mã dự phòng"), true},
    {"account.recovery", N_("Lập mã dự phòng mới"), true},
    {"account.totp_on", N_("Dùng ứng dụng xác thực"), true},
    {"account.totp_off", N_("Bỏ ứng dụng xác thực"), true},
    {"unit.import", N_("Thêm hoặc nhập đơn vị"), true},
    {"unit.rename", N_("Đổi tên đơn vị"), true},
    {"unit.move", N_("Chuyển đơn vị"), true},
    {"unit.abolish", N_("Kết thúc đơn vị"), true},
    {"unit.merge", N_("Gộp đơn vị"), true},
    {"setting.set", N_("Đổi thiết lập"), true},
    {"holiday import", N_("Nhập ngày nghỉ"), true},
    {"holiday add", N_("Thêm ngày nghỉ"), true},
    {"holiday remove", N_("Bỏ ngày nghỉ"), true},
    {"period make", N_("Lập các kỳ của một năm"), true},
    {"period add", N_("Thêm kỳ"), true},
    {"period remove", N_("Bỏ kỳ"), true},
    {"review import", N_("Nhập lịch sơ kết, tổng kết"), true},
    {"review remove", N_("Bỏ lịch sơ kết, tổng kết"), true},
};

static const struct action *
action_of(const char *key)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (strcmp(actions[i].key, key) == 0)
            return &actions[i];
    }
    return NULL;
}

void
audit_actions_doc(struct doc *list, const struct ctx *cx, const char *chosen)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", actions[i].key);
        doc_text(object, "label", tr(cx, actions[i].label));
        doc_bool(object, "is_chosen", chosen != NULL && strcmp(chosen, actions[i].key) == 0);
    }
}

/* Who may */

/* Everything, the shard of its unit, or nothing: an auditor below the head of a shard would see
 * others of the shard too. */
static bool
audits(const struct ctx *cx, const struct grant *grant)
{
    return strcmp(grant->role, ROLE_AUDITOR) == 0 &&
        (grant->unit->is_head || grant->unit == cx->world->tree->root);
}

bool
may_audit(const struct ctx *cx)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        if (audits(cx, &viewer->grants[i]))
            return true;
    }
    return viewer == NULL;
}

static bool
audits_all(const struct ctx *cx)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        if (audits(cx, &viewer->grants[i]) && viewer->grants[i].unit == cx->world->tree->root)
            return true;
    }
    return viewer == NULL;
}

struct shards {
    int64_t *items;
    int count;
};

static void
add_shard(const struct ctx *cx, struct shards *shards, int64_t shard)
{
    for (int i = 0; i < shards->count; i++) {
        if (shards->items[i] == shard)
            return;
    }
    *ARENA_PUSH(cx->arena, shards->items, shards->count) = shard;
}

static struct shards
own_shards(const struct ctx *cx)
{
    const struct tree *tree = cx->world->tree;
    struct shards own = {0};
    bool all = audits_all(cx);
    if (all)
        add_shard(cx, &own, 0); /* what was done before there were units */
    for (int i = 0; all && i < tree->shard_count; i++)
        add_shard(cx, &own, tree->shards[i]);
    for (int i = 0; !all && i < cx->viewer->grant_count; i++) {
        if (audits(cx, &cx->viewer->grants[i]))
            add_shard(cx, &own, cx->viewer->grants[i].unit->shard);
    }
    return own;
}

/* What is asked */

/* A code is that of a record or of a person; what there is not has no rows. */
static enum status
find_subject(struct ctx *cx, const char *code, int64_t *out)
{
    bool found;
    int64_t number = code_number(code);
    *out = -1;
    if (number < 0)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ma_so"},
            "“%s” không phải là mã hồ sơ hoặc mã người; mã có 12 chữ cái và chữ số.", code);
    struct query *q = query_new(cx, Q_AUDIT_SUBJECT);
    query_int(q, "shard", code_shard(number));
    query_text(q, "code", code);
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
find_actor(struct ctx *cx, const char *login, int64_t *out)
{
    struct account *account;
    *out = -1;
    if (login == NULL)
        return OK;
    if (strcmp(login, AUDIT_OPERATOR) == 0) {
        *out = 0;
        return OK;
    }
    TRY(account_look(cx, login, &account));
    if (account == NULL)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "tai_khoan"},
            "Không có tài khoản “%s”; cần tên đăng nhập, hoặc “%s” cho người vận hành máy chủ.",
            login, AUDIT_OPERATOR);
    *out = account->id;
    return OK;
}

struct found {
    int64_t actor, subject; /* -1: not asked; a subject that there is not is -1 too */
    bool is_empty;          /* nothing can be found */
};

static enum status
resolve(struct ctx *cx, const struct audit_query *query, struct found *out)
{
    *out = (struct found){.subject = -1};
    TRY(find_actor(cx, query->login, &out->actor));
    if (query->action != NULL && action_of(query->action) == NULL)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "viec"},
            "Không có việc “%s” trong nhật ký; ví dụ: create, person.read, account.grant.",
            query->action);
    if (query->code == NULL)
        return OK;
    TRY(find_subject(cx, query->code, &out->subject));
    out->is_empty = out->subject < 0;
    return OK;
}

static struct query *
ask(struct ctx *cx, const struct audit_query *query, const struct found *found, int64_t shard,
    int64_t limit)
{
    int64_t zone = cx->world->zone_offset * INT64_C(60000);
    struct query *q = query_new(cx, Q_AUDIT_LIST);
    query_int(q, "shard", shard);
    query_int(q, "since",
        query->from == DAY_MIN ? INT64_MIN : query->from * (int64_t)MS_OF_DAY - zone);
    query_int(q, "until",
        query->to == DAY_MAX ? INT64_MAX : (query->to + 1) * (int64_t)MS_OF_DAY - zone);
    query_int(q, "actor", found->actor);
    query_text(q, "action", query->action == NULL ? "" : query->action);
    query_int(q, "subject", found->subject);
    query_int(q, "unit", query->unit == NULL ? 0 : query->unit->id);
    query_int(q, "zone", zone);
    query_int(q, "day", MS_OF_DAY);
    query_int(q, "limit", limit);
    return q;
}

/* What comes */

/* The roles that an account had on a day; those of the last few are kept. */
struct roles {
    struct kept_roles {
        int64_t account;
        int32_t day;
        const char *text;
    } * items;
    int count;
};

static enum status
roles_on(struct ctx *cx, struct roles *roles, int64_t account, int32_t day, const char **out)
{
    struct buf text = buf_new(cx->arena);
    for (int i = 0; i < roles->count; i++) {
        if (roles->items[i].account == account && roles->items[i].day == day) {
            *out = roles->items[i].text;
            return OK;
        }
    }
    struct query *q = query_new(cx, Q_VIEWER_GRANTS);
    query_int(q, "account", account);
    query_int(q, "day", day);
    while (query_next(q)) {
        const char *role = query_get_text(q, 0), *label = role_label(cx, role);
        const struct unit *unit = tree_unit(cx->world->tree, query_get_int(q, 1));
        buf_printf(&text, "%s%s%s%s", text.length > 0 ? "; " : "", label == NULL ? role : label,
            unit == NULL ? "" : " – ", unit == NULL ? "" : unit_named(unit, day)->name);
    }
    TRY(query_end(q));
    *out = buf_string(&text);
    *ARENA_PUSH(cx->arena, roles->items, roles->count) = (struct kept_roles){account, day, *out};
    return OK;
}

static const char *
subject_code(struct ctx *cx, struct query *q, int64_t subject)
{
    for (int column = 8; column <= 10; column++) {
        if (!query_get_null(q, column))
            return query_get_text(q, column);
    }
    const struct unit *unit = tree_unit(cx->world->tree, subject);
    return unit == NULL ? NULL : unit_code(cx->arena, unit, cx->world->today);
}

static struct audit_row
read_row(struct ctx *cx, struct query *q)
{
    struct audit_row row = {.id = query_get_int(q, 0),
        .at = query_get_int(q, 1),
        .actor = query_get_int(q, 2),
        .login = query_get_text(q, 3),
        .who = query_get_text(q, 4),
        .action = query_get_text(q, 5),
        .version = query_get_int(q, 7)};
    const struct action *action = action_of(row.action);
    row.label = action == NULL ? row.action : tr(cx, action->label);
    row.code = subject_code(cx, q, query_get_int(q, 6));
    if (action != NULL && action->shows_detail)
        row.detail = query_get_text(q, 11);
    return row;
}

static enum status
add_roles(struct ctx *cx, struct roles *roles, struct audit_row *row)
{
    if (row->actor == 0) {
        row->roles = "";
        row->who = tr(cx, "Người vận hành máy chủ");
        return OK;
    }
    return roles_on(cx, roles, row->actor, instant_day(row->at, cx->world->zone_offset),
        &row->roles);
}

static int
newest_first(const void *a, const void *b)
{
    const struct audit_row *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id) - (x->id > y->id) : 0;
}

enum status
audit_list(struct ctx *cx, const struct audit_query *query, struct audit_page *out)
{
    struct shards shards = own_shards(cx);
    struct audit_row *rows = NULL;
    struct found found;
    struct roles roles = {0};
    int count = 0;
    *out = (struct audit_page){0};
    TRY(resolve(cx, query, &found));
    for (int i = 0; i < shards.count && !found.is_empty; i++) {
        struct query *q =
            ask(cx, query, &found, shards.items[i], (int64_t)query->skip + query->limit + 1);
        while (query_next(q))
            *ARENA_PUSH(cx->arena, rows, count) = read_row(cx, q);
        TRY(query_end(q));
    }
    if (count > 0)
        qsort(rows, (size_t)count, sizeof(*rows), newest_first);
    out->rows = count > query->skip ? rows + query->skip : rows;
    count = count > query->skip ? count - query->skip : 0;
    out->more = count > query->limit;
    out->count = out->more ? query->limit : count;
    for (int i = 0; i < out->count; i++)
        TRY(add_roles(cx, &roles, &out->rows[i]));
    return OK;
}

enum status
audit_reads(struct ctx *cx, int64_t shard, int64_t person, int limit, struct audit_page *out)
{
    struct roles roles = {0};
    struct query *q = query_new(cx, Q_AUDIT_READS);
    *out = (struct audit_page){0};
    query_int(q, "shard", shard);
    query_int(q, "person", person);
    query_int(q, "account", cx->viewer->account);
    query_int(q, "limit", (int64_t)limit + 1);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, out->rows, out->count) = read_row(cx, q);
    TRY(query_end(q));
    out->more = out->count > limit;
    out->count = out->more ? limit : out->count;
    for (int i = 0; i < out->count; i++)
        TRY(add_roles(cx, &roles, &out->rows[i]));
    return OK;
}

/* Files */

static void
put_row(struct ctx *cx, struct table_writer *writer, const struct audit_row *row)
{
    table_plain(writer, instant_iso(cx->arena, row->at));
    table_text(writer, row->login);
    table_text(writer, row->who);
    table_text(writer, row->roles);
    table_plain(writer, row->action);
    table_text(writer, row->label);
    table_text(writer, row->code);
    table_plain(writer,
        row->version == 0 ? NULL : arena_printf(cx->arena, "%lld", (long long)row->version));
    table_text(writer, row->detail);
    table_end_row(writer);
}

static enum status
put_shard(struct ctx *cx, struct query *q, struct table_writer *writer, const struct sink *sink,
    int64_t *lines)
{
    struct ctx scratch = ctx_scratch(cx);
    enum status status = OK;
    while (status == OK && query_next(q)) {
        struct arena_mark mark = arena_mark(scratch.arena);
        struct roles roles = {0};
        struct audit_row row = read_row(&scratch, q);
        status = add_roles(&scratch, &roles, &row);
        if (status == OK)
            put_row(&scratch, writer, &row);
        buf_drain(writer->out, sink);
        arena_release(scratch.arena, mark);
        ++*lines;
    }
    enum status end = query_end(q);
    return status != OK ? status : end;
}

enum status
audit_export(struct ctx *cx, const struct audit_query *query, enum table_format format,
    const struct sink *sink, int64_t *lines)
{
    static const char *const columns[] = {"at", "login", "who", "roles", "action", "label", "code",
        "version", "detail"};
    struct shards shards = own_shards(cx);
    struct buf out = buf_new(cx->arena);
    struct table_writer writer = table_begin(&out, format);
    struct found found;
    *lines = 0;
    TRY(resolve(cx, query, &found));
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        table_plain(&writer, columns[i]);
    table_end_row(&writer);
    for (int i = 0; i < shards.count && !found.is_empty; i++)
        TRY(put_shard(cx, ask(cx, query, &found, shards.items[i], INT64_MAX), &writer, sink,
            lines));
    buf_drain(&out, sink);
    return OK;
}

/* That the audit was read is a row of it. */
static enum status
write_read(struct ctx *cx, void *arg)
{
    const char *action = arg;
    struct audit_note done = {.shard = audit_home(cx), .action = action};
    return audit_note(cx, &done);
}

enum status
audit_note_read(struct ctx *cx, const char *action)
{
    return store_write(cx, write_read, (void *)action);
}
