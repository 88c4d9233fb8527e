/* report_docx: what the parts of the file say, part by part. Whether other programs read the file
 * is asked by test/suite/docx.py, for which the first test leaves its sample where the environment
 * variable CHITHI_DOCX_OUT says. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <zip.h>

enum { BODIES = 30 };

static const struct page_layout layout = {
    .top = 200,
    .bottom = 200,
    .left = 300,
    .right = 150,
    .page_number_size = 28,
    .page_number_top = 100,
    .motto_size = 30,
    .submotto_size = 28,
    .superior_size = 28,
    .issuer_size = 28,
    .number_size = 28,
    .date_size = 28,
    .type_size = 32,
    .subject_size = 28,
    .body_size = 28,
    .heading_size = 28,
    .sign_size = 28,
    .recipients_label_size = 28,
    .recipients_size = 24,
    .annex_label_size = 28,
    .annex_title_size = 26,
    .table_size = 24,
    .first_line = 100,
    .paragraph_before = 12,
    .paragraph_after = 12,
    .line_exact = 36,
    .subject_rule = "-----",
    .issuer_rule = "*",
    .recipients_label_look = LOOK_UNDERLINED,
};

static int
setup(void **state)
{
    struct ctx *cx = calloc(1, sizeof(*cx));
    cx->arena = arena_new();
    cx->now = 1561941000123; /* 2019-07-01T00:30:00.123Z */
    *state = cx;
    return 0;
}

static int
teardown(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->arena);
    free(cx);
    return 0;
}

/* -- a sample -- */

static void
heading(struct doc *blocks, int level, const char *text)
{
    struct doc *block = doc_object(blocks, NULL);
    doc_text(block, "heading", text);
    doc_integer(block, "level", level);
}

static void
text(struct doc *blocks, const char *words)
{
    doc_text(doc_object(blocks, NULL), "text", words);
}

static void
add_blocks(struct doc *blocks)
{
    text(blocks,
        "Thực hiện Chỉ thị số 05-CT/TW, ngày 15/5/2016 của Bộ Chính trị về đẩy mạnh học "
        "tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh, Ban Thường vụ Thành ủy báo "
        "cáo kết quả kiểm tra, giám sát từ ngày 15/5/2016 đến ngày 30/6/2019 như sau:");
    heading(blocks, 1, "I- CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO");
    text(blocks,
        "Công tác kiểm tra, giám sát đối với cá nhân, tổ chức theo tinh thần Nghị quyết "
        "Trung ương 4, khóa XII gắn với thực hiện Chỉ thị 05-CT/TW được cấp ủy các cấp quan tâm; "
        "chương trình kiểm tra hằng năm bám sát nhiệm vụ trọng tâm của thành phố.");
    heading(blocks, 1, "II- KẾT QUẢ THỰC HIỆN");
    heading(blocks, 2, "1. Công tác kiểm tra");
    text(blocks,
        "Đã kiểm tra 93 tổ chức đảng và hơn 1.400 đảng viên. Qua kiểm tra, các tập thể, "
        "cá nhân thực hiện tốt nội dung được kiểm tra; những khuyết điểm, hạn chế được nhắc nhở, "
        "khắc phục kịp thời.");
    heading(blocks, 2, "2. Công tác giám sát");
    text(blocks,
        "Giám sát chuyên đề 116 tổ chức đảng và 473 đảng viên; giám sát thường xuyên 171 "
        "tổ chức đảng và trên 1.200 đảng viên.");
    heading(blocks, 2, "3. Mô hình, cách làm hay");
    text(blocks,
        "Trên địa bàn thành phố đã xuất hiện nhiều mô hình mới, cách làm hay: mô hình Câu "
        "lạc bộ “Làm theo gương Bác” trao 500 lá cờ Tổ quốc; mô hình “5+1” của Hội Cựu chiến "
        "binh; mô hình Tiết kiệm nuôi heo đất, Tổ hụi tương trợ.\nViệc đăng ký thực hiện các mô "
        "hình Dân vận khéo bám sát nhiệm vụ xây dựng đô thị loại II, thành phố văn minh đô thị và "
        "nông thôn mới, góp phần hoàn thành các chỉ tiêu, nhiệm vụ hằng năm.");
    heading(blocks, 1, "III- PHƯƠNG HƯỚNG, NHIỆM VỤ");
    text(blocks,
        "Mỗi chi bộ phải là nền tảng, mỗi đảng viên phải là hạt nhân tích cực trong việc "
        "làm theo lời Bác. Tăng cường công tác kiểm tra, giám sát, nhất là ở những ngành, lĩnh "
        "vực nhạy cảm, nhằm kịp thời nhắc nhở, khắc phục những khuyết điểm, hạn chế.");
    text(blocks,
        "Kịp thời biểu dương và nhân rộng các điển hình tiên tiến trong việc làm theo lời "
        "Bác gắn với nhiệm vụ trọng tâm của thành phố.");
}

