/* The disk as SQLite sees it: files by name, their locks, the shared memory beside them, which no
 * crash survives. One lock for all of it: tests are not about speed. */
#include "disk_inside.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS_MAX = 64, NAME_MAX_LENGTH = 512 };

struct handle;

struct file {
    char *name;  /* NULL: it has none, and is not in the log */
    bool linked; /* found under its name */
    struct content content;
    struct content first; /* what it held before the log began */
    int shared;           /* handles that hold the lock SHARED or more */
    struct handle *reserved, *pending;
    int mapped; /* handles that look into the shared memory */
    void *regions[REGIONS_MAX];
    int shared_slots[SQLITE_SHM_NLOCK];
    struct handle *exclusive_slots[SQLITE_SHM_NLOCK];
};

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct file *file;
    int number; /* of the file */
    int level;  /* of the lock that it holds */
    bool has_mapped;
    int shared_slots, exclusive_slots; /* sets of bits */
};

struct disk {
    struct file **files;
    int file_count;
    int put_count; /* the first so many were there before the log began */
    struct entry *log;
    int64_t moment, log_room;
    uint64_t random;
    const char *ignored; /* files whose syncs do nothing end so; or NULL */
    int failing;         /* the calls that fail; 0 none */
    int64_t until_fault, failed;
    bool stays;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct disk *current;
static sqlite3_vfs *machine; /* the VFS that was the default */

/* Chance: splitmix64 */

uint64_t
chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

int64_t
chance_below(uint64_t *state, int64_t limit)
{
    return (int64_t)(chance_next(state) % (uint64_t)limit);
}

/* Contents */

static void *
must_have(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

void
content_read(const struct content *content, int64_t at, void *out, int64_t length)
{
    unsigned char *to = out;
    while (length > 0) {
        int64_t offset = at % SECTOR, part = SECTOR - offset < length ? SECTOR - offset : length;
        const struct sector *sector =
            at / SECTOR < content->room ? content->sectors[at / SECTOR] : NULL;
        if (sector == NULL)
            memset(to, 0, (size_t)part);
        else
            memcpy(to, sector->bytes + offset, (size_t)part);
        at += part;
        to += part;
        length -= part;
    }
}

static void
sector_drop(struct sector *sector)
{
    if (sector != NULL && --sector->references == 0)
        free(sector);
}

struct sector *
content_sector(struct content *content, int64_t number)
{
    if (number >= content->room) {
        int64_t room = (number + 1) * 2;
        content->sectors =
            must_have(realloc(content->sectors, (size_t)room * sizeof(*content->sectors)));
        for (int64_t i = content->room; i < room; i++)
            content->sectors[i] = NULL;
        content->room = room;
    }
    struct sector *old = content->sectors[number];
    if (old != NULL && old->references == 1)
        return old;
    struct sector *sector = must_have(calloc(1, sizeof(*sector)));
    if (old != NULL)
        memcpy(sector->bytes, old->bytes, SECTOR);
    sector->references = 1;
    sector_drop(old);
    return content->sectors[number] = sector;
}

void
content_write(struct content *content, int64_t at, const void *bytes, int64_t length)
{
    const unsigned char *from = bytes;
    if (at + length > content->size)
        content->size = at + length;
    while (length > 0) {
        int64_t offset = at % SECTOR, part = SECTOR - offset < length ? SECTOR - offset : length;
        memcpy(content_sector(content, at / SECTOR)->bytes + offset, from, (size_t)part);
        at += part;
        from += part;
        length -= part;
    }
}

/* What is behind the end reads as zeros when the file grows again. */
void
content_truncate(struct content *content, int64_t size)
{
    int64_t first = (size + SECTOR - 1) / SECTOR;
    for (int64_t i = first; i < content->room; i++) {
        sector_drop(content->sectors[i]);
        content->sectors[i] = NULL;
    }
    if (size % SECTOR != 0 && size < content->size && size / SECTOR < content->room)
        memset(content_sector(content, size / SECTOR)->bytes + size % SECTOR, 0,
            (size_t)(SECTOR - size % SECTOR));
    content->size = size;
}

struct content
content_copy(const struct content *content)
{
    struct content copy = *content;
    if (content->room > 0)
        copy.sectors = must_have(malloc((size_t)content->room * sizeof(*copy.sectors)));
    for (int64_t i = 0; i < content->room; i++) {
        copy.sectors[i] = content->sectors[i];
        if (copy.sectors[i] != NULL)
            copy.sectors[i]->references++;
    }
    return copy;
}

void
content_free(struct content *content)
{
    for (int64_t i = 0; i < content->room; i++)
        sector_drop(content->sectors[i]);
    free(content->sectors);
    *content = (struct content){0};
}

/* The log */

static void
note(struct handle *handle, struct entry entry, const void *bytes)
{
    struct disk *disk = handle->disk;
    if (handle->file->name == NULL)
        return;
    if (disk->moment == disk->log_room) {
        disk->log_room = disk->log_room == 0 ? 1024 : disk->log_room * 2;
        disk->log = must_have(realloc(disk->log, (size_t)disk->log_room * sizeof(*disk->log)));
    }
    entry.file = handle->number;
    if (bytes != NULL) {
        entry.bytes = must_have(malloc((size_t)entry.length));
        memcpy(entry.bytes, bytes, (size_t)entry.length);
    }
    disk->log[disk->moment++] = entry;
}

int64_t
disk_moment(struct disk *disk)
{
    pthread_mutex_lock(&lock);
    int64_t moment = disk->moment;
    pthread_mutex_unlock(&lock);
    return moment;
}

const struct entry *
disk_entry(const struct disk *disk, int64_t number)
{
    return number < disk->moment ? &disk->log[number] : NULL;
}

int
disk_file_count(const struct disk *disk)
{
    return disk->file_count;
}

const char *
disk_file_name(const struct disk *disk, int number)
{
    return disk->files[number]->name;
}

const struct content *
disk_first(const struct disk *disk, int number)
{
    return number < disk->put_count ? &disk->files[number]->first : NULL;
}

/* Faults */

void
disk_fail(struct disk *disk, int calls, int64_t nth, bool stays)
{
    pthread_mutex_lock(&lock);
    disk->failing = calls;
    disk->until_fault = nth;
    disk->stays = stays;
    disk->failed = 0;
    pthread_mutex_unlock(&lock);
}

int64_t
disk_heal(struct disk *disk)
{
    pthread_mutex_lock(&lock);
    int64_t failed = disk->failed;
    disk->failing = 0;
    pthread_mutex_unlock(&lock);
    return failed;
}

static bool
fails(struct disk *disk, int call)
{
    if ((disk->failing & call) == 0)
        return false;
    if (disk->until_fault > 1) {
        disk->until_fault--;
        return false;
    }
    if (!disk->stays)
        disk->failing = 0;
    disk->failed++;
    return true;
}

void
disk_ignore_syncs(struct disk *disk, const char *ending)
{
    disk->ignored = ending;
}

static bool
is_ignored(const struct disk *disk, const char *name)
{
    if (disk->ignored == NULL || name == NULL || strlen(name) < strlen(disk->ignored))
        return false;
    return strcmp(name + strlen(name) - strlen(disk->ignored), disk->ignored) == 0;
}

/* Reading and writing */

static struct handle *
enter(sqlite3_file *file)
{
    pthread_mutex_lock(&lock);
    return (struct handle *)file;
}

static int
leave(int code)
{
    pthread_mutex_unlock(&lock);
    return code;
}

static int
file_read(sqlite3_file *base, void *out, int length, sqlite3_int64 at)
{
    struct handle *handle = enter(base);
    const struct content *content = &handle->file->content;
    if (fails(handle->disk, DISK_READ))
        return leave(SQLITE_IOERR_READ);
    int64_t there = content->size - at < length ? content->size - at : length;
    memset(out, 0, (size_t)length);
    if (there > 0)
        content_read(content, at, out, there);
    return leave(there < length ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
}

static int
file_write(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 at)
{
    struct handle *handle = enter(base);
    struct content *content = &handle->file->content;
    if (fails(handle->disk, DISK_WRITE))
        return leave(SQLITE_IOERR_WRITE);
    if (at + length > content->size && fails(handle->disk, DISK_GROW))
        return leave(SQLITE_FULL);
    note(handle, (struct entry){.kind = ENTRY_WRITE, .at = at, .length = length}, bytes);
    content_write(content, at, bytes, length);
    return leave(SQLITE_OK);
}

static int
file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = enter(base);
    if (fails(handle->disk, DISK_WRITE))
        return leave(SQLITE_IOERR_TRUNCATE);
    note(handle, (struct entry){.kind = ENTRY_TRUNCATE, .at = size}, NULL);
    content_truncate(&handle->file->content, size);
    return leave(SQLITE_OK);
}

static int
file_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = enter(base);
    (void)flags;
    if (fails(handle->disk, DISK_SYNC))
        return leave(SQLITE_IOERR_FSYNC);
    if (!is_ignored(handle->disk, handle->file->name))
        note(handle, (struct entry){.kind = ENTRY_SYNC}, NULL);
    return leave(SQLITE_OK);
}

static int
file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = enter(base)->file->content.size;
    return leave(SQLITE_OK);
}

