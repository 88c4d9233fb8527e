/* What a register is, on one page: fields, states, transitions, rules, indicators. And what each
 * role may see and do. */
#include "cli/cli.h"

#include "domain/rights.h"

#include <stdio.h>
#include <string.h>

/* Why something about a person is kept, who sees it, and for how long. */
static void
explain_personal(const struct personal *personal)
{
    if (personal != NULL)
        printf(" (về người: %s; người xem: %s; giữ %d năm)", personal->purpose.vi,
            personal->viewers.vi, personal->keep);
}

static void
explain_fields(const struct field *fields, int count, int indent)
{
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        printf("%*s%s: %s%s%s%s – %s", indent, "", field->key, kind_key(field->kind),
            field->required ? ", bắt buộc" : "",
            field->open_after_lock ? ", còn sửa được khi đã khóa" : "",
            field->is_private ? ", riêng tư" : "", field->label.vi);
        if (field->target != NULL)
            printf(" [sổ %s]", field->target->key);
        for (int c = 0; c < field->choice_count; c++)
            printf("%s%s", c == 0 ? " [" : ", ", field->choices[c].key);
        printf("%s", field->choice_count > 0 ? "]" : "");
        explain_personal(field->personal);
        putchar('\n');
        explain_fields(field->fields, field->field_count, indent + 2);
    }
}

static void
explain_states(const struct reg *reg)
{
    puts("\nTrạng thái");
    for (int i = 0; i < reg->state_count; i++)
        printf("  %s – %s%s%s\n", reg->states[i].key, reg->states[i].label.vi,
            reg->states[i].counts ? ", được tính" : "", reg->states[i].locks ? ", khóa" : "");
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        printf("  ");
        for (int f = 0; f < transition->from_count; f++)
            printf("%s%s%s", f == 0 ? transition->key : "", f == 0 ? ": " : ", ",
                reg->states[transition->from[f]].key);
        printf(" → %s%s\n", reg->states[transition->to].key,
            transition->returns ? " (trả lại)" : "");
    }
}

/* What a record must meet, what it is only to be explained for, and the same between figures. */
static void
explain_rules(const struct reg *reg)
{
    if (reg->check_count + reg->notice_count > 0)
        puts("\nQuy tắc");
    for (int i = 0; i < reg->check_count; i++)
        printf("  %s%s\n", reg->checks[i].is_notice ? "giải trình: " : "",
            reg->checks[i].message.vi);
    for (int i = 0; i < reg->notice_count; i++)
        printf("  giải trình khi %s lớn hơn %s: %s\n", reg->notices[i].indicator->key,
            reg->notices[i].at_most->key, reg->notices[i].message.vi);
}

static void
name_field(const char *verb, const struct field *field)
{
    printf("%s%s%s%s", verb, field->list == NULL ? "" : field->list->key,
        field->list == NULL ? "" : ".", field->key);
}

static void
explain_base(const struct base *base)
{
    if (base->kind == BASE_INDICATOR) {
        printf("%s", base->indicator->key);
        return;
    }
    printf("%s", base->kind == BASE_UNITS ? "số đơn vị" : "số người");
    for (int i = 0; i < base->key_count; i++)
        printf("%s%s", i == 0 ? " (" : ", ", base->keys[i]);
    printf(")");
}

/* "đếm hồ sơ", "cộng doi_tuong.so_luong", "tỷ lệ a trên b". */
static void
explain_making(const struct indicator *indicator)
{
    static const char *const verbs[AGG__COUNT] = {[AGG_COUNT] = "đếm ",
        [AGG_SUM] = "cộng ",
        [AGG_DISTINCT] = "số giá trị khác nhau của ",
        [AGG_STOCK] = "hiện có theo ",
        [AGG_RATIO] = "tỷ lệ ",
        [AGG_CHANGE] = "tăng, giảm so với năm trước của "};
    const char *verb = verbs[indicator->aggregation];
    const struct field *field = indicator->sum != NULL ? indicator->sum : indicator->distinct;
    if (!indicator_has_facts(indicator)) {
        printf("%s", verb);
        explain_base(&indicator->bases[0]);
        if (indicator->aggregation == AGG_RATIO) {
            printf(" trên ");
            explain_base(&indicator->bases[1]);
        }
    } else if (field != NULL) {
        name_field(verb, field);
    } else if (indicator->aggregation == AGG_DISTINCT) {
        printf("%sđơn vị", verb);
    } else {
        printf("%s%s", verb, indicator->list == NULL ? "hồ sơ" : indicator->list->key);
    }
}

