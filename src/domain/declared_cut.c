/* The keys in declarations, from one version of the packs to the next. */
#include "domain/declared_cut.h"

#include "base/buf.h"
#include "domain/fact.h"

#include <string.h>

const char *
declared_key_now(const struct model *after, const char *key)
{
    for (int i = 0; i < after->migration_count; i++) {
        const struct migration *line = after->migrations[i];
        if (line->sort == MIGRATE_INDICATOR && strcmp(line->key, key) == 0)
            return line->to;
    }
    return key;
}

/* The key of a value of a cut's field: a choice may have another one now. */
static const char *
value_now(const struct indicator *now, int place, const struct field_convert *from,
    const char *value)
{
    int choice =
        from == NULL || from->before->kind != KIND_CHOICE ? -1 : choice_find(from->before, value);
    if (choice >= 0 && from->choices[choice] >= 0)
        return now->by[place]->choices[from->choices[choice]].key;
    for (int i = 0; choice < 0 && i <= cut_value_count(now, place); i++) {
        if (strcmp(cut_value_key(now, place, i), value) == 0)
            return value;
    }
    return NULL;
}

/* One part "key=value"; false when the new version does not know it. */
static bool
part_now(struct buf *out, const struct reg_convert *convert, const struct indicator *now,
    const char *key, const char *value)
{
    for (int place = 0; place < cut_places(now); place++) {
        bool is_field = place < now->by_count;
        const struct field_convert *from =
            is_field ? convert_source(convert, now->by[place]) : NULL;
        if (is_field && from->before == NULL)
            continue;
        const char *old = is_field ? from->before->key : cut_field_key(now, place);
        if (strcmp(old, key) != 0)
            continue;
        const char *new_value = value_now(now, place, from, value);
        if (new_value != NULL)
            buf_printf(out, "%s%s=%s", out->length > 0 ? "," : "", cut_field_key(now, place),
                new_value);
        return new_value != NULL;
    }
    return false;
}

bool
declared_cut_now(struct arena *arena, const struct plan *plan, const struct indicator *now,
    const char *cut, const char **out)
{
    const struct indicator *cuts = indicator_of_cuts(now);
    const struct reg_convert *convert = cuts == NULL ? NULL : plan->converts[cuts->reg->index];
    struct buf text = buf_new(arena);
    char *rest = arena_strdup(arena, cut), *item;
    bool is_known = true;
    while (is_known && *cut != '\0' && (item = strsep(&rest, ",")) != NULL) {
        char *value = strchr(item, '=');
        is_known = value != NULL && convert != NULL;
        if (!is_known)
            break;
        *value = '\0';
        is_known = part_now(&text, convert, cuts, item, value + 1);
    }
    *out = buf_string(&text);
    return is_known;
}

struct declared {
    int64_t shard, id;
    const char *indicator, *cut;
};

enum status
declared_bring(struct ctx *cx, const struct plan *plan)
{
    const struct model *after = plan->after.model;
    struct declared *changed = NULL;
    int count = 0;
    struct query *q = query_new(cx, Q_DECLARED_NAMES);
    while (query_next(q)) {
        const char *key = query_peek_text(q, 0), *old = query_peek_text(q, 1), *cut;
        const char *key_now = declared_key_now(after, key);
        const struct indicator *now = model_indicator(after, key_now);
        if (now == NULL || !declared_cut_now(cx->arena, plan, now, old, &cut))
            continue;
        if (strcmp(key, key_now) != 0 || strcmp(old, cut) != 0)
            *ARENA_PUSH(cx->arena, changed, count) =
                (struct declared){query_get_int(q, 2), query_get_int(q, 3), key_now, cut};
    }
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        q = query_new(cx, Q_DECLARED_RENAME);
        query_int(q, "shard", changed[i].shard);
        query_int(q, "id", changed[i].id);
        query_text(q, "indicator", changed[i].indicator);
        query_text(q, "cut", changed[i].cut);
        TRY(query_run(q, NULL));
    }
    return OK;
}
