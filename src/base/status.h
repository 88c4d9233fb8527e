/* What a function that can fail returns. A status says what kind of thing went wrong; the words
 * for the person and the place of the fault are in the context (base/ctx.h). */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

enum status {
    OK,
    ERR_INVALID,   /* the input is wrong; the faults say which value and where */
    ERR_NOT_FOUND, /* there is no such thing, or the user may not know of it */
    ERR_FORBIDDEN, /* the user may see the thing but not do this */
    ERR_STALE,     /* somebody else changed it meanwhile */
    ERR_CONFLICT,  /* the same key was used for something else */
    ERR_LIMIT,     /* larger or more than the program takes */
    ERR_STORE      /* disk, network or database; nothing was changed */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Hand a failure up. The only macro that changes control flow. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != OK)                                                                     \
            return try_status_;                                                                    \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
