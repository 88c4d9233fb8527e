"""The rules that must always hold of the registers that ship: for each check a row that is taken and
one that is refused, and taken when the checks are gone; and how records come to count once, where and
when they should."""
import os
import re

import tools

REGISTERS = os.path.join(tools.PACK, "registers")
PERSON = "mp-001"  # of the demo's list

# A row of each register that is taken as it is.
GOOD = {
    "van_ban": {"state": "duyet", "vai_tro": "ban_hanh", "loai": "kh", "so_ky_hieu": "01-KH/TU",
                "ngay": "2021-02-01", "co_quan": "Thành ủy", "trich_yeu": "thực hiện nghị quyết"},
    "nhiem_vu": {"state": "giao", "ten": "Xây dựng đô thị loại II", "van_ban": "vb",
                 "chu_tri": "bt.tp", "ngay_giao": "2021-02-10", "han": "2021-12-31"},
    "chi_tieu": {"state": "giao", "nhom": "kinh_te", "ten": "Thu ngân sách", "dvt": "tỷ đồng",
                 "nam": "2021-01-01", "huong": "cao", "ke_hoach": "320,5", "chu_tri": "bt.tp"},
    "chuong_trinh_ktgs": {"state": "duyet", "nam": "2021-01-01", "so_ky_hieu": "01-CTr/ĐU",
                          "chu_the": "cap_uy", "muc.loai": "giam_sat_chuyen_de",
                          "muc.so_cuoc": "4"},
    "quan_triet": {"state": "duyet", "ngay": "2021-03-05", "hinh_thuc": "sinh_hoat_chi_bo",
                   "thanh_phan.kieu": "dang_vien", "thanh_phan.so_trieu_tap": "30",
                   "thanh_phan.so_du": "28"},
    "dang_ky": {"state": "xac_nhan", "chu_the": "tap_the", "nam": "2021", "ngay": "2021-02-20",
                "noi_dung.linh_vuc": "nhiem_vu", "noi_dung.viec": "Trả hồ sơ trước hạn",
                "noi_dung.cong_khai": "truyen_thanh", "noi_dung.han": "2021-06-30"},
    "mo_hinh": {"state": "dang_ky", "ten": "5+1", "loai": "dan_van_kheo", "chu_the": "tap_the",
                "linh_vuc": "kinh_te", "ngay_dang_ky": "2018-02-01", "ly_do": "Hộ khó khăn",
                "muc_tieu": "Thoát nghèo", "cach_lam": "Năm giúp một", "dia_ban": "Phường",
                "luc_luong": "Hội viên", "tu_ngay": "2018-03-01", "dau_ra": "Hộ thoát nghèo"},
    "ket_qua": {"state": "duyet", "viec": "Trao cờ Tổ quốc", "ngay": "2018-08-30",
                "san_luong": "500 la_co"},
    "khen_thuong": {"state": "quyet_dinh", "doi_tuong": "chung", "so_luong": "17",
                    "hinh_thuc": "giay_khen", "cap": "huyen", "co_quan": "bt.tp",
                    "ngay": "2021-04-10", "thanh_tich": "Năm năm thực hiện Chỉ thị"},
    "hoi_nghi": {"state": "duyet", "ten": "Sơ kết ba năm", "loai": "so_ket",
                 "hinh_thuc": "truc_tuyen", "ngay": "2019-08-20", "diem_cau.cap": "tinh",
                 "diem_cau.so_luong": "63"},
    "ktgs": {"state": "ket_luan", "loai": "kiem_tra_dhvp", "chu_the": "ubkt", "cap": "co_so",
             "ngay_bat_dau": "2021-02-01", "ngay_ket_luan": "2021-03-01", "doi_tuong.kieu": "dv",
             "doi_tuong.so_luong": "2"},
    "ky_luat": {"state": "quyet_dinh", "doi_tuong": "dv", "hinh_thuc": "canh_cao",
                "cap_quyet_dinh": "co_so", "ngay": "2021-03-20"},
}

