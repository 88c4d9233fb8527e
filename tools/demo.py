#!/usr/bin/env python3
"""Simulated records of the demo: writes ktgs.tsv and ky_luat.tsv of packs/chi-thi-05/demo/, and the
files of demo_study.py. The other files there are kept by hand.

    tools/demo.py                       write them
    tools/demo.py --check FIGURES.tsv   count inspection and discipline again, against the published
                                        figures, and see that all are as this program writes them

The tables below say how much happened and when; dates, bodies, texts and rows are drawn. Each
line of a table has its own random sequence, so a new line leaves the records of the others as
they are. The check reads only the files, never these tables. No record names a person, and all
of them sit on bodies that exist in the demo only.
"""
import argparse
import csv
import sys
from collections import namedtuple
from datetime import date, timedelta
from pathlib import Path

import demo_study
from demo_draw import BOOLEAN, MARK, Dice, day_text, is_working, tsv_text, working_on

DEMO = Path(__file__).resolve().parent.parent / "packs/chi-thi-05/demo"
DIRECTIVE_DAY = date(2016, 5, 15)

# What the published text says of the years up to this day, it ties to both directives.
BOTH_DIRECTIVES, BOTH_UNTIL = "chi_thi_05,nq_tw4", date(2019, 6, 30)

RECORD_COLUMNS = ["origin", "unit", "state", "directives", "so_quyet_dinh", "loai", "chu_the", "cap",
                  "noi_dung", "trong_chuong_trinh", "ngay_bat_dau", "ngay_ket_luan"]
ROW_COLUMNS = ["kieu", "so_luong", "dien_quan_ly", "ket_luan"]
KY_LUAT_COLUMNS = ["origin", "unit", "state", "doi_tuong", "so_luong", "hinh_thuc",
                   "cap_quyet_dinh", "so_quyet_dinh", "ngay"]

PROGRAMME_COLUMNS = ["origin", "unit", "state", "nam", "so_ky_hieu", "chu_the", "muc.loai",
                     "muc.noi_dung", "muc.so_cuoc"]
PROGRAMME_YEARS = (2020, 2021)
PROGRAMME_KINDS = ["kiem_tra_chap_hanh", "kiem_tra_nhiem_vu_ktgs", "kiem_tra_thi_hanh_ky_luat",
                   "kiem_tra_tai_chinh", "giam_sat_chuyen_de"]

# How much is done in body 01, 02, … 30, against each other. A body with 0 has no record at all.
BODY_WEIGHTS = [12, 3, 5, 8, 2, 4, 1, 9, 0, 6, 3, 2, 10, 4, 1,
                5, 0, 7, 2, 3, 6, 1, 4, 2, 8, 0, 3, 5, 1, 2]

# How busy January, February, … December are.
MONTH_WEIGHTS = [3, 2, 6, 7, 7, 9, 6, 7, 8, 9, 9, 5]

# Who does what: loai, chu_the, cap, weight.
ACTS = {
    "kt_to_chuc": [("kiem_tra_chap_hanh", "cap_uy", "co_so", 9),
                   ("kiem_tra_nhiem_vu_ktgs", "ubkt", "co_so", 4),
                   ("kiem_tra_tai_chinh", "ubkt", "co_so", 3),
                   ("kiem_tra_thi_hanh_ky_luat", "ubkt", "co_so", 2),
                   ("kiem_tra_dhvp", "ubkt", "co_so", 1)],
    "kt_dang_vien": [("kiem_tra_chap_hanh", "chi_bo", "chi_bo", 3),
                     ("kiem_tra_chap_hanh", "cap_uy", "co_so", 1)],
    "kt_dhvp": [("kiem_tra_dhvp", "ubkt", "co_so", 3), ("kiem_tra_dhvp", "cap_uy", "co_so", 1)],
    "gscd": [("giam_sat_chuyen_de", "cap_uy", "co_so", 5),
             ("giam_sat_chuyen_de", "ubkt", "co_so", 4)],
    "gscd_chi_bo": [("giam_sat_chuyen_de", "chi_bo", "chi_bo", 1)],
    "gstx": [("giam_sat_thuong_xuyen", "cap_uy", "co_so", 2),
             ("giam_sat_thuong_xuyen", "ubkt", "co_so", 3)],
    "kds": [("kiem_diem_sau", "cap_uy", "huyen", 1)],
}

