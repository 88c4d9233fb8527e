/* The audit: who did what, when, and who was shown whose data. Each row is written with what it is
 * about, and sealed soon after: a seal stands on the one before, so that a row or a seal that is
 * changed, removed or put in later is found. Rows that no seal has yet are the tail: of these
 * nothing can be said. */
#ifndef DOMAIN_AUDIT_H
#define DOMAIN_AUDIT_H

#include "base/doc.h"
#include "base/table.h"
#include "domain/world.h"

/* One thing that was done. */
struct audit_note {
    int64_t shard;      /* of what it was done with; audit_home for what belongs to none */
    const char *action; /* "create", "person.read", "account.grant": domain/audit_list.c says all */
    int64_t subject;    /* the id of a record, person, account, unit or declaration; 0: none */
    int64_t version;    /* of the subject, as it was left or read; 0: it has none */
    const char *detail; /* a reason or a name, or NULL */
};

/* The only way to write a row; inside a write, by the actor of cx. */
MUST_CHECK enum status audit_note(struct ctx *, const struct audit_note *);

/* The shard of the root, for what belongs to no other. */
int64_t audit_home(const struct ctx *);

/* Reading. An auditor reads the rows of the shards whose head, or of everything if the root, is the
 * unit of the role; the operator all. Content of records is not among them. */
bool may_audit(const struct ctx *);

/* What stands for the operator of the machine where a login is asked. */
#define AUDIT_OPERATOR "."

struct audit_query {
    int32_t from, to;        /* days, both included; DAY_MIN, DAY_MAX: open */
    const char *login;       /* who did it; NULL: anybody */
    const char *action;      /* its key, or NULL */
    const char *code;        /* of the record or person that it was done with, or NULL */
    const struct unit *unit; /* on which who did it had a role then, or NULL */
    int skip, limit;
};

struct audit_row {
    int64_t id, at, actor, version;
    const char *login, *who,
        *roles;                 /* the account, and its roles on that day; login NULL: operator */
    const char *action, *label; /* the key, and in words */
    const char *code;           /* of a record, person, account or unit; or NULL */
    const char *detail;         /* NULL where it would be content of a record */
};

struct audit_page {
    struct audit_row *rows;
    int count;
    bool more; /* there are others after them */
};

/* The newest first. ERR_INVALID for a login, an action or a code that cannot be. */
MUST_CHECK enum status audit_list(struct ctx *, const struct audit_query *, struct audit_page *out);
/* All of them as a table, shard by shard, the newest first. */
MUST_CHECK enum status audit_export(struct ctx *, const struct audit_query *, enum table_format,
    const struct sink *, int64_t *lines);
/* The rows of a person having been shown to others than the viewer, the newest first; rights are
 * the caller's to know. */
MUST_CHECK enum status audit_reads(struct ctx *, int64_t shard, int64_t person, int limit,
    struct audit_page *out);
/* Before it is shown ("audit.read") or written out ("audit.export"); not inside a write. */
MUST_CHECK enum status audit_note_read(struct ctx *, const char *action);
/* { key, label, is_chosen } of each action into a list. */
void audit_actions_doc(struct doc *list, const struct ctx *, const char *chosen);

/* One round of sealing with a snapshot of its own, under a lease; *more says that rows are left.
 * What is sealed, and when, changes nothing that anybody reads. */
MUST_CHECK enum status audit_seal_round(struct ctx *, bool *more);
/* All that waits, in rounds. ERR_CONFLICT while another process seals. */
MUST_CHECK enum status audit_seal_all(struct ctx *);

/* Something that is not as it was sealed. */
struct audit_finding {
    int64_t shard;
    const char *where; /* "dòng 123", "niêm phong 7": which row or seal */
    const char *what;  /* Vietnamese: what was done to it */
};

/* The last seal of a shard, to be written down elsewhere. */
struct audit_chain {
    int64_t shard, seals, rows, tail; /* rows that are sealed; rows that are not yet */
    const char *digest;               /* "": no seal yet */
};

struct audit_result {
    struct audit_chain *chains;
    int chain_count;
    struct audit_finding *findings; /* at most AUDIT_FINDINGS_MAX are listed */
    int count;
    int64_t left_out; /* found beyond those */
};

enum { AUDIT_FINDINGS_MAX = 200, AUDIT_DIGEST_LENGTH = 64 };

/* Everything in the snapshot of cx, in memory that does not grow with it. `against` is a digest
 * that was written down, or NULL: it must be that of a seal that is still there. ERR_INVALID when
 * it is no digest; findings are no failure. */
MUST_CHECK enum status audit_verify(struct ctx *, const char *against, struct audit_result *out);
/* The ends of the chains only: quick, however long they are. */
MUST_CHECK enum status audit_verify_heads(struct ctx *, struct audit_result *out);

#endif
