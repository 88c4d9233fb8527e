/* Search: what is found equals a scan of all texts, whatever happened to the records; symbols are
 * found as they are meant; what must not be found is not; no question is syntax. */
#include "domain/search.h"

#include "base/vi.h"
#include "domain/check.h"
#include "domain/form.h"
#include "domain/import.h"
#include "domain/install.h"
#include "domain/search_words.h"
#include "fixture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_PACK(visibility, of_hidden)                                                          \
    "register: chu\n"                                                                              \
    "label: Sổ chữ\n"                                                                          \
    "visibility: " visibility "\n"                                                                 \
    "counted_on: ngay\n"                                                                           \
    "fields:\n"                                                                                    \
    "  so: { kind: text, label: Số }\n"                                                          \
    "  ten: { kind: text, label: Tên }\n"                                                         \
    "  noi_dung: { kind: long_text, label: Nội dung }\n"                                         \
    "  kin: { kind: text, label: Kín" of_hidden " }\n"                                             \
    "  ngay: { kind: date, label: Ngày, required: true }\n"                                       \
    "  muc: { kind: list, label: Mục, fields: { ghi: { kind: text, label: Ghi } } }\n"           \
    "states:\n"                                                                                    \
    "  nhap: { label: Nháp, initial: true }\n"                                                    \
    "  xong: { label: Xong, counts: true }\n"                                                      \
    "transitions:\n"                                                                               \
    "  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [cap_uy] }\n"                     \
    "indicators:\n"                                                                                \
    "  chu_so: { label: Số hồ sơ quỳnh, count: records }\n"

#define PRIVATE ", private: true, personal: { purpose: Thử, viewers: Thử, keep: 1 }"

static void
apply(struct ctx *cx, const char *text)
{
    const struct pack_file files[] = {{"pack.yaml",
                                          "pack: chu\nlabel: Gói chữ\n"
                                          "directive: 12-CT/TW\n"},
        {"registers/chu.yaml", text}};
    struct install_result result;
    must(cx, pack_install(cx, files, COUNT_OF(files), &result));
    must(cx, world_renew(cx));
}

static struct fixture *
words_new(void)
{
    struct fixture *fixture = fixture_new(NULL);
    apply(&fixture->cx, WORDS_PACK("noi_bo", PRIVATE));
    return fixture;
}

struct texts {
    const char *so, *ten, *noi_dung, *kin, *ghi;
};

static struct row
fill(struct ctx *cx, const struct texts *texts)
{
    const struct reg *reg = fixture_reg(cx, "chu");
    struct row fields = row_new(cx->arena, reg->fields, reg->field_count);
    fixture_set(cx, reg, &fields, "ngay", "05/02/2026");
    fixture_set(cx, reg, &fields, "so", texts->so == NULL ? "" : texts->so);
    fixture_set(cx, reg, &fields, "ten", texts->ten == NULL ? "" : texts->ten);
    fixture_set(cx, reg, &fields, "noi_dung", texts->noi_dung == NULL ? "" : texts->noi_dung);
    fixture_set(cx, reg, &fields, "kin", texts->kin == NULL ? "" : texts->kin);
    if (texts->ghi != NULL)
        fixture_set_row(cx, reg_field(reg, "muc"), fixture_add_row(cx, reg, &fields, "muc"), "ghi",
            texts->ghi);
    return fields;
}

static const char *
add(struct ctx *cx, const char *unit, const struct texts *texts)
{
    struct row fields = fill(cx, texts);
    struct record_new wanted = {.reg = fixture_reg(cx, "chu"),
        .unit = fixture_unit(cx, unit),
        .fields = &fields};
    struct record *record = NULL;
    must(cx, record_create(cx, &wanted, &record));
    return record->code;
}

static struct search_answer
ask(struct ctx *cx, const char *text)
{
    struct search_query *query = ARENA_NEW(cx->arena, struct search_query);
    struct search_answer answer;
    query->text = text;
    must(cx, search(cx, query, &answer));
    return answer;
}

