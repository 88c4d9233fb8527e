/* States and transitions of a register: each state can be reached, one is the first, and what
 * counts or locks does so onward. */
#include "pack/read.h"

#include <string.h>

enum { STATES_MAX = 64 };

/* What the file says of `counts` and `locks`, before it is carried onward. */
struct wish {
    bool is_said;
    bool value;
};

struct workflow {
    struct reader *rd;
    struct reg *reg;
    struct wish counts[STATES_MAX];
    struct wish locks[STATES_MAX];
    bool is_broken; /* a state or transition could not be read: paths say nothing */
};

static struct wish
wish_read(struct reader *rd, const struct node *node, const char *key)
{
    struct wish wish = {.is_said = node_get(node, key) != NULL};
    read_bool(rd, node, key, &wish.value);
    return wish;
}

static void
state_read(struct workflow *flow, const struct node *node, struct state *state)
{
    static const char *const keys[] = {"label", "initial", "counts", "locks", NULL};
    struct reader *rd = flow->rd;
    state->key = node->key;
    state->place = node->key_place;
    read_key(rd, node->key, node->key_place);
    if (strcmp(node->key, STATE_VOID) == 0)
        read_refuse(rd, node->key_place,
            "“void” là trạng thái chung của hồ sơ đã hủy; chọn tên khác");
    if (!read_closed(rd, node, keys))
        return;
    read_label(rd, node, "label", &state->label);
    read_bool(rd, node, "initial", &state->initial);
    flow->counts[state->index] = wish_read(rd, node, "counts");
    flow->locks[state->index] = wish_read(rd, node, "locks");
}

static void
check_initial(struct workflow *flow, const struct node *node)
{
    struct reg *reg = flow->reg;
    reg->initial = -1;
    for (int i = 0; i < reg->state_count; i++) {
        const struct state *state = &reg->states[i];
        if (!state->initial)
            continue;
        if (reg->initial >= 0)
            read_refuse(flow->rd, state->place,
                "“%s” là trạng thái đầu thứ hai, sau “%s”; chỉ một được có “initial: true”",
                state->key, reg->states[reg->initial].key);
        else
            reg->initial = i;
        if (flow->counts[i].value || flow->locks[i].value)
            read_refuse(flow->rd, state->place,
                "trạng thái đầu “%s” không được có “counts: true” hay “locks: true”", state->key);
        flow->counts[i].value = flow->locks[i].value = false;
    }
    flow->is_broken = reg->initial < 0;
    if (reg->initial < 0)
        read_refuse(flow->rd, node_head(node),
            "chưa có trạng thái đầu; một phải có “initial: true”");
}

static bool
states_read(struct workflow *flow, const struct node *node)
{
    struct reg *reg = flow->reg;
    if (node == NULL || !read_items(flow->rd, node, NODE_MAP))
        return false;
    if (node->count > STATES_MAX) {
        read_refuse(flow->rd, node_head(node), "có %d trạng thái; nhiều nhất là %d", node->count,
            STATES_MAX);
        return false;
    }
    reg->states = ARENA_ARRAY(flow->rd->cx->arena, struct state, (size_t)node->count);
    reg->state_count = node->count;
    for (int i = 0; i < node->count; i++) {
        reg->states[i].index = i;
        state_read(flow, &node->items[i], &reg->states[i]);
    }
    check_initial(flow, node);
    return true;
}

/* Index of the state that a node names, or -1. */
static int
state_named(struct workflow *flow, const struct node *node)
{
    struct arena *arena = flow->rd->cx->arena;
    const struct state *state = reg_state(flow->reg, node->text);
    if (state != NULL)
        return state->index;
    struct buf names = buf_new(arena);
    for (int i = 0; i < flow->reg->state_count; i++)
        read_add_name(&names, flow->reg->states[i].key);
    read_refuse(flow->rd, node->place, "không có trạng thái “%s”; có: %s",
        read_shown(arena, node->text), buf_string(&names));
    flow->is_broken = true;
    return -1;
}