# What is changed of it so that one check is broken, and the words of that check.
BROKEN = [
    ("van_ban", {"het_hieu_luc": "2021-01-31"}, "Ngày hết hiệu lực phải không trước ngày ban hành."),
    ("nhiem_vu", {"han": "2021-02-09"}, "Hạn hoàn thành phải không trước ngày giao."),
    ("nhiem_vu", {"state": "hoan_thanh", "ngay_hoan_thanh": "2021-02-09"},
     "Ngày hoàn thành phải không trước ngày giao."),
    ("nhiem_vu", {"cap_viec": "nhom", "thuoc_nhom": "nv"},
     "Một nhóm nhiệm vụ không thuộc nhóm khác."),
    ("chi_tieu", {"nam": "2021-02-01"}, "Năm của chỉ tiêu ghi bằng ngày 01/01 của năm đó."),
    ("chi_tieu", {"huong": "co_khong", "ke_hoach": "2"},
     "Chỉ tiêu có hoặc không có kế hoạch là 1 hoặc 0."),
    ("chi_tieu", {"thuc_hien.ky": "Quý I", "thuc_hien.gia_tri": "80", "thuc_hien.ngay": "2020-12-31"},
     "Ngày tính đến phải không trước năm của chỉ tiêu."),
    ("chuong_trinh_ktgs", {"nam": "2021-03-01"},
     "Năm của chương trình ghi bằng ngày 01/01 của năm đó."),
    ("dang_ky", {"chu_the": "ca_nhan"}, "Đăng ký của cá nhân phải ghi người đăng ký."),
    ("dang_ky", {"nguoi": PERSON}, "Đăng ký của tập thể không ghi tên người."),
    ("dang_ky", {"noi_dung.linh_vuc": "dao_duc"}, "Chỉ công khai phần IV (nhiệm vụ)."),
    ("dang_ky", {"noi_dung.han": "2021-02-19"}, "Hạn phải không trước ngày đăng ký."),
    ("mo_hinh", {"den_ngay": "2018-02-28"}, "Ngày kết thúc phải không trước ngày bắt đầu."),
    ("mo_hinh", {"state": "cong_nhan", "cap_cong_nhan": "xa", "ngay_cong_nhan": "2018-01-31"},
     "Ngày công nhận phải không trước ngày đăng ký."),
    ("mo_hinh", {"nguon_goc": "mh", "tinh_chat": "moi"},
     "Mô hình có nguồn gốc ở nơi khác là mô hình nhân rộng."),
    ("ket_qua", {"kinh_phi": "12,5"}, "Kinh phí phải ghi nguồn."),
    ("khen_thuong", {"so_luong": "1"},
     "Tập thể và cá nhân ghi chung phải có số lượng từ 2 trở lên."),
    ("khen_thuong", {"ten": "Thành Đoàn", "doi_tuong": "tap_the"},
     "Hồ sơ có tên chỉ ghi cho một tập thể hoặc một cá nhân."),
    ("khen_thuong", {"ngay_trao": "2021-04-09"}, "Ngày trao phải không trước ngày quyết định."),
    ("hoi_nghi", {"hinh_thuc": "truc_tiep"}, "Hội nghị trực tiếp chỉ có một điểm."),
    ("ktgs", {"ngay_bat_dau": "2021-03-02"}, "Ngày bắt đầu phải không sau ngày kết luận."),
    ("ktgs", {"moc_tu": "2020-12-31", "moc_den": "2020-01-01"},
     "Mốc xem xét phải kết thúc sau khi bắt đầu."),
    ("ktgs", {"doi_tuong.kieu": "tcd", "doi_tuong.cap_uy_vien": "có"},
     "Tổ chức đảng không ghi tên người hay cấp ủy viên."),
    ("ktgs", {"doi_tuong.to_chuc": "bt.tp.db01", "doi_tuong.so_luong": "1"},
     "Đảng viên không ghi ở cột tổ chức đảng."),
    ("ktgs", {"doi_tuong.nguoi": PERSON}, "Dòng có tên người chỉ ghi cho một người."),
    ("ktgs", {"doi_tuong.kieu": "tcd", "doi_tuong.to_chuc": "bt.tp.db01"},
     "Dòng có tên tổ chức đảng chỉ ghi cho một tổ chức."),
    ("ky_luat", {"doi_tuong": "tcd", "hinh_thuc": "khai_tru"},
     "Cách chức và khai trừ chỉ áp dụng với đảng viên."),
    ("ky_luat", {"hinh_thuc": "giai_tan"}, "Giải tán chỉ áp dụng với tổ chức đảng."),
    ("ky_luat", {"hinh_thuc": "cach_chuc", "loai_dang_vien": "du_bi"},
     "Đảng viên dự bị chỉ bị khiển trách hoặc cảnh cáo."),
    ("ky_luat", {"doi_tuong": "tcd", "cap_uy_vien": "có"},
     "Tổ chức đảng không ghi tên người, đảng viên dự bị hay cấp ủy viên."),
    ("ky_luat", {"to_chuc": "bt.tp.db01"}, "Đảng viên không ghi ở mục tổ chức đảng."),
    ("ky_luat", {"nguoi": PERSON, "so_luong": "2"},
     "Hồ sơ có tên người chỉ ghi cho một người."),
    ("ky_luat", {"ket_qua_khieu_nai": "chuan_y"}, "Chỉ có kết quả khiếu nại khi có khiếu nại."),
    ("ky_luat", {"ngay_cham_dut": "2021-03-19"}, "Ngày chấm dứt phải không trước ngày quyết định."),
]

