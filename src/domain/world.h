/* What a request sees of units, model and settings: one immutable world for each generation of the
 * database, shared by all requests that began in it and freed with the last. */
#ifndef DOMAIN_WORLD_H
#define DOMAIN_WORLD_H

#include "domain/calendar.h"
#include "domain/data_key.h"
#include "domain/tree.h"
#include "pack/model.h"
#include "store/sqlgen.h"

struct worlds;

struct world {
    int64_t generation;
    const struct model *model; /* the same in worlds of the same packs, while they are held */
    const struct model_sql *sql;
    const int64_t *indicator_ids; /* the store's number of each indicator of the model */
    const int64_t *sumless_ids;   /* numbers of indicators whose facts are not added up */
    int sumless_count;
    const int *directive_ids; /* the number of each directive of the model, 0 to 22: its bit */
    const struct reg_indicators *of_register; /* by index of the register */
    const struct tree *tree;
    const struct calendar *calendar;
    int zone_offset; /* minutes east of UTC of the setting `zone`, at the time of loading */
    int32_t today;
    int month_units, day_units;    /* sums are kept for units with more than so many below */
    int argon2_kib, argon2_passes; /* what a password's hash costs (secret.h) */
    bool is_totp_off;              /* no role needs one-time codes */
    bool is_demo;
    bool is_isolated;            /* the setting `mode`: on a machine or network of its own */
    bool has_restricted_content; /* by the operator's decision also where it is not */
    const char *site; /* the origin that people use: "https://chithi.example.vn"; NULL: none */
    /* the keeper's */
    struct arena *arena;
    int references;
};

/* The indicators of one register that have facts. */
struct reg_indicators {
    const struct indicator **items;
    int count;
};

struct worlds *worlds_new(void);
/* For those who come to replace the packs: when layouts or reports do not load, because an older
 * version of the program took them in another form, worlds have none. */
void worlds_take_registers(struct worlds *);
/* The key that the process encrypts secrets of accounts with, copied; NULL until it is given. */
void worlds_take_data_key(struct worlds *, const struct data_key *);
const struct data_key *worlds_data_key(const struct worlds *);
void worlds_free(struct worlds *);

/* Begin: open a snapshot for reading and take the world of its generation, loading it if it is
 * newer than the one at hand. ERR_INVALID when the database has not been initialised. */
MUST_CHECK enum status world_begin(struct ctx *);
/* End the snapshot and give the world back. Harmless when nothing was begun. */
void world_end(struct ctx *);
/* Begin again, so that what was written meanwhile is seen. */
MUST_CHECK enum status world_renew(struct ctx *);

/* Write by the rules of a world: like store_write, but `fn` runs only when cx->world is still the
 * database's; else the world is renewed first, and when the model itself has changed, ERR_STALE.
 * Afterwards cx reads what was written; when just that fails, the message says that it was written,
 * and cx is in no snapshot. */
MUST_CHECK enum status world_write(struct ctx *, write_fn *fn, void *arg);
/* The same for a write that is not the last of what was asked for: when only reading fails
 * afterwards, nothing says that it was written. */
MUST_CHECK enum status world_step(struct ctx *, write_fn *fn, void *arg);

/* Inside a write: the units or the model have changed. */
MUST_CHECK enum status world_changed(struct ctx *);

/* Load a world of what cx->db now holds into `home`, unshared: inside a write that changes it. */
MUST_CHECK enum status world_load(struct ctx *, struct arena *home, const struct world **out);

/* A world like `base` that derives facts of another model: of the indicators that `wanted` marks,
 * by index, under the numbers `ids`. It has no SQL of that model. */
const struct world *world_with_model(struct arena *, const struct world *base, const struct model *,
    const int64_t *ids, const bool *wanted);

/* Change a setting by its key, for worlds that begin from now on, with a row of the audit;
 * ERR_INVALID for an unknown key or a value that it does not take. */
MUST_CHECK enum status setting_set(struct ctx *, const char *key, const char *value);

/* Do the facts of this indicator, by its number in the store, have deltas and cells? */
bool world_keeps_sums(const struct world *, int64_t indicator);

/* The indicator that has this number in the store, or NULL. */
const struct indicator *world_indicator_of(const struct world *, int64_t id);

/* The record kept for an indicator's key, or the fault that lists what there is. */
MUST_CHECK enum status world_indicator(struct ctx *, const char *key, const struct indicator **out);
MUST_CHECK enum status world_register(struct ctx *, const char *key, const struct reg **out);

#endif
