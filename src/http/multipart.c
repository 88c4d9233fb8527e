/* A machine of a few states. A delimiter is CR LF "--" and the boundary, which has no CR: so after
 * bytes that only began like one, the next that could begin one is the byte that did not fit. */
#include "http/multipart.h"

#include "base/buf.h"
#include "base/vi.h"

#include <string.h>
#include <strings.h>

enum {
    BOUNDARY_LIMIT = 70,
    LINE_LIMIT = 1024,
    LINES_LIMIT = 8,
    HEADS_LIMIT = 64 * 1024 /* of all heads together, which stay in memory */
};

static const char form_data[] = "multipart/form-data";

static const struct refusal bad_boundary = {400,
    "Nội dung multipart/form-data không có boundary hợp lệ: từ 1 đến 70 chữ cái, chữ số hoặc "
    "dấu.\n"};
static const struct refusal bad_delimiter = {400,
    "Nội dung multipart/form-data viết sai ở chỗ ngăn giữa các phần.\n"};
static const struct refusal bad_line = {400,
    "Nội dung multipart/form-data có phần viết sai tiêu đề: mỗi phần cần một dòng "
    "Content-Disposition: form-data; name=\"…\", là UTF-8, và tệp cần có tên.\n"};
static const struct refusal long_line = {400,
    "Nội dung multipart/form-data có phần với tiêu đề dài quá 1024 byte một dòng, quá 8 dòng, "
    "hoặc tất cả dài quá 64 KiB.\n"};
static const struct refusal cut_short = {400,
    "Nội dung multipart/form-data dừng giữa chừng, chưa có dấu kết thúc.\n"};

enum state {
    STATE_FIRST,     /* of the first delimiter */
    STATE_DELIMITED, /* after a delimiter: "\r\n" or "--" */
    STATE_LINE,      /* of a part's head */
    STATE_BYTES,     /* of a part */
    STATE_AFTER      /* the last delimiter: "\r\n" at most */
};

struct multipart {
    struct arena *arena;
    struct receiver receiver;
    char delimiter[4 + BOUNDARY_LIMIT + 1]; /* "\r\n--BOUNDARY" */
    size_t delimiter_length;
    enum state state;
    size_t matched; /* bytes of the delimiter, or of what may follow it */
    char follows;   /* the first byte after a delimiter */
    char line[LINE_LIMIT];
    size_t line_length;
    int lines; /* of this head */
    size_t heads_length;
    struct part part;
    bool is_nameless; /* a field for a file of which none was chosen: has no bytes */
};

/* --- what the type says --- */

bool
multipart_is_type(const char *content_type)
{
    size_t length = strlen(form_data);
    return strncasecmp(content_type, form_data, length) == 0 &&
        strchr("; \t", content_type[length]) != NULL;
}

/* One parameter of a header: ;NAME=TOKEN or ;NAME="TEXT". Moves *text past it. A quotation mark in
 * the text is %22, as browsers write it, and a backslash is itself. */
static bool
read_parameter(struct arena *arena, const char **text, const char **name, const char **value)
{
    const char *c = *text + strspn(*text, " \t");
    if (*c++ != ';')
        return false;
    c += strspn(c, " \t");
    size_t length = strcspn(c, "=; \t\"");
    *name = arena_strndup(arena, c, length);
    c += length;
    if (length == 0 || *c++ != '=')
        return false;
    bool is_quoted = *c == '"';
    c += is_quoted;
    length = strcspn(c, is_quoted ? "\"" : "; \t\"");
    *value = arena_strndup(arena, c, length);
    c += length;
    *text = c + is_quoted;
    return !is_quoted || *c == '"';
}

static bool
is_boundary(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "'()+_,-./:=?";
    size_t length = strlen(text);
    return length > 0 && length <= BOUNDARY_LIMIT && text[strspn(text, allowed)] == '\0';
}

static const char *
find_boundary(struct arena *arena, const char *content_type)
{
    const char *rest = content_type + strlen(form_data), *found = NULL, *name, *value;
    while (rest[strspn(rest, " \t")] != '\0') {
        if (!read_parameter(arena, &rest, &name, &value))
            return NULL;
        if (strcasecmp(name, "boundary") == 0) {
            if (found != NULL)
                return NULL;
            found = value;
        }
    }
    return found != NULL && is_boundary(found) ? found : NULL;
}

