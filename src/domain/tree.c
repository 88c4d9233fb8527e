/* The tree of units through time. All walks go through spans, so that a question about a past day
 * needs no other structure than one about today. */
#include "domain/tree.h"

#include "base/catalogue.h"
#include "base/buf.h"
#include "base/plant.h"
#include "base/vi.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

/* Reading */

static enum status
load_units(struct ctx *cx, struct arena *home, struct tree *tree)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct query *q = query_new(cx, Q_UNIT_LIST);
    while (query_next(q)) {
        struct unit *unit = ARENA_PUSH(cx->arena, tree->units, tree->count);
        unit->id = query_get_int(q, 0);
        unit->shard = query_get_int(q, 1);
        unit->ordinal = query_get_int(q, 2);
        unit->month_cells = (int)query_get_int(q, 3);
        unit->day_cells = (int)query_get_int(q, 4);
        unit->index = tree->count - 1;
        unit->pos = -1;
    }
    TRY(query_end(q));
    size_t size = (size_t)tree->count * sizeof(*tree->units);
    tree->units = arena_grow(home, tree->units, size, size);
    arena_release(cx->arena, mark);
    tree->by_id = map_new_for(home, tree->count);
    tree->by_code = map_new_for(home, tree->count);
    for (int i = 0; i < tree->count; i++)
        map_set_int(tree->by_id, tree->units[i].id, &tree->units[i]);
    return OK;
}

static struct unit *
writable(const struct tree *tree, int64_t id)
{
    return map_get_int(tree->by_id, id);
}

static const char *
shared_word(struct arena *home, struct tree *tree, const char *word)
{
    char *known = map_get(tree->words, word);
    if (known == NULL) {
        known = arena_strdup(home, word);
        map_set(tree->words, known, known);
    }
    return known;
}

static enum status
load_spans(struct ctx *cx, struct arena *home, struct tree *tree)
{
    struct query *q = query_new(cx, Q_UNIT_SPANS);
    while (query_next(q)) {
        struct unit *unit = writable(tree, query_get_int(q, 0));
        if (unit == NULL)
            continue;
        struct arena_mark mark = arena_mark(cx->arena);
        struct span *span = ARENA_PUSH(home, unit->spans, unit->span_count);
        span->unit = unit;
        span->from = (int32_t)query_get_int(q, 1);
        span->to = (int32_t)query_get_int(q, 2);
        span->code = arena_strdup(home, query_peek_text(q, 3));
        span->name = arena_strdup(home, query_peek_text(q, 4));
        span->level = shared_word(home, tree, query_peek_text(q, 5));
        span->kind = shared_word(home, tree, query_peek_text(q, 6));
        span->bloc = shared_word(home, tree, query_peek_text(q, 7));
        span->words = arena_printf(home, " %s %s", vi_fold(cx->arena, span->code),
            vi_fold(cx->arena, span->name));
        if (!query_get_null(q, 8))
            span->parent = tree_unit(tree, query_get_int(q, 8));
        arena_release(cx->arena, mark);
    }
    return query_end(q);
}

static enum status
load_heirs(struct ctx *cx, struct tree *tree)
{
    struct query *q = query_new(cx, Q_UNIT_HEIRS);
    while (query_next(q)) {
        struct unit *unit = writable(tree, query_get_int(q, 0));
        if (unit != NULL)
            unit->heir = tree_unit(tree, query_get_int(q, 1));
    }
    return query_end(q);
}

static void
index_code(struct tree *tree, struct span *span)
{
    struct span *other = map_get(tree->by_code, span->code);
    if (other == NULL) {
        map_set(tree->by_code, span->code, span);
        return;
    }
    while (other->namesake != NULL)
        other = other->namesake;
    other->namesake = span;
}

/* Units are read in administrative order, so children come out in it too. */
static void
link_children(struct arena *home, struct tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        struct unit *unit = &tree->units[i];
        for (int s = 0; s < unit->span_count; s++) {
            struct span *span = &unit->spans[s];
            index_code(tree, span);
            if (span->parent == NULL) {
                tree->root = tree->root == NULL ? unit : tree->root;
                continue;
            }
            struct unit *parent = &tree->units[span->parent->index];
            tree->has_strays = tree->has_strays ||
                (span->parent->shard != unit->shard && span->parent != tree->root);
            *ARENA_PUSH(home, parent->children, parent->child_count) = span;
        }
    }
}

