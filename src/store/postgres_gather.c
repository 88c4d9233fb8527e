/* Rows that are gathered: what inserts of one kind have bound is kept, and sent as one statement of
 * many rows when there are enough. A statement costs the server much more than its row: it looks up
 * the table and its indexes and reads each CHECK anew. The few rows that are left at the end go one
 * by one, as they would without this. */
#include "store/postgres.h"

#include <string.h>

enum {
    ROWS_AT_ONCE = 64,        /* more gain nothing (doc/performance.md) */
    PARAMETERS_MOST = 65535,  /* of a statement, by the protocol */
    GATHERED_BYTES = 1 << 20, /* of one kind */
    FIRST_ROOM = 1024
};

/* Keeping */

static void
append(struct postgres_query *q, const void *bytes, size_t length)
{
    struct gathered *rows = &q->gathered;
    size_t room = rows->room == 0 ? FIRST_ROOM : rows->room;
    while (room - rows->length < length)
        room *= 2;
    if (room > rows->room)
        rows->bytes = arena_grow(q->db->arena, rows->bytes, rows->length, room);
    rows->room = room;
    memcpy(rows->bytes + rows->length, bytes, length);
    rows->length += length;
}

static void
keep(struct postgres_query *q)
{
    for (int i = 0; i < q->base.sql->parameter_count; i++) {
        int32_t length = q->values[i] == NULL ? -1 : q->lengths[i];
        append(q, &length, sizeof(length));
        if (length > 0)
            append(q, q->values[i], (size_t)length);
    }
    q->gathered.rows++;
}

/* Sending */

/* The first rows of what is kept, as one statement; returns how many bytes they were. */
static size_t
send_rows(struct ctx *cx, struct postgres_query *q, size_t from, int rows)
{
    const struct sql *sql = q->base.sql;
    struct gathered *gathered = &q->gathered;
    struct arena_mark mark = arena_mark(cx->arena);
    size_t count = (size_t)sql->parameter_count * (size_t)rows, at = from;
    Oid *types = ARENA_ARRAY(cx->arena, Oid, count);
    const char **values = ARENA_ARRAY(cx->arena, const char *, count);
    int *lengths = ARENA_ARRAY(cx->arena, int, count);
    int *formats = ARENA_ARRAY(cx->arena, int, count);
    for (size_t i = 0; i < count; i++) {
        int32_t length;
        memcpy(&length, gathered->bytes + at, sizeof(length));
        at += sizeof(length);
        types[i] = q->types[i % (size_t)sql->parameter_count];
        values[i] = length < 0 ? NULL : gathered->bytes + at;
        lengths[i] = length < 0 ? 0 : length;
        formats[i] = 1;
        at += (size_t)lengths[i];
    }
    struct bound bound = {.id = sql->id,
        .sent = {.what = q->what},
        .text = rows == 1 ? sql->text[DIALECT_POSTGRES] : gathered->text,
        .count = (int)count,
        .types = types,
        .values = values,
        .lengths = lengths,
        .formats = formats};
    postgres_send_prepared(cx, q->db, rows == 1 ? &q->prepared : &gathered->prepared, &bound);
    if (q->db->failure == FAILURE_NONE)
        arena_release(cx->arena, mark); /* else the fault is in it */
    return at;
}

/* All rows of one kind. */
static void
send_kind(struct ctx *cx, struct postgres_query *q)
{
    struct gathered *gathered = &q->gathered;
    bool together = gathered->rows == gathered->rows_at_once;
    size_t at = 0;
    while (at < gathered->length)
        at = send_rows(cx, q, at, together ? gathered->rows : 1);
    gathered->rows = 0;
    gathered->length = 0;
}

void
postgres_gather(struct postgres_query *q)
{
    struct gathered *gathered = &q->gathered;
    const struct sql *sql = q->base.sql;
    struct postgres_db *db = q->db;
    if (gathered->text == NULL) {
        int fit = PARAMETERS_MOST / sql->parameter_count;
        gathered->rows_at_once = fit < ROWS_AT_ONCE ? fit : ROWS_AT_ONCE;
        gathered->text = sql_of_rows(db->arena, sql->text[DIALECT_POSTGRES], sql->parameter_count,
            gathered->rows_at_once);
    }
    if (!gathered->is_listed) {
        gathered->is_listed = true;
        gathered->next = db->gathering;
        db->gathering = q;
    }
    keep(q);
    if (gathered->rows == gathered->rows_at_once || gathered->length > GATHERED_BYTES)
        send_kind(q->base.cx, q);
}

void
postgres_gather_send(struct ctx *cx, struct postgres_db *db)
{
    for (struct postgres_query *q = db->gathering; q != NULL; q = q->gathered.next)
        send_kind(cx, q);
    postgres_gather_drop(db);
}

void
postgres_gather_drop(struct postgres_db *db)
{
    for (struct postgres_query *q = db->gathering; q != NULL; q = q->gathered.next) {
        q->gathered.is_listed = false;
        q->gathered.rows = 0;
        q->gathered.length = 0;
    }
    db->gathering = NULL;
}
