/* Accounts and their roles, signing in step by step, sessions and remembered devices. The clock is
 * the context's, so that half an hour passes by an addition. */
#include "domain/account.h"

#include "domain/secret.h"
#include "domain/session.h"
#include "domain/sign_in.h"
#include "domain/throttle.h"
#include "fixture.h"

#include <setjmp.h>
#include <sodium.h>
#include <string.h>

#include <cmocka.h>

static const char password[] = "bốn con thuyền giấy";
static const int64_t minute_ms = 60000, hour_ms = 3600000, day_ms = 86400000;

static struct account *
account_new(struct ctx *cx, const char *login)
{
    struct account_new wanted = {.login = login, .label = "Nguyễn Thị Lan", .password = password};
    struct account *account;
    must(cx, account_create(cx, &wanted, &account));
    return account;
}

static void
grant(struct ctx *cx, const struct account *account, const char *role, int32_t from, int32_t to)
{
    struct account_grant wanted = {role, cx->world->tree->root, from, to};
    must(cx, account_add_grant(cx, account, &wanted));
}

static int64_t
audit_count(struct fixture *fixture, const char *action)
{
    return fixture_sql(fixture, "SELECT COUNT(*) FROM audit WHERE action = '%s'", action);
}

/* Accounts */

static void
test_account__the_first_one_ends_the_operators_freedom(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    bool any;
    must(cx, account_any(cx, &any));
    assert_false(any);
    struct account *account = account_new(cx, "lan.nguyen_2");
    must(cx, account_any(cx, &any));
    assert_true(any);
    must(cx, account_close(cx, account));
    must(cx, account_any(cx, &any));
    assert_true(any);
    assert_int_equal(audit_count(fixture, "account.create"), 1);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT subject FROM audit WHERE action = 'account.create'"),
        account->id);
}

static void
test_account__every_fault_of_a_new_one_is_told(void **state)
{
    static const char *const logins[] = {"", "Lan", "1lan", "lan nguyen", "lan'", "la\nn", "_lan",
        "làn"};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account_grant odd = {"vua", cx->world->tree->root, DAY_MIN, DAY_MAX};
    struct account *account;
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        struct account_new wanted = {.login = logins[i], .label = "Lan"};
        must_be(cx, ERR_INVALID, account_create(cx, &wanted, &account));
        assert_true(fixture_said(cx, "Tên đăng nhập"));
        fixture_next(cx);
    }
    struct account_new wanted = {.login = "Lan", .label = " ", .password = "ngắn", .grant = &odd};
    odd.unit = cx->world->tree->root;
    must_be(cx, ERR_INVALID, account_create(cx, &wanted, &account));
    assert_int_equal(cx->faults.count, 4);
    assert_true(fixture_said(cx, "Không có vai trò “vua”; có: cap_uy"));
    fixture_next(cx);
    account_new(cx, "lan");
    wanted = (struct account_new){.login = "lan", .label = "Lan"};
    must_be(cx, ERR_CONFLICT, account_create(cx, &wanted, &account));
    assert_true(fixture_said(cx, "Đã có tài khoản “lan”"));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM account"), 1);
}

static void
test_account__roles_hold_between_their_days(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *account = account_new(cx, "lan");
    int32_t today = cx->world->today;
    const struct viewer *viewer;
    int64_t generation = cx->world->generation;
    grant(cx, account, "ubkt", today - 10, today - 1);
    grant(cx, account, "chi_bo", today, today);
    grant(cx, account, "cap_uy", today + 1, DAY_MAX);
    assert_int_equal(cx->world->generation, generation + 3);
    must(cx, viewer_load(cx, account->id, &viewer));
    assert_int_equal(viewer->grant_count, 1);
    assert_string_equal(viewer->grants[0].role, "chi_bo");
    cx->now += day_ms;
    fixture_next(cx);
    must(cx, account_find(cx, "lan", &account));
    must(cx, viewer_load(cx, account->id, &viewer));
    assert_int_equal(viewer->grant_count, 1);
    assert_string_equal(viewer->grants[0].role, "cap_uy");
    must(cx, account_end_grant(cx, account, "cap_uy", cx->world->tree->root, today));
    must(cx, viewer_load(cx, account->id, &viewer));
    assert_int_equal(viewer->grant_count, 0);
    must_be(cx, ERR_NOT_FOUND,
        account_end_grant(cx, account, "cap_uy", cx->world->tree->root, today));
    assert_int_equal(audit_count(fixture, "account.grant"), 3);
    assert_int_equal(audit_count(fixture, "account.revoke"), 1);
}

