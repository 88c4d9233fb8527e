"""Records from files and on the command line: all faults of a file at once, nothing doubled,
nothing seen of an import before its end, and every change with its reason."""
import fcntl
import os
import subprocess

import tools

TABLES = ["batch", "record", "r_ktgs", "r_ktgs_doi_tuong", "history", "audit", "fact", "delta",
          "roll"]
HEADER = ["unit", "state", "so_quyet_dinh", "loai", "chu_the", "cap", "ngay_ket_luan",
          "so_kien_nghi", "doi_tuong.kieu", "doi_tuong.so_luong"]
KINDS = {"kiem_tra_chap_hanh": "kt", "giam_sat_chuyen_de": "gscd", "giam_sat_thuong_xuyen": "gstx"}
YEARS = ("2015-01-01", "2024-12-31")


def lines(count):
    """So many inspections, all different, each of one line."""
    kinds, types, made = list(KINDS), ["tcd", "dv"], []
    for i in range(count):
        day = f"{1 + i % 28:02}/{1 + i // 28 % 12:02}/{2015 + i % 10}"
        made.append([f"bt.tp.db{1 + i * 7 % 30:02}", "ket_luan", f"{i}-QĐ/ĐU", kinds[i % 3],
                     ("cap_uy", "ubkt", "chi_bo")[i // 3 % 3], "co_so", day, str(i % 4),
                     types[i // 5 % 2], str(1 + i % 9)])
    return made


def text(rows, header=HEADER):
    return "".join("\t".join(row) + "\n" for row in [header, *rows])


def total(rows, indicator):
    """The figure of all the rows, counted here."""
    kind, subject = indicator.split("_")
    return sum(int(row[9]) for row in rows if KINDS[row[3]] == kind and row[8] == subject)


def units(room):
    room.init()
    room.run("unit", "import", tools.PACK + "/demo/units.tsv")


def load(room, rows, *options, code=0, name="records.tsv"):
    return room.run("record", "import", "ktgs", room.write(name, text(rows)), *options, code=code)


def counts(room, rows, unit="vn"):
    """The figures are those of the rows."""
    for indicator in ("kt_tcd", "kt_dv", "gscd_tcd", "gscd_dv", "gstx_tcd", "gstx_dv"):
        tools.same(room.figure(indicator, unit, *YEARS), total(rows, indicator), indicator)


def batch_of(done):
    return done.err.split("Lô ")[1].split(":")[0]


def test_five_bad_rows_of_ten_thousand(room):
    units(room)
    good = lines(10000)
    rows = [list(row) for row in good]
    rows[135][3] = "kiem_tra_dot_xuat"
    rows[2046][6] = "31/02/2020"
    rows[4998][9] = "98.8"
    rows[7775][0] = "bt.tp.db99"
    rows[9999][4] = ""
    before = room.everything()
    file = room.write("records.tsv", text(rows))
    done = room.run("record", "import", "ktgs", file, code=1)
    faults = done.faults(file)
    tools.same([fault[:2] for fault in faults],
               [(137, 4), (2048, 7), (5000, 10), (7777, 1), (10001, 5)], "lines and columns")
    tools.has(faults[0][2], "Loại: ", "“kiem_tra_dot_xuat”", "giam_sat_chuyen_de")
    tools.has(faults[1][2], "Ngày kết luận", "“31/02/2020”", "05/09/2026")
    tools.has(faults[2][2], "Số lượng: ", "“98.8”", "“98,8”")
    tools.has(faults[3][2], "“bt.tp.db99”")
    tools.has(faults[4][2], "Chủ thể", "còn trống")
    tools.same(len(done.err.splitlines()), 6, "lines on stderr: five faults and the last word")
    tools.has(done.err, "Chưa ghi gì.")
    tools.same(room.everything(), before, "the database after a bad file")

    tools.has(load(room, good, "--dry-run").err, "10000 hồ sơ trong 10001 dòng", "Chưa ghi gì.")
    tools.same(room.everything(), before, "the database after a dry run")
    tools.has(load(room, good).err, "10000 hồ sơ mới, 0 đã có.")
    counts(room, good)
    room.check()

    after = room.everything()
    tools.has(load(room, good).err, "0 hồ sơ mới, 10000 đã có.")
    tools.same(room.everything(), after, "the database after the same file again")
    more = good + [lines(10001)[-1]]
    tools.has(load(room, more).err, "1 hồ sơ mới, 10000 đã có.")
    counts(room, more)
    room.run("fold")
    counts(room, more)
    room.check()


def test_all_faults_of_a_row(room):
    units(room)
    rows = lines(3)
    rows[1] = ["bt.tp.db01", "xong", "1", "khac", "cap_uy", "xa", "mai", "-1", "", "0"]
    file = room.write("records.tsv", text(rows))
    done = room.run("record", "import", "ktgs", file, code=1)
    tools.same([fault[:2] for fault in done.faults(file)],
               [(3, 2), (3, 4), (3, 6), (3, 7), (3, 8), (3, 10)], "lines and columns:\n" + done.err)


def test_a_restricted_record_is_a_stub_where_the_internet_is(room):
    units(room)
    room.run("set", "restricted_content", "stubs")
    before = room.everything()
    found = load(room, lines(2), code=1).faults(room.path("records.tsv"))
    tools.same([fault[:2] for fault in found], [(2, 3), (3, 3)], "lines and columns")
    tools.has(found[0][2], "Số quyết định", "bí mật nhà nước", "restricted_content")
    tools.same(room.everything(), before, "the database")
    load(room, [[*row[:2], "", *row[3:]] for row in lines(2)])
    code = room.run("record", "list", "ktgs", "--unit", lines(1)[0][0]).rows()[0]["code"]
    for field in ("noi_dung=Nội dung", "so_quyet_dinh=1-QĐ/ĐU"):
        done = room.run("record", "correct", code, field, "--why", "thử", code=1)
        tools.has(done.err, "bí mật nhà nước")
    room.run("record", "attach", code, "bien_ban", room.write("a.txt", "biên bản"), code=1)
    room.run("record", "correct", code, "so_kien_nghi=3", "--why", "đếm lại")
    room.run("set", "mode", "lan_doc_lap")
    room.run("record", "correct", code, "noi_dung=Nội dung", "--why", "ghi đủ")
    # What is there stays, and nothing else comes.
    room.run("set", "mode", "internet")
    room.run("record", "correct", code, "so_kien_nghi=2", "--why", "đếm lại")
    room.run("record", "correct", code, "noi_dung=Khác", "--why", "thử", code=1)
    for key in ("mode", "restricted_content"):
        room.run("set", key, "khac", code=1)


def nothing_was_written(room):
    """But that the units were imported and the machine set up, which the audit says."""
    tables = [table for table in TABLES if table != "audit"]
    tools.same(room.dump(*tables), {table: [] for table in tables}, "tables")
    tools.same(room.sql("SELECT DISTINCT action FROM audit ORDER BY action"),
               [("setting.set",), ("unit.import",)], "the audit")


def test_rules_of_the_register_hold_for_files(room):
    units(room)
    header = [*HEADER, "ngay_bat_dau"]
    row = [*lines(1)[0], "2016-01-01"]
    file = room.write("records.tsv", text([row], header))
    done = room.run("record", "import", "ktgs", file, code=1)
    tools.has(done.err, f"{file}:2: Ngày bắt đầu phải không sau ngày kết luận.")
    early = room.write("early.tsv", text([["bt.tp.an_hoi", *lines(1)[0][1:]]]))
    done = room.run("record", "import", "ktgs", early, code=1)
    tools.has(done.faults(early)[0][2], "01/01/2015", "bt.tp.an_hoi")
    nothing_was_written(room)


def test_files_that_cannot_be_read(room):
    units(room)
    row = "\t".join(lines(1)[0]) + "\n"
    for name, content, wanted in [
            ("empty.tsv", "", (1, 1, "Tệp trống")),
            ("column.tsv", "unit\tloai\tmau_sac\nbt\tkiem_diem_sau\txanh\n",
             (1, 3, "“mau_sac”", "so_quyet_dinh", "doi_tuong.kieu")),
            ("list.tsv", "unit\tdoi_tuong\nbt\t1\n", (1, 2, "“doi_tuong”")),
            ("twice.tsv", "unit\tloai\tloai\n", (1, 3, "“loai”")),
            ("unit.tsv", "loai\nkiem_diem_sau\n", (1, 1, "“unit”")),
            ("utf8.tsv", text([]).encode() + b"bt\t\x93\n", (2, 4, "UTF-8", "0x93")),
            ("zero.tsv", text([]).encode() + b"bt\t\0\n", (2, 4, "UTF-8", "0x00")),
            ("cells.tsv", text([]) + row.replace("\n", "\t\t\n"), (2, 11, "12 ô"))]:
        file = room.write(name, content)
        done = room.run("record", "import", "ktgs", file, code=1)
        faults = done.faults(file)
        tools.holds(faults, f"{name} has no fault:\n{done.err}")
        tools.same(faults[0][:2], wanted[:2], f"where the fault of {name} is:\n{done.err}")
        tools.has(faults[0][2], *wanted[2:])
    tools.has(room.run("record", "import", "ktgs", room.path("absent.tsv"), code=1).err,
              "absent.tsv")
    tools.has(room.run("record", "import", "so_la", file, code=1).err, "“so_la”", "ktgs, ky_luat")
    for words in [["ktgs"], [], ["ktgs", file, "--force"], ["ktgs", file, file]]:
        tools.has(room.run("record", "import", *words, code=2).err,
                  "Cách dùng: chithi record import")
    nothing_was_written(room)


def test_marks_and_line_ends_of_other_programs(room):
    units(room)
    rows = lines(50)
    plain = text(rows)
    load(room, rows)
    windows = "\ufeff" + plain.replace("\n", "\r\n") + "\r\n\r\n"
    file = room.write("windows.tsv", windows)
    tools.has(room.run("record", "import", "ktgs", file).err, "0 hồ sơ mới, 50 đã có.")
    file = room.write("last.tsv", plain.rstrip("\n"))
    tools.has(room.run("record", "import", "ktgs", file).err, "0 hồ sơ mới, 50 đã có.")
    wider = room.write("wider.tsv", text([[*row, ""] for row in rows], [*HEADER, "noi_dung"]))
    tools.has(room.run("record", "import", "ktgs", wider).err, "0 hồ sơ mới, 50 đã có.")
    counts(room, rows)


LIST = """\
origin	unit	state	loai	chu_the	cap	ngay_ket_luan	doi_tuong.kieu	doi_tuong.so_luong
x1	bt.tp.db01	ket_luan	kiem_tra_chap_hanh	cap_uy	co_so	2020-01-05	tcd	2
x1							dv	3
							dv	4
x2	bt.tp.db02	ket_luan	kiem_tra_chap_hanh	cap_uy	co_so	2020-01-06	dv	50
	bt.tp.db02	ket_luan	kiem_tra_chap_hanh	cap_uy	co_so	2020-01-06	tcd	100
							tcd	200
	bt.tp.db02	ket_luan	kiem_tra_chap_hanh	cap_uy	co_so	2020-01-06	tcd	100
							tcd	200
"""


def test_rows_of_lists_follow_their_record(room):
    units(room)
    file = room.write("list.tsv", LIST)
    tools.has(room.run("record", "import", "ktgs", file).err, "4 hồ sơ mới, 0 đã có.")
    tools.has(room.run("record", "import", "ktgs", file).err, "0 hồ sơ mới, 4 đã có.")
    tools.same((room.figure("kt_tcd", "bt.tp", *YEARS), room.figure("kt_dv", "bt.tp", *YEARS)),
               (602, 57), "figures over the rows of lists")
    tools.same(sorted(count for (count,) in room.sql(
        "SELECT COUNT(*) FROM r_ktgs_doi_tuong GROUP BY id")), [1, 2, 2, 3], "rows of lists")
    bad = room.write("bad.tsv", LIST.replace("\tdv\t4", "\tdv\tbốn"))
    done = room.run("record", "import", "ktgs", bad, code=1)
    tools.same([fault[:2] for fault in done.faults(bad)], [(4, 9)], "the bad row of a list")
    room.check()


def test_an_origin_is_one_record(room):
    units(room)
    header = ["origin", *HEADER]
    rows = [[f"k{i}", *row] for i, row in enumerate(lines(6))]
    first = room.write("first.tsv", text(rows, header))
    room.run("record", "import", "ktgs", first)
    before = room.everything()
    rows[1][10] = "77"
    rows[4][1] = "bt.tp.db30"
    rows[5][0] = "k0"
    second = room.write("second.tsv", text(rows, header))
    done = room.run("record", "import", "ktgs", second, code=1)
    tools.same([fault[:2] for fault in done.faults(second)], [(3, 1), (6, 1), (7, 1)], done.err)
    for (_, _, message), parts in zip(done.faults(second), [("“k1”", "nội dung khác"),
                                                          ("“k4”", "nội dung khác"), ("dòng 2",)]):
        tools.has(message, *parts)
    tools.has(room.run("record", "import", "ktgs", second, "--dry-run", code=1).err, "“k1”")
    rows[2][4] = "khac"
    mixed = room.write("mixed.tsv", text(rows, header))
    done = room.run("record", "import", "ktgs", mixed, code=1)
    tools.same([fault[:2] for fault in done.faults(mixed)], [(3, 1), (4, 5), (6, 1), (7, 1)],
               done.err)
    tools.same(room.everything(), before, "the database after conflicts")
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db01").rows()[0]["code"]
    room.run("record", "correct", code, "so_kien_nghi=9", "--why", "Sửa")
    tools.has(room.run("record", "import", "ktgs", first).err, "0 hồ sơ mới, 6 đã có.")


def test_more_faults_than_are_listed(room):
    units(room)
    rows = [[*row[:3], "khac", *row[4:]] for row in lines(1500)]
    done = load(room, rows, code=1)
    tools.same(len(done.err.splitlines()), 1002, "lines on stderr")
    tools.has(done.err, "… và 500 lỗi nữa")


def test_undo(room):
    units(room)
    kept = lines(40)
    load(room, kept)
    extra = [row[:2] + ["đợt hai " + row[2]] + row[3:] for row in lines(30)]
    batch = batch_of(load(room, extra, name="extra.tsv"))
    counts(room, kept + extra)
    changed = room.sql("SELECT code FROM record WHERE batch = ? ORDER BY id", batch)[0][0]
    room.run("record", "correct", changed, "so_kien_nghi=5", "--why", "Bổ sung")
    tools.has(room.run("record", "import", "--undo", batch).err, "Đã hủy 29 hồ sơ; giữ 1 hồ sơ")
    tools.same(room.sql("SELECT COUNT(*) FROM record WHERE state = 'void'"), [(29,)],
               "void records")
    tools.same(room.sql("SELECT COUNT(*) FROM fact f JOIN record r ON r.shard = f.shard AND "
                        "r.id = f.record WHERE r.state = 'void'"), [(0,)], "facts of void records")
    room.check()
    tools.has(room.run("record", "import", "--undo", batch, code=1).err, batch)
    tools.has(load(room, extra, name="extra.tsv").err, "29 hồ sơ mới, 1 đã có.")
    counts(room, kept + extra)
    room.check()


class Slow:
    """An import whose words on stderr find no room after so many lines: it halts there, between two
    transactions, until they are read."""

    def __init__(self, room, count, halts_after):
        self.ear, mouth = os.pipe()
        line = f"4000 / {count} hồ sơ\n".encode()
        size = fcntl.fcntl(mouth, fcntl.F_GETPIPE_SZ)
        os.write(mouth, b"." * (size - len(line) * halts_after - len(line) // 2))
        self.process = subprocess.Popen(room.command("record", "import", "ktgs",
                                                     room.path("large.tsv")), stderr=mouth)
        os.close(mouth)

    def wait_for(self, fact):
        for _ in range(tools.TIME_LIMIT * 50):
            if fact():
                return
            try:
                self.process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            break
        self.kill()
        raise tools.Wrong("the import has not halted where it should")

    def kill(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ear)

    def go_on(self):
        """Let it run to its end; what it says."""
        said = b""
        while part := os.read(self.ear, 65536):
            said += part
        self.process.wait()
        os.close(self.ear)
        return said.decode().lstrip(".")


def expire(room):
    """The two minutes for which a dead import is waited for are over."""
    room.alter("UPDATE lease SET until = 0 WHERE name = 'import'")


def nothing_is_seen(room, small):
    counts(room, small)
    room.check()
    rows = room.json("record", "list", "ktgs", "--unit", "bt.tp.db01", "--limit", "100000")
    tools.same(len(rows), sum(row[0] == "bt.tp.db01" for row in small), "records in the list")


def test_an_import_that_is_killed(room):
    units(room)
    for setting in ("cell_month_units", "cell_day_units"):
        room.run("set", setting, "1")
    small, large = lines(100), lines(9100)[100:]
    load(room, small)
    room.write("large.tsv", text(large))
    for halts_after, records in ((0, 4000), (1, 8000), (2, 9000)):
        slow = Slow(room, len(large), halts_after)
        slow.wait_for(lambda: room.sql("SELECT COUNT(*) FROM r_ktgs WHERE id IN (SELECT id FROM "
                                       "record WHERE batch = (SELECT MAX(id) FROM batch))") ==
                      [(records,)])
        tools.has(load(room, small, code=1).err, "Đang có một lần nhập khác")
        nothing_is_seen(room, small)
        slow.kill()
        tools.same(room.sql("SELECT state FROM batch ORDER BY id DESC LIMIT 1"), [("loading",)],
                   "the batch of an import that was killed")
        nothing_is_seen(room, small)
        room.run("rebuild")
        nothing_is_seen(room, small)
        expire(room)
        load(room, small)
        tools.same(room.sql("SELECT COUNT(*) FROM record"), [(100,)], "records that are left")
    tools.has(room.run("record", "import", "ktgs", room.path("large.tsv")).err, "9000 hồ sơ mới")
    tools.holds(room.sql("SELECT COUNT(*) FROM roll")[0][0] > 1000, "there are cells")
    counts(room, small + large)
    tools.same(room.sql("SELECT state, records FROM batch ORDER BY id"),
               [("published", 100), ("published", 9000)], "batches")
    for table, key in (("r_ktgs", "id"), ("history", "record"), ("fact", "record")):
        tools.same(room.sql(f"SELECT COUNT(DISTINCT {key}) FROM {table}"), [(9100,)],
                   f"records in {table}")
    room.check()


def test_an_import_that_is_killed_at_any_moment(room):
    units(room)
    small, large = lines(100), lines(21000)
    load(room, small)
    room.write("large.tsv", text(large))
    for part in range(1, 9):
        process = room.start("record", "import", "ktgs", room.path("large.tsv"))
        try:
            process.wait(timeout=0.09 * part)
        except subprocess.TimeoutExpired:
            pass
        process.kill()
        process.communicate()
        if room.figure("kt_dv", "vn", *YEARS) != total(small, "kt_dv"):
            break
        nothing_is_seen(room, small)
        expire(room)
    else:
        room.run("record", "import", "ktgs", room.path("large.tsv"))
    counts(room, large)
    room.check()


def test_an_import_that_was_halted_too_long(room):
    units(room)
    other, large = lines(100), lines(9000)
    room.write("large.tsv", text(large))
    slow = Slow(room, len(large), 0)
    slow.wait_for(lambda: room.sql("SELECT COUNT(*) FROM record") == [(4000,)])
    expire(room)
    load(room, other)
    tools.has(slow.go_on(), "đã bị bỏ", "Chưa ghi gì.")
    tools.same(slow.process.returncode, 1, "the exit code of the import that was halted")
    counts(room, other)
    room.check()


def test_an_import_whose_tree_changes(room):
    units(room)
    small, large = lines(100), lines(9100)[100:]
    load(room, small)
    room.write("large.tsv", text(large))
    slow = Slow(room, len(large), 0)
    slow.wait_for(lambda: room.sql("SELECT COUNT(*) FROM record") == [(4100,)])
    room.run("unit", "rename", "bt.tp.db01", "Đảng bộ khác (mô phỏng)", "--date", "2020-01-01")
    tools.has(slow.go_on(), "Cây đơn vị thay đổi", "Chưa ghi gì.")
    tools.same(slow.process.returncode, 1, "the exit code")
    tools.same(room.sql("SELECT COUNT(*) FROM record"), [(100,)], "records that are left")
    tools.has(room.run("record", "import", "ktgs", room.path("large.tsv")).err, "9000 hồ sơ mới")
    counts(room, small + large)
    room.check()


def one_record(room, state, **fields):
    row = dict(zip(HEADER, lines(1)[0]), state=state, **fields)
    room.run("record", "import", "ktgs",
             room.write("one.tsv", text([list(row.values())], list(row))))
    return room.run("record", "list", "ktgs", "--unit", "bt.tp.db01").rows()[-1]["code"]


def test_the_states_of_a_record(room):
    units(room)
    code = one_record(room, "nhap")
    tools.same(room.figure("kt_tcd", "vn", *YEARS), 0, "a draft")
    tools.has(room.run("record", "do", "luu", code, code=1).err, "luu", "Nháp")
    room.run("record", "do", "ket_luan", code)
    tools.same(room.figure("kt_tcd", "vn", *YEARS), 1, "a record that counts")
    tools.has(room.run("record", "do", "ket_luan", code, code=1).err, "Đã kết luận")
    room.run("record", "do", "luu", code)
    tools.same(room.figure("kt_tcd", "vn", *YEARS), 1, "a record that is filed")
    shown = room.json("record", "show", code)
    tools.same([(entry["version"], entry["action"], entry["state"]) for entry in shown["history"]],
               [(3, "move", "luu"), (2, "move", "ket_luan"), (1, "import", "nhap")], "history")
    room.run("record", "void", code, "--why", "Nhập nhầm")
    tools.same(room.figure("kt_tcd", "vn", *YEARS), 0, "a void record")
    for words in [("do", "luu", code), ("void", code, "--why", "x"),
                  ("correct", code, "so_kien_nghi=1", "--why", "x")]:
        tools.has(room.run("record", *words, code=1).err, "đã hủy")
    tools.holds(room.json("record", "show", code)["is_void"], "the row of a void record stays")
    room.check()


def test_a_draft_that_is_not_complete(room):
    units(room)
    code = one_record(room, "nhap", chu_the="")
    done = room.run("record", "do", "ket_luan", code, code=1)
    tools.has(done.err, "Chủ thể")
    room.run("record", "correct", code, "chu_the=ubkt", "--why", "Bổ sung chủ thể")
    room.run("record", "do", "ket_luan", code)
    tools.same(room.figure("kt_tcd", "vn", *YEARS, "--where", "chu_the=ubkt"), 1, "the record")


def test_what_is_open_is_changed_without_a_reason(room):
    room.demo()
    code = room.run("record", "list", "van_ban", "--unit", "bt.cl").rows()[0]["code"]
    correct = ("record", "correct", code)
    tools.holds(room.json("record", "show", code)["locked"], "the record is locked")
    room.run(*correct, "het_hieu_luc=31/12/2025")
    shown = room.json("record", "show", code)
    tools.same([(entry["action"], entry["reason"]) for entry in shown["history"]][0],
               ("change", None), "the history")
    values = {field["key"]: field["value"] for field in shown["fields"]}
    tools.same(values["het_hieu_luc"], "2025-12-31", "the field")
    done = room.run(*correct, "het_hieu_luc=1/1/2026", "so_ky_hieu=1-KH/HU", code=1)
    tools.has(done.err, "phải điều chỉnh, có ghi lý do")
    tools.same(room.json("record", "show", code)["version"], shown["version"], "the version")
    units(room)
    draft = one_record(room, "nhap")
    room.run("record", "correct", draft, "so_kien_nghi=2")
    room.check()


def test_a_record_does_not_name_itself(room):
    room.demo()
    code = room.run("record", "list", "hoi_nghi", "--unit", "vn").rows()[0]["code"]
    done = room.run("record", "correct", code, f"cha={code}", "--why", "Thử", code=1)
    tools.has(done.err, f"Là đầu cầu của hội nghị: “{code}” là chính hồ sơ này")
    tools.same(room.json("record", "show", code)["version"], 1, "the version")


def test_a_locked_record_is_corrected_with_a_reason(room):
    units(room)
    code = one_record(room, "ket_luan")
    correct = ("record", "correct", code)
    before = room.dump(*TABLES)
    for words, part in [((*correct, "so_kien_nghi=2"), "phải điều chỉnh, có ghi lý do"),
                        ((*correct, "so_kien_nghi=2", "--why", ""), "Cần ghi lý do"),
                        (("record", "void", code), "Cần ghi lý do"),
                        ((*correct, "mau=2", "--why", "x"), "“mau”"),
                        ((*correct, "so_kien_nghi", "--why", "x"), "TRƯỜNG=GIÁ_TRỊ"),
                        ((*correct, "doi_tuong=2", "--why", "x"), "“doi_tuong”"),
                        ((*correct, "unit=nobody", "--why", "x"), "nobody"),
                        ((*correct, "unit=kg", "--why", "x"), "tỉnh khác"),
                        ((*correct, "loai=", "--why", "x"), "Loại"),
                        (("record", "show", "zz0000000000"), "Không tìm thấy hồ sơ"),
                        (("record", "do", "ket_luan", "khong"), "Không tìm thấy hồ sơ")]:
        tools.has(room.run(*words, code=1).err, part)
    done = room.run(*correct, "so_kien_nghi=98.8", "ngay_ket_luan=mai", "--why", "x", code=1)
    tools.has(done.err, "“98.8”", "“mai”")
    for words in [correct, ("record", "show"), ("record", "do", "luu"), ("record", "list", "ktgs")]:
        tools.has(room.run(*words, code=2).err, "Cách dùng: chithi record")
    tools.same(room.dump(*TABLES), before, "tables after changes that were refused")
    room.run(*correct, "ngay_ket_luan=05/09/2020", "unit=bt.tp.db02", "--why", "Sửa ngày và đơn vị")
    tools.same([room.figure("kt_tcd", unit, "2020-09-05", "2020-09-05")
                for unit in ("bt.tp.db01", "bt.tp.db02")], [0, 1], "the figure has moved")
    tools.same(room.figure("kt_tcd", "vn", "2015-01-01", "2019-12-31"), 0, "the old day")
    entry = room.json("record", "show", code)["history"][0]
    tools.same((entry["version"], entry["action"], entry["reason"]),
               (2, "correct", "Sửa ngày và đơn vị"), "the history")
    room.check()


def test_declarations(room):
    units(room)
    words = ("declare", "kt_dv", "1.400", "--unit", "bt.tp", "--from", "2016-05-15", "--to",
             "2019-06-30")
    for more, part in [((), "nguồn"), (("--source", "Báo", "--word", "rất"), "“rất”")]:
        tools.has(room.run(*words, *more, code=1).err, part)
    tools.has(room.run("declare", "kt_dv", "98.8", "--unit", "bt.tp", "--from", "x", "--to", "y",
                       code=1).err, "“98.8”", "“x”", "“y”", "nguồn")
    tools.same(room.dump("declared"), {"declared": []}, "declarations")
    for _ in range(2):
        room.run(*words, "--source", "Báo", "--word", "hơn")
    found, = room.json("figure", "kt_dv", "--unit", "vn", "--from", "2016-01-01", "--to",
                       "2019-12-31")
    tools.same((found["value"], found["word"], found["declared"], len(found["declarations"])),
               (1400, "hơn", 1400, 1), "a declaration inside the range")
    found, = room.json("figure", "kt_dv", "--unit", "vn", "--from", "2017-01-01", "--to",
                       "2019-12-31")
    tools.same((found["value"], found["declared"], len(found["declared_outside"])), (0, None, 1),
               "a declaration that begins before the range")


if __name__ == "__main__":
    tools.main(globals())