/* The states in which it counts, where these are not all that count. */
static void
explain_in(const struct indicator *indicator)
{
    const struct reg *reg = indicator->reg;
    uint64_t counting = 0;
    for (int i = 0; i < reg->state_count; i++)
        counting |= reg->states[i].counts ? UINT64_C(1) << i : 0;
    if (!indicator_has_facts(indicator) || indicator->states == counting)
        return;
    for (int i = 0, told = 0; i < reg->state_count; i++) {
        if (indicator->states >> i & 1)
            printf("%s%s", told++ == 0 ? "; ở trạng thái " : ", ", reg->states[i].key);
    }
}

static void
explain_indicator(const struct indicator *indicator)
{
    printf("  %s – %s: ", indicator->key, indicator->label.vi);
    explain_making(indicator);
    if (indicator->where != NULL)
        printf(", khi %s", indicator->where_text);
    if (indicator->on != NULL)
        printf("; theo ngày %s", indicator->on->key);
    if (indicator->until != NULL)
        name_field(" đến ", indicator->until);
    explain_in(indicator);
    for (int i = 0; i < indicator->by_count; i++)
        name_field(i == 0 ? "; chia theo " : ", ", indicator->by[i]);
    putchar('\n');
}

int
cmd_explain(struct ctx *cx, const struct args *args)
{
    const struct reg *reg;
    const struct model *model = cx->world->model;
    if (args->word_count != 1)
        return EXIT_USAGE;
    if (world_register(cx, args->words[0], &reg) != OK)
        return cli_fail(cx);
    printf("%s – %s (%s)\n\nTrường\n", reg->key, reg->label.vi, visibility_keys[reg->visibility]);
    explain_fields(reg->fields, reg->field_count, 2);
    explain_states(reg);
    explain_rules(reg);
    puts("\nChỉ số");
    for (int i = 0; i < model->indicator_count; i++)
        if (model->indicators[i].reg == reg)
            explain_indicator(&model->indicators[i]);
    return EXIT_OK;
}

/* Rights */

static const char *
text(const struct doc *row, const char *key)
{
    return doc_get(row, key)->text;
}

/* Is it the first row with this value of a key, rows of one value being together? */
static bool
begins(const struct doc *before, const struct doc *row, const char *key)
{
    return before == NULL || strcmp(text(before, key), text(row, key)) != 0;
}

static void
print_rights(const struct doc *rights)
{
    const struct doc *before = NULL;
    for (const struct doc *row = rights->first; row != NULL; before = row, row = row->next) {
        bool is_new = begins(before, row, "role");
        if (is_new)
            printf("%s%s (%s)\n", before == NULL ? "" : "\n", text(row, "role_label"),
                text(row, "role"));
        if (is_new || begins(before, row, "relation"))
            printf("  %s\n", text(row, "relation_label"));
        printf("    %s: %s\n", text(row, "actions_label"), text(row, "registers"));
    }
}

static void
print_works(const struct doc *works)
{
    const struct doc *before = NULL;
    puts("\nViệc với cả đơn vị");
    for (const struct doc *row = works->first; row != NULL; before = row, row = row->next) {
        if (begins(before, row, "role"))
            printf("  %s (%s)\n", text(row, "role_label"), text(row, "role"));
        printf("    %s: %s\n", text(row, "relation_label"), text(row, "works_label"));
    }
}

static void
print_steps(const struct doc *steps)
{
    const struct doc *before = NULL;
    puts("\nBước chuyển của từng sổ, và vai trò thực hiện");
    for (const struct doc *row = steps->first; row != NULL; before = row, row = row->next) {
        if (begins(before, row, "register"))
            printf("  %s – %s (%s)\n", text(row, "register"), text(row, "register_label"),
                text(row, "visibility"));
        printf("    %s – %s: %s\n", text(row, "verb"), text(row, "label"), text(row, "roles"));
    }
}

int
cmd_explain_rights(struct ctx *cx, const struct args *args)
{
    struct doc *root = doc_new(cx->arena, DOC_OBJECT);
    struct buf out = buf_new(cx->arena);
    if (args->word_count != 0)
        return EXIT_USAGE;
    if (rights_doc(root, cx, arg_value(args, "role")) != OK)
        return cli_fail(cx);
    if (args->json) {
        doc_json(root, &out);
        fwrite(out.bytes, 1, out.length, stdout);
        return EXIT_OK;
    }
    print_rights(doc_get(root, "rights"));
    print_works(doc_get(root, "works"));
    print_steps(doc_get(root, "steps"));
    puts("\nĐiều gì không nêu ở đây thì không được. Người quản trị hệ thống và người kiểm toán "
         "không xem "
         "hồ sơ, số liệu.");
    return EXIT_OK;
}
