/* Codes: five bits a character, the first character highest. */
#include "base/code.h"

#include <string.h>

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { BITS = 5, RANDOM_BITS = CODE_LENGTH * BITS - CODE_SHARD_BITS };

int64_t
code_number(const char *text)
{
    int64_t number = 0;
    if (strlen(text) != CODE_LENGTH || strspn(text, crockford) != CODE_LENGTH)
        return -1;
    for (int i = 0; i < CODE_LENGTH; i++)
        number = number << BITS | (strchr(crockford, text[i]) - crockford);
    return number;
}

const char *
code_text(struct arena *arena, int64_t number)
{
    char *text = arena_alloc(arena, CODE_LENGTH + 1);
    for (int i = CODE_LENGTH; i-- > 0; number >>= BITS)
        text[i] = crockford[number & 31];
    return text;
}

int64_t
code_shard(int64_t number)
{
    return number >> RANDOM_BITS;
}

int64_t
code_make(int64_t shard, uint64_t random)
{
    return shard << RANDOM_BITS | (int64_t)(random & ((UINT64_C(1) << RANDOM_BITS) - 1));
}