# Totals to be spread over so many records (`cuoc`), each with at most `most` subjects of a kind,
# and never more organisations than MOST_TCD. Regular supervision takes whole months.
MOST_TCD = 4
Spread = namedtuple("Spread", "key act start end cuoc tcd dv most")
SPREAD = [
    Spread("kt-s0-a", "kt_to_chuc", "2016-06-13", "2019-06-30", 60, 93, 0, 3),
    Spread("kt-s0-b", "gscd", "2016-06-13", "2019-06-30", 88, 116, 273, 6),
    Spread("kt-s0-c", "gscd_chi_bo", "2016-06-13", "2019-06-30", 64, 0, 200, 5),
    Spread("kt-s0-d", "gstx", "2016-06-01", "2019-06-30", 76, 171, 0, 4),
    Spread("kt-20-a", "kt_to_chuc", "2019-07-01", "2020-12-31", 24, 37, 0, 3),
    Spread("kt-20-b", "kt_dang_vien", "2019-07-01", "2020-12-31", 62, 0, 214, 6),
    Spread("kt-20-c", "kt_dhvp", "2019-07-01", "2020-12-31", 5, 0, 7, 2),
    Spread("kt-20-d", "gscd", "2019-07-01", "2020-12-31", 34, 41, 118, 6),
    Spread("kt-20-e", "gscd_chi_bo", "2019-07-01", "2020-12-31", 22, 0, 64, 5),
    Spread("kt-20-f", "gstx", "2019-07-01", "2020-12-31", 38, 74, 131, 6),
    Spread("kt-20-g", "kds", "2019-07-01", "2020-12-31", 2, 2, 3, 2),
    Spread("kt-22-a", "kt_to_chuc", "2021-04-01", "2022-06-30", 19, 28, 0, 3),
    Spread("kt-22-b", "kt_dang_vien", "2021-04-01", "2022-06-30", 48, 0, 167, 6),
    Spread("kt-22-c", "kt_dhvp", "2021-04-01", "2022-06-30", 4, 0, 5, 2),
    Spread("kt-22-d", "gscd", "2021-04-01", "2022-06-30", 27, 33, 92, 6),
    Spread("kt-22-e", "gstx", "2021-04-01", "2022-06-30", 30, 58, 103, 6),
    Spread("kt-22-f", "kds", "2021-04-01", "2022-06-30", 1, 1, 2, 2),
]

