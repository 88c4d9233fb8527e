/* The table of commands, the taking apart of a command line, and the way out. */
#include "cli/cli.h"
#include "cli/cli_main.h"

#include "base/clock.h"
#include "base/date.h"
#include "store/store.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_db[] = "var/chithi.db";

const struct command commands[] = {
    {"init", "pack= distribute data-key=", "[--pack DIR] [--distribute] [--data-key FILE]",
        "tạo hoặc nâng cấp cơ sở dữ liệu", cmd_init, DB_NONE},
    {"demo", "accounts data-key=", "[--accounts] [--data-key FILE]",
        "tạo cơ sở dữ liệu và nạp dữ liệu mô phỏng", cmd_demo, DB_NONE},
    {"serve", "listen= ship= certificate= key= proxy= data-key=",
        "[--listen 127.0.0.1:8080] [--ship DIR] [--certificate FILE --key FILE] [--proxy ADDRESS] "
        "[--data-key FILE]",
        "phục vụ trang web", cmd_serve, DB_NONE},
    {"unit import", "date= from=", "FILE.tsv [--date D] [--from D]", "nhập danh sách đơn vị",
        cmd_unit_import, DB_WORLD},
    {"unit export", "output=", "[-o FILE.tsv|.csv]", "xuất mọi đơn vị qua thời gian",
        cmd_unit_export, DB_WORLD},
    {"unit list", "under= date=", "[--under CODE] [--date D]", "liệt kê đơn vị", cmd_unit_list,
        DB_WORLD},
    {"unit show", "date=", "CODE [--date D]", "một đơn vị qua thời gian", cmd_unit_show, DB_WORLD},
    {"unit rename", "date= decision=", "CODE NAME --date D [--decision SỐ]", "đổi tên đơn vị",
        cmd_unit_rename, DB_WORLD},
    {"unit move", "date= decision=", "CODE PARENT --date D [--decision SỐ]",
        "chuyển đơn vị sang cấp trên khác", cmd_unit_move, DB_WORLD},
    {"unit abolish", "date= decision=", "CODE --date D [--decision SỐ]", "kết thúc đơn vị",
        cmd_unit_abolish, DB_WORLD},
    {"unit merge", "date= decision=", "CODE HEIR --date D [--decision SỐ]",
        "sáp nhập đơn vị vào đơn vị khác", cmd_unit_merge, DB_WORLD},
    {"record import", "dry-run undo=", "REGISTER FILE.tsv [--dry-run] | --undo BATCH",
        "nhập hồ sơ từ tệp", cmd_record_import, DB_WORLD},
    {"record export", "unit= output= private",
        "REGISTER [--unit CODE] [--private] [-o FILE.tsv|.csv]", "xuất mọi hồ sơ của một sổ",
        cmd_record_export, DB_WORLD},
    {"record list", "unit= after= limit=", "REGISTER --unit CODE [--after CODE] [--limit N]",
        "hồ sơ của một đơn vị", cmd_record_list, DB_WORLD},
    {"record show", "", "CODE", "một hồ sơ và lịch sử của nó", cmd_record_show, DB_WORLD},
    {"record do", "why=", "VERB CODE [--why LÝ_DO]", "chuyển trạng thái (ví dụ: ket_luan)",
        cmd_record_do, DB_WORLD},
    {"record correct", "why=", "CODE FIELD=VALUE… [--why LÝ_DO]", "sửa, điều chỉnh một hồ sơ",
        cmd_record_correct, DB_WORLD},
    {"record void", "why=", "CODE --why LÝ_DO", "hủy một hồ sơ", cmd_record_void, DB_WORLD},
    {"record attach", "why=", "CODE FIELD PATH… [--why LÝ_DO]", "đính kèm tệp vào một hồ sơ",
        cmd_record_attach, DB_WORLD},
    {"record file", "output=", "CODE DIGEST -o PATH", "lấy một tệp đính kèm ra", cmd_record_file,
        DB_WORLD},
    {"person import", "", "FILE.tsv", "nhập danh sách người", cmd_person_import, DB_WORLD},
    {"person export", "output=", "[-o FILE.tsv|.csv]", "xuất danh sách người", cmd_person_export,
        DB_WORLD},
    {"person list", "unit= date= skip= limit=", "--unit CODE [--date D] [--skip N] [--limit N]",
        "những người thuộc một đơn vị", cmd_person_list, DB_WORLD},
    {"person count",
        "unit= date= status= basis=", "--unit CODE [--date D] [--status S,…] [--basis then|now|D]",
        "số người của một đơn vị và các đơn vị trực thuộc", cmd_person_count, DB_WORLD},
    {"person show", "", "CODE", "một người qua thời gian", cmd_person_show, DB_WORLD},
    {"person set", "why=", "CODE MỤC=GIÁ_TRỊ… [--why LÝ_DO]",
        "sửa tên, hoặc lần sinh hoạt sau cùng", cmd_person_set, DB_WORLD},
    {"person move", "date= unit= status= post= why=",
        "CODE --date D [--unit CODE] [--status S] [--post CHỨC_VỤ] [--why LÝ_DO]",
        "từ một ngày: đơn vị, tư cách hoặc chức vụ khác", cmd_person_move, DB_WORLD},
    {"person end", "date= why=", "CODE --date D [--why LÝ_DO]",
        "từ một ngày không còn thuộc đơn vị", cmd_person_end, DB_WORLD},
    {"figure", "unit= from= to= period= basis= where= by=",
        "[INDICATOR…] --unit CODE [--from D] [--to D] [--period KEY]\n"
        "        [--basis then|end|now|D] [--where K=V,…] [--by unit|month|FIELD]",
        "số liệu của một đơn vị", cmd_figure, DB_WORLD},
    {"facts", "unit= from= to= period= basis= where= skip= limit=",
        "INDICATOR --unit CODE [--from D] [--to D] [--period KEY]\n"
        "        [--basis then|end|now|D] [--where K=V,…] [--skip N] [--limit N]",
        "các hồ sơ làm nên một số liệu", cmd_facts, DB_WORLD},
    {"declare", "unit= from= to= period= source= word= where= num= den=",
        "INDICATOR VALUE --unit CODE {--from D --to D | --period KEY} --source TEXT\n"
        "        [--word hơn] [--where K=V,…] [--num N --den N]",
        "kê khai một số liệu không có hồ sơ", cmd_declare, DB_WORLD},
    {"publish", "unit= from= to= period= decision=",
        "INDICATOR --unit CODE {--from D --to D | --period KEY} --decision TEXT",
        "công bố một số liệu theo quyết định", cmd_publish, DB_WORLD},
    {"publication list", "", "", "liệt kê số liệu đang công bố", cmd_publication_list, DB_WORLD},
    {"publication withdraw", "", "CODE", "thôi công bố một số liệu", cmd_publication_withdraw,
        DB_WORLD},
    {"declaration import", "", "FILE.tsv", "nhập các số liệu kê khai từ tệp",
        cmd_declaration_import, DB_WORLD},
    {"declaration export", "output=", "[-o FILE.tsv|.csv]", "xuất mọi số liệu kê khai",
        cmd_declaration_export, DB_WORLD},
    {"report", "unit= from= to= period= output= number= date=",
        "TEMPLATE --unit CODE {--from D --to D | --period KEY} -o FILE.docx|.html|.json\n"
        "        [--number N] [--date D]",
        "lập báo cáo", cmd_report, DB_WORLD},
    {"period make", "kind= due=", "YEAR --kind lich|chot_14 [--due N]",
        "lập các kỳ của một năm, hạn sau N ngày làm việc", cmd_period_make, DB_WORLD},
    {"period add", "from= to= due=", "KEY LABEL --from D --to D [--due D]", "thêm hoặc đổi một kỳ",
        cmd_period_add, DB_WORLD},
    {"period list", "", "", "liệt kê các kỳ", cmd_period_list, DB_WORLD},
    {"period remove", "", "KEY", "bỏ một kỳ", cmd_period_remove, DB_WORLD},
    {"holiday import", "", "FILE.tsv", "nhập bảng ngày nghỉ", cmd_holiday_import, DB_WORLD},
    {"holiday list", "", "", "liệt kê ngày nghỉ", cmd_holiday_list, DB_WORLD},
    {"holiday remove", "", "D", "bỏ một ngày nghỉ", cmd_holiday_remove, DB_WORLD},
    {"review import", "", "FILE.tsv", "nhập lịch sơ kết, tổng kết", cmd_review_import, DB_WORLD},
    {"review list", "", "", "chỉ thị nào đến kỳ sơ kết, tổng kết, khi nào", cmd_review_list,
        DB_WORLD},
    {"review remove", "", "KEY", "bỏ một mốc sơ kết, tổng kết", cmd_review_remove, DB_WORLD},
    {"search", "unit= after= limit=", "WORDS… [--unit CODE] [--after CODE] [--limit N]",
        "tìm chỉ thị, đơn vị, chỉ số và hồ sơ", cmd_search, DB_WORLD},
    {"check", "", "", "đếm lại tất cả và so sánh", cmd_check, DB_WORLD},
    {"rebuild", "", "", "tính lại dữ kiện và ô tổng từ hồ sơ", cmd_rebuild, DB_WORLD},
    {"dump", "", "", "in toàn bộ nội dung, để so sánh hai cơ sở dữ liệu", cmd_dump, DB_WORLD},
    {"backup", "output= rows quick", "-o FILE|DIR [--rows] [--quick]",
        "sao lưu, cả khi đang phục vụ", cmd_backup, DB_WORLD},
    {"restore", "quick distribute", "FILE|DIR --db NEW [--quick] [--distribute]",
        "tạo cơ sở dữ liệu mới từ một bản sao lưu", cmd_restore, DB_NONE},
    {"copy", "from= to= quick distribute", "--from DB --to DB [--quick] [--distribute]",
        "chuyển một cơ sở dữ liệu sang nơi khác", cmd_copy, DB_NONE},
    {"explain rights", "role=", "[--role ROLE]", "vai trò nào được xem và làm gì",
        cmd_explain_rights, DB_WORLD},
    {"explain", "", "REGISTER", "một sổ: trường, trạng thái, chỉ số", cmd_explain, DB_WORLD},
    {"pack check", "", "DIR…", "kiểm tra một gói chỉ thị, cùng những gói mà nó dùng",
        cmd_pack_check, DB_NONE},
    {"pack diff", "", "DIR", "cho biết pack apply sẽ làm gì, và từ chối gì", cmd_pack_diff,
        DB_PACKS},
    {"pack apply", "", "DIR", "đưa một gói vào cơ sở dữ liệu", cmd_pack_apply, DB_PACKS},
    {"pack remove", "", "KEY", "bỏ một gói mà các sổ của nó chưa có hồ sơ", cmd_pack_remove,
        DB_PACKS},
    {"user add", "name= role= unit= from= to= password-stdin",
        "LOGIN --name TEXT [--role ROLE --unit CODE [--from D] [--to D]] [--password-stdin]",
        "tạo tài khoản; in đường dẫn để người dùng tự đặt mật khẩu", cmd_user_add, DB_WORLD},
    {"user list", "", "", "liệt kê tài khoản", cmd_user_list, DB_WORLD},
    {"user show", "", "LOGIN", "một tài khoản và các vai trò của nó", cmd_user_show, DB_WORLD},
    {"user grant", "role= unit= from= to=", "LOGIN --role ROLE --unit CODE [--from D] [--to D]",
        "giao một vai trò ở một đơn vị", cmd_user_grant, DB_WORLD},
    {"user revoke", "role= unit= to=", "LOGIN --role ROLE --unit CODE [--to D]",
        "kết thúc một vai trò, với ngày D là ngày cuối", cmd_user_revoke, DB_WORLD},
    {"user invite", "", "LOGIN", "in đường dẫn mới để đặt lại mật khẩu", cmd_user_invite, DB_WORLD},
    {"user close", "", "LOGIN", "đóng tài khoản", cmd_user_close, DB_WORLD},
    {"user open", "", "LOGIN", "mở lại tài khoản", cmd_user_open, DB_WORLD},
    {"user link", "", "LOGIN [PERSON]", "gắn tài khoản với một người trong danh sách",
        cmd_user_link, DB_WORLD},
    {"user sessions", "", "LOGIN", "những phiên đang đăng nhập", cmd_user_sessions, DB_WORLD},
    {"user sign-out", "", "LOGIN", "đăng xuất ở mọi nơi", cmd_user_sign_out, DB_WORLD},
    {"user totp-off", "lost data-key=", "LOGIN | --lost [--data-key FILE]",
        "bỏ ứng dụng xác thực của tài khoản, hoặc mọi ứng dụng mà khóa đã mất", cmd_user_totp_off,
        DB_WORLD},
    {"audit list", "from= to= who= action= subject= unit=",
        "[--from D] [--to D] [--who LOGIN] [--action A] [--subject CODE] [--unit CODE]",
        "ai đã làm gì và xem gì, mới nhất trước", cmd_audit_list, DB_WORLD},
    {"audit export", "from= to= who= action= subject= unit= output=",
        "[--from D] [--to D] [--who LOGIN] [--action A] [--subject CODE] [--unit CODE] "
        "[-o FILE.tsv|FILE.csv]",
        "xuất nhật ký, không giới hạn số dòng", cmd_audit_export, DB_WORLD},
    {"audit verify", "against=", "[--against DIGEST]",
        "nhật ký có đúng như khi được niêm phong không", cmd_audit_verify, DB_WORLD},
    {"audit seal", "", "", "niêm phong mọi dòng nhật ký đang chờ", cmd_audit_seal, DB_WORLD},
    {"set", "", "KEY VALUE", "đặt một thiết lập", cmd_set, DB_WORLD},
    {"fold", "", "", "gộp mọi biến động đang chờ vào ô tổng", cmd_fold, DB_WORLD},
};
const int command_count = COUNT_OF(commands);