static void
add_cell(struct doc *cells, int64_t number, const char *word)
{
    doc_quantity(doc_object(cells, NULL), "value", number, 0, word);
}

static void
add_row(struct doc *rows, const char *name, const int64_t *numbers, const char *const *words,
    bool is_total)
{
    struct doc *row = doc_object(rows, NULL);
    doc_text(row, "name", name);
    struct doc *cells = doc_list(row, "cells");
    for (int i = 0; i < 6; i++)
        add_cell(cells, numbers[i], words[i]);
    doc_bool(row, "total", is_total);
}

/* The parts add up: 93, 116, 473 and 171 are spread over the bodies. */
static void
add_annex(struct doc *annexes, const char *label, const char *title)
{
    static const char *const columns[] = {"Tổ chức đảng được kiểm tra", "Đảng viên được kiểm tra",
        "Giám sát chuyên đề tổ chức đảng", "Giám sát chuyên đề đảng viên",
        "Giám sát thường xuyên tổ chức đảng", "Giám sát thường xuyên đảng viên"};
    static const int64_t sums[] = {93, 1400, 116, 473, 171, 1200};
    static const char *const exact[] = {"", "", "", "", "", ""};
    static const char *const published[] = {"", "hơn", "", "", "", "trên"};
    struct doc *annex = doc_object(annexes, NULL);
    doc_text(annex, "label", label);
    doc_text(annex, "title", title);
    doc_text(annex, "subtitle", "(Kèm theo Báo cáo của Ban Thường vụ Thành ủy Bến Tre)");
    struct doc *heads = doc_list(annex, "columns"), *rows = doc_list(annex, "rows");
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        doc_text(doc_object(heads, NULL), "title", columns[i]);
    for (int body = 0; body < BODIES; body++) {
        int64_t numbers[6];
        for (int i = 0; i < 6; i++)
            numbers[i] = sums[i] * (body + 1) / BODIES - sums[i] * body / BODIES;
        add_row(rows, arena_printf(annexes->arena, "Đảng bộ cơ sở %02d (mô phỏng)", body + 1),
            numbers, exact, false);
    }
    add_row(rows, "Tổng cộng", sums, published, true);
}

