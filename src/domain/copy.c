/* Filling a database from a stream of rows. The tables of registers are made on the way, as soon as
 * the text of the packs is there: it comes before them in the stream. */
#include "domain/copy.h"

#include "base/file.h"
#include "domain/packs.h"
#include "domain/search_words.h"

#include <string.h>

enum status
copy_out(struct ctx *cx, const struct sink *sink, struct copy_result *out)
{
    struct rows_text *text = rows_text_new(cx->arena, sink);
    struct rows_to to = rows_text_to(text);
    TRY(rows_of_store(cx, &to, &out->count));
    out->digest = rows_text_end(text);
    return OK;
}

/* The text is read as a restore would read it, and made once more. */
static enum status
check_text(struct ctx *cx, const char *file, const struct copy_result *wanted)
{
    const char *bytes;
    size_t length;
    struct rows_count count;
    struct rows_text *text = rows_text_new(cx->arena, NULL);
    struct rows_to to = rows_text_to(text);
    TRY(file_map(cx, file, &bytes, &length));
    TRY(rows_of_text(cx, file, bytes, length, &to, &count));
    if (strcmp(rows_text_end(text), wanted->digest) == 0 && count.rows == wanted->count.rows)
        return OK;
    return fault_set(cx, ERR_STORE, "Tệp %s đọc lại không giống như đã ghi.", file);
}

enum status
copy_check_text(struct ctx *cx, const char *file, const struct copy_result *wanted)
{
    struct ctx scratch = ctx_scratch(cx);
    enum status status = check_text(&scratch, file, wanted);
    cx->faults = scratch.faults;
    return status;
}

struct fill {
    struct ctx *cx;
    const struct copy_from *from;
    struct copy_result *result;
    struct rows_to insert, digest; /* both take every row */
    bool is_pack_file;             /* the table that was begun last */
};

/* Tables of the registers */

static enum status
load_model(struct ctx *cx, const struct model **model)
{
    struct pack_file *files;
    int count, faults = cx->faults.count;
    TRY(packs_read(cx, &files, &count));
    if (pack_load(cx, cx->arena, files, count, model) == OK)
        return OK;
    fault_forget(cx, faults);
    return pack_load_registers(cx, cx->arena, files, count, model);
}

static enum status
make_registers(struct ctx *cx)
{
    const struct model *model;
    TRY(load_model(cx, &model));
    for (int i = 0; i < model->register_count; i++) {
        TRY(store_script(cx, sqlgen_create(cx->arena, &model->registers[i])));
        TRY(store_script(cx, sqlgen_indexes(cx->arena, &model->registers[i])));
    }
    return OK;
}

/* Rows */

static enum status
fill_begin(void *to, const struct stored_table *table)
{
    struct fill *fill = to;
    fill->is_pack_file = strcmp(table->name, "pack_file") == 0;
    TRY(fill->digest.begin(fill->digest.to, table));
    return fill->insert.begin(fill->insert.to, table);
}

static enum status
fill_row(void *to, const struct cell *cells)
{
    struct fill *fill = to;
    TRY(fill->digest.row(fill->digest.to, cells));
    return fill->insert.row(fill->insert.to, cells);
}

static enum status
fill_end(void *to)
{
    struct fill *fill = to;
    TRY(fill->digest.end(fill->digest.to));
    TRY(fill->insert.end(fill->insert.to));
    return fill->is_pack_file ? make_registers(fill->cx) : OK;
}

static enum status
fill_rows(struct ctx *cx, struct fill *fill)
{
    const struct copy_from *from = fill->from;
    struct rows_text *digest = rows_text_new(cx->arena, NULL);
    struct rows_to both = {fill_begin, fill_row, fill_end, fill};
    fill->cx = cx;
    fill->insert = rows_insert_to(rows_insert_new(cx));
    fill->digest = rows_text_to(digest);
    if (from->database == NULL) {
        TRY(rows_of_text(cx, from->file, from->text, from->length, &both, &fill->result->count));
    } else {
        enum status status = rows_of_store(from->database, &both, &fill->result->count);
        for (int i = 0; i < from->database->faults.count; i++)
            (void)fault_set(cx, status, "%s", from->database->faults.items[i].message);
        TRY(status);
    }
    fill->result->digest = rows_text_end(digest);
    return OK;
}

/* The rest */

static enum status
must_be_empty(struct ctx *cx)
{
    struct pack_file *files;
    int count;
    TRY(packs_read(cx, &files, &count));
    if (count == 0)
        return OK;
    return fault_set(cx, ERR_CONFLICT,
        "Cơ sở dữ liệu đích đã có dữ liệu; cần một cơ sở dữ liệu mới, còn trống.");
}

/* By the world as it will be. */
static enum status
fill_words(struct ctx *cx)
{
    const struct world *before = cx->world, *after;
    TRY(world_load(cx, cx->arena, &after));
    cx->world = after;
    enum status status = search_fill(cx);
    cx->world = before;
    return status;
}

static enum status
fill(struct ctx *cx, void *arg)
{
    struct fill *job = arg;
    TRY(store_alone(cx));
    TRY(must_be_empty(cx));
    TRY(fill_rows(cx, job));
    TRY(store_ids_above(cx, job->result->count.last_id));
    return fill_words(cx);
}

enum status
copy_in(struct ctx *cx, const struct copy_from *from, struct copy_result *out)
{
    struct fill job = {.from = from, .result = out};
    int steps;
    TRY(from->distribute ? store_migrate_distributed(cx, &steps) : store_migrate(cx, &steps));
    return store_write(cx, fill, &job);
}
