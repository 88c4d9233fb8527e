"""Simulated study and registrations of the demo: quan_triet.tsv and dang_ky.tsv.

Branches study the theme of each year; what their members register is kept item by item. Where they
stand short of the published 98,8% and 100% is drawn: the recorded rates of Chợ Lách are simulated and
below both. Only people of people.tsv register, and those exist in the demo only.
"""
from datetime import date, timedelta

from demo_draw import BOOLEAN, MARK, Dice, day_text, working_on

YEARS = range(2017, 2022)
LAST_DAY = date(2021, 4, 12)  # the published text on Chợ Lách is of this day

# Party organisations of Chợ Lách with their members, and those that have not begun.
CHO_LACH = ([f"bt.cl.cb{n:02}" for n in range(1, 16)] + [f"bt.cl.cs{n:02}" for n in range(1, 5)]
            + ["bt.cl.db31", "bt.cl.db32", "bt.cl.vphu", "bt.cl.kb"])
NOT_BEGUN = {"bt.cl.cb09", "bt.cl.cs04"}
FOUNDED = {"bt.cl.cs03": 2019}
BEN_TRE = [f"bt.tp.db{n:02}" for n in range(1, 31) if n not in (9, 17, 26)]
BEN_TRE_YEARS = (2018, 2021)

STUDY_COLUMNS = ["origin", "unit", "state", "ngay", "hinh_thuc", "ben_to_chuc", "phoi_hop",
                 "chuyen_de", "hoi_nghi", "van_ban.van_ban", "noi_dung", "thanh_phan.kieu",
                 "thanh_phan.so_trieu_tap", "thanh_phan.so_du", "thu_hoach"]


def study(origin, unit, day, form, host, theme, text, audience, more=None):
    """Lines of one meeting; the audience is rows of kind, invited and present."""
    head = {"origin": origin, "unit": unit, "state": "khoa" if day.year < 2021 else "duyet",
            "ngay": day_text(day), "hinh_thuc": form, "ben_to_chuc": host, "chuyen_de": theme,
            "noi_dung": text + MARK, **(more or {})}
    for kind, invited, present in audience:
        row = {**head, "thanh_phan.kieu": kind, "thanh_phan.so_trieu_tap": str(invited),
               "thanh_phan.so_du": str(present)}
        yield [row.get(column, "") for column in STUDY_COLUMNS]
        head = {"origin": origin}


def meeting_day(dice, year):
    first = date(year, 2, 20)
    last = LAST_DAY if year == LAST_DAY.year else date(year, 4, 25)
    return working_on(first + timedelta(dice.below((last - first).days)), -1)


