/* XChaCha20-Poly1305 of libsodium, with the number of the row as what is authenticated besides: a
 * text that was moved into another row is not read there. */
#include "domain/data_key.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIGITS = 64, /* of a key in its file */
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SECRET_MAX = 200,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};
_Static_assert(sizeof(struct data_key) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    "the key is as long as the cipher's");

void
data_key_new(struct data_key *key)
{
    randombytes_buf(key->bytes, sizeof(key->bytes));
}

/* The file */

static bool
write_new(const char *path, const char *text)
{
    size_t length = strlen(text);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool done = write(fd, text, length) == (ssize_t)length && fsync(fd) == 0;
    return close(fd) == 0 && done;
}

/* Whole or not at all, and never over another. */
static bool
put_new(struct ctx *cx, const char *path, const char *text)
{
    const char *part = arena_printf(cx->arena, "%s.%ld.part", path, (long)getpid());
    bool done = write_new(part, text) && link(part, path) == 0;
    int why = errno;
    (void)unlink(part);
    errno = why;
    return done && file_sync_folder(cx->arena, path);
}

enum status
data_key_write(struct ctx *cx, const char *path, const struct data_key *key)
{
    char text[DIGITS + 2];
    sodium_bin2hex(text, DIGITS + 1, key->bytes, sizeof(key->bytes));
    text[DIGITS] = '\n';
    text[DIGITS + 1] = '\0';
    bool done = put_new(cx, path, text);
    int why = errno;
    sodium_memzero(text, sizeof(text));
    if (done)
        return OK;
    return fault_set(cx, why == EEXIST ? ERR_CONFLICT : ERR_STORE,
        "Không ghi được khóa dữ liệu vào tệp %s: %s.", path, strerror(why));
}

static enum status
check_mode(struct ctx *cx, int fd, const char *path)
{
    struct stat about;
    if (fstat(fd, &about) == 0 && (about.st_mode & (S_IRWXO | S_IWGRP)) == 0)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Mọi người trên máy đọc hoặc sửa được tệp khóa dữ liệu %s; hãy chạy: chmod 600 %s", path,
        path);
}

static enum status
read_open(struct ctx *cx, int fd, const char *path, struct data_key *out)
{
    char text[DIGITS + 2] = "";
    size_t length = 0;
    TRY(check_mode(cx, fd, path));
    ssize_t got = read(fd, text, sizeof(text) - 1);
    bool is_key = got == DIGITS || (got == DIGITS + 1 && text[DIGITS] == '\n');
    is_key = is_key &&
        sodium_hex2bin(out->bytes, sizeof(out->bytes), text, DIGITS, NULL, &length, NULL) == 0 &&
        length == sizeof(out->bytes);
    sodium_memzero(text, sizeof(text));
    if (is_key)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Tệp %s không phải là khóa dữ liệu: cần %d chữ số thập lục phân trên một dòng.", path,
        (int)DIGITS);
}

enum status
data_key_read(struct ctx *cx, const char *path, struct data_key *out, bool *found)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *found = fd >= 0;
    if (fd < 0 && errno == ENOENT)
        return OK;
    if (fd < 0)
        return fault_set(cx, ERR_INVALID, "Không đọc được tệp khóa dữ liệu %s: %s.", path,
            strerror(errno));
    enum status status = read_open(cx, fd, path, out);
    close(fd);
    return status;
}

/* Texts */

static const char *
place(struct arena *arena, int64_t owner)
{
    return arena_printf(arena, "account.totp %lld", (long long)owner);
}

const char *
data_key_encrypt(struct arena *arena, const struct data_key *key, int64_t owner, const char *secret)
{
    size_t length = strlen(secret), room = NONCE + length + TAG;
    unsigned char *bytes = arena_alloc(arena, room);
    const char *where = place(arena, owner);
    randombytes_buf(bytes, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, NULL, (const unsigned char *)secret,
        length, (const unsigned char *)where, strlen(where), NULL, bytes, key->bytes);
    size_t letters = sodium_base64_ENCODED_LEN(room, VARIANT);
    return sodium_bin2base64(arena_alloc(arena, letters), letters, bytes, room, VARIANT);
}

const char *
data_key_decrypt(struct arena *arena, const struct data_key *key, int64_t owner,
    const char *encrypted)
{
    unsigned char bytes[NONCE + SECRET_MAX + TAG];
    size_t length = 0;
    const char *where = place(arena, owner);
    char *secret = arena_alloc(arena, SECRET_MAX + 1);
    if (sodium_base642bin(bytes, sizeof(bytes), encrypted, strlen(encrypted), NULL, &length, NULL,
            VARIANT) != 0 ||
        length < NONCE + TAG)
        return NULL;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)secret, NULL, NULL,
            bytes + NONCE, length - NONCE, (const unsigned char *)where, strlen(where), bytes,
            key->bytes) != 0)
        return NULL;
    return secret;
}
