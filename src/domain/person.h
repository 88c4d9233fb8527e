/* People: a name, where somebody belongs from day to day, and a post. As little as counting members
 * and naming who is in charge needs; no opinion, no grade, nothing that joins what registers say
 * about one person. Every write and every read of somebody's data is an audit row. */
#ifndef DOMAIN_PERSON_H
#define DOMAIN_PERSON_H

#include "base/doc.h"
#include "domain/world.h"

/* The statuses of pack/model.h, in its order. */
enum person_status {
    PERSON_CHINH_THUC, /* a full member of the party */
    PERSON_DU_BI,      /* on probation */
    PERSON_NGOAI_DANG, /* works here and is no member */
    PERSON_STATUS__COUNT
};

const char *person_status_key(enum person_status);
const char *person_status_label(const struct ctx *, enum person_status);
/* That which is stored under a key. */
enum person_status person_status_of(const char *key);
/* By key or label, as people write it; -1. */
int person_status_find(struct arena *, const char *text);

/* Where somebody belongs, both days included. */
struct membership {
    int32_t from, to; /* DAY_MAX: open */
    const struct unit *unit;
    enum person_status status;
    const char *post; /* "": none */
};

struct person {
    int64_t shard, id;  /* the shard of the first unit */
    const char *code;   /* as those of records */
    const char *origin; /* the key in the list that he or she came with, or NULL */
    const char *name;   /* as it is written */
    const char *given;  /* whole words of the name: what people are sorted by first */
    int64_t version, created_at, updated_at;
    struct membership *spans; /* in order of time, at least one; no two share a day */
    int span_count;
};

/* For checking and showing what refers to a person. ERR_NOT_FOUND when there is none. Who shows a
 * name tells person_note_read. */
MUST_CHECK enum status person_by_code(struct ctx *, const char *code, struct person **out);
/* The same inside a write: nobody else changes the person until it ends. */
MUST_CHECK enum status person_for_change(struct ctx *, const char *code, struct person **out);
MUST_CHECK enum status person_exists(struct ctx *, const char *code, bool *out);
/* The one person whom a text means, by code or by the origin of the list that he or she came with,
 * as the number of the code; -1: nobody, or several. */
MUST_CHECK enum status person_find(struct ctx *, const char *text, int64_t *code);
MUST_CHECK enum status person_name(struct ctx *, const char *code, const char **out);

/* The name's key for sorting the Vietnamese way: given name, family name, middle names. */
const char *person_sort_key(struct arena *, const char *name, const char *given);

/* Reading for people's eyes; the audit row ("person.read") is written first. */

/* code, name, given, version, times, `spans` and `history` into an object. */
MUST_CHECK enum status person_doc(struct doc *object, struct ctx *, const char *code);

/* Those whose place on a day is this very unit, sorted by name, without the first `skip` of them:
 * code, name, given, unit, from, to, status, status_label, post into a list. *total is how many
 * there are in all. */
struct person_query {
    const struct unit *unit;
    int32_t day;
    int skip, limit;
};
MUST_CHECK enum status person_list_doc(struct doc *list, struct ctx *, const struct person_query *,
    int *total);

/* Note that these people's data were read, and how ("list", "show"); not inside a write. */
MUST_CHECK enum status person_note_read(struct ctx *, struct person *const *, int count,
    const char *how);

/* Changing. `reason` may be NULL. *out is the person as he or she then stands. */

/* One thing said anew, as people type it: name, given, or of the last span unit, from, to, status,
 * post. */
struct person_field {
    const char *key, *value;
};
MUST_CHECK enum status person_set(struct ctx *, const char *code, const struct person_field *,
    int count, const char *reason, struct person **out);

/* From a day on in another unit, status or post; what is NULL stays as it is. The last span ends on
 * the day before. */
struct person_move {
    int32_t day;
    const char *unit, *status, *post;
    const char *reason;
};
MUST_CHECK enum status person_move(struct ctx *, const char *code, const struct person_move *,
    struct person **out);

/* From a day on nowhere. */
MUST_CHECK enum status person_end(struct ctx *, const char *code, int32_t day, const char *reason,
    struct person **out);

/* A list of people as a table: columns name and unit, code or origin, and, if there, given, from,
 * to, status, post. Each line is one span of one person; lines of one code, or where there is none
 * of one origin, are one person. A known span (the person's, from the same day) whose line differs
 * is changed, an unknown one is added; what the list leaves out stays as it is, so the same file
 * again changes nothing. The whole file is checked first: every bad line is told, and nothing is
 * changed then. */
struct person_import {
    const char *file; /* its name, for the faults */
    const char *text;
    size_t length;
};
struct person_import_result {
    int lines, created, changed, unchanged; /* people but for the first */
};
enum { PERSON_IMPORT_LINES = 500000 };
MUST_CHECK enum status person_import(struct ctx *, const struct person_import *,
    struct person_import_result *);

#endif
