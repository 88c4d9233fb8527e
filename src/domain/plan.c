/* The comparison of two models, part by part, against what the records hold. */
#include "domain/plan.h"

#include "base/buf.h"
#include "domain/declared_cut.h"
#include "pack/expr.h"

#include <stdarg.h>
#include <string.h>

enum { CODES_SHOWN = 10 };

struct planning {
    struct ctx *cx;
    struct plan *plan;
    const struct reg *before, *after; /* the register at hand */
    const struct reg_convert *convert;
};

static struct plan_line *
add_line(struct planning *p, enum plan_change change, const char *kind, const char *name)
{
    struct plan_line *line = ARENA_PUSH(p->cx->arena, p->plan->lines, p->plan->count);
    *line = (struct plan_line){.change = change,
        .kind = kind,
        .name = name,
        .detail = "",
        .records = -1};
    p->plan->refused += change == PLAN_REFUSE;
    return line;
}

static const char *
name_in(struct planning *p, const struct field *field)
{
    struct arena *arena = p->cx->arena;
    if (field->list != NULL)
        return arena_printf(arena, "%s.%s.%s", p->after->key, field->list->key, field->key);
    return arena_printf(arena, "%s.%s", p->after->key, field->key);
}

/* Rows that would be lost */

struct loss {
    int64_t count;
    const char *codes; /* the first of them */
};

static enum status
find_loss(struct ctx *cx, struct query *q, struct loss *out)
{
    struct buf codes = buf_new(cx->arena);
    out->count = 0;
    while (query_next(q)) {
        if (out->count++ < CODES_SHOWN)
            buf_printf(&codes, "%s%s", codes.length > 0 ? ", " : "", query_peek_text(q, 0));
    }
    if (out->count > CODES_SHOWN)
        buf_text(&codes, ", …");
    out->codes = buf_string(&codes);
    return query_end(q);
}

/* Ask for the records with something that the new version does not take, and refuse if there are
 * any; *any says so. */
struct question {
    const struct reg *reg; /* the old one */
    const struct field *field;
    enum some some;
    const char *text; /* SOME_TEXT, SOME_MEASURE, SOME_STATE */
    int64_t number;   /* SOME_BELOW, SOME_ABOVE */
    const char *kind, *name, *why;
    struct place place;
};

static enum status
refuse_some(struct planning *p, const struct question *ask, bool *any)
{
    struct loss loss;
    struct query *q = query_sql(p->cx, sqlgen_some(p->cx->arena, ask->reg, ask->field, ask->some));
    if (ask->some == SOME_TEXT || ask->some == SOME_MEASURE || ask->some == SOME_STATE)
        query_text(q, "value", ask->text);
    if (ask->some == SOME_BELOW || ask->some == SOME_ABOVE)
        query_int(q, "number", ask->number);
    TRY(find_loss(p->cx, q, &loss));
    *any = loss.count > 0;
    if (!*any)
        return OK;
    struct plan_line *line = add_line(p, PLAN_REFUSE, ask->kind, ask->name);
    line->records = loss.count;
    line->detail = arena_printf(p->cx->arena, "%s; %lld hồ sơ: %s", ask->why, (long long)loss.count,
        loss.codes);
    line->place = ask->place;
    return OK;
}

/* Fields */

static void
add_label(struct buf *out, const struct field *field)
{
    buf_printf(out, "%s %s", field->label.vi, field->label.en);
}

static void
add_required(struct buf *out, const struct field *field)
{
    buf_printf(out, "%d", field->required);
}

static void
add_limits(struct buf *out, const struct field *field)
{
    buf_printf(out, "%lld %lld %d %d %lld", (long long)field->min, (long long)field->max,
        field->max_length, field->has_default, (long long)field->default_value);
}

static void
add_choices(struct buf *out, const struct field *field)
{
    for (int i = 0; i < field->choice_count; i++)
        buf_printf(out, " %s %s", field->choices[i].label.vi, field->choices[i].label.en);
    for (int i = 0; i < field->measure_count; i++)
        buf_printf(out, " %s %s", field->measures[i]->key, field->measures[i]->label.vi);
}

