/* A database that belongs to one test, and a raw way into it past the program, for looking at it
 * and for damaging it: a file in a fresh folder, or, with CHITHI_TEST_SERVER, one on that server.
 */
#ifndef TEST_DATABASE_H
#define TEST_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

struct database;

/* A new one that `fill` has put something into; on a server that is done once for each program, and
 * copied. */
struct database *database_new(void (*fill)(const char *where));
/* The same in a file, whatever there is. */
struct database *database_new_file(void (*fill)(const char *where));
/* One that is there; freeing it closes what is open and leaves it there. */
struct database *database_at(const char *where);
void database_free(struct database *);
/* What --db takes. */
const char *database_where(const struct database *);
/* Are they on a server? */
bool database_on_server(void);

/* Call `row` with the values of each row as texts, NULL for null; 0 goes on. Fails the test when
 * the statement does. */
void database_each(struct database *, const char *sql,
    int (*row)(void *argument, int count, char **values, char **names), void *argument);
/* Run it; false when a constraint is broken. */
bool database_keeps(struct database *, const char *sql);
/* The number in the first column of the first row, 0 when there is none. */
int64_t database_number(struct database *, const char *sql);
/* A number that changes with every write. */
int64_t database_version(struct database *);
/* How many tables have a name like this. */
int64_t database_tables(struct database *, const char *like);
/* A hash of every row of every table, but for those that say which process is at work. */
uint64_t database_digest(struct database *);

#endif
