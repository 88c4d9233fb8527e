/* What a figure must be, told without the program's tree, facts and cells: the tests keep their own
 * list of units, what happened to them and what was declared, and count the records by SQL over the
 * register tables alone. */
#ifndef TEST_ORACLE_H
#define TEST_ORACLE_H

#include "domain/figure.h"
#include "fixture.h"

enum { ORACLE_INDICATORS = 192, ORACLE_UNITS = 90, ORACLE_CHANGES = 24, ORACLE_DECLARATIONS = 400 };

struct oracle_unit {
    char code[24];
    int64_t id;
    int depth;
    int32_t born, ended; /* both included */
    int heir;            /* index, or -1 */
    struct {
        int32_t day; /* the first on which it is so */
        int parent;  /* -1: the root */
    } changes[ORACLE_CHANGES];
    int change_count; /* at least one: the birth */
};

struct oracle_declaration {
    int indicator; /* its index in the model */
    int unit;
    int32_t from, to;
    int64_t value;
    int word;
    bool has_cut;
    int place, part;   /* of the one cut that it may have */
    int64_t shard, id; /* in the database */
};

struct oracle {
    struct fixture *fixture;
    struct oracle_unit units[ORACLE_UNITS];
    int unit_count;
    struct oracle_declaration declarations[ORACLE_DECLARATIONS];
    int declaration_count;
    struct sqlite3_stmt *recounts[ORACLE_INDICATORS];
};

/* A tree of 59 units: the root, two provinces (a shard each), districts, communes, branches; and
 * the list of it for fixture_new, to be freed. */
char *oracle_plant_tree(struct oracle *);
/* One more unit, to be imported with its first day. */
int oracle_add_unit(struct oracle *, int parent, const char *suffix, int32_t born);
/* Learn the ids of the units from the database. */
void oracle_learn_ids(struct oracle *);

bool oracle_lives(const struct oracle *, int unit, int32_t day);
/* -1: nowhere, or the root itself. */
int oracle_parent(const struct oracle *, int unit, int32_t day);
bool oracle_inside(const struct oracle *, int unit, int ancestor, int32_t day);
/* Province of birth: 0 for the root. */
int oracle_shard(const struct oracle *, int unit);
int oracle_find(const struct oracle *, int64_t id);

/* Before the fixture is freed. */
void oracle_close(struct oracle *);

/* The recorded sum of a figure: the rows that SQL finds in the registers, placed by our own tree.
 * *is_mixed: they are of several units of measure. */
struct sum oracle_recount(struct oracle *, const struct figure_query *, bool *is_mixed);

/* Does the figure that the program reads agree with the recount and the declarations? NULL, or what
 * is wrong, in the arena. */
const char *oracle_differs(struct oracle *, const struct figure_query *);
/* Do its parts, months, cuts and records add up to it? */
const char *oracle_falls_apart(struct oracle *, const struct figure_query *);

#endif
