/* What the tests of the domain stand on: a database of their own (database.h), with the pack that
 * ships and a tree of units, and a context with a clock that stands still. */
#ifndef TEST_FIXTURE_H
#define TEST_FIXTURE_H

#include "database.h"
#include "domain/record.h"

#include <stdint.h>

struct fixture {
    struct ctx cx; /* in a snapshot, with the newest world */
    struct database *database;
};

/* `units`: a list as unit_import reads it; NULL: the tree of fixture.c. The clock stands at noon of
 * 15/06/2026 in Vietnam. Fails the test when anything goes wrong. */
struct fixture *fixture_new(const char *units);
/* The same in a file, wherever others are. */
struct fixture *fixture_new_file(const char *units);
/* On the database of another one, from another process; freeing it leaves the database there. */
struct fixture *fixture_at(const char *where);
void fixture_free(struct fixture *);
/* Of tests that need nothing else: *state is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Install a second pack, with a register that has what the shipped ones lack, `thu`. */
void fixture_add_register(struct ctx *);

/* Another process on the same file: a store, worlds and context of its own, in a snapshot. */
struct ctx *fixture_open(const struct fixture *);
void fixture_close(struct ctx *);

/* The next request: faults and memory of the last are gone, what was written is seen. */
void fixture_next(struct ctx *);

/* Fail the test, naming the faults, unless the status is the one that is wanted. */
void fixture_want(struct ctx *, enum status wanted, enum status, const char *file, int line);
#define must(cx, call)            fixture_want((cx), OK, (call), __FILE__, __LINE__)
#define must_be(cx, wanted, call) fixture_want((cx), (wanted), (call), __FILE__, __LINE__)
/* Is there a fault whose message holds this text? */
bool fixture_said(const struct ctx *, const char *text);

/* How many differences the whole check finds; each is printed. */
int fixture_differences(struct ctx *);

/* A day as people write it. */
int32_t fixture_day(const char *);
const struct reg *fixture_reg(struct ctx *, const char *key);
/* The unit that bears a code today, or ever. */
const struct unit *fixture_unit(struct ctx *, const char *code);
/* Set a field, or a column of one row of a list, by what a person would type; "" empties it. */
void fixture_set(struct ctx *, const struct reg *, struct row *fields, const char *key,
    const char *text);
void fixture_set_row(struct ctx *, const struct field *list, struct row *row, const char *key,
    const char *text);
/* A further row of a list, with its defaults. */
struct row *fixture_add_row(struct ctx *, const struct reg *, struct row *fields, const char *list);

/* A whole inspection (register ktgs) of one kind, concluded on a day, with one row of inspected
 * members: "hơn 12". */
struct row fixture_inspection(struct ctx *, const char *loai, const char *day, const char *number);
/* The same as a record that counts. */
struct record *fixture_record(struct ctx *, const char *unit, const char *loai, const char *day,
    const char *number);

/* Raw SQL, past the program; the number in the first column of the first row, 0 when there is none.
 */
int64_t fixture_sql(struct fixture *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A hash of every row of every table, but for those that say which process is at work. */
uint64_t fixture_digest(struct fixture *);

#endif