/* With no strays, the units of a shard below the root are those of one unit directly under it. */
static void
find_heads(struct tree *tree)
{
    for (int i = 0; tree->root != NULL && i < tree->root->child_count; i++) {
        const struct unit *unit = tree->root->children[i]->unit;
        for (int k = 0; k < i; k++) {
            const struct unit *other = tree->root->children[k]->unit;
            if (other != unit && other->shard == unit->shard)
                tree->has_strays = true;
        }
        tree->units[unit->index].is_head = unit->shard != tree->root->shard;
    }
}

/* Whoever stood above a unit on any day, and the unit itself, each once. */
struct above {
    const struct unit **items;
    int count;
    int *seen; /* by index of the unit: the last look that met it */
    int look;
};

static void
look_above(struct arena *arena, struct above *above, const struct unit *unit)
{
    if (unit == NULL || above->seen[unit->index] == above->look)
        return;
    above->seen[unit->index] = above->look;
    *ARENA_PUSH(arena, above->items, above->count) = unit;
    for (int i = 0; i < unit->span_count; i++)
        look_above(arena, above, unit->spans[i].parent);
}

static void
look_again(struct arena *arena, struct above *above, const struct unit *unit)
{
    above->count = 0;
    above->look++;
    look_above(arena, above, unit);
}

static void
unsettle(struct tree *tree, const struct above *one, const struct above *other)
{
    for (int i = 0; i < one->count; i++) {
        int index = one->items[i]->index;
        if (other->seen[index] != other->look && !PLANTED("always_settled"))
            tree->units[index].is_settled = false;
    }
}

/* Whom the facts of a unit count for after its last day. */
static const struct unit *
successor(const struct unit *unit)
{
    const struct span *last = &unit->spans[unit->span_count - 1];
    if (last->to == DAY_MAX)
        return NULL;
    return unit->heir != NULL ? unit->heir : last->parent;
}

/* A unit that changed its parent, or ended and counts for another one since, unsettles whoever
 * stood above the one place and not above the other. Units that are not passed by anybody on any
 * border keep what they have: who counts for them counts by every structure. */
static void
find_settled(struct ctx *cx, struct tree *tree)
{
    struct above before = {.seen = ARENA_ARRAY(cx->arena, int, (size_t)tree->count + 1)};
    struct above after = {.seen = ARENA_ARRAY(cx->arena, int, (size_t)tree->count + 1)};
    for (int i = 0; i < tree->count; i++)
        tree->units[i].is_settled = true;
    for (int i = 0; i < tree->count; i++) {
        const struct unit *unit = &tree->units[i];
        const struct unit *old = unit->span_count == 0 ? NULL : unit->spans[0].parent;
        for (int k = 1; k <= unit->span_count && old != NULL; k++) {
            const struct unit *new = k < unit->span_count ? unit->spans[k].parent : successor(unit);
            if (new == NULL || new == old)
                continue;
            look_again(cx->arena, &before, old);
            look_again(cx->arena, &after, new);
            unsettle(tree, &before, &after);
            unsettle(tree, &after, &before);
            old = new;
        }
    }
}

static bool
is_always_there(const struct unit *unit)
{
    int32_t day = DAY_MIN; /* up to which it is there, and one more */
    for (int i = 0; i < unit->span_count && unit->spans[i].from == day; i++) {
        if (unit->spans[i].to == DAY_MAX)
            return true;
        day = unit->spans[i].to + 1;
    }
    return false;
}

/* What a scope by a day's structure may hold besides the tree of that day. */
static void
find_passing(struct arena *home, struct tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (!is_always_there(&tree->units[i]))
            *ARENA_PUSH(home, tree->passing, tree->passing_count) = &tree->units[i];
    }
}

