"""What is exported imports again unchanged: every register, the tree of units through time and the
declarations, as TSV and as CSV, into an empty database whose dump is then the same."""
import csv
import hashlib
import io
import os
import random
import unicodedata

import tools

FORMATS = ("tsv", "csv")
WITHOUT_A_REGISTER = ("unit", "person", "declaration")
YEARS = ("2015-01-01", "2026-12-31")

PACK = """\
pack: thu
label: Gói thử
directive: 01-CT/TW
directives:
  khac: { symbol: 02-NQ/TW, label: Chỉ thị khác }
roles: { nguoi: Người làm }
measures: { nguoi: người, ty_dong: tỷ đồng }
"""

ROOTS = """\
register: goc
label: Sổ gốc
fields:
  ten: { kind: text, required: true }
states:
  nhap: { label: Nháp, initial: true }
  xong: { label: Xong, counts: true, locks: true }
transitions:
  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [nguoi] }
"""

ALL_KINDS = """\
register: thu
label: Sổ thử
counted_on: ngay
fields:
  chu: { kind: text }
  doan: { kind: long_text }
  so: { kind: integer, default: -1 }
  le: { kind: decimal, decimals: 3, min: -1000000 }
  ngay: { kind: date, required: true }
  gio: { kind: time }
  co: { kind: boolean, default: true }
  chon: { kind: choice, default: hai, choices: { mot: "Một, nhỏ", hai: Hai } }
  don_vi: { kind: unit }
  luong: { kind: quantity, units: [ty_dong, nguoi], decimals: 2, default: 1.5 }
  nguoi: { kind: quantity, units: [nguoi] }
  ai: { kind: person, personal: { purpose: Thử, viewers: Người thử, keep: 5 } }
  tren: { kind: reference, register: thu }
  goc: { kind: reference, register: goc }
  tep: { kind: files }
  rieng: { kind: text, private: true, personal: { purpose: Thử, viewers: Người thử, keep: 5 } }
  dong:
    kind: list
    fields:
      chu: { kind: text }
      luong: { kind: quantity, units: [nguoi, ty_dong] }
      tren: { kind: reference, register: thu }
  khac: { kind: list, fields: { so: { kind: decimal, default: 2.5 }, doan: { kind: long_text } } }
states:
  nhap: { label: Nháp, initial: true }
  xong: { label: Xong, counts: true, locks: true }
transitions:
  - { do: xong, label: Làm xong, from: nhap, to: xong, by: [nguoi] }
indicators:
  thu_hs: { label: Hồ sơ thử, count: records, on: entered(xong) }
"""

UNITS = """\
code	parent_code	level	name	from	to
vn		quoc_gia	Việt Nam		
a	vn	tinh	Tỉnh A		
a.1	a	xa	Xã A Một		
a.2	a	xa	Xã A Hai		
cu	a	xa	Xã Cũ		2019-12-31
-b	vn	tinh	=Tỉnh "B"; phía ‘nam’		
"""

# What goes wrong most easily.
TEXTS = ["=1+1", "+84", "-3", "@SUM(A1)", "'", "'=x", "''-y", '"', '"a"', 'a"b', ";", "a;b,c", "\\",
         "\\n", "\\\\t", "a\tb", "1.400", "98,8", "05/12", "null", "-", "không", "Tiếng Việt",
         unicodedata.normalize("NFD", "Đường lối đổi mới"), "=\"a\";b", "'-", "x'=", "\u00a0giữa"]
FILES = (b"mot", b"hai")
DIGESTS = [hashlib.sha256(content).hexdigest() for content in FILES]
PEOPLE = ("020000000001", "030000000002")
PARAGRAPHS = TEXTS + ["một\nhai", "một\r\nhai\n\nba", "=a\n-b", "\"\n\"", "a;\n\tb\\\n"]


def registers(folder):
    """Keys of the registers of a pack."""
    folder = os.path.join(folder, "registers")
    keys = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            keys += [line.split()[1] for line in file if line.startswith("register: ")]
    return keys


def export(room, keys, ending, *options):
    """Everything there is, as files by what they hold."""
    files = {}
    for what in WITHOUT_A_REGISTER:
        files[what] = room.path(f"{what}.{ending}")
        room.run(what, "export", "-o", files[what])
    for key in keys:
        files[key] = room.path(f"{key}.{ending}")
        done = room.run("record", "export", key, *options, "-o", files[key])
        count, = room.sql("SELECT COUNT(*) FROM record WHERE register = ?", key)[0]
        tools.has(done.err, f"{count} hồ sơ trong ")
    return files


