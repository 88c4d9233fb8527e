/* Copies of the file that keeps a database: all its pages at one moment, and the pages that change
 * from then on (shipping). A database on a server has no pages to us: rows.h is for both. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

/* The pages of the snapshot of cx as a new file, which is a database. Nobody is kept from writing
 * meanwhile. Not synced: see file_put. */
MUST_CHECK enum status store_copy_pages(struct ctx *, const char *path);

/* Do the pages of the snapshot of cx, with its indexes and constraints, agree? ERR_INVALID with
 * what does not. Nothing is asked of a server. */
MUST_CHECK enum status store_check_pages(struct ctx *);

#endif