static bool
finds(struct ctx *cx, const char *text, const char *code)
{
    struct search_answer answer = ask(cx, text);
    for (int i = 0; i < answer.record_count; i++) {
        if (strcmp(answer.records[i]->code, code) == 0)
            return true;
    }
    return false;
}

/* Symbols */

static void
test_search__a_symbol_is_found_however_it_is_written(void **state)
{
    static const char *const ways[] = {"31-QĐ/ĐU", "31-qd/du", "31 qd du", "31QĐ/ĐU", "31QDDU",
        "31–QĐ/ĐU", "031-QĐ/ĐU", "31-Q", "quyết định 31-QĐ/ĐU", "“31-QĐ/ĐU”,"};
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    const char *code =
        add(cx, "bt.a", &(struct texts){.noi_dung = "Theo Quyết định số 31-QĐ/ĐU, khóa XII."});
    const char *other = add(cx, "bt.a", &(struct texts){.noi_dung = "Quyết định 3-QĐ/ĐU"});
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (!finds(cx, ways[i], code))
            fail_msg("“%s” does not find it", ways[i]);
    }
    assert_false(finds(cx, "31-QĐ/ĐU", other));
    assert_true(finds(cx, "khoá XII", code) && finds(cx, "khóa xii", code));
    assert_null(ask(cx, "31-QĐ/ĐU").instead);
    fixture_free(fixture);
}

static void
test_search__a_slip_shows_what_was_meant_and_says_so(void **state)
{
    static const char *const slips[][2] = {{"05-CT/WT", "05-CT/TW"}, {"5 ct wt", "05-CT/TW"},
        {"05-CT/TWW", "05-CT/TW"}, {"05-CT/T W", NULL}, {"05-C/TW", NULL}, {"05-TC/TW", "05-CT/TW"},
        {"31-QD/DV", "31-QĐ/ĐU"}, {"13-QĐ/ĐU", NULL}, {"31-DQ/UD", NULL}};
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    const char *code = add(cx, "bt.a", &(struct texts){.so = "31-QĐ/ĐU", .ten = "Một việc"});
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        struct search_answer answer = ask(cx, slips[i][0]);
        const char *instead = answer.instead == NULL ? "" : answer.instead;
        if (slips[i][1] != NULL && strcmp(instead, slips[i][1]) != 0)
            fail_msg("“%s” shows “%s”", slips[i][0], instead);
        if (slips[i][1] != NULL)
            assert_string_equal(answer.missing, slips[i][0]);
    }
    assert_null(ask(cx, "13-QĐ/ĐU").instead);
    assert_null(ask(cx, "31-DQ/UD").instead);
    assert_true(finds(cx, "việc 31-QĐ/UĐ", code));
    assert_int_equal(ask(cx, "05-CT/WT").directive_count, 1);
    fixture_free(fixture);
}

static void
test_search__an_exact_symbol_comes_first_then_the_newest(void **state)
{
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    const char *exact = add(cx, "bt.a", &(struct texts){.so = "7-KH/HU"});
    const char *older = add(cx, "bt.a", &(struct texts){.noi_dung = "7 việc, KH, HU"});
    const char *newer = add(cx, "bt.a", &(struct texts){.so = "7-KH/HUB"});
    struct search_answer answer = ask(cx, "7-KH/HU");
    assert_int_equal(answer.record_count, 3);
    assert_string_equal(answer.records[0]->code, exact);
    assert_string_equal(answer.records[1]->code, newer);
    assert_string_equal(answer.records[2]->code, older);
    fixture_free(fixture);
}

/* What is not found */

static void
test_search__a_private_field_is_not_searched(void **state)
{
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    const char *code =
        arena_strdup(cx->arena, add(cx, "bt.a", &(struct texts){.ten = "ngỏ", .kin = "bimat"}));
    assert_true(finds(cx, "ngo", code));
    assert_false(finds(cx, "bimat", code));
    assert_int_equal(fixture_sql(fixture,
                         "SELECT COUNT(*) FROM search WHERE words LIKE '%%bimat%%'"),
        0);
    apply(cx, WORDS_PACK("noi_bo", ""));
    assert_true(finds(cx, "bimat", code));
    apply(cx, WORDS_PACK("noi_bo", PRIVATE));
    assert_false(finds(cx, "bimat", code));
    fixture_free(fixture);
}

