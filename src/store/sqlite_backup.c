/* All pages of an SQLite file into another one, and whether they make sense. */
#include "store/backup.h"

#include "base/file.h"
#include "base/log.h"
#include "base/plant.h"
#include "store/sqlite.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PAGES_A_STEP = 4096 };

/* The snapshot holds still, so that no step begins the copy anew. */
static int
copy_all(sqlite3 *from, sqlite3 *to, const struct ship_pause *pause)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL)
        return sqlite3_errcode(to);
    int code;
    while ((code = sqlite3_backup_step(backup, PAGES_A_STEP)) == SQLITE_OK)
        pause->call(pause->thing);
    int end = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? end : code;
}

enum status
sqlite_copy_pages(struct ctx *cx, struct sqlite_db *from, const struct ship_pause *pause,
    const char *path)
{
    sqlite3 *to = NULL;
    (void)unlink(path);
    int code = sqlite3_open_v2(path, &to,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_exec(to, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = copy_all(from->handle, to, pause);
    int closed = sqlite3_close(to);
    if (code == SQLITE_OK && closed == SQLITE_OK)
        return OK;
    log_note("pages could not be copied to \"%s\": %s", path, sqlite3_errstr(code));
    (void)unlink(path);
    return fault_set(cx, ERR_STORE, "Không ghi được bản sao lưu vào %s: %s.", path,
        code == SQLITE_FULL ? "ổ đĩa đã đầy" : "lỗi đọc hoặc ghi");
}

static void
go_on(void *thing)
{
    (void)thing;
}

enum status
store_copy_pages(struct ctx *cx, const char *path)
{
    struct ship_pause none = {go_on, NULL};
    assert(cx->db != NULL && !cx->db->writing && cx->store->engine == &engine_file);
    return sqlite_copy_pages(cx, (struct sqlite_db *)cx->db, &none, path);
}

/* The seal is a line behind the last page, where SQLite does not look. */

#define SEAL "\nchithi pages 1 sha256 "

enum { DIGITS = 2 * crypto_hash_sha256_BYTES, SEAL_LENGTH = sizeof(SEAL) - 1 + DIGITS + 1 };

static const char *
digest_of(struct arena *arena, const char *bytes, size_t length)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(arena, DIGITS + 1);
    crypto_hash_sha256(digest, (const unsigned char *)bytes, length);
    return sodium_bin2hex(text, DIGITS + 1, digest, sizeof(digest));
}

enum status
store_seal_pages(struct ctx *cx, const char *path)
{
    struct ctx scratch = ctx_scratch(cx);
    const char *bytes;
    size_t length;
    enum status status = file_map(&scratch, path, &bytes, &length);
    cx->faults = scratch.faults;
    TRY(status);
    const char *digest = digest_of(cx->arena, bytes, length);
    FILE *file = fopen(path, "ab");
    bool done = file != NULL && fprintf(file, SEAL "%s\n", digest) == SEAL_LENGTH;
    done = file != NULL && fclose(file) == 0 && done;
    return done ? OK : fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", path);
}

enum status
store_unseal_pages(struct ctx *cx, const char *file, const char *bytes, size_t *length)
{
    static const char head[] = "SQLite format 3";
    if (*length < sizeof(head) || memcmp(bytes, head, sizeof(head)) != 0)
        return fault_set(cx, ERR_INVALID, "%s không phải là bản sao lưu của chithi.", file);
    const char *seal = bytes + *length - SEAL_LENGTH;
    if (*length < SEAL_LENGTH || memcmp(seal, SEAL, sizeof(SEAL) - 1) != 0)
        return fault_set(cx, ERR_INVALID,
            "Bản sao lưu %s không trọn vẹn: thiếu phần cuối. Hãy dùng bản khác.", file);
    *length -= SEAL_LENGTH;
    if (PLANTED("seal_not_checked") ||
        memcmp(seal + sizeof(SEAL) - 1, digest_of(cx->arena, bytes, *length), DIGITS) == 0)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Bản sao lưu %s đã bị thay đổi sau khi ghi: dấu băm không khớp. Hãy dùng bản khác.", file);
}

enum status
store_check_pages(struct ctx *cx)
{
    static const char text[] = "PRAGMA integrity_check(1)";
    if (cx->store->engine != &engine_file)
        return OK;
    struct query *q = query_sql(cx, sql_make(cx->arena, "integrity_check", text));
    const char *found = query_next(q) ? query_get_text(q, 0) : "no answer";
    TRY(query_end(q));
    if (strcmp(found, "ok") == 0)
        return OK;
    log_note("integrity check: %s", found);
    return fault_set(cx, ERR_INVALID,
        "Các trang của cơ sở dữ liệu không khớp nhau: tệp đã hỏng. Hãy dùng một bản sao lưu khác.");
}
