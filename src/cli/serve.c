/* chithi serve: the web server until a signal. */
#include "cli/cli.h"

#include "base/log.h"
#include "store/backup.h"
#include "store/store.h"
#include "web/web.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Signals are waited for, not handled; the threads of store and server block all of them. */
static void
block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

/* Each connection and each file that comes is an open file: as many as the system allows. */
static void
allow_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

/* Files that come lie beside the database: the folder that the process may write, on a disk. */
static const char *
spool_of(struct ctx *cx, const char *db)
{
    const char *slash = strrchr(db, '/');
    if (!store_is_file(db))
        return NULL;
    return slash == NULL ? "." : arena_strndup(cx->arena, db, (size_t)(slash - db) + 1);
}

static struct web_options
options_of(struct ctx *cx, const struct args *args)
{
    const char *listen = arg_value(args, "listen");
    return (struct web_options){.listen = listen == NULL ? "127.0.0.1:8080" : listen,
        .certificate = arg_value(args, "certificate"),
        .key = arg_value(args, "key"),
        .proxy = arg_value(args, "proxy"),
        .spool = spool_of(cx, args->db)};
}

/* Before anybody is served: without its key a database's authenticators open nothing. */
static enum status
open_database(struct ctx *cx, const struct args *args, bool has_key)
{
    TRY(cli_open(cx, args, false));
    TRY(world_begin(cx));
    TRY(cli_check_secrets(cx, args));
    world_end(cx); /* the server's requests have snapshots of their own */
    if (!has_key)
        log_note("there is no data key: no authenticator can be set up");
    return OK;
}

static enum status
begin(struct ctx *cx, const struct args *args, struct web **web)
{
    struct web_options options = options_of(cx, args);
    const char *ship = arg_value(args, "ship");
    bool has_key;
    TRY(cli_take_data_key(cx, args, &has_key));
    cli_confine(cx, args, ship);
    TRY(open_database(cx, args, has_key));
    if (ship != NULL)
        TRY(store_ship_begin(cx, ship));
    return web_start(cx, cx->store, cx->worlds, &options, web);
}

int
cmd_serve(struct ctx *cx, const struct args *args)
{
    struct web *web;
    sigset_t signals;
    int signal;
    if (args->word_count > 0)
        return EXIT_USAGE;
    allow_files();
    block_signals(&signals);
    if (begin(cx, args, &web) != OK)
        return cli_fail(cx);
    puts(web_address(web));
    fflush(stdout);
    (void)sigwait(&signals, &signal);
    web_stop(web);
    return EXIT_OK;
}
