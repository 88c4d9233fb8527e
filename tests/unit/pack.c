/* The pack that ships, and the sample of the design: both load, and say what they should. */
#include "pack/pack.h"

#include "base/buf.h"
#include "base/date.h"
#include "pack/expr.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const pack_paths[] = {"pack.yaml", "registers/chi_tieu.yaml",
    "registers/chuan_muc.yaml", "registers/chuong_trinh_ktgs.yaml", "registers/chuyen_de.yaml",
    "registers/dang_ky.yaml", "registers/hoi_nghi.yaml", "registers/ket_qua.yaml",
    "registers/khen_thuong.yaml", "registers/ktgs.yaml", "registers/ky_luat.yaml",
    "registers/mo_hinh.yaml", "registers/nhiem_vu.yaml", "registers/quan_triet.yaml",
    "registers/van_ban.yaml", "layouts/dang_05.yaml", "layouts/dang_36.yaml", "layouts/nn_30.yaml",
    "reports/ktgs.yaml", "reports/so_ket_ct05.yaml"};

static struct ctx cx;

static char *
read_source(const char *path)
{
    const char *source = getenv("CHITHI_SOURCE");
    struct buf text = buf_new(cx.arena);
    char part[4096];
    size_t count;
    FILE *file = fopen(arena_printf(cx.arena, "%s/%s", source != NULL ? source : ".", path), "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    buf_text(&text, "");
    while ((count = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(&text, part, count);
    fclose(file);
    return text.bytes;
}

static const struct model *
load(const struct pack_file *files, int count)
{
    const struct model *model = NULL;
    if (pack_load(&cx, cx.arena, files, count, &model) != OK)
        for (int i = 0; i < cx.faults.count; i++)
            print_error("%s:%d:%d %s\n", cx.faults.items[i].file, cx.faults.items[i].line,
                cx.faults.items[i].column, cx.faults.items[i].message);
    assert_non_null(model);
    return model;
}

static const struct model *
load_text(const char *text)
{
    struct pack_file file = {"registers/so.yaml", text};
    return load(&file, 1);
}

static const struct model *
load_pack(void)
{
    struct pack_file files[COUNT_OF(pack_paths)];
    for (size_t i = 0; i < COUNT_OF(pack_paths); i++)
        files[i] = (struct pack_file){pack_paths[i],
            read_source(arena_printf(cx.arena, "packs/chi-thi-05/%s", pack_paths[i]))};
    return load(files, (int)COUNT_OF(pack_paths));
}

static int
setup(void **state)
{
    (void)state;
    cx = (struct ctx){.arena = arena_new()};
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(cx.arena);
    return 0;
}

static void
test_pack__sample_of_the_design_loads(void **state)
{
    struct pack_file file = {"ktgs.yaml", read_source("tests/golden/sample.yaml")};
    const struct model *model = load(&file, 1);
    const struct reg *reg = model_register(model, "ktgs");
    const struct indicator *indicator = model_indicator(model, "kt_tcd");
    (void)state;
    assert_string_equal(reg->label.vi, "Kiểm tra, giám sát");
    assert_string_equal(reg->label.en, "Inspection and supervision");
    assert_int_equal(reg->visibility, VISIBILITY_HAN_CHE);
    assert_true(reg_state(reg, "luu")->counts);
    assert_true(reg_state(reg, "luu")->locks);
    assert_false(reg_state(reg, "nhap")->counts);
    assert_true(indicator->by_measure);
    assert_ptr_equal(indicator->on, reg_field(reg, "ngay_ket_luan"));
    assert_ptr_equal(indicator->list, reg_field(reg, "doi_tuong"));
    assert_ptr_equal(indicator->sum, list_field(indicator->list, "so_luong"));
    assert_int_equal(indicator->states, 6);
}

static void
test_pack__names_lead_to_what_they_name(void **state)
{
    const struct model *model = load_pack();
    const struct reg *reg = model_register(model, "ktgs");
    (void)state;
    assert_string_equal(model->packs[0].key, "chi_thi_05");
    assert_string_equal(model->packs[0].directive, "05-CT/TW");
    assert_int_equal(model->register_count, COUNT_OF(pack_paths) - 6);
    assert_ptr_equal(&model->registers[reg->index], reg);
    assert_null(model_register(model, "kt_tcd"));
    assert_null(model_indicator(model, "ktgs"));
    assert_null(model_indicator(model, "không phải khóa"));
    for (int i = 0; i < model->indicator_count; i++) {
        assert_int_equal(model->indicators[i].index, i);
        assert_ptr_equal(model_indicator(model, model->indicators[i].key), &model->indicators[i]);
    }
    assert_int_equal(choice_find(reg_field(reg, "loai"), "kiem_tra_dhvp"), 1);
    assert_int_equal(choice_find(reg_field(reg, "loai"), "kiem_tra"), -1);
    int nhap = reg_state(reg, "nhap")->index;
    assert_string_equal(reg_transition(reg, nhap, "ket_luan")->label.vi, "Kết luận");
    assert_null(reg_transition(reg, nhap, "luu"));
    assert_string_equal(list_field(reg_field(reg, "doi_tuong"), "so_luong")->measures[0]->label.vi,
        "lượt");
}

/* Each published figure names an indicator and what selects in it. */
static void
test_pack__published_figures_can_be_asked(void **state)
{
    static const char *const asked[][4] = {
        {"kt_tcd"},
        {"kt_dv", "loai=kiem_tra_chua_ro"},
        {"kt_dhvp_tcd"},
        {"kt_dhvp_dv", "chu_the=ubkt", "cap=co_so"},
        {"gscd_tcd"},
        {"gscd_dv"},
        {"gstx_tcd"},
        {"gstx_dv"},
        {"kds_tcd"},
        {"kds_dv", "dien_quan_ly=btv_huyen"},
        {"kl_dv", "hinh_thuc=chua_ro"},
    };
    const struct model *model = load_pack();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        const struct indicator *indicator = model_indicator(model, asked[i][0]);
        assert_non_null(indicator);
        for (int j = 1; asked[i][j] != NULL; j++) {
            const char *value = strchr(asked[i][j], '=') + 1;
            const struct field *cut = NULL;
            for (int k = 0; k < indicator->by_count; k++)
                if (strncmp(indicator->by[k]->key, asked[i][j], strlen(indicator->by[k]->key)) == 0)
                    cut = indicator->by[k];
            assert_non_null(cut);
            assert_true(choice_find(cut, value) >= 0);
        }
    }
}

/* A figure of what was inspected takes every kind of inspection and nothing else. */
static void
test_pack__inspections_are_all_kinds_of_inspection(void **state)
{
    static const char *const keys[] = {"kt_cuoc", "kt_tcd", "kt_dv"};
    const struct model *model = load_pack();
    const struct reg *reg = model_register(model, "ktgs");
    const struct field *loai = reg_field(reg, "loai");
    const struct field *list = reg_field(reg, "doi_tuong");
    struct value fields[32] = {{0}}, columns[8] = {{0}};
    struct row record = {fields}, row = {columns};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        for (int kind = 0; kind < loai->choice_count; kind++) {
            bool is_inspection = strncmp(loai->choices[kind].key, "kiem_tra_", 9) == 0;
            enum truth truth;
            fields[loai->index].number = kind;
            columns[list_field(list, "kieu")->index].number =
                choice_find(list_field(list, "kieu"), i == 2 ? "dv" : "tcd");
            assert_int_equal(expr_evaluate(&cx, model_indicator(model, keys[i])->where, &record,
                                 &row, &truth),
                OK);
            assert_int_equal(truth, is_inspection ? IS_TRUE : IS_FALSE);
        }
}

static void
test_pack__discipline_checks_refuse_the_wrong_form(void **state)
{
    static const struct {
        const char *whom, *form;
        int refused; /* index of the check, or -1 */
    } cases[] = {
        {"dv", "khien_trach", -1},
        {"dv", "khai_tru", -1},
        {"dv", "chua_ro", -1},
        {"dv", "giai_tan", 1},
        {"tcd", "giai_tan", -1},
        {"tcd", "canh_cao", -1},
        {"tcd", "cach_chuc", 0},
        {"tcd", "khai_tru", 0},
    };
    const struct model *model = load_pack();
    const struct reg *reg = model_register(model, "ky_luat");
    const struct field *whom = reg_field(reg, "doi_tuong"), *form = reg_field(reg, "hinh_thuc");
    struct value fields[32] = {{0}};
    struct row record = {fields};
    (void)state;
    assert_in_range(reg->field_count, 1, COUNT_OF(fields));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fields[whom->index].number = choice_find(whom, cases[i].whom);
        fields[form->index].number = choice_find(form, cases[i].form);
        for (int j = 0; j < 2; j++) {
            enum truth truth;
            assert_int_equal(expr_evaluate(&cx, reg->checks[j].that, &record, NULL, &truth), OK);
            assert_int_equal(truth, j == cases[i].refused ? IS_FALSE : IS_TRUE);
        }
    }
}

/* The sheet of Hướng dẫn 36-HD/VPTW. */
static void
test_pack__layout_has_the_measures_of_the_guidance(void **state)
{
    const struct layout *layout = model_layout(load_pack(), "dang_36");
    const struct page_layout *page = &layout->page;
    (void)state;
    assert_int_equal(layout->from, day_from_civil((struct civil){2018, 4, 3}));
    assert_string_equal(layout->number_prefix, "Số ");
    assert_int_equal(page->top, 200);
    assert_int_equal(page->bottom, 200);
    assert_int_equal(page->left, 300);
    assert_int_equal(page->right, 150);
    assert_int_equal(page->page_number_top, 100);
    assert_int_equal(page->motto_size, 30);
    assert_int_equal(page->type_size, 32);
    assert_int_equal(page->recipients_size, 24);
    assert_int_equal(page->first_line, 100);
    assert_int_equal(page->paragraph_before, 12);
    assert_int_equal(page->line_exact, 36);
    assert_string_equal(page->subject_rule, "-----");
}

static void
test_pack__report_collects_the_figures_it_names(void **state)
{
    static const char *const names[] = {"kt_tcd", "kt_dv", "gscd_tcd", "gscd_dv", "gstx_tcd",
        "gstx_dv", "kl_tcd", "kl_dv"};
    const struct report_def *report = model_report(load_pack(), "ktgs");
    (void)state;
    assert_int_equal(report->figure_count, COUNT_OF(names));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_string_equal(report->figures[i].key, names[i]);
        assert_int_equal(report->tables[0].columns[i].figure, i);
    }
    assert_int_equal(report->blocks[0].kind, BLOCK_HEADING);
    assert_string_equal(report->blocks[0].text.source, "Kết quả kiểm tra, giám sát");
    assert_int_equal(report->blocks[0].level, 1);
}

