/* Passwords, tokens and one-time codes, the key that they are kept under, and the delays for
 * whoever guesses them. */
#include "domain/secret.h"

#include "base/vi.h"
#include "domain/data_key.h"
#include "domain/throttle.h"
#include "domain/world.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct room {
    struct world world;
    struct ctx cx;
};

static struct room *
room_new(void)
{
    struct room *room = calloc(1, sizeof(*room));
    assert_non_null(room);
    assert_true(sodium_init() >= 0);
    room->world.argon2_kib = ARGON2_KIB;
    room->world.argon2_passes = ARGON2_PASSES;
    room->cx = (struct ctx){.arena = arena_new(), .world = &room->world};
    return room;
}

static void
room_free(struct room *room)
{
    arena_free(room->cx.arena);
    free(room);
}

static void
test_secret__a_password_is_its_hash_and_no_other(void **state)
{
    struct room *room = room_new();
    const char *hash, *again;
    bool is_right;
    (void)state;
    assert_int_equal(secret_hash(&room->cx, "sông hồng chảy mãi", &hash), OK);
    assert_int_equal(secret_hash(&room->cx, "sông hồng chảy mãi", &again), OK);
    assert_string_not_equal(hash, again);
    assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,", 27);
    assert_int_equal(secret_verify(&room->cx, hash, "sông hồng chảy mãi", &is_right), OK);
    assert_true(is_right);
    /* the same letters, with combining marks */
    assert_int_equal(secret_verify(&room->cx, hash,
                         "so\u0302ng ho\u0302\u0300ng cha\u0309y ma\u0303i", &is_right),
        OK);
    assert_true(is_right);
    assert_int_equal(secret_verify(&room->cx, hash, "song hong chay mai", &is_right), OK);
    assert_false(is_right);
    assert_int_equal(secret_verify(&room->cx, NULL, "sông hồng chảy mãi", &is_right), OK);
    assert_false(is_right);
    room_free(room);
}

static void
test_secret__a_dearer_setting_asks_for_another_hash(void **state)
{
    struct room *room = room_new();
    const char *hash;
    bool is_right;
    (void)state;
    assert_int_equal(secret_hash(&room->cx, "sông hồng chảy mãi", &hash), OK);
    assert_false(secret_needs_rehash(&room->cx, hash));
    room->world.argon2_passes = ARGON2_PASSES + 1;
    assert_true(secret_needs_rehash(&room->cx, hash));
    assert_int_equal(secret_verify(&room->cx, hash, "sông hồng chảy mãi", &is_right), OK);
    assert_true(is_right);
    room_free(room);
}

static void
test_secret__what_people_try_first_is_no_password(void **state)
{
    static const struct {
        const char *password, *said; /* NULL: it will do */
    } cases[] = {
        {"ngắn quá", "Mật khẩu có 8 ký tự; cần từ 10"},
        {"", "có 0 ký tự"},
        {"0912345678", "chỉ có chữ số"},
        {"01/02/1990", "chỉ có chữ số"},
        {"aaaaaaaaaaaa", "lặp lại"},
        {"qwertyuiop", "liền nhau"},
        {"asdfghjkl;'", "liền nhau"},
        {"abcdefghijk", "liền nhau"},
        {"matkhau123", "đoán trước tiên"},
        {"Mật khẩu 2026!", "đoán trước tiên"},
        {"hochiminh1890", "đoán trước tiên"},
        {"Vietnam@2026", "đoán trước tiên"},
        {"lan.nguyen1985", "đoán trước tiên"},
        {"Lan.Nguyen!!!!", "đoán trước tiên"},
        {"............", "chỉ có chữ số"},
        {"sông hồng chảy mãi", NULL},
        {"correct horse battery", NULL},
        {"thuyengiay05", NULL},
        {"tím 7 rổ xoài", NULL},
    };
    struct room *room = room_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum status status =
            secret_check_password(&room->cx, "moi", cases[i].password, "lan.nguyen");
        const struct fault *fault = &room->cx.faults.items[0];
        if (cases[i].said == NULL
                ? status != OK
                : status != ERR_INVALID || strstr(fault->message, cases[i].said) == NULL)
            fail_msg("“%s”: %s", cases[i].password, status == OK ? "taken" : fault->message);
        if (status != OK)
            assert_string_equal(fault->field, "moi");
        fault_forget(&room->cx, 0);
    }
    room_free(room);
}

