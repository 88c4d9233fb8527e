/* The command line: one file for each subcommand, one table of them in cli.c. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/ctx.h"
#include "base/doc.h"

int cli_main(int argc, char **argv);

#endif
