/* The model: what a pack says, read and checked whole, immutable and shared by all threads.
 * Everything here lives in one arena that pack_load filled; nothing points outside it.
 *
 * The values that a record of the model holds are in pack/value.h, conditions in pack/expr.h. */
#ifndef PACK_MODEL_H
#define PACK_MODEL_H

#include "base/map.h"
#include "base/page.h"

#include <stdbool.h>
#include <stdint.h>

/* The kinds of fields. A new kind is a row in one table per layer: pack/kind.c (reading),
 * store/sqlgen.c (columns), domain/form.c (input and output). */
enum kind {
    KIND_TEXT,      /* one line, at most 250 characters unless max_length says otherwise */
    KIND_LONG_TEXT, /* paragraphs, at most 20,000 characters */
    KIND_INTEGER,
    KIND_DATE,
    KIND_BOOLEAN,
    KIND_CHOICE,   /* one of `choices` */
    KIND_UNIT,     /* a unit of the tree */
    KIND_QUANTITY, /* scaled integer, unit of measure, published word */
    KIND_LIST,     /* rows of `fields` */
    KIND__COUNT
};

struct label {
    const char *vi; /* never NULL */
    const char *en; /* the Vietnamese one when the pack gives none */
};

/* Where a definition stands in its file. */
struct place {
    const char *file;
    int line, column; /* from 1 */
};

struct choice {
    const char *key;
    struct label label;
};

/* A unit of measure of quantities. */
struct measure {
    const char *key;
    struct label label;
};

struct field {
    const char *key;
    struct label label;
    enum kind kind;
    int index;     /* among the fields of its register or list: value.h is indexed by it */
    bool required; /* not null outside the initial state; a list: at least one row */
    const struct field *list; /* the list that it is a column of, or NULL */
    struct field *fields;     /* KIND_LIST: the columns */
    int field_count;
    struct choice *choices; /* KIND_CHOICE, in the order of the pack */
    int choice_count;
    const struct measure **measures; /* KIND_QUANTITY, at least one; the first is the default */
    int measure_count;
    int decimals;          /* KIND_QUANTITY: the integer is the number times 10^decimals, 0 to 6 */
    int64_t min, max;      /* KIND_INTEGER, KIND_QUANTITY (scaled); INT64_MIN, INT64_MAX: none */
    int max_length;        /* KIND_TEXT, KIND_LONG_TEXT, in characters */
    bool has_default;      /* what an absent input means */
    int64_t default_value; /* a choice's index, 0 or 1, a scaled number; no default for texts */
    struct place place;
};

/* States hold "onward": a state that can only be reached through a counting state counts too,
 * unless it says `counts: false`; the same for locks. */
struct state {
    const char *key;
    struct label label;
    int index;
    bool initial; /* exactly one per register */
    bool counts;
    bool locks;
    struct place place;
};

/* A voided record's state. Core, in every register, never in a pack: it counts nothing. */
#define STATE_VOID "void"

struct transition {
    const char *key; /* `do`: the verb, unique among the transitions of one state */
    struct label label;
    int *from; /* indexes of states */
    int from_count;
    int to;
    const char **by; /* keys of roles */
    int by_count;
    const struct expr *needs; /* NULL: nothing */
    struct place place;
};

/* A rule of a register. When it reads a list's columns it holds for each row. */
struct check {
    const struct expr *that;  /* must not be false; null passes, as in SQL's CHECK */
    const struct field *list; /* the list it is about, or NULL */
    struct label message;
    struct place place;
};

enum aggregation { AGG_COUNT, AGG_SUM, AGG__COUNT };

struct indicator {
    const char *key;
    struct label label;
    int index; /* in model->indicators */
    const struct reg *reg;
    enum aggregation aggregation;
    const struct field *list; /* rows of this list are counted or summed; NULL: records */
    const struct field *sum;  /* AGG_SUM: an integer or quantity field */
    const struct expr *where; /* NULL: all */
    const char *where_text;   /* as the pack has it; NULL: all */
    const struct field *on;   /* the date by which it counts; never null in a counting state */
    uint64_t states;          /* bit i: state i counts (`in`, or the register's counting states) */
    const struct field **by;  /* the cuts, in the pack's order: choice or boolean fields */
    int by_count;
    bool by_measure; /* sum over a quantity of several measures: "don_vi_tinh" is one more cut */
    int scale;       /* of the figure: `decimals` of the summed field */
    uint64_t digest; /* of all that decides its facts: a changed one is rebuilt */
    struct place place;
};