static void
add_protection(struct buf *out, const struct field *field)
{
    const struct personal *personal = field->personal;
    buf_printf(out, "%d %d", field->open_after_lock, field->is_private);
    if (personal != NULL)
        buf_printf(out, " %s %s %d", personal->purpose.vi, personal->viewers.vi, personal->keep);
}

/* What a field may change in without changing its values. */
static const struct {
    const char *name;
    void (*add)(struct buf *, const struct field *);
} aspects[] = {
    {"nhãn", add_label},
    {"bắt buộc", add_required},
    {"giới hạn", add_limits},
    {"lựa chọn", add_choices},
    {"bảo vệ", add_protection},
};

static void
compare_aspects(struct planning *p, const struct field *before, const struct field *after)
{
    struct buf changed = buf_new(p->cx->arena);
    for (size_t i = 0; i < COUNT_OF(aspects); i++) {
        struct buf old = buf_new(p->cx->arena), new = buf_new(p->cx->arena);
        aspects[i].add(&old, before);
        aspects[i].add(&new, after);
        if (strcmp(buf_string(&old), buf_string(&new)) != 0)
            buf_printf(&changed, "%s%s", changed.length > 0 ? ", " : "", aspects[i].name);
    }
    if (changed.length > 0)
        add_line(p, PLAN_CHANGE, "field", name_in(p, after))->detail = buf_string(&changed);
}

static enum status
compare_choices(struct planning *p, const struct field *before, const struct field_convert *from,
    const struct field *after)
{
    bool any, known;
    for (int i = 0; i < before->choice_count; i++) {
        const char *key = before->choices[i].key;
        const char *name = arena_printf(p->cx->arena, "%s.%s", name_in(p, after), key);
        struct question ask = {p->before, before, SOME_TEXT, key, 0, "choice", name,
            "lựa chọn không bỏ được", after->place};
        if (from->choices[i] >= 0 && strcmp(after->choices[from->choices[i]].key, key) != 0)
            add_line(p, PLAN_RENAME, "choice", name)->detail = after->choices[from->choices[i]].key;
        if (from->choices[i] >= 0)
            continue;
        TRY(refuse_some(p, &ask, &any));
        if (!any)
            add_line(p, PLAN_REMOVE, "choice", name);
    }
    for (int i = 0; i < after->choice_count; i++) {
        known = choice_find(before, after->choices[i].key) >= 0;
        for (int k = 0; k < before->choice_count; k++)
            known = known || from->choices[k] == i;
        if (!known)
            add_line(p, PLAN_ADD, "choice",
                arena_printf(p->cx->arena, "%s.%s", name_in(p, after), after->choices[i].key));
    }
    return OK;
}

static enum status
compare_measures(struct planning *p, const struct field *before, const struct field_convert *from,
    const struct field *after)
{
    bool any;
    for (int i = 0; before->measure_count > 1 && i < before->measure_count; i++) {
        struct question ask = {p->before, before, SOME_MEASURE, before->measures[i]->key, 0,
            "field", name_in(p, after),
            arena_printf(p->cx->arena, "đơn vị tính “%s” không bỏ được", before->measures[i]->key),
            after->place};
        if (from->measures[i] < 0)
            TRY(refuse_some(p, &ask, &any));
    }
    return OK;
}

/* A bound of the new field in the numbers of the old one: of a lower bound the smallest number that
 * it takes, of an upper one the largest. */
static int64_t
bound_before(int64_t bound, int scale_up, bool is_lower)
{
    for (; scale_up > 0; scale_up--) {
        int64_t rest = bound % 10;
        bound = bound / 10 + (is_lower && rest > 0) - (!is_lower && rest < 0);
    }
    return bound;
}

