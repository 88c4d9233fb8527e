/* The check of search: the words that are stored against those that the records give, and the
 * engine's index against the words. The two are added up word by word, so that neither needs to be
 * held in memory as a whole. */
#include "domain/check_parts.h"
#include "domain/search_words.h"

#include <stdlib.h>
#include <string.h>

enum status
check_words(struct ctx *cx, const struct record *record, struct check_result *out)
{
    const char *words = search_words(cx->arena, record), *stored;
    TRY(search_stored(cx, record, &stored));
    if (strcmp(words, stored) != 0)
        check_differ(cx, out, "search", record->code,
            arena_printf(cx->arena, "từ để tìm là “%s”, hồ sơ cho “%s”", stored, words));
    return OK;
}

/* A sum over the words of a record is the same in whatever order they come. */
struct word_sum {
    int64_t record;
    uint64_t sum;
};

static uint64_t
hash_word(const char *word, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x100000001b3U;
    return hash ^ hash >> 29;
}

static uint64_t
hash_words(const char *words)
{
    uint64_t sum = 0;
    while (*(words += strspn(words, " ")) != '\0') {
        size_t length = strcspn(words, " ");
        sum += hash_word(words, length);
        words += length;
    }
    return sum;
}

static int
compare_word_sums(const void *a, const void *b)
{
    const struct word_sum *x = a, *y = b;
    return (x->record > y->record) - (x->record < y->record);
}

static enum status
sum_words(struct ctx *cx, struct word_sum **out, int *count)
{
    struct query *q = query_new(cx, Q_SEARCH_ALL);
    while (query_next(q))
        *ARENA_PUSH(cx->arena, *out, *count) =
            (struct word_sum){query_get_int(q, 0), hash_words(query_peek_text(q, 1))};
    TRY(query_end(q));
    if (*count > 1)
        qsort(*out, (size_t)*count, sizeof(**out), compare_word_sums);
    return OK;
}

static void
differ_index(struct ctx *cx, struct check_result *out, int64_t record)
{
    check_differ(cx, out, "search", arena_printf(cx->arena, "#%lld", (long long)record),
        "chỉ mục tìm kiếm khác với các từ đã lưu");
}

static enum status
check_index(struct ctx *cx, struct check_result *out)
{
    struct word_sum *sums = NULL;
    int count = 0;
    TRY(sum_words(cx, &sums, &count));
    struct query *q = query_new(cx, Q_SEARCH_INDEX);
    while (query_next(q)) {
        const char *word = query_peek_text(q, 1);
        struct word_sum key = {.record = query_get_int(q, 0)};
        struct word_sum *sum = count == 0
            ? NULL
            : bsearch(&key, sums, (size_t)count, sizeof(*sums), compare_word_sums);
        if (sum == NULL)
            differ_index(cx, out, key.record);
        else
            sum->sum -= hash_word(word, strlen(word));
    }
    TRY(query_end(q));
    for (int i = 0; i < count; i++) {
        if (sums[i].sum != 0)
            differ_index(cx, out, sums[i].record);
    }
    return OK;
}

enum status
check_search(struct ctx *cx, struct check_result *out)
{
    struct arena_mark mark = arena_mark(cx->arena);
    int known = out->count;
    struct query *q = query_new(cx, Q_SEARCH_ORPHANS);
    while (query_next(q))
        check_differ(cx, out, "search",
            arena_printf(cx->arena, "#%lld", (long long)query_get_int(q, 0)),
            "có từ để tìm mà không có hồ sơ");
    TRY(query_end(q));
    TRY(check_index(cx, out));
    if (out->count == known)
        arena_release(cx->arena, mark);
    return OK;
}
