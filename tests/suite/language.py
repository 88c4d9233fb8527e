"""Records of the shipped registers on the command line and on their page: the directives that they
serve, what is to be explained, the records and people that they name."""
import signal
import urllib.request

import tools

YEAR = ("2026-01-01", "2026-12-31")
MEETING = ("hoi_nghi", "origin\tunit\tten\tngay\tloai\thinh_thuc\n"
           "thu\tkg\tHội nghị <toàn quốc>\t04/02/2026\tquan_triet\ttruc_tuyen\n")
STUDY = ("quan_triet", "origin\tunit\tngay\thinh_thuc\thoi_nghi\tthanh_phan.kieu\t"
         "thanh_phan.so_trieu_tap\tthanh_phan.so_du\n"
         "thu\tbt.cl.cb01\t05/02/2026\tsinh_hoat_chi_bo\tthu\tdang_vien\t5\t8\n"
         "thu\tbt.cl.cb01\t05/02/2026\tsinh_hoat_chi_bo\tthu\tnhan_dan\t7\t9\n")
TOLD = "Thành phần tham dự, dòng {}: Số dự lớn hơn số triệu tập; xin ghi giải trình."


def load(room, record):
    """Import one record; its code."""
    register, text = record
    room.run("record", "import", register, room.write(f"{register}.tsv", text))
    return room.sql("SELECT code FROM record WHERE register = ? AND origin = 'thu'", register)[0][0]


def page(room, path):
    """A page, from a server of its own."""
    server = room.start("serve", "--listen", "127.0.0.1:0")
    try:
        address = server.stdout.readline().decode().strip().rstrip("/")
        with urllib.request.urlopen(address + path, timeout=tools.TIME_LIMIT) as answer:
            return answer.read().decode()
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate()


def test_a_record_serves_the_directives_that_it_is_given(room):
    room.demo()
    load(room, MEETING)
    code = load(room, STUDY)
    for verb in ("trinh", "duyet", "khoa"):
        room.run("record", "do", verb, code)
    other = ("--where", "directive=04-NQ/TW")
    tools.same(room.figure("qt_so", "bt.cl", *YEAR, *other), 0, "before")
    room.run("record", "correct", code, "directives=nq_tw4, 05-CT/TW", "--why", "Thực hiện cả hai")
    tools.same(room.figure("qt_so", "bt.cl", *YEAR, *other), 1, "the other directive")
    tools.same(room.figure("qt_so", "bt.cl", *YEAR), 1, "all directives")
    shown = room.json("record", "show", code)
    tools.same(sorted(each["symbol"] for each in shown["directives"]), ["04-NQ/TW", "05-CT/TW"],
               "the directives that are shown")
    done = room.run("record", "correct", code, "directives=06-CT/TW", "--why", "x", code=1)
    tools.has(done.err, "“06-CT/TW”", "nq_tw4 (04-NQ/TW)", "chi_thi_05 (05-CT/TW)")
    tools.has(page(room, f"/hs/{code}"), "<strong>05-CT/TW</strong> Học tập và làm theo",
              "<strong>04-NQ/TW</strong> Nghị quyết Trung ương 4")
    room.check()


def test_what_is_to_be_explained_is_told_and_stands(room):
    room.demo()
    load(room, MEETING)
    file = room.write("in.tsv", STUDY[1])
    told = [f"Cần giải trình: {file}:2 {TOLD.format(row)}" for row in (1, 2)]
    for options in (["--dry-run"], []):
        done = room.run("record", "import", "quan_triet", file, *options)
        tools.same(done.err.splitlines()[:2], told, "told of the file")
        tools.same(len(done.err.splitlines()), 3, "lines of the answer")
    code = load(room, STUDY)
    done = room.run("record", "do", "trinh", code)
    tools.same(done.err, "".join(f"Cần giải trình: {TOLD.format(row)}\n" for row in (1, 2)), "told")
    tools.same([each["message"] for each in room.json("record", "show", code)["notices"]],
               [TOLD.format(1), TOLD.format(2)], "shown")
    tools.has(page(room, f"/hs/{code}"),
              f'<p class="notice warn"><strong>Cần giải trình:</strong> {TOLD.format(2)}</p>')
    done = room.run("record", "correct", code, "giai_trinh=Dân đến đông", "--why", "Giải trình")
    tools.same(done.err, "", "told after the explanation")
    tools.holds("Cần giải trình" not in page(room, f"/hs/{code}"), "the page asks still")


def test_many_that_are_to_be_explained_are_counted(room):
    room.demo()
    head = "unit\tngay\thinh_thuc\tthanh_phan.kieu\tthanh_phan.so_trieu_tap\tthanh_phan.so_du\n"
    row = "bt.cl.cb01\t{:02}/02/2026\tkhac\tdang_vien\t5\t{}\n"
    rows = "".join(row.format(1 + i, 5 + i % 9) for i in range(28))
    done = room.run("record", "import", "quan_triet", room.write("in.tsv", head + rows))
    tools.same(done.err.count("Cần giải trình: "), 20, "those that are told")
    tools.has(done.err, "Tất cả 24 hồ sơ cần giải trình.", "28 hồ sơ mới")


def test_a_page_leads_to_the_records_that_it_names(room):
    room.demo()
    meeting = load(room, MEETING)
    code = load(room, STUDY)
    tools.has(page(room, f"/hs/{code}"), f'<a href="/hs/{meeting}">Hội nghị &lt;toàn quốc&gt;</a>')


def test_a_page_shows_a_name_and_notes_it(room):
    room.demo()
    person = room.json("person", "list", "--unit", "bt.cl.cb01")[0]
    code = load(room, ("dang_ky", "origin\tunit\tngay\tnam\tnguoi\n"
                       f"thu\tbt.cl.cb01\t05/02/2026\t2026\t{person['code']}\n"))
    noted = "SELECT COUNT(*) FROM audit WHERE action = 'person.read' AND detail = 'record'"
    tools.same(room.sql(noted), [(0,)], "noted before")
    tools.has(page(room, f"/hs/{code}"), f"<dd>{person['name']}</dd>")
    tools.same(room.sql(noted), [(1,)], "noted after")
    done = room.run("record", "correct", code, "nguoi=00zzzzzzzzzz", "--why", "x", code=1)
    tools.has(done.err, "Người đăng ký: “00zzzzzzzzzz” không hợp lệ", "chithi person list")


if __name__ == "__main__":
    tools.main(globals())