# Records that are stated one by one: rows are (kieu, so_luong, dien_quan_ly, ket_luan).
Stated = namedtuple("Stated", "origin body state act loai chu_the cap start end rows")
STATED = [
    # Quarter I of 2021. The source gives neither the kind nor the acting body of the first three.
    Stated("kt-s4-01", 4, "luu", "kt_chua_ro", "kiem_tra_chua_ro", "chua_ro", "chua_ro",
           "2021-01-18", "2021-02-26", [("dv", 2, "", "")]),
    Stated("kt-s4-02", 18, "luu", "kt_chua_ro", "kiem_tra_chua_ro", "chua_ro", "chua_ro",
           "2021-02-22", "2021-03-19", [("dv", 1, "", "")]),
    Stated("kt-s4-03", 8, "luu", "kt_dhvp", "kiem_tra_dhvp", "ubkt", "co_so",
           "2021-01-12", "2021-03-04", [("dv", 1, "khong", "khuyet_diem")]),
    Stated("kt-s4-04", 25, "luu", "kt_dhvp", "kiem_tra_dhvp", "ubkt", "co_so",
           "2021-01-25", "2021-03-24", [("dv", 1, "khong", "vi_pham")]),
    Stated("kt-s4-05", 13, "luu", "gscd", "giam_sat_chuyen_de", "cap_uy", "co_so",
           "2021-02-23", "2021-03-16", [("dv", 1, "khong", "tot")]),
    Stated("kt-s4-06", 1, "luu", "kds", "kiem_diem_sau", "cap_uy", "huyen", "2021-01-06",
           "2021-01-22", [("tcd", 1, "", "chua_tot"), ("dv", 2, "btv_huyen", "chua_tot")]),
    Stated("kt-s4-07", 10, "luu", "kds", "kiem_diem_sau", "cap_uy", "huyen", "2021-01-14",
           "2021-02-03", [("tcd", 1, "", "chua_tot"), ("dv", 1, "btv_huyen", "khuyet_diem"),
                          ("dv", 1, "btv_huyen", "chua_tot")]),
    Stated("kt-s4-08", 21, "luu", "kds", "kiem_diem_sau", "cap_uy", "huyen", "2021-03-01",
           "2021-03-12", [("tcd", 1, "", "tot"), ("dv", 1, "btv_huyen", "chua_tot")]),
    # Drafts. They count nowhere, although most of them bear a date of conclusion.
    Stated("kt-nhap-1", 3, "nhap", "kt_to_chuc", "kiem_tra_chap_hanh", "cap_uy", "co_so",
           "2017-09-11", "2017-10-13", [("tcd", 2, "", "tot")]),
    Stated("kt-nhap-2", 16, "nhap", "gscd", "giam_sat_chuyen_de", "ubkt", "co_so",
           "2018-04-09", "2018-05-15", [("tcd", 1, "", "tot"), ("dv", 4, "khong", "tot")]),
    Stated("kt-nhap-3", 6, "nhap", "kt_dang_vien", "kiem_tra_chap_hanh", "chi_bo", "chi_bo",
           "2018-11-05", "2018-11-30", [("dv", 3, "khong", "tot")]),
    Stated("kt-nhap-4", 8, "nhap", "kt_dhvp", "kiem_tra_dhvp", "ubkt", "co_so",
           "2021-03-02", "2021-03-30", [("dv", 1, "khong", "")]),
    Stated("kt-nhap-5", 28, "nhap", "kds", "kiem_diem_sau", "cap_uy", "huyen",
           "2021-03-15", "2021-03-31", [("dv", 2, "btv_huyen", "")]),
    Stated("kt-nhap-6", 13, "nhap", "gscd", "giam_sat_chuyen_de", "cap_uy", "co_so",
           "2022-06-13", "", [("tcd", 1, "", "")]),
]

# origin, body, doi_tuong, so_luong, hinh_thuc, cap_quyet_dinh, so_quyet_dinh, ngay
KY_LUAT = [
    ("kl-01", 8, "dv", 1, "khien_trach", "chi_bo", "02-QĐ/CB", "2017-05-18"),
    ("kl-02", 1, "dv", 1, "canh_cao", "co_so", "31-QĐ/ĐU", "2018-08-22"),
    ("kl-03", 13, "dv", 2, "khien_trach", "co_so", "44-QĐ/UBKTĐU", "2019-10-09"),
    ("kl-04", 25, "tcd", 1, "khien_trach", "co_so", "58-QĐ/ĐU", "2019-12-17"),
    ("kl-05", 21, "dv", 1, "cach_chuc", "co_so", "12-QĐ/ĐU", "2020-11-05"),
    # Quarter I of 2021: eight members, the forms of discipline are not in the source.
    ("kl-s4-01", 4, "dv", 2, "chua_ro", "co_so", "19-QĐ/ĐU", "2021-01-20"),
    ("kl-s4-02", 25, "dv", 1, "chua_ro", "co_so", "23-QĐ/ĐU", "2021-02-04"),
    ("kl-s4-03", 1, "dv", 2, "chua_ro", "huyen", "07-QĐ/UBKTTU", "2021-02-25"),
    ("kl-s4-04", 13, "dv", 1, "chua_ro", "co_so", "27-QĐ/ĐU", "2021-03-10"),
    ("kl-s4-05", 18, "dv", 1, "chua_ro", "co_so", "21-QĐ/ĐU", "2021-03-23"),
    ("kl-s4-06", 8, "dv", 1, "chua_ro", "huyen", "11-QĐ/UBKTTU", "2021-03-30"),
    ("kl-06", 10, "dv", 1, "khien_trach", "chi_bo", "03-QĐ/CB", "2021-09-15"),
    ("kl-07", 28, "dv", 1, "khai_tru", "huyen", "26-QĐ/UBKTTU", "2022-03-08"),
]