static enum status
compare_bounds(struct planning *p, const struct field *before, const struct field_convert *from,
    const struct field *after)
{
    bool any;
    struct question ask = {.reg = p->before,
        .field = before,
        .kind = "field",
        .name = name_in(p, after),
        .place = after->place};
    bool is_number = before->kind == KIND_INTEGER || before->kind == KIND_DECIMAL ||
        before->kind == KIND_QUANTITY;
    if (is_number && after->min != INT64_MIN) {
        ask.some = SOME_BELOW;
        ask.why = "có giá trị dưới “min”";
        ask.number = bound_before(after->min, from->scale_up, true);
        TRY(refuse_some(p, &ask, &any));
    }
    if (is_number && after->max != INT64_MAX) {
        ask.some = SOME_ABOVE;
        ask.why = "có giá trị trên “max”";
        ask.number = bound_before(after->max, from->scale_up, false);
        TRY(refuse_some(p, &ask, &any));
    }
    if (after->required && !before->required && after->list == NULL && after->kind != KIND_LIST) {
        ask.some = SOME_NULL;
        ask.why = "chưa có giá trị mà “required” đòi";
        TRY(refuse_some(p, &ask, &any));
    }
    return OK;
}

static enum status
compare_field(struct planning *p, const struct field *before, const struct field *after)
{
    const struct field_convert *from = convert_source(p->convert, after);
    if (strcmp(before->key, after->key) != 0)
        add_line(p, PLAN_RENAME, "field",
            arena_printf(p->cx->arena, "%s.%s", p->after->key, before->key))
            ->detail = after->key;
    else if (before->kind != after->kind || before->decimals != after->decimals)
        add_line(p, PLAN_CHANGE, "field", name_in(p, after))->detail = "kiểu, giữ nguyên giá trị";
    else
        compare_aspects(p, before, after);
    if (after->kind == KIND_CHOICE)
        TRY(compare_choices(p, before, from, after));
    if (after->kind == KIND_QUANTITY && before->kind == KIND_QUANTITY)
        TRY(compare_measures(p, before, from, after));
    return compare_bounds(p, before, from, after);
}

/* A field that nothing continues: it must be empty, or a line says that it is dropped. */
static enum status
leave_field(struct planning *p, const struct field *before, const struct field *same_key)
{
    struct arena *arena = p->cx->arena;
    const char *name = arena_printf(arena, "%s.%s%s%s", p->after->key,
        before->list == NULL ? "" : before->list->key, before->list == NULL ? "" : ".",
        before->key);
    struct question ask = {p->before, before, SOME_VALUE, NULL, 0, "field", name,
        same_key == NULL ? "trường không bỏ được" : "trường không đổi loại được",
        same_key == NULL ? p->after->place : same_key->place};
    bool any = false;
    if (!convert_drops(p->plan->after.model, p->after, before))
        TRY(refuse_some(p, &ask, &any));
    if (!any)
        add_line(p, same_key == NULL ? PLAN_REMOVE : PLAN_CHANGE, "field", name)->detail =
            same_key == NULL ? "" : "kiểu";
    return OK;
}

static const struct field *
same_field(const struct field *fields, int count, const char *key)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    }
    return NULL;
}

static enum status
arrive_field(struct planning *p, const struct field *after)
{
    bool any = false;
    struct question ask = {p->before, NULL, SOME_LEFT, NULL, 0, "field", name_in(p, after),
        "trường mới không “required” được", after->place};
    if (after->required && after->list == NULL && after->kind != KIND_LIST)
        TRY(refuse_some(p, &ask, &any));
    if (!any)
        add_line(p, PLAN_ADD, "field", name_in(p, after));
    return OK;
}

static enum status
compare_fields(struct planning *p, const struct field *before, int before_count,
    const struct field *after, int after_count)
{
    for (int i = 0; i < before_count; i++) {
        const struct field *to = convert_target(p->convert, &before[i]);
        if (to == NULL)
            TRY(leave_field(p, &before[i], same_field(after, after_count, before[i].key)));
        else
            TRY(compare_field(p, &before[i], to));
        if (to != NULL && to->kind == KIND_LIST)
            TRY(compare_fields(p, before[i].fields, before[i].field_count, to->fields,
                to->field_count));
    }
    for (int i = 0; i < after_count; i++) {
        bool is_new = convert_source(p->convert, &after[i])->before == NULL &&
            same_field(before, before_count, after[i].key) == NULL;
        if (is_new)
            TRY(arrive_field(p, &after[i]));
    }
    return OK;
}

