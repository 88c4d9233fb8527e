/* Times figures and their parts on a database that bench/run has filled, and beside each the plain
 * SQL over the register tables that answers the same question, both in this process. Prints medians
 * as TSV, and says DIFFERS where the two do not agree.
 *     bench_figure DATABASE [PART OF A QUESTION'S NAME] */
#include "bench.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/number.h"
#include "domain/figure.h"
#include "domain/world.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 31,
    LONG = 200000 /* microseconds: what takes longer is asked a few times */,
    FEW = 3
};
enum { TABLE_INDICATORS = 60, RECORDS_PAGE = 50 };

/* An indicator and its plain SQL: what is selected, from which tables, and which rows count. `x` is
 * the record's row in its register; where not the whole nation is asked, `r` is joined for the
 * unit. Two columns: the value, or numerator and denominator. */
struct subject {
    const char *key, *select, *from, *where;
};

static const struct subject attended = {"qt_du", "COALESCE(CAST(SUM(l.so_du) AS BIGINT), 0), 0",
    "r_quan_triet x JOIN r_quan_triet_thanh_phan l ON l.shard = x.shard AND l.id = x.id",
    "x.state IN ('duyet', 'khoa') AND x.ngay BETWEEN :from AND :to"};
static const struct subject attendance = {"qt_tham_du_pct",
    "COALESCE(CAST(SUM(l.so_du) AS BIGINT), 0), COALESCE(CAST(SUM(l.so_trieu_tap) AS BIGINT), 0)",
    "r_quan_triet x JOIN r_quan_triet_thanh_phan l ON l.shard = x.shard AND l.id = x.id",
    "x.state IN ('duyet', 'khoa') AND x.ngay BETWEEN :from AND :to"};
static const struct subject models = {"mh_hoat_dong", "COUNT(*), 0", "r_mo_hinh x",
    "x.state IN ('trien_khai', 'de_nghi', 'cong_nhan', 'nhan_rong', 'ket_thuc', 'dung')"
    " AND :from <= :to AND x.tu_ngay <= :to AND (x.den_ngay IS NULL OR x.den_ngay > :to)"};
static const struct subject inspected = {"kt_tcd",
    "COALESCE(CAST(SUM(l.so_luong) AS BIGINT), 0), 0",
    "r_ktgs x JOIN r_ktgs_doi_tuong l ON l.shard = x.shard AND l.id = x.id",
    "x.state IN ('ket_luan', 'luu') AND x.loai LIKE 'kiem_tra%' AND l.kieu = 'tcd'"
    " AND x.ngay_ket_luan BETWEEN :from AND :to"};
/* Here the record is wanted for the nation too. */
static const struct subject units_at_work = {"qt_tcd_da_trien_khai", "COUNT(DISTINCT r.unit), 0",
    "r_quan_triet x",
    "x.state IN ('duyet', 'khoa') AND x.ben_to_chuc = 'to_chuc_dang'"
    " AND x.ngay BETWEEN :from AND :to"};

struct question {
    const char *name;
    const struct subject *subject;
    const char *unit, *from, *to;
    const char *where, *plain_where; /* a cut, for both; or NULL */
    enum { ASK_FIGURE, ASK_PARTS, ASK_MONTHS, ASK_CUTS, ASK_TABLE, ASK_RECORDS } kind;
    int skip; /* records */
};

#define MONTH      "2025-03-01", "2025-03-31"
#define DAY        "2025-03-11", "2025-03-11"
#define DAYS_37    "2025-03-11", "2025-04-16"
#define YEAR       "2025-01-01", "2025-12-31"
#define ODD_MONTHS "2025-02-15", "2025-11-20"
#define FIVE_YEARS "2021-01-01", "2025-12-31"
#define NATION     "VN"
#define PROVINCE   "83"
#define DISTRICT   "829"
#define COMMUNE    "28780"
#define A_CUT                                                                                      \
    "loai=kiem_tra_dhvp,chu_the=ubkt", " AND x.loai = 'kiem_tra_dhvp' AND x.chu_the = 'ubkt'"

