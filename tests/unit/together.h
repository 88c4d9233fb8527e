/* Jobs that meet in one transaction of the writer. */
#ifndef TEST_TOGETHER_H
#define TEST_TOGETHER_H

#include "fixture.h"

enum { TOGETHER_JOBS = 32, TOGETHER_FAILING = 16 };

/* Let thirty-two threads write a row each, queued behind a job that waits for them, so that they
 * share a transaction; one of the jobs fails. How many rows there are afterwards, and what each
 * thread was told. */
int64_t together_run(struct fixture *, enum status statuses[TOGETHER_JOBS]);

#endif