static void
test_account__a_role_that_ends_keeps_what_it_was(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *account = account_new(cx, "lan");
    int32_t today = cx->world->today;
    struct account_grant backward = {"ubkt", cx->world->tree->root, today, today - 1};
    grant(cx, account, "ubkt", today - 10, DAY_MAX);
    must(cx, account_end_grant(cx, account, "ubkt", cx->world->tree->root, today - 1));
    assert_int_equal(fixture_sql(fixture, "SELECT to_day FROM role_grant"), today - 1);
    backward.unit = cx->world->tree->root;
    must_be(cx, ERR_INVALID, account_add_grant(cx, account, &backward));
}

static void
test_account__a_link_opens_once_and_within_a_week(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account_new wanted = {.login = "lan", .label = "Lan"};
    struct account *account, *same;
    const char *first, *second;
    must(cx, account_create(cx, &wanted, &account));
    assert_null(account->password);
    must(cx, account_invite(cx, account, &first));
    must(cx, account_invite(cx, account, &second));
    must_be(cx, ERR_NOT_FOUND, account_of_link(cx, first, &same));
    must(cx, account_of_link(cx, second, &same));
    assert_int_equal(same->id, account->id);
    must_be(cx, ERR_INVALID, account_use_link(cx, second, "matkhau123"));
    must(cx, account_use_link(cx, second, password));
    must_be(cx, ERR_NOT_FOUND, account_use_link(cx, second, password));
    must(cx, account_invite(cx, account, &second));
    cx->now += LINK_DAYS * day_ms;
    must_be(cx, ERR_NOT_FOUND, account_of_link(cx, second, &same));
    must_be(cx, ERR_NOT_FOUND, account_use_link(cx, second, password));
    cx->now -= 1;
    must(cx, account_of_link(cx, second, &same));
    must(cx, account_close(cx, account));
    must_be(cx, ERR_NOT_FOUND, account_of_link(cx, second, &same));
    must(cx, account_by_id(cx, account->id, &same));
    must_be(cx, ERR_INVALID, account_invite(cx, same, &first));
}

/* A link names nobody whose digest was read in the database. */
static void
test_account__what_is_stored_opens_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *account = account_new(cx, "lan"), *same;
    struct session_new wanted = {.account = account->id, .label = "Thử"};
    struct session *session;
    const char *link, *token, *device;
    must(cx, account_invite(cx, account, &link));
    must(cx, session_begin(cx, &wanted, &token, &device));
    must_be(cx, ERR_NOT_FOUND, account_of_link(cx, secret_digest(cx->arena, link), &same));
    must(cx, session_find(cx, secret_digest(cx->arena, token), &session));
    assert_null(session);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM pass WHERE digest = '%s'", link),
        0);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM session WHERE digest = '%s'",
                         token),
        0);
}

/* Sessions */

static const char *
begin(struct ctx *cx, const struct account *account)
{
    struct session_new wanted = {.account = account->id, .label = "Firefox trên Windows"};
    const char *token, *device;
    must(cx, session_begin(cx, &wanted, &token, &device));
    assert_null(device);
    return token;
}

static bool
is_open(struct ctx *cx, const char *token)
{
    struct session *session;
    must(cx, session_find(cx, token, &session));
    return session != NULL;
}

static void
test_session__ends_after_half_an_hour_without_a_request(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const char *token = begin(cx, account_new(cx, "lan"));
    assert_true(is_open(cx, token));
    cx->now += SESSION_IDLE_MINUTES * minute_ms - 1;
    assert_true(is_open(cx, token));
    cx->now += 1;
    assert_false(is_open(cx, token));
}