/* States, transitions, checks */

static enum status
compare_states(struct planning *p)
{
    bool any;
    for (int i = 0; i < p->before->state_count; i++) {
        const struct state *before = &p->before->states[i];
        const char *name = arena_printf(p->cx->arena, "%s.%s", p->after->key, before->key);
        struct question ask = {p->before, NULL, SOME_STATE, before->key, 0, "state", name,
            "trạng thái không bỏ được", p->after->place};
        int to = p->convert->states[i];
        const struct state *after = to < 0 ? NULL : &p->after->states[to];
        if (after == NULL) {
            TRY(refuse_some(p, &ask, &any));
            if (!any)
                add_line(p, PLAN_REMOVE, "state", name);
        } else if (strcmp(after->key, before->key) != 0) {
            add_line(p, PLAN_RENAME, "state", name)->detail = after->key;
        } else if (strcmp(after->label.vi, before->label.vi) != 0 ||
            strcmp(after->label.en, before->label.en) != 0 || after->initial != before->initial ||
            after->counts != before->counts || after->locks != before->locks) {
            add_line(p, PLAN_CHANGE, "state", name);
        }
    }
    for (int i = 0; i < p->after->state_count; i++) {
        bool known = reg_state(p->before, p->after->states[i].key) != NULL;
        for (int k = 0; k < p->before->state_count; k++)
            known = known || p->convert->states[k] == i;
        if (!known)
            add_line(p, PLAN_ADD, "state",
                arena_printf(p->cx->arena, "%s.%s", p->after->key, p->after->states[i].key));
    }
    return OK;
}

/* Things that only have to be told apart: a name and all that is said under it, as text. */
struct told {
    const char *name, *text;
};

struct tolds {
    struct told *items;
    int count;
};

static void
tell(struct arena *arena, struct tolds *all, const char *name, const char *text)
{
    *ARENA_PUSH(arena, all->items, all->count) = (struct told){name, text};
}

static const struct told *
told_as(const struct tolds *all, const char *name)
{
    for (int i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, name) == 0)
            return &all->items[i];
    }
    return NULL;
}

static void
compare_told(struct planning *p, const char *kind, const struct tolds *before,
    const struct tolds *after)
{
    for (int i = 0; i < before->count; i++) {
        const struct told *now = told_as(after, before->items[i].name);
        if (now == NULL)
            add_line(p, PLAN_REMOVE, kind, before->items[i].name);
        else if (strcmp(now->text, before->items[i].text) != 0)
            add_line(p, PLAN_CHANGE, kind, now->name);
    }
    for (int i = 0; i < after->count; i++) {
        if (told_as(before, after->items[i].name) == NULL)
            add_line(p, PLAN_ADD, kind, after->items[i].name);
    }
}

/* Transitions of one verb are told together. */
static struct tolds
tell_transitions(struct arena *arena, const struct reg *reg)
{
    struct tolds all = {0};
    for (int i = 0; i < reg->transition_count; i++) {
        const char *name = arena_printf(arena, "%s.%s", reg->key, reg->transitions[i].key);
        struct buf text = buf_new(arena);
        if (told_as(&all, name) != NULL)
            continue;
        for (int k = i; k < reg->transition_count; k++) {
            const struct transition *one = &reg->transitions[k];
            if (strcmp(one->key, reg->transitions[i].key) != 0)
                continue;
            buf_printf(&text, "%s %s to %s", one->label.vi, one->label.en,
                reg->states[one->to].key);
            for (int f = 0; f < one->from_count; f++)
                buf_printf(&text, " from %s", reg->states[one->from[f]].key);
            for (int r = 0; r < one->by_count; r++)
                buf_printf(&text, " by %s", one->by[r]);
            if (one->needs != NULL)
                expr_print(&text, one->needs);
        }
        tell(arena, &all, name, buf_string(&text));
    }
    return all;
}

