"""Units: importing lists, refusing bad ones whole, and changes on a date with what they do to
figures."""
import os
import re
import shutil

import tools

TABLES = ["unit", "unit_span", "unit_event", "cell_unit", "meta"]
HEADER = "code\tparent_code\tlevel\tname\tfrom\tto\n"
SMALL = HEADER + """\
vn\t\tquoc_gia\tViệt Nam\t\t
a\tvn\ttinh\tTỉnh A\t\t
b\tvn\ttinh\tTỉnh B\t\t
a.1\ta\txa\tXã A Một\t\t
a.2\ta\txa\tXã A Hai\t\t
b.1\tb\txa\tXã B Một\t\t
"""


def small(room):
    room.init()
    room.run("unit", "import", room.write("small.tsv", SMALL))


def refused(room, name, content, wanted, *options):
    """An import that must fail: nothing changes, and these are its faults, by line and column."""
    before = room.dump(*TABLES)
    file = room.write(name, content)
    done = room.run("unit", "import", file, *options, code=1)
    found = done.faults(file)
    tools.same([fault[:2] for fault in found], [fault[:2] for fault in wanted],
               f"lines and columns of the faults of {name}:\n{done.err}")
    for fault, expected in zip(found, wanted):
        tools.has(fault[2], *expected[2:])
    tools.same(room.dump(*TABLES), before, f"units after {name}")


def spans(room, code):
    """What a unit was called, from when to when, and under whom."""
    return [(row["name"], row["from"], row["to"], row["parent"], row["heir"])
            for row in room.json("unit", "show", code)]


def test_the_tree_of_2022(room):
    file = tools.shared("data", "units", "units-2022.tsv")
    room.init()
    tools.has(room.run("unit", "import", file, "--date", "2022-10-01").err,
              "11368 dòng: 11368 đơn vị mới, 0 thay đổi, 0 giữ nguyên.")
    listed = room.json("unit", "list", "--date", "2022-10-01")
    tools.same(len(listed), 11368, "units in the list")
    tools.same(len({unit["code"] for unit in listed}), 11368, "codes in the list")
    tools.same(sum(unit["depth"] == 1 for unit in listed), 63, "provinces")
    tools.same({unit["level"] for unit in listed}, {"quoc_gia", "tinh", "huyen", "xa"}, "levels")
    before = room.dump(*TABLES)
    tools.has(room.run("unit", "import", file, "--date", "2022-10-01").err,
              "11368 dòng: 0 đơn vị mới, 0 thay đổi, 11368 giữ nguyên.")
    tools.same(room.dump(*TABLES), before, "units after the same list again")
    room.run("unit", "import", file, "--date", "05/09/2023")
    tools.same(room.dump(*TABLES), before, "units after the same list on a later day")
    room.check()


def test_parents_may_come_last(room):
    room.init()
    header, *lines = SMALL.splitlines()
    room.run("unit", "import", room.write("turned.tsv", "\n".join([header, *lines[::-1]])))
    tools.same([(unit["code"], unit["parent"], unit["depth"]) for unit in room.json("unit", "list")
                if unit["depth"] < 2], [("vn", None, 0), ("b", "vn", 1), ("a", "vn", 1)],
               "the tree")


