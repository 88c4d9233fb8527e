/* Files are written where the system keeps them out of our memory, under no name: nothing is left
 * of them when the request has ended, or the program. */
#include "http/body.h"

#include "base/buf.h"
#include "base/log.h"
#include "http/multipart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PART_LIMIT = 256, FILE_COUNT_LIMIT = 16, FILE_LIMIT = 20 * 1024 * 1024 };

static const struct refusal too_large = {413, "Nội dung gửi lên lớn quá mức cho phép.\n"};
static const struct refusal large_file = {413, "Có tệp lớn quá mức cho phép (thường là 20 MiB).\n"};
static const struct refusal large_text = {413,
    "Phần chữ của biểu mẫu lớn quá mức cho phép; hãy gửi dưới dạng tệp.\n"};
static const struct refusal many_parts = {400,
    "Một lần gửi có quá 256 phần hoặc quá 16 tệp; hãy gửi làm nhiều lần.\n"};
static const struct refusal bad_text = {400, "Dữ liệu gửi lên chứa ký tự NUL.\n"};
static const struct refusal no_spool = {503,
    "Máy chủ không ghi được tệp tạm, xin thử lại sau hoặc báo người vận hành.\n"};

struct body {
    struct request *request;
    const char *spool;
    size_t text_limit; /* of all texts of a form, and of any other body */
    size_t file_limit;
    struct multipart *parts; /* NULL: the body is kept as it is */
    const struct refusal *refusal;
    struct buf bytes; /* the body, or the text of the part that comes */
    size_t text_length;
    struct pair *form;
    struct upload *uploads;
    int part_count;
    bool is_file; /* the part that comes */
};

/* --- parts --- */

static const struct refusal *
open_file(struct body *body, const struct part *part)
{
    struct request *request = body->request;
    char *path = arena_printf(request->arena, "%s/chithi-XXXXXX", body->spool);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        log_note("a file for an upload cannot be made: %s", strerrordesc_np(errno));
        return &no_spool;
    }
    unlink(path);
    struct upload *upload = ARENA_PUSH(request->arena, body->uploads, request->upload_count);
    *upload = (struct upload){part->name, part->filename, part->type != NULL ? part->type : "", fd};
    body->is_file = true;
    return NULL;
}

static const struct refusal *
begin_part(void *to, const struct part *part)
{
    struct body *body = to;
    struct request *request = body->request;
    bool is_file = part->filename != NULL;
    if (++body->part_count > PART_LIMIT || (is_file && request->upload_count == FILE_COUNT_LIMIT))
        return &many_parts;
    if (is_file)
        return open_file(body, part);
    ARENA_PUSH(request->arena, body->form, request->form_count)->name = part->name;
    body->bytes = buf_new(request->arena);
    body->is_file = false;
    return NULL;
}

static const struct refusal *
write_file(struct body *body, const char *bytes, size_t length)
{
    struct upload *upload = &body->uploads[body->request->upload_count - 1];
    if (length > body->file_limit - upload->length)
        return &large_file;
    upload->length += length;
    while (length > 0) {
        ssize_t written = write(upload->fd, bytes, length);
        if (written < 0 && errno != EINTR) {
            log_note("an upload cannot be written: %s", strerrordesc_np(errno));
            return &no_spool;
        }
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return NULL;
}

static const struct refusal *
take_bytes(void *to, const char *bytes, size_t length)
{
    struct body *body = to;
    if (body->is_file)
        return write_file(body, bytes, length);
    if (length > body->text_limit - body->text_length)
        return &large_text;
    body->text_length += length;
    buf_add(&body->bytes, bytes, length);
    return NULL;
}

static const struct refusal *
end_part(void *to)
{
    struct body *body = to;
    struct request *request = body->request;
    if (body->is_file)
        return lseek(body->uploads[request->upload_count - 1].fd, 0, SEEK_SET) == 0 ? NULL
                                                                                    : &no_spool;
    const char *text = buf_string(&body->bytes);
    body->form[request->form_count - 1].value = text;
    return strlen(text) == body->bytes.length ? NULL : &bad_text;
}

/* --- the whole --- */

static const char *
spool_of(const struct server_options *options)
{
    const char *folder = options->spool != NULL ? options->spool : getenv("TMPDIR");
    return folder != NULL && *folder != '\0' ? folder : "/tmp";
}

/* Only what goes to files may be longer than what is kept in memory. */
static size_t
limit_of(const struct request *request, const struct server_options *options, bool is_multipart)
{
    size_t limit = is_multipart && options->upload_limit != NULL
        ? options->upload_limit(options->app, request)
        : 0;
    return limit > options->body_limit ? limit : options->body_limit;
}

static void
close_files(void *argument)
{
    struct body *body = argument;
    for (int i = 0; i < body->request->upload_count; i++)
        close(body->uploads[i].fd);
}

const struct refusal *
body_begin(struct request *request, const struct server_options *options, struct body **out)
{
    const char *type = request_header(request, "content-type");
    bool is_multipart = type != NULL && multipart_is_type(type);
    struct body *body = ARENA_NEW(request->arena, struct body);
    struct receiver receiver = {begin_part, take_bytes, end_part, body};
    if (request_length(request) > limit_of(request, options, is_multipart))
        return &too_large;
    body->request = request;
    body->spool = spool_of(options);
    body->text_limit = options->body_limit;
    body->file_limit = options->file_limit > 0 ? options->file_limit : FILE_LIMIT;
    body->bytes = buf_new(request->arena);
    arena_defer(request->arena, close_files, body);
    *out = body;
    return is_multipart ? multipart_new(request->arena, type, &receiver, &body->parts) : NULL;
}

void
body_feed(struct body *body, const char *bytes, size_t length)
{
    if (body->refusal != NULL)
        return;
    if (body->parts != NULL)
        body->refusal = multipart_feed(body->parts, bytes, length);
    else
        buf_add(&body->bytes, bytes, length);
}

const struct refusal *
body_end(struct body *body)
{
    struct request *request = body->request;
    if (body->refusal != NULL)
        return body->refusal;
    if (body->parts == NULL)
        return request_read_body(request, buf_string(&body->bytes), body->bytes.length);
    request->body = "";
    request->form = body->form;
    request->uploads = body->uploads;
    return multipart_end(body->parts);
}