/* Words and options */

const char *
arg_value(const struct args *args, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < args->option_count; i++) {
        if (strcmp(args->options[i].name, name) == 0)
            value = args->options[i].value;
    }
    return value;
}

bool
arg_flag(const struct args *args, const char *name)
{
    for (int i = 0; i < args->option_count; i++) {
        if (strcmp(args->options[i].name, name) == 0)
            return true;
    }
    return false;
}

enum status
arg_day(struct ctx *cx, const struct args *args, const char *name, int32_t absent, int32_t *out)
{
    const char *text = arg_value(args, name);
    *out = absent;
    if (text != NULL && !date_parse(text, out))
        return fault_set(cx, ERR_INVALID,
            "--%s “%s” không phải là ngày; cần dạng 2026-09-05 hoặc 05/09/2026.", name, text);
    return OK;
}

enum status
arg_range(struct ctx *cx, const struct args *args, int32_t *from, int32_t *to)
{
    const char *key = arg_value(args, "period");
    const struct period *period;
    if (key != NULL && (arg_value(args, "from") != NULL || arg_value(args, "to") != NULL))
        return fault_set(cx, ERR_INVALID, "--period đã nêu ngày; không dùng cùng --from hay --to.");
    if (key != NULL) {
        TRY(period_find(cx, key, &period));
        *from = period->from;
        *to = period->to;
    }
    TRY(arg_day(cx, args, "from", *from, from));
    TRY(arg_day(cx, args, "to", *to, to));
    if (*from > *to)
        return fault_set(cx, ERR_INVALID, "--from %s đứng sau --to %s.",
            date_show(cx->arena, *from), date_show(cx->arena, *to));
    return OK;
}