def load(room, files):
    """Everything from files; registers that others refer to first."""
    room.run("unit", "import", files["unit"])
    room.run("person", "import", files["person"])
    waiting = [key for key in files if key not in WITHOUT_A_REGISTER]
    while waiting:
        done = [key for key in waiting if loads(room, key, files[key])]
        if not done:
            room.run("record", "import", waiting[0], files[waiting[0]])
        waiting = [key for key in waiting if key not in done]
    room.run("declaration", "import", files["declaration"])


def loads(room, key, file):
    """Does the file of a register come in? Not before what it refers to."""
    try:
        room.run("record", "import", key, file)
    except tools.Wrong:
        return False
    return True


def settings(room, second):
    """What tables do not carry: settings, the calendar, and the bytes of attached files."""
    for key, value in room.sql("SELECT key, value FROM setting"):
        second.run("set", key, value)
    for table in ("holiday", "period", "review", "blob"):
        for row in room.sql(f"SELECT * FROM {table}"):
            second.alter(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)


def dump(room):
    return room.run("dump").out


def compare(found, wanted, what):
    if found != wanted:
        ours, theirs = set(wanted.splitlines()), set(found.splitlines())
        raise tools.Wrong(f"{what}:\n  lost {sorted(ours - theirs)[:5]}\n"
                          f"  new  {sorted(theirs - ours)[:5]}")


def comes_back(room, pack, ending):
    """Export, import into an empty database, equal dumps; again, and nothing changes."""
    keys = registers(pack)
    files = export(room, keys, ending, "--private")
    second = room.other(f"second-{ending}.db")
    second.run("init", "--pack", pack)
    settings(room, second)
    load(second, files)
    wanted = dump(room)
    compare(dump(second), wanted, f"the dump after the way through {ending}")
    second.check()
    before = second.everything()
    load(second, files)
    tools.same(second.everything() == before, True, "nothing changes when it comes again")
    load(room, files)
    compare(dump(room), wanted, "the first database after its own export")
    for key in ["unit", *keys]:
        words = ["unit", "export"] if key == "unit" else ["record", "export", key, "--private"]
        again = second.path(f"again.{ending}")
        second.run(*words, "-o", again)
        with open(again, "rb") as one, open(files[key], "rb") as two:
            tools.same(one.read() == two.read(), True, f"{key}.{ending} exported again")
    return files


def test_the_demo(room):
    room.demo()
    for ending in FORMATS:
        comes_back(room, tools.PACK, ending)


def ratio(room):
    """Some ratio of the pack."""
    for key in registers(tools.PACK):
        for line in room.run("explain", key).out.split("Chỉ số\n")[1].splitlines():
            if "tỷ lệ" in line.split(": ", 1)[-1]:
                return line.split()[0]
    raise tools.Wrong("the pack has no ratio")


def test_units_records_and_declarations_that_have_changed(room):
    room.demo()
    room.run("unit", "rename", "bt.tp.db01", "Đảng bộ tên mới", "--date", "2019-01-01",
             "--decision", "12-QĐ/TU")
    room.run("unit", "merge", "bt.tp.db09", "bt.tp.db10", "--date", "2020-01-01")
    room.run("unit", "move", "bt.tp.db11", "kg", "--date", "2021-05-01")
    room.run("unit", "rename", "bt.tp.db11", "Đảng bộ chuyển đi", "--date", "2022-05-01")
    codes = [row["code"] for row in room.run("record", "list", "ktgs", "--unit",
                                             "bt.tp.db02").rows()]
    room.run("record", "void", codes[0], "--why", "Nhầm")
    room.run("record", "correct", codes[1], "so_kien_nghi=7", "don_vi_phoi_hop=bt.tp.db09@2019-05-05",
             "trong_chuong_trinh=-", "--why", "Bổ sung")
    room.run("declare", "kl_dv", "1400", "--unit", "bt.tp", "--from", "2022-01-01", "--to",
             "2022-12-31", "--source", "=Bài; “nguồn”", "--word", "hơn", "--where",
             "hinh_thuc=canh_cao")
    room.run("declare", ratio(room), "62,5", "--unit", "bt.tp", "--from", "2022-01-01", "--to",
             "2022-12-31", "--source", "Bài", "--num", "5", "--den", "8")
    for ending in FORMATS:
        files = comes_back(room, tools.PACK, ending)
        with open(files["ktgs"], encoding="utf-8-sig") as file:
            text = file.read()
        tools.has(text, "bt.tp.db09@2019-12-31", "void")


