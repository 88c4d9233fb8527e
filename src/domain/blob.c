/* Attached files: their lines in a field, their parts in the database, and attaching. */
#include "domain/blob.h"

#include "base/catalogue.h"
#include "base/image.h"
#include "base/vi.h"
#include "domain/form.h"
#include "domain/rights.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

enum { FILES_MAX = 50 };

/* What is taken, as what it is sent, and how its bytes begin. All are sent as attachments. */
static const struct {
    const char *ending, *type, *magic;
} kinds[] = {
    {".pdf", "application/pdf", "%PDF-"},
    {".jpg", "image/jpeg", "\xff\xd8\xff"},
    {".jpeg", "image/jpeg", "\xff\xd8\xff"},
    {".png", "image/png", "\x89PNG"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "PK\x03\x04"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PK\x03\x04"},
    {".odt", "application/vnd.oasis.opendocument.text", "PK\x03\x04"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet", "PK\x03\x04"},
    {".txt", "text/plain; charset=utf-8", ""},
    {".csv", "text/csv; charset=utf-8", ""},
};

/* By the name's ending, or -1. */
static int
kind_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && i < COUNT_OF(kinds); i++) {
        if (strcasecmp(kinds[i].ending, ending) == 0)
            return (int)i;
    }
    return -1;
}

const char *
blob_type(const char *name)
{
    int kind = kind_of(name);
    return kind < 0 ? "application/octet-stream" : kinds[kind].type;
}

const char *
blob_plain_name(struct arena *arena, const char *name)
{
    int kind = kind_of(name);
    size_t length = kind < 0 ? strlen(name) : strlen(name) - strlen(kinds[kind].ending);
    char *plain = arena_strdup(arena, vi_fold(arena, arena_strndup(arena, name, length)));
    for (char *c = plain; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    return arena_printf(arena, "%s%s", *plain == '\0' ? "tep" : plain,
        kind < 0 ? "" : kinds[kind].ending);
}

/* Lines */

static bool
is_digest(const char *text, size_t length)
{
    return length == BLOB_DIGEST && strspn(text, "0123456789abcdef") >= BLOB_DIGEST;
}

int
attachments_read(struct arena *arena, const char *text, struct attachment **out)
{
    int count = 0;
    *out = NULL;
    while (text != NULL && *text != '\0') {
        size_t line = strcspn(text, "\n"), digest = strcspn(text, " \n");
        if (is_digest(text, digest) && digest + 1 < line)
            *ARENA_PUSH(arena, *out, count) =
                (struct attachment){arena_strndup(arena, text, digest),
                    arena_strndup(arena, text + digest + 1, line - digest - 1)};
        text += line + (text[line] == '\n');
    }
    return count;
}

const char *
attachments_text(struct arena *arena, const struct attachment *items, int count)
{
    struct buf out = buf_new(arena);
    for (int i = 0; i < count; i++)
        buf_printf(&out, "%s%s %s", i > 0 ? "\n" : "", items[i].digest, items[i].name);
    return buf_string(&out);
}

const char *
attachments_names(struct arena *arena, const char *text)
{
    struct attachment *items;
    struct buf out = buf_new(arena);
    int count = attachments_read(arena, text, &items);
    for (int i = 0; i < count; i++)
        buf_printf(&out, "%s%s", i > 0 ? "; " : "", items[i].name);
    return buf_string(&out);
}

bool
attachments_check(struct ctx *cx, struct fault where, const char *text)
{
    struct attachment *items;
    int count = attachments_read(cx->arena, text, &items);
    if (count > FILES_MAX) {
        (void)fault_at(cx, ERR_LIMIT, where, "Nhiều nhất %d tệp trong một mục.", FILES_MAX);
        return false;
    }
    if (strcmp(attachments_text(cx->arena, items, count), text) == 0)
        return true;
    (void)fault_at(cx, ERR_INVALID, where,
        "Mỗi dòng cần dấu băm SHA-256 (64 chữ số 0–9, a–f), một dấu cách và tên tệp; đính kèm tệp "
        "bằng: chithi record attach");
    return false;
}

/* Bytes */

const char *
blob_digest(struct arena *arena, const char *bytes, size_t length)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(arena, BLOB_DIGEST + 1);
    crypto_hash_sha256(hash, (const unsigned char *)bytes, length);
    return sodium_bin2hex(text, BLOB_DIGEST + 1, hash, sizeof(hash));
}

const char *
blob_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    if (utf8_invalid_at(name) >= 0)
        return NULL;
    char *clean = arena_strdup(arena, vi_clean(arena, name));
    for (char *c = clean; *c != '\0'; c++)
        *c = *c == '\n' || *c == '\t' ? ' ' : *c;
    return *clean == '\0' || utf8_count(clean) > BLOB_NAME_MAX ? NULL : clean;
}

