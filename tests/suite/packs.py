"""Packs on the command line: faults with file, line and column, and bringing a changed pack into a
database that has records."""
import os
import re
import shutil
import subprocess
import time

import tools

KTGS = "registers/ktgs.yaml"
RANGE = ("2016-05-15", "2019-06-30")

# What is replaced in which file, by what; where the fault is (a text after the change), and words
# of the message.
BROKEN = [
    (KTGS, "where: \"loai = 'kiem_diem_sau' and doi_tuong.kieu = 'tcd'\"",
     "where: \"loaj = 'kiem_diem_sau' and doi_tuong.kieu = 'tcd'\"", "loaj =", "loaj"),
    (KTGS, "where: \"loai = 'kiem_diem_sau' and doi_tuong.kieu = 'tcd'\"",
     "where: \"loai = 'kiem_diem_xau' and doi_tuong.kieu = 'tcd'\"", "'kiem_diem_xau'",
     "kiem_diem_xau"),
    (KTGS, "where: \"loai = 'kiem_diem_sau' and doi_tuong.kieu = 'tcd'\"",
     "where: \"so_kien_nghi = 'ba' and doi_tuong.kieu = 'tcd'\"", "= 'ba'", "cùng kiểu"),
    (KTGS, "  so_kien_nghi: {", "  so_kien_nghi: { kind: integer, label: { vi: Hai, en: Two } }\n"
     "  so_kien_nghi: {", "so_kien_nghi: { kind: integer, label: { vi: Số", "so_kien_nghi"),
    (KTGS, "kind: integer,", "kind: whole,", "whole", "whole"),
    (KTGS, "required: true\n    choices:", "requird: true\n    choices:", "requird", "requird"),
    (KTGS, "to: ket_luan, by:", "to: ket_thuc, by:", "ket_thuc", "ket_thuc"),
    (KTGS, "counted_on: ngay_ket_luan", "counted_on: ngay", "ngay\n", "ngay"),
    (KTGS, "visibility: han_che", "visibility: kin", "kin", "kin"),
    ("registers/ky_luat.yaml", "by: [hinh_thuc, cap_quyet_dinh]", "by: [hinh_thuc, cap_nao]",
     "cap_nao", "cap_nao"),
    ("reports/ktgs.yaml", "layout: [dang_36, dang_05]", "layout: dang_63", "dang_63", "dang_63"),
]


def copy(room, name="pack"):
    folder = room.path(name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tools.PACK, folder)
    return folder


def edit(folder, file, old, new):
    """Replace the first place of a text; the whole of the changed file."""
    path = os.path.join(folder, file)
    with open(path, encoding="utf-8") as before:
        text = before.read()
    tools.holds(old in text, f"{old!r} is not in {file}")
    text = text.replace(old, new, 1)
    with open(path, "w", encoding="utf-8") as after:
        after.write(text)
    return text


def size(folder):
    """How many registers and indicators the files of a pack have, and how many of these have facts
    of their own."""
    registers = indicators = made = 0
    for name in os.listdir(os.path.join(folder, "registers")):
        with open(os.path.join(folder, "registers", name), encoding="utf-8") as file:
            counted = re.search(r"^indicators:\n((?: .*\n)+)", file.read(), re.MULTILINE)[1]
        registers += 1
        indicators += len(re.findall(r"^  \w+:", counted, re.MULTILINE))
        made += len(re.findall(r"^    (?:ratio|change):", counted, re.MULTILINE))
    return registers, indicators, indicators - made


