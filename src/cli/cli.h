/* The command line: one table of commands in cli.c, one file for each family of them. A command
 * fills rows of a document; they are shown as a table on a terminal, as TSV in a pipe, and as JSON
 * with --json. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/ctx.h"
#include "base/doc.h"
#include "base/table.h"
#include "domain/world.h"

#include <stdio.h>

/* The words of a command line, taken apart. */
struct option {
    const char *name;  /* "unit" of --unit */
    const char *value; /* NULL: a flag */
};

struct args {
    const char **words; /* what is no option */
    int word_count;
    struct option *options;
    int option_count;
    const char *db; /* --db, CHITHI_DB or var/chithi.db */
    bool json;
};

/* What a command gives back; after EXIT_USAGE its usage is shown. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef int command_fn(struct ctx *, const struct args *);

struct command {
    const char *name; /* "unit import": one or two words */
    const char
        *options; /* those it takes, blank between: "unit= from= dry-run" ('=': with value) */
    const char *usage;
    const char *about;
    command_fn *run;
    /* DB_WORLD: the database is open and a world begun; DB_PACKS: one without layouts and reports
     * will do, because the packs are going to be replaced. */
    enum { DB_NONE, DB_WORLD, DB_PACKS } needs;
};

extern const struct command commands[];
extern const int command_count;

/* The value of an option, or NULL; was a flag given? */
const char *arg_value(const struct args *, const char *name);
bool arg_flag(const struct args *, const char *name);
/* A day option; `absent` when it was not given. ERR_INVALID for what is no date. */
MUST_CHECK enum status arg_day(struct ctx *, const struct args *, const char *name, int32_t absent,
    int32_t *out);
/* The days of --period, else of --from and --to; each stays as it is when it was not given.
 * ERR_INVALID for a range that ends before it begins, or for a period beside days. */
MUST_CHECK enum status arg_range(struct ctx *, const struct args *, int32_t *from, int32_t *to);
/* The unit that --NAME names on a day; ERR_INVALID when it was not given. */
MUST_CHECK enum status arg_unit(struct ctx *, const struct args *, const char *name, int32_t day,
    const struct unit **out);

/* Was --distribute given? ERR_INVALID where the database is to be a file. */
MUST_CHECK enum status arg_distribute(struct ctx *, const struct args *, const char *where,
    bool *out);

/* Open --db: `create` makes the file and its folder. Closed at the end of the program. */
MUST_CHECK enum status cli_open(struct ctx *, const struct args *, bool create);

/* The data key (data_key.h). Take it from its file for this process, if there is one: --data-key,
 * CHITHI_DATA_KEY, or the name of the database file with ".key". */
MUST_CHECK enum status cli_take_data_key(struct ctx *, const struct args *, bool *found);
/* ERR_INVALID where no file is named and the database is on a server. */
MUST_CHECK enum status cli_need_data_key(struct ctx *, const struct args *);
/* The same as taking, making the file where there is none, and encrypt what stands in clear. In a
 * snapshot. ERR_INVALID, with nothing changed, where secrets are of another key. */
MUST_CHECK enum status cli_settle_data_key(struct ctx *, const struct args *);
/* ERR_INVALID, with the way out, where the key at hand does not open every secret. */
MUST_CHECK enum status cli_check_secrets(struct ctx *, const struct args *);

/* Give up what `serve` does not need (sandbox.h), before the database is opened and the first
 * thread begins; the log says what the kernel does not know. `ship` may be NULL. */
void cli_confine(struct ctx *, const struct args *, const char *ship);

/* Print the faults of the context on stderr and say EXIT_FAILED. */
int cli_fail(struct ctx *);
/* EXIT_OK, or cli_fail. */
int cli_end(struct ctx *, enum status);

/* Where a table goes: the file of -o, complete or not there at all, or standard output. */
struct output {
    FILE *file;
    const char *path, *part; /* of the file, and of it while it is written; NULL: standard output */
    enum table_format format;
    struct sink sink;
};
/* ERR_INVALID for a name that ends neither in .tsv nor in .csv. */
MUST_CHECK enum status output_begin(struct ctx *, const struct args *, struct output *);
/* Put the file into its place if all went well, else take it away; gives the first thing that went
 * wrong. */
MUST_CHECK enum status output_end(struct ctx *, struct output *, enum status);

/* Show rows (a list of objects): `columns` are keys, blank between. */
void cli_show(const struct args *, const struct doc *rows, const char *columns);

command_fn cmd_init, cmd_demo, cmd_serve, cmd_unit_import, cmd_unit_export, cmd_unit_list,
    cmd_unit_show, cmd_unit_rename, cmd_unit_move, cmd_unit_abolish, cmd_unit_merge,
    cmd_record_import, cmd_record_export, cmd_record_list, cmd_record_show, cmd_record_do,
    cmd_record_correct, cmd_record_void, cmd_record_attach, cmd_record_file, cmd_person_import,
    cmd_person_export, cmd_person_list, cmd_person_count, cmd_person_show, cmd_person_set,
    cmd_person_move, cmd_person_end, cmd_figure, cmd_facts, cmd_declare, cmd_publish,
    cmd_publication_list, cmd_publication_withdraw, cmd_declaration_import, cmd_declaration_export,
    cmd_report, cmd_period_make, cmd_period_add, cmd_period_list, cmd_period_remove,
    cmd_holiday_import, cmd_holiday_list, cmd_holiday_remove, cmd_review_import, cmd_review_list,
    cmd_review_remove, cmd_search, cmd_check, cmd_rebuild, cmd_dump, cmd_explain,
    cmd_explain_rights, cmd_pack_check, cmd_pack_diff, cmd_pack_apply, cmd_pack_remove, cmd_set,
    cmd_fold, cmd_backup, cmd_restore, cmd_copy, cmd_user_add, cmd_user_list, cmd_user_show,
    cmd_user_grant, cmd_user_revoke, cmd_user_invite, cmd_user_close, cmd_user_open, cmd_user_link,
    cmd_user_sessions, cmd_user_sign_out, cmd_user_totp_off, cmd_audit_list, cmd_audit_export,
    cmd_audit_verify, cmd_audit_seal;

#endif
