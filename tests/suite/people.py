"""People and attached files on the command line; and that nothing is kept about people that the data
dictionary does not speak of."""
import hashlib
import os
import re
import shutil
import urllib.request

import tools

HEADER = "origin\tname\tgiven\tunit\tfrom\tto\tstatus\tpost\n"
LIST = HEADER + """\
1\tNguyễn Văn An\t\tbt.cl.cb01\t2010-01-01\t\tchinh_thuc\tBí thư
2\tĐỗ Minh Anh\tMinh Anh\tbt.cl.cb01\t2012-01-01\t2014-12-31\tdu_bi\t
2\t\t\tbt.cl.cb02\t2015-01-01\t\tchinh_thuc\t
"""
PEOPLE = ["person", "contest", "member", "person_history"]
ACCOUNTS = ["account", "role_grant", "session", "device", "pass", "notification_seen", "saved_filter"]


def dictionary():
    """The columns that doc/data-dictionary.md speaks of, by table; each with all it must say."""
    found, table = {}, None
    with open(os.path.join(tools.SOURCE, "doc", "data-dictionary.md"), encoding="utf-8") as page:
        for line in page:
            heading = re.match(r"## (\w+)$", line)
            row = re.match(r"\| `(\w+)` \|(.*)\|$", line)
            if heading:
                table = found.setdefault(heading[1], [])
            elif row:
                cells = [cell.strip() for cell in row[2].split("|")]
                tools.holds(len(cells) == 3 and all(cells),
                            f"{row[1]} lacks a purpose, viewers or an end")
                table.append(row[1])
    return found


def test_every_column_about_a_person_is_accounted_for(room):
    room.init()
    columns = {table: room.columns(table) for table in PEOPLE + ACCOUNTS}
    tools.same(dictionary(), columns, "columns of doc/data-dictionary.md and of the database")
    for table in room.tables():
        if table in PEOPLE + ACCOUNTS:
            continue
        named = [name for name in room.columns(table)
                 if name in ("person", "name", "given", "post", "status")]
        known = {"unit_span": ["name"], "lease": ["name"], "headcount": ["status"],
                 "holiday": ["name"], "saved_filter": ["name"]}
        tools.same(named, known.get(table, []), f"columns of {table} that may be about a person")


def without_block(lines, first):
    """The lines without a key that stands at `first` and what belongs to it."""
    depth = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while len(lines[last]) - len(lines[last].lstrip()) > depth:
        last += 1
    return lines[:first] + lines[last:]


def must_be_personal(lines, number):
    """Is the field with this line one that the language takes for a person's own?"""
    depth = len(lines[number]) - len(lines[number].lstrip())
    first = number
    while len(lines[first - 1]) - len(lines[first - 1].lstrip()) >= depth:
        first -= 1
    return any(line.strip() in ("kind: person", "private: true") for line in lines[first:number])


def test_every_field_of_the_shipped_pack_about_a_person_is_accounted_for(room):
    room.run("pack", "check", tools.PACK)
    folder = room.path("pack")
    shutil.copytree(tools.PACK, folder)
    found = 0
    for path, _, names in os.walk(folder):
        for name in sorted(name for name in names if name.endswith(".yaml")):
            with open(os.path.join(path, name), encoding="utf-8") as file:
                lines = file.read().splitlines()
            for number, line in enumerate(lines):
                if line.strip() != "personal:" or not must_be_personal(lines, number):
                    continue
                found += 1
                changed = "\n".join(without_block(lines, number)) + "\n"
                room.write(os.path.join(path, name), changed)
                tools.has(room.run("pack", "check", folder, code=1).err, name, "personal")
            room.write(os.path.join(path, name), "\n".join(lines) + "\n")
    tools.holds(found >= 3, f"only {found} fields about people in the shipped pack")


PACK = """\
register: {key}
label: Sổ thử
counted_on: ngay
fields:
  ngay: {{ kind: date, label: Ngày, required: true }}
  nguoi: {{ kind: person, label: Người{personal} }}
states:
  nhap: {{ label: Nháp, initial: true }}
  xong: {{ label: Xong, counts: true }}
transitions:
  - {{ do: xong, label: Xong, from: nhap, to: xong, by: [ubkt] }}
indicators:
  {key}_so: {{ label: Số, count: records }}
"""


def test_a_pack_that_does_not_account_is_refused(room):
    room.write("pack/pack.yaml", "pack: thu\nlabel: Gói thử\ndirective: thử\n")
    room.write("pack/registers/thu.yaml", PACK.format(key="thu", personal=""))
    tools.has(room.run("pack", "check", room.path("pack"), code=1).err, "nguoi", "personal")
    room.write("pack/registers/thu.yaml", PACK.format(
        key="thu", personal=", personal: { purpose: Thử, viewers: Chi bộ, keep: 5 }"))
    room.run("pack", "check", room.path("pack"))


