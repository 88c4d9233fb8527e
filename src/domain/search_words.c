/* Texts into words, and the words of records. */
#include "domain/search_words.h"

#include "base/buf.h"
#include "base/vi.h"
#include "domain/record_scan.h"

#include <stdlib.h>
#include <string.h>

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Chunks */

const char *
search_whole(struct arena *arena, const char *chunk)
{
    char *whole = arena_alloc(arena, strlen(chunk) + 1), *end = whole;
    for (; *chunk != '\0'; chunk++) {
        if (is_letter(*chunk) || is_digit(*chunk))
            *end++ = *chunk;
    }
    while (whole[0] == '0' && is_digit(whole[1]))
        whole++;
    if (strlen(whole) > SEARCH_WORD_MAX)
        whole[SEARCH_WORD_MAX] = '\0';
    return whole;
}

static bool
is_symbol(const char *chunk)
{
    return is_digit(*chunk) && strpbrk(chunk, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

static void
cut_words(struct arena *arena, struct search_chunk *chunk)
{
    const char *at = chunk->text + strspn(chunk->text, "-/");
    while (*at != '\0') {
        size_t length = strcspn(at, "-/");
        size_t kept = length < SEARCH_WORD_MAX ? length : SEARCH_WORD_MAX;
        *ARENA_PUSH(arena, chunk->words, chunk->count) = arena_strndup(arena, at, kept);
        at += length;
        at += strspn(at, "-/");
    }
}

struct search_chunk *
search_chunks(struct arena *arena, const char *text, int *count)
{
    struct search_chunk *chunks = NULL;
    const char *at = vi_fold_symbols(arena, text);
    *count = 0;
    while (*(at += strspn(at, " -/")) != '\0') {
        size_t length = strcspn(at, " ");
        const char *next = at + length;
        while (at[length - 1] == '-' || at[length - 1] == '/')
            length--;
        struct search_chunk *chunk = ARENA_PUSH(arena, chunks, *count);
        chunk->text = arena_strndup(arena, at, length);
        chunk->whole = is_symbol(chunk->text) ? search_whole(arena, chunk->text) : NULL;
        cut_words(arena, chunk);
        at = next;
    }
    return chunks;
}

/* Near forms */

struct near {
    struct arena *arena;
    const char *chunk;
    const char **forms;
    int count;
};

/* The chunk with `gone` characters from `at` on replaced by a text. */
static void
add_form(struct near *near, size_t at, size_t gone, const char *instead)
{
    *ARENA_PUSH(near->arena, near->forms, near->count) = arena_printf(near->arena, "%.*s%s%s",
        (int)at, near->chunk, instead, near->chunk + at + gone);
}

static void
add_letters(struct near *near, size_t at, size_t gone)
{
    for (char letter[2] = "a"; *letter <= 'z'; ++*letter)
        add_form(near, at, gone, letter);
}

const char **
search_near(struct arena *arena, const char *chunk, int *count)
{
    struct near near = {.arena = arena, .chunk = chunk};
    size_t length = strlen(chunk);
    for (size_t i = 0; i + 1 < length; i++) {
        if (is_letter(chunk[i]) && is_letter(chunk[i + 1]) && chunk[i] != chunk[i + 1])
            add_form(&near, i, 2, (char[]){chunk[i + 1], chunk[i], '\0'});
    }
    for (size_t i = 0; i < length; i++) {
        if (is_letter(chunk[i]))
            add_letters(&near, i, 1);
    }
    for (size_t i = 0; i < length; i++) {
        if (is_letter(chunk[i]))
            add_form(&near, i, 1, "");
    }
    for (size_t i = 1; i <= length; i++) {
        if (is_letter(chunk[i]) || is_letter(chunk[i - 1]))
            add_letters(&near, i, 0);
    }
    *count = near.count;
    return near.forms;
}

/* Behind a symbol may stand what is no letter and not ASCII: a closing quote. */
static size_t
without_end(struct arena *arena, const char *text, size_t length)
{
    while (length > 0) {
        size_t last = length - 1;
        while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80)
            last--;
        if (*vi_fold(arena, arena_strndup(arena, text + last, length - last)) != '\0')
            return length;
        length = last;
    }
    return length;
}

const char *
search_written(struct arena *arena, const char *text, const char *whole)
{
    static const char apart[] = " \t\n,;:.()[]{}<>\"'!?";
    for (text += strcspn(text, "0123456789"); *text != '\0'; text += strcspn(text, "0123456789")) {
        size_t length = strcspn(text, apart);
        size_t kept = without_end(arena, text, length);
        const char *piece = arena_strndup(arena, text, kept);
        if (strcmp(search_whole(arena, vi_fold_symbols(arena, piece)), whole) == 0)
            return piece;
        text += length;
    }
    return NULL;
}

/* Words */

struct word {
    const char *text;
    bool is_whole; /* a symbol, which is also asked for as a whole */
};

struct words {
    struct arena *arena;
    struct word *items;
    int count;
};

static void
add_words(struct words *words, const char *text)
{
    int count;
    struct search_chunk *chunks = search_chunks(words->arena, text, &count);
    for (int i = 0; i < count; i++) {
        for (int w = 0; w < chunks[i].count; w++)
            *ARENA_PUSH(words->arena, words->items, words->count) =
                (struct word){chunks[i].words[w], false};
        if (chunks[i].whole != NULL)
            *ARENA_PUSH(words->arena, words->items, words->count) =
                (struct word){chunks[i].whole, true};
    }
}

/* A word, and the same as a symbol behind it. */
static int
compare_words(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : x->is_whole - y->is_whole;
}

/* Whoever finds the next word by a beginning of this one has no need of this one. */
static bool
is_needless(const struct word *word, const struct word *next)
{
    if (word->is_whole)
        return next->is_whole && strcmp(word->text, next->text) == 0;
    return strncmp(word->text, next->text, strlen(word->text)) == 0;
}

/* In order and each once: the same words make the same text. */
static void
join_words(struct words *words, struct buf *out)
{
    if (words->count > 1)
        qsort(words->items, (size_t)words->count, sizeof(*words->items), compare_words);
    for (int i = 0; i < words->count; i++) {
        if (i + 1 == words->count || !is_needless(&words->items[i], &words->items[i + 1]))
            buf_printf(out, " %s", words->items[i].text);
    }
}

const char *
search_text_words(struct arena *arena, const char *text)
{
    struct words words = {.arena = arena};
    struct buf out = buf_new(arena);
    add_words(&words, text);
    join_words(&words, &out);
    return buf_string(&out);
}

bool
search_has(const char *words, const char *word, bool is_whole)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at++) {
        bool begins = at > words && at[-1] == ' ';
        if (begins && (!is_whole || at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* Records */

struct texts {
    struct arena *arena;
    bool symbols_only;
    const char **items;
    int count;
};

/* The symbol that a line begins with, as it is written; or NULL. */
static const char *
leading_symbol(struct arena *arena, const char *text)
{
    int count;
    struct search_chunk *chunks = search_chunks(arena, text, &count);
    if (count == 0 || chunks[0].whole == NULL || chunks[0].count == 1)
        return NULL;
    return search_written(arena, text, chunks[0].whole);
}

static const char *
searched_text(const struct texts *texts, const struct field *field, const struct value *value)
{
    if (field->kind == KIND_TEXT && texts->symbols_only)
        return leading_symbol(texts->arena, value->text);
    if (field->kind == KIND_TEXT || field->kind == KIND_LONG_TEXT)
        return texts->symbols_only ? NULL : value->text;
    return NULL;
}

static void
add_texts(struct texts *texts, const struct field *fields, int count, const struct row *row)
{
    for (int i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        const struct value *value = &row->values[i];
        if (field_is_personal(field) || value->is_null)
            continue;
        for (int r = 0; r < value->row_count; r++)
            add_texts(texts, field->fields, field->field_count, &value->rows[r]);
        const char *text = searched_text(texts, field, value);
        if (text != NULL)
            *ARENA_PUSH(texts->arena, texts->items, texts->count) = text;
    }
}

const char **
search_texts(struct arena *arena, const struct record *record, int *count)
{
    const struct reg *reg = record->reg;
    struct texts texts = {.arena = arena, .symbols_only = reg->visibility == VISIBILITY_HAN_CHE};
    add_texts(&texts, reg->fields, reg->field_count, &record->fields);
    *count = texts.count;
    return texts.items;
}

/* `_` is in no word of a text; numbers name units, letters registers. */
const char *
search_register_word(struct arena *arena, const struct reg *reg)
{
    return arena_printf(arena, "_%s", reg->key);
}

const char *
search_unit_word(struct arena *arena, const struct unit *unit)
{
    return arena_printf(arena, "_%lld", (long long)unit->id);
}

const char *
search_words(struct arena *arena, const struct record *record)
{
    struct words words = {.arena = arena};
    struct buf out = buf_new(arena);
    int count;
    const char **texts = search_texts(arena, record, &count);
    for (int i = 0; i < count && record->state != STATE_IS_VOID; i++)
        add_words(&words, texts[i]);
    if (words.count == 0)
        return "";
    buf_printf(&out, "%s %s", search_unit_word(arena, record->unit),
        search_register_word(arena, record->reg));
    join_words(&words, &out);
    return buf_string(&out);
}

/* Keeping them */

enum status
search_stored(struct ctx *cx, const struct record *record, const char **out)
{
    bool found;
    struct query *q = query_new(cx, Q_SEARCH_OF_RECORD);
    query_int(q, "id", record->id);
    query_int(q, "shard", record->shard);
    *out = "";
    TRY(query_one(q, &found));
    if (!found)
        return OK;
    *out = query_get_text(q, 0);
    return query_end(q);
}

static enum status
remove_words(struct ctx *cx, const struct record *record)
{
    struct query *q = query_new(cx, Q_SEARCH_DELETE);
    query_int(q, "id", record->id);
    query_int(q, "shard", record->shard);
    return query_run(q, NULL);
}

enum status
search_update(struct ctx *cx, const struct record *record, bool is_new)
{
    const char *words = search_words(cx->arena, record), *stored = "";
    if (!is_new) {
        TRY(search_stored(cx, record, &stored));
        if (strcmp(words, stored) == 0)
            return OK;
        TRY(remove_words(cx, record));
    }
    if (*words == '\0')
        return OK;
    struct query *q = query_new(cx, Q_SEARCH_INSERT);
    query_int_at(q, 0, record->id);
    query_int_at(q, 1, record->shard);
    query_text_at(q, 2, words);
    return query_run(q, NULL);
}

static bool
fields_differ(const struct field *before, int before_count, const struct field *after,
    int after_count)
{
    for (int i = 0; i < before_count; i++) {
        const struct field *now = NULL;
        for (int k = 0; k < after_count; k++) {
            if (strcmp(after[k].key, before[i].key) == 0)
                now = &after[k];
        }
        if (now == NULL || field_is_personal(now) != field_is_personal(&before[i]) ||
            now->kind != before[i].kind)
            return true;
        if (fields_differ(before[i].fields, before[i].field_count, now->fields, now->field_count))
            return true;
    }
    return false;
}

/* A field that is new is empty everywhere. */
bool
search_differs(const struct reg *before, const struct reg *after)
{
    bool was_open = before->visibility != VISIBILITY_HAN_CHE;
    bool is_open = after->visibility != VISIBILITY_HAN_CHE;
    return was_open != is_open ||
        fields_differ(before->fields, before->field_count, after->fields, after->field_count);
}

static enum status
refresh_shard(struct ctx *cx, const struct record_range *range, bool are_new)
{
    struct record_scan *scan = record_scan_begin(cx, range);
    struct record *record;
    enum status status = OK;
    while (status == OK) {
        struct arena_mark mark = arena_mark(cx->arena);
        if (!record_scan_next(scan, &record))
            break;
        status = search_update(cx, record, are_new);
        arena_release(cx->arena, mark);
    }
    enum status end = record_scan_end(scan);
    return status != OK ? status : end;
}

static enum status
refresh_register(struct ctx *cx, const struct reg *reg, bool are_new)
{
    const struct tree *tree = cx->world->tree;
    const struct scan_sql *sql = sqlgen_scan(cx->arena, reg);
    for (int i = 0; i < tree->shard_count; i++) {
        struct record_range range = {reg, sql, tree->shards[i], 0, INT64_MAX, true};
        TRY(refresh_shard(cx, &range, are_new));
    }
    return OK;
}

enum status
search_refresh(struct ctx *cx, const struct reg *reg)
{
    const struct model *model = cx->world->model;
    for (int i = 0; i < model->register_count; i++) {
        if (reg == NULL || &model->registers[i] == reg)
            TRY(refresh_register(cx, &model->registers[i], false));
    }
    return OK;
}

enum status
search_fill(struct ctx *cx)
{
    const struct model *model = cx->world->model;
    for (int i = 0; i < model->register_count; i++)
        TRY(refresh_register(cx, &model->registers[i], true));
    return OK;
}