/* Locks */

static void
unlock_to(struct handle *handle, int level)
{
    struct file *file = handle->file;
    if (level < SQLITE_LOCK_RESERVED && file->reserved == handle)
        file->reserved = NULL;
    if (level < SQLITE_LOCK_PENDING && file->pending == handle)
        file->pending = NULL;
    if (level < SQLITE_LOCK_SHARED && handle->level >= SQLITE_LOCK_SHARED)
        file->shared--;
    if (handle->level > level)
        handle->level = level;
}

static bool
lock_to(struct handle *handle, int level)
{
    struct file *file = handle->file;
    if (level == SQLITE_LOCK_SHARED && file->pending != NULL)
        return false;
    if (level == SQLITE_LOCK_SHARED)
        file->shared++;
    if (level >= SQLITE_LOCK_RESERVED) {
        if (file->reserved != NULL && file->reserved != handle)
            return false;
        file->reserved = handle;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        file->pending = handle;
        if (file->shared > 1)
            return false;
    }
    handle->level = level;
    return true;
}

static int
file_lock(sqlite3_file *base, int level)
{
    struct handle *handle = enter(base);
    return leave(handle->level >= level || lock_to(handle, level) ? SQLITE_OK : SQLITE_BUSY);
}

static int
file_unlock(sqlite3_file *base, int level)
{
    unlock_to(enter(base), level);
    return leave(SQLITE_OK);
}