static void
test_session__ends_after_twelve_hours_however_busy(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const char *token = begin(cx, account_new(cx, "lan"));
    struct arena *arena = arena_new();
    struct seen *seen = seen_new(arena);
    struct session *session;
    int64_t end = cx->now + SESSION_HOURS * hour_ms;
    while (cx->now + 20 * minute_ms < end) {
        cx->now += 20 * minute_ms;
        must(cx, session_find(cx, token, &session));
        assert_non_null(session);
        seen_note(seen, session, cx->now);
        must(cx, seen_write(cx, seen));
        must(cx, world_renew(cx));
    }
    cx->now = end - 1;
    assert_true(is_open(cx, token));
    cx->now = end;
    assert_false(is_open(cx, token));
    arena_free(arena);
}

static void
test_session__is_noted_once_a_minute_and_swept_when_over(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *account = account_new(cx, "lan");
    const char *token = begin(cx, account);
    struct arena *arena = arena_new();
    struct seen *seen = seen_new(arena);
    struct session *session;
    int64_t start = cx->now, before;
    must(cx, session_find(cx, token, &session));
    seen_note(seen, session, start + minute_ms - 1);
    before = database_version(fixture->database);
    must(cx, seen_write(cx, seen));
    assert_int_equal(database_version(fixture->database), before);
    seen_note(seen, session, start + minute_ms);
    seen_note(seen, session, start + minute_ms + 5);
    cx->now += minute_ms + 10;
    must(cx, seen_write(cx, seen));
    assert_int_equal(fixture_sql(fixture, "SELECT seen_at FROM session"), start + minute_ms);
    begin(cx, account);
    cx->now += 25 * minute_ms;
    seen_note(seen, session, cx->now);
    cx->now += 10 * minute_ms;
    must(cx, seen_write(cx, seen));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM session"), 1);
    arena_free(arena);
}

static void
test_session__signing_out_ends_it_for_whoever_has_the_token(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *lan = account_new(cx, "lan"), *minh = account_new(cx, "minh");
    const char *one = begin(cx, lan), *two = begin(cx, lan), *other = begin(cx, minh);
    must(cx, session_end(cx, minh->id, secret_digest(cx->arena, one)));
    assert_true(is_open(cx, one));
    must(cx, session_end(cx, lan->id, secret_digest(cx->arena, one)));
    assert_false(is_open(cx, one));
    assert_true(is_open(cx, two));
    must(cx, session_end_all(cx, lan->id));
    assert_false(is_open(cx, two));
    assert_true(is_open(cx, other));
    must(cx, account_close(cx, minh));
    assert_false(is_open(cx, other));
}

static void
test_session__signing_in_again_replaces_the_token(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *lan = account_new(cx, "lan");
    const char *first = begin(cx, lan), *second, *device;
    struct session_new wanted = {.account = lan->id, .label = "Thử", .replaced = first};
    must(cx, session_begin(cx, &wanted, &second, &device));
    assert_string_not_equal(first, second);
    assert_false(is_open(cx, first));
    assert_true(is_open(cx, second));
    must(cx, account_set_password(cx, lan, "mặt trời phía tây", secret_digest(cx->arena, second)));
    assert_true(is_open(cx, second));
    must(cx, account_set_password(cx, lan, "mặt trời phía đông", NULL));
    assert_false(is_open(cx, second));
}

/* Signing in */

struct door {
    struct arena *arena;
    struct sign_in attempt;
};

static struct door
door_new(void)
{
    struct arena *arena = arena_new();
    return (struct door){arena, {.throttle = throttle_new(arena), .network = "192.0.2.0/24"}};
}

static void
refused(struct ctx *cx, struct door *door, const char *login, const char *typed)
{
    struct account *account;
    must_be(cx, ERR_FORBIDDEN, sign_in_password(cx, &door->attempt, login, typed, &account));
    assert_int_equal(cx->faults.count, 1);
    assert_true(fixture_said(cx, "Tên đăng nhập hoặc mật khẩu chưa đúng."));
    fixture_next(cx);
}

static void
test_sign_in__tells_nobody_who_has_an_account(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account_new invited = {.login = "moi", .label = "Mới"};
    struct door door = door_new();
    struct account *account = account_new(cx, "dong");
    must(cx, account_close(cx, account));
    must(cx, account_create(cx, &invited, &account));
    int64_t lan = account_new(cx, "lan")->id;
    refused(cx, &door, "lan", "bốn con thuyền gỗ");
    refused(cx, &door, "khong_co", password);
    refused(cx, &door, "dong", password);
    refused(cx, &door, "moi", password);
    refused(cx, &door, "", "");
    assert_int_equal(audit_count(fixture, "account.failed"), 5);
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM audit WHERE action = 'account.failed' AND "
                         "detail <> '192.0.2.0/24'"),
        0);
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    assert_int_equal(account->id, lan);
    arena_free(door.arena);
}

