/* The clocks of the machine. What belongs to a request reads cx->now, which stands still for its
 * whole length; only what starts a request, holds a lease or waits asks here. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* UTC milliseconds since 1970; may be set back. */
int64_t clock_now(void);
/* Milliseconds since some moment; never goes back. */
int64_t clock_steady(void);
/* So many milliseconds from now, for a condition that waits by CLOCK_MONOTONIC. */
struct timespec clock_steady_after(int64_t ms);

#endif