# Told, and never refused.
NOTICED = [
    ("quan_triet", {"thanh_phan.so_du": "31"}, "Số dự lớn hơn số triệu tập; xin ghi giải trình."),
    ("ktgs", {"doi_tuong.phai_ky_luat": "có", "doi_tuong.ket_luan": "khuyet_diem"},
     "Đối tượng phải thi hành kỷ luật mà kết luận không phải là có vi phạm; xin giải trình."),
]


def checks():
    """The messages of all checks in the files: those that refuse, and those that only tell."""
    refusing, telling = set(), set()
    for name in os.listdir(REGISTERS):
        with open(os.path.join(REGISTERS, name), encoding="utf-8") as file:
            part = re.search(r"^checks:\n((?: .*\n)+)", file.read(), re.MULTILINE)
        for check in re.split(r"^  - ", part[1], flags=re.MULTILINE)[1:] if part else []:
            message = re.search(r'message: \{ vi: "?(.*?)"?, en: ', check)[1]
            (telling if "notice: true" in check else refusing).add((name[:-5], message))
    return refusing, telling


def prepare(room, pack=tools.PACK):
    """Units, and the records that rows refer to."""
    room.run("init", "--pack", pack)
    room.run("set", "restricted_content", "full")
    room.run("unit", "import", tools.PACK + "/demo/units.tsv")
    room.run("person", "import", tools.PACK + "/demo/people.tsv")
    for register, origin in (("van_ban", "vb"), ("nhiem_vu", "nv"), ("mo_hinh", "mh")):
        load(room, register, [{**GOOD[register], "origin": origin}])


def load(room, register, rows, unit="bt.tp.db01", code=0):
    """Import rows of one register; those that give no unit are of one branch."""
    rows = [{"unit": unit, **row} for row in rows]
    columns = sorted({column for row in rows for column in row})
    text = "".join("\t".join(row.get(column, "") for column in columns) + "\n"
                   for row in [dict(zip(columns, columns)), *rows])
    return room.run("record", "import", register, room.write(register + ".tsv", text), code=code)


def test_every_check_has_a_row_that_breaks_it(room):
    refusing, telling = checks()
    tools.holds(len(refusing) > 30, f"only {len(refusing)} checks were found")
    tools.same({(register, words) for register, _, words in BROKEN}, refusing, "checks")
    tools.same({(register, words) for register, _, words in NOTICED}, telling, "notices")


