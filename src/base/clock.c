/* Two clocks of POSIX, in milliseconds. */
#include "base/clock.h"

static int64_t
read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t
clock_steady(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

struct timespec
clock_steady_after(int64_t ms)
{
    int64_t until = clock_steady() + ms;
    return (struct timespec){.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
}
