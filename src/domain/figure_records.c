/* The records behind a figure, a page at a time. Units come in the order of the tree; what cells
 * say to hold no record of the page is stepped over as a whole, so that the thousandth page costs
 * little more than the first. */
#include "domain/figure.h"
#include "domain/figure_scan.h"

struct page {
    struct ctx *cx;
    int skip, limit;
    struct figure_record *items;
    int count;
    bool more;
};

static void
push(struct page *page, const struct figure_query *query, int64_t shard, struct query *q)
{
    bool has_keys = query->indicator->aggregation == AGG_DISTINCT;
    *ARENA_PUSH(page->cx->arena, page->items, page->count) =
        (struct figure_record){.unit = tree_unit(page->cx->world->tree, query_get_int(q, 0)),
            .code = query_get_text(q, 6),
            .state = query_get_text(q, 7),
            .day = (int32_t)query_get_int(q, 1),
            .seq = (int)query_get_int(q, 2),
            .cut = query_get_int(q, 3),
            .value = has_keys ? 1 : query_get_int(q, 4),
            .word = known_word(query_get_int(q, 5)),
            .key = {shard, query_get_int(q, 8)}};
}

/* The records of units that are asked together: of one shard and one stretch of days. */
static enum status
add_stretch(struct page *page, const struct figure_query *query, const struct scope *scope, int i,
    int end)
{
    struct query *q = query_new(page->cx, Q_FACT_ROWS);
    stretch_bind(q, page->cx, query, scope, i, end);
    query_int(q, "limit", page->skip + page->limit - page->count + 1);
    while (!page->more && query_next(q)) {
        if (page->skip > 0)
            page->skip--;
        else if (page->count < page->limit)
            push(page, query, scope->items[i].unit->shard, q);
        else
            page->more = true;
    }
    return query_end(q);
}

static enum status
add_scope(struct page *page, const struct figure_query *query, struct scope scope)
{
    for (int i = 0, end; i < scope.count && !page->more; i = end) {
        end = scope_stretch(&scope, i);
        TRY(add_stretch(page, query, &scope, i, end));
    }
    return OK;
}

static void
visit_count(void *arg, int32_t day, int64_t cut, const struct sum *sum)
{
    int64_t *count = arg;
    (void)day;
    (void)cut;
    *count += sum->n;
}

/* The same question about what was part of its unit between two days. */
static struct figure_query
query_of_part(const struct figure_query *query, const struct span *part)
{
    struct figure_query asked = *query;
    asked.unit = part->unit;
    asked.basis = DAY_THEN;
    asked.from = part->from > query->from ? part->from : query->from;
    asked.to = part->to < query->to ? part->to : query->to;
    return asked;
}

/* A unit that has cells, and those below it, as they stood on each day. */
static enum status
add_unit(struct page *page, const struct figure_query *query)
{
    const struct tree *tree = page->cx->world->tree;
    TRY(add_scope(page, query,
        tree_scope_own(page->cx->arena, tree, query->unit, query->from, query->to, DAY_THEN)));
    for (int i = 0; i < query->unit->child_count && !page->more; i++) {
        struct figure_query asked = query_of_part(query, query->unit->children[i]);
        struct scan counts = {.cx = page->cx, .query = &asked, .by_cut = query->where.mask != 0};
        int64_t count = 0;
        if (asked.from > asked.to)
            continue;
        if (!scan_has_cells(page->cx, &asked)) {
            TRY(add_scope(page, &asked, figure_scope(page->cx, &asked, asked.from, asked.to)));
            continue;
        }
        counts.visit = visit_count;
        counts.arg = &count;
        TRY(scan_run(&counts));
        if (count > page->skip)
            TRY(add_unit(page, &asked));
        else
            page->skip -= (int)count;
    }
    return OK;
}

/* Which of them the viewer may read: of a register whose content is open to him or her in the whole
 * unit all of them, else each is asked. */
static enum status
mark_readable(struct page *page, const struct figure_query *query)
{
    struct ctx *cx = page->cx;
    const struct reg *reg = query->indicator->reg;
    bool is_open = cx->viewer == NULL ||
        (reg->visibility != VISIBILITY_HAN_CHE && may_subtree(cx, ACTION_READ, reg, query->unit));
    struct record_key *keys = ARENA_ARRAY(cx->arena, struct record_key, (size_t)page->count + 1);
    struct record **records;
    int readable = 0;
    for (int i = 0; i < page->count; i++) {
        page->items[i].is_readable = is_open;
        keys[i] = page->items[i].key;
    }
    if (is_open)
        return OK;
    TRY(record_load_readable(cx, keys, page->count, &records, &readable));
    for (int i = 0, next = 0; i < page->count && next < readable; i++) {
        page->items[i].is_readable = page->items[i].key.id == records[next]->id;
        next += page->items[i].is_readable;
    }
    return OK;
}

bool
figure_has_rows(const struct ctx *cx, const struct figure_query *query)
{
    const struct reg *reg = query->indicator->reg;
    return query->own ? may_unit(cx, ACTION_ROW, reg, query->unit)
                      : may_subtree(cx, ACTION_ROW, reg, query->unit);
}

/* Of what stood below the unit then and stands elsewhere now, only what may be seen there too. */
static void
drop_foreign(struct page *page, const struct figure_query *query)
{
    int kept = 0;
    for (int i = 0; i < page->count; i++) {
        if (may_unit(page->cx, ACTION_ROW, query->indicator->reg, page->items[i].unit))
            page->items[kept++] = page->items[i];
    }
    page->count = kept;
}

enum status
figure_records(struct ctx *cx, const struct figure_query *query, int skip, int limit,
    struct figure_record **out, int *count, bool *more)
{
    struct page page = {.cx = cx, .skip = skip, .limit = limit};
    TRY(figure_check_right(cx, query));
    if (!figure_has_rows(cx, query))
        return fault_set(cx, ERR_NOT_FOUND, "Không có hồ sơ nào sau số liệu này.");
    struct figure_query all = query_of_facts(query_settled(cx, query));
    /* By another structure a unit is also asked about days on which it was not there. */
    if (all.basis == DAY_THEN && scan_has_cells(cx, &all))
        TRY(add_unit(&page, &all));
    else
        TRY(add_scope(&page, &all, figure_scope(cx, &all, all.from, all.to)));
    drop_foreign(&page, query);
    TRY(mark_readable(&page, query));
    *out = page.items;
    *count = page.count;
    *more = page.more;
    return OK;
}