def test_good_rows_are_taken(room):
    prepare(room)
    for register, row in GOOD.items():
        tools.has(load(room, register, [{**row, "unit": "bt.tp.db02"}]).err, "1 hồ sơ mới")
    room.check()


def test_what_breaks_a_check_is_refused_for_it(room):
    prepare(room)
    before = room.everything()
    for register, change, words in BROKEN:
        done = load(room, register, [{**GOOD[register], **change}], code=1)
        lines = done.err.splitlines()
        tools.has(done.err, words)
        tools.same(len(lines), 2, f"faults of {change} in {register}:\n{done.err}")
    tools.same(room.everything(), before, "the database")


def test_without_the_checks_it_is_taken(room):
    for name in os.listdir(REGISTERS):
        with open(os.path.join(REGISTERS, name), encoding="utf-8") as file:
            text = re.sub(r"^checks:\n(?: .*\n)+", "", file.read(), flags=re.MULTILINE)
        room.write("pack/registers/" + name, text)
    with open(os.path.join(tools.PACK, "pack.yaml"), encoding="utf-8") as file:
        prepare(room, os.path.dirname(room.write("pack/pack.yaml", file.read())))
    for register, change, words in BROKEN:
        done = load(room, register, [{**GOOD[register], **change}])
        tools.holds("1 hồ sơ mới" in done.err, f"not taken without “{words}”:\n{done.err}")


def test_notices_are_told_and_refuse_nothing(room):
    prepare(room)
    for register, change, words in NOTICED:
        for row, wanted in ((GOOD[register], []), ({**GOOD[register], **change}, [words])):
            load(room, register, [{**row, "unit": "bt.tp.db03" if wanted else "bt.tp.db02"}])
            unit = "bt.tp.db03" if wanted else "bt.tp.db02"
            code = room.run("record", "list", register, "--unit", unit).rows()[0]["code"]
            told = [notice["message"] for notice in room.json("record", "show", code)["notices"]]
            tools.same(len(told), len(wanted), f"notices of {row}")
            tools.holds(all(words in message for message in told), f"{words!r} is not {told}")
    explained = {**GOOD["quan_triet"], "thanh_phan.so_du": "31", "giai_trinh": "Có khách mời"}
    load(room, "quan_triet", [explained], unit="bt.tp.db04")
    code = room.run("record", "list", "quan_triet", "--unit", "bt.tp.db04").rows()[0]["code"]
    tools.same(room.json("record", "show", code)["notices"], [], "what is explained")


def figure(room, indicator, unit, *more, year=2021):
    return room.figure(indicator, unit, f"{year}-01-01", f"{year}-12-31", *more)


def test_groups_of_targets_add_up(room):
    prepare(room)
    groups = {"xay_dung_dang": 9, "kinh_te": 12, "van_hoa_xa_hoi": 13, "qp_an_noi_chinh": 11}
    rows = [{**GOOD["chi_tieu"], "nhom": group, "ten": f"{group} {i}"}
            for group, count in groups.items() for i in range(count)]
    before = [{**row, "nam": "2020-01-01"} for row in rows[:36]]
    draft = {**GOOD["chi_tieu"], "state": "du_thao", "ten": "Chưa giao"}
    load(room, "chi_tieu", [*rows, *before, draft], unit="bt.tp")
    tools.same([figure(room, "ct_tong", "bt.tp", "--where", f"nhom={group}") for group in groups],
               list(groups.values()), "the groups")
    tools.same(figure(room, "ct_tong", "bt.tp"), 45, "the total")
    tools.same(figure(room, "ct_tang_giam", "bt.tp"), 9, "against the year before")
    room.check()


def ratio(room, indicator, unit):
    found = room.json("figure", indicator, "--unit", unit, "--from", "2021-01-01", "--to",
                      "2021-12-31")[0]
    return found["value"], found["numerator"], found["denominator"]