def branch_studies():
    for unit in CHO_LACH + BEN_TRE:
        dice = Dice("study " + unit)
        is_whole = ".db" in unit
        years = BEN_TRE_YEARS if unit in BEN_TRE else YEARS
        for year in years:
            missed = year < 2021 and dice.below(8) == 0
            if unit in NOT_BEGUN or year < FOUNDED.get(unit, 0) or missed:
                continue
            invited = (90 if is_whole else 16) + dice.below(60 if is_whole else 14)
            present = invited - dice.below(1 + invited // 10)
            form = "hoi_nghi" if is_whole else "sinh_hoat_chi_bo"
            written = str(present - dice.below(4)) if dice.below(3) == 0 else ""
            yield from study(f"qt-{unit}-{year}", unit, meeting_day(dice, year), form,
                             "to_chuc_dang", f"cd-{year}", f"Học tập chuyên đề năm {year}",
                             [("dang_vien", invited, present)], {"thu_hoach": written})


def front_studies():
    """The board for mass mobilisation with the Fatherland Front, for members and the people."""
    dice = Dice("study front")
    for year in YEARS:
        members, people = 180 + dice.below(60), 240 + dice.below(90)
        yield from study(f"qt-cl-mttq-{year}", "bt.cl.mttq", meeting_day(dice, year), "hoi_nghi",
                         "doan_the", f"cd-{year}",
                         f"Triển khai chuyên đề năm {year} cho đoàn viên, hội viên và nhân dân",
                         [("hoi_vien", members, members - dice.below(20)),
                          ("nhan_dan", people, people - dice.below(40))],
                         {"phoi_hop": "bt.cl.bdv"})


def conference_studies():
    """What a unit's own people heard at a conference."""
    yield from study("qt-kg-vpub-2019", "kg.vpub", date(2019, 8, 20), "truc_tuyen", "chinh_quyen",
                     "cd-2019", "Dự đầu cầu Văn phòng UBND tỉnh của hội nghị trực tuyến toàn quốc",
                     [("dang_vien", 42, 40), ("cong_chuc", 26, 25)],
                     {"hoi_nghi": "hn-kg-2019", "van_ban.van_ban": "vb-ct05"})
    yield from study("qt-tp-2021", "bt.tp.ubnd", date(2021, 1, 22), "truc_tuyen", "chinh_quyen", "",
                     "Quán triệt Nghị quyết Đại hội XI Đảng bộ tỉnh cho công chức, viên chức",
                     [("cong_chuc", 120, 116)],
                     {"hoi_nghi": "hn-tp-2021-nq", "van_ban.van_ban": "vb-bt-dh11"})


def study_lines():
    yield STUDY_COLUMNS
    yield from branch_studies()
    yield from front_studies()
    yield from conference_studies()


# Registrations

REGISTER_COLUMNS = ["origin", "unit", "state", "chu_the", "nguoi", "chu_chot", "loai", "nam", "ngay",
                    "chuyen_de", "ban_giay", "noi_dung.linh_vuc", "noi_dung.viec",
                    "noi_dung.chi_so", "noi_dung.han", "noi_dung.gan_voi", "noi_dung.cong_khai",
                    "noi_dung.ket_qua"]
REGISTER_YEARS = (2019, 2020, 2021)
PEOPLE = {"bt.cl.cb01": range(1, 12), "bt.cl.cb02": range(12, 21), "bt.cl.cb03": range(21, 28)}
KEY_CADRES = {1, 2, 12, 13, 22}
BODIES = {"bt.cl.vphu": "Trả lời văn bản của cơ sở đúng hẹn",
          "bt.cl.vks": "Giải quyết án đúng hạn luật định",
          "bt.cl.kb": "Kiểm soát hồ sơ thanh toán trong ngày"}
TASKS = [("Trả hồ sơ trước hạn một ngày", "ít nhất 9 trên 10 hồ sơ"),
         ("Đến dự sinh hoạt với tổ nhân dân tự quản", "mỗi quý một lần"),
         ("Giúp một hộ khó khăn trong xóm", "một hộ thoát cảnh thiếu vốn"),
         ("Góp ngày công làm đường, vườn chung", "4 ngày công trong năm"),
         ("Vận động hàng xóm góp đèn đường", "một tuyến có đèn")]
EXAMPLES = [("dao_duc", "Công khai chi tiêu của chi hội mình phụ trách"),
            ("phong_cach", "Báo việc ngắn gọn, có con số kèm theo"),
            ("phong_cach", "Nghe dân trước khi họp bàn việc chung")]
TIED_TO = ["nhiem_vu", "nhiem_vu", "chi_tieu_thap", "van_de"]


def result_of(dice, year):
    if year == LAST_DAY.year:
        return ""
    return dice.weighted(["xong", "mot_phan", "chua_xong"], [17, 2, 1])


def register(dice, origin, unit, year, who, items):
    """Lines of one registration; an item is its part, text and measure."""
    day = working_on(date(year, 1, 20) + timedelta(dice.below(50)), 1)
    head = {"origin": origin, "unit": unit, "state": "thuc_hien" if year == 2021 else "khoa",
            "loai": "dang_ky", "nam": str(year), "ngay": day_text(day), "chuyen_de": f"cd-{year}",
            **who}
    is_public = who["chu_chot"] == BOOLEAN[True]
    for part, text, measure in items:
        is_task = part == "nhiem_vu"
        row = {**head, "noi_dung.linh_vuc": part, "noi_dung.viec": text + MARK,
               "noi_dung.chi_so": measure, "noi_dung.han": f"30/11/{year}",
               "noi_dung.gan_voi": dice.one_of(TIED_TO) if is_task else "",
               "noi_dung.cong_khai": "truyen_thanh" if is_task and is_public else "",
               "noi_dung.ket_qua": result_of(dice, year)}
        yield [row.get(column, "") for column in REGISTER_COLUMNS]
        head = {"origin": origin}


def personal(unit, number):
    dice = Dice(f"register {number}")
    who = {"chu_the": "ca_nhan", "nguoi": f"mp-{number:03}",
           "chu_chot": BOOLEAN[number in KEY_CADRES], "ban_giay": BOOLEAN[dice.below(3) == 0]}
    for year in REGISTER_YEARS:
        part, text = dice.one_of(EXAMPLES)
        task = dice.one_of(TASKS)
        yield from register(dice, f"dk-{number:03}-{year}", unit, year, who,
                            [(part, text, ""), ("nhiem_vu", *task)])


def register_lines():
    yield REGISTER_COLUMNS
    for unit, numbers in PEOPLE.items():
        for number in numbers:
            yield from personal(unit, number)
    for unit, text in BODIES.items():
        dice = Dice("register " + unit)
        who = {"chu_the": "tap_the", "chu_chot": BOOLEAN[False], "ban_giay": BOOLEAN[False]}
        for year in REGISTER_YEARS:
            yield from register(dice, f"dk-{unit}-{year}", unit, year, who,
                                [("nhiem_vu", text, "theo dõi hằng tháng")])


FILES = {"quan_triet.tsv": study_lines, "dang_ky.tsv": register_lines}
