/* What a crash may leave of a disk: its log is followed entry by entry, and of each file it is
 * known what is safe and what was done since. Names of a folder come and go in their order;
 * contents do not: any sector of any write may be there, or a part of it. Where a file has grown
 * and nothing of it was kept, anything may stand. */
#include "disk_inside.h"

#include <stdlib.h>
#include <string.h>

struct list {
    int64_t *entries; /* numbers in the log */
    int64_t count, room;
};

struct safe {
    struct content content;
    bool is_linked;
    struct list since; /* what was done to it and not synced */
};

struct crash {
    struct disk *disk;
    int64_t moment;
    struct safe *files; /* by number */
    struct list names;  /* what was made and removed since the folder was synced */
};

static void
list_add(struct list *list, int64_t entry)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 64 : list->room * 2;
        list->entries = realloc(list->entries, (size_t)list->room * sizeof(*list->entries));
        if (list->entries == NULL)
            abort();
    }
    list->entries[list->count++] = entry;
}

struct crash *
crash_new(struct disk *disk)
{
    struct crash *crash = calloc(1, sizeof(*crash));
    if (crash == NULL)
        abort();
    crash->disk = disk;
    crash->files = calloc((size_t)disk_file_count(disk) + 1, sizeof(*crash->files));
    if (crash->files == NULL)
        abort();
    for (int i = 0; i < disk_file_count(disk); i++) {
        const struct content *first = disk_first(disk, i);
        crash->files[i].is_linked = first != NULL;
        if (first != NULL)
            crash->files[i].content = content_copy(first);
    }
    return crash;
}

void
crash_free(struct crash *crash)
{
    for (int i = 0; i < disk_file_count(crash->disk); i++) {
        content_free(&crash->files[i].content);
        free(crash->files[i].since.entries);
    }
    free(crash->files);
    free(crash->names.entries);
    free(crash);
}

int64_t
crash_moment(const struct crash *crash)
{
    return crash->moment;
}

static void
apply(struct content *content, const struct entry *entry)
{
    if (entry->kind == ENTRY_TRUNCATE)
        content_truncate(content, entry->at);
    else
        content_write(content, entry->at, entry->bytes, entry->length);
}

static void
sync_names(struct crash *crash)
{
    for (int64_t i = 0; i < crash->names.count; i++) {
        const struct entry *entry = disk_entry(crash->disk, crash->names.entries[i]);
        crash->files[entry->file].is_linked = entry->kind == ENTRY_MAKE;
    }
    crash->names.count = 0;
}

/* The first sync of a new file takes its name along. */
static void
sync_file(struct crash *crash, int number)
{
    struct safe *file = &crash->files[number];
    for (int64_t i = 0; i < file->since.count; i++)
        apply(&file->content, disk_entry(crash->disk, file->since.entries[i]));
    file->since.count = 0;
    for (int64_t i = 0; i < crash->names.count; i++) {
        const struct entry *entry = disk_entry(crash->disk, crash->names.entries[i]);
        if (entry->kind == ENTRY_MAKE && entry->file == number) {
            sync_names(crash);
            return;
        }
    }
}

bool
crash_step(struct crash *crash, bool *synced)
{
    const struct entry *entry = disk_entry(crash->disk, crash->moment);
    if (entry == NULL)
        return false;
    if (entry->kind == ENTRY_SYNC)
        sync_file(crash, entry->file);
    else if (entry->kind == ENTRY_SYNC_NAMES)
        sync_names(crash);
    else if (entry->kind == ENTRY_MAKE || entry->kind == ENTRY_REMOVE)
        list_add(&crash->names, crash->moment);
    else
        list_add(&crash->files[entry->file].since, crash->moment);
    if (synced != NULL)
        *synced = entry->kind == ENTRY_SYNC;
    crash->moment++;
    return true;
}

/* One crash */

/* A sector's part of a write: nothing of it, all, or what is before or behind some byte. */
static void
write_part(struct content *content, const struct entry *entry, int64_t from, int64_t to,
    int percent, uint64_t *random)
{
    if (chance_below(random, 100) >= percent)
        return;
    if (to - from > 1 && chance_below(random, 8) == 0) {
        int64_t middle = from + chance_below(random, to - from);
        if (chance_below(random, 2) == 0)
            to = middle;
        else
            from = middle;
    }
    content_write(content, entry->at + from, entry->bytes + from, to - from);
}

/* Any sectors of one write, so many of a hundred. */
static void
apply_partly(struct content *content, const struct entry *entry, int percent, uint64_t *random)
{
    if (entry->kind == ENTRY_TRUNCATE) {
        if (chance_below(random, 100) < percent)
            apply(content, entry);
        return;
    }
    for (int64_t from = 0, to; from < entry->length; from = to) {
        to = from + SECTOR - (entry->at + from) % SECTOR;
        if (to > entry->length)
            to = entry->length;
        write_part(content, entry, from, to, percent, random);
    }
}

/* What was never written where a file has grown. */
static void
fill_holes(struct content *content, int64_t safe_size, uint64_t *random)
{
    int64_t first = (safe_size + SECTOR - 1) / SECTOR;
    for (int64_t i = first; i * SECTOR < content->size; i++) {
        if (i < content->room && content->sectors[i] != NULL)
            continue;
        unsigned char *bytes = content_sector(content, i)->bytes;
        for (int k = 0; k < SECTOR; k += (int)sizeof(uint64_t)) {
            uint64_t number = chance_next(random);
            memcpy(bytes + k, &number, sizeof(number));
        }
    }
}

static struct content
content_after(const struct crash *crash, const struct safe *file, enum fate fate, uint64_t *random)
{
    static const int percents[] = {10, 50, 90};
    struct content content = content_copy(&file->content);
    int64_t middle = chance_below(random, file->since.count + 1);
    int percent = percents[chance_below(random, 3)];
    for (int64_t i = 0; i < file->since.count; i++) {
        const struct entry *entry = disk_entry(crash->disk, file->since.entries[i]);
        if (fate == FATE_KEPT || (fate == FATE_FIRST && i < middle) ||
            (fate == FATE_LAST && i > middle))
            apply(&content, entry);
        else if (fate == FATE_ANY || (i == middle && (fate == FATE_FIRST || fate == FATE_LAST)))
            apply_partly(&content, entry, percent, random);
    }
    if (fate != FATE_KEPT && chance_below(random, 2) == 0)
        fill_holes(&content, file->content.size, random);
    return content;
}

/* How many of the changes of names are there: the first so many. */
static int64_t
names_after(const struct crash *crash, enum fate fate, uint64_t *random)
{
    if (fate == FATE_LOST)
        return 0;
    return fate == FATE_KEPT ? crash->names.count : chance_below(random, crash->names.count + 1);
}

struct disk *
crash_disk(struct crash *crash, enum fate fate, uint64_t seed)
{
    uint64_t random = seed;
    struct disk *disk = disk_new(chance_next(&random));
    int count = disk_file_count(crash->disk);
    int64_t names = names_after(crash, fate, &random);
    for (int number = 0; number < count; number++) {
        bool is_linked = crash->files[number].is_linked;
        for (int64_t i = 0; i < names; i++) {
            const struct entry *entry = disk_entry(crash->disk, crash->names.entries[i]);
            if (entry->file == number)
                is_linked = entry->kind == ENTRY_MAKE;
        }
        if (is_linked)
            disk_put(disk, disk_file_name(crash->disk, number),
                content_after(crash, &crash->files[number], fate, &random));
    }
    return disk;
}
