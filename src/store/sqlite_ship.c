/* Shipping the write-ahead log of an SQLite file to a folder.
 *
 * The log begins anew when all of it is in the file and no reader holds a part of it. So this holds
 * a snapshot at all times, and takes the next before it lets the last go: nobody, in whichever
 * process, can begin the log anew before what lies in it was shipped. For the log to come round at
 * all under steady writing, the writer calls ship_turn between two groups of jobs. */
#include "store/backup.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/plant.h"
#include "store/ship.h"
#include "store/sqlite.h"
#include "store/sqlite_wal.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUND_MS = 400,
    TURN_FRAMES = 4000, /* the log is to begin anew from here on */
    TURN_PAUSE_MS = 200,
    PILE_FRAMES = 32 * 1024, /* so many wait for a folder that is away; then it takes a new base */
    BASE_PAUSE_MS = 10000,
    SEGMENT_MOST = 64 << 20,  /* bytes from which on a new segment is begun */
    SHIPPED_LEAST = 256 << 20 /* bytes of segments for which no new base is made */
};

struct ship {
    struct sqlite_store *store;
    pthread_mutex_t round; /* one at a time */
    char *folder;
    struct sqlite_db *copier; /* for bases */
    int64_t base_length, base_at;
    pthread_mutex_t lock; /* of everything below */
    pthread_cond_t wake;
    bool is_stopping, has_thread;
    pthread_t thread;
    struct sqlite_db *held, *idle;      /* the one with the snapshot; `idle` has none */
    int wal_file;                       /* -1: not open yet */
    char series[SERIES_LENGTH + 1];     /* "": there is none */
    bool has_base;                      /* it can be restored */
    struct wal place;                   /* how far the log was shipped */
    unsigned char last[WAL_FRAME_HEAD]; /* the head of the last frame before it */
    struct ship_place end;              /* of what is on the disk in the folder */
    int file;                           /* of the segment; -1: not open */
    int64_t shipped;                    /* bytes since the base */
    int64_t meanwhile_at, turn_at;      /* when the next is due */
    unsigned char *room;                /* a block */
    int64_t failing_since;
    atomic_int log_frames; /* as of the last commit of this process */
};

/* Snapshots */

static enum status
take_snapshot(struct ctx *cx, struct sqlite_db *db)
{
    TRY(db_command(cx, db, "BEGIN"));
    return db_command(cx, db, "SELECT 1 FROM sqlite_master LIMIT 1");
}