static void
never_holds(const struct field *field)
{
    static const char *const telling[] = {"ho_ten", "ngay_sinh", "can_cuoc", "cccd", "chuc_vu",
        "dia_chi", "dien_thoai", "y_kien", "tu_tuong", "thai_do", "ton_giao", "tin_nguong",
        "gia_dinh", "suc_khoe", "mang_xa_hoi", "diem", "xep_hang", "nguy_co"};
    for (size_t i = 0; i < COUNT_OF(telling); i++)
        assert_string_not_equal(field->key, telling[i]);
    if (field->kind == KIND_PERSON || field->is_private) {
        assert_non_null(field->personal);
        assert_in_range(field->personal->keep, 1, 10);
    }
    assert_false(field->kind == KIND_PERSON && field->required);
}

/* The pack keeps of a person what its purpose needs, and no name, opinion or mark; nobody has to be
 * named, and inspection and discipline have no text that is a name. */
static void
test_pack__holds_nothing_about_a_person_but_for_a_purpose(void **state)
{
    const struct model *model = load_pack();
    int fields = 0;
    (void)state;
    for (int i = 0; i < model->register_count; i++) {
        const struct reg *reg = &model->registers[i];
        for (int j = 0; j < reg->field_count; j++, fields++) {
            never_holds(&reg->fields[j]);
            for (int k = 0; k < reg->fields[j].field_count; k++, fields++)
                never_holds(&reg->fields[j].fields[k]);
        }
        if (reg->visibility == VISIBILITY_HAN_CHE)
            assert_null(reg_field(reg, "ten"));
    }
    assert_true(fields > 100);
}

