/* Checking and decoding a request. The library accepts more than a server behind a proxy should:
 * two lengths, two hosts, "Host : x". Those are refused here, before anything is decoded. */
#include "http/request.h"

#include "base/vi.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEADER_LIMIT = 100 };

const struct refusal refusal_unclear = {400,
    "Phần đầu của yêu cầu HTTP viết sai: mỗi dòng một tiêu đề, kết thúc bằng CRLF.\n"};
const struct refusal refusal_stopping = {503, "Máy chủ đang dừng, xin thử lại sau ít phút.\n"};
const struct refusal refusal_busy = {429,
    "Máy chủ đang có quá nhiều việc cùng loại, xin thử lại sau vài giây.\n", {"Retry-After", "5"}};
const struct refusal refusal_crowd = {429,
    "Có quá nhiều yêu cầu cùng lúc từ một địa chỉ mạng, xin thử lại sau vài giây.\n",
    {"Retry-After", "5"}};
const struct refusal refusal_broken = {503,
    "Máy chủ không gửi được câu trả lời này, xin báo người vận hành.\n"};

static const struct refusal bad_header = {400,
    "Yêu cầu có tiêu đề HTTP viết sai: tên chứa khoảng trắng hoặc ký tự không được dùng.\n"};
static const struct refusal bad_length = {400,
    "Yêu cầu không cho biết rõ độ dài nội dung: chỉ được có một Content-Length, là một số.\n"};
static const struct refusal no_length = {411,
    "Máy chủ không nhận Transfer-Encoding: độ dài nội dung phải cho biết trước bằng "
    "Content-Length.\n"};
static const struct refusal many_headers = {431, "Yêu cầu có quá 100 tiêu đề HTTP.\n"};
static const struct refusal bad_version = {505,
    "Máy chủ chỉ nhận phiên bản HTTP/1.1 và HTTP/1.0.\n"};
static const struct refusal bad_host = {400, "Yêu cầu phải có đúng một tiêu đề Host.\n"};
static const struct refusal bad_path = {400,
    "Địa chỉ trang viết sai: phải bắt đầu bằng dấu /, không chứa ký tự điều khiển, và là UTF-8 "
    "được mã hóa phần trăm đúng cách.\n"};
static const struct refusal bad_pairs = {400, "Dữ liệu gửi lên chứa ký tự NUL.\n"};
static const struct refusal bad_method = {405,
    "Máy chủ chỉ nhận các phương thức GET, HEAD và POST.\n", {"Allow", "GET, HEAD, POST"}};

static const char *
find(const struct pair *pairs, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(pairs[i].name, name) == 0)
            return pairs[i].value;
    }
    return NULL;
}

const char *
request_query(const struct request *request, const char *name)
{
    return find(request->query, request->query_count, name);
}

const char *
request_form(const struct request *request, const char *name)
{
    return find(request->form, request->form_count, name);
}

const char *
request_header(const struct request *request, const char *name)
{
    return find(request->headers, request->header_count, name);
}

/* The value in one Cookie header, NULL when the name is not there. */
static const char *
find_cookie(struct arena *arena, const char *header, const char *name)
{
    size_t length = strlen(name);
    for (const char *c = header; *c != '\0';) {
        c += strspn(c, "; \t");
        size_t pair = strcspn(c, ";");
        if (pair > length && memcmp(c, name, length) == 0 && c[length] == '=')
            return arena_strndup(arena, c + length + 1, pair - length - 1);
        c += pair;
    }
    return NULL;
}

const char *
request_cookie(const struct request *request, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < request->header_count && value == NULL; i++) {
        if (strcmp(request->headers[i].name, "cookie") == 0)
            value = find_cookie(request->arena, request->headers[i].value, name);
    }
    return value;
}

static int
count_of(const struct request *request, const char *name)
{
    int count = 0;
    for (int i = 0; i < request->header_count; i++)
        count += strcmp(request->headers[i].name, name) == 0;
    return count;
}

static bool
is_control(char c)
{
    return (unsigned char)c < ' ' || c == '\x7f';
}

/* A token of RFC 9110, 5.6.2; names arrive in lower case. */
static bool
is_header_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
    return *name != '\0' && name[strspn(name, allowed)] == '\0';
}

static bool
is_header_value(const char *value)
{
    for (; *value != '\0'; value++) {
        if (is_control(*value) && *value != '\t')
            return false;
    }
    return true;
}

static const struct refusal *
check_headers(const struct request *request)
{
    if (request->header_count > HEADER_LIMIT)
        return &many_headers;
    for (int i = 0; i < request->header_count; i++) {
        const struct pair *header = &request->headers[i];
        if (!is_header_name(header->name) || !is_header_value(header->value))
            return &bad_header;
    }
    return NULL;
}

/* Where the body ends must be said once, and beforehand. The library reads chunks with anything
 * after their size and ends lines at LF, which nobody sees here: no chunks at all, then. No browser
 * sends them, and a proxy that keeps a body until it is whole does not either. */
static const struct refusal *
check_length(const struct request *request)
{
    const char *length = request_header(request, "content-length");
    int encodings = count_of(request, "transfer-encoding");
    if (count_of(request, "content-length") + encodings > 1)
        return &bad_length;
    if (encodings > 0)
        return &no_length;
    if (length == NULL)
        return NULL;
    if (*length == '\0' || length[strspn(length, "0123456789")] != '\0')
        return &bad_length;
    return NULL;
}