enum status
arg_unit(struct ctx *cx, const struct args *args, const char *name, int32_t day,
    const struct unit **out)
{
    const char *code = arg_value(args, name);
    if (code == NULL)
        return fault_set(cx, ERR_INVALID, "Cần --%s và mã đơn vị.", name);
    return tree_by_code(cx, cx->world->tree, code, day, out);
}

/* 0: the command has no such option, 1: a flag, 2: takes a value. */
static int
option_kind(const struct command *command, const char *name)
{
    size_t length = strlen(name);
    const char *at = command->options;
    if (strcmp(name, "json") == 0)
        return 1;
    if (strcmp(name, "db") == 0)
        return 2;
    while (*at != '\0') {
        size_t word = strcspn(at, " ");
        bool has_value = word > 0 && at[word - 1] == '=';
        if (word - has_value == length && strncmp(at, name, length) == 0)
            return has_value ? 2 : 1;
        at += word + strspn(at + word, " ");
    }
    return 0;
}

static bool
take_option(struct arena *arena, const struct command *command, struct args *args, int argc,
    char **argv, int *i)
{
    const char *word = strcmp(argv[*i], "-o") == 0 ? "--output" : argv[*i];
    size_t length = strcspn(word + 2, "=");
    const char *name = arena_strndup(arena, word + 2, length);
    const char *value = word[2 + length] == '=' ? word + 3 + length : NULL;
    int kind = option_kind(command, name);
    if (kind == 2 && value == NULL && *i + 1 < argc)
        value = argv[++*i];
    if (kind == 0 || (kind == 2) != (value != NULL))
        return false;
    if (strcmp(name, "json") == 0)
        args->json = true;
    else if (strcmp(name, "db") == 0)
        args->db = value;
    else
        *ARENA_PUSH(arena, args->options, args->option_count) = (struct option){name, value};
    return true;
}