static void
test_sign_in__slows_down_for_an_unknown_login_as_for_a_known(void **state)
{
    static const char *const logins[] = {"lan", "khong_co"};
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    struct account *account;
    account_new(cx, "lan");
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        for (int n = 0; n < THROTTLE_HERE; n++)
            refused(cx, &door, logins[i], "sai hoàn toàn");
        must_be(cx, ERR_LIMIT, sign_in_password(cx, &door.attempt, logins[i], password, &account));
        assert_int_equal(door.attempt.wait_ms, 1000);
        assert_true(fixture_said(cx, "sau 1 giây"));
        fixture_next(cx);
    }
    cx->now += 1000;
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    sign_in_succeeded(cx, &door.attempt);
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    arena_free(door.arena);
}

/* A device that the account remembers is not kept out by what others try. */
static void
test_sign_in__lets_a_known_device_try_while_others_guess(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    struct account *account = account_new(cx, "lan");
    struct session_new wanted = {.account = account->id, .label = "Thử", .remembers = true};
    const char *token, *device;
    must(cx, session_begin(cx, &wanted, &token, &device));
    for (int i = 0; i < THROTTLE_ACCOUNT; i++) {
        struct attempt other = {.login = "lan", .network = arena_printf(cx->arena, "n%d", i)};
        assert_int_equal(throttle_begin(door.attempt.throttle, &other, cx->now), 0);
    }
    must_be(cx, ERR_LIMIT, sign_in_password(cx, &door.attempt, "lan", password, &account));
    fault_forget(cx, 0);
    door.attempt.device = token;
    must_be(cx, ERR_LIMIT, sign_in_password(cx, &door.attempt, "lan", password, &account));
    fault_forget(cx, 0);
    door.attempt.device = device;
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    arena_free(door.arena);
}

static void
test_sign_in__hashes_anew_when_the_cost_has_changed(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    struct account *account;
    account_new(cx, "lan");
    must(cx, setting_set(cx, "argon2_passes", "3"));
    fixture_next(cx);
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    must(cx, account_find(cx, "lan", &account));
    assert_non_null(strstr(account->password, ",t=3,"));
    must(cx, sign_in_password(cx, &door.attempt, "lan", password, &account));
    must_be(cx, ERR_INVALID, setting_set(cx, "argon2_passes", "1"));
    must_be(cx, ERR_INVALID, setting_set(cx, "argon2_kib", "19455"));
    arena_free(door.arena);
}

static enum sign_in_need
need_of(struct ctx *cx, const struct account *account, const char *device)
{
    enum sign_in_need need;
    struct account *now;
    must(cx, account_by_id(cx, account->id, &now));
    must(cx, sign_in_need(cx, now, device, &need));
    return need;
}

static void
test_sign_in__asks_deciding_roles_for_a_code(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct account *branch = account_new(cx, "lan"), *head = account_new(cx, "minh");
    int32_t today = cx->world->today;
    grant(cx, branch, "chi_bo", today, DAY_MAX);
    grant(cx, head, "cap_uy", today, today);
    assert_int_equal(need_of(cx, branch, NULL), NEED_NOTHING);
    assert_int_equal(need_of(cx, head, NULL), NEED_SET_UP);
    must(cx, setting_set(cx, "totp", "off"));
    fixture_next(cx);
    must(cx, account_find(cx, "minh", &head));
    assert_int_equal(need_of(cx, head, NULL), NEED_NOTHING);
    must(cx, setting_set(cx, "totp", "on"));
    cx->now += day_ms;
    fixture_next(cx);
    must(cx, account_find(cx, "minh", &head));
    assert_int_equal(need_of(cx, head, NULL), NEED_NOTHING);
    must_be(cx, ERR_INVALID, setting_set(cx, "totp", "vài"));
}

