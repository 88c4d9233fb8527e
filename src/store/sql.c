/* Statements made at run time. */
#include "store/sql.h"

#include <stdatomic.h>

/* Named queries use the numbers from 0; these begin far above. */
static atomic_uint_fast64_t next_id = 1000000;

static struct sql *
make(struct arena *arena, const char *name, const char *text)
{
    struct sql *sql = ARENA_NEW(arena, struct sql);
    const char **names;
    sql->id = next_id++;
    sql->name = arena_strdup(arena, name);
    for (int i = 0; i < DIALECT__COUNT; i++)
        sql->text[i] = sql_rewrite(arena, (enum dialect)i, text, &names, &sql->parameter_count);
    sql->parameters = names;
    return sql;
}

const struct sql *
sql_make(struct arena *arena, const char *name, const char *text)
{
    return make(arena, name, text);
}

const struct sql *
sql_make_long(struct arena *arena, const char *name, const char *text)
{
    struct sql *sql = make(arena, name, text);
    sql->is_long = true;
    return sql;
}

const struct sql *
sql_make_every_shard(struct arena *arena, const char *name, const char *text)
{
    struct sql *sql = make(arena, name, text);
    sql->every_shard = true;
    return sql;
}

const struct sql *
sql_make_gathered(struct arena *arena, const char *name, const char *text)
{
    struct sql *sql = make(arena, name, text);
    sql->is_gathered = true;
    return sql;
}