static void
let_go(struct sqlite_db *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* From now on hold what is newest. */
static enum status
advance(struct ctx *cx, struct ship *ship)
{
    struct sqlite_db *before = ship->held;
    enum status status = take_snapshot(cx, ship->idle);
    if (status != OK) {
        let_go(ship->idle);
        return status;
    }
    ship->held = ship->idle;
    ship->idle = before;
    let_go(before);
    if (PLANTED("log_not_held"))
        let_go(ship->held);
    return OK;
}

/* The folder */

static void
close_segment(struct ship *ship)
{
    if (ship->file >= 0)
        close(ship->file);
    ship->file = -1;
}

/* Not fit to be continued: the next round begins with a base. */
static void
end_series(struct ship *ship)
{
    close_segment(ship);
    ship->has_base = false;
    ship->series[0] = '\0';
    let_go(ship->held);
}

static enum status
sync_folder(const struct ship *ship)
{
    int folder = open(ship->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = folder >= 0 && fsync(folder) == 0 ? OK : ERR_STORE;
    if (folder >= 0)
        close(folder);
    return status;
}

/* The segment, open for what comes after the blocks that are there; a new one behind one that is
 * long enough. */
static enum status
open_segment(struct ctx *cx, struct ship *ship)
{
    struct stat about;
    if (ship->end.offset > SEGMENT_MOST) {
        close_segment(ship);
        ship->end.segment++;
        ship->end.offset = 0;
    }
    if (ship->file >= 0)
        return OK;
    const char *path = ship_segment_path(cx->arena, ship->folder, ship->series, ship->end.segment);
    bool is_new = ship->end.offset == 0;
    ship->file = open(path, O_WRONLY | O_CLOEXEC | (is_new ? O_CREAT : 0), 0600);
    if (ship->file < 0)
        return ERR_STORE;
    if (fstat(ship->file, &about) == 0 && about.st_size >= ship->end.offset)
        return is_new ? sync_folder(ship) : OK;
    log_note("segment \"%s\" is shorter than it was", path);
    end_series(ship);
    return ERR_STORE;
}

static enum status
write_at(int file, const unsigned char *bytes, size_t length, int64_t offset)
{
    while (length > 0) {
        ssize_t n = pwrite(file, bytes, length, offset);
        if (n <= 0)
            return ERR_STORE;
        bytes += n;
        offset += n;
        length -= (size_t)n;
    }
    return OK;
}

/* The log from one place to the other, as blocks of whole frames; *end is the end of these. */
static enum status
append(struct ship *ship, const struct wal *from, const struct wal *to, struct ship_place *end)
{
    int64_t at = wal_offset(from), stop = wal_offset(to);
    int64_t frame = WAL_FRAME_HEAD + to->page, most = BLOCK_MOST / frame * frame;
    while (at < stop) {
        size_t n = (size_t)(stop - at < most ? stop - at : most);
        if (pread(ship->wal_file, ship->room + BLOCK_HEAD, n, at) != (ssize_t)n)
            return ERR_STORE;
        ship_block_head(ship->room, end->chain, ship->room + BLOCK_HEAD, n);
        TRY(write_at(ship->file, ship->room, BLOCK_HEAD + n, end->offset));
        end->offset += BLOCK_HEAD + (int64_t)n;
        at += (int64_t)n;
    }
    return OK;
}

/* The log */

static bool
read_log(const struct ship *ship, void *to, size_t length, int64_t offset)
{
    return pread(ship->wal_file, to, length, offset) == (ssize_t)length;
}

/* How far the log goes behind `place`, up to the end of the last transaction; `head` is that of the
 * last frame. */
static void
find_end(struct ship *ship, struct wal *place, unsigned char *head)
{
    struct wal at = *place;
    size_t size = WAL_FRAME_HEAD + (size_t)at.page;
    bool commits;
    while (
        read_log(ship, ship->room, size, wal_offset(&at)) && wal_next(&at, ship->room, &commits)) {
        if (!commits)
            continue;
        *place = at;
        memcpy(head, ship->room, WAL_FRAME_HEAD);
    }
}

/* A commit that failed after it was written is written over by the next: then what was shipped is
 * not what the database is. */
static bool
is_as_shipped(struct ship *ship)
{
    unsigned char head[WAL_FRAME_HEAD];
    struct wal last = ship->place;
    if (last.frames == 0)
        return true;
    last.frames--;
    return read_log(ship, head, sizeof(head), wal_offset(&last)) &&
        memcmp(head, ship->last, sizeof(head)) == 0;
}

static enum status
open_log(struct ctx *cx, struct ship *ship)
{
    if (ship->wal_file < 0)
        ship->wal_file =
            open(arena_printf(cx->arena, "%s-wal", ship->store->path), O_RDONLY | O_CLOEXEC);
    return ship->wal_file < 0 ? ERR_STORE : OK;
}

/* What is behind the place into the segment. What is known of the folder changes only when all of
 * it is on the disk. */
static enum status
ship_frames(struct ctx *cx, struct ship *ship)
{
    struct wal place = ship->place;
    unsigned char last[WAL_FRAME_HEAD];
    find_end(ship, &place, last);
    if (place.frames == ship->place.frames)
        return OK;
    TRY(open_segment(cx, ship));
    struct ship_place end = ship->end;
    if (!PLANTED("frames_not_shipped") || place.frames < 3)
        TRY(append(ship, &ship->place, &place, &end));
    if (ftruncate(ship->file, end.offset) != 0 || fdatasync(ship->file) != 0)
        return ERR_STORE;
    ship->shipped += end.offset - ship->end.offset;
    ship->end = end;
    ship->place = place;
    memcpy(ship->last, last, sizeof(last));
    return advance(cx, ship);
}

/* Somebody may have emptied the folder, or it may be away for a while. */
static enum status
look_at_folder(struct ctx *cx, struct ship *ship)
{
    struct stat about;
    const char *base = ship_base_path(cx->arena, ship->folder, ship->series);
    bool is_deleted = ship->file >= 0 && fstat(ship->file, &about) == 0 && about.st_nlink == 0;
    if (!ship->has_base || (stat(base, &about) == 0 && !is_deleted))
        return OK;
    if (stat(ship->folder, &about) == 0)
        end_series(ship);
    errno = ENOENT;
    return ERR_STORE;
}

static enum status
ship_log(struct ctx *cx, struct ship *ship)
{
    unsigned char head[WAL_HEAD];
    struct wal begin;
    TRY(look_at_folder(cx, ship));
    TRY(open_log(cx, ship));
    if (!read_log(ship, head, sizeof(head), 0) || !wal_begin(head, &begin))
        return OK; /* nothing was written yet, or the head is just being written */
    if (!wal_is_same(&begin, &ship->place))
        ship->place = begin;
    if (!is_as_shipped(ship)) {
        log_note("the log is not what was shipped: a new base is made");
        end_series(ship);
        return ERR_STORE;
    }
    return ship_frames(cx, ship);
}

/* Bases */

static void ship_meanwhile(void *ship);

/* Is it a file of another series, or a segment that the base has no need of? */
static bool
is_left_over(const struct ship *ship, const char *name, int first)
{
    int number;
    if (strspn(name, "0123456789") != SERIES_LENGTH || name[SERIES_LENGTH] != '.')
        return false;
    if (strncmp(name, ship->series, SERIES_LENGTH) != 0)
        return true;
    return sscanf(name + SERIES_LENGTH, ".%6d", &number) == 1 && number < first;
}

static void
remove_left_over(struct ctx *cx, const struct ship *ship, int first)
{
    DIR *folder = opendir(ship->folder);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (is_left_over(ship, entry->d_name, first))
            (void)unlink(arena_printf(cx->arena, "%s/%s", ship->folder, entry->d_name));
    }
    if (folder != NULL)
        closedir(folder);
}

/* A series begins where the log ends now: what lies before that will be in its base. */
static enum status
begin_series(struct ctx *cx, struct ship *ship)
{
    unsigned char head[WAL_HEAD];
    close_segment(ship);
    let_go(ship->held);
    TRY(take_snapshot(cx, ship->held));
    TRY(open_log(cx, ship));
    ship->place = (struct wal){0};
    if (read_log(ship, head, sizeof(head), 0) && wal_begin(head, &ship->place))
        find_end(ship, &ship->place, ship->last);
    ship->end = (struct ship_place){.segment = 1};
    snprintf(ship->series, sizeof(ship->series), "%0*lld", SERIES_LENGTH, (long long)clock_now());
    return OK;
}

/* What a base will need is shipped from `from` on; all before it the base will have. */
static enum status
mark_base(struct ctx *cx, struct ship *ship, struct ship_place *from)
{
    if (ship->series[0] == '\0')
        TRY(begin_series(cx, ship));
    TRY(ship_log(cx, ship));
    *from = ship->end;
    return take_snapshot(cx, ship->copier);
}

/* The base gets its name when what was in the log at its moment lies in the segments. */
static enum status
name_base(struct ctx *cx, struct ship *ship, const char *part, const struct ship_place *from)
{
    struct stat about;
    TRY(ship_log(cx, ship));
    if (ship->series[0] == '\0' || stat(part, &about) != 0 ||
        rename(part, ship_base_path(cx->arena, ship->folder, ship->series)) != 0)
        return ERR_STORE;
    TRY(sync_folder(ship));
    remove_left_over(cx, ship, from->segment);
    ship->shipped = 0;
    ship->has_base = true;
    ship->base_length = about.st_size;
    log_note("shipping to \"%s\": a base of %lld bytes", ship->folder, (long long)about.st_size);
    return OK;
}

/* All pages at one moment; shipping goes on meanwhile. */
static enum status
copy_base(struct ctx *cx, struct ship *ship, const char *part, const struct ship_place *from)
{
    struct ship_pause pause = {ship_meanwhile, ship};
    TRY(sqlite_copy_pages(cx, ship->copier, &pause, part));
    return ship_put_tail(part, &pause, from);
}

static enum status
make_base(struct ctx *cx, struct ship *ship)
{
    const char *part = arena_printf(cx->arena, "%s/%0*d.part", ship->folder, SERIES_LENGTH, 0);
    struct ship_place from;
    pthread_mutex_lock(&ship->lock);
    bool had_series = ship->series[0] != '\0';
    enum status status = mark_base(cx, ship, &from);
    pthread_mutex_unlock(&ship->lock);
    if (status == OK)
        status = copy_base(cx, ship, part, &from);
    pthread_mutex_lock(&ship->lock);
    if (status == OK)
        status = name_base(cx, ship, part, &from);
    if (status != OK && !had_series)
        end_series(ship);
    pthread_mutex_unlock(&ship->lock);
    let_go(ship->copier);
    if (status != OK)
        (void)unlink(part);
    return status;
}

/* Rounds */

/* Under the lock. */
static void
note_outcome(struct ship *ship, enum status status)
{
    if (status == OK && ship->failing_since != 0)
        log_note("shipping to \"%s\" works again", ship->folder);
    if (status != OK && ship->failing_since == 0)
        log_note("shipping to \"%s\" does not work: %s", ship->folder, strerror(errno));
    if (status == OK)
        ship->failing_since = 0;
    else if (ship->failing_since == 0)
        ship->failing_since = clock_now();
}

/* What there is in the log, under the lock. A folder that stays away does not make the log grow for
 * ever: it is let go then. */
static enum status
ship_series(struct ship *ship)
{
    struct ctx cx = {.arena = arena_new(), .store = &ship->store->base};
    errno = 0;
    enum status status = ship_log(&cx, ship);
    note_outcome(ship, status);
    if (status != OK) {
        close_segment(ship);
        if (atomic_load(&ship->log_frames) > PILE_FRAMES)
            end_series(ship);
    }
    arena_free(cx.arena);
    return status;
}

static void
ship_meanwhile(void *thing)
{
    struct ship *ship = thing;
    pthread_mutex_lock(&ship->lock);
    int64_t now = clock_steady();
    if (ship->series[0] != '\0' && now >= ship->meanwhile_at) {
        (void)!ship_series(ship);
        ship->meanwhile_at = now + ROUND_MS;
    }
    pthread_mutex_unlock(&ship->lock);
}

/* So that the folder does not grow for ever. Where there is no series, copying may fail for long
 * and is not tried in every round. */
static bool
wants_base(struct ship *ship)
{
    int64_t enough = ship->base_length > SHIPPED_LEAST ? ship->base_length : SHIPPED_LEAST;
    pthread_mutex_lock(&ship->lock);
    bool wants = ship->series[0] == '\0' || ship->shipped > enough;
    pthread_mutex_unlock(&ship->lock);
    if (!wants || clock_steady() < ship->base_at)
        return false;
    ship->base_at = clock_steady() + BASE_PAUSE_MS;
    return true;
}

static void
try_base(struct ship *ship)
{
    struct ctx cx = {.arena = arena_new(), .store = &ship->store->base};
    errno = 0;
    enum status status = make_base(&cx, ship);
    pthread_mutex_lock(&ship->lock);
    note_outcome(ship, status);
    pthread_mutex_unlock(&ship->lock);
    arena_free(cx.arena);
}

/* Everything into the file, so that the log begins anew with the next write: all of it was shipped
 * before, and is once more, because others may have written meanwhile. Passive: it waits for
 * nobody.
 */
static void
come_round(struct ship *ship, sqlite3 *handle)
{
    struct ctx cx = {.arena = arena_new(), .store = &ship->store->base};
    (void)sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (ship->series[0] != '\0' && ship_series(ship) == OK)
        (void)!advance(&cx, ship);
    arena_free(cx.arena);
}

/* While a base is copied the log only grows: the copier holds it. */
void
ship_turn(struct ship *ship)
{
    int64_t now = clock_steady();
    if (atomic_load(&ship->log_frames) < TURN_FRAMES || pthread_mutex_trylock(&ship->lock) != 0)
        return;
    if (now >= ship->turn_at && (ship->series[0] == '\0' || ship_series(ship) == OK)) {
        come_round(ship, ship->store->writer->handle);
        ship->turn_at = clock_steady() + TURN_PAUSE_MS;
    }
    pthread_mutex_unlock(&ship->lock);
}

bool
store_ship_now(struct store *store)
{
    struct ship *ship = ((struct sqlite_store *)store)->ship;
    pthread_mutex_lock(&ship->round);
    if (wants_base(ship))
        try_base(ship);
    pthread_mutex_lock(&ship->lock);
    bool done = ship->series[0] != '\0' && ship_series(ship) == OK;
    if (done && ship->place.frames > TURN_FRAMES)
        come_round(ship, ship->idle->handle);
    pthread_mutex_unlock(&ship->lock);
    pthread_mutex_unlock(&ship->round);
    return done;
}

/* False when it is to end. */
static bool
wait_a_round(struct ship *ship)
{
    struct timespec until = clock_steady_after(ROUND_MS);
    pthread_mutex_lock(&ship->lock);
    while (!ship->is_stopping && pthread_cond_timedwait(&ship->wake, &ship->lock, &until) == 0)
        continue;
    bool goes_on = !ship->is_stopping;
    pthread_mutex_unlock(&ship->lock);
    return goes_on;
}

static void *
run(void *argument)
{
    struct ship *ship = argument;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* signals are the main thread's */
    while (wait_a_round(ship))
        (void)!store_ship_now(&ship->store->base);
    (void)!store_ship_now(&ship->store->base);
    return NULL;
}

/* Beginning and end */

static int
note_frames(void *thing, sqlite3 *handle, const char *name, int frames)
{
    struct ship *ship = thing;
    (void)handle;
    (void)name;
    atomic_store(&ship->log_frames, frames);
    return SQLITE_OK;
}

/* On the writer's thread. The hook takes the place of checkpoints after commits. */
static enum status
attach(struct ctx *cx, void *arg)
{
    struct sqlite_store *store = (struct sqlite_store *)cx->store;
    sqlite3_wal_hook(store->writer->handle, note_frames, arg);
    store->ship = arg;
    return OK;
}

static struct ship *
ship_new(struct sqlite_store *store, const char *folder)
{
    struct ship *ship = calloc(1, sizeof(*ship));
    pthread_condattr_t attributes;
    if (ship == NULL || (ship->room = malloc(BLOCK_HEAD + BLOCK_MOST)) == NULL)
        abort();
    ship->store = store;
    ship->folder = strdup(folder);
    ship->wal_file = ship->file = -1;
    pthread_mutex_init(&ship->round, NULL);
    pthread_mutex_init(&ship->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&ship->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    return ship;
}

void
ship_end(struct ship *ship)
{
    if (ship == NULL)
        return;
    pthread_mutex_lock(&ship->lock);
    ship->is_stopping = true;
    pthread_cond_signal(&ship->wake);
    pthread_mutex_unlock(&ship->lock);
    if (ship->has_thread)
        pthread_join(ship->thread, NULL); /* its last round has shipped everything */
    close_segment(ship);
    db_close(ship->held);
    db_close(ship->idle);
    db_close(ship->copier);
    if (ship->wal_file >= 0)
        close(ship->wal_file);
    pthread_mutex_destroy(&ship->round);
    pthread_mutex_destroy(&ship->lock);
    pthread_cond_destroy(&ship->wake);
    free(ship->folder);
    free(ship->room);
    free(ship);
}

static enum status
first_round(struct ctx *cx, struct ship *ship)
{
    struct sqlite_store *store = ship->store;
    TRY(db_open(cx, store, false, false, &ship->held));
    TRY(db_open(cx, store, false, false, &ship->idle));
    TRY(db_open(cx, store, false, false, &ship->copier));
    if (make_base(cx, ship) != OK)
        return fault_set(cx, ERR_STORE, "Không sao liên tục vào thư mục %s được: %s.", ship->folder,
            strerror(errno));
    return store_write(cx, attach, ship);
}

enum status
store_ship_begin(struct ctx *cx, const char *folder)
{
    struct sqlite_store *store = (struct sqlite_store *)cx->store;
    if (cx->store->engine != &engine_file)
        return fault_set(cx, ERR_INVALID,
            "--ship chỉ dùng cho cơ sở dữ liệu trong tệp; trên máy chủ, xem doc/operation.md.");
    struct ship *ship = ship_new(store, folder);
    enum status status = first_round(cx, ship);
    if (status != OK) {
        ship_end(ship);
        return status;
    }
    ship->has_thread = pthread_create(&ship->thread, NULL, run, ship) == 0;
    if (ship->has_thread)
        return OK;
    return fault_set(cx, ERR_STORE, "Hệ điều hành không cho tạo thêm luồng.");
}

int64_t
store_ship_failing_since(struct store *store)
{
    struct ship *ship = store->engine == &engine_file ? ((struct sqlite_store *)store)->ship : NULL;
    if (ship == NULL)
        return 0;
    pthread_mutex_lock(&ship->lock);
    int64_t since = ship->failing_since;
    pthread_mutex_unlock(&ship->lock);
    return since;
}