/* The cut that a sum over several measures has besides its `by` fields. */
#define CUT_MEASURE "don_vi_tinh"

/* A fact keeps its cuts in one number (domain/fact.h): so many of them, with so many values. */
enum { CUTS_MAX = 7, CUT_VALUES_MAX = 255 };

enum visibility { VISIBILITY_CONG_KHAI, VISIBILITY_NOI_BO, VISIBILITY_HAN_CHE, VISIBILITY__COUNT };
extern const char *const visibility_keys[VISIBILITY__COUNT];

struct reg {
    const char *key;
    struct label label;
    int index; /* in model->registers */
    enum visibility visibility;
    const struct field *counted_on; /* default `on` of its indicators */
    struct field *fields;
    int field_count;
    struct state *states; /* at most 64 */
    int state_count;
    int initial; /* index of the initial state */
    struct transition *transitions;
    int transition_count;
    struct check *checks;
    int check_count;
    struct place place;
};

/* How an office's documents look: the pack's layouts/KEY.yaml, in force between two days. */
struct layout {
    const char *key;
    struct label label;
    int32_t from, to;
    struct page_layout page;
    const char *motto;         /* "ĐẢNG CỘNG SẢN VIỆT NAM" */
    const char *number_prefix; /* "Số " */
    const char *number_infix;  /* "-": Số 127-BC/TU */
    struct place place;
};

/* A report: headings and paragraphs with figures set into the sentences, and tables by child
 * unit. The texts are templates of base/template.h over the figures ("{{kt_tcd}}"). */
struct report_paragraph {
    const char *heading; /* a heading, or NULL */
    int level;           /* of the heading: 1 "I-", 2 "1." */
    const char *text;    /* a paragraph, or NULL */
    struct place place;
};

struct report_table {
    struct label title;
    const struct indicator **columns;
    const char **column_titles;
    int column_count;
    struct place place;
};

struct report_def {
    const char *key;
    struct label label;     /* "Báo cáo" */
    const char *layout;     /* key */
    const char *type_name;  /* "BÁO CÁO" */
    const char *type_code;  /* "BC" */
    const char *subject;    /* template: unit, from, to */
    const char *sign_for;   /* "T/M BAN THƯỜNG VỤ" */
    const char *sign_title; /* "PHÓ BÍ THƯ" */
    const char **recipients;
    int recipient_count;
    struct report_paragraph *paragraphs;
    int paragraph_count;
    struct report_table *tables;
    int table_count;
    const struct indicator **indicators; /* every one that a paragraph names */
    int indicator_count;
    struct place place;
};

struct model {
    const char *pack; /* key of the pack, "chi_thi_05"; "" when it has no pack.yaml */
    struct label label;
    const char *directive; /* "05-CT/TW" */
    struct reg *registers;
    int register_count;
    struct indicator *indicators;
    int indicator_count;
    struct measure *measures;
    int measure_count;
    struct choice *roles; /* keys that `by` may name */
    int role_count;
    struct layout *layouts;
    int layout_count;
    struct report_def *reports;
    int report_count;
    struct map *by_key; /* "reg ktgs", "ind kt_tcd": use the functions below */
};

const struct reg *model_register(const struct model *, const char *key);
const struct indicator *model_indicator(const struct model *, const char *key);
const struct report_def *model_report(const struct model *, const char *key);
const struct layout *model_layout(const struct model *, const char *key);

const struct field *reg_field(const struct reg *, const char *key);
const struct field *list_field(const struct field *list, const char *key);
const struct state *reg_state(const struct reg *, const char *key);
/* The transition `verb` out of a state, or NULL. */
const struct transition *reg_transition(const struct reg *, int state, const char *verb);
/* Index of a choice by key, or -1. */
int choice_find(const struct field *, const char *key);

/* [a-z][a-z0-9_]*, at most 60 bytes: every key in files, SQL, JSON and URLs. */
bool key_is_valid(const char *);

#endif
