"""Asking for the work that is done with units and accounts rather than with records: reports,
reminders, publication, members, administration, the audit, what is one's own. What an account may
not do is tried, and must be refused; what it may do is left to rights_acts.py."""
import json
import re

from rights_country import (CODES, MEMBER, MERGED, PERIOD, PUBLISHED, REGISTERS, UNITS, Case, initial,
                            several)
from rights_matrix import LOGINS, Matrix

MEMBERS = {"dang_vien_cb": MEMBER, "chi_bo_x1": "ta.x1"}  # of which unit's member an account is
LIVING = [code for code in CODES if code != MERGED]
ADMIN_PAGES = ("/quan_tri", "/quan_tri/vai_tro", "/quan_tri/he_thong", "/quan_tri/ky", "/quan_tri/them",
               "/quan_tri/nguoi_dung")
EVENTS = ("doi_ten", "chuyen", "ket_thuc")


def unknown(unit):
    return "z" * len(unit)


def without_address(text):
    return [line for line in text.split("\n") if 'name="tiep"' not in line and "Trang này dạng JSON" not in line]


class Offices(Matrix):
    FAMILIES = ("records", "lists", "units", "figures", "tables", "search", "forms", "others", "home", "acts",
                "steps_together", "making", "files", "reports", "reminding", "publication", "members",
                "administration", "accounts", "audit", "own", "filters")

    def __init__(self, room, cases, port):
        super().__init__(room, cases, port)
        self.people = dict(room.sql("SELECT origin, code FROM person"))
        self.reported = {code: (state, version) for code, state, version in room.sql(
            "SELECT s.code, b.state, b.version FROM submission b JOIN unit_span s ON s.unit = b.unit")}
        self.publications = dict(room.sql("SELECT s.code, b.code FROM publication b "
                                          "JOIN unit_span s ON s.unit = b.unit"))
        self.shards = {code: shard for code, shard in room.sql(
            "SELECT s.code, u.shard FROM unit u JOIN unit_span s ON s.unit = u.id")}
        self.foreign = ""  # a session of nobody's

    def ask_all(self, browser, families=FAMILIES):
        for family in families:
            getattr(self, "ask_" + family)(browser)

    def must_refuse(self, browser, unit, path, **form):
        """An act on a unit: of one that is not known it tells nothing, of others no."""
        if not self.knows(browser.login, unit):
            self.must_be_absent(browser, path, unit, unknown(unit), "POST", **form)
            return
        status = self.get(browser, path, "POST", **form).status
        if status not in (400, 403, 404):
            self.fail(browser.login, f"POST {path} {form}: {status}")

    def must_be_no_page(self, browser, path, method="GET", **form):
        """A page that is not everybody's is answered as one that the program does not have; only
        the links that lead back to the address itself differ."""
        face = ".json" if ".json" in path else ""
        found, other = (self.get(browser, one, method, **form) for one in (path, "/zzzzzz" + face))
        if (found.status, without_address(found.text)) != (other.status, without_address(other.text)):
            self.fail(browser.login, f"{method} {path}: {found.status}, not as if it were not there")

    def must_show(self, browser, path):
        answer = self.get(browser, path)
        if answer.status != 200:
            self.fail(browser.login, f"GET {path}: {answer.status}")
        return answer

    # What is to be done

    def ask_home(self, browser):
        """The tasks that name one's unit, from the units above it, until they are reported."""
        login = browser.login
        found = re.findall(r'href="/hs/(\w+)">Việc được giao', self.get(browser, "/").text)
        wanted = {self.code[case.origin] for case in self.cases
                  if case.reg == "nhiem_vu" and case.state in ("giao", "dang_lam", "qua_han") and
                  (login, case.values["chu_tri"], "own") in self.relations and
                  self.shards[case.unit] in (self.shards[case.values["chu_tri"]], self.shards["vn"])}
        if set(found) != wanted or len(found) != len(wanted):
            self.fail(login, f"/ has {len(found)} tasks instead of {len(wanted)}")

    # Reports

    def ask_reports(self, browser):
        login = browser.login
        for unit in CODES:
            path = f"/nop.json?dv={unit}&ky={PERIOD}"
            status, version = self.reported.get(unit, (None, 0))
            form = {"dv": unit, "ky": PERIOD, "version": version, "ly_do": "thử", "nhan_xet": "thử"}
            if not self.knows(login, unit):
                self.must_be_absent(browser, path, unit, unknown(unit))
            elif not self.may_work(login, unit, "send", "receive"):
                self.must_be_absent(browser, path, unit, unit + "@2023-06-01")
                if self.get(browser, path).status != 404:
                    self.fail(login, f"GET {path} is shown")
            else:
                self.must_show(browser, path)
            for act, right in (("gui", "send"), ("nhan", "receive"), ("tra_lai", "receive")):
                if not self.may_work(login, unit, right):
                    self.must_refuse(browser, unit, f"/nop/{act}", **form)

    def ask_reminding(self, browser):
        login = browser.login
        for unit in CODES:
            path = f"/nop/don_doc.json?dv={unit}&ky={PERIOD}"
            if not self.knows(login, unit):
                self.must_be_absent(browser, path, unit, unknown(unit))
            else:
                found = {one["code"] for one in json.loads(self.must_show(browser, path).text)["units"]}
                wanted = {code for code, parent, _ in UNITS if parent == unit and code != MERGED and
                          self.may_work(login, code, "remind") and
                          self.reported.get(code, (None,))[0] in (None, "tra_lai")}
                if found != wanted:
                    self.fail(login, f"{path} has {found} instead of {wanted}")
            if not self.may_work(login, unit, "remind"):
                self.must_refuse(browser, unit, "/nop/don_doc", dv=unit, don_vi=unit, ky=PERIOD,
                                 loi_nhac="thử")

    # What is published

    def ask_publication(self, browser):
        login = browser.login
        published = {f"Zu{CODES.index(unit):03d}" for unit, _ in PUBLISHED}
        for face in ("/ket_qua", "/ket_qua.json"):
            text = self.get(browser, face, known=published).text
            if not all(name in text for name in published):
                self.fail(login, f"{face} lacks what is published")
        for unit in CODES:
            if not self.may_work(login, unit, "publish"):
                self.must_refuse(browser, unit, "/ket_qua/mh_dang_ky", dv=unit, tu="01/01/2023",
                                 den="31/12/2023", quyet_dinh="thử")
        for unit, code in self.publications.items():
            if not self.may_work(login, unit, "publish"):
                self.must_be_absent(browser, "/ket_qua", code, code[:2] + "0000000000", "POST",
                                    cong_bo=code)

    # Who belongs to a unit

    def ask_members(self, browser):
        login = browser.login
        for unit in CODES:
            person = self.people["p-" + unit]
            path = f"/dv/{unit}/thanh_vien/{person}"
            form = {"lam": "sua", "name": "thử", "given": "thử", "status": "chinh_thuc", "post": ""}
            added = {"name": "thử", "status": "chinh_thuc", "from": "01/01/2024"}
            if self.may_people(login, unit):
                self.must_show(browser, path)
                continue
            other = person[:2] + "000000000" + person[-1]
            self.must_be_absent(browser, path, person, other)
            self.must_be_absent(browser, path, person, other, "POST", **form)
            self.must_be_absent(browser, f"/dv/{unit}/thanh_vien", unit, unknown(unit), "POST", **added)

    # Records again: several at once, new ones, files

    def ask_steps_together(self, browser):
        """What fails is told as a list; of a record that may not be read no more than of none."""
        login = browser.login
        for case in self.sample():
            code = self.code[case.origin]
            for step in REGISTERS[case.reg]["transitions"]:
                if case.state not in several(step["from"]) or \
                        self.may(login, case, "step " + step["do"]):
                    continue
                form = {"buoc": step["do"], "hs": f"{code}:{self.version[code]}", "ly_do": "thử"}
                for path in ("/duyet", f"/so/{case.reg}/buoc"):
                    if not self.may(login, case, "read"):
                        self.must_tell_nothing(browser, path, code, **form)
                    elif "da_lam=0" not in self.get(browser, path, "POST", **form).all:
                        self.fail(login, f"POST {path} does {step['do']} with {case.origin}")

    def must_tell_nothing(self, browser, path, code, **form):
        instead = code[:2] + "0000000000"
        other = {**form, "hs": form["hs"].replace(code, instead)}
        found, absent = (self.get(browser, path, "POST", **one) for one in (form, other))
        if found.like(code, instead) != absent.like(code, instead) or "da_lam=0" not in found.all:
            self.fail(browser.login, f"POST {path} of {code} is not answered like {instead}")

    def ask_making(self, browser):
        login = browser.login
        for reg in REGISTERS:
            for unit in LIVING:
                if self.may_make(login, reg, unit):
                    continue
                form = {"dv": unit, "khoa": "01zzzzzzzzzz", "nguoi": self.people["p-" + unit]}
                form |= {"f." + path.replace(".", ".0.", 1): text for path, text in
                         Case(0, reg, unit, initial(reg)).values.items() if not text.startswith("zq")}
                self.must_refuse(browser, unit, f"/so/{reg}/moi", **form)
                self.must_refuse(browser, unit, f"/so/{reg}/danh_sach", **form)

    def ask_files(self, browser):
        for case, digest in self.files:
            code = self.code[case.origin]
            path = f"/hs/{code}/tep/{digest}"
            if not self.may(browser.login, case, "read"):
                self.must_be_absent(browser, path, code, code[:2] + "0000000000")
            elif f"tệp {code}" not in self.get(browser, path).text:
                self.fail(browser.login, f"GET {path} sends no file")

    files = ()  # (case, digest)

    # Administration

    def administers(self, login):
        return any(self.may_work(login, unit, "administer") for unit in LIVING)

    def ask_administration(self, browser):
        login = browser.login
        for path in ADMIN_PAGES:
            for face in (path, path + ".json"):
                if self.administers(login):
                    self.must_show(browser, face)
                else:
                    self.must_be_no_page(browser, face)
        for unit in LIVING:
            if self.administers(login):
                self.ask_unit_as_administrator(browser, unit)
            else:
                self.ask_unit_as_another(browser, unit)
        self.ask_calendar(browser)

    def unit_pages(self, unit):
        return ([f"/quan_tri/don_vi/{unit}.json"] + [f"/quan_tri/don_vi/{unit}/{word}" for word in EVENTS] +
                [f"/quan_tri{page}?dv={unit}" for page in ("", "/them", "/gop")])

    def unit_forms(self, unit):
        more = {"day": "01/01/2025", "decision": "1", "name": "thử", "other": "ta.x1"}
        return ([(f"/quan_tri/don_vi/{unit}/{word}", more) for word in EVENTS] +
                [("/quan_tri/gop", {"dv": unit, **more}),
                 ("/quan_tri/them", {"parent_code": unit, "from": "01/01/2025", "code": "moi", "level": "xa",
                                     "name": "thử", "login": "moi", "label": "thử", "role": "don_vi"})])

    def ask_unit_as_administrator(self, browser, unit):
        """What lies outside is not there, whether the unit is known otherwise or not."""
        login = browser.login
        if self.may_work(login, unit, "administer"):
            for path in self.unit_pages(unit):
                self.must_show(browser, path)
            return
        for path in self.unit_pages(unit):
            self.must_be_absent(browser, path, unit, unknown(unit))
        for path, form in self.unit_forms(unit):
            self.must_be_absent(browser, path, unit, unknown(unit), "POST", **form)

    def ask_unit_as_another(self, browser, unit):
        for path in self.unit_pages(unit):
            self.must_be_no_page(browser, path)
        for path, form in self.unit_forms(unit):
            self.must_be_no_page(browser, path, "POST", **form)

    def ask_calendar(self, browser):
        """Periods are everybody's: who sees to the whole tree changes them."""
        if self.may_work(browser.login, "vn", "administer"):
            return
        for form in ({"lam": "bo_ky", "ky": PERIOD}, {"lam": "lap", "year": "2030", "kind": "lich"},
                     {"lam": "nghi", "day": "01/01/2030", "name": "thử"}):
            self.must_be_no_page(browser, "/quan_tri/ky", "POST", **form)

    def ask_accounts(self, browser):
        login = browser.login
        if self.administers(login):
            data = json.loads(self.must_show(browser, "/quan_tri/nguoi_dung.json").text)
            found = {row["login"] for row in data["accounts"]}
            wanted = {other for other in LOGINS if (login, other, "seen") in self.accounts}
            if found != wanted or data["next"] is not None:
                self.fail(login, f"/quan_tri/nguoi_dung lists {sorted(found ^ wanted)} too many or few")
        for other in LOGINS:
            path = f"/quan_tri/nguoi_dung/{other}"
            if not self.administers(login):
                self.must_be_no_page(browser, path)
            elif (login, other, "seen") in self.accounts:
                self.must_show(browser, path)
            else:
                self.must_be_absent(browser, path, other, unknown(other))
            self.ask_acts_on(browser, other)

    def ask_acts_on(self, browser, other):
        """With an account that has a role outside, and with one's own, only roles are changed."""
        login, path = browser.login, f"/quan_tri/nguoi_dung/{other}"
        is_seen = (login, other, "seen") in self.accounts
        is_whole = (login, other, "whole") in self.accounts and login != other
        role = {"role": "don_vi", "unit": "ta.x1", "from": "01/01/2024", "last": "01/01/2030"}
        for word in ("dong", "mo", "dang_xuat", "moi", "noi", "giao", "thoi"):
            form = {"lam": word, **role, "person": self.people["p-ta.x1"]}
            if not self.administers(login):
                self.must_be_no_page(browser, path, "POST", **form)
            elif not is_seen:
                self.must_be_absent(browser, path, other, unknown(other), "POST", **form)
            elif login == other or (not is_whole and word not in ("giao", "thoi")):
                answer = self.get(browser, path, "POST", **form)
                if answer.status != 422 or "/moi/" in answer.text:
                    self.fail(login, f"POST {path} {word}: {answer.status}")
        if is_seen and login != other:
            self.ask_roles_outside(browser, path, other)

    def ask_roles_outside(self, browser, path, other):
        for unit in LIVING:
            for word in ("giao", "thoi"):
                if not self.may_work(browser.login, unit, "administer"):
                    self.must_be_absent(browser, path, unit, unknown(unit), "POST", lam=word, unit=unit,
                                        role="don_vi", **{"from": "01/01/2024", "last": "01/01/2030"})

    # The audit

    def ask_audit(self, browser):
        login = browser.login
        units = [unit for unit in LIVING if self.may_work(login, unit, "audit")]
        for path in ("/nhat_ky", "/nhat_ky.json", "/nhat_ky.csv?viec=import", "/nhat_ky?viec=person.read"):
            if not units:
                self.must_be_no_page(browser, path)
            elif self.get(browser, path, known=self.all_names()).status != 200:
                self.fail(login, f"GET {path} is refused")
        if units:
            self.see_audit(browser, units)

    def all_names(self):
        """Units stand beside the roles of who did something, wherever they are."""
        return {f"Zu{i:03d}" for i in range(len(CODES))}

    def see_audit(self, browser, units):
        """The rows of the chains of one's units, whole, and no other."""
        text = self.get(browser, "/nhat_ky.csv?viec=import", known=self.all_names()).text
        found = set(re.findall(r"\b[0-9a-z]{12}\b", text)) & self.codes
        shards = {self.shards[unit] for unit in units}
        wanted = {self.code[case.origin] for case in self.cases if self.shards[case.unit] in shards}
        if found != wanted:
            self.fail(browser.login, f"/nhat_ky.csv has {len(found - wanted)} codes too many, "
                                     f"{len(wanted - found)} too few")

    # What is one's own

    def ask_own(self, browser):
        login = browser.login
        for path in ("/thong_bao.json", "/thong_bao", "/tai_khoan.json", "/tai_khoan/ung_dung"):
            self.must_show(browser, path)
        about = {self.code[case.origin] for case in self.cases if self.is_about(login, case)}
        own = [self.get(browser, path, known=self.all_names()) for path in ("/toi", "/toi.json")]
        found = {row["code"] for row in json.loads(own[1].text)["records"]}
        if found != about:
            self.fail(login, f"/toi has {len(found)} records, {len(about)} by the table")
        for case in self.sample():
            code = self.code[case.origin]
            if code not in about:
                self.must_be_absent(browser, "/toi", code, code[:2] + "0000000000", "POST", ho_so=code,
                                    noi_dung="thử")
        for path in ("/tai_khoan/thiet_bi", "/tai_khoan/quen_thiet_bi"):
            if login == "nobody":
                continue
            found = self.get(browser, path, "POST", khoa=self.foreign)
            other = self.get(browser, path, "POST", khoa="0" * len(self.foreign))
            if found.like("", "") != other.like("", ""):
                self.fail(login, f"POST {path} tells whether a session is there")
        if self.get(browser, "/mo_phong/kiem_tra", "POST").status != 404:
            self.fail(login, "a sample is made where nothing is simulated")

    def is_about(self, login, case):
        """A field of the record itself names the account's person; in restricted ones nothing."""
        person = "p-" + MEMBERS.get(login, "")
        return case.visibility != "han_che" and any(
            value == person for path, value in case.values.items() if "." not in path)

    def ask_filters(self, browser):
        """A filter is kept under its owner's name: its word would be seen on the others' pages."""
        name = f"zuf{LOGINS.index(browser.login):03d}"
        self.get(browser, "/so/mo_hinh/loc", "POST", ten=name, dv="vn")
        self.get(browser, "/so/mo_hinh/loc", "POST", ten="zuf999", lam="bo")
        self.get(browser, "/so/mo_hinh?dv=vn")
