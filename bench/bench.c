/* What the programs that measure have in common. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int64_t
bench_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int
bench_compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void
bench_must(struct ctx *cx, enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "%s\n", cx->faults.count > 0 ? cx->faults.items[0].message : "failed");
    exit(1);
}
