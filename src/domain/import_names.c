/* Names in one sorted array, references in the order of the file. */
#include "domain/import_names.h"

#include "base/code.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct name {
    uint64_t key;
    int64_t named;
};

struct edge {
    const struct named *to;
    int line, column;
};

struct names {
    struct arena *arena;
    struct named *records;
    int64_t count;
    struct name *names;
    int64_t name_count;
    struct edge *edges;
    int64_t edge_count;
};

uint64_t
name_of_origin(const char *origin)
{
    unsigned char bytes[16];
    uint64_t key;
    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)origin, strlen(origin), NULL,
        0);
    memcpy(&key, bytes, sizeof(key));
    return key >> 1;
}

uint64_t
name_of_code(const char *code)
{
    return (uint64_t)code_number(code) | UINT64_C(1) << 63;
}

struct names *
names_new(struct arena *arena)
{
    struct names *names = ARENA_NEW(arena, struct names);
    names->arena = arena;
    return names;
}

static void
add_name(struct names *names, uint64_t key)
{
    *ARENA_PUSH(names->arena, names->names, names->name_count) =
        (struct name){key, names->count - 1};
}

void
names_add(struct names *names, const char *origin, const char *code, int line)
{
    ARENA_PUSH(names->arena, names->records, names->count)->line = (uint32_t)line;
    if (origin != NULL)
        add_name(names, name_of_origin(origin));
    if (code != NULL)
        add_name(names, name_of_code(code));
}

static int
compare_names(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->named > y->named) - (x->named < y->named);
}

void
names_close(struct names *names)
{
    if (names->name_count > 1)
        qsort(names->names, (size_t)names->name_count, sizeof(*names->names), compare_names);
}

struct named *
names_find(const struct names *names, uint64_t key)
{
    int64_t low = 0, high = names->name_count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (names->names[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < names->name_count && names->names[low].key == key;
    return found ? &names->records[names->names[low].named] : NULL;
}

void
names_refer(struct names *names, struct named *from, const struct named *to, int line, int column)
{
    if (from->edge_count++ == 0)
        from->edge = names->edge_count;
    *ARENA_PUSH(names->arena, names->edges, names->edge_count) = (struct edge){to, line, column};
}

/* Depth first without recursion: a chain may be as long as the file. The way down is kept in
 * `path`; a record on it that is met again closes a circle. */
static void
search_from(struct ctx *cx, struct names *names, const char *file, struct named *start,
    struct named **path, int64_t *next)
{
    int64_t depth = 0;
    path[0] = start;
    next[0] = 0;
    start->mark = NAMED_OPEN;
    while (depth >= 0) {
        struct named *at = path[depth];
        if (next[depth] == at->edge_count) {
            at->mark = NAMED_DONE;
            depth--;
            continue;
        }
        const struct edge *edge = &names->edges[at->edge + next[depth]++];
        struct named *to = &names->records[edge->to - names->records];
        if (to->mark == NAMED_OPEN)
            (void)fault_at(cx, ERR_INVALID,
                (struct fault){.file = file, .line = edge->line, .column = edge->column},
                "Vòng tham chiếu: hồ sơ này dẫn đến dòng %u, mà từ đó lại dẫn về chính nó.",
                to->line);
        if (to->mark != NAMED_NEW)
            continue;
        to->mark = NAMED_OPEN;
        path[++depth] = to;
        next[depth] = 0;
    }
}

void
names_check_circles(struct ctx *cx, struct names *names, const char *file)
{
    struct named **path = ARENA_ARRAY(names->arena, struct named *, (size_t)names->count + 1);
    int64_t *next = ARENA_ARRAY(names->arena, int64_t, (size_t)names->count + 1);
    for (int64_t i = 0; names->edge_count > 0 && i < names->count; i++) {
        if (names->records[i].mark == NAMED_NEW)
            search_from(cx, names, file, &names->records[i], path, next);
    }
}