static const struct question questions[] = {
    {"nation, a month", &attended, NATION, MONTH, NULL, NULL, ASK_FIGURE, 0},
    {"nation, 37 odd days", &attended, NATION, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"nation, a year", &attended, NATION, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"nation, 15/02-20/11", &attended, NATION, ODD_MONTHS, NULL, NULL, ASK_FIGURE, 0},
    {"nation, five years", &attended, NATION, FIVE_YEARS, NULL, NULL, ASK_FIGURE, 0},
    {"province, a month", &attended, PROVINCE, MONTH, NULL, NULL, ASK_FIGURE, 0},
    {"province, 37 odd days", &attended, PROVINCE, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"province, a year", &attended, PROVINCE, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"province, five years", &attended, PROVINCE, FIVE_YEARS, NULL, NULL, ASK_FIGURE, 0},
    {"district, a day", &attended, DISTRICT, DAY, NULL, NULL, ASK_FIGURE, 0},
    {"district, 37 odd days", &attended, DISTRICT, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"district, a year", &attended, DISTRICT, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"commune, a month", &attended, COMMUNE, MONTH, NULL, NULL, ASK_FIGURE, 0},
    {"commune, 37 odd days", &attended, COMMUNE, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"commune, a year", &attended, COMMUNE, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"commune, five years", &attended, COMMUNE, FIVE_YEARS, NULL, NULL, ASK_FIGURE, 0},
    {"a cut of 50: nation, a year", &inspected, NATION, YEAR, A_CUT, ASK_FIGURE, 0},
    {"a cut of 50: nation, 37 odd days", &inspected, NATION, DAYS_37, A_CUT, ASK_FIGURE, 0},
    {"by every choice of a cut: nation, a year", &inspected, NATION, YEAR, NULL, NULL, ASK_CUTS, 0},
    {"a stock: nation, a year", &models, NATION, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"a stock: province, 37 odd days", &models, PROVINCE, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"a ratio: nation, a year", &attendance, NATION, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"a ratio: nation, 37 odd days", &attendance, NATION, DAYS_37, NULL, NULL, ASK_FIGURE, 0},
    {"distinct: nation, a year", &units_at_work, NATION, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"distinct: province, a year", &units_at_work, PROVINCE, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"distinct: commune, a year", &units_at_work, COMMUNE, YEAR, NULL, NULL, ASK_FIGURE, 0},
    {"nation by province, a year", &attended, NATION, YEAR, NULL, NULL, ASK_PARTS, 0},
    {"province by district, 37 odd days", &attended, PROVINCE, DAYS_37, NULL, NULL, ASK_PARTS, 0},
    {"commune by organisation, a year", &attended, COMMUNE, YEAR, NULL, NULL, ASK_PARTS, 0},
    {"nation by month, five years", &attended, NATION, FIVE_YEARS, NULL, NULL, ASK_MONTHS, 0},
    {"63 provinces by 60 indicators, a year", &attended, NATION, YEAR, NULL, NULL, ASK_TABLE, 0},
    {"records behind the nation, page 1", &attended, NATION, YEAR, NULL, NULL, ASK_RECORDS, 0},
    {"records behind the nation, page 1,000", &attended, NATION, YEAR, NULL, NULL, ASK_RECORDS,
        999 * RECORDS_PAGE},
};

static void
read_query(struct ctx *cx, const struct question *question, struct figure_query *query)
{
    if (!date_parse(question->from, &query->from) || !date_parse(question->to, &query->to))
        exit(1);
    bench_must(cx, world_indicator(cx, question->subject->key, &query->indicator));
    bench_must(cx, tree_by_code(cx, cx->world->tree, question->unit, query->to, &query->unit));
    bench_must(cx, cut_filter_parse(cx, query->indicator, question->where, &query->where));
    query->basis = DAY_THEN;
}

/* Every child of a unit by so many indicators of which sums are kept: how many figures that is. */
static int64_t
table(struct ctx *cx, const struct figure_query *asked)
{
    const struct model *model = cx->world->model;
    const struct unit **children;
    struct figure_query *cells = NULL;
    int wanted = TABLE_INDICATORS, cell_count = 0;
    int count =
        tree_children(cx->arena, asked->unit, asked->from, asked->to, asked->basis, &children);
    for (int i = 0; i < model->indicator_count && wanted > 0; i++) {
        if (!indicator_keeps_sums(&model->indicators[i]))
            continue;
        wanted--;
        for (int k = 0; k < count; k++) {
            struct figure_query *query = ARENA_PUSH(cx->arena, cells, cell_count);
            *query = *asked;
            query->indicator = &model->indicators[i];
            query->unit = children[k];
        }
    }
    struct figure *figures = ARENA_ARRAY(cx->arena, struct figure, (size_t)cell_count + 1);
    bench_must(cx, figures_read(cx, cells, cell_count, figures));
    return cell_count;
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
    bench_must(cx, world_renew(cx));
    read_query(cx, question, &query);
    switch (question->kind) {
    case ASK_RECORDS:
        bench_must(cx,
            figure_records(cx, &query, question->skip, RECORDS_PAGE, &records, &count, &more));
        return count;
    case ASK_MONTHS:
        bench_must(cx, figure_series(cx, &query, 1, &sums, &count));
        return count;
    case ASK_CUTS:
        bench_must(cx, figure_cuts(cx, &query, 0, &sums, &count));
        return count;
    case ASK_TABLE:
        return table(cx, &query);
    case ASK_FIGURE:
    case ASK_PARTS:
        bench_must(cx, figure_read(cx, &query, &figure));
    }
    if (question->kind == ASK_PARTS)
        bench_must(cx, figure_parts(cx, &figure, &parts, &count));
    return question->kind == ASK_PARTS ? count : figure.value;
}