DUTIES = [
    "quy chế làm việc của cấp ủy", "nguyên tắc tập trung dân chủ", "chế độ sinh hoạt chi bộ",
    "quy định về trách nhiệm nêu gương", "nghị quyết đại hội nhiệm kỳ", "Chỉ thị 05-CT/TW",
    "quy chế dân chủ ở cơ sở", "kế hoạch học tập chuyên đề",
    "quy định về những điều đảng viên không được làm", "nghị quyết của cấp ủy cấp trên",
]
CONDUCT = ["chế độ sinh hoạt định kỳ", "quy chế làm việc", "chế độ báo cáo",
           "nguyên tắc sinh hoạt đảng"]
TEXTS = {
    "kiem_tra_chap_hanh": ("Kiểm tra việc chấp hành {}", DUTIES),
    "kiem_tra_dhvp": ("Kiểm tra khi có dấu hiệu vi phạm {}", CONDUCT),
    "kiem_tra_chua_ro": ("Kiểm tra đảng viên, nguồn không nêu {}", ["loại"]),
    "kiem_tra_nhiem_vu_ktgs": ("Kiểm tra việc thực hiện nhiệm vụ kiểm tra, giám sát: {}", [
        "xây dựng chương trình", "tổ chức thực hiện", "lập và lưu hồ sơ", "chế độ báo cáo"]),
    "kiem_tra_tai_chinh": ("Kiểm tra tài chính đảng: {}", [
        "thu, nộp đảng phí", "quản lý, sử dụng đảng phí", "thu, chi ngân sách"]),
    "kiem_tra_thi_hanh_ky_luat": ("Kiểm tra việc thi hành kỷ luật đảng: {}", [
        "trình tự, thủ tục", "thẩm quyền", "lưu hồ sơ"]),
    "giam_sat_chuyen_de": ("Giám sát chuyên đề việc thực hiện {}", DUTIES),
    "giam_sat_thuong_xuyen": ("Giám sát thường xuyên việc thực hiện {}", DUTIES),
    "kiem_diem_sau": ("Kiểm điểm sâu theo gợi ý về {}", [
        "vai trò lãnh đạo", "tự phê bình và phê bình", "kết quả nhiệm vụ được giao"]),
}
ORGAN = {"cap_uy": "ĐU", "ubkt": "UBKTĐU"}

Record = namedtuple("Record", "origin unit state loai chu_the cap noi_dung planned start end rows")


def draw_days(dice, act, start, end):
    """When an act began and when it was concluded, the latter between start and end."""
    while True:
        day = start + timedelta(dice.below((end - start).days + 1))
        if is_working(day) and dice.below(max(MONTH_WEIGHTS)) < MONTH_WEIGHTS[day.month - 1]:
            break
    if act == "gstx":  # regular supervision is written down once a month
        first = day.replace(day=1)
        after = (first + timedelta(31)).replace(day=1)
        return working_on(first, 1), working_on(after - timedelta(1), -1)
    began = max(day - timedelta(14 + dice.below(40)), DIRECTIVE_DAY)
    return working_on(began, 1), day


def draw_rows(dice, loai, tcd, dv):
    """One to three rows: subjects apart by kind, by who manages them, and by the conclusion."""
    is_regular = loai == "giam_sat_thuong_xuyen"
    good = {"kiem_tra_dhvp": "khuyet_diem", "giam_sat_thuong_xuyen": ""}.get(loai, "tot")
    weak = 1 if tcd > 1 and not is_regular and dice.below(4) == 0 else 0
    rows = [("tcd", tcd - weak, "", good), ("tcd", weak, "", "chua_tot")]
    if loai == "kiem_diem_sau":
        rows.append(("dv", dv, "btv_huyen", "chua_tot"))
    elif weak:
        rows.append(("dv", dv, "khong", good))
    else:
        managed = 1 if dv > 2 and dice.below(5) == 0 else 0
        rows += [("dv", dv - managed, "khong", good), ("dv", managed, "btv_huyen", good)]
    return [row for row in rows if row[1]]