static void
test_secret__tokens_differ_and_their_digests_lead_nowhere(void **state)
{
    struct room *room = room_new();
    struct arena *arena = room->cx.arena;
    const char *one = secret_token(arena), *other = secret_token(arena);
    (void)state;
    assert_int_equal(strlen(one), 43);
    assert_string_not_equal(one, other);
    assert_int_equal(strlen(secret_digest(arena, one)), 64);
    assert_string_equal(secret_digest(arena, one), secret_digest(arena, one));
    assert_string_not_equal(secret_digest(arena, one), secret_digest(arena, other));
    assert_string_not_equal(secret_proof(arena, one, "form"), secret_proof(arena, other, "form"));
    assert_string_not_equal(secret_proof(arena, one, "form"), secret_proof(arena, one, "else"));
    assert_true(secret_equal(one, one));
    assert_false(secret_equal(one, other));
    assert_false(secret_equal(one, "A"));
    room_free(room);
}

/* Appendix B of RFC 6238, SHA-1, of which an authenticator shows the last six digits. */
static void
test_secret__codes_are_those_of_the_standard(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    struct room *room = room_new();
    struct arena *arena = room->cx.arena;
    (void)state;
    assert_true(totp_is_secret(secret));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t step = cases[i].seconds / 30, now = cases[i].seconds * 1000;
        assert_string_equal(totp_code(arena, secret, step), cases[i].code);
        assert_int_equal(totp_step(arena, secret, cases[i].code, now, 0), step);
        assert_int_equal(totp_step(arena, secret, cases[i].code, now + 30000, 0), step);
        assert_int_equal(totp_step(arena, secret, cases[i].code, now - 30000, 0), step);
        assert_int_equal(totp_step(arena, secret, cases[i].code, now + 60000, 0), -1);
        if (now > 60000)
            assert_int_equal(totp_step(arena, secret, cases[i].code, now - 60000, 0), -1);
        assert_int_equal(totp_step(arena, secret, cases[i].code, now, step), -1);
    }
    assert_int_equal(totp_step(arena, secret, "28708", 59000, 0), -1);
    assert_int_equal(totp_step(arena, secret, "", 59000, 0), -1);
    room_free(room);
}

static void
test_secret__an_authenticator_is_told_who_it_is_for(void **state)
{
    struct room *room = room_new();
    const char *secret = totp_new(room->cx.arena);
    (void)state;
    assert_true(totp_is_secret(secret));
    assert_string_not_equal(secret, totp_new(room->cx.arena));
    assert_false(totp_is_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ"));
    assert_false(totp_is_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"));
    assert_non_null(strstr(totp_address(room->cx.arena, secret, "lan"), secret));
    room_free(room);
}

static void
test_secret__a_recovery_code_is_read_however_it_is_typed(void **state)
{
    struct room *room = room_new();
    struct arena *arena = room->cx.arena;
    const char *code = recovery_code(arena);
    (void)state;
    assert_int_equal(strlen(code), 19);
    assert_string_not_equal(code, recovery_code(arena));
    assert_string_equal(recovery_clean(arena, code), code);
    assert_string_equal(recovery_clean(arena, vi_upper(arena, code)), code);
    assert_string_equal(recovery_clean(arena, " K7QM2XFA 9vtz-c4ld "), "k7qm-2xfa-9vtz-c41d");
    assert_string_equal(recovery_clean(arena, "O7qm"), "07qm");
    assert_string_equal(recovery_clean(arena, ""), "");
    room_free(room);
}

static void
test_secret__calibrating_never_goes_below_the_least(void **state)
{
    struct room *room = room_new();
    int passes;
    (void)state;
    assert_int_equal(secret_calibrate(&room->cx, &passes), OK);
    assert_in_range(passes, ARGON2_PASSES, ARGON2_PASSES_MAX);
    room_free(room);
}

/* Delays */

static const char net[] = "192.0.2.0/24";

static int64_t
try_from(struct throttle *throttle, const char *login, const char *network, int64_t now)
{
    struct attempt attempt = {.login = login, .network = network};
    return throttle_begin(throttle, &attempt, now);
}

static void
test_throttle__delays_double_up_to_a_minute_and_end(void **state)
{
    static const int64_t waits[] = {0, 0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct arena *arena = arena_new();
    int64_t now = 1000000;
    (void)state;
    assert_true(sodium_init() >= 0);
    struct throttle *throttle = throttle_new(arena);
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        assert_int_equal(try_from(throttle, "lan", net, now), waits[i]);
        if (waits[i] > 0)
            assert_int_equal(try_from(throttle, "lan", net, now + waits[i] - 1), 1);
        now += waits[i];
        if (waits[i] > 0)
            assert_int_equal(try_from(throttle, "lan", net, now), 0);
    }
    assert_int_equal(try_from(throttle, "minh", net, now), 0);
    arena_free(arena);
}

/* Else whoever knows a login would keep its owner out. */
static void
test_throttle__guessing_elsewhere_delays_nobody_here(void **state)
{
    struct arena *arena = arena_new();
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < 1000; i++)
        (void)try_from(throttle, "lan", net, now += 1000);
    assert_int_equal(try_from(throttle, "lan", "198.51.100.0/24", now), 0);
    arena_free(arena);
}

static void
test_throttle__many_networks_at_one_account_wait_but_for_its_own_devices(void **state)
{
    struct arena *arena = arena_new();
    struct attempt own = {.login = "lan", .network = "own", .is_known = true};
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < THROTTLE_ACCOUNT; i++)
        assert_int_equal(try_from(throttle, "lan", arena_printf(arena, "n%d", i), now), 0);
    assert_int_equal(try_from(throttle, "lan", "another", now), 1000);
    assert_int_equal(try_from(throttle, "minh", "another", now), 0);
    for (int i = 0; i < THROTTLE_HERE; i++)
        assert_int_equal(throttle_begin(throttle, &own, now), 0);
    assert_int_equal(throttle_begin(throttle, &own, now), 1000);
    arena_free(arena);
}