def test_targets_that_nobody_assessed_have_no_rate(room):
    prepare(room)
    good = {**GOOD["chi_tieu"], "ket_qua": "chua_danh_gia"}
    load(room, "chi_tieu", [{**good, "ten": f"Chỉ tiêu {i}"} for i in range(3)], unit="bt.tp")
    tools.same(ratio(room, "ct_pct", "bt.tp"), (None, 0, 0), "before any is assessed")
    load(room, "chi_tieu", [{**good, "ten": f"Khác {result}", "ket_qua": result}
                            for result in ("dat", "vuot", "khong_dat", "khong_dat")], unit="bt.tp")
    tools.same(ratio(room, "ct_pct", "bt.tp"), (50, 2, 4), "of the assessed ones")


def test_a_committee_above_is_no_party_organisation_of_the_base(room):
    prepare(room)
    for unit in ("bt.tp", "bt.tp.db02"):
        load(room, "quan_triet", [GOOD["quan_triet"]], unit=unit)
    tools.same(figure(room, "qt_tcd_da_trien_khai", "bt.tp"), 2, "units with a record")
    value, above, below = ratio(room, "qt_tcd_da_trien_khai_pct", "bt.tp")
    tools.same(above, 1, "those of the kinds that the denominator counts")
    tools.holds(value < 100 and below > 1, f"{above} of {below} is {value}")


def test_a_local_leg_adds_nothing_to_its_parent(room):
    prepare(room)
    row = GOOD["hoi_nghi"]
    central = {"origin": "tw", "diem_cau.cap": "trung_uong", "diem_cau.so_luong": "1"}
    load(room, "hoi_nghi", [{**row, "origin": "tw"}, central], unit="vn")
    load(room, "hoi_nghi", [
        {**row, "origin": "kg", "cha": "tw", "diem_cau.cap": "tinh", "diem_cau.so_luong": "6"},
        {"origin": "kg", "diem_cau.cap": "huyen", "diem_cau.so_luong": "15"}], unit="kg")
    tools.same(figure(room, "hn_so", "vn", year=2019), 1, "conferences")
    tools.same(figure(room, "hn_diem_cau", "vn", year=2019), 63, "points besides the central one")
    tools.same(figure(room, "hn_diem_cau", "kg", year=2019), 0, "points of kg's own conferences")
    tools.same([figure(room, "hn_diem_cau_dia_phuong", "kg", "--where", f"cap={level}", year=2019)
                for level in ("tinh", "huyen")], [6, 15], "points of the leg")
    room.check()


def test_a_code_counts_where_it_is_applied(room):
    prepare(room)
    row = {"state": "duyet", "loai": "bo_quy_tac_ung_xu", "ten": "Quy tắc ứng xử nơi công cộng",
           "noi_dung": "Văn minh", "ban_hanh": "bt", "ngay": "2021-03-10"}
    load(room, "chuan_muc", [{**row, "unit": "bt", "vai_tro": "ban_hanh"},
                             {**row, "unit": "bt.tp", "vai_tro": "ap_dung"}])
    tools.same([figure(room, "cm_bo_quy_tac_ap_dung", unit) for unit in ("bt", "bt.tp")], [1, 1],
               "codes applied")
    tools.same([figure(room, "cm_so_bo_quy_tac", unit) for unit in ("bt", "bt.tp")], [1, 0],
               "codes issued")


def test_a_unit_counts_once_however_many_tasks_it_turns(room):
    prepare(room)
    row = {**GOOD["nhiem_vu"], "unit": "bt.tp", "don_vi_cu_the_hoa.don_vi": "bt.tp.p4",
           "don_vi_cu_the_hoa.loai_don_vi": "phong_ban"}
    load(room, "nhiem_vu", [
        {**row, "origin": "a"},
        {"unit": "", "origin": "a", "don_vi_cu_the_hoa.don_vi": "bt.tp.p7",
         "don_vi_cu_the_hoa.loai_don_vi": "xa_phuong"},
        {**row, "origin": "b", "ten": "Xây dựng nông thôn mới"},
        {**row, "origin": "c", "ten": "Nhóm nhiệm vụ", "cap_viec": "nhom"}])
    tools.same([figure(room, "nv_don_vi", "bt", *more) for more in
                ([], ["--where", "loai_don_vi=phong_ban"], ["--where", "loai_don_vi=xa_phuong"])],
               [2, 1, 1], "units that turn tasks into work")
    tools.same(figure(room, "nv_nhom", "bt"), 1, "groups of tasks")


