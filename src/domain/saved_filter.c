/* Filters that were kept by name. */
#include "domain/saved_filter.h"

#include "base/vi.h"
#include "domain/viewer.h"
#include "store/store.h"

#include <string.h>

static struct query *
of_register(struct ctx *cx, enum query_name name, const struct reg *reg)
{
    struct query *q = query_new(cx, name);
    query_int(q, "account", cx->viewer->account);
    query_text(q, "register", reg->key);
    return q;
}

enum status
saved_filter_list(struct ctx *cx, const struct reg *reg, struct saved_filter **out, int *count)
{
    *out = NULL;
    *count = 0;
    if (cx->viewer == NULL)
        return OK;
    struct query *q = of_register(cx, Q_SAVED_FILTER_LIST, reg);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct saved_filter){query_get_text(q, 0), query_get_text(q, 1)};
    return query_end(q);
}

struct change {
    const struct reg *reg;
    struct saved_filter filter;
};

static enum status
check_room(struct ctx *cx, const struct change *change)
{
    struct saved_filter *known;
    int count;
    TRY(saved_filter_list(cx, change->reg, &known, &count));
    for (int i = 0; i < count; i++) {
        if (strcmp(known[i].name, change->filter.name) == 0)
            return OK;
    }
    if (count < SAVED_FILTERS_MAX)
        return OK;
    return fault_at(cx, ERR_LIMIT, (struct fault){.field = "ten"},
        "Sổ này đã có %d bộ lọc; hãy bỏ bớt một bộ lọc trước.", SAVED_FILTERS_MAX);
}

static enum status
put(struct ctx *cx, void *arg)
{
    const struct change *change = arg;
    TRY(check_room(cx, change));
    struct query *q = of_register(cx, Q_SAVED_FILTER_PUT, change->reg);
    query_text(q, "name", change->filter.name);
    query_text(q, "query", change->filter.query);
    query_int(q, "now", cx->now);
    return query_run(q, NULL);
}

static enum status
check_account(struct ctx *cx)
{
    if (cx->viewer != NULL)
        return OK;
    return fault_set(cx, ERR_NOT_FOUND, "Bộ lọc được lưu theo tài khoản; hãy đăng nhập.");
}

enum status
saved_filter_put(struct ctx *cx, const struct reg *reg, const struct saved_filter *wanted)
{
    struct change change = {reg, {vi_clean(cx->arena, wanted->name), wanted->query}};
    TRY(check_account(cx));
    if (*change.filter.name == '\0' || utf8_count(change.filter.name) > FILTER_NAME_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ten"},
            "Tên của bộ lọc còn trống hoặc dài quá %d ký tự.", FILTER_NAME_MAX);
    if (*wanted->query == '\0' || strlen(wanted->query) > FILTER_QUERY_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ten"},
            "Chưa lọc gì, hoặc bộ lọc quá dài; hãy lọc sổ trước khi lưu.");
    return world_write(cx, put, &change);
}

static enum status
take_out(struct ctx *cx, void *arg)
{
    const struct change *change = arg;
    struct query *q = of_register(cx, Q_SAVED_FILTER_REMOVE, change->reg);
    query_text(q, "name", change->filter.name);
    return query_run(q, NULL);
}

enum status
saved_filter_remove(struct ctx *cx, const struct reg *reg, const char *name)
{
    struct change change = {reg, {name, ""}};
    TRY(check_account(cx));
    return world_write(cx, take_out, &change);
}