static void
test_search__a_restricted_register_is_found_by_symbols_only(void **state)
{
    struct fixture *fixture = fixture_new(NULL);
    struct ctx *cx = &fixture->cx;
    (void)state;
    apply(cx, WORDS_PACK("han_che", PRIVATE));
    const char *code = add(cx, "bt.a",
        &(struct texts){.so = "19-QĐ/ĐU (thử)",
            .ten = "Nguyễn Văn An",
            .noi_dung = "44-QĐ/ĐU",
            .ghi = "Lê Thị Bình",
            .kin = "45-QĐ/ĐU"});
    assert_true(finds(cx, "19-qd/du", code));
    assert_true(finds(cx, code, code));
    assert_false(finds(cx, "nguyen", code));
    assert_false(finds(cx, "thu", code));
    assert_false(finds(cx, "binh", code));
    assert_false(finds(cx, "44-qd/du", code));
    assert_false(finds(cx, "45-qd/du", code));
    fixture_free(fixture);
}

static void
test_search__a_voided_record_is_not_found(void **state)
{
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    struct record_change change = {.reason = "Nhầm"};
    struct record *record;
    (void)state;
    const char *code = add(cx, "bt.a", &(struct texts){.ten = "cây dừa"});
    assert_true(finds(cx, "dừa", code) && finds(cx, code, code));
    must(cx, record_void(cx, code, &change, &record));
    assert_false(finds(cx, "dừa", code) || finds(cx, code, code));
    assert_int_equal(fixture_sql(fixture, "SELECT COUNT(*) FROM search"), 0);
    fixture_free(fixture);
}

static void
test_search__an_import_is_found_from_its_publication_to_its_undoing(void **state)
{
    static const char file[] = "unit\tten\tngay\nbt.a\tcây bần\t05/02/2026\n";
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    struct record_import import = {.reg = "chu",
        .file = "chu.tsv",
        .text = file,
        .length = strlen(file)};
    struct record_import_result result;
    int64_t voided, kept;
    (void)state;
    must(cx, record_import(cx, &import, &result));
    assert_int_equal(ask(cx, "bần").record_count, 1);
    fixture_sql(fixture, "UPDATE batch SET state = 'loading'");
    fixture_next(cx);
    assert_int_equal(ask(cx, "bần").record_count, 0);
    fixture_sql(fixture, "UPDATE batch SET state = 'published'");
    fixture_next(cx);
    assert_int_equal(ask(cx, "bần").record_count, 1);
    must(cx, record_import_undo(cx, result.batch, &voided, &kept));
    assert_int_equal(ask(cx, "bần").record_count, 0);
    fixture_free(fixture);
}

/* Questions */

static void
test_search__no_question_is_syntax(void **state)
{
    static const char *const questions[] = {"dừa\" OR \"x", "dừa*", "NEAR(dừa x)", "dừa AND",
        "NOT dừa", "words:dừa", "- dừa", "^dừa", "(dừa", "'; DROP TABLE search; --", "_1",
        "shard:1", "{dừa}", "dừa + x", "%", "\\", "dừa\n\tx"};
    static const char *const nothing[] = {"", " ", "\"", "*", "…", "()", "- / –", "_"};
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    const char *code = add(cx, "bt.a", &(struct texts){.ten = "dừa and or not near x words"});
    for (size_t i = 0; i < COUNT_OF(questions); i++)
        (void)ask(cx, questions[i]);
    assert_true(finds(cx, "dừa\" OR \"x", code));
    assert_true(finds(cx, "NEAR(dừa x)", code) && finds(cx, "words:dừa", code));
    assert_true(finds(cx, "NOT dừa", code) && finds(cx, "dừa*", code));
    for (size_t i = 0; i < COUNT_OF(nothing); i++) {
        struct search_answer answer = ask(cx, nothing[i]);
        assert_true(answer.is_empty);
        assert_int_equal(answer.record_count + answer.unit_count, 0);
    }
    fixture_free(fixture);
}