static int
file_is_reserved(sqlite3_file *base, int *out)
{
    *out = enter(base)->file->reserved != NULL;
    return leave(SQLITE_OK);
}

/* Shared memory */

static int
shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
    struct handle *handle = enter(base);
    struct file *file = handle->file;
    if (!handle->has_mapped)
        file->mapped++;
    handle->has_mapped = true;
    if (region >= REGIONS_MAX)
        return leave(SQLITE_IOERR_SHMSIZE);
    if (file->regions[region] == NULL && extend)
        file->regions[region] = must_have(calloc(1, (size_t)size));
    *out = file->regions[region];
    return leave(SQLITE_OK);
}

static void
slots_release(struct handle *handle, int slots)
{
    struct file *file = handle->file;
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
        if ((slots & 1 << i) == 0)
            continue;
        if ((handle->shared_slots & 1 << i) != 0)
            file->shared_slots[i]--;
        if ((handle->exclusive_slots & 1 << i) != 0)
            file->exclusive_slots[i] = NULL;
    }
    handle->shared_slots &= ~slots;
    handle->exclusive_slots &= ~slots;
}

static bool
slots_take(struct handle *handle, int first, int count, bool exclusive)
{
    struct file *file = handle->file;
    for (int i = first; i < first + count; i++) {
        bool own = (handle->shared_slots & 1 << i) != 0;
        if (file->exclusive_slots[i] != NULL && file->exclusive_slots[i] != handle)
            return false;
        if (exclusive && file->shared_slots[i] > own)
            return false;
    }
    for (int i = first; i < first + count; i++) {
        if (exclusive)
            file->exclusive_slots[i] = handle;
        else if ((handle->shared_slots & 1 << i) == 0)
            file->shared_slots[i]++;
        *(exclusive ? &handle->exclusive_slots : &handle->shared_slots) |= 1 << i;
    }
    return true;
}

static int
shm_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct handle *handle = enter(base);
    if ((flags & SQLITE_SHM_UNLOCK) != 0)
        slots_release(handle, ((1 << count) - 1) << first);
    else if (!slots_take(handle, first, count, (flags & SQLITE_SHM_EXCLUSIVE) != 0))
        return leave(SQLITE_BUSY);
    return leave(SQLITE_OK);
}

static void
shm_barrier(sqlite3_file *base)
{
    enter(base);
    leave(SQLITE_OK);
}

static void
shm_drop(struct file *file)
{
    for (int i = 0; i < REGIONS_MAX; i++) {
        free(file->regions[i]);
        file->regions[i] = NULL;
    }
}

static int
shm_unmap(sqlite3_file *base, int remove)
{
    struct handle *handle = enter(base);
    (void)remove;
    slots_release(handle, (1 << SQLITE_SHM_NLOCK) - 1);
    if (handle->has_mapped && --handle->file->mapped == 0)
        shm_drop(handle->file);
    handle->has_mapped = false;
    return leave(SQLITE_OK);
}

/* Files */

static int
file_close(sqlite3_file *base)
{
    unlock_to(enter(base), SQLITE_LOCK_NONE);
    return leave(SQLITE_OK);
}

