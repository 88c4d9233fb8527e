/* Backups made and restored: what comes in which order, so that a name stands for a whole thing or
 * for nothing. */
#include "domain/backup.h"

#include "base/file.h"
#include "domain/copy.h"
#include "store/backup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Another database than that of cx */

/* A context for it, in the same arena, with worlds of its own. */
static struct ctx
other_begin(struct ctx *cx)
{
    return (struct ctx){.arena = cx->arena, .worlds = worlds_new(), .now = cx->now};
}

/* Close it and take its faults over. */
static enum status
other_end(struct ctx *cx, struct ctx *other, enum status status)
{
    world_end(other);
    store_close(other->store);
    worlds_free(other->worlds);
    for (int i = 0; i < other->faults.count; i++)
        (void)fault_set(cx, other->faults.items[i].status, "%s", other->faults.items[i].message);
    return status;
}

static enum status
open_other(struct ctx *other, const char *where)
{
    struct store_options options = {.where = where};
    TRY(store_open(other, &options, &other->store));
    return world_begin(other);
}

/* What is looked at before anything gets its name */

static enum status
look_at(struct ctx *cx, bool is_quick, struct backup_result *result)
{
    result->units = cx->world->tree->count;
    TRY(store_check_pages(cx));
    TRY(rows_count(cx, &result->count));
    return is_quick ? OK : check_all(cx, &result->check);
}

/* Of a database that nobody else has yet. `wanted` (may be NULL) is how many rows it must have. */
static enum status
look_at_database(struct ctx *cx, const char *where, bool is_quick, const struct rows_count *wanted,
    struct backup_result *result)
{
    struct ctx other = other_begin(cx);
    enum status status = open_other(&other, where);
    if (status == OK)
        status = look_at(&other, is_quick, result);
    if (status == OK && wanted != NULL && wanted->rows != result->count.rows)
        status = fault_set(&other, ERR_STORE, "Bản sao có %lld dòng, phải là %lld.",
            (long long)result->count.rows, (long long)wanted->rows);
    return other_end(cx, &other, status);
}

static int64_t
size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (int64_t)about.st_size : 0;
}

static bool
is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Making a backup */

static void
put_bytes(void *to, const char *bytes, size_t length)
{
    FILE *file = to;
    fwrite(bytes, 1, length, file); /* ferror remembers */
}

static enum status
close_file(struct ctx *cx, FILE *file, const char *path, enum status status)
{
    bool failed = fflush(file) != 0 || ferror(file);
    failed = fclose(file) != 0 || failed;
    if (status != OK || !failed)
        return status;
    return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", path, strerror(errno));
}

static enum status
open_file(struct ctx *cx, const char *path, FILE **out)
{
    *out = fopen(path, "wb");
    if (*out != NULL)
        return OK;
    return fault_set(cx, ERR_STORE, "Không ghi được tệp %s: %s.", path, strerror(errno));
}

/* A text is no database: what is looked at besides its digest is the snapshot that it was made of.
 */
static enum status
make_rows(struct ctx *cx, const char *part, bool is_quick, struct backup_result *result)
{
    FILE *file;
    struct copy_result copied;
    TRY(open_file(cx, part, &file));
    struct sink sink = {put_bytes, file};
    TRY(close_file(cx, file, part, copy_out(cx, &sink, &copied)));
    TRY(copy_check_text(cx, part, &copied));
    return look_at(cx, is_quick, result);
}

static enum status
make_pages(struct ctx *cx, const char *part, bool is_quick, struct backup_result *result)
{
    struct rows_count wanted;
    TRY(store_copy_pages(cx, part));
    TRY(rows_count(cx, &wanted));
    TRY(look_at_database(cx, part, is_quick, &wanted, result));
    return store_seal_pages(cx, part);
}