/* Depth first from a unit that is there today. */
static int
number_from(struct tree *tree, const struct unit *at, bool is_above_fixed, int next)
{
    struct unit *unit = &tree->units[at->index];
    unit->pos = next++;
    unit->is_fixed = is_above_fixed && unit->span_count == 1 && is_always_there(unit);
    for (int i = 0; i < unit->child_count; i++) {
        const struct span *child = unit->children[i];
        if (child->from <= tree->today && tree->today <= child->to)
            next = number_from(tree, child->unit, unit->is_fixed, next);
    }
    unit->last = next - 1;
    return next;
}

static void
number_units(struct tree *tree)
{
    int next = 0;
    if (tree->root != NULL && unit_on(tree->root, tree->today) != NULL)
        next = number_from(tree, tree->root, true, 0);
    for (int i = 0; i < tree->count; i++) {
        struct unit *unit = &tree->units[i];
        if (unit->pos >= 0)
            continue;
        unit->pos = next++;
        unit->last = unit->pos - 1;
    }
}

static int
compare_shards(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void
collect_shards(struct arena *home, struct tree *tree)
{
    struct map *seen = map_new(home);
    for (int i = 0; i < tree->count; i++) {
        if (map_set_int(seen, tree->units[i].shard, tree) == NULL)
            *ARENA_PUSH(home, tree->shards, tree->shard_count) = tree->units[i].shard;
    }
    if (tree->shard_count > 0)
        qsort(tree->shards, (size_t)tree->shard_count, sizeof(*tree->shards), compare_shards);
    tree->shard_units = ARENA_ARRAY(home, int, (size_t)tree->shard_count + 1);
    for (int i = 0; i < tree->shard_count; i++)
        map_set_int(seen, tree->shards[i], &tree->shard_units[i]);
    for (int i = 0; i < tree->count; i++)
        ++*(int *)map_get_int(seen, tree->units[i].shard);
}

static enum status
load(struct ctx *cx, struct arena *home, struct tree *tree)
{
    TRY(load_units(cx, home, tree));
    TRY(load_spans(cx, home, tree));
    TRY(load_heirs(cx, tree));
    link_children(home, tree);
    find_heads(tree);
    find_settled(cx, tree);
    find_passing(home, tree);
    collect_shards(home, tree);
    number_units(tree);
    return OK;
}

enum status
tree_load(struct ctx *cx, struct arena *home, int32_t today, const struct tree **out)
{
    struct tree *tree = ARENA_NEW(home, struct tree);
    struct ctx scratch = ctx_scratch(cx); /* its arena is another than `home`, and short-lived */
    tree->words = map_new(home);
    tree->today = today;
    *out = tree;
    enum status status = load(&scratch, home, tree);
    cx->faults = scratch.faults;
    return status;
}

/* Looking up */

const struct unit *
tree_unit(const struct tree *tree, int64_t id)
{
    return map_get_int(tree->by_id, id);
}

const char *
tree_word(const struct tree *tree, const char *word)
{
    return map_get(tree->words, word);
}

const struct span *
unit_on(const struct unit *unit, int32_t day)
{
    for (int i = unit->span_count - 1; i >= 0; i--) {
        if (unit->spans[i].from <= day && day <= unit->spans[i].to)
            return &unit->spans[i];
    }
    return NULL;
}

const struct span *
unit_named(const struct unit *unit, int32_t day)
{
    for (int i = unit->span_count - 1; i > 0; i--) {
        if (unit->spans[i].from <= day)
            return &unit->spans[i];
    }
    return &unit->spans[0];
}

static const char *
describe_bearers(const struct ctx *cx, const struct span *first)
{
    struct arena *arena = cx->arena;
    struct buf text = buf_new(arena);
    for (const struct span *span = first; span != NULL; span = span->namesake) {
        buf_printf(&text, "%s%s (", span != first ? "; " : "", span->name);
        if (span->from != DAY_MIN)
            buf_printf(&text, tr(cx, "từ %s"), date_show(arena, span->from));
        if (span->to != DAY_MAX)
            buf_printf(&text, tr(cx, "%sđến %s"), span->from != DAY_MIN ? " " : "",
                date_show(arena, span->to));
        buf_text(&text, ")");
    }
    return buf_string(&text);
}

const char *
unit_code(struct arena *arena, const struct unit *unit, int32_t day)
{
    const struct span *span = unit_named(unit, day);
    if (span->from <= day && day <= span->to)
        return span->code;
    return arena_printf(arena, "%s@%s", span->code,
        date_iso(arena, day < span->from ? span->from : span->to));
}

const char *
unit_key(struct arena *arena, const struct unit *unit)
{
    const struct span *first = &unit->spans[0];
    if (first->from == DAY_MIN)
        return first->code;
    return arena_printf(arena, "%s@%s", first->code, date_iso(arena, first->from));
}

const struct unit *
tree_bearer(const struct tree *tree, const char *code, int32_t from, int32_t to)
{
    const struct span *last = NULL;
    for (const struct span *span = map_get(tree->by_code, code); span != NULL;
         span = span->namesake) {
        if (span->from <= to && from <= span->to && (last == NULL || span->to > last->to))
            last = span;
    }
    return last == NULL ? NULL : last->unit;
}

enum status
tree_by_code(struct ctx *cx, const struct tree *tree, const char *code, int32_t day,
    const struct unit **out)
{
    const char *at = strchr(code, '@');
    if (at != NULL && date_parse(at + 1, &day))
        code = arena_strndup(cx->arena, code, (size_t)(at - code));
    const struct span *first = map_get(tree->by_code, code);
    *out = tree_bearer(tree, code, day, day);
    if (*out != NULL)
        return OK;
    if (first != NULL)
        return fault_set(cx, ERR_NOT_FOUND,
            "Ngày %s không có đơn vị mang mã %s; mã này là của: %s.", date_show(cx->arena, day),
            code, describe_bearers(cx, first));
    return fault_set(cx, ERR_NOT_FOUND, "Không có đơn vị mang mã “%s”.", code);
}

bool
unit_inside(const struct unit *unit, const struct unit *ancestor, int32_t day)
{
    if (unit != NULL && unit->is_fixed && ancestor != NULL)
        return ancestor->pos <= unit->pos && unit->pos <= ancestor->last;
    while (unit != NULL && unit != ancestor) {
        const struct span *span = unit_on(unit, day);
        unit = span == NULL ? NULL : span->parent;
    }
    return unit != NULL;
}

/* A merger of mergers ends: an heir lives longer than the unit it took over. The count is a guard
 * against a table that was edited by hand. */
const struct unit *
unit_place(const struct unit *unit, int32_t day)
{
    if (unit != NULL && unit->is_fixed)
        return unit;
    for (int steps = 0; unit != NULL && unit->span_count > 0 && steps < 100; steps++) {
        const struct span *last = &unit->spans[unit->span_count - 1];
        if (unit_on(unit, day) != NULL)
            return unit;
        if (day < unit->spans[0].from)
            unit = unit->spans[0].parent;
        else if (unit->heir != NULL && day > last->to)
            unit = unit->heir;
        else
            unit = last->parent;
    }
    return NULL;
}

const struct unit *
tree_keeper(const struct tree *tree, const struct unit *unit)
{
    if (unit->month_cells)
        return unit;
    return unit->is_head && !tree->has_strays && tree->root->month_cells ? tree->root : NULL;
}

/* Scopes */

static void
add_item(struct arena *arena, struct scope *scope, const struct unit *unit, int32_t from,
    int32_t to)
{
    *ARENA_PUSH(arena, scope->items, scope->count) = (struct scope_item){unit, from, to};
}

static void
add_then(struct arena *arena, struct scope *scope, const struct unit *unit, int32_t from,
    int32_t to)
{
    add_item(arena, scope, unit, from, to);
    for (int i = 0; i < unit->child_count; i++) {
        const struct span *child = unit->children[i];
        int32_t begin = child->from > from ? child->from : from;
        int32_t end = child->to < to ? child->to : to;
        if (begin <= end)
            add_then(arena, scope, child->unit, begin, end);
    }
}

/* The units of the subtree as it was on one day. */
static void
add_living(struct arena *arena, struct scope *scope, const struct unit *unit, int32_t day,
    int32_t from, int32_t to)
{
    add_item(arena, scope, unit, from, to);
    for (int i = 0; i < unit->child_count; i++) {
        const struct span *child = unit->children[i];
        if (child->from <= day && day <= child->to)
            add_living(arena, scope, child->unit, day, from, to);
    }
}

/* Who counts for a unit on a day on which it is not there, or NULL. */
static const struct unit *
place_of_passing(const struct unit *unit, int32_t day)
{
    return unit_on(unit, day) != NULL ? NULL : unit_place(unit, day);
}

/* Two spans of one unit under the same parent are one stretch of days. */
static void
join_neighbours(struct scope *scope)
{
    int kept = 0;
    for (int i = 0; i < scope->count; i++) {
        struct scope_item item = scope->items[i];
        struct scope_item *last = kept > 0 ? &scope->items[kept - 1] : NULL;
        if (last != NULL && last->unit == item.unit && last->to != DAY_MAX &&
            last->to + 1 == item.from)
            last->to = item.to;
        else
            scope->items[kept++] = item;
    }
    scope->count = kept;
}

static int
compare_items(const void *a, const void *b)
{
    const struct scope_item *x = a, *y = b;
    if (x->unit->shard != y->unit->shard)
        return x->unit->shard < y->unit->shard ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit->pos < y->unit->pos ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* A walk through today's tree comes in order as it is. */
static bool
is_in_order(const struct scope *scope)
{
    for (int i = 1; i < scope->count; i++) {
        if (compare_items(&scope->items[i - 1], &scope->items[i]) > 0)
            return false;
    }
    return true;
}

int
scope_stretch(const struct scope *scope, int i)
{
    const struct scope_item *first = &scope->items[i];
    while (++i < scope->count) {
        const struct scope_item *item = &scope->items[i];
        if (item->unit->shard != first->unit->shard || item->from != first->from ||
            item->to != first->to)
            break;
    }
    return i;
}

const char *
scope_units(struct arena *arena, const struct scope *scope, int i, int end)
{
    struct buf out = buf_new(arena);
    for (int at = i; at < end; at++) {
        buf_char(&out, at == i ? '[' : ',');
        buf_int(&out, scope->items[at].unit->id);
    }
    buf_char(&out, ']');
    return buf_string(&out);
}

static struct scope
finish(struct scope scope)
{
    if (!is_in_order(&scope))
        qsort(scope.items, (size_t)scope.count, sizeof(*scope.items), compare_items);
    join_neighbours(&scope);
    return scope;
}

struct scope
tree_scope(struct arena *arena, const struct tree *tree, const struct unit *unit, int32_t from,
    int32_t to, int32_t basis)
{
    struct scope scope = {0};
    if (basis == DAY_THEN) {
        add_then(arena, &scope, unit, from, to);
        return finish(scope);
    }
    if (unit_on(unit, basis) == NULL)
        return scope;
    add_living(arena, &scope, unit, basis, from, to);
    for (int i = 0; i < tree->passing_count; i++) {
        const struct unit *place = place_of_passing(tree->passing[i], basis);
        if (place != NULL && unit_inside(place, unit, basis))
            add_item(arena, &scope, tree->passing[i], from, to);
    }
    return finish(scope);
}

struct scope
tree_scope_own(struct arena *arena, const struct tree *tree, const struct unit *unit, int32_t from,
    int32_t to, int32_t basis)
{
    struct scope scope = {0};
    if (basis != DAY_THEN && unit_on(unit, basis) == NULL)
        return scope;
    add_item(arena, &scope, unit, from, to);
    for (int i = 0; basis != DAY_THEN && i < tree->passing_count; i++) {
        if (place_of_passing(tree->passing[i], basis) == unit)
            add_item(arena, &scope, tree->passing[i], from, to);
    }
    return finish(scope);
}

int
tree_children(struct arena *arena, const struct unit *unit, int32_t from, int32_t to, int32_t basis,
    const struct unit ***out)
{
    struct map *seen = map_new(arena);
    int count = 0;
    if (basis != DAY_THEN)
        from = to = basis;
    *out = NULL;
    for (int i = 0; i < unit->child_count; i++) {
        const struct span *child = unit->children[i];
        if (child->to < from || child->from > to)
            continue;
        if (map_set_int(seen, child->unit->id, unit->children) == NULL)
            *ARENA_PUSH(arena, *out, count) = child->unit;
    }
    return count;
}