def test_regular_supervision_counts_when_it_is_approved(room):
    prepare(room)
    row = {**GOOD["ktgs"], "loai": "giam_sat_thuong_xuyen", "ngay_bat_dau": ""}
    load(room, "ktgs", [{**row, "state": "nhap"}])
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db01").rows()[0]["code"]
    tools.has(room.run("record", "do", "ket_luan", code, code=1).err, "Kết luận")
    room.run("record", "do", "ghi", code)
    tools.same(figure(room, "gstx_dv", "bt"), 0, "noted, not approved")
    room.run("record", "do", "duyet", code)
    tools.same(figure(room, "gstx_dv", "bt"), 2, "approved")
    room.run("record", "do", "luu", code)
    tools.same(figure(room, "gstx_dv", "bt"), 2, "filed: it counts once")
    room.check()


def test_what_is_not_concluded_is_in_progress_only(room):
    prepare(room)
    load(room, "ktgs", [{**GOOD["ktgs"], "state": "tham_tra", "ngay_ket_luan": ""}])
    tools.same([figure(room, key, "bt") for key in ("kt_dv", "ktgs_dang_thuc_hien")], [0, 1],
               "an inspection under way")
    done = load(room, "ktgs", [{**GOOD["ktgs"], "ngay_ket_luan": ""}], code=1)
    tools.has(done.err, "Ngày kết luận", "còn trống")
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db01").rows()[0]["code"]
    room.run("record", "do", "hoi_nghi", code)
    tools.has(room.run("record", "do", "ket_luan", code, code=1).err, "Ngày kết luận")
    room.check()


def test_the_programme_planned_and_done(room):
    prepare(room)
    load(room, "chuong_trinh_ktgs", [GOOD["chuong_trinh_ktgs"]])
    row = {**GOOD["ktgs"], "loai": "giam_sat_chuyen_de"}
    load(room, "ktgs", [row, {**row, "trong_chuong_trinh": "không"},
                        {**row, "ngay_ket_luan": "2022-01-05"}])
    tools.same([figure(room, key, "bt") for key in ("ctr_cuoc", "ktgs_chuong_trinh")], [4, 1],
               "planned and done")
    found, = room.json("figure", "ktgs_hoan_thanh_chuong_trinh_pct", "--unit", "bt", "--from",
                       "2021-01-01", "--to", "2021-12-31")
    tools.same((found["numerator"], found["denominator"]), (1, 4), "the share")


def test_a_recognised_model_stays_recognised(room):
    prepare(room)
    row = {**GOOD["mo_hinh"], "cap_cong_nhan": "xa", "ngay_cong_nhan": "2018-09-01"}
    load(room, "mo_hinh", [
        {**row, "state": "cong_nhan"}, {**row, "state": "ket_thuc", "den_ngay": "2020-01-01"},
        {**GOOD["mo_hinh"], "state": "dung", "den_ngay": "2018-10-01", "ten": "Dừng"}])
    tools.same([figure(room, key, "bt.tp.db01", year=2018)
                for key in ("mh_dang_ky", "mh_cong_nhan", "mh_dung")], [4, 2, 1], "models of 2018")
    tools.same([figure(room, "mh_hoat_dong", "bt.tp.db01", year=year) for year in (2018, 2019, 2020)],
               [2, 2, 1], "models at work at the end of the year")
    tools.same(figure(room, "mh_tang_giam", "bt.tp.db01", year=2019), -4, "against the year before")
    room.check()


if __name__ == "__main__":
    tools.main(globals())