static enum status
check_file(struct ctx *cx, const struct field *field, const struct blob_file *file)
{
    struct fault where = {.field = field->key};
    int kind = kind_of(file->name);
    if (file->length > BLOB_MAX)
        return fault_at(cx, ERR_LIMIT, where, "Tệp %s lớn hơn %d MB; hãy nén ảnh hoặc tách tệp.",
            file->name, BLOB_MAX / 1024 / 1024);
    if (file->length == 0)
        return fault_at(cx, ERR_INVALID, where, "Tệp %s trống.", file->name);
    if (kind < 0)
        return fault_at(cx, ERR_INVALID, where,
            "Không nhận tệp %s; nhận: pdf, jpg, png, docx, xlsx, pptx, odt, ods, txt, csv.",
            file->name);
    size_t magic = strlen(kinds[kind].magic);
    bool is_kind = file->length >= magic && memcmp(file->bytes, kinds[kind].magic, magic) == 0;
    if (!is_kind || (magic == 0 && memchr(file->bytes, '\0', file->length) != NULL))
        return fault_at(cx, ERR_INVALID, where,
            "Nội dung tệp %s không phải là %s; hãy lưu lại đúng loại.", file->name,
            kinds[kind].ending + 1);
    if (strncmp(kinds[kind].magic, "PK", 2) == 0 &&
        memmem(file->bytes, file->length, "vbaProject.bin", strlen("vbaProject.bin")) != NULL)
        return fault_at(cx, ERR_INVALID, where, "Tệp %s có macro; hãy lưu lại không có macro.",
            file->name);
    return OK;
}

/* Keeping */

struct keep {
    int64_t shard;
    const struct blob_file *files;
    const struct attachment *items; /* their digests */
    int count;
};

static enum status
keep_file(struct ctx *cx, int64_t shard, const char *digest, const struct blob_file *file)
{
    for (size_t at = 0, part = 0; at < file->length; at += BLOB_PART, part++) {
        size_t rest = file->length - at;
        struct query *q = query_new(cx, Q_BLOB_INSERT);
        query_int(q, "shard", shard);
        query_text(q, "digest", digest);
        query_int(q, "part", (int64_t)part);
        query_blob(q, "body", file->bytes + at, rest < BLOB_PART ? rest : BLOB_PART);
        TRY(query_run(q, NULL));
    }
    return OK;
}

static enum status
keep_all(struct ctx *cx, void *arg)
{
    const struct keep *keep = arg;
    for (int i = 0; i < keep->count; i++)
        TRY(keep_file(cx, keep->shard, keep->items[i].digest, &keep->files[i]));
    return OK;
}

/* Attaching */

static enum status
files_field(struct ctx *cx, const struct reg *reg, const char *key, const struct field **out)
{
    *out = reg_field(reg, key);
    if (*out != NULL && (*out)->kind == KIND_FILES)
        return OK;
    return fault_set(cx, ERR_INVALID, "Sổ %s không có mục tệp “%s”; xem: chithi explain %s",
        reg->key, key, reg->key);
}

static bool
is_attached(const struct attachment *items, int count, const struct attachment *item)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(items[i].digest, item->digest) == 0 && strcmp(items[i].name, item->name) == 0)
            return true;
    }
    return false;
}

/* The field's lines with those of the files; *added is how many are new. */
static const char *
add_lines(struct arena *arena, const struct value *value, const struct keep *keep, int *added)
{
    struct attachment *items;
    int count = attachments_read(arena, value->is_null ? NULL : value->text, &items),
        before = count;
    for (int i = 0; i < keep->count; i++) {
        if (!is_attached(items, count, &keep->items[i]))
            *ARENA_PUSH(arena, items, count) = keep->items[i];
    }
    *added = count - before;
    return attachments_text(arena, items, count);
}

static enum status
change_record(struct ctx *cx, const struct blob_attach *wanted, const struct field *field,
    const char *text, struct record **record)
{
    const struct reg *reg = (*record)->reg;
    struct row fields = row_copy(cx->arena, reg->fields, reg->field_count, &(*record)->fields);
    struct record_change change = {.fields = &fields,
        .version = (*record)->version,
        .reason = wanted->reason};
    fields.values[field->index] = (struct value){.text = text};
    return wanted->reason == NULL ? record_change(cx, wanted->code, &change, record)
                                  : record_correct(cx, wanted->code, &change, record);
}

static enum status
check_files(struct ctx *cx, const struct field *field, const struct blob_file *files, int count)
{
    enum status status = OK;
    for (int i = 0; i < count; i++) {
        enum status one = check_file(cx, field, &files[i]);
        status = status == OK ? one : status;
    }
    return status;
}