def text_of(dice, act, loai, day):
    pattern, topics = TEXTS[loai]
    text = pattern.format(dice.one_of(topics))
    if act == "gstx":
        text += f", tháng {day.month}/{day.year}"
    elif dice.below(2):
        text += f", năm {day.year}"
    return text + MARK


def unit_code(body):
    return f"bt.tp.db{body:02}"


def spread_records(plan):
    dice = Dice(plan.key)
    start, end = date.fromisoformat(plan.start), date.fromisoformat(plan.end)
    bodies = range(1, len(BODY_WEIGHTS) + 1)
    least_tcd = 1 if plan.tcd and not plan.dv else 0
    tcd = dice.share(plan.tcd, plan.cuoc, least_tcd, min(plan.most, MOST_TCD))
    dv = dice.share(plan.dv, plan.cuoc, 1 if plan.dv else 0, plan.most)
    drawn = []
    for subjects in zip(tcd, dv):
        unit = unit_code(dice.weighted(bodies, BODY_WEIGHTS))
        acts = ACTS[plan.act]
        loai, chu_the, cap, _ = dice.weighted(acts, [act[3] for act in acts])
        began, day = draw_days(dice, plan.act, start, end)
        state = "ket_luan" if day >= date(2022, 1, 1) or dice.below(6) == 0 else "luu"
        planned = loai != "kiem_tra_dhvp" and dice.below(8) > 0
        drawn.append(Record("", unit, state, loai, chu_the, cap,
                            text_of(dice, plan.act, loai, day), planned, began, day,
                            draw_rows(dice, loai, *subjects)))
    drawn.sort(key=lambda record: (record.end, record.unit))
    return [record._replace(origin=f"{plan.key}{n:03}") for n, record in enumerate(drawn, 1)]


def stated_record(line):
    dice = Dice(line.origin)
    start = date.fromisoformat(line.start)
    end = date.fromisoformat(line.end) if line.end else None
    text = text_of(dice, line.act, line.loai, end or start)
    planned = line.loai not in ("kiem_tra_dhvp", "kiem_tra_chua_ro", "kiem_diem_sau")
    return Record(line.origin, unit_code(line.body), line.state, line.loai, line.chu_the, line.cap,
                  text, planned, start, end, line.rows)