static struct doc *
sample(struct arena *arena)
{
    static const char *const recipients[] = {"Ban Thường vụ Tỉnh ủy (để báo cáo),",
        "Ủy ban Kiểm tra Tỉnh ủy,", "Các đồng chí Thành ủy viên,", "Các tổ chức cơ sở đảng,",
        "Lưu Văn phòng Thành ủy."};
    struct doc *tree = doc_new(arena, DOC_OBJECT);
    doc_text(tree, "motto", "ĐẢNG CỘNG SẢN VIỆT NAM");
    doc_text(tree, "superior", "ĐẢNG BỘ TỈNH BẾN TRE");
    doc_text(tree, "issuer", "THÀNH ỦY BẾN TRE");
    doc_text(tree, "number_line", "Số      -BC/TU");
    doc_text(tree, "place_date", "TP. Bến Tre, ngày      tháng 6 năm 2019");
    doc_text(tree, "type_name", "BÁO CÁO");
    doc_text(tree, "subject", "kết quả kiểm tra, giám sát thực hiện Chỉ thị số 05-CT/TW");
    doc_text(tree, "banner", "DỮ LIỆU MÔ PHỎNG – không phải số liệu thật của đơn vị");
    add_blocks(doc_list(tree, "blocks"));
    doc_text(tree, "sign_for", "T/M BAN THƯỜNG VỤ");
    doc_text(tree, "sign_title", "PHÓ BÍ THƯ");
    doc_text(tree, "sign_name", "");
    struct doc *list = doc_list(tree, "recipients");
    for (size_t i = 0; i < COUNT_OF(recipients); i++)
        doc_text(doc_object(list, NULL), "text", recipients[i]);
    struct doc *annexes = doc_list(tree, "annexes");
    add_annex(annexes, "Phụ lục 1", "KẾT QUẢ KIỂM TRA, GIÁM SÁT THEO TỪNG ĐẢNG BỘ");
    add_annex(annexes, "Phụ lục 2", "KẾT QUẢ KIỂM TRA, GIÁM SÁT (LẦN HAI)");
    doc_text(tree, "source_line", "Nguồn: sổ kiểm tra, giám sát; lập lúc 07:30 01/07/2019.");
    return tree;
}

/* -- reading the file again -- */

static struct buf
write_docx(struct ctx *cx, const struct doc *tree)
{
    struct buf out = buf_new(cx->arena);
    assert_int_equal(report_docx(cx, &layout, tree, &out), OK);
    return out;
}

/* The text of one part. */
static const char *
part(struct ctx *cx, struct buf docx, const char *path)
{
    zip_error_t error;
    zip_stat_t about;
    zip_source_t *source = zip_source_buffer_create(docx.bytes, docx.length, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, path, 0, &about), 0);
    char *text_of = arena_alloc(cx->arena, about.size + 1);
    zip_file_t *file = zip_fopen(zip, path, 0);
    assert_int_equal(zip_fread(file, text_of, about.size), about.size);
    zip_fclose(file);
    zip_discard(zip);
    return text_of;
}

static int
count(const char *in, const char *what)
{
    int found = 0;
    for (const char *at = in; (at = strstr(at, what)) != NULL; at += strlen(what))
        found++;
    return found;
}

static void
assert_has(const char *in, const char *what)
{
    if (strstr(in, what) == NULL)
        fail_msg("\"%s\" is missing", what);
}

static void
assert_has_not(const char *in, const char *what)
{
    if (strstr(in, what) != NULL)
        fail_msg("\"%s\" should not be there", what);
}

/* -- tests -- */

static void
test_docx__leaves_a_sample(void **state)
{
    struct ctx *cx = *state;
    const char *path = getenv("CHITHI_DOCX_OUT");
    struct buf docx = write_docx(cx, sample(cx->arena));
    assert_memory_equal(docx.bytes, "PK\003\004", 4);
    if (path == NULL)
        return;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(docx.bytes, 1, docx.length, file), docx.length);
    assert_int_equal(fclose(file), 0);
}

static void
test_docx__says_the_published_figures(void **state)
{
    static const char *const expected[] = {"93 tổ chức đảng", "hơn 1.400 đảng viên", "116", "473",
        "171", "trên 1.200 đảng viên", ">hơn 1.400<", ">trên 1.200<",
        ">Đảng bộ cơ sở 30 (mô phỏng)<"};
    struct ctx *cx = *state;
    const char *document = part(cx, write_docx(cx, sample(cx->arena)), "word/document.xml");
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_has(document, expected[i]);
}

