"""Several processes on one file: nobody's writing is lost, and a server sees what others change."""
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import tools

WRITERS = 8
HEADER = "unit\tstate\tloai\tchu_the\tcap\tngay_ket_luan\tdoi_tuong.kieu\tdoi_tuong.so_luong\n"
YEARS = ("2015-01-01", "2024-12-31")


def drafts(room, count):
    """So many drafts of inspections of 1, 2, 3, … organisations; their codes in that order."""
    room.init()
    room.run("unit", "import", tools.PACK + "/demo/units.tsv")
    lines = [f"bt.tp.db01\tnhap\tkiem_tra_chap_hanh\tcap_uy\tco_so\t2020-01-02\ttcd\t{i + 1}\n"
             for i in range(count)]
    room.run("record", "import", "ktgs", room.write("drafts.tsv", HEADER + "".join(lines)))
    return [code for (code,) in room.sql("SELECT r.code FROM record r JOIN r_ktgs_doi_tuong d ON "
                                         "d.shard = r.shard AND d.id = r.id ORDER BY d.so_luong")]


def together(work, parts):
    """Run work(part) for every part, as many at once as there are writers."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, parts))


def test_eight_writers_lose_nothing(room):
    codes = drafts(room, 40)

    def write(writer):
        for step, code in enumerate(codes[writer::WRITERS]):
            room.run("record", "do", "ket_luan", code)
            room.run("record", "correct", code, f"so_kien_nghi={writer + step}", "--why", "Bổ sung")
            room.run("declare", "kt_dv", str(100 * writer + step), "--unit", "bt.tp", "--from",
                     f"20{10 + writer}-01-01", "--to", f"20{10 + writer}-0{step + 1}-28",
                     "--source", "Báo")

    together(write, range(WRITERS))
    tools.same(room.figure("kt_tcd", "vn", *YEARS), sum(range(1, 41)), "all records count")
    tools.same(room.sql("SELECT version, COUNT(*) FROM record GROUP BY version"), [(3, 40)],
               "versions")
    tools.same(room.sql("SELECT version, action, COUNT(*) FROM history GROUP BY version, action "
                        "ORDER BY version, action"),
               [(1, "import", 40), (2, "move", 40), (3, "correct", 40)], "the history")
    tools.same(sorted(value for (value,) in room.sql("SELECT value FROM declared")),
               sorted(100 * writer + step for writer in range(WRITERS) for step in range(5)),
               "declarations")
    tools.same(room.sql("SELECT COUNT(*) - COUNT(DISTINCT id) FROM audit"), [(0,)],
               "ids of audit rows that stand twice")
    tools.same(room.sql("SELECT action, COUNT(*) FROM audit GROUP BY action ORDER BY action"),
               [("correct", 40), ("declare", 40), ("import", 40), ("move", 40),
                ("setting.set", 1), ("unit.import", 1)],
               "the audit")
    room.check()


def test_eight_writers_of_one_record(room):
    code, = drafts(room, 1)
    room.run("record", "do", "ket_luan", code)
    fields = ("so_kien_nghi", "so_quyet_dinh")

    def write(number):
        word = f"{fields[number % 2]}={number}"
        done = subprocess.run(room.command("record", "correct", code, word, "--why", word),
                              capture_output=True, timeout=tools.TIME_LIMIT, check=False)
        tools.holds(done.returncode in (0, 1), f"exit {done.returncode}: {done.stderr.decode()}")
        if done.returncode == 1:
            tools.has(done.stderr.decode(), "Hồ sơ đã có bản mới")
        return word if done.returncode == 0 else None

    told = list(filter(None, together(write, range(8 * WRITERS))))
    kept = [reason for (reason,) in room.sql(
        "SELECT reason FROM history WHERE action = 'correct' ORDER BY version")]
    tools.same(sorted(kept), sorted(told), "corrections in the history, and those told to be made")
    tools.same(room.sql("SELECT version FROM record"), [(2 + len(told),)], "the version")
    last = dict(word.split("=") for word in kept)
    found, = room.sql("SELECT so_kien_nghi, so_quyet_dinh FROM r_ktgs")
    tools.same([None if value is None else str(value) for value in found],
               [last.get(field) for field in fields], "the last word on each field")
    room.check()


def test_units_and_records_change_together(room):
    codes = drafts(room, 24)

    def write(writer):
        if writer % 4 == 0:
            room.run("unit", "rename", f"bt.tp.db{10 + writer}", f"Tên mới {writer}", "--date",
                     "2020-05-05")
            return
        for code in codes[writer::WRITERS]:
            room.run("record", "do", "ket_luan", code)

    together(write, range(WRITERS))
    tools.same(len(room.sql("SELECT 1 FROM unit_event WHERE kind = 'rename'")), 2, "renames")
    wanted = sum(place + 1 for place in range(24) if place % WRITERS % 4 != 0)
    tools.same(room.figure("kt_tcd", "vn", *YEARS), wanted, "records that count")
    room.check()


def test_a_server_sees_a_new_name(room):
    room.demo()
    path = "/dv/bt.json?tu=2020-01-01&den=2020-12-31"
    with tools.Server(room) as server:
        tools.same(server.get(path)["name"], "Tỉnh Bến Tre", "the name before")
        room.run("unit", "rename", "bt", "Tỉnh Bến Tre mới", "--date", "2020-01-01")
        tools.same(server.get(path)["name"], "Tỉnh Bến Tre mới", "the name after")


FIGURE = "/cs/{}.json?dv=bt.tp&tu=2016-05-15&den=2019-06-30"


def test_a_server_sees_records(room):
    room.demo()
    with tools.Server(room) as server:
        tools.same(server.get(FIGURE.format("kt_tcd"))["figure"]["recorded"], 93, "kt_tcd")
        record = (HEADER + "bt.tp.db01\tket_luan\tkiem_tra_chap_hanh\tubkt\tco_so\t2018-01-02\t"
                  "tcd\t1\n")
        done = room.run("record", "import", "ktgs", room.write("one.tsv", record))
        tools.same(server.get(FIGURE.format("kt_tcd"))["figure"]["recorded"], 94, "one more")
        batch = done.err.split("Lô ")[1].split(":")[0]
        room.run("record", "import", "--undo", batch)
        tools.same(server.get(FIGURE.format("kt_tcd"))["figure"]["recorded"], 93, "and undone")
        room.check()


def test_a_server_sees_a_new_pack(room):
    room.demo()
    pack = room.path("pack")
    shutil.copytree(tools.PACK, pack)
    path = os.path.join(pack, "registers", "ktgs.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = text.replace("vi: Tổ chức đảng được kiểm tra,", "vi: Tổ chức đảng đã kiểm tra,", 1)
    text = text.replace("indicators:\n", """indicators:
  kt_hai:
    label: { vi: Đối tượng được kiểm tra tài chính, en: Inspected for finances }
    sum: doi_tuong.so_luong
    where: "loai = 'kiem_tra_tai_chinh'"
    by: [chu_the]
""", 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    with tools.Server(room) as server:
        tools.same(server.get(FIGURE.format("kt_tcd"))["figure"]["label"],
                   "Tổ chức đảng được kiểm tra", "the label before")
        room.run("pack", "apply", pack)
        figure = server.get(FIGURE.format("kt_tcd"))["figure"]
        tools.same((figure["label"], figure["recorded"]), ("Tổ chức đảng đã kiểm tra", 93),
                   "the label after")
        found = server.get(FIGURE.format("kt_hai"))["figure"]["recorded"]
        tools.holds(found > 0, "the new indicator counts")
        tools.same(found, room.figure("kt_hai", "bt.tp", "2016-05-15", "2019-06-30"), "kt_hai")


if __name__ == "__main__":
    tools.main(globals())