static void
test_throttle__what_failed_is_forgiven_in_time(void **state)
{
    struct arena *arena = arena_new();
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < THROTTLE_HERE; i++)
        assert_int_equal(try_from(throttle, "lan", net, now), 0);
    assert_int_equal(try_from(throttle, "lan", net, now), 1000);
    now += 3 * 120000;
    for (int i = 0; i < THROTTLE_HERE; i++)
        assert_int_equal(try_from(throttle, "lan", net, now), 0);
    assert_int_equal(try_from(throttle, "lan", net, now), 1000);
    arena_free(arena);
}

static void
test_throttle__who_was_right_starts_anew(void **state)
{
    struct arena *arena = arena_new();
    struct attempt attempt = {.login = "lan", .network = net};
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < THROTTLE_HERE; i++)
        assert_int_equal(throttle_begin(throttle, &attempt, now), 0);
    throttle_succeeded(throttle, &attempt, now);
    for (int i = 0; i < THROTTLE_HERE - 1; i++)
        assert_int_equal(throttle_begin(throttle, &attempt, now), 0);
    throttle_taken_back(throttle, &attempt, now);
    assert_int_equal(throttle_begin(throttle, &attempt, now), 0);
    assert_int_equal(throttle_begin(throttle, &attempt, now), 0);
    assert_int_equal(throttle_begin(throttle, &attempt, now), 1000);
    arena_free(arena);
}

static void
test_throttle__a_network_that_tries_many_accounts_waits(void **state)
{
    struct arena *arena = arena_new();
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < THROTTLE_NETWORK; i++)
        assert_int_equal(try_from(throttle, arena_printf(arena, "a%d", i), net, now), 0);
    assert_int_equal(try_from(throttle, "lan", net, now), 1000);
    assert_int_equal(try_from(throttle, "lan", "198.51.100.0/24", now), 0);
    arena_free(arena);
}

static void
test_throttle__others_do_not_wash_failures_away(void **state)
{
    struct arena *arena = arena_new();
    int64_t now = 1000000;
    (void)state;
    struct throttle *throttle = throttle_new(arena);
    for (int i = 0; i < THROTTLE_HERE + 2; i++)
        (void)try_from(throttle, "lan", net, now += 10000);
    for (int i = 0; i < 100000; i++)
        (void)try_from(throttle, arena_printf(arena, "a%d", i), arena_printf(arena, "n%d", i), now);
    assert_true(try_from(throttle, "lan", net, now) > 0);
    arena_free(arena);
}

