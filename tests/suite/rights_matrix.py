"""Asking for records and figures as an account, and comparing what comes with what the tables give.

What may not be seen must be answered like what is not there, byte for byte but for what was asked;
and a word that comes in any answer to somebody who may not read it is a leak, wherever it stands."""
import collections
import concurrent.futures
import json
import re
import threading
import urllib.parse

from rights_browser import route_of
from rights_country import (ACCOUNTS, CODES, MEMBER, MERGED, RANGE, REGISTERS, UNITS, counting, initial,
                            makers, several)
from rights_table import of_accounts, of_records, of_units, of_work

LOGINS = [login for login, _, _ in ACCOUNTS]
WORD = re.compile(r"zq\d{4}x\d{2}|zu[nrf]\d{3}")
LEADS = re.compile(r'"/(?:dv/|so/\w+\?dv=|cs/\w+\?dv=)([\w.]+?)(?:\.json)?["?&#/]')
NAME = re.compile(r"Z[pu]\d{3}")


class Matrix:
    """What is expected, what was found to differ, and which routes were asked."""

    def __init__(self, room, cases, port):
        self.room, self.cases, self.port = room, cases, port
        self.wrong, self.lock, self.asked = [], threading.Lock(), collections.Counter()
        self.code = dict(room.sql("SELECT origin, code FROM record"))
        self.codes = set(self.code.values())
        self.version = dict(room.sql("SELECT code, version FROM record"))
        self.routes = set()
        self.unit_rights, self.relations = of_units(room)
        self.work, self.accounts = of_work(room), of_accounts(room)
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

    def may_work(self, login, unit, *acts):
        return any((login, unit, act) in self.work for act in acts)

    def words_of(self, login):
        """Of records; notes of reports, reminders of one's own units, one's own filters."""
        found = {f"zuf{LOGINS.index(login):03d}"}
        for i, unit in enumerate(CODES):
            found |= {f"zun{i:03d}"} if self.may_work(login, unit, "send", "receive") else set()
            found |= {f"zur{i:03d}"} if (login, unit, "own") in self.relations else set()
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

    def get(self, browser, path, method="GET", known=frozenset(), **form):
        """An answer without a word that the account may not read; `known`: names that it may."""
        answer = browser.ask(method, path, **form)
        login = browser.login
        self.asked[login] += 1
        self.routes.add(route_of(method, path))
        leaked = set(WORD.findall(answer.all)) - self.words[login]
        if leaked and method == "GET" and "/tim" in path:
            leaked -= set(WORD.findall(path))
        leaked |= set(NAME.findall(answer.all)) - self.names[login] - known
        if leaked:
            self.fail(login, f"{method} {path} tells {sorted(leaked)[:3]}")
        nowhere = {unit for unit in LEADS.findall(answer.text)
                   if answer.status == 200 and not self.knows(login, unit)}
        if nowhere:
            self.fail(login, f"{method} {path} leads to {sorted(nowhere)[:3]}, which is not there")
        if answer.status >= 500:
            self.fail(login, f"{method} {path}: {answer.status}")
        return answer

    def must_be_absent(self, browser, path, asked, instead, method="GET", **form):
        """The same as of a thing that is not there, in the address or in a field of the form."""
        found = self.get(browser, path, method, **form)
        changed = {name: value.replace(asked, instead) if isinstance(value, str) else value
                   for name, value in form.items()}
        other = self.get(browser, path.replace(asked, instead), method, **changed)
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
            for unit in CODES:
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
                asked = f"dv={unit}&{RANGE}"
                paths = (f"/so/{reg}.csv?dv={unit}", f"/cs/{counting(reg)}.csv?{asked}",
                         f"/so/{reg}.xlsx?dv={unit}", f"/cs/{counting(reg)}.xlsx?{asked}")
                if not self.knows(login, unit):
                    for path in paths:
                        self.must_be_absent(browser, path, unit, "z" * len(unit))
                    continue
                for path in (paths[1], paths[3]):
                    answer = self.get(browser, path)
                    if answer.status != (200 if self.may_unit(login, unit, reg, "figure") else 404):
                        self.fail(login, f"GET {path}: {answer.status}")
                for path in (paths[0], paths[2]) if unit != MERGED else ():
                    answer = self.get(browser, path)
                    codes = {self.code[case.origin] for case in self.cases if case.reg == reg}
                    found = set(re.findall(r"\b[0-9a-z]{12}\b", answer.text)) & codes
                    if answer.status != 200 or found != self.listed(login, reg, unit):
                        self.fail(login, f"GET {path}: {answer.status}, {len(found)} records")

    def ask_others(self, browser):
        """Pages of no unit: nothing foreign stands on them."""
        for path in ("/", "/duyet", "/chi_thi/chi_thi_05", "/lich"):
            for face in (path, path.rstrip("/") + ".json"):
                self.get(browser, face)

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
            form = {"version": self.version[code], "ly_do": "thử", "tai_khoan": "quan_tri_vn"}
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
