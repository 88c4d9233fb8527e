/* The tree of units through time: every unit that ever was, what it was called and whom it stood
 * under from day to day. Immutable; part of a world (domain/world.h). */
#ifndef DOMAIN_TREE_H
#define DOMAIN_TREE_H

#include "base/ctx.h"
#include "base/date.h"
#include "base/map.h"

/* What a unit was between two days, both included. */
struct span {
    const struct unit *unit;
    int32_t from, to; /* DAY_MIN and DAY_MAX: open */
    const char *code, *name;
    const char *level, *kind, *bloc; /* equal words are one (tree_word) */
    const char *words;               /* code and name, folded, each word after a blank */
    const struct unit *parent;       /* NULL: the root */
    struct span *namesake;           /* the next span that bears the code, or NULL */
};

struct unit {
    int64_t id;
    int64_t shard;
    int64_t ordinal;    /* administrative order: that of the first list */
    int index;          /* in tree->units */
    struct span *spans; /* in order of time, without overlap */
    int span_count;
    const struct span **children; /* spans that have this unit as parent, in administrative order */
    int child_count;
    int pos, last; /* today's depth-first numbering; units that are not in today's tree come after
                      all others, with last = pos - 1 */
    const struct unit *heir;    /* of a merged unit, or NULL */
    bool is_head;               /* directly under the root, with a shard of its own */
    bool is_fixed;              /* it stands on every day where it stands today */
    bool is_settled;            /* what counts for it is the same by the structure of any day */
    int month_cells, day_cells; /* are sums kept for it? (domain/cell.h) */
};

struct tree {
    struct unit *units;
    int count;
    const struct unit *root; /* NULL: there are no units yet */
    struct map *by_id;
    struct map *by_code; /* code -> the first span that bears it */
    struct map *words;   /* levels, kinds and blocs, each once */
    int64_t *shards;     /* all of them, ascending */
    int *shard_units;    /* how many units each has */
    int shard_count;
    const struct unit **passing; /* those that are not there on every day */
    int passing_count;
    bool has_strays; /* a shard's units did not always stand under its head alone */
    int32_t today;
};

/* Read the tree on cx->db into `home`. */
MUST_CHECK enum status tree_load(struct ctx *, struct arena *home, int32_t today,
    const struct tree **out);

const struct unit *tree_unit(const struct tree *, int64_t id);
/* The level, kind or bloc as spans have it, so that words are compared by their address; NULL when
 * no span has it. */
const char *tree_word(const struct tree *, const char *word);
/* The span of a unit on a day, or NULL. */
const struct span *unit_on(const struct unit *, int32_t day);
/* The span on that day, else the last before it, else the first: a name to show. */
const struct span *unit_named(const struct unit *, int32_t day);

/* The unit that bears a code on a day, or on its own day when it says one:
 * "bt.tp.an_hoi@2019-06-30". ERR_NOT_FOUND with a message that says which units bore the code and
 * when, if any did. */
MUST_CHECK enum status tree_by_code(struct ctx *, const struct tree *, const char *code,
    int32_t day, const struct unit **out);
/* The last unit that bears a code on some day between two, or NULL. */
const struct unit *tree_bearer(const struct tree *, const char *code, int32_t from, int32_t to);
/* What tree_by_code finds a unit by, asked on that day: the code, and where the unit is not there,
 * the nearest day on which it was. */
const char *unit_code(struct arena *, const struct unit *, int32_t day);
/* The same for ever: the first code and, if it has one, the first day. No two units share it. */
const char *unit_key(struct arena *, const struct unit *);

/* Did `unit` stand in the subtree of `ancestor` on that day? NULL stands nowhere. */
bool unit_inside(const struct unit *, const struct unit *ancestor, int32_t day);

/* The unit whose cells hold a unit's sums: itself, or for the head of a shard the root, whose cells
 * of that shard are the same. NULL: nobody's. */
const struct unit *tree_keeper(const struct tree *, const struct unit *);

/* Where a unit's facts count on a date: itself while it lives, then its heir, else the place of its
 * last parent; before its birth that of its first. NULL: nowhere. */
const struct unit *unit_place(const struct unit *, int32_t day);

/* By which structure a figure is asked: DAY_THEN, or that of a day. */
enum { DAY_THEN = INT32_MIN };

/* Which units' facts of which days make a unit's figure. */
struct scope_item {
    const struct unit *unit;
    int32_t from, to;
};

struct scope {
    struct scope_item *items; /* by shard, then in the tree's order */
    int count;
};

/* `then`: each fact counts for the units that its unit stood under on the fact's day. Else every
 * unit whose place on the day `basis` lies in the subtree. */
struct scope tree_scope(struct arena *, const struct tree *, const struct unit *, int32_t from,
    int32_t to, int32_t basis);
/* The same without what is below: the unit's own records. */
struct scope tree_scope_own(struct arena *, const struct tree *, const struct unit *, int32_t from,
    int32_t to, int32_t basis);

/* Items of a scope from i on that can be asked together, of one shard and one stretch of days: the
 * place after them. */
int scope_stretch(const struct scope *, int i);
/* The ids of the units of items i to end - 1, as a JSON list. */
const char *scope_units(struct arena *, const struct scope *, int i, int end);

/* The units directly below on some day of the range (`then`) or on the day `basis`, in order. */
int tree_children(struct arena *, const struct unit *, int32_t from, int32_t to, int32_t basis,
    const struct unit ***out);

#endif
