/* What a figure must be, told without the program's tree, facts and cells: the tests keep their own
 * list of units, what happened to them and what was declared, and count the records by SQL over the
 * register tables alone. */
#ifndef TEST_ORACLE_H
#define TEST_ORACLE_H

#include "domain/figure.h"
#include "domain/unit.h"
#include "fixture.h"

enum { ORACLE_UNITS = 90, ORACLE_CHANGES = 24, ORACLE_DECLARATIONS = 400 };

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
    char indicator[64]; /* its key, as others may come before it in a later version of the pack */
    int unit;
    int32_t from, to;
    int64_t value;
    int word;
    char field[64], part[64]; /* of the one cut that it may have, else "" */
    int64_t directives;       /* the set that it names, or 0 */
    bool has_fraction;
    int64_t numerator, denominator;
    int64_t shard, id; /* in the database */
};

/* What the registers give for one indicator: a row for each fact that there should be. */
struct oracle_row {
    int unit;
    int32_t day;
    int64_t cut, value;
    int word;
};

struct oracle_rows {
    char indicator[64];
    struct oracle_row *items; /* allocated */
    int count, room;
    int64_t version; /* of the data that they were read from */
};

enum { ORACLE_MEMORY = 12 }; /* lists of rows that are kept as long as nothing is written */

struct oracle {
    struct fixture *fixture;
    struct oracle_unit units[ORACLE_UNITS];
    int unit_count;
    struct oracle_declaration declarations[ORACLE_DECLARATIONS];
    int declaration_count;
    struct oracle_rows rows[ORACLE_MEMORY];
    int next_rows;
};

/* A tree of 59 units: the root, two provinces (a shard each), districts, communes, branches; and
 * the list of it for fixture_new, to be freed. */
char *oracle_plant_tree(struct oracle *);
/* One more unit, to be imported with its first day. */
int oracle_add_unit(struct oracle *, int parent, const char *suffix, int32_t born);
/* Learn the ids of the units from the database. */
void oracle_learn_ids(struct oracle *);

/* An event took place. */
void oracle_follow(struct oracle *, const struct unit_event *, int unit, int other);

bool oracle_lives(const struct oracle *, int unit, int32_t day);
/* The kind of units so many steps below the root: "chi_bo" for the lowest, and so on. */
const char *oracle_kind(int depth);
/* -1: nowhere, or the root itself. */
int oracle_parent(const struct oracle *, int unit, int32_t day);
bool oracle_inside(const struct oracle *, int unit, int ancestor, int32_t day);
/* Where its records count on a date. */
int oracle_place(const struct oracle *, int unit, int32_t day);
/* Does what a unit bears on a day count for a question? `under`: only as long as the asked unit
 * stood directly under that one; -1: always. */
bool oracle_counts(const struct oracle *, const struct figure_query *, int under, int unit,
    int32_t day);
/* Province of birth: 0 for the root. */
int oracle_shard(const struct oracle *, int unit);
int oracle_find(const struct oracle *, int64_t id);

/* Before the fixture is freed. */
void oracle_close(struct oracle *);

/* The recorded sum of a figure: the rows that SQL finds in the registers, placed by our own tree;
 * of different values how many there are. Not of ratios and changes. */
struct recount {
    struct sum sum;
    bool is_mixed; /* they are of several units of measure */
};
struct recount oracle_recount(struct oracle *, const struct figure_query *, int under);
/* Has a unit a row of its own that counts for a question? */
bool oracle_bears(struct oracle *, const struct figure_query *, int unit);
/* A stock is asked by the structure of its last day, unless another one is named. */
struct figure_query oracle_settled(const struct figure_query *);

/* oracle_figure.c */

/* Does the figure that the program reads agree with the recount and the declarations? NULL, or what
 * is wrong, in the arena. */
const char *oracle_differs(struct oracle *, const struct figure_query *);
/* Do its parts, months, cuts and records add up to it, and is each what it should be? */
const char *oracle_falls_apart(struct oracle *, const struct figure_query *);

#endif