def test_bad_lists_change_nothing(room):
    small(room)
    refused(room, "parent.tsv", HEADER + "a.3\tx\txa\tXã A Ba\t\t\n", [(2, 2, "“x”")])
    refused(room, "cycle.tsv", HEADER + "c\td\txa\tXã C\t\t\nd\te\txa\tXã D\t\t\n"
            "e\tc\txa\tXã E\t\t\n", [(2, 2, "Vòng lặp", "“c”")])
    refused(room, "itself.tsv", HEADER + "c\tc\txa\tXã C\t\t\n", [(2, 2, "Vòng lặp", "“c”")])
    refused(room, "under.tsv", HEADER + "a\ta.1\ttinh\tTỉnh A\t\t\n", [(2, 2, "Vòng lặp", "“a”")])
    refused(room, "twice.tsv", HEADER + "c\ta\txa\tXã C\t\t\nd\ta\txa\tXã D\t\t\n"
            "c\ta\txa\tXã C khác\t\t\n", [(4, 1, "“c”", "dòng 2")])
    refused(room, "utf8.tsv", HEADER.encode() + b"c\ta\txa\tX\xe3 C\t\t\n",
            [(2, 9, "UTF-8", "0xe3")])
    refused(room, "column.tsv", "code\tlevel\tname\nc\txa\tXã C\n", [(1, 1, "“parent_code”")])
    refused(room, "empty.tsv", "", [(1, 1, "Tệp trống")])
    refused(room, "roots.tsv", HEADER + "vn\t\tquoc_gia\tViệt Nam\t\t\nvn2\t\tquoc_gia\tKhác\t\t\n",
            [(3, 2, "gốc", "“vn”")])
    refused(room, "root.tsv", HEADER + "vn2\t\tquoc_gia\tKhác\t\t\n", [(2, 2, "vn")])
    refused(room, "date.tsv", HEADER + "c\ta\txa\tXã C\t31/02/2020\t\n", [(2, 5, "“31/02/2020”")])
    refused(room, "order.tsv", HEADER + "c\ta\txa\tXã C\t2020-02-02\t2020-02-01\n",
            [(2, 6, "trước ngày đầu")])
    refused(room, "name.tsv", HEADER + "c\ta\txa\t \t\t\n", [(2, 4, "Tên đơn vị còn trống")])
    refused(room, "level.tsv", HEADER + "c\ta\tXã\tXã C\t\t\n", [(2, 3, "“Xã”")])
    refused(room, "code.tsv", HEADER + "c d\ta\txa\tXã C\t\t\n", [(2, 1, "“c d”")])
    refused(room, "cells.tsv", HEADER + "c\ta\txa\tXã C\t\t\t\t\n", [(2, 7, "8 ô")])
    refused(room, "header.tsv", "code\tparent_code\tlevel\tname\tcode\n", [(1, 5, "“code”")])
    room.check()


def test_kinds_and_blocs_are_those_of_the_pack(room):
    small(room)
    header = "code\tparent_code\tlevel\tname\tkind\tbloc\n"
    refused(room, "kinds.tsv", header + "c\ta\txa\tXã C\tlang\tdang\n"
            "d\ta\txa\tXã D\txa\tdoan_the\ne\ta\txa\tXã E\tXã\tĐảng\n"
            "f\ta\txa\tXã F\tthi-tran\t\n",
            [(2, 5, "“lang”", "quoc_gia, tinh, thanh_pho", "dac_khu", "khac."),
             (3, 6, "“doan_the”", "dang, chinh_quyen, mttq_doan_the, luc_luong_vu_trang."),
             (4, 5, "“Xã”"), (4, 6, "“Đảng”")])
    room.run("unit", "import", room.write("good.tsv", header + "f\ta\txa\tThị trấn F\tthi-tran\t\n"
                                          "g\tf\tco_so\tĐảng bộ G\tdang_bo_co_so\tdang\n"))
    tools.same({unit["code"]: unit["kind"] for unit in room.json("unit", "list", "--under", "f")},
               {"f": "thi_tran", "g": "dang_bo_co_so"}, "kinds")


def test_a_pack_without_kinds_takes_any(room):
    folder = room.path("goi")
    shutil.copytree(tools.PACK, folder)
    with open(os.path.join(folder, "pack.yaml"), encoding="utf-8") as file:
        head = file.read()
    for name in ("unit_kinds", "blocs"):
        head = re.sub(rf"^{name}:\n(  .*\n)+", "", head, flags=re.MULTILINE)
    with open(os.path.join(folder, "pack.yaml"), "w", encoding="utf-8") as file:
        file.write(head)
    room.run("init", "--pack", folder)
    room.run("unit", "import", room.write("any.tsv", "code\tparent_code\tlevel\tname\tkind\tbloc\n"
                                          "vn\t\tquoc_gia\tViệt Nam\tnuoc\tchung\n"))
    tools.same(room.json("unit", "list")[0]["kind"], "nuoc", "the kind")


def test_a_first_list_needs_a_root(room):
    room.init()
    refused(room, "none.tsv", HEADER + "c\td\txa\tXã C\t\t\nd\tc\txa\tXã D\t\t\n",
            [(2, 2, "Vòng lặp")])
    refused(room, "empty.tsv", HEADER, [(1, 0, "gốc")])


