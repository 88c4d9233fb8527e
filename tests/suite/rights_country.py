"""The small country that the matrix of rights looks at: units with a merged one among them, a record
of every register in every state at every level, people, accounts of every role, readers, reports,
reminders and what was published. Each text holds a word of its own."""
import datetime
import os
import subprocess
import time

import yaml

import tools

PASSWORD = "bốn con thuyền giấy"
VIET_NAM = datetime.timezone(datetime.timedelta(hours=7))  # the day of the program, wherever it runs
TODAY = (datetime.datetime.now(VIET_NAM).date() - datetime.date(1970, 1, 1)).days
DAY, YEAR = "10/03/2023", "01/01/2023"
RANGE = "tu=2023-01-01&den=2023-12-31"
PERIOD = "nam_2023"
MERGED = "ta.x2"

UNITS = [("vn", "", "quoc_gia"), ("ta", "vn", "tinh"), ("ta.x1", "ta", "xa"),
         ("ta.x1.cb1", "ta.x1", "chi_bo"), ("ta.x1.cb2", "ta.x1", "chi_bo"), (MERGED, "ta", "xa"),
         ("tb", "vn", "tinh"), ("tb.x1", "tb", "xa"), ("tb.x1.cb1", "tb.x1", "chi_bo")]
CODES = [code for code, _, _ in UNITS]
ROLES = ["cap_uy", "ubkt", "chi_bo", "van_phong", "tuyen_giao", "mttq", "ubnd", "don_vi", "dang_vien"]
MEMBER = "ta.x1.cb1"  # whose member has an account, and stands in records of another province too
# Every role where it has units of its own, below and above; some at other levels.
ACCOUNTS = ([(f"{role}_x1", role, "ta.x1") for role in ROLES] +
            [("cap_uy_ta", "cap_uy", "ta"), ("ubkt_vn", "ubkt", "vn"), ("chi_bo_cb", "chi_bo", MEMBER),
             ("dang_vien_cb", "dang_vien", MEMBER), ("reader", "chi_bo", "tb.x1"),
             ("quan_tri_vn", "quan_tri", "vn"), ("quan_tri_ta", "quan_tri", "ta"),
             ("kiem_toan", "kiem_toan", "vn"), ("kiem_toan_ta", "kiem_toan", "ta"),
             ("kiem_toan_x1", "kiem_toan", "ta.x1"), ("nobody", None, None)])
TWO_PLACES = "kiem_toan_x1"  # has a second role, in another province
PUBLISHED = [("ta.x1", "mh_dang_ky"), ("tb.x1", "mh_dang_ky")]
REPORTED = ["gui", "nhan", "tra_lai", None]  # how far a unit's report has come, unit by unit

# Where the first choice, or nothing, would break a rule of the register.
CHOSEN = {"ktgs.doi_tuong.kieu": "dv", "ky_luat.doi_tuong": "dv", "nhiem_vu.cap_viec": "viec",
          "chi_tieu.ket_qua": "dat", "chi_tieu.nam": YEAR, "chuong_trinh_ktgs.nam": YEAR,
          "ktgs.doi_tuong.phai_ky_luat": "không", "ky_luat.khieu_nai": "có", "dang_ky.ban_giay": "có"}
LEFT_OUT = {"ktgs.doi_tuong.to_chuc", "ky_luat.to_chuc"}


def packs():
    """The registers as people have written them."""
    found = {}
    folder = os.path.join(tools.PACK, "registers")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        one = yaml.load(text, Loader=yaml.BaseLoader)
        found[one["register"]] = one
    return found


REGISTERS = packs()


def several(value):
    return value if isinstance(value, list) else [value]


def initial(reg):
    return next(key for key, state in REGISTERS[reg]["states"].items() if state.get("initial"))


def makers(reg):
    return {role for step in REGISTERS[reg]["transitions"] if initial(reg) in several(step["from"])
            for role in several(step["by"])}


def leaves(fields, reg):
    """Path, field, and whether it is about people: lists are one row."""
    for key, field in fields.items():
        personal = "personal" in field or field.get("private") == "true"
        if field["kind"] == "list":
            for column, inner in field["fields"].items():
                yield (f"{key}.{column}", inner,
                       personal or "personal" in inner or inner.get("private") == "true")
        else:
            yield key, field, personal


class Case:
    """One record, as it is imported."""

    def __init__(self, number, reg, unit, state):
        self.number, self.reg, self.unit, self.state = number, reg, unit, state
        self.origin = f"{reg}-{unit}-{state}"
        self.visibility = REGISTERS[reg]["visibility"]
        self.words, self.personal = set(), set()
        self.values = {}
        for place, (path, field, personal) in enumerate(leaves(REGISTERS[reg]["fields"], reg)):
            value = self.value(path, field, place, personal)
            if value is not None:
                self.values[path] = value

    def value(self, path, field, place, personal):
        full, kind = f"{self.reg}.{path}", field["kind"]
        if full in LEFT_OUT:
            return None
        if full in CHOSEN:
            return CHOSEN[full]
        if full == "ktgs.loai":
            return "giam_sat_thuong_xuyen" if self.state in ("ghi", "duyet") else "kiem_tra_tai_chinh"
        if kind in ("text", "long_text"):
            word = f"zq{self.number:04d}x{place:02d}"
            (self.personal if personal else self.words).add(word)
            return word
        if kind == "unit":  # those of another province name a commune of this one
            return "ta.x1" if self.unit == "tb.x1" else self.unit
        if kind == "person":
            return "p-" + (MEMBER if self.unit == "tb.x1.cb1" else self.unit)
        if kind == "reference":
            target = field["register"]
            counting = [key for key, state in REGISTERS[target]["states"].items() if "counts" in state]
            return None if target == self.reg else f"{target}-{self.unit}-{counting[0]}"
        return {"date": DAY, "time": "08:00", "boolean": "không", "quantity": "1", "decimal": "1",
                "integer": "2023" if path == "nam" else "1",
                "choice": next(iter(field.get("choices", [None])))}.get(kind)