def test_a_code_that_passes_to_a_successor(room):
    room.init()
    tree = ("unit\tcode\tparent_code\tlevel\tname\tfrom\tto\tevent\tother\n"
            "vn\tvn\t\tquoc_gia\tViệt Nam\t\t\t\t\n"
            "t\tt\tvn\ttinh\tTỉnh T\t\t\t\t\n"
            "x1\tx\tt\txa\tXã Cũ\t\t2025-06-30\t\t\n"
            "x1\t\t\t\t\t2025-07-01\t\tmerge\tx\n"
            "y\ty\tt\txa\tXã Y\t\t2025-06-30\t\t\n"
            "y\t\t\t\t\t2025-07-01\t\tmerge\tx\n"
            "x2\tx\tt\txa\tXã Mới\t2025-07-01\t\t\t\n")
    done = room.run("unit", "import", room.write("tree.tsv", tree))
    tools.has(done.err, "5 đơn vị mới")
    tools.same([row["name"] for day in ("2025-06-30", "2025-07-01")
                for row in room.run("unit", "show", "x", "--date", day).rows()],
               ["Xã Cũ", "Xã Mới"], "who bears the code")
    tools.same(room.run("unit", "show", "x@2025-01-01").rows()[0]["heir"], "Xã Mới", "the heir")
    second = room.other("second.db")
    second.init()
    file = room.path("units.csv")
    room.run("unit", "export", "-o", file)
    second.run("unit", "import", file)
    compare(dump(second), dump(room), "the dump of a tree with a code that passed on")


def test_lists_through_time_that_cannot_be(room):
    room.init()
    head = "unit\tcode\tparent_code\tlevel\tname\tfrom\tto\tshard\tevent\tother\n"
    root = "vn\tvn\t\tquoc_gia\tViệt Nam\t\t\t\t\t\n"
    before = room.everything()
    for lines, wanted in [
            (root + "a\ta b\tvn\ttinh\t\t2020-13-01\t\t\t\t\n", [(3, 2), (3, 5), (3, 6)]),
            (root + "a\ta\tvn\ttinh\tA\t\t2020-01-01\t\t\t\na\ta\tvn\ttinh\tA\t2020-01-01\t\t\t\t\n",
             [(4, 6)]),
            (root + "a\ta\tvn\ttinh\tA\t\t\t\t\t\nb\ta\tvn\ttinh\tB\t2020-01-01\t\t\t\t\n", [(4, 2)]),
            (root + "a\ta\tb\ttinh\tA\t\t\t\t\t\n", [(3, 3)]),
            (root + "a\ta\tb\ttinh\tA\t\t\t\t\t\nb\tb\ta\ttinh\tB\t\t\t\t\t\n", [(3, 3), (4, 3)]),
            (root + "a\ta\t\ttinh\tA\t\t\t\t\t\n", [(3, 3)]),
            (root + "a\ta\tvn\ttinh\tA\t2020-01-01\t\t\t\t\nb\tb\ta\ttinh\tB\t\t\t\t\t\n", [(4, 3)]),
            (root + "a\ta\tvn\ttinh\tA\t\t\t1024\t\t\n", [(3, 8)]),
            (root + "a\t\t\t\t\t2020-01-01\t\t\tmerge\tvn\n", [(3, 1)]),
            (root + "vn\t\t\t\t\t\t\t\tbiến mất\t\n", [(3, 6), (3, 9)]),
            ("a\ta\tvn\ttinh\tA\t\t\t\t\t\n", [(2, 3)])]:
        file = room.write("tree.tsv", head + lines)
        done = room.run("unit", "import", file, code=1)
        tools.same([fault[:2] for fault in done.faults(file)], wanted, f"{lines}\n{done.err}")
    tools.same(room.everything(), before, "the database after lists that were refused")
    room.run("unit", "import", room.write("tree.tsv", head + root + "a\ta\tvn\ttinh\tA\t\t\t\t\t\n"))
    before = room.everything()
    for lines, wanted in [(root.replace("Việt Nam", "Nước khác"), [(2, 1)]),
                          ("b\ta\tvn\ttinh\tB\t2020-01-01\t\t\t\t\n", [(2, 2)]),
                          ("b\tb\tvn\ttinh\tB\t\t\t2\t\t\n", [(2, 8)])]:
        file = room.write("tree.tsv", head + lines)
        done = room.run("unit", "import", file, code=1)
        tools.same([fault[:2] for fault in done.faults(file)], wanted, done.err)
    tools.same(room.everything(), before, "a tree after lists that were refused")