def test_all_faults_at_once(room):
    small(room)
    refused(room, "many.tsv", HEADER + "c\ta\tXã\tXã C\t\t\nc\ta\txa\t\tmai\t\n"
            "d e\ta\txa\tXã D\t\t\n",
            [(2, 3, "“Xã”"), (3, 1, "“c”", "dòng 2"), (3, 4, "còn trống"), (3, 5, "“mai”"),
             (4, 1, "“d e”")])
    refused(room, "both.tsv", HEADER + "c\tx\txa\tXã C\t\t\nd e\ta\tXã\tXã D\t\t\n"
            "f\td e\txa\tXã F\t\t\ng\th\txa\tXã G\tmai\t\nh\tg\txa\tXã H\t\t\n",
            [(2, 2, "“x”"), (3, 1, "“d e”"), (3, 3, "“Xã”"), (5, 2, "Vòng lặp"), (5, 5, "“mai”")])
    refused(room, "places.tsv", HEADER + "c\tx\txa\tXã C\t\t\nd\ty\txa\tXã D\t\t\n",
            [(2, 2, "“x”"), (3, 2, "“y”")])


def test_a_list_that_changes_something(room):
    small(room)
    later = room.write("later.tsv", HEADER + "a.1\tb\txa\tXã A Một\t\t\n"
                       "a.2\ta\txa\tPhường A Hai\t\t\n"
                       "b.2\tb\txa\tXã B Hai\t\t\n")
    tools.has(room.run("unit", "import", later, "--date", "2020-01-01", "--from", "2020-01-01").err,
              "3 dòng: 1 đơn vị mới, 2 thay đổi, 0 giữ nguyên.")
    tools.same(spans(room, "a.1"), [("Xã A Một", None, "2019-12-31", "Tỉnh A", None),
                                    ("Xã A Một", "2020-01-01", None, "Tỉnh B", None)], "a.1")
    tools.same([span[:3] for span in spans(room, "a.2")],
               [("Xã A Hai", None, "2019-12-31"), ("Phường A Hai", "2020-01-01", None)], "a.2")
    tools.same([span[:3] for span in spans(room, "b.2")], [("Xã B Hai", "2020-01-01", None)], "b.2")


def inspections(room, *rows):
    """Import inspections of so many organisations: (unit, day, number)."""
    lines = ["unit\tstate\tloai\tchu_the\tcap\tngay_ket_luan\tdoi_tuong.kieu\tdoi_tuong.so_luong"]
    for unit, day, number in rows:
        lines.append(f"{unit}\tket_luan\tkiem_tra_chap_hanh\tcap_uy\tco_so\t{day}\ttcd\t{number}")
    room.run("record", "import", "ktgs", room.write("records.tsv", "\n".join(lines) + "\n"))


def counted(room, unit, basis="then", last="2025-12-31"):
    return room.figure("kt_tcd", unit, "2010-01-01", last, "--basis", basis)


def test_rename(room):
    small(room)
    inspections(room, ("a.1", "2019-05-05", 3), ("a.1", "2021-05-05", 4))
    room.run("unit", "rename", "a.1", "Phường A Một", "--date", "2020-07-01", "--decision", "12/NQ")
    tools.same([span[:3] for span in spans(room, "a.1")],
               [("Xã A Một", None, "2020-06-30"), ("Phường A Một", "2020-07-01", None)],
               "the spans")
    tools.same(room.sql("SELECT kind, decision FROM unit_event"), [("rename", "12/NQ")],
               "the event")
    tools.same([counted(room, "a.1", basis) for basis in ("then", "end", "now", "2019-01-01")],
               [7, 7, 7, 7], "figures after a new name")
    room.check()


def test_a_moved_unit_counts_by_the_tree_that_is_asked(room):
    small(room)
    inspections(room, ("a.1", "2019-05-05", 3), ("a.1", "2021-05-05", 4), ("b.1", "2019-05-05", 20))
    room.run("unit", "move", "a.1", "b", "--date", "2020-01-01")
    tools.same([(counted(room, unit), counted(room, unit, "end"),
                 counted(room, unit, "2019-12-31")) for unit in ("a", "b", "vn")],
               [(3, 0, 7), (24, 27, 20), (27, 27, 27)], "then, end and the last day before")
    tools.same(counted(room, "a", "end", last="2019-12-31"), 3, "the end of a range before it")
    for unit in ("a", "b"):
        for basis in ("then", "end"):
            parts = room.json("figure", "kt_tcd", "--unit", unit, "--from", "2010-01-01", "--to",
                              "2025-12-31", "--basis", basis, "--by", "unit")
            tools.same(sum(part["recorded"] for part in parts), counted(room, unit, basis),
                       f"parts of {unit} by {basis}")
    room.check()


