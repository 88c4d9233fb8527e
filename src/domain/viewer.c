/* Reading an account and its roles into a viewer. */
#include "domain/viewer.h"

#include "store/store.h"

#include <string.h>

static enum status
load_account(struct ctx *cx, struct viewer *viewer)
{
    bool found;
    struct query *q = query_new(cx, Q_VIEWER_ACCOUNT);
    query_int(q, "account", viewer->account);
    TRY(query_one(q, &found));
    if (!found)
        return fault_set(cx, ERR_NOT_FOUND, "Tài khoản này không còn dùng được.");
    viewer->login = query_get_text(q, 0);
    viewer->label = query_get_text(q, 1);
    viewer->person = query_get_int(q, 2);
    return query_end(q);
}

/* A role stays with whoever took the unit's place; without one it says nothing. */
static enum status
load_grants(struct ctx *cx, struct viewer *viewer)
{
    const struct world *world = cx->world;
    struct query *q = query_new(cx, Q_VIEWER_GRANTS);
    query_int(q, "account", viewer->account);
    query_int(q, "day", world->today);
    while (query_next(q)) {
        const struct unit *unit = tree_unit(world->tree, query_get_int(q, 1));
        const struct unit *place = unit == NULL ? NULL : unit_place(unit, world->today);
        if (place != NULL)
            *ARENA_PUSH(cx->arena, viewer->grants, viewer->grant_count) =
                (struct grant){query_get_text(q, 0), place};
    }
    return query_end(q);
}

enum status
viewer_load(struct ctx *cx, int64_t account, const struct viewer **out)
{
    struct viewer *viewer = ARENA_NEW(cx->arena, struct viewer);
    viewer->account = account;
    TRY(load_account(cx, viewer));
    TRY(load_grants(cx, viewer));
    *out = viewer;
    return OK;
}

bool
viewer_has_role(const struct ctx *cx, const char *role)
{
    const struct viewer *viewer = cx->viewer;
    for (int i = 0; viewer != NULL && i < viewer->grant_count; i++) {
        if (strcmp(viewer->grants[i].role, role) == 0)
            return true;
    }
    return viewer == NULL;
}