def make_cases():
    cases = []
    for reg in REGISTERS:
        for unit in CODES:
            for state in REGISTERS[reg]["states"]:
                cases.append(Case(len(cases), reg, unit, state))
    return cases


def targets(reg):
    return {field["register"] for _, field, _ in leaves(REGISTERS[reg]["fields"], reg)
            if field["kind"] == "reference"} - {reg}


def in_order():
    """Registers after those that they refer to."""
    done = []
    while len(done) < len(REGISTERS):
        done += [reg for reg in REGISTERS if reg not in done and targets(reg) <= set(done)]
    return done


def fill(room, cases):
    """Units, people, records in every state at every level, accounts, a merger, readers, reports,
    reminders and what was published."""
    room.run("init", "--pack", tools.PACK)
    room.run("set", "totp", "off")
    room.run("set", "restricted_content", "full")
    lines = ["code\tparent_code\tlevel\tname\tkind"]
    lines += [f"{code}\t{parent}\t{level}\tĐơn vị Zu{i:03d}\t{level}"
              for i, (code, parent, level) in enumerate(UNITS)]
    room.run("unit", "import", room.write("units.tsv", "\n".join(lines) + "\n"), "--date", "2020-01-01")
    lines = ["origin\tname\tgiven\tunit\tfrom\tto\tstatus\tpost"]
    lines += [f"p-{code}\tNguyễn Văn Zp{i:03d}\t\t{code}\t2020-01-01\t\tchinh_thuc\t"
              for i, code in enumerate(CODES)]
    room.run("person", "import", room.write("people.tsv", "\n".join(lines) + "\n"))
    room.run("period", "add", PERIOD, "Năm 2023", "--from", "2023-01-01", "--to", "2023-12-31")
    for reg in in_order():
        mine = [case for case in cases if case.reg == reg]
        columns = list(dict.fromkeys(path for case in mine for path in case.values))
        lines = ["\t".join(["origin", "unit", "state"] + columns)]
        lines += ["\t".join([case.origin, case.unit, case.state] +
                            [case.values.get(column, "") for column in columns]) for case in mine]
        room.run("record", "import", reg, room.write(f"{reg}.tsv", "\n".join(lines) + "\n"))
    room.run("unit", "merge", MERGED, "ta.x1", "--date", "2024-01-01")
    fill_accounts(room)
    fill_readers(room)
    fill_reports(room)
    for unit, indicator in PUBLISHED:
        room.run("publish", indicator, "--unit", unit, "--from", "2023-01-01", "--to", "2023-12-31",
                 "--decision", f"Quyết định của {unit}")


def fill_accounts(room):
    for login, role, unit in ACCOUNTS:
        words = ["--role", role, "--unit", unit] if role else []
        subprocess.run(room.command("user", "add", login, "--name", login, "--password-stdin", *words),
                       input=(PASSWORD + "\n").encode(), check=True, capture_output=True)
    room.run("user", "grant", TWO_PLACES, "--role", "kiem_toan", "--unit", "tb.x1")
    room.run("user", "link", "dang_vien_cb", "p-" + MEMBER)
    room.run("user", "link", "chi_bo_x1", "p-ta.x1")


def fill_readers(room):
    [(reader,)] = room.sql("SELECT id FROM account WHERE login = 'reader'")
    for shard, record, state in room.sql(
            "SELECT shard, id, state FROM record WHERE visibility = 'han_che' ORDER BY shard, id"):
        if state in ("ket_luan", "quyet_dinh"):
            room.alter("INSERT INTO reader (shard, record, account, at, actor) VALUES (?, ?, ?, 0, 0)",
                       shard, record, reader)


def fill_reports(room):
    """A report and a reminder of each unit; its note and its text are words of their own."""
    now = int(time.time() * 1000)
    for i, code in enumerate(CODES):
        [(unit, shard)] = room.sql("SELECT u.id, u.shard FROM unit u WHERE u.id IN "
                                   "(SELECT s.unit FROM unit_span s WHERE s.code = ?)", code)
        state = REPORTED[i % len(REPORTED)]
        if state is not None:
            room.alter("INSERT INTO submission (shard, unit, period, state, note, reason, version, "
                       "sent_at, at, actor) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, 0)", shard, unit,
                       PERIOD, state, f"zun{i:03d}", "thiếu" if state == "tra_lai" else None, now, now)
        room.alter("INSERT INTO reminder (shard, id, unit, period, text, at, actor) "
                   "VALUES (?, ?, ?, ?, ?, ?, 0)", shard, i + 1, unit, PERIOD, f"zur{i:03d}", now)


def counting(reg):
    """An indicator of the register that counts records, whatever they say; else one that counts."""
    made = REGISTERS[reg]["indicators"]
    whole = [key for key, one in made.items() if one.get("count") == "records" and "where" not in one]
    return (whole or [key for key, one in made.items() if "count" in one or "sum" in one])[0]