/* An account with an authenticator, and the codes on paper. */
static struct account *
with_totp(struct ctx *cx, const char *login, const char **secret, const char ***codes)
{
    struct account *account = account_new(cx, login);
    const char *hold;
    *secret = totp_new(cx->arena);
    must(cx, sign_in_hold(cx, account, &hold));
    must_be(cx, ERR_INVALID, sign_in_set_up(cx, hold, *secret, "000000x", &account, codes));
    fault_forget(cx, 0);
    must(cx,
        sign_in_set_up(cx, hold, *secret, totp_code(cx->arena, *secret, cx->now / 30000), &account,
            codes));
    must(cx, account_by_id(cx, account->id, &account));
    return account;
}

static enum status
give_code(struct ctx *cx, struct door *door, const struct account *account, const char *code)
{
    struct account *same;
    const char *hold;
    must(cx, sign_in_hold(cx, account, &hold));
    enum status status = sign_in_code(cx, &door->attempt, hold, code, &same);
    fault_forget(cx, 0);
    if (status == OK)
        sign_in_succeeded(cx, &door->attempt);
    return status;
}

static void
test_sign_in__takes_no_code_twice(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, **codes;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    assert_int_equal(need_of(cx, account, NULL), NEED_CODE);
    /* the code that has set it up is taken */
    const char *code = totp_code(cx->arena, secret, cx->now / 30000);
    assert_int_equal(give_code(cx, &door, account, code), ERR_FORBIDDEN);
    cx->now += 30000;
    code = totp_code(cx->arena, secret, cx->now / 30000);
    assert_int_equal(give_code(cx, &door, account, code), OK);
    assert_int_equal(give_code(cx, &door, account, code), ERR_FORBIDDEN);
    cx->now += 120000;
    assert_int_equal(give_code(cx, &door, account, code), ERR_FORBIDDEN);
    code = totp_code(cx->arena, secret, cx->now / 30000);
    assert_int_equal(give_code(cx, &door, account, code), OK);
    arena_free(door.arena);
}

static void
test_sign_in__takes_a_recovery_code_once(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, **codes, **later;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    assert_int_equal(give_code(cx, &door, account, codes[3]), OK);
    assert_int_equal(give_code(cx, &door, account, codes[3]), ERR_FORBIDDEN);
    assert_int_equal(give_code(cx, &door, account, codes[4]), OK);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM pass WHERE kind = 'recovery'"), 8);
    must(cx, account_new_recovery(cx, account, &later));
    assert_int_equal(give_code(cx, &door, account, codes[5]), ERR_FORBIDDEN);
    assert_int_equal(give_code(cx, &door, account, later[5]), OK);
    struct account *other = account_new(cx, "minh");
    assert_int_equal(give_code(cx, &door, other, later[6]), ERR_FORBIDDEN);
    assert_int_equal(audit_count(fixture, "account.recovered"), 3);
    must(cx, account_drop_totp(cx, account));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM pass WHERE kind = 'recovery'"), 0);
    assert_int_equal(need_of(cx, account, NULL), NEED_NOTHING);
    arena_free(door.arena);
}

static void
test_sign_in__a_code_belongs_to_the_password_before_it(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, **codes, *hold;
    struct account *account = with_totp(cx, "lan", &secret, &codes), *same;
    cx->now += 60000;
    const char *code = totp_code(cx->arena, secret, cx->now / 30000);
    must_be(cx, ERR_NOT_FOUND,
        sign_in_code(cx, &door.attempt, secret_token(cx->arena), code, &same));
    must(cx, sign_in_hold(cx, account, &hold));
    must(cx, sign_in_code(cx, &door.attempt, hold, code, &same));
    assert_int_equal(same->id, account->id);
    must_be(cx, ERR_NOT_FOUND, sign_in_code(cx, &door.attempt, hold, codes[0], &same));
    must(cx, sign_in_hold(cx, account, &hold));
    cx->now += CODE_MINUTES * minute_ms;
    must_be(cx, ERR_NOT_FOUND, sign_in_code(cx, &door.attempt, hold, codes[0], &same));
    must_be(cx, ERR_NOT_FOUND, sign_in_set_up(cx, hold, secret, code, &same, &codes));
    /* an authenticator that is there is not replaced by whoever knows the password */
    must(cx, sign_in_hold(cx, account, &hold));
    const char *theirs = totp_new(cx->arena);
    must_be(cx, ERR_NOT_FOUND,
        sign_in_set_up(cx, hold, theirs, totp_code(cx->arena, theirs, cx->now / 30000), &same,
            &codes));
    arena_free(door.arena);
}