static void
from_read(struct workflow *flow, const struct node *node, struct transition *transition)
{
    const struct node *names;
    int count = read_names(flow->rd, node, &names);
    transition->from = ARENA_ARRAY(flow->rd->cx->arena, int, (size_t)count);
    for (int i = 0; i < count; i++) {
        int state = state_named(flow, &names[i]);
        for (int j = 0; j < transition->from_count && state >= 0; j++)
            if (transition->from[j] == state) {
                read_refuse(flow->rd, names[i].place, "trạng thái “%s” bị lặp", names[i].text);
                state = -1;
            }
        if (state >= 0)
            transition->from[transition->from_count++] = state;
    }
}

/* A pack that lists no roles takes any key, with the key as its label. */
static const char *
role_named(struct reader *rd, const struct node *node)
{
    struct model *model = rd->model;
    for (int i = rd->role_first; i < model->role_count; i++)
        if (strcmp(model->roles[i].key, node->text) == 0)
            return model->roles[i].key;
    if (rd->roles_declared) {
        read_refuse(rd, node->place, "không có vai trò “%s”; có: %s",
            read_shown(rd->cx->arena, node->text),
            read_choice_names(rd->cx->arena, model->roles + rd->role_first,
                model->role_count - rd->role_first));
        return NULL;
    }
    if (read_key(rd, node->text, node->place) == NULL)
        return NULL;
    *ARENA_PUSH(rd->cx->arena, model->roles, model->role_count) =
        (struct choice){node->text, {node->text, node->text}};
    return node->text;
}

static void
by_read(struct reader *rd, const struct node *node, struct transition *transition)
{
    const struct node *names;
    int count = read_names(rd, node, &names);
    transition->by = ARENA_ARRAY(rd->cx->arena, const char *, (size_t)count);
    for (int i = 0; i < count; i++) {
        const char *role = role_named(rd, &names[i]);
        if (role != NULL)
            transition->by[transition->by_count++] = role;
    }
}

static void
needs_read(struct workflow *flow, const struct node *node, struct transition *transition)
{
    const struct field *list = NULL;
    transition->needs = register_read_condition(flow->rd, node, flow->reg, &list);
    if (transition->needs == NULL)
        flow->rd->flow_is_known = false;
    else if (list != NULL)
        read_refuse(flow->rd, node->place,
            "điều kiện của một bước chuyển chỉ đọc trường của hồ sơ, không đọc cột của “%s”",
            list->key);
}

static void
transition_read(struct workflow *flow, const struct node *node, struct transition *transition)
{
    static const char *const keys[] = {"do", "label", "from", "to", "by", "needs", "returns", NULL};
    struct reader *rd = flow->rd;
    transition->place = node->place;
    transition->to = -1;
    if (!read_closed(rd, node, keys))
        return;
    const struct node *verb = read_member(rd, node, "do");
    const struct node *from = read_member(rd, node, "from");
    const struct node *to = read_member(rd, node, "to");
    const struct node *by = read_member(rd, node, "by");
    const struct node *needs = node_get(node, "needs");
    read_label(rd, node, "label", &transition->label);
    if (verb != NULL && verb->type == NODE_TEXT)
        transition->key = read_key(rd, verb->text, verb->place);
    else if (verb != NULL)
        read_refuse_value(rd, verb, "tên của bước chuyển");
    if (from != NULL)
        from_read(flow, from, transition);
    if (to != NULL && to->type == NODE_TEXT)
        transition->to = state_named(flow, to);
    else if (to != NULL)
        read_refuse_value(rd, to, "một trạng thái");
    if (by != NULL)
        by_read(rd, by, transition);
    if (needs != NULL)
        needs_read(flow, needs, transition);
    read_bool(rd, node, "returns", &transition->returns);
}

/* A verb must be enough to tell what a person wants to do with a record in some state. */
static void
check_verbs(struct workflow *flow)
{
    const struct reg *reg = flow->reg;
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        for (int j = 0; transition->key != NULL && j < transition->from_count; j++) {
            const struct transition *first =
                reg_transition(reg, transition->from[j], transition->key);
            if (first != transition)
                read_refuse(flow->rd, transition->place,
                    "bước chuyển “%s” từ “%s” bị lặp; đã có ở dòng %d", transition->key,
                    reg->states[transition->from[j]].key, first->place.line);
        }
    }
}

