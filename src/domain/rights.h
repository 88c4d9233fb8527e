/* Who may do what. Rights come from one table (rules, in rights.c: role, relation, visibility of
 * the register) and from the packs, whose transitions say which roles may take them; what neither
 * grants is refused. What may not be seen is answered like what is not there.
 *
 * The relation is that between the unit of a role and the unit that a thing belongs to, both as
 * they stand today: whoever took over a merged unit has its records too. */
#ifndef DOMAIN_RIGHTS_H
#define DOMAIN_RIGHTS_H

#include "base/doc.h"
#include "domain/record.h"
#include "domain/viewer.h"

enum action {
    ACTION_FIGURE, /* the figures of a unit */
    ACTION_ROW,    /* of a record behind a figure: code, unit, day and what it contributes */
    ACTION_READ,   /* a record's content, files and history */
    ACTION_RECORD, /* make records, edit, correct and void them */
    ACTION_STEP,   /* take the steps that the pack gives to the role; with a return go remarks */
    ACTION_PERSON, /* what records say of people, and their private fields */
    ACTION__COUNT
};
extern const char *const action_keys[ACTION__COUNT];

enum relation {
    RELATION_SELF,   /* the record is about the viewer: a field of it names him or her */
    RELATION_READER, /* the viewer is one of the readers of a restricted record */
    RELATION_NAMED,  /* the record names the role's unit in a field */
    RELATION_OWN,    /* of the role's unit */
    RELATION_BELOW,  /* of a unit below it */
    RELATION_ABOVE,  /* of a unit above it: whose totals it is a part of */
    RELATION__COUNT
};
extern const char *const relation_keys[RELATION__COUNT];

/* Of a unit's figures, rows and lists in a register. Relations to single records are left aside. */
bool may_unit(const struct ctx *, enum action, const struct reg *, const struct unit *);
/* Is there anything of the unit that the viewer may see? */
bool may_know_unit(const struct ctx *, const struct unit *);
/* May the viewer see who belongs to the unit? */
bool may_people(const struct ctx *, const struct unit *);
/* The same of one person: himself or herself, or one who has ever belonged to such a unit. */
struct person;
bool may_person(const struct ctx *, const struct person *);
/* Of the unit with all below it: so that what is listed of a subtree may be seen line by line. */
bool may_subtree(const struct ctx *, enum action, const struct reg *, const struct unit *);
/* Is there any unit whose records of the register the viewer may read? */
bool may_list(const struct ctx *, const struct reg *);
/* Of one record; ACTION_STEP: any step at all that its state allows. */
bool may_record(const struct ctx *, enum action, const struct record *);
/* Of one step of a record, whatever its state. */
bool may_step(const struct ctx *, const struct transition *, const struct record *);
/* Has the viewer a unit of his or her own in which to make records of the register? */
bool may_make(const struct ctx *, const struct reg *, const struct unit *);

/* What is done with a unit as a whole, and belongs to no register. */
enum work {
    WORK_SEND,       /* its report */
    WORK_RECEIVE,    /* its report: receive or return it, remind whoever has not sent it */
    WORK_PUBLISH,    /* figures of it, and withdraw them */
    WORK_ADMINISTER, /* see to it, to its accounts and roles */
    WORK__COUNT
};
bool may_work(const struct ctx *, enum work, const struct unit *);

/* Does the viewer see to units, accounts and roles of the unit (NULL: of any): is he or she an
 * administrator of it or of one above? */
bool may_administer(const struct ctx *, const struct unit *);

/* May whoever makes such a record there take this step of it at once? */
bool may_make_and_step(const struct ctx *, const struct reg *, const struct transition *,
    const struct unit *);

/* The unit that bears a code on a day, as tree_by_code finds it. One of which the viewer may know
 * nothing is told like one that there is not. */
MUST_CHECK enum status rights_unit(struct ctx *, const char *code, int32_t day,
    const struct unit **out);
/* The failure of a code that no unit bears, for who finds one by other means. */
enum status rights_no_unit(struct ctx *, const char *code);

/* The units of a unit's subtree of today whose records of a register the viewer may read, for
 * lists: the right compiled into a scope. *whole: all of them, however many; then the scope is
 * empty. */
void rights_scope(const struct ctx *, const struct reg *, const struct unit *, struct scope *out,
    bool *whole);

/* What is read of a record of restricted visibility before it is asked about: who its readers are.
 * Fills record->readership. */
MUST_CHECK enum status rights_read_readers(struct ctx *, struct record **, int count);

/* Does a record in this state wait for somebody's decision: can it be returned from there, or must
 * somebody go on with it who does not make such records? */
bool state_waits(const struct reg *, int state);

/* Is it work for those who make no such records: does one of their steps lead on from there? */
bool state_is_assigned(const struct reg *, int state);

/* What `chithi explain rights` shows, of all roles or of one: `rights`, a row for each role,
 * relation and set of registers; `works`, a row for each role and relation to a unit; and `steps`,
 * of each register, with the roles that may take them.
 * ERR_NOT_FOUND for a role that there is not. */
MUST_CHECK enum status rights_doc(struct doc *object, struct ctx *, const char *role);

#endif