def all_kinds(room):
    pack = room.path("pack")
    for name, text in (("pack.yaml", PACK), ("registers/goc.yaml", ROOTS),
                       ("registers/thu.yaml", ALL_KINDS)):
        room.write(os.path.join("pack", name), text)
    room.run("init", "--pack", pack)
    room.run("unit", "import", room.write("units.tsv", UNITS), "--date", "2019-01-01")
    return pack


def draw(rng, values, empty=0.3):
    return "" if rng.random() < empty else rng.choice(values)


def number(rng, decimals, largest=10 ** 9):
    value = rng.choice([0, 1, -1, rng.randrange(-largest, largest), rng.randrange(-99, 9999)])
    whole, part = divmod(abs(value), 10 ** decimals)
    text = f"{whole:,}".replace(",", rng.choice([".", ""]))
    text += f",{part:0{decimals}}" if decimals else ""
    return ("-" if value < 0 else "") + text


def day(rng):
    return rng.choice(["{0:02}/{1:02}/{2}", "{2}-{1:02}-{0:02}", "{0}.{1}.{2}"]).format(
        rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(2015, 2026))


LIST_COLUMNS = ["dong.chu", "dong.luong", "dong.tren", "khac.so", "khac.doan"]


def list_cells(rng, names):
    row = {"dong.chu": draw(rng, TEXTS), "dong.tren": draw(rng, names, 0.8),
           "dong.luong": draw(rng, ["hơn 3 nguoi", "1.400 ty_dong", "khoảng 12"]),
           "khac.so": draw(rng, ["-", number(rng, 2, 10 ** 6)]),
           "khac.doan": draw(rng, PARAGRAPHS)}
    return row


def random_rows(rng, count):
    """Records of the register `thu` as rows of cells; origins refer to each other without circles,
    forward and back."""
    order = list(range(count))
    rng.shuffle(order)
    rows = []
    for i in range(count):
        above = [f"='k;{k}" for k in range(count) if order[k] < order[i]]
        row = {"origin": f"='k;{i}", "unit": rng.choice(["a.1", "a.2", "-b", "vn", "a"]),
               "state": draw(rng, ["nhap", "xong", "void"]),
               "directives": draw(rng, ["thu", "khac", "khac,thu", "01-CT/TW"]),
               "chu": draw(rng, TEXTS), "doan": draw(rng, PARAGRAPHS),
               "so": draw(rng, ["-", number(rng, 0)]), "le": draw(rng, [number(rng, 3, 10 ** 8)]),
               "ngay": day(rng), "gio": draw(rng, ["00:00", "7:05", "23:59"]),
               "co": draw(rng, ["-", "có", "không"]), "chon": draw(rng, ["-", "mot", "Một, nhỏ"]),
               "don_vi": draw(rng, ["a.1", "-b", "cu@2018-01-01"]),
               "luong": draw(rng, ["-", "hơn 3,25 nguoi", "gần 1.400", number(rng, 2)]),
               "ai": draw(rng, PEOPLE, 0.8),
               "nguoi": draw(rng, ["trên 12", "0", "1.400"]),
               "tren": draw(rng, above, 0.5) if above else "", "goc": draw(rng, ["g1", "'g;2"]),
               "tep": draw(rng, [DIGESTS[0] + " Tệp; “một”.pdf",
                                 DIGESTS[1] + " =x.docx\n" + DIGESTS[0] + " y.pdf"]),
               "rieng": draw(rng, TEXTS)}
        rows.append({**row, **list_cells(rng, above or [""])})
        for _ in range(rng.choice([0, 0, 1, 3])):
            cells = list_cells(rng, above or [""])
            if any(cells.values()):
                rows.append(cells)
    return rows


def write_csv(room, name, rows, separator=";"):
    columns = list(rows[0])
    text = io.StringIO()
    table = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([[row.get(column, "") for column in columns] for row in rows])
    return room.write(name, "\ufeff" + text.getvalue())