/* A check is called by its condition. */
static struct tolds
tell_checks(struct arena *arena, const struct reg *reg)
{
    struct tolds all = {0};
    for (int i = 0; i < reg->check_count; i++) {
        const struct check *check = &reg->checks[i];
        struct buf name = buf_new(arena);
        buf_printf(&name, "%s: ", reg->key);
        expr_print(&name, check->that);
        tell(arena, &all, buf_string(&name),
            arena_printf(arena, "%d %s %s", check->is_notice, check->message.vi,
                check->message.en));
    }
    return all;
}

/* Registers */

static void
plan_table(struct planning *p, int index)
{
    struct arena *arena = p->cx->arena;
    enum table_work *work = &p->plan->tables[index];
    bool differs = strcmp(sqlgen_create(arena, p->before), sqlgen_create(arena, p->after)) != 0;
    if (p->plan->records[index] == 0)
        *work = differs ? TABLE_RENEWED : TABLE_STAYS;
    else if (!p->convert->is_plain)
        *work = TABLE_CONVERTED;
    else
        *work = differs ? TABLE_COPIED : TABLE_STAYS;
    if (*work == TABLE_STAYS)
        return;
    struct plan_line *line =
        add_line(p, PLAN_REBUILD, "table", arena_printf(arena, "r_%s", p->after->key));
    line->records = p->plan->records[index];
    line->detail = "dựng lại bảng";
}

static enum status
count_records(struct ctx *cx, const struct reg *reg, int64_t *out)
{
    bool found;
    struct query *q = query_sql(cx, sqlgen_count(cx->arena, reg));
    TRY(query_one(q, &found));
    *out = query_get_int(q, 0);
    return query_end(q);
}

static enum status
compare_register(struct planning *p)
{
    struct arena *arena = p->cx->arena;
    const struct reg *before = p->before, *after = p->after;
    if (strcmp(before->label.vi, after->label.vi) != 0 ||
        strcmp(before->label.en, after->label.en) != 0 || before->visibility != after->visibility ||
        strcmp(before->pack, after->pack) != 0)
        add_line(p, PLAN_CHANGE, "register", after->key);
    TRY(compare_fields(p, before->fields, before->field_count, after->fields, after->field_count));
    TRY(compare_states(p));
    struct tolds old = tell_transitions(arena, before), new = tell_transitions(arena, after);
    compare_told(p, "transition", &old, &new);
    old = tell_checks(arena, before);
    new = tell_checks(arena, after);
    compare_told(p, "check", &old, &new);
    plan_table(p, after->index);
    return OK;
}

static enum status
leave_register(struct planning *p, const struct reg *before)
{
    bool any;
    struct question ask = {before, NULL, SOME_ANY, NULL, 0, "register", before->key,
        "sổ không bỏ được", {0}};
    TRY(refuse_some(p, &ask, &any));
    if (!any)
        add_line(p, PLAN_REMOVE, "register", before->key);
    return OK;
}

static enum status
compare_registers(struct planning *p)
{
    struct plan *plan = p->plan;
    const struct model *before = plan->before.model, *after = plan->after.model;
    for (int i = 0; before != NULL && i < before->register_count; i++) {
        if (model_register(after, before->registers[i].key) == NULL)
            TRY(leave_register(p, &before->registers[i]));
    }
    for (int i = 0; i < after->register_count; i++) {
        p->after = &after->registers[i];
        p->before = before == NULL ? NULL : model_register(before, p->after->key);
        if (p->before == NULL) {
            add_line(p, PLAN_ADD, "register", p->after->key);
            continue;
        }
        TRY(count_records(p->cx, p->before, &plan->records[i]));
        p->convert = convert_new(p->cx->arena, after, p->before, p->after);
        plan->converts[i] = p->convert;
        TRY(compare_register(p));
    }
    return OK;
}

/* Indicators */

struct version {
    int64_t id;
    const char *key, *digest;
    bool is_kept;
};

