/* What is on the way to the server: statements in the order in which they were sent, and whose the
 * answers are. An answer that is not asked for yet waits with its query. */
#include "store/postgres.h"

#include <assert.h>

/* Sending */

/* Of what is on the way, the older half is heard when it has become much, so that neither side's
 * memory fills, while the server goes on with the newer. */
void
postgres_sent(struct ctx *cx, struct postgres_db *db, struct sent sent, int accepted)
{
    if (accepted != 1)
        postgres_failed(cx, db, NULL, sent.what);
    if (db->failure != FAILURE_NONE)
        return;
    db->sent[(db->first_sent + db->pending++) % PENDING_MOST] = sent;
    db->is_flushed = false;
    if (sent.owner != NULL)
        sent.owner->on_way++;
    if (db->pending == PENDING_MOST) {
        while (db->pending > PENDING_MOST / 2 && postgres_hear(cx, db))
            ;
    }
}

void
postgres_send(struct ctx *cx, struct postgres_db *db, const char *text, int count,
    const char *const *values)
{
    if (db->failure == FAILURE_NONE)
        postgres_sent(cx, db, (struct sent){.what = text},
            PQsendQueryParams(db->connection, text, count, NULL, values, NULL, NULL, 1));
}

/* Hearing */

static void
hand_over(struct postgres_query *owner, PGresult *result)
{
    if (owner == NULL) {
        PQclear(result);
        return;
    }
    owner->on_way--;
    owner->heard[(owner->first_heard + owner->heard_count++) % owner->heard_room] = result;
}

/* What one statement came to; NULL when it failed. */
static PGresult *
receive(struct ctx *cx, struct postgres_db *db, const char *what)
{
    PGresult *kept = NULL, *result;
    while ((result = PQgetResult(db->connection)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            PQclear(kept);
            kept = result;
            continue;
        }
        if (status != PGRES_PIPELINE_ABORTED)
            postgres_failed(cx, db, result, what);
        PQclear(result);
    }
    return kept;
}

bool
postgres_hear(struct ctx *cx, struct postgres_db *db)
{
    if (db->failure != FAILURE_NONE)
        return false;
    assert(db->pending > 0);
    if (!db->is_flushed && PQsendFlushRequest(db->connection) != 1)
        postgres_failed(cx, db, NULL, "flush");
    db->is_flushed = true;
    struct sent sent = db->sent[db->first_sent];
    PGresult *result = receive(cx, db, sent.what);
    db->first_sent = (db->first_sent + 1) % PENDING_MOST;
    db->pending--;
    if (PQstatus(db->connection) == CONNECTION_BAD)
        postgres_failed(cx, db, NULL, sent.what);
    if (db->failure != FAILURE_NONE) {
        PQclear(result);
        return false;
    }
    hand_over(sent.owner, result);
    return true;
}

PGresult *
postgres_take(struct postgres_query *q)
{
    PGresult *result = q->heard[q->first_heard];
    q->first_heard = (q->first_heard + 1) % q->heard_room;
    q->heard_count--;
    return result;
}

void
postgres_let_go(struct postgres_query *q)
{
    struct postgres_db *db = q->db;
    PQclear(q->result);
    q->result = NULL;
    while (q->heard_count > 0)
        PQclear(postgres_take(q));
    for (int i = 0; q->on_way > 0 && i < db->pending; i++) {
        struct postgres_query **owner = &db->sent[(db->first_sent + i) % PENDING_MOST].owner;
        if (*owner == q)
            *owner = NULL;
    }
    q->on_way = 0;
    q->in_use = false;
    struct postgres_query **at = &db->in_use;
    while (*at != q)
        at = &(*at)->next_in_use;
    *at = q->next_in_use;
}

/* A connection that is gone is of no use for anything else, whatever failed before. */
static void
note_loss(struct ctx *cx, struct postgres_db *db)
{
    postgres_failed(cx, db, NULL, "sync");
    db->failure = FAILURE_LOST;
}

/* Between two answers there is one NULL; two say that no more will come. */
void
postgres_sync(struct ctx *cx, struct postgres_db *db)
{
    bool is_synced = false;
    int empty = PQpipelineSync(db->connection) == 1 ? 0 : 2;
    db->is_flushed = true;
    while (db->pending > 0 && postgres_hear(cx, db))
        ;
    while (!is_synced && empty < 2) {
        PGresult *result = PQgetResult(db->connection);
        ExecStatusType status = PQresultStatus(result);
        empty = result == NULL ? empty + 1 : 0;
        if (result != NULL && status == PGRES_FATAL_ERROR)
            postgres_failed(cx, db, result, "pending");
        is_synced = status == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    db->pending = 0;
    if (!is_synced || PQexitPipelineMode(db->connection) != 1)
        note_loss(cx, db);
}