def kept(text):
    """What is stored of a cell."""
    bare = text.lstrip("'")
    if text.startswith("'") and bare[:1] in tuple("=+-@"):
        text = text[1:]
    text = unicodedata.normalize("NFC", text).replace("\r", "")
    return text.strip(" \t\n\u00a0") or None


def test_every_kind_with_values_that_are_hard_to_carry(room):
    pack = all_kinds(room)
    roots = [{"origin": "g1", "unit": "a", "state": "xong", "ten": "=Gốc"},
             {"origin": "'g;2", "unit": "-b", "state": "nhap", "ten": "Hai"}]
    room.run("record", "import", "goc", write_csv(room, "goc-in.csv", roots, ","))
    for (shard,) in room.sql("SELECT DISTINCT shard FROM unit"):
        for digest, content in zip(DIGESTS, FILES):
            room.alter("INSERT INTO blob (shard, digest, part, body) VALUES (?, ?, 0, ?)", shard,
                       digest, content)
    room.run("person", "import", room.write("people.tsv", "code\tname\tunit\n" + "".join(
        f"{code}\tLê An\t{unit}\n" for code, unit in zip(PEOPLE, ("a", "-b")))))
    rows = random_rows(random.Random(5), 120)
    file = write_csv(room, "thu-in.csv", rows)
    tools.has(room.run("record", "import", "thu", file).err, "120 hồ sơ mới, 0 đã có.")
    stored = dict(room.sql("SELECT r.origin, x.chu FROM record r JOIN r_thu x ON x.shard = r.shard "
                           "AND x.id = r.id"))
    doan = dict(room.sql("SELECT r.origin, x.doan FROM record r JOIN r_thu x ON x.shard = r.shard "
                         "AND x.id = r.id"))
    for row in rows:
        if row.get("origin"):
            tools.same((stored[row["origin"]], doan[row["origin"]]),
                       (kept(row["chu"]), kept(row["doan"])), f"what is stored of {row}")
    codes = dict(room.sql("SELECT origin, code FROM record"))
    tren = dict(room.sql("SELECT r.origin, x.tren FROM record r JOIN r_thu x ON x.shard = r.shard "
                         "AND x.id = r.id"))
    for row in rows:
        if row.get("origin"):
            tools.same(tren[row["origin"]], codes.get(row["tren"]), f"the reference of {row}")
    room.check()
    for ending in FORMATS:
        comes_back(room, pack, ending)
    tools.has(room.run("record", "import", "thu", file).err, "0 hồ sơ mới, 120 đã có.")
    shown = room.run("record", "export", "thu").out
    tools.holds("rieng" not in shown.splitlines()[0], "private fields stay at home")


def test_people_keep_their_codes(room):
    room.demo()
    room.run("person", "import", room.write("people.csv", (
        "origin;name;given;unit;from;to;status;post\n"
        "=k1;Nguyễn Thị Ánh Tuyết;Ánh Tuyết;bt.tp.db01;2016-05-15;2018-12-31;du_bi;\n"
        "=k1;Nguyễn Thị Ánh Tuyết;Ánh Tuyết;bt.tp.db02;2019-01-01;;chinh_thuc;Bí thư; \"một\"\n"
        "k2;Lê An;;bt.tp.db01;;;;\n").replace("Bí thư; \"một\"", "\"Bí thư; \"\"một\"\"\"")))
    wanted = dump(room)
    tools.has(wanted, "Nguyễn Thị Ánh Tuyết\tÁnh Tuyết\t=k1", "Bí thư; \"một\"")
    for ending in FORMATS:
        comes_back(room, tools.PACK, ending)
    tools.same(room.sql("SELECT COUNT(*) FROM audit WHERE action = 'person.read' AND detail = "
                        "'export'")[0][0], 2 * room.sql("SELECT COUNT(*) FROM person")[0][0],
               "each reading is noted")


def test_no_cell_of_an_export_is_a_formula(room):
    all_kinds(room)
    room.run("record", "import", "goc", write_csv(room, "g.csv", [
        {"origin": text + str(i), "unit": "-b", "ten": text} for i, text in
        enumerate(["=1+1", "+1", "-1+2", "@A1", "'=1", "a", ";=1", "\"=1"])]))
    for ending in FORMATS:
        file = room.path("out." + ending)
        room.run("record", "export", "goc", "-o", file)
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text, delimiter=";" if ending == "csv" else "\t",
                                   quoting=csv.QUOTE_MINIMAL if ending == "csv" else
                                   csv.QUOTE_NONE))
        tools.same(len(rows), 9, "rows of the file")
        tools.holds(not any(cell[:1] in tuple("=+-@") for row in rows for cell in row),
                    f"a formula in {rows}")


