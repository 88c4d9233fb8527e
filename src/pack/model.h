/* The model: what the packs say, read and checked whole, immutable and shared by all threads.
 * Everything here lives in one arena that pack_load filled; nothing points outside it.
 *
 * The values that a record of the model holds are in pack/value.h, conditions in pack/expr.h. */
#ifndef PACK_MODEL_H
#define PACK_MODEL_H

#include "base/ctx.h"
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
    KIND_DECIMAL, /* scaled integer */
    KIND_DATE,
    KIND_TIME, /* minutes since midnight */
    KIND_BOOLEAN,
    KIND_CHOICE,    /* one of `choices` */
    KIND_UNIT,      /* a unit of the tree */
    KIND_PERSON,    /* a person, by the number of the code */
    KIND_REFERENCE, /* a record of the register `target`, by the number of its code */
    KIND_FILES,     /* one line for each file: its digest, a blank, its name */
    KIND_QUANTITY,  /* scaled integer, unit of measure, published word */
    KIND_LIST,      /* rows of `fields` */
    KIND__COUNT
};

/* The key of a kind: "long_text". */
const char *kind_key(enum kind);

struct label {
    const char *vi; /* never NULL */
    const char *en; /* the Vietnamese one when the pack gives none */
};

/* The label in the language in which people are spoken to. */
const char *label_text(const struct ctx *, const struct label *);

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

/* Why something about a person is kept, who sees it, and for how long. */
struct personal {
    struct label purpose, viewers;
    int keep; /* years */
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
    int decimals;     /* of decimals and quantities: the integer is the number times 10^decimals */
    int64_t min, max; /* of numbers (scaled); INT64_MIN, INT64_MAX: none */
    int max_length;   /* KIND_TEXT, KIND_LONG_TEXT, in characters */
    bool has_default; /* what an absent input means */
    int64_t default_value;    /* a choice's index, 0 or 1, a scaled number; no default for texts */
    const struct reg *target; /* KIND_REFERENCE */
    const struct state *entered; /* a date that the program keeps: the last entry into this state */
    uint64_t known_in;           /* the states in which such a date is never null */
    bool open_after_lock;        /* may still be changed when the record is locked */
    bool is_private;             /* the person's and the branch's: not searched, not exported */
    const struct personal *personal; /* NULL: nothing about a person */
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
    bool returns;             /* it gives the record back to who submitted it, with a reason */
    struct place place;
};

/* A rule of a register. When it reads a list's columns it holds for each row. */
struct check {
    const struct expr *that;  /* must not be false; null passes, as in SQL's CHECK */
    const struct field *list; /* the list it is about, or NULL */
    struct label message;
    bool is_notice; /* told, and an explanation asked for; never refused */
    struct place place;
};

/* A rule between two figures of one unit and range; to be explained, never refused. */
struct notice {
    const struct indicator *indicator, *at_most;
    struct label message;
    struct place place;
};

/* How an indicator makes a figure. The first four have facts; of these all but AGG_DISTINCT keep
 * sums (deltas and cells). The others are made of other figures. */
enum aggregation {
    AGG_COUNT,
    AGG_SUM,
    AGG_DISTINCT, /* how many different values: the value is the fact's, as a number */
    AGG_STOCK,    /* all that came and went until the last day of the range */
    AGG_RATIO,    /* `bases`: numerator, denominator */
    AGG_CHANGE,   /* bases[0] against itself a year before */
    AGG__COUNT
};

extern const char *const aggregation_keys[AGG__COUNT + 1]; /* closed by NULL */

/* What a ratio is made of: another indicator, or units or people that are there on the last day. */
enum base_kind { BASE_INDICATOR, BASE_UNITS, BASE_PEOPLE };
struct base {
    enum base_kind kind;
    const struct indicator *indicator;
    const char **keys; /* kinds of units, statuses of people */
    int key_count;
};

