/* Starting and stopping: the address, the server, and the thread that folds beside it. */
#include "web/web.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "domain/account.h"
#include "domain/maintain.h"
#include "domain/session.h"
#include "http/listen.h"
#include "http/peer.h"
#include "web/page.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 4, SLOW_WORKERS = 2, BODY_LIMIT = 64 * 1024, ROUND_SECONDS = 1 };

struct web {
    struct arena *arena; /* this struct, templates, addresses of assets */
    struct app app;
    struct server *server;
    const char *address; /* "http://127.0.0.1:8080/" */
    pthread_t keeper;    /* the thread of maintenance */
    bool has_keeper;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopping; /* under the lock */
};

/* The address */

static const char *
without_brackets(struct arena *arena, const char *text, size_t length)
{
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']')
        return arena_strndup(arena, text + 1, length - 2);
    return arena_strndup(arena, text, length);
}

/* "127.0.0.1:8080", "[::1]:8080", "localhost:0" */
static enum status
parse_listen(struct ctx *cx, const char *listen, const char **address, int *port)
{
    const char *colon = strrchr(listen, ':');
    char *end = NULL;
    long number = colon == NULL ? -1 : strtol(colon + 1, &end, 10);
    if (colon == NULL || colon[1] < '0' || colon[1] > '9' || *end != '\0' || number > 65535)
        return fault_set(cx, ERR_INVALID,
            "Địa chỉ “%s” không hợp lệ; cần dạng 127.0.0.1:8080 (cổng 0: một cổng còn trống).",
            listen);
    *port = (int)number;
    *address = without_brackets(cx->arena, listen, (size_t)(colon - listen));
    if (strcmp(*address, "localhost") == 0)
        *address = "127.0.0.1";
    return OK;
}

/* Who may come */

static enum status
check_missing(struct ctx *cx, const struct web_options *options)
{
    bool has_accounts;
    const char *listen = options->listen;
    enum status status = OK;
    TRY(account_any(cx, &has_accounts));
    if (!has_accounts)
        status = fault_set(cx, ERR_FORBIDDEN,
            "Không phục vụ ở %s: chưa có tài khoản nào, nên ai kết nối được đều xem và sửa được "
            "mọi "
            "thứ. Tạo tài khoản quản trị trước: chithi user add.",
            listen);
    if (options->certificate == NULL && options->proxy == NULL)
        status = fault_set(cx, ERR_FORBIDDEN,
            "Không phục vụ ở %s: chưa có TLS, nên mật khẩu đi qua mạng mà ai cũng đọc được. Thêm "
            "--certificate và --key, hoặc --proxy khi máy chủ đứng trước lo việc đó.",
            listen);
    if (cx->world->site == NULL)
        status = fault_set(cx, ERR_FORBIDDEN,
            "Không phục vụ ở %s: chưa biết mọi người mở bằng địa chỉ nào. Đặt trước: chithi set "
            "site https://chithi.example.vn.",
            listen);
    return status;
}

/* Through a proxy anybody may come, wherever the server itself listens. */
static enum status
check_public(struct ctx *cx, const struct web *web, const struct web_options *options,
    const char *address)
{
    struct ctx own = {.arena = cx->arena,
        .store = web->app.store,
        .worlds = web->app.worlds,
        .now = clock_now()};
    if (listen_is_loopback(address) && options->proxy == NULL)
        return OK;
    enum status status = world_begin(&own);
    if (status == OK)
        status = check_missing(&own, options);
    world_end(&own);
    for (int i = 0; i < own.faults.count; i++)
        (void)fault_set(cx, status, "%s", own.faults.items[i].message);
    return status;
}

static enum status
read_text(struct ctx *cx, const char *path, const char **out)
{
    const char *bytes;
    size_t length;
    TRY(file_map(cx, path, &bytes, &length));
    *out = arena_strndup(cx->arena, bytes, length);
    return OK;
}

static enum status
read_tls(struct ctx *cx, const struct web_options *options, struct server_options *out)
{
    if ((options->certificate == NULL) != (options->key == NULL))
        return fault_set(cx, ERR_INVALID,
            "--certificate và --key đi với nhau: tệp chứng chỉ và tệp khóa riêng của nó.");
    if (options->certificate == NULL)
        return OK;
    TRY(read_text(cx, options->certificate, &out->certificate));
    return read_text(cx, options->key, &out->key);
}

static enum status
read_proxy(struct ctx *cx, const char *text, const char **out)
{
    struct peer peer;
    *out = NULL;
    if (text == NULL)
        return OK;
    if (!peer_of_text(text, &peer))
        return fault_set(cx, ERR_INVALID,
            "--proxy “%s” không phải địa chỉ IPv4 hay IPv6 của máy chủ đứng trước, ví dụ "
            "127.0.0.1.",
            text);
    *out = arena_strdup(cx->arena, peer.text);
    return OK;
}

