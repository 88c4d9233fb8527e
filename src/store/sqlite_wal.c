/* Reading heads and frames of a write-ahead log. https://www.sqlite.org/fileformat2.html#walformat
 */
#include "store/sqlite_wal.h"

#include <stddef.h>

enum { MAGIC = 0x377f0682, VERSION = 3007000, PAGE_LEAST = 512, PAGE_MOST = 65536 };

static uint32_t
big(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t
little(const unsigned char *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static void
add_sum(const struct wal *wal, uint32_t sum[2], const unsigned char *bytes, size_t length)
{
    uint32_t (*word)(const unsigned char *) = wal->is_big ? big : little;
    for (size_t i = 0; i < length; i += 8) {
        sum[0] += word(bytes + i) + sum[1];
        sum[1] += word(bytes + i + 4) + sum[0];
    }
}

bool
wal_begin(const unsigned char *head, struct wal *wal)
{
    uint32_t page = big(head + 8);
    *wal = (struct wal){.is_big = (big(head) & 1) != 0,
        .page = (int)page,
        .salt = {big(head + 16), big(head + 20)}};
    if ((big(head) & ~(uint32_t)1) != MAGIC || big(head + 4) != VERSION || page < PAGE_LEAST ||
        page > PAGE_MOST)
        return false;
    add_sum(wal, wal->sum, head, 24);
    return wal->sum[0] == big(head + 24) && wal->sum[1] == big(head + 28);
}

bool
wal_next(struct wal *wal, const unsigned char *frame, bool *commits)
{
    uint32_t sum[2] = {wal->sum[0], wal->sum[1]};
    if (big(frame) == 0 || big(frame + 8) != wal->salt[0] || big(frame + 12) != wal->salt[1])
        return false;
    add_sum(wal, sum, frame, 8);
    add_sum(wal, sum, frame + WAL_FRAME_HEAD, (size_t)wal->page);
    if (sum[0] != big(frame + 16) || sum[1] != big(frame + 20))
        return false;
    wal->sum[0] = sum[0];
    wal->sum[1] = sum[1];
    wal->frames++;
    *commits = big(frame + 4) != 0;
    return true;
}

int64_t
wal_offset(const struct wal *wal)
{
    return WAL_HEAD + wal->frames * (WAL_FRAME_HEAD + wal->page);
}

bool
wal_is_same(const struct wal *a, const struct wal *b)
{
    return a->page == b->page && a->salt[0] == b->salt[0] && a->salt[1] == b->salt[1];
}
