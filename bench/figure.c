/* Times figures and their parts on a database that bench/run has filled, and beside each the plain
 * SQL over the register tables that answers the same question. Prints medians as TSV. */
#include "base/buf.h"
#include "base/date.h"
#include "domain/figure.h"
#include "domain/world.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 51, PLAIN_ROUNDS = 5 };

struct question {
    const char *name, *unit, *from, *to, *where;
    enum { ASK_FIGURE, ASK_PARTS, ASK_MONTHS, ASK_RECORDS } kind;
};

static const struct question questions[] = {
    {"nation, ten years", "VN", "2016-01-01", "2025-12-31", NULL, ASK_FIGURE},
    {"nation, a month", "VN", "2021-03-01", "2021-03-31", NULL, ASK_FIGURE},
    {"nation, 37 odd days", "VN", "2021-03-11", "2021-04-16", NULL, ASK_FIGURE},
    {"nation, odd range of years", "VN", "2016-05-15", "2019-06-29", NULL, ASK_FIGURE},
    {"nation, a cut, odd range of years", "VN", "2016-05-15", "2019-06-29",
        "loai=kiem_tra_dhvp,chu_the=ubkt", ASK_FIGURE},
    {"province of 579, odd range of years", "01", "2016-05-15", "2019-06-29", NULL, ASK_FIGURE},
    {"province of 155, odd range of years", "83", "2016-05-15", "2019-06-29", NULL, ASK_FIGURE},
    {"district of 14, odd range of years", "829", "2016-05-15", "2019-06-29", NULL, ASK_FIGURE},
    {"commune, odd range of years", "28780", "2016-05-15", "2019-06-29", NULL, ASK_FIGURE},
    {"nation by province, a year", "VN", "2021-01-01", "2021-12-31", NULL, ASK_PARTS},
    {"province by district, a year", "83", "2021-01-01", "2021-12-31", NULL, ASK_PARTS},
    {"nation by month, ten years", "VN", "2016-01-01", "2025-12-31", NULL, ASK_MONTHS},
    {"records behind the nation, 50", "VN", "2016-05-15", "2019-06-29", NULL, ASK_RECORDS},
};

static double
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof(*times), compare);
    return times[count / 2];
}

static void
must(struct ctx *cx, enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "%s\n", cx->faults.count > 0 ? cx->faults.items[0].message : "failed");
    exit(1);
}

static void
read_query(struct ctx *cx, const struct question *question, struct figure_query *query)
{
    if (!date_parse(question->from, &query->from) || !date_parse(question->to, &query->to))
        exit(1);
    must(cx, world_indicator(cx, "kt_tcd", &query->indicator));
    must(cx, tree_by_code(cx, cx->world->tree, question->unit, query->to, &query->unit));
    must(cx, cut_filter_parse(cx, query->indicator, question->where, &query->where));
    query->basis = DAY_THEN;
}

/* One answer, as a request gives it: in a snapshot of its own. Returns the value or the count. */
static int64_t
answer(struct ctx *cx, const struct question *question)
{
    struct figure_query query = {0};
    struct figure figure;
    struct figure_part *parts;
    struct figure_record *records;
    struct sum *sums;
    int count = 0;
    bool more;
    must(cx, world_renew(cx));
    read_query(cx, question, &query);
    if (question->kind == ASK_RECORDS)
        must(cx, figure_records(cx, &query, 0, 50, &records, &count, &more));
    if (question->kind == ASK_MONTHS)
        must(cx, figure_series(cx, &query, 1, &sums, &count));
    if (question->kind == ASK_RECORDS || question->kind == ASK_MONTHS)
        return count;
    must(cx, figure_read(cx, &query, &figure));
    if (question->kind == ASK_PARTS)
        must(cx, figure_parts(cx, &figure, &parts, &count));
    return question->kind == ASK_PARTS ? count : figure.value;
}

/* What a careful engineer would write without facts and cells: join the register's tables over the
 * unit's subtree. */
static int64_t
plain(struct ctx *cx, const struct question *question)
{
    struct figure_query query = {0};
    struct buf units = buf_new(cx->arena);
    bool found;
    read_query(cx, question, &query);
    struct scope scope =
        tree_scope(cx->arena, cx->world->tree, query.unit, query.from, query.to, DAY_THEN);
    for (int i = 0; i < scope.count; i++)
        buf_printf(&units, "%c%lld", i == 0 ? '[' : ',', (long long)scope.items[i].unit->id);
    buf_char(&units, ']');
    const char *where = question->where == NULL ? "x.loai LIKE 'kiem_tra%'"
                                                : "x.loai = 'kiem_tra_dhvp' AND x.chu_the = 'ubkt'";
    const struct sql *sql = sql_make(cx->arena, "plain",
        arena_printf(cx->arena,
            "SELECT COALESCE(SUM(l.so_luong), 0) FROM record r"
            " JOIN r_ktgs x ON x.shard = r.shard AND x.id = r.id"
            " JOIN r_ktgs_doi_tuong l ON l.shard = x.shard AND l.id = x.id"
            " WHERE r.unit IN (SELECT value FROM json_each(:units)) AND r.register = 'ktgs'"
            " AND r.state IN ('ket_luan', 'luu') AND %s AND l.kieu = 'tcd'"
            " AND x.ngay_ket_luan BETWEEN :from AND :to",
            where));
    struct query *q = query_sql(cx, sql);
    query_text(q, "units", buf_string(&units));
    query_int(q, "from", query.from);
    query_int(q, "to", query.to);
    must(cx, query_one(q, &found));
    int64_t value = query_get_int(q, 0);
    must(cx, query_end(q));
    return value;
}

static void
measure(struct ctx *cx, const struct question *question)
{
    double times[ROUNDS], plain_times[PLAIN_ROUNDS];
    struct arena_mark mark = arena_mark(cx->arena);
    int64_t value = 0, plain_value = 0;
    for (int i = -1; i < ROUNDS; i++) {
        double start = now_ms();
        value = answer(cx, question);
        if (i >= 0)
            times[i] = now_ms() - start;
        arena_release(cx->arena, mark);
    }
    printf("%s\t%.3f", question->name, median(times, ROUNDS));
    if (question->kind != ASK_FIGURE) {
        printf("\t\t%lld\n", (long long)value);
        return;
    }
    for (int i = -1; i < PLAIN_ROUNDS; i++) {
        double start = now_ms();
        plain_value = plain(cx, question);
        if (i >= 0)
            plain_times[i] = now_ms() - start;
        arena_release(cx->arena, mark);
    }
    printf("\t%.3f\t%lld%s\n", median(plain_times, PLAIN_ROUNDS), (long long)value,
        value == plain_value ? "" : " DIFFERS");
}

int
main(int argc, char **argv)
{
    struct timespec clock;
    if (argc != 2)
        return 2;
    clock_gettime(CLOCK_REALTIME, &clock);
    struct ctx cx = {.arena = arena_new(),
        .worlds = worlds_new(),
        .now = (int64_t)clock.tv_sec * 1000};
    struct store_options options = {.where = argv[1]};
    struct store *store;
    must(&cx, store_open(&cx, &options, &store));
    must(&cx, world_begin(&cx));
    printf("question\tms\tplain SQL ms\tvalue\n");
    for (size_t i = 0; i < COUNT_OF(questions); i++)
        measure(&cx, &questions[i]);
    world_end(&cx);
    store_close(store);
    worlds_free(cx.worlds);
    arena_free(cx.arena);
    return 0;
}