enum status
blob_add(struct ctx *cx, int64_t shard, const struct field *field, const struct value *before,
    const struct blob_file *files, int count, const char **text)
{
    struct blob_file *kept = ARENA_ARRAY(cx->arena, struct blob_file, (size_t)count + 1);
    struct attachment *items = ARENA_ARRAY(cx->arena, struct attachment, (size_t)count + 1);
    struct keep keep = {.shard = shard, .files = kept, .items = items, .count = count};
    int added;
    TRY(check_files(cx, field, files, count));
    for (int i = 0; i < count; i++) {
        kept[i] = files[i];
        kept[i].bytes = image_strip(cx->arena, files[i].bytes, files[i].length, &kept[i].length);
        if (kept[i].bytes == NULL)
            return fault_at(cx, ERR_INVALID, (struct fault){.field = field->key},
                "Ảnh %s bị hỏng giữa chừng; hãy mở và lưu lại, hoặc chụp lại.", files[i].name);
        items[i] = (struct attachment){blob_digest(cx->arena, kept[i].bytes, kept[i].length),
            files[i].name};
    }
    *text = add_lines(cx->arena, before, &keep, &added);
    if (!attachments_check(cx, (struct fault){.field = field->key}, *text))
        return ERR_INVALID;
    return added == 0 ? OK : store_write(cx, keep_all, &keep);
}

enum status
blob_attach(struct ctx *cx, const struct blob_attach *wanted, struct record **out)
{
    const struct field *field;
    const char *text;
    TRY(record_load(cx, wanted->code, out));
    TRY(files_field(cx, (*out)->reg, wanted->field, &field));
    const struct value *before = &(*out)->fields.values[field->index];
    TRY(blob_add(cx, (*out)->shard, field, before, wanted->files, wanted->count, &text));
    if (!before->is_null && strcmp(before->text, text) == 0)
        return OK;
    return change_record(cx, wanted, field, text, out);
}

/* Reading */

static enum status
load_bytes(struct ctx *cx, int64_t shard, const char *digest, char **bytes, size_t *length)
{
    bool found;
    struct query *q = query_new(cx, Q_BLOB_SIZE);
    query_int(q, "shard", shard);
    query_text(q, "digest", digest);
    TRY(query_one(q, &found));
    *length = (size_t)query_get_int(q, 0);
    TRY(query_end(q));
    *bytes = arena_alloc(cx->arena, *length + 1);
    q = query_new(cx, Q_BLOB_PARTS);
    query_int(q, "shard", shard);
    query_text(q, "digest", digest);
    for (size_t at = 0, part; query_next(q); at += part) {
        const void *body = query_peek_blob(q, 0, &part);
        memcpy(*bytes + at, body, part);
    }
    return query_end(q);
}

enum status
blob_fault(struct ctx *cx, int64_t shard, const char *digest, const char **fault)
{
    struct arena_mark mark = arena_mark(cx->arena);
    char *bytes;
    size_t length;
    TRY(load_bytes(cx, shard, digest, &bytes, &length));
    *fault = length == 0 ? tr(cx, "không có trong cơ sở dữ liệu") : NULL;
    if (length > 0 && strcmp(blob_digest(cx->arena, bytes, length), digest) != 0)
        *fault = tr(cx, "nội dung không khớp dấu băm");
    arena_release(cx->arena, mark);
    return OK;
}

/* The name under which a record refers to a digest, or NULL. */
static const char *
name_in(struct arena *arena, const struct record *record, const char *digest, bool with_personal)
{
    for (int f = 0; f < record->reg->field_count; f++) {
        const struct value *value = &record->fields.values[f];
        struct attachment *items;
        if (record->reg->fields[f].kind != KIND_FILES || value->is_null ||
            (field_is_personal(&record->reg->fields[f]) && !with_personal))
            continue;
        int count = attachments_read(arena, value->text, &items);
        for (int i = 0; i < count; i++) {
            if (strcmp(items[i].digest, digest) == 0)
                return items[i].name;
        }
    }
    return NULL;
}

enum status
blob_read(struct ctx *cx, const struct record *record, const char *digest, struct blob *out)
{
    char *bytes;
    out->name = name_in(cx->arena, record, digest, may_record(cx, ACTION_PERSON, record));
    if (out->name == NULL)
        return fault_set(cx, ERR_NOT_FOUND, "Hồ sơ %s không có tệp này.", record->code);
    TRY(load_bytes(cx, record->shard, digest, &bytes, &out->length));
    out->bytes = bytes;
    if (out->length > 0 && strcmp(blob_digest(cx->arena, bytes, out->length), digest) == 0)
        return OK;
    return fault_set(cx, ERR_STORE,
        "Tệp %s của hồ sơ %s bị hỏng; báo người vận hành chạy: chithi "
        "check",
        out->name, record->code);
}