def decision_numbers(records):
    """Numbers rise with the day within a body, its organ and a term of office. Branches,
    regular supervision and guided reviews work without a decision; a draft has none yet."""
    numbers, last = {}, {}
    for record in sorted(records, key=lambda r: (r.start, r.origin)):
        if (record.chu_the not in ORGAN or record.state == "nhap"
                or record.loai in ("giam_sat_thuong_xuyen", "kiem_diem_sau")):
            continue
        term = date(2020, 6, 1) if record.start >= date(2020, 6, 1) else date(2015, 6, 1)
        key = (record.unit, record.chu_the, term)
        number = max((record.start - term).days // 12 + 1, last.get(key, 0) + 1)
        last[key] = number
        numbers[record.origin] = f"{number:02}-QĐ/{ORGAN[record.chu_the]}"
    return numbers


def ktgs_records():
    records = [record for plan in SPREAD for record in spread_records(plan)]
    return records + [stated_record(line) for line in STATED]


def ktgs_lines():
    records = ktgs_records()
    numbers = decision_numbers(records)
    yield RECORD_COLUMNS + ["doi_tuong." + column for column in ROW_COLUMNS]
    for record in records:
        directives = BOTH_DIRECTIVES if record.end and record.end <= BOTH_UNTIL else ""
        head = [record.origin, record.unit, record.state, directives,
                numbers.get(record.origin, ""), record.loai, record.chu_the, record.cap,
                record.noi_dung, BOOLEAN[record.planned], day_text(record.start),
                day_text(record.end)]
        for row in record.rows:
            yield head + [str(cell) for cell in row]
            head = [record.origin] + [""] * (len(RECORD_COLUMNS) - 1)


def programme_rows():
    """What a body planned for a year: what it did by plan, and now and then one more."""
    done = {}
    for record in ktgs_records():
        if (record.planned and record.end and record.end.year in PROGRAMME_YEARS
                and record.state != "nhap" and record.loai in PROGRAMME_KINDS):
            key = (record.unit, record.end.year, record.chu_the)
            kinds = done.setdefault(key, {})
            kinds[record.loai] = kinds.get(record.loai, 0) + 1
    for key in sorted(done):
        dice = Dice("programme {} {} {}".format(*key))
        yield key, [(kind, done[key][kind] + (dice.below(4) == 0))
                    for kind in PROGRAMME_KINDS if kind in done[key]]


def programme_lines():
    yield PROGRAMME_COLUMNS
    for (unit, year, chu_the), rows in programme_rows():
        origin = f"ctr-{unit}-{year}-{chu_the}"
        head = [origin, unit, "duyet", f"01/01/{year}",
                f"01-CTr/{ORGAN.get(chu_the, 'CB')}", chu_the]
        for kind, count in rows:
            yield head + [kind, f"Theo chương trình năm {year}" + MARK, str(count)]
            head = [origin] + [""] * (len(head) - 1)


def ky_luat_lines():
    yield KY_LUAT_COLUMNS
    for origin, body, doi_tuong, so_luong, hinh_thuc, cap, number, day in KY_LUAT:
        yield [origin, unit_code(body), "quyet_dinh", doi_tuong, str(so_luong), hinh_thuc, cap,
               number + MARK, day_text(date.fromisoformat(day))]


FILES = {"ktgs.tsv": ktgs_lines, "ky_luat.tsv": ky_luat_lines,
         "chuong_trinh_ktgs.tsv": programme_lines, **demo_study.FILES}

# The check. What follows knows the files and the published figures, not the tables above.

COUNTING_STATES = {"ktgs": {"ket_luan", "luu"}, "ky_luat": {"quyet_dinh"}}
DAY_COLUMN = {"ktgs": "ngay_ket_luan", "ky_luat": "ngay"}
KIND_COLUMN = {"ktgs": "doi_tuong.kieu", "ky_luat": "doi_tuong"}
VALUE_COLUMN = {"ktgs": "doi_tuong.so_luong", "ky_luat": "so_luong"}
# indicator without its ending _tcd or _dv: register, beginning of loai
INDICATORS = {"kt": ("ktgs", "kiem_tra_"), "kt_dhvp": ("ktgs", "kiem_tra_dhvp"),
              "gscd": ("ktgs", "giam_sat_chuyen_de"), "gstx": ("ktgs", "giam_sat_thuong_xuyen"),
              "kds": ("ktgs", "kiem_diem_sau"), "kl": ("ky_luat", "")}
# The whole of quarter I of 2021: nothing happened beyond what was published.
QUARTER = ("2021-01-01", "2021-03-31")
QUARTER_TOTALS = {"kt_tcd": 0, "kt_dv": 5, "kt_dhvp_tcd": 0, "kt_dhvp_dv": 2, "gscd_tcd": 0,
                  "gscd_dv": 1, "gstx_tcd": 0, "gstx_dv": 0, "kds_tcd": 3, "kds_dv": 5,
                  "kl_tcd": 0, "kl_dv": 8}


def read_tsv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_register(register):
    """Lines of a record file, a continued record's columns filled in from its first line."""
    lines, columns = [], [c for c in RECORD_COLUMNS if c != "origin"]
    for line in read_tsv(DEMO / f"{register}.tsv"):
        if lines and line["origin"] == lines[-1]["origin"]:
            line.update({column: lines[-1][column] for column in columns if column in line})
        lines.append(line)
    return lines


def iso(text):
    """05/09/2026 as 2026-09-05; an empty text stays so and lies in no range."""
    return "-".join(reversed(text.split("/")))


def split_indicator(key):
    name, _, kind = key.rpartition("_")
    return name, kind


def total(registers, indicator, start, end, where):
    name, kind = split_indicator(indicator)
    register, loai = INDICATORS[name]
    wanted = dict(part.split("=") for part in where.split(",") if part)
    result = 0
    for line in registers[register]:
        if (line["state"] in COUNTING_STATES[register]
                and start <= iso(line[DAY_COLUMN[register]]) <= end
                and line[KIND_COLUMN[register]] == kind and line.get("loai", "").startswith(loai)
                and all(line.get(k, line.get("doi_tuong." + k)) == v for k, v in wanted.items())):
            result += int(line[VALUE_COLUMN[register]])
    return result


def check_published(registers, figures):
    declarations = {(d["indicator"], d["from"], d["to"]): d
                    for d in read_tsv(DEMO / "declarations.tsv")
                    if split_indicator(d["indicator"])[0] in INDICATORS}
    for figure in figures:
        indicator, start, end = figure["indicator"], figure["from"], figure["to"]
        if split_indicator(indicator)[0] not in INDICATORS:
            continue
        name = f"{indicator} {figure['where']} {start} {end}"
        found = total(registers, indicator, start, end, figure["where"])
        if figure["kind"] != "declared":
            yield name, found, int(figure["value"])
            continue
        declared = declarations.pop((indicator, start, end), {})
        yield name + " recorded", found, 0
        yield name + " declared", (declared.get("value"), declared.get("word")), \
            (figure["value"], figure["word"])
    yield "declarations that nothing published asks for", len(declarations), 0


def check_quarter(registers):
    for indicator, value in QUARTER_TOTALS.items():
        yield f"{indicator} whole quarter", total(registers, indicator, *QUARTER, ""), value


def check_shape(register, lines):
    """What every record must be, whatever the figures are."""
    bodies = {unit["code"] for unit in read_tsv(DEMO / "units.tsv")
              if unit["kind"] == "dang_bo_co_so" and unit["name"].endswith(MARK)}
    per_record, order = {}, []
    for line in lines:
        per_record[line["origin"]] = per_record.get(line["origin"], 0) + 1
        if not order or order[-1] != line["origin"]:
            order.append(line["origin"])
    days = [(line["origin"], date.fromisoformat(iso(line[column]))) for line in lines
            for column in ("ngay_bat_dau", "ngay_ket_luan", "ngay") if line.get(column)]
    yield f"{register}: on real units", [x["origin"] for x in lines if x["unit"] not in bodies], []
    yield f"{register}: records torn apart", len(order) - len(set(order)), 0
    yield f"{register}: more than three rows", [k for k, n in per_record.items() if n > 3], []
    yield f"{register}: on days off", [origin for origin, day in days if day.weekday() > 4], []
    yield f"{register}: unmarked", [x["origin"] for x in lines if MARK not in
                                    x.get("noi_dung", "") + x["so_quyet_dinh"]], []
    yield f"{register}: ends before it begins", [
        x["origin"] for x in lines if x.get("ngay_ket_luan")
        and iso(x["ngay_ket_luan"]) < iso(x["ngay_bat_dau"])], []


def check_fresh():
    for name, lines in FILES.items():
        written = (DEMO / name).read_text(encoding="utf-8")
        yield f"{name}: as written by this script", written == tsv_text(lines()), True


def check(figures_path):
    registers = {register: read_register(register) for register in COUNTING_STATES}
    results = list(check_published(registers, read_tsv(figures_path)))
    results += check_quarter(registers)
    for register, lines in registers.items():
        results += check_shape(register, lines)
    results += check_fresh()
    faults = [result for result in results if result[1] != result[2]]
    for name, found, expected in faults:
        print(f"{name}: found {found}, expected {expected}", file=sys.stderr)
    print(f"{len(results) - len(faults)} of {len(results)} checks hold")
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description="Write or check the simulated records.")
    parser.add_argument("--check", metavar="FIGURES.tsv", help="the published figures")
    figures_path = parser.parse_args().check
    if figures_path:
        return check(figures_path)
    for name, lines in FILES.items():
        (DEMO / name).write_text(tsv_text(lines()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