const struct refusal *
multipart_new(struct arena *arena, const char *content_type, const struct receiver *receiver,
    struct multipart **out)
{
    const char *boundary = find_boundary(arena, content_type);
    if (boundary == NULL)
        return &bad_boundary;
    struct multipart *reader = ARENA_NEW(arena, struct multipart);
    reader->arena = arena;
    reader->receiver = *receiver;
    memcpy(reader->delimiter, "\r\n--", 4);
    memcpy(reader->delimiter + 4, boundary, strlen(boundary));
    reader->delimiter_length = 4 + strlen(boundary);
    reader->matched = strlen("\r\n"); /* nothing stands before the first */
    *out = reader;
    return NULL;
}

/* --- the head of a part --- */

/* The three characters that browsers write otherwise between quotation marks. */
static const char *
unescape(struct arena *arena, const char *text)
{
    static const struct {
        const char *written;
        char meant;
    } escapes[] = {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
    struct buf out = buf_new(arena);
    while (*text != '\0') {
        size_t i = 0;
        while (i < COUNT_OF(escapes) && strncmp(text, escapes[i].written, 3) != 0)
            i++;
        buf_char(&out, i < COUNT_OF(escapes) ? escapes[i].meant : *text);
        text += i < COUNT_OF(escapes) ? 3 : 1;
    }
    return buf_string(&out);
}

static const char *
without_folders(const char *path)
{
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == '/' || *c == '\\')
            path = c + 1;
    }
    return path;
}

static bool
read_disposition(struct multipart *reader, const char *value)
{
    static const char kind[] = "form-data";
    const char *rest = value + strlen(kind), *name, *text;
    if (reader->part.name != NULL || strncasecmp(value, kind, strlen(kind)) != 0)
        return false;
    while (rest[strspn(rest, " \t")] != '\0') {
        if (!read_parameter(reader->arena, &rest, &name, &text))
            return false;
        bool is_name = strcasecmp(name, "name") == 0;
        bool is_filename = strcasecmp(name, "filename") == 0;
        const char **member = is_name ? &reader->part.name : &reader->part.filename;
        if (!is_name && !is_filename)
            continue;
        if (*member != NULL)
            return false;
        *member = unescape(reader->arena, text);
    }
    return reader->part.name != NULL;
}

static bool
is_plain_encoding(const char *value)
{
    return strcasecmp(value, "binary") == 0 || strcasecmp(value, "8bit") == 0 ||
        strcasecmp(value, "7bit") == 0;
}

static bool
is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (((unsigned char)bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == '\x7f')
            return false;
    }
    return true;
}

/* One line of a head, without its end. Headers that mean nothing for a form are passed over. */
static bool
read_line(struct multipart *reader)
{
    const char *line = arena_strndup(reader->arena, reader->line, reader->line_length);
    const char *colon = strchr(line, ':');
    if (colon == NULL || !is_text(line, reader->line_length) || utf8_invalid_at(line) >= 0)
        return false;
    const char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t name = (size_t)(colon - line);
    if (name == strlen("Content-Disposition") &&
        strncasecmp(line, "Content-Disposition", name) == 0)
        return read_disposition(reader, value);
    if (name == strlen("Content-Transfer-Encoding") &&
        strncasecmp(line, "Content-Transfer-Encoding", name) == 0)
        return is_plain_encoding(value);
    if (name == strlen("Content-Type") && strncasecmp(line, "Content-Type", name) == 0)
        reader->part.type = value;
    return true;
}

static const struct refusal *
begin_part(struct multipart *reader)
{
    struct part *part = &reader->part;
    if (part->name == NULL)
        return &bad_line;
    if (part->filename != NULL)
        part->filename = without_folders(part->filename);
    reader->state = STATE_BYTES;
    reader->matched = 0;
    reader->is_nameless = part->filename != NULL && *part->filename == '\0';
    return reader->is_nameless ? NULL : reader->receiver.begin(reader->receiver.to, part);
}

