/* Publishing figures and showing them to anybody. */
#include "domain/publication.h"

#include "base/vi.h"
#include "domain/audit.h"
#include "domain/rights.h"
#include "store/store.h"

#include <string.h>

enum status
publication_list(struct ctx *cx, struct publication **out, int *count)
{
    struct query *q = query_new(cx, Q_PUBLICATION_LIST);
    *out = NULL;
    *count = 0;
    while (query_next(q)) {
        struct publication found = {.code = query_get_text(q, 0),
            .indicator = model_indicator(cx->world->model, query_peek_text(q, 1)),
            .unit = tree_unit(cx->world->tree, query_get_int(q, 2)),
            .from = (int32_t)query_get_int(q, 3),
            .to = (int32_t)query_get_int(q, 4),
            .decision = query_get_text(q, 5),
            .at = query_get_int(q, 6)};
        if (found.indicator != NULL && found.unit != NULL && *count < PUBLICATIONS_MAX)
            *ARENA_PUSH(cx->arena, *out, *count) = found;
    }
    return query_end(q);
}

static enum status
note(struct ctx *cx, const char *action, const char *code)
{
    struct audit_note said = {.shard = audit_home(cx), .action = action, .detail = code};
    return audit_note(cx, &said);
}

static enum status
put(struct ctx *cx, void *arg)
{
    const struct publication *wanted = arg;
    struct query *q = query_new(cx, Q_PUBLICATION_INSERT);
    query_text(q, "code", wanted->code);
    query_text(q, "indicator", wanted->indicator->key);
    query_int(q, "unit", wanted->unit->id);
    query_int(q, "from", wanted->from);
    query_int(q, "to", wanted->to);
    query_text(q, "decision", wanted->decision);
    query_int(q, "now", cx->now);
    query_int(q, "actor", cx->actor);
    TRY(query_run(q, NULL));
    return note(cx, "publication.add", wanted->code);
}

enum status
publish(struct ctx *cx, const struct publication *wanted)
{
    struct publication job = *wanted;
    job.code = record_code_new(cx->arena, cx->world->tree->root->shard);
    if (!may_work(cx, WORK_PUBLISH, wanted->unit))
        return fault_set(cx, ERR_FORBIDDEN, "Chỉ cấp ủy của %s công bố được số liệu của mình.",
            unit_named(wanted->unit, cx->world->today)->name);
    if (wanted->indicator->reg->visibility == VISIBILITY_HAN_CHE)
        return fault_set(cx, ERR_INVALID, "Số liệu của sổ %s hạn chế tiếp cận, không công bố được.",
            label_text(cx, &wanted->indicator->reg->label));
    if (*wanted->decision == '\0' || utf8_count(wanted->decision) > DECISION_MAX)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "quyet_dinh"},
            "Quyết định công bố: cần số, ngày của văn bản, nhiều nhất %d ký tự.", DECISION_MAX);
    if (wanted->from > wanted->to)
        return fault_at(cx, ERR_INVALID, (struct fault){.field = "den"},
            "Ngày cuối phải không sớm hơn ngày đầu.");
    return world_write(cx, put, &job);
}

struct withdrawal {
    const char *code;
    int64_t changed;
};

static enum status
withdraw(struct ctx *cx, void *arg)
{
    struct withdrawal *job = arg;
    struct query *q = query_new(cx, Q_PUBLICATION_WITHDRAW);
    query_text(q, "code", job->code);
    query_int(q, "now", cx->now);
    TRY(query_run(q, &job->changed));
    return job->changed == 0 ? OK : note(cx, "publication.withdraw", job->code);
}

enum status
publication_withdraw(struct ctx *cx, const char *code)
{
    struct withdrawal job = {.code = code};
    struct publication *all;
    const struct publication *found = NULL;
    int count;
    TRY(publication_list(cx, &all, &count));
    for (int i = 0; i < count; i++)
        found = strcmp(all[i].code, code) == 0 ? &all[i] : found;
    if (found == NULL || !may_work(cx, WORK_PUBLISH, found->unit))
        return fault_set(cx, ERR_NOT_FOUND, "Không có công bố nào còn hiệu lực mang mã này.");
    return world_write(cx, withdraw, &job);
}

/* For anybody */

/* Few of what is not open itself. A percentage of few says as much as they do. */
static bool
is_few(const struct figure *figure)
{
    const struct indicator *indicator = figure->query->indicator;
    int64_t value = indicator->aggregation == AGG_RATIO ? figure->denominator : figure->value;
    int64_t least = PUBLIC_LEAST;
    for (int i = 0; i < indicator->scale && indicator->aggregation != AGG_RATIO; i++)
        least *= 10;
    return indicator->reg->visibility != VISIBILITY_CONG_KHAI && value > 0 && value < least;
}

static void
add_figure(struct doc *list, const struct ctx *cx, const struct publication *publication,
    const struct figure *figure)
{
    struct doc *object = doc_object(list, NULL);
    bool few = is_few(figure);
    doc_text(object, "code", publication->code);
    doc_text(object, "label", label_text(cx, &publication->indicator->label));
    doc_text(object, "unit", unit_named(publication->unit, publication->to)->name);
    doc_date(object, "from", publication->from);
    doc_date(object, "to", publication->to);
    doc_text(object, "decision", publication->decision);
    doc_bool(object, "is_few", few);
    if (few || !figure->has_value || figure->is_mixed)
        doc_null(object, "value");
    else
        figure_value_doc(object, "value", figure);
    bool is_ratio = !few && publication->indicator->aggregation == AGG_RATIO && figure->has_value;
    if (is_ratio) {
        doc_integer(object, "numerator", figure->numerator);
        doc_integer(object, "denominator", figure->denominator);
    } else {
        doc_null(object, "numerator");
        doc_null(object, "denominator");
    }
    doc_bool(object, "is_ratio", is_ratio);
}

enum status
publication_doc(struct doc *list, struct ctx *cx)
{
    const struct viewer *viewer = cx->viewer;
    struct publication *all;
    enum status status = OK;
    int count;
    TRY(publication_list(cx, &all, &count));
    struct figure_query *asked = ARENA_ARRAY(cx->arena, struct figure_query, (size_t)count + 1);
    struct figure *figures = ARENA_ARRAY(cx->arena, struct figure, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        asked[i] = (struct figure_query){.indicator = all[i].indicator,
            .unit = all[i].unit,
            .from = all[i].from,
            .to = all[i].to,
            .basis = DAY_THEN};
    cx->viewer = NULL; /* the decision gives the right, whoever asks */
    status = figures_read(cx, asked, count, figures);
    cx->viewer = viewer;
    TRY(status);
    for (int i = 0; i < count; i++)
        add_figure(list, cx, &all[i], &figures[i]);
    return OK;
}