struct indicator {
    const char *key;
    struct label label;
    int index; /* in model->indicators */
    const struct reg *reg;
    enum aggregation aggregation;
    const struct field *list;     /* rows of this list make facts; NULL: records */
    const struct field *sum;      /* AGG_SUM, AGG_STOCK: a number; NULL: 1 each */
    const struct field *distinct; /* AGG_DISTINCT: a field; NULL: the record's unit */
    const struct field *until;    /* AGG_STOCK: the day on which it goes out again; or NULL */
    struct base bases[2];         /* AGG_RATIO, AGG_CHANGE */
    const struct expr *where;     /* NULL: all */
    const char *where_text;       /* as the pack has it; NULL: all */
    const struct field *on;       /* the date by which it counts; never null in a counting state */
    uint64_t states;         /* bit i: state i counts (`in`, or the register's counting states) */
    const struct field **by; /* the cuts, in the pack's order: choice or boolean fields */
    int by_count;
    bool by_measure; /* sum over a quantity of several measures: "don_vi_tinh" is one more cut */
    int scale;       /* of the figure: `decimals` of the summed field */
    uint64_t digest; /* of all that decides its facts: a changed one is rebuilt */
    struct place place;
};

bool indicator_has_facts(const struct indicator *);
bool indicator_keeps_sums(const struct indicator *);
/* Is it a ratio of different units to units of some kinds? Its numerator takes only units that the
 * denominator counts, so that it is a share of them. */
bool indicator_is_share(const struct indicator *);
/* The indicator whose cuts choose among those of a figure: of a ratio the numerator's, of a change
 * that which changes; NULL: there are none. */
const struct indicator *indicator_of_cuts(const struct indicator *);

/* The cuts that a sum over several measures, and a stock, have besides their `by` fields. */
#define CUT_MEASURE "don_vi_tinh"
#define CUT_FLOW    "bien_dong"

/* A fact keeps its cuts in one number (domain/fact.h): so many of them, with so many values. */
enum { CUTS_MAX = 5, CUT_VALUES_MAX = 255 };

/* What a person's membership says of him or her: the closed set that "people(...)" may name. */
enum { PEOPLE_STATUSES = 3 };
extern const struct choice people_statuses[PEOPLE_STATUSES];

/* The decimals of a percentage. */
enum { RATIO_SCALE = 1 };

enum visibility { VISIBILITY_CONG_KHAI, VISIBILITY_NOI_BO, VISIBILITY_HAN_CHE, VISIBILITY__COUNT };
extern const char *const visibility_keys[VISIBILITY__COUNT];

struct reg {
    const char *key;
    struct label label;
    int index;        /* in model->registers */
    const char *pack; /* key of the pack that defines it */
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
    struct notice *notices;
    int notice_count;
    struct place place;
};

/* How an office's documents look: the pack's layouts/KEY.yaml, in force between two days. In a
 * pattern "{I}", "{1}" or "{a}" stands for the running number. */
enum { HEADING_LEVELS = 3 };

struct layout {
    const char *key;
    struct label label;
    int32_t from, to;
    struct page_layout page;
    const char *motto;                    /* "ĐẢNG CỘNG SẢN VIỆT NAM" */
    const char *submotto;                 /* "Độc lập - Tự do - Hạnh phúc", or NULL */
    const char *number_prefix;            /* "Số " */
    const char *number_infix;             /* before the type: "-" in Số 127-BC/TU */
    const char *organ_infix;              /* before the issuer's code: "/" */
    int number_digits;                    /* at least: 2 makes 7 a 07 */
    const char *sign_prefix;              /* "T/M " */
    const char *addressee_label;          /* "Kính gửi: ", or NULL: reports name no addressees */
    const char *text_end;                 /* of the last sentence: "." or "./." */
    const char *headings[HEADING_LEVELS]; /* "{I}- ", "{1}. ", "{a}) " */
    const char *annex_label;              /* "Phụ lục {1}" */
    bool subject_capital;                 /* the subject begins with a capital letter */
    struct place place;
};