static const struct refusal *
end_line(struct multipart *reader)
{
    reader->line_length--; /* the CR */
    if (reader->line_length == 0)
        return begin_part(reader);
    reader->heads_length += reader->line_length;
    if (++reader->lines > LINES_LIMIT || reader->heads_length > HEADS_LIMIT)
        return &long_line;
    if (!read_line(reader))
        return &bad_line;
    reader->line_length = 0;
    return NULL;
}

/* --- the machine --- */

static const struct refusal *
give(const struct multipart *reader, const char *bytes, size_t length)
{
    if (length == 0)
        return NULL;
    if (reader->state == STATE_FIRST)
        return &bad_delimiter;
    if (reader->is_nameless)
        return &bad_line;
    return reader->receiver.bytes(reader->receiver.to, bytes, length);
}

static const struct refusal *
end_part(struct multipart *reader)
{
    bool had_part = reader->state == STATE_BYTES && !reader->is_nameless;
    reader->state = STATE_DELIMITED;
    reader->matched = 0;
    return had_part ? reader->receiver.end(reader->receiver.to) : NULL;
}

/* Bytes of a part, or of the first delimiter, up to the end of a delimiter. */
static const struct refusal *
take_bytes(struct multipart *reader, const char *bytes, size_t length, size_t *taken)
{
    const struct refusal *refusal = NULL;
    size_t i = 0;
    while (i < length && reader->matched < reader->delimiter_length && refusal == NULL) {
        if (bytes[i] == reader->delimiter[reader->matched]) {
            reader->matched++;
            i++;
        } else if (reader->matched > 0) {
            refusal = give(reader, reader->delimiter, reader->matched);
            reader->matched = 0;
        } else {
            const char *stop = memchr(bytes + i, '\r', length - i);
            size_t run = stop == NULL ? length - i : (size_t)(stop - bytes) - i;
            refusal = give(reader, bytes + i, run);
            i += run;
        }
    }
    *taken = i;
    if (refusal == NULL && reader->matched == reader->delimiter_length)
        refusal = end_part(reader);
    return refusal;
}

/* The two bytes after a delimiter. */
static const struct refusal *
take_follower(struct multipart *reader, char c)
{
    if (reader->matched++ == 0) {
        reader->follows = c;
        return c == '\r' || c == '-' ? NULL : &bad_delimiter;
    }
    if (c != (reader->follows == '\r' ? '\n' : '-'))
        return &bad_delimiter;
    reader->state = c == '-' ? STATE_AFTER : STATE_LINE;
    reader->matched = 0;
    reader->part = (struct part){0};
    reader->line_length = 0;
    reader->lines = 0;
    return NULL;
}

static const struct refusal *
take_line(struct multipart *reader, char c)
{
    if (c == '\n' && reader->line_length > 0 && reader->line[reader->line_length - 1] == '\r')
        return end_line(reader);
    if (reader->line_length == LINE_LIMIT)
        return &long_line;
    reader->line[reader->line_length++] = c;
    return NULL;
}

static const struct refusal *
take_after(struct multipart *reader, char c)
{
    return reader->matched < 2 && c == "\r\n"[reader->matched++] ? NULL : &bad_delimiter;
}

const struct refusal *
multipart_feed(struct multipart *reader, const char *bytes, size_t length)
{
    const struct refusal *refusal = NULL;
    for (size_t i = 0, taken; i < length && refusal == NULL; i += taken) {
        taken = 1;
        switch (reader->state) {
        case STATE_FIRST:
        case STATE_BYTES:
            refusal = take_bytes(reader, bytes + i, length - i, &taken);
            break;
        case STATE_DELIMITED:
            refusal = take_follower(reader, bytes[i]);
            break;
        case STATE_LINE:
            refusal = take_line(reader, bytes[i]);
            break;
        case STATE_AFTER:
            refusal = take_after(reader, bytes[i]);
            break;
        }
    }
    return refusal;
}

const struct refusal *
multipart_end(const struct multipart *reader)
{
    return reader->state == STATE_AFTER && reader->matched != 1 ? NULL : &cut_short;
}
