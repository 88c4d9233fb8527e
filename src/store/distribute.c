/* Handing tables to Citus, as their marks say. What it is told, and in which order, is here; that
 * no table and no statement breaks its rules is for tests/suite/lint.py. */
#include "store/distribute.h"

#include "base/buf.h"
#include "store/engine.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

static const char *const marks[MARK__COUNT] = {[MARK_NONE] = "",
    [MARK_REFERENCE] = "reference",
    [MARK_SHARDED] = "sharded",
    [MARK_LOCAL] = "local"};

/* All shards lie where those of this table lie, which is the first that grows. */
static const char leader[] = "record";

const char *
mark_key(enum mark mark)
{
    return marks[mark];
}

static size_t
word_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

/* The mark that a comment line begins with. */
static enum mark
mark_of(const char *comment)
{
    const char *word = comment + 2 + strspn(comment + 2, " ");
    size_t length = word_length(word);
    for (int mark = MARK_NONE + 1; mark < MARK__COUNT; mark++) {
        if (strlen(marks[mark]) == length && memcmp(marks[mark], word, length) == 0)
            return (enum mark)mark;
    }
    return MARK_NONE;
}

/* The name of the table that a statement makes, or NULL. */
static const char *
made_table(struct arena *arena, const char *statement)
{
    static const char create[] = "CREATE TABLE ", unless[] = "IF NOT EXISTS ";
    if (strncmp(statement, create, strlen(create)) != 0)
        return NULL;
    statement += strlen(create);
    if (strncmp(statement, unless, strlen(unless)) == 0)
        statement += strlen(unless);
    return arena_strndup(arena, statement, word_length(statement));
}

/* Behind the `;` of a statement, or behind its last letter. */
static const char *
statement_end(const char *text)
{
    while (*text != '\0' && *text != ';') {
        size_t opaque = sql_opaque_length(text);
        text += opaque > 0 ? opaque : 1;
    }
    return text + (*text == ';');
}

/* To the next statement. The comment that stands right before it, lines without a blank one
 * between, begins with the mark. */
static const char *
skip_comments(const char *text, enum mark *mark)
{
    bool begins = true;
    *mark = MARK_NONE;
    for (;;) {
        size_t blank = strspn(text, " \n");
        const char *line = memchr(text, '\n', blank);
        if (line != NULL && memchr(line + 1, '\n', blank - (size_t)(line + 1 - text)) != NULL)
            begins = true;
        text += blank;
        size_t comment = strncmp(text, "--", 2) == 0 ? sql_opaque_length(text) : 0;
        if (comment == 0)
            return text;
        if (begins)
            *mark = mark_of(text);
        begins = false;
        text += comment;
    }
}

struct marked_table *
distribute_tables(struct arena *arena, const char *script, int *count)
{
    struct marked_table *tables = NULL;
    enum mark mark;
    *count = 0;
    for (const char *at = skip_comments(script, &mark); *at != '\0';
         at = skip_comments(at, &mark)) {
        const char *name = made_table(arena, at), *end = statement_end(at);
        if (name != NULL)
            *ARENA_PUSH(arena, tables, *count) = (struct marked_table){name, mark, end};
        at = end;
    }
    return tables;
}

static void
add_handing_over(struct buf *out, const struct marked_table *table)
{
    assert(table->mark != MARK_NONE);
    if (table->mark == MARK_REFERENCE)
        buf_printf(out, "\nSELECT create_reference_table('%s');", table->name);
    if (table->mark == MARK_SHARDED)
        buf_printf(out, "\nSELECT create_distributed_table('%s', 'shard', colocate_with => '%s');",
            table->name, strcmp(table->name, leader) == 0 ? "none" : leader);
}

/* A transaction that changes tables and rows of several shards does so over one connection to each
 * machine: over several, Citus would refuse what comes second. */
const char *
distribute_script(struct arena *arena, const char *script)
{
    int count;
    const struct marked_table *tables = distribute_tables(arena, script, &count);
    struct buf out = buf_new(arena);
    buf_text(&out, "SET LOCAL citus.multi_shard_modify_mode = 'sequential';\n");
    for (int i = 0; i < count; i++) {
        buf_add(&out, script, (size_t)(tables[i].end - script));
        if (tables[i].end[-1] != ';')
            buf_char(&out, ';');
        add_handing_over(&out, &tables[i]);
        script = tables[i].end;
    }
    buf_text(&out, script);
    return buf_string(&out);
}

/* A database is distributed from its beginning or never, so that the store asks once. */
enum status
distribute_look(struct ctx *cx)
{
    bool found;
    if (cx->store->spread != SPREAD_UNKNOWN)
        return OK;
    struct query *q = query_new(cx, Q_DISTRIBUTE_NOTED);
    TRY(query_one(q, &found));
    if (!found) {
        cx->store->spread = SPREAD_WHOLE;
        return OK;
    }
    cx->store->spread = SPREAD_DISTRIBUTED;
    return query_end(q);
}

enum status
distribute_note(struct ctx *cx)
{
    return store_script(cx, "COMMENT ON TABLE commit_mark IS 'distributed'");
}

enum status
distribute_is_possible(struct ctx *cx)
{
    bool found;
    struct query *q = query_new(cx, Q_DISTRIBUTE_FUNCTIONS);
    TRY(query_one(q, &found));
    bool is_possible = found && query_get_int(q, 0) == 2;
    TRY(query_end(q));
    if (is_possible)
        return OK;
    return fault_set(cx, ERR_INVALID,
        "Không chia cơ sở dữ liệu này ra nhiều máy được: nó không có phần mở rộng citus. Cài Citus "
        "trên máy chủ PostgreSQL rồi chạy trong cơ sở dữ liệu: CREATE EXTENSION citus. Chưa thay "
        "đổi gì.");
}
