/* Declarations from files, and the two steps in which one is made. */
#ifndef DOMAIN_DECLARATION_H
#define DOMAIN_DECLARATION_H

#include "domain/figure.h"

/* Read and check what is declared; every fault names its field. Nothing is written. */
MUST_CHECK enum status declaration_read(struct ctx *, const struct declare *,
    struct declaration *out);
/* Inside a write: put it, or find it there. */
enum declaration_fate { DECLARATION_NEW, DECLARATION_CHANGED, DECLARATION_SAME };
MUST_CHECK enum status declaration_put(struct ctx *, struct declaration *, enum declaration_fate *);

struct declaration_import_result {
    int created, changed, unchanged;
};

/* A table with the columns indicator, unit, from, to, value, source and, if there, where, word,
 * numerator and denominator: all of it or nothing, every fault with line and column. The same file
 * again changes nothing. */
MUST_CHECK enum status declaration_import(struct ctx *, const char *file, const char *text,
    size_t length, struct declaration_import_result *);

#endif
