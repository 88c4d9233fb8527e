/* Keeping and finding drafts. */
#include "domain/draft.h"

#include "domain/viewer.h"
#include "store/store.h"

#include <string.h>

static enum status
put(struct ctx *cx, void *arg)
{
    const struct draft *draft = arg;
    struct query *q = query_new(cx, Q_DRAFT_PUT);
    query_int(q, "shard", draft->unit->shard);
    query_int(q, "account", cx->actor);
    query_text(q, "key", draft->key);
    query_text(q, "register", draft->reg->key);
    query_int(q, "unit", draft->unit->id);
    query_int(q, "version", draft->version);
    query_text(q, "body", draft->body);
    query_int(q, "now", cx->now);
    return query_run(q, NULL);
}

enum status
draft_put(struct ctx *cx, const struct draft *draft)
{
    struct draft kept = *draft;
    if (strlen(draft->body) > DRAFT_BODY_MAX)
        return fault_set(cx, ERR_LIMIT, "Bản nháp dài quá %d KB; hãy lưu hồ sơ.",
            DRAFT_BODY_MAX / 1024);
    return store_write(cx, put, &kept);
}

/* The draft that stands in a query; NULL when the packs or units do not know it any more. */
static struct draft *
read_draft(struct ctx *cx, struct query *q)
{
    struct draft *draft = ARENA_NEW(cx->arena, struct draft);
    draft->key = query_get_text(q, 0);
    draft->reg = model_register(cx->world->model, query_peek_text(q, 1));
    draft->unit = tree_unit(cx->world->tree, query_get_int(q, 2));
    draft->version = query_get_int(q, 3);
    draft->body = query_get_text(q, 4);
    draft->at = query_get_int(q, 5);
    return draft->reg == NULL || draft->unit == NULL ? NULL : draft;
}

static enum status
read_first(struct ctx *cx, struct query *q, struct draft **out)
{
    bool found;
    *out = NULL;
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = read_draft(cx, q);
    return query_end(q);
}

enum status
draft_find(struct ctx *cx, const struct unit *unit, const char *key, struct draft **out)
{
    struct query *q = query_new(cx, Q_DRAFT_BY_KEY);
    query_int(q, "shard", unit->shard);
    query_int(q, "account", cx->actor);
    query_text(q, "key", key);
    return read_first(cx, q, out);
}

enum status
draft_newest(struct ctx *cx, const struct reg *reg, const struct unit *unit, struct draft **out)
{
    struct query *q = query_new(cx, Q_DRAFT_NEWEST);
    query_int(q, "shard", unit->shard);
    query_int(q, "account", cx->actor);
    query_text(q, "register", reg->key);
    query_int(q, "unit", unit->id);
    return read_first(cx, q, out);
}

/* The shards of the units that the viewer has roles on, each once; the operator's are all. */
static int
own_shards(const struct ctx *cx, int64_t **out)
{
    const struct viewer *viewer = cx->viewer;
    const struct tree *tree = cx->world->tree;
    int count = 0;
    if (viewer == NULL) {
        *out = tree->shards;
        return tree->shard_count;
    }
    *out = ARENA_ARRAY(cx->arena, int64_t, (size_t)viewer->grant_count + 1);
    for (int i = 0; i < viewer->grant_count; i++) {
        bool is_known = false;
        for (int j = 0; j < count; j++)
            is_known = is_known || (*out)[j] == viewer->grants[i].unit->shard;
        if (!is_known)
            (*out)[count++] = viewer->grants[i].unit->shard;
    }
    return count;
}

static void
insert_by_time(struct draft **drafts, int *count, struct draft *draft)
{
    int at = (*count)++;
    for (; at > 0 && drafts[at - 1]->at < draft->at; at--)
        drafts[at] = drafts[at - 1];
    drafts[at] = draft;
    *count = *count > DRAFTS_SHOWN ? DRAFTS_SHOWN : *count;
}

enum status
draft_list(struct ctx *cx, struct draft ***out, int *count)
{
    int64_t *shards;
    int shard_count = own_shards(cx, &shards);
    *out = ARENA_ARRAY(cx->arena, struct draft *, DRAFTS_SHOWN + 1);
    *count = 0;
    struct query *q = query_new(cx, Q_DRAFT_LIST);
    query_int(q, "account", cx->actor);
    query_int(q, "limit", DRAFTS_SHOWN);
    query_each_int(q, "shard", shards, shard_count);
    while (query_next(q)) {
        struct draft *draft = read_draft(cx, q);
        if (draft != NULL)
            insert_by_time(*out, count, draft);
    }
    return query_end(q);
}

struct removal {
    int64_t shard;
    const char *key;
};

static enum status
take_away(struct ctx *cx, void *arg)
{
    const struct removal *removal = arg;
    struct query *q = query_new(cx, Q_DRAFT_REMOVE);
    query_int(q, "shard", removal->shard);
    query_int(q, "account", cx->actor);
    query_text(q, "key", removal->key);
    return query_run(q, NULL);
}

enum status
draft_remove(struct ctx *cx, const struct unit *unit, const char *key)
{
    struct draft *draft;
    struct removal removal = {unit->shard, key};
    TRY(draft_find(cx, unit, key, &draft));
    return draft == NULL ? OK : store_write(cx, take_away, &removal);
}
