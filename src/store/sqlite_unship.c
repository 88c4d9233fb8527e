/* Putting together what was shipped: the base, and over it the pages of one transaction after the
 * other; one that is not whole is left out. */
#include "store/backup.h"

#include "base/file.h"
#include "base/log.h"
#include "base/plant.h"
#include "store/ship.h"
#include "store/sqlite_wal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct unship {
    struct ctx *cx;
    const char *folder, *path;
    int file; /* of the path */
    char series[SERIES_LENGTH + 1];
    struct ship_place place; /* what is taken in next */
    bool is_last;            /* the segment that is read */
    int page;                /* bytes */
    const char **frames;     /* of a transaction whose end is not there yet */
    int64_t frame_count;
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

/* Writing */

static enum status
write_at(const struct unship *unship, const char *bytes, size_t length, int64_t offset)
{
    while (length > 0) {
        ssize_t n = pwrite(unship->file, bytes, length, offset);
        if (n <= 0)
            return fault_set(unship->cx, ERR_STORE, "Không ghi được tệp %s: %s.", unship->path,
                strerror(errno));
        bytes += n;
        offset += n;
        length -= (size_t)n;
    }
    return OK;
}

/* The size of pages as the head of a database says it; 1 stands for the largest. */
static int
page_size(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes + 16;
    int size = at[0] << 8 | at[1];
    return size == 1 ? 65536 : size;
}

static enum status
copy_base(struct unship *unship)
{
    struct ctx *cx = unship->cx;
    const char *from = ship_base_path(cx->arena, unship->folder, unship->series), *bytes;
    size_t length;
    TRY(file_map(cx, from, &bytes, &length));
    if (!ship_take_tail(bytes, &length, &unship->place))
        return damaged(unship, from);
    unship->page = page_size(bytes);
    return write_at(unship, bytes, length, 0);
}

/* Blocks */

/* The block at `at`, its length in *length; false when it is not whole or not the next. */
static bool
is_next_block(struct unship *unship, const unsigned char *at, size_t left, size_t *length)
{
    unsigned char head[BLOCK_HEAD], chain[CHAIN];
    if (left < BLOCK_HEAD || !ship_block_length(at, unship->place.chain, length) ||
        *length > left - BLOCK_HEAD)
        return false;
    memcpy(chain, unship->place.chain, CHAIN);
    ship_block_head(head, chain, at + BLOCK_HEAD, *length);
    if (memcmp(head, at, BLOCK_HEAD) != 0 && !PLANTED("chain_not_checked"))
        return false;
    memcpy(unship->place.chain, at + 2 * BLOCK_LENGTH, CHAIN);
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
            (ship_block_length(at, unship->place.chain, &length) && length >= left - BLOCK_HEAD));
}

/* Frames */

static uint32_t
number_at(const char *at)
{
    const unsigned char *byte = (const unsigned char *)at;
    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

/* The pages of a transaction that is whole, and the size that the file has after it. */
static enum status
write_transaction(struct unship *unship, uint32_t pages)
{
    for (int64_t i = 0; i < unship->frame_count; i++) {
        const char *frame = unship->frames[i];
        int64_t page = (int64_t)number_at(frame) - 1;
        TRY(write_at(unship, frame + WAL_FRAME_HEAD, (size_t)unship->page, page * unship->page));
    }
    unship->frame_count = 0;
    if (ftruncate(unship->file, (off_t)pages * unship->page) == 0)
        return OK;
    return fault_set(unship->cx, ERR_STORE, "Không ghi được tệp %s.", unship->path);
}

static enum status
take_frames(struct unship *unship, const char *at, size_t length)
{
    size_t frame = WAL_FRAME_HEAD + (size_t)unship->page;
    for (const char *end = at + length; at + frame <= end; at += frame) {
        *ARENA_PUSH(unship->cx->arena, unship->frames, unship->frame_count) = at;
        uint32_t pages = number_at(at + 4);
        if (pages != 0)
            TRY(write_transaction(unship, pages));
    }
    return OK;
}

static enum status
take_segment(struct unship *unship, const char *path)
{
    const char *bytes;
    size_t length, block = 0;
    TRY(file_map(unship->cx, path, &bytes, &length));
    if ((int64_t)length < unship->place.offset)
        return damaged(unship, path);
    const char *at = bytes + unship->place.offset, *end = bytes + length;
    for (; at < end; at += BLOCK_HEAD + block) {
        const unsigned char *head = (const unsigned char *)at;
        if (!is_next_block(unship, head, (size_t)(end - at), &block)) {
            if (!is_unfinished(unship, head, (size_t)(end - at)))
                return damaged(unship, path);
            log_note("\"%s\": %lld bytes at the end are not whole and are left out", path,
                (long long)(end - at));
            return OK;
        }
        TRY(take_frames(unship, at + BLOCK_HEAD, block));
    }
    unship->place.offset = 0;
    return OK;
}

static enum status
take_segments(struct unship *unship)
{
    int last = last_segment(unship);
    TRY(copy_base(unship));
    if (last < unship->place.segment && unship->place.offset > 0)
        return damaged(unship, unship->folder);
    for (int i = unship->place.segment; i <= last; i++) {
        unship->is_last = i == last;
        TRY(take_segment(unship,
            ship_segment_path(unship->cx->arena, unship->folder, unship->series, i)));
    }
    return OK;
}

enum status
store_unship(struct ctx *cx, const char *folder, const char *path)
{
    struct unship unship = {.cx = cx, .folder = folder, .path = path};
    TRY(find_series(&unship));
    unship.file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (unship.file < 0)
        return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", path, strerror(errno));
    enum status status = take_segments(&unship);
    close(unship.file);
    return status;
}
