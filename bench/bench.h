/* What the programs that measure have in common. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "base/ctx.h"

/* Microseconds since some moment. */
int64_t bench_us(void);
/* Order of numbers, for qsort. */
int bench_compare(const void *, const void *);
/* End the program, with the first message, unless it went well. */
void bench_must(struct ctx *, enum status);

#endif