/* Does the meaning of the register's values change under an indicator that reads as before? */
static bool
values_change(const struct plan *plan, const struct indicator *indicator)
{
    const struct reg_convert *convert = plan->converts[indicator->reg->index];
    return convert != NULL && convert->values_change;
}

static void
compare_version(struct planning *p, struct version *version)
{
    const struct model *after = p->plan->after.model;
    const char *key = declared_key_now(after, version->key);
    const struct indicator *now = model_indicator(after, key);
    if (now == NULL)
        return;
    if (strcmp(key, version->key) != 0)
        add_line(p, PLAN_RENAME, "indicator", version->key)->detail = key;
    const char *digest = arena_printf(p->cx->arena, "%016llx", (unsigned long long)now->digest);
    version->is_kept = strcmp(digest, version->digest) == 0 && !values_change(p->plan, now);
    if (version->is_kept)
        p->plan->kept[now->index] = version->id;
}

static void
compare_indicator(struct planning *p, const struct indicator *after, bool is_new)
{
    struct plan *plan = p->plan;
    const struct model *model = plan->before.model;
    const struct indicator *before = model == NULL ? NULL : model_indicator(model, after->key);
    struct plan_line *line;
    if (indicator_has_facts(after) && plan->kept[after->index] == 0) {
        line = add_line(p, is_new ? PLAN_ADD : PLAN_REBUILD, "indicator", after->key);
        line->records = plan->records[after->reg->index];
    } else if (is_new) {
        add_line(p, PLAN_ADD, "indicator", after->key);
    } else if (before != NULL &&
        (strcmp(before->label.vi, after->label.vi) != 0 ||
            strcmp(before->label.en, after->label.en) != 0)) {
        add_line(p, PLAN_CHANGE, "indicator", after->key)->detail = "nhãn";
    }
}

/* Declarations name an indicator and choices of its cuts; what they name must stay. */
static enum status
check_declarations(struct planning *p)
{
    const struct plan *plan = p->plan;
    const char *at = NULL;
    int64_t count = 0;
    struct query *q = query_new(p->cx, Q_DECLARED_NAMES);
    while (query_next(q)) {
        const char *key = query_peek_text(q, 0), *cut;
        const struct indicator *now =
            model_indicator(plan->after.model, declared_key_now(plan->after.model, key));
        if (now != NULL && declared_cut_now(p->cx->arena, plan, now, query_peek_text(q, 1), &cut))
            continue;
        if (at == NULL || strcmp(at, key) != 0) {
            at = query_get_text(q, 0);
            count = 0;
            add_line(p, PLAN_REFUSE, "indicator", at)->place =
                now == NULL ? (struct place){0} : now->place;
        }
        p->plan->lines[p->plan->count - 1].records = ++count;
        p->plan->lines[p->plan->count - 1].detail = arena_printf(p->cx->arena,
            "%lld kê khai sẽ không còn chỉ số hoặc phân tổ của nó", (long long)count);
    }
    return query_end(q);
}

static enum status
compare_indicators(struct planning *p)
{
    struct plan *plan = p->plan;
    const struct model *before = plan->before.model, *after = plan->after.model;
    struct version *versions = NULL;
    int count = 0;
    struct query *q = query_new(p->cx, Q_INDICATOR_LIST);
    while (query_next(q))
        *ARENA_PUSH(p->cx->arena, versions, count) = (struct version){query_get_int(q, 0),
            query_get_text(q, 1), query_get_text(q, 2), false};
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        compare_version(p, &versions[i]);
        if (!versions[i].is_kept)
            *ARENA_PUSH(p->cx->arena, plan->given, plan->given_count) = versions[i].id;
    }
    for (int i = 0; before != NULL && i < before->indicator_count; i++) {
        const char *key = before->indicators[i].key;
        if (model_indicator(after, declared_key_now(after, key)) == NULL)
            add_line(p, PLAN_REMOVE, "indicator", key);
    }
    for (int i = 0; i < after->indicator_count; i++) {
        const struct indicator *now = &after->indicators[i];
        bool is_new = before == NULL || model_indicator(before, now->key) == NULL;
        for (int k = 0; k < count; k++)
            is_new = is_new && strcmp(declared_key_now(after, versions[k].key), now->key) != 0;
        compare_indicator(p, now, is_new);
    }
    return check_declarations(p);
}