/* The parts of a registration that are the person's and the branch's alone; and no grade of a
 * person. */
static void
test_pack__private_parts_of_a_registration(void **state)
{
    static const char *const alone[] = {"hoc_tap", "tu_phe_binh", "khac_phuc", "ban_chup"};
    const struct model *model = load_pack();
    const struct reg *reg = model_register(model, "dang_ky");
    (void)state;
    for (size_t i = 0; i < COUNT_OF(alone); i++)
        assert_true(reg_field(reg, alone[i])->is_private);
    assert_false(reg_field(reg, "noi_dung")->is_private);
    assert_null(reg_field(reg, "ket_qua"));
    for (int i = 0; i < model->indicator_count; i++)
        for (size_t j = 0; model->indicators[i].reg == reg && j < COUNT_OF(alone); j++) {
            const struct indicator *indicator = &model->indicators[i];
            assert_true(indicator->list == NULL || !indicator->list->is_private);
            assert_true(
                indicator->where_text == NULL || strstr(indicator->where_text, alone[j]) == NULL);
        }
}

/* A register with the parts of an indicator to vary. */
static uint64_t
digest_with(const char *choices, const char *indicator)
{
    const struct model *model = load_text(arena_printf(cx.arena,
        "register: so\n"
        "label: Sổ\n"
        "fields:\n"
        "  loai: { kind: choice, choices: { %s } }\n"
        "  ngay: { kind: date, required: true }\n"
        "  hen: { kind: date, required: true }\n"
        "  so: { kind: integer }\n"
        "states:\n"
        "  nhap: { label: Nháp, initial: true }\n"
        "  xong: { label: Xong, counts: true }\n"
        "  luu: { label: Lưu }\n"
        "transitions:\n"
        "  - { do: xong, label: Xong, from: nhap, to: xong, by: [ai] }\n"
        "  - { do: luu, label: Lưu, from: xong, to: luu, by: [ai] }\n"
        "counted_on: ngay\n"
        "indicators:\n"
        "  tong: { label: Tổng, %s }\n",
        choices, indicator));
    return model_indicator(model, "tong")->digest;
}

