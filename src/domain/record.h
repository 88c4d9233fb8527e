/* Records: the rows of registers, their states, versions and history. Every change goes through
 * record_put, which checks all rules, writes the new version with its history and audit rows, and
 * brings the facts up to date, in one transaction. */
#ifndef DOMAIN_RECORD_H
#define DOMAIN_RECORD_H

#include "domain/world.h"
#include "pack/value.h"

/* A record of a restricted register has its readers; one without is read by those of its unit. */
enum readership { READERSHIP_OPEN, READERSHIP_READER, READERSHIP_CLOSED };

struct record {
    int64_t shard, id;
    const struct reg *reg;
    const char *code; /* public: two characters for the shard, ten random ones */
    const struct unit *unit;
    int state;                /* index in reg->states; STATE_IS_VOID */
    const char *stored_state; /* its key as it was read; "a/b" when the register's table differs */
    int64_t version;
    int64_t directives; /* the set that it serves (domain/directive.h) */
    int64_t batch;      /* the import that brought it, or 0 */
    int64_t created_at, updated_at;
    enum readership readership; /* who may read it besides rights; of records that were loaded */
    struct row fields;
};

enum { STATE_IS_VOID = -1 };

const char *record_state_key(const struct record *);
const char *record_state_label(const struct ctx *, const struct record *);

/* By public code. ERR_NOT_FOUND also for a record of an import that is not published yet, and for
 * one that cx->viewer may not read. */
MUST_CHECK enum status record_load(struct ctx *, const char *code, struct record **out);
/* Inside a write: nobody else changes the record until this one ends. */
MUST_CHECK enum status record_load_for_change(struct ctx *, const char *code, struct record **out);
MUST_CHECK enum status record_load_id(struct ctx *, int64_t shard, int64_t id, struct record **out);
/* Is there such a record, and may the viewer read it? The operator's records are not looked for. */
MUST_CHECK enum status record_is_readable(struct ctx *, const char *code, bool *out);
/* Several, in the order of the keys: a few questions for all of them. The second leaves out what
 * the viewer may not read; the first takes that for a mistake of who asks, ERR_NOT_FOUND. */
struct record_key {
    int64_t shard, id;
};
MUST_CHECK enum status record_load_keys(struct ctx *, struct record_key *, int count,
    struct record ***out);
MUST_CHECK enum status record_load_readable(struct ctx *, struct record_key *, int count,
    struct record ***out, int *out_count);

/* The record of a register that a text means, as the number of its code: by the code itself, or by
 * its origin in any shard. -1 when there is none that the viewer may read, or several of that
 * origin. */
MUST_CHECK enum status record_find(struct ctx *, const struct reg *, const char *text,
    int64_t *code);

/* One change of one record. `request` makes it idempotent: the same key for the same change does
 * nothing more and gives the record as it stands, for another change ERR_CONFLICT. May be NULL. */
struct record_change {
    const struct unit *unit;  /* where it belongs; NULL keeps it */
    const struct row *fields; /* all of them; NULL keeps them */
    int64_t directives;       /* the set that it serves; 0 keeps it */
    const char *verb;         /* a transition to take, or NULL */
    int64_t version;          /* that the change was made from; 0: whichever is there */
    const char *request;
    const char *reason; /* of a correction, a voiding or a step that returns */
    const char *field;  /* to which the reason of such a step belongs, or NULL */
};

/* A new record in its initial state, or, with `state`, in that one (imports): then all that the
 * states on the way demand must hold. */
struct record_new {
    const struct reg *reg;
    const struct unit *unit;
    const struct row *fields;
    int64_t directives; /* 0: the one of the register's pack */
    const char *origin; /* unique in shard and register: the same again gives the record that it
                           made, with other content ERR_CONFLICT; or NULL */
    const char *state;  /* key, or NULL */
    const char *verb;   /* a step to take at once, in the same transaction; or NULL */
};

/* All faults at once; nothing is written then. *out is the record as it then stands. */
MUST_CHECK enum status record_create(struct ctx *, const struct record_new *, struct record **out);
/* Edit the fields of a record that is not locked. */
MUST_CHECK enum status record_change(struct ctx *, const char *code, const struct record_change *,
    struct record **out);
/* Take a transition (`verb`). */
MUST_CHECK enum status record_move(struct ctx *, const char *code, const struct record_change *,
    struct record **out);
/* Change a locked record, with a reason. */
MUST_CHECK enum status record_correct(struct ctx *, const char *code, const struct record_change *,
    struct record **out);
/* Take a record out of everything, with a reason: the row stays, the code is never used again. */
MUST_CHECK enum status record_void(struct ctx *, const char *code, const struct record_change *,
    struct record **out);

/* Inside a write: the same, for a record that is not void. */
MUST_CHECK enum status record_void_inside(struct ctx *, const char *code, const char *reason);

/* Fill the entry dates that a record made right in a state must have and does not give: they are
 * the day by which it belongs to its unit. */
void record_enter(const struct reg *, int state, struct row *fields);

/* The messages of the notices that a record gives rise to: rules that it may break when somebody
 * explains why (the `reason` of a change). */
int record_notices(struct ctx *, const struct record *, const char ***out);

/* A record without its fields, from a query with the columns of record_by_id: the row of a register
 * of the model that cx->world is by. ERR_STORE when its unit is not known. */
MUST_CHECK enum status record_read_head(struct ctx *, struct query *, const struct reg *,
    struct record *);
/* The state as the register's own table has it; noted in the record when it differs. */
void record_join_state(struct arena *, struct record *, const char *state);

/* The rules that a record in a state must meet; every fault is reported. ERR_INVALID if any. Reads
 * no database: the same check serves a dry run. */
MUST_CHECK enum status record_validate(struct ctx *, const struct reg *, const struct unit *,
    int state, const struct row *fields);

/* The day by which a record belongs to its unit: counted_on, or today while it is empty. */
int32_t record_day(const struct ctx *, const struct reg *, const struct row *fields);

/* Its fields as JSON, as history keeps them: equal texts are equal fields. */
const char *record_body(struct ctx *, const struct record *);

/* Inside a write: store a validated record with its history, audit row and facts. For a new one
 * `before` is NULL. By world_write only: it asks whether the record is to be noted for a build.
 * Used by the import, which validates beforehand. */
struct record_put {
    const char *action; /* "create", "change", "move", "correct", "void", "import" */
    const char *request;
    const char *reason;
    const char *origin;
    bool no_delta; /* the facts go to the cells with their batch's publication */
};
MUST_CHECK enum status record_write(struct ctx *, const struct record *before, struct record *after,
    const struct record_put *);

/* Inside a write: store a record as a new version of the packs has it (model and sql of cx->world
 * are of that one), whose tables do not have it yet. When it is not what it was, that is a version
 * of its own, for the given reason. Facts are left to the caller. */
MUST_CHECK enum status record_migrate(struct ctx *, const struct record *before,
    struct record *after, const char *reason);

/* A fresh public code for a shard (base/code.h). */
const char *record_code_new(struct arena *, int64_t shard);

#endif
