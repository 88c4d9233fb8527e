/* Public codes: twelve characters of Crockford's alphabet (no i, l, o and u), 60 bits. The first
 * two say the shard, the others are random. A code in memory is its number. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include "base/arena.h"

#include <stdint.h>

enum { CODE_LENGTH = 12, CODE_SHARD_BITS = 10 };

/* The number of a code, or -1 when the text is none. */
int64_t code_number(const char *text);
const char *code_text(struct arena *, int64_t number);
/* The shard that a code names. */
int64_t code_shard(int64_t number);
/* A code of this shard out of 50 random bits. */
int64_t code_make(int64_t shard, uint64_t random);

#endif