def place(text, part):
    before = text[:text.index(part)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def test_the_pack_that_ships(room):
    registers, indicators, _ = size(tools.PACK)
    tools.has(room.run("pack", "check", tools.PACK).err,
              f"Gói chi_thi_05 hợp lệ: {registers} sổ, {indicators} chỉ số.")
    tools.holds(not room.is_made(), "checking a pack makes no database")


def test_faults_have_file_line_and_column(room):
    for file, old, new, at, word in BROKEN:
        folder = copy(room)
        text = edit(folder, file, old, new)
        done = room.run("pack", "check", folder, code=1)
        faults = done.faults(file)
        tools.holds(faults, f"{new!r} has no fault in {file}:\n{done.err}")
        tools.same(faults[0][:2], place(text, at), f"where {new!r} is wrong:\n{done.err}")
        tools.has(faults[0][2], word)
        tools.same(len(done.err.splitlines()), len(faults), f"lines on stderr:\n{done.err}")


def test_all_faults_of_a_pack(room):
    folder = copy(room)
    edit(folder, KTGS, "visibility: han_che", "visibility: kin")
    edit(folder, "registers/ky_luat.yaml", "counted_on: ngay", "counted_on: hom_nay")
    done = room.run("pack", "check", folder, code=1)
    tools.same([len(done.faults(file)) for file in (KTGS, "registers/ky_luat.yaml")], [1, 1],
               "faults of the files")


def test_what_is_no_pack(room):
    os.mkdir(room.path("empty"))
    for name in ("empty", "absent"):
        tools.has(room.run("pack", "check", room.path(name), code=1).err, room.path(name))
    tools.has(room.run("init", "--pack", room.path("absent"), code=1).err, room.path("absent"))
    for words in (["pack", "check"], ["init", "--pack"], ["init", "word"]):
        tools.has(room.run(*words, code=2).err, "Cách dùng: chithi " + words[0])
    folder = copy(room)
    edit(folder, KTGS, "visibility: han_che", "visibility: kin")
    tools.has(room.run("init", "--pack", folder, code=1).err, f"{KTGS}:")


def test_init_with_a_pack(room):
    folder = copy(room)
    edit(folder, KTGS, "vi: Kiểm tra, giám sát,", "vi: Kiểm tra và giám sát (mới),")
    registers, _, counted = size(folder)
    tools.has(room.run("init", "--pack", folder).err, f"{registers} sổ mới", f"{counted} chỉ số")
    tools.has(room.run("explain", "ktgs").out, "Kiểm tra và giám sát (mới)")
    tools.has(room.run("init", "--pack", folder).err, "Gói không thay đổi")
    room.check()


def test_explain_stays_within_a_page(room):
    room.init()
    for name in os.listdir(os.path.join(tools.PACK, "registers")):
        lines = room.run("explain", name.removesuffix(".yaml")).out.splitlines()
        tools.holds(20 < len(lines) <= 100, f"{name} takes {len(lines)} lines")
    tools.has(room.run("explain", "ktgs").out, "doi_tuong", "so_luong",
              "ket_luan: nhap, hoi_nghi → ket_luan",
              "kt_tcd", "loai = 'giam_sat_chuyen_de'",
              "; ở trạng thái ke_hoach, thong_bao, tu_bao_cao, tham_tra, hoi_nghi;")
    tools.has(room.run("explain", "quan_triet").out,
              "\n  giải trình: Số dự lớn hơn số triệu tập; xin ghi giải trình.\n",
              "\n  giải trình khi qt_du lớn hơn qt_trieu_tap: Số lượt dự lớn hơn")
    tools.has(room.run("explain", "chi_tieu").out,
              "\n  Năm của chỉ tiêu ghi bằng ngày 01/01 của năm đó.\n")
    tools.has(room.run("explain", "dang_ky").out, "nguoi: person", "(về người: ", "; giữ ")
    tools.has(room.run("explain", "so_la", code=1).err, "“so_la”", "ktgs, ky_luat")


NEW_INDICATOR = """indicators:
  kt_kien_nghi:
    label: { vi: Kiến nghị sau kiểm tra, en: Recommendations }
    count: records
    where: "loai = 'kiem_tra_tai_chinh'"
    by: [chu_the]
"""


def test_a_changed_pack_comes_into_a_database_with_records(room):
    room.demo()
    kept = room.dump("record", "history", "r_ktgs", "r_ktgs_doi_tuong", "declared")
    folder = copy(room)
    tools.has(room.run("pack", "apply", folder).err, "Gói không thay đổi")
    edit(folder, KTGS, "indicators:\n", NEW_INDICATOR)
    edit(folder, KTGS, "vi: Tổ chức đảng được kiểm tra,", "vi: Tổ chức đảng đã kiểm tra,")
    tools.has(room.run("pack", "apply", folder).err, "0 sổ mới")
    wanted, = room.sql("SELECT COUNT(*) FROM r_ktgs WHERE loai = 'kiem_tra_tai_chinh' AND "
                       "state IN ('ket_luan', 'luu')")
    tools.holds(wanted[0] > 5, "the demo has inspections of finances")
    tools.same(room.figure("kt_kien_nghi", "vn", "2010-01-01", "2030-12-31"), wanted[0],
               "the new indicator over old records")
    found, = room.json("figure", "kt_tcd", "--unit", "bt.tp", "--from", RANGE[0], "--to", RANGE[1])
    tools.same((found["label"], found["recorded"]), ("Tổ chức đảng đã kiểm tra", 93), "kt_tcd")
    tools.same(room.dump(*kept), kept, "records after a new indicator")
    room.check()


def test_a_changed_register_keeps_its_records(room):
    room.demo()
    before = room.sql("SELECT id, loai, ngay_ket_luan FROM r_ktgs ORDER BY id")
    rows = room.sql("SELECT * FROM r_ktgs_doi_tuong ORDER BY id, row")
    folder = copy(room)
    edit(folder, KTGS, "  so_kien_nghi: {", "  so_kien_nghi_xong: { kind: integer, label: { vi: Đã "
         "thực hiện, en: Done } }\n  so_kien_nghi: {")
    edit(folder, KTGS, "      kiem_diem_sau: {", "      phuc_tra: { vi: Phúc tra, en: Follow-up }\n"
         "      kiem_diem_sau: {")
    tools.has(room.run("pack", "apply", folder).err, "1 sổ thay đổi")
    tools.same(room.sql("SELECT id, loai, ngay_ket_luan FROM r_ktgs ORDER BY id"), before,
               "records")
    tools.same(room.sql("SELECT * FROM r_ktgs_doi_tuong ORDER BY id, row"), rows, "rows of lists")
    room.check()
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db11").rows()[0]["code"]
    room.run("record", "correct", code, "loai=phuc_tra", "so_kien_nghi_xong=4", "--why", "Sửa")
    tools.same(room.sql("SELECT so_kien_nghi_xong FROM r_ktgs WHERE loai = 'phuc_tra'"), [(4,)],
               "a new field and a new choice")
    room.check()
    room.run("rebuild")
    tools.same(room.figure("gscd_dv", "bt.tp", *RANGE), 473, "an old figure")
    tools.same([name for name in room.tables() if name.startswith("old")], [],
               "tables that were left")
    shown = room.json("record", "show", code)
    tools.same([entry["version"] for entry in shown["history"]], [2, 1], "the history")


def test_what_is_used_stays(room):
    room.demo()
    before = room.everything()
    for file, old, new, part in [
            (KTGS, "  noi_dung: { kind: long_text, label: { vi: Nội dung, en: Subject } }\n", "",
             "“ktgs.noi_dung”"),
            (KTGS, "noi_dung: { kind: long_text,", "noi_dung: { kind: text,", "“ktgs.noi_dung”"),
            (KTGS, "      huyen: { vi: Huyện, en: District }\n", "", "“ktgs.cap.huyen”"),
            (KTGS, "          chua_tot: { vi: Chưa tốt, en: Not yet good }\n", "", "“ktgs.doi_tuong.ket_luan.chua_tot”"),
            ("registers/ky_luat.yaml", "  so_quyet_dinh: { kind: text, label: { vi: Số quyết định, "
             "en: Decision number } }\n", "", "“ky_luat.so_quyet_dinh”")]:
        folder = copy(room)
        edit(folder, file, old, new)
        room.run("pack", "check", folder)
        done = room.run("pack", "apply", folder, code=1)
        tools.has(done.err, part, "hồ sơ: ", "“migrate”")
        tools.holds(done.faults(file), f"no fault in {file}:\n{done.err}")
        tools.same(room.everything(), before, f"the database after taking away {part}")


def test_what_is_not_used_may_go(room):
    room.init()
    folder = copy(room)
    edit(folder, KTGS, "  noi_dung: { kind: long_text, label: { vi: Nội dung, en: Subject } }\n",
         "")
    tools.has(room.run("pack", "apply", folder).err, "1 sổ thay đổi")
    tools.holds("\n  noi_dung:" not in room.run("explain", "ktgs").out,
                "a field that was taken away")
    room.run("unit", "import", tools.PACK + "/demo/units.tsv")
    tools.has(room.run("record", "import", "ky_luat", tools.PACK + "/demo/ky_luat.tsv").err,
              "13 hồ sơ mới")
    room.check()


SECOND = {
    "pack.yaml": """pack: chuyen_doi_so
label: Chuyển đổi số
directive: 57-NQ/TW
directives:
  chi_thi_05: { symbol: 05-CT/TW, label: Chỉ thị 05 }
use: { chi_thi_05: [ky_luat] }
""",
    "registers/lop.yaml": """register: lop
label: Lớp bồi dưỡng
counted_on: ngay
fields:
  ngay: { kind: date, label: Ngày, required: true }
  ten: { kind: text, label: Tên }
  nguoi: { kind: integer, label: Số người }
states:
  nhap: { label: Nháp, initial: true }
  xong: { label: Đã mở, counts: true }
transitions:
  - { do: xong, label: Mở, from: nhap, to: xong, by: [cap_uy] }
indicators:
  lop_so: { label: Số lớp, count: records }
  lop_nguoi: { label: Số người học, sum: nguoi }
""",
    "reports/lop.yaml": """report: lop
label: Báo cáo lớp
layout: dang_36
type_name: BÁO CÁO
type_code: BC
subject: kết quả của {{unit}}
sign_for: T/M
sign_title: BÍ THƯ
recipients: [Lưu.]
body:
  - text: "{{lop_so}} lớp; {{kl_dv}} đảng viên bị kỷ luật."
""",
}


def second(room, name="second"):
    """A pack of its own that uses a register of the one that ships."""
    for file, text in SECOND.items():
        room.write(os.path.join(name, file), text)
    return room.path(name)


def test_a_second_pack_stands_beside_the_first(room):
    folder = second(room)
    tools.has(room.run("pack", "check", folder, code=1).err, "pack.yaml:6:21:", "“chi_thi_05”")
    tools.has(room.run("pack", "check", folder, tools.PACK).err, "chi_thi_05, chuyen_doi_so",
              f"{size(tools.PACK)[0] + 1} sổ")
    room.demo()
    tools.has(room.run("pack", "apply", folder).err, "1 sổ mới", "2 chỉ số")
    tools.same({path.split("/")[0] for path, in room.sql("SELECT path FROM pack_file")},
               {"chi_thi_05", "chuyen_doi_so"}, "the packs")
    tools.same(room.sql("SELECT id, key, symbol FROM directive ORDER BY id"),
               [(0, "chi_thi_05", "05-CT/TW"), (1, "nq_tw4", "04-NQ/TW"),
                (2, "chuyen_doi_so", "57-NQ/TW")], "directives")
    tools.has(room.run("explain", "lop").out, "lop_nguoi")
    tools.same(room.figure("gscd_dv", "bt.tp", *RANGE), 473, "a figure of the first pack")
    tools.has(room.run("pack", "apply", tools.PACK).err, "Gói không thay đổi")
    tools.has(room.run("pack", "apply", folder).err, "Gói không thay đổi")
    room.check()


def test_the_database_of_one_pack_takes_its_key(room):
    room.demo()
    room.alter("UPDATE pack_file SET path = SUBSTR(path, LENGTH('chi_thi_05/') + 1)")
    room.alter("DELETE FROM directive")
    tools.same(room.figure("gscd_dv", "bt.tp", *RANGE), 473, "a figure before the next init")
    room.run("init")
    tools.same(room.sql("SELECT id, key FROM directive"), [(0, "chi_thi_05"), (1, "nq_tw4")],
               "directives")
    room.run("pack", "apply", second(room))
    tools.same({path.split("/")[0] for path, in room.sql("SELECT path FROM pack_file")},
               {"chi_thi_05", "chuyen_doi_so"}, "the paths")
    tools.same(room.figure("gscd_dv", "bt.tp", *RANGE), 473, "a figure afterwards")
    room.check()


def test_init_leaves_other_packs_alone(room):
    room.write("one/pack.yaml", "pack: mot\nlabel: Một\ndirective: 01-CT/TU\n")
    room.write("one/registers/lop.yaml", SECOND["registers/lop.yaml"])
    room.run("init", "--pack", room.path("one"))
    room.run("init")
    tools.same({path.split("/")[0] for path, in room.sql("SELECT path FROM pack_file")}, {"mot"},
               "the packs after a plain init")


def test_a_used_register_stays(room):
    room.demo()
    folder = second(room)
    room.run("pack", "apply", folder)
    before = room.everything()
    first = copy(room)
    os.remove(os.path.join(first, "registers/ky_luat.yaml"))
    done = room.run("pack", "apply", first, code=1)
    tools.has(done.err, "chuyen_doi_so/pack.yaml:6:", "gói “chi_thi_05” không có sổ “ky_luat”")
    edit(folder, "pack.yaml", "use: { chi_thi_05: [ky_luat] }\n", "")
    tools.has(room.run("pack", "apply", folder, code=1).err, "reports/lop.yaml:11:",
              "use: { chi_thi_05: [ky_luat] }")
    room.write("second/registers/ky_luat.yaml",
               SECOND["registers/lop.yaml"].replace("register: lop", "register: ky_luat"))
    tools.has(room.run("pack", "apply", folder, code=1).err, "sổ “ky_luat” bị lặp",
              "chi_thi_05/registers/ky_luat.yaml")
    tools.same(room.everything(), before, "the database after what was refused")


def without_condition(room, name="all"):
    """The pack with one indicator that now counts every inspection."""
    folder = copy(room, name)
    path = os.path.join(folder, KTGS)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(  kt_cuoc:\n(?:    .*\n)*?)    where: .*\n", r"\1", text, count=1))
    return folder


def test_a_diff_tells_what_an_apply_does(room):
    room.demo()
    before = room.everything()
    folder = without_condition(room)
    edit(folder, KTGS, "  noi_dung: { kind: long_text, label: { vi: Nội dung, en: Subject } }\n",
         "  tom_tat: { kind: long_text }\n")
    done = room.run("pack", "diff", folder, code=1)
    records, = room.sql("SELECT COUNT(*) FROM r_ktgs")
    held, = room.sql("SELECT COUNT(*) FROM r_ktgs WHERE noi_dung IS NOT NULL")
    found = {(row["change"], row["kind"], row["name"]): row for row in done.rows()}
    tools.holds(("add", "field", "ktgs.tom_tat") in found, f"the new field in {found}")
    tools.same(found["rebuild", "indicator", "kt_cuoc"]["records"], str(records[0]), "kt_cuoc")
    lost = found["refuse", "field", "ktgs.noi_dung"]
    tools.same(lost["records"], str(held[0]), "the records that would lose a field")
    codes = [code for code, in room.sql(
        "SELECT r.code FROM record r JOIN r_ktgs x ON x.shard = r.shard AND x.id = r.id "
        "WHERE x.noi_dung IS NOT NULL ORDER BY r.shard, r.id LIMIT 10")]
    tools.has(lost["detail"], f"{held[0]} hồ sơ: " + ", ".join(codes) + ", …")
    tools.has(room.run("pack", "apply", folder, code=1).err, f"{KTGS}:5:1:", codes[9])
    tools.same(room.everything(), before, "the database after a diff and a refusal")
    edit(folder, KTGS, "indicators:\n", "migrate:\n  - { field: noi_dung, to: tom_tat }\n"
         "indicators:\n")
    found = room.run("pack", "diff", folder).rows()
    applied = room.run("pack", "apply", folder)
    tools.same(applied.rows(), found, "what apply prints")
    tools.same(room.run("pack", "diff", folder).rows(), [], "a diff after the apply")
    tools.same(room.sql("SELECT COUNT(tom_tat) FROM r_ktgs"), [held], "the renamed field")
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db11").rows()[0]["code"]
    history = room.sql("SELECT h.body FROM history h JOIN record r ON r.shard = h.shard "
                       "AND r.id = h.record WHERE r.code = ? ORDER BY h.version DESC", code)
    tools.has(history[0][0], "tom_tat")
    tools.has(history[1][0], "noi_dung")
    room.check()


def test_a_pack_without_records_may_go(room):
    room.demo()
    before = room.dump("record", "fact", "pack_file")
    room.run("pack", "apply", second(room))
    done = room.run("pack", "remove", "chi_thi_05", code=1)
    tools.has(done.err, "không có gói “chi_thi_05”")
    tools.has(room.run("pack", "remove", "la", code=1).err, "“la”")
    room.run("unit", "list")
    file = room.write("lop.tsv", "unit\tngay\tten\nbt.tp\t2021-03-05\tLớp\n")
    batch = room.run("record", "import", "lop", file).err.split("Lô ")[1].split(":")[0]
    tools.has(room.run("pack", "remove", "chuyen_doi_so", code=1).err, "“lop”", "1 hồ sơ")
    tools.holds(batch.isdigit(), "an import has a number")
    room.check()
    room.demo()
    room.run("pack", "apply", second(room))
    tools.has(room.run("pack", "remove", "chuyen_doi_so").out, "remove\tregister\tlop")
    tools.same(room.dump(*before), before, "the database after a pack came and went")
    tools.same(room.sql("SELECT COUNT(*) FROM directive WHERE key = 'chuyen_doi_so'"), [(1,)],
               "the number that a directive keeps")
    room.check()


def test_a_pack_of_an_older_program_is_replaced(room):
    """Its layouts and reports need not load any more; its records and figures stay."""
    room.demo()
    figure = room.figure("gscd_dv", "bt.tp", *RANGE)
    for path in ("layouts/dang_36.yaml", "reports/ktgs.yaml"):
        room.alter("UPDATE pack_file SET body = body || ? WHERE path = ?", "\nmau: cu\n",
                   "chi_thi_05/" + path)
    room.alter("UPDATE indicator SET digest = 'older' WHERE key = 'gscd_dv'")
    room.alter("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    tools.has(room.run("unit", "list", code=1).err, "“mau”")
    tools.has(room.run("pack", "diff", tools.PACK).out, "rebuild\tindicator\tgscd_dv",
              "add\treport\tktgs")
    room.run("init")
    tools.same(room.figure("gscd_dv", "bt.tp", *RANGE), figure, "a figure after the upgrade")
    tools.has(room.run("init").err, "Gói không thay đổi")
    room.check()


def test_killed_at_any_moment(room):
    for delay in (0, 20, 40, 60, 80, 110, 150, 200, 300):
        room.demo()
        old = room.figure("kt_cuoc", "vn", "2000-01-01", "2030-12-31")
        process = room.start("pack", "apply", without_condition(room))
        deadline = time.monotonic() + delay / 1000
        while time.monotonic() < deadline and process.poll() is None:
            pass
        process.kill()
        process.communicate()
        found = room.figure("kt_cuoc", "vn", "2000-01-01", "2030-12-31")
        tools.holds(found == old or found > old, f"{found} inspections after {delay} ms")
        room.check()
        room.alter("UPDATE lease SET until = 0")
        room.run("pack", "apply", without_condition(room))
        room.check()
        tools.same(room.sql("SELECT COUNT(*) FROM fact WHERE indicator NOT IN "
                            "(SELECT id FROM indicator WHERE active = 1)"), [(0,)], "what is left")
        tools.same(room.sql("SELECT COUNT(*) FROM indicator WHERE active > 1"), [(0,)], "numbers")


def test_others_write_while_a_pack_is_applied(room):
    room.demo()
    codes = [row["code"] for row in room.run("record", "list", "ktgs", "--unit", "bt.tp.db11",
                                             "--limit", "12").rows()]
    folders = [without_condition(room), tools.PACK]
    process = None
    for number, code in enumerate(codes):
        if process is None or process.poll() is not None:
            process = room.start("pack", "apply", folders[number % 2])
        # at the very moment of the change a command is told to try again
        for _ in range(3):
            wrote = subprocess.run(room.command("record", "correct", code, f"so_kien_nghi={number}",
                                                "--why", "Sửa"), capture_output=True, check=False)
            if wrote.returncode == 0:
                break
            tools.has(wrote.stderr.decode(), "hãy thử lại")
        tools.same(wrote.returncode, 0, f"the correction of {code}")
    process.communicate()
    tools.same(room.sql("SELECT COUNT(*) FROM r_ktgs WHERE so_kien_nghi IS NOT NULL"),
               [(len(codes),)], "corrections")
    room.check()
    room.run("fold")
    room.check()


if __name__ == "__main__":
    tools.main(globals())
