/* The context: what one request, command or job carries with it, and the faults it has met.
 * It names things of the upper layers that it does not look into. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* One thing that is wrong, in words for the person who can mend it. */
struct fault {
    enum status status;
    const char *file;    /* of a definition or an import; NULL elsewhere */
    int line, column;    /* from 1; 0 when there is none */
    const char *field;   /* key of the field or column at fault, or NULL */
    const char *message; /* Vietnamese: which value, and what would be right */
};

struct faults {
    struct fault *items;
    int count;
};

struct ctx {
    struct arena *arena;
    struct store *store;       /* where the data is; NULL before it is opened */
    struct db *db;             /* the connection of the transaction that is open, or NULL */
    struct worlds *worlds;     /* where the process keeps the newest world */
    const struct world *world; /* units, model and settings of one generation, or NULL */
    struct world_held *held;   /* the worlds that this context has a reference to */
    bool notes_touched;        /* of the write that is going on: facts are being made meanwhile, for
                                  which records that are written are noted */
    int64_t actor;             /* account id; 0 is the operator of this machine */
    const struct viewer *viewer; /* the account that asks, with its roles; NULL: the operator */
    const struct catalogue *language; /* in which people are spoken to; NULL: Vietnamese */
    int64_t now;                      /* UTC milliseconds; the only clock that the rules read */
    struct faults faults;             /* in the arena, in the order in which they were met */
};

/* A context like another with an arena of its own, which is emptied in long loops and goes with the
 * other's. The faults that it meets are given back by hand: they are in its arena. */
struct ctx ctx_scratch(struct ctx *);

/* Record what went wrong, once, where the cause is understood; returns the status:
 *     return fault_set(cx, ERR_NOT_FOUND, "Không có đơn vị %s.", code);
 * The format is looked up in the catalogue of the context's language, its values are not.
 * Called again it adds to the list, so a form or a file can collect all its faults. */
enum status fault_set(struct ctx *, enum status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the field or the place in a file. `where` gives file, line, column and field; its
 * status and message are not read. */
enum status fault_at(struct ctx *, enum status, struct fault where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Forget the faults that were added since there were `count`. */
void fault_forget(struct ctx *, int count);

/* Put the faults of a file into the order of its lines and columns. */
void fault_sort(struct ctx *);

#endif