static void
test_search__a_long_question_is_cut_and_says_so(void **state)
{
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    struct buf many = buf_new(cx->arena), wide = buf_new(cx->arena), deep = buf_new(cx->arena);
    (void)state;
    const char *code = add(cx, "bt.a", &(struct texts){.ten = "dừa"});
    for (int i = 0; i < 5000; i++) {
        buf_text(&many, "dua ");
        buf_text(&wide, "dua");
        buf_text(&deep, "1a-");
    }
    assert_true(ask(cx, buf_string(&many)).is_cut && finds(cx, buf_string(&many), code));
    assert_false(finds(cx, buf_string(&wide), code));
    assert_false(finds(cx, buf_string(&deep), code));
    assert_false(ask(cx, "dua dua").is_cut);
    fixture_free(fixture);
}

static void
test_search__units_directives_and_indicators_are_found(void **state)
{
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    (void)state;
    struct search_answer answer = ask(cx, "tinh ben tre");
    assert_int_equal(answer.unit_count, 1);
    assert_string_equal(answer.units[0]->code, "bt");
    assert_string_equal(ask(cx, "bt.a").units[0]->code, "bt.a");
    assert_int_equal(ask(cx, "chi bo").unit_count, 3);
    assert_int_equal(ask(cx, "12-ct/tw").directive_count, 1);
    assert_string_equal(ask(cx, "12 ct tw").directives[0]->symbol, "12-CT/TW");
    assert_int_equal(ask(cx, "hồ sơ quynh").indicator_count, 1);
    assert_int_equal(ask(cx, "khong co dau").unit_count, 0);
    struct search_query query = {.text = "chi bo", .unit = fixture_unit(cx, "bt.a")};
    must(cx, search(cx, &query, &answer));
    assert_int_equal(answer.unit_count, 2);
    fixture_free(fixture);
}

/* Against a scan of all texts */

enum { RECORDS = 150, QUESTIONS = 250 };

static const char *const vocabulary[] = {"dừa", "Dứa", "dùng", "đường", "Hoà", "hóa", "hoạt",
    "khoá", "khóa", "XII", "05-CT/TW", "05-CT/TU", "12-KH/HU", "12/2020/NĐ-CP", "học", "hocj",
    "tập", "Tân", "tấn", "thanh", "Thạnh", "th", "2016-2020", "7", "07", "70kg", "ủy", "uỷ", "uy"};

static const char *const unit_codes[] = {"vn", "bt", "kg", "bt.a", "bt.b", "bt.a.x", "bt.a.x.1",
    "bt.a.x.2", "bt.b.z.1", "kg.a.x"};

struct kept {
    char *code, *text; /* of every record, void ones with an empty text */
    const char *unit;
};

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static const char *
some_text(struct ctx *cx, uint32_t *seed)
{
    struct buf out = buf_new(cx->arena);
    for (uint32_t n = 1 + draw(seed, 5); n > 0; n--)
        buf_printf(&out, "%s%s", vocabulary[draw(seed, COUNT_OF(vocabulary))],
            n % 3 == 0 ? ", " : " ");
    return vi_clean(cx->arena, buf_string(&out));
}

/* Folded, without what stands between, zeros at the front gone. */
static const char *
squeezed(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, vi_fold(arena, text)), *to = out;
    for (const char *at = out; *at != '\0'; at++) {
        if (*at != ' ')
            *to++ = *at;
    }
    *to = '\0';
    while (out[0] == '0' && out[1] >= '0' && out[1] <= '9')
        out++;
    return out;
}

