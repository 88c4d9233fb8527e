/* Backups, and databases made out of them. A backup is one file, of pages or of rows, with a digest
 * at its end; a changed or shortened one is refused. Whatever is made is looked at before it gets
 * its name: the pages, the number of rows, and, unless it is to be quick, the whole check. */
#ifndef DOMAIN_BACKUP_H
#define DOMAIN_BACKUP_H

#include "domain/check.h"
#include "store/rows.h"

struct backup_options {
    const char *from, *to; /* a file, a folder, or the address of a database */
    bool as_rows;          /* a backup of rows, which either engine takes; else of pages */
    bool is_quick;         /* no recount */
    bool distribute;       /* spread the new database over the machines of a Citus cluster */
};

struct backup_result {
    const char *path; /* of what was made, for people */
    int64_t units, bytes;
    struct rows_count count;
    struct check_result check; /* zero when it was quick. Differences are those of the origin */
};

/* Back up the database of cx as it is in its snapshot, to the file `to`, or into that folder under
 * a name that says when. A database on a server is backed up as rows. */
MUST_CHECK enum status backup_make(struct ctx *, const struct backup_options *,
    struct backup_result *);

/* Make the database `to` out of the backup `from`, a file or a folder of shipping. ERR_CONFLICT
 * when there is one. */
MUST_CHECK enum status backup_restore(struct ctx *, const struct backup_options *,
    struct backup_result *);

/* Make the database `to` out of the database `from`, which may be in use; ends in comparing the
 * digests of the two. */
MUST_CHECK enum status backup_copy(struct ctx *, const struct backup_options *,
    struct backup_result *);

#endif
