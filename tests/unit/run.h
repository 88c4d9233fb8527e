/* Random operations on a database: records created, changed, moved, corrected, voided, given
 * another unit, counting day or directives, declarations, changes of the tree, and a pack that is
 * brought to other versions (variant.h). Of one seed they are the same wherever they are done;
 * nothing that is drawn depends on ids. */
#ifndef TEST_RUN_H
#define TEST_RUN_H

#include "oracle.h"
#include "variant.h"

enum {
    RUN_RECORDS = 20000,
    RUN_FIRST_DAY = 19723, /* 01/01/2024 */
    RUN_DAYS = 900
};

enum operation {
    CREATE,
    CHANGE,
    MOVE,
    DATE,
    UNIT,
    SERVE,
    CORRECT,
    VOID,
    DECLARE,
    TREE,
    APPLY,
    OPERATION__COUNT
};
extern const char *const operation_names[OPERATION__COUNT];

struct run {
    struct fixture *fixture;
    struct ctx *cx;
    struct oracle oracle;
    struct variant variant; /* of the pack that is in force */
    uint64_t seed, random;
    char *codes[RUN_RECORDS];
    int record_count;
    int step;
    bool kills;  /* let some operations fail as on a disk */
    int kill_at; /* the statement of this step's operation that fails, or 0 */
    void (*look)(struct run *, int step); /* after a pack was killed half made; or NULL */
    int done[OPERATION__COUNT];           /* that went through */
    int killed;
};

/* How a run begins. `make` makes the database; the thresholds of cells are texts of settings. */
struct run_plan {
    struct fixture *(*make)(const char *units);
    uint64_t seed;
    const char *month_units, *day_units;
    bool kills;
};

/* Make the database of a run, with its tree and packs. */
void run_begin(struct run *, const struct run_plan *);
/* Work on the database of another run that has just begun, in another process. */
void run_join(struct run *, const char *where, uint64_t seed);
void run_end(struct run *);

/* One operation, which a chance picks, and whether it took place; when it did not, nothing is
 * changed. *out (may be NULL) is what it came to. */
bool run_act(struct run *, int step, enum status *out);
/* One of a kind. */
bool run_do(struct run *, enum operation, int step, enum status *out);
enum operation run_operation(struct run *);
/* Fold some of what waits. */
void run_fold(struct run *);

/* Chance */
int run_below(struct run *, int limit);
bool run_chance(struct run *, int percent);
int32_t run_day(struct run *);
const struct unit *run_unit(struct run *);
const struct reg *run_register(struct run *);
/* Any whose figure the registers alone can tell. */
const struct indicator *run_indicator(struct run *);
/* One or more of those that records of a register may serve. */
int64_t run_directives(struct run *, const struct reg *);
/* A word or two such as stand in texts: with and without marks, whole or cut short. */
const char *run_words(struct run *);

/* run_query.c: a question about a figure. */
struct figure_query run_query(struct run *);

#endif