/* What a careful engineer would write without facts and cells. The nation needs no condition, a
 * province is its shard, a smaller unit the list of those below it. */
static const struct sql *
plain_sql(struct ctx *cx, const struct question *question, const struct figure_query *query)
{
    const struct subject *subject = question->subject;
    struct buf text = buf_new(cx->arena);
    bool is_nation = query->unit == cx->world->tree->root;
    buf_printf(&text, "SELECT %s FROM %s", subject->select, subject->from);
    if (!is_nation || strstr(subject->select, "r.") != NULL)
        buf_text(&text, " JOIN record r ON r.shard = x.shard AND r.id = x.id");
    buf_printf(&text, " WHERE %s%s", subject->where,
        question->plain_where == NULL ? "" : question->plain_where);
    if (!is_nation)
        buf_printf(&text, " AND x.shard = %lld", (long long)query->unit->shard);
    if (!is_nation && !query->unit->is_head) {
        struct scope scope =
            tree_scope(cx->arena, cx->world->tree, query->unit, query->from, query->to, DAY_THEN);
        for (int i = 0; i < scope.count; i++)
            buf_printf(&text, "%s%lld", i == 0 ? " AND r.unit IN (" : ", ",
                (long long)scope.items[i].unit->id);
        buf_char(&text, ')');
    }
    return sql_make(cx->arena, "plain", buf_string(&text));
}

static int64_t
plain(struct ctx *cx, const struct question *question)
{
    struct figure_query query = {0};
    bool found;
    read_query(cx, question, &query);
    struct query *q = query_sql(cx, plain_sql(cx, question, &query));
    query_int(q, "from", query.from);
    query_int(q, "to", query.to);
    bench_must(cx, query_one(q, &found));
    int64_t value = query_get_int(q, 0), divisor = query_get_int(q, 1);
    bench_must(cx, query_end(q));
    return divisor == 0 ? value : percent_tenths(value, divisor);
}

/* The median time of a question in milliseconds; *value is its answer. */
static double
median(struct ctx *cx, const struct question *question,
    int64_t (*ask)(struct ctx *, const struct question *), int64_t *value)
{
    int64_t times[ROUNDS];
    int rounds = ROUNDS, count = 0;
    for (int i = -1; i < rounds; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        int64_t start = bench_us();
        *value = ask(cx, question);
        int64_t spent = bench_us() - start;
        arena_release(cx->arena, mark);
        if (i < 0 && spent > LONG)
            rounds = FEW;
        if (i >= 0)
            times[count++] = spent;
    }
    qsort(times, (size_t)count, sizeof(*times), bench_compare);
    return (double)times[count / 2] / 1e3;
}

static void
measure(struct ctx *cx, const struct question *question)
{
    int64_t value, plain_value;
    double ours = median(cx, question, answer, &value);
    printf("%s\t%.3f\t", question->name, ours);
    if (question->kind == ASK_FIGURE) {
        double theirs = median(cx, question, plain, &plain_value);
        printf("%.1f\t%lld%s\n", theirs, (long long)value, value == plain_value ? "" : " DIFFERS");
    } else {
        printf("\t%lld\n", (long long)value);
    }
    fflush(stdout);
}

int
main(int argc, char **argv)
{
    struct timespec clock;
    if (argc < 2)
        return 2;
    clock_gettime(CLOCK_REALTIME, &clock);
    struct ctx cx = {.arena = arena_new(),
        .worlds = worlds_new(),
        .now = (int64_t)clock.tv_sec * 1000};
    struct store_options options = {.where = argv[1]};
    struct store *store;
    bench_must(&cx, store_open(&cx, &options, &store));
    bench_must(&cx, world_begin(&cx));
    printf("question\tms\tplain SQL ms\tvalue\n");
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        if (argc == 2 || strstr(questions[i].name, argv[2]) != NULL)
            measure(&cx, &questions[i]);
    }
    world_end(&cx);
    store_close(store);
    worlds_free(cx.worlds);
    arena_free(cx.arena);
    return 0;
}
