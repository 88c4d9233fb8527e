/* Copies of the file that keeps a database: all its pages at one moment, and the pages that change
 * from then on (shipping). A database on a server has no pages to us: rows.h is for both. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

/* The pages of the snapshot of cx as a new file, which is a database. Nobody is kept from writing
 * meanwhile. Not synced: see file_put. */
MUST_CHECK enum status store_copy_pages(struct ctx *, const char *path);

/* Put a digest at the end of such a file, which is a database still; it belongs to nobody else. */
MUST_CHECK enum status store_seal_pages(struct ctx *, const char *path);
/* Take the digest off *length; ERR_INVALID when it is not there, or the file was changed since. */
MUST_CHECK enum status store_unseal_pages(struct ctx *, const char *file, const char *bytes,
    size_t *length);

/* Do the pages of the snapshot of cx, with its indexes and constraints, agree? ERR_INVALID with
 * what does not. Nothing is asked of a server. */
MUST_CHECK enum status store_check_pages(struct ctx *);

/* Shipping: from now on what is committed to the file is also in `folder`, half a second later, as
 * long as the store is open; whichever process writes. A folder that cannot be written keeps nobody
 * from working: it is tried again, and begun anew when too much has piled up. ERR_INVALID for a
 * database on a server. Runs the first round itself, so that a folder that is not there is told. */
MUST_CHECK enum status store_ship_begin(struct ctx *, const char *folder);
/* Ship what there is now; false when that failed. */
bool store_ship_now(struct store *);
/* Since when it has not been possible to ship, UTC milliseconds; 0: it works, or is not asked for.
 */
int64_t store_ship_failing_since(struct store *);

/* Put together what was shipped to `folder`, up to the last whole transaction, into a new file.
 * ERR_INVALID when anything but the end is missing or changed. */
MUST_CHECK enum status store_unship(struct ctx *, const char *folder, const char *path);

#endif
