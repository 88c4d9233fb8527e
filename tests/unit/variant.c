/* The text of the pack of variant.h. What differs between versions is set into it. */
#include "variant.h"

#include "base/buf.h"

const char *const variant_registers[VARIANT_REGISTERS] = {"doi", "nguon", "moi"};

static const char head[] = "pack: doi\n"
                           "label: Gói đổi\n"
                           "directive: 02-CT/TU\n"
                           "directives:\n"
                           "  doi_hai: { symbol: 03-NQ/TU, label: Nghị quyết ba }\n"
                           "use: { chi_thi_05: [ktgs] }\n";

/* What others refer to. */
static const char source[] = "register: nguon\n"
                             "label: Sổ nguồn\n"
                             "counted_on: ngay\n"
                             "fields:\n"
                             "  ngay: { kind: date, label: Ngày, required: true }\n"
                             "  han: { kind: date, label: Hạn }\n"
                             "states:\n"
                             "  nhap: { label: Nháp, initial: true }\n"
                             "  co: { label: Có, counts: true }\n"
                             "transitions:\n"
                             "  - { do: co, label: Có, from: nhap, to: co, by: [ubkt] }\n"
                             "indicators:\n"
                             "  nguon_dem: { label: Số nguồn, count: records }\n"
                             "  nguon_con: { label: Nguồn còn, stock: records, until: han }\n";

static const char more_register[] =
    "register: moi\n"
    "label: Sổ mới\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  goc: { kind: reference, label: Gốc, register: doi }\n"
    "  tot: { kind: boolean, label: Tốt }\n"
    "states:\n"
    "  nhap: { label: Nháp, initial: true }\n"
    "  xong: { label: Xong, counts: true, locks: true }\n"
    "transitions:\n"
    "  - { do: xong, label: Xong, from: nhap, to: xong, by: [ubkt] }\n"
    "indicators:\n"
    "  moi_dem: { label: Số mới, count: records, by: [tot] }\n"
    "  moi_goc: { label: Gốc khác nhau, distinct: goc, by: [tot] }\n"
    "  moi_tren_doi: { label: Mới trên đổi, ratio: [moi_dem, doi_dem] }\n";

static const char fields[] =
    "register: doi\n"
    "label: Sổ đổi\n"
    "counted_on: ngay\n"
    "fields:\n"
    "  ngay: { kind: date, label: Ngày, required: true }\n"
    "  het: { kind: date, label: Hết }\n"
    "  loai: { kind: choice, label: Loại, choices: { %smot: Một, hai: Hai, ba: Ba } }\n"
    "  gap: { kind: boolean, label: Gấp }\n"
    "  so: { kind: integer, label: Số, min: -100, max: 100 }\n"
    "  diem: { kind: decimal, label: Điểm, decimals: 1 }\n"
    "  gio: { kind: time, label: Giờ }\n"
    "  luong: { kind: quantity, label: Lượng, units: [tan, met], decimals: 2 }\n"
    "  noi: { kind: unit, label: Nơi }\n"
    "  loi: { kind: text, label: Lời }\n"
    "  goc: { kind: reference, label: Gốc, register: nguon }\n"
    "%s"
    "  muc: { kind: list, label: Mục, fields: {\n"
    "      n: { kind: integer, label: N, required: true },\n"
    "      hang: { kind: choice, label: Hạng, choices: { a: A, b: B } },\n"
    "      den: { kind: date, label: Đến },\n"
    "      goc: { kind: reference, label: Gốc, register: nguon },\n"
    "      noi: { kind: unit, label: Nơi } } }\n";

static const char flow[] = "states:\n"
                           "  nhap: { label: Nháp, initial: true }\n"
                           "  xong: { label: Xong, counts: true }\n"
                           "  dong: { label: Đóng, locks: true }\n"
                           "transitions:\n"
                           "  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [ubkt] }\n"
                           "  - { do: mo, label: Mở lại, from: dong, to: xong, by: [ubkt] }\n"
                           "  - { do: dong, label: Đóng sổ, from: xong, to: dong, by: [ubkt] }\n";