/* Two at once: what one has read before the other wrote does not hold any more. */
static void
test_sign_in__what_is_taken_once_is_taken_once_by_two(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, **codes, *hold, *link;
    struct account *account = with_totp(cx, "lan", &secret, &codes), *same;
    must(cx, sign_in_hold(cx, account, &hold));
    must(cx, account_invite(cx, account, &link));
    struct ctx *other = fixture_open(fixture);
    must(cx, sign_in_code(cx, &door.attempt, hold, codes[0], &same));
    must_be(other, ERR_FORBIDDEN, sign_in_code(other, &door.attempt, hold, codes[1], &same));
    fixture_next(other);
    must(cx, account_use_link(cx, link, "mặt trời phía đông"));
    must_be(other, ERR_NOT_FOUND, account_use_link(other, link, "mặt trời phía bắc"));
    assert_true(fixture_said(other, "vừa được dùng"));
    fixture_close(other);
    arena_free(door.arena);
}

/* The code of now, of a half minute of which none was taken. */
static enum status
give_new_code(struct ctx *cx, struct door *door, const struct account *account, const char *secret)
{
    struct account *now;
    cx->now += 120000;
    must(cx, account_by_id(cx, account->id, &now));
    return give_code(cx, door, now, totp_code(cx->arena, secret, cx->now / 30000));
}

static void
test_sign_in__a_stolen_database_makes_no_codes(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, *other_secret, **codes, **other_codes;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    struct account *other = with_totp(cx, "minh", &other_secret, &other_codes);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM account WHERE totp LIKE '%%%s%%'",
                         secret),
        0);
    assert_int_equal(give_new_code(cx, &door, account, secret), OK);
    /* who can write into it, and has an authenticator of his own, gives it to nobody else */
    (void)fixture_sql(fixture,
        "UPDATE account SET totp = (SELECT totp FROM account WHERE login = 'minh') WHERE login = "
        "'lan'");
    must(cx, world_renew(cx));
    assert_int_equal(give_new_code(cx, &door, account, other_secret), ERR_FORBIDDEN);
    assert_int_equal(give_new_code(cx, &door, account, secret), ERR_FORBIDDEN);
    assert_int_equal(give_new_code(cx, &door, other, other_secret), OK);
    arena_free(door.arena);
}

static void
test_account__secrets_of_another_key_are_lost_and_codes_on_paper_are_not(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    struct secrets_survey secrets;
    const char *secret, **codes;
    int count;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    must(cx, account_survey_secrets(cx, &secrets));
    assert_int_equal(secrets.clear + secrets.lost, 0);
    worlds_take_data_key(cx->worlds, &(struct data_key){"another key"});
    must(cx, account_survey_secrets(cx, &secrets));
    assert_int_equal(secrets.lost, 1);
    assert_string_equal(secrets.first_lost, "lan");
    assert_int_equal(give_new_code(cx, &door, account, secret), ERR_FORBIDDEN);
    assert_int_equal(give_code(cx, &door, account, codes[0]), OK);
    (void)with_totp(cx, "minh", &secret, &codes);
    must(cx, account_drop_lost(cx, &count));
    assert_int_equal(count, 1);
    must(cx, account_survey_secrets(cx, &secrets));
    assert_int_equal(secrets.lost, 0);
    assert_int_equal(need_of(cx, account, NULL), NEED_NOTHING);
    assert_int_equal(audit_count(fixture, "account.totp_off"), 1);
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM account WHERE totp IS NOT NULL"),
        1);
    arena_free(door.arena);
}

static void
test_account__secrets_of_an_earlier_version_are_encrypted(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    struct secrets_survey secrets;
    const char *secret, **codes;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    (void)fixture_sql(fixture, "UPDATE account SET totp = '%s'", secret);
    must(cx, world_renew(cx));
    must(cx, account_survey_secrets(cx, &secrets));
    assert_int_equal(secrets.clear, 1);
    assert_int_equal(secrets.lost, 0);
    assert_int_equal(give_new_code(cx, &door, account, secret), ERR_FORBIDDEN);
    must(cx, account_encrypt_secrets(cx));
    must(cx, account_survey_secrets(cx, &secrets));
    assert_int_equal(secrets.clear + secrets.lost, 0);
    assert_int_equal(give_new_code(cx, &door, account, secret), OK);
    arena_free(door.arena);
}