static bool
parse_args(struct arena *arena, const struct command *command, int argc, char **argv, int first,
    struct args *args)
{
    const char *environment = getenv("CHITHI_DB");
    bool only_words = false;
    args->db = environment == NULL ? default_db : environment;
    for (int i = first; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && (strncmp(argv[i], "--", 2) == 0 || strcmp(argv[i], "-o") == 0)) {
            if (!take_option(arena, command, args, argc, argv, &i))
                return false;
        } else {
            *ARENA_PUSH(arena, args->words, args->word_count) = argv[i];
        }
    }
    return true;
}

/* The command that the first one or two words name, and how many words those were. */
static const struct command *
find_command(int argc, char **argv, int *words)
{
    char two[64] = "";
    if (argc > 2)
        snprintf(two, sizeof(two), "%s %s", argv[1], argv[2]);
    for (int i = 0; argc > 1 && i < command_count; i++) {
        *words = strchr(commands[i].name, ' ') == NULL ? 1 : 2;
        if (strcmp(commands[i].name, *words == 1 ? argv[1] : two) == 0)
            return &commands[i];
    }
    return NULL;
}

static int
show_usage(const struct command *command)
{
    fprintf(stderr, "Cách dùng: chithi %s %s\n", command->name, command->usage);
    return EXIT_USAGE;
}

