/* The way into the command line. */
#ifndef CLI_CLI_MAIN_H
#define CLI_CLI_MAIN_H

/* Run the command that the words name; returns the exit code: 0, 1 (it failed, the reason is on
 * stderr) or 2 (usage). */
int cli_main(int argc, char **argv);

#endif
