/* Passwords by Argon2id, tokens, one-time codes. Only what libsodium and liboath promise is relied
 * upon; nothing is invented here but the rules for what a password may be. */
#include "domain/secret.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/vi.h"
#include "domain/world.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Hashes */

static size_t
memory_of(const struct ctx *cx)
{
    return (size_t)cx->world->argon2_kib * 1024;
}

static enum status
no_memory(struct ctx *cx)
{
    return fault_set(cx, ERR_STORE, "Máy chủ tạm thời không đủ bộ nhớ để kiểm tra mật khẩu.");
}

/* Milliseconds of CPU that one hash of the least cost takes. */
static enum status
measure(struct ctx *cx, int *out)
{
    char hash[crypto_pwhash_STRBYTES];
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    if (crypto_pwhash_str(hash, "", 0, ARGON2_PASSES, (size_t)ARGON2_KIB * 1024) != 0)
        return no_memory(cx);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    *out =
        (int)((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000);
    return OK;
}

enum status
secret_calibrate(struct ctx *cx, int *passes)
{
    enum { TARGET_MS = 25, MOST = 32 };
    int ms = 0;
    TRY(measure(cx, &ms));
    for (*passes = ARGON2_PASSES; ms * 2 <= TARGET_MS && *passes < MOST; ms *= 2)
        *passes *= 2;
    return OK;
}

/* In one form: other keyboards send the same letters in other bytes. */
static const char *
in_one_form(struct ctx *cx, const char *password)
{
    return utf8_invalid_at(password) >= 0 ? password : vi_clean(cx->arena, password);
}

enum status
secret_hash(struct ctx *cx, const char *password, const char **out)
{
    char *hash = arena_alloc(cx->arena, crypto_pwhash_STRBYTES);
    *out = hash;
    password = in_one_form(cx, password);
    if (crypto_pwhash_str(hash, password, strlen(password),
            (unsigned long long)cx->world->argon2_passes, memory_of(cx)) != 0)
        return no_memory(cx);
    return OK;
}

enum status
secret_verify(struct ctx *cx, const char *hash, const char *password, bool *out)
{
    const char *unused;
    *out = false;
    if (hash == NULL)
        return secret_hash(cx, password, &unused);
    password = in_one_form(cx, password);
    *out = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    return OK;
}

bool
secret_needs_rehash(const struct ctx *cx, const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, (unsigned long long)cx->world->argon2_passes,
               memory_of(cx)) != 0;
}

/* What a password may be */

/* Words and runs that are tried first, without marks and blanks. */
static const char *const common[] = {"matkhau", "password", "passw0rd", "admin", "quantri",
    "chithi", "vietnam", "hanoi", "saigon", "hochiminh", "bacho", "dangcongsan", "congsan",
    "dangvien", "chibo", "danguy", "bithu", "vanphong", "tuyengiao", "kiemtra", "mattran", "hoctap",
    "lamtheo", "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "iloveyou", "giadinh", "conyeu", "meyeu",
    "boyeu", "thanhcong", "hanhphuc", "doclap", "tudo", "xinchao", "welcome", "letmein", "login",
    "dangnhap", "khongbiet", "khongco", "macdinh", "default", "test", "demo", "user", "nguyen",
    "tran", "pham", "hoang", "huynh", "qwerty", "qwertyuiop", "asdf", "asdfgh", "zxcvbn", "abc",
    "abcd", "abcdef", "xyz", "dragon", "monkey", "football", "bongda", "master", "computer",
    "maytinh", "internet", "samsung", "iphone", "facebook", "zalo", "google", "ngaysinh",
    "sinhnhat", "thang", "nam", "ngay"};

/* The place behind the longest common word at `text`, or NULL. */
static const char *
behind_common(const char *text)
{
    size_t longest = 0;
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        size_t length = strlen(common[i]);
        if (length > longest && strncmp(text, common[i], length) == 0)
            longest = length;
    }
    return longest == 0 ? NULL : text + longest;
}

/* How many letters are left when common words and the login are taken out. */
static int
letters_left(const char *folded, const char *login)
{
    size_t own = strlen(login);
    int left = 0;
    while (*folded != '\0') {
        const char *next = behind_common(folded);
        if (own >= 3 && strncmp(folded, login, own) == 0)
            next = folded + own;
        left += next == NULL && *folded >= 'a' && *folded <= 'z';
        folded = next == NULL ? folded + 1 : next;
    }
    return left;
}

/* Do two keys lie side by side, or follow each other as letters and digits do? */
static bool
are_neighbours(char a, char b)
{
    static const char *const rows[] = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};
    if (abs(a - b) <= 1)
        return true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *first = strchr(rows[i], a), *second = strchr(rows[i], b);
        if (first != NULL && second != NULL && abs((int)(first - second)) <= 1)
            return true;
    }
    return false;
}

/* Is most of it the same key again, or the next one: 1234567890, qwertyuiop, aaaabbbb? */
static bool
is_run(const char *folded)
{
    size_t length = strlen(folded), steps = 0;
    for (size_t i = 1; i < length; i++)
        steps += are_neighbours(folded[i - 1], folded[i]);
    return length > 1 && steps * 4 >= (length - 1) * 3;
}

/* Lower case, without marks, blanks and signs. */
static const char *
squeezed(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena);
    for (const char *c = vi_fold(arena, text); *c != '\0'; c++) {
        if (*c != ' ')
            buf_char(&out, *c);
    }
    return buf_string(&out);
}