/* Which number of a figure is meant: its value, or one that only some figures have. */
enum aspect {
    ASPECT_VALUE,
    ASPECT_NUMERATOR, /* of a ratio */
    ASPECT_DENOMINATOR,
    ASPECT_OPENING, /* of a stock */
    ASPECT_INCREASE,
    ASPECT_DECREASE,
    ASPECT_DIRECTION, /* of a change: "tăng", "giảm", and how much */
    ASPECT_SIZE,
    ASPECT__COUNT
};
extern const char *const aspect_keys[ASPECT__COUNT]; /* NULL: the value */

/* What a piece of a sentence prints. */
enum piece_kind {
    PIECE_TEXT,     /* `text` as it stands */
    PIECE_FIGURE,   /* report->figures[index] */
    PIECE_NAMES,    /* report->lists[index]: "A; B; C" */
    PIECE_COUNT,    /* how many names that list has */
    PIECE_UNIT,     /* the unit's name */
    PIECE_PLACE,    /* the same without the word of its kind: "Bến Tre" */
    PIECE_SUPERIOR, /* the name of the unit above */
    PIECE_FROM,
    PIECE_TO,
    PIECE__COUNT
};

struct piece {
    enum piece_kind kind;
    const char *text;
    int index;
    enum aspect aspect;
};

/* A sentence with figures set into it ("{{kt_tcd}}"), cut into pieces when the pack is read. */
struct sentence {
    const char *source; /* as the pack has it; NULL: there is none */
    struct piece *pieces;
    int count;
};

/* A figure that a report names. */
struct report_figure {
    const char *key; /* its own, or its indicator's */
    const struct indicator *indicator;
    const char *where; /* "nhom=kinh_te", or NULL */
};

/* The names of the records behind a figure. */
struct report_list {
    const char *key;
    int figure;               /* in report->figures */
    const struct field *show; /* a text of the record */
    struct place place;
};

/* One line of the head, by the kind of the unit whose name it prints. */
struct kind_sentence {
    const char *kind; /* NULL: every other */
    struct sentence text;
};

struct report_line {
    struct kind_sentence *items;
    int count;
};

enum block_kind {
    BLOCK_HEADING,
    BLOCK_TEXT,
    BLOCK_SLOT /* where a clerk writes; the text says what about */
};

struct report_block {
    enum block_kind kind;
    int level; /* of a heading, from 1 */
    struct sentence text;
    int *needs; /* places in report->figures: printed only if one of them holds anything */
    int need_count;
    struct place place;
};

struct report_column {
    int figure;
    enum aspect aspect;
    const char *title;
    const char *group; /* one head over neighbours of the same group, or NULL */
};

struct report_table {
    struct label title;
    struct report_column *columns;
    int column_count;
    struct place place;
};

struct report_def {
    const char *key;
    struct label label;            /* "Báo cáo" */
    const struct layout **layouts; /* of which one is in force on a day */
    int layout_count;
    const char *type_name;       /* "BÁO CÁO" */
    const char *type_code;       /* "BC" */
    struct report_line superior; /* about the unit above; without an item for its kind no line */
    struct report_line issuer;
    struct report_line organ; /* the issuer's code in the number: "TU" */
    struct sentence subject;
    const char *sign_for;        /* "BAN THƯỜNG VỤ" */
    const char *sign_title;      /* "PHÓ BÍ THƯ" */
    struct sentence *addressees; /* to whom it is sent up, where the layout names them */
    int addressee_count;
    const char **recipients;
    int recipient_count;
    struct report_block *blocks;
    int block_count;
    struct report_table *tables;
    int table_count;
    struct report_figure *figures; /* every one that is named anywhere */
    int figure_count;
    struct report_list *lists;
    int list_count;
    struct place place;
};

/* A line of `migrate:`: what becomes of the data of something that an older version of the pack
 * has. It is done once, when that version is replaced; afterwards the line says nothing. */