static bool
is_letter_in(const char *text)
{
    return strpbrk(text, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

static bool
has_beginning(struct arena *arena, const char *text, const char *word)
{
    return strstr(arena_printf(arena, " %s", vi_fold(arena, text)),
               arena_printf(arena, " %s", word)) != NULL;
}

/* Does the text have what was typed between two blanks? */
static bool
scan_piece(struct arena *arena, const char *text, const char *piece)
{
    const char *one = squeezed(arena, piece);
    char *folded = arena_strdup(arena, vi_fold(arena, piece)), *word;
    bool all = true;
    while ((word = strsep(&folded, " ")) != NULL)
        all = all && has_beginning(arena, text, word);
    if (all || *one < '0' || *one > '9' || !is_letter_in(one))
        return all;
    char *rest = arena_strdup(arena, text), *other;
    while ((other = strsep(&rest, " ,")) != NULL) {
        const char *symbol = squeezed(arena, other);
        if (is_letter_in(symbol) && strncmp(symbol, one, strlen(one)) == 0)
            return true;
    }
    return false;
}

static bool
scan(struct arena *arena, const char *text, const char *question)
{
    char *rest = arena_strdup(arena, question), *piece;
    while ((piece = strsep(&rest, " ,")) != NULL) {
        if (*piece != '\0' && !scan_piece(arena, text, piece))
            return false;
    }
    return *text != '\0';
}

static const char *
some_question(struct ctx *cx, uint32_t *seed)
{
    struct buf out = buf_new(cx->arena);
    for (uint32_t n = 1 + draw(seed, 2); n > 0; n--) {
        const char *word = vocabulary[draw(seed, COUNT_OF(vocabulary))];
        const char *plain = vi_fold_symbols(cx->arena, word);
        uint32_t kept = 1 + draw(seed, (uint32_t)strlen(plain));
        if (draw(seed, 2) == 0)
            buf_printf(&out, "%s ", word);
        else
            buf_printf(&out, "%.*s ", (int)kept, plain);
    }
    return buf_string(&out);
}

/* All pages of an answer, "code code …" in order; what must be on each is. */
static int
count_pages(struct ctx *cx, const char *text, const struct unit *unit, int limit,
    const struct kept *kept, bool *seen)
{
    struct search_answer answer;
    struct search_query query = {.text = text, .unit = unit, .limit = limit};
    int count = 0;
    memset(seen, 0, RECORDS * sizeof(*seen));
    do {
        must(cx, search(cx, &query, &answer));
        if (answer.instead != NULL)
            return 0;
        for (int i = 0; i < answer.record_count; i++, count++) {
            query.after = answer.records[i]->code;
            for (int k = 0; k < RECORDS; k++) {
                if (strcmp(kept[k].code, query.after) == 0) {
                    assert_false(seen[k]);
                    seen[k] = true;
                }
            }
        }
    } while (answer.more_records);
    return count;
}

static void
compare(struct ctx *cx, const struct kept *kept, uint32_t *seed)
{
    const char *question = some_question(cx, seed);
    const char *code = unit_codes[draw(seed, COUNT_OF(unit_codes))];
    const struct unit *unit = fixture_unit(cx, code);
    bool seen[RECORDS];
    int wanted = 0;
    int found = count_pages(cx, question, unit, 1 + (int)draw(seed, 40), kept, seen);
    for (int i = 0; i < RECORDS; i++) {
        bool is_meant = scan(cx->arena, kept[i].text, question) &&
            unit_inside(fixture_unit(cx, kept[i].unit), unit, cx->world->today);
        if (is_meant != seen[i])
            fail_msg("“%s” below %s: “%s” of %s is %sfound", question, code, kept[i].text,
                kept[i].unit, seen[i] ? "" : "not ");
        wanted += is_meant;
    }
    assert_int_equal(found, wanted);
}

static void
put(struct ctx *cx, struct kept *kept, uint32_t *seed)
{
    const char *unit = unit_codes[draw(seed, COUNT_OF(unit_codes))];
    struct texts texts = {.ten = some_text(cx, seed),
        .noi_dung = draw(seed, 2) == 0 ? some_text(cx, seed) : NULL,
        .ghi = draw(seed, 3) == 0 ? some_text(cx, seed) : NULL,
        .kin = "thầm kín"};
    *kept = (struct kept){.code = strdup(add(cx, unit, &texts)), .unit = unit};
    assert_true(
        asprintf(&kept->text, "%s %s %s", texts.ten, texts.noi_dung == NULL ? "" : texts.noi_dung,
            texts.ghi == NULL ? "" : texts.ghi) > 0);
}

/* Another text, or void. */
static void
alter(struct ctx *cx, struct kept *kept, uint32_t *seed)
{
    struct texts texts = {.ten = some_text(cx, seed)};
    struct row fields = fill(cx, &texts);
    struct record_change change = {.fields = &fields, .reason = "Đổi"};
    struct record *record;
    free(kept->text);
    if (draw(seed, 3) == 0) {
        must(cx, record_void(cx, kept->code, &change, &record));
        kept->text = strdup("");
    } else {
        must(cx, record_change(cx, kept->code, &change, &record));
        kept->text = strdup(texts.ten);
    }
}

static void
test_search__finds_what_a_scan_finds(void **state)
{
    static struct kept kept[RECORDS];
    struct fixture *fixture = words_new();
    struct ctx *cx = &fixture->cx;
    uint32_t seed = 5;
    (void)state;
    for (int i = 0; i < RECORDS; i++, fixture_next(cx))
        put(cx, &kept[i], &seed);
    for (int i = 0; i < QUESTIONS; i++, fixture_next(cx))
        compare(cx, kept, &seed);
    for (int i = 0; i < RECORDS / 2; i++, fixture_next(cx))
        alter(cx, &kept[i], &seed);
    for (int i = 0; i < QUESTIONS; i++, fixture_next(cx))
        compare(cx, kept, &seed);
    assert_int_equal(fixture_differences(cx), 0);
    must(cx, rebuild_all(cx));
    for (int i = 0; i < QUESTIONS / 5; i++, fixture_next(cx))
        compare(cx, kept, &seed);
    for (int i = 0; i < RECORDS; i++) {
        free(kept[i].code);
        free(kept[i].text);
    }
    fixture_free(fixture);
}

/* The texts of what is found, in their own order. */
static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
found_texts(struct ctx *cx, const char *question)
{
    struct search_answer answer = ask(cx, question);
    const char **texts = NULL;
    struct buf out = buf_new(cx->arena);
    int count = 0;
    for (int i = 0; i < answer.record_count; i++)
        *ARENA_PUSH(cx->arena, texts, count) =
            answer.records[i]->fields.values[reg_field(answer.records[i]->reg, "ten")->index].text;
    if (count > 1)
        qsort(texts, (size_t)count, sizeof(*texts), compare_texts);
    for (int i = 0; i < count; i++)
        buf_printf(&out, "%s\n", texts[i]);
    return buf_string(&out);
}

static void
test_search__the_order_of_insertion_changes_nothing(void **state)
{
    struct fixture *forth = words_new(), *back = words_new();
    const int last = (int)COUNT_OF(vocabulary) - 1;
    (void)state;
    for (int i = 0; i <= last; i++) {
        add(&forth->cx, "bt.a", &(struct texts){.ten = vocabulary[i]});
        add(&back->cx, "bt.a", &(struct texts){.ten = vocabulary[last - i]});
    }
    for (int i = 0; i <= last; i++) {
        const char *question = arena_strndup(forth->cx.arena,
            vi_fold_symbols(forth->cx.arena, vocabulary[i]), (size_t)(1 + i % 4));
        assert_string_equal(found_texts(&forth->cx, question), found_texts(&back->cx, question));
    }
    fixture_free(forth);
    fixture_free(back);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search__a_symbol_is_found_however_it_is_written),
        cmocka_unit_test(test_search__a_slip_shows_what_was_meant_and_says_so),
        cmocka_unit_test(test_search__an_exact_symbol_comes_first_then_the_newest),
        cmocka_unit_test(test_search__a_private_field_is_not_searched),
        cmocka_unit_test(test_search__a_restricted_register_is_found_by_symbols_only),
        cmocka_unit_test(test_search__a_voided_record_is_not_found),
        cmocka_unit_test(test_search__an_import_is_found_from_its_publication_to_its_undoing),
        cmocka_unit_test(test_search__no_question_is_syntax),
        cmocka_unit_test(test_search__a_long_question_is_cut_and_says_so),
        cmocka_unit_test(test_search__units_directives_and_indicators_are_found),
        cmocka_unit_test(test_search__finds_what_a_scan_finds),
        cmocka_unit_test(test_search__the_order_of_insertion_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
