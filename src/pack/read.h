/* What the readers of a pack's parts share: the state of the reading and the plain values. Inside
 * src/pack only. A reader notes every fault and goes on with what it has; pack_load looks at the
 * number of faults in the end. Those that return a bool say whether there is something to use. */
#ifndef PACK_READ_H
#define PACK_READ_H

#include "base/buf.h"
#include "pack/expr.h"
#include "pack/yaml.h"

/* What names something that another file may define: settled when all registers are read. */
struct pending_reference {
    struct field *field;
    const struct node *named;
    const struct pack *pack; /* whose file names it */
};

struct pending_base {
    struct indicator *indicator;
    struct base *base;
    const struct node *named;
    const struct pack *pack;
};

struct pending_notice {
    struct notice *notice;
    const struct node *indicator, *at_most;
    const struct pack *pack;
};

struct reader {
    struct ctx *cx; /* its arena is the model's home */
    struct model *model;
    struct pending_reference *references;
    int reference_count;
    struct pending_base *bases;
    int base_count;
    struct pending_notice *notices;
    int notice_count;
    const struct pack *pack; /* whose file is being read */
    struct map *places;      /* of what may be there once only, by name */
    int role_first;          /* of this pack, in model->roles */
    int measure_first;       /* the same in model->measures */
    bool roles_declared;     /* its pack.yaml lists the roles: another key is a fault */
    bool measures_declared;  /* the same for units of measure */
    bool flow_is_known;      /* the register's states and transitions could be read */
    bool date_is_known;      /* its counted_on could be read, if it has one */
    const struct node *migrate; /* of its pack.yaml, or NULL */
    bool is_partial;         /* a file gave no tree: what is not found may be in there */
};

/* In one pack; fields point at them, so their array never moves. */
enum { MEASURES_MAX = CUT_VALUES_MAX };

/* Note a fault at a place. */
void read_refuse(struct reader *, struct place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Note that `node` is not what was expected. */
void read_refuse_value(struct reader *, const struct node *, const char *expected);

/* Is it a map, and are its keys among these (NULL closes them)? Faults for those that are not;
 * false when it is no map. */
bool read_closed(struct reader *, const struct node *, const char *const *keys);
/* The member of a map; a fault when it is not there. */
const struct node *read_member(struct reader *, const struct node *map, const char *key);
/* Is it a list or a map with at least one item? */
bool read_items(struct reader *, const struct node *, enum node_type);

/* The values of members; an absent one leaves *out as it was and is not a fault. */
void read_bool(struct reader *, const struct node *map, const char *key, bool *out);
void read_integer(struct reader *, const struct node *map, const char *key, int64_t min,
    int64_t max, int64_t *out);
void read_scaled(struct reader *, const struct node *map, const char *key, int scale, int64_t *out);
void read_date(struct reader *, const struct node *map, const char *key, int32_t *out);

/* Members that must be there; NULL or false after a fault. Texts are in NFC, outer blanks gone. */
const char *read_text(struct reader *, const struct node *map, const char *key);
bool read_label(struct reader *, const struct node *map, const char *key, struct label *out);
/* A label as it stands in a map "key: label". */
bool read_label_of(struct reader *, const struct node *, struct label *out);
/* The key by which a node stands in its map, or the text that it is. */
const char *read_key(struct reader *, const char *key, struct place);
/* A node that is one text or a list of texts, as an array of text nodes; none after a fault. */
int read_names(struct reader *, const struct node *, const struct node **out);

/* "12", "1.5", "-3" exactly: the integer and how many of its digits are decimals (at most 6). */
bool read_decimal(const char *text, size_t length, int64_t *number, int *scale);
/* number * 10^by, false when it does not fit. */
bool read_scale_up(int64_t number, int by, int64_t *out);

/* Add a name to a list of names for a message, or all fields' keys. */
void read_add_name(struct buf *, const char *name);
const char *read_field_names(struct arena *, const struct field *, int count);
const char *read_choice_names(struct arena *, const struct choice *, int count);
/* A value as messages show it: shortened, so that a message stays a line. */
const char *read_shown(struct arena *, const char *text);

/* Kinds (kind.c): the fields of a register, or the columns of a list, in an array with room for
 * `spare` more. */
void kind_read_fields(struct reader *, const struct node *, const struct field *list, int spare,
    struct field **out, int *count);
/* When all registers are read: what references name. */
void kind_resolve(struct reader *);
/* Registers (register.c) with their states and transitions (workflow.c) and indicators
 * (indicator.c), for which model->indicators has room. */
void register_read(struct reader *, const struct node *, struct reg *);
void workflow_read(struct reader *, const struct node *, struct reg *);
void indicator_read(struct reader *, const struct node *, const struct reg *, struct indicator *);
/* When all registers are read: what ratios, changes and notices name. */
void indicator_resolve(struct reader *);
void notice_resolve(struct reader *);
/* The indicator that a node names; NULL after a fault. */
const struct indicator *indicator_named(struct reader *, const struct node *);
/* The states in which a field cannot be null: it is required, the program keeps it, or each way
 * there from the initial state leads through a transition that needs it. */
uint64_t field_never_null(const struct reg *, const struct field *);
/* The state that "entered(STATE)" names, as a piece of the node's text, an empty one when it is not
 * closed; NULL for any other text. */
const char *entered_state(const struct node *, size_t *length);
#define ENTERED_SUFFIX "__on"
/* A condition written at a node; NULL after a fault. */
const struct expr *register_read_condition(struct reader *, const struct node *, const struct reg *,
    const struct field **list);

/* Does a kind hold every value of some other kind (migrate.c)? */
bool kind_takes_others(enum kind);
/* Lines of `migrate:`; those of pack.yaml, which name their register, with NULL. */
void migrate_read(struct reader *, const struct node *, const struct reg *);

/* The other files (layout.c, report.c, head.c). */
void layout_read(struct reader *, const struct node *, struct layout *);
void report_read(struct reader *, const struct node *, struct report_def *);
void head_read(struct reader *, const struct node *, struct pack *);
/* When all registers are read: a fault for what a pack uses and is not there. */
void head_check_uses(struct reader *, const struct pack *);
/* A fault unless the pack that is being read may build on a register (pack_may_use). */
void read_check_use(struct reader *, const struct reg *, struct place);

/* Claim a name for the thing at a place; a fault, with `what` as the word for it, and false when it
 * is taken. */
bool pack_claim(struct reader *, const char *what, const char *name, struct place *);
/* Enter something into model->by_key, whose `sort` of names it belongs to, and claim its key. */
bool pack_enter(struct reader *, const char *sort, const char *what, const char *key, void *thing,
    struct place *);

#endif