/* "FOLDER/chithi-20260905-140000.backup", by the clock of the place. */
static const char *
path_in(struct ctx *cx, const char *folder)
{
    int64_t local = cx->now + (int64_t)cx->world->zone_offset * 60000;
    int64_t second = local / 1000 % 86400;
    const char *day = date_iso(cx->arena, (int32_t)(local / 86400000));
    return arena_printf(cx->arena, "%s/chithi-%.4s%.2s%.2s-%02d%02d%02d.backup", folder, day,
        day + 5, day + 8, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

enum status
backup_make(struct ctx *cx, const struct backup_options *options, struct backup_result *result)
{
    const char *path = is_folder(options->to) ? path_in(cx, options->to) : options->to;
    const char *part = arena_printf(cx->arena, "%s.part", path);
    *result = (struct backup_result){.path = path};
    bool as_rows = options->as_rows || !store_is_file(options->from);
    enum status status = as_rows ? make_rows(cx, part, options->is_quick, result)
                                 : make_pages(cx, part, options->is_quick, result);
    if (status != OK) {
        (void)unlink(part);
        return status;
    }
    TRY(file_put(cx, part, path));
    result->bytes = size_of(path);
    return OK;
}

/* Making a database */

/* Where it is made, before it gets its name; what is on a server has its name already. */
static const char *
part_of(struct ctx *cx, const char *to)
{
    return store_is_file(to) ? arena_printf(cx->arena, "%s.part", to) : to;
}

static void
take_away(struct ctx *cx, const char *part)
{
    (void)unlink(part);
    (void)unlink(arena_printf(cx->arena, "%s-wal", part));
    (void)unlink(arena_printf(cx->arena, "%s-shm", part));
}

static enum status
must_not_be(struct ctx *cx, const char *to)
{
    struct stat about;
    if (!store_is_file(to) || stat(to, &about) != 0)
        return OK;
    return fault_set(cx, ERR_CONFLICT,
        "Đã có tệp %s; lệnh này chỉ tạo cơ sở dữ liệu mới, không ghi đè. Hãy nêu tên khác.", to);
}

/* Rows into a new database, and its rows once more, to compare. */
static enum status
fill_database(struct ctx *cx, const char *part, const struct copy_from *from)
{
    struct ctx other = other_begin(cx);
    struct store_options options = {.where = part,
        .create = true,
        .volatile_ = store_is_file(part)}; /* file_put comes before its name */
    struct copy_result made, read;
    enum status status = store_open(&other, &options, &other.store);
    if (status == OK)
        status = copy_in(&other, from, &made);
    if (status == OK)
        status = world_begin(&other);
    if (status == OK)
        status = copy_out(&other, NULL, &read);
    if (status == OK && strcmp(made.digest, read.digest) != 0)
        status = fault_set(&other, ERR_STORE,
            "Cơ sở dữ liệu mới có %lld dòng không giống %lld dòng của bản gốc.",
            (long long)read.count.rows, (long long)made.count.rows);
    return other_end(cx, &other, status);
}

static enum status
fill_pages(struct ctx *cx, const char *part, const char *bytes, size_t length)
{
    FILE *file;
    TRY(open_file(cx, part, &file));
    put_bytes(file, bytes, length);
    return close_file(cx, file, part, OK);
}

/* What was shipped has no seal: its blocks have digests of their own. */
static enum status
fill_from_folder(struct ctx *cx, const struct backup_options *options, const char *part)
{
    if (!store_is_file(options->to))
        return fault_set(cx, ERR_INVALID,
            "%s là bản sao liên tục của một tệp, không đưa thẳng lên máy chủ được. Hãy khôi phục "
            "ra một tệp, rồi đưa lên bằng: chithi copy",
            options->from);
    return store_unship(cx, options->from, part);
}

static enum status
fill_from_file(struct ctx *cx, const struct backup_options *options, const char *part)
{
    struct copy_from from = {.file = options->from, .distribute = options->distribute};
    TRY(file_map(cx, options->from, &from.text, &from.length));
    if (rows_is_text(from.text, from.length))
        return fill_database(cx, part, &from);
    TRY(store_unseal_pages(cx, options->from, from.text, &from.length));
    if (!store_is_file(options->to))
        return fault_set(cx, ERR_INVALID,
            "%s là bản sao lưu các trang của một tệp, không đưa thẳng lên máy chủ được. Hãy khôi "
            "phục ra một tệp, rồi đưa lên bằng: chithi copy",
            options->from);
    return fill_pages(cx, part, from.text, from.length);
}

/* Give what was made its name, when it is worth it. */
static enum status
finish(struct ctx *cx, const struct backup_options *options, const char *part, enum status status,
    struct backup_result *result)
{
    const char *shown = store_is_file(options->to) ? options->to : "Cơ sở dữ liệu trên máy chủ";
    *result = (struct backup_result){.path = shown}; /* an address may hold a password */
    if (status == OK)
        status = look_at_database(cx, part, options->is_quick, NULL, result);
    if (!store_is_file(options->to))
        return status;
    if (status == OK)
        status = must_not_be(cx, options->to);
    if (status != OK) {
        take_away(cx, part);
        return status;
    }
    TRY(file_put(cx, part, options->to));
    result->bytes = size_of(options->to);
    return OK;
}

enum status
backup_restore(struct ctx *cx, const struct backup_options *options, struct backup_result *result)
{
    const char *part = part_of(cx, options->to);
    TRY(must_not_be(cx, options->to));
    enum status status = is_folder(options->from) ? fill_from_folder(cx, options, part)
                                                  : fill_from_file(cx, options, part);
    return finish(cx, options, part, status, result);
}

enum status
backup_copy(struct ctx *cx, const struct backup_options *options, struct backup_result *result)
{
    const char *part = part_of(cx, options->to);
    struct ctx origin = other_begin(cx);
    struct copy_from from = {.database = &origin, .distribute = options->distribute};
    TRY(must_not_be(cx, options->to));
    enum status status = open_other(&origin, options->from);
    if (status == OK)
        status = fill_database(cx, part, &from);
    return finish(cx, options, part, other_end(cx, &origin, status), result);
}
