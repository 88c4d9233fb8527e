"""Who sees and does what: every account asks for everything, and what it gets is compared with
tests/rights.tsv, which people have written and read, evaluated in SQL on the database itself.

Each text of each record holds a word of its own, and so does the name of each person: a word that
comes in any answer to somebody who may not read it is a leak, wherever it stands. What may not be
seen must be answered like what is not there, byte for byte but for what was asked."""
import collections
import concurrent.futures
import datetime
import gzip
import hashlib
import http.client
import json
import os
import re
import subprocess
import threading
import urllib.parse

import yaml

import tools

PASSWORD = "bốn con thuyền giấy"
VIET_NAM = datetime.timezone(datetime.timedelta(hours=7))  # the day of the program, wherever it runs
TODAY = (datetime.datetime.now(VIET_NAM).date() - datetime.date(1970, 1, 1)).days
DAY, YEAR = "10/03/2023", "01/01/2023"
RANGE = "tu=2023-01-01&den=2023-12-31"
PERIOD = "nam_2023"
ACTIONS = ["figure", "row", "read", "record", "step", "person"]
TOGETHER = 4  # accounts at a time
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
             ("quan_tri", "quan_tri", "vn"), ("kiem_toan", "kiem_toan", "vn"), ("nobody", None, None)])

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
    """Units, people, records in every state at every level, accounts, a merger and readers."""
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
    for login, role, unit in ACCOUNTS:
        words = ["--role", role, "--unit", unit] if role else []
        subprocess.run(room.command("user", "add", login, "--name", login, "--password-stdin", *words),
                       input=(PASSWORD + "\n").encode(), check=True, capture_output=True)
    room.run("user", "link", "dang_vien_cb", "p-" + MEMBER)
    room.run("user", "link", "chi_bo_x1", "p-ta.x1")
    [(reader,)] = room.sql("SELECT id FROM account WHERE login = 'reader'")
    for shard, record, state in room.sql(
            "SELECT shard, id, state FROM record WHERE visibility = 'han_che' ORDER BY shard, id"):
        if state in ("ket_luan", "quyet_dinh"):
            room.alter("INSERT INTO reader (shard, record, account, at, actor) VALUES (?, ?, ?, 0, 0)",
                       shard, record, reader)


# What may be, by the table

def quoted(row):
    return "(" + ", ".join("NULL" if one is None else str(one) if isinstance(one, int) else
                           "'" + str(one).replace("'", "''") + "'" for one in row) + ")"


def values(name, columns, rows):
    return f"{name} ({columns}) AS (VALUES {', '.join(map(quoted, rows))})"


