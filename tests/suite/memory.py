"""Commands under valgrind: no leak and no error, on the good ways and on the bad ones."""
import os
import shutil
import subprocess

import tools

FOUND = 99  # the exit code that says that valgrind has found something
UNITS = "code\tparent_code\tlevel\tname\n"


def needs_valgrind():
    if shutil.which("valgrind") is None:
        raise tools.Skip("valgrind is not installed")
    with open(tools.BINARY, "rb") as file:
        binary = file.read()
    if any(word in binary for word in (b"__asan_init", b"__tsan_init", b"__msan_init")):
        raise tools.Skip("the program is built with sanitizers")


def clean(room, *words, code=0):
    """Run under valgrind; the exit code must be that of the command itself."""
    needs_valgrind()
    log = room.path("valgrind.log")
    done = subprocess.run(
        ["valgrind", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
         "--errors-for-leak-kinds=definite,indirect,possible", f"--error-exitcode={FOUND}",
         f"--log-file={log}", *room.command(*words)],
        capture_output=True, timeout=2 * tools.TIME_LIMIT, check=False)
    with open(log, encoding="utf-8", errors="replace") as file:
        report = file.read()
    tools.same(done.returncode, code, f"chithi {' '.join(words)}:\n{report}")
    tools.has(report, "ERROR SUMMARY: 0 errors")


def test_demo(room):
    clean(room, "demo")
    clean(room, "demo")


def test_questions(room):
    needs_valgrind()
    room.demo()
    clean(room, "figure", "--unit", "bt", "--from", "2016-05-15", "--to", "2019-06-30", "--json")
    clean(room, "figure", "gscd_dv", "--unit", "vn", "--from", "2016-05-15", "--to", "2019-06-30",
          "--basis", "now", "--by", "unit")
    clean(room, "facts", "kt_tcd", "--unit", "vn", "--from", "2016-05-15", "--to", "2019-06-30")
    clean(room, "unit", "list")
    clean(room, "explain", "ktgs")
    clean(room, "report", "ktgs", "--unit", "bt.tp", "--from", "2016-05-15", "--to", "2019-06-30",
          "-o", room.path("report.docx"))


def test_check_and_rebuild(room):
    needs_valgrind()
    room.demo()
    clean(room, "check")
    room.alter("UPDATE fact SET value = value + 1 WHERE record = (SELECT MIN(record) FROM fact)")
    clean(room, "check", code=1)
    clean(room, "rebuild")
    clean(room, "check")


def test_units(room):
    needs_valgrind()
    room.init()
    small = room.write("units.tsv", UNITS + "vn\t\tquoc_gia\tViệt Nam\na\tvn\ttinh\tTỉnh A\n"
                       "b\tvn\ttinh\tTỉnh B\n")
    clean(room, "unit", "import", small)
    clean(room, "unit", "import", room.write("bad.tsv", UNITS + "c\tx\tXã\t\nc\tc\txa\tC\n"),
          code=1)
    clean(room, "unit", "rename", "a", "Tỉnh A mới", "--date", "2020-01-01")
    clean(room, "unit", "merge", "a", "b", "--date", "2021-01-01")
    clean(room, "unit", "move", "b", "b", "--date", "2021-01-01", code=1)


def test_records(room):
    needs_valgrind()
    room.demo()
    header = "unit\tstate\tloai\tchu_the\tcap\tngay_ket_luan\tdoi_tuong.kieu\tdoi_tuong.so_luong\n"
    good = "bt.tp.db01\tket_luan\tkiem_diem_sau\tcap_uy\thuyen\t2020-01-02\tdv\t3\n"
    bad = "bt.tp.db99\txong\tkhac\t\t\tmai\tdv\t98.8\n"
    clean(room, "record", "import", "ktgs", room.write("bad.tsv", header + good + bad), code=1)
    clean(room, "record", "import", "ktgs", room.write("good.tsv", header + good))
    code = room.run("record", "list", "ktgs", "--unit", "bt.tp.db01").rows()[-1]["code"]
    clean(room, "record", "show", code)
    clean(room, "record", "correct", code, "so_kien_nghi=2", "--why", "Sửa")
    clean(room, "record", "void", code, "--why", "Nhầm")


def test_packs(room):
    needs_valgrind()
    room.demo()
    clean(room, "pack", "check", tools.PACK)
    broken = room.path("broken")
    shutil.copytree(tools.PACK, broken)
    path = os.path.join(broken, "registers", "ktgs.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("loai = 'giam_sat", "loaj = 'giam_sat"))
    clean(room, "pack", "check", broken, code=1)
    clean(room, "pack", "apply", broken, code=1)


def test_wrong_usage(room):
    clean(room, "nothing", code=2)
    clean(room, "init", "--force", code=2)
    clean(room, "figure", "--unit", "vn", code=1)  # there is no database
    room.init()
    clean(room, "figure", code=2)


if __name__ == "__main__":
    tools.main(globals())
