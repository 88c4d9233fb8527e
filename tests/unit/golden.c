/* Golden definitions: every tests/golden/NAME.yaml is loaded as a pack. Beside it stands either
 * NAME.reject, the faults as "file:line:column message", or NAME.expect, the model as printed
 * below. A line "# file: PATH" begins another file of the same pack. */
#include "base/buf.h"
#include "base/date.h"
#include "base/number.h"
#include "pack/expr.h"
#include "pack/pack.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILES_MAX = 8, REJECTS_MIN = 200 };

static const char file_mark[] = "# file: ";

static char *
golden_path(struct arena *arena, const char *name, const char *ending)
{
    const char *source = getenv("CHITHI_SOURCE");
    return arena_printf(arena, "%s/tests/golden/%s%s", source != NULL ? source : ".", name, ending);
}

/* The whole file, or NULL when there is none. */
static char *
read_whole(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    struct buf text = buf_new(arena);
    char part[4096];
    size_t count;
    buf_text(&text, "");
    while ((count = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(&text, part, count);
    fclose(file);
    return text.bytes;
}

static int
split(struct arena *arena, const char *name, char *text, struct pack_file *files)
{
    int count = 0;
    if (strncmp(text, file_mark, strlen(file_mark)) != 0)
        files[count++] = (struct pack_file){arena_printf(arena, "%s.yaml", name), text};
    for (char *at = text; (at = strstr(at, file_mark)) != NULL;) {
        if (at > text && at[-1] != '\n') {
            at++;
            continue;
        }
        assert_true(count < FILES_MAX);
        const char *path = at + strlen(file_mark);
        files[count].path = arena_strndup(arena, path, strcspn(path, "\n"));
        files[count].text = at;
        /* The file before ends here; the mark itself is a comment in YAML and keeps line 1. */
        if (at > text)
            at[-1] = '\0';
        at += strlen(file_mark);
        count++;
    }
    return count;
}

static void
print_field(struct buf *out, const struct field *field)
{
    buf_printf(out, "  %s%s %s", field->list != NULL ? "  " : "", field->key,
        kind_key(field->kind));
    if (field->required)
        buf_text(out, " required");
    for (int i = 0; i < field->choice_count; i++)
        buf_printf(out, " %s", field->choices[i].key);
    for (int i = 0; i < field->measure_count; i++)
        buf_printf(out, " %s", field->measures[i]->key);
    if (field->decimals > 0)
        buf_printf(out, " decimals %d", field->decimals);
    if (field->min != INT64_MIN)
        buf_printf(out, " from %lld", (long long)field->min);
    if (field->max != INT64_MAX)
        buf_printf(out, " to %lld", (long long)field->max);
    if (field->max_length > 0)
        buf_printf(out, " length %d", field->max_length);
    if (field->has_default)
        buf_printf(out, " default %lld", (long long)field->default_value);
    if (field->target != NULL)
        buf_printf(out, " of %s", field->target->key);
    if (field->open_after_lock)
        buf_text(out, " open after lock");
    if (field->is_private)
        buf_text(out, " private");
    if (field->personal != NULL)
        buf_printf(out, " kept %d years for \"%s\" seen by \"%s\"", field->personal->keep,
            field->personal->purpose.vi, field->personal->viewers.vi);
    if (field->entered != NULL)
        buf_printf(out, " entered %s", field->entered->key);
    buf_printf(out, " \"%s\"\n", field->label.vi);
    for (int i = 0; i < field->field_count; i++)
        print_field(out, &field->fields[i]);
}

static void
print_condition(struct buf *out, const char *word, const struct expr *e)
{
    if (e == NULL)
        return;
    buf_printf(out, " %s ", word);
    expr_print(out, e);
}

static void
print_workflow(struct buf *out, const struct reg *reg)
{
    for (int i = 0; i < reg->state_count; i++) {
        const struct state *state = &reg->states[i];
        buf_printf(out, "  state %s%s%s%s \"%s\"\n", state->key, state->initial ? " initial" : "",
            state->counts ? " counts" : "", state->locks ? " locks" : "", state->label.vi);
    }
    for (int i = 0; i < reg->transition_count; i++) {
        const struct transition *transition = &reg->transitions[i];
        buf_printf(out, "  do %s:", transition->key);
        for (int j = 0; j < transition->from_count; j++)
            buf_printf(out, " %s", reg->states[transition->from[j]].key);
        buf_printf(out, " -> %s by", reg->states[transition->to].key);
        for (int j = 0; j < transition->by_count; j++)
            buf_printf(out, " %s", transition->by[j]);
        print_condition(out, "needs", transition->needs);
        buf_text(out, transition->returns ? " returns" : "");
        buf_char(out, '\n');
    }
    for (int i = 0; i < reg->check_count; i++) {
        print_condition(out, reg->checks[i].is_notice ? "  notice" : "  check",
            reg->checks[i].that);
        buf_printf(out, " \"%s\"\n", reg->checks[i].message.vi);
    }
    for (int i = 0; i < reg->notice_count; i++)
        buf_printf(out, "  notice %s at most %s \"%s\"\n", reg->notices[i].indicator->key,
            reg->notices[i].at_most->key, reg->notices[i].message.vi);
}

static void
print_field_name(struct buf *out, const struct field *field)
{
    buf_printf(out, " %s%s%s", field->list != NULL ? field->list->key : "",
        field->list != NULL ? "." : "", field->key);
}

static void
print_base(struct buf *out, const struct base *base)
{
    if (base->kind == BASE_INDICATOR) {
        buf_printf(out, " %s", base->indicator->key);
        return;
    }
    buf_text(out, base->kind == BASE_UNITS ? " units" : " people");
    for (int i = 0; i < base->key_count; i++)
        buf_printf(out, "%c%s", i == 0 ? '(' : ',', base->keys[i]);
    buf_char(out, ')');
}

static void
print_indicator(struct buf *out, const struct indicator *indicator)
{
    buf_printf(out, "  indicator %s %s", indicator->key, aggregation_keys[indicator->aggregation]);
    if (!indicator_has_facts(indicator)) {
        for (int i = 0; i < (indicator->aggregation == AGG_RATIO ? 2 : 1); i++)
            print_base(out, &indicator->bases[i]);
        buf_char(out, '\n');
        return;
    }
    if (indicator->sum != NULL)
        print_field_name(out, indicator->sum);
    else if (indicator->distinct != NULL)
        print_field_name(out, indicator->distinct);
    else if (indicator->aggregation == AGG_DISTINCT)
        buf_text(out, " unit");
    else
        buf_printf(out, " %s", indicator->list != NULL ? indicator->list->key : "records");
    if (indicator->until != NULL) {
        buf_text(out, " until");
        print_field_name(out, indicator->until);
    }
    print_condition(out, "where", indicator->where);
    buf_printf(out, " on %s in", indicator->on->key);
    for (int i = 0; i < indicator->reg->state_count; i++)
        if ((indicator->states >> i & 1) != 0)
            buf_printf(out, " %s", indicator->reg->states[i].key);
    buf_text(out, indicator->by_count > 0 ? " by" : "");
    for (int i = 0; i < indicator->by_count; i++)
        print_field_name(out, indicator->by[i]);
    buf_printf(out, "%s scale %d\n", indicator->by_measure ? " by measure" : "", indicator->scale);
}

static void
print_line(struct buf *out, const char *name, const struct report_line *line)
{
    for (int i = 0; i < line->count; i++)
        buf_printf(out, "  %s %s \"%s\"\n", name,
            line->items[i].kind != NULL ? line->items[i].kind : "other",
            line->items[i].text.source);
}

static void
print_number(struct buf *out, const struct report_def *report, int figure, enum aspect aspect)
{
    buf_printf(out, " figure %s", report->figures[figure].key);
    if (aspect != ASPECT_VALUE)
        buf_printf(out, ".%s", aspect_keys[aspect]);
}

/* Pieces of a sentence, by what they print. */
static void
print_sentence(struct buf *out, const struct report_def *report, const struct sentence *sentence)
{
    static const char *const given[PIECE__COUNT] = {[PIECE_UNIT] = "unit",
        [PIECE_PLACE] = "place",
        [PIECE_SUPERIOR] = "superior",
        [PIECE_FROM] = "from",
        [PIECE_TO] = "to"};
    for (int i = 0; i < sentence->count; i++) {
        const struct piece *piece = &sentence->pieces[i];
        if (piece->kind == PIECE_TEXT)
            buf_printf(out, " \"%s\"", piece->text);
        else if (piece->kind == PIECE_FIGURE)
            print_number(out, report, piece->index, piece->aspect);
        else if (given[piece->kind] != NULL)
            buf_printf(out, " %s", given[piece->kind]);
        else
            buf_printf(out, " %s %s", piece->kind == PIECE_NAMES ? "names" : "count",
                report->lists[piece->index].key);
    }
}

static void
print_block(struct buf *out, const struct report_def *report, const struct report_block *block)
{
    static const char *const kinds[] = {"heading", "text", "slot"};
    buf_printf(out, "  %s", kinds[block->kind]);
    if (block->level > 0)
        buf_printf(out, " %d", block->level);
    for (int i = 0; i < block->need_count; i++)
        buf_printf(out, "%s%s", i == 0 ? " if " : ", ", report->figures[block->needs[i]].key);
    buf_char(out, ':');
    print_sentence(out, report, &block->text);
    buf_char(out, '\n');
}

static void
print_table(struct buf *out, const struct report_def *report, const struct report_table *table)
{
    buf_printf(out, "  table \"%s\":", table->title.vi);
    for (int i = 0; i < table->column_count; i++) {
        const struct report_column *column = &table->columns[i];
        print_number(out, report, column->figure, column->aspect);
        if (column->group != NULL)
            buf_printf(out, " in \"%s\"", column->group);
        buf_printf(out, " \"%s\"", column->title);
    }
    buf_char(out, '\n');
}

static void
print_report(struct buf *out, const struct report_def *report)
{
    buf_printf(out, "report %s", report->key);
    for (int i = 0; i < report->layout_count; i++)
        buf_printf(out, " %s", report->layouts[i]->key);
    buf_char(out, ':');
    print_sentence(out, report, &report->subject);
    buf_char(out, '\n');
    print_line(out, "superior", &report->superior);
    print_line(out, "issuer", &report->issuer);
    print_line(out, "organ", &report->organ);
    for (int i = 0; i < report->figure_count; i++) {
        const struct report_figure *figure = &report->figures[i];
        buf_printf(out, "  figure %s = %s where %s\n", figure->key, figure->indicator->key,
            figure->where != NULL ? figure->where : "all");
    }
    for (int i = 0; i < report->list_count; i++)
        buf_printf(out, "  list %s shows %s\n", report->lists[i].key, report->lists[i].show->key);
    for (int i = 0; i < report->block_count; i++)
        print_block(out, report, &report->blocks[i]);
    for (int i = 0; i < report->recipient_count; i++)
        buf_printf(out, "  to \"%s\"\n", report->recipients[i]);
    for (int i = 0; i < report->table_count; i++)
        print_table(out, report, &report->tables[i]);
}

static void
print_layout(struct buf *out, const struct layout *layout)
{
    const struct page_layout *page = &layout->page;
    buf_printf(out, "layout %s %s %s top %d first line %d body %d line %d \"%s\" \"%s\"\n",
        layout->key, date_iso(out->arena, layout->from), date_iso(out->arena, layout->to),
        page->top, page->first_line, page->body_size, page->line_exact, layout->number_prefix,
        page->issuer_rule);
    buf_printf(out, "  \"%s\" %d digits \"%s\" sign \"%s\" end \"%s\" annex \"%s\"%s%s\n",
        layout->number_infix, layout->number_digits, layout->organ_infix, layout->sign_prefix,
        layout->text_end, layout->annex_label, layout->subject_capital ? " capital" : "",
        page->annex_pages_restart ? " restart" : "");
    for (int i = 0; i < HEADING_LEVELS; i++)
        buf_printf(out, "%s\"%s\"", i == 0 ? "  headings " : " ", layout->headings[i]);
    buf_printf(out, " looks %d %d lines %d %d\n", page->sign_title_look,
        page->recipients_label_look, page->issuer_line, page->subject_line);
}

static void
print_pack(struct buf *out, const struct pack *pack)
{
    buf_printf(out, "pack %s \"%s\" %s\n", pack->key, pack->label.vi, pack->directive);
    for (int i = 0; i < pack->use_count; i++)
        buf_printf(out, "  uses %s of %s\n", pack->uses[i].reg, pack->uses[i].pack);
}

static void
print_migration(struct buf *out, const struct migration *line)
{
    static const char *const sorts[] = {"field", "choice", "state", "indicator"};
    buf_printf(out, "migrate %s of %s: %s%s%s%s%s", sorts[line->sort], line->reg,
        line->list != NULL ? line->list : "", line->list != NULL ? "." : "",
        line->field != NULL ? line->field : "", line->field != NULL ? "." : "", line->key);
    if (line->to != NULL)
        buf_printf(out, " to %s", line->to);
    buf_text(out, line->is_retyped ? " retyped\n" : "\n");
}

static void
print_model(struct buf *out, const struct model *model)
{
    for (int i = 0; i < model->pack_count; i++)
        print_pack(out, &model->packs[i]);
    for (int i = 0; i < model->directive_count; i++)
        buf_printf(out, "directive %s %s \"%s\" of %s\n", model->directives[i].key,
            model->directives[i].symbol, model->directives[i].label.vi, model->directives[i].pack);
    for (int i = 0; i < model->role_count; i++)
        buf_printf(out, "role %s \"%s\"\n", model->roles[i].key, model->roles[i].label.vi);
    for (int i = 0; i < model->unit_kind_count; i++)
        buf_printf(out, "unit kind %s \"%s\" \"%s\"\n", model->unit_kinds[i].key,
            model->unit_kinds[i].label.vi, model->unit_kinds[i].label.en);
    for (int i = 0; i < model->bloc_count; i++)
        buf_printf(out, "bloc %s \"%s\" \"%s\"\n", model->blocs[i].key, model->blocs[i].label.vi,
            model->blocs[i].label.en);
    for (int i = 0; i < model->measure_count; i++)
        buf_printf(out, "measure %s \"%s\"\n", model->measures[i].key, model->measures[i].label.vi);
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        buf_printf(out, "register %s %s \"%s\"\n", reg->key, visibility_keys[reg->visibility],
            reg->label.vi);
        for (int j = 0; j < reg->field_count; j++)
            print_field(out, &reg->fields[j]);
        print_workflow(out, reg);
        for (int j = 0; j < model->indicator_count; j++)
            if (model->indicators[j].reg == reg)
                print_indicator(out, &model->indicators[j]);
    }
    for (int i = 0; i < model->migration_count; i++)
        print_migration(out, model->migrations[i]);
    for (int i = 0; i < model->layout_count; i++)
        print_layout(out, &model->layouts[i]);
    for (int i = 0; i < model->report_count; i++)
        print_report(out, &model->reports[i]);
}

static void
print_faults(struct buf *out, const struct faults *faults)
{
    for (int i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];
        buf_printf(out, "%s:%d:%d %s\n", fault->file, fault->line, fault->column, fault->message);
    }
}