def test_the_demo_has_simulated_people_only(room):
    room.demo()
    names = [name for (name,) in room.sql("SELECT name FROM person")]
    tools.holds(len(names) > 20 and all(name.endswith("(mô phỏng)") for name in names),
                f"names of the demo: {names}")
    given = [row["given"] for row in room.json("person", "list", "--unit", "bt.cl.cb01")]
    tools.same(given[-7:], ["An", "Ánh", "Ân", "Bình", "Dũng", "Đào", "Minh Anh"], "the order")
    room.check()


def test_a_person_is_named_by_the_origin_of_the_list(room):
    """A registration names somebody by the list's key; what the figure tells apart stays inside."""
    room.demo()
    rows = ["origin\tunit\tstate\tnguoi\tnam\tngay\tban_giay"]
    rows += [f"thu-{key}\tbt.cl.cb02\txac_nhan\t{key}\t2018\t05/03/2018\tcó"
             for key in ("mp-012", "mp-013")]
    file = room.write("dang_ky.tsv", "\n".join(rows) + "\n")
    room.run("record", "import", "dang_ky", file)
    words = ("dk_nguoi", "--unit", "bt.cl.cb02", "--from", "2018-01-01", "--to", "2018-12-31")
    tools.same(room.json("figure", *words)[0]["recorded"], 2, "people who registered")
    tools.same([fact["value"] for fact in room.json("facts", *words)], [1, 1], "what each adds")
    named = room.sql("SELECT p.origin FROM r_dang_ky d JOIN person p ON p.code = d.nguoi "
                     "AND p.shard = d.nguoi__shard WHERE d.nam = 2018 ORDER BY 1")
    tools.same(named, [("mp-012",), ("mp-013",)], "whom they name")
    bad = room.write("bad.tsv", rows[0] + "\n" + rows[1].replace("mp-012", "mp-999") + "\n")
    tools.has(room.run("record", "import", "dang_ky", bad, code=1).err,
              "“mp-999” không hợp lệ; cần mã hoặc khóa gốc của một người")


def test_a_list_comes_in_once(room):
    room.demo()
    before = room.json("person", "count", "--unit", "bt.cl", "--date", "2016-01-01")[0]["count"]
    file = room.write("people.tsv", LIST)
    tools.has(room.run("person", "import", file).err, "3 dòng: 2 người mới, 0 thay đổi, 0 giữ")
    dump = room.dump(*PEOPLE, "headcount")
    tools.has(room.run("person", "import", file).err, "3 dòng: 0 người mới, 0 thay đổi, 2 giữ")
    tools.same(room.dump(*PEOPLE, "headcount"), dump, "people after the same list again")
    after = room.json("person", "count", "--unit", "bt.cl", "--date", "2016-01-01")[0]["count"]
    tools.same(after, before + 2, "members after the list")
    room.check()
    room.run("rebuild")
    tools.same(room.dump(*PEOPLE, "headcount"), dump, "people after a rebuild")


def test_a_bad_list_changes_nothing(room):
    room.demo()
    before = room.everything()
    file = room.write("bad.tsv", HEADER + "1\tAn\tBình\tbt.cl.cb01\t31/02/2020\t\t\t\n"
                      "2\t\t\tnobody\t\t\tkhac\t\n")
    done = room.run("person", "import", file, code=1)
    tools.same([fault[:2] for fault in done.faults(file)],
               [(2, 3), (2, 5), (3, 2), (3, 4), (3, 7)], f"faults:\n{done.err}")
    tools.same(room.everything(), before, "the database after a bad list")


def code_of(room, unit, name):
    return next(row["code"] for row in room.json("person", "list", "--unit", unit)
                if row["name"].startswith(name))


def test_moving_and_ending(room):
    room.demo()
    code = code_of(room, "bt.cl.cb01", "Lê Văn Ân")
    room.run("person", "move", code, "--date", "2022-01-01", "--unit", "bt.cl.cb02", "--post",
             "Chi ủy viên", "--why", "Chuyển sinh hoạt")
    room.run("person", "end", code, "--date", "2024-01-01", "--why", "Từ trần")
    shown = room.json("person", "show", code)
    tools.same([(span["unit"], span["from"], span["to"], span["post"]) for span in shown["spans"]],
               [("bt.cl.cb01", "2011-04-13", "2021-12-31", ""),
                ("bt.cl.cb02", "2022-01-01", "2023-12-31", "Chi ủy viên")], "the memberships")
    tools.same([(row["version"], row["action"], row["reason"]) for row in shown["history"]][:2],
               [(3, "person.end", "Từ trần"), (2, "person.move", "Chuyển sinh hoạt")],
               "the history")
    for words, part in [(("move", code, "--date", "2021-01-01", "--post", "x"), "sau đó"),
                        (("move", code, "--date", "2025-01-01", "--unit", "nobody"), "nobody"),
                        (("end", code, "--date", "2025-01-01"), "đã kết thúc"),
                        (("set", code, "age=50"), "“age”"), (("show", "nobody"), "“nobody”"),
                        (("list", "--unit", "nobody"), "nobody"),
                        (("list", "--unit", "bt", "--limit", "x"), "“x”"),
                        (("count", "--unit", "bt", "--status", "x"), "“x”"),
                        (("set", code, "to=2021-01-01"), "đứng trước")]:
        tools.has(room.run("person", *words, code=1).err, part)
    for words in [("move", code, "--date", "2025-01-01"), ("move", code), ("end", code), ("show",),
                  ("set", code), ("set", code, "name"), ("list",), ("count",), ("import",)]:
        tools.has(room.run("person", *words, code=2).err, "Cách dùng: chithi person")
    room.check()