def test_a_merged_unit_counts_for_its_heir(room):
    small(room)
    inspections(room, ("a.1", "2019-05-05", 3), ("b.1", "2019-05-05", 20))
    room.run("unit", "merge", "a.1", "b.1", "--date", "2020-01-01", "--decision", "34/NQ")
    tools.same(spans(room, "b.1"), [("Xã B Một", None, None, "Tỉnh B", None)], "the heir")
    ended = room.json("unit", "show", "a.1", "--date", "2019-12-31")
    tools.same([(span["to"], span["heir"]) for span in ended], [("2019-12-31", "Xã B Một")], "a.1")
    tools.same([(counted(room, unit), counted(room, unit, "end"))
                for unit in ("a", "b", "b.1", "vn")],
               [(3, 0), (20, 23), (20, 23), (23, 23)], "then and end")
    tools.has(room.run("unit", "show", "a.1", "--date", "2020-01-01", code=1).err,
              "01/01/2020", "a.1", "đến 31/12/2019")
    room.check()


def test_an_abolished_unit_counts_for_its_last_parent(room):
    small(room)
    inspections(room, ("a.1", "2019-05-05", 3))
    room.run("unit", "abolish", "a.1", "--date", "2020-01-01")
    tools.same([(counted(room, unit), counted(room, unit, "end")) for unit in ("a", "b", "vn")],
               [(3, 3), (0, 0), (3, 3)], "then and end")
    tools.same([unit["code"] for unit in room.json("unit", "list", "--under", "a")],
               ["a", "a.2"], "what is left below a")
    room.check()


def test_changes_that_cannot_be(room):
    small(room)
    inspections(room, ("a.1", "2021-05-05", 4))
    date = ("--date", "2020-01-01")
    before = room.dump(*TABLES)
    for words, part in [
            (("unit", "rename", "nobody", "Tên", *date), "nobody"),
            (("unit", "rename", "a.1", " ", *date), "Tên mới còn trống"),
            (("unit", "rename", "a.1", "Tên", "--date", "mai"), "“mai”"),
            (("unit", "move", "a.1", "nobody", *date), "nobody"),
            (("unit", "move", "a", "a.1", *date), "nằm trong chính"),
            (("unit", "move", "a", "a", *date), "nằm trong chính"),
            (("unit", "move", "vn", "a", *date), "Đơn vị gốc"),
            (("unit", "abolish", "vn", *date), "Đơn vị gốc"),
            (("unit", "abolish", "a", *date), "Dưới Tỉnh A còn"),
            (("unit", "abolish", "a.1", *date), "có hồ sơ tính từ ngày 01/01/2020"),
            (("unit", "merge", "a.1", "b.1", *date), "có hồ sơ tính từ ngày 01/01/2020"),
            (("unit", "merge", "a.2", "a.2", *date), "nằm trong chính"),
            (("unit", "merge", "a.2", "nobody", *date), "nobody"),
            (("unit", "show", "nobody"), "nobody"),
            (("unit", "list", "--under", "nobody"), "nobody"),
            (("unit", "import", room.path("absent.tsv")), "absent.tsv"),
            (("unit", "import", room.path("small.tsv"), "--date", "mai"), "“mai”")]:
        tools.has(room.run(*words, code=1).err, part)
    for words in [("unit", "rename", "a.1", *date), ("unit", "rename", "a.1", "Tên"),
                  ("unit", "move", "a.1", *date), ("unit", "merge", "a.1", *date),
                  ("unit", "abolish", *date), ("unit", "show"), ("unit", "import"),
                  ("unit", "rename", "a.1", "Tên", "--day", "2020-01-01")]:
        tools.has(room.run(*words, code=2).err, "Cách dùng: chithi unit")
    tools.same(room.dump(*TABLES), before, "units after changes that were refused")
    room.run("unit", "rename", "a.2", "Phường A Hai", "--date", "2021-01-01")
    tools.has(room.run("unit", "rename", "a.2", "Xã A Hai", "--date", "2020-12-31", code=1).err,
              "đã có thay đổi từ ngày 01/01/2021")
    room.check()


if __name__ == "__main__":
    tools.main(globals())