/* One that no number can hold is the largest. */
size_t
request_length(const struct request *request)
{
    const char *length = request_header(request, "content-length");
    return length == NULL ? 0 : strtoull(length, NULL, 10);
}

static const struct refusal *
check_host(const struct request *request, bool is_1_0)
{
    int count = count_of(request, "host");
    return count == 1 || (count == 0 && is_1_0) ? NULL : &bad_host;
}

static bool
is_method(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

static bool
is_target(const char *target)
{
    for (const char *c = target; *c != '\0'; c++) {
        if (is_control(*c) || *c == ' ')
            return false;
    }
    return *target == '/';
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%C3" stands for, -1 when that is not what stands there. */
static int
percent_byte(const char *text, size_t length)
{
    if (length < 3 || text[0] != '%')
        return -1;
    int high = hex_digit(text[1]);
    int low = hex_digit(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static const struct refusal *
decode_path(struct request *request, const char *text, size_t length)
{
    char *path = arena_alloc(request->arena, length + 1);
    size_t filled = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int byte = percent_byte(text + i, length - i);
            if (byte < 0)
                return &bad_path;
            c = (char)byte;
            i += 2;
        }
        if (is_control(c))
            return &bad_path;
        path[filled++] = c;
    }
    request->path = path;
    return utf8_invalid_at(path) < 0 ? NULL : &bad_path;
}

/* One name or value of a query or form. Like browsers we take a '%' that encodes nothing for
 * itself. NULL when it holds a NUL, which a C string would silently end at. */
static const char *
decode_part(struct arena *arena, const char *text, size_t length)
{
    char *part = arena_alloc(arena, length + 1);
    size_t filled = 0;
    for (size_t i = 0; i < length; i++) {
        int byte = percent_byte(text + i, length - i);
        char c = text[i] == '+' ? ' ' : text[i];
        if (byte >= 0) {
            c = (char)byte;
            i += 2;
        }
        if (c == '\0')
            return NULL;
        part[filled++] = c;
    }
    return part;
}

static bool
decode_pair(struct arena *arena, const char *text, size_t length, struct pair *out)
{
    const char *equals = memchr(text, '=', length);
    size_t name = equals == NULL ? length : (size_t)(equals - text);
    size_t value = equals == NULL ? length : name + 1;
    out->name = decode_part(arena, text, name);
    out->value = decode_part(arena, text + value, length - value);
    return out->name != NULL && out->value != NULL;
}

static const struct refusal *
decode_pairs(struct arena *arena, const char *text, size_t length, const struct pair **out,
    int *out_count)
{
    struct pair *pairs = NULL;
    int count = 0;
    const char *end = text + length;
    while (text < end) {
        const char *ampersand = memchr(text, '&', (size_t)(end - text));
        const char *stop = ampersand == NULL ? end : ampersand;
        if (stop > text) {
            struct pair *pair = ARENA_PUSH(arena, pairs, count);
            if (!decode_pair(arena, text, (size_t)(stop - text), pair))
                return &bad_pairs;
        }
        text = ampersand == NULL ? end : ampersand + 1;
    }
    *out = pairs;
    *out_count = count;
    return NULL;
}

static const struct refusal *
read_target(struct request *request, const char *target)
{
    if (!is_target(target))
        return &bad_path;
    size_t path = strcspn(target, "?");
    const struct refusal *refusal = decode_path(request, target, path);
    if (refusal != NULL || target[path] == '\0')
        return refusal;
    const char *query = target + path + 1;
    return decode_pairs(request->arena, query, strlen(query), &request->query,
        &request->query_count);
}

const struct refusal *
request_read_head(struct request *request, const struct request_line *line)
{
    bool is_1_0 = strcmp(line->version, "HTTP/1.0") == 0;
    const struct refusal *refusal = check_headers(request);
    if (refusal == NULL && !is_1_0 && strcmp(line->version, "HTTP/1.1") != 0)
        refusal = &bad_version;
    if (refusal == NULL)
        refusal = check_host(request, is_1_0);
    if (refusal == NULL)
        refusal = check_length(request);
    if (refusal == NULL && !is_method(line->method))
        refusal = &bad_method;
    if (refusal == NULL)
        refusal = read_target(request, line->target);
    const char *host = request_header(request, "host");
    request->method = arena_strdup(request->arena, line->method);
    request->host = host != NULL ? host : "";
    return refusal;
}

static bool
is_form(const struct request *request)
{
    static const char form[] = "application/x-www-form-urlencoded";
    const char *type = request_header(request, "content-type");
    return type != NULL && strncasecmp(type, form, sizeof(form) - 1) == 0 &&
        strchr("; \t", type[sizeof(form) - 1]) != NULL;
}

const struct refusal *
request_read_body(struct request *request, const char *body, size_t length)
{
    request->body = "";
    if (is_form(request))
        return decode_pairs(request->arena, body, length, &request->form, &request->form_count);
    request->body = body;
    request->body_length = length;
    return NULL;
}

bool
request_decode_form(struct arena *arena, const char *text, size_t length, const struct pair **out,
    int *count)
{
    *out = NULL;
    *count = 0;
    return decode_pairs(arena, text, length, out, count) == NULL;
}
