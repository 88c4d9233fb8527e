/* One database for each test, on either engine. */
#include "database.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct database {
    char *folder; /* of a file */
    char *name;   /* on a server */
    char *where;
    sqlite3 *file;
    PGconn *server;
};

typedef int row_fn(void *, int, char **, char **);

static char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *
text_of(const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    assert_true(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    return text;
}

/* A file */

static void
new_file(struct database *database)
{
    const char *root = getenv("TMPDIR");
    database->folder = text_of("%s/chithi-XXXXXX", root != NULL && *root != '\0' ? root : "/tmp");
    assert_non_null(mkdtemp(database->folder));
    database->where = text_of("%s/chithi.db", database->folder);
}

static void
remove_folder(const char *folder)
{
    DIR *open = opendir(folder);
    struct dirent *entry;
    while (open != NULL && (entry = readdir(open)) != NULL) {
        char *path = text_of("%s/%s", folder, entry->d_name);
        if (entry->d_type != DT_DIR)
            unlink(path);
        free(path);
    }
    if (open != NULL)
        closedir(open);
    rmdir(folder);
}

static sqlite3 *
file_of(struct database *database)
{
    if (database->file == NULL) {
        assert_int_equal(sqlite3_open(database->where, &database->file), SQLITE_OK);
        sqlite3_busy_timeout(database->file, 30000);
    }
    return database->file;
}

/* A server */

static const char *
server_address(void)
{
    const char *address = getenv("CHITHI_TEST_SERVER");
    return address == NULL || *address == '\0' ? NULL : address;
}

static PGconn *
connect_to(const char *address)
{
    PGconn *connection = PQconnectdb(address);
    if (PQstatus(connection) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(connection));
    PQclear(PQexec(connection, "SET client_min_messages = error"));
    return connection;
}

/* Takes the text. */
static void
on_server(char *text)
{
    PGconn *connection = connect_to(server_address());
    PGresult *result = PQexec(connection, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", text, PQerrorMessage(connection));
    free(text);
    PQclear(result);
    PQfinish(connection);
}

/* The server's address with the name of another database in it. */
static char *
address_of(const char *name)
{
    const char *address = server_address(), *path = strstr(address, "://");
    assert_non_null(path);
    path = strchr(path + 3, '/');
    assert_non_null(path);
    return text_of("%.*s/%s%s", (int)(path - address), address, name, strchr(path, '?'));
}

static char *template_name;

static void
drop_template(void)
{
    on_server(text_of("DROP DATABASE IF EXISTS %s WITH (FORCE)", template_name));
    free(template_name);
}

/* Filled once, and copied for each test. */
static void
make_template(void (*fill)(const char *where))
{
    static void (*filled_by)(const char *where);
    if (template_name != NULL && filled_by == fill)
        return;
    if (template_name == NULL)
        atexit(drop_template);
    else
        on_server(text_of("DROP DATABASE %s WITH (FORCE)", template_name));
    free(template_name);
    template_name = text_of("t%d", (int)getpid());
    filled_by = fill;
    char *where = address_of(template_name);
    on_server(text_of("CREATE DATABASE %s", template_name));
    fill(where);
    free(where);
}

static void
new_on_server(struct database *database, void (*fill)(const char *where))
{
    static int number;
    make_template(fill);
    database->name = text_of("t%d_%d", (int)getpid(), ++number);
    on_server(text_of("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", database->name,
        template_name));
    database->where = address_of(database->name);
}

static bool
is_on_server(const struct database *database)
{
    return strstr(database->where, "://") != NULL;
}

static PGconn *
server_of(struct database *database)
{
    if (database->server == NULL)
        database->server = connect_to(database->where);
    return database->server;
}

/* Either */

static struct database *
nowhere(void)
{
    struct database *database = calloc(1, sizeof(*database));
    assert_non_null(database);
    return database;
}

struct database *
database_new_file(void (*fill)(const char *where))
{
    struct database *database = nowhere();
    new_file(database);
    fill(database->where);
    return database;
}

struct database *
database_new(void (*fill)(const char *where))
{
    if (server_address() == NULL)
        return database_new_file(fill);
    struct database *database = nowhere();
    new_on_server(database, fill);
    return database;
}

struct database *
database_at(const char *where)
{
    struct database *database = nowhere();
    database->where = text_of("%s", where);
    return database;
}

void
database_free(struct database *database)
{
    if (database->file != NULL)
        sqlite3_close(database->file);
    if (database->server != NULL)
        PQfinish(database->server);
    if (database->name != NULL)
        on_server(text_of("DROP DATABASE %s WITH (FORCE)", database->name));
    if (database->folder != NULL)
        remove_folder(database->folder);
    free(database->folder);
    free(database->name);
    free(database->where);
    free(database);
}

const char *
database_where(const struct database *database)
{
    return database->where;
}

bool
database_on_server(void)
{
    return server_address() != NULL;
}

/* Raw SQL */

static void
tell_rows(const PGresult *result, row_fn *row, void *argument)
{
    int columns = PQnfields(result);
    char **values = calloc((size_t)columns + 1, sizeof(*values));
    char **names = calloc((size_t)columns + 1, sizeof(*names));
    assert_true(values != NULL && names != NULL);
    for (int r = 0; r < PQntuples(result); r++) {
        for (int c = 0; c < columns; c++) {
            values[c] = PQgetisnull(result, r, c) ? NULL : PQgetvalue(result, r, c);
            names[c] = PQfname(result, c);
        }
        if (row != NULL && row(argument, columns, values, names) != 0)
            break;
    }
    free(values);
    free(names);
}

/* False when a constraint is broken. */
static bool
ask_server(struct database *database, const char *sql, row_fn *row, void *argument)
{
    PGconn *server = server_of(database);
    PGresult *result = PQexec(server, sql);
    ExecStatusType status = PQresultStatus(result);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool is_conflict = state != NULL && strncmp(state, "23", 2) == 0;
    if (status == PGRES_TUPLES_OK)
        tell_rows(result, row, argument);
    else if (status != PGRES_COMMAND_OK && !is_conflict)
        fail_msg("%s: %s", PQerrorMessage(server), sql);
    PQclear(result);
    return !is_conflict;
}

static bool
ask_file(struct database *database, const char *sql, row_fn *row, void *argument)
{
    sqlite3 *file = file_of(database);
    int code = sqlite3_exec(file, sql, row, argument, NULL);
    if (code != SQLITE_OK && code != SQLITE_CONSTRAINT && code != SQLITE_ABORT)
        fail_msg("%s: %s", sqlite3_errmsg(file), sql);
    return code != SQLITE_CONSTRAINT;
}

static bool
ask(struct database *database, const char *sql, row_fn *row, void *argument)
{
    return is_on_server(database) ? ask_server(database, sql, row, argument)
                                  : ask_file(database, sql, row, argument);
}

void
database_each(struct database *database, const char *sql, row_fn *row, void *argument)
{
    if (!ask(database, sql, row, argument))
        fail_msg("constraint broken: %s", sql);
}

bool
database_keeps(struct database *database, const char *sql)
{
    return ask(database, sql, NULL, NULL);
}

static int
take_number(void *argument, int count, char **values, char **names)
{
    (void)count;
    (void)names;
    *(int64_t *)argument = values[0] == NULL ? 0 : strtoll(values[0], NULL, 10);
    return 1;
}

int64_t
database_number(struct database *database, const char *sql)
{
    int64_t number = 0;
    database_each(database, sql, take_number, &number);
    return number;
}

int64_t
database_version(struct database *database)
{
    return database_number(database,
        !is_on_server(database) ? "PRAGMA data_version"
                                : "SELECT pg_snapshot_xmax(pg_current_snapshot())");
}

int64_t
database_tables(struct database *database, const char *like)
{
    char *text = text_of(!is_on_server(database)
            ? "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE '%s'"
            : "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '%s'",
        like);
    int64_t count = database_number(database, text);
    free(text);
    return count;
}

/* FNV-1a over the values as text, each closed by a byte that no text holds. The rows of a table are
 * added up, because a server gives them in any order. */
static int
digest_row(void *argument, int count, char **values, char **names)
{
    uint64_t *sum = argument, digest = 0xcbf29ce484222325U;
    (void)names;
    for (int i = 0; i < count; i++) {
        for (const char *at = values[i]; at != NULL && *at != '\0'; at++)
            digest = (digest ^ (unsigned char)*at) * 0x100000001b3U;
        digest = (digest ^ (values[i] == NULL ? 0xfe : 0xff)) * 0x100000001b3U;
    }
    *sum += digest;
    return 0;
}

struct digest {
    struct database *database;
    uint64_t sum;
};

static int
digest_table(void *argument, int count, char **values, char **names)
{
    struct digest *digest = argument;
    uint64_t sum = 0;
    char *text = text_of("SELECT * FROM %s", values[0]);
    (void)count;
    (void)names;
    database_each(digest->database, text, digest_row, &sum);
    free(text);
    digest->sum = (digest->sum ^ sum) * 0x100000001b3U;
    return 0;
}

uint64_t
database_digest(struct database *database)
{
    struct digest digest = {database, 0xcbf29ce484222325U};
    database_each(database,
        !is_on_server(database) ? "SELECT name FROM sqlite_master WHERE type = 'table' "
                                  "AND name NOT IN ('slot', 'lease') ORDER BY name"
                                : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                                  "AND tablename NOT IN ('slot', 'lease', 'commit_mark') ORDER BY "
                                  "tablename COLLATE \"C\"",
        digest_table, &digest);
    return digest.sum;
}