static void
test_throttle__a_network_is_24_or_64_bits(void **state)
{
    struct arena *arena = arena_new();
    (void)state;
    assert_string_equal(throttle_network(arena, "203.0.113.7"), "203.0.113.0/24");
    assert_string_equal(throttle_network(arena, "2001:db8:0:1::9"),
        throttle_network(arena, "2001:db8:0:1:ffff::2"));
    assert_string_not_equal(throttle_network(arena, "2001:db8:0:1::9"),
        throttle_network(arena, "2001:db8:0:2::9"));
    assert_string_equal(throttle_network(arena, ""), "");
    arena_free(arena);
}

/* The data key */

static void
test_data_key__opens_what_it_encrypted_for_the_row_and_nothing_else(void **state)
{
    struct arena *arena = arena_new();
    struct data_key key, other;
    (void)state;
    data_key_new(&key);
    data_key_new(&other);
    const char *secret = totp_new(arena), *text = data_key_encrypt(arena, &key, 7, secret);
    assert_null(strstr(text, secret));
    assert_string_not_equal(text, data_key_encrypt(arena, &key, 7, secret));
    assert_string_equal(data_key_decrypt(arena, &key, 7, text), secret);
    assert_null(data_key_decrypt(arena, &key, 8, text));
    assert_null(data_key_decrypt(arena, &other, 7, text));
    assert_null(data_key_decrypt(arena, &key, 7, secret));
    assert_null(data_key_decrypt(arena, &key, 7, ""));
    for (size_t i = 0; text[i] != '\0'; i++) {
        char *changed = arena_strdup(arena, text);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_null(data_key_decrypt(arena, &key, 7, changed));
        changed[i] = '\0';
        assert_null(data_key_decrypt(arena, &key, 7, changed));
    }
    arena_free(arena);
}

static void
put_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void
test_data_key__lies_in_a_file_that_only_its_owner_reads(void **state)
{
    static const char *const wrong[] = {"", "12", "\n",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg\n"};
    static const mode_t modes[] = {0644, 0604, 0602, 0620, 0666};
    struct room *room = room_new();
    struct ctx *cx = &room->cx;
    struct data_key key, same;
    struct stat about;
    bool found;
    char folder[] = "/tmp/chithi-key.XXXXXX", path[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/k", folder);
    assert_int_equal(data_key_read(cx, path, &same, &found), OK);
    assert_false(found);
    data_key_new(&key);
    assert_int_equal(data_key_write(cx, path, &key), OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(data_key_write(cx, path, &(struct data_key){{1}}), ERR_CONFLICT);
    assert_int_equal(data_key_read(cx, path, &same, &found), OK);
    assert_true(found);
    assert_memory_equal(&same, &key, sizeof(key));
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(data_key_read(cx, path, &same, &found), ERR_INVALID);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        put_file(path, wrong[i], 0600);
        assert_int_equal(data_key_read(cx, path, &same, &found), ERR_INVALID);
    }
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left in it */
    room_free(room);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret__a_password_is_its_hash_and_no_other),
        cmocka_unit_test(test_secret__a_dearer_setting_asks_for_another_hash),
        cmocka_unit_test(test_secret__what_people_try_first_is_no_password),
        cmocka_unit_test(test_secret__tokens_differ_and_their_digests_lead_nowhere),
        cmocka_unit_test(test_secret__codes_are_those_of_the_standard),
        cmocka_unit_test(test_secret__an_authenticator_is_told_who_it_is_for),
        cmocka_unit_test(test_secret__a_recovery_code_is_read_however_it_is_typed),
        cmocka_unit_test(test_secret__calibrating_never_goes_below_the_least),
        cmocka_unit_test(test_data_key__opens_what_it_encrypted_for_the_row_and_nothing_else),
        cmocka_unit_test(test_data_key__lies_in_a_file_that_only_its_owner_reads),
        cmocka_unit_test(test_throttle__delays_double_up_to_a_minute_and_end),
        cmocka_unit_test(test_throttle__guessing_elsewhere_delays_nobody_here),
        cmocka_unit_test(test_throttle__many_networks_at_one_account_wait_but_for_its_own_devices),
        cmocka_unit_test(test_throttle__what_failed_is_forgiven_in_time),
        cmocka_unit_test(test_throttle__who_was_right_starts_anew),
        cmocka_unit_test(test_throttle__a_network_that_tries_many_accounts_waits),
        cmocka_unit_test(test_throttle__others_do_not_wash_failures_away),
        cmocka_unit_test(test_throttle__a_network_is_24_or_64_bits),
    };
    return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
