/* Writing and reading remarks. */
#include "domain/remark.h"

#include "base/vi.h"
#include "store/store.h"

enum status
remark_list(struct ctx *cx, const struct record *record, struct remark **out, int *count)
{
    struct query *q = query_new(cx, Q_REMARK_LIST);
    *out = NULL;
    *count = 0;
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) = (struct remark){.field = query_get_text(q, 0),
            .text = query_get_text(q, 1),
            .at = query_get_int(q, 2),
            .actor = query_get_int(q, 3),
            .is_open = query_get_int(q, 4) != 0,
            .who = query_get_text(q, 5)};
    return query_end(q);
}

enum status
remark_close(struct ctx *cx, const struct record *record)
{
    struct query *q = query_new(cx, Q_REMARK_CLOSE);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    return query_run(q, NULL);
}

enum status
remark_add(struct ctx *cx, const struct record *record, const char *field, const char *text)
{
    if (field != NULL && reg_field(record->reg, field) == NULL)
        return fault_set(cx, ERR_INVALID, "Sổ %s không có ô “%s” để ghi ý kiến vào.",
            label_text(cx, &record->reg->label), field);
    if (utf8_count(text) > REMARK_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "ly_do"},
            "Lý do: dài quá %d ký tự; hãy viết gọn lại.", REMARK_MAX);
    struct query *q = query_new(cx, Q_REMARK_INSERT);
    query_int(q, "shard", record->shard);
    query_int(q, "record", record->id);
    query_int(q, "id", store_id(cx));
    query_int(q, "unit", record->unit->id);
    query_int(q, "version", record->version);
    query_text(q, "field", field);
    query_text(q, "text", text);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    return query_run(q, NULL);
}