static bool
has_line(const char *text, const char *line, size_t length)
{
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n')
        if (strcspn(text, "\n") == length && memcmp(text, line, length) == 0)
            return true;
    return false;
}

/* The lines of one text that the other has not got. */
static void
print_missing(const char *sign, const char *text, const char *other)
{
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        size_t length = strcspn(text, "\n");
        if (!has_line(other, text, length))
            print_error("  %s %.*s\n", sign, (int)length, text);
    }
}

static bool
same(const char *name, const char *expected, const char *got)
{
    if (strcmp(expected, got) == 0)
        return true;
    print_error("%s:\n", name);
    print_missing("-", expected, got);
    print_missing("+", got, expected);
    return false;
}

/* Load one definition and hold what comes out against what stands beside it. */
static bool
run_golden(const char *name, int *rejects)
{
    struct arena *home = arena_new();
    struct ctx cx = {.arena = arena_new()};
    struct pack_file files[FILES_MAX];
    struct buf got = buf_new(cx.arena);
    const struct model *model;
    char *text = read_whole(cx.arena, golden_path(cx.arena, name, ".yaml"));
    char *reject = read_whole(cx.arena, golden_path(cx.arena, name, ".reject"));
    char *expect = read_whole(cx.arena, golden_path(cx.arena, name, ".expect"));
    *rejects += reject != NULL;
    bool is_one = (reject == NULL) != (expect == NULL);
    if (!is_one)
        print_error("%s: wants one of .reject and .expect beside it\n", name);
    if (pack_load(&cx, home, files, split(cx.arena, name, text, files), &model) == OK)
        print_model(&got, model);
    else
        print_faults(&got, &cx.faults);
    bool is_same = is_one && same(name, reject != NULL ? reject : expect, buf_string(&got));
    arena_free(cx.arena);
    arena_free(home);
    return is_same;
}

static int
is_definition(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static void
test_golden__every_definition_gives_what_stands_beside_it(void **state)
{
    (void)state;
    struct dirent **entries;
    struct arena *arena = arena_new();
    int count = scandir(golden_path(arena, "", ""), &entries, is_definition, alphasort);
    int failed = 0, rejects = 0;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        failed += !run_golden(arena_strndup(arena, name, strlen(name) - 5), &rejects);
        free(entries[i]);
    }
    arena_free(arena);
    if (count >= 0)
        free(entries);
    assert_int_equal(failed, 0);
    assert_true(rejects >= REJECTS_MIN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden__every_definition_gives_what_stands_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