/* Maintenance */

/* Is there a backlog to go on with at once? */
static bool
run_round(const struct web *web)
{
    struct ctx cx = {.arena = arena_new(),
        .store = web->app.store,
        .worlds = web->app.worlds,
        .now = clock_now()};
    bool more;
    enum status status = maintain_round(&cx, &more);
    if (status != OK)
        log_note("folding failed with status %d", (int)status);
    if (seen_write(&cx, web->app.seen) != OK)
        log_note("the sessions that were used could not be noted");
    arena_free(cx.arena);
    return status == OK && more;
}

/* False when the server is stopping. */
static bool
wait_a_round(struct web *web, int seconds)
{
    struct timespec until = clock_steady_after(seconds * INT64_C(1000));
    pthread_mutex_lock(&web->lock);
    while (!web->is_stopping && pthread_cond_timedwait(&web->changed, &web->lock, &until) == 0)
        continue;
    bool goes_on = !web->is_stopping;
    pthread_mutex_unlock(&web->lock);
    return goes_on;
}

static void *
keep(void *argument)
{
    struct web *web = argument;
    bool more = false;
    while (wait_a_round(web, more ? 0 : ROUND_SECONDS))
        more = run_round(web);
    return NULL;
}

/* Signals are the business of the thread that starts the server. */
static enum status
start_keeper(struct ctx *cx, struct web *web)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    web->has_keeper = pthread_create(&web->keeper, NULL, keep, web) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (web->has_keeper)
        return OK;
    return fault_set(cx, ERR_STORE, "Hệ thống không cấp đủ tài nguyên cho máy chủ.");
}

/* Start and stop */

static struct web *
web_new(void)
{
    struct arena *arena = arena_new();
    struct web *web = ARENA_NEW(arena, struct web);
    pthread_condattr_t attributes;
    web->arena = arena;
    pthread_mutex_init(&web->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&web->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return web;
}

/* The templates live as long as the server; their faults are told where it is started. */
static enum status
open_app(struct ctx *cx, struct web *web, struct store *store, struct worlds *worlds)
{
    struct ctx own = {.arena = web->arena};
    enum status status = app_open(&own, store, worlds, &web->app);
    for (int i = 0; i < own.faults.count; i++) {
        const struct fault *fault = &own.faults.items[i];
        (void)fault_set(cx, status, "%s:%d:%d: %s", fault->file, fault->line, fault->column,
            fault->message);
    }
    return status;
}

static void
note_address(struct web *web, const struct server_options *options)
{
    bool is_v6 = strchr(options->address, ':') != NULL;
    web->address =
        arena_printf(web->arena, "%s://%s%s%s:%d/", options->certificate != NULL ? "https" : "http",
            is_v6 ? "[" : "", options->address, is_v6 ? "]" : "", server_port(web->server));
}

static enum status
start(struct ctx *cx, struct web *web, const struct web_options *options)
{
    struct server_options server = {.workers = WORKERS,
        .handler = app_answer,
        .app = &web->app,
        .slow_workers = SLOW_WORKERS,
        .is_slow = app_is_slow,
        .upload_limit = app_upload_limit,
        .body_limit = BODY_LIMIT,
        .spool = options->spool};
    const char *why;
    TRY(parse_listen(cx, options->listen, &server.address, &server.port));
    TRY(read_proxy(cx, options->proxy, &server.proxy));
    TRY(check_public(cx, web, options, server.address));
    TRY(read_tls(cx, options, &server));
    if (server_start(&server, &web->server, &why) != OK)
        return fault_set(cx, ERR_STORE, "Không mở được %s: %s.", options->listen, why);
    note_address(web, &server);
    return start_keeper(cx, web);
}

enum status
web_start(struct ctx *cx, struct store *store, struct worlds *worlds,
    const struct web_options *options, struct web **out)
{
    struct web *web = web_new();
    enum status status = open_app(cx, web, store, worlds);
    if (status == OK)
        status = start(cx, web, options);
    if (status == OK)
        *out = web;
    else
        web_stop(web);
    return status;
}

const char *
web_address(const struct web *web)
{
    return web->address;
}

int
web_port(const struct web *web)
{
    return server_port(web->server);
}

void
web_stop(struct web *web)
{
    if (web->server != NULL)
        server_stop(web->server);
    pthread_mutex_lock(&web->lock);
    web->is_stopping = true;
    pthread_cond_signal(&web->changed);
    pthread_mutex_unlock(&web->lock);
    if (web->has_keeper)
        pthread_join(web->keeper, NULL);
    pthread_cond_destroy(&web->changed);
    pthread_mutex_destroy(&web->lock);
    arena_free(web->arena);
}