static int
show_all_usages(FILE *out)
{
    fprintf(out, "chithi %s: triển khai một chỉ thị và tổng hợp số liệu\n\n", CHITHI_VERSION);
    for (int i = 0; i < command_count; i++)
        fprintf(out, "  chithi %s %s\n        %s\n", commands[i].name, commands[i].usage,
            commands[i].about);
    fputs("\nMọi lệnh nhận --db TỆP (mặc định var/chithi.db hoặc CHITHI_DB) và --json.\n", out);
    return out == stdout ? EXIT_OK : EXIT_USAGE;
}

/* Ways out */

int
cli_fail(struct ctx *cx)
{
    for (int i = 0; i < cx->faults.count; i++) {
        const struct fault *fault = &cx->faults.items[i];
        if (fault->file != NULL)
            fprintf(stderr, "%s:", fault->file);
        if (fault->line > 0)
            fprintf(stderr, "%d:", fault->line);
        if (fault->column > 0)
            fprintf(stderr, "%d:", fault->column);
        fprintf(stderr, "%s%s\n", fault->file != NULL ? " " : "", fault->message);
    }
    return EXIT_FAILED;
}

int
cli_end(struct ctx *cx, enum status status)
{
    return status == OK ? EXIT_OK : cli_fail(cx);
}

enum status
arg_distribute(struct ctx *cx, const struct args *args, const char *where, bool *out)
{
    *out = arg_flag(args, "distribute");
    if (!*out || !store_is_file(where))
        return OK;
    return fault_set(cx, ERR_INVALID,
        "--distribute cần một cơ sở dữ liệu trên máy chủ PostgreSQL có phần mở rộng citus "
        "(postgresql://…); “%s” là tệp. Chưa thay đổi gì.",
        where);
}

enum status
cli_open(struct ctx *cx, const struct args *args, bool create)
{
    struct store_options options = {.where = args->db, .create = create};
    return store_open(cx, &options, &cx->store);
}

static int
run(struct ctx *cx, const struct command *command, const struct args *args)
{
    if (command->needs == DB_PACKS)
        worlds_take_registers(cx->worlds);
    if (command->needs != DB_NONE) {
        if (cli_open(cx, args, false) != OK || world_begin(cx) != OK)
            return cli_fail(cx);
    }
    return command->run(cx, args);
}

int
cli_main(int argc, char **argv)
{
    int words = 0;
    if (sodium_init() < 0)
        return EXIT_FAILED;
    const struct command *command = find_command(argc, argv, &words);
    if (argc > 1 && (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0))
        return show_all_usages(stdout);
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return printf("chithi %s\n", CHITHI_VERSION) > 0 ? EXIT_OK : EXIT_FAILED;
    if (command == NULL)
        return show_all_usages(stderr);
    struct ctx cx = {.arena = arena_new(), .worlds = worlds_new(), .now = clock_now()};
    struct args args = {0};
    int code = EXIT_USAGE;
    if (parse_args(cx.arena, command, argc, argv, words + 1, &args))
        code = run(&cx, command, &args);
    if (code == EXIT_USAGE)
        show_usage(command);
    world_end(&cx);
    store_close(cx.store);
    worlds_free(cx.worlds);
    arena_free(cx.arena);
    if (fflush(stdout) != 0 || ferror(stdout))
        return EXIT_FAILED;
    return code;
}