static void
transitions_read(struct workflow *flow, const struct node *node)
{
    struct reg *reg = flow->reg;
    if (!read_items(flow->rd, node, NODE_LIST)) {
        flow->is_broken = true;
        return;
    }
    struct transition *read =
        ARENA_ARRAY(flow->rd->cx->arena, struct transition, (size_t)node->count);
    int count = 0;
    for (int i = 0; i < node->count; i++) {
        transition_read(flow, &node->items[i], &read[count]);
        if (read[count].key != NULL && read[count].to >= 0 && read[count].from_count > 0) {
            count++;
        } else {
            read[count] = (struct transition){0};
            flow->is_broken = true;
        }
    }
    reg->transitions = read;
    reg->transition_count = count;
    check_verbs(flow);
}

static uint64_t
reachable(const struct reg *reg)
{
    uint64_t reached = UINT64_C(1) << reg->initial, before = 0;
    while (reached != before) {
        before = reached;
        for (int i = 0; i < reg->transition_count; i++)
            for (int s = 0; s < reg->state_count; s++)
                if ((reached >> s & 1) != 0 && transition_leads_from(&reg->transitions[i], s))
                    reached |= UINT64_C(1) << reg->transitions[i].to;
    }
    return reached;
}

/* The states that say so, or that are entered only from such as do: the largest set of which this
 * is true, found by striking out. */
static uint64_t
onward(const struct reg *reg, const struct wish *wishes)
{
    uint64_t held = 0, before;
    for (int s = 0; s < reg->state_count; s++)
        if (wishes[s].is_said ? wishes[s].value : s != reg->initial)
            held |= UINT64_C(1) << s;
    do {
        before = held;
        for (int i = 0; i < reg->transition_count; i++) {
            const struct transition *transition = &reg->transitions[i];
            for (int j = 0; j < transition->from_count && !wishes[transition->to].is_said; j++)
                if ((held >> transition->from[j] & 1) == 0)
                    held &= ~(UINT64_C(1) << transition->to);
        }
    } while (held != before);
    return held;
}

static void
check_paths(struct workflow *flow)
{
    struct reg *reg = flow->reg;
    uint64_t reached = reachable(reg);
    uint64_t counts = onward(reg, flow->counts), locks = onward(reg, flow->locks);
    for (int s = 0; s < reg->state_count; s++) {
        reg->states[s].counts = counts >> s & 1;
        reg->states[s].locks = locks >> s & 1;
        if ((reached >> s & 1) == 0)
            read_refuse(flow->rd, reg->states[s].place,
                "không có bước chuyển nào đưa từ “%s” đến trạng thái “%s”",
                reg->states[reg->initial].key, reg->states[s].key);
    }
    for (int i = 0; i < reg->transition_count; i++) {
        const struct state *to = &reg->states[reg->transitions[i].to];
        if (reg->transitions[i].returns && to->locks)
            read_refuse(flow->rd, reg->transitions[i].place,
                "bước trả lại (returns) phải đưa về một trạng thái còn sửa được; “%s” thì đã khóa "
                "(locks)",
                to->key);
        for (int j = 0; j < reg->transitions[i].from_count; j++) {
            const struct state *from = &reg->states[reg->transitions[i].from[j]];
            if (from->counts && reg->transitions[i].to == reg->initial)
                read_refuse(flow->rd, reg->transitions[i].place,
                    "“%s” được tính (counts) nên không được quay về trạng thái đầu “%s”", from->key,
                    reg->states[reg->initial].key);
        }
    }
}

void
workflow_read(struct reader *rd, const struct node *node, struct reg *reg)
{
    struct workflow flow = {.rd = rd, .reg = reg};
    const struct node *transitions = node_get(node, "transitions");
    rd->flow_is_known = true;
    if (!states_read(&flow, read_member(rd, node, "states"))) {
        rd->flow_is_known = false;
        return;
    }
    if (transitions != NULL)
        transitions_read(&flow, transitions);
    if (flow.is_broken)
        rd->flow_is_known = false;
    else
        check_paths(&flow);
}