def test_a_field_that_is_new_and_has_a_default(room):
    """It is empty in the records that were there before, and comes back empty."""
    pack = all_kinds(room)
    room.run("record", "import", "goc", room.write("g.tsv", "unit\tten\na\tMột\n"))
    text = ROOTS.replace("fields:\n", "fields:\n  moi: { kind: integer, default: 7 }\n")
    room.write("pack/registers/goc.yaml", text)
    room.run("pack", "apply", pack)
    room.run("record", "import", "goc", room.write("h.tsv", "unit\tten\na\tHai\n"))
    tools.same(room.sql("SELECT moi FROM r_goc ORDER BY id"), [(None,), (7,)], "the new field")
    for ending in FORMATS:
        comes_back(room, pack, ending)


def test_references_inside_one_file(room):
    all_kinds(room)
    head = "origin\tunit\tngay\ttren\n"
    chain = "".join(f"k{i}\ta\t2020-01-01\t{f'k{i + 1}' if i < 400 else ''}\n" for i in range(401))
    done = room.run("record", "import", "thu", room.write("chain.tsv", head + chain))
    tools.has(done.err, "401 hồ sơ mới")
    tools.same(room.sql("SELECT COUNT(*) FROM record r JOIN r_thu x ON x.id = r.id "
                        "JOIN record s ON s.code = x.tren AND s.shard = x.tren__shard "
                        "WHERE 'k' || (CAST(substr(r.origin, 2) AS INTEGER) + 1) = s.origin"),
               [(400,)], "references of the chain")
    tools.has(room.run("record", "import", "thu", room.path("chain.tsv")).err,
              "0 hồ sơ mới, 401 đã có.")
    before = room.everything()
    for lines, wanted in [("x\ta\t2020-01-01\tx\n", [(2, 4)]),
                          ("x\ta\t2020-01-01\ty\ny\ta\t2020-01-01\tz\nz\ta\t2020-01-01\tx\n",
                           [(4, 4)]),
                          ("x\ta\t2020-01-01\tk0\ny\ta\t2020-01-01\tmất\nz\ta\tmai\tx\n",
                           [(3, 4), (4, 3)])]:
        file = room.write("bad.tsv", head + lines)
        done = room.run("record", "import", "thu", file, code=1)
        tools.same([fault[:2] for fault in done.faults(file)], wanted, done.err)
    tools.same(room.everything(), before, "the database after references that cannot be")


def test_codes(room):
    all_kinds(room)
    head = "code\torigin\tunit\tten\n"
    first = room.write("first.tsv", head + "0212345678ab\tx\ta\tMột\n02aaaaaaaaaa\t\ta\tHai\n"
                       "\ty\ta\tBa\n")
    tools.has(room.run("record", "import", "goc", first).err, "3 hồ sơ mới")
    tools.same(room.sql("SELECT code, origin FROM record WHERE code IN ('0212345678ab', "
                        "'02aaaaaaaaaa') ORDER BY code"),
               [("0212345678ab", "x"), ("02aaaaaaaaaa", None)], "codes that were given")
    tools.has(room.run("record", "import", "goc", first).err, "0 hồ sơ mới, 3 đã có.")
    before = room.everything()
    bad = room.write("bad.tsv", head + "0212345678ab\tz\ta\tBốn\n02aaaaaaaaaa\t\ta\tKhác\n"
                     "0312345678ab\tu\ta\tNăm\nxyz\tv\ta\tSáu\n02bbbbbbbbbb\tw\ta\tBảy\n"
                     "02bbbbbbbbbb\tq\ta\tTám\n")
    done = room.run("record", "import", "goc", bad, code=1)
    tools.same([fault[:2] for fault in done.faults(bad)], [(2, 1), (3, 1), (4, 1), (5, 1), (7, 1)],
               done.err)
    for part, fault in zip(["hồ sơ khác", "nội dung khác", "phân vùng", "12 ký tự", "dòng 6"],
                           done.faults(bad)):
        tools.has(fault[2], part)
    tools.same(room.everything(), before, "the database after codes that cannot be")