def test_each_showing_is_an_audit_row(room):
    room.demo()
    count = "SELECT COUNT(*) FROM audit WHERE action = 'person.read' AND detail = ?"
    members = len(room.json("person", "list", "--unit", "bt.cl.cb01"))
    tools.same(room.sql(count, "list"), [(members,)], "audit rows of a list")
    room.run("person", "show", code_of(room, "bt.cl.cb01", "Lê Văn Ân"))
    tools.same(room.sql(count, "show"), [(1,)], "audit rows of a person")
    room.run("person", "count", "--unit", "vn")
    tools.same(room.sql("SELECT COUNT(*) FROM audit WHERE action = 'person.read'"),
               [(2 * members + 1,)], "a count shows nobody")


def test_files_go_in_and_come_out(room):
    room.demo()
    record = room.json("record", "list", "ktgs", "--unit", "bt.tp.db01")[0]["code"]
    content = bytes(range(1, 256)) * 3000
    first = room.write("Biên bản số 5.txt", content)
    second = room.write("ảnh.png", b"\x89PNG" + content)
    room.run("record", "attach", record, "bien_ban", first, second)
    digest = hashlib.sha256(content).hexdigest()
    field = next(field for field in room.json("record", "show", record)["fields"]
                 if field["key"] == "bien_ban")
    tools.has(field["value"], f"{digest} Biên bản số 5.txt\n")
    room.run("record", "file", record, digest, "-o", room.path("out"))
    with open(room.path("out"), "rb") as file:
        tools.same(file.read(), content, "the file that came out")
    tools.has(room.run("record", "file", record, digest, "-o", room.path("out"), code=1).err,
              "Không tạo được")
    room.check()
    before = room.everything()
    for path, part in [(room.write("a.exe", b"MZ"), "Không nhận"),
                       (room.write("a.pdf", b"MZ"), "không phải là pdf"),
                       (room.path("absent.pdf"), "absent.pdf"),
                       (room.write("l.txt", b"a" * (20 * 1024 * 1024 + 1)), "20 MB")]:
        tools.has(room.run("record", "attach", record, "bien_ban", first, path, code=1).err, part)
    tools.has(room.run("record", "attach", record, "khac", first, code=1).err, "“khac”")
    tools.has(room.run("record", "file", record, "0" * 64, "-o", room.path("n"), code=1).err,
              "không có tệp")
    tools.same(room.everything(), before, "the database after files that were refused")
    room.alter("DELETE FROM blob WHERE digest = ? AND part = 2", digest)
    tools.has(room.run("check", code=1).out, "blob", record, digest, "không khớp")


def test_a_page_gives_a_file_as_an_attachment(room):
    room.demo()
    record = room.json("record", "list", "ktgs", "--unit", "bt.tp.db01")[0]["code"]
    content = b"%PDF-1.7 <script>alert(1)</script>"
    digest = hashlib.sha256(content).hexdigest()
    room.run("record", "attach", record, "bien_ban",
             room.write("Biên bản \"5\"; x=<b>.pdf", content))
    server = room.start("serve", "--listen", "127.0.0.1:0")
    try:
        address = server.stdout.readline().decode().strip().rstrip("/")
        with urllib.request.urlopen(f"{address}/hs/{record}", timeout=tools.TIME_LIMIT) as page:
            tools.has(page.read().decode(), f'<a href="/hs/{record}/tep/{digest}">Biên bản '
                      "&quot;5&quot;; x=&lt;b&gt;.pdf</a>")
        with urllib.request.urlopen(f"{address}/hs/{record}/tep/{digest}",
                                    timeout=tools.TIME_LIMIT) as file:
            tools.same(file.read(), content, "the file")
            tools.same([file.headers[name] for name in
                        ("Content-Type", "Content-Disposition", "X-Content-Type-Options",
                         "Cache-Control")],
                       ["application/pdf", 'attachment; filename="bien-ban-5-x-b.pdf"', "nosniff",
                        "no-store"], "its headers")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    tools.main(globals())
