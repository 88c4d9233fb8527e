/* Sending a response: the headers that every one has, and those of the handler. */
#include "http/job.h"

#include "base/log.h"

#include <string.h>

static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";

/* A photo is taken by the browser's own file chooser, which needs no leave. */
static const char permissions[] = "camera=(), display-capture=(), geolocation=(), microphone=(), "
                                  "payment=(), usb=()";

/* The library refuses a line break in a header, which would begin another one. */
static bool
add_header(struct MHD_Response *out, const char *name, const char *value)
{
    if (value == NULL || MHD_add_response_header(out, name, value) == MHD_YES)
        return true;
    log_note("the response header \"%s\" cannot be sent", name);
    return false;
}

static bool
add_headers(struct MHD_Response *out, const struct job *job, bool is_last)
{
    const struct response *response = &job->response;
    const struct pair headers[] = {
        {"Content-Type", response->content_type},
        {"Cache-Control", response->cache != NULL ? response->cache : "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Content-Security-Policy", policy},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", permissions},
        {"Strict-Transport-Security", job->request.is_secure ? "max-age=31536000" : NULL},
        {"Location", response->location},
        {"Content-Disposition", response->disposition},
        {"Allow", response->allow},
        {"Connection", is_last ? "close" : NULL},
    };
    bool is_added = true;
    for (size_t i = 0; i < COUNT_OF(headers) && is_added; i++)
        is_added = add_header(out, headers[i].name, headers[i].value);
    for (int i = 0; i < response->header_count && is_added; i++)
        is_added = add_header(out, response->headers[i].name, response->headers[i].value);
    return is_added;
}

/* NULL when it cannot be sent: no memory, or a line break in a header. */
static struct MHD_Response *
make_response(const struct job *job, bool is_last)
{
    const struct response *response = &job->response;
    /* The library takes a pointer to what it may change; persistent bytes it only reads. */
    struct MHD_Response *out = MHD_create_response_from_buffer(response->length,
        (void *)response->bytes, MHD_RESPMEM_PERSISTENT);
    if (out == NULL || add_headers(out, job, is_last))
        return out;
    MHD_destroy_response(out);
    return NULL;
}

enum MHD_Result
job_send(struct job *job, bool is_last)
{
    struct MHD_Response *out = make_response(job, is_last);
    if (out == NULL) {
        job_set_refusal(job, &refusal_broken);
        out = make_response(job, is_last);
    }
    if (out == NULL)
        return MHD_NO;
    guard_phase(job->server->guard, job->link, PHASE_SEND);
    enum MHD_Result result = MHD_queue_response(job->connection, (unsigned)job->response.code, out);
    MHD_destroy_response(out);
    return result;
}

void
job_set_refusal(struct job *job, const struct refusal *refusal)
{
    job->response = (struct response){.code = refusal->code,
        .content_type = "text/plain; charset=utf-8",
        .bytes = refusal->text,
        .length = strlen(refusal->text),
        .headers = &refusal->header,
        .header_count = refusal->header.name != NULL ? 1 : 0};
}

enum MHD_Result
job_refuse(struct job *job, const struct refusal *refusal)
{
    job_set_refusal(job, refusal);
    return job_send(job, true);
}