/* The rest: what has a file of its own, and the packs */

static const char *
file_text(const struct plan_side *side, const char *path)
{
    for (int i = 0; i < side->count; i++) {
        if (strcmp(side->files[i].path, path) == 0)
            return side->files[i].text;
    }
    return "";
}

static struct tolds
tell_reports(struct arena *arena, const struct plan_side *side)
{
    struct tolds all = {0};
    for (int i = 0; side->model != NULL && i < side->model->report_count; i++)
        tell(arena, &all, side->model->reports[i].key,
            file_text(side, side->model->reports[i].place.file));
    return all;
}

static struct tolds
tell_layouts(struct arena *arena, const struct plan_side *side)
{
    struct tolds all = {0};
    for (int i = 0; side->model != NULL && i < side->model->layout_count; i++)
        tell(arena, &all, side->model->layouts[i].key,
            file_text(side, side->model->layouts[i].place.file));
    return all;
}

static struct tolds
tell_directives(struct arena *arena, const struct plan_side *side)
{
    struct tolds all = {0};
    for (int i = 0; side->model != NULL && i < side->model->directive_count; i++) {
        const struct directive *one = &side->model->directives[i];
        tell(arena, &all, one->key,
            arena_printf(arena, "%s %s %s", one->symbol, one->label.vi, one->pack));
    }
    return all;
}

static struct tolds
tell_packs(struct arena *arena, const struct plan_side *side)
{
    struct tolds all = {0};
    for (int i = 0; side->model != NULL && i < side->model->pack_count; i++)
        tell(arena, &all, side->model->packs[i].key,
            file_text(side, side->model->packs[i].place.file));
    return all;
}

enum status
plan_make(struct ctx *cx, const struct plan_side *before, const struct plan_side *after,
    struct plan *out)
{
    static const struct {
        const char *kind;
        struct tolds (*tell)(struct arena *, const struct plan_side *);
    } rest[] = {{"directive", tell_directives}, {"report", tell_reports}, {"layout", tell_layouts}};
    size_t registers = (size_t)after->model->register_count + 1;
    struct planning p = {.cx = cx, .plan = out};
    *out = (struct plan){.before = *before, .after = *after};
    out->converts = ARENA_ARRAY(cx->arena, const struct reg_convert *, registers);
    out->tables = ARENA_ARRAY(cx->arena, enum table_work, registers);
    out->records = ARENA_ARRAY(cx->arena, int64_t, registers);
    out->kept = ARENA_ARRAY(cx->arena, int64_t, (size_t)after->model->indicator_count + 1);
    struct tolds old = tell_packs(cx->arena, before), new = tell_packs(cx->arena, after);
    compare_told(&p, "pack", &old, &new);
    TRY(compare_registers(&p));
    TRY(compare_indicators(&p));
    for (size_t i = 0; i < COUNT_OF(rest); i++) {
        old = rest[i].tell(cx->arena, before);
        new = rest[i].tell(cx->arena, after);
        compare_told(&p, rest[i].kind, &old, &new);
    }
    return OK;
}

const char *
plan_change_key(enum plan_change change)
{
    static const char *const keys[] = {"add", "change", "rename", "remove", "rebuild", "refuse"};
    return keys[change];
}

enum status
plan_refusals(struct ctx *cx, const struct plan *plan)
{
    for (int i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        struct fault where = {.file = line->place.file,
            .line = line->place.line,
            .column = line->place.column};
        if (line->change == PLAN_REFUSE)
            (void)fault_at(cx, ERR_INVALID, where,
                "“%s”: %s. Giữ nó trong gói, hoặc ghi ở “migrate” dữ liệu cũ thành gì.", line->name,
                line->detail);
    }
    return plan->refused > 0 ? ERR_INVALID : OK;
}