/* What each version of the rules says of itself. */
static const struct {
    const char *cuts, *urgent, *left, *points_in, *rows;
} rules[VARIANT_RULES] = {
    {"[loai, gap]", "gap", "until: het, by: [loai]", "[xong, dong]", "muc.n > 5"},
    {"[gap, loai]", "gap or so > 10", "until: het, by: [loai]", "dong", "muc.n > 5"},
    {"[loai]", "gap and gio < '12:00'", "by: [loai, gap]", "xong", "muc.n > 5 or gap"},
    {"[loai, gap]", "gap", "until: het, where: not gap", "[xong, dong]", "muc.hang is not null"},
};

static const char indicators[] =
    "indicators:\n"
    "  doi_dem: { label: Số đổi, count: records, by: %s }\n"
    "  doi_gap: { label: Số gấp, count: records, by: [loai, gap], where: \"%s\" }\n"
    "  doi_dong: { label: Số đóng, count: records, by: [loai], on: entered(dong), in: dong }\n"
    "  doi_sang: { label: Buổi sáng, count: records, where: \"gio < '12:00'\", by: [gap] }\n"
    "  doi_diem: { label: Điểm, sum: diem, by: [gap], in: %s }\n"
    "  doi_noi: { label: Đơn vị có, distinct: unit, by: [loai] }\n"
    "  doi_loai: { label: Số loại, distinct: loai, by: [gap] }\n"
    "  doi_o: { label: Nơi khác nhau, distinct: noi }\n"
    "  doi_goc: { label: Gốc khác nhau, distinct: goc, by: [loai, gap] }\n"
    "  doi_muc_goc: { label: Gốc của mục, distinct: muc.goc, by: [muc.hang], where: \"%s\" }\n"
    "  doi_con: { label: Còn lại, stock: records, %s }\n"
    "  doi_ton: { label: Tồn, stock: so, until: het, by: [gap] }\n"
    "  doi_kho: { label: Kho, stock: luong, until: het, by: [loai] }\n"
    "  doi_muc: { label: Mục còn, stock: muc, until: muc.den, by: [muc.hang, gap] }\n"
    "  doi_n: { label: Tồn của mục, stock: muc.n, until: het, on: ngay }\n"
    "  doi_ty_le: { label: Tỷ lệ gấp, ratio: [doi_gap, doi_dem] }\n"
    "  doi_tren_chi_bo: { label: Đơn vị có trên số đơn vị, ratio: [doi_noi, \"units(xa, chi_bo)\"] "
    "}\n"
    "  doi_ty_so: { label: Điểm trên tồn, ratio: [doi_diem, doi_ton] }\n"
    "  doi_ton_tren: { label: Tồn trên kho, ratio: [doi_ton, doi_kho] }\n"
    "  doi_hon: { label: Hơn năm trước, change: { of: doi_dem, against: year_before } }\n"
    "  doi_hon_con: { label: Còn hơn năm trước, change: { of: doi_con, against: year_before } }\n"
    "  doi_hon_goc: { label: Gốc hơn năm trước, change: { of: doi_goc, against: year_before } }\n";

static const char more_indicators[] =
    "  doi_them: { label: Tổng thêm, sum: them, by: [loai] }\n"
    "  doi_them_con: { label: Thêm còn, stock: them, until: het, by: [gap] }\n";

static const char *
main_register(struct arena *arena, const struct variant *variant)
{
    struct buf out = buf_new(arena);
    int r = variant->rules;
    buf_printf(&out, fields, variant->has_choice ? "khong: Không, " : "",
        variant->has_field ? "  them: { kind: integer, label: Thêm, min: 0, max: 60 }\n" : "");
    buf_text(&out, flow);
    buf_printf(&out, indicators, rules[r].cuts, rules[r].urgent, rules[r].points_in, rules[r].rows,
        rules[r].left);
    if (variant->has_field)
        buf_text(&out, more_indicators);
    return buf_string(&out);
}

const struct pack_file *
variant_files(struct arena *arena, const struct variant *variant, int *count)
{
    struct pack_file *files = ARENA_ARRAY(arena, struct pack_file, 4);
    files[0] = (struct pack_file){"pack.yaml", head};
    files[1] = (struct pack_file){"registers/doi.yaml", main_register(arena, variant)};
    files[2] = (struct pack_file){"registers/nguon.yaml", source};
    files[3] = (struct pack_file){"registers/moi.yaml", more_register};
    *count = variant->has_register ? 4 : 3;
    return files;
}