static void
test_docx__same_tree_gives_same_bytes(void **state)
{
    struct ctx *cx = *state;
    setenv("TZ", "Asia/Ho_Chi_Minh", 1);
    tzset();
    struct buf one = write_docx(cx, sample(cx->arena));
    setenv("TZ", "America/Lima", 1);
    tzset();
    struct buf two = write_docx(cx, sample(cx->arena));
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.bytes, two.bytes, one.length);
}

static void
test_docx__time_is_the_contexts(void **state)
{
    struct ctx *cx = *state;
    const char *core = part(cx, write_docx(cx, sample(cx->arena)), "docProps/core.xml");
    assert_has(core, ">2019-07-01T00:30:00Z</dcterms:created>");
    assert_has(core, "<dc:title>BÁO CÁO kết quả kiểm tra, giám sát");
}

static void
test_docx__sheet_and_margins(void **state)
{
    struct ctx *cx = *state;
    const char *document = part(cx, write_docx(cx, sample(cx->arena)), "word/document.xml");
    const char *margins = "<w:pgMar w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" "
                          "w:left=\"1701\" w:header=\"567\"";
    assert_int_equal(count(document, margins), 3);
    assert_int_equal(count(document, "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), 1);
    assert_int_equal(count(document,
                         "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"),
        2);
    assert_int_equal(count(document, "<w:titlePg/>"), 1);
}

static void
test_docx__styles_follow_the_layout(void **state)
{
    struct ctx *cx = *state;
    const char *styles = part(cx, write_docx(cx, sample(cx->arena)), "word/styles.xml");
    const char *body = strstr(styles, "w:styleId=\"BodyText\"");
    assert_non_null(body);
    assert_has(body,
        "<w:spacing w:before=\"120\" w:after=\"120\" w:line=\"360\" "
        "w:lineRule=\"exact\"/><w:ind w:left=\"0\" w:right=\"0\" "
        "w:firstLine=\"567\"/><w:jc w:val=\"both\"/>");
    assert_has(styles, "<w:name w:val=\"heading 1\"/>");
    assert_has(styles, "<w:name w:val=\"heading 2\"/>");
    assert_has(styles, "w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"");
    assert_has(styles, "<w:lang w:val=\"vi-VN\"");
}

static void
test_docx__tables_repeat_heads_and_keep_rows(void **state)
{
    struct ctx *cx = *state;
    const char *document = part(cx, write_docx(cx, sample(cx->arena)), "word/document.xml");
    assert_int_equal(count(document, "<w:tblHeader/>"), 2);
    assert_int_equal(count(document, "<w:tr>"), count(document, "<w:cantSplit/>"));
    assert_int_equal(count(document, "<w:tr>"), 3 + 2 * (1 + BODIES + 1));
    assert_int_equal(count(document, "\"TableNumber\""), 2 * (6 + 1) * (BODIES + 1));
    assert_has(document, "<w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space=\"preserve\">Tổng cộng<");
}

static void
test_docx__banner_is_on_every_page(void **state)
{
    struct ctx *cx = *state;
    struct buf docx = write_docx(cx, sample(cx->arena));
    assert_has(part(cx, docx, "word/document.xml"), ">DỮ LIỆU MÔ PHỎNG");
    assert_has(part(cx, docx, "word/header1.xml"), ">DỮ LIỆU MÔ PHỎNG");
    assert_has(part(cx, docx, "word/header2.xml"), ">DỮ LIỆU MÔ PHỎNG");
    assert_has(part(cx, docx, "word/header1.xml"), " PAGE ");
    assert_has_not(part(cx, docx, "word/header2.xml"), " PAGE ");
}

static void
test_docx__what_is_missing_is_left_out(void **state)
{
    struct ctx *cx = *state;
    struct doc *tree = doc_new(cx->arena, DOC_OBJECT);
    doc_text(tree, "type_name", "BÁO CÁO");
    doc_text(tree, "banner", NULL);
    struct buf docx = write_docx(cx, tree);
    const char *document = part(cx, docx, "word/document.xml");
    assert_has(document, ">BÁO CÁO<");
    assert_has_not(document, "Nơi nhận");
    assert_has_not(document, "\"Banner\"");
    assert_has_not(document, "landscape");
    assert_has_not(document, "></w:tcPr></w:tc>"); /* a cell without a paragraph */
    assert_has(part(cx, docx, "word/header2.xml"), "<w:p>");
}

static void
test_docx__text_is_escaped_and_cleaned(void **state)
{
    struct ctx *cx = *state;
    struct doc *tree = doc_new(cx->arena, DOC_OBJECT);
    doc_text(tree, "subject", "a<b & \"c\"\x01\x1b\x7f\xc2\x85\xef\xbf\xbf\r'd'\te");
    doc_text(tree, "type_name", "một\nhai");
    struct buf docx = write_docx(cx, tree);
    const char *document = part(cx, docx, "word/document.xml");
    assert_has(document, ">a&lt;b &amp; &quot;c&quot;&#39;d&#39; e</w:t>");
    assert_has(document, "một</w:t><w:br/><w:t xml:space=\"preserve\">hai");
    assert_has(part(cx, docx, "docProps/core.xml"), "a&lt;b &amp; &quot;c&quot;&#39;d&#39; e<");
}

static void
test_docx__blanks_are_kept(void **state)
{
    struct ctx *cx = *state;
    const char *document = part(cx, write_docx(cx, sample(cx->arena)), "word/document.xml");
    assert_has(document, "<w:t xml:space=\"preserve\">Số      -BC/TU</w:t>");
}

static void
test_docx__short_rows_are_filled_up(void **state)
{
    struct ctx *cx = *state;
    struct doc *tree = doc_new(cx->arena, DOC_OBJECT);
    struct doc *annex = doc_object(doc_list(tree, "annexes"), NULL);
    doc_text(doc_object(doc_list(annex, "columns"), NULL), "title", "Việc");
    struct doc *rows = doc_list(annex, "rows");
    struct doc *row = doc_object(rows, NULL);
    doc_text(row, "name", "Một");
    row = doc_object(rows, NULL);
    doc_text(row, "name", "Hai");
    struct doc *cells = doc_list(row, "cells");
    doc_text(doc_object(cells, NULL), "value", "chữ");
    add_cell(cells, 1400, "");
    const char *document = part(cx, write_docx(cx, tree), "word/document.xml");
    const char *table = strstr(document, "<w:tblBorders>");
    assert_non_null(table);
    assert_int_equal(count(table, "<w:gridCol "), 4);
    assert_int_equal(count(table, "<w:tc>"), 12);
    assert_has(table, "\"TableNumber\"/></w:pPr><w:r><w:t xml:space=\"preserve\">chữ<");
    assert_has(table, "\"TableNumber\"/></w:pPr><w:r><w:t xml:space=\"preserve\">1.400<");
}

/* The rule is as wide as the motto: 13,777 thousandths of 15 points in a column of 58%. */
static void
test_docx__rule_is_as_wide_as_the_motto(void **state)
{
    struct ctx *cx = *state;
    const char *document = part(cx, write_docx(cx, sample(cx->arena)), "word/document.xml");
    int column = 9355 - 9355 * 42 / 100, left = 0, right = 0;
    const char *indent = strstr(document, "<w:ind ");
    assert_non_null(indent);
    assert_int_equal(sscanf(indent, "<w:ind w:left=\"%d\" w:right=\"%d\"/>", &left, &right), 2);
    assert_int_equal(left, right);
    assert_in_range(column - left - right, 4131, 4135);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_docx__leaves_a_sample, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__says_the_published_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__same_tree_gives_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__time_is_the_contexts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__sheet_and_margins, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__styles_follow_the_layout, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__tables_repeat_heads_and_keep_rows, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_docx__banner_is_on_every_page, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__what_is_missing_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__text_is_escaped_and_cleaned, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__blanks_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__short_rows_are_filled_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_docx__rule_is_as_wide_as_the_motto, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
