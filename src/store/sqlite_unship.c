/* Putting together what was shipped: the base, then one log after the other, each read by SQLite
 * itself as after a crash, so that a transaction that is not whole is left out. */
#include "store/backup.h"

#include "base/file.h"
#include "base/log.h"
#include "base/plant.h"
#include "store/ship.h"
#include "store/wal.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct unship {
    struct ctx *cx;
    const char *folder, *path;
    char series[SERIES_LENGTH + 1];
    unsigned char chain[CHAIN];
    bool is_last; /* the segment that is read */
};

/* What is there */

/* The newest series that has a base. */
static enum status
find_series(struct unship *unship)
{
    DIR *folder = opendir(unship->folder);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strspn(entry->d_name, "0123456789") == SERIES_LENGTH &&
            strcmp(entry->d_name + SERIES_LENGTH, ".base") == 0 &&
            strncmp(entry->d_name, unship->series, SERIES_LENGTH) > 0)
            memcpy(unship->series, entry->d_name, SERIES_LENGTH);
    }
    if (folder != NULL)
        closedir(folder);
    if (unship->series[0] != '\0')
        return OK;
    return fault_set(unship->cx, ERR_INVALID,
        "Trong thư mục %s không có bản sao liên tục nào trọn vẹn.", unship->folder);
}

/* The highest number of a segment of the series. */
static int
last_segment(const struct unship *unship)
{
    DIR *folder = opendir(unship->folder);
    struct dirent *entry;
    int last = 0, number;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, unship->series, SERIES_LENGTH) == 0 &&
            sscanf(entry->d_name + SERIES_LENGTH, ".%6d", &number) == 1 && number > last)
            last = number;
    }
    if (folder != NULL)
        closedir(folder);
    return last;
}

static enum status
damaged(const struct unship *unship, const char *path)
{
    log_note("\"%s\" is damaged or does not follow what is before it", path);
    return fault_set(unship->cx, ERR_INVALID,
        "Bản sao liên tục trong %s đã bị thay đổi hoặc thiếu tệp: %s không nối tiếp phần trước. "
        "Hãy dùng bản sao lưu khác.",
        unship->folder, path);
}

/* Files */

static enum status
write_part(const struct unship *unship, FILE *file, const char *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, file) == length)
        return OK;
    return fault_set(unship->cx, ERR_STORE, "Không ghi được tệp %s: %s.", unship->path,
        strerror(errno));
}

static enum status
copy_base(struct unship *unship)
{
    struct ctx *cx = unship->cx;
    const char *from = ship_base_path(cx->arena, unship->folder, unship->series), *bytes;
    size_t length;
    TRY(file_map(cx, from, &bytes, &length));
    crypto_hash_sha256(unship->chain, (const unsigned char *)bytes, length);
    FILE *file = fopen(unship->path, "wb");
    if (file == NULL)
        return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", unship->path,
            strerror(errno));
    enum status status = write_part(unship, file, bytes, length);
    if (fclose(file) != 0 && status == OK)
        status = fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", unship->path);
    return status;
}

/* The block at `at`, its length in *length; false when it is not whole or not the next. */
static bool
is_next_block(struct unship *unship, const unsigned char *at, size_t left, size_t *length)
{
    unsigned char head[BLOCK_HEAD], chain[CHAIN];
    if (left < BLOCK_HEAD || !ship_block_length(at, unship->chain, length) ||
        *length > left - BLOCK_HEAD)
        return false;
    memcpy(chain, unship->chain, sizeof(chain));
    ship_block_head(head, chain, at + BLOCK_HEAD, *length);
    if (memcmp(head, at, BLOCK_HEAD) != 0 && !PLANTED("chain_not_checked"))
        return false;
    memcpy(unship->chain, at + 2 * BLOCK_LENGTH, sizeof(chain));
    return true;
}

/* Was it being written when the machine stopped: does the file end within the block or with it, or
 * with nothing but zeros? */
static bool
is_unfinished(const struct unship *unship, const unsigned char *at, size_t left)
{
    size_t length, zeros = 0;
    while (zeros < left && at[zeros] == 0)
        zeros++;
    return unship->is_last &&
        (left < BLOCK_HEAD || zeros == left ||
            (ship_block_length(at, unship->chain, &length) && length >= left - BLOCK_HEAD));
}

static enum status
write_log(struct unship *unship, const char *segment, FILE *log, int64_t *written)
{
    const char *bytes;
    size_t length, block = 0;
    TRY(file_map(unship->cx, segment, &bytes, &length));
    *written = 0;
    for (const char *at = bytes, *end = bytes + length; at < end; at += BLOCK_HEAD + block) {
        const unsigned char *head = (const unsigned char *)at;
        if (!is_next_block(unship, head, (size_t)(end - at), &block)) {
            if (!is_unfinished(unship, head, (size_t)(end - at)))
                return damaged(unship, segment);
            log_note("\"%s\": %lld bytes at the end are not whole and are left out", segment,
                (long long)(end - at));
            return OK;
        }
        TRY(write_part(unship, log, at + BLOCK_HEAD, block));
        *written += (int64_t)block;
    }
    return OK;
}

/* Logs */

/* Open the file with the log beside it and take the log in; *frames is how many it had. */
static int
take_in(const char *path, int *frames)
{
    sqlite3 *handle = NULL;
    int done = -1;
    int code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "SELECT 1 FROM sqlite_master LIMIT 1", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_FULL, frames, &done);
    int closed = sqlite3_close(handle);
    return code != SQLITE_OK ? code : closed != SQLITE_OK || done != *frames ? SQLITE_ERROR : code;
}

static int64_t
frames_of(const char *log, int64_t length)
{
    unsigned char head[WAL_HEAD];
    struct wal wal;
    FILE *file = fopen(log, "rb");
    bool done =
        file != NULL && fread(head, 1, sizeof(head), file) == sizeof(head) && wal_begin(head, &wal);
    if (file != NULL)
        fclose(file);
    return done ? (length - WAL_HEAD) / (WAL_FRAME_HEAD + wal.page) : 0;
}

static enum status
apply_segment(struct unship *unship, int number)
{
    struct ctx *cx = unship->cx;
    const char *segment = ship_segment_path(cx->arena, unship->folder, unship->series, number);
    const char *log = arena_printf(cx->arena, "%s-wal", unship->path);
    int64_t written;
    int frames = 0;
    FILE *file = fopen(log, "wb");
    if (file == NULL)
        return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", log, strerror(errno));
    enum status status = write_log(unship, segment, file, &written);
    if (fclose(file) != 0 && status == OK)
        status = fault_set(cx, ERR_STORE, "Không ghi được tệp %s.", log);
    TRY(status);
    int64_t wanted = frames_of(log, written);
    int code = take_in(unship->path, &frames);
    if (code != SQLITE_OK)
        return fault_set(cx, ERR_STORE, "Không ghép được %s: %s.", segment, sqlite3_errstr(code));
    return frames == wanted || unship->is_last ? OK : damaged(unship, segment);
}

enum status
store_unship(struct ctx *cx, const char *folder, const char *path)
{
    struct unship unship = {.cx = cx, .folder = folder, .path = path};
    TRY(find_series(&unship));
    TRY(copy_base(&unship));
    int last = last_segment(&unship);
    for (int i = 1; i <= last; i++) {
        unship.is_last = i == last;
        TRY(apply_segment(&unship, i));
    }
    return OK;
}