def table():
    with open(os.path.join(tools.SOURCE, "tests", "rights.tsv"), encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    tools.same(lines[0], ["role", "relation", "visibility"] + ACTIONS, "the columns of rights.tsv")
    found = []
    for role, relation, visibility, *cells in lines[1:]:
        tools.holds(len(cells) == len(ACTIONS) and set(cells) <= {"yes", "no", "pack"},
                    f"rights.tsv: {role} {relation} {visibility} says {cells}")
        found += [(role, relation, visibility, action, cell)
                  for action, cell in zip(ACTIONS, cells) if cell != "no"]
    return found


def named_in(kind):
    """SQL: what the fields of a kind say of records; persons in lists are in no case of their own."""
    found = []
    for reg, one in REGISTERS.items():
        for path, field, _ in leaves(one["fields"], reg):
            if field["kind"] != kind or (kind == "person" and "." in path):
                continue
            name, _, column = path.rpartition(".")
            source = f"r_{reg}_{name}" if name else f"r_{reg}"
            found.append(f"SELECT shard, id, {column} AS named FROM {source} "
                         f"WHERE {column} IS NOT NULL")
    return " UNION ".join(found)


def common(room):
    people = room.sql("SELECT login, origin FROM account, person "
                      "WHERE (login = 'dang_vien_cb' AND origin = ?) OR (login = 'chi_bo_x1' "
                      "AND origin = ?)", "p-" + MEMBER, "p-ta.x1")
    codes = dict(room.sql("SELECT origin, code FROM person"))
    parts = [
        values("rights", "role, relation, visibility, action, given", table()),
        values("makes", "register, role", [(reg, role) for reg in REGISTERS for role in makers(reg)]),
        values("steps", "register, verb, leaves, role",
               [(reg, step["do"], state, role) for reg, one in REGISTERS.items()
                for step in one["transitions"] for state in several(step["from"])
                for role in several(step["by"])]),
        values("registers", "register, visibility",
               [(reg, one["visibility"]) for reg, one in REGISTERS.items()]),
        values("oneself", "login, person", [(login, codes[origin]) for login, origin in people]),
        f"standing (unit, parent, code) AS (SELECT unit, parent, code FROM unit_span "
        f"WHERE from_day <= {TODAY} AND {TODAY} <= to_day)",
        f"place (unit, place) AS (SELECT unit, unit FROM standing UNION SELECT unit, other "
        f"FROM unit_event WHERE kind = 'merge' AND day <= {TODAY})",
        "above (unit, ancestor) AS (SELECT unit, parent FROM standing WHERE parent IS NOT NULL "
        "UNION SELECT a.unit, s.parent FROM above a JOIN standing s ON s.unit = a.ancestor "
        "WHERE s.parent IS NOT NULL)",
        f"held (login, account, role, unit) AS (SELECT a.login, a.id, g.role, p.place "
        f"FROM account a JOIN role_grant g ON g.account = a.id JOIN place p ON p.unit = g.unit "
        f"WHERE g.from_day <= {TODAY} AND {TODAY} <= g.to_day)",
        "related (login, account, role, own, unit, relation) AS (SELECT h.login, h.account, h.role, "
        "h.unit, p.unit, CASE WHEN p.place = h.unit THEN 'own' WHEN EXISTS (SELECT 1 FROM above a "
        "WHERE a.unit = p.place AND a.ancestor = h.unit) THEN 'below' WHEN EXISTS (SELECT 1 "
        "FROM above a WHERE a.unit = h.unit AND a.ancestor = p.place) THEN 'above' END "
        "FROM held h CROSS JOIN place p)",
        "takes (register, role) AS (SELECT DISTINCT register, role FROM steps)",
    ]
    return "WITH RECURSIVE " + ",\n".join(parts)


GIVEN = ("(x.given = 'yes' OR (x.action = 'record' AND EXISTS (SELECT 1 FROM makes m WHERE "
         "m.register = {reg} AND m.role = {role})) OR (x.action <> 'record' AND EXISTS (SELECT 1 "
         "FROM takes t WHERE t.register = {reg} AND t.role = {role})))")


def of_units(room):
    """(login, unit, register, action) by the place of units alone, and who stands how to a unit."""
    head = common(room)
    given = GIVEN.format(reg="g.register", role="r.role")
    rights = set(room.sql(
        f"{head} SELECT r.login, u.code, g.register, x.action FROM related r "
        f"JOIN (SELECT unit, max(code) AS code FROM unit_span GROUP BY unit) u ON u.unit = r.unit "
        f"CROSS JOIN registers g JOIN rights x ON x.role = r.role AND x.relation = r.relation "
        f"AND x.visibility = g.visibility WHERE {given}"))
    relations = set(room.sql(
        f"{head} SELECT r.login, u.code, r.relation FROM related r JOIN (SELECT unit, max(code) "
        f"AS code FROM unit_span GROUP BY unit) u ON u.unit = r.unit WHERE r.relation IS NOT NULL"))
    return rights, relations


def of_records(room):
    """(login, code of the record, action), and "step VERB" for each step out of its state."""
    head = common(room)
    closed = ("EXISTS (SELECT 1 FROM reader k WHERE k.shard = c.shard AND k.record = c.id) "
              "AND NOT EXISTS (SELECT 1 FROM reader k WHERE k.shard = c.shard AND k.record = c.id "
              "AND k.account = r.account)")
    by_place = GIVEN.format(reg="c.register", role="r.role")
    by_record = GIVEN.format(reg="c.register", role="h.role")
    got = (
        f"SELECT r.login, r.role, c.code, c.register, c.state, x.action FROM related r "
        f"JOIN record c ON c.unit = r.unit JOIN rights x ON x.role = r.role "
        f"AND x.relation = r.relation AND x.visibility = c.visibility "
        f"WHERE {by_place} AND (x.action IN ('figure', 'row') OR NOT ({closed})) "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN place p ON p.place = h.unit JOIN ({named_in('unit')}) n ON n.named = p.unit "
        f"JOIN record c ON c.shard = n.shard AND c.id = n.id JOIN rights x ON x.role = '*' "
        f"AND x.relation = 'named' AND x.visibility = c.visibility WHERE {by_record} "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN oneself o ON o.login = h.login JOIN ({named_in('person')}) n ON n.named = o.person "
        f"JOIN record c ON c.shard = n.shard AND c.id = n.id JOIN rights x ON x.role = '*' "
        f"AND x.relation = 'self' AND x.visibility = c.visibility WHERE {by_record} "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN reader k ON k.account = h.account JOIN record c ON c.shard = k.shard "
        f"AND c.id = k.record JOIN rights x ON x.role = '*' AND x.relation = 'reader' "
        f"AND x.visibility = c.visibility")
    found = set(room.sql(f"{head}, got AS ({got}) SELECT DISTINCT login, code, action FROM got"))
    found |= set(room.sql(
        f"{head}, got AS ({got}) SELECT DISTINCT g.login, g.code, 'step ' || s.verb FROM got g "
        f"JOIN steps s ON s.register = g.register AND s.leaves = g.state AND s.role = g.role "
        f"WHERE g.action = 'step'"))
    return found


# Asking

class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.text = body.decode()
        self.heads = {name: value for name, value in answer.getheaders() if name != "Date"}
        self.all = "\n".join(f"{name}: {value}" for name, value in self.heads.items()) + self.text

    def like(self, asked, instead):
        """What must be the same as of another question, with the one put for the other."""
        return self.status, self.all.replace(asked, instead)


class Browser:
    def __init__(self, port, login):
        self.login, self.port = login, port
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=tools.TIME_LIMIT)
        self.cookies, self.token = {}, ""
        answer = self.ask("POST", "/dang_nhap", tai_khoan=login, mat_khau=PASSWORD)
        tools.same(answer.status, 303, f"{login} signs in:\n{answer.text}")
        page = self.ask("GET", "/tai_khoan").text
        self.token = re.search(r'name="ma" value="([^"]+)"', page)[1]

    def ask(self, method, path, **form):
        heads = {"Origin": f"http://127.0.0.1:{self.port}", "Cookie": "; ".join(
            f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            heads["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode({"ma": self.token, **form} if self.token else form)
        self.link.request(method, path, body, heads)
        answer = self.link.getresponse()
        found = Answer(answer, answer.read())
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                first = value.split(";")[0].split("=", 1)
                self.cookies[first[0]] = first[1]
        return found


WORD = re.compile(r"zq\d{4}x\d{2}")
NAME = re.compile(r"Z[pu]\d{3}")


class Matrix:
    """What is expected, and what was found to differ."""

    def __init__(self, room, cases, port):
        self.room, self.cases, self.port = room, cases, port
        self.wrong, self.lock, self.asked = [], threading.Lock(), collections.Counter()
        self.code = dict(room.sql("SELECT origin, code FROM record"))
        self.version = dict(room.sql("SELECT code, version FROM record"))
        self.unit_rights, self.relations = of_units(room)
        self.record_rights = of_records(room)
        self.facts = {}
        self.words = {login: self.words_of(login) for login, _, _ in ACCOUNTS}
        self.names = {login: self.names_of(login) for login, _, _ in ACCOUNTS}

    def may(self, login, case, action):
        return (login, self.code[case.origin], action) in self.record_rights

    def may_unit(self, login, unit, reg, action):
        return (login, unit, reg, action) in self.unit_rights

    def knows(self, login, unit):
        return any((login, unit, relation) in self.relations for relation in ("own", "below", "above"))

    def may_people(self, login, unit):
        return any(self.may_unit(login, unit, reg, "person") for reg in REGISTERS)

    def words_of(self, login):
        found = set()
        for case in self.cases:
            if self.may(login, case, "read"):
                found |= case.words
                found |= case.personal if self.may(login, case, "person") else set()
        return found

    def names_of(self, login):
        return self.people_of(login) | self.called_of(login)

    def called_of(self, login):
        """Units that the account knows, and those that records name which it reads."""
        units = {unit for unit in CODES if self.knows(login, unit)}
        for case in self.cases:
            if self.may(login, case, "read"):
                units |= {case.unit, "ta.x1" if case.unit == "tb.x1" else case.unit}
        return {f"Zu{CODES.index(unit):03d}" for unit in units}

    def people_of(self, login):
        units = {unit for unit in CODES if self.may_people(login, unit)}
        for case in self.cases:
            if self.may(login, case, "read") and self.may(login, case, "person"):
                units |= {value[2:] for value in case.values.values() if value.startswith("p-")}
        return {f"Zp{CODES.index(unit):03d}" for unit in units} | (
            {f"Zp{CODES.index(MEMBER):03d}"} if login == "dang_vien_cb" else set()) | (
            {f"Zp{CODES.index('ta.x1'):03d}"} if login == "chi_bo_x1" else set())

    def fail(self, login, what):
        with self.lock:
            self.wrong.append(f"{login}: {what}")

    def get(self, browser, path, method="GET", **form):
        """An answer without a word that the account may not read."""
        answer = browser.ask(method, path, **form)
        login = browser.login
        self.asked[login] += 1
        leaked = set(WORD.findall(answer.all)) - self.words[login]
        if leaked and method == "GET" and "/tim" in path:
            leaked -= set(WORD.findall(path))
        leaked |= set(NAME.findall(answer.all)) - self.names[login]
        if leaked:
            self.fail(login, f"{method} {path} tells {sorted(leaked)[:3]}")
        if answer.status >= 500:
            self.fail(login, f"{method} {path}: {answer.status}")
        return answer

    def must_be_absent(self, browser, path, asked, instead, method="GET", **form):
        """The same as of a thing that is not there."""
        found = self.get(browser, path, method, **form)
        other = self.get(browser, path.replace(asked, instead), method, **form)
        if found.like(asked, instead) != other.like(asked, instead) or found.status < 400:
            self.fail(browser.login, f"{method} {path} ({found.status}) is not answered like "
                                     f"{instead} ({other.status})")

    # The families

    def ask_records(self, browser):
        for case in self.cases:
            code = self.code[case.origin]
            path = f"/hs/{code}" + ("" if (case.number + len(browser.login)) % 8 == 0 else ".json")
            if not self.may(browser.login, case, "read"):
                if case.number % 4 == 0:
                    self.must_be_absent(browser, path, code, code[:2] + "0000000000")
                elif self.get(browser, path).status != 404:
                    self.fail(browser.login, f"GET {path} of {case.origin} is not 404")
                continue
            answer = self.get(browser, path)
            wanted = case.words | (case.personal if self.may(browser.login, case, "person") else set())
            missing = wanted - set(WORD.findall(answer.text))
            if answer.status != 200 or missing:
                self.fail(browser.login, f"GET {path} of {case.origin}: {answer.status}, without "
                                         f"{sorted(missing)[:3]}")
            elif path.endswith(".json"):
                self.see_steps(browser, case, json.loads(answer.text)["record"]["transitions"])

    def see_steps(self, browser, case, offered):
        wanted = {step["do"] for step in REGISTERS[case.reg]["transitions"]
                  if self.may(browser.login, case, "step " + step["do"])}
        found = {step["verb"] for step in offered}
        if found != wanted:
            self.fail(browser.login, f"{case.origin} offers {found} instead of {wanted}")

    def listed(self, login, reg, unit):
        """Records of the unit and those below it that the account may read by where they are."""
        below = [code for code in CODES if code == unit or code.startswith(unit + ".") or unit == "vn"]
        below += [MERGED] if unit in ("ta.x1", "ta") and MERGED not in below else []
        return {self.code[case.origin] for case in self.cases
                if case.reg == reg and case.unit in below and self.may(login, case, "read") and
                self.may_unit(login, case.unit, reg, "read")}

    def ask_lists(self, browser):
        for reg in REGISTERS:
            for unit in CODES[:-2] if browser.login != "reader" else CODES:
                path = f"/so/{reg}.json?dv={unit}"
                if unit == MERGED:
                    continue
                if not self.knows(browser.login, unit):
                    self.must_be_absent(browser, path, unit, "z" * len(unit))
                    continue
                found = []
                while path:
                    data = json.loads(self.get(browser, path).text)
                    found += [row["code"] for row in data.get("records", [])]
                    path = data.get("next") and data["next"].replace("?", ".json?").replace(
                        ".json.json", ".json")
                wanted = self.listed(browser.login, reg, unit)
                if set(found) != wanted or len(found) != len(wanted):
                    self.fail(browser.login, f"/so/{reg}?dv={unit}: {len(found)} records, "
                                             f"{len(wanted)} by the table")

    def ask_units(self, browser):
        for unit in CODES:
            known = self.knows(browser.login, unit)
            for path in (f"/dv/{unit}?{RANGE}", f"/dv/{unit}.json?{RANGE}"):
                if not known:
                    self.must_be_absent(browser, path, unit, "z" * len(unit))
                    continue
                answer = self.get(browser, path)
                if answer.status != 200:
                    self.fail(browser.login, f"GET {path}: {answer.status}")
            if known:
                self.see_unit(browser, unit, json.loads(answer.text))
            path = f"/dv/{unit}/thanh_vien.json?{RANGE}"
            if not self.may_people(browser.login, unit):
                self.must_be_absent(browser, path, unit, "z" * len(unit))
            elif f"Zp{CODES.index(unit):03d}" not in self.get(browser, path).text:
                self.fail(browser.login, f"{path} does not name its member")

    def ask_tables(self, browser):
        """What is taken away as a file: the same rows."""
        login = browser.login
        for i, reg in enumerate(REGISTERS):
            for unit in (CODES[i % len(CODES)], "ta.x1", "vn"):
                paths = (f"/so/{reg}.csv?dv={unit}", f"/cs/{counting(reg)}.csv?dv={unit}&{RANGE}")
                if not self.knows(login, unit):
                    for path in paths:
                        self.must_be_absent(browser, path, unit, "z" * len(unit))
                    continue
                answer = self.get(browser, paths[1])
                if answer.status != (200 if self.may_unit(login, unit, reg, "figure") else 404):
                    self.fail(login, f"GET {paths[1]}: {answer.status}")
                if unit == MERGED:
                    continue
                answer = self.get(browser, paths[0])
                found = set(re.findall(r"(?m)^\"?([0-9a-z]{12})\"?[,;]", answer.text))
                if answer.status != 200 or found != self.listed(login, reg, unit):
                    self.fail(login, f"GET {paths[0]}: {answer.status}, {len(found)} records")

    def ask_others(self, browser):
        """Pages of one's own, and of no unit: nothing foreign stands on them."""
        for path in ("/", "/duyet", "/nop", "/nop/don_doc", "/chi_thi/chi_thi_05", "/lich", "/tai_khoan"):
            for face in (path, path.rstrip("/") + ".json"):
                self.get(browser, face)
        for unit in CODES:
            for path in (f"/nop.json?dv={unit}&ky={PERIOD}", f"/nop/don_doc.json?dv={unit}&ky={PERIOD}"):
                if not self.knows(browser.login, unit):
                    self.must_be_absent(browser, path, unit, "z" * len(unit))
                elif self.get(browser, path).status not in (200, 403, 404):
                    self.fail(browser.login, f"GET {path} fails")

    def see_unit(self, browser, unit, data):
        children = {code for code, parent, _ in UNITS
                    if parent == unit and self.knows(browser.login, code)}
        found = {child["code"] for child in data["children"]}
        if found != children:
            self.fail(browser.login, f"/dv/{unit} has the children {found} instead of {children}")
        shown = {reg["key"] for reg in data["registers"] if reg["figures"]}
        wanted = {reg for reg in REGISTERS if self.may_unit(browser.login, unit, reg, "figure")}
        if shown != wanted:
            self.fail(browser.login, f"/dv/{unit} has figures of {shown ^ wanted} too many or few")
        reports = {report["href"].split("?")[0].rsplit("/", 1)[1] for report in data["reports"]}
        full = all(self.may_unit(browser.login, below, reg, "figure") for reg in REGISTERS
                   for below in [unit] + [code for code, parent, _ in UNITS if parent == unit])
        if full and not reports:
            self.fail(browser.login, f"/dv/{unit} has no report")
        for report in ("ktgs", "so_ket_ct05"):
            path = f"/bao_cao/{report}.json?dv={unit}&{RANGE}"
            if report not in reports:
                self.must_be_absent(browser, path, report, "z" * len(report))
                self.must_be_absent(browser, path.replace(".json", ".docx"), report, "z" * len(report))
            elif self.get(browser, path).status != 200 or not self.may_unit(
                    browser.login, unit, "mo_hinh" if report != "ktgs" else "ky_luat", "figure"):
                self.fail(browser.login, f"{path} is offered")

    def ask_figures(self, browser):
        login = browser.login
        for reg in REGISTERS:
            indicator = counting(reg)
            for unit in CODES:
                path = f"/cs/{indicator}.json?dv={unit}&{RANGE}"
                if not self.knows(login, unit):
                    self.must_be_absent(browser, path, unit, "z" * len(unit))
                    continue
                answer = self.get(browser, path)
                allowed = self.may_unit(login, unit, reg, "figure")
                if answer.status != (200 if allowed else 404):
                    self.fail(login, f"GET {path}: {answer.status}")
                elif allowed:
                    self.see_rows(browser, path, unit, reg, indicator, json.loads(answer.text))

    def rows_of(self, browser, data):
        """Of all pages of a figure."""
        rows = data["records"]
        while data["next"]:
            path = urllib.parse.urldefrag(data["next"])[0].replace("?", ".json?", 1)
            data = json.loads(self.get(browser, path).text)
            rows += data["records"]
        return rows

    def see_rows(self, browser, path, unit, reg, indicator, data):
        login, rows = browser.login, self.rows_of(browser, data)
        by_code = {self.code[case.origin]: case for case in self.cases if case.reg == reg}
        wanted = self.facts[indicator, unit]
        found = {row["code"] for row in rows}
        allowed = {code for code in wanted
                   if self.may_unit(login, by_code[code].unit, reg, "row")}
        if not found <= allowed:
            self.fail(login, f"{path} has rows of {len(found - allowed)} others")
        inside = any((login, unit, relation) in self.relations for relation in ("own", "below"))
        if allowed == wanted and inside and found != wanted:
            self.fail(login, f"{path} has {len(found)} of {len(wanted)} rows")
        for row in rows:
            case = by_code[row["code"]]
            readable = self.may(login, case, "read")
            if (row["href"] is not None) != readable:
                self.fail(login, f"{path}: {row['code']} leads {row['href']}")
            if case.visibility == "han_che" and not readable and row["day"] is not None:
                self.fail(login, f"{path}: {row['code']} tells the day")
        for part in data["parts"]:
            if not self.may_unit(login, part["unit"]["code"], reg, "figure"):
                self.fail(login, f"{path} has the part {part['unit']['code']}")

    def ask_search(self, browser):
        login = browser.login
        for case in self.sample():
            code = self.code[case.origin]
            for word in sorted(case.words)[:1] + sorted(case.personal)[:1]:
                answer = self.get(browser, f"/tim.json?q={word}")
                found = {row["code"] for row in json.loads(answer.text)["records"]}
                readable = self.may(login, case, "read") and word in case.words
                if not found <= ({code} if readable else set()):
                    self.fail(login, f"a search for {word} finds {found}")
                by_place = readable and self.may_unit(login, case.unit, case.reg, "read")
                if by_place and case.visibility != "han_che" and not found:
                    self.fail(login, f"a search for {word} of {case.origin} finds nothing")

    def sample(self):
        """A record of each register and unit, in states that differ."""
        for reg in REGISTERS:
            states = list(REGISTERS[reg]["states"])
            for i, unit in enumerate(CODES):
                state = states[i % len(states)]
                yield next(case for case in self.cases
                           if (case.reg, case.unit, case.state) == (reg, unit, state))

    def ask_forms(self, browser):
        login = browser.login
        for case in self.sample():
            code = self.code[case.origin]
            path = f"/hs/{code}/sua.json"
            if not self.may(login, case, "read"):
                self.must_be_absent(browser, path, code, code[:2] + "0000000000")
                continue
            answer = self.get(browser, path)
            if answer.status == 200 and not self.may(login, case, "record"):
                self.fail(login, f"the form of {case.origin} is shown")
            if case.state == initial(case.reg) and self.may(login, case, "record") and \
                    answer.status != 200:
                self.fail(login, f"the form of {case.origin}: {answer.status}")
        for reg in REGISTERS:
            for unit in CODES:
                path = f"/so/{reg}/moi.json?dv={unit}"
                if not self.knows(login, unit):
                    self.must_be_absent(browser, path, unit, "z" * len(unit))
                elif self.get(browser, path).status == 200 and not self.may_make(login, reg, unit):
                    self.fail(login, f"{path} is shown")
                self.ask_sheet(browser, reg, unit)

    def ask_sheet(self, browser, reg, unit):
        """The list of a whole branch with a button for each member."""
        login, path = browser.login, f"/so/{reg}/danh_sach.json?dv={unit}"
        shown = self.get(browser, path).status == 200
        if shown and not (self.may_make(login, reg, unit) and self.may_people(login, unit)):
            self.fail(login, f"{path} is shown")

    def may_make(self, login, reg, unit):
        """By the table, or of oneself: a register about people, in a role that makes its records."""
        about = any(field["kind"] == "person" for field in REGISTERS[reg]["fields"].values())
        roles = [role for name, role, _ in ACCOUNTS if name == login]
        return self.may_unit(login, unit, reg, "record") or (
            about and (login, unit, "own") in self.relations and roles[0] in makers(reg))

    def ask_acts(self, browser):
        """Whatever may not be done is refused; what may be is left alone here."""
        login = browser.login
        for case in self.sample():
            code = self.code[case.origin]
            acts = [(f"/hs/{code}/{step['do']}", "step " + step["do"])
                    for step in REGISTERS[case.reg]["transitions"]
                    if case.state in several(step["from"])]
            acts += [(f"/hs/{code}/huy", "record"), (f"/hs/{code}/sua", "record"),
                     (f"/hs/{code}/nguoi_xem", "record")]
            form = {"version": self.version[code], "ly_do": "thử", "tai_khoan": "quan_tri"}
            for path, action in acts:
                if self.may(login, case, action):
                    continue
                if not self.may(login, case, "read"):
                    self.must_be_absent(browser, path, code, code[:2] + "0000000000", "POST", **form)
                elif not 400 <= self.get(browser, path, "POST", **form).status < 500:
                    self.fail(login, f"POST {path} of {case.origin} is done")

    def read_facts(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            asked = [(counting(reg), unit) for reg in REGISTERS for unit in CODES]
            lists = pool.map(lambda one: self.room.json(
                "facts", one[0], "--unit", one[1] + "@2023-06-30", "--from", "2023-01-01",
                "--to", "2023-12-31", "--limit", "1000"), asked)
            self.facts = {one: {row["record"] for row in rows} for one, rows in zip(asked, lists)}

    def ask_all(self, account, families=None):
        browser = Browser(self.port, account[0])
        for family in families or ("records", "lists", "units", "figures", "tables",
                                   "search", "forms", "others", "acts"):
            getattr(self, "ask_" + family)(browser)


def counting(reg):
    """An indicator of the register that counts records, whatever they say; else one that counts."""
    made = REGISTERS[reg]["indicators"]
    whole = [key for key, one in made.items() if one.get("count") == "records" and "where" not in one]
    return (whole or [key for key, one in made.items() if "count" in one or "sum" in one])[0]


def test_everybody_gets_what_the_table_gives_and_nothing_else(room):
    cases = make_cases()
    fill(room, cases)
    before = room.dump("record", "history", "reader")
    with tools.Server(room) as server:
        matrix = Matrix(room, cases, server.port)
        matrix.read_facts()
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(matrix.ask_all, ACCOUNTS))
    found = "\n".join(matrix.wrong[:40])
    tools.holds(not matrix.wrong, f"{len(matrix.wrong)} of {sum(matrix.asked.values())}:\n{found}")
    tools.same(room.dump("record", "history", "reader"), before, "what refused acts have left")
    print(f"{sum(matrix.asked.values())} questions", flush=True)


def crafted(browser, reg, field, value):
    """What a form of the member's branch is answered that names somebody or something in a field."""
    form = {}
    for path, text in Case(0, reg, MEMBER, initial(reg)).values.items():
        is_code = text.startswith("p-") or re.match(r"[a-z_]+-ta\.", text)
        form["f." + path.replace(".", ".0.", 1)] = "" if is_code else text
    form["f." + field] = value
    return browser.ask("POST", f"/so/{reg}/moi", dv=MEMBER, khoa="01zzzzzzzzzz", **form)


def test_a_form_names_nothing_that_its_writer_may_not_know(room):
    cases = make_cases()
    fill(room, cases)
    people = dict(room.sql("SELECT origin, code FROM person"))
    records = dict(room.sql("SELECT origin, code FROM record"))
    with tools.Server(room) as server:
        browser = Browser(server.port, "chi_bo_cb")
        stranger, member = people["p-tb.x1.cb1"], people["p-" + MEMBER]
        foreign = records["chuyen_de-tb.x1.cb1-duyet"]
        for reg, field, value, other in (
                ("dang_ky", "nguoi", stranger, stranger[:2] + "000000000" + stranger[-1]),
                ("dang_ky", "chuyen_de", foreign, foreign[:2] + "000000000" + foreign[-1]),
                ("ktgs", "don_vi_phoi_hop", "tb.x1", "zz.x1")):
            found, wanted = (crafted(browser, reg, field, one) for one in (value, other))
            tools.same(found.status, 422, f"{reg}.{field} = {value}: {found.text[:3000]}")
            tools.same(found.like(value, other), wanted.like(value, other), f"{reg}.{field}")
        tools.same(crafted(browser, "dang_ky", "nguoi", member).status, 303, "one's own member")


def takers(reg):
    return {role for step in REGISTERS[reg]["transitions"] for role in several(step["by"])}


def test_what_is_explained_is_the_table(room):
    room.run("init", "--pack", tools.PACK)
    told = room.json("explain", "rights")
    found = {(row["role"], row["relation"], reg, action) for row in told["rights"]
             for reg in row["registers"].split(", ") for action in row["actions"].split()}
    wanted = {(role, relation, reg, action) for role, relation, visibility, action, given in table()
              for reg, one in REGISTERS.items() if one["visibility"] == visibility
              if given == "yes" or role == "*" or
              role in (makers(reg) if action == "record" else takers(reg))}
    tools.same(found ^ wanted, set(), "rights that only one of the two has")
    steps = {(row["register"], row["verb"], row["roles"]) for row in told["steps"]}
    tools.same(steps, {(reg, step["do"], ", ".join(several(step["by"]))) for reg, one in REGISTERS.items()
                       for step in one["transitions"]}, "steps")
    one = room.json("explain", "rights", "--role", "mttq")
    tools.same({row["role"] for row in one["rights"]}, {"*", "mttq"}, "roles")
    room.run("explain", "rights", "--role", "khong_co", code=1)


def test_files_are_sent_to_readers_only(room):
    cases = make_cases()
    fill(room, cases)
    held = [(case, room.run("record", "attach", code, field, room.write("a.txt", f"tệp {code}")) and code)
            for field, case, code in (
                (field, case, room.sql("SELECT code FROM record WHERE origin = ?", case.origin)[0][0])
                for case in cases if case.unit in ("ta.x1", MEMBER, "tb.x1")
                for reg, field, state in (("ktgs", "bien_ban", "ke_hoach"), ("van_ban", "tep", "duyet"))
                if (case.reg, case.state) == (reg, state))]
    with tools.Server(room) as server:
        matrix = Matrix(room, cases, server.port)
        for login, _, _ in ACCOUNTS:
            browser = Browser(server.port, login)
            for case, code in held:
                digest = hashlib.sha256(f"tệp {code}".encode()).hexdigest()
                path = f"/hs/{code}/tep/{digest}"
                if not matrix.may(login, case, "read"):
                    matrix.must_be_absent(browser, path, code, code[:2] + "0000000000")
                elif f"tệp {code}" not in matrix.get(browser, path).text:
                    matrix.fail(login, f"GET {path} sends no file")
    tools.same(matrix.wrong, [], "files")


def test_what_may_be_done_is_done(room):
    """One of each kind for each account; what the others may not is asked with everything else."""
    cases = make_cases()
    fill(room, cases)
    with tools.Server(room) as server:
        matrix = Matrix(room, cases, server.port)
        for login, role, _ in ACCOUNTS:
            browser = Browser(server.port, login)
            mine = [case for case in cases if case.state == initial(case.reg) and
                    matrix.may(login, case, "record")]
            if role in ("cap_uy", "chi_bo", "don_vi", "van_phong", "ubkt", "dang_vien"):
                tools.holds(mine or login == "dang_vien_x1", f"{login} makes no record")
            for case in mine[:2]:
                code = matrix.code[case.origin]
                [(version, state)] = room.sql("SELECT version, state FROM record WHERE code = ?", code)
                answer = browser.ask("POST", f"/hs/{code}/huy", version=version, ly_do="thử")
                if answer.status != (303 if state != "void" else 400):
                    matrix.fail(login, f"voiding {case.origin}: {answer.status}")
    tools.same(matrix.wrong, [], "acts")


# A right that is not asked where it should be; who notices, and by asking what.
PLANTS = [("right_not_asked", "van_phong_x1", "records"), ("list_not_scoped", "chi_bo_cb", "lists"),
          ("mask_not_applied", "van_phong_x1", "records"), ("figure_not_asked", "mttq_x1", "figures")]


def test_each_planted_defect_is_found(room):
    if "CHITHI_HAS_PLANTS" not in os.environ:
        raise tools.Skip("the program is built without -Dplant=true")
    cases = make_cases()
    fill(room, cases)
    for plant, login, family in PLANTS:
        account = next(one for one in ACCOUNTS if one[0] == login)
        for name in (plant, ""):
            os.environ["CHITHI_PLANT"] = name
            with tools.Server(room) as server:
                matrix = Matrix(room, cases, server.port)
                os.environ["CHITHI_PLANT"] = ""
                matrix.read_facts()
                matrix.ask_all(account, [family])
            tools.same(bool(matrix.wrong), name != "", f"planted {plant!r}: {matrix.wrong[:3]}")


if __name__ == "__main__":
    tools.main(globals())
