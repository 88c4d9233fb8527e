/* Random operations on a database, each by what a person would do. */
#include "run.h"

#include "domain/cell.h"
#include "domain/directive.h"
#include "domain/form.h"
#include "domain/install.h"
#include "domain/unit.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Chance */

static uint64_t
next_random(struct run *run)
{
    uint64_t z = run->random += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

int
run_below(struct run *run, int limit)
{
    return (int)(next_random(run) % (uint64_t)limit);
}

bool
run_chance(struct run *run, int percent)
{
    return run_below(run, 100) < percent;
}

int32_t
run_day(struct run *run)
{
    return RUN_FIRST_DAY + run_below(run, RUN_DAYS);
}

const struct unit *
run_unit(struct run *run)
{
    int unit = run_below(run, run->oracle.unit_count);
    return tree_unit(run->cx->world->tree, run->oracle.units[unit].id);
}

const char *
run_words(struct run *run)
{
    static const char *const words[] = {"một lời", "Đảng", "đang", "ĐÁNG", "hoà", "hòa", "Nguyễn",
        "nguyen", "31-QĐ/ĐU", "31qd", "Ðoàn", "thủy sản", "thuỷ", "ẤP Ở", "a", "á", "z", "Zalo",
        "12/2024", "'", "%_", "ư", "quỳnh", "qu"};
    const char *first = words[run_below(run, COUNT_OF(words))];
    const char *second = words[run_below(run, COUNT_OF(words))];
    return run_chance(run, 50) ? first : arena_printf(run->cx->arena, "%s %s", first, second);
}

/* The registers that the runs are about: the ones of the pack that changes, the one of the fixture,
 * and two of the pack that ships. */
static const char *
some_register_key(struct run *run)
{
    static const char *const others[] = {"ktgs", "ky_luat", "thu"};
    int count = VARIANT_REGISTERS - !run->variant.has_register;
    if (run_chance(run, 40))
        return variant_registers[0];
    return run_chance(run, 50) ? others[run_below(run, COUNT_OF(others))]
                               : variant_registers[run_below(run, count)];
}

const struct reg *
run_register(struct run *run)
{
    return fixture_reg(run->cx, some_register_key(run));
}

const struct indicator *
run_indicator(struct run *run)
{
    const struct model *model = run->cx->world->model;
    const struct reg *reg = run_register(run);
    const struct indicator *indicator = &model->indicators[run_below(run, model->indicator_count)];
    while (indicator->reg != reg || indicator->bases[1].kind == BASE_PEOPLE)
        indicator = &model->indicators[run_below(run, model->indicator_count)];
    return indicator;
}

static const char *
some_counting_state(struct run *run, const struct reg *reg)
{
    int s = run_below(run, reg->state_count);
    while (!reg->states[s].counts)
        s = (s + 1) % reg->state_count;
    return reg->states[s].key;
}

/* Killing: the statement that was chosen for this step fails as a disk would. */

/* With so many percent the n-th statement, n up to `most`; 0: none. */
static int
some_statement(struct run *run, int percent, int most)
{
    return run->kills && run_chance(run, percent) ? 1 + run_below(run, most) : 0;
}

static void
arm(struct run *run)
{
    store_fail_after(run->cx->store, run->kill_at);
}

/* Did the operation take place? Also when only what came after the commit failed. */
static bool
took_place(struct run *run, enum status status)
{
    store_fail_after(run->cx->store, 0);
    return status == OK || (status == ERR_STORE && fixture_said(run->cx, "Đã ghi"));
}

/* Records */

static const char *
number_text(struct run *run, const struct field *field)
{
    int word = run_chance(run, 75) ? 0 : run_below(run, word_count());
    return arena_printf(run->cx->arena, "%s %d%s %s", word_text(word), 1 + run_below(run, 30),
        field->decimals > 0 ? ",25" : "",
        field->measures[run_below(run, field->measure_count)]->key);
}

/* The code of a record of a register; "" while none was found. */
static const char *
some_reference(struct run *run, const struct reg *target)
{
    for (int i = 0; i < 10 && run->record_count > 0; i++) {
        struct record *record;
        must(run->cx, record_load(run->cx, run->codes[run_below(run, run->record_count)], &record));
        if (record->reg == target)
            return record->code;
    }
    return "";
}

/* One that bears its code today. */
static const char *
some_unit_code(struct run *run)
{
    const struct unit *unit = run_unit(run);
    const struct span *span = unit_on(unit, run->cx->world->today);
    return span == NULL ? "" : span->code;
}

static const char *
value_for(struct run *run, const struct field *field)
{
    struct arena *arena = run->cx->arena;
    if (!field->required && run_chance(run, 25))
        return "";
    switch (field->kind) {
    case KIND_CHOICE:
        return field->choices[run_below(run, field->choice_count)].key;
    case KIND_BOOLEAN:
        return run_chance(run, 50) ? "có" : "không";
    case KIND_INTEGER:
        return arena_printf(arena, "%d", run_below(run, 60) - (field->min < 0 ? 20 : 0));
    case KIND_DECIMAL:
        return arena_printf(arena, "%d,%d", run_below(run, 30), run_below(run, 10));
    case KIND_TIME:
        return arena_printf(arena, "%02d:%02d", run_below(run, 24), run_below(run, 60));
    case KIND_QUANTITY:
        return number_text(run, field);
    case KIND_DATE:
        return date_iso(arena, run_day(run));
    case KIND_UNIT:
        return some_unit_code(run);
    case KIND_REFERENCE:
        return some_reference(run, field->target);
    case KIND_PERSON:
    case KIND_FILES:
        return ""; /* what stands in no draw */
    default:
        return run_words(run);
    }
}

static void
fill_list(struct run *run, const struct reg *reg, struct row *fields, const struct field *list)
{
    fields->values[list->index] = (struct value){.is_null = true};
    for (int r = 1 + run_below(run, 3); r > 0; r--) {
        struct row *row = fixture_add_row(run->cx, reg, fields, list->key);
        for (int c = 0; c < list->field_count; c++)
            fixture_set_row(run->cx, list, row, list->fields[c].key,
                value_for(run, &list->fields[c]));
    }
}

/* The counting date, and before and after it those that stand before and after it; now and then
 * long after. Those that the program keeps are left to it. */
static void
fill_date(struct run *run, const struct reg *reg, struct row *fields, const struct field *field,
    int32_t day)
{
    int far = run_chance(run, 30) ? 500 : 60;
    int distance =
        field->index < reg->counted_on->index ? -run_below(run, 40) : run_below(run, far) - 5;
    bool empty = !field->required && run_chance(run, 25);
    if (field == reg->counted_on)
        distance = 0;
    fixture_set(run->cx, reg, fields, field->key,
        empty ? "" : date_iso(run->cx->arena, day + distance));
}

static void
fill(struct run *run, const struct reg *reg, struct row *fields)
{
    int32_t day = run_day(run);
    for (int i = 0; i < reg->field_count; i++) {
        const struct field *field = &reg->fields[i];
        if (field->kind == KIND_LIST)
            fill_list(run, reg, fields, field);
        else if (field->kind == KIND_DATE && field->entered == NULL)
            fill_date(run, reg, fields, field, day);
        else if (field->kind != KIND_DATE)
            fixture_set(run->cx, reg, fields, field->key, value_for(run, field));
    }
}

int64_t
run_directives(struct run *run, const struct reg *reg)
{
    const struct world *world = run->cx->world;
    int64_t set = 0;
    while (set == 0) {
        for (int i = 0; i < world->model->directive_count; i++) {
            const struct directive *directive = &world->model->directives[i];
            if (directive_suits(world, directive, reg) && run_chance(run, 40))
                set |= directive_bit(world, directive);
        }
    }
    return set;
}

static enum status
create(struct run *run)
{
    const struct reg *reg = run_register(run);
    struct row fields = row_new(run->cx->arena, reg->fields, reg->field_count);
    struct record_new wanted = {.reg = reg, .unit = run_unit(run), .fields = &fields};
    struct record *record;
    fill(run, reg, &fields);
    wanted.directives = run_chance(run, 50) ? run_directives(run, reg) : 0;
    if (run_chance(run, 70))
        wanted.state = some_counting_state(run, reg);
    arm(run);
    enum status status = record_create(run->cx, &wanted, &record);
    if (took_place(run, status)) {
        assert_true(run->record_count < RUN_RECORDS);
        run->codes[run->record_count++] = strdup(record->code);
    }
    return status;
}

static struct record *
some_record(struct run *run)
{
    struct record *record = NULL;
    must(run->cx, record_load(run->cx, run->codes[run_below(run, run->record_count)], &record));
    return record;
}

static bool
is_locked(const struct record *record)
{
    return record->state != STATE_IS_VOID && record->reg->states[record->state].locks;
}

static struct record *
some_record_that_is(struct run *run, bool locked)
{
    struct record *record = some_record(run);
    for (int i = 0; i < 8 && (record->state == STATE_IS_VOID || is_locked(record) != locked); i++)
        record = some_record(run);
    return record;
}

/* Edit, by the way that the record's state allows. */
static enum status
edit(struct run *run, const struct record *record, struct record_change *change)
{
    struct record *after;
    change->version = run_chance(run, 50) ? record->version : 0;
    change->reason = "Sửa lại cho đúng";
    arm(run);
    return is_locked(record) ? record_correct(run->cx, record->code, change, &after)
                             : record_change(run->cx, record->code, change, &after);
}

static enum status
edit_fields(struct run *run, bool locked)
{
    struct record *record = some_record_that_is(run, locked);
    const struct reg *reg = record->reg;
    struct row fields = row_copy(run->cx->arena, reg->fields, reg->field_count, &record->fields);
    struct record_change change = {.fields = &fields};
    fill(run, reg, &fields);
    return edit(run, record, &change);
}

static enum status
change(struct run *run)
{
    return edit_fields(run, false);
}

static enum status
correct(struct run *run)
{
    return edit_fields(run, true);
}

static enum status
change_date(struct run *run)
{
    struct record *record = some_record_that_is(run, run_chance(run, 70));
    const struct reg *reg = record->reg;
    struct row fields = row_copy(run->cx->arena, reg->fields, reg->field_count, &record->fields);
    struct record_change change = {.fields = &fields};
    fixture_set(run->cx, reg, &fields, reg->counted_on->key,
        date_iso(run->cx->arena, run_day(run)));
    return edit(run, record, &change);
}

static enum status
change_unit(struct run *run)
{
    struct record *record = some_record_that_is(run, run_chance(run, 70));
    struct record_change change = {.unit = run_unit(run)};
    for (int i = 0; i < 5 && change.unit->shard != record->shard; i++)
        change.unit = run_unit(run);
    return edit(run, record, &change);
}

static enum status
change_directives(struct run *run)
{
    struct record *record = some_record_that_is(run, run_chance(run, 70));
    struct record_change change = {.directives = run_directives(run, record->reg)};
    return edit(run, record, &change);
}

/* Mostly a transition that there is. */
static enum status
move(struct run *run)
{
    struct record *record = NULL, *after;
    struct record_change change = {0};
    for (int i = 0; i < 10 && change.verb == NULL; i++) {
        record = some_record(run);
        const struct reg *reg = record->reg;
        const char *verb = reg->transitions[run_below(run, reg->transition_count)].key;
        if (record->state != STATE_IS_VOID &&
            (reg_transition(reg, record->state, verb) != NULL || run_chance(run, 5)))
            change.verb = verb;
    }
    if (change.verb == NULL)
        return ERR_NOT_FOUND;
    arm(run);
    return record_move(run->cx, record->code, &change, &after);
}

static enum status
make_void(struct run *run)
{
    struct record *record = some_record_that_is(run, run_chance(run, 70)), *after;
    struct record_change change = {.reason = "Nhập nhầm"};
    arm(run);
    return record_void(run->cx, record->code, &change, &after);
}

/* Declarations */

static void
remember(struct oracle *oracle, const struct oracle_declaration *told)
{
    int i = 0;
    while (i < oracle->declaration_count &&
        (oracle->declarations[i].shard != told->shard || oracle->declarations[i].id != told->id))
        i++;
    assert_true(i < ORACLE_DECLARATIONS);
    oracle->declarations[i] = *told;
    oracle->declaration_count += i == oracle->declaration_count;
}

/* "loai=mot,directive=doi_hai", or what there is of it. */
static const char *
cut_of(struct run *run, const struct oracle_declaration *told)
{
    struct arena *arena = run->cx->arena;
    const char *directives = directive_text(arena, run->cx->world, told->directives);
    const char *cut =
        *told->field == '\0' ? "" : arena_printf(arena, "%s=%s", told->field, told->part);
    if (*directives == '\0')
        return cut;
    return arena_printf(arena, "%s%sdirective=%s", cut, *cut == '\0' ? "" : ",", directives);
}

static enum status
tell(struct run *run, struct oracle_declaration *told)
{
    struct arena *arena = run->cx->arena;
    const struct indicator *indicator = model_indicator(run->cx->world->model, told->indicator);
    struct declare input = {.indicator = told->indicator,
        .source = "Báo cáo cũ",
        .unit = run->oracle.units[told->unit].code,
        .from = date_iso(arena, told->from),
        .to = date_iso(arena, told->to),
        .word = word_text(told->word),
        .cut = cut_of(run, told),
        .value = number_show(arena, told->value, indicator->scale)};
    struct declaration result;
    if (told->has_fraction) {
        input.numerator = number_show(arena, told->numerator, 0);
        input.denominator = number_show(arena, told->denominator, 0);
    }
    arm(run);
    enum status status = declare(run->cx, &input, &result);
    told->shard = result.shard;
    told->id = result.id;
    if (took_place(run, status))
        remember(&run->oracle, told);
    return status;
}

static enum status
withdraw(struct run *run, int index)
{
    struct oracle *oracle = &run->oracle;
    struct oracle_declaration *told = &oracle->declarations[index];
    arm(run);
    enum status status = declaration_withdraw(run->cx, told->shard, told->id);
    if (took_place(run, status))
        *told = oracle->declarations[--oracle->declaration_count];
    return status;
}

/* How much, and of a percentage out of what. */
static void
draw_value(struct run *run, const struct indicator *indicator, struct oracle_declaration *told)
{
    told->word = run_below(run, word_count());
    told->value = run_below(run, 500);
    told->has_fraction = indicator->aggregation == AGG_RATIO && run_chance(run, 60);
    told->numerator = told->denominator = 0;
    if (!told->has_fraction)
        return;
    told->denominator = 1 + run_below(run, 300);
    told->numerator = run_below(run, (int)told->denominator + 20);
    told->value = percent_tenths(told->numerator, told->denominator);
}

static void
draw_cut(struct run *run, const struct indicator *indicator, struct oracle_declaration *told)
{
    const struct indicator *cuts = indicator_of_cuts(indicator);
    int place = cut_places(cuts) == 0 ? 0 : run_below(run, cut_places(cuts));
    if (run_chance(run, 20))
        told->directives = run_directives(run, indicator->reg);
    if (told->directives != 0)
        told->directives &= -told->directives; /* a filter names one */
    if (cut_places(cuts) == 0 || run_chance(run, 60))
        return;
    int part = run_below(run, cut_value_count(cuts, place) + 1);
    snprintf(told->field, sizeof(told->field), "%s", cut_field_key(cuts, place));
    snprintf(told->part, sizeof(told->part), "%s", cut_value_key(cuts, place, part));
}

static enum status
declare_some(struct run *run)
{
    struct oracle *oracle = &run->oracle;
    const struct indicator *indicator = run_indicator(run);
    struct oracle_declaration told = {.from = run_day(run),
        .unit = run_below(run, oracle->unit_count)};
    if (oracle->declaration_count > 0 && run_chance(run, 30)) {
        int index = run_below(run, oracle->declaration_count);
        if (run_chance(run, 50) || oracle->declaration_count > 60)
            return withdraw(run, index);
        told = oracle->declarations[index];
        indicator = model_indicator(run->cx->world->model, told.indicator);
        if (indicator == NULL)
            return withdraw(run, index);
        told.id = 0;
        if (run_chance(run, 50)) /* the same of other days */
            told.from = run_day(run);
    } else {
        draw_cut(run, indicator, &told);
    }
    if (told.to < told.from || run_chance(run, 50))
        told.to = told.from + run_below(run, 120);
    snprintf(told.indicator, sizeof(told.indicator), "%s", indicator->key);
    draw_value(run, indicator, &told);
    return tell(run, &told);
}

/* The tree */

static enum status
new_unit(struct run *run)
{
    struct oracle *oracle = &run->oracle;
    struct unit_import_result result;
    int parent = run_below(run, oracle->unit_count);
    int32_t born = run_day(run);
    char suffix[12];
    if (oracle->unit_count == ORACLE_UNITS || oracle->units[parent].depth > 5)
        return ERR_LIMIT;
    snprintf(suffix, sizeof(suffix), ".n%d", oracle->unit_count);
    const char *line = arena_printf(run->cx->arena,
        "code\tparent_code\tlevel\tkind\tname\tfrom\n%.12s%s\t%s\txa\t%s\tĐơn vị mới\t%s\n",
        oracle->units[parent].code, suffix, oracle->units[parent].code,
        oracle_kind(oracle->units[parent].depth + 1), date_iso(run->cx->arena, born));
    struct unit_import input = {.file = "new.tsv",
        .text = line,
        .length = strlen(line),
        .day = born,
        .from_day = DAY_MIN};
    arm(run);
    enum status status = unit_import(run->cx, &input, &result);
    if (took_place(run, status)) {
        int unit = oracle_add_unit(oracle, parent, suffix, born);
        oracle->units[unit].id = fixture_sql(run->fixture,
            "SELECT unit FROM unit_span WHERE code = '%s'", oracle->units[unit].code);
    }
    return status;
}

/* One of the level above, wherever; now and then one that it cannot be. */
static int
some_parent(struct run *run, int unit)
{
    struct oracle *oracle = &run->oracle;
    int parent = run_below(run, oracle->unit_count);
    for (int i = 0; i < 200 && run_chance(run, 95) &&
         oracle->units[parent].depth != oracle->units[unit].depth - 1;
         i++)
        parent = run_below(run, oracle->unit_count);
    return parent;
}

static enum status
change_tree(struct run *run)
{
    static const enum unit_event_kind kinds[] = {UNIT_RENAME, UNIT_MOVE, UNIT_MOVE, UNIT_MOVE,
        UNIT_ABOLISH, UNIT_MERGE, UNIT_MERGE};
    struct oracle *oracle = &run->oracle;
    int unit = run_below(run, oracle->unit_count), other = some_parent(run, unit);
    struct unit_event event = {.kind = kinds[run_below(run, COUNT_OF(kinds))],
        .day = run_day(run),
        .code = oracle->units[unit].code,
        .name = "Tên mới"};
    if (run_chance(run, 20))
        return new_unit(run);
    if (oracle->units[unit].change_count == ORACLE_CHANGES)
        return ERR_LIMIT;
    if (event.kind == UNIT_MERGE)
        other = run_below(run, oracle->unit_count);
    if (event.kind == UNIT_ABOLISH || event.kind == UNIT_MERGE)
        event.day = RUN_FIRST_DAY + RUN_DAYS / 2 +
            run_below(run, RUN_DAYS); /* often nothing counts after it */
    event.other = oracle->units[other].code;
    arm(run);
    enum status status = unit_change(run->cx, &event);
    if (took_place(run, status))
        oracle_follow(oracle, &event, unit, other);
    return status;
}

/* The pack */

static enum status
install(struct run *run, const struct variant *variant)
{
    struct install_result result;
    int count;
    const struct pack_file *files = variant_files(run->cx->arena, variant, &count);
    return pack_install(run->cx, files, count, &result);
}

/* Mostly another version of the rules; what is there already may be taken out again while there is
 * no record that needs it. */
static struct variant
some_variant(struct run *run)
{
    struct variant next = run->variant;
    if (run_chance(run, 70))
        next.rules = run_below(run, VARIANT_RULES);
    if (run_chance(run, 20))
        next.has_field = !next.has_field;
    if (run_chance(run, 20))
        next.has_choice = !next.has_choice;
    if (run_chance(run, 20))
        next.has_register = !next.has_register;
    return next;
}

/* One that was killed is half made at most where nobody looks, and the next makes it whole. */
static enum status
apply(struct run *run)
{
    struct variant next = some_variant(run);
    int kill_at = some_statement(run, 40, 1 << run_below(run, 12));
    run->kill_at = kill_at > 0 ? kill_at : run->kill_at;
    arm(run);
    enum status status = install(run, &next);
    store_fail_after(run->cx->store, 0);
    if (status == ERR_STORE) {
        assert_true(run->kill_at > 0);
        run->killed++;
        fixture_next(run->cx);
        run->look(run, run->step);
        status = install(run, &next);
    }
    if (status == OK)
        run->variant = next;
    return status;
}

/* Doing */

static const struct {
    enum status (*act)(struct run *);
    int weight;
} operations[OPERATION__COUNT] = {
    [CREATE] = {create, 30},
    [CHANGE] = {change, 11},
    [MOVE] = {move, 14},
    [DATE] = {change_date, 10},
    [UNIT] = {change_unit, 8},
    [SERVE] = {change_directives, 3},
    [CORRECT] = {correct, 7},
    [VOID] = {make_void, 4},
    [DECLARE] = {declare_some, 8},
    [TREE] = {change_tree, 3},
    [APPLY] = {apply, 2},
};

const char *const operation_names[OPERATION__COUNT] = {
    [CREATE] = "creates",
    [CHANGE] = "changes",
    [MOVE] = "moves",
    [DATE] = "dates",
    [UNIT] = "units",
    [SERVE] = "directives",
    [CORRECT] = "corrections",
    [VOID] = "voids",
    [DECLARE] = "declarations",
    [TREE] = "changes of the tree",
    [APPLY] = "packs",
};

enum operation
run_operation(struct run *run)
{
    int at = run_below(run, 100), operation = 0;
    while ((at -= operations[operation].weight) >= 0)
        operation++;
    return run->record_count < 5 ? CREATE : (enum operation)operation;
}

bool
run_do(struct run *run, enum operation operation, int step, enum status *out)
{
    uint64_t before = 0;
    run->step = step;
    run->kill_at = some_statement(run, 4, 1 << run_below(run, 10));
    if (run->kill_at > 0)
        before = fixture_digest(run->fixture);
    enum status status = operations[operation].act(run);
    bool done = took_place(run, status);
    run->done[operation] += done;
    run->killed += status == ERR_STORE;
    if (status == ERR_STORE && run->kill_at == 0)
        fixture_want(run->cx, OK, status, operation_names[operation], step);
    bool is_whole = operation != APPLY; /* one transaction */
    if (run->kill_at > 0 && is_whole && !done && before != fixture_digest(run->fixture))
        fail_msg("seed %llu, step %d: of %s that failed something stayed",
            (unsigned long long)run->seed, step, operation_names[operation]);
    if (out != NULL)
        *out = status;
    return done;
}

bool
run_act(struct run *run, int step, enum status *out)
{
    return run_do(run, run_operation(run), step, out);
}

/* A killed folder has folded a shard wholly or not at all; the figures will tell. */
void
run_fold(struct run *run)
{
    int folded;
    run->kill_at = some_statement(run, 30, 40);
    arm(run);
    enum status status = cell_fold(run->cx, 1 + run_below(run, 30), &folded);
    if (!took_place(run, status) || status != OK) {
        assert_int_equal(status, ERR_STORE);
        assert_true(run->kill_at > 0);
        run->killed++;
    }
    fixture_next(run->cx);
}

/* Beginning and end */

static void
enter(struct run *run, struct fixture *fixture)
{
    run->fixture = fixture;
    run->cx = &fixture->cx;
    run->oracle.fixture = fixture;
    oracle_learn_ids(&run->oracle);
}

void
run_begin(struct run *run, const struct run_plan *plan)
{
    *run = (struct run){.seed = plan->seed, .random = plan->seed, .kills = plan->kills};
    char *units = oracle_plant_tree(&run->oracle);
    enter(run, plan->make(units));
    free(units);
    fixture_add_register(run->cx);
    must(run->cx, install(run, &run->variant));
    fixture_next(run->cx);
    must(run->cx, setting_set(run->cx, "cell_month_units", plan->month_units));
    must(run->cx, setting_set(run->cx, "cell_day_units", plan->day_units));
    fixture_next(run->cx);
    bool cells = fixture_sql(run->fixture, "SELECT COUNT(*) FROM cell_unit") > 0;
    assert_true(cells == (strcmp(plan->month_units, "none") != 0));
}

void
run_join(struct run *run, const char *where, uint64_t seed)
{
    *run = (struct run){.seed = seed, .random = seed};
    free(oracle_plant_tree(&run->oracle));
    enter(run, fixture_at(where));
}

void
run_end(struct run *run)
{
    for (int i = 0; i < run->record_count; i++)
        free(run->codes[i]);
    oracle_close(&run->oracle);
    fixture_free(run->fixture);
}
