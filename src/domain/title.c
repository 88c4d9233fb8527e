/* Titles, gathered first and then read by shard and register. */
#include "domain/title.h"

#include "domain/rights.h"

#include "base/code.h"
#include "base/map.h"

struct title {
    const struct reg *reg;
    int64_t code;
    const char *text;  /* the code until the title is known */
    const char *title; /* as it was read, for whoever may */
    bool is_asked;
    bool is_readable;
};

struct titles {
    struct ctx *cx;
    struct title **items;
    int count;
    struct map *by_code;
};

const char *
title_of(const struct record *record)
{
    const struct field *field = reg_title(record->reg);
    const struct value *value = field == NULL ? NULL : &record->fields.values[field->index];
    return value == NULL || value->is_null ? record->code : value->text;
}

struct titles *
titles_new(struct ctx *cx)
{
    struct titles *titles = ARENA_NEW(cx->arena, struct titles);
    titles->cx = cx;
    titles->by_code = map_new(cx->arena);
    return titles;
}

static void
want(struct titles *titles, const struct reg *reg, int64_t code)
{
    struct arena *arena = titles->cx->arena;
    if (map_get_int(titles->by_code, code) != NULL)
        return;
    struct title *title = ARENA_NEW(arena, struct title);
    *title = (struct title){reg, code, code_text(arena, code), NULL, reg_title(reg) == NULL, false};
    map_set_int(titles->by_code, code, title);
    *ARENA_PUSH(arena, titles->items, titles->count) = title;
}

void
titles_want_value(struct titles *titles, const struct field *field, const struct value *value)
{
    if (field->kind == KIND_REFERENCE && !value->is_null)
        want(titles, field->target, value->number);
    for (int i = 0; i < value->row_count; i++)
        titles_want(titles, field->fields, field->field_count, &value->rows[i]);
}

void
titles_want(struct titles *titles, const struct field *fields, int count, const struct row *row)
{
    for (int i = 0; i < count; i++)
        titles_want_value(titles, &fields[i], &row->values[i]);
}

/* The places from i on that are of the same register and shard, as many as one statement takes. */
static int
bind_alike(const struct titles *titles, int i, struct query *q)
{
    const struct title *first = titles->items[i];
    int64_t shard = code_shard(first->code);
    int bound = 0;
    query_int_at(q, 0, shard);
    for (; i < titles->count && bound < TITLES_AT_ONCE; i++) {
        struct title *title = titles->items[i];
        if (title->is_asked || title->reg != first->reg || code_shard(title->code) != shard)
            continue;
        title->is_asked = true;
        query_text_at(q, ++bound, title->text);
    }
    return bound;
}

static enum status
read_alike(struct titles *titles, int i)
{
    struct ctx *cx = titles->cx;
    const struct sql *sql = cx->world->sql->registers[titles->items[i]->reg->index].titles;
    struct query *q = query_sql(cx, sql);
    for (int n = bind_alike(titles, i, q); n < TITLES_AT_ONCE; n++)
        query_text_at(q, n + 1, NULL);
    while (query_next(q)) {
        struct title *title = map_get_int(titles->by_code, code_number(query_peek_text(q, 0)));
        const struct unit *unit = tree_unit(cx->world->tree, query_get_int(q, 2));
        title->title = query_get_null(q, 1) ? NULL : query_get_text(q, 1);
        title->is_readable = unit != NULL && may_unit(cx, ACTION_READ, title->reg, unit);
    }
    return query_end(q);
}

/* One of a unit whose records the viewer may read is told from its head alone; of a restricted
 * register and of other units it is asked about as a record. */
static enum status
ask_readable(struct titles *titles, struct title *title)
{
    struct ctx *cx = titles->cx;
    if (!title->is_readable)
        TRY(record_is_readable(cx, code_text(cx->arena, title->code), &title->is_readable));
    if (title->is_readable && title->title != NULL)
        title->text = title->title;
    return OK;
}

enum status
titles_read(struct titles *titles)
{
    for (int i = 0; i < titles->count; i++) {
        if (!titles->items[i]->is_asked)
            TRY(read_alike(titles, i));
        TRY(ask_readable(titles, titles->items[i]));
    }
    return OK;
}

const char *
titles_text(const struct titles *titles, int64_t code)
{
    const struct title *title = map_get_int(titles->by_code, code);
    return title->text;
}

const char *
titles_href(const struct titles *titles, int64_t code)
{
    const struct title *title = map_get_int(titles->by_code, code);
    struct arena *arena = titles->cx->arena;
    return title->is_readable ? arena_printf(arena, "/hs/%s", code_text(arena, code)) : NULL;
}
