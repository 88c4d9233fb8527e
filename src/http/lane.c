/* The lanes: queues between the I/O thread and the workers. What the application calls slow waits
 * and is worked on apart, so that passwords, reports and uploads never hold up pages. */
#include "http/job.h"

#include "http/listen.h"

#include <string.h>

enum { SLOW_WAITING = 64, ADDRESSES = 4 /* as many fill a lane, one does not */ };

void
lanes_open(struct server *server)
{
    for (int i = 0; i < LANE__COUNT; i++)
        pthread_cond_init(&server->lane[i].queued, NULL);
    server->lane[LANE_SLOW].limit =
        server->options.slow_waiting > 0 ? server->options.slow_waiting : SLOW_WAITING;
}

static void
push(struct lane *lane, struct job *job)
{
    if (lane->first == NULL)
        lane->first = job;
    else
        lane->last->next = job;
    lane->last = job;
    lane->waiting++;
}

static struct job *
pop(struct lane *lane)
{
    struct job *job = lane->first;
    if (job != NULL) {
        lane->first = job->next;
        lane->waiting--;
    }
    return job;
}

static struct lane *
lane_of(struct job *job)
{
    const struct server_options *options = &job->server->options;
    bool is_slow = options->slow_workers > 0 && options->is_slow(options->app, &job->request);
    return &job->server->lane[is_slow ? LANE_SLOW : LANE_PAGES];
}

/* Is there no room, or none for whoever asks? Programs of this machine may have all of it. */
static bool
is_full(const struct lane *lane, const struct job *job)
{
    bool is_local = job->link->client.is_local;
    int share = is_local ? lane->limit : (lane->limit + ADDRESSES - 1) / ADDRESSES, own = 0;
    for (const struct job *other = lane->first; other != NULL; other = other->next)
        own += strcmp(other->request.address, job->request.address) == 0;
    return lane->limit > 0 && (lane->waiting >= lane->limit || own >= share);
}

/* The connection is suspended under the lock: the library must not be stopped while one is. */
const struct refusal *
lanes_take(struct job *job)
{
    struct server *server = job->server;
    struct lane *lane = lane_of(job);
    const struct refusal *refusal = NULL;
    pthread_mutex_lock(&server->lock);
    if (server->is_closed) {
        refusal = &refusal_stopping;
    } else if (is_full(lane, job)) {
        refusal = &refusal_busy;
    } else {
        job->stage = QUEUED;
        guard_phase(server->guard, job->link, PHASE_WORK);
        MHD_suspend_connection(job->connection);
        push(lane, job);
        pthread_cond_signal(&lane->queued);
    }
    pthread_mutex_unlock(&server->lock);
    return refusal;
}

/* Give the job back to the I/O thread, which calls on_request with it again. */
static void
hand_back(struct job *job)
{
    struct server *server = job->server;
    pthread_mutex_lock(&server->lock);
    job->stage = ANSWERED;
    pthread_mutex_unlock(&server->lock);
    MHD_resume_connection(job->connection);
}

/* The next job, or NULL when the server is closed. */
static struct job *
next_job(const struct worker *worker)
{
    struct server *server = worker->server;
    struct lane *lane = worker->lane;
    pthread_mutex_lock(&server->lock);
    while (lane->first == NULL && !server->is_closed)
        pthread_cond_wait(&lane->queued, &server->lock);
    struct job *job = pop(lane);
    pthread_mutex_unlock(&server->lock);
    return job;
}

static void *
work(void *argument)
{
    const struct worker *worker = argument;
    const struct server_options *options = &worker->server->options;
    struct job *job;
    while ((job = next_job(worker)) != NULL) {
        options->handler(options->app, worker->number, &job->request, &job->response);
        hand_back(job);
    }
    return NULL;
}

const char *
lanes_start(struct server *server)
{
    const struct server_options *options = &server->options;
    int count = options->workers + options->slow_workers;
    server->workers = ARENA_ARRAY(server->arena, struct worker, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct worker *worker = &server->workers[i];
        worker->server = server;
        worker->lane = &server->lane[i < options->workers ? LANE_PAGES : LANE_SLOW];
        worker->number = i;
        int error = pthread_create(&worker->thread, NULL, work, worker);
        if (error != 0)
            return listen_reason(error);
        server->worker_count++;
    }
    return NULL;
}

static void
refuse_waiting(struct job *job)
{
    while (job != NULL) {
        struct job *next = job->next;
        job_set_refusal(job, &refusal_stopping);
        hand_back(job);
        job = next;
    }
}

void
lanes_close(struct server *server)
{
    struct job *waiting[LANE__COUNT];
    pthread_mutex_lock(&server->lock);
    server->is_closed = true;
    for (int i = 0; i < LANE__COUNT; i++) {
        waiting[i] = server->lane[i].first;
        server->lane[i].first = NULL;
        pthread_cond_broadcast(&server->lane[i].queued);
    }
    pthread_mutex_unlock(&server->lock);
    for (int i = 0; i < LANE__COUNT; i++)
        refuse_waiting(waiting[i]);
    for (int i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i].thread, NULL);
    for (int i = 0; i < LANE__COUNT; i++)
        pthread_cond_destroy(&server->lane[i].queued);
}