def test_declarations_from_a_file(room):
    room.demo()
    head = "indicator;unit;where;from;to;value;word;source\n"
    good = room.write("good.csv", head + 'kl_dv;bt.tp;"cap_quyet_dinh=co_so,hinh_thuc=canh_cao";'
                      '1/1/2022;31/12/2022;1.400;hơn;"Bài ""một"""\n'
                      "kt_dv;bt.tp;;2016-05-15;2019-06-30;1500;;Bài khác\n")
    tools.has(room.run("declaration", "import", good).err, "1 kê khai mới, 1 thay đổi, 0 giữ")
    tools.has(room.run("declaration", "import", good).err, "0 kê khai mới, 0 thay đổi, 2 giữ")
    before = room.everything()
    bad = room.write("bad.csv", head + "kl_xx;bt.tp;;1/1/2022;mai;14x;hơn;Bài\n"
                     "kl_dv;bt.xx;loai=1;1/1/2022;31/12/2022;;nhiều;\n"
                     "kl_dv;bt.tp;;1/1/2021;31/12/2021;1;;Bài\n"
                     "kl_dv;bt.tp;;1/1/2021;31/12/2021;2;;Bài\n")
    done = room.run("declaration", "import", bad, code=1)
    tools.same(sorted(fault[:2] for fault in done.faults(bad)),
               [(2, 1), (2, 5), (3, 2), (3, 3), (3, 6), (3, 7), (3, 8), (5, 1)], done.err)
    tools.has(done.err, "Chưa ghi gì.")
    file = room.write("columns.tsv", "indicator\tunit\tmau\n")
    done = room.run("declaration", "import", file, code=1)
    tools.has(done.err, "“from”", "“to”", "“value”", "“source”", "“mau”")
    tools.same(room.everything(), before, "the database after declarations that cannot be")


def test_csv_of_other_programs(room):
    """Quotes, separators and line ends, and all faults of a bad file at once."""
    all_kinds(room)
    good = room.write("good.csv", 'unit,ngay,doan,le\r\na,1/2/2020,"Một; ""hai""\r\nba","1,5"\r\n'
                      '"a.1",2/2/2020,"",\r\na.2,3/2/2020\r\n,,,\r\n')
    tools.has(room.run("record", "import", "thu", good).err, "3 hồ sơ mới")
    tools.same(room.sql("SELECT doan, le FROM r_thu WHERE doan IS NOT NULL"),
               [("Một; \"hai\"\nba", 1500)], "a quoted cell")
    before = room.everything()
    bad = room.write("bad.csv", 'unit;ngay;doan;le\na;mai;"x\ny";1.5\n"a"b;1/1/2020;;\n'
                     'a;1/1/2020;"z;;;\n1";;9\na;1/1/2020;"không đóng;1\na;1/1/2020;;2\n')
    done = room.run("record", "import", "thu", bad, code=1)
    tools.same([fault[:2] for fault in done.faults(bad)],
               [(2, 2), (2, 4), (4, 1), (5, 5), (7, 3)], done.err)
    tools.same(room.everything(), before, "the database after a bad file")


def test_parts_and_names_of_files(room):
    room.demo()
    whole = room.run("record", "export", "ktgs").rows()
    part = room.run("record", "export", "ktgs", "--unit", "bt.tp.db01").rows()
    tools.holds(0 < len(part) < len(whole), "records of one unit")
    below = room.run("record", "export", "ktgs", "--unit", "bt.tp").out
    tools.same(below, room.run("record", "export", "ktgs").out, "all of it stands below bt.tp")
    tools.has(room.run("record", "export", "ktgs", "-o", room.path("x.xls"), code=1).err, ".tsv")
    tools.has(room.run("record", "export", "so_la", code=1).err, "so_la")
    tools.has(room.run("record", "export", "ktgs", "-o", room.path("no", "x.tsv"), code=1).err,
              "Không ghi được")
    for words in (["record", "export"], ["unit", "export", "x"], ["declaration", "import"],
                  ["declaration", "export", "x"], ["dump", "x"]):
        tools.has(room.run(*words, code=2).err, "Cách dùng: chithi " + words[0])
    tools.same([name for name in os.listdir(room.folder) if "part" in name], [], "left files")


if __name__ == "__main__":
    tools.main(globals())
