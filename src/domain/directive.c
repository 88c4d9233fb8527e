/* Sets of directives in and out as text. */
#include "domain/directive.h"

#include "base/buf.h"
#include "base/vi.h"

#include <string.h>

int64_t
directive_bit(const struct world *world, const struct directive *directive)
{
    return INT64_C(1) << world->directive_ids[directive - world->model->directives];
}

int64_t
directive_default(const struct world *world, const struct reg *reg)
{
    const struct directive *own = model_directive(world->model, reg->pack);
    return own == NULL ? 0 : directive_bit(world, own);
}

bool
directive_suits(const struct world *world, const struct directive *directive, const struct reg *reg)
{
    const struct pack *pack = model_pack(world->model, directive->pack);
    return pack != NULL && pack_may_use(pack, reg);
}

static const struct directive *
find(const struct world *world, const struct reg *reg, const char *name)
{
    const struct model *model = world->model;
    for (int i = 0; i < model->directive_count; i++) {
        const struct directive *directive = &model->directives[i];
        bool is_named = strcmp(directive->key, name) == 0 || strcmp(directive->symbol, name) == 0;
        if (is_named && directive_suits(world, directive, reg))
            return directive;
    }
    return NULL;
}

static const char *
known(struct arena *arena, const struct world *world, const struct reg *reg)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < world->model->directive_count; i++) {
        const struct directive *directive = &world->model->directives[i];
        if (directive_suits(world, directive, reg))
            buf_printf(&out, "%s%s (%s)", out.length > 0 ? ", " : "", directive->key,
                directive->symbol);
    }
    return buf_string(&out);
}

bool
directive_parse(struct ctx *cx, const struct reg *reg, const char *text, struct fault where,
    int64_t *out)
{
    char *rest = arena_strdup(cx->arena, text == NULL ? "" : text), *item;
    int faults = cx->faults.count;
    *out = 0;
    while ((item = strsep(&rest, ",;")) != NULL) {
        const char *name = vi_clean(cx->arena, item);
        const struct directive *directive = find(cx->world, reg, name);
        if (*name == '\0')
            continue;
        if (directive != NULL)
            *out |= directive_bit(cx->world, directive);
        else
            (void)fault_at(cx, ERR_INVALID, where,
                "Hồ sơ của sổ “%s” không gắn với chỉ thị “%s” được; có: %s.",
                label_text(cx, &reg->label), name, known(cx->arena, cx->world, reg));
    }
    if (*out == 0)
        *out = directive_default(cx->world, reg);
    return cx->faults.count == faults;
}

const char *
directive_text(struct arena *arena, const struct world *world, int64_t set)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < world->model->directive_count; i++) {
        if (set & directive_bit(world, &world->model->directives[i]))
            buf_printf(&out, "%s%s", out.length > 0 ? "," : "", world->model->directives[i].key);
    }
    return buf_string(&out);
}

void
directive_doc(struct ctx *cx, struct doc *list, int64_t set)
{
    const struct world *world = cx->world;
    for (int i = 0; i < world->model->directive_count; i++) {
        const struct directive *directive = &world->model->directives[i];
        if ((set & directive_bit(world, directive)) == 0)
            continue;
        struct doc *object = doc_object(list, NULL);
        doc_text(object, "key", directive->key);
        doc_text(object, "symbol", directive->symbol);
        doc_text(object, "label", label_text(cx, &directive->label));
    }
}