/* What is wrong with it, or NULL. */
static const char *
weakness(const struct ctx *cx, const char *password, const char *login)
{
    enum { LETTERS = 4 };
    const char *folded = squeezed(cx->arena, password);
    if (*folded == '\0' || strspn(password, "0123456789 .-/") == strlen(password))
        return tr(cx, "chỉ có chữ số");
    if (is_run(folded))
        return tr(cx, "là những phím lặp lại hoặc liền nhau");
    if (letters_left(folded, squeezed(cx->arena, login)) < LETTERS)
        return tr(cx, "gồm tên đăng nhập hoặc những từ mà ai cũng đoán trước tiên");
    return NULL;
}

enum status
secret_check_password(struct ctx *cx, const char *field, const char *password, const char *login)
{
    struct fault where = {.field = field};
    int length = utf8_invalid_at(password) >= 0 ? 0 : utf8_count(vi_clean(cx->arena, password));
    if (length < PASSWORD_MIN || length > PASSWORD_MAX)
        return fault_at(cx, ERR_INVALID, where,
            "Mật khẩu có %d ký tự; cần từ %d đến %d, ví dụ ba bốn từ không liên quan đến nhau.",
            length, PASSWORD_MIN, PASSWORD_MAX);
    const char *why = weakness(cx, password, login);
    if (why == NULL)
        return OK;
    return fault_at(cx, ERR_INVALID, where,
        "Mật khẩu này %s; hãy chọn ba bốn từ không liên quan đến nhau.", why);
}

/* Tokens */

static const char *
base64(struct arena *arena, const unsigned char *bytes, size_t length)
{
    size_t room = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(arena_alloc(arena, room), room, bytes, length,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *
secret_token(struct arena *arena)
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof(bytes));
    return base64(arena, bytes, sizeof(bytes));
}

const char *
secret_digest(struct arena *arena, const char *token)
{
    unsigned char bytes[crypto_generichash_BYTES];
    size_t room = sizeof(bytes) * 2 + 1;
    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)token, strlen(token), NULL, 0);
    return sodium_bin2hex(arena_alloc(arena, room), room, bytes, sizeof(bytes));
}

/* The key is the token's hash, so that a token of any length will do. */
const char *
secret_proof(struct arena *arena, const char *token, const char *purpose)
{
    unsigned char key[crypto_generichash_KEYBYTES], bytes[24];
    crypto_generichash(key, sizeof(key), (const unsigned char *)token, strlen(token),
        (const unsigned char *)"chithi proof key", 16);
    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)purpose, strlen(purpose), key,
        sizeof(key));
    return base64(arena, bytes, sizeof(bytes));
}

bool
secret_equal(const char *a, const char *b)
{
    size_t length = strlen(a);
    return strlen(b) == length && sodium_memcmp(a, b, length) == 0;
}

/* One-time codes */

enum { TOTP_BYTES = 20, TOTP_SECRET = 32, TOTP_DIGITS = 6, TOTP_MS = 30 * 1000 };

const char *
totp_new(struct arena *arena)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *secret = arena_alloc(arena, TOTP_SECRET + 1);
    for (int i = 0; i < TOTP_SECRET; i++)
        secret[i] = letters[randombytes_uniform(32)];
    return secret;
}

bool
totp_is_secret(const char *text)
{
    return strlen(text) == TOTP_SECRET &&
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == TOTP_SECRET;
}

const char *
totp_address(struct arena *arena, const char *secret, const char *login)
{
    return arena_printf(arena, "otpauth://totp/chithi:%s?secret=%s&issuer=chithi", login, secret);
}

const char *
totp_code(struct arena *arena, const char *secret, int64_t step)
{
    char code[TOTP_DIGITS + 1] = "", *bytes = NULL;
    size_t length = 0;
    if (oath_base32_decode(secret, strlen(secret), &bytes, &length) == OATH_OK)
        (void)oath_hotp_generate(bytes, length, (uint64_t)step, TOTP_DIGITS, false,
            OATH_HOTP_DYNAMIC_TRUNCATION, code);
    free(bytes);
    return arena_strdup(arena, code);
}

int64_t
totp_step(struct arena *arena, const char *secret, const char *code, int64_t now, int64_t last)
{
    int64_t found = -1;
    if (strlen(code) != TOTP_DIGITS)
        return -1;
    for (int64_t step = now / TOTP_MS - 1; step <= now / TOTP_MS + 1; step++) {
        if (secret_equal(totp_code(arena, secret, step), code) && step > last)
            found = step;
    }
    return found;
}

/* Codes to keep on paper */

enum { RECOVERY_LETTERS = 16, RECOVERY_GROUP = 4 };
static const char recovery_letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

const char *
recovery_code(struct arena *arena)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < RECOVERY_LETTERS; i++) {
        if (i > 0 && i % RECOVERY_GROUP == 0)
            buf_char(&out, '-');
        buf_char(&out, recovery_letters[randombytes_uniform(32)]);
    }
    return buf_string(&out);
}

const char *
recovery_clean(struct arena *arena, const char *typed)
{
    struct buf out = buf_new(arena);
    int letters = 0;
    for (const char *c = vi_lower(arena, typed); *c != '\0' && letters < RECOVERY_LETTERS; c++) {
        char letter = *c == 'o' ? '0' : (*c == 'i' || *c == 'l') ? '1' : *c;
        if (strchr(recovery_letters, letter) == NULL)
            continue;
        if (letters > 0 && letters % RECOVERY_GROUP == 0)
            buf_char(&out, '-');
        buf_char(&out, letter);
        letters++;
    }
    return buf_string(&out);
}
