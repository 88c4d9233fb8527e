/* Attached files: their bytes in the database, under their SHA-256, so that one file is backed up
 * and several servers see them. A field of kind `files` holds a line for each: digest, blank, name.
 */
#ifndef DOMAIN_BLOB_H
#define DOMAIN_BLOB_H

#include "domain/record.h"

enum {
    BLOB_PART = 256 * 1024,
    BLOB_MAX = 20 * 1024 * 1024,
    BLOB_NAME_MAX = 120, /* characters */
    BLOB_DIGEST = 64     /* hexadecimal digits */
};

struct attachment {
    const char *digest, *name;
};

/* The lines of a field. What is no such line is left out; see attachments_check. */
int attachments_read(struct arena *, const char *text, struct attachment **out);
const char *attachments_text(struct arena *, const struct attachment *, int count);
/* Only the names, for people. */
const char *attachments_names(struct arena *, const char *text);
/* Is the text what attachments_text writes? False with a fault at `where`, which says what is
 * wrong with which line. */
bool attachments_check(struct ctx *, struct fault where, const char *text);

/* The digest of bytes, in the arena. */
const char *blob_digest(struct arena *, const char *bytes, size_t length);
/* A name to attach a file under: the last part of a path, cleaned; NULL when nothing is left of it
 * or it is too long. */
const char *blob_name(struct arena *, const char *path);

/* One file to attach. Its kind is asked of the name's ending and of its first bytes:
 * ERR_INVALID for a program, a document with macros or a kind that is not taken. ERR_LIMIT when it
 * is larger than BLOB_MAX. */
struct blob_file {
    const char *name;
    const char *bytes;
    size_t length;
};

/* Keep files and add them to a field of a record, in the order given; one that the field has
 * already, by content and name, is not added again. With a reason it is a correction. The bytes are
 * kept first: when the record then refuses, nobody refers to them. */
struct blob_attach {
    const char *code, *field;
    const struct blob_file *files;
    int count;
    const char *reason; /* or NULL */
};
MUST_CHECK enum status blob_attach(struct ctx *, const struct blob_attach *, struct record **out);

/* Keep files for a field that has `before` so far: *text is what it has then. Pictures are kept
 * without what they tell of place, camera and time. All faults at once; `field` places them. */
MUST_CHECK enum status blob_add(struct ctx *, int64_t shard, const struct field *,
    const struct value *before, const struct blob_file *, int count, const char **text);

/* The bytes of a file that a record refers to, and its name there. ERR_NOT_FOUND also when the
 * file is kept but this record does not have it; ERR_STORE when its bytes are not those that were
 * kept. */
struct blob {
    const char *name;
    const char *bytes;
    size_t length;
};
MUST_CHECK enum status blob_read(struct ctx *, const struct record *, const char *digest,
    struct blob *out);

/* What is wrong with the bytes under a digest: Vietnamese, or NULL. */
MUST_CHECK enum status blob_fault(struct ctx *, int64_t shard, const char *digest,
    const char **fault);

/* As what a file is sent, always as an attachment: its type, and a name of plain letters. */
const char *blob_type(const char *name);
const char *blob_plain_name(struct arena *, const char *name);

#endif
