/* Records from files: the whole file is checked first, every bad row reported with line, column,
 * value and reason; then all of it is written, or nothing.
 *
 * Columns: unit (code), optionally origin (a key of the record in its file) and state, field keys,
 * and LIST.COLUMN for the rows of lists. A record with several list rows takes several lines that
 * follow each other: the later ones repeat its origin or leave its unit empty. Without an origin a
 * record's key is made from its content, so that the same file again adds nothing. The same origin
 * with other content than it first came with is a fault. */
#ifndef DOMAIN_IMPORT_H
#define DOMAIN_IMPORT_H

#include "domain/world.h"

struct record_import {
    const char *reg;  /* key of the register */
    const char *file; /* its name, for faults and for the batch */
    const char *text;
    size_t length;
    bool dry_run;
    void (*progress)(int64_t done, int64_t of); /* or NULL */
};

struct record_import_result {
    int64_t batch;          /* 0: nothing was written */
    int64_t records, known; /* written, and those that were there already */
    int64_t lines;
    int64_t to_explain;   /* records that give rise to notices, new or known */
    const char **notices; /* the first of them, with their lines */
    int notice_count;
};

/* A chunk is written in one transaction, whose pages stay in memory: with 20,000 records they
 * were 250 MB in a database of a million, with 4,000 they are 90. */
enum { IMPORT_FAULTS_MAX = 1000, IMPORT_NOTICES_MAX = 20, IMPORT_CHUNK = 4000 };

MUST_CHECK enum status record_import(struct ctx *, const struct record_import *,
    struct record_import_result *);

/* Void all records of a batch that have not been changed since; *kept is how many were. The file
 * can then be imported again. */
MUST_CHECK enum status record_import_undo(struct ctx *, int64_t batch, int64_t *voided,
    int64_t *kept);

#endif
