/* What changes between two versions of the packs: everything that is added, changed or goes, what
 * has to be done to tables and facts, and what would lose data and is therefore refused. Looks at
 * the database, changes nothing. */
#ifndef DOMAIN_PLAN_H
#define DOMAIN_PLAN_H

#include "domain/convert.h"
#include "pack/pack.h"

enum plan_change { PLAN_ADD, PLAN_CHANGE, PLAN_RENAME, PLAN_REMOVE, PLAN_REBUILD, PLAN_REFUSE };

struct plan_line {
    enum plan_change change;
    const char *kind;   /* "register", "field", "choice", …: the word of the language */
    const char *name;   /* "ktgs.loai" */
    const char *detail; /* Vietnamese, or "" */
    int64_t records;    /* those that are concerned; -1: says nothing */
    struct place place; /* of what is refused; file NULL when it stands nowhere any more */
};

/* What is done to a register's tables. */
enum table_work {
    TABLE_STAYS,
    TABLE_RENEWED,  /* there are no records: dropped and made */
    TABLE_COPIED,   /* its columns are copied into new tables */
    TABLE_CONVERTED /* its records are, one by one */
};

/* One version of the packs. */
struct plan_side {
    const struct pack_file *files;
    int count;
    const struct model *model; /* NULL before the first pack */
};

struct plan {
    struct plan_side before, after;
    struct plan_line *lines;
    int count, refused;
    const struct reg_convert **converts; /* by index of the new register; NULL: it is new */
    enum table_work *tables;             /* the same */
    int64_t *records;                    /* the same: how many there are */
    int64_t *kept;  /* by index of the new indicator: the number that it keeps, 0: a new one */
    int64_t *given; /* numbers of indicators that are in force and are not kept */
    int given_count;
};

MUST_CHECK enum status plan_make(struct ctx *, const struct plan_side *before,
    const struct plan_side *after, struct plan *out);

/* The key of a change: "add". */
const char *plan_change_key(enum plan_change);
/* ERR_INVALID with a fault for each line that is refused; OK when there is none. */
MUST_CHECK enum status plan_refusals(struct ctx *, const struct plan *);

#endif