static void
test_sign_in__slows_down_for_codes_too(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    struct door door = door_new();
    const char *secret, **codes;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    for (int i = 0; i < THROTTLE_HERE; i++)
        assert_int_equal(give_code(cx, &door, account, "12345"), ERR_FORBIDDEN);
    assert_int_equal(give_code(cx, &door, account, codes[0]), ERR_LIMIT);
    cx->now += 1000;
    assert_int_equal(give_code(cx, &door, account, codes[0]), OK);
    arena_free(door.arena);
}

static void
test_device__stands_for_the_code_for_ninety_days(void **state)
{
    struct fixture *fixture = *state;
    struct ctx *cx = &fixture->cx;
    const char *secret, **codes, *token, *device;
    struct account *account = with_totp(cx, "lan", &secret, &codes);
    struct account *other = with_totp(cx, "minh", &secret, &codes);
    struct session_new wanted = {.account = account->id, .label = "Thử", .remembers = true};
    must(cx, session_begin(cx, &wanted, &token, &device));
    assert_int_equal(need_of(cx, account, device), NEED_NOTHING);
    assert_int_equal(need_of(cx, account, token), NEED_CODE);
    assert_int_equal(need_of(cx, other, device), NEED_CODE);
    cx->now += DEVICE_DAYS * day_ms - 1;
    assert_int_equal(need_of(cx, account, device), NEED_NOTHING);
    cx->now += 1;
    assert_int_equal(need_of(cx, account, device), NEED_CODE);
    must(cx, session_begin(cx, &wanted, &token, &device));
    must(cx, device_forget(cx, other->id, secret_digest(cx->arena, device)));
    assert_int_equal(need_of(cx, account, device), NEED_NOTHING);
    must(cx, device_forget(cx, account->id, secret_digest(cx->arena, device)));
    assert_int_equal(need_of(cx, account, device), NEED_CODE);
    must(cx, session_begin(cx, &wanted, &token, &device));
    must(cx, session_end_all(cx, account->id));
    assert_int_equal(need_of(cx, account, device), NEED_CODE);
    must(cx, session_begin(cx, &wanted, &token, &device));
    must(cx, account_set_password(cx, account, "mặt trời phía tây", NULL));
    assert_int_equal(need_of(cx, account, device), NEED_CODE);
}

#define account_test(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        account_test(test_account__the_first_one_ends_the_operators_freedom),
        account_test(test_account__every_fault_of_a_new_one_is_told),
        account_test(test_account__roles_hold_between_their_days),
        account_test(test_account__a_role_that_ends_keeps_what_it_was),
        account_test(test_account__a_link_opens_once_and_within_a_week),
        account_test(test_account__what_is_stored_opens_nothing),
        account_test(test_session__ends_after_half_an_hour_without_a_request),
        account_test(test_session__ends_after_twelve_hours_however_busy),
        account_test(test_session__is_noted_once_a_minute_and_swept_when_over),
        account_test(test_session__signing_out_ends_it_for_whoever_has_the_token),
        account_test(test_session__signing_in_again_replaces_the_token),
        account_test(test_sign_in__tells_nobody_who_has_an_account),
        account_test(test_sign_in__slows_down_for_an_unknown_login_as_for_a_known),
        account_test(test_sign_in__lets_a_known_device_try_while_others_guess),
        account_test(test_sign_in__hashes_anew_when_the_cost_has_changed),
        account_test(test_sign_in__asks_deciding_roles_for_a_code),
        account_test(test_sign_in__takes_no_code_twice),
        account_test(test_sign_in__takes_a_recovery_code_once),
        account_test(test_sign_in__a_code_belongs_to_the_password_before_it),
        account_test(test_sign_in__what_is_taken_once_is_taken_once_by_two),
        account_test(test_sign_in__slows_down_for_codes_too),
        account_test(test_sign_in__a_stolen_database_makes_no_codes),
        account_test(test_account__secrets_of_another_key_are_lost_and_codes_on_paper_are_not),
        account_test(test_account__secrets_of_an_earlier_version_are_encrypted),
        account_test(test_device__stands_for_the_code_for_ninety_days),
    };
    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