static int
file_control(sqlite3_file *base, int operation, void *arg)
{
    (void)base, (void)operation, (void)arg;
    return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

/* As SQLite takes any disk to be: a torn write harms no bytes beside it. */
static int
file_character(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_character,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap};

/* Names */

static int
find(const struct disk *disk, const char *name)
{
    for (int i = 0; name != NULL && i < disk->file_count; i++) {
        if (disk->files[i]->linked && strcmp(disk->files[i]->name, name) == 0)
            return i;
    }
    return -1;
}

static int
add_file(struct disk *disk, const char *name)
{
    struct file *file = must_have(calloc(1, sizeof(*file)));
    if (name != NULL)
        file->name = must_have(strdup(name));
    file->linked = name != NULL;
    disk->files =
        must_have(realloc(disk->files, (size_t)(disk->file_count + 1) * sizeof(struct file *)));
    disk->files[disk->file_count] = file;
    return disk->file_count++;
}

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out)
{
    struct handle *handle = enter(base);
    (void)vfs;
    *handle = (struct handle){.disk = current};
    if (fails(current, DISK_OPEN))
        return leave(SQLITE_CANTOPEN);
    handle->number = find(current, name);
    bool is_new = handle->number < 0;
    if (is_new && (flags & SQLITE_OPEN_CREATE) == 0)
        return leave(SQLITE_CANTOPEN);
    if (is_new)
        handle->number = add_file(current, name);
    handle->file = current->files[handle->number];
    if (is_new)
        note(handle, (struct entry){.kind = ENTRY_MAKE}, NULL);
    handle->base.pMethods = &methods;
    if (out != NULL)
        *out = flags;
    return leave(SQLITE_OK);
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_names)
{
    (void)vfs;
    pthread_mutex_lock(&lock);
    int number = find(current, name);
    if (number < 0)
        return leave(SQLITE_IOERR_DELETE_NOENT);
    if (fails(current, DISK_WRITE))
        return leave(SQLITE_IOERR_DELETE);
    struct handle gone = {.disk = current, .file = current->files[number], .number = number};
    note(&gone, (struct entry){.kind = ENTRY_REMOVE}, NULL);
    if (sync_names)
        note(&gone, (struct entry){.kind = ENTRY_SYNC_NAMES}, NULL);
    gone.file->linked = false;
    return leave(SQLITE_OK);
}

static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs, (void)flags;
    pthread_mutex_lock(&lock);
    int number = find(current, name);
    *out = number >= 0 && current->files[number]->content.size > 0;
    return leave(SQLITE_OK);
}

static int
vfs_full_name(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    (void)vfs;
    sqlite3_snprintf(room, out, "%s", name);
    return SQLITE_OK;
}

static int
vfs_random(sqlite3_vfs *vfs, int length, char *out)
{
    (void)vfs;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < length; i++)
        out[i] = (char)chance_next(&current->random);
    pthread_mutex_unlock(&lock);
    return length;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return machine->xSleep(machine, microseconds);
}

static int
vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    return machine->xCurrentTimeInt64(machine, out);
}

static int
vfs_last_error(sqlite3_vfs *vfs, int room, char *out)
{
    (void)vfs, (void)room, (void)out;
    return 0;
}

static sqlite3_vfs disk_vfs = {.iVersion = 2,
    .szOsFile = sizeof(struct handle),
    .mxPathname = NAME_MAX_LENGTH,
    .zName = "disk",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_name,
    .xRandomness = vfs_random,
    .xSleep = vfs_sleep,
    .xCurrentTimeInt64 = vfs_time,
    .xGetLastError = vfs_last_error};

/* Disks */

struct disk *
disk_new(uint64_t seed)
{
    struct disk *disk = must_have(calloc(1, sizeof(*disk)));
    disk->random = seed;
    return disk;
}

void
disk_free(struct disk *disk)
{
    for (int i = 0; i < disk->file_count; i++) {
        content_free(&disk->files[i]->content);
        content_free(&disk->files[i]->first);
        shm_drop(disk->files[i]);
        free(disk->files[i]->name);
        free(disk->files[i]);
    }
    for (int64_t i = 0; i < disk->moment; i++)
        free(disk->log[i].bytes);
    free(disk->files);
    free(disk->log);
    free(disk);
}

void
disk_put(struct disk *disk, const char *name, struct content content)
{
    int number = add_file(disk, name);
    disk->files[number]->content = content;
    disk->files[number]->first = content_copy(&content);
    disk->put_count = disk->file_count;
}

void
disk_use(struct disk *disk)
{
    if (machine == NULL) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* as the store does, who comes too late */
        machine = sqlite3_vfs_find(NULL);
    }
    pthread_mutex_lock(&lock);
    current = disk;
    pthread_mutex_unlock(&lock);
    sqlite3_vfs_register(disk == NULL ? machine : &disk_vfs, 1);
}