static void
test_pack__digest_follows_what_decides_the_facts(void **state)
{
    static const char *const others[] = {
        "sum: so, by: [loai]",
        "sum: so, where: \"so > 1\"",
        "sum: so, where: \"so > 2\", by: [loai]",
        "count: records, where: \"so > 1\", by: [loai]",
        "sum: so, where: \"so > 1\", by: [loai], on: hen",
        "sum: so, where: \"so > 1\", by: [loai], in: [luu]",
    };
    const char *choices = "a: A, b: B";
    const char *same = "sum: so, where: \"so > 1\", by: [loai]";
    uint64_t digest = digest_with(choices, same);
    (void)state;
    assert_true(digest == digest_with(choices, "where: \"(so)  >  1\", by: loai, sum: so"));
    assert_true(digest == digest_with("a: Khác, b: Nhãn", same));
    assert_true(digest != digest_with("a: A, b: B, c: C", same));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_true(digest != digest_with(choices, others[i]));
}

static void
test_pack__nothing_to_read_is_a_fault(void **state)
{
    const struct pack_file file = {"README.md", "# gói\n"};
    const struct model *model = NULL;
    (void)state;
    assert_int_equal(pack_load(&cx, cx.arena, &file, 1, &model), ERR_INVALID);
    assert_int_equal(cx.faults.count, 1);
    assert_null(model);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pack__sample_of_the_design_loads),
        TEST(test_pack__names_lead_to_what_they_name),
        TEST(test_pack__published_figures_can_be_asked),
        TEST(test_pack__inspections_are_all_kinds_of_inspection),
        TEST(test_pack__discipline_checks_refuse_the_wrong_form),
        TEST(test_pack__layout_has_the_measures_of_the_guidance),
        TEST(test_pack__report_collects_the_figures_it_names),
        TEST(test_pack__holds_nothing_about_a_person_but_for_a_purpose),
        TEST(test_pack__private_parts_of_a_registration),
        TEST(test_pack__digest_follows_what_decides_the_facts),
        TEST(test_pack__nothing_to_read_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
