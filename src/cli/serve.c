/* chithi serve: the web server until a signal. */
#include "cli/cli.h"

#include "store/backup.h"
#include "web/web.h"

#include <signal.h>
#include <stdio.h>

/* Signals are waited for, not handled; the threads of store and server block all of them. */
static void
block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

int
cmd_serve(struct ctx *cx, const struct args *args)
{
    const char *listen = arg_value(args, "listen");
    const char *ship = arg_value(args, "ship");
    struct web *web;
    sigset_t signals;
    int signal;
    if (args->word_count > 0)
        return EXIT_USAGE;
    block_signals(&signals);
    world_end(cx); /* the server's requests have snapshots of their own */
    if (ship != NULL && store_ship_begin(cx, ship) != OK)
        return cli_fail(cx);
    if (web_start(cx, cx->store, cx->worlds, listen == NULL ? "127.0.0.1:8080" : listen, &web) !=
        OK)
        return cli_fail(cx);
    printf("http://127.0.0.1:%d/\n", web_port(web));
    fflush(stdout);
    (void)sigwait(&signals, &signal);
    web_stop(web);
    return EXIT_OK;
}