enum migration_sort { MIGRATE_FIELD, MIGRATE_CHOICE, MIGRATE_STATE, MIGRATE_INDICATOR };

struct migration {
    enum migration_sort sort;
    const char *reg;   /* key of the register */
    const char *list;  /* of a column of a list: its key; else NULL */
    const char *field; /* MIGRATE_CHOICE: key of the field */
    const char *key;   /* the old key */
    const char *to;    /* the new key; NULL: a field is dropped, or has another kind */
    bool is_retyped;   /* MIGRATE_FIELD: it keeps its key and has another kind */
    struct place place;
};

/* A directive that records may serve: the one of a pack, or another that a pack names. */
struct directive {
    const char *key;    /* of a pack's own: the pack's key */
    const char *symbol; /* "05-CT/TW" */
    struct label label;
    const char *pack; /* key of the pack that says so; its own before one that only names it */
    struct place place;
};

/* A record keeps its directives as a set of so many bits. */
enum { DIRECTIVES_MAX = 23 };

/* A register of another pack that a pack builds on. */
struct use {
    const char *pack, *reg; /* keys */
    struct place place;
};

/* One of the packs that make up the model. */
struct pack {
    const char *key;    /* "chi_thi_05"; "" when it has no pack.yaml */
    const char *folder; /* where its files stand among those that were read: "", "chi_thi_05" */
    struct label label;
    const char *directive; /* symbol of its own directive, "" without a pack.yaml */
    struct use *uses;
    int use_count;
    struct place place;
};

struct model {
    struct pack *packs; /* at least one, in the order of their keys */
    int pack_count;
    struct directive *directives; /* at most DIRECTIVES_MAX */
    int directive_count;
    struct reg *registers;
    int register_count;
    struct migration **migrations;
    int migration_count;
    struct indicator *indicators;
    int indicator_count;
    struct measure *measures;
    int measure_count;
    struct choice *roles; /* keys that `by` may name */
    int role_count;
    struct choice *unit_kinds; /* that a unit may be of, from all packs; none: any */
    int unit_kind_count;
    struct choice *blocs; /* likewise */
    int bloc_count;
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
const struct directive *model_directive(const struct model *, const char *key);
const struct pack *model_pack(const struct model *, const char *key);
/* Does a pack own a register, or say that it uses it? */
bool pack_may_use(const struct pack *, const struct reg *);

const struct field *reg_field(const struct reg *, const char *key);
const struct field *list_field(const struct field *list, const char *key);
/* By what its records are called where others name them: the first required text that is about
 * nobody. NULL: by their codes; always so in a register of the visibility han_che. */
const struct field *reg_title(const struct reg *);
/* By whom a record is about somebody: its first field of kind person, lists aside. NULL: about
 * nobody. */
const struct field *reg_person(const struct reg *);
/* By which day the units that its records name have to do what they say: the first required day
 * that it is not counted on. NULL: it names no units, has no such day, or is of the visibility
 * han_che. */
const struct field *reg_due(const struct reg *);
/* Is it a year: a whole number that is bound to four digits? It is printed without a dot. */
bool field_is_year(const struct field *);
/* Does it keep anything about people, or for them alone? */
bool field_is_personal(const struct field *);
const struct state *reg_state(const struct reg *, const char *key);
/* May the step be taken in this state? */
bool transition_leads_from(const struct transition *, int state);
/* The transition `verb` out of a state, or NULL. */
const struct transition *reg_transition(const struct reg *, int state, const char *verb);
/* Index of a choice by key, or -1. */
int choice_find(const struct field *, const char *key);

/* The one of a key among some choices, or NULL. */
const struct choice *choice_among(const struct choice *, int count, const char *key);
/* The label of a key among some choices; the key itself when it is not there. */
const char *choice_label(const struct ctx *, const struct choice *, int count, const char *key);

/* [a-z][a-z0-9_]*, at most 60 bytes: every key in files, SQL, JSON and URLs. */
bool key_is_valid(const char *);

#endif
